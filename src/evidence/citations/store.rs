//! Rows of citations.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::types::{CitationView, NewCitation, Which};
use crate::changes::refresh::Shown;
use crate::changes::{Ctx, records};
use crate::core::author::Author;
use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::title;
use crate::core::vocabulary::evidence::{Rank, SourceKind, Stance};
use crate::core::vocabulary::record::RecordState;
use crate::db::condition::grouped;
use crate::db::prepared::Prepare as _;
use crate::db::schema::{citations, sources};
use crate::db::{DbConn, columns_of, keyset};
use crate::evidence::sources::store::SourceRow;
use crate::evidence::sources::types::NewSource;
use crate::evidence::sources::{record as source_record, store as source_store};
use crate::http::listing::Listed;
use crate::http::problem::{Problem, validated};
use crate::{change_row, versioned};

/// A citation as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = citations)]
pub struct CitationRow {
    pub(crate) id: i64,
    pub(crate) public_id: PublicId,
    pub(crate) record: PublicId,
    pub(crate) version: i32,
    pub(crate) created_at: NaiveDateTime,
    pub(crate) updated_at: NaiveDateTime,
    pub(crate) created_by: Author,
    pub(crate) updated_by: Author,
    pub(crate) pointer: String,
    pub(crate) stance: Stance,
    pub(crate) rank: Rank,
    pub(crate) observed_on: Option<Edtf>,
    pub(crate) stated_value: Option<String>,
    pub(crate) quote: Option<String>,
}

impl CitationRow {
    /// As callers see it.
    pub fn view(&self, source: &SourceRow) -> CitationView {
        CitationView {
            id: self.public_id.clone(),
            record_id: self.record.clone(),
            source: source.view(),
            pointer: self.pointer.clone(),
            stance: self.stance,
            rank: self.rank,
            observed_on: self.observed_on.clone(),
            observed_on_range: self.observed_on.as_ref().map(Into::into),
            stated_value: self.stated_value.clone(),
            quote: self.quote.clone(),
            version: self.version,
            created_at: self.created_at.and_utc(),
            updated_at: self.updated_at.and_utc(),
            created_by: self.created_by.clone(),
            updated_by: self.updated_by.clone(),
        }
    }
}

impl Listed for (CitationRow, SourceRow) {
    fn id(&self) -> i64 {
        self.0.id
    }

    fn public_id(&self) -> &PublicId {
        &self.0.public_id
    }

    fn sort_value(&self, _: &str, _: bool) -> String {
        keyset::time(self.0.created_at)
    }
}

/// The published source that is meant: one already there by its id, or by what it says of itself,
/// else a new one; none where none is meant. A wrong id is noted at `at`.
pub fn resolve(
    conn: &mut DbConn,
    ctx: &Ctx,
    which: Option<&Which>,
    at: &str,
    issues: &mut Issues,
) -> QueryResult<Option<SourceRow>> {
    match which {
        None => Ok(None),
        Some(Which::Known(id)) => {
            // A draft may cite a draft of its own office: both are published together.
            let found = source_store::find(conn, id)?.filter(|row| match row.record_state {
                RecordState::Published => true,
                RecordState::Draft => {
                    ctx.state == RecordState::Draft && ctx.viewer.is_colleague_of(&row.created_by)
                }
                _ => false,
            });
            if found.is_none() {
                issues.add(at, "unknown_reference", format!("there is no source {id}"));
            }
            Ok(found)
        }
        Some(Which::Described(new)) => Ok(Some(find_or_insert(conn, ctx, new)?)),
        Some(Which::Found(key)) => Ok(source_store::by_keys(conn, &[*key])?.pop()),
    }
}

/// The source that says of itself the same, else a new one.
pub fn find_or_insert(conn: &mut DbConn, ctx: &Ctx, new: &NewSource) -> QueryResult<SourceRow> {
    match source_store::find_same(conn, new)? {
        Some(row) => Ok(row),
        None => source_record::create(conn, ctx, new),
    }
}

/// 400 when a patch gives the sources of a record, which are changed by themselves.
pub fn not_by_patch<T>(sources: Option<&T>, collection: &str) -> Result<(), Problem> {
    if sources.is_none() {
        return Ok(());
    }
    let instead = format!("post to /api/v1/{collection}/{{id}}/citations instead");
    let problem = Problem::malformed("sources are changed through the record's citations");
    Err(problem.field("/sources", "unknown_field", instead))
}

/// Finds the sources named by their ids. Those that are not there are noted, so that this is told beside
/// whatever else is wrong with a new record.
pub fn find_named(
    conn: &mut DbConn,
    ctx: &Ctx,
    new: &mut [NewCitation],
    issues: &mut Issues,
) -> QueryResult<()> {
    for citation in new {
        if let named @ Which::Known(_) = &citation.source {
            let at = format!("{}/source_id", citation.at);
            if let Some(found) = resolve(conn, ctx, Some(named), &at, issues)? {
                citation.source = Which::Found(found.id);
            }
        }
    }
    Ok(())
}

