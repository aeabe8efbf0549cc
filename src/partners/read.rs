//! Reading partners.

use actix_web::{HttpResponse, get, web};
use chrono::NaiveDate;
use diesel::QueryResult;
use serde::Deserialize;
use utoipa::IntoParams;

use super::contacts::{self, sight::sight};
use super::merge::Tombstone;
use super::merge::write::tombstone;
use super::reference;
use super::store::{self, PartnerRow};
use super::types::PartnerView;
use crate::app::App;
use crate::changes::{self, persons};
use crate::core::country::{Country, Subdivision};
use crate::core::identifier::Identifier;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::agreement::FieldOfCooperation;
use crate::core::vocabulary::partner::PartnerKind;
use crate::core::vocabulary::record::{Entity, RecordState};
use crate::db::DbConn;
use crate::db::condition::{Condition, Value, published};
use crate::db::keyset::{SortKey, Sorting};
use crate::http::extract::params::{Bbox, Id, List, Near, Parsed, Since, Words};
use crate::http::extract::viewer::Driven;
use crate::http::extract::{
    ItemParams, ItemQuery, ListParams, ListQuery, ReadRequest, Viewer, path_id,
};
use crate::http::listing::{Listing, is_settled};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::respond::{self, Validator};

/// What can be embedded in a partner.
pub const INCLUDES: &[&str] = &["sources", "citations", "contacts"];

/// Filters of partners.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PartnerFilter {
    /// Text in any of its names, in any script, with or without accents.
    #[param(value_type = Option<String>, min_length = 1, max_length = 200, example = "bialystok")]
    pub q: Option<Parsed<Words>>,
    /// Countries, separated by commas.
    #[param(value_type = Option<String>, example = "PL,LT")]
    pub country: Option<List<Country>>,
    /// Subdivisions (ISO 3166-2), separated by commas.
    #[param(value_type = Option<String>, example = "PL-20")]
    pub subdivision: Option<List<Subdivision>>,
    /// Kinds, separated by commas.
    #[param(value_type = Option<String>, example = "municipality,county")]
    pub kind: Option<List<PartnerKind>>,
    /// An identifier, as scheme:value. A code that was handed on finds all who carry it, the living one
    /// first unless `sort` says otherwise.
    #[param(value_type = Option<String>, example = "wikidata:Q761")]
    pub identifier: Option<Parsed<Identifier>>,
    /// Whether it is party to any published agreement.
    pub has_agreement: Option<bool>,
    /// Members of these networks today, separated by commas: with a live membership as member (suspended
    /// or not) or observer; who has only applied, or has left, does not count.
    #[param(value_type = Option<String>, example = "net_8x3k0q2m7t")]
    pub network: Option<List<Id>>,
    /// Inside this box: west,south,east,north in degrees; west may be greater than east across the date line.
    #[param(value_type = Option<String>, example = "22.9,53.0,23.4,53.3")]
    pub bbox: Option<Parsed<Bbox>>,
    /// Not farther than this from a point: latitude,longitude,kilometres.
    #[param(value_type = Option<String>, example = "53.13,23.16,50")]
    pub near: Option<Parsed<Near>>,
    /// Looking for partners in these fields, separated by commas.
    #[param(value_type = Option<String>, example = "youth")]
    pub seeking_field: Option<List<FieldOfCooperation>>,
    /// Changed at this time or later (RFC 3339): those with a new version, not those that show something
    /// else of other records (the feed tells of these).
    #[param(value_type = Option<String>, example = "2026-01-01T00:00:00Z")]
    pub updated_since: Option<Parsed<Since>>,
    /// Also drafts, or only drafts, of the caller's own office: states separated by commas. Without
    /// it only what is published.
    #[param(value_type = Option<String>, example = "published")]
    pub record_state: Option<List<RecordState>>,
}

const SORTING: Sorting = Sorting {
    table: "partners",
    keys: &[
        SortKey::text("name", "partners.sort_key"),
        SortKey::integer(
            "population",
            "COALESCE(partners.population, 9223372036854775807)",
            "COALESCE(partners.population, -1)",
        ),
        SortKey::text("country", "partners.country"),
        SortKey::time("created_at", "partners.created_at"),
        SortKey::time("updated_at", "partners.updated_at"),
    ],
    default: "name",
};

