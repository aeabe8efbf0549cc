//! Templates: what they show is escaped, what they name must be there, and what they say comes from the texts.

mod parts;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentValue};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, HtmlEscape, Output, State, UndefinedBehavior,
    escape_formatter,
};

use super::lang::Lang;
use super::templates::templates;
use super::theme::{self, Theme};
use super::{assets, texts};
use crate::core::digest::sha256;
use crate::core::edtf::Edtf;

/// An engine for each language: macros and filters know it without being told.
static ENGINES: LazyLock<[Environment<'static>; 2]> =
    LazyLock::new(|| Lang::ALL.map(|lang| engine(lang, theme::current())));

/// The engine of a language, with the templates of a theme.
pub(super) fn engine(lang: Lang, theme: &Theme) -> Environment<'static> {
    let mut engine = Environment::new();
    // What is absent from a record may be asked for, and not shown.
    engine.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    match SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
    {
        Ok(syntax) => engine.set_syntax(syntax),
        Err(error) => tracing::error!(%error, "templates keep their blank lines"),
    }
    engine.set_formatter(write_escaped);
    engine.add_global("lang", lang.code());
    engine.add_global("logo", theme.logo());
    engine.add_global("colours", theme.has("colours.css"));
    engine.add_function("t", move |key: &str, values: Kwargs| {
        say(lang, key, &values)
    });
    engine.add_function("asset", asset);
    engine.add_filter("label", move |code: &str, name: &str| {
        label(lang, name, code)
    });
    type Words = fn(Lang, &str) -> String;
    let dates: [(&str, Words); 4] = [
        ("date", texts::date),
        ("when", texts::when),
        ("since", texts::since),
        ("until", texts::until),
    ];
    for (name, words) in dates {
        engine.add_filter(name, move |text: &str| date(text, &words(lang, text)));
    }
    engine.add_filter("moment", move |text: &str| moment(lang, text));
    engine.add_filter("day", move |text: &str| {
        let day = text.get(..10).unwrap_or(text);
        date(day, &texts::date(lang, day))
    });
    engine.add_filter("date_words", move |day: &str| texts::date(lang, day));
    engine.add_filter("excerpt", excerpt);
    engine.add_filter("period", move |text: &str| texts::period(lang, text));
    engine.add_filter("country", move |code: &str| texts::country(lang, code));
    engine.add_filter("language", move |tag: &str| texts::language(lang, tag));
    engine.add_filter("number", move |number: i64| texts::number(lang, number));
    engine.add_filter("stated", move |text: &str, pointer: &str| {
        stated(lang, text, pointer)
    });
    engine.add_filter("in_lang", move |all: &Value| in_lang(lang, all));
    engine.add_filter("plain", move |all: &Value| {
        Ok::<_, Error>(best(lang, all)?.map(|b| b.text))
    });
    engine.add_filter("plain_title", move |agreement: &Value| {
        Ok::<_, Error>(best_title(lang, agreement)?.map(|b| b.text))
    });
    engine.add_filter("field_name", move |pointer: &str| field(lang, pointer));
    engine.add_filter("cited", move |pointer: &str| cited_name(lang, pointer));
    engine.add_filter("named", move |one: &Value| named(lang, one));
    engine.add_filter("titled", move |one: &Value| titled(lang, one));
    engine.add_filter("isolated", isolated);
    parts::add_to(&mut engine, lang);
    engine.add_filter(
        "namesakes",
        move |all: &Value, shown: Vec<String>, more: Vec<String>| namesakes(lang, all, shown, more),
    );
    engine.add_filter("script_data", script_data);
    for (name, source) in templates(theme) {
        if let Err(error) = engine.add_template_owned(name, source) {
            tracing::error!(%error, "a template can't be read");
        }
    }
    engine
}

/// Escapes as the engine does, but for slashes, which need it nowhere and stand in every address.
fn write_escaped(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if value.is_safe() => Ok(out.write_str(text)?),
        Some(text) if matches!(state.auto_escape(), AutoEscape::Html) => {
            let mut rest = text;
            while let Some((before, sign, behind)) = split_at_sign(rest) {
                out.write_str(before)?;
                out.write_str(sign)?;
                rest = behind;
            }
            Ok(out.write_str(rest)?)
        }
        _ => escape_formatter(out, state, value),
    }
}

