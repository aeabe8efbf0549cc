//! Reading memberships.

use std::collections::HashMap;

use diesel::QueryResult;

use super::events::view as events;
use super::filter::{self, MembershipFilter};
use super::record::Membership;
use super::store::MembershipRow;
use super::types::{MembershipIn, MembershipView};
use super::{fold, span};
use crate::changes::Meta;
use crate::core::ids::{Kind, PublicId};
use crate::db::DbConn;
use crate::db::keyset::Sorting;
use crate::evidence::documents::{DocumentVisibility, view as documents};
use crate::evidence::include;
use crate::lifecycle::store::code;
use crate::lifecycle::{SubjectKind, status_at};
use crate::networks::{lifecycle, reference};
use crate::partners::reference as partners;
use crate::records::{Readable, Routed, Show};

impl Readable for Membership {
    type View = MembershipView;
    type Filter = MembershipFilter;
    const INCLUDES: &'static [&'static str] = &["events", "sources", "citations", "documents"];
    const SORTING: &'static Sorting = &filter::SORTING;
    const META: fn(&mut MembershipView) -> &mut Meta = |view| &mut view.meta;

    fn views(
        conn: &mut DbConn,
        rows: Vec<MembershipRow>,
        show: &Show<'_>,
    ) -> QueryResult<Vec<MembershipView>> {
        let lang = show.lang;
        let visibility = &DocumentVisibility::of(conn, show.viewer)?;
        let ids: Vec<PublicId> = rows.iter().map(|row| row.public_id.clone()).collect();
        let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let those = rows
            .iter()
            .flat_map(|row| [Some(row.sides.partner_id), row.own.via_partner_id]);
        let those = partners::by_keys(conn, those.flatten(), lang)?;
        let networks = reference::by_keys(conn, rows.iter().map(|row| row.sides.network_id), lang)?;
        let mut evidence = include::evidence(conn, show.includes, &ids)?;
        let mut papers = show.embedded("documents", || {
            documents::of_records(conn, Kind::Membership, &keys, visibility)
        })?;
        let mut events =
            show.embedded("events", || events::views(conn, &rows, lang, visibility))?;
        let mut warnings = span::warnings(conn, &rows)?;
        let (mut then, mut held) = match show.as_of {
            Some(day) => (
                fold::facts_on(conn, &rows, day)?,
                status_at(conn, SubjectKind::Memberships, &keys, day)?,
            ),
            None => (HashMap::new(), HashMap::new()),
        };
        rows.into_iter()
            .map(|row| {
                let facts = then.remove(&row.id).unwrap_or_else(|| row.facts.clone());
                let mut offices = row.own.offices.0;
                if !show.item {
                    for office in &mut offices {
                        office.name = None;
                    }
                }
                let (status, status_since) = match held.remove(&row.id) {
                    Some((status, since)) => (code(&status)?, since),
                    None => (row.status, row.status_since),
                };
                let missing = || diesel::NotFound;
                Ok(MembershipView {
                    partner: those
                        .get(&row.sides.partner_id)
                        .cloned()
                        .ok_or_else(missing)?,
                    network: networks
                        .get(&row.sides.network_id)
                        .cloned()
                        .ok_or_else(missing)?,
                    section: Some(row.own.section).filter(|section| !section.is_empty()),
                    via_partner: row
                        .own
                        .via_partner_id
                        .and_then(|via| those.get(&via).cloned()),
                    allowed: show.item.then(|| lifecycle::allowed(row.status)),
                    warnings: warnings.remove(&row.id),
                    status,
                    status_since_range: (&status_since).into(),
                    applied_on_range: facts.applied_on.as_ref().map(Into::into),
                    admitted_on_range: facts.admitted_on.as_ref().map(Into::into),
                    ended_on_range: facts.ended_on.as_ref().map(Into::into),
                    offices,
                    quality_flags: Some(row.quality_flags.0).filter(|flags| !flags.is_empty()),
                    events: events.of(row.id),
                    documents: papers.of(row.id),
                    meta: crate::meta!(row),
                    evidence: evidence.remove(&row.public_id).unwrap_or_default(),
                    class: facts.class,
                    status_since,
                    applied_on: facts.applied_on,
                    admitted_on: facts.admitted_on,
                    ended_on: facts.ended_on,
                    id: row.public_id,
                })
            })
            .collect()
    }
}

impl Routed for Membership {
    const TAG: &'static str = "networks";
    const LIST: &'static str =
        "Newest first. Ended ones are included, unless `status` says otherwise.";
    const READ: &'static str =
        "With the names of those who hold offices and the actions its status allows now.";
    const UPDATE: &'static str = "Its status changes by events only. A date that an event \
        brought moves that event, by a\n\
        correction; partner and network stay.";
    const WITHDRAW: &'static str = "Nothing is deleted: the id stays and answers 410 with the \
        reason. A membership that ended is not\n\
        withdrawn; it is ended by an event.";
    type Patch = MembershipIn;
}
