//! The page on which a reader of our mails leaves: it shows a button, and opening it changes nothing.

use actix_web::http::StatusCode;
use serde::Serialize;

use super::leave::{self, Opened};
use super::{requests, words};
use crate::app::App;
use crate::html::lang::Lang;
use crate::html::{self, Place};
use crate::http::problem::{HttpResult, Problem};

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

/// A page that says what has happened.
#[derive(Debug, Default, Serialize)]
pub struct Notice {
    /// The beginning of the messages' keys.
    pub name: &'static str,
    /// The number under which it is kept.
    pub number: Option<String>,
    /// The record that it is about.
    pub back: Option<String>,
}

impl Notice {
    /// Which says no more than the messages of this name.
    pub fn of(name: &'static str) -> Self {
        Self {
            name,
            ..Self::default()
        }
    }

    /// The page; in its other languages it is found at this address with these parameters.
    pub fn answer(
        self,
        app: &App,
        lang: Lang,
        path: &str,
        parameters: &[(&str, &str)],
    ) -> HttpResult {
        let place = Place::own(app, lang, path, parameters);
        html::own_page(StatusCode::OK, "notice.html", &place, self)
    }
}

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

fn page(app: &App, lang: Lang, path: &str, fails: bool, mut button: Button) -> HttpResult {
    let status = if fails {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let place = Place::own(app, lang, path, &[("token", &button.token)]);
    button.action = format!("/{lang}/{path}");
    html::own_page(status, "button.html", &place, button)
}

/// The page of a link that leads to nothing any more, with the way to begin anew. Whoever only opens it is told so,
/// and has done nothing wrong; without a token, or behind a button, it is a fault.
pub fn spent(app: &App, lang: Lang, path: &str, token: &str, opened: bool) -> HttpResult {
    let (form, _) = path.rsplit_once('/').unwrap_or((path, ""));
    let button = Button {
        spent: true,
        form: format!("/{lang}/{form}"),
        token: cut(token),
        fault: Some(SPENT),
        ..Button::default()
    };
    page(app, lang, path, !opened || token.is_empty(), button)
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
) -> HttpResult {
    if fault == Some(SPENT) || token.is_empty() {
        return spent(app, lang, of.path, token, false);
    }
    let button = Button {
        asked,
        name: of.name,
        token: cut(token),
        fault,
        ..Button::default()
    };
    page(app, lang, of.path, fault.is_some(), button)
}

/// The page that lets a reader follow what was asked for, which it names: who did not ask sees what this is about.
pub async fn subscribing(
    app: &App,
    lang: Lang,
    of: Confirmation,
    token: &str,
    fault: Option<&'static str>,
) -> HttpResult {
    let (sought, now) = (cut(token), app.now());
    let opened = app
        .db
        .read::<_, Problem>(move |conn| {
            if let Some(topics) = requests::asked_for(conn, &sought, now)? {
                return Ok(Opened::Waits(words::all(conn, &topics, lang.code())?));
            }
            // Whoever has left since may begin anew.
            Ok(match leave::followed_by(conn, &sought, now)? {
                Opened::Waits(_) => Opened::Done,
                Opened::Done | Opened::Spent => Opened::Spent,
            })
        })
        .await?;
    match opened {
        Opened::Waits(asked) => confirming(app, lang, of, token, fault, asked),
        Opened::Done => {
            let query = [("token", token)];
            Notice::of("subscription-known").answer(app, lang, of.path, &query)
        }
        Opened::Spent => spent(app, lang, of.path, token, fault.is_none()),
    }
}

/// The page that lets a reader leave, or follow less.
pub async fn leaving(
    app: &App,
    lang: Lang,
    token: &str,
    fault: Option<&'static str>,
) -> HttpResult {
    const PATH: &str = "subscriptions/unsubscribe";
    let (sought, now) = (cut(token), app.now());
    let opened = app
        .db
        .read::<_, Problem>(move |conn| {
            let followed = match leave::followed_by(conn, &sought, now)? {
                Opened::Waits(followed) => followed,
                Opened::Done => return Ok(Opened::Done),
                Opened::Spent => return Ok(Opened::Spent),
            };
            let named = followed.into_iter().map(|topic| {
                Ok(Followed {
                    name: words::of(conn, &topic, lang.code())?,
                    code: topic.to_string(),
                })
            });
            Ok(Opened::Waits(named.collect::<Result<_, Problem>>()?))
        })
        .await?;
    let topics = match opened {
        Opened::Waits(topics) => topics,
        Opened::Done => {
            return Notice::of("subscription-left").answer(app, lang, PATH, &[("token", token)]);
        }
        Opened::Spent => return spent(app, lang, PATH, token, fault.is_none()),
    };
    let button = Button {
        name: "subscription-leave",
        token: cut(token),
        fault,
        topics,
        ..Button::default()
    };
    page(app, lang, PATH, fault.is_some(), button)
}
