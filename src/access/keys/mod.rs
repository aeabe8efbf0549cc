//! API keys: `/api-keys`. Shown once, stored hashed, limited, expiring, revocable.

pub mod store;
mod types;

use actix_web::{delete, get, post, web};

use super::Actor;
use super::actor::covers;
use crate::access::{JsonWrite, Write};
use crate::app::App;
use crate::changes::{self, Change, Ctx};
use crate::core::author::Author;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::record::{ChangeOp, Entity, KeyScope, Role};
use crate::db::DbConn;
use crate::http::extract::query::NoParams;
use crate::http::extract::{DryRun, ListParams, ListQuery, Query, ReadRequest, path_id};
use crate::http::listing::{self, page_of};
use crate::http::page::Page;
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond;
use crate::http::write::Written;
use store::Key;
pub use types::{KeyIn, KeyMade, KeyView};

/// Whether the caller may see and revoke this key: administrators every one, others their own.
fn is_theirs(actor: &Actor, key: &Key) -> bool {
    actor.grants.iter().any(|grant| grant.role() == Role::Admin)
        || (actor.person.is_some()
            && (key.person == actor.person || Some(&key.public_id) == actor.person.as_ref()))
}

/// List API keys
///
/// One's own; for administrators those of everybody. Never the keys themselves.
#[utoipa::path(tag = "access", extensions(("x-state" = json!("live"))), params(ListParams),
    responses((status = 200, description = "A page of keys", body = Page<KeyView>)))]
#[get("/api/v1/api-keys")]
pub async fn list_api_keys(
    actor: Actor,
    app: web::Data<App>,
    request: ReadRequest,
    query: ListQuery<NoParams>,
) -> HttpResult {
    let now = app.now();
    // The last use is noted without a change of the registry.
    listing::answer_live(&app, &request, query, move |conn, query| {
        let mut all = store::list(conn)?;
        all.retain(|key| is_theirs(&actor, key));
        let found = page_of(all, query, |key| key.public_id.to_string())?;
        Ok(found.map(|key| KeyView::new(key, now)))
    })
    .await
}

/// Make an API key
///
/// It acts as the person who makes it, in one role that this person has. The answer is the only one
/// that ever holds the key: an `Idempotency-Key` is not kept for it.
#[utoipa::path(tag = "access", extensions(("x-state" = json!("live"))), params(DryRun), request_body = KeyIn,
    responses((status = 201, description = "The key, which is not shown again", body = KeyMade)))]
#[post("/api/v1/api-keys")]
pub async fn create_api_key(mut sent: JsonWrite) -> HttpResult {
    sent.write.request.key = None;
    sent.run(move |conn, writing, body| {
        let now = writing.ctx.now;
        let mut issues = Issues::default();
        let new = types::check(conn, body.read()?, &writing.actor, now, &mut issues)?;
        let new = issues.finish(new)?;
        let grant = Author::new(new.role, new.organisation.clone());
        may_make(&writing.actor, &grant, new.scopes.as_deref())?;
        let (id, key) = store::create(conn, &new, now)?;
        log(conn, &writing.ctx, &id, ChangeOp::Created, &grant)?;
        let expires_at = new.expires_at;
        let made = KeyMade {
            id,
            key,
            expires_at,
        };
        Ok(Written::made(respond::to_value(&made)?))
    })
    .await
}

/// 403 when a key of this role and these scopes could do what the caller can't.
fn may_make(actor: &Actor, grant: &Author, scopes: Option<&[KeyScope]>) -> Result<(), Problem> {
    let of_user = actor.person.as_ref().map(PublicId::kind) == Some(Kind::User);
    let within = |held: &Vec<KeyScope>| {
        scopes.is_some_and(|wanted| wanted.iter().all(|scope| held.contains(scope)))
    };
    let refusal = if actor.session.is_none() && actor.key.is_none() {
        // What they may do is said by each of their tokens, and by nothing in between.
        "people of the identity provider have no keys: a key would outlive their roles there"
    } else if actor.key.is_some() && of_user {
        // It would outlive the one it was made with, and nobody would know where it came from.
        "log in to make a key"
    } else if !covers(&actor.grants, grant) {
        "a key can have only a role that its maker has"
    } else if !actor.scopes.as_ref().is_none_or(within) {
        "a limited key can make only keys with scopes of its own"
    } else {
        return Ok(());
    };
    Err(Problem::forbidden(refusal))
}

/// Revoke an API key
///
/// It stops working at once, in other instances of the registry within 200 ms.
#[utoipa::path(tag = "access", extensions(("x-state" = json!("live"))), params(("id" = String, Path, description = "The key's id", example = "key_8x3k0q2m7t")),
    responses((status = 204, description = "Revoked")))]
#[delete("/api/v1/api-keys/{id}")]
pub async fn revoke_api_key(
    write: Write,
    path: web::Path<String>,
    _: Query<NoParams>,
) -> HttpResult {
    let id = path_id(Kind::Key, "key", &path)?;
    write
        .run(move |conn, writing| {
            let now = writing.ctx.now;
            let key = store::by_id(conn, &id)?
                .filter(|key| key.revoked_at.is_none() && is_theirs(&writing.actor, key))
                .ok_or_else(|| Problem::not_found("key"))?;
            store::revoke(conn, &id, now)?;
            let grant = Author::new(key.role, key.organisation);
            log(conn, &writing.ctx, &id, ChangeOp::Withdrawn, &grant)?;
            Ok(Written::nothing())
        })
        .await
}

fn log(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    op: ChangeOp,
    grant: &Author,
) -> diesel::QueryResult<i64> {
    let after = serde_json::json!({ "id": id, "grant": grant.as_str() });
    let change = Change::of(Entity::Key, (id, 1), None, &after);
    changes::record(conn, ctx, &Change { op, ..change })
}
