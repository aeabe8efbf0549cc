//! What a write says about itself beside its body.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::Deserialize;
use utoipa::IntoParams;

use super::if_match::IfMatch;
use crate::core::text::{fits, nfc};
use crate::http::code::Code;
use crate::http::middleware::RequestId;
use crate::http::problem::Problem;

/// Longest `Idempotency-Key`.
const MAX_KEY: usize = 255;

/// Parameters of every operation that creates or changes a record.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DryRun {
    /// Make all checks and show the record as it would be, but keep nothing.
    pub dry_run: Option<bool>,
}

/// Why a record is withdrawn.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Reason {
    /// Why the record is withdrawn: shown to whoever asks for it later.
    #[param(min_length = 1, max_length = 500, example = "entered twice")]
    pub reason: Option<String>,
}

impl Reason {
    /// The reason, trimmed; 422 when it is blank or too long.
    pub fn checked(&self) -> Result<Option<String>, Problem> {
        let Some(reason) = &self.reason else {
            return Ok(None);
        };
        let text = nfc(reason);
        if !fits(&text, 500) {
            return Err(Problem::new(Code::ValidationFailed)
                .detail("the reason breaks a rule")
                .parameter("reason", "length", "must be text of 1 to 500 characters"));
        }
        Ok(Some(text))
    }
}

/// Method, path, precondition and key of a write.
#[derive(Debug, Clone)]
pub struct WriteRequest {
    /// `POST`, `PATCH` or `DELETE`.
    pub method: String,
    /// The path.
    pub path: String,
    /// The version the caller has read.
    pub if_match: IfMatch,
    /// `Idempotency-Key`, on POST.
    pub key: Option<String>,
    /// Whether the caller only wants to see what would happen.
    pub dry_run: bool,
    /// The request's id, kept with the change.
    pub request_id: Option<String>,
}

impl FromRequest for WriteRequest {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = || {
            Ok(Self {
                method: req.method().to_string(),
                path: req.path().to_owned(),
                if_match: IfMatch::of(req)?,
                key: key(req)?,
                dry_run: form_urlencoded::parse(req.query_string().as_bytes())
                    .any(|(name, value)| name == "dry_run" && value == "true"),
                request_id: req.extensions().get::<RequestId>().map(|id| id.0.clone()),
            })
        };
        ready(read())
    }
}

fn key(req: &HttpRequest) -> Result<Option<String>, Problem> {
    if req.method() != actix_web::http::Method::POST {
        return Ok(None);
    }
    let Some(value) = req.headers().get("idempotency-key") else {
        return Ok(None);
    };
    let key = value.to_str().unwrap_or_default().trim();
    if key.is_empty() || key.len() > MAX_KEY || !key.is_ascii() {
        return Err(Problem::malformed(format!(
            "Idempotency-Key must be 1 to {MAX_KEY} printable ASCII characters, such as a UUID"
        )));
    }
    Ok(Some(key.to_owned()))
}
