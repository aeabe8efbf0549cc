//! Successors and related bodies, read from both sides.

use serde_json::json;

use crate::support::TestApp;

const PARTNERS: &str = "/api/v1/partners";

#[actix_web::test]
async fn a_succession_is_read_from_both_sides_and_forms_no_circle() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let make = async |name: &str| {
        admin
            .post(
                PARTNERS,
                json!({"kind": "intermunicipal_body", "name": name, "country": "FR"}),
            )
            .await
            .expect(201)
            .id()
    };
    let (district, metropole) = (make("District").await, make("Métropole").await);
    let body = json!({"to_id": metropole, "type": "successor", "since": "2017"});
    let made = admin
        .post(&format!("{PARTNERS}/{district}/relations"), body.clone())
        .await
        .expect(201);
    admin
        .post(&format!("{PARTNERS}/{district}/relations"), body)
        .await
        .problem("duplicate-agreement");
    let seen = app
        .get(&format!("{PARTNERS}/{metropole}/relations"))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (
            &seen["data"][0]["inverse"],
            &seen["data"][0]["from"]["name"]
        ),
        (&json!(true), &json!("District"))
    );
    let back = json!({"to_id": district, "type": "successor"});
    let pointers = admin
        .post(&format!("{PARTNERS}/{metropole}/relations"), back)
        .await
        .pointers("validation-failed");
    assert_eq!(pointers, ["/to_id"]);
    let itself = json!({"to_id": district, "type": "related"});
    let pointers = admin
        .post(&format!("{PARTNERS}/{district}/relations"), itself)
        .await
        .pointers("validation-failed");
    assert_eq!(pointers, ["/to_id"]);
    admin
        .delete(made.header("location").unwrap(), "\"1\"")
        .await
        .expect(204);
    assert_eq!(
        app.get(&format!("{PARTNERS}/{district}/relations"))
            .await
            .expect(200)
            .json()["data"],
        json!([])
    );
}
