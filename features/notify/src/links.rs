//! Links in mail that end mail of a kind, signed: whoever has one needs not sign in (RFC 8058), and can do nothing else with it.

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Error, Result, UserId};
use sha2::Sha256;

use crate::kind::Kind;
use crate::service::Notify;
use crate::store;
use crate::ways::Way;

/// What a link ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Off {
    /// Mail about one kind.
    Mail(Kind),
    /// All digests.
    Digest,
}

impl Off {
    /// As it stands in links, and names it to people: `notify-off-<name>`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mail(kind) => kind.name(),
            Self::Digest => "digest",
        }
    }

    fn named(name: &str) -> Option<Self> {
        if name == "digest" { Some(Self::Digest) } else { Kind::named(name).map(Self::Mail) }
    }
}

impl Notify {
    /// Where one click ends it.
    pub(crate) async fn off_url(&self, user: UserId, off: Off) -> Result<String> {
        let said = format!("{user}.{}", off.name());
        let tag = Base64UrlUnpadded::encode_string(
            &signed(self.keys.links().await?, &said)?.finalize().into_bytes(),
        );
        Ok(format!("{}/unsubscribe?token={said}.{tag}", self.url))
    }

    /// What a link would end, and of whom; changes nothing. `None` for one that is not ours.
    pub async fn read_off(&self, token: &str) -> Result<Option<(UserId, Off)>> {
        let Some((said, tag)) = token.rsplit_once('.') else { return Ok(None) };
        let Ok(tag) = Base64UrlUnpadded::decode_vec(tag) else { return Ok(None) };
        // In a time that tells nothing.
        if signed(self.keys.links().await?, said)?.verify_slice(&tag).is_err() {
            return Ok(None);
        }
        let read = said.split_once('.').and_then(|(user, off)| Some((user.parse().ok()?, Off::named(off)?)));
        Ok(read)
    }

    /// Ends it. Doing so twice is doing it once. Nothing is written down of somebody who was deleted, though they have the mail.
    pub async fn turn_off(&self, user: UserId, off: Off) -> Result<()> {
        if self.of.accounts.find(user).await?.is_none_or(|user| user.deleted_at.is_some()) {
            return Ok(());
        }
        let tx = self.db.write().await?;
        match off {
            Off::Mail(kind) => store::choices::set(&tx, user, (kind, Way::Mail), false).await?,
            Off::Digest => store::digests::remove(&tx, user).await?,
        }
        tx.commit().await
    }
}

fn signed(key: &[u8], said: &str) -> Result<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(Error::internal)?;
    mac.update(b"byline unsubscribe\0");
    mac.update(said.as_bytes());
    Ok(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_what_it_ends() {
        for off in Kind::ALL.map(Off::Mail).into_iter().chain([Off::Digest]) {
            assert_eq!(Off::named(off.name()), Some(off));
        }
        assert_eq!(Off::named("everything"), None);
        let tag = |key: &[u8], said: &str| signed(key, said).unwrap().finalize().into_bytes().to_vec();
        assert_eq!(tag(b"k", "a").len(), 32);
        assert!(tag(b"k", "a") != tag(b"k", "b") && tag(b"k", "a") != tag(b"l", "a"));
    }
}
