//! Users: `/users` for administrators, `/me` for oneself.

pub mod me;
pub mod store;
pub mod types;

use actix_web::{delete, get, patch, post, web};

use super::Actor;
use super::authorize::open_to;
use super::passwords::{self, mails};
use crate::access::{JsonWrite, Write};
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::record::Role;
use crate::db::DbConn;
use crate::http::code::Code;
use crate::http::extract::query::NoParams;
use crate::http::extract::write::Reason;
use crate::http::extract::{
    DryRun, ItemQuery, JsonBody, ListParams, ListQuery, Query, Read, path_id,
};
use crate::http::listing::{self, of_all, page_of};
use crate::http::page::Page;
use crate::http::patch;
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond::{self, Validator};
use crate::http::write::Written;
use store::{NewUser, UserRow};
use types::{UserIn, UserView};

fn etag(row: &UserRow) -> String {
    format!("\"{}\"", row.version)
}

fn view(conn: &mut DbConn, row: UserRow) -> Result<UserView, Problem> {
    types::views(conn, vec![row])?
        .pop()
        .ok_or_else(|| Problem::new(Code::Internal))
}

/// List users
///
/// For administrators.
#[utoipa::path(tag = "access", params(ListParams),
    responses((status = 200, description = "A page of users", body = Page<UserView>)))]
#[get("/api/v1/users")]
pub async fn list_users((app, request, _viewer): Read, query: ListQuery<NoParams>) -> HttpResult {
    listing::answer(&app, &request, query, None, of_all, |conn, query, ()| {
        let found = page_of(store::all(conn)?, query, |user| user.public_id.to_string())?;
        Ok(found.shown(|users| types::views(conn, users))?)
    })
    .await
}

/// Read a user
///
/// For administrators.
#[utoipa::path(tag = "access", params(("id" = String, Path, description = "The user's id", example = "usr_8x3k0q2m7t")),
    responses((status = 200, description = "The user", body = UserView)))]
#[get("/api/v1/users/{id}")]
pub async fn get_user(
    (app, request, _viewer): Read,
    path: web::Path<String>,
    _query: ItemQuery<NoParams>,
) -> HttpResult {
    let id = path_id(Kind::User, "user", &path)?;
    let shown = app
        .db
        .read(move |conn| {
            let row = store::find(conn, &id)?.ok_or_else(|| Problem::not_found("user"))?;
            view(conn, row)
        })
        .await?;
    let validator = Validator::version(shown.version, shown.updated_at);
    respond::item(&request, &validator, None, &shown)
}

/// Make a user
///
/// Without a password an invitation goes out by mail: its link sets one, once, within seven days. With
/// one, an `Idempotency-Key` is not kept.
#[utoipa::path(tag = "access", params(DryRun), request_body = UserIn,
    responses((status = 201, description = "The user", body = UserView)))]
#[post("/api/v1/users")]
pub async fn create_user(
    mut write: Write,
    hasher: web::Data<passwords::Hasher>,
    _: Query<DryRun>,
    body: JsonBody,
) -> HttpResult {
    not_limited(&write.actor)?;
    let mut input: UserIn = body.read()?;
    // A kept digest of a body with a password would be a way to guess it.
    if input.password.is_some() {
        write.request.key = None;
    }
    let mut issues = Issues::default();
    let (given, email) = (input.password.take(), input.email.as_deref());
    let password = passwords::check("/password", given, email, &mut issues);
    let hash = match password {
        Some(password) => Some(hasher.hash(password).await?),
        None => None,
    };
    write
        .run_once(body.hash(), move |conn, writing| {
            let new = types::check(conn, input, false, &mut issues)?;
            let new = issues.finish(new)?;
            not_taken(conn, None, &new)?;
            let row = store::insert(conn, &writing.ctx, &new, hash.as_deref(), None)?;
            if hash.is_none() {
                mails::invite(conn, &writing.ctx, &row)?;
            }
            let (tag, location) = (etag(&row), format!("/api/v1/users/{}", row.public_id));
            let body = respond::to_value(&view(conn, row)?)?;
            Ok(Written::created(body, tag, location))
        })
        .await
}

