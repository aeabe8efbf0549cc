//! Recording, changing and withdrawing sources.

use actix_web::{HttpResponse, post, web};
use diesel::prelude::*;
use serde_json::Value;

use super::store::{self, SourceRow};
use super::types::{NewSource, SourceIn, SourceView};
use crate::access::{self, Actor, Editing};
use crate::app::App;
use crate::changes::Ctx;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::record::{ChangeOp, KeyScope};
use crate::db::DbConn;
use crate::db::schema::{citations, lifecycle_events, partner_relations};
use crate::http::code::Code;
use crate::http::extract::body::OneOrManySchema;
use crate::http::extract::{DryRun, JsonBody, Query, Viewer, WriteRequest};
use crate::http::patch;
use crate::http::problem::{Problem, validated};
use crate::http::write::{self, Written};
use crate::records::{Record, Standing};

/// Record a source
///
/// Or an array of up to 500: all or nothing.
#[utoipa::path(tag = "sources", params(DryRun), request_body = OneOrManySchema<SourceIn>,
    responses((status = 201, description = "The source as recorded", body = SourceView)))]
#[post("/api/v1/sources")]
pub async fn create_source(
    actor: Actor,
    app: web::Data<App>,
    request: WriteRequest,
    dry_run: Query<DryRun>,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let mut ctx = actor.ctx(&app, &request);
    let hash = body.hash();
    write::execute(
        &app,
        &request,
        &actor.clone(),
        hash,
        dry_run.is_set(),
        move |conn| {
            access::may_create(conn, &actor, &mut ctx, Editing::Open)?;
            write::each(body.one_or_many::<SourceIn>()?, |input| {
                let ctx = ctx.making(input.record_state.as_ref());
                let mut issues = Issues::default();
                let new = input.check("", &mut issues);
                validated(issues)?;
                let new = new.ok_or_else(|| Problem::new(Code::Internal))?;
                created(&store::insert(conn, &ctx, &new)?)
            })
        },
    )
    .await
}

fn etag(row: &SourceRow) -> String {
    format!("\"{}\"", row.version)
}

fn created(row: &SourceRow) -> Result<Written, Problem> {
    Ok(Written::created(
        row.value()?,
        etag(row),
        format!("/api/v1/sources/{}", row.public_id),
    ))
}

/// The source with the patch applied, every rule checked.
fn patched(before: &SourceRow, patch: &Value) -> Result<NewSource, Problem> {
    let input: SourceIn = patch::patched(before.value()?, patch)?;
    let mut issues = Issues::default();
    let new = input.check("", &mut issues);
    validated(issues)?;
    new.ok_or_else(|| Problem::new(Code::Internal))
}

/// Where a fact is said.
#[derive(Debug)]
pub struct Source;

impl Record for Source {
    const KIND: Kind = Kind::Source;
    const NAME: &'static str = "source";
    const SCOPE: KeyScope = KeyScope::SourcesWrite;
    type Row = SourceRow;

    fn find(conn: &mut DbConn, id: &PublicId) -> Result<Option<SourceRow>, Problem> {
        Ok(store::find(conn, id)?)
    }

    fn must_see(conn: &mut DbConn, viewer: &Viewer, row: &SourceRow) -> Result<(), Problem> {
        crate::must_see!(conn, viewer, row)
    }

    fn standing(row: &SourceRow) -> Standing {
        Standing {
            version: row.version,
            state: row.record_state,
            etag: etag(row),
        }
    }

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
        let new = patched(row, patch)?;
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
