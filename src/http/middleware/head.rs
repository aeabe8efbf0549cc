//! HEAD is answered as GET is, without the body, and where an answer's headers don't follow from its
//! body, without the work for it.

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::middleware::Next;

use super::Passed;
use crate::http::extract::HeadOnly;

/// Routes HEAD to the GET of the same path and tells it so; the connection itself drops a body and
/// keeps its length.
pub async fn head<B: MessageBody>(mut req: ServiceRequest, next: Next<B>) -> Passed<B> {
    if req.method() == Method::HEAD {
        req.head_mut().method = Method::GET;
        req.extensions_mut().insert(HeadOnly);
    }
    next.call(req).await
}
