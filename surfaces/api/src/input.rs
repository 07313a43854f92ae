//! Reading requests strictly: what cannot be read is said, never skipped.

use std::fmt::Display;
use std::str::FromStr;

use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use kernel::{Cursor, Error};
use serde::de::DeserializeOwned;
use tokio::task::spawn_blocking;

use crate::Api;
use crate::codes;
use crate::error::{ApiError, InvalidField, Result};

/// Items on a page where the asker does not say, and at most.
const LIMIT: usize = 20;
const MOST: usize = 100;
/// Values in the lists and objects of a body, all together: many times what the longest list has that is taken anywhere. Each takes far more
/// memory than it is long.
const VALUES: usize = 10_000;
/// Longer bodies are read off the threads that answer requests (bytes).
const LONG: usize = 64 << 10;

/// The parameters of the query. Take each by its name, then [`Params::finish`]: it fails with all that is wrong,
/// parameters that nobody took among them.
pub struct Params {
    given: Vec<(String, String)>,
    errors: Vec<InvalidField>,
}

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let Query(given) = Query::from_request_parts(parts, state)
            .await
            .map_err(|error| ApiError::malformed(error.body_text()))?;
        Ok(Self { given, errors: Vec::new() })
    }
}

impl Params {
    /// The parameter's text; an empty one is as good as none.
    pub fn text(&mut self, name: &'static str) -> Option<String> {
        let mut values = self.given.extract_if(.., |(given, _)| given == name).map(|(_, value)| value);
        let value = values.next();
        if values.next().is_some() {
            self.errors.push(InvalidField::new(name, codes::PARAMETER_TWICE));
        }
        value.filter(|value| !value.is_empty())
    }

    /// The parameter as `read` understands it; where it fails, with its own code.
    pub fn read<T>(&mut self, name: &'static str, read: impl FnOnce(&str) -> kernel::Result<T>) -> Option<T> {
        let text = self.text(name)?;
        match read(&text) {
            Ok(value) => Some(value),
            Err(Error::Invalid(errors)) => {
                let code = errors.0.first().map_or("other", |errors| errors.code);
                self.errors.push(InvalidField::new(name, code));
                None
            }
            Err(_) => {
                self.errors.push(InvalidField::new(name, "other"));
                None
            }
        }
    }

    /// Where the page begins.
    pub fn cursor(&mut self) -> Cursor {
        let read =
            |text: &str| Cursor::from_str(text).map_err(|_| Error::invalid("cursor", codes::CURSOR_FORM));
        self.read("cursor", read).unwrap_or(Cursor::START)
    }

    /// How many items the page may have.
    pub fn limit(&mut self) -> usize {
        self.limit_of(LIMIT, MOST)
    }

    /// How many items a list may have that is no page: `usual` where the asker does not say.
    pub fn limit_of(&mut self, usual: usize, most: usize) -> usize {
        let Some(text) = self.text("limit") else { return usual };
        match text.parse() {
            Ok(limit) if (1..=most).contains(&limit) => limit,
            _ => {
                let limit = Some(most as i64);
                self.errors.push(InvalidField { limit, ..InvalidField::new("limit", codes::LIMIT_RANGE) });
                usual
            }
        }
    }

    pub fn refuse(&mut self, name: &'static str, code: &'static str) {
        self.errors.push(InvalidField::new(name, code));
    }

    pub fn finish(mut self) -> Result<()> {
        self.errors.extend(
            self.given.into_iter().map(|(name, _)| InvalidField::new(name, codes::PARAMETER_UNKNOWN)),
        );
        if self.errors.is_empty() { Ok(()) } else { Err(ApiError::invalid(self.errors)) }
    }
}

/// A JSON body. What is no JSON is 400 with the line and column, what is not the expected shape is 422 with the field.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + Send + 'static> FromRequest<Api> for Json<T> {
    type Rejection = ApiError;
    async fn from_request(request: Request, api: &Api) -> Result<Self> {
        if !is_json(request.headers()) {
            return Err(ApiError::wrong_media_type());
        }
        read(body(request, api).await?).await.map(Self)
    }
}

/// A JSON body that may be left out.
pub struct MaybeJson<T>(pub T);

impl<T: DeserializeOwned + Default + Send + 'static> FromRequest<Api> for MaybeJson<T> {
    type Rejection = ApiError;
    async fn from_request(request: Request, api: &Api) -> Result<Self> {
        let is_json = is_json(request.headers());
        let body = body(request, api).await?;
        match body.is_empty() {
            true => Ok(Self(T::default())),
            false if is_json => read(body).await.map(Self),
            false => Err(ApiError::wrong_media_type()),
        }
    }
}

