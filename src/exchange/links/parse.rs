//! From the cells of a row to a link, or to everything that is wrong with them.

mod names;

use chrono::Datelike as _;
use csv::ByteRecord;
use unicode_normalization::UnicodeNormalization as _;

use super::{
    beside::Beside,
    columns::{EndField, Side, Target},
    date,
    header::Layout,
    lists,
    missing::is_invisible,
    parse_cell,
    row::{self, BadRow, CountrySign, End, KindSaid, LinkRow, covers},
    wiki,
};
use crate::core::{
    country::Country,
    edtf::Edtf,
    geo::Point,
    identifier::Identifier,
    name,
    parse_error::ParseError,
    text::nfc,
    vocabulary::{
        agreement::{InstrumentType, RelationshipType},
        partner::PartnerKind,
    },
};
use crate::formats::formula;

/// How much of a cell is repeated in a report.
const MAX_SHOWN: usize = 60;

/// Stands for a value whose fault has been noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Faulty;

/// What a row says of a target: nothing, a right value, or a fault that has been noted.
type Read<T> = Result<Option<T>, Faulty>;

/// The links that a record tells, or all that is wrong with each: one for every partner that it
/// names, in columns of their own or in a list. None where none of several columns names one.
pub(super) fn rows(
    line: u64,
    record: &ByteRecord,
    layouts: &[Layout],
) -> Vec<Result<LinkRow, Vec<BadRow>>> {
    let Some(first) = layouts.first() else {
        return Vec::new();
    };
    if let Some(fault) = width(line, record, first).or_else(|| header_again(line, record, first)) {
        return vec![Err(vec![fault])];
    }
    let mut named: Vec<&Layout> = layouts
        .iter()
        .filter(|layout| {
            let blank = |target| Cells::new(line, record, layout).cell(target) == Ok(None);
            !layout.of_partner().all(blank)
        })
        .collect();
    // Of several columns of partners a row may fill none.
    if named.is_empty() && layouts.len() == 1 {
        named.push(first);
    }
    let mut rows = Vec::new();
    for layout in named {
        match lists::split(line, record, layout) {
            Ok(records) => rows.extend(records.iter().map(|record| row(line, record, layout))),
            Err(fault) => rows.push(Err(vec![fault])),
        }
    }
    rows
}

/// What is wrong with the number of cells. Blank ones behind the last column are none.
fn width(line: u64, record: &ByteRecord, layout: &Layout) -> Option<BadRow> {
    let (found, wanted) = (record.len(), layout.width());
    let mut beyond = record.iter().skip(wanted);
    let fits = if found < wanted {
        layout.headers_from(found).all(str::is_empty)
    } else {
        beyond.all(|cell| cell.trim_ascii().is_empty())
    };
    if fits {
        return None;
    }
    let cut = |cell: &[u8]| str::from_utf8(cell).is_ok_and(wiki::is_open);
    let hint = if !layout.mapping.is_wiki && record.iter().any(cut) {
        "; markup = \"wiki\" at the top of the mapping reads [[A|B]] as one cell"
    } else {
        ""
    };
    Some(BadRow {
        line,
        column: layout.column_after(found),
        value: None,
        reason: format!("the row has {found} cells and the header has {wanted}{hint}"),
    })
}

/// What is wrong with a row that says what the header says: a table of several pages has one on each.
fn header_again(line: u64, record: &ByteRecord, layout: &Layout) -> Option<BadRow> {
    let cells = record.iter().zip(layout.headers_from(0));
    let mut said = cells
        .filter(|(cell, _)| !cell.trim_ascii().is_empty())
        .peekable();
    let (_, column) = *said.peek()?;
    let is_same =
        |(cell, header): (&[u8], &str)| str::from_utf8(cell).is_ok_and(|cell| nfc(cell) == header);
    let mut count = 0;
    let all = said.inspect(|_| count += 1).all(is_same);
    (all && count > 1).then(|| BadRow {
        line,
        column: column.to_owned(),
        value: None,
        reason: "this is the header again and no link: leave the row out".to_owned(),
    })
}

/// The link of one partner, or all its faults.
fn row(line: u64, record: &ByteRecord, layout: &Layout) -> Result<LinkRow, Vec<BadRow>> {
    let mut cells = Cells::new(line, record, layout);
    match cells.link() {
        Ok(read) if cells.faults.is_empty() => Ok(read),
        _ => Err(cells.faults),
    }
}

/// What is told of a postcode.
const POSTCODE: &str = "the number before this name is taken for a postcode and left out";

