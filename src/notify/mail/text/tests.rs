//! Texts of mails.

use strum::VariantArray as _;

use super::*;

fn texts() -> Texts {
    Texts::new("https://registry.example".to_owned()).unwrap()
}

fn written(mail: &Mail) -> Text {
    texts()
        .write(mail)
        .unwrap_or_else(|error| panic!("{}: {error:#}", mail.template.code()))
}

/// The parameters that may be absent.
fn takes(template: Template) -> &'static [&'static str] {
    match template {
        Template::Invitation => &["office"],
        Template::SuggestionReceived
        | Template::SuggestionAccepted
        | Template::SuggestionRejected
        | Template::ReviewRequested => &["note"],
        _ => &[],
    }
}

/// A mail with these parameters, each with a value that is found again.
fn mail(template: Template, lang: &str, names: &[&str]) -> Mail {
    names
        .iter()
        .fold(Mail::new(template, "a@example.org", lang), |mail, name| {
            mail.with(name, format!("<{name}&>"))
        })
}

#[test]
fn every_template_is_written_in_every_language_with_and_without_what_may_be_absent() {
    for &template in Template::VARIANTS {
        let mut subjects = Vec::new();
        for lang in Lang::ALL.map(Lang::code) {
            let all = [template.needs(), takes(template)].concat();
            let text = written(&mail(template, lang, &all));
            assert_eq!(text.lang.code(), lang);
            for name in all.iter().filter(|name| !matches!(**name, "token" | "id")) {
                let shown = format!("<{name}&>");
                let both = format!("{}\n{}", text.subject, text.body);
                assert!(both.contains(&shown), "{lang}/{}: {name}", template.code());
            }
            assert!(!text.subject.is_empty() && text.subject.chars().count() < 120);
            assert!(
                !text.body.contains("{{") && !text.body.contains("\n\n\n"),
                "{}",
                text.body
            );
            assert!(
                text.body.lines().all(|line| line.chars().count() <= 120),
                "{}",
                text.body
            );
            let least = written(&mail(template, lang, template.needs()));
            assert!(!least.body.contains("\n\n\n"), "{}", least.body);
            subjects.push(text.subject);
        }
        assert_ne!(subjects[0], subjects[1], "{}", template.code());
    }
    assert_eq!(TEMPLATES.len(), Template::VARIANTS.len() * Lang::ALL.len());
}

#[test]
fn a_template_without_what_it_needs_is_an_error() {
    for &template in Template::VARIANTS {
        for absent in template.needs() {
            let mut mail = mail(template, "en", template.needs());
            mail.params.remove(*absent);
            assert!(
                texts().write(&mail).is_err(),
                "{}: {absent}",
                template.code()
            );
        }
    }
}

#[test]
fn links_are_built_from_the_public_address_and_tokens_are_escaped() {
    for (template, name, link) in [
        (
            Template::Invitation,
            "token",
            "/account/invitation?token=a%26b",
        ),
        (
            Template::PasswordReset,
            "token",
            "/account/reset?token=a%26b",
        ),
        (Template::ReviewRequested, "id", "/api/v1/suggestions/a%26b"),
        (
            Template::SubscriptionConfirm,
            "token",
            "/LANG/subscriptions/confirm?token=a%26b",
        ),
        (
            Template::SubscriptionDigest,
            "token",
            "/LANG/subscriptions/unsubscribe?token=a%26b",
        ),
        (
            Template::SuggestionConfirm,
            "token",
            "/LANG/suggest/confirm?token=a%26b",
        ),
    ] {
        for lang in Lang::ALL.map(Lang::code) {
            let text = written(&mail(template, lang, template.needs()).with(name, "a&b"));
            let link = link.replace("LANG", lang);
            let line = format!("https://registry.example{link}");
            assert!(
                text.body.lines().any(|found| found == line),
                "{}",
                text.body
            );
        }
    }
}

#[test]
fn a_name_with_line_breaks_stays_on_its_line() {
    let mail = mail(Template::SuggestionAccepted, "en", &[])
        .with("title", "Town\r\nBcc: x@example.org\u{2028}\u{0}y\n\nz");
    let text = written(&mail);
    assert!(
        text.subject.ends_with("Town Bcc: x@example.org y z"),
        "{}",
        text.subject
    );
    assert!(!text.subject.contains(['\r', '\n']));
}

#[test]
fn a_note_keeps_its_lines_and_a_time_is_readable() {
    let mail = mail(Template::SuggestionRejected, "pl-PL", &["title"]).with("note", "one\r\ntwo");
    assert!(written(&mail).body.contains("one\ntwo"));
    let mail = super::tests::mail(Template::PasswordReset, "pl", &["token"])
        .with("expires", "2026-11-24T13:00:00Z");
    assert!(written(&mail).body.contains("24 listopada 2026, 13:00 UTC"));
}

#[test]
fn languages_without_texts_get_english() {
    for (tag, lang) in [
        ("pl", "pl"),
        ("PL-pl", "pl"),
        ("de", "en"),
        ("", "en"),
        ("plx", "en"),
    ] {
        assert_eq!(Lang::preferred(tag).code(), lang, "{tag}");
    }
}
