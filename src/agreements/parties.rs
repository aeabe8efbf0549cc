//! The parties of agreements.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::events::life::Life;
use super::lifecycle::story::{Base, SaidOfParty, Seat};
use crate::core::edtf::{DateRange, Edtf};
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::{Checked, Issues};
use crate::core::language::LanguageTag;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::agreement::{Acknowledgement, PartyRole, Reciprocity};
use crate::core::vocabulary::lifecycle::{EventAction, ParticipationStatus};
use crate::db::schema::{agreement_parties, lifecycle_events};
use crate::db::{DbConn, json};
use crate::http::fields;
use crate::partners::PartnerRef;
use crate::partners::names::reversed;
use crate::partners::reference::{self, Known};

/// Most parties of one agreement.
const MAX_PARTIES: usize = 50;
/// Most signatories of one party.
const MAX_SIGNATORIES: usize = 20;

/// A party as it is sent.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"partner_id": "ptn_8x3k0q2m7t"}))]
pub struct PartyIn {
    /// The partner.
    #[schema(required = true, nullable = false, example = "ptn_8x3k0q2m7t")]
    pub partner_id: Option<String>,
    /// What it is to the agreement; `partner` when absent.
    #[schema(value_type = Option<PartyRole>)]
    pub role: Option<Checked<PartyRole>>,
    /// Where it stands; follows from the agreement's status when absent.
    #[schema(value_type = Option<ParticipationStatus>)]
    pub participation: Option<Checked<ParticipationStatus>>,
    /// When it signed.
    #[schema(value_type = Option<Edtf>)]
    pub signed_on: Option<Checked<Edtf>>,
    /// When it joined.
    #[schema(value_type = Option<Edtf>)]
    pub acceded_on: Option<Checked<Edtf>>,
    /// When it left.
    #[schema(value_type = Option<Edtf>)]
    pub withdrew_on: Option<Checked<Edtf>>,
    /// What it was called in the paper.
    #[schema(min_length = 1, max_length = 200)]
    pub name_at_signing: Option<String>,
    /// What it says of the agreement itself; `unknown` when absent.
    #[schema(value_type = Option<Acknowledgement>)]
    pub acknowledgement: Option<Checked<Acknowledgement>>,
    /// Who signed for it.
    #[schema(max_items = 20)]
    pub signatories: Option<Vec<SignatoryIn>>,
}

/// A signatory as it is sent.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignatoryIn {
    /// The office, as printed.
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 200,
        example = "President of the City"
    )]
    pub office: Option<String>,
    /// The person.
    #[schema(min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// In what capacity, where that differs from the office.
    #[schema(min_length = 1, max_length = 200)]
    pub signed_as: Option<String>,
}

/// Who signed for a party. The person's name and capacity are shown on the agreement itself only.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Signatory {
    /// The office, as printed.
    #[schema(example = "President of the City")]
    pub office: String,
    /// The person.
    pub name: Option<String>,
    /// In what capacity.
    pub signed_as: Option<String>,
}

/// A party of an agreement.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Party {
    /// The partner.
    pub partner: PartnerRef,
    /// The bodies that stand in its place today, once it is dissolved and has successors.
    pub partner_today: Option<Vec<PartnerRef>>,
    /// What it is to the agreement.
    pub role: PartyRole,
    /// Where it stands.
    pub participation: ParticipationStatus,
    /// When it signed.
    pub signed_on: Option<Edtf>,
    /// The days that can mean.
    pub signed_on_range: Option<DateRange>,
    /// When it joined.
    pub acceded_on: Option<Edtf>,
    /// The days that can mean.
    pub acceded_on_range: Option<DateRange>,
    /// When it left.
    pub withdrew_on: Option<Edtf>,
    /// The days that can mean.
    pub withdrew_on_range: Option<DateRange>,
    /// What it was called in the paper.
    pub name_at_signing: Option<String>,
    /// What it says of the agreement itself.
    pub acknowledgement: Acknowledgement,
    /// Who signed for it.
    pub signatories: Option<Vec<Signatory>>,
}

/// A party whose values are right.
#[derive(Debug, Clone)]
pub struct NewParty {
    pub(crate) partner: PublicId,
    pub(crate) role: PartyRole,
    pub(crate) participation: Option<ParticipationStatus>,
    pub(crate) signed_on: Option<Edtf>,
    pub(crate) acceded_on: Option<Edtf>,
    pub(crate) withdrew_on: Option<Edtf>,
    pub(crate) name_at_signing: Option<String>,
    pub(crate) acknowledgement: Acknowledgement,
    pub(crate) signatories: Vec<Signatory>,
}

