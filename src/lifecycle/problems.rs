//! What a caller is told when a log can't be folded.

use crate::core::ids::PublicId;
use crate::core::state_machine::Illegal;
use crate::core::vocabulary::Code as Vocabulary;
use crate::http::code::Code;
use crate::http::problem::Problem;

/// Whether this refuses an event because of what else has happened, so that a person has to look at it.
pub fn is_refusal(problem: &Problem) -> bool {
    matches!(problem.code(), Code::IllegalTransition | Code::GuardFailed)
}

/// Whether one record that can't be brought up to date for this waits for a person, and the others go on: it is
/// refused, or its history can't be read.
pub fn waits(problem: &Problem) -> bool {
    let unread = problem.code() == Code::Internal;
    if unread {
        tracing::error!(%problem, "a record can't be brought up to date");
    }
    unread || is_refusal(problem)
}

/// 409 with the status met in the past (`status_then`), today's and the actions possible now, or 422
/// at the field that is wrong.
///
/// `now` is today's status and what may be recorded; none for a record that is being made. `at` is where the new
/// event stands in the body (empty when it is the body itself), `known` the public id of a recorded event: one
/// recorded before may be what the new one has made impossible.
pub fn illegal<A: Vocabulary, S: Vocabulary>(
    illegal: &Illegal<A, S>,
    at: &str,
    now: Option<(S, Vec<A>)>,
    known: impl Fn(i64) -> Option<PublicId>,
) -> Problem {
    let at_field = |field: &str, code: &str| {
        Problem::new(Code::ValidationFailed).field(
            &format!("{at}/{field}"),
            code,
            illegal.to_string(),
        )
    };
    match illegal {
        Illegal::Transition {
            event,
            status,
            allowed,
            ..
        } => {
            let earlier = known(*event);
            let detail = match &earlier {
                Some(earlier) => {
                    format!("{earlier}, which is recorded, could not stand: {illegal}")
                }
                None => illegal.to_string(),
            };
            let (current, allowed) = match &now {
                Some((current, allowed)) => (Some(*current), allowed),
                None => (*status, allowed),
            };
            let allowed: Vec<&str> = allowed.iter().map(|action| action.code()).collect();
            let problem = Problem::new(Code::IllegalTransition)
                .detail(detail)
                .member("allowed", allowed)
                .member("status_then", status.map(Vocabulary::code))
                .member("current_status", current.map(Vocabulary::code));
            match earlier {
                Some(earlier) => problem.member("event", earlier.as_str()),
                None => problem,
            }
        }
        Illegal::Target { .. } => at_field("to_status", "impossible_status"),
        Illegal::NothingToCorrect => at_field("corrects_event_id", "unknown_reference"),
        Illegal::AlreadyCorrected { corrected_by } => {
            let problem = at_field("corrects_event_id", "already_corrected");
            match known(*corrected_by) {
                Some(later) => problem.member("corrected_by", later.as_str()),
                None => problem,
            }
        }
        // An empty log is none a caller can make: the first event comes with the record.
        Illegal::Empty => Problem::new(Code::Internal),
    }
}
