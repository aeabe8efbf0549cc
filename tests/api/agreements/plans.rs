//! How the engine finds what lists ask for: by indexes, however many agreements there are.

use twincity::agreements::filter::{AgreementFilter, SORTING};
use twincity::db::dialect::{Engine, engine, explain};
use twincity::http::problem::Problem;

use crate::support::TestApp;

/// The statement that finds a page of agreements for this query.
fn statement(query: &str, sort: Option<&str>) -> String {
    let filter: AgreementFilter = serde_urlencoded::from_str(query).unwrap();
    let order = SORTING.parse(sort).unwrap().order_by(false);
    format!(
        "SELECT agreements.id AS id FROM agreements WHERE ({}) ORDER BY {order} LIMIT 51",
        filter
            .condition(
                &twincity::http::extract::Viewer::default(),
                crate::support::start_of_time().date_naive(),
            )
            .inlined()
    )
}

#[actix_web::test]
async fn no_list_of_agreements_reads_a_table_from_end_to_end() {
    let app = TestApp::new().await;
    for (query, sort) in [
        ("", None),
        ("", Some("-signed_on")),
        ("", Some("signed_on")),
        ("", Some("title")),
        ("status=in_force", Some("-signed_on")),
        ("country=NL,DE&status=in_force", Some("-signed_on")),
        ("partner=ptn_0000000000", None),
        (
            "countries=PL,NL&as_of=2020-01-01&status=in_force",
            Some("-signed_on"),
        ),
        (
            "institution_kind=university&instrument=letter_of_intent",
            Some("-signed_on"),
        ),
        ("updated_since=2026-01-01", None),
    ] {
        let statement = statement(query, sort);
        let explained = statement.clone();
        let plan = app.write(move |conn| -> Result<_, Problem> {
            let plan = explain(conn, &explained)?;
            Ok((engine(conn), plan))
        });
        let (engine, plan) = plan.unwrap();
        // An empty table is read whole on the server whatever indexes it has.
        if engine == Engine::Sqlite {
            let scans: Vec<&String> = plan
                .iter()
                .filter(|step| step.starts_with("SCAN") && !step.contains("USING"))
                .collect();
            assert!(scans.is_empty(), "{statement}\n{}", plan.join("\n"));
        } else {
            assert!(!plan.is_empty(), "{statement}");
        }
    }
}
