//! Who the ends of a file of links are: the same whoever comes first in it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use twincity::changes::Ctx;
use twincity::core::vocabulary::record::Role;
use twincity::exchange::import::{self, Ended, Options, Report};
use twincity::exchange::links::{LinkReader, Mapping};

use crate::support::TestApp;

const PARTNERS: &str = "/api/v1/partners";

/// How a file is imported.
#[derive(Clone, Copy, Default)]
struct How {
    skip_bad: bool,
    strict_names: bool,
}

fn import(app: &TestApp, text: &str, mapping: &str, how: How) -> (Report, bool) {
    let mapping = Mapping::from_toml(mapping).unwrap();
    let reader = LinkReader::open(std::io::Cursor::new(text.to_owned()), mapping).unwrap();
    let ctx = Ctx::system(Role::Registrar, app.app.now());
    let options = Options {
        skip_bad: how.skip_bad,
        dry_run: false,
        strict_names: how.strict_names,
        title: "Import of links.csv".to_owned(),
    };
    match app.write(move |conn| import::import(conn, &ctx, reader, &options)) {
        Ok(report) => (report, true),
        Err(Ended::NothingKept(report)) => (*report, false),
        Err(other) => panic!("{other:?}"),
    }
}

const SKIP: How = How {
    skip_bad: true,
    strict_names: false,
};

