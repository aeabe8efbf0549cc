//! Appending to the log.

use diesel::prelude::*;
use diesel::result::Error;
use serde_json::Value;

use super::history::{Logged, state_of};
use super::{Ctx, counter, history, records};
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::{ChangeOp, Entity, RecordState};
use crate::db::prepared::Prepare as _;
use crate::db::schema::changes;
use crate::db::{DbConn, json, public_revision, revision};
use crate::http::extract::Viewer;

/// What happened to a record.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// Its collection.
    pub entity: Entity,
    /// The record.
    pub id: &'a PublicId,
    /// What was done.
    pub op: ChangeOp,
    /// The record's version after it.
    pub version: i32,
    /// The record as it was; nothing when it was created. The patch is made against what the log
    /// says it was: what a record shows of others may have changed since.
    pub before: Option<&'a Value>,
    /// The record as it is, without names of persons.
    pub after: &'a Value,
    /// Why, in the words of whoever did it.
    pub reason: Option<&'a str>,
}

/// The revision of what this viewer may read. What is hidden moves nothing that others get.
pub fn seen(conn: &mut DbConn, viewer: &Viewer) -> QueryResult<i64> {
    if viewer.is_staff() {
        revision(conn)
    } else {
        public_revision(conn)
    }
}

/// What tells apart, beside a record's own `rev`, what an item with embedded records shows: they come,
/// go and change without it, so the revision of what the viewer may read.
pub fn embedded(conn: &mut DbConn, viewer: &Viewer, embeds: bool) -> QueryResult<Option<i64>> {
    embeds.then(|| seen(conn, viewer)).transpose()
}

/// Refuses a change after which there is nothing, unless it is the end of a citation or a relation:
/// records are withdrawn, they never vanish.
pub(super) fn check(change: &Change<'_>) -> QueryResult<()> {
    let may_vanish = matches!(change.entity, Entity::Citation | Entity::Relation);
    let ends = may_vanish && change.before.is_some() && change.after.is_null();
    if ends || change.after.is_object() {
        return Ok(());
    }
    let said = format!("{} {} shows nothing after it", change.op, change.id);
    Err(Error::SerializationError(said.into()))
}

/// [`super::record`] where it is known what the log says of the record, and who shows it.
pub(super) fn append(
    conn: &mut DbConn,
    ctx: &Ctx,
    change: &Change<'_>,
    known: Option<&Logged>,
) -> QueryResult<i64> {
    let (was, is) = (change.before.and_then(state_of), state_of(change.after));
    let was_draft = was == Some(RecordState::Draft);
    let published = was_draft && is == Some(RecordState::Published);
    // What was a draft is new to everyone else: publishing tells the whole record.
    let (op, before) = match change.op {
        ChangeOp::Updated | ChangeOp::Event if published => (ChangeOp::Published, None),
        op => (op, change.before),
    };
    // So is a document, or a contact, that is opened to everyone.
    let opened = matches!(change.entity, Entity::Document | Entity::Contact)
        && records::is_open(change.after)
        && !change.before.is_some_and(records::is_open);
    let stays_withdrawn = was == is && is == Some(RecordState::Withdrawn);
    // What was withdrawn before it was public stays its office's, and what is shown to nobody is
    // refreshed for nobody.
    let never_seen = was_draft && !published
        || stays_withdrawn
            && (matches!(op, ChangeOp::Refreshed) || !records::was_public(conn, change.id)?)
        || is_paper_of_withdrawn(conn, change)?;
    let owner = owner(conn, ctx, change)?;
    let audience = audience(ctx, change, never_seen, owner);
    // Whoever did not see the entries before this one is told everything.
    let continued = |known: &&Logged| !(known.hidden && audience.is_none());
    let known = known
        .filter(|_| before.is_some() && !opened)
        .filter(continued);
    let (patch, since) = match known {
        Some(known) => (
            json::text(&json_patch::diff(&known.value, change.after))?,
            known.since + 1,
        ),
        None => (history::whole(change.after)?, 0),
    };
    let whole = since >= history::STEPS;
    let whole = whole.then(|| json::text(change.after)).transpose()?;
    let at = ctx.at();
    let seq = counter::take(conn, at, audience.is_none())?;
    diesel::insert_into(changes::table)
        .values((
            changes::seq.eq(seq),
            changes::entity.eq(change.entity),
            changes::record.eq(change.id),
            changes::op.eq(op),
            changes::version.eq(change.version),
            changes::actor.eq(&ctx.author),
            changes::actor_key.eq(&ctx.key),
            changes::at.eq(at),
            changes::patch.eq(patch),
            changes::reason.eq(change.reason),
            changes::request_id.eq(&ctx.request_id),
            changes::person.eq(&ctx.person),
            changes::approved_by.eq(ctx.approval.as_ref().map(|approval| &approval.author)),
            changes::approver.eq(ctx
                .approval
                .as_ref()
                .and_then(|approval| approval.person.as_ref())),
            changes::suggestion.eq(&ctx.suggestion),
            changes::audience.eq(audience),
            changes::whole.eq(whole),
        ))
        .prepared()
        .execute(conn)?;
    Ok(seq)
}

