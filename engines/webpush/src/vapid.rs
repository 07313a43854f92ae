//! Who sends: a signature that a push service knows the site by (VAPID, RFC 8292). A browser subscribes for one key alone, so it must not be lost.

use std::fmt;
use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding};
use kernel::{Env, Time};
use p256::SecretKey;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::sec1::ToEncodedPoint;
use serde_json::json;
use url::Url;

use crate::encrypt::fresh;

/// A signature is good for so long; a day is the most (RFC 8292, section 2).
const LIFE: Duration = Duration::from_hours(12);

/// The site's key. `Debug` says nothing of it.
#[derive(Clone)]
pub struct ServerKey(SecretKey);

/// What was stored is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no key of the curve P-256")]
pub struct NotAKey;

impl ServerKey {
    pub fn fresh(env: &Env) -> Self {
        Self(fresh(env))
    }

    /// What [`ServerKey::expose`] gave.
    pub fn read(text: &str) -> Result<Self, NotAKey> {
        let bytes = Base64UrlUnpadded::decode_vec(text).map_err(|_| NotAKey)?;
        SecretKey::from_slice(&bytes).map(Self).map_err(|_| NotAKey)
    }

    /// The secret, to be stored.
    pub fn expose(&self) -> String {
        Base64UrlUnpadded::encode_string(&self.0.to_bytes())
    }

    /// What browsers subscribe with (`applicationServerKey`).
    pub fn public(&self) -> String {
        Base64UrlUnpadded::encode_string(self.0.public_key().to_encoded_point(false).as_bytes())
    }

    /// The header `Authorization` of a request to `endpoint`. `contact` (an `https:` or `mailto:` address) is whom the service writes to.
    pub(crate) fn authorization(&self, endpoint: &Url, contact: &str, now: Time) -> String {
        let audience = endpoint.origin().ascii_serialization();
        let until = now.plus(LIFE).millis() / 1_000;
        let part = |part: serde_json::Value| Base64UrlUnpadded::encode_string(part.to_string().as_bytes());
        let head = part(json!({ "typ": "JWT", "alg": "ES256" }));
        let claims = part(json!({ "aud": audience, "exp": until, "sub": contact }));
        let signed = format!("{head}.{claims}");
        let signature: Signature = SigningKey::from(&self.0).sign(signed.as_bytes());
        let signature = Base64UrlUnpadded::encode_string(&signature.to_bytes());
        format!("vapid t={signed}.{signature}, k={}", self.public())
    }
}

impl fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use p256::PublicKey;
    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::Verifier;

    use super::*;

    #[test]
    fn a_service_knows_the_site_by_its_signature() {
        let key = ServerKey::fresh(&Env::system());
        let again = ServerKey::read(&key.expose()).unwrap();
        assert_eq!((again.public(), again.public().len()), (key.public(), 87));
        assert!(ServerKey::read("c2hvcnQ").is_err() && !format!("{key:?}").contains(&key.expose()));
        let endpoint = Url::parse("https://push.example:8443/abc?d=e").unwrap();
        let now = Time::parse("2024-06-05T10:00:00Z").unwrap();
        let header = key.authorization(&endpoint, "https://news.example", now);
        let (token, public) = header.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let bytes = |text: &str| Base64UrlUnpadded::decode_vec(text).unwrap();
        let public = PublicKey::from_sec1_bytes(&bytes(public)).unwrap();
        let signature = Signature::from_slice(&bytes(signature)).unwrap();
        VerifyingKey::from(public).verify(signed.as_bytes(), &signature).unwrap();
        let (head, claims) = signed.split_once('.').unwrap();
        let json = |part: &str| serde_json::from_slice::<serde_json::Value>(&bytes(part)).unwrap();
        assert_eq!(json(head)["alg"], "ES256");
        let claims = json(claims);
        assert_eq!(claims["aud"], "https://push.example:8443", "without path and query");
        assert_eq!(claims["exp"], 1_717_624_800, "in seconds, twelve hours later");
        assert_eq!(claims["sub"], "https://news.example");
    }
}
