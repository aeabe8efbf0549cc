//! What stands beside a name in its cell and is no part of it: the country, the date and the kind of the tie, and a
//! postcode.

use std::{collections::HashSet, sync::LazyLock};

use super::{date, kinds::Said, parse_cell};
use crate::core::{
    country::{self, Country},
    edtf::Edtf,
    name,
    text::is_digits,
};

/// A name, and what stands beside it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Beside {
    pub(super) name: String,
    /// The country that it is known to be in, or that stands beside it.
    pub(super) country: Option<Country>,
    /// What says so beside the name, as it is written.
    pub(super) written: Option<String>,
    /// The part of the country that stands there instead of it, by its one name, which tells the name from namesakes.
    pub(super) part: Option<&'static str>,
    /// Since when the tie is.
    pub(super) date: Option<Edtf>,
    /// What kind of tie it is.
    pub(super) tie: Option<Said>,
    /// The postcode before the name.
    pub(super) postcode: Option<String>,
    /// Why nobody can tell which country is meant.
    pub(super) fault: Option<String>,
}

/// What one part beside a name is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// A country by its own name or code, or a part of it with that part's name: Wales, or Oregon where a table says
    /// that OR is of the United States.
    Country(Country, Option<&'static str>),
    Date(Edtf),
    Tie(Said),
}

/// A name apart from what stands beside it, from the outside inwards as far as it is understood, or the outermost part
/// alone.
///
/// `read` says what a part is, or a flag, by its code.
pub(super) fn apart(
    text: &str,
    known: Option<Country>,
    outermost: bool,
    read: impl Fn(&str, bool) -> Option<Piece>,
) -> Beside {
    let mut found = Beside {
        country: known,
        ..Beside::of(text)
    };
    let (flags, rest) = parse_cell::flags(text);
    if let [flag] = flags.as_slice()
        && let Some(piece) = read(flag, true)
    {
        found.takes(Some(piece), flag);
        found.part = parse_cell::part_by_flag(text);
        rest.trim().clone_into(&mut found.name);
    }
    loop {
        let mut more = found.clone();
        let rest = name::without_beside(&found.name, |part| {
            let mut takes = |pieces: &[&str]| {
                more.clone_from(&found);
                let mut pieces = pieces.iter().map(|piece| piece.trim());
                pieces.all(|piece| more.takes(read(piece, false), piece))
            };
            let pieces: Vec<&str> = part.split([',', ';']).collect();
            takes(&pieces) || pieces.len() > 1 && takes(&[part])
        });
        let Some(rest) = rest else {
            break;
        };
        rest.clone_into(&mut more.name);
        found = more;
        if outermost {
            break;
        }
    }
    found
}

/// The name with a comma before or behind its first or last words, where these are a country for sure and a sign that is
/// no comma parts them from the others: `Łódź/Polska` is `Łódź, Polska`, and `Mexico City` a name.
pub(super) fn with_comma(name: &str) -> Option<String> {
    let is_of_word = |c: char| c.is_alphanumeric() || matches!(c, '.' | '\'' | '’');
    let mut words: Vec<(usize, usize)> = Vec::new();
    for (at, c) in name.char_indices().filter(|(_, c)| is_of_word(*c)) {
        match words.last_mut() {
            Some((_, end)) if *end == at => *end += c.len_utf8(),
            _ => words.push((at, at + c.len_utf8())),
        }
    }
    words.windows(2).find_map(|two| {
        let [(_, end), (start, _)] = two else {
            return None;
        };
        let (before, behind) = (name.get(..*end)?, name.get(*start..)?);
        if name.get(*end..*start)?.trim().is_empty() {
            return None;
        }
        let is_country = |text: &str| country::certain(text).is_some();
        if is_country(behind) {
            Some(format!("{before}, {behind}"))
        } else {
            is_country(before).then(|| format!("{behind}, {before}"))
        }
    })
}

