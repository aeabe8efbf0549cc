//! `X-Request-Id`: taken from the caller or made, echoed, and kept for the log, problems and changes.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};

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
}

/// Gives the request its id and the answer the same.
pub async fn request_id<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let id = req
        .headers()
        .get(&HEADER)
        .and_then(|value| value.to_str().ok())
        .and_then(RequestId::accepted)
        .unwrap_or_else(RequestId::made);
    req.extensions_mut().insert(id.clone());
    let mut res = next.call(req).await?;
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        res.headers_mut().insert(HEADER, value);
    }
    Ok(res)
}
