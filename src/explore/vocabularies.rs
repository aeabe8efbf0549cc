//! `GET /vocabularies`: every closed list of codes, with labels for people.
//!
//! They are part of the program and change with it alone, so the validator of an answer is drawn from its
//! content.

use std::sync::LazyLock;

use actix_web::web::Bytes;
use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::core::digest::sha256;
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

/// An answer with what identifies it.
fn identified<T: Serialize>(view: &T) -> Result<(Bytes, Validator), Problem> {
    let body = respond::to_bytes(view)?;
    let hash: String = sha256(&body).chars().take(16).collect();
    Ok((body, Validator::fixed(format!("\"{hash}\""))))
}

/// All of them in all languages, which is a long answer: made once.
static ALL: LazyLock<Option<(Bytes, Validator)>> = LazyLock::new(|| identified(&all_in(None)).ok());

/// All of them, with their texts in this language.
fn all_in(lang: Option<&Parsed<LanguageTag>>) -> Vocabularies {
    let views = vocabulary::vocabularies().iter();
    Vocabularies {
        data: views.map(|view| in_language(view, lang)).collect(),
    }
}

/// The vocabulary with its texts in this language and in English; in all, if none is asked for.
fn in_language(view: &VocabularyView, lang: Option<&Parsed<LanguageTag>>) -> VocabularyView {
    let mut view = view.clone();
    let Some(Parsed(lang)) = lang else {
        return view;
    };
    let kept = |tag: &str| {
        let primary = tag.split_once('-').map_or(tag, |(primary, _)| primary);
        primary == "en" || tag == lang.as_str() || primary == lang.primary()
    };
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
    let lang = query.lang.as_ref();
    let (body, validator) = match ALL.clone().filter(|_| lang.is_none()) {
        Some(all) => all,
        None => identified(&all_in(lang))?,
    };
    respond::conditional(&request, &validator, || Ok(body))
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
    let (body, validator) = identified(&in_language(view, query.lang.as_ref()))?;
    respond::conditional(&request, &validator, || Ok(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_kept_beside_english() {
        let view = vocabulary::vocabulary("legal_status").unwrap();
        let kept = in_language(view, Some(&Parsed("de".parse().unwrap())));
        assert!(
            kept.codes
                .iter()
                .all(|code| code.label.keys().all(|tag| tag == "en"))
        );
        let kept = in_language(view, Some(&Parsed("pl-PL".parse().unwrap())));
        assert!(kept.codes.iter().all(|code| code.label.len() == 2));
    }

    #[test]
    fn each_answer_has_a_validator_of_its_own() {
        let all = vocabulary::vocabularies().iter();
        let tags = all.map(|view| identified(view).unwrap().1.etag);
        let tags: std::collections::BTreeSet<String> = tags.collect();
        assert_eq!(tags.len(), vocabulary::vocabularies().len());
    }
}
