//! Who may do what: one line an operation.
//!
//! `authentication` asks this table before any handler runs, and an operation that is not in it is refused. A
//! test compares it with the OpenAPI document, and calls every operation as every role. What a line
//! says of a record's office is asked by `authorize` once the record is known.

use strum::IntoStaticStr;

use crate::core::vocabulary::record::{KeyScope, Role};
use crate::http::openapi::{Login, Rights};

/// Whom an operation is open to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Audience {
    /// Everyone. What of it a caller may see depends on the caller.
    Anyone,
    /// Everyone; whether the caller is known does not matter.
    Stranger,
    /// Whoever is known, of any role and office, for what is their own.
    Staff,
    /// The office the record belongs to, from its editors up; registrars and administrators.
    Office,
    /// Registrars and administrators.
    Registrar,
    /// Administrators.
    Admin,
}

/// One operation and whom it is open to.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its `operationId` in the OpenAPI document.
    pub operation: &'static str,
    /// GET, POST, PATCH or DELETE.
    pub method: &'static str,
    /// The path as it is routed.
    pub path: &'static str,
    /// Whom it is open to.
    pub who: Audience,
    /// The scope a limited key needs for it.
    pub scope: Option<KeyScope>,
    /// Whether it may have to wait for another person's consent.
    pub reviewed: bool,
}

impl Audience {
    /// Whether someone of these roles, in whichever office, could be meant.
    pub fn could_be(self, mut roles: impl Iterator<Item = Role>) -> bool {
        let least = match self {
            Self::Anyone | Self::Stranger => return true,
            Self::Staff | Self::Office => Role::Editor,
            Self::Registrar => Role::Registrar,
            Self::Admin => Role::Admin,
        };
        roles.any(|role| role >= least)
    }

    /// One sentence for the table in `docs/access.md`.
    pub fn about(self) -> &'static str {
        match self {
            Self::Anyone => "everyone, for what they may see",
            Self::Stranger => "everyone, logged in or not",
            Self::Staff => "whoever is logged in, for what is their own",
            Self::Office => "editors and approvers of the office; registrar; admin",
            Self::Registrar => "registrar; admin",
            Self::Admin => "admin",
        }
    }
}

const fn read(operation: &'static str, path: &'static str) -> Rule {
    staff(operation, "GET", path, Audience::Anyone, None)
}

const fn staff(
    operation: &'static str,
    method: &'static str,
    path: &'static str,
    who: Audience,
    scope: Option<KeyScope>,
) -> Rule {
    Rule {
        operation,
        method,
        path,
        who,
        scope,
        reviewed: false,
    }
}

const fn edit(
    operation: &'static str,
    method: &'static str,
    path: &'static str,
    scope: KeyScope,
) -> Rule {
    staff(operation, method, path, Audience::Office, Some(scope))
}

const fn reviewed(rule: Rule) -> Rule {
    Rule {
        reviewed: true,
        ..rule
    }
}

