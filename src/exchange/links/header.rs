//! Where in the rows of one file the targets stand.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::NaiveDate;

use super::{
    columns::{EndField, Side, Target},
    error::ReadError,
    mapping::{self, Mapping},
    wiki,
};
use crate::core::text::did_you_mean;

/// How many rows with text are looked at for the header: a title and what is said of it stand above.
const MOST_ROWS: u64 = 10;

/// The columns that a header may have, by their names.
pub(super) fn looked_for(mapping: &Mapping) -> BTreeSet<String> {
    let own = Target::all().map(|target| target.to_string());
    own.chain(mapping.named_columns().map(str::to_owned))
        .collect()
}

/// What the first of the first rows says that has every column which the mapping names.
#[derive(Debug)]
pub(super) struct Header {
    /// One for each of the partners that a row may name.
    pub(super) layouts: Vec<Layout>,
    /// How many rows with text stand above it.
    pub(super) above: u64,
}

/// The search for the header among the first rows with text.
#[derive(Debug)]
pub(super) struct Search {
    mapping: Mapping,
    looked_for: BTreeSet<String>,
    is_text: bool,
    seen: u64,
    /// How many of the columns the row has that has most of them so far, the first of those that are alike, and what is
    /// wrong with it.
    best: Option<(usize, String)>,
}

impl Search {
    pub(super) fn new(mapping: Mapping, is_text: bool) -> Self {
        Self {
            looked_for: looked_for(&mapping),
            mapping,
            is_text,
            seen: 0,
            best: None,
        }
    }

    /// Says from which day a workbook numbers its days, where that is not the usual one.
    pub(super) fn count_from(&mut self, zero: Option<NaiveDate>) {
        self.mapping.dates.zero = zero;
    }

    /// Takes the next row with text; the header, if this is it, or an error when it was the last row
    /// that may be.
    pub(super) fn offer(
        &mut self,
        line: u64,
        names: Vec<String>,
    ) -> Result<Option<Header>, ReadError> {
        let known = names.iter().filter(|name| self.knows(name)).count();
        let faults = match Layout::resolve(names, self.mapping.clone(), self.is_text) {
            Ok(layouts) => {
                let above = self.seen;
                return Ok(Some(Header { layouts, above }));
            }
            Err(faults) => faults,
        };
        self.seen += 1;
        if self.best.as_ref().is_none_or(|(most, _)| known > *most) {
            let word = if self.is_text { "line" } else { "row" };
            let faults = match self.seen {
                1 => faults,
                _ => format!("{faults}; most of the columns looked for stand in {word} {line}"),
            };
            self.best = Some((known, faults));
        }
        match self.failed() {
            Some(error) if self.seen >= MOST_ROWS => Err(error),
            _ => Ok(None),
        }
    }

    fn knows(&self, name: &str) -> bool {
        let is_wiki = self.mapping.is_wiki;
        self.looked_for.contains(name) || (is_wiki && self.looked_for.contains(&wiki::plain(name)))
    }

    /// What is wrong with the row that has most of the columns, if there was any row.
    pub(super) fn failed(&self) -> Option<ReadError> {
        let (_, faults) = self.best.as_ref()?;
        Some(ReadError::format(faults))
    }
}

/// The header of a file, read with a mapping, for one of the partners that a row may name.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    headers: Arc<[String]>,
    places: BTreeMap<Target, usize>,
    /// The mapping the header was read with.
    pub(super) mapping: Arc<Mapping>,
    /// Which of the partners of a row: `b` is 1, `b2` is 2.
    partner: u16,
    /// Whether the cells are of a text file, in which formulas have an apostrophe.
    pub(super) is_text: bool,
}

impl Layout {
    /// Finds the targets in a header, once for each partner that a row may name; else all that is
    /// wrong with the two of them.
    pub(super) fn resolve(
        headers: Vec<String>,
        mapping: Mapping,
        is_text: bool,
    ) -> Result<Vec<Self>, String> {
        let base = Self {
            headers: headers.into(),
            places: BTreeMap::new(),
            mapping: Arc::new(mapping),
            partner: 1,
            is_text,
        };
        let mut wrong = Vec::new();
        let mut all = vec![base.clone().filled(1, &mut wrong)];
        let own = base.headers.iter().filter_map(|header| {
            let (partner, target) = mapping::further(header)?;
            target.is_ok().then_some(partner)
        });
        let [mut further, set] = base.mapping.further();
        further.extend(own);
        for partner in &further {
            // What is no end of its own holds for every partner of a row.
            let mut more = all.first().unwrap_or(&base).clone();
            more.places
                .retain(|target, _| !matches!(target, Target::End(Side::B, _)));
            all.push(more.filled(*partner, &mut wrong));
        }
        wrong.extend(set.difference(&further).map(|partner| {
            format!("no column is named for b{partner}, of which something is set")
        }));
        // All partners of a row may have numbers.
        let first = all.first().map(|first| first.of_partner().count());
        if !further.is_empty() && first == Some(0) {
            all.remove(0);
        }
        if wrong.is_empty() {
            let lacking = all.iter().flat_map(|layout| {
                let sides = Side::BOTH.into_iter();
                sides.filter_map(|side| layout.lacks(side))
            });
            wrong.extend(lacking);
            wrong.dedup();
        }
        if wrong.is_empty() {
            return Ok(all);
        }
        let columns = base.headers.join(", ");
        wrong.push(format!("the columns of the file are: {columns}"));
        Err(wrong.join("; "))
    }

