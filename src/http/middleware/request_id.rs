//! `X-Request-Id`: taken from the caller or made, echoed, and kept for the log, problems and changes.

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of the request being worked on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

impl RequestId {
    /// The caller's, when it is short and plain enough to be put into a log.
    fn accepted(text: &str) -> Option<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
        ((1..=128).contains(&text.len()) && text.chars().all(plain)).then(|| Self(text.to_owned()))
    }

    /// A new one.
    pub fn made() -> Self {
        Self(format!("{:032x}", rand::random::<u128>()))
    }

    /// The caller's, or a new one.
    pub(super) fn of(req: &ServiceRequest) -> Self {
        req.headers()
            .get(&HEADER)
            .and_then(|value| value.to_str().ok())
            .and_then(Self::accepted)
            .unwrap_or_else(Self::made)
    }

    /// Tells the caller.
    pub(super) fn tell(&self, headers: &mut HeaderMap) {
        if let Ok(value) = HeaderValue::from_str(&self.0) {
            headers.insert(HEADER, value);
        }
    }
}
