//! Where the links of mails lead: a page with a form, so that a scanner that opens links sets nothing.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;

use super::html::{escaped, page};
use crate::access::passwords::{self, PasswordIn, tokens::Purpose};
use crate::access::{Hasher, Throttle};
use crate::app::App;
use crate::http::extract::WriteRequest;
use crate::http::problem::Problem;

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
fn private(status: StatusCode, title: &str, body: &str) -> HttpResponse {
    let mut response = page(title, body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        header::HeaderValue::from_static(POLICY),
    );
    response
}

fn form(token: &str, said: &str) -> String {
    let token: String = token.chars().take(MAX_TOKEN).collect();
    format!(
        "{said}<form method=\"post\">\n<input type=\"hidden\" name=\"token\" value=\"{}\">\n\
         <p><label>New password (12 to 200 characters / 12 do 200 znaków)<br>\n\
         <input type=\"password\" name=\"password\" minlength=\"12\" maxlength=\"200\" \
         autocomplete=\"new-password\" required></label></p>\n\
         <p><button>Set the password / Ustaw hasło</button></p>\n</form>",
        escaped(&token)
    )
}

/// Asks for the password.
#[get("/account/{purpose}")]
pub async fn ask(path: web::Path<String>, link: web::Query<Link>) -> Result<HttpResponse, Problem> {
    purpose(&path)?;
    Ok(private(
        StatusCode::OK,
        "Choose a password",
        &form(&link.token, ""),
    ))
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
) -> Result<HttpResponse, Problem> {
    let purpose = purpose(&path)?;
    throttle.host(&app, &req, app.now())?;
    let given = given.into_inner();
    let token = given.token.clone();
    match passwords::set(&app, &hasher, &request, given, purpose).await {
        Ok(_) => Ok(private(
            StatusCode::OK,
            "The password is set",
            "<p>You can log in with it now. / Możesz się teraz nim zalogować.</p>",
        )),
        Err(problem) if problem.errors().is_empty() => Err(problem),
        Err(problem) => {
            let said: String = problem
                .errors()
                .iter()
                .map(|error| escaped(&error.message))
                .collect::<Vec<_>>()
                .join("; ");
            Ok(private(
                StatusCode::OK,
                "Choose a password",
                &form(&token, &format!("<p><strong>{said}</strong></p>\n")),
            ))
        }
    }
}
