//! Rows of relations.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::core::author::Author;
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::vocabulary::partner::RelationType;
use crate::db::keyset::time;
use crate::db::schema::partner_relations;
use crate::db::{DbConn, chain, columns_of};
use crate::find_row;
use crate::http::listing::Listed;

/// A relation as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = partner_relations)]
pub struct RelationRow {
    pub(crate) id: i64,
    pub(crate) public_id: PublicId,
    pub(crate) from_id: i64,
    pub(crate) to_id: i64,
    pub(crate) type_: RelationType,
    pub(crate) since: Option<Edtf>,
    pub(crate) until: Option<Edtf>,
    pub(crate) source_id: Option<i64>,
    pub(crate) note: Option<String>,
    pub(crate) created_at: NaiveDateTime,
    pub(crate) created_by: Author,
}

impl Listed for RelationRow {
    fn id(&self) -> i64 {
        self.id
    }

    fn public_id(&self) -> &PublicId {
        &self.public_id
    }

    fn sort_value(&self, _: &str, _: bool) -> String {
        time(self.created_at)
    }
}

/// The relation of this id.
pub(super) fn find(conn: &mut DbConn, id: &PublicId) -> QueryResult<Option<RelationRow>> {
    find_row!(partner_relations, conn, partner_relations::public_id.eq(id) => columns_of::<RelationRow>())
}

/// The relation of these two (internal keys) of this type.
pub(in crate::partners) fn recorded(
    conn: &mut DbConn,
    from: i64,
    to: i64,
    kind: RelationType,
) -> QueryResult<Option<PublicId>> {
    let both = partner_relations::from_id
        .eq(from)
        .and(partner_relations::to_id.eq(to));
    let this = both.and(partner_relations::type_.eq(kind));
    find_row!(partner_relations, conn, this => partner_relations::public_id)
}

/// Whether following the successors from `from` leads to `to` (I3).
pub(in crate::partners) fn leads_to(conn: &mut DbConn, from: i64, to: i64) -> QueryResult<bool> {
    chain::leads_to(conn, from, to, |conn, keys| {
        partner_relations::table
            .filter(partner_relations::from_id.eq_any(keys))
            .filter(partner_relations::type_.eq(RelationType::Successor))
            .select(partner_relations::to_id)
            .load(conn)
    })
}
