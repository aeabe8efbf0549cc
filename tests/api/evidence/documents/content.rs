//! The bytes on their way out.

use actix_web::test::TestRequest;
use twincity::access::keys::store::{self as keys, NewKey};
use twincity::core::vocabulary::record::Role;
use twincity::http::problem::Problem;

use super::{DOCUMENTS, Form, PDF, filed, kept};
use crate::support::live::Live;
use crate::support::{Answer, TestApp};

async fn text(app: &TestApp, bytes: &[u8]) -> String {
    let form =
        Form::default()
            .field("kind", "report")
            .file(Some("notes.txt"), Some("text/plain"), bytes);
    let made = form.post(&app.as_registrar(), DOCUMENTS).await.expect(201);
    format!("{DOCUMENTS}/{}/content", made.id())
}

async fn with(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Answer {
    let caller = headers
        .iter()
        .fold(app.anonymous(), |caller, (name, value)| {
            caller.header(name, value)
        });
    caller.get(path).await
}

#[actix_web::test]
async fn bytes_come_as_a_file_to_be_saved_that_runs_nothing() {
    let app = TestApp::new().await;
    let body = filed(&app.as_registrar(), &[]).await;
    let path = body["content_url"].as_str().unwrap();
    let etag = format!("\"sha256-{}\"", body["sha256"].as_str().unwrap());
    let answer = app.get(path).await.expect(200);
    for (name, value) in [
        ("etag", etag.as_str()),
        ("content-type", "application/pdf"),
        (
            "content-disposition",
            "attachment; filename*=UTF-8''agreement.pdf",
        ),
        ("accept-ranges", "bytes"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "public, no-cache"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    assert_eq!(answer.header("content-encoding"), None);
    let shown = app.get(&format!("{path}?inline=true")).await.expect(200);
    assert_eq!(
        shown.header("content-disposition"),
        Some("inline; filename*=UTF-8''agreement.pdf")
    );
    // Text could be taken for something else.
    let text = text(&app, b"Zapiski").await;
    let saved = app.get(&format!("{text}?inline=true")).await.expect(200);
    assert_eq!(
        saved.header("content-disposition"),
        Some("attachment; filename*=UTF-8''notes.txt")
    );
    assert_eq!(
        saved.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    let keyed = app.as_registrar().get(path).await.expect(200);
    assert_eq!(keyed.header("cache-control"), Some("private, no-cache"));
    app.get(&format!("{path}?download=1"))
        .await
        .problem("unknown-parameter");
    app.get(&format!("{DOCUMENTS}/doc_0000000000/content"))
        .await
        .problem("not-found");
}

#[actix_web::test]
async fn a_name_of_any_script_is_written_so_that_it_can_not_leave_its_place() {
    let app = TestApp::new().await;
    let form =
        Form::default()
            .field("kind", "report")
            .file(Some("Ugoda \u{2013} łódź; x"), None, PDF);
    let made = form.post(&app.as_registrar(), DOCUMENTS).await.expect(201);
    let answer = app
        .get(&format!("{DOCUMENTS}/{}/content", made.id()))
        .await
        .expect(200);
    assert_eq!(
        answer.header("content-disposition"),
        Some("attachment; filename*=UTF-8''Ugoda%20%E2%80%93%20%C5%82%C3%B3d%C5%BA%3B%20x.pdf")
    );
}

#[actix_web::test]
async fn one_range_at_a_time_is_sent() {
    let app = TestApp::new().await;
    let path = text(&app, b"0123456789").await;
    let etag = app.get(&path).await.etag();
    for (range, place, bytes) in [
        ("bytes=0-3", "bytes 0-3/10", "0123"),
        ("bytes=4-", "bytes 4-9/10", "456789"),
        ("bytes=-2", "bytes 8-9/10", "89"),
        ("bytes=8-99", "bytes 8-9/10", "89"),
    ] {
        let answer = with(&app, &path, &[("Range", range)]).await.expect(206);
        assert_eq!(answer.header("content-range"), Some(place), "{range}");
        assert_eq!((answer.text(), answer.etag()), (bytes, etag.clone()));
    }
    for range in ["bytes=10-", "bytes=-0"] {
        let answer = with(&app, &path, &[("Range", range)]).await;
        assert_eq!(answer.header("content-range"), Some("bytes */10"));
        answer.problem("range-not-satisfiable");
    }
    for range in ["bytes=0-1,3-4", "pages=1-2", "bytes=5-2", "nonsense"] {
        let answer = with(&app, &path, &[("Range", range)]).await.expect(200);
        assert_eq!(answer.text(), "0123456789", "{range}");
    }
    for (held, status) in [
        (etag.as_str(), 206),
        ("\"sha256-0\"", 200),
        ("Tue, 24 Nov 2026 12:00:00 GMT", 200),
    ] {
        with(&app, &path, &[("Range", "bytes=0-3"), ("If-Range", held)])
            .await
            .expect(status);
    }
}

#[actix_web::test]
async fn who_holds_the_bytes_is_not_sent_them_again() {
    let app = TestApp::new().await;
    let path = text(&app, b"0123456789").await;
    let etag = app.get(&path).await.etag();
    for (held, status) in [(etag.as_str(), 304), ("*", 304), ("\"sha256-0\"", 200)] {
        let headers = [("If-None-Match", held), ("Range", "bytes=0-3")];
        let answer = with(&app, &path, &headers).await;
        let expected = if status == 200 { 206 } else { status };
        let answer = answer.expect(expected);
        assert_eq!(answer.bytes().is_empty(), status == 304);
        assert_eq!(answer.etag(), etag);
    }
}

#[actix_web::test]
async fn any_media_type_may_be_asked_for_and_nothing_is_packed() {
    let app = TestApp::new().await;
    let long = "Białystok ".repeat(2000);
    let path = text(&app, long.as_bytes()).await;
    for accept in ["application/pdf", "text/plain", "image/*", "*/*"] {
        let headers = [("Accept", accept), ("Accept-Encoding", "gzip, br")];
        let answer = with(&app, &path, &headers).await.expect(200);
        assert_eq!(answer.header("content-encoding"), None);
        assert_eq!(answer.text(), long);
    }
}

#[actix_web::test]
async fn head_tells_the_length_without_the_bytes() {
    let live = Live::start().await;
    let now = live.app.now();
    let new = NewKey {
        name: "test".to_owned(),
        role: Role::Registrar,
        organisation: None,
        expires_at: None,
        person: None,
        scopes: None,
    };
    let (_, secret) = live
        .app
        .db
        .write(move |conn| -> Result<_, Problem> { Ok(keys::create(conn, &new, now)?) })
        .await
        .unwrap();
    let form = super::pdf().bytes();
    let mut request = format!(
        "POST {DOCUMENTS} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {secret}\r\n\
         Content-Type: multipart/form-data; boundary={}\r\nContent-Length: {}\r\n\r\n",
        super::BOUNDARY,
        form.len()
    )
    .into_bytes();
    request.extend_from_slice(&form);
    let made = live.raw(&request);
    assert!(made.starts_with("HTTP/1.1 201 "), "{made}");
    let location = made
        .lines()
        .find_map(|line| line.strip_prefix("location: "))
        .unwrap();
    let (head, body) = live.request("HEAD", &format!("{location}/content"), "");
    let length = format!("content-length: {}\r\n", PDF.len());
    assert!(head.starts_with("http/1.1 200 "), "{head}");
    assert!(head.contains(&length) && body.is_empty(), "{head}");
    let (head, body) = live.request(
        "GET",
        &format!("{location}/content"),
        "Range: bytes=1-3\r\n",
    );
    assert!(head.starts_with("http/1.1 206 "), "{head}");
    assert!(
        head.contains("content-length: 3") && body == "PDF",
        "{head}"
    );
    live.stop().await.unwrap();
}

#[actix_web::test]
async fn bytes_that_are_lost_are_our_fault() {
    let app = TestApp::new().await;
    let path = text(&app, b"0123456789").await;
    for name in kept(&app) {
        std::fs::remove_file(app.documents.path().join(name)).unwrap();
    }
    app.get(&path).await.problem("internal");
    app.send(TestRequest::delete().uri(&path))
        .await
        .problem("method-not-allowed");
}
