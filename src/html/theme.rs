//! A city's own look: a folder whose logo, colours, texts and templates are shown instead of ours
//! (docs/themes.md). It is read once, at the start; what is wrong with it is told in a line.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use actix_web::web::Bytes;

use super::lang::Lang;

/// The largest file of a theme, in bytes.
const LARGEST: usize = 256 * 1024;

/// Files that pages load, and their media types.
const FILES: &[(&str, &str)] = &[
    ("colours.css", "text/css; charset=utf-8"),
    ("icon.svg", "image/svg+xml"),
    ("logo.svg", "image/svg+xml"),
    ("logo.png", "image/png"),
    ("logo.webp", "image/webp"),
    ("logo.jpg", "image/jpeg"),
];

/// What may lie in the folder and is not looked at.
const IGNORED: &[&str] = &["README.md", "LICENSE"];

/// A file of a theme that pages load.
#[derive(Debug, Clone)]
pub struct OwnFile {
    /// Its name: `logo.svg`.
    pub name: &'static str,
    /// Its media type.
    pub media: &'static str,
    /// Its bytes.
    pub bytes: Bytes,
}

/// A theme.
#[derive(Debug, Default)]
pub struct Theme {
    /// Templates by their names.
    pub templates: Vec<(String, String)>,
    /// Messages in Fluent by their languages.
    pub texts: Vec<(Lang, String)>,
    /// Files that pages load.
    pub files: Vec<OwnFile>,
}

/// What is wrong with a theme: the file, and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Fault(String);

impl Fault {
    /// A fault of this file.
    pub fn of(file: &str, sentence: impl fmt::Display) -> Self {
        Self(format!("{file}: {sentence}"))
    }
}

static THEME: OnceLock<Theme> = OnceLock::new();

/// The theme of this process; an empty one without any.
pub fn current() -> &'static Theme {
    THEME.get_or_init(Theme::default)
}

/// Makes this the theme of the process, before any page is made.
pub fn set(theme: Theme) -> Result<(), Fault> {
    let late = |_| Fault("a theme can't change once pages are made".to_owned());
    THEME.set(theme).map_err(late)
}

impl Theme {
    /// The theme in this folder.
    pub fn read(folder: &Path) -> Result<Self, Fault> {
        let mut theme = Self::default();
        for name in names(folder, "")? {
            match name.as_str() {
                "texts" => theme.read_texts(folder)?,
                "templates" => theme.read_templates(folder)?,
                name if IGNORED.contains(&name) || name.starts_with('.') => {}
                name => theme.read_file(folder, name)?,
            }
        }
        let logos = theme.files.iter().filter(|file| is_logo(file.name));
        if logos.count() > 1 {
            return Err(Fault::of("logo", "there may be one, in one form"));
        }
        Ok(theme)
    }

    /// The name of the logo, if there is one.
    pub fn logo(&self) -> Option<&'static str> {
        let mut names = self.files.iter().map(|file| file.name);
        names.find(|name| is_logo(name))
    }

    /// Whether there is a file of this name.
    pub fn has(&self, name: &str) -> bool {
        self.files.iter().any(|file| file.name == name)
    }

    /// The messages of this language.
    pub fn texts(&self, lang: Lang) -> Option<&str> {
        let texts = self.texts.iter().find(|(known, _)| *known == lang)?;
        Some(&texts.1)
    }

    fn read_texts(&mut self, folder: &Path) -> Result<(), Fault> {
        for name in names(folder, "texts")? {
            let lang = name.strip_suffix(".ftl").and_then(|code| code.parse().ok());
            let file = format!("texts/{name}");
            let Some(lang) = lang else {
                let known = Lang::ALL.map(|lang| format!("{lang}.ftl")).join(", ");
                return Err(Fault::of(&file, format!("there may be {known}")));
            };
            self.texts.push((lang, text(folder, &file)?));
        }
        Ok(())
    }

    fn read_templates(&mut self, folder: &Path) -> Result<(), Fault> {
        for name in names(folder, "templates")? {
            let source = text(folder, &format!("templates/{name}"))?;
            self.templates.push((name, source));
        }
        Ok(())
    }

    fn read_file(&mut self, folder: &Path, name: &str) -> Result<(), Fault> {
        let Some((name, media)) = FILES.iter().find(|(known, _)| *known == name) else {
            let known: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
            let sentence = format!("a theme has {}, texts/ and templates/", known.join(", "));
            return Err(Fault::of(name, sentence));
        };
        let bytes = fs::read(folder.join(name)).map_err(|error| Fault::of(name, error))?;
        if bytes.len() > LARGEST {
            let sentence = format!("this is larger than {LARGEST} bytes");
            return Err(Fault::of(name, sentence));
        }
        self.files.push(OwnFile {
            name,
            media,
            bytes: bytes.into(),
        });
        Ok(())
    }

    /// The style sheet of colours sets tokens of `sheet` and nothing else, and loads nothing.
    pub fn check_colours(&self, sheet: &str) -> Result<(), Fault> {
        const FILE: &str = "colours.css";
        let Some(file) = self.files.iter().find(|file| file.name == FILE) else {
            return Ok(());
        };
        let css = std::str::from_utf8(&file.bytes).map_err(|error| Fault::of(FILE, error))?;
        let mut loads = ["url(", "@import"].into_iter();
        if let Some(loads) = loads.find(|part| css.contains(part)) {
            let sentence = format!("pages load nothing else, so no {loads}");
            return Err(Fault::of(FILE, sentence));
        }
        let known = tokens(sheet);
        let Some(token) = tokens(css).difference(&known).next().cloned() else {
            return Ok(());
        };
        let known: Vec<String> = known.into_iter().collect();
        let sentence = format!("there is no colour {token}; there are {}", known.join(", "));
        Err(Fault::of(FILE, sentence))
    }
}

