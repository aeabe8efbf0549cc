//! Making and changing a record.

use serde_json::{Value, json};
use twincity::core::vocabulary::record::Role;

use super::kinds::Kind;
use super::{World, for_every_kind, ids, lasting, version};

for_every_kind!(
    a_change_needs_the_version_that_was_read,
    a_withdrawal_needs_the_version_that_was_read,
    null_takes_a_value_out,
    a_body_that_breaks_a_rule_is_told_where,
    an_array_is_recorded_as_a_whole_or_not_at_all,
    a_dry_run_keeps_nothing_and_refuses_the_same,
    a_request_sent_twice_with_its_key_is_done_once,
    a_patch_that_changes_nothing_makes_no_version,
    each_write_is_one_change_with_the_next_number,
    history_leads_to_each_version,
);

async fn a_change_needs_the_version_that_was_read(kind: &'static Kind) {
    let world = World::of(kind).await;
    let path = world.make(1).await;
    let registrar = world.app.as_registrar();
    let (name, second, third) = kind.text;
    let read = world.read(&path).await;
    let request = actix_web::test::TestRequest::patch().uri(&path);
    let refused = registrar
        .send(request.set_json(json!({ name: second })))
        .await;
    world.problem(refused, "precondition-required");
    let changed = registrar
        .patch(&path, &read.etag(), json!({ name: second }))
        .await;
    let changed = world.expect(changed, 200);
    assert_eq!(changed.json()["version"], 2, "{}", kind.name);
    assert_eq!(changed.json()[name], second, "{}", kind.name);
    let now = world.read(&path).await;
    assert_eq!(
        (now.json(), version(&now.etag())),
        (changed.json(), version(&changed.etag())),
        "{}",
        kind.name
    );
    // Whoever read the first version is told of the second.
    for stale in [read.etag(), "\"1\"".to_owned(), "\"99\"".to_owned()] {
        let refused = registrar.patch(&path, &stale, json!({ name: third })).await;
        assert_eq!(version(&refused.etag()), "2", "{}", kind.name);
        let problem = world.problem(refused, "precondition-failed");
        assert_eq!(problem["version"], 2, "{}", kind.name);
    }
    // A list of versions, any version.
    let tags = format!("\"7\", {}", now.etag());
    let changed = registrar.patch(&path, &tags, json!({ name: third })).await;
    world.expect(changed, 200);
    let changed = registrar.patch(&path, "*", json!({ name: second })).await;
    assert_eq!(
        world.expect(changed, 200).json()["version"],
        4,
        "{}",
        kind.name
    );
    for wrong in ["", "2", "W/\"4\"", "nonsense"] {
        let refused = registrar.patch(&path, wrong, json!({ name: third })).await;
        assert!(
            matches!(refused.status(), 400 | 412 | 428),
            "{}: {wrong}: {refused}",
            kind.name
        );
    }
    assert_eq!(
        world.read(&path).await.json()["version"],
        4,
        "{}",
        kind.name
    );
}

async fn a_withdrawal_needs_the_version_that_was_read(kind: &'static Kind) {
    let world = World::of(kind).await;
    let path = world.make(1).await;
    let registrar = world.app.as_registrar();
    let request = actix_web::test::TestRequest::delete().uri(&path);
    let refused = registrar.send(request).await;
    world.problem(refused, "precondition-required");
    let refused = registrar.delete(&path, "\"7\"").await;
    world.problem(refused, "precondition-failed");
    let etag = world.read(&path).await.etag();
    let gone = registrar.delete(&path, &etag).await;
    let gone = world.expect(gone, 204);
    assert!(gone.bytes().is_empty(), "{}", kind.name);
}

async fn null_takes_a_value_out(kind: &'static Kind) {
    let world = World::of(kind).await;
    let path = world.make(1).await;
    let before = world.read(&path).await.json();
    let (name, second, _) = kind.text;
    let changed = world.change(&path, json!({ name: null })).await.json();
    assert_eq!(changed.get(name), None, "{}", kind.name);
    let changed = world.change(&path, json!({ name: second })).await.json();
    assert_eq!(changed[name], second, "{}", kind.name);
    // Nothing else has moved.
    for (member, value) in lasting(&before).as_object().unwrap() {
        // A paper names itself among its versions.
        if member != name && member != "versions" {
            assert_eq!(&changed[member], value, "{}: {member}", kind.name);
        }
    }
    let refused = world
        .app
        .as_registrar()
        .patch(&path, "*", json!({ kind.required: null }))
        .await;
    assert_eq!(refused.status(), 422, "{}: {refused}", kind.name);
}

