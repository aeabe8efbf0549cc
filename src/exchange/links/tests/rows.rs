use super::*;
use crate::core::{
    edtf::Edtf,
    vocabulary::{
        agreement::{InstrumentType, RelationshipType},
        lifecycle::ReasonCode,
        partner::PartnerKind,
    },
};

#[test]
fn blank_cells_mean_the_defaults() {
    let columns = "a.kind,a.latitude,a.longitude,a.wikidata,instrument,relationship,signed_on,\
                   ended_on,end_reason,note,source.title,source.url";
    let row = row_of(columns, " ,,,,\u{a0},,,,,,,").unwrap();
    assert_eq!(row.a.kind, PartnerKind::Municipality);
    assert_eq!((row.a.point, row.a.identifiers.len()), (None, 0));
    assert_eq!(row.relationship, RelationshipType::Twinning);
    assert_eq!(row.instrument, None);
    assert_eq!(row.instrument_or_default(), InstrumentType::Unspecified);
    assert!(row.signed_on.is_none() && row.ended_on.is_none() && row.end_reason.is_none());
    assert!(row.note.is_none() && row.source_title.is_none() && row.source_url.is_none());
}

#[test]
fn every_column_is_read() {
    let file = "a.name;a.country;a.kind;a.wikidata;a.geonames;a.latitude;a.longitude;b.name;\
                b.country;b.kind;instrument;relationship;signed_on;ended_on;end_reason;note;\
                source.title;source.url\n\
                Bia\u{142}ystok ;Poland;City district;http://www.wikidata.org/entity/Q761;776069;\
                53,1325;\u{2212}23,1688;Hrodna;by;county;Letter of Intent;friendship;2000-06;\
                [..2022-03-01];armed_aggression;a  note;City page;https://bialystok.pl/współpraca\n";
    let row = &links(file)[0];
    assert_eq!(row.a.name.as_deref(), Some("Białystok"));
    assert_eq!(row.a.kind, PartnerKind::CityDistrict);
    let identifiers: Vec<_> = row.a.identifiers.iter().map(ToString::to_string).collect();
    assert_eq!(identifiers, ["wikidata:Q761", "geonames:776069"]);
    let point = row.a.point.unwrap();
    assert!((point.latitude - 53.1325).abs() < 1e-9 && (point.longitude + 23.1688).abs() < 1e-9);
    assert_eq!(row.b.country.unwrap().as_str(), "BY");
    assert_eq!(row.instrument, Some(InstrumentType::LetterOfIntent));
    assert_eq!(row.relationship, RelationshipType::Friendship);
    assert_eq!(row.signed_on.as_ref().unwrap().as_str(), "2000-06");
    assert_eq!(row.ended_on.as_ref().unwrap().as_str(), "[..2022-03-01]");
    assert_eq!(row.end_reason, Some(ReasonCode::ArmedAggression));
    assert_eq!(row.note.as_deref(), Some("a note"));
    assert_eq!(row.source_title.as_deref(), Some("City page"));
    assert_eq!(
        row.source_url.as_deref(),
        Some("https://bialystok.pl/współpraca")
    );
}

#[test]
fn all_faults_of_a_row_are_told() {
    let file = "a.name,a.country,a.wikidata,a.latitude,a.longitude,b.name,b.country,b.kind,\
                relationship,signed_on,ended_on,end_reason,source.url\n\
                Q761,Polskaa,761,91,x,,,town,marriage,w czerwcu 2000 r.,,budget,ftp://x.org\n";
    let rows = read(file);
    let columns: Vec<_> = faults(rows[0].clone())
        .into_iter()
        .map(|(column, _)| column)
        .collect();
    assert_eq!(
        columns,
        [
            "a.name",
            "a.country",
            "a.wikidata",
            "a.latitude",
            "a.longitude",
            "b.kind",
            "b.name",
            "b.country",
            "relationship",
            "signed_on",
            "ended_on",
            "source.url"
        ]
    );
    let faults = rows[0].as_ref().unwrap_err();
    assert!(faults.iter().all(|fault| fault.line == 2));
    assert_eq!(faults[0].reason, "the name is only an identifier");
    assert_eq!(faults[0].value.as_deref(), Some("Q761"));
    assert_eq!(faults[6].value, None);
}

