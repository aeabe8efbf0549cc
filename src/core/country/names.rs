//! Names of countries that the ISO table lacks: common ones, former ones, and states that are gone.
//! The English ones that are shown are here, all others in `elsewhere.txt`.

/// Common English names where the name in ISO 3166-1 is a formal or inverted one.
pub(super) const COMMON: &[(&str, &str)] = &[
    ("BN", "Brunei"),
    ("BO", "Bolivia"),
    ("CD", "Democratic Republic of the Congo"),
    ("CG", "Republic of the Congo"),
    ("FK", "Falkland Islands"),
    ("FM", "Micronesia"),
    ("GB", "United Kingdom"),
    ("IR", "Iran"),
    ("KP", "North Korea"),
    ("KR", "South Korea"),
    ("LA", "Laos"),
    ("MD", "Moldova"),
    ("MF", "Saint Martin"),
    ("NL", "Netherlands"),
    ("PS", "Palestine"),
    ("RU", "Russia"),
    ("SX", "Sint Maarten"),
    ("SY", "Syria"),
    ("TW", "Taiwan"),
    ("TZ", "Tanzania"),
    ("US", "United States"),
    ("VE", "Venezuela"),
    ("VG", "British Virgin Islands"),
    ("VI", "United States Virgin Islands"),
    ("VN", "Vietnam"),
    ("XK", "Kosovo"),
];

/// Other names and codes in use, and those of states that are gone, by the codes of the countries of today.
const ELSEWHERE: &str = include_str!("elsewhere.txt");

/// The names in `elsewhere.txt`: each with one code, or with several and blanks between, so that
/// someone has to say which.
pub(super) fn elsewhere() -> impl Iterator<Item = (&'static str, &'static str)> {
    written().map(|(today, name)| (today.split('/').next().unwrap_or(today), name))
}

/// Those of parts of a country, and of states that are a part of it today, and which one it is: Wales, the GDR.
pub(super) fn parts() -> impl Iterator<Item = (&'static str, &'static str)> {
    written().filter_map(|(today, name)| Some((name, today.split_once('/')?.1)))
}

/// What stands before the names in `elsewhere.txt`, and the names.
fn written() -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut codes = "";
    let lines = ELSEWHERE.lines().filter(|line| !line.starts_with('#'));
    let names = lines.filter_map(move |line| {
        let (first, names) = line.split_once('|')?;
        if !first.trim().is_empty() {
            codes = first;
        }
        let today = codes;
        Some(names.split('|').map(move |name| (today, name)))
    });
    names.flatten()
}
