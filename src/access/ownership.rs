//! Whose a record is: one condition, asked for a single record and for whole lists alike.
//!
//! A record belongs to the office whose partner, or something that partner hosts, takes part in it.
//! A partner or network that has no office belongs to the one that recorded it, and a draft to
//! nobody but its creator's office.

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::changes::records;
use crate::core::author::Author;
use crate::core::ids::{Kind, PublicId};
use crate::db::DbConn;
use crate::db::condition::{self, Condition, ids_sql, texts};
use crate::db::schema::{
    activity_participants, agreement_parties, memberships, organisations, partners,
};

/// The offices a record belongs to.
pub fn offices_of(conn: &mut DbConn, id: &PublicId) -> QueryResult<Vec<PublicId>> {
    let Some(head) = records::find(conn, id)? else {
        return Ok(Vec::new());
    };
    let taking_part: Vec<i64> = match id.kind() {
        Kind::Partner => vec![head.id],
        Kind::Agreement => agreement_parties::table
            .filter(agreement_parties::agreement_id.eq(head.id))
            .select(agreement_parties::partner_id)
            .load(conn)?,
        Kind::Membership => memberships::table
            .find(head.id)
            .select(memberships::partner_id)
            .load(conn)?,
        Kind::Activity => activity_participants::table
            .filter(activity_participants::activity_id.eq(head.id))
            .select(activity_participants::partner_id)
            .load(conn)?,
        _ => Vec::new(),
    };
    let hosts: Vec<Option<i64>> = partners::table
        .filter(partners::id.eq_any(&taking_part))
        .select(partners::host_id)
        .load(conn)?;
    let those: Vec<i64> = taking_part
        .into_iter()
        .chain(hosts.into_iter().flatten())
        .collect();
    let mut candidates: Vec<PublicId> = organisations::table
        .inner_join(partners::table)
        .filter(partners::id.eq_any(those))
        .order(partners::id)
        .select(partners::public_id)
        .load(conn)?;
    candidates.extend(head.created_by.organisation().cloned());
    let mut all = Vec::new();
    for office in candidates {
        if !all.contains(&office) && belongs_to(conn, &office, id)? {
            all.push(office);
        }
    }
    Ok(all)
}

/// Whether the record of this id belongs to this office.
pub(super) fn belongs_to(conn: &mut DbConn, office: &PublicId, id: &PublicId) -> QueryResult<bool> {
    let theirs = Offices::of(conn, &[office])?.among(conn, std::slice::from_ref(id))?;
    Ok(theirs.contains(id))
}

/// Some offices, with the partners they act for.
#[derive(Debug, Clone)]
pub struct Offices {
    /// As SQL: the internal keys of their own partners and of what these host.
    own: String,
    ids: Vec<PublicId>,
    authors: Vec<String>,
}

impl Offices {
    /// These offices.
    pub fn of(conn: &mut DbConn, offices: &[&PublicId]) -> QueryResult<Self> {
        let keys: Vec<i64> = partners::table
            .filter(partners::public_id.eq_any(offices))
            .select(partners::id)
            .load(conn)?;
        let hosts: Vec<Option<i64>> = keys.iter().copied().map(Some).collect();
        let hosted: Vec<i64> = partners::table
            .filter(partners::host_id.eq_any(hosts))
            .select(partners::id)
            .load(conn)?;
        // What was merged into a partner recorded for it, too.
        let merged: Vec<PublicId> = partners::table
            .filter(partners::merged_into.eq_any(keys.iter().copied().map(Some)))
            .select(partners::public_id)
            .load(conn)?;
        let own = keys.into_iter().chain(hosted);
        Ok(Self {
            own: ids_sql(own),
            ids: offices.iter().map(|id| (*id).clone()).collect(),
            authors: Author::all_of(offices.iter().copied().chain(&merged)),
        })
    }

    /// As SQL, the internal keys of their own partners and of what these host.
    pub fn partners_sql(&self) -> &str {
        &self.own
    }