/// The order without `sort=` when an identifier is asked for: codes of places are handed on, and the
/// body that carries one today comes first.
const BY_LIFE: Sorting = Sorting {
    table: "partners",
    keys: &[
        SortKey::text("existence", "partners.existence"),
        SortKey::text("name", "partners.sort_key"),
    ],
    default: "existence,name",
};

/// The rows that a filter lets through, apart from `q`.
fn condition(filter: &PartnerFilter, viewer: &Viewer) -> Condition {
    let driven = Driven::by(
        filter.q.is_some()
            || filter.identifier.is_some()
            || filter.network.is_some()
            || filter.bbox.is_some()
            || filter.near.is_some(),
    );
    let mut c = viewer.states("partners", filter.record_state.as_ref(), driven);
    if let Some(countries) = &filter.country {
        c = c.sql(" AND partners.country IN ").texts(&countries.0);
    }
    if let Some(subdivisions) = &filter.subdivision {
        c = c
            .sql(" AND partners.subdivision IN ")
            .texts(&subdivisions.0);
    }
    if let Some(kinds) = &filter.kind {
        c = c.sql(" AND partners.kind IN ").texts(&kinds.0);
    }
    if let Some(Parsed(identifier)) = &filter.identifier {
        c = c
            .sql(" AND partners.public_id IN (SELECT i.record FROM identifiers i WHERE i.scheme = ")
            .text(identifier.scheme.code())
            .sql(" AND i.value = ")
            .text(&*identifier.value)
            .sql(")");
    }
    if let Some(has) = filter.has_agreement {
        c = c
            .sql(if has {
                " AND EXISTS "
            } else {
                " AND NOT EXISTS "
            })
            .sql(
                "(SELECT 1 FROM agreement_parties p CROSS JOIN agreements a \
             WHERE p.partner_id = partners.id AND a.id = p.agreement_id AND ",
            )
            .sql(published("a"))
            .sql(")");
    }
    if let Some(networks) = &filter.network {
        c = c
            .sql(" AND partners.id IN ")
            .then(reference::members_of(&networks.0));
    }
    if let Some(fields) = &filter.seeking_field {
        let any = fields
            .0
            .iter()
            .map(|field| format!("partners.seeking LIKE '%\"{field}\"%'"));
        c = c.sql(format!(" AND ({})", any.collect::<Vec<_>>().join(" OR ")));
    }
    if let Some(Parsed(since)) = &filter.updated_since {
        c = c
            .sql(" AND partners.updated_at >= ")
            .bind(Value::Time(since.0.naive_utc()));
    }
    if let Some(Parsed(bbox)) = &filter.bbox {
        c = c
            .sql(" AND ")
            .then(bbox.condition("partners.latitude", "partners.longitude"));
    }
    if let Some(Parsed(near)) = &filter.near {
        c = c.sql(" AND ").then(
            near.bbox()
                .condition("partners.latitude", "partners.longitude"),
        );
    }
    c
}

/// What a read of one partner may ask for.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Following {
    /// `false` shows what is left of a merged partner, instead of leading to the other one.
    pub follow: Option<bool>,
}

/// A partner, or what is left of one.
enum Shown {
    Whole(Box<PartnerView>),
    Gone(Tombstone),
    /// Not read: the caller needs no body.
    Settled,
}

fn keys(rows: &[PartnerRow]) -> Vec<(i64, PublicId)> {
    rows.iter()
        .map(|row| (row.id, row.public_id.clone()))
        .collect()
}

/// Adds the contacts that this viewer sees, when they were asked for.
fn with_contacts(
    conn: &mut DbConn,
    views: &mut [PartnerView],
    those: &[(i64, PublicId)],
    includes: &[String],
    viewer: &Viewer,
    today: NaiveDate,
) -> QueryResult<()> {
    if !includes.iter().any(|include| include == "contacts") {
        return Ok(());
    }
    let keys: Vec<i64> = those.iter().map(|(key, _)| *key).collect();
    let sight = sight(conn, viewer, &keys)?;
    let mut all = contacts::store::seen_of(conn, those, &sight, today)?;
    for view in views {
        view.contacts = Some(all.remove(&view.id).unwrap_or_default());
    }
    Ok(())
}

/// List partners
///
/// With `q` and no `sort`, the best match comes first: exact, prefix, word, inside; then territorial
/// bodies before institutions, the larger population, the name.
#[utoipa::path(tag = "partners", params(ListParams, PartnerFilter),
    responses((status = 200, description = "A page of partners", body = Page<PartnerView>)))]