async fn a_body_that_breaks_a_rule_is_told_where(kind: &'static Kind) {
    let world = World::of(kind).await;
    let path = world.make(1).await;
    let registrar = world.app.as_registrar();
    let (before, revision) = (world.count(&registrar).await, world.app.revision().await);
    let mut lacking = world.body(2);
    lacking.as_object_mut().unwrap().remove(kind.required);
    let refused = registrar.post(&world.list(), lacking).await;
    let pointers = refused.pointers("validation-failed");
    assert!(
        pointers.contains(&format!("/{}", kind.required)),
        "{}: {pointers:?}",
        kind.name
    );
    let mut unknown = world.body(2);
    unknown["nonsense"] = json!(1);
    let refused = registrar.post(&world.list(), unknown).await;
    assert_eq!(
        refused.pointers("malformed-request"),
        ["/nonsense"],
        "{}",
        kind.name
    );
    let mut mistyped = world.body(2);
    mistyped[kind.text.0] = json!({"not": "a text"});
    let refused = registrar.post(&world.list(), mistyped).await;
    let pointers = refused.pointers("malformed-request");
    assert!(
        pointers[0].starts_with(&format!("/{}", kind.text.0)),
        "{}: {pointers:?}",
        kind.name
    );
    let refused = registrar.patch(&path, "*", json!({"nonsense": 1})).await;
    assert_eq!(
        refused.pointers("malformed-request"),
        ["/nonsense"],
        "{}",
        kind.name
    );
    let long = "x".repeat(5000);
    let refused = registrar
        .patch(&path, "*", json!({ kind.text.0: long }))
        .await;
    let pointers = refused.pointers("validation-failed");
    assert_eq!(pointers, [format!("/{}", kind.text.0)], "{}", kind.name);
    for broken in ["{", "[", "\"text\"", "7", "null", ""] {
        let request = actix_web::test::TestRequest::post()
            .uri(&world.list())
            .insert_header(("Content-Type", "application/json"))
            .set_payload(broken);
        let refused = registrar.send(request).await;
        assert!(
            matches!(refused.status(), 400 | 422),
            "{}: {broken}: {refused}",
            kind.name
        );
    }
    let request = actix_web::test::TestRequest::post()
        .uri(&world.list())
        .insert_header(("Content-Type", "text/plain"))
        .set_payload(world.body(2).to_string());
    let refused = registrar.send(request).await;
    world.problem(refused, "unsupported-media-type");
    assert_eq!(world.count(&registrar).await, before, "{}", kind.name);
    assert_eq!(world.app.revision().await, revision, "{}", kind.name);
}

async fn an_array_is_recorded_as_a_whole_or_not_at_all(kind: &'static Kind) {
    let world = World::of(kind).await;
    let registrar = world.app.as_registrar();
    let (before, revision) = (world.count(&registrar).await, world.app.revision().await);
    let both = json!([world.body(1), world.body(2)]);
    let answer = registrar.post(&world.list(), both).await;
    if let Err(reason) = kind.arrays {
        assert!(
            matches!(answer.status(), 400 | 422),
            "{}: {reason}: {answer}",
            kind.name
        );
        assert_eq!(world.app.revision().await, revision, "{}", kind.name);
        return;
    }
    let made = world.expect(answer, 201);
    assert_eq!(made.header("location"), None, "{}", kind.name);
    for id in ids(&made.json()) {
        world.read(&format!("{}/{id}", world.list())).await;
    }
    assert_eq!(world.count(&registrar).await, before + 2, "{}", kind.name);
    let revision = world.app.revision().await;
    let mut lacking = world.body(4);
    lacking.as_object_mut().unwrap().remove(kind.required);
    let mixed = json!([world.body(3), lacking, world.body(5)]);
    for query in ["", "?dry_run=true"] {
        let refused = registrar
            .post(&format!("{}{query}", world.list()), mixed.clone())
            .await;
        let pointers = refused.pointers("validation-failed");
        assert_eq!(pointers, [format!("/1/{}", kind.required)], "{}", kind.name);
    }
    let refused = registrar.post(&world.list(), json!([])).await;
    world.problem(refused, "validation-failed");
    assert_eq!(world.count(&registrar).await, before + 2, "{}", kind.name);
    assert_eq!(world.app.revision().await, revision, "{}", kind.name);
}

