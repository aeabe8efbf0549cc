//! `POST /suggestions`: anybody proposes a correction.

use actix_web::{FromRequest as _, HttpRequest, post, web};
use serde_json::Value;

use super::apply::{self, Proposed};
pub use super::types::SuggestionIn;
use super::types::SuggestionMade;
use super::{mails, proof_of_work, store};
use crate::access::ownership::offices_of;
use crate::access::review::{self, NewSuggestion};
use crate::access::users::types as users;
use crate::access::{Actor, Throttle};
use crate::app::App;
use crate::changes::Ctx;
use crate::core::author::Author;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::record::{Operation, RecordState, Role, SuggestionState};
use crate::db::{DbConn, Json, once};
use crate::http::extract::{DryRun, JsonBody, Query, Viewer, WriteRequest};
use crate::http::middleware::address_of;
use crate::http::problem::{HttpResult, Problem, validated};
use crate::http::write::{self, Written};
use crate::http::{respond, validate};
use crate::kinds;

/// Most bytes of a patch.
const MAX_PATCH: usize = 64 * 1024;
/// Longest message.
const MAX_MESSAGE: usize = 4000;
/// Longest pointer to a field.
const MAX_FIELD: usize = 100;

/// Suggest a correction
///
/// Of a published record, as a patch or in words; or, without a target, anything else. Nobody has to
/// log in. Whoever sends more than three in an hour solves a puzzle for each. The office that the
/// record belongs to decides, and answers by mail if an address is given.
#[utoipa::path(tag = "suggestions", params(DryRun), request_body = SuggestionIn,
    responses((status = 201, description = "It has arrived", body = SuggestionMade)))]
#[post("/api/v1/suggestions")]
pub async fn create_suggestion(
    app: web::Data<App>,
    throttle: web::Data<Throttle>,
    req: HttpRequest,
    request: WriteRequest,
    viewer: Viewer,
    _: Query<DryRun>,
    body: JsonBody,
) -> HttpResult {
    let actor = Actor::extract(&req).into_inner().ok();
    let (needs_proof, ctx, caller) = if let Some(actor) = &actor {
        (
            false,
            actor.ctx(app.now(), &request),
            actor.name().to_owned(),
        )
    } else {
        let needs_proof = throttle.suggestion(&app, &req)?;
        let mut ctx = stranger(&app, viewer, request.request_id.clone());
        ctx.dry_run = request.dry_run;
        // A host is all that is known of strangers.
        let host = address_of(&req, &app.config.trusted_proxies);
        let host = host.map(|host| host.to_string()).unwrap_or_default();
        (needs_proof, ctx, format!("host {host}"))
    };
    let hash = body.hash();
    let work = once(move |conn: &mut DbConn| -> Result<Written, Problem> {
        let input = body.read()?;
        let suggestion_id = submit(conn, &ctx, input, needs_proof, &throttle)?;
        let made = SuggestionMade {
            suggestion_id,
            state: SuggestionState::Open,
        };
        Ok(Written::made(respond::to_value(&made)?))
    });
    write::execute(&app, &request, &caller, hash, (Box::new(work), false)).await
}

/// Who writes when a stranger sends a suggestion.
pub fn stranger(app: &App, viewer: Viewer, request_id: Option<String>) -> Ctx {
    Ctx {
        author: Author::new(Role::Editor, None),
        viewer,
        request_id,
        ..Ctx::system(Role::Editor, app.now())
    }
}

/// Takes in a suggestion, and tells its sender and those who decide: from the API and from the form.
///
/// `needs_proof` says whether a solved puzzle has to come with it.
pub fn submit(
    conn: &mut DbConn,
    ctx: &Ctx,
    input: SuggestionIn,
    needs_proof: bool,
    throttle: &Throttle,
) -> Result<PublicId, Problem> {
    let new = checked(conn, ctx, input, needs_proof)?;
    let id = review::suggest(conn, ctx, &new)?;
    if ctx.dry_run {
        return Ok(id);
    }
    // A flood of suggestions must not be one of mails.
    let may_write = |email: &str| throttle.receipt(email, ctx.now);
    let target: Option<PublicId> = new.target.parse().ok();
    if let Some(email) = new.email.as_deref().filter(|email| may_write(email)) {
        let what = (SuggestionState::Open, target.as_ref());
        mails::answer(conn, ctx, (email, &new.lang), what, None)?;
    }
    if let Some(target) = &target {
        for office in offices_of(conn, target)? {
            review::tell_deciding(conn, ctx, &office, (&id, target), may_write)?;
        }
    }
    Ok(id)
}

/// Whether a suggestion would be taken in, but for its puzzle.
pub fn check(conn: &mut DbConn, ctx: &Ctx, input: &SuggestionIn) -> Result<(), Problem> {
    let input = SuggestionIn {
        proof: None,
        ..input.clone()
    };
    checked(conn, ctx, input, false).map(drop)
}

