//! How much of its dates an ODS sheet shows: the reader of workbooks gives whole days.

use std::collections::HashMap;

use chrono::NaiveDate;

/// How much of a date its cell shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Grain {
    #[default]
    Day,
    Month,
    Year,
    /// A day or a month of no year, or a time.
    WithoutYear,
}

impl Grain {
    /// By the letters of its format: `y`, `m` and `d`.
    pub(super) fn of_letters(letters: &str) -> Self {
        // The year of emperors, `e` and `gge`, is one.
        let has = |letter| letters.contains(letter);
        match (has('y') || has('e'), has('m'), has('d')) {
            (true, false, false) => Self::Year,
            (true, true, false) => Self::Month,
            (false, true, _) | (false, _, true) => Self::WithoutYear,
            _ => Self::Day,
        }
    }

    /// By what is shown of a date where no style says it.
    fn of_text(shown: &str, date: &str) -> Self {
        let shown = shown.trim();
        let numbers: Vec<&str> = shown.split(['/', '.', '-']).collect();
        let (year, month) = (date.get(..4), date.get(5..7));
        let is_month = |text: &str| {
            month.map(|month| month.trim_start_matches('0')) == Some(text.trim_start_matches('0'))
        };
        match numbers.as_slice() {
            [only] if Some(*only) == year => Self::Year,
            [first, last] if is_month(first) && Some(*last) == year => Self::Month,
            [first, last] if Some(*first) == year && is_month(last) => Self::Month,
            _ => Self::Day,
        }
    }
}

/// The most names of styles that are kept, and the longest of them.
const STYLES: usize = 10_000;
const NAME: usize = 200;
/// What is kept of the text of a cell.
const SHOWN: usize = 40;

/// The cells of a workbook that show less of their dates than a day, found tag by tag.
#[derive(Debug, Default)]
pub(super) struct OdsDates {
    /// What the formats of dates show, by their names.
    formats: HashMap<String, Grain>,
    /// The formats of the styles of cells.
    styles: HashMap<String, String>,
    /// The format that is being read, and its letters.
    open: Option<(String, String)>,
    /// How many tables there are so far.
    pub(super) tables: u64,
    /// The columns before which a style is the usual one.
    columns: Vec<(u64, Option<Grain>)>,
    row: Option<Grain>,
    /// The date that is being read, what its style shows, and its text.
    cell: Option<(Block, Option<Grain>, String)>,
    shown: Vec<u8>,
    found: Vec<Block>,
    /// The day from which numbers of days count, where the workbook says it.
    pub(super) zero: Option<NaiveDate>,
    /// Whether readings stand above signs.
    pub(super) has_readings: bool,
}

/// Where cells stand, those that are repeated included.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Block {
    pub(super) table: u64,
    pub(super) row: u64,
    pub(super) rows: u64,
    pub(super) column: u64,
    pub(super) columns: u64,
    pub(super) grain: Grain,
}

impl OdsDates {
    /// Looks at a tag of the part with the sheets.
    pub(super) fn tag(&mut self, tag: &str, local: &str) {
        let named = |name| {
            let name = attribute(tag, name).filter(|name| name.len() <= NAME);
            name.map(str::to_owned)
        };
        match local {
            "null-date" => {
                self.zero = attribute(tag, "date-value").and_then(|day| day.parse().ok());
            }
            "ruby-text" => self.has_readings = true,
            "date-style" => self.open = named("name").map(|name| (name, String::new())),
            "year" | "month" | "day" => {
                if let Some((_, letters)) = &mut self.open {
                    letters.extend(local.chars().next());
                }
            }
            "style" if self.styles.len() < STYLES => {
                self.styles
                    .extend(named("name").zip(named("data-style-name")));
            }
            "table" => {
                self.tables += 1;
                self.columns.clear();
            }
            "table-column" if self.columns.len() < STYLES => {
                let repeats = attribute(tag, "number-columns-repeated");
                let count = repeats.and_then(|count| count.parse().ok()).unwrap_or(1);
                let before = self.columns.last().map_or(0, |(before, _)| *before);
                let style = self.style(tag, "default-cell-style-name");
                self.columns.push((before.saturating_add(count), style));
            }
            "table-row" => self.row = self.style(tag, "default-cell-style-name"),
            "" if tag.ends_with(":date-style") && self.formats.len() < STYLES => {
                let format = self.open.take();
                self.formats
                    .extend(format.map(|(name, letters)| (name, Grain::of_letters(&letters))));
            }
            "" if tag.ends_with(":table-cell") => self.end_cell(),
            _ => {}
        }
    }

