//! The page on which a reader of our mails leaves: it shows a button, and opening it changes nothing.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use diesel::QueryResult;
use serde::Serialize;

use super::store::{self, Holder};
use super::words;
use crate::access::token;
use crate::app::App;
use crate::db::DbConn;
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

/// What the button of a link does.
#[derive(Debug, Clone, Copy)]
pub struct Confirmation {
    /// The address behind the language.
    pub path: &'static str,
    /// The beginning of the keys of its texts.
    pub name: &'static str,
}

/// Leaving, or following less.
pub const LEAVE: Confirmation = Confirmation {
    path: "subscriptions/unsubscribe",
    name: "subscription-leave",
};

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

/// To whom a token was sent, and, in words, what the page that confirms names of what they asked for, and the other
/// one of what they follow.
async fn holder(
    app: &App,
    lang: Lang,
    token: &str,
    confirms: bool,
) -> Result<(Holder, Vec<Followed>), Problem> {
    let (hash, now) = (token::hash(&cut(token)), app.now());
    let find = move |conn: &mut DbConn| {
        let holder = store::holder(conn, &hash, now)?;
        let topics = match &holder {
            Holder::Asks(asked) if confirms => asked.topics.clone(),
            Holder::Subscribes(subscriber) if !confirms => store::followed(conn, *subscriber)?,
            _ => BTreeSet::new(),
        };
        let named = topics.into_iter().map(|topic| {
            Ok(Followed {
                name: words::of(conn, &topic, lang.code())?,
                code: topic.to_string(),
            })
        });
        Ok((holder, named.collect::<QueryResult<_>>()?))
    };
    app.db.read(find).await
}

/// The page that lets a reader follow what was asked for, which it names: who did not ask sees what this is about.
pub async fn subscribing(
    app: &App,
    lang: Lang,
    of: Confirmation,
    token: &str,
    fault: Option<&'static str>,
) -> HttpResult {
    let (holder, topics) = holder(app, lang, token, true).await?;
    match holder {
        Holder::Asks(_) => {
            let asked = topics.into_iter().map(|topic| topic.name).collect();
            confirming(app, lang, of, token, fault, asked)
        }
        Holder::Subscribes(_) => {
            let query = [("token", token)];
            Notice::of("subscription-known").answer(app, lang, of.path, &query)
        }
        // Whoever has left since may begin anew.
        Holder::Left | Holder::Nobody => spent(app, lang, of.path, token, fault.is_none()),
    }
}

/// The page that lets a reader leave, or follow less.
pub async fn leaving(
    app: &App,
    lang: Lang,
    token: &str,
    fault: Option<&'static str>,
) -> HttpResult {
    let (holder, topics) = holder(app, lang, token, false).await?;
    match holder {
        Holder::Left => {
            let query = [("token", token)];
            return Notice::of("subscription-left").answer(app, lang, LEAVE.path, &query);
        }
        Holder::Nobody => return spent(app, lang, LEAVE.path, token, fault.is_none()),
        // Nothing is followed until it is confirmed.
        Holder::Asks(_) | Holder::Subscribes(_) => {}
    }
    let button = Button {
        name: LEAVE.name,
        token: cut(token),
        fault,
        topics,
        ..Button::default()
    };
    page(app, lang, LEAVE.path, fault.is_some(), button)
}
