//! The cells that name ends, and what stands beside the names.

use super::super::{
    beside::{self, Beside, Piece},
    columns::{EndField, Side, Target},
    date,
    kinds::{self, Said},
    lists, parse_cell, row, wiki,
};
use super::{Cells, Read};
use crate::core::{
    country::{self, Country},
    name,
    text::ascii_digit,
    vocabulary::{agreement::RelationshipType, partner::PartnerKind},
};

/// What is wrong with a year in a name.
const YEAR: &str = "a year stands in this name: when a tie began and ended belongs into columns of its own \
                    (signed_on, ended_on), and several partners into rows of their own; a table of values can \
                    give the name";

/// What is wrong with a kind of tie beside a name.
const KIND: &str = "a kind of tie or paper stands in this name, or how the tie stands: that belongs into a column of \
                    its own (relationship, instrument, ended_on); a table of values can give the name";

/// What is wrong with a sign that says more than a name.
const SIGN: &str = "a number or a sign of a list, a question mark or half a pair of brackets stands in this name: a \
                    table of values can give the name";

/// What is wrong with a dagger.
const DAGGER: &str = "a dagger stands beside this name, which may say that the tie has ended or be the mark of a \
                      footnote: an end belongs into ended_on; a table of values can give the name";

/// What is wrong with a flag in a name.
const FLAG: &str =
    "a flag stands in this name that is not of its country: a table of values can give the name";

/// What is wrong with what stands there instead.
const NO_COUNTRY: &str = "what stands beside this name is no country for sure, it may be a state or a province: write \
                          the country, or say in the table of values for the country what it means, or in the one \
                          for the name what to read instead";

/// What is wrong with `MA`, which a list with commas has behind Boston.
const CODE_OF_PART: &str = "this is the code of a part of the country and no name: it belongs beside the name, as in \
                            “Boston, MA”, or into a column for the subdivision; a table of values can give the name";

/// What is asked of the parts beside a name.
#[derive(Debug, Clone, Copy)]
struct Asked {
    side: Side,
    /// The country of the end, or what is set for it.
    own: Option<Country>,
    /// Whether its country is looked for.
    finds: bool,
    /// Whether it is a place, in whose name no country and no kind of tie stands.
    is_place: bool,
    /// Whether the name is from the table of values.
    is_meant: bool,
}

