//! A form between two requests: what was typed, and what is wrong with it.

use std::collections::BTreeMap;

use kernel::Invalid;
use serde::Serialize;

/// The message `error-<code>`; `limit` fills `{ $limit }` in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormError {
    pub code: String,
    pub limit: Option<i64>,
}

/// Values and errors by field name, as the macros of `parts/forms.html` want them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Form {
    values: BTreeMap<String, String>,
    errors: BTreeMap<String, FormError>,
}

impl Form {
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<String>) -> Self {
        self.values.insert(field.to_owned(), value.into());
        self
    }

    /// The form as it was sent. Leave passwords out: they are never written back.
    pub fn sent<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let values = pairs.into_iter().map(|(field, value)| (field.to_owned(), value.to_owned())).collect();
        Self { values, errors: BTreeMap::new() }
    }

    /// The first error of each field.
    #[must_use]
    pub fn refused(mut self, invalid: &Invalid) -> Self {
        for error in &invalid.0 {
            let of = FormError { code: error.code.to_owned(), limit: error.limit };
            self.errors.entry(error.field.to_owned()).or_insert(of);
        }
        self
    }

    /// An error of one field, or of the whole form where `field` is empty.
    #[must_use]
    pub fn with_error(mut self, field: &str, code: &str) -> Self {
        self.errors.insert(field.to_owned(), FormError { code: code.to_owned(), limit: None });
        self
    }

    /// Whether a field was filled in.
    pub fn has(&self, field: &str) -> bool {
        self.values.get(field).is_some_and(|value| !value.is_empty())
    }

    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_was_typed_and_the_first_error() {
        let mut invalid = Invalid::default().with("name", "name-empty");
        invalid.add_limit("name", "name-long", 40);
        let form = Form::sent([("name", ""), ("handle", "a b")]).refused(&invalid);
        assert_eq!(form.values["handle"], "a b");
        assert_eq!(form.errors["name"].code, "name-empty");
        assert!(form.has_errors());
    }
}
