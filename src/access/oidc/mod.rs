//! Tokens of a city's identity provider: signed JWTs (RFC 7519) of one `OpenID` Connect issuer.
//!
//! What is believed is decided by the settings and the issuer's published keys (RFC 7517), never by
//! the token itself: its `jku`, `x5u`, `x5c` and `jwk` are not looked at, and the algorithm is one
//! that the key with its `kid` is for (RFC 8725, sections 3.1 and 3.2).

mod error;
mod fetch;
mod keys;
mod roles;
mod source;
mod token;

use chrono::{DateTime, Utc};

pub use error::TokenError;

use crate::config::OidcConfig;
use crate::core::author::Author;
use crate::core::parse_error::ParseError;
use source::Source;

/// Whether a bearer secret has the form of a signed token: keys and sessions have no dots.
pub fn looks_like_token(secret: &str) -> bool {
    secret.split('.').count() == 3
}

/// What a valid token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Who it is about: never given to anybody else by the same issuer. Issuer and subject together
    /// identify a person; nothing else here does.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// An address of mail, unless the issuer says that it did not verify it. Addresses move between
    /// people: it identifies nobody.
    pub email: Option<String>,
    /// What the person is called.
    pub name: Option<String>,
    /// What the person may do here; nothing when no group of theirs is mapped.
    pub grants: Vec<Author>,
}

/// Checks tokens of one issuer. Clones share the issuer's keys.
#[derive(Debug, Clone)]
pub struct Verifier {
    issuer: String,
    audience: String,
    config: OidcConfig,
    source: Source,
}

impl Verifier {
    /// A verifier for these settings; nothing when they name no issuer. Nothing is fetched yet, so
    /// the registry starts without its identity provider.
    pub fn new(config: &OidcConfig) -> Result<Option<Self>, ParseError> {
        let Some((issuer, audience)) = config.believed()? else {
            return Ok(None);
        };
        Ok(Some(Self {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            config: config.clone(),
            source: Source::new(issuer, config.oidc_jwks_url.as_deref())?,
        }))
    }

    /// What the token says, if it is the issuer's, meant for this registry and valid at `now`.
    pub async fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, TokenError> {
        let (key, algorithm) = self.source.key(&token::header(token)?, now).await?;
        let payload = token::open(token, &key, algorithm, &self.issuer, &self.audience)?;
        let grants = roles::granted(&self.config, &payload);
        token::check(&payload, &self.issuer, grants, now)
    }
}
