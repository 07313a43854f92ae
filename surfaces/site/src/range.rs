//! Parts of a file (RFC 9110, section 14).

use http::{HeaderMap, HeaderValue, header};

/// What of a file is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Whole,
    /// Start and end, exclusive.
    Range(u64, u64),
    /// Nothing of it: it is shorter.
    Beyond,
}

/// Ranges beyond this many are an attack, or a client that would be better off with the whole.
const MOST: usize = 16;

/// What is asked for of a file of `len` bytes whose entity tag is `tag`. What is no byte range, or does not follow the grammar, is as if it
/// were not asked. Several ranges that are one together are answered by it, others by the whole: a client has to bear that
/// (section 14.2), and nobody who reads pictures or plays sound asks so.
pub fn asked(headers: &HeaderMap, tag: &HeaderValue, len: u64) -> Part {
    let mut ranges = headers.get_all(header::RANGE).iter();
    let (Some(range), None) = (ranges.next(), ranges.next()) else { return Part::Whole };
    // A date could not tell two versions of a file apart; the files have none.
    if headers.get(header::IF_RANGE).is_some_and(|known| known != tag) {
        return Part::Whole;
    }
    range.to_str().ok().and_then(|range| part(range, len)).unwrap_or(Part::Whole)
}

fn part(range: &str, len: u64) -> Option<Part> {
    let (unit, set) = range.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let mut parts: Vec<(u64, u64)> = Vec::new();
    let mut ranges = 0;
    for one in set.split(',').map(|one| one.trim_matches([' ', '\t'])).filter(|one| !one.is_empty()) {
        ranges += 1;
        if ranges > MOST {
            return None;
        }
        let (first, last) = one.split_once('-')?;
        if !first.bytes().chain(last.bytes()).all(|b| b.is_ascii_digit()) {
            return None;
        }
        let (start, end) = match (position(first), position(last)) {
            (Some(first), Some(last)) if last < first => return None,
            (Some(first), Some(last)) => (first, last.saturating_add(1).min(len)),
            (Some(first), None) => (first, len),
            (None, Some(suffix)) => (len.saturating_sub(suffix), len),
            (None, None) => return None,
        };
        if start < end {
            parts.push((start, end));
        }
    }
    if ranges == 0 {
        return None;
    }
    parts.sort_unstable();
    let Some(&(start, mut end)) = parts.first() else { return Some(Part::Beyond) };
    for &(next, until) in &parts[1..] {
        if next > end {
            return Some(Part::Whole);
        }
        end = end.max(until);
    }
    Some(Part::Range(start, end))
}

/// A position, or nothing where none is given. One that is too large for any file is the largest.
fn position(digits: &str) -> Option<u64> {
    (!digits.is_empty()).then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(range: &str, want: Part) {
        let headers = HeaderMap::from_iter([(header::RANGE, HeaderValue::try_from(range).unwrap())]);
        assert_eq!(asked(&headers, &HeaderValue::from_static("\"a\""), 1_000), want, "{range}");
    }

    #[test]
    fn ranges_as_the_standard_says() {
        for (range, start, end) in [
            ("bytes=0-99", 0, 100),
            ("Bytes=0-99", 0, 100),
            ("bytes= 0-99", 0, 100),
            ("bytes=900-", 900, 1_000),
            ("bytes=-100", 900, 1_000),
            ("bytes=-5000", 0, 1_000),
            ("bytes=0-99999999999999999999999", 0, 1_000),
            ("bytes=999-999", 999, 1_000),
            // Together one, or one of them is there.
            ("bytes=0-99,100-199", 0, 200),
            ("bytes=50-199, 0-99", 0, 200),
            ("bytes=2000-,0-9", 0, 10),
            ("bytes=,0-9,", 0, 10),
        ] {
            check(range, Part::Range(start, end));
        }
        for range in ["bytes=1000-", "bytes=1000-2000", "bytes=-0", "bytes=1000-,2000-"] {
            check(range, Part::Beyond);
        }
        for range in [
            "lines=1-2",
            "items=0-5",
            "bytes",
            "bytes=",
            "bytes=,",
            "bytes=-",
            "bytes=5-2",
            "bytes=a-b",
            "bytes=0-9;",
            "bytes=+1-2",
            "bytes=0-9,20-29",
            "bytes=0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0",
        ] {
            check(range, Part::Whole);
        }
    }

    #[test]
    fn an_older_version_is_not_gone_on_with() {
        let tag = HeaderValue::from_static("\"a\"");
        let with = |known: &'static str| {
            let mut headers = HeaderMap::from_iter([(header::RANGE, HeaderValue::from_static("bytes=0-9"))]);
            headers.insert(header::IF_RANGE, HeaderValue::from_static(known));
            asked(&headers, &tag, 1_000)
        };
        assert_eq!(with("\"a\""), Part::Range(0, 10));
        for known in ["\"b\"", "W/\"a\"", "Wed, 05 Jun 2024 10:00:00 GMT"] {
            assert_eq!(with(known), Part::Whole, "{known}");
        }
        let mut twice = HeaderMap::new();
        twice.append(header::RANGE, HeaderValue::from_static("bytes=0-9"));
        twice.append(header::RANGE, HeaderValue::from_static("bytes=5-9"));
        assert_eq!(asked(&twice, &tag, 1_000), Part::Whole);
    }
}
