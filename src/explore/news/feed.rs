//! Changes as a feed: who, when, what, in words.

use std::collections::HashMap;

use atom_syndication::{Category, Content, Entry, Feed, Generator, Link, Person, Text};
use chrono::{DateTime, Utc};

use crate::changes::{ChangeView, words};
use crate::core::author::Author;
use crate::core::ids::PublicId;
use crate::core::vocabulary::Code as _;
use crate::html::lang::Lang;
use crate::html::{self, Argument};
use crate::http::format::Format;

/// What a feed is about.
#[derive(Debug)]
pub struct About<'a> {
    /// Where the registry is reached.
    pub base: &'a str,
    /// The address of the feed, as it was asked for.
    pub path: &'a str,
    /// The language of words.
    pub lang: Lang,
    /// The partner.
    pub partner: &'a PublicId,
    /// What it is called.
    pub name: &'a str,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// The feed of these changes, newest first; `names` are those of records and offices.
pub fn feed(about: &About<'_>, changes: &[ChangeView], names: &HashMap<PublicId, String>) -> Feed {
    let About { base, lang, .. } = about;
    let page = format!("{base}/{lang}/partners/{}", about.partner);
    let own = format!("{base}{}", about.path);
    let name = [("name", Argument::from(about.name))];
    let newest = changes.first().map(|change| change.at);
    Feed {
        // The address without parameters: the same feed in another language is the same feed.
        id: format!("{base}/api/v1/partners/{}/changes.atom", about.partner),
        title: Text::plain(html::say(*lang, "feed-title", &name)),
        updated: newest.unwrap_or(about.updated_at).fixed_offset(),
        authors: vec![Person {
            name: html::say(*lang, "registry", &[]),
            uri: Some((*base).to_owned()),
            ..Person::default()
        }],
        generator: Some(Generator {
            value: "twincity".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            ..Generator::default()
        }),
        links: vec![
            link("self", own, Some(Format::Atom.media_type())),
            link("alternate", page, Some("text/html")),
        ],
        lang: Some(lang.code().to_owned()),
        entries: changes
            .iter()
            .filter_map(|change| entry(about, change, names))
            .collect(),
        ..Feed::default()
    }
}

fn link(rel: &str, href: String, media_type: Option<&str>) -> Link {
    Link {
        href,
        rel: rel.to_owned(),
        mime_type: media_type.map(str::to_owned),
        ..Link::default()
    }
}

fn entry(
    about: &About<'_>,
    change: &ChangeView,
    names: &HashMap<PublicId, String>,
) -> Option<Entry> {
    let (id, entity) = (change.id.as_ref()?, change.entity?);
    let lang = about.lang;
    let subject = called(names, id);
    let thing = format!("{}/r/{id}", about.base);
    let what = words(lang, change);
    let summary = match &change.reason {
        Some(reason) => format!("{what}. {reason}"),
        None => what.clone(),
    };
    let category = |vocabulary: &str, code: &str| Category {
        term: code.to_owned(),
        scheme: Some(format!("{}/api/v1/vocabularies/{vocabulary}", about.base)),
        label: Some(html::label_or_code(lang, vocabulary, code)),
    };
    Some(Entry {
        id: format!("{thing}#change-{}", change.seq),
        title: Text::plain(format!("{subject}: {what}")),
        updated: change.at.fixed_offset(),
        published: Some(change.at.fixed_offset()),
        authors: vec![author(about, change.actor.as_ref(), names)],
        categories: vec![
            category("entity", entity.code()),
            category("change_op", change.op.code()),
        ],
        links: vec![link("alternate", thing, None)],
        content: Some(Content {
            value: Some(summary),
            content_type: Some("text".to_owned()),
            lang: None,
            ..Content::default()
        }),
        ..Entry::default()
    })
}

/// What it is called, or else its id.
fn called(names: &HashMap<PublicId, String>, id: &PublicId) -> String {
    names.get(id).cloned().unwrap_or_else(|| id.to_string())
}

/// Who: the office, or the role of whoever belongs to none; never the person.
fn author(about: &About<'_>, actor: Option<&Author>, names: &HashMap<PublicId, String>) -> Person {
    let office = actor.and_then(Author::organisation);
    let name = match (office, actor) {
        (Some(office), _) => called(names, office),
        (None, Some(actor)) => html::label_or_code(about.lang, "role", actor.role().code()),
        (None, None) => html::say(about.lang, "registry", &[]),
    };
    Person {
        name,
        uri: office.map(|office| format!("{}/r/{office}", about.base)),
        ..Person::default()
    }
}
