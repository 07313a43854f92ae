//! There and back.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use kernel::{Env, Locale};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreJwsSigningAlgorithm, CoreProviderMetadata,
    CoreTokenResponse, CoreUserInfoClaims,
};
use openidconnect::{
    AccessTokenHash, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, JwsSigningAlgorithm, LanguageTag, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, SignatureVerificationError,
    SubjectIdentifier, TokenResponse,
};

use crate::error::Error;
use crate::found::Entry;
use crate::provider::{Provider, Providers};

/// Clocks are so far apart.
const APART: Duration = Duration::from_mins(1);
/// OpenID Connect Core 1.0, section 2: a subject has at most 255 ASCII characters.
const SUBJECT: usize = 255;

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Where a browser is sent, and what must be known when it comes back.
#[derive(Clone)]
pub struct Begun {
    pub url: String,
    /// Comes back in the address: whoever brings another was not sent.
    pub state: String,
    /// Comes back in the ID token.
    pub nonce: String,
    /// Shows the provider that the code is in the hands of whoever asked for it.
    pub verifier: String,
}

/// What a provider says of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Whose `subject` it is.
    pub issuer: String,
    /// For ever the same user's, and nobody else's of this issuer.
    pub subject: String,
    /// What they call themselves there. Anybody may call themselves anything.
    pub username: Option<String>,
    pub name: Option<String>,
    /// An address that the provider says it has verified; others are not told of.
    pub email: Option<String>,
}

/// The providers of a site. Clones share what is known of them.
#[derive(Clone)]
pub struct Oidc(Arc<Inner>);

struct Inner {
    entries: Vec<Entry>,
    /// The site's own.
    url: String,
    env: Env,
}

impl Oidc {
    /// `url` is the site's public address, without a slash at its end. Asks nobody.
    pub fn new(providers: Providers, url: &str, env: Env) -> Self {
        let entries = providers.0.into_iter().map(Entry::new).collect();
        Self(Arc::new(Inner { entries, url: url.to_owned(), env }))
    }

    /// In the order in which they are declared.
    pub fn providers(&self) -> impl Iterator<Item = &Provider> {
        self.0.entries.iter().map(|entry| &entry.checked.provider)
    }

    pub fn find(&self, id: &str) -> Option<&Provider> {
        self.providers().find(|provider| provider.id == id)
    }

    /// Where a provider sends browsers back to: what is registered there.
    pub fn callback(&self, id: &str) -> String {
        format!("{}/login/oidc/{id}/callback", self.0.url)
    }

    fn entry(&self, id: &str) -> Result<&Entry, Error> {
        self.0.entries.iter().find(|entry| entry.checked.provider.id == id).ok_or(Error::Unknown)
    }

    /// Whether the provider could be asked now.
    pub async fn check(&self, id: &str) -> Result<(), Error> {
        self.entry(id)?.metadata(&self.0.env).await.map(drop)
    }

    fn client(&self, entry: &Entry, metadata: &CoreProviderMetadata) -> Result<Client, Error> {
        let Provider { id, client_id, client_secret, .. } = &entry.checked.provider;
        let secret = client_secret.as_ref().map(|secret| ClientSecret::new(secret.expose().to_owned()));
        let redirect = RedirectUrl::new(self.callback(id))
            .map_err(|_| Error::Unusable("the site's own address is none".to_owned()))?;
        let client =
            CoreClient::from_provider_metadata(metadata.clone(), ClientId::new(client_id.clone()), secret)
                .set_redirect_uri(redirect);
        // What is said nothing of is `client_secret_basic` (Discovery 1.0, section 3).
        let methods = metadata.token_endpoint_auth_methods_supported();
        let only_post = methods.is_some_and(|methods| {
            methods.contains(&CoreClientAuthMethod::ClientSecretPost)
                && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
        });
        Ok(client.set_auth_type(if only_post { AuthType::RequestBody } else { AuthType::BasicAuth }))
    }

