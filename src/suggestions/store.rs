//! Rows of suggestions.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde_json::Value;

use super::types::SuggestionView;
use crate::access::{self, Actor, ownership::Offices, review};
use crate::changes::meta::Person;
use crate::changes::{self, Change, Ctx, persons};
use crate::core::author::Author;
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::{Entity, Operation, SuggestionState};
use crate::db::condition::{Condition, texts};
use crate::db::schema::suggestions;
use crate::db::{DbConn, Json, columns_of};
use crate::http::problem::Problem;
use crate::{change_row, find_row};

/// A suggestion as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = suggestions)]
pub(super) struct SuggestionRow {
    pub id: i64,
    pub public_id: PublicId,
    pub state: SuggestionState,
    pub version: i32,
    pub created_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
    pub operation: Operation,
    target: String,
    pub part: Option<PublicId>,
    pub base_version: Option<i32>,
    pub payload: Option<Json<Value>>,
    message: Option<String>,
    field: Option<String>,
    evidence_url: Option<String>,
    pub email: Option<String>,
    pub lang: String,
    pub proposed_by: Option<Author>,
    pub proposer: Option<PublicId>,
    decided_by: Option<Author>,
    decider: Option<PublicId>,
    decided_at: Option<NaiveDateTime>,
    note: Option<String>,
    /// The versions of what is published along, as they were when that was proposed.
    pub along: Option<Json<BTreeMap<PublicId, i32>>>,
    /// The office that has to agree, where it is another one than the proposer's.
    pub office: Option<PublicId>,
    preview: Option<Json<Value>>,
}

impl SuggestionRow {
    /// The record it is about.
    pub fn target(&self) -> Option<PublicId> {
        self.target.parse().ok()
    }
}

/// The suggestions the viewer may read: the viewer's own; what waits in the viewer's offices; and what
/// others suggest for records that belong to them.
fn visible_to(conn: &mut DbConn, actor: &Actor) -> QueryResult<Condition> {
    let viewer = actor.viewer();
    if viewer.sees_everything() {
        return Ok(Condition::new("1 = 1"));
    }
    let offices: Vec<&PublicId> = viewer.offices().collect();
    let proposer = actor.person.as_ref().map_or("", PublicId::as_str);
    let theirs = Offices::of(conn, &offices)?.named_by("suggestions.target");
    let (waiting, proposed) = (texts(&offices), texts(Author::all_of(offices)));
    Ok(Condition::of(
        "(suggestions.proposer = ? OR suggestions.office IN ? OR suggestions.proposed_by IN ? \
         OR (suggestions.proposed_by IS NULL AND ?))",
        [proposer.into(), waiting, proposed, theirs.into()],
    ))
}

/// The suggestion of this id, if the viewer may read it.
pub(super) fn find(
    conn: &mut DbConn,
    actor: &Actor,
    id: &PublicId,
) -> QueryResult<Option<SuggestionRow>> {
    let visible = visible_to(conn, actor)?;
    let this = suggestions::public_id.eq(id).and(visible);
    find_row!(suggestions, conn, this => columns_of::<SuggestionRow>())
}

/// The internal keys of all suggestions the viewer may read, in these states and for this record, the
/// oldest first.
pub(super) fn readable(
    conn: &mut DbConn,
    actor: &Actor,
    states: Option<&[SuggestionState]>,
    target: Option<&PublicId>,
) -> QueryResult<Vec<i64>> {
    let visible = visible_to(conn, actor)?;
    let mut query = suggestions::table
        .filter(visible)
        .order(suggestions::id)
        .select(suggestions::id)
        .into_boxed();
    if let Some(states) = states {
        query = query.filter(suggestions::state.eq_any(states));
    }
    if let Some(target) = target {
        query = query.filter(suggestions::target.eq(target.as_str()));
    }
    query.load(conn)
}

/// The suggestions of these internal keys, the oldest first.
pub(super) fn load(conn: &mut DbConn, keys: &[i64]) -> QueryResult<Vec<SuggestionRow>> {
    suggestions::table
        .filter(suggestions::id.eq_any(keys))
        .order(suggestions::id)
        .select(columns_of::<SuggestionRow>())
        .load(conn)
}

