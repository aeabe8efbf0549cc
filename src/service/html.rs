//! Small pages for people, without anything from elsewhere.
//!
//! A page is a template in `templates/`, put into `layout.html`. What a template shows is escaped.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::header;
use minijinja::{Environment, Error, UndefinedBehavior, Value};

use crate::http::code::Code;
use crate::http::problem::{HttpResult, Problem};
use crate::templates;

/// What browsers are told of a page.
pub(super) struct Manners {
    /// What it may load, run and send.
    pub(super) policy: &'static str,
    /// Who may keep it.
    pub(super) kept: &'static str,
}

/// A page for everybody carries its style itself and may load, run and send nothing.
pub(super) const PUBLIC: Manners = Manners {
    policy: "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    kept: "public, max-age=3600",
};

/// Every template by name, whose ending says how it is escaped.
const TEMPLATES: &[(&str, &str)] = templates![
    "layout.html",
    "problems.html",
    "problem.html",
    "password.html",
    "password_set.html",
];

static PAGES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut pages = Environment::new();
    pages.set_undefined_behavior(UndefinedBehavior::Strict);
    for (name, source) in TEMPLATES {
        if let Err(error) = pages.add_template(name, source) {
            tracing::error!(%error, name, "a template can't be read");
        }
    }
    pages
});

fn render(template: &str, title: &str, values: Value) -> Result<String, Error> {
    let body = PAGES.get_template(template)?.render(values)?;
    let body = Value::from_safe_string(body);
    let values = Value::from_pairs([("title", Value::from(title)), ("body", body)]);
    PAGES.get_template("layout.html")?.render(values)
}

/// The page of this title that the template makes of the values.
pub(super) fn page(
    Manners { policy, kept }: Manners,
    template: &str,
    title: &str,
    values: Value,
) -> HttpResult {
    let page = render(template, title, values).map_err(|error| {
        tracing::error!(%error, template, "a page can't be made");
        Problem::new(Code::Internal)
    })?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::CACHE_CONTROL, kept))
        .body(page))
}
