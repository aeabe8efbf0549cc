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
    let mut file = PLAIN.replace('\n', "\r\n");
    file.extend((0..5000).map(|number| format!("P {number},PL,\"O\r\n{number}\",NL\r\n")));
    let rows = links(file);
    assert_eq!(rows.len(), 5001);
    assert_eq!(rows[5000].line, 3 + 2 * 4999);
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
}

#[test]
fn cells_that_are_not_utf_8_are_reported() {
    let mut file = PLAIN.as_bytes().to_vec();
    file.extend_from_slice(b"Bia\xb3ystok,PL,Minsk,BY\nKaunas,LT,Vilnius,LT\n");
    let rows = read(file);
    let fault = &rows[1].clone().unwrap_err()[0];
    assert_eq!(
        fault.to_string(),
        "line 3, column a.name: “Bia\u{fffd}ystok”: this is not UTF-8: save the file as CSV in UTF-8"
    );
    assert!(rows[2].is_ok());
}

#[test]
fn files_that_are_no_csv_in_utf_8_are_refused() {
    assert!(refusal("", Mapping::default()).contains("empty"));
    assert!(refusal("\u{feff}\r\n", Mapping::default()).contains("empty"));
    assert!(refusal(b"\xff\xfea\0,\0", Mapping::default()).contains("UTF-16"));
    assert!(refusal(b"a.name,kraj\xb3\n", Mapping::default()).contains("header is not UTF-8"));
}

#[test]
fn a_quote_that_is_never_closed_ends_the_reading() {
    let short = format!("{PLAIN}A,PL,\"B,NL\nC,PL,D,NL\n");
    let long = format!("{short}{}", "E,PL,F,NL\n".repeat(200_000));
    for file in [short, long] {
        let mut reader = LinkReader::open(file.as_bytes(), Mapping::default()).unwrap();
        assert!(reader.next().unwrap().unwrap().is_ok());
        let error = reader.next().unwrap().unwrap_err();
        assert!(matches!(error, ReadError::Quote { line: 3 }), "{error}");
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
