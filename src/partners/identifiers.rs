//! What other registers call a partner or network: the guard against recording one twice.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::country::Country;
use crate::core::edtf::Edtf;
use crate::core::identifier::{Identifier, Scheme};
use crate::core::ids::PublicId;
use crate::core::issue::{Checked, Issues};
use crate::core::vocabulary::partner::Existence;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::condition::{Condition, grouped};
use crate::db::prepared::Prepare as _;
use crate::db::schema::{identifiers, networks, partners};
use crate::find_row;
use crate::http::code::Code;
use crate::http::extract::Parsed;
use crate::http::problem::Problem;
use crate::http::validate;

/// Most identifiers of one record.
const MAX_IDENTIFIERS: usize = 50;

/// An identifier as it is sent.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"scheme": "wikidata", "value": "Q761"}))]
pub struct IdentifierIn {
    /// The register.
    #[schema(value_type = Scheme, required = true)]
    pub scheme: Option<Checked<Scheme>>,
    /// The identifier there.
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 200,
        example = "Q761"
    )]
    pub value: Option<String>,
}

/// The identifiers of a record in canonical spelling; what is wrong goes to `issues`.
pub fn check(
    given: Option<Vec<IdentifierIn>>,
    country: Option<Country>,
    issues: &mut Issues,
) -> Vec<Identifier> {
    let most = (MAX_IDENTIFIERS, "identifier");
    validate::distinct("/identifiers", given, most, issues, |at, input, issues| {
        let scheme = issues.take_required(&format!("{at}/scheme"), input.scheme);
        let at = format!("{at}/value");
        let value = issues.require(&at, input.value);
        let (scheme, value) = scheme.zip(value)?;
        issues.check(&at, Identifier::parse(scheme, &value, country))
    })
}

/// Which identifiers of a record nobody else may carry: those of what is published, and of what is
/// dissolved only those that name one body for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guard {
    published: bool,
    dissolved: bool,
}

impl Guard {
    /// Of a record in this state.
    pub fn of(state: RecordState, dissolved: bool) -> Self {
        Self {
            published: state == RecordState::Published,
            dissolved,
        }
    }

    /// Whether an identifier of this scheme is guarded.
    pub fn covers(self, scheme: Scheme) -> bool {
        self.published && !(self.dissolved && scheme.is_handed_on())
    }
}

/// Whether a partner is no more: its record says so, or the day of its end has certainly passed.
pub fn is_dissolved(existence: Existence, dissolved_on: Option<&Edtf>, today: NaiveDate) -> bool {
    existence == Existence::Dissolved || is_over(dissolved_on, today)
}

/// Whether the day of an end has certainly passed.
pub fn is_over(dissolved_on: Option<&Edtf>, today: NaiveDate) -> bool {
    dissolved_on.is_some_and(|end| end.certainly_passed_on(today))
}

/// 409 when another published record guards one of these that this one would guard, too; a new one has no id yet.
///
/// A code of a place whose holder has been dissolved in the meantime is free from here on.
pub fn not_taken(
    conn: &mut DbConn,
    own: Option<&PublicId>,
    guard: Guard,
    today: NaiveDate,
    all: &[Identifier],
) -> Result<(), Problem> {
    for (index, identifier) in all.iter().enumerate() {
        if !guard.covers(identifier.scheme) {
            continue;
        }
        let holder = holder(conn, identifier)?.filter(|holder| Some(holder) != own);
        let Some(holder) = holder else { continue };
        if identifier.scheme.is_handed_on() && has_ended(conn, &holder, today)? {
            diesel::update(identifiers::table.filter(identifiers::record.eq(&holder)))
                .filter(identifiers::scheme.eq(identifier.scheme))
                .filter(identifiers::value.eq(&identifier.value))
                .set(identifiers::active.eq(false))
                .execute(conn)?;
            continue;
        }
        return Err(Problem::new(Code::IdentifierTaken)
            .detail(format!("{identifier} belongs to {holder}"))
            .member("duplicate_of", holder.as_str())
            .field(
                &format!("/identifiers/{index}"),
                "identifier_taken",
                format!("{identifier} belongs to {holder}"),
            ));
    }
    Ok(())
}

