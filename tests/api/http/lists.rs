//! What lists take and what they count, whichever collection it is.

use serde_json::Value;
use twincity::db::condition::{Condition, execute};
use twincity::http::problem::Problem;

use crate::support::TestApp;
use crate::support::generated::{Size, fill, id};

/// A registry of made-up records, changed by these statements before anyone reads it.
async fn registry(statements: &'static [&str]) -> TestApp {
    let app = TestApp::new().await;
    fill(&app, Size { partners: 60 });
    app.write(move |conn| -> Result<(), Problem> {
        for statement in statements {
            execute(conn, Condition::new(*statement))?;
        }
        Ok(())
    })
    .unwrap();
    app
}

async fn all(app: &TestApp, query: &str) -> Vec<Value> {
    let answer = app.get(&format!("/api/v1/{query}")).await.expect(200);
    answer.json()["data"].as_array().unwrap().clone()
}

fn ids(records: &[Value]) -> Vec<&str> {
    let mut ids: Vec<&str> = records.iter().map(|r| r["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids
}

#[actix_web::test]
async fn bounds_that_leave_no_day_between_them_are_refused() {
    let app = TestApp::new().await;
    for (path, from, to) in [
        ("agreements", "signed_from", "signed_to"),
        ("letters-of-intent", "signed_from", "signed_to"),
        ("activities", "from", "to"),
    ] {
        for (first, last, status) in [
            ("2014", "2003", 400),
            ("2003-06-02", "2003-06-01", 400),
            ("2003-07", "2003-06", 400),
            ("2003", "2003", 200),
            ("2003-06", "2003", 200),
            ("2003", "2003-01", 200),
        ] {
            let address = format!("/api/v1/{path}?{from}={first}&{to}={last}");
            let answer = app.anonymous().header("If-None-Match", "W/\"0\"");
            let answer = answer.get(&address).await;
            if status == 400 {
                let problem = answer.problem("malformed-request");
                assert_eq!(problem["errors"][0]["parameter"], to, "{address}");
            } else {
                assert_eq!(answer.status(), 304, "{answer}");
            }
        }
    }
}

#[actix_web::test]
async fn with_open_dates_one_day_must_satisfy_both_bounds() {
    let app = registry(&[
        "UPDATE agreements SET signed_on = '[1990..]', signed_earliest = '1990-01-01', signed_latest = NULL WHERE id = 1",
        "UPDATE agreements SET signed_on = '[..1980]', signed_earliest = NULL, signed_latest = '1980-12-31' WHERE id = 2",
        "DELETE FROM agreement_listing WHERE agreement_id > 2",
        "UPDATE agreements SET record_state = 'withdrawn' WHERE id > 2",
    ])
    .await;
    for (query, expected) in [
        ("signed_from=2014&signed_to=2016", vec![1]),
        ("signed_from=1981&signed_to=1989", vec![]),
        ("signed_from=1970&signed_to=1979", vec![2]),
        ("signed_from=1980&signed_to=1990", vec![1, 2]),
        ("signed_from=1970&signed_to=1980&match=certain", vec![]),
    ] {
        let found = all(&app, &format!("agreements?{query}")).await;
        let expected: Vec<String> = expected.into_iter().map(|n| id("agr", n)).collect();
        assert_eq!(ids(&found), expected, "{query}");
    }
}

#[actix_web::test]
async fn a_network_counts_who_is_in_it_today_and_not_who_asks_or_has_left() {
    // Network 1 has the memberships, and partners, 3, 6, 9, 12 and 15.
    let app = registry(&[
        "UPDATE memberships SET status = 'applied', live = TRUE WHERE id = 3",
        "UPDATE memberships SET status = 'consent_pending', live = TRUE WHERE id = 6",
        "UPDATE memberships SET status = 'observer', live = TRUE WHERE id = 9",
        "UPDATE memberships SET status = 'suspended', live = TRUE WHERE id = 12",
        "UPDATE memberships SET status = 'lapsed', live = FALSE WHERE id = 15",
        "DELETE FROM agreement_parties WHERE agreement_id <= 2",
        "INSERT INTO agreement_parties (agreement_id, position, partner_id, role, participation, acknowledgement, signatories) \
         VALUES (1, 0, 9, 'partner', 'party', 'acknowledged', '[]'), (1, 1, 12, 'partner', 'party', 'acknowledged', '[]'), \
         (2, 0, 9, 'partner', 'party', 'acknowledged', '[]'), (2, 1, 3, 'partner', 'party', 'acknowledged', '[]')",
    ])
    .await;
    let network = id("net", 1);
    let found = all(&app, &format!("partners?network={network}")).await;
    assert_eq!(ids(&found), [id("ptn", 9), id("ptn", 12)]);
    let found = all(&app, &format!("agreements?network={network}")).await;
    assert!(ids(&found).contains(&id("agr", 1).as_str()));
    for agreement in &found {
        for party in agreement["parties"].as_array().unwrap() {
            let party = party["partner"]["id"].as_str().unwrap();
            assert!([id("ptn", 9), id("ptn", 12)].contains(&party.to_owned()));
        }
    }
    // The list of memberships is of all of them.
    let found = all(&app, &format!("memberships?network={network}")).await;
    assert_eq!(found.len(), 5);
}

#[actix_web::test]
async fn signs_in_a_search_text_are_literal() {
    let app = registry(&[
        "UPDATE names SET value = 'Nowa_Próba 100%' WHERE record = 'ptn_0000000001'",
        "UPDATE names SET value = 'Nowa Próba' WHERE record = 'ptn_0000000002'",
    ])
    .await;
    let (signed, plain) = (id("ptn", 1), id("ptn", 2));
    for (q, expected) in [
        ("nowa_proba", vec![&signed]),
        ("_", vec![&signed]),
        ("100%25", vec![&signed]),
        ("%25", vec![&signed]),
        ("nowa%20proba", vec![&signed, &plain]),
        ("nowa-proba", vec![&signed, &plain]),
        ("n_wa", vec![]),
        ("n*a", vec![]),
        ("nowa%25proba", vec![]),
    ] {
        let found = all(&app, &format!("partners?q={q}")).await;
        assert_eq!(ids(&found), expected, "{q}");
        let found = all(&app, &format!("search?entity=partner&q={q}")).await;
        assert_eq!(ids(&found), expected, "{q}");
    }
}

#[actix_web::test]
async fn the_year_in_a_made_up_title_is_found() {
    let app = registry(&[
        "UPDATE agreements SET signed_on = '1991', signed_earliest = '1991-01-01'",
        "UPDATE agreements SET signed_on = '1992-06', signed_earliest = '1992-06-01' WHERE id = 1",
        "UPDATE agreements SET signed_on = '1992', signed_earliest = '1992-01-01', title = '{\"en\":\"Pact\"}' WHERE id = 2",
    ])
    .await;
    for q in ["1992", "(1992)"] {
        let found = all(&app, &format!("agreements?q={q}")).await;
        assert!(ids(&found).contains(&id("agr", 1).as_str()), "{q}");
        assert!(!ids(&found).contains(&id("agr", 3).as_str()), "{q}");
    }
    let found = all(&app, "search?entity=agreement&q=1992").await;
    let made_up = |hit: &Value| hit["name"].as_str().unwrap().ends_with("(1992)");
    assert!(found.iter().any(made_up), "{found:?}");
}

#[actix_web::test]
async fn the_order_by_status_is_that_of_the_day_asked_about() {
    let app = registry(&[
        "UPDATE status_periods SET status = 'suspended' WHERE agreement_id % 2 = 0",
        "UPDATE agreements SET status = 'terminated' WHERE id % 3 = 0",
    ])
    .await;
    for (sort, sorted) in [("status", "in_force"), ("-status", "suspended")] {
        let mut address =
            format!("/api/v1/agreements?as_of=2000-01-01&sort={sort}&limit=40&count=true");
        let mut seen: Vec<(String, String)> = Vec::new();
        let back = loop {
            let answer = app.get(&address).await.expect(200).json();
            for record in answer["data"].as_array().unwrap() {
                let text = |member: &str| record[member].as_str().unwrap().to_owned();
                seen.push((text("status"), text("id")));
            }
            assert_eq!(answer["total"], 90);
            let with = |cursor: &Value| {
                let cursor = cursor.as_str()?;
                Some(format!(
                    "/api/v1/agreements?as_of=2000-01-01&sort={sort}&limit=40&count=true&cursor={cursor}"
                ))
            };
            if let Some(next) = with(&answer["page"]["next"]) {
                address = next;
            } else {
                break with(&answer["page"]["prev"]);
            }
        };
        assert_eq!(seen.len(), 90);
        assert_eq!(seen[0].0, sorted);
        let mut ordered = seen.clone();
        ordered.sort_by(|a, b| {
            if sort == "status" {
                a.0.cmp(&b.0)
            } else {
                b.0.cmp(&a.0)
            }
        });
        assert_eq!(seen, ordered);
        let ids: std::collections::BTreeSet<&String> = seen.iter().map(|(_, id)| id).collect();
        assert_eq!(ids.len(), 90);
        let before = app.get(&back.unwrap()).await.expect(200).json();
        let before: Vec<&str> = before["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r["id"].as_str().unwrap())
            .collect();
        let expected: Vec<&str> = seen[40..80].iter().map(|(_, id)| id.as_str()).collect();
        assert_eq!(before, expected);
    }
}

#[actix_web::test]
async fn what_costs_most_to_find_is_found_once_and_counted_with_the_page() {
    let app = registry(&[]).await;
    for list in [
        "agreements?institution_kind=municipality&sort=-title",
        "agreements?institution_kind=municipality,county&as_of=2020-01-01&sort=-status",
        "agreements?q=a&sort=signed_on",
        "agreements?q=a&as_of=2020-01-01&sort=status",
        "partners?q=a&sort=-population",
        "agreements?q=nothing+is+called+so&sort=title",
    ] {
        let every = all(&app, &format!("{list}&limit=100")).await;
        assert!(every.len() < 100);
        let mut found = Vec::new();
        let mut next = String::new();
        loop {
            app.app.db.statement_texts();
            let page = format!("/api/v1/{list}&limit=3&count=true{next}");
            let page = app.get(&page).await.expect(200).json();
            let sets = app.app.db.statement_texts();
            let sets = sets
                .iter()
                .filter(|text| text.contains("FROM partners q CROSS JOIN"));
            assert!(sets.count() <= 1, "{list}");
            assert_eq!(page["total"], every.len(), "{list}");
            found.extend(page["data"].as_array().unwrap().iter().cloned());
            let Some(cursor) = page["page"]["next"].as_str() else {
                break;
            };
            next = format!("&cursor={cursor}");
        }
        assert_eq!(found, every, "{list}");
    }
}
