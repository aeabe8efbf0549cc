//! Rows of documents.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::changes::{self, Ctx};
use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::core::text;
use crate::core::vocabulary::evidence::{DocumentAccess, DocumentKind};
use crate::core::vocabulary::record::RecordState;
use crate::db::condition::Condition;
use crate::db::schema::documents;
use crate::db::{DbConn, columns_of};
use crate::records::Columns;
use crate::{change_row, insert_row, record_row, show_anew, update_row, versioned};

record_row! {
    /// A document as it is stored.
    documents => DocumentRow {
        #[diesel(embed)]
        fields: Fields,
        sort_key: String,
        office: Option<PublicId>,
        #[diesel(embed)]
        held: Held,
        #[diesel(embed)]
        target: Target,
        series: PublicId,
        replaces_id: Option<i64>,
    }
}

impl Columns for DocumentRow {
    fn own_sort_value(&self, _: &str, _: bool) -> String {
        self.sort_key.clone()
    }
}

/// Bytes that were received, as they are stored; nothing of a document that is held elsewhere.
#[derive(Debug, Clone, Default, Queryable, Selectable, Insertable)]
#[diesel(table_name = documents, treat_none_as_default_value = false)]
pub struct Held {
    /// What they are.
    pub media_type: Option<String>,
    /// How many there are.
    pub size: Option<i64>,
    /// Their SHA-256 in hexadecimal.
    pub sha256: Option<String>,
    /// The name they came with.
    pub file_name: Option<String>,
}

/// What may change of a document.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = documents, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Fields {
    pub(crate) kind: DocumentKind,
    pub(crate) title: Option<String>,
    pub(crate) language: Option<LanguageTag>,
    pub(crate) authentic: bool,
    pub(crate) access: DocumentAccess,
    pub(crate) external_url: Option<String>,
}

impl Fields {
    /// Whether everyone may see it.
    pub(super) fn is_public(&self) -> bool {
        self.access == DocumentAccess::Public
    }
}

/// Where a person can be named beside a document's bytes.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = documents, treat_none_as_null = true)]
pub struct DocumentTexts {
    /// Its title.
    pub title: Option<String>,
    /// The name its bytes came with.
    pub file_name: Option<String>,
    /// Where it is held, if elsewhere.
    pub external_url: Option<String>,
    /// Why it was withdrawn.
    pub withdrawn_reason: Option<String>,
}

/// What a title sorts by. Those without one come last: this is behind every folded letter.
fn sort_key(title: Option<&str>) -> String {
    title.map_or_else(|| "\u{7f}".to_owned(), text::sort_key)
}

/// The internal keys of what a document belongs to. The record of an event is named beside it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = documents, treat_none_as_default_value = false)]
pub struct Target {
    /// The agreement.
    #[diesel(column_name = agreement_id)]
    pub agreement: Option<i64>,
    /// The membership.
    #[diesel(column_name = membership_id)]
    pub membership: Option<i64>,
    /// The activity.
    #[diesel(column_name = activity_id)]
    pub activity: Option<i64>,
    /// The event.
    #[diesel(column_name = event_id)]
    pub event: Option<i64>,
}

impl Target {
    /// The record, whatever its kind: a document belongs to one at most.
    pub fn record(&self) -> Option<i64> {
        self.agreement.or(self.membership).or(self.activity)
    }
}

/// A document whose values are right.
#[derive(Debug, Clone)]
pub struct NewDocument {
    pub(crate) fields: Fields,
    pub(crate) held: Held,
    pub(crate) target: Target,
    /// The document of which it is a new version.
    pub(crate) replaces: Option<DocumentRow>,
}

/// Those of these documents that exist, whatever their state.
pub fn known(conn: &mut DbConn, ids: &[PublicId]) -> QueryResult<HashSet<PublicId>> {
    let found: Vec<PublicId> = documents::table
        .filter(documents::public_id.eq_any(ids))
        .select(documents::public_id)
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// Whether a document has taken this one's place, or is a draft that will: but for this one of them.
pub fn is_replaced(conn: &mut DbConn, key: i64, but: Option<i64>) -> QueryResult<bool> {
    let found: Option<i64> = documents::table
        .filter(documents::replaces_id.eq(key))
        .filter(documents::id.ne(but.unwrap_or_default()))
        .filter(Condition::new(
            "(documents.record_state IN ('published', 'draft')) IS TRUE",
        ))
        .select(documents::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Records a document under this id.
pub fn insert(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    new: &NewDocument,
) -> QueryResult<DocumentRow> {
    let rev = changes::next_revision(conn)?;
    let series = new.replaces.as_ref().map_or(id, |old| &old.series);
    let columns = (
        &new.fields,
        documents::sort_key.eq(sort_key(new.fields.title.as_deref())),
        documents::rev.eq(rev),
        documents::office.eq(ctx.author.organisation()),
        &new.held,
        &new.target,
        documents::series.eq(series),
        documents::replaces_id.eq(new.replaces.as_ref().map(|old| old.id)),
    );
    insert_row!(documents => DocumentRow, conn, ctx, id, columns)
}

/// Changes the document as it was read; `None` when somebody was faster.
pub fn update(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &DocumentRow,
    fields: &Fields,
) -> QueryResult<Option<DocumentRow>> {
    let rev = changes::next_revision(conn)?;
    let sort_key = documents::sort_key.eq(sort_key(fields.title.as_deref()));
    let columns = (fields, sort_key, documents::rev.eq(rev));
    update_row!(documents => DocumentRow, conn, ctx, before, columns)
}

/// Takes the name of a person from what is said of the document; `None` when somebody was faster. Its
/// bytes stay as they are.
pub fn redact(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &DocumentRow,
    left: &DocumentTexts,
) -> QueryResult<Option<DocumentRow>> {
    let sort_key = documents::sort_key.eq(sort_key(left.title.as_deref()));
    let columns = (versioned!(documents, before.version, ctx), sort_key, left);
    change_row!(documents => DocumentRow, conn, before, columns)
}

/// The draft documents among these, in the order of recording.
pub fn drafts(conn: &mut DbConn, ids: &[PublicId]) -> QueryResult<Vec<DocumentRow>> {
    documents::table
        .filter(documents::record_state.eq(RecordState::Draft))
        .filter(documents::public_id.eq_any(ids))
        .order(documents::id)
        .select(columns_of::<DocumentRow>())
        .load(conn)
}

/// Gives all versions of this document a new representation; the other ones.
pub fn touch_versions(
    conn: &mut DbConn,
    row: &DocumentRow,
    rev: i64,
) -> QueryResult<Vec<PublicId>> {
    show_anew!(conn, rev; documents: documents::series.eq(&row.series));
    documents::table
        .filter(documents::series.eq(&row.series))
        .filter(documents::id.ne(row.id))
        .select(documents::public_id)
        .load(conn)
}
