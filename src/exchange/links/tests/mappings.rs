use super::*;
use crate::{
    core::vocabulary::agreement::RelationshipType,
    exchange::links::{EndField, Side, Target},
};

const GERMAN: &str = "Stadt;Partner;Land;Art;Seit\n\
                      Białystok;Dijon;Frankreich;p;1996\n\
                      ;Jelgava;Lettland;k;\n";

const FITS: &str = r#"
    [columns]
    a.name = "Stadt"
    "b.name" = "Partner"
    b.country = "Land"
    relationship = "Art"
    signed_on = "Seit"

    [set]
    a.name = "Łódź"
    a.country = "Poland"
    signed_on = 1990

    [values.b.country]
    Frankreich = "FR"
    Lettland = "LV"

    [values.relationship]
    p = "twinning"
    k = "contact"
    "-" = ""
"#;

fn mapping(text: &str) -> Mapping {
    Mapping::from_toml(text).unwrap()
}

#[test]
fn a_mapping_file_fits_another_header() {
    let rows = read_with(GERMAN, mapping(FITS)).unwrap();
    let rows: Vec<_> = rows.into_iter().map(Result::unwrap).collect();
    assert_eq!(rows[0].a.name.as_deref(), Some("Białystok"));
    assert_eq!(rows[0].a.country.unwrap().as_str(), "PL");
    assert_eq!(rows[0].b.country.unwrap().as_str(), "FR");
    assert_eq!(rows[0].relationship, RelationshipType::Twinning);
    assert_eq!(rows[0].signed_on.as_ref().unwrap().as_str(), "1996");
    assert_eq!(rows[1].a.name.as_deref(), Some("Łódź"));
    assert_eq!(rows[1].relationship, RelationshipType::Contact);
    assert_eq!(rows[1].signed_on.as_ref().unwrap().as_str(), "1990");
}

#[test]
fn a_cell_that_its_table_lacks_is_read_as_usual() {
    let file = format!(
        "{GERMAN};Eindhoven;Frankriech;x;\n;Dijon;Frankreich;-;\n;Eindhoven;NL;friendship;1993-05\n"
    );
    let rows = read_with(file, mapping(FITS)).unwrap();
    let bad = rows[2].clone().unwrap_err();
    assert_eq!(bad[0].value.as_deref(), Some("Frankriech"));
    let told = faults(rows[2].clone());
    assert_eq!(told[0].0, "Land");
    assert!(
        told[0].1.starts_with("no country has this code or name")
            && told[0].1.ends_with(
                "the table of values for b.country has Frankreich, Lettland; did you mean \
                 Frankreich?"
            ),
        "{told:?}"
    );
    assert_eq!(told[1].0, "Art");
    assert!(
        told[1]
            .1
            .ends_with("the table of values for relationship has -, k, p"),
        "{told:?}"
    );
    let blank = rows[3].as_ref().unwrap();
    assert_eq!(blank.relationship, RelationshipType::Twinning);
    let usual = rows[4].as_ref().unwrap();
    assert_eq!(usual.b.country.unwrap().as_str(), "NL");
    assert_eq!(usual.relationship, RelationshipType::Friendship);
    assert_eq!(usual.signed_on.as_ref().unwrap().as_str(), "1993-05");
}

#[test]
fn a_table_translates_a_few_dates_and_leaves_the_others() {
    let file = "a.name,a.country,b.name,b.country,signed_on\nAlfa,PL,Beta,DE,1992\n\
                Alfa,PL,Gamma,DE,1993-05\nAlfa,PL,Delta,DE,w czerwcu 2000 r.\n";
    let mapping = mapping("[values.signed_on]\n'w czerwcu 2000 r.' = '2000-06'");
    let rows = read_with(file, mapping).unwrap();
    let dates: Vec<_> = rows
        .into_iter()
        .map(|row| row.unwrap().signed_on.unwrap().to_string())
        .collect();
    assert_eq!(dates, ["1992", "1993-05", "2000-06"]);
}

#[test]
fn options_override_the_file() {
    let file = "x,y,b.country\nA,B,NL\n";
    let mapping = mapping("columns.a.name = 'y'\nset.a.country = 'PL'\nset.note = 'old'")
        .with_map("a.name = x")
        .and_then(|mapping| mapping.with_map("b.name=y"))
        .and_then(|mapping| mapping.with_set("note=a=b"))
        .and_then(|mapping| mapping.with_set("a.country=Lithuania"))
        .unwrap();
    assert_eq!(
        mapping.column(1, Target::End(Side::A, EndField::Name)),
        Some("x")
    );
    assert_eq!(mapping.set_value(1, Target::Note), Some("a=b"));
    let row = read_with(file, mapping).unwrap().remove(0).unwrap();
    assert_eq!(row.a.name.as_deref(), Some("A"));
    assert_eq!(row.a.country.unwrap().as_str(), "LT");
    assert_eq!(row.b.name.as_deref(), Some("B"));
    assert_eq!(row.note.as_deref(), Some("a=b"));
}

