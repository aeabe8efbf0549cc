//! CSV, workbooks and lines: whole lists, the same as JSON has page by page.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use serde_json::json;
use twincity::activities::types::ActivityView;
use twincity::agreements::types::AgreementView;
use twincity::evidence::sources::SourceView;
use twincity::explore::partnerships::types::PartnershipView;
use twincity::formats::Represent;
use twincity::http::format::Format;
use twincity::networks::memberships::types::MembershipView;
use twincity::networks::types::NetworkView;
use twincity::partners::types::PartnerView;

use super::{known, lines, lists, many, records, with};
use crate::support::{Answer, TestApp};

/// The rows of CSV, the header first.
fn rows(answer: &Answer) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(answer.bytes().as_ref());
    let rows = reader.records().map(|row| row.unwrap());
    rows.map(|row| row.iter().map(str::to_owned).collect())
        .collect()
}

/// The cells of a workbook's only sheet, and its name.
fn sheet(answer: &Answer) -> (String, Vec<Vec<Data>>) {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(answer.bytes().clone())).unwrap();
    let mut sheets = book.worksheets();
    assert_eq!(sheets.len(), 1);
    let (name, range) = sheets.remove(0);
    (name, range.rows().map(<[Data]>::to_vec).collect())
}

/// The row of this header and number.
fn cell<'r>(rows: &'r [Vec<String>], row: usize, column: &str) -> &'r str {
    let at = rows[0].iter().position(|name| name == column);
    let at = at.unwrap_or_else(|| panic!("no column {column} in {:?}", rows[0]));
    &rows[row][at]
}

#[actix_web::test]
async fn every_list_has_in_every_table_what_json_has_page_by_page() {
    let app = many().await;
    let mut longest = 0;
    for list in lists() {
        let all = records(&app, &list).await;
        longest = longest.max(all.len());
        assert!(!all.is_empty(), "{list}");
        let ids: Vec<&str> = all.iter().map(known).collect();

        let answer = app.get(&with(&list, "format=ndjson")).await.expect(200);
        assert_eq!(lines(&answer), all, "{list}");
        assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));

        let answer = app.get(&with(&list, "format=csv")).await.expect(200);
        let rows = rows(&answer);
        let found: Vec<&str> = rows[1..].iter().map(|row| row[0].as_str()).collect();
        assert_eq!(found, ids, "{list}");
        assert!(rows.iter().all(|row| row.len() == rows[0].len()));

        let answer = app.get(&with(&list, "format=xlsx")).await.expect(200);
        let (name, cells) = sheet(&answer);
        let path = list.split('?').next().unwrap();
        assert_eq!(name, path.rsplit('/').next().unwrap());
        let header: Vec<String> = cells[0].iter().map(ToString::to_string).collect();
        assert_eq!(header, rows[0], "{list}");
        let found: Vec<String> = cells[1..].iter().map(|row| row[0].to_string()).collect();
        assert_eq!(found, ids, "{list}");
    }
    assert!(longest > 500, "{longest}");
}

#[actix_web::test]
async fn a_list_is_whole_beyond_what_is_read_and_sent_at_once() {
    let app = TestApp::new().await;
    crate::support::generated::fill(&app, crate::support::generated::Size { partners: 7000 });
    let path = "/api/v1/agreements?sort=title";
    let answer = app.get(&with(path, "format=ndjson")).await.expect(200);
    assert!(answer.bytes().len() > 4_000_000);
    let all = lines(&answer);
    assert_eq!(all.len(), 10_500);
    let mut ids: Vec<&str> = all.iter().map(known).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 10_500, "none twice");
    let last = app
        .get(&with("/api/v1/agreements?sort=-title", "limit=1"))
        .await;
    assert_eq!(known(&last.json()["data"][0]), known(all.last().unwrap()));
}

#[actix_web::test]
async fn an_item_is_a_table_of_one_row() {
    let app = many().await;
    for list in [
        "partners",
        "agreements",
        "networks",
        "memberships",
        "activities",
        "sources",
    ] {
        let path = format!("/api/v1/{list}");
        let id = known(&app.get(&path).await.json()["data"][0]).to_owned();
        let path = format!("{path}/{id}");
        let csv = app.get(&with(&path, "format=csv")).await.expect(200);
        let rows = rows(&csv);
        assert_eq!((rows.len(), rows[1][0].as_str()), (2, id.as_str()));
        let name = format!("attachment; filename=\"{id}.csv\"");
        assert_eq!(csv.header("content-disposition"), Some(name.as_str()));
        let book = app.get(&with(&path, "format=xlsx")).await.expect(200);
        let (name, cells) = sheet(&book);
        assert_eq!((name.as_str(), cells.len()), (list, 2));
        let line = app.get(&with(&path, "format=ndjson")).await.expect(200);
        let shown = lines(&line);
        let item = app.get(&path).await.json();
        assert_eq!(shown.len(), 1);
        for (member, value) in shown[0].as_object().unwrap() {
            assert_eq!(item[member], *value, "{member}");
        }
    }
}