impl Cells<'_> {
    /// The kind of tie: what its cell says, else what stands beside a name, else what is set for the file.
    pub(super) fn relationship(&mut self, beside: [&Beside; 2]) -> Read<RelationshipType> {
        let read = self.read(Target::Relationship, parse_cell::relationship)?;
        let in_row = matches!(self.cell(Target::Relationship), Ok(Some(_)));
        let mut found = read.filter(|_| in_row);
        for (side, beside) in Side::each(beside) {
            let fault = match (beside.tie, found) {
                (Some(Said::Unclear), _) => KIND.to_owned(),
                (Some(Said::Kind(said)), Some(other)) if said != other => {
                    format!("{said} stands beside this name, and the row says {other}")
                }
                (Some(Said::Kind(said)), _) => {
                    found = Some(said);
                    continue;
                }
                (None, _) => continue,
            };
            return Err(self.fault(self.layout.naming(side), fault));
        }
        Ok(found.or(read))
    }

    /// A name apart from what stands beside it. What an export or the table of values has is a name as it is, but for
    /// the country where one column holds both, and the names of institutions have countries and numbers in them.
    pub(super) fn apart(
        &self,
        side: Side,
        name: &str,
        kind: Option<PartnerKind>,
        is_meant: bool,
    ) -> Beside {
        if self.is_exported() || (is_meant && !self.is_shared(side)) {
            return Beside::of(name);
        }
        let own = self.country(side);
        let is_place = !kind.is_some_and(PartnerKind::is_institution);
        let asked = Asked {
            side,
            own,
            finds: false,
            is_place,
            is_meant,
        };
        let read = |part: &str, is_flag| self.piece(asked, part, is_flag);
        let beside = beside::apart(name, own, is_meant, read);
        if !is_place || is_meant {
            return beside;
        }
        let mut beside = beside.without_postcode();
        if let Some(own) = own
            && beside.fault.is_none()
            && !self.is_identified(side)
        {
            let is_own = |text: &str| country::find(text) == Some(own);
            let is_part = || country::subdivision(&beside.name, own).is_some();
            let better = beside::with_comma_before(&beside.name, is_own).filter(|_| !is_part());
            let code = || is_code_of_part(&beside.name, own).then(|| CODE_OF_PART.to_owned());
            beside.fault = better.map(|better| in_name(&better)).or_else(code);
        }
        beside
    }

    /// What a part beside a name is.
    fn piece(&self, asked: Asked, part: &str, is_flag: bool) -> Option<Piece> {
        let piece = self.piece_of_country(asked, part, is_flag);
        if piece.is_some() || is_flag || asked.is_meant {
            return piece;
        }
        let date = self.layout.mapping.dates.beside(part);
        let tie = || kinds::beside_a_name(part).filter(|_| asked.is_place);
        date.map(Piece::Date).or_else(|| tie().map(Piece::Tie))
    }

    /// The country that a part beside a name is: the end's own in any way of writing it, and another one, or the one
    /// that is looked for, if it is a country for sure.
    fn piece_of_country(&self, asked: Asked, part: &str, is_flag: bool) -> Option<Piece> {
        let Asked { own, finds, .. } = asked;
        if !finds && (own.is_none() || !(asked.is_place || self.is_shared(asked.side))) {
            return None;
        }
        let found = if is_flag {
            part.parse().ok()
        } else {
            country::find(part)
        };
        let translated = self.translated(asked.side, part);
        if let Some(meant) = translated.filter(|meant| finds || own == Some(*meant)) {
            let part = if found == Some(meant) {
                country::part(part)
            } else {
                country::subdivision(part, meant)
            };
            return Some(Piece::Country(meant, part));
        }
        let found = found?;
        let is_sure = is_flag || country::certain(part).is_some();
        let is_another = asked.is_place
            && !asked.is_meant
            && !is_flag
            && own.is_some_and(|own| country::are_apart(own, found));
        let counts = own == Some(found) || is_sure && (finds || is_another);
        counts.then(|| Piece::Country(found, country::part(part)))
    }

    /// The country that the table of values has for a text.
    fn translated(&self, side: Side, text: &str) -> Option<Country> {
        let target = Target::End(side, EndField::Country);
        let meant = self.layout.mapping.translate(target, text)?;
        parse_cell::find_country(meant)
    }

    /// The name with what tells it from namesakes: the part of the country that the row names, or that stands beside
    /// the name, or the title of the article that a wiki links, where that goes on behind the name.
    pub(super) fn full_name(&mut self, side: Side, beside: &Beside) -> Read<String> {
        let target = Target::End(side, EndField::Subdivision);
        let name = &beside.name;
        if let Some(part) = self.read(target, parse_cell::subdivision)? {
            let own = self.country(side);
            // Ohio, OH and US-OH are one part of the United States.
            let known = own.and_then(|own| country::subdivision(&part, own));
            let part = known.unwrap_or(&part);
            let beside = own.and_then(|own| row::with_part(name, own));
            let base = beside.filter(|(_, beside)| *beside == part);
            let full = format!("{} ({part})", base.map_or(name.as_str(), |(base, _)| base));
            let full = parse_cell::name(&full).map(Some);
            return full.map_err(|invalid| self.fault(target, invalid.message));
        }
        if let Some(full) = beside.full_name() {
            return Ok(Some(full));
        }
        let named = Target::End(side, EndField::Name);
        let cell = self.bytes(named).and_then(|cell| str::from_utf8(cell).ok());
        let wiki = self.layout.mapping.is_wiki && !self.is_exported();
        let title = cell.filter(|_| wiki).and_then(wiki::title);
        let title = title.map(|title| {
            let beside = self.apart(side, &title, None, false);
            beside.full_name().unwrap_or(beside.name)
        });
        Ok(title.filter(|title| {
            let behind = title.strip_prefix(name.as_str());
            behind.is_some_and(|behind| behind.starts_with([' ', ',']))
        }))
    }

    /// Why a cell names no single partner, if it does not.
    pub(super) fn no_name(&self, side: Side, text: &str) -> Option<&'static str> {
        if text.contains(['†', '‡', '✝']) {
            return Some(DAGGER);
        }
        let raw = self.raw(Target::End(side, EndField::Name));
        let own = self.country(side);
        let kind = || {
            let target = Target::End(side, EndField::Kind);
            let kind = self.quietly().read(target, parse_cell::code);
            kind.ok().flatten()
        };
        let named = || self.apart(side, text, kind(), false).name;
        let is_known =
            || self.is_identified(side) || kind().is_some_and(PartnerKind::is_institution);
        // Boston, Massachusetts is one city, and Lyon, Metz are two.
        let is_part = |part: &str| {
            own.is_some_and(|own| country::subdivision(part, own).is_some()) || is_known()
        };
        let list = if self.layout.mapping.is_wiki {
            let is_own = |link: &str| {
                own.is_some() && [country::find(link), self.translated(side, link)].contains(&own)
            };
            lists::of_links(raw.unwrap_or_default(), is_own)
                .or_else(|| lists::looks_like_one(text, named, is_part))
        } else {
            lists::looks_like_one(raw.unwrap_or(text), named, is_part)
        };
        let within = || {
            let own = own.filter(|_| text.contains(['(', '（']))?;
            let holds = holds_country(text, own) && holds_country(&named(), own);
            (holds && !is_known()).then_some(lists::SEVERAL)
        };
        list.or_else(within).or_else(|| {
            let has_flag = |name: &str| !parse_cell::flags(name).0.is_empty();
            // Whom an identifier names is known, whatever is counted in the name: 3. Bezirk Budapest.
            let noted = || text.contains(['(', '（']) && has_footnote(&named());
            let has_sign = (has_sign(text) || noted()) && !self.is_identified(side);
            if !has_sign && !has_flag(text) && !date::keeps_a_year(text) {
                return None;
            }
            let kind = kind();
            if kind.is_some_and(PartnerKind::is_institution) {
                return None;
            }
            if has_sign {
                return Some(SIGN);
            }
            let name = self.apart(side, text, kind, false).name;
            has_flag(&name)
                .then_some(FLAG)
                .or_else(|| date::keeps_a_year(&name).then_some(YEAR))
        })
    }

    /// Whether the row has an identifier of an end.
    fn is_identified(&self, side: Side) -> bool {
        let mut identifiers = self.layout.identifiers(side);
        identifiers.any(|target| self.quietly().cell(target) != Ok(None))
    }

    /// Whether one column holds the name of an end and, beside it, the country.
    pub(super) fn is_shared(&self, side: Side) -> bool {
        let place = |field| self.layout.place(Target::End(side, field));
        place(EndField::Country).is_some_and(|own| place(EndField::Name) == Some(own))
    }

    /// The country beside the name, where one column holds both. An end that an identifier names needs none.
    pub(super) fn country_beside(&mut self, side: Side) -> Read<String> {
        let target = Target::End(side, EndField::Country);
        if let Some((whole, true)) = self.text(target)? {
            return Ok(Some(whole));
        }
        let mapping = &self.layout.mapping;
        let text = self.text(Target::End(side, EndField::Name))?;
        let Some((text, is_meant)) = text.filter(|(text, _)| !mapping.is_missing(text)) else {
            return Ok(None);
        };
        let set = self.layout.set_value(target);
        let own = set.and_then(parse_cell::find_country);
        let asked = Asked {
            side,
            own,
            finds: true,
            is_place: true,
            is_meant,
        };
        let read = |part: &str, is_flag| self.piece(asked, part, is_flag);
        let found = beside::apart(&text, None, is_meant, read);
        if let Some(reason) = found.fault {
            return Err(self.fault(target, reason));
        }
        let written = found.written.as_deref().unwrap_or_default();
        let is_said = is_meant || self.translated(side, written).is_some();
        match (found.country, own) {
            (Some(country), Some(own)) if country::are_apart(country, own) && !is_said => {
                let reason = format!(
                    "another country stands beside this name than is set for the file: {written}, and {own}; say in \
                     the table of values for the country what it means"
                );
                Err(self.fault(target, reason))
            }
            (Some(country), _) => Ok(Some(country.as_str().to_owned())),
            (None, _) if is_meant || self.is_identified(side) => Ok(None),
            _ if name::without_beside(&found.name, |_| true).is_some() => {
                Err(self.fault(target, NO_COUNTRY))
            }
            _ => match beside::with_comma(&found.name).or_else(|| {
                let is_sure = |text: &str| country::certain(text).is_some();
                beside::with_comma_before(&found.name, is_sure)
            }) {
                Some(better) => Err(self.fault(target, in_name(&better))),
                None => Ok(None),
            },
        }
    }
}

