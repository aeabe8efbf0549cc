//! From a bearer token to whoever it names.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use super::Actor;
use super::actor::covers;
use super::{keys, sessions, users};
use crate::app::App;
use crate::core::author::Author;
use crate::core::digest;
use crate::core::ids::Kind;
use crate::db::DbConn;
use crate::http::code::Code;
use crate::http::problem::Problem;

/// How exactly the last use of a key or a session is known: finer would turn every request into a
/// write.
const NOTED_EVERY: TimeDelta = TimeDelta::hours(1);

/// SHA-256 of a token. A fast hash is right here: the token is 256 random bits and can't be guessed,
/// unlike a password.
pub fn hash(token: &str) -> String {
    digest::sha256(token.as_bytes())
}

/// A new token with this prefix: 256 random bits in base64.
pub fn token(prefix: &str) -> String {
    use base64::Engine;
    let bytes: [u8; 32] = rand::random();
    format!(
        "{prefix}{}",
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
    )
}

fn unknown() -> Problem {
    Problem::new(Code::Unauthenticated).detail("the token is unknown, expired or revoked")
}

/// Whoever this token names; 401 when it names nobody, or nobody any more.
pub async fn identify(app: &App, token: &str) -> Result<Actor, Problem> {
    let now = app.now();
    let hash = hash(token);
    if token.starts_with("tck_") {
        let (actor, note) = app
            .db
            .read(move |conn| by_key(conn, &hash, now))
            .await?
            .ok_or_else(unknown)?;
        if let Some(id) = note {
            note_use(app, move |conn| keys::store::note_use(conn, id, now)).await;
        }
        return Ok(actor);
    }
    if token.starts_with("tcs_") {
        let (actor, note) = app
            .db
            .read(move |conn| by_session(conn, &hash, now))
            .await?
            .ok_or_else(unknown)?;
        if let Some(id) = note {
            note_use(app, move |conn| sessions::store::note_use(conn, id, now)).await;
        }
        return Ok(actor);
    }
    Err(unknown())
}

/// The actor, and the internal key of what its last use is to be noted of.
type Found = Option<(Actor, Option<i64>)>;

fn by_key(conn: &mut DbConn, hash: &str, now: DateTime<Utc>) -> Result<Found, Problem> {
    let Some(key) = keys::store::find(conn, hash)?.filter(|key| key.is_valid_at(now)) else {
        return Ok(None);
    };
    let grant = Author::new(key.role, key.organisation.clone());
    // A key can't do more than the person who made it can do now.
    if let Some(user) = key.person.as_ref().filter(|id| id.kind() == Kind::User) {
        let held = users::store::grants_of(conn, user)?;
        if !covers(&held, &grant) {
            return Ok(None);
        }
    }
    let actor = Actor {
        grants: vec![grant],
        person: key.person.clone().or_else(|| Some(key.public_id.clone())),
        scopes: key.scopes()?,
        session: None,
        key: Some(key.public_id),
    };
    Ok(Some((
        actor,
        worth_noting(key.last_used_at, now).then_some(key.id),
    )))
}

fn by_session(conn: &mut DbConn, hash: &str, now: DateTime<Utc>) -> Result<Found, Problem> {
    let Some(session) = sessions::store::find(conn, hash)?.filter(|it| it.is_valid_at(now)) else {
        return Ok(None);
    };
    let Some(user) = users::store::by_key(conn, session.user_id)?.filter(|user| user.active) else {
        return Ok(None);
    };
    let actor = Actor {
        grants: users::store::grants(conn, &user)?,
        person: Some(user.public_id),
        key: None,
        session: Some(session.public_id),
        scopes: None,
    };
    let note = worth_noting(session.last_used_at, now).then_some(session.id);
    Ok(Some((actor, note)))
}

fn worth_noting(last: Option<NaiveDateTime>, now: DateTime<Utc>) -> bool {
    last.is_none_or(|last| now.naive_utc() - last >= NOTED_EVERY)
}

async fn note_use(
    app: &App,
    f: impl FnOnce(&mut DbConn) -> diesel::QueryResult<()> + Send + 'static,
) {
    let noted = app
        .db
        .write(move |conn| -> Result<(), Problem> { Ok(f(conn)?) })
        .await;
    if let Err(problem) = noted {
        tracing::warn!(%problem, "the use of a token could not be noted");
    }
}
