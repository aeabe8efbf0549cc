//! How formats are asked for, and what is said of the answers.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use twincity::config::ServeConfig;
use twincity::http::format::Format;

use super::{lists, many, with};
use crate::support::TestApp;

#[actix_web::test]
async fn accept_says_the_same_as_the_parameter() {
    let app = many().await;
    for format in Format::RECORDS {
        let asked = with("/api/v1/networks", &format!("format={}", format.name()));
        let named = app.get(&asked).await.expect(200);
        let accepting = app.anonymous().header("Accept", format.media_type());
        let accepted = accepting.get("/api/v1/networks").await.expect(200);
        assert_eq!(named.bytes(), accepted.bytes(), "{}", format.name());
        assert_eq!(named.header("etag"), accepted.header("etag"));
        let told = accepted.header("content-type").unwrap();
        assert!(told.starts_with(format.media_type()), "{told}");
        let vary = accepted.header("vary").unwrap();
        assert!(vary.split(", ").any(|name| name == "Accept"), "{vary}");
    }
}

#[actix_web::test]
async fn formats_of_one_address_are_told_apart_by_whoever_keeps_answers() {
    let app = many().await;
    let path = "/api/v1/partners";
    let mut tags = std::collections::BTreeSet::new();
    for round in 0..2 {
        for format in Format::RECORDS {
            let caller = app.anonymous().header("Accept", format.media_type());
            let answer = caller.get(path).await.expect(200);
            let told = answer.header("content-type").unwrap();
            assert!(told.starts_with(format.media_type()), "{round}: {told}");
            tags.insert(answer.etag());
        }
    }
    assert_eq!(tags.len(), Format::RECORDS.len());
    // Who holds the JSON does not hold a table.
    let json = app.get(path).await.etag();
    let asked = app.anonymous().header("If-None-Match", &json);
    asked.get(path).await.expect(304);
    asked.get(&with(path, "format=csv")).await.expect(200);
}

#[actix_web::test]
async fn nothing_is_sent_to_who_holds_it_and_no_body_to_head() {
    let app = many().await;
    let item = format!(
        "/api/v1/agreements/{}",
        crate::support::generated::id("agr", 3)
    );
    for path in lists().iter().chain([&item]) {
        for format in &Format::RECORDS[1..] {
            let path = with(path, &format!("format={}", format.name()));
            let whole = app.get(&path).await.expect(200);
            let asked = app.anonymous().header("If-None-Match", &whole.etag());
            let held = asked.get(&path).await.expect(304);
            assert!(held.bytes().is_empty() && held.header("content-disposition").is_none());
            assert_eq!(held.header("etag"), whole.header("etag"));
            app.app.db.statement_texts();
            let head = TestRequest::default().method(Method::HEAD).uri(&path);
            let head = app.send(head).await.expect(200);
            assert!(head.bytes().is_empty());
            let asked = app.app.db.statement_texts().len();
            assert!(asked <= 8, "{path}: {asked} statements");
            for name in [
                "etag",
                "content-type",
                "content-disposition",
                "cache-control",
                "vary",
            ] {
                assert_eq!(head.header(name), whole.header(name), "{path}: {name}");
            }
        }
    }
    let admin = app.as_admin();
    let path = "/api/v1/sources?format=csv";
    let before = app.get(path).await.etag();
    let source = format!(
        "/api/v1/sources/{}",
        crate::support::generated::id("src", 1)
    );
    let change = serde_json::json!({"title": "New"});
    let etag = app.get(&source).await.etag();
    admin.patch(&source, &etag, change).await.expect(200);
    let asked = app.anonymous().header("If-None-Match", &before);
    let after = asked.get(path).await.expect(200);
    assert!(after.text().contains(",New,"));
}

#[actix_web::test]
async fn a_change_can_be_based_on_what_a_table_showed() {
    let app = many().await;
    let path = format!(
        "/api/v1/sources/{}",
        crate::support::generated::id("src", 1)
    );
    let etag = app.get(&with(&path, "format=csv")).await.expect(200).etag();
    let change = serde_json::json!({"title": "Changed"});
    let admin = app.as_admin();
    admin.patch(&path, &etag, change.clone()).await.expect(200);
    admin.patch(&path, &etag, change).await.expect(412);
}

