use serde_json::{Value, json};

use super::seed::{agreement_id, bialystok, city, in_force};
use crate::support::TestApp;

async fn rows(app: &TestApp, path: &str) -> Vec<Value> {
    app.get(path).await.expect(200).json()["data"]
        .as_array()
        .unwrap()
        .clone()
}

fn names(rows: &[Value]) -> Vec<&str> {
    rows.iter()
        .map(|row| row["counterpart"]["name"].as_str().unwrap())
        .collect()
}

#[actix_web::test]
async fn grodno_is_one_row_with_both_agreements() {
    let app = TestApp::new().await;
    let [bialystok, grodno, _] = bialystok(&app).await;
    let all = rows(&app, &format!("/api/v1/partners/{bialystok}/partnerships")).await;
    assert_eq!(names(&all), ["Eindhoven", "Hrodna"]);
    let row = &all[1];
    assert_eq!(
        row["counterpart"],
        json!({"id": grodno, "name": "Hrodna", "kind": "municipality", "country": "BY"})
    );
    assert_eq!(
        (&row["status"], &row["status_since"]),
        (&json!("terminated"), &json!("2022-03-03"))
    );
    assert_eq!(row["since"], "2000-06");
    assert_eq!(
        row["since_range"],
        json!({"earliest": "2000-06-01", "latest": "2000-06-30"})
    );
    assert_eq!(
        (&row["relationship"], &row["reciprocity"]),
        (&json!("twinning"), &json!("both_acknowledge"))
    );
    assert!(
        (60.0..90.0).contains(&row["distance_km"].as_f64().unwrap()),
        "{row}"
    );
    assert_eq!(row["last_activity_on"], "2019-09-09");
    assert!(row["longest_gap_days"].is_null());
    let papers = row["agreements"].as_array().unwrap();
    assert_eq!(
        (&papers[0]["id"], &papers[0]["status"]),
        (&json!(agreement_id(1)), &json!("superseded"))
    );
    assert_eq!(
        (&papers[1]["id"], &papers[1]["status"]),
        (&json!(agreement_id(2)), &json!("terminated"))
    );
    assert_eq!(papers[0]["signed_on_range"]["latest"], "2000-06-30");
    // Eindhoven's place is not known.
    assert!(all[0]["distance_km"].is_null() && all[0]["status"] == "in_force");
    // Seen from the other side it is the same tie.
    let other = rows(&app, &format!("/api/v1/partners/{grodno}/partnerships")).await;
    assert_eq!(
        (names(&other), &other[0]["since"]),
        (vec!["Białystok"], &row["since"])
    );
}

#[actix_web::test]
async fn on_another_day_it_stood_as_it_did_then() {
    let app = TestApp::new().await;
    let [bialystok, ..] = bialystok(&app).await;
    let on = |query: &str| format!("/api/v1/partners/{bialystok}/partnerships?country=BY&{query}");
    for (query, status) in [
        ("as_of=2000-06-10", json!(["in_force"])),
        ("as_of=2000-06-10&match=certain", json!([])),
        ("as_of=2019-01-01", json!(["in_force"])),
        ("as_of=2021-01-01", json!(["suspended"])),
        ("as_of=2023-01-01", json!(["terminated"])),
        ("as_of=1999-01-01", json!([])),
    ] {
        let found = rows(&app, &on(query)).await;
        let statuses: Vec<&Value> = found.iter().map(|row| &row["status"]).collect();
        assert_eq!(json!(statuses), status, "{query}");
    }
    let then = rows(&app, &on("as_of=2010-01-01")).await;
    assert_eq!(then[0]["last_activity_on"], "2005-05-05");
    assert_eq!(then[0]["agreements"].as_array().unwrap().len(), 1);
    for query in [
        "as_of=today",
        "match=maybe",
        "since=2000",
        "sort=reciprocity",
    ] {
        app.get(&on(query)).await.expect(400);
    }
}

#[actix_web::test]
async fn filters_languages_fields_and_orders() {
    let app = TestApp::new().await;
    let [bialystok, ..] = bialystok(&app).await;
    let path = |query: &str| format!("/api/v1/partners/{bialystok}/partnerships?{query}");
    let called = async |query: &str| names(&rows(&app, &path(query)).await).join(", ");
    assert_eq!(called("status=in_force").await, "Eindhoven");
    assert_eq!(
        called("status=in_force,terminated&lang=pl").await,
        "Eindhoven, Grodno"
    );
    assert_eq!(called("kind=university").await, "");
    assert_eq!(called("sort=-since").await, "Hrodna, Eindhoven");
    assert_eq!(called("sort=since").await, "Eindhoven, Hrodna");
    let only = rows(&app, &path("fields=status,since")).await;
    assert_eq!(only[0], json!({"status": "in_force", "since": "1992"}));
}

