//! Small pieces that stand on a page by the hundred: a macro costs more than what it says.

use minijinja::value::Value;
use minijinja::{Environment, Error, HtmlEscape};

use super::{label, named};
use crate::core::title;
use crate::html::lang::Lang;
use crate::html::texts;

/// Adds these pieces as filters.
pub(super) fn add_to(engine: &mut Environment<'static>, lang: Lang) {
    engine.add_filter("linked", move |partner: &Value, keep: &str| {
        linked(lang, partner, keep)
    });
    engine.add_filter("in_country", move |partner: &Value| {
        in_country(lang, partner)
    });
    engine.add_filter(
        "status",
        move |code: &str, name: &str, inside: Option<bool>| {
            status(lang, code, name, inside == Some(true))
        },
    );
    engine.add_filter("free", free);
    engine.add_filter("refused", refused);
    engine.add_filter("is_own", is_own);
    engine.add_filter("source_title", move |source: &Value| {
        source_title(lang, source)
    });
}

/// A partner's name as a link to its page; `keep` is what the address carries on.
fn linked(lang: Lang, partner: &Value, keep: &str) -> Result<Value, Error> {
    let id = partner.get_attr("id")?;
    let id = HtmlEscape(id.as_str().unwrap_or_default());
    let (name, keep) = (named(lang, partner)?, HtmlEscape(keep));
    Ok(Value::from_safe_string(format!(
        "<a href=\"/{lang}/partners/{id}{keep}\" translate=\"no\">{name}</a>"
    )))
}

/// Where a partner is, and of which kind when it is no city.
fn in_country(lang: Lang, partner: &Value) -> Result<Value, Error> {
    let (country, kind) = (partner.get_attr("country")?, partner.get_attr("kind")?);
    let country = texts::country(lang, country.as_str().unwrap_or_default());
    let kind = match kind.as_str().unwrap_or_default() {
        "municipality" => String::new(),
        kind => format!(", {}", label(lang, "partner_kind", kind)?),
    };
    let (country, kind) = (HtmlEscape(&country), HtmlEscape(&kind));
    Ok(Value::from_safe_string(format!(
        "<span class=\"quiet\">{country}{kind}</span>"
    )))
}

/// A status of a vocabulary; `inside` of a sentence.
fn status(lang: Lang, code: &str, vocabulary: &str, inside: bool) -> Result<Value, Error> {
    let mut words = label(lang, vocabulary, code)?.to_owned();
    if inside {
        words = words.to_lowercase();
    }
    let (code, words) = (HtmlEscape(code), HtmlEscape(&words));
    Ok(Value::from_safe_string(format!(
        "<span class=\"status {code}\">{words}</span>"
    )))
}

/// A text of which nobody says in which language it is: it is not taken for one in that of the page.
fn free(text: &str) -> Value {
    let text = HtmlEscape(text);
    Value::from_safe_string(format!("<span lang=\"\" dir=\"auto\">{text}</span>"))
}

/// Whether, by these events, an application was refused on that date.
fn refused(events: &Value, date: &str) -> Result<bool, Error> {
    for event in events.try_iter()? {
        if event.get_attr("action")?.as_str() == Some("refuse")
            && event.get_attr("effective_on")?.as_str() == Some(date)
            && !event.get_attr("corrected_by")?.is_true()
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a source has its title of the registry itself.
fn is_own(source: &Value) -> Result<bool, Error> {
    Ok(source.get_attr("kind")?.as_str() == Some("staff_entry")
        && source.get_attr("title")?.as_str() == Some(title::STAFF_ENTRY))
}

/// What a source is called.
fn source_title(lang: Lang, source: &Value) -> Result<Value, Error> {
    if is_own(source)? {
        return label(lang, "source_kind", "staff_entry").map(Value::from);
    }
    source.get_attr("title")
}
