//! Ties that began anew, do not hold yet, or ended because one left: what a page says of them.

use serde_json::{Value, json};

use super::said;
use crate::support::TestApp;

/// Cities of these names; their ids.
async fn cities<const N: usize>(app: &TestApp, names: [&str; N]) -> [String; N] {
    let mut ids = names.map(str::to_owned);
    for id in &mut ids {
        let body = json!({"kind": "municipality", "name": *id, "country": "PL"});
        *id = app
            .as_registrar()
            .post("/api/v1/partners", body)
            .await
            .expect(201)
            .id();
    }
    ids
}

/// An agreement of these partners, with these members and events.
async fn agreement(app: &TestApp, parties: &[&str], more: Value, events: &[Value]) -> String {
    let registrar = app.as_registrar();
    let parties: Vec<Value> = parties.iter().map(|id| json!({"partner_id": id})).collect();
    let mut body = json!({"instrument": "partnership_agreement", "parties": parties});
    for (member, value) in more.as_object().unwrap() {
        body[member] = value.clone();
    }
    let id = registrar
        .post("/api/v1/agreements", body)
        .await
        .expect(201)
        .id();
    for event in events {
        let address = format!("/api/v1/agreements/{id}/events");
        registrar.post(&address, event.clone()).await.expect(201);
    }
    id
}

async fn page(app: &TestApp, address: &str) -> (String, String) {
    let html = app.get(address).await.expect(200).text().to_owned();
    let text = said(html.split("<main").nth(1).unwrap());
    (html, text)
}

#[actix_web::test]
async fn what_is_only_proposed_is_not_in_force() {
    let app = TestApp::new().await;
    let [here, there, third] = cities(&app, ["Tutaj", "Tam", "Trzecie"]).await;
    let proposed = json!({"proposed_on": "2025-05", "initial_status": "proposed"});
    agreement(&app, &[&here, &there], proposed, &[]).await;
    agreement(
        &app,
        &[&here, &third],
        json!({"signed_on": "1995", "initial_status": "in_force"}),
        &[],
    )
    .await;
    let (html, text) = page(&app, &format!("/en/partners/{here}")).await;
    assert!(
        text.contains("2 partnerships (one of them not yet in force)"),
        "{text}"
    );
    assert!(text.contains("Proposed in May 2025"), "{text}");
    assert_eq!(
        html.matches("<rect class=\"live\" x=\"").count(),
        1,
        "{html}"
    );
    assert!(html.contains("<rect class=\"planned\" x=\"") && text.contains("not yet in force"));
    let (_, text) = page(&app, &format!("/pl/partners/{here}")).await;
    assert!(
        text.contains("jedno z nich jeszcze nie obowiązuje"),
        "{text}"
    );
}

#[actix_web::test]
async fn a_tie_that_was_renewed_after_years_tells_of_the_gap() {
    let app = TestApp::new().await;
    let [here, there] = cities(&app, ["Tutaj", "Tam"]).await;
    let ended = [
        json!({"action": "terminate", "effective_on": "2009", "mode": "mutual_consent", "reason_code": "not_stated"}),
    ];
    agreement(
        &app,
        &[&here, &there],
        json!({"signed_on": "1995", "initial_status": "in_force"}),
        &ended,
    )
    .await;
    let again = json!({"signed_on": "2019-05-01", "initial_status": "in_force"});
    agreement(&app, &[&here, &there], again, &[]).await;
    let (html, text) = page(&app, &format!("/en/partners/{here}")).await;
    assert!(
        text.contains("In force since 1 May 2019 ; partners before: 1995 – 2009"),
        "{text}"
    );
    assert!(html.contains("<rect class=\"past\" x=\""), "{html}");
    let (_, text) = page(&app, &format!("/pl/partners/{here}")).await;
    assert!(text.contains("wcześniej partnerzy: 1995 – 2009"), "{text}");
}