/// Cites these sources for a record that is being created; without any, the entry itself is the
/// source (I6). 422 when a source is not there.
pub fn cite(
    conn: &mut DbConn,
    ctx: &Ctx,
    record: &PublicId,
    new: &[NewCitation],
) -> Result<(), Problem> {
    let sources = cited(conn, ctx, new)?;
    record_all(conn, ctx, record, &sources)?;
    Ok(())
}

/// What a record that is being created cites: the internal keys of the sources beside what they
/// say, or the entry itself (I6). 422 when a source is not there.
pub fn cited(
    conn: &mut DbConn,
    ctx: &Ctx,
    new: &[NewCitation],
) -> Result<Vec<(i64, NewCitation)>, Problem> {
    let mut issues = Issues::default();
    let mut cited = Vec::with_capacity(new.len().max(1));
    for citation in new {
        let key = match &citation.source {
            Which::Found(key) => Some(*key),
            which => {
                let at = format!("{}/source_id", citation.at);
                resolve(conn, ctx, Some(which), &at, &mut issues)?.map(|source| source.id)
            }
        };
        cited.extend(key.map(|key| (key, citation.clone())));
    }
    validated(issues)?;
    if new.is_empty() {
        // The word of whoever records something without naming a source.
        let entry = NewSource::titled(SourceKind::StaffEntry, title::STAFF_ENTRY, None);
        let key = find_or_insert(conn, ctx, &entry)?.id;
        cited.push((key, NewCitation::by(Which::Found(key))));
    }
    Ok(cited)
}

/// Records what a new record cites.
pub fn record_all(
    conn: &mut DbConn,
    ctx: &Ctx,
    record: &PublicId,
    cited: &[(i64, NewCitation)],
) -> QueryResult<()> {
    for (source, citation) in cited {
        insert(conn, ctx, record, *source, citation)?;
    }
    Ok(())
}

/// Records a citation; its id.
pub fn insert(
    conn: &mut DbConn,
    ctx: &Ctx,
    record: &PublicId,
    source: i64,
    new: &NewCitation,
) -> QueryResult<PublicId> {
    let public_id = PublicId::next(Kind::Citation);
    diesel::insert_into(citations::table)
        .values((
            citations::public_id.eq(&public_id),
            citations::record.eq(record),
            citations::version.eq(1),
            citations::created_at.eq(ctx.at()),
            citations::updated_at.eq(ctx.at()),
            citations::created_by.eq(&ctx.author),
            citations::updated_by.eq(&ctx.author),
            citations::source_id.eq(source),
            new,
        ))
        .prepared()
        .execute(conn)?;
    Ok(public_id)
}

/// Changes the citation as it was read; `None` when somebody was faster.
pub fn update(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &CitationRow,
    source: i64,
    new: &NewCitation,
) -> QueryResult<Option<CitationRow>> {
    let source = citations::source_id.eq(source);
    let columns = (versioned!(citations, before.version, ctx), source, new);
    change_row!(citations => CitationRow, conn, before, columns)
}

/// Removes the citation as it was read; `false` when somebody was faster.
pub fn delete(conn: &mut DbConn, before: &CitationRow) -> QueryResult<bool> {
    let deleted = diesel::delete(citations::table)
        .filter(citations::id.eq(before.id))
        .filter(citations::version.eq(before.version))
        .execute(conn)?;
    Ok(deleted == 1)
}

/// Citations with their sources.
type Both = (CitationRow, SourceRow);

/// The citations for which this holds with their sources, in the order of recording.
// As in `change_row`, the connection is said.
macro_rules! both {
    ($conn:expr, $condition:expr) => {
        RunQueryDsl::<DbConn>::load::<Both>(
            citations::table
                .inner_join(sources::table)
                .filter($condition)
                .order(citations::id)
                .select((columns_of::<CitationRow>(), columns_of::<SourceRow>())),
            $conn,
        )
    };
}

/// The citation of this id and its source.
pub fn find(conn: &mut DbConn, id: &PublicId) -> QueryResult<Option<Both>> {
    Ok(both!(conn, citations::public_id.eq(id))?.pop())
}

/// The citations of these internal keys with their sources.
pub fn by_keys(conn: &mut DbConn, keys: &[i64]) -> QueryResult<Vec<Both>> {
    both!(conn, citations::id.eq_any(keys))
}

/// The citations of these records with their sources, in the order of recording.
pub fn of_records(
    conn: &mut DbConn,
    records: &[PublicId],
) -> QueryResult<HashMap<PublicId, Vec<Both>>> {
    let rows = both!(conn, citations::record.eq_any(records))?.into_iter();
    Ok(grouped(rows.map(|both| (both.0.record.clone(), both))))
}

/// The citations of these ids as they are shown, for the feed: as long as their records are.
pub fn listed(conn: &mut DbConn, ids: &[PublicId]) -> QueryResult<Vec<Shown>> {
    let rows = both!(conn, citations::public_id.eq_any(ids))?;
    let mut all = Vec::with_capacity(rows.len());
    for (row, source) in rows {
        let state = records::find(conn, &row.record)?.map(|head| head.state);
        let state = state.unwrap_or(RecordState::Withdrawn);
        let is_shown = matches!(state, RecordState::Published | RecordState::Draft);
        let view = is_shown.then(|| row.view(&source));
        all.push(Shown::of(row.public_id, row.version, state, &view)?);
    }
    Ok(all)
}
