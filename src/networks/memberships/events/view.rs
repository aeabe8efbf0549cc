//! Events of memberships as callers see them.

use std::collections::HashMap;

use diesel::QueryResult;

use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::core::state_machine::{ALWAYS, Entry};
use crate::core::vocabulary::lifecycle::{MembershipAction, MembershipStatus};
use crate::db::{DbConn, json};
use crate::evidence::documents::DocumentVisibility;
use crate::evidence::documents::visibility::visible;
use crate::evidence::sources::store as source_store;
use crate::lifecycle::store::code;
use crate::lifecycle::{EventRow, SubjectKind, of_subjects};
use crate::networks::memberships::fold::Life;
use crate::networks::memberships::store;
use crate::networks::memberships::types::{Details, EventView};
use crate::partners::{PartnerRef, reference};

/// The events of these memberships, by internal key, in the order of the fold, oldest first: three
/// more queries for any number of them.
pub fn views(
    conn: &mut DbConn,
    mut all: HashMap<i64, Vec<EventRow>>,
    lang: Option<&LanguageTag>,
    visibility: &DocumentVisibility,
) -> QueryResult<HashMap<i64, Vec<EventView>>> {
    let sources: Vec<i64> = all
        .values()
        .flatten()
        .filter_map(|row| row.source_id)
        .collect();
    let sources = source_store::by_keys(conn, &sources)?;
    let mut details: HashMap<i64, Details> = HashMap::new();
    for row in all.values().flatten() {
        details.insert(row.id, json::value(&row.details)?);
    }
    let papers: Vec<PublicId> = details
        .values()
        .filter_map(|details| details.document.clone())
        .collect();
    let papers = visible(conn, visibility, &papers)?;
    for details in details.values_mut() {
        details.document = details.document.take().filter(|id| papers.contains(id));
    }
    let actors = details.values().filter_map(|details| details.actor);
    let actors = reference::by_keys(conn, actors.collect::<Vec<_>>(), lang)?;
    let keys: Vec<i64> = all.keys().copied().collect();
    let of = store::by_keys(conn, &keys)?;
    let mut found = HashMap::new();
    for (key, rows) in all.drain() {
        let Some(membership) = of.iter().find(|row| row.id == key) else {
            continue;
        };
        // Nothing waits for its day here, so that any day will do.
        let life = Life::of(membership, rows.clone(), ALWAYS);
        let story = life.ok().and_then(|life| life.story);
        let entries: Vec<Entry<_, _>> = story.map(|story| story.folded.entries).unwrap_or_default();
        let ids: HashMap<i64, PublicId> = rows
            .iter()
            .map(|row| (row.id, row.public_id.clone()))
            .collect();
        let mut views = Vec::with_capacity(rows.len());
        for entry in entries {
            let Some(row) = rows.iter().find(|row| row.id == entry.id) else {
                continue;
            };
            let details = details.remove(&row.id).unwrap_or_default();
            let source = sources
                .iter()
                .find(|source| Some(source.id) == row.source_id);
            let source = source.map(source_store::SourceRow::view);
            views.push(view(row, details, &entry, &ids, &actors, source)?);
        }
        found.insert(key, views);
    }
    Ok(found)
}

fn view(
    row: &EventRow,
    details: Details,
    entry: &Entry<MembershipAction, MembershipStatus>,
    ids: &HashMap<i64, PublicId>,
    actors: &HashMap<i64, PartnerRef>,
    source: Option<crate::evidence::sources::SourceView>,
) -> QueryResult<EventView> {
    // An event that counts no longer shows what it did when it was recorded.
    let counts = entry.corrected_by.is_none();
    let from = if counts {
        entry.from
    } else {
        row.from_status.as_deref().map(code).transpose()?
    };
    Ok(EventView {
        id: row.public_id.clone(),
        action: code(&row.action)?,
        from_status: from,
        to_status: match entry.to {
            Some(status) => status,
            None => code(&row.to_status)?,
        },
        effective_on_range: (&row.effective_on).into(),
        effective_on: row.effective_on.clone(),
        recorded_at: row.recorded_at.and_utc(),
        recorded_by: row.recorded_by.clone(),
        actor_partner: details.actor.and_then(|actor| actors.get(&actor).cloned()),
        deciding_body: details.deciding_body,
        class: details.class,
        reason_code: details.reason_code,
        reason_text: details.reason_text,
        formal: details.formal.unwrap_or(true),
        place: details.place,
        legal_act: details.legal_act,
        document_id: details.document,
        source,
        note: details.note,
        corrects_event_id: row.corrects_id.and_then(|id| ids.get(&id).cloned()),
        corrected_by: entry.corrected_by.and_then(|id| ids.get(&id).cloned()),
    })
}

/// The events of one membership as callers see them.
pub fn views_of(
    conn: &mut DbConn,
    key: i64,
    lang: Option<&LanguageTag>,
    visibility: &DocumentVisibility,
) -> QueryResult<Vec<EventView>> {
    let rows = of_subjects(conn, SubjectKind::Memberships, &[key])?;
    Ok(views(conn, rows, lang, visibility)?
        .remove(&key)
        .unwrap_or_default())
}
