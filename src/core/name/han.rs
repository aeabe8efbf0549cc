//! Chinese characters in one form, whether they are written the traditional or the simplified way.

use std::collections::HashMap;
use std::sync::OnceLock;

/// Traditional characters, each followed by the simplified one: see `han.sh`.
const PAIRS: &str = include_str!("han.txt");

/// The simplified form of a character, or the character itself.
pub(super) fn simplified(c: char) -> char {
    static TABLE: OnceLock<HashMap<char, char>> = OnceLock::new();
    if !matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}') {
        return c;
    }
    let table = TABLE.get_or_init(|| {
        let mut chars = PAIRS.chars().filter(|c| !c.is_whitespace());
        let pair = || chars.next().zip(chars.next());
        std::iter::from_fn(pair).collect()
    });
    table.get(&c).copied().unwrap_or(c)
}