/// What is told of words for the kind of a tie.
const TIE: &str = "the words beside this name are taken for the kind of its tie and left out";

/// Where a country is looked for that has no column of its own.
const BESIDE: &str = ": no country stands beside this name, behind a comma or in brackets";

/// What takes the marks of a wiki off a cell that they spoil.
const WIKI: &str = "markup = \"wiki\" at the top of the mapping takes the marks of a wiki off";

/// The cells of one row, and the faults found in them so far.
struct Cells<'r> {
    line: u64,
    record: &'r ByteRecord,
    layout: &'r Layout,
    /// The countries of the ends, as far as they have been read.
    countries: [Option<Country>; 2],
    faults: Vec<BadRow>,
}

impl<'r> Cells<'r> {
    fn new(line: u64, record: &'r ByteRecord, layout: &'r Layout) -> Self {
        Self {
            line,
            record,
            layout,
            countries: [None; 2],
            faults: Vec::new(),
        }
    }

    /// Reads every cell before it gives up, so that the report names all faults of the row.
    fn link(&mut self) -> Result<LinkRow, Faulty> {
        let (mut beside_a, mut beside_b) = (Beside::default(), Beside::default());
        let a = self.end(Side::A, &mut beside_a);
        let b = self.end(Side::B, &mut beside_b);
        if let (Ok(a), Ok(b)) = (&a, &b)
            && a.is_same(b)
        {
            let reason = "a partner can't be linked to itself: both ends are the same";
            self.fault(self.layout.naming(Side::B), reason);
        }
        let [a_id, b_id] = Side::BOTH
            .map(|side| self.read(Target::End(side, EndField::Id), parse_cell::partner_id));
        let agreement_id = self.read(Target::AgreementId, parse_cell::agreement_id);
        let instrument = self.read(Target::Instrument, parse_cell::code);
        let relationship = self.relationship([&beside_a, &beside_b]);
        let relationship_is_given = matches!(relationship, Ok(Some(_)));
        let relationship = relationship.map(|given| given.unwrap_or_else(|| usual(&a, &b)));
        let no_paper = instrument == Ok(Some(InstrumentType::None));
        if no_paper && relationship == Ok(RelationshipType::Twinning) {
            let reason = "a twinning rests on a paper: leave the instrument blank if nobody has \
                          described it, or give another relationship, such as contact";
            self.fault(Target::Instrument, reason);
        }
        let mut left_out = Vec::new();
        for (side, beside) in Side::each([&beside_a, &beside_b]) {
            let postcode = beside.postcode.as_ref().map(|_code| POSTCODE.to_owned());
            let tie = beside.tie.zip(relationship.ok());
            let tie = tie.map(|(_, kind)| format!("{TIE}: {kind}"));
            let told = postcode.into_iter().chain(tie);
            left_out.extend(told.map(|told| self.told(self.layout.naming(side), told)));
        }
        let signed_on = self.signed_on([beside_a.date, beside_b.date], &mut left_out);
        let ended_on = self.date(Target::EndedOn);
        if let (Ok(Some(signed)), Ok(Some(ended))) = (&signed_on, &ended_on)
            && ended.certainly_before(signed)
        {
            let reason = format!("the link ends before it was signed, {signed}");
            self.fault(Target::EndedOn, reason);
        }
        let end_reason = self.read(Target::EndReason, parse_cell::code);
        if matches!((&end_reason, &ended_on), (Ok(Some(_)), Ok(None))) {
            let reason = "an end with a reason needs a date; [..2024] is 2024 or before";
            self.fault(Target::EndedOn, reason);
        }
        let note = self.read(Target::Note, parse_cell::note);
        let source_title = self.read(Target::SourceTitle, parse_cell::source_title);
        let source_url = self.read(Target::SourceUrl, parse_cell::web_address);
        Ok(LinkRow {
            line: self.line,
            a: a?,
            b: b?,
            end_ids: [a_id?, b_id?],
            agreement_id: agreement_id?,
            instrument: instrument?,
            relationship: relationship?,
            relationship_is_given,
            signed_on: signed_on?,
            ended_on: ended_on?,
            end_reason: end_reason?,
            note: note?,
            source_title: source_title?,
            source_url: source_url?,
            left_out,
        })
    }

    /// The date in a cell. What this registry has written is what it says.
    fn date(&mut self, target: Target) -> Read<Edtf> {
        let dates = &self.layout.mapping.dates;
        let is_meant = self.is_exported() || self.is_translated(target);
        self.read(target, |text| {
            let date = dates.read(text)?;
            let meant = || {
                format!("; if it is meant, say so under [values.{target}] in the mapping: {text:?} = \"{date}\"")
            };
            match out_of_our_time(&date, meant).filter(|_| !is_meant) {
                Some(rule) => Err(ParseError::new("invalid_edtf", rule)),
                None => Ok(date),
            }
        })
    }

