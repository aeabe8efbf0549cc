//! Identifiers: what they guard, and that codes of places are handed on.

use serde_json::{Value, json};

use crate::support::TestApp;

const PARTNERS: &str = "/api/v1/partners";
const NETWORKS: &str = "/api/v1/networks";

fn commune(name: &str, existence: &str, identifiers: &[(&str, &str)]) -> Value {
    let identifiers: Vec<Value> = identifiers
        .iter()
        .map(|(scheme, value)| json!({"scheme": scheme, "value": value}))
        .collect();
    json!({"kind": "municipality", "name": name, "country": "FR", "existence": existence,
           "identifiers": identifiers})
}

async fn found(app: &TestApp, query: &str) -> Vec<String> {
    let page = app.get(query).await.expect(200).json();
    let data = page["data"].as_array().unwrap();
    data.iter()
        .map(|one| one["id"].as_str().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn the_code_of_a_dissolved_commune_is_free_for_the_one_that_took_its_place() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let code = [("insee", "74010")];
    let old = admin
        .post(PARTNERS, commune("Annecy", "active", &code))
        .await
        .expect(201)
        .id();
    let new = commune("Annecy (2017)", "active", &code);
    let problem = admin
        .post(PARTNERS, new.clone())
        .await
        .problem("identifier-taken");
    assert_eq!(problem["duplicate_of"], old.as_str());
    let at = format!("{PARTNERS}/{old}");
    let ended = json!({"existence": "dissolved"});
    admin.patch(&at, "\"1\"", ended).await.expect(200);
    let new = admin.post(PARTNERS, new).await.expect(201).id();
    // Both are found, the living one first, unless an order is asked for; and page by page.
    let query = format!("{PARTNERS}?identifier=insee:74010");
    assert_eq!(found(&app, &query).await, [new.clone(), old.clone()]);
    let by_name = format!("{query}&sort=name");
    assert_eq!(found(&app, &by_name).await, [&*old, &*new]);
    let page = app
        .get(&format!("{query}&limit=1"))
        .await
        .expect(200)
        .json();
    assert_eq!(page["data"][0]["id"], new.as_str());
    let next = page["page"]["next"].as_str().unwrap();
    let behind = found(&app, &format!("{query}&limit=1&cursor={next}")).await;
    assert_eq!(behind, std::slice::from_ref(&old));
    // Undoing the dissolution asks again, and so does restoring.
    let problem = admin
        .patch(&at, "\"2\"", json!({"existence": "active"}))
        .await
        .problem("identifier-taken");
    assert_eq!(problem["duplicate_of"], new.as_str());
    assert_eq!(problem["errors"][0]["pointer"], "/identifiers/0");
    // Its other fields may change all the same.
    let population = json!({"population": 50_000});
    admin.patch(&at, "\"2\"", population).await.expect(200);
    let away = format!("{PARTNERS}/{new}");
    admin.delete(&away, "\"1\"").await.expect(204);
    let active = json!({"existence": "active"});
    admin.patch(&at, "\"3\"", active).await.expect(200);
    let problem = admin
        .post(&format!("{away}/restore"), json!({}))
        .await
        .problem("identifier-taken");
    assert_eq!(problem["duplicate_of"], old.as_str());
}

#[actix_web::test]
async fn what_names_one_body_for_ever_is_never_handed_on() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    for (scheme, value) in [
        ("wikidata", "Q50189"),
        ("geonames", "3037543"),
        ("ror", "052gg0110"),
        ("isni", "0000000121032683"),
        ("lei", "5493001KJTIIGC8Y1R12"),
    ] {
        let gone = commune("Annecy", "dissolved", &[(scheme, value)]);
        let gone = admin.post(PARTNERS, gone).await.expect(201).id();
        let again = commune("Annecy", "active", &[(scheme, value)]);
        let problem = admin
            .post(PARTNERS, again)
            .await
            .problem("identifier-taken");
        assert_eq!(problem["duplicate_of"], gone.as_str(), "{scheme}");
    }
}

