//! The words of a mapping: dates, missing, split, markup, and several partners in a row.

use super::*;

fn mapping(text: &str) -> Mapping {
    Mapping::from_toml(text).unwrap()
}

/// The row's line, second end and date, or the column at fault.
fn told(rows: &[Row]) -> Vec<String> {
    let told = rows.iter().map(|row| match row {
        Ok(row) => format!(
            "{} {} {} {}",
            row.line,
            row.b.name.as_deref().unwrap(),
            row.b.country.unwrap(),
            row.signed_on.as_ref().map_or("-", |date| date.as_str())
        ),
        Err(faults) => format!("{} {}", faults[0].line, faults[0].column),
    });
    told.collect()
}

#[test]
fn dates_are_read_in_the_order_that_the_mapping_declares() {
    let read = |date: &str, words: &str| {
        let file = format!("a.name,a.country,b.name,b.country,signed_on\nAlfa,PL,Beta,DE,{date}\n");
        let mut rows = read_with(file, mapping(words)).unwrap();
        rows.remove(0).map(|row| row.signed_on.unwrap().to_string())
    };
    assert_eq!(read("06.05.2003", "dates = 'd.m.y'").unwrap(), "2003-05-06");
    assert_eq!(read("7/6/2013", "dates = 'm/d/y'").unwrap(), "2013-07-06");
    assert_eq!(read("33779", "dates = 'excel'").unwrap(), "1992-06-24");
    let both = "dates = ['d/m/y', 'd-m-y']";
    assert_eq!(read("7/6/2013", both).unwrap(), "2013-06-07");
    assert_eq!(read("7-6-2013", both).unwrap(), "2013-06-07");
    assert_eq!(read("7 giugno 2013", "").unwrap(), "2013-06-07");
    let czech = read("7. listopadu 2013", "months = 'cs'").unwrap();
    assert_eq!(czech, "2013-11-07");
    let fault = read("1992[1]", "").unwrap_err();
    assert!(fault[0].reason.contains("markup = \"wiki\""), "{fault:?}");
    let fault = read("7/6/2013", "").unwrap_err();
    assert!(
        fault[0]
            .reason
            .contains("which of these numbers is the day"),
        "{fault:?}"
    );
}

#[test]
fn words_stand_above_the_tables_and_wrong_ones_are_named() {
    for (text, part) in [
        ("dates = 'd.x.y'", "dates: "),
        ("dates = 1", "dates: this must be text"),
        ("dates = ['d/m/y', 'm/d/y']", "dates: two orders"),
        ("months = 'Czech'", "months: "),
        ("missing = 'k. A.'", "missing: this must be a list"),
        ("markup = 'html'", "markup: the only markup known"),
        ("split = ''", "split: "),
        (
            "[columns]\na.name = 'x'\ndates = 'd.m.y'",
            "stands above the first table",
        ),
        ("date = 'd.m.y'", "did you mean dates?"),
    ] {
        let error = Mapping::from_toml(text).unwrap_err();
        assert!(error.message.contains(part), "{text}: {error}");
    }
}

#[test]
fn missing_cells_are_blank_and_the_mapping_can_say_which_they_are() {
    let file = "a.name,a.country,b.name,b.country,signed_on,note,instrument\n\
                Alfa,PL,Beta,DE,#VALUE!,N/A,none\nAlfa,PL,Gamma,DE,???,-,\n\
                Alfa,PL,None,FR,unknown,\u{200b},\nAlfa,PL,Nan,FR,nan,x,\nAlfa,PL,none,FR,,,\n\
                Alfa,PL,Windhoek,NA,,,\nAlfa,PL,k. A.,DE,,,\n";
    let contacts = "[set]\nrelationship = 'contact'";
    let rows = read_with(file, mapping(contacts)).unwrap();
    let first = rows[0].as_ref().unwrap();
    assert!(first.signed_on.is_none() && first.note.is_none());
    assert_eq!(first.instrument_or_default().to_string(), "none");
    let second = rows[1].as_ref().unwrap();
    assert!(second.signed_on.is_none() && second.note.is_none());
    assert_eq!(rows[2].as_ref().unwrap().b.name.as_deref(), Some("None"));
    assert!(rows[2].as_ref().unwrap().note.is_none());
    assert_eq!(rows[3].as_ref().unwrap().b.name.as_deref(), Some("Nan"));
    assert!(
        faults(rows[4].clone())[0]
            .1
            .starts_with("b.name is required")
    );
    assert_eq!(rows[5].as_ref().unwrap().b.country.unwrap().as_str(), "NA");
    let own = mapping(&format!("missing = ['k. A.']\n{contacts}"));
    let rows = read_with(file, own).unwrap();
    assert!(
        faults(rows[6].clone())[0]
            .1
            .starts_with("b.name is required")
    );
    assert_eq!(
        rows[1].clone().unwrap_err()[0].value.as_deref(),
        Some("???")
    );
}