/// Every operation below `/api/v1`, room by room.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    read("list_partners", "/api/v1/partners"),
    reviewed(edit("create_partner", "POST", "/api/v1/partners", KeyScope::PartnersWrite)),
    read("get_partner", "/api/v1/partners/{id}"),
    reviewed(edit("update_partner", "PATCH", "/api/v1/partners/{id}", KeyScope::PartnersWrite)),
    reviewed(edit("withdraw_partner", "DELETE", "/api/v1/partners/{id}", KeyScope::PartnersWrite)),
    staff("merge_partner", "POST", "/api/v1/partners/{id}/merge", Audience::Registrar, Some(KeyScope::PartnersWrite)),
    read("list_partnerships", "/api/v1/partners/{id}/partnerships"),
    read("get_partner_feed", "/api/v1/partners/{id}/changes.atom"),
    read("list_anniversaries", "/api/v1/calendar/anniversaries"),
    read("get_calendar", "/api/v1/calendar/anniversaries.ics"),
    read("export_links", "/api/v1/exports/links"),
    read("list_partner_relations", "/api/v1/partners/{id}/relations"),
    reviewed(edit("create_partner_relation", "POST", "/api/v1/partners/{id}/relations", KeyScope::PartnersWrite)),
    reviewed(edit("delete_partner_relation", "DELETE", "/api/v1/partners/{id}/relations/{relation_id}", KeyScope::PartnersWrite)),
    read("list_partner_contacts", "/api/v1/partners/{id}/contacts"),
    edit("create_partner_contact", "POST", "/api/v1/partners/{id}/contacts", KeyScope::PartnersWrite),
    read("get_partner_contact", "/api/v1/partners/{id}/contacts/{contact_id}"),
    edit("update_partner_contact", "PATCH", "/api/v1/partners/{id}/contacts/{contact_id}", KeyScope::PartnersWrite),
    edit("withdraw_partner_contact", "DELETE", "/api/v1/partners/{id}/contacts/{contact_id}", KeyScope::PartnersWrite),

    read("list_agreements", "/api/v1/agreements"),
    edit("create_agreement", "POST", "/api/v1/agreements", KeyScope::AgreementsWrite),
    read("get_agreement", "/api/v1/agreements/{id}"),
    reviewed(edit("update_agreement", "PATCH", "/api/v1/agreements/{id}", KeyScope::AgreementsWrite)),
    reviewed(edit("withdraw_agreement", "DELETE", "/api/v1/agreements/{id}", KeyScope::AgreementsWrite)),
    reviewed(edit("confirm_agreement", "POST", "/api/v1/agreements/{id}/confirm", KeyScope::AgreementsWrite)),
    read("list_agreement_events", "/api/v1/agreements/{id}/events"),
    reviewed(edit("create_agreement_event", "POST", "/api/v1/agreements/{id}/events", KeyScope::AgreementsWrite)),
    read("list_letters_of_intent", "/api/v1/letters-of-intent"),
    edit("create_letter_of_intent", "POST", "/api/v1/letters-of-intent", KeyScope::AgreementsWrite),

    read("list_networks", "/api/v1/networks"),
    reviewed(edit("create_network", "POST", "/api/v1/networks", KeyScope::NetworksWrite)),
    read("get_network", "/api/v1/networks/{id}"),
    reviewed(edit("update_network", "PATCH", "/api/v1/networks/{id}", KeyScope::NetworksWrite)),
    reviewed(edit("withdraw_network", "DELETE", "/api/v1/networks/{id}", KeyScope::NetworksWrite)),
    read("list_network_members", "/api/v1/networks/{id}/members"),
    read("list_memberships", "/api/v1/memberships"),
    edit("create_membership", "POST", "/api/v1/memberships", KeyScope::MembershipsWrite),
    read("get_membership", "/api/v1/memberships/{id}"),
    reviewed(edit("update_membership", "PATCH", "/api/v1/memberships/{id}", KeyScope::MembershipsWrite)),
    reviewed(edit("withdraw_membership", "DELETE", "/api/v1/memberships/{id}", KeyScope::MembershipsWrite)),
    read("list_membership_events", "/api/v1/memberships/{id}/events"),
    reviewed(edit("create_membership_event", "POST", "/api/v1/memberships/{id}/events", KeyScope::MembershipsWrite)),

    read("list_activities", "/api/v1/activities"),
    edit("create_activity", "POST", "/api/v1/activities", KeyScope::ActivitiesWrite),
    read("get_activity", "/api/v1/activities/{id}"),
    reviewed(edit("update_activity", "PATCH", "/api/v1/activities/{id}", KeyScope::ActivitiesWrite)),
    reviewed(edit("withdraw_activity", "DELETE", "/api/v1/activities/{id}", KeyScope::ActivitiesWrite)),

    read("list_sources", "/api/v1/sources"),
    edit("create_source", "POST", "/api/v1/sources", KeyScope::SourcesWrite),
    read("get_source", "/api/v1/sources/{id}"),
    reviewed(edit("update_source", "PATCH", "/api/v1/sources/{id}", KeyScope::SourcesWrite)),
    reviewed(edit("withdraw_source", "DELETE", "/api/v1/sources/{id}", KeyScope::SourcesWrite)),
    read("list_documents", "/api/v1/documents"),
    edit("create_document", "POST", "/api/v1/documents", KeyScope::DocumentsWrite),
    read("get_document", "/api/v1/documents/{id}"),
    reviewed(edit("update_document", "PATCH", "/api/v1/documents/{id}", KeyScope::DocumentsWrite)),
    reviewed(edit("withdraw_document", "DELETE", "/api/v1/documents/{id}", KeyScope::DocumentsWrite)),
    read("get_document_content", "/api/v1/documents/{id}/content"),
    read("list_document_history", "/api/v1/documents/{id}/history"),
    read("list_citations", "/api/v1/{collection}/{id}/citations"),
    reviewed(edit("create_citation", "POST", "/api/v1/{collection}/{id}/citations", KeyScope::SourcesWrite)),
    read("get_citation", "/api/v1/citations/{id}"),
    reviewed(edit("update_citation", "PATCH", "/api/v1/citations/{id}", KeyScope::SourcesWrite)),
    reviewed(edit("delete_citation", "DELETE", "/api/v1/citations/{id}", KeyScope::SourcesWrite)),

    // The scope is that of the record's own collection: the handler asks for it.
    reviewed(staff("restore_record", "POST", "/api/v1/{collection}/{id}/restore", Audience::Office, None)),

    staff("get_attention", "GET", "/api/v1/attention", Audience::Staff, None),
    read("search", "/api/v1/search"),
    read("get_stats", "/api/v1/stats"),
    read("list_vocabularies", "/api/v1/vocabularies"),
    read("get_vocabulary", "/api/v1/vocabularies/{name}"),
    read("list_changes", "/api/v1/changes"),
    read("list_history", "/api/v1/{collection}/{id}/history"),
    read("list_collections", "/api/v1"),

    staff("create_suggestion", "POST", "/api/v1/suggestions", Audience::Anyone, None),
    staff("get_puzzle", "GET", "/api/v1/suggestions/puzzle", Audience::Stranger, None),
    staff("list_suggestions", "GET", "/api/v1/suggestions", Audience::Staff, Some(KeyScope::SuggestionsWrite)),
    staff("get_suggestion", "GET", "/api/v1/suggestions/{id}", Audience::Staff, Some(KeyScope::SuggestionsWrite)),
    staff("accept_suggestion", "POST", "/api/v1/suggestions/{id}/accept", Audience::Office, Some(KeyScope::SuggestionsWrite)),
    staff("reject_suggestion", "POST", "/api/v1/suggestions/{id}/reject", Audience::Office, Some(KeyScope::SuggestionsWrite)),

    staff("create_subscription", "POST", "/api/v1/subscriptions", Audience::Stranger, None),
    staff("confirm_subscription", "POST", "/api/v1/subscriptions/confirm", Audience::Stranger, None),
    staff("show_unsubscribe", "GET", "/api/v1/subscriptions/unsubscribe", Audience::Stranger, None),
    staff("unsubscribe", "POST", "/api/v1/subscriptions/unsubscribe", Audience::Stranger, None),

    edit("create_redaction", "POST", "/api/v1/redactions", KeyScope::RedactionsWrite),

    staff("create_session", "POST", "/api/v1/sessions", Audience::Stranger, None),
    staff("list_sessions", "GET", "/api/v1/sessions", Audience::Staff, Some(KeyScope::AccessWrite)),
    staff("get_current_session", "GET", "/api/v1/sessions/current", Audience::Staff, None),
    staff("end_current_session", "DELETE", "/api/v1/sessions/current", Audience::Staff, None),
    staff("end_session", "DELETE", "/api/v1/sessions/{id}", Audience::Staff, Some(KeyScope::AccessWrite)),
    staff("get_me", "GET", "/api/v1/me", Audience::Staff, None),
    staff("update_me", "PATCH", "/api/v1/me", Audience::Staff, Some(KeyScope::AccessWrite)),
    staff("accept_invitation", "POST", "/api/v1/invitations/accept", Audience::Stranger, None),
    staff("request_password_reset", "POST", "/api/v1/password-resets", Audience::Stranger, None),
    staff("confirm_password_reset", "POST", "/api/v1/password-resets/confirm", Audience::Stranger, None),
    staff("list_users", "GET", "/api/v1/users", Audience::Admin, Some(KeyScope::AccessWrite)),
    staff("create_user", "POST", "/api/v1/users", Audience::Admin, Some(KeyScope::AccessWrite)),
    staff("get_user", "GET", "/api/v1/users/{id}", Audience::Admin, Some(KeyScope::AccessWrite)),
    staff("update_user", "PATCH", "/api/v1/users/{id}", Audience::Admin, Some(KeyScope::AccessWrite)),
    staff("deactivate_user", "DELETE", "/api/v1/users/{id}", Audience::Admin, Some(KeyScope::AccessWrite)),
    staff("list_organisations", "GET", "/api/v1/organisations", Audience::Staff, None),
    staff("create_organisation", "POST", "/api/v1/organisations", Audience::Admin, Some(KeyScope::AccessWrite)),
    staff("get_organisation", "GET", "/api/v1/organisations/{id}", Audience::Staff, None),
    staff("update_organisation", "PATCH", "/api/v1/organisations/{id}", Audience::Admin, Some(KeyScope::AccessWrite)),
    staff("list_api_keys", "GET", "/api/v1/api-keys", Audience::Staff, Some(KeyScope::AccessWrite)),
    staff("create_api_key", "POST", "/api/v1/api-keys", Audience::Staff, Some(KeyScope::AccessWrite)),
    staff("revoke_api_key", "DELETE", "/api/v1/api-keys/{id}", Audience::Staff, Some(KeyScope::AccessWrite)),
];

/// What the OpenAPI document says of the rights to an operation.
pub fn rights(operation: &str) -> Rights {
    let rule = RULES.iter().find(|rule| rule.operation == operation);
    Rights {
        login: match rule.map(|rule| rule.who) {
            None | Some(Audience::Stranger) => Login::No,
            Some(Audience::Anyone) => Login::Optional,
            Some(_) => Login::Needed,
        },
        reviewed: rule.is_some_and(|rule| rule.reviewed),
    }
}

/// The rule for a request.
pub fn find(method: &str, path: &str) -> Option<&'static Rule> {
    RULES
        .iter()
        .find(|rule| rule.method == method && rule.path == path)
}
