//! Names of countries that the ISO table lacks: common ones, former ones, and states that are gone.
//! Common English ones are here, those in other languages and of divided states in `elsewhere.txt`.

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

/// Other English names and codes in use, and names a country had before without being divided.
pub(super) const ALIASES: &[(&str, &str)] = &[
    ("Abyssinia", "ET"),
    ("America", "US"),
    ("Belorussia", "BY"),
    ("Bosnia", "BA"),
    ("Bosnia Herzegovina", "BA"),
    ("Britain", "GB"),
    ("Burma", "MM"),
    ("Byelorussia", "BY"),
    ("Byelorussian SSR", "BY"),
    ("Cape Verde", "CV"),
    ("Ceylon", "LK"),
    ("China PR", "CN"),
    ("Congo-Brazzaville", "CG"),
    ("Congo-Kinshasa", "CD"),
    ("Cote dIvoire", "CI"),
    ("Czech Republic", "CZ"),
    ("DR Congo", "CD"),
    ("DRC", "CD"),
    ("Dahomey", "BJ"),
    ("East Pakistan", "BD"),
    ("East Timor", "TL"),
    ("EL", "GR"),
    ("FRG", "DE"),
    ("FYROM", "MK"),
    ("Federal Republic of Germany", "DE"),
    ("Former Yugoslav Republic of Macedonia", "MK"),
    ("French Republic", "FR"),
    ("Great Britain", "GB"),
    ("Hellas", "GR"),
    ("Hellenic Republic", "GR"),
    ("Holland", "NL"),
    ("Hong Kong SAR", "HK"),
    ("Islamic Republic of Iran", "IR"),
    ("Ivory Coast", "CI"),
    ("Kampuchea", "KH"),
    ("Kingdom of Romania", "RO"),
    ("Kingdom of the Netherlands", "NL"),
    ("Kirghizia", "KG"),
    ("Korea South", "KR"),
    ("Korea North", "KP"),
    ("Kyrgyz Republic", "KG"),
    ("Lao PDR", "LA"),
    ("Macau", "MO"),
    ("Macedonia", "MK"),
    ("Moldavia", "MD"),
    ("PRC", "CN"),
    ("Palestinian National Authority", "PS"),
    ("Palestinian Territories", "PS"),
    ("Palestinian Authority", "PS"),
    ("People's Republic of China", "CN"),
    ("Persia", "IR"),
    ("Polish People's Republic", "PL"),
    ("Republic of Belarus", "BY"),
    ("Republic of China", "TW"),
    ("Republic of Ireland", "IE"),
    ("Republic of Kosovo", "XK"),
    ("Republic of Macedonia", "MK"),
    ("Republic of North Macedonia", "MK"),
    ("Republic of Poland", "PL"),
    ("Republic of Türkiye", "TR"),
    ("Republic of Turkey", "TR"),
    ("Rhodesia", "ZW"),
    ("Russian SFSR", "RU"),
    ("Sahrawi Arab Democratic Republic", "EH"),
    ("Siam", "TH"),
    ("Slovak Republic", "SK"),
    ("South West Africa", "NA"),
    ("State of Palestine", "PS"),
    ("Surinam", "SR"),
    ("Swaziland", "SZ"),
    ("Swiss Confederation", "CH"),
    ("Timor Leste", "TL"),
    ("Turkey", "TR"),
    ("U.K.", "GB"),
    ("U.S.", "US"),
    ("U.S.A.", "US"),
    ("U.S. Virgin Islands", "VI"),
    ("UAE", "AE"),
    ("UK", "GB"),
    ("UNK", "XK"),
    ("Ukrainian SSR", "UA"),
    ("Upper Volta", "BF"),
    ("Vatican", "VA"),
    ("Vatican City", "VA"),
    ("Vatican City State", "VA"),
    ("White Russia", "BY"),
    ("XKX", "XK"),
    ("Zaire", "CD"),
];

/// Names in other languages and of states that are gone, by the codes of the countries of today.
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
