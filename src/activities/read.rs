//! Reading activities.

use std::collections::HashMap;

use diesel::QueryResult;

use super::filter::{self, ActivityFilter};
use super::record::Activity;
use super::store::{self, ActivityRow, ParticipantRow};
use super::types::{ActivityIn, ActivityView, Participant, Place};
use crate::changes::Meta;
use crate::core::ids::{Kind, PublicId};
use crate::core::warning::Warning;
use crate::db::DbConn;
use crate::db::keyset::Sorting;
use crate::evidence::documents::{DocumentVisibility, view as documents};
use crate::evidence::include;
use crate::lifecycle::lifespans;
use crate::networks::reference as networks;
use crate::partners::{PartnerRef, reference as partners};
use crate::records::{Readable, Routed, Show};

impl Readable for Activity {
    type View = ActivityView;
    type Filter = ActivityFilter;
    const INCLUDES: &'static [&'static str] = &["sources", "citations", "documents"];
    const SORTING: &'static Sorting = &filter::SORTING;
    const META: fn(&mut ActivityView) -> &mut Meta = |view| &mut view.meta;

    fn views(
        conn: &mut DbConn,
        rows: Vec<ActivityRow>,
        show: &Show<'_>,
    ) -> QueryResult<Vec<ActivityView>> {
        let lang = show.lang;
        let ids: Vec<PublicId> = rows.iter().map(|row| row.public_id.clone()).collect();
        let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let taking_part = store::participants_of(conn, &keys)?;
        let those = rows.iter().filter_map(|row| row.columns.place_partner_id);
        let those = those.chain(taking_part.iter().map(|row| row.1));
        let partners = partners::by_keys(conn, those.collect::<Vec<_>>(), lang)?;
        let mut warnings = warnings(conn, &rows, &taking_part, &partners)?;
        let mut participants: HashMap<i64, Vec<Participant>> = HashMap::new();
        for (activity, key, role, office, name) in taking_part {
            let partner = partners
                .get(&key)
                .cloned()
                .ok_or(diesel::result::Error::NotFound)?;
            let name = name.filter(|_| show.item);
            let participant = Participant {
                partner,
                role,
                office,
                name,
            };
            participants.entry(activity).or_default().push(participant);
        }
        let mut agreements = store::agreements_of(conn, &keys)?;
        let networks = networks::by_keys(
            conn,
            rows.iter().filter_map(|row| row.columns.network_id),
            lang,
        )?;
        let mut evidence = include::evidence(conn, show.includes, &ids)?;
        let mut papers = show.embedded("documents", || {
            let visibility = DocumentVisibility::of(conn, show.viewer)?;
            documents::of_records(conn, Kind::Activity, &keys, &visibility)
        })?;
        let views = rows.into_iter().map(|row| {
            let columns = row.columns;
            let partner = columns
                .place_partner_id
                .and_then(|key| partners.get(&key).cloned());
            let text = columns.place_text;
            let place = Some(Place { text, partner });
            ActivityView {
                title: columns.title.0,
                kind: columns.kind,
                starts_on_range: columns.starts_on.as_ref().map(Into::into),
                ends_on_range: columns.ends_on.as_ref().map(Into::into),
                mode: columns.mode,
                place: place.filter(|place| place.text.is_some() || place.partner.is_some()),
                participants: participants.remove(&row.id).unwrap_or_default(),
                participant_count: columns.participant_count,
                fields: columns.fields.0,
                agreement_ids: agreements.remove(&row.id).unwrap_or_default(),
                network: columns
                    .network_id
                    .and_then(|key| networks.get(&key).cloned()),
                status: columns.status,
                warnings: warnings.remove(&row.id),
                documents: papers.of(row.id),
                meta: crate::meta!(row),
                evidence: evidence.remove(&row.public_id).unwrap_or_default(),
                starts_on: columns.starts_on,
                ends_on: columns.ends_on,
                programme: columns.programme,
                grant_ref: columns.grant_ref,
                outcome: columns.outcome,
                id: row.public_id,
            }
        });
        Ok(views.collect())
    }
}

/// What is odd about these activities and allowed all the same, by internal key: they begin outside of the
/// life of who takes part, or of the network.
fn warnings(
    conn: &mut DbConn,
    rows: &[ActivityRow],
    taking_part: &[ParticipantRow],
    partners: &HashMap<i64, PartnerRef>,
) -> QueryResult<HashMap<i64, Vec<Warning>>> {
    let keys: Vec<i64> = taking_part.iter().map(|row| row.1).collect();
    let lives = lifespans::of_partners(conn, &keys)?;
    let networks =
        lifespans::of_networks(conn, rows.iter().filter_map(|row| row.columns.network_id))?;
    let mut all = HashMap::new();
    for row in rows {
        let Some(began) = &row.columns.starts_on else {
            continue;
        };
        let own = taking_part
            .iter()
            .filter(|(activity, ..)| *activity == row.id);
        let own =
            own.filter_map(|(_, key, ..)| Some((lives.get(key), partners.get(key)?.id.as_str())));
        let network = row.columns.network_id.and_then(|key| networks.get(&key));
        let odd: Vec<Warning> = own
            .chain([(network, "the network")])
            .filter_map(|(life, who)| life?.warning(who, began))
            .collect();
        if !odd.is_empty() {
            all.insert(row.id, odd);
        }
    }
    Ok(all)
}

impl Routed for Activity {
    const LIST: &'static str = "Newest first, those without a date last. With `q` and no \
        `sort`, the best match comes first.";
    const READ: &'static str = "With the names of those who represented the participants.";
    const UPDATE: &'static str =
        "Lists, such as that of the participants, are replaced as a whole.";
    const WITHDRAW: &'static str =
        "Nothing is deleted: the id stays and answers 410 with the reason.";
    type Patch = ActivityIn;
}