#[test]
fn a_list_in_a_cell_is_refused_until_the_mapping_splits_it() {
    let file = "a.name,a.country,b.name,b.country,signed_on,note\n\
                Alfa,PL,Beta; Gamma; Delta,DE; FR; NL,1990; ; 1992,a; b\n\
                Alfa,PL,Eta;Theta;,DE,2000,\nAlfa,PL,Iota,DE,,\nAlfa,PL,My; Ny,DE; FR; NL,,\n";
    let refused = read(file);
    assert!(faults(refused[0].clone())[0].1.contains("split = \";\""));
    let rows = read_with(file, mapping("split = ';'")).unwrap();
    assert_eq!(
        told(&rows),
        [
            "2 Beta DE 1990",
            "2 Gamma FR -",
            "2 Delta NL 1992",
            "3 Eta DE 2000",
            "3 Theta DE 2000",
            "4 Iota DE -",
            "5 b.country",
        ]
    );
    assert_eq!(
        faults(rows[6].clone())[0].1,
        "this has 3 parts where b.name has 2"
    );
    let both = "a.name,a.country,b.name,b.country\nA; B,PL,C; D,DE\n";
    let rows = read_with(both, mapping("split = ';'")).unwrap();
    assert!(faults(rows[0].clone())[0].1.contains("both ends are lists"));
    let lines = "a.name,a.country,b.name,b.country\nA,PL,\"B\nC\",DE\n";
    let rows = read_with(lines, mapping("split = \"\\n\"")).unwrap();
    assert_eq!(told(&rows), ["2 B DE -", "2 C DE -"]);
    let python = "a.name,a.country,b.name,b.country\n\
                  Boa Vista,BR,\"[['Aljezur', 'Portugal'], ['Zocca', 'Italy']]\",PT\n";
    assert!(faults(read(python)[0].clone())[0].1.contains("split"));
}

#[test]
fn a_row_may_name_several_partners_in_columns_of_their_own() {
    let file = "city,country,partner1,partner1_country,partner2,partner2_country,since2\n\
                Alfa,PL,Beta,DE,Gamma,FR,1999\nAlfa,PL,,,Delta,NL,\nAlfa,PL,Eta,DE,,,\nAlfa,PL,,,,,\n\
                Alfa,PL,Iota,DE,Kappa,Nowhere,\n";
    let text = "[columns]\na.name = 'city'\na.country = 'country'\nb.name = 'partner1'\n\
                b.country = 'partner1_country'\n\"b2.name\" = 'partner2'\n\
                b2.country = 'partner2_country'\nb2.signed_on = 'since2'\n\
                [values.b.country]\nNowhere = ''\n";
    let reader = LinkReader::open(file.as_bytes(), mapping(text)).unwrap();
    assert_eq!(reader.ignored_columns().count(), 0);
    let rows: Vec<Row> = reader.map(Result::unwrap).collect();
    assert_eq!(
        told(&rows),
        [
            "2 Beta DE -",
            "2 Gamma FR 1999",
            "3 Delta NL -",
            "4 Eta DE -",
            "6 Iota DE -",
            "6 partner2_country",
        ]
    );
    let own = "a.name,a.country,b1.name,b1.country,b2.name,b2.country\nA,PL,B,DE,C,FR\n";
    let numbered = mapping("[columns]\n\"b1.name\" = 'b1.name'\nb1.country = 'b1.country'");
    let rows = read_with(own, numbered).unwrap();
    assert_eq!(told(&rows), ["2 B DE -", "2 C FR -"]);
    let message = refusal("a.name,a.country,b2.name\nA,PL,B\n", Mapping::default());
    assert!(
        message.contains("nothing gives b2.name and b2.country"),
        "{message}"
    );
    let unknown = Mapping::default().with_map("b2.name=x").unwrap();
    let message = refusal("a.name,a.country\n", unknown);
    assert!(message.contains("no column “x” for b2.name"), "{message}");
}

