//! Agreements as callers see them: a constant number of queries for any number of rows.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::events;
use super::events::life;
use super::filter::{AgreementFilter, SORTING};
use super::lifecycle;
use super::links;
use super::parties::{self, Party};
use super::parts;
use super::record::Agreement;
use super::store::AgreementRow;
use super::successors;
use super::types::{ActivityBrief, AgreementView};
use crate::changes::{Meta, records};
use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::language::Translations;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};
use crate::db::condition::{Condition, grouped, published};
use crate::db::keyset::Sorting;
use crate::db::schema::{activities, activity_agreements};
use crate::db::{DbConn, Json};
use crate::evidence::documents::{DocumentVisibility, view as documents};
use crate::evidence::include;
use crate::lifecycle::{SubjectKind, lifespans, periods};
use crate::records::{Readable, Show};

impl Readable for Agreement {
    type View = AgreementView;
    type Filter = AgreementFilter;
    const INCLUDES: &'static [&'static str] =
        &["events", "sources", "citations", "documents", "activities"];
    const SORTING: &'static Sorting = &SORTING;
    const META: fn(&mut AgreementView) -> &mut Meta = |view| &mut view.meta;

    fn views(
        conn: &mut DbConn,
        mut rows: Vec<AgreementRow>,
        show: &Show<'_>,
    ) -> QueryResult<Vec<AgreementView>> {
        let visibility = DocumentVisibility::of(conn, show.viewer)?;
        let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let ids: Vec<PublicId> = rows.iter().map(|row| row.public_id.clone()).collect();
        let mut all_parties = parties::of_agreements(conn, &keys, show.lang, show.item)?;
        if let Some(day) = show.as_of {
            stand_then(&mut all_parties, conn, &mut rows, day)?;
        }
        let mut linked = links::of_agreements(conn, &keys)?;
        let others = rows.iter();
        let others = others.flat_map(|row| [row.arose_from_id, row.parent_id]);
        let others = records::ids_of(conn, Kind::Agreement, others.flatten())?;
        let partners: BTreeSet<i64> = all_parties
            .values()
            .flatten()
            .map(|party| party.key)
            .collect();
        let partners: Vec<i64> = partners.into_iter().collect();
        let lives = lifespans::of_partners(conn, &partners)?;
        let today = successors::today(conn, partners.into_iter(), show.lang)?;
        for party in all_parties.values_mut().flatten() {
            party.partner_today = today.get(&party.key).cloned();
        }
        let mut evidence = include::evidence(conn, show.includes, &ids)?;
        let mut events = show.embedded("events", || {
            events::read::of_agreements(conn, &keys, show.lang, show.today, &visibility)
        })?;
        let mut held = show.embedded("activities", || activities_of(conn, &keys))?;
        let mut papers = show.embedded("documents", || {
            documents::of_records(conn, Kind::Agreement, &keys, &visibility)
        })?;
        let mut then = match show.as_of {
            Some(day) => periods::status_at(conn, SubjectKind::Agreements, &keys, day)?,
            None => HashMap::new(),
        };
        let mut allowed: HashMap<i64, Vec<EventAction>> = HashMap::new();
        for row in rows.iter().filter(|_| show.item) {
            let now = match &row.pending_effective_on {
                Some(_) => life::allowed_of(conn, row)?,
                None => lifecycle::allowed(row.status),
            };
            allowed.insert(row.id, now);
        }
        let views = rows.into_iter().map(|mut row| {
            let parties = all_parties.remove(&row.id).unwrap_or_default();
            if let Some((status, since)) = then.remove(&row.id) {
                row.status = LegalStatus::parse(&status).unwrap_or(row.status);
                row.status_since = since;
            }
            AgreementView {
                allowed: allowed.remove(&row.id),
                supersedes: linked.supersedes.remove(&row.id).unwrap_or_default(),
                superseded_by: linked.superseded_by.remove(&row.id),
                arose_from: row.arose_from_id.and_then(|key| others.get(&key).cloned()),
                parent_id: row.parent_id.and_then(|key| others.get(&key).cloned()),
                events: events.of(row.id),
                activities: held.of(row.id),
                documents: papers.of(row.id),
                evidence: evidence.remove(&row.public_id).unwrap_or_default(),
                ..parts::view(row, parties, &lives, show.lang)
            }
        });
        Ok(views.collect())
    }
}

/// Lets the parties stand where they stood on this day, who joined later left out, and the term, a notice and an
/// end that was planned by then be as they were.
fn stand_then(
    parties: &mut HashMap<i64, Vec<Party>>,
    conn: &mut DbConn,
    rows: &mut [AgreementRow],
    day: NaiveDate,
) -> QueryResult<()> {
    let stories = life::stories_of(conn, rows, day, false)?;
    let ends = stories.values();
    let ends = ends.flat_map(|story| [story.notice, story.planned]);
    let ends = events::read::ends(conn, ends.flatten().collect())?;
    for row in rows {
        let Some(story) = stories.get(&row.id) else {
            continue;
        };
        row.content.valid_until.clone_from(&story.term.valid_until);
        row.content.duration = story.term.duration;
        let by = |event: Option<i64>| event.and_then(|event| ends.get(&event).cloned());
        let (given, end) = by(story.notice).unzip();
        row.pending_notice_given_on = given.flatten();
        row.pending_effective_on = by(story.planned).map(|(_, end)| end).or(end);
    }
    for (key, parties) in parties {
        let Some(story) = stories.get(key) else {
            continue;
        };
        parties.retain_mut(|party| {
            let mut seats = story.seats.iter();
            let seat = seats.find(|seat| seat.partner == party.key);
            if let Some(seat) = seat {
                party.participation = seat.participation;
                party.acceded_on.clone_from(&seat.acceded_on);
                party.acceded_on_range = seat.acceded_on.as_ref().map(Into::into);
                party.withdrew_on.clone_from(&seat.withdrew_on);
                party.withdrew_on_range = seat.withdrew_on.as_ref().map(Into::into);
            }
            seat.is_some()
        });
    }
    Ok(())
}

/// The published activities held under these agreements.
fn activities_of(conn: &mut DbConn, keys: &[i64]) -> QueryResult<HashMap<i64, Vec<ActivityBrief>>> {
    use activities as a;
    let rows = activity_agreements::table
        .inner_join(a::table.on(a::id.eq(activity_agreements::activity_id)))
        .filter(activity_agreements::agreement_id.eq_any(keys))
        .filter(Condition::new(published("activities")))
        .order((a::starts_asc, a::id))
        .select((
            activity_agreements::agreement_id,
            a::public_id,
            a::kind,
            a::title,
            a::starts_on,
            a::status,
        ))
        .load::<(i64, PublicId, _, Json<Translations>, Option<Edtf>, _)>(conn)?;
    let brief = |(agreement, id, kind, Json(title), starts_on, status)| {
        let brief = ActivityBrief {
            id,
            kind,
            title,
            starts_on,
            status,
        };
        (agreement, brief)
    };
    Ok(grouped(rows.into_iter().map(brief)))
}