    /// Those of these records that belong to them: a constant number of queries.
    pub fn among(&self, conn: &mut DbConn, ids: &[PublicId]) -> QueryResult<HashSet<PublicId>> {
        let mut all = HashSet::new();
        for (kind, table) in Kind::collections() {
            let asked: Vec<&PublicId> = ids.iter().filter(|id| id.kind() == kind).collect();
            if asked.is_empty() {
                continue;
            }
            let sql = format!(
                "SELECT {table}.public_id AS public_id FROM {table} WHERE {table}.public_id IN ? AND ?"
            );
            let statement = Condition::of(&sql, [texts(asked), self.condition(kind, table).into()]);
            all.extend(condition::rows::<Text, PublicId>(conn, statement)?);
        }
        Ok(all)
    }

    /// That the record whose public id is in this column belongs to them.
    pub fn named_by(&self, column: &str) -> Condition {
        let mut any = Condition::new("(1 = 0");
        for (kind, table) in Kind::collections() {
            let sql = format!(" OR {column} IN (SELECT {table}.public_id FROM {table} WHERE ?)");
            any = any.then(Condition::of(&sql, [self.condition(kind, table).into()]));
        }
        any.sql(")")
    }

    /// That a row of this kind of record belongs to them.
    fn condition(&self, kind: Kind, table: &str) -> Condition {
        let recorded = Condition::new(format!("{table}.created_by IN ")).texts(&self.authors);
        // What was never public is its creator's, whoever takes part in it.
        let hidden = format!(
            "({table}.record_state = 'draft' OR ({table}.record_state = 'withdrawn' AND NOT EXISTS \
             (SELECT 1 FROM changes h WHERE h.record = {table}.public_id AND h.audience IS NULL)))"
        );
        let sql = format!("(CASE WHEN {hidden} THEN ? ELSE ? END)");
        let takes_part = self.takes_part(kind, recorded.clone());
        Condition::of(&sql, [recorded.into(), takes_part.into()])
    }

    /// The same for what is, or was, public.
    fn takes_part(&self, kind: Kind, recorded: Condition) -> Condition {
        let own = &self.own;
        let agreement = format!(
            "IN (SELECT x.agreement_id FROM agreement_parties x WHERE x.partner_id IN {own})"
        );
        let activity = format!(
            "IN (SELECT x.activity_id FROM activity_participants x WHERE x.partner_id IN {own})"
        );
        let own_or_openless = |key: &str, partner: &str| {
            format!(
                "({key} IN {own} OR (? AND NOT EXISTS \
                 (SELECT 1 FROM organisations o WHERE o.partner_id = {partner} OR \
                 o.partner_id = (SELECT p.host_id FROM partners p WHERE p.id = {partner}))))"
            )
        };
        match kind {
            Kind::Partner => {
                let sql = own_or_openless("partners.id", "partners.id");
                Condition::of(&sql, [recorded.into()])
            }
            Kind::Agreement => Condition::new(format!("agreements.id {agreement}")),
            Kind::Network => {
                let seat = "networks.seat_partner_id";
                let sql = own_or_openless(&format!("COALESCE({seat}, 0)"), seat);
                Condition::of(&sql, [recorded.into()])
            }
            Kind::Membership => Condition::new(format!("memberships.partner_id IN {own}")),
            Kind::Activity => Condition::new(format!("activities.id {activity}")),
            // A paper is the office's that filed it; one that none filed goes with its record.
            Kind::Document => {
                let sql = format!(
                    "(CASE WHEN documents.office IS NOT NULL THEN documents.office IN ? \
                     WHEN documents.agreement_id IS NOT NULL THEN documents.agreement_id {agreement} \
                     WHEN documents.membership_id IS NOT NULL THEN documents.membership_id IN \
                     (SELECT x.id FROM memberships x WHERE x.partner_id IN {own}) \
                     WHEN documents.activity_id IS NOT NULL THEN documents.activity_id {activity} \
                     ELSE ? END)"
                );
                Condition::of(&sql, [texts(&self.ids), recorded.into()])
            }
            _ => recorded,
        }
    }
}
