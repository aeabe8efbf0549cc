//! `import`: what it reads, and what it says.

use std::fs;

use crate::support::{Shell, text};

const MAPPING: &str = include_str!("../../../examples/mappings/comuni.toml");
const LIST: &str = include_str!("gemellaggi.txt");

/// A registry of its own in which a file is imported; what is printed, and how it ended.
fn import(shell: &Shell, arguments: &[&str]) -> (String, Option<i32>) {
    let output = shell.run(&[&["import"], arguments].concat());
    let told = text(&output.stdout) + &text(&output.stderr);
    (told, output.status.code())
}

#[test]
fn a_list_as_a_clerk_has_it_is_imported_and_told_on_a_screen() {
    let shell = Shell::new();
    fs::write(shell.path("comuni.toml"), MAPPING).unwrap();
    fs::write(shell.path("gemellaggi.txt"), LIST).unwrap();
    let arguments = ["gemellaggi.txt", "--mapping", "comuni.toml", "--skip-bad"];
    let (told, code) = import(&shell, &arguments);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.lines().count() < 20, "{told}");
    let summary = told.lines().last().unwrap();
    // Four rows can't be resolved by anybody; a list of three is three rows.
    assert!(
        summary.starts_with("rows 402: ") && summary.ends_with("rejected 4"),
        "{told}"
    );
    for fault in [
        "line 51, column Gemellata con: “-”",
        "“Oceania Perduta”: no country has this code or name",
        "“Congo”: Congo is more than one country today",
        "“anni novanta”: this is no date",
    ] {
        assert!(told.contains(fault), "{fault} in {told}");
    }
    // Nothing is invented: the partners are those of the list.
    shell.prints(&["export", "out", "--format", "csv"]);
    let partners = fs::read_to_string(shell.path("out/partners.csv")).unwrap();
    assert!(partners.contains("'s-Hertogenbosch") && partners.contains("Hódmezővásárhely"));
    for mark in [
        "[[",
        "]]",
        "'''",
        "{{",
        "<ref",
        "Bandiera",
        "(Croazia)",
        "[1]",
    ] {
        assert!(!partners.contains(mark), "{mark}");
    }
    let agreements = fs::read_to_string(shell.path("out/agreements.csv")).unwrap();
    for date in ["2009-06-06", "1958-06", "1996-05-01", "1992-07-20"] {
        assert!(agreements.contains(date), "{date}");
    }
    let (again, _) = import(&shell, &arguments);
    assert!(
        again.contains("partners created 0, agreements created 0, matched 0"),
        "{again}"
    );
}

#[test]
fn the_same_fault_of_a_thousand_rows_is_told_once_and_every_one_can_be_written() {
    let shell = Shell::new();
    let mut file = "a.name,a.country,b.name,b.country,signed_on\n".to_owned();
    for number in 0..1000 {
        file.push_str(&format!("A,PL,B{number},Utopia,=1+{number}\n"));
    }
    fs::write(shell.path("links.csv"), file).unwrap();
    let (told, code) = import(&shell, &["links.csv", "--faults", "faults.csv"]);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.lines().count() < 6, "{told}");
    assert!(
        told.contains("1000 rows, column b.country: no country has this code or name: “Utopia” (lines 2, 3, 4) and 997 more"),
        "{told}"
    );
    let faults = fs::read_to_string(shell.path("faults.csv")).unwrap();
    assert_eq!(faults.lines().count(), 2001);
    assert!(faults.contains("\n3,signed_on,'=1+1,"));
}

#[test]
fn a_fault_of_the_file_refuses_it_whatever_is_skipped() {
    let shell = Shell::new();
    let file = b"Gemeinde;Land;Partnerstadt;Partnerland;Seit\nM\xfcnchen;DE;Bordeaux;FR;1964\n\
                 Bonn;DE;Paris;FR;1971\nK\xf6ln;DE;Lille;FR;1958\n";
    fs::write(shell.path("links.csv"), file).unwrap();
    let maps = [
        "--map",
        "a.name=Gemeinde",
        "--map",
        "a.country=Land",
        "--map",
        "b.name=Partnerstadt",
        "--map",
        "b.country=Partnerland",
        "--map",
        "signed_on=Seit",
    ];
    let arguments = [&["links.csv", "--skip-bad"], maps.as_slice()].concat();
    let (told, code) = import(&shell, &arguments);
    assert_eq!(code, Some(2), "{told}");
    assert!(
        told.contains("line 2: the file is not UTF-8") && told.contains("--encoding windows-1252"),
        "{told}"
    );
    let read = [arguments, vec!["--encoding", "windows-1252"]].concat();
    let (told, code) = import(&shell, &read);
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.contains("rows 3: partners created 6, agreements created 3"),
        "{told}"
    );
    for (option, value) in [
        ("--encoding", "klingon"),
        ("--separator", "ab"),
        ("--sheet", "2"),
    ] {
        let (told, code) = import(&shell, &["links.csv", option, value]);
        assert_eq!(code, Some(2), "{option}: {told}");
    }
}

#[test]
fn what_an_export_says_otherwise_than_the_registry_is_told() {
    let shell = Shell::new();
    let file =
        "a.name,a.country,b.name,b.country,signed_on\nAlfa,PL,Beta,DE,1992\nAlfa,PL,Gamma,FR,\n";
    fs::write(shell.path("links.csv"), file).unwrap();
    import(&shell, &["links.csv"]);
    shell.prints(&["export", "out.csv"]);
    let out = fs::read_to_string(shell.path("out.csv")).unwrap();
    let again = |change: &dyn Fn(&str) -> String| {
        fs::write(shell.path("changed.csv"), change(&out)).unwrap();
        let (told, code) = import(&shell, &["changed.csv"]);
        assert_eq!(code, Some(0), "{told}");
        assert!(told.contains("matched 0, duplicates 2"), "{told}");
        told
    };
    let same = again(&ToString::to_string);
    assert!(!same.contains("to do:"), "{same}");
    for (from, to, said) in [
        (
            "1992",
            "1955-05-05",
            "column signed_on: “1955-05-05”: the registry has 1992",
        ),
        (
            "twinning",
            "friendship",
            "column relationship: the registry has twinning, which this doesn't change: “friendship”",
        ),
        ("Gamma", "Delta", "“Delta”: the registry has Gamma"),
        ("FR", "BE", "“BE”: the registry has FR"),
    ] {
        let told = again(&|out| out.replace(from, to));
        assert!(told.contains("to do:") && told.contains(said), "{told}");
    }
    let id = out.split(',').find(|cell| cell.contains("agr_")).unwrap();
    let id = id.split('\n').next_back().unwrap();
    let told = again(&|out| out.replace(id, "agr_0000000000"));
    assert!(told.contains("no agreement of this id"), "{told}");
}

#[test]
fn the_start_after_an_import_into_a_new_database_compares_nothing() {
    let shell = Shell::new();
    let file = shell.path("links.csv");
    fs::write(
        &file,
        "a.name,a.country,b.name,b.country\nLipik,HR,Alba,IT\n",
    )
    .unwrap();
    shell.prints(&["import", &file]);
    let start = shell.run(&["migrate", "up"]);
    assert!(start.status.success());
    let log = text(&start.stderr);
    assert!(!log.contains("comparing"), "{log}");
}
