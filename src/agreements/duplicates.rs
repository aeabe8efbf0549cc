//! The guard against recording one agreement twice (I7).

use diesel::prelude::*;

use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::vocabulary::agreement::InstrumentType;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::prepared::Prepare as _;
use crate::db::schema::agreements;
use crate::http::code::Code;
use crate::http::problem::Problem;

/// The set of parties as one text, the same for the same set.
pub fn party_key(mut partners: Vec<i64>) -> String {
    partners.sort_unstable();
    let keys: Vec<String> = partners.iter().map(ToString::to_string).collect();
    keys.join(",")
}

/// Whether two signatures may be the same one; an unknown one may be any.
pub fn may_be_same(a: Option<&Edtf>, b: Option<&Edtf>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.overlaps(b),
        _ => true,
    }
}

/// Another published agreement of the same parties and instrument whose signature may be the same.
pub fn find(
    conn: &mut DbConn,
    own: Option<i64>,
    party_key: &str,
    instrument: InstrumentType,
    signed_on: Option<&Edtf>,
) -> QueryResult<Option<PublicId>> {
    use agreements as a;
    type Other = (i64, PublicId, Option<Edtf>, RecordState);
    let others: Vec<Other> = a::table
        .filter(a::party_key.eq(party_key))
        .filter(a::instrument.eq(instrument))
        .order(a::id)
        .select((a::id, a::public_id, a::signed_on, a::record_state))
        .prepared()
        .load(conn)?;
    Ok(others
        .into_iter()
        .find(|(key, _, theirs, state)| {
            *state == RecordState::Published
                && Some(*key) != own
                && may_be_same(signed_on, theirs.as_ref())
        })
        .map(|(_, id, ..)| id))
}

/// 409 for an agreement that is there already.
pub fn problem(of: &PublicId) -> Problem {
    Problem::new(Code::DuplicateAgreement)
        .detail(format!(
            "{of} has the same parties and instrument and may have been signed on the same day; \
             if it is another agreement, say why in allow_duplicate"
        ))
        .member("duplicate_of", of.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_parties_makes_no_difference() {
        assert_eq!(party_key(vec![20, 3]), party_key(vec![3, 20]));
        assert_ne!(party_key(vec![2, 3]), party_key(vec![23]));
    }

    #[test]
    fn a_missing_signature_may_be_any() {
        let day = |text: &str| text.parse::<Edtf>().unwrap();
        assert!(may_be_same(None, Some(&day("1992"))));
        assert!(may_be_same(Some(&day("1992")), Some(&day("1992-06-25"))));
        assert!(!may_be_same(Some(&day("1992")), Some(&day("1993"))));
    }
}
