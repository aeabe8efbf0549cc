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

/// A message taken apart: its headers, with folded lines joined, and its text.
pub struct Message {
    pub headers: BTreeMap<String, String>,
    pub text: String,
}

/// Takes a message apart.
pub fn parsed(message: &[u8]) -> Message {
    let message = String::from_utf8(message.to_vec()).unwrap();
    let (head, body) = message.split_once("\r\n\r\n").unwrap();
    let head = head.replace("\r\n ", " ");
    let headers: BTreeMap<String, String> = head
        .split("\r\n")
        .map(|line| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_owned(), value.to_owned())
        })
        .collect();
    let text = match headers["Content-Transfer-Encoding"].as_str() {
        "7bit" => body.to_owned(),
        "quoted-printable" => quoted_printable(body),
        other => panic!("{other}"),
    };
    Message { headers, text }
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
