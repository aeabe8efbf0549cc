//! A copy that is kept from the feed alone is what lists show, after every kind of write.

use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::{Value, json};
use twincity::changes::Ctx;
use twincity::core::vocabulary::record::Role;
use twincity::db::Error;
use twincity::db::schema::{changes, partners};
use twincity::exchange::example;
use twincity::exchange::import::{self, Options};
use twincity::exchange::links::{LinkReader, Mapping};
use twincity::service::{daily, feed};

use crate::agreements::{AGREEMENTS, agreement, city};
use crate::memberships::MEMBERSHIPS;
use crate::networks::network;
use crate::support::follower::Follower;
use crate::support::{Answer, Caller, TestApp};

const PARTNERS: &str = "/api/v1/partners";
const ACTIVITIES: &str = "/api/v1/activities";
const SOURCES: &str = "/api/v1/sources";
const DOCUMENTS: &str = "/api/v1/documents";

async fn make(who: &Caller<'_>, path: &str, body: Value) -> String {
    who.post(path, body).await.expect(201).id()
}

/// PATCH of the version there is.
async fn change(app: &TestApp, path: &str, body: Value) -> Answer {
    let registrar = app.as_registrar();
    let tag = registrar.get(path).await.expect(200).etag();
    registrar.patch(path, &tag, body).await.expect(200)
}

async fn withdraw(app: &TestApp, path: &str) {
    let registrar = app.as_registrar();
    let tag = registrar.get(path).await.expect(200).etag();
    registrar.delete(path, &tag).await.expect(204);
}

async fn restore(app: &TestApp, path: &str) {
    let registrar = app.as_registrar();
    let restored = registrar.post(&format!("{path}/restore"), json!({})).await;
    restored.expect(200);
}

async fn read(app: &TestApp, path: &str) -> Value {
    app.get(path).await.expect(200).json()
}

