//! Values that are a string in JSON, read through their own `FromStr`.

use std::str::FromStr;

use serde::de::{Deserialize as _, Deserializer, Error};

use crate::core::parse_error::ParseError;
use crate::core::text::is_digits;

/// Reads a string and parses it; a refusal becomes `code: message`.
///
/// Serde carries nothing but a text out of a failed value, so the code travels in front of the
/// message; [`refusal`] takes the two apart again. A JSON value that is no string is serde's own
/// "invalid type".
pub fn deserialize<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err = ParseError>,
{
    let text = String::deserialize(deserializer)?;
    text.parse()
        .map_err(|ParseError { code, message }| Error::custom(format!("{code}: {message}")))
}

/// Shows and writes a type as its text (`as_str`) and reads it through its `FromStr`.
macro_rules! as_text {
    ($type:ty) => {
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $crate::core::serde_text::deserialize(from)
            }
        }
    };
}
pub(super) use as_text;

/// Splits what [`deserialize`] reported into code and message.
///
/// `None` when the text comes from elsewhere, such as "missing field". The position that
/// `serde_json` appends (`at line 1 column 5`) is left out.
pub fn refusal(error: &str) -> Option<(&str, &str)> {
    let (code, message) = error.split_once(": ")?;
    let is_code = code.contains('_')
        && code
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    is_code.then_some((code, without_position(message)))
}

fn without_position(message: &str) -> &str {
    let is_position = |text: &str| {
        let place = text.split_once(" column ");
        place.is_some_and(|(line, column)| is_digits(line) && is_digits(column))
    };
    match message.rsplit_once(" at line ") {
        Some((text, position)) if is_position(position) => text,
        _ => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::country::Country;

    #[test]
    fn a_refusal_keeps_its_code_through_serde() {
        let error = serde_json::from_str::<Vec<Country>>(r#"["PL", "Poland"]"#).unwrap_err();
        let text = error.to_string();
        let (code, message) = refusal(&text).unwrap();
        assert_eq!(code, "unknown_country");
        assert!(
            message.contains("PL") && !message.contains("line"),
            "{message}"
        );
    }

    #[test]
    fn other_errors_are_no_refusals() {
        let error = serde_json::from_str::<Country>("7")
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("invalid type"), "{error}");
        assert_eq!(refusal(&error), None);
        assert_eq!(refusal("missing field `name`"), None);
    }
}
