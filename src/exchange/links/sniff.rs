//! What a file is, seen by its first bytes.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sort {
    /// Text, after a mark of so many bytes, in this encoding if the bytes say so.
    Text(Option<&'static Encoding>, usize),
    /// An archive: a workbook, or something else.
    Zip,
    /// Text in which escapes of ASCII characters are those of another script: what it seems to be, and the
    /// label of its encoding where that can be read.
    Escaped(&'static str, Option<&'static str>),
    /// Something that is no table of links: what it is, and what to do.
    Other(String),
}

/// Beginnings of files that are no text, what they are, and what to do with them.
#[rustfmt::skip]
const MAGIC: &[(&[u8], &str, &str)] = &[
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls), or one with a password",
        "save it as .xlsx without a password"),
    (b"\x1f\x8b", "compressed with gzip (.gz)", "unpack it first"),
    (b"BZh", "compressed with bzip2 (.bz2)", "unpack it first"),
    (b"\xfd7zXZ\0", "compressed with xz (.xz)", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd (.zst)", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive (.7z)", "unpack it first"),
    (b"Rar!\x1a\x07", "a RAR archive (.rar)", "unpack it first"),
    (b"%PDF", "a PDF document", TABLE),
    (b"{\\rtf", "a text document (RTF)", TABLE),
    (b"SQLite format 3\0", "an SQLite database", TABLE),
    (b"PAR1", "a Parquet file", TABLE),
    (b"\x89PNG", "an image (PNG)", TABLE),
    (b"\xff\xd8\xff", "an image (JPEG)", TABLE),
    (b"GIF8", "an image (GIF)", TABLE),
    (b"\x7fELF", "a program", TABLE),
    (b"\xff\xfe\0\0", "text in UTF-32", "save it as CSV in UTF-8"),
    (b"\0\0\xfe\xff", "text in UTF-32", "save it as CSV in UTF-8"),
];

const TABLE: &str = "save its table as CSV in UTF-8, .xlsx or .ods";

/// Looks at the first bytes of a file.
pub(super) fn look(head: &[u8]) -> Sort {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Sort::Zip;
    }
    if let Some((_, what, advice)) = MAGIC.iter().find(|(magic, ..)| head.starts_with(magic)) {
        return other(what, advice);
    }
    if head.get(257..262) == Some(b"ustar") {
        return other("an archive (.tar)", "unpack it first");
    }
    let (encoding, mark) = match Encoding::for_bom(head) {
        Some((encoding, mark)) => (Some(encoding), mark),
        None => (without_mark(head), 0),
    };
    let text = head.get(mark..).unwrap_or_default();
    if encoding.is_none() && is_utf_32(text) {
        return other("text in UTF-32", "save it as CSV in UTF-8");
    }
    if encoding.is_none_or(|encoding| encoding == UTF_8) && text.contains(&0) {
        let what = infer::get(text).map_or_else(
            || "no text".to_owned(),
            |kind| format!("no text but {}", kind.mime_type()),
        );
        return other(&what, TABLE);
    }
    if let Some((what, label)) = escaped(text).filter(|_| encoding.is_none() && text.is_ascii()) {
        return Sort::Escaped(what, label);
    }
    let (text, _) = encoding.unwrap_or(UTF_8).decode_without_bom_handling(text);
    match markup(text.trim_start()) {
        Some(what) => other(what, TABLE),
        None => Sort::Text(encoding, mark),
    }
}

/// Encodings whose bytes are ASCII characters, all of them.
fn escaped(text: &[u8]) -> Option<(&'static str, Option<&'static str>)> {
    let holds = |sign: &[u8]| text.windows(sign.len()).any(|bytes| bytes == sign);
    let all: [(&[u8], &str, Option<&str>); 5] = [
        (b"\x1b$)C", "ISO-2022-KR", None),
        (b"\x1b$)A", "ISO-2022-CN", None),
        (b"\x1b$", "ISO-2022-JP", Some("iso-2022-jp")),
        (b"\x1b(", "ISO-2022-JP", Some("iso-2022-jp")),
        (b"~{", "HZ", None),
    ];
    let found = all.into_iter().find(|(sign, ..)| holds(sign));
    let found = found.map(|(_, what, label)| (what, label));
    found.or_else(|| is_utf_7(text).then_some(("UTF-7", None)))
}

