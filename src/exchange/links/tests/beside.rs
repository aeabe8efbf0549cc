//! What stands beside the names of partners in lists as cities print them.

use super::*;
use crate::core::country::Country;
use crate::core::vocabulary::agreement::RelationshipType;

fn mapping(text: &str) -> Mapping {
    Mapping::from_toml(text).unwrap()
}

/// The rows of a list whose second column has names and countries.
fn list(partners: &[&str], words: &str) -> Vec<Row> {
    let columns = "[columns]\na.name = 'Miasto'\nb.name = 'Partner'\nb.country = 'Partner'\n\
                   [set]\na.country = 'PL'\n";
    let rows: Vec<String> = partners
        .iter()
        .map(|name| format!("Płock\t{name}\n"))
        .collect();
    let rows = rows.concat();
    let file = format!("Miasto\tPartner\n{rows}");
    read_with(file, mapping(&format!("{columns}{words}"))).unwrap()
}

fn told(rows: Vec<Row>) -> Vec<String> {
    let told = rows.into_iter().map(|row| match row {
        Ok(row) => format!("{} {}", row.b.name.unwrap(), row.b.country.unwrap()),
        Err(faults) => faults[0].reason.clone(),
    });
    told.collect()
}

#[test]
fn one_column_may_hold_the_name_and_beside_it_the_country() {
    let rows = list(
        &[
            "Metz, France",
            "Kaunas (Litauen)",
            "Eindhoven – Niederlande",
            "Mytiszcze / Rosja",
            "Halle (Saale), Niemcy",
            "🇺🇦 Lwów",
            "🇬🇪 Kutaisi",
            "Boston, Massachusetts, USA",
            "Washington, D.C., USA",
            "San Juan, Puerto Rico, USA",
            "Metz, France, 1990",
        ],
        "",
    );
    assert_eq!(
        told(rows),
        [
            "Metz FR",
            "Kaunas LT",
            "Eindhoven NL",
            "Mytiszcze RU",
            "Halle (Saale) DE",
            "Lwów UA",
            "Kutaisi GE",
            "Boston, Massachusetts US",
            "Washington, D.C. US",
            "San Juan, Puerto Rico US",
            "Metz FR",
        ]
    );
}

#[test]
fn nothing_is_made_of_what_may_be_a_state_or_a_province_or_of_no_country_at_all() {
    for name in [
        "Boston, MA",
        "Torino (TO)",
        "Atlanta, Georgia",
        "Norwich, Norfolk",
        "Arlon (Luxembourg)",
        "Minna, Niger",
        "Cartagena, BOL",
        "Halle (Saale)",
        "France – Metz",
    ] {
        let rows = told(list(&[name], ""));
        assert!(rows[0].contains("no country for sure"), "{name}: {rows:?}");
    }
    let alone = told(list(&["Metz"], ""));
    assert!(
        alone[0].contains("no country stands beside this name"),
        "{alone:?}"
    );
    let joined = told(list(&["Łódź/Polska"], ""));
    assert!(joined[0].contains("write “Łódź, Polska”"), "{joined:?}");
    let lists = [
        "Lyon, Metz, Nancy",
        "Lyon, Metz, France",
        "Lyon, Metz, 1990",
        "Lyon, Metz, gemellaggio",
    ];
    for several in told(list(&lists, "")) {
        assert!(several.contains("list of names"), "{several}");
    }
    for name in ["Königsberg, Germany (Russia)", "🇫🇷 Metz, Germany"] {
        let told = faults(list(&[name], "").remove(0));
        let both =
            |(_, reason): &(String, String)| reason.contains("two countries are said of this name");
        assert!(told.iter().any(both), "{name}: {told:?}");
    }
}