/// What stands before the first sign that HTML must not have, what is written for it, and what stands behind.
fn split_at_sign(text: &str) -> Option<(&str, &'static str, &str)> {
    let at = text
        .bytes()
        .position(|byte| matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\''))?;
    let (before, rest) = text.split_at_checked(at)?;
    let mut behind = rest.chars();
    let written = match behind.next()? {
        '<' => "&lt;",
        '>' => "&gt;",
        '&' => "&amp;",
        '"' => "&quot;",
        _ => "&#x27;",
    };
    Some((before, written, behind.as_str()))
}

/// What the template makes of the values.
pub fn render(lang: Lang, template: &str, values: Value) -> Result<String, Error> {
    let engine = lang.of(ENGINES.each_ref());
    engine.get_template(template)?.render(values)
}

/// A digest of all that pages are made of.
pub fn digest() -> &'static str {
    static DIGEST: LazyLock<String> = LazyLock::new(|| {
        let theme = theme::current();
        let mut all = String::new();
        for (name, source) in templates(theme) {
            all.extend([name, source]);
        }
        all.extend(Lang::ALL.map(texts::source));
        all.extend(theme.texts.iter().map(|(_, text)| text.as_str()));
        all.push_str(assets::digest());
        sha256(all.as_bytes()).chars().take(12).collect()
    });
    &DIGEST
}

fn fault(text: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, text)
}

/// `t("key", name=value)`: the message with these values. With a value that is HTML, such as a link, the
/// message is HTML, too, and all other values in it are escaped.
fn say(lang: Lang, key: &str, values: &Kwargs) -> Result<Value, Error> {
    let mut args = FluentArgs::new();
    let mut html = false;
    for name in values.args() {
        html |= values.peek::<Value>(name)?.is_safe();
    }
    for name in values.args() {
        let value: Value = values.get(name)?;
        let number = (value.kind() == ValueKind::Number)
            .then(|| i64::try_from(value.clone()).ok())
            .flatten();
        let value = match number {
            Some(number) => FluentValue::from(number),
            None if html && !value.is_safe() => {
                let text = value.to_string();
                FluentValue::from(HtmlEscape(&text).to_string())
            }
            None => FluentValue::from(value.to_string()),
        };
        args.set(name.to_owned(), value);
    }
    let text = texts::message(lang, key, Some(&args))
        .ok_or_else(|| fault(format!("no message {key} of these values")))?;
    Ok(if html {
        Value::from_safe_string(text)
    } else {
        Value::from(text)
    })
}

fn label(lang: Lang, vocabulary: &str, code: &str) -> Result<&'static str, Error> {
    let label = texts::label(lang, vocabulary, code);
    label.ok_or_else(|| fault(format!("no label for {code} of {vocabulary}")))
}

/// `asset("page.css")`: its address.
fn asset(name: &str) -> Result<String, Error> {
    assets::address(name).ok_or_else(|| fault(format!("no file {name}")))
}

/// JSON for a `<script>` that holds data: nothing in it ends the script, or begins another or a comment, and it
/// reads the same, because these characters stand in strings only.
fn script_data(json: &str) -> Value {
    let mut escaped = String::with_capacity(json.len() + json.len() / 16);
    for c in json.chars() {
        match c {
            '<' => escaped.push_str("\\u003c"),
            '>' => escaped.push_str("\\u003e"),
            '&' => escaped.push_str("\\u0026"),
            c => escaped.push(c),
        }
    }
    Value::from_safe_string(escaped)
}

/// A date in these words, in a `<time>` where programs can read it.
fn date(text: &str, words: &str) -> Value {
    let words = HtmlEscape(words);
    Value::from_safe_string(match texts::datetime_attribute(text) {
        Some(datetime) => format!("<time datetime=\"{datetime}\">{words}</time>"),
        None => words.to_string(),
    })
}