/// What is wrong with a name in which a country seems to stand.
fn in_name(better: &str) -> String {
    format!(
        "a country seems to stand in this name: write “{better}”, or say in the table of values for the name what to \
         read instead"
    )
}

/// Whether a name is nothing but the code of a part of its country.
fn is_code_of_part(name: &str, own: Country) -> bool {
    let is_code = (2..=3).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_uppercase());
    is_code && country::subdivision(name, own).is_some()
}

/// Whether signs stand in a text that belong to a list, a footnote or to whoever doubts: `1. Metz`, `(1) Metz`,
/// `- Metz`, `Metz (?)`, `Metz (1)`.
fn has_sign(text: &str) -> bool {
    let first = text.split(' ').next().unwrap_or_default();
    let dash = matches!(first, "-" | "–" | "—" | "*");
    let doubts = text.contains(['?', '？']);
    dash || doubts || is_counted(text) || has_footnote(text) || wiki::is_unbalanced(text)
}

/// Whether a text ends with brackets that hold a sign or one digit. Two digits are the code of a part of France, as in
/// `Saint-Denis (93)`.
fn has_footnote(text: &str) -> bool {
    let open = text.strip_suffix([')', '）']);
    let inner = open.and_then(|text| text.rsplit_once(['(', '（']));
    inner.is_some_and(|(_, inner)| {
        let count = inner.chars().filter(|c| c.is_alphanumeric()).count();
        count == 0 || count == 1 && inner.chars().all(|c| !c.is_alphabetic())
    })
}

