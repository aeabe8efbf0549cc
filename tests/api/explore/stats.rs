use serde_json::{Value, json};
use twincity::db::condition::{Condition, execute};
use twincity::http::problem::Problem;

use super::seed::{bialystok, city, in_force};
use crate::support::TestApp;

async fn stats(app: &TestApp, query: &str) -> Value {
    app.get(&format!("/api/v1/stats{query}"))
        .await
        .expect(200)
        .json()
}

fn pairs(counts: &Value) -> Vec<(&str, i64)> {
    let counts = counts.as_array().unwrap().iter();
    counts
        .map(|c| (c["code"].as_str().unwrap(), c["count"].as_i64().unwrap()))
        .collect()
}

#[actix_web::test]
async fn everything_published_is_counted() {
    let empty = stats(&TestApp::new().await, "").await;
    assert_eq!(empty["totals"]["agreements"], 0);
    let app = TestApp::new().await;
    bialystok(&app).await;
    let all = stats(&app, "").await;
    assert_eq!(all["totals"]["partners"], 3);
    assert_eq!(all["totals"]["agreements"], 3);
    assert_eq!(all["totals"]["activities"], 2);
    assert_eq!(
        pairs(&all["partners"]["by_country"]),
        [("BY", 1), ("NL", 1), ("PL", 1)]
    );
    assert_eq!(pairs(&all["partners"]["by_kind"]), [("municipality", 3)]);
    let agreements = &all["agreements"];
    assert_eq!(
        pairs(&agreements["by_country"]),
        [("PL", 3), ("BY", 2), ("NL", 1)]
    );
    assert_eq!(
        pairs(&agreements["by_status"]),
        [("in_force", 1), ("terminated", 1), ("superseded", 1)]
    );
    assert_eq!(pairs(&agreements["by_relationship"]), [("twinning", 3)]);
    assert_eq!(
        pairs(&agreements["by_instrument"]),
        [("partnership_agreement", 3)]
    );
    assert_eq!(
        agreements["by_decade"],
        json!([{"decade": 1990, "count": 1}, {"decade": 2000, "count": 1}, {"decade": 2010, "count": 1}])
    );
    assert_eq!(agreements["decade_unknown"], 0);
    assert_eq!(
        pairs(&all["activities"]["by_kind"]),
        [("youth_exchange", 2)]
    );
}

/// A newer version beside this one may have recorded codes that this one doesn't know.
#[actix_web::test]
async fn what_has_an_unknown_code_is_counted_all_the_same() {
    let app = TestApp::new().await;
    bialystok(&app).await;
    app.write(|conn| -> Result<(), Problem> {
        let newer = "UPDATE agreements SET instrument = 'handshake' WHERE id = 1";
        execute(conn, Condition::new(newer))?;
        Ok(())
    })
    .unwrap();
    for query in ["", "?country=PL"] {
        let all = stats(&app, query).await;
        assert_eq!(all["totals"]["agreements"], 3, "{query}");
        let told = pairs(&all["agreements"]["by_instrument"]);
        assert_eq!(told, [("partnership_agreement", 2)], "{query}");
    }
}

#[actix_web::test]
async fn countries_and_days_narrow_the_counts() {
    let app = TestApp::new().await;
    bialystok(&app).await;
    let there = stats(&app, "?country=BY").await;
    assert_eq!(
        (&there["totals"]["partners"], &there["totals"]["agreements"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(
        pairs(&there["agreements"]["by_country"]),
        [("BY", 2), ("PL", 2)]
    );
    assert_eq!(there["totals"]["activities"], 2);
    assert!(there["totals"]["sources"].is_null());
    assert_eq!(stats(&app, "?country=NL").await["totals"]["activities"], 0);
    let then = stats(&app, "?as_of=2019-01-01").await;
    assert_eq!(
        pairs(&then["agreements"]["by_status"]),
        [("in_force", 2), ("superseded", 1)]
    );
    let before = stats(&app, "?as_of=1995-01-01&country=PL,BY").await;
    assert_eq!(before["as_of"], "1995-01-01");
    assert_eq!(before["totals"]["agreements"], 1);
    app.get("/api/v1/stats?country=Poland")
        .await
        .problem("malformed-request");
    app.get("/api/v1/stats?kind=county")
        .await
        .problem("unknown-parameter");
}

/// A country counts where one of its parties was one on the day, as in the list of that day.
#[actix_web::test]
async fn countries_of_another_day_are_those_of_its_parties() {
    let app = TestApp::new().await;
    let [polish, dutch, lithuanian, second] = [("A", "PL"), ("B", "NL"), ("C", "LT"), ("D", "NL")];
    let mut parties = Vec::new();
    for (name, country) in [polish, dutch, lithuanian, second] {
        parties.push(city(&app, name, country).await);
    }
    let body = json!({"relationship": "twinning", "instrument": "partnership_agreement", "signed_on": "1992-04-01",
        "parties": parties[..2].iter().map(|id| json!({"partner_id": id})).collect::<Vec<_>>()});
    let admin = app.as_admin();
    let id = admin
        .post("/api/v1/agreements", body)
        .await
        .expect(201)
        .id();
    let events = format!("/api/v1/agreements/{id}/events");
    for step in [
        json!({"action": "accede", "effective_on": "2010", "party": parties[2], "role": "partner"}),
        json!({"action": "accede", "effective_on": "2012", "party": parties[3], "role": "partner"}),
        json!({"action": "withdraw_party", "effective_on": "2020", "party": parties[2], "reason_code": "budget"}),
    ] {
        admin.post(&events, step).await.expect(201);
    }
    for (day, expected) in [
        ("1990-01-01", vec![]),
        ("2000-01-01", vec![("NL", 1), ("PL", 1)]),
        ("2011-01-01", vec![("LT", 1), ("NL", 1), ("PL", 1)]),
        ("2022-01-01", vec![("NL", 1), ("PL", 1)]),
    ] {
        let all = stats(&app, &format!("?as_of={day}")).await;
        assert_eq!(pairs(&all["agreements"]["by_country"]), expected, "{day}");
        for country in ["PL", "NL", "LT"] {
            let asked = format!("as_of={day}&country={country}");
            let counted = stats(&app, &format!("?{asked}")).await["totals"]["agreements"].clone();
            let path = format!("/api/v1/agreements?{asked}&count=true");
            let listed = app.get(&path).await.expect(200).json();
            assert_eq!(counted, listed["total"], "{asked}");
            let there = expected.iter().any(|(code, _)| *code == country);
            assert_eq!(counted, i64::from(there), "{asked}");
        }
    }
    let today = stats(&app, "").await;
    assert_eq!(
        pairs(&today["agreements"]["by_country"]),
        [("LT", 1), ("NL", 1), ("PL", 1)]
    );
}

#[actix_web::test]
async fn the_number_of_statements_is_the_same_for_any_number_of_records() {
    let app = TestApp::without_caches().await;
    let counted = async || {
        let before = app.app.db.statements();
        stats(&app, "").await;
        app.app.db.statements() - before
    };
    // The first time everything is counted, from then on what has changed.
    counted().await;
    let hub = city(&app, "Hub", "PL").await;
    let few = counted().await;
    for key in 1..50 {
        let other = city(&app, &format!("City {key}"), "DE").await;
        in_force(&app, key, &[&hub, &other]).await;
    }
    assert_eq!(counted().await, few);
}