#[actix_web::test]
async fn a_tie_that_ended_because_one_left_says_so_and_by_whose_word() {
    let app = TestApp::new().await;
    let [here, there, third] = cities(&app, ["Tutaj", "Tam", "Trzecie"]).await;
    let source = json!({"kind": "press", "title": "The paper of the town", "publisher": "Town"});
    let left = [
        json!({"action": "withdraw_party", "effective_on": "2012", "party": here,
        "reason_text": "It has no money.", "source": source}),
    ];
    let signed = json!({"signed_on": "1999", "initial_status": "in_force"});
    agreement(&app, &[&here, &there, &third], signed, &left).await;
    let (_, text) = page(&app, &format!("/en/partners/{here}")).await;
    assert!(
        text.contains("Ended : partners since 1999 , ended in 2012"),
        "{text}"
    );
    assert!(
        text.contains("Tutaj left in 2012 . It has no money."),
        "{text}"
    );
    assert!(text.contains("Source: The paper of the town"), "{text}");
    assert!(
        text.contains("(goes on among others)") && !text.contains("(In force)"),
        "{text}"
    );
}

#[actix_web::test]
async fn who_has_only_asked_is_no_member_and_what_may_be_so_is_possible() {
    let app = TestApp::new().await;
    let [here, there] = cities(&app, ["Tutaj", "Tam"]).await;
    let registrar = app.as_registrar();
    let network = json!({"kind": "city_network", "name": "Sieć"});
    let network = registrar
        .post("/api/v1/networks", network)
        .await
        .expect(201)
        .id();
    for (partner, more) in [
        (&here, json!({"applied_on": "2015"})),
        (&there, json!({"admitted_on": "1990..2019"})),
    ] {
        let mut body = json!({"partner_id": partner, "network_id": network});
        for (member, value) in more.as_object().unwrap() {
            let value = value.as_str().unwrap();
            body[member] = if value.contains("..") {
                json!(format!("[{value}]"))
            } else {
                json!(value)
            };
        }
        if *partner == there {
            body["offices"] = json!([{"office": "prezes", "since": "2019"}]);
        }
        registrar
            .post("/api/v1/memberships", body)
            .await
            .expect(201);
    }
    let (_, text) = page(&app, &format!("/en/networks/{network}")).await;
    assert!(
        text.contains("1 member ") && text.contains("Applicants 1 applicant"),
        "{text}"
    );
    let (_, text) = page(&app, &format!("/pl/networks/{network}?show=applicants")).await;
    assert!(
        text.contains("1 podmiot, który nie jest jeszcze członkiem") && !text.contains("Tam"),
        "{text}"
    );
    let (_, text) = page(&app, &format!("/en/networks/{network}?as_of=2000-01-01")).await;
    assert!(
        text.contains("possibly member") && !text.contains("prezes"),
        "{text}"
    );
    let (_, text) = page(&app, &format!("/en/partners/{there}?as_of=2000-01-01")).await;
    assert!(text.contains("possibly member"), "{text}");
}

#[actix_web::test]
async fn what_is_known_of_today_only_is_not_told_of_another_day() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let body = json!({"kind": "municipality", "name": "Tutaj", "country": "PL", "population": 4900,
        "population_year": 2021, "seeking": {"fields": ["sport"]},
        "names": [{"value": "Dawniej", "lang": "pl", "types": ["historic"], "valid_from": "1920", "valid_to": "1946"}]});
    let here = registrar
        .post("/api/v1/partners", body)
        .await
        .expect(201)
        .id();
    let (_, text) = page(&app, &format!("/en/partners/{here}")).await;
    assert!(
        text.contains("Looks for partners") && text.contains("4,900"),
        "{text}"
    );
    assert!(
        text.contains("Polish, historic name, since 1920 , until 1946"),
        "{text}"
    );
    let (_, text) = page(&app, &format!("/en/partners/{here}?as_of=2000-01-01")).await;
    assert!(
        !text.contains("Looks for partners") && !text.contains("4,900"),
        "{text}"
    );
}

