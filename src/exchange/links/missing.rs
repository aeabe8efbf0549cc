//! Cells that say nothing.

use crate::core::name;

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
    "desconhecido",
    "Desconhecido",
    "onbekend",
    "Onbekend",
    "okänd",
    "Okänd",
    "ukendt",
    "Ukendt",
    "ukjent",
    "Ukjent",
    "tuntematon",
    "neznámý",
    "neznámé",
    "neznáme",
    "ismeretlen",
    "Ismeretlen",
    "necunoscut",
    "Necunoscut",
    "nepoznato",
    "Nepoznato",
    "bilinmiyor",
    "неизвестно",
    "Неизвестно",
    "невідомо",
    "Невідомо",
    "непознато",
    "Непознато",
    "н/д",
    "Н/Д",
    "άγνωστο",
    "Άγνωστο",
    "غير معروف",
    "未知",
    "不明",
    "不詳",
    "不详",
    "미상",
];

/// Whether a cell says in the usual ways that it is empty.
pub(super) fn is_missing(text: &str) -> bool {
    MARKS.contains(&text) || name::is_error(text) || is_filler(text)
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
                | ';'
                | ','
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
            "#VALUE!",
            "#REF!",
            "#N/A",
            "#NAME?",
            "#DIV/0!",
            "#NULL!",
            "#NUM!",
            "#SPILL!",
            "#WERT!",
            "#BEZUG!",
            "#ARG!",
            "#NV",
            "#¡VALOR!",
            "#ЗНАЧ!",
            "#値!",
            "#REF",
            "Н/Д",
            "不明",
            "; ;",
            "N/A",
            "n/a",
            "NaN",
            "nan",
            "-",
            "--",
            "–",
            "—",
            "?",
            "???",
            "…",
            "...",
            "none",
            "unknown",
            "null",
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
