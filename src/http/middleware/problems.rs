//! Gives every error the same body: ours, the framework's, and panics.

use std::panic::AssertUnwindSafe;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse};
use futures_util::FutureExt;

use super::RequestId;
use crate::http::code::Code;
use crate::http::problem::Problem;

/// Longest address that is read.
const MAX_URI: usize = 8 * 1024;

/// Turns whatever went wrong further in into `application/problem+json`.
pub async fn problems<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let request = req.request().clone();
    let instance = req.path().to_owned();
    let request_id = req.extensions().get::<RequestId>().map(|id| id.0.clone());
    let render = |problem: &Problem| problem.response(&instance, request_id.as_deref());

    if req.uri().to_string().len() > MAX_URI {
        let problem = Problem::new(Code::UriTooLong)
            .detail(format!("an address may have at most {MAX_URI} bytes"));
        return Ok(req.into_response(render(&problem)));
    }
    let result = AssertUnwindSafe(next.call(req)).catch_unwind().await;
    let response = match result {
        Ok(Ok(response)) => {
            let status = response.status();
            if !status.is_client_error() && !status.is_server_error() {
                return Ok(response.map_into_boxed_body());
            }
            let rendered = match response.response().error() {
                Some(error) => from_error(error, &render),
                None if is_problem(response.headers()) => None,
                None => Some(render(&Problem::new(Code::of_status(status)))),
            };
            match rendered {
                None => return Ok(response.map_into_boxed_body()),
                Some(rendered) => carry_over(rendered, response.headers()),
            }
        }
        Ok(Err(error)) => {
            let bare = error.error_response();
            let rendered = from_error(&error, &render)
                .unwrap_or_else(|| render(&Problem::new(Code::of_status(bare.status()))));
            carry_over(rendered, bare.headers())
        }
        Err(_panic) => {
            tracing::error!(path = %instance, "a request panicked");
            render(&Problem::new(Code::Internal))
        }
    };
    Ok(ServiceResponse::new(request, response))
}

fn from_error(error: &Error, render: &impl Fn(&Problem) -> HttpResponse) -> Option<HttpResponse> {
    error.as_error::<Problem>().map(render)
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
