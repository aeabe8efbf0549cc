//! What stands beside a name in its cell and is no part of it: the country, the date and the kind of the tie, and a
//! postcode.

use super::{
    date::{self, Dates},
    kinds::{self, Said},
    parse_cell,
};
use crate::core::{country, edtf::Edtf, name};

/// A name, and what stands beside it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Beside {
    pub(super) name: String,
    /// The country as it is written.
    pub(super) country: Option<String>,
    /// Since when the tie is.
    pub(super) date: Option<Edtf>,
    /// What kind of tie it is.
    pub(super) tie: Option<Said>,
    /// The postcode before the name.
    pub(super) postcode: Option<String>,
}

/// A name apart from what stands beside it, from the outside inwards as far as it is understood.
pub(super) fn apart(text: &str, is_country: impl Fn(&str) -> bool, dates: &Dates) -> Beside {
    let mut found = Beside {
        name: text.trim().to_owned(),
        ..Beside::default()
    };
    let (flags, rest) = parse_cell::flags(text);
    if let [flag] = flags.as_slice()
        && let Ok(country) = country::parse_lenient(flag)
        && is_country(country.english_name())
    {
        found.country = Some(country.english_name().to_owned());
        rest.trim().clone_into(&mut found.name);
    }
    loop {
        let mut more = found.clone();
        let rest = name::without_beside(&found.name, |part| {
            more.clone_from(&found);
            let mut pieces = part.split([',', ';']).map(str::trim);
            pieces.all(|piece| more.takes(piece, &is_country, dates)) || {
                more.clone_from(&found);
                more.takes(part, &is_country, dates)
            }
        });
        let Some(rest) = rest else {
            break;
        };
        rest.clone_into(&mut more.name);
        found = more;
    }
    found
}

/// Whether a text beside a name is a country for sure. A few letters may be a state, a province or a word (MA, TO,
/// Sur), and Georgia is a state, too.
pub(super) fn is_country(text: &str) -> bool {
    let key = name::key(text);
    let unclear = match key.len() {
        0..3 => key != "uk",
        3 => text.chars().any(char::is_lowercase),
        _ => matches!(key.as_str(), "georgia" | "georgie"),
    };
    !unclear && parse_cell::country(text).is_ok()
}

/// Whether a country may be the first or the last words of a name, which nothing tells from the others.
pub(super) fn may_hold_country(name: &str) -> bool {
    let words = name.split(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '\'' | '’'));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    (1..words.len()).any(|at| {
        let (before, behind) = words.split_at(at);
        is_country(&before.join(" ")) || is_country(&behind.join(" "))
    })
}

impl Beside {
    /// The same without a postcode before the name.
    pub(super) fn without_postcode(mut self) -> Self {
        if let Some((code, name)) = postcode(&self.name) {
            let code = Some(code.to_owned());
            (self.postcode, self.name) = (code, name.to_owned());
        }
        self
    }

    /// Takes a part, if it is understood and nothing of its sort is there yet.
    fn takes(&mut self, part: &str, is_country: impl Fn(&str) -> bool, dates: &Dates) -> bool {
        if self.country.is_none() && is_country(part) {
            self.country = Some(part.to_owned());
            return true;
        }
        if self.date.is_none()
            && let Some(date) = dates.beside(part)
        {
            self.date = Some(date);
            return true;
        }
        if self.tie.is_none()
            && let Some(tie) = kinds::of_tie(part)
        {
            self.tie = Some(tie);
            return true;
        }
        false
    }
}