/// 409 when another user has this address.
fn not_taken(conn: &mut DbConn, own: Option<&PublicId>, new: &NewUser) -> Result<(), Problem> {
    let Some(email) = &new.email else {
        return Ok(());
    };
    let taken = "another user has this address";
    match store::by_email(conn, email)? {
        Some(other) if Some(&other.public_id) != own => Err(Problem::new(Code::IdentifierTaken)
            .detail(taken)
            .member("duplicate_of", other.public_id.as_str())
            .field("/email", "identifier_taken", taken)),
        _ => Ok(()),
    }
}

/// Change a user
///
/// `roles` replaces all of them; `active: false` ends the user's sessions and keys at once.
#[utoipa::path(tag = "access", params(("id" = String, Path, description = "The user's id", example = "usr_8x3k0q2m7t"), DryRun),
    request_body = UserIn, responses((status = 200, description = "The user as it now is", body = UserView)))]
#[patch("/api/v1/users/{id}")]
pub async fn update_user(sent: JsonWrite, path: web::Path<String>) -> HttpResult {
    let id = path_id(Kind::User, "user", &path)?;
    not_limited(&sent.write.actor)?;
    sent.run(move |conn, writing, body| {
        let row = store::find(conn, &id)?.ok_or_else(|| Problem::not_found("user"))?;
        writing.if_match.require(row.version, &etag(&row))?;
        let current = respond::to_value(&view(conn, row.clone())?)?;
        let patch = body.value()?;
        patch::not_null(&patch, "active")?;
        let input: UserIn = patch::patched(current, &patch)?;
        if input.password.is_some() {
            return Err(Problem::new(Code::ValidationFailed).field(
                "/password",
                "read_only",
                "a password is changed by its owner, at /api/v1/me",
            ));
        }
        let mut issues = Issues::default();
        let new = types::check(conn, input, row.email.is_none(), &mut issues)?;
        let new = issues.finish(new)?;
        not_taken(conn, Some(&id), &new)?;
        not_oneself(&writing.actor, &id, new.active)?;
        let after = store::update(conn, &writing.ctx, &row, &new)?;
        not_the_last(conn, &row, &after)?;
        // The invitation went to another address.
        let invited = after.password.is_none() && after.oidc_issuer.is_none();
        if after.active && invited && after.email != row.email {
            mails::invite(conn, &writing.ctx, &after)?;
        }
        let tag = etag(&after);
        let body = respond::to_value(&view(conn, after)?)?;
        Ok(Written::changed(body, tag))
    })
    .await
}

/// 409 when someone would lock themselves out.
fn not_oneself(actor: &Actor, id: &PublicId, active: bool) -> Result<(), Problem> {
    if !active && actor.person.as_ref() == Some(id) {
        return Err(Problem::new(Code::InUse).detail("nobody can deactivate themselves"));
    }
    Ok(())
}

/// 403 for a limited key: whom it lets in could do more than it can.
fn not_limited(actor: &Actor) -> Result<(), Problem> {
    let detail = "a key with scopes gives nobody rights: log in, or use a key without";
    open_to(actor.scopes.is_none(), detail)
}

/// 409 when nobody would be left who manages access.
fn not_the_last(conn: &mut DbConn, before: &UserRow, after: &UserRow) -> Result<(), Problem> {
    let was = before.active && before.registry_role == Some(Role::Admin);
    let is = after.active && after.registry_role == Some(Role::Admin);
    if was && !is && !store::has_admin(conn)? {
        return Err(Problem::new(Code::InUse)
            .detail("this is the last administrator: make another one first"));
    }
    Ok(())
}

/// Deactivate a user
///
/// Sessions and keys end at once; what the user did stays signed. PATCH `active: true` undoes it,
/// without the keys.
#[utoipa::path(tag = "access", params(("id" = String, Path, description = "The user's id", example = "usr_8x3k0q2m7t"), Reason),
    responses((status = 204, description = "Deactivated")))]
#[delete("/api/v1/users/{id}")]
pub async fn deactivate_user(
    write: Write,
    path: web::Path<String>,
    _reason: Query<Reason>,
) -> HttpResult {
    let id = path_id(Kind::User, "user", &path)?;
    write
        .run(move |conn, writing| {
            let row = store::find(conn, &id)?.ok_or_else(|| Problem::not_found("user"))?;
            writing.if_match.require(row.version, &etag(&row))?;
            not_oneself(&writing.actor, &id, false)?;
            let new = store::unchanged(&row, false);
            let after = store::update(conn, &writing.ctx, &row, &new)?;
            not_the_last(conn, &row, &after)?;
            Ok(Written::nothing())
        })
        .await
}
