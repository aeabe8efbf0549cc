//! Every rule the database keeps is provoked, on the engine the tests run on.

use diesel::result::Error as QueryError;
use twincity::db::constraints::{CONSTRAINTS, Rule, broken};
use twincity::db::{DbConn, Error};

use super::catalogue::insert;
use crate::support::TestApp;

type Rows<'a> = Vec<(&'a str, Vec<(&'a str, &'a str)>)>;

/// Rows that are fine, the last of which breaks the rule.
fn provoking(rule: Rule) -> Rows<'static> {
    let partner = |id| ("partners", vec![("id", id)]);
    let twice = |table, values: &[(&'static str, &'static str)]| {
        vec![(table, values.to_vec()), (table, values.to_vec())]
    };
    let two_partners = || vec![partner("1"), partner("2")];
    let with = |mut before: Rows<'static>, rows: Rows<'static>| {
        before.extend(rows);
        before
    };
    match rule {
        Rule::IdentifierTaken => twice(
            "identifiers",
            &[("scheme", "'wikidata'"), ("value", "'Q1'")],
        ),
        Rule::MembershipExists => with(
            vec![partner("1"), ("networks", vec![("id", "1")])],
            twice("memberships", &[("section", "''")]),
        ),
        Rule::RelationExists => with(
            two_partners(),
            twice(
                "partner_relations",
                &[("to_id", "2"), ("type", "'successor'")],
            ),
        ),
        Rule::PartyTwice => with(
            vec![partner("1"), ("agreements", vec![("id", "1")])],
            vec![
                ("agreement_parties", vec![("position", "0")]),
                ("agreement_parties", vec![]),
            ],
        ),
        Rule::IdempotencyKey => twice(
            "idempotency_keys",
            &[
                ("actor", "'a'"),
                ("method", "'POST'"),
                ("path", "'/'"),
                ("key", "'k'"),
            ],
        ),
        Rule::Coordinates => vec![("partners", vec![("latitude", "53.1")])],
        Rule::PopulationYear => vec![("partners", vec![("population_year", "2020")])],
        Rule::RelationToItself => vec![partner("1"), ("partner_relations", vec![])],
        Rule::LinkToItself => vec![
            ("agreements", vec![("id", "1")]),
            ("agreement_links", vec![]),
        ],
    }
}

fn provoke(conn: &mut DbConn, rule: Rule) -> Result<(), QueryError> {
    let mut rows = provoking(rule);
    let last = rows.pop().unwrap();
    for (table, values) in rows {
        insert(conn, table, &values).unwrap_or_else(|error| panic!("{rule:?}: {table}: {error}"));
    }
    insert(conn, last.0, &last.1)
}

#[actix_web::test]
async fn every_constraint_is_recognised_by_its_rule() {
    let app = TestApp::new().await;
    for (name, _, rule) in CONSTRAINTS {
        let rule = *rule;
        let result = app.write(move |conn| -> Result<(), Error> { Ok(provoke(conn, rule)?) });
        match result {
            Err(Error::Query(QueryError::DatabaseError(kind, information))) => {
                let found = broken(&kind, information.as_ref());
                assert_eq!(found, Some(rule), "{name}: {}", information.message());
            }
            other => panic!("{name} was not broken: {other:?}"),
        }
    }
}
