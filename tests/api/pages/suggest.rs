//! Suggestions by form, from a page of ours.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use serde_json::json;
use twincity::suggestions::proof_of_work;

use crate::agreements::{agreement, city};
use crate::evidence::documents;
use crate::notify::server::MailServer;
use crate::notify::{parsed, work};
use crate::support::{Answer, TestApp};

/// Sends the form as somebody behind this host, who runs no script.
async fn send(app: &TestApp, path: &str, fields: &[(&str, &str)]) -> Answer {
    app.anonymous()
        .header("Sec-Fetch-Site", "same-origin")
        .send(
            TestRequest::post()
                .uri(path)
                .peer_addr("192.0.2.1:9".parse().unwrap())
                .set_form(fields),
        )
        .await
}

async fn open(app: &TestApp) -> serde_json::Value {
    app.as_admin()
        .get("/api/v1/suggestions?state=open")
        .await
        .expect(200)
        .json()["data"]
        .clone()
}

/// What is said of a link that leads to nothing, or to nothing any more.
const NO_LINK: &str = "not complete, or has expired";

/// What is kept for links in mails.
fn held(app: &TestApp) -> Vec<String> {
    app.write(|conn| -> Result<_, twincity::http::problem::Problem> {
        use diesel::prelude::*;
        use twincity::db::schema::held_suggestions as h;
        Ok(h::table.select(h::body).load::<String>(conn)?)
    })
    .unwrap()
}

#[actix_web::test]
async fn a_reader_says_what_is_wrong_with_a_field_and_the_office_reads_it() {
    let app = TestApp::new().await;
    let id = agreement(&app, json!({"signed_on": "1992"})).await;
    let record = app.get(&format!("/pl/agreements/{id}")).await.expect(200);
    let link = format!("/pl/suggest?target={id}");
    assert!(
        record.text().contains(&format!("href=\"{link}\"")),
        "{record}"
    );
    let page = app
        .get(&format!("{link}&field=signed_on"))
        .await
        .expect(200);
    for part in [
        "Białystok – Eindhoven (1992)",
        "<option value=\"signed_on\" selected>",
        "„Podpisano” – teraz: <strong><time datetime=\"1992\">1992</time>",
        &format!("name=\"target\" value=\"{id}\""),
    ] {
        assert!(page.text().contains(part), "{part}: {page}");
    }
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let form = [
        ("target", id.as_str()),
        ("field", "signed_on"),
        ("message", "Podpisano 25 czerwca.\r\nTak mówi kronika."),
        ("evidence_url", "https://example.org/kronika"),
        ("email", "reader@example.org"),
    ];
    let told = send(&app, "/pl/suggest", &form).await.expect(200);
    assert!(told.text().contains("Dziękujemy"), "{told}");
    let open = open(&app).await;
    let suggestion = &open[0];
    assert!(told.text().contains(suggestion["id"].as_str().unwrap()));
    for (name, value) in [
        ("target", id.as_str()),
        ("field", "/signed_on"),
        ("message", "Podpisano 25 czerwca.\r\nTak mówi kronika."),
        ("evidence_url", "https://example.org/kronika"),
        ("email", "reader@example.org"),
    ] {
        assert_eq!(suggestion[name], value);
    }
}