    /// Whether the table of values has the cell of a target: what it says is meant.
    fn is_translated(&self, target: Target) -> bool {
        let has_table = self.layout.mapping.has_table(target);
        has_table && matches!(self.quietly().text(target), Ok(Some((_, true))))
    }

    /// When the tie was signed: what its cell and what stands beside the names say, the most exact of it. What can't be
    /// read is left out if the mapping says so.
    fn signed_on(&mut self, beside: [Option<Edtf>; 2], left_out: &mut Vec<BadRow>) -> Read<Edtf> {
        let mut signed_on = self.date(Target::SignedOn);
        if signed_on.is_err() && self.layout.mapping.leaves_dates_out {
            left_out.extend(self.faults.pop().map(|fault| BadRow {
                reason: format!(
                    "this date is left out, since it can't be read: {}",
                    fault.reason
                ),
                ..fault
            }));
            signed_on = Ok(None);
        }
        let mut found = signed_on?;
        for (side, date) in Side::each(beside) {
            let Some(date) = date else {
                continue;
            };
            found = Some(match found {
                Some(known) if covers(&date, &known) => known,
                Some(known) if !covers(&known, &date) => {
                    let reason = format!(
                        "two dates are said of this tie: {date} beside this name, and {known}"
                    );
                    return Err(self.fault(self.layout.naming(side), reason));
                }
                _ => date,
            });
        }
        Ok(found)
    }

    /// An end; what stands beside its name goes into `beside`.
    fn end(&mut self, side: Side, beside: &mut Beside) -> Result<End, Faulty> {
        let target = |field| Target::End(side, field);
        // What stands beside the name depends on the country, whose faults are told behind those of the name.
        let told = self.faults.len();
        let country = self.read(target(EndField::Country), parse_cell::country);
        let of_country = self.faults.split_off(told);
        *side.of(self.countries.each_mut()) = country.ok().flatten();
        let named = if self.is_exported() {
            parse_cell::recorded_name
        } else {
            parse_cell::name
        };
        let name = self.read(target(EndField::Name), named);
        self.faults.extend(of_country);
        let kind = self.read(target(EndField::Kind), parse_cell::code::<PartnerKind>);
        let said = kind.ok().flatten();
        let name = name.and_then(|name| {
            let Some(name) = name else {
                return Ok(None);
            };
            let is_meant = self.is_translated(target(EndField::Name));
            *beside = self.apart(side, &name, said, is_meant);
            match beside.fault.take() {
                Some(reason) => Err(self.fault(target(EndField::Name), reason)),
                None => Ok(Some(beside.name.clone())),
            }
        });
        let kind_said = match said {
            None => KindSaid::Nobody,
            Some(_) if self.cell(target(EndField::Kind)) == Ok(None) => KindSaid::File,
            Some(_) => KindSaid::Row,
        };
        let full_name = match &name {
            Ok(Some(_)) => self.full_name(side, beside),
            _ => Ok(None),
        };
        let within = country.ok().flatten();
        let mut identifiers = Vec::new();
        for target in self.layout.identifiers(side) {
            if let Target::End(_, EndField::Identifier(scheme)) = target {
                let parse = |text: &str| Identifier::parse(scheme, text, within);
                identifiers.extend(self.read(target, parse).transpose());
            }
        }
        // A wrong identifier counts here: its own fault is the one to mend.
        if identifiers.is_empty() {
            for (field, is_blank) in [
                (EndField::Name, name == Ok(None)),
                (EndField::Country, country == Ok(None)),
            ] {
                if is_blank {
                    let reason = format!("{side}.{field} is required where no identifier is given");
                    let looked_for = field == EndField::Country && self.is_shared(side);
                    let beside = if looked_for { BESIDE } else { "" };
                    self.fault(target(field), reason + beside);
                }
            }
        }
        let point = self.point(side);
        let (name, country) = (name?, country?);
        let kind = kind?.unwrap_or(PartnerKind::Municipality);
        let is_beside = beside.part.is_some() && full_name == Ok(beside.full_name());
        let full_name = full_name?;
        let names = [full_name.as_deref(), name.as_deref()];
        let subdivision = country.and_then(|own| row::certain_part(names, own, kind));
        Ok(End {
            name,
            is_beside,
            full_name,
            country,
            country_sign: self.country_sign(side),
            subdivision,
            kind,
            kind_said,
            identifiers: identifiers.into_iter().collect::<Result<_, _>>()?,
            point: point?,
            postcode: beside.postcode.clone(),
        })
    }

