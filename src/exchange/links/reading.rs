//! How a file is to be read where it does not say itself.

use encoding_rs::Encoding;

use crate::core::parse_error::ParseError;

/// What somebody knows of a file besides what its columns mean.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    pub(super) encoding: Option<&'static Encoding>,
    pub(super) separator: Option<char>,
    pub(super) sheet: Option<String>,
}

impl Reading {
    /// The same for text in an encoding, by one of its labels: `windows-1252`, `latin2`.
    pub fn with_encoding(mut self, label: &str) -> Result<Self, ParseError> {
        let encoding = Encoding::for_label_no_replacement(label.as_bytes());
        self.encoding = Some(encoding.ok_or_else(|| {
            ParseError::new(
                "unknown_encoding",
                format!(
                    "“{label}” is no label of an encoding; labels are those of the WHATWG, such as \
                     utf-8, windows-1250, windows-1252, iso-8859-2 or utf-16le"
                ),
            )
        })?);
        Ok(self)
    }

    /// The same for text whose cells are separated by one character; `tab` and `\t` are the tab.
    pub fn with_separator(mut self, text: &str) -> Result<Self, ParseError> {
        let text = match text {
            "tab" | "\\t" => "\t",
            text => text,
        };
        let mut characters = text.chars();
        let separator = characters.next().filter(|_| characters.next().is_none());
        let separator = separator.filter(|c| !matches!(c, '"' | '\n' | '\r' | '\0'));
        self.separator = Some(separator.ok_or_else(|| {
            let rule = "a separator is one character, such as ; or |, or the word tab; a quotation mark \
                        or a line end is none";
            ParseError::new("invalid_separator", rule)
        })?);
        Ok(self)
    }

    /// The same for a workbook, by the name of a sheet or its number from 1.
    #[must_use]
    pub fn with_sheet(mut self, sheet: &str) -> Self {
        self.sheet = Some(sheet.to_owned());
        self
    }
}
