//! `GET /changes` and `GET /{collection}/{id}/history`.

use std::collections::HashMap;

use actix_web::{get, web};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde::Deserialize;
use utoipa::IntoParams;

use super::history::{self, HistoryAnswer, HistoryFilter, RecordAt};
use super::types::{ChangeRow, ChangeView};
use super::{persons, records};
use crate::app::App;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::record::{ChangeOp, Entity};
use crate::db::condition::{Condition, rows};
use crate::db::keyset::Position;
use crate::db::schema::changes;
use crate::db::{DbConn, columns_of};
use crate::http::extract::params::{List, Parsed, Seq};
use crate::http::extract::{ListParams, ListQuery, Read, ReadRequest, Viewer, path_id};
use crate::http::listing::{self, one_order};
use crate::http::page::{Cursor, Page, bad_cursor, slice};
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond;

/// Filters of the feed.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChangesFilter {
    /// Only changes behind this number: the `seq` of the last one you have.
    #[param(value_type = Option<i64>, minimum = 0, example = 0)]
    pub after: Option<Parsed<Seq>>,
    /// Only changes of these kinds of records, separated by commas.
    #[param(value_type = Option<String>, example = "agreement")]
    pub entity: Option<List<Entity>>,
}

/// The address of a record of any collection.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct RecordPath {
    /// The collection the record is in.
    #[param(
        example = "partners",
        pattern = "^(partners|agreements|networks|memberships|activities|sources)$"
    )]
    pub collection: String,
    /// The record's id.
    #[param(example = "ptn_8x3k0q2m7t")]
    pub id: String,
}

impl RecordPath {
    /// The id, when it names a record of the collection: one with a history of its own and citations.
    pub fn id(&self) -> Result<PublicId, Problem> {
        let kind = Kind::of_collection(&self.collection).filter(|kind| *kind != Kind::Document);
        let kind = kind.ok_or_else(|| Problem::not_found("collection"))?;
        path_id(kind, kind.as_str(), &self.id)
    }
}

/// Read the feed of changes
///
/// Every change of the registry, oldest first, without gaps. To follow it, remember the `seq` of the
/// last change and ask with `after=`.
#[utoipa::path(tag = "explore", params(ListParams, ChangesFilter),
    responses((status = 200, description = "A page of changes", body = Page<ChangeView>)))]
#[get("/api/v1/changes")]
pub async fn list_changes(
    (app, request, viewer): Read,
    query: ListQuery<ChangesFilter>,
) -> HttpResult {
    let scope = Scope {
        entity: query.filter.entity.clone().map(|list| list.0),
        after: query.filter.after.map(|after| after.0.0),
        viewer,
        ..Scope::default()
    };
    let everyone = |_: &mut DbConn| Ok(());
    answer(&app, &request.unshared(), query, scope, everyone).await
}

/// Read the history of a record
///
/// Who changed it, when, what (as JSON Patch) and why, newest first. With `at` or `version`, instead,
/// the record as it stood then, made by applying its patches from the first on.
#[utoipa::path(tag = "explore", params(RecordPath, ListParams, HistoryFilter),
    responses((status = 200, description = "A page of the record's changes, or the record as it stood",
        body = HistoryAnswer)))]
#[get("/api/v1/{collection}/{id}/history")]
pub async fn list_history(
    (app, request, viewer): Read,
    path: web::Path<RecordPath>,
    query: ListQuery<HistoryFilter>,
) -> HttpResult {
    let id = path.id()?;
    let (asked, reading) = (id.clone(), viewer.clone());
    let may_read = move |conn: &mut DbConn| must_have_been_seen(conn, &reading, &asked);
    history_of(&app, &request, viewer, query, id, may_read).await
}

/// The history of this record, or the record as it stood; `may_read` decides whether the viewer may
/// see it.
pub async fn history_of(
    app: &App,
    request: &ReadRequest,
    viewer: Viewer,
    query: ListQuery<HistoryFilter>,
    id: PublicId,
    may_read: impl FnOnce(&mut DbConn) -> Result<(), Problem> + Send + 'static,
) -> HttpResult {
    if let Some(moment) = query.filter.moment(&query.params)? {
        respond::includes(query.params.include.as_deref(), &[])?;
        let asked = request.clone();
        let (found, validator) = app
            .db
            .read(move |conn| -> Result<_, Problem> {
                may_read(conn)?;
                history::find(conn, &asked, &viewer, &id, moment)
            })
            .await?;
        let fields = query.params.fields.as_deref();
        let body = found
            .map(|found| respond::bytes(&found, fields))
            .transpose()?;
        return respond::item_rendered::<RecordAt>(request, &validator, fields, body);
    }
    let scope = Scope {
        record: Some(id),
        viewer,
        ..Scope::default()
    };
    answer(app, request, query, scope, may_read).await
}

/// What is news: steps in the life of records that have a page, which everybody may read. In these words the
/// index `changes_news` knows it.
const NEWS: &str = "SELECT seq FROM changes WHERE audience IS NULL \
    AND (op = 'created' OR op = 'updated' OR op = 'event' OR op = 'published' OR op = 'restored') \
    AND (entity = 'partner' OR entity = 'agreement' OR entity = 'network' OR entity = 'membership' OR entity = 'activity') \
    ORDER BY seq DESC LIMIT ";

