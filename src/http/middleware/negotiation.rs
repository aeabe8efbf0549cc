//! Which media type the caller can read (RFC 9110, 12.5.1). The API speaks JSON; bytes of documents are
//! what they are, whatever is asked for.

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;

use crate::http::code::Code;
use crate::http::problem::Problem;

/// 406 below `/api/` for callers who can read none of the media types there are.
pub async fn negotiation<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let has_bytes =
        req.path().starts_with("/api/v1/documents/") && req.path().ends_with("/content");
    if req.path().starts_with("/api/") && !has_bytes && req.method() != Method::OPTIONS {
        let format = form_urlencoded::parse(req.query_string().as_bytes())
            .find_map(|(name, value)| (name == "format").then(|| value.into_owned()));
        let acceptable = format.map_or_else(
            || {
                let mut accept = req.headers().get_all(header::ACCEPT).peekable();
                accept.peek().is_none()
                    || accept.any(|value| accepts_json(value.to_str().unwrap_or("*/*")))
            },
            |format| format == "json",
        );
        if !acceptable {
            let problem = Problem::new(Code::NotAcceptable)
                .detail("only application/json is available here")
                .member("available", vec!["application/json"]);
            return Ok(req.error_response(problem));
        }
    }
    next.call(req)
        .await
        .map(ServiceResponse::map_into_boxed_body)
}

/// Whether a list of media ranges leaves room for `application/json`: the most specific range that
/// covers it decides, and a quality of 0 shuts it out.
fn accepts_json(accept: &str) -> bool {
    let mut best: Option<(u8, f32)> = None;
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let specificity = match parts
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
            .as_str()
        {
            "application/json" | "application/problem+json" => 2,
            "application/*" => 1,
            "*/*" | "" => 0,
            _ => continue,
        };
        let quality = parts
            .find_map(|p| p.strip_prefix("q=").or_else(|| p.strip_prefix("Q=")))
            .map_or(1.0, |q| q.parse().unwrap_or(0.0));
        if best.is_none_or(|(known, _)| specificity > known) {
            best = Some((specificity, quality));
        }
    }
    best.is_some_and(|(_, quality)| quality > 0.0)
}

#[cfg(test)]
mod tests {
    use super::accepts_json;

    #[test]
    fn the_most_specific_range_decides() {
        for (accept, expected) in [
            ("application/json", true),
            ("text/html, */*;q=0.1", true),
            ("application/*", true),
            ("text/csv", false),
            ("application/json;q=0, */*", false),
            ("APPLICATION/JSON; charset=utf-8", true),
        ] {
            assert_eq!(accepts_json(accept), expected, "{accept}");
        }
    }
}
