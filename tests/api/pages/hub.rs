//! The partner with the most partners there is.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::LARGEST;
use crate::support::TestApp;

/// As many partners as Saint Petersburg has in Wikidata.
const PARTNERS: u16 = 98;

/// A partner with that many, one of which has no place, in all directions.
async fn hub(app: &TestApp) -> String {
    let registrar = app.as_registrar();
    let city = |name: &str, latitude: f64, longitude: f64| json!({"kind": "municipality", "name": name, "country": "FI", "latitude": latitude, "longitude": longitude});
    let create = |body| registrar.post("/api/v1/partners", body);
    let hub = create(city("Wszystkowo", 60.0, 25.0))
        .await
        .expect(201)
        .id();
    for n in 0..PARTNERS {
        let name = format!("ראשון לציון שבצפון הרחוק מאוד {n}");
        let (north, east) = (f64::from(n), f64::from(n * 37 % 360));
        let mut body = city(&name, north * 1.4 - 60.0, east - 180.0);
        if n == 0 {
            body.as_object_mut()
                .unwrap()
                .retain(|key, _| !key.ends_with("itude"));
        }
        let other = create(body).await.expect(201).id();
        let agreement = json!({
            "instrument": "partnership_agreement", "signed_on": format!("{}-06", 1925 + n), "initial_status": "in_force",
            "parties": [{"partner_id": hub}, {"partner_id": other}],
        });
        let agreement = registrar.post("/api/v1/agreements", agreement).await;
        agreement.expect(201);
    }
    hub
}

/// The pages of this address, one after the other.
async fn pages(app: &TestApp, address: &str) -> Vec<String> {
    let mut all = Vec::new();
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let mut next = Some(format!("?{query}"));
    while let Some(query) = next {
        let page = app.get(&format!("{path}{query}")).await.expect(200);
        let text = page.text();
        assert!(text.len() <= LARGEST, "{} bytes: {address}", text.len());
        let link = text.split("rel=\"next\" href=\"").nth(1);
        next = link.map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"));
        all.push(text.to_owned());
    }
    all
}

/// The ids of the partners whose ties a page lists, in its order.
fn listed(page: &str) -> Vec<&str> {
    let ties = page.split("<li id=\"tie-").skip(1);
    let ids = ties.map(|tie| tie.split("/partners/").nth(1).unwrap().get(..14).unwrap());
    ids.collect()
}

#[actix_web::test]
async fn a_hub_is_read_in_small_pages_that_have_each_partner_once() {
    let app = TestApp::new().await;
    let hub = hub(&app).await;
    for lang in ["en", "pl"] {
        for query in ["", "?as_of=2025-06-01", "?sort=near"] {
            let pages = pages(&app, &format!("/{lang}/partners/{hub}{query}")).await;
            assert!(pages.len() > 2, "{}", pages.len());
            let all: Vec<&str> = pages.iter().flat_map(|page| listed(page)).collect();
            assert_eq!(all.len(), usize::from(PARTNERS));
            assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
            let count = format!(
                "{PARTNERS} {}",
                if lang == "en" {
                    "partnerships"
                } else {
                    "partnerstw"
                }
            );
            assert!(
                pages.iter().all(|page| page.contains(&count)),
                "{}",
                pages[0]
            );
        }
        pages(&app, &format!("/embed/partners/{hub}?lang={lang}")).await;
    }
    // The nearest of all come first, not of a page; who has no place comes last.
    let sorted = format!("/api/v1/partners/{hub}/partnerships?sort=distance&limit=100");
    let sorted = app.get(&sorted).await.expect(200).json();
    let ties = sorted["data"].as_array().unwrap();
    let far: Vec<Option<f64>> = ties.iter().map(|tie| tie["distance_km"].as_f64()).collect();
    let (unknown, known) = far.split_last().unwrap();
    assert!(known.is_sorted() && unknown.is_none(), "{far:?}");
    let pages = pages(&app, &format!("/en/partners/{hub}?sort=near")).await;
    let near = pages.iter().flat_map(|page| listed(page));
    let ids = ties
        .iter()
        .map(|tie| tie["counterpart"]["id"].as_str().unwrap());
    assert!(near.eq(ids), "{}", pages[0]);
}