#[actix_web::test]
async fn unknown_and_withdrawn_partners() {
    let app = TestApp::new().await;
    app.get("/api/v1/partners/ptn_0000000000/partnerships")
        .await
        .problem("not-found");
    app.get("/api/v1/partners/agr_0000000000/partnerships")
        .await
        .problem("not-found");
    let id = city(&app, "Xanten", "DE").await;
    assert!(
        rows(&app, &format!("/api/v1/partners/{id}/partnerships"))
            .await
            .is_empty()
    );
    app.as_admin()
        .delete(&format!("/api/v1/partners/{id}"), "\"1\"")
        .await
        .expect(204);
    app.get(&format!("/api/v1/partners/{id}/partnerships"))
        .await
        .problem("withdrawn");
}

#[actix_web::test]
async fn a_hundred_ties_take_as_many_statements_as_one_and_pages_hold_each_once() {
    let app = TestApp::without_caches().await;
    let few = city(&app, "Few", "PL").await;
    let many = city(&app, "Many", "PL").await;
    let mut others = Vec::new();
    for n in 0..100 {
        others.push(city(&app, &format!("City {n:03}"), "DE").await);
    }
    in_force(&app, 1, &[&few, &others[0]]).await;
    for (key, other) in (2..).zip(&others) {
        in_force(&app, key, &[&many, other]).await;
    }
    let mut counted = Vec::new();
    for (id, expected) in [(&few, 1), (&many, 100)] {
        let before = app.app.db.statements();
        let path = format!("/api/v1/partners/{id}/partnerships?limit=100&lang=pl");
        assert_eq!(rows(&app, &path).await.len(), expected);
        counted.push(app.app.db.statements() - before);
    }
    assert_eq!(counted[0], counted[1]);

    let mut path = format!("/api/v1/partners/{many}/partnerships?limit=30&count=true");
    let first = path.clone();
    let mut seen = Vec::new();
    loop {
        let page = app.get(&path).await.expect(200).json();
        assert_eq!(page["total"], 100);
        seen.extend(
            names(page["data"].as_array().unwrap())
                .into_iter()
                .map(str::to_owned),
        );
        let Some(next) = page["page"]["next"].as_str() else {
            break;
        };
        path = format!("{first}&cursor={next}");
    }
    let expected: Vec<String> = (0..100).map(|n| format!("City {n:03}")).collect();
    assert_eq!(seen, expected);
}

async fn event(app: &TestApp, agreement: &str, body: Value) {
    app.as_registrar()
        .post(&format!("/api/v1/agreements/{agreement}/events"), body)
        .await
        .expect(201);
}

#[actix_web::test]
async fn only_those_who_were_parties_together_have_a_tie() {
    let app = TestApp::new().await;
    let mut cities = Vec::new();
    for (name, country) in [
        ("A", "PL"),
        ("B", "DE"),
        ("C", "FR"),
        ("D", "IT"),
        ("E", "ES"),
        ("F", "ES"),
    ] {
        cities.push(city(&app, &format!("City {name}"), country).await);
    }
    let parties: Vec<Value> = cities
        .iter()
        .take(4)
        .map(|id| json!({"partner_id": id}))
        .collect();
    let agreement = app
        .as_registrar()
        .post(
            "/api/v1/agreements",
            json!({"instrument": "partnership_agreement",
            "signed_on": "1991", "parties": parties}),
        )
        .await
        .expect(201)
        .id();
    event(
        &app,
        &agreement,
        json!({"action": "withdraw_party", "effective_on": "2000-05",
        "party": cities[0]}),
    )
    .await;
    event(
        &app,
        &agreement,
        json!({"action": "accede", "effective_on": "2010",
        "party": cities[4]}),
    )
    .await;
    event(
        &app,
        &agreement,
        json!({"action": "succeed_party", "effective_on": "2015",
        "party": cities[1], "successor_id": cities[5]}),
    )
    .await;
    let of = |index: usize| format!("/api/v1/partners/{}/partnerships", cities[index]);
    assert_eq!(
        names(&rows(&app, &of(0)).await),
        ["City B", "City C", "City D"]
    );
    for day in ["2005-01-01", "2012-01-01", "2020-01-01"] {
        let then = rows(&app, &format!("{}?as_of={day}", of(0))).await;
        assert_eq!(names(&then), ["City B", "City C", "City D"], "{day}");
        assert!(
            then.iter().all(|row| row["status_since"] == "2000-05"),
            "{then:?}"
        );
    }
    let late = rows(&app, &of(4)).await;
    assert_eq!(names(&late), ["City B", "City C", "City D", "City F"]);
    assert!(late.iter().all(|row| row["since"] == "2010"), "{late:?}");
    // Who took another one's place has that one's beginning, and no tie with it.
    let successor = rows(&app, &of(5)).await;
    assert_eq!(names(&successor), ["City C", "City D", "City E"]);
    let since: Vec<&Value> = successor.iter().map(|row| &row["since"]).collect();
    assert_eq!(since, ["1991", "1991", "2010"]);
    assert!(successor.iter().all(|row| row["status"] == "in_force"));
}

