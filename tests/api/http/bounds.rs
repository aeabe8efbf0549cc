//! What is bounded before any work is done: bodies, headers, cursors, and what is told of faults.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use twincity::core::vocabulary::record::Role;

use crate::support::TestApp;

const PARTNERS: &str = "/api/v1/partners";

/// Every operation that may have a body, its placeholders filled.
async fn writes(app: &TestApp) -> Vec<(Method, String)> {
    let document = app.get("/openapi.json").await.expect(200).json();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (name, method) in [
            ("post", Method::POST),
            ("patch", Method::PATCH),
            ("delete", Method::DELETE),
        ] {
            if item.get(name).is_some() {
                let mut target = String::new();
                for part in path.split('/').skip(1) {
                    target.push('/');
                    target.push_str(if part.starts_with('{') { "x" } else { part });
                }
                all.push((method, target));
            }
        }
    }
    assert!(all.len() > 40, "{}", all.len());
    all
}

#[actix_web::test]
async fn no_operation_unpacks_a_body() {
    let app = TestApp::new().await;
    let packed = |method: &Method, target: &str, coding: &str| {
        TestRequest::default()
            .method(method.clone())
            .uri(target)
            .insert_header(("Content-Type", "application/json"))
            .insert_header(("Content-Encoding", coding))
            .set_payload(vec![0x1f_u8, 0x8b, 8, 0])
    };
    for (method, target) in writes(&app).await {
        let answer = app.send(packed(&method, &target, "br")).await;
        assert_eq!(
            answer.header("accept-encoding"),
            Some("identity"),
            "{answer}"
        );
        answer.problem("unsupported-media-type");
    }
    for coding in [
        "gzip",
        "GZip",
        "x-gzip",
        "deflate",
        "zstd",
        "compress",
        "identity, br",
        "gzip, gzip",
        "unknown",
    ] {
        let answer = app
            .send(packed(&Method::POST, "/api/v1/sessions", coding))
            .await;
        answer.problem("unsupported-media-type");
    }
    for coding in ["identity", "IDENTITY", ""] {
        let answer = app
            .send(packed(&Method::POST, "/api/v1/sessions", coding))
            .await;
        answer.problem("malformed-request");
    }
}

#[actix_web::test]
async fn json_is_bounded_in_depth_and_number_before_it_is_read() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let post = async |body: String| {
        let request = TestRequest::post()
            .uri(PARTNERS)
            .insert_header(("Content-Type", "application/json"))
            .set_payload(body);
        admin.send(request).await
    };
    for body in [
        "[".repeat(100_000),
        "{\"a\":".repeat(100_000),
        format!("{}{}", "[".repeat(1000), "]".repeat(1000)),
        format!("[{}]", vec!["{}"; 200_000].join(",")),
        format!("{{\"names\":[{}]}}", vec!["1"; 900_000].join(",")),
    ] {
        post(body).await.problem("malformed-request");
    }
    // A member's name is compared with the allowed ones, and repeated, only as far as it is short.
    let answer = post(format!("{{\"{}\":1}}", "n".repeat(1_500_000))).await;
    assert!(answer.text().len() < 10_000);
    answer.problem("malformed-request");
    let answer = post(format!("{{\"kind\":\"{}\"}}", "k".repeat(1_500_000))).await;
    assert!(answer.status() < 500 && answer.text().len() < 10_000);
}

#[actix_web::test]
async fn very_many_faults_are_counted_and_not_all_told() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    for item in [
        // Rules that are broken, and shapes that are wrong.
        json!({"kind": "municipality", "names": vec![json!({"name": "", "lang": "??"}); 20]}),
        json!({"kind": 7}),
        json!({"colour": "red".repeat(1000)}),
    ] {
        let answer = admin.post(PARTNERS, json!(vec![item; 500])).await;
        assert!(matches!(answer.status(), 400 | 422), "{answer}");
        assert!(answer.text().len() < 500_000, "{}", answer.text().len());
        let body = answer.json();
        let errors = body["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 201);
        assert_eq!(errors[200]["code"], "more");
    }
}

#[actix_web::test]
async fn a_forged_cursor_is_the_callers_fault_whatever_is_in_it() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    for title in ["a", "b", "c"] {
        admin
            .post("/api/v1/sources", json!({"kind": "press", "title": title}))
            .await
            .expect(201);
    }
    for sort in ["title", "-updated_at", "-created_at,title"] {
        let list = format!("/api/v1/sources?limit=1&sort={sort}");
        let page = app.get(&list).await.expect(200).json();
        let cursor = page["page"]["next"].as_str().unwrap();
        let cursor: Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(cursor).unwrap()).unwrap();
        let values = cursor["p"]["values"].as_array().unwrap().len();
        let forged = async |change: &dyn Fn(&mut Value)| {
            let mut cursor = cursor.clone();
            change(&mut cursor);
            let text = URL_SAFE_NO_PAD.encode(cursor.to_string());
            app.get(&format!("{list}&cursor={text}"))
                .await
                .problem("malformed-request");
        };
        for wrong in ["a\0b", "\n", "\u{7f}"] {
            for at in 0..values {
                forged(&|cursor| cursor["p"]["values"][at] = json!(wrong)).await;
            }
        }
        if sort != "title" {
            // Times that one engine does not know.
            for wrong in ["-4800-01-01T00:00:00", "+99999-01-01T00:00:00", ""] {
                forged(&|cursor| cursor["p"]["values"][0] = json!(wrong)).await;
            }
        }
        forged(&|cursor| cursor["p"]["id"] = json!("src_\0")).await;
    }
}

