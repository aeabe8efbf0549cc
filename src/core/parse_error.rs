//! Why a value was refused.

/// A refused value: a stable machine code and a sentence that names the rule.
///
/// The message never repeats a secret and may be shown to whoever sent the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParseError {
    /// Stable code in `snake_case`, the `code` of a field error.
    pub code: &'static str,
    /// What the rule is and, where it helps, what is allowed.
    pub message: String,
}

impl ParseError {
    /// A refusal with this code and message.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}