/// Whether the country of a name stands within it in brackets, before more of it: `Alytus (Litwa) i Marijampolė`.
fn holds_country(name: &str, own: Country) -> bool {
    let mut parts = name.split(['(', '（']).skip(1);
    parts.any(|part| {
        part.split_once([')', '）']).is_some_and(|(inner, behind)| {
            country::find(inner) == Some(own) && behind.chars().any(char::is_alphabetic)
        })
    })
}

/// Whether a text begins with the number of a list.
fn is_counted(text: &str) -> bool {
    let number = text.strip_prefix(['(', '（']).unwrap_or(text);
    let rest = number.trim_start_matches(|c| ascii_digit(c).is_some());
    let mut behind = rest.chars();
    let has_sign = matches!(
        behind.next(),
        Some('.' | ')' | ':' | '．' | '）' | '：' | '、')
    );
    let goes_on = behind.next().is_none_or(|c| ascii_digit(c).is_none());
    rest.len() < number.len() && has_sign && goes_on
}

#[cfg(test)]
mod tests {
    use super::has_sign;

    #[test]
    fn signs_of_lists_and_of_doubt_are_no_part_of_names() {
        for text in [
            "1. Metz",
            "1.Metz",
            "1) Metz",
            "(1) Metz",
            "１．メッツ",
            "١. متز",
            "- Metz",
            "Metz (?)",
            "Metz (Moselle",
            "Metz (1)",
            "Metz (*)",
        ] {
            assert!(has_sign(text), "{text}");
        }
        for text in [
            "Metz",
            "25 de Mayo",
            "100 Mile House",
            "Saint-Denis (93)",
            "-dorf",
            "2.5 Mile",
        ] {
            assert!(!has_sign(text), "{text}");
        }
    }
}
