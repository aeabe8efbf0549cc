//! Who may use whom: the rooms stand in an order, and arrows only point to the left.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "this whole file is a test"
)]

mod rings;

use std::path::{Path, PathBuf};

/// The rooms from left to right; those of one line don't use each other.
const ORDER: &[&[&str]] = &[
    &["core", "private"],
    &["db", "files"],
    &["config"],
    &["index", "cache"],
    &["app"],
    &["http"],
    &["html"],
    &["changes"],
    &["jobs"],
    &["access"],
    &["formats"],
    &["records"],
    &["evidence"],
    &["lifecycle"],
    &["partners"],
    &["agreements", "networks"],
    &["activities"],
    &["kinds"],
    &[
        "suggestions",
        "subscriptions",
        "redactions",
        "explore",
        "exchange",
        "notify",
    ],
    &["pages"],
    &["service"],
    &["server"],
    &["cli"],
];

fn place(room: &str) -> Option<usize> {
    ORDER.iter().position(|rooms| rooms.contains(&room))
}

fn sources(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            // Unit tests may look further.
            if name != "tests" {
                sources(&path, all);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") && name != "tests.rs"
        {
            all.push(path);
        }
    }
}

/// The rooms named behind `crate::`: one, or those of a group in braces.
fn named(rest: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect()
    };
    let Some(group) = rest.strip_prefix('{') else {
        return vec![word(rest)];
    };
    let mut names = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(word(group[start..at].trim()));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names
}

/// The file without comments and without the unit tests at its end.
fn code(text: &str) -> String {
    let mut kept = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.trim() == "#[cfg(test)]"
            && lines
                .peek()
                .is_some_and(|next| next.contains("mod tests {"))
        {
            break;
        }
        // An empty line for each comment keeps the numbers.
        if !line.trim_start().starts_with("//") {
            kept.push_str(line);
        }
        kept.push('\n');
    }
    kept
}

#[test]
fn rooms_use_only_what_stands_to_their_left() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut faults = Vec::new();
    for file in files {
        let inside = file.strip_prefix(&src).unwrap();
        let first = inside
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap();
        let room = first.trim_end_matches(".rs");
        if matches!(room, "lib" | "main") {
            continue;
        }
        let own = place(room).unwrap_or_else(|| panic!("src/{first} has no place in the order"));
        let text = code(&std::fs::read_to_string(&file).unwrap());
        for (at, _) in text.match_indices("crate::") {
            for used in named(&text[at + "crate::".len()..]) {
                let Some(other) = place(&used) else { continue };
                if used != room && other >= own {
                    let line = text[..at].lines().count();
                    faults.push(format!(
                        "src/{}:{line}: {room} uses {used}",
                        inside.display()
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn groups_and_paths_are_read() {
    assert_eq!(named("db::{self, Error};"), ["db"]);
    assert_eq!(
        named("{app::App, db::{Db, row}, http}"),
        ["app", "db", "http"]
    );
    assert_eq!(
        code("// crate::x\nuse a;\n#[cfg(test)]\nmod tests {\n"),
        "\nuse a;\n"
    );
}

/// The names that types have in the OpenAPI document, as the code gives them.
fn schema_names(text: &str) -> Vec<String> {
    let (mut names, mut described, mut called) = (Vec::new(), false, None);
    for line in text.lines().map(str::trim) {
        if line.contains("ToSchema") && !line.starts_with("use ") {
            described = true;
        }
        if let Some(rest) = line.strip_prefix("#[schema(as = ") {
            called = rest.split([')', ',']).next().map(str::to_owned);
        }
        let item = line.trim_start_matches("pub ");
        if item.starts_with("struct ") || item.starts_with("enum ") {
            let name = item.split([' ', '<', '(', '{']).nth(1).map(str::to_owned);
            if described {
                names.extend(called.clone().or(name));
            }
            (described, called) = (false, None);
        }
    }
    names
}

#[test]
fn no_two_types_have_one_name_in_the_document() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut all: Vec<String> = files
        .iter()
        .flat_map(|file| schema_names(&code(&std::fs::read_to_string(file).unwrap())))
        .collect();
    assert!(all.len() > 50, "{all:?}");
    all.sort();
    let twice: Vec<&[String]> = all.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(
        twice.is_empty(),
        "one of them replaces the other: {twice:?}"
    );
}
