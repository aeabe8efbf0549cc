//! The rules for single cells, by what they hold.

use super::{
    kinds::{self, Said},
    row::CountrySign,
};
use crate::core::{
    country::{self, Country},
    geo::Point,
    ids::{Kind, PublicId},
    name,
    parse_error::ParseError,
    text::{ascii_digit, fits, is_digits, is_invisible, nfc},
    vocabulary::{Code, agreement::RelationshipType},
};
use crate::http::validate;

/// Longest name of a partner.
const MAX_NAME: usize = 200;
/// Words for "as above".
#[rustfmt::skip]
const REPEATS: [&str; 15] = [
    "ditto", "dito", "idem", "dto.", "dto", "j.w.", "j. w.", "jw.", "jw", "jak wyżej", "s. o.", "s.o.", "wie oben",
    "as above", "то же",
];
/// What is wrong with them.
const DITTO: &str = "this stands for the cell above it: write it out";
/// Longest title of a source.
const MAX_TITLE: usize = 500;
/// Longest note.
const MAX_NOTE: usize = 4000;

fn text_of(text: &str, longest: usize) -> Result<String, ParseError> {
    let text = nfc(text);
    if fits(&text, longest) {
        Ok(text)
    } else {
        let rule = format!("this must be text of 1 to {longest} characters");
        Err(ParseError::new("length", rule))
    }
}

/// The name of a partner. Extracts of Wikidata show the item's number where they lack a label.
pub(super) fn name(text: &str) -> Result<String, ParseError> {
    if is_ditto(text) {
        return Err(ParseError::new("invalid_name", DITTO));
    }
    let name = name::check(unquoted(text))?;
    let name = text_of(&name, MAX_NAME)?;
    if name.matches('"').count() % 2 == 1 {
        let rule = "a quotation mark is not closed";
        return Err(ParseError::new("invalid_name", rule));
    }
    // Also behind a prefix or in the path of an address: wd:Q1, wiki/Q1.
    let last = name.rsplit([':', '/']).next().unwrap_or_default();
    let number = last.strip_prefix('Q').unwrap_or_default();
    if is_digits(number) {
        let rule = "the name is only an identifier";
        return Err(ParseError::new("invalid_name", rule));
    }
    Ok(name)
}

/// The name of a partner as this registry has it.
pub(super) fn recorded_name(text: &str) -> Result<String, ParseError> {
    text_of(text, MAX_NAME)
}

/// Whether a text stands for the cell above it.
fn is_ditto(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    let is_sign = |c: char| "\"″〃”„'’-–— ".contains(c);
    let is_mark = text.contains(['"', '″', '〃', '”', '„']) && text.chars().all(is_sign);
    is_mark || REPEATS.contains(&text.as_str())
}

/// The text without the quotation marks that stand around all of it.
fn unquoted(text: &str) -> &str {
    #[rustfmt::skip]
    const PAIRS: [(char, char); 10] = [
        ('"', '"'), ('\'', '\''), ('„', '“'), ('„', '”'), ('“', '”'),
        ('‘', '’'), ('«', '»'), ('»', '«'), ('「', '」'), ('『', '』'),
    ];
    let text = text.trim();
    let inner = PAIRS.iter().find_map(|(open, close)| {
        let inner = text.strip_prefix(*open)?.strip_suffix(*close)?;
        (!inner.contains([*open, *close])).then(|| inner.trim())
    });
    inner.filter(|inner| !inner.is_empty()).unwrap_or(text)
}

/// The id of a partner of this registry.
pub(super) fn partner_id(text: &str) -> Result<PublicId, ParseError> {
    PublicId::of_kind(text.trim(), Kind::Partner)
}

/// The id of an agreement of this registry.
pub(super) fn agreement_id(text: &str) -> Result<PublicId, ParseError> {
    PublicId::of_kind(text.trim(), Kind::Agreement)
}

