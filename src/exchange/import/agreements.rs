//! Whether a tie is known, and what is recorded of it.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::differences::{self, Difference, shown};
use super::partners::{self, Known, Partners};
use super::report::Report;
use crate::agreements::duplicates::{may_be_same, party_key};
use crate::agreements::events::types::EventIn;
use crate::agreements::types::AgreementIn;
use crate::agreements::{create, parties};
use crate::changes::Ctx;
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::vocabulary::agreement::{InstrumentType, RelationshipType};
use crate::core::vocabulary::evidence::SourceKind;
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus, ReasonCode, TerminationMode};
use crate::core::vocabulary::record::RecordState;
use crate::db::schema::{agreements, citations, sources};
use crate::db::{DbConn, columns_of};
use crate::evidence::citations::types::{NewCitation, Which};
use crate::evidence::citations::{self as cited, CitationIn};
use crate::evidence::sources::types::NewSource;
use crate::exchange::links::{self, LinkRow, Target};
use crate::exchange::pairs::{End, Moves, Paper, pairs};
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::partners::reference;

/// Agreements whose parties are read at once.
const MANY: usize = 500;

/// Longest note that fits a quotation.
const MAX_QUOTE: usize = 300;

/// An agreement as the import knows it.
#[derive(Debug, Clone)]
pub(super) struct Tie {
    id: PublicId,
    instrument: InstrumentType,
    relationship: RelationshipType,
    signed_on: Option<Edtf>,
    status: LegalStatus,
    /// When it ended, or is planned to.
    ended_on: Option<Edtf>,
}

impl Tie {
    /// What a row about it says that it does not say itself: another kind of tie, other dates, or more exact
    /// ones.
    fn unsaid(&self, row: &LinkRow) -> Vec<Difference> {
        let mut all = Vec::new();
        if row.relationship_is_given && row.relationship != self.relationship {
            all.push((Target::Relationship, Some(self.relationship.to_string())));
        }
        if !says(self.signed_on.as_ref(), row.signed_on.as_ref()) {
            all.push((Target::SignedOn, Some(shown(self.signed_on.as_ref()))));
        }
        if !self.status.is_live() && !says(self.ended_on.as_ref(), row.ended_on.as_ref()) {
            all.push((Target::EndedOn, Some(shown(self.ended_on.as_ref()))));
        }
        all
    }
}

/// Whether a date is known, at least as exactly as it is said here.
fn says(known: Option<&Edtf>, said: Option<&Edtf>) -> bool {
    let told = |said: &Edtf| known.is_some_and(|known| links::covers(said, known));
    known == said || said.is_none_or(told)
}

/// The ties of every two parties of those among these agreements that have more than two.
fn within(
    conn: &mut DbConn,
    rows: &[Paper],
    today: NaiveDate,
) -> QueryResult<HashMap<String, Vec<Tie>>> {
    let has_more = |row: &&Paper| row.party_key.matches(',').count() > 1;
    let rows: Vec<&Paper> = rows.iter().filter(has_more).collect();
    let mut all: HashMap<String, Vec<Tie>> = HashMap::new();
    for some in rows.chunks(MANY) {
        let keys: Vec<i64> = some.iter().map(|row| row.id).collect();
        let seats = parties::rows(conn, &keys)?;
        let moves = Moves::load(conn, &seats)?;
        for row in some {
            for pair in pairs(row, &seats, &moves) {
                let end = pair.end(row, today);
                let tie = Tie {
                    id: row.public_id.clone(),
                    instrument: row.instrument,
                    relationship: row.relationship,
                    signed_on: pair.since().cloned(),
                    status: match end {
                        End::Left(_) | End::Ended(_) => LegalStatus::Terminated,
                        End::None | End::Planned(_) => row.status,
                    },
                    ended_on: end.day().cloned(),
                };
                all.entry(party_key(vec![pair.a.partner_id, pair.b.partner_id]))
                    .or_default()
                    .push(tie);
            }
        }
    }
    Ok(all)
}

/// A source by its internal key, and the hash of what is quoted of it.
type Cites = (i64, Option<u64>);

/// What a row did.
#[derive(Debug)]
pub(super) enum Outcome {
    /// A new agreement between these parties, which cites a source.
    Created(String, Tie, Cites),
    /// A known agreement got a further source.
    Matched(PublicId, Cites),
    /// Nothing new.
    Duplicate,
}

/// A row that was used.
#[derive(Debug)]
pub(super) struct Used {
    pub(super) new_partners: Vec<Known>,
    pub(super) tie: Outcome,
    /// The matched agreement, when it stands in law although the row says that it has ended.
    pub(super) stands: Option<PublicId>,
    /// What the row says otherwise than the registry.
    pub(super) differences: Vec<Difference>,
}

