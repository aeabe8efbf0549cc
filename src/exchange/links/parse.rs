//! From the cells of a row to a link, or to everything that is wrong with them.

use csv::ByteRecord;

use super::{
    cell,
    layout::Layout,
    row::{BadRow, End, LinkRow},
    target::{EndField, Side, Target},
};
use crate::core::{
    geo::Point,
    identifier::Identifier,
    invalid::Invalid,
    text::nfc,
    vocabulary::{
        agreement::{InstrumentType, RelationshipType},
        partner::PartnerKind,
    },
};

/// How much of a cell is repeated in a report.
const MAX_SHOWN: usize = 60;

/// Stands for a value whose fault has been noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Faulty;

/// What a row says of a target: nothing, a right value, or a fault that has been noted.
type Read<T> = Result<Option<T>, Faulty>;

/// The link that a record tells, or all its faults.
pub(super) fn row(line: u64, record: &ByteRecord, layout: &Layout) -> Result<LinkRow, Vec<BadRow>> {
    let (found, wanted) = (record.len(), layout.width());
    if found != wanted {
        return Err(vec![BadRow {
            line,
            column: layout.column_after(found),
            value: None,
            reason: format!("the row has {found} cells and the header has {wanted}"),
        }]);
    }
    let mut cells = Cells {
        line,
        record,
        layout,
        faults: Vec::new(),
    };
    match cells.link() {
        Ok(read) if cells.faults.is_empty() => Ok(read),
        _ => Err(cells.faults),
    }
}

/// The cells of one row, and the faults found in them so far.
struct Cells<'r> {
    line: u64,
    record: &'r ByteRecord,
    layout: &'r Layout,
    faults: Vec<BadRow>,
}

impl<'r> Cells<'r> {
    /// Reads every cell before it gives up, so that the report names all faults of the row.
    fn link(&mut self) -> Result<LinkRow, Faulty> {
        let (a, b) = (self.end(Side::A), self.end(Side::B));
        if let (Ok(a), Ok(b)) = (&a, &b)
            && a.is_same(b)
        {
            let reason = "a partner can't be linked to itself: both ends are the same";
            self.fault(self.layout.naming(Side::B), reason);
        }
        let instrument = self.read(Target::Instrument, cell::instrument);
        let relationship = self.read(Target::Relationship, cell::relationship);
        let relationship_is_given = matches!(relationship, Ok(Some(_)));
        let relationship = relationship.map(|given| given.unwrap_or_else(|| usual(&a, &b)));
        let no_paper = instrument == Ok(Some(InstrumentType::None));
        if no_paper && relationship == Ok(RelationshipType::Twinning) {
            let reason = "a twinning rests on a paper: leave the instrument blank if nobody has \
                          described it, or give another relationship, such as contact";
            self.fault(Target::Instrument, reason);
        }
        let signed_on = self.read(Target::SignedOn, cell::date);
        let ended_on = self.read(Target::EndedOn, cell::date);
        if let (Ok(Some(signed)), Ok(Some(ended))) = (&signed_on, &ended_on)
            && ended.certainly_before(signed)
        {
            let reason = format!("the link ends before it was signed, {signed}");
            self.fault(Target::EndedOn, reason);
        }
        let end_reason = self.read(Target::EndReason, cell::reason);
        if matches!((&end_reason, &ended_on), (Ok(Some(_)), Ok(None))) {
            let reason = "an end with a reason needs a date; [..2024] is 2024 or before";
            self.fault(Target::EndedOn, reason);
        }
        let note = self.read(Target::Note, cell::note);
        let source_title = self.read(Target::SourceTitle, cell::source_title);
        let source_url = self.read(Target::SourceUrl, cell::web_address);
        Ok(LinkRow {
            line: self.line,
            a: a?,
            b: b?,
            instrument: instrument?,
            relationship: relationship?,
            relationship_is_given,
            signed_on: signed_on?,
            ended_on: ended_on?,
            end_reason: end_reason?,
            note: note?,
            source_title: source_title?,
            source_url: source_url?,
        })
    }

    fn end(&mut self, side: Side) -> Result<End, Faulty> {
        let target = |field| Target::End(side, field);
        let name = self.read(target(EndField::Name), cell::name);
        let country = self.read(target(EndField::Country), cell::country);
        let kind = self.read(target(EndField::Kind), cell::kind);
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
            country: country?,
            kind: kind?.unwrap_or(PartnerKind::Municipality),
            identifiers: identifiers.into_iter().collect::<Result<_, _>>()?,
            point: point?,
        })
    }

    fn point(&mut self, side: Side) -> Read<Point> {
        let north = Target::End(side, EndField::Latitude);
        let east = Target::End(side, EndField::Longitude);
        let latitude = self.read(north, cell::latitude);
        let longitude = self.read(east, cell::longitude);
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
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Read<T> {
        let cell = self.cell(target)?;
        let given = cell
            .as_deref()
            .or_else(|| self.layout.mapping().set_value(target));
        given
            .map(parse)
            .transpose()
            .map_err(|invalid| self.fault(target, invalid.message))
    }

    /// What the cell of a target stands for, if it isn't blank.
    fn cell(&mut self, target: Target) -> Read<String> {
        let Some(bytes) = self.bytes(target) else {
            return Ok(None);
        };
        let Ok(text) = str::from_utf8(bytes) else {
            return Err(self.fault(target, "this is not UTF-8: save the file as CSV in UTF-8"));
        };
        let text = nfc(text);
        if text.is_empty() {
            return Ok(None);
        }
        let meant = self.layout.mapping().translate(target, text);
        let meant = meant.map_err(|invalid| self.fault(target, invalid.message))?;
        Ok(Some(meant).filter(|text| !text.is_empty()))
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