/// Words before which the name of a country is part of a place's: Santiago de Cuba, Hoek van Holland, San Salvador, Port
/// Sudan, Lower Austria, Pau Brasil, Tecpán Guatemala, Comune San Marino, город Тунис.
const JOINING: &str = "& a al alto am an and antigua assis at au aux bei bij búr bur canton central cidade citta ciudad \
    city colonia commune comuna comune da de degli dei del della delle dello den departamento der des di distrito \
    do dos du e east eastern ejido el en estado et fort fushë gemeente gemeinde gmina gouvernorat grad gran \
    grand great greater i ile ilha im in insel isla isola jabłonica kamienica kanton la le little lower \
    madinat mesto mid miasto mina mount mt municipalidad municipio município na neu new nord north northern \
    nova novo nueva nuevo obec občina of og old opština općina oraș orașul ost pau phố port porto \
    principality provincia puerto qasr saint san sankt santa santo são shahr south southern st stadt sud sul \
    sur süd tecpán the und upper v van vila villa ville viva von vrh w west western wilaya wyspa y young г \
    город горад град де до да ди м место місто нова нове нови новий новый порт пуэрто сан санта دو دي سان بور \
    بلدية شهر محافظة مدينة ولاية דה סן פורט ντε δήμος πόλη";

/// [`JOINING`] as names are compared.
static JOINED: LazyLock<HashSet<String>> =
    LazyLock::new(|| JOINING.split_ascii_whitespace().map(name::key).collect());

/// The name with a comma before its last words, where these are a country that only a blank parts from the others:
/// `Lyon France` is `Lyon, France`.
pub(super) fn with_comma_before(name: &str, is_country: impl Fn(&str) -> bool) -> Option<String> {
    let shouted = !name.chars().any(char::is_lowercase);
    let blanks: Vec<usize> = name.match_indices(' ').map(|(at, _)| at).collect();
    let most = blanks.len().saturating_sub(LONGEST_COUNTRY);
    blanks.into_iter().skip(most).find_map(|at| {
        let (before, behind) = (name.get(..at)?, name.get(at + 1..)?);
        // `Lyon FR` is in France, and `Villa Gar` may be anywhere.
        let is_code = !shouted && behind.chars().all(char::is_uppercase);
        let counts = behind.chars().count() > 3 || is_code;
        // A word that is cut with a point is sought among all names of countries: too dear for each `a. d. Donau`.
        let is_cut = behind.contains('.') && behind.chars().any(char::is_lowercase);
        // A field in Polish, Poland in some language: Legnickie Pole.
        if !counts || is_cut || behind == "Pole" || before.contains([',', '/', '(']) {
            return None;
        }
        let last = before.rsplit(' ').next()?;
        let found = !JOINED.contains(&name::key(last)) && is_country(behind) && !is_country(name);
        found.then(|| format!("{before}, {behind}"))
    })
}

/// The most words of a country's name that are looked for behind a place's: United States of America.
const LONGEST_COUNTRY: usize = 4;

/// What is wrong where two countries are said of one name.
fn of_two_countries(one: &str, other: &str) -> String {
    format!(
        "two countries are said of this name: {one} and {other}; a table of values can give the name"
    )
}

/// A country by its code and its name.
fn described(country: Country) -> String {
    format!("{country} ({})", country.english_name())
}

impl Beside {
    /// A name with nothing beside it.
    pub(super) fn of(name: &str) -> Self {
        Self {
            name: name.trim().to_owned(),
            ..Self::default()
        }
    }

    /// The same without a postcode before the name.
    pub(super) fn without_postcode(mut self) -> Self {
        if let Some((code, name)) = postcode(&self.name) {
            let letters = code.split_once('-').map(|(letters, _)| letters);
            let of = letters.map_or_else(Vec::new, countries_of);
            // La Réunion has the postcodes of France, and Greenland those of Denmark.
            let is_own =
                |own: Country, of: Country| !country::are_apart(own, of) || share_post(own, of);
            let is_another =
                |own: &Country| !of.is_empty() && !of.iter().any(|of| is_own(*own, *of));
            if let Some(country) = self.country.filter(is_another) {
                self.fault = Some(of_two_countries(code, &described(country)));
            }
            (self.postcode, self.name) = (Some(code.to_owned()), name.to_owned());
        }
        self
    }

    /// The name with the part of its country, if one stands beside it.
    pub(super) fn full_name(&self) -> Option<String> {
        Some(format!("{} ({})", self.name, self.part?))
    }

    /// Takes a part, if it is understood and nothing of its sort is there yet.
    fn takes(&mut self, piece: Option<Piece>, text: &str) -> bool {
        match piece {
            Some(Piece::Country(country, part)) => return self.takes_country(country, part, text),
            Some(Piece::Date(date)) if self.date.is_none() => self.date = Some(date),
            Some(Piece::Tie(tie)) if self.tie.is_none() => self.tie = Some(tie),
            _ => return false,
        }
        true
    }

