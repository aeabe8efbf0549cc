//! What a form may carry: types that lie, names that steer, forms that are none.

use actix_web::test::TestRequest;

use super::{DOCUMENTS, Form, PDF, kept, pdf, request};
use crate::support::TestApp;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

/// A container of one stored entry after another, each saying it unpacks to nearly 4 GiB.
fn zip(names: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for name in names {
        bytes.extend_from_slice(
            b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0\x01\0\0\0\xf0\xff\xff\xff",
        );
        bytes.extend_from_slice(&u16::try_from(name.len()).unwrap().to_le_bytes());
        bytes.extend_from_slice(b"\0\0");
        bytes.extend_from_slice(name.as_bytes());
        bytes.push(0);
    }
    bytes
}

#[actix_web::test]
async fn a_type_that_lies_or_is_not_allowed_is_refused() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let docx = zip(&["[Content_Types].xml", "word/document.xml"]);
    let jar = zip(&["META-INF/MANIFEST.MF", "a.class"]);
    for (name, media, bytes) in [
        (Some("a.pdf"), Some("application/pdf"), PNG),
        (Some("a.pdf"), None, PNG),
        (None, Some("image/png"), PDF),
        (Some("a.png"), Some("image/jpeg"), PNG),
        (Some("a.exe"), None, b"MZ\x90\0\x03\0\0\0".as_slice()),
        (
            Some("a.txt"),
            Some("text/plain"),
            b"<!DOCTYPE html><script>alert(1)</script>",
        ),
        (
            Some("a.txt"),
            Some("text/plain"),
            b"\n <svg onload=alert(1)>",
        ),
        (Some("a.txt"), Some("text/plain"), b"#!/bin/sh\nrm -rf /\n"),
        (Some("a.txt"), None, b"a\0b"),
        (
            Some("a.txt"),
            Some("text/plain; charset=iso-8859-2"),
            b"abc",
        ),
        (Some("a.csv"), None, b"a;b"),
        (Some("a.html"), Some("text/html"), b"hello"),
        (Some("a.svg"), Some("image/svg+xml"), b"<svg/>"),
        (Some("a.zip"), Some("application/zip"), &docx),
        (Some("a.docx"), Some(DOCX), &jar),
        (Some("a.docx"), Some(DOCX), PDF),
        (Some("gif"), None, b"GIF89a\x01\0\x01\0"),
        (Some("x.pdf\u{202e}gnp.exe"), None, PDF),
    ] {
        let form = Form::default()
            .field("kind", "photo")
            .file(name, media, bytes);
        let problem = form
            .post(&registrar, DOCUMENTS)
            .await
            .problem("unsupported-media-type");
        let allowed = problem["allowed"].as_array().unwrap();
        assert_eq!(allowed.len(), 6, "{name:?} {media:?}");
    }
    assert_eq!(kept(&app), Vec::<String>::new());
}

#[actix_web::test]
async fn a_type_is_taken_from_the_content_where_nothing_else_is_said() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    // Nobody unpacks them, whatever they say of themselves.
    let docx = zip(&[
        "_rels/.rels",
        "docProps/app.xml",
        "docProps/core.xml",
        "word/document.xml",
    ]);
    for (name, media, bytes, is) in [
        (None, None, PNG, "image/png"),
        (Some("a.PNG"), Some("IMAGE/PNG"), PNG, "image/png"),
        (
            Some("photo.jpeg"),
            Some("image/jpg"),
            b"\xff\xd8\xff\xe0\0\x10JFIF".as_slice(),
            "image/jpeg",
        ),
        (
            Some("umowa"),
            Some("application/octet-stream"),
            PDF,
            "application/pdf",
        ),
        (Some("a.docx"), Some(DOCX), &docx, DOCX),
        (
            Some("notes.txt"),
            Some("text/plain; charset=UTF-8"),
            "\u{feff}Zażółć\n".as_bytes(),
            "text/plain",
        ),
    ] {
        let form = Form::default()
            .field("kind", "photo")
            .file(name, media, bytes);
        let made = form.post(&registrar, DOCUMENTS).await.expect(201);
        assert_eq!(made.json()["media_type"], is);
        assert_eq!(made.json()["size"], bytes.len());
    }
}

