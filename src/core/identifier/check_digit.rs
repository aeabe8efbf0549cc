//! Check characters of the identifier schemes that have them.

use crate::core::ids::value_of;

/// ROR: 98 minus a hundred times the number modulo 97, over Crockford's base 32.
///
/// The id is seven characters of base 32 and two decimal digits, in lower case.
pub(super) fn ror(id: &str) -> bool {
    let Some((number, check)) = id.split_at_checked(7) else {
        return false;
    };
    let number = number
        .bytes()
        .try_fold(0u64, |sum, digit| Some(sum * 32 + value_of(digit)?));
    match (number, check.parse::<u64>()) {
        (Some(number), Ok(check)) if id.len() == 9 => 98 - (number * 100) % 97 == check,
        _ => false,
    }
}

/// ISO 7064 MOD 11-2 (ISNI, ORCID): decimal digits, the last of which may be `X` for ten.
pub(super) fn mod_11_2(id: &str) -> bool {
    let Some((digits, check)) = id.split_at_checked(id.len().saturating_sub(1)) else {
        return false;
    };
    let sum = digits
        .chars()
        .try_fold(0, |sum, c| Some((sum + c.to_digit(10)?) * 2 % 11));
    let check = if check == "X" {
        Some(10)
    } else {
        check.parse::<u32>().ok()
    };
    matches!((sum, check), (Some(sum), Some(check)) if (sum + check) % 11 == 1)
}

/// ISO 7064 MOD 97-10 (LEI, ISO 17442): letters count as 10 to 35, and the remainder is 1.
pub(super) fn mod_97_10(id: &str) -> bool {
    let remainder = id.chars().try_fold(0, |sum, c| {
        let value = c.to_digit(36)?;
        Some((sum * if value < 10 { 10 } else { 100 } + value) % 97)
    });
    remainder == Some(1)
}

/// Luhn's formula (ISO/IEC 7812-1), which the French SIREN uses.
pub(super) fn luhn(digits: &str) -> bool {
    let sum = digits
        .chars()
        .rev()
        .zip([false, true].into_iter().cycle())
        .try_fold(0, |sum, (c, doubled)| {
            let digit = c.to_digit(10)?;
            let doubled_digit = if digit > 4 { digit * 2 - 9 } else { digit * 2 };
            Some(sum + if doubled { doubled_digit } else { digit })
        });
    sum.is_some_and(|sum| sum % 10 == 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn published_identifiers_pass() {
        for id in [
            "00f54p054",
            "05dxps055",
            "03vek6s52",
            "042nb2s44",
            "052gg0110",
        ] {
            assert!(ror(id), "{id}");
        }
        for id in [
            "0000000218250097",
            "000000021694233X",
            "0000000121032683",
            "000000012281955X",
        ] {
            assert!(mod_11_2(id), "{id}");
        }
        for id in [
            "506700GE1G29325QX363",
            "HWUPKR0MPOU8FGXBT394",
            "5493001KJTIIGC8Y1R12",
        ] {
            assert!(mod_97_10(id), "{id}");
        }
        assert!(luhn("242100410"));
    }

    #[test]
    fn nonsense_fails() {
        for id in ["", "é", "00f54p0é4", "00f54p05", "uuuuuuu12", "00f54p0540"] {
            assert!(!ror(id), "{id}");
        }
        for id in ["", "é", "X", "00000002182500 7", "00000002X8250097"] {
            assert!(!mod_11_2(id), "{id}");
        }
        assert!(!mod_97_10("") && !mod_97_10("506700GE1G29325QX3é"));
        assert!(!luhn("24210041x"));
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_noticed(place in 0usize..16, other in 0u8..10) {
            let right = "0000000218250097";
            let mut wrong = right.as_bytes().to_vec();
            wrong[place] = b'0' + other;
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assert_eq!(mod_11_2(&wrong), wrong == right);
        }
    }
}
