//! Leaving, with one click and by the page.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use serde_json::json;

use super::{Post, READER, SUBSCRIPTIONS, token};
use crate::agreements::agreement;

#[actix_web::test]
async fn who_subscribes_confirms_gets_one_mail_and_leaves_with_one_click() {
    let mut post = Post::new().await;
    post.follow(READER, &["new_agreements"], json!({})).await;
    agreement(&post.app, json!({"signed_on": "1992"})).await;
    let mails = post.told().await;
    assert_eq!(mails.len(), 1);
    let (to, mail) = &mails[0];
    assert_eq!(to, READER);
    for (name, value) in [
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", "en"),
    ] {
        assert_eq!(mail.headers[name], value);
    }
    // The header a program of mail follows, and the link a person does.
    let own = token(mail);
    assert_eq!(
        mail.headers["List-Unsubscribe"],
        format!("<https://registry.example{SUBSCRIPTIONS}/unsubscribe?token={own}>")
    );
    assert!(mail.text.contains("Białystok – Eindhoven (1992)"));
    assert!(post.news().await.is_empty(), "it is told once");
    post.one_click(mail).await.expect(204);
    assert!(post.addresses().is_empty());
    assert_eq!(post.rows().0, 0);
    agreement(&post.app, json!({"signed_on": "1993"})).await;
    assert!(post.told().await.is_empty());
    // Sent again by a program that has not heard the answer.
    post.one_click(mail).await.expect(204);
}

#[actix_web::test]
async fn every_mail_lets_its_reader_leave_also_the_first_and_the_oldest() {
    let mut post = Post::new().await;
    post.ask(READER, &["new_agreements"], json!({}))
        .await
        .expect(202);
    let asked = post.mails().await;
    post.one_click(&asked[0].1).await.expect(204);
    assert!(post.addresses().is_empty());
    let refused = post.confirm(&token(&asked[0].1)).await;
    assert_eq!(refused.pointers("validation-failed"), ["/token"]);
    post.one_click(&asked[0].1).await.expect(204);

    post.ask(READER, &["new_agreements"], json!({}))
        .await
        .expect(202);
    let asked = post.mails().await;
    post.confirm(&token(&asked[0].1)).await.expect(204);
    let mut old = Vec::new();
    for year in ["1992", "1993"] {
        agreement(&post.app, json!({"signed_on": year})).await;
        old.extend(post.told().await);
        post.app.clock.advance(TimeDelta::days(100));
    }
    assert_eq!(old.len(), 2);
    assert_ne!(token(&old[0].1), token(&old[1].1));
    post.one_click(&old[0].1).await.expect(204);
    assert!(post.addresses().is_empty());
    post.one_click(&asked[0].1).await.expect(204);
}

#[actix_web::test]
async fn the_page_to_leave_speaks_the_language_of_the_mails() {
    let mut post = Post::new().await;
    let polish = json!({"lang": "pl"});
    post.ask(READER, &["new_agreements"], polish)
        .await
        .expect(202);
    let asked = token(&post.mails().await[0].1);
    let page = async |post: &Post, token: &str| {
        let browser = post.app.anonymous().header("Accept-Language", "en");
        let path = format!("{SUBSCRIPTIONS}/unsubscribe?token={token}");
        browser.get(&path).await.expect(200).text().to_owned()
    };
    // Also before it is confirmed; a link of nobody's speaks the reader's.
    for confirmed in [false, true] {
        if confirmed {
            post.confirm(&asked).await.expect(204);
        }
        let told = page(&post, &asked).await;
        assert!(told.contains("<h1>Rezygnacja z wiadomości</h1>"), "{told}");
    }
    let told = page(&post, "tcu_none").await;
    assert!(
        told.contains("<h1>This link does not work any more</h1>"),
        "{told}"
    );
}

#[actix_web::test]
async fn what_is_on_its_way_to_whoever_leaves_is_taken_back() {
    let mut post = Post::new().await;
    post.follow(READER, &["new_agreements"], json!({})).await;
    agreement(&post.app, json!({"signed_on": "1992"})).await;
    let first = post.told().await;
    post.app.clock.advance(TimeDelta::minutes(20));
    agreement(&post.app, json!({"signed_on": "1993"})).await;
    // The server is away: the mail waits.
    post.server.refuse(Some(451));
    assert!(post.told().await.is_empty());
    assert_eq!(
        post.addresses().len(),
        2,
        "one of the reader, one of the mail"
    );
    post.one_click(&first[0].1).await.expect(204);
    assert!(post.addresses().is_empty());
    post.server.refuse(None);
    post.app.clock.advance(TimeDelta::days(1));
    assert!(post.mails().await.is_empty());
}

#[actix_web::test]
async fn one_click_is_the_form_of_rfc_8058_in_either_coding() {
    let mut post = Post::new().await;
    post.follow(READER, &["new_agreements"], json!({})).await;
    agreement(&post.app, json!({})).await;
    let mails = post.told().await;
    let path = format!("{SUBSCRIPTIONS}/unsubscribe?token={}", token(&mails[0].1));
    let send = async |media: Option<&str>, body: &'static str| {
        let mut request = TestRequest::post().uri(&path).set_payload(body);
        if let Some(media) = media {
            request = request.insert_header(("Content-Type", media));
        }
        post.app.send(request).await
    };
    let form = Some("application/x-www-form-urlencoded");
    send(None, "List-Unsubscribe=One-Click")
        .await
        .problem("unsupported-media-type");
    send(Some("application/json"), "{}")
        .await
        .problem("unsupported-media-type");
    for body in ["", "List-Unsubscribe=", "x=One-Click"] {
        let refused = send(form, body).await;
        assert_eq!(refused.pointers("validation-failed"), ["/List-Unsubscribe"]);
    }
    assert_eq!(post.rows().0, 1);
    let parts = Some("multipart/form-data; boundary=x");
    let body = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
    send(parts, body).await.expect(204);
    assert_eq!(post.rows().0, 0);
    send(form, "List-Unsubscribe=One-Click").await.expect(204);
    let unknown = TestRequest::post()
        .uri(&format!("{SUBSCRIPTIONS}/unsubscribe?token=tcu_none"))
        .set_form([("List-Unsubscribe", "One-Click")]);
    let refused = post.app.send(unknown).await;
    assert_eq!(refused.pointers("validation-failed"), ["/token"]);
    let without = TestRequest::post()
        .uri(&format!("{SUBSCRIPTIONS}/unsubscribe"))
        .set_form([("List-Unsubscribe", "One-Click")]);
    post.app.send(without).await.expect(400);
    // Opening a link without one is no page with a button.
    for query in ["", "?token="] {
        let path = format!("{SUBSCRIPTIONS}/unsubscribe{query}");
        post.app.get(&path).await.expect(400);
    }
}
