//! How the engine finds what every GET asks for: along indexes, with and without statistics, however
//! many records there are.
//!
//! Every operation of the OpenAPI document is asked once plainly and once with each of its filters,
//! sort keys and things to embed, on a registry of some thousand records. No statement that is sent may
//! walk a table that grows, nor look records up by their state alone, for nearly all of them are
//! published. [`FINE`] names what may, and why.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use diesel::sql_types::Text;
use serde_json::{Value, json};
use twincity::db::condition::{Condition, execute, rows};
use twincity::db::dialect::{Engine, engine, explain};
use twincity::http::problem::Problem;

use crate::support::TestApp;
use crate::support::generated::{Size, fill, id};

/// Tables that don't grow with the records of a registry.
/// What the runs of an index gave has no more rows than so many pages.
const SMALL: &[&str] = &[
    "registry_meta",
    "leases",
    "line",
    "chain",
    "n",
    "run",
    "page",
];

/// Statements that may read all of a table: how they begin, or a part of them, and why.
const FINE: &[(&str, &str)] = &[
    ("(1=0)", "nothing is looked for"),
    (
        "SELECT COUNT(*)",
        "`count=true` reads what it counts, from an index",
    ),
    ("SELECT count(*)", "as above"),
    (
        "SELECT 'listing' AS what",
        "statistics count every record once, from an index that has what they are counted by",
    ),
    (
        "FROM agreement_parties p WHERE (p.acceded_on IS NOT NULL",
        "parties that came or left have an index of their own, of which statistics of a day read all",
    ),
    (
        "JOIN status_periods p ON p.agreement_id",
        "the order by the status of another day is in no index",
    ),
    (
        ".record_state IN (",
        "staff's own drafts lie beside what is published, not among it",
    ),
    (
        "SELECT 'expiring' AS code",
        "what needs attention is counted, for staff",
    ),
    (
        "`contacts` INNER JOIN `partners`",
        "what needs attention is counted, for staff",
    ),
    ("\"contacts\" INNER JOIN \"partners\"", "as above"),
    (
        "FROM `suggestions` WHERE",
        "for staff, who work off what has come in",
    ),
    ("FROM \"suggestions\" WHERE", "as above"),
    (
        "`users`",
        "people with a log-in are few, and listed for administrators",
    ),
    ("\"users\"", "as above"),
    ("`api_keys`", "keys are few, and listed for administrators"),
    ("\"api_keys\"", "as above"),
    ("`organisations`", "offices are few"),
    ("\"organisations\"", "as above"),
];

/// Pages for people, what search engines read, and filters that are asked together.
const PAGES: &[&str] = &[
    "/en/",
    "/en/search?q=place",
    "/en/partners/ptn_0000000007",
    "/en/partners/ptn_0000000007?as_of=2020-01-01&sort=near",
    "/en/partners/ptn_0000000007?show=ended",
    "/en/agreements/agr_0000000007",
    "/en/agreements/agr_0000000007?as_of=2020-01-01",
    "/en/networks/net_0000000007",
    "/en/activities/act_0000000007",
    "/en/memberships/mbr_0000000007",
    "/en/sources/src_0000000007",
    "/embed/partners/ptn_0000000007",
    "/sitemap.xml",
    "/sitemaps/agreements-1.xml",
    "/sitemaps/pages.xml",
    "/api/v1/agreements?partner=ptn_0000000007&attention=pending_termination",
];

/// The path with the ids of records that are there.
fn address(path: &str) -> Vec<String> {
    let known = [
        ("partners", "ptn"),
        ("agreements", "agr"),
        ("networks", "net"),
        ("memberships", "mbr"),
        ("activities", "act"),
        ("sources", "src"),
        ("documents", "doc"),
        ("citations", "cit"),
        ("suggestions", "sug"),
    ];
    if path.contains("{collection}") {
        return known[..6]
            .iter()
            .map(|(name, prefix)| {
                path.replace("{collection}", name)
                    .replace("{id}", &id(prefix, 7))
            })
            .collect();
    }
    let collection = path.split('/').nth(3).unwrap_or_default();
    let prefix = known.iter().find(|(name, _)| *name == collection);
    let mut path = path.replace("{contact_id}", &id("con", 7));
    if let Some((_, prefix)) = prefix {
        path = path.replace("{id}", &id(prefix, 7));
    }
    vec![path.replace("{name}", "legal_status")]
}

