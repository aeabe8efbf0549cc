//! Names: one is shown, all are found.

use serde_json::json;

use crate::support::TestApp;

const PARTNERS: &str = "/api/v1/partners";

#[actix_web::test]
async fn every_spelling_finds_the_one_partner() {
    let app = TestApp::new().await;
    let names: Vec<_> = [("Hrodna", "be-Latn"), ("Grodno", "pl"), ("Гродна", "be"), ("Гродно", "ru"), ("Gardinas", "lt")]
        .into_iter()
        .enumerate()
        .map(|(i, (value, lang))| {
            json!({"value": value, "lang": lang, "types": [if i == 1 { "display" } else { "alias" }]})
        })
        .collect();
    let made = app
        .as_admin()
        .post(
            PARTNERS,
            json!({"kind": "municipality", "names": names, "country": "BY"}),
        )
        .await
        .expect(201);
    assert_eq!(made.json()["name"], "Grodno");
    for q in [
        "Hrodna",
        "grodno",
        "%D0%93%D1%80%D0%BE%D0%B4%D0%BD%D0%B0",
        "gardin",
    ] {
        let found = app
            .get(&format!("{PARTNERS}?q={q}"))
            .await
            .expect(200)
            .json();
        assert_eq!(found["data"].as_array().unwrap().len(), 1, "{q}");
    }
    let shown = app
        .get(&format!("{PARTNERS}/{}?lang=lt", made.id()))
        .await
        .expect(200)
        .json();
    assert_eq!(shown["name"], "Gardinas");
}

#[actix_web::test]
async fn the_display_name_is_one_and_equals_the_name() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let post = async |body| admin.post(PARTNERS, body).await;
    let two = json!({"kind": "ngo", "country": "PL", "names": [
        {"value": "a", "types": ["display"]}, {"value": "b", "types": ["display"]}]});
    assert_eq!(post(two).await.pointers("validation-failed"), ["/names"]);
    let differs = json!({"kind": "ngo", "country": "PL", "name": "c", "names": [{"value": "a", "types": ["display"]}]});
    assert_eq!(post(differs).await.pointers("validation-failed"), ["/name"]);
    let made = post(json!({"kind": "ngo", "country": "PL", "name": "c", "names": [{"value": "d", "types": ["alias"]}]}))
        .await
        .expect(201);
    assert_eq!(made.json()["names"].as_array().unwrap().len(), 2);
    let renamed = admin
        .patch(
            &format!("{PARTNERS}/{}", made.id()),
            "\"1\"",
            json!({"name": "e"}),
        )
        .await
        .expect(200)
        .json();
    assert_eq!(
        renamed["names"][0],
        json!({"value": "e", "types": ["display"]})
    );
    assert_eq!(renamed["names"].as_array().unwrap().len(), 2);
    let network = json!({"name": "Network", "kind": "euroregion"});
    let network = admin.post("/api/v1/networks", network).await.expect(201);
    for (path, etag) in [
        (format!("{PARTNERS}/{}", made.id()), "\"2\"".to_owned()),
        (format!("/api/v1/networks/{}", network.id()), network.etag()),
    ] {
        let nameless = admin.patch(&path, &etag, json!({"name": null})).await;
        assert_eq!(nameless.pointers("validation-failed"), ["/name"]);
    }
    assert_eq!(
        app.get(&format!("{PARTNERS}?q=e")).await.expect(200).json()["data"][0]["name"],
        "e"
    );
}

#[actix_web::test]
async fn the_best_name_comes_first_and_pages_follow_the_rank() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    for (name, kind, population) in [
        ("Xdijon", "municipality", 0),
        ("District Dijon", "intermunicipal_body", 0),
        ("Dijonnais", "municipality", 0),
        ("Dijon", "university", 0),
        ("Dijon", "municipality", 10),
        ("Dijon", "municipality", 20),
    ] {
        let body = json!({"kind": kind, "name": name, "country": "FR", "population": population});
        admin.post(PARTNERS, body).await.expect(201);
    }
    let mut seen = Vec::new();
    let mut path = format!("{PARTNERS}?q=dijon&limit=4");
    loop {
        let page = app.get(&path).await.expect(200).json();
        for partner in page["data"].as_array().unwrap() {
            seen.push((
                partner["name"].as_str().unwrap().to_owned(),
                partner["population"].as_i64().unwrap(),
            ));
        }
        match page["page"]["next"].as_str() {
            Some(next) => path = format!("{PARTNERS}?q=dijon&limit=4&cursor={next}"),
            None => break,
        }
    }
    let expected = [
        ("Dijon", 20),
        ("Dijon", 10),
        ("Dijon", 0),
        ("Dijonnais", 0),
        ("District Dijon", 0),
        ("Xdijon", 0),
    ];
    assert_eq!(
        seen,
        expected.map(|(name, population)| (name.to_owned(), population))
    );
    for literal in ["%25", "_"] {
        assert_eq!(
            app.get(&format!("{PARTNERS}?q={literal}"))
                .await
                .expect(200)
                .json()["data"],
            json!([])
        );
    }
}

/// What nobody is called.
const NO_NAMES: [&str; 14] = [
    "???",
    "12345",
    "\u{200b}",
    "#VALUE!",
    "https://example.org/x",
    "www.example.org",
    "Lipik <office@example.org>",
    "office@example.org",
    "[[Lipik]]",
    "Lipik<br>Osijek",
    "Lipik&nbsp;",
    "=HYPERLINK(\"x\")",
    "Li\u{202e}pik",
    "Li\u{200b}pik",
];

