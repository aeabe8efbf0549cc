//! What could be better about an agreement's record. Pure.

use chrono::{Months, NaiveDate};
use diesel::prelude::*;
use strum::VariantArray as _;

use crate::core::edtf::Edtf;
use crate::core::vocabulary::agreement::{ActivityLevel, Reciprocity, Renewal, StatusBasis};
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::core::vocabulary::record::QualityFlag;
use crate::db::schema::agreements;

/// How long a party's word counts.
const CONFIRMATION: Months = Months::new(36);

/// What the flags depend on.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// What the record says.
    pub own: Own,
    /// When it was signed.
    pub signed_on: Option<&'a Edtf>,
    /// Whether the parties say the same of it.
    pub reciprocity: Reciprocity,
    /// Whether an approval is known of and the act is not.
    pub approval_without_act: bool,
    /// Whether a step was taken without a paper.
    pub informal: bool,
    /// Whether its history is one that the rules of today would not accept.
    pub in_doubt: bool,
    /// What the lives of the parties say of it.
    pub lives: &'a [QualityFlag],
}

/// What those flags depend on that the record says beside its parties and events.
#[derive(Debug, Clone)]
pub struct Own {
    /// What changes its meaning with the days.
    pub daily: Daily,
    /// How well the status is known.
    pub status_basis: StatusBasis,
    /// Whether a source contradicts another.
    pub contradicted: bool,
    /// Whether a document that everyone may see belongs to it.
    pub documented: bool,
}

/// What those flags depend on that come and go with the days.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = agreements)]
pub struct Daily {
    /// The status.
    pub status: LegalStatus,
    /// How much life there is in it.
    pub activity_level: ActivityLevel,
    /// Until when it holds.
    pub valid_until: Option<Edtf>,
    /// How its term is renewed.
    pub renewal: Option<Renewal>,
    /// When a party last confirmed it.
    pub last_confirmed_on: Option<NaiveDate>,
}

impl Daily {
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
        let end = self.valid_until.as_ref();
        let passed = end.is_some_and(|end| end.certainly_passed_on(today));
        self.status.is_live() && passed && self.renewal != Some(Renewal::Tacit)
    }
}

/// The flags of another day, brought to this one, in the order of the vocabulary.
pub fn renewed(flags: &[QualityFlag], daily: &Daily, today: NaiveDate) -> Vec<QualityFlag> {
    those(|flag| match flag {
        QualityFlag::Unconfirmed3y => daily.is_unconfirmed(today),
        QualityFlag::DormantInForce => daily.is_dormant(),
        QualityFlag::ExpiredButListed => daily.is_over(today),
        other => flags.contains(&other),
    })
}

/// The flags on this day, in the order of the vocabulary.
pub fn flags(facts: &Facts<'_>, today: NaiveDate) -> Vec<QualityFlag> {
    let Facts { own, lives, .. } = facts;
    those(|flag| match flag {
        QualityFlag::YearOnlyDate => facts.signed_on.is_some_and(Edtf::is_year_only),
        QualityFlag::NoDocument => !own.documented,
        QualityFlag::NoLegalAct => facts.approval_without_act,
        QualityFlag::PresumedStatus => own.status_basis == StatusBasis::Presumed,
        QualityFlag::OneSided => facts.reciprocity == Reciprocity::OneSided,
        QualityFlag::ConflictingSources => own.contradicted,
        QualityFlag::Unconfirmed3y => own.daily.is_unconfirmed(today),
        QualityFlag::DormantInForce => own.daily.is_dormant(),
        QualityFlag::ExpiredButListed => own.daily.is_over(today),
        QualityFlag::InformalAct => facts.informal,
        QualityFlag::BeforeFounding | QualityFlag::AfterDissolution => lives.contains(&flag),
        QualityFlag::HistoryInDoubt => facts.in_doubt,
        // That is one of partners.
        QualityFlag::ContactUnverified => false,
    })
}

fn those(holds: impl Fn(QualityFlag) -> bool) -> Vec<QualityFlag> {
    let all = QualityFlag::VARIANTS.iter().copied();
    all.filter(|flag| holds(*flag)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts<'static> {
        Facts {
            own: Own {
                daily: Daily {
                    status: LegalStatus::InForce,
                    activity_level: ActivityLevel::Unknown,
                    valid_until: None,
                    renewal: None,
                    last_confirmed_on: None,
                },
                status_basis: StatusBasis::Presumed,
                contradicted: false,
                documented: false,
            },
            signed_on: None,
            reciprocity: Reciprocity::Unknown,
            approval_without_act: false,
            informal: false,
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
        facts.own.daily.valid_until = Some(end);
        let over = |facts: &Facts<'_>, on: &str| {
            flags(facts, day(on)).contains(&QualityFlag::ExpiredButListed)
        };
        assert!(!over(&facts, "2025-12-31"));
        assert!(over(&facts, "2026-01-01"));
        facts.own.daily.renewal = Some(Renewal::Tacit);
        assert!(!over(&facts, "2026-01-01"));
    }

    #[test]
    fn flags_of_another_day_become_those_of_today_and_the_others_stay() {
        let end: Edtf = "2025-12-31".parse().unwrap();
        let daily = Daily {
            status: LegalStatus::InForce,
            activity_level: ActivityLevel::Dormant,
            valid_until: Some(end),
            renewal: None,
            last_confirmed_on: Some(day("2022-12-31")),
        };
        let stored = [QualityFlag::NoDocument, QualityFlag::InformalAct];
        assert_eq!(
            renewed(&stored, &daily, day("2026-01-01")),
            [
                QualityFlag::NoDocument,
                QualityFlag::Unconfirmed3y,
                QualityFlag::DormantInForce,
                QualityFlag::ExpiredButListed,
                QualityFlag::InformalAct
            ]
        );
        assert_eq!(
            renewed(&[QualityFlag::ExpiredButListed], &daily, day("2025-12-31")),
            [QualityFlag::DormantInForce]
        );
    }

    #[test]
    fn a_confirmation_counts_three_years() {
        let mut facts = facts();
        facts.own.daily.last_confirmed_on = Some(day("2023-11-24"));
        let stale = |on: &str| flags(&facts, day(on)).contains(&QualityFlag::Unconfirmed3y);
        assert!(!stale("2026-11-24"));
        assert!(stale("2026-11-25"));
    }
}
