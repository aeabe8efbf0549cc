//! `GET /vocabularies`: every closed list of codes, with labels for people.
//!
//! They are part of the program and change with it alone, so each answer is made once and its
//! validator is drawn from its content.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use actix_web::web::Bytes;
use actix_web::{get, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};

use crate::core::language::LanguageTag;
use crate::core::vocabulary::{self, VocabularyView};
use crate::http::extract::{Parsed, Query, ReadRequest};
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond::{self, Validator};

/// How vocabularies are shown.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VocabularyParams {
    /// Only labels and definitions in this language (BCP 47), and the English ones.
    #[param(value_type = Option<String>, example = "pl")]
    pub lang: Option<Parsed<LanguageTag>>,
    /// Media type by name, instead of `Accept`.
    #[param(example = "json", pattern = "^json$")]
    pub format: Option<String>,
}

/// Every vocabulary.
#[derive(Debug, Serialize, ToSchema)]
pub struct Vocabularies {
    /// The vocabularies, grouped by subject.
    pub data: Vec<VocabularyView>,
}

/// An answer with its validator.
struct Answer {
    body: Bytes,
    etag: String,
}

impl Answer {
    fn new<T: Serialize>(view: &T) -> Result<Self, Problem> {
        let body = respond::to_bytes(view)?;
        let hash = Sha256::digest(&body);
        let hash = URL_SAFE_NO_PAD.encode(hash.get(..12).unwrap_or_default());
        Ok(Self {
            body,
            etag: format!("\"{hash}\""),
        })
    }

    fn give(&self, request: &ReadRequest) -> HttpResult {
        let validator = Validator::fixed(self.etag.clone());
        respond::conditional(request, &validator, || Ok(self.body.clone()))
    }
}

/// All of them, in all languages.
static ALL: LazyLock<Option<Answer>> = LazyLock::new(|| {
    Answer::new(&Vocabularies {
        data: vocabulary::vocabularies().to_vec(),
    })
    .ok()
});

/// Each of them, in all languages.
static EACH: LazyLock<BTreeMap<&'static str, Answer>> = LazyLock::new(|| {
    let all = vocabulary::vocabularies().iter();
    all.filter_map(|view| Some((view.name, Answer::new(view).ok()?)))
        .collect()
});

/// The vocabulary with its texts in this language and in English.
fn in_language(view: &VocabularyView, lang: &LanguageTag) -> VocabularyView {
    let kept = |tag: &str| {
        let primary = tag.split_once('-').map_or(tag, |(primary, _)| primary);
        primary == "en" || tag == lang.as_str() || primary == lang.primary()
    };
    let mut view = view.clone();
    view.title.retain(|tag, _| kept(tag));
    for code in &mut view.codes {
        code.label.retain(|tag, _| kept(tag));
        code.definition.retain(|tag, _| kept(tag));
    }
    view
}

/// List vocabularies
///
/// Every closed list of codes that records use, with labels, definitions and what other registers
/// call the same thing.
#[utoipa::path(tag = "explore", extensions(("x-state" = json!("program"))), params(VocabularyParams),
    responses((status = 200, description = "Every vocabulary", body = Vocabularies)))]
#[get("/api/v1/vocabularies")]
pub async fn list_vocabularies(request: ReadRequest, query: Query<VocabularyParams>) -> HttpResult {
    match (&query.lang, ALL.as_ref()) {
        (None, Some(all)) => all.give(&request),
        (lang, _) => {
            let views = vocabulary::vocabularies().iter();
            let data = match lang {
                Some(Parsed(lang)) => views.map(|view| in_language(view, lang)).collect(),
                None => views.cloned().collect(),
            };
            Answer::new(&Vocabularies { data })?.give(&request)
        }
    }
}

/// Read a vocabulary
///
/// One closed list of codes with labels and definitions.
#[utoipa::path(tag = "explore", extensions(("x-state" = json!("program"))),
    params(("name" = String, Path, description = "The vocabulary's name", example = "legal_status"), VocabularyParams),
    responses((status = 200, description = "The vocabulary", body = VocabularyView)))]
#[get("/api/v1/vocabularies/{name}")]
pub async fn get_vocabulary(
    request: ReadRequest,
    path: web::Path<String>,
    query: Query<VocabularyParams>,
) -> HttpResult {
    let view = vocabulary::vocabulary(&path).ok_or_else(|| Problem::not_found("vocabulary"))?;
    match (&query.lang, EACH.get(view.name)) {
        (None, Some(answer)) => answer.give(&request),
        (Some(Parsed(lang)), _) => Answer::new(&in_language(view, lang))?.give(&request),
        (None, None) => Answer::new(view)?.give(&request),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_kept_beside_english() {
        let view = vocabulary::vocabulary("legal_status").unwrap();
        let kept = in_language(view, &"de".parse().unwrap());
        assert!(
            kept.codes
                .iter()
                .all(|code| code.label.keys().all(|tag| tag == "en"))
        );
        let kept = in_language(view, &"pl-PL".parse().unwrap());
        assert!(kept.codes.iter().all(|code| code.label.len() == 2));
    }

    #[test]
    fn each_answer_has_a_validator_of_its_own() {
        let tags: std::collections::BTreeSet<&str> =
            EACH.values().map(|answer| answer.etag.as_str()).collect();
        assert_eq!(tags.len(), vocabulary::vocabularies().len());
        assert!(ALL.is_some());
    }
}
