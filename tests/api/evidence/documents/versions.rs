//! New versions of a document: the old ones stay.

use serde_json::{Value, json};

use super::{DOCUMENTS, Form, filed};
use crate::agreements::{AGREEMENTS, agreement};
use crate::support::{Answer, Caller, TestApp};

/// A new version of `old`, with these further fields.
async fn newer(caller: &Caller<'_>, old: &str, fields: &[(&str, &str)]) -> Answer {
    let form = Form::default()
        .field("kind", "agreement_text")
        .field("replaces", old)
        .file(Some("new.txt"), None, old.as_bytes());
    let form = fields
        .iter()
        .fold(form, |form, (name, value)| form.field(name, value));
    form.post(caller, DOCUMENTS).await
}

fn ids(rows: &Value) -> Vec<&str> {
    let rows = rows.as_array().unwrap();
    rows.iter().map(|row| row["id"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn a_new_version_takes_the_place_of_the_old_one_which_stays() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let paper = agreement(&app, json!({})).await;
    let fields = [
        ("agreement_id", paper.as_str()),
        ("title", "Agreement"),
        ("language", "pl"),
    ];
    let first = filed(&registrar, &fields).await;
    let a = first["id"].as_str().unwrap();
    let path = format!("{DOCUMENTS}/{a}");
    let etag = app.get(&path).await.etag();
    let second = newer(&registrar, a, &[]).await.expect(201).json();
    let b = second["id"].as_str().unwrap();
    for (name, value) in [
        ("replaces", a),
        ("agreement_id", paper.as_str()),
        ("title", "Agreement"),
        ("language", "pl"),
        ("access", "public"),
    ] {
        assert_eq!(second[name], value, "{name}");
    }
    let third = newer(&registrar, b, &[("title", "Agreement, as amended")])
        .await
        .expect(201)
        .json();
    let c = third["id"].as_str().unwrap();
    let old = app.get(&path).await.expect(200);
    assert_ne!(old.etag(), etag);
    assert_eq!(old.json()["version"], 1);
    for (id, replaced_by) in [(a, Some(b)), (b, Some(c)), (c, None)] {
        let read = app
            .get(&format!("{DOCUMENTS}/{id}"))
            .await
            .expect(200)
            .json();
        assert_eq!(read["replaced_by"].as_str(), replaced_by);
        assert_eq!(ids(&read["versions"]), [a, b, c]);
        app.get(&format!("{DOCUMENTS}/{id}/content"))
            .await
            .expect(200);
    }
    let shown = app
        .get(&format!("{AGREEMENTS}/{paper}?include=documents"))
        .await
        .expect(200)
        .json();
    assert_eq!(ids(&shown["documents"]), [c]);
    let list = app
        .get(&format!("{DOCUMENTS}?agreement={paper}"))
        .await
        .expect(200)
        .json();
    assert_eq!(ids(&list["data"]), [c, b, a]);

    let refused = newer(&registrar, a, &[]).await;
    assert_eq!(refused.pointers("validation-failed"), ["/replaces"]);
    // A version that was withdrawn gives its place back.
    registrar
        .delete(&format!("{DOCUMENTS}/{c}"), "*")
        .await
        .expect(204);
    let read = app.get(&format!("{DOCUMENTS}/{b}")).await.json();
    assert_eq!(read.get("replaced_by"), None);
    assert_eq!(ids(&read["versions"]), [a, b]);
    newer(&registrar, b, &[]).await.expect(201);
    let refused = newer(&registrar, c, &[]).await;
    assert_eq!(refused.pointers("validation-failed"), ["/replaces"]);
}

#[actix_web::test]
async fn a_new_version_belongs_to_the_same_record_and_is_no_more_public() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let paper = agreement(&app, json!({})).await;
    let other = agreement(&app, json!({})).await;
    let fields = [("agreement_id", paper.as_str()), ("access", "internal")];
    let first = filed(&registrar, &fields).await;
    let a = first["id"].as_str().unwrap();
    let refused = newer(&registrar, a, &[("agreement_id", &other)]).await;
    assert_eq!(refused.pointers("validation-failed"), ["/agreement_id"]);
    let second = newer(&registrar, a, &[("agreement_id", &paper)])
        .await
        .expect(201)
        .json();
    assert_eq!(second["access"], "internal");
    // A public version of a paper that is not public does not tell of it.
    let b = second["id"].as_str().unwrap();
    let third = newer(&registrar, b, &[("access", "public")])
        .await
        .expect(201)
        .json();
    let c = third["id"].as_str().unwrap();
    assert_eq!(third["replaces"], b);
    let read = app
        .get(&format!("{DOCUMENTS}/{c}"))
        .await
        .expect(200)
        .json();
    assert_eq!(read.get("replaces"), None);
    assert_eq!(ids(&read["versions"]), [c]);
}

#[actix_web::test]
async fn two_drafts_do_not_both_replace_one_paper() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let first = filed(&registrar, &[]).await;
    let a = first["id"].as_str().unwrap();
    let draft = newer(&registrar, a, &[("record_state", "draft")])
        .await
        .expect(201)
        .id();
    for fields in [&[][..], &[("record_state", "draft")]] {
        let at = newer(&registrar, a, fields)
            .await
            .pointers("validation-failed");
        assert_eq!(at, ["/replaces"]);
    }
    // The draft that was withdrawn stands in nobody's way.
    registrar
        .delete(&format!("{DOCUMENTS}/{draft}"), "*")
        .await
        .expect(204);
    newer(&registrar, a, &[]).await.expect(201);
}
