//! What a release computes anew from what is stored, once: the table `recomputations` says how far it
//! has come. Done at the first start after a migration, or by `twincity migrate up`.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::changes::Ctx;
use crate::core::vocabulary::record::Role;
use crate::db::Db;
use crate::db::schema::recomputations;
use crate::find_row;
use crate::http::problem::Problem;
use crate::jobs::batch::{Batch, Step};
use crate::{agreements, networks};

/// What there may be to do: the name in the table, and what does it.
const WORK: &[(&str, Step)] = &[
    ("agreements", agreements::recompute::batch),
    ("memberships", networks::memberships::recompute::batch),
];

/// Does what is left of it, each batch in a transaction of its own, and tells how far it has come. What
/// was broken off goes on where it was; what is done is not done again.
pub fn run<E>(
    db: &Db,
    now: DateTime<Utc>,
    mut tell: impl FnMut(&str) -> Result<(), E>,
) -> Result<(), E>
where
    E: From<Problem>,
{
    for (name, step) in WORK {
        let mut looked_at = 0;
        while let Some(batch) = one(db, now, name, *step)? {
            looked_at += batch.left + batch.done;
            if looked_at > 0 {
                tell(&format!("{looked_at} {name} computed anew"))?;
            }
        }
    }
    Ok(())
}

/// One batch of this work; none when nothing of it is left.
fn one(
    db: &Db,
    now: DateTime<Utc>,
    name: &'static str,
    step: Step,
) -> Result<Option<Batch>, Problem> {
    db.write_blocking(move |conn| {
        use recomputations as r;
        let ctx = Ctx::system(Role::Registrar, now);
        let next: Option<i64> = find_row!(r, conn, r::name.eq(name) => r::next_key)?;
        let Some(next) = next else {
            return Ok(None);
        };
        let batch = step(conn, &ctx, next)?;
        match batch.next {
            Some(key) => diesel::update(r::table.find(name))
                .set(r::next_key.eq(key))
                .execute(conn)?,
            None => diesel::delete(r::table.find(name)).execute(conn)?,
        };
        Ok(Some(batch))
    })
}
