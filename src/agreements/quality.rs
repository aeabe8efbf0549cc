//! What could be better about an agreement's record. Pure.

use chrono::{Months, NaiveDate};

use strum::VariantArray as _;

use crate::core::edtf::Edtf;
use crate::core::vocabulary::agreement::{ActivityLevel, Reciprocity, Renewal, StatusBasis};
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::core::vocabulary::record::QualityFlag;

/// How long a party's word counts.
const CONFIRMATION: Months = Months::new(36);

/// What the flags depend on.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Facts<'a> {
    /// What changes its meaning with the days.
    pub dated: Dated<'a>,
    /// How well the status is known.
    pub status_basis: StatusBasis,
    /// When it was signed.
    pub signed_on: Option<&'a Edtf>,
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
    /// Whether its history is one that the rules of today would not accept.
    pub in_doubt: bool,
    /// What the lives of the parties say of it.
    pub lives: &'a [QualityFlag],
}

/// What those flags depend on that come and go with the days.
#[derive(Debug, Clone, Copy)]
pub struct Dated<'a> {
    /// The status.
    pub status: LegalStatus,
    /// How much life there is in it.
    pub activity_level: ActivityLevel,
    /// Until when it holds.
    pub valid_until: Option<&'a Edtf>,
    /// How its term is renewed.
    pub renewal: Option<Renewal>,
    /// When a party last confirmed it.
    pub last_confirmed_on: Option<NaiveDate>,
}

impl Dated<'_> {
    /// Whether no party has confirmed it for too long.
    fn is_unconfirmed(&self, today: NaiveDate) -> bool {
        let until = self
            .last_confirmed_on
            .and_then(|day| day.checked_add_months(CONFIRMATION));
        self.status.is_live() && until.is_some_and(|until| until < today)
    }

    /// Whether nothing happens in it.
    fn is_dormant(&self) -> bool {
        self.status == LegalStatus::InForce && self.activity_level == ActivityLevel::Dormant
    }

    /// Whether its term has certainly passed.
    fn is_over(&self, today: NaiveDate) -> bool {
        let passed = self
            .valid_until
            .is_some_and(|end| end.certainly_passed_on(today));
        self.status.is_live() && passed && self.renewal != Some(Renewal::Tacit)
    }
}

/// The flags of another day, brought to this one, in the order of the vocabulary.
pub fn renewed(flags: &[QualityFlag], dated: &Dated<'_>, today: NaiveDate) -> Vec<QualityFlag> {
    let holds = |flag: &QualityFlag| match flag {
        QualityFlag::Unconfirmed3y => dated.is_unconfirmed(today),
        QualityFlag::DormantInForce => dated.is_dormant(),
        QualityFlag::ExpiredButListed => dated.is_over(today),
        other => flags.contains(other),
    };
    QualityFlag::VARIANTS
        .iter()
        .copied()
        .filter(holds)
        .collect()
}

/// The flags on this day, in the order of the vocabulary.
pub fn flags(facts: &Facts<'_>, today: NaiveDate) -> Vec<QualityFlag> {
    let dated = &facts.dated;
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
        (dated.is_unconfirmed(today), QualityFlag::Unconfirmed3y),
        (dated.is_dormant(), QualityFlag::DormantInForce),
        (dated.is_over(today), QualityFlag::ExpiredButListed),
        (facts.informal, QualityFlag::InformalAct),
        (
            facts.lives.contains(&QualityFlag::BeforeFounding),
            QualityFlag::BeforeFounding,
        ),
        (
            facts.lives.contains(&QualityFlag::AfterDissolution),
            QualityFlag::AfterDissolution,
        ),
        (facts.in_doubt, QualityFlag::HistoryInDoubt),
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
            dated: Dated {
                status: LegalStatus::InForce,
                activity_level: ActivityLevel::Unknown,
                valid_until: None,
                renewal: None,
                last_confirmed_on: None,
            },
            status_basis: StatusBasis::Presumed,
            signed_on: None,
            reciprocity: Reciprocity::Unknown,
            approval_without_act: false,
            informal: false,
            contradicted: false,
            documented: false,
            in_doubt: false,
            lives: &[],
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
        let mut facts = facts();
        facts.dated.valid_until = Some(&end);
        let over = |facts: &Facts<'_>, on: &str| {
            flags(facts, day(on)).contains(&QualityFlag::ExpiredButListed)
        };
        assert!(!over(&facts, "2025-12-31"));
        assert!(over(&facts, "2026-01-01"));
        facts.dated.renewal = Some(Renewal::Tacit);
        assert!(!over(&facts, "2026-01-01"));
    }

    #[test]
    fn flags_of_another_day_become_those_of_today_and_the_others_stay() {
        let end: Edtf = "2025-12-31".parse().unwrap();
        let dated = Dated {
            status: LegalStatus::InForce,
            activity_level: ActivityLevel::Dormant,
            valid_until: Some(&end),
            renewal: None,
            last_confirmed_on: Some(day("2022-12-31")),
        };
        let stored = [QualityFlag::NoDocument, QualityFlag::InformalAct];
        assert_eq!(
            renewed(&stored, &dated, day("2026-01-01")),
            [
                QualityFlag::NoDocument,
                QualityFlag::Unconfirmed3y,
                QualityFlag::DormantInForce,
                QualityFlag::ExpiredButListed,
                QualityFlag::InformalAct
            ]
        );
        assert_eq!(
            renewed(&[QualityFlag::ExpiredButListed], &dated, day("2025-12-31")),
            [QualityFlag::DormantInForce]
        );
    }

    #[test]
    fn a_confirmation_counts_three_years() {
        let mut facts = facts();
        facts.dated.last_confirmed_on = Some(day("2023-11-24"));
        let stale = |on: &str| flags(&facts, day(on)).contains(&QualityFlag::Unconfirmed3y);
        assert!(!stale("2026-11-24"));
        assert!(stale("2026-11-25"));
    }
}
