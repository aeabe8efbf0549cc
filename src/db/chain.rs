//! Records that lead to others of their kind, such as a network to the one that took its place.

use diesel::QueryResult;

use super::DbConn;

/// Whether following `next` from one row leads to another one; all by internal key.
pub fn leads_to(
    conn: &mut DbConn,
    from: i64,
    to: i64,
    next: impl Fn(&mut DbConn, &[i64]) -> QueryResult<Vec<i64>>,
) -> QueryResult<bool> {
    let (mut seen, mut open) = (vec![from], vec![from]);
    while !open.is_empty() && !seen.contains(&to) {
        let mut found = next(conn, &open)?;
        found.retain(|key| !seen.contains(key));
        seen.extend(&found);
        open = found;
    }
    Ok(seen.contains(&to))
}
