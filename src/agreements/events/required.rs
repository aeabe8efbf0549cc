//! Whether an event says what its action needs.

use diesel::QueryResult;

use super::types::{Details, EventIn};
use crate::agreements::lifecycle::needs::NEEDS;
use crate::changes::{Ctx, records as heads};
use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::agreement::DurationKind;
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};
use crate::db::DbConn;
use crate::evidence::citations::store as citation_store;
use crate::evidence::citations::types::Which;
use crate::evidence::documents::owner as documents;
use crate::http::problem::Problem;
use crate::http::validate;
use crate::lifecycle::needs::{self, Need};
use crate::lifecycle::{MAX_NOTE, MAX_PLACE, MAX_REASON};
use crate::partners::reference;

/// An event that says what its action needs, with what it names found.
#[derive(Debug, Clone)]
pub struct CheckedEvent {
    pub(crate) action: EventAction,
    pub(crate) effective_on: Edtf,
    pub(crate) details: Details,
    pub(crate) source: Option<i64>,
    /// Whether the record itself names a source, as at its creation.
    pub(crate) sourced: bool,
    pub(crate) superseded_by: Option<i64>,
    pub(crate) corrects: Option<PublicId>,
    pub(crate) to_status: Option<LegalStatus>,
    /// The member of the record that was changed and brings it; none of an event that was sent.
    pub(crate) member: Option<&'static str>,
}

impl CheckedEvent {
    /// An event of which nothing else is known.
    pub fn of(action: EventAction, effective_on: Edtf) -> Self {
        Self {
            action,
            effective_on,
            details: Details::default(),
            source: None,
            sourced: false,
            superseded_by: None,
            corrects: None,
            to_status: None,
            member: None,
        }
    }

    /// A correction of this event, and why.
    pub fn correction(event: PublicId, effective_on: Edtf, why: &str) -> Self {
        let mut said = Self::of(EventAction::Correct, effective_on);
        said.details.reason_text = Some(why.to_owned());
        said.corrects = Some(event);
        said
    }
}

/// The event with everything it names found; 422 with every field that is wrong or missing.
///
/// It stands at `at` in the body, empty when it is the body itself; `sourced` says that the record itself names a
/// source, as at its creation.
pub fn checked_event(
    conn: &mut DbConn,
    ctx: &Ctx,
    mut input: EventIn,
    (at, sourced): (&str, bool),
) -> Result<CheckedEvent, Problem> {
    let mut issues = Issues::default();
    let p = |name: &str| format!("{at}/{name}");
    let action = issues.take_required(&p("action"), input.action.clone());
    let effective_on = issues.take_required(&p("effective_on"), input.effective_on.clone());
    if let Some(action) = action {
        missing(action, &input, (at, sourced), &mut issues);
    }
    let (place, document) = (p("document_id"), input.document_id.as_deref());
    let document = documents::named(conn, ctx, &place, document, &mut issues)?;
    let said = details(conn, &mut input, at, &mut issues)?;
    let place = p("superseded_by");
    let newer = validate::id(&place, input.superseded_by, Kind::Agreement, &mut issues);
    let superseded_by = heads::resolve(conn, &place, newer.as_ref(), &[], &mut issues)?;
    let place = p("corrects_event_id");
    let corrects = validate::id(&place, input.corrects_event_id, Kind::Event, &mut issues);
    let to_status = issues.take(&p("to_status"), input.to_status);
    let leads = [EventAction::Register, EventAction::Correct];
    if to_status.is_some() && action.is_some_and(|action| !leads.contains(&action)) {
        let rule = "where this action leads follows from the lifecycle";
        issues.add(p("to_status"), "not_given", rule);
    }
    let which = Which::of_event(at, input.source_id, input.source, &mut issues);
    let place = p("source_id");
    let source = citation_store::resolve(conn, ctx, which.as_ref(), &place, &mut issues)?;
    let (action, effective_on) = issues.finish(action.zip(effective_on))?;
    Ok(CheckedEvent {
        action,
        effective_on,
        details: Details {
            superseded_by: newer,
            document,
            ..said
        },
        source: source.map(|source| source.id),
        sourced,
        superseded_by,
        corrects,
        to_status,
        member: None,
    })
}

/// What the event says beside its action, dates and statuses.
fn details(
    conn: &mut DbConn,
    input: &mut EventIn,
    at: &str,
    issues: &mut Issues,
) -> QueryResult<Details> {
    let p = |name: &str| format!("{at}/{name}");
    let mut partner = |name: &str, id: Option<String>, issues: &mut Issues| {
        let at = p(name);
        let id = validate::id(&at, id, Kind::Partner, issues);
        let known = reference::resolve(conn, &at, id.as_ref(), issues)?;
        QueryResult::Ok(known.map(|known| known.key))
    };
    let (reason, act) = (input.reason_text.take(), input.legal_act.take());
    Ok(Details {
        deciding_body: issues.take(&p("deciding_body"), input.deciding_body.take()),
        reason_code: issues.take(&p("reason_code"), input.reason_code.take()),
        reason_text: validate::prose(&p("reason_text"), reason, MAX_REASON, issues),
        mode: issues.take(&p("mode"), input.mode.take()),
        formal: input.formal,
        place: validate::text(&p("place"), input.place.take(), MAX_PLACE, issues),
        role: issues.take(&p("role"), input.role.take()),
        legal_act: act.and_then(|act| act.check(&p("legal_act"), issues)),
        note: validate::prose(&p("note"), input.note.take(), MAX_NOTE, issues),
        notice_given_on: issues.take(&p("notice_given_on"), input.notice_given_on.take()),
        valid_until: issues.take(&p("valid_until"), input.valid_until.take()),
        duration: issues.take(&p("duration"), input.duration.take()),
        actor: partner("actor_partner_id", input.actor_partner_id.take(), issues)?,
        party: partner("party", input.party.take(), issues)?,
        successor: partner("successor_id", input.successor_id.take(), issues)?,
        superseded_by: None,
        document: None,
        unsourced: false,
    })
}

/// Notes what the action needs and the event lacks.
fn missing(action: EventAction, input: &EventIn, (at, sourced): (&str, bool), issues: &mut Issues) {
    let sourced = input.source_id.is_some() || input.source.is_some() || sourced;
    let lasting = input.duration == Some(DurationKind::Indefinite.into());
    let given = |need| match need {
        Need::LegalAct => input.legal_act.is_some(),
        Need::ReasonCode => input.reason_code.is_some(),
        Need::DecidingBody => input.deciding_body.is_some(),
        Need::Mode => input.mode.is_some(),
        Need::Party => input.party.is_some(),
        Need::NoteOrDocument => input.note.is_some() || input.document_id.is_some(),
        Need::Note => input.note.is_some(),
        Need::Source => sourced,
        Need::Term => input.valid_until.is_some() || lasting,
        Need::NoticeGivenOn => input.notice_given_on.is_some(),
        Need::SupersededBy => input.superseded_by.is_some(),
        Need::CorrectsEvent => input.corrects_event_id.is_some(),
        Need::ReasonText => input.reason_text.is_some(),
        Need::Class => false,
    };
    for (pointer, message) in needs::missing(NEEDS, &action, given) {
        issues.add(format!("{at}{pointer}"), "required", message);
    }
    if action == EventAction::SucceedParty && input.successor_id.is_none() {
        let rule = "names the partner that takes the party's place";
        issues.add(format!("{at}/successor_id"), "required", rule);
    }
}
