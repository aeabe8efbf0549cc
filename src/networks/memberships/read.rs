//! Reading memberships.

use actix_web::{HttpResponse, get, web};
use chrono::NaiveDate;
use diesel::QueryResult;

use super::filter::{self, MembershipFilter};
use super::store::{self, MembershipRow};
use super::types::MembershipView;
use super::view::{self, Detail};
use super::write::Membership;
use crate::app::App;
use crate::changes::Meta;
use crate::core::vocabulary::record::Entity;
use crate::db::DbConn;
use crate::db::condition::Condition;
use crate::db::keyset::Sorting;
use crate::evidence::documents::Sight;
use crate::http::extract::params::{Day, Parsed};
use crate::http::extract::query::None as NoParams;
use crate::http::extract::{ItemParams, ItemQuery, ListParams, ListQuery, ReadRequest, Viewer};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::respond::Validator;
use crate::lifecycle::store::code;
use crate::lifecycle::{Of, status_at};
use crate::records::{self, Readable, Show};

/// List memberships
///
/// Newest first. Ended ones are included, unless `status` says otherwise.
#[utoipa::path(tag = "networks", params(ListParams, MembershipFilter),
    responses((status = 200, description = "A page of memberships", body = Page<MembershipView>)))]
#[get("/api/v1/memberships")]
pub async fn list_memberships(
    app: web::Data<App>,
    request: ReadRequest,
    viewer: Viewer,
    query: ListQuery<MembershipFilter>,
) -> Result<HttpResponse, Problem> {
    records::list::<Membership>(app, request, viewer, query).await
}

/// Read a membership
///
/// With the names of those who hold offices and the actions its status allows now.
#[utoipa::path(tag = "networks", params(("id" = String, Path, description = "The membership's id", example = "mbr_8x3k0q2m7t"), ItemParams),
    responses((status = 200, description = "The membership", body = MembershipView)))]
#[get("/api/v1/memberships/{id}")]
pub async fn get_membership(
    app: web::Data<App>,
    request: ReadRequest,
    viewer: Viewer,
    path: web::Path<String>,
    query: ItemQuery<NoParams>,
) -> Result<HttpResponse, Problem> {
    records::item::<Membership>(app, request, viewer, path, query).await
}

impl Readable for Membership {
    type View = MembershipView;
    type Filter = MembershipFilter;
    const ENTITY: Entity = Entity::Membership;
    const INCLUDES: &'static [&'static str] = &["events", "sources", "citations", "documents"];
    const SORTING: &'static Sorting = &filter::SORTING;

    fn as_of(filter: &MembershipFilter) -> Option<NaiveDate> {
        filter.as_of.as_ref().map(|Parsed(Day(day))| *day)
    }

    fn condition(
        _: &mut DbConn,
        filter: &MembershipFilter,
        show: &Show<'_>,
    ) -> Result<Condition, Problem> {
        Ok(filter::condition(filter, show.viewer))
    }

    fn by_keys(conn: &mut DbConn, keys: &[i64]) -> QueryResult<Vec<MembershipRow>> {
        store::by_keys(conn, keys)
    }

    fn views(
        conn: &mut DbConn,
        rows: Vec<MembershipRow>,
        show: &Show<'_>,
    ) -> Result<Vec<MembershipView>, Problem> {
        let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let detail = if show.item {
            Detail::Item
        } else {
            Detail::Listed
        };
        let sight = Sight::of(conn, show.viewer)?;
        let mut views = view::views(conn, rows, show.lang, show.includes, (detail, &sight))?;
        let Some(day) = show.as_of else {
            return Ok(views);
        };
        let mut held = status_at(conn, Of::Memberships, &keys, day)?;
        for (key, view) in keys.iter().zip(&mut views) {
            if let Some((status, since)) = held.remove(key) {
                view.status = code(&status)?;
                view.status_since_range = (&since).into();
                view.status_since = since;
            }
        }
        Ok(views)
    }

    fn meta(view: &mut MembershipView) -> &mut Meta {
        &mut view.meta
    }

    fn validator(row: &MembershipRow, _: bool) -> Validator {
        Validator::version_rev(row.version, row.rev, row.updated_at.and_utc())
    }
}