#[actix_web::test]
async fn files_have_names_and_languages_are_told() {
    let app = many().await;
    let list = app
        .get("/api/v1/letters-of-intent?format=xlsx")
        .await
        .expect(200);
    assert_eq!(
        list.header("content-disposition"),
        Some("attachment; filename=\"letters-of-intent-2026-11-24.xlsx\"")
    );
    assert_eq!(list.header("content-language"), None);
    assert_eq!(list.header("content-encoding"), None);
    let net = crate::support::generated::id("net", 1);
    let list = app
        .get(&format!(
            "/api/v1/networks/{net}/members?format=csv&lang=pl"
        ))
        .await
        .expect(200);
    let name = format!("attachment; filename=\"members-{net}-2026-11-24.csv\"");
    assert_eq!(list.header("content-disposition"), Some(name.as_str()));
    assert_eq!(list.header("content-language"), Some("pl"));
    assert!(list.header("registry-revision").is_some());
    let squeezed = app.anonymous().header("Accept-Encoding", "gzip, br");
    let csv = squeezed.get("/api/v1/agreements?format=csv").await;
    assert!(csv.header("content-encoding").is_some());
    let book = squeezed.get("/api/v1/agreements?format=xlsx").await;
    assert_eq!(
        book.header("content-encoding"),
        None,
        "it is packed already"
    );
}

#[actix_web::test]
async fn what_says_nothing_in_a_format_is_refused_by_name() {
    let app = many().await;
    let cursor = app.get("/api/v1/partners?limit=1").await.json();
    let cursor = cursor["page"]["next"].as_str().unwrap().to_owned();
    for (query, parameter) in [
        (format!("format=csv&cursor={cursor}"), "cursor"),
        ("format=xlsx&bom=true".to_owned(), "bom"),
        ("bom=true".to_owned(), "bom"),
        ("format=csv&include=sources".to_owned(), "include"),
        ("format=ttl&fields=id".to_owned(), "fields"),
        ("format=csv&fields=nothing".to_owned(), "fields"),
        ("format=ndjson&include=nothing".to_owned(), "include"),
        ("format=csv&sort=nothing".to_owned(), "sort"),
        ("format=csv&colour=red".to_owned(), "colour"),
    ] {
        let refused = app.get(&format!("/api/v1/partners?{query}")).await;
        assert_eq!(refused.status(), 400, "{query}: {refused}");
        assert_eq!(refused.json()["errors"][0]["parameter"], parameter);
    }
    // What would cut a list says nothing either, and is no fault.
    let whole = app.get("/api/v1/partners?format=csv").await;
    let asked = app
        .get("/api/v1/partners?format=csv&limit=1&count=true")
        .await;
    assert_eq!(whole.bytes(), asked.bytes());
    for path in [
        "/api/v1/partners/ptn_zzzzzzzzzz?format=csv",
        "/api/v1/networks/net_zzzzzzzzzz/members?format=csv",
    ] {
        app.get(path).await.expect(404).problem("not-found");
    }
    let refused = app.anonymous().header("Accept", "text/csv");
    refused.get("/api/v1/search?q=place").await.expect(406);
    refused.get("/api/v1/documents").await.expect(406);
}

#[actix_web::test]
async fn a_record_is_had_as_it_is_today_and_another_day_is_refused() {
    let app = many().await;
    for (collection, prefix) in [
        ("partners", "ptn"),
        ("agreements", "agr"),
        ("networks", "net"),
        ("memberships", "mbr"),
        ("activities", "act"),
        ("sources", "src"),
    ] {
        let id = crate::support::generated::id(prefix, 1);
        for format in Format::RECORDS {
            let path = format!("/api/v1/{collection}/{id}?format={}", format.name());
            app.get(&path).await.expect(200);
            let then = app.get(&with(&path, "as_of=2020-01-01")).await.expect(400);
            assert_eq!(then.json()["errors"][0]["parameter"], "as_of", "{path}");
        }
    }
}

#[actix_web::test]
async fn so_many_a_minute_and_one_more_is_told_to_come_back() {
    let app = TestApp::with(ServeConfig {
        export_rate_limit: 2,
        ..ServeConfig::default()
    })
    .await;
    let ask = |format: &str| {
        let address = "10.0.0.1:4444".parse().unwrap();
        TestRequest::get()
            .uri(&format!("/api/v1/sources?format={format}"))
            .peer_addr(address)
    };
    for left in ["1", "0"] {
        let answer = app.send(ask("csv")).await.expect(200);
        assert_eq!(
            answer.header("ratelimit-policy"),
            Some("\"export\";q=2;w=60")
        );
        let told = format!("\"export\";r={left};t=60");
        assert_eq!(answer.header("ratelimit"), Some(told.as_str()));
    }
    let refused = app.send(ask("xlsx")).await.expect(429);
    assert!(refused.header("retry-after").is_some());
    refused.problem("too-many-requests");
    app.send(ask("json")).await.expect(200);
}
