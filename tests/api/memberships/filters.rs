//! Filters of memberships, and of what is asked about members elsewhere.

use serde_json::{Value, json};

use super::{MEMBERSHIPS, event, membership};
use crate::agreements::city;
use crate::networks::network;
use crate::support::TestApp;

fn partners(page: &Value) -> Vec<&str> {
    page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["partner"]["name"].as_str().unwrap())
        .collect()
}

#[actix_web::test]
async fn each_filter_lets_through_what_it_says() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let (a, b) = (city(&app, "a", "PL").await, city(&app, "b", "LT").await);
    let (first, second) = (
        network(&app, "x", json!({})).await,
        network(&app, "y", json!({})).await,
    );
    for (partner, network, more) in [
        (
            &a,
            &first,
            json!({"admitted_on": "1997", "class": "full", "section": "PL"}),
        ),
        (
            &b,
            &first,
            json!({"admitted_on": "2001", "ended_on": "2010-06", "initial_status": "excluded"}),
        ),
    ] {
        let mut body = json!({"partner_id": partner, "network_id": network});
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        admin.post(MEMBERSHIPS, body).await.expect(201);
    }
    app.clock.advance(chrono::TimeDelta::days(1));
    admin
        .post(
            MEMBERSHIPS,
            json!({"partner_id": b, "network_id": second, "applied_on": "2020"}),
        )
        .await
        .expect(201);
    for (query, expected) in [
        (String::new(), vec!["b", "b", "a"]),
        (format!("partner={a}"), vec!["a"]),
        (format!("partner={a},{b}&network={first}"), vec!["b", "a"]),
        (format!("network={second}"), vec!["b"]),
        ("network=net_0000000000".to_owned(), vec![]),
        ("status=member".to_owned(), vec!["a"]),
        ("status=excluded,applied".to_owned(), vec!["b", "b"]),
        ("class=full".to_owned(), vec!["a"]),
        ("class=ful%25".to_owned(), vec![]),
        ("section=PL".to_owned(), vec!["a"]),
        ("country=LT".to_owned(), vec!["b", "b"]),
        ("as_of=1996-12-31".to_owned(), vec![]),
        ("as_of=1997-06-01".to_owned(), vec!["a"]),
        ("as_of=1997-06-01&match=certain".to_owned(), vec![]),
        ("as_of=2010-01-01&status=member".to_owned(), vec!["b", "a"]),
        ("as_of=2015-01-01&status=member".to_owned(), vec!["a"]),
        ("as_of=2015-01-01".to_owned(), vec!["b", "a"]),
        ("updated_since=2026-11-25".to_owned(), vec!["b"]),
        ("sort=admitted_on".to_owned(), vec!["a", "b", "b"]),
    ] {
        let page = app
            .get(&format!("{MEMBERSHIPS}?{query}"))
            .await
            .expect(200)
            .json();
        assert_eq!(partners(&page), expected, "{query}");
    }
    for query in [
        "status=gone",
        "as_of=2010",
        "match=maybe",
        "sort=class",
        "include=names",
        "partner=x",
    ] {
        app.get(&format!("{MEMBERSHIPS}?{query}"))
            .await
            .problem("malformed-request");
    }
    app.get(&format!("{MEMBERSHIPS}?q=x"))
        .await
        .problem("unknown-parameter");
    for (query, expected) in [
        (format!("network={first}"), 1),
        (format!("network={second}"), 0),
    ] {
        let page = app
            .get(&format!("/api/v1/partners?{query}&count=true"))
            .await
            .expect(200)
            .json();
        assert!(
            page["total"].as_i64().unwrap() >= expected,
            "{query}: {page}"
        );
    }
}

#[actix_web::test]
async fn an_agreement_is_found_by_the_network_all_its_parties_are_in() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let (a, b) = (city(&app, "a", "PL").await, city(&app, "b", "LT").await);
    let net = network(&app, "x", json!({})).await;
    let paper = json!({"instrument": "annex", "signed_on": "2000", "parties": [{"partner_id": a}, {"partner_id": b}]});
    admin
        .post(crate::agreements::AGREEMENTS, paper)
        .await
        .expect(201);
    for (partner, expected) in [(a, 0), (b, 1)] {
        let body = json!({"partner_id": partner, "network_id": net, "admitted_on": "1997"});
        admin.post(MEMBERSHIPS, body).await.expect(201);
        let page = app
            .get(&format!("/api/v1/agreements?network={net}"))
            .await
            .expect(200)
            .json();
        assert_eq!(page["data"].as_array().unwrap().len(), expected);
    }
}

