//! What pages say, in each of their languages: messages in Fluent, the labels of the vocabularies, and names
//! of countries and languages.

mod dates;
mod names;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::lang::Lang;
use super::theme::{self, Fault, Theme};
use crate::core::vocabulary::vocabulary;

pub use dates::{date, datetime_attribute, moment, period, since, until, when};
pub use names::{country, language};

/// The messages of a language, as they are written.
pub fn source(lang: Lang) -> &'static str {
    lang.of([include_str!("en.ftl"), include_str!("pl.ftl")])
}

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<[Bundle; 2]> =
    LazyLock::new(|| Lang::ALL.map(|lang| bundle(lang, theme::current())));

#[expect(clippy::expect_used, reason = "embedded files, read by the tests")]
fn bundle(lang: Lang, theme: &Theme) -> Bundle {
    let tag: LanguageIdentifier = lang.code().parse().expect("a language has a tag");
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Pages say with `dir` which way a text runs; marks around every parameter would be copied along.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match lang {
        Lang::En => |value, _| grouped(Lang::En, value),
        Lang::Pl => |value, _| grouped(Lang::Pl, value),
    }));
    let resource = FluentResource::try_new(source(lang).to_owned())
        .map_err(|(_, errors)| errors)
        .expect("messages are well-formed Fluent");
    bundle
        .add_resource(resource)
        .expect("each message is there once");
    if let Some(own) = theme.texts(lang)
        && let Ok(own) = FluentResource::try_new(own.to_owned())
    {
        bundle.add_resource_overriding(own);
    }
    bundle
}

/// What the messages of a theme may be called that ours have no name for.
const OWN: &str = "own-";

/// The messages of a theme can be read, are among ours or its own, and ask for nothing that is not there.
pub fn check(theme: &Theme) -> Result<(), Fault> {
    let mut own_keys: BTreeMap<String, Vec<Lang>> = BTreeMap::new();
    for (lang, own) in &theme.texts {
        let file = format!("texts/{lang}.ftl");
        if let Err((_, errors)) = FluentResource::try_new(own.clone())
            && let Some(error) = errors.first()
        {
            let before = own.get(..error.pos.start).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            return Err(Fault::of(&file, format!("line {line}: {error}")));
        }
        let bundle = bundle(*lang, theme);
        let ours = variables(source(*lang));
        for (key, asked) in variables(own) {
            if let Some(fault) = fault(&bundle, &key, &asked) {
                return Err(Fault::of(&file, format!("{key}: {fault}")));
            }
            if key.starts_with(OWN) {
                own_keys.entry(key).or_default().push(*lang);
                continue;
            }
            let Some(known) = ours.get(&key) else {
                let sentence = format!("there is no message {key}; own ones begin with {OWN}");
                return Err(Fault::of(&file, sentence));
            };
            if let Some(unknown) = asked.difference(known).next() {
                return Err(Fault::of(&file, format!("{key} is given no ${unknown}")));
            }
        }
    }
    for (key, langs) in own_keys {
        if let Some(lang) = Lang::ALL.into_iter().find(|lang| !langs.contains(lang)) {
            let file = format!("texts/{lang}.ftl");
            return Err(Fault::of(&file, format!("{key} is not there")));
        }
    }
    Ok(())
}

/// Why a message can't be said that is given these variables.
fn fault(bundle: &Bundle, key: &str, variables: &BTreeSet<String>) -> Option<String> {
    let Some(pattern) = bundle.get_message(key)?.value() else {
        return Some("this says nothing".to_owned());
    };
    let args: FluentArgs<'_> = variables.iter().map(|name| (name.as_str(), 1)).collect();
    let mut errors = Vec::new();
    bundle.format_pattern(pattern, Some(&args), &mut errors);
    errors.first().map(ToString::to_string)
}

/// The keys of all messages, ours and the theme's.
pub fn keys(theme: &Theme, lang: Lang) -> BTreeSet<String> {
    let own = theme.texts(lang).unwrap_or_default();
    let all = [source(lang), own].map(variables).into_iter().flatten();
    all.map(|(key, _)| key).collect()
}

/// The variables that each message of a source names.
fn variables(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut key = None;
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if !line.starts_with(' ')
            && let Some((name, _)) = line.split_once('=')
        {
            key = Some(name.trim().to_owned());
        }
        let Some(key) = &key else { continue };
        let ends = |c: char| !c.is_ascii_alphanumeric() && c != '_';
        let named = line
            .split('$')
            .skip(1)
            .filter_map(|rest| rest.split(ends).next());
        all.entry(key.clone())
            .or_default()
            .extend(named.map(str::to_owned));
    }
    all
}

/// The message of this key; `None` when there is none, or when it needs what is not among `args`.
pub fn message(lang: Lang, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
    let bundle = lang.of(BUNDLES.each_ref());
    let pattern = bundle.get_message(key)?.value()?;
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, args, &mut errors);
    errors.is_empty().then(|| text.into_owned())
}

/// Whether there is a message of this key.
pub fn says(lang: Lang, key: &str) -> bool {
    lang.of(BUNDLES.each_ref()).has_message(key)
}

/// What a code of a vocabulary is called.
pub fn label(lang: Lang, name: &str, code: &str) -> Option<&'static str> {
    let codes = &vocabulary(name)?.codes;
    let labels = &codes.iter().find(|known| known.code == code)?.label;
    let label = labels.get(lang.code()).or_else(|| labels.get("en"));
    label.map(String::as_str)
}

/// A number in a message; what is none is shown as it is.
fn grouped(lang: Lang, value: &FluentValue<'_>) -> Option<String> {
    let FluentValue::Number(value) = value else {
        return None;
    };
    let value = value.as_string().parse().ok()?;
    Some(number(lang, value))
}

/// A number with its thousands apart.
pub fn number(lang: Lang, number: i64) -> String {
    // In Polish as narrow as it gets, and no line ends there.
    let separator = lang.of([",", "\u{202f}"]);
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "−" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push_str(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests;
