//! Where things are: the collections, and what `/.well-known/` is asked for.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::document::{Collection, Document};
use crate::app::App;
use crate::http::extract::query::NoParams;
use crate::http::extract::{Query, ReadRequest};
use crate::http::problem::HttpResult;
use crate::http::respond::{Validator, conditional, to_bytes};

/// Where to begin.
#[derive(Debug, Serialize, ToSchema)]
pub struct Root {
    /// What can be read.
    collections: Vec<Collection>,
    /// Pages that explain and try every operation.
    #[schema(example = "/docs/")]
    documentation: &'static str,
    /// The machine-readable contract.
    #[schema(example = "/openapi.json")]
    openapi: &'static str,
}

/// List the collections
///
/// Where a client that knows nothing begins.
#[utoipa::path(tag = "service", extensions(("x-state" = json!("program"))),
    responses((status = 200, description = "The collections and where the documentation is", body = Root)))]
#[get("/api/v1")]
pub async fn list_collections(
    request: ReadRequest,
    document: web::Data<Document>,
    _: Query<NoParams>,
) -> HttpResult {
    let validator = Validator::fixed(document.etag().to_owned());
    conditional(&request, &validator, || {
        to_bytes(&Root {
            collections: document.collections.clone(),
            documentation: "/docs/",
            openapi: "/openapi.json",
        })
    })
}

/// Find this API
///
/// The catalogue of RFC 9727: a link set that names the document and its pages.
#[utoipa::path(tag = "service",
    responses((status = 200, description = "The link set", body = Object, content_type = "application/linkset+json")))]
#[get("/.well-known/api-catalog")]
pub async fn api_catalog(app: web::Data<App>) -> HttpResponse {
    let base = app.config.public_url.as_deref().unwrap_or_default();
    let link = |path: &str, kind: &str| json!([{ "href": format!("{base}{path}"), "type": kind }]);
    let links = json!({ "linkset": [{
        "anchor": format!("{base}/api/v1"),
        "service-desc": link("/openapi.json", "application/json"),
        "service-doc": link("/docs/", "text/html"),
        "status": link("/health/ready", "application/json"),
    }]});
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/linkset+json"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .body(links.to_string())
}