#[actix_web::test]
async fn missing_dates_come_last_in_both_directions() {
    let app = TestApp::new().await;
    for more in [
        json!({"admitted_on": "1992"}),
        json!({"initial_status": "member"}),
        json!({"admitted_on": "1992-06"}),
        json!({"admitted_on": "2001"}),
    ] {
        membership(&app, more).await;
    }
    for (sort, expected) in [
        (
            "admitted_on",
            [Some("1992"), Some("1992-06"), Some("2001"), None],
        ),
        (
            "-admitted_on",
            [Some("2001"), Some("1992-06"), Some("1992"), None],
        ),
    ] {
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = app
                .get(&format!("{MEMBERSHIPS}?sort={sort}&limit=1{cursor}"))
                .await
                .expect(200)
                .json();
            seen.push(page["data"][0]["admitted_on"].as_str().map(str::to_owned));
            let Some(next) = page["page"]["next"].as_str() else {
                break;
            };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, expected.map(|date| date.map(str::to_owned)), "{sort}");
    }
}

#[actix_web::test]
async fn events_are_listed_page_by_page_in_the_order_of_the_fold() {
    let app = TestApp::new().await;
    let id = membership(&app, json!({"admitted_on": "1997"})).await;
    for (action, on) in [("suspend", "2010"), ("resume", "2012"), ("lapse", "2020")] {
        let body = match action {
            "suspend" => json!({"action": action, "effective_on": on, "reason_code": "budget"}),
            _ => json!({"action": action, "effective_on": on}),
        };
        event(&app, &id, body).await.expect(201);
    }
    let path = format!("{MEMBERSHIPS}/{id}/events");
    let first = app
        .get(&format!("{path}?limit=3&count=true"))
        .await
        .expect(200)
        .json();
    let next = first["page"]["next"].as_str().unwrap();
    let rest = app
        .get(&format!("{path}?limit=3&count=true&cursor={next}"))
        .await
        .expect(200)
        .json();
    let actions: Vec<_> = [&first, &rest]
        .into_iter()
        .flat_map(|page| page["data"].as_array().unwrap())
        .map(|event| event["action"].as_str().unwrap())
        .collect();
    assert_eq!(
        (actions, &first["total"]),
        (vec!["register", "suspend", "resume", "lapse"], &json!(4))
    );
    app.get(&format!("{path}?include=sources"))
        .await
        .problem("malformed-request");
}

#[actix_web::test]
async fn a_class_is_that_of_the_day() {
    let app = TestApp::new().await;
    let always = membership(&app, json!({"admitted_on": "1997", "class": "full"})).await;
    let moved = membership(&app, json!({"admitted_on": "1997", "class": "associated"})).await;
    for (on, class) in [("2005", "full"), ("2015", "observer")] {
        let change = json!({"action": "change_class", "effective_on": on, "class": class});
        event(&app, &moved, change).await.expect(201);
    }
    // Nobody knows in which year of the nineties it began.
    let vague = json!({"admitted_on": "199X", "class": "founding"});
    let vague = membership(&app, vague).await;
    let change = json!({"action": "change_class", "effective_on": "2005", "class": "honorary"});
    event(&app, &vague, change).await.expect(201);
    // Nor when this one applied.
    let applied = membership(&app, json!({"initial_status": "applied"})).await;
    let admit = json!({"action": "admit", "effective_on": "1997-12-08", "class": "associate"});
    event(&app, &applied, admit).await.expect(201);
    for (query, expected) in [
        ("class=associate&as_of=1998-09-13", vec![&applied]),
        ("class=founding&as_of=1995-01-01", vec![&vague]),
        ("class=honorary&as_of=1995-01-01", vec![]),
        ("class=full", vec![&always]),
        ("class=observer", vec![&moved]),
        ("class=full&as_of=2001-01-01", vec![&always]),
        ("class=associated&as_of=2001-01-01", vec![&moved]),
        ("class=full&as_of=2010-01-01", vec![&always, &moved]),
        ("class=observer&as_of=2010-01-01", vec![]),
        ("class=observer&as_of=2020-01-01", vec![&moved]),
        ("class=full&as_of=1990-01-01", vec![]),
    ] {
        let path = format!("{MEMBERSHIPS}?{query}&sort=created_at");
        let page = app.get(&path).await.expect(200).json();
        let rows = page["data"].as_array().unwrap().iter();
        let found: Vec<&str> = rows.map(|row| row["id"].as_str().unwrap()).collect();
        assert_eq!(found, expected, "{query}");
    }
}
