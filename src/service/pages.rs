//! Pages for programmers: the documentation, what problems mean.

use std::sync::{Arc, LazyLock};

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use minijinja::Value;
use utoipa_swagger_ui::Config;

use super::html::{PUBLIC, page};
use crate::http::code::Code;
use crate::http::problem::{HttpResult, Problem};

/// Swagger UI comes with the binary and talks to this service alone; its styles are partly inline.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";

static DOCS: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    let config = Config::new(["/openapi.json"])
        .deep_linking(true)
        .filter(true)
        .display_request_duration(true)
        .try_it_out_enabled(true)
        // The default would ask a validator on the internet.
        .validator_url("none");
    Arc::new(config)
});

/// The documentation has relative links: it lives behind a slash.
#[get("/docs")]
pub async fn docs_redirect() -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, "/docs/"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .finish()
}

/// The documentation: Swagger UI, all of it from here.
#[get("/docs/{file:.*}")]
pub async fn docs(file: web::Path<String>) -> HttpResult {
    let found = utoipa_swagger_ui::serve(&file, Arc::clone(&DOCS)).map_err(|error| {
        tracing::error!(%error, "a page of the documentation can't be made");
        Problem::new(Code::Internal)
    })?;
    let file = found.ok_or_else(|| Problem::not_found("page"))?;
    let mut response = HttpResponse::Ok();
    if file.gzpipped {
        response.insert_header(header::ContentEncoding::Gzip);
    }
    Ok(response
        .insert_header((header::CONTENT_TYPE, file.content_type))
        .insert_header((header::CONTENT_SECURITY_POLICY, DOCS_POLICY))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .body(file.bytes.into_owned()))
}

/// List the problems
///
/// A page with every problem this service answers with.
#[utoipa::path(tag = "service",
    responses((status = 200, description = "The page", body = String, content_type = "text/html", example = "<!doctype html>")))]
#[get("/problems")]
pub async fn list_problems() -> HttpResult {
    let problems: Value = Code::ALL.iter().copied().map(values).collect();
    let values = Value::from_pairs([("problems", problems)]);
    page(PUBLIC, "problems.html", "Problems", values)
}

/// Read what a problem means
///
/// The page at the address in a problem's `type`.
#[utoipa::path(tag = "service",
    params(("code" = String, Path, description = "The problem's code", example = "validation-failed")),
    responses((status = 200, description = "The page", body = String, content_type = "text/html", example = "<!doctype html>"), (status = 404)))]
#[get("/problems/{code}")]
pub async fn get_problem(code: web::Path<String>) -> HttpResult {
    let code = Code::parse(&code).ok_or_else(|| Problem::not_found("problem"))?;
    let values = Value::from_pairs([("problem", values(code))]);
    page(PUBLIC, "problem.html", code.title(), values)
}

/// A problem as templates see it.
fn values(code: Code) -> Value {
    Value::from_pairs([
        ("code", Value::from(code.as_str())),
        ("status", Value::from(code.status().as_u16())),
        ("title", Value::from(code.title())),
        ("explanation", Value::from(code.explanation())),
    ])
}