/// Whether a partner or network is no more on this day.
fn has_ended(conn: &mut DbConn, id: &PublicId, today: NaiveDate) -> QueryResult<bool> {
    let asked = (partners::existence, partners::dissolved_on);
    let partner: Option<(Existence, Option<Edtf>)> =
        find_row!(partners, conn, partners::public_id.eq(id) => asked)?;
    if let Some((existence, dissolved_on)) = partner {
        return Ok(is_dissolved(existence, dissolved_on.as_ref(), today));
    }
    let network: Option<Option<Edtf>> =
        find_row!(networks, conn, networks::public_id.eq(id) => networks::dissolved_on)?;
    Ok(is_over(network.flatten().as_ref(), today))
}

/// ` AND …` for the records of this table that carry an identifier; nothing when it is not asked for.
pub fn carried(identifier: Option<&Parsed<Identifier>>, table: &str) -> Condition {
    let Some(Parsed(identifier)) = identifier else {
        return Condition::default();
    };
    let carriers = "SELECT i.record FROM identifiers i WHERE i.scheme = ? AND i.value = ?";
    let sql = format!(" AND {table}.public_id IN ({carriers})");
    let (scheme, value) = (identifier.scheme.code(), identifier.value.as_str());
    Condition::of(&sql, [scheme.into(), value.into()])
}

/// The record that guards this identifier.
pub fn holder(conn: &mut DbConn, identifier: &Identifier) -> QueryResult<Option<PublicId>> {
    identifiers::table
        .filter(identifiers::scheme.eq(identifier.scheme))
        .filter(identifiers::value.eq(&identifier.value))
        .filter(identifiers::active.eq(true))
        .select(identifiers::record)
        .limit(1)
        .prepared()
        .get_result(conn)
        .optional()
}

/// Replaces the identifiers of a record.
pub fn store(
    conn: &mut DbConn,
    record: &PublicId,
    all: &[Identifier],
    guard: Guard,
) -> QueryResult<()> {
    diesel::delete(identifiers::table.filter(identifiers::record.eq(record))).execute(conn)?;
    add(conn, record, all, guard)
}

/// Records the identifiers of a new record; those of a draft guard nothing yet.
pub fn add(
    conn: &mut DbConn,
    record: &PublicId,
    all: &[Identifier],
    guard: Guard,
) -> QueryResult<()> {
    for (position, identifier) in (0_i32..).zip(all) {
        diesel::insert_into(identifiers::table)
            .values((
                identifiers::record.eq(record),
                identifiers::position.eq(position),
                identifiers::scheme.eq(identifier.scheme),
                identifiers::value.eq(&identifier.value),
                identifiers::active.eq(guard.covers(identifier.scheme)),
            ))
            .prepared()
            .execute(conn)?;
    }
    Ok(())
}

/// Lets the identifiers of a record that is restored guard again: 409 when another record carries one
/// of them by now.
pub fn hold(
    conn: &mut DbConn,
    record: &PublicId,
    guard: Guard,
    today: NaiveDate,
) -> Result<(), Problem> {
    let mut all = of_records(conn, std::slice::from_ref(record))?;
    let all = all.remove(record).unwrap_or_default();
    not_taken(conn, Some(record), guard, today, &all)?;
    Ok(store(conn, record, &all, guard)?)
}

/// Frees the identifiers of a record that is withdrawn: they are kept but guard nothing any more.
pub fn release(conn: &mut DbConn, record: &PublicId) -> QueryResult<()> {
    diesel::update(identifiers::table.filter(identifiers::record.eq(record)))
        .set(identifiers::active.eq(false))
        .execute(conn)
        .map(|_| ())
}

/// The identifiers of these records, in their order.
pub fn of_records(
    conn: &mut DbConn,
    records: &[PublicId],
) -> QueryResult<HashMap<PublicId, Vec<Identifier>>> {
    let rows: Vec<(PublicId, Scheme, String)> = identifiers::table
        .filter(identifiers::record.eq_any(records))
        .order((identifiers::record, identifiers::position))
        .select((identifiers::record, identifiers::scheme, identifiers::value))
        .load(conn)?;
    let rows = rows.into_iter();
    Ok(grouped(rows.map(|(record, scheme, value)| {
        (record, Identifier { scheme, value })
    })))
}
