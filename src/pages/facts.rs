//! What readers may find wrong in a record.

use crate::core::ids::Kind;

/// The fields of a record of this kind that can be corrected one by one; in each, its page says what it shows.
pub fn correctable(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Partner => &[
            "names",
            "country",
            "subdivision",
            "latitude",
            "population",
            "founded_on",
            "dissolved_on",
            "website",
            "identifiers",
        ],
        Kind::Agreement => &[
            "title",
            "parties",
            "status",
            "instrument",
            "relationship",
            "scope",
            "fields",
            "signed_on",
            "signed_at",
            "in_force_on",
            "valid_until",
            "term",
            "renewal",
            "notice_period",
            "languages",
            "purpose",
            "activity_level",
        ],
        Kind::Network => &[
            "names",
            "founded_on",
            "dissolved_on",
            "legal_form",
            "website",
            "identifiers",
        ],
        Kind::Membership => &[
            "status",
            "class",
            "section",
            "via_partner",
            "applied_on",
            "admitted_on",
            "ended_on",
            "offices",
        ],
        Kind::Activity => &[
            "title",
            "starts_on",
            "status",
            "place",
            "mode",
            "fields",
            "participants",
            "participant_count",
            "programme",
            "grant_ref",
            "outcome",
        ],
        Kind::Source => &[
            "title",
            "url",
            "archived_url",
            "publisher",
            "author_body",
            "published_on",
            "language",
            "licence",
        ],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{self, lang::Lang};

    #[test]
    fn every_field_has_a_name_for_people() {
        for kind in [
            Kind::Partner,
            Kind::Agreement,
            Kind::Network,
            Kind::Membership,
            Kind::Activity,
            Kind::Source,
        ] {
            let fields = correctable(kind);
            assert!(!fields.is_empty(), "{kind:?}");
            for field in fields {
                for lang in Lang::ALL {
                    assert!(html::names(lang, field), "{kind:?} {field} in {lang}");
                }
            }
        }
    }
}
