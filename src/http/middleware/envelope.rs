//! What stands around every request: the id it goes by, its line in the log, the headers of its answer. It is one
//! layer, and answers itself what is kept: each layer further in costs what a tenth of such an answer does.

use std::sync::Arc;

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::ServiceRequest;
use actix_web::http::header;
use actix_web::middleware::Next;

use super::Passed;
use super::access_log::Line;
use super::keep_answers::kept;
use super::request_id::RequestId;
use super::security::protect;
use crate::http::wire::{AtWork, Conn, in_pieces};

/// Answers from what is kept or further in; the outermost layer.
pub async fn envelope<B: MessageBody + 'static>(req: ServiceRequest, next: Next<B>) -> Passed {
    let at_work = AtWork::on(req.conn_data::<Arc<Conn>>().cloned());
    let id = RequestId::of(&req);
    let line = Line::begin(&req);
    let is_of_another_site = req.headers().contains_key(header::ORIGIN);
    let res = if let Some(answer) = kept(&req) {
        req.into_response(answer)
    } else {
        req.extensions_mut().insert(id.clone());
        next.call(req).await?.map_into_boxed_body()
    };
    let mut res = res.map_body(|_, body| in_pieces(body));
    // The answer to a request that was given up knows its connection no more.
    line.end(res.status(), at_work.has_hung_up(), &id);
    let headers = res.headers_mut();
    protect(headers);
    if !is_of_another_site {
        // What scripts of other sites may look at is told to them only.
        headers.remove(header::ACCESS_CONTROL_EXPOSE_HEADERS);
    }
    id.tell(headers);
    Ok(res)
}
