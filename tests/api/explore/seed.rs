//! Records for the views to look at: partners over HTTP, agreements and activities as rows, because
//! what is tested here is how they are read.

use serde_json::json;
use twincity::core::ids::{Kind, PublicId};
use twincity::db::condition::{Condition, execute};
use twincity::http::problem::Problem;

use crate::support::TestApp;

const META: &str =
    "'published', 1, 1, '2026-11-24 12:00:00', '2026-11-24 12:00:00', 'admin', 'admin'";

/// Runs these statements in one write.
pub async fn sql(app: &TestApp, statements: Vec<String>) {
    app.app
        .db
        .write(move |conn| -> Result<(), Problem> {
            for statement in statements {
                execute(conn, Condition::new(statement))?;
            }
            Ok(())
        })
        .await
        .unwrap();
}

/// A new partner; its id.
pub async fn partner(app: &TestApp, body: serde_json::Value) -> String {
    app.as_admin()
        .post("/api/v1/partners", body)
        .await
        .expect(201)
        .id()
}

/// A new city; its id.
pub async fn city(app: &TestApp, name: &str, country: &str) -> String {
    partner(
        app,
        json!({"kind": "municipality", "name": name, "country": country}),
    )
    .await
}

/// An agreement as a row.
#[derive(Debug, Clone)]
pub struct Agreement<'a> {
    /// Its internal key, from which its id is made.
    pub key: u64,
    /// Its parties' ids.
    pub parties: &'a [&'a str],
    /// When it was signed, with the day that can mean at the earliest.
    pub signed: Option<(&'a str, &'a str)>,
    /// Each status, since when, and the possible and certain days of the period's beginning.
    pub past: &'a [(&'a str, &'a str, &'a str, &'a str)],
    /// The agreement it replaced.
    pub supersedes: Option<u64>,
}

/// The id of the agreement of this key.
pub fn agreement_id(key: u64) -> String {
    PublicId::from_bits(Kind::Agreement, key).to_string()
}

/// Stores an agreement.
pub async fn agreement(app: &TestApp, new: &Agreement<'_>) {
    let Agreement {
        key,
        parties,
        signed,
        past,
        supersedes,
    } = new.clone();
    let quoted = |text: Option<&str>| text.map_or("NULL".to_owned(), |text| format!("'{text}'"));
    let id = agreement_id(key);
    let (status, since, ..) = past.last().unwrap();
    let (text, earliest) = (signed.map(|s| s.0), signed.map(|s| s.1));
    let (text, earliest) = (quoted(text), quoted(earliest));
    let mut all = vec![format!(
        "INSERT INTO agreements (id, public_id, record_state, version, rev, created_at, updated_at, \
         created_by, updated_by, title, sort_key, relationship, instrument, scope, fields, status, \
         status_since, status_basis, activity_level, signed_on, signed_earliest, signed_asc, \
         signed_desc, entry_into_force, duration, languages, purpose, registrations, domestic, \
         institutional, party_key, quality_flags) VALUES ({key}, '{id}', {META}, \
         '{{\"en\":\"Paper {key}\",\"pl\":\"Umowa {key}\"}}', 'paper', 'twinning', \
         'partnership_agreement', 'general', '[]', '{status}', '{since}', 'presumed', 'unknown', \
         {text}, {earliest}, '', '', 'on_signature', 'unknown', '[]', '{{}}', '[]', FALSE, FALSE, \
         'key {key}', '[]')"
    )];
    for (position, party) in parties.iter().enumerate() {
        let row = key * 100 + u64::try_from(position).unwrap();
        all.push(format!(
            "INSERT INTO agreement_parties (id, agreement_id, position, partner_id, role, \
             participation, acknowledgement, signatories) SELECT {row}, {key}, {position}, id, \
             'partner', 'party', 'acknowledged', '[]' FROM partners WHERE public_id = '{party}'"
        ));
    }
    all.push(format!(
        "INSERT INTO agreement_listing (agreement_id, country, record_state, status, signed_desc) \
         SELECT DISTINCT {key}, q.country, 'published', '{status}', '' FROM agreement_parties p \
         JOIN partners q ON q.id = p.partner_id WHERE p.agreement_id = {key}"
    ));
    for (index, (status, since, from, certain)) in past.iter().enumerate() {
        let row = key * 100 + u64::try_from(index).unwrap();
        let (to, certain_to) = past
            .get(index + 1)
            .map_or(("9999-12-31", "9999-12-31"), |next| (next.2, next.2));
        all.push(format!(
            "INSERT INTO status_periods (id, agreement_id, status, since, from_on, certain_from, \
             to_on, certain_to) VALUES ({row}, {key}, '{status}', '{since}', '{from}', '{certain}', \
             '{to}', '{certain_to}')"
        ));
    }
    if let Some(older) = supersedes {
        all.push(format!(
            "INSERT INTO agreement_links (id, from_id, to_id) VALUES ({key}, {key}, {older})"
        ));
    }
    sql(app, all).await;
}