#[actix_web::test]
async fn a_nul_character_is_refused_wherever_it_is_sent() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    for target in [
        "/api/v1/partners?q=a%00",
        "/api/v1/search?q=%00",
        "/api/v1/partners?country=%00",
        "/api/v1/partners?identifier=wikidata:%00",
        "/api/v1/changes?since=%00",
        "/api/v1/partners?cursor=%00",
    ] {
        let answer = app.get(target).await;
        assert_eq!(answer.status(), 400, "{answer}");
    }
    for target in [
        "/api/v1/partners/ptn_%00",
        "/api/v1/vocabularies/%00",
        "/problems/%00",
        "/%00",
    ] {
        let answer = app.get(target).await;
        assert!(matches!(answer.status(), 400 | 404), "{answer}");
    }
    for body in [
        json!({"kind": "press", "title": "a\0"}),
        json!({"kind": "press", "title": "a", "notes\0": "x"}),
    ] {
        admin
            .post("/api/v1/sources", body)
            .await
            .problem("malformed-request");
    }
}

#[actix_web::test]
async fn an_if_match_that_is_no_tag_is_malformed_and_a_weak_one_never_matches() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let made = admin
        .post("/api/v1/sources", json!({"kind": "press", "title": "a"}))
        .await
        .expect(201);
    let path = format!("/api/v1/sources/{}", made.id());
    for wrong in [
        "",
        " ",
        "1",
        "\"1",
        "1\"",
        "'1'",
        "W/1",
        "\"1\" \"2\"",
        "*, \"1\"",
        "null",
    ] {
        let patch = admin.patch(&path, wrong, json!({"title": "b"})).await;
        patch.problem("malformed-request");
        let delete = admin.delete(&path, wrong).await;
        delete.problem("malformed-request");
    }
    for weak in ["W/\"1\"", "W/\"1\", W/\"2\""] {
        let body = admin.patch(&path, weak, json!({"title": "b"})).await;
        let body = body.problem("precondition-failed");
        assert!(body["detail"].as_str().unwrap().contains("weak"), "{body}");
    }
    for (right, title) in [
        ("\"1\"", "b"),
        ("\"9\", \"2\"", "c"),
        ("\"3-gzip\"", "d"),
        ("*", "e"),
    ] {
        admin
            .patch(&path, right, json!({"title": title}))
            .await
            .expect(200);
    }
}

#[actix_web::test]
async fn a_tag_that_a_proxy_changed_is_still_held() {
    let app = TestApp::new().await;
    let made = app
        .as_admin()
        .post("/api/v1/sources", json!({"kind": "press", "title": "a"}))
        .await
        .expect(201);
    let path = format!("/api/v1/sources/{}", made.id());
    let list = app.get("/api/v1/sources").await.etag();
    let list = list.trim_start_matches("W/").trim_matches('"').to_owned();
    for (target, tag) in [(path.as_str(), "1"), ("/api/v1/sources", list.as_str())] {
        for (held, status) in [
            (format!("\"{tag}\""), 304),
            (format!("W/\"{tag}\""), 304),
            (format!("\"{tag}-gzip\""), 304),
            (format!("W/\"{tag}-br\""), 304),
            (format!("\"{tag};gzip\""), 304),
            (format!("\"x,y\", \"{tag}--gzip\""), 304),
            ("*".to_owned(), 304),
            // The whole tag, never the version alone; nothing that is no tag.
            (format!("\"{tag}-999\""), 200),
            (format!("\"{tag}-gzip-gzip2\""), 200),
            (format!("\"x,{tag}\""), 200),
            (tag.to_owned(), 200),
        ] {
            let caller = app.anonymous().header("If-None-Match", &held);
            caller.get(target).await.expect(status);
        }
    }
}

#[actix_web::test]
async fn the_head_of_a_part_is_bounded() {
    let app = TestApp::new().await;
    let editor = app.with_role(Role::Admin, None);
    let send = async |body: Vec<u8>| {
        let request = TestRequest::post()
            .uri("/api/v1/documents")
            .insert_header(("Content-Type", "multipart/form-data; boundary=x"))
            .set_payload(body);
        editor.send(request).await
    };
    let long = format!(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\r\na\r\n--x--\r\n",
        "a".repeat(3 * 1024 * 1024)
    );
    send(long.into_bytes()).await.problem("payload-too-large");
    let endless = [b"x".repeat(3 * 1024 * 1024), b"\r\n--x\r\n".to_vec()].concat();
    send(endless).await.problem("payload-too-large");
}
