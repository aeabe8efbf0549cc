//! What can be followed, in words.

use diesel::prelude::*;

use super::topic::Topic;
use crate::changes::records;
use crate::core::ids::PublicId;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::agreement::FieldOfCooperation;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::html::{self, Argument, lang::Lang};
use crate::kinds;

/// The language of pages and mails for this tag.
pub fn language(lang: &str) -> Lang {
    lang.parse().unwrap_or(Lang::En)
}

/// The name of a record that everybody sees; of others it is nobody's to know.
fn public_name(conn: &mut DbConn, id: &PublicId, lang: &str) -> QueryResult<Option<String>> {
    match records::find(conn, id)? {
        Some(head) if head.state == RecordState::Published => kinds::display_name(conn, id, lang),
        _ => Ok(None),
    }
}

/// What a topic is called.
pub fn of(conn: &mut DbConn, topic: &Topic, lang: &str) -> QueryResult<String> {
    let page = language(lang);
    let (key, name) = match topic {
        Topic::NewAgreements => return Ok(html::say(page, "topic-new-agreements", &[])),
        Topic::Partner(id) => ("topic-partner", public_name(conn, id, lang)?),
        Topic::Network(id) => ("topic-network", public_name(conn, id, lang)?),
        Topic::Country(country) => {
            let name = html::country(page, country.as_str());
            ("topic-country", Some(name))
        }
        Topic::Field(field) => {
            let name = html::label(page, FieldOfCooperation::VOCABULARY, field.code());
            ("topic-field", name.map(str::to_owned))
        }
    };
    let name = name.unwrap_or_else(|| topic.to_string());
    Ok(html::say(page, key, &[("name", Argument::from(&name))]))
}

/// What these topics are called.
pub fn all<'a>(
    conn: &mut DbConn,
    topics: impl IntoIterator<Item = &'a Topic>,
    lang: &str,
) -> QueryResult<Vec<String>> {
    topics
        .into_iter()
        .map(|topic| of(conn, topic, lang))
        .collect()
}