#[actix_web::test]
async fn the_list_of_a_country_is_a_page_of_its_own() {
    let app = super::with_example().await;
    let (html, _) = page(&app, "/pl/partners?country=DE").await;
    let canonical = html.split("rel=\"canonical\" href=\"").nth(1).unwrap();
    assert!(
        canonical
            .split('"')
            .next()
            .unwrap()
            .ends_with("/pl/partners?country=DE"),
        "{canonical}"
    );
    let (html, _) = page(&app, "/pl/partners?sort=near").await;
    let canonical = html.split("rel=\"canonical\" href=\"").nth(1).unwrap();
    assert!(
        canonical
            .split('"')
            .next()
            .unwrap()
            .ends_with("/pl/partners"),
        "{canonical}"
    );
}

#[actix_web::test]
async fn agreements_that_read_the_same_are_told_apart() {
    let app = TestApp::new().await;
    let [here, there, third] = cities(&app, ["Tutaj", "Tam", "Trzecie"]).await;
    let more = |instrument: &str| json!({"instrument": instrument, "initial_status": "in_force", "allow_duplicate": "another paper"});
    let mut alike = Vec::new();
    for _ in 0..2 {
        let made = more("partnership_agreement");
        alike.push(agreement(&app, &[&here, &there], made, &[]).await);
    }
    for instrument in ["partnership_agreement", "joint_declaration"] {
        agreement(&app, &[&here, &third], more(instrument), &[]).await;
    }
    let (city, _) = page(&app, &format!("/en/partners/{here}")).await;
    let (list, text) = page(&app, "/en/agreements").await;
    for id in &alike {
        let mark = format!("<span translate=\"no\">{id}</span></a>");
        assert!(
            city.contains(&format!("Partnership agreement, {mark}")),
            "{city}"
        );
        assert!(list.contains(&format!("Tutaj – Tam, {mark}")), "{list}");
    }
    for kind in ["Partnership agreement", "Joint declaration"] {
        assert!(text.contains(&format!("Tutaj – Trzecie, {kind}")), "{text}");
        assert!(city.contains(&format!(">{kind}</a>")), "{city}");
    }
}

/// A membership in a network of its own, with these members and events; the addresses of the network and the
/// partner.
async fn membership(app: &TestApp, partner: &str, more: Value, events: &[Value]) -> [String; 2] {
    let registrar = app.as_registrar();
    let network = json!({"kind": "city_network", "name": "Sieć"});
    let network = registrar.post("/api/v1/networks", network).await;
    let network = network.expect(201).id();
    let mut body = json!({"partner_id": partner, "network_id": network});
    for (member, value) in more.as_object().unwrap() {
        body[member] = value.clone();
    }
    let made = registrar.post("/api/v1/memberships", body).await;
    let id = made.expect(201).id();
    for event in events {
        let address = format!("/api/v1/memberships/{id}/events");
        registrar.post(&address, event.clone()).await.expect(201);
    }
    [format!("networks/{network}"), format!("partners/{partner}")]
}

#[actix_web::test]
async fn who_was_refused_was_no_member() {
    let app = TestApp::new().await;
    let [here] = cities(&app, ["Tutaj"]).await;
    let refused =
        [json!({"action": "refuse", "effective_on": "2016", "reason_code": "not_stated"})];
    let applied = json!({"applied_on": "2015"});
    let [network, city] = membership(&app, &here, applied, &refused).await;
    let (_, text) = page(&app, &format!("/en/{network}")).await;
    assert!(!text.contains("Former"), "{text}");
    let told = "Asked to join, no admission recorded 1 applicant of whom no admission is recorded";
    assert!(
        text.contains(told) && text.contains("Nobody is a member."),
        "{text}"
    );
    let (_, text) = page(&app, &format!("/pl/{network}?show=refused")).await;
    assert!(
        text.contains("1 podmiot, którego przyjęcia nie wpisano Tutaj"),
        "{text}"
    );
    let (_, text) = page(&app, &format!("/pl/{network}?show=former")).await;
    assert!(!text.contains("Tutaj"), "{text}");
    let (html, text) = page(&app, &format!("/en/{city}")).await;
    assert!(
        text.contains("Refused in 2016") && !text.contains("asked to join"),
        "{text}"
    );
    // Its own page says the same, in both languages.
    let (_, id) = html.split_once("/memberships/").unwrap();
    let id = id.split('"').next().unwrap();
    for (lang, told) in [
        ("en", "Refused in 2016"),
        ("pl", "Odmówiono przyjęcia w 2016 roku"),
    ] {
        let (_, text) = page(&app, &format!("/{lang}/memberships/{id}")).await;
        assert!(text.contains(told), "{text}");
    }
    // On a day on which it waited for an answer, it had asked.
    let (_, text) = page(&app, &format!("/en/{network}?as_of=2015-12-31")).await;
    assert!(text.contains("Applicants"), "{text}");
}

