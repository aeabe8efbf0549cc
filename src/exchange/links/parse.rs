//! From the cells of a row to a link, or to everything that is wrong with them.

use chrono::Datelike as _;
use csv::ByteRecord;
use unicode_normalization::UnicodeNormalization as _;

use super::{
    columns::{EndField, Side, Target},
    date,
    header::Layout,
    lists,
    missing::is_invisible,
    parse_cell,
    row::{BadRow, End, KindSaid, LinkRow},
    wiki,
};
use crate::core::{
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

/// The last year in which a tie is planned to end; other calendars count beyond it.
const LAST_YEAR: i32 = 2300;

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
    if let Some(fault) = width(line, record, first) {
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
    let cut = |cell: &[u8]| str::from_utf8(cell).is_ok_and(wiki::is_open);
    let hint = if !layout.mapping().is_wiki() && record.iter().any(cut) {
        "; markup = \"wiki\" at the top of the mapping reads [[A|B]] as one cell"
    } else {
        ""
    };
    (!fits).then(|| BadRow {
        line,
        column: layout.column_after(found),
        value: None,
        reason: format!("the row has {found} cells and the header has {wanted}{hint}"),
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

/// What is wrong with a year in a name.
const YEAR: &str = "a year stands in this name: when a tie began and ended belongs into columns of its own \
                    (signed_on, ended_on), and several partners into rows of their own; a table of values can \
                    give the name";

/// What takes the marks of a wiki off a cell that they spoil.
const WIKI: &str = "markup = \"wiki\" at the top of the mapping takes the marks of a wiki off";

/// The cells of one row, and the faults found in them so far.
struct Cells<'r> {
    line: u64,
    record: &'r ByteRecord,
    layout: &'r Layout,
    faults: Vec<BadRow>,
}

impl<'r> Cells<'r> {
    fn new(line: u64, record: &'r ByteRecord, layout: &'r Layout) -> Self {
        Self {
            line,
            record,
            layout,
            faults: Vec::new(),
        }
    }

    /// Reads every cell before it gives up, so that the report names all faults of the row.
    fn link(&mut self) -> Result<LinkRow, Faulty> {
        let (a, a_date) = self.dated_end(Side::A);
        let (b, b_date) = self.dated_end(Side::B);
        if let (Ok(a), Ok(b)) = (&a, &b)
            && a.is_same(b)
        {
            let reason = "a partner can't be linked to itself: both ends are the same";
            self.fault(self.layout.naming(Side::B), reason);
        }
        let end_ids = [Side::A, Side::B]
            .map(|side| self.read(Target::End(side, EndField::Id), parse_cell::partner_id));
        let agreement_id = self.read(Target::AgreementId, parse_cell::agreement_id);
        let instrument = self.read(Target::Instrument, parse_cell::instrument);
        let relationship = self.read(Target::Relationship, parse_cell::relationship);
        let relationship_is_given = matches!(relationship, Ok(Some(_)));
        let relationship = relationship.map(|given| given.unwrap_or_else(|| usual(&a, &b)));
        let no_paper = instrument == Ok(Some(InstrumentType::None));
        if no_paper && relationship == Ok(RelationshipType::Twinning) {
            let reason = "a twinning rests on a paper: leave the instrument blank if nobody has \
                          described it, or give another relationship, such as contact";
            self.fault(Target::Instrument, reason);
        }
        let dates = self.layout.mapping().dates();
        let mut signed_on = self.read(Target::SignedOn, |text| dates.read(text));
        let mut left_out = Vec::new();
        if signed_on.is_err() && self.layout.mapping().leaves_dates_out() {
            left_out.extend(self.faults.pop().map(|fault| BadRow {
                reason: format!(
                    "this date is left out, since it can't be read: {}",
                    fault.reason
                ),
                ..fault
            }));
            signed_on = Ok(None);
        }
        if let Some(beside) = b_date.or(a_date)
            && signed_on == Ok(None)
            && left_out.is_empty()
        {
            signed_on = Ok(Some(beside));
        }
        let ended_on = self.read(Target::EndedOn, |text| planned(dates.read(text)?));
        if let (Ok(Some(signed)), Ok(Some(ended))) = (&signed_on, &ended_on)
            && ended.certainly_before(signed)
        {
            let reason = format!("the link ends before it was signed, {signed}");
            self.fault(Target::EndedOn, reason);
        }
        let end_reason = self.read(Target::EndReason, parse_cell::reason);
        if matches!((&end_reason, &ended_on), (Ok(Some(_)), Ok(None))) {
            let reason = "an end with a reason needs a date; [..2024] is 2024 or before";
            self.fault(Target::EndedOn, reason);
        }
        let note = self.read(Target::Note, parse_cell::note);
        let source_title = self.read(Target::SourceTitle, parse_cell::source_title);
        let source_url = self.read(Target::SourceUrl, parse_cell::web_address);
        let [a_id, b_id] = end_ids;
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

    /// A name without the date of the tie that stands beside it: "Lipik (dal 2003)".
    fn without_date(&self, name: String) -> (String, Option<Edtf>) {
        if self.is_exported() {
            return (name, None);
        }
        let (mut date, dates) = (None, self.layout.mapping().dates());
        let without = name::without_beside(&name, |part| {
            date = dates.beside(part);
            date.is_some()
        });
        (without.map_or(name.clone(), str::to_owned), date)
    }

    /// An end, and the date that stands beside its name.
    fn dated_end(&mut self, side: Side) -> (Result<End, Faulty>, Option<Edtf>) {
        let mut date = None;
        (self.end(side, &mut date), date)
    }

    fn end(&mut self, side: Side, date: &mut Option<Edtf>) -> Result<End, Faulty> {
        let target = |field| Target::End(side, field);
        let name = self.read(target(EndField::Name), parse_cell::name);
        let country = self.read(target(EndField::Country), parse_cell::country);
        let kind = self.read(target(EndField::Kind), parse_cell::kind);
        let said = kind.ok().flatten();
        let name = name.map(|name| {
            let (name, beside) = self.without_date(self.without_country(side, name?, said));
            *date = beside;
            Some(name)
        });
        let in_row = kind.is_ok() && matches!(self.cell(target(EndField::Kind)), Ok(Some(_)));
        let kind_said = match (&kind, in_row) {
            (Ok(Some(_)), true) => KindSaid::Row,
            (Ok(Some(_)), false) => KindSaid::File,
            _ => KindSaid::Nobody,
        };
        let full_name = match &name {
            Ok(Some(name)) => self.full_name(side, name),
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
                    self.fault(target(field), reason);
                }
            }
        }
        let point = self.point(side);
        Ok(End {
            name: name?,
            full_name: full_name?,
            country: country?,
            kind: kind?.unwrap_or(PartnerKind::Municipality),
            kind_said,
            identifiers: identifiers.into_iter().collect::<Result<_, _>>()?,
            point: point?,
        })
    }

    /// The name with what tells it from namesakes: the part of the country that the row names, or the title of
    /// the article that a wiki links, where that goes on behind the name.
    fn full_name(&mut self, side: Side, name: &str) -> Read<String> {
        let target = Target::End(side, EndField::Subdivision);
        if let Some(part) = self.read(target, parse_cell::subdivision)? {
            let full = format!("{name} ({part})");
            return match parse_cell::name(&full) {
                Ok(full) => Ok(Some(full)),
                Err(invalid) => Err(self.fault(target, invalid.message)),
            };
        }
        let named = Target::End(side, EndField::Name);
        let cell = self.bytes(named).and_then(|cell| str::from_utf8(cell).ok());
        let wiki = self.layout.mapping().is_wiki() && !self.is_exported();
        let title = cell.filter(|_| wiki).and_then(wiki::title);
        let title = title.map(|title| self.without_country(side, title, None));
        Ok(title.filter(|title| {
            let behind = title.strip_prefix(name);
            behind.is_some_and(|behind| behind.starts_with([' ', ',']))
        }))
    }

    fn point(&mut self, side: Side) -> Read<Point> {
        let north = Target::End(side, EndField::Latitude);
        let east = Target::End(side, EndField::Longitude);
        let latitude = self.read(north, parse_cell::latitude);
        let longitude = self.read(east, parse_cell::longitude);
        match (latitude?, longitude?) {
            (None, None) => Ok(None),
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
        let mapping = self.layout.mapping();
        let given = cell.as_deref().or_else(|| self.layout.set_value(target));
        given.map(parse).transpose().map_err(|invalid| {
            let cell = cell.as_deref();
            let marked = cell.filter(|cell| !mapping.is_wiki() && wiki::is_marked(cell));
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

    /// What the cell of a target stands for, if it isn't blank: what the table of values has for it,
    /// else the cell itself without what its file put around it.
    fn cell(&mut self, target: Target) -> Read<String> {
        let Some(bytes) = self.bytes(target) else {
            return Ok(None);
        };
        let Ok(raw) = str::from_utf8(bytes) else {
            return Err(self.fault(target, "this is no text"));
        };
        let raw = if self.layout.is_text() {
            formula::meant(raw)
        } else {
            raw
        };
        let mapping = self.layout.mapping();
        let mut text = without_edges(raw);
        let mut meant = mapping.translate(target, &text);
        if meant.is_none() && mapping.is_wiki() {
            text = without_edges(&unmarked(target, raw));
            meant = mapping.translate(target, &text);
        }
        if let Some(meant) = meant {
            return Ok(Some(meant.to_owned()).filter(|text| !text.is_empty()));
        }
        if text.is_empty() {
            return Ok(None);
        }
        // What this registry has written is what it says.
        if self.is_exported() {
            return Ok(Some(text));
        }
        // A table of codes says itself what marks such as "?" mean.
        let is_code =
            target.is_coded() && (target.check(&text).is_ok() || mapping.has_table(target));
        if !is_code && mapping.is_missing(&text) {
            return Ok(None);
        }
        let Target::End(side, EndField::Name) = target else {
            return Ok(Some(text));
        };
        let reason = if mapping.is_wiki() {
            let own = |link: &str| self.is_own_country(side, link);
            lists::of_links(raw, own).or_else(|| lists::looks_like_one(&text))
        } else {
            lists::looks_like_one(raw)
        };
        let reason = reason.or_else(|| self.keeps_a_year(side, &text).then_some(YEAR));
        match reason {
            Some(reason) => Err(self.fault(target, reason)),
            None => Ok(Some(text)),
        }
    }

    /// Whether a year stands in a name that is not the date of the tie beside it.
    fn keeps_a_year(&self, side: Side, text: &str) -> bool {
        let has_year = |text: &str| {
            let mut numbers = text.split(|c: char| !c.is_ascii_digit());
            numbers.any(|number| {
                let year = number.parse::<i32>().ok().filter(|_| number.len() == 4);
                year.is_some_and(|year| (date::FIRST_TIES..LAST_YEAR).contains(&year))
            })
        };
        if !has_year(text) {
            return false;
        }
        let kind = Cells::new(self.line, self.record, self.layout)
            .read(Target::End(side, EndField::Kind), parse_cell::kind);
        if matches!(kind, Ok(Some(kind)) if kind.is_institution()) {
            return false;
        }
        let name = self.without_country(side, text.to_owned(), None);
        let dates = self.layout.mapping().dates();
        let without = name::without_beside(&name, |part| dates.beside(part).is_some());
        has_year(without.unwrap_or(&name))
    }

    /// Whether a text is the country of an end, by its code or in any language.
    fn is_own_country(&self, side: Side, text: &str) -> bool {
        let own = Cells::new(self.line, self.record, self.layout)
            .read(Target::End(side, EndField::Country), parse_cell::country);
        matches!(own, Ok(Some(own)) if parse_cell::country(text) == Ok(own))
    }

    /// A place's name without its own country beside it.
    fn without_country(&self, side: Side, name: String, kind: Option<PartnerKind>) -> String {
        if self.is_exported() || kind.is_some_and(PartnerKind::is_institution) {
            return name;
        }
        let own = |part: &str| self.is_own_country(side, part);
        name::without_beside(&name, own).map_or(name.clone(), str::to_owned)
    }

    /// Whether the row names an agreement of this registry, as an export does.
    fn is_exported(&self) -> bool {
        let id = self.bytes(Target::AgreementId);
        id.is_some_and(|id| !id.trim_ascii().is_empty())
    }

    fn bytes(&self, target: Target) -> Option<&'r [u8]> {
        self.record.get(self.layout.place(target)?)
    }

    /// Notes a fault together with the cell as it stands in the file.
    fn fault(&mut self, target: Target, reason: impl Into<String>) -> Faulty {
        let value = self.bytes(target).map(shortened);
        self.faults.push(BadRow {
            line: self.line,
            column: self.layout.column(target),
            value: value.filter(|value| !value.is_empty()),
            reason: reason.into(),
        });
        Faulty
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
    let is_country = |part: &&&str| parse_cell::country(part).is_ok();
    let mut named: Vec<&str> = given.iter().filter(is_country).copied().collect();
    named.dedup_by_key(|part| parse_cell::country(part).ok());
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

/// An end as a tie may have it.
fn planned(end: Edtf) -> Result<Edtf, ParseError> {
    if end.earliest().is_some_and(|first| first.year() > LAST_YEAR) {
        let rule = "no tie ends in such a year: is it one of another calendar, or a filler?";
        return Err(ParseError::new("invalid_edtf", rule));
    }
    Ok(end)
}
