//! What holds for records of every kind: one suite, run for each of the seven.
//!
//! [`kinds`] says how a record of each kind is made; every behaviour is written once and becomes one test
//! for each kind, whose name ends with the kind: `records::reading::a_read_is_what_was_created::partners`.
//! What a kind can't do is named in its line, with the reason.

mod kinds;
mod reading;
mod rights;
mod undoing;
mod writing;

use serde_json::{Value, json};
use twincity::core::vocabulary::record::Role;

use crate::agreements::city;
use crate::networks::network;
use crate::support::people::Member;
use crate::support::{Answer, Caller, TestApp};
use kinds::Kind;

/// Makes one test for each kind of each of these behaviours.
macro_rules! for_every_kind {
    ($($behaviour:ident),* $(,)?) => {
        $(
            mod $behaviour {
                use super::super::kinds::{
                    ACTIVITIES, AGREEMENTS, DOCUMENTS, MEMBERSHIPS, NETWORKS, PARTNERS, SOURCES,
                };

                #[actix_web::test]
                async fn partners() { super::$behaviour(&PARTNERS).await; }
                #[actix_web::test]
                async fn agreements() { super::$behaviour(&AGREEMENTS).await; }
                #[actix_web::test]
                async fn networks() { super::$behaviour(&NETWORKS).await; }
                #[actix_web::test]
                async fn memberships() { super::$behaviour(&MEMBERSHIPS).await; }
                #[actix_web::test]
                async fn activities() { super::$behaviour(&ACTIVITIES).await; }
                #[actix_web::test]
                async fn sources() { super::$behaviour(&SOURCES).await; }
                #[actix_web::test]
                async fn documents() { super::$behaviour(&DOCUMENTS).await; }
            }
        )*
    };
}
pub(crate) use for_every_kind;

/// A registry with two offices, for records of one kind.
pub struct World {
    pub app: TestApp,
    pub kind: &'static Kind,
    /// A city whose office needs no second pair of eyes.
    pub open: String,
    /// A city whose office does.
    pub strict: String,
    /// A city whose office has nothing to do with the records.
    pub foreign: String,
    /// A city that takes part, without an office.
    pub other: String,
    pub network: String,
    /// An agreement of the open office, and one of the strict one.
    pub papers: [String; 2],
}

impl World {
    pub async fn of(kind: &'static Kind) -> Self {
        let app = TestApp::new().await;
        let open = city(&app, "Open", "PL").await;
        let strict = city(&app, "Strict", "NL").await;
        let foreign = city(&app, "Foreign", "DE").await;
        let other = city(&app, "Other", "LT").await;
        app.office(&open, false).await;
        app.office(&strict, true).await;
        app.office(&foreign, false).await;
        let network = network(&app, "League", json!({})).await;
        let mut papers = Vec::new();
        for office in [&open, &strict] {
            let body = json!({"instrument": "twinning_charter", "signed_on": "1980",
                "parties": [{"partner_id": office}, {"partner_id": other}]});
            let made = app.as_admin().post("/api/v1/agreements", body).await;
            papers.push(made.expect(201).id());
        }
        Self {
            papers: papers.try_into().unwrap(),
            app,
            kind,
            open,
            strict,
            foreign,
            other,
            network,
        }
    }

    /// Where the records are.
    pub fn list(&self) -> String {
        format!("/api/v1/{}", self.kind.name)
    }

    /// The list with a query that finds the records of these tests and no others of their kind.
    pub fn ours(&self) -> String {
        format!("{}?{}", self.list(), (self.kind.ours)(self))
    }

    /// The `number`-th record of the open office, as it is sent.
    pub fn body(&self, number: u32) -> Value {
        (self.kind.body)(self, &self.open, number)
    }

    /// The same of the strict office.
    pub fn strict_body(&self, number: u32) -> Value {
        (self.kind.body)(self, &self.strict, number)
    }

    /// Makes the `number`-th record as a registrar; its path.
    pub async fn make(&self, number: u32) -> String {
        let registrar = self.app.as_registrar();
        let made = registrar.post(&self.list(), self.body(number)).await;
        self.path(&self.expect(made, 201))
    }

    /// Where the record in this answer is.
    pub fn path(&self, answer: &Answer) -> String {
        format!("{}/{}", self.list(), answer.json()["id"].as_str().unwrap())
    }

    /// An editor of this office, who is logged in.
    pub fn editor(&self, office: &str) -> Member<'_> {
        self.app.member(Role::Editor, Some(office))
    }

    /// The record as everybody sees it.
    pub async fn read(&self, path: &str) -> Answer {
        let answer = self.app.get(path).await;
        self.expect(answer, 200)
    }

    /// Changes it as a registrar, whatever its version.
    pub async fn change(&self, path: &str, patch: Value) -> Answer {
        let answer = self.app.as_registrar().patch(path, "*", patch).await;
        self.expect(answer, 200)
    }

    /// The answer, if it has this status; else the kind is named.
    #[track_caller]
    pub fn expect(&self, answer: Answer, status: u16) -> Answer {
        assert_eq!(answer.status(), status, "{}: {answer}", self.kind.name);
        answer
    }

    /// The problem, if it is this one; else the kind is named.
    #[track_caller]
    pub fn problem(&self, answer: Answer, code: &str) -> Value {
        assert_eq!(answer.json()["code"], code, "{}: {answer}", self.kind.name);
        answer.problem(code)
    }

    /// How many records of its kind there are for this caller, whatever their state.
    pub async fn count(&self, caller: &Caller<'_>) -> i64 {
        let path = format!(
            "{}?count=true&limit=1&record_state=draft,published",
            self.list()
        );
        let answer = caller.get(&path).await;
        self.expect(answer, 200).json()["total"].as_i64().unwrap()
    }
}

/// The ids on a page.
pub fn ids(page: &Value) -> Vec<String> {
    let rows = page["data"].as_array().unwrap().iter();
    rows.map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

/// The version in an ETag: beside it may stand what says that a record is shown otherwise.
pub fn version(etag: &str) -> &str {
    etag.trim_matches('"').split('-').next().unwrap()
}

/// The record without what a later version says otherwise.
pub fn lasting(record: &Value) -> Value {
    let mut record = record.clone();
    let members = record.as_object_mut().unwrap();
    for name in ["version", "updated_at", "updated_by", "record_state"] {
        members.remove(name);
    }
    record
}
