//! What stands above the header of a text file.

use super::*;

const TABLE: &str = "Gmina;Miasto;Kraj;Uwagi\nBiałystok;Grodno;BY;\"a, b, c, d, e, f\"\n";

fn mapping() -> Mapping {
    let mapping = "[columns]\na.name='Gmina'\nb.name='Miasto'\nb.country='Kraj'\nnote='Uwagi'\n\
                   [set]\na.country='PL'";
    Mapping::from_toml(mapping).unwrap()
}

#[test]
fn a_title_above_the_header_is_not_read() {
    for (title, line) in [
        ("", 2),
        ("Wykaz miast partnerskich;;;\n", 3),
        ("Wykaz miast, gmin, powiatów, województw, krajów\n\n", 4),
        ("\"Wykaz\nmiast\"\n;;;\nstan na;2024\n", 6),
        ("sep=;\nWykaz miast, gmin\n", 4),
    ] {
        for separator in [";", "\t", "|"] {
            let file = format!("{title}{TABLE}").replace(';', separator);
            let reader = LinkReader::open(file.as_bytes(), mapping()).unwrap();
            let rows: Vec<_> = reader.map(|row| row.unwrap().unwrap()).collect();
            assert_eq!((rows.len(), rows[0].line), (1, line), "{file}");
            assert_eq!(rows[0].b.name.as_deref(), Some("Grodno"), "{file}");
        }
    }
    let file = format!("Wykaz\nstan na;2024\n{TABLE}");
    let reader = LinkReader::open(file.as_bytes(), mapping()).unwrap();
    assert_eq!(reader.rows_above_header(), 2);
    let file = "List of links\na.name,a.country,b.name,b.country\nBonn,DE,Paris,FR\n";
    assert_eq!(links(file)[0].line, 3);
}

#[test]
fn a_header_that_lacks_a_column_is_named_by_its_line() {
    let file = TABLE.replace("Kraj", "Land");
    let message = refusal(&file, mapping());
    assert!(
        message.ends_with("the columns of the file are: Gmina, Miasto, Land, Uwagi"),
        "{message}"
    );
    let message = refusal(format!("Wykaz\n\n{file}"), mapping());
    assert!(
        message.contains("no column “Kraj”") && !message.contains("no column “Gmina”"),
        "{message}"
    );
    assert!(message.ends_with("stand in line 3"), "{message}");
    // What stands further below is none.
    let message = refusal("x\n".repeat(10) + TABLE, mapping());
    assert!(message.contains("no column “Gmina”"), "{message}");
}