    /// Somebody wants to come by that provider, whose pages are asked to speak their language.
    pub async fn begin(&self, id: &str, locale: Locale) -> Result<Begun, Error> {
        let (entry, env) = (self.entry(id)?, &self.0.env);
        let metadata = entry.metadata(env).await?;
        let client = self.client(entry, &metadata)?;
        let (state, nonce, verifier) = (env.token(), env.token(), env.token());
        let challenge =
            PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier.clone()));
        // `openid` the crate adds.
        let scopes = entry.checked.provider.scopes.iter().filter(|scope| *scope != "openid");
        let (url, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scopes(scopes.cloned().map(Scope::new))
            .add_ui_locale(LanguageTag::new(locale.tag().to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let (state, nonce) = (state.into_secret(), nonce.secret().clone());
        Ok(Begun { url: url.into(), state, nonce, verifier })
    }

    /// Who came back with that code. `verifier` and `nonce` are those with which this browser was sent.
    pub async fn finish(
        &self,
        id: &str,
        code: String,
        verifier: String,
        nonce: String,
    ) -> Result<Claims, Error> {
        let (entry, env, nonce) = (self.entry(id)?, &self.0.env, Nonce::new(nonce));
        let metadata = entry.metadata(env).await?;
        let mut client = self.client(entry, &metadata)?;
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|_| Error::Unusable("it names no token endpoint".to_owned()))?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier))
            .request_async(&entry.checked.ask)
            .await
            .map_err(Error::of_token)?;
        let mut read = self.read(&client, &metadata, &answer, &nonce);
        if read.as_ref().is_err_and(is_new_key) {
            let metadata = entry.metadata_anew(env).await?;
            client = self.client(entry, &metadata)?;
            read = self.read(&client, &metadata, &answer, &nonce);
        }
        let mut claims = read.map_err(|error| Error::of_claims(&error))?;
        if claims.subject.is_empty() || claims.subject.len() > SUBJECT {
            return Err(Error::Untrusted("the subject is too long or empty"));
        }
        if claims.username.is_none() || claims.email.is_none() {
            ask_more(entry, &client, &answer, &mut claims).await;
        }
        Ok(claims)
    }

    /// What the ID token says, if it holds.
    fn read(
        &self,
        client: &Client,
        metadata: &CoreProviderMetadata,
        answer: &CoreTokenResponse,
        nonce: &Nonce,
    ) -> Result<Claims, ClaimsVerificationError> {
        let other = |why: &str| ClaimsVerificationError::Other(why.to_owned());
        let token = answer.id_token().ok_or_else(|| other("no ID token"))?;
        let now = self.0.env.now().minus(APART);
        let now: DateTime<Utc> = DateTime::from_timestamp_millis(now.millis()).unwrap_or_default();
        let signed = metadata.id_token_signing_alg_values_supported().iter();
        let signed = signed.filter(|algorithm| **algorithm != CoreJwsSigningAlgorithm::None).cloned();
        let verifier = client.id_token_verifier().set_allowed_algs(signed).set_time_fn(move || now);
        let claims = token.claims(&verifier, nonce)?;
        let algorithm = token.signing_alg().map_err(ClaimsVerificationError::SignatureVerification)?;
        // One that is signed with the client's secret is made with no key of theirs.
        if let Some(expected) = claims.access_token_hash()
            && !algorithm.uses_shared_secret()
        {
            let key = token.signing_key(&verifier).map_err(ClaimsVerificationError::SignatureVerification)?;
            let is = AccessTokenHash::from_token(answer.access_token(), algorithm, key)
                .map_err(|_| other("the access token's hash cannot be made"))?;
            if is != *expected {
                return Err(other("the access token is another one"));
            }
        }
        let verified = claims.email_verified() == Some(true);
        Ok(Claims {
            issuer: claims.issuer().as_str().to_owned(),
            subject: claims.subject().as_str().to_owned(),
            username: claims.preferred_username().map(|name| name.as_str().to_owned()),
            name: claims.name().and_then(|name| name.get(None)).map(|name| name.as_str().to_owned()),
            email: claims.email().filter(|_| verified).map(|email| email.as_str().to_owned()),
        })
    }
}

/// Many providers say in an ID token no more than who it is, and the rest to whoever asks. It only fills a form, so it may fail.
async fn ask_more(entry: &Entry, client: &Client, answer: &CoreTokenResponse, claims: &mut Claims) {
    let subject = SubjectIdentifier::new(claims.subject.clone());
    let Ok(request) = client.user_info(answer.access_token().clone(), Some(subject)) else { return };
    let said: Result<CoreUserInfoClaims, _> = request.request_async(&entry.checked.ask).await;
    let Ok(said) = said else {
        tracing::info!(provider = entry.checked.provider.id, "a sign-in provider did not say more of a user");
        return;
    };
    let verified = said.email_verified() == Some(true);
    let username = said.preferred_username().map(|name| name.as_str().to_owned());
    let email = said.email().filter(|_| verified).map(|email| email.as_str().to_owned());
    let name = said.name().and_then(|name| name.get(None)).map(|name| name.as_str().to_owned());
    claims.username = claims.username.take().or(username);
    claims.email = claims.email.take().or(email);
    claims.name = claims.name.take().or(name);
}

/// Whether the provider may have changed its keys since they were asked for.
fn is_new_key(error: &ClaimsVerificationError) -> bool {
    matches!(
        error,
        ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::NoMatchingKey | SignatureVerificationError::CryptoError(_)
        )
    )
}
