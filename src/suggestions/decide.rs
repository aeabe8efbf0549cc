//! Accepting and rejecting suggestions.

use std::collections::BTreeSet;

use actix_web::{post, web};
use diesel::prelude::*;
use serde_json::{Value, json};

use super::apply::{self, Proposed};
use super::mails;
use super::store::{self, SuggestionRow};
use super::types::{DecisionIn, SuggestionView};
use crate::access::{self, Actor, JsonWrite};
use crate::changes::{Approval, Ctx, records};
use crate::core::author::Author;
use crate::core::digest;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::record::{ChangeOp, Operation, RecordState, SuggestionState};
use crate::db::schema::changes as c;
use crate::db::{Backend, DbConn, Json, json};
use crate::http::code::Code;
use crate::http::extract::{DryRun, Viewer, path_id};
use crate::http::problem::{HttpResult, Problem, validated};
use crate::http::write::Written;
use crate::http::{respond, validate};

/// Longest note.
const MAX_NOTE: usize = 2000;

/// Accept a suggestion
///
/// It is carried out: an edit that waited in the name of its proposer, with who accepted it as
/// `approved_by`; a correction of the public in the name of who accepts it. Nobody accepts an edit of
/// their own. When the record has changed since, or what is published along with it, 412 tells what
/// changed; look at it, and send its `version`, and its `along` if it has one, to go on.
#[utoipa::path(tag = "suggestions", params(("id" = String, Path, description = "The suggestion's id", example = "sug_8x3k0q2m7t"), DryRun),
    request_body = DecisionIn, responses((status = 200, description = "The suggestion, with the record as it now is", body = SuggestionView)))]
#[post("/api/v1/suggestions/{id}/accept")]
pub async fn accept_suggestion(write: JsonWrite, path: web::Path<String>) -> HttpResult {
    decide(write, &path, SuggestionState::Accepted).await
}

/// Reject a suggestion
///
/// With a note that is told to the submitter. Who proposed an edit may take it back this way.
#[utoipa::path(tag = "suggestions", params(("id" = String, Path, description = "The suggestion's id", example = "sug_8x3k0q2m7t"), DryRun),
    request_body = DecisionIn, responses((status = 200, description = "The suggestion", body = SuggestionView)))]
#[post("/api/v1/suggestions/{id}/reject")]
pub async fn reject_suggestion(write: JsonWrite, path: web::Path<String>) -> HttpResult {
    decide(write, &path, SuggestionState::Rejected).await
}

async fn decide(write: JsonWrite, path: &str, to: SuggestionState) -> HttpResult {
    let id = path_id(Kind::Suggestion, "suggestion", path)?;
    write
        .run(move |conn, writing, body| {
            let row = find_to_decide(conn, &writing.actor, &mut writing.ctx, &id, to)?;
            let etag = |row: &SuggestionRow| format!("\"{}\"", row.version);
            writing.if_match.check(row.version, &etag(&row))?;
            let ctx = &writing.ctx;
            let input: DecisionIn = body.read()?;
            let mut issues = Issues::default();
            let note = validate::prose("/note", input.note.clone(), MAX_NOTE, &mut issues);
            validated(issues)?;
            if row.state != SuggestionState::Open {
                return Err(Problem::new(Code::IllegalTransition)
                    .detail(format!("the suggestion was {} already", row.state))
                    .member("current_status", row.state.code())
                    .member("allowed", json!([])));
            }
            let result = if to == SuggestionState::Accepted {
                carry_out(conn, ctx, &row, &input)?
            } else {
                None
            };
            // The decision is the decider's own, whoever the change is signed by.
            let after = store::decide(conn, ctx, &row, to, note.as_deref())?;
            if let Some(email) = &after.email {
                let target = after.target();
                let what = (to, target.as_ref());
                mails::answer(conn, ctx, (email, &after.lang), what, note.as_deref())?;
            }
            let after = store::forget_address(conn, after)?;
            let tag = etag(&after);
            let mut view = store::views(conn, &writing.actor, vec![after])?
                .pop()
                .ok_or_else(|| Problem::new(Code::Internal))?;
            view.result = result;
            Ok(Written::changed(respond::to_value(&view)?, tag))
        })
        .await
}

