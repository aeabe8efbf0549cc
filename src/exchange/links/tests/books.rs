//! Workbooks, made by other programs than ours: their parts are written here by hand.

mod merged;
mod others;

use std::io::{Cursor, Write};

use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;

fn archive(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook with these sheets; dates have the styles 1 (day), 2 (month), 3 (year), and 4 to 6 without a year.
fn xlsx_of(sheets: &[(&str, &str)], strings: &str) -> Vec<u8> {
    let spreadsheet = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let (mut list, mut links) = (String::new(), String::new());
    let mut parts = Vec::new();
    for (index, (name, rows)) in sheets.iter().enumerate() {
        let number = index + 1;
        let (state, name) = match name.strip_prefix('!') {
            Some(name) => (" state=\"hidden\"", name),
            None => ("", *name),
        };
        list +=
            &format!("<sheet name=\"{name}\" sheetId=\"{number}\"{state} r:id=\"rId{number}\"/>");
        links += &format!(
            "<Relationship Id=\"rId{number}\" Type=\"{relations}/worksheet\" \
             Target=\"worksheets/sheet{number}.xml\"/>"
        );
        parts.push((
            format!("xl/worksheets/sheet{number}.xml"),
            format!("<worksheet {spreadsheet}><sheetData>{rows}</sheetData></worksheet>"),
        ));
    }
    let package = "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"";
    let fixed = [
        (
            "_rels/.rels",
            format!(
                "<Relationships {package}><Relationship Id=\"r\" Type=\"{relations}/officeDocument\" \
                 Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook {spreadsheet} xmlns:r=\"{relations}\"><sheets>{list}</sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!("<Relationships {package}>{links}</Relationships>"),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet {spreadsheet}><numFmts count=\"1\"><numFmt numFmtId=\"170\" \
                 formatCode=\"yyyy\"/><numFmt numFmtId=\"171\" formatCode=\"d. mmmm\"/></numFmts>\
                 <cellXfs count=\"7\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"17\"/>\
                 <xf numFmtId=\"170\"/><xf numFmtId=\"171\"/><xf numFmtId=\"16\"/><xf numFmtId=\"20\"/></cellXfs>\
                 </styleSheet>"
            ),
        ),
        (
            "xl/sharedStrings.xml",
            format!("<sst {spreadsheet} {strings}</sst>"),
        ),
    ];
    parts.extend(fixed.map(|(name, text)| (name.to_owned(), text)));
    let parts: Vec<(&str, Vec<u8>)> = parts
        .iter()
        .map(|(name, text)| (name.as_str(), text.clone().into_bytes()))
        .collect();
    archive(&parts)
}

fn text_cell(text: &str) -> String {
    format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

fn row(cells: &[&str]) -> String {
    let cells: String = cells
        .iter()
        .map(|cell| {
            if cell.starts_with('<') {
                (*cell).to_owned()
            } else {
                text_cell(cell)
            }
        })
        .collect();
    format!("<row>{cells}</row>")
}

const STRINGS: &str = "uniqueCount=\"1\"><si><t>Łódź</t></si>";

/// A workbook whose second sheet has a table of links with all sorts of cells.
fn a_workbook() -> Vec<u8> {
    let header = row(&[
        "a.name",
        "a.country",
        "b.name",
        "b.country",
        "signed_on",
        "a.geonames",
        "note",
    ]);
    let rows = [
        header,
        String::from("<row></row>"),
        row(&[
            "Łódź",
            "PL",
            "Lyon",
            "France",
            "<c s=\"1\"><v>33414</v></c>",
            "<c><v>3093133</v></c>",
        ]),
        row(&[
            "<c t=\"s\"><v>0</v></c>",
            "PL",
            "Lwów",
            "UA",
            "<c s=\"2\"><v>33414</v></c>",
            "",
            "beside",
            "the table",
        ]),
        row(&[
            "Łódź",
            "PL",
            "Graz",
            "AT",
            "<c s=\"3\"><v>33414</v></c>",
            "",
            "<c t=\"e\"><v>#N/A</v></c>",
        ]),
        row(&["Łódź", "PL", "Oslo", "NO", "<c><v>1992</v></c>", "", "=1+1"]),
        row(&["Łódź", "PL", "Bern", "CH", "<c><v>33414</v></c>", "", "'=1"]),
        row(&[
            "Łódź",
            "PL",
            "Kyiv",
            "UA",
            "<c s=\"1\"><v>33414.5</v></c>",
            "",
            "",
        ]),
    ]
    .concat();
    xlsx_of(
        &[
            ("!Hidden", &row(&["x"])),
            ("Links", &rows),
            ("Other", &row(&["y"])),
        ],
        STRINGS,
    )
}

#[test]
fn the_first_sheet_of_a_workbook_is_read_with_its_dates() {
    let file = a_workbook();
    let rows = read(&file);
    let told: Vec<String> = rows
        .iter()
        .map(|row| match row {
            Ok(row) => format!(
                "{} {} {}",
                row.line,
                row.b.name.as_deref().unwrap(),
                row.signed_on.as_ref().unwrap()
            ),
            Err(faults) => format!("{} {}", faults[0].line, faults[0].column),
        })
        .collect();
    assert_eq!(
        told,
        [
            "3 Lyon 1991-06-25",
            "4 Lwów 1991-06",
            "5 Graz 1991",
            "6 Oslo 1992",
            "7 signed_on",
            "8 signed_on"
        ]
    );
    let first = rows[0].as_ref().unwrap();
    assert_eq!(first.a.identifiers[0].to_string(), "geonames:3093133");
    assert_eq!(rows[1].as_ref().unwrap().a.name.as_deref(), Some("Łódź"));
    assert_eq!(rows[2].as_ref().unwrap().note, None);
    assert_eq!(rows[3].as_ref().unwrap().note.as_deref(), Some("=1+1"));
}

#[test]
fn a_formula_that_nobody_has_computed_is_no_blank() {
    let header = row(&["a.name", "a.country", "b.name", "b.country", "signed_on"]);
    for value in ["<v></v>", "<v/>", ""] {
        let cell = format!("<row r=\"2\"><c r=\"E2\"><f>DATE(1958,5,1)</f>{value}</c></row>");
        let file = xlsx_of(&[("Links", &(header.clone() + &cell))], STRINGS);
        let refused = refusal(&file, Mapping::default());
        assert!(refused.contains("row 2, column 5"), "{value}: {refused}");
    }
    let cell = "<table:table-row><table:table-cell table:formula=\"of:=DATE(1958;5;1)\"/></table:table-row>";
    let header = ods_row(&["a.name", "a.country", "b.name", "b.country", "signed_on"]);
    let refused = refusal(ods_of(&(header + cell)), Mapping::default());
    assert!(refused.contains("row 2, column 1"), "{refused}");
}

#[test]
fn another_sheet_is_chosen_by_its_name_or_number() {
    let file = xlsx_of(
        &[
            ("!Hidden", &row(&["x"])),
            ("Links", &row(&["z"])),
            ("Other", &row(&["y"])),
        ],
        STRINGS,
    );
    assert!(refusal(&file, Mapping::default()).ends_with("are: z"));
    for (sheet, column) in [("Other", "y"), ("other", "y"), ("3", "y"), ("Hidden", "x")] {
        let reading = Reading::default().with_sheet(sheet);
        let error = LinkReader::open_as(file.as_slice(), Mapping::default(), &reading).unwrap_err();
        assert!(
            error.to_string().ends_with(&format!("are: {column}")),
            "{sheet}: {error}"
        );
    }
    let reading = Reading::default().with_sheet("Linkz");
    let error = LinkReader::open_as(file.as_slice(), Mapping::default(), &reading).unwrap_err();
    assert!(
        error.to_string().contains("“Hidden”, “Links”, “Other”"),
        "{error}"
    );
    let reading = Reading::default().with_encoding("latin1").unwrap();
    let error = LinkReader::open_as(file.as_slice(), Mapping::default(), &reading).unwrap_err();
    assert!(error.to_string().contains("for text files"), "{error}");
}

fn ods_of(rows: &str) -> Vec<u8> {
    ods_with("", rows)
}

fn ods_with(styles: &str, rows: &str) -> Vec<u8> {
    ods_named("Links", styles, rows)
}

fn ods_named(name: &str, styles: &str, rows: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\">\
         <office:automatic-styles>{styles}</office:automatic-styles><office:body>\
         <office:spreadsheet><table:table table:name=\"{name}\">{rows}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    archive(&[
        (
            "mimetype",
            b"application/vnd.oasis.opendocument.spreadsheet".to_vec(),
        ),
        (
            "META-INF/manifest.xml",
            b"<manifest:manifest xmlns:manifest=\"m\"></manifest:manifest>".to_vec(),
        ),
        ("content.xml", content.into_bytes()),
    ])
}

