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
    let Some((unit, spec)) = header.split_once('=') else {
        return Wanted::All;
    };
    let Some((first, last)) = spec.trim().split_once('-') else {
        return Wanted::All;
    };
    let number = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit())
            // A number beyond all lengths lies behind the end.
            .then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    let (Some(from), Some(to)) = (number(first.trim()), number(last.trim())) else {
        return Wanted::All;
    };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Wanted::All;
    }
    match (first.trim().is_empty(), last.trim().is_empty()) {
        // The last so many bytes.
        (true, false) if to == 0 => Wanted::Nothing,
        (true, false) => Wanted::Part(length.saturating_sub(to)..length),
        (false, open) if open || from <= to => {
            if from >= length {
                Wanted::Nothing
            } else if open {
                Wanted::Part(from..length)
            } else {
                Wanted::Part(from..to.saturating_add(1).min(length))
            }
        }
        _ => Wanted::All,
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
