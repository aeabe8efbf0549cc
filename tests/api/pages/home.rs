//! The first page: what changed last, what is celebrated, and how many there are of what.

use std::sync::Arc;

use serde_json::json;
use twincity::explore::stats::glance;
use twincity::http::problem::Problem;

use super::{partner, said, with_example, words};
use crate::support::{Answer, TestApp};

/// The part of the page behind this heading.
fn section(said: &str, heading: &str) -> String {
    let (_, rest) = said
        .split_once(heading)
        .unwrap_or_else(|| panic!("{heading}: {said}"));
    let end = ["Anniversaries in", "In numbers", "Contrast"]
        .iter()
        .filter_map(|next| rest.find(next))
        .min();
    rest[..end.unwrap_or(rest.len())].to_owned()
}

/// What the first page counts is what is counted in the database.
async fn counts_agree(app: &TestApp, after: &str) {
    let stats = app.get("/api/v1/stats").await.expect(200).json();
    let tally = Arc::clone(&app.app.tally);
    let glance = app
        .app
        .db
        .read(move |conn| -> Result<_, Problem> { Ok(glance(conn, &tally)?) })
        .await
        .unwrap();
    let glance = serde_json::to_value(glance).unwrap();
    let expected = json!({
        "partners": stats["totals"]["partners"],
        "agreements": stats["totals"]["agreements"],
        "networks": stats["totals"]["networks"],
        "by_country": stats["partners"]["by_country"],
        "by_kind": stats["partners"]["by_kind"],
        "by_status": stats["agreements"]["by_status"],
        "by_relationship": stats["agreements"]["by_relationship"],
        "by_decade": stats["agreements"]["by_decade"],
        "decade_unknown": stats["agreements"]["decade_unknown"],
    });
    assert_eq!(glance, expected, "{after}");
}

#[actix_web::test]
async fn what_the_first_page_counts_follows_every_write() {
    let app = with_example().await;
    counts_agree(&app, "the example").await;
    let registrar = app.as_registrar();
    let here = partner(&app, "bialystok").await;
    let city = json!({"kind": "municipality", "name": "Twice", "country": "PL"});
    let twice = registrar.post("/api/v1/partners", city).await.expect(201);
    counts_agree(&app, "a new partner").await;
    let other = partner(&app, "eindhoven").await;
    let agreement = json!({
        "instrument": "joint_declaration", "signed_on": "1979-05", "allow_duplicate": "another paper",
        "parties": [{"partner_id": here}, {"partner_id": other}],
    });
    let agreement = registrar
        .post("/api/v1/agreements", agreement)
        .await
        .expect(201)
        .id();
    counts_agree(&app, "a new agreement").await;
    let path = format!("/api/v1/agreements/{agreement}");
    let patch = json!({"signed_on": null, "relationship": "friendship"});
    registrar.patch(&path, "*", patch).await.expect(200);
    counts_agree(&app, "a change").await;
    let event = json!({"action": "suspend", "effective_on": "2020", "reason_code": "inactivity", "deciding_body": "council"});
    registrar
        .post(&format!("{path}/events"), event)
        .await
        .expect(201);
    counts_agree(&app, "an event").await;
    registrar
        .delete(&format!("{path}?reason=wrong"), "*")
        .await
        .expect(204);
    counts_agree(&app, "a withdrawal").await;
    let back = json!({"reason": "right"});
    registrar
        .post(&format!("{path}/restore"), back)
        .await
        .expect(200);
    counts_agree(&app, "a withdrawal undone").await;
    let merge = json!({"into": here, "reason": "the same"});
    registrar
        .post(&format!("/api/v1/partners/{}/merge", twice.id()), merge)
        .await
        .expect(200);
    counts_agree(&app, "a merge").await;
    let draft =
        json!({"kind": "county", "name": "Draft", "country": "DE", "record_state": "draft"});
    registrar.post("/api/v1/partners", draft).await.expect(201);
    counts_agree(&app, "a draft").await;
    let home = words(&app.get("/en/").await.expect(200));
    assert!(home.contains("Suspended"), "{home}");
}

