//! Any record by its public id, and what shows parts of it.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::core::author::Author;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::evidence::DocumentAccess;
use crate::core::vocabulary::partner::ContactVisibility;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::condition::Condition;
use crate::db::schema::{
    activities, agreements, changes, citations, documents, lifecycle_events, memberships, networks,
    partners, sources,
};
use crate::http::extract::Viewer;
use crate::http::problem::Problem;
use crate::{find_row, show_anew};
use serde_json::Value;

/// What is the same for records of all kinds.
#[derive(Debug, Clone, Queryable)]
pub struct Head {
    /// The internal key.
    pub id: i64,
    /// Where the record stands.
    pub state: RecordState,
    /// Its version.
    pub version: i32,
    /// Who recorded it.
    pub created_by: Author,
    /// Why it was withdrawn, if somebody said so.
    pub withdrawn_reason: Option<String>,
}

impl Head {
    /// Whether the viewer may read this record.
    ///
    /// 404 for a draft of another office and for what was withdrawn before it was published, 410 with the reason
    /// for what was withdrawn since, and with the id of the other for a partner that was merged: whoever reads is
    /// led there.
    pub fn must_be_seen(
        &self,
        conn: &mut DbConn,
        viewer: &Viewer,
        id: &PublicId,
    ) -> Result<(), Problem> {
        viewer.must_see(id.kind(), self.state, &self.created_by)?;
        if self.state == RecordState::Withdrawn
            && !viewer.is_colleague_of(&self.created_by)
            && !was_public(conn, id)?
        {
            return Err(Problem::not_found(id.kind().as_str()));
        }
        if self.state == RecordState::Draft {
            return Ok(());
        }
        if self.state == RecordState::Merged
            && let Some(into) = merged_into(conn, id)?
        {
            return Err(Problem::merged(id, &into));
        }
        Problem::unless_published(self.state, self.withdrawn_reason.as_deref())
    }
}

/// `$do!` with the table of the records of a kind.
macro_rules! in_table_of {
    ($kind:expr, $do:ident, else $none:expr) => {
        match $kind {
            Kind::Partner => $do!(partners),
            Kind::Agreement => $do!(agreements),
            Kind::Network => $do!(networks),
            Kind::Membership => $do!(memberships),
            Kind::Activity => $do!(activities),
            Kind::Source => $do!(sources),
            Kind::Document => $do!(documents),
            _ => $none,
        }
    };
}
pub(super) use in_table_of;

/// The record of this id, whatever its state.
pub fn find(conn: &mut DbConn, id: &PublicId) -> QueryResult<Option<Head>> {
    macro_rules! head {
        ($table:ident) => {
            $table::table
                .filter($table::public_id.eq(id))
                .select((
                    $table::id,
                    $table::record_state,
                    $table::version,
                    $table::created_by,
                    $table::withdrawn_reason,
                ))
                .first::<Head>(conn)
                .optional()
        };
    }
    in_table_of!(id.kind(), head, else Ok(None))
}

/// The public ids of the records, or events, of this kind and these internal keys: one query, and none without keys.
pub fn ids_of(
    conn: &mut DbConn,
    kind: Kind,
    keys: impl IntoIterator<Item = i64>,
) -> QueryResult<HashMap<i64, PublicId>> {
    let keys: Vec<i64> = keys.into_iter().collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    macro_rules! ids {
        ($table:ident) => {
            $table::table
                .filter($table::id.eq_any(keys))
                .select(($table::id, $table::public_id))
                .load(conn)?
        };
    }
    let found: Vec<(i64, PublicId)> = match kind {
        Kind::Event => ids!(lifecycle_events),
        _ => in_table_of!(kind, ids, else Vec::new()),
    };
    Ok(found.into_iter().collect())
}

/// The published record of this kind that a body names, with its id.
pub fn published(
    conn: &mut DbConn,
    kind: Kind,
    id: Option<&str>,
) -> Result<Option<(PublicId, Head)>, Problem> {
    let Some(id) = id.and_then(|id| PublicId::of_kind(id, kind).ok()) else {
        return Ok(None);
    };
    let head = find(conn, &id)?.filter(|head| head.state == RecordState::Published);
    Ok(head.map(|head| (id, head)))
}

