//! From which network the work is done that is going on.

use std::future::Future;

tokio::task_local! {
    /// A task's own, so that no service has to pass it on: one that forgot would write rows that look as if they came from the machine itself.
    static NETWORK: String;
}

/// `work`, done for somebody who asks from `network`, which is so much of an address as may be kept.
pub async fn from_network<T>(network: String, work: impl Future<Output = T>) -> T {
    NETWORK.scope(network, work).await
}

/// Nothing where no request is answered: commands, jobs.
pub(crate) fn current() -> Option<String> {
    NETWORK.try_with(Clone::clone).ok()
}