/// A partner of whose many ties all is known, in networks and at work with others.
async fn told_at_length(app: &TestApp) -> String {
    let create = |address: &'static str, body: Value| async move {
        let made = registrar_post(app, address, body).await;
        let ids = made["data"].as_array().unwrap().iter();
        ids.map(|one| one["id"].as_str().unwrap().to_owned())
            .collect::<Vec<String>>()
    };
    let cities = (0..56).map(|n| {
        json!({"kind": "municipality", "name": format!("Miasto Partnerskie {n:02}"), "country": "PL",
            "latitude": 50.0 + f64::from(n) / 10.0, "longitude": 15.0 + f64::from(n * 7 % 50) / 5.0})
    });
    let cities = create("/api/v1/partners", cities.collect()).await;
    let (city, others) = cities.split_first().unwrap();
    let reason = "Rada Miasta uznała, że umowa nie jest już wykonywana. ".repeat(30);
    let sources = |n: usize| -> Value {
        let source = |m| {
            json!({"kind": "resolution", "title": format!("Uchwała nr {n}/{m}/24 Rady Miasta w sprawie współpracy"),
            "publisher": "Biuletyn Informacji Publicznej", "published_on": "2024-03-01", "url": format!("https://example.org/{n}/{m}")})
        };
        (0..3).map(source).collect()
    };
    let agreements = others.iter().enumerate().map(|(n, other)| {
        let mut agreement = json!({"instrument": "partnership_agreement", "sources": sources(n), "signed_on": "1999-06",
            "parties": [{"partner_id": city}, {"partner_id": other}]});
        let mut events = vec![json!({"action": "register", "to_status": "in_force", "effective_on": "1999-06"})];
        if n >= 40 {
            events.push(json!({"action": "terminate", "effective_on": "2024-03", "reason_code": "inactivity", "mode": "denunciation",
                "reason_text": reason, "note": reason, "deciding_body": "council",
                "source": {"kind": "resolution", "title": format!("Uchwała o rozwiązaniu {n}")}}));
        }
        agreement["events"] = events.into();
        agreement
    });
    create("/api/v1/agreements", agreements.collect()).await;
    // Many of them had agreed before.
    let earlier = others.iter().take(35).map(|other| {
        json!({"instrument": "partnership_agreement", "signed_on": "1970", "sources": sources(0), "parties": [{"partner_id": city}, {"partner_id": other}],
            "events": [{"action": "register", "to_status": "in_force", "effective_on": "1970"},
                {"action": "terminate", "effective_on": "1989-12-31", "reason_code": "not_stated", "mode": "mutual_consent"}]})
    });
    create("/api/v1/agreements", earlier.collect()).await;
    let networks = (0..30)
        .map(|n| json!({"kind": "thematic_alliance", "name": format!("Sieć Miast Zaprzyjaźnionych {n}")}));
    let networks = create("/api/v1/networks", networks.collect()).await;
    let memberships = networks
        .iter()
        .map(|network| json!({"network_id": network, "partner_id": city, "admitted_on": "2001"}));
    create("/api/v1/memberships", memberships.collect()).await;
    let activities = (0..30).map(|n| {
        json!({"kind": "official_visit", "title": {"pl": format!("Wizyta robocza delegacji {n}")}, "starts_on": format!("20{n:02}-05"),
            "participants": [{"partner_id": city}]})
    });
    create("/api/v1/activities", activities.collect()).await;
    city.clone()
}

async fn registrar_post(app: &TestApp, address: &str, body: Value) -> Value {
    app.as_registrar()
        .post(address, body)
        .await
        .expect(201)
        .json()
}

