use super::*;

const PLAIN: &str = "a.name,a.country,b.name,b.country\nBiałystok,PL,Eindhoven,NL\n";

#[test]
fn delimiters_line_ends_and_a_bom_make_no_difference() {
    let plain = links(PLAIN);
    assert_eq!(plain[0].a.name.as_deref(), Some("Białystok"));
    assert_eq!(plain[0].line, 2);
    for delimiter in [",", ";", "\t"] {
        for end in ["\n", "\r\n", "\r"] {
            for bom in ["", "\u{feff}"] {
                for last in [true, false] {
                    let mut file = PLAIN.replace(',', delimiter).replace('\n', end);
                    if !last {
                        file.truncate(file.len() - end.len());
                    }
                    assert_eq!(links(format!("{bom}{file}")), plain, "{file:?}");
                }
            }
        }
    }
}

#[test]
fn the_delimiter_is_found_outside_quotes() {
    let file = "a.name;a.country;b.name;b.country;\"note, date, place\"\nA;PL;B;NL;x\n";
    let reader = LinkReader::open(file.as_bytes(), Mapping::default()).unwrap();
    let ignored: Vec<_> = reader.ignored_columns().map(str::to_owned).collect();
    assert_eq!(ignored, ["note, date, place"]);
    assert!(reader.into_iter().all(|row| row.unwrap().is_ok()));
}

#[test]
fn lines_are_counted_through_quotes_and_blank_lines() {
    for end in ["\n", "\r\n", "\r"] {
        let file = "\na.name,a.country,b.name,b.country,note\n\
                    A,PL,B,NL,\"one\ntwo\n\nthree, \"\"four\"\"\"\n\
                    \n\n\
                    A,PL,C,NL,five\n\
                    ,,,,\n\
                    A,PL,D,NL,\"six\n\"\n\
                    A,PL,E,NL,seven"
            .replace('\n', end);
        let rows = links(&file);
        let lines: Vec<_> = rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [3, 9, 11, 13], "{end:?}");
        assert_eq!(rows[0].note.as_deref(), Some("one two three, \"four\""));
        assert_eq!(rows[3].note.as_deref(), Some("seven"));
    }
}

#[test]
fn long_files_are_counted_rightly_too() {
    let mut file = "a.name,a.country,note,b.name,b.country\r\n".to_owned();
    file.extend((0..5000).map(|number| format!("P,PL,\"N\r\n{number}\",O,NL\r\n")));
    let rows = links(file);
    assert_eq!(rows.len(), 5000);
    assert_eq!(rows[4999].line, 2 + 2 * 4999);
}

#[test]
fn rows_of_another_width_are_reported_and_the_rest_is_read() {
    let file = format!("{PLAIN}A,PL\nA,PL,B,NL,too,many\nC,PL,D,NL\n");
    let rows = read(file);
    assert_eq!(
        faults(rows[1].clone()),
        [(
            "b.name".to_owned(),
            "the row has 2 cells and the header has 4".to_owned()
        )]
    );
    let wide = &rows[2].clone().unwrap_err()[0];
    assert_eq!((wide.line, wide.column.as_str()), (4, "b.country"));
    assert_eq!(rows[3].as_ref().unwrap().line, 5);
    // Blank cells behind the last column are none.
    assert_eq!(links(format!("{PLAIN}A,PL,B,NL,,\n")).len(), 2);
    assert_eq!(
        links("a.name,a.country,b.name,b.country,\nA,PL,B,NL\n").len(),
        1
    );
}

#[test]
fn a_quote_that_is_never_closed_ends_the_reading() {
    let short = format!("{PLAIN}A,PL,\"B,NL\nC,PL,D,NL\n");
    let long = format!("{short}{}", "E,PL,F,NL\n".repeat(200_000));
    for file in [short, long] {
        let mut reader = LinkReader::open(file.as_bytes(), Mapping::default()).unwrap();
        assert!(reader.next().unwrap().unwrap().is_ok());
        let error = reader.next().unwrap().unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 3, column b.name: a quote that opens in this row is never closed"
        );
        assert!(reader.next().is_none());
    }
}

#[test]
fn what_the_input_fails_with_is_passed_on() {
    #[derive(Debug)]
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    let input = std::io::Read::chain(PLAIN.as_bytes(), Broken);
    let error = LinkReader::open(input, Mapping::default()).unwrap_err();
    assert!(error.to_string().contains("the disk is gone"), "{error}");
}

#[test]
fn an_unusual_separator_is_seen_between_columns_that_are_looked_for() {
    for separator in ['^', '~', '¦', '#'] {
        let file = "a.name,a.country,b.name,b.country\nAlfa,PL,Beta,DE\n";
        let rows = links(file.replace(',', &separator.to_string()));
        assert_eq!(rows[0].b.name.as_deref(), Some("Beta"), "{separator}");
    }
}

#[test]
fn a_row_without_end_is_no_quote() {
    let text = format!(
        "a.name,a.country,b.name,b.country\n{}",
        "x".repeat(2_000_000)
    );
    let mut rows = LinkReader::open(text.as_bytes(), Mapping::default()).unwrap();
    let message = rows.next().unwrap().unwrap_err().to_string();
    assert_eq!(
        message,
        "line 2: the row is longer than a row of links can be"
    );
}

#[test]
fn rows_of_a_large_file_come_in_their_order_and_its_fault_behind_them() {
    // More than what is read together, by the number of rows and by their bytes.
    let (short, long) = (9_000_u64, 20_u64);
    let mut file = "a.name,a.country,b.name,b.country,remark\n".to_owned();
    for nth in 0..short {
        let country = if nth % 1_000 == 7 { "?!x" } else { "NL" };
        file.push_str(&format!("Alfa,PL,Beta,{country},\n"));
    }
    for _ in 0..long {
        file.push_str(&format!("Alfa,PL,Beta,NL,{}\n", "x".repeat(1_000_000)));
    }
    file.push_str("Alfa,PL,\"Beta,NL,\n");
    let mut rows: Vec<_> = LinkReader::open(file.as_bytes(), Mapping::default())
        .unwrap()
        .collect();
    let error = rows.pop().unwrap().unwrap_err().to_string();
    assert!(error.contains("never closed"), "{error}");
    let lines: Vec<(u64, bool)> = rows
        .into_iter()
        .map(|row| match row.unwrap() {
            Ok(link) => (link.line, true),
            Err(faults) => (faults[0].line, false),
        })
        .collect();
    let expected = (0..short + long).map(|nth| (nth + 2, nth >= short || nth % 1_000 != 7));
    assert!(lines.into_iter().eq(expected));
}
