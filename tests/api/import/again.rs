//! What was exported, or imported before, imports again and changes nothing.

use serde_json::{Value, json};
use twincity::exchange::links::Mapping;

use super::{agreements, import, numbers, plain};
use crate::support::TestApp;

/// The records of the log's newest changes of this kind, as they were when they were created.
async fn created(app: &TestApp, entity: &str) -> Vec<Value> {
    let page = app
        .get(&format!("/api/v1/changes?entity={entity}&limit=100"))
        .await
        .expect(200)
        .json();
    let changes = page["data"].as_array().unwrap();
    let created = changes.iter().filter(|change| change["op"] == "created");
    created
        .map(|change| change["patch"][0]["value"].clone())
        .collect()
}

#[actix_web::test]
async fn a_file_imported_twice_creates_nothing_the_second_time() {
    let app = TestApp::new().await;
    let rows = "Białystok,PL,Q761,,,Eindhoven,Netherlands,1992,,https://example.org/1\n\
                Białystok,Poland,Q761,,,Kaunas,LT,,,https://example.org/1\n";
    assert_eq!(numbers(&plain(&app, rows)), [3, 2, 0, 0, 0]);
    let before = app.revision().await;
    assert_eq!(numbers(&plain(&app, rows)), [0, 0, 0, 2, 0]);
    assert_eq!(app.revision().await, before);
    let all = agreements(&app).await;
    for (member, expected) in [
        ("instrument", json!("unspecified")),
        ("relationship", json!("twinning")),
        ("status", json!("in_force")),
        ("status_basis", json!("presumed")),
        ("signed_on", json!("1992")),
    ] {
        assert_eq!(all[0][member], expected, "{member}");
    }
    assert_eq!(all[0]["sources"][0]["kind"], "import");
    assert_eq!(
        app.get("/api/v1/partners?q=bialystok")
            .await
            .expect(200)
            .json()["data"][0]["kind"],
        "municipality"
    );
}

#[actix_web::test]
async fn what_the_log_says_of_a_new_record_is_what_is_read_of_it() {
    let app = TestApp::new().await;
    plain(
        &app,
        "Łódź,PL,Q580,51.77,19.45,Lyon,FR,1991~,,https://example.org/a\n\
         Łódź,PL,Q580,,,Leicester,GB,,,\nŁódź,PL,,,,Odesa,UA,1993,2001,\n",
    );
    for (entity, collection) in [("partner", "partners"), ("agreement", "agreements")] {
        let all = created(&app, entity).await;
        assert!(all.len() >= 3, "{entity}");
        for record in all {
            let id = record["id"].as_str().unwrap();
            let mut read = app
                .get(&format!("/api/v1/{collection}/{id}"))
                .await
                .expect(200)
                .json();
            read.as_object_mut().unwrap().remove("allowed");
            assert_eq!(record, read);
        }
    }
}

#[actix_web::test]
async fn a_planned_end_is_exported_and_imports_again() {
    let app = TestApp::new().await;
    let rows = "a,PL,,,,b,DE,1990,2095,\n";
    plain(&app, rows);
    let planned = agreements(&app).await;
    assert_eq!(planned[0]["status"], "in_force");
    let again = plain(&app, rows);
    assert_eq!(numbers(&again), [0, 0, 0, 1, 0]);
    assert!(again.remarks.is_empty(), "{again:?}");
    let text = app
        .get("/api/v1/exports/links")
        .await
        .expect(200)
        .text()
        .to_owned();
    assert!(text.contains(",1990,2095,"), "{text}");
    let before = app.revision().await;
    let (same, _) = import(&app, &text, Mapping::default(), false, false);
    assert_eq!(
        (numbers(&same), same.remarks.len()),
        ([0, 0, 0, 1, 0], 0),
        "{same:?}"
    );
    assert_eq!(app.revision().await, before);
    let elsewhere = TestApp::new().await;
    let (report, kept) = import(&elsewhere, &text, Mapping::default(), false, false);
    assert!(kept && report.created == 1, "{report:?}");
    let other = elsewhere
        .get("/api/v1/exports/links")
        .await
        .expect(200)
        .text()
        .to_owned();
    assert!(other.contains(",1990,2095,"), "{other}");
    // Another day than the one that is planned is left to people.
    let other = plain(&app, "a,PL,,,,b,DE,1990,2090,\n");
    assert_eq!(other.remarks.len(), 1, "{other:?}");
}

