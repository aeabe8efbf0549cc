//! The messages of all languages, held against each other.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// The variables that each message names.
fn variables(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut key = String::new();
    for line in source(lang).lines().filter(|line| !line.starts_with('#')) {
        if !line.starts_with(' ')
            && let Some((name, _)) = line.split_once(" =")
        {
            name.clone_into(&mut key);
            all.entry(key.clone()).or_default();
        }
        let named = line.split('$').skip(1).map(|rest| {
            let name = rest
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_');
            name.collect::<String>()
        });
        all.entry(key.clone()).or_default().extend(named);
    }
    all
}

#[test]
fn every_language_says_the_same_with_the_same_variables() {
    assert_eq!(variables(Lang::En), variables(Lang::Pl));
}

#[test]
fn every_message_can_be_said() {
    for lang in Lang::ALL {
        for (key, variables) in variables(lang).iter().filter(|(key, _)| !key.is_empty()) {
            let mut args = FluentArgs::new();
            for name in variables {
                args.set(name.clone(), 3);
            }
            let text = message(lang, key, Some(&args));
            assert!(text.is_some(), "{lang}: {key}");
            let text = text.unwrap();
            assert!(
                !text.contains(['<', '>', '&']),
                "{lang}: {key} is no text: {text}"
            );
        }
    }
}

#[test]
fn polish_counts_by_its_own_rules() {
    for (count, expected) in [
        (1, "1 umowa"),
        (2, "2 umowy"),
        (5, "5 umów"),
        (12, "12 umów"),
        (22, "22 umowy"),
        (0, "0 umów"),
    ] {
        let mut args = FluentArgs::new();
        args.set("count", count);
        assert_eq!(
            message(Lang::Pl, "count-agreements", Some(&args)).as_deref(),
            Some(expected)
        );
    }
}

#[test]
fn thousands_stand_apart() {
    assert_eq!(number(Lang::En, 294_242), "294,242");
    assert_eq!(number(Lang::Pl, 1_294_242), "1\u{202f}294\u{202f}242");
    assert_eq!(
        (number(Lang::En, 7), number(Lang::En, -1000)),
        ("7".to_owned(), "−1,000".to_owned())
    );
}

#[test]
fn codes_have_labels_in_both_languages() {
    assert_eq!(
        label(Lang::En, "legal_status", "in_force"),
        Some("In force")
    );
    assert_ne!(
        label(Lang::Pl, "legal_status", "in_force"),
        Some("In force")
    );
    assert_eq!(label(Lang::En, "legal_status", "nonsense"), None);
}
