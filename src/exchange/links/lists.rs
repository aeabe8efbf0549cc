//! Cells that hold more than one partner.

use csv::ByteRecord;

use super::{
    columns::{EndField, Side, Target},
    header::Layout,
    row::BadRow,
    wiki,
};

/// Why a text is no name of one partner but a list of them, if it looks like one.
///
/// One comma is no list (Ahorn, Bavaria), nor is a slash (Biel/Bienne). Of several the one that is left in the name apart
/// from what stands beside it is none before a part of the country: Boston, Massachusetts, USA.
pub(super) fn looks_like_one(
    text: &str,
    named: impl FnOnce() -> String,
    is_part: impl Fn(&str) -> bool,
) -> Option<&'static str> {
    let text = text.trim();
    let inner = text.trim_start_matches(['[', '{', '(', ' ']);
    if inner.len() < text.len() && inner.starts_with(['\'', '"', '‘', '“']) {
        return Some(
            "this is a list in brackets and no name: put one partner into each row, or write them \
             as Beta; Gamma and say split = \";\" at the top of the mapping",
        );
    }
    if text.contains("[[") || text.contains("{{") || wiki::is_marked(text) {
        return Some(
            "these are marks of a wiki: markup = \"wiki\" at the top of the mapping takes them off",
        );
    }
    let commas = [',', '，', '،'];
    let several = |name: &str| match name.split_once(commas) {
        Some((_, rest)) => rest.contains(commas) || !is_part(rest.trim()),
        None => false,
    };
    let separated = text.contains([';', '；', '؛', '|', '•', '、', '\n'])
        || text.contains(" + ")
        || is_numbered(text);
    (separated || (text.matches(commas).count() > 1 && several(&named()))).then_some(SEVERAL)
}

/// What is wrong with a list where one name is asked for.
pub(super) const SEVERAL: &str = "this looks like a list of names: if it is one, say with what they are separated, as in \
                       split = \";\" at the top of the mapping; if not, a table of values can give the name";

/// Why the cell of a wiki names no single partner, if it does not: it links several pages, a page
/// that is no article, or its marks are not closed. A link to the partner's own country is beside
/// the name.
pub(super) fn of_links(text: &str, is_own_country: impl Fn(&str) -> bool) -> Option<&'static str> {
    let links = wiki::linked(text);
    if links.len() > 1 && links.iter().filter(|link| !is_own_country(link)).count() > 1 {
        return Some(SEVERAL);
    }
    let plain = wiki::plain(text);
    ["[[", "]]", "{{", "}}"].iter().any(|mark| plain.contains(mark)).then_some(
        "this links no article of a partner, or its marks are not closed: a table of values can \
         give the name",
    )
}

/// "1. Beta 2. Gamma"
fn is_numbered(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let mut next = |number: &str| words.any(|word| word.trim_end_matches(['.', ')']) == number);
    text.starts_with('1') && text.contains(['.', ')']) && next("1") && next("2")
}