#[test]
fn what_is_set_for_the_file_and_tables_of_values_say_which_country_is_meant() {
    let set = [
        "Metz",
        "Kehl, Germany",
        "Metz-France",
        "Lyon (Ain)",
        "Metz, France",
    ];
    let set = told(list(&set, "b.country = 'DE'\n"));
    assert_eq!(set[..2], ["Metz DE", "Kehl DE"]);
    for (row, reason) in set[2..].iter().zip([
        "write “Metz, France”",
        "no country for sure",
        "another country stands beside this name than is set for the file: France, and DE",
    ]) {
        assert!(row.contains(reason), "{set:?}");
    }
    let set = "b.country = 'DE'\n[values.'b.country']\nFrance = 'FR'\n";
    assert_eq!(told(list(&["Metz, France"], set)), ["Metz FR"]);
    let british = told(list(&["Norwich, Norfolk"], "b.country = 'GB'\n"));
    assert!(british[0].contains("no country for sure"), "{british:?}");
    let table = "[values.'b.country']\nGeorgia = 'GE'\nFR = 'FR'\n'Ziemia Święta' = 'IL'\n\
                 [values.'b.name']\n'Lubeka' = 'Lübeck, Niemcy'\n";
    let rows = list(
        &[
            "Kutaisi, Georgia",
            "Metz (FR)",
            "Nazaret (Ziemia Święta)",
            "Lubeka",
        ],
        table,
    );
    assert_eq!(
        told(rows),
        ["Kutaisi GE", "Metz FR", "Nazaret IL", "Lübeck DE"]
    );
}

#[test]
fn whom_an_identifier_names_needs_no_country() {
    let file = "Miasto,Partner,Item\nPłock,\"Boston, MA\",Q100\nPłock,\"Boston, MA\",\n";
    let words = "[columns]\na.name = 'Miasto'\nb.name = 'Partner'\nb.country = 'Partner'\n\
                 b.wikidata = 'Item'\n[set]\na.country = 'PL'\n";
    let rows = read_with(file, mapping(words)).unwrap();
    let boston = &rows[0].as_ref().unwrap().b;
    assert_eq!(
        (boston.name.as_deref(), boston.country),
        (Some("Boston, MA"), None)
    );
    assert!(rows[1].is_err());
    let set = read_with(file, mapping(&format!("{words}b.country = 'US'\n"))).unwrap();
    let boston = &set[0].as_ref().unwrap().b;
    assert_eq!(
        boston.country.map(|country| country.to_string()).as_deref(),
        Some("US")
    );
    let refused = refusal(
        "Miasto\tb.name\nPłock\tMetz, France\n",
        mapping("[columns]\na.name = 'Miasto'\n"),
    );
    assert!(refused.contains("name one column for both"), "{refused}");
}

/// The row of a tie with this name and this word for it.
fn of(name: &str, more: &str) -> Row {
    let file =
        format!("a.name,a.country,b.name,b.country,relationship\nRoma,IT,{name},FR,{more}\n");
    read(file).remove(0)
}

#[test]
fn what_stands_beside_a_name_is_told_and_no_part_of_it() {
    for (name, kind) in [
        ("Metz (patto di amicizia)", RelationshipType::Friendship),
        (
            "Metz (accordo di cooperazione)",
            RelationshipType::Cooperation,
        ),
        (
            "\"Metz, Francia (gemellaggio)\"",
            RelationshipType::Twinning,
        ),
    ] {
        let row = of(name, "").unwrap();
        assert_eq!(row.b.name.as_deref(), Some("Metz"), "{name}");
        assert_eq!(
            (row.relationship, row.relationship_is_given),
            (kind, true),
            "{name}"
        );
    }
    // The row and the name say the same, or people have to look.
    let row = of("Metz (amicizia)", "patto di amicizia").unwrap();
    assert_eq!(row.relationship, RelationshipType::Friendship);
    for (name, more, reason) in [
        ("Metz (amicizia)", "twinning", "the row says twinning"),
        ("Metz (accordo)", "", "a kind of tie or paper"),
        ("Metz (ruhend)", "", "how the tie stands"),
        ("\"Metz (gemellaggio, sospeso)\"", "", "how the tie stands"),
        ("Metz", "Partnerschaft beendet", "how the tie stands"),
        ("Metz", "former sister city", "how the tie stands"),
        ("Metz", "gemellaggio sospeso", "how the tie stands"),
        ("Metz", "planned twinning", "how the tie stands"),
        ("1. Metz", "", "sign of a list"),
        ("1.Metz", "", "sign of a list"),
        ("(1) Metz", "", "sign of a list"),
        ("– Metz", "", "sign of a list"),
        ("D-57000 Metz", "", "D-57000 and FR (France)"),
        ("Metz (Germany)", "", "Germany and FR (France)"),
        ("Metz (?)", "", "a question mark"),
        ("Metz (Moselle", "", "brackets"),
        (
            "Metz (amicizia e cooperazione)",
            "",
            "a kind of tie or paper",
        ),
        ("🇩🇪 Metz", "", "a flag"),
        ("Metz (1413 هـ)", "", "a year stands in this name"),
    ] {
        let told = faults(of(name, more));
        assert!(told[0].1.contains(reason), "{name}: {told:?}");
    }
}

