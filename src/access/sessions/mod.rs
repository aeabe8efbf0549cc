//! Log-ins: `/sessions`.

pub mod store;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::passwords::{Hasher, Throttle};
use super::{Actor, users};
use crate::access::Write;
use crate::app::App;
use crate::core::ids::{Kind, PublicId};
use crate::core::text::nfc;
use crate::db::DbConn;
use crate::http::code::Code;
use crate::http::extract::query::NoParams;
use crate::http::extract::{
    ItemQuery, JsonBody, ListParams, ListQuery, Query, ReadRequest, path_id,
};
use crate::http::listing::{self, page_of};
use crate::http::page::Page;
use crate::http::problem::{HttpResult, Problem};
use crate::http::write::Written;
use store::SessionRow;

/// Longest name of a browser that is kept.
const MAX_AGENT: usize = 200;

/// Who logs in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogIn {
    /// The address.
    #[schema(example = "office@example.org")]
    pub email: String,
    /// The password.
    #[schema(example = "correct horse battery staple")]
    pub password: String,
}

/// A new session.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionToken {
    /// The session's id.
    #[schema(example = "ses_8x3k0q2m7t")]
    pub id: PublicId,
    /// What to send as `Authorization: Bearer`; not shown again.
    #[schema(example = "tcs_9FvE0yTq3kQmX2nB7wZcR5sH1dLjPaUgKoVxYi8MeN4")]
    pub token: String,
    /// When it ends by itself.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub expires_at: DateTime<Utc>,
}

/// A session of the caller.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// The id.
    #[schema(example = "ses_8x3k0q2m7t")]
    pub id: PublicId,
    /// Whether it is the one that asks.
    pub current: bool,
    /// The program it was begun with, as that names itself.
    #[schema(example = "curl/8.5.0")]
    pub agent: Option<String>,
    /// When it began.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub created_at: DateTime<Utc>,
    /// When it ends by itself.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to the hour.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub last_used_at: Option<DateTime<Utc>>,
}

fn view(row: SessionRow, current: Option<&PublicId>) -> SessionView {
    SessionView {
        current: current == Some(&row.public_id),
        id: row.public_id,
        agent: row.agent,
        created_at: row.created_at.and_utc(),
        expires_at: row.expires_at.and_utc(),
        last_used_at: row.last_used_at.map(|time| time.and_utc()),
    }
}

fn refused() -> Problem {
    Problem::new(Code::Unauthenticated)
        .detail("there is no active user with this address and password")
}

/// Log in
///
/// For users with a password. An unknown address, a wrong password and a user who was deactivated
/// get the same answer in the same time. After ten failures for one address within fifteen minutes,
/// or sixty attempts a minute from one host, 429.
#[utoipa::path(tag = "access", extensions(("x-state" = json!("live"))), request_body = LogIn,
    responses((status = 201, description = "The session; its token is not shown again", body = SessionToken, headers(("Location")))))]
#[post("/api/v1/sessions")]
pub async fn create_session(
    app: web::Data<App>,
    throttle: web::Data<Throttle>,
    hasher: web::Data<Hasher>,
    req: HttpRequest,
    _: Query<NoParams>,
    body: JsonBody,
) -> HttpResult {
    let input: LogIn = body.read()?;
    let now = app.now();
    let email = users::types::canonical_email(&input.email);
    throttle.attempt(&app, &req, &email)?;
    let sought = email.clone();
    let find = move |conn: &mut DbConn| Ok(users::store::by_email(conn, &sought)?);
    let user = app.db.read::<_, Problem>(find).await?;
    let user = user.filter(|user| user.active);
    let known = user.as_ref().and_then(|user| user.password.clone());
    let right = hasher.verify(input.password, known).await?;
    let Some(user) = user.filter(|_| right) else {
        return Err(refused());
    };
    throttle.succeeded(&email);
    let agent = req
        .headers()
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .map(|agent| nfc(agent).chars().take(MAX_AGENT).collect::<String>());
    let (row, token) = app
        .db
        .write::<_, Problem>(move |conn| {
            // The password may have been changed while this one was compared.
            let still = users::store::by_key(conn, user.id)?
                .is_some_and(|now| now.active && now.password == user.password);
            if !still {
                return Err(refused());
            }
            Ok(store::begin(conn, user.id, agent.as_deref(), now)?)
        })
        .await?;
    Ok(HttpResponse::Created()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::LOCATION, "/api/v1/sessions/current"))
        .json(SessionToken {
            id: row.public_id,
            token,
            expires_at: row.expires_at.and_utc(),
        }))
}

