//! What can be wrong with a request, and how a program is told: problem documents (RFC 9457).

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::{Error, FieldError, Locale};
use serde::Serialize;
use utoipa::ToSchema;
use web::{Cause, Frame, RequestContext, Trace};

/// What is wrong with one field, parameter or place in a body.
#[derive(Clone, Debug)]
pub struct InvalidField {
    pub field: Cow<'static, str>,
    /// Names the message `error-<code>`.
    pub code: &'static str,
    pub limit: Option<i64>,
    /// Said instead of the message, where only the parser knows what it met.
    pub said: Option<String>,
}

impl InvalidField {
    pub fn new(field: impl Into<Cow<'static, str>>, code: &'static str) -> Self {
        Self { field: field.into(), code, limit: None, said: None }
    }
}

impl From<FieldError> for InvalidField {
    fn from(error: FieldError) -> Self {
        let field: Cow<'static, str> = match error.at {
            Some(at) => format!("{}[{at}]", error.field).into(),
            None => error.field.into(),
        };
        Self { limit: error.limit, ..Self::new(field, error.code) }
    }
}

/// What a handler returns when something is wrong. [`explain`] makes a document of it on its way out.
#[derive(Clone, Debug)]
pub struct ApiError {
    pub status: StatusCode,
    /// The end of the problem's `type`: what programs go by.
    pub kind: &'static str,
    /// Which conflict, or why it is gone.
    code: Option<Box<str>>,
    detail: Detail,
    errors: Vec<InvalidField>,
    wait: Option<Duration>,
    /// Of a 401: a token was given, but nobody has it.
    bad_token: bool,
    /// Where the fault is the site's: for the log, not for who asked.
    cause: Option<Arc<Error>>,
}

#[derive(Clone, Debug)]
enum Detail {
    Message(String),
    Said(String),
}

pub type Result<T, E = ApiError> = std::result::Result<T, E>;

impl ApiError {
    fn new(status: StatusCode, kind: &'static str) -> Self {
        let detail = Detail::Message(format!("problem-{kind}"));
        Self {
            status,
            kind,
            code: None,
            detail,
            errors: Vec::new(),
            wait: None,
            bad_token: false,
            cause: None,
        }
    }

    pub fn unknown_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found")
    }

    pub fn wrong_method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed")
    }

    /// No token was given.
    pub fn no_token() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized")
    }

    /// A token was given that nobody has.
    pub fn bad_token() -> Self {
        Self { bad_token: true, ..Self::no_token() }
    }

    pub fn wrong_media_type() -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type")
    }

    pub fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large")
    }

    /// The body or the query is not in the language it should be in.
    pub fn malformed(said: String) -> Self {
        Self { detail: Detail::Said(said), ..Self::new(StatusCode::BAD_REQUEST, "malformed") }
    }

    pub fn invalid(errors: Vec<InvalidField>) -> Self {
        // What the media library refuses for its size or kind, HTTP has own numbers for.
        let mut api_error = match errors.as_slice() {
            [only] if only.code == media::codes::PICTURE_LARGE => Self::too_large(),
            [only] if only.code == media::codes::PICTURE_TYPE => Self::wrong_media_type(),
            _ => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        };
        api_error.errors = errors;
        api_error
    }

    fn coded(status: StatusCode, kind: &'static str, family: &str, code: &str) -> Self {
        let detail = Detail::Message(format!("{family}-{code}"));
        Self { code: Some(code.into()), detail, ..Self::new(status, kind) }
    }
}

impl From<&Error> for ApiError {
    fn from(error: &Error) -> Self {
        match error {
            Error::NotFound => Self::unknown_path(),
            Error::Gone(code) => Self::coded(StatusCode::GONE, "gone", "retract", code),
            Error::SignIn => Self::no_token(),
            Error::Denied => Self::new(StatusCode::FORBIDDEN, "forbidden"),
            Error::Invalid(errors) => {
                Self::invalid(errors.0.iter().cloned().map(InvalidField::from).collect())
            }
            Error::Conflict(code) => Self::coded(StatusCode::CONFLICT, "conflict", "conflict", code),
            Error::TooMany(wait) => {
                Self { wait: Some(*wait), ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests") }
            }
            Error::TooLarge(_) => Self::too_large(),
            Error::Busy(wait) => {
                Self { wait: Some(*wait), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable") }
            }
            Error::Quota(quota) => {
                let api_error = match quota.wait {
                    Some(_) => Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests"),
                    None => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
                };
                let field = InvalidField { limit: Some(quota.limit), ..InvalidField::new("", quota.code) };
                Self { wait: quota.wait, errors: vec![field], ..api_error }
            }
            full @ Error::Unavailable(code) if full.is_storage_full() => {
                Self::coded(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "unavailable", code)
            }
            Error::Unavailable(_) => Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            Error::Internal(_) => Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let said = Self::from(&error);
        let ours = matches!(error, Error::Internal(_) | Error::Unavailable(_));
        Self { cause: ours.then(|| Arc::new(error)), ..said }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// A problem document (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "https://news.example/api/docs#invalid",
    "title": "Unprocessable Entity",
    "status": 422,
    "detail": "Something in the request cannot be accepted; see errors.",
    "instance": "/api/v1/articles",
    "errors": [{"field": "title", "code": "title-long", "message": "At most 200 characters.", "limit": 200}]
}))]
pub struct Problem {
    /// What kind of problem it is, as an address that explains it. Its last part is stable: `invalid`, `conflict`, `gone` …
    #[schema(format = "uri")]
    r#type: String,
    /// The status in words.
    title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What happened, for people, in the language of `Accept-Language`.
    detail: String,
    /// The path that was asked for.
    instance: String,
    /// Which conflict it is (`article-edited`, `article-state`, …), or why an article is gone (`author`, `rules`, …).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    code: Option<String>,
    /// What is wrong, field by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldProblem>,
    /// Where the fault is the site's: names the request in its log, for those who ask for help. Also in the header `X-Request-Id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    trace: Option<String>,
}

/// What is wrong with one field of the body, or one parameter.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field, parameter or place in the body: `title`, `cursor`, `tags[2]`.
    field: String,
    /// What is wrong, for programs.
    code: &'static str,
    /// What is wrong, for people.
    message: String,
    /// The length, count or size that must not be passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    limit: Option<i64>,
}

