//! What only a connection shows: HEAD, compression, broken requests, and how the server stops.

use twincity::config::ServeConfig;

use crate::support::TestApp;
use crate::support::live::{Live, raw};

fn length(head: &str) -> Option<&str> {
    head.lines()
        .find_map(|line| line.strip_prefix("content-length: "))
}

#[actix_web::test]
async fn head_is_get_without_the_body() {
    let live = Live::start().await;
    for target in [
        "/api/v1/sources",
        "/",
        "/docs/",
        "/openapi.json",
        "/health/live",
        "/problems/in-use",
        "/nope",
        "/api/v1/sources/nope",
    ] {
        let (got, body) = live.request("GET", target, "X-Request-Id: a\r\n");
        let (head, nothing) = live.request("HEAD", target, "X-Request-Id: a\r\n");
        assert_eq!(nothing, "", "{target}");
        assert_eq!(head.lines().next(), got.lines().next(), "{target}");
        // How long a list would be is not found out for its headers.
        let known = (target != "/api/v1/sources").then(|| body.len().to_string());
        assert_eq!(length(&head), known.as_deref(), "{target}: {head}");
    }
    live.stop().await.unwrap();
}

#[actix_web::test]
async fn bodies_are_compressed_when_that_pays() {
    let live = Live::start().await;
    for (accept, expected) in [("br", "br"), ("gzip", "gzip"), ("gzip;q=0.5, br", "br")] {
        let (head, _) = live.request(
            "GET",
            "/openapi.json",
            &format!("Accept-Encoding: {accept}\r\n"),
        );
        assert!(
            head.contains(&format!("content-encoding: {expected}")),
            "{accept}: {head}"
        );
        assert!(head.contains("\netag: \""), "{head}");
    }
    for (target, accept) in [
        ("/openapi.json", "identity"),
        ("/health/live", "gzip"),
        ("/nope", "gzip"),
    ] {
        let (head, _) = live.request("GET", target, &format!("Accept-Encoding: {accept}\r\n"));
        assert!(!head.contains("content-encoding"), "{target}: {head}");
    }
    live.stop().await.unwrap();
}

#[actix_web::test]
async fn a_broken_request_is_the_callers_fault() {
    let live = Live::start().await;
    for request in [
        b"GET /\x00 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".as_slice(),
        b"GET /\xff\xfe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET nonsense HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /a b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET http://a/nope HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"POST /api/v1/sources HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\nConnection: close\r\n\r\n",
    ] {
        let answer = live.raw(request);
        let status = answer.split(' ').nth(1).unwrap_or_else(|| panic!("{answer:?}")).to_owned();
        let request = String::from_utf8_lossy(request);
        assert!(status.starts_with('4') || status == "204", "{request:?}: {answer}");
    }
    live.request("GET", "/health/ready", "");
    live.stop().await.unwrap();
}

#[actix_web::test]
async fn the_same_application_answers_without_a_socket() {
    let (live, app) = (Live::start().await, TestApp::new().await);
    let (_, body) = live.request("GET", "/openapi.json", "");
    assert_eq!(app.get("/openapi.json").await.text(), body);
    live.stop().await.unwrap();
}

#[actix_web::test]
async fn what_the_framework_refuses_has_a_problem_too() {
    let live = Live::start().await;
    let long = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(70_000));
    let headers = format!(
        "GET / HTTP/1.1\r\nHost: a\r\nX-A: {}\r\n\r\n",
        "a".repeat(200_000)
    );
    for (request, statuses) in [
        (
            "GET /api/v1/partners?q=Białystok HTTP/1.1\r\nHost: a\r\n\r\n",
            [400, 400],
        ),
        ("nonsense\r\n\r\n", [400, 400]),
        (&long, [400, 414]),
        (&headers, [431, 431]),
    ] {
        let answer = live.raw(request.as_bytes());
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status: u16 = head.split(' ').nth(1).unwrap().parse().unwrap();
        assert!(statuses.contains(&status), "{head}");
        assert!(head.contains("application/problem+json"), "{head}");
        assert_eq!(
            length(head),
            Some(body.len().to_string().as_str()),
            "{head}"
        );
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["status"], status);
        assert!(
            head.contains(body["request_id"].as_str().unwrap()),
            "{head}"
        );
    }
    live.stop().await.unwrap();
}

#[actix_web::test]
async fn a_body_that_does_not_come_is_given_up_and_its_connection_closed() {
    let config = ServeConfig {
        body_timeout: 1,
        ..ServeConfig::default()
    };
    let live = Live::with(config).await;
    let asked = [
        ("/api/v1/sessions", "Content-Length: 100", "{"),
        ("/api/v1/suggestions", "Content-Length: 100", "{"),
        (
            "/api/v1/sessions",
            "Transfer-Encoding: chunked",
            "1\r\n{\r\n",
        ),
    ];
    // All wait at once.
    std::thread::scope(|scope| {
        for (target, length, first) in asked {
            let address = live.address;
            scope.spawn(move || {
                let head =
                    format!("POST {target} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json");
                let answer = raw(
                    address,
                    format!("{head}\r\n{length}\r\n\r\n{first}").as_bytes(),
                );
                assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
                assert!(answer.contains("request-timeout"), "{answer}");
                let answer = answer.to_ascii_lowercase();
                assert!(answer.contains("connection: close"), "{answer}");
            });
        }
    });
    live.stop().await.unwrap();
}
