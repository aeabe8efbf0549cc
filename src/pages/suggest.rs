//! The form for suggestions: of any record and any of its fields, without a log-in, a script or a puzzle to read.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, get, post, web};
use serde::Serialize;

use super::facts::{correctable, fact};
use super::page_request::Link;
use super::reader::Reader;
use super::short::page_of;
use super::subjects::{Subject, subjects};
use super::subscriptions::link_fault;
use crate::access::Throttle;
use crate::app::App;
use crate::changes::Ctx;
use crate::core::ids::PublicId;
use crate::html::forms::{Fault, Sent, faults};
use crate::html::lang::Lang;
use crate::html::{self, Place};
use crate::http::code::Code;
use crate::http::extract::{Viewer, WriteRequest};
use crate::http::problem::{HttpResult, Problem};
use crate::kinds;
use crate::subscriptions::page::{self, Confirmation, Notice};
use crate::suggestions::submit::{self, SuggestionIn};
use crate::suggestions::unconfirmed::{self, Confirmed, Held};

const PATH: &str = "suggest";
const CONFIRM: Confirmation = Confirmation {
    path: "suggest/confirm",
    name: "suggest-confirm",
};

/// Fields of the form.
const FIELDS: &[&str] = &["field", "message", "evidence_url", "email"];

/// What is wrong with a field that records of the kind do not have.
const NO_FIELD: &str = "fault-no-field";

/// Whether a field is named, and is none of these.
fn is_bogus(fields: &[&str], field: &str) -> bool {
    !field.is_empty() && !fields.is_empty() && !fields.contains(&field)
}

/// The form, with what was typed.
#[derive(Debug, Default, Serialize)]
struct Form {
    /// What the record is called; none for a suggestion about the registry.
    title: Option<String>,
    back: Option<String>,
    /// What the record says now; none when it is not of a kind that has a page.
    subject: Option<Subject>,
    fields: &'static [&'static str],
    target: String,
    field: String,
    message: String,
    evidence_url: String,
    email: String,
    faults: Vec<Fault>,
}

async fn form(app: &App, lang: Lang, mut form: Form) -> HttpResult {
    if !form.target.is_empty() {
        let id = form.target.parse::<PublicId>();
        let id = id.map_err(|_unreadable| Problem::not_found("record"))?;
        form.fields = correctable(id.kind());
        if is_bogus(form.fields, &form.field) {
            form.faults.insert(0, Fault::new(lang, "field", NO_FIELD));
        }
        form.back = page_of(lang, &id);
        let (today, all) = (app.today(), app.clone());
        let (title, subject) = app
            .db
            .read(move |conn| -> Result<_, Problem> {
                kinds::visible(conn, &Viewer::default(), &id)?;
                let name = kinds::display_name(conn, &id, lang.code())?;
                let mut reader = Reader::new(conn, &all, lang, today, None);
                let subject = subjects(&mut reader, std::slice::from_ref(&id))?.remove(&id);
                Ok((name.unwrap_or_else(|| id.to_string()), subject))
            })
            .await?;
        form.title = Some(title);
        form.subject = subject;
    }
    let query = [("target", &*form.target), ("field", &*form.field)];
    let place = Place::own(app, lang, PATH, &query);
    html::own_page(StatusCode::OK, "suggest.html", &place, form)
}

/// The form, for `?target=` and `&field=`.
#[get("/{lang:en|pl}/suggest")]
pub async fn suggest_page(app: web::Data<App>, link: Link) -> HttpResult {
    let asked = Form {
        target: link.parameter("target").to_owned(),
        field: fact(link.parameter("field")).to_owned(),
        ..Form::default()
    };
    form(&app, link.lang, asked).await
}

/// Takes in a suggestion as the API does, whose id that gives. Without a script nobody solves a puzzle: whoever has
/// sent several is sent a link instead, for which it waits, and has to give an address.
async fn send(
    app: &App,
    throttle: &web::Data<Throttle>,
    req: &HttpRequest,
    ctx: Ctx,
    input: SuggestionIn,
) -> Result<Option<PublicId>, Problem> {
    // What is refused anyway is not counted.
    let (asked, by) = (input.clone(), ctx.clone());
    app.db
        .read(move |conn| submit::check(conn, &by, &asked))
        .await?;
    let needs_proof = throttle.suggestion(app, req)?;
    let throttle = web::Data::clone(throttle);
    if needs_proof && input.proof.is_none() {
        if input.email.is_none() {
            let rule = "a link is sent there";
            return Err(Problem::invalid("/email", "needs_email", rule));
        }
        app.db
            .write(move |conn| unconfirmed::hold(conn, &ctx, &input, &throttle))
            .await?;
        return Ok(None);
    }
    app.db
        .write(move |conn| submit::submit(conn, &ctx, input, needs_proof, &throttle))
        .await
        .map(Some)
}