#[actix_web::test]
async fn who_left_and_came_back_has_a_tie_for_each_time_it_was_a_party() {
    let app = TestApp::new().await;
    let mut cities = Vec::new();
    for name in ["Anna", "Bona", "Cora", "Dora", "Elba", "Flora"] {
        cities.push(city(&app, name, "PL").await);
    }
    let parties: Vec<Value> = cities[..4]
        .iter()
        .map(|id| json!({"partner_id": id}))
        .collect();
    let made =
        json!({"instrument": "partnership_agreement", "signed_on": "1991", "parties": parties});
    let agreement = app.as_registrar().post("/api/v1/agreements", made).await;
    let agreement = agreement.expect(201).id();
    for (action, day, party) in [
        ("withdraw_party", "2000-05-01", 0),
        ("withdraw_party", "2005-05-01", 3),
        ("accede", "2006-01-01", 4),
        ("withdraw_party", "2008-01-01", 4),
        ("accede", "2010-01-01", 0),
    ] {
        let body = json!({"action": action, "effective_on": day, "party": cities[party]});
        event(&app, &agreement, body).await;
    }
    let path = format!("/api/v1/partners/{}/partnerships", cities[0]);
    // (name, status, status_since, since) of each tie of Anna.
    let told = async |query: &str| -> Vec<String> {
        let rows = rows(&app, &format!("{path}{query}")).await;
        let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
        rows.iter()
            .map(|row| {
                assert_eq!(row["agreements"].as_array().unwrap().len(), 1, "{row}");
                let name = row["counterpart"]["name"].as_str().unwrap();
                let [status, at, since] = ["status", "status_since", "since"].map(|m| text(row, m));
                format!("{name} {status} {at} {since}")
            })
            .collect()
    };
    let now = [
        "Bona in_force 2010-01-01 1991",
        "Cora in_force 2010-01-01 1991",
        // It left while Anna was away, and they had been parties together before.
        "Dora terminated 2000-05-01 1991",
    ];
    assert_eq!(told("").await, now);
    assert_eq!(told("?as_of=2012-01-01&match=certain").await, now);
    for day in ["2000-05-01", "2007-01-01", "2009-12-31"] {
        let away = told(&format!("?as_of={day}")).await;
        assert!(
            away.len() == 3
                && away
                    .iter()
                    .all(|row| row.contains(" terminated 2000-05-01 ")),
            "{day}: {away:?}"
        );
    }
    let before = told("?as_of=1999-01-01").await;
    assert!(
        before.iter().all(|row| row.contains(" in_force ")),
        "{before:?}"
    );
    let gap = &rows(&app, &path).await[0]["longest_gap_days"];
    // From 1 May 2000 to 1 January 2010.
    assert_eq!(*gap, 3532);

    // In whose place another one came, and who came back in its own right, hands on what it had.
    let body = json!({"action": "succeed_party", "effective_on": "2015-01-01",
        "party": cities[0], "successor_id": cities[5]});
    event(&app, &agreement, body).await;
    let body = json!({"action": "accede", "effective_on": "2020-01-01", "party": cities[0]});
    event(&app, &agreement, body).await;
    let successor = rows(
        &app,
        &format!("/api/v1/partners/{}/partnerships", cities[5]),
    )
    .await;
    assert_eq!(names(&successor), ["Anna", "Bona", "Cora"]);
    let since: Vec<&Value> = successor.iter().map(|row| &row["since"]).collect();
    assert_eq!(since, ["2020-01-01", "2010-01-01", "2010-01-01"]);
}