/// The ids of the parties of an agreement.
async fn parties(app: &TestApp, agreement: &str) -> Vec<String> {
    let shown = read(app, &format!("{AGREEMENTS}/{agreement}")).await;
    let all = shown["parties"].as_array().unwrap().iter();
    all.map(|party| party["partner"]["id"].as_str().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn a_partner_renamed_is_told_once_for_each_record_that_shows_it() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let mut follower = Follower::default();
    let paper = agreement(&app, json!({"signed_on": "1992"})).await;
    let city = parties(&app, &paper).await.remove(0);
    let school = json!({"kind": "school", "name": "School", "country": "PL", "host_id": city});
    let school = make(&registrar, PARTNERS, school).await;
    let draft = json!({"instrument": "protocol", "signed_on": "1993", "record_state": "draft",
        "parties": [{"partner_id": city}, {"partner_id": school}]});
    make(&registrar, AGREEMENTS, draft).await;
    let net = network(&app, "Niemen", json!({"seat_partner_id": city})).await;
    let member = json!({"partner_id": city, "network_id": net, "admitted_on": "1997"});
    let member = make(&registrar, MEMBERSHIPS, member).await;
    let visit = json!({"kind": "meeting", "title": {"en": "A meeting"},
        "participants": [{"partner_id": city}]});
    let visit = make(&registrar, ACTIVITIES, visit).await;
    follower.equals_lists(&app, "recording").await;
    let (paper_at, school_at) = (
        format!("{AGREEMENTS}/{paper}"),
        format!("{PARTNERS}/{school}"),
    );
    let before = app.get(&paper_at).await.expect(200).etag();
    let host = app.get(&school_at).await.expect(200).etag();
    let city_at = format!("{PARTNERS}/{city}");
    change(&app, &city_at, json!({"name": "Biełastok"})).await;
    follower.equals_lists(&app, "renaming").await;
    for id in [&paper, &school, &net, &member, &visit] {
        assert_eq!(follower.ops(id), ["refreshed"], "{id}");
    }
    let hidden = follower.told.iter().filter(|(op, _)| op == "hidden");
    assert_eq!(hidden.count(), 1, "the draft");
    let copy = follower.record(&paper);
    assert_eq!(copy["title"]["en"], "Biełastok – Eindhoven (1992)");
    assert_eq!(copy["version"], 1);
    let after = app.get(&paper_at).await.expect(200).etag();
    assert_ne!(after, before);
    assert_ne!(app.get(&school_at).await.expect(200).etag(), host);
    let history = format!("{paper_at}/history");
    let entries = read(&app, &history).await;
    let last = &entries["data"][0];
    assert_eq!(
        (&last["op"], &last["version"]),
        (&json!("refreshed"), &json!(1))
    );
    assert_eq!(
        after,
        format!("\"1-{}\"", last["seq"]),
        "rev is the entry's number"
    );
    let first = read(&app, &format!("{history}?version=1")).await;
    assert_eq!(first["record"]["title"], copy["title"]);
    // What nobody shows tells nobody.
    let site = json!({"website": "https://bialystok.example"});
    change(&app, &city_at, site).await;
    follower.equals_lists(&app, "a new website").await;
    assert_eq!(follower.told.len(), 1);
}

#[actix_web::test]
async fn an_agreement_that_is_made_to_supersede_another_gets_a_version() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let mut follower = Follower::default();
    let older = agreement(&app, json!({"signed_on": "1992"})).await;
    let ids = parties(&app, &older).await;
    let both: Vec<Value> = ids.iter().map(|id| json!({"partner_id": id})).collect();
    let newer =
        json!({"instrument": "partnership_agreement", "signed_on": "2018", "parties": both});
    let newer = make(&registrar, AGREEMENTS, newer).await;
    follower.equals_lists(&app, "recording").await;
    let (older_at, newer_at) = (
        format!("{AGREEMENTS}/{older}"),
        format!("{AGREEMENTS}/{newer}"),
    );
    let stale = app.get(&newer_at).await.etag();
    let event = json!({"action": "supersede", "effective_on": "2018", "superseded_by": newer});
    make(&registrar, &format!("{older_at}/events"), event).await;
    follower.equals_lists(&app, "superseding").await;
    assert_eq!(follower.ops(&older), ["event"]);
    assert_eq!(follower.ops(&newer), ["updated"]);
    assert_eq!(read(&app, &newer_at).await["version"], 2);
    assert_eq!(follower.record(&older)["superseded_by"], json!(newer));
    let lost = json!({"supersedes": []});
    registrar
        .patch(&newer_at, &stale, lost.clone())
        .await
        .expect(412);
    let then = read(&app, &format!("{newer_at}/history?version=2")).await;
    assert_eq!(then["record"]["supersedes"], json!([older]));
    change(&app, &newer_at, lost).await;
    follower.equals_lists(&app, "taking it back").await;
    assert_eq!(follower.record(&older)["status"], "in_force");
    assert_eq!(follower.ops(&older).len(), 1, "{:?}", follower.told);
    change(&app, &newer_at, json!({"supersedes": [older]})).await;
    follower.equals_lists(&app, "naming it again").await;
    let version = &follower.record(&older)["version"];
    let then = read(&app, &format!("{older_at}/history?version={version}")).await;
    assert_eq!(
        then["record"]["superseded_by"],
        json!(newer),
        "history shows it under the version it belongs to"
    );
    withdraw(&app, &newer_at).await;
    follower
        .equals_lists(&app, "withdrawing the newer one")
        .await;
    restore(&app, &newer_at).await;
    follower.equals_lists(&app, "restoring it").await;
}