#[test]
fn wiki_marks_are_taken_off_when_the_mapping_says_so() {
    let file = "Comune|Gemellata con|Nazione|Anno\n\
                '''Vicopisano'''|[[Lipik (Croazia)|Lipik]]|{{HRV}}|2003\n\
                [[L'Aquila]]|{{Bandiera|DEU}} [[Rottweil]]<ref>sito</ref>|[[Germania]]|\n\
                Zocca|'s-Hertogenbosch|Paesi Bassi|\n";
    let text = "markup = 'wiki'\n[columns]\na.name = 'Comune'\nb.name = 'Gemellata con'\n\
                b.country = 'Nazione'\nsigned_on = 'Anno'\n[set]\na.country = 'IT'\n";
    let rows = read_with(file, mapping(text)).unwrap();
    let ends: Vec<_> = rows
        .iter()
        .map(|row| row.as_ref().unwrap().a.name.as_deref().unwrap())
        .collect();
    assert_eq!(ends, ["Vicopisano", "L'Aquila", "Zocca"]);
    assert_eq!(
        told(&rows),
        [
            "2 Lipik HR 2003",
            "3 Rottweil DE -",
            "4 's-Hertogenbosch NL -"
        ]
    );
    let without = mapping(&text.replace("markup = 'wiki'", ""));
    let file = file.replace("[[Lipik (Croazia)|Lipik]]", "[[Lipik]]");
    let rows = read_with(file, without).unwrap();
    assert!(faults(rows[0].clone())[0].1.contains("markup = \"wiki\""));
}

#[test]
fn the_apostrophe_before_a_formula_is_taken_off_and_others_stay() {
    let file = "a.name,a.country,b.name,b.country,note\n\
                's-Hertogenbosch,NL,'t Zand,NL,'=1+1\n'-dorf,DE,''-x,NL,'+48 85\n";
    let rows = links(file);
    let told: Vec<_> = rows
        .iter()
        .map(|row| [&row.a.name, &row.b.name, &row.note].map(|text| text.as_deref().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            ["'s-Hertogenbosch", "'t Zand", "=1+1"],
            ["-dorf", "'-x", "+48 85"]
        ]
    );
}

/// The ends of a row of a wiki's list, or the reason why it has none.
fn wiki_row(name: &str, country: &str) -> Vec<String> {
    let file = format!("C\tG\tN\nRoma\t{name}\t{country}\n");
    let words = "markup = 'wiki'\nsplit = ';'\n[columns]\na.name = 'C'\nb.name = 'G'\n\
                 b.country = 'N'\n[set]\na.country = 'IT'\n";
    let rows = read_with(file, mapping(words)).unwrap();
    let told = rows.into_iter().map(|row| match row {
        Ok(row) => format!("{} {}", row.b.name.unwrap(), row.b.country.unwrap()),
        Err(faults) => faults[0].reason.clone(),
    });
    told.collect()
}

#[test]
fn a_cell_of_a_wiki_names_one_partner_or_is_refused() {
    for name in [
        "[[Lipik]] e [[Osijek]]",
        "[[Lipik]], [[Osijek]]",
        "[[Lipik]] [[Osijek]]",
        "[[Lipik]] – [[Osijek]]",
        "[[Lipik]]<br />[[Osijek]]",
    ] {
        let told = wiki_row(name, "Croazia");
        assert!(told[0].contains("looks like a list"), "{name}: {told:?}");
    }
    for name in ["[[Categoria:Lipik]]", "[[:Categoria:X]]", "[[Lipik"] {
        let told = wiki_row(name, "Croazia");
        assert!(told[0].contains("no article"), "{name}: {told:?}");
    }
    let told = wiki_row("Beta (a; b); Gamma", "Croazia");
    assert!(
        told[0].contains("a list") && told[1] == "Gamma HR",
        "{told:?}"
    );
    let told = wiki_row("1) Beta; 2) Gamma", "Croazia");
    assert!(told[0].contains("bracket"), "{told:?}");
    let told = wiki_row("San&nbsp;Marino; [[Serravalle]]", "San Marino");
    assert_eq!(told, ["San Marino SM", "Serravalle SM"]);
}

