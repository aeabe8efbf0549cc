//! Digits of other scripts.

/// The zero of each script whose digits count by tens, as Unicode has them: nine more follow it.
const ZEROS: [u32; 24] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6,
    0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0xa8d0, 0xabf0, 0xff10,
];

/// The same digit in ASCII, if this is a decimal digit of any script: `٣`, `३` and `３` are `3`.
pub fn ascii_digit(c: char) -> Option<char> {
    if c.is_ascii() {
        return c.is_ascii_digit().then_some(c);
    }
    let code = u32::from(c);
    let mut values = ZEROS.iter().filter_map(|zero| code.checked_sub(*zero));
    char::from_digit(values.find(|value| *value < 10)?, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_script_are_the_same_digits() {
        for number in ["1492", "١٤٩٢", "۱۴۹۲", "१४९२", "১৪৯২", "๑๔๙๒", "１４９２"]
        {
            let read: Option<String> = number.chars().map(ascii_digit).collect();
            assert_eq!(read.as_deref(), Some("1492"), "{number}");
        }
        for other in ["a", "²", "Ⅳ", "四", "①", "½"] {
            assert!(other.chars().all(|c| ascii_digit(c).is_none()), "{other}");
        }
    }
}
