//! The kinds of records that the feed keeps in step with what lists show.

use chrono::{DateTime, Utc};

use crate::activities::record::Activity;
use crate::agreements::record::Agreement;
use crate::changes::Ctx;
use crate::changes::refresh::{self, Kindred};
use crate::core::vocabulary::record::{Entity, Role};
use crate::db::{self, Db};
use crate::evidence::sources::record::Source;
use crate::evidence::{citations, documents};
use crate::networks::memberships::record::Membership;
use crate::networks::record::Network;
use crate::partners::record::Partner;
use crate::partners::{contacts, relations};
use crate::records;

/// Every kind, in the order in which their entries are written.
const KINDS: &[Kindred] = &[
    kindred(Entity::Partner, records::listed::<Partner>),
    kindred(Entity::Relation, relations::listed),
    kindred(Entity::Contact, contacts::store::listed),
    kindred(Entity::Network, records::listed::<Network>),
    kindred(Entity::Agreement, records::listed::<Agreement>),
    kindred(Entity::Membership, records::listed::<Membership>),
    kindred(Entity::Activity, records::listed::<Activity>),
    kindred(Entity::Source, records::listed::<Source>),
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
