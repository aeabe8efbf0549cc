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

#[actix_web::test]
async fn days_come_a_page_at_a_time_there_and_back() {
    let world = World::new().await;
    for (day, instrument) in [
        ("1992-06-25", "protocol"),
        ("1993-06-25", "convention"),
        ("1994-06-02", "protocol"),
        ("1995-06-30", "convention"),
        ("2000-02-29", "annex"),
    ] {
        let more = json!({"signed_on": day, "instrument": instrument});
        world.agree(&world.there, more).await;
    }
    world
        .agree(&world.third, json!({"signed_on": "1996-06"}))
        .await;
    let app = &world.app;
    let path = "/api/v1/calendar/anniversaries?from=2026-06-01&to=2026-06-30";
    let days = |answer: &Answer| {
        let data = answer.json()["data"].clone();
        let days = data.as_array().unwrap().iter();
        days.map(|day| day["on"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let whole = app.get(&format!("{path}&count=true")).await.expect(200);
    assert_eq!(whole.json()["total"], 4);
    let all = days(&whole);
    assert_eq!(
        all,
        ["2026-06-02", "2026-06-25", "2026-06-25", "2026-06-30"]
    );
    let (mut there, mut cursor) = (Vec::new(), String::new());
    let mut last = Value::Null;
    for _ in 0..2 {
        let page = app
            .get(&format!("{path}&limit=3{cursor}"))
            .await
            .expect(200);
        assert!(page.header("link").unwrap().contains("rel=\"first\""));
        there.extend(days(&page));
        last = page.json()["page"].clone();
        cursor = format!("&cursor={}", last["next"].as_str().unwrap_or_default());
    }
    assert_eq!((there, &last["next"]), (all, &Value::Null));
    let prev = last["prev"].as_str().unwrap();
    let back = app.get(&format!("{path}&limit=3&cursor={prev}")).await;
    assert_eq!(days(&back.expect(200)).len(), 3);

    // What has no day stands on the first page of a partner's.
    let own = format!("{path}&partner={}&limit=1", world.here);
    let first = app.get(&own).await.expect(200).json();
    assert_eq!(first["undated"].as_array().unwrap().len(), 1);
    let next = first["page"]["next"].as_str().unwrap();
    let second = app.get(&format!("{own}&cursor={next}")).await.expect(200);
    assert_eq!(second.json()["undated"], Value::Null);

    let few = app.get(&format!("{path}&limit=1&fields=on,years")).await;
    assert_eq!(
        few.expect(200).json()["data"],
        json!([{"on": "2026-06-02", "years": 32}])
    );
    for query in [
        "sort=on",
        "cursor=x",
        "include=events",
        "fields=name",
        "limit=0",
    ] {
        let answer = app.get(&format!("{path}&{query}")).await;
        assert_eq!(answer.status(), 400, "{answer}");
    }
    // 29 February is told on the 28th in a year without one, and then alone.
    for (window, told) in [
        ("from=2026-02-28&to=2026-02-28", vec!["2026-02-28"]),
        ("from=2028-02-28&to=2028-02-28", vec![]),
        ("from=2028-02-29&to=2028-02-29", vec!["2028-02-29"]),
    ] {
        let path = format!("/api/v1/calendar/anniversaries?{window}");
        assert_eq!(days(&app.get(&path).await.expect(200)), told, "{window}");
    }
}

#[actix_web::test]
async fn an_end_by_notice_is_told_and_nothing_behind_it() {
    let world = World::new().await;
    let ends = world
        .agree(
            &world.there,
            json!({"signed_on": "2010-05-05", "initial_status": "in_force"}),
        )
        .await;
    let app = &world.app;
    let notice = json!({"action": "give_notice", "effective_on": "2027-05-01", "notice_given_on": "2026-10-01",
        "party": world.here});
    let admin = app.as_admin();
    admin
        .post(&format!("/api/v1/agreements/{ends}/events"), notice)
        .await
        .expect(201);
    for query in [
        format!("partner={}&year=2027", world.here),
        "from=2027-05-01&to=2027-05-31".to_owned(),
    ] {
        let told = app
            .get(&format!("/api/v1/calendar/anniversaries?{query}"))
            .await
            .expect(200)
            .json();
        let days = told["data"].as_array().unwrap();
        assert_eq!(days.len(), 1, "{told}");
        assert_eq!(days[0]["on"], "2027-05-01");
        assert_eq!(days[0]["occasion"], "termination");
        assert_eq!(days[0]["agreement"]["terminates_on"], "2027-05-01");
        let calendar = app
            .get(&format!("/api/v1/calendar/anniversaries.ics?{query}"))
            .await
            .expect(200);
        let lines = unfolded(&calendar);
        assert_eq!(values(&lines, "DTSTART"), ["20270501"]);
        let summary = values(&lines, "SUMMARY").concat();
        assert!(summary.ends_with("it ends"), "{summary}");
    }
}

#[actix_web::test]
async fn a_calendar_names_nobody_who_is_not_public() {
    let app = TestApp::new().await;
    let body = json!({"kind": "municipality", "name": "Draftville", "country": "SE", "record_state": "draft"});
    let id = app
        .as_admin()
        .post("/api/v1/partners", body)
        .await
        .expect(201)
        .id();
    for path in [
        format!("/api/v1/calendar/anniversaries.ics?partner={id}"),
        format!("/en/subscriptions?topic=partner:{id}"),
    ] {
        let answer = app.get(&path).await.expect(200);
        assert!(!answer.text().contains("Draftville"), "{path}");
    }
}
