//! `/me`: who one is, and one's own password.

use actix_web::{HttpRequest, HttpResponse, get, patch, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::types::{self, UserView};
use super::{store, view};
use crate::access::passwords::{self, mails};
use crate::access::{Actor, Hasher, Throttle, Write};
use crate::app::App;
use crate::core::author::Author;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::record::KeyScope;
use crate::http::extract::query::NoParams;
use crate::http::extract::{DryRun, JsonBody, Query};
use crate::http::problem::{HttpResult, Problem, validated};
use crate::http::write::Written;
use crate::http::{respond, validate};

/// Whoever asks.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct MeView {
    /// What one may act as, the strongest first.
    pub grants: Vec<Author>,
    /// The user, for those who are one.
    #[schema(inline = false)]
    pub user: Option<UserView>,
    /// The key the request came with.
    #[schema(example = "key_8x3k0q2m7t")]
    pub key_id: Option<PublicId>,
    /// What that key is limited to; absent when it is not.
    pub scopes: Option<Vec<KeyScope>>,
}

/// What one may change of oneself.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeIn {
    /// What one is called.
    #[schema(min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// The language of mail: `en` or `pl`.
    #[schema(example = "pl")]
    pub lang: Option<String>,
    /// The new password; every other session ends.
    #[schema(min_length = 12, max_length = 200)]
    pub password: Option<String>,
    /// The password until now; needed for a new one.
    pub current_password: Option<String>,
}

/// Who am I?
///
/// What the caller's token stands for, and what it may act as.
#[utoipa::path(tag = "access", extensions(("x-state" = json!("live"))),
    responses((status = 200, description = "The caller", body = MeView)))]
#[get("/api/v1/me")]
pub async fn get_me(actor: Actor, app: web::Data<App>, _: Query<NoParams>) -> HttpResult {
    let person = actor.person.clone().filter(|id| id.kind() == Kind::User);
    let user = match person {
        None => None,
        Some(id) => {
            let found = app.db.read(move |conn| match store::find(conn, &id)? {
                Some(row) => view(conn, row).map(Some),
                None => Ok(None),
            });
            found.await?
        }
    };
    let me = MeView {
        grants: actor.grants,
        user,
        key_id: actor.key,
        scopes: actor.scopes,
    };
    Ok(HttpResponse::Ok()
        .insert_header((actix_web::http::header::CACHE_CONTROL, "no-store"))
        .json(me))
}

/// Change oneself
///
/// Name, language and password. A new password needs the one until now, and ends every other
/// session.
#[utoipa::path(tag = "access", extensions(("x-state" = json!("live"))), params(DryRun), request_body = MeIn,
    responses((status = 200, description = "The user as it now is", body = UserView)))]
#[patch("/api/v1/me")]
pub async fn update_me(
    write: Write,
    throttle: web::Data<Throttle>,
    hasher: web::Data<Hasher>,
    req: HttpRequest,
    _: Query<DryRun>,
    body: JsonBody,
) -> HttpResult {
    let person = write.actor.person.clone();
    let Some(id) = person.filter(|id| id.kind() == Kind::User) else {
        return Err(Problem::forbidden("this key belongs to no user"));
    };
    if write.actor.session.is_none() {
        return Err(Problem::forbidden("log in to change yourself"));
    }
    let input: MeIn = body.read()?;
    let mut issues = Issues::default();
    let name = validate::text("/name", input.name, 200, &mut issues);
    let lang = input
        .lang
        .map(|lang| types::lang("/lang", Some(lang), &mut issues));
    let sought = id.clone();
    let row = write
        .app
        .db
        .read(move |conn| store::find(conn, &sought)?.ok_or_else(|| Problem::not_found("user")))
        .await?;
    let etag = super::etag(&row);
    write.request.if_match.check(row.version, &etag)?;
    let email = row.email.as_deref();
    let password = passwords::check("/password", input.password, email, &mut issues);
    let hash = match password {
        None => None,
        Some(password) => {
            let current = input.current_password.unwrap_or_default();
            let address = email.unwrap_or(id.as_str());
            throttle.attempt(&write.app, &req, address)?;
            if hasher.verify(current, row.password.clone()).await? {
                throttle.succeeded(address);
                Some(hasher.hash(password).await?)
            } else {
                let rule = "must be the password until now";
                issues.add("/current_password", "wrong_password", rule);
                None
            }
        }
    };
    validated(issues)?;
    write
        .run_once(body.hash(), move |conn, writing| {
            let mut row = store::find(conn, &id)?.ok_or_else(|| Problem::not_found("user"))?;
            if name.is_some() || lang.is_some() {
                let mut new = store::unchanged(&row, row.active);
                new.name = name.unwrap_or(new.name);
                new.lang = lang.unwrap_or(new.lang);
                row = store::update(conn, &writing.ctx, &row, &new)?;
            }
            if let Some(hash) = hash {
                let kept = writing.actor.session.as_ref();
                row = store::set_password(conn, &writing.ctx, &row, &hash, kept)?;
                mails::changed(conn, &writing.ctx, &row)?;
            }
            let tag = super::etag(&row);
            Ok(Written::changed(respond::to_value(&view(conn, row)?)?, tag))
        })
        .await
}