    /// What the cell of the country of an end is, if its file itself writes it.
    fn country_sign(&self, side: Side) -> Option<CountrySign> {
        let target = Target::End(side, EndField::Country);
        if self.is_shared(side) || self.is_exported() {
            return None;
        }
        let (text, is_meant) = self.quietly().text(target).ok()??;
        parse_cell::country_sign(&text).filter(|_| !is_meant)
    }

    fn point(&mut self, side: Side) -> Read<Point> {
        let north = Target::End(side, EndField::Latitude);
        let east = Target::End(side, EndField::Longitude);
        let latitude = self.read(north, parse_cell::latitude);
        let longitude = self.read(east, parse_cell::longitude);
        match (latitude?, longitude?) {
            (None, None) => Ok(None),
            // In the sea: databases have it where nobody has written where a place lies.
            (Some(latitude), Some(longitude)) if latitude == 0.0 && longitude == 0.0 => Ok(None),
            (Some(latitude), Some(longitude)) => Point::new(latitude, longitude)
                .map(Some)
                .map_err(|invalid| self.fault(north, invalid.message)),
            (Some(_), None) => Err(self.fault(east, "a latitude needs a longitude")),
            (None, Some(_)) => Err(self.fault(north, "a longitude needs a latitude")),
        }
    }

    /// The value of a target: from its cell, else from the constants of the mapping.
    fn read<T>(
        &mut self,
        target: Target,
        parse: impl FnOnce(&str) -> Result<T, ParseError>,
    ) -> Read<T> {
        let cell = self.cell(target)?;
        let mapping = &self.layout.mapping;
        let given = cell.as_deref().or_else(|| self.layout.set_value(target));
        given.map(parse).transpose().map_err(|invalid| {
            let cell = cell.as_deref();
            let marked = cell.filter(|cell| !mapping.is_wiki && wiki::is_marked(cell));
            let hint = match marked {
                Some(_) => Some(WIKI.to_owned()),
                None => cell.and_then(|cell| mapping.table_hint(target, cell)),
            };
            let reason = match hint {
                Some(hint) => format!("{}; {hint}", invalid.message),
                None => invalid.message,
            };
            self.fault(target, reason)
        })
    }

    /// The text in the cell of a target without what its file put around it, and whether the table of values has put
    /// it there.
    fn text(&mut self, target: Target) -> Read<(String, bool)> {
        let Some(raw) = self.raw(target) else {
            return match self.bytes(target) {
                Some(_) => Err(self.fault(target, "this is no text")),
                None => Ok(None),
            };
        };
        let mapping = &self.layout.mapping;
        let mut text = without_edges(raw);
        let mut meant = mapping.translate(target, &text);
        if meant.is_none() && mapping.is_wiki {
            text = without_edges(&unmarked(target, raw));
            meant = mapping.translate(target, &text);
        }
        let is_meant = meant.is_some();
        let text = meant.map_or(text, str::to_owned);
        Ok(Some((text, is_meant)).filter(|(text, _)| !text.is_empty()))
    }

    /// What the cell of a target stands for, if it isn't blank: what the table of values has for it,
    /// else the cell itself without what its file put around it.
    fn cell(&mut self, target: Target) -> Read<String> {
        if let Target::End(side, EndField::Country) = target
            && self.is_shared(side)
        {
            return self.country_beside(side);
        }
        let Some((text, is_meant)) = self.text(target)? else {
            return Ok(None);
        };
        // What this registry has written is what it says.
        if is_meant || self.is_exported() {
            return Ok(Some(text));
        }
        let mapping = &self.layout.mapping;
        // A table of codes says itself what marks such as "?" mean.
        let is_code =
            target.is_coded() && (target.check(&text).is_ok() || mapping.has_table(target));
        if !is_code && mapping.is_missing(&text) {
            return Ok(None);
        }
        let Target::End(side, EndField::Name) = target else {
            return Ok(Some(text));
        };
        match self.no_name(side, &text) {
            Some(reason) => Err(self.fault(target, reason)),
            None => Ok(Some(text)),
        }
    }

    /// The same cells, whose faults are not kept.
    fn quietly(&self) -> Self {
        let countries = self.countries;
        Self {
            countries,
            ..Cells::new(self.line, self.record, self.layout)
        }
    }

    /// The country of an end, once it has been read.
    fn country(&self, side: Side) -> Option<Country> {
        side.of(self.countries)
    }

