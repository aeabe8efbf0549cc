//! A report for people: the same fault of many rows is told once.

use std::collections::HashMap;

use crate::exchange::links::BadRow;

/// How many sorts of faults are told; the others are counted.
const MOST: usize = 12;
/// How many rows of one sort are shown.
const SHOWN: usize = 3;

/// How the remark on a name begins that is near another one.
const NEAR: &str = "looks like ";

/// Rows that have the same fault in the same column.
struct Sort<'f> {
    first: &'f BadRow,
    rows: Vec<&'f BadRow>,
}

/// The faults in the order of their first rows, a line for each sort: a single one whole, the same
/// one of several rows with their number and the first lines.
pub(super) fn lines(faults: &[BadRow]) -> Vec<String> {
    let mut sorts: Vec<Sort<'_>> = Vec::new();
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    for fault in faults {
        let key = (fault.column.as_str(), rule(&fault.reason));
        let place = *places.entry(key).or_insert(sorts.len());
        match sorts.get_mut(place) {
            Some(sort) => sort.rows.push(fault),
            None => sorts.push(Sort {
                first: fault,
                rows: vec![fault],
            }),
        }
    }
    // Few sorts are told in the order of the file, of many the most frequent.
    let mut told: Vec<&Sort<'_>> = sorts.iter().collect();
    if told.len() > MOST {
        told.sort_by_key(|sort| std::cmp::Reverse(sort.rows.len()));
    }
    let rest = told.split_off(told.len().min(MOST));
    let shortened = told.iter().position(|sort| sort.rows.len() > sort.shown());
    let mut lines: Vec<String> = told.into_iter().map(Sort::told).collect();
    if let Some(line) = shortened
        .and_then(|at| lines.get_mut(at))
        .filter(|_| rest.is_empty())
    {
        line.push_str("; --faults FILE writes every one");
    }
    if !rest.is_empty() {
        let faults: usize = rest.iter().map(|sort| sort.rows.len()).sum();
        lines.push(format!(
            "{faults} more faults of {} other sorts; --faults FILE writes every one",
            rest.len()
        ));
    }
    lines
}

impl Sort<'_> {
    fn told(&self) -> String {
        if let [single] = self.rows.as_slice() {
            return single.to_string();
        }
        if self.first.reason.starts_with(NEAR) {
            return self.near();
        }
        let shown = self.examples().into_iter().map(|(value, lines)| {
            let noun = if lines.len() == 1 { "line" } else { "lines" };
            let lines: Vec<String> = lines.iter().map(u64::to_string).collect();
            let lines = lines.join(", ");
            match value {
                Some(value) => format!("“{value}” ({noun} {lines})"),
                None => format!("{noun} {lines}"),
            }
        });
        let shown: Vec<String> = shown.collect();
        format!(
            "{} rows, column {}: {}: {}{}",
            self.rows.len(),
            self.first.column,
            self.reason(),
            shown.join(", "),
            self.more()
        )
    }

    /// The first values, each with the first of its lines.
    fn examples(&self) -> Vec<(Option<&str>, Vec<u64>)> {
        let mut values: Vec<(Option<&str>, Vec<u64>)> = Vec::new();
        for row in &self.rows {
            let value = row.value.as_deref();
            let known = values.iter().position(|(known, _)| *known == value);
            if let Some((_, lines)) = known.and_then(|at| values.get_mut(at)) {
                if lines.len() < SHOWN {
                    lines.push(row.line);
                }
            } else if values.len() < SHOWN {
                values.push((value, vec![row.line]));
            }
        }
        values
    }

    /// How many of its rows are named.
    fn shown(&self) -> usize {
        if self.first.reason.starts_with(NEAR) {
            return SHOWN.min(self.rows.len());
        }
        self.examples().iter().map(|(_, lines)| lines.len()).sum()
    }

    /// How many of its rows are not named.
    fn more(&self) -> String {
        match self.rows.len().saturating_sub(self.shown()) {
            0 => String::new(),
            more => format!(" and {more} more"),
        }
    }

    /// The names that are near others, the first of them with what they are near to.
    fn near(&self) -> String {
        let shown = self.rows.iter().take(SHOWN).map(|row| {
            let value = row.value.as_deref().unwrap_or_default();
            let near = row.reason.split("; ").next().unwrap_or_default();
            format!("“{value}” (line {}) {near}", row.line)
        });
        let shown: Vec<String> = shown.collect();
        format!(
            "{} names, column {}: {}{}; if two are one partner, write its name the same way or give \
             an identifier of both",
            self.rows.len(),
            self.first.column,
            shown.join(", "),
            self.more()
        )
    }

    /// The reason, without what is said of one value alone.
    fn reason(&self) -> &str {
        let first = self.first.reason.as_str();
        let same = self.rows.iter().all(|row| row.reason == first);
        if same { first } else { rule(first) }
    }
}