/// The whole body, if it is not longer than the route takes.
pub async fn body(request: Request, api: &Api) -> Result<Bytes> {
    Bytes::from_request(request, api).await.map_err(|error| broken(error.status(), &error.body_text()))
}

/// A body that did not come in whole, or is too long.
pub fn broken(status: StatusCode, said: &impl Display) -> ApiError {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::too_large(),
        _ => ApiError::malformed(said.to_string()),
    }
}

/// The media type of the body, without parameters.
pub fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = media_type(headers);
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

async fn read<T: DeserializeOwned + Send + 'static>(body: Bytes) -> Result<T> {
    if body.len() <= LONG {
        return parse(&body);
    }
    spawn_blocking(move || parse(&body)).await.map_err(Error::internal)?
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    let body = web::nul::of_json(body);
    if values(&body) > VALUES {
        let limit = Some(VALUES as i64);
        return Err(ApiError::invalid(vec![InvalidField {
            limit,
            ..InvalidField::new("", codes::JSON_VALUES)
        }]));
    }
    let mut reader = serde_json::Deserializer::from_slice(&body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        misread(error.inner(), path)
    })?;
    reader.end().map_err(|error| misread(&error, ".".to_owned()))?;
    Ok(value)
}

/// How many values stand beside another: one for each comma that is part of no text.
fn values(json: &[u8]) -> usize {
    let (mut commas, mut in_text, mut escaped) = (0, false, false);
    for &byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_text,
            b'"' => in_text = !in_text,
            b',' if !in_text => commas += 1,
            _ => {}
        }
    }
    commas
}

/// serde's own words name the line and column.
fn misread(error: &serde_json::Error, path: String) -> ApiError {
    if error.is_data() {
        let field = if path == "." { String::new() } else { path };
        ApiError::invalid(vec![InvalidField {
            said: Some(error.to_string()),
            ..InvalidField::new(field, codes::JSON_TYPE)
        }])
    } else {
        ApiError::malformed(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Slug;

    fn params(query: &str) -> Params {
        let given = query.split('&').map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            (name.to_owned(), value.to_owned())
        });
        Params { given: given.collect(), errors: Vec::new() }
    }

    #[test]
    fn parameters_are_read_or_refused() {
        let mut fine = params("channel=tech&limit=100&cursor=2.3");
        assert_eq!(fine.read("channel", Slug::new).unwrap().as_str(), "tech");
        assert_eq!((fine.limit(), fine.cursor()), (100, Cursor { key: 1, id: 2 }));
        assert!(fine.finish().is_ok());

        for query in
            ["limit=0", "limit=101", "limit=x", "cursor=x", "channel=No!", "chanel=tech", "limit=1&limit=2"]
        {
            let mut bad = params(query);
            let _ = (bad.limit(), bad.cursor(), bad.read("channel", Slug::new));
            assert_eq!(bad.finish().unwrap_err().status, 422, "{query}");
        }
    }

    #[test]
    fn json_faults_say_where() {
        #[derive(Debug, serde::Deserialize)]
        struct Body {
            #[serde(rename = "tags")]
            _tags: Vec<String>,
        }
        let parse_error = |text: &str| format!("{:?}", parse::<Body>(text.as_bytes()).unwrap_err());
        let broken = parse_error("{\n \"tags\": [,]}");
        assert!(broken.contains("status: 400") && broken.contains("line 2 column 11"), "{broken}");
        let shape = parse_error("{\"tags\": [\"a\", 1]}");
        assert!(shape.contains("status: 422") && shape.contains("tags[1]"), "{shape}");
        assert!(parse_error("{\"tags\": []} x").contains("status: 400"));
        let many = format!("{{\"tags\": [{}\"\"]}}", "\"\",".repeat(VALUES + 1));
        assert!(parse_error(&many).contains("status: 422") && parse_error(&many).contains("json-values"));
        let long = format!("{{\"tags\": [\"{}\\\",,,\", \"b\"]}}", ",".repeat(VALUES + 1));
        assert!(parse::<Body>(long.as_bytes()).is_ok(), "a text is one value");
    }

    #[tokio::test]
    async fn a_long_body_is_read_aside() {
        let long = format!("[\"{}\"]", "a".repeat(LONG));
        let read = read::<Vec<String>>(long.into()).await.unwrap();
        assert_eq!(read[0].len(), LONG);
    }
}
