//! Which rule of the model a database constraint stands for.
//!
//! `PostgreSQL` names the constraint; `SQLite` names the columns, or the check. Both spellings stand
//! here, and a test provokes each on both engines. Rules are checked before the write, so that these
//! are the net below the rope.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind};

/// A rule of the model kept by the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// An identifier belongs to one record.
    IdentifierTaken,
    /// One live membership a partner, network and section.
    MembershipExists,
    /// One relation of a type between two partners.
    RelationExists,
    /// A partner is party to an agreement once.
    PartyTwice,
    /// A request's key is used once.
    IdempotencyKey,
    /// Latitude and longitude come together.
    Coordinates,
    /// A year of population needs a population.
    PopulationYear,
    /// A relation has two different ends.
    RelationToItself,
    /// An agreement does not supersede itself.
    LinkToItself,
}

/// Constraint on `PostgreSQL`, text in `SQLite`'s message, rule.
#[rustfmt::skip]
pub const CONSTRAINTS: &[(&str, &str, Rule)] = &[
    ("identifiers_taken", "identifiers.scheme, identifiers.value", Rule::IdentifierTaken),
    ("memberships_one_live", "memberships.partner_id, memberships.network_id, memberships.section", Rule::MembershipExists),
    ("partner_relations_once", "partner_relations.from_id, partner_relations.to_id, partner_relations.type", Rule::RelationExists),
    ("agreement_parties_partner", "agreement_parties.partner_id, agreement_parties.agreement_id", Rule::PartyTwice),
    ("idempotency_keys_request", "idempotency_keys.actor, idempotency_keys.method, idempotency_keys.path, idempotency_keys.key", Rule::IdempotencyKey),
    ("partners_coordinates", "partners_coordinates", Rule::Coordinates),
    ("partners_population_year", "partners_population_year", Rule::PopulationYear),
    ("partner_relations_two_partners", "partner_relations_two_partners", Rule::RelationToItself),
    ("agreement_links_two_agreements", "agreement_links_two_agreements", Rule::LinkToItself),
];

/// The rule a failed statement broke, if it is one of the model's.
pub fn broken(
    kind: &DatabaseErrorKind,
    information: &(dyn DatabaseErrorInformation + Send + Sync),
) -> Option<Rule> {
    if !matches!(
        kind,
        DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::CheckViolation
    ) {
        return None;
    }
    let named = information.constraint_name();
    let message = information.message();
    CONSTRAINTS
        .iter()
        .find(|(postgres, sqlite, _)| match named {
            Some(name) => name == *postgres,
            None => message.ends_with(sqlite),
        })
        .map(|(_, _, rule)| *rule)
}
