mod births;
mod changes;
mod filters;
mod lifecycle;

use serde_json::{Value, json};

use crate::agreements::city;
use crate::networks::network;
use crate::support::{Answer, TestApp};

pub const MEMBERSHIPS: &str = "/api/v1/memberships";

/// What a membership of a new city in a new network is recorded with, with these further members.
pub async fn body(app: &TestApp, more: Value) -> Value {
    let partner = city(app, "Suwałki", "PL").await;
    let network = network(app, "Niemen", json!({})).await;
    let mut body = json!({"partner_id": partner, "network_id": network});
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    body
}

/// A membership of a new city in a new network with these further members.
pub async fn membership(app: &TestApp, more: Value) -> String {
    let body = body(app, more).await;
    app.as_registrar()
        .post(MEMBERSHIPS, body)
        .await
        .expect(201)
        .id()
}

/// Records an event of it.
pub async fn event(app: &TestApp, id: &str, body: Value) -> Answer {
    app.as_registrar()
        .post(&format!("{MEMBERSHIPS}/{id}/events"), body)
        .await
}

/// The membership as it is.
pub async fn read(app: &TestApp, id: &str) -> Value {
    app.get(&format!("{MEMBERSHIPS}/{id}"))
        .await
        .expect(200)
        .json()
}

/// Its events.
pub async fn events(app: &TestApp, id: &str) -> Vec<Value> {
    let page = app.get(&format!("{MEMBERSHIPS}/{id}/events")).await;
    page.expect(200).json()["data"].as_array().unwrap().clone()
}