#[actix_web::test]
async fn who_is_a_member_again_is_said_to_be_so_in_lists_too() {
    let app = TestApp::new().await;
    let [here] = cities(&app, ["Tutaj"]).await;
    let events = [
        json!({"action": "suspend", "effective_on": "2000", "reason_code": "inactivity"}),
        json!({"action": "resume", "effective_on": "2005"}),
    ];
    let admitted = json!({"admitted_on": "1990"});
    for address in membership(&app, &here, admitted, &events).await {
        let (_, text) = page(&app, &format!("/en/{address}")).await;
        assert!(text.contains("Member again since 2005"), "{text}");
        let (_, text) = page(&app, &format!("/en/{address}?as_of=1995-01-01")).await;
        assert!(text.contains("Member since 1990"), "{text}");
    }
}

/// Cities of these names at these places; their ids.
async fn located(app: &TestApp, places: &[(&str, f64, f64)]) -> Vec<String> {
    let mut ids = Vec::new();
    for (name, latitude, longitude) in places {
        let body = json!({"kind": "municipality", "name": name, "country": "PL", "latitude": latitude, "longitude": longitude});
        let made = app.as_registrar().post("/api/v1/partners", body).await;
        ids.push(made.expect(201).id());
    }
    ids
}

#[actix_web::test]
async fn names_that_run_the_other_way_stand_apart_wherever_they_are_told() {
    let app = TestApp::new().await;
    // Two that share a marker, one far away, and one without a place.
    let names = ["כאן (א)", "קרוב (ב)", "לידו (ג)", "רחוק (ד)"];
    let places = [(53.1, 23.2), (53.7, 23.8), (53.701, 23.801), (-37.8, 145.0)];
    let places: Vec<_> = names.into_iter().zip(places).collect();
    let places: Vec<_> = places
        .iter()
        .map(|(name, at)| (*name, at.0, at.1))
        .collect();
    let ids = located(&app, &places).await;
    let [nowhere] = cities(&app, ["אין (ה)"]).await;
    let signed = json!({"signed_on": "1995", "initial_status": "in_force"});
    for other in ids.iter().skip(1).chain([&nowhere]) {
        agreement(&app, &[&ids[0], other], signed.clone(), &[]).await;
    }
    let (html, _) = page(&app, &format!("/en/partners/{}", ids[0])).await;
    let map = html.split("<figcaption>").nth(1).unwrap();
    let map = map.split("<ol class=\"ties\">").next().unwrap();
    for name in names.into_iter().skip(1).chain(["אין (ה)"]) {
        assert!(
            map.contains(&format!(" <bdi>{name}</bdi></a>")),
            "{name}: {map}"
        );
    }
    for sentence in ["Square: ", "When the partnerships of ", "About "] {
        let told = format!("{sentence}<bdi>{}</bdi>", names[0]);
        assert!(html.contains(&told), "{told}: {html}");
    }
    let framed = app.get(&format!("/embed/partners/{}", ids[0])).await;
    let title = format!("<h1>Partners of <bdi>{}</bdi></h1>", names[0]);
    assert!(framed.expect(200).text().contains(&title));
}

