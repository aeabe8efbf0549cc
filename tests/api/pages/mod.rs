//! Pages for people, in both languages.

mod along;
mod demo;
mod elsewhere;
mod evidence;
mod home;
mod hub;
mod looks;
mod order;
mod problems;
mod records;
mod suggest;
mod ties;
mod told;

use twincity::changes::Ctx;
use twincity::core::vocabulary::record::Role;
use twincity::exchange::example;

use crate::support::{Answer, TestApp};

/// Largest page in bytes, before it is packed.
const LARGEST: usize = 60 * 1024;

/// A registry with the Białystok example.
async fn with_example() -> TestApp {
    let app = TestApp::new().await;
    let ctx = Ctx::system(Role::Registrar, app.app.now());
    app.write(move |conn| example::load(conn, &ctx)).unwrap();
    app
}

/// The id of the first partner that this name finds.
async fn partner(app: &TestApp, name: &str) -> String {
    let found = app
        .get(&format!("/api/v1/partners?q={name}"))
        .await
        .expect(200)
        .json();
    found["data"][0]["id"].as_str().unwrap().to_owned()
}

/// The text of a page without its tags, blanks as one.
fn words(page: &Answer) -> String {
    said(page.text())
}

/// The same of a part of one.
fn said(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            c if !inside => text.push(c),
            _ => {}
        }
    }
    let text = text
        .replace("&amp;", "&")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
