//! Files of links, imported as the command line does.

use diesel::prelude::*;
use serde_json::{Value, json};
use twincity::changes::Ctx;
use twincity::core::vocabulary::record::Role;
use twincity::db::DbConn;
use twincity::db::schema::changes;
use twincity::exchange::import::{self, Ended, Options, Report};
use twincity::exchange::links::{LinkReader, Mapping};
use twincity::http::problem::Problem;

use crate::support::TestApp;

const HEADER: &str = "a.name,a.country,a.wikidata,a.latitude,a.longitude,b.name,b.country,signed_on,ended_on,source.url\n";

/// Imports a file: what it reports, and whether it was kept.
fn import(
    app: &TestApp,
    text: &str,
    mapping: Mapping,
    skip_bad: bool,
    dry_run: bool,
) -> (Report, bool) {
    let reader = LinkReader::open(std::io::Cursor::new(text.to_owned()), mapping).unwrap();
    let ctx = Ctx::system(Role::Registrar, app.app.now());
    let options = Options {
        skip_bad,
        dry_run,
        strict_names: false,
        title: "Import of links.csv".to_owned(),
    };
    match app.write(move |conn| import::import(conn, &ctx, reader, &options)) {
        Ok(report) => (report, true),
        Err(Ended::NothingKept(report)) => (*report, false),
        Err(other) => panic!("{other:?}"),
    }
}

fn plain(app: &TestApp, rows: &str) -> Report {
    let (report, kept) = import(
        app,
        &format!("{HEADER}{rows}"),
        Mapping::default(),
        false,
        false,
    );
    assert!(kept, "{report:?}");
    report
}

fn numbers(report: &Report) -> [u64; 5] {
    [
        report.partners_created,
        report.created,
        report.matched,
        report.duplicates,
        report.rejected,
    ]
}

