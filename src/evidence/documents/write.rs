//! Changing and withdrawing documents.

use serde_json::Value;

use super::owner;
use super::record::{self, Document};
use super::rules;
use super::store::{self, DocumentRow};
use super::types::DocumentFieldsIn;
use super::view;
use super::visibility::DocumentVisibility;
use crate::changes::{Ctx, records as heads};
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::http::code::Code;
use crate::http::problem::{Problem, validated};
use crate::http::{patch, respond};
use crate::records::Editable;

/// 422 for publishing a document of a draft.
fn goes_with_its_record(conn: &mut DbConn, id: &PublicId) -> Result<(), Problem> {
    if !owner::belongs_to_draft(conn, id)? {
        return Ok(());
    }
    Err(Problem::new(Code::GuardFailed)
        .detail("the document belongs to a draft")
        .field(
            "/record_state",
            "belongs_to_draft",
            "it is published with the record it belongs to",
        ))
}

/// 422 when another document takes the place of the one this replaces.
fn replaces_alone(conn: &mut DbConn, row: &DocumentRow) -> Result<(), Problem> {
    let Some(old) = row.replaces_id else {
        return Ok(());
    };
    if !store::is_replaced(conn, old, Some(row.id))? {
        return Ok(());
    }
    Err(Problem::new(Code::GuardFailed)
        .detail("another document takes the place of the same one")
        .field(
            "/record_state",
            "already_replaced",
            "the document it replaces has another newer version, or a draft of one: withdraw that",
        ))
}

impl Editable for Document {
    fn change(
        conn: &mut DbConn,
        ctx: &Ctx,
        row: &DocumentRow,
        patch: &Value,
    ) -> Result<DocumentRow, Problem> {
        let visibility = DocumentVisibility::of(conn, &ctx.viewer)?;
        let current = respond::to_value(&view::one(conn, row, &visibility)?)?;
        let input: DocumentFieldsIn = patch::patched(current, patch)?;
        let mut issues = Issues::default();
        let fields = rules::changed(input, row, &mut issues);
        validated(issues)?;
        let published = ctx.state == RecordState::Published;
        if published {
            goes_with_its_record(conn, &row.public_id)?;
        }
        // Two drafts of older releases may be there.
        if published && row.record_state == RecordState::Draft {
            replaces_alone(conn, row)?;
        }
        record::update(conn, ctx, row, &fields)?.ok_or_else(Problem::overtaken)
    }

    fn after_withdraw(conn: &mut DbConn, _: &Ctx, row: &DocumentRow) -> Result<(), Problem> {
        let after = store::find(conn, &row.public_id)?.ok_or(diesel::NotFound)?;
        Ok(record::follow(conn, Some(row), &after)?)
    }

    fn before_restore(conn: &mut DbConn, ctx: &Ctx, row: &DocumentRow) -> Result<(), Problem> {
        let id = &row.public_id;
        if let Some(record) = heads::of_document(conn, id)?
            && let Some(head) = heads::find(conn, &record)?
            && matches!(head.state, RecordState::Withdrawn | RecordState::Merged)
        {
            let at = match record.kind() {
                Kind::Agreement => "/agreement_id",
                Kind::Membership => "/membership_id",
                _ => "/activity_id",
            };
            return Err(Problem::new(Code::GuardFailed)
                .detail(format!(
                    "the document belongs to {record}, which was withdrawn"
                ))
                .field(at, "record_withdrawn", "restore the record first"));
        }
        if ctx.state == RecordState::Published {
            goes_with_its_record(conn, id)?;
        }
        replaces_alone(conn, row)
    }

    fn after_restore(conn: &mut DbConn, _: &Ctx, row: &DocumentRow) -> Result<(), Problem> {
        Ok(record::follow(conn, None, row)?)
    }
}
