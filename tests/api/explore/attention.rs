//! What needs attention, counted and listed.

use serde_json::{Value, json};
use twincity::core::vocabulary::record::Role;

use crate::agreements::{AGREEMENTS, city};
use crate::support::{Caller, TestApp};

const ATTENTION: &str = "/api/v1/attention";

const CODES: [&str; 8] = [
    "expiring",
    "expired_but_listed",
    "pending_termination",
    "unconfirmed",
    "dormant_in_force",
    "missing_legal_act",
    "contacts_stale",
    "changed_by_other_party",
];

struct Seed {
    own: String,
    other: String,
}

/// Agreements of two offices with something of each kind.
async fn seed(app: &TestApp) -> Seed {
    let (own, other) = (city(app, "a", "PL").await, city(app, "b", "NL").await);
    app.office(&own, false).await;
    app.office(&other, false).await;
    let admin = app.as_admin();
    let mut made = Vec::new();
    for (index, more) in [
        // Certainly within six months, on the last day of it, a day too late, and any day of a year.
        json!({"valid_until": "2026-11-24"}),
        json!({"valid_until": "2027-05-24"}),
        json!({"valid_until": "2027-05-25"}),
        json!({"valid_until": "2027"}),
        json!({"valid_until": "2027-01", "renewal": "tacit"}),
        // Over, and perhaps over.
        json!({"valid_until": "2026-11-23"}),
        json!({"valid_until": "2026"}),
        json!({"valid_until": "2020", "renewal": "tacit"}),
        // Confirmed a year ago and a day more; asleep; approved without an act.
        json!({"last_confirmed_on": "2025-11-24"}),
        json!({"last_confirmed_on": "2025-11-23"}),
        json!({"activity_level": "dormant"}),
        json!({"approved_on": "1989"}),
        json!({}),
    ]
    .into_iter()
    .enumerate()
    {
        let mut body = json!({"instrument": "annex", "signed_on": format!("{}", 1990 + index),
            "parties": [{"partner_id": own}, {"partner_id": other}]});
        let more = more.as_object().unwrap().clone();
        body.as_object_mut().unwrap().extend(more);
        made.push(admin.post(AGREEMENTS, body).await.expect(201).id());
    }
    let last = format!("{AGREEMENTS}/{}", made[12]);
    admin
        .post(
            &format!("{last}/events"),
            json!({"action": "give_notice", "effective_on": "2027-12-31", "notice_given_on": "2026-10-01"}),
        )
        .await
        .expect(201);
    // The other office changes one.
    let etag = app.get(&last).await.expect(200).etag();
    app.member(Role::Editor, Some(&other))
        .caller
        .patch(&last, &etag, json!({"signed_at": "b"}))
        .await
        .expect(200);
    admin
        .post(
            &format!("/api/v1/partners/{own}/contacts"),
            json!({"unit": "Office", "email": "office@example.org", "visibility": "public", "verified_on": "2025-11-24"}),
        )
        .await
        .expect(201);
    Seed { own, other }
}

/// The counts by code: certain and possible ones.
async fn counts(caller: &Caller<'_>, path: &str) -> Vec<(i64, i64)> {
    let answer = caller.get(path).await.expect(200).json();
    let data = answer["data"].as_array().unwrap();
    let codes: Vec<&Value> = data.iter().map(|one| &one["code"]).collect();
    assert_eq!(codes, CODES);
    for one in data {
        let certain = one["count"].as_i64().unwrap();
        let Some(url) = one["items_url"].as_str() else {
            assert_eq!(one["code"], "contacts_stale");
            continue;
        };
        let total = async |url: &str| {
            let page = caller
                .get(&format!("{url}&count=true"))
                .await
                .expect(200)
                .json();
            let total = page["total"].as_i64().unwrap();
            assert_eq!(
                i64::try_from(page["data"].as_array().unwrap().len()).unwrap(),
                total
            );
            total
        };
        assert_eq!(total(url).await, certain, "{url}");
        let open = url.replace("match=certain", "match=possible");
        let possible = one["possible"].as_i64().unwrap();
        assert_eq!(total(&open).await, certain + possible, "{open}");
    }
    data.iter()
        .map(|one| {
            (
                one["count"].as_i64().unwrap(),
                one["possible"].as_i64().unwrap(),
            )
        })
        .collect()
}

