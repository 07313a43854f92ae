//! What came back, and what tests ask of it.

use axum::body::Body;
use bytes::Bytes;
use http::header::{self, AsHeaderName};
use http::{Extensions, HeaderMap, Response};
use http_body_util::BodyExt;

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// What handlers tell the layers above them.
    pub extensions: Extensions,
    pub body: Bytes,
    /// The body, where it is text.
    pub text: String,
}

impl Answer {
    pub async fn of(response: Response<Body>) -> Self {
        let (head, body) = response.into_parts();
        let body = body.collect().await.expect("the body arrives").to_bytes();
        let kind =
            head.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("text/");
        let is_text =
            kind.starts_with("text/") || ["json", "xml", "javascript"].iter().any(|part| kind.contains(part));
        // What claims to be text has to be.
        let text = if is_text {
            String::from_utf8(body.to_vec()).expect("UTF-8")
        } else {
            String::from_utf8_lossy(&body).into_owned()
        };
        let (status, headers) = (head.status.as_u16(), head.headers);
        Self { status, headers, extensions: head.extensions, body, text }
    }

    /// A header as text; empty where there is none.
    pub fn header(&self, name: impl AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// Where it leads; empty where it leads nowhere.
    pub fn location(&self) -> &str {
        self.header(header::LOCATION)
    }

    pub fn has(&self, text: &str) -> bool {
        self.text.contains(text)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// What stands in a field of the page's form, as a browser would read it.
    pub fn value(&self, name: &str) -> String {
        let area = self.text.split(&format!("<textarea id=\"{name}\"")).nth(1);
        let raw = if let Some(area) = area {
            let text =
                area.split_once('>').expect("a tag ends").1.split("</textarea>").next().unwrap_or_default();
            text.strip_prefix('\n').unwrap_or(text)
        } else {
            let input = self.text.split(&format!("name=\"{name}\"")).nth(1);
            let input = input.unwrap_or_else(|| panic!("no field {name}"));
            input.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a value")
        };
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
        entities.iter().fold(raw.to_owned(), |text, (entity, c)| text.replace(entity, c))
    }

    /// The error that stands beside a field; empty where there is none.
    pub fn error(&self, field: &str) -> &str {
        let beside = self.text.split(&format!("id=\"{field}-error\">")).nth(1);
        beside.map_or("", |rest| rest.split('<').next().unwrap_or_default())
    }
}
