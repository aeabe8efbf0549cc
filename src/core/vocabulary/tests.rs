use std::{collections::BTreeSet, fmt::Debug};

use serde::{Serialize, de::DeserializeOwned};
use utoipa::{PartialSchema, ToSchema};

use super::{
    Code, catalogue, every_vocabulary,
    lifecycle::{LegalStatus, MembershipStatus, ParticipationStatus},
    partner::PartnerKind,
    record::{QualityFlag, Role},
    vocabularies, vocabulary,
};
use crate::core::serde_text;

/// The enum says the same code through every door.
fn spells_its_codes_alike<C>() -> &'static str
where
    C: Code + Serialize + DeserializeOwned + PartialSchema + ToSchema + Debug,
{
    let codes: Vec<_> = C::all().iter().map(|code| code.code()).collect();
    for (code, text) in C::all().iter().zip(&codes) {
        assert_eq!(serde_json::to_value(code).unwrap(), **text);
        assert_eq!(serde_json::from_value::<C>((*text).into()).unwrap(), *code);
        assert_eq!(text.parse::<C>().unwrap(), *code);
        assert_eq!(code.to_string(), **text);
    }
    let schema = serde_json::to_value(C::schema()).unwrap();
    assert_eq!(schema["enum"], serde_json::to_value(&codes).unwrap());
    assert!(schema["description"].is_string(), "{}", C::VOCABULARY);
    let snake: String = C::name()
        .chars()
        .flat_map(|c| {
            c.is_uppercase()
                .then_some('_')
                .into_iter()
                .chain(c.to_lowercase())
        })
        .collect();
    assert_eq!(snake.trim_start_matches('_'), C::VOCABULARY);
    C::VOCABULARY
}

#[test]
fn codes_are_the_same_in_json_sql_and_openapi() {
    macro_rules! check {
        ($($type:ty),+ $(,)?) => { [$(spells_its_codes_alike::<$type>()),+] };
    }
    let mut names = every_vocabulary!(check).to_vec();
    names.push("identifier_scheme");
    let listed: Vec<_> = vocabularies()
        .iter()
        .map(|vocabulary| vocabulary.name)
        .collect();
    assert_eq!(listed, names);
}

#[test]
fn names_and_codes_are_unique_and_in_snake_case() {
    let snake = |text: &str| {
        let right = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(right)
    };
    // Scopes are written as OAuth writes them.
    let is_scope = |text: &str| {
        text.split_once(':')
            .is_some_and(|(of, to)| snake(of) && snake(to))
    };
    let mut names = BTreeSet::new();
    for vocabulary in vocabularies() {
        assert!(
            snake(vocabulary.name) && names.insert(vocabulary.name),
            "{}",
            vocabulary.name
        );
        let mut codes = BTreeSet::new();
        for view in &vocabulary.codes {
            assert!(codes.insert(view.code), "{} {}", vocabulary.name, view.code);
            assert!(
                snake(view.code) || view.code == "iso3166-2" || is_scope(view.code),
                "{}",
                view.code
            );
        }
    }
}

#[test]
fn every_code_has_labels_and_definitions_in_english_and_polish() {
    for vocabulary in vocabularies() {
        let titles: Vec<_> = vocabulary.title.keys().collect();
        assert_eq!(titles, ["en", "pl"], "{}", vocabulary.name);
        let mut labels = BTreeSet::new();
        for code in &vocabulary.codes {
            let at = format!("{} {}", vocabulary.name, code.code);
            for language in ["en", "pl"] {
                let label = &code.label[language];
                assert!(!label.is_empty() && label.trim() == label, "{at}: {label}");
                assert!(labels.insert((language, label)), "{at}: {label} twice");
                let definition = &code.definition[language];
                assert!(
                    definition.ends_with('.') && definition.trim() == definition,
                    "{at}"
                );
                assert!(!definition.contains(['\n', '`', '[']), "{at}: {definition}");
            }
            for equivalent in &code.equivalents {
                assert!(
                    !equivalent.register.is_empty() && !equivalent.name.is_empty(),
                    "{at}"
                );
            }
        }
    }
}

#[test]
fn no_label_is_left_over() {
    let labels = catalogue::read();
    let written: usize = catalogue::FILES
        .iter()
        .map(|file| file.matches("\ntitle = ").count())
        .sum();
    assert_eq!(written, labels.len(), "a vocabulary is in two files");
    for (name, labels) in &labels {
        let view = vocabulary(name).unwrap_or_else(|| panic!("no vocabulary {name}"));
        let codes: BTreeSet<_> = view.codes.iter().map(|code| code.code).collect();
        let labelled: BTreeSet<_> = labels.codes.keys().map(String::as_str).collect();
        assert_eq!(labelled, codes, "{name}");
    }
    assert!(vocabulary("no_such_vocabulary").is_none());
}

#[test]
fn an_unknown_code_is_refused_with_those_there_are() {
    let refused = LegalStatus::parse("inforce").unwrap_err();
    assert_eq!(refused.code, "unknown_code");
    assert_eq!(
        refused.message,
        "legal status is one of proposed, approved, signed, in_force, suspended, expired, \
         terminated, superseded, abandoned; did you mean in_force?"
    );
    for text in ["", "IN_FORCE", " in_force", "dormant"] {
        assert!(LegalStatus::parse(text).is_err(), "{text}");
    }
    let error = serde_json::from_str::<LegalStatus>(r#""inforce""#)
        .unwrap_err()
        .to_string();
    assert_eq!(
        serde_text::refusal(&error),
        Some(("unknown_code", refused.message.as_str()))
    );
    assert!(serde_json::from_str::<LegalStatus>("7").is_err());
}

#[test]
fn partners_are_territorial_or_institutions() {
    let institutions: Vec<_> = PartnerKind::all()
        .iter()
        .filter(|kind| kind.is_institution())
        .map(|k| k.code())
        .collect();
    assert_eq!(
        institutions.join(" "),
        "university school hospital chamber_of_commerce cultural_institution ngo other_institution"
    );
}

#[test]
fn statuses_know_whether_they_are_over() {
    let codes = |live: Vec<&'static str>| live.join(" ");
    let of = |keep: fn(LegalStatus) -> bool| {
        codes(
            LegalStatus::all()
                .iter()
                .filter(|s| keep(**s))
                .map(|s| s.code())
                .collect(),
        )
    };
    assert_eq!(of(LegalStatus::is_live), "in_force suspended");
    assert_eq!(
        of(LegalStatus::is_terminal),
        "expired terminated superseded abandoned"
    );
    let live = MembershipStatus::all()
        .iter()
        .filter(|s| s.is_live())
        .map(|s| s.code())
        .collect();
    assert_eq!(
        codes(live),
        "applied consent_pending member observer suspended"
    );
    let parties = ParticipationStatus::all()
        .iter()
        .filter(|s| s.is_live())
        .map(|s| s.code())
        .collect();
    assert_eq!(codes(parties), "signatory party acceded suspended");
}

#[test]
fn definitions_are_the_doc_comments() {
    assert_eq!(QualityFlag::Unconfirmed3y.code(), "unconfirmed_3y");
    assert_eq!(
        QualityFlag::Unconfirmed3y.definition(),
        "No party has confirmed it for three years."
    );
    assert!(Role::Editor < Role::Approver && Role::Registrar < Role::Admin);
}
