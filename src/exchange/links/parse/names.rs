//! The cells that name ends, and what stands beside the names.

use super::super::{
    beside::{self, Beside},
    columns::{EndField, Side, Target},
    date,
    kinds::Said,
    lists, parse_cell, wiki,
};
use super::{Cells, Read};
use crate::core::{
    name,
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

/// What is wrong with a flag in a name.
const FLAG: &str =
    "a flag stands in this name that is not of its country: a table of values can give the name";

/// What is wrong with what stands there instead.
const NO_COUNTRY: &str = "what stands beside this name is no country for sure, a few letters may be a state or a \
                          province: write the country, or say in the table of values for the country what it means";

impl Cells<'_> {
    /// The kind of tie: what its cell says, else what stands beside a name, else what is set for the file.
    pub(super) fn relationship(&mut self, beside: [&Beside; 2]) -> Read<RelationshipType> {
        let read = self.read(Target::Relationship, parse_cell::relationship)?;
        let in_row = matches!(self.cell(Target::Relationship), Ok(Some(_)));
        let mut found = read.filter(|_| in_row);
        for (side, beside) in [Side::A, Side::B].into_iter().zip(beside) {
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

    /// A name apart from what stands beside it. What an export has written is a name as it is, and the names of
    /// institutions have countries and numbers in them.
    pub(super) fn apart(&self, side: Side, name: String, kind: Option<PartnerKind>) -> Beside {
        if self.is_exported() {
            return Beside {
                name,
                ..Beside::default()
            };
        }
        let is_place = !kind.is_some_and(PartnerKind::is_institution);
        let has_country = is_place || self.is_shared(side);
        let own = |part: &str| has_country && self.is_own_country(side, part);
        let beside = beside::apart(&name, own, self.layout.mapping().dates());
        if is_place {
            beside.without_postcode()
        } else {
            beside
        }
    }

    /// The name with what tells it from namesakes: the part of the country that the row names, or the title of
    /// the article that a wiki links, where that goes on behind the name.
    pub(super) fn full_name(&mut self, side: Side, name: &str) -> Read<String> {
        let target = Target::End(side, EndField::Subdivision);
        if let Some(part) = self.read(target, parse_cell::subdivision)? {
            let full = format!("{name} ({part})");
            return match parse_cell::name(&full) {
                Ok(full) => Ok(Some(full)),
                Err(invalid) => Err(self.fault(target, invalid.message)),
            };
        }
        let named = Target::End(side, EndField::Name);
        let cell = self.bytes(named).and_then(|cell| str::from_utf8(cell).ok());
        let wiki = self.layout.mapping().is_wiki() && !self.is_exported();
        let title = cell.filter(|_| wiki).and_then(wiki::title);
        let title = title.map(|title| self.apart(side, title, None).name);
        Ok(title.filter(|title| {
            let behind = title.strip_prefix(name);
            behind.is_some_and(|behind| behind.starts_with([' ', ',']))
        }))
    }

    /// Why a cell names no single partner, if it does not.
    pub(super) fn no_name(&self, side: Side, text: &str) -> Option<&'static str> {
        let raw = self.raw(Target::End(side, EndField::Name));
        let list = if self.layout.mapping().is_wiki() {
            let own = |link: &str| self.is_own_country(side, link);
            lists::of_links(raw.unwrap_or_default(), own).or_else(|| lists::looks_like_one(text))
        } else {
            lists::looks_like_one(raw.unwrap_or(text))
        };
        list.or_else(|| {
            let has_flag = |name: &str| !parse_cell::flags(name).0.is_empty();
            // Whom an identifier names is known, whatever is counted in the name: 3. Bezirk Budapest.
            let named_alone = self.layout.identifiers(side).next().is_none();
            let has_sign = named_alone && has_sign(text);
            if !has_sign && !has_flag(text) && !date::keeps_a_year(text) {
                return None;
            }
            let kind = self
                .quietly()
                .read(Target::End(side, EndField::Kind), parse_cell::kind);
            let kind = kind.ok().flatten();
            if kind.is_some_and(PartnerKind::is_institution) {
                return None;
            }
            if has_sign {
                return Some(SIGN);
            }
            let name = self.apart(side, text.to_owned(), kind).name;
            has_flag(&name)
                .then_some(FLAG)
                .or_else(|| date::keeps_a_year(&name).then_some(YEAR))
        })
    }

    /// Whether one column holds the name of an end and, beside it, the country.
    pub(super) fn is_shared(&self, side: Side) -> bool {
        let place = |field| self.layout.place(Target::End(side, field));
        place(EndField::Country).is_some_and(|own| place(EndField::Name) == Some(own))
    }

    /// The country beside the name, where one column holds both.
    pub(super) fn country_beside(&mut self, side: Side) -> Read<String> {
        let country = Target::End(side, EndField::Country);
        if let Some((whole, true)) = self.text(country)? {
            return Ok(Some(whole));
        }
        let mapping = self.layout.mapping();
        let text = self.text(Target::End(side, EndField::Name))?;
        let Some((text, _)) = text.filter(|(text, _)| !mapping.is_missing(text)) else {
            return Ok(None);
        };
        let stands =
            |part: &str| mapping.translate(country, part).is_some() || beside::is_country(part);
        let found = beside::apart(&text, stands, mapping.dates());
        match found.country {
            Some(part) => {
                let meant = mapping.translate(country, &part).unwrap_or(&part);
                Ok(Some(meant.to_owned()).filter(|meant| !meant.is_empty()))
            }
            None if name::without_beside(&found.name, |_| true).is_some()
                || beside::may_hold_country(&found.name) =>
            {
                Err(self.fault(country, NO_COUNTRY))
            }
            None => Ok(None),
        }
    }

    /// Whether a text is the country of an end, by its code or in any language, or by the table of values.
    pub(super) fn is_own_country(&self, side: Side, text: &str) -> bool {
        let target = Target::End(side, EndField::Country);
        let own = self.quietly().read(target, parse_cell::country);
        let text = self
            .layout
            .mapping()
            .translate(target, text)
            .unwrap_or(text);
        matches!(own, Ok(Some(own)) if parse_cell::country(text) == Ok(own))
    }
}

/// Whether signs stand in a text that belong to a list or to whoever doubts: `1. Metz`, `- Metz`, `Metz (?)`.
fn has_sign(text: &str) -> bool {
    let first = text.split(' ').next().unwrap_or_default();
    let number = first.trim_end_matches(['.', ')', ':']);
    let counted = number.len() < first.len() && number.bytes().all(|byte| byte.is_ascii_digit());
    let dash = matches!(first, "-" | "–" | "—" | "*");
    counted || dash || text.contains(['?', '？']) || wiki::is_unbalanced(text)
}
