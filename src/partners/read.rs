//! Reading partners.

use std::sync::Arc;

use actix_web::web::Bytes;
use actix_web::{get, web};
use diesel::QueryResult;
use serde::Deserialize;
use utoipa::IntoParams;

use super::contacts::{self, visibility::contact_scope};
use super::filter::{self, PartnerFilter};
use super::merge::Tombstone;
use super::merge::write::tombstone;
use super::record::Partner;
use super::store::{self, PartnerRow};
use super::types::{PartnerIn, PartnerView};
use crate::changes::{self, Meta};
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::condition::Condition;
use crate::db::keyset::Sorting;
use crate::http::extract::params::{Parsed, Words};
use crate::http::extract::{ItemParams, ItemQuery, Read, path_id};
use crate::http::format::Format;
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond::{self, Validator};
use crate::records::{self, Readable, Route, Routed, Show};

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
    /// Not read when the caller needs no body.
    Partner(Option<Bytes>),
    Gone(Tombstone),
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
    let includes = respond::includes(query.params.include.as_deref(), Partner::INCLUDES)?;
    let id = path_id(Kind::Partner, "partner", &path)?;
    if request.format != Format::Json {
        return records::item_in_format::<Partner>(&app, &request, id, &query.params, includes)
            .await;
    }
    let fields = query.params.fields.clone();
    let today = app.today();
    let asked = request.clone();
    let caches = Arc::clone(&app.caches);
    let (shown, validator) =
        app.db
            .read(move |conn| -> Result<_, Problem> {
                let merged = match query.own.follow {
                    Some(false) => store::find(conn, &id)?
                        .filter(|row| row.record_state == RecordState::Merged),
                    _ => None,
                };
                if let Some(row) = merged {
                    // It shows the name of the other partner.
                    let at = row.updated_at.and_utc();
                    let revision = changes::seen(conn, &viewer)?;
                    let validator = Validator::version_rev(row.version, revision, at);
                    let gone = tombstone(conn, &row)?;
                    return Ok((Shown::Gone(gone), validator));
                }
                let show = Show {
                    item: true,
                    ..Show::list(&viewer, query.params.lang(), &includes, today)
                };
                let what = (&id, query.params.fields.as_deref());
                let (body, validator) =
                    records::read::rendered::<Partner>(conn, &caches, &asked, what, &show)?;
                Ok((Shown::Partner(body), validator))
            })
            .await?;
    let fields = fields.as_deref();
    match shown {
        Shown::Partner(body) => {
            respond::item_rendered::<PartnerView>(&request, &validator, fields, body)
        }
        Shown::Gone(gone) => respond::item(&request, &validator, fields, &gone),
    }
}

impl Readable for Partner {
    type View = PartnerView;
    type Filter = PartnerFilter;
    const INCLUDES: &'static [&'static str] = &["sources", "citations", "contacts"];
    const SORTING: &'static Sorting = &filter::SORTING;

    fn words(filter: &PartnerFilter) -> Option<&Parsed<Words>> {
        filter.q.as_ref()
    }

    fn order(filter: &PartnerFilter) -> &'static Sorting {
        match filter.identifier {
            Some(_) => &filter::BY_LIFE,
            None => &filter::SORTING,
        }
    }

    fn condition(
        conn: &mut DbConn,
        filter: &PartnerFilter,
        show: &Show<'_>,
    ) -> Result<Condition, Problem> {
        Ok(filter::condition(conn, filter, show.viewer)?)
    }

    fn views(
        conn: &mut DbConn,
        rows: Vec<PartnerRow>,
        show: &Show<'_>,
    ) -> QueryResult<Vec<PartnerView>> {
        let those = rows.iter().map(|row| (row.id, row.public_id.clone()));
        let those: Vec<(i64, PublicId)> = those.collect();
        let mut views = store::views(conn, rows, show)?;
        if show.wants("contacts") {
            let keys: Vec<i64> = those.iter().map(|(key, _)| *key).collect();
            let scope = contact_scope(conn, show.viewer, &keys)?;
            let mut all = contacts::store::seen_of(conn, &those, &scope, show.today)?;
            for view in &mut views {
                view.contacts = Some(all.remove(&view.id).unwrap_or_default());
            }
        }
        Ok(views)
    }

    fn meta(view: &mut PartnerView) -> &mut Meta {
        &mut view.meta
    }
}

impl Routed for Partner {
    const ROUTES: &'static [(Route, &'static str)] = &[
        (
            Route::List,
            "With `q` and no `sort`, the best match comes first: exact, prefix, word, inside; then territorial\n\
             bodies before institutions, the larger population, the name.",
        ),
        (
            Route::Update,
            "`name` alone changes the display entry of `names`; a list replaces the whole list.",
        ),
        (
            Route::Withdraw,
            "Nothing is deleted: the id stays and answers 410 with the reason. A partner with live agreements\n\
             or memberships, or that hosts others, can't be withdrawn.",
        ),
    ];
    type Patch = PartnerIn;
}
