//! Rows of sources.

use diesel::prelude::*;

use super::types::{NewSource, SourceView};
use crate::changes::{Ctx, records};
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::record::RecordState;
use crate::db::prepared::Prepare as _;
use crate::db::schema::{citations, sources};
use crate::db::{DbConn, columns_of};
use crate::records::Columns;
use crate::{inserted, record_row, stored_row, update_row};

record_row! {
    /// A source as it is stored.
    sources => SourceRow {
        #[diesel(embed)]
        fields: NewSource,
        sort_key: String,
    }
}

impl SourceRow {
    /// As callers see it.
    pub fn view(&self) -> SourceView {
        let fields = self.fields.clone();
        SourceView {
            id: self.public_id.clone(),
            kind: fields.kind,
            title: fields.title,
            url: fields.url,
            archived_url: fields.archived_url,
            publisher: fields.publisher,
            author_body: fields.author_body,
            published_on_range: fields.published_on.as_ref().map(Into::into),
            published_on: fields.published_on,
            modified_on_range: fields.modified_on.as_ref().map(Into::into),
            modified_on: fields.modified_on,
            retrieved_on_range: fields.retrieved_on.as_ref().map(Into::into),
            retrieved_on: fields.retrieved_on,
            language: fields.language,
            licence: fields.licence,
            reliability: fields.reliability,
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
        .select(columns_of::<SourceRow>());
    let same_title: Vec<SourceRow> = match &new.url {
        Some(url) => query.filter(sources::url.eq(url)).prepared().load(conn)?,
        None => query.filter(sources::url.is_null()).prepared().load(conn)?,
    };
    Ok(same_title.into_iter().find(|row| row.fields == *new))
}

/// Records a source.
pub fn insert(conn: &mut DbConn, ctx: &Ctx, new: &NewSource) -> QueryResult<SourceRow> {
    let id = PublicId::next(Kind::Source);
    let sort_key = new.sort_key();
    let own = (new, sources::sort_key.eq(&sort_key));
    diesel::insert_into(sources::table)
        .values((inserted!(sources, &id, ctx), own))
        .prepared()
        .execute(conn)?;
    Ok(stored_row!(sources => SourceRow, conn, ctx, id, {
        rev: 0,
        fields: new.clone(),
        sort_key,
    }))
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

/// The draft sources that a record cites, and those that its events name.
pub fn drafts_of(conn: &mut DbConn, record: &PublicId) -> QueryResult<Vec<SourceRow>> {
    let cited = citations::table
        .filter(citations::record.eq(record))
        .select(citations::source_id);
    let mut rows: Vec<SourceRow> = sources::table
        .filter(sources::record_state.eq(RecordState::Draft))
        .filter(sources::id.eq_any(cited))
        .order(sources::id)
        .select(columns_of::<SourceRow>())
        .load(conn)?;
    let told = records::sources_of_events(conn, record)?;
    for row in by_keys(conn, &told)? {
        if row.record_state == RecordState::Draft && rows.iter().all(|known| known.id != row.id) {
            rows.push(row);
        }
    }
    Ok(rows)
}
