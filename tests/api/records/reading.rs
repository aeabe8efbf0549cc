//! Reading a record, and lists of them.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use chrono::TimeDelta;
use serde_json::Value;

use super::kinds::Kind;
use super::{World, for_every_kind, ids, version};

for_every_kind!(
    a_read_is_what_was_created,
    what_a_reader_holds_is_not_sent_again,
    head_has_the_headers_of_get_and_no_body,
    fields_keep_what_they_name,
    what_a_list_or_record_does_not_know_is_refused_by_name,
    what_can_be_embedded_is,
    pages_lead_forth_and_back,
    what_changed_since_a_time_is_listed,
    what_is_not_there_is_404,
    other_methods_are_405_and_named,
);

async fn a_read_is_what_was_created(kind: &'static Kind) {
    let world = World::of(kind).await;
    let registrar = world.app.as_registrar();
    let made = registrar.post(&world.list(), world.body(1)).await;
    let made = world.expect(made, 201);
    let path = world.path(&made);
    assert_eq!(
        made.header("location"),
        Some(path.as_str()),
        "{}",
        kind.name
    );
    assert_eq!(
        made.header("cache-control"),
        Some("no-store"),
        "{}",
        kind.name
    );
    let read = world.read(&path).await;
    assert_eq!(read.json(), made.json(), "{}", kind.name);
    assert_eq!(
        version(&read.etag()),
        version(&made.etag()),
        "{}",
        kind.name
    );
    let record = read.json();
    assert!(record["id"].as_str().unwrap().starts_with(kind.prefix));
    assert_eq!(record["version"], 1, "{}", kind.name);
    assert_eq!(record["record_state"], "published", "{}", kind.name);
    assert_eq!(record["created_by"]["role"], "registrar", "{}", kind.name);
    // The list shows it too, in no member otherwise.
    let list = world.read(&world.ours()).await.json();
    let row = list["data"][0].as_object().unwrap();
    assert_eq!(list["data"].as_array().unwrap().len(), 1, "{}", kind.name);
    for (name, value) in row {
        assert_eq!(value, &record[name], "{}: {name}", kind.name);
    }
}

async fn what_a_reader_holds_is_not_sent_again(kind: &'static Kind) {
    let world = World::of(kind).await;
    let path = world.make(1).await;
    for address in [path.clone(), world.ours()] {
        let first = world.read(&address).await;
        let holding = world.app.anonymous().header("If-None-Match", &first.etag());
        let held = holding.get(&address).await;
        let held = world.expect(held, 304);
        assert!(held.bytes().is_empty(), "{address}");
        assert_eq!(held.etag(), first.etag(), "{address}");
        // Another validator, and any.
        let other = world.app.anonymous().header("If-None-Match", "\"0\"");
        let sent = other.get(&address).await;
        world.expect(sent, 200);
        let any = world.app.anonymous().header("If-None-Match", "*");
        let held = any.get(&address).await;
        world.expect(held, 304);
        // It is sent again once it has changed.
        let (name, value, _) = kind.text;
        let value = format!("{value}{}", address.len());
        world
            .change(&path, serde_json::json!({ name: value }))
            .await;
        let sent = holding.get(&address).await;
        let sent = world.expect(sent, 200);
        assert_ne!(sent.etag(), first.etag(), "{address}");
    }
}

async fn head_has_the_headers_of_get_and_no_body(kind: &'static Kind) {
    let world = World::of(kind).await;
    let path = world.make(1).await;
    for address in [path, world.ours()] {
        let get = world.read(&address).await;
        let head = TestRequest::default().method(Method::HEAD).uri(&address);
        let head = world.app.send(head).await;
        let head = world.expect(head, 200);
        assert!(head.bytes().is_empty(), "{address}");
        // `Link` would need the page.
        for header in ["etag", "content-type", "vary", "cache-control"] {
            assert_eq!(
                head.header(header),
                get.header(header),
                "{address}: {header}"
            );
        }
    }
}