async fn a_dry_run_keeps_nothing_and_refuses_the_same(kind: &'static Kind) {
    let world = World::of(kind).await;
    let path = world.make(1).await;
    let registrar = world.app.as_registrar();
    let foreign = world.editor(&world.foreign).caller;
    let (before, record) = (world.count(&registrar).await, world.read(&path).await);
    let revision = world.app.revision().await;
    let list = format!("{}?dry_run=true", world.list());
    let (name, second, _) = kind.text;
    let tried = registrar.post(&list, world.body(2)).await;
    let tried = world.expect(tried, 200);
    assert_eq!(tried.header("location"), None, "{}", kind.name);
    assert_eq!(tried.json()["version"], 1, "{}", kind.name);
    let tried = registrar
        .patch(
            &format!("{path}?dry_run=true"),
            "*",
            json!({ name: second }),
        )
        .await;
    let tried = world.expect(tried, 200).json();
    assert_eq!(tried[name], second, "{}", kind.name);
    // What the request itself would be refused for.
    let mut lacking = world.body(2);
    lacking.as_object_mut().unwrap().remove(kind.required);
    let refused = registrar.post(&list, lacking).await;
    world.problem(refused, "validation-failed");
    let refused = registrar
        .patch(
            &format!("{path}?dry_run=true"),
            "\"7\"",
            json!({ name: second }),
        )
        .await;
    world.problem(refused, "precondition-failed");
    let refused = world.app.anonymous().post(&list, world.body(2)).await;
    world.problem(refused, "unauthenticated");
    if kind.offices.is_ok() {
        let path = format!("{path}?dry_run=true");
        let refused = foreign.patch(&path, "*", json!({ name: second })).await;
        world.problem(refused, "forbidden");
    }
    assert_eq!(world.count(&registrar).await, before, "{}", kind.name);
    let now = world.read(&path).await;
    assert_eq!(
        (now.json(), now.etag()),
        (record.json(), record.etag()),
        "{}",
        kind.name
    );
    assert_eq!(world.app.revision().await, revision, "{}", kind.name);
}

async fn a_request_sent_twice_with_its_key_is_done_once(kind: &'static Kind) {
    let world = World::of(kind).await;
    let before = world.count(&world.app.as_registrar()).await;
    let (_, secret) = world.app.key(
        twincity::core::vocabulary::record::Role::Registrar,
        None,
        None,
    );
    let caller = world.app.with_key(&secret);
    let once = caller.clone().header("Idempotency-Key", "create");
    let made = once.post(&world.list(), world.body(1)).await;
    let made = world.expect(made, 201);
    assert_eq!(made.header("idempotency-replayed"), None, "{}", kind.name);
    let again = once.post(&world.list(), world.body(1)).await;
    let again = world.expect(again, 201);
    assert_eq!(
        again.header("idempotency-replayed"),
        Some("true"),
        "{}",
        kind.name
    );
    assert_eq!(again.json(), made.json(), "{}", kind.name);
    assert_eq!(
        again.header("location"),
        made.header("location"),
        "{}",
        kind.name
    );
    let refused = once.post(&world.list(), world.body(2)).await;
    world.problem(refused, "idempotency-mismatch");
    assert_eq!(world.count(&caller).await, before + 1, "{}", kind.name);
    // What fails does not use its key up, and another caller's key of the same name is another key.
    let later = caller.clone().header("Idempotency-Key", "later");
    let refused = later.post(&world.list(), json!({})).await;
    world.problem(refused, "validation-failed");
    let made = later.post(&world.list(), world.body(2)).await;
    world.expect(made, 201);
    let somebody = world.app.as_registrar();
    let somebody = somebody.header("Idempotency-Key", "create");
    let made = somebody.post(&world.list(), world.body(3)).await;
    world.expect(made, 201);
    assert_eq!(world.count(&caller).await, before + 3, "{}", kind.name);
}

async fn a_patch_that_changes_nothing_makes_no_version(kind: &'static Kind) {
    let world = World::of(kind).await;
    let registrar = world.app.as_registrar();
    let (name, second, _) = kind.text;
    let path = world.make(1).await;
    let changed = world.change(&path, json!({ name: second })).await;
    let revision = world.app.revision().await;
    for patch in [json!({}), json!({ name: second })] {
        let same = world.change(&path, patch).await;
        assert_eq!(
            (same.json(), same.etag()),
            (changed.json(), changed.etag()),
            "{}",
            kind.name
        );
    }
    assert_eq!(world.app.revision().await, revision, "{}", kind.name);
    // Nor is there anything for a second person to look at.
    let approver = world.app.member(Role::Approver, Some(&world.strict)).caller;
    let made = approver.post(&world.list(), world.strict_body(2)).await;
    let path = world.path(&world.expect(made, 201));
    let editor = world.editor(&world.strict).caller;
    let same = editor.patch(&path, "*", json!({})).await;
    assert_eq!(
        world.expect(same, 200).json()["version"],
        1,
        "{}",
        kind.name
    );
    let open = "/api/v1/suggestions?state=open&count=true";
    let open = world.expect(registrar.get(open).await, 200);
    assert_eq!(open.json()["total"], 0, "{}", kind.name);
}