/// A postcode before a name, and the name: `57000 Metz`, `D-10115 Berlin`, `00-950 Warszawa`, `211 20 Malmö`,
/// `5611 EM Eindhoven`. Four digits that may be a year are none.
fn postcode(text: &str) -> Option<(&str, &str)> {
    let first = text.split(' ').next()?;
    let body = first.split_once('-').filter(|(country, _)| {
        let letters = country.bytes().all(|byte| byte.is_ascii_uppercase());
        letters && (1..=3).contains(&country.len())
    });
    let code = body.map_or(first, |(_, code)| code);
    let code = code.strip_prefix('〒').unwrap_or(code);
    let parts: Vec<&str> = code.split('-').collect();
    let digits = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !parts.iter().all(digits) {
        return None;
    }
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let second = text.get(first.len() + 1..)?.split(' ').next()?;
    let behind = match lengths.as_slice() {
        [4] if second.len() == 2 && second.bytes().all(|byte| byte.is_ascii_uppercase()) => true,
        [3] if second.len() == 2 && digits(&second) => true,
        [4] if body.is_none() && date::keeps_a_year(code) => return None,
        [4..=6] | [2 | 4, 3] | [3, 4] => false,
        _ => return None,
    };
    let end = first.len() + if behind { 1 + second.len() } else { 0 };
    let (code, name) = text.split_at_checked(end)?;
    let name = name.trim_start_matches([' ', '-', '–', ',']);
    let is_name = name.chars().next().is_some_and(char::is_alphabetic);
    (is_name && name.chars().count() > 1).then_some((code, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::vocabulary::agreement::RelationshipType::{Cooperation, Friendship};

    fn told(text: &str) -> (String, Option<String>, Option<String>) {
        let found = apart(text, is_country, &Dates::default());
        let date = found.date.map(|date| date.to_string());
        (found.name, found.country, date)
    }

    #[test]
    fn a_country_beside_a_name_is_found_and_the_rest_is_the_name() {
        for (text, name, country) in [
            ("Metz, France", "Metz", "France"),
            ("Kaunas (Litauen)", "Kaunas", "Litauen"),
            ("Eindhoven – Niederlande", "Eindhoven", "Niederlande"),
            ("Płock / Polska", "Płock", "Polska"),
            ("Halle (Saale), Germany", "Halle (Saale)", "Germany"),
            (
                "Frankfurt – Oder, Deutschland",
                "Frankfurt – Oder",
                "Deutschland",
            ),
            ("Biel/Bienne (Schweiz)", "Biel/Bienne", "Schweiz"),
            ("Boston, USA", "Boston", "USA"),
            ("London (UK)", "London", "UK"),
            ("Luxembourg, Luxembourg", "Luxembourg", "Luxembourg"),
            ("メッツ（フランス）", "メッツ", "フランス"),
            ("ميتز (فرنسا)", "ميتز", "فرنسا"),
            ("Мец, Франція", "Мец", "Франція"),
            ("🇫🇷 Metz", "Metz", "France"),
        ] {
            let country = Some(country.to_owned());
            assert_eq!(told(text), (name.to_owned(), country, None), "{text}");
        }
        for text in [
            "Boston, MA",
            "Torino (TO)",
            "Springfield, IL",
            "Lomas (Sur)",
            "Atlanta, Georgia",
            "Halle (Saale)",
            "Halle (Saale, Germany)",
            "Biel/Bienne",
            "France – Metz",
            "Metz",
            "France",
        ] {
            assert_eq!(told(text), (text.to_owned(), None, None), "{text}");
        }
    }

    #[test]
    fn a_country_that_nothing_tells_from_the_name_is_seen() {
        for name in [
            "Lyon France",
            "Lyon-France",
            "Lyon : France",
            "France: Lyon",
            "Perm/Russland",
        ] {
            assert!(may_hold_country(name), "{name}");
        }
        for name in [
            "Metz",
            "France",
            "Bad Kissingen",
            "Biel/Bienne",
            "Boa Vista",
        ] {
            assert!(!may_hold_country(name), "{name}");
        }
    }

    #[test]
    fn country_date_and_kind_of_tie_stand_in_any_order() {
        for text in [
            "Metz, France (1990)",
            "Metz (1990), France",
            "Metz (France, 1990)",
            "Metz (France) – since 1990",
            "Metz / France / 1990",
        ] {
            let said = (
                "Metz".to_owned(),
                Some("France".to_owned()),
                Some("1990".to_owned()),
            );
            assert_eq!(told(text), said, "{text}");
        }
        for (text, kind) in [
            ("Metz (patto di amicizia)", Friendship),
            ("Metz (accordo di cooperazione, 1990)", Cooperation),
            ("Metz – Freundschaft", Friendship),
        ] {
            let found = apart(text, is_country, &Dates::default());
            assert_eq!(
                (found.name.as_str(), found.tie),
                ("Metz", Some(Said::Kind(kind))),
                "{text}"
            );
        }
        let date = told("メッツ（平成4年）").2;
        assert_eq!(date.as_deref(), Some("1992"));
    }

    #[test]
    fn a_postcode_before_a_name_is_no_part_of_it() {
        for (text, code, name) in [
            ("57000 Metz", "57000", "Metz"),
            ("D-10115 Berlin", "D-10115", "Berlin"),
            ("A-1010 Wien", "A-1010", "Wien"),
            ("1010 Wien", "1010", "Wien"),
            ("B-2000 Antwerpen", "B-2000", "Antwerpen"),
            ("00-950 Warszawa", "00-950", "Warszawa"),
            ("PL-00-950 Warszawa", "PL-00-950", "Warszawa"),
            ("211 20 Malmö", "211 20", "Malmö"),
            ("SE-211 20 Malmö", "SE-211 20", "Malmö"),
            ("5611 EM Eindhoven", "5611 EM", "Eindhoven"),
            ("〒100-0001 東京", "〒100-0001", "東京"),
            ("101000 Москва", "101000", "Москва"),
        ] {
            assert_eq!(postcode(text), Some((code, name)), "{text}");
        }
        for text in [
            "Metz",
            "100 Mile House",
            "25 de Mayo",
            "2000 Antwerpen",
            "1. Mai",
            "57000",
            "Wien 1010",
            "Saint-Denis (93)",
        ] {
            assert_eq!(postcode(text), None, "{text}");
        }
    }
}
