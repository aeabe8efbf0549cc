//! Problems of pages are pages, in the reader's language: what the API would answer with, in words.

use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};
use serde_json::Value;

use super::content::Content;
use super::page_request::preferred;
use super::short::wants_page;
use super::spelling;
use crate::html::forms::Sent;
use crate::html::lang::Lang;
use crate::html::{self, Frame, Place};

/// In which language the error at this address is a page, and whether the address says the language, and with it that
/// it is a page for whoever asks; none for programs, and below `/api/`.
fn told(path: &str, query: &str, headers: &HeaderMap, browser: bool) -> Option<(Lang, bool)> {
    if Frame::of(path) == Frame::Foreign {
        let asked = Sent::of(query.as_bytes()).get("lang").parse();
        return Some((asked.unwrap_or_default(), true));
    }
    let first = path.trim_start_matches('/').split('/').next()?;
    match first.parse() {
        Ok(lang) => Some((lang, true)),
        Err(_) => (browser && first != "api").then(|| (preferred(headers), false)),
    }
}

/// Outside of the layer that gives every error its body: makes pages of those of pages, and leads to a page from an
/// address that is spelt otherwise.
pub async fn problem_pages<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if let Some(led) = spelling::redirect(req.path(), req.query_string()) {
        return Ok(req.into_response(led));
    }
    let browser = wants_page(req.request());
    let told = told(req.path(), req.query_string(), req.headers(), browser);
    let frame = Frame::of(req.path());
    let path = req.path().to_owned();
    let query = req.query_string().to_owned();
    let answer = next.call(req).await?.map_into_boxed_body();
    let is_problem = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/problem+json");
    let Some((lang, by_address)) = told.filter(|_| is_problem) else {
        return Ok(answer);
    };
    let (request, response) = answer.into_parts();
    let (response, body) = response.into_parts();
    let problem = to_bytes(body).await.unwrap_or_default();
    let problem = serde_json::from_slice(&problem).unwrap_or_default();
    let behind = path.trim_start_matches('/').split_once('/');
    let behind = behind.filter(|_| by_address).map(|(_, rest)| rest);
    let place = Place {
        lang,
        path: behind.unwrap_or_default().to_owned(),
        ..Place::default()
    };
    let status = response.status();
    let wait = response.headers().get(header::RETRY_AFTER);
    let wait = wait.and_then(|seconds| seconds.to_str().ok()?.parse().ok());
    let back = |wrong: &str| by_address.then(|| without(&path, &query, wrong));
    let content = content(lang, status.as_u16(), &problem, back)
        // When to come back.
        .with("wait", wait.map(|seconds| html::come_back(lang, seconds)));
    // A page that can't be made is told plainly: an error about an error helps nobody.
    let plain = |_| format!("<!doctype html><title>{status}</title><p>{status}</p>");
    let page = html::page_in(frame, "problem.html", &place, content).unwrap_or_else(plain);
    let mut rendered = HttpResponse::build(status);
    for (name, value) in response.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH && name != header::VARY {
            rendered.append_header((name.clone(), value.clone()));
        }
    }
    frame.headers(&mut rendered);
    if !by_address {
        rendered.insert_header((header::VARY, "Accept, Accept-Language, Accept-Encoding"));
    }
    Ok(ServiceResponse::new(request, rendered.body(page)))
}

/// The address of a page without a parameter.
fn without(path: &str, query: &str, name: &str) -> String {
    let kept = form_urlencoded::parse(query.as_bytes()).filter(|(known, _)| known != name);
    let mut query = form_urlencoded::Serializer::new(String::new());
    path.to_owned() + &html::query_part(&query.extend_pairs(kept).finish())
}

/// What is told of a problem of this body; `back` leads to the page without a parameter that is wrong.
fn content(
    lang: Lang,
    status: u16,
    problem: &Value,
    back: impl Fn(&str) -> Option<String>,
) -> Content {
    let text = |at: &str| Some(problem.pointer(at)?.as_str()?.to_owned());
    let code = text("/code").unwrap_or_default();
    let is_known = html::says(lang, &format!("problem-{code}"));
    let known = text("/errors/0/code").map(|code| format!("problem-{}", code.replace('_', "-")));
    let parameter = text("/errors/0/parameter").filter(|_| status == 400);
    Content::default()
        .with("status", status)
        // The end of the messages' keys.
        .with("message", if is_known { &code } else { "other" })
        .with("reason", text("/reason"))
        // What was wrong with the request: the key of a message, and the words of the API, which are English.
        .with("known", known.filter(|key| html::says(lang, key)))
        .with("detail", text("/detail").filter(|_| status == 400))
        .with("back", parameter.as_deref().and_then(back))
        .with("parameter", parameter)
        .with("request_id", text("/request_id").filter(|_| status >= 500))
}
