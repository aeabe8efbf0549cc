//! One partner, from recording to withdrawal.

use serde_json::json;

use crate::support::TestApp;

const PARTNERS: &str = "/api/v1/partners";

#[actix_web::test]
async fn a_partner_is_recorded_with_everything_and_comes_back_the_same() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let host = admin
        .post(
            PARTNERS,
            json!({"kind": "municipality", "name": "Białystok", "country": "PL"}),
        )
        .await
        .expect(201)
        .id();
    let made = admin
        .post(
            PARTNERS,
            json!({
                "kind": "university", "name": "University of Białystok", "country": "PL",
                "subdivision": "PL-20", "host_id": host, "latitude": 53.13, "longitude": 23.16,
                "population": 0, "population_year": 2020, "website": "https://uwb.edu.pl",
                "founded_on": "1997-06-19", "description": {"en": "A university", "pl": "Uniwersytet"},
                "identifiers": [{"scheme": "wikidata", "value": "https://www.wikidata.org/wiki/Q1143396"}],
                "seeking": {"fields": ["youth"], "countries": ["US"], "note": "exchange"},
                "sources": [{"kind": "party_website", "title": "About us"}],
            }),
        )
        .await
        .expect(201);
    let body = made.json();
    assert_eq!(body["host"]["name"], "Białystok");
    assert_eq!(
        body["identifiers"][0],
        json!({"scheme": "wikidata", "value": "Q1143396"})
    );
    assert_eq!(
        body["founded_on_range"],
        json!({"earliest": "1997-06-19", "latest": "1997-06-19"})
    );
    let read = app.get(made.header("location").unwrap()).await.expect(200);
    assert_eq!(read.json(), body);
    assert!(read.etag().starts_with("\"1-"), "it shows its host: {read}");
    let cited = app
        .get(&format!(
            "{}?include=sources",
            made.header("location").unwrap()
        ))
        .await
        .expect(200);
    assert_eq!(cited.json()["sources"][0]["title"], "About us");
}

#[actix_web::test]
async fn every_broken_rule_is_told_at_its_place() {
    let app = TestApp::new().await;
    let pointers = app
        .as_admin()
        .post(
            PARTNERS,
            json!({
                "kind": "city", "country": "XX", "subdivision": "DE-BE", "latitude": 91, "longitude": 0,
                "population_year": 2020, "website": "ftp://x", "founded_on": "2000", "dissolved_on": "1999",
                "identifiers": [{"scheme": "wikidata", "value": "761"}], "host_id": "agr_8x3k0q2m7t",
                "description": {"polish!": "x"}, "seeking": {"fields": ["sports"]},
            }),
        )
        .await
        .pointers("validation-failed");
    for expected in [
        "/country",
        "/description/polish!",
        "/dissolved_on",
        "/host_id",
        "/identifiers/0/value",
        "/kind",
        "/latitude",
        "/name",
        "/population_year",
        "/seeking/fields/0",
        "/website",
    ] {
        assert!(
            pointers.iter().any(|found| found == expected),
            "{expected} in {pointers:?}"
        );
    }
}

#[actix_web::test]
async fn an_identifier_belongs_to_one_published_partner() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let body = |name: &str| {
        json!({"kind": "municipality", "name": name, "country": "RU",
               "identifiers": [{"scheme": "wikidata", "value": "Q1829"}]})
    };
    let first = admin
        .post(PARTNERS, body("Kaliningrad"))
        .await
        .expect(201)
        .id();
    let problem = admin
        .post(PARTNERS, body("Königsberg"))
        .await
        .problem("identifier-taken");
    assert_eq!(problem["duplicate_of"], first.as_str());
    admin
        .delete(&format!("{PARTNERS}/{first}"), "\"1\"")
        .await
        .expect(204);
    admin.post(PARTNERS, body("Königsberg")).await.expect(201);
}

#[actix_web::test]
async fn hosts_form_no_cycle() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let make = async |name: &str, host: Option<&str>| {
        admin
            .post(
                PARTNERS,
                json!({"kind": "ngo", "name": name, "country": "PL", "host_id": host}),
            )
            .await
            .expect(201)
            .id()
    };
    let a = make("a", None).await;
    let b = make("b", Some(&a)).await;
    let pointers = admin
        .patch(&format!("{PARTNERS}/{a}"), "\"1\"", json!({"host_id": b}))
        .await
        .pointers("validation-failed");
    assert_eq!(pointers, ["/host_id"]);
    let unknown = json!({"kind": "ngo", "name": "c", "country": "PL", "host_id": "ptn_0000000000"});
    assert_eq!(
        admin
            .post(PARTNERS, unknown)
            .await
            .pointers("validation-failed"),
        ["/host_id"]
    );
    admin
        .delete(&format!("{PARTNERS}/{a}"), "\"1\"")
        .await
        .problem("in-use");
}

#[actix_web::test]
async fn an_editor_edits_the_own_office_and_what_it_hosts() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let make = async |name: &str, host: Option<&str>| {
        admin
            .post(
                PARTNERS,
                json!({"kind": "municipality", "name": name, "country": "PL", "host_id": host}),
            )
            .await
            .expect(201)
            .id()
    };
    let own = make("own", None).await;
    let hosted = make("hosted", Some(&own)).await;
    let foreign = make("foreign", None).await;
    let editor = app.as_editor_of(&own);
    for id in [&own, &hosted] {
        editor
            .patch(
                &format!("{PARTNERS}/{id}"),
                "\"1\"",
                json!({"population": 1}),
            )
            .await
            .expect(200);
    }
    // Rights come before rules and before the version.
    editor
        .patch(
            &format!("{PARTNERS}/{foreign}"),
            "\"77\"",
            json!({"population": -1}),
        )
        .await
        .problem("forbidden");
    let new = editor
        .post(
            PARTNERS,
            json!({"kind": "municipality", "name": "new", "country": "PL"}),
        )
        .await
        .expect(201);
    assert_eq!(
        new.json()["created_by"],
        json!({"role": "editor", "organisation": own})
    );
    editor
        .patch(
            &format!("{PARTNERS}/{}", new.id()),
            "\"1\"",
            json!({"population": 1}),
        )
        .await
        .expect(200);
    app.anonymous()
        .post(
            PARTNERS,
            json!({"kind": "municipality", "name": "x", "country": "PL"}),
        )
        .await
        .problem("unauthenticated");
}
