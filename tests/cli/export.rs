//! `export`: what is in the files, and what is not.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;

use diesel::RunQueryDsl;
use diesel::sql_types::BigInt;
use serde_json::Value;
use sha2::{Digest, Sha256};
use twincity::app::App;
use twincity::cli::demo;
use twincity::config::ServeConfig;
use twincity::core::clock::SystemClock;
use twincity::db::{self, Db, DbConn, Options};
use twincity::exchange::links::{LinkReader, LinkRow, Mapping};

use crate::support::{Shell, text};

/// The files of a folder, in the order in which they are written.
const COLLECTIONS: [&str; 8] = [
    "sources",
    "partners",
    "relations",
    "agreements",
    "networks",
    "memberships",
    "activities",
    "citations",
];

/// The example in this folder's database, changed by these statements.
fn example(shell: &Shell, statements: &[&str]) -> Db {
    shell.prints(&["migrate", "up"]);
    let url = format!("sqlite:{}", shell.path("twincity.db"));
    let db = Db::open(&Options {
        url: url.parse().unwrap(),
        pool: 1,
        write_queue: 10,
    })
    .unwrap();
    let app = App::new(ServeConfig::default(), db.clone(), Arc::new(SystemClock));
    demo::load(&app).unwrap();
    for statement in statements {
        let statement = (*statement).to_owned();
        db.write_blocking(move |conn: &mut DbConn| -> Result<usize, db::Error> {
            Ok(diesel::sql_query(statement).execute(conn)?)
        })
        .unwrap();
    }
    db
}