/// Values to ask a parameter with.
fn values(parameter: &Value) -> Vec<String> {
    let name = parameter["name"].as_str().unwrap();
    let of = |prefix: &str| vec![id(prefix, 7)];
    match name {
        // A year is asked of one partner, see below.
        "cursor" | "limit" | "fields" | "bom" | "organisation" | "year" => Vec::new(),
        // The whole list, which is read otherwise than a page.
        "format" => match parameter["schema"]["pattern"].as_str() {
            Some(names) if names.contains("ndjson") => vec!["ndjson".to_owned()],
            _ => Vec::new(),
        },
        "count" | "has_agreement" | "institutional" | "domestic" | "stale" | "follow"
        | "inline" => {
            vec!["true".to_owned(), "false".to_owned()]
        }
        "partner" | "host" => of("ptn"),
        "network" => of("net"),
        "agreement" | "target" => of("agr"),
        "membership" => of("mbr"),
        "activity" => of("act"),
        "event" => of("evt"),
        "q" => vec!["place".to_owned(), "visit".to_owned()],
        "identifier" => vec!["wikidata:Q7".to_owned()],
        "sha256" => vec!["0".repeat(64)],
        "url" => vec!["https://example.org/7".to_owned()],
        "version" => vec!["1".to_owned()],
        "at" => vec!["2026-11-01T00:00:00Z".to_owned()],
        "attention" => ["expiring", "unconfirmed", "changed_by_other_party"]
            .map(str::to_owned)
            .to_vec(),
        "institution_kind" | "kind" if parameter["example"] == "municipality,county" => {
            vec!["municipality".to_owned(), "municipality,county".to_owned()]
        }
        "record_state" => vec!["published".to_owned(), "published,draft".to_owned()],
        _ => vec![match &parameter["example"] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }],
    }
}

/// The values a parameter can have, from what the refusal of a wrong one says.
async fn allowed(app: &TestApp, path: &str, name: &str) -> Vec<String> {
    let refused = app
        .as_admin()
        .get(&format!("{path}{name}=no-such-thing"))
        .await;
    if refused.status() != 400 {
        return Vec::new();
    }
    let told = refused.json()["errors"][0]["message"]
        .as_str()
        .unwrap()
        .to_owned();
    let Some(list) = told.strip_prefix("allowed are ") else {
        return Vec::new();
    };
    list.split(", ")
        .map(|word| word.split(' ').next().unwrap())
        .filter(|word| !["none", "each", "with"].contains(word))
        .map(str::to_owned)
        .collect()
}

/// What is asked together.
const TOGETHER: [&str; 10] = [
    "agreements?country=NL,DE&status=in_force&sort=-signed_on",
    "agreements?countries=PL,NL&as_of=2020-01-01&status=in_force&sort=-signed_on",
    "agreements?as_of=2020-01-01&sort=status",
    "agreements?institution_kind=university&instrument=letter_of_intent&sort=-signed_on",
    "agreements?network=net_0000000007&as_of=2020-01-01&match=certain",
    "partners?country=PL&has_agreement=false&count=true",
    "partners?updated_since=2026-01-01&sort=updated_at",
    "stats?country=PL&as_of=2019-01-01",
    "calendar/anniversaries?from=2026-12-20&to=2027-01-15",
    "calendar/anniversaries.ics?partner=ptn_0000000007&year=2027",
];