/// The changes of this record, oldest first, as everybody reads them.
async fn changes(world: &World, id: &str) -> Vec<Value> {
    let feed = world.app.get("/api/v1/changes?limit=100").await;
    let feed = world.expect(feed, 200).json();
    let all = feed["data"].as_array().unwrap().iter();
    let mut of_it: Vec<Value> = all.filter(|change| change["id"] == id).cloned().collect();
    of_it.sort_by_key(|change| change["seq"].as_i64());
    of_it
}

async fn each_write_is_one_change_with_the_next_number(kind: &'static Kind) {
    let world = World::of(kind).await;
    let registrar = world.app.as_registrar();
    let made = registrar.post(&world.list(), world.body(1)).await;
    let path = world.path(&world.expect(made, 201));
    let id = path.rsplit('/').next().unwrap();
    let (name, second, third) = kind.text;
    world.change(&path, json!({ name: second })).await;
    world.change(&path, json!({ name: third })).await;
    let gone = registrar
        .delete(&format!("{path}?reason=a+mistake"), "*")
        .await;
    world.expect(gone, 204);
    let mut expected = vec![
        ("created", 1),
        ("updated", 2),
        ("updated", 3),
        ("withdrawn", 4),
    ];
    if kind.restore.is_ok() {
        let reason = json!({"reason": "none"});
        let back = registrar.post(&format!("{path}/restore"), reason).await;
        world.expect(back, 200);
        expected.push(("restored", 5));
    }
    let told = changes(&world, id).await;
    let told: Vec<_> = told
        .iter()
        .filter(|change| change["op"] != "refreshed")
        .collect();
    let said: Vec<(&str, i64)> = told
        .iter()
        .map(|change| {
            (
                change["op"].as_str().unwrap(),
                change["version"].as_i64().unwrap(),
            )
        })
        .collect();
    assert_eq!(said, expected, "{}", kind.name);
    for change in &told {
        assert_eq!(change["entity"], kind.entity, "{}", kind.name);
        assert_eq!(change["actor"]["role"], "registrar", "{}", kind.name);
        assert!(change["patch"].is_array(), "{}: {change}", kind.name);
    }
    assert_eq!(told[3]["reason"], "a mistake", "{}", kind.name);
    // The feed as a whole has no gap.
    let feed = world.app.get("/api/v1/changes?limit=100").await.json();
    let mut seqs: Vec<i64> = feed["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["seq"].as_i64().unwrap())
        .collect();
    seqs.sort_unstable();
    assert_eq!(
        seqs,
        (1..=world.app.revision().await).collect::<Vec<_>>(),
        "{}",
        kind.name
    );
}

async fn history_leads_to_each_version(kind: &'static Kind) {
    let world = World::of(kind).await;
    let path = world.make(1).await;
    let (name, second, third) = kind.text;
    let mut stood = vec![world.read(&path).await.json()];
    for patch in [
        json!({ name: second }),
        json!({ name: null }),
        json!({ name: third }),
    ] {
        world.app.clock.advance(chrono::TimeDelta::minutes(1));
        stood.push(world.change(&path, patch).await.json());
    }
    for (number, read) in stood.iter().enumerate() {
        let version = number + 1;
        assert_eq!(read["version"], version, "{}", kind.name);
        if let Err(reason) = kind.versions {
            let asked = world.app.get(&format!("{path}/history?version=1")).await;
            assert_eq!(asked.status(), 400, "{}: {reason}", kind.name);
            continue;
        }
        let told = world
            .read(&format!("{path}/history?version={version}"))
            .await
            .json();
        assert_eq!(told["version"], version, "{}", kind.name);
        let record = told["record"].as_object().unwrap();
        assert_eq!(
            record.get(name),
            read.get(name),
            "{}: version {version}",
            kind.name
        );
        for (member, value) in record {
            assert_eq!(
                value, &read[member],
                "{}: version {version}: {member}",
                kind.name
            );
        }
    }
    let history = world.read(&format!("{path}/history")).await.json();
    let rows = history["data"].as_array().unwrap();
    let versions: Vec<i64> = rows
        .iter()
        .filter(|change| change["op"] != "refreshed")
        .map(|change| change["version"].as_i64().unwrap())
        .collect();
    assert!(
        versions == [1, 2, 3, 4] || versions == [4, 3, 2, 1],
        "{}: {versions:?}",
        kind.name
    );
    if kind.versions.is_ok() {
        let beyond = world.app.get(&format!("{path}/history?version=5")).await;
        world.problem(beyond, "not-found");
    }
}