/// The suggestion, if the actor may decide it: 404 when it can't be seen, 403 when it is one's own or
/// another office's to decide.
fn find_to_decide(
    conn: &mut DbConn,
    actor: &Actor,
    ctx: &mut Ctx,
    id: &PublicId,
    to: SuggestionState,
) -> Result<SuggestionRow, Problem> {
    let row = store::find(conn, actor, id)?.ok_or_else(|| Problem::not_found("suggestion"))?;
    let own = row.proposer.is_some() && row.proposer == actor.person;
    if own && to == SuggestionState::Rejected {
        return Ok(row);
    }
    match (&row.office, &row.proposed_by, row.target()) {
        (Some(office), ..) => access::may_agree(conn, ctx, office)?,
        (None, Some(proposer), _) => access::may_approve(conn, ctx, proposer)?,
        (None, None, Some(target)) => access::may_decide(conn, ctx, &target)?,
        (None, None, None) if actor.everywhere().is_some() => {}
        (None, None, None) => {
            return Err(Problem::forbidden(
                "what is about no record is for registrars to decide",
            ));
        }
    }
    if own {
        return Err(Problem::forbidden(
            "an edit is accepted by another person than the one who proposed it",
        ));
    }
    Ok(row)
}

/// Does what was proposed; the record as it now is.
fn carry_out(
    conn: &mut DbConn,
    ctx: &Ctx,
    row: &SuggestionRow,
    looked_at: &DecisionIn,
) -> Result<Option<Value>, Problem> {
    let (Some(target), Some(Json(payload))) = (row.target(), &row.payload) else {
        return Ok(None);
    };
    let proposed = Proposed {
        operation: row.operation,
        target: &target,
        part: row.part.as_ref(),
        payload,
    };
    let mut signed = Ctx {
        suggestion: Some(row.public_id.clone()),
        ..ctx.clone()
    };
    if let Some(author) = &row.proposed_by {
        // In the proposer's name, with the rights the proposal had.
        signed.approval = Some(Approval {
            author: std::mem::replace(&mut signed.author, author.clone()),
            person: std::mem::replace(&mut signed.person, row.proposer.clone()),
        });
        signed.key = None;
        signed.viewer = Viewer::new(vec![author.clone()]);
    }
    // What another office decides may be a draft that it can't see: it was shown what it would be.
    let looking = if row.office.is_some() { &signed } else { ctx };
    let now = apply::version(conn, looking, proposed)?;
    if row.operation == Operation::Publish
        && records::find(conn, &target)?.is_some_and(|head| head.state == RecordState::Published)
    {
        return Err(done_already("the record is published already"));
    }
    // Only a merger leaves what waits without a version, and leads it to the partner that stays.
    if row.operation == Operation::Withdraw && row.base_version.is_none() {
        let merged = "the partner it would withdraw was merged into this one";
        return Err(done_already(merged));
    }
    // What is recorded anew depends on no version of what it names.
    if row.operation != Operation::Create {
        let (along, beside) = changed_along(conn, row, &target)?;
        let stale = row.base_version != Some(now) || !along.is_empty();
        let unseen = row.office.is_some() && row.operation == Operation::Publish;
        // The version says nothing of what stands beside the record, which has versions of its own.
        let beside = beside.filter(|_| !along.is_empty());
        let seen =
            looked_at.version == Some(now) && (beside.is_none() || looked_at.along == beside);
        if stale && (unseen || !seen) {
            let changed = changed_since(conn, &ctx.viewer, row, &target, &along)?;
            return Err(changed_meanwhile(&changed, now, beside));
        }
        if let Some(author) = &row.proposed_by {
            access::still_may_edit(conn, author, &target)?;
        }
    }
    let done = apply::apply(conn, &signed, proposed)?;
    if matches!(row.operation, Operation::Update | Operation::Recite) && done.version() == Some(now)
    {
        return Err(done_already("what it proposes is so already"));
    }
    Ok(done.body)
}

