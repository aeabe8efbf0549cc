//! Which format the caller wants (RFC 9110, 12.5.1). Every address has JSON unless its operation says
//! otherwise; bytes of documents are what they are, whatever is asked for.

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;

use super::Passed;
use super::rate_limit::{RateLimiter, Told, tell};
use crate::http::code::Code;
use crate::http::fallback::RouteIndex;
use crate::http::format::Format;
use crate::http::problem::Problem;

/// Leaves the format beside the request, when it is not JSON, for whoever answers; 406 below `/api/` for
/// callers who can read none that there is, 400 for a name that no format has.
pub async fn negotiation<B: MessageBody + 'static>(req: ServiceRequest, next: Next<B>) -> Passed {
    let left = match negotiated(&req) {
        Ok(left) => left,
        Err(problem) => return Ok(req.error_response(problem)),
    };
    let mut res = next.call(req).await?;
    if let Some(left) = left.filter(|_| res.status() != StatusCode::TOO_MANY_REQUESTS) {
        tell(res.headers_mut(), left);
    }
    Ok(res.map_into_boxed_body())
}

/// Leaves the format; what the caller may still have in other formats than JSON, where that is counted.
fn negotiated(req: &ServiceRequest) -> Result<Option<Told>, Problem> {
    let path = req.path();
    let has_bytes = path.starts_with("/api/v1/documents/") && path.ends_with("/content");
    // Where a mail leads whoever opens it in a browser.
    let is_page = path == "/api/v1/subscriptions/unsubscribe";
    let has_format = !has_bytes && !is_page && req.method() != Method::OPTIONS;
    if !path.starts_with("/api/") || !has_format {
        return Ok(None);
    }
    let format = wanted(req)?;
    if format == Format::Json {
        return Ok(None);
    }
    let limiter = req.app_data::<Data<RateLimiter>>();
    let left = limiter.map(|limiter| limiter.export(req.request()));
    let left = left.transpose()?.flatten();
    req.extensions_mut().insert(format);
    Ok(left)
}

/// How the addresses end that have no JSON.
const OTHERS: &[&str] = &[".atom", ".ics", "/exports/links"];

/// The format of `format=`, else the best of `Accept`; JSON where no operation stands.
fn wanted(req: &ServiceRequest) -> Result<Format, Problem> {
    let named = if req.query_string().contains("format=") {
        form_urlencoded::parse(req.query_string().as_bytes())
            .find_map(|(name, value)| (name == "format").then(|| value.into_owned()))
    } else {
        None
    };
    if named.is_none() && is_plain(req) {
        return Ok(Format::Json);
    }
    let accept = accept(req.headers());
    let offered = match req.app_data::<Data<RouteIndex>>() {
        None => Some(Format::PLAIN),
        Some(routes) => routes.formats(req.method(), req.path()),
    };
    // What is not there is told as it is, whatever is asked for.
    let Some(offered) = offered else {
        return Ok(Format::Json);
    };
    let found = match &named {
        Some(name) => {
            let format = Format::named(name).ok_or_else(|| unknown(name, offered))?;
            offered.contains(&format).then_some(format)
        }
        None => Format::accepted(&accept, offered),
    };
    found.ok_or_else(|| {
        let types: Vec<&str> = offered.iter().map(|format| format.media_type()).collect();
        Problem::new(Code::NotAcceptable)
            .detail(format!("only {} is available here", types.join(", ")))
            .member("available", types)
    })
}

/// Whether the headers ask for JSON, or whatever there is, of an address that has JSON: so do nearly all, and nothing
/// has to be looked up.
pub(super) fn is_plain(req: &ServiceRequest) -> bool {
    let mut lines = req.headers().get_all(header::ACCEPT);
    let asks = match (lines.next(), lines.next()) {
        (None, _) => true,
        (Some(line), None) => matches!(line.as_bytes(), b"" | b"*/*" | b"application/json"),
        _ => false,
    };
    asks && !OTHERS.iter().any(|ending| req.path().ends_with(ending))
}

/// All lines of `Accept` as one; what can't be read asks for anything.
fn accept(headers: &HeaderMap) -> String {
    let lines: Vec<&str> = headers
        .get_all(header::ACCEPT)
        .map(|line| line.to_str().unwrap_or("*/*"))
        .collect();
    lines.join(",")
}

fn unknown(name: &str, offered: &[Format]) -> Problem {
    let names: Vec<&str> = offered.iter().map(|format| format.name()).collect();
    Problem::malformed(format!("there is no format \"{name}\"")).parameter(
        "format",
        "unknown_format",
        format!("allowed are {}", names.join(", ")),
    )
}