async fn agreements(app: &TestApp) -> Vec<Value> {
    let page = app
        .get("/api/v1/agreements?include=sources&sort=signed_on&limit=100")
        .await
        .expect(200)
        .json();
    page["data"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn a_file_imported_twice_creates_nothing_the_second_time() {
    let app = TestApp::new().await;
    let rows = "Białystok,PL,Q761,,,Eindhoven,Netherlands,1992,,https://example.org/1\n\
                Białystok,Poland,Q761,,,Kaunas,LT,,,https://example.org/1\n";
    assert_eq!(numbers(&plain(&app, rows)), [3, 2, 0, 0, 0]);
    let before = app.revision().await;
    assert_eq!(numbers(&plain(&app, rows)), [0, 0, 0, 2, 0]);
    assert_eq!(app.revision().await, before);
    let all = agreements(&app).await;
    for (member, expected) in [
        ("instrument", json!("unspecified")),
        ("relationship", json!("twinning")),
        ("status", json!("in_force")),
        ("status_basis", json!("presumed")),
        ("signed_on", json!("1992")),
    ] {
        assert_eq!(all[0][member], expected, "{member}");
    }
    assert_eq!(all[0]["sources"][0]["kind"], "import");
    assert_eq!(
        app.get("/api/v1/partners?q=bialystok")
            .await
            .expect(200)
            .json()["data"][0]["kind"],
        "municipality"
    );
}

#[actix_web::test]
async fn both_directions_are_one_link_and_another_source_is_added() {
    let app = TestApp::new().await;
    let rows = "Łódź,PL,,,,Stuttgart,DE,,,https://example.org/a\n\
                Stuttgart,DE,,,,Lodz,PL,,,https://example.org/b\n\
                Lodz,PL,,,,STUTTGART,DE,1988,,https://example.org/a\n";
    assert_eq!(numbers(&plain(&app, rows)), [2, 1, 1, 1, 0]);
    assert_eq!(
        agreements(&app).await[0]["sources"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[actix_web::test]
async fn a_row_matches_the_agreement_its_date_does_not_contradict() {
    let app = TestApp::new().await;
    let rows =
        "a,PL,,,,b,DE,1988,,\na,PL,,,,b,DE,2001,,\na,PL,,,,b,DE,2001-05,,https://example.org/new\n";
    assert_eq!(numbers(&plain(&app, rows)), [2, 2, 1, 0, 0]);
    let all = agreements(&app).await;
    assert_eq!(
        (
            all[0]["sources"].as_array().unwrap().len(),
            all[1]["sources"].as_array().unwrap().len()
        ),
        (1, 2)
    );
}

#[actix_web::test]
async fn all_or_nothing_unless_bad_rows_may_be_left_out() {
    let app = TestApp::new().await;
    let text = format!(
        "{HEADER}a,PL,,,,b,DE,,,\nc,PL,,,,d,Nowhere,,,\ne,PL,,,,f,DE,w czerwcu 2000 r.,,\n"
    );
    let (report, kept) = import(&app, &text, Mapping::default(), false, false);
    assert_eq!((numbers(&report), kept), ([2, 1, 0, 0, 2], false));
    assert_eq!(app.revision().await, 0);
    let told: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    assert!(
        told[0].starts_with("line 3, column b.country")
            && told[1].starts_with("line 4, column signed_on"),
        "{told:?}"
    );
    let (_, kept) = import(&app, &text, Mapping::default(), true, true);
    assert!(!kept && app.revision().await == 0);
    let (report, kept) = import(&app, &text, Mapping::default(), true, false);
    assert_eq!((numbers(&report), kept), ([2, 1, 0, 0, 2], true));
}

#[actix_web::test]
async fn an_end_known_by_its_item_alone_is_found_wherever_its_country_stands() {
    let app = TestApp::new().await;
    let rows = "Kaliningrad,,Q1829,,,Gdynia,PL,,,\nKönigsberg,RU,Q1829,,,Kiel,DE,,,\n";
    assert_eq!(numbers(&plain(&app, rows)), [3, 2, 0, 0, 0]);
    let text = format!("{HEADER}Nowhere,,Q99999999,,,Gdynia,PL,,,\n");
    let (report, kept) = import(&app, &text, Mapping::default(), false, false);
    assert!(
        !kept
            && report.faults[0]
                .reason
                .contains("no partner has this identifier"),
        "{report:?}"
    );
}

#[actix_web::test]
async fn namesakes_are_told_apart_or_reported() {
    let app = TestApp::new().await;
    let rows = "Neustadt,DE,,50,8,Lyon,FR,,,\nNeustadt,DE,,52,8,Lille,FR,,,\n";
    assert_eq!(numbers(&plain(&app, rows)), [4, 2, 0, 0, 0]);
    let text = format!("{HEADER}Neustadt,DE,,,,Metz,FR,,,\n");
    let (report, _) = import(&app, &text, Mapping::default(), false, false);
    assert!(
        report.faults[0].reason.starts_with("several partners fit"),
        "{report:?}"
    );
    assert_eq!(
        numbers(&plain(&app, "Neustadt,DE,,52.01,8,Metz,FR,,,\n")),
        [1, 1, 0, 0, 0]
    );
}

#[actix_web::test]
async fn a_tie_that_ended_is_recorded_with_its_end() {
    let app = TestApp::new().await;
    plain(
        &app,
        "Białystok,PL,,,,Grodno,BY,2018-03-16,2022-03-03,\nBiałystok,PL,,,,Pskov,RU,,2022,\n",
    );
    let all = agreements(&app).await;
    assert_eq!(
        (&all[0]["status"], &all[0]["status_since"]),
        (&json!("terminated"), &json!("2022-03-03"))
    );
    let then = app
        .get("/api/v1/agreements?as_of=2021-01-01&status=in_force&count=true")
        .await
        .expect(200)
        .json();
    assert_eq!(then["total"], 2);
}

#[actix_web::test]
async fn any_header_fits_with_a_mapping_and_its_value_tables() {
    let app = TestApp::new().await;
    let mapping = Mapping::from_toml(
        "[columns]\n\"a.name\" = \"Stadt\"\n\"b.name\" = \"Partner\"\n\"b.country\" = \"Land\"\nrelationship = \"Art\"\n\
         [set]\n\"a.country\" = \"Germany\"\n\"source.title\" = \"RGRE\"\n\
         [values.relationship]\np = \"twinning\"\nk = \"contact\"\nF = \"friendship\"\n",
    )
    .unwrap();
    let text = "\u{feff}Stadt;Partner;Land;Art;Rest\r\nBonn;Oxford;United Kingdom;p;x\r\nBonn;Minsk;BY;k;\r\nBonn;Ulan Bator;Mongolia;x;\r\n";
    let (report, _) = import(&app, text, mapping, true, false);
    assert_eq!(numbers(&report), [3, 2, 0, 0, 1]);
    assert_eq!(report.faults[0].column, "Art");
    let contact = app
        .get("/api/v1/agreements?relationship=contact")
        .await
        .expect(200)
        .json();
    assert_eq!(contact["data"][0]["instrument"], "none");
}

/// Real data, when it is at hand: every row is used or explained, and a second run adds nothing.
#[actix_web::test]
async fn the_wikidata_links_import_whole() {
    let file =
        std::env::var("TWINCITY_SHARED_DATA").unwrap_or_else(|_| "../shared/data".to_owned());
    let Ok(text) = std::fs::read_to_string(format!("{file}/links-sample.csv")) else {
        println!("skipped: {file}/links-sample.csv is not here");
        return;
    };
    let mapping =
        Mapping::from_toml(include_str!("../../examples/mappings/wikidata.toml")).unwrap();
    let app = TestApp::new().await;
    let (first, _) = import(&app, &text, mapping.clone(), true, false);
    assert_eq!(
        first.rows,
        first.created + first.matched + first.duplicates + first.rejected,
        "{}",
        first.summary()
    );
    assert!(first.created > 200, "{}", first.summary());
    let (second, _) = import(&app, &text, mapping, true, false);
    assert_eq!(numbers(&second)[..3], [0, 0, 0], "{}", second.summary());
}

/// The records of the log's newest changes of this kind, as they were when they were created.
async fn created(app: &TestApp, entity: &str) -> Vec<Value> {
    let page = app
        .get(&format!("/api/v1/changes?entity={entity}&limit=100"))
        .await
        .expect(200)
        .json();
    let changes = page["data"].as_array().unwrap();
    let created = changes.iter().filter(|change| change["op"] == "created");
    created
        .map(|change| change["patch"][0]["value"].clone())
        .collect()
}

#[actix_web::test]
async fn what_the_log_says_of_a_new_record_is_what_is_read_of_it() {
    let app = TestApp::new().await;
    plain(
        &app,
        "Łódź,PL,Q580,51.77,19.45,Lyon,FR,1991~,,https://example.org/a\n\
         Łódź,PL,Q580,,,Leicester,GB,,,\nŁódź,PL,,,,Odesa,UA,1993,2001,\n",
    );
    for (entity, collection) in [("partner", "partners"), ("agreement", "agreements")] {
        let all = created(&app, entity).await;
        assert!(all.len() >= 3, "{entity}");
        for record in all {
            let id = record["id"].as_str().unwrap();
            let mut read = app
                .get(&format!("/api/v1/{collection}/{id}"))
                .await
                .expect(200)
                .json();
            read.as_object_mut().unwrap().remove("allowed");
            assert_eq!(record, read);
        }
    }
}

#[actix_web::test]
async fn a_partner_matched_by_name_is_known_by_the_identifier_from_then_on() {
    let app = TestApp::new().await;
    let rows = "Munich,DE,,,,Verona,IT,,,\nMunich,DE,Q1726,,,Bordeaux,FR,,,\n\
                München,DE,Q1726,,,Sapporo,JP,,,\nMinga,,Q1726,,,Harare,ZW,,,\n";
    assert_eq!(numbers(&plain(&app, rows)), [5, 4, 0, 0, 0]);
    assert_eq!(numbers(&plain(&app, rows)), [0, 0, 0, 4, 0]);
}

#[actix_web::test]
async fn rows_wait_for_each_other_in_any_order() {
    let app = TestApp::new().await;
    let header = "a.name,a.country,a.wikidata,b.name,b.country,b.wikidata\n";
    let rows = "x,,Q1,y,,Q2\nz,,Q3,y,DE,Q2\nx,PL,Q1,z,FR,Q3\n";
    let text = format!("{header}{rows}");
    let (report, kept) = import(&app, &text, Mapping::default(), false, false);
    assert_eq!((numbers(&report), kept), ([3, 3, 0, 0, 0], true));
    let (report, _) = import(&app, &text, Mapping::default(), false, false);
    assert_eq!(numbers(&report), [0, 0, 0, 3, 0]);
}

#[actix_web::test]
async fn a_fault_names_the_column_of_the_file() {
    let app = TestApp::new().await;
    let mapping = "[columns]\na.name = 'City'\na.country = 'Land'\na.wikidata = 'Item'\n\
                   b.name = 'Partner'\nsigned_on = 'Since'\n[set]\nb.country = 'DE'\n";
    let mapping = Mapping::from_toml(mapping).unwrap();
    let text = "City,Land,Item,Partner,Since\n\
                Brno,,Q14960,Leipzig,\nBrno,CZ,,Stuttgart,2999\nUlm,DE,,Ulm,\n";
    let (report, _) = import(&app, text, mapping, true, false);
    let told: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    assert!(
        told[0].starts_with("line 2, column Land: “Brno”: a name and a country are needed")
            && told[1]
                .starts_with("line 3, column Since: “2999”: no tie begins or ends in such a year")
            && told[2].starts_with("line 4, column Partner: “Ulm”"),
        "{told:#?}"
    );
    assert_eq!(numbers(&report), [0, 0, 0, 0, 3]);
    assert_eq!(app.revision().await, 0);
}

#[actix_web::test]
async fn an_end_that_the_known_agreement_does_not_have_is_left_to_people() {
    let app = TestApp::new().await;
    plain(&app, "a,PL,,,,b,DE,1988,,\n");
    let report = plain(&app, "a,PL,,,,b,DE,,2022,https://example.org/end\n");
    assert_eq!(numbers(&report), [0, 0, 1, 0, 0]);
    let told = report.remarks[0].to_string();
    assert!(
        told.starts_with("line 2, column ended_on: “2022”: agr_"),
        "{told}"
    );
    assert_eq!(agreements(&app).await[0]["status"], "in_force");
}

/// What a row says beside the agreement that it matches is not lost without a word.
#[actix_web::test]
async fn a_date_that_a_known_agreement_does_not_have_is_told() {
    let app = TestApp::new().await;
    plain(&app, "a,PL,,,,b,DE,,2000,\n");
    let report = plain(&app, "a,PL,,,,b,DE,1990,,\n");
    assert_eq!(agreements(&app).await.len(), 1);
    let told: Vec<String> = report.remarks.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["line 2, column signed_on: “1990”: the registry has nothing, which this doesn't change"]
    );
    let more = plain(&app, "a,PL,,,,b,DE,,2005,https://example.org/end\n");
    let told: Vec<String> = more.remarks.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["line 2, column ended_on: “2005”: the registry has 2000, which this doesn't change"]
    );
    // What says less says nothing new.
    let less = plain(&app, "a,PL,,,,b,DE,,2000,https://example.org/more\n");
    assert!(less.remarks.is_empty());
}

#[actix_web::test]
async fn rows_that_say_different_things_of_one_tie_make_one_agreement_in_any_order() {
    let header = "a.name,a.country,b.name,b.country,signed_on,ended_on,relationship\n";
    let rows = [
        "a,PL,b,DE,1990,,",
        "b,DE,a,PL,,2000,",
        "a,PL,b,DE,1990-05,,friendship",
        // Two that contradict each other stay two.
        "c,PL,d,DE,1988,,",
        "c,PL,d,DE,2001,,",
        "d,DE,c,PL,,,friendship",
    ];
    let mut told = Vec::new();
    for order in [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [2, 3, 0, 5, 1, 4]] {
        let app = TestApp::new().await;
        let text = order.map(|at| rows[at]).join("\n");
        let (report, kept) = import(
            &app,
            &format!("{header}{text}\n"),
            Mapping::default(),
            false,
            false,
        );
        assert!(kept, "{report:?}");
        assert_eq!(numbers(&report), [4, 3, 0, 3, 0], "{text}");
        let all: Vec<[Value; 4]> = agreements(&app)
            .await
            .into_iter()
            .map(|one| {
                ["relationship", "signed_on", "status", "status_since"].map(|of| one[of].clone())
            })
            .collect();
        assert_eq!(
            all[1],
            [
                json!("friendship"),
                json!("1990-05"),
                json!("terminated"),
                json!("2000")
            ]
        );
        told.push(all);
    }
    assert!(told.windows(2).all(|two| two[0] == two[1]), "{told:#?}");
}

#[actix_web::test]
async fn a_planned_end_is_exported_and_imports_again() {
    let app = TestApp::new().await;
    let rows = "a,PL,,,,b,DE,1990,2095,\n";
    plain(&app, rows);
    let planned = agreements(&app).await;
    assert_eq!(planned[0]["status"], "in_force");
    let again = plain(&app, rows);
    assert_eq!(numbers(&again), [0, 0, 0, 1, 0]);
    assert!(again.remarks.is_empty(), "{again:?}");
    let text = app
        .get("/api/v1/exports/links")
        .await
        .expect(200)
        .text()
        .to_owned();
    assert!(text.contains(",1990,2095,"), "{text}");
    let before = app.revision().await;
    let (same, _) = import(&app, &text, Mapping::default(), false, false);
    assert_eq!(
        (numbers(&same), same.remarks.len()),
        ([0, 0, 0, 1, 0], 0),
        "{same:?}"
    );
    assert_eq!(app.revision().await, before);
    let elsewhere = TestApp::new().await;
    let (report, kept) = import(&elsewhere, &text, Mapping::default(), false, false);
    assert!(kept && report.created == 1, "{report:?}");
    let other = elsewhere
        .get("/api/v1/exports/links")
        .await
        .expect(200)
        .text()
        .to_owned();
    assert!(other.contains(",1990,2095,"), "{other}");
    // Another day than the one that is planned is left to people.
    let other = plain(&app, "a,PL,,,,b,DE,1990,2090,\n");
    assert_eq!(other.remarks.len(), 1, "{other:?}");
}

/// Neustadt in Saxony and Neustadt in the Palatinate are two cities; Berlin has many postcodes.
#[actix_web::test]
async fn names_behind_several_postcodes_are_left_to_people() {
    let app = TestApp::new().await;
    let rows = "Lyon,FR,,,,01844 Neustadt,DE,,,\nLille,FR,,,,67433 Neustadt,DE,,,\n\
                Metz,FR,,,,10115 Berlin,DE,,,\nNancy,FR,,,,D-10115 Berlin,DE,,,\n";
    let (report, kept) = import(
        &app,
        &format!("{HEADER}{rows}"),
        Mapping::default(),
        true,
        false,
    );
    assert!(kept, "{report:?}");
    assert_eq!(numbers(&report), [3, 2, 0, 0, 2]);
    let fault = report.faults[0].to_string();
    assert!(
        fault.contains("several postcodes") && fault.contains("01844, 67433"),
        "{fault}"
    );
    let told = report.to_do();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with("4 rows, column b.name: the number before this name"),
        "{told:?}"
    );
}

/// What the registry knows of a city has no postcode: whether the second Neustadt is the first, people have to say.
#[actix_web::test]
async fn a_postcode_that_is_not_compared_with_a_known_partner_is_told() {
    let app = TestApp::new().await;
    let first = plain(&app, "Lyon,FR,,,,01844 Neustadt,DE,,,\n");
    assert_eq!((numbers(&first), first.remarks.len()), ([2, 1, 0, 0, 0], 1));
    let second = plain(&app, "Lille,FR,,,,67433 Neustadt,DE,,,\n");
    assert_eq!(numbers(&second), [1, 1, 0, 0, 0]);
    let told: Vec<String> = second.remarks.iter().map(ToString::to_string).collect();
    assert!(
        told.len() == 2
            && told
                .iter()
                .any(|one| one.contains("67433 was not compared")),
        "{told:?}"
    );
    // So may be another part of the country than the one that was meant.
    let header = "a.name,a.country,a.subdivision,b.name,b.country";
    let text = format!("{header}\nNeustadt,DE,Hessen,Metz,FR\n");
    let (third, _) = import(&app, &text, Mapping::default(), false, false);
    let told = third.to_do();
    assert!(
        told[0].contains("Neustadt (Hessen) was not compared"),
        "{told:?}"
    );
    // Whom its own id names is known for sure.
    let page = app
        .get("/api/v1/partners?q=neustadt")
        .await
        .expect(200)
        .json();
    let id = page["data"][0]["id"].as_str().unwrap();
    let text = format!("a.name,a.country,b.id,b.name,b.country\nBrest,FR,{id},39307 Neustadt,DE\n");
    let (fourth, kept) = import(&app, &text, Mapping::default(), false, false);
    assert!(kept, "{fourth:?}");
    let told = fourth.to_do();
    assert!(
        !told.iter().any(|one| one.contains("was not compared")),
        "{told:?}"
    );
}

#[actix_web::test]
async fn a_part_of_a_country_in_two_languages_is_one_and_what_may_be_another_is_hinted_at() {
    let columns = "[columns]\na.name = 'City'\nb.name = 'Partner'\nb.country = 'Partner'\n\
                   [set]\na.country = 'FR'\n[values.'b.country']\nSN = 'DE'\n";
    let app = TestApp::new().await;
    for (rows, expected, hints) in [
        (
            "Brest\tLeipzig (DDR)\nLyon\tLeipzig (NRD)\n",
            [3, 2, 0, 0, 0],
            0,
        ),
        (
            "Brest\tBautzen (DDR)\nLyon\tBautzen, SN\n",
            [2, 2, 0, 0, 0],
            1,
        ),
    ] {
        let mapping = Mapping::from_toml(columns).unwrap();
        let (report, kept) = import(
            &app,
            &format!("City\tPartner\n{rows}"),
            mapping,
            false,
            false,
        );
        assert!(kept, "{report:?}");
        assert_eq!(numbers(&report), expected, "{report:?}");
        let told = report.remarks.iter().map(ToString::to_string);
        assert_eq!(
            told.filter(|one| one.contains("looks like")).count(),
            hints,
            "{report:?}"
        );
    }
}

#[actix_web::test]
async fn cities_that_parts_of_one_country_tell_apart_are_not_merged_in_any_order() {
    let columns = "[columns]\na.name = 'City'\nb.name = 'Partner'\nb.country = 'Partner'\n\
                   [set]\na.country = 'DE'\n[values.'b.country']\nOR = 'US'\nME = 'US'\n";
    let rows = [
        "Kiel\tPortland, OR",
        "Ulm\tPortland, ME",
        "Bonn\tBangor (Wales)",
        "Jena\tBangor (Northern Ireland)",
    ];
    for backwards in [false, true] {
        let app = TestApp::new().await;
        let mut rows = rows.to_vec();
        if backwards {
            rows.reverse();
        }
        let text = format!("City\tPartner\n{}\n", rows.join("\n"));
        let mapping = Mapping::from_toml(columns).unwrap();
        let (report, kept) = import(&app, &text, mapping, false, false);
        assert!(kept, "{report:?}");
        assert_eq!(numbers(&report), [8, 4, 0, 0, 0]);
        let page = app
            .get("/api/v1/partners?limit=100")
            .await
            .expect(200)
            .json();
        let all = page["data"].as_array().unwrap();
        for name in [
            "Portland (Oregon)",
            "Portland (Maine)",
            "Bangor (Wales)",
            "Bangor (Northern Ireland)",
        ] {
            assert!(
                all.iter().any(|partner| partner["name"] == name),
                "{name} in {all:#?}"
            );
        }
    }
}

#[actix_web::test]
async fn a_part_of_a_country_is_one_however_rows_write_it_in_any_order() {
    let rows = [
        "Columbus,US,Ohio,Dresden,DE",
        "Columbus,US,OH,Genova,IT",
        "\"Columbus, Ohio\",US,,Sevilla,ES",
        "\"Columbus, OH\",US,,Tainan,TW",
        "\"Columbus, Indiana\",US,,Miyoshi,JP",
    ];
    for backwards in [false, true] {
        let app = TestApp::new().await;
        let mut rows = rows.to_vec();
        if backwards {
            rows.reverse();
        }
        let header = "a.name,a.country,a.subdivision,b.name,b.country";
        let text = format!("{header}\n{}\n", rows.join("\n"));
        let (report, kept) = import(&app, &text, Mapping::default(), false, false);
        assert!(kept, "{report:?}");
        assert_eq!(numbers(&report), [7, 5, 0, 0, 0], "{report:?}");
        let (again, _) = import(&app, &text, Mapping::default(), false, false);
        assert_eq!(again.created + again.partners_created, 0, "{again:?}");
    }
}

#[actix_web::test]
async fn a_tie_that_does_not_stand_is_not_imported_as_one_that_does() {
    let app = TestApp::new().await;
    let text = "a.name,a.country,b.name,b.country,relationship\n\
                A,DE,Metz,FR,Partnerschaft beendet\nB,DE,Metz,FR,former sister city\n\
                C,DE,\"Metz (gemellaggio, sospeso)\",FR,\nD,DE,Metz (geplant),FR,\n\
                E,DE,Metz (gemellaggio),FR,\nF,DE,Nancy (gemellaggio),FR,\n";
    let (report, kept) = import(&app, text, Mapping::default(), true, false);
    assert!(kept, "{report:?}");
    assert_eq!(numbers(&report), [4, 2, 0, 0, 4]);
    let told = report.to_do();
    assert!(
        told.len() == 1 && told[0].starts_with("2 rows, column b.name: the words beside this name"),
        "{told:?}"
    );
}

/// What is put together and refused is recorded row by row.
#[actix_web::test]
async fn rows_that_fail_together_are_recorded_one_by_one_in_any_order() {
    let kinds = "a.name,a.country,a.kind,b.name,b.country,b.kind,instrument,relationship\n";
    let of_kinds = [
        "U1,PL,university,U2,DE,university,,twinning\n",
        "U2,DE,university,U1,PL,university,none,\n",
    ];
    let ended = "a.name,a.country,b.name,b.country,instrument,ended_on\n";
    let of_ended = ["A,PL,B,DE,protocol,\n", "B,DE,A,PL,,2095-05\n"];
    for (header, [one, other]) in [(kinds, of_kinds), (ended, of_ended)] {
        for text in [
            format!("{header}{one}{other}"),
            format!("{header}{other}{one}"),
        ] {
            let app = TestApp::new().await;
            let (report, kept) = import(&app, &text, Mapping::default(), false, false);
            assert!(kept, "{report:?}");
            assert_eq!(numbers(&report), [2, 1, 0, 1, 0], "{text}");
        }
    }
    // Each is told by its own line and cells.
    let rows = [
        "Alfa,PL,,,,Beta,DE,2020,,https://example.org/list\n",
        "Beta,DE,,,,Alfa,PL,,,\n",
    ];
    for order in [[0, 1], [1, 0]] {
        let app = TestApp::new().await;
        let gone = json!({"kind": "municipality", "name": "Alfa", "country": "PL", "dissolved_on": "2009"});
        app.as_registrar()
            .post("/api/v1/partners", gone)
            .await
            .expect(201);
        let text = order.map(|at| rows[at]).concat();
        let (report, kept) = import(
            &app,
            &format!("{HEADER}{text}"),
            Mapping::default(),
            true,
            false,
        );
        assert!(kept, "{report:?}");
        assert_eq!((report.created, report.rejected), (1, 1), "{report:?}");
        let line = if order[0] == 0 { 2 } else { 3 };
        assert!(
            report.faults.iter().all(|fault| fault.line == line),
            "{report:?}"
        );
        // The source of the row that was undone has left no gap in the numbers of the changes.
        let numbers = |conn: &mut DbConn| -> Result<Vec<i64>, Problem> {
            Ok(changes::table
                .select(changes::seq)
                .order(changes::seq)
                .load(conn)?)
        };
        let numbers = app.app.db.read_blocking(numbers).unwrap();
        let expected: Vec<i64> = (1..=app.revision().await).collect();
        assert_eq!(numbers, expected);
    }
}

#[actix_web::test]
async fn a_name_in_another_script_that_sounds_like_a_known_one_is_hinted_at() {
    let app = TestApp::new().await;
    plain(&app, "Каунас,LT,,,,b,DE,,,\nベルリン,DE,,,,b,DE,,,\n");
    let report = plain(
        &app,
        "Kaunas,LT,,,,b,DE,,,\nBerlin,DE,,,,b,DE,,,\nKaunas,LV,,,,b,DE,,,\n",
    );
    assert_eq!(numbers(&report), [3, 3, 0, 0, 0]);
    let told: Vec<String> = report.remarks.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].contains("looks like Каунас") && told[1].contains("looks like ベルリン"),
        "{told:?}"
    );
    // It may be another one: such a row is never refused.
    let reader = LinkReader::open(
        std::io::Cursor::new(format!(
            "{HEADER}Hamburg,DE,,,,b,DE,,,\nハンブルク,DE,,,,c,DE,,,\n"
        )),
        Mapping::default(),
    )
    .unwrap();
    let ctx = Ctx::system(Role::Registrar, app.app.now());
    let options = Options {
        skip_bad: false,
        dry_run: false,
        strict_names: true,
        title: "Import of links.csv".to_owned(),
    };
    let strict = app
        .write(move |conn| import::import(conn, &ctx, reader, &options))
        .unwrap();
    assert_eq!((strict.created, strict.remarks.len()), (2, 1), "{strict:?}");
}

