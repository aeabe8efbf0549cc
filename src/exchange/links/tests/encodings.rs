//! What a text file is written in and separated by.

use super::*;

/// Letters in which encodings differ.
const LETTERS: &str =
    "a.name,a.country,b.name,b.country\nWałbrzych,PL,Gżira,MT\nGdańsk,PL,Łódź,PL\n";

fn encoded(text: &str, encoding: &'static encoding_rs::Encoding) -> Vec<u8> {
    let (bytes, _, lossy) = encoding.encode(text);
    assert!(!lossy);
    bytes.into_owned()
}

fn read_as(file: &[u8], reading: &Reading) -> Vec<LinkRow> {
    let reader = LinkReader::open_as(file, Mapping::default(), reading).unwrap();
    reader.map(|row| row.unwrap().unwrap()).collect()
}

#[test]
fn a_file_that_is_not_utf_8_is_refused_with_the_encoding_it_seems_to_have() {
    let german = "Gemeinde;Land;Partnerstadt;Partnerland;Seit\nBonn;DE;Paris;FR;1971\n\
                  München;DE;Bordeaux;FR;1964\nKöln;DE;Lille;FR;1958\n";
    let mapping = "[columns]\na.name='Gemeinde'\na.country='Land'\nb.name='Partnerstadt'\n\
                   b.country='Partnerland'\nsigned_on='Seit'";
    let mapping = Mapping::from_toml(mapping).unwrap();
    let file = encoded(german, encoding_rs::WINDOWS_1252);
    let message = refusal(&file, mapping.clone());
    assert!(
        message.starts_with("line 3: the file is not UTF-8"),
        "{message}"
    );
    assert!(message.contains("--encoding windows-1252"), "{message}");
    for label in ["windows-1252", "LATIN1", "cp1252"] {
        let reading = Reading::default().with_encoding(label).unwrap();
        let reader = LinkReader::open_as(file.as_slice(), mapping.clone(), &reading).unwrap();
        let names: Vec<_> = reader
            .map(|row| row.unwrap().unwrap().a.name.unwrap())
            .collect();
        assert_eq!(names, ["Bonn", "München", "Köln"]);
    }
    for (rows, encoding, label) in [
        (
            "Белосток,PL,Гродно,BY\nМинск,BY,Лодзь,PL\n",
            encoding_rs::WINDOWS_1251,
            "windows-1251",
        ),
        (
            "Białystok,PL,Łódź,PL\nZielona Góra,PL,Żary,PL\nKraków,PL,Wrocław,PL\n",
            encoding_rs::WINDOWS_1250,
            "windows-1250",
        ),
        ("東京,JP,大阪,JP\n", encoding_rs::SHIFT_JIS, "shift_jis"),
        // Countries tell what a few letters don't: Gyõr is no town.
        (
            "Győr,HU,Köln,DE\nPécs,HU,Lahti,FI\nHajdúböszörmény,HU,Paris,FR\nSzékesfehérvár,Magyarország,Essen,DE\n",
            encoding_rs::ISO_8859_2,
            "iso-8859-2",
        ),
        (
            "Rīga,LV,Köln,DE\nRēzekne,LV,Lahti,FI\nJēkabpils,LV,Paris,FR\nJūrmala,LV,Metz,FR\n",
            encoding_rs::WINDOWS_1257,
            "windows-1257",
        ),
        // Letters that its language lacks, and one country of many.
        (
            "Warszawa,PL,Genève,CH\nOpole,PL,Århus,DK\nRadom,PL,Besançon,FR\n",
            encoding_rs::WINDOWS_1252,
            "windows-1252",
        ),
        (
            "Bonn,DE,Genève,CH\nWien,AT,Cheb,CZ\n",
            encoding_rs::WINDOWS_1252,
            "windows-1252",
        ),
    ] {
        let text = format!("a.name,a.country,b.name,b.country\n{rows}");
        let file = encoded(&text, encoding);
        let message = refusal(&file, Mapping::default());
        assert!(message.contains(label), "{message}");
        let reading = Reading::default().with_encoding(label).unwrap();
        assert_eq!(read_as(&file, &reading), links(text));
    }
    // A part of a file in another encoding is no fault of its rows.
    let mixed = [LETTERS.as_bytes(), b"Bia\xb3ystok,PL,Minsk,BY\n"].concat();
    let message = refusal(&mixed, Mapping::default());
    assert!(
        message.starts_with("line 4") && message.contains("save all of it"),
        "{message}"
    );
    // What is UTF-8 is not read as something else by a wrong label.
    let reading = Reading::default().with_encoding("windows-1250").unwrap();
    let error = LinkReader::open_as(LETTERS.as_bytes(), Mapping::default(), &reading).unwrap_err();
    assert!(error.to_string().contains("is UTF-8"), "{error}");
    let reading = Reading::default().with_encoding("gb18030").unwrap();
    let error = LinkReader::open_as(LETTERS.as_bytes(), Mapping::default(), &reading).unwrap_err();
    assert!(error.to_string().contains("is UTF-8"), "{error}");
    assert!(Reading::default().with_encoding("utf8000").is_err());
}

