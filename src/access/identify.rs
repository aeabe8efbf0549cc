//! From a bearer token to whoever it names.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use super::Actor;
use super::actor::covers;
use super::oidc::{self, Claims, Verifier};
use super::recent::Recent;
use super::users::store::UserRow;
use super::{keys, sessions, token, users};
use crate::app::App;
use crate::changes::Ctx;
use crate::core::author::Author;
use crate::core::ids::Kind;
use crate::core::text::nfc;
use crate::core::vocabulary::record::Role;
use crate::db::DbConn;
use crate::http::code::Code;
use crate::http::problem::Problem;

/// How exactly the last use of a key or a session is known: finer would turn every request into a
/// write.
const NOTED_EVERY: TimeDelta = TimeDelta::hours(1);

fn unknown() -> Problem {
    Problem::new(Code::Unauthenticated).detail("the token is unknown, expired or revoked")
}

/// Whom tokens name.
#[derive(Debug, Default)]
pub struct Identities {
    provider: Option<Verifier>,
    recent: Recent,
}

impl Identities {
    /// With the identity provider whose tokens are believed, if there is one.
    pub fn new(provider: Option<Verifier>) -> Self {
        let recent = Recent::default();
        Self { provider, recent }
    }

    /// Whoever this token names; 401 when it names nobody, or nobody any more.
    pub async fn identify(&self, app: &App, token: &str) -> Result<Actor, Problem> {
        let now = app.now();
        let (find, note_use): (Find, NoteUse) = match token.get(..4) {
            Some("tck_") => (by_key, keys::store::note_use),
            Some("tcs_") => (by_session, sessions::store::note_use),
            _ => {
                let provider = self.provider.as_ref();
                let provider = provider.filter(|_| oidc::looks_like_token(token));
                let claims = provider.ok_or_else(unknown)?.verify(token, now).await?;
                return by_claims(app, claims).await;
            }
        };
        let hash = token::hash(token);
        let writes = app.db.writes();
        if let Some(actor) = writes.and_then(|writes| self.recent.get(&hash, writes, now)) {
            return Ok(actor);
        }
        let asked = hash.clone();
        let found = app.db.read(move |conn| find(conn, &asked, now)).await?;
        let (actor, note) = found.ok_or_else(unknown)?;
        if let Some(id) = note {
            noted(app, move |conn| note_use(conn, id, now)).await;
        }
        if let Some(writes) = writes {
            self.recent.keep(hash, writes, actor.clone(), now);
        }
        Ok(actor)
    }
}

/// Whoever a token of the identity provider is about. Someone seen for the first time becomes a user,
/// so that changes name a person; what they may do is said by the token each time.
async fn by_claims(app: &App, claims: Claims) -> Result<Actor, Problem> {
    let now = app.now();
    let mut grants = claims.grants.clone();
    // The provider's other users are none of the registry's.
    if grants.is_empty() {
        return Err(Problem::forbidden(
            "the identity provider gives you no role in this registry",
        ));
    }
    let (issuer, subject) = (claims.issuer.clone(), claims.subject.clone());
    let find = move |conn: &mut DbConn| Ok(users::store::by_subject(conn, &issuer, &subject)?);
    let user = if let Some(user) = app.db.read::<_, Problem>(find).await? {
        user
    } else {
        let new = claims.clone();
        let user = app.db.write(move |conn| enrol(conn, &new, now)).await?;
        tracing::info!(user = %user.public_id, "somebody new from the identity provider");
        user
    };
    if !user.active {
        return Err(unknown());
    }
    let today = now.date_naive();
    let said: Vec<String> = claims.grants.iter().map(ToString::to_string).collect();
    let same = user.seen_on == Some(today)
        && user.seen_email == claims.email
        && user.seen_grants.as_deref() == Some(&said);
    if !same {
        let (user, email) = (user.id, claims.email.clone());
        noted(app, move |conn| {
            users::store::note_seen(conn, user, email.as_deref(), said, today)
        })
        .await;
    }
    grants.sort_by_key(|grant| std::cmp::Reverse(grant.role()));
    Ok(Actor {
        grants,
        person: Some(user.public_id),
        ..Actor::default()
    })
}

fn enrol(conn: &mut DbConn, claims: &Claims, now: DateTime<Utc>) -> Result<UserRow, Problem> {
    if let Some(user) = users::store::by_subject(conn, &claims.issuer, &claims.subject)? {
        return Ok(user);
    }
    let name = claims.name.as_deref().or(claims.email.as_deref());
    let name = nfc(name.unwrap_or("Single sign-on"));
    let name: String = name.chars().take(200).collect();
    let new = users::store::NewUser::new(&name, None, Vec::new());
    let ctx = Ctx::system(Role::Admin, now);
    let subject = Some((claims.issuer.as_str(), claims.subject.as_str()));
    Ok(users::store::insert(conn, &ctx, &new, None, subject)?)
}

/// The actor, and the internal key of what its last use is to be noted of.
type Found = Option<(Actor, Option<i64>)>;
type Find = fn(&mut DbConn, &str, DateTime<Utc>) -> Result<Found, Problem>;
type NoteUse = fn(&mut DbConn, i64, DateTime<Utc>) -> diesel::QueryResult<()>;

fn by_key(conn: &mut DbConn, hash: &str, now: DateTime<Utc>) -> Result<Found, Problem> {
    let Some(key) = keys::store::find(conn, hash)?.filter(|key| key.is_valid_at(now)) else {
        return Ok(None);
    };
    let grant = Author::new(key.role, key.organisation.clone());
    let holds = match key.person.as_ref().map(|id| (id.kind(), id)) {
        // A key can't do more than the person who made it can do now.
        Some((Kind::User, user)) => covers(&users::store::grants_of(conn, user)?, &grant),
        // Nor does it outlive the key it was made with.
        Some((Kind::Key, maker)) => {
            keys::store::by_id(conn, maker)?.is_some_and(|maker| maker.is_valid_at(now))
        }
        _ => true,
    };
    if !holds {
        return Ok(None);
    }
    let actor = Actor {
        grants: vec![grant],
        person: key.person.clone().or_else(|| Some(key.public_id.clone())),
        scopes: key.scopes.map(|scopes| scopes.0),
        session: None,
        key: Some(key.public_id),
    };
    let note = worth_noting(key.last_used_at, now).then_some(key.id);
    Ok(Some((actor, note)))
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
        session: Some(session.public_id),
        ..Actor::default()
    };
    let note = worth_noting(session.last_used_at, now).then_some(session.id);
    Ok(Some((actor, note)))
}

fn worth_noting(last: Option<NaiveDateTime>, now: DateTime<Utc>) -> bool {
    last.is_none_or(|last| now.naive_utc() - last >= NOTED_EVERY)
}

async fn noted(app: &App, f: impl FnOnce(&mut DbConn) -> diesel::QueryResult<()> + Send + 'static) {
    let note = move |conn: &mut DbConn| Ok(f(conn)?);
    if let Err(problem) = app.db.write::<_, Problem>(note).await {
        tracing::warn!(%problem, "the use of a token could not be noted");
    }
}