#[actix_web::test]
async fn citations_and_sources_reach_the_copy_and_leave_it_with_their_record() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let mut follower = Follower::default();
    let paper = agreement(&app, json!({"signed_on": "1992"})).await;
    let path = format!("{AGREEMENTS}/{paper}");
    let source = json!({"kind": "press", "title": "A paper"});
    let source = make(&registrar, SOURCES, source).await;
    let against = json!({"source_id": source, "stance": "contradicts", "pointer": "/signed_on"});
    let citation = make(&registrar, &format!("{path}/citations"), against).await;
    follower.equals_lists(&app, "citing").await;
    assert_eq!(follower.ops(&paper).last(), Some(&"refreshed"));
    let flags = &follower.record(&paper)["quality_flags"];
    assert!(flags.to_string().contains("conflicting_sources"));
    let title = json!({"title": "Another paper"});
    change(&app, &format!("{SOURCES}/{source}"), title).await;
    follower.equals_lists(&app, "a source renamed").await;
    assert_eq!(follower.ops(&citation), ["refreshed"]);
    withdraw(&app, &path).await;
    follower.equals_lists(&app, "withdrawing").await;
    assert_eq!(*follower.record(&citation), Value::Null);
    restore(&app, &path).await;
    follower.equals_lists(&app, "restoring").await;
    assert_eq!(follower.record(&citation)["id"], json!(citation));
    withdraw(&app, &format!("/api/v1/citations/{citation}")).await;
    follower.equals_lists(&app, "the citation removed").await;
    assert_eq!(follower.ops(&paper), ["refreshed"]);
    let feed = read(&app, "/api/v1/changes?entity=citation&limit=100").await;
    let last = feed["data"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["op"], &last["version"]),
        (&json!("withdrawn"), &json!(2)),
        "the end comes after the last version"
    );
}

#[actix_web::test]
async fn a_merge_gives_whoever_named_the_partner_a_version_and_an_entry() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let mut follower = Follower::default();
    let (twin, into, other) = (
        city(&app, "Grodno", "BY").await,
        city(&app, "Hrodna", "BY").await,
        city(&app, "Białystok", "PL").await,
    );
    let paper = json!({"instrument": "protocol", "signed_on": "1992",
        "parties": [{"partner_id": twin}, {"partner_id": other}]});
    let paper = make(&registrar, AGREEMENTS, paper).await;
    let net = network(&app, "Niemen", json!({"seat_partner_id": twin})).await;
    let member = json!({"partner_id": twin, "network_id": net, "admitted_on": "1997"});
    let member = make(&registrar, MEMBERSHIPS, member).await;
    let visit = json!({"kind": "meeting", "title": {"en": "A meeting"},
        "place": {"partner_id": twin}, "participants": [{"partner_id": twin}]});
    let visit = make(&registrar, ACTIVITIES, visit).await;
    let school = json!({"kind": "school", "name": "School", "country": "BY", "host_id": twin});
    let school = make(&registrar, PARTNERS, school).await;
    let source = json!({"kind": "press", "title": "A paper"});
    let source = make(&registrar, SOURCES, source).await;
    let cite = json!({"source_id": source, "pointer": "/name"});
    let citation = make(&registrar, &format!("{PARTNERS}/{twin}/citations"), cite).await;
    let tie = json!({"to_id": twin, "type": "related"});
    let tie = make(&registrar, &format!("{PARTNERS}/{other}/relations"), tie).await;
    follower.equals_lists(&app, "recording").await;
    let merged = json!({"into": into, "reason": "recorded twice"});
    let merged = registrar
        .post(&format!("{PARTNERS}/{twin}/merge"), merged)
        .await;
    merged.expect(200);
    follower.equals_lists(&app, "merging").await;
    for id in [&paper, &net, &member, &visit, &school] {
        assert_eq!(follower.ops(id), ["updated"], "{id}");
        assert_eq!(follower.record(id)["version"], 2, "{id}");
    }
    assert_eq!(follower.ops(&citation), ["updated"]);
    assert_eq!(follower.record(&citation)["record_id"], json!(into));
    assert_eq!(follower.record(&tie)["to"]["id"], json!(into));
    let party = &follower.record(&paper)["parties"][0];
    assert_eq!(party["name_at_signing"], "Grodno");
}