#[actix_web::test]
async fn the_kinds_of_known_partners_say_what_tie_is_usual() {
    let app = TestApp::new().await;
    let header = "a.name,a.country,a.kind,b.name,b.country,b.kind\n";
    let text = format!(
        "{header}U1,PL,university,U2,DE,university\nU2,DE,,U3,FR,university\nU2,DE,,U1,PL,\n"
    );
    let (report, _) = import(&app, &text, Mapping::default(), false, false);
    assert_eq!(numbers(&report), [3, 2, 0, 1, 0]);
    let all = agreements(&app).await;
    assert!(
        all.iter().all(|one| one["relationship"] == "institutional"),
        "{all:#?}"
    );
}

#[actix_web::test]
async fn the_ties_of_an_agreement_of_many_export_and_import_again_and_change_nothing() {
    use twincity::exchange::export::{self, Format};

    let app = TestApp::new().await;
    let mut cities = Vec::new();
    for (name, country) in [
        ("Alfa", "PL"),
        ("Beta", "DE"),
        ("Gamma", "FR"),
        ("Delta", "IT"),
        ("Epsilon", "ES"),
    ] {
        cities.push(crate::agreements::city(&app, name, country).await);
    }
    let parties: Vec<Value> = cities
        .iter()
        .take(4)
        .map(|id| json!({"partner_id": id}))
        .collect();
    let agreement = app
        .as_registrar()
        .post(
            "/api/v1/agreements",
            json!({"instrument": "partnership_agreement",
            "signed_on": "1991", "parties": parties,
            "sources": [{"kind": "press", "title": "Gazette", "url": "https://example.org/g"}]}),
        )
        .await
        .expect(201)
        .id();
    for event in [
        json!({"action": "withdraw_party", "effective_on": "2000-05", "party": cities[0]}),
        json!({"action": "accede", "effective_on": "2010", "party": cities[4]}),
    ] {
        app.as_registrar()
            .post(&format!("/api/v1/agreements/{agreement}/events"), event)
            .await
            .expect(201);
    }
    let exported = || {
        let db = app.app.db.clone();
        let options = export::Options {
            format: Format::Csv,
            bom: false,
            force: false,
            now: app.app.now(),
        };
        std::thread::spawn(move || {
            let mut out = Vec::new();
            export::stream(&db, &mut out, options).unwrap();
            String::from_utf8(out).unwrap()
        })
        .join()
        .unwrap()
    };
    let text = exported();
    let links = "/api/v1/exports/links";
    assert_eq!(app.get(links).await.expect(200).text(), text);
    // Ten pairs, but for the one of who left and who came later.
    assert_eq!(text.lines().count(), 1 + 9, "{text}");
    let back = json!({"action": "accede", "effective_on": "2015", "party": cities[0]});
    let events = format!("/api/v1/agreements/{agreement}/events");
    assert!(
        !text
            .lines()
            .any(|row| row.contains("Alfa") && row.contains("Epsilon")),
        "{text}"
    );
    app.as_registrar().post(&events, back).await.expect(201);
    // Who came back has two ties with those who were there before and after.
    let twice = exported();
    assert_eq!(twice.lines().count(), 1 + 9 + 3 + 1, "{twice}");
    let with_beta: Vec<&str> = twice
        .lines()
        .filter(|row| row.contains("Alfa") && row.contains("Beta"))
        .collect();
    assert!(
        with_beta[0].contains(",1991,2000-05,") && with_beta[1].contains(",2015,,"),
        "{with_beta:?}"
    );
    let got = app.get(links).await.expect(200).text().to_owned();
    assert_eq!(got, twice);
    let (report, kept) = import(&app, &got, Mapping::default(), false, false);
    assert!(kept, "{report:?}");
    assert_eq!(
        (report.created, report.partners_created, report.rejected),
        (0, 0, 0),
        "{report:?}"
    );
    assert_eq!(exported(), twice);
    // Elsewhere each row is an agreement of its own, with the same dates.
    for (text, links) in [(text, 9), (twice, 13)] {
        let elsewhere = TestApp::new().await;
        let (report, kept) = import(&elsewhere, &text, Mapping::default(), false, false);
        assert!(kept, "{report:?}");
        assert_eq!((report.created, report.rejected), (links, 0), "{report:?}");
    }
}