/// What post and cars have for countries, where it is no code of ISO 3166-1.
#[rustfmt::skip]
pub(super) const LETTERS: [(&str, &str); 19] = [
    ("A", "AT"), ("B", "BE"), ("CDN", "CA"), ("D", "DE"), ("E", "ES"), ("F", "FR"), ("FL", "LI"), ("H", "HU"),
    ("I", "IT"), ("KSV", "XK"), ("L", "LU"), ("N", "NO"), ("P", "PT"), ("RKS", "XK"), ("RSM", "SM"),
    ("S", "SE"), ("SF", "FI"), ("SLO", "SI"), ("UK", "GB"),
];

/// The country of a letter that cars have, alone in a cell for a country: no code of ISO 3166-1 has one letter.
fn of_cars(text: &str) -> Option<Country> {
    let mut letters = LETTERS.iter().filter(|(own, _)| own.len() == 1);
    let (_, code) = letters.find(|(own, _)| *own == text.trim())?;
    country::find(code)
}

/// Countries whose cars have other letters than their code of two.
const OTHER_LETTERS: &str = "AR AT AU BA BE CA CL CN CU DE EE EG ES ET FI FR GA HU ID IE IN IQ IT JM JO JP KE KH KR KW \
    LB LI LU ME MM MT MX NA NG NI NO NP PG PH PT QA RS RU RW SA SE SG SI SM SY TH TZ UG US UY VA ZM";

/// Codes of three letters that the cars of their countries have.
const OWN_LETTERS: &str = "AFG AND AUS BIH CHN COM DJI DOM EST ETH FIN GUY IND IRL IRQ KIR KWT LAO MEX MNE NAM NIC PNG \
    RUS RWA SGP SRB SSD STP SYR TON TUV USA";

/// What the cell of a country is, where it tells codes from the letters of cars: `DE` is a code, `D` a letter, and `PL`
/// may be either.
pub(super) fn country_sign(text: &str) -> Option<CountrySign> {
    let text = text.trim();
    if of_cars(text).is_some() {
        return text.chars().next().map(CountrySign::Letter);
    }
    let code = text.to_ascii_uppercase();
    let is_in = |list: &str| list.split_ascii_whitespace().any(|own| own == code);
    let is_code = is_in(OTHER_LETTERS) || (country::is_alpha_3(&code) && !is_in(OWN_LETTERS));
    is_code.then_some(CountrySign::Code)
}

/// A country's code, its name in any language, its flag or the letter that its cars have.
pub(super) fn country(text: &str) -> Result<Country, ParseError> {
    if is_ditto(text) {
        return Err(ParseError::new("unknown_country", DITTO));
    }
    let (flags, rest) = flags(text);
    if flags.is_empty() {
        let known = of_cars(text);
        return known.map_or_else(|| country::parse_lenient(text), Ok);
    }
    let named = Some(rest.trim().to_owned()).filter(|name| !name.is_empty());
    let mut all = flags
        .iter()
        .chain(&named)
        .map(|name| country::parse_lenient(name));
    let first = all.next().unwrap_or_else(|| country::parse_lenient(text))?;
    for other in all {
        if other? != first {
            let rule = "this names two countries";
            return Err(ParseError::new("unknown_country", rule));
        }
    }
    Ok(first)
}

/// The country that a text names, without looking for what else could be meant.
pub(super) fn find_country(text: &str) -> Option<Country> {
    if text.contains(is_of_flag) {
        country(text).ok()
    } else {
        country::find(text)
    }
}

/// Whether a flag is made of this sign and others.
fn is_of_flag(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f3f4}')
}

/// The part of the United Kingdom whose flag stands in a text.
pub(super) fn part_by_flag(text: &str) -> Option<&'static str> {
    let tags = text
        .chars()
        .filter(|c| ('\u{e0061}'..='\u{e007a}').contains(c));
    let tags: String = tags
        .filter_map(|tag| char::from_u32(u32::from(tag) - 0xe0000))
        .collect();
    match tags.as_str() {
        "gbeng" => Some("England"),
        "gbsct" => Some("Scotland"),
        "gbwls" => Some("Wales"),
        _ => None,
    }
}

