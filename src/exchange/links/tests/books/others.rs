//! What workbooks of other programs and countries have: days numbered from 1904, readings above signs.

use std::io::Read;

use zip::ZipArchive;

use super::*;

/// The same archive with one part changed.
fn changed(file: &[u8], part: &str, from: &str, to: &str) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(file)).unwrap();
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let mut one = archive.by_index(index).unwrap();
        let name = one.name().unwrap().into_owned();
        let mut text = String::new();
        one.read_to_string(&mut text).unwrap();
        if name == part {
            assert!(text.contains(from), "{text}");
            text = text.replace(from, to);
        }
        parts.push((name, text.into_bytes()));
    }
    let parts: Vec<(&str, Vec<u8>)> = parts
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.clone()))
        .collect();
    super::archive(&parts)
}

#[test]
fn numbers_of_days_count_from_the_day_that_the_workbook_says() {
    let dated = |file: &[u8]| -> Vec<String> {
        let mapping = Mapping::from_toml("dates = 'excel'").unwrap();
        let rows = read_with(file, mapping).unwrap();
        let days = rows
            .iter()
            .map(|row| row.as_ref().unwrap().signed_on.as_ref());
        days.map(|day| day.unwrap().to_string()).collect()
    };
    let header = ["a.name", "a.country", "b.name", "b.country", "signed_on"];
    let plain = "<c><v>32317</v></c>";
    let styled = "<c s=\"1\"><v>32317</v></c>";
    let rows = [
        row(&header),
        row(&["Bonn", "DE", "Paris", "FR", plain]),
        row(&["Bonn", "DE", "Metz", "FR", styled]),
    ];
    let file = xlsx_of(&[("Links", &rows.concat())], STRINGS);
    assert_eq!(dated(&file), ["1988-06-23", "1988-06-23"]);
    for flag in ["1", "true"] {
        let flag = format!("<workbookPr date1904=\"{flag}\"/><sheets>");
        let file = changed(&file, "xl/workbook.xml", "<sheets>", &flag);
        assert_eq!(dated(&file), ["1992-06-24", "1992-06-24"], "{flag}");
    }
    let number = "<table:table-cell office:value-type=\"float\" office:value=\"32317\"/>";
    let line = ods_row(&["Bonn", "DE", "Paris", "FR"]);
    let line = line.replace("</table:table-row>", &format!("{number}</table:table-row>"));
    let file = ods_of(&(ods_row(&header) + &line));
    assert_eq!(dated(&file), ["1988-06-23"]);
    let settings = "<office:spreadsheet><table:calculation-settings><table:null-date \
                    table:date-value=\"1904-01-01\"/></table:calculation-settings>";
    let file = changed(&file, "content.xml", "<office:spreadsheet>", settings);
    assert_eq!(dated(&file), ["1992-06-24"]);
}

#[test]
fn readings_above_the_signs_of_a_cell_are_no_part_of_it() {
    let ruby = "<text:ruby><text:ruby-base>東京</text:ruby-base><text:ruby-text>とうきょう\
                </text:ruby-text></text:ruby>都";
    let rows = [
        ods_row(&["a.name", "a.country", "b.name", "b.country"]),
        ods_row(&[ruby, "JP", "Paris", "FR"]),
    ];
    let rows = links(ods_of(&rows.concat()));
    assert_eq!(rows[0].a.name.as_deref(), Some("東京都"));
}
