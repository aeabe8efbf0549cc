//! Files import each other one way only, inside a room as well: a ring says that two of them hold parts
//! of one thing, or one of them two.
//!
//! A folder's `mod.rs` is the room its files stand in: they may use it, and it may use them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{code, sources};

/// A module by its names from the root.
type Name = Vec<String>;

/// What a file names.
#[derive(Default)]
struct File {
    /// Names it brings in, with what they mean and whether it hands them on.
    imports: BTreeMap<String, (Name, bool)>,
    /// Paths it writes out.
    paths: Vec<Name>,
}

/// Words and `::`, `{`, `}`, `,`, `;`, `*` and whatever else there is, without what is in quotes.
fn tokens(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c.is_alphanumeric() || c == '_' {
            let mut word = String::from(c);
            while let Some(next) = rest.next_if(|c| c.is_alphanumeric() || *c == '_') {
                word.push(next);
            }
            found.push(word);
        } else if c == '"' {
            while let Some(next) = rest.next() {
                match next {
                    '\\' => drop(rest.next()),
                    '"' => break,
                    _ => {}
                }
            }
        } else if c == '\'' {
            // A character, unless a lifetime.
            let mut ahead = rest.clone();
            let escaped = ahead.next() == Some('\\');
            if escaped || ahead.next() == Some('\'') {
                if escaped {
                    rest.nth(1);
                }
                while rest.next().is_some_and(|c| c != '\'') {}
            }
        } else if c == ':' && rest.next_if_eq(&':').is_some() {
            found.push("::".to_owned());
        } else if !c.is_whitespace() {
            found.push(c.to_string());
        }
    }
    found
}

/// What a tree of imports brings in: the path and the name of each.
fn imported(tree: &[String], before: &[String], all: &mut Vec<(Name, String)>) {
    let at = tree.iter().position(|token| token == "{");
    let end = at.unwrap_or_else(|| {
        let renamed = tree.iter().position(|token| token == "as");
        renamed.unwrap_or(tree.len())
    });
    let steps = tree[..end].iter().filter(|token| *token != "::").cloned();
    let mut path: Name = before.iter().cloned().chain(steps).collect();
    let Some(open) = at else {
        if path.last().is_some_and(|last| last == "self") && !before.is_empty() {
            path.pop();
        }
        let name = tree.get(end + 1).or(path.last()).cloned();
        all.extend(name.map(|name| (path, name)));
        return;
    };
    let (mut depth, mut start) = (0, open + 1);
    for (i, token) in tree.iter().enumerate().skip(open + 1) {
        let closes = token == "}" && depth == 0;
        if (closes || token == "," && depth == 0) && start < i {
            imported(&tree[start..i], &path, all);
        }
        match token.as_str() {
            "{" => depth += 1,
            "}" if depth > 0 => depth -= 1,
            "," if depth == 0 => start = i + 1,
            _ => {}
        }
        if closes {
            break;
        }
    }
}

/// What a file names, as it stands there.
fn read(text: &str) -> (Vec<(Name, String, bool)>, Vec<Name>) {
    let tokens = tokens(&code(text));
    let (mut imports, mut paths) = (Vec::new(), Vec::new());
    let mut i = 0;
    while i < tokens.len() {
        let before = i.checked_sub(1).and_then(|i| tokens.get(i));
        if tokens[i] == "use" {
            let end = tokens[i..].iter().position(|token| token == ";").unwrap();
            let mut found = Vec::new();
            imported(&tokens[i + 1..i + end], &[], &mut found);
            let public = before.is_some_and(|token| token == "pub" || token == ")");
            imports.extend(found.into_iter().map(|(path, name)| (path, name, public)));
            i += end;
        } else if before.is_none_or(|token| token != "::") {
            let mut path = vec![tokens[i].clone()];
            while let (Some("::"), Some(next)) =
                (tokens.get(i + 1).map(String::as_str), tokens.get(i + 2))
            {
                path.push(next.clone());
                i += 2;
            }
            if path.len() > 1 {
                paths.push(path);
            }
        }
        i += 1;
    }
    (imports, paths)
}

struct House(BTreeMap<Name, File>);

impl House {
    /// All files, by the text of each.
    fn of(texts: BTreeMap<Name, String>) -> Self {
        let mut house = Self(texts.keys().map(|m| (m.clone(), File::default())).collect());
        for (module, text) in texts {
            let (imports, paths) = read(&text);
            let imports = imports.into_iter().filter_map(|(path, name, public)| {
                Some((name, (house.absolute(&module, &path)?, public)))
            });
            let imports = imports.collect();
            house.0.insert(module, File { imports, paths });
        }
        house
    }

