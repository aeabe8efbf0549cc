//! Who stands today in the place of a party that is dissolved: the ends of its lines of successors. A
//! split has several.

use std::collections::HashMap;

use diesel::QueryResult;
use diesel::sql_types::BigInt;

use crate::core::language::LanguageTag;
use crate::db::DbConn;
use crate::db::condition::{Condition, grouped, ids_sql, published, rows};
use crate::partners::PartnerRef;
use crate::partners::reference;

/// The last successors of those of these partners (internal keys) that are dissolved: one query, and
/// those for their names when there are any.
pub fn today(
    conn: &mut DbConn,
    partners: impl Iterator<Item = i64>,
    lang: Option<&LanguageTag>,
) -> QueryResult<HashMap<i64, Vec<PartnerRef>>> {
    let partners = ids_sql(partners);
    let published = published("q");
    let statement = Condition::new(format!(
        "WITH RECURSIVE line(origin, reached) AS (\
         SELECT p.id, r.to_id FROM partners p CROSS JOIN partner_relations r \
         WHERE r.from_id = p.id AND r.type = 'successor' \
         AND p.existence = 'dissolved' AND p.id IN {partners} \
         UNION SELECT l.origin, r.to_id FROM line l CROSS JOIN partner_relations r \
         WHERE r.from_id = l.reached AND r.type = 'successor') \
         SELECT l.origin AS origin, l.reached AS last FROM line l CROSS JOIN partners q \
         WHERE q.id = l.reached AND {published} AND NOT EXISTS (SELECT 1 FROM partner_relations r \
         WHERE r.from_id = l.reached AND r.type = 'successor') ORDER BY l.origin, l.reached"
    ));
    let ends = rows::<(BigInt, BigInt), (i64, i64)>(conn, statement)?;
    if ends.is_empty() {
        return Ok(HashMap::new());
    }
    let shown = reference::by_keys(conn, ends.iter().map(|(_, last)| *last), lang)?;
    let ends = ends.into_iter();
    let ends = ends.filter_map(|(origin, last)| Some((origin, shown.get(&last)?.clone())));
    Ok(grouped(ends))
}
