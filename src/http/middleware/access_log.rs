//! One log line a request: who asked for what, how it ended, how long it took. Never bodies, query
//! values, addresses or keys.

use std::time::Instant;

use actix_web::dev::ServiceRequest;
use actix_web::http::{Method, StatusCode, Uri};

use super::RequestId;

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

    /// Logs the request when it is done: failures of ours as errors, the rest at `info`. That a caller has hung up
    /// and did not wait for the answer is none of ours.
    pub(super) fn end(&self, status: StatusCode, hung_up: bool, request_id: &RequestId) {
        let (method, path) = (&self.method, self.uri.path());
        let gone = hung_up && status == StatusCode::SERVICE_UNAVAILABLE;
        let status = status.as_u16();
        let duration_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let request_id = request_id.0.as_str();
        if status >= 500 && !gone {
            tracing::error!(%method, path, status, duration_ms, request_id, "request failed");
        } else {
            tracing::info!(%method, path, status, duration_ms, request_id, "request");
        }
    }
}
