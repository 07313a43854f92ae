//! U+0000 is no text: databases take it for the end of one, or refuse it. It is taken out where input comes in, once for each way in: addresses
//! ([`of_request`], called by the front), forms ([`crate::Form`]), JSON ([`of_json`]) and the texts of multipart forms ([`of_text`]).

use std::borrow::Cow;

use http::uri::PathAndQuery;
use http::{Request, Uri};
use url::form_urlencoded;

/// Takes it out of the query, and says whether the path has one: no address of this site does.
pub fn of_request<B>(mut request: Request<B>) -> (Request<B>, bool) {
    let query = match request.uri().query().map(|query| of_form(query.as_bytes())) {
        Some(Cow::Owned(query)) => Some(query),
        _ => None,
    };
    if let Some(query) = query
        && let Some(uri) = with_query(request.uri(), &String::from_utf8_lossy(&query))
    {
        *request.uri_mut() = uri;
    }
    let in_path = request.uri().path().contains("%00");
    (request, in_path)
}

fn with_query(uri: &Uri, query: &str) -> Option<Uri> {
    let mut parts = uri.clone().into_parts();
    let address = format!("{}?{query}", uri.path());
    parts.path_and_query = Some(PathAndQuery::try_from(address).ok()?);
    Uri::from_parts(parts).ok()
}

/// Takes it out of `application/x-www-form-urlencoded`.
pub fn of_form(form: &[u8]) -> Cow<'_, [u8]> {
    if !form.contains(&0) && !form.windows(3).any(|three| three == b"%00") {
        return Cow::Borrowed(form);
    }
    let mut clean = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(form) {
        clean.append_pair(&of_text(name.into_owned()), &of_text(value.into_owned()));
    }
    Cow::Owned(clean.finish().into_bytes())
}

/// Takes it out of JSON, byte by byte: a tree of what stands there would be many times as large. What is no JSON is left for its reader to
/// refuse.
pub fn of_json(json: &[u8]) -> Cow<'_, [u8]> {
    const ESCAPED: &[u8] = b"\\u0000";
    if !json.windows(ESCAPED.len()).any(|six| six == ESCAPED) {
        return Cow::Borrowed(json);
    }
    let mut clean = Vec::with_capacity(json.len());
    let (mut rest, mut in_text) = (json, false);
    while let Some(&byte) = rest.first() {
        let taken = match byte {
            b'\\' if in_text && rest.starts_with(ESCAPED) => {
                rest = &rest[ESCAPED.len()..];
                continue;
            }
            // What is escaped ends no text and begins no escape.
            b'\\' if in_text => rest.len().min(2),
            _ => 1,
        };
        in_text ^= byte == b'"';
        clean.extend_from_slice(&rest[..taken]);
        rest = &rest[taken..];
    }
    Cow::Owned(clean)
}

pub fn of_text(mut text: String) -> String {
    if text.contains('\0') {
        text.retain(|c| c != '\0');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> (String, bool) {
        let (request, in_path) = of_request(Request::builder().uri(text).body(()).unwrap());
        (request.uri().to_string(), in_path)
    }

    #[test]
    fn addresses_have_none() {
        for (asked, clean) in [
            ("/search?q=a%00b&page=%002", "/search?q=ab&page=2"),
            // What is left is no new one.
            ("/search?q=%0%000&r=%00", "/search?q=%2500&r="),
            // An escaped percent sign is itself, and what needs no change is not touched.
            ("/search?q=%2500+%E4%B8%AD", "/search?q=%2500+%E4%B8%AD"),
        ] {
            assert_eq!(address(asked), (clean.to_owned(), false));
        }
        assert!(address("/@a%00b").1);
    }

    #[test]
    fn forms_and_json_have_none() {
        assert_eq!(&*of_form(b"a=x%00y&b%00=1"), b"a=xy&b=1");
        assert_eq!(&*of_form(b"a=x\0y"), b"a=xy");
        let text = br#"{"title": "a\u0000b", "tags": ["\u0000", {"x\u0000": "c\\u0000"}]}"#;
        let clean: serde_json::Value = serde_json::from_slice(&of_json(text)).unwrap();
        assert_eq!(clean, serde_json::json!({"title": "ab", "tags": ["", {"x": "c\\u0000"}]}));
        assert_eq!(&*of_json(b"{\"a\": \\u0000"), b"{\"a\": \\u0000");
        // An escaped backslash, or quotation mark, is no beginning of anything, and outside a text nothing becomes JSON that was none.
        let text = br#"["\\\u0000\"\u0000", "\\", "\\\\u0000\u0000"]"#;
        let clean: serde_json::Value = serde_json::from_slice(&of_json(text)).unwrap();
        assert_eq!(clean, serde_json::json!(["\\\"", "\\", "\\\\u0000"]));
        assert_eq!(&*of_json(br#"["\u0000", \u00001]"#), br#"["", \u00001]"#);
        assert_eq!(&*of_json(br#""\u0000\"#), br#""\"#);
    }
}
