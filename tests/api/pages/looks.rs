//! What pages load, what they tell browsers, and how readers like them.

use actix_web::test::TestRequest;

use super::{partner, with_example};

#[actix_web::test]
async fn pages_say_themselves_what_browsers_may_do_with_them() {
    let app = with_example().await;
    let id = partner(&app, "bialystok").await;
    for path in [
        "/en/".to_owned(),
        format!("/pl/partners/{id}"),
        "/en/nowhere".to_owned(),
    ] {
        let page = app.get(&path).await;
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header("referrer-policy"), Some("same-origin"));
        assert_eq!(page.header("vary"), Some("Accept-Encoding"));
        assert_eq!(page.header("x-frame-options"), Some("DENY"));
        let text = page.text();
        assert!(!text.contains(" style=\""), "{text}");
        for script in text.split("<script").skip(1) {
            let ours = script.starts_with(" type=\"module\" src=\"/assets/");
            assert!(
                ours || script.starts_with(" type=\"application/ld+json\">"),
                "{script}"
            );
        }
        // Nothing is loaded from elsewhere; what can be copied to other sites has a whole address.
        let copied = text.split("</textarea>");
        let loaded: String = copied
            .map(|part| part.split("<textarea").next().unwrap())
            .collect();
        for loaded in loaded
            .split([' ', '\n'])
            .filter(|part| part.starts_with("src="))
        {
            assert!(loaded.starts_with("src=\"/"), "{loaded}");
        }
    }
    let data = app.get("/api/v1/partners").await.expect(200);
    assert_eq!(data.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(
        data.header("vary"),
        Some("Accept, Accept-Encoding, Authorization, Origin")
    );
}

#[actix_web::test]
async fn what_pages_load_may_be_kept_for_ever() {
    let app = with_example().await;
    let home = app.get("/en/").await.expect(200);
    let files: Vec<&str> = home
        .text()
        .split('"')
        .filter(|part| part.starts_with("/assets/"))
        .collect();
    assert!(files.len() >= 3, "{home}");
    for file in files {
        let asset = app.get(file).await.expect(200);
        assert_eq!(
            asset.header("cache-control"),
            Some("public, max-age=31536000, immutable"),
            "{file}"
        );
        let packed = app
            .anonymous()
            .header("Accept-Encoding", "gzip")
            .get(file)
            .await
            .expect(200);
        assert_eq!(packed.header("content-encoding"), Some("gzip"));
        assert!(packed.bytes().len() < asset.bytes().len(), "{file}");
    }
    app.get("/assets/page.000000000000.css").await.expect(404);
}

fn prefer(wanted: &[(&str, &str)]) -> TestRequest {
    TestRequest::post().uri("/preferences").set_form(wanted)
}

#[actix_web::test]
async fn contrast_and_size_of_text_are_kept_without_a_script() {
    let app = with_example().await;
    let ours = app.anonymous().header("Sec-Fetch-Site", "same-origin");
    let wanted = [("contrast", "high"), ("back", "/pl/search?q=a")];
    let led = ours.send(prefer(&wanted)).await.expect(303);
    assert_eq!(led.header("location"), Some("/pl/search?q=a"));
    let cookie = led.header("set-cookie").unwrap();
    let (pair, rest) = cookie.split_once("; ").unwrap();
    assert!(
        rest.contains("SameSite=Lax") && rest.contains("HttpOnly"),
        "{cookie}"
    );
    let reader = ours.clone().header("Cookie", &format!("other=1; {pair}"));
    let led = reader
        .send(prefer(&[("text", "largest")]))
        .await
        .expect(303);
    assert_eq!(led.header("location"), Some("/"));
    let pair = led.header("set-cookie").unwrap().split(';').next().unwrap();
    assert_eq!(pair, "look=high.largest");
    let reader = app.anonymous().header("Cookie", pair);
    let sheet = reader.get("/preferences.css").await.expect(200);
    assert!(
        sheet.text().contains("--back:#000") && sheet.text().contains("150%"),
        "{sheet}"
    );
    assert_eq!(sheet.header("cache-control"), Some("private, no-cache"));
    reader
        .header("If-None-Match", &sheet.etag())
        .get("/preferences.css")
        .await
        .expect(304);
    let plain = app.get("/preferences.css").await.expect(200);
    assert!(!plain.text().contains("--back"), "{plain}");
}

#[actix_web::test]
async fn a_form_of_another_site_changes_nothing_and_nobody_is_led_away() {
    let app = with_example().await;
    let wanted = [("contrast", "high"), ("back", "//evil.example/")];
    for headers in [
        &[("Sec-Fetch-Site", "cross-site")][..],
        &[("Origin", "null")][..],
        &[][..],
    ] {
        let mut other = app.anonymous();
        for (name, value) in headers {
            other = other.header(name, value);
        }
        let refused = other.send(prefer(&wanted)).await.expect(403);
        assert_eq!(refused.header("set-cookie"), None);
    }
    let ours = app.anonymous().header("Sec-Fetch-Site", "same-origin");
    let led = ours.send(prefer(&wanted)).await.expect(303);
    assert_eq!(led.header("location"), Some("/"));
}