#[actix_web::test]
async fn an_export_imports_again_though_several_sources_have_one_title() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let city = crate::agreements::city(&app, "Alfa", "PL").await;
    for (name, country) in [("Beta", "DE"), ("Gamma", "FR")] {
        let other = crate::agreements::city(&app, name, country).await;
        let source = json!({"kind": "press", "title": "Gazette"});
        let source = registrar.post("/api/v1/sources", source).await;
        let body = json!({"instrument": "protocol", "signed_on": "1992",
            "parties": [{"partner_id": city}, {"partner_id": other}],
            "sources": [{"source_id": source.expect(201).id(), "quote": name}]});
        let made = registrar.post("/api/v1/agreements", body).await;
        made.expect(201);
    }
    let links = app.get("/api/v1/exports/links").await.expect(200);
    let text = links.text();
    let before = app.revision().await;
    let (again, _) = import(&app, text, Mapping::default(), false, false);
    assert_eq!(numbers(&again), [0, 0, 0, 2, 0], "{again:?}");
    assert!(again.remarks.is_empty(), "{again:?}");
    assert_eq!(app.revision().await, before);
}

#[actix_web::test]
async fn the_ties_of_an_agreement_of_many_export_and_import_again_and_change_nothing() {
    use twincity::exchange::export::{self, Format};

    let app = TestApp::new().await;
    let mut cities = Vec::new();
    for (name, country) in [
        ("Alfa", "PL"),
        ("Beta", "DE"),
        ("Gamma", "FR"),
        ("Delta", "IT"),
        ("Epsilon", "ES"),
    ] {
        cities.push(crate::agreements::city(&app, name, country).await);
    }
    let parties: Vec<Value> = cities
        .iter()
        .take(4)
        .map(|id| json!({"partner_id": id}))
        .collect();
    let agreement = app
        .as_registrar()
        .post(
            "/api/v1/agreements",
            json!({"instrument": "partnership_agreement",
            "signed_on": "1991", "parties": parties,
            "sources": [{"kind": "press", "title": "Gazette", "url": "https://example.org/g"}]}),
        )
        .await
        .expect(201)
        .id();
    for event in [
        json!({"action": "withdraw_party", "effective_on": "2000-05", "party": cities[0]}),
        json!({"action": "accede", "effective_on": "2010", "party": cities[4]}),
    ] {
        app.as_registrar()
            .post(&format!("/api/v1/agreements/{agreement}/events"), event)
            .await
            .expect(201);
    }
    let exported = || {
        let db = app.app.db.clone();
        let options = export::Options {
            format: Format::Csv,
            bom: false,
            force: false,
            now: app.app.now(),
        };
        std::thread::spawn(move || {
            let mut out = Vec::new();
            export::stream(&db, &mut out, options).unwrap();
            String::from_utf8(out).unwrap()
        })
        .join()
        .unwrap()
    };
    let text = exported();
    let links = "/api/v1/exports/links";
    assert_eq!(app.get(links).await.expect(200).text(), text);
    // Ten pairs, but for the one of who left and who came later.
    assert_eq!(text.lines().count(), 1 + 9, "{text}");
    let back = json!({"action": "accede", "effective_on": "2015", "party": cities[0]});
    let events = format!("/api/v1/agreements/{agreement}/events");
    assert!(
        !text
            .lines()
            .any(|row| row.contains("Alfa") && row.contains("Epsilon")),
        "{text}"
    );
    app.as_registrar().post(&events, back).await.expect(201);
    // Who came back has two ties with those who were there before and after.
    let twice = exported();
    assert_eq!(twice.lines().count(), 1 + 9 + 3 + 1, "{twice}");
    let with_beta: Vec<&str> = twice
        .lines()
        .filter(|row| row.contains("Alfa") && row.contains("Beta"))
        .collect();
    assert!(
        with_beta[0].contains(",1991,2000-05,") && with_beta[1].contains(",2015,,"),
        "{with_beta:?}"
    );
    let got = app.get(links).await.expect(200).text().to_owned();
    assert_eq!(got, twice);
    let (report, kept) = import(&app, &got, Mapping::default(), false, false);
    assert!(kept, "{report:?}");
    assert_eq!(
        (report.created, report.partners_created, report.rejected),
        (0, 0, 0),
        "{report:?}"
    );
    assert_eq!(exported(), twice);
    // Elsewhere each row is an agreement of its own, with the same dates.
    for (text, links) in [(text, 9), (twice, 13)] {
        let elsewhere = TestApp::new().await;
        let (report, kept) = import(&elsewhere, &text, Mapping::default(), false, false);
        assert!(kept, "{report:?}");
        assert_eq!((report.created, report.rejected), (links, 0), "{report:?}");
    }
}