/// Takes in a suggestion.
#[post("/{lang:en|pl}/suggest")]
pub async fn suggest(
    app: web::Data<App>,
    throttle: web::Data<Throttle>,
    req: HttpRequest,
    request: WriteRequest,
    link: Link,
    sent: Sent,
) -> HttpResult {
    let lang = link.lang;
    let input = SuggestionIn {
        target: sent.text("target"),
        field: sent.text("field").map(|name| format!("/{name}")),
        message: sent.text("message"),
        evidence_url: sent.text("evidence_url"),
        email: sent.text("email"),
        lang: Some(lang.code().to_owned()),
        proof: sent.text("proof"),
        patch: None,
    };
    let ctx = submit::stranger(&app, Viewer::default(), request.request_id);
    let target = sent.get("target").parse::<PublicId>().ok();
    let fields = target.as_ref().map(|id| correctable(id.kind()));
    let sending = if is_bogus(fields.unwrap_or_default(), sent.get("field")) {
        // The form says so when it is shown again.
        Err(Problem::new(Code::ValidationFailed))
    } else {
        send(&app, &throttle, &req, ctx, input).await
    };
    let told = |name: &'static str, id: Option<PublicId>| {
        let notice = Notice {
            name,
            number: id.map(|id| id.to_string()),
            back: target.and_then(|id| page_of(lang, &id)),
        };
        notice.answer(&app, lang, PATH, &[("target", sent.get("target"))])
    };
    let (refusal, faults) = match sending {
        Ok(Some(id)) => return told("suggest-sent", Some(id)),
        Ok(None) => return told("suggest-mailed", None),
        Err(problem) => faults(lang, problem, FIELDS)?,
    };
    let typed = Form {
        faults,
        target: sent.get("target").to_owned(),
        field: sent.get("field").to_owned(),
        message: sent.get("message").to_owned(),
        evidence_url: sent.get("evidence_url").to_owned(),
        email: sent.get("email").to_owned(),
        ..Form::default()
    };
    Ok(refusal.with(form(&app, lang, typed).await?))
}

/// Shows the button that lets a suggestion through.
#[get("/{lang:en|pl}/suggest/confirm")]
pub async fn confirm_page(app: web::Data<App>, link: Link) -> HttpResult {
    let (lang, token, now) = (link.lang, link.parameter("token"), app.now());
    let sought = token.to_owned();
    let db = &app.db;
    let held = db.read(move |conn| unconfirmed::held_for(conn, &sought, now));
    match held.await? {
        Some(Held::Waits(_)) => page::confirming(&app, lang, CONFIRM, token, None, Vec::new()),
        Some(Held::Arrived(confirmed)) => {
            let notice = arrived("suggest-known", lang, confirmed);
            notice.answer(&app, lang, CONFIRM.path, &[("token", token)])
        }
        None => page::spent(&app, lang, CONFIRM.path, token, true),
    }
}

/// The page of a suggestion that was confirmed, now or before.
fn arrived(name: &'static str, lang: Lang, confirmed: Confirmed) -> Notice {
    let target = confirmed.target.and_then(|id| id.parse().ok());
    Notice {
        name,
        number: Some(confirmed.id.to_string()),
        back: target.and_then(|id| page_of(lang, &id)),
    }
}

/// Lets it through.
#[post("/{lang:en|pl}/suggest/confirm")]
pub async fn confirm(
    app: web::Data<App>,
    throttle: web::Data<Throttle>,
    request: WriteRequest,
    link: Link,
    sent: Sent,
) -> HttpResult {
    let (lang, token) = (link.lang, sent.get("token").to_owned());
    let ctx = submit::stranger(&app, Viewer::default(), request.request_id);
    let db = &app.db;
    let confirmed = db.write(move |conn| unconfirmed::confirm(conn, &ctx, &token, &throttle));
    match confirmed.await {
        Ok(confirmed) => arrived("suggest-sent", lang, confirmed).answer(&app, lang, PATH, &[]),
        Err(problem) => {
            let fault = link_fault(problem)?;
            let token = sent.get("token");
            page::confirming(&app, lang, CONFIRM, token, Some(fault), Vec::new())
        }
    }
}