/// What a source states of a field: numbers, dates and codes in words, everything else as it is.
fn stated(lang: Lang, text: &str, pointer: &str) -> String {
    let field = pointer.rsplit('/').next().unwrap_or_default();
    let label = |vocabulary: &str| texts::label(lang, vocabulary, text).map(str::to_owned);
    let words = match field {
        "population" | "participant_count" => {
            let whole = text.strip_suffix(".0").unwrap_or(text);
            whole.parse().ok().map(|number| texts::number(lang, number))
        }
        "country" => Some(texts::country(lang, text)),
        "term" | "notice_period" | "renewal_period" => Some(texts::period(lang, text)),
        "status" => ["legal_status", "membership_status", "activity_status"]
            .into_iter()
            .find_map(label),
        "instrument" => label("instrument_type"),
        "relationship" => label("relationship_type"),
        "kind" => ["partner_kind", "network_kind", "activity_kind"]
            .into_iter()
            .find_map(label),
        "mode" => label("activity_mode"),
        "renewal" | "scope" | "entry_into_force" | "existence" | "activity_level"
        | "reciprocity" | "reliability" | "status_basis" => label(field),
        "duration" => label("duration_kind"),
        date if date.ends_with("_on") || date == "valid_until" => {
            let read = text.parse::<Edtf>().ok();
            read.map(|_| texts::date(lang, text))
        }
        _ => None,
    };
    words.unwrap_or_else(|| text.to_owned())
}

/// A moment in words.
fn moment(lang: Lang, text: &str) -> Value {
    let words = texts::moment(lang, text);
    let (at, words) = (HtmlEscape(text), HtmlEscape(&words));
    Value::from_safe_string(format!("<time datetime=\"{at}\">{words}</time>"))
}

/// A text of several, for a page in one language.
struct Best {
    rank: u8,
    tag: String,
    text: String,
}

/// Of texts by language, the one in the page's, else in English, else any.
fn best(page: Lang, all: &Value) -> Result<Option<Best>, Error> {
    let mut best: Option<Best> = None;
    for key in all.try_iter()? {
        let tag = key.to_string();
        let primary = tag.split('-').next().unwrap_or_default();
        let rank = match primary {
            primary if primary == page.code() => 0,
            "en" => 1,
            _ => 2,
        };
        if best.as_ref().is_none_or(|known| rank < known.rank) {
            let text = all.get_item(&key)?.to_string();
            best = Some(Best { rank, tag, text });
        }
    }
    Ok(best)
}

/// What stands between the parts of a title.
const BETWEEN: &str = " – ";

/// Of texts by language, the one in the page's: marked with its language when that is another.
fn in_lang(page: Lang, all: &Value) -> Result<Value, Error> {
    Ok(match best(page, all)? {
        None => Value::from(""),
        Some(Best { rank: 0, text, .. }) => isolated(&text),
        Some(Best { tag, text, .. }) => in_tag(&tag, &isolated(&text)),
    })
}

/// The beginning of a text that stands whole elsewhere.
fn excerpt(text: &str) -> String {
    const LONGEST: usize = 200;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let cut: String = text.chars().take(LONGEST).collect();
    let end = cut.rfind(char::is_whitespace).unwrap_or(cut.len());
    format!("{} …", cut.get(..end).unwrap_or(&cut).trim_end())
}

/// A title, whose parts stand in the order of the page although some run from right to left.
fn isolated(text: &str) -> Value {
    in_order(text, &[])
}

/// A title, each part of which that is one of these names is marked with the language of that name.
fn in_order(text: &str, names: &[(String, String)]) -> Value {
    let turns = text.contains(runs_left);
    let tag_of = |part: &str| names.iter().position(|(name, _)| name == part);
    let mut marked = false;
    let parts = text.split(BETWEEN).map(|part| {
        let (name, behind) = match tag_of(part) {
            Some(_) => (part, ""),
            None => without_brackets(part),
        };
        let tag = tag_of(name).and_then(|at| names.get(at));
        marked |= tag.is_some();
        let (name, behind) = (HtmlEscape(name), HtmlEscape(behind));
        match tag {
            Some((_, tag)) => format!("<bdi lang=\"{}\">{name}</bdi>{behind}", HtmlEscape(tag)),
            None if turns => format!("<bdi>{name}</bdi>{behind}"),
            None => format!("{name}{behind}"),
        }
    });
    let html = parts.collect::<Vec<_>>().join(BETWEEN);
    if turns || marked {
        Value::from_safe_string(html)
    } else {
        Value::from(text)
    }
}