/// A source as rows name it: by title and address.
type Named = (String, Option<String>);

/// Sources by what rows call them.
type Sources = HashMap<Named, (i64, PublicId)>;

/// The known agreements by their parties, what cites what, and the sources met so far.
#[derive(Debug)]
pub(super) struct Ties {
    by_parties: HashMap<String, Vec<Tie>>,
    /// The ties of two parties of an agreement that has more, by the two.
    within: HashMap<String, Vec<Tie>>,
    /// The parties of each agreement.
    parties: HashMap<PublicId, String>,
    /// The sources that agreements cite, and the hashes of what they quote of each.
    cited: HashMap<(PublicId, i64), HashSet<u64>>,
    /// The published sources.
    known: Sources,
    /// The sources that rows recorded.
    new: Sources,
    title: String,
}

impl Ties {
    /// Reads them once. `title` names the source of rows that don't.
    pub(super) fn load(conn: &mut DbConn, title: String, today: NaiveDate) -> QueryResult<Self> {
        let rows: Vec<Paper> = agreements::table
            .filter(agreements::record_state.eq(RecordState::Published))
            .order(agreements::id)
            .select(columns_of::<Paper>())
            .load(conn)?;
        let within = within(conn, &rows, today)?;
        let (mut by_parties, mut parties) = (HashMap::<_, Vec<_>>::new(), HashMap::new());
        for row in rows {
            parties.insert(row.public_id.clone(), row.party_key.clone());
            let ended = row.status.is_terminal().then_some(row.status_since);
            by_parties.entry(row.party_key).or_default().push(Tie {
                id: row.public_id,
                instrument: row.instrument,
                relationship: row.relationship,
                signed_on: row.signed_on,
                status: row.status,
                ended_on: ended.or(row.pending_effective_on),
            });
        }
        let citations: Vec<(PublicId, i64, Option<String>)> = citations::table
            .filter(citations::record.like("agr\\_%").escape('\\'))
            .select((citations::record, citations::source_id, citations::quote))
            .load(conn)?;
        let (known, meant) = known_sources(conn)?;
        let mut cited: HashMap<_, HashSet<u64>> = HashMap::new();
        for (id, source, quote) in citations {
            let source = meant.get(&source).copied().unwrap_or(source);
            let quoted = cited.entry((id, source)).or_default();
            quoted.extend(quote.as_ref().map(hash));
        }
        Ok(Self {
            by_parties,
            within,
            parties,
            cited,
            known,
            new: HashMap::new(),
            title,
        })
    }

    /// Whether an agreement of two partners is known.
    pub(super) fn knows(&self, keys: Vec<i64>) -> bool {
        let key = party_key(keys);
        self.by_parties.contains_key(&key) || self.within.contains_key(&key)
    }

    /// Records what a row says that is not known yet.
    pub(super) fn record(
        &mut self,
        conn: &mut DbConn,
        ctx: &Ctx,
        known: &Partners,
        row: &LinkRow,
        ends: [(&links::End, Option<usize>); 2],
    ) -> Result<Used, Problem> {
        let [a, b] = ends.map(|(_, index)| Some(&known.get(index?)?.who));
        let both = a.zip(b).map(|(a, b)| [a, b]);
        let mut differences = match &row.agreement_id {
            Some(id) => differences::of(conn, (id, row), both, ctx.today())?,
            None => Vec::new(),
        };
        if let Some(keys) = both.map(|both| both.map(|partner| partner.key))
            && row.source_title.is_none()
            && row.source_url.is_none()
            && let Some(tie) = self.exported(&keys, row)?
        {
            // What was exported without a source comes back without one.
            return Ok(Used {
                new_partners: Vec::new(),
                tie: Outcome::Duplicate,
                stands: self.stands(tie, &party_key(keys.to_vec()), row),
                differences,
            });
        }
        let (source, source_id) = self.source(conn, ctx, row)?;
        let (parties, new_partners) = both_ends(conn, ctx, known, ends, source)?;
        let keys: Vec<i64> = parties.iter().map(|party| party.key).collect();
        let key = party_key(keys.clone());
        let exported = self.exported(&keys, row)?;
        let known = exported.or_else(|| self.matching(&key, row, source));
        let stands = known.and_then(|tie| self.stands(tie, &key, row));
        let quoted = quote(row);
        let own = quoted.as_ref().map(hash);
        let cites = known.is_some_and(|tie| self.quoted(tie, source).is_some());
        if let Some(tie) = known.filter(|_| row.agreement_id.is_none()) {
            differences.extend(tie.unsaid(row));
            differences.extend(self.unquoted(tie, source, own));
        }
        let tie = match known.map(|tie| tie.id.clone()) {
            Some(_) if cites => Outcome::Duplicate,
            Some(id) => {
                let input = CitationIn {
                    source_id: Some(source_id.to_string()),
                    quote: quoted,
                    ..CitationIn::default()
                };
                cited::write::create(conn, ctx, &id, input)?;
                Outcome::Matched(id, (source, own))
            }
            None => {
                let mut citation = NewCitation::by(Which::Found(source));
                citation.quote = quoted;
                let input = agreement(row, ctx);
                let made = create::create_between(conn, ctx, input, parties, vec![citation])?;
                let tie = Tie {
                    id: made.public_id,
                    instrument: made.content.instrument,
                    relationship: made.relationship,
                    signed_on: made.content.dates.signed_on,
                    status: made.status,
                    ended_on: row.ended_on.clone(),
                };
                Outcome::Created(key, tie, (source, own))
            }
        };
        Ok(Used {
            new_partners,
            tie,
            stands,
            differences,
        })
    }

