//! Mails, from the write that leaves one to the server that gets it.

mod folder;
pub mod server;
mod smtp;

use std::collections::BTreeMap;

use twincity::http::problem::Problem;
use twincity::jobs::mail::{self, Mail, Template};
use twincity::jobs::worker;
use twincity::server::handlers;

use crate::support::TestApp;

/// Leaves a mail.
pub fn push(app: &TestApp, mail: Mail) {
    let now = app.app.now();
    app.write(move |conn| -> Result<_, Problem> { Ok(mail::push(conn, &mail, now)?) })
        .unwrap();
}

/// Lets the server's own worker look once; how many jobs it did.
pub async fn work(app: &TestApp) -> usize {
    worker::run_once(&app.app, &handlers(&app.app).unwrap())
        .await
        .unwrap()
}

/// An invitation to this address.
pub fn invitation(to: &str, lang: &str) -> Mail {
    Mail::new(Template::Invitation, to, lang)
        .with("name", "Zażółć Gęślą")
        .with("office", "Białystok")
        .with("token", "s3cret-t0ken")
        .with("expires", "2026-11-27T12:00:00Z")
}

/// A message taken apart: its headers, with folded lines joined, its text and the same as HTML.
pub struct Message {
    pub headers: BTreeMap<String, String>,
    pub text: String,
    pub html: String,
}

fn split(part: &str) -> (BTreeMap<String, String>, &str) {
    let (head, body) = part.split_once("\r\n\r\n").unwrap();
    let head = head.replace("\r\n ", " ");
    let headers = head
        .split("\r\n")
        .map(|line| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_owned(), value.to_owned())
        })
        .collect();
    (headers, body)
}

fn decoded(part: &str, kind: &str) -> String {
    let (headers, body) = split(part);
    assert_eq!(headers["Content-Type"], format!("{kind}; charset=utf-8"));
    match headers["Content-Transfer-Encoding"].as_str() {
        "7bit" => body.to_owned(),
        "quoted-printable" => quoted_printable(body),
        "base64" => {
            use base64::Engine;
            let packed = body.split_whitespace().collect::<String>();
            let engine = base64::engine::general_purpose::STANDARD;
            String::from_utf8(engine.decode(packed).unwrap()).unwrap()
        }
        other => panic!("{other}"),
    }
}

/// Takes a message apart.
pub fn parsed(message: &[u8]) -> Message {
    let message = String::from_utf8(message.to_vec()).unwrap();
    let (headers, body) = split(&message);
    let (kind, boundary) = headers["Content-Type"].split_once("boundary=").unwrap();
    assert_eq!(kind, "multipart/alternative; ");
    let boundary = format!("--{}", boundary.trim_matches('"'));
    let parts: Vec<&str> = body
        .split(&boundary)
        .filter_map(|part| part.strip_prefix("\r\n"))
        .map(|part| part.strip_suffix("\r\n").unwrap_or(part))
        .filter(|part| part.contains("\r\n\r\n"))
        .collect();
    assert_eq!(parts.len(), 2, "{body}");
    let (text, html) = (
        decoded(parts[0], "text/plain"),
        decoded(parts[1], "text/html"),
    );
    Message {
        headers,
        text,
        html,
    }
}

fn quoted_printable(body: &str) -> String {
    let body = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = body.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first == b'=' {
            let (code, after) = rest.split_at(2);
            bytes.push(u8::from_str_radix(std::str::from_utf8(code).unwrap(), 16).unwrap());
            rest = after;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[actix_web::test]
async fn a_mail_that_lacks_a_parameter_is_refused_when_it_is_left() {
    let app = TestApp::new().await;
    let now = app.app.now();
    let mut mail = invitation("a@example.org", "en");
    mail.params.remove("token");
    let refused =
        app.write(move |conn| -> Result<_, Problem> { Ok(mail::push(conn, &mail, now)?) });
    assert!(refused.is_err());
    assert!(crate::jobs::rows(&app).is_empty());
}
