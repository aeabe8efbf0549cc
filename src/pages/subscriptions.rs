//! Pages of subscriptions: ask, confirm, leave. Whatever changes something is a button: scanners of mail open
//! links.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, get, post, web};
use serde::Serialize;

use super::page_request::Link;
use crate::access::Throttle;
use crate::app::App;
use crate::core::country::Country;
use crate::core::issue::Checked;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::agreement::FieldOfCooperation;
use crate::html::collation;
use crate::html::forms::{Fault, Sent, faults};
use crate::html::lang::Lang;
use crate::html::{self, Place};
use crate::http::problem::{HttpResult, Problem};
use crate::subscriptions::page::{self, Confirmation, LEAVE, Notice};
use crate::subscriptions::{self, Left, SubscriptionIn, Topic, words};

const PATH: &str = "subscriptions";
const CONFIRM: Confirmation = Confirmation {
    path: "subscriptions/confirm",
    name: "subscription-confirm",
};

/// Something that can be followed.
#[derive(Debug, Serialize)]
struct Choice {
    code: String,
    name: String,
}

impl Choice {
    /// All of them by their names.
    fn sorted(lang: Lang, topics: impl Iterator<Item = (Topic, String)>) -> Vec<Self> {
        let choice = |(topic, name): (Topic, String)| Self {
            code: topic.to_string(),
            name,
        };
        let mut all: Vec<Self> = topics.map(choice).collect();
        all.sort_by_cached_key(|choice| collation::key(lang, &choice.name));
        all
    }

    fn fields(lang: Lang) -> Vec<Self> {
        let named = |field: &FieldOfCooperation| {
            let name = html::label_or_code(lang, FieldOfCooperation::VOCABULARY, field.code());
            (Topic::Field(*field), name)
        };
        Self::sorted(lang, FieldOfCooperation::all().iter().map(named))
    }

    fn countries(lang: Lang) -> Vec<Self> {
        let named = |country: &Country| {
            let name = html::country(lang, country.as_str());
            (Topic::Country(*country), name)
        };
        Self::sorted(lang, Country::all().iter().map(named))
    }
}

/// The form, with what was typed.
#[derive(Debug, Default, Serialize)]
struct Form {
    choices: Vec<Choice>,
    fields: Vec<Choice>,
    countries: Vec<Choice>,
    topic: String,
    frequency: String,
    email: String,
    faults: Vec<Fault>,
}

/// What the key of a fault of a link is.
pub(super) fn link_fault(problem: Problem) -> Result<&'static str, Problem> {
    let code = problem.errors().first().map(|error| error.code.as_str());
    match code {
        Some("too_many_topics") => Ok("fault-too-many-topics"),
        Some("invalid_token") => Ok("fault-invalid-token"),
        Some("unknown_reference") => Ok("fault-unknown-reference"),
        _ => Err(problem),
    }
}

async fn form(app: &App, lang: Lang, form: Form) -> HttpResult {
    let chosen = form.topic.parse::<Topic>().ok();
    let choices = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let named = |topic: &Topic| matches!(topic, Topic::Partner(_) | Topic::Network(_));
            let offered = chosen.filter(named).into_iter();
            let choice = |topic: Topic| {
                Ok(Choice {
                    name: words::of(conn, &topic, lang.code())?,
                    code: topic.to_string(),
                })
            };
            offered.chain([Topic::NewAgreements]).map(choice).collect()
        })
        .await?;
    let place = Place::own(app, lang, PATH, &[("topic", &form.topic)]);
    let form = Form {
        choices,
        fields: Choice::fields(lang),
        countries: Choice::countries(lang),
        ..form
    };
    html::own_page(StatusCode::OK, "follow.html", &place, form)
}

/// The form alone, for `?topic=`.
#[get("/{lang:en|pl}/subscriptions")]
pub async fn follow_page(app: web::Data<App>, link: Link) -> HttpResult {
    let asked = Form {
        topic: link.parameter("topic").to_owned(),
        frequency: link.parameter("frequency").to_owned(),
        ..Form::default()
    };
    form(&app, link.lang, asked).await
}

/// Asks for a subscription, as the API does.
#[post("/{lang:en|pl}/subscriptions")]
pub async fn follow(
    app: web::Data<App>,
    throttle: web::Data<Throttle>,
    req: HttpRequest,
    link: Link,
    sent: Sent,
) -> HttpResult {
    let lang = link.lang;
    let frequency = sent
        .text("frequency")
        .map(|text| Checked(text.parse().map_err(|invalid| (text, invalid))));
    let input = SubscriptionIn {
        email: sent.text("email"),
        topics: sent.text("topic").map(|topic| vec![topic]),
        lang: Some(lang.code().to_owned()),
        frequency,
    };
    let Err(problem) = subscriptions::ask(&app, &throttle, &req, input).await else {
        return Notice::of("follow-sent").answer(&app, lang, PATH, &[]);
    };
    let (refusal, faults) = faults(lang, problem, &["email", "topics", "frequency"])?;
    let typed = Form {
        faults,
        topic: sent.get("topic").to_owned(),
        frequency: sent.get("frequency").to_owned(),
        email: sent.get("email").to_owned(),
        ..Form::default()
    };
    Ok(refusal.with(form(&app, lang, typed).await?))
}

/// Shows the button that confirms.
#[get("/{lang:en|pl}/subscriptions/confirm")]
pub async fn confirm_page(app: web::Data<App>, link: Link) -> HttpResult {
    page::subscribing(&app, link.lang, CONFIRM, link.parameter("token"), None).await
}

/// Confirms.
#[post("/{lang:en|pl}/subscriptions/confirm")]
pub async fn confirm(app: web::Data<App>, link: Link, sent: Sent) -> HttpResult {
    let (lang, token, now) = (link.lang, sent.get("token").to_owned(), app.now());
    let db = &app.db;
    let confirmed = db.write(move |conn| subscriptions::confirm(conn, &token, now));
    match confirmed.await {
        Ok(()) => {
            let query = [("token", sent.get("token"))];
            Notice::of("subscription-confirmed").answer(&app, lang, CONFIRM.path, &query)
        }
        Err(problem) => {
            let fault = link_fault(problem)?;
            page::subscribing(&app, lang, CONFIRM, sent.get("token"), Some(fault)).await
        }
    }
}

/// Shows the button that lets a reader leave.
#[get("/{lang:en|pl}/subscriptions/unsubscribe")]
pub async fn leave_page(app: web::Data<App>, link: Link) -> HttpResult {
    page::leaving(&app, link.lang, link.parameter("token"), None).await
}

/// Lets a reader leave, or follow less.
#[post("/{lang:en|pl}/subscriptions/unsubscribe")]
pub async fn leave(app: web::Data<App>, link: Link, sent: Sent) -> HttpResult {
    let (lang, token, now) = (link.lang, sent.get("token").to_owned(), app.now());
    let topic = sent.text("topic").map(|topic| topic.parse::<Topic>());
    let topic = topic
        .transpose()
        .map_err(|_none| Problem::not_found("topic"))?;
    let left = app
        .db
        .write(move |conn| subscriptions::leave(conn, &token, topic.as_ref(), now))
        .await;
    let name = match left {
        Ok(Left::Everything) => "subscription-left",
        Ok(Left::Some) => "subscription-stays",
        Err(problem) => {
            let fault = link_fault(problem)?;
            return page::leaving(&app, lang, sent.get("token"), Some(fault)).await;
        }
    };
    let query = [("token", sent.get("token"))];
    Notice::of(name).answer(&app, lang, LEAVE.path, &query)
}
