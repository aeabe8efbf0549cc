//! Cells that say nothing.

/// What spreadsheets show where a formula failed, and words for "we don't know", as they are written.
///
/// `none` and `nan` count in lower case only, and NA not at all: None and Nan are towns, NA is
/// Namibia.
const MARKS: &[&str] = &[
    "N/A",
    "n/a",
    "N/a",
    "N.A.",
    "n.a.",
    "#NV",
    "NaN",
    "nan",
    "none",
    "NULL",
    "null",
    "unknown",
    "Unknown",
    "UNKNOWN",
    "unbekannt",
    "Unbekannt",
    "nieznany",
    "nieznana",
    "sconosciuto",
    "Sconosciuto",
    "inconnu",
    "Inconnu",
    "desconocido",
    "Desconocido",
    "неизвестно",
    "Неизвестно",
];

/// Whether a cell says in the usual ways that it is empty.
pub(super) fn is_missing(text: &str) -> bool {
    MARKS.contains(&text) || is_error(text) || is_filler(text)
}

/// `#VALUE!`, `#REF!`, `#N/A`, `#NAME?` and the like, in any language of the spreadsheet.
fn is_error(text: &str) -> bool {
    let Some(name) = text.strip_prefix('#') else {
        return false;
    };
    let upper = |c: char| c.is_uppercase() || matches!(c, '/' | '_' | '0'..='9' | '!' | '?');
    name.chars().all(upper)
        && (name.ends_with(['!', '?'])
            || matches!(name, "N/A" | "NV" | "N/D" | "CALC" | "GETTING_DATA"))
}

/// Dashes, dots and question marks alone.
fn is_filler(text: &str) -> bool {
    let filler = |c: char| {
        matches!(
            c,
            '-' | '‐'
                | '‑'
                | '‒'
                | '–'
                | '—'
                | '―'
                | '−'
                | '.'
                | '…'
                | '?'
                | '¿'
                | '？'
                | '*'
                | '_'
                | '/'
                | '\\'
                | ' '
        )
    };
    !text.is_empty() && text.chars().all(filler)
}

/// Characters that show nothing where a text begins or ends.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_and_words_for_nothing_are_blank_and_towns_are_not() {
        for text in [
            "#VALUE!", "#REF!", "#N/A", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!",
            "#WERT!", "#BEZUG!", "#ARG!", "#NV", "N/A", "n/a", "NaN", "nan", "-", "--", "–", "—",
            "?", "???", "…", "...", "none", "unknown", "null",
        ] {
            assert!(is_missing(text), "{text}");
        }
        for text in [
            "None",
            "Nan",
            "NA",
            "NONE",
            "Y",
            "Å",
            "12345",
            "#1",
            "x",
            "Unknown Town",
            "-a",
            "A-",
            "",
            "#",
            "Null",
        ] {
            assert!(!is_missing(text), "{text}");
        }
    }
}