    /// Whether the row names an agreement of this registry, as an export does.
    fn is_exported(&self) -> bool {
        let id = self.bytes(Target::AgreementId);
        id.is_some_and(|id| !id.trim_ascii().is_empty())
    }

    /// The text of a cell as its file writes it, but for the apostrophe before a formula.
    fn raw(&self, target: Target) -> Option<&'r str> {
        let raw = str::from_utf8(self.bytes(target)?).ok()?;
        Some(if self.layout.is_text {
            formula::meant(raw)
        } else {
            raw
        })
    }

    fn bytes(&self, target: Target) -> Option<&'r [u8]> {
        self.record.get(self.layout.place(target)?)
    }

    /// Notes a fault together with the cell as it stands in the file.
    fn fault(&mut self, target: Target, reason: impl Into<String>) -> Faulty {
        let told = self.told(target, reason);
        self.faults.push(told);
        Faulty
    }

    /// What there is to say of a cell, with the cell as it stands in the file.
    fn told(&self, target: Target, reason: impl Into<String>) -> BadRow {
        let value = self.bytes(target).map(shortened);
        BadRow {
            line: self.line,
            column: self.layout.column(target),
            value: value.filter(|value| !value.is_empty()),
            reason: reason.into(),
        }
    }
}

/// The text in composed form, without blanks and what can't be seen at its ends.
fn without_edges(text: &str) -> String {
    // What was a letter in another encoding is for the rule of the cell to refuse, not to make a blank of.
    let text = match name::lost_character(text) {
        Some(_) => text.nfc().collect(),
        None => nfc(text),
    };
    let seen = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    if seen.len() == text.len() {
        text
    } else {
        seen.to_owned()
    }
}

/// The text without the marks of a wiki; of an address that stands in a link, the address.
fn unmarked(target: Target, text: &str) -> String {
    if target == Target::SourceUrl {
        let inner = text.trim().trim_start_matches('[');
        let end = inner.find([' ', ']']).unwrap_or(inner.len());
        return inner.get(..end).unwrap_or_default().to_owned();
    }
    let plain = wiki::plain(text);
    match target {
        Target::End(_, EndField::Country) if plain.is_empty() => in_template(text),
        // Whoever reads dates says that it can't be read.
        Target::SignedOn | Target::EndedOn if plain.is_empty() && text.contains("{{") => {
            text.trim().to_owned()
        }
        _ => plain,
    }
}

/// The only country in a template, else what its last argument says.
fn in_template(text: &str) -> String {
    let given = wiki::template(text);
    let is_country = |part: &&&str| parse_cell::find_country(part).is_some();
    let mut named: Vec<&str> = given.iter().filter(is_country).copied().collect();
    named.dedup_by_key(|part| parse_cell::find_country(part));
    match (named.as_slice(), given.as_slice()) {
        ([one], _) => (*one).to_owned(),
        ([], [.., last, _] | [last]) => (*last).to_owned(),
        _ => text.trim().to_owned(),
    }
}

/// The kind of tie where a row doesn't say.
fn usual(a: &Result<End, Faulty>, b: &Result<End, Faulty>) -> RelationshipType {
    let institution = |end: &Result<End, Faulty>| {
        let kind = end.as_ref().map(|end| end.kind);
        kind.is_ok_and(PartnerKind::is_institution)
    };
    if institution(a) && institution(b) {
        RelationshipType::Institutional
    } else {
        RelationshipType::Twinning
    }
}

fn shortened(cell: &[u8]) -> String {
    let cell = nfc(&String::from_utf8_lossy(cell));
    let mut shown: String = cell.chars().take(MAX_SHOWN).collect();
    if shown.len() < cell.len() {
        shown.push('…');
    }
    shown
}

/// Why a day is hardly one on which a tie began or is planned to end. Few papers are older than a thousand years, and
/// a day and a month look like a year of three digits; in the years of the Hijra that are of today it was the Middle Ages.
///
/// `meant` says how to say that it is one.
fn out_of_our_time(day: &Edtf, meant: impl Fn() -> String) -> Option<String> {
    match day.earliest()?.year() {
        ..1000 => Some(format!(
            "this seems to be a day and a month: write the year, too{}",
            meant()
        )),
        1300..=1480 => Some(format!(
            "this seems to be a year of another calendar: write the one of the Gregorian calendar{}",
            meant()
        )),
        year if year > date::LAST_YEAR => Some(
            "no tie begins or ends in such a year: is it one of another calendar, or a filler?"
                .to_owned(),
        ),
        _ => None,
    }
}
