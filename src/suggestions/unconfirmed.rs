//! Suggestions of whoever has sent several and runs no script to solve a puzzle: held until a link in a mail is
//! opened and its button pressed.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::submit;
use super::types::SuggestionIn;
use crate::access::{Throttle, token};
use crate::changes::Ctx;
use crate::core::ids::PublicId;
use crate::db::schema::held_suggestions as held;
use crate::db::{DbConn, json};
use crate::find_row;
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::jobs::mail::{self, Mail, Template};
use crate::jobs::{self, Handlers};

/// How long one is held; then it is erased with its address.
const WAITS: TimeDelta = TimeDelta::hours(48);

/// The kind of job that erases what nobody has confirmed.
const ERASE: &str = "unconfirmed_suggestion";

/// What is to be erased.
#[derive(Serialize, Deserialize)]
struct Unconfirmed {
    hash: String,
}

/// A suggestion that was confirmed: all that is kept of it here, so that its link can say so.
#[derive(Debug, Serialize, Deserialize)]
pub struct Confirmed {
    /// Its id.
    pub id: PublicId,
    /// The record it is about.
    pub target: Option<String>,
}

/// What the link in a mail leads to.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Held {
    /// It was confirmed before.
    Arrived(Confirmed),
    /// It waits for its button.
    Waits(Box<SuggestionIn>),
}

/// With the job of this room.
pub fn handle(handlers: Handlers) -> Handlers {
    handlers.write(ERASE, "token", erase)
}

/// Erases what still waits, also when it can't be read any more.
fn erase(
    conn: &mut DbConn,
    Unconfirmed { hash }: &Unconfirmed,
    _: DateTime<Utc>,
) -> Result<(), Problem> {
    if !matches!(kept(conn, hash), Ok(Some((Held::Arrived(_), _)))) {
        diesel::delete(held::table.filter(held::hash.eq(hash))).execute(conn)?;
    }
    Ok(())
}

/// Holds a suggestion, every rule of it checked, and sends the link that lets it through; 429 when the address
/// was written to too often.
pub fn hold(
    conn: &mut DbConn,
    ctx: &Ctx,
    input: &SuggestionIn,
    throttle: &Throttle,
) -> Result<(), Problem> {
    submit::check(conn, ctx, input)?;
    let email = input.email.as_deref().map(str::trim).unwrap_or_default();
    if email.is_empty() {
        let rule = "a link is sent to this address";
        return Err(Problem::invalid("/email", "needs_email", rule));
    }
    if !throttle.link(email, ctx.now) {
        return Err(Problem::new(Code::TooManyRequests).detail("too many mails to this address"));
    }
    let token = token::new("tch_");
    let hash = token::hash(&token);
    diesel::insert_into(held::table)
        .values((
            held::hash.eq(&hash),
            held::body.eq(json::text(input)?),
            held::created_at.eq(ctx.now.naive_utc()),
        ))
        .execute(conn)?;
    let expires = ctx.now + WAITS;
    jobs::push_at(conn, ERASE, &Unconfirmed { hash }, ctx.now, expires)?;
    let lang = input.lang.as_deref().unwrap_or("en");
    let letter = Mail::new(Template::SuggestionConfirm, email, lang)
        .with("token", token)
        .expiring(expires);
    Ok(mail::push(conn, &letter, ctx.now)?)
}

/// What is kept under this hash, and since when.
fn kept(conn: &mut DbConn, hash: &str) -> Result<Option<(Held, NaiveDateTime)>, Problem> {
    let selected = (held::body, held::created_at);
    let found: Option<(String, NaiveDateTime)> =
        find_row!(held, conn, held::hash.eq(hash) => selected)?;
    found
        .map(|(body, since)| Ok((json::value(&body)?, since)))
        .transpose()
}

/// What the link with this token leads to; none when it is nobody's, or its time is over.
pub fn held_for(
    conn: &mut DbConn,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<Held>, Problem> {
    let ends = (now - WAITS).naive_utc();
    let found = kept(conn, &token::hash(token))?;
    let holds = |(what, since): &(Held, _)| matches!(what, Held::Arrived(_)) || *since > ends;
    Ok(found.filter(holds).map(|(what, _)| what))
}

/// Takes in what is held for this token; 422 when nothing is. The same token again changes nothing.
pub fn confirm(
    conn: &mut DbConn,
    ctx: &Ctx,
    token: &str,
    throttle: &Throttle,
) -> Result<Confirmed, Problem> {
    let input = match held_for(conn, token, ctx.now)? {
        Some(Held::Waits(input)) => *input,
        Some(Held::Arrived(confirmed)) => return Ok(confirmed),
        None => {
            let rule = "the link is not complete, or has expired";
            return Err(Problem::invalid("/token", "invalid_token", rule));
        }
    };
    let target = input.target.clone();
    let id = submit::submit(conn, ctx, input, false, throttle)?;
    let confirmed = Confirmed { id, target };
    diesel::update(held::table.filter(held::hash.eq(token::hash(token))))
        .set(held::body.eq(json::text(&confirmed)?))
        .execute(conn)?;
    Ok(confirmed)
}
