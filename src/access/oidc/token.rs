//! One token: its parts, and what its claims must be (RFC 7519 section 4.1, RFC 9068 section 4).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::{Claims, TokenError};
use crate::core::author::Author;

/// Longest token that is read: more than servers let into a header.
const LONGEST: usize = 16 * 1024;

/// How far the clocks of issuer and registry may differ.
const LEEWAY: TimeDelta = TimeDelta::seconds(60);

/// What is read of a token's header. Whatever else is in it, keys and their addresses above all, is
/// not looked at.
#[derive(Debug, Deserialize)]
pub(super) struct Header {
    /// The algorithm it claims.
    pub(super) alg: String,
    /// The name of its key.
    pub(super) kid: Option<String>,
    /// Its type.
    pub(super) typ: Option<String>,
    /// Extensions that must be understood.
    pub(super) crit: Option<IgnoredAny>,
}

/// The header of a token whose signature is not checked yet.
pub(super) fn header(token: &str) -> Result<Header, TokenError> {
    if token.len() > LONGEST {
        return Err(TokenError::TooLong);
    }
    let (header, _) = token.split_once('.').ok_or(TokenError::Malformed)?;
    let header = URL_SAFE_NO_PAD.decode(header).ok();
    let header: Option<Header> = header.and_then(|json| serde_json::from_slice(&json).ok());
    let header = header.ok_or(TokenError::Malformed)?;
    if header.crit.is_some() {
        return Err(TokenError::Critical);
    }
    // RFC 7515 section 4.1.9: the prefix may be left out, upper and lower case are the same.
    let typ = header.typ.as_deref().map(str::to_ascii_lowercase);
    let right = typ.is_none_or(|typ| {
        let short = typ.strip_prefix("application/").unwrap_or(&typ);
        matches!(short, "jwt" | "at+jwt")
    });
    right.then_some(header).ok_or(TokenError::Type)
}

/// What a token says, if it is signed with this key and meant for this registry.
pub(super) fn open(
    token: &str,
    key: &DecodingKey,
    algorithm: Algorithm,
    issuer: &str,
    audience: &str,
) -> Result<Map<String, Value>, TokenError> {
    let mut validation = Validation::new(algorithm);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[audience]);
    validation.set_required_spec_claims(&["iss", "aud"]);
    // Times are held against the clock of the registry: see `check`.
    validation.validate_exp = false;
    let opened = jsonwebtoken::decode(token, key, &validation);
    opened
        .map(|token| token.claims)
        .map_err(|error| match error.kind() {
            ErrorKind::InvalidSignature | ErrorKind::Base64(_) => TokenError::Signature,
            ErrorKind::InvalidAlgorithm => TokenError::Algorithm,
            ErrorKind::InvalidIssuer => TokenError::Issuer,
            ErrorKind::MissingRequiredClaim(claim) if claim == "iss" => TokenError::Issuer,
            ErrorKind::InvalidAudience | ErrorKind::MissingRequiredClaim(_) => TokenError::Audience,
            _ => TokenError::Malformed,
        })
}

/// Checks the other claims of a token of this issuer whose signature is right, and which grants this; what it says.
pub(super) fn check(
    payload: &Map<String, Value>,
    issuer: &str,
    grants: Vec<Author>,
    now: DateTime<Utc>,
) -> Result<Claims, TokenError> {
    let expires_at = time(payload, "exp")?.ok_or(TokenError::Claims)?;
    if now >= expires_at.checked_add_signed(LEEWAY).unwrap_or(expires_at) {
        return Err(TokenError::Expired);
    }
    let soon = now.checked_add_signed(LEEWAY).unwrap_or(now);
    for begins in ["nbf", "iat"] {
        if time(payload, begins)?.is_some_and(|begin| begin > soon) {
            return Err(TokenError::NotYetValid);
        }
    }
    let subject = text(payload, "sub").ok_or(TokenError::Claims)?;
    let unverified = payload
        .get("email_verified")
        .is_some_and(|said| *said == false || *said == "false");
    Ok(Claims {
        subject,
        issuer: issuer.to_owned(),
        email: text(payload, "email").filter(|_| !unverified),
        name: text(payload, "name"),
        grants,
    })
}

