//! Withdrawing a record, and taking that back.

use serde_json::json;

use super::kinds::Kind;
use super::{World, for_every_kind, ids, lasting};

for_every_kind!(
    a_withdrawn_record_is_gone_from_everything_but_its_history,
    a_restored_record_is_what_it_was,
    what_is_withdrawn_changes_no_more,
);

async fn a_withdrawn_record_is_gone_from_everything_but_its_history(kind: &'static Kind) {
    let world = World::of(kind).await;
    let (path, stays) = (world.make(1).await, world.make(2).await);
    let registrar = world.app.as_registrar();
    let gone = registrar
        .delete(&format!("{path}?reason=recorded+twice"), "*")
        .await;
    world.expect(gone, 204);
    for caller in [world.app.anonymous(), registrar.clone()] {
        let answer = caller.get(&path).await;
        let problem = world.problem(answer, "withdrawn");
        assert_eq!(
            problem["reason"], "recorded twice",
            "{}: {problem}",
            kind.name
        );
        let list = caller.get(&world.ours()).await;
        let listed = ids(&world.expect(list, 200).json());
        assert_eq!(listed, [stays.rsplit('/').next().unwrap()], "{}", kind.name);
    }
    let history = world.read(&format!("{path}/history")).await.json();
    let rows = history["data"].as_array().unwrap();
    assert!(
        rows.iter().any(|change| change["op"] == "withdrawn"),
        "{}",
        kind.name
    );
    if kind.versions.is_ok() {
        let told = world
            .read(&format!("{path}/history?version=2"))
            .await
            .json();
        assert_eq!(told["record"]["record_state"], "withdrawn", "{}", kind.name);
    }
    let again = registrar.delete(&path, "*").await;
    world.problem(again, "withdrawn");
}

async fn a_restored_record_is_what_it_was(kind: &'static Kind) {
    let world = World::of(kind).await;
    let path = world.make(1).await;
    let registrar = world.app.as_registrar();
    let before = world.read(&path).await.json();
    let reason = json!({"reason": "too early"});
    let early = registrar.post(&format!("{path}/restore"), reason).await;
    if let Err(reason) = kind.restore {
        assert_eq!(early.status(), 404, "{}: {reason}: {early}", kind.name);
        return;
    }
    assert!(
        matches!(early.status(), 409 | 422),
        "{}: {early}",
        kind.name
    );
    let gone = registrar.delete(&path, "*").await;
    world.expect(gone, 204);
    // Not by everybody.
    let refused = world
        .app
        .anonymous()
        .post(&format!("{path}/restore"), json!({"reason": "x"}))
        .await;
    world.problem(refused, "unauthenticated");
    let foreign = world.editor(&world.foreign).caller;
    let refused = foreign
        .post(&format!("{path}/restore"), json!({"reason": "x"}))
        .await;
    assert!(
        matches!(refused.status(), 403 | 404),
        "{}: {refused}",
        kind.name
    );
    let back = registrar
        .post(&format!("{path}/restore"), json!({"reason": "it is right"}))
        .await;
    world.expect(back, 200);
    let after = world.read(&path).await.json();
    assert_eq!(lasting(&after), lasting(&before), "{}", kind.name);
    assert_eq!(
        (&after["version"], &after["record_state"]),
        (&json!(3), &json!("published")),
        "{}",
        kind.name
    );
    let listed = ids(&world.read(&world.ours()).await.json());
    assert_eq!(listed.len(), 1, "{}", kind.name);
}

async fn what_is_withdrawn_changes_no_more(kind: &'static Kind) {
    let world = World::of(kind).await;
    let path = world.make(1).await;
    let registrar = world.app.as_registrar();
    let gone = registrar.delete(&path, "*").await;
    world.expect(gone, 204);
    let revision = world.app.revision().await;
    let (name, second, _) = kind.text;
    for tag in ["*", "\"1\"", "\"2\""] {
        let refused = registrar.patch(&path, tag, json!({ name: second })).await;
        world.problem(refused, "withdrawn");
    }
    if kind.citations.is_ok() {
        let citation = json!({"kind": "press", "title": "A paper"});
        let source = registrar
            .post("/api/v1/sources", citation)
            .await
            .expect(201)
            .id();
        let refused = registrar
            .post(&format!("{path}/citations"), json!({"source_id": source}))
            .await;
        world.problem(refused, "withdrawn");
    }
    let made = i64::from(kind.citations.is_ok());
    assert_eq!(world.app.revision().await, revision + made, "{}", kind.name);
}
