mod asked_again;
mod births;
mod changes;
mod confirm;
mod contradictions;
mod filters;
mod fold;
mod lifecycle;
mod races;
mod registered;
mod stays;
mod stories;
mod successions;

use serde_json::{Value, json};

use crate::support::TestApp;

pub const AGREEMENTS: &str = "/api/v1/agreements";

/// A city of this name.
pub async fn city(app: &TestApp, name: &str, country: &str) -> String {
    app.as_admin()
        .post(
            "/api/v1/partners",
            json!({"kind": "municipality", "name": name, "country": country}),
        )
        .await
        .expect(201)
        .id()
}

/// An agreement of two new cities with these further members.
pub async fn agreement(app: &TestApp, more: Value) -> String {
    let (a, b) = (
        city(app, "Białystok", "PL").await,
        city(app, "Eindhoven", "NL").await,
    );
    let mut body = json!({"instrument": "partnership_agreement", "parties": [{"partner_id": a}, {"partner_id": b}]});
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    app.as_registrar()
        .post(AGREEMENTS, body)
        .await
        .expect(201)
        .id()
}