#[test]
fn a_kind_beside_a_name_comes_before_that_of_the_file_and_whole_words_alone_are_kinds() {
    let set = "a.name,a.country,b.name,b.country\nRoma,IT,Metz (amicizia),FR\nRoma,IT,Nancy,FR\n";
    let rows = read_with(set, mapping("[set]\nrelationship = 'cooperation'")).unwrap();
    let kinds: Vec<_> = rows
        .into_iter()
        .map(|row| row.unwrap().relationship)
        .collect();
    assert_eq!(
        kinds,
        [RelationshipType::Friendship, RelationshipType::Cooperation]
    );
    let row = of("F-57000 Metz (gemellaggio)", "").unwrap();
    assert_eq!(
        (row.b.name.as_deref(), row.left_out.len()),
        (Some("Metz"), 2)
    );
    assert!(row.left_out[0].reason.contains("postcode"));
    assert!(row.left_out[1].reason.ends_with("left out: twinning"));
    for name in [
        "Playa del Carmen (Solidaridad)",
        "Longué - Jumelles",
        "Salcedo (Hermanas Mirabal)",
        "Gorofai (Bitti)",
        "Gdańsk (former Danzig)",
        "Chemnitz (ehemalige Karl-Marx-Stadt)",
        "Sarajevo (former Yugoslavia)",
    ] {
        let row = of(name, "").unwrap();
        assert_eq!(
            (row.b.name.as_deref(), row.relationship_is_given),
            (Some(name), false)
        );
    }
    let club = "a.name,a.country,a.kind,b.name,b.country\nKlub (Gemellaggio),IT,school,Metz,FR\n";
    let rows = links(club);
    assert_eq!(rows[0].a.name.as_deref(), Some("Klub (Gemellaggio)"));
    let school = "a.name,a.country,a.kind,b.name,b.country\n57000 Lycée,FR,school,Metz,FR\n";
    let rows = links(school);
    assert_eq!(rows[0].a.name.as_deref(), Some("57000 Lycée"));
}

#[test]
fn years_that_are_days_or_of_another_calendar_are_refused_and_those_of_an_export_are_read() {
    for (year, reason) in [
        ("0503", "a day and a month"),
        ("1371", "another calendar"),
        ("2535", "another calendar"),
    ] {
        let told = faults(row_of("signed_on", year));
        assert!(told[0].1.contains(reason), "{year}: {told:?}");
    }
    let row = row_of("signed_on,agreement.id", "0836,agr_8x3k0q2m7t").unwrap();
    assert_eq!(row.signed_on.unwrap().as_str(), "0836");
    // A table of values says that it is meant, as both messages say.
    let file = "a.name,a.country,b.name,b.country,signed_on\nPaderborn,DE,Le Mans,FR,836\n\
                Paderborn,DE,Le Mans,FR,0836\nPisa,IT,Metz,FR,1345\n";
    for fault in &read(file)[1..] {
        let told = faults(fault.clone());
        assert!(told[0].1.contains("[values.signed_on]"), "{told:?}");
    }
    let table = "[values.signed_on]\n836 = '0836'\n0836 = '0836'\n1345 = '1345'\n";
    let rows = read_with(file, mapping(table)).unwrap();
    let dates: Vec<_> = rows
        .into_iter()
        .map(|row| row.unwrap().signed_on.unwrap().to_string())
        .collect();
    assert_eq!(dates, ["0836", "0836", "1345"]);
    for column in ["signed_on", "ended_on"] {
        let file =
            format!("a.name,a.country,b.name,b.country,{column}\nPaderborn,DE,Le Mans,FR,0836\n");
        let (_, reason) = faults(read(&file).remove(0)).remove(0);
        let (_, said) = reason.split_once("under ").unwrap();
        let table = said.replacen(" in the mapping: ", "\n", 1);
        let row = read_with(&file, mapping(&table))
            .unwrap()
            .remove(0)
            .unwrap();
        let day = if column == "signed_on" {
            row.signed_on
        } else {
            row.ended_on
        };
        assert_eq!(day.unwrap().as_str(), "0836", "{column}");
    }
}