/// All that a registry holds, without its ids.
async fn contents(app: &TestApp) -> (BTreeSet<String>, Vec<String>) {
    let partners = app
        .get(&format!("{PARTNERS}?limit=100&include=sources"))
        .await
        .expect(200)
        .json();
    let one = |partner: &Value| {
        json!([
            partner["name"],
            partner["kind"],
            partner["country"],
            partner["identifiers"],
            partner["latitude"],
            partner["longitude"],
            sources(partner)
        ])
        .to_string()
    };
    let partners: Vec<String> = partners["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(one)
        .collect();
    let all: BTreeSet<String> = partners.iter().cloned().collect();
    let agreements = app
        .get("/api/v1/agreements?limit=100&include=sources")
        .await
        .expect(200)
        .json();
    let tie = |tie: &Value| {
        let parties = tie["parties"].as_array().unwrap();
        let parties: Vec<&Value> = parties.iter().map(|party| &party["partner"]).collect();
        let parties: Vec<Value> = parties
            .iter()
            .map(|partner| json!([partner["name"], partner["kind"], partner["country"]]))
            .collect();
        json!([
            parties,
            tie["signed_on"],
            tie["status"],
            tie["instrument"],
            tie["relationship"],
            sources(tie)
        ])
        .to_string()
    };
    let mut ties: Vec<String> = agreements["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(tie)
        .collect();
    ties.sort_unstable();
    ties.push(format!("{} partners", partners.len()));
    (all, ties)
}

fn sources(record: &Value) -> Vec<String> {
    let sources = record["sources"].as_array().unwrap().iter();
    let mut all: Vec<String> = sources
        .map(|source| json!([source["title"], source["url"]]).to_string())
        .collect();
    all.sort_unstable();
    all
}

/// The rows in another order: a different one for each seed.
fn shuffled(rows: &[&str], seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut rows = rows.to_vec();
    for at in (1..rows.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let other = usize::try_from(state % (u64::try_from(at).unwrap() + 1)).unwrap();
        rows.swap(at, other);
    }
    rows.join("\n")
}

const HEADER: &str = "a.name,a.country,a.kind,a.wikidata,a.latitude,a.longitude,b.name,b.country,b.kind,signed_on,ended_on,source.url\n";

const ROWS: [&str; 26] = [
    "Osnabrück,DE,municipality,,,,Angers,FR,municipality,1964,,https://example.org/1",
    "Osnabrück,DE,county,,,,Olsztyn,PL,county,1999,,https://example.org/2",
    "Cork,IE,municipality,,,,Coventry,GB,municipality,1958,,",
    "Cork,IE,county,,,,Coventry,GB,county,1990,,",
    "Cork,IE,university,,,,Coventry,GB,university,2001,,",
    "Cork,IE,,,,,Rennes,FR,,1982,,",
    "Kiel,DE,,,,,Brest,FR,,1964,,https://example.org/3",
    "KIEL,DE,special_status_city,,,,Brest,FR,,,,https://example.org/4",
    "Łódź,PL,,Q580,51.77,19.45,Lyon,FR,,1991,,",
    "Lodz,PL,,,,,Lyon,FR,,1991-05-01,,https://example.org/5",
    "LODZ,PL,,,51.7,19.4,Stuttgart,DE,,1988,2000,",
    "Stuttgart,DE,,,,,Łódź,PL,,1988,,https://example.org/6",
    "Łódź,PL,,Q580,,,Stuttgart,DE,,2005,,",
    "Neustadt,DE,,,50,8,Metz,FR,,1960,,",
    "Neustadt,DE,,,52,8,Lille,FR,,1961,,",
    "Neustadt,DE,,,,,Nancy,FR,,1962,,",
    "Neustadt,DE,,Q7,50.01,8,Mâcon,FR,,,,",
    "Munich,DE,,,,,Verona,IT,,1960,,",
    "Munich,DE,,Q1726,,,Bordeaux,FR,,,,",
    "München,DE,,Q1726,,,Sapporo,JP,,,,",
    "Minga,,,Q1726,,,Harare,ZW,,,,",
    "中山,CN,,,,,Burnaby,CA,,2011,,",
    "钟山,CN,,,,,Burnaby,CA,,,,",
    "鐘山,CN,,,,,Ottawa,CA,,,,",
    "山西,CN,,,,,Torino,IT,,,,",
    "陕西,CN,,,,,Torino,IT,,,,",
];

#[actix_web::test]
async fn a_file_makes_the_same_registry_in_any_order_of_its_rows() {
    let app = TestApp::new().await;
    let text = format!("{HEADER}{}", ROWS.join("\n"));
    let (first, kept) = import(&app, &text, "", SKIP);
    assert!(kept, "{first:?}");
    // Cork of no kind, and Neustadt of no place.
    assert_eq!((first.rejected, first.faults.len()), (2, 2), "{first:#?}");
    let expected = contents(&app).await;
    for seed in 1..=12 {
        let app = TestApp::new().await;
        let text = format!("{HEADER}{}", shuffled(&ROWS, seed));
        let (report, _) = import(&app, &text, "", SKIP);
        assert_eq!(contents(&app).await, expected, "seed {seed}");
        let numbers = |report: &Report| {
            (
                report.partners_created,
                report.created,
                report.matched,
                report.duplicates,
            )
        };
        assert_eq!(numbers(&report), numbers(&first), "seed {seed}");
        let (again, _) = import(&app, &text, "", SKIP);
        assert_eq!(
            (again.partners_created, again.created, again.matched),
            (0, 0, 0)
        );
        assert_eq!(contents(&app).await, expected, "seed {seed}, a second time");
    }
}

#[actix_web::test]
async fn a_county_and_a_university_of_a_city_s_name_are_not_the_city() {
    let app = TestApp::new().await;
    let text = format!("{HEADER}{}", ROWS[..5].join("\n"));
    let (report, kept) = import(&app, &text, "", How::default());
    assert!(kept && report.partners_created == 10, "{report:#?}");
    for (name, kinds) in [
        ("osnabruck", vec!["county", "municipality"]),
        ("cork", vec!["county", "municipality", "university"]),
    ] {
        let page = app
            .get(&format!("{PARTNERS}?q={name}"))
            .await
            .expect(200)
            .json();
        let data = page["data"].as_array().unwrap();
        let mut found: Vec<&str> = data
            .iter()
            .map(|one| one["kind"].as_str().unwrap())
            .collect();
        found.sort_unstable();
        assert_eq!(found, kinds);
    }
    // A kind that is blank, or set for the whole file, fits one known kind; of several it asks.
    let blank = "a.name,a.country,b.name,b.country\nAngers,FR,Pisa,IT\nCork,IE,Pisa,IT\n";
    for mapping in [
        "",
        "[set]\na.kind = 'municipality'\nb.kind = 'municipality'\n",
    ] {
        let (report, kept) = import(&app, blank, mapping, How::default());
        assert!(!kept && report.partners_created <= 1, "{report:#?}");
        let told = report.faults[0].to_string();
        assert!(
            told.starts_with("line 3, column a.name: “Cork”: several partners fit: county ptn_")
                && told.contains("municipality ptn_")
                && told.contains("university ptn_"),
            "{told}"
        );
    }
    let county = "a.name,a.country,b.name,b.country\nOlsztyn,PL,Pisa,IT\n";
    for (kind, remarks) in [("municipality", 0), ("region", 0), ("university", 1)] {
        let mapping = format!("[set]\na.kind = '{kind}'\n");
        let (report, kept) = import(&app, county, &mapping, How::default());
        assert!(kept && report.partners_created <= 1, "{report:#?}");
        // That a university was expected is told.
        assert_eq!(report.remarks.len(), remarks, "{report:#?}");
    }
    let agreements = app
        .get("/api/v1/agreements?q=pisa&limit=100")
        .await
        .expect(200)
        .json();
    let parties = agreements["data"][0]["parties"].as_array().unwrap();
    assert!(
        parties
            .iter()
            .any(|party| party["partner"]["kind"] == "county")
    );
}

#[actix_web::test]
async fn names_that_sound_alike_are_two_partners() {
    let app = TestApp::new().await;
    let header = "a.name,a.country,b.name,b.country\n";
    let rows = "中山,CN,Burnaby,CA\n钟山,CN,Burnaby,CA\n鐘山,CN,Burnaby,CA\n山西,CN,Torino,IT\n\
                陕西,CN,Torino,IT\nМир,BY,Łask,PL\nMir,BY,Lask,PL\nBurnaby,CA,中山,CN\n";
    let (report, _) = import(&app, &format!("{header}{rows}"), "", How::default());
    // Four in China, two in Belarus, and three whom they are linked with.
    assert_eq!(
        (report.partners_created, report.created),
        (9, 6),
        "{report:#?}"
    );
    // That a name may be the same in another alphabet is a hint, and no more.
    let told: Vec<String> = report.remarks.iter().map(ToString::to_string).collect();
    assert!(
        matches!(&told[..], [one] if one.contains("Мир") && one.contains("Mir of line 8")),
        "{told:?}"
    );
}

#[actix_web::test]
async fn names_that_look_alike_are_told_and_refused_when_names_must_not() {
    let app = TestApp::new().await;
    let rows = [
        "Wroclaw (Breslau),Poland,Dresden,Germany,1963",
        "Wrocław,Poland,Dresden,Germany,1963",
        "Breslau (Wrocław),Poland,Dresden,Germany,1963",
        "St. Gallen,CH,Liberec,CZ,2011",
        "Sankt Gallen,CH,Liberec,CZ,2011",
        "Muenchen,DE,Verona,IT,1960",
        "München,DE,Verona,IT,1960",
    ];
    let header = "a.name,a.country,b.name,b.country,signed_on\n";
    for seed in 0..6 {
        let strict = How {
            skip_bad: true,
            strict_names: true,
        };
        let app = TestApp::new().await;
        let text = format!("{header}{}", shuffled(&rows, seed));
        let (report, _) = import(&app, &text, "", strict);
        assert_eq!((report.rejected, report.created), (4, 3), "{report:#?}");
        for name in ["Wroc%C5%82aw", "St.%20Gallen", "M%C3%BCnchen"] {
            let found = app.get(&format!("{PARTNERS}?q={name}")).await.expect(200);
            assert_eq!(found.json()["data"].as_array().unwrap().len(), 1, "{name}");
        }
    }
    let text = format!("{header}{}", rows.join("\n"));
    let (report, kept) = import(&app, &text, "", How::default());
    let told: Vec<String> = report.remarks.iter().map(ToString::to_string).collect();
    assert!(kept && told.len() == 4, "{told:#?}");
    for (line, other) in [
        (2, "Wrocław of line 3"),
        (4, "Wrocław of line 3"),
        (6, "St. Gallen of line 5"),
        (7, "München of line 8"),
    ] {
        let start = format!("line {line}, column a.name:");
        let wanted = format!("looks like {other}");
        let known = told
            .iter()
            .any(|one| one.starts_with(&start) && one.contains(&wanted));
        assert!(known, "{line}: {told:#?}");
    }
    // Once they are known, they are what they are; a new one looks like what is known.
    let (again, _) = import(&app, &text, "", How::default());
    assert!(again.remarks.is_empty() && again.partners_created == 0);
    let more = format!("{header}Muenchen (Munich),DE,Sapporo,JP,1972\n");
    let (report, _) = import(&app, &more, "", How::default());
    let told = report.remarks[0].to_string();
    assert!(
        told.contains("looks like M") && told.contains("(ptn_"),
        "{told}"
    );
    // Items that differ, other kinds and places far away are certainly others.
    let apart = "a.name,a.country,a.kind,a.wikidata,b.name,b.country\n\
                 Koeln,DE,,Q365,Lille,FR\nKöln,DE,,Q1,Lille,FR\n\
                 Fürth,DE,municipality,,Paisley,GB\nFuerth,DE,county,,Paisley,GB\n";
    let (report, _) = import(&app, apart, "", How::default());
    assert!(report.remarks.is_empty(), "{:?}", report.remarks);
}

#[actix_web::test]
async fn a_code_that_was_handed_on_means_the_living_one() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    for (name, existence) in [("Annecy", "dissolved"), ("Annecy", "active")] {
        let body = json!({"kind": "municipality", "name": name, "country": "FR",
            "existence": existence, "identifiers": [{"scheme": "insee", "value": "74010"}]});
        admin.post(PARTNERS, body).await.expect(201);
    }
    let rows = "a.name,a.country,a.insee,b.name,b.country\nAnnecy,FR,74010,Bayreuth,DE\n\
                Annecy,FR,,Cheltenham,GB\n,,74010,Vicenza,IT\n";
    let (report, kept) = import(&app, rows, "", How::default());
    assert!(kept && report.partners_created == 3, "{report:#?}");
    let page = app
        .get("/api/v1/agreements?limit=100")
        .await
        .expect(200)
        .json();
    let living = app
        .get(&format!("{PARTNERS}?identifier=insee:74010"))
        .await
        .expect(200)
        .json();
    let living = &living["data"][0];
    assert_eq!(living["existence"], "active");
    for tie in page["data"].as_array().unwrap() {
        let parties = tie["parties"].as_array().unwrap();
        assert!(
            parties
                .iter()
                .any(|party| party["partner"]["id"] == living["id"]),
            "{tie}"
        );
    }
}

#[actix_web::test]
async fn what_is_no_name_is_refused_in_a_file() {
    let app = TestApp::new().await;
    let names = [
        "12345",
        "???",
        "\u{200b}",
        "https://example.org/x",
        "Lipik <office@example.org>",
        "Lipik<br>Osijek",
        "=HYPERLINK(x)",
        "Li\u{202e}pik",
    ];
    let rows: Vec<String> = names
        .iter()
        .map(|name| format!("Alfa,PL,{name},HR"))
        .collect();
    let rows = rows.join("\n");
    let text = format!("a.name,a.country,b.name,b.country\n{rows}");
    let (report, _) = import(&app, &text, "", SKIP);
    assert_eq!(report.rejected, 8, "{report:#?}");
    assert_eq!(app.revision().await, 0);
    for name in ["نجف\u{200c}آباد", "None", "Nan", "Šibenik"] {
        let text = format!("a.name,a.country,b.name,b.country\nAlfa,PL,{name},HR\n");
        let (report, kept) = import(&app, &text, "", How::default());
        assert!(kept && report.created == 1, "{name}: {report:#?}");
    }
    // What nobody sees makes no other partner.
    let text = "a.name,a.country,b.name,b.country\nAlfa,PL,نجف\u{200d}آباد,HR\nAlfa,PL,نجف\u{200c}\u{200f}آباد,HR\n";
    let (report, _) = import(&app, text, "", SKIP);
    assert_eq!(report.partners_created, 0, "{report:#?}");
}
