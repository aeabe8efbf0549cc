//! Rows of sources.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::types::{NewSource, SourceView};
use crate::changes::Ctx;
use crate::core::author::Author;
use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::language::LanguageTag;
use crate::core::vocabulary::evidence::{Reliability, SourceKind};
use crate::core::vocabulary::record::RecordState;
use crate::db::prepared::Prepare as _;
use crate::db::schema::{agreements, citations, lifecycle_events, memberships, sources};
use crate::db::{DbConn, keyset};
use crate::http::listing::Listed;
use crate::{inserted, record_row, updated};

/// A source as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = sources)]
pub struct SourceRow {
    pub(crate) id: i64,
    pub(crate) public_id: PublicId,
    pub(crate) record_state: RecordState,
    pub(crate) version: i32,
    pub(crate) created_at: NaiveDateTime,
    pub(crate) updated_at: NaiveDateTime,
    pub(crate) created_by: Author,
    pub(crate) updated_by: Author,
    pub(crate) withdrawn_reason: Option<String>,
    pub(crate) kind: SourceKind,
    pub(crate) title: String,
    pub(crate) sort_key: String,
    pub(crate) url: Option<String>,
    pub(crate) archived_url: Option<String>,
    pub(crate) publisher: Option<String>,
    pub(crate) author_body: Option<String>,
    pub(crate) published_on: Option<Edtf>,
    pub(crate) modified_on: Option<Edtf>,
    pub(crate) retrieved_on: Option<Edtf>,
    pub(crate) language: Option<LanguageTag>,
    pub(crate) licence: Option<String>,
    pub(crate) reliability: Option<Reliability>,
}

impl SourceRow {
    pub(super) fn etag(&self) -> String {
        format!("\"{}\"", self.version)
    }

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

impl Listed for SourceRow {
    fn id(&self) -> i64 {
        self.id
    }

    fn public_id(&self) -> &PublicId {
        &self.public_id
    }

    fn sort_value(&self, key: &str, _: bool) -> String {
        match key {
            "created_at" => keyset::time(self.created_at),
            "updated_at" => keyset::time(self.updated_at),
            _ => self.sort_key.clone(),
        }
    }
}

record_row!(sources => SourceRow);

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
    let id = PublicId::random(Kind::Source);
    diesel::insert_into(sources::table)
        .values((inserted!(sources, &id, ctx), Fields::from(new)))
        .returning(crate::db::returning::<SourceRow>())
        .prepared()
        .get_result(conn)
}

/// Changes the source as it was read; `None` when somebody was faster.
pub fn update(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &SourceRow,
    new: &NewSource,
) -> QueryResult<Option<SourceRow>> {
    diesel::update(sources::table)
        .filter(sources::id.eq(before.id))
        .filter(sources::version.eq(before.version))
        .set((updated!(sources, before, ctx), Fields::from(new)))
        .returning(crate::db::returning::<SourceRow>())
        .get_result(conn)
        .optional()
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
    let told: Vec<Option<i64>> = lifecycle_events::table
        .left_join(agreements::table)
        .left_join(memberships::table)
        .filter(
            agreements::public_id
                .nullable()
                .eq(record)
                .or(memberships::public_id.nullable().eq(record)),
        )
        .select(lifecycle_events::source_id)
        .load(conn)?;
    for row in by_keys(conn, &told.into_iter().flatten().collect::<Vec<_>>())? {
        if row.record_state == RecordState::Draft && rows.iter().all(|known| known.id != row.id) {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// The columns a source is written with.
#[derive(Debug, Insertable, AsChangeset)]
#[diesel(table_name = sources, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Fields<'a> {
    kind: SourceKind,
    title: &'a str,
    sort_key: String,
    url: Option<&'a str>,
    archived_url: Option<&'a str>,
    publisher: Option<&'a str>,
    author_body: Option<&'a str>,
    published_on: Option<&'a Edtf>,
    modified_on: Option<&'a Edtf>,
    retrieved_on: Option<&'a Edtf>,
    language: Option<&'a LanguageTag>,
    licence: Option<&'a str>,
    reliability: Option<Reliability>,
}

impl<'a> From<&'a NewSource> for Fields<'a> {
    fn from(new: &'a NewSource) -> Self {
        Self {
            kind: new.kind,
            title: &new.title,
            sort_key: new.sort_key(),
            url: new.url.as_deref(),
            archived_url: new.archived_url.as_deref(),
            publisher: new.publisher.as_deref(),
            author_body: new.author_body.as_deref(),
            published_on: new.published_on.as_ref(),
            modified_on: new.modified_on.as_ref(),
            retrieved_on: new.retrieved_on.as_ref(),
            language: new.language.as_ref(),
            licence: new.licence.as_deref(),
            reliability: new.reliability,
        }
    }
}