/// The rows that a row with a list stands for, if the mapping says how lists are separated.
///
/// The list is in the cell that names one end. Other cells of that end, and codes and dates of the
/// link, have a part for each, or hold for all.
pub(super) fn split(
    line: u64,
    record: &ByteRecord,
    layout: &Layout,
) -> Result<Vec<ByteRecord>, BadRow> {
    let Some(separator) = layout.mapping.split.as_deref() else {
        return Ok(vec![record.clone()]);
    };
    let parts = |target: Target| -> Vec<String> {
        let cell = layout.place(target).and_then(|place| record.get(place));
        let text = cell
            .and_then(|cell| str::from_utf8(cell).ok())
            .unwrap_or_default();
        let mut parts: Vec<String> = wiki::split(text, separator)
            .into_iter()
            .map(|part| part.trim().to_owned())
            .collect();
        while parts.len() > 1 && parts.last().is_some_and(String::is_empty) {
            parts.pop();
        }
        parts
    };
    let naming = |side: Side| {
        let name = Target::End(side, EndField::Name);
        let mut naming = std::iter::once(name).chain(Target::identifiers(side));
        naming.find(|target| parts(*target).len() > 1)
    };
    let fault = |target: Target, reason: String| BadRow {
        line,
        column: layout.column(target),
        value: None,
        reason,
    };
    let (side, list) = match (naming(Side::A), naming(Side::B)) {
        (None, None) => return Ok(vec![record.clone()]),
        (Some(_), Some(list)) => {
            let reason = "both ends are lists, and nothing says which belongs to which";
            return Err(fault(list, reason.to_owned()));
        }
        (Some(list), None) => (Side::A, list),
        (None, Some(list)) => (Side::B, list),
    };
    let count = parts(list).len();
    if let Some(part) = parts(list).iter().find(|part| wiki::is_unbalanced(part)) {
        let reason = format!("a bracket is not closed where this list is split: “{part}”");
        return Err(fault(list, reason));
    }
    let mut rows = vec![record.iter().map(<[u8]>::to_vec).collect::<Vec<_>>(); count];
    for target in Target::all().filter(|target| may_be_list(*target, side)) {
        let Some(place) = layout.place(target) else {
            continue;
        };
        let all = parts(target);
        if all.len() > 1 && all.len() != count {
            let reason = format!(
                "this has {} parts where {} has {count}",
                all.len(),
                layout.column(list)
            );
            return Err(fault(target, reason));
        }
        for (row, part) in rows.iter_mut().zip(&all) {
            if let Some(cell) = row.get_mut(place).filter(|_| all.len() > 1) {
                *cell = part.clone().into_bytes();
            }
        }
    }
    let place = layout.place(list);
    rows.retain(|row| {
        let cell = place.and_then(|place| row.get(place));
        cell.is_some_and(|cell| !cell.is_empty())
    });
    Ok(rows.into_iter().map(ByteRecord::from).collect())
}

/// Whether a cell may hold a part for each partner of a list: free text keeps its separators.
fn may_be_list(target: Target, list: Side) -> bool {
    match target {
        Target::End(side, _) => side == list,
        Target::Instrument
        | Target::Relationship
        | Target::SignedOn
        | Target::EndedOn
        | Target::EndReason => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::looks_like_one;

    #[test]
    fn lists_are_no_names_and_names_are_no_lists() {
        for text in [
            "[['Aljezur', 'Portugal'], ['Zocca', 'Italy']]",
            "[\"Aljezur\"]",
            "('Aljezur', 'Zocca')",
            "{'Aljezur'}",
            "Beta; Gamma; Delta",
            "Beta;Gamma",
            "Beta, Gamma, Delta",
            "Beta|Gamma",
            "Beta\nGamma",
            "Beta + Gamma",
            "1. Beta 2. Gamma",
            "1) Beta 2) Gamma",
            "Beta؛ Gamma",
            "• Beta • Gamma",
            "東京、大阪",
            "[[Lipik]]",
            "'''Lipik'''",
            "[[Lipik]]<ref>x</ref>",
            "Lipik[1]",
            "Lipik&nbsp;",
            "Lipik¹",
            "# Lipik",
        ] {
            let reason = looks_like_one(text, || text.to_owned(), |_| false);
            assert!(reason.is_some(), "{text}");
            let way_out = if text.contains("Lipik") {
                "markup"
            } else {
                "split"
            };
            assert!(reason.unwrap().contains(way_out), "{text}: {reason:?}");
        }
        for text in [
            "Ahorn, Bavaria",
            "Biel/Bienne",
            "San Vicente del Raspeig / Sant Vicent del Raspeig",
            "Stadt (Land)",
            "'s-Hertogenbosch",
            "Washington, D.C.",
            "Sel'tso",
            "Rostov & Don",
            "1. Mai",
            "10 de Abril",
        ] {
            let reason = looks_like_one(text, || text.to_owned(), |_| false);
            assert_eq!(reason, None, "{text}");
        }
        let two = |text: &str| {
            looks_like_one(
                &format!("{text}, USA"),
                || text.to_owned(),
                |part| part == "Ohio",
            )
        };
        assert_eq!(two("Dayton, Ohio"), None);
        assert!(two("Dayton, Kent").is_some() && two("Dayton, Kent, Ohio").is_some());
    }
}
