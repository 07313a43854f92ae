//! Ids: time-ordered 63-bit integers, one type for each thing, base-58 text in public.
//!
//! Layout, from the high bit: 42 bits of milliseconds since 2024-01-01, 10 bits of node, 11 bits of counter.
//! Ids made by one process only grow; two processes stay apart by their random node number, and where they
//! do not, the primary key refuses the second (one chance in 1,024 within the same millisecond).

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Time;

/// An id of a `T`. `T` is a marker that is never built.
pub struct Id<T>(i64, PhantomData<fn() -> T>);

/// Declares the marker and the id type of a thing.
macro_rules! ids {
    ($($name:ident = $marker:ident),+ $(,)?) => {$(
        #[doc(hidden)]
        pub enum $marker {}
        pub type $name = Id<$marker>;
    )+};
}
ids!(
    UserId = User,
    AuthorId = Author,
    ArticleId = Article,
    CommentId = Comment,
    MediaId = Media,
    ApplicationId = Application,
    ReportId = Report,
    TokenId = Token,
    PasskeyId = Passkey,
    PlacementId = Placement,
    TopicId = Topic,
);

/// Bitcoin's alphabet: no `0`, `O`, `I` or `l`, so an id can be read over the telephone.
const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

impl<T> Id<T> {
    /// Wraps a stored value.
    pub const fn new(raw: i64) -> Self {
        Self(raw, PhantomData)
    }

    /// The stored value.
    pub const fn raw(self) -> i64 {
        self.0
    }

    /// The least id that can be made at `time`: what was made before is less, what is made from then on is not.
    pub const fn at(time: Time) -> Self {
        let millis = time.millis() - EPOCH;
        Self::new(if millis > 0 { millis << (NODE_BITS + COUNTER_BITS) } else { 0 })
    }
}

/// Writes a non-negative integer in base 58.
pub(crate) fn to_base58(mut n: u64) -> String {
    let mut out = Vec::with_capacity(11);
    loop {
        out.push(ALPHABET[(n % 58) as usize]);
        n /= 58;
        if n == 0 {
            break;
        }
    }
    out.reverse();
    out.into_iter().map(char::from).collect()
}

/// Reads what [`to_base58`] wrote; `None` for anything else, values above `i64::MAX` and leading zeros included.
pub(crate) fn from_base58(text: &str) -> Option<i64> {
    if text.is_empty() || (text.len() > 1 && text.starts_with('1')) {
        return None;
    }
    text.bytes().try_fold(0i64, |n, byte| {
        let digit = ALPHABET.iter().position(|&a| a == byte)? as i64;
        n.checked_mul(58)?.checked_add(digit)
    })
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_base58(self.0.unsigned_abs()))
    }
}

/// The text is not an id.
#[derive(Debug, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

impl<T> FromStr for Id<T> {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        from_base58(text).map(Self::new).ok_or(NotAnId)
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

const COUNTER_BITS: u32 = 11;
const NODE_BITS: u32 = 10;
/// 2024-01-01T00:00:00Z in Unix milliseconds.
const EPOCH: i64 = 1_704_067_200_000;

/// Makes ids that only grow.
pub(crate) struct IdGen {
    node: u64,
    /// Milliseconds and counter of the last id.
    last: AtomicU64,
}

impl IdGen {
    pub(crate) fn new(node: u64) -> Self {
        Self { node: node & ((1 << NODE_BITS) - 1), last: AtomicU64::new(0) }
    }

    pub(crate) fn next<T>(&self, now: Time) -> Id<T> {
        let floor = ((now.millis() - EPOCH).max(0) as u64) << COUNTER_BITS;
        let step = |last: u64| Some(floor.max(last + 1));
        let before = self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).unwrap_or_default();
        let ticks = floor.max(before + 1);
        let (millis, counter) = (ticks >> COUNTER_BITS, ticks & ((1 << COUNTER_BITS) - 1));
        Id::new(((millis << (NODE_BITS + COUNTER_BITS)) | (self.node << COUNTER_BITS) | counter) as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn text_and_back(raw in 0..i64::MAX) {
            prop_assert_eq!(ArticleId::new(raw).to_string().parse::<ArticleId>().unwrap().raw(), raw);
        }
    }

    #[test]
    fn refuses_what_it_did_not_write() {
        for text in ["", "0", "l", "12", "é", "zzzzzzzzzzzz", "-1"] {
            assert!(text.parse::<ArticleId>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_id_tells_when_it_was_made() {
        let (ids, then) = (IdGen::new(1023), Time::from_millis(EPOCH + 5_000));
        let id: ArticleId = ids.next(then);
        assert!(ArticleId::at(then) <= id && id < ArticleId::at(Time::from_millis(EPOCH + 5_001)));
        assert_eq!(ArticleId::at(Time::from_millis(0)).raw(), 0);
    }

    #[test]
    fn grows_even_when_the_clock_stands_or_goes_back() {
        let ids = IdGen::new(7);
        let mut last = 0;
        for now in (0..5_000).map(|_| Time::from_millis(EPOCH + 10)).chain([Time::from_millis(EPOCH + 3)]) {
            let id: ArticleId = ids.next(now);
            assert!(id.raw() > last);
            last = id.raw();
        }
    }
}
