//! Recording, changing and withdrawing sources.

use actix_web::{HttpResponse, post};
use diesel::prelude::*;
use serde_json::Value;

use super::store::{self, SourceRow};
use super::types::{NewSource, SourceIn, SourceView};
use crate::access::Write;
use crate::changes::Ctx;
use crate::core::ids::Kind;
use crate::core::issue::{Checked, Issues};
use crate::core::vocabulary::record::{ChangeOp, KeyScope, RecordState};
use crate::db::DbConn;
use crate::db::schema::{citations, lifecycle_events, partner_relations};
use crate::http::code::Code;
use crate::http::extract::body::OneOrManySchema;
use crate::http::extract::{DryRun, JsonBody, Query};
use crate::http::patch;
use crate::http::problem::{Problem, validated};
use crate::records::{self, Creatable, Record};

/// Record a source
///
/// Or an array of up to 500: all or nothing.
#[utoipa::path(tag = "sources", params(DryRun), request_body = OneOrManySchema<SourceIn>,
    responses((status = 201, description = "The source as recorded", body = SourceView)))]
#[post("/api/v1/sources")]
pub async fn create_source(
    write: Write,
    _: Query<DryRun>,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    records::create::<Source>(write, body).await
}

/// The source, every rule checked.
fn checked(input: SourceIn) -> Result<NewSource, Problem> {
    let mut issues = Issues::default();
    let new = input.check("", &mut issues);
    validated(issues)?;
    new.ok_or_else(|| Problem::new(Code::Internal))
}

/// Where a fact is said.
#[derive(Debug)]
pub struct Source;

impl Creatable for Source {
    type In = SourceIn;

    fn wanted(input: &SourceIn) -> Option<&Checked<RecordState>> {
        input.record_state.as_ref()
    }

    fn create(
        conn: &mut DbConn,
        ctx: &Ctx,
        input: SourceIn,
    ) -> Result<(SourceRow, Value), Problem> {
        let row = store::insert(conn, ctx, &checked(input)?)?;
        let value = row.value()?;
        Ok((row, value))
    }
}

impl Record for Source {
    const KIND: Kind = Kind::Source;
    const NAME: &'static str = "source";
    const COLLECTION: &'static str = "sources";
    const SCOPE: KeyScope = KeyScope::SourcesWrite;
    type Row = SourceRow;

    fn logged(_: &mut DbConn, row: &SourceRow) -> Result<Value, Problem> {
        Ok(row.value()?)
    }

    fn item(_: &mut DbConn, _: &Ctx, row: &SourceRow) -> Result<Value, Problem> {
        Ok(row.value()?)
    }

    fn log(
        conn: &mut DbConn,
        ctx: &Ctx,
        op: ChangeOp,
        before: Option<&Value>,
        row: &SourceRow,
        reason: Option<&str>,
    ) -> Result<(), Problem> {
        Ok(store::log(conn, ctx, op, before, row, reason).map(|_| ())?)
    }

    fn change(
        conn: &mut DbConn,
        ctx: &Ctx,
        row: &SourceRow,
        patch: &Value,
    ) -> Result<SourceRow, Problem> {
        let new = checked(patch::patched(row.value()?, patch)?)?;
        store::update(conn, ctx, row, &new)?.ok_or_else(Problem::overtaken)
    }

    fn before_withdraw(conn: &mut DbConn, _: &Ctx, row: &SourceRow) -> Result<(), Problem> {
        let cited: i64 = citations::table
            .filter(citations::source_id.eq(row.id))
            .count()
            .get_result(conn)?;
        let elsewhere: i64 = lifecycle_events::table
            .filter(lifecycle_events::source_id.eq(row.id))
            .count()
            .get_result::<i64>(conn)?
            + partner_relations::table
                .filter(partner_relations::source_id.eq(row.id))
                .count()
                .get_result::<i64>(conn)?;
        let cited = cited + elsewhere;
        if cited > 0 {
            return Err(Problem::new(Code::InUse)
                .detail(format!("{cited} citations rest on this source"))
                .member("citations", cited));
        }
        Ok(())
    }
}
