//! Every page of every record.

use super::{LARGEST, with_example, words};
use crate::support::TestApp;

#[actix_web::test]
async fn every_record_has_a_page_in_every_language() {
    let app = with_example().await;
    let mut pages = 0;
    for collection in [
        "partners",
        "agreements",
        "networks",
        "memberships",
        "activities",
        "sources",
    ] {
        let list = app
            .get(&format!("/api/v1/{collection}?limit=100"))
            .await
            .expect(200)
            .json();
        let ids: Vec<&str> = list["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|record| record["id"].as_str().unwrap())
            .collect();
        assert!(!ids.is_empty(), "{collection}");
        for id in ids {
            for lang in ["en", "pl"] {
                for query in ["", "?as_of=2009-06-01"] {
                    let page = app.get(&format!("/{lang}/{collection}/{id}{query}")).await;
                    let page = page.expect(200);
                    let text = page.text();
                    assert!(text.len() <= LARGEST, "{}: {page}", text.len());
                    assert!(text.contains(&format!("<html lang=\"{lang}\">")), "{page}");
                    assert_eq!(text.matches("<h1").count(), 1, "{page}");
                    assert!(text.contains(id), "{page}");
                    // Neither an absent value nor a fault of a template is shown.
                    for wrong in ["undefined", ">none<", "None", "{{", "{%"] {
                        assert!(!text.contains(wrong), "{wrong}: {page}");
                    }
                    assert_eq!(text.contains("noindex"), !query.is_empty(), "{page}");
                    pages += 1;
                }
            }
        }
    }
    assert!(pages > 400, "{pages}");
}

#[actix_web::test]
async fn a_page_names_its_other_language_and_is_not_sent_twice() {
    let app = with_example().await;
    let id = super::partner(&app, "bialystok").await;
    let address = format!("/en/partners/{id}");
    let page = app.get(&address).await.expect(200);
    let text = page.text();
    assert!(
        text.contains(&format!("hreflang=\"pl\" href=\"/pl/partners/{id}\"")),
        "{text}"
    );
    assert!(
        text.contains(&format!("rel=\"canonical\" href=\"{address}\"")),
        "{text}"
    );
    let again = app.anonymous().header("If-None-Match", &page.etag());
    again.get(&address).await.expect(304);
    // What one page is known by is not what another is.
    let other = format!("/pl/partners/{id}");
    again.get(&other).await.expect(200);
    // A change of the registry changes all pages.
    let source = serde_json::json!({"kind": "press", "title": "News"});
    app.as_registrar()
        .post("/api/v1/sources", source)
        .await
        .expect(201);
    again.get(&address).await.expect(200);
}

#[actix_web::test]
async fn a_short_address_leads_people_to_the_page_and_programs_to_the_data() {
    let app = with_example().await;
    let id = super::partner(&app, "bialystok").await;
    let browser = app.anonymous().header("Accept", "text/html,*/*;q=0.8");
    let polish = browser.clone().header("Accept-Language", "pl-PL,pl;q=0.9");
    let short = format!("/r/{id}");
    for (caller, expected) in [
        (&browser, format!("/en/partners/{id}")),
        (&polish, format!("/pl/partners/{id}")),
        (&app.anonymous(), format!("/api/v1/partners/{id}")),
    ] {
        let led = caller.get(&short).await.expect(303);
        assert_eq!(led.header("location"), Some(expected.as_str()));
        app.get(&expected).await.expect(200);
    }
    let problem = app.get("/r/nonsense").await.expect(404);
    assert_eq!(
        problem.header("content-type"),
        Some("application/problem+json")
    );
}

#[actix_web::test]
async fn the_front_door_opens_in_the_reader_s_language() {
    let app = with_example().await;
    for (accepted, home) in [("pl,en;q=0.5", "/pl/"), ("de", "/en/")] {
        let reader = app.anonymous().header("Accept-Language", accepted);
        let led = reader.get("/").await.expect(302);
        assert_eq!(led.header("location"), Some(home));
        let led = app.get(home.trim_end_matches('/')).await.expect(308);
        assert_eq!(led.header("location"), Some(home));
        let page = app.get(home).await.expect(200);
        assert!(page.text().contains("world."), "{page}");
    }
}

#[actix_web::test]
async fn a_source_says_what_it_states_of_which_record() {
    let app = with_example().await;
    let list = app.get("/api/v1/sources?q=Wikidata&limit=100").await;
    let list = list.expect(200).json();
    let mut longest = String::new();
    for source in list["data"].as_array().unwrap() {
        let id = source["id"].as_str().unwrap();
        let page = app.get(&format!("/en/sources/{id}")).await.expect(200);
        if page.text().len() > longest.len() {
            page.text().clone_into(&mut longest);
        }
    }
    for part in [
        "What it states",
        "says otherwise",
        "Parties: ",
        "/en/agreements/agr_",
    ] {
        assert!(longest.contains(part), "{part}: {longest}");
    }
    // What only its office sees is on no page.
    let registrar = app.as_registrar();
    let source = serde_json::json!({"kind": "press", "title": "News"});
    let source = registrar
        .post("/api/v1/sources", source)
        .await
        .expect(201)
        .id();
    let draft = serde_json::json!({
        "kind": "county", "name": "Secretville", "country": "PL", "record_state": "draft",
        "sources": [{"source_id": source}],
    });
    registrar.post("/api/v1/partners", draft).await.expect(201);
    let page = app.get(&format!("/en/sources/{source}")).await.expect(200);
    assert!(!page.text().contains("Secretville"), "{page}");
    assert!(!page.text().contains("What it states"), "{page}");
}

#[actix_web::test]
async fn a_membership_tells_its_past_in_sentences() {
    let app = with_example().await;
    let list = app
        .get("/api/v1/memberships?limit=100")
        .await
        .expect(200)
        .json();
    let mut said = String::new();
    for membership in list["data"].as_array().unwrap() {
        let id = membership["id"].as_str().unwrap();
        let page = app.get(&format!("/en/memberships/{id}")).await.expect(200);
        said.push_str(&super::words(&page));
        let led = app.get(&format!("/r/{id}")).await.expect(303);
        assert_eq!(
            led.header("location"),
            Some(format!("/api/v1/memberships/{id}").as_str())
        );
    }
    for part in [
        "Association of Polish Cities",
        "Member since 22 November 2005",
        "Sources",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

/// A city of this name.
async fn city(app: &TestApp, name: &str) -> String {
    let body = serde_json::json!({"kind": "municipality", "name": name, "country": "PL"});
    let made = app.as_registrar().post("/api/v1/partners", body).await;
    made.expect(201).id()
}

#[actix_web::test]
async fn an_agreement_tells_what_each_party_signed_and_says_itself() {
    let app = TestApp::new().await;
    let (one, other) = (city(&app, "Łomża").await, city(&app, "Ełk").await);
    let agreement = serde_json::json!({
        "instrument": "partnership_agreement", "entry_into_force": "on_consent",
        "proposed_on": "2000", "signed_on": "2001-06-25",
        "parties": [
            {"partner_id": one, "signed_on": "2001-06-24", "acknowledgement": "acknowledged"},
            {"partner_id": other, "signed_on": "2001-06-25", "acknowledgement": "denied"},
        ],
    });
    let registrar = app.as_registrar();
    let made = registrar.post("/api/v1/agreements", agreement).await;
    let id = made.expect(201).id();
    for (lang, parts) in [
        (
            "en",
            [
                "Łomża Poland · signed on 24 June 2001 Ełk Poland · says that there is no such partnership, or none any more",
                "Entry into force On consent",
            ],
        ),
        (
            "pl",
            [
                "Łomża Polska · podpisano 24 czerwca 2001 Ełk Polska · oświadcza, że takiego partnerstwa nie ma lub już nie ma",
                "Wejście w życie Po uzyskaniu zgody",
            ],
        ),
    ] {
        let page = app.get(&format!("/{lang}/agreements/{id}")).await;
        let said = words(&page.expect(200));
        for part in parts {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
    // Before that, and of what the parties say today, there is nothing to tell.
    let then = format!("/en/agreements/{id}?as_of=2001-01-01");
    let said = words(&app.get(&then).await.expect(200));
    let parties = "Łomża Poland · Invited Ełk Poland · Invited What it says";
    assert!(said.contains(parties), "{said}");
    assert!(!said.contains("What the parties say"), "{said}");
    // Who signed for a party stands there from the day on which it did.
    let agreement = serde_json::json!({
        "instrument": "protocol", "signed_on": "2005-05-01",
        "parties": [
            {"partner_id": one, "signatories": [{"office": "Mayor of Łomża"}]},
            {"partner_id": other, "signed_on": "2005-05-03", "signatories": [{"office": "Mayor of Ełk"}]},
        ],
    });
    let made = registrar.post("/api/v1/agreements", agreement).await;
    let id = made.expect(201).id();
    for (day, signed) in [("2005-05-02", false), ("2005-05-03", true)] {
        let then = format!("/en/agreements/{id}?as_of={day}");
        let said = words(&app.get(&then).await.expect(200));
        assert!(said.contains("Mayor of Łomża"), "{said}");
        assert_eq!(said.contains("Mayor of Ełk"), signed, "{said}");
    }
}

#[actix_web::test]
async fn what_nobody_knows_is_not_dated_by_the_day_it_was_recorded() {
    let app = TestApp::new().await;
    let (one, other) = (city(&app, "Łomża").await, city(&app, "Ełk").await);
    let agreement = serde_json::json!({
        "instrument": "unspecified", "initial_status": "in_force",
        "parties": [{"partner_id": one}, {"partner_id": other}],
    });
    let registrar = app.as_registrar();
    let made = registrar.post("/api/v1/agreements", agreement).await;
    let agreement = made.expect(201).id();
    for (lang, unknown, remark) in [
        ("en", "In force ; since when is not known", "no paper known"),
        (
            "pl",
            "Obowiązujące ; nie wiadomo od kiedy",
            "dokument nieznany",
        ),
    ] {
        let page = app
            .get(&format!("/{lang}/partners/{one}"))
            .await
            .expect(200);
        let said = words(&page);
        assert!(said.contains(unknown), "{said}");
        assert!(
            !said.contains("2026 lub") && !said.contains("2026 or"),
            "{said}"
        );
        // The link to the agreement names it; that there is no paper is a remark.
        let link = page.text().split("/agreements/").nth(1).unwrap();
        let link = link.split("</a>").next().unwrap();
        assert!(link.contains("Ełk") && !link.contains(remark), "{link}");
        assert!(said.contains(&format!("({remark})")), "{said}");
        let page = app.get(&format!("/{lang}/agreements/{agreement}")).await;
        let said = words(&page.expect(200));
        assert_eq!(
            said.matches(unknown.split("; ").nth(1).unwrap()).count(),
            2,
            "{said}"
        );
    }
}

#[actix_web::test]
async fn a_network_s_former_members_stand_apart_and_are_counted() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let network = serde_json::json!({"kind": "city_network", "name": "Sieć"});
    let network = registrar
        .post("/api/v1/networks", network)
        .await
        .expect(201)
        .id();
    for (name, status, since) in [
        ("Łomża", "member", "admitted_on"),
        ("Ełk", "member", "admitted_on"),
        ("Sejny", "withdrawn", "ended_on"),
    ] {
        let partner = city(&app, name).await;
        let member = serde_json::json!({
            "network_id": network, "partner_id": partner, "initial_status": status, since: "2010",
        });
        registrar
            .post("/api/v1/memberships", member)
            .await
            .expect(201);
    }
    let page = app
        .get(&format!("/pl/networks/{network}"))
        .await
        .expect(200);
    let said = words(&page);
    let (members, former) = said.split_once("Dawni członkowie").unwrap();
    assert!(
        members.contains("2 członków") && !members.contains("Sejny"),
        "{said}"
    );
    assert!(
        former.contains("1 dawny członek") && former.contains("Sejny"),
        "{said}"
    );
    assert!(
        former.contains("Wystąpił w 2010 roku") && former.contains("O sieci: Sieć"),
        "{said}"
    );
    let page = app
        .get(&format!("/en/networks/{network}?show=former"))
        .await;
    let said = words(&page.expect(200));
    assert!(
        said.contains("1 former member") && !said.contains("Ełk"),
        "{said}"
    );
}
