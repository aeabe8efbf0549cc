//! Asking and confirming.

use chrono::TimeDelta;
use serde_json::json;

use super::{Post, READER, SUBSCRIPTIONS, links, token};
use crate::agreements::{agreement, city};
use crate::support::TestApp;

#[actix_web::test]
async fn nothing_is_sent_before_the_address_is_confirmed() {
    let mut post = Post::new().await;
    post.ask(READER, &["new_agreements"], json!({}))
        .await
        .expect(202);
    let mails = post.mails().await;
    assert_eq!(mails.len(), 1);
    let (to, mail) = &mails[0];
    assert_eq!(to, READER);
    assert!(mail.text.contains("all new agreements"), "{}", mail.text);
    assert!(mail.text.contains("until 26 November 2026, 12:00 UTC"));
    agreement(&post.app, json!({})).await;
    assert!(post.told().await.is_empty());
    // Only what comes after it is told.
    post.confirm(&token(mail)).await.expect(204);
    assert!(post.told().await.is_empty());
    agreement(&post.app, json!({})).await;
    assert_eq!(post.told().await.len(), 1);
}

#[actix_web::test]
async fn a_scanner_that_opens_every_link_confirms_nothing_and_leaves_nothing() {
    let mut post = Post::new().await;
    post.ask(READER, &["new_agreements"], json!({"lang": "pl"}))
        .await
        .expect(202);
    let mails = post.mails().await;
    let mail = &mails[0].1;
    let mut opened = links(mail);
    let header = mail.headers["List-Unsubscribe"].trim_matches(['<', '>']);
    opened.push(
        header
            .strip_prefix("https://registry.example")
            .unwrap()
            .to_owned(),
    );
    assert!(opened.len() >= 3, "{opened:?}");
    for link in opened.iter().filter(|link| !link.is_empty()) {
        let page = post.app.get(link).await.expect(200);
        assert!(page.text().contains("<button"), "{page}");
        assert_eq!(page.header("cache-control"), Some("no-store"), "{link}");
        post.app
            .anonymous()
            .send(
                actix_web::test::TestRequest::default()
                    .method(actix_web::http::Method::HEAD)
                    .uri(link),
            )
            .await;
    }
    assert_eq!(post.rows(), (0, 0));
    assert_eq!(post.addresses(), [READER]);
    // It works as before.
    post.confirm(&token(mail)).await.expect(204);
    assert_eq!(post.rows(), (1, 1));
    for link in opened.iter().filter(|link| !link.is_empty()) {
        post.app.get(link).await.expect(200);
    }
    assert_eq!(post.rows(), (1, 1));
}

#[actix_web::test]
async fn nobody_finds_out_who_is_subscribed() {
    let mut post = Post::new().await;
    post.follow(READER, &["new_agreements"], json!({})).await;
    let mut answers = Vec::new();
    let mut statements = Vec::new();
    for email in [READER, "stranger@example.org", "Reader@Example.org"] {
        post.app.app.db.statement_texts();
        let answer = post.ask(email, &["country:PL"], json!({})).await;
        let texts = post.app.app.db.statement_texts().join("\n");
        // The same work, so the same time: the address is looked up nowhere.
        assert!(!texts.contains("subscribers"), "{texts}");
        statements.push(texts.split(" -- binds").next().unwrap().to_owned());
        answers.push((answer.status(), answer.text().to_owned()));
    }
    assert_eq!(
        answers,
        [
            (202, String::new()),
            (202, String::new()),
            (202, String::new())
        ]
    );
    assert!(statements.windows(2).all(|pair| pair[0] == pair[1]));
    // Each gets the same mail.
    let mails = post.mails().await;
    assert_eq!(mails.len(), 3);
    for (_, mail) in &mails {
        assert_eq!(mail.headers["Subject"], mails[0].1.headers["Subject"]);
    }
    for path in ["/api/v1/changes", "/api/v1/search?q=reader"] {
        let answer = post.app.as_admin().get(path).await.expect(200);
        assert!(!answer.text().contains("example.org"), "{answer}");
    }
    let admin = post.app.as_admin();
    admin.get(SUBSCRIPTIONS).await.expect(405);
}

#[actix_web::test]
async fn an_address_that_is_not_confirmed_is_erased_after_48_hours() {
    let mut post = Post::new().await;
    post.ask(READER, &["new_agreements"], json!({}))
        .await
        .expect(202);
    let mails = post.mails().await;
    let token = token(&mails[0].1);
    post.app
        .clock
        .advance(TimeDelta::hours(48) - TimeDelta::seconds(1));
    assert!(post.mails().await.is_empty());
    assert_eq!(post.addresses(), [READER]);
    post.app.clock.advance(TimeDelta::seconds(1));
    let refused = post.confirm(&token).await;
    assert_eq!(refused.pointers("validation-failed"), ["/token"]);
    assert!(post.mails().await.is_empty());
    assert!(post.addresses().is_empty());
    assert_eq!(post.rows(), (0, 0));
}

