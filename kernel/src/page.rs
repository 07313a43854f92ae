//! A part of a long list, and where the next part begins.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::{NotAnId, from_base58, to_base58};

/// Where a list goes on: the sort key and the id of the last item seen. Keyset paging, so a page
/// costs the same however deep it is, and items that arrive meanwhile shift nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cursor {
    pub key: i64,
    pub id: i64,
}

impl Cursor {
    /// Before the first item of a list sorted from high to low.
    pub const START: Self = Self { key: i64::MAX, id: i64::MAX };
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Times before 1970 are negative.
        let sign = if self.key < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{}", to_base58(self.key.unsigned_abs()), to_base58(self.id.unsigned_abs()))
    }
}

impl FromStr for Cursor {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let (key, id) = text.split_once('.').ok_or(NotAnId)?;
        let (sign, key) = key.strip_prefix('-').map_or((1, key), |key| (-1, key));
        Ok(Self { key: sign * from_base58(key).ok_or(NotAnId)?, id: from_base58(id).ok_or(NotAnId)? })
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Some items of a list; `next` is there while more follow.
#[derive(Clone, Debug, Serialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Makes a page from up to `limit + 1` items (ask for one more than you show): the extra one tells that more follow.
    pub fn cut(mut items: Vec<T>, limit: usize, cursor: impl Fn(&T) -> Cursor) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(cursor) } else { None };
        Self { items, next }
    }

    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { items: Vec::new(), next: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text() {
        let cursor = Cursor { key: 1_717_501_397_000, id: 42 };
        assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
        let before_1970 = Cursor { key: -5_000, id: 42 };
        assert_eq!(before_1970.to_string().parse::<Cursor>().unwrap(), before_1970);
        assert_eq!(Cursor::START.to_string().parse::<Cursor>().unwrap(), Cursor::START);
        assert!("x".parse::<Cursor>().is_err());
    }

    #[test]
    fn the_extra_item_becomes_the_next_cursor() {
        let page = Page::cut(vec![3, 2, 1], 2, |&n| Cursor { key: n, id: n });
        assert_eq!((page.items, page.next), (vec![3, 2], Some(Cursor { key: 2, id: 2 })));
        assert_eq!(Page::cut(vec![3, 2], 2, |&n| Cursor { key: n, id: n }).next, None);
    }
}
