//! Records as tables.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use super::{example, lines};
use crate::support::Shell;

fn table(bytes: &[u8]) -> (Vec<String>, Vec<csv::StringRecord>) {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    (header, reader.records().map(Result::unwrap).collect())
}

/// The members of a schema of the committed OpenAPI document.
fn members(schema: &str) -> BTreeSet<String> {
    fn collect(schemas: &Value, schema: &Value, all: &mut BTreeSet<String>) {
        if let Some(path) = schema["$ref"].as_str() {
            let name = path.rsplit('/').next().unwrap();
            collect(schemas, &schemas[name], all);
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            collect(schemas, part, all);
        }
        for name in schema["properties"].as_object().into_iter().flatten() {
            all.insert(name.0.clone());
        }
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/openapi.json");
    let document: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let schemas = document.pointer("/components/schemas").unwrap();
    let mut all = BTreeSet::new();
    collect(schemas, schemas.get(schema).unwrap(), &mut all);
    all
}

#[test]
fn tables_have_a_column_for_every_member() {
    let shell = Shell::new();
    example(
        &shell,
        &[
            "UPDATE sources SET title = '=HYPERLINK(\"http://x.example\")' WHERE id = 1",
            "UPDATE partners SET name = '-12.5', longitude = -12.5 WHERE id = 1",
            "UPDATE partners SET name = '@home' WHERE id = 2",
        ],
    );
    shell.prints(&["export", "out", "--format", "csv"]);
    shell.prints(&["export", "out", "--format=jsonl", "--force"]);
    let left_out = [
        "allowed",
        "activities",
        "documents",
        "sources",
        "citations",
        "contacts",
        "merged_at",
        "merged_into",
        "reason",
    ];
    for (collection, schema) in [
        ("sources", "SourceView"),
        ("partners", "PartnerView"),
        ("relations", "RelationView"),
        ("agreements", "AgreementView"),
        ("networks", "NetworkView"),
        ("memberships", "MembershipView"),
        ("activities", "ActivityView"),
        ("citations", "CitationView"),
    ] {
        let bytes = fs::read(shell.path(&format!("out/{collection}.csv"))).unwrap();
        let (header, rows) = table(&bytes);
        let mut wanted = members(schema);
        wanted.retain(|name| {
            !left_out.contains(&name.as_str()) && name != "inverse" && !name.ends_with("_by_person")
        });
        for (embedded, id) in [
            ("source", "source_id"),
            ("from", "from_id"),
            ("to", "to_id"),
        ] {
            if wanted.remove(embedded) {
                wanted.insert(id.to_owned());
            }
        }
        assert_eq!(BTreeSet::from_iter(header.clone()), wanted, "{collection}");
        let records = lines(&shell, &format!("out/{collection}.jsonl"));
        assert_eq!(rows.len(), records.len(), "{collection}");
        for (row, record) in rows.iter().zip(&records) {
            for (cell, column) in row.iter().zip(&header) {
                match &record[column] {
                    Value::Null => assert_eq!(cell, ""),
                    Value::String(text) if cell.starts_with('\'') => {
                        assert_eq!(cell.strip_prefix('\''), Some(text.as_str()));
                    }
                    Value::String(text) => assert_eq!(cell, text),
                    value => assert_eq!(&serde_json::from_str::<Value>(cell).unwrap(), value),
                }
            }
        }
    }
    let sources = fs::read_to_string(shell.path("out/sources.csv")).unwrap();
    assert!(sources.contains("\"'=HYPERLINK(\"\"http://x.example\"\")\""));
    let partners = fs::read_to_string(shell.path("out/partners.csv")).unwrap();
    assert!(partners.contains(",'@home,") && partners.contains(",-12.5,"));
    assert!(!partners.contains("'-12.5"));
}
