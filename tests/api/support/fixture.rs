//! Registries that an earlier release wrote: `tests/fixtures/`.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use flate2::read::GzDecoder;
use serde_json::Value;
use tempfile::TempDir;
use twincity::config::ServeConfig;
use twincity::db::migrations;
use twincity::files::Location;

use super::TestApp;
use super::database::{self, TestDatabase};

/// Every release that there is a fixture of, oldest first.
pub const RELEASES: &[&str] = &["0.1.0-e1b2211"];

/// The registry of one release, for the engine under test.
#[derive(Debug)]
pub struct Fixture {
    folder: PathBuf,
    told: Value,
}

impl Fixture {
    /// The one of this release.
    pub fn of(release: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures")
            .join(release);
        let told = fs::read(folder.join("records.json")).unwrap();
        let told: Value = serde_json::from_slice(&told).unwrap();
        let engine = match database::server() {
            None => "sqlite",
            Some(_) => "postgres",
        };
        let told = told[engine].clone();
        Self { folder, told }
    }

    /// The database as that release left it, with its schema.
    pub fn database(&self) -> TestDatabase {
        let database = TestDatabase::unmigrated();
        match &database {
            TestDatabase::Sqlite { folder } => {
                let bytes = self.unpacked("registry.sqlite.gz");
                fs::write(folder.path().join("db"), bytes).unwrap();
            }
            TestDatabase::Postgres { .. } => {
                let sql = String::from_utf8(self.unpacked("registry.sql.gz")).unwrap();
                database.execute(&sql);
            }
        }
        database
    }

    /// A registry of this program on it, migrated; its clock stands at noon of the day after.
    pub async fn app(&self) -> TestApp {
        let database = self.database();
        migrations::up(&database.open()).unwrap();
        let documents = self.documents();
        let config = ServeConfig {
            documents: Some(Location::Folder(documents.path().to_owned())),
            ..ServeConfig::default()
        };
        let app = TestApp::on(database, documents, config).await;
        app.clock.set(Self::day_after());
        app
    }

    /// When an upgrade could happen: after everything in it was recorded.
    pub fn day_after() -> DateTime<Utc> {
        "2026-11-29T12:00:00Z".parse().unwrap()
    }

    /// The id of the record that is an example of this; the names are those of `make.py`.
    pub fn id(&self, name: &str) -> &str {
        self.told["records"][name]
            .as_str()
            .unwrap_or_else(|| panic!("the fixture has no {name:?}"))
    }

    /// The names of all examples and their ids.
    pub fn examples(&self) -> impl Iterator<Item = (&str, &str)> {
        let records = self.told["records"].as_object().unwrap();
        records
            .iter()
            .map(|(name, id)| (name.as_str(), id.as_str().unwrap()))
    }

    /// How many records each list showed: of `public` or `admin`, by collection and state.
    pub fn totals(&self, who: &str) -> impl Iterator<Item = (&str, &str, i64)> {
        let totals = self.told["totals"][who].as_object().unwrap();
        totals.iter().map(|(list, total)| {
            let (collection, state) = list.split_once('/').unwrap();
            (collection, state, total.as_i64().unwrap())
        })
    }

    /// The number of the last change that release recorded.
    pub fn revision(&self) -> i64 {
        self.told["revision"].as_i64().unwrap()
    }

    fn unpacked(&self, name: &str) -> Vec<u8> {
        let packed = fs::read(self.folder.join(name)).unwrap();
        let mut bytes = Vec::new();
        GzDecoder::new(packed.as_slice())
            .read_to_end(&mut bytes)
            .unwrap();
        bytes
    }

    /// A copy of the bytes of its documents.
    fn documents(&self) -> TempDir {
        let copy = database::folder();
        for folder in fs::read_dir(self.folder.join("documents")).unwrap() {
            let folder = folder.unwrap();
            let into = copy.path().join(folder.file_name());
            fs::create_dir(&into).unwrap();
            for file in fs::read_dir(folder.path()).unwrap() {
                let file = file.unwrap();
                fs::copy(file.path(), into.join(file.file_name())).unwrap();
            }
        }
        copy
    }
}
