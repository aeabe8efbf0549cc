//! Names that a file writes with several postcodes: a city has many of them, and namesakes have others.

use std::collections::{BTreeSet, HashMap};

use crate::core::country::Country;
use crate::core::name;
use crate::exchange::links::{End, LinkRow};

/// The postcodes of each name in a country that nothing else tells apart.
#[derive(Debug)]
pub(super) struct Postcodes(HashMap<(String, Country), BTreeSet<String>>);

impl Postcodes {
    pub(super) fn of(rows: &[LinkRow]) -> Self {
        let mut all: HashMap<_, BTreeSet<String>> = HashMap::new();
        for end in rows.iter().flat_map(|row| [&row.a, &row.b]) {
            if let Some(code) = end.postcode.as_deref()
                && let Some(key) = key(end)
            {
                let digits = code.chars().filter(char::is_ascii_digit).collect();
                all.entry(key).or_default().insert(digits);
            }
        }
        all.retain(|_, codes| codes.len() > 1);
        Self(all)
    }

    /// Why nobody can tell who an end is, if its name stands behind several postcodes.
    pub(super) fn fault(&self, end: &End) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        let codes = self.0.get(&key(end)?)?;
        let some: Vec<&str> = codes.iter().map(String::as_str).take(4).collect();
        let more = if codes.len() > some.len() {
            ", …"
        } else {
            ""
        };
        Some(format!(
            "this name stands behind several postcodes and may be that of several places; a subdivision, an \
             identifier or coordinates would tell: {}{more}",
            some.join(", ")
        ))
    }
}

/// The name of an end as it is compared and its country, if nothing else says who it is.
fn key(end: &End) -> Option<(String, Country)> {
    let told = !end.identifiers.is_empty() || end.point.is_some() || end.full_name.is_some();
    let name = end.name.as_deref().filter(|_| !told)?;
    Some((name::key(name), end.country?))
}
