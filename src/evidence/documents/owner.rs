//! What a document belongs to: an agreement, a membership or an activity, or an event of the first two.

use diesel::prelude::*;

use super::store::{self, DocumentRow, Target};
use super::types::DocumentIn;
use super::visibility::{self, DocumentVisibility};
use crate::access::{self, Creating};
use crate::changes::{Ctx, records};
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::schema::{agreements, lifecycle_events, memberships};
use crate::evidence::dependents;
use crate::http::problem::Problem;
use crate::http::validate;

/// Gives the record a new representation, and an agreement its flag of missing documents. Called
/// before the change of the document is logged.
pub fn refresh(conn: &mut DbConn, row: &DocumentRow, public: bool) -> QueryResult<()> {
    match records::of_document(conn, &row.public_id)? {
        Some(record) => dependents::refresh_documents(conn, &record, public),
        None => Ok(()),
    }
}

/// What a new document belongs to and which one it replaces.
#[derive(Debug, Clone, Default)]
pub struct Attached {
    /// What it belongs to.
    pub target: Target,
    /// The document of which it is a new version.
    pub replaces: Option<DocumentRow>,
    /// Whether the record is a draft: its papers are drafts too.
    pub to_draft: bool,
}

/// Finds what the body names, and what the writer may do with it.
///
/// 403 when the record or the document
/// belongs to others, and for anything that can't be named an issue at its field. The change is
/// signed with the role that allows it.
pub fn resolve(
    conn: &mut DbConn,
    ctx: &mut Ctx,
    input: &DocumentIn,
    issues: &mut Issues,
) -> Result<Attached, Problem> {
    access::may_create(conn, ctx, Creating::Open)?;
    let named = [
        ("/agreement_id", &input.agreement_id, Kind::Agreement),
        ("/event_id", &input.event_id, Kind::Event),
        ("/membership_id", &input.membership_id, Kind::Membership),
        ("/activity_id", &input.activity_id, Kind::Activity),
    ];
    let named: Vec<_> = named
        .into_iter()
        .filter_map(|(at, id, kind)| id.as_ref().map(|id| (at, id, kind)))
        .collect();
    let mut attached = Attached::default();
    for (at, id, kind) in &named {
        if let Some(id) = issues.check(at, PublicId::of_kind(id, *kind))
            && let Some((target, (record, state))) = target(conn, ctx, at, &id, issues)?
        {
            access::may_edit(conn, ctx, &record)?;
            attached.target = target;
            attached.to_draft = state == RecordState::Draft;
        }
    }
    for (at, ..) in named.iter().skip(1) {
        let rule = "a document belongs to one record at most: name one of agreement_id, event_id, \
             membership_id and activity_id";
        issues.add(*at, "either_or", rule);
    }
    let replaces = input.replaces.clone();
    let Some(id) = validate::id("/replaces", replaces, Kind::Document, issues) else {
        return Ok(attached);
    };
    let visibility = DocumentVisibility::of(conn, &ctx.viewer)?;
    let Some(old) = known(conn, &visibility, "/replaces", &id, issues)? else {
        return Ok(attached);
    };
    access::may_edit(conn, ctx, &id)?;
    if store::is_replaced(conn, old.id, None)? {
        let rule = format!("{id} has a newer version already, or a draft of one: name that one");
        issues.add("/replaces", "already_replaced", rule);
    }
    let stays = old.target;
    if attached.target != Target::default() && attached.target != stays {
        for (at, ..) in named {
            let rule = "a new version belongs to the same record as the old one";
            issues.add(at, "other_record", rule);
        }
    }
    attached.target = stays;
    attached.to_draft = belongs_to_draft(conn, &old.public_id)?;
    attached.replaces = Some(old);
    Ok(attached)
}

/// Whether the record this document belongs to is a draft.
pub fn belongs_to_draft(conn: &mut DbConn, document: &PublicId) -> QueryResult<bool> {
    let head = match records::of_document(conn, document)? {
        Some(record) => records::find(conn, &record)?,
        None => None,
    };
    Ok(head.is_some_and(|head| head.state == RecordState::Draft))
}

/// A published document that a body names and that may be seen; else an issue at its field.
fn known(
    conn: &mut DbConn,
    visibility: &DocumentVisibility,
    at: &str,
    id: &PublicId,
    issues: &mut Issues,
) -> QueryResult<Option<DocumentRow>> {
    let row = visibility::find(conn, visibility, id)?;
    let row = row.filter(|row| row.record_state == RecordState::Published);
    if row.is_none() {
        let rule = format!("there is no document {id}");
        issues.add(at, "unknown_reference", rule);
    }
    Ok(row)
}

/// A published document that an event names, and that whoever records the event may see; else an
/// issue at its field.
pub fn named(
    conn: &mut DbConn,
    ctx: &Ctx,
    at: &str,
    id: Option<&str>,
    issues: &mut Issues,
) -> QueryResult<Option<PublicId>> {
    let Some(id) = id.and_then(|id| issues.check(at, PublicId::of_kind(id, Kind::Document))) else {
        return Ok(None);
    };
    let visibility = DocumentVisibility::of(conn, &ctx.viewer)?;
    let row = known(conn, &visibility, at, &id, issues)?;
    Ok(row.map(|row| row.public_id))
}

/// What this id names and the record it stands for, with that record's state.
type Named = (Target, (PublicId, RecordState));

fn target(
    conn: &mut DbConn,
    ctx: &Ctx,
    at: &str,
    id: &PublicId,
    issues: &mut Issues,
) -> Result<Option<Named>, Problem> {
    let (record, event) = match id.kind() {
        Kind::Event => event(conn, id)?.unzip(),
        _ => (Some(id.clone()), None),
    };
    if let Some(record) = record
        && let Some(head) = records::find(conn, &record)?
        && head.must_be_seen(conn, &ctx.viewer, &record).is_ok()
    {
        let of = |kind| (record.kind() == kind).then_some(head.id);
        let target = Target {
            agreement: of(Kind::Agreement),
            membership: of(Kind::Membership),
            activity: of(Kind::Activity),
            event,
        };
        return Ok(Some((target, (record, head.state))));
    }
    let rule = format!("there is no record {id} that documents could belong to");
    issues.add(at, "unknown_reference", rule);
    Ok(None)
}

/// The record that this event belongs to, and its key.
fn event(conn: &mut DbConn, id: &PublicId) -> QueryResult<Option<(PublicId, i64)>> {
    use lifecycle_events as e;
    let found: Option<(i64, Option<PublicId>, Option<PublicId>)> = e::table
        .left_join(agreements::table)
        .left_join(memberships::table)
        .filter(e::public_id.eq(id))
        .select((
            e::id,
            agreements::public_id.nullable(),
            memberships::public_id.nullable(),
        ))
        .first(conn)
        .optional()?;
    Ok(found.and_then(|(key, agreement, membership)| Some((agreement.or(membership)?, key))))
}
