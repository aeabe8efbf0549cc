//! What must hold of a membership's own fields. Pure: what needs other records is checked in
//! `create` and `change`.

use chrono::NaiveDate;

use super::store::Own;
use super::types::{MembershipIn, Office, OfficeIn};
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::db::Json;
use crate::evidence::citations::types::NewCitation;
use crate::http::validate;
use crate::networks::lifecycle::story::Facts;
use crate::networks::rules::MAX_CLASS;
use crate::partners::names::reversed;
use crate::partners::rules::sources;

/// Longest text of a field that holds a name.
const MAX_NAME: usize = 200;
/// Most offices, and most events of a past.
pub(super) const MAX_ITEMS: usize = 100;

/// A membership whose own values are right.
#[derive(Debug, Clone)]
pub struct NewMembership {
    pub(crate) partner: Option<PublicId>,
    pub(crate) network: Option<PublicId>,
    pub(crate) via: Option<PublicId>,
    pub(crate) facts: Facts,
    /// The partner it is a member through is looked up later.
    pub(crate) own: Own,
    /// Whether a date that says how it begins was given and refused.
    pub(crate) refused: bool,
    pub(crate) sources: Vec<NewCitation>,
}

fn office(at: &str, input: OfficeIn, issues: &mut Issues) -> Option<Office> {
    let p = |name: &str| format!("{at}/{name}");
    let office = validate::required_text(&p("office"), input.office, MAX_NAME, issues);
    let name = validate::text(&p("name"), input.name, MAX_NAME, issues);
    let since = issues.take(&p("since"), input.since);
    let until = issues.take(&p("until"), input.until);
    reversed(&p("until"), since.as_ref(), until.as_ref(), issues);
    Some(Office {
        office: office?,
        name,
        since,
        until,
    })
}

/// Checks every field that can be checked by itself; what is wrong goes to `issues`.
pub fn check(input: MembershipIn, today: NaiveDate, issues: &mut Issues) -> NewMembership {
    validate::record_state("/record_state", input.record_state, issues);
    let partner = issues.require("/partner_id", input.partner_id);
    let partner = validate::id("/partner_id", partner, Kind::Partner, issues);
    let network = issues.require("/network_id", input.network_id);
    let network = validate::id("/network_id", network, Kind::Network, issues);
    let via = validate::id(
        "/via_partner_id",
        input.via_partner_id,
        Kind::Partner,
        issues,
    );
    if via.is_some() && via == partner {
        issues.add(
            "/via_partner_id",
            "same_partner",
            "a partner is no member through itself",
        );
    }
    let dated = [input.applied_on.is_some(), input.admitted_on.is_some()];
    let applied_on = issues.take("/applied_on", input.applied_on);
    let admitted_on = issues.take("/admitted_on", input.admitted_on);
    let ended_on = issues.take("/ended_on", input.ended_on);
    let refused = dated != [applied_on.is_some(), admitted_on.is_some()];
    reversed(
        "/admitted_on",
        applied_on.as_ref(),
        admitted_on.as_ref(),
        issues,
    );
    reversed(
        "/ended_on",
        admitted_on.as_ref().or(applied_on.as_ref()),
        ended_on.as_ref(),
        issues,
    );
    let facts = Facts {
        class: validate::text("/class", input.class, MAX_CLASS, issues),
        applied_on,
        admitted_on,
        ended_on,
    };
    for (at, date) in facts.dates() {
        // Nothing about a membership is recorded before its day.
        if date.is_some_and(|date| date.earliest() > Some(today)) {
            let rule = "a step is recorded once it has happened";
            issues.add(at, "in_the_future", rule);
        }
    }
    let section = validate::text("/section", input.section, MAX_CLASS, issues);
    let offices = validate::list("/offices", input.offices, MAX_ITEMS, issues, office);
    NewMembership {
        partner,
        network,
        via,
        own: Own {
            section: section.unwrap_or_default(),
            via_partner_id: None,
            offices: Json(offices),
        },
        facts,
        refused,
        sources: sources(input.sources, issues),
    }
}