#[actix_web::test]
async fn successors_networks_and_days_reach_the_copy() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let mut follower = Follower::default();
    let term = json!({"signed_on": "1992", "duration": "fixed_term", "valid_until": "2027-01-31",
        "renewal": "by_agreement", "last_confirmed_on": "2023-12-01"});
    let paper = agreement(&app, term).await;
    let old = parties(&app, &paper).await.remove(0);
    let heir = city(&app, "Greater Białystok", "PL").await;
    let (old_at, heir_at) = (format!("{PARTNERS}/{old}"), format!("{PARTNERS}/{heir}"));
    let gone = json!({"existence": "dissolved", "dissolved_on": "2020"});
    change(&app, &old_at, gone).await;
    follower.equals_lists(&app, "dissolving").await;
    let tie = json!({"to_id": heir, "type": "successor", "since": "2020"});
    let tie = make(&registrar, &format!("{old_at}/relations"), tie).await;
    follower.equals_lists(&app, "a successor").await;
    let today = &follower.record(&paper)["parties"][0]["partner_today"];
    assert_eq!(today[0]["id"], json!(heir));
    change(&app, &heir_at, json!({"name": "Metropolis"})).await;
    follower.equals_lists(&app, "the successor renamed").await;
    assert_eq!(follower.ops(&paper), ["refreshed"]);
    registrar
        .delete(&format!("{old_at}/relations/{tie}"), "\"1\"")
        .await
        .expect(204);
    follower.equals_lists(&app, "no successor").await;
    let (net, next) = (
        network(&app, "Niemen", json!({})).await,
        network(&app, "Nemunas", json!({})).await,
    );
    let member = json!({"partner_id": heir, "network_id": net, "admitted_on": "1997"});
    let member = make(&registrar, MEMBERSHIPS, member).await;
    let renamed = json!({"name": "Neman", "successor_id": next});
    change(&app, &format!("/api/v1/networks/{net}"), renamed).await;
    follower.equals_lists(&app, "a network renamed").await;
    assert_eq!(follower.ops(&member), ["created", "refreshed"]);
    let source = json!({"kind": "press", "title": "A paper"});
    let source = make(&registrar, SOURCES, source).await;
    let event = json!({"action": "suspend", "effective_on": "2020", "source_id": source,
        "reason_code": "budget", "deciding_body": "network_body"});
    make(&registrar, &format!("{MEMBERSHIPS}/{member}/events"), event).await;
    follower.equals_lists(&app, "a membership suspended").await;
    for days in [10, 60, 60] {
        app.clock.advance(TimeDelta::days(days));
        let reports = daily::run_once(&app.app, "test").await.unwrap().unwrap();
        assert!(reports.iter().all(|report| !report.failed), "{reports:?}");
        follower.equals_lists(&app, "the daily work").await;
    }
}

#[actix_web::test]
async fn drafts_papers_and_what_was_withdrawn_reach_the_copy_when_they_are_shown() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let mut follower = Follower::default();
    let paper = agreement(&app, json!({"signed_on": "1992"})).await;
    let path = format!("{AGREEMENTS}/{paper}");
    let party = parties(&app, &paper).await.remove(0);
    let party_at = format!("{PARTNERS}/{party}");
    let other = city(&app, "Tbilisi", "GE").await;
    let draft = json!({"instrument": "protocol", "signed_on": "1999", "record_state": "draft",
        "parties": [{"partner_id": party}, {"partner_id": other}],
        "sources": [{"kind": "press", "title": "Of a draft"}]});
    let draft = make(&registrar, AGREEMENTS, draft).await;
    let draft_at = format!("{AGREEMENTS}/{draft}");
    let source = json!({"kind": "press", "title": "Open"});
    let source = make(&registrar, SOURCES, source).await;
    let cite = json!({"source_id": source, "pointer": "/title"});
    let citation = make(&registrar, &format!("{draft_at}/citations"), cite).await;
    follower.equals_lists(&app, "a draft").await;
    change(&app, &party_at, json!({"name": "Biełastok"})).await;
    follower
        .equals_lists(&app, "a party of a draft renamed")
        .await;
    change(&app, &draft_at, json!({"record_state": "published"})).await;
    follower.equals_lists(&app, "publishing").await;
    assert_eq!(follower.ops(&draft), ["published"]);
    assert_eq!(follower.record(&citation)["id"], json!(citation));
    let document = json!({"kind": "agreement_text", "title": "The paper", "access": "public",
        "external_url": "https://example.org/paper.pdf", "agreement_id": paper});
    make(&registrar, DOCUMENTS, document).await;
    follower.equals_lists(&app, "filing a paper").await;
    assert_eq!(follower.ops(&paper), ["refreshed"]);
    withdraw(&app, &path).await;
    change(&app, &party_at, json!({"name": "Białystok"})).await;
    follower
        .equals_lists(&app, "a party of a withdrawn agreement renamed")
        .await;
    assert_eq!(follower.ops(&paper), ["withdrawn"], "the rest is hidden");
    restore(&app, &path).await;
    follower.equals_lists(&app, "restoring").await;
    let name = &follower.record(&paper)["parties"][0]["partner"]["name"];
    assert_eq!(name, "Białystok");
}