#[actix_web::test]
async fn faults_of_a_suggestion_are_told_field_by_field_and_nothing_typed_is_lost() {
    let app = TestApp::new().await;
    let id = city(&app, "Białystok", "PL").await;
    let long = "ż".repeat(4001);
    let form = [
        ("target", id.as_str()),
        ("field", "population"),
        ("message", long.as_str()),
        ("evidence_url", "example.org/\"<x>"),
        ("email", "reader"),
    ];
    for (lang, words) in [
        (
            "en",
            [
                "is empty or too long",
                "must begin with https://",
                "no e-mail address",
            ],
        ),
        (
            "pl",
            [
                "puste albo za długie",
                "musi zaczynać się od https://",
                "nie jest adres e-mail",
            ],
        ),
    ] {
        let page = send(&app, &format!("/{lang}/suggest"), &form)
            .await
            .expect(422);
        let text = page.text();
        for word in words {
            assert_eq!(
                text.matches(word).count(),
                2,
                "at the top and at the field: {word}: {page}"
            );
        }
        for part in [
            long.as_str(),
            "<option value=\"population\" selected>",
            "value=\"example.org/&quot;&lt;x&gt;\"",
            "value=\"reader\"",
            "<a href=\"#message\">",
            "<a href=\"#evidence_url\">",
            "<a href=\"#email\">",
        ] {
            assert!(text.contains(part), "{part}");
        }
    }
    // What was refused did not count.
    let good = [("target", id.as_str()), ("message", "It is larger.")];
    for _ in 0..3 {
        send(&app, "/en/suggest", &good).await.expect(200);
    }
    assert_eq!(open(&app).await.as_array().unwrap().len(), 3);
}

#[actix_web::test]
async fn whoever_has_sent_three_and_runs_no_script_confirms_by_mail() {
    let server = MailServer::start();
    let app = server.registry("").await;
    let id = city(&app, "Białystok", "PL").await;
    let form = [("target", id.as_str()), ("message", "It is <larger>.")];
    for _ in 0..3 {
        send(&app, "/en/suggest", &form).await.expect(200);
    }
    let page = send(&app, "/en/suggest", &form).await.expect(422);
    assert!(
        page.text().contains("with an address we send a link"),
        "{page}"
    );
    assert!(
        page.text().contains(">It is &lt;larger&gt;.</textarea>"),
        "{page}"
    );
    let mut with_address = form.to_vec();
    with_address.push(("email", "reader@example.org"));
    let told = send(&app, "/en/suggest", &with_address).await.expect(200);
    assert!(told.text().contains("Please look into your mail"), "{told}");
    assert_eq!(open(&app).await.as_array().unwrap().len(), 3);
    while work(&app).await > 0 {}
    let received = server.received();
    assert_eq!(received.len(), 1);
    let mail = parsed(&received[0].1);
    // Nobody sends a stranger words of their own by us.
    assert!(!mail.text.contains("larger"), "{}", mail.text);
    let link = mail
        .text
        .split_whitespace()
        .find_map(|word| word.strip_prefix("https://registry.example/en/suggest/confirm?token="))
        .unwrap();
    // A scanner opens it.
    let address = format!("/en/suggest/confirm?token={link}");
    let page = app.get(&address).await.expect(200);
    assert!(
        page.text().contains("<button>Yes, this is mine</button>"),
        "{page}"
    );
    assert_eq!(open(&app).await.as_array().unwrap().len(), 3);
    let told = send(&app, "/en/suggest/confirm", &[("token", link)])
        .await
        .expect(200);
    assert!(told.text().contains("Thank you"), "{told}");
    let open = open(&app).await;
    assert_eq!(open.as_array().unwrap().len(), 4);
    assert_eq!(open[3]["message"], "It is <larger>.");
}

/// The way to the link that a mail of these has.
fn link_in(server: &MailServer) -> String {
    let mails = server.received();
    let mut texts = mails.iter().map(|(_, mail)| parsed(mail).text);
    let link = texts.find_map(|text| {
        let mut words = text.split_whitespace();
        let link = words.find(|word| word.contains("/suggest/confirm?token="))?;
        link.strip_prefix("https://registry.example")
            .map(str::to_owned)
    });
    link.unwrap()
}

