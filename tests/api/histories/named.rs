//! What differed from the model once, each by itself.

use serde_json::{Value, json};

use crate::agreements::{AGREEMENTS, agreement, city};
use crate::memberships;
use crate::support::TestApp;

async fn event(app: &TestApp, id: &str, body: Value) -> String {
    let path = format!("{AGREEMENTS}/{id}/events");
    app.as_admin().post(&path, body).await.expect(201).id()
}

async fn read(app: &TestApp, id: &str) -> Value {
    app.get(&format!("{AGREEMENTS}/{id}"))
        .await
        .expect(200)
        .json()
}

#[actix_web::test]
async fn on_another_day_an_agreement_is_found_by_who_was_a_party_then() {
    let app = TestApp::new().await;
    let id = agreement(&app, json!({"signed_on": "1990-01-01"})).await;
    let parties = read(&app, &id).await["parties"].clone();
    let founder = parties[0]["partner"]["id"].as_str().unwrap();
    let late = city(&app, "Kaunas", "LT").await;
    let on = "2005";
    event(
        &app,
        &id,
        json!({"action": "accede", "effective_on": on, "party": late}),
    )
    .await;
    let left = json!({"action": "withdraw_party", "effective_on": "2010", "party": founder});
    event(&app, &id, left).await;
    for (query, found) in [
        (format!("partner={late}"), true),
        (format!("partner={late}&as_of=2004-12-31"), false),
        (format!("partner={late}&as_of=2005-06-01"), false),
        (format!("partner={late}&as_of=2006-01-01"), true),
        (format!("partner={late},{founder}&as_of=2004-12-31"), true),
        ("country=LT&as_of=2004-12-31".to_owned(), false),
        ("country=LT&as_of=2006-01-01".to_owned(), true),
        ("country=LT,NL&as_of=2004-12-31".to_owned(), true),
        ("countries=LT,NL&as_of=2004-12-31".to_owned(), false),
        ("countries=LT,NL&as_of=2011-01-01".to_owned(), true),
        (
            "institution_kind=municipality&as_of=2004-12-31".to_owned(),
            true,
        ),
        (format!("partner={founder}&as_of=2009-12-31"), true),
        (format!("partner={founder}&as_of=2010-06-01"), true),
        (
            format!("partner={founder}&as_of=2010-06-01&match=certain"),
            false,
        ),
        (
            format!("partner={founder}&as_of=2009-12-31&match=certain"),
            true,
        ),
        (format!("partner={founder}&as_of=2011-01-01"), false),
    ] {
        let page = app
            .get(&format!("{AGREEMENTS}?{query}&count=true"))
            .await
            .expect(200)
            .json();
        let rows = page["data"].as_array().unwrap();
        assert_eq!(rows.iter().any(|row| row["id"] == *id), found, "{query}");
        assert_eq!(page["total"], usize::from(found), "{query}");
    }
}

#[actix_web::test]
async fn who_left_after_a_suspension_was_certainly_there_before_it() {
    let app = TestApp::new().await;
    let id = agreement(&app, json!({"signed_on": "1990-01-01"})).await;
    let late = city(&app, "Kaunas", "LT").await;
    for body in [
        json!({"action": "accede", "effective_on": "2000-01-01", "party": late}),
        json!({"action": "suspend", "effective_on": "2010-09-01", "reason_code": "budget", "deciding_body": "council"}),
        json!({"action": "withdraw_party", "effective_on": "2010", "party": late}),
    ] {
        event(&app, &id, body).await;
    }
    for (day, found) in [
        ("2010-06-01", 1),
        ("2010-08-31", 1),
        ("2010-09-01", 0),
        ("2010-10-01", 0),
    ] {
        let path = format!("{AGREEMENTS}?partner={late}&as_of={day}&match=certain&count=true");
        let page = app.get(&path).await.expect(200).json();
        assert_eq!(page["total"], found, "{day}");
        // With each of the two that it joined.
        let ties = format!("/api/v1/partners/{late}/partnerships?as_of={day}&match=certain");
        let page = app.get(&ties).await.expect(200).json();
        assert_eq!(page["data"].as_array().unwrap().len(), 2 * found, "{day}");
    }
}