/// Whatever a message leaves to a table of values is read as the table says.
#[test]
fn a_table_of_values_gives_names_as_they_are() {
    for name in [
        "Salcedo (gemellaggio)",
        "Vichy (bis 2005)",
        "1. Mai",
        "Metz (?)",
        "🇩🇪 Metz",
        "1000 Islands",
        "57000 Metz",
        "D-57000 Metz",
        "Metz (Germany)",
        "Metz (1990)",
        "Lyon, Metz, Nancy",
        "Metz, France",
    ] {
        let file = format!("a.name;a.country;b.name;b.country\nRoma;IT;{name};FR\n");
        let table = format!("[values.'b.name']\n'{name}' = '{name}'\n");
        let rows = read_with(&file, mapping(&table)).unwrap();
        let row = rows[0].as_ref().unwrap();
        assert_eq!(row.b.name.as_deref(), Some(name));
        assert!(row.left_out.is_empty() && row.signed_on.is_none(), "{name}");
    }
    // Where one column holds both, the country alone is taken off.
    let table = "b.country = 'DE'\n[values.'b.name']\n'Lyon (Ain)' = 'Lyon (Ain)'\n\
                 'Halle (Saale)' = 'Halle (Saale), Germany'\n'Metz-France' = 'Metz, France'\n\
                 'Königsberg, Germany (Russia)' = 'Königsberg, Russia'\n'1000 Islands' = '1000 Islands, USA'\n";
    let names = [
        "Lyon (Ain)",
        "Halle (Saale)",
        "Metz-France",
        "Königsberg, Germany (Russia)",
        "1000 Islands",
    ];
    assert_eq!(
        told(list(&names, table)),
        [
            "Lyon (Ain) DE",
            "Halle (Saale) DE",
            "Metz FR",
            "Königsberg RU",
            "1000 Islands US"
        ]
    );
}

#[test]
fn what_only_a_table_makes_a_country_and_parts_of_one_tell_namesakes_apart() {
    let full = |partners: &[&str], words: &str| -> Vec<(String, Option<String>)> {
        let rows = list(partners, words);
        let ends = rows.into_iter().map(|row| row.unwrap().b);
        ends.map(|end| (end.name.unwrap(), end.full_name)).collect()
    };
    let told = |name: &str, full: Option<&str>| (name.to_owned(), full.map(str::to_owned));
    let table = "[values.'b.country']\nOR = 'US'\nME = 'US'\nFR = 'FR'\n";
    assert_eq!(
        full(&["Portland, OR", "Portland, ME", "Metz, FR"], table),
        [
            told("Portland", Some("Portland (Oregon)")),
            told("Portland", Some("Portland (Maine)")),
            told("Metz", None),
        ]
    );
    assert_eq!(
        full(
            &["Bangor (Wales)", "Bangor (Northern Ireland)", "Newport, UK"],
            ""
        ),
        [
            told("Bangor", Some("Bangor (Wales)")),
            told("Bangor", Some("Bangor (Northern Ireland)")),
            told("Newport", None),
        ]
    );
    // A part is one in whatever language, and a table may have another word for the country alone.
    for (partners, own) in [
        (
            ["Edinburgh (Scotland)", "Edinburgh (Szkocja)"],
            Some("Edinburgh (Scotland)"),
        ),
        (["Bangor (Wales)", "Bangor (Walia)"], Some("Bangor (Wales)")),
        (
            ["Leipzig (DDR)", "Leipzig (NRD)"],
            Some("Leipzig (East Germany)"),
        ),
        (["Leipzig (Deutschl.)", "Leipzig (Ger)"], None),
    ] {
        let table = "[values.'b.country']\n'Deutschl.' = 'DE'\nGer = 'DE'\n";
        let found = full(&partners, table);
        assert!(
            found.iter().all(|(_, full)| full.as_deref() == own),
            "{found:?}"
        );
    }
    let file =
        "a.name,a.country,b.name,b.country\nRoma,IT,Newport (Wales),GB\nRoma,IT,Newport (UK),GB\n";
    let rows = links(file);
    assert_eq!(rows[0].b.full_name.as_deref(), Some("Newport (Wales)"));
    assert_eq!(rows[1].b.full_name, None);
}

