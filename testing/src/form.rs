//! Forms as browsers send them.

use serde_json::Value;

/// What can be sent: fields, fields that are encoded already, a form with files, JSON.
pub trait Form {
    /// The body, and its media type where there is one.
    fn encode(self) -> (Option<String>, Vec<u8>);
}

const URLENCODED: &str = "application/x-www-form-urlencoded";

impl Form for &str {
    fn encode(self) -> (Option<String>, Vec<u8>) {
        (Some(URLENCODED.to_owned()), self.as_bytes().to_vec())
    }
}

impl Form for &String {
    fn encode(self) -> (Option<String>, Vec<u8>) {
        self.as_str().encode()
    }
}

impl Form for String {
    fn encode(self) -> (Option<String>, Vec<u8>) {
        self.as_str().encode()
    }
}

impl<T: AsRef<str>> Form for &[(&str, T)] {
    fn encode(self) -> (Option<String>, Vec<u8>) {
        let pairs = self.iter().map(|(name, value)| format!("{name}={}", web::percent(value.as_ref())));
        pairs.collect::<Vec<_>>().join("&").encode()
    }
}

impl<T: AsRef<str>, const N: usize> Form for &[(&str, T); N] {
    fn encode(self) -> (Option<String>, Vec<u8>) {
        self.as_slice().encode()
    }
}

impl<T: AsRef<str>> Form for &Vec<(&str, T)> {
    fn encode(self) -> (Option<String>, Vec<u8>) {
        self.as_slice().encode()
    }
}

/// No body where it is null.
impl Form for Value {
    fn encode(self) -> (Option<String>, Vec<u8>) {
        if self.is_null() {
            return (None, Vec::new());
        }
        (Some("application/json".to_owned()), self.to_string().into_bytes())
    }
}

/// A form with files.
#[derive(Clone, Default)]
pub struct Multipart(Vec<u8>);

impl Multipart {
    pub const BOUNDARY: &str = "----byline-test";

    pub fn of(fields: &[(&str, &str)]) -> Self {
        fields.iter().fold(Self::default(), |form, (name, text)| form.text(name, text))
    }

    #[must_use]
    pub fn text(self, name: &str, text: &str) -> Self {
        self.part(&format!("name=\"{name}\""), text.as_bytes())
    }

    #[must_use]
    pub fn file(self, name: &str, bytes: &[u8]) -> Self {
        self.part(&format!("name=\"{name}\"; filename=\"a.png\"\r\nContent-Type: image/png"), bytes)
    }

    fn part(mut self, head: &str, bytes: &[u8]) -> Self {
        let boundary = Self::BOUNDARY;
        let head = format!("--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n");
        self.0.extend_from_slice(head.as_bytes());
        self.0.extend_from_slice(bytes);
        self.0.extend_from_slice(b"\r\n");
        self
    }

    pub fn content_type() -> String {
        format!("multipart/form-data; boundary={}", Self::BOUNDARY)
    }

    /// The whole body.
    pub fn end(mut self) -> Vec<u8> {
        self.0.extend_from_slice(format!("--{}--\r\n", Self::BOUNDARY).as_bytes());
        self.0
    }
}

impl Form for Multipart {
    fn encode(self) -> (Option<String>, Vec<u8>) {
        (Some(Self::content_type()), self.end())
    }
}
