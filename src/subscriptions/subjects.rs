//! Which record a change is told of, and which topics that record is about. One query a table, however many
//! changes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;
use serde_json::Value;

use super::told::{Told, What};
use super::topic::Topic;
use crate::changes::{history, records};
use crate::core::country::Country;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::agreement::FieldOfCooperation;
use crate::core::vocabulary::record::Entity;
use crate::db::condition::grouped;
use crate::db::schema::{
    activities, activity_participants, agreement_parties, agreements, citations, contacts,
    documents, memberships, networks, partner_relations, partners,
};
use crate::db::{DbConn, Json};

/// A record of which something is told.
#[derive(Debug)]
pub(super) struct Subject {
    pub record: PublicId,
    pub seq: i64,
    pub what: What,
    pub topics: BTreeSet<Topic>,
}

/// What is told of which record: each record once, by its last change.
pub(super) fn subjects(conn: &mut DbConn, told: &[Told]) -> QueryResult<Vec<Subject>> {
    let owners = owners(conn, told)?;
    let mut by_record: BTreeMap<PublicId, (i64, What)> = BTreeMap::new();
    for change in told {
        for (record, what) in shown(change, &owners) {
            let known = by_record.entry(record).or_insert((change.seq, what));
            *known = (known.0.max(change.seq), known.1.max(what));
        }
    }
    let mut topics = Topics::default();
    let ids: Vec<PublicId> = by_record.keys().cloned().collect();
    topics.partners(conn, &ids)?;
    topics.parties(conn, &ids)?;
    topics.networks(conn, &ids)?;
    topics.fields(conn, &ids)?;
    topics.earlier(conn, told)?;
    Ok(by_record
        .into_iter()
        .map(|(record, (seq, what))| {
            let mut about = topics.0.remove(&record).unwrap_or_default();
            match (record.kind(), what) {
                (Kind::Network, _) => drop(about.insert(Topic::Network(record.clone()))),
                (Kind::Agreement, What::New) => drop(about.insert(Topic::NewAgreements)),
                _ => {}
            }
            Subject {
                topics: about,
                record,
                seq,
                what,
            }
        })
        .collect())
}

/// The records that a change is told of. What has no page is told with the record it is shown on.
fn shown(change: &Told, owners: &HashMap<PublicId, Vec<PublicId>>) -> Vec<(PublicId, What)> {
    let what = match change.entity {
        Entity::Partner
        | Entity::Agreement
        | Entity::Network
        | Entity::Membership
        | Entity::Activity => return vec![(change.record.clone(), change.what)],
        Entity::Relation => What::Changed,
        Entity::Contact => What::Contacts,
        Entity::Citation => What::Sources,
        Entity::Document => What::Papers,
        Entity::Source
        | Entity::Suggestion
        | Entity::Organisation
        | Entity::User
        | Entity::Key
        | Entity::Webhook => return Vec::new(),
    };
    let owners = owners.get(&change.record).into_iter().flatten();
    owners.map(|owner| (owner.clone(), what)).collect()
}

/// On which records the parts among these changes are shown.
fn owners(conn: &mut DbConn, told: &[Told]) -> QueryResult<HashMap<PublicId, Vec<PublicId>>> {
    let ids = |entity: Entity| -> Vec<PublicId> {
        told.iter()
            .filter(|told| told.entity == entity)
            .map(|told| told.record.clone())
            .collect()
    };
    let mut pairs: Vec<(PublicId, PublicId)> = contacts::table
        .inner_join(partners::table)
        .filter(contacts::public_id.eq_any(ids(Entity::Contact)))
        .select((contacts::public_id, partners::public_id))
        .load(conn)?;
    let citations: Vec<(PublicId, PublicId)> = citations::table
        .filter(citations::public_id.eq_any(ids(Entity::Citation)))
        .select((citations::public_id, citations::record))
        .load(conn)?;
    pairs.extend(citations);
    let (from, to) = diesel::alias!(partners as from_partner, partners as to_partner);
    let relations: Vec<(PublicId, PublicId, PublicId)> = partner_relations::table
        .inner_join(from.on(from.field(partners::id).eq(partner_relations::from_id)))
        .inner_join(to.on(to.field(partners::id).eq(partner_relations::to_id)))
        .filter(partner_relations::public_id.eq_any(ids(Entity::Relation)))
        .select((
            partner_relations::public_id,
            from.field(partners::public_id),
            to.field(partners::public_id),
        ))
        .load(conn)?;
    for (relation, from, to) in relations {
        pairs.extend([(relation.clone(), from), (relation, to)]);
    }
    let record = (
        agreements::public_id.nullable(),
        memberships::public_id.nullable(),
        activities::public_id.nullable(),
    );
    type Record = (Option<PublicId>, Option<PublicId>, Option<PublicId>);
    let papers: Vec<(PublicId, Record)> = documents::table
        .left_join(agreements::table)
        .left_join(memberships::table)
        .left_join(activities::table)
        .filter(documents::public_id.eq_any(ids(Entity::Document)))
        .select((documents::public_id, record))
        .load(conn)?;
    for (paper, (agreement, membership, activity)) in papers {
        let record = agreement.or(membership).or(activity);
        pairs.extend(record.map(|record| (paper, record)));
    }
    let mut owners = grouped(pairs);
    for change in told {
        let part = matches!(change.entity, Entity::Citation | Entity::Relation);
        if part && !owners.contains_key(&change.record) {
            owners.insert(change.record.clone(), shown_on(conn, change)?);
        }
    }
    Ok(owners)
}

