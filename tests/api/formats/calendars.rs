//! Anniversaries and ends of terms: what has a day is an event, what has none is counted.

use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

/// The lines of a calendar as they were before they were folded.
fn unfolded(answer: &Answer) -> Vec<String> {
    let text = answer.text();
    assert!(text.ends_with("\r\n"));
    for line in text.split("\r\n") {
        assert!(line.len() <= 75 && !line.contains('\n'), "{line:?}");
    }
    let text = text.replace("\r\n ", "");
    text.lines().map(str::to_owned).collect()
}

/// The values of a property, in their order.
fn values(lines: &[String], name: &str) -> Vec<String> {
    let values = lines.iter().filter_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.split(';').next() == Some(name)).then(|| value.to_owned())
    });
    values.collect()
}

struct World {
    app: TestApp,
    here: String,
    there: String,
    third: String,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let mut ids = Vec::new();
        for name in ["Białystok, miasto", "Eindhoven; Stad", "Third"] {
            let body = json!({"kind": "municipality", "name": name, "country": "PL"});
            let admin = app.as_admin();
            ids.push(admin.post("/api/v1/partners", body).await.expect(201).id());
        }
        let [here, there, third] = ids.try_into().unwrap();
        Self {
            app,
            here,
            there,
            third,
        }
    }

    async fn agree(&self, with: &str, more: Value) -> String {
        let mut body = json!({"instrument": "partnership_agreement", "allow_duplicate": "a test",
            "parties": [{"partner_id": self.here}, {"partner_id": with}]});
        for (member, value) in more.as_object().unwrap() {
            body[member] = value.clone();
        }
        let admin = self.app.as_admin();
        admin
            .post("/api/v1/agreements", body)
            .await
            .expect(201)
            .id()
    }
}

#[actix_web::test]
async fn a_day_is_told_where_one_is_known_and_a_year_by_year() {
    let world = World::new().await;
    let dated = world
        .agree(&world.there, json!({"signed_on": "1992-06-25"}))
        .await;
    let year = world
        .agree(
            &world.there,
            json!({"signed_on": "1997", "instrument": "protocol"}),
        )
        .await;
    let month = world
        .agree(&world.third, json!({"signed_on": "2001-02"}))
        .await;
    let term = world
        .agree(
            &world.third,
            json!({"signed_on": "2026", "duration": "fixed_term", "valid_until": "2027-01-31",
            "instrument": "convention"}),
        )
        .await;
    let app = &world.app;
    let query = format!("partner={}&year=2027", world.here);
    let told = app
        .get(&format!("/api/v1/calendar/anniversaries?{query}"))
        .await
        .expect(200)
        .json();
    let days: Vec<Value> = told["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|day| {
            json!([
                day["on"],
                day["occasion"],
                day["years"],
                day["agreement"]["id"]
            ])
        })
        .collect();
    assert_eq!(
        days,
        [
            json!(["2027-01-31", "end_of_term", null, term]),
            json!(["2027-06-25", "signature", 35, dated]),
        ]
    );
    let undated: Vec<Value> = told["undated"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            json!([
                one["year"],
                one["years"],
                one["agreement"]["id"],
                one["agreement"]["signed_on"]
            ])
        })
        .collect();
    assert_eq!(
        undated,
        [
            json!([2027, 30, year, "1997"]),
            json!([2027, 26, month, "2001-02"]),
            json!([2027, 1, term, "2026"])
        ]
    );
    assert_eq!(
        told["data"][1]["agreement"]["title"],
        "Białystok, miasto – Eindhoven; Stad (1992)"
    );
    assert_eq!(
        told["data"][1]["agreement"]["parties"][0]["name"],
        "Białystok, miasto"
    );

    let answer = app
        .get(&format!("/api/v1/calendar/anniversaries.ics?{query}"))
        .await
        .expect(200);
    assert_eq!(
        answer.header("content-type"),
        Some("text/calendar; charset=utf-8")
    );
    let lines = unfolded(&answer);
    assert_eq!(lines.first().unwrap(), "BEGIN:VCALENDAR");
    assert_eq!(lines.last().unwrap(), "END:VCALENDAR");
    assert_eq!(values(&lines, "DTSTART"), ["20270131", "20270625"]);
    assert_eq!(
        values(&lines, "UID"),
        [
            format!("{term}-2027-end@twincity"),
            format!("{dated}-2027-signature@twincity")
        ]
    );
    assert_eq!(
        values(&lines, "SUMMARY")[1],
        "Białystok\\, miasto – Eindhoven\\; Stad (1992): 35 years"
    );
    assert_eq!(
        values(&lines, "DTSTAMP"),
        ["20261124T120000Z", "20261124T120000Z"]
    );
    assert_eq!(values(&lines, "X-TWINCITY-LEFT-OUT"), ["3"]);
    assert!(lines.concat().contains("3 anniversaries are not here"));
    assert!(!answer.text().contains(&year), "no day is made up");

    let polish = app
        .get(&format!(
            "/api/v1/calendar/anniversaries.ics?{query}&lang=pl"
        ))
        .await
        .expect(200);
    assert_eq!(polish.header("content-language"), Some("pl"));
    assert!(values(&unfolded(&polish), "SUMMARY")[1].ends_with(": 35 lat"));
}

