//! What needs no body is not read: 304 and HEAD are answered by what is compared alone.

use actix_web::http::Method;
use actix_web::test::TestRequest;

use crate::support::TestApp;
use crate::support::generated::{Size, fill, id};

fn addresses() -> Vec<String> {
    let mut all: Vec<String> = [
        "partners",
        "partners?q=place&country=PL,DE&count=true",
        "agreements?include=events,citations&count=true",
        "letters-of-intent",
        "networks",
        "memberships",
        "activities",
        "sources?q=source",
        "documents",
        "changes?count=true",
        "stats",
        "stats?country=PL&as_of=2019-01-01",
        "search?q=place",
    ]
    .iter()
    .map(|address| format!("/api/v1/{address}"))
    .collect();
    let (partner, agreement) = (id("ptn", 1), id("agr", 1));
    all.extend([
        format!("/api/v1/partners/{partner}?include=sources"),
        format!("/api/v1/partners/{partner}/partnerships"),
        format!("/api/v1/partners/{partner}/relations"),
        format!("/api/v1/partners/{partner}/contacts"),
        format!("/api/v1/agreements/{agreement}?include=events"),
        format!("/api/v1/agreements/{agreement}/events"),
        format!("/api/v1/agreements/{agreement}/citations"),
        format!("/api/v1/agreements/{agreement}/history"),
        format!("/api/v1/agreements/{agreement}/history?version=1"),
        format!("/api/v1/agreements/{agreement}/history?at=2026-11-25"),
        format!("/api/v1/networks/{}", id("net", 1)),
        format!("/api/v1/networks/{}/members", id("net", 1)),
        format!("/api/v1/memberships/{}", id("mbr", 1)),
        format!("/api/v1/memberships/{}/events", id("mbr", 1)),
        format!("/api/v1/activities/{}", id("act", 1)),
        format!("/api/v1/documents/{}", id("doc", 1)),
        "/api/v1/calendar/anniversaries?from=2026-11-01&to=2026-11-30".to_owned(),
        format!("/api/v1/calendar/anniversaries?partner={partner}"),
    ]);
    all
}

#[actix_web::test]
async fn a_304_and_a_head_are_answered_before_the_work() {
    let app = TestApp::without_caches().await;
    fill(&app, Size { partners: 60 });
    // The names are read once, by whoever searches first.
    app.get("/api/v1/search?q=place").await.expect(200);
    for address in addresses() {
        let statements = || app.app.db.statements();
        let start = statements();
        let got = app.get(&address).await.expect(200);
        let whole = statements() - start;
        let etag = got.etag();

        let start = statements();
        let held = app.anonymous().header("If-None-Match", &etag);
        let held = held.get(&address).await.expect(304);
        let spent = statements() - start;
        assert_eq!(held.etag(), etag, "{address}");
        assert_eq!(held.text(), "", "{address}");
        let head = TestRequest::default().method(Method::HEAD).uri(&address);
        let start = statements();
        let head = app.send(head).await.expect(200);
        assert_eq!(statements() - start, spent, "{address}");
        assert_eq!(head.text(), "", "{address}");
        for name in [
            "etag",
            "cache-control",
            "content-type",
            "registry-revision",
            "last-modified",
        ] {
            assert_eq!(head.header(name), got.header(name), "{address}: {name}");
        }
        // The transaction's own two or three, the revision, and the record whose parts are listed or whose
        // changes tell what it was.
        assert!(spent <= 7 && spent < whole, "{address}: {spent} of {whole}");
    }
}

#[actix_web::test]
async fn what_is_wrong_with_a_request_is_told_before_a_304() {
    let app = TestApp::new().await;
    fill(&app, Size { partners: 60 });
    let held = app.anonymous().header("If-None-Match", "*");
    for address in [
        "partners?sort=nope",
        "partners?fields=nope",
        "agreements?cursor=nope",
        "agreements?include=nope",
        "changes?sort=seq",
        "search?q=place&sort=name",
        "partners/ptn_0000000001?fields=nope",
        "agreements/agr_0000000001/events?sort=seq",
    ] {
        let answer = held.get(&format!("/api/v1/{address}")).await;
        assert_eq!(answer.status(), 400, "{answer}");
    }
    held.get("/api/v1/partners/ptn_9999999999/partnerships")
        .await
        .expect(404);
}
