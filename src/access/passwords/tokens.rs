//! Links that set a password: each works once and not for long.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use strum::IntoStaticStr;

use crate::access::token;
use crate::access::users::store::{self as users, UserRow};
use crate::db::DbConn;
use crate::db::prepared::Prepare as _;
use crate::db::schema::password_tokens;
use crate::http::problem::Problem;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Purpose {
    /// The first password of a new user.
    Invitation,
    /// A new password for one who has forgotten it.
    PasswordReset,
}

impl Purpose {
    /// How long a link works.
    pub fn lasts(self) -> TimeDelta {
        match self {
            Self::Invitation => TimeDelta::days(7),
            Self::PasswordReset => TimeDelta::hours(1),
        }
    }

    fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Makes a token, which is not kept; links sent before stop working.
pub fn make(
    conn: &mut DbConn,
    user: i64,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> QueryResult<(String, DateTime<Utc>)> {
    let token = token::new("tct_");
    let expires = now + purpose.lasts();
    diesel::delete(password_tokens::table)
        .filter(password_tokens::user_id.eq(user))
        .filter(password_tokens::purpose.eq(purpose.as_str()))
        .execute(conn)?;
    diesel::insert_into(password_tokens::table)
        .values((
            password_tokens::user_id.eq(user),
            password_tokens::purpose.eq(purpose.as_str()),
            password_tokens::hash.eq(token::hash(&token)),
            password_tokens::created_at.eq(now.naive_utc()),
            password_tokens::expires_at.eq(expires.naive_utc()),
        ))
        .prepared()
        .execute(conn)?;
    Ok((token, expires))
}

fn refused() -> Problem {
    Problem::invalid(
        "/token",
        "invalid_token",
        "the link was used already, has expired, or was replaced by a newer one; ask for another",
    )
}

/// The user a token was sent to, if it would be taken now; 422 otherwise.
pub fn usable(
    conn: &mut DbConn,
    hash: &str,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<(i64, UserRow), Problem> {
    use password_tokens as p;
    let row: Option<(i64, i64)> = p::table
        .filter(p::hash.eq(hash))
        .filter(p::purpose.eq(purpose.as_str()))
        .filter(p::used_at.is_null())
        .filter(p::expires_at.gt(now.naive_utc()))
        .select((p::id, p::user_id))
        .first(conn)
        .optional()?;
    let (id, user) = row.ok_or_else(refused)?;
    let user = users::by_key(conn, user)?.filter(|user| user.active);
    user.map(|user| (id, user)).ok_or_else(refused)
}

/// Takes a token: it won't be taken again.
pub fn spend(
    conn: &mut DbConn,
    hash: &str,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<UserRow, Problem> {
    let (id, user) = usable(conn, hash, purpose, now)?;
    diesel::update(password_tokens::table.find(id))
        .set(password_tokens::used_at.eq(Some(now.naive_utc())))
        .execute(conn)?;
    Ok(user)
}
