//! Reading partners.

use std::collections::BTreeMap;

use actix_web::{get, web};
use diesel::QueryResult;
use serde::Deserialize;
use utoipa::IntoParams;

use super::contacts;
use super::filter::{self, PartnerFilter};
use super::merge::write::tombstone;
use super::record::Partner;
use super::store::{self, PartnerRow};
use super::types::{PartnerIn, PartnerView};
use crate::changes::{self, Meta};
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::keyset::Sorting;
use crate::http::extract::query::NoParams;
use crate::http::extract::{ItemParams, ItemQuery, Read, path_id};
use crate::http::format::Format;
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond::{self, Validator};
use crate::records::{self, Readable, Routed, Show};

/// What a read of one partner may ask for.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Following {
    /// `false` shows what is left of a merged partner, instead of leading to the other one.
    pub follow: Option<bool>,
}

/// Read a partner
///
/// With every name and identifier it is known by. A merged partner's address leads to the partner it
/// was merged into.
#[utoipa::path(tag = "partners", extensions(("x-formats" = json!("records"))), params(("id" = String, Path, description = "The partner's id", example = "ptn_8x3k0q2m7t"), ItemParams, Following),
    responses((status = 200, description = "The partner", body = PartnerView), crate::http::openapi::Merged))]
#[get("/api/v1/partners/{id}")]
pub async fn get_partner(
    (app, request, viewer): Read,
    path: web::Path<String>,
    query: ItemQuery<Following>,
) -> HttpResult {
    let ItemQuery { params, own } = query;
    if own.follow == Some(false) && request.format == Format::Json {
        respond::includes(params.include.as_deref(), Partner::INCLUDES)?;
        let id = path_id(Kind::Partner, "partner", &path)?;
        let asking = viewer.clone();
        let gone = app
            .db
            .read(move |conn| -> Result<_, Problem> {
                let row = store::find(conn, &id)?;
                let Some(row) = row.filter(|row| row.record_state == RecordState::Merged) else {
                    return Ok(None);
                };
                // It shows the name of the other partner.
                let revision = changes::seen(conn, &asking)?;
                let at = row.updated_at.and_utc();
                let validator = Validator::version_rev(row.version, revision, at);
                Ok(Some((tombstone(conn, &row)?, validator)))
            })
            .await?;
        if let Some((gone, validator)) = gone {
            return respond::item(&request, &validator, params.fields.as_deref(), &gone);
        }
    }
    let own = NoParams {};
    let query = ItemQuery { params, own };
    records::read::item::<Partner>((app, request, viewer), path, query).await
}

impl Readable for Partner {
    type View = PartnerView;
    type Filter = PartnerFilter;
    const INCLUDES: &'static [&'static str] = &["sources", "citations", "contacts"];
    const SORTING: &'static Sorting = &filter::SORTING;
    const META: fn(&mut PartnerView) -> &mut Meta = |view| &mut view.meta;

    fn views(
        conn: &mut DbConn,
        rows: Vec<PartnerRow>,
        show: &Show<'_>,
    ) -> QueryResult<Vec<PartnerView>> {
        let ids: BTreeMap<i64, PublicId> = rows
            .iter()
            .map(|row| (row.id, row.public_id.clone()))
            .collect();
        let mut views = store::views(conn, rows, show)?;
        if show.wants("contacts") {
            let mut all = contacts::store::seen_of(conn, &ids, show.viewer, show.today)?;
            for view in &mut views {
                view.contacts = Some(all.remove(&view.id).unwrap_or_default());
            }
        }
        Ok(views)
    }
}

impl Routed for Partner {
    const LIST: &'static str = "With `q` and no `sort`, the best match comes first: exact, \
        prefix, word, inside; then territorial\n\
        bodies before institutions, the larger population, the name.";
    const UPDATE: &'static str =
        "`name` alone changes the display entry of `names`; a list replaces the whole list.";
    const WITHDRAW: &'static str = "Nothing is deleted: the id stays and answers 410 with the \
        reason. A partner with live agreements\n\
        or memberships, or that hosts others, can't be withdrawn.";
    type Patch = PartnerIn;
}
