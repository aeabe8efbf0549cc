//! Mail about passwords, put into the outbox in the transaction that causes it.

use chrono::{DateTime, Utc};
use diesel::QueryResult;
use serde::{Deserialize, Serialize};

use super::tokens::{self, Purpose};
use crate::access::users::store::{self, UserRow};
use crate::access::users::types;
use crate::changes::Ctx;
use crate::db::DbConn;
use crate::http::problem::Problem;
use crate::jobs::mail::{self, Mail, Template};
use crate::jobs::{self, Handlers};

/// The kind of job that sends a link to reset a password, if there is anybody to send it to.
const RESET: &str = "password_reset";

/// Invites a new user to set a password.
pub fn invite(conn: &mut DbConn, ctx: &Ctx, user: &UserRow) -> QueryResult<()> {
    let Some(email) = &user.email else {
        return Ok(());
    };
    let (token, expires) = tokens::make(conn, user.id, Purpose::Invitation, ctx.now)?;
    let offices = types::offices(conn, user)?;
    let mut letter = Mail::new(Template::Invitation, email, &user.lang)
        .with("name", &user.name)
        .with("token", token)
        .expiring(expires);
    if !offices.is_empty() {
        letter = letter.with("office", offices.join(", "));
    }
    mail::push(conn, &letter, ctx.now)
}

/// Tells a user that the password was changed.
pub fn changed(conn: &mut DbConn, ctx: &Ctx, user: &UserRow) -> QueryResult<()> {
    let Some(email) = &user.email else {
        return Ok(());
    };
    let letter = Mail::new(Template::PasswordChanged, email, &user.lang);
    mail::push(conn, &letter, ctx.now)
}

/// Whose password is to be reset.
#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    email: String,
}

/// Asks for a link to reset the password of whoever has this address. Whether there is anybody is
/// found out by the worker, so that the answer takes the same time in both cases.
pub fn ask_for_reset(conn: &mut DbConn, email: &str, now: DateTime<Utc>) -> QueryResult<()> {
    let email = email.to_owned();
    jobs::push(conn, RESET, &Asked { email }, now)
}

/// With the job that sends these links.
pub fn handle(handlers: Handlers) -> Handlers {
    handlers.write(RESET, "address", send_reset)
}

fn send_reset(conn: &mut DbConn, asked: &Asked, now: DateTime<Utc>) -> Result<(), Problem> {
    let user = store::by_email(conn, &asked.email)?.filter(|user| user.active);
    let Some(user) = user else { return Ok(()) };
    let (token, expires) = tokens::make(conn, user.id, Purpose::PasswordReset, now)?;
    let letter = Mail::new(Template::PasswordReset, &asked.email, &user.lang)
        .with("token", token)
        .expiring(expires);
    Ok(mail::push(conn, &letter, now)?)
}