#[test]
fn a_hidden_sheet_of_an_opendocument_is_passed_over_and_hidden_rows_are_read() {
    let header = ods_row(&["a.name", "a.country", "b.name", "b.country"]);
    let rows = |name: &str| header.clone() + &ods_row(&[name, "PL", "Metz", "FR"]);
    let style = |name: &str, shown: bool| {
        format!(
            "<style:style style:name=\"{name}\" style:family=\"table\">\
             <style:table-properties table:display=\"{shown}\"/></style:style>"
        )
    };
    let styles = style("ta1", false) + &style("ta2", true);
    let shown = rows("Lublin").replace(
        "<table:table-row>",
        "<table:table-row table:visibility=\"collapse\">",
    );
    let tables = format!(
        "{}</table:table><table:table table:name=\"Shown\" table:style-name=\"ta2\">{shown}",
        rows("Opole")
    );
    let file = ods_named("Hidden\" table:style-name=\"ta1", &styles, &tables);
    let names: Vec<String> = read(file)
        .into_iter()
        .map(|row| row.unwrap().a.name.unwrap())
        .collect();
    assert_eq!(names, ["Lublin"]);
}

fn ods_row(cells: &[&str]) -> String {
    let cells: String = cells
        .iter()
        .map(|cell| match cell.strip_prefix('@') {
            Some(day) => format!(
                "<table:table-cell office:value-type=\"date\" office:date-value=\"{day}\"><text:p>x</text:p></table:table-cell>"
            ),
            None => format!(
                "<table:table-cell office:value-type=\"string\"><text:p>{cell}</text:p></table:table-cell>"
            ),
        })
        .collect();
    format!("<table:table-row>{cells}</table:table-row>")
}

