//! Where the links of mails lead: a page with a form, so that a scanner that opens links sets nothing.

use actix_web::http::header;
use actix_web::{HttpRequest, get, post, web};
use minijinja::Value;
use serde::Deserialize;

use super::html::page;
use crate::access::passwords::{self, PasswordIn, tokens::Purpose};
use crate::access::{Hasher, Throttle};
use crate::app::App;
use crate::http::extract::WriteRequest;
use crate::http::problem::{HttpResult, Problem};

/// Longest token that is put into a page.
const MAX_TOKEN: usize = 200;

/// The page carries its style itself and sends its form here.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What a link carries.
#[derive(Debug, Deserialize)]
pub struct Link {
    #[serde(default)]
    token: String,
}

/// The link's purpose by its address.
fn purpose(name: &str) -> Result<Purpose, Problem> {
    match name {
        "invitation" => Ok(Purpose::Invitation),
        "reset" => Ok(Purpose::PasswordReset),
        _ => Err(Problem::not_found("page")),
    }
}

/// The page of a token: never kept anywhere, since its address holds the token.
fn private(template: &str, title: &str, values: Value) -> HttpResult {
    let mut response = page(template, title, values)?;
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ] {
        let value = header::HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

/// Asks for a password, and says what was wrong with the one before.
fn form(token: &str, wrong: &str) -> HttpResult {
    let token: String = token.chars().take(MAX_TOKEN).collect();
    let values = Value::from_pairs([("token", token.as_str()), ("wrong", wrong)]);
    private("password.html", "Choose a password", values)
}

/// Asks for the password.
#[get("/account/{purpose}")]
pub async fn ask(path: web::Path<String>, link: web::Query<Link>) -> HttpResult {
    purpose(&path)?;
    form(&link.token, "")
}

/// Sets it.
#[post("/account/{purpose}")]
pub async fn set(
    app: web::Data<App>,
    throttle: web::Data<Throttle>,
    hasher: web::Data<Hasher>,
    req: HttpRequest,
    request: WriteRequest,
    path: web::Path<String>,
    given: web::Form<PasswordIn>,
) -> HttpResult {
    let purpose = purpose(&path)?;
    throttle.host(&app, &req)?;
    let given = given.into_inner();
    let token = given.token.clone();
    match passwords::set(&app, &hasher, &request, given, purpose).await {
        Ok(_) => private("password_set.html", "The password is set", Value::UNDEFINED),
        Err(problem) if problem.errors().is_empty() => Err(problem),
        Err(problem) => {
            let wrong = problem.errors().iter().map(|error| &*error.message);
            form(&token, &wrong.collect::<Vec<_>>().join("; "))
        }
    }
}
