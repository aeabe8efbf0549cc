//! Writing to those who are due: what is new of what they follow, counted, and the newest of it one by one.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use strum::EnumCount as _;

use super::requests::next_digest;
use super::told::What;
use super::topic::{Frequency, Topic};
use super::{store, words};
use crate::access::token;
use crate::changes::feed::newest_of;
use crate::changes::{self, records};
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::lifecycle::{LegalStatus, MembershipStatus};
use crate::core::vocabulary::record::{Entity, RecordState};
use crate::db::DbConn;
use crate::db::condition::{Condition, rows};
use crate::db::schema::{
    agreements, memberships, networks, registry_meta, subscribers, subscription_topics as topics,
};
use crate::find_row;
use crate::html::{self, Argument, lang::Lang};
use crate::jobs::mail::{self, Item, Mail, Template};
use crate::kinds;

/// Most subscribers that are written to in one transaction.
const BATCH: i64 = 20;

/// Records told one by one in a mail; the rest is counted.
const ITEMS: usize = 20;

/// Records that are counted; beyond them a mail says that there are more.
const COUNTED: usize = 200;

/// Changes of one topic that are looked at, the newest: beyond them nobody reads, and an import has many.
const LOOKED_AT: i64 = 5_000;

/// How long after a mail there is no other that tells what is new at once.
const PAUSE: TimeDelta = TimeDelta::minutes(10);

/// Whoever is due: the internal key, the address and the language.
type Reader = (i64, String, String);

/// Writes to the next of those who are due; how many they were.
pub(super) fn write(
    conn: &mut DbConn,
    frequency: Frequency,
    now: DateTime<Utc>,
) -> QueryResult<usize> {
    use subscribers as s;
    let at = now.naive_utc();
    let mut due = s::table
        .select((s::id, s::email, s::lang))
        .limit(BATCH)
        .into_boxed();
    due = match frequency {
        Frequency::AtOnce => due
            .filter(s::due_at.le(at))
            .filter(s::not_before.is_null().or(s::not_before.le(at)))
            .order(s::due_at),
        Frequency::Weekly => due.filter(s::weekly_at.le(at)).order(s::weekly_at),
    };
    let readers: Vec<Reader> = due.load(conn)?;
    let upto: i64 = registry_meta::table
        .select(registry_meta::followed_seq)
        .first(conn)?;
    let count = readers.len();
    for reader in readers {
        let id = reader.0;
        let written = tell(conn, &reader, frequency, now)?;
        diesel::update(topics::table)
            .filter(topics::subscriber_id.eq(id))
            .filter(topics::frequency.eq(frequency.code()))
            .filter(topics::told_seq.lt(upto))
            .set(topics::told_seq.eq(upto))
            .execute(conn)?;
        match frequency {
            Frequency::AtOnce => {
                let pause = written.then(|| s::not_before.eq((now + PAUSE).naive_utc()));
                diesel::update(s::table.find(id))
                    .set((s::due_at.eq(None::<NaiveDateTime>), pause))
                    .execute(conn)?;
            }
            Frequency::Weekly => store::set_weekly(conn, id, next_digest(now))?,
        }
    }
    Ok(count)
}

#[derive(Queryable)]
struct New {
    seq: i64,
    record: String,
    what: String,
    /// How many changes of it were looked at.
    changes: i64,
}

/// What is new of these topics: the records that changed last, with each thing that was done to them once, as
/// far as everybody still sees it.
fn new_of(conn: &mut DbConn, followed: &[(String, i64)]) -> QueryResult<Vec<New>> {
    let run = format!(
        "SELECT * FROM (SELECT MAX(page.seq) AS seq, page.record AS record, page.what AS what, \
         COUNT(*) AS changes FROM (SELECT n.seq AS seq, n.record AS record, n.what AS what \
         FROM subscription_news n JOIN changes c ON c.seq = n.seq AND c.audience IS NULL \
         WHERE n.topic = ? AND n.seq > ? ORDER BY n.seq DESC LIMIT {LOOKED_AT}) AS page \
         GROUP BY page.record, page.what ORDER BY MAX(page.seq) DESC LIMIT {}) AS run",
        (COUNTED + 1) * What::COUNT
    );
    let mut all = Condition::default();
    for (at, (topic, told)) in followed.iter().enumerate() {
        if at > 0 {
            all = all.sql(" UNION ALL ");
        }
        all = all.then(Condition::of(&run, [topic.as_str().into(), (*told).into()]));
    }
    rows::<(BigInt, Text, Text, BigInt), _>(conn, all)
}

