//! What one more event makes of a membership: folded before it is stored, and again after.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::store::{self, Content, MembershipRow};
use super::types::Details;
use crate::changes::Ctx;
use crate::core::edtf::Edtf;
use crate::core::lifecycle::{Entry, Event, Folded, fold, fold_kept};
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::lifecycle::{MembershipAction as Do, MembershipStatus as Is};
use crate::db::schema::networks;
use crate::db::{DbConn, json};
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::lifecycle::{self, EventRow, NewEvent, Subject};
use crate::networks::lifecycle::{MACHINE, OBSERVER_CLASS, target};

/// Stands for the event that is not stored yet.
const NEW: i64 = i64::MAX;

/// One more event, everything it names looked up.
#[derive(Debug, Clone)]
pub struct Step {
    pub(crate) action: Do,
    pub(crate) effective_on: Edtf,
    pub(crate) to_status: Option<Is>,
    pub(crate) corrects: Option<i64>,
    pub(crate) source: Option<i64>,
    pub(crate) details: Details,
}

impl Step {
    /// A step of which nothing else is known.
    pub fn new(action: Do, to_status: Option<Is>, effective_on: Edtf) -> Self {
        let (corrects, source, details) = (None, None, Details::default());
        Self {
            action,
            effective_on,
            to_status,
            corrects,
            source,
            details,
        }
    }

    /// The class this event is about, if it is about one.
    fn class<'a>(&'a self, content: &'a Content) -> Option<&'a str> {
        let own = self.details.class.as_deref();
        match self.action {
            // Whoever observed and is admitted without a word on the class becomes a member.
            Do::Admit if content.status == Is::Observer => own,
            _ => own.or(content.class.as_deref()),
        }
    }

    /// The status the event itself names, where the table asks it for one.
    fn stated(&self, content: &Content) -> Option<Is> {
        match self.action {
            Do::Register | Do::Correct => self.to_status,
            // The table leaves a suspended member where it is, whatever is stated here.
            Do::Admit | Do::Resume | Do::ChangeClass => Some(target(
                self.action,
                Is::Member,
                self.class(content),
                self.to_status,
            )),
            _ => None,
        }
    }
}

/// The stored events of a membership and their fold.
pub fn load(
    conn: &mut DbConn,
    key: i64,
    today: NaiveDate,
) -> Result<(Vec<EventRow>, Folded<Do, Is>), Problem> {
    let rows = lifecycle::of_subject(conn, Subject::Membership(key))?;
    let events = lifecycle::recorded::<Do, Is>(&rows)?;
    let (folded, _) = fold_kept(&MACHINE, &events, today).map_err(|illegal| {
        tracing::error!(membership = key, ?illegal, "stored events can't be folded");
        Problem::new(Code::Internal)
    })?;
    Ok((rows, folded))
}

/// Records one more event and moves `content` on; nothing of the membership's row is written yet.
/// `at` is where the event stands in the body.
pub fn append(
    conn: &mut DbConn,
    ctx: &Ctx,
    key: i64,
    content: &mut Content,
    step: &Step,
    at: &str,
) -> Result<EventRow, Problem> {
    let rows = lifecycle::of_subject(conn, Subject::Membership(key))?;
    let mut events = lifecycle::recorded::<Do, Is>(&rows)?;
    let stated = step.stated(content);
    events.push(Event {
        id: NEW,
        action: step.action,
        effective_on: step.effective_on.clone(),
        recorded_on: ctx.today(),
        to: stated,
        corrects: step.corrects,
    });
    let folded = fold(&MACHINE, &events, ctx.today()).map_err(|illegal| {
        let known = |id: i64| {
            rows.iter()
                .find(|row| row.id == id)
                .map(|row| row.public_id.clone())
        };
        lifecycle::illegal(&illegal, at, None, known)
    })?;
    // A membership's events happen before they are recorded, as those of agreements do.
    if step.effective_on.earliest() > Some(ctx.today()) {
        let rule = format!(
            "{} is recorded once it has happened; {} is still to come",
            step.action, step.effective_on
        );
        return Err(Problem::new(Code::GuardFailed)
            .detail("the action is possible in this status, but a condition is not met")
            .field(&format!("{at}/effective_on"), "in_the_future", rule));
    }
    let entry = folded
        .entry(NEW)
        .copied()
        .ok_or_else(|| Problem::new(Code::Internal))?;
    let to = entry.to.ok_or_else(|| Problem::new(Code::Internal))?;
    let row = lifecycle::insert(
        conn,
        ctx,
        &NewEvent {
            subject: Subject::Membership(key),
            action: step.action.code(),
            from_status: entry.from.map(Is::code),
            to_status: to.code(),
            stated_status: stated.map(Is::code),
            effective_on: &step.effective_on,
            corrects_id: step.corrects,
            source_id: step.source,
            details: json::text(&step.details)?,
        },
    )?;
    let corrected = rows.iter().find(|row| Some(row.id) == step.corrects);
    advance(
        content,
        step,
        &entry,
        corrected.map(|row| &row.effective_on),
    );
    if folded.status.is_live() {
        content.ended_on = None;
    }
    if folded.status.is_asked_for() {
        content.admitted_on = None;
    }
    if let Some(class) = class_after(content, step, &rows, &folded)? {
        content.class = class;
    }
    (content.status, content.status_since) = (folded.status, folded.since);
    Ok(row)
}

