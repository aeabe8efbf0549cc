//! Pages for people: where to begin, the documentation, what problems mean.

use std::sync::{Arc, LazyLock};

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use utoipa_swagger_ui::Config;

use super::html::{escaped, page, with_code};
use crate::http::code::Code;
use crate::http::problem::Problem;

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

/// Where to begin.
#[get("/")]
pub async fn home() -> HttpResponse {
    page(
        "twincity",
        "<p>The twin-city partnership registry: who is partnered with whom, on what paper, since when, \
         and whether it still holds.</p>\n<ul>\n\
         <li><a href=\"/docs/\">Documentation</a>, with every operation to try</li>\n\
         <li><a href=\"/api/v1\">The collections</a> as JSON</li>\n\
         <li><a href=\"/openapi.json\">The OpenAPI document</a></li>\n\
         <li><a href=\"/problems\">What problems mean</a></li>\n</ul>",
    )
}

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
pub async fn docs(file: web::Path<String>) -> Result<HttpResponse, Problem> {
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
pub async fn list_problems() -> HttpResponse {
    let mut body = String::from(
        "<p>Every error is <code>application/problem+json</code> (RFC 9457) with a \
        stable <code>code</code>:</p>\n<ul>\n",
    );
    for code in Code::ALL {
        let (name, status) = (code.as_str(), code.status().as_u16());
        let title = escaped(code.title());
        body.push_str(&format!(
            "<li><a href=\"/problems/{name}\">{name}</a> ({status}): {title}</li>\n"
        ));
    }
    page("Problems", &(body + "</ul>"))
}

/// Read what a problem means
///
/// The page at the address in a problem's `type`.
#[utoipa::path(tag = "service",
    params(("code" = String, Path, description = "The problem's code", example = "validation-failed")),
    responses((status = 200, description = "The page", body = String, content_type = "text/html", example = "<!doctype html>"), (status = 404)))]
#[get("/problems/{code}")]
pub async fn get_problem(code: web::Path<String>) -> Result<HttpResponse, Problem> {
    let code = Code::parse(&code).ok_or_else(|| Problem::not_found("problem"))?;
    let body = format!(
        "<p>Status {}, code <code>{}</code></p>\n<p>{}</p>\n<p><a href=\"/problems\">All problems</a></p>",
        code.status().as_u16(),
        code.as_str(),
        with_code(code.explanation()),
    );
    Ok(page(code.title(), &body))
}