/// The part of a reason that does not depend on the value: hints stand behind a semicolon, and
/// names of records behind a colon. Names that are near each other are all of one sort.
fn rule(reason: &str) -> &str {
    if reason.starts_with(NEAR) {
        return NEAR.trim_end();
    }
    let ends = [reason.find("; "), reason.find(": ")];
    let end = ends.into_iter().flatten().min();
    end.and_then(|end| reason.get(..end)).unwrap_or(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(line: u64, value: &str, reason: &str) -> BadRow {
        BadRow {
            line,
            column: "Land".to_owned(),
            value: Some(value.to_owned()),
            reason: reason.to_owned(),
        }
    }

    #[test]
    fn the_same_fault_of_a_thousand_rows_is_one_line() {
        let unknown = "no country has this code or name";
        let mut faults: Vec<BadRow> = (2..1002)
            .map(|line| fault(line, "Utopia", unknown))
            .collect();
        faults.push(fault(
            2000,
            "Polnd",
            &format!("{unknown}; did you mean Poland?"),
        ));
        faults.push(fault(2001, "x", "something else"));
        assert_eq!(
            lines(&faults),
            [
                "1001 rows, column Land: no country has this code or name: “Utopia” (lines 2, 3, 4), \
                 “Polnd” (line 2000) and 997 more; --faults FILE writes every one",
                "line 2001, column Land: “x”: something else",
            ]
        );
        let one = lines(&faults[1000..]);
        assert!(one[0].ends_with("did you mean Poland?"), "{one:?}");
    }

    #[test]
    fn names_that_are_near_others_are_one_line() {
        let near = |line, value, other| {
            let reason = format!("looks like {other} of line 7; if it is the same partner, say so");
            fault(line, value, &reason)
        };
        let one = [near(2, "Schwedt/Oder", "Schwedt")];
        assert!(lines(&one)[0].ends_with("say so"), "{:?}", lines(&one));
        let several: Vec<BadRow> = (2..9)
            .map(|line| near(line, "Schwedt/Oder", "Schwedt"))
            .collect();
        let told = lines(&several);
        assert_eq!(told.len(), 1);
        assert!(
            told[0].starts_with(
                "7 names, column Land: “Schwedt/Oder” (line 2) looks like Schwedt of line 7, "
            ) && told[0].contains(" and 4 more; if two"),
            "{told:?}"
        );
        let fit = |id| {
            fault(
                2,
                "Neustadt",
                &format!("several partners fit: {id}; an identifier"),
            )
        };
        assert_eq!(lines(&[fit("ptn_1"), fit("ptn_2")]).len(), 1);
    }

    #[test]
    fn a_report_stays_on_a_screen_whatever_is_wrong() {
        let letters = ('a'..='z').map(String::from);
        let faults: Vec<BadRow> = letters
            .enumerate()
            .map(|(line, reason)| fault(u64::try_from(line).unwrap(), "x", &reason))
            .collect();
        let told = lines(&faults);
        assert_eq!(told.len(), MOST + 1);
        assert!(told[MOST].starts_with("14 more faults of 14 other sorts"));
    }
}