/// Every GET of the document, with each filter, sort key and embedded thing once.
async fn requests(app: &TestApp) -> Vec<String> {
    let document = app.get("/openapi.json").await.expect(200).json();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        if item.get("get").is_none() || !path.starts_with("/api/v1") {
            continue;
        }
        let parameters: Vec<&Value> = item["get"]["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "query")
            .collect();
        for address in address(path) {
            // What can't be left out is in every request.
            let required: Vec<String> = parameters
                .iter()
                .filter(|parameter| parameter["required"] == true)
                .map(|parameter| {
                    format!(
                        "{}={}",
                        parameter["name"].as_str().unwrap(),
                        values(parameter)[0]
                    )
                })
                .collect();
            let base = format!("{address}?{}", required.join("&"));
            let base = if required.is_empty() {
                base
            } else {
                format!("{base}&")
            };
            all.push(base.clone());
            for parameter in &parameters {
                let name = parameter["name"].as_str().unwrap();
                if parameter["required"] == true {
                    continue;
                }
                let values = match name {
                    "sort" | "include" => allowed(app, &base, name).await,
                    _ => values(parameter),
                };
                for value in values {
                    all.push(format!("{base}{name}={value}"));
                    if name == "sort" {
                        all.push(format!("{base}{name}=-{value}"));
                    }
                }
            }
        }
    }
    all.extend(TOGETHER.map(|address| format!("/api/v1/{address}")));
    all.extend(PAGES.iter().map(ToString::to_string));
    all
}

/// The tables of a statement by the names they have in it.
fn tables(statement: &str) -> BTreeMap<String, String> {
    let plain: String = statement.replace(['`', '"', '(', ')', ','], " ");
    let words: Vec<&str> = plain.split_whitespace().collect();
    let mut tables = BTreeMap::new();
    for pair in words.windows(3) {
        if matches!(pair[0], "FROM" | "JOIN") {
            tables.insert(pair[1].to_owned(), pair[1].to_owned());
            tables.insert(pair[2].to_owned(), pair[1].to_owned());
        }
    }
    if let [.., from, table] = words.as_slice()
        && *from == "FROM"
    {
        tables.insert((*table).to_owned(), (*table).to_owned());
    }
    tables
}

/// The step of a plan that reads too much, if there is one.
fn fault(engine: Engine, statement: &str, plan: &[String]) -> Option<String> {
    let tables = tables(statement);
    let grows = |name: &str| {
        let table = tables.get(name).map_or(name, String::as_str);
        !SMALL.contains(&table) && !table.starts_with("subquery") && table != "CONSTANT"
    };
    if engine == Engine::Postgres {
        let scans = plan.iter().find(|step| {
            step.split_once("Seq Scan on ")
                .is_some_and(|(_, rest)| grows(rest.split_whitespace().next().unwrap()))
        });
        return scans.cloned();
    }
    let sorted_apart = plan
        .iter()
        .any(|step| step.contains("TEMP B-TREE") && step.contains("ORDER BY"));
    plan.iter()
        .find(|step| {
            let mut words = step.split_whitespace();
            match (words.next(), words.next()) {
                (Some("SCAN"), Some(name)) => {
                    let in_order = step.contains(" USING ")
                        && statement.contains(" LIMIT ")
                        && !sorted_apart
                        && tables.get(name).is_some_and(|table| table == name);
                    !name.starts_with('(') && grows(name) && !in_order
                }
                (Some("SEARCH"), Some(name)) => {
                    let by_state = step.ends_with("(record_state=?)");
                    // The list itself, walked in its order until the page is full.
                    let in_order = tables.get(name).is_some_and(|table| table == name)
                        && statement.contains(" LIMIT ")
                        && !sorted_apart;
                    by_state && !in_order
                }
                _ => false,
            }
        })
        .cloned()
}

/// A statement as it was sent, without its values.
fn plain(text: &str) -> Option<String> {
    let text = text.split(" -- binds: ").next()?.trim();
    let kinds = ["SELECT", "WITH", "UPDATE", "DELETE"];
    kinds
        .iter()
        .any(|kind| text.starts_with(kind))
        .then(|| text.to_owned())
}

/// What every statement of every GET is, and a request that sends it.
async fn statements(app: &TestApp) -> (BTreeMap<String, String>, Vec<String>) {
    // The names are read whole by whoever searches first, and the first page counts once.
    app.get("/api/v1/search?q=place").await.expect(200);
    app.get("/en/").await.expect(200);
    let requests = requests(app).await;
    assert!(requests.len() > 300, "{}", requests.len());
    let (admin, nobody) = (app.as_admin(), app.anonymous());
    let (mut all, mut odd) = (BTreeMap::new(), Vec::new());
    app.app.db.statement_texts();
    for request in requests {
        for caller in [&nobody, &admin] {
            let answer = caller.get(&request).await;
            if !matches!(answer.status(), 200 | 401 | 403 | 404) {
                odd.push(answer.to_string());
            }
            for text in app.app.db.statement_texts() {
                if let Some(text) = plain(&text) {
                    all.entry(text).or_insert_with(|| request.clone());
                }
            }
        }
    }
    assert!(all.len() > 150, "{}", all.len());
    (all, odd)
}