#[actix_web::test]
async fn a_link_that_was_used_says_so_and_an_expired_one_no_more_than_one_of_nobodys() {
    let server = MailServer::start();
    let app = server.registry("").await;
    let id = city(&app, "Białystok", "PL").await;
    let form = [
        ("target", id.as_str()),
        ("message", "It is larger."),
        ("email", "reader@example.org"),
    ];
    for _ in 0..4 {
        send(&app, "/en/suggest", &form).await.expect(200);
    }
    while work(&app).await > 0 {}
    let link = link_in(&server);
    let (path, token) = link.split_once("?token=").unwrap();
    // Pressed twice, it arrives once; and who opens the link later is told so, whenever that is.
    let told = send(&app, path, &[("token", token)]).await.expect(200);
    let again = send(&app, path, &[("token", token)]).await.expect(200);
    assert_eq!(again.text(), told.text());
    let open = open(&app).await;
    assert_eq!(open.as_array().unwrap().len(), 4);
    for hours in [0, 48, 1000] {
        app.clock.advance(TimeDelta::hours(hours));
        while work(&app).await > 0 {}
        let page = app.get(&link).await.expect(200);
        for part in [
            "has arrived already",
            open[3]["id"].as_str().unwrap(),
            &format!("href=\"/en/partners/{id}\""),
        ] {
            assert!(page.text().contains(part), "{part}: {page}");
        }
        assert!(!page.text().contains("<button>Yes"), "{page}");
    }
    let kept = held(&app);
    assert_eq!(kept.len(), 1);
    assert!(!kept[0].contains("larger") && !kept[0].contains('@'));
    // A link that leads to nothing says that, and not whether it ever led somewhere.
    let page = app.get(&format!("{path}?token=tch_none")).await.expect(200);
    assert!(page.text().contains(NO_LINK), "{page}");
    assert!(!page.text().contains("already"), "{page}");
    let page = send(&app, path, &[("token", "tch_none")]).await.expect(422);
    assert!(page.text().contains(NO_LINK), "{page}");
}

#[actix_web::test]
async fn a_solved_puzzle_lets_a_suggestion_through_at_once() {
    let app = TestApp::new().await;
    let form = [("message", "A word on the registry.")];
    for _ in 0..3 {
        send(&app, "/en/suggest", &form).await.expect(200);
    }
    let puzzle = app
        .get("/api/v1/suggestions/puzzle")
        .await
        .expect(200)
        .json();
    let proof = proof_of_work::solve(puzzle["challenge"].as_str().unwrap());
    let solved = [("message", "Another word."), ("proof", proof.as_str())];
    send(&app, "/en/suggest", &solved).await.expect(200);
    let again = send(&app, "/en/suggest", &solved).await.expect(422);
    assert!(
        again.text().contains("the puzzle was not solved"),
        "{again}"
    );
    for _ in 0..40 {
        send(&app, "/en/suggest", &form).await;
    }
    let waits = send(&app, "/en/suggest", &form).await.expect(429);
    let seconds: u64 = waits.header("retry-after").unwrap().parse().unwrap();
    assert!((3500..=3600).contains(&seconds), "{waits}");
    assert!(
        waits.text().contains("Please come back in 60 minutes."),
        "{waits}"
    );
    assert!(
        waits.text().contains(">A word on the registry.</textarea>"),
        "{waits}"
    );
}

#[actix_web::test]
async fn what_is_held_is_erased_after_48_hours_with_its_address() {
    let server = MailServer::start();
    let app = server.registry("").await;
    let form = [("message", "A word."), ("email", "reader@example.org")];
    for _ in 0..4 {
        send(&app, "/en/suggest", &form).await.expect(200);
    }
    while work(&app).await > 0 {}
    let kept = held(&app);
    assert_eq!(kept.len(), 1);
    assert!(kept[0].contains("reader@example.org"));
    app.clock.advance(TimeDelta::hours(48));
    while work(&app).await > 0 {}
    assert!(held(&app).is_empty());
    let page = app.get(&link_in(&server)).await.expect(200);
    assert!(page.text().contains(NO_LINK), "{page}");
}