/// The codes of the flags in a text, and the text without them. 🏴󠁧󠁢󠁥󠁮󠁧󠁿 and its like are of GB.
pub(super) fn flags(text: &str) -> (Vec<String>, String) {
    let (mut letters, mut rest) = (String::new(), String::new());
    if !text.contains(is_of_flag) {
        return (Vec::new(), text.to_owned());
    }
    for c in text.chars() {
        match c {
            '\u{1f1e6}'..='\u{1f1ff}' => {
                letters.extend(char::from_u32(u32::from(c) - 0x1f1e6 + u32::from('A')));
            }
            '\u{1f3f4}' => letters.push_str("GB"),
            '\u{e0020}'..='\u{e007f}' | '\u{fe0f}' => {}
            _ => rest.push(c),
        }
    }
    let pairs = letters.as_bytes().chunks(2);
    let codes = pairs.map(|pair| String::from_utf8_lossy(pair).into_owned());
    (codes.collect(), rest)
}

/// A code in any case; people write its words apart.
pub(super) fn code<C: Code>(text: &str) -> Result<C, ParseError> {
    C::parse(&text.trim().to_lowercase().replace([' ', '-'], "_"))
}

/// The kind of tie: its code, or a word that lists have for it.
pub(super) fn relationship(text: &str) -> Result<RelationshipType, ParseError> {
    code(text).or_else(|unknown| match kinds::of_tie(text) {
        Some(Said::Kind(kind)) => Ok(kind),
        Some(Said::Unclear) => Err(ParseError::new("unclear_tie", UNCLEAR)),
        None => Err(unknown),
    })
}

/// What is wrong with words that speak of a tie and not of its kind alone.
const UNCLEAR: &str = "this is a paper, several kinds of tie, or says how the tie stands: an end belongs into \
                       ended_on, what is only planned is no tie yet; a table of values can say the kind";

/// The part of its country that a partner lies in: a name or a code.
pub(super) fn subdivision(text: &str) -> Result<String, ParseError> {
    text_of(text, MAX_NAME)
}

/// Free text.
pub(super) fn note(text: &str) -> Result<String, ParseError> {
    text_of(text, MAX_NOTE)
}

/// What a source is called.
pub(super) fn source_title(text: &str) -> Result<String, ParseError> {
    text_of(text, MAX_TITLE)
}

/// Degrees north, between -90 and 90.
pub(super) fn latitude(text: &str) -> Result<f64, ParseError> {
    Point::new(degrees(text)?, 0.0).map(|point| point.latitude)
}

/// Degrees east, between -180 and 180.
pub(super) fn longitude(text: &str) -> Result<f64, ParseError> {
    Point::new(0.0, degrees(text)?).map(|point| point.longitude)
}

/// A number in digits of any script with a decimal point or comma, and any of the minus signs.
fn degrees(text: &str) -> Result<f64, ParseError> {
    let plain = |c: char| match c {
        ',' | '\u{ff0c}' | '\u{ff0e}' | '٫' => '.',
        '\u{2212}' | '\u{ff0d}' => '-',
        c => ascii_digit(c).unwrap_or(c),
    };
    let seen = text.trim().chars().filter(|c| !is_invisible(*c));
    let number: String = seen.map(plain).collect();
    number.parse().map_err(|_not_a_number| {
        ParseError::new(
            "invalid_coordinates",
            "a coordinate is decimal degrees, such as 53.1325 or -0,1275",
        )
    })
}

/// An absolute http or https address.
pub(super) fn web_address(text: &str) -> Result<String, ParseError> {
    let text = text.trim();
    if validate::is_url(text) {
        return Ok(text.to_owned());
    }
    Err(ParseError::new(
        "invalid_url",
        format!(
            "this must be an absolute http or https address of at most {} characters, without a password",
            validate::MAX_URL
        ),
    ))
}