#[actix_web::test]
async fn an_event_stays_the_same_until_its_agreement_changes() {
    let world = World::new().await;
    let dated = world
        .agree(&world.there, json!({"signed_on": "1992-06-25"}))
        .await;
    let app = &world.app;
    let path = format!("/api/v1/calendar/anniversaries.ics?partner={}", world.here);
    let first = app.get(&path).await.expect(200);
    assert_eq!(
        values(&unfolded(&first), "DTSTART"),
        ["20260625", "20270625"]
    );
    app.clock.set("2026-11-25T09:30:00Z".parse().unwrap());
    let admin = app.as_admin();
    let other = json!({"kind": "press", "title": "Elsewhere"});
    admin.post("/api/v1/sources", other).await.expect(201);
    let second = app.get(&path).await.expect(200);
    assert_eq!(
        (second.bytes(), second.etag()),
        (first.bytes(), first.etag())
    );
    let asked = app.anonymous().header("If-None-Match", &first.etag());
    asked.get(&path).await.expect(304);
    let agreement = format!("/api/v1/agreements/{dated}");
    let etag = app.get(&agreement).await.etag();
    admin
        .patch(&agreement, &etag, json!({"signed_at": "Eindhoven"}))
        .await
        .expect(200);
    let third = asked.get(&path).await.expect(200);
    let (before, after) = (unfolded(&first), unfolded(&third));
    assert_eq!(values(&before, "UID"), values(&after, "UID"));
    assert_eq!(values(&after, "DTSTAMP")[0], "20261125T093000Z");
    assert_eq!(values(&after, "SEQUENCE")[0], "1");
}

#[actix_web::test]
async fn what_has_ended_is_not_celebrated_and_what_goes_on_in_another_paper_is() {
    let world = World::new().await;
    let old = world
        .agree(&world.there, json!({"signed_on": "1992-06-25"}))
        .await;
    let new = world
        .agree(&world.there, json!({"signed_on": "2012-05-03"}))
        .await;
    let replaced =
        json!({"action": "supersede", "effective_on": "2012-05-03", "superseded_by": new});
    let path = format!("/api/v1/agreements/{old}/events");
    world.app.as_admin().post(&path, replaced).await.expect(201);
    let ended = world
        .agree(&world.third, json!({"signed_on": "1995-03-04"}))
        .await;
    let app = &world.app;
    let admin = app.as_admin();
    let end = |on: &str| json!({"action": "terminate", "effective_on": on, "mode": "denunciation", "reason_code": "inactivity"});
    let events = |id: &str| format!("/api/v1/agreements/{id}/events");
    admin
        .post(&events(&ended), end("2020-01-01"))
        .await
        .expect(201);
    let path = format!(
        "/api/v1/calendar/anniversaries?partner={}&year=2027",
        world.here
    );
    let told = async || {
        let told = app.get(&path).await.expect(200).json();
        let data = told["data"].as_array().unwrap().clone();
        data.iter()
            .map(|day| day["agreement"]["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(told().await, [new.clone(), old]);
    admin
        .post(&events(&new), end("2021-01-01"))
        .await
        .expect(201);
    assert!(told().await.is_empty(), "the tie is over");
}

#[actix_web::test]
async fn days_of_everybody_are_those_of_a_month_at_most() {
    let world = World::new().await;
    let november = world
        .agree(&world.there, json!({"signed_on": "1992-11-30"}))
        .await;
    world
        .agree(&world.third, json!({"signed_on": "1992-12-01"}))
        .await;
    let app = &world.app;
    let told = app
        .get("/api/v1/calendar/anniversaries")
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&told["from"], &told["to"]),
        (&json!("2026-11-01"), &json!("2026-11-30"))
    );
    assert_eq!(told["data"].as_array().unwrap().len(), 1);
    assert_eq!(told["data"][0]["agreement"]["id"], json!(november));
    assert!(told.get("undated").is_none());
    let calendar = app
        .get("/api/v1/calendar/anniversaries.ics")
        .await
        .expect(200);
    assert_eq!(values(&unfolded(&calendar), "UID").len(), 1);
    for query in [
        "year=2027",
        "from=2026-01-01&to=2026-12-31",
        "partner=x",
        "colour=red",
    ] {
        for path in ["anniversaries", "anniversaries.ics"] {
            app.get(&format!("/api/v1/calendar/{path}?{query}"))
                .await
                .expect(400);
        }
    }
    let caller = app.anonymous().header("Accept", "application/json");
    caller
        .get("/api/v1/calendar/anniversaries.ics")
        .await
        .expect(406);
    caller
        .get("/api/v1/calendar/anniversaries")
        .await
        .expect(200);
    let caller = app.anonymous().header("Accept", "text/calendar");
    caller
        .get("/api/v1/calendar/anniversaries.ics")
        .await
        .expect(200);
    caller
        .get("/api/v1/calendar/anniversaries")
        .await
        .expect(406);
}
