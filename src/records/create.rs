//! Recording a record of any kind, or an array of them: all or nothing.

use diesel::QueryResult;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Readable, Row};
use crate::access::review::{self, Proposal};
use crate::access::{self, Creating, JsonWrite, Writing};
use crate::changes::Ctx;
use crate::changes::records::Head;
use crate::core::ids::PublicId;
use crate::core::issue::Checked;
use crate::core::vocabulary::record::{Operation, RecordState};
use crate::db::DbConn;
use crate::http::extract::body::shaped;
use crate::http::extract::{JsonBody, OneOrMany};
use crate::http::listing::Listed;
use crate::http::problem::{HttpResult, Problem};
use crate::http::write::{self, Written};

/// The internal keys of the partners that a body names; what is wrong with them is told later.
pub type Named<I> = fn(&mut DbConn, &I) -> QueryResult<Vec<i64>>;

/// The state that a body asks for.
pub type Wanted<I> = fn(&I) -> Option<&Checked<RecordState>>;

/// A kind of record that is recorded by JSON.
pub trait Creatable: Readable {
    /// What is sent.
    type In: DeserializeOwned + 'static;

    /// What the document says of `POST /{collection}` below the summary, its lines kept.
    const ABOUT: &'static str = "Or an array of up to 500: all or nothing.";

    /// Between which partners it is: an editor records only what the own office, or what it hosts,
    /// takes part in. `None` where everyone who may write records one.
    const BETWEEN: Option<Named<Self::In>> = None;

    /// Whether a draft is asked for.
    const WANTED: Wanted<Self::In>;

    /// The published partner among whose records it would stand: its office has to agree. What is
    /// wrong with it is told later.
    fn holder(_: &mut DbConn, _: &Self::In) -> Result<Option<(PublicId, Head)>, Problem> {
        Ok(None)
    }

    /// Records one inside a write transaction, with its change: its row, and the record as its item
    /// shows it.
    fn create(conn: &mut DbConn, ctx: &Ctx, input: Self::In)
    -> Result<(Self::Row, Value), Problem>;
}

/// `POST /{collection}`.
pub async fn create<R: Creatable>(write: JsonWrite) -> HttpResult {
    create_as::<R>(write, Ok).await
}

/// [`create`] for an address that says something about what is sent.
pub async fn create_as<R: Creatable>(
    write: JsonWrite,
    complete: impl Fn(R::In) -> Result<R::In, Problem> + Send + 'static,
) -> HttpResult {
    write
        .run(move |conn, writing, body| {
            let input = allowed::<R>(conn, writing, body)?;
            if let OneOrMany::One((ctx, one)) = &input
                && let Some(waiting) = ask::<R>(conn, ctx.clone(), one, body)?
            {
                return Ok(waiting);
            }
            write::each(input, |(mut ctx, input)| {
                if let Some((_, holder)) = R::holder(conn, &input)? {
                    access::has_to_ask(conn, &mut ctx, holder.id)?;
                }
                record::<R>(conn, &ctx, complete(input)?)
            })
        })
        .await
}

/// What is sent, each with the role in which it is recorded: rights come before everything else.
fn allowed<R: Creatable>(
    conn: &mut DbConn,
    writing: &mut Writing,
    body: &JsonBody,
) -> Result<OneOrMany<(Ctx, R::In)>, Problem> {
    let ctx = &mut writing.ctx;
    if R::BETWEEN.is_none() {
        access::may_create(conn, ctx, Creating::Open)?;
    }
    body.one_or_many::<R::In>()?.try_map(|input| {
        if let Some(between) = R::BETWEEN {
            let between = if ctx.viewer.sees_everything() {
                Vec::new()
            } else {
                between(conn, &input)?
            };
            access::may_create(conn, ctx, Creating::WithParties(&between))?;
        }
        Ok((ctx.for_creation((R::WANTED)(&input)), input))
    })
}

/// Leaves the record to the office that has to agree, if there is one.
fn ask<R: Creatable>(
    conn: &mut DbConn,
    mut ctx: Ctx,
    input: &R::In,
    body: &JsonBody,
) -> Result<Option<Written>, Problem> {
    if ctx.state == RecordState::Published
        && let Some((target, holder)) = R::holder(conn, input)?
        && let Some(office) = access::has_to_ask(conn, &mut ctx, holder.id)?
    {
        let proposal = Proposal::new(
            Operation::Create,
            &target,
            holder.version,
            json!({ R::NAME: body.value()? }),
        );
        let waiting = review::ask(conn, &ctx, proposal, &office, |conn, ctx, payload| {
            agreed::<R>(conn, ctx, payload.get(R::NAME).unwrap_or(payload))
        })?;
        return Ok(Some(waiting));
    }
    Ok(None)
}

/// Records one as it was sent, inside a write transaction: what an office has agreed to.
pub fn agreed<R: Creatable>(
    conn: &mut DbConn,
    ctx: &Ctx,
    input: &Value,
) -> Result<Written, Problem> {
    record::<R>(conn, ctx, shaped(input.clone(), "")?)
}

fn record<R: Creatable>(conn: &mut DbConn, ctx: &Ctx, input: R::In) -> Result<Written, Problem> {
    let (row, value) = R::create(conn, ctx, input)?;
    let location = format!("/api/v1/{}/{}", R::COLLECTION, row.public_id());
    Ok(Written::created(value, row.etag(), location))
}