#[actix_web::test]
async fn cells_say_what_the_record_says_and_nothing_is_computed() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let city = admin
        .post(
            "/api/v1/partners",
            json!({"kind": "municipality", "name": "'s-Hertogenbosch", "country": "NL",
                "latitude": -12.5, "longitude": 5.3, "population": 160_000,
                "names": [{"value": "Den Bosch", "lang": "nl", "types": ["short"]},
                    {"value": "'s-Hertogenbosch", "lang": "nl", "types": ["display"]}],
                "identifiers": [{"scheme": "wikidata", "value": "Q9807"}, {"scheme": "geonames", "value": "2747351"}],
                "description": {"pl": "Miasto", "en": "A city"},
                "seeking": {"fields": ["youth", "sport"], "note": "=HYPERLINK(\"https://example.org\")"}}),
        )
        .await
        .expect(201)
        .id();
    let path = format!("/api/v1/partners/{city}");
    let csv = app
        .get(&with(&path, "format=csv&lang=pl"))
        .await
        .expect(200);
    let rows = rows(&csv);
    for (column, expected) in [
        ("name", "'s-Hertogenbosch"),
        ("latitude", "-12.5"),
        ("population", "160000"),
        ("other_names", "Den Bosch"),
        ("description", "Miasto"),
        ("wikidata", "Q9807"),
        ("identifiers", "wikidata:Q9807 | geonames:2747351"),
        ("seeking_fields", "youth | sport"),
        ("seeking_note", "'=HYPERLINK(\"https://example.org\")"),
        ("host_id", ""),
    ] {
        assert_eq!(cell(&rows, 1, column), expected, "{column}");
    }
    let book = app.get(&with(&path, "format=xlsx")).await.expect(200);
    let (_, cells) = sheet(&book);
    let at = |name: &str| {
        let header = cells[0].iter().map(ToString::to_string);
        let column = header.into_iter().position(|known| known == name).unwrap();
        cells[1][column].clone()
    };
    assert_eq!(at("population"), Data::Float(160_000.0));
    let formula = "=HYPERLINK(\"https://example.org\")".to_owned();
    assert_eq!(at("seeking_note"), Data::String(formula));
}

#[test]
fn every_column_is_documented_and_every_name_is_one_of_them() {
    fn columns<V: Represent>() -> String {
        let names = V::COLUMNS.iter().map(|column| column.name);
        let names = names.filter(|name| !["version", "created_at", "updated_at"].contains(name));
        names
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(" ")
    }
    let page = include_str!("../../../docs/formats.md");
    for columns in [
        columns::<PartnerView>(),
        columns::<AgreementView>(),
        columns::<NetworkView>(),
        columns::<MembershipView>(),
        columns::<ActivityView>(),
        columns::<SourceView>(),
        columns::<PartnershipView>(),
    ] {
        assert!(page.contains(&format!("| {columns} |")), "{columns}");
    }
    for format in Format::RECORDS {
        let row = format!("| `{}` | `{}` |", format.name(), format.media_type());
        assert!(page.contains(&row), "{row}");
    }
}

#[actix_web::test]
async fn csv_begins_with_a_mark_when_it_is_asked_for() {
    let app = many().await;
    let plain = app.get("/api/v1/sources?format=csv").await.expect(200);
    assert!(plain.text().starts_with("id,kind,title,"));
    let marked = app.get("/api/v1/sources?format=csv&bom=true").await;
    assert!(marked.text().starts_with("\u{feff}id,kind,title,"));
    let accepted = app.anonymous().header("Accept", "text/csv");
    let accepted = accepted.get("/api/v1/sources?bom=true").await.expect(200);
    assert_eq!(accepted.bytes(), marked.bytes());
}

#[actix_web::test]
async fn fields_choose_columns_and_members() {
    let app = many().await;
    let csv = app
        .get("/api/v1/agreements?format=csv&fields=parties,id")
        .await;
    let header = &rows(&csv)[0];
    assert_eq!(
        header.join(","),
        "id,party_ids,party_names,party_countries,party_participations"
    );
    let ndjson = app.get("/api/v1/agreements?format=ndjson&fields=id").await;
    assert!(
        lines(&ndjson)
            .iter()
            .all(|line| line.as_object().unwrap().len() == 1)
    );
    let embedded = app
        .get("/api/v1/agreements?format=ndjson&include=sources")
        .await;
    assert!(
        lines(&embedded)
            .iter()
            .all(|line| line["sources"].is_array())
    );
}

#[actix_web::test]
async fn links_are_had_in_every_table_and_of_one_partner() {
    let app = many().await;
    let path = "/api/v1/exports/links";
    let csv = app.get(path).await.expect(200);
    assert_eq!(
        csv.header("content-type"),
        Some("text/csv; charset=utf-8; header=present")
    );
    let all = rows(&csv);
    assert!(all.len() > 20 && all[0][0] == "a.name", "{:?}", all[0]);
    let lines = lines(&app.get(&format!("{path}?format=ndjson")).await.expect(200));
    assert_eq!(lines.len(), all.len() - 1);
    assert_eq!(lines[0]["agreement.id"], cell(&all, 1, "agreement.id"));
    let (name, sheet) = sheet(&app.get(&format!("{path}?format=xlsx")).await.expect(200));
    assert_eq!((name.as_str(), sheet.len()), ("links", all.len()));

    let partner = cell(&all, 1, "a.id").to_owned();
    let own = app.get(&format!("{path}?partner={partner}&bom=true")).await;
    let text = own.expect(200).text().to_owned();
    assert!(text.starts_with('\u{feff}') && text.contains("\r\n"));
    assert!(
        text.lines().skip(1).all(|line| line.contains(&partner))
            && text.lines().count() < all.len()
    );

    let held = app.anonymous().header("If-None-Match", &csv.etag());
    held.get(path).await.expect(304);
    for (query, status) in [
        ("bom=true&format=xlsx", 400),
        ("format=json", 406),
        ("limit=1", 400),
        ("partner=x", 400),
    ] {
        let answer = app.get(&format!("{path}?{query}")).await;
        assert_eq!(answer.status(), status, "{answer}");
    }
}