fn check_one(at: &str, input: PartyIn, issues: &mut Issues) -> Option<NewParty> {
    let p = |name: &str| format!("{at}/{name}");
    let id = issues.require(&p("partner_id"), input.partner_id);
    let id =
        id.and_then(|id| issues.check(&p("partner_id"), PublicId::of_kind(&id, Kind::Partner)));
    let given = input.signatories.unwrap_or_default();
    if given.len() > MAX_SIGNATORIES {
        issues.add(
            p("signatories"),
            "length",
            format!("must hold at most {MAX_SIGNATORIES}"),
        );
    }
    let mut signatories = Vec::new();
    for (index, signatory) in given.into_iter().enumerate() {
        let s = |name: &str| format!("{at}/signatories/{index}/{name}");
        let office = fields::required_text(&s("office"), signatory.office, 200, issues);
        let name = fields::text(&s("name"), signatory.name, 200, issues);
        let signed_as = fields::text(&s("signed_as"), signatory.signed_as, 200, issues);
        signatories.extend(office.map(|office| Signatory {
            office,
            name,
            signed_as,
        }));
    }
    let acceded_on = issues.take(&p("acceded_on"), input.acceded_on);
    let withdrew_on = issues.take(&p("withdrew_on"), input.withdrew_on);
    reversed(
        &p("withdrew_on"),
        acceded_on.as_ref(),
        withdrew_on.as_ref(),
        issues,
    );
    Some(NewParty {
        role: issues.take(&p("role"), input.role).unwrap_or_default(),
        participation: issues.take(&p("participation"), input.participation),
        signed_on: issues.take(&p("signed_on"), input.signed_on),
        acceded_on,
        withdrew_on,
        name_at_signing: fields::name(&p("name_at_signing"), input.name_at_signing, 200, issues),
        acknowledgement: issues
            .take(&p("acknowledgement"), input.acknowledgement)
            .unwrap_or_default(),
        signatories,
        partner: id?,
    })
}

/// The parties: two to fifty, no partner twice.
pub fn check(given: Option<Vec<PartyIn>>, issues: &mut Issues) -> Vec<NewParty> {
    let Some(given) = issues.require("/parties", given) else {
        return Vec::new();
    };
    if !(2..=MAX_PARTIES).contains(&given.len()) {
        issues.add(
            "/parties",
            "length",
            format!("an agreement has from 2 to {MAX_PARTIES} parties"),
        );
    }
    let mut all: Vec<NewParty> = Vec::new();
    for (index, input) in given.into_iter().enumerate() {
        let at = format!("/parties/{index}");
        let Some(party) = check_one(&at, input, issues) else {
            continue;
        };
        if all.iter().any(|known| known.partner == party.partner) {
            issues.add(
                format!("{at}/partner_id"),
                "partner_twice",
                "a partner can be party only once",
            );
        }
        all.push(party);
    }
    all
}

/// The partners behind the parties, in their order; those that are not there are noted.
pub fn resolve(
    conn: &mut DbConn,
    parties: &[NewParty],
    held: &[i64],
    issues: &mut Issues,
) -> QueryResult<Vec<Known>> {
    let mut known = Vec::with_capacity(parties.len());
    for (index, party) in parties.iter().enumerate() {
        let at = format!("/parties/{index}/partner_id");
        known.extend(reference::resolve_or_held(
            conn,
            &at,
            &party.partner,
            held,
            issues,
        )?);
    }
    Ok(known)
}

/// A party of an agreement that was just recorded, without names of persons.
pub fn shown(new: &NewParty, known: &Known, seat: &Seat) -> Party {
    let mut signatories = new.signatories.clone();
    for signatory in &mut signatories {
        signatory.name = None;
        signatory.signed_as = None;
    }
    Party {
        partner: known.partner.clone(),
        partner_today: None,
        role: new.role,
        participation: seat.participation,
        signed_on_range: new.signed_on.as_ref().map(Into::into),
        signed_on: new.signed_on.clone(),
        acceded_on_range: seat.acceded_on.as_ref().map(Into::into),
        acceded_on: seat.acceded_on.clone(),
        withdrew_on_range: seat.withdrew_on.as_ref().map(Into::into),
        withdrew_on: seat.withdrew_on.clone(),
        name_at_signing: new.name_at_signing.clone(),
        acknowledgement: new.acknowledgement,
        signatories: (!signatories.is_empty()).then_some(signatories),
    }
}

/// A party as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = agreement_parties)]
pub struct PartyRow {
    pub(crate) id: i64,
    pub(crate) agreement_id: i64,
    pub(crate) position: i32,
    pub(crate) partner_id: i64,
    pub(crate) role: PartyRole,
    pub(crate) participation: ParticipationStatus,
    pub(crate) signed_on: Option<Edtf>,
    pub(crate) acceded_on: Option<Edtf>,
    pub(crate) withdrew_on: Option<Edtf>,
    pub(crate) name_at_signing: Option<String>,
    pub(crate) acknowledgement: Acknowledgement,
    pub(crate) signatories: String,
    /// What the record says of it by itself ([`SaidOfParty`]); none in a record of a release that did
    /// not keep it apart.
    pub(crate) said: Option<String>,
}