/// 409 for a suggestion that would do nothing.
fn done_already(why: &str) -> Problem {
    Problem::new(Code::IllegalTransition)
        .detail(format!("{why}; reject the suggestion with a note"))
        .member("allowed", json!([]))
}

/// What is published along with a draft and is no longer as it was when that was proposed, and what
/// stands for all of it as it is now.
fn changed_along(
    conn: &mut DbConn,
    row: &SuggestionRow,
    target: &PublicId,
) -> QueryResult<(Vec<PublicId>, Option<String>)> {
    if row.operation != Operation::Publish {
        return Ok((Vec::new(), None));
    }
    let now = records::along(conn, target)?;
    let stands_for = digest::sha256(json::text(&now)?.as_bytes());
    let Some(then) = &row.along else {
        // Proposed before this was kept: what was logged since has to do.
        let logged = since(conn, row, now.into_keys().collect())?;
        let changed = logged.select(c::record).distinct().load(conn)?;
        return Ok((changed, Some(stands_for)));
    };
    let all: BTreeSet<&PublicId> = then.keys().chain(now.keys()).collect();
    let changed = all.into_iter().filter(|id| then.get(*id) != now.get(*id));
    Ok((changed.cloned().collect(), Some(stands_for)))
}

/// The changes of these records since the suggestion was made.
fn since(
    conn: &mut DbConn,
    row: &SuggestionRow,
    those: Vec<PublicId>,
) -> QueryResult<c::BoxedQuery<'static, Backend>> {
    let made: Option<i64> = c::table
        .filter(c::record.eq(&row.public_id))
        .order(c::seq)
        .select(c::seq)
        .first(conn)
        .optional()?;
    Ok(c::table
        .filter(c::record.eq_any(those))
        .filter(c::seq.gt(made.unwrap_or_default()))
        .filter(c::op.ne(ChangeOp::Refreshed))
        .into_boxed())
}

/// What changed since the suggestion was made, as far as the decider may read it: the record or the
/// part it is about, and what is published `along` with it and was changed.
fn changed_since(
    conn: &mut DbConn,
    viewer: &Viewer,
    row: &SuggestionRow,
    target: &PublicId,
    along: &[PublicId],
) -> QueryResult<Vec<Value>> {
    let mut those = vec![row.part.clone().unwrap_or_else(|| target.clone())];
    those.extend(along.iter().cloned());
    let mut since = since(conn, row, those)?;
    if let Some(audience) = viewer.audience() {
        let open = c::audience.is_null();
        since = since.filter(open.or(c::audience.eq_any(audience)));
    }
    type Row = (i64, PublicId, ChangeOp, i32, Author, Json<Value>);
    let since: Vec<Row> = since
        .order(c::seq)
        .limit(50)
        .select((c::seq, c::record, c::op, c::version, c::actor, c::patch))
        .load(conn)?;
    let told = since
        .into_iter()
        .map(|(seq, record, op, version, actor, patch)| {
            json!({
                "seq": seq, "record": record, "op": op.code(), "version": version, "actor": actor,
                "patch": *patch,
            })
        });
    Ok(told.collect())
}

/// 412 that tells what changed, and how to go on.
fn changed_meanwhile(changes: &[Value], now: i32, along: Option<String>) -> Problem {
    let both = match &along {
        Some(along) => format!("\"version\": {now} and \"along\": \"{along}\""),
        None => format!("\"version\": {now}"),
    };
    let problem = Problem::new(Code::PreconditionFailed)
        .detail(format!(
            "the record has changed since; look at `changes`, then send {both} to accept it all the same"
        ))
        .member("version", now)
        .member("changes", changes);
    match along {
        Some(along) => problem.member("along", along),
        None => problem,
    }
}
