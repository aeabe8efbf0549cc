//! Merged cells: one that is several rows high holds for all of them.

use std::{cmp::Reverse, collections::BTreeMap};

use super::super::unpack::Merge;

/// The merged cells of a sheet whose rows are read one after another.
#[derive(Debug, Default)]
pub(super) struct Merged {
    /// Those that begin further below, the next one last.
    coming: Vec<Merge>,
    /// Those that have begun, by their column: the last of their rows, and their text.
    open: BTreeMap<usize, (u32, String)>,
}

impl Merged {
    pub(super) fn new(mut merges: Vec<Merge>) -> Self {
        merges.retain(|merge| merge.last > merge.row);
        merges.sort_unstable_by_key(|merge| Reverse(merge.row));
        Self {
            coming: merges,
            open: BTreeMap::new(),
        }
    }

    /// Forgets what has begun: a header is not the value of rows below it.
    pub(super) fn close(&mut self) {
        self.open.clear();
    }

    /// Writes the texts that hold for a row into it; how many bytes they have.
    ///
    /// Only rows with a text are asked for, so that what a merge takes is bounded by them and not by
    /// how high it says it is. A text that a program has left below a merge is not seen by anybody.
    pub(super) fn fill(&mut self, row: u32, cells: &mut Vec<String>) -> usize {
        self.open.retain(|_, (last, _)| *last >= row);
        let mut copied: usize = 0;
        for (column, (_, text)) in &self.open {
            if cells.len() <= *column {
                cells.resize(column.saturating_add(1), String::new());
            }
            if let Some(cell) = cells.get_mut(*column) {
                cell.clone_from(text);
                copied = copied.saturating_add(text.len());
            }
        }
        while let Some(merge) = self.coming.pop_if(|next| next.row <= row) {
            let column = usize::try_from(merge.column).unwrap_or(usize::MAX);
            let text = cells.get(column).filter(|text| !text.trim().is_empty());
            // One that began in a row without any text is empty.
            if let Some(text) = text.filter(|_| merge.row == row) {
                copied = copied.saturating_add(text.len());
                self.open.insert(column, (merge.last, text.clone()));
            }
        }
        copied
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merge_holds_for_its_rows_in_its_column_and_takes_no_more_than_they_do() {
        let merge = |row, last| Merge {
            table: 0,
            row,
            last,
            column: 1,
        };
        let mut merged = Merged::new(vec![merge(7, u32::MAX), merge(2, 4), merge(5, 5)]);
        let mut told = Vec::new();
        for row in [1, 2, 4, 5, 6, 8, 4_000_000_000] {
            let mut cells = vec![format!("x{row}")];
            if row == 2 {
                cells.push("y".to_owned());
            }
            merged.fill(row, &mut cells);
            told.push(cells.concat());
        }
        assert_eq!(told, ["x1", "x2y", "x4y", "x5", "x6", "x8", "x4000000000"]);
        assert!(merged.coming.is_empty() && merged.open.is_empty());
    }
}
