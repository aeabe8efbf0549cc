//! What happened and what is to come, in sentences.

use serde_json::{Value, json};

use super::words;
use crate::agreements::{agreement, city};
use crate::networks::network;
use crate::support::TestApp;

async fn event(app: &TestApp, agreement: &str, body: Value) {
    let path = format!("/api/v1/agreements/{agreement}/events");
    app.as_registrar().post(&path, body).await.expect(201);
}

/// What the page at this address says, in English and in Polish.
async fn said(app: &TestApp, address: &str) -> [String; 2] {
    let english = app.get(&format!("/en/{address}")).await.expect(200);
    let polish = app.get(&format!("/pl/{address}")).await.expect(200);
    [words(&english), words(&polish)]
}

/// The id of a party of this agreement.
async fn party(app: &TestApp, agreement: &str, at: usize) -> String {
    let read = app.get(&format!("/api/v1/agreements/{agreement}")).await;
    let party = &read.expect(200).json()["parties"][at]["partner"]["id"];
    party.as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn a_notice_and_a_planned_end_are_told_on_the_page_of_the_city() {
    let app = TestApp::new().await;
    let id = agreement(&app, json!({"signed_on": "1990"})).await;
    let address = format!("partners/{}", party(&app, &id, 0).await);
    let [before, _] = said(&app, &address).await;
    assert!(!before.contains("2027"), "{before}");
    let notice = json!({"action": "give_notice", "effective_on": "2027-06-01", "notice_given_on": "2026-11-01"});
    event(&app, &id, notice).await;
    let [english, polish] = said(&app, &address).await;
    assert!(
        english.contains("Notice has been given: it ends on 1 June 2027"),
        "{english}"
    );
    assert!(
        polish.contains("Złożono wypowiedzenie, umowa kończy się 1 czerwca 2027"),
        "{polish}"
    );
    // Nobody knew of it before.
    let then = app.get(&format!("/en/{address}?as_of=2020-01-01")).await;
    assert!(!words(&then.expect(200)).contains("2027"));
    // The city's own site tells it, too.
    let framed = app.get(&format!("/embed/{address}?lang=pl")).await;
    let framed = words(&framed.expect(200));
    assert!(
        framed.contains("umowa kończy się 1 czerwca 2027"),
        "{framed}"
    );
    let other = agreement(&app, json!({"signed_on": "1991"})).await;
    let end = json!({"action": "terminate", "effective_on": "2027-05-01", "mode": "mutual_consent", "reason_code": "budget"});
    event(&app, &other, end).await;
    let address = format!("partners/{}", party(&app, &other, 1).await);
    let [english, _] = said(&app, &address).await;
    assert!(
        english.contains("It is decided that it ends on 1 May 2027"),
        "{english}"
    );
}

#[actix_web::test]
async fn who_took_the_place_of_a_party_is_said_to_have() {
    let app = TestApp::new().await;
    let id = agreement(&app, json!({"signed_on": "1960"})).await;
    let heir = city(&app, "New Town", "NL").await;
    let old = party(&app, &id, 1).await;
    let succeed = json!({"action": "succeed_party", "effective_on": "1975-01-01", "party": old, "successor_id": heir});
    event(&app, &id, succeed).await;
    let [english, polish] = said(&app, &format!("agreements/{id}")).await;
    for part in [
        "in the place of Eindhoven , 1 January 1975",
        "successor: New Town",
    ] {
        assert!(english.contains(part), "{part}: {english}");
    }
    assert!(!english.contains("Acceded"), "{english}");
    assert!(
        polish.contains("w miejsce: Eindhoven , 1 stycznia 1975"),
        "{polish}"
    );
}

#[actix_web::test]
async fn who_decided_on_a_membership_stands_behind_a_comma() {
    let app = TestApp::new().await;
    let (member, net) = (
        city(&app, "Łomża", "PL").await,
        network(&app, "Niemen", json!({})).await,
    );
    let body = json!({"partner_id": member, "network_id": net, "sources": [{"kind": "press", "title": "Paper"}], "events": [
        {"action": "register", "to_status": "member", "effective_on": "2009-01-11",
            "actor_partner_id": member, "deciding_body": "council",
            "legal_act": {"kind": "council_resolution", "vote": {"for": 20, "against": 1, "abstain": 2}}},
    ]});
    let made = app.as_registrar().post("/api/v1/memberships", body).await;
    let address = format!("memberships/{}", made.expect(201).id());
    let [english, polish] = said(&app, &address).await;
    for part in [
        "Member since 11 January 2009 , decided by the council of Łomża .",
        "vote: 20 votes for, 1 vote against, 2 abstentions.",
    ] {
        assert!(english.contains(part), "{part}: {english}");
    }
    assert!(
        polish.contains("głosowanie: 20 głosów za, 1 głos przeciw, 2 głosy wstrzymujące się."),
        "{polish}"
    );
}

#[actix_web::test]
async fn the_choice_of_a_day_keeps_the_order_of_the_list() {
    let app = TestApp::new().await;
    let body = json!({"kind": "municipality", "name": "Łomża", "country": "PL", "latitude": 53.2, "longitude": 22.1});
    let made = app.as_registrar().post("/api/v1/partners", body).await;
    let id = made.expect(201).id();
    let kept = "<input type=\"hidden\" name=\"sort\" value=\"near\">";
    for (query, keeps) in [("?sort=near", true), ("", false)] {
        let page = app.get(&format!("/en/partners/{id}{query}")).await;
        assert_eq!(page.expect(200).text().contains(kept), keeps, "{query}");
    }
}
