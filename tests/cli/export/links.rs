//! Links, as an import reads them.

use std::fs;

use diesel::RunQueryDsl;
use twincity::db::{self, DbConn};
use twincity::exchange::links::{LinkReader, LinkRow, Mapping};

use super::{example, lines, number};
use crate::support::{Shell, text};

fn links(bytes: &[u8]) -> Vec<LinkRow> {
    let reader = LinkReader::open(bytes, Mapping::default()).unwrap();
    assert_eq!(reader.ignored_columns().count(), 0);
    reader.map(|row| row.unwrap().unwrap()).collect()
}

#[test]
fn links_are_rows_that_an_import_reads() {
    let shell = Shell::new();
    let db = example(&shell, &[]);
    shell.prints(&["export", "links.csv"]);
    let bytes = fs::read(shell.path("links.csv")).unwrap();
    let rows = links(&bytes);
    let pairs = "SELECT count(*) AS n FROM agreement_parties a JOIN agreement_parties b \
                 ON b.agreement_id = a.agreement_id AND b.position > a.position \
                 JOIN agreements g ON g.id = a.agreement_id \
                 WHERE g.status NOT IN ('proposed', 'approved', 'abandoned') \
                 AND a.participation <> 'invited' AND b.participation <> 'invited'";
    assert!(!rows.is_empty());
    assert_eq!(i64::try_from(rows.len()).unwrap(), number(&db, pairs));
    let grodno = |row: &&LinkRow| {
        row.b
            .country
            .is_some_and(|country| country.as_str() == "BY")
    };
    let ended = rows
        .iter()
        .filter(grodno)
        .find(|row| row.end_reason.is_some());
    let ended = ended.expect("the agreement with Grodno was terminated for a reason");
    let stored = "SELECT count(*) AS n FROM lifecycle_events e JOIN agreements g \
                  ON g.id = e.agreement_id WHERE e.action = 'terminate' AND e.effective_on = ";
    let day = ended.ended_on.as_ref().unwrap();
    assert!(number(&db, &format!("{stored}'{day}'")) > 0);
    assert!(ended.a.point.is_some() && !ended.a.identifiers.is_empty());
    assert!(rows.iter().any(|row| row.source_url.is_some()));

    let printed = shell.run(&["export", "-"]);
    assert!(printed.status.success() && printed.stderr.is_empty());
    assert!(printed.stdout == bytes, "{}", text(&printed.stdout));
    shell.prints(&["export", "links.jsonl"]);
    let objects = lines(&shell, "links.jsonl");
    assert_eq!(objects.len(), rows.len());
    assert_eq!(objects[0]["a.name"], *rows[0].a.name.as_ref().unwrap());
    assert_eq!(
        shell.prints(&["export", "-", "--format", "jsonl"]),
        fs::read_to_string(shell.path("links.jsonl")).unwrap()
    );
}

#[test]
fn only_what_binds_or_has_bound_is_a_link() {
    let shell = Shell::new();
    let db = example(&shell, &[]);
    let first = "(SELECT min(agreement_id) FROM agreement_parties)";
    let change = |what: &str| {
        let statement = what.replace("FIRST", first);
        db.write_blocking(move |conn: &mut DbConn| -> Result<usize, db::Error> {
            Ok(diesel::sql_query(statement).execute(conn)?)
        })
        .unwrap();
        links(&shell.run(&["export", "-"]).stdout)
    };
    let ended = |rows: &[LinkRow], text: &str| {
        let days = rows.iter().filter_map(|row| row.ended_on.as_ref());
        days.filter(|day| day.as_str().starts_with(text)).count()
    };
    let all = change("UPDATE agreements SET status = 'in_force' WHERE id = FIRST");
    let left = "UPDATE agreement_parties SET participation = 'withdrawn' WHERE position = 1 \
                AND agreement_id = FIRST";
    let rows = change(left);
    let more = ended(&rows, "[..2") - ended(&all, "[..2");
    assert_eq!((rows.len(), more), (all.len(), 1));
    let left = left.replace(" WHERE", ", withdrew_on = '2031-05' WHERE");
    let rows = change(&left);
    assert_eq!((rows.len(), ended(&rows, "2031-05")), (all.len(), 1));
    let joined = left.replace("withdrew_on = '2031-05'", "acceded_on = '2031-01'");
    let rows = change(&joined);
    let signed = |row: &&LinkRow| {
        row.signed_on
            .as_ref()
            .is_some_and(|d| d.as_str() == "2031-01")
    };
    assert_eq!(rows.iter().filter(signed).count(), 1);
    let rows = change(&left.replace("'withdrawn'", "'invited'"));
    assert_eq!((rows.len(), ended(&rows, "2031-05")), (all.len() - 1, 0));
    let rows = change(&left.replace("'withdrawn'", "'party'"));
    assert_eq!(rows.len(), all.len());
    for unbound in ["proposed", "approved", "abandoned"] {
        let status = format!("UPDATE agreements SET status = '{unbound}' WHERE id = FIRST");
        assert_eq!(change(&status).len(), all.len() - 1, "{unbound}");
    }
    change("UPDATE agreements SET status = 'signed' WHERE id = FIRST");
    let state = "UPDATE agreements SET record_state = 'withdrawn' WHERE id = FIRST";
    assert_eq!(change(state).len(), all.len() - 1);
}

