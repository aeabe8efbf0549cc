//! Templates: what they show is escaped, what they name must be there, and what they say comes from the texts.

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
static ENGINES: LazyLock<Vec<(Lang, Environment<'static>)>> = LazyLock::new(|| {
    Lang::ALL
        .into_iter()
        .map(|lang| (lang, engine(lang, theme::current())))
        .collect()
});

fn engine(lang: Lang, theme: &Theme) -> Environment<'static> {
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
        let label = texts::label(lang, name, code);
        label.ok_or_else(|| fault(format!("no label for {code} of {name}")))
    });
    engine.add_filter("date", move |text: &str| {
        date(text, &texts::date(lang, text))
    });
    engine.add_filter("when", move |text: &str| {
        date(text, &texts::when(lang, text))
    });
    engine.add_filter("since", move |text: &str| {
        date(text, &texts::since(lang, text))
    });
    engine.add_filter("until", move |text: &str| {
        date(text, &texts::until(lang, text))
    });
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
    engine.add_filter("field_name", move |pointer: &str| field_name(lang, pointer));
    engine.add_filter("named", move |one: &Value| named(lang, one));
    engine.add_filter("isolated", isolated);
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
    match value.as_str().filter(|text| text.contains('/')) {
        Some(text) if !value.is_safe() && matches!(state.auto_escape(), AutoEscape::Html) => {
            let escaped = HtmlEscape(text).to_string();
            Ok(out.write_str(&escaped.replace("&#x2f;", "/"))?)
        }
        _ => escape_formatter(out, state, value),
    }
}

/// What the template makes of the values.
pub fn render(lang: Lang, template: &str, values: Value) -> Result<String, Error> {
    of(lang)?.get_template(template)?.render(values)
}

fn of(lang: Lang) -> Result<&'static Environment<'static>, Error> {
    let found = ENGINES.iter().find(|(known, _)| *known == lang);
    found
        .map(|(_, engine)| engine)
        .ok_or_else(|| fault(format!("no pages in {lang}")))
}

