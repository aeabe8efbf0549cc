//! What is wrong with a body, field by field.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::Value;

use super::parse_error::ParseError;

/// One refused field of a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldIssue {
    /// JSON pointer (RFC 6901) into the body, empty for the body itself.
    pub pointer: String,
    /// Stable code in `snake_case`.
    pub code: &'static str,
    /// The rule and, where it helps, what is allowed.
    pub message: String,
}

impl FieldIssue {
    /// An issue at this pointer.
    pub fn new(pointer: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            code,
            message: message.into(),
        }
    }

    /// It at another pointer.
    #[must_use]
    pub fn at(&self, pointer: impl Into<String>) -> Self {
        Self::new(pointer, self.code, self.message.clone())
    }

    /// Whether it is of the same kind: messages tell dates, which may have become better known.
    pub fn is_like(&self, other: &Self) -> bool {
        (&self.pointer, self.code) == (&other.pointer, other.code)
    }
}

/// Collects every issue of one body, so that its author is told all of them at once.
///
/// Of very many the first are kept and the others counted: a body of two megabytes can have a hundred
/// thousand faults.
#[derive(Debug, Default)]
pub struct Issues {
    found: Vec<FieldIssue>,
    kept: HashSet<String>,
    untold: usize,
}

/// Most issues of one body that are kept.
const MOST: usize = 500;

impl Issues {
    /// For the change of a record that shows this: texts that stand in it were taken under the rules
    /// of their time and may stay.
    pub fn keeping(shown: &Value) -> Self {
        let mut issues = Self::default();
        keep(shown, &mut issues.kept);
        issues
    }

    /// Whether the record had this text before.
    pub fn keeps(&self, text: &str) -> bool {
        self.kept.contains(text)
    }

    /// Adds an issue.
    pub fn add(
        &mut self,
        pointer: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
    ) {
        self.push(FieldIssue::new(pointer, code, message));
    }

    /// Adds a refused value.
    pub fn invalid(&mut self, pointer: impl Into<String>, invalid: ParseError) {
        self.add(pointer, invalid.code, invalid.message);
    }

    /// Adds the issues of another check.
    pub fn extend(&mut self, issues: impl IntoIterator<Item = FieldIssue>) {
        for issue in issues {
            self.push(issue);
        }
    }

    fn push(&mut self, issue: FieldIssue) {
        if self.found.len() < MOST {
            self.found.push(issue);
        } else {
            self.untold += 1;
        }
    }

    /// The value, or `None` with its refusal noted.
    pub fn check<T>(&mut self, pointer: &str, result: Result<T, ParseError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(invalid) => {
                self.invalid(pointer, invalid);
                None
            }
        }
    }

    /// A value sent as text: absent, good, or refused and noted.
    pub fn take<T>(&mut self, pointer: &str, value: Option<Checked<T>>) -> Option<T> {
        value.and_then(|value| self.check(pointer, value.0.map_err(|(_, invalid)| invalid)))
    }

    /// A value that must be there.
    pub fn require<T>(&mut self, pointer: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.missing(pointer);
        }
        value
    }

    /// [`Self::take`] for a value that must be there.
    pub fn take_required<T>(&mut self, pointer: &str, value: Option<Checked<T>>) -> Option<T> {
        let value = self.require(pointer, value);
        self.take(pointer, value)
    }

    /// Notes a missing field.
    pub fn missing(&mut self, pointer: &str) {
        self.add(pointer, "required", "this field is required");
    }

    /// How many were found beyond those that are kept.
    pub fn untold(&self) -> usize {
        self.untold
    }

    /// Whether nothing has been found so far.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether anything is wrong at this place.
    pub fn has(&self, pointer: &str) -> bool {
        self.found.iter().any(|issue| issue.pointer == pointer)
    }

    /// All that was found, ordered by pointer.
    pub fn into_vec(mut self) -> Vec<FieldIssue> {
        self.found.sort_by(|a, b| a.pointer.cmp(&b.pointer));
        self.found
    }

    /// Where all that was found stands, in order.
    #[cfg(test)]
    pub fn pointers(self) -> Vec<String> {
        let all = self.into_vec().into_iter();
        all.map(|issue| issue.pointer).collect()
    }
}

/// Every text in it.
fn keep(value: &Value, kept: &mut HashSet<String>) {
    match value {
        Value::String(text) => {
            kept.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| keep(item, kept)),
        Value::Object(members) => members.values().for_each(|item| keep(item, kept)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A text field of a body that was checked while it was read, its refusal kept for later so that one
/// bad value does not hide the others. The OpenAPI document describes it as a `T`.
#[derive(Debug, Clone, PartialEq, utoipa::ToSchema)]
#[schema(value_type = T)]
pub struct Checked<T>(pub Result<T, (String, ParseError)>);

impl<T> From<T> for Checked<T> {
    fn from(value: T) -> Self {
        Self(Ok(value))
    }
}

impl<'de, T> serde::Deserialize<'de> for Checked<T>
where
    T: std::str::FromStr<Err = ParseError>,
{
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self(text.parse::<T>().map_err(|invalid| (text, invalid))))
    }
}

impl<T: Serialize> Serialize for Checked<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Ok(value) => value.serialize(serializer),
            Err((text, _)) => text.serialize(serializer),
        }
    }
}