#[test]
fn the_own_country_beside_a_name_is_dropped_and_another_stays() {
    for name in [
        "[[Lipik|Lipik (Croazia)]]",
        "Lipik (HR)",
        "Lipik, Kroatien",
        "[[Lipik]], [[Croazia]]",
        "[[Lipik]] – [[Croazia]]",
        "[[Lipik]] ([[Croazia]])",
    ] {
        assert_eq!(wiki_row(name, "Croazia"), ["Lipik HR"], "{name}");
    }
    for name in ["Lipik (Slavonia)", "Lipik/Croazia"] {
        assert_eq!(wiki_row(name, "Croazia"), [format!("{name} HR")]);
    }
    let another = wiki_row("Lipik (Serbia)", "Croazia");
    assert!(
        another[0].contains("Serbia and HR (Croatia)"),
        "{another:?}"
    );
    assert_eq!(wiki_row("Portland, ME", "USA"), ["Portland, ME US"]);
}

#[test]
fn a_country_may_be_a_template_or_a_flag() {
    for country in [
        "{{Bandiera|HRV|nome}}",
        "{{HRV|nome}}",
        "{{nowrap|Croazia}}",
        "🇭🇷",
        "🇭🇷 Croazia",
    ] {
        assert_eq!(wiki_row("Lipik", country), ["Lipik HR"], "{country}");
    }
    for country in ["{{ENG}}", "{{SCO}}", "{{WAL}}", "{{NIR}}"] {
        assert_eq!(wiki_row("Bath", country), ["Bath GB"], "{country}");
    }
    for country in ["{{x|ITA|HRV}}", "🇭🇷 Serbia"] {
        assert!(
            !wiki_row("Lipik", country)[0].starts_with("Lipik"),
            "{country}"
        );
    }
}

#[test]
fn markers_for_missing_are_found_in_any_case() {
    let words = "missing = ['n.d.']\n[set]\na.country = 'IT'\nb.country = 'FR'";
    let file = "a.name,b.name,signed_on\nRoma,N.D.,\nRoma,Parigi,N.d.\n";
    let rows = read_with(file, mapping(words)).unwrap();
    assert_eq!(told(&rows), ["2 b.name", "3 Parigi FR -"]);
}

#[test]
fn a_date_that_cannot_be_read_is_left_out_when_the_mapping_says_so() {
    let file = "a.name,a.country,b.name,b.country,signed_on,ended_on\n\
                Roma,IT,Parigi,FR,anni novanta,\nRoma,IT,Lione,FR,1990,mai\n";
    let words = "unreadable_dates = 'leave_out'";
    let rows = read_with(file, mapping(words)).unwrap();
    let first = rows[0].as_ref().unwrap();
    let left_out = &first.left_out[0];
    assert!(first.signed_on.is_none() && left_out.line == 2);
    assert!(
        left_out
            .reason
            .starts_with("this date is left out, since it can't be read: ")
    );
    assert_eq!(left_out.value.as_deref(), Some("anni novanta"));
    // A tie that has ended must not seem to stand.
    assert_eq!(faults(rows[1].clone())[0].0, "ended_on");
    assert!(read(file)[0].is_err());
    assert!(Mapping::from_toml("unreadable_dates = 'guess'").is_err());
}

#[test]
fn a_date_beside_a_name_is_no_part_of_it() {
    let file = "a.name,a.country,b.name,b.country,signed_on\n\
                Roma,IT,[[Lipik]] (dal 2003),HR,\n\
                Roma,IT,Lipik (6 giugno 2003),HR,\n\
                Roma,IT,Lipik (seit 2003),HR,1999\n\
                Roma,IT,\"Lipik, depuis 2003\",HR,\n\
                Roma,IT,Colonia 25 de Mayo,AR,\n\
                Roma,IT,Lipik (1918–1939),HR,\n\
                Roma,IT,Lipik,HR,l'8 marzo 2008\n\
                Roma,IT,Lipik,HR,1992 рік\n\
                Roma,IT,Wien (1010),AT,\n\
                Roma,IT,Wien (A-1010),AT,\n";
    let rows = read_with(file, mapping("markup = 'wiki'")).unwrap();
    assert_eq!(
        told(&rows),
        [
            "2 Lipik HR 2003",
            "3 Lipik HR 2003-06-06",
            "4 b.name",
            "5 Lipik HR 2003",
            "6 Colonia 25 de Mayo AR -",
            "7 b.name",
            "8 Lipik HR 2008-03-08",
            "9 Lipik HR 1992",
            "10 Wien (1010) AT -",
            "11 Wien (A-1010) AT -",
        ]
    );
}

