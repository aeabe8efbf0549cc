//! The collections of published records, a file each.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{PAGE, Page, Read, relations};
use crate::activities::record::Activity;
use crate::agreements::record::Agreement;
use crate::db::condition::{self, Condition, published};
use crate::db::schema::{citations, sources};
use crate::db::{DbConn, columns_of, json as stored};
use crate::evidence::citations::store::CitationRow;
use crate::evidence::sources::record::Source;
use crate::evidence::sources::store::SourceRow;
use crate::http::extract::Viewer;
use crate::http::listing::Listed;
use crate::kinds;
use crate::networks::memberships::record::Membership;
use crate::networks::record::Network;
use crate::partners::record::Partner;
use crate::records::{Readable, Row as _, Show};

/// A file of records.
#[derive(Debug)]
pub(super) struct Collection {
    /// The file's name, without the ending.
    pub(super) name: &'static str,
    /// The columns of the table: the members of the records.
    pub(super) columns: &'static [&'static str],
    /// Reads a page.
    pub(super) read: Read,
}

/// Every collection, in the order in which records point at each other.
#[rustfmt::skip]
pub(super) const COLLECTIONS: &[Collection] = &[
    Collection { name: "sources", columns: SOURCE, read: read::<Source> },
    Collection { name: "partners", columns: PARTNER, read: read::<Partner> },
    Collection { name: "relations", columns: relations::COLUMNS, read: relations::read },
    Collection { name: "agreements", columns: AGREEMENT, read: read::<Agreement> },
    Collection { name: "networks", columns: NETWORK, read: read::<Network> },
    Collection { name: "memberships", columns: MEMBERSHIP, read: read::<Membership> },
    Collection { name: "activities", columns: ACTIVITY, read: read::<Activity> },
    Collection { name: "citations", columns: CITATION, read: read_citations },
];

#[rustfmt::skip]
const SOURCE: &[&str] = &[
    "id", "kind", "title", "url", "archived_url", "publisher", "author_body", "published_on",
    "published_on_range", "modified_on", "modified_on_range", "retrieved_on",
    "retrieved_on_range", "language", "licence", "reliability",
    "record_state", "version", "created_at", "updated_at", "created_by", "updated_by",
];
#[rustfmt::skip]
const PARTNER: &[&str] = &[
    "id", "kind", "name", "names", "country", "subdivision", "host", "latitude", "longitude",
    "population", "population_year", "website", "existence", "founded_on", "founded_on_range",
    "dissolved_on", "dissolved_on_range", "description", "identifiers", "seeking",
    "warnings",
    "record_state", "version", "created_at", "updated_at", "created_by", "updated_by",
];
#[rustfmt::skip]
const AGREEMENT: &[&str] = &[
    "id", "title", "relationship", "instrument", "scope", "fields", "parties", "status",
    "status_since", "status_since_range", "status_basis", "activity_level", "pending_termination",
    "proposed_on", "proposed_on_range", "approved_on", "approved_on_range", "signed_on",
    "signed_on_range", "in_force_on", "in_force_on_range", "signed_at", "entry_into_force",
    "duration", "valid_until", "valid_until_range", "term", "renewal", "renewal_period",
    "notice_period", "languages", "purpose", "supersedes", "superseded_by", "arose_from",
    "parent_id", "registrations", "last_confirmed_on", "domestic", "reciprocity", "quality_flags",
    "warnings", "events",
    "record_state", "version", "created_at", "updated_at", "created_by", "updated_by",
];
#[rustfmt::skip]
const NETWORK: &[&str] = &[
    "id", "kind", "name", "names", "founded_on", "founded_on_range", "dissolved_on",
    "dissolved_on_range", "legal_form", "seat", "website", "identifiers", "successor",
    "membership_classes", "description", "warnings",
    "record_state", "version", "created_at", "updated_at", "created_by", "updated_by",
];
#[rustfmt::skip]
const MEMBERSHIP: &[&str] = &[
    "id", "partner", "network", "class", "section", "via_partner", "status", "status_since",
    "status_since_range", "applied_on", "applied_on_range", "admitted_on", "admitted_on_range",
    "ended_on", "ended_on_range", "offices", "quality_flags", "warnings", "events",
    "record_state", "version", "created_at", "updated_at", "created_by", "updated_by",
];
#[rustfmt::skip]
const ACTIVITY: &[&str] = &[
    "id", "kind", "title", "starts_on", "starts_on_range", "ends_on", "ends_on_range", "mode",
    "place", "participants", "participant_count", "fields", "agreement_ids", "network",
    "programme", "grant_ref", "outcome", "status", "warnings",
    "record_state", "version", "created_at", "updated_at", "created_by", "updated_by",
];
#[rustfmt::skip]
const CITATION: &[&str] = &[
    "id", "record_id", "source_id", "pointer", "stance", "rank", "observed_on",
    "observed_on_range", "stated_value", "quote", "version", "created_at", "updated_at", "created_by", "updated_by",
];

