//! Mails to a server.

use chrono::TimeDelta;
use twincity::http::problem::Problem;
use twincity::jobs::mail::{self, Mail, Template};

use super::server::{MailServer, registry};
use super::{invitation, parsed, push, work};
use crate::jobs::rows;
use crate::support::live::Live;

#[actix_web::test]
async fn a_mail_comes_with_its_text_its_link_and_its_headers() {
    let server = MailServer::start();
    let app = server.registry("").await;
    push(&app, invitation("anna@example.org", "en"));
    assert_eq!(work(&app).await, 1);
    let received = server.received();
    assert_eq!(received.len(), 1);
    let (to, message) = &received[0];
    assert_eq!(*to, ["anna@example.org"]);
    let message = parsed(message);
    for (name, value) in [
        ("From", "\"Rejestr miast\" <rejestr@registry.example>"),
        ("To", "anna@example.org"),
        ("Subject", "You are invited to the twin-city registry"),
        ("Date", "Tue, 24 Nov 2026 12:00:00 +0000"),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", "en"),
    ] {
        assert_eq!(message.headers[name], value);
    }
    let id = &message.headers["Message-ID"];
    assert!(
        id.starts_with("<mail.") && id.ends_with("@registry.example>"),
        "{id}"
    );
    for part in [
        "Hello Zażółć Gęślą,",
        "for Białystok.",
        "\r\nhttps://registry.example/account/invitation?token=s3cret-t0ken\r\n",
        "until 27 November 2026, 12:00 UTC",
    ] {
        assert!(message.text.contains(part), "{part}: {}", message.text);
    }
    // The same for those who read HTML; nothing is loaded, and nobody can leave what they work with.
    let address =
        "https:&#x2f;&#x2f;registry.example&#x2f;account&#x2f;invitation?token=s3cret-t0ken";
    let link = format!("<a href=\"{address}\">{address}</a>");
    assert!(message.html.contains(&link), "{}", message.html);
    assert!(message.html.contains("Hello Zażółć Gęślą,") && !message.html.contains("src="));
    assert!(!message.headers.contains_key("List-Unsubscribe"));
    let row = &rows(&app)[0];
    assert!(row.done_at.is_some());
    assert_eq!(row.payload, "{}");
}

#[actix_web::test]
async fn a_running_server_sends_a_mail_once_it_is_committed() {
    let server = MailServer::start();
    let live = Live::with(server.settings("")).await;
    let (came, now) = (server.next(), live.app.now());
    let mail = invitation("anna@example.org", "en");
    live.app
        .db
        .write(move |conn| -> Result<_, Problem> { Ok(mail::push(conn, &mail, now)?) })
        .await
        .unwrap();
    came.await.unwrap();
    assert_eq!(server.received()[0].0, ["anna@example.org"]);
    live.stop().await.unwrap();
}

#[actix_web::test]
async fn a_polish_reader_gets_polish() {
    let server = MailServer::start();
    let app = server.registry("").await;
    push(&app, invitation("anna@example.org", "pl-PL"));
    push(
        &app,
        Mail::new(Template::PasswordChanged, "anna@example.org", "de"),
    );
    assert_eq!(work(&app).await, 2);
    let mut texts: Vec<_> = server
        .received()
        .iter()
        .map(|(_, message)| parsed(message))
        .collect();
    texts.sort_by_key(|message| message.headers["Content-Language"].clone());
    assert_eq!(texts[0].headers["Content-Language"], "en");
    assert_eq!(texts[1].headers["Content-Language"], "pl");
    assert!(texts[1].text.contains("Dzień dobry!") && texts[1].text.contains("nie później niż"));
}

#[actix_web::test]
async fn a_name_with_a_line_break_adds_no_header() {
    let server = MailServer::start();
    let app = server.registry("").await;
    let title = "Łódź\r\nBcc: eve@example.org\r\n\r\nx";
    push(
        &app,
        Mail::new(Template::SuggestionAccepted, "a@example.org", "en").with("title", title),
    );
    work(&app).await;
    let (to, message) = &server.received()[0];
    assert_eq!(to.len(), 1);
    let message = parsed(message);
    assert!(!message.headers.contains_key("Bcc"));
    assert!(message.text.contains("Łódź Bcc: eve@example.org x"));
}

#[actix_web::test]
async fn a_host_in_letters_of_a_language_is_written_to_by_its_name_in_ascii() {
    let server = MailServer::start();
    let app = server.registry("").await;
    push(&app, invitation("anna@bürgeramt.example", "en"));
    assert_eq!(work(&app).await, 1);
    let received = server.received();
    assert_eq!(received[0].0, ["anna@xn--brgeramt-65a.example"]);
}

#[actix_web::test]
async fn a_refused_recipient_is_not_tried_again() {
    let server = MailServer::start();
    let app = server.registry("").await;
    server.refuse(Some(550));
    push(&app, invitation("anna@example.org", "en"));
    work(&app).await;
    let row = &rows(&app)[0];
    assert!(row.failed_at.is_some());
    assert_eq!(
        row.last_error.as_deref(),
        Some("the mail server refused it (550)")
    );
    assert_eq!(row.payload, "{}");
    server.refuse(None);
    app.clock.advance(TimeDelta::days(2));
    assert_eq!(work(&app).await, 0);
    assert!(server.received().is_empty());
}

#[actix_web::test]
async fn a_recipient_that_is_put_off_is_tried_again_a_minute_later() {
    let server = MailServer::start();
    let app = server.registry("").await;
    server.refuse(Some(451));
    push(&app, invitation("anna@example.org", "en"));
    work(&app).await;
    let row = &rows(&app)[0];
    assert!(row.failed_at.is_none() && row.done_at.is_none());
    assert_eq!(
        row.last_error.as_deref(),
        Some("the mail server put it off (451)")
    );
    server.refuse(None);
    assert_eq!(work(&app).await, 0);
    app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(work(&app).await, 1);
    assert_eq!(server.received().len(), 1);
    assert!(rows(&app)[0].done_at.is_some());
}

#[actix_web::test]
async fn an_address_that_is_none_fails_at_once() {
    let server = MailServer::start();
    let app = server.registry("").await;
    push(
        &app,
        invitation("anna@example.org\r\nRCPT TO:<eve@example.org>", "en"),
    );
    work(&app).await;
    let row = &rows(&app)[0];
    assert_eq!(
        row.last_error.as_deref(),
        Some("the recipient is not an address")
    );
    assert!(row.failed_at.is_some() && server.received().is_empty());
}

#[actix_web::test]
async fn a_server_without_starttls_gets_nothing_where_it_is_required() {
    let server = MailServer::start();
    let app = server.registry("?tls=required").await;
    push(&app, invitation("anna@example.org", "en"));
    work(&app).await;
    let row = &rows(&app)[0];
    assert!(row.failed_at.is_none() && row.done_at.is_none());
    assert!(row.last_error.is_some() && server.received().is_empty());
}

#[actix_web::test]
async fn a_server_that_is_not_there_is_tried_again_and_no_password_is_kept() {
    // A port that was free a moment ago and that nobody listens on.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let app = registry(&format!("smtp://user:s3cret@127.0.0.1:{port}")).await;
    push(&app, invitation("anna@example.org", "en"));
    work(&app).await;
    let row = &rows(&app)[0];
    assert!(row.failed_at.is_none() && row.done_at.is_none());
    assert_eq!(
        row.last_error.as_deref(),
        Some("the mail server can't be reached")
    );
}
