//! A withdrawn paper comes back to where it was.

use serde_json::json;
use twincity::core::vocabulary::record::Role;

use super::{DOCUMENTS, PDF, pdf};
use crate::agreements::{AGREEMENTS, agreement, city};
use crate::support::{Answer, Caller, TestApp};

async fn withdraw(caller: &Caller<'_>, path: &str) {
    caller.delete(path, "*").await.expect(204);
}

async fn restore(caller: &Caller<'_>, path: &str) -> Answer {
    let reason = json!({"reason": "it is right"});
    caller.post(&format!("{path}/restore"), reason).await
}

#[actix_web::test]
async fn its_bytes_are_shown_again_and_its_agreement_tells() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let paper_of = agreement(&app, json!({"signed_on": "1992"})).await;
    let form = pdf().field("agreement_id", &paper_of);
    let path = format!(
        "{DOCUMENTS}/{}",
        form.post(&registrar, DOCUMENTS).await.expect(201).id()
    );
    withdraw(&registrar, &path).await;
    app.get(&format!("{path}/content"))
        .await
        .problem("withdrawn");
    let back = restore(&registrar, &path).await.expect(200);
    assert_eq!(back.json()["version"], 3);
    let read = app.get(&path).await.expect(200);
    assert_eq!((read.json(), read.etag()), (back.json(), back.etag()));
    let content = app.get(&format!("{path}/content")).await.expect(200);
    assert_eq!(&content.bytes()[..], PDF);
    let with = format!("{AGREEMENTS}/{paper_of}?include=documents");
    let shown = app.get(&with).await.expect(200).json();
    assert_eq!(shown["documents"].as_array().unwrap().len(), 1);
    // Its history shows it as it stood, without the name of its file.
    let then = app
        .get(&format!("{path}/history?version=2"))
        .await
        .expect(200)
        .json();
    assert_eq!(then["record"]["record_state"], "withdrawn");
    assert!(then["record"].get("file_name").is_none());
}

#[actix_web::test]
async fn a_paper_for_its_office_alone_comes_back_published_and_a_draft_as_a_draft() {
    let app = TestApp::new().await;
    let partner = city(&app, "Hrodna", "BY").await;
    app.office(&partner, false).await;
    let own = app.member(Role::Editor, Some(&partner)).caller;
    for (access, state) in [
        ("internal", "published"),
        ("internal", "draft"),
        ("public", "draft"),
    ] {
        let body = json!({"kind": "minutes", "external_url": "https://example.org/m",
            "access": access, "record_state": state});
        let path = format!(
            "{DOCUMENTS}/{}",
            own.post(DOCUMENTS, body).await.expect(201).id()
        );
        withdraw(&own, &path).await;
        restore(&app.anonymous(), &path)
            .await
            .problem("unauthenticated");
        let foreign = city(&app, "Pskov", "RU").await;
        restore(&app.as_editor_of(&foreign), &path)
            .await
            .problem("not-found");
        let back = restore(&own, &path).await.expect(200).json();
        assert_eq!(back["record_state"], state, "{access}");
        app.get(&path).await.problem("not-found");
        app.get(&format!("{path}/history?version=1"))
            .await
            .problem("not-found");
        own.get(&format!("{path}/history?version=3"))
            .await
            .expect(200);
    }
}

#[actix_web::test]
async fn it_does_not_come_back_to_what_is_gone_nor_beside_another() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let paper_of = agreement(&app, json!({"signed_on": "1992"})).await;
    let send = async |replaces: Option<&str>| -> String {
        let mut body = json!({"kind": "agreement_text", "external_url": "https://example.org/a",
            "agreement_id": paper_of});
        if let Some(old) = replaces {
            body["replaces"] = json!(old);
        }
        registrar.post(DOCUMENTS, body).await.expect(201).id()
    };
    let first = send(None).await;
    let second = format!("{DOCUMENTS}/{}", send(Some(&first)).await);
    withdraw(&registrar, &second).await;
    let third = format!("{DOCUMENTS}/{}", send(Some(&first)).await);
    let refused = restore(&registrar, &second).await.problem("guard-failed");
    assert_eq!(refused["errors"][0]["code"], "already_replaced");
    withdraw(&registrar, &third).await;
    withdraw(&registrar, &format!("{AGREEMENTS}/{paper_of}")).await;
    let refused = restore(&registrar, &second).await.problem("guard-failed");
    assert_eq!(refused["errors"][0]["code"], "record_withdrawn");
    restore(&registrar, &format!("{AGREEMENTS}/{paper_of}"))
        .await
        .expect(200);
    restore(&registrar, &second).await.expect(200);
}