/// The partner that a merged one leads to, in one hop (I4).
pub fn merged_into(conn: &mut DbConn, id: &PublicId) -> QueryResult<Option<PublicId>> {
    let target: Option<Option<i64>> =
        find_row!(partners, conn, partners::public_id.eq(id) => partners::merged_into)?;
    match target.flatten() {
        Some(key) => find_row!(partners, conn, partners::id.eq(key) => partners::public_id),
        None => Ok(None),
    }
}

/// The record this document belongs to, if it belongs to one.
pub fn of_document(conn: &mut DbConn, document: &PublicId) -> QueryResult<Option<PublicId>> {
    type Found = (Option<PublicId>, Option<PublicId>, Option<PublicId>);
    let found: Option<Found> = documents::table
        .left_join(agreements::table)
        .left_join(memberships::table)
        .left_join(activities::table)
        .filter(documents::public_id.eq(document))
        .select((
            agreements::public_id.nullable(),
            memberships::public_id.nullable(),
            activities::public_id.nullable(),
        ))
        .first(conn)
        .optional()?;
    Ok(found.and_then(|(agreement, membership, activity)| agreement.or(membership).or(activity)))
}

/// What is published along with a record that is a draft, or shown with it from the first day: its
/// citations, the sources of these and of its events, and its documents, each with its version.
pub fn along(conn: &mut DbConn, record: &PublicId) -> QueryResult<BTreeMap<PublicId, i32>> {
    use citations as c;
    let mut all: BTreeMap<PublicId, i32> = BTreeMap::new();
    let cited: Vec<(PublicId, i32, i64)> = c::table
        .filter(c::record.eq(record))
        .select((c::public_id, c::version, c::source_id))
        .load(conn)?;
    let mut keys = sources_of_events(conn, record)?;
    keys.extend(cited.iter().map(|(_, _, source)| *source));
    all.extend(cited.into_iter().map(|(id, version, _)| (id, version)));
    macro_rules! versions {
        ($table:ident: $condition:expr) => {
            $table::table
                .filter($condition)
                .select(($table::public_id, $table::version))
                .load::<(PublicId, i32)>(conn)?
        };
    }
    let papers = papers(conn, record)?;
    all.extend(versions!(documents: documents::public_id.eq_any(papers)));
    all.extend(versions!(sources: sources::id.eq_any(keys)));
    Ok(all)
}

/// The internal keys of the sources that the events of a record name.
pub fn sources_of_events(conn: &mut DbConn, record: &PublicId) -> QueryResult<Vec<i64>> {
    let of_agreement = agreements::public_id.nullable().eq(record);
    let of_membership = memberships::public_id.nullable().eq(record);
    lifecycle_events::table
        .left_join(agreements::table)
        .left_join(memberships::table)
        .filter(of_agreement.or(of_membership))
        .filter(lifecycle_events::source_id.is_not_null())
        .select(lifecycle_events::source_id.assume_not_null())
        .load(conn)
}

/// The documents of a record and of its events, whatever their state.
pub fn papers(conn: &mut DbConn, record: &PublicId) -> QueryResult<Vec<PublicId>> {
    let of_agreement = agreements::public_id.nullable().eq(record);
    let of_membership = memberships::public_id.nullable().eq(record);
    let of_activity = activities::public_id.nullable().eq(record);
    documents::table
        .left_join(agreements::table)
        .left_join(memberships::table)
        .left_join(activities::table)
        .filter(of_agreement.or(of_membership).or(of_activity))
        .order(documents::id)
        .select(documents::public_id)
        .load(conn)
}

/// Whether everyone could ever read this record.
pub fn was_public(conn: &mut DbConn, id: &PublicId) -> QueryResult<bool> {
    let public = changes::table.filter(changes::record.eq(id));
    let public = public.filter(changes::audience.is_null());
    diesel::select(diesel::dsl::exists(public)).get_result(conn)
}

