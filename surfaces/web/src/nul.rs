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

/// Takes it out of JSON. What is no JSON is left for its reader to refuse.
pub fn of_json(json: &[u8]) -> Cow<'_, [u8]> {
    let escaped = json.windows(6).any(|six| six == b"\\u0000");
    if !escaped {
        return Cow::Borrowed(json);
    }
    let Ok(mut value) = serde_json::from_slice::<serde_json::Value>(json) else { return Cow::Borrowed(json) };
    of_value(&mut value);
    serde_json::to_vec(&value).map_or(Cow::Borrowed(json), Cow::Owned)
}

fn of_value(value: &mut serde_json::Value) {
    use serde_json::Value::{Array, Object, String};
    match value {
        String(text) if text.contains('\0') => *text = of_text(std::mem::take(text)),
        Array(items) => items.iter_mut().for_each(of_value),
        Object(fields) => {
            let named = std::mem::take(fields).into_iter();
            *fields = named
                .map(|(name, mut value)| {
                    of_value(&mut value);
                    (of_text(name), value)
                })
                .collect();
        }
        _ => {}
    }
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
    }
}
