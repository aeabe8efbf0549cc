//! The messages of all languages, held against each other.

use super::*;

#[test]
fn every_language_says_the_same_with_the_same_variables() {
    let [english, polish] = [Lang::En, Lang::Pl].map(|lang| variables(source(lang)));
    assert!(english.keys().eq(polish.keys()));
    for (key, variables) in english {
        // What a date depends on is the grammar of each language.
        if !key.starts_with("date-") {
            assert_eq!(polish.get(&key), Some(&variables), "{key}");
        }
    }
}

#[test]
fn every_message_can_be_said() {
    for lang in Lang::ALL {
        let messages = variables(source(lang));
        // A message may be put together from others.
        let mut args = FluentArgs::new();
        for name in messages.values().flatten() {
            args.set(name.clone(), 3);
        }
        for key in messages.keys() {
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
fn polish_speaks_to_everybody_in_one_voice_and_calls_a_thing_by_one_name() {
    let polish = source(Lang::Pl);
    for word in [
        "Twoj",
        "Twój",
        "twoj",
        "Skopiuj",
        "wybierzesz",
        "podasz",
        "sugesti",
        "porozumieni",
    ] {
        assert!(!polish.contains(word), "{word}");
    }
    let status = |code| label(Lang::Pl, "legal_status", code);
    assert_eq!(status("terminated"), Some("Zakończone"));
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
        args.set("shown", number(Lang::Pl, count));
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

#[test]
fn the_messages_of_a_theme_are_looked_at() {
    let told = |texts: &[(Lang, &str)]| {
        let texts = texts.iter().map(|(lang, text)| (*lang, (*text).to_owned()));
        let theme = Theme {
            texts: texts.collect(),
            ..Theme::default()
        };
        check(&theme).map_err(|fault| fault.to_string())
    };
    let right = "registry = Ours\nown-motto = Hello\nsource-number = No. { $number }";
    assert_eq!(
        told(&[(Lang::En, right), (Lang::Pl, "own-motto = Hej")]),
        Ok(())
    );
    for (text, fault) in [
        ("registry = A\nnonsense\n", "texts/en.ftl: line 2: "),
        ("regstry = A", "texts/en.ftl: there is no message regstry"),
        (
            "registry = { $name }",
            "texts/en.ftl: registry is given no $name",
        ),
        ("own-motto = A", "texts/pl.ftl: own-motto is not there"),
    ] {
        let fault_told = told(&[(Lang::En, text)]).unwrap_err();
        assert!(fault_told.starts_with(fault), "{fault_told}");
    }
}
