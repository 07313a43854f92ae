//! What becomes of a request's work when its client goes away.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::{Method, Request};

/// Whether the work for a request ends when nobody waits for its answer. Reading may end anywhere. A write may not: it can consist of several
/// transactions (a password is changed, then its sessions end), and whoever goes away must not choose after which of them it stops. Writes that
/// have nothing to lose say so; a transaction that is given up is rolled back. A body that stops ends what reads it in any case.
#[derive(Clone)]
pub struct CancelOnDisconnect(Arc<AtomicBool>);

impl CancelOnDisconnect {
    pub fn new(method: &Method) -> Self {
        Self(Arc::new(AtomicBool::new(matches!(*method, Method::GET | Method::HEAD))))
    }

    pub fn is_so(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Lets the work for this request end anywhere: a preview, an upload.
    pub fn allow<B>(request: &Request<B>) {
        if let Some(this) = request.extensions().get::<Self>() {
            this.0.store(true, Ordering::Relaxed);
        }
    }
}
