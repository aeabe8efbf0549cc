//! Cells that say nothing.

use crate::core::name;

/// Words for "we don't know", in any case.
#[rustfmt::skip]
const MARKS: &[&str] = &[
    "#nv", "<na>", "\\n", "n.a.", "n.d.", "n/a", "n/d", "n.n.", "n. n.", "s.d.", "s/d", "k. a.", "n.v.t.",
    "false", "keine angabe", "no data", "non noto", "not applicable", "not available", "not known", "true",
    "undefined", "unknown", "unbekannt", "nieznany", "nieznana", "sconosciuto", "inconnu", "desconocido",
    "desconhecido", "onbekend", "okänd", "ukendt", "ukjent", "tuntematon", "neznámý", "neznámé", "neznáme",
    "ismeretlen", "necunoscut", "nepoznato", "bilinmiyor", "неизвестно", "невідомо", "непознато", "н/д",
    "άγνωστο", "غير معروف", "未知", "不明", "不詳", "不详", "미상", "n/k", "tba", "tbd", "brak danych", "brak informacji",
    "nie dotyczy", "нет", "нет данных", "немає", "немає даних", "няма", "няма данни", "нема података",
    "nema podataka", "ni podatka", "není známo", "nie je známe", "nincs", "nincs adat", "fără date",
    "pas de données", "non disponible", "sin datos", "sem dados", "dati non disponibili", "non disponibile",
    "geen gegevens", "keine daten", "ingen data", "ingen uppgift", "ei tietoa", "andmed puuduvad", "nav datu",
    "nėra duomenų", "veri yok", "なし", "無し", "無", "无", "不适用", "該当なし", "없음", "해당 없음", "لا يوجد", "אין", "ไม่มี",
];
/// Marks that count as they are written and NA not at all: None, Nan, Null, Aucun and Brak are towns, NA is
/// Namibia.
const AS_WRITTEN: &[&str] = &[
    "NaN", "nan", "none", "NULL", "null", "aucun", "aucune", "brak", "keine", "keiner", "žádné",
    "žádný", "žiadne", "nessuno", "nessuna", "ninguno", "ninguna", "nenhum", "nenhuma", "geen",
];

/// Whether a cell says in the usual ways that it is empty.
pub(super) fn is_missing(text: &str) -> bool {
    AS_WRITTEN.contains(&text)
        || is_mark(text)
        || name::is_error(text)
        || is_filler(text)
        || is_aside(text)
}

fn is_mark(text: &str) -> bool {
    MARKS.contains(&text.to_lowercase().as_str())
}

/// Marks in brackets, `(unknown)`, or several of them, `None,None`: none of them is a town.
fn is_aside(text: &str) -> bool {
    let inner = [('(', ')'), ('[', ']'), ('<', '>')]
        .into_iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close));
    let parts: Vec<&str> = inner
        .unwrap_or(text)
        .split([',', ';'])
        .map(str::trim)
        .collect();
    let said = |part: &&str| {
        let lower = part.to_lowercase();
        is_mark(part) || is_filler(part) || AS_WRITTEN.contains(&lower.as_str())
    };
    (inner.is_some() || parts.len() > 1) && parts.iter().all(said)
}

/// Dashes, dots and question marks alone.
fn is_filler(text: &str) -> bool {
    let filler = |c: char| "-‐‑‒–—―−.…?¿？*#_/\\;, ".contains(c);
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
            "Err:502",
            "Fehler:502",
            "\\N",
            "[null]",
            "(none)",
            "(unknown)",
            "(None)",
            "None,None",
            "n/a; n/a",
            "Not available",
            "N.D.",
            "UNBEKANNT",
            "####",
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
            "Null",
            "None, Torino",
            "(Lipik)",
            "Nan, None, Alba",
            "Aucun",
            "Brak",
        ] {
            assert!(!is_missing(text), "{text}");
        }
    }

    #[test]
    fn words_for_nothing_are_known_in_many_languages() {
        for text in [
            "#HIÁNYZIK",
            "#I/T",
            "brak danych",
            "brak",
            "Нет",
            "なし",
            "없음",
            "TBD",
            "keine",
        ] {
            assert!(is_missing(text), "{text}");
        }
    }
}