#[test]
fn an_identifier_stands_in_for_name_and_country() {
    let rows = read("a.wikidata,b.wikidata\nQ761,Q9832\nQ761,\n");
    let row = rows[0].as_ref().unwrap();
    assert_eq!((&row.a.name, row.a.country), (&None, None));
    let columns: Vec<_> = faults(rows[1].clone())
        .into_iter()
        .map(|(column, _)| column)
        .collect();
    assert_eq!(columns, ["b.name", "b.country"]);
}

#[test]
fn coordinates_come_in_pairs() {
    for (cells, column) in [("53.1,", "a.longitude"), (",23.1", "a.latitude")] {
        let faults = faults(row_of("a.latitude,a.longitude", cells));
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].0, column);
    }
    for cells in ["nan,1", "1,181", "53°,1", "\"1.234,5\",1"] {
        assert_eq!(
            faults(row_of("a.latitude,a.longitude", cells)).len(),
            1,
            "{cells}"
        );
    }
}

#[test]
fn a_partner_is_not_linked_to_itself() {
    let header = "a.name,a.country,a.wikidata,a.latitude,a.longitude,\
                  b.name,b.country,b.wikidata,b.latitude,b.longitude\n";
    for (row, same) in [
        ("Łódź,PL,,,,LODZ,PL,,,", true),
        ("Łódź,PL,Q580,,,Lodz,PL,,51.8,19.5", true),
        ("Kaliningrad,RU,Q1829,,,Königsberg,DE,Q1829,,", true),
        ("Frankfurt,DE,Q1794,,,Frankfurt,DE,Q4024,,", false),
        ("Neustadt,DE,,49.3,8.1,Neustadt,DE,,54.1,10.8", false),
        ("Neustadt,DE,,49.3,8.1,Neustadt,DE,,49.31,8.2", true),
        ("Paris,FR,,,,Paris,US,,,", false),
    ] {
        let rows = read(format!("{header}{row}\n"));
        if same {
            let faults = faults(rows[0].clone());
            assert_eq!(faults[0].0, "b.name");
            assert!(
                faults[0]
                    .1
                    .starts_with("a partner can't be linked to itself"),
                "{row}"
            );
        } else {
            assert!(rows[0].is_ok(), "{row}");
        }
    }
}

#[test]
fn paper_and_tie_go_together() {
    let row = |cells| row_of("instrument,relationship,a.kind,b.kind", cells);
    assert_eq!(
        row(",contact,,").unwrap().instrument_or_default(),
        InstrumentType::None
    );
    assert_eq!(row(",contact,,").unwrap().instrument, None);
    assert_eq!(
        row("none,contact,,").unwrap().instrument,
        Some(InstrumentType::None)
    );
    for cells in ["none,twinning,,", "none,,,"] {
        assert_eq!(faults(row(cells))[0].0, "instrument");
    }
    let institutions = row("none,,university,school").unwrap();
    assert_eq!(institutions.relationship, RelationshipType::Institutional);
    assert_eq!(
        row(",,university,").unwrap().relationship,
        RelationshipType::Twinning
    );
}

#[test]
fn a_link_does_not_certainly_end_before_it_begins() {
    let row = |cells| row_of("signed_on,ended_on,end_reason", cells);
    assert_eq!(faults(row("1992,1991-12-31,"))[0].0, "ended_on");
    assert!(row("1992-06,1992,budget").is_ok());
    assert_eq!(faults(row("1992,,budget"))[0].0, "ended_on");
}

#[test]
fn long_cells_are_shortened_in_the_report() {
    let faults = row_of("signed_on", &"ż".repeat(500)).unwrap_err();
    let shown = faults[0].value.as_deref().unwrap();
    assert_eq!(shown.chars().count(), 61);
    let name = format!(
        "a.name,a.country,b.name,b.country\n{},PL,B,NL\n",
        "ż".repeat(201)
    );
    assert!(
        read(name)[0].as_ref().unwrap_err()[0]
            .reason
            .contains("1 to 200")
    );
}

