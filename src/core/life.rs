//! From when to when a body existed, and whether something can have happened within its life.

use super::edtf::{Certainty, Edtf};
use super::warning::Warning;

/// When a body was founded and dissolved, as far as that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, diesel::Queryable)]
pub struct Life {
    /// When it was founded.
    pub founded_on: Option<Edtf>,
    /// When it was dissolved.
    pub dissolved_on: Option<Edtf>,
}

/// What is odd about a date in the light of a life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odd {
    /// It is certainly before the founding.
    Before,
    /// It may be before the founding.
    MaybeBefore,
    /// It is certainly after the dissolution.
    After,
    /// It may be after the dissolution.
    MaybeAfter,
}

impl Life {
    /// What is odd about something of this date; nothing when it lies within.
    pub fn odd(&self, date: &Edtf) -> Option<Odd> {
        let over = |end: &Edtf| end.before(date);
        let early = |begin: &Edtf| date.before(begin);
        let after = self.dissolved_on.as_ref().map(over);
        let before = self.founded_on.as_ref().map(early);
        match (after, before) {
            (Some(Certainty::Yes), _) => Some(Odd::After),
            (_, Some(Certainty::Yes)) => Some(Odd::Before),
            (Some(Certainty::Maybe), _) => Some(Odd::MaybeAfter),
            (_, Some(Certainty::Maybe)) => Some(Odd::MaybeBefore),
            _ => None,
        }
    }

    /// Whether it had certainly ended before that date.
    pub fn is_over_by(&self, date: &Edtf) -> bool {
        self.odd(date) == Some(Odd::After)
    }

    /// The warning that `who` did something on this date although its life says otherwise.
    pub fn warning(&self, who: &str, date: &Edtf) -> Option<Warning> {
        let founded = ("founded", &self.founded_on);
        let dissolved = ("dissolved", &self.dissolved_on);
        let (code, lies, (end, on)) = match self.odd(date)? {
            Odd::Before => ("before_founding", "is before", founded),
            Odd::MaybeBefore => ("maybe_before_founding", "may be before", founded),
            Odd::After => ("after_dissolution", "is after", dissolved),
            Odd::MaybeAfter => ("maybe_after_dissolution", "may be after", dissolved),
        };
        let on = on.as_ref().map(ToString::to_string).unwrap_or_default();
        let message = format!("{date} {lies} {who} was {end} ({on})");
        Some(Warning { code, message })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_lies_within_a_life_or_may_or_does_not() {
        let life = |founded: &str, dissolved: &str| Life {
            founded_on: founded.parse().ok(),
            dissolved_on: dissolved.parse().ok(),
        };
        for (founded, dissolved, date, odd) in [
            ("", "2009", "2020", Some(Odd::After)),
            ("", "2009", "2009", Some(Odd::MaybeAfter)),
            ("", "2009-06-01", "2009-06-01", None),
            ("", "2009", "[2005..]", Some(Odd::MaybeAfter)),
            ("", "2009", "1990", None),
            ("2000", "", "1500", Some(Odd::Before)),
            ("2000", "", "2000-05", Some(Odd::MaybeBefore)),
            ("2000", "", "2001", None),
            ("2000", "2009", "2004", None),
            ("", "", "2004", None),
        ] {
            let date: Edtf = date.parse().unwrap();
            assert_eq!(
                life(founded, dissolved).odd(&date),
                odd,
                "{founded} {dissolved} {date}"
            );
        }
    }
}