#[actix_web::test]
async fn an_import_reaches_the_copy_and_keeps_milliseconds() {
    let app = TestApp::new().await;
    let mut follower = Follower::default();
    let rows = "a.name,a.country,b.name,b.country,signed_on,ended_on,source.url\n\
        Łódź,PL,Tbilisi,GE,1997,,https://example.org\n\
        Łódź,PL,Lyon,FR,1991,2004,https://example.org\n";
    let rows = std::io::Cursor::new(rows.to_owned());
    let reader = LinkReader::open(rows, Mapping::default()).unwrap();
    let now = "2026-11-24T12:00:00.123456789Z".parse().unwrap();
    let ctx = Ctx::system(Role::Registrar, now);
    let options = Options {
        skip_bad: false,
        dry_run: false,
        strict_names: false,
        title: "Import".to_owned(),
    };
    app.write(move |conn| import::import(conn, &ctx, reader, &options))
        .unwrap();
    follower.equals_lists(&app, "an import").await;
    let page = read(&app, AGREEMENTS).await;
    assert_eq!(page["data"][0]["created_at"], "2026-11-24T12:00:00.123Z");
}

#[actix_web::test]
async fn times_never_fall_along_the_feed_whatever_the_clock_says() {
    let app = TestApp::new().await;
    let mut follower = Follower::default();
    let first = city(&app, "Białystok", "PL").await;
    // The clock of another instance is behind.
    app.clock.advance(TimeDelta::seconds(-30));
    let second = city(&app, "Eindhoven", "NL").await;
    let first_at = format!("{PARTNERS}/{first}");
    change(&app, &first_at, json!({"population": 5})).await;
    follower.equals_lists(&app, "a clock behind").await;
    let second = read(&app, &format!("{PARTNERS}/{second}")).await;
    assert_eq!(second["created_at"], "2026-11-24T12:00:00.000Z");
    let first = read(&app, &first_at).await;
    assert_eq!(first["updated_at"], "2026-11-24T12:00:00.000Z");
    let since = format!("{PARTNERS}?updated_since=2026-11-24T12:00:00Z");
    let since = read(&app, &since).await;
    assert_eq!(since["data"].as_array().unwrap().len(), 2);
}

/// What anonymous lists and items are compared by.
async fn tags(app: &TestApp, paths: &[String]) -> Vec<(String, Option<String>)> {
    let mut tags = Vec::new();
    for path in paths {
        let answer = app.get(path).await.expect(200);
        let revision = answer.header("registry-revision").map(ToOwned::to_owned);
        tags.push((answer.etag(), revision));
    }
    tags
}

#[actix_web::test]
async fn what_is_hidden_moves_no_validator_of_the_public() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let paper = agreement(&app, json!({"signed_on": "1992"})).await;
    let included = format!("{AGREEMENTS}/{paper}?include=documents");
    let paths = [
        AGREEMENTS.to_owned(),
        format!("{AGREEMENTS}/{paper}"),
        included.clone(),
        DOCUMENTS.to_owned(),
        "/api/v1/search?q=bia".to_owned(),
        "/api/v1/stats".to_owned(),
    ];
    let before = tags(&app, &paths).await;
    let of_staff = registrar.get(&included).await.expect(200).etag();
    let internal = json!({"kind": "minutes", "title": "Among us", "access": "internal",
        "external_url": "https://example.org/minutes.pdf", "agreement_id": paper});
    let internal = make(&registrar, DOCUMENTS, internal).await;
    let title = json!({"title": "Still among us"});
    change(&app, &format!("{DOCUMENTS}/{internal}"), title).await;
    let draft = json!({"kind": "municipality", "name": "Draft", "country": "PL",
        "record_state": "draft"});
    make(&registrar, PARTNERS, draft).await;
    let user = json!({"email": "jane@example.org", "name": "Jane"});
    make(&app.as_admin(), "/api/v1/users", user).await;
    assert_eq!(tags(&app, &paths).await, before);
    let seen = registrar.get(&included).await.expect(200);
    assert_ne!(seen.etag(), of_staff);
    let open = json!({"kind": "agreement_text", "title": "The paper", "access": "public",
        "external_url": "https://example.org/paper.pdf", "agreement_id": paper});
    make(&registrar, DOCUMENTS, open).await;
    for (after, before) in tags(&app, &paths).await.iter().zip(&before) {
        assert_ne!(after, before);
    }
}