/// Whether a letter belongs to a script that runs from right to left.
fn runs_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// A part of a title, and what stands in brackets behind it: a year there is no part of a name, and would run
/// along with one.
fn without_brackets(part: &str) -> (&str, &str) {
    let at = part.strip_suffix(')').and_then(|rest| rest.rfind(" ("));
    let split = at.and_then(|at| part.split_at_checked(at));
    let behind = split.filter(|(_, behind)| !behind.contains(runs_left));
    behind.unwrap_or((part, ""))
}

/// The title of an agreement in the page's language. One that is made from the parties and the year says where that
/// is not certain.
fn best_title(page: Lang, agreement: &Value) -> Result<Option<Best>, Error> {
    let Some(mut found) = best(page, &agreement.get_attr("title")?)? else {
        return Ok(None);
    };
    let signed_on = agreement.get_attr("signed_on")?;
    let date = signed_on.as_str().unwrap_or_default();
    let certain = date.trim_end_matches(['~', '?', '%']);
    let marks = date.get(certain.len()..).unwrap_or_default();
    let made = found.text.strip_suffix(')');
    let Some((names, year)) = made.and_then(|made| made.rsplit_once(" (")) else {
        return Ok(Some(found));
    };
    if !marks.is_empty()
        && certain.starts_with(year)
        && names == of_parties(agreement, "name", BETWEEN)?
    {
        let mut args = FluentArgs::new();
        args.set("year", year.to_owned());
        let key = match marks {
            "~" => "year-about",
            "?" => "year-doubtful",
            _ => "year-about-doubtful",
        };
        if let Some(year) = texts::message(page, key, Some(&args)) {
            found.text = format!("{names} ({year})");
        }
    }
    Ok(Some(found))
}

/// What an agreement shows of its parties under this name, one behind the other.
fn of_parties(agreement: &Value, name: &str, between: &str) -> Result<String, Error> {
    let texts =
        partners(agreement)?.map(|partner| Ok::<_, Error>(partner?.get_attr(name)?.to_string()));
    Ok(texts.collect::<Result<Vec<_>, Error>>()?.join(between))
}

/// The partners that are the parties of an agreement.
fn partners(agreement: &Value) -> Result<impl Iterator<Item = Result<Value, Error>>, Error> {
    let parties = agreement.get_attr("parties")?;
    let parties = (parties.kind() == ValueKind::Seq).then(|| parties.try_iter());
    let parties = parties.transpose()?.into_iter().flatten();
    Ok(parties.map(|party| party.get_attr("partner")))
}

/// The title of an agreement in the page's language: its parties' names in it are marked with their languages.
fn titled(page: Lang, agreement: &Value) -> Result<Value, Error> {
    let Some(Best { rank, tag, text }) = best_title(page, agreement)? else {
        return Ok(Value::from(""));
    };
    let mut names = Vec::new();
    for partner in partners(agreement)? {
        let partner = partner?;
        let (name, of_name) = (partner.get_attr("name")?, partner.get_attr("name_lang")?);
        let known = name.as_str().zip(of_name.as_str());
        let foreign = known.filter(|(_, of_name)| *of_name != tag);
        names.extend(foreign.map(|(name, tag)| (name.to_owned(), tag.to_owned())));
    }
    let title = in_order(&text, &names);
    Ok(if rank == 0 {
        title
    } else {
        in_tag(&tag, &title)
    })
}

/// Of records that are shown by these attributes alone and so read the same, by their ids, what tells them apart: the
/// first of the attributes `more` that does, or their ids where none does.
fn namesakes(
    page: Lang,
    all: &Value,
    shown: Vec<String>,
    more: Vec<String>,
) -> Result<Value, Error> {
    let mut alike: BTreeMap<Vec<String>, BTreeMap<String, Value>> = BTreeMap::new();
    for one in all.try_iter()? {
        let text = |name: &String| attribute(page, &one, name);
        let read = shown.iter().map(text).collect::<Result<Vec<_>, Error>>()?;
        if read.iter().any(|text| !text.is_empty()) {
            let id = one.get_attr("id")?.to_string();
            alike.entry(read).or_default().insert(id, one);
        }
    }
    let mut apart = BTreeMap::new();
    for group in alike.into_values().filter(|group| group.len() > 1) {
        let mut by = "id";
        for name in &more {
            let said = group.values().map(|one| attribute(page, one, name));
            let said = said.collect::<Result<BTreeSet<String>, Error>>()?;
            if said.len() == group.len() && !said.contains("") {
                by = name;
                break;
            }
        }
        apart.extend(group.into_keys().map(|id| (id, by.to_owned())));
    }
    Ok(Value::from_pairs(apart))
}

