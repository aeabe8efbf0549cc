//! What a GET says about its caller: which version they hold, and whether the answer is private.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use chrono::{DateTime, SubsecRound, Utc};

use super::Viewer;
use super::tags::{self, Tags};
use crate::app::App;
use crate::http::format::Format;
use crate::http::problem::Problem;

/// The request came as HEAD: its answer has no body.
#[derive(Debug, Clone, Copy)]
pub struct HeadOnly;

/// The conditional headers of a GET (RFC 9110, 13.1) and the address it came to.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says another thing of the answer, and any may go with any"
)]
pub struct ReadRequest {
    /// The path.
    pub path: String,
    /// The query string as sent.
    pub query: String,
    /// Whether `Authorization` was sent: shared caches must not keep the answer.
    pub private: bool,
    /// Whether only the headers of the answer are wanted.
    pub head_only: bool,
    /// Whether what the caller holds is asked for at all.
    pub is_conditional: bool,
    /// Whether the answer is the same for everybody while nothing public was written.
    pub is_shared: bool,
    /// In which format the answer is wanted, where there are several.
    pub format: Format,
    if_none_match: Option<Tags>,
    if_modified_since: Option<String>,
}

impl ReadRequest {
    /// The same request without its conditions: for an answer that also depends on the day.
    #[must_use]
    pub fn unconditional(&self) -> Self {
        Self {
            is_conditional: false,
            if_none_match: None,
            if_modified_since: None,
            ..self.clone()
        }
    }

    /// The same request for an answer that hidden changes move, too.
    #[must_use]
    pub fn unshared(&self) -> Self {
        Self {
            is_shared: false,
            ..self.clone()
        }
    }

    /// Whether the caller already holds this representation.
    pub fn holds(&self, etag: &str, modified: Option<DateTime<Utc>>) -> bool {
        if let Some(tags) = &self.if_none_match {
            return match tags {
                Tags::Any => true,
                Tags::These(tags) => tags.iter().any(|tag| tag.text == tags::bare(etag)),
            };
        }
        // Only where there is no If-None-Match, as the standard wants it.
        let since = self
            .if_modified_since
            .as_deref()
            .and_then(|date| httpdate::parse_http_date(date).ok());
        match (since, modified) {
            (Some(since), Some(modified)) => {
                modified.trunc_subsecs(0) <= DateTime::<Utc>::from(since)
            }
            _ => false,
        }
    }

    /// What this request says.
    pub fn of(req: &HttpRequest) -> Self {
        let private = req.headers().contains_key(header::AUTHORIZATION);
        let since = req.headers().get(header::IF_MODIFIED_SINCE);
        Self {
            path: req.path().to_owned(),
            query: req.query_string().to_owned(),
            private,
            is_shared: !private,
            head_only: req.extensions().get::<HeadOnly>().is_some(),
            is_conditional: true,
            format: wanted(req),
            // What is no tag is held by nobody.
            if_none_match: Tags::of(req, &header::IF_NONE_MATCH)
                .map(|tags| tags.unwrap_or_else(|()| Tags::These(Vec::new()))),
            if_modified_since: since
                .and_then(|since| since.to_str().ok())
                .map(str::to_owned),
        }
    }
}

/// The format that was found to be wanted before any handler runs.
pub fn wanted(req: &HttpRequest) -> Format {
    let extensions = req.extensions();
    extensions.get::<Format>().copied().unwrap_or(Format::Json)
}

impl FromRequest for ReadRequest {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(req)))
    }
}

/// What a handler that reads takes from a request, besides address and query.
pub type Read = (web::Data<App>, ReadRequest, Viewer);
