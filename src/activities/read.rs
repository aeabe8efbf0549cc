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
use crate::db::condition::Condition;
use crate::db::keyset::Sorting;
use crate::evidence::documents::{DocumentVisibility, include as documents};
use crate::evidence::include;
use crate::http::extract::params::{Parsed, Words, in_order};
use crate::http::problem::Problem;
use crate::lifecycle::lifespans;
use crate::networks::reference as networks;
use crate::partners::{PartnerRef, reference as partners};
use crate::records::{Readable, Route, Routed, Show};

impl Readable for Activity {
    type View = ActivityView;
    type Filter = ActivityFilter;
    const INCLUDES: &'static [&'static str] = &["sources", "citations", "documents"];
    const SORTING: &'static Sorting = &filter::SORTING;

    fn words(filter: &ActivityFilter) -> Option<&Parsed<Words>> {
        filter.q.as_ref()
    }

    fn check(filter: &ActivityFilter) -> Result<(), Problem> {
        in_order(("from", filter.from.as_ref()), ("to", filter.to.as_ref()))
    }

    fn condition(
        _: &mut DbConn,
        filter: &ActivityFilter,
        show: &Show<'_>,
    ) -> Result<Condition, Problem> {
        Ok(filter::condition(filter, show.viewer))
    }

    fn views(
        conn: &mut DbConn,
        rows: Vec<ActivityRow>,
        show: &Show<'_>,
    ) -> QueryResult<Vec<ActivityView>> {
        let lang = show.lang;
        let ids: Vec<PublicId> = rows.iter().map(|row| row.public_id.clone()).collect();
        let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let taking_part = store::participants_of(conn, &keys)?;
        let those = rows.iter().filter_map(|row| row.place_partner_id);
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
        let networks = networks::by_keys(conn, rows.iter().filter_map(|row| row.network_id), lang)?;
        let mut evidence = include::evidence(conn, show.includes, &ids)?;
        let mut papers = show.embedded("documents", || {
            let visibility = DocumentVisibility::of(conn, show.viewer)?;
            documents::of_records(conn, Kind::Activity, &keys, &visibility)
        })?;
        let views = rows.into_iter().map(|row| {
            let partner = row
                .place_partner_id
                .and_then(|key| partners.get(&key).cloned());
            let text = row.place_text.clone();
            let place = Some(Place { text, partner });
            ActivityView {
                title: row.title.0,
                kind: row.kind,
                starts_on_range: row.starts_on.as_ref().map(Into::into),
                ends_on_range: row.ends_on.as_ref().map(Into::into),
                mode: row.mode,
                place: place.filter(|place| place.text.is_some() || place.partner.is_some()),
                participants: participants.remove(&row.id).unwrap_or_default(),
                participant_count: row.participant_count,
                fields: row.fields.0,
                agreement_ids: agreements.remove(&row.id).unwrap_or_default(),
                network: row.network_id.and_then(|key| networks.get(&key).cloned()),
                status: row.status,
                warnings: warnings.remove(&row.id),
                documents: papers.of(row.id),
                meta: crate::meta!(row),
                evidence: evidence.remove(&row.public_id).unwrap_or_default(),
                starts_on: row.starts_on,
                ends_on: row.ends_on,
                programme: row.programme,
                grant_ref: row.grant_ref,
                outcome: row.outcome,
                id: row.public_id,
            }
        });
        Ok(views.collect())
    }

    fn meta(view: &mut ActivityView) -> &mut Meta {
        &mut view.meta
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
    let networks = lifespans::of_networks(conn, rows.iter().filter_map(|row| row.network_id))?;
    let mut all = HashMap::new();
    for row in rows {
        let Some(began) = &row.starts_on else {
            continue;
        };
        let own = taking_part
            .iter()
            .filter(|(activity, ..)| *activity == row.id);
        let own =
            own.filter_map(|(_, key, ..)| Some((lives.get(key), partners.get(key)?.id.as_str())));
        let network = row.network_id.and_then(|key| networks.get(&key));
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
    const ROUTES: &'static [(Route, &'static str)] = &[
        (
            Route::List,
            "Newest first, those without a date last. With `q` and no `sort`, the best match comes first.",
        ),
        (
            Route::Read,
            "With the names of those who represented the participants.",
        ),
        (
            Route::Update,
            "Lists, such as that of the participants, are replaced as a whole.",
        ),
        (
            Route::Withdraw,
            "Nothing is deleted: the id stays and answers 410 with the reason.",
        ),
    ];
    type Patch = ActivityIn;
}