/// What a page shows of an attribute of a record; `countries` are those of an agreement's parties.
fn attribute(page: Lang, one: &Value, name: &str) -> Result<String, Error> {
    if name == "countries" {
        return of_parties(one, "country", " ");
    }
    let said = one.get_attr(name)?;
    Ok(match (name, said.kind()) {
        // Of a title in several languages, the one that is shown.
        ("title", ValueKind::Map) => best_title(page, one)?.map_or_else(String::new, |b| b.text),
        _ => said.to_string(),
    })
}

/// A text of another language than the page's.
fn in_tag(tag: &str, text: &Value) -> Value {
    let text = if text.is_safe() {
        text.to_string()
    } else {
        HtmlEscape(&text.to_string()).to_string()
    };
    Value::from_safe_string(format!("<span lang=\"{}\">{text}</span>", HtmlEscape(tag)))
}

/// What something is called: it runs its own way, and is marked with its language when that is known and not the
/// page's. A record says it in `name_lang`, or has the name among its `names`.
fn named(page: Lang, one: &Value) -> Result<Value, Error> {
    let name = one.get_attr("name")?;
    let Some(text) = name.as_str() else {
        return Err(fault(format!("{} has no name", one.kind())));
    };
    let mut tag = one.get_attr("name_lang")?.as_str().map(str::to_owned);
    let names = one.get_attr("names")?;
    if tag.is_none() && names.kind() == ValueKind::Seq {
        for other in names.try_iter()? {
            let lang = other.get_attr("lang")?;
            // A name may be the same in several languages; then it is not a foreign one.
            if other.get_attr("value")? == name
                && (tag.is_none() || lang.as_str() == Some(page.code()))
            {
                tag = lang.as_str().map(str::to_owned).or(tag);
            }
        }
    }
    let text = HtmlEscape(text);
    Ok(Value::from_safe_string(match tag.as_deref() {
        Some(tag) if tag != page.code() => {
            format!("<bdi lang=\"{}\">{text}</bdi>", HtmlEscape(tag))
        }
        _ => format!("<bdi>{text}</bdi>"),
    }))
}

/// The name of the member that a pointer leads to, or into.
pub fn member(pointer: &str) -> &str {
    let name = pointer.trim_start_matches('/').split('/').next();
    name.unwrap_or_default()
}

/// The message that names the field a pointer leads to; a pointer into a list is named as the list.
pub fn field_key(pointer: &str) -> String {
    format!("field-{}", member(pointer).replace('_', "-"))
}

/// What the field that a pointer leads to is called.
pub fn field(lang: Lang, pointer: &str) -> String {
    let named = texts::message(lang, &field_key(pointer), None);
    named.unwrap_or_else(|| pointer.trim_start_matches('/').to_owned())
}

/// The message that names what a citation points at. Pointers name fields as they are shown and as they are
/// sent, and parts of what a page shows as one.
pub fn cited_key(pointer: &str) -> String {
    let name = member(pointer);
    let name = name.strip_suffix("_range").unwrap_or(name);
    match name {
        "activities"
        | "documents"
        | "events"
        | "latitude"
        | "longitude"
        | "pending_termination"
        | "population_year" => format!("cited-{}", name.replace('_', "-")),
        "status_since" | "initial_status" => field_key("status"),
        "seat_partner_id" => field_key("seat"),
        "parent_id" => field_key(name),
        _ => field_key(name.strip_suffix("_id").unwrap_or(name)),
    }
}

/// What a citation points at is called; nothing that only programs know is told to people.
fn cited_name(lang: Lang, pointer: &str) -> String {
    let named = texts::message(lang, &cited_key(pointer), None);
    let named = named.or_else(|| texts::message(lang, "cited-other", None));
    named.unwrap_or_default()
}

#[cfg(test)]
mod tests;