#[actix_web::test]
async fn a_row_signed_after_the_end_of_a_partner_is_refused_and_history_imports() {
    let app = TestApp::new().await;
    let gone =
        json!({"kind": "municipality", "name": "Alfa", "country": "PL", "dissolved_on": "2009"});
    app.as_registrar()
        .post("/api/v1/partners", gone)
        .await
        .expect(201);
    let rows =
        "Alfa,PL,,,,Beta,DE,2020,,\nAlfa,PL,,,,Gamma,FR,1992,,\nAlfa,PL,,,,Delta,IT,1992,2005,\n";
    let (report, kept) = import(
        &app,
        &format!("{HEADER}{rows}"),
        Mapping::default(),
        true,
        false,
    );
    assert!(kept, "{report:?}");
    assert_eq!((report.created, report.rejected), (2, 1), "{report:?}");
    let all = agreements(&app).await;
    assert!(all.iter().all(|agreement| agreement["signed_on"] == "1992"));
}

#[actix_web::test]
async fn another_kind_of_tie_and_a_note_that_is_not_kept_are_told() {
    let app = TestApp::new().await;
    let text = "a.name,a.country,b.name,b.country,signed_on,relationship,note\n\
                a,PL,b,DE,1964,friendship,uno\na,PL,b,DE,1964,cooperation,due\n";
    let (report, kept) = import(&app, text, Mapping::default(), false, false);
    assert!(kept, "{report:?}");
    assert_eq!(numbers(&report), [2, 1, 0, 1, 0]);
    let told: Vec<String> = report.remarks.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told.iter().any(|line| line.contains("column relationship")),
        "{told:?}"
    );
    assert!(
        told.iter().any(|line| line.contains("column note")),
        "{told:?}"
    );
    // A tie of the kind that the row names is meant before others.
    let more = "a.name,a.country,b.name,b.country,instrument,relationship\n\
                a,PL,b,DE,protocol,twinning\n";
    import(&app, more, Mapping::default(), false, false);
    let meant = "a.name,a.country,b.name,b.country,relationship\na,PL,b,DE,twinning\n";
    let (meant, _) = import(&app, meant, Mapping::default(), false, false);
    assert!(meant.remarks.is_empty(), "{meant:?}");
    // Read again, the first row says nothing new.
    let (again, _) = import(&app, text, Mapping::default(), false, false);
    assert_eq!(numbers(&again), [0, 0, 0, 2, 0]);
    assert_eq!(again.remarks.len(), 2, "{again:?}");
}