/// Notes at `at` that no published record has this id, which a body names, and what became of it.
pub fn absent(conn: &mut DbConn, at: &str, id: &PublicId, issues: &mut Issues) -> QueryResult<()> {
    let kind = id.kind();
    let rule = if !was_public(conn, id)? {
        // What was never public is not told apart from what is not there.
        format!("there is no {kind} {id}")
    } else if let Some(into) = merged_into(conn, id)? {
        format!("the {kind} {id} was merged into {into}")
    } else {
        format!("the {kind} {id} was withdrawn")
    };
    issues.add(at, "unknown_reference", rule);
    Ok(())
}

/// The internal key of the published record of this id, if one is given; one that is not there is noted at `at`.
///
/// One of those that a record already `held` (internal keys) may meanwhile have been withdrawn.
pub fn resolve(
    conn: &mut DbConn,
    at: &str,
    id: Option<&PublicId>,
    held: &[i64],
    issues: &mut Issues,
) -> QueryResult<Option<i64>> {
    let Some(id) = id else {
        return Ok(None);
    };
    match find(conn, id)? {
        Some(head) if head.state == RecordState::Published || held.contains(&head.id) => {
            Ok(Some(head.id))
        }
        _ => absent(conn, at, id, issues).map(|()| None),
    }
}

/// [`absent`] for a partner, network or agreement (internal key) that another record names, if it names one.
pub fn still_there(
    conn: &mut DbConn,
    at: &str,
    (kind, key): (Kind, impl Into<Option<i64>>),
    issues: &mut Issues,
) -> QueryResult<()> {
    let Some(key) = key.into() else {
        return Ok(());
    };
    macro_rules! stands {
        ($table:ident) => {
            $table::table
                .find(key)
                .select(($table::public_id, $table::record_state))
                .first(conn)?
        };
    }
    let (id, state): (PublicId, RecordState) = in_table_of!(kind, stands, else return Ok(()));
    if state != RecordState::Published {
        absent(conn, at, &id, issues)?;
    }
    Ok(())
}

/// Whether a document or a contact is one that everyone may see.
pub(super) fn is_open(part: &Value) -> bool {
    let is = |member: &str, code: &str| part.get(member).and_then(Value::as_str) == Some(code);
    is("access", DocumentAccess::Public.code())
        || is("visibility", ContactVisibility::Public.code())
}

/// Gives every record that shows this partner a new representation at revision `rev`.
pub fn mark_dependents_changed(conn: &mut DbConn, partner: i64, rev: i64) -> QueryResult<()> {
    let of = |table: &str, column: &str| {
        let sql = format!("id IN (SELECT {column} FROM {table} WHERE partner_id = ?)");
        Condition::of(&sql, [partner.into()])
    };
    // Agreements of a dissolved party also show those that stand in its place today.
    let shows = "id IN (WITH RECURSIVE line(id) AS (SELECT p.id FROM partners p WHERE p.id = ? \
                 UNION SELECT r.from_id FROM line l JOIN partner_relations r \
                 ON r.to_id = l.id AND r.type = 'successor') \
                 SELECT a.agreement_id FROM agreement_parties a JOIN line l ON l.id = a.partner_id)";
    let shows = Condition::of(shows, [partner.into()]);
    let of_partner = memberships::partner_id.eq(partner);
    show_anew!(conn, rev;
        agreements: shows,
        memberships: of_partner.or(memberships::via_partner_id.eq(partner)),
        activities: of("activity_participants", "activity_id"),
        activities: activities::place_partner_id.eq(partner),
        networks: networks::seat_partner_id.eq(partner),
        partners: partners::host_id.eq(partner),
    );
    Ok(())
}

/// Gives every record that shows this network a new representation at revision `rev`.
pub fn mark_network_changed(conn: &mut DbConn, network: i64, rev: i64) -> QueryResult<()> {
    show_anew!(conn, rev;
        memberships: memberships::network_id.eq(network),
        activities: activities::network_id.eq(network),
        networks: networks::successor_id.eq(network),
    );
    Ok(())
}
