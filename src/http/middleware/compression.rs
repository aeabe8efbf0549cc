//! Small bodies stay as they are: compressing them costs more than it saves.
//!
//! `actix_web::middleware::Compress` has no smallest size, but it leaves alone what already has a
//! `Content-Encoding`: one layer inside it marks small bodies, one outside takes the mark away.

use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;

use super::Passed;

/// Bodies of fewer bytes fit into one packet anyway.
const WORTH_IT: u64 = 1024;

const MARK: HeaderValue = HeaderValue::from_static("identity");

/// Inside of `Compress`: marks small bodies.
pub async fn skip_small_bodies<B: MessageBody>(req: ServiceRequest, next: Next<B>) -> Passed<B> {
    let mut res = next.call(req).await?;
    let small = match res.response().body().size() {
        BodySize::None => true,
        BodySize::Sized(bytes) => bytes < WORTH_IT,
        BodySize::Stream => false,
    };
    if small && !res.headers().contains_key(header::CONTENT_ENCODING) {
        res.headers_mut().insert(header::CONTENT_ENCODING, MARK);
    }
    Ok(res)
}

/// Outside of `Compress`: takes the mark away.
pub async fn remove_mark<B: MessageBody>(req: ServiceRequest, next: Next<B>) -> Passed<B> {
    let mut res = next.call(req).await?;
    if res.headers().get(header::CONTENT_ENCODING) == Some(&MARK) {
        res.headers_mut().remove(header::CONTENT_ENCODING);
    }
    Ok(res)
}