#[actix_web::test]
async fn the_first_page_tells_in_words_what_changed_last() {
    let app = with_example().await;
    let registrar = app.as_registrar();
    let city = |name: &str, state: &str| json!({"kind": "municipality", "name": name, "country": "PL", "record_state": state});
    let open = registrar
        .post("/api/v1/partners", city("Openville", "published"))
        .await
        .expect(201)
        .id();
    let secret = city("Secretville", "draft");
    registrar.post("/api/v1/partners", secret).await.expect(201);
    let said = words(&app.get("/en/").await.expect(200));
    let news = section(&said, "Latest changes");
    let first = news.trim_start();
    assert!(
        first.starts_with("24 November 2026 : Openville Created"),
        "{first}"
    );
    assert!(!said.contains("Secretville"), "{said}");

    let path = format!("/api/v1/partners/{open}");
    let patch = json!({"website": "https://open.example", "population": 7});
    registrar.patch(&path, "*", patch).await.expect(200);
    let list = format!(
        "/api/v1/agreements?partner={}&status=in_force",
        partner(&app, "eindhoven").await
    );
    let list = app.get(&list).await.expect(200).json();
    let agreement = list["data"][0]["id"].as_str().unwrap();
    let event = json!({"action": "suspend", "effective_on": "2020", "reason_code": "inactivity", "deciding_body": "council"});
    registrar
        .post(&format!("/api/v1/agreements/{agreement}/events"), event)
        .await
        .expect(201);
    let said = words(&app.get("/en/").await.expect(200));
    let news = section(&said, "Latest changes");
    let (event, rest) = news.split_once("Openville").unwrap();
    assert!(
        event.contains("Eindhoven") && event.contains("now: Suspended"),
        "{event}"
    );
    for field in ["Website", "Inhabitants"] {
        assert!(rest.contains(field), "{rest}");
    }
    // Each record once.
    assert_eq!(news.matches("Openville").count(), 1, "{news}");
    // What was withdrawn is not led to.
    registrar
        .delete(&format!("{path}?reason=gone"), "*")
        .await
        .expect(204);
    let page = app.get("/en/").await.expect(200);
    assert!(!page.text().contains(&open), "{page}");
}

/// An agreement that was signed then, with a new partner of this name.
async fn signed(app: &TestApp, name: &str, on: &str) -> String {
    let registrar = app.as_registrar();
    let city = json!({"kind": "municipality", "name": name, "country": "NL"});
    let other = registrar.post("/api/v1/partners", city).await.expect(201);
    let here = json!({"kind": "municipality", "name": format!("{name} Home"), "country": "PL"});
    let here = registrar.post("/api/v1/partners", here).await.expect(201);
    let agreement = json!({
        "instrument": "partnership_agreement", "signed_on": on,
        "parties": [{"partner_id": here.id()}, {"partner_id": other.id()}],
    });
    let answer = registrar.post("/api/v1/agreements", agreement).await;
    answer.expect(201).id()
}