#[actix_web::test]
async fn a_name_is_kept_to_be_shown_and_is_never_a_path() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let long = format!("{}.pdf", "ż".repeat(300));
    for (sent, name) in [
        ("../../etc/passwd.pdf", Some("passwd.pdf")),
        (r"..\\..\\boot.pdf", Some("boot.pdf")),
        (r"C:\\Users\\jan\\umowa.pdf", Some("umowa.pdf")),
        ("/", None),
        ("...", None),
        (".hidden.pdf", Some("hidden.pdf")),
        ("annexe\u{202e}.pdf", Some("annexe.pdf")),
        ("Umowa o współpracy.pdf", Some("Umowa o współpracy.pdf")),
    ] {
        let form = Form::default()
            .field("kind", "report")
            .file(Some(sent), None, PDF);
        let made = form.post(&registrar, DOCUMENTS).await.expect(201).json();
        assert_eq!(made["file_name"].as_str(), name, "{sent:?}");
    }
    let form = Form::default()
        .field("kind", "report")
        .file(Some(&long), None, PDF);
    let made = form.post(&registrar, DOCUMENTS).await.expect(201).json();
    let name = made["file_name"].as_str().unwrap();
    assert!(name.len() <= 200 && name.ends_with("ż.pdf"), "{name}");
    // The name as RFC 8187 writes it wins over the other one.
    let head = "Content-Disposition: form-data; name=\"file\"; filename=\"x.exe\"; \
                filename*=UTF-8''..%2F..%2Fuchwa%C5%82a.pdf\r\n";
    let form = Form::default().field("kind", "report").part(head, PDF);
    let made = form.post(&registrar, DOCUMENTS).await.expect(201).json();
    assert_eq!(made["file_name"], "uchwała.pdf");
    for name in kept(&app) {
        let parts: Vec<&str> = name.split('/').collect();
        assert!(parts.len() == 2 && parts[1].starts_with("doc_"), "{name}");
    }
}

#[actix_web::test]
async fn a_form_that_can_not_be_read_is_refused() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    for (form, pointer) in [
        (pdf().field("titel", "x"), "/titel"),
        (pdf().field("title", "a\0b"), "/title"),
        (pdf().field("authentic", "yes"), "/authentic"),
        (pdf().field("kind", "annex"), "/kind"),
        (pdf().file(None, None, PDF), "/file"),
        (
            pdf().part(
                "Content-Disposition: form-data; name=\"title\"\r\n",
                b"\xff",
            ),
            "/title",
        ),
    ] {
        let pointers = form
            .post(&registrar, DOCUMENTS)
            .await
            .pointers("malformed-request");
        assert_eq!(pointers, [pointer]);
    }
    let mut cut = pdf().bytes();
    cut.truncate(cut.len() - 30);
    for body in [cut, b"nonsense".to_vec(), Vec::new()] {
        registrar
            .send(request(DOCUMENTS, body))
            .await
            .problem("malformed-request");
    }
    let long = pdf().field("title", &"x".repeat(20_000));
    long.post(&registrar, DOCUMENTS)
        .await
        .problem("payload-too-large");
    for (media, code) in [
        ("multipart/form-data", "malformed-request"),
        ("multipart/mixed; boundary=x", "unsupported-media-type"),
        ("application/pdf", "unsupported-media-type"),
    ] {
        let sent = TestRequest::post()
            .uri(DOCUMENTS)
            .insert_header(("Content-Type", media))
            .set_payload(pdf().bytes());
        registrar.send(sent).await.problem(code);
    }
    assert_eq!(kept(&app), Vec::<String>::new());
}
