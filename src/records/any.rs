//! Kinds of records for callers who know the kind only when they run.

use std::marker::PhantomData;

use serde_json::Value;

use super::{Editable, apply};
use crate::changes::Ctx;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::record::KeyScope;
use crate::db::DbConn;
use crate::http::problem::Problem;
use crate::http::write::Written;

/// An [`Editable`] kind as a value.
pub trait AnyRecord: Sync {
    /// What its ids begin with.
    fn kind(&self) -> Kind;
    /// What a limited key needs to write it.
    fn scope(&self) -> KeyScope;
    /// Applies a merge patch.
    fn update(
        &self,
        conn: &mut DbConn,
        ctx: &Ctx,
        id: &PublicId,
        patch: &Value,
    ) -> Result<Written, Problem>;
    /// Takes it out of the registry; its id stays and answers 410.
    fn withdraw(
        &self,
        conn: &mut DbConn,
        ctx: &Ctx,
        id: &PublicId,
        reason: Option<&str>,
    ) -> Result<Written, Problem>;
    /// Undoes its withdrawal.
    fn restore(
        &self,
        conn: &mut DbConn,
        ctx: &Ctx,
        id: &PublicId,
        reason: Option<&str>,
    ) -> Result<Written, Problem>;
}

/// The kind `R`.
#[derive(Debug)]
pub struct Of<R>(PhantomData<fn() -> R>);

impl<R: Editable> Of<R> {
    /// The one value.
    pub const NEW: Self = Self(PhantomData);
}

impl<R: Editable> AnyRecord for Of<R> {
    fn kind(&self) -> Kind {
        R::KIND
    }

    fn scope(&self) -> KeyScope {
        R::SCOPE
    }

    fn update(
        &self,
        conn: &mut DbConn,
        ctx: &Ctx,
        id: &PublicId,
        patch: &Value,
    ) -> Result<Written, Problem> {
        apply::update::<R>(conn, ctx, id, patch)
    }

    fn withdraw(
        &self,
        conn: &mut DbConn,
        ctx: &Ctx,
        id: &PublicId,
        reason: Option<&str>,
    ) -> Result<Written, Problem> {
        apply::withdraw::<R>(conn, ctx, id, reason)
    }

    fn restore(
        &self,
        conn: &mut DbConn,
        ctx: &Ctx,
        id: &PublicId,
        reason: Option<&str>,
    ) -> Result<Written, Problem> {
        apply::restore::<R>(conn, ctx, id, reason)
    }
}
