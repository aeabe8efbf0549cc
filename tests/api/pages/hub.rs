//! The partner with the most partners there is.

use std::collections::BTreeSet;

use serde_json::json;

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
        for query in ["", "?as_of=2030-01-01", "?sort=near"] {
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