#[actix_web::test]
async fn there_is_a_form_for_what_everybody_may_see_and_for_our_pages_alone() {
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
    let signed = agreement(&app, json!({})).await;
    let [internal, parties] = ["internal", "parties"].map(|access| {
        [
            ("agreement_id", signed.as_str()),
            ("access", access),
            ("title", "Hidden"),
        ]
    });
    let admin = app.as_admin();
    let (internal, parties) = (
        documents::filed(&admin, &internal).await,
        documents::filed(&admin, &parties).await,
    );
    for target in [
        draft.as_str(),
        internal["id"].as_str().unwrap(),
        parties["id"].as_str().unwrap(),
        "ptn_0000000000",
        "x",
    ] {
        let page = app
            .get(&format!("/en/suggest?target={target}"))
            .await
            .expect(404);
        assert!(!page.text().contains("Hidden"), "{page}");
    }
    app.get("/en/suggest").await.expect(200);
    let form = TestRequest::post()
        .uri("/en/suggest")
        .set_form([("message", "A word.")]);
    let other = app.anonymous().header("Sec-Fetch-Site", "cross-site");
    other.send(form).await.expect(403);
    assert!(open(&app).await.as_array().unwrap().is_empty());
}

/// The values of an attribute that begin like this.
fn links(page: &Answer, start: &str) -> Vec<String> {
    let parts = page.text().split('"');
    let found = parts.filter(|part| part.starts_with(start));
    found.map(|href| href.replace("&amp;", "&")).collect()
}

#[actix_web::test]
async fn every_fact_leads_to_the_form_that_says_what_it_is_now() {
    let app = super::with_example().await;
    let mut forms = 0;
    for collection in [
        "partners",
        "agreements",
        "networks",
        "memberships",
        "activities",
        "sources",
    ] {
        let list = app.get(&format!("/api/v1/{collection}?limit=5")).await;
        for record in list.expect(200).json()["data"].as_array().unwrap() {
            let id = record["id"].as_str().unwrap();
            let page = app.get(&format!("/en/{collection}/{id}")).await.expect(200);
            let fields = links(&page, &format!("/en/suggest?target={id}&amp;field="));
            assert!(!fields.is_empty(), "{page}");
            for link in fields {
                let form = app.get(&link).await.expect(200);
                let (_, field) = link.rsplit_once('=').unwrap();
                let chosen = format!("<option value=\"{field}\" selected>");
                assert!(form.text().contains(&chosen), "{link}: {form}");
                // What a page says, the form says.
                assert!(form.text().contains("” is now: <strong>"), "{link}: {form}");
                assert!(!form.text().contains("<strong></strong>"), "{link}: {form}");
                forms += 1;
            }
        }
    }
    assert!(forms > 80, "{forms}");
    let city = super::partner(&app, "bialystok").await;
    let form = app
        .get(&format!("/pl/suggest?target={city}&field=founded_on"))
        .await;
    let said = super::words(&form.expect(200));
    assert!(
        said.contains("„Założono” – teraz: nic nie zapisano"),
        "{said}"
    );
    assert!(said.contains("Mieszkańcy 294"), "{said}");
}

#[actix_web::test]
async fn a_field_that_is_not_there_is_said_not_to_be() {
    let app = TestApp::new().await;
    let id = city(&app, "Białystok", "PL").await;
    let form = [
        ("target", id.as_str()),
        ("field", "bogus"),
        ("message", "It is larger."),
    ];
    for (lang, said) in [
        ("en", "the entry has no such field"),
        ("pl", "wpis nie ma takiego pola"),
    ] {
        let address = format!("/{lang}/suggest?target={id}&field=bogus");
        let page = app.get(&address).await.expect(200);
        assert!(page.text().contains(said), "{page}");
        let page = send(&app, &format!("/{lang}/suggest"), &form).await;
        let page = page.expect(422);
        assert!(
            page.text().contains(said) && page.text().contains(">It is larger.</textarea>"),
            "{page}"
        );
    }
    assert!(open(&app).await.as_array().unwrap().is_empty());
    // A field by the name under which it is sent.
    let page = app
        .get(&format!("/en/suggest?target={id}&field=host_id"))
        .await;
    let page = page.expect(200);
    assert!(
        page.text().contains("<option value=\"host\" selected>"),
        "{page}"
    );
}
