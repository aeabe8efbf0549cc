//! Parameters of every operation: what the document does not name is refused, and what it names is heeded.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use serde_json::{Value, json};
use twincity::core::vocabulary::record::Role;
use twincity::http::openapi;
use twincity::server;

use crate::agreements::city;
use crate::support::{Answer, TestApp};

/// Writes of which nothing could be shown before they are made: they hand out or end what lets one in, or
/// answer everybody alike.
const NEVER_DRY: [&str; 7] = [
    "create_session",
    "accept_invitation",
    "request_password_reset",
    "confirm_password_reset",
    "create_subscription",
    "confirm_subscription",
    "unsubscribe",
];

/// An operation of the document below `/api/v1`.
struct Operation {
    method: Method,
    path: String,
    id: String,
    dry_run: bool,
    answers: Vec<String>,
}

fn operations() -> Vec<Operation> {
    let document = openapi::finished(&server::document(), twincity::access::permissions::rights);
    let paths = document["paths"].as_object().unwrap();
    let below = paths.iter().filter(|(path, _)| path.starts_with("/api/v1"));
    below
        .flat_map(|(path, item)| {
            item.as_object()
                .unwrap()
                .iter()
                .map(move |(method, operation)| {
                    let named = operation["parameters"].as_array();
                    let dry_run = |one: &Value| one["name"] == "dry_run";
                    Operation {
                        method: method.to_uppercase().parse().unwrap(),
                        path: path.clone(),
                        id: operation["operationId"].as_str().unwrap().to_owned(),
                        dry_run: named.is_some_and(|all| all.iter().any(dry_run)),
                        answers: operation["responses"]
                            .as_object()
                            .unwrap()
                            .keys()
                            .cloned()
                            .collect(),
                    }
                })
        })
        .collect()
}

/// Calls the operation for a record that is not there.
async fn call(app: &TestApp, operation: &Operation, query: &str) -> Answer {
    let path = operation.path.replace("{collection}", "partners");
    let path: String = path
        .split('/')
        .map(|part| if part.starts_with('{') { "none" } else { part })
        .collect::<Vec<_>>()
        .join("/");
    let request =
        TestRequest::with_uri(&format!("{path}?{query}")).method(operation.method.clone());
    let request = match operation.method {
        Method::GET | Method::DELETE => request,
        _ => request.set_json(json!({})),
    };
    app.as_admin().send(request).await
}

#[actix_web::test]
async fn a_parameter_that_an_operation_does_not_name_is_refused_with_400() {
    let app = TestApp::new().await;
    for operation in operations() {
        let answer = call(&app, &operation, "no_such_parameter=1").await;
        assert_eq!(answer.status(), 400, "{}: {answer}", operation.id);
        answer.problem("unknown-parameter");
    }
}

#[actix_web::test]
async fn every_post_and_patch_but_log_ins_has_a_dry_run_and_nothing_else_has() {
    let app = TestApp::new().await;
    for operation in operations() {
        let id = operation.id.as_str();
        let writes = [Method::POST, Method::PATCH].contains(&operation.method);
        let expected = writes && !NEVER_DRY.contains(&id);
        assert_eq!(operation.dry_run, expected, "{id}");
        if operation.dry_run {
            let answers = &operation.answers;
            assert!(answers.iter().any(|status| status == "200"), "{id}");
        } else {
            let answer = call(&app, &operation, "dry_run=true").await;
            assert_eq!(answer.status(), 400, "{id}: {answer}");
            answer.problem("unknown-parameter");
        }
    }
}

#[actix_web::test]
async fn a_dry_run_of_keys_oneself_and_suggestions_keeps_nothing() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let partner = city(&app, "Alfa", "PL").await;
    app.office(&partner, false).await;
    let me = app.member(Role::Editor, Some(&partner)).caller;
    let before = me.get("/api/v1/me").await.expect(200).json();
    let keys = me.get("/api/v1/api-keys").await.json();
    let suggestions = admin.get("/api/v1/suggestions").await.json();
    let revision = app.revision().await;

    let key = json!({"name": "for a script", "role": "editor", "organisation_id": partner});
    let made = me
        .post("/api/v1/api-keys?dry_run=true", key)
        .await
        .expect(200);
    let secret = made.json()["key"].as_str().unwrap().to_owned();
    app.with_key(&secret).get("/api/v1/me").await.expect(401);

    let etag = format!("\"{}\"", before["user"]["version"]);
    let changed = me
        .patch(
            "/api/v1/me?dry_run=true",
            &etag,
            json!({"name": "Someone Else"}),
        )
        .await
        .expect(200);
    assert_eq!(changed.json()["name"], "Someone Else");

    let words = json!({"target": partner, "message": "It is larger."});
    let sent = app
        .anonymous()
        .post("/api/v1/suggestions?dry_run=true", words.clone())
        .await
        .expect(200);
    assert_eq!(sent.json()["state"], "open");

    assert_eq!(me.get("/api/v1/me").await.json(), before);
    assert_eq!(me.get("/api/v1/api-keys").await.json(), keys);
    assert_eq!(admin.get("/api/v1/suggestions").await.json(), suggestions);
    assert_eq!(app.revision().await, revision);

    let patch = json!({"target": partner, "patch": {"population": 7}});
    let sent = app.anonymous().post("/api/v1/suggestions", patch).await;
    let id = sent.expect(201).json()["suggestion_id"].clone();
    let address = format!("/api/v1/suggestions/{}", id.as_str().unwrap());
    for (decision, state) in [("accept", "accepted"), ("reject", "rejected")] {
        let decided = me
            .post(
                &format!("{address}/{decision}?dry_run=true"),
                json!({"note": "Thank you."}),
            )
            .await
            .expect(200);
        assert_eq!(decided.json()["state"], state);
        assert_eq!(me.get(&address).await.json()["state"], "open");
    }
    let kept = app.get(&format!("/api/v1/partners/{partner}")).await.json();
    assert!(kept.get("population").is_none(), "{kept}");
}
