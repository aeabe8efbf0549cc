//! Legal acts in JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::edtf::Edtf;
use crate::core::issue::{Checked, Issues};
use crate::core::vocabulary::lifecycle::LegalActKind;
use crate::http::validate;

/// Longest name of a body and longest number of an act.
const MAX_TEXT: usize = 300;
/// More votes than this no council has.
const MAX_VOTES: i64 = 1_000_000;

/// The legal act a step rests on, as it is sent.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "council_resolution", "body": "Rada Miasta Białystok", "number": "XLVIII/721/22", "adopted_on": "2022-02-28", "vote": {"unanimous": true}}))]
pub struct LegalActIn {
    /// What sort of act it is.
    #[schema(value_type = LegalActKind, required = true)]
    pub kind: Option<Checked<LegalActKind>>,
    /// The body that adopted it.
    #[schema(min_length = 1, max_length = 300, example = "Rada Miasta Białystok")]
    pub body: Option<String>,
    /// Its number, as printed.
    #[schema(min_length = 1, max_length = 300, example = "XLVIII/721/22")]
    pub number: Option<String>,
    /// When it was adopted.
    pub adopted_on: Option<Checked<Edtf>>,
    /// Where it is found.
    #[schema(pattern = "^https?://", max_length = 2000)]
    pub url: Option<String>,
    /// How the votes fell.
    pub vote: Option<Vote>,
}

/// The legal act a step rests on.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LegalAct {
    /// What sort of act it is.
    pub kind: LegalActKind,
    /// The body that adopted it.
    #[schema(example = "Rada Miasta Białystok")]
    pub body: Option<String>,
    /// Its number, as printed.
    #[schema(example = "XLVIII/721/22")]
    pub number: Option<String>,
    /// When it was adopted.
    pub adopted_on: Option<Edtf>,
    /// Where it is found.
    pub url: Option<String>,
    /// How the votes fell.
    pub vote: Option<Vote>,
}

/// How the votes on an act fell.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Vote {
    /// Votes for it.
    #[serde(rename = "for")]
    #[schema(minimum = 0, maximum = 1_000_000, example = 21)]
    pub in_favour: Option<i64>,
    /// Votes against it.
    #[schema(minimum = 0, maximum = 1_000_000, example = 3)]
    pub against: Option<i64>,
    /// Abstentions.
    #[schema(minimum = 0, maximum = 1_000_000, example = 1)]
    pub abstain: Option<i64>,
    /// Present without voting.
    #[schema(minimum = 0, maximum = 1_000_000, example = 0)]
    pub not_voting: Option<i64>,
    /// Whether nobody voted against it.
    pub unanimous: Option<bool>,
}

impl LegalActIn {
    /// Checks every field; what is wrong goes to `issues`, below `at`.
    pub fn check(self, at: &str, issues: &mut Issues) -> Option<LegalAct> {
        let p = |name: &str| format!("{at}/{name}");
        let kind = issues.take_required(&p("kind"), self.kind);
        let body = validate::text(&p("body"), self.body, MAX_TEXT, issues);
        let number = validate::text(&p("number"), self.number, MAX_TEXT, issues);
        let adopted_on = issues.take(&p("adopted_on"), self.adopted_on);
        let url = validate::url(&p("url"), self.url, issues);
        if let Some(vote) = &self.vote {
            vote.check(&p("vote"), issues);
        }
        Some(LegalAct {
            kind: kind?,
            body,
            number,
            adopted_on,
            url,
            vote: self.vote,
        })
    }
}

impl Vote {
    fn check(&self, at: &str, issues: &mut Issues) {
        let counts = [
            ("for", self.in_favour),
            ("against", self.against),
            ("abstain", self.abstain),
            ("not_voting", self.not_voting),
        ];
        for (name, count) in counts {
            if count.is_some_and(|count| !(0..=MAX_VOTES).contains(&count)) {
                let rule = format!("must be from 0 to {MAX_VOTES}");
                issues.add(format!("{at}/{name}"), "range", rule);
            }
        }
        if self.unanimous == Some(true) && self.against.is_some_and(|against| against > 0) {
            let rule = "an act with votes against it was not adopted unanimously";
            issues.add(format!("{at}/unanimous"), "contradiction", rule);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_needs_its_kind_and_nothing_else() {
        let mut issues = Issues::default();
        assert!(
            LegalActIn::default()
                .check("/legal_act", &mut issues)
                .is_none()
        );
        assert_eq!(issues.pointers(), ["/legal_act/kind"]);
        let mut issues = Issues::default();
        let kind = Some(LegalActKind::Statute.into());
        assert!(
            LegalActIn {
                kind,
                ..LegalActIn::default()
            }
            .check("", &mut issues)
            .is_some()
        );
        assert!(issues.is_empty());
    }

    #[test]
    fn votes_are_counts_and_agree_with_each_other() {
        let vote = Vote {
            abstain: Some(-1),
            against: Some(2),
            unanimous: Some(true),
            ..Vote::default()
        };
        let mut issues = Issues::default();
        vote.check("/vote", &mut issues);
        assert_eq!(issues.pointers(), ["/vote/abstain", "/vote/unanimous"]);
    }
}
