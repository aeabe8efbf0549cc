//! Reading the events of agreements, in the order of the fold.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::life::{self, Happened};
use super::types::{Details, EventView};
use crate::agreements::lifecycle::MACHINE;
use crate::changes::records;
use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::language::LanguageTag;
use crate::core::state_machine::fold_kept;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};
use crate::db::schema::lifecycle_events;
use crate::db::{DbConn, Json};
use crate::evidence::documents::DocumentVisibility;
use crate::evidence::documents::visibility::visible;
use crate::lifecycle::store::EventRow;
use crate::lifecycle::{SubjectKind, of_subjects};
use crate::partners::PartnerRef;
use crate::partners::reference;

/// The events of these agreements in the order of the fold: a constant number of queries.
pub fn of_agreements(
    conn: &mut DbConn,
    keys: &[i64],
    lang: Option<&LanguageTag>,
    today: NaiveDate,
    visibility: &DocumentVisibility,
) -> QueryResult<HashMap<i64, Vec<EventView>>> {
    let all = of_subjects(conn, SubjectKind::Agreements, keys)?;
    views_of(conn, all, lang, today, visibility)
}

/// The ends that these events (internal keys) bring, notices and terminations: when notice was given, and the end.
pub fn ends(
    conn: &mut DbConn,
    events: Vec<i64>,
) -> QueryResult<HashMap<i64, (Option<Edtf>, Edtf)>> {
    use lifecycle_events as e;
    if events.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, Edtf, Json<Details>)> = e::table
        .filter(e::id.eq_any(events))
        .select((e::id, e::effective_on, e::details))
        .load(conn)?;
    let end = |(key, end, Json(details)): (i64, Edtf, Json<Details>)| {
        (key, (details.notice_given_on, end))
    };
    Ok(rows.into_iter().map(end).collect())
}

/// These events, by the internal keys of their agreements, in the order of the fold.
pub fn views_of(
    conn: &mut DbConn,
    all: HashMap<i64, Vec<EventRow>>,
    lang: Option<&LanguageTag>,
    today: NaiveDate,
    visibility: &DocumentVisibility,
) -> QueryResult<HashMap<i64, Vec<EventView>>> {
    let mut told = Vec::with_capacity(all.len());
    for (key, rows) in all {
        told.push((key, life::happened(&rows)?, rows));
    }
    let happened = || told.iter().flat_map(|(_, happened, _)| happened);
    let details = || happened().map(|one| &one.details);
    let named = details().flat_map(|said| [said.actor, said.party, said.successor]);
    let papers: Vec<PublicId> = details().filter_map(|said| said.document.clone()).collect();
    let known = Known {
        partners: reference::by_keys(conn, named.flatten(), lang)?,
        sources: records::ids_of(conn, Kind::Source, happened().filter_map(|one| one.source))?,
        documents: visible(conn, visibility, &papers)?,
    };
    let told = told.into_iter();
    let shown = told.map(|(key, happened, rows)| (key, views(&rows, happened, &known, today)));
    Ok(shown.collect())
}

/// What events name.
struct Known {
    /// Those that may be seen.
    documents: HashSet<PublicId>,
    partners: HashMap<i64, PartnerRef>,
    sources: HashMap<i64, PublicId>,
}

fn views(
    rows: &[EventRow],
    happened: Vec<Happened>,
    known: &Known,
    today: NaiveDate,
) -> Vec<EventView> {
    let id = |key: Option<i64>| {
        let key = key?;
        let row = rows.iter().find(|row| row.id == key)?;
        Some(row.public_id.clone())
    };
    let Ok((folded, _)) = fold_kept(&MACHINE, &life::steps_of(&happened), today) else {
        tracing::error!("the events of an agreement no longer fold");
        return Vec::new();
    };
    let told = rows.iter().zip(happened);
    let told = told.map(|(row, one)| (row.id, (row, one.details)));
    let mut told: HashMap<i64, (&EventRow, Details)> = told.collect();
    let mut views = Vec::with_capacity(rows.len());
    for entry in &folded.entries {
        let Some((row, said)) = told.remove(&entry.id) else {
            continue;
        };
        let stored = |text: &str| LegalStatus::parse(text).ok();
        let met = || row.from_status.as_deref().and_then(stored);
        let to = entry.to.or_else(|| stored(&row.to_status));
        let partner = |key: Option<i64>| known.partners.get(&key?).cloned();
        let source = |key: i64| known.sources.get(&key).cloned();
        let seen = |document: &PublicId| known.documents.contains(document);
        views.push(EventView {
            id: row.public_id.clone(),
            action: EventAction::parse(&row.action).unwrap_or(EventAction::Note),
            from_status: entry.from.or_else(met),
            to_status: to.unwrap_or(folded.status),
            effective_on_range: (&row.effective_on).into(),
            effective_on: row.effective_on.clone(),
            recorded_at: row.recorded_at.and_utc(),
            recorded_by: row.recorded_by.clone(),
            pending: entry.pending,
            actor_partner: partner(said.actor),
            deciding_body: said.deciding_body,
            reason_code: said.reason_code,
            reason_text: said.reason_text,
            mode: said.mode,
            formal: said.formal.unwrap_or(true),
            place: said.place,
            party: partner(said.party),
            role: said.role,
            successor: partner(said.successor),
            legal_act: said.legal_act,
            document_id: said.document.filter(seen),
            source_id: row.source_id.and_then(source),
            note: said.note,
            notice_given_on: said.notice_given_on,
            valid_until: said.valid_until,
            duration: said.duration,
            superseded_by: said.superseded_by,
            corrects_event_id: id(row.corrects_id),
            corrected_by: id(entry.corrected_by),
            warnings: None,
        });
    }
    views
}
