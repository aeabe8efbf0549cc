//! Who may see and do what with a record.

use actix_web::test::TestRequest;
use serde_json::{Value, json};
use twincity::core::vocabulary::record::Role;

use super::kinds::Kind;
use super::{World, for_every_kind, ids};
use crate::support::{Answer, Caller};

for_every_kind!(
    nobody_writes_without_a_key_or_for_another_office,
    a_key_writes_within_its_scopes_only,
    a_draft_is_not_there_for_others,
    a_draft_answers_others_as_what_is_not_there,
    a_draft_that_is_published_is_told_as_a_whole,
    what_an_editor_does_waits_for_a_second_pair_of_eyes,
    what_waits_is_looked_at_before,
    what_waits_can_be_turned_down,
);

/// Every write there is of a record: what it is called, and its answer.
async fn writes(world: &World, caller: &Caller<'_>, path: &str) -> Vec<(&'static str, Answer)> {
    let (name, second, _) = world.kind.text;
    vec![
        ("create", caller.post(&world.list(), world.body(7)).await),
        (
            "change",
            caller.patch(path, "*", json!({ name: second })).await,
        ),
        ("withdraw", caller.delete(path, "*").await),
    ]
}

async fn nobody_writes_without_a_key_or_for_another_office(kind: &'static Kind) {
    let world = World::of(kind).await;
    let path = world.make(1).await;
    let record = world.read(&path).await.json();
    let (before, revision) = (
        world.count(&world.app.as_registrar()).await,
        world.app.revision().await,
    );
    for caller in [world.app.anonymous(), world.app.with_key("tck_nonsense")] {
        for (write, answer) in writes(&world, &caller, &path).await {
            let challenge = answer.header("www-authenticate").map(str::to_owned);
            assert!(
                challenge.is_some_and(|c| c.starts_with("Bearer")),
                "{}: {write}",
                kind.name
            );
            world.problem(answer, "unauthenticated");
        }
    }
    assert_eq!(world.app.revision().await, revision, "{}", kind.name);
    // A wrong key is no reader either.
    let answer = world.app.with_key("tck_nonsense").get(&path).await;
    world.problem(answer, "unauthenticated");
    let foreign = world.editor(&world.foreign).caller;
    if kind.offices.is_ok() {
        let revision = world.app.revision().await;
        for (write, answer) in writes(&world, &foreign, &path).await {
            // What would come to stand in another office's holdings waits for that office.
            let may_wait = write == "create" && answer.status() == 202;
            if !may_wait {
                assert_eq!(answer.status(), 403, "{}: {write}: {answer}", kind.name);
                world.problem(answer, "forbidden");
            }
        }
        assert_eq!(
            world.count(&world.app.as_registrar()).await,
            before,
            "{}",
            kind.name
        );
        assert_eq!(world.read(&path).await.json(), record, "{}", kind.name);
        assert!(world.app.revision().await <= revision + 2, "{}", kind.name);
    }
    // Its own office may.
    let own = world.editor(&world.open).caller;
    let made = own.post(&world.list(), world.body(8)).await;
    let path = world.path(&world.expect(made, 201));
    let (name, second, _) = kind.text;
    let changed = own.patch(&path, "*", json!({ name: second })).await;
    world.expect(changed, 200);
    let gone = own.delete(&path, "*").await;
    world.expect(gone, 204);
}

