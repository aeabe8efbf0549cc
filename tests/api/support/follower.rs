//! Somebody who keeps a copy of the registry from its feed alone.

use std::collections::BTreeMap;

use serde_json::Value;

use super::TestApp;

/// Each collection with what the feed calls its records.
const COLLECTIONS: [(&str, &str); 7] = [
    ("partner", "partners"),
    ("agreement", "agreements"),
    ("network", "networks"),
    ("membership", "memberships"),
    ("activity", "activities"),
    ("source", "sources"),
    ("document", "documents"),
];

type Records = BTreeMap<String, Value>;

/// Follows the feed as nobody in particular.
#[derive(Default)]
pub struct Follower {
    last: i64,
    at: String,
    copy: BTreeMap<String, (String, Value)>,
    /// What was told since the last look: op and record.
    pub told: Vec<(String, String)>,
}

impl Follower {
    /// Applies what is new in the feed.
    pub async fn follow(&mut self, app: &TestApp) {
        self.told.clear();
        loop {
            let path = format!("/api/v1/changes?after={}&limit=100", self.last);
            let page = app.get(&path).await.expect(200).json();
            let changes = page["data"].as_array().unwrap();
            if changes.is_empty() {
                return;
            }
            for change in changes {
                self.apply(change);
            }
        }
    }

    fn apply(&mut self, change: &Value) {
        let seq = change["seq"].as_i64().unwrap();
        assert_eq!(seq, self.last + 1, "a gap in the feed");
        self.last = seq;
        let at = change["at"].as_str().unwrap();
        assert!(self.at.as_str() <= at, "{at} after {}: {change}", self.at);
        at.clone_into(&mut self.at);
        if change["op"] == "hidden" {
            self.told.push(("hidden".to_owned(), String::new()));
            return;
        }
        let id = change["id"].as_str().unwrap().to_owned();
        let entity = change["entity"].as_str().unwrap().to_owned();
        let known = self.copy.entry(id.clone()).or_insert((entity, Value::Null));
        let patch: json_patch::Patch = serde_json::from_value(change["patch"].clone()).unwrap();
        json_patch::patch(&mut known.1, &patch)
            .unwrap_or_else(|error| panic!("{error}: {change} on {}", known.1));
        self.told
            .push((change["op"].as_str().unwrap().to_owned(), id));
    }

    /// What the copy knows of this record.
    pub fn record(&self, id: &str) -> &Value {
        self.copy.get(id).map_or(&Value::Null, |(_, value)| value)
    }

    /// How this record was told of since the last look.
    pub fn ops(&self, id: &str) -> Vec<&str> {
        let of = self.told.iter().filter(|(_, of)| of == id);
        of.map(|(op, _)| op.as_str()).collect()
    }

    /// Follows, and compares the copy with every list.
    pub async fn equals_lists(&mut self, app: &TestApp, after: &str) {
        self.follow(app).await;
        for (entity, collection) in COLLECTIONS {
            let listed = listed(app, collection).await;
            let copied: Records = self
                .copy
                .iter()
                .filter(|(_, (of, value))| {
                    of == entity
                        && value["record_state"] == "published"
                        && (entity != "document" || value["access"] == "public")
                })
                .map(|(id, (_, value))| (id.clone(), value.clone()))
                .collect();
            for id in listed.keys() {
                kept_is_right(app, &format!("/api/v1/{collection}/{id}"), after).await;
            }
            let ids = |records: &Records| records.keys().cloned().collect::<Vec<_>>();
            assert_eq!(ids(&copied), ids(&listed), "{collection} after {after}");
            for (id, value) in &listed {
                let differs = json_patch::diff(&copied[id], value);
                assert!(
                    differs.0.is_empty(),
                    "{id} after {after}: the list differs from the copy by {differs}"
                );
            }
        }
        for (id, (entity, value)) in &self.copy {
            match entity.as_str() {
                "citation" if !value.is_null() => {
                    let read = app.get(&format!("/api/v1/citations/{id}")).await;
                    assert_eq!(*value, read.expect(200).json(), "{id} after {after}");
                }
                "relation" if !value.is_null() => self.equals_relation(app, value, after).await,
                "contact" => self.equals_contact(app, (id, value), after).await,
                _ => {}
            }
        }
    }

    async fn equals_relation(&self, app: &TestApp, value: &Value, after: &str) {
        let from = value["from"]["id"].as_str().unwrap();
        if self.record(from)["record_state"] == "published" {
            let listed = app.get(&format!("/api/v1/partners/{from}/relations")).await;
            let listed = listed.expect(200).json();
            let listed = listed["data"].as_array().unwrap();
            assert!(listed.contains(value), "{value} after {after}: {listed:?}");
        }
    }

    /// Addresses and numbers are in no log: what is in the copy is as it is shown.
    async fn equals_contact(&self, app: &TestApp, (id, value): (&str, &Value), after: &str) {
        let open = value["record_state"] == "published" && value["visibility"] == "public";
        let Some(partner) = value["partner_id"].as_str() else {
            return;
        };
        let path = format!("/api/v1/partners/{partner}/contacts/{id}");
        let shown = app.get(&path).await;
        assert_eq!(
            shown.status() == 200,
            open,
            "{value} after {after}: {shown}"
        );
        if open {
            let shown = shown.json();
            for (member, value) in value.as_object().unwrap() {
                assert_eq!(shown[member], *value, "{id} after {after}");
            }
        }
    }
}

/// What is kept of a record is what would be shown if nothing were.
async fn kept_is_right(app: &TestApp, path: &str, after: &str) {
    let kept = app.get(path).await.expect(200);
    let anew = app.get_anew(path).await.expect(200);
    assert_eq!(kept.json(), anew.json(), "{path} after {after}");
    assert_eq!(kept.etag(), anew.etag(), "{path} after {after}");
}

async fn listed(app: &TestApp, collection: &str) -> Records {
    let mut all = Records::new();
    let mut next = format!("/api/v1/{collection}?limit=100");
    loop {
        let page = app.get(&next).await.expect(200).json();
        for record in page["data"].as_array().unwrap() {
            let mut record = record.clone();
            // Names of files often name persons: they are in no log.
            if let Some(members) = record.as_object_mut() {
                members.remove("file_name");
            }
            all.insert(record["id"].as_str().unwrap().to_owned(), record);
        }
        let Some(cursor) = page["page"]["next"].as_str() else {
            return all;
        };
        next = format!("/api/v1/{collection}?limit=100&cursor={cursor}");
    }
}
