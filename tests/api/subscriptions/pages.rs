//! The forms and pages of people.

use actix_web::test::TestRequest;
use serde_json::json;

use super::{Post, READER, token};
use crate::agreements::{agreement, city};
use crate::support::Answer;

impl Post {
    /// Sends a form from a page of ours.
    async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.app
            .anonymous()
            .header("Sec-Fetch-Site", "same-origin")
            .send(TestRequest::post().uri(path).set_form(fields))
            .await
    }
}

/// The value of an attribute that begins like this.
fn value<'a>(page: &'a Answer, begins: &str) -> &'a str {
    let (_, rest) = page
        .text()
        .split_once(begins)
        .unwrap_or_else(|| panic!("{begins}: {page}"));
    rest.split('"').next().unwrap()
}

#[actix_web::test]
async fn a_record_is_followed_without_a_script_from_its_page_to_the_last_mail() {
    let mut post = Post::new().await;
    let id = city(&post.app, "Białystok", "PL").await;
    let page = post
        .app
        .get(&format!("/pl/partners/{id}"))
        .await
        .expect(200);
    let topic = format!("partner:{id}");
    assert!(
        page.text()
            .contains(&format!("<option value=\"{topic}\">Białystok</option>")),
        "{page}"
    );
    assert!(
        page.text().contains("<option value=\"country:PL\">"),
        "{page}"
    );
    let form = [
        ("topic", topic.as_str()),
        ("frequency", "at_once"),
        ("email", READER),
    ];
    let told = post.form("/pl/subscriptions", &form).await.expect(200);
    assert!(told.text().contains("Prosimy zajrzeć do poczty"), "{told}");
    assert!(!told.text().contains(READER), "{told}");
    let mails = post.mails().await;
    let mail = &mails[0].1;
    assert_eq!(mail.headers["Content-Language"], "pl");
    let asked = token(mail);
    let link = format!("/pl/subscriptions/confirm?token={asked}");
    assert!(mail.text.contains(&link), "{}", mail.text);
    let page = post.app.get(&link).await.expect(200);
    assert!(
        page.text()
            .contains("<meta name=\"robots\" content=\"noindex\">")
    );
    assert!(
        page.text().contains("Tematy wiadomości:") && page.text().contains("<li>Białystok</li>"),
        "what will be followed: {page}"
    );
    let (action, own) = (
        value(&page, "<form method=\"post\" action=\"").to_owned(),
        value(&page, "name=\"token\" value=\"").to_owned(),
    );
    let told = post.form(&action, &[("token", &own)]).await.expect(200);
    assert!(
        told.text().contains("Powiadomienia e-mailem są włączone"),
        "{told}"
    );
    // Opened again, in either language, the link says that it has done its work.
    let again = post.app.get(&link).await.expect(200);
    assert!(
        again.text().contains("<h1>Już potwierdzono</h1>"),
        "{again}"
    );
    assert!(
        !again.text().contains("Tak, proszę o wiadomości"),
        "{again}"
    );
    let other = format!("href=\"{}\"", link.replacen("/pl/", "/en/", 1));
    assert!(told.text().contains(&other), "{told}");
    agreement(&post.app, json!({})).await;
    post.app
        .as_registrar()
        .patch(
            &format!("/api/v1/partners/{id}"),
            "*",
            json!({"population": 7}),
        )
        .await
        .expect(200);
    let mails = post.told().await;
    let link = format!("/pl/subscriptions/unsubscribe?token={}", token(&mails[0].1));
    let page = post.app.get(&link).await.expect(200);
    assert!(
        page.text().contains("Białystok"),
        "what is followed: {page}"
    );
    assert_eq!(post.rows().0, 1);
    let own = token(&mails[0].1);
    let told = post
        .form("/pl/subscriptions/unsubscribe", &[("token", &own)])
        .await
        .expect(200);
    assert!(told.text().contains("Adres został usunięty"), "{told}");
    assert!(post.addresses().is_empty());
    let again = post.app.get(&link).await.expect(200);
    assert!(again.text().contains("Adres został usunięty"), "{again}");
    assert!(
        !again.text().contains("Proszę nic więcej nie wysyłać"),
        "{again}"
    );
    // Nor does the first mail lead to a button any more, and what never was a link leads to none.
    for link in [
        format!("/pl/subscriptions/confirm?token={asked}"),
        "/pl/subscriptions/confirm?token=tcu_none".to_owned(),
        "/pl/subscriptions/unsubscribe?token=tcu_none".to_owned(),
    ] {
        let spent = post.app.get(&link).await.expect(200);
        assert!(
            spent
                .text()
                .contains("<h1>Ten odnośnik już nie działa</h1>"),
            "{spent}"
        );
        assert!(
            spent.text().contains("href=\"/pl/subscriptions\""),
            "{spent}"
        );
        assert!(!spent.text().contains("name=\"token\""), "{spent}");
    }
}