#[test]
fn parts_of_countries_are_known_by_the_names_that_lists_of_the_world_have() {
    let names = [
        "Columbus, Ohio, USA",
        "Boston, Mass., USA",
        "Portland, OR, USA",
        "Ahorn, Bavaria, Germany",
        "Calgary, Alta., Canada",
        "Rodez, Aveyron, Frankreich",
        "Monza (MB), Italia",
        "Ballarat, Vic., Australia",
    ];
    let expected = [
        "Columbus, Ohio US",
        "Boston, Mass. US",
        "Portland, OR US",
        "Ahorn, Bavaria DE",
        "Calgary, Alta. CA",
        "Rodez, Aveyron FR",
        "Monza (MB) IT",
        "Ballarat, Vic. AU",
    ];
    assert_eq!(told(list(&names, "")), expected);
    let keys = |names: &[&str]| -> Vec<Vec<String>> {
        let rows = list(names, "");
        let ends = rows.into_iter().map(|row| row.unwrap().b);
        ends.map(|end| end.name_keys()).collect()
    };
    // However the part is written, it is one; and no other one.
    for same in [
        ["Columbus, Ohio, USA", "Columbus (OH), USA"],
        ["Boston, Mass., USA", "Boston, Massachusetts, USA"],
        ["Ahorn, Bavaria, Germany", "Ahorn (Bayern), Germany"],
        ["Metz (57), France", "Metz, Moselle, France"],
        ["Washington D.C., USA", "Washington (DC), USA"],
    ] {
        let [one, other] = keys(&same).try_into().unwrap();
        assert!(
            one.iter().any(|key| other.contains(key)),
            "{one:?}, {other:?}"
        );
    }
    for two in [
        ["Columbus, Ohio, USA", "Columbus, Indiana, USA"],
        ["Columbus, Ohio, USA", "Columbus, USA"],
        // A number is that of a list as often as a code, but in France.
        ["Brno (64), Czechia", "Brno (Jihomoravský kraj), Czechia"],
    ] {
        let [one, other] = keys(&two).try_into().unwrap();
        assert!(
            !one.iter().any(|key| other.contains(key)),
            "{one:?}, {other:?}"
        );
    }
}

#[test]
fn a_subdivision_is_one_part_in_whatever_way_it_is_written() {
    let full = |name: &str, country: &str, part: &str| {
        let file = format!(
            "a.name,a.country,a.subdivision,b.name,b.country\n{name},{country},{part},Roma,IT\n"
        );
        links(file).remove(0).a.full_name.unwrap()
    };
    for (name, country, parts, expected) in [
        ("Columbus", "US", "Ohio|OH|US-OH|ohio", "Columbus (Ohio)"),
        ("\"Columbus, OH\"", "US", "Ohio|OH", "Columbus (Ohio)"),
        ("Ahorn", "DE", "Bayern|Bavaria|BY|DE-BY", "Ahorn (Bayern)"),
        (
            "Monza",
            "IT",
            "MB|Monza e Brianza",
            "Monza (Monza e Brianza)",
        ),
        ("Halle", "DE", "Saale", "Halle (Saale)"),
        ("Bolzano", "IT", "21", "Bolzano (21)"),
        (
            "Rostrevor",
            "GB",
            "GB-NMD",
            "Rostrevor (Newry, Mourne and Down)",
        ),
    ] {
        for part in parts.split('|') {
            assert_eq!(full(name, country, part), expected, "{part}");
        }
    }
}

#[test]
fn a_country_that_only_a_blank_parts_from_its_place_is_a_fault() {
    let of = |columns: &str, cells: &str| {
        let file = format!("a.name,a.country,b.name,b.country{columns}\nRoma,IT,{cells}\n");
        read(file).remove(0)
    };
    let fault = of("", "Lyon France,FR").unwrap_err().remove(0);
    assert_eq!(fault.column, "b.name");
    assert!(fault.reason.contains("“Lyon, France”"), "{fault}");
    for (columns, cells) in [
        ("", "Fort-de-France,MQ"),
        ("", "Santiago de Cuba,CU"),
        ("", "Isle of Man,IM"),
        (",b.wikidata", "Pau Brasil,BR,Q1795386"),
        (
            ",b.kind",
            "Technische Universität Wien Österreich,AT,university",
        ),
    ] {
        let row = of(columns, cells).unwrap();
        let name = cells.split(',').next();
        assert_eq!(row.b.name.as_deref(), name);
    }
}