async fn a_key_writes_within_its_scopes_only(kind: &'static Kind) {
    let world = World::of(kind).await;
    let path = world.make(1).await;
    let registrar = world.app.member(Role::Registrar, None).caller;
    let key = async |scopes: Value| -> Caller<'_> {
        let body = json!({"name": "k", "role": "registrar", "scopes": scopes});
        let made = registrar.post("/api/v1/api-keys", body).await.expect(201);
        world.app.with_key(made.json()["key"].as_str().unwrap())
    };
    let others: Vec<String> = [
        "partners",
        "agreements",
        "networks",
        "memberships",
        "activities",
        "sources",
        "documents",
    ]
    .iter()
    .filter(|other| **other != kind.name)
    .map(|other| format!("{other}:write"))
    .collect();
    let revision = world.app.revision().await;
    let wrong = key(json!(others)).await;
    for (write, answer) in writes(&world, &wrong, &path).await {
        assert_eq!(answer.status(), 403, "{}: {write}: {answer}", kind.name);
        world.problem(answer, "forbidden");
    }
    // It reads all the same.
    let read = wrong.get(&path).await;
    world.expect(read, 200);
    let right = key(json!([kind.scope])).await;
    let made = world.app.revision().await;
    assert!(made >= revision, "{}", kind.name);
    for (write, answer) in writes(&world, &right, &path).await {
        assert!(
            matches!(answer.status(), 200 | 201 | 204),
            "{}: {write}: {answer}",
            kind.name
        );
    }
    if kind.restore.is_ok() {
        let path = format!("{path}/restore");
        let refused = wrong.post(&path, json!({"reason": "x"})).await;
        world.problem(refused, "forbidden");
        let back = right.post(&path, json!({"reason": "x"})).await;
        world.expect(back, 200);
    }
}

/// Whether the feed tells this caller of the record.
async fn told(world: &World, caller: &Caller<'_>, path: &str) -> bool {
    let id = path.rsplit('/').next().unwrap();
    let feed = caller.get("/api/v1/changes?limit=100").await;
    world.expect(feed, 200).text().contains(id)
}

/// What is read of a record.
fn parts(kind: &Kind) -> Vec<&'static str> {
    let mut parts = vec!["", "/history"];
    if kind.versions.is_ok() {
        parts.push("/history?version=1");
    }
    if kind.citations.is_ok() {
        parts.push("/citations");
    }
    parts
}

async fn a_draft_is_not_there_for_others(kind: &'static Kind) {
    let world = World::of(kind).await;
    let own = world.editor(&world.open).caller;
    let mut body = world.body(1);
    body["record_state"] = json!("draft");
    let made = own.post(&world.list(), body).await;
    let made = world.expect(made, 201);
    assert_eq!(made.json()["record_state"], "draft", "{}", kind.name);
    let path = world.path(&made);
    let drafts = format!("{}?record_state=draft&count=true", world.list());
    let foreign = world.editor(&world.foreign).caller;
    for caller in [world.app.anonymous(), foreign.clone()] {
        for part in parts(kind) {
            let answer = caller.get(&format!("{path}{part}")).await;
            world.problem(answer, "not-found");
        }
        let list = caller.get(&drafts).await;
        assert_eq!(world.expect(list, 200).json()["total"], 0, "{}", kind.name);
        let list = caller.get(&world.ours()).await;
        assert_eq!(
            ids(&world.expect(list, 200).json()),
            [""; 0],
            "{}",
            kind.name
        );
        assert!(!told(&world, &caller, &path).await, "{}", kind.name);
    }
    let refused = foreign.patch(&path, "*", json!({})).await;
    world.problem(refused, "not-found");
    let refused = foreign.delete(&path, "*").await;
    world.problem(refused, "not-found");
    for caller in [
        own,
        world.app.member(Role::Approver, Some(&world.open)).caller,
        world.app.as_registrar(),
    ] {
        for part in parts(kind) {
            let answer = caller.get(&format!("{path}{part}")).await;
            world.expect(answer, 200);
        }
        let list = caller.get(&drafts).await;
        assert_eq!(world.expect(list, 200).json()["total"], 1, "{}", kind.name);
        assert!(told(&world, &caller, &path).await, "{}", kind.name);
    }
}