    /// What the style in an attribute shows of a date, if it is one of dates.
    fn style(&self, tag: &str, name: &str) -> Option<Grain> {
        let format = self.styles.get(attribute(tag, name)?)?;
        self.formats.get(format).copied()
    }

    /// Looks at the tag of a cell, which stands there.
    pub(super) fn cell(&mut self, tag: &str, at: Block) {
        self.end_cell();
        let Some(date) = attribute(tag, "date-value") else {
            return;
        };
        let grain = if attribute(tag, "style-name").is_some() {
            self.style(tag, "style-name")
        } else {
            let mut columns = self.columns.iter();
            let usual = columns.find(|(before, _)| at.column < *before);
            self.row.or_else(|| usual.and_then(|(_, style)| *style))
        };
        let at = Block {
            table: self.tables,
            ..at
        };
        self.cell = Some((at, grain, date.to_owned()));
        if tag.ends_with('/') {
            self.end_cell();
        }
    }

    /// Looks at a byte of text.
    pub(super) fn text(&mut self, byte: u8) {
        if self.cell.is_some() && self.shown.len() < SHOWN {
            self.shown.push(byte);
        }
    }

    fn end_cell(&mut self) {
        let shown = std::mem::take(&mut self.shown);
        if let Some((at, style, date)) = self.cell.take() {
            let text = String::from_utf8_lossy(&shown);
            let grain = style.unwrap_or_else(|| Grain::of_text(&text, &date));
            if grain != Grain::Day {
                self.found.push(Block { grain, ..at });
            }
        }
    }

    /// How much of its date a cell shows, by the number of its table from 0.
    pub(super) fn grain(&self, table: usize, row: u32, column: u32) -> Grain {
        let table = u64::try_from(table).unwrap_or(u64::MAX).saturating_add(1);
        let (row, column) = (u64::from(row), u64::from(column));
        let before = |block: &Block| (block.table, block.row) <= (table, row);
        let above = self.found.partition_point(before).checked_sub(1);
        let Some(top) = above
            .and_then(|at| self.found.get(at))
            .map(|block| block.row)
        else {
            return Grain::Day;
        };
        let before = |block: &Block| (block.table, block.row, block.column) <= (table, top, column);
        let left = self.found.partition_point(before).checked_sub(1);
        let block = left.and_then(|at| self.found.get(at)).filter(|block| {
            block.table == table
                && row < block.row.saturating_add(block.rows)
                && (block.column..block.column.saturating_add(block.columns)).contains(&column)
                && row >= block.row
        });
        block.map_or(Grain::Day, |block| block.grain)
    }
}

/// What an attribute says, by its name without the namespace.
pub(super) fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    tag.match_indices(name).find_map(|(at, _)| {
        let before = tag.get(..at)?;
        let is_whole =
            before.is_empty() || before.ends_with(|c: char| c.is_whitespace() || c == ':');
        let rest = tag.get(at + name.len()..).filter(|_| is_whole)?;
        let value = rest.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        value.get(1..)?.split(quote).next()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_of_a_date_is_as_much_as_is_known() {
        for (shown, grain) in [
            ("1992", Grain::Year),
            ("06/1992", Grain::Month),
            ("1992-06", Grain::Month),
            ("6.1992", Grain::Month),
            ("25.06.1992", Grain::Day),
            ("01/1992", Grain::Day),
            ("1993", Grain::Day),
            ("", Grain::Day),
        ] {
            assert_eq!(Grain::of_text(shown, "1992-06-25"), grain, "{shown}");
        }
    }
}