/// Replaces the parties of an agreement, whose base says who they are; where they stand follows.
pub fn store(
    conn: &mut DbConn,
    agreement: i64,
    parties: &[NewParty],
    base: &Base,
) -> QueryResult<()> {
    use agreement_parties as t;
    diesel::delete(t::table.filter(t::agreement_id.eq(agreement))).execute(conn)?;
    for ((position, party), (partner, said)) in (0_i32..).zip(parties).zip(&base.parties) {
        insert(conn, agreement, (position, *partner), party, said)?;
    }
    Ok(())
}

/// Adds the parties of a new agreement, where its events have left them.
pub fn add(
    conn: &mut DbConn,
    agreement: i64,
    parties: &[NewParty],
    life: &Life,
) -> QueryResult<()> {
    let seats = life.now.iter().flat_map(|now| &now.story.seats);
    let said = life.base.parties.iter().zip(seats);
    for ((position, party), ((partner, said), seat)) in (0_i32..).zip(parties).zip(said) {
        let party = NewParty {
            participation: Some(seat.participation),
            acceded_on: seat.acceded_on.clone(),
            withdrew_on: seat.withdrew_on.clone(),
            ..party.clone()
        };
        insert(conn, agreement, (position, *partner), &party, said)?;
    }
    Ok(())
}

/// Adds one party, of which the record says this by itself.
fn insert(
    conn: &mut DbConn,
    agreement: i64,
    (position, partner): (i32, i64),
    party: &NewParty,
    said: &SaidOfParty,
) -> QueryResult<()> {
    use agreement_parties as t;
    diesel::insert_into(t::table)
        .values((
            t::agreement_id.eq(agreement),
            t::position.eq(position),
            t::partner_id.eq(partner),
            t::role.eq(party.role),
            t::participation.eq(party.participation.unwrap_or(ParticipationStatus::Invited)),
            t::signed_on.eq(&party.signed_on),
            t::acceded_on.eq(&party.acceded_on),
            t::withdrew_on.eq(&party.withdrew_on),
            t::name_at_signing.eq(&party.name_at_signing),
            t::acknowledgement.eq(party.acknowledgement),
            t::signatories.eq(json::text(&party.signatories)?),
            t::said.eq(json::text(said)?),
        ))
        .execute(conn)
        .map(|_| ())
}

/// Adds a party that an event brought.
pub fn join(conn: &mut DbConn, agreement: i64, position: i32, seat: &Seat) -> QueryResult<()> {
    use agreement_parties as t;
    let said = SaidOfParty {
        by_event: true,
        ..SaidOfParty::default()
    };
    diesel::insert_into(t::table)
        .values((
            t::agreement_id.eq(agreement),
            t::position.eq(position),
            t::partner_id.eq(seat.partner),
            t::role.eq(seat.role.unwrap_or_default()),
            t::participation.eq(seat.participation),
            t::acceded_on.eq(&seat.acceded_on),
            t::withdrew_on.eq(&seat.withdrew_on),
            t::acknowledgement.eq(Acknowledgement::default()),
            t::signatories.eq("[]"),
            t::said.eq(json::text(&said)?),
        ))
        .execute(conn)
        .map(|_| ())
}

/// What the record says by itself of these parties after a change: what stands as it was shown was not
/// said, and who came by an event stays one who did.
pub fn said_after(
    parties: &[NewParty],
    known: &[Known],
    before: (&[PartyRow], &Base),
) -> Vec<(i64, SaidOfParty)> {
    let all = parties.iter().zip(known);
    all.map(|(party, known)| {
        let row = before.0.iter().find(|row| row.partner_id == known.key);
        let said = before.1.parties.iter().find(|(key, _)| *key == known.key);
        let given = SaidOfParty {
            participation: party.participation,
            acceded_on: party.acceded_on.clone(),
            withdrew_on: party.withdrew_on.clone(),
            by_event: false,
        };
        let said = row.zip(said).map_or(given.clone(), |(row, (_, said))| {
            let participation = match given.participation {
                Some(stands) if stands == row.participation => said.participation,
                other => other,
            };
            let date = |now: Option<Edtf>, was: &Option<Edtf>, said: &Option<Edtf>| {
                if now == *was { said.clone() } else { now }
            };
            SaidOfParty {
                participation,
                acceded_on: date(given.acceded_on, &row.acceded_on, &said.acceded_on),
                withdrew_on: date(given.withdrew_on, &row.withdrew_on, &said.withdrew_on),
                by_event: said.by_event,
            }
        });
        (known.key, said)
    })
    .collect()
}