async fn a_draft_answers_others_as_what_is_not_there(kind: &'static Kind) {
    let world = World::of(kind).await;
    let mut body = world.body(1);
    body["record_state"] = json!("draft");
    let made = world
        .editor(&world.open)
        .caller
        .post(&world.list(), body)
        .await;
    let draft = world.path(&world.expect(made, 201));
    let absent = format!("{}/{}_0000000000", world.list(), kind.prefix);
    let foreign = world.editor(&world.foreign).caller;
    let mut said = Vec::new();
    for path in [&draft, &absent] {
        let mut answers = vec![
            foreign.patch(path, "*", json!({})).await,
            foreign.delete(path, "*").await,
            foreign
                .post(&format!("{path}/restore"), json!({"reason": "x"}))
                .await,
        ];
        for part in parts(kind) {
            answers.push(foreign.get(&format!("{path}{part}")).await);
        }
        let details = answers
            .into_iter()
            .map(|answer| world.problem(answer, "not-found")["detail"].clone());
        said.push(details.collect::<Vec<_>>());
    }
    assert_eq!(said[0], said[1], "{}", kind.name);
}

async fn a_draft_that_is_published_is_told_as_a_whole(kind: &'static Kind) {
    let world = World::of(kind).await;
    let own = world.editor(&world.open).caller;
    let mut body = world.body(1);
    body["record_state"] = json!("draft");
    let made = own.post(&world.list(), body).await;
    let path = world.path(&world.expect(made, 201));
    let (name, second, _) = kind.text;
    let changed = own.patch(&path, "*", json!({ name: second })).await;
    world.expect(changed, 200);
    let published = own
        .patch(&path, "*", json!({"record_state": "published"}))
        .await;
    world.expect(published, 200);
    let record = world.read(&path).await.json();
    assert_eq!(
        (&record["record_state"], &record[name]),
        (&json!("published"), &json!(second)),
        "{}",
        kind.name
    );
    let feed = world.app.get("/api/v1/changes?limit=100").await.json();
    let changes = feed["data"].as_array().unwrap();
    let of_it: Vec<&Value> = changes
        .iter()
        .filter(|c| c["id"] == record["id"] && c["op"] != "refreshed")
        .collect();
    assert_eq!(of_it.len(), 1, "{}: {of_it:#?}", kind.name);
    assert_eq!(of_it[0]["op"], "published", "{}", kind.name);
    let whole = of_it[0]["patch"].to_string();
    assert!(whole.contains(second), "{}: {whole}", kind.name);
    assert!(
        changes
            .iter()
            .filter(|change| change["op"] == "hidden")
            .count()
            >= 2,
        "{}",
        kind.name
    );
    // What was published stays so.
    let back = own
        .patch(&path, "*", json!({"record_state": "draft"}))
        .await;
    assert!(matches!(back.status(), 409 | 422), "{}: {back}", kind.name);
}

/// Where what waits can be looked at.
fn suggestion(world: &World, answer: Answer) -> String {
    let answer = world.expect(answer, 202).json();
    assert_eq!(answer["state"], "open", "{}", world.kind.name);
    format!(
        "/api/v1/suggestions/{}",
        answer["suggestion_id"].as_str().unwrap()
    )
}

async fn what_an_editor_does_waits_for_a_second_pair_of_eyes(kind: &'static Kind) {
    let world = World::of(kind).await;
    let editor = world.editor(&world.strict).caller;
    let approver = world.app.member(Role::Approver, Some(&world.strict)).caller;
    let (name, second, third) = kind.text;
    let accept = async |waits: &str| approver.post(&format!("{waits}/accept"), json!({})).await;
    // A new record is a draft, whatever was asked for; it is written on without anybody's consent.
    let made = editor.post(&world.list(), world.strict_body(1)).await;
    let made = world.expect(made, 201);
    assert_eq!(made.json()["record_state"], "draft", "{}", kind.name);
    let path = world.path(&made);
    let changed = editor.patch(&path, "*", json!({ name: second })).await;
    world.expect(changed, 200);
    let waits = suggestion(
        &world,
        editor
            .patch(&path, "*", json!({"record_state": "published"}))
            .await,
    );
    let answer = world.app.get(&path).await;
    world.problem(answer, "not-found");
    let own = editor.post(&format!("{waits}/accept"), json!({})).await;
    world.problem(own, "forbidden");
    let accepted = accept(&waits).await;
    world.expect(accepted, 200);
    let record = world.read(&path).await;
    assert_eq!(
        record.json()["created_by"]["role"],
        "editor",
        "{}",
        kind.name
    );
    // A change of what is published, and its end.
    let waits = suggestion(
        &world,
        editor
            .patch(&path, &record.etag(), json!({ name: third }))
            .await,
    );
    assert_eq!(
        world.read(&path).await.json(),
        record.json(),
        "{}",
        kind.name
    );
    let accepted = accept(&waits).await;
    world.expect(accepted, 200);
    let record = world.read(&path).await.json();
    assert_eq!(record[name], third, "{}", kind.name);
    let history = world.read(&format!("{path}/history")).await.json();
    let changes = history["data"].as_array().unwrap();
    let change = changes
        .iter()
        .find(|change| change["version"] == record["version"] && change["op"] == "updated");
    assert_eq!(
        change.unwrap()["approved_by"]["role"],
        "approver",
        "{}",
        kind.name
    );
    let waits = suggestion(&world, editor.delete(&path, "*").await);
    world.read(&path).await;
    let accepted = accept(&waits).await;
    world.expect(accepted, 200);
    let answer = world.app.get(&path).await;
    world.problem(answer, "withdrawn");
}

