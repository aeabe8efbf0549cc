//! Where in the rows of one file the targets stand.

use std::collections::BTreeMap;

use super::{
    mapping::Mapping,
    target::{EndField, Side, Target},
};
use crate::core::text::did_you_mean;

/// The header of a file, read with a mapping.
#[derive(Debug)]
pub(super) struct Layout {
    headers: Vec<String>,
    places: BTreeMap<Target, usize>,
    mapping: Mapping,
}

impl Layout {
    /// Finds the targets in a header; else all that is wrong with the two of them.
    pub(super) fn resolve(headers: Vec<String>, mapping: Mapping) -> Result<Self, String> {
        let mut layout = Self {
            headers,
            places: BTreeMap::new(),
            mapping,
        };
        let mut wrong = Vec::new();
        for target in Target::all() {
            match layout.find(target) {
                Ok(Some(place)) => {
                    layout.places.insert(target, place);
                }
                Ok(None) => {}
                Err(message) => wrong.push(message),
            }
        }
        if wrong.is_empty() {
            let sides = [Side::A, Side::B];
            wrong.extend(sides.into_iter().filter_map(|side| layout.lacks(side)));
        }
        if wrong.is_empty() {
            return Ok(layout);
        }
        let columns = layout.headers.join(", ");
        wrong.push(format!("the columns of the file are: {columns}"));
        Err(wrong.join("\n"))
    }

    /// Where a target stands; an error if the mapping names a column that isn't there, or if the
    /// column is there twice.
    fn find(&self, target: Target) -> Result<Option<usize>, String> {
        let mapped = self.mapping.column(target);
        let own = target.to_string();
        let name = mapped.unwrap_or(&own);
        let headers = self.headers.iter().enumerate();
        let mut places = headers.filter(|(_, header)| *header == name);
        match (places.next(), places.next()) {
            (Some(_), Some(_)) => Err(format!("the column “{name}” for {target} is there twice")),
            (Some((place, _)), None) => Ok(Some(place)),
            (None, _) if mapped.is_none() => Ok(None),
            (None, _) => {
                let hint = did_you_mean(name, self.headers.iter().map(String::as_str))
                    .map_or_else(String::new, |near| format!("; did you mean “{near}”?"));
                Err(format!(
                    "the file has no column “{name}” for {target}{hint}"
                ))
            }
        }
    }

    /// What is missing for any row to say who the end is.
    fn lacks(&self, side: Side) -> Option<String> {
        let given = |field| self.gives(Target::End(side, field));
        let named = given(EndField::Name) && given(EndField::Country);
        (!named && self.identifiers(side).next().is_none()).then(|| {
            format!(
                "nothing gives {side}.name and {side}.country, or an identifier such as \
                 {side}.wikidata: name their columns with --map {side}.name=COLUMN or in a mapping \
                 file"
            )
        })
    }

    fn gives(&self, target: Target) -> bool {
        self.places.contains_key(&target) || self.mapping.set_value(target).is_some()
    }

    /// The identifiers that the file or the mapping gives for an end.
    pub(super) fn identifiers(&self, side: Side) -> impl Iterator<Item = Target> {
        Target::identifiers(side).filter(|target| self.gives(*target))
    }

    /// How many cells a row has.
    pub(super) fn width(&self) -> usize {
        self.headers.len()
    }

    /// The mapping the header was read with.
    pub(super) fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// The place of a target's cell, if the file has one.
    pub(super) fn place(&self, target: Target) -> Option<usize> {
        self.places.get(&target).copied()
    }

    /// The file's name for a target, or ours when the file doesn't have it.
    pub(super) fn column(&self, target: Target) -> String {
        let header = self.place(target).and_then(|place| self.headers.get(place));
        header.cloned().unwrap_or_else(|| target.to_string())
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

    /// Columns that nothing is read from.
    pub(super) fn ignored(&self) -> impl Iterator<Item = &str> {
        let headers = self.headers.iter().enumerate();
        headers
            .filter(|(place, _)| !self.places.values().any(|used| used == place))
            .map(|(_, header)| header.as_str())
            .filter(|header| !header.is_empty())
    }
}