/// The rows of these agreements' parties, in their order.
pub fn rows(conn: &mut DbConn, agreements: &[i64]) -> QueryResult<Vec<PartyRow>> {
    agreement_parties::table
        .filter(agreement_parties::agreement_id.eq_any(agreements))
        .order((agreement_parties::agreement_id, agreement_parties::position))
        .select(PartyRow::as_select())
        .load(conn)
}

/// Who came in whose place in these agreements: by agreement and successor, the predecessor.
pub type Predecessors = HashMap<(i64, i64), i64>;

/// Those of these agreements' parties that came in the place of another one: one query, and none when
/// none did.
pub fn predecessors(conn: &mut DbConn, agreements: &[i64]) -> QueryResult<Predecessors> {
    use lifecycle_events as e;
    if agreements.is_empty() {
        return Ok(HashMap::new());
    }
    let actions = [EventAction::SucceedParty, EventAction::Correct].map(EventAction::code);
    let rows: Vec<(Option<i64>, String)> = e::table
        .filter(e::agreement_id.eq_any(agreements.iter().copied().map(Some)))
        .filter(e::action.eq_any(actions))
        .order(e::id)
        .select((e::agreement_id, e::details))
        .load(conn)?;
    let mut all = HashMap::new();
    for (agreement, details) in rows {
        let details: super::events::types::Details = json::value(&details)?;
        if let (Some(agreement), Some(party), Some(successor)) =
            (agreement, details.party, details.successor)
        {
            all.insert((agreement, successor), party);
        }
    }
    Ok(all)
}

/// The partners (internal keys) that are parties of this agreement, past ones included.
pub fn keys(conn: &mut DbConn, agreement: i64) -> QueryResult<Vec<i64>> {
    Ok(rows(conn, &[agreement])?
        .into_iter()
        .map(|row| row.partner_id)
        .collect())
}

/// The parties of these agreements; persons' names only when `with_names`.
pub fn of_agreements(
    conn: &mut DbConn,
    agreements: &[i64],
    lang: Option<&LanguageTag>,
    with_names: bool,
) -> QueryResult<HashMap<i64, Vec<Party>>> {
    let rows = rows(conn, agreements)?;
    let partners = reference::by_keys(conn, rows.iter().map(|row| row.partner_id), lang)?;
    let mut all: HashMap<i64, Vec<Party>> = HashMap::new();
    for row in rows {
        let Some(partner) = partners.get(&row.partner_id).cloned() else {
            continue;
        };
        let mut signatories: Vec<Signatory> = json::value(&row.signatories)?;
        if !with_names {
            for signatory in &mut signatories {
                signatory.name = None;
                signatory.signed_as = None;
            }
        }
        all.entry(row.agreement_id).or_default().push(Party {
            partner,
            partner_today: None,
            role: row.role,
            participation: row.participation,
            signed_on_range: row.signed_on.as_ref().map(Into::into),
            signed_on: row.signed_on,
            acceded_on_range: row.acceded_on.as_ref().map(Into::into),
            acceded_on: row.acceded_on,
            withdrew_on_range: row.withdrew_on.as_ref().map(Into::into),
            withdrew_on: row.withdrew_on,
            name_at_signing: row.name_at_signing,
            acknowledgement: row.acknowledgement,
            signatories: (!signatories.is_empty()).then_some(signatories),
        });
    }
    Ok(all)
}

/// Whether the parties say the same of their tie.
pub fn reciprocity(said: impl IntoIterator<Item = Acknowledgement>) -> Reciprocity {
    let said: Vec<Acknowledgement> = said.into_iter().collect();
    let any = |what| said.contains(&what);
    if any(Acknowledgement::Denied) {
        Reciprocity::Disputed
    } else if any(Acknowledgement::Acknowledged) && any(Acknowledgement::Silent) {
        Reciprocity::OneSided
    } else if !said.is_empty() && said.iter().all(|one| *one == Acknowledgement::Acknowledged) {
        Reciprocity::BothAcknowledge
    } else {
        Reciprocity::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Acknowledgement::{Acknowledged, Denied, Silent, Unknown};

    #[test]
    fn reciprocity_follows_from_what_each_side_says() {
        for (said, expected) in [
            (
                vec![Acknowledged, Acknowledged],
                Reciprocity::BothAcknowledge,
            ),
            (vec![Acknowledged, Silent], Reciprocity::OneSided),
            (vec![Acknowledged, Denied], Reciprocity::Disputed),
            (vec![Acknowledged, Unknown], Reciprocity::Unknown),
            (vec![], Reciprocity::Unknown),
        ] {
            assert_eq!(reciprocity(said), expected);
        }
    }
}
