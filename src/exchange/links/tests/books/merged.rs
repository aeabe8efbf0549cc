//! Merged cells, titles above the header, and empty cells that fill a sheet.

use super::*;

const HEADER: [&str; 5] = ["Gmina", "Miasto", "Kraj", "Od kiedy", "Uwagi"];

fn mapping() -> Mapping {
    let mapping = "[columns]\na.name='Gmina'\nb.name='Miasto'\nb.country='Kraj'\nsigned_on='Od kiedy'\n\
                   note='Uwagi'\n[set]\na.country='PL'";
    Mapping::from_toml(mapping).unwrap()
}

/// A workbook with merged cells, which stand behind the rows.
fn xlsx_with(rows: &str, merges: &[&str]) -> Vec<u8> {
    let merges = merges.iter().fold(String::new(), |all, merge| {
        all + &format!("<mergeCell ref=\"{merge}\"/>")
    });
    let sheet = format!("{rows}</sheetData><mergeCells>{merges}</mergeCells><sheetData>");
    xlsx_of(&[("Links", &sheet)], STRINGS)
}

/// The line, both names and the date of every row of a file without faults.
fn told(file: &[u8]) -> Vec<String> {
    let rows = read_with(file, mapping()).unwrap();
    let rows = rows.into_iter().map(Result::unwrap).map(|row| {
        let names = [row.a.name.unwrap(), row.b.name.unwrap()].join("–");
        let signed = row.signed_on.map_or("", |_| "dated");
        format!("{} {names} {signed}", row.line).trim().to_owned()
    });
    rows.collect()
}

#[test]
fn a_merged_cell_holds_for_all_rows_that_it_covers() {
    let rows = [
        row(&HEADER),
        row(&["Białystok", "Grodno", "BY", "1992", "razem"]),
        row(&["", "Eindhoven", "NL"]),
        // What a program leaves there is not seen by anybody.
        row(&["Łomża", "Jelgava", "LV"]),
        row(&["Gdańsk", "Brema", "DE"]),
        "<row></row>".to_owned(),
    ]
    .concat();
    let file = xlsx_with(&rows, &["E2:E2", "A2:A4", "D2:D3", "A5:C1048576"]);
    assert_eq!(
        told(&file),
        [
            "2 Białystok–Grodno dated",
            "3 Białystok–Eindhoven dated",
            "4 Białystok–Jelgava",
            "5 Gdańsk–Brema"
        ]
    );
    // Cells that are merged from left to right have their value in the first column only.
    let rows = row(&HEADER) + &row(&["Gdańsk", "", "DE"]);
    let faults = read_with(xlsx_with(&rows, &["A2:B2"]), mapping()).unwrap();
    assert_eq!(faults[0].as_ref().unwrap_err()[0].column, "Miasto");
}

#[test]
fn a_merged_cell_of_an_opendocument_sheet_holds_for_all_its_rows_too() {
    let spanned = |row: &str, kind: &str| {
        let cell = format!("office:value-type=\"{kind}\"");
        row.replacen(&cell, &format!("table:number-rows-spanned=\"2\" {cell}"), 1)
    };
    let covered = "<table:covered-table-cell/>";
    let rows = [
        ods_row(&HEADER),
        spanned(
            &ods_row(&["Białystok", "Grodno", "BY", "@1992-06-25"]),
            "date",
        ),
        ods_row(&["Białystok", "Eindhoven", "NL"]).replace(
            "</table:table-row>",
            &format!("{covered}</table:table-row>"),
        ),
        ods_row(&["Białystok", "Jelgava", "LV"]),
        spanned(&ods_row(&["Gdańsk", "Brema", "DE"]), "string"),
        ods_row(&["Le Havre", "FR"])
            .replace("<table:table-row>", &format!("<table:table-row>{covered}")),
    ]
    .concat();
    assert_eq!(
        told(&ods_of(&rows)),
        [
            "2 Białystok–Grodno dated",
            "3 Białystok–Eindhoven dated",
            "4 Białystok–Jelgava",
            "5 Gdańsk–Brema",
            "6 Gdańsk–Le Havre"
        ]
    );
}