#[actix_web::test]
async fn no_change_reads_more_than_a_few_before_it() {
    let app = TestApp::new().await;
    let id = city(&app, "Białystok", "PL").await;
    let path = format!("{PARTNERS}/{id}");
    for population in 0..60 {
        change(&app, &path, json!({"population": population})).await;
    }
    let mut follower = Follower::default();
    follower.equals_lists(&app, "sixty changes").await;
    let kept: Vec<Option<String>> = app
        .write(move |conn| -> Result<_, Error> {
            Ok(changes::table
                .filter(changes::record.eq(&id))
                .order(changes::seq)
                .select(changes::whole)
                .load(conn)?)
        })
        .unwrap();
    let longest = kept.split(Option::is_some).map(<[_]>::len).max();
    assert!(longest <= Some(16), "{longest:?}");
}

#[actix_web::test]
async fn a_log_that_says_something_else_is_brought_into_step_once() {
    let app = TestApp::new().await;
    let paper = agreement(&app, json!({"signed_on": "1992"})).await;
    let mut follower = Follower::default();
    follower.equals_lists(&app, "recording").await;
    // As an older release did: without a word in the log.
    app.write(|conn| -> Result<_, Error> {
        diesel::update(partners::table.filter(partners::name.eq("Białystok")))
            .set(partners::name.eq("Biełastok"))
            .execute(conn)?;
        Ok(())
    })
    .unwrap();
    let catch_up = || {
        let (db, now) = (app.app.db.clone(), app.app.now());
        std::thread::spawn(move || feed::catch_up(&db, now))
            .join()
            .unwrap()
            .unwrap();
    };
    catch_up();
    follower.equals_lists(&app, "catching up").await;
    assert_eq!(follower.ops(&paper), ["refreshed"]);
    catch_up();
    follower.equals_lists(&app, "catching up again").await;
    assert!(follower.told.is_empty());
}

#[actix_web::test]
async fn what_was_replaced_before_it_was_recorded_is_told_of_both() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let mut follower = Follower::default();
    let newer = agreement(&app, json!({"signed_on": "2018-03-16"})).await;
    let newer_at = format!("{AGREEMENTS}/{newer}");
    let both = parties(&app, &newer).await;
    follower.equals_lists(&app, "recording").await;
    let older = json!({"instrument": "cooperation_agreement",
        "parties": [{"partner_id": both[0]}, {"partner_id": both[1]}],
        "sources": [{"kind": "press", "title": "Paper"}], "events": [
            {"action": "register", "effective_on": "2000-06", "to_status": "in_force"},
            {"action": "supersede", "effective_on": "2018-03-16", "superseded_by": newer}]});
    let older = registrar.post(AGREEMENTS, older).await.expect(201);
    assert_eq!(older.json()["superseded_by"], json!(newer));
    follower.equals_lists(&app, "telling the whole past").await;
    // What a PATCH of the newer one could have set has a version.
    assert_eq!(follower.ops(&newer), ["updated"]);
    let shown = read(&app, &newer_at).await;
    assert_eq!(
        (&shown["version"], &shown["supersedes"]),
        (&json!(2), &json!([older.id()]))
    );
    let held = registrar.patch(&newer_at, "\"1\"", json!({"supersedes": []}));
    held.await.problem("precondition-failed");
}

#[actix_web::test]
async fn the_example_is_told_as_lists_show_it() {
    let app = TestApp::new().await;
    let ctx = Ctx::system(Role::Registrar, app.app.now());
    app.write(move |conn| example::load(conn, &ctx)).unwrap();
    Follower::default().equals_lists(&app, "the example").await;
}
