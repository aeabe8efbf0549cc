//! The second pair of eyes: a write that has to wait becomes a suggestion, which another person
//! accepts or rejects in the room of suggestions.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::{Value, json};

use super::users;
use crate::changes::{self, Approval, Change, Ctx};
use crate::core::author::Author;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::record::{Entity, Operation, RecordState, Role, SuggestionState};
use crate::db::prepared::Prepare as _;
use crate::db::schema::suggestions;
use crate::db::{DbConn, Json};
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::http::write::{Undo, Written};
use crate::jobs::mail::{self, Mail, Template};

/// A write that may have to wait.
#[derive(Debug, Clone)]
pub struct Proposal<'a> {
    /// What it does.
    pub operation: Operation,
    /// The record.
    pub target: &'a PublicId,
    /// What of the record, such as one of its citations.
    pub part: Option<&'a PublicId>,
    /// The record's version that the proposer has read.
    pub version: i32,
    /// The patch, the event, or the reason.
    pub payload: Value,
}

impl<'a> Proposal<'a> {
    /// What is done to a record of this version.
    pub fn new(operation: Operation, target: &'a PublicId, version: i32, payload: Value) -> Self {
        Self {
            operation,
            target,
            part: None,
            version,
            payload,
        }
    }

    /// A patch of a record of this version and state. The context learns where the record stands
    /// afterwards; 422 when the patch would take back what was published.
    pub fn update(
        ctx: &mut Ctx,
        target: &'a PublicId,
        (version, state): (i32, RecordState),
        patch: Value,
    ) -> Result<Self, Problem> {
        let operation = target_state(ctx, state, &patch)?;
        Ok(Self::new(operation, target, version, patch))
    }

    /// Whether this is what a change answered that was undone because it changed nothing.
    fn is_so_already(&self, tried: &Written) -> bool {
        matches!(self.operation, Operation::Update | Operation::Recite)
            && tried.version() == Some(self.version)
    }

    /// A withdrawal.
    pub fn withdraw(target: &'a PublicId, version: i32, reason: Option<&str>) -> Self {
        Self::new(
            Operation::Withdraw,
            target,
            version,
            json!({ "reason": reason }),
        )
    }
}

/// Makes all the checks of `f` and undoes what it did: its problem, if it has one, else what it would
/// answer.
pub fn check_by_rollback(
    conn: &mut DbConn,
    f: impl FnOnce(&mut DbConn) -> Result<Written, Problem>,
) -> Result<Written, Problem> {
    let tried = changes::savepoint(conn, |conn| {
        let done = f(conn)?;
        Err(Undo::Done(Box::new(done)))
    });
    tried.or_else(Undo::into_answer)
}

/// What a view says of the last write, and not of what is recorded.
const STAMPS: [&str; 3] = ["version", "updated_at", "updated_by"];

/// Makes a change of what is shown as `before`. One after which that shows the same is undone, and answered with what
/// was there: it would be an empty version, told to everyone who follows the record.
pub fn change_unless_same(
    conn: &mut DbConn,
    before: Written,
    f: impl FnOnce(&mut DbConn) -> Result<Written, Problem>,
) -> Result<Written, Problem> {
    let recorded = |shown: &Written| {
        let mut value = shown.body.clone().unwrap_or_default();
        if let Some(members) = value.as_object_mut() {
            members.retain(|name, _| !STAMPS.contains(&name.as_str()));
        }
        value
    };
    let made = changes::savepoint(conn, |conn| {
        let after = f(conn)?;
        if recorded(&before) == recorded(&after) {
            return Err(Undo::Done(Box::new(before)));
        }
        Ok(after)
    });
    made.or_else(Undo::into_answer)
}

/// Carries out `apply`, or holds it until another person consents.
///
/// What is held is checked and undone, and answered 202 with the suggestion that now waits; a dry run
/// goes the same way and answers with the record as it would be. What leaves a draft a draft needs
/// nobody's consent.
pub fn apply_or_hold(
    conn: &mut DbConn,
    ctx: &Ctx,
    proposal: Proposal<'_>,
    apply: impl FnOnce(&mut DbConn, &Ctx, &Value) -> Result<Written, Problem>,
) -> Result<Written, Problem> {
    if !ctx.waits || ctx.state == RecordState::Draft {
        return apply(conn, ctx, &proposal.payload);
    }
    // The proposer learns at once what is wrong, not the colleague who accepts.
    let tried = check_by_rollback(conn, |conn| apply(conn, ctx, &proposal.payload))?;
    if proposal.is_so_already(&tried) {
        return Ok(tried);
    }
    hold(conn, ctx, &proposal, None, tried)
}

/// Holds `apply` until this other office consents, in whose holdings the record would come to stand.
///
/// Like [`apply_or_hold`], but whoever decides for that office does so.
pub fn ask(
    conn: &mut DbConn,
    ctx: &Ctx,
    proposal: Proposal<'_>,
    office: &PublicId,
    apply: impl FnOnce(&mut DbConn, &Ctx, &Value) -> Result<Written, Problem>,
) -> Result<Written, Problem> {
    // As it would be once the office agrees.
    let agreed = Ctx {
        approval: Some(Approval {
            author: Author::new(Role::Registrar, None),
            person: None,
        }),
        ..ctx.clone()
    };
    let tried = check_by_rollback(conn, |conn| apply(conn, &agreed, &proposal.payload))?;
    hold(conn, ctx, &proposal, Some(office), tried)
}

