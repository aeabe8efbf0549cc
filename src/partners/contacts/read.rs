//! Reading contacts.

use actix_web::{get, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use super::expiry::{EXPIRED, stale};
use super::rules;
use super::store::{self, ContactRow};
use super::types::ContactView;
use super::visibility::{ContactVisibilityScope, contact_scope};
use crate::changes::persons;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::condition::{Condition, texts};
use crate::db::keyset::{SortKey, Sorting};
use crate::http::extract::query::NoParams;
use crate::http::extract::{ItemParams, ItemQuery, ListParams, ListQuery, Read, path_id};
use crate::http::listing::Listing;
use crate::http::page::Page;
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond::{self, Validator};
use crate::partners::record::Partner;
use crate::partners::store::PartnerRow;
use crate::records;

/// The address of a contact.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ContactPath {
    /// The partner's id.
    #[param(example = "ptn_8x3k0q2m7t")]
    pub id: String,
    /// The contact's id.
    #[param(example = "con_8x3k0q2m7t")]
    pub contact_id: String,
}

impl ContactPath {
    /// The ids of the partner and of the contact.
    pub fn ids(&self) -> Result<(PublicId, PublicId), Problem> {
        Ok((
            path_id(Kind::Partner, "partner", &self.id)?,
            path_id(Kind::Contact, "contact", &self.contact_id)?,
        ))
    }
}

const SORTING: Sorting = Sorting {
    table: "contacts",
    keys: &[
        SortKey::text("unit", "contacts.sort_key"),
        SortKey::time("updated_at", "contacts.updated_at"),
        SortKey::time("created_at", "contacts.created_at"),
    ],
    default: "unit",
};

/// The contact of this id at this partner, when it is seen and there: 404, or 410 once it was
/// withdrawn or its consent has ended.
pub(super) fn seen(
    conn: &mut DbConn,
    id: &PublicId,
    partner: i64,
    scope: &ContactVisibilityScope,
    today: NaiveDate,
) -> Result<ContactRow, Problem> {
    let (row, _) = store::find(conn, id)?
        .filter(|(row, _)| row.partner_id == partner && scope.sees(row.contact.visibility, partner))
        .ok_or_else(|| Problem::not_found("contact"))?;
    Problem::unless_published(row.record_state, row.withdrawn_reason.as_deref())?;
    if rules::has_expired(row.contact.personal.expires_on, today) {
        // Until the hour strikes, the row is still as it was.
        Problem::unless_published(RecordState::Withdrawn, Some(EXPIRED))?;
    }
    Ok(row)
}

/// Filters of a partner's contacts.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ContactFilter {
    /// Whether nobody has verified it for twelve months.
    pub stale: Option<bool>,
}

/// List a partner's contacts
///
/// Those that the caller may see, by the name of the office: everyone the public ones, whoever is
/// logged in also the registered ones, the partner's own office and registrars all of them.
#[utoipa::path(tag = "partners", params(("id" = String, Path, description = "The partner's id", example = "ptn_8x3k0q2m7t"), ListParams, ContactFilter),
    responses((status = 200, description = "A page of contacts", body = Page<ContactView>), crate::http::openapi::Merged))]
#[get("/api/v1/partners/{id}/contacts")]
pub async fn list_partner_contacts(
    (app, request, viewer): Read,
    path: web::Path<String>,
    query: ListQuery<ContactFilter>,
) -> HttpResult {
    let today = app.today();
    // What is stale today may not have been yesterday, although nothing has changed.
    let request = if query.filter.stale.is_some() {
        request.unconditional()
    } else {
        request
    };
    let page = move |conn: &mut DbConn,
                     query: &ListQuery<ContactFilter>,
                     (partner, viewer): (PartnerRow, _)| {
        let scope = contact_scope(conn, &viewer, &[partner.id])?;
        let seen = texts(scope.of(partner.id));
        let mut condition = Condition::of(
            "contacts.record_state = ? AND contacts.partner_id = ? AND contacts.visibility IN ? \
             AND (contacts.expires_on IS NULL OR contacts.expires_on >= ?)",
            ["published".into(), partner.id.into(), seen, today.into()],
        );
        if let Some(wanted) = query.filter.stale {
            let stale = stale(conn, Some(partner.id), today)?;
            let ids = &stale;
            condition = match (stale.is_empty(), wanted) {
                // `NOT IN` an empty list would let nothing through.
                (true, true) => condition.sql(" AND 1 = 0"),
                (true, false) => condition,
                (false, true) => condition.sql(" AND contacts.public_id IN ").texts(ids),
                (false, false) => condition.sql(" AND contacts.public_id NOT IN ").texts(ids),
            };
        }
        let found = Listing::new(&SORTING, query, condition, None)
            .page::<ContactRow>(conn, store::by_keys)?;
        Ok(found.map(|row| row.view(&partner.public_id)))
    };
    let sorting = Some(&SORTING);
    records::parts::<Partner, _, _>(&app, &request, viewer, &path, query, sorting, page).await
}

/// Read a contact of a partner
///
/// 404 unless the caller may see it; 410 once it was withdrawn or the person's consent has ended.
#[utoipa::path(tag = "partners", params(ContactPath, ItemParams),
    responses((status = 200, description = "The contact", body = ContactView), crate::http::openapi::Merged))]
#[get("/api/v1/partners/{id}/contacts/{contact_id}")]
pub async fn get_partner_contact(
    (app, request, viewer): Read,
    path: web::Path<ContactPath>,
    query: ItemQuery<NoParams>,
) -> HttpResult {
    respond::includes(query.params.include.as_deref(), &[])?;
    let (id, contact) = path.ids()?;
    let today = app.today();
    let view = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let partner = records::visible::<Partner>(conn, &viewer, &id)?;
            let scope = contact_scope(conn, &viewer, &[partner.id])?;
            let row = seen(conn, &contact, partner.id, &scope, today)?;
            let mut view = row.view(&id);
            persons::name_authors(conn, &viewer, &contact, &mut view.meta)?;
            Ok(view)
        })
        .await?;
    let validator = Validator::version(view.meta.version, view.meta.updated_at);
    respond::item(&request, &validator, query.params.fields.as_deref(), &view)
}
