//! What a browser gives away to be told something.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use p256::PublicKey;
use url::Url;

/// Those of the large services have some 200 characters.
const LONGEST: usize = 1_000;

/// Where one browser is told something, and for whom it is encrypted.
#[derive(Clone, PartialEq, Eq)]
pub struct Subscription {
    pub(crate) endpoint: Url,
    pub(crate) public: PublicKey,
    pub(crate) auth: [u8; 16],
}

/// What a browser sent is no subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no subscription")]
pub struct NotASubscription;

impl Subscription {
    /// As `PushSubscription.toJSON` in browsers gives it: the address, and both keys in base64 for URLs.
    pub fn read(endpoint: &str, p256dh: &str, auth: &str) -> Result<Self, NotASubscription> {
        let endpoint = Url::parse(endpoint).map_err(|_| NotASubscription)?;
        // Services speak https; who tests has one on their own machine.
        if !matches!(endpoint.scheme(), "https" | "http")
            || !endpoint.has_host()
            || endpoint.as_str().len() > LONGEST
        {
            return Err(NotASubscription);
        }
        let public = PublicKey::from_sec1_bytes(&decoded(p256dh)?).map_err(|_| NotASubscription)?;
        let auth = decoded(auth)?.try_into().map_err(|_| NotASubscription)?;
        Ok(Self { endpoint, public, auth })
    }

    pub fn endpoint(&self) -> &str {
        self.endpoint.as_str()
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subscription(…)")
    }
}

/// Some browsers pad.
fn decoded(text: &str) -> Result<Vec<u8>, NotASubscription> {
    Base64UrlUnpadded::decode_vec(text.trim().trim_end_matches('=')).map_err(|_| NotASubscription)
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINT: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";
    const ENDPOINT: &str = "https://push.example/abc";

    #[test]
    fn only_what_can_be_sent_to_is_a_subscription() {
        let read = Subscription::read(ENDPOINT, POINT, AUTH).unwrap();
        assert_eq!(read.endpoint(), ENDPOINT);
        assert_eq!(
            Subscription::read(ENDPOINT, &format!("{POINT}="), &format!("{AUTH}==")),
            Ok(read.clone())
        );
        assert!(!format!("{read:?}").contains("example"));
        let long = format!("{ENDPOINT}{}", "a".repeat(LONGEST));
        for (endpoint, point, auth) in [
            ("javascript:alert(1)", POINT, AUTH),
            ("/abc", POINT, AUTH),
            (&long, POINT, AUTH),
            // Of this length, but on no curve.
            (ENDPOINT, &format!("BA{}", "A".repeat(85)), AUTH),
            (ENDPOINT, "", AUTH),
            (ENDPOINT, POINT, "BTBZMqHH6r4Tts7J_aSI"),
            (ENDPOINT, POINT, "?"),
        ] {
            assert_eq!(
                Subscription::read(endpoint, point, auth),
                Err(NotASubscription),
                "{endpoint} {point}"
            );
        }
    }
}