    /// The same with the places of all targets of one partner.
    fn filled(mut self, partner: u16, wrong: &mut Vec<String>) -> Self {
        self.partner = partner;
        for target in Target::all() {
            if partner > 1 && matches!(target, Target::End(Side::A, _)) {
                continue;
            }
            match self.find(target) {
                Ok(place) => self.places.extend(place.map(|place| (target, place))),
                Err(message) => wrong.push(message),
            }
        }
        self
    }

    /// The targets of the second end that the file has columns for.
    pub(super) fn of_partner(&self) -> impl Iterator<Item = Target> {
        let all = self.places.keys().copied();
        all.filter(|target| matches!(target, Target::End(Side::B, _)))
    }

    /// How a target is written for this partner.
    fn written(&self, target: Target) -> String {
        match target {
            Target::End(Side::B, field) if self.partner > 1 => format!("b{}.{field}", self.partner),
            target => target.to_string(),
        }
    }

    /// Where a target stands; an error if the mapping names a column that isn't there, or if the
    /// column is there twice.
    fn find(&self, target: Target) -> Result<Option<usize>, String> {
        let own = match target {
            Target::End(..) => self.written(target),
            _ if self.partner > 1 => format!("b{}.{target}", self.partner),
            _ => target.to_string(),
        };
        let mapped = self.mapping.column(self.partner, target);
        let name = mapped.unwrap_or(&own);
        let headers = self.headers.iter().enumerate();
        let is_wiki = self.mapping.is_wiki;
        let mut places = headers
            .filter(|(_, header)| *header == name || (is_wiki && wiki::plain(header) == name));
        match (places.next(), places.next()) {
            (Some(_), Some(_)) => Err(format!("the column “{name}” for {own} is there twice")),
            (Some((place, _)), None) => Ok(Some(place)),
            (None, _) if mapped.is_none() => Ok(None),
            (None, _) => {
                let hint = did_you_mean(name, self.headers.iter().map(String::as_str))
                    .map_or_else(String::new, |near| format!("; did you mean “{near}”?"));
                Err(format!("the file has no column “{name}” for {own}{hint}"))
            }
        }
    }

    /// What is missing for any row to say who the end is.
    fn lacks(&self, side: Side) -> Option<String> {
        let given = |field| self.gives(Target::End(side, field));
        let named = given(EndField::Name) && given(EndField::Country);
        (!named && self.identifiers(side).next().is_none()).then(|| {
            let side = match (side, self.partner) {
                (Side::B, 2..) => format!("b{}", self.partner),
                (side, _) => side.to_string(),
            };
            format!(
                "nothing gives {side}.name and {side}.country, or an identifier such as \
                 {side}.wikidata: name their columns with --map {side}.name=COLUMN or in a mapping \
                 file; where the country stands beside the name, as in “Metz, France”, name one column \
                 for both"
            )
        })
    }

    fn gives(&self, target: Target) -> bool {
        self.places.contains_key(&target) || self.set_value(target).is_some()
    }

    /// What a target is in rows that don't say.
    pub(super) fn set_value(&self, target: Target) -> Option<&str> {
        self.mapping.set_value(self.partner, target)
    }

    /// The identifiers that the file or the mapping gives for an end.
    pub(super) fn identifiers(&self, side: Side) -> impl Iterator<Item = Target> {
        Target::identifiers(side).filter(|target| self.gives(*target))
    }

    /// How many cells a row has.
    pub(super) fn width(&self) -> usize {
        self.headers.len()
    }

    /// The names of the last so many cells.
    pub(super) fn headers_from(&self, place: usize) -> impl Iterator<Item = &str> {
        self.headers.iter().skip(place).map(String::as_str)
    }

    /// The place of a target's cell, if the file has one.
    pub(super) fn place(&self, target: Target) -> Option<usize> {
        self.places.get(&target).copied()
    }

    /// The file's name for a target, or ours when the file doesn't have it.
    pub(super) fn column(&self, target: Target) -> String {
        let header = self.place(target).and_then(|place| self.headers.get(place));
        header.cloned().unwrap_or_else(|| self.written(target))
    }

    /// The column in which a reader of the file looks for an end: its name, else an identifier.
    pub(super) fn naming(&self, side: Side) -> Target {
        let name = Target::End(side, EndField::Name);
        let mut identifiers = self.identifiers(side);
        let first = identifiers.find(|target| self.place(*target).is_some());
        match self.place(name) {
            Some(_) => name,
            None => first.unwrap_or(name),
        }
    }

    /// The first column that a row of so many cells lacks, or the last one when it has too many.
    pub(super) fn column_after(&self, cells: usize) -> String {
        let header = self.headers.get(cells).or_else(|| self.headers.last());
        header.cloned().unwrap_or_default()
    }

    /// Columns that nothing is read from, whatever the partner.
    pub(super) fn ignored(all: &[Self]) -> impl Iterator<Item = &str> {
        let headers = all.first().map(|first| first.headers.iter().enumerate());
        let is_used = |place: usize| {
            let mut layouts = all.iter();
            layouts.any(|layout| layout.places.values().any(|used| *used == place))
        };
        headers
            .into_iter()
            .flatten()
            .filter(move |(place, header)| !header.is_empty() && !is_used(*place))
            .map(|(_, header)| header.as_str())
    }
}
