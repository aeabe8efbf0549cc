//! What a record says, field by field: where its page tells what a pointer names, and what readers may find wrong
//! in it.

use crate::core::ids::Kind;
use crate::html;

/// Under which name a page tells what this pointer names. Pointers name fields as they are shown and as they are
/// sent, and a page tells some of them as one.
pub fn fact(pointer: &str) -> &str {
    let name = html::member(pointer);
    let name = name.strip_suffix("_range").unwrap_or(name);
    match name {
        "name" => "names",
        "longitude" => "latitude",
        "population_year" => "population",
        "initial_status" | "pending_termination" | "status_basis" | "status_since" => "status",
        "superseded_by" => "supersedes",
        "seat_partner_id" => "seat",
        "parent_id" => name,
        _ => name.strip_suffix("_id").unwrap_or(name),
    }
}

/// The fields of a record of this kind that can be corrected one by one: all that citations may point at. In each,
/// its page says what it shows.
pub fn correctable(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Partner => PARTNER,
        Kind::Agreement => AGREEMENT,
        Kind::Network => NETWORK,
        Kind::Membership => MEMBERSHIP,
        Kind::Activity => ACTIVITY,
        Kind::Source => SOURCE,
        _ => &[],
    }
}

#[rustfmt::skip]
const PARTNER: &[&str] = &[
    "names", "kind", "country", "subdivision", "host", "existence", "latitude", "population",
    "founded_on", "dissolved_on", "description", "website", "contacts", "seeking", "relations",
    "identifiers",
];
#[rustfmt::skip]
const AGREEMENT: &[&str] = &[
    "title", "parties", "status", "instrument", "relationship", "scope", "fields", "proposed_on",
    "approved_on", "signed_on", "signed_at", "in_force_on", "entry_into_force", "duration",
    "valid_until", "term", "renewal", "renewal_period", "notice_period", "languages", "purpose",
    "activity_level", "reciprocity", "registrations", "supersedes", "arose_from", "parent_id",
    "last_confirmed_on",
];
#[rustfmt::skip]
const NETWORK: &[&str] = &[
    "names", "kind", "description", "founded_on", "dissolved_on", "legal_form",
    "membership_classes", "seat", "website", "successor", "identifiers",
];
#[rustfmt::skip]
const MEMBERSHIP: &[&str] = &[
    "status", "partner", "network", "class", "section", "via_partner", "applied_on",
    "admitted_on", "ended_on", "offices",
];
#[rustfmt::skip]
const ACTIVITY: &[&str] = &[
    "title", "kind", "starts_on", "ends_on", "status", "place", "mode", "fields", "participants",
    "participant_count", "agreement_ids", "network", "programme", "grant_ref", "outcome",
];
#[rustfmt::skip]
const SOURCE: &[&str] = &[
    "title", "kind", "url", "archived_url", "publisher", "author_body", "published_on",
    "modified_on", "retrieved_on", "language", "licence", "reliability",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use utoipa::PartialSchema;

    use super::*;
    use crate::activities::types::{ActivityIn, ActivityView};
    use crate::agreements::types::{AgreementIn, AgreementView};
    use crate::evidence::sources::{SourceIn, SourceView};
    use crate::html::lang::Lang;
    use crate::networks::memberships::types::{MembershipIn, MembershipView};
    use crate::networks::types::{NetworkIn, NetworkView};
    use crate::partners::types::{PartnerIn, PartnerView};

    /// How a record is kept and sent, of which no source speaks.
    const OF_THE_REGISTRY: &[&str] = &[
        "id",
        "version",
        "record_state",
        "created_at",
        "updated_at",
        "created_by",
        "updated_by",
        "sources",
        "citations",
        "allow_duplicate",
        "allowed",
        "warnings",
        "quality_flags",
        // It follows from the countries of the parties.
        "domestic",
    ];

    /// What a page has, and no single field to be put right.
    const TOLD_ELSEWHERE: &[&str] = &["events", "documents", "activities"];

    /// The fields of a JSON type, but for those that every record has.
    fn fields<T: PartialSchema>() -> BTreeSet<String> {
        let schema = serde_json::to_value(T::schema()).unwrap();
        let parts = schema["allOf"].as_array().cloned().unwrap_or_default();
        let parts = parts.iter().chain([&schema]);
        let named = parts.filter_map(|part| part["properties"].as_object());
        named
            .flat_map(|properties| properties.keys().cloned())
            .filter(|name| !OF_THE_REGISTRY.contains(&name.as_str()))
            .collect()
    }

    /// Of each kind the fields that are sent, and those that are shown.
    fn all() -> Vec<(Kind, BTreeSet<String>, BTreeSet<String>)> {
        vec![
            (
                Kind::Partner,
                fields::<PartnerIn>(),
                fields::<PartnerView>(),
            ),
            (
                Kind::Agreement,
                fields::<AgreementIn>(),
                fields::<AgreementView>(),
            ),
            (
                Kind::Network,
                fields::<NetworkIn>(),
                fields::<NetworkView>(),
            ),
            (
                Kind::Membership,
                fields::<MembershipIn>(),
                fields::<MembershipView>(),
            ),
            (
                Kind::Activity,
                fields::<ActivityIn>(),
                fields::<ActivityView>(),
            ),
            (Kind::Source, fields::<SourceIn>(), fields::<SourceView>()),
        ]
    }

    #[test]
    fn whatever_a_citation_may_point_at_has_a_name_for_people() {
        for (kind, sent, shown) in all() {
            assert!(sent.len() > 9 && shown.len() > 9, "{kind:?}");
            for field in sent.union(&shown) {
                for lang in Lang::ALL {
                    let pointer = format!("/{field}/0");
                    assert!(
                        html::says(lang, &html::cited_key(&pointer)),
                        "{kind:?} {field} in {lang}"
                    );
                }
            }
        }
    }

    #[test]
    fn every_field_that_is_sent_can_be_corrected() {
        for (kind, sent, _) in all() {
            for field in &sent {
                let fact = fact(field);
                assert!(
                    correctable(kind).contains(&fact) || TOLD_ELSEWHERE.contains(&fact),
                    "{kind:?} {field}"
                );
            }
        }
    }

    #[test]
    fn every_field_has_a_name_for_people() {
        for (kind, ..) in all() {
            for field in correctable(kind) {
                assert_eq!(fact(field), *field, "{kind:?}");
                for lang in Lang::ALL {
                    assert!(html::names(lang, field), "{kind:?} {field} in {lang}");
                }
            }
        }
    }
}
