//! What subscribers are told, and when.

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use twincity::service::daily;
use twincity::subscriptions::worker;

use super::{Post, READER, links};
use crate::agreements::{AGREEMENTS, agreement, city};
use crate::networks::network;
use crate::notify::Message;

async fn between(post: &Post, a: &str, b: &str, more: Value) -> String {
    let mut body = json!({"instrument": "partnership_agreement", "parties": [{"partner_id": a}, {"partner_id": b}]});
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    post.app
        .as_registrar()
        .post(AGREEMENTS, body)
        .await
        .expect(201)
        .id()
}

fn only(mut mails: Vec<(String, Message)>) -> Message {
    assert_eq!(mails.len(), 1);
    mails.pop().unwrap().1
}

#[actix_web::test]
async fn each_topic_is_told_of_what_is_its_own() {
    let mut post = Post::new().await;
    let bialystok = city(&post.app, "Białystok", "PL").await;
    let eindhoven = city(&post.app, "Eindhoven", "NL").await;
    let kaunas = city(&post.app, "Kaunas", "LT").await;
    let niemen = network(&post.app, "NIEMEN", json!({})).await;
    let topics = [
        ("partner", format!("partner:{eindhoven}")),
        ("network", format!("network:{niemen}")),
        ("country", "country:LT".to_owned()),
        ("field", "field:culture_arts".to_owned()),
        ("new", "new_agreements".to_owned()),
    ];
    for (name, topic) in &topics {
        let email = format!("{name}@example.org");
        post.follow(&email, &[topic], json!({})).await;
    }
    let told = async |post: &mut Post| {
        let mut to: Vec<String> = post
            .told()
            .await
            .into_iter()
            .map(|(to, _)| to.trim_end_matches("@example.org").to_owned())
            .collect();
        to.sort();
        post.app.clock.advance(TimeDelta::minutes(10));
        to
    };
    let id = between(
        &post,
        &bialystok,
        &eindhoven,
        json!({"fields": ["culture_arts"]}),
    )
    .await;
    assert_eq!(told(&mut post).await, ["field", "new", "partner"]);
    let patch = json!({"activity_level": "dormant"});
    let registrar = post.app.as_registrar();
    registrar
        .patch(&format!("{AGREEMENTS}/{id}"), "*", patch)
        .await
        .expect(200);
    assert_eq!(told(&mut post).await, ["field", "partner"]);
    let membership = json!({"partner_id": kaunas, "network_id": niemen, "admitted_on": "2001"});
    post.app
        .as_registrar()
        .post("/api/v1/memberships", membership)
        .await
        .expect(201);
    assert_eq!(told(&mut post).await, ["country", "network"]);
    let contact = json!({"unit": "Office", "url": "https://example.org", "visibility": "public"});
    post.app
        .as_registrar()
        .post(&format!("/api/v1/partners/{kaunas}/contacts"), contact)
        .await
        .expect(201);
    assert_eq!(told(&mut post).await, ["country"]);
    let activity = json!({"kind": "meeting", "title": {"en": "Fair"}, "starts_on": "2009", "fields": ["culture_arts"],
        "participants": [{"partner_id": eindhoven}, {"partner_id": kaunas}]});
    post.app
        .as_registrar()
        .post("/api/v1/activities", activity)
        .await
        .expect(201);
    assert_eq!(told(&mut post).await, ["country", "field", "partner"]);
}

#[actix_web::test]
async fn a_mail_says_what_happened_in_the_readers_language_and_where_it_is() {
    let mut post = Post::new().await;
    let id = agreement(&post.app, json!({"signed_on": "1992"})).await;
    post.follow("en@example.org", &["country:PL"], json!({}))
        .await;
    post.follow("pl@example.org", &["country:PL"], json!({"lang": "pl"}))
        .await;
    let event = json!({"action": "suspend", "effective_on": "2022-03-01", "reason_code": "other",
        "deciding_body": "council", "note": "secret words of Jan Example"});
    post.app
        .as_registrar()
        .post(&format!("{AGREEMENTS}/{id}/events"), event)
        .await
        .expect(201);
    let mut mails = post.told().await;
    mails.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(mails.len(), 2);
    let (english, polish) = (&mails[0].1, &mails[1].1);
    for (mail, lang, what, topic) in [
        (
            english,
            "en",
            "a step was recorded; now: Suspended",
            "partners in this country: Poland",
        ),
        (
            polish,
            "pl",
            "odnotowano zdarzenie; obecnie: Zawieszone",
            "partnerzy z kraju: Polska",
        ),
    ] {
        assert_eq!(mail.headers["Content-Language"], lang);
        for part in ["Białystok – Eindhoven (1992)", what, topic] {
            assert!(mail.text.contains(part), "{part}: {}", mail.text);
            assert!(mail.html.contains(part), "{part}: {}", mail.html);
        }
        let page = format!("/{lang}/agreements/{id}");
        assert!(links(mail).contains(&page), "{}", mail.text);
        post.app.get(&page).await.expect(200);
        assert!(!mail.text.contains("Jan Example"), "{}", mail.text);
    }
}