/// The audience of what belongs to no office: registrars and administrators.
pub const REGISTRY: &str = "registry";

/// Whether this is a document of a record that was withdrawn: it is its office's until that is restored.
fn is_paper_of_withdrawn(conn: &mut DbConn, change: &Change<'_>) -> QueryResult<bool> {
    if change.entity != Entity::Document || change.after.is_null() {
        return Ok(false);
    }
    let Some(record) = records::of_document(conn, change.id)? else {
        return Ok(false);
    };
    let head = records::find(conn, &record)?;
    Ok(head.is_some_and(|head| head.state == RecordState::Withdrawn))
}

/// Takes what was told of a document or a contact that was public from everyone but its office.
///
/// `None` stands for the registry. Whoever follows the feed is told that it is shown no longer, and what is
/// kept of public lists is good no longer.
pub fn hide_from_public(
    conn: &mut DbConn,
    ctx: &Ctx,
    entity: Entity,
    (record, version): (&PublicId, i32),
    office: Option<&PublicId>,
) -> QueryResult<()> {
    let audience = office.map_or(REGISTRY, PublicId::as_str);
    let told = diesel::update(
        changes::table
            .filter(changes::record.eq(record))
            .filter(changes::audience.is_null()),
    )
    .set(changes::audience.eq(Some(audience)))
    .execute(conn)?;
    if told == 0 {
        return Ok(());
    }
    let known = history::logged(conn, record)?;
    let before = known.as_ref().map(|known| &known.value);
    let end = Change {
        op: ChangeOp::Refreshed,
        ..Change::of(entity, (record, version), before, &Value::Null)
    };
    append(conn, ctx, &end, known.as_ref()).map(|_| ())
}

/// The office that sees what of a draft is logged beside it, such as its citations: the draft's own,
/// whoever writes.
fn owner(conn: &mut DbConn, ctx: &Ctx, change: &Change<'_>) -> QueryResult<Option<PublicId>> {
    let of = change.after.get("record_id").and_then(Value::as_str);
    if ctx.state == RecordState::Draft
        && let Some(id) = of.and_then(|id| id.parse::<PublicId>().ok())
        && let Some(head) = records::find(conn, &id)?
    {
        return Ok(head.created_by.organisation().cloned());
    }
    Ok(ctx.author.organisation().cloned())
}

/// Who may read a change: everyone, unless it is about a draft, about a document or a contact that
/// is not public, or about how the registry is run.
fn audience(
    ctx: &Ctx,
    change: &Change<'_>,
    stays_hidden: bool,
    owner: Option<PublicId>,
) -> Option<String> {
    let office = |office: Option<&str>| Some(office.unwrap_or(REGISTRY).to_owned());
    let shown = |pointer: &str| change.after.pointer(pointer).and_then(Value::as_str);
    if matches!(
        change.entity,
        Entity::Organisation | Entity::User | Entity::Key | Entity::Webhook
    ) {
        return office(None);
    }
    let closed = !records::is_open(change.after) && !change.after.is_null();
    // What of a contact not everyone may see is for the partner's own office.
    if change.entity == Entity::Contact && closed {
        return office(shown("/partner_id"));
    }
    // A contact is as public as its partner.
    let state = state_of(change.after);
    let own = change.entity != Entity::Contact && state.is_some();
    let closed = change.entity == Entity::Document && closed;
    if stays_hidden || closed || state == Some(RecordState::Draft) {
        return office(shown("/created_by/organisation"));
    }
    // Parts of a record, such as its citations, are seen by whoever sees the record.
    if (!own && ctx.state == RecordState::Draft) || change.entity == Entity::Suggestion {
        return office(owner.as_ref().map(PublicId::as_str));
    }
    None
}
