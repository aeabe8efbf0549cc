//! Records on a map: what has a place is a feature, what has none is listed, and both are all of the list.

use geojson::{Feature, FeatureCollection, GeometryValue};
use serde_json::{Value, json};

use super::{known, lists, many, records, with};
use crate::support::{Answer, TestApp};

fn features(answer: &Answer) -> FeatureCollection {
    answer.text().parse().unwrap()
}

fn unlocated(map: &FeatureCollection) -> Vec<Value> {
    let others = map.foreign_members.as_ref().unwrap();
    others["unlocated"].as_array().unwrap().clone()
}

fn id_of(feature: &Feature) -> String {
    match feature.id.as_ref().unwrap() {
        geojson::feature::Id::String(id) => id.clone(),
        geojson::feature::Id::Number(number) => panic!("{number}"),
    }
}

#[actix_web::test]
async fn every_list_is_a_map_of_all_its_records() {
    let app = many().await;
    for list in lists() {
        let all = records(&app, &list).await;
        let mut ids: Vec<&str> = all.iter().map(known).collect();
        ids.sort_unstable();
        let answer = app.get(&with(&list, "format=geojson")).await.expect(200);
        let map = features(&answer);
        let nowhere = unlocated(&map);
        let mut found: Vec<String> = map.features.iter().map(id_of).collect();
        found.extend(
            nowhere
                .iter()
                .map(|one| one["id"].as_str().unwrap().to_owned()),
        );
        found.sort_unstable();
        assert_eq!(found, ids, "{list}");
        if list.contains("sources") {
            assert!(map.features.is_empty(), "sources have no place");
        } else {
            assert!(!map.features.is_empty(), "{list}");
        }
    }
}

#[actix_web::test]
async fn a_feature_says_what_the_table_says_and_stands_where_the_record_is() {
    let app = many().await;
    let partner = crate::support::generated::id("ptn", 3);
    let path = format!("/api/v1/partners/{partner}");
    let record = app.get(&path).await.json();
    let map = features(&app.get(&with(&path, "format=geojson")).await.expect(200));
    let [feature] = map.features.as_slice() else {
        panic!("one record is one feature")
    };
    let place = json!([record["longitude"], record["latitude"]]);
    let geometry = serde_json::to_value(feature.geometry.as_ref().unwrap()).unwrap();
    assert_eq!(geometry, json!({"type": "Point", "coordinates": place}));
    for (column, value) in feature.properties.as_ref().unwrap() {
        if let Some(member) = record.get(column).filter(|member| !member.is_array()) {
            assert_eq!(value, member, "{column}");
        }
    }
    let named = features(&app.get(&with(&path, "format=geojson&fields=name")).await);
    let properties = named.features[0].properties.clone().unwrap();
    assert_eq!(properties.keys().collect::<Vec<_>>(), ["name"]);
}

#[actix_web::test]
async fn ties_are_ways_cut_where_the_map_ends() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let city = async |name: &str, country: &str, place: Option<(f64, f64)>| {
        let mut body = json!({"kind": "municipality", "name": name, "country": country});
        if let Some((latitude, longitude)) = place {
            body["latitude"] = json!(latitude);
            body["longitude"] = json!(longitude);
        }
        admin.post("/api/v1/partners", body).await.expect(201).id()
    };
    let suva = city("Suva", "FJ", Some((-18.1416, 178.4419))).await;
    let apia = city("Apia", "WS", Some((-13.8333, -171.7667))).await;
    let lost = city("Atlantis", "GR", None).await;
    let agree = async |parties: &[&str]| {
        let parties: Vec<Value> = parties.iter().map(|id| json!({"partner_id": id})).collect();
        let body =
            json!({"instrument": "partnership_agreement", "signed_on": "1992", "parties": parties});
        admin
            .post("/api/v1/agreements", body)
            .await
            .expect(201)
            .id()
    };
    let across = agree(&[&suva, &apia]).await;
    let three = agree(&[&suva, &apia, &lost]).await;
    let nowhere = agree(&[&suva, &lost]).await;
    let map = features(
        &app.get("/api/v1/agreements?format=geojson&sort=created_at")
            .await,
    );
    let ids: Vec<String> = map.features.iter().map(id_of).collect();
    assert_eq!(ids, [across, three]);
    assert_eq!(unlocated(&map)[0]["id"], json!(nowhere));
    assert!(
        unlocated(&map)[0]["name"]
            .as_str()
            .unwrap()
            .contains("Atlantis")
    );
    let told = map.features[1].property("unlocated").unwrap();
    assert_eq!(*told, json!([lost]));
    for feature in &map.features {
        let GeometryValue::MultiLineString { coordinates } =
            &feature.geometry.as_ref().unwrap().value
        else {
            panic!("it is cut: {feature:?}")
        };
        let ends: Vec<f64> = coordinates
            .iter()
            .flat_map(|line| [line[0][0], line[line.len() - 1][0]])
            .collect();
        assert_eq!(ends, [178.4419, 180.0, -180.0, -171.7667]);
        for line in coordinates {
            assert!(
                line.windows(2)
                    .all(|pair| (pair[0][0] - pair[1][0]).abs() < 180.0)
            );
        }
    }
    let path = format!("/api/v1/partners/{suva}/partnerships?format=geojson");
    let map = features(&app.get(&path).await.expect(200));
    assert_eq!(map.features.iter().map(id_of).collect::<Vec<_>>(), [apia]);
    assert_eq!(unlocated(&map)[0]["name"], "Atlantis");
}
