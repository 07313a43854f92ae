//! What can go wrong on the way to a provider and back.

use openidconnect::core::CoreErrorResponseType;
use openidconnect::{ClaimsVerificationError, DiscoveryError, RequestTokenError, StandardErrorResponse};

/// So many characters of what a provider says are kept.
const LONGEST: usize = 200;

/// None of them holds a token, a code or a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No provider of that name is declared.
    #[error("there is no such provider")]
    Unknown,
    /// It does not answer; later it may.
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    /// What it says of itself cannot be used, or it is not asked at all.
    #[error("it cannot be used: {0}")]
    Unusable(String),
    /// It takes the code or the client's secret for none of its own.
    #[error("it refused: {0}")]
    Refused(String),
    /// What it said of the user does not hold.
    #[error("what it said is not to be trusted: {0}")]
    Untrusted(&'static str),
}

impl Error {
    pub(crate) fn of_request(error: &outbound::Error) -> Self {
        let said = error.to_string();
        if error.is_temporary() { Self::Unreachable(said) } else { Self::Unusable(said) }
    }

    pub(crate) fn of_discovery(error: DiscoveryError<outbound::Error>) -> Self {
        match error {
            DiscoveryError::Request(error) => Self::of_request(&error),
            // A gateway that waits for what is behind it.
            DiscoveryError::Response(status, ..) if status.is_server_error() => {
                Self::Unreachable(format!("it answers {}", status.as_u16()))
            }
            DiscoveryError::Response(status, ..) => Self::Unusable(format!("it answers {}", status.as_u16())),
            DiscoveryError::Parse(error) => Self::Unusable(cut(&error.to_string())),
            // Names both issuers: what an operator wants to see.
            DiscoveryError::Validation(why) => Self::Unusable(cut(&why)),
            _ => Self::Unusable("its discovery document cannot be read".to_owned()),
        }
    }

    pub(crate) fn of_token(
        error: RequestTokenError<outbound::Error, StandardErrorResponse<CoreErrorResponseType>>,
    ) -> Self {
        match error {
            RequestTokenError::Request(error) => Self::of_request(&error),
            RequestTokenError::ServerResponse(answer) => Self::Refused(cut(answer.error().as_ref())),
            // What it said may be a token.
            _ => Self::Unusable("its answer to the code cannot be read".to_owned()),
        }
    }

    pub(crate) fn of_claims(error: &ClaimsVerificationError) -> Self {
        Self::Untrusted(match error {
            ClaimsVerificationError::Expired(_) => "the ID token has run out",
            ClaimsVerificationError::InvalidAudience(_) => "the ID token is for another client",
            ClaimsVerificationError::InvalidIssuer(_) => "the ID token is of another issuer",
            ClaimsVerificationError::InvalidNonce(_) => "the ID token was asked for by another browser",
            ClaimsVerificationError::SignatureVerification(_) => "the ID token is not signed as it should be",
            _ => "the ID token is not as it should be",
        })
    }
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}
