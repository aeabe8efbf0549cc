//! `Range`: one part of a representation (RFC 9110, 14).

use std::ops::Range;

/// What is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// All of it: no range was asked for, or one that is not understood.
    All,
    /// This part.
    Part(Range<u64>),
    /// A part that is not there.
    Nothing,
}

/// What a `Range` header asks for of `length` bytes. Several ranges at once are answered with all of
/// it, which the standard leaves open: nobody needs them for papers.
pub fn wanted(header: &str, length: u64) -> Wanted {
    let number = |text: &str| match text.trim() {
        "" => Some(None),
        // A number beyond all lengths lies behind the end.
        digits => digits
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| Some(digits.parse::<u64>().unwrap_or(u64::MAX))),
    };
    let asked = || {
        let (unit, spec) = header.split_once('=')?;
        let (first, last) = spec.split_once('-')?;
        let asked = (number(first)?, number(last)?);
        let bytes = unit.trim().eq_ignore_ascii_case("bytes");
        bytes.then_some(asked)
    };
    let part = match asked() {
        // The last so many bytes.
        Some((None, Some(many))) => length.saturating_sub(many)..length,
        Some((Some(from), None)) => from..length,
        Some((Some(from), Some(to))) if from <= to => from..to.saturating_add(1).min(length),
        _ => return Wanted::All,
    };
    if part.is_empty() {
        Wanted::Nothing
    } else {
        Wanted::Part(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_understood_and_nothing_else() {
        for (header, expected) in [
            ("bytes=0-0", Wanted::Part(0..1)),
            ("bytes=2-5", Wanted::Part(2..6)),
            ("bytes=2-", Wanted::Part(2..10)),
            ("bytes=2-99", Wanted::Part(2..10)),
            ("bytes=-3", Wanted::Part(7..10)),
            ("bytes=-99", Wanted::Part(0..10)),
            ("BYTES = 1 - 2 ", Wanted::Part(1..3)),
            ("bytes=10-", Wanted::Nothing),
            ("bytes=99999999999999999999999-", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=5-2", Wanted::All),
            ("bytes=0-1,4-5", Wanted::All),
            ("bytes=a-b", Wanted::All),
            ("bytes=-", Wanted::All),
            ("pages=1-2", Wanted::All),
            ("bytes", Wanted::All),
        ] {
            assert_eq!(wanted(header, 10), expected, "{header}");
        }
    }
}