/// A digest of all that pages are made of.
pub fn digest() -> &'static str {
    static DIGEST: LazyLock<String> = LazyLock::new(|| {
        let theme = theme::current();
        let templates = templates(theme)
            .into_iter()
            .flat_map(|(name, source)| [name, source]);
        let ours = Lang::ALL.into_iter().map(texts::source);
        let own = theme.texts.iter().map(|(_, text)| text.as_str());
        let texts = ours.chain(own).chain([assets::digest()]).map(str::to_owned);
        let all: Vec<String> = templates.chain(texts).collect();
        sha256(all.concat().as_bytes()).chars().take(12).collect()
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
        "renewal" | "scope" | "entry_into_force" | "existence" => label(field),
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
        Some(Best { tag, text, .. }) => {
            let text = isolated(&text);
            let text = if text.is_safe() {
                text.to_string()
            } else {
                HtmlEscape(&text.to_string()).to_string()
            };
            let tag = HtmlEscape(&tag);
            Value::from_safe_string(format!("<span lang=\"{tag}\">{text}</span>"))
        }
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
    let runs_left =
        |c| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}');
    if !text.contains(runs_left) {
        return Value::from(text);
    }
    let parts = text
        .split(BETWEEN)
        .map(|part| format!("<bdi>{}</bdi>", HtmlEscape(part)));
    Value::from_safe_string(parts.collect::<Vec<_>>().join(BETWEEN))
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

/// The message that names the field a pointer leads to; a pointer into a list is named as the list.
pub fn field_key(pointer: &str) -> String {
    let name = pointer.trim_start_matches('/');
    let name = name.split('/').next().unwrap_or_default();
    format!("field-{}", name.replace('_', "-"))
}

/// What the field a citation points at is called.
pub fn field_name(lang: Lang, pointer: &str) -> String {
    let named = texts::message(lang, &field_key(pointer), None);
    named.unwrap_or_else(|| pointer.trim_start_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use minijinja::value::Serde;

    use super::*;

    fn shown(source: &str, values: &[(&str, Value)]) -> Result<String, String> {
        shown_in(Lang::En, source, values)
    }

    fn shown_in(lang: Lang, source: &str, values: &[(&str, Value)]) -> Result<String, String> {
        let mut engine = engine(lang, &Theme::default());
        engine
            .add_template_owned("test.html", source.to_owned())
            .map_err(|error| error.to_string())?;
        let values = Value::from_pairs(values.iter().cloned());
        let template = engine
            .get_template("test.html")
            .map_err(|error| error.to_string())?;
        template.render(values).map_err(|error| error.to_string())
    }

    #[test]
    fn all_templates_can_be_read() {
        for (name, _) in templates(&Theme::default()) {
            let template = of(Lang::En).unwrap().get_template(&name);
            assert!(template.is_ok(), "{name}: {:#}", template.unwrap_err());
        }
    }

    #[test]
    fn nothing_is_taken_for_html_that_is_text() {
        for (name, source) in templates(&Theme::default()) {
            assert!(!source.contains("safe"), "{name}");
            assert!(!source.contains("style=\""), "{name}");
        }
        let image = Value::from("<img onerror=alert(1)>");
        let escaped = "&lt;img onerror=alert(1)&gt;";
        assert_eq!(shown("{{ q }}", &[("q", image.clone())]).unwrap(), escaped);
        // A message with HTML among its values escapes the others.
        let link = Value::from_safe_string("<a>x</a>".to_owned());
        let text = shown(
            "{{ t('as-of-banner', day=link, q=q) }}",
            &[("link", link), ("q", image)],
        );
        assert!(text.unwrap().contains("<a>x</a>"));
    }

    #[test]
    fn what_is_not_there_is_not_shown_as_nothing() {
        assert!(shown("{{ nothing }}", &[]).is_err());
        assert!(shown("{{ t('no-such-message') }}", &[]).is_err());
        assert!(shown("{{ 'x' | label('legal_status') }}", &[]).is_err());
        assert_eq!(shown("{% if nothing %}x{% endif %}", &[]).unwrap(), "");
    }

    #[test]
    fn data_in_a_script_stays_there_and_reads_the_same() {
        let names = ["</script><b>", "<!-- <script>", "&lt;\u{2028}"];
        let json = serde_json::to_string(&names).unwrap();
        let text = shown("{{ json | script_data }}", &[("json", Value::from(json))]).unwrap();
        assert!(!text.contains(['<', '>', '&']), "{text}");
        let read: Vec<String> = serde_json::from_str(&text).unwrap();
        assert_eq!(read, names);
    }

    #[test]
    fn a_name_says_its_language_unless_it_is_the_page_s() {
        let name = |lang: &str| Value::from_pairs([("value", "Wilno"), ("lang", lang)]);
        for (one, expected) in [
            (vec![], "<bdi>Wilno</bdi>"),
            (vec![("name_lang", Value::from("en"))], "<bdi>Wilno</bdi>"),
            (
                vec![("name_lang", Value::from("pl"))],
                "<bdi lang=\"pl\">Wilno</bdi>",
            ),
            (
                vec![("names", Value::from(vec![name("pl"), name("de")]))],
                "<bdi lang=\"pl\">Wilno</bdi>",
            ),
            (
                vec![("names", Value::from(vec![name("pl"), name("en")]))],
                "<bdi>Wilno</bdi>",
            ),
        ] {
            let one = [("name", Value::from("Wilno"))].into_iter().chain(one);
            let text = shown("{{ one|named }}", &[("one", Value::from_pairs(one))]);
            assert_eq!(text.unwrap(), expected);
        }
        assert!(shown("{{ one|named }}", &[("one", Value::from(1))]).is_err());
    }

    /// What a reader sees of it: without tags, and with one blank for several.
    fn read(lang: Lang, source: &str, values: &serde_json::Value) -> String {
        let members = values.as_object().unwrap().iter();
        let values: Vec<(&str, Value)> = members
            .map(|(name, value)| (name.as_str(), Value::from(Serde(value.clone()))))
            .collect();
        let html = shown_in(lang, source, &values).unwrap();
        let text: String = html
            .split('<')
            .map(|part| part.split_once('>').map_or(part, |(_, text)| text))
            .collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_holds_once_more_says_so() {
        let source = "{% from 'parts.html' import status_since %}\
            {{ status_since('in_force', 'legal_status', '2003-05', '2026-11-29T12:00:00Z', events) }}";
        let brought_by = |action: &str| {
            serde_json::json!({"events": [
                {"action": "sign", "effective_on": "1992"},
                {"action": action, "effective_on": "2003-05"},
            ]})
        };
        assert_eq!(
            read(Lang::En, source, &brought_by("resume")),
            "In force again since May 2003"
        );
        assert_eq!(
            read(Lang::Pl, source, &brought_by("renew")),
            "Obowiązujące ponownie od maja 2003"
        );
        assert_eq!(
            read(Lang::En, source, &brought_by("enter_into_force")),
            "In force since May 2003"
        );
    }

    #[test]
    fn what_a_source_states_is_told_in_words() {
        for (pointer, text, words) in [
            ("/population", "294242", "294\u{202f}242"),
            ("/signed_on", "1992-05~", "około maja 1992"),
            ("/signed_on", "w maju", "w maju"),
            ("/country", "DE", "Niemcy"),
            ("/status", "terminated", "Zakończone"),
            ("/term", "P5Y", "5 lat"),
            ("/signed_at", "P5Y", "P5Y"),
        ] {
            assert_eq!(stated(Lang::Pl, text, pointer), words, "{pointer}");
        }
    }

    /// Status, beginning, day of the status, whether the two are known; what is said in English and in Polish.
    type TieRow = (
        &'static str,
        &'static str,
        &'static str,
        [bool; 2],
        &'static str,
        &'static str,
    );

    const TIES: &[TieRow] = &[
        (
            "in_force",
            "1992",
            "1992",
            [true, true],
            "since 1992",
            "od 1992 roku",
        ),
        (
            "in_force",
            "[..2026-11-29]",
            "[..2026-11-29]",
            [false, false],
            "since when is not known",
            "nie wiadomo od kiedy",
        ),
        // Signed in May and in force from September on.
        (
            "in_force",
            "2001-05-01",
            "2001-09-01",
            [true, true],
            "partners since 1 May 2001",
            "w partnerstwie od 1 maja 2001",
        ),
        (
            "suspended",
            "2000-06",
            "2020-08~",
            [true, true],
            "partners since June 2000, suspended since about August 2020",
            "w partnerstwie od czerwca 2000, zawieszone od około sierpnia 2020",
        ),
        (
            "terminated",
            "2000-06",
            "2022-03-03",
            [true, true],
            "partners since June 2000, ended on 3 March 2022",
            "w partnerstwie od czerwca 2000, zakończone 3 marca 2022",
        ),
        // What is recorded as ended says nothing of its beginning.
        (
            "expired",
            "2003",
            "2003",
            [true, true],
            "in 2003",
            "w 2003 roku",
        ),
        (
            "terminated",
            "2000-06",
            "[..2026-11-29]",
            [true, false],
            "partners since June 2000, ended, when is not known",
            "w partnerstwie od czerwca 2000, zakończone, nie wiadomo kiedy",
        ),
        (
            "signed",
            "2018-03-16",
            "2018-03-16",
            [true, true],
            "on 16 March 2018",
            "16 marca 2018",
        ),
        (
            "abandoned",
            "2018",
            "2020",
            [true, true],
            "in 2020",
            "w 2020 roku",
        ),
    ];

    #[test]
    fn a_tie_says_since_when_it_was_one_and_what_became_of_it() {
        let source = "{% from 'parts.html' import tie_dates %}{{ tie_dates(tie) }}";
        for (status, since, status_since, known, english, polish) in TIES.iter().copied() {
            let [since_known, turned_known] = known;
            let tie = serde_json::json!({"tie": {
                "status": status, "since": since, "status_since": status_since,
                "since_known": since_known, "turned_known": turned_known, "began": since,
                "planned": status == "signed", "attempt": status == "abandoned", "earlier": [],
            }});
            assert_eq!(read(Lang::En, source, &tie), english);
            assert_eq!(read(Lang::Pl, source, &tie), polish);
        }
    }

    #[test]
    fn that_none_holds_today_is_not_that_none_is_recorded() {
        for (ended, english, polish) in [
            (1, "1 partnership has ended.", "Zakończone: 1 partnerstwo."),
            (
                0,
                "No partnership is recorded.",
                "Nie wpisano żadnego partnerstwa.",
            ),
        ] {
            let page = serde_json::json!({
                "layout": "frame.html", "partner": {"id": "ptn_1", "name": "Łomża"},
                "ties": {"map": null, "unplaced": [], "live": [], "total_ended": ended, "prev": null, "next": null},
            });
            for (lang, text) in [(Lang::En, english), (Lang::Pl, polish)] {
                let embedded = read(lang, "{% include 'embed.html' %}", &page);
                assert!(embedded.contains(text), "{embedded}");
                let none = embedded.contains("No partnership is recorded")
                    || embedded.contains("Nie wpisano");
                assert_eq!(none, ended == 0, "{embedded}");
            }
        }
    }

    #[test]
    fn what_a_source_says_stands_behind_a_colon_or_there_is_none() {
        let source =
            "{% from 'parts.html' import said_line %}{{ said_line(said, '', 'the whole record') }}";
        for (pointer, stance, stated, english) in [
            ("/identifiers", "states", None, "In other registers"),
            ("", "states", None, "the whole record"),
            (
                "",
                "omits",
                None,
                "the whole record: does not mention it (February 2026)",
            ),
            (
                "/population",
                "states",
                Some("294242.0"),
                "Inhabitants: 294,242 (February 2026)",
            ),
            (
                "/signed_on",
                "contradicts",
                Some("1993"),
                "Signed: says otherwise 1993 (February 2026)",
            ),
        ] {
            let observed = (stated.is_some() || stance != "states").then_some("2026-02");
            let said = serde_json::json!({"said": {
                "pointer": pointer, "stance": stance, "stated_value": stated, "quote": null,
                "observed_on": observed,
            }});
            assert_eq!(read(Lang::En, source, &said), english);
        }
    }

    #[test]
    fn an_event_is_a_sentence_with_one_full_stop() {
        let source = "{% from 'parts.html' import events %}{{ events([event], {}, 'legal_status', lang, '') }}";
        for (action, to_status, on, english, polish) in [
            (
                "sign",
                "in_force",
                "2000-05",
                "Signed in May 2000.",
                "Podpisano w maju 2000.",
            ),
            (
                "sign",
                "in_force",
                "1992",
                "Signed in 1992.",
                "Podpisano w 1992 roku.",
            ),
            (
                "register",
                "in_force",
                "2018-03-16",
                "In force since 16 March 2018.",
                "Obowiązuje od 16 marca 2018.",
            ),
            (
                "register",
                "terminated",
                "199X",
                "Ended in the 1990s.",
                "Zakończono w latach 90. XX wieku.",
            ),
            (
                "suspend",
                "suspended",
                "[2003-02..2004-05]",
                "Suspended at some time between February 2003 and May 2004.",
                "Zawieszono między lutym 2003 a majem 2004.",
            ),
            (
                "correct",
                "suspended",
                "2020-08~",
                "Corrected: the status is “Suspended” since about August 2020.",
                "Sprostowano: stan „Zawieszone” od około sierpnia 2020.",
            ),
        ] {
            let event = serde_json::json!({"lang": "en", "event": {
                "action": action, "to_status": to_status, "effective_on": on, "formal": true,
                "recorded_at": "2026-11-29T10:00:00Z",
            }});
            assert_eq!(read(Lang::En, source, &event), english);
            assert_eq!(read(Lang::Pl, source, &event), polish);
        }
        let event = serde_json::json!({"lang": "en", "event": {
            "action": "register", "to_status": "in_force", "effective_on": "[..2026-11-29]", "formal": true,
            "recorded_at": "2026-11-29T10:00:00Z",
        }});
        assert_eq!(
            read(Lang::En, source, &event),
            "In force; since when is not known."
        );
        assert_eq!(
            read(Lang::Pl, source, &event),
            "Obowiązujące; nie wiadomo od kiedy."
        );
    }

    #[test]
    fn parts_that_run_from_right_to_left_stay_where_they_are() {
        for (title, expected) in [
            ("Łódź – <b>", "Łódź – &lt;b&gt;"),
            (
                "Łódź – חיפה – عكا",
                "<bdi>Łódź</bdi> – <bdi>חיפה</bdi> – <bdi>عكا</bdi>",
            ),
        ] {
            let text = shown("{{ title|isolated }}", &[("title", Value::from(title))]);
            assert_eq!(text.unwrap(), expected);
        }
    }

    #[test]
    fn an_excerpt_ends_with_a_word() {
        let long = "ącki ".repeat(100);
        let cut = shown("{{ t|excerpt }}", &[("t", Value::from(long))]).unwrap();
        assert!(
            cut.ends_with("ącki …") && cut.chars().count() <= 202,
            "{cut}"
        );
        let unbroken = "ą".repeat(300);
        let cut = shown("{{ t|excerpt }}", &[("t", Value::from(unbroken))]).unwrap();
        assert_eq!(cut.chars().count(), 202);
        let short = shown("{{ t|excerpt }}", &[("t", Value::from("a b"))]);
        assert_eq!(short.unwrap(), "a b");
    }

    #[test]
    fn a_text_in_another_language_is_marked() {
        let titles = Value::from_pairs([("de", "Abkommen"), ("pl", "Umowa")]);
        let text = shown("{{ t | in_lang }}", &[("t", titles)]).unwrap();
        assert_eq!(text, "<span lang=\"de\">Abkommen</span>");
    }
}
