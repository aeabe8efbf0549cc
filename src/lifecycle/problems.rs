//! What a caller is told when a log can't be folded.

use serde_json::Value;

use crate::core::ids::PublicId;
use crate::core::lifecycle::Illegal;
use crate::core::vocabulary::Code as Vocabulary;
use crate::http::code::Code;
use crate::http::problem::Problem;

/// 409 with the status met and the actions possible there, or 422 at the field that is wrong.
///
/// `at` is where the new event stands in the body (empty when it is the body itself), `known` the
/// public id of a recorded event: one recorded before may be what the new one has made impossible.
pub fn illegal<A: Vocabulary, S: Vocabulary>(
    illegal: &Illegal<A, S>,
    at: &str,
    known: impl Fn(i64) -> Option<PublicId>,
) -> Problem {
    match illegal {
        Illegal::Transition {
            event,
            status,
            allowed,
            ..
        } => {
            let allowed: Vec<Value> = allowed.iter().map(|action| action.code().into()).collect();
            let detail = match known(*event) {
                Some(earlier) => {
                    format!("{earlier}, which is recorded, could not stand: {illegal}")
                }
                None => illegal.to_string(),
            };
            Problem::new(Code::IllegalTransition)
                .detail(detail)
                .member("allowed", allowed)
                .member("status", status.map(|status| status.code()))
        }
        Illegal::Target { .. } => Problem::new(Code::ValidationFailed).field(
            &format!("{at}/to_status"),
            "impossible_status",
            illegal.to_string(),
        ),
        Illegal::NothingToCorrect { .. } => Problem::new(Code::ValidationFailed).field(
            &format!("{at}/corrects_event_id"),
            "unknown_reference",
            illegal.to_string(),
        ),
        Illegal::AlreadyCorrected { corrected_by, .. } => {
            let problem = Problem::new(Code::ValidationFailed).field(
                &format!("{at}/corrects_event_id"),
                "already_corrected",
                illegal.to_string(),
            );
            match known(*corrected_by) {
                Some(later) => problem.member("corrected_by", later.as_str()),
                None => problem,
            }
        }
        // An empty log is none a caller can make: the first event comes with the record.
        Illegal::Empty => Problem::new(Code::Internal),
    }
}
