//! Recording, changing and withdrawing sources.

use diesel::prelude::*;
use serde_json::Value;

use super::record::{self, Source};
use super::store::{self, SourceRow};
use super::types::{NewSource, SourceIn};
use crate::changes::Ctx;
use crate::core::issue::Issues;
use crate::core::vocabulary::record::ChangeOp;
use crate::db::DbConn;
use crate::db::schema::{citations, lifecycle_events, partner_relations};
use crate::evidence::dependents;
use crate::http::code::Code;
use crate::http::patch;
use crate::http::problem::Problem;
use crate::records::{self, Creatable, Editable, Record, Wanted};

/// The source, every rule checked.
fn checked(input: SourceIn) -> Result<NewSource, Problem> {
    let mut issues = Issues::default();
    let new = input.check("", &mut issues);
    issues.finish(new)
}

impl Creatable for Source {
    type In = SourceIn;
    const WANTED: Wanted<SourceIn> = |input| input.record_state.as_ref();

    fn create(
        conn: &mut DbConn,
        ctx: &Ctx,
        input: SourceIn,
    ) -> Result<(SourceRow, Value), Problem> {
        let row = record::create(conn, ctx, &checked(input)?)?;
        let value = Source::logged(conn, &row)?;
        Ok((row, value))
    }
}

impl Editable for Source {
    fn change(
        conn: &mut DbConn,
        ctx: &Ctx,
        row: &SourceRow,
        patch: &Value,
    ) -> Result<SourceRow, Problem> {
        let before = Source::logged(conn, row)?;
        let new = checked(patch::patched(before.clone(), patch)?)?;
        let after = store::update(conn, ctx, row, &new)?.ok_or_else(Problem::overtaken)?;
        dependents::mark_citing_changed(conn, after.id)?;
        records::log::<Source>(conn, ctx, ChangeOp::Updated, Some(&before), &after, None)?;
        Ok(after)
    }

    fn before_withdraw(conn: &mut DbConn, _: &Ctx, row: &SourceRow) -> Result<(), Problem> {
        macro_rules! resting {
            ($table:ident) => {
                $table::table
                    .filter($table::source_id.eq(row.id))
                    .count()
                    .get_result::<i64>(conn)?
            };
        }
        let cited = resting!(citations) + resting!(lifecycle_events) + resting!(partner_relations);
        if cited > 0 {
            return Err(Problem::new(Code::InUse)
                .detail(format!("{cited} citations rest on this source"))
                .member("citations", cited));
        }
        Ok(())
    }
}