async fn fields_keep_what_they_name(kind: &'static Kind) {
    let world = World::of(kind).await;
    let path = world.make(1).await;
    let whole = world.read(&path).await.json();
    let names = |record: &Value| -> Vec<String> {
        let mut names: Vec<String> = record.as_object().unwrap().keys().cloned().collect();
        names.sort();
        names
    };
    let item = world
        .read(&format!("{path}?fields=version,id"))
        .await
        .json();
    assert_eq!(names(&item), ["id", "version"], "{}", kind.name);
    assert_eq!(
        (&item["id"], &item["version"]),
        (&whole["id"], &whole["version"]),
        "{}",
        kind.name
    );
    let list = world
        .read(&format!("{}&fields=version,id", world.ours()))
        .await;
    assert_eq!(
        names(&list.json()["data"][0]),
        ["id", "version"],
        "{}",
        kind.name
    );
    for address in [
        format!("{path}?fields=id,versoin"),
        format!("{}&fields=id,versoin", world.ours()),
    ] {
        let refused = world.app.get(&address).await;
        let problem = world.problem(refused, "malformed-request");
        assert_eq!(problem["errors"][0]["parameter"], "fields", "{address}");
    }
}

async fn what_a_list_or_record_does_not_know_is_refused_by_name(kind: &'static Kind) {
    let world = World::of(kind).await;
    let path = world.make(1).await;
    for (address, query) in [
        (path.as_str(), "limti=1"),
        (&world.list(), "limti=1"),
        (&path, "limit=1"),
    ] {
        let refused = world.app.get(&format!("{address}?{query}")).await;
        let problem = world.problem(refused, "unknown-parameter");
        let named = query.split('=').next().unwrap();
        assert_eq!(
            problem["errors"][0]["parameter"], named,
            "{}: {address}",
            kind.name
        );
    }
    for (address, query) in [
        (path.as_str(), "include=nonsense"),
        (&path, "lang=not+a+tag"),
        (&world.list(), "include=nonsense"),
        (&world.list(), "sort=nonsense"),
        (&world.list(), "sort=-nonsense"),
        (&world.list(), "limit=0"),
        (&world.list(), "limit=101"),
        (&world.list(), "limit=x"),
        (&world.list(), "count=perhaps"),
        (&world.list(), "cursor=nonsense"),
        (&world.list(), "record_state=nonsense"),
    ] {
        let refused = world.app.get(&format!("{address}?{query}")).await;
        let problem = world.problem(refused, "malformed-request");
        let named = query.split('=').next().unwrap();
        assert_eq!(
            problem["errors"][0]["parameter"], named,
            "{}: {query}",
            kind.name
        );
    }
}

async fn what_can_be_embedded_is(kind: &'static Kind) {
    let world = World::of(kind).await;
    let path = world.make(1).await;
    let plain = world.read(&path).await;
    for include in kind.includes {
        assert!(
            plain.json().get(include).is_none(),
            "{}: {include}",
            kind.name
        );
        let with = world
            .read(&format!("{path}?include={include}"))
            .await
            .json();
        assert!(with[include].is_array(), "{}: {include}", kind.name);
        let list = world
            .read(&format!("{}&include={include}", world.ours()))
            .await
            .json();
        assert_eq!(
            list["data"][0][include], with[include],
            "{}: {include}",
            kind.name
        );
    }
    if !kind.includes.is_empty() {
        let all = kind.includes.join(",");
        let with = world.read(&format!("{path}?include={all}")).await;
        for (name, value) in plain.json().as_object().unwrap() {
            assert_eq!(&with.json()[name], value, "{}: {name}", kind.name);
        }
    }
}

