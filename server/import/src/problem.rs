//! What keeps a record out, in the words of a command line.

use kernel::{FieldError, Invalid};

/// What is wrong with a draft.
pub fn said(errors: &Invalid) -> String {
    let word = |error: &FieldError| match (error.code, error.limit) {
        ("title-long" | "subtitle-long", Some(limit)) => {
            format!("the {} is longer than {limit} characters", error.field)
        }
        ("body-long", Some(limit)) => format!("the text is longer than {limit} MiB"),
        ("body-nested", Some(limit)) => format!("elements of the text are nested more than {limit} deep"),
        ("body-attributes", Some(limit)) => format!("an element has more than {limit} attributes"),
        ("body-pictures", Some(limit)) => format!("the text shows more than {limit} pictures"),
        ("body-complex", _) => "the text has too many elements, or too wrongly nested ones".to_owned(),
        ("body-slow", _) => "the text takes too long to be rendered".to_owned(),
        ("language-form", _) => "`language` is not a language tag".to_owned(),
        _ => format!("{}: {}", error.field, error.code),
    };
    errors.0.iter().map(word).collect::<Vec<_>>().join("; ")
}
