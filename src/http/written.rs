//! What a write answers with.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use serde_json::Value;

/// What a write answers with.
#[derive(Debug, Clone)]
pub struct Written {
    /// 200, 201 or 204.
    pub status: StatusCode,
    /// The record, or the array of them; nothing with 204.
    pub body: Option<Value>,
    /// The record's validator.
    pub etag: Option<String>,
    /// Where a new record is found.
    pub location: Option<String>,
}

impl Written {
    /// The id of the record.
    pub fn id(&self) -> Option<&str> {
        self.body.as_ref()?.get("id")?.as_str()
    }

    /// The version of the record.
    pub fn version(&self) -> Option<i32> {
        let version = self.body.as_ref()?.get("version")?.as_i64()?;
        version.try_into().ok()
    }

    fn new(status: StatusCode, body: Option<Value>) -> Self {
        Self {
            status,
            body,
            etag: None,
            location: None,
        }
    }

    /// 201 with the new record at `location`.
    pub fn created(body: Value, etag: String, location: String) -> Self {
        Self {
            etag: Some(etag),
            location: Some(location),
            ..Self::made(body)
        }
    }

    /// 201 with what was made and is found nowhere.
    pub fn made(body: Value) -> Self {
        Self::new(StatusCode::CREATED, Some(body))
    }

    /// 200 with the record as it now is.
    pub fn changed(body: Value, etag: String) -> Self {
        Self {
            etag: Some(etag),
            ..Self::new(StatusCode::OK, Some(body))
        }
    }

    /// 202: the write waits for another person's consent.
    pub fn waiting(body: Value) -> Self {
        Self::new(StatusCode::ACCEPTED, Some(body))
    }

    /// 204.
    pub fn nothing() -> Self {
        Self::new(StatusCode::NO_CONTENT, None)
    }

    /// 201 with `{"data": […]}` for the records of a bulk request.
    pub fn created_many(items: Vec<Self>) -> Self {
        let data: Vec<Value> = items.into_iter().filter_map(|item| item.body).collect();
        Self::made(serde_json::json!({ "data": data }))
    }

    /// The answer, said to be a repetition when it was `replayed`.
    pub(super) fn respond(self, replayed: bool) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if let Some(etag) = self.etag {
            response.insert_header((header::ETAG, etag));
        }
        if let Some(location) = self.location {
            response.insert_header((header::LOCATION, location));
        }
        if replayed {
            response.insert_header(("Idempotency-Replayed", "true"));
        }
        match self.body {
            Some(body) => response.json(body),
            None => response.finish(),
        }
    }
}
