//! `export`: what is in the files, and what is not.

mod links;
mod tables;

use std::collections::BTreeSet;
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
use twincity::db::{self, Db, DbConn, Options, ReadLimits};

use crate::support::Shell;

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
        reads: ReadLimits::default(),
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
        let digest = Sha256::digest(&bytes);
        let digest: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(file["sha256"], digest.concat(), "{name}");
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

#[test]
fn a_dissolved_party_stands_with_its_successor_in_the_file_as_in_lists() {
    let shell = Shell::new();
    let first = "(SELECT MIN(partner_id) FROM agreement_parties)";
    let db = example(
        &shell,
        &[
            &format!(
                "UPDATE partners SET existence = 'dissolved', dissolved_on = '2020' WHERE id = {first}"
            ),
            &format!(
                "INSERT INTO partner_relations (public_id, from_id, to_id, type, created_at, created_by) \
                 SELECT 'rel_0000000001', {first}, MAX(id), 'successor', '2026-11-24 12:00:00', 'admin' \
                 FROM partners"
            ),
        ],
    );
    drop(db);
    shell.prints(&["export", "out"]);
    let agreements = lines(&shell, "out/agreements.jsonl");
    let today = agreements
        .iter()
        .flat_map(|agreement| agreement["parties"].as_array().unwrap())
        .filter_map(|party| party["partner_today"].as_array());
    assert!(today.count() > 0);
}