/// A tie in force since a day of 2000.
pub async fn in_force(app: &TestApp, key: u64, parties: &[&str]) {
    let past = [("in_force", "2000-01-01", "2000-01-01", "2000-01-01")];
    let signed = Some(("2000-01-01", "2000-01-01"));
    agreement(
        app,
        &Agreement {
            key,
            parties,
            signed,
            past: &past,
            supersedes: None,
        },
    )
    .await;
}

/// Stores an activity that was held on a day with these participants.
pub async fn activity(app: &TestApp, key: u64, day: &str, participants: &[&str]) {
    let id = PublicId::from_bits(Kind::Activity, key);
    let mut all = vec![format!(
        "INSERT INTO activities (id, public_id, record_state, version, rev, created_at, updated_at, \
         created_by, updated_by, kind, title, sort_key, starts_on, starts_earliest, starts_latest, \
         starts_asc, starts_desc, mode, fields, status) VALUES ({key}, '{id}', {META}, \
         'youth_exchange', '{{\"en\":\"Exchange {key}\"}}', 'exchange', '{day}', '{day}', '{day}', \
         '{day}', '{day}', 'in_person', '[]', 'held')"
    )];
    for (position, participant) in participants.iter().enumerate() {
        let row = key * 100 + u64::try_from(position).unwrap();
        all.push(format!(
            "INSERT INTO activity_participants (id, activity_id, position, partner_id, role) \
             SELECT {row}, {key}, {position}, id, 'participant' FROM partners \
             WHERE public_id = '{participant}'"
        ));
    }
    sql(app, all).await;
}

/// Białystok and Grodno with the agreements of 2000 and 2018, and Eindhoven with that of 1992: their
/// ids in this order.
pub async fn bialystok(app: &TestApp) -> [String; 3] {
    let bialystok = partner(
        app,
        json!({"kind": "municipality", "name": "Białystok", "country": "PL", "latitude": 53.1325,
            "longitude": 23.1688, "population": 294_242}),
    )
    .await;
    let grodno = partner(
        app,
        json!({"kind": "municipality", "name": "Hrodna", "country": "BY", "latitude": 53.6694,
            "longitude": 23.8131, "names": [
                {"value": "Hrodna", "types": ["display"]},
                {"value": "Grodno", "lang": "pl", "types": ["exonym"]},
                {"value": "Гродна", "lang": "be", "types": ["endonym"]}]}),
    )
    .await;
    let eindhoven = city(app, "Eindhoven", "NL").await;
    let both = [bialystok.as_str(), grodno.as_str()];
    agreement(
        app,
        &Agreement {
            key: 1,
            parties: &both,
            signed: Some(("2000-06", "2000-06-01")),
            past: &[
                ("in_force", "2000-06", "2000-06-01", "2000-06-30"),
                ("superseded", "2018-03-16", "2018-03-16", "2018-03-16"),
            ],
            supersedes: None,
        },
    )
    .await;
    agreement(
        app,
        &Agreement {
            key: 2,
            parties: &both,
            signed: Some(("2018-03-16", "2018-03-16")),
            past: &[
                ("in_force", "2018-03-16", "2018-03-16", "2018-03-16"),
                ("suspended", "2020-08~", "2020-08-31", "2020-08-31"),
                ("terminated", "2022-03-03", "2022-03-03", "2022-03-03"),
            ],
            supersedes: Some(1),
        },
    )
    .await;
    agreement(
        app,
        &Agreement {
            key: 3,
            parties: &[&bialystok, &eindhoven],
            signed: Some(("1992", "1992-01-01")),
            past: &[("in_force", "1992", "1992-01-01", "1992-12-31")],
            supersedes: None,
        },
    )
    .await;
    activity(app, 1, "2005-05-05", &both).await;
    activity(app, 2, "2019-09-09", &both).await;
    [bialystok, grodno, eindhoven]
}
