//! Where the links of mails lead: a page with a form, so that a scanner that opens links sets nothing.

use actix_web::{get, post, web};
use minijinja::Value;
use serde::Deserialize;

use super::html::{Manners, page};
use crate::access::passwords::{self, ByLink, PasswordIn, tokens::Purpose};
use crate::http::problem::{HttpResult, Problem};

/// Longest token that is put into a page.
const MAX_TOKEN: usize = 200;

/// The page carries its style itself and sends its form here. It is kept nowhere, since its address holds the token.
const OWN: Manners = Manners {
    policy: "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    kept: "no-store",
};

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

/// Asks for a password, and says what was wrong with the one before.
fn form(token: &str, wrong: &str) -> HttpResult {
    let token: String = token.chars().take(MAX_TOKEN).collect();
    let values = Value::from_pairs([("token", token.as_str()), ("wrong", wrong)]);
    page(OWN, "password.html", "Choose a password", values)
}

/// Asks for the password.
#[get("/account/{purpose}")]
pub async fn ask(path: web::Path<String>, link: web::Query<Link>) -> HttpResult {
    purpose(&path)?;
    form(&link.token, "")
}

/// Sets it.
#[post("/account/{purpose}")]
pub async fn set(by: ByLink, path: web::Path<String>, given: web::Form<PasswordIn>) -> HttpResult {
    let purpose = purpose(&path)?;
    let given = given.into_inner();
    let token = given.token.clone();
    match passwords::set(&by, || Ok(given), purpose).await {
        Ok(()) => page(
            OWN,
            "password_set.html",
            "The password is set",
            Value::UNDEFINED,
        ),
        Err(problem) if problem.errors().is_empty() => Err(problem),
        Err(problem) => {
            let wrong = problem.errors().iter().map(|error| &*error.message);
            form(&token, &wrong.collect::<Vec<_>>().join("; "))
        }
    }
}
