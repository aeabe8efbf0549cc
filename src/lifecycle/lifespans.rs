//! Within whose life something happened: the lives of partners, and what agreements show of them.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::core::edtf::Edtf;
use crate::core::life::{Life, Odd};
use crate::core::vocabulary::lifecycle::ParticipationStatus;
use crate::core::vocabulary::record::QualityFlag;
use crate::db::schema::{agreement_parties, agreements, networks, partners};
use crate::db::{DbConn, json};

/// Lifespans by internal key: of those of whom a beginning or an end is known.
pub type Lifespans = HashMap<i64, Life>;

/// The lives of these partners.
pub fn of_partners(conn: &mut DbConn, partners: &[i64]) -> QueryResult<Lifespans> {
    let rows: Vec<(i64, Life)> = partners::table
        .filter(partners::id.eq_any(partners))
        .filter(
            partners::founded_on
                .is_not_null()
                .or(partners::dissolved_on.is_not_null()),
        )
        .select((partners::id, (partners::founded_on, partners::dissolved_on)))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The lives of these networks.
pub fn of_networks(
    conn: &mut DbConn,
    networks: impl IntoIterator<Item = i64>,
) -> QueryResult<Lifespans> {
    let rows: Vec<(i64, Life)> = networks::table
        .filter(networks::id.eq_any(networks))
        .select((networks::id, (networks::founded_on, networks::dissolved_on)))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The rule that `who` broke on this date, when its life had certainly ended before.
pub fn too_late(life: &Life, who: &str, date: &Edtf) -> Option<String> {
    let warning = life.warning(who, date).filter(|_| life.is_over_by(date));
    warning.map(|warning| warning.message)
}

/// The day on which a party bound itself: its own signature, else its accession, else the agreement's
/// signature. Who was only asked has not.
pub fn bound_on<'a>(
    participation: ParticipationStatus,
    own: Option<&'a Edtf>,
    joined: Option<&'a Edtf>,
    signed_on: Option<&'a Edtf>,
) -> Option<&'a Edtf> {
    if participation == ParticipationStatus::Invited {
        return None;
    }
    own.or(joined).or(signed_on)
}

/// The flags that follow from the lives of the parties, of which each is given with the day on which it
/// bound itself.
pub fn flags<'a>(
    lives: &Lifespans,
    bound: impl IntoIterator<Item = (i64, Option<&'a Edtf>)>,
) -> Vec<QualityFlag> {
    let (mut before, mut after) = (false, false);
    for (partner, date) in bound {
        let odd = lives
            .get(&partner)
            .zip(date)
            .and_then(|(life, date)| life.odd(date));
        before |= odd == Some(Odd::Before);
        after |= odd == Some(Odd::After);
    }
    let before = before.then_some(QualityFlag::BeforeFounding);
    let after = after.then_some(QualityFlag::AfterDissolution);
    before.into_iter().chain(after).collect()
}

/// Brings those flags of these agreements into step with the dates of their parties.
pub(super) fn refresh(conn: &mut DbConn, keys: &[i64]) -> QueryResult<()> {
    use agreement_parties as p;
    use agreements as a;
    if keys.is_empty() {
        return Ok(());
    }
    type Row = (i64, i64, ParticipationStatus, Option<Edtf>, Option<Edtf>);
    let parties: Vec<Row> = p::table
        .filter(p::agreement_id.eq_any(keys))
        .select((
            p::agreement_id,
            p::partner_id,
            p::participation,
            p::signed_on,
            p::acceded_on,
        ))
        .load(conn)?;
    let partners: Vec<i64> = parties.iter().map(|party| party.1).collect();
    let lives = of_partners(conn, &partners)?;
    let papers: Vec<(i64, Option<Edtf>, String)> = a::table
        .filter(a::id.eq_any(keys))
        .select((a::id, a::signed_on, a::quality_flags))
        .load(conn)?;
    for (key, signed_on, stored) in papers {
        let own = parties.iter().filter(|party| party.0 == key);
        let bound = own.map(|(_, partner, participation, own, joined)| {
            let (own, joined) = (own.as_ref(), joined.as_ref());
            (
                *partner,
                bound_on(*participation, own, joined, signed_on.as_ref()),
            )
        });
        let mut now: Vec<QualityFlag> = json::value(&stored)?;
        let before = now.clone();
        let of_lives = [QualityFlag::BeforeFounding, QualityFlag::AfterDissolution];
        now.retain(|flag| !of_lives.contains(flag));
        now.extend(flags(&lives, bound));
        now.sort_unstable();
        if now != before {
            diesel::update(a::table.find(key))
                .set(a::quality_flags.eq(json::text(&now)?))
                .execute(conn)?;
        }
    }
    Ok(())
}
