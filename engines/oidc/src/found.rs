//! What a provider says of itself, kept for a while.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kernel::Env;
use openidconnect::core::CoreProviderMetadata;
use openidconnect::{TokenUrl, UserInfoUrl};
use tokio::sync::Mutex;

use crate::error::Error;
use crate::provider::{Checked, is_fit};

/// So long a discovery document and its keys are good.
const KEPT: Duration = Duration::from_hours(1);
/// So long nobody is asked again who did not answer: whoever presses the button meanwhile is told at once.
const FAILED: Duration = Duration::from_secs(5);
/// Keys that do not fit are asked for anew, but no more often than this: anybody can send a token with a key of any name.
const ANEW: Duration = Duration::from_mins(1);

pub struct Found {
    at: Instant,
    said: Result<Arc<CoreProviderMetadata>, Error>,
}

impl Found {
    /// Whether it may be used a while longer.
    fn is_good(&self, now: Instant, longest: Duration) -> bool {
        let kept = if self.said.is_ok() { longest } else { FAILED };
        now.saturating_duration_since(self.at) < kept
    }
}

/// A provider and what is known of it. Of many who ask at once, one asks the provider, and all get its answer.
pub struct Entry {
    pub checked: Checked,
    found: Mutex<Option<Found>>,
}

impl Entry {
    pub fn new(checked: Checked) -> Self {
        Self { checked, found: Mutex::new(None) }
    }

    pub async fn metadata(&self, env: &Env) -> Result<Arc<CoreProviderMetadata>, Error> {
        self.newer(env, KEPT).await
    }

    /// For whoever met a key that is not there: providers change theirs.
    pub async fn metadata_anew(&self, env: &Env) -> Result<Arc<CoreProviderMetadata>, Error> {
        self.newer(env, ANEW).await
    }

    async fn newer(&self, env: &Env, longest: Duration) -> Result<Arc<CoreProviderMetadata>, Error> {
        let mut found = self.found.lock().await;
        if let Some(found) = &*found
            && found.is_good(env.instant(), longest)
        {
            return found.said.clone();
        }
        let said = self.discover().await;
        if let Err(error) = &said {
            tracing::warn!(provider = self.checked.provider.id, %error, "a sign-in provider is of no use now");
        }
        *found = Some(Found { at: env.instant(), said: said.clone() });
        said
    }

    async fn discover(&self) -> Result<Arc<CoreProviderMetadata>, Error> {
        let Checked { issuer, ask, .. } = &self.checked;
        let metadata =
            CoreProviderMetadata::discover_async(issuer.clone(), ask).await.map_err(Error::of_discovery)?;
        // A browser is sent to the first, the secret to the second; keys come from the third, and a token goes to the last.
        let token = metadata.token_endpoint().map(TokenUrl::url);
        let Some(token) = token else { return Err(Error::Unusable("it names no token endpoint".to_owned())) };
        let named = [metadata.authorization_endpoint().url(), token, metadata.jwks_uri().url()];
        for url in named.into_iter().chain(metadata.userinfo_endpoint().map(UserInfoUrl::url)) {
            if !is_fit(url) {
                return Err(Error::Unusable("one of its endpoints is not https".to_owned()));
            }
        }
        Ok(Arc::new(metadata))
    }
}