#[test]
fn encodings_whose_bytes_are_ascii_are_seen() {
    // Signs that a text may hold are no escapes beside letters that only UTF-8 has, nor where it is said to be.
    let text = "a.name,a.country,b.name,b.country,note\nŁódź,PL,Berlin,DE,~{x}\n";
    assert_eq!(links(text).len(), 1);
    let text = text.replace("Łódź", "Bonn");
    let utf_8 = Reading::default().with_encoding("utf-8").unwrap();
    assert_eq!(read_as(text.as_bytes(), &utf_8).len(), 1);
    let text = "a.name,a.country,b.name,b.country\n東京都,JP,Berlin,DE\n";
    let file = encoded(text, encoding_rs::ISO_2022_JP);
    assert!(file.is_ascii());
    let message = refusal(&file, Mapping::default());
    assert!(message.contains("--encoding iso-2022-jp"), "{message}");
    let reading = Reading::default().with_encoding("iso-2022-jp").unwrap();
    assert_eq!(read_as(&file, &reading), links(text));
    for (bytes, what) in [
        (b"\x1b$)C\x0eGQ\x0f".as_slice(), "ISO-2022-KR"),
        (b"~{<:Ky~}", "HZ"),
    ] {
        let file = [
            b"a.name,a.country,b.name,b.country\n",
            bytes,
            b",KR,Berlin,DE\n",
        ]
        .concat();
        let message = refusal(&file, Mapping::default());
        assert!(message.contains(what), "{message}");
    }
}

#[test]
fn a_late_fault_of_the_encoding_refuses_the_whole_file() {
    let mut file = b"a.name,a.country,b.name,b.country\n".to_vec();
    for number in 0..5000 {
        file.extend(format!("P {number},PL,O {number},NL\n").bytes());
    }
    file.extend(b"Bia\xb3ystok,PL,Minsk,BY\n");
    let message = refusal(&file, Mapping::default());
    assert!(message.starts_with("line 5002: "), "{message}");
}

#[test]
fn utf_16_is_read_with_a_mark_and_without() {
    let wanted = links(LETTERS);
    let orders: [fn(u16) -> [u8; 2]; 2] = [u16::to_le_bytes, u16::to_be_bytes];
    for order in orders {
        for mark in ["", "\u{feff}"] {
            for text in [
                LETTERS.to_owned(),
                LETTERS.replace(',', ";").replace('\n', "\r\n"),
            ] {
                let text = format!("{mark}{text}");
                let file: Vec<u8> = text.encode_utf16().flat_map(order).collect();
                assert_eq!(links(&file), wanted);
            }
        }
    }
}

#[test]
fn the_first_line_may_name_the_separator() {
    for (line, separator) in [
        ("sep=;", ";"),
        ("sep=\t", "\t"),
        ("SEP=|", "|"),
        ("\"sep=;\"", ";"),
        ("sep=,", ","),
    ] {
        let file = format!("{line}\r\n{}", LETTERS.replace(',', separator));
        let rows = links(&file);
        assert_eq!((rows.len(), rows[0].line), (2, 3), "{line}");
        assert_eq!(rows[0].a.name.as_deref(), Some("Wałbrzych"));
    }
}

#[test]
fn any_one_character_separates_and_the_usual_ones_are_guessed() {
    let wanted = links(LETTERS);
    assert_eq!(links(LETTERS.replace(',', "|")), wanted);
    for (option, separator) in [
        ("^", "^"),
        ("tab", "\t"),
        ("\\t", "\t"),
        ("¦", "¦"),
        ("§", "§"),
        (" ", " "),
    ] {
        let reading = Reading::default().with_separator(option).unwrap();
        let file = LETTERS.replace(',', separator);
        assert_eq!(read_as(file.as_bytes(), &reading), wanted, "{option}");
    }
    for option in ["", "ab", "\"", "\n"] {
        assert!(
            Reading::default().with_separator(option).is_err(),
            "{option:?}"
        );
    }
    // More commas than bars, and yet the columns are found between bars.
    let file = "name, in, full, of, it|a.name|a.country|b.name|b.country\nx, y|A|PL|B|NL\n";
    assert_eq!(links(file)[0].b.name.as_deref(), Some("B"));
}

#[test]
fn what_is_no_table_of_links_is_named() {
    for (file, what) in [
        (b"".as_slice(), "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (b"\x1f\x8b\x08\0\0\0", "gzip"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "old Excel workbook (.xls)",
        ),
        (
            b"{\"a.name\":\"Bonn\"}\n{\"a.name\":\"Ulm\"}\n",
            "JSON Lines",
        ),
        (
            b"{\"type\":\"FeatureCollection\",\"features\":[]}",
            "GeoJSON",
        ),
        (b"%PDF-1.4\n", "PDF"),
        (b"<html><table>", "HTML"),
        (
            b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
            "ZIP archive",
        ),
        (b"PK\x03\x04garbage", "damaged archive"),
        (b"a.name,kraj\xb3\n", "not UTF-8"),
    ] {
        let message = refusal(file, Mapping::default());
        assert!(message.contains(what), "{what}: {message}");
    }
    let reading = Reading::default().with_sheet("Links");
    let error = LinkReader::open_as(LETTERS.as_bytes(), Mapping::default(), &reading).unwrap_err();
    assert!(error.to_string().contains("workbook only"), "{error}");
}