/// Whether a passage behind a `+` is letters beyond ASCII in UTF-7, as in `M+APw-nchen`: UTF-16 in Base64 (RFC 2152).
/// To take no word of a name or an address for that (`?q=Ulm+Als+Ort`), it must be in an alphabet that languages of
/// Europe or the Near East are written in.
fn is_utf_7(text: &[u8]) -> bool {
    let is_sign = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'/';
    let is_written = |c: char| {
        matches!(c, '\u{c0}'..='\u{17f}' | '\u{218}'..='\u{21b}' | '\u{370}'..='\u{45f}')
            || matches!(c, '\u{490}'..='\u{5ff}')
    };
    let is_letter = |c: char| c.is_alphabetic() && is_written(c);
    let is_mark = |c: char| !c.is_alphanumeric() && ('\u{a0}'..='\u{20ff}').contains(&c);
    let mut passages = text.split(|byte| *byte == b'+').skip(1);
    passages.any(|rest| {
        let end = rest.iter().position(|byte| !is_sign(byte));
        let bytes =
            STANDARD_NO_PAD.decode(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default());
        let bytes = bytes.unwrap_or_default();
        let (meant, _) = UTF_16BE.decode_without_bom_handling(&bytes);
        bytes.len().is_multiple_of(2)
            && meant.chars().any(is_letter)
            && meant.chars().all(|c| is_letter(c) || is_mark(c))
    })
}

/// Whether zero bytes fill characters of ASCII up to four bytes.
fn is_utf_32(head: &[u8]) -> bool {
    let is_ascii = |byte: u8| byte != 0 && byte.is_ascii();
    let is_padded = |four: &&[u8]| match four {
        [c, 0, 0, 0] | [0, 0, 0, c] => is_ascii(*c),
        _ => false,
    };
    let some = head.chunks_exact(4).filter(is_padded).count();
    some > 1 && some > head.len() / 4 / 4
}

fn other(what: &str, advice: &str) -> Sort {
    Sort::Other(format!("the file is {what}: {advice}"))
}

/// UTF-16 that does not begin with a mark: separators and line ends have a zero byte.
fn without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let (mut little, mut big) = (0_usize, 0_usize);
    for pair in head.chunks_exact(2) {
        match pair {
            [b'\t' | b'\n' | b'\r' | b' '..=b'~', 0] => little += 1,
            [0, b'\t' | b'\n' | b'\r' | b' '..=b'~'] => big += 1,
            _ => {}
        }
    }
    let (encoding, count) = if little >= big {
        (UTF_16LE, little)
    } else {
        (UTF_16BE, big)
    };
    if count < 2 || count < head.len() / 2 / 50 {
        return None;
    }
    let whole = head.get(..head.len() - head.len() % 2)?;
    let text = encoding.decode_without_bom_handling(whole).0;
    (!text.contains('\0')).then_some(encoding)
}

/// How tags begin with which a web page, or a part of one, begins.
#[rustfmt::skip]
const HTML: [&str; 21] = [
    "!doctype html", "html", "head", "body", "table", "thead", "tbody", "tr", "td", "th", "div", "meta", "style",
    "script", "link", "title", "font", "center", "span", "p>", "br",
];

