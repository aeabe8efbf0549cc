//! Drafts: seen by their own office and nobody else, by no path.

use serde_json::{Value, json};
use twincity::core::vocabulary::record::Role;

use crate::agreements::city;
use crate::support::TestApp;

/// Everything a reader can ask for.
const LISTS: &[&str] = &[
    "/api/v1/partners?count=true&limit=100",
    "/api/v1/partners?record_state=draft,published&count=true&limit=100",
    "/api/v1/partners?q=secret",
    "/api/v1/partners?identifier=wikidata:Q42",
    "/api/v1/agreements?count=true&include=events,sources,citations,documents,activities",
    "/api/v1/agreements?record_state=draft&count=true",
    "/api/v1/agreements?q=secret",
    "/api/v1/letters-of-intent?record_state=draft",
    "/api/v1/networks?record_state=draft&count=true",
    "/api/v1/memberships?record_state=draft&count=true&include=events,sources",
    "/api/v1/activities?record_state=draft&count=true",
    "/api/v1/sources?record_state=draft&count=true&limit=100",
    "/api/v1/sources?count=true&limit=100",
    "/api/v1/search?q=secret",
    "/api/v1/stats",
    "/api/v1/changes?limit=100",
    "/api/v1/changes?entity=agreement,partner,network,membership,activity,source,citation&count=true",
];

/// One draft of each kind by an editor of this office; their paths.
async fn drafts(app: &TestApp, office: &str, other: &str, network: &str) -> Vec<String> {
    let editor = app.member(Role::Editor, Some(office)).caller;
    let source = json!([{"kind": "press", "title": "Secret paper"}]);
    let mut paths = Vec::new();
    for (collection, body) in [
        (
            "partners",
            json!({"kind": "school", "name": "Secret School", "country": "PL",
            "identifiers": [{"scheme": "wikidata", "value": "Q42"}], "sources": source}),
        ),
        (
            "agreements",
            json!({"instrument": "letter_of_intent", "relationship": "cooperation", "title": {"en": "Secret deal"},
            "parties": [{"partner_id": office}, {"partner_id": other}], "signed_on": "2020", "sources": source}),
        ),
        (
            "networks",
            json!({"kind": "city_network", "name": "Secret League", "sources": source}),
        ),
        (
            "memberships",
            json!({"partner_id": office, "network_id": network, "admitted_on": "2020", "sources": source}),
        ),
        (
            "activities",
            json!({"kind": "meeting", "title": {"en": "Secret meeting"}, "starts_on": "2020",
            "participants": [{"partner_id": office}], "sources": source}),
        ),
        (
            "sources",
            json!({"kind": "press", "title": "Secret source"}),
        ),
    ] {
        let mut body: Value = body;
        body["record_state"] = json!("draft");
        let answer = editor
            .post(&format!("/api/v1/{collection}"), body)
            .await
            .expect(201);
        assert_eq!(answer.json()["record_state"], "draft");
        paths.push(format!("/api/v1/{collection}/{}", answer.id()));
    }
    paths
}