/// The statements that read too much, each with its plan.
fn faults(app: &TestApp, statements: &BTreeMap<String, String>) -> BTreeSet<String> {
    let statements = statements.clone();
    app.write(move |conn| -> Result<_, Problem> {
        let engine = engine(conn);
        if engine == Engine::Postgres {
            execute(conn, Condition::new("SET LOCAL enable_seqscan = off"))?;
        }
        let mut faults = BTreeSet::new();
        for (statement, request) in &statements {
            if FINE.iter().any(|(part, _)| statement.contains(part)) {
                continue;
            }
            let plan = explain(conn, statement)?;
            if let Some(step) = fault(engine, statement, &plan) {
                let statement: String = statement.chars().take(1500).collect();
                faults.insert(format!(
                    "{request}\n  {step}\n  {statement}\n    {}",
                    plan.join("\n    ")
                ));
            }
        }
        Ok(faults)
    })
    .unwrap()
}

/// Makes statistics, as of a registry thirty times as large: of a table with few rows an engine rightly
/// reads all.
fn analyze(app: &TestApp) {
    app.write(|conn| -> Result<(), Problem> {
        execute(conn, Condition::new("ANALYZE"))?;
        if engine(conn) == Engine::Postgres {
            return Ok(());
        }
        let all = "SELECT idx, stat FROM sqlite_stat1 WHERE idx IS NOT NULL";
        for (idx, stat) in rows::<(Text, Text), (String, String)>(conn, Condition::new(all))? {
            // Rows in all, then rows for one value of the first column, of the first two, and so on.
            let numbers: Vec<u64> = stat.split(' ').filter_map(|n| n.parse().ok()).collect();
            let common = numbers[0] / 4;
            let scaled: Vec<String> = numbers
                .iter()
                .map(|n| if *n > common { n * 30 } else { *n })
                .map(|n| n.to_string())
                .collect();
            execute(
                conn,
                Condition::new("UPDATE sqlite_stat1 SET stat = ")
                    .text(scaled.join(" "))
                    .sql(" WHERE idx = ")
                    .text(idx),
            )?;
        }
        execute(conn, Condition::new("ANALYZE sqlite_schema"))?;
        Ok(())
    })
    .unwrap();
}

#[actix_web::test]
async fn no_get_reads_a_table_from_end_to_end() {
    let app = TestApp::new().await;
    fill(&app, Size { partners: 1200 });
    let (statements, mut told) = statements(&app).await;
    for when in ["before", "after"] {
        let faults = faults(&app, &statements);
        told.extend(
            faults
                .iter()
                .map(|fault| format!("{when} ANALYZE: {fault}")),
        );
        analyze(&app);
    }
    assert!(told.is_empty(), "{}", told.join("\n\n"));
}

