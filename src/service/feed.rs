//! The kinds of records that the feed keeps in step with what lists show.

use chrono::{DateTime, Utc};

use crate::changes::Ctx;
use crate::changes::refresh::{self, Kindred};
use crate::core::vocabulary::record::{Entity, Role};
use crate::db::{self, Db};
use crate::evidence::{citations, documents, sources};
use crate::networks::memberships;
use crate::partners::contacts;
use crate::partners::relations;
use crate::{activities, agreements, networks, partners};

/// Every kind, in the order in which their entries are written.
const KINDS: &[Kindred] = &[
    kindred(Entity::Partner, partners::store::listed),
    kindred(Entity::Relation, relations::listed),
    kindred(Entity::Contact, contacts::store::listed),
    kindred(Entity::Network, networks::store::listed),
    kindred(Entity::Agreement, agreements::view::listed),
    kindred(Entity::Membership, memberships::view::listed),
    kindred(Entity::Activity, activities::store::listed),
    kindred(Entity::Source, sources::record::listed),
    kindred(Entity::Document, documents::record::listed),
    kindred(Entity::Citation, citations::store::listed),
];

const fn kindred(entity: Entity, show: refresh::Show) -> Kindred {
    Kindred { entity, show }
}

/// From now on every write of this process tells the feed what it changed beside its own records.
pub fn install() {
    refresh::install(KINDS);
}

/// Brings the log of a database of an older release into step with what its records show, so that
/// whoever follows the feed can go on. Done once.
pub fn catch_up(db: &Db, now: DateTime<Utc>) -> Result<(), db::Error> {
    let ctx = Ctx::system(Role::Registrar, now);
    refresh::reconcile(db, &ctx, |compared| {
        tracing::info!(compared, "comparing the change log with what records show");
    })
}