#[actix_web::test]
async fn a_draft_is_seen_by_its_own_office_and_by_registrars_only() {
    let app = TestApp::new().await;
    let (a, b) = (
        city(&app, "Hrodna", "BY").await,
        city(&app, "Pskov", "RU").await,
    );
    app.office(&a, false).await;
    app.office(&b, false).await;
    let network = app
        .as_admin()
        .post(
            "/api/v1/networks",
            json!({"kind": "euroregion", "name": "Niemen"}),
        )
        .await
        .expect(201)
        .id();
    let foreign = app.member(Role::Approver, Some(&b)).caller;
    let mut before = Vec::new();
    for list in LISTS.iter().filter(|list| !list.contains("/changes")) {
        before.push(foreign.get(list).await.expect(200).json());
    }
    let paths = drafts(&app, &a, &b, &network).await;
    for (caller, sees) in [
        (app.anonymous(), false),
        (foreign.clone(), false),
        (app.member(Role::Editor, Some(&a)).caller, true),
        (app.member(Role::Approver, Some(&a)).caller, true),
        (app.member(Role::Registrar, None).caller, true),
        (app.member(Role::Admin, None).caller, true),
    ] {
        for path in &paths {
            let is_source = path.contains("/sources/");
            let mut places = vec![String::new(), "/history".to_owned()];
            if !is_source {
                places.push("/citations".to_owned());
            }
            if path.contains("/agreements/") || path.contains("/memberships/") {
                places.push("/events".to_owned());
            }
            if path.contains("/partners/") {
                places.extend(["/partnerships".to_owned(), "/relations".to_owned()]);
            }
            if path.contains("/networks/") {
                places.push("/members".to_owned());
            }
            for place in places {
                let answer = caller.get(&format!("{path}{place}")).await;
                assert_eq!(
                    answer.status(),
                    if sees { 200 } else { 404 },
                    "{path}{place}"
                );
                if !sees {
                    assert!(!answer.text().contains("Secret"), "{path}{place}");
                }
            }
        }
        for list in LISTS {
            let answer = caller.get(list).await.expect(200);
            // Names are looked up in memory, where drafts never are.
            if !sees {
                assert!(
                    !answer.text().contains("Secret"),
                    "{list}: {}",
                    answer.text()
                );
                for path in &paths {
                    let id = path.rsplit('/').next().unwrap();
                    assert!(!answer.text().contains(id), "{list} tells of {id}");
                }
            }
        }
        if sees {
            let drafts = caller
                .get("/api/v1/agreements?record_state=draft&count=true")
                .await;
            assert_eq!(drafts.expect(200).json()["total"], 1);
        }
    }
    // Not even how many there are.
    for (list, before) in LISTS
        .iter()
        .filter(|list| !list.contains("/changes"))
        .zip(before)
    {
        assert_eq!(foreign.get(list).await.expect(200).json(), before, "{list}");
    }
    // The feed has no gaps and does not tell what it hides.
    let feed = app
        .get("/api/v1/changes?limit=100")
        .await
        .expect(200)
        .json();
    let hidden: Vec<&Value> = feed["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|change| change["op"] == "hidden")
        .collect();
    assert!(hidden.len() >= paths.len());
    for change in hidden {
        let mut members: Vec<&String> = change.as_object().unwrap().keys().collect();
        members.sort();
        assert_eq!(members, ["at", "op", "seq"]);
    }
    // Nobody else can change, cite or end it, and is not told that it is there.
    for path in &paths {
        foreign
            .patch(path, "*", json!({}))
            .await
            .problem("not-found");
        foreign.delete(path, "*").await.problem("not-found");
    }
}

#[actix_web::test]
async fn publishing_tells_the_whole_record_and_its_sources() {
    let app = TestApp::new().await;
    let (a, b) = (
        city(&app, "Hrodna", "BY").await,
        city(&app, "Pskov", "RU").await,
    );
    app.office(&a, false).await;
    let network = app
        .as_admin()
        .post(
            "/api/v1/networks",
            json!({"kind": "euroregion", "name": "Niemen"}),
        )
        .await
        .expect(201)
        .id();
    let paths = drafts(&app, &a, &b, &network).await;
    let editor = app.member(Role::Editor, Some(&a)).caller;
    let patches = [
        json!({"population": 7}),
        json!({"signed_at": "Pskov"}),
        json!({"legal_form": "union"}),
        json!({"section": "PL"}),
        json!({"outcome": "done"}),
        json!({"publisher": "Kurier"}),
    ];
    for (path, patch) in paths.iter().zip(patches) {
        // A draft can be changed, and its changes stay hidden.
        let etag = editor.get(path).await.expect(200).etag();
        let changed = editor.patch(path, &etag, patch).await.expect(200);
        assert_eq!(changed.json()["record_state"], "draft");
        app.get(path).await.problem("not-found");
        let published = editor
            .patch(path, &changed.etag(), json!({"record_state": "published"}))
            .await
            .expect(200);
        assert_eq!(published.json()["record_state"], "published");
        app.get(path).await.expect(200);
        let history = app.get(&format!("{path}/history")).await.expect(200).json();
        let entries = history["data"].as_array().unwrap();
        assert_eq!(entries.len(), 1, "{path}");
        assert_eq!(entries[0]["op"], "published");
        assert_eq!(entries[0]["patch"][0]["path"], "");
        let own = editor
            .get(&format!("{path}/history"))
            .await
            .expect(200)
            .json();
        assert_eq!(own["data"].as_array().unwrap().len(), 3);
        // There is no way back but a withdrawal.
        let back = editor
            .patch(path, "*", json!({"record_state": "draft"}))
            .await;
        assert_eq!(back.pointers("validation-failed"), ["/record_state"]);
    }
    let sources = app
        .get(&format!("{}?include=sources", paths[1]))
        .await
        .expect(200)
        .json();
    let source = sources["sources"][0]["id"].as_str().unwrap().to_owned();
    app.get(&format!("/api/v1/sources/{source}"))
        .await
        .expect(200);
    let found = app
        .get("/api/v1/agreements?country=BY&status=in_force&count=true")
        .await
        .expect(200);
    assert_eq!(found.json()["total"], 1);
    let taken = app
        .as_admin()
        .post(
            "/api/v1/partners",
            json!({"kind": "school", "name": "Other", "country": "PL",
                "identifiers": [{"scheme": "wikidata", "value": "Q42"}]}),
        )
        .await;
    taken.problem("identifier-taken");
}

#[actix_web::test]
async fn a_draft_that_is_withdrawn_was_never_there() {
    let app = TestApp::new().await;
    let (a, b) = (
        city(&app, "Hrodna", "BY").await,
        city(&app, "Pskov", "RU").await,
    );
    app.office(&a, false).await;
    let network = app
        .as_admin()
        .post(
            "/api/v1/networks",
            json!({"kind": "euroregion", "name": "Niemen"}),
        )
        .await
        .expect(201)
        .id();
    let paths = drafts(&app, &a, &b, &network).await;
    let editor = app.member(Role::Editor, Some(&a)).caller;
    for path in &paths {
        editor
            .delete(&format!("{path}?reason=Secret"), "*")
            .await
            .expect(204);
        editor.get(path).await.problem("withdrawn");
        app.get(path).await.problem("not-found");
        app.get(&format!("{path}/history"))
            .await
            .problem("not-found");
    }
    let feed = app.get("/api/v1/changes?limit=100").await.expect(200);
    assert!(!feed.text().contains("Secret"));
}

#[actix_web::test]
async fn members_that_are_the_programs_own_can_not_be_set() {
    let app = TestApp::new().await;
    for member in [
        "created_by",
        "updated_by",
        "version",
        "created_at",
        "id",
        "status",
        "quality_flags",
        "created_by_person",
    ] {
        let mut body = json!({"kind": "school", "name": "School", "country": "PL"});
        body[member] = json!(1);
        let answer = app.as_admin().post("/api/v1/partners", body).await;
        assert_eq!(answer.pointers("malformed-request"), [format!("/{member}")]);
    }
    for state in ["withdrawn", "merged", "hidden"] {
        let body =
            json!({"kind": "school", "name": "School", "country": "PL", "record_state": state});
        let answer = app.as_admin().post("/api/v1/partners", body).await;
        assert_eq!(answer.pointers("validation-failed"), ["/record_state"]);
    }
}