#[test]
fn what_is_set_for_one_of_several_partners_holds_for_it_alone() {
    let words = "[columns]\na.name = 'city'\nb.name = 'p1'\nb2.name = 'p2'\n[set]\n\
                 a.country = 'PL'\nb.country = 'DE'\nb2.country = 'FR'\nb2.signed_on = '1999'\n";
    let file = "city,p1,p2\nAlfa,Beta,Gamma\nDelta,,\n";
    let mut reader = LinkReader::open(file.as_bytes(), mapping(words)).unwrap();
    let rows: Vec<Row> = reader.by_ref().map(Result::unwrap).collect();
    assert_eq!(told(&rows), ["2 Beta DE -", "2 Gamma FR 1999"]);
    assert_eq!(reader.without_partner(), 1);
    let message = refusal(
        file,
        mapping(&words.replace("b2.signed_on", "b3.signed_on")),
    );
    assert!(message.contains("no column is named for b3"), "{message}");
    for text in ["[set]\nc.country = 'PL'", "[values.'b2.country']\nX = 'DE'"] {
        let message = Mapping::from_toml(text).unwrap_err().message;
        assert!(message.contains("b2"), "{message}");
    }
}

#[test]
fn a_quotation_mark_between_bars_is_a_sign_like_others() {
    let words = "[columns]\na.name = 'C'\nb.name = 'G'\nb.country = 'N'\n[set]\na.country = 'IT'\n";
    let file = "C|G|N\nRoma|\"Parigi|Francia\nPisa|Angers|Francia\nAlba|\"Bad | Ort\"|Germania\n\
                Asti|\"A \"\"b\"\" c\"|Francia\nBra|[[A|B]]|Francia\n";
    let rows = read_with(file, mapping(words)).unwrap();
    assert_eq!(rows.len(), 5);
    assert!(faults(rows[0].clone())[0].1.contains("quotation mark"));
    assert!(rows[1].is_ok());
    assert!(faults(rows[2].clone())[0].1.contains("list"));
    assert_eq!(
        rows[3].as_ref().unwrap().b.name.as_deref(),
        Some("A \"b\" c")
    );
    assert!(faults(rows[4].clone())[0].1.contains("markup = \"wiki\""));
    let over_lines = "C|G|N\nRoma|\"Parigi\n\"|Francia\n";
    assert_eq!(
        told(&read_with(over_lines, mapping(words)).unwrap()),
        ["2 Parigi FR -"]
    );
    let linked = "[[C]]|G|N\nRoma|[[Parigi|la Parigi]]|Francia\n";
    for name in ["C", "[[C]]"] {
        let words = words.replace("'C'", &format!("'{name}'"));
        let rows = read_with(linked, mapping(&format!("markup = 'wiki'\n{words}"))).unwrap();
        assert_eq!(told(&rows), ["2 la Parigi FR -"]);
    }
}

#[test]
fn what_is_no_name_is_refused_in_cells_as_it_is_by_the_interface() {
    for name in [
        "Li\u{7}pik",
        "Osi\u{2028}jek",
        "Za\u{1b}greb",
        "M?nchen",
        "lipik.hr",
        "http//lipik",
        "wd:Q12345",
        "ditto",
    ] {
        let file = format!("a.name,a.country,b.name,b.country\nRoma,IT,{name},HR\n");
        let rows = read_with(file, Mapping::default()).unwrap();
        assert_eq!(told(&rows), ["2 b.name"], "{name:?}");
    }
    for name in [
        "St.Gallen",
        "L'Aquila",
        "Westward Ho!",
        "Sant'Agata di Militello",
    ] {
        let file = format!("a.name,a.country,b.name,b.country\nRoma,IT,{name},HR\n");
        let rows = read_with(file, Mapping::default()).unwrap();
        assert!(rows[0].is_ok(), "{name}: {rows:?}");
    }
}

#[test]
fn a_date_that_is_only_a_template_is_a_fault() {
    let words = "markup = 'wiki'\n[columns]\na.name = 'C'\nb.name = 'G'\nsigned_on = 'S'\n\
                 [set]\na.country = 'IT'\nb.country = 'HR'\n";
    let file = "C\tG\tS\nRoma\t[[Lipik]]\t{{date|5|6|1992}}\nRoma\t[[Osijek]]\t<ref>x</ref>\n";
    let rows = read_with(file, mapping(words)).unwrap();
    assert_eq!(told(&rows), ["2 S", "3 Osijek HR -"]);
}
