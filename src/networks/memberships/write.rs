//! What the end of a network does to its memberships. They are recorded in `create`, and changed in `change`.

use super::events;
use super::fold::Step;
use super::store;
use crate::changes::Ctx;
use crate::core::edtf::Edtf;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::lifecycle::MembershipAction as Do;
use crate::db::DbConn;
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::lifecycle::store::code;
use crate::lifecycle::{self, EventRow, Subject};

/// Why the end of a membership is corrected with that of its network.
const END_MOVED: &str = "The end of the network was put right.";

/// Ends every live membership of a network on the day it was dissolved, each by an event and a
/// change of its own.
pub fn end_with_network(
    conn: &mut DbConn,
    ctx: &Ctx,
    network: i64,
    dissolved_on: &Edtf,
) -> Result<(), Problem> {
    for row in store::live_of_network(conn, network)? {
        let step = Step::new(Do::End, None, dissolved_on.clone());
        events::record(conn, ctx, &row, &step).map_err(|problem| match problem.code() {
            // The membership is said to have begun, or gone on, after the network had ended.
            Code::IllegalTransition => Problem::new(Code::GuardFailed)
                .detail(format!(
                    "the events of {} go on after that day",
                    row.public_id
                ))
                .member("membership", row.public_id.as_str())
                .field("/dissolved_on", "membership_goes_on", problem.to_string()),
            _ => problem,
        })?;
    }
    Ok(())
}

/// Lets the memberships that ended with their network follow its end to another day, or go on where it has
/// none: each by a correction and a change of its own.
pub fn follow_network(
    conn: &mut DbConn,
    ctx: &Ctx,
    network: i64,
    (was, now): (&Edtf, Option<&Edtf>),
) -> Result<(), Problem> {
    for row in store::ended_of_network(conn, network)? {
        let told = lifecycle::of_subject(conn, Subject::Membership(row.id))?;
        let corrects = |event: &EventRow| told.iter().find(|one| Some(one.id) == event.corrects_id);
        let first = |event: &EventRow| {
            let mut first = event.clone();
            while let Some(earlier) = corrects(&first) {
                first = earlier.clone();
            }
            first
        };
        let counts = |event: &&EventRow| told.iter().all(|one| one.corrects_id != Some(event.id));
        let ends =
            |event: &&EventRow| event.effective_on == *was && first(event).action == Do::End.code();
        let Some(end) = told.iter().filter(counts).rfind(ends) else {
            continue;
        };
        let met = first(end).from_status;
        let to = match now {
            Some(_) => None,
            None => met.as_deref().map(code).transpose()?,
        };
        let mut step = Step::new(Do::Correct, to, now.unwrap_or(was).clone());
        step.corrects = Some(end.id);
        step.details.reason_text = Some(END_MOVED.to_owned());
        events::record(conn, ctx, &row, &step)?;
    }
    Ok(())
}
