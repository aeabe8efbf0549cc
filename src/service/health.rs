//! Is the process alive, and can it work?

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::problem::HttpResult;

/// The process answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Live {
    /// Always `ok`: whoever is not does not answer.
    #[schema(example = "ok")]
    status: &'static str,
}

/// The registry can work.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ready {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: &'static str,
    /// The registry's revision: the number of its last change.
    #[schema(example = 4711, minimum = 0)]
    revision: i64,
}

/// Is the process alive?
///
/// Answers without looking at the database: a failure here means that a restart may help.
#[utoipa::path(tag = "service", operation_id = "get_liveness",
    responses((status = 200, description = "The process answers", body = Live)))]
#[get("/health/live")]
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().json(Live { status: "ok" })
}

/// Can the registry work?
///
/// Reads from the database, on a connection of its own: 503 while it does not answer within a second.
#[utoipa::path(tag = "service", operation_id = "get_readiness",
    responses((status = 200, description = "The database answers", body = Ready), (status = 503)))]
#[get("/health/ready")]
pub async fn ready(app: web::Data<App>) -> HttpResult {
    // On a connection of its own: busy readers don't make a registry look dead.
    let revision = app.db.pulse().await?;
    Ok(HttpResponse::Ok().json(Ready {
        status: "ok",
        revision,
    }))
}
