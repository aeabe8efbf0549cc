//! Recording, changing and withdrawing contacts. They don't wait for a second pair of eyes: an office
//! keeps its own addresses, and what is known of a person goes without delay.

use actix_web::{delete, patch, post, web};

use super::read::{self, ContactPath};
use super::rules::{self, NewContact};
use super::store::{self, ContactRow};
use super::types::{ContactIn, ContactView};
use super::visibility::{ContactVisibilityScope, contact_scope};
use crate::access::{JsonWrite, Write, Writing, review};
use crate::changes::Ctx;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::person::Person;
use crate::core::vocabulary::record::ChangeOp;
use crate::db::DbConn;
use crate::http::code::Code;
use crate::http::extract::write::Reason;
use crate::http::extract::{DryRun, Query, path_id};
use crate::http::problem::{HttpResult, Problem};
use crate::http::write::Written;
use crate::http::{patch, respond};
use crate::partners::record::Partner;
use crate::records::{editable, visible};

/// The contact at the version that was read, for somebody who may edit it.
fn find_to_edit(
    conn: &mut DbConn,
    writing: &mut Writing,
    (id, contact): &(PublicId, PublicId),
) -> Result<(ContactRow, ContactVisibilityScope), Problem> {
    let partner = visible::<Partner>(conn, &writing.ctx.viewer, id)?;
    let scope = contact_scope(conn, &writing.ctx.viewer, &[partner.id])?;
    let row = read::seen(conn, contact, partner.id, &scope, writing.ctx.today())?;
    writing.may_edit(conn, id)?;
    writing.ctx.state = partner.record_state;
    writing.if_match.require(row.version, &row.etag())?;
    Ok((row, scope))
}

/// The contact, every rule checked; 403 when whoever records it could not see it.
fn checked(
    input: ContactIn,
    ctx: &Ctx,
    scope: &ContactVisibilityScope,
    partner: i64,
) -> Result<NewContact, Problem> {
    let mut issues = Issues::default();
    let new = rules::check(input, ctx.today(), &mut issues);
    let new = issues.finish(new)?;
    if scope.sees(new.visibility, partner) {
        Ok(new)
    } else {
        Err(Problem::forbidden(
            "internal contacts are recorded by the partner's own office",
        ))
    }
}

fn value(row: ContactRow, partner: &PublicId) -> Result<serde_json::Value, Problem> {
    respond::to_value(&row.view(partner))
}

/// Record a contact of a partner
///
/// Of an office, or of a person who has agreed: then `is_personal` and `consent_given_on` say so, it
/// is never public, and it goes away by itself when the consent ends.
#[utoipa::path(tag = "partners", params(("id" = String, Path, description = "The partner's id", example = "ptn_8x3k0q2m7t"), DryRun),
    extensions(("x-address" = json!({ "id": "$response.body#/partner_id", "contact_id": "$response.body#/id" }))),
    request_body = ContactIn, responses((status = 201, description = "The contact as recorded", body = ContactView)))]
#[post("/api/v1/partners/{id}/contacts")]
pub async fn create_partner_contact(write: JsonWrite, path: web::Path<String>) -> HttpResult {
    let id = path_id(Kind::Partner, "partner", &path)?;
    write
        .run(move |conn, writing, body| {
            let partner = editable::<Partner>(conn, writing, &id)?;
            let scope = contact_scope(conn, &writing.ctx.viewer, &[partner.id])?;
            writing.if_match.check_version(partner.version)?;
            let new = checked(body.read()?, &writing.ctx, &scope, partner.id)?;
            let row = store::insert(conn, &writing.ctx, (partner.id, &id), &new)?;
            let location = format!("/api/v1/partners/{id}/contacts/{}", row.public_id);
            let etag = row.etag();
            Ok(Written::created(value(row, &id)?, etag, location))
        })
        .await
}

/// Change a contact of a partner
///
/// A new consent is a new `consent_given_on` with `expires_on` of its own, or null for one year.
#[utoipa::path(tag = "partners", params(ContactPath, DryRun),
    request_body = ContactIn, responses((status = 200, description = "The contact as it now is", body = ContactView)))]
#[patch("/api/v1/partners/{id}/contacts/{contact_id}")]
pub async fn update_partner_contact(write: JsonWrite, path: web::Path<ContactPath>) -> HttpResult {
    let ids = path.ids()?;
    write
        .run(move |conn, writing, body| {
            let (before, scope) = find_to_edit(conn, writing, &ids)?;
            let patch = body.value()?;
            // What is set to null is what it usually is, and that may be public.
            patch::not_null(&patch, "visibility")?;
            let shown = value(before.clone(), &ids.0)?;
            let input = patch::patched(shown.clone(), &patch)?;
            let new = checked(input, &writing.ctx, &scope, before.partner_id)?;
            let shown = Written::changed(shown, before.etag());
            review::change_unless_same(conn, shown, |conn| {
                let after = store::update(conn, &writing.ctx, (&before, &ids.0), &new)?
                    .ok_or_else(Problem::overtaken)?;
                let etag = after.etag();
                Ok(Written::changed(value(after, &ids.0)?, etag))
            })
        })
        .await
}

/// Withdraw a contact of a partner
///
/// The id stays and answers 410 with the reason. Of a personal contact everything about the person is
/// emptied at once: there is no way back.
#[utoipa::path(tag = "partners", params(ContactPath, Reason),
    responses((status = 204, description = "Withdrawn")))]
#[delete("/api/v1/partners/{id}/contacts/{contact_id}")]
pub async fn withdraw_partner_contact(
    write: Write,
    path: web::Path<ContactPath>,
    reason: Query<Reason>,
) -> HttpResult {
    let ids = path.ids()?;
    write
        .run(move |conn, writing| {
            let (before, _) = find_to_edit(conn, writing, &ids)?;
            let reason = reason.checked()?;
            names_nobody(reason.as_deref(), &before)?;
            let both = (&before, &ids.0);
            store::withdraw(
                conn,
                &writing.ctx,
                both,
                ChangeOp::Withdrawn,
                reason.as_deref(),
            )?
            .ok_or_else(Problem::overtaken)?;
            Ok(Written::nothing())
        })
        .await
}

/// 422 when the reason, which is public, repeats the person's name or an address.
fn names_nobody(reason: Option<&str>, row: &ContactRow) -> Result<(), Problem> {
    let Some(reason) = reason else { return Ok(()) };
    let NewContact {
        email,
        phone,
        personal,
        ..
    } = &row.contact;
    let person = personal.person_name.as_deref().and_then(Person::new);
    let named = person.is_some_and(|person| person.stands_in(reason));
    let mut addresses = [email, phone].into_iter().flatten();
    let reason = reason.to_lowercase();
    let addressed = addresses.any(|address| reason.contains(&address.to_lowercase()));
    if !named && !addressed {
        return Ok(());
    }
    Err(Problem::new(Code::ValidationFailed)
        .detail("the reason breaks a rule")
        .parameter(
            "reason",
            "names_person",
            "must not hold the name or the address of the contact: it is public",
        ))
}
