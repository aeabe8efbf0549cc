//! What could be better about an agreement's record. Pure.

use chrono::{Months, NaiveDate};

use crate::core::edtf::Edtf;
use crate::core::vocabulary::agreement::{ActivityLevel, Reciprocity, Renewal, StatusBasis};
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::core::vocabulary::record::QualityFlag;

/// How long a party's word counts.
const CONFIRMATION: Months = Months::new(36);

/// What the flags depend on.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The status.
    pub status: LegalStatus,
    /// How well it is known.
    pub status_basis: StatusBasis,
    /// How much life there is in it.
    pub activity_level: ActivityLevel,
    /// When it was signed.
    pub signed_on: Option<&'a Edtf>,
    /// Until when it holds.
    pub valid_until: Option<&'a Edtf>,
    /// How its term is renewed.
    pub renewal: Option<Renewal>,
    /// When a party last confirmed it.
    pub last_confirmed_on: Option<NaiveDate>,
    /// Whether the parties say the same of it.
    pub reciprocity: Reciprocity,
    /// Whether an approval is known of and the act is not.
    pub approval_without_act: bool,
    /// Whether a step was taken without a paper.
    pub informal: bool,
    /// Whether a source contradicts another.
    pub contradicted: bool,
    /// Whether a document that everyone may see belongs to it.
    pub documented: bool,
}

/// The flags on this day, in the order of the vocabulary.
pub fn flags(facts: &Facts<'_>, today: NaiveDate) -> Vec<QualityFlag> {
    let live = facts.status.is_live();
    let confirmed_long_ago = facts.last_confirmed_on.is_some_and(|day| {
        day.checked_add_months(CONFIRMATION)
            .is_some_and(|until| until < today)
    });
    let over = facts
        .valid_until
        .is_some_and(|end| end.certainly_passed_on(today))
        && facts.renewal != Some(Renewal::Tacit);
    [
        (
            facts.signed_on.is_some_and(Edtf::is_year_only),
            QualityFlag::YearOnlyDate,
        ),
        (!facts.documented, QualityFlag::NoDocument),
        (facts.approval_without_act, QualityFlag::NoLegalAct),
        (
            facts.status_basis == StatusBasis::Presumed,
            QualityFlag::PresumedStatus,
        ),
        (
            facts.reciprocity == Reciprocity::OneSided,
            QualityFlag::OneSided,
        ),
        (facts.contradicted, QualityFlag::ConflictingSources),
        (live && confirmed_long_ago, QualityFlag::Unconfirmed3y),
        (
            facts.status == LegalStatus::InForce && facts.activity_level == ActivityLevel::Dormant,
            QualityFlag::DormantInForce,
        ),
        (live && over, QualityFlag::ExpiredButListed),
        (facts.informal, QualityFlag::InformalAct),
    ]
    .into_iter()
    .filter_map(|(holds, flag)| holds.then_some(flag))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts<'static> {
        Facts {
            status: LegalStatus::InForce,
            status_basis: StatusBasis::Presumed,
            activity_level: ActivityLevel::Unknown,
            signed_on: None,
            valid_until: None,
            renewal: None,
            last_confirmed_on: None,
            reciprocity: Reciprocity::Unknown,
            approval_without_act: false,
            informal: false,
            contradicted: false,
            documented: false,
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_new_record_of_a_year_has_three_flags() {
        let signed: Edtf = "1992".parse().unwrap();
        let facts = Facts {
            signed_on: Some(&signed),
            ..facts()
        };
        assert_eq!(
            flags(&facts, day("2026-11-24")),
            [
                QualityFlag::YearOnlyDate,
                QualityFlag::NoDocument,
                QualityFlag::PresumedStatus
            ]
        );
    }

    #[test]
    fn a_term_that_passed_is_flagged_unless_it_renews_itself() {
        let end: Edtf = "2025-12-31".parse().unwrap();
        let facts = Facts {
            valid_until: Some(&end),
            ..facts()
        };
        let over = |facts: &Facts<'_>, on: &str| {
            flags(facts, day(on)).contains(&QualityFlag::ExpiredButListed)
        };
        assert!(!over(&facts, "2025-12-31"));
        assert!(over(&facts, "2026-01-01"));
        assert!(!over(
            &Facts {
                renewal: Some(Renewal::Tacit),
                ..facts
            },
            "2026-01-01"
        ));
    }

    #[test]
    fn a_confirmation_counts_three_years() {
        let facts = Facts {
            last_confirmed_on: Some(day("2023-11-24")),
            ..facts()
        };
        let stale = |on: &str| flags(&facts, day(on)).contains(&QualityFlag::Unconfirmed3y);
        assert!(!stale("2026-11-24"));
        assert!(stale("2026-11-25"));
    }
}