#[actix_web::test]
async fn a_token_confirms_what_it_was_sent_for_and_nothing_else() {
    let mut post = Post::new().await;
    post.ask(READER, &["new_agreements"], json!({}))
        .await
        .expect(202);
    let mails = post.mails().await;
    let token = token(&mails[0].1);
    for wrong in ["", "tcu_", &token[..token.len() - 1], &format!("{token}A")] {
        let refused = post.confirm(wrong).await;
        assert_eq!(refused.pointers("validation-failed"), ["/token"], "{wrong}");
    }
    post.confirm(&token).await.expect(204);
    // Pressed twice.
    post.confirm(&token).await.expect(204);
    assert_eq!(post.rows(), (1, 1));
    assert_eq!(post.addresses(), [READER]);
    // It is kept as a hash.
    let hashes = post
        .app
        .write(|conn| -> Result<_, twincity::http::problem::Problem> {
            use diesel::prelude::*;
            use twincity::db::schema::subscription_tokens as t;
            Ok(t::table.select(t::hash).load::<String>(conn)?)
        });
    assert!(!hashes.unwrap().contains(&token));
}

#[actix_web::test]
async fn what_was_followed_stays_when_more_is_asked_for() {
    let mut post = Post::new().await;
    let partner = city(&post.app, "Suwałki", "PL").await;
    post.follow(READER, &["new_agreements"], json!({})).await;
    let topic = format!("partner:{partner}");
    post.follow(
        READER,
        &[&topic, "new_agreements"],
        json!({"frequency": "weekly"}),
    )
    .await;
    assert_eq!(post.rows().0, 2);
    assert_eq!(post.addresses(), [READER]);
}

#[actix_web::test]
async fn every_fault_of_what_is_asked_for_is_told_at_its_place() {
    let app = TestApp::new().await;
    let draft = app
        .as_admin()
        .post(
            "/api/v1/partners",
            json!({"kind": "municipality", "name": "Hidden", "country": "PL", "record_state": "draft"}),
        )
        .await
        .expect(201)
        .id();
    let many: Vec<&str> = vec!["country:PL"; 51];
    for (body, pointers) in [
        (json!({}), vec!["/email", "/topics"]),
        (
            json!({"email": "x", "topics": ["country:PL"]}),
            vec!["/email"],
        ),
        (
            json!({"email": READER, "topics": [format!("partner:{draft}"), "field:magic", "network:net_0000000000", "x"],
                "lang": "de", "frequency": "hourly"}),
            vec![
                "/frequency",
                "/lang",
                "/topics/0",
                "/topics/1",
                "/topics/2",
                "/topics/3",
            ],
        ),
        (json!({"email": READER, "topics": []}), vec!["/topics"]),
        (json!({"email": READER, "topics": many}), vec!["/topics"]),
    ] {
        let refused = app.anonymous().post(SUBSCRIPTIONS, body.clone()).await;
        assert_eq!(refused.pointers("validation-failed"), pointers, "{body}");
    }
    let unknown = json!({"email": READER, "topics": ["country:PL"], "token": "x"});
    app.anonymous()
        .post(SUBSCRIPTIONS, unknown)
        .await
        .problem("malformed-request");
}

#[actix_web::test]
async fn an_address_that_does_not_answer_is_left_alone_and_a_host_has_to_wait() {
    let mut post = Post::new().await;
    for _ in 0..7 {
        post.ask(READER, &["country:PL"], json!({}))
            .await
            .expect(202);
    }
    assert_eq!(post.mails().await.len(), 5);
    // Others are written to as before, and so is this one when its time is over.
    post.ask("other@example.org", &["country:PL"], json!({}))
        .await
        .expect(202);
    assert_eq!(post.mails().await.len(), 1);
    post.app.clock.advance(TimeDelta::hours(48));
    post.ask(READER, &["country:PL"], json!({}))
        .await
        .expect(202);
    assert_eq!(post.mails().await.len(), 1);
    let from = async |number: usize| {
        let body = json!({"email": format!("r{number}@example.org"), "topics": ["country:PL"]});
        post.app
            .send(
                actix_web::test::TestRequest::post()
                    .uri(SUBSCRIPTIONS)
                    .peer_addr("192.0.2.1:9".parse().unwrap())
                    .set_json(body),
            )
            .await
    };
    for number in 0..20 {
        from(number).await.expect(202);
    }
    let waits = from(20).await;
    assert!(waits.header("retry-after").is_some());
    waits.problem("too-many-requests");
    post.app.clock.advance(TimeDelta::hours(1));
    from(21).await.expect(202);
}

#[actix_web::test]
async fn no_address_of_a_subscriber_is_in_a_backup_unless_it_is_asked_for() {
    let mut post = Post::new().await;
    post.follow(READER, &["new_agreements"], json!({})).await;
    post.ask("waiting@example.org", &["new_agreements"], json!({}))
        .await
        .expect(202);
    post.mails().await;
    // Two mails that have not left.
    post.ask("asking@example.org", &["new_agreements"], json!({}))
        .await
        .expect(202);
    agreement(&post.app, json!({})).await;
    post.app.clock.advance(TimeDelta::minutes(1));
    post.server.refuse(Some(451));
    assert!(post.told().await.is_empty());
    let folder = crate::support::database::folder();
    for (name, with, found) in [("with", true, true), ("without", false, false)] {
        let file = folder.path().join(name);
        let path = file.to_str().unwrap();
        // The other engine has tools of its own.
        if post.app.app.db.backup(path, with).unwrap().is_none() {
            return;
        }
        let bytes = std::fs::read(&file).unwrap();
        for address in ["reader@", "waiting@", "asking@"] {
            let there = memchr::memmem::find(&bytes, address.as_bytes()).is_some();
            assert_eq!(there, found, "{name}: {address}");
        }
    }
}