fn is_logo(name: &str) -> bool {
    name.starts_with("logo.")
}

/// The custom properties that a style sheet sets.
fn tokens(sheet: &str) -> BTreeSet<String> {
    let set = |part: &str| {
        let name = part
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .next()?;
        let is_set = part.get(name.len()..)?.trim_start().starts_with(':');
        is_set.then(|| format!("--{name}"))
    };
    sheet.split("--").skip(1).filter_map(set).collect()
}

/// The names in a folder, in order.
fn names(folder: &Path, inside: &str) -> Result<Vec<String>, Fault> {
    let shown = if inside.is_empty() { "." } else { inside };
    let wrong = |error| Fault::of(shown, error);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder.join(inside)).map_err(wrong)? {
        let name = entry.map_err(wrong)?.file_name();
        names.push(name.to_string_lossy().into_owned());
    }
    names.sort_unstable();
    Ok(names)
}

fn text(folder: &Path, file: &str) -> Result<String, Fault> {
    fs::read_to_string(folder.join(file)).map_err(|error| Fault::of(file, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        folder
    }

    #[test]
    fn a_theme_is_what_lies_in_its_folder() {
        let folder = folder(&[
            ("logo.svg", "<svg/>"),
            ("colours.css", ":root { --link: #123 }"),
            ("texts/pl.ftl", "registry = Rejestr"),
            ("templates/about.html", "x"),
            ("README.md", "ours"),
        ]);
        let theme = Theme::read(folder.path()).unwrap();
        assert_eq!(theme.logo(), Some("logo.svg"));
        assert_eq!(theme.texts(Lang::Pl), Some("registry = Rejestr"));
        assert_eq!(theme.texts(Lang::En), None);
        assert!(
            theme
                .check_colours(":root{--link:#000;--text:#fff}")
                .is_ok()
        );
        let fault = theme.check_colours(":root{--text:#fff}").unwrap_err();
        assert_eq!(
            fault.to_string(),
            "colours.css: there is no colour --link; there are --text"
        );
    }

    #[test]
    fn what_has_no_place_in_a_theme_is_named() {
        for (file, content, fault) in [
            ("style.css", "", "style.css: a theme has colours.css, "),
            (
                "texts/de.ftl",
                "",
                "texts/de.ftl: there may be en.ftl, pl.ftl",
            ),
        ] {
            let folder = folder(&[(file, content)]);
            let told = Theme::read(folder.path()).unwrap_err().to_string();
            assert!(told.starts_with(fault), "{told}");
        }
        let loads = folder(&[("colours.css", "@import 'x';")]);
        let theme = Theme::read(loads.path()).unwrap();
        assert!(theme.check_colours("").is_err());
        let two = folder(&[("logo.svg", ""), ("logo.png", "")]);
        assert!(Theme::read(two.path()).is_err());
        assert!(Theme::read(Path::new("/nowhere")).is_err());
    }
}
