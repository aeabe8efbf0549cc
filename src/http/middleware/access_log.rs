//! One log line a request: who asked for what, how it ended, how long it took. Never bodies, query
//! values, addresses or keys.

use std::sync::Arc;
use std::time::Instant;

use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, Uri};

use super::RequestId;
use crate::http::wire::Conn;

/// The line of a request that is being worked on.
pub(super) struct Line {
    started: Instant,
    method: Method,
    uri: Uri,
}

impl Line {
    pub(super) fn begin(req: &ServiceRequest) -> Self {
        Self {
            started: Instant::now(),
            method: req.method().clone(),
            uri: req.uri().clone(),
        }
    }

    /// Logs the request when it is done: failures of ours as errors, the rest at `info`. That a caller did not
    /// wait for the answer is none of ours.
    pub(super) fn end<B>(&self, res: &ServiceResponse<B>, request_id: &RequestId) {
        let (method, path) = (&self.method, self.uri.path());
        let status = res.status().as_u16();
        let duration_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let request_id = request_id.0.as_str();
        let conn = res.request().conn_data::<Arc<Conn>>();
        let gone = status == 503 && conn.is_some_and(|conn| conn.has_hung_up());
        if status >= 500 && !gone {
            tracing::error!(%method, path, status, duration_ms, request_id, "request failed");
        } else {
            tracing::info!(%method, path, status, duration_ms, request_id, "request");
        }
    }
}
