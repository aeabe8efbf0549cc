//! The operations: ask, confirm, leave.

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, get, post, web};

use super::requests::ASKED;
use super::types::{OneClick, SubscriptionIn, TokenIn};
use super::{leave, page, requests, rules};
use crate::access::Throttle;
use crate::app::App;
use crate::db::DbConn;
use crate::html::lang::Lang;
use crate::http::code::Code;
use crate::http::extract::query::NoParams;
use crate::http::extract::{JsonBody, Query};
use crate::http::problem::{HttpResult, Problem};
use crate::jobs;

/// Asks for a subscription. Nothing is looked up here: whether the address is known is found out by nobody.
pub async fn ask(
    app: &App,
    throttle: &Throttle,
    req: &HttpRequest,
    input: SubscriptionIn,
) -> Result<(), Problem> {
    let now = app.now();
    throttle.subscription(app, req)?;
    app.db
        .write(move |conn| {
            let asked = rules::checked(conn, input)?;
            Ok(jobs::push(conn, ASKED, &asked, now)?)
        })
        .await
}

/// Follow by e-mail
///
/// A mail goes out with a link that has to be confirmed within 48 hours; until then nothing is sent, and after
/// that the address is erased. Every address is answered alike, whether it follows something already or not.
/// What an address follows already, it goes on following.
#[utoipa::path(tag = "subscriptions", extensions(("x-state" = json!("live"))), request_body = SubscriptionIn,
    responses((status = 202, description = "A mail with a link is on its way")))]
#[post("/api/v1/subscriptions")]
pub async fn create_subscription(
    app: web::Data<App>,
    throttle: web::Data<Throttle>,
    req: HttpRequest,
    _: Query<NoParams>,
    body: JsonBody,
) -> HttpResult {
    ask(&app, &throttle, &req, body.read()?).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Confirm a subscription
///
/// With the token of the link. From now on mails are sent.
#[utoipa::path(tag = "subscriptions", extensions(("x-state" = json!("live"))), request_body = TokenIn,
    responses((status = 204, description = "It is confirmed")))]
#[post("/api/v1/subscriptions/confirm")]
pub async fn confirm_subscription(
    app: web::Data<App>,
    _: Query<NoParams>,
    body: JsonBody,
) -> HttpResult {
    let TokenIn { token } = body.read()?;
    let now = app.now();
    app.db
        .write(move |conn| requests::confirm(conn, &token, now))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Show how to leave
///
/// The page with the button, in the language of the mails: opening a link changes nothing.
#[utoipa::path(tag = "subscriptions", extensions(("x-state" = json!("live"))), params(TokenIn),
    responses((status = 200, description = "The page", body = String, content_type = "text/html", example = "<!doctype html>")))]
#[get("/api/v1/subscriptions/unsubscribe")]
pub async fn show_unsubscribe(
    app: web::Data<App>,
    link: Query<TokenIn>,
    req: HttpRequest,
) -> HttpResult {
    let (token, now) = (link.0.token.clone(), app.now());
    if token.is_empty() {
        let rule = "the link of a mail has a token";
        return Err(Problem::new(Code::MalformedRequest).parameter("token", "required", rule));
    }
    let find = move |conn: &mut DbConn| Ok(leave::language_of(conn, &token, now)?);
    // Whoever has left is known no longer.
    let lang = app.db.read::<_, Problem>(find).await?.unwrap_or_else(|| {
        let accepted = req.headers().get(header::ACCEPT_LANGUAGE);
        let accepted = accepted.and_then(|value| value.to_str().ok());
        Lang::preferred(accepted.unwrap_or_default())
    });
    page::leaving(&app, lang, &link.0.token, None).await
}

/// Leave with one click
///
/// What programs of mail send when their reader wants no more of it (RFC 8058). The address is erased.
#[utoipa::path(tag = "subscriptions", extensions(("x-state" = json!("live"))), params(TokenIn),
    request_body(content((OneClick = "application/x-www-form-urlencoded"), (OneClick = "multipart/form-data"))),
    responses((status = 204, description = "Nothing more is sent, and the address is erased")))]
#[post("/api/v1/subscriptions/unsubscribe")]
pub async fn unsubscribe(
    app: web::Data<App>,
    link: Query<TokenIn>,
    req: HttpRequest,
    body: Bytes,
) -> HttpResult {
    must_be_one_click(&req, &body)?;
    let (token, now) = (link.0.token, app.now());
    app.db
        .write(move |conn| leave::leave(conn, &token, None, now).map(drop))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Whether somebody asks for it, and no scanner has only opened an address: RFC 8058 has one field, in either
/// form.
fn must_be_one_click(req: &HttpRequest, body: &[u8]) -> Result<(), Problem> {
    const NAME: &str = "List-Unsubscribe";
    const VALUE: &str = "One-Click";
    let media = req.headers().get(header::CONTENT_TYPE);
    let media = media.and_then(|value| value.to_str().ok());
    let media = media.map(|value| value.split(';').next().unwrap_or_default().trim());
    let asked = match media {
        Some("application/x-www-form-urlencoded") => {
            form_urlencoded::parse(body).any(|(name, value)| name == NAME && value == VALUE)
        }
        Some("multipart/form-data") => {
            let text = String::from_utf8_lossy(body);
            text.contains(&format!("name=\"{NAME}\""))
                && text.lines().any(|line| line.trim_end() == VALUE)
        }
        _ => {
            return Err(Problem::new(Code::UnsupportedMediaType)
                .detail("send a form with List-Unsubscribe=One-Click"));
        }
    };
    let refused = || Problem::invalid("/List-Unsubscribe", "required", "must be One-Click");
    asked.then_some(()).ok_or_else(refused)
}