    /// The agreement, if it stands in law although the row says that it has ended, on another day than it is planned
    /// to. Of an agreement of more than two a single tie may have ended.
    fn stands(&self, tie: &Tie, parties: &str, row: &LinkRow) -> Option<PublicId> {
        let own = self.parties.get(&tie.id).is_some_and(|own| own == parties);
        let ends = !says(tie.ended_on.as_ref(), row.ended_on.as_ref());
        (own && ends && tie.status.is_live()).then(|| tie.id.clone())
    }

    /// The agreement whose id the row has from an export of this registry; 422 when its partners are
    /// not parties of it.
    fn exported(&self, keys: &[i64], row: &LinkRow) -> Result<Option<&Tie>, Problem> {
        let id = row.agreement_id.as_ref();
        let Some((id, parties)) = id.and_then(|id| self.parties.get_key_value(id)) else {
            return Ok(None);
        };
        let is_own = |key: &i64| parties.split(',').any(|own| own == key.to_string());
        if !keys.iter().all(is_own) {
            return Err(Problem::new(Code::ValidationFailed)
                .detail(format!("{id} is an agreement of other partners")));
        }
        let ties = self.by_parties.get(parties).into_iter().flatten();
        Ok(ties.into_iter().find(|tie| tie.id == *id))
    }

    /// The agreement of the same parties that the row may be about: of the same instrument when the
    /// row names one, and signed on a day that doesn't contradict it. Of several, one of the kind that the
    /// row names; of these one that cites the row's source already, so that a file read again says nothing new;
    /// else one of the same date.
    fn matching(&self, parties: &str, row: &LinkRow, source: i64) -> Option<&Tie> {
        let fits = |tie: &&Tie| {
            row.instrument
                .is_none_or(|instrument| instrument == tie.instrument)
                && may_be_same(tie.signed_on.as_ref(), row.signed_on.as_ref())
        };
        let own = self.by_parties.get(parties).into_iter().flatten();
        let own = own.filter(fits).min_by_key(|tie| {
            (
                row.relationship_is_given && tie.relationship != row.relationship,
                self.quoted(tie, source).is_none(),
                tie.signed_on != row.signed_on,
            )
        });
        own.or_else(|| self.part_of(parties, row))
    }

    /// The agreement of more parties of which the row says one tie, as an export writes it: with the
    /// same instrument and dates.
    fn part_of(&self, parties: &str, row: &LinkRow) -> Option<&Tie> {
        self.within.get(parties)?.iter().find(|within| {
            row.instrument == Some(within.instrument)
                && row.signed_on == within.signed_on
                && row.ended_on == within.ended_on
        })
    }

    /// The source of a row, found or recorded once.
    fn source(
        &mut self,
        conn: &mut DbConn,
        ctx: &Ctx,
        row: &LinkRow,
    ) -> Result<(i64, PublicId), Problem> {
        let title = row
            .source_title
            .clone()
            .unwrap_or_else(|| self.title.clone());
        let named = (title, row.source_url.clone());
        if let Some(found) = self.known.get(&named).or_else(|| self.new.get(&named)) {
            return Ok(found.clone());
        }
        let new = NewSource::titled(SourceKind::Import, named.0.clone(), named.1.clone());
        let found = cited::store::find_or_insert(conn, ctx, &new)?;
        let found = (found.id, found.public_id);
        self.new.insert(named, found.clone());
        Ok(found)
    }

    /// Remembers what a row did, once it is certain.
    pub(super) fn keep(&mut self, outcome: Outcome, report: &mut Report) {
        match outcome {
            Outcome::Created(parties, tie, cites) => {
                report.created += 1;
                self.parties.insert(tie.id.clone(), parties.clone());
                self.cite(&tie.id, cites);
                self.by_parties.entry(parties).or_default().push(tie);
            }
            Outcome::Matched(id, cites) => {
                report.matched += 1;
                self.cite(&id, cites);
            }
            Outcome::Duplicate => report.duplicates += 1,
        }
    }

