//! How many requests one address may make.

use actix_web::http::header::HeaderValue;
use actix_web::test::TestRequest;
use twincity::config::ServeConfig;

use crate::support::{Answer, TestApp};

async fn from(app: &TestApp, peer: &str, forwarded: &str) -> Answer {
    let request = TestRequest::get()
        .uri("/health/live")
        .peer_addr(peer.parse().unwrap())
        .insert_header(("X-Forwarded-For", forwarded));
    app.send(request).await
}

#[actix_web::test]
async fn an_address_that_asks_too_often_is_told_when_to_come_back() {
    let config = ServeConfig {
        rate_limit: 2,
        ..ServeConfig::default()
    };
    let app = TestApp::with(config).await;
    let first = from(&app, "192.0.2.1:9", "198.51.100.1").await.expect(200);
    assert_eq!(
        first.header("ratelimit-policy"),
        Some("\"address\";q=2;w=60")
    );
    assert_eq!(first.header("ratelimit"), Some("\"address\";r=1;t=60"));
    from(&app, "192.0.2.1:9", "198.51.100.2").await.expect(200);
    // Nobody is believed who is not a trusted proxy.
    let refused = from(&app, "192.0.2.1:9", "198.51.100.3").await.expect(429);
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=30).contains(&wait), "{refused}");
    refused.problem("too-many-requests");
    from(&app, "192.0.2.2:9", "").await.expect(200);
}

#[actix_web::test]
async fn what_a_page_loads_by_itself_is_not_counted() {
    let config = ServeConfig {
        rate_limit: 1,
        ..ServeConfig::default()
    };
    let app = TestApp::with(config).await;
    let of = async |path: &str| {
        let request = TestRequest::get()
            .uri(path)
            .peer_addr("192.0.2.1:9".parse().unwrap());
        app.send(request).await
    };
    of("/pl/").await.expect(200);
    let page = of("/pl/").await.expect(429);
    let page = page.text();
    for sheet in page.split("rel=\"stylesheet\" href=\"").skip(1) {
        let (path, _) = sheet.split_once('"').unwrap();
        of(path).await.expect(200);
    }
    // Whoever is told to wait is not told to search.
    assert!(!page.contains("Wyszukiwarka u góry"), "{page}");
}

#[actix_web::test]
async fn a_trusted_proxy_says_who_asks() {
    let proxy = "192.0.2.1".parse().unwrap();
    let config = ServeConfig {
        rate_limit: 1,
        trusted_proxies: vec![proxy],
        ..ServeConfig::default()
    };
    let app = TestApp::with(config).await;
    from(&app, "192.0.2.1:9", "198.51.100.1").await.expect(200);
    from(&app, "192.0.2.1:9", "198.51.100.2").await.expect(200);
    from(&app, "192.0.2.1:9", "203.0.113.9, 198.51.100.2")
        .await
        .problem("too-many-requests");
}

#[actix_web::test]
async fn what_a_caller_writes_before_a_proxy_changes_nothing() {
    let proxy = "192.0.2.1".parse().unwrap();
    let config = ServeConfig {
        rate_limit: 1,
        trusted_proxies: vec![proxy],
        ..ServeConfig::default()
    };
    let app = TestApp::with(config).await;
    let through = async |lines: &[&[u8]]| {
        let mut request = TestRequest::get()
            .uri("/health/live")
            .peer_addr("192.0.2.1:9".parse().unwrap());
        for line in lines {
            let value = HeaderValue::from_bytes(line).unwrap();
            request = request.append_header(("X-Forwarded-For", value));
        }
        app.send(request).await
    };
    through(&[b"\xe9, 198.51.100.2"]).await.expect(200);
    // Bytes that are no text, a line of one's own, an address of the same network.
    through(&[b"\xe9\xff, 198.51.100.2"])
        .await
        .problem("too-many-requests");
    through(&[b"203.0.113.9", b"198.51.100.2"])
        .await
        .problem("too-many-requests");
    through(&[b"2001:db8:1:2::1"]).await.expect(200);
    through(&[b"2001:db8:1:2:3:4:5:6"])
        .await
        .problem("too-many-requests");
    through(&[b"2001:db8:1:3::1"]).await.expect(200);
    // Whatever can't be read is the proxy's own.
    through(&[]).await.expect(200);
    through(&[b"\xe9"]).await.problem("too-many-requests");
}

#[actix_web::test]
async fn without_a_limit_nothing_is_counted() {
    let app = TestApp::new().await;
    let answer = from(&app, "192.0.2.1:9", "").await.expect(200);
    assert_eq!(answer.header("ratelimit"), None);
}
