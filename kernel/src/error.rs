//! The one error type. Only surfaces turn it into HTML, JSON or an exit status.

use std::borrow::Cow;
use std::time::Duration;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or the asker may not know of it.
    #[error("not found")]
    NotFound,
    /// It was here and was taken back; the code says why (`retract-…` in the locale files).
    #[error("gone: {0}")]
    Gone(String),
    /// The asker must sign in first.
    #[error("sign in first")]
    SignIn,
    /// The asker may not do this.
    #[error("denied")]
    Denied,
    /// The input is wrong, field by field.
    #[error("{0}")]
    Invalid(Invalid),
    /// The thing is not in a state that allows this (or such a thing exists); the code says what (`conflict-…`).
    #[error("conflict: {0}")]
    Conflict(&'static str),
    /// Too often; try again after this long.
    #[error("too many requests")]
    TooMany(Duration),
    /// More than one may add or keep.
    #[error("more than is allowed: {} ({})", .0.code, .0.limit)]
    Quota(Quota),
    /// What was sent is larger than this many bytes, the most that is taken there.
    #[error("larger than {0} bytes")]
    TooLarge(u64),
    /// All that is set aside for such work is in use; try again after this long.
    #[error("busy")]
    Busy(Duration),
    /// A part that is needed does not answer now.
    #[error("unavailable: {0}")]
    Unavailable(Cow<'static, str>),
    /// A fault of ours or of the machine.
    #[error("internal error: {0}")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Declares the codes that a crate gives: a constant for each, and lists of all, so that one test can ask whether each has its words in
/// both languages (`error-<code>`, `conflict-<code>` in the locale files).
#[macro_export]
macro_rules! codes {
    (errors { $($error:ident = $error_code:literal;)* } conflicts { $($conflict:ident = $conflict_code:literal;)* }) => {
        $(pub const $error: &str = $error_code;)*
        $(pub const $conflict: &str = $conflict_code;)*
        /// What can be wrong with a field.
        pub const ERRORS: &[&str] = &[$($error_code),*];
        /// What can stand against what was asked for.
        pub const CONFLICTS: &[&str] = &[$($conflict_code),*];
    };
}

const STORAGE_FULL: &str = "storage-full";

impl Error {
    /// Wraps a fault that the asker can do nothing about.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }

    /// There is no room to write. The code names words in the locale files (`unavailable-storage-full`).
    pub fn storage_full() -> Self {
        Self::Unavailable(Cow::Borrowed(STORAGE_FULL))
    }

    pub fn is_storage_full(&self) -> bool {
        matches!(self, Self::Unavailable(code) if code == STORAGE_FULL)
    }

    /// One wrong field.
    pub fn invalid(field: &'static str, code: &'static str) -> Self {
        Self::Invalid(Invalid::default().with(field, code))
    }
}

impl From<std::io::Error> for Error {
    fn from(source: std::io::Error) -> Self {
        use std::io::ErrorKind::{QuotaExceeded, StorageFull};
        if matches!(source.kind(), StorageFull | QuotaExceeded) {
            Self::storage_full()
        } else {
            Self::internal(source)
        }
    }
}

/// What is wrong with a field: `code` names a message `error-<code>` of the locale files, `limit` fills `{ $limit }` in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field: &'static str,
    /// Which entry of a list it is, from 0.
    pub at: Option<usize>,
    pub code: &'static str,
    pub limit: Option<i64>,
}

/// A limit that was reached: `code` names a message `error-<code>` of the locale files, `limit` fills `{ $limit }` in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    pub code: &'static str,
    pub limit: i64,
    /// How long until there is room again; `None` where time alone makes none.
    pub wait: Option<Duration>,
}

impl From<Quota> for Invalid {
    /// As an error of the whole form.
    fn from(quota: Quota) -> Self {
        let mut errors = Self::default();
        errors.add_limit("", quota.code, quota.limit);
        errors
    }
}

/// All that is wrong with an input, so that a form can show every error at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invalid(pub Vec<FieldError>);

impl Invalid {
    #[must_use]
    pub fn with(mut self, field: &'static str, code: &'static str) -> Self {
        self.add(field, code);
        self
    }

    pub fn add(&mut self, field: &'static str, code: &'static str) {
        self.0.push(FieldError { field, at: None, code, limit: None });
    }

    /// Adds an error of one entry of a list, `at` from 0.
    pub fn add_at(&mut self, field: &'static str, at: usize, code: &'static str) {
        self.0.push(FieldError { field, at: Some(at), code, limit: None });
    }

    /// Adds an error whose message names a number (a length, a count, a size).
    pub fn add_limit(&mut self, field: &'static str, code: &'static str, limit: i64) {
        self.0.push(FieldError { field, at: None, code, limit: Some(limit) });
    }

    /// Whether anything is wrong with this field.
    pub fn names(&self, field: &str) -> bool {
        self.0.iter().any(|error| error.field == field)
    }

    /// `Ok` if nothing was added.
    pub fn check(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self)) }
    }
}

impl std::fmt::Display for Invalid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (n, e) in self.0.iter().enumerate() {
            let sep = if n == 0 { "" } else { "; " };
            write!(f, "{sep}{}", e.field)?;
            if let Some(at) = e.at {
                write!(f, "[{at}]")?;
            }
            write!(f, ": {}", e.code)?;
            if let Some(limit) = e.limit {
                write!(f, " ({limit})")?;
            }
        }
        Ok(())
    }
}
