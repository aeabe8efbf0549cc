//! Which records show parts of which others, and what of a record only a change of its own could set.

use serde_json::Value;

use crate::core::vocabulary::record::Entity;

/// Who shows records of a kind.
pub(super) struct Tie {
    /// The kind.
    pub(super) entity: Entity,
    /// What of a record others show.
    pub(super) members: &'static [&'static str],
    /// Statements that give the public ids of those who show the record whose public id is bound at `$`.
    pub(super) shown_by: &'static [&'static str],
    /// Members that hold the ids of those who show it, before and after.
    pub(super) named: &'static [&'static str],
}

/// The rows of a table that name a record in this column.
macro_rules! naming {
    ($of:literal, $table:literal, $column:literal) => {
        concat!(
            "SELECT s.public_id AS id FROM ",
            $of,
            " o CROSS JOIN ",
            $table,
            " s ",
            "WHERE o.public_id = $ AND s.",
            $column,
            " = o.id",
        )
    };
}

/// Which records show parts of which others. A line here is all that a new tie needs.
pub(super) const TIES: &[Tie] = &[
    Tie {
        entity: Entity::Partner,
        members: &[
            "name",
            "kind",
            "country",
            "existence",
            "founded_on",
            "dissolved_on",
            "host",
            "record_state",
        ],
        shown_by: &[
            PARTIES,
            naming!("partners", "memberships", "partner_id"),
            naming!("partners", "memberships", "via_partner_id"),
            "SELECT a.public_id AS id FROM partners p CROSS JOIN activity_participants y \
             CROSS JOIN activities a \
             WHERE p.public_id = $ AND y.partner_id = p.id AND a.id = y.activity_id",
            naming!("partners", "activities", "place_partner_id"),
            naming!("partners", "networks", "seat_partner_id"),
            naming!("partners", "partners", "host_id"),
            naming!("partners", "partner_relations", "from_id"),
            naming!("partners", "partner_relations", "to_id"),
        ],
        named: &[],
    },
    Tie {
        entity: Entity::Partner,
        members: &["record_state"],
        shown_by: &[naming!("partners", "contacts", "partner_id")],
        named: &[],
    },
    Tie {
        entity: Entity::Network,
        members: &["name", "kind", "founded_on", "dissolved_on", "record_state"],
        shown_by: &[
            naming!("networks", "memberships", "network_id"),
            naming!("networks", "activities", "network_id"),
            naming!("networks", "networks", "successor_id"),
        ],
        named: &[],
    },
    Tie {
        entity: Entity::Agreement,
        members: &["supersedes", "superseded_by", "record_state"],
        shown_by: &[],
        named: &["supersedes", "superseded_by"],
    },
    Tie {
        entity: Entity::Membership,
        // Those that hold on the same days name each other in their warnings.
        members: &["version"],
        shown_by: &[
            "SELECT o.public_id AS id FROM memberships m CROSS JOIN memberships o \
             WHERE m.public_id = $ AND o.partner_id = m.partner_id AND o.network_id = m.network_id \
             AND o.id <> m.id",
        ],
        named: &[],
    },
    Tie {
        entity: Entity::Source,
        members: &["version"],
        shown_by: &[
            naming!("sources", "partner_relations", "source_id"),
            "SELECT c.public_id AS id FROM sources s CROSS JOIN citations c \
             WHERE s.public_id = $ AND c.source_id = s.id \
             AND EXISTS (SELECT 1 FROM changes l WHERE l.record = c.public_id)",
        ],
        named: &[],
    },
];

/// The agreements of a partner, and those of the partners that it stands in the place of today.
pub(super) const PARTIES: &str = "WITH RECURSIVE line(id) AS (SELECT p.id FROM partners p WHERE p.public_id = $ \
     UNION SELECT r.from_id FROM line l CROSS JOIN partner_relations r \
     WHERE r.to_id = l.id AND r.type = 'successor') \
     SELECT a.public_id AS id FROM line l CROSS JOIN agreement_parties y CROSS JOIN agreements a \
     WHERE y.partner_id = l.id AND a.id = y.agreement_id";

/// Logged citations of a record, which are shown as long as it is. Those that came with the record are not
/// logged: a source may be cited by as many records as an import had rows.
pub(super) const CITED: &str = "SELECT c.public_id AS id FROM citations c WHERE c.record = $ \
     AND EXISTS (SELECT 1 FROM changes l WHERE l.record = c.public_id)";

/// What a change of a record itself could set, as paths through its JSON in which `*` stands for each of a
/// list: where that differs, it is no refreshing but a change, with a version.
const SETTABLE: &[(Entity, &[&str])] = &[
    (
        Entity::Agreement,
        &[
            "supersedes",
            "parties/*/partner/id",
            "parties/*/name_at_signing",
        ],
    ),
    (Entity::Membership, &["partner/id", "via_partner/id"]),
    (Entity::Network, &["seat/id"]),
    (
        Entity::Activity,
        &["place/partner/id", "participants/*/partner/id"],
    ),
    (Entity::Partner, &["host/id"]),
];

/// What stands at this path.
fn pick<'v>(value: &'v Value, path: &str, found: &mut Vec<&'v Value>) {
    let (step, rest) = path.split_once('/').unwrap_or((path, ""));
    match step {
        "" => found.push(value),
        "*" => {
            for one in value.as_array().into_iter().flatten() {
                pick(one, rest, found);
            }
        }
        name => match value.get(name) {
            Some(member) => pick(member, rest, found),
            None => found.push(&Value::Null),
        },
    }
}

/// What a change of the record itself could set, as it stands in this value.
pub(super) fn settable(entity: Entity, value: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    for (_, paths) in SETTABLE.iter().filter(|(kind, _)| *kind == entity) {
        for path in *paths {
            pick(value, path, &mut found);
        }
    }
    found
}