/// Of partners that a registry has of one name the one that bears the full name is meant.
#[actix_web::test]
async fn who_bears_the_full_name_is_meant_before_who_bears_the_short_one() {
    let app = TestApp::new().await;
    let header = "a.name,a.country,a.subdivision,b.name,b.country";
    let plain = format!("{header}\nSpringfield,US,,Lyon,FR\n");
    import(&app, &plain, Mapping::default(), false, false);
    let both = format!(
        "{header}\nSpringfield,US,Illinois,Ashikaga,JP\nSpringfield,US,Missouri,Isesaki,JP\n"
    );
    let (first, kept) = import(&app, &both, Mapping::default(), false, false);
    assert!(kept, "{first:?}");
    assert_eq!(numbers(&first), [4, 2, 0, 0, 0]);
    // Whether one of them is the known one, people have to say.
    assert!(!first.remarks.is_empty());
    let one = format!("{header}\nSpringfield,US,Illinois,Metz,FR\n");
    let (report, kept) = import(&app, &one, Mapping::default(), false, false);
    assert!(kept, "{report:?}");
    assert_eq!(numbers(&report), [1, 1, 0, 0, 0]);
}

/// Namesakes of one country that the file tells apart by a state or by the pages it links.
#[actix_web::test]
async fn namesakes_whose_state_or_page_is_named_are_two_partners_in_any_order() {
    let us = "a.name,a.country,a.subdivision,b.name,b.country,signed_on";
    let us_rows = [
        "Springfield (since 1993),US,Massachusetts,Takikawa,JP,",
        "Springfield,US,Massachusetts,Kraków,PL,1994",
        "Springfield,US,Illinois,Ashikaga,JP,1990",
        "Boston,US,Massachusetts,Kyoto,JP,1959",
    ];
    let wiki = "a.name,a.country,b.name,b.country,signed_on";
    let wiki_rows = [
        "[[Pisa]],IT,[[Halle (Saale)|Halle]],DE,1988",
        "[[Pisa]],IT,[[Halle (Westfalen)|Halle]] (1990),DE,",
        "[[Lucca (Toscana)|Lucca]],IT,[[Colmar]],FR,1962",
        "[[Lucca]],IT,[[Colmar (Francia)|Colmar]],FR,1962",
    ];
    for (header, rows, mapping, expected, names) in [
        (
            us,
            us_rows.as_slice(),
            "",
            [7, 4, 0, 0, 0],
            [
                "Springfield (Illinois)",
                "Springfield (Massachusetts)",
                "Boston",
            ],
        ),
        (
            wiki,
            &wiki_rows,
            "markup = \"wiki\"",
            [5, 3, 0, 1, 0],
            ["Halle (Saale)", "Halle (Westfalen)", "Lucca"],
        ),
    ] {
        for backwards in [false, true] {
            let app = TestApp::new().await;
            let mut rows = rows.to_vec();
            if backwards {
                rows.reverse();
            }
            let text = format!("{header}\n{}\n", rows.join("\n"));
            let (report, kept) = import(
                &app,
                &text,
                Mapping::from_toml(mapping).unwrap(),
                false,
                false,
            );
            assert!(kept, "{report:?}");
            assert_eq!(numbers(&report), expected, "{text}");
            assert!(report.remarks.is_empty(), "{report:?}");
            let page = app
                .get("/api/v1/partners?limit=100")
                .await
                .expect(200)
                .json();
            let all: Vec<&str> = page["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|partner| partner["name"].as_str().unwrap())
                .collect();
            for name in names {
                assert!(all.contains(&name), "{name} in {all:?}");
            }
            let (again, _) = import(
                &app,
                &text,
                Mapping::from_toml(mapping).unwrap(),
                false,
                false,
            );
            assert_eq!(again.created + again.partners_created, 0, "{again:?}");
        }
    }
}