#[test]
fn a_mapped_column_comes_before_one_of_its_own_name() {
    let file = "a.name,a.country,b.name,b.country,partner\nA,PL,B,NL,C\n";
    let mapping = Mapping::default().with_map("b.name=partner").unwrap();
    let row = read_with(file, mapping).unwrap().remove(0).unwrap();
    assert_eq!(row.b.name.as_deref(), Some("C"));
}

#[test]
fn unknown_targets_are_named_with_the_nearest() {
    for error in [
        Mapping::default().with_map("a.nmae=City").unwrap_err(),
        Mapping::default().with_set("a.nmae=City").unwrap_err(),
        Mapping::from_toml("[columns]\na.nmae = 'City'").unwrap_err(),
    ] {
        let message = error.message;
        assert!(message.contains("did you mean a.name?"), "{message}");
        assert!(message.contains("b.geonames, "), "{message}");
    }
    let error = Mapping::from_toml("[column]\na.name = 'City'").unwrap_err();
    assert!(error.message.contains("did you mean columns?"), "{error}");
}

#[test]
fn assignments_need_both_sides() {
    for assignment in ["a.name", "a.name=", "a.name= "] {
        let error = Mapping::default().with_map(assignment).unwrap_err();
        assert!(error.message.contains("TARGET=COLUMN"), "{error}");
        let error = Mapping::default().with_set(assignment).unwrap_err();
        assert!(error.message.contains("TARGET=VALUE"), "{error}");
    }
}

#[test]
fn wrong_constants_and_values_are_told_before_any_row() {
    let error = Mapping::default().with_set("relationship=twining");
    let message = error.unwrap_err().message;
    assert!(message.contains("did you mean twinning?"), "{message}");
    let error = Mapping::from_toml(
        "[set]\nsigned_on = 'June'\na.latitude = true\nnote = ''\n\
         [values.relationship]\np = 'partner'\n[columns]\na.name = ['x']\n",
    );
    let message = error.unwrap_err().message;
    for part in [
        "columns.a.name: this must be text",
        "set.signed_on: ",
        "set.a.latitude: this must be text",
        "set.note: this is blank",
        "values.relationship.p: relationship type is one of",
    ] {
        assert!(message.contains(part), "{part} in {message}");
    }
    let error = Mapping::from_toml("[columns\n").unwrap_err();
    assert_eq!(error.code, "invalid_mapping");
    assert!(error.message.contains("line 1"), "{error}");
}

#[test]
fn columns_that_are_missing_or_there_twice_are_named() {
    let mapping = |assignment| Mapping::default().with_map(assignment).unwrap();
    let file = "Stadt,Stadt,Land,b.name,b.country\n";
    let message = refusal(file, mapping("a.name=Satdt"));
    assert!(
        message.contains("no column “Satdt” for a.name; did you mean “Stadt”?"),
        "{message}"
    );
    assert!(
        message.contains("are: Stadt, Stadt, Land, b.name, b.country"),
        "{message}"
    );
    let message = refusal(file, mapping("a.name=Stadt"));
    assert!(
        message.contains("“Stadt” for a.name is there twice"),
        "{message}"
    );
    let message = refusal("Stadt,Land\n", Mapping::default());
    assert!(message.contains("--map a.name=COLUMN"), "{message}");
    assert!(message.contains("--map b.name=COLUMN"), "{message}");
}

#[test]
fn every_target_is_read_as_it_is_written() {
    for target in Target::all() {
        assert_eq!(target.to_string().parse(), Ok(target));
    }
    assert_eq!(
        "a.iso3166-2".parse::<Target>().unwrap().to_string(),
        "a.iso3166-2"
    );
}

#[test]
fn the_example_for_wikidata_fits_its_header() {
    let mapping = mapping(include_str!("../../../../examples/mappings/wikidata.toml"));
    let file = "source_dataset,a_name,a_country,a_wikidata,a_lat,a_lon,b_name,b_country,\
                b_wikidata,b_lat,b_lon,since,until,raw_type,source_url,a_country_raw,b_country_raw\n\
                x,London,GB,Q84,51.507222222,-0.1275,Baku,AZ,Q9248,40.366655555,49.835183333,,,\
                P190,https://www.wikidata.org/wiki/Q84#P190,United Kingdom,Azerbaijan\n\
                x,Białystok,PL,,,,Grodno,BY,,,,w czerwcu 2000 r.,,,,,\n";
    let rows = read_with(file, mapping).unwrap();
    let row = rows[0].as_ref().unwrap();
    assert_eq!(row.a.identifiers[0].to_string(), "wikidata:Q84");
    assert!(row.source_title.as_deref().unwrap().contains("P190"));
    assert!(row.b.point.is_some());
    let fault = &rows[1].as_ref().unwrap_err()[0];
    assert_eq!((fault.line, fault.column.as_str()), (3, "since"));
    assert_eq!(fault.value.as_deref(), Some("w czerwcu 2000 r."));
    assert!(fault.reason.contains("[..2022-02-28]"), "{fault}");
    assert!(fault.reason.starts_with("this is no date"), "{fault}");
}