#[test]
fn an_opendocument_sheet_is_read() {
    let filler = "<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell \
                  table:number-columns-repeated=\"16384\"/></table:table-row>";
    let rows = [
        ods_row(&["a.name", "a.country", "b.name", "b.country", "signed_on"]),
        ods_row(&["Łódź", "Polska", "Lyon", "FR", "@1991-06-25"]),
        ods_row(&["Łódź", "PL", "Graz", "AT", "@1991-06-25T00:00:00"]),
        filler.to_owned(),
    ]
    .concat();
    let rows = links(ods_of(&rows));
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.line, row.signed_on.as_ref().unwrap().as_str()))
        .collect();
    assert_eq!(told, [(2, "1991-06-25"), (3, "1991-06-25")]);
    assert_eq!(rows[0].a.country.unwrap().as_str(), "PL");
}

#[test]
fn a_date_of_an_opendocument_sheet_is_as_precise_as_its_cell_shows_it() {
    let format = |name: &str, parts: &str| {
        format!(
            "<number:date-style style:name=\"N{name}\">{parts}</number:date-style><style:style \
             style:name=\"{name}\" style:family=\"table-cell\" style:data-style-name=\"N{name}\"/>"
        )
    };
    let styles = [
        format("year", "<number:year/>"),
        format(
            "month",
            "<number:month/><number:text>/</number:text><number:year/>",
        ),
        format("day", "<number:day/><number:month/><number:year/>"),
    ]
    .concat();
    let date = |style: &str, day: &str, shown: &str, repeats: &str| {
        format!(
            "<table:table-cell {style} {repeats} office:value-type=\"date\" \
             office:date-value=\"{day}\"><text:p>{shown}</text:p></table:table-cell>"
        )
    };
    let line = |name: &str, date: String| {
        let row = ods_row(&["Alfa", "PL", name, "DE"]);
        row.replace("</table:table-row>", &format!("{date}</table:table-row>"))
    };
    let styled = |name: &str| format!("table:style-name=\"{name}\"");
    let rows = [
        "<table:table-column table:number-columns-repeated=\"4\"/><table:table-column \
         table:default-cell-style-name=\"year\"/>"
            .to_owned(),
        ods_row(&[
            "a.name",
            "a.country",
            "b.name",
            "b.country",
            "signed_on",
            "ended_on",
        ]),
        line("Aachen", date(&styled("year"), "1992-01-01", "1992", "")),
        line(
            "Bonn",
            date(&styled("month"), "1992-06-01T00:00:00", "06/92", ""),
        ),
        line("Celle", date(&styled("day"), "1992-06-25", "25.6.92", "")),
        line("Dachau", date("", "1993-01-01", "93", "")),
        line("Emden", date(&styled("other"), "1994-01-01", "1994", "")),
        line(
            "Fulda",
            date(&styled("other"), "1994-01-01", "01/01/94", ""),
        ),
        line(
            "Gotha",
            date(
                &styled("year"),
                "1995-01-01",
                "95",
                "table:number-columns-repeated=\"2\"",
            ),
        ),
    ]
    .concat();
    let rows = links(ods_with(&styles, &rows));
    let told: Vec<_> = rows
        .iter()
        .map(|row| row.signed_on.as_ref().unwrap().as_str())
        .collect();
    assert_eq!(
        told,
        [
            "1992",
            "1992-06",
            "1992-06-25",
            "1993",
            "1994",
            "1994-01-01",
            "1995"
        ]
    );
    let ended = rows.last().and_then(|row| row.ended_on.as_ref());
    assert_eq!(ended.unwrap().as_str(), "1995");
}