/// The user who asks: keys that belong to nobody have no sessions.
fn own(conn: &mut DbConn, actor: &Actor) -> Result<Option<i64>, Problem> {
    let Some(id) = actor.person.as_ref().filter(|id| id.kind() == Kind::User) else {
        return Ok(None);
    };
    Ok(users::store::find(conn, id)?.map(|user| user.id))
}

/// List one's sessions
///
/// Those of the caller that still run, the newest first.
#[utoipa::path(tag = "access", extensions(("x-state" = json!("live"))), params(ListParams),
    responses((status = 200, description = "A page of sessions", body = Page<SessionView>)))]
#[get("/api/v1/sessions")]
pub async fn list_sessions(
    actor: Actor,
    app: web::Data<App>,
    request: ReadRequest,
    query: ListQuery<NoParams>,
) -> HttpResult {
    let now = app.now();
    // Sessions come and go without a change of the registry.
    listing::answer_live(&app, &request, query, move |conn, query| {
        let all = match own(conn, &actor)? {
            Some(user) => store::running(conn, user, now)?,
            None => Vec::new(),
        };
        let found = page_of(all, query, |row| row.public_id.to_string())?;
        Ok(found.map(|row| view(row, actor.session.as_ref())))
    })
    .await
}

/// Read the session that asks
///
/// 404 for callers who came with a key.
#[utoipa::path(tag = "access", extensions(("x-state" = json!("live"))),
    responses((status = 200, description = "The session", body = SessionView), (status = 404)))]
#[get("/api/v1/sessions/current")]
pub async fn get_current_session(
    actor: Actor,
    app: web::Data<App>,
    _query: ItemQuery<NoParams>,
) -> HttpResult {
    let id = actor.session.ok_or_else(|| Problem::not_found("session"))?;
    let sought = id.clone();
    let row = app
        .db
        .read(move |conn| store::by_id(conn, &sought)?.ok_or_else(|| Problem::not_found("session")))
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(view(row, Some(&id))))
}

/// Log out
///
/// The session of the token that is sent ends at once.
#[utoipa::path(tag = "access", extensions(("x-state" = json!("live"))),
    responses((status = 204, description = "The session has ended"), (status = 404)))]
#[delete("/api/v1/sessions/current")]
pub async fn end_current_session(write: Write, _: Query<NoParams>) -> HttpResult {
    let current = write.actor.session.clone();
    let id = current.ok_or_else(|| Problem::not_found("session"))?;
    end(write, id).await
}

/// End one of one's sessions
///
/// Such as one that was left open elsewhere.
#[utoipa::path(tag = "access", extensions(("x-state" = json!("live"))), params(("id" = String, Path, description = "The session's id", example = "ses_8x3k0q2m7t")),
    responses((status = 204, description = "The session has ended")))]
#[delete("/api/v1/sessions/{id}")]
pub async fn end_session(write: Write, path: web::Path<String>, _: Query<NoParams>) -> HttpResult {
    let id = path_id(Kind::Session, "session", &path)?;
    end(write, id).await
}

async fn end(write: Write, id: PublicId) -> HttpResult {
    write
        .run(move |conn, writing| {
            let now = writing.ctx.now;
            let user = own(conn, &writing.actor)?;
            let row = store::by_id(conn, &id)?
                .filter(|row| Some(row.user_id) == user && row.is_valid_at(now))
                .ok_or_else(|| Problem::not_found("session"))?;
            store::end(conn, row.id, now)?;
            Ok(Written::nothing())
        })
        .await
}
