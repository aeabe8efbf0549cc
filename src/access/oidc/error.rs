//! Why a token is not believed.

use crate::http::code::Code;
use crate::http::problem::Problem;

/// Why a token opens nothing. None of the texts repeats anything of the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a signed JWT, or one that can't be read.
    #[error("the token can't be read")]
    Malformed,
    /// Longer than is read.
    #[error("the token is longer than 16 KiB")]
    TooLong,
    /// Of another kind than an access or identity token.
    #[error("the token is of another type than JWT")]
    Type,
    /// It has extensions that must be understood, and none is understood here.
    #[error("the token has critical extensions, and none is known here")]
    Critical,
    /// Its algorithm is not one that the key is for.
    #[error("the token is signed in a way that its key is not for")]
    Algorithm,
    /// The issuer has no such key.
    #[error("the token is signed with a key that the identity provider does not publish")]
    UnknownKey,
    /// The signature is not the key's.
    #[error("the signature of the token is wrong")]
    Signature,
    /// Of another issuer.
    #[error("the token is from another issuer")]
    Issuer,
    /// Meant for somebody else.
    #[error("the token is meant for another service")]
    Audience,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its time has not come.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// It lacks its subject or the end of its validity, or they have the wrong form.
    #[error("the token lacks a claim it must have")]
    Claims,
    /// The issuer's keys are not known and can't be asked for at the moment.
    #[error("the identity provider can't be reached")]
    Unavailable,
}

impl From<TokenError> for Problem {
    fn from(refusal: TokenError) -> Self {
        match refusal {
            TokenError::Unavailable => Self::unavailable(
                "the identity provider can't be reached; nothing was changed",
                5,
            ),
            other => Self::new(Code::Unauthenticated).detail(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_unreachable_provider_is_not_the_callers_fault() {
        assert_eq!(
            Problem::from(TokenError::Unavailable).code(),
            Code::Unavailable
        );
        assert_eq!(
            Problem::from(TokenError::Expired).code(),
            Code::Unauthenticated
        );
    }
}
