//! Answers that many operations share, as the description has them.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::IntoResponses;
use utoipa::openapi::{self, ContentBuilder, Ref, RefOr, ResponseBuilder};

/// An answer that many operations share.
pub struct Shared {
    pub name: &'static str,
    status: u16,
    /// The end of the problem's `type`, and what is said in the example.
    pub kind: &'static str,
    title: &'static str,
    pub description: &'static str,
}

macro_rules! shared {
    ($($(#[$attribute:meta])* $name:ident = $status:literal $kind:literal $title:literal $description:literal;)+) => {
        $(
            $(#[$attribute])*
            pub struct $name;
            impl IntoResponses for $name {
                fn responses() -> BTreeMap<String, RefOr<openapi::Response>> {
                    let at = Ref::from_response_name(stringify!($name));
                    [(stringify!($status).to_owned(), at.into())].into()
                }
            }
        )+
        /// Every shared answer, by status.
        pub const SHARED: &[Shared] = &[$(Shared {
            name: stringify!($name), status: $status, kind: $kind, title: $title, description: $description,
        }),+];
    };
}

shared! {
    BadBody = 400 "malformed" "Bad Request"
        "The body or the query cannot be read at all. `detail` says where: for JSON, the line and column.";
    Unauthorized = 401 "unauthorized" "Unauthorized"
        "There is no token, or nobody has this one.";
    Forbidden = 403 "forbidden" "Forbidden"
        "The token's user does not write for this author.";
    NotFound = 404 "not-found" "Not Found"
        "There is no such thing, or it is not for everybody to see.";
    #[expect(dead_code, reason = "no operation answers so, but a path can")]
    MethodNotAllowed = 405 "method-not-allowed" "Method Not Allowed"
        "The path does not know this method; `Allow` says which it does.";
    Conflict = 409 "conflict" "Conflict"
        "The article has changed since (`article-edited`), waits for review (`article-waiting`), or its state does not allow this (`article-state`, `article-published`); or the picture is shown (`picture-used`).";
    Gone = 410 "gone" "Gone"
        "The article was taken back; `code` says why.";
    TooLarge = 413 "too-large" "Payload Too Large"
        "The body is too large: pictures may have 20 MiB, everything else 8 MiB.";
    WrongMediaType = 415 "unsupported-media-type" "Unsupported Media Type"
        "The body is not of a type that is taken here.";
    Invalid = 422 "invalid" "Unprocessable Entity"
        "Something in the body cannot be accepted; `errors` says what, field by field.";
    BadParameters = 422 "invalid" "Unprocessable Entity"
        "A parameter cannot be accepted; `errors` says which. Unknown parameters are refused too.";
    TooMany = 429 "too-many-requests" "Too Many Requests"
        "Too much in too short a time; `Retry-After` says how many seconds to wait.";
    Internal = 500 "internal" "Internal Server Error"
        "A fault of the site's.";
    Unavailable = 503 "unavailable" "Service Unavailable"
        "A part that is needed does not answer now.";
}

impl Shared {
    pub const fn status(&self) -> u16 {
        self.status
    }

    pub fn response(&self, url: &str) -> openapi::Response {
        let content = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name("Problem")))
            .example(Some(self.example(url)))
            .build();
        ResponseBuilder::new()
            .description(self.description)
            .content("application/problem+json", content)
            .build()
    }

    fn example(&self, url: &str) -> Value {
        let mut problem = json!({
            "type": format!("{url}/api/docs#{}", self.kind),
            "title": self.title,
            "status": self.status,
            "detail": self.description,
            "instance": "/api/v1/articles",
        });
        match self.name {
            "Conflict" => problem["code"] = "article-edited".into(),
            "Gone" => problem["code"] = "author".into(),
            "Invalid" => {
                let message = "At most 200 characters.";
                problem["errors"] =
                    json!([{"field": "title", "code": "title-long", "message": message, "limit": 200}]);
            }
            "BadParameters" => {
                let message = "From 1 to 100.";
                problem["errors"] =
                    json!([{"field": "limit", "code": "limit-range", "message": message, "limit": 100}]);
            }
            _ => {}
        }
        problem
    }
}