async fn pages_lead_forth_and_back(kind: &'static Kind) {
    let world = World::of(kind).await;
    for number in 1..=5 {
        world.make(number).await;
        world.app.clock.advance(TimeDelta::seconds(1));
    }
    let ours = world.ours();
    let whole = ids(&world.read(&ours).await.json());
    assert_eq!(whole.len(), 5, "{}", kind.name);
    let mut orders = vec![String::new()];
    for key in kind.sorts {
        orders.extend([format!("&sort={key}"), format!("&sort=-{key}")]);
    }
    orders.push(format!("&sort={}", kind.sorts.join(",-")));
    for order in orders {
        let expected = ids(&world.read(&format!("{ours}{order}")).await.json());
        let mut sorted = expected.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), 5, "{}: {order}", kind.name);
        let page = async |cursor: Option<&str>| -> Value {
            let cursor = cursor.map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
            world
                .read(&format!("{ours}{order}&limit=2&count=true{cursor}"))
                .await
                .json()
        };
        let (mut forth, mut pages) = (Vec::new(), vec![page(None).await]);
        assert_eq!(
            pages[0]["page"]["prev"],
            Value::Null,
            "{}: {order}",
            kind.name
        );
        while let Some(next) = pages.last().unwrap()["page"]["next"].as_str() {
            let next = page(Some(next)).await;
            pages.push(next);
        }
        for page in &pages {
            assert_eq!(page["total"], 5, "{}: {order}", kind.name);
            forth.extend(ids(page));
        }
        assert_eq!(forth, expected, "{}: {order}", kind.name);
        assert_eq!(pages.len(), 3, "{}: {order}", kind.name);
        for before in pages.iter().rev().skip(1) {
            let last = pages.last().unwrap();
            let at = pages
                .iter()
                .position(|page| ids(page) == ids(before))
                .unwrap();
            let here = &pages[at + 1];
            assert!(!ids(here).is_empty() && !ids(last).is_empty());
            let back = page(here["page"]["prev"].as_str()).await;
            assert_eq!(ids(&back), ids(before), "{}: {order}", kind.name);
        }
        // A cursor belongs to its query.
        let next = pages[0]["page"]["next"].as_str().unwrap();
        let elsewhere = format!("{}?limit=2&cursor={next}&record_state=draft", world.list());
        let refused = world.app.get(&elsewhere).await;
        world.problem(refused, "malformed-request");
    }
}

async fn what_changed_since_a_time_is_listed(kind: &'static Kind) {
    let world = World::of(kind).await;
    let first = world.make(1).await;
    world.app.clock.advance(TimeDelta::hours(1));
    world.make(2).await;
    world.app.clock.advance(TimeDelta::hours(1));
    let (name, value, _) = kind.text;
    world
        .change(&first, serde_json::json!({ name: value }))
        .await;
    for (since, number) in [
        ("2026-11-24T12:00:00Z", 2),
        ("2026-11-24T13:00:00Z", 2),
        ("2026-11-24T13:00:00.001Z", 1),
        ("2026-11-24T14:00:00Z", 1),
        ("2026-11-24T14:00:01Z", 0),
        ("2026-11-25", 0),
    ] {
        let list = world
            .read(&format!("{}&updated_since={since}", world.ours()))
            .await;
        assert_eq!(ids(&list.json()).len(), number, "{}: {since}", kind.name);
    }
}

async fn what_is_not_there_is_404(kind: &'static Kind) {
    let world = World::of(kind).await;
    let path = world.make(1).await;
    let list = world.list();
    // The path of another kind's record is nobody's either.
    let foreign = if kind.prefix == "ptn" {
        &world.network
    } else {
        &world.open
    };
    for id in [
        format!("{}_0000000000", kind.prefix),
        format!("{}_", kind.prefix),
        "nonsense".to_owned(),
        "1".to_owned(),
        foreign.clone(),
        format!("{}x", path.rsplit('/').next().unwrap()),
    ] {
        for address in [format!("{list}/{id}"), format!("{list}/{id}/history")] {
            let refused = world.app.get(&address).await;
            world.problem(refused, "not-found");
        }
        let registrar = world.app.as_registrar();
        let address = format!("{list}/{id}");
        let refused = registrar.patch(&address, "*", serde_json::json!({})).await;
        world.problem(refused, "not-found");
        let refused = registrar.delete(&address, "*").await;
        world.problem(refused, "not-found");
    }
}

async fn other_methods_are_405_and_named(kind: &'static Kind) {
    let world = World::of(kind).await;
    let path = world.make(1).await;
    for (address, method, allowed) in [
        (&path, Method::PUT, "GET, HEAD, PATCH, DELETE, OPTIONS"),
        (&path, Method::POST, "GET, HEAD, PATCH, DELETE, OPTIONS"),
        (&world.list(), Method::DELETE, "GET, HEAD, POST, OPTIONS"),
        (&world.list(), Method::PATCH, "GET, HEAD, POST, OPTIONS"),
    ] {
        let request = TestRequest::default().method(method).uri(address);
        let refused = world.app.as_registrar().send(request).await;
        assert_eq!(
            refused.header("allow"),
            Some(allowed),
            "{}: {refused}",
            kind.name
        );
        world.problem(refused, "method-not-allowed");
        let options = TestRequest::default().method(Method::OPTIONS).uri(address);
        let told = world.app.send(options).await;
        let told = world.expect(told, 204);
        assert_eq!(told.header("allow"), Some(allowed), "{}", kind.name);
    }
}