/// Moves the date the event decides: filled when it is empty, and when it was taken from the event
/// that is corrected.
fn advance(content: &mut Content, step: &Step, entry: &Entry<Do, Is>, corrected: Option<&Edtf>) {
    let date = match (entry.acts_as, entry.to) {
        (Do::Apply, _) | (Do::Register, Some(Is::Applied)) => &mut content.applied_on,
        (Do::Admit, _) | (Do::Register, Some(Is::Member | Is::Observer)) => {
            &mut content.admitted_on
        }
        (Do::Withdraw | Do::Exclude | Do::Lapse | Do::End | Do::Refuse, _) => &mut content.ended_on,
        (Do::Register, Some(status)) if !status.is_live() => &mut content.ended_on,
        _ => return,
    };
    // A past that is told may leave out the day: the one of `register` says no more than "by then".
    let fills = date.is_none() && step.action != Do::Register && step.action != Do::Correct;
    if fills || (corrected.is_some() && date.as_ref() == corrected) {
        *date = Some(step.effective_on.clone());
    }
}

/// The class from now on, if the event is the last one to say something of it.
fn class_after(
    content: &Content,
    step: &Step,
    rows: &[EventRow],
    folded: &Folded<Do, Is>,
) -> Result<Option<Option<String>>, Problem> {
    let becomes_member = step.action == Do::Admit
        && content.status == Is::Observer
        && content.class.as_deref() == Some(OBSERVER_CLASS);
    if step.details.class.is_none() && !becomes_member {
        return Ok(None);
    }
    let behind = folded
        .entries
        .iter()
        .skip_while(|entry| entry.id != NEW)
        .skip(1);
    for entry in behind.filter(|entry| entry.corrected_by.is_none()) {
        let Some(row) = rows.iter().find(|row| row.id == entry.id) else {
            continue;
        };
        let details: Details = json::value(&row.details)?;
        if details.class.is_some() {
            return Ok(None);
        }
    }
    Ok(Some(step.details.class.clone()))
}

/// What must hold of a membership before it is written: one live membership a partner, network and
/// section, and none in a network that has been dissolved.
pub fn guard(
    conn: &mut DbConn,
    ctx: &Ctx,
    row: &MembershipRow,
    content: &Content,
) -> Result<(), Problem> {
    if !content.status.is_live() {
        return Ok(());
    }
    if let Some(twin) = store::twin(conn, row, &content.section)? {
        return Err(Problem::new(Code::DuplicateAgreement)
            .detail("the partner already has a live membership of this network and section")
            .member("duplicate_of", twin.as_str()));
    }
    let dissolved_on: Option<Edtf> = networks::table
        .find(row.network_id)
        .select(networks::dissolved_on)
        .first(conn)?;
    if let Some(day) = dissolved_on
        && day.earliest() <= Some(ctx.today())
    {
        let rule = format!("the network was dissolved ({day}); record how the membership ended");
        return Err(Problem::new(Code::GuardFailed)
            .detail("a network that was dissolved has no live memberships")
            .field("/network_id", "network_dissolved", rule));
    }
    Ok(())
}

/// After the row is written: its status is the fold of the stored events (I5), whose periods are
/// stored anew.
pub fn seal(conn: &mut DbConn, ctx: &Ctx, row: &MembershipRow) -> Result<(), Problem> {
    let (_, folded) = load(conn, row.id, ctx.today())?;
    if (folded.status, &folded.since) != (row.status, &row.status_since) {
        tracing::error!(membership = %row.public_id, "the status is not the fold of the events");
        return Err(Problem::new(Code::Internal));
    }
    lifecycle::replace_periods(conn, Subject::Membership(row.id), &folded.periods)?;
    Ok(())
}
