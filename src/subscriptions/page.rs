//! The page on which a reader of our mails leaves: it shows a button, and opening it changes nothing.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;

use super::{leave, requests, words};
use crate::app::App;
use crate::html::lang::Lang;
use crate::html::{self, Place};
use crate::http::problem::Problem;

/// Longest token that is put into a page.
const MAX_TOKEN: usize = 200;

/// Something that is followed.
#[derive(Debug, Serialize)]
struct Followed {
    code: String,
    name: String,
}

/// A page with one button.
#[derive(Debug, Default, Serialize)]
struct Button {
    /// The beginning of the messages' keys.
    name: &'static str,
    action: String,
    token: String,
    fault: Option<&'static str>,
    /// What is followed already, each of which can be left.
    topics: Vec<Followed>,
    /// What the button is to make followed.
    asked: Vec<String>,
}

fn page(lang: Lang, base: &str, path: &str, button: Button) -> Result<HttpResponse, Problem> {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("token", &button.token)
        .finish();
    let status = match button.fault {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let place = Place::own(lang, path, &query, base);
    html::own_page(status, "button.html", &place, button)
}

fn cut(token: &str) -> String {
    token.chars().take(MAX_TOKEN).collect()
}

/// The page of a link that confirms something: its button sends the token on. `name` begins the keys of its
/// texts, and `fault` is what was wrong with the link when the button was pressed before.
pub fn confirming(
    lang: Lang,
    base: &str,
    (path, name): (&str, &'static str),
    token: &str,
    fault: Option<&'static str>,
) -> Result<HttpResponse, Problem> {
    let asked = Vec::new();
    confirming_what(lang, base, (path, name), token, fault, asked)
}

/// The page that lets a reader follow what was asked for, which it names: who did not ask sees what this is about.
pub async fn subscribing(
    app: &App,
    lang: Lang,
    of: (&str, &'static str),
    token: &str,
    fault: Option<&'static str>,
) -> Result<HttpResponse, Problem> {
    let (sought, now) = (cut(token), app.now());
    let asked = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let topics = requests::asked_for(conn, &sought, now)?;
            Ok(words::all(conn, &topics, lang.code())?)
        })
        .await?;
    let base = app.config.public_url.clone().unwrap_or_default();
    confirming_what(lang, &base, of, token, fault, asked)
}

fn confirming_what(
    lang: Lang,
    base: &str,
    (path, name): (&str, &'static str),
    token: &str,
    fault: Option<&'static str>,
    asked: Vec<String>,
) -> Result<HttpResponse, Problem> {
    let button = Button {
        asked,
        name,
        action: format!("/{lang}/{path}"),
        token: cut(token),
        fault,
        ..Button::default()
    };
    page(lang, base, path, button)
}

/// The page that lets a reader leave, or follow less.
pub async fn leaving(
    app: &App,
    lang: Lang,
    token: &str,
    fault: Option<&'static str>,
) -> Result<HttpResponse, Problem> {
    const PATH: &str = "subscriptions/unsubscribe";
    let (token, sought) = (cut(token), cut(token));
    let topics = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            leave::topics_of(conn, &sought)?
                .into_iter()
                .map(|topic| {
                    Ok(Followed {
                        name: words::of(conn, &topic, lang.code())?,
                        code: topic.to_string(),
                    })
                })
                .collect()
        })
        .await?;
    let button = Button {
        name: "subscription-leave",
        action: format!("/{lang}/{PATH}"),
        token,
        fault,
        topics,
        ..Button::default()
    };
    let base = app.config.public_url.clone().unwrap_or_default();
    page(lang, &base, PATH, button)
}
