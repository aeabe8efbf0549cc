//! Events of memberships as callers see them.

use std::collections::{HashMap, HashSet};

use diesel::QueryResult;

use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::core::state_machine::{ALWAYS, Entry};
use crate::core::vocabulary::lifecycle::{MembershipAction, MembershipStatus};
use crate::db::{DbConn, json};
use crate::evidence::documents::DocumentVisibility;
use crate::evidence::documents::visibility::visible;
use crate::evidence::sources::{SourceView, store as source_store};
use crate::lifecycle::store::code;
use crate::lifecycle::{EventRow, SubjectKind, of_subjects};
use crate::networks::memberships::fold::Life;
use crate::networks::memberships::store::MembershipRow;
use crate::networks::memberships::types::{Details, EventView};
use crate::partners::{PartnerRef, reference};

/// The events of these memberships, by internal key, in the order of the fold, oldest first: four
/// queries for any number of them.
pub fn views(
    conn: &mut DbConn,
    memberships: &[MembershipRow],
    lang: Option<&LanguageTag>,
    visibility: &DocumentVisibility,
) -> QueryResult<HashMap<i64, Vec<EventView>>> {
    let keys: Vec<i64> = memberships.iter().map(|row| row.id).collect();
    let mut all = of_subjects(conn, SubjectKind::Memberships, &keys)?;
    let rows = || all.values().flatten();
    let said = |row: &EventRow| QueryResult::Ok((row.id, json::value(&row.details)?));
    let mut details: HashMap<i64, Details> = rows().map(said).collect::<QueryResult<_>>()?;
    let cited: Vec<i64> = rows().filter_map(|row| row.source_id).collect();
    let cited = source_store::by_keys(conn, &cited)?;
    let papers = details.values().filter_map(|said| said.document.clone());
    let papers: Vec<PublicId> = papers.collect();
    let actors = details.values().filter_map(|said| said.actor);
    let known = Known {
        documents: visible(conn, visibility, &papers)?,
        actors: reference::by_keys(conn, actors, lang)?,
        sources: cited.iter().map(|row| (row.id, row.view())).collect(),
    };
    let mut found = HashMap::new();
    for membership in memberships {
        let rows = all.remove(&membership.id).unwrap_or_default();
        let mut views = Vec::with_capacity(rows.len());
        // Nothing waits for its day here, so that any day will do.
        if let Ok(life) = Life::of(membership, &rows, ALWAYS) {
            for entry in life.story.iter().flat_map(|story| &story.folded.entries) {
                let Some(row) = rows.iter().find(|row| row.id == entry.id) else {
                    continue;
                };
                let said = details.remove(&row.id).unwrap_or_default();
                views.push(view(row, said, (&life, entry), &known)?);
            }
        }
        found.insert(membership.id, views);
    }
    Ok(found)
}

/// What events name.
struct Known {
    /// Those that may be seen.
    documents: HashSet<PublicId>,
    actors: HashMap<i64, PartnerRef>,
    sources: HashMap<i64, SourceView>,
}

fn view(
    row: &EventRow,
    details: Details,
    (life, entry): (&Life, &Entry<MembershipAction, MembershipStatus>),
    known: &Known,
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
        actor_partner: details
            .actor
            .and_then(|key| known.actors.get(&key).cloned()),
        deciding_body: details.deciding_body,
        class: details.class,
        reason_code: details.reason_code,
        reason_text: details.reason_text,
        formal: details.formal.unwrap_or(true),
        place: details.place,
        legal_act: details.legal_act,
        document_id: details.document.filter(|id| known.documents.contains(id)),
        source: row
            .source_id
            .and_then(|key| known.sources.get(&key).cloned()),
        note: details.note,
        corrects_event_id: row.corrects_id.and_then(|id| life.id_of(id)),
        corrected_by: entry.corrected_by.and_then(|id| life.id_of(id)),
    })
}

/// The events of one membership as callers see them.
pub fn views_of(
    conn: &mut DbConn,
    membership: &MembershipRow,
    lang: Option<&LanguageTag>,
    visibility: &DocumentVisibility,
) -> QueryResult<Vec<EventView>> {
    let mut all = views(conn, std::slice::from_ref(membership), lang, visibility)?;
    Ok(all.remove(&membership.id).unwrap_or_default())
}