#[actix_web::test]
async fn anniversaries_of_the_month_are_told_round_ones_first() {
    let app = TestApp::new().await;
    for (name, on) in [
        ("Twentyeight", "1998-11-30"),
        ("Ten", "2016-11"),
        ("Twentyfive", "2001-11-05"),
        ("Doubtful", "1990-11-02?"),
        ("Year", "1992"),
        ("Decade", "199X"),
        ("October", "2001-10-31"),
        ("Range", "[..2012-11-03]"),
        ("Now", "2026-11-01"),
    ] {
        signed(&app, name, on).await;
    }
    let ended = signed(&app, "Ended", "1976-11-11").await;
    let event = json!({"action": "terminate", "effective_on": "2020", "mode": "denunciation", "reason_code": "inactivity", "deciding_body": "council"});
    app.as_registrar()
        .post(&format!("/api/v1/agreements/{ended}/events"), event)
        .await
        .expect(201);
    let said = words(&app.get("/en/").await.expect(200));
    let told = section(&said, "Anniversaries in November");
    let places: Vec<usize> = ["Twentyfive", "Ten", "Twentyeight"]
        .iter()
        .map(|name| {
            told.find(&format!("{name} Home"))
                .unwrap_or_else(|| panic!("{name}: {told}"))
        })
        .collect();
    assert!(places.is_sorted(), "{told}");
    for part in [
        "25 years signed on 5 November 2001",
        "10 years signed in November 2016",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    for name in [
        "Year", "Decade", "October", "Range", "Now", "Ended", "Doubtful",
    ] {
        assert!(!told.contains(&format!("{name} Home")), "{name}: {told}");
    }
    // What is known only as a year has no anniversary in January either.
    app.clock.set("2027-01-15T12:00:00Z".parse().unwrap());
    let said = words(&app.get("/pl/").await.expect(200));
    assert!(!said.contains("Rocznice w styczniu"), "{said}");
}

#[actix_web::test]
async fn partners_can_be_gone_through_by_country() {
    let app = with_example().await;
    let home = app.get("/pl/").await.expect(200);
    assert!(
        home.text().contains("href=\"/pl/partners?country=DE\""),
        "{home}"
    );
    let german = app.get("/pl/partners?country=DE").await.expect(200);
    assert!(
        german.text().contains("<h1>Partnerzy z kraju: Niemcy</h1>"),
        "{german}"
    );
    assert!(
        german.text().contains(">Bochum<") && !german.text().contains(">Kaunas<"),
        "{german}"
    );
    assert!(german.text().contains("country=DE"), "{german}");
    let all = app.get("/en/partners").await.expect(200);
    assert!(
        all.text().contains("All partners") && all.text().contains("Germany"),
        "{all}"
    );
    app.get("/en/partners?country=XX").await.expect(400);
    // So are agreements and networks.
    assert!(
        home.text()
            .contains("href=\"/pl/agreements?status=in_force\""),
        "{home}"
    );
    let ended = app.get("/en/agreements?status=expired").await.expect(200);
    assert!(
        ended.text().contains("All agreements: Expired")
            && ended.text().contains("href=\"/en/agreements/agr_"),
        "{ended}"
    );
    let all = app.get("/en/agreements").await.expect(200);
    let how_many = |page: &str| {
        let text = said(page);
        let (before, _) = text.split_once(" agreement")?;
        before.rsplit(' ').next()?.parse::<usize>().ok()
    };
    let main = |page: &Answer| page.text().split("</h1>").nth(1).unwrap().to_owned();
    let counted = how_many(&main(&all)).unwrap();
    let german = app.get("/en/agreements?country=DE").await.expect(200);
    assert!(
        german.text().contains("<h1>All agreements: Germany</h1>"),
        "{german}"
    );
    let of_country = how_many(&main(&german)).unwrap();
    assert!(
        0 < of_country && of_country < counted,
        "{of_country} of {counted}"
    );
    assert_eq!(
        german
            .text()
            .matches("<li><a href=\"/en/agreements/agr_")
            .count(),
        of_country,
        "{german}"
    );
    let both = app.get("/en/agreements?country=DE&status=in_force").await;
    let canonical = "href=\"/en/agreements?status=in_force&amp;country=DE\"";
    let both = both.expect(200);
    assert!(both.text().contains(canonical), "{both}");
    app.get("/en/agreements?country=XX").await.expect(400);
    app.get("/en/agreements?status=in_force,expired")
        .await
        .expect(400);
    let networks = app.get("/pl/networks").await.expect(200);
    assert!(
        networks.text().contains("Wszystkie sieci miast") && networks.text().contains("EUROCITIES"),
        "{networks}"
    );
    let form = app
        .get("/en/subscriptions?topic=country:LT")
        .await
        .expect(200);
    assert!(
        form.text()
            .contains("<option value=\"country:LT\" selected>Lithuania</option>"),
        "{form}"
    );
    assert!(
        form.text()
            .contains("<option value=\"field:culture_arts\">"),
        "{form}"
    );
}

#[actix_web::test]
async fn the_countries_are_ordered_as_the_reader_asks_without_a_script() {
    let app = with_example().await;
    let counts = |html: &str| -> Vec<(String, i64)> {
        let rows = html.split("/pl/partners?country=").skip(1);
        rows.map(|row| {
            let (name, rest) = row.split_once("</a>").unwrap();
            let count = rest.split("class=\"number\">").nth(1).unwrap();
            let count = count.split('<').next().unwrap().parse().unwrap();
            (name.split('>').nth(1).unwrap().to_owned(), count)
        })
        .collect()
    };
    let plain = app.get("/pl/").await.expect(200);
    let largest = counts(plain.text());
    assert!(largest.is_sorted_by_key(|(_, count)| -count), "{largest:?}");
    let mut orders = Vec::new();
    for (sort, link, told) in [
        (
            "",
            "?sort=country#countries",
            "class=\"number\" aria-sort=\"descending\"",
        ),
        (
            "country",
            "?sort=-country#countries",
            "<th scope=\"col\" aria-sort=\"ascending\"",
        ),
        (
            "-country",
            "?sort=country#countries",
            "<th scope=\"col\" aria-sort=\"descending\"",
        ),
        (
            "partners",
            "?sort=-partners#countries",
            "class=\"number\" aria-sort=\"ascending\"",
        ),
        (
            "-partners",
            "?sort=partners#countries",
            "class=\"number\" aria-sort=\"descending\"",
        ),
    ] {
        let page = app.get(&format!("/pl/?sort={sort}")).await.expect(200);
        let text = page.text();
        assert!(text.contains(&format!("href=\"{link}\"")), "{sort}: {text}");
        assert!(text.contains(told), "{sort}: {text}");
        assert_eq!(text.matches("aria-sort").count(), 1, "{sort}");
        let shown = ["country", "-country", "partners"].contains(&sort);
        assert_eq!(text.contains("<details open>"), shown, "{sort}");
        orders.push(counts(text));
    }
    let [plain, country, country_back, smallest, back]: [Vec<(String, i64)>; 5] =
        orders.try_into().unwrap();
    assert_eq!((&plain, &back), (&largest, &largest));
    assert_eq!(country.first().unwrap().0, "Armenia");
    assert_eq!(country.last().unwrap().0, "Zambia");
    assert!(country.iter().eq(country_back.iter().rev()));
    assert!(largest.iter().eq(smallest.iter().rev()));
}