/// Writes one mail, unless there is nothing to tell; whether it did.
fn tell(
    conn: &mut DbConn,
    (reader, email, lang): &Reader,
    frequency: Frequency,
    now: DateTime<Utc>,
) -> QueryResult<bool> {
    let followed: Vec<(String, i64)> = topics::table
        .filter(topics::subscriber_id.eq(reader))
        .filter(topics::frequency.eq(frequency.code()))
        .order(topics::topic)
        .select((topics::topic, topics::told_seq))
        .load(conn)?;
    if followed.is_empty() {
        return Ok(false);
    }
    let rows = new_of(conn, &followed)?;
    let looked_at: i64 = rows.iter().map(|row| row.changes).sum();
    let mut by_record: BTreeMap<String, (i64, What)> = BTreeMap::new();
    for row in rows {
        let Ok(what) = row.what.parse() else { continue };
        let known = by_record.entry(row.record).or_insert((row.seq, what));
        *known = (known.0.max(row.seq), known.1.max(what));
    }
    let mut newest: Vec<_> = by_record.into_iter().collect();
    newest.sort_unstable_by_key(|(_, (seq, _))| Reverse(*seq));
    // Where not all was looked at there may be more.
    let more = newest.len() > COUNTED || looked_at >= LOOKED_AT;
    let (mut count, mut items) = (newest.len(), Vec::new());
    for (record, (_, what)) in newest {
        if items.len() == ITEMS {
            break;
        }
        let told = match record.parse() {
            Ok(record) => item(conn, &record, what, lang)?,
            Err(_) => None,
        };
        match told {
            Some(told) => items.push(told),
            None => count -= 1,
        }
    }
    if items.is_empty() {
        return Ok(false);
    }
    let known = followed.iter().filter_map(|(topic, _)| topic.parse().ok());
    let known: Vec<Topic> = known.collect();
    let token = token::new("tcu_");
    store::keep_token(conn, Some(*reader), &token::hash(&token), now)?;
    let template = match frequency {
        Frequency::AtOnce => Template::SubscriptionNews,
        Frequency::Weekly => Template::SubscriptionDigest,
    };
    let count = if more {
        format!("{COUNTED}+")
    } else {
        count.to_string()
    };
    let mut letter = Mail::new(template, email, lang)
        .with("token", token)
        .with("topics", words::all(conn, &known, lang)?.join("\n"))
        .with("count", count);
    letter.items = items;
    mail::push(conn, &letter, now)?;
    Ok(true)
}

/// What is told of a record; nothing when nobody may see it.
fn item(conn: &mut DbConn, record: &PublicId, what: What, lang: &str) -> QueryResult<Option<Item>> {
    let Some(head) = records::find(conn, record)? else {
        return Ok(None);
    };
    let page = words::language(lang);
    let entity = html::label(page, Entity::VOCABULARY, record.kind().as_str());
    let nameless = format!("{} {record}", entity.unwrap_or_default());
    let (title, what) = match head.state {
        RecordState::Draft => return Ok(None),
        // Why it was taken back may be what it was called.
        RecordState::Withdrawn => (nameless, What::Withdrawn),
        state => {
            let name = kinds::display_name(conn, record, lang)?;
            let name = name.filter(|name| !name.is_empty());
            let what = match state {
                RecordState::Merged => What::Merged,
                // It went, and came back.
                _ if what >= What::Merged => What::Restored,
                _ => what,
            };
            (name.unwrap_or(nameless), what)
        }
    };
    let key = format!("told-{}", what.code());
    let mut said = html::say(page, &key, &[]);
    if what == What::Changed
        && let Some(change) = newest_of(conn, std::slice::from_ref(record), 1)?.pop()
    {
        said = changes::words(page, &change);
    }
    if matches!(what, What::Step | What::New)
        && let Some(status) = status(conn, record, page)?
    {
        let both = [("told", &*said), ("status", status)];
        let both = both.map(|(name, text)| (name, Argument::from(text)));
        said = html::say(page, "told-status", &both);
    }
    let path = match record.kind() {
        Kind::Membership => format!("networks/{}", network_of(conn, record)?),
        kind => format!("{}/{record}", kind.collection().unwrap_or_default()),
    };
    Ok(Some(Item {
        title,
        what: said,
        path: format!("/{page}/{path}"),
    }))
}

/// The status of a record, if it has one, in words.
fn status(conn: &mut DbConn, record: &PublicId, page: Lang) -> QueryResult<Option<&'static str>> {
    Ok(match record.kind() {
        Kind::Agreement => {
            let own = agreements::public_id.eq(record);
            let own: Option<LegalStatus> = find_row!(agreements, conn, own => agreements::status)?;
            own.and_then(|status| html::label(page, LegalStatus::VOCABULARY, status.code()))
        }
        Kind::Membership => {
            let own = memberships::public_id.eq(record);
            let own: Option<MembershipStatus> =
                find_row!(memberships, conn, own => memberships::status)?;
            own.and_then(|status| html::label(page, MembershipStatus::VOCABULARY, status.code()))
        }
        _ => None,
    })
}

/// The network on whose page a membership is shown.
fn network_of(conn: &mut DbConn, membership: &PublicId) -> QueryResult<PublicId> {
    memberships::table
        .inner_join(networks::table)
        .filter(memberships::public_id.eq(membership))
        .select(networks::public_id)
        .first(conn)
}