#[test]
fn what_merged_cells_take_is_bounded() {
    let long = "x".repeat(30_000);
    let rows = [
        row(&HEADER),
        row(&["Gdańsk", "Brema", "DE", "", &long]),
        row(&["Gdańsk", "Brema", "DE"]).repeat(3_000),
    ]
    .concat();
    let message = refusal(xlsx_with(&rows, &["E2:E1048576"]), mapping());
    assert!(message.contains("too much text"), "{message}");
    let message = refusal(xlsx_with(&row(&HEADER), &["A4:A2"]), mapping());
    assert!(message.contains("end before they begin"), "{message}");
}

#[test]
fn a_title_may_stand_above_the_header_of_a_sheet() {
    let table = row(&HEADER) + &row(&["Białystok", "Grodno", "BY", "1992", "x"]);
    let title = row(&["Wykaz miast partnerskich"]) + "<row></row>" + &row(&["stan na", "2024"]);
    let file = xlsx_with(&(title + &table), &["A1:E1"]);
    assert_eq!(told(&file), ["5 Białystok–Grodno dated"]);
    let reader = LinkReader::open(file.as_slice(), mapping()).unwrap();
    assert_eq!(reader.rows_above_header(), 2);
    // What is wider than the title is of the table, and what is wider than the header is not.
    let title = row(&["1", "2", "3", "4", "5", "6", "7"]);
    let beside = row(&["Białystok", "Grodno", "BY", "1992", "x", "beside"]);
    let file = xlsx_with(&(title + &table + &beside), &[]);
    assert_eq!(told(&file).len(), 2);
    let title = ods_row(&["Wykaz miast partnerskich"]);
    let table = ods_row(&HEADER) + &ods_row(&["Białystok", "Grodno", "BY", "@1992-06-25"]);
    assert_eq!(
        told(&ods_of(&(title + &table))),
        ["3 Białystok–Grodno dated"]
    );
}

#[test]
fn a_header_may_be_two_rows_high_and_is_no_value_of_the_rows_below_it() {
    let rows = [
        row(&["Gmina", "Miasto partnerskie", "", "Od kiedy", "Uwagi"]),
        row(&["", "Miasto", "Kraj"]),
        row(&["", "Grodno", "BY"]),
    ]
    .concat();
    let file = xlsx_with(&rows, &["A1:A3", "B1:C1", "D1:D3", "E1:E2"]);
    let rows = read_with(&file, mapping()).unwrap();
    let faults = rows[0].as_ref().unwrap_err();
    assert_eq!((rows.len(), faults[0].line), (1, 3));
    assert_eq!(faults[0].column, "Gmina");
}

#[test]
fn a_sheet_without_the_columns_is_told_where_most_of_them_stand() {
    let rows = row(&["Wykaz"]) + &row(&HEADER[..4]) + &row(&["Białystok", "Grodno", "BY", "1992"]);
    let message = refusal(xlsx_with(&rows, &[]), mapping());
    assert!(
        message.contains("no column “Uwagi”") && !message.contains("no column “Gmina”"),
        "{message}"
    );
    assert!(
        message.ends_with("most of the columns looked for stand in row 2"),
        "{message}"
    );
}

#[test]
fn empty_cells_fill_an_opendocument_sheet_as_one_tag_or_two() {
    let table = ods_row(&HEADER) + &ods_row(&["Białystok", "Grodno", "BY", "@1992-06-25"]);
    for cell in ["/>", "></table:table-cell>"] {
        let filler = format!(
            "<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell \
             table:number-columns-repeated=\"1024\"{cell}</table:table-row>"
        );
        let file = ods_of(&(table.clone() + &filler));
        assert_eq!(told(&file), ["2 Białystok–Grodno dated"], "{cell}");
    }
}