#[actix_web::test]
async fn a_day_of_entry_into_force_that_is_learnt_later_is_an_event_beside_the_signature() {
    let app = TestApp::new().await;
    let id = agreement(&app, json!({"signed_on": "1992-03-01"})).await;
    let patched = app
        .as_admin()
        .patch(
            &format!("{AGREEMENTS}/{id}"),
            "\"1\"",
            json!({"in_force_on": "1993-05-01"}),
        )
        .await
        .expect(200)
        .json();
    for (member, value) in [
        ("status", "in_force"),
        ("status_since", "1993-05-01"),
        ("signed_on", "1992-03-01"),
        ("in_force_on", "1993-05-01"),
    ] {
        assert_eq!(patched[member], value, "{member}");
    }
    assert_eq!(patched["parties"][0]["participation"], "party");
    let then = app
        .get(&format!("{AGREEMENTS}?as_of=1992-12-31"))
        .await
        .expect(200)
        .json();
    assert_eq!(then["data"][0]["status"], "signed");
    // From then on the date moves its event.
    let moved = app
        .as_admin()
        .patch(
            &format!("{AGREEMENTS}/{id}"),
            "\"2\"",
            json!({"in_force_on": "1994"}),
        )
        .await
        .expect(200)
        .json();
    assert_eq!(moved["status_since"], "1994");
    // Both at once.
    let both = agreement(&app, json!({"signed_on": "1990"})).await;
    let dates = json!({"signed_on": "1991-02-03", "in_force_on": "1992"});
    let path = format!("{AGREEMENTS}/{both}");
    let patched = app.as_admin().patch(&path, "\"1\"", dates).await;
    assert_eq!(patched.expect(200).json()["status_since"], "1992");
    let page = app
        .get(&format!("{AGREEMENTS}?as_of=1991-06-01"))
        .await
        .expect(200)
        .json();
    let row = page["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["id"] == *both);
    assert_eq!(row.unwrap()["status"], "signed");
    // On the day of the signature nothing else happened.
    let at_once = agreement(&app, json!({"signed_on": "1995"})).await;
    let path = format!("{AGREEMENTS}/{at_once}");
    app.as_admin()
        .patch(&path, "\"1\"", json!({"in_force_on": "1995"}))
        .await
        .expect(200);
    let events = app.get(&format!("{path}/events")).await.expect(200).json();
    assert_eq!(events["data"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn who_signed_what_was_abandoned_has_signed_it_by_a_correction_too() {
    let app = TestApp::new().await;
    let consent = json!({"signed_on": "2010", "entry_into_force": "on_consent"});
    let id = agreement(&app, consent).await;
    let on = "2012-12-31";
    let entered = event(
        &app,
        &id,
        json!({"action": "enter_into_force", "effective_on": on}),
    )
    .await;
    let never = json!({"action": "correct", "effective_on": on, "corrects_event_id": entered,
                       "to_status": "abandoned", "reason_text": "it never was"});
    event(&app, &id, never).await;
    let now = read(&app, &id).await;
    assert_eq!(
        (&now["status"], &now["parties"][0]["participation"]),
        (&json!("abandoned"), &json!("signatory"))
    );
}

#[actix_web::test]
async fn an_observer_is_admitted_although_the_day_of_its_beginning_was_put_right() {
    let app = TestApp::new().await;
    let id = memberships::membership(&app, json!({"initial_status": "observer"})).await;
    let first = memberships::events(&app, &id).await[0]["id"].clone();
    let right = json!({"action": "correct", "effective_on": "1999", "corrects_event_id": first,
                       "reason_text": "the day was wrong"});
    memberships::event(&app, &id, right).await.expect(201);
    let admit = json!({"action": "admit", "effective_on": "2005"});
    memberships::event(&app, &id, admit).await.expect(201);
    let now = memberships::read(&app, &id).await;
    assert_eq!(
        (&now["status"], &now["class"]),
        (&json!("member"), &Value::Null)
    );
}

#[actix_web::test]
async fn who_was_put_right_to_be_an_observer_resumes_as_one() {
    let app = TestApp::new().await;
    let id = memberships::membership(&app, json!({"admitted_on": "2000"})).await;
    let first = memberships::events(&app, &id).await[0]["id"].clone();
    for body in [
        json!({"action": "correct", "effective_on": "2000", "corrects_event_id": first,
               "to_status": "observer", "reason_text": "it only observed"}),
        json!({"action": "suspend", "effective_on": "2001", "reason_code": "budget"}),
        json!({"action": "resume", "effective_on": "2002"}),
    ] {
        memberships::event(&app, &id, body).await.expect(201);
    }
    assert_eq!(memberships::read(&app, &id).await["status"], "observer");
}

#[actix_web::test]
async fn who_was_put_right_to_be_a_member_resumes_as_one_whatever_the_class() {
    let app = TestApp::new().await;
    let id = memberships::membership(&app, json!({"initial_status": "observer"})).await;
    let lapse = json!({"action": "lapse", "effective_on": "1984"});
    let lapse = memberships::event(&app, &id, lapse).await.expect(201).id();
    for body in [
        json!({"action": "correct", "effective_on": "1984", "corrects_event_id": lapse,
               "to_status": "member", "reason_text": "it became a member"}),
        json!({"action": "suspend", "effective_on": "1985", "reason_code": "budget"}),
        json!({"action": "resume", "effective_on": "1995"}),
    ] {
        memberships::event(&app, &id, body).await.expect(201);
    }
    assert_eq!(memberships::read(&app, &id).await["status"], "member");
}

#[actix_web::test]
async fn a_membership_entered_as_ended_has_the_day_of_its_end_once_that_is_known() {
    let app = TestApp::new().await;
    let id = memberships::membership(&app, json!({"initial_status": "excluded"})).await;
    assert_eq!(memberships::read(&app, &id).await["ended_on"], Value::Null);
    let first = memberships::events(&app, &id).await[0]["id"].clone();
    let right = json!({"action": "correct", "effective_on": "1981", "corrects_event_id": first,
                       "reason_text": "the day was found"});
    memberships::event(&app, &id, right).await.expect(201);
    let now = memberships::read(&app, &id).await;
    assert_eq!(
        (&now["status_since"], &now["ended_on"]),
        (&json!("1981"), &json!("1981"))
    );
}

#[actix_web::test]
async fn a_notice_that_was_none_is_put_right_on_the_day_that_the_correction_says() {
    let app = TestApp::new().await;
    let id = agreement(&app, json!({"signed_on": "1990-01-01"})).await;
    let notice = json!({"action": "give_notice", "notice_given_on": "2000-01-10", "effective_on": "2001-01-10"});
    let notice = event(&app, &id, notice).await;
    let correct = |of: &str, more: Value| {
        let mut body =
            json!({"action": "correct", "corrects_event_id": of, "reason_text": "It was none."});
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    let other = correct(
        &notice,
        json!({"effective_on": "2002-02-02", "notice_given_on": "2000-03-03"}),
    );
    let other = event(&app, &id, other).await;
    let pending = read(&app, &id).await["pending_termination"].clone();
    assert_eq!(
        (&pending["notice_given_on"], &pending["effective_on"]),
        (&json!("2000-03-03"), &json!("2002-02-02"))
    );
    let halted = correct(
        &other,
        json!({"effective_on": "2005-05-05", "to_status": "suspended"}),
    );
    let halted = event(&app, &id, halted).await;
    let now = read(&app, &id).await;
    assert!(now.get("pending_termination").is_none(), "{now}");
    assert_eq!(
        (&now["status"], &now["status_since"]),
        (&json!("suspended"), &json!("2005-05-05"))
    );
    let found = async |status: &str, day: &str| {
        let page = app
            .get(&format!(
                "{AGREEMENTS}?status={status}&as_of={day}&count=true"
            ))
            .await;
        page.expect(200).json()["total"].clone()
    };
    assert_eq!(found("in_force", "2005-05-04").await, 1);
    assert_eq!(found("suspended", "2005-05-05").await, 1);
    let page = app.get(&format!("{AGREEMENTS}/{id}/events")).await.json();
    let last = page["data"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["id"], last.get("notice_given_on")),
        (&json!(halted), None)
    );
    // What is corrected once more still names a status.
    let again = event(
        &app,
        &id,
        correct(&halted, json!({"effective_on": "2006-06-06"})),
    )
    .await;
    let now = read(&app, &id).await;
    assert_eq!(
        (&now["status"], &now["status_since"]),
        (&json!("suspended"), &json!("2006-06-06"))
    );
    assert_ne!(again, halted);
}

#[actix_web::test]
async fn parties_that_joined_stand_in_the_order_of_joining_however_they_were_recorded() {
    let app = TestApp::new().await;
    let mut late = Vec::new();
    for name in ["Xanten", "Ystad", "Zug"] {
        late.push(city(&app, name, "SE").await);
    }
    let accede = |index: usize, on: &str| json!({"action": "accede", "effective_on": on, "party": late[index]});
    let events = [accede(0, "2010"), accede(1, "2005"), accede(2, "2005")];
    let id = agreement(&app, json!({"signed_on": "1990-01-01"})).await;
    for one in &events {
        event(&app, &id, one.clone()).await;
    }
    let told = read(&app, &id).await;
    let founders = told["parties"].as_array().unwrap()[..2].iter();
    let founders: Vec<Value> = founders
        .map(|party| json!({"partner_id": party["partner"]["id"]}))
        .collect();
    let register =
        json!({"action": "register", "to_status": "in_force", "effective_on": "1990-01-01"});
    let past: Vec<&Value> = std::iter::once(&register).chain(&events).collect();
    let body = json!({"instrument": "protocol", "signed_on": "1990-01-01", "parties": founders,
        "events": past, "sources": [{"kind": "press", "title": "Paper"}]});
    let pasted = app
        .as_admin()
        .post(AGREEMENTS, body)
        .await
        .expect(201)
        .json();
    let order = |row: &Value| -> Vec<String> {
        let parties = row["parties"].as_array().unwrap()[2..].iter();
        parties
            .map(|party| party["partner"]["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let by_date = [&late[1], &late[2], &late[0]].map(String::clone);
    assert_eq!(order(&told), by_date);
    assert_eq!(order(&pasted), by_date);
    // A party that joined, left and was put right to have joined later moves on.
    let page = app.get(&format!("{AGREEMENTS}/{id}/events")).await.json();
    let joined = page["data"].as_array().unwrap().iter();
    let joined: Vec<&Value> = joined
        .filter(|row| row["party"]["id"] == *late[1])
        .collect();
    let moved = json!({"action": "correct", "corrects_event_id": joined[0]["id"],
        "effective_on": "2015", "reason_text": "It was later."});
    event(&app, &id, moved).await;
    let by_date = [&late[2], &late[0], &late[1]].map(String::clone);
    assert_eq!(order(&read(&app, &id).await), by_date);
}
