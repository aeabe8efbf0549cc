//! Files of links, imported as the command line does.

mod again;
mod names;
mod ties;

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
        Mapping::from_toml(include_str!("../../../examples/mappings/wikidata.toml")).unwrap();
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