#[test]
fn links_come_back_from_csv_and_from_a_workbook_and_change_nothing() {
    let shell = Shell::new();
    // Texts that a spreadsheet would compute, and names that begin with an apostrophe.
    let formula =
        "UPDATE sources SET title = '=' || title WHERE id IN (SELECT source_id FROM citations)";
    let named = |name: &str, id: u8| {
        format!(
            "UPDATE partners SET name = '{name}' WHERE id = (SELECT min(partner_id) + {id} FROM \
             agreement_parties)"
        )
    };
    let (town, sign) = (named("''s-Hertogenbosch", 0), named("-dorf", 1));
    // Texts that would be a list or nothing in another's file.
    let list = named("Alfa, Beta, and Gamma", 2);
    let nothing = "UPDATE sources SET title = 'unknown' WHERE id = (SELECT max(source_id) FROM citations \
                   WHERE record LIKE 'agr%')";
    let db = example(&shell, &[formula, &town, &sign, &list, nothing]);
    let revision = || number(&db, "SELECT seq AS n FROM registry_meta");
    let before = revision();
    for file in ["links.csv", "links.xlsx"] {
        shell.prints(&["export", file]);
        let told = shell.prints(&["import", file]);
        let summary = told.lines().last().unwrap();
        assert!(
            summary.contains("partners created 0, agreements created 0, matched 0, duplicates")
                && summary.ends_with("rejected 0"),
            "{file}: {told}"
        );
        assert_eq!(revision(), before, "{file}: {told}");
    }
    let csv = fs::read_to_string(shell.path("links.csv")).unwrap();
    assert!(
        csv.contains(",'=") && csv.contains("'-dorf") && csv.contains("\n's-Hertogenbosch"),
        "{csv}"
    );
    let marked = shell.run(&["export", "-", "--bom"]).stdout;
    assert_eq!(marked, [b"\xef\xbb\xbf", csv.as_bytes()].concat());
    let texts = links(csv.as_bytes());
    let sheet = links(&fs::read(shell.path("links.xlsx")).unwrap());
    assert_eq!(texts.len(), sheet.len());
    for (text, cell) in texts.iter().zip(&sheet) {
        assert_eq!(
            (&text.a, &text.b, &text.note),
            (&cell.a, &cell.b, &cell.note)
        );
        assert_eq!(text.source_title, cell.source_title);
    }
}

#[test]
fn a_file_whose_ending_nobody_knows_is_refused() {
    let shell = Shell::new();
    example(&shell, &[]);
    for name in ["links.xls", "links.ods", "links.json", "links.csv.gz"] {
        let error = shell.fails(&["export", name], 2);
        assert!(error.contains(".csv, .xlsx or .jsonl"), "{error}");
        assert!(!fs::exists(shell.path(name)).unwrap());
    }
    for arguments in [
        vec!["export", "out", "--format", "xlsx"],
        vec!["export", "links.xlsx", "--bom"],
        vec!["export", "links.jsonl", "--bom"],
    ] {
        shell.fails(&arguments, 2);
    }
    shell.prints(&["export", "dump-2026.11"]);
    shell.prints(&["export", "dump.d/"]);
    assert!(fs::exists(shell.path("dump.d/manifest.json")).unwrap());
}