#[test]
fn workbooks_that_grow_too_large_are_refused_before_they_are_read() {
    let zeros = vec![b' '; 12 * 1024 * 1024];
    let bomb = xlsx_of(&[("Links", str::from_utf8(&zeros).unwrap())], STRINGS);
    assert!(bomb.len() < 100_000);
    let announced = xlsx_of(
        &[("Links", "")],
        "uniqueCount=\"99999999999\"><si><t>x</t></si>",
    );
    let repeated = ods_of(
        "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell \
         table:number-columns-repeated=\"16000\" office:value-type=\"float\" office:value=\"1\"/>\
         </table:table-row>",
    );
    let gap = ods_of(&[
        ods_row(&["a"; 40]),
        "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell/></table:table-row>".to_owned(),
        ods_row(&["b"]),
    ].concat());
    let many = archive(
        &(0..6000)
            .map(|_| ("x", Vec::new()))
            .take(1)
            .collect::<Vec<_>>(),
    );
    for (file, what) in [
        (bomb, "bomb"),
        (announced, "announced"),
        (repeated, "repeated"),
        (gap, "gap"),
    ] {
        let message = refusal(&file, Mapping::default());
        assert!(message.contains("too large"), "{what}: {message}");
    }
    assert!(refusal(&many, Mapping::default()).contains("ZIP archive"));
}

/// A header of so many columns.
fn wide_header(columns: usize) -> String {
    let names = ["a.name", "a.country", "b.name", "b.country"].map(str::to_owned);
    let more = (names.len()..columns).map(|nth| format!("more {nth}"));
    let all: Vec<String> = names.into_iter().chain(more).collect();
    row(&all.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn a_text_that_stands_in_very_many_cells_is_bounded_too() {
    let strings = format!("uniqueCount=\"1\"><si><t>{}</t></si>", "x".repeat(30_000));
    let text = format!("<row>{}</row>", "<c t=\"s\"><v>0</v></c>".repeat(100));
    let file = xlsx_of(
        &[("Links", &(wide_header(100) + &text.repeat(100)))],
        &strings,
    );
    let message = refusal(&file, Mapping::default());
    assert!(message.contains("too much text"), "{message}");
}

#[test]
fn many_small_rows_strings_and_one_long_text_are_bounded_too() {
    let names = row(&["a.name", "a.country", "b.name", "b.country"]);
    let wide = wide_header(400) + &"<row><c><v>1</v></c></row>".repeat(60_000);
    let file = xlsx_of(&[("Links", &wide)], STRINGS);
    let message = refusal(&file, Mapping::default());
    assert!(message.contains("too much text"), "{message}");
    // Each of them takes more room than it has text; how many there are need not be announced.
    let strings = ">".to_owned() + &"<si/>".repeat(700_000);
    let file = xlsx_of(&[("Links", &names)], &strings);
    let message = refusal(&file, Mapping::default());
    assert!(message.contains("too large"), "{message}");
    let long = row(&[&"x".repeat(1024 * 1024 + 1)]);
    let file = xlsx_of(&[("Links", &(names.clone() + &long))], STRINGS);
    let message = refusal(&file, Mapping::default());
    assert!(message.contains("too large"), "{message}");
    let some = row(&["Alfa", "PL", "Beta", "DE"]).repeat(20_000);
    let file = xlsx_of(&[("Links", &(names + &some))], STRINGS);
    assert_eq!(links(file).len(), 20_000);
}

#[test]
fn other_archives_and_office_files_are_named() {
    for (parts, what) in [
        (vec![("readme.txt", b"x".to_vec())], "ZIP archive"),
        (vec![("word/document.xml", b"x".to_vec())], "Word"),
        (vec![("xl/workbook.bin", b"x".to_vec())], ".xlsb"),
        (
            vec![(
                "mimetype",
                b"application/vnd.oasis.opendocument.text".to_vec(),
            )],
            "OpenDocument",
        ),
    ] {
        let message = refusal(archive(&parts), Mapping::default());
        assert!(message.contains(what), "{what}: {message}");
    }
    let empty = xlsx_of(&[("Links", "")], STRINGS);
    assert!(refusal(&empty, Mapping::default()).contains("sheet is empty"));
}

#[test]
fn a_cell_that_shows_no_year_is_no_date() {
    let header = row(&["a.name", "a.country", "b.name", "b.country", "signed_on"]);
    for style in [4, 5, 6] {
        let date = format!("<c s=\"{style}\"><v>33761</v></c>");
        let cells = row(&["Bonn", "DE", "Paris", "FR", &date]);
        let file = xlsx_of(&[("Links", &(header.clone() + &cells))], STRINGS);
        let faults = read_rows(&file);
        assert_eq!(faults, ["signed_on"], "{style}");
    }
}

/// The columns at fault.
fn read_rows(file: &[u8]) -> Vec<String> {
    let reader = LinkReader::open(file, Mapping::default()).unwrap();
    let faults = reader.flat_map(|row| row.unwrap().err().unwrap_or_default());
    faults.map(|fault| fault.column).collect()
}