#[actix_web::test]
async fn nobody_is_near_to_who_has_no_place() {
    let app = TestApp::new().await;
    let places = [
        ("Ełk", 53.8, 22.4),
        ("Bytom", 50.3, 18.9),
        ("Cieszyn", 49.7, 18.6),
        ("Dęblin", 51.6, 21.8),
    ];
    let ids = located(&app, &places).await;
    let [nowhere] = cities(&app, ["Nowhere"]).await;
    for other in &ids {
        agreement(&app, &[&nowhere, other], json!({}), &[]).await;
        if *other != ids[0] {
            agreement(&app, &[&ids[0], other], json!({}), &[]).await;
        }
    }
    let (_, text) = page(&app, &format!("/en/partners/{nowhere}?sort=near")).await;
    for word in ["Nearest first", "By name"] {
        assert!(!text.contains(word), "{text}");
    }
    let at = |name: &str| text.find(&format!("{name} Poland")).unwrap();
    assert!(
        at("Bytom") < at("Cieszyn") && at("Dęblin") < at("Ełk"),
        "{text}"
    );
    let (_, text) = page(&app, &format!("/en/partners/{}", ids[0])).await;
    assert!(text.contains("Nearest first"), "{text}");
}

#[actix_web::test]
async fn a_map_says_what_holds_no_more_by_shape_and_in_words() {
    let app = TestApp::new().await;
    let places = [
        ("Tutaj", 53.13, 23.17),
        ("Grodno", 53.68, 23.83),
        ("Kowno", 54.9, 23.9),
        ("Eindhoven", 51.43, 5.48),
    ];
    let ids = located(&app, &places).await;
    let signed = json!({"signed_on": "1995", "initial_status": "in_force"});
    let end = json!({"action": "terminate", "effective_on": "2022", "mode": "denunciation", "reason_code": "not_stated", "deciding_body": "council"});
    agreement(
        &app,
        &[&ids[0], &ids[1]],
        signed.clone(),
        std::slice::from_ref(&end),
    )
    .await;
    agreement(&app, &[&ids[0], &ids[2]], signed.clone(), &[]).await;
    agreement(&app, &[&ids[0], &ids[3]], signed, &[end]).await;
    // Of the two that lie close to each other one holds: their marker is filled.
    let (html, text) = page(&app, &format!("/pl/partners/{}", ids[0])).await;
    assert!(
        html.contains("class=\"hollow\"><title>2 Eindhoven, zakończone</title>"),
        "{html}"
    );
    assert!(
        html.contains("\"><title>1+: 1 Kowno, 3 Grodno, zakończone</title>"),
        "{html}"
    );
    assert_eq!(
        html.matches("class=\"hollow\"><title>").count(),
        1,
        "{html}"
    );
    assert!(text.contains("Puste koło: zakończone"), "{text}");
    let link = "<a href=\"#tie-3\">3 Grodno, zakończone</a>";
    assert!(html.contains(link), "{html}");
    // Where all hold, nothing needs to be explained.
    let (html, text) = page(&app, &format!("/en/partners/{}", ids[2])).await;
    assert!(
        html.contains("<title>1 Tutaj</title>") && !text.contains("Hollow"),
        "{html}"
    );
}

#[actix_web::test]
async fn where_no_tie_is_certain_the_page_says_so() {
    let app = TestApp::new().await;
    let [here, there] = cities(&app, ["Tutaj", "Tam"]).await;
    let signed = json!({"signed_on": "199X", "initial_status": "in_force"});
    agreement(&app, &[&here, &there], signed, &[]).await;
    for (lang, told, status) in [
        ("en", "(0 for certain, 1 possibly)", "possibly in force"),
        ("pl", "(0 na pewno, 1 być może)", "być może obowiązujące"),
    ] {
        let address = format!("/{lang}/partners/{here}?as_of=1995-01-01");
        let (_, text) = page(&app, &address).await;
        assert!(text.contains(told), "{text}");
        assert!(text.contains(status), "{text}");
    }
}
