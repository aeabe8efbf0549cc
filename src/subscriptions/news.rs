//! Of each public change, which followed topics it is about: noted once, however many follow them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use super::store;
use super::subjects::{Subject, subjects};
use super::told::{Told, What};
use super::topic::{Frequency, Topic};
use crate::changes::records;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::record::{ChangeOp, Entity};
use crate::db::DbConn;
use crate::db::schema::{
    changes, registry_meta, subscribers, subscription_news as news, subscription_topics as topics,
};

/// Most changes looked at in one transaction.
const BATCH: i64 = 500;

/// How long after the first change of several a mail is written: those that come meanwhile are in it.
pub(super) const GATHERS: TimeDelta = TimeDelta::minutes(1);

/// Looks at the next changes; whether there may be more.
pub(super) fn note(conn: &mut DbConn, now: DateTime<Utc>) -> QueryResult<bool> {
    let (seq, after): (i64, i64) = registry_meta::table
        .select((registry_meta::seq, registry_meta::followed_seq))
        .first(conn)?;
    // Nobody to note anything for: whoever begins to follow something begins with what comes then.
    if after >= seq || !store::anybody_follows(conn)? {
        return Ok(false);
    }
    type Row = (i64, Entity, PublicId, ChangeOp, Option<String>);
    let rows: Vec<Row> = changes::table
        .filter(changes::seq.gt(after))
        .order(changes::seq)
        .limit(BATCH)
        .select((
            changes::seq,
            changes::entity,
            changes::record,
            changes::op,
            changes::audience,
        ))
        .load(conn)?;
    let last = rows.last().map_or(seq, |(seq, ..)| *seq);
    let told: Vec<Told> = rows
        .into_iter()
        .filter(|(.., audience)| audience.is_none())
        .filter_map(|(seq, entity, record, op, _)| {
            Some(Told {
                seq,
                entity,
                record,
                what: What::of(op)?,
            })
        })
        .collect();
    if !told.is_empty() {
        let subjects = subjects(conn, &told)?;
        lead_on(conn, &told)?;
        keep(conn, &subjects, now)?;
    }
    diesel::update(registry_meta::table)
        .set(registry_meta::followed_seq.eq(last))
        .execute(conn)?;
    Ok(last < seq)
}

/// Whoever follows a partner that was merged follows the one it was merged into.
fn lead_on(conn: &mut DbConn, told: &[Told]) -> QueryResult<()> {
    let merged = told
        .iter()
        .filter(|told| told.what == What::Merged && told.record.kind() == Kind::Partner);
    for Told { record, .. } in merged {
        let Some(into) = records::merged_into(conn, record)? else {
            continue;
        };
        let from = Topic::Partner(record.clone()).to_string();
        let into = Topic::Partner(into).to_string();
        let followers: Vec<i64> = topics::table
            .filter(topics::topic.eq(&into))
            .select(topics::subscriber_id)
            .load(conn)?;
        let twice = topics::subscriber_id.eq_any(followers);
        diesel::delete(topics::table.filter(topics::topic.eq(&from)).filter(twice))
            .execute(conn)?;
        diesel::update(topics::table.filter(topics::topic.eq(&from)))
            .set(topics::topic.eq(&into))
            .execute(conn)?;
        diesel::update(news::table.filter(news::topic.eq(&from)))
            .set(news::topic.eq(&into))
            .execute(conn)?;
    }
    Ok(())
}

/// Keeps what somebody follows, and has those who are told at once be told.
fn keep(conn: &mut DbConn, subjects: &[Subject], now: DateTime<Utc>) -> QueryResult<()> {
    let mut by_topic: BTreeMap<String, Vec<&Subject>> = BTreeMap::new();
    for subject in subjects {
        for topic in &subject.topics {
            by_topic.entry(topic.to_string()).or_default().push(subject);
        }
    }
    let followed: BTreeSet<String> = topics::table
        .filter(topics::topic.eq_any(by_topic.keys()))
        .select(topics::topic)
        .distinct()
        .load(conn)?
        .into_iter()
        .collect();
    by_topic.retain(|topic, _| followed.contains(topic));
    for (topic, subjects) in &by_topic {
        for subject in subjects {
            diesel::insert_into(news::table)
                .values((
                    news::topic.eq(topic),
                    news::seq.eq(subject.seq),
                    news::record.eq(&subject.record),
                    news::what.eq(subject.what.code()),
                    news::created_at.eq(now.naive_utc()),
                ))
                .execute(conn)?;
        }
    }
    if followed.is_empty() {
        return Ok(());
    }
    let readers = topics::table
        .filter(topics::topic.eq_any(&followed))
        .filter(topics::frequency.eq(Frequency::AtOnce.code()))
        .select(topics::subscriber_id);
    diesel::update(subscribers::table)
        .filter(subscribers::due_at.is_null())
        .filter(subscribers::id.eq_any(readers))
        .set(subscribers::due_at.eq((now + GATHERS).naive_utc()))
        .execute(conn)
        .map(drop)
}
