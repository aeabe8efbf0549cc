//! The seven kinds of records, one line each.

use serde_json::{Value, json};

use super::World;

/// How records of a kind are made, changed and found.
pub struct Kind {
    /// The collection.
    pub name: &'static str,
    /// What its ids begin with.
    pub prefix: &'static str,
    /// What the feed calls it.
    pub entity: &'static str,
    /// The scope of a key that may write it.
    pub scope: &'static str,
    /// The `number`-th record of this office, as it is sent; no two are duplicates.
    pub body: fn(&World, &str, u32) -> Value,
    /// A query of the list that finds those of the open office, and nothing else that was set up.
    pub ours: fn(&World) -> String,
    /// A text member that can be changed and taken out, with two values.
    pub text: (&'static str, &'static str, &'static str),
    /// A member that must be there, and the pointer at which its absence is told.
    pub required: &'static str,
    /// Every key that lists sort by.
    pub sorts: &'static [&'static str],
    /// Every record that can be embedded in the item.
    pub includes: &'static [&'static str],
    /// Whether several can be sent at once; where not, why.
    pub arrays: Result<(), &'static str>,
    /// Whether sources can be said to speak of it; where not, why.
    pub citations: Result<(), &'static str>,
    /// Whether a withdrawal can be undone; where not, why.
    pub restore: Result<(), &'static str>,
    /// Whether its history shows the record as it stood; where not, why.
    pub versions: Result<(), &'static str>,
    /// Whether it belongs to an office, which alone edits it; where not, why.
    pub offices: Result<(), &'static str>,
}

pub static PARTNERS: Kind = Kind {
    name: "partners",
    prefix: "ptn",
    entity: "partner",
    scope: "partners:write",
    body: |_, office, number| {
        json!({"kind": "school", "name": format!("School {number}"), "country": "PL", "host_id": office,
            "population": number, "website": "https://example.org/first"})
    },
    ours: |_| "kind=school".to_owned(),
    text: (
        "website",
        "https://example.org/second",
        "https://example.org/third",
    ),
    required: "kind",
    sorts: &["name", "population", "country", "created_at", "updated_at"],
    includes: &["sources", "citations", "contacts"],
    arrays: Ok(()),
    citations: Ok(()),
    restore: Ok(()),
    versions: Ok(()),
    offices: Ok(()),
};

pub static AGREEMENTS: Kind = Kind {
    name: "agreements",
    prefix: "agr",
    entity: "agreement",
    scope: "agreements:write",
    body: |world, office, number| {
        json!({"instrument": "protocol", "title": {"en": format!("Protocol {number}")},
            "signed_on": (1990 + number).to_string(), "signed_at": "First",
            "parties": [{"partner_id": office}, {"partner_id": world.other}]})
    },
    ours: |_| "instrument=protocol".to_owned(),
    text: ("signed_at", "Second", "Third"),
    required: "instrument",
    sorts: &[
        "signed_on",
        "title",
        "name",
        "status",
        "created_at",
        "updated_at",
    ],
    includes: &["sources", "citations", "events", "documents", "activities"],
    arrays: Ok(()),
    citations: Ok(()),
    restore: Ok(()),
    versions: Ok(()),
    offices: Ok(()),
};

pub static NETWORKS: Kind = Kind {
    name: "networks",
    prefix: "net",
    entity: "network",
    scope: "networks:write",
    body: |_, office, number| {
        json!({"kind": "thematic_alliance", "name": format!("Euroregion {number}"), "seat_partner_id": office,
            "legal_form": "First"})
    },
    ours: |_| "kind=thematic_alliance".to_owned(),
    text: ("legal_form", "Second", "Third"),
    required: "kind",
    sorts: &["name", "created_at", "updated_at"],
    includes: &["sources", "citations"],
    arrays: Ok(()),
    citations: Ok(()),
    restore: Ok(()),
    versions: Ok(()),
    offices: Ok(()),
};

pub static MEMBERSHIPS: Kind = Kind {
    name: "memberships",
    prefix: "mbr",
    entity: "membership",
    scope: "memberships:write",
    body: |world, office, number| {
        json!({"partner_id": office, "network_id": world.network, "section": format!("Section {number}"),
            "admitted_on": (1990 + number).to_string(), "offices": [{"office": "First"}]})
    },
    ours: |world| format!("partner={}", world.open),
    text: ("section", "Second", "Third"),
    required: "network_id",
    sorts: &["admitted_on", "created_at", "updated_at"],
    includes: &["sources", "citations", "events", "documents"],
    arrays: Ok(()),
    citations: Ok(()),
    restore: Ok(()),
    versions: Ok(()),
    offices: Ok(()),
};

pub static ACTIVITIES: Kind = Kind {
    name: "activities",
    prefix: "act",
    entity: "activity",
    scope: "activities:write",
    body: |_, office, number| {
        json!({"kind": "meeting", "title": {"en": format!("Meeting {number}")}, "outcome": "First",
            "starts_on": (1990 + number).to_string(), "participants": [{"partner_id": office}]})
    },
    ours: |world| format!("partner={}", world.open),
    text: ("outcome", "Second", "Third"),
    required: "kind",
    sorts: &["starts_on", "created_at", "updated_at"],
    includes: &["sources", "citations", "documents"],
    arrays: Ok(()),
    citations: Ok(()),
    restore: Ok(()),
    versions: Ok(()),
    offices: Ok(()),
};

pub static SOURCES: Kind = Kind {
    name: "sources",
    prefix: "src",
    entity: "source",
    scope: "sources:write",
    body: |_, _, number| json!({"kind": "archive", "title": format!("File {number}"), "publisher": "First"}),
    ours: |_| "kind=archive".to_owned(),
    text: ("publisher", "Second", "Third"),
    required: "kind",
    sorts: &["title", "created_at", "updated_at"],
    includes: &[],
    arrays: Ok(()),
    citations: Err("a source is what is cited"),
    restore: Ok(()),
    versions: Ok(()),
    offices: Err("a published source is everybody's"),
};

pub static DOCUMENTS: Kind = Kind {
    name: "documents",
    prefix: "doc",
    entity: "document",
    scope: "documents:write",
    body: |world, office, number| {
        let [open, strict] = &world.papers;
        let paper = if office == world.open { open } else { strict };
        json!({"kind": "press_release", "external_url": format!("https://example.org/{number}"),
            "title": "First", "agreement_id": paper})
    },
    ours: |_| "kind=press_release".to_owned(),
    text: ("title", "Second", "Third"),
    required: "kind",
    sorts: &["created_at", "updated_at", "title"],
    includes: &[],
    arrays: Err("a request sends one paper"),
    citations: Err("a document is shown beside sources, not proved by them"),
    restore: Ok(()),
    versions: Ok(()),
    offices: Ok(()),
};