/// The number that a statement gives as `n`.
fn number(db: &Db, statement: &str) -> i64 {
    #[derive(diesel::QueryableByName)]
    struct Number {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    db.read_blocking(|conn| -> Result<i64, db::Error> {
        Ok(diesel::sql_query(statement).get_result::<Number>(conn)?.n)
    })
    .unwrap()
}

fn lines(shell: &Shell, file: &str) -> Vec<Value> {
    let text = fs::read_to_string(shell.path(file)).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn table(bytes: &[u8]) -> (Vec<String>, Vec<csv::StringRecord>) {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    (header, reader.records().map(Result::unwrap).collect())
}

fn links(bytes: &[u8]) -> Vec<LinkRow> {
    let reader = LinkReader::open(bytes, Mapping::default()).unwrap();
    assert_eq!(reader.ignored_columns().count(), 0);
    reader.map(|row| row.unwrap().unwrap()).collect()
}

/// The members of a schema of the committed OpenAPI document.
fn members(schema: &str) -> BTreeSet<String> {
    fn collect(schemas: &Value, schema: &Value, all: &mut BTreeSet<String>) {
        if let Some(path) = schema["$ref"].as_str() {
            let name = path.rsplit('/').next().unwrap();
            collect(schemas, &schemas[name], all);
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            collect(schemas, part, all);
        }
        for name in schema["properties"].as_object().into_iter().flatten() {
            all.insert(name.0.clone());
        }
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/openapi.json");
    let document: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let schemas = &document["components"]["schemas"];
    let mut all = BTreeSet::new();
    collect(schemas, &schemas[schema], &mut all);
    all
}

#[test]
fn a_folder_gets_every_published_record_and_a_manifest() {
    let shell = Shell::new();
    let db = example(
        &shell,
        &["UPDATE activities SET record_state = 'withdrawn' WHERE id = 1"],
    );
    let told = shell.prints(&["export", "new/out"]);
    assert_eq!(told.lines().count(), COLLECTIONS.len(), "{told}");
    let names: BTreeSet<String> = fs::read_dir(shell.path("new/out"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names.len(), COLLECTIONS.len() + 1, "{names:?}");

    let manifest = fs::read_to_string(shell.path("new/out/manifest.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["registry"], "twincity");
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(
        manifest["revision"],
        number(&db, "SELECT seq AS n FROM registry_meta")
    );
    assert!(manifest["exported_at"].as_str().unwrap().ends_with('Z'));
    assert!(manifest["licence"].as_str().unwrap().contains("sources"));
    let files = manifest["files"].as_array().unwrap();
    assert_eq!(files.len(), COLLECTIONS.len());
    for (file, collection) in files.iter().zip(COLLECTIONS) {
        let name = format!("{collection}.jsonl");
        assert_eq!(file["name"], *name);
        let bytes = fs::read(shell.path(&format!("new/out/{name}"))).unwrap();
        assert_eq!(file["bytes"], bytes.len());
        let digest = Sha256::digest(&bytes)
            .iter()
            .fold(String::new(), |mut digest, byte| {
                write!(digest, "{byte:02x}").unwrap();
                digest
            });
        assert_eq!(file["sha256"], *digest, "{name}");
        let statement = match collection {
            "citations" => "SELECT count(*) AS n FROM citations WHERE record NOT IN \
                            (SELECT public_id FROM activities WHERE id = 1)"
                .to_owned(),
            "relations" => "SELECT count(*) AS n FROM partner_relations".to_owned(),
            _ => format!("SELECT count(*) AS n FROM {collection} WHERE record_state = 'published'"),
        };
        let records = lines(&shell, &format!("new/out/{name}"));
        assert!(!records.is_empty(), "{name}");
        assert_eq!(
            i64::try_from(records.len()).unwrap(),
            number(&db, &statement)
        );
        assert_eq!(file["records"], records.len());
        let ids: BTreeSet<&str> = records.iter().map(|r| r["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), records.len(), "{name}");
    }
    let agreements = lines(&shell, "new/out/agreements.jsonl");
    assert!(agreements.iter().all(|one| !one["events"][0].is_null()));
    let sources = lines(&shell, "new/out/sources.jsonl");
    for citation in lines(&shell, "new/out/citations.jsonl") {
        assert!(sources.iter().any(|one| one["id"] == citation["source_id"]));
        assert!(citation.get("source").is_none());
    }
}

#[test]
fn names_of_persons_are_in_no_file() {
    let shell = Shell::new();
    let db = example(&shell, &[]);
    let stored = "SELECT (SELECT count(*) FROM agreement_parties WHERE signatories LIKE \
                  '%Truskolaski%') * (SELECT count(*) FROM memberships WHERE offices LIKE \
                  '%Truskolaski%') * (SELECT count(*) FROM activity_participants WHERE name LIKE \
                  '%Truskolaski%') AS n";
    assert!(number(&db, stored) > 0, "the example names him everywhere");
    for format in ["jsonl", "csv"] {
        shell.prints(&["export", format, "--format", format]);
        shell.prints(&["export", &format!("links.{format}")]);
        let mut files: Vec<String> = COLLECTIONS
            .map(|name| format!("{format}/{name}.{format}"))
            .into();
        files.push(format!("{format}/manifest.json"));
        files.push(format!("links.{format}"));
        for file in files {
            let mut text = fs::read_to_string(shell.path(&file)).unwrap();
            // The headline of a newspaper is no data about a person of ours.
            for source in lines(&shell, "jsonl/sources.jsonl") {
                text = text.replace(source["title"].as_str().unwrap(), "");
            }
            for name in ["Truskolaski", "Mechyslau"] {
                assert!(!text.contains(name), "{name} is in {file}");
            }
        }
    }
}

#[test]
fn tables_have_a_column_for_every_member() {
    let shell = Shell::new();
    example(
        &shell,
        &[
            "UPDATE sources SET title = '=HYPERLINK(\"http://x.example\")' WHERE id = 1",
            "UPDATE partners SET name = '-12.5', longitude = -12.5 WHERE id = 1",
            "UPDATE partners SET name = '@home' WHERE id = 2",
        ],
    );
    shell.prints(&["export", "out", "--format", "csv"]);
    shell.prints(&["export", "out", "--format=jsonl", "--force"]);
    let left_out = ["allowed", "activities", "documents", "sources", "citations"];
    for (collection, schema) in [
        ("sources", "SourceView"),
        ("partners", "PartnerView"),
        ("relations", "RelationView"),
        ("agreements", "AgreementView"),
        ("networks", "NetworkView"),
        ("memberships", "MembershipView"),
        ("activities", "ActivityView"),
        ("citations", "CitationView"),
    ] {
        let bytes = fs::read(shell.path(&format!("out/{collection}.csv"))).unwrap();
        let (header, rows) = table(&bytes);
        let mut wanted = members(schema);
        wanted.retain(|name| !left_out.contains(&name.as_str()) && name != "inverse");
        for (embedded, id) in [
            ("source", "source_id"),
            ("from", "from_id"),
            ("to", "to_id"),
        ] {
            if wanted.remove(embedded) {
                wanted.insert(id.to_owned());
            }
        }
        assert_eq!(BTreeSet::from_iter(header.clone()), wanted, "{collection}");
        let records = lines(&shell, &format!("out/{collection}.jsonl"));
        assert_eq!(rows.len(), records.len(), "{collection}");
        for (row, record) in rows.iter().zip(&records) {
            for (cell, column) in row.iter().zip(&header) {
                match &record[column] {
                    Value::Null => assert_eq!(cell, ""),
                    Value::String(text) if cell.starts_with('\'') => {
                        assert_eq!(cell.strip_prefix('\''), Some(text.as_str()));
                    }
                    Value::String(text) => assert_eq!(cell, text),
                    value => assert_eq!(&serde_json::from_str::<Value>(cell).unwrap(), value),
                }
            }
        }
    }
    let sources = fs::read_to_string(shell.path("out/sources.csv")).unwrap();
    assert!(sources.contains("\"'=HYPERLINK(\"\"http://x.example\"\")\""));
    let partners = fs::read_to_string(shell.path("out/partners.csv")).unwrap();
    assert!(partners.contains(",'@home,") && partners.contains(",-12.5,"));
    assert!(!partners.contains("'-12.5"));
}

#[test]
fn links_are_rows_that_an_import_reads() {
    let shell = Shell::new();
    let db = example(&shell, &[]);
    shell.prints(&["export", "links.csv"]);
    let bytes = fs::read(shell.path("links.csv")).unwrap();
    let rows = links(&bytes);
    let pairs = "SELECT count(*) AS n FROM agreement_parties a JOIN agreement_parties b \
                 ON b.agreement_id = a.agreement_id AND b.position > a.position \
                 JOIN agreements g ON g.id = a.agreement_id \
                 WHERE g.status NOT IN ('proposed', 'approved', 'abandoned') \
                 AND a.participation <> 'invited' AND b.participation <> 'invited'";
    assert!(!rows.is_empty());
    assert_eq!(i64::try_from(rows.len()).unwrap(), number(&db, pairs));
    let grodno = |row: &&LinkRow| {
        row.b
            .country
            .is_some_and(|country| country.as_str() == "BY")
    };
    let ended = rows
        .iter()
        .filter(grodno)
        .find(|row| row.end_reason.is_some());
    let ended = ended.expect("the agreement with Grodno was terminated for a reason");
    let stored = "SELECT count(*) AS n FROM lifecycle_events e JOIN agreements g \
                  ON g.id = e.agreement_id WHERE e.action = 'terminate' AND e.effective_on = ";
    let day = ended.ended_on.as_ref().unwrap();
    assert!(number(&db, &format!("{stored}'{day}'")) > 0);
    assert!(ended.a.point.is_some() && !ended.a.identifiers.is_empty());
    assert!(rows.iter().any(|row| row.source_url.is_some()));

    let printed = shell.run(&["export", "-"]);
    assert!(printed.status.success() && printed.stderr.is_empty());
    assert!(printed.stdout == bytes, "{}", text(&printed.stdout));
    shell.prints(&["export", "links.jsonl"]);
    let objects = lines(&shell, "links.jsonl");
    assert_eq!(objects.len(), rows.len());
    assert_eq!(objects[0]["a.name"], *rows[0].a.name.as_ref().unwrap());
    assert_eq!(
        shell.prints(&["export", "-", "--format", "jsonl"]),
        fs::read_to_string(shell.path("links.jsonl")).unwrap()
    );
}

#[test]
fn parties_that_left_are_no_longer_tied() {
    let shell = Shell::new();
    example(
        &shell,
        &[
            "UPDATE agreements SET status = 'in_force', instrument = 'memorandum' WHERE id = 1",
            "UPDATE agreements SET status = 'proposed' WHERE id = 2",
            "UPDATE agreement_parties SET participation = 'withdrawn', withdrew_on = '2031-05' \
             WHERE agreement_id = 1 AND position = 1",
        ],
    );
    let all = links(&shell.run(&["export", "-"]).stdout);
    let ended = |row: &&LinkRow| {
        let ended = row.ended_on.as_ref();
        ended.is_some_and(|day| day.as_str() == "2031-05")
    };
    assert_eq!(all.iter().filter(ended).count(), 1);
}

#[test]
fn files_are_replaced_only_by_force() {
    let shell = Shell::new();
    assert!(shell.fails(&["export", "out"], 1).contains("no database"));
    assert!(!fs::exists(shell.path("twincity.db")).unwrap());
    example(&shell, &[]);
    for target in ["out", "links.csv"] {
        shell.prints(&["export", target]);
        let refused = shell.fails(&["export", target], 1);
        assert!(refused.contains("already there"), "{refused}");
        shell.prints(&["export", target, "--force"]);
    }
    // Half of an export is not left behind, and nothing of another one is touched.
    fs::remove_file(shell.path("out/sources.jsonl")).unwrap();
    shell.fails(&["export", "out"], 1);
    assert!(!fs::exists(shell.path("out/sources.jsonl")).unwrap());
    let count = fs::read_dir(shell.path("out")).unwrap().count();
    assert_eq!(count, COLLECTIONS.len());

    fs::write(shell.path("notes.txt"), "mine").unwrap();
    for (arguments, code) in [
        (vec!["export"], 2),
        (vec!["export", "notes.txt"], 2),
        (vec!["export", "links.csv", "--format", "jsonl"], 2),
        (vec!["export", "out", "--format", "xml"], 2),
        (vec!["export", "no/such/links.csv"], 1),
        (vec!["export", "notes.txt/out"], 1),
    ] {
        shell.fails(&arguments, code);
    }
    assert_eq!(fs::read(shell.path("notes.txt")).unwrap(), b"mine");
}

#[test]
fn an_empty_registry_makes_empty_files() {
    let shell = Shell::new();
    shell.prints(&["migrate", "up"]);
    shell.prints(&["export", "out", "--format", "csv"]);
    let partners = fs::read_to_string(shell.path("out/partners.csv")).unwrap();
    assert_eq!(partners.lines().count(), 1);
    assert!(
        shell
            .prints(&["export", "-"])
            .starts_with("a.name,a.country,")
    );
    assert_eq!(shell.prints(&["export", "-", "--format", "jsonl"]), "");
}
