//! Anonymous reads are answered from memory while nothing public was written.
//!
//! What may be kept is said by whoever made the answer ([`Shared`]); here it is looked up by its address
//! and what the caller can unpack. It is good for as long as the public revision and the day are those
//! it was made at, and they are read before it is made: an answer may be dropped too early, never shown
//! too long.

use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::ErrorInternalServerError;
use actix_web::http::header::{self, HeaderName};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpResponse};

use super::Passed;
use super::negotiation::is_plain;
use super::problems::is_too_long;
use super::rate_limit::{counted, tell};
use crate::app::App;
use crate::cache::{Answer, Stamp};
use crate::db::{self, public_revision};
use crate::http::extract::ReadRequest;
use crate::http::format::Format;
use crate::http::respond::{Shared, is_held};

/// Longest address whose answer is kept, and longest list of codings.
const LONGEST: usize = 512;

/// How the addresses begin whose answers may be kept: those of the API and of pages.
const KEPT: &[&str] = &["/api/v1/", "/en/", "/pl/", "/embed/"];

/// The kept answer to a request that nothing further in would answer otherwise, before any of that is asked.
pub(super) fn kept(req: &ServiceRequest) -> Option<HttpResponse> {
    let app = req.app_data::<Data<App>>()?;
    let answers = &app.caches.answers;
    let is_plain = || {
        !req.path().starts_with("/api/")
            || (is_plain(req) && !req.query_string().contains("format="))
    };
    if !answers.is_on()
        || req.headers().contains_key(header::ORIGIN)
        || !is_plain()
        || is_too_long(req.uri())
    {
        return None;
    }
    let revision = answers.revision(app.db.writes()?)?;
    let stamp = Stamp {
        revision,
        day: app.today(),
    };
    let answer = answers.at_once(&key(req)?, stamp)?;
    let told = match counted(req) {
        // Who has asked too much is told so further in.
        Some(Err(_)) => return None,
        counted => counted.and_then(Result::ok),
    };
    answers.count_use();
    let mut response = give(req, &answer);
    if let Some(told) = told {
        tell(response.headers_mut(), told);
    }
    Some(response)
}

/// Answers from what is kept, and keeps what may be.
pub async fn keep_answers<B: MessageBody + 'static>(req: ServiceRequest, next: Next<B>) -> Passed {
    let app = req.app_data::<Data<App>>().cloned();
    let Some((app, key)) = app.and_then(|app| Some((app, key(&req)?))) else {
        return Ok(next.call(req).await?.map_into_boxed_body());
    };
    let Some(stamp) = stamp(&app).await else {
        return Ok(next.call(req).await?.map_into_boxed_body());
    };
    let answers = &app.caches.answers;
    if let Some(answer) = answers.get(&key, stamp) {
        let response = give(&req, &answer);
        return Ok(req.into_response(response));
    }
    let res = next.call(req).await?;
    let shared = (res.status() == StatusCode::OK)
        .then(|| res.response().extensions().get::<Shared>().cloned())
        .flatten();
    let Some(Shared { validator }) = shared else {
        return Ok(res.map_into_boxed_body());
    };
    let headers = res.headers().iter();
    let headers = headers
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let (req, res) = res.into_parts();
    let (res, body) = res.into_parts();
    let body = to_bytes(body)
        .await
        .map_err(|error| ErrorInternalServerError(error.into()))?;
    let answer = Answer {
        stamp,
        validator,
        headers,
        body: body.clone(),
    };
    answers.keep(key, answer);
    Ok(ServiceResponse::new(req, res.set_body(BoxBody::new(body))))
}

/// What the answer is kept under; nothing for a request that is not answered alike for everybody.
fn key(req: &ServiceRequest) -> Option<Box<str>> {
    let headers = req.headers();
    if req.method() != Method::GET || headers.contains_key(header::AUTHORIZATION) {
        return None;
    }
    // Another format than JSON may be a whole list; and it is wanted by a header that is not in the key.
    if req.extensions().contains::<Format>() {
        return None;
    }
    let codings = match headers.get(header::ACCEPT_ENCODING) {
        Some(codings) => codings.to_str().ok()?,
        None => "identity",
    };
    let (path, query) = (req.path(), req.query_string());
    let length = path.len() + query.len() + codings.len();
    if length > LONGEST || !KEPT.iter().any(|start| path.starts_with(start)) {
        return None;
    }
    let mut key = String::with_capacity(length + 2);
    key.push_str(path);
    key.push('?');
    if query.contains('&') {
        let mut pairs: Vec<&str> = query.split('&').collect();
        pairs.sort_unstable();
        for pair in pairs {
            key.push_str(pair);
            key.push('&');
        }
    } else {
        key.push_str(query);
    }
    key.push(' ');
    key.push_str(codings);
    Some(key.into_boxed_str())
}

/// What answers are made from now; nothing while it can't be known, or nothing is kept.
async fn stamp(app: &App) -> Option<Stamp> {
    let answers = &app.caches.answers;
    let writes = Some(&app.db).filter(|_| answers.is_on())?.writes()?;
    let revision = if let Some(revision) = answers.revision(writes) {
        revision
    } else {
        let read = app
            .db
            .read(|conn| -> Result<_, db::Error> { Ok(public_revision(conn)?) });
        let revision = read.await.ok()?;
        answers.note_revision(writes, revision);
        revision
    };
    Some(Stamp {
        revision,
        day: app.today(),
    })
}

/// The answer, or 304 for a caller who holds it.
fn give(req: &ServiceRequest, answer: &Answer) -> HttpResponse {
    let asks = |name: HeaderName| req.headers().contains_key(name);
    let held = (asks(header::IF_NONE_MATCH) || asks(header::IF_MODIFIED_SINCE))
        && answer
            .validator
            .as_ref()
            .is_some_and(|validator| is_held(&ReadRequest::of(req.request()), validator));
    let mut response = if held {
        HttpResponse::new(StatusCode::NOT_MODIFIED)
    } else {
        HttpResponse::with_body(StatusCode::OK, BoxBody::new(answer.body.clone()))
    };
    let headers = response.headers_mut();
    for (name, value) in &answer.headers {
        if !held || !OF_BODY.contains(name) {
            headers.append(name.clone(), value.clone());
        }
    }
    response
}

/// Headers that say something of a body, or of a page that was read.
const OF_BODY: [HeaderName; 4] = [
    header::CONTENT_TYPE,
    header::CONTENT_ENCODING,
    header::CONTENT_LENGTH,
    header::LINK,
];