#[actix_web::test]
async fn a_successor_by_relation_counts_from_what_its_predecessor_signed() {
    let app = TestApp::new().await;
    let [old, new, other] = [
        city(&app, "Old", "FR").await,
        city(&app, "New", "FR").await,
        city(&app, "Other", "PL").await,
    ];
    for (party, signed_on) in [(&old, "1991"), (&new, "2012")] {
        app.as_registrar()
            .post(
                "/api/v1/agreements",
                json!({"instrument": "partnership_agreement",
                "signed_on": signed_on, "parties": [{"partner_id": party}, {"partner_id": other}]}),
            )
            .await
            .expect(201);
    }
    let path = format!("/api/v1/partners/{new}/partnerships");
    assert_eq!(rows(&app, &path).await[0]["since"], "2012");
    app.as_registrar()
        .post(
            &format!("/api/v1/partners/{old}/relations"),
            json!({"type": "successor", "to_id": new}),
        )
        .await
        .expect(201);
    for path in [path, format!("/api/v1/partners/{other}/partnerships")] {
        let all = rows(&app, &path).await;
        let row = all
            .iter()
            .find(|row| row["counterpart"]["name"] != "Old")
            .unwrap();
        assert_eq!(
            (&row["since"], &row["status"]),
            (&json!("1991"), &json!("in_force"))
        );
    }
}

#[actix_web::test]
async fn what_a_correction_took_back_later_was_a_tie_before() {
    let app = TestApp::new().await;
    let mut cities = Vec::new();
    for name in ["Alfa", "Beta", "Gamma"] {
        cities.push(crate::agreements::city(&app, name, "PL").await);
    }
    let between = json!({"instrument": "partnership_agreement", "signed_on": "1990-05-01",
        "parties": [{"partner_id": cities[0]}, {"partner_id": cities[1]}]});
    let admin = app.as_admin();
    let id = admin.post("/api/v1/agreements", between).await;
    let events = format!("/api/v1/agreements/{}/events", id.expect(201).id());
    let joined = json!({"action": "accede", "effective_on": "2000", "party": cities[2]});
    admin.post(&events, joined).await.expect(201);
    let halted = json!({"action": "suspend", "effective_on": "2005-03-01", "reason_code": "other",
        "deciding_body": "council"});
    let halted = admin.post(&events, halted).await.expect(201).id();
    let otherwise = json!({"action": "correct", "effective_on": "2005-03-01", "corrects_event_id": halted,
        "to_status": "approved", "reason_text": "It was only approved again."});
    admin.post(&events, otherwise).await.expect(201);
    let path = format!("/api/v1/partners/{}/partnerships", cities[0]);
    for (day, status) in [("1995-01-01", "in_force"), ("2006-01-01", "approved")] {
        for matching in ["possible", "certain"] {
            let path = format!("{path}?as_of={day}&match={matching}");
            let all = rows(&app, &path).await;
            let with_beta = all.iter().find(|row| row["counterpart"]["name"] == "Beta");
            assert_eq!(with_beta.unwrap()["status"], status, "{path}");
        }
    }
}

#[actix_web::test]
async fn both_sides_of_a_tie_tell_the_same_end_where_the_dates_overlap() {
    let app = TestApp::new().await;
    let mut cities = Vec::new();
    for name in ["A", "B", "C", "D"] {
        cities.push(city(&app, &format!("City {name}"), "PL").await);
    }
    let parties: Vec<Value> = cities.iter().map(|id| json!({"partner_id": id})).collect();
    let body = json!({"instrument": "protocol", "signed_on": "1990-01-01", "parties": parties});
    let made = app.as_registrar().post("/api/v1/agreements", body).await;
    let agreement = made.expect(201).id();
    for (action, party, on) in [
        ("exclude_party", &cities[0], "[2000..2005]"),
        ("withdraw_party", &cities[1], "[2004..2010]"),
    ] {
        let said = json!({"action": action, "effective_on": on, "party": party,
            "reason_code": "budget"});
        event(&app, &agreement, said).await;
    }
    for (own, other) in [(0, "City B"), (1, "City A")] {
        let path = format!("/api/v1/partners/{}/partnerships", cities[own]);
        let all = rows(&app, &path).await;
        let tie = all
            .iter()
            .find(|row| row["counterpart"]["name"] == other)
            .unwrap();
        assert_eq!(tie["status_since"], "[2000..2005]", "{other}");
    }
}