/// A short text of the token, if it has it.
fn text(payload: &Map<String, Value>, name: &str) -> Option<String> {
    // 255 is the most that a subject may have (OpenID Connect Core, section 2).
    let text = payload.get(name)?.as_str()?.trim();
    let right = (1..=255).contains(&text.len()) && !text.contains(char::is_control);
    right.then(|| text.to_owned())
}

/// A `NumericDate`: seconds, of which fractions are left out.
fn time(payload: &Map<String, Value>, name: &str) -> Result<Option<DateTime<Utc>>, TokenError> {
    let Some(value) = payload.get(name) else {
        return Ok(None);
    };
    let whole = |seconds: f64| format!("{:.0}", seconds.floor()).parse().ok();
    value
        .as_i64()
        .or_else(|| value.as_f64().and_then(whole))
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .map(Some)
        .ok_or(TokenError::Claims)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_000_000, 0).unwrap()
    }

    fn checked(more: Value) -> Result<Claims, TokenError> {
        let mut payload = json!({"sub": "7", "exp": 1_000_300});
        payload
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        payload
            .as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null());
        check(payload.as_object().unwrap(), "", Vec::new(), now())
    }

    #[test]
    fn claims_are_held_against_the_clock_that_is_given() {
        for (claims, expected) in [
            (json!({}), None),
            (json!({"exp": 999_941}), None),
            (json!({"exp": 999_940}), Some(TokenError::Expired)),
            (json!({"exp": 1_000_300.75}), None),
            (json!({"exp": "1000300"}), Some(TokenError::Claims)),
            (json!({"exp": null}), Some(TokenError::Claims)),
            (json!({"exp": 1e300}), Some(TokenError::Claims)),
            (json!({"nbf": 1_000_060, "iat": 1_000_060}), None),
            (json!({"nbf": 1_000_061}), Some(TokenError::NotYetValid)),
            (json!({"iat": 1_000_061}), Some(TokenError::NotYetValid)),
            (json!({"iat": "yesterday"}), Some(TokenError::Claims)),
            (json!({"sub": " "}), Some(TokenError::Claims)),
            (json!({"sub": null}), Some(TokenError::Claims)),
        ] {
            assert_eq!(checked(claims.clone()).err(), expected, "{claims}");
        }
    }

    #[test]
    fn an_address_that_nobody_verified_is_left_out() {
        let email = |claims: Value| checked(claims).unwrap().email;
        let a = "a@example.org";
        assert_eq!(email(json!({"email": a})).as_deref(), Some(a));
        assert_eq!(
            email(json!({"email": a, "email_verified": true})).as_deref(),
            Some(a)
        );
        assert_eq!(email(json!({"email": a, "email_verified": false})), None);
        assert_eq!(email(json!({"email": a, "email_verified": "false"})), None);
    }

    #[test]
    fn headers_are_read_strictly() {
        let read = |text: &str| {
            let token = format!("{}.e30.c2ln", URL_SAFE_NO_PAD.encode(text));
            header(&token).map(|_| ())
        };
        for (text, expected) in [
            (r#"{"alg":"RS256"}"#, Ok(())),
            (
                r#"{"alg":"RS256","typ":"at+jwt","jku":"https://evil.example"}"#,
                Ok(()),
            ),
            (r#"{"alg":"RS256","typ":"application/JWT"}"#, Ok(())),
            (
                r#"{"alg":"RS256","typ":"logout+jwt"}"#,
                Err(TokenError::Type),
            ),
            (
                r#"{"alg":"RS256","crit":["b64"],"b64":false}"#,
                Err(TokenError::Critical),
            ),
            (
                r#"{"alg":"RS256","alg":"none"}"#,
                Err(TokenError::Malformed),
            ),
            (r#"{"alg":["RS256"]}"#, Err(TokenError::Malformed)),
            (r#"{"alg":"RS256","kid":{}}"#, Err(TokenError::Malformed)),
            ("{}", Err(TokenError::Malformed)),
            ("", Err(TokenError::Malformed)),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        for token in ["", ".", "..", "a.b", "a.b.c.d", "é.é.é"] {
            assert_eq!(header(token).err(), Some(TokenError::Malformed), "{token}");
        }
        let long = "a".repeat(LONGEST + 1);
        assert_eq!(header(&long).err(), Some(TokenError::TooLong));
    }
}