/// The suggestion, every rule checked; a patch is tried on the record and undone.
fn checked(
    conn: &mut DbConn,
    ctx: &Ctx,
    input: SuggestionIn,
    needs_proof: bool,
) -> Result<NewSuggestion, Problem> {
    let mut issues = Issues::default();
    let target = input
        .target
        .and_then(|id| issues.check("/target", id.parse::<PublicId>()));
    let mut head = None;
    if let Some(id) = &target {
        head = kinds::find(conn, &ctx.viewer, id)?.filter(|head| match head.state {
            RecordState::Published => true,
            RecordState::Draft => ctx.viewer.is_colleague_of(&head.created_by),
            RecordState::Withdrawn | RecordState::Merged => false,
        });
        if head.is_none() {
            let rule = format!("there is no record {id} that can be corrected");
            issues.add("/target", "unknown_reference", rule);
        }
    }
    let message = validate::prose("/message", input.message, MAX_MESSAGE, &mut issues);
    let field = input.field.and_then(|at| field(at, &mut issues));
    let evidence_url = validate::url("/evidence_url", input.evidence_url, &mut issues);
    let email = input
        .email
        .and_then(|email| users::email("/email", &email, &mut issues));
    let lang = users::lang("/lang", input.lang, &mut issues);
    let kind = target.as_ref().map(PublicId::kind);
    contents(input.patch.as_ref(), message.is_some(), kind, &mut issues);
    if needs_proof || input.proof.is_some() {
        let proof = input.proof.as_deref().unwrap_or_default();
        if !proof_of_work::is_solved(proof, ctx.now) || store::is_spent(conn, proof)? {
            let rule = "must be a solved puzzle of GET /api/v1/suggestions/puzzle that was not used before";
            issues.add("/proof", "unsolved", rule);
        }
    }
    validated(issues)?;
    if let (Some(id), Some(patch)) = (&target, &input.patch) {
        let tried = check_by_rollback(conn, ctx, id, patch)?;
        if tried.version() == head.as_ref().map(|head| head.version) {
            let rule = "proposes nothing: the record says so already";
            return Err(Problem::invalid("/patch", "no_change", rule));
        }
    }
    Ok(NewSuggestion {
        operation: match input.patch {
            Some(_) => Operation::Update,
            None => Operation::Message,
        },
        base_version: head.map(|head| head.version),
        target: target.as_ref().map(PublicId::to_string).unwrap_or_default(),
        part: None,
        payload: input.patch.map(Json),
        message,
        field,
        evidence_url,
        email,
        lang,
        proof: input.proof,
        proposed_by: None,
        along: None,
        office: None,
        preview: None,
    })
}

/// A pointer to a field as records have them.
fn field(at: String, issues: &mut Issues) -> Option<String> {
    let names = at.strip_prefix('/').map(|rest| rest.split('/'));
    let plain = |name: &str| {
        let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        !name.is_empty() && name.chars().all(letter)
    };
    if at.len() <= MAX_FIELD && names.is_some_and(|mut names| names.all(plain)) {
        return Some(at);
    }
    let rule =
        format!("must be a JSON pointer such as /signed_on, of at most {MAX_FIELD} characters");
    issues.add("/field", "invalid_pointer", rule);
    None
}

/// Whether there is something to decide: a patch of a record, or words.
fn contents(patch: Option<&Value>, says: bool, target: Option<Kind>, issues: &mut Issues) {
    match patch {
        None if !says => {
            issues.add(
                "/message",
                "required",
                "send a patch, or a message in words",
            );
        }
        Some(_) if target.is_none() => {
            issues.add("/target", "required", "a patch is of a record");
        }
        Some(_) if target.is_none_or(|kind| kinds::of(kind).is_err()) => issues.add(
            "/target",
            "not_patchable",
            "this kind of record is corrected in words, by a message",
        ),
        Some(patch) if !patch.is_object() => {
            issues.add("/patch", "wrong_type", "must be an object");
        }
        Some(patch) if patch.to_string().len() > MAX_PATCH => issues.add(
            "/patch",
            "length",
            format!("must have at most {MAX_PATCH} bytes"),
        ),
        Some(patch) if patch.get("record_state").is_some() => issues.add(
            "/patch/record_state",
            "read_only",
            "is for the record's office to change",
        ),
        _ => {}
    }
}

/// Tells what is wrong with a patch before anybody has to read it; the record stays as it is.
fn check_by_rollback(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    patch: &Value,
) -> Result<Written, Problem> {
    let trial = Ctx::system(Role::Registrar, ctx.now);
    let proposed = Proposed {
        operation: Operation::Update,
        target: id,
        part: None,
        payload: patch,
    };
    review::check_by_rollback(conn, |conn| apply::apply(conn, &trial, proposed))
        .map_err(|problem| problem.below("/patch"))
}
