//! One log line a request: who asked for what, how it ended, how long it took. Never bodies, query
//! values, addresses or keys.

use std::sync::Arc;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};

use super::RequestId;
use crate::http::wire::Conn;

/// Logs the request when it is done: failures of ours as errors, the rest at `info`. That a caller did not
/// wait for the answer is none of ours.
pub async fn access_log<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let started = Instant::now();
    let method = req.method().clone();
    let path = req.path().to_owned();
    let res = next.call(req).await?;
    let status = res.status().as_u16();
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let extensions = res.request().extensions();
    let request_id = extensions.get::<RequestId>().map_or("", |id| id.0.as_str());
    let conn = res.request().conn_data::<Arc<Conn>>();
    let gone = status == 503 && conn.is_some_and(|conn| conn.has_hung_up());
    if status >= 500 && !gone {
        tracing::error!(%method, path, status, duration_ms, request_id, "request failed");
    } else {
        tracing::info!(%method, path, status, duration_ms, request_id, "request");
    }
    drop(extensions);
    Ok(res)
}