#[actix_web::test]
async fn what_is_no_name_is_refused_wherever_a_name_stands() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let partner = json!({"kind": "municipality", "name": "Lipik", "country": "HR"});
    let partner = admin.post(PARTNERS, partner).await.expect(201).id();
    let other = json!({"kind": "municipality", "name": "Osijek", "country": "HR"});
    let other = admin.post(PARTNERS, other).await.expect(201).id();
    let at = format!("{PARTNERS}/{partner}");
    for name in NO_NAMES {
        let body = json!({"kind": "municipality", "name": name, "country": "HR"});
        let refused = admin.post(PARTNERS, body).await;
        assert_eq!(refused.pointers("validation-failed"), ["/name"], "{name:?}");
        let body = json!({"kind": "municipality", "name": "Lipik", "country": "HR",
            "names": [{"value": name, "types": ["alias"]}]});
        let refused = admin.post(PARTNERS, body).await;
        assert_eq!(
            refused.pointers("validation-failed"),
            ["/names/0/value"],
            "{name:?}"
        );
        let refused = admin.patch(&at, "\"1\"", json!({"name": name})).await;
        assert!(refused.status() == 422, "{name:?}");
        let body = json!({"kind": "city_network", "name": name});
        let refused = admin.post("/api/v1/networks", body).await;
        assert_eq!(refused.pointers("validation-failed"), ["/name"], "{name:?}");
        let body = json!({"unit": name, "email": "office@example.org"});
        let refused = admin.post(&format!("{at}/contacts"), body).await;
        assert_eq!(refused.pointers("validation-failed"), ["/unit"], "{name:?}");
        let body = json!({"instrument": "unspecified", "parties": [
            {"partner_id": partner, "name_at_signing": name}, {"partner_id": other}]});
        let refused = admin.post("/api/v1/agreements", body).await;
        let pointers = refused.pointers("validation-failed");
        assert_eq!(pointers, ["/parties/0/name_at_signing"], "{name:?}");
    }
    // Titles have digits, links and signs, but no text that turns round.
    let source = |title: &str| json!({"kind": "press", "title": title});
    for (title, status) in [
        ("2014", 201),
        ("a < b", 201),
        ("\u{200b}", 422),
        ("a\u{202e}b", 422),
    ] {
        let made = admin.post("/api/v1/sources", source(title)).await;
        assert_eq!(made.status(), status, "{title:?}");
    }
}

#[actix_web::test]
async fn joiners_between_letters_are_kept_and_what_nobody_sees_at_the_ends_is_not() {
    let app = TestApp::new().await;
    for (given, kept) in [
        ("نجف\u{200c}آباد", "نجف\u{200c}آباد"),
        ("\u{feff}Lipik\u{200b}", "Lipik"),
        ("\u{202a}Lipik\u{202c}", "Lipik"),
    ] {
        let body = json!({"kind": "municipality", "name": given, "country": "IR"});
        let made = app.as_admin().post(PARTNERS, body).await.expect(201).json();
        assert_eq!(made["name"], kept);
    }
    let found = app
        .get(&format!(
            "{PARTNERS}?q=%D9%86%D8%AC%D9%81%D8%A2%D8%A8%D8%A7%D8%AF"
        ))
        .await
        .expect(200)
        .json();
    assert_eq!(found["data"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn a_record_with_a_name_of_before_can_still_be_changed() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let body = json!({"kind": "ngo", "name": "Digits", "country": "PL"});
    let id = admin.post(PARTNERS, body).await.expect(201).id();
    app.write(move |conn| -> Result<_, twincity::http::problem::Problem> {
        use diesel::prelude::*;
        use twincity::db::schema::{names, partners};
        diesel::update(partners::table)
            .set(partners::name.eq("12345"))
            .execute(conn)?;
        diesel::update(names::table)
            .set(names::value.eq("12345"))
            .execute(conn)?;
        Ok(())
    })
    .unwrap();
    let at = format!("{PARTNERS}/{id}");
    let changed = admin.patch(&at, "\"1\"", json!({"population": 3})).await;
    assert_eq!(changed.expect(200).json()["name"], "12345");
    admin
        .patch(&at, "\"2\"", json!({"name": "54321"}))
        .await
        .problem("validation-failed");
}

#[actix_web::test]
async fn digraphs_saints_articles_and_blanks_find_a_name_and_stay_out_of_other_lists() {
    let app = TestApp::new().await;
    for (name, country) in [
        ("Århus", "DK"),
        ("Zürich", "CH"),
        ("München", "DE"),
        ("L'Aquila", "IT"),
        ("St. Gallen", "CH"),
        ("La Spezia", "IT"),
    ] {
        let body = json!({"kind": "municipality", "name": name, "country": country});
        app.as_admin().post(PARTNERS, body).await.expect(201);
    }
    for (q, name) in [
        ("aarhus", "Århus"),
        ("zuerich", "Zürich"),
        ("muenchen", "München"),
        ("laquila", "L'Aquila"),
        ("saint%20gallen", "St. Gallen"),
        ("sankt%20gallen", "St. Gallen"),
        ("spezia", "La Spezia"),
    ] {
        for path in [format!("{PARTNERS}?q={q}"), format!("/api/v1/search?q={q}")] {
            let page = app.get(&path).await.expect(200).json();
            let data = page["data"].as_array().unwrap();
            assert_eq!(data.len(), 1, "{path} {page}");
            assert!(page.to_string().contains(name), "{path} {page}");
        }
    }
}
