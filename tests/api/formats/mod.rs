//! Lists and items in other formats than JSON.

mod asked;
mod calendars;
mod feeds;
mod graphs;
mod maps;
mod seen;
mod tables;

use serde_json::Value;

use crate::support::generated::{Size, fill, id};
use crate::support::{Answer, TestApp};

/// Every list that has other formats than JSON, on a registry that [`many`] has filled.
fn lists() -> Vec<String> {
    [
        "partners",
        "partners?country=PL&sort=-population",
        "partners?q=place+1",
        "agreements",
        "agreements?country=NL,DE&status=in_force&sort=-signed_on",
        "agreements?as_of=2020-01-01&sort=status",
        "letters-of-intent",
        "networks",
        "memberships",
        "activities",
        "activities?q=visit",
        "sources",
    ]
    .map(|list| format!("/api/v1/{list}"))
    .into_iter()
    .chain([
        format!("/api/v1/networks/{}/members", id("net", 1)),
        format!("/api/v1/partners/{}/partnerships", id("ptn", 1)),
    ])
    .collect()
}

/// A registry with more than a page of nearly everything.
async fn many() -> TestApp {
    let app = TestApp::new().await;
    fill(&app, Size { partners: 420 });
    app
}

/// The path with this parameter.
fn with(path: &str, parameter: &str) -> String {
    let between = if path.contains('?') { '&' } else { '?' };
    format!("{path}{between}{parameter}")
}

/// Every record of a list, page by page.
async fn records(app: &TestApp, path: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut next: Option<String> = None;
    loop {
        let page = with(path, "limit=100");
        let page = match &next {
            Some(cursor) => with(&page, &format!("cursor={cursor}")),
            None => page,
        };
        let page = app.get(&page).await.expect(200).json();
        all.extend(page["data"].as_array().unwrap().iter().cloned());
        next = page["page"]["next"].as_str().map(str::to_owned);
        if next.is_none() {
            return all;
        }
    }
}

/// What a record is known by.
fn known(record: &Value) -> &str {
    let known = record.get("id").or(record.pointer("/counterpart/id"));
    known.unwrap().as_str().unwrap()
}

/// The lines of an answer, each a record.
fn lines(answer: &Answer) -> Vec<Value> {
    let lines = answer.text().lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}