/// Whether this solution was taken before.
pub(super) fn is_spent(conn: &mut DbConn, proof: &str) -> QueryResult<bool> {
    let spent = suggestions::proof.eq(proof);
    let found: Option<i64> = find_row!(suggestions, conn, spent => suggestions::id)?;
    Ok(found.is_some())
}

/// Records the decision, with its change; 412 when somebody was faster.
pub(super) fn decide(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &SuggestionRow,
    state: SuggestionState,
    note: Option<&str>,
) -> Result<SuggestionRow, Problem> {
    let columns = (
        suggestions::state.eq(state),
        suggestions::version.eq(before.version + 1),
        suggestions::updated_at.eq(ctx.at()),
        suggestions::decided_by.eq(Some(&ctx.author)),
        suggestions::decider.eq(&ctx.person),
        suggestions::decided_at.eq(Some(ctx.at())),
        suggestions::note.eq(note),
    );
    let row = change_row!(suggestions => SuggestionRow, conn, before, columns)?;
    let row = row.ok_or_else(Problem::overtaken)?;
    let told =
        |row: &SuggestionRow| review::told(&row.public_id, row.state, row.operation, &row.target);
    let (was, is) = (told(before), told(&row));
    let this = (&row.public_id, row.version);
    let change = Change::of(Entity::Suggestion, this, Some(&was), &is);
    changes::record(conn, ctx, &change)?;
    Ok(row)
}

/// Forgets the submitter's address once the answer is on its way: nobody needs it any more.
pub(super) fn forget_address(
    conn: &mut DbConn,
    mut row: SuggestionRow,
) -> QueryResult<SuggestionRow> {
    diesel::update(suggestions::table.find(row.id))
        .set(suggestions::email.eq(None::<&str>))
        .execute(conn)?;
    row.email = None;
    Ok(row)
}

/// These suggestions as the viewer, who may read them, sees them: the submitter's address if the
/// viewer may decide, names of colleagues and one's own.
pub(super) fn views(
    conn: &mut DbConn,
    actor: &Actor,
    rows: Vec<SuggestionRow>,
) -> QueryResult<Vec<SuggestionView>> {
    let viewer = actor.viewer();
    let targets: Vec<PublicId> = rows.iter().filter_map(SuggestionRow::target).collect();
    let decidable = access::decidable(conn, &viewer, &targets)?;
    let ids = rows
        .iter()
        .flat_map(|row| row.proposer.iter().chain(&row.decider));
    let names: HashMap<PublicId, Person> = persons::named(conn, ids)?;
    let person = |id: Option<&PublicId>, author: Option<&Author>| {
        let known =
            viewer.is_of(author.and_then(Author::organisation)) || id == actor.person.as_ref();
        id.filter(|_| known).and_then(|id| names.get(id).cloned())
    };
    let views = rows.into_iter().map(|row| {
        let decides = match row.target() {
            Some(target) => decidable.contains(&target),
            None => viewer.sees_everything(),
        };
        SuggestionView {
            target: row.target(),
            proposer: person(row.proposer.as_ref(), row.proposed_by.as_ref()),
            decider: person(row.decider.as_ref(), row.decided_by.as_ref()),
            payload: row.payload.map(|payload| payload.0),
            id: row.public_id,
            state: row.state,
            operation: row.operation,
            part: row.part,
            base_version: row.base_version,
            message: row.message,
            field: row.field,
            evidence_url: row.evidence_url,
            email: row.email.filter(|_| decides),
            proposed_by: row.proposed_by,
            preview: row.preview.map(|preview| preview.0),
            office: row.office,
            decided_by: row.decided_by,
            decided_at: row.decided_at.map(|time| time.and_utc()),
            note: row.note,
            result: None,
            version: row.version,
            created_at: row.created_at.and_utc(),
            updated_at: row.updated_at.and_utc(),
        }
    });
    Ok(views.collect())
}
