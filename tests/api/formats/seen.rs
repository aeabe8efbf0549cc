//! Whoever asks gets what nobody in particular may see, without names of persons.

use serde_json::json;
use twincity::http::format::Format;

use super::with;
use crate::support::TestApp;

#[actix_web::test]
async fn drafts_and_persons_are_in_no_format_for_nobody() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let post =
        async |path: &str, body: serde_json::Value| admin.post(path, body).await.expect(201).id();
    let city = async |name: &str, state: &str| {
        let body =
            json!({"kind": "municipality", "name": name, "country": "PL", "record_state": state});
        post("/api/v1/partners", body).await
    };
    let (here, there) = (
        city("Here", "published").await,
        city("There", "published").await,
    );
    let hidden = city("Hidden Draft", "draft").await;
    let agreement = post(
        "/api/v1/agreements",
        json!({"instrument": "partnership_agreement", "signed_on": "1992", "parties": [
            {"partner_id": here, "signatories": [{"office": "Mayor", "name": "Anna Testowa", "signed_as": "Anna T."}]},
            {"partner_id": there}]}),
    )
    .await;
    let net = post(
        "/api/v1/networks",
        json!({"kind": "city_network", "name": "Net"}),
    )
    .await;
    post(
        "/api/v1/memberships",
        json!({"partner_id": here, "network_id": net, "admitted_on": "1999",
            "offices": [{"office": "chair", "name": "Anna Testowa"}]}),
    )
    .await;
    post(
        "/api/v1/activities",
        json!({"kind": "meeting", "title": {"en": "Meeting"}, "starts_on": "2001", "participants": [
            {"partner_id": here, "office": "mayor", "name": "Anna Testowa"}]}),
    )
    .await;
    let contact = |email: &str, personal: bool, visibility: &str| json!({"unit": "Office", "email": email, "is_personal": personal, "visibility": visibility});
    let contacts = format!("/api/v1/partners/{here}/contacts");
    post(&contacts, contact("office@example.org", false, "public")).await;
    admin
        .post(&contacts, contact("secret@example.org", false, "internal"))
        .await
        .expect(201);

    // The item of JSON names the signatory; so the names are there to be seen.
    let item = app.get(&format!("/api/v1/agreements/{agreement}")).await;
    assert!(item.text().contains("Anna Testowa"));
    let mut paths: Vec<String> = [
        "partners",
        "agreements",
        "networks",
        "memberships",
        "activities",
        "sources",
        "partners?record_state=draft,published",
    ]
    .map(|list| format!("/api/v1/{list}"))
    .to_vec();
    paths.extend([
        format!("/api/v1/partners/{here}"),
        format!("/api/v1/agreements/{agreement}"),
        format!("/api/v1/networks/{net}"),
        format!("/api/v1/networks/{net}/members"),
        format!("/api/v1/partners/{here}/partnerships"),
    ]);
    for path in &paths {
        for format in &Format::RECORDS[1..] {
            let path = with(path, &format!("format={}", format.name()));
            let (nobody, somebody) = (app.get(&path).await, admin.get(&path).await);
            let (nobody, somebody) = (nobody.expect(200), somebody.expect(200));
            if *format == Format::Xlsx {
                continue;
            }
            assert_eq!(nobody.text(), somebody.text(), "{path}");
            for secret in ["Hidden Draft", "Anna", hidden.as_str()] {
                assert!(!somebody.text().contains(secret), "{path} tells {secret}");
            }
        }
    }
    let path = format!("/api/v1/partners/{here}?include=contacts&format=ndjson");
    let seen = admin.get(&path).await.expect(200);
    assert!(seen.text().contains("office@example.org"));
    assert!(!seen.text().contains("secret@example.org"));
    for format in &Format::RECORDS[1..] {
        let path = format!("/api/v1/partners/{hidden}?format={}", format.name());
        admin.get(&path).await.expect(404);
    }
    let gone = format!("/api/v1/agreements/{agreement}");
    let etag = app.get(&gone).await.etag();
    admin.delete(&gone, &etag).await.expect(204);
    app.get(&with(&gone, "format=csv")).await.expect(410);
    let left = app.get("/api/v1/agreements?format=csv").await.expect(200);
    assert_eq!(left.text().lines().count(), 1);
}