    /// The path from the root; none when it leads into another crate.
    fn absolute(&self, module: &[String], path: &[String]) -> Option<Name> {
        let (first, rest) = path.split_first()?;
        let up = path.iter().take_while(|step| *step == "super").count();
        let from = |base: &[String], rest: &[String]| [base, rest].concat();
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some(from(module, rest)),
            "super" => Some(from(&module[..module.len().checked_sub(up)?], &path[up..])),
            _ => {
                let child = from(module, &path[..1]);
                self.0.contains_key(&child).then(|| from(module, path))
            }
        }
    }

    /// The file that holds what the path leads to, through what others hand on.
    fn holder(&self, path: &[String], depth: usize) -> Option<Name> {
        let depth = depth.checked_sub(1)?;
        let length = (1..=path.len()).rfind(|n| self.0.contains_key(&path[..*n]))?;
        let (module, rest) = path.split_at(length);
        let handed = rest
            .first()
            .and_then(|name| self.0[module].imports.get(name));
        match handed {
            Some((to, _)) => self.holder(&[to, &rest[1..]].concat(), depth),
            None => Some(module.to_vec()),
        }
    }

    /// Which files this one uses.
    fn used(&self, module: &Name) -> BTreeSet<Name> {
        let File { imports, paths } = &self.0[module];
        let mut used = BTreeSet::new();
        for (path, public) in imports.values() {
            // A module alone is only a name: what is taken out of it says whom it leads to.
            let holder = self.holder(path, 8);
            let hands_on = *public && holder.as_ref().is_some_and(|to| to.starts_with(module));
            if holder.as_ref() != Some(path) && !hands_on {
                used.extend(holder);
            }
        }
        for path in paths {
            let path = match imports.get(&path[0]) {
                Some((to, _)) => Some([to, &path[1..]].concat()),
                None => self.absolute(module, path),
            };
            used.extend(path.and_then(|path| self.holder(&path, 8)));
        }
        // What stands in a folder is part of it.
        used.retain(|to| !module.starts_with(to));
        used
    }

    /// What is used by files that use each other in a ring.
    fn rings(&self) -> Vec<String> {
        let all = self.0.keys().map(|module| (module, self.used(module)));
        let mut left: BTreeMap<&Name, BTreeSet<Name>> = all.collect();
        loop {
            let users: BTreeSet<Name> = left.values().flatten().cloned().collect();
            let keys: BTreeSet<Name> = left.keys().map(|name| (*name).clone()).collect();
            left.retain(|module, _| users.contains(*module));
            for used in left.values_mut() {
                used.retain(|to| keys.contains(to));
            }
            left.retain(|_, used| !used.is_empty());
            if left.len() == keys.len() {
                break;
            }
        }
        let line = |from: &Name, to: &Name| format!("{} uses {}", from.join("/"), to.join("/"));
        left.iter()
            .flat_map(|(from, used)| used.iter().map(move |to| line(from, to)))
            .collect()
    }
}

#[test]
fn no_files_import_each_other_in_a_ring() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut texts = BTreeMap::new();
    for file in files {
        let inside = file.strip_prefix(&src).unwrap().with_extension("");
        let mut name: Name = inside
            .iter()
            .map(|step| step.to_str().unwrap().to_owned())
            .collect();
        if name.last().is_some_and(|last| last == "mod") {
            name.pop();
        }
        if name != ["lib"] && name != ["main"] {
            texts.insert(name, std::fs::read_to_string(&file).unwrap());
        }
    }
    let rings = House::of(texts).rings();
    assert!(rings.is_empty(), "\n{}", rings.join("\n"));
}

#[test]
fn a_ring_is_found_through_names_that_are_handed_on() {
    let file = |name: &str, text: &str| {
        let name = name.split('/').map(str::to_owned).collect::<Name>();
        (name, text.to_owned())
    };
    let straight = [
        file(
            "room",
            "mod view;\npub use store::Row;\npub fn all() { view::show() }",
        ),
        file(
            "room/store",
            "use super::all;\npub struct Row<'a>(&'a str);",
        ),
        file(
            "room/view",
            "use super::{Row, store::{self as rows}};\nfn show() { rows::find(':', \"view::x\") }",
        ),
    ];
    let house = House::of(straight.clone().into());
    assert_eq!(house.rings(), Vec::<String>::new());
    let back = file(
        "room/store",
        "// use super::view::show;\npub fn find() { super::view::show() }",
    );
    let mut ring = BTreeMap::from(straight);
    ring.extend([back]);
    assert_eq!(
        House::of(ring).rings(),
        ["room/store uses room/view", "room/view uses room/store"]
    );
}