    fn takes_country(&mut self, country: Country, part: Option<&'static str>, text: &str) -> bool {
        match self.country {
            Some(known) if country::are_apart(known, country) => {
                let known = self.written.clone().unwrap_or_else(|| described(known));
                self.fault = Some(of_two_countries(text, &known));
            }
            // Puerto Rico before the United States is a part of the name, as a state is.
            Some(known) if known != country => return false,
            // Said twice, as by a flag and in words, the first one counts.
            _ if part.is_some() && self.part.is_some() => {}
            _ => {
                self.country = Some(country);
                self.written = Some(text.to_owned());
                self.part = self.part.or(part);
            }
        }
        true
    }
}

/// Countries of which one has the postcodes of the other, or places that have.
#[rustfmt::skip]
const SHARED_POST: [(&str, &str); 7] = [
    ("AT", "DE"), ("CH", "DE"), ("CH", "IT"), ("CH", "LI"), ("FR", "MC"), ("IT", "SM"), ("IT", "VA"),
];

fn share_post(one: Country, other: Country) -> bool {
    let (one, other) = (one.as_str(), other.as_str());
    SHARED_POST.contains(&(one.min(other), one.max(other)))
}

/// The countries that letters before a postcode may mean today: several for YU, SU and ČSSR.
fn countries_of(letters: &str) -> Vec<Country> {
    let other = parse_cell::LETTERS.iter().find(|(own, _)| *own == letters);
    country::successors(other.map_or(letters, |(_, code)| code))
}

