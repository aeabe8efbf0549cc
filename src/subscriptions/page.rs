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

/// What is wrong with a link that leads to nothing any more: its button could only fail.
const SPENT: &str = "fault-invalid-token";

/// A page with one button.
#[derive(Debug, Default, Serialize)]
struct Button {
    /// The beginning of the messages' keys.
    name: &'static str,
    action: String,
    /// Whether there is nothing left for the button to do.
    spent: bool,
    /// The form from which one begins anew.
    form: String,
    token: String,
    fault: Option<&'static str>,
    /// What is followed already, each of which can be left.
    topics: Vec<Followed>,
    /// What the button is to make followed.
    asked: Vec<String>,
}

fn page(app: &App, lang: Lang, path: &str, mut button: Button) -> Result<HttpResponse, Problem> {
    if button.token.is_empty() {
        button.fault = Some(SPENT);
    }
    button.spent = button.fault == Some(SPENT);
    let (form, _) = path.rsplit_once('/').unwrap_or((path, ""));
    button.form = format!("/{lang}/{form}");
    let status = match button.fault {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let place = Place::own(app, lang, path, &[("token", &button.token)]);
    html::own_page(status, "button.html", &place, button)
}

fn cut(token: &str) -> String {
    token.chars().take(MAX_TOKEN).collect()
}

/// What a link confirms.
#[derive(Debug, Clone, Copy)]
pub struct Confirmation {
    /// The address behind the language.
    pub path: &'static str,
    /// The beginning of the keys of its texts.
    pub name: &'static str,
}

/// The page of a link that confirms something: its button sends the token on.
///
/// `fault` is what was wrong with the link when the button was pressed before, and `asked` what it is to confirm,
/// where the page says so.
pub fn confirming(
    app: &App,
    lang: Lang,
    of: Confirmation,
    token: &str,
    fault: Option<&'static str>,
    asked: Vec<String>,
) -> Result<HttpResponse, Problem> {
    let button = Button {
        asked,
        name: of.name,
        action: format!("/{lang}/{}", of.path),
        token: cut(token),
        fault,
        ..Button::default()
    };
    page(app, lang, of.path, button)
}

/// The page that lets a reader follow what was asked for, which it names: who did not ask sees what this is about.
pub async fn subscribing(
    app: &App,
    lang: Lang,
    of: Confirmation,
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
    confirming(app, lang, of, token, fault, asked)
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
    page(app, lang, PATH, button)
}