/// The problem document for an error of a request under `/api/` that never reached its handler, or came to no good end there.
pub fn problem(frame: &Frame, context: &RequestContext, error: &Error) -> Response {
    draw(frame, &ApiError::from(error), context.uri.path(), context.variant.locale, Some(&context.trace))
}

/// `path` is what was asked for.
fn draw(frame: &Frame, api_error: &ApiError, path: &str, locale: Locale, trace: Option<&Trace>) -> Response {
    let messages = frame.theme().messages();
    let field = |invalid: &InvalidField| FieldProblem {
        field: invalid.field.clone().into_owned(),
        code: invalid.code,
        message: invalid.said.clone().unwrap_or_else(|| {
            let limit: Vec<_> = invalid.limit.iter().map(|&limit| ("limit", limit)).collect();
            messages.say(locale, &format!("error-{}", invalid.code), &limit)
        }),
        limit: invalid.limit,
    };
    let wait = api_error.wait.map(|wait| wait.as_secs().max(1));
    let busy = (api_error.status == StatusCode::SERVICE_UNAVAILABLE).then_some(web::BUSY.as_secs());
    let problem = Problem {
        r#type: format!("{}/api/docs#{}", frame.setup().url, api_error.kind),
        title: api_error.status.canonical_reason().unwrap_or_default(),
        status: api_error.status.as_u16(),
        detail: match (&api_error.detail, wait) {
            (_, Some(wait)) => messages.say(locale, "fault-wait", &[("n", wait as i64)]),
            (Detail::Message(key), None) => messages.say(locale, key, &[]),
            (Detail::Said(text), None) => text.clone(),
        },
        instance: path.to_owned(),
        code: api_error.code.as_deref().map(str::to_owned),
        errors: api_error.errors.iter().map(field).collect(),
        // That all places are taken is no fault.
        trace: trace
            .filter(|_| api_error.status.is_server_error() && api_error.wait.is_none())
            .map(|trace| trace.id().to_owned()),
    };
    let mut response = (api_error.status, Json(problem)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(locale.tag()));
    if let Some(wait) = wait.or(busy) {
        headers.insert(header::RETRY_AFTER, wait.into());
    }
    if api_error.status == StatusCode::UNAUTHORIZED {
        // RFC 6750, section 3.
        let challenge = if api_error.bad_token {
            "Bearer realm=\"byline\", error=\"invalid_token\""
        } else {
            "Bearer realm=\"byline\""
        };
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    }
    response
}

fn locale(frame: &Frame, headers: &HeaderMap) -> Locale {
    let accepts = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    accepts.and_then(Locale::negotiate).unwrap_or(frame.setup().locale.get())
}

/// Around every route: a fault that comes out becomes its document.
pub async fn explain(State(frame): State<Frame>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let locale = locale(&frame, request.headers());
    let trace = request.extensions().get::<RequestContext>().map(|context| context.trace.clone());
    let response = next.run(request).await;
    let api_error = match (response.extensions().get::<Arc<ApiError>>(), response.extensions().get::<Cause>())
    {
        (Some(api_error), _) => api_error.clone(),
        (None, Some(Cause(error))) => {
            if let Some(trace) = &trace {
                trace.set_cause_of(error);
            }
            Arc::new(ApiError::from(&**error))
        }
        (None, None) => return response,
    };
    if let (Some(trace), Some(cause)) = (&trace, &api_error.cause) {
        trace.set_cause_of(cause);
    }
    let mut drawn = draw(&frame, &api_error, &path, locale, trace.as_ref());
    // What was said beside the fault (`Allow`) stays.
    for (name, value) in response.headers() {
        if !matches!(*name, header::CONTENT_LENGTH | header::CONTENT_TYPE) {
            drawn.headers_mut().entry(name).or_insert_with(|| value.clone());
        }
    }
    drawn
}
