//! Rows of sessions.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;

use crate::access::token;
use crate::core::ids::{Kind, PublicId};
use crate::db::prepared::Prepare as _;
use crate::db::schema::sessions;
use crate::db::{DbConn, columns_of};
use crate::find_row;

/// How long a log-in lasts: a working day.
pub const LASTS: TimeDelta = TimeDelta::hours(12);

/// A session as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct SessionRow {
    pub(crate) id: i64,
    pub(crate) public_id: PublicId,
    pub(crate) user_id: i64,
    pub(crate) agent: Option<String>,
    pub(crate) created_at: NaiveDateTime,
    pub(crate) expires_at: NaiveDateTime,
    pub(crate) ended_at: Option<NaiveDateTime>,
    pub(crate) last_used_at: Option<NaiveDateTime>,
}

impl SessionRow {
    /// Whether it opens anything at this time.
    pub fn is_valid_at(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && now.naive_utc() < self.expires_at
    }
}

/// Begins a session; the row and the token, which is not kept.
pub fn begin(
    conn: &mut DbConn,
    user: i64,
    agent: Option<&str>,
    now: DateTime<Utc>,
) -> QueryResult<(SessionRow, String)> {
    let token = token::new("tcs_");
    // Long over: kept no longer than anybody would look for them.
    diesel::delete(
        sessions::table.filter(sessions::expires_at.lt((now - TimeDelta::days(90)).naive_utc())),
    )
    .execute(conn)?;
    let row = diesel::insert_into(sessions::table)
        .values((
            sessions::public_id.eq(PublicId::random(Kind::Session)),
            sessions::user_id.eq(user),
            sessions::hash.eq(token::hash(&token)),
            sessions::agent.eq(agent),
            sessions::created_at.eq(now.naive_utc()),
            sessions::expires_at.eq((now + LASTS).naive_utc()),
        ))
        .returning(columns_of::<SessionRow>())
        .prepared()
        .get_result(conn)?;
    Ok((row, token))
}

/// The session of this token's hash, valid or not.
pub fn find(conn: &mut DbConn, hash: &str) -> QueryResult<Option<SessionRow>> {
    find_row!(sessions, conn, sessions::hash.eq(hash) => columns_of::<SessionRow>())
}

/// The session of this id.
pub fn by_id(conn: &mut DbConn, id: &PublicId) -> QueryResult<Option<SessionRow>> {
    find_row!(sessions, conn, sessions::public_id.eq(id) => columns_of::<SessionRow>())
}

/// The sessions of a user that still run, the newest first.
pub fn running(conn: &mut DbConn, user: i64, now: DateTime<Utc>) -> QueryResult<Vec<SessionRow>> {
    sessions::table
        .filter(sessions::user_id.eq(user))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now.naive_utc()))
        .order(sessions::id.desc())
        .select(columns_of::<SessionRow>())
        .load(conn)
}

/// Ends a session.
pub fn end(conn: &mut DbConn, id: i64, now: DateTime<Utc>) -> QueryResult<()> {
    diesel::update(sessions::table.find(id))
        .set(sessions::ended_at.eq(Some(now.naive_utc())))
        .execute(conn)
        .map(drop)
}

/// Notes that a session was used.
pub fn note_use(conn: &mut DbConn, id: i64, now: DateTime<Utc>) -> QueryResult<()> {
    diesel::update(sessions::table.find(id))
        .set(sessions::last_used_at.eq(Some(now.naive_utc())))
        .execute(conn)
        .map(drop)
}
