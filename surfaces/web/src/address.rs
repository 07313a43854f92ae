//! One spelling for each address.

use std::borrow::Cow;

use http::Uri;
use kernel::Handle;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode, utf8_percent_encode};

/// All but the unreserved characters (RFC 3986, 2.3).
const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// What a step of a path cannot hold as it is (`pchar`, RFC 3986, 3.3).
const NOT_IN_SEGMENT: AsciiSet = RESERVED
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');
const NOT_IN_PATH: AsciiSet = RESERVED.remove(b'/');

/// A text as one step of a path.
pub fn path_segment(text: &str) -> String {
    utf8_percent_encode(text, &RESERVED).to_string()
}

/// An address within a query, where slashes do no harm.
pub fn percent(text: &str) -> String {
    utf8_percent_encode(text, &NOT_IN_PATH).to_string()
}

/// The path in the one spelling that stands for all that mean the same: `/%63ity` is `/city`, `/@@MARA` is `/@mara`. Borrowed where it
/// is spelled so, as nearly all are.
pub(crate) fn canonical(path: &str) -> Cow<'_, str> {
    let of_author = path.starts_with("/@") || path.starts_with("/%40");
    let plain = |byte: u8| byte.is_ascii() && byte != b'%' && !(of_author && byte.is_ascii_uppercase());
    if path.bytes().all(plain) && !path.starts_with("/@@") {
        return Cow::Borrowed(path);
    }
    let mut steps: Vec<String> = path.split('/').map(canonical_segment).collect();
    if let Some(handle) = steps.get_mut(1).filter(|step| step.starts_with('@')) {
        let name = percent_decode_str(handle).decode_utf8_lossy().into_owned();
        if let Ok(name) = Handle::new(&name) {
            *handle = format!("@{}", path_segment(name.as_str()));
        }
    }
    Cow::Owned(steps.join("/"))
}

/// The address with its path in that spelling; nothing where it is spelled so.
pub(crate) fn canonical_uri(uri: &Uri) -> Option<Uri> {
    let Cow::Owned(path) = canonical(uri.path()) else { return None };
    let address = uri.query().map_or_else(|| path.clone(), |query| format!("{path}?{query}"));
    address.parse().ok()
}

fn canonical_segment(segment: &str) -> String {
    let bytes: Vec<u8> = percent_decode_str(segment).collect();
    percent_encode(&bytes, &NOT_IN_SEGMENT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_it_is_spelled_like_it_is_one_page() {
        for (path, want) in [
            ("/", "/"),
            ("/channel/%63ity", "/channel/city"),
            ("/channel/city", "/channel/city"),
            ("/article/%41%42", "/article/AB"),
            ("/@MARA", "/@mara"),
            ("/@@@mara/articles", "/@mara/articles"),
            ("/%40mara", "/@mara"),
            ("/@%E5%8D%97%e5%9f%94", "/@%E5%8D%97%E5%9F%94"),
            ("/@%EF%BD%8D%EF%BD%81%EF%BD%92%EF%BD%81", "/@mara"),
            ("/tag/c%2b%2B", "/tag/c++"),
            ("/tag/a%2Fb", "/tag/a%2Fb"),
            ("/tag/%e6%bd%ae", "/tag/%E6%BD%AE"),
            ("/tag/%ff%zz", "/tag/%FF%25zz"),
        ] {
            assert_eq!(canonical(path), want, "{path}");
            assert_eq!(canonical(want), want, "{want} stays");
        }
        let bytes = std::str::from_utf8(b"/tag/\xe6\xbd\xae").unwrap();
        assert_eq!(canonical(bytes), "/tag/%E6%BD%AE");
    }
}