#[actix_web::test]
async fn every_code_of_a_place_is_handed_on() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    for (country, scheme, value) in [
        ("FR", "insee", "74010"),
        ("PL", "teryt", "2061011"),
        ("FR", "lau", "74010"),
        ("FR", "nuts", "FRK28"),
        ("US", "fips", "55079"),
        ("FR", "unlocode", "FRNCY"),
        ("FR", "iso3166-2", "FR-74"),
        ("FR", "local", "gus:1"),
    ] {
        let body = |existence: &str| {
            json!({"kind": "county", "name": "A place", "country": country, "existence": existence,
                   "identifiers": [{"scheme": scheme, "value": value}]})
        };
        admin.post(PARTNERS, body("dissolved")).await.expect(201);
        admin.post(PARTNERS, body("active")).await.expect(201);
        admin.post(PARTNERS, body("dissolved")).await.expect(201);
        admin
            .post(PARTNERS, body("active"))
            .await
            .problem("identifier-taken");
    }
}

#[actix_web::test]
async fn a_network_that_is_over_frees_its_codes_too() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let body = |name: &str, code: (&str, &str), end: Value| {
        json!({"kind": "euroregion", "name": name, "dissolved_on": end,
               "identifiers": [{"scheme": code.0, "value": code.1}]})
    };
    let local = ("local", "aebr:7");
    let old = body("Old", local, Value::Null);
    let old = admin.post(NETWORKS, old).await.expect(201).id();
    let new = || body("New", local, Value::Null);
    admin
        .post(NETWORKS, new())
        .await
        .problem("identifier-taken");
    let at = format!("{NETWORKS}/{old}");
    let end = json!({"dissolved_on": "2001"});
    admin.patch(&at, "\"1\"", end).await.expect(200);
    let new = admin.post(NETWORKS, new()).await.expect(201).id();
    let query = format!("{NETWORKS}?identifier=local:aebr:7");
    assert_eq!(found(&app, &query).await, [new, old]);
    admin
        .patch(&at, "\"2\"", json!({"dissolved_on": null}))
        .await
        .problem("identifier-taken");
    let item = ("wikidata", "Q1");
    let gone = body("Gone", item, json!("2001"));
    admin.post(NETWORKS, gone).await.expect(201);
    admin
        .post(NETWORKS, body("Again", item, Value::Null))
        .await
        .problem("identifier-taken");
}

#[actix_web::test]
async fn a_merge_takes_no_code_that_somebody_else_carries_by_now() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let make = async |name: &str, existence: &str, codes: &[(&str, &str)]| {
        let body = commune(name, existence, codes);
        admin.post(PARTNERS, body).await.expect(201).id()
    };
    let (one, two) = [("insee", "74010"), ("insee", "74093")].into();
    let gone = make("Seynod", "dissolved", &[one, two]).await;
    let stays = make("Annecy", "active", &[one]).await;
    let other = make("Cran", "active", &[two]).await;
    let into = json!({"into": stays, "reason": "recorded twice"});
    let merge = format!("{PARTNERS}/{gone}/merge");
    let problem = admin
        .post(&merge, into.clone())
        .await
        .problem("identifier-taken");
    assert_eq!(problem["duplicate_of"], other.as_str());
    let away = format!("{PARTNERS}/{other}");
    admin.delete(&away, "\"1\"").await.expect(204);
    let merged = admin.post(&merge, into).await.expect(200).json();
    assert_eq!(merged["identifiers"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn of_two_who_ask_for_a_freed_code_at_once_one_gets_it() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let code = [("insee", "74010")];
    let gone = commune("Annecy", "dissolved", &code);
    admin.post(PARTNERS, gone).await.expect(201);
    let new = || admin.post(PARTNERS, commune("Annecy", "active", &code));
    let (a, b, c) = futures_util::join!(new(), new(), new());
    let mut codes = [a.status(), b.status(), c.status()];
    codes.sort_unstable();
    assert_eq!(codes, [201, 409, 409]);
}
