//! What `GET /api/v1/vocabularies` shows: the codes, joined with their labels.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Code, every_vocabulary};
use crate::core::identifier::Scheme;

/// A vocabulary: a closed list of codes and what they mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct VocabularyView {
    /// Its name in addresses.
    #[schema(example = "legal_status")]
    pub name: &'static str,
    /// What it is about, by language (BCP 47).
    #[schema(example = json!({"en": "Legal status", "pl": "Stan prawny"}))]
    pub title: BTreeMap<String, String>,
    /// Its codes, in their natural order.
    pub codes: Vec<CodeView>,
}

/// One code of a vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CodeView {
    /// The code, as records hold it.
    #[schema(example = "in_force")]
    pub code: &'static str,
    /// What to show to people, by language (BCP 47); English and Polish are always there.
    #[schema(example = json!({"en": "In force", "pl": "Obowiązujące"}))]
    pub label: BTreeMap<String, String>,
    /// What it means, one sentence by language (BCP 47).
    #[schema(example = json!({"en": "The agreement binds its parties."}))]
    pub definition: BTreeMap<String, String>,
    /// What others call it.
    pub equivalents: Vec<Equivalent>,
}

/// What another register, or the practice of a country, calls the same thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Equivalent {
    /// The register, organisation or country.
    #[schema(example = "Sister Cities International")]
    pub register: String,
    /// Its name there, in its own language.
    #[schema(example = "sister city")]
    pub name: String,
}

/// Every vocabulary, grouped by subject.
pub fn vocabularies() -> &'static [VocabularyView] {
    &VOCABULARIES
}

/// The vocabulary of this name, such as `partner_kind`.
pub fn vocabulary(name: &str) -> Option<&'static VocabularyView> {
    vocabularies()
        .iter()
        .find(|vocabulary| vocabulary.name == name)
}

/// The embedded files, each a table of vocabularies.
pub(super) const FILES: [&str; 7] = [
    include_str!("labels/partner.toml"),
    include_str!("labels/agreement.toml"),
    include_str!("labels/lifecycle.toml"),
    include_str!("labels/network.toml"),
    include_str!("labels/activity.toml"),
    include_str!("labels/evidence.toml"),
    include_str!("labels/record.toml"),
];

/// What a file says of one vocabulary: its title, and every other key is a code.
#[derive(Debug, Deserialize)]
pub(super) struct Labels {
    title: BTreeMap<String, String>,
    #[serde(flatten)]
    pub(super) codes: BTreeMap<String, Entry>,
}

/// What a file says of one code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    label: BTreeMap<String, String>,
    definition: BTreeMap<String, String>,
    #[serde(default)]
    equivalents: Vec<Equivalent>,
}

static VOCABULARIES: LazyLock<Vec<VocabularyView>> = LazyLock::new(|| {
    let mut labels = read();
    macro_rules! views {
        ($($type:ty),+ $(,)?) => { vec![$(of_enum::<$type>(&mut labels)),+] };
    }
    let mut views = every_vocabulary!(views);
    // Schemes carry no definitions of their own: theirs are in the file, English too.
    let schemes = Scheme::all().iter().map(|scheme| (scheme.code(), None));
    views.push(view("identifier_scheme", schemes, &mut labels));
    views
});

/// The labels of every vocabulary, by its name.
#[expect(clippy::expect_used, reason = "embedded files, read by the tests")]
pub(super) fn read() -> BTreeMap<String, Labels> {
    FILES
        .iter()
        .flat_map(|file| {
            toml::from_str::<BTreeMap<String, Labels>>(file).expect("labels are well-formed TOML")
        })
        .collect()
}

fn of_enum<C: Code>(labels: &mut BTreeMap<String, Labels>) -> VocabularyView {
    let codes = C::all()
        .iter()
        .map(|code| (code.code(), Some(code.definition())));
    view(C::VOCABULARY, codes, labels)
}

#[expect(
    clippy::expect_used,
    reason = "embedded files, compared with the codes by the tests"
)]
fn view(
    name: &'static str,
    codes: impl Iterator<Item = (&'static str, Option<&'static str>)>,
    labels: &mut BTreeMap<String, Labels>,
) -> VocabularyView {
    let mut labels = labels.remove(name).expect("every vocabulary has labels");
    let codes = codes
        .map(|(code, english)| {
            let Entry {
                label,
                mut definition,
                equivalents,
            } = labels.codes.remove(code).expect("every code has a label");
            definition.extend(english.map(|text| ("en".to_owned(), text.to_owned())));
            CodeView {
                code,
                label,
                definition,
                equivalents,
            }
        })
        .collect();
    VocabularyView {
        name,
        title: labels.title,
        codes,
    }
}