/// The page of published records behind a key as lists show them, with their events.
fn read<R: Readable>(conn: &mut DbConn, after: i64, today: NaiveDate) -> QueryResult<Page> {
    let table = R::COLLECTION;
    let sql = format!(
        "SELECT {table}.id FROM {table} WHERE {} AND {table}.id > ? ORDER BY {table}.id LIMIT {PAGE}",
        published(table)
    );
    let keys = condition::rows::<BigInt, i64>(conn, Condition::of(&sql, [after.into()]))?;
    let mut rows = R::Row::by_keys(conn, &keys)?;
    rows.sort_unstable_by_key(Listed::id);
    let viewer = Viewer::default();
    let includes = R::INCLUDES.iter().filter(|include| **include == "events");
    let includes: Vec<String> = includes.map(ToString::to_string).collect();
    let show = Show::list(&viewer, None, &includes, today);
    page(keys.last().copied(), &R::views(conn, rows, &show)?)
}

/// The rows as JSON, as the API shows them.
fn page<V: Serialize>(last: Option<i64>, views: &[V]) -> QueryResult<Page> {
    let failed = |error| diesel::result::Error::SerializationError(Box::new(error));
    let rows = views.iter().map(serde_json::to_value);
    let rows: Vec<Value> = rows.collect::<Result<_, _>>().map_err(failed)?;
    Ok(last.map(|last| (rows, last)))
}

/// Citations have no state of their own: those of published records, with the source by its id,
/// because a source that is cited is in its own file.
fn read_citations(conn: &mut DbConn, after: i64, _: NaiveDate) -> QueryResult<Page> {
    let rows: Vec<(CitationRow, SourceRow)> = citations::table
        .inner_join(sources::table)
        .filter(of_published())
        .filter(citations::id.gt(after))
        .order(citations::id)
        .limit(PAGE)
        .select((columns_of::<CitationRow>(), columns_of::<SourceRow>()))
        .load(conn)?;
    let mut values = Vec::with_capacity(rows.len());
    for (row, source) in &rows {
        let shown: Map<String, Value> = stored::value(&stored::text(&row.view(source))?)?;
        let members = shown.into_iter().map(|(name, value)| match name.as_str() {
            "source" => ("source_id".to_owned(), json!(source.public_id)),
            _ => (name, value),
        });
        values.push(members.collect::<Map<_, _>>());
    }
    page(rows.last().map(|(row, _)| row.id), &values)
}

fn of_published() -> Condition {
    let mut condition = Condition::new("(1 = 0");
    for table in kinds::COLLECTIONS {
        let sql = format!(
            " OR EXISTS (SELECT 1 FROM {table} r WHERE r.public_id = citations.record \
             AND r.record_state = ?)"
        );
        condition = condition.then(Condition::of(&sql, ["published".into()]));
    }
    condition.sql(")")
}
