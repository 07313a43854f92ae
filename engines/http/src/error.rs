//! What can become of a request besides an answer.

use std::error::Error as StdError;
use std::io;

use http::HeaderName;

/// So many characters of what a library or a server says are kept.
const LONGEST: usize = 200;

/// None of them says more of a URL than its port, as paths and queries can be secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It cannot be read as a URL, or a redirect's cannot.
    #[error("the URL cannot be read")]
    BadUrl,
    /// It is not asked: by what it says, or by where it leads.
    #[error("it is not asked: {why}")]
    Refused { why: Why },
    /// There is no such host, nobody listens there, or the connection broke.
    #[error("it cannot be reached: {why}")]
    Unreachable { why: String },
    /// It took longer than it may.
    #[error("it did not answer in time")]
    TimedOut,
    /// The answer's head or body is larger than it may be.
    #[error("the answer is too large")]
    TooLarge,
    #[error("it redirects too often")]
    TooManyRedirects,
    /// As many requests are under way as there may be.
    #[error("too many requests to others are under way")]
    Busy,
    /// What came is no HTTP, or its TLS is not to be trusted.
    #[error("it does not speak as it should: {why}")]
    Protocol { why: String },
}

/// Why something is not asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    #[error("only http and https are spoken")]
    Scheme,
    #[error("the URL has a user or a password in it")]
    UserInfo,
    #[error("the port {0} is another protocol's")]
    Port(u16),
    #[error("the name is of this machine or of a network that is not the internet")]
    Name,
    /// What kind of address it is, not which: else answers would say how the network inside is made.
    #[error("the address is {0}")]
    Address(&'static str),
    #[error("it redirects from https to http")]
    Downgrade,
    #[error("the method is not for servers")]
    Method,
    #[error("the header {0} is not the caller's")]
    Header(HeaderName),
}

impl Error {
    /// Whether the same request may come through later.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::TimedOut | Self::Busy => true,
            Self::BadUrl
            | Self::Refused { .. }
            | Self::TooLarge
            | Self::TooManyRedirects
            | Self::Protocol { .. } => false,
        }
    }

    /// What it is called where outcomes are counted.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::BadUrl => "bad_url",
            Self::Refused { .. } => "refused",
            Self::Unreachable { .. } => "unreachable",
            Self::TimedOut => "timed_out",
            Self::TooLarge => "too_large",
            Self::TooManyRedirects => "too_many_redirects",
            Self::Busy => "busy",
            Self::Protocol { .. } => "protocol",
        }
    }

    pub(crate) fn unreachable(why: impl ToString) -> Self {
        Self::Unreachable { why: tidy(&why.to_string()) }
    }

    pub(crate) fn protocol(why: impl ToString) -> Self {
        Self::Protocol { why: tidy(&why.to_string()) }
    }

    /// What the libraries below say, as one of ours: the first among its causes that says what kind it is.
    pub(crate) fn of(error: &(dyn StdError + 'static)) -> Self {
        let mut next = Some(error);
        while let Some(cause) = next {
            if let Some(own) = cause.downcast_ref::<Self>() {
                return own.clone();
            }
            if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
                return Self::protocol(tls);
            }
            if let Some(http) = cause.downcast_ref::<hyper::Error>() {
                if http.is_parse_too_large() {
                    return Self::TooLarge;
                }
                if http.is_parse() {
                    return Self::protocol(http);
                }
            }
            // An error of input and output that holds another has it inside, not among its causes.
            let held = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
            next = held.map(|held| held as &(dyn StdError + 'static)).or_else(|| cause.source());
        }
        Self::unreachable(last(error))
    }
}

/// The last cause says most.
fn last<'a>(error: &'a (dyn StdError + 'static)) -> &'a (dyn StdError + 'static) {
    error.source().map_or(error, last)
}

/// One line: certificates and servers say what they like.
fn tidy(said: &str) -> String {
    said.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect()
}