/// The topics of records.
#[derive(Default)]
struct Topics(HashMap<PublicId, BTreeSet<Topic>>);

impl Topics {
    fn add(&mut self, record: &PublicId, topic: Topic) {
        self.0.entry(record.clone()).or_default().insert(topic);
    }

    fn partner(&mut self, record: &PublicId, partner: PublicId, country: Country) {
        self.add(record, Topic::Partner(partner));
        self.add(record, Topic::Country(country));
    }

    fn partners(&mut self, conn: &mut DbConn, ids: &[PublicId]) -> QueryResult<()> {
        let rows: Vec<(PublicId, Country, Option<i64>)> = partners::table
            .filter(partners::public_id.eq_any(ids))
            .select((
                partners::public_id,
                partners::country,
                partners::merged_into,
            ))
            .load(conn)?;
        for (id, country, merged_into) in rows {
            if merged_into.is_some()
                && let Some(into) = records::merged_into(conn, &id)?
            {
                self.add(&id, Topic::Partner(into));
            }
            self.partner(&id, id.clone(), country);
        }
        Ok(())
    }

    fn parties(&mut self, conn: &mut DbConn, ids: &[PublicId]) -> QueryResult<()> {
        use {activities as y, agreements as a, memberships as m, partners as p};
        type Party = (PublicId, PublicId, Country);
        let parties: Vec<Party> = agreement_parties::table
            .inner_join(a::table)
            .inner_join(p::table)
            .filter(a::public_id.eq_any(ids))
            .select((a::public_id, p::public_id, p::country))
            .load(conn)?;
        let members: Vec<Party> = m::table
            .inner_join(p::table.on(p::id.eq(m::partner_id)))
            .filter(m::public_id.eq_any(ids))
            .select((m::public_id, p::public_id, p::country))
            .load(conn)?;
        let participants: Vec<Party> = activity_participants::table
            .inner_join(y::table)
            .inner_join(p::table)
            .filter(y::public_id.eq_any(ids))
            .select((y::public_id, p::public_id, p::country))
            .load(conn)?;
        for (id, partner, country) in [parties, members, participants].concat() {
            self.partner(&id, partner, country);
        }
        Ok(())
    }

    fn networks(&mut self, conn: &mut DbConn, ids: &[PublicId]) -> QueryResult<()> {
        use {activities as y, memberships as m, networks as n};
        let members: Vec<(PublicId, PublicId)> = m::table
            .inner_join(n::table)
            .filter(m::public_id.eq_any(ids))
            .select((m::public_id, n::public_id))
            .load(conn)?;
        let activities: Vec<(PublicId, PublicId)> = y::table
            .inner_join(n::table.on(y::network_id.eq(n::id.nullable())))
            .filter(y::public_id.eq_any(ids))
            .select((y::public_id, n::public_id))
            .load(conn)?;
        for (id, network) in [members, activities].concat() {
            self.add(&id, Topic::Network(network));
        }
        Ok(())
    }

    fn fields(&mut self, conn: &mut DbConn, ids: &[PublicId]) -> QueryResult<()> {
        use {activities as y, agreements as a};
        type Fields = Json<Vec<FieldOfCooperation>>;
        let agreements: Vec<(PublicId, Fields)> = a::table
            .filter(a::public_id.eq_any(ids))
            .select((a::public_id, a::fields))
            .load(conn)?;
        let activities: Vec<(PublicId, Fields)> = y::table
            .filter(y::public_id.eq_any(ids))
            .select((y::public_id, y::fields))
            .load(conn)?;
        for (id, fields) in [agreements, activities].concat() {
            for field in fields.0 {
                self.add(&id, Topic::Field(field));
            }
        }
        Ok(())
    }

    /// Adds the topics of what these changes took away: of parties and fields that were there before.
    fn earlier(&mut self, conn: &mut DbConn, told: &[Told]) -> QueryResult<()> {
        let changed = told.iter().filter(|change| {
            let has_parties = matches!(change.entity, Entity::Agreement | Entity::Activity);
            has_parties && change.what == What::Changed
        });
        let mut seen = BTreeSet::new();
        for change in changed.filter(|change| seen.insert(&change.record)) {
            let Some(before) = history::before(conn, &change.record, change.seq)? else {
                continue;
            };
            for member in ["parties", "participants"] {
                let parties = before.get(member).and_then(Value::as_array);
                for party in parties.into_iter().flatten() {
                    let said = |name: &str| party.get("partner")?.get(name)?.as_str();
                    let partner = said("id").and_then(|id| id.parse().ok());
                    let country = said("country").and_then(|code| code.parse().ok());
                    if let Some((partner, country)) = partner.zip(country) {
                        self.partner(&change.record, partner, country);
                    }
                }
            }
            let fields = before.get("fields").and_then(Value::as_array);
            for field in fields.into_iter().flatten().filter_map(Value::as_str) {
                if let Ok(field) = FieldOfCooperation::parse(field) {
                    self.add(&change.record, Topic::Field(field));
                }
            }
        }
        Ok(())
    }
}

/// On which records a part was shown that is there no longer, as the log says.
fn shown_on(conn: &mut DbConn, change: &Told) -> QueryResult<Vec<PublicId>> {
    let before = history::before(conn, &change.record, change.seq)?;
    let said = |pointer: &str| before.as_ref()?.pointer(pointer)?.as_str()?.parse().ok();
    let all = ["/record_id", "/from/id", "/to/id"]
        .into_iter()
        .filter_map(said);
    Ok(all.collect())
}
