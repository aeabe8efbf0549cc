//! Recording, changing and withdrawing memberships.

use actix_web::{HttpResponse, post};

use super::change::change;
pub use super::create::create;
use super::events;
use super::fold::{self, Step};
use super::record::Membership;
use super::span;
use super::store::{self, Content, MembershipRow};
use super::types::{MembershipIn, MembershipView};
use crate::access::Write;
use crate::changes::Ctx;
use crate::changes::records as heads;
use serde_json::Value;

use crate::core::edtf::Edtf;
use crate::core::ids::Kind;
use crate::core::issue::{Checked, Issues};
use crate::core::vocabulary::lifecycle::MembershipAction as Do;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::http::code::Code;
use crate::http::extract::body::OneOrManySchema;
use crate::http::extract::{DryRun, JsonBody, Query};
use crate::http::problem::{Problem, validated};
use crate::partners::reference as partners;
use crate::records::{self, Creatable, Editable, Named, Record};

/// Record a membership
///
/// Or an array of up to 500: all or nothing. Its status follows from `admitted_on` or `applied_on`,
/// else from `initial_status`; a whole past can come as `events`.
#[utoipa::path(tag = "networks", params(DryRun), request_body = OneOrManySchema<MembershipIn>,
    responses((status = 201, description = "The membership as recorded", body = MembershipView)))]
#[post("/api/v1/memberships")]
pub async fn create_membership(
    write: Write,
    _: Query<DryRun>,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    records::create::<Membership>(write, body).await
}

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

impl Creatable for Membership {
    type In = MembershipIn;
    const BETWEEN: Option<Named<MembershipIn>> =
        Some(|conn, input| partners::keys_of(conn, input.partner_id.as_deref()));

    fn wanted(input: &MembershipIn) -> Option<&Checked<RecordState>> {
        input.record_state.as_ref()
    }

    fn create(
        conn: &mut DbConn,
        ctx: &Ctx,
        input: MembershipIn,
    ) -> Result<(MembershipRow, Value), Problem> {
        let row = create(conn, ctx, input)?;
        let value = Membership::item(conn, ctx, &row)?;
        Ok((row, value))
    }
}

impl Editable for Membership {
    fn change(
        conn: &mut DbConn,
        ctx: &Ctx,
        row: &MembershipRow,
        patch: &Value,
    ) -> Result<MembershipRow, Problem> {
        change(conn, ctx, row, patch)
    }

    fn after_withdraw(conn: &mut DbConn, _: &Ctx, row: &MembershipRow) -> Result<(), Problem> {
        Ok(store::release(conn, row)?)
    }

    fn before_restore(conn: &mut DbConn, ctx: &Ctx, row: &MembershipRow) -> Result<(), Problem> {
        let mut issues = Issues::default();
        heads::still_there(
            conn,
            "/partner_id",
            (Kind::Partner, row.partner_id),
            &mut issues,
        )?;
        heads::still_there(
            conn,
            "/network_id",
            (Kind::Network, row.network_id),
            &mut issues,
        )?;
        if let Some(via) = row.via_partner_id {
            heads::still_there(conn, "/via_partner_id", (Kind::Partner, via), &mut issues)?;
        }
        validated(issues)?;
        if ctx.state == RecordState::Published {
            let those = (Some(row.id), row.partner_id, row.network_id);
            fold::guard(conn, ctx, those, &Content::of(row))?;
            span::alone(conn, row)?;
        }
        Ok(())
    }

    fn after_restore(conn: &mut DbConn, _: &Ctx, row: &MembershipRow) -> Result<(), Problem> {
        let restored =
            store::find(conn, &row.public_id)?.ok_or_else(|| Problem::not_found(Self::NAME))?;
        store::settle(conn, &restored, &Content::of(&restored))?;
        Ok(())
    }
}
