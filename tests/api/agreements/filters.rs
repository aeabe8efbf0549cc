//! Filters, orders and the cost of the list of agreements.

use serde_json::{Value, json};
use twincity::core::country::Country;

use super::{AGREEMENTS, agreement, city};
use crate::support::TestApp;

fn count(page: &Value) -> usize {
    page["data"].as_array().unwrap().len()
}

#[actix_web::test]
async fn each_filter_lets_through_what_it_says() {
    let app = TestApp::new().await;
    let id = agreement(
        &app,
        json!({"signed_on": "1992", "fields": ["youth"], "valid_until": "2027", "relationship": "friendship", "activity_level": "low"}),
    )
    .await;
    let partner = app
        .get(&format!("{AGREEMENTS}/{id}"))
        .await
        .expect(200)
        .json()["parties"][0]["partner"]["id"]
        .clone();
    let partner = partner.as_str().unwrap();
    for (query, expected) in [
        (format!("partner={partner}"), 1),
        ("partner=ptn_0000000000".to_owned(), 0),
        ("country=NL".to_owned(), 1),
        ("country=NL&status=in_force".to_owned(), 1),
        ("country=NL&status=expired".to_owned(), 0),
        ("country=DE,NL".to_owned(), 1),
        ("countries=PL,NL".to_owned(), 1),
        ("countries=PL,DE".to_owned(), 0),
        ("institution_kind=municipality".to_owned(), 1),
        ("institution_kind=university".to_owned(), 0),
        ("relationship=friendship,contact".to_owned(), 1),
        ("instrument=partnership_agreement".to_owned(), 1),
        ("status_basis=presumed".to_owned(), 1),
        ("activity_level=low".to_owned(), 1),
        ("field=youth".to_owned(), 1),
        ("field=sport".to_owned(), 0),
        ("quality_flag=year_only_date".to_owned(), 1),
        ("quality_flag=one_sided".to_owned(), 0),
        ("valid_until_to=2027".to_owned(), 1),
        ("valid_until_to=2026".to_owned(), 0),
        ("institutional=false".to_owned(), 1),
        ("domestic=true".to_owned(), 0),
        ("record_state=published".to_owned(), 1),
        ("record_state=draft".to_owned(), 0),
        ("updated_since=2026-11-24".to_owned(), 1),
        ("q=eindhoven".to_owned(), 1),
        ("q=kaunas".to_owned(), 0),
        ("network=net_0000000000".to_owned(), 0),
    ] {
        let page = app
            .get(&format!("{AGREEMENTS}?{query}"))
            .await
            .expect(200)
            .json();
        assert_eq!(count(&page), expected, "{query}");
    }
    for query in [
        "status=inforce",
        "signed_from=199",
        "sort=colour",
        "include=everything",
    ] {
        app.get(&format!("{AGREEMENTS}?{query}"))
            .await
            .problem("malformed-request");
    }
}

#[actix_web::test]
async fn missing_dates_come_last_in_both_directions() {
    let app = TestApp::new().await;
    for signed in [json!("1992"), Value::Null, json!("1992-06"), json!("2001")] {
        agreement(&app, json!({"signed_on": signed})).await;
    }
    for (sort, expected) in [
        (
            "signed_on",
            [Some("1992"), Some("1992-06"), Some("2001"), None],
        ),
        (
            "-signed_on",
            [Some("2001"), Some("1992-06"), Some("1992"), None],
        ),
    ] {
        let mut seen = Vec::new();
        let mut path = format!("{AGREEMENTS}?sort={sort}&limit=1");
        loop {
            let page = app.get(&path).await.expect(200).json();
            seen.extend(
                page["data"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|row| row["signed_on"].as_str().map(str::to_owned)),
            );
            match page["page"]["next"].as_str() {
                Some(next) => path = format!("{AGREEMENTS}?sort={sort}&limit=1&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, expected.map(|date| date.map(str::to_owned)), "{sort}");
    }
}

#[actix_web::test]
async fn a_hundred_rows_take_no_more_statements_than_one() {
    let app = TestApp::without_caches().await;
    let hub = city(&app, "Hub", "PL").await;
    for n in 0..60 {
        let other = city(&app, &format!("City {n}"), "NL").await;
        let body = json!({"instrument": "annex", "signed_on": "2000", "parties": [{"partner_id": hub}, {"partner_id": other}]});
        app.as_admin().post(AGREEMENTS, body).await.expect(201);
    }
    let all = "country=NL&status=in_force&sort=-signed_on&include=events,sources,citations,activities&as_of=2020-01-01&lang=pl&count=true";
    let paths = [
        format!("{AGREEMENTS}?{all}&limit="),
        "/api/v1/partners?include=sources,citations&lang=pl&count=true&limit=".to_owned(),
        format!("/api/v1/partners/{hub}/partnerships?limit="),
        "/api/v1/changes?limit=".to_owned(),
    ];
    for path in paths {
        let cost = async |limit: u32| {
            // The first request may bring the names in memory up to date.
            app.get(&format!("{path}{limit}")).await.expect(200);
            let before = app.app.db.statements();
            app.get(&format!("{path}{limit}")).await.expect(200);
            app.app.db.statements() - before
        };
        let (one, hundred) = (cost(1).await, cost(100).await);
        assert!(
            hundred <= one,
            "{path}: {one} statements for 1 row, {hundred} for 100"
        );
    }
}

/// What is given twice counts once, and nobody asks for more countries than are looked for at once.
#[actix_web::test]
async fn lists_of_values_are_bounded() {
    let app = TestApp::new().await;
    agreement(&app, json!({"signed_on": "1992", "fields": ["youth"]})).await;
    let many = |value: &str| vec![value; 1200].join(",");
    for query in [
        format!("field={}", many("youth")),
        format!("countries={}", many("PL")),
        format!("countries={}&as_of=2020-01-01", many("PL")),
    ] {
        let page = app.get(&format!("{AGREEMENTS}?{query}")).await.expect(200);
        assert_eq!(page.json()["data"].as_array().unwrap().len(), 1);
    }
    let countries = "PL,DE,NL,BE,FR,ES,PT,IT,AT,CH";
    app.get(&format!("{AGREEMENTS}?countries={countries}"))
        .await
        .expect(200);
    let refused = app
        .get(&format!("{AGREEMENTS}?countries={countries},CZ"))
        .await
        .problem("malformed-request");
    assert_eq!(refused["errors"][0]["parameter"], "countries");
    let codes: Vec<&str> = Country::all().iter().map(|it| it.as_str()).collect();
    for path in [AGREEMENTS, "/api/v1/stats"] {
        let of = |most: usize| format!("{path}?country={}", codes[..most].join(","));
        app.get(&of(60)).await.expect(200);
        let refused = app.get(&of(61)).await.problem("malformed-request");
        assert_eq!(refused["errors"][0]["parameter"], "country");
    }
    for query in ["q=%ff", "as_of=0000-01-01", "updated_since=0000-01-01"] {
        app.get(&format!("{AGREEMENTS}?{query}"))
            .await
            .problem("malformed-request");
    }
}