#[actix_web::test]
async fn a_page_stays_small_whatever_is_known() {
    let app = TestApp::new().await;
    let city = told_at_length(&app).await;
    let address = format!("/pl/partners/{city}");
    let first = &pages(&app, &address).await[0];
    assert!(
        first.contains("Rada Miasta uznała") && first.contains(" …<"),
        "{first}"
    );
    for (part, rows) in [("ended", 15), ("networks", 30), ("activities", 30)] {
        let link = format!("?show={part}");
        assert!(
            first.contains(&format!("href=\"{link}\"")),
            "{part}: {first}"
        );
        let all = pages(&app, &format!("{address}{link}")).await;
        let counted: usize = all
            .iter()
            .map(|page| match part {
                "ended" => listed(page).len(),
                "networks" => page.matches("translate=\"no\"><bdi>Sieć").count(),
                _ => page.matches("Wizyta robocza").count(),
            })
            .sum();
        assert_eq!(counted, rows, "{part}");
    }
    // On another day nothing is told of that came later.
    let then = app
        .get(&format!("{address}?show=activities&as_of=2009-12-31"))
        .await
        .expect(200);
    assert_eq!(then.text().matches("Wizyta robocza").count(), 10, "{then}");
}

#[actix_web::test]
async fn the_second_page_goes_on_counting() {
    let app = TestApp::new().await;
    let hub = hub(&app).await;
    let all = pages(&app, &format!("/en/partners/{hub}")).await;
    let numbers = all
        .iter()
        .flat_map(|page| page.split("<li id=\"tie-").skip(1));
    let numbers: Vec<usize> = numbers
        .map(|tie| tie.split('"').next().unwrap().parse().unwrap())
        .collect();
    let expected: Vec<usize> = (1..=usize::from(PARTNERS)).collect();
    assert_eq!(numbers, expected);
    assert!(all[1].contains("25 to 48 are shown"), "{}", all[1]);
    let back = all[1]
        .split("rel=\"prev\" href=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let back = app
        .get(&format!("/en/partners/{hub}{}", back.replace("&amp;", "&")))
        .await
        .expect(200);
    assert!(back.text().contains("<li id=\"tie-1\""), "{back}");
}

#[actix_web::test]
async fn all_that_is_known_stands_on_few_small_pages_to_be_printed() {
    let app = TestApp::new().await;
    let hub = hub(&app).await;
    let address = format!("/en/partners/{hub}");
    let first = app.get(&address).await.expect(200);
    let link = "<a href=\"?show=all\">Longer pages, to print</a>";
    assert!(first.text().contains(link), "{first}");
    for query in [
        "?show=all",
        "?show=all&sort=near",
        "?show=all&as_of=2025-06-01",
    ] {
        let sheets = pages(&app, &format!("{address}{query}")).await;
        assert!(
            sheets.len() <= 4,
            "{} pages of names of 60 bytes",
            sheets.len()
        );
        let ties: Vec<&str> = sheets.iter().flat_map(|sheet| listed(sheet)).collect();
        assert_eq!(ties.len(), usize::from(PARTNERS), "{query}");
        assert_eq!(ties.iter().collect::<BTreeSet<_>>().len(), ties.len());
        let canonical = format!("<link rel=\"canonical\" href=\"{address}\">");
        assert!(sheets[0].contains(&canonical), "{}", sheets[0]);
        assert!(!sheets[0].contains("to print"), "{}", sheets[0]);
        // The second goes on counting, and leads back to the first.
        let second = listed(&sheets[0]).len() + 1;
        assert!(
            sheets[1].contains(&format!("<ol class=\"ties\" start=\"{second}\">")),
            "{}",
            sheets[1]
        );
        assert!(sheets[1].contains("cursor=1"), "{}", sheets[1]);
    }
    // Where everything stands on the page, none is needed.
    let other = format!("/en/partners/{}", listed(first.text())[0]);
    let other = app.get(&other).await.expect(200);
    assert!(!other.text().contains("show=all"), "{other}");

    let city = told_at_length(&app).await;
    let sheets = pages(&app, &format!("/pl/partners/{city}?show=all")).await;
    let ties: Vec<&str> = sheets.iter().flat_map(|sheet| listed(sheet)).collect();
    assert_eq!(ties.len(), 55, "{}", sheets[0]);
    let text = sheets.concat();
    assert_eq!(text.matches("translate=\"no\"><bdi>Sieć").count(), 30);
    assert_eq!(text.matches("Wizyta robocza").count(), 30);
    assert!(text.contains("Partnerstwa zakończone</h2>"), "{text}");
}