#[actix_web::test]
async fn what_is_counted_is_what_the_list_shows() {
    let app = TestApp::new().await;
    let seed = seed(&app).await;
    let own = app.member(Role::Editor, Some(&seed.own)).caller;
    let expected = [
        (2, 2),
        (1, 1),
        (1, 0),
        (1, 0),
        (1, 0),
        (1, 0),
        (1, 0),
        (1, 0),
    ];
    assert_eq!(counts(&own, ATTENTION).await, expected);
    // From the other side its own change is no news, and it has no contacts.
    let other = app.member(Role::Editor, Some(&seed.other)).caller;
    let theirs = counts(&other, ATTENTION).await;
    assert_eq!(theirs[..6], expected[..6]);
    assert_eq!(theirs[6..], [(0, 0), (0, 0)]);
    // A registrar looks at an office, or at everything.
    let registrar = app.as_registrar();
    let path = format!("{ATTENTION}?organisation={}", seed.own);
    assert_eq!(counts(&registrar, &path).await, expected);
    assert_eq!(counts(&registrar, ATTENTION).await, expected);
    let nobody = city(&app, "c", "PL").await;
    let path = format!("{ATTENTION}?organisation={nobody}");
    assert_eq!(counts(&registrar, &path).await, [(0, 0); 8]);
}

#[actix_web::test]
async fn days_that_pass_change_what_needs_attention() {
    let app = TestApp::new().await;
    let seed = seed(&app).await;
    let own = app.as_registrar();
    let path = format!("{ATTENTION}?organisation={}", seed.own);
    let before = own.get(&path).await.expect(200).etag();
    let list = format!("{AGREEMENTS}?attention=expiring&match=certain");
    let listed = app.get(&list).await.expect(200).etag();
    own.clone()
        .header("If-None-Match", &before)
        .get(&path)
        .await
        .expect(304);
    app.clock.set("2026-11-25T12:00:00Z".parse().unwrap());
    let after = own
        .clone()
        .header("If-None-Match", &before)
        .get(&path)
        .await
        .expect(200)
        .json();
    let by_code = |code: usize| {
        (
            &after["data"][code]["count"],
            &after["data"][code]["possible"],
        )
    };
    // One has ended, another has come within reach.
    assert_eq!(by_code(0), (&json!(2), &json!(2)));
    assert_eq!(by_code(1), (&json!(2), &json!(1)));
    app.anonymous()
        .header("If-None-Match", &listed)
        .get(&list)
        .await
        .expect(200);
    app.clock.set("2027-03-01T12:00:00Z".parse().unwrap());
    let later = counts(&own, &path).await;
    assert_eq!(later[7], (0, 0));
}

#[actix_web::test]
async fn attention_is_for_staff_and_each_sees_the_own_office() {
    let app = TestApp::new().await;
    let seed = seed(&app).await;
    app.get(ATTENTION).await.problem("unauthenticated");
    let own = app.as_editor_of(&seed.own);
    let path = format!("{ATTENTION}?organisation={}", seed.own);
    assert_eq!(
        own.get(&path).await.expect(200).json(),
        own.get(ATTENTION).await.expect(200).json()
    );
    let foreign = format!("{ATTENTION}?organisation={}", seed.other);
    own.get(&foreign).await.problem("not-found");
    let unknown = format!("{ATTENTION}?organisation=ptn_0000000000");
    app.as_registrar().get(&unknown).await.problem("not-found");
    own.get(&format!("{ATTENTION}?organization=a"))
        .await
        .problem("unknown-parameter");
    app.get(&format!("{AGREEMENTS}?attention=expirng"))
        .await
        .problem("malformed-request");
}