async fn what_waits_is_looked_at_before(kind: &'static Kind) {
    let world = World::of(kind).await;
    let editor = world.editor(&world.strict).caller;
    let approver = world.app.member(Role::Approver, Some(&world.strict)).caller;
    let (name, second, _) = kind.text;
    let made = approver.post(&world.list(), world.strict_body(2)).await;
    let path = world.path(&world.expect(made, 201));
    let refused = editor.patch(&path, "\"7\"", json!({ name: second })).await;
    world.problem(refused, "precondition-failed");
    let refused = editor
        .patch(&path, "*", json!({ kind.required: null }))
        .await;
    world.problem(refused, "validation-failed");
    let request = TestRequest::patch()
        .uri(&path)
        .set_json(json!({ name: second }));
    let refused = editor.send(request).await;
    world.problem(refused, "precondition-required");
    let tried = editor
        .patch(
            &format!("{path}?dry_run=true"),
            "*",
            json!({ name: second }),
        )
        .await;
    let tried = world.expect(tried, 200).json();
    assert_eq!(tried[name], second, "{}", kind.name);
    let open = approver
        .get("/api/v1/suggestions?state=open&count=true")
        .await;
    assert_eq!(world.expect(open, 200).json()["total"], 0, "{}", kind.name);
}

async fn what_waits_can_be_turned_down(kind: &'static Kind) {
    let world = World::of(kind).await;
    let editor = world.editor(&world.strict).caller;
    let approver = world.app.member(Role::Approver, Some(&world.strict)).caller;
    let made = approver.post(&world.list(), world.strict_body(1)).await;
    let path = world.path(&world.expect(made, 201));
    let before = world.read(&path).await;
    let (name, second, third) = kind.text;
    let waits = suggestion(
        &world,
        editor.patch(&path, "*", json!({ name: second })).await,
    );
    let rejected = approver
        .post(&format!("{waits}/reject"), json!({"note": "no"}))
        .await;
    world.expect(rejected, 200);
    let late = approver.post(&format!("{waits}/accept"), json!({})).await;
    world.problem(late, "illegal-transition");
    assert_eq!(
        world.read(&path).await.json(),
        before.json(),
        "{}",
        kind.name
    );
    // What was proposed for another version needs another look.
    let waits = suggestion(
        &world,
        editor.patch(&path, "*", json!({ name: second })).await,
    );
    let changed = approver.patch(&path, "*", json!({ name: third })).await;
    world.expect(changed, 200);
    let stale = approver.post(&format!("{waits}/accept"), json!({})).await;
    world.problem(stale, "precondition-failed");
    let version = approver.get(&path).await.json()["version"].clone();
    let accepted = approver
        .post(&format!("{waits}/accept"), json!({"version": version}))
        .await;
    world.expect(accepted, 200);
    assert_eq!(
        world.read(&path).await.json()[name],
        second,
        "{}",
        kind.name
    );
}