/// What is left of a list of dated names, or of an end beside a name, must not become a partner.
#[test]
fn a_year_that_is_no_date_of_the_tie_is_no_part_of_a_name() {
    let end = |name: &str| {
        let file = format!("a.name,a.country,b.name,b.country\nA,PL,\"{name}\",FR\n");
        read(file).remove(0)
    };
    for name in [
        "Lille (1990), Metz (1991)",
        "Nice (dal 1990) Brest (dal 1991)",
        "Lyon 1990, Pau 1991",
        "Vichy (bis 2005)",
        "Vichy (1990–2005)",
        "Vichy (fino al 2005)",
        "Vichy (seit 1990, beendet 2005)",
        "Vichy 1992 r.",
        "1992 Vichy",
    ] {
        let told = faults(end(name));
        assert!(
            told.iter()
                .any(|(column, reason)| column == "b.name" && reason.contains("year")),
            "{name}: {told:?}"
        );
    }
    for (name, expected, signed) in [
        ("Vichy (1992)", "Vichy", Some("1992")),
        ("Vichy (dal 1992)", "Vichy", Some("1992")),
        ("Wien (1010)", "Wien (1010)", None),
        ("25 de Mayo", "25 de Mayo", None),
    ] {
        let row = end(name).unwrap();
        assert_eq!(row.b.name.as_deref(), Some(expected));
        assert_eq!(row.signed_on.as_ref().map(Edtf::as_str), signed, "{name}");
    }
    let file = "a.name,a.country,b.name,b.country,b.kind\nA,PL,Klub 1901,FR,school\n";
    assert_eq!(links(file)[0].b.name.as_deref(), Some("Klub 1901"));
}

#[test]
fn the_header_again_is_no_link() {
    let mapping =
        "[columns]\na.name='City'\nb.name='Partner'\n[set]\na.country='HR'\nb.country='FR'\n";
    let mapping = Mapping::from_toml(mapping).unwrap();
    let file = "City,Partner,Note\nLipik,Metz,\nCity,Partner,Note\nCity,Partner,\nSisak,Partner,\n";
    let rows = read_with(file, mapping).unwrap();
    let told: Vec<_> = rows
        .into_iter()
        .map(|row| row.map_err(|faults| faults[0].reason.clone()))
        .collect();
    let again = "this is the header again and no link: leave the row out";
    assert!(told[0].is_ok() && told[3].is_ok(), "{told:?}");
    assert_eq!(told[1].as_ref().unwrap_err(), again);
    assert_eq!(told[2].as_ref().unwrap_err(), again);
}

#[test]
fn a_place_in_the_sea_is_nowhere() {
    for (cells, is_known) in [
        ("0,0", false),
        ("0.0000,-0.0", false),
        ("0,9.45", true),
        ("51.48,0", true),
    ] {
        let row = row_of("a.latitude,a.longitude", cells).unwrap();
        assert_eq!(row.a.point.is_some(), is_known, "{cells}");
    }
}

#[test]
fn what_this_registry_has_written_is_a_name_as_it_is() {
    let file = |id: &str| {
        ["idem", "“Lipik”", "Q1", "5\" Town", "-"]
            .map(|name| format!("\"{}\",HR,Metz,FR,{id}\n", name.replace('"', "\"\"")))
            .concat()
    };
    let header = "a.name,a.country,b.name,b.country,agreement.id\n";
    let exported = links(format!("{header}{}", file("agr_4p55380vwb")));
    let names: Vec<_> = exported
        .iter()
        .map(|row| row.a.name.as_deref().unwrap())
        .collect();
    assert_eq!(names, ["idem", "“Lipik”", "Q1", "5\" Town", "-"]);
    let named = |row: Row| row.map(|row| row.a.name);
    let others: Vec<_> = read(format!("{header}{}", file("")))
        .into_iter()
        .map(named)
        .collect();
    assert_eq!(others[1], Ok(Some("Lipik".to_owned())));
    let refused = [0, 2, 3, 4].map(|at| others[at].is_err());
    assert_eq!(refused, [true; 4]);
}
