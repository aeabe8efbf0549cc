mod beside;
mod books;
mod encodings;
mod files;
mod legacy;
mod mappings;
mod rows;
mod titles;
mod words;

use super::{BadRow, LinkReader, LinkRow, Mapping, ReadError, Reading, Row};

/// Every row of a file.
fn read_with(file: impl AsRef<[u8]>, mapping: Mapping) -> Result<Vec<Row>, ReadError> {
    LinkReader::open(file.as_ref(), mapping)?.collect()
}

/// Every row of a file whose columns are ours.
fn read(file: impl AsRef<[u8]>) -> Vec<Row> {
    read_with(file, Mapping::default()).unwrap()
}

/// The links of a file without faults.
fn links(file: impl AsRef<[u8]>) -> Vec<LinkRow> {
    read(file).into_iter().map(Result::unwrap).collect()
}

/// The only row of a file that has these columns beside two good ends.
fn row_of(columns: &str, cells: &str) -> Row {
    let file =
        format!("a.name,a.country,b.name,b.country,{columns}\nBiałystok,PL,Eindhoven,NL,{cells}\n");
    let mut rows = read(file);
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

/// The columns and reasons of a row that can't be used.
fn faults(row: Row) -> Vec<(String, String)> {
    let faults = row.unwrap_err();
    assert!(!faults.is_empty());
    faults
        .into_iter()
        .map(|BadRow { column, reason, .. }| (column, reason))
        .collect()
}

/// What a reader says of a file that it can't open.
fn refusal(file: impl AsRef<[u8]>, mapping: Mapping) -> String {
    read_with(file, mapping).unwrap_err().to_string()
}