/// What a suggestion is made of: an edit that waits, or what the public proposes.
#[derive(Debug, Insertable)]
#[diesel(table_name = suggestions, treat_none_as_default_value = false)]
pub(crate) struct NewSuggestion {
    pub operation: Operation,
    /// Empty for what is about no record.
    pub target: String,
    pub part: Option<PublicId>,
    pub base_version: Option<i32>,
    pub payload: Option<Json<Value>>,
    pub message: Option<String>,
    pub field: Option<String>,
    pub evidence_url: Option<String>,
    pub email: Option<String>,
    pub lang: String,
    pub proof: Option<String>,
    /// In whose name it waits for a second pair of eyes; nobody's, if the public proposes it.
    pub proposed_by: Option<Author>,
    pub along: Option<Json<BTreeMap<PublicId, i32>>>,
    pub office: Option<PublicId>,
    pub preview: Option<Json<Value>>,
}

/// Records a suggestion, with its change; its id.
pub(crate) fn suggest(conn: &mut DbConn, ctx: &Ctx, new: &NewSuggestion) -> QueryResult<PublicId> {
    let (id, state) = (PublicId::random(Kind::Suggestion), SuggestionState::Open);
    diesel::insert_into(suggestions::table)
        .values((
            suggestions::public_id.eq(&id),
            suggestions::state.eq(state),
            suggestions::version.eq(1),
            suggestions::created_at.eq(ctx.at()),
            suggestions::updated_at.eq(ctx.at()),
            suggestions::proposer.eq(&ctx.person),
            new,
        ))
        .prepared()
        .execute(conn)?;
    let after = told(&id, state, new.operation, &new.target);
    let change = Change::of(Entity::Suggestion, (&id, 1), None, &after);
    changes::record(conn, ctx, &change)?;
    Ok(id)
}

/// What the log says of a suggestion: neither its words nor who sent it.
pub(crate) fn told(
    id: &PublicId,
    state: SuggestionState,
    operation: Operation,
    target: &str,
) -> Value {
    json!({ "id": id, "state": state.code(), "operation": operation.code(), "target": target })
}

/// Records what waits, with its change, and tells whoever decides, in the proposer's own office or in another one;
/// the answer, which to a dry run is what was `tried`.
fn hold(
    conn: &mut DbConn,
    ctx: &Ctx,
    proposal: &Proposal<'_>,
    office: Option<&PublicId>,
    tried: Written,
) -> Result<Written, Problem> {
    let along = match proposal.operation {
        Operation::Publish => Some(changes::records::along(conn, proposal.target)?),
        _ => None,
    };
    let preview = office.and(tried.body.as_ref());
    let new = NewSuggestion {
        operation: proposal.operation,
        target: proposal.target.to_string(),
        part: proposal.part.cloned(),
        base_version: Some(proposal.version),
        payload: Some(Json(proposal.payload.clone())),
        message: None,
        field: None,
        evidence_url: None,
        email: None,
        lang: "en".to_owned(),
        proof: None,
        proposed_by: Some(ctx.author.clone()),
        along: along.map(Json),
        office: office.cloned(),
        preview: preview.cloned().map(Json),
    };
    let id = suggest(conn, ctx, &new)?;
    if let Some(deciding) = office.or(ctx.author.organisation()) {
        tell_deciding(conn, ctx, deciding, (&id, proposal.target), |_| true)?;
    }
    if ctx.dry_run {
        return Ok(tried);
    }
    Ok(Written::waiting(json!({
        "suggestion_id": id,
        "state": SuggestionState::Open.code(),
    })))
}

/// Leaves a mail for everyone else who decides in this office that a suggestion for a record waits for them: those
/// that `may_write` lets be written to.
pub fn tell_deciding(
    conn: &mut DbConn,
    ctx: &Ctx,
    office: &PublicId,
    (suggestion, target): (&PublicId, &PublicId),
    may_write: impl Fn(&str) -> bool,
) -> QueryResult<()> {
    for (email, lang) in users::store::deciding(conn, office, ctx)? {
        if may_write(&email) {
            let what = changes::display_name::of(conn, target, &lang)?;
            let letter = Mail::new(Template::ReviewRequested, email, lang)
                .with("title", what)
                .with("id", suggestion.as_str());
            mail::push(conn, &letter, ctx.now)?;
        }
    }
    Ok(())
}

/// Where the record stands once this patch is applied, set in the context, and what that is called.
///
/// Changing a draft needs nobody's consent, publishing it may. 422 when the patch would take a
/// published record back.
pub fn target_state(
    ctx: &mut Ctx,
    before: RecordState,
    patch: &Value,
) -> Result<Operation, Problem> {
    let wanted = patch.get("record_state").and_then(Value::as_str);
    let becomes = |state: RecordState| wanted == Some(state.code());
    let is_draft = before == RecordState::Draft;
    if !is_draft && becomes(RecordState::Draft) {
        return Err(Problem::new(Code::ValidationFailed).field(
            "/record_state",
            "read_only",
            "what was published stays published; DELETE withdraws it",
        ));
    }
    let (state, operation) = if is_draft && becomes(RecordState::Published) {
        (RecordState::Published, Operation::Publish)
    } else {
        (before, Operation::Update)
    };
    ctx.state = state;
    Ok(operation)
}