/// The newest of these, newest first.
pub fn newest(conn: &mut DbConn, most: u32) -> QueryResult<Vec<ChangeView>> {
    let numbers: Vec<i64> = rows::<BigInt, _>(conn, Condition::new(format!("{NEWS}{most}")))?;
    let rows: Vec<ChangeRow> = changes::table
        .filter(changes::seq.eq_any(numbers))
        .order(changes::seq.desc())
        .select(columns_of::<ChangeRow>())
        .load(conn)?;
    as_everybody_reads(rows)
}

/// The newest changes of these records that everybody may read, newest first; not those by which a record
/// only shows something else of others.
pub fn newest_of(
    conn: &mut DbConn,
    records: &[PublicId],
    most: i64,
) -> QueryResult<Vec<ChangeView>> {
    let rows: Vec<ChangeRow> = changes::table
        .filter(changes::record.eq_any(records))
        .filter(changes::audience.is_null())
        .filter(changes::op.ne(ChangeOp::Refreshed))
        // These records have few changes; walking all newest first may take all there are.
        .order((changes::seq + 0_i64).desc())
        .select(columns_of::<ChangeRow>())
        .limit(most)
        .load(conn)?;
    as_everybody_reads(rows)
}

fn as_everybody_reads(rows: Vec<ChangeRow>) -> QueryResult<Vec<ChangeView>> {
    let nobody = Viewer::default();
    rows.into_iter()
        .map(|row| ChangeView::new(row, &nobody, &HashMap::new()))
        .collect()
}

/// Which changes: those of one record newest first, others oldest first.
#[derive(Default)]
struct Scope {
    record: Option<PublicId>,
    entity: Option<Vec<Entity>>,
    after: Option<i64>,
    viewer: Viewer,
}

async fn answer<F: Send + 'static>(
    app: &App,
    request: &ReadRequest,
    query: ListQuery<F>,
    scope: Scope,
    may_read: impl FnOnce(&mut DbConn) -> Result<(), Problem> + Send + 'static,
) -> HttpResult {
    if query.params.sort.is_some() {
        return Err(one_order("changes have one order, that of their numbers"));
    }
    let open = move |conn: &mut DbConn| {
        // The whole feed tells of hidden entries that they are there; a history leaves them out.
        let revision = match &scope.record {
            Some(_) => super::seen(conn, &scope.viewer)?,
            None => super::revision(conn)?,
        };
        may_read(conn)?;
        Ok((revision, scope))
    };
    listing::answer(app, request, query, None, open, page).await
}

fn page<F>(
    conn: &mut DbConn,
    query: &ListQuery<F>,
    scope: Scope,
) -> Result<Page<ChangeView>, Problem> {
    let (params, fingerprint) = (&query.params, &query.fingerprint);
    let cursor = Cursor::decode(params.cursor.as_deref(), fingerprint)?;
    let cursor = cursor.as_ref();
    let backwards = cursor.is_some_and(|cursor| cursor.backwards);
    let descending = scope.record.is_some() != backwards;
    let mut query = filtered(&scope).select(columns_of::<ChangeRow>());
    if let Some(cursor) = cursor {
        let seq = cursor.position.id.parse::<i64>();
        let seq = seq.map_err(|_not_a_number| bad_cursor())?;
        query = if descending {
            query.filter(changes::seq.lt(seq))
        } else {
            query.filter(changes::seq.gt(seq))
        };
    }
    query = if descending {
        query.order(changes::seq.desc())
    } else {
        query.order(changes::seq.asc())
    };
    let rows = query.limit(i64::from(params.limit()) + 1).load(conn)?;
    let position = |row: &ChangeRow| Position {
        values: Vec::new(),
        id: row.seq.to_string(),
    };
    let rows = slice(rows, params.limit(), fingerprint, cursor, position);
    let count = || filtered(&scope).count().get_result(conn);
    let total = params.counts().then(count).transpose()?;
    let names = if scope.viewer.is_staff() {
        persons::named(conn, rows.data.iter().flat_map(ChangeRow::persons))?
    } else {
        HashMap::new()
    };
    let view = |row| ChangeView::new(row, &scope.viewer, &names);
    let page = rows.shown(|rows| rows.into_iter().map(view).collect::<QueryResult<_>>())?;
    Ok(Page { total, ..page })
}

/// 404 unless the viewer may read at least a part of the record's history; what was withdrawn keeps
/// its own.
fn must_have_been_seen(conn: &mut DbConn, viewer: &Viewer, id: &PublicId) -> Result<(), Problem> {
    let gone = || Problem::not_found(id.kind().as_str());
    let head = records::find(conn, id)?.ok_or_else(gone)?;
    if viewer.is_colleague_of(&head.created_by) || records::was_public(conn, id)? {
        Ok(())
    } else {
        Err(gone())
    }
}

type Boxed<'a> = changes::BoxedQuery<'a, crate::db::Backend>;

fn filtered(scope: &Scope) -> Boxed<'_> {
    use changes as c;
    let mut query = c::table.into_boxed();
    if let Some(record) = &scope.record {
        query = query.filter(c::record.eq(record));
    }
    if let Some(entities) = &scope.entity {
        query = query.filter(c::entity.eq_any(entities));
    }
    if let Some(after) = scope.after {
        query = query.filter(c::seq.gt(after));
    }
    // The whole feed has no gaps and tells of hidden changes that there was one; a selection of it
    // must not tell what they are about.
    if (scope.record.is_some() || scope.entity.is_some())
        && let Some(audience) = scope.viewer.audience()
    {
        query = query.filter(c::audience.is_null().or(c::audience.eq_any(audience)));
    }
    query
}
