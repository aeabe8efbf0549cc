//! What a record with a title in several languages, or with none, is called.

use super::edtf::Edtf;
use super::language::{LanguageTag, Translations};

/// The title of the source that stands for what staff entered; pages say it in their own language.
pub const STAFF_ENTRY: &str = "Entry by staff of the registry";

/// The title of an agreement that has none: its parties and the year it was signed.
pub fn of_parties(names: &[impl AsRef<str>], signed_on: Option<&Edtf>) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    let parties = names.join(" – ");
    match signed_on.and_then(Edtf::year) {
        Some(year) => format!("{parties} ({year})"),
        None => parties,
    }
}

/// The text in this language, else in English, else in the first language there is.
pub fn in_language<'a>(texts: &'a Translations, lang: Option<&LanguageTag>) -> Option<&'a str> {
    let texts = texts.iter();
    of_language(texts.map(|(tag, text)| (tag.as_str(), text.as_str())), lang)
}

/// [`in_language`] of whatever stands beside the tags of languages.
pub fn of_language<'a, T>(
    all: impl Iterator<Item = (&'a str, T)> + Clone,
    lang: Option<&LanguageTag>,
) -> Option<T> {
    let with = |wanted: &dyn Fn(&str) -> bool| {
        let found = all.clone().find(|(tag, _)| wanted(tag));
        found.map(|(_, one)| one)
    };
    let near = |primary: &str| with(&|tag| tag.split('-').next() == Some(primary));
    let asked =
        lang.and_then(|lang| with(&|tag| tag == lang.as_str()).or_else(|| near(lang.primary())));
    asked.or_else(|| near("en")).or_else(|| with(&|_| true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_back_to_english_and_then_to_any() {
        let texts: Translations =
            serde_json::from_str(r#"{"de":"Abkommen","en":"Agreement","be-Cyrl":"Дамова"}"#)
                .unwrap();
        let shown = |lang: &str| {
            let lang: LanguageTag = lang.parse().unwrap();
            in_language(&texts, Some(&lang)).unwrap()
        };
        assert_eq!(
            (shown("de-AT"), shown("be"), shown("fr")),
            ("Abkommen", "Дамова", "Agreement")
        );
        assert_eq!(in_language(&texts, None), Some("Agreement"));
        assert_eq!(in_language(&Translations::new(), None), None);
    }

    #[test]
    fn an_agreement_without_a_title_is_called_after_its_parties_and_year() {
        let parties = ["Białystok".to_owned(), "Eindhoven".to_owned()];
        let signed = "1992".parse().unwrap();
        assert_eq!(
            of_parties(&parties, Some(&signed)),
            "Białystok – Eindhoven (1992)"
        );
        assert_eq!(of_parties(&parties, None), "Białystok – Eindhoven");
    }
}
