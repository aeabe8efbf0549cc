//! Kinds of records for callers who know the kind only when they run.

use serde_json::Value;

use super::{Editable, apply};
use crate::changes::Ctx;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::record::KeyScope;
use crate::db::DbConn;
use crate::http::problem::Problem;
use crate::http::write::Written;

/// What is done to a record for this reason, if one is given.
type Act = fn(&mut DbConn, &Ctx, &PublicId, Option<&str>) -> Result<Written, Problem>;

/// An [`Editable`] kind as a value.
#[derive(Debug)]
pub struct AnyRecord {
    /// What its ids begin with.
    pub kind: Kind,
    /// What a limited key needs to write it.
    pub scope: KeyScope,
    /// Applies a merge patch.
    pub update: fn(&mut DbConn, &Ctx, &PublicId, &Value) -> Result<Written, Problem>,
    /// Takes it out of the registry; its id stays and answers 410.
    pub withdraw: Act,
    /// Undoes its withdrawal.
    pub restore: Act,
}

impl AnyRecord {
    /// The kind `R`.
    pub const fn of<R: Editable>() -> Self {
        Self {
            kind: R::KIND,
            scope: R::SCOPE,
            update: apply::update::<R>,
            withdraw: apply::withdraw::<R>,
            restore: apply::restore::<R>,
        }
    }
}