/// What a text is that is written in a notation of its own.
fn markup(text: &str) -> Option<&'static str> {
    let start: String = text.chars().take(4096).collect::<String>().to_lowercase();
    let after = |open: char| start.strip_prefix(open).map(str::trim_start);
    if let Some(rest) = after('{') {
        if !rest.starts_with(['"', '}', '\'']) {
            return None;
        }
        let plain: String = start.split_whitespace().collect();
        if plain.contains("\"type\":\"featurecollection\"")
            || plain.contains("\"type\":\"feature\"")
        {
            return Some("GeoJSON");
        }
        let first = text.lines().next().unwrap_or_default();
        let whole = serde_json::from_str::<serde::de::IgnoredAny>(first).is_ok();
        return Some(if whole { "JSON Lines" } else { "JSON" });
    }
    if let Some(rest) = after('[') {
        // A list of lists, unlike a link of a wiki, [[Comune]].
        let inner = rest.strip_prefix('[').map_or(rest, str::trim_start);
        let item = rest.starts_with(['{', '"', ']'])
            || (rest.starts_with('[')
                && inner.starts_with(|c: char| {
                    matches!(c, '{' | '[' | '"' | ']' | '-') || c.is_ascii_digit()
                }));
        return item.then_some("JSON");
    }
    let mut rest = after('<')?;
    while let Some((_, after)) = rest
        .strip_prefix("!--")
        .and_then(|rest| rest.split_once("-->"))
    {
        rest = after.trim_start().strip_prefix('<').unwrap_or(after);
    }
    if HTML.iter().any(|tag| rest.starts_with(tag)) {
        return Some("a web page (HTML)");
    }
    if start.contains("urn:schemas-microsoft-com:office:spreadsheet") {
        return Some("an old Excel workbook (XML)");
    }
    if start.contains("urn:oasis:names:tc:opendocument") {
        return Some("a flat OpenDocument file (XML)");
    }
    (rest.starts_with(['?', '!']) || start.contains("xmlns")).then_some("XML")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_table_is_named() {
        for (head, what) in [
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..".as_slice(), ".xls"),
            (b"\x1f\x8b\x08\0", "gzip"),
            (b"%PDF-1.7", "PDF"),
            (b"{\"a.name\":\"Bonn\"}\n{\"a.name\":\"Ulm\"}\n", "JSON Lines"),
            (b"{\n \"type\": \"FeatureCollection\",\n", "GeoJSON"),
            (b"{\"type\":\"Feature\",\"geometry\":null}\n", "GeoJSON"),
            (b"[{\"a\":1}]", "JSON"),
            (b"[[\"a\", 1], [2]]", "JSON"),
            (b"[[1, 2]]", "JSON"),
            (b"\xef\xbb\xbf  [\n{\"a\":1}]", "JSON"),
            (b"{\n  \"a\": 1\n}", "JSON"),
            (b"<!DOCTYPE html><html>", "HTML"),
            (b"\n<table border=1><tr>", "HTML"),
            (b"<style>td{}</style><table>", "HTML"),
            (b"<!-- a --> <!-- b --><tr><td>", "HTML"),
            (b"<?xml version=\"1.0\"?><kml xmlns=\"x\">", "XML"),
            (
                b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
                "Excel workbook (XML)",
            ),
            (b"\xff\xfe\0\0a\0\0\0", "UTF-32"),
            (b"a\0\0\0,\0\0\0b\0\0\0\n\0\0\0", "UTF-32"),
            (b"\0\0\0a\0\0\0,\0\0\0b\0\0\0\n", "UTF-32"),
            (b"a,b\0c", "no text"),
            (b"\xff\xfe<\0h\0t\0m\0l\0>\0", "HTML"),
        ] {
            let Sort::Other(told) = look(head) else {
                panic!("{what}: {:?}", look(head));
            };
            assert!(told.contains(what), "{what}: {told}");
        }
    }

    #[test]
    fn utf_7_is_named_and_plus_signs_are_text() {
        for head in [
            "Stadt,Land\nM+APw-nchen,DE\n",
            "Ville,Pays\nOrl+AOk,ans,FR\n",
            "Miasto,Kraj\n+AUE-od+AXo,PL\n",
            "+BBwEOAQ9BEEEOg,BY\n",
        ] {
            assert_eq!(
                look(head.as_bytes()),
                Sort::Escaped("UTF-7", None),
                "{head}"
            );
        }
        for head in [
            "Stadt,Telefon\nUlm,+4973112345\n",
            "Stadt,Telefon\nUlm,+49-731-12345\n",
            "Alfa+Beta,Gamma+Bordeaux,+Ulm,A+B\n",
            "https://example.org/?q=a+b+Orl-1+AB-C\n",
            "https://example.org/?q=Ulm+Als+Ort+Ans+Ado\n",
        ] {
            assert_eq!(look(head.as_bytes()), Sort::Text(None, 0), "{head}");
        }
    }

    #[test]
    fn text_is_text_with_its_encoding_where_the_bytes_say_so() {
        let utf_16 = |text: &str, order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            text.encode_utf16().flat_map(order).collect()
        };
        let table = "Stadt;Land\nMünchen;DE\n";
        assert_eq!(look(table.as_bytes()), Sort::Text(None, 0));
        assert_eq!(look(b""), Sort::Text(None, 0));
        assert_eq!(look(b"BMI;Stadt\n"), Sort::Text(None, 0));
        assert_eq!(look(b"[a.name],[b.name]\n"), Sort::Text(None, 0));
        assert_eq!(look(b"[[C]]|G|N\n"), Sort::Text(None, 0));
        assert_eq!(look(b"\xef\xbb\xbfa,b"), Sort::Text(Some(UTF_8), 3));
        for table in [table, "Город;Страна\nМинск;BY\n", "市,国\n东京,日本\n"]
        {
            let little = utf_16(table, u16::to_le_bytes);
            assert_eq!(look(&little), Sort::Text(Some(UTF_16LE), 0), "{table}");
            let big = utf_16(table, u16::to_be_bytes);
            assert_eq!(look(&big), Sort::Text(Some(UTF_16BE), 0), "{table}");
            let marked = [b"\xff\xfe".as_slice(), &little].concat();
            assert_eq!(look(&marked), Sort::Text(Some(UTF_16LE), 2));
        }
    }
}