#[actix_web::test]
async fn what_comes_close_together_is_one_mail_and_what_comes_later_waits_a_little() {
    let mut post = Post::new().await;
    post.follow(READER, &["new_agreements"], json!({})).await;
    for year in ["1991", "1992", "1993"] {
        agreement(&post.app, json!({"signed_on": year})).await;
    }
    let mail = only(post.told().await);
    assert!(
        mail.headers["Subject"].ends_with(": 3"),
        "{}",
        mail.headers["Subject"]
    );
    let places: Vec<usize> = ["(1993)", "(1992)", "(1991)"]
        .iter()
        .map(|part| mail.text.find(part).unwrap())
        .collect();
    assert!(places.is_sorted(), "the newest first: {}", mail.text);
    agreement(&post.app, json!({"signed_on": "1994"})).await;
    assert!(post.told().await.is_empty());
    post.app.clock.advance(TimeDelta::minutes(10));
    let mail = only(post.news().await);
    assert!(mail.text.contains("(1994)") && !mail.text.contains("(1993)"));
}

#[actix_web::test]
async fn a_digest_comes_on_monday_with_all_of_the_week() {
    let mut post = Post::new().await;
    let weekly = json!({"frequency": "weekly"});
    post.follow(READER, &["new_agreements"], weekly).await;
    agreement(&post.app, json!({"signed_on": "1992"})).await;
    assert!(post.told().await.is_empty());
    post.app.clock.advance(TimeDelta::days(2));
    agreement(&post.app, json!({"signed_on": "1993"})).await;
    assert!(post.told().await.is_empty());
    // Tuesday noon, and some minutes and two days more: to Monday, six o'clock.
    let monday = "2026-11-30T06:00:00Z"
        .parse::<chrono::DateTime<Utc>>()
        .unwrap();
    post.app.clock.advance(monday - post.app.app.now());
    let mail = only(post.news().await);
    assert_eq!(
        mail.headers["Subject"],
        "A week in the registry of partner cities: 2"
    );
    assert!(mail.text.contains("(1992)") && mail.text.contains("(1993)"));
    assert!(post.news().await.is_empty());
    // A week without news is one without a mail.
    post.app.clock.advance(TimeDelta::weeks(1));
    assert!(post.news().await.is_empty());
    agreement(&post.app, json!({"signed_on": "1994"})).await;
    post.app.clock.advance(TimeDelta::weeks(1));
    let mail = only(post.news().await);
    assert!(mail.text.contains("(1994)") && !mail.text.contains("(1993)"));
}

#[actix_web::test]
async fn what_is_hidden_is_told_to_nobody() {
    let mut post = Post::new().await;
    let partner = city(&post.app, "Białystok", "PL").await;
    let topic = format!("partner:{partner}");
    post.follow(READER, &[&topic, "new_agreements", "country:PL"], json!({}))
        .await;
    let other = city(&post.app, "Eindhoven", "NL").await;
    let draft = between(
        &post,
        &partner,
        &other,
        json!({"record_state": "draft", "title": {"en": "Draft"}}),
    )
    .await;
    let contact = json!({"unit": "Cabinet", "email": "a@example.org", "visibility": "internal"});
    post.app
        .as_registrar()
        .post(&format!("/api/v1/partners/{partner}/contacts"), contact)
        .await
        .expect(201);
    assert!(post.told().await.is_empty());
    // Published: news. Withdrawn before it is told: that it was, and not what it was called.
    post.app
        .as_registrar()
        .patch(
            &format!("{AGREEMENTS}/{draft}"),
            "*",
            json!({"record_state": "published"}),
        )
        .await
        .expect(200);
    post.news().await;
    post.app
        .as_registrar()
        .delete(&format!("{AGREEMENTS}/{draft}?reason=mistake"), "*")
        .await
        .expect(204);
    let mail = only(post.told().await);
    assert!(mail.text.contains(&draft) && mail.text.contains("was withdrawn"));
    assert!(!mail.text.contains("Draft"), "{}", mail.text);
}

