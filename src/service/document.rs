//! `GET /openapi.json`.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::OpenApi;

use crate::core::digest;
use crate::http::extract::ReadRequest;
use crate::http::openapi;

const ROOT: &str = "/api/v1/";

/// A collection, or another list that can be read.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Collection {
    /// Its name.
    #[schema(example = "partners")]
    name: String,
    /// Its address.
    #[schema(example = "/api/v1/partners")]
    href: String,
}

impl Collection {
    /// Everything of the document that can be read and needs no id.
    fn all(document: &OpenApi) -> Vec<Self> {
        let mut all: Vec<Self> = document
            .paths
            .paths
            .iter()
            .filter(|(_, item)| item.get.is_some())
            .filter_map(|(path, _)| path.strip_prefix(ROOT))
            .filter(|name| !name.contains(['/', '{']))
            .map(|name| Self {
                name: name.to_owned(),
                href: format!("{ROOT}{name}"),
            })
            .collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }
}

/// The document of the running service, written once.
#[derive(Debug)]
pub struct Document {
    text: web::Bytes,
    etag: String,
    pub(super) collections: Vec<Collection>,
}

impl Document {
    /// Finishes the collected document.
    pub fn new(collected: &OpenApi) -> Self {
        let text = openapi::text(collected, crate::access::permissions::rights);
        let hash = digest::sha256(text.as_bytes());
        let etag: String = hash.chars().take(12).collect();
        Self {
            text: text.into(),
            etag: format!("\"{etag}\""),
            collections: Collection::all(collected),
        }
    }

    /// The validator of everything that depends on the document alone.
    pub(super) fn etag(&self) -> &str {
        &self.etag
    }
}

/// Read this document
///
/// The contract as the running service keeps it.
#[utoipa::path(tag = "service", operation_id = "get_openapi", extensions(("x-state" = json!("program"))),
    responses((status = 200, description = "The OpenAPI 3.1 document of this service", body = Object)))]
#[get("/openapi.json")]
pub async fn get_document(request: ReadRequest, document: web::Data<Document>) -> HttpResponse {
    let held = request.holds(&document.etag, None);
    let mut response = if held {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header((header::ETAG, document.etag.as_str()))
        .insert_header((header::CACHE_CONTROL, "public, no-cache"));
    if held {
        return response.finish();
    }
    response
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .body(web::Bytes::clone(&document.text))
}