    /// The hashes of what is quoted of a source, if it is cited for this tie.
    fn quoted(&self, tie: &Tie, source: i64) -> Option<&HashSet<u64>> {
        self.cited.get(&(tie.id.clone(), source))
    }

    /// That a source is cited for this tie and what the row notes is not quoted of it.
    fn unquoted(&self, tie: &Tie, source: i64, quote: Option<u64>) -> Option<Difference> {
        let is_new = !self.quoted(tie, source)?.contains(&quote?);
        is_new.then(|| (Target::Note, Some("no such note".to_owned())))
    }

    fn cite(&mut self, id: &PublicId, (source, quote): Cites) {
        let quoted = self.cited.entry((id.clone(), source)).or_default();
        quoted.extend(quote);
    }

    /// Forgets the sources that rows recorded: that of a row that was undone is not there.
    pub(super) fn forget_sources(&mut self) {
        self.new.clear();
    }
}

/// Both ends of a row as parties, and those among them that are recorded only now.
fn both_ends(
    conn: &mut DbConn,
    ctx: &Ctx,
    known: &Partners,
    ends: [(&links::End, Option<usize>); 2],
    source: i64,
) -> Result<(Vec<reference::Known>, Vec<Known>), Problem> {
    let (mut parties, mut new_partners) = (Vec::new(), Vec::new());
    for (end, index) in ends {
        if let Some(partner) = index.and_then(|index| known.get(index)) {
            parties.push(partner.who.clone());
        } else {
            let partner = partners::create(conn, ctx, end, source)?;
            parties.push(partner.who.clone());
            new_partners.push(partner);
        }
    }
    Ok((parties, new_partners))
}

/// The first published source of each title and address, whatever its kind: an export tells no more.
/// And of each source which one that is.
fn known_sources(conn: &mut DbConn) -> QueryResult<(Sources, HashMap<i64, i64>)> {
    let rows: Vec<(i64, PublicId, String, Option<String>)> = sources::table
        .filter(sources::record_state.eq(RecordState::Published))
        .order(sources::id)
        .select((
            sources::id,
            sources::public_id,
            sources::title,
            sources::url,
        ))
        .load(conn)?;
    let (mut known, mut meant) = (Sources::new(), HashMap::new());
    for (id, public_id, title, url) in rows {
        let first = known.entry((title, url)).or_insert((id, public_id));
        meant.insert(id, first.0);
    }
    Ok((known, meant))
}

/// Tells one quotation from another.
fn hash(quote: &String) -> u64 {
    BuildHasherDefault::<DefaultHasher>::new().hash_one(quote)
}

/// A note; what a quotation can't hold of it is left out, which the dots say.
fn quote(row: &LinkRow) -> Option<String> {
    row.note.as_ref().map(|note| match note.chars().count() {
        0..=MAX_QUOTE => note.clone(),
        _ => note.chars().take(MAX_QUOTE - 1).chain(['…']).collect(),
    })
}

/// The agreement a row describes: in force, or ended when the row says when.
fn agreement(row: &LinkRow, ctx: &Ctx) -> AgreementIn {
    let past = row.ended_on.as_ref().map(|ended| past(row, ended, ctx));
    AgreementIn {
        // The partners of the registry know better than the row what they are.
        relationship: row.relationship_is_given.then(|| row.relationship.into()),
        instrument: Some(row.instrument_or_default().into()),
        signed_on: row.signed_on.clone().map(Into::into),
        initial_status: past.is_none().then(|| LegalStatus::InForce.into()),
        events: past,
        ..AgreementIn::default()
    }
}

/// A tie that has ended, or is planned to: in force since it was signed, or since some day before its end and before
/// today.
fn past(row: &LinkRow, ended: &Edtf, ctx: &Ctx) -> Vec<EventIn> {
    let by_then = ended
        .latest()
        .or(ended.earliest())
        .map_or(ctx.today(), |end| end.min(ctx.today()));
    let since = row
        .signed_on
        .clone()
        .unwrap_or_else(|| Edtf::no_later_than(by_then));
    let register = EventIn {
        action: Some(EventAction::Register.into()),
        effective_on: Some(since.into()),
        to_status: Some(LegalStatus::InForce.into()),
        ..EventIn::default()
    };
    let end = EventIn {
        action: Some(EventAction::Terminate.into()),
        effective_on: Some(ended.clone().into()),
        mode: Some(TerminationMode::Other.into()),
        reason_code: Some(row.end_reason.unwrap_or(ReasonCode::NotStated).into()),
        ..EventIn::default()
    };
    vec![register, end]
}