/// Who follows a partner is told that its tie, or what was said of it, is gone.
#[actix_web::test]
async fn what_is_taken_away_is_told_to_whom_it_was_of() {
    let mut post = Post::new().await;
    let admin = post.app.as_registrar();
    let make = async |name: &str| {
        let body = json!({"kind": "municipality", "name": name, "country": "PL"});
        let made = admin.post("/api/v1/partners", body).await;
        made.expect(201).id()
    };
    let ids = [
        make("Followed").await,
        make("Second").await,
        make("Third").await,
    ];
    let seats = |ids: &[&String]| {
        json!(
            ids.iter()
                .map(|id| json!({"partner_id": id}))
                .collect::<Vec<_>>()
        )
    };
    let body = json!({"instrument": "protocol", "signed_on": "1992", "parties": seats(&[&ids[0], &ids[1], &ids[2]])});
    let made = admin.post("/api/v1/agreements", body).await.expect(201);
    let (agreement, etag) = (made.id(), made.etag());
    let relations = format!("/api/v1/partners/{}/relations", ids[0]);
    let relation = json!({"to_id": ids[1], "type": "related"});
    let made = admin.post(&relations, relation).await.expect(201);
    let relation = made.header("location").unwrap().to_owned();
    post.follow(READER, &[&format!("partner:{}", ids[0])], json!({}))
        .await;
    post.told().await;
    let admin = post.app.as_registrar();
    let patch = json!({"parties": seats(&[&ids[1], &ids[2]])});
    let path = format!("/api/v1/agreements/{agreement}");
    admin.patch(&path, &etag, patch).await.expect(200);
    let mail = only(post.told().await);
    assert!(links(&mail).iter().any(|link| link.contains(&agreement)));
    post.app.clock.advance(TimeDelta::hours(1));
    let admin = post.app.as_registrar();
    admin.delete(&relation, "\"1\"").await.expect(204);
    let mail = only(post.told().await);
    assert!(links(&mail).iter().any(|link| link.contains(&ids[0])));
}

/// A record that changes all the time hides no other one.
#[actix_web::test]
async fn a_digest_counts_records_and_names_nobody_who_was_withdrawn() {
    let mut post = Post::new().await;
    let make = async |post: &Post, name: &str| {
        let body = json!({"kind": "municipality", "name": name, "country": "PL"});
        let made = post.app.as_registrar().post("/api/v1/partners", body).await;
        made.expect(201)
    };
    let gone = make(&post, "Withdrawnville").await;
    let topics = ["country:PL", &format!("partner:{}", gone.id())];
    post.follow(READER, &topics, json!({"frequency": "weekly"}))
        .await;
    let quiet = make(&post, "Quiet").await.id();
    assert!(post.told().await.is_empty());
    let busy = make(&post, "Busy").await;
    let path = format!("/api/v1/partners/{}", busy.id());
    let mut etag = busy.etag();
    for population in 1..=210 {
        let patch = json!({"population": population, "population_year": 2020});
        let changed = post.app.as_registrar().patch(&path, &etag, patch).await;
        etag = changed.expect(200).etag();
        assert!(post.told().await.is_empty());
    }
    let path = format!("/api/v1/partners/{}?reason=Withdrawnville+twice", gone.id());
    let registrar = post.app.as_registrar();
    registrar.delete(&path, &gone.etag()).await.expect(204);
    assert!(post.told().await.is_empty());
    post.app.clock.advance(TimeDelta::days(7));
    let mail = only(post.news().await);
    let subject = &mail.headers["Subject"];
    assert!(subject.ends_with(": 3"), "{subject}");
    assert!(links(&mail).iter().any(|link| link.contains(&quiet)));
    assert!(!mail.text.contains("Withdrawnville"), "{}", mail.text);
}

#[actix_web::test]
async fn a_flood_of_changes_is_one_mail_that_counts_them() {
    let mut post = Post::new().await;
    post.follow(READER, &["country:PL"], json!({})).await;
    post.follow(
        "weekly@example.org",
        &["country:PL"],
        json!({"frequency": "weekly"}),
    )
    .await;
    for at in 0..3 {
        let many: Vec<Value> = (0..200)
            .map(|n| json!({"kind": "municipality", "name": format!("Miasto {at} {n}"), "country": "PL"}))
            .collect();
        post.app
            .as_registrar()
            .post("/api/v1/partners", Value::from(many))
            .await
            .expect(201);
    }
    let mail = only(post.told().await);
    assert!(
        mail.headers["Subject"].ends_with(": 200+"),
        "{}",
        mail.headers["Subject"]
    );
    let told = links(&mail)
        .iter()
        .filter(|link| link.contains("/partners/"))
        .count();
    assert_eq!(told, 20);
    post.app.clock.advance(TimeDelta::days(6));
    assert_eq!(post.news().await.len(), 1);
}

