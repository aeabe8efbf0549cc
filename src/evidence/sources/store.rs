//! Rows of sources.

use diesel::prelude::*;

use super::types::{NewSource, SourceView};
use crate::changes::{Ctx, records};
use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::language::LanguageTag;
use crate::core::vocabulary::evidence::{Reliability, SourceKind};
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::prepared::Prepare as _;
use crate::db::schema::{citations, sources};
use crate::records::Columns;
use crate::{insert_row, record_row, update_row, updated};

record_row! {
    /// A source as it is stored.
    sources => SourceRow {
        kind: SourceKind,
        title: String,
        sort_key: String,
        url: Option<String>,
        archived_url: Option<String>,
        publisher: Option<String>,
        author_body: Option<String>,
        published_on: Option<Edtf>,
        modified_on: Option<Edtf>,
        retrieved_on: Option<Edtf>,
        language: Option<LanguageTag>,
        licence: Option<String>,
        reliability: Option<Reliability>,
    }
}

impl SourceRow {
    /// As callers see it.
    pub fn view(&self) -> SourceView {
        SourceView {
            id: self.public_id.clone(),
            kind: self.kind,
            title: self.title.clone(),
            url: self.url.clone(),
            archived_url: self.archived_url.clone(),
            publisher: self.publisher.clone(),
            author_body: self.author_body.clone(),
            published_on: self.published_on.clone(),
            published_on_range: self.published_on.as_ref().map(Into::into),
            modified_on: self.modified_on.clone(),
            modified_on_range: self.modified_on.as_ref().map(Into::into),
            retrieved_on: self.retrieved_on.clone(),
            retrieved_on_range: self.retrieved_on.as_ref().map(Into::into),
            language: self.language.clone(),
            licence: self.licence.clone(),
            reliability: self.reliability,
            meta: crate::meta!(self),
        }
    }
}

impl Columns for SourceRow {
    fn own_sort_value(&self, _: &str, _: bool) -> String {
        self.sort_key.clone()
    }

    fn shows_others(&self) -> bool {
        false
    }
}

/// A published source that says of itself the same as this one.
pub fn find_same(conn: &mut DbConn, new: &NewSource) -> QueryResult<Option<SourceRow>> {
    let query = sources::table
        .filter(sources::title.eq(&new.title))
        .filter(sources::record_state.eq(RecordState::Published))
        .order(sources::id)
        .select(SourceRow::as_select());
    let same_title: Vec<SourceRow> = match &new.url {
        Some(url) => query.filter(sources::url.eq(url)).prepared().load(conn)?,
        None => query.filter(sources::url.is_null()).prepared().load(conn)?,
    };
    Ok(same_title.into_iter().find(|row| {
        row.kind == new.kind
            && row.archived_url == new.archived_url
            && row.publisher == new.publisher
            && row.author_body == new.author_body
            && row.published_on == new.published_on
            && row.modified_on == new.modified_on
            && row.retrieved_on == new.retrieved_on
            && row.language == new.language
            && row.licence == new.licence
            && row.reliability == new.reliability
    }))
}

/// Records a source.
pub fn insert(conn: &mut DbConn, ctx: &Ctx, new: &NewSource) -> QueryResult<SourceRow> {
    let id = PublicId::next(Kind::Source);
    let columns = (new, sources::sort_key.eq(new.sort_key()));
    insert_row!(sources => SourceRow, conn, ctx, &id, columns)
}

/// Changes the source as it was read; `None` when somebody was faster.
pub fn update(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &SourceRow,
    new: &NewSource,
) -> QueryResult<Option<SourceRow>> {
    let columns = (new, sources::sort_key.eq(new.sort_key()));
    update_row!(sources => SourceRow, conn, ctx, before, columns)
}

/// Publishes a draft.
pub fn publish(conn: &mut DbConn, ctx: &Ctx, before: &SourceRow) -> QueryResult<SourceRow> {
    diesel::update(sources::table.find(before.id))
        .set(updated!(sources, before, ctx))
        .returning(crate::db::returning::<SourceRow>())
        .get_result(conn)
}

/// The draft sources that a record cites, and those that its events name.
pub fn drafts_of(conn: &mut DbConn, record: &PublicId) -> QueryResult<Vec<SourceRow>> {
    let cited = citations::table
        .filter(citations::record.eq(record))
        .select(citations::source_id);
    let mut rows: Vec<SourceRow> = sources::table
        .filter(sources::record_state.eq(RecordState::Draft))
        .filter(sources::id.eq_any(cited))
        .order(sources::id)
        .select(SourceRow::as_select())
        .load(conn)?;
    let told = records::sources_of_events(conn, record)?;
    for row in by_keys(conn, &told)? {
        if row.record_state == RecordState::Draft && rows.iter().all(|known| known.id != row.id) {
            rows.push(row);
        }
    }
    Ok(rows)
}
