//! Gives every error the same body: ours, the framework's, and panics.

use std::panic::AssertUnwindSafe;

use actix_cors::CorsError;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::UrlencodedError;
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method, Uri};
use actix_web::middleware::Next;
use actix_web::test::TestRequest;
use actix_web::{Error, HttpMessage, HttpResponse};
use futures_util::FutureExt;

use super::{Passed, RequestId};
use crate::core::ids::PublicId;
use crate::http::code::Code;
use crate::http::extract::body::late;
use crate::http::problem::Problem;
use crate::http::wire::came_late;

/// Longest address that is read.
const MAX_URI: usize = 8 * 1024;

/// Marks an answer with the status of an error that says itself what is wrong: a form with its faults.
#[derive(Debug, Clone, Copy)]
pub struct SaysItself;

/// Turns whatever went wrong further in into `application/problem+json`.
pub async fn problems<B: MessageBody + 'static>(req: ServiceRequest, next: Next<B>) -> Passed {
    let uri = req.uri().clone();
    let instance = uri.path();
    let request_id = req.extensions().get::<RequestId>().map(|id| id.0.clone());
    let reads = matches!(*req.method(), Method::GET | Method::HEAD);
    let render = |problem: &Problem| match problem.leads_to().filter(|_| reads) {
        Some((from, to)) => led(instance, uri.query().unwrap_or_default(), from, to),
        None => problem.response(instance, request_id.as_deref()),
    };

    if is_too_long(&uri) {
        let problem = Problem::new(Code::UriTooLong)
            .detail(format!("an address may have at most {MAX_URI} bytes"));
        return Ok(req.into_response(render(&problem)));
    }
    let result = AssertUnwindSafe(next.call(req)).catch_unwind().await;
    match result {
        Ok(Ok(response)) => {
            let status = response.status();
            if !status.is_client_error() && !status.is_server_error() {
                return Ok(response.map_into_boxed_body());
            }
            let rendered = match response.response().error() {
                Some(error) => Some(
                    from_error(error, &render)
                        .unwrap_or_else(|| render(&Problem::new(Code::of_status(status)))),
                ),
                None if is_problem(response.headers()) || says_itself(response.response()) => None,
                None => Some(render(&Problem::new(Code::of_status(status)))),
            };
            match rendered {
                None => Ok(response.map_into_boxed_body()),
                Some(rendered) => {
                    let rendered = carry_over(rendered, response.headers());
                    Ok(response.into_response(rendered))
                }
            }
        }
        Ok(Err(error)) => {
            let bare = error.error_response();
            let rendered = from_error(&error, &render)
                .unwrap_or_else(|| render(&Problem::new(Code::of_status(bare.status()))));
            Ok(without_request(carry_over(rendered, bare.headers())))
        }
        Err(_panic) => {
            tracing::error!(path = %instance, "a request panicked");
            let rendered = render(&Problem::new(Code::Internal));
            Ok(without_request(rendered))
        }
    }
}

/// Whether an address, with the site if that was sent along, is longer than is read.
pub(super) fn is_too_long(uri: &Uri) -> bool {
    length(uri) > MAX_URI
}

/// Bytes of an address as it is written, which is not done to count them.
fn length(uri: &Uri) -> usize {
    let scheme = uri.scheme_str().map_or(0, |scheme| scheme.len() + 3);
    let site = uri.authority().map_or(0, |site| site.as_str().len());
    let query = uri.query().map_or(0, |query| query.len() + 1);
    scheme + site + uri.path().len() + query
}

/// 301 from an address of a merged partner to the same one of the partner it was merged into.
fn led(path: &str, query: &str, from: &PublicId, to: &PublicId) -> HttpResponse {
    let segments: Vec<&str> = path
        .split('/')
        .map(|segment| match segment.parse::<PublicId>() {
            Ok(id) if id == *from => to.as_str(),
            _ => segment,
        })
        .collect();
    let mut location = segments.join("/");
    if !query.is_empty() {
        location.push('?');
        location.push_str(query);
    }
    // Asked about each time: the other partner may itself be merged one day.
    HttpResponse::MovedPermanently()
        .insert_header((header::LOCATION, location))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .finish()
}

/// An answer whose request is lost. The request can't be kept aside for this: the router panics when
/// there is a second handle to it. Layers further out know what they need of it.
fn without_request(response: HttpResponse) -> ServiceResponse<BoxBody> {
    ServiceResponse::new(TestRequest::default().to_http_request(), response)
}

fn from_error(error: &Error, render: &impl Fn(&Problem) -> HttpResponse) -> Option<HttpResponse> {
    if let Some(UrlencodedError::Payload(error)) = error.as_error::<UrlencodedError>()
        && came_late(error)
    {
        return Some(render(&late()));
    }
    if let Some(error) = error.as_error::<CorsError>() {
        // Which of the rules for pages of other origins it breaks.
        return Some(render(&Problem::malformed(error.to_string())));
    }
    error.as_error::<Problem>().map(render)
}

fn says_itself<B>(response: &HttpResponse<B>) -> bool {
    response.extensions().contains::<SaysItself>()
}

fn is_problem(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value == "application/problem+json")
}

/// Keeps the headers that other layers have set, such as those of CORS.
fn carry_over(mut rendered: HttpResponse, original: &HeaderMap) -> HttpResponse {
    for (name, value) in original {
        if name != header::CONTENT_TYPE
            && name != header::CONTENT_LENGTH
            && name != header::CONTENT_ENCODING
            && !rendered.headers().contains_key(name)
        {
            rendered.headers_mut().append(name.clone(), value.clone());
        }
    }
    rendered
}