#[actix_web::test]
async fn who_follows_a_partner_that_is_merged_follows_the_other() {
    let mut post = Post::new().await;
    let old = city(&post.app, "Hrodna", "BY").await;
    let new = city(&post.app, "Grodno", "BY").await;
    post.follow(READER, &[&format!("partner:{old}")], json!({}))
        .await;
    let merge = json!({"into": new, "reason": "the same city"});
    post.app
        .as_registrar()
        .post(&format!("/api/v1/partners/{old}/merge"), merge)
        .await
        .expect(200);
    let mail = only(post.told().await);
    assert!(
        mail.text.contains("was merged into another entry"),
        "{}",
        mail.text
    );
    post.app.clock.advance(TimeDelta::minutes(10));
    post.app
        .as_registrar()
        .patch(
            &format!("/api/v1/partners/{new}"),
            "*",
            json!({"population": 7}),
        )
        .await
        .expect(200);
    let mail = only(post.told().await);
    assert!(mail.text.contains("Grodno\r\nchanged"), "{}", mail.text);
}

#[actix_web::test]
async fn a_change_is_told_once_by_however_many_instances() {
    let mut post = Post::new().await;
    post.follow(READER, &["new_agreements"], json!({})).await;
    agreement(&post.app, json!({})).await;
    post.news().await;
    post.app.clock.advance(TimeDelta::minutes(1));
    let other = post.app.another_instance();
    let (one, two) =
        futures_util::future::join(worker::run_once(&post.app.app), worker::run_once(&other)).await;
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    assert_eq!(post.mails().await.len(), 1);
}

#[actix_web::test]
async fn what_was_told_is_forgotten_and_old_links_with_it() {
    let mut post = Post::new().await;
    post.follow(READER, &["new_agreements"], json!({})).await;
    agreement(&post.app, json!({})).await;
    let mail = only(post.told().await);
    post.app.clock.advance(TimeDelta::days(11));
    daily::run_once(&post.app.app, "test").await.unwrap();
    let left = |post: &Post| {
        post.app
            .write(|conn| -> Result<_, twincity::http::problem::Problem> {
                use diesel::prelude::*;
                use twincity::db::schema::subscription_news as n;
                Ok(n::table.count().get_result::<i64>(conn)?)
            })
            .unwrap()
    };
    assert_eq!(left(&post), 0);
    assert_eq!(post.rows(), (1, 2));
    post.app.clock.advance(TimeDelta::days(360));
    daily::run_once(&post.app.app, "test").await.unwrap();
    assert_eq!(post.rows(), (1, 0));
    assert_eq!(post.one_click(&mail).await.status(), 422);
}

#[actix_web::test]
async fn who_follows_again_is_still_told_what_was_not_told_yet() {
    let mut post = Post::new().await;
    let here = city(&post.app, "Białystok", "PL").await;
    let there = city(&post.app, "Eindhoven", "NL").await;
    let topic = format!("partner:{here}");
    let weekly = json!({"frequency": "weekly"});
    post.follow(READER, &[&topic], weekly.clone()).await;
    let first = between(&post, &here, &there, json!({})).await;
    assert!(post.news().await.is_empty(), "the digest is not due");

    // The same again, and then at once: what the digest would have told is told now.
    post.follow(READER, &[&topic], weekly).await;
    post.follow(READER, &[&topic], json!({"frequency": "at_once"}))
        .await;
    let told = post.told().await;
    assert!(links(&only(told)).iter().any(|link| link.contains(&first)));
    post.app.clock.advance(TimeDelta::days(7));
    assert!(post.news().await.is_empty(), "nothing is told twice");

    // And the other way round.
    let second = json!({"instrument": "protocol"});
    let second = between(&post, &here, &there, second).await;
    assert!(post.news().await.is_empty(), "what comes meanwhile waits");
    post.follow(READER, &[&topic], json!({"frequency": "weekly"}))
        .await;
    post.app.clock.advance(TimeDelta::minutes(20));
    assert!(post.news().await.is_empty());
    post.app.clock.advance(TimeDelta::days(7));
    let told = post.news().await;
    assert!(links(&only(told)).iter().any(|link| link.contains(&second)));
}

#[actix_web::test]
async fn nothing_is_written_while_nobody_follows_anything() {
    let mut post = Post::new().await;
    let here = city(&post.app, "Białystok", "PL").await;
    let there = city(&post.app, "Eindhoven", "NL").await;
    between(&post, &here, &there, json!({})).await;
    post.app.app.db.statement_texts();
    worker::run_once(&post.app.app).await.unwrap();
    let sent = post.app.app.db.statement_texts();
    let writes = |text: &&String| text.starts_with("UPDATE") || text.starts_with("INSERT");
    assert_eq!(sent.iter().find(writes), None);
    // Who begins now is not told of what was before.
    post.follow(READER, &[&format!("partner:{here}")], json!({}))
        .await;
    assert!(post.told().await.is_empty());
}