/// A postcode before a name, and the name: `57000 Metz`, `D-10115 Berlin`, `00-950 Warszawa`, `211 20 Malmö`,
/// `5611 EM Eindhoven`. Four digits that may be a year are none.
fn postcode(text: &str) -> Option<(&str, &str)> {
    let first = text.split(' ').next()?;
    let body = first.split_once('-').filter(|(country, _)| {
        let letters = country.chars().all(char::is_uppercase);
        let count = country.chars().count();
        letters && (1..=4).contains(&count) && !countries_of(country).is_empty()
    });
    let code = body.map_or(first, |(_, code)| code);
    let code = code.strip_prefix('〒').unwrap_or(code);
    let parts: Vec<&str> = code.split('-').collect();
    if !parts.iter().all(|part| is_digits(part)) {
        return None;
    }
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let second = text.get(first.len() + 1..)?.split(' ').next()?;
    let behind = match lengths.as_slice() {
        [4] if second.len() == 2 && second.bytes().all(|byte| byte.is_ascii_uppercase()) => true,
        [3] if second.len() == 2 && is_digits(second) => true,
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
    use crate::{
        core::vocabulary::agreement::RelationshipType::{Cooperation, Friendship},
        exchange::links::{date::Dates, kinds},
    };

    /// What a part is where nothing is known of the end.
    fn read(part: &str, is_flag: bool) -> Option<Piece> {
        let country = || {
            let found = if is_flag {
                part.parse().ok()
            } else {
                country::certain(part)
            };
            found.map(|found| Piece::Country(found, country::part(part)))
        };
        country()
            .or_else(|| Dates::default().beside(part).map(Piece::Date))
            .or_else(|| kinds::beside_a_name(part).map(Piece::Tie))
    }

    fn parts(text: &str) -> Beside {
        apart(text, None, false, read)
    }

    fn told(text: &str) -> (String, Option<&'static str>, Option<String>) {
        let found = parts(text);
        let date = found.date.map(|date| date.to_string());
        (found.name, found.country.map(Country::as_str), date)
    }

    #[test]
    fn a_country_beside_a_name_is_found_and_the_rest_is_the_name() {
        for (text, name, country) in [
            ("Metz, France", "Metz", "FR"),
            ("Metz, France (France)", "Metz", "FR"),
            ("Kaunas (Litauen)", "Kaunas", "LT"),
            ("Eindhoven – Niederlande", "Eindhoven", "NL"),
            ("Płock / Polska", "Płock", "PL"),
            ("Halle (Saale), Germany", "Halle (Saale)", "DE"),
            ("Frankfurt – Oder, Deutschland", "Frankfurt – Oder", "DE"),
            ("Biel/Bienne (Schweiz)", "Biel/Bienne", "CH"),
            ("Boston, USA", "Boston", "US"),
            ("Boston, Massachusetts, USA", "Boston, Massachusetts", "US"),
            ("London (UK)", "London", "GB"),
            ("San Juan, Puerto Rico", "San Juan", "PR"),
            ("メッツ（フランス）", "メッツ", "FR"),
            ("ميتز (فرنسا)", "ميتز", "FR"),
            ("Мец, Франція", "Мец", "FR"),
            ("🇫🇷 Metz", "Metz", "FR"),
            ("🇬🇪 Kutaisi", "Kutaisi", "GE"),
        ] {
            assert_eq!(told(text), (name.to_owned(), Some(country), None), "{text}");
        }
        for text in [
            "Boston, MA",
            "Torino (TO)",
            "Springfield, IL",
            "Lomas (Sur)",
            "Atlanta, Georgia",
            "Motril (Granada)",
            "Norwich, Norfolk",
            "Arlon (Luxembourg)",
            "Minna, Niger",
            "Kavala, Macedonia",
            "Cartagena, BOL",
            "Manzanillo, COL",
            "Wells, SOM",
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
    fn a_part_of_a_country_is_kept_with_the_name() {
        for (text, full) in [
            ("Bangor (Wales)", "Bangor (Wales)"),
            ("Bangor, Northern Ireland", "Bangor (Northern Ireland)"),
            ("Newport, England", "Newport (England)"),
            ("Leipzig (DDR)", "Leipzig (East Germany)"),
            ("Leipzig (NRD)", "Leipzig (East Germany)"),
            ("Edinburgh (Szkocja)", "Edinburgh (Scotland)"),
            ("Cardiff (Wales), Wales", "Cardiff (Wales)"),
            (
                "🏴\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f} Newport",
                "Newport (Wales)",
            ),
            (
                "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} Newport, England",
                "Newport (England)",
            ),
        ] {
            let found = parts(text);
            assert_eq!(found.full_name().as_deref(), Some(full), "{text}");
            assert!(
                found.country.is_some() && !found.name.contains('('),
                "{text}"
            );
        }
        assert_eq!(parts("Bangor (UK)").full_name(), None);
    }

    #[test]
    fn two_countries_of_one_name_are_a_fault_that_names_both() {
        for (text, one, other) in [
            ("Königsberg, Germany (Russia)", "Germany", "Russia"),
            ("🇫🇷 Metz, Germany", "Germany", "FR"),
            ("Metz, France, Germany", "France", "Germany"),
        ] {
            let fault = parts(text).fault.unwrap();
            assert!(
                fault.contains(one) && fault.contains(other),
                "{text}: {fault}"
            );
        }
        let wrong = apart("Lipik (Serbia)", "HR".parse().ok(), false, read);
        let fault = wrong.fault.unwrap();
        assert!(fault.contains("Serbia and HR (Croatia)"), "{fault}");
        let of = |text: &str| apart(text, "FR".parse().ok(), false, read).without_postcode();
        let fault = of("D-57000 Metz").fault.unwrap();
        assert!(fault.contains("D-57000 and FR (France)"), "{fault}");
        assert!(of("F-57000 Metz").fault.is_none() && of("57000 Metz").fault.is_none());
        for (text, country) in [
            ("F-97400 Saint-Denis", "RE"),
            ("DK-3900 Nuuk", "GL"),
            ("FI-22100 Mariehamn", "AX"),
            ("CH-9490 Vaduz", "LI"),
            ("I-47890 San Marino", "SM"),
            ("D-87567 Riezlern", "AT"),
        ] {
            let found = apart(text, country.parse().ok(), false, read).without_postcode();
            assert_eq!(found.fault, None, "{text}");
            assert!(found.postcode.is_some(), "{text}");
        }
    }

    #[test]
    fn a_country_that_nothing_tells_from_the_name_is_seen() {
        for (name, better) in [
            ("Lyon-France", "Lyon, France"),
            ("Lyon : France", "Lyon, France"),
            ("France: Lyon", "Lyon, France"),
            ("Perm/Russland", "Perm, Russland"),
            ("Łódź/Polska", "Łódź, Polska"),
        ] {
            assert_eq!(with_comma(name).as_deref(), Some(better), "{name}");
        }
        for name in [
            "Metz",
            "France",
            "Bad Kissingen",
            "Biel/Bienne",
            "Boa Vista",
            "Mexico City",
            "Lyon France",
        ] {
            assert_eq!(with_comma(name), None, "{name}");
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
            let said = ("Metz".to_owned(), Some("FR"), Some("1990".to_owned()));
            assert_eq!(told(text), said, "{text}");
        }
        for (text, kind) in [
            ("Metz (patto di amicizia)", Friendship),
            ("Metz (accordo di cooperazione, 1990)", Cooperation),
            ("Metz – Freundschaft", Friendship),
        ] {
            let found = parts(text);
            assert_eq!(
                (found.name.as_str(), found.tie),
                ("Metz", Some(Said::Kind(kind))),
                "{text}"
            );
        }
        for text in [
            "メッツ（平成4年）",
            "メッツ（平成四年）",
            "メッツ（一九九二年）",
        ] {
            let (name, _, date) = told(text);
            assert_eq!(
                (name.as_str(), date.as_deref()),
                ("メッツ", Some("1992")),
                "{text}"
            );
        }
        let ended = parts("Metz (gemellaggio, sospeso)").tie;
        assert_eq!(ended, Some(Said::Unclear));
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
            "Q-57000 Metz",
            "Saint-Denis (93)",
        ] {
            assert_eq!(postcode(text), None, "{text}");
        }
    }

    #[test]
    fn letters_of_states_that_are_gone_stand_before_postcodes() {
        let of = |text: &str, country: &str| {
            apart(text, country.parse().ok(), false, read).without_postcode()
        };
        for (text, country, name) in [
            ("YU-11000 Beograd", "RS", "Beograd"),
            ("YU-41000 Zagreb", "HR", "Zagreb"),
            ("ČSSR-81101 Bratislava", "SK", "Bratislava"),
            ("CS-81101 Bratislava", "SK", "Bratislava"),
            ("SU-270000 Одеса", "UA", "Одеса"),
            ("DDR-7010 Leipzig", "DE", "Leipzig"),
            ("BRD-5300 Bonn", "DE", "Bonn"),
            ("SF-33100 Tampere", "FI", "Tampere"),
        ] {
            let found = of(text, country);
            assert_eq!((found.name.as_str(), &found.fault), (name, &None), "{text}");
            assert!(found.postcode.is_some(), "{text}");
        }
        let fault = of("YU-1000 Sofia", "BG").fault.unwrap();
        assert!(fault.contains("YU-1000 and BG (Bulgaria)"), "{fault}");
    }

    #[test]
    fn a_country_behind_a_blank_is_seen_and_names_that_hold_one_are_not_cut() {
        let better = |name: &str, country: &str| {
            with_comma_before(name, |text| country::find(text) == country.parse().ok())
        };
        for (name, country, expected) in [
            ("Lyon France", "FR", "Lyon, France"),
            ("Lyon FR", "FR", "Lyon, FR"),
            ("San José Costa Rica", "CR", "San José, Costa Rica"),
            ("Aix-en-Provence France", "FR", "Aix-en-Provence, France"),
            (
                "Dayton United States of America",
                "US",
                "Dayton, United States of America",
            ),
            ("Lublin Polska", "PL", "Lublin, Polska"),
        ] {
            assert_eq!(better(name, country).as_deref(), Some(expected), "{name}");
        }
        for (name, country) in [
            ("Lyon", "FR"),
            ("Lyon France", "DE"),
            ("Ville de France", "FR"),
            ("Roissy-en-France", "FR"),
            ("Belle-Isle-en-Terre", "FR"),
            ("Santiago de Cuba", "CU"),
            ("Ciudad de México", "MX"),
            ("Mexico City", "MX"),
            ("Isle of Man", "IM"),
            ("Hoek van Holland", "NL"),
            ("San Salvador", "SV"),
            ("Port Sudan", "SD"),
            ("Antigua Guatemala", "GT"),
            ("Falkenstein, Lower Austria", "AT"),
            ("Northern Ireland", "GB"),
            ("Costa Rica", "CR"),
            ("San Marino", "SM"),
            ("Vatican City", "VA"),
            ("VILLA GUA", "GU"),
            ("Kamienica Polska", "PL"),
            ("Legnickie Pole", "PL"),
            ("Tecpán Guatemala", "GT"),
            ("Pau Brasil", "BR"),
            ("Assis Brasil", "BR"),
            ("Norwood Young America", "US"),
            ("Mount Lebanon", "LB"),
            ("Western Greece", "GR"),
            ("Comune San Marino", "SM"),
            ("Būr Sūdān", "SD"),
            ("Сантьяго де Куба", "CU"),
            ("город Тунис", "TN"),
            ("مدينة الجزائر", "DZ"),
            ("Bad Homburg v. d. Höhe", "DE"),
        ] {
            assert_eq!(better(name, country), None, "{name}");
        }
    }
}
