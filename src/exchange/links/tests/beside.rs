//! What stands beside the names of partners in lists as cities print them.

use super::*;
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
            "Lwów UA"
        ]
    );
    // Nothing is made of what may be a state or a province, or of no country at all.
    for name in [
        "Boston, MA",
        "Torino (TO)",
        "Atlanta, Georgia",
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
    let set = list(&["Metz", "Metz-France", "Lyon (Ain)"], "b.country = 'DE'\n");
    let set = told(set);
    assert_eq!(set[0], "Metz DE");
    assert!(
        set[1..]
            .iter()
            .all(|row| row.contains("no country for sure")),
        "{set:?}"
    );
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
    let refused = refusal(
        "Miasto\tb.name\nPłock\tMetz, France\n",
        mapping("[columns]\na.name = 'Miasto'\n"),
    );
    assert!(refused.contains("name one column for both"), "{refused}");
}

#[test]
fn what_stands_beside_a_name_is_told_and_no_part_of_it() {
    let of = |name: &str, more: &str| {
        let file =
            format!("a.name,a.country,b.name,b.country,relationship\nRoma,IT,{name},FR,{more}\n");
        read(file).remove(0)
    };
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
        ("1. Metz", "", "sign of a list"),
        ("– Metz", "", "sign of a list"),
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
    let row = of("D-57000 Metz", "").unwrap();
    assert_eq!(
        (row.b.name.as_deref(), row.left_out.len()),
        (Some("Metz"), 1)
    );
    assert!(row.left_out[0].reason.contains("postcode"));
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