#[actix_web::test]
async fn one_of_several_topics_can_be_left() {
    let mut post = Post::new().await;
    post.follow(READER, &["new_agreements", "field:culture_arts"], json!({}))
        .await;
    agreement(&post.app, json!({})).await;
    let mails = post.told().await;
    let own = token(&mails[0].1);
    let less = |topic: &str| [("token", own.clone()), ("topic", topic.to_owned())];
    let path = "/en/subscriptions/unsubscribe";
    let send = async |topic: &str| {
        let form = less(topic);
        let form: Vec<(&str, &str)> = form.iter().map(|(a, b)| (*a, b.as_str())).collect();
        post.form(path, &form).await
    };
    let told = send("field:culture_arts").await.expect(200);
    assert!(told.text().contains("You get fewer mails"), "{told}");
    assert_eq!(post.rows().0, 1);
    let told = send("new_agreements").await.expect(200);
    assert!(
        told.text().contains("Your address has been erased"),
        "{told}"
    );
    assert!(post.addresses().is_empty());
}

#[actix_web::test]
async fn faults_are_told_at_their_fields_and_what_was_typed_stays() {
    let post = Post::new().await;
    let id = city(&post.app, "Białystok", "PL").await;
    let topic = format!("partner:{id}");
    let form = [
        ("topic", topic.as_str()),
        ("frequency", "weekly"),
        ("email", "no\"body<"),
    ];
    let page = post.form("/en/subscriptions", &form).await.expect(422);
    let text = page.text();
    for part in [
        "role=\"alert\"",
        "<a href=\"#email\">",
        "id=\"email-fault\"",
        "aria-invalid=\"true\" aria-describedby=\"email-fault\"",
        "value=\"no&quot;body&lt;\"",
        "<option value=\"weekly\" selected>",
        &format!("<option value=\"{topic}\" selected>Białystok</option>"),
    ] {
        assert!(text.contains(part), "{part}: {page}");
    }
    assert!(post.addresses().is_empty());
    let page = post.form("/pl/subscriptions", &[]).await.expect(422);
    assert!(page.text().contains("to pole trzeba wypełnić"), "{page}");
    let bad = post
        .form("/pl/subscriptions/confirm", &[("token", "tcu_none")])
        .await
        .expect(422);
    assert!(bad.text().contains("Odnośnik jest niepełny"), "{bad}");
    let bad = post
        .form("/en/subscriptions/unsubscribe", &[("token", "tcu_none")])
        .await
        .expect(422);
    assert!(bad.text().contains("The link is not complete"), "{bad}");
}

#[actix_web::test]
async fn a_form_of_another_site_asks_for_nothing() {
    let mut post = Post::new().await;
    for path in [
        "/en/subscriptions",
        "/en/subscriptions/confirm",
        "/en/subscriptions/unsubscribe",
    ] {
        let form = [
            ("topic", "new_agreements"),
            ("email", READER),
            ("token", "x"),
        ];
        let request = TestRequest::post().uri(path).set_form(form);
        let other = post.app.anonymous().header("Sec-Fetch-Site", "cross-site");
        other.send(request).await.expect(403);
        let json = TestRequest::post().uri(path).set_json(json!({}));
        let ours = post.app.anonymous().header("Sec-Fetch-Site", "same-origin");
        ours.send(json).await.expect(415);
    }
    assert!(post.mails().await.is_empty() && post.addresses().is_empty());
}
