//! What stands between the cells of a text file.

use std::{cmp::Reverse, collections::BTreeSet, iter};

use super::{header::looked_for, mapping::Mapping};
use crate::core::text::nfc;

/// The separators that a header may have, the likeliest first.
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];
/// How many lines are looked at for the header, which may have a title above it.
const LINES: usize = 20;
/// How many other signs of a line are tried.
const OTHERS: usize = 64;

/// The separator that a line `sep=;` before the header announces, and the header.
pub(super) fn first_line(text: &str) -> (Option<char>, &str) {
    let mut lines = text.split(['\n', '\r']).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let plain = first.trim_start_matches('"').trim_end_matches('"');
    let announced = plain
        .get(..4)
        .filter(|start| start.eq_ignore_ascii_case("sep="));
    let mut rest = plain.chars().skip(4);
    match (announced, rest.next()) {
        (Some(_), Some(separator)) if rest.all(|c| matches!(c, '"' | ' ' | ';' | ',')) => {
            (Some(separator), lines.next().unwrap_or_default())
        }
        _ => (None, text.trim_start_matches(['\n', '\r'])),
    }
}

/// The separator with which one of the first lines has most of the columns that are looked for, else
/// the one of the usual ones of which the first line has most outside quotes; a comma when it has none.
pub(super) fn guess(text: &str, mapping: &Mapping) -> char {
    let columns = looked_for(mapping);
    let ends = ['\n', '\r'];
    let lines = iter::successors(Some(text.trim_start_matches(ends)), |rest| {
        let (_, after) = rest.split_once(ends)?;
        Some(after.trim_start_matches(ends))
    });
    let all = lines.take(LINES).map(|rest| likeliest(rest, &columns));
    let best = all.min_by_key(|(_, known)| Reverse(*known));
    best.map_or(',', |(separator, _)| separator)
}

/// The likeliest separator of a header, and how many columns that are looked for it has with it.
fn likeliest(header: &str, columns: &BTreeSet<String>) -> (char, usize) {
    let first = header.split(['\n', '\r']).next().unwrap_or_default();
    let others: BTreeSet<char> = first
        .chars()
        .filter(|c| {
            let usual = SEPARATORS.contains(c) || matches!(c, '"' | '.' | '_' | ' ');
            !usual && !c.is_alphanumeric()
        })
        .collect();
    let all = SEPARATORS
        .into_iter()
        .chain(others.into_iter().take(OTHERS));
    let split = all.filter_map(|separator| {
        let cells = header_cells(header, separator);
        let known = cells.iter().filter(|cell| columns.contains(&nfc(cell)));
        let known = known.count();
        // What is unusual must show two columns.
        let counts = known > 1 || SEPARATORS.contains(&separator);
        counts.then_some((separator, known, cells.len()))
    });
    // A file with one column has its name however it is split.
    let best = split.min_by_key(|(_, known, cells)| Reverse((*known, *cells)));
    best.map_or((',', 0), |(separator, known, _)| (separator, known))
}

fn header_cells(header: &str, separator: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in header.chars() {
        match c {
            '"' => quoted = !quoted,
            '\n' | '\r' if !quoted => break,
            c if c == separator && !quoted => cells.push(String::new()),
            c => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(c);
                }
            }
        }
    }
    cells
}