/// What is done for subscribers is done again and again, on the thread that writes.
#[actix_web::test]
async fn what_is_done_for_subscribers_reads_no_table_from_end_to_end() {
    let app = TestApp::new().await;
    fill(&app, Size { partners: 1200 });
    app.write(|conn| -> Result<(), Problem> {
        // Many who follow something else.
        let rows = |row: fn(usize) -> String| (2..1000).map(row).collect::<Vec<_>>().join(", ");
        let readers = rows(|n| format!("({n}, 'r{n}@example.org', 'en', '2026-11-01 00:00:00', NULL)"));
        let topics = rows(|n| format!("({n}, 'partner:{}', 'weekly', 0)", id("ptn", n + 100)));
        for statement in [
            "INSERT INTO subscribers (id, email, lang, created_at, weekly_at) VALUES \
             (1, 'a@example.org', 'en', '2026-11-01 00:00:00', '2026-11-02 00:00:00')",
            "INSERT INTO subscription_topics (subscriber_id, topic, frequency, told_seq) VALUES \
             (1, 'new_agreements', 'at_once', 0), (1, 'country:PL', 'weekly', 0), \
             (1, 'partner:ptn_0000000007', 'at_once', 0), (1, 'field:culture_arts', 'weekly', 0)",
            &format!("INSERT INTO subscribers (id, email, lang, created_at, weekly_at) VALUES {readers}"),
            &format!("INSERT INTO subscription_topics (subscriber_id, topic, frequency, told_seq) VALUES {topics}"),
        ] {
            execute(conn, Condition::new(statement))?;
        }
        Ok(())
    })
    .unwrap();
    let admin = app.as_admin();
    let partner = |n: usize| json!({"partner_id": id("ptn", n)});
    let between = json!({"instrument": "protocol", "signed_on": "2026", "fields": ["culture_arts"],
        "parties": [partner(7), partner(9)]});
    let made = admin.post("/api/v1/agreements", between).await.expect(201);
    let made = format!("/api/v1/agreements/{}", made.id());
    let visit = json!({"kind": "official_visit", "title": {"en": "A visit"},
        "participants": [partner(7), partner(9)]});
    admin.post("/api/v1/activities", visit).await.expect(201);
    let joined = json!({"partner_id": id("ptn", 7), "network_id": id("net", 3), "admitted_on": "2026",
        "section": "of its own"});
    admin.post("/api/v1/memberships", joined).await.expect(201);
    let told = json!({"kind": "press", "title": "Told"});
    let told = admin.post("/api/v1/sources", told).await.expect(201).id();
    let told = json!({"source_id": told});
    admin
        .post(&format!("{made}/citations"), told)
        .await
        .expect(201);
    app.app.db.statement_texts();
    twincity::subscriptions::worker::run_once(&app.app)
        .await
        .unwrap();
    app.clock.advance(TimeDelta::hours(1));
    twincity::subscriptions::worker::run_once(&app.app)
        .await
        .unwrap();
    let texts = app.app.db.statement_texts();
    let statements: BTreeMap<String, String> = texts
        .iter()
        .filter_map(|text| Some((plain(text)?, "subscribers".to_owned())))
        .collect();
    assert!(statements.len() > 25, "{}", statements.len());
    let mails = texts.iter().filter(|text| text.starts_with("INSERT"));
    assert!(mails.clone().any(|text| text.contains("jobs")));
    let mut told = BTreeSet::new();
    for _ in ["before ANALYZE", "after"] {
        told.extend(faults(&app, &statements));
        analyze(&app);
    }
    let told: Vec<String> = told.into_iter().collect();
    assert!(told.is_empty(), "{}", told.join("\n\n"));
}

#[test]
fn a_plan_that_walks_a_table_is_seen() {
    let sqlite = |statement: &str, plan: &[&str]| {
        let plan: Vec<String> = plan.iter().map(|step| (*step).to_owned()).collect();
        fault(Engine::Sqlite, statement, &plan).is_some()
    };
    let list = "SELECT partners.id AS id FROM partners WHERE x LIMIT 51";
    let by_state = "SEARCH partners USING INDEX partners_sort (record_state=?)";
    assert!(!sqlite(list, &[by_state]));
    assert!(sqlite(list, &[by_state, "USE TEMP B-TREE FOR ORDER BY"]));
    let inner =
        "SELECT partners.id AS id FROM partners WHERE EXISTS (SELECT 1 FROM agreements a) LIMIT 51";
    assert!(sqlite(
        inner,
        &[
            by_state,
            "SEARCH a USING INDEX agreements_created (record_state=?)"
        ]
    ));
    assert!(sqlite(list, &["SCAN partners"]));
    assert!(!sqlite(
        "WITH RECURSIVE line(id) AS (SELECT 1) SELECT * FROM line l",
        &["SCAN l"]
    ));
    let postgres = |step: &str| fault(Engine::Postgres, list, &[step.to_owned()]).is_some();
    assert!(postgres("  ->  Seq Scan on partners  (cost=0.00..1.00)"));
    assert!(!postgres(
        "  ->  Seq Scan on registry_meta  (cost=0.00..1.00)"
    ));
}