#[get("/api/v1/partners")]
pub async fn list_partners(
    app: web::Data<App>,
    request: ReadRequest,
    viewer: Viewer,
    query: ListQuery<PartnerFilter>,
) -> Result<HttpResponse, Problem> {
    let includes = respond::includes(query.params.include.as_deref(), INCLUDES)?;
    let fields = query.params.fields.clone();
    let today = app.today();
    let index = std::sync::Arc::clone(&app.index);
    let asked = request.clone();
    let (page, revision) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let revision = changes::seen(conn, &viewer)?;
            if is_settled(&asked, revision, &query, Some(&SORTING))? {
                return Ok((None, revision));
            }
            let hits = match &query.filter.q {
                Some(Parsed(q)) => Some(index.search(conn, &[Entity::Partner], &q.0)?),
                None => None,
            };
            let mut condition = condition(&query.filter, &viewer);
            if let Some(Parsed(near)) = &query.filter.near {
                // The box lets too much through at its corners: distance is ours to compute.
                condition = condition
                    .sql(" AND partners.id IN ")
                    .sql(store::within(conn, near)?);
            }
            let sorting = match (&query.filter.identifier, &query.params.sort) {
                (Some(_), None) => &BY_LIFE,
                _ => &SORTING,
            };
            let found = Listing::new(sorting, &query, condition, hits)
                .page::<PartnerRow>(conn, store::by_keys)?;
            let keys = keys(&found.rows);
            let mut data = store::views(conn, found.rows, query.params.lang(), &includes)?;
            with_contacts(conn, &mut data, &keys, &includes, &viewer, today)?;
            let page = Page {
                data,
                page: found.page,
                total: found.total,
            };
            Ok((Some(page), revision))
        })
        .await?;
    respond::list_unless_settled(&request, revision, fields.as_deref(), page.as_ref())
}

/// Read a partner
///
/// With every name and identifier it is known by. A merged partner's address leads to the partner it
/// was merged into.
#[utoipa::path(tag = "partners", params(("id" = String, Path, description = "The partner's id", example = "ptn_8x3k0q2m7t"), ItemParams, Following),
    responses((status = 200, description = "The partner", body = PartnerView)))]
#[get("/api/v1/partners/{id}")]
pub async fn get_partner(
    app: web::Data<App>,
    request: ReadRequest,
    viewer: Viewer,
    path: web::Path<String>,
    query: ItemQuery<Following>,
) -> Result<HttpResponse, Problem> {
    let includes = respond::includes(query.params.include.as_deref(), INCLUDES)?;
    let id = path_id(Kind::Partner, "partner", &path)?;
    let fields = query.params.fields.clone();
    let embeds = !includes.is_empty();
    let today = app.today();
    let asked = request.clone();
    let (shown, validator) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let row = store::find(conn, &id)?.ok_or_else(|| Problem::not_found("partner"))?;
            if row.record_state == RecordState::Merged && query.own.follow == Some(false) {
                // It shows the name of the other partner.
                let at = row.updated_at.and_utc();
                let revision = changes::seen(conn, &viewer)?;
                let validator = Validator::version_rev(row.version, revision, at);
                let gone = tombstone(conn, &row)?;
                return Ok((Shown::Gone(gone), validator));
            }
            crate::must_see!(conn, &viewer, row)?;
            // What is shown of other records changes without the partner's version.
            let at = row.updated_at.and_utc();
            let validator = if embeds || row.host_id.is_some() {
                let seen = changes::embedded(conn, &viewer, embeds)?;
                Validator::version_rev(row.version, row.rev, at).beside(seen)
            } else {
                Validator::version(row.version, at)
            };
            if respond::is_settled(&asked, &validator) {
                return Ok((Shown::Settled, validator));
            }
            let keys = keys(std::slice::from_ref(&row));
            let mut views = store::views(conn, vec![row], query.params.lang(), &includes)?;
            with_contacts(conn, &mut views, &keys, &includes, &viewer, today)?;
            let mut view = views.pop().ok_or_else(|| Problem::not_found("partner"))?;
            persons::sign(conn, &viewer, &id, &mut view.meta)?;
            Ok((Shown::Whole(Box::new(view)), validator))
        })
        .await?;
    let view = match shown {
        Shown::Whole(view) => Some(view),
        Shown::Settled => None,
        Shown::Gone(gone) => {
            return respond::item(&request, &validator, fields.as_deref(), &gone);
        }
    };
    respond::item_unless_settled(&request, &validator, fields.as_deref(), view.as_deref())
}