#[test]
fn quotation_marks_around_a_name_footnotes_daggers_and_lists_are_no_names() {
    let of = |country: &str, name: &str| {
        let file = format!("a.name,a.country,b.name,b.country\nRoma,IT,{name},{country}\n");
        read(file).remove(0)
    };
    for (name, expected) in [
        ("„Dijon”", "Dijon"),
        ("«Dijon»", "Dijon"),
        ("'Dijon'", "Dijon"),
        ("'s-Hertogenbosch", "'s-Hertogenbosch"),
        ("“Freie” Stadt", "“Freie” Stadt"),
        ("Saint-Denis (93)", "Saint-Denis (93)"),
    ] {
        let row = of("FR", name).unwrap();
        assert_eq!(row.b.name.as_deref(), Some(expected));
    }
    for (name, country, told) in [
        ("Dijon†", "FR", "dagger"),
        ("†Dijon", "FR", "dagger"),
        ("Dijon (1)", "FR", "sign of a list"),
        ("Gori (*)", "GE", "sign of a list"),
        ("Gori (*) – Georgia", "GE", "sign of a list"),
        (
            "Alytus (Litwa) i Marijampolė (Litwa)",
            "LT",
            "list of names",
        ),
        ("Alytus (Litwa) i Marijampolė", "LT", "list of names"),
        ("M&uuml;nchen", "DE", "markup = \"wiki\""),
        ("″", "DE", "the cell above"),
        ("dito", "DE", "the cell above"),
    ] {
        let fault = of(country, name).unwrap_err().remove(0);
        assert!(fault.reason.contains(told), "{fault}");
    }
    let fault = of("〃", "Dijon").unwrap_err().remove(0);
    assert!(fault.reason.contains("the cell above"), "{fault}");
    for (letter, code) in [("D", "DE"), ("F", "FR"), ("S", "SE"), (" I ", "IT")] {
        let row = of(letter, "Alfa").unwrap();
        assert_eq!(row.b.country.map(Country::as_str), Some(code));
    }
    assert!(of("FL", "Alfa").is_err() && of("d", "Alfa").is_err());
}

#[test]
fn dates_beside_names_agree_with_each_other_and_with_their_row() {
    let of = |a: &str, b: &str, date: &str| {
        let file = format!("a.name,a.country,b.name,b.country,signed_on\n{a},DE,{b},FR,{date}\n");
        let row = read(file).remove(0);
        row.map(|row| row.signed_on.unwrap().to_string())
    };
    for (a, b, date, signed) in [
        ("Trier", "Metz (1990)", "", "1990"),
        ("Trier", "Metz (1990)", "1990-05", "1990-05"),
        ("Trier (1990-05)", "Metz (1990)", "", "1990-05"),
        ("Trier", "Metz (1990-05)", "1990", "1990-05"),
    ] {
        assert_eq!(of(a, b, date).as_deref(), Ok(signed), "{a} {b} {date}");
    }
    for (a, b, date) in [
        ("Trier", "Metz (1990)", "1985"),
        ("Trier (1990)", "Metz (1995)", ""),
    ] {
        let told = of(a, b, date).unwrap_err();
        assert!(
            told[0].reason.contains("two dates are said of this tie"),
            "{told:?}"
        );
    }
}

#[test]
fn digits_of_other_scripts_are_read_in_coordinates() {
    for (latitude, longitude) in [
        ("٥٣٫١٣٢٥", "٢٣٫١٦٨٨"),
        ("५३.१३२५", "२३.१६८८"),
        ("５３．１３２５", "２３．１６８８"),
    ] {
        let row = row_of("b.latitude,b.longitude", &format!("{latitude},{longitude}")).unwrap();
        let point = row.b.point.unwrap();
        assert_eq!((point.latitude, point.longitude), (53.1325, 23.1688));
    }
}

#[test]
fn the_code_of_a_part_of_a_country_is_no_name() {
    for (name, country, is_name) in [
        ("MA", "US", false),
        ("RE", "IT", false),
        ("NSW", "AU", false),
        ("Re", "IT", true),
        ("Ii", "FI", true),
        ("NY", "DK", true),
        ("ÅS", "NO", true),
        ("ULM", "DE", true),
    ] {
        let file = format!("a.name,a.country,b.name,b.country\n{name},{country},Metz,FR\n");
        let row = read(file).remove(0);
        assert_eq!(row.is_ok(), is_name, "{name}: {row:?}");
    }
    let split = Mapping::from_toml("split = ','").unwrap();
    let file = "a.name;a.country;b.name;b.country\nLipik;HR;Boston, MA, Salem;US\n";
    let rows = read_with(file, split).unwrap();
    let named = rows.into_iter().map(|row| row.map(|row| row.b.name));
    let named: Vec<_> = named.filter_map(Result::ok).flatten().collect();
    assert_eq!(named, ["Boston", "Salem"]);
}
