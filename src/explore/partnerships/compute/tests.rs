use super::*;

const BIALYSTOK: i64 = 1;
const GRODNO: i64 = 2;
const THIRD: i64 = 3;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn date(text: &str) -> Edtf {
    text.parse().unwrap()
}

fn party(participation: ParticipationStatus) -> Party {
    Party {
        row: PartyRow {
            participation,
            acceded_on: None,
            withdrew_on: None,
            acknowledgement: Acknowledgement::Unknown,
        },
        days: None,
        earlier: Vec::new(),
        predecessors: Vec::new(),
    }
}

/// What was learnt on this day of who left.
fn left_by(text: &str) -> MoveDays {
    MoveDays {
        left_by: Some(day(text)),
        ..MoveDays::default()
    }
}

/// A paper of these parties whose statuses began on these dates.
fn paper(parties: &[i64], signed_on: Option<&str>, past: &[(LegalStatus, &str)]) -> Paper {
    use crate::core::state_machine::{ALWAYS, NEVER};
    let mut periods: Vec<StatusPeriod<LegalStatus>> = Vec::new();
    for (index, (status, since)) in past.iter().enumerate() {
        let since = date(since);
        let earliest = since.earliest().unwrap_or(ALWAYS);
        let latest = since.latest().unwrap_or(NEVER);
        let from_on = if index == 0 { earliest } else { latest };
        if let Some(before) = periods.last_mut() {
            (before.to_on, before.certain_to) = (from_on, earliest);
        }
        periods.push(StatusPeriod {
            status: *status,
            since,
            from_on,
            certain_from: latest,
            to_on: NEVER,
            certain_to: NEVER,
        });
    }
    let today = periods.last().unwrap();
    Paper {
        row: PaperRow {
            id: 1,
            public_id: "agr_8x3k0q2m7t".parse().unwrap(),
            title: Json::default(),
            instrument: InstrumentType::PartnershipAgreement,
            relationship: RelationshipType::Twinning,
            status: today.status,
            status_since: today.since.clone(),
            signed_on: signed_on.map(date),
            created_at: NaiveDateTime::MIN,
        },
        parties: parties
            .iter()
            .map(|key| (*key, party(ParticipationStatus::Party)))
            .collect(),
        periods,
    }
}

use LegalStatus::{
    Abandoned, Approved, Expired, InForce, Proposed, Signed, Superseded, Suspended, Terminated,
};

fn grodno() -> (Papers, Links) {
    let both = [BIALYSTOK, GRODNO];
    let mut first = paper(
        &both,
        Some("2000-06"),
        &[(InForce, "2000-06"), (Superseded, "2018-03-16")],
    );
    first
        .parties
        .get_mut(&BIALYSTOK)
        .unwrap()
        .row
        .acknowledgement = Acknowledgement::Acknowledged;
    let mut second = paper(
        &both,
        Some("2018-03-16"),
        &[
            (InForce, "2018-03-16"),
            (Suspended, "2020-08~"),
            (Terminated, "2022-03-03"),
        ],
    );
    for party in second.parties.values_mut() {
        party.row.acknowledgement = Acknowledgement::Acknowledged;
    }
    (
        Papers::from([(10, first), (20, second)]),
        Links::from([(20, vec![10])]),
    )
}

fn on(papers: &Papers, links: &Links, asked: &str, matching: Match) -> Option<Tie> {
    let asked = AsOf {
        day: day(asked),
        matching,
    };
    ties(BIALYSTOK, papers, links, &Lines::new(), Some(asked)).remove(&GRODNO)
}

fn today(papers: &Papers, links: &Links) -> Tie {
    ties(BIALYSTOK, papers, links, &Lines::new(), None)
        .remove(&GRODNO)
        .unwrap()
}

fn alone(paper: Paper) -> Tie {
    today(&Papers::from([(10, paper)]), &Links::new())
}

#[test]
fn grodno_was_partner_from_2000_to_2022() {
    let (papers, links) = grodno();
    let tie = today(&papers, &links);
    assert_eq!(
        (tie.status, tie.status_since),
        (Terminated, Some(date("2022-03-03")))
    );
    assert_eq!(tie.since, date("2000-06"));
    assert_eq!(tie.relationship, RelationshipType::Twinning);
    assert_eq!(tie.reciprocity, Reciprocity::BothAcknowledge);
    assert_eq!(tie.longest_gap_days, None);
    let order: Vec<i64> = tie.standings.iter().map(|standing| standing.key).collect();
    assert_eq!(order, [10, 20]);
}

#[test]
fn grodno_as_it_stood_on_other_days() {
    let (papers, links) = grodno();
    let status = |asked: &str, matching| on(&papers, &links, asked, matching).map(|tie| tie.status);
    assert_eq!(status("1999-12-31", Match::Possible), None);
    // Some day of June 2000.
    assert_eq!(status("2000-06-10", Match::Possible), Some(InForce));
    assert_eq!(status("2000-06-10", Match::Certain), None);
    assert_eq!(status("2010-01-01", Match::Certain), Some(InForce));
    assert_eq!(status("2019-01-01", Match::Possible), Some(InForce));
    // Suspended some day of August 2020: until its end it may have been in force.
    assert_eq!(status("2020-08-15", Match::Possible), Some(InForce));
    assert_eq!(status("2021-01-01", Match::Possible), Some(Suspended));
    assert_eq!(status("2022-03-03", Match::Possible), Some(Terminated));
    let tie = on(&papers, &links, "2010-01-01", Match::Possible).unwrap();
    assert_eq!(tie.standings.len(), 1);
    assert_eq!(tie.standings[0].paper_status, InForce);
    let tie = on(&papers, &links, "2019-01-01", Match::Possible).unwrap();
    assert_eq!(
        (tie.since, tie.status_since),
        (date("2000-06"), Some(date("2018-03-16")))
    );
}

#[test]
fn a_live_paper_outweighs_ended_ones_and_the_strongest_decides() {
    let both = [BIALYSTOK, GRODNO];
    let mut friendship = paper(&both, Some("1999"), &[(InForce, "1999")]);
    friendship.row.relationship = RelationshipType::Friendship;
    let papers = Papers::from([
        (
            1,
            paper(
                &both,
                Some("2010"),
                &[(InForce, "2010"), (Terminated, "2020")],
            ),
        ),
        (2, friendship),
        (
            3,
            paper(&both, None, &[(Proposed, "2024"), (Approved, "2025")]),
        ),
        (
            4,
            paper(
                &both,
                Some("2021"),
                &[(InForce, "2021"), (Suspended, "2023")],
            ),
        ),
    ]);
    let tie = today(&papers, &Links::new());
    assert_eq!(
        (tie.status, tie.status_since),
        (InForce, Some(date("1999")))
    );
    assert_eq!(tie.relationship, RelationshipType::Friendship);
}

#[test]
fn an_attempt_that_came_to_nothing_says_less_than_a_tie_that_ended() {
    let both = [BIALYSTOK, GRODNO];
    let papers = Papers::from([
        (
            1,
            paper(&both, Some("1990"), &[(InForce, "1990"), (Expired, "2000")]),
        ),
        (
            2,
            paper(&both, None, &[(Proposed, "1985"), (Abandoned, "2010")]),
        ),
    ]);
    let tie = today(&papers, &Links::new());
    assert_eq!((tie.status, tie.since), (Expired, date("1990")));
    assert_eq!(alone(papers[&2].clone()).status, Abandoned);
}

#[test]
fn without_a_signature_the_first_binding_status_is_the_beginning() {
    let both = [BIALYSTOK, GRODNO];
    let tie = alone(paper(
        &both,
        None,
        &[(Proposed, "1991"), (Signed, "1992"), (InForce, "1993")],
    ));
    assert_eq!(tie.since, date("1992"));
    assert_eq!(
        alone(paper(&both, None, &[(InForce, "[..2017]")])).since,
        date("[..2017]")
    );
}

#[test]
fn a_gap_is_counted_where_its_days_are_known() {
    let both = [BIALYSTOK, GRODNO];
    let gap = |end: (LegalStatus, &str), begin: &str| {
        let papers = Papers::from([
            (1, paper(&both, Some("1990"), &[(InForce, "1990"), end])),
            (2, paper(&both, Some(begin), &[(InForce, begin)])),
        ]);
        today(&papers, &Links::new()).longest_gap_days
    };
    assert_eq!(gap((Terminated, "2000-01-01"), "2001-01-01"), Some(366));
    assert_eq!(gap((Terminated, "2000-01-01"), "2000-01-01"), None);
    assert_eq!(gap((Terminated, "2000"), "2001-01-01"), None);
    assert_eq!(gap((Superseded, "2000-01-01"), "2000-02-01"), None);
    assert_eq!(gap((Terminated, "2000-01-01"), "1995-01-01"), None);
}

#[test]
fn what_expired_and_was_renewed_held_twice() {
    let both = [BIALYSTOK, GRODNO];
    let renewed = paper(
        &both,
        Some("1990-01-01"),
        &[
            (InForce, "1990-01-01"),
            (Expired, "1995-01-02"),
            (InForce, "2000-05-01"),
        ],
    );
    let papers = Papers::from([(1, renewed)]);
    let tie = today(&papers, &Links::new());
    assert_eq!((tie.status, tie.since), (InForce, date("1990-01-01")));
    assert_eq!(tie.status_since, Some(date("2000-05-01")));
    assert_eq!(tie.longest_gap_days, Some(1946));
    let spells: Vec<_> = tie
        .spells
        .iter()
        .map(|spell| (spell.since.as_str(), spell.until.as_ref().map(Edtf::as_str)))
        .collect();
    assert_eq!(
        spells,
        [("1990-01-01", Some("1995-01-02")), ("2000-05-01", None)]
    );
    let between = on(&papers, &Links::new(), "1997-01-01", Match::Certain).unwrap();
    assert_eq!((between.status, between.spells.len()), (Expired, 1));
}

#[test]
fn what_ended_once_more_ended_then_whatever_its_first_end_may_mean() {
    let both = [BIALYSTOK, GRODNO];
    for past in [
        [
            (Expired, "[..2026-11-24]"),
            (InForce, "2010-01-01"),
            (Terminated, "2015-05-05"),
        ],
        [
            (Expired, "2015"),
            (InForce, "2015-02-01"),
            (Terminated, "2015-05-05"),
        ],
    ] {
        let tie = alone(paper(&both, None, &past));
        assert_eq!(tie.status, Terminated);
        assert_eq!(tie.status_since, Some(date("2015-05-05")));
        let last = tie.spells.last().unwrap();
        assert_eq!(last.until, Some(date("2015-05-05")));
    }
}

#[test]
fn who_joins_later_was_no_partner_in_the_times_before() {
    let renewed = |joined: &str, left: Option<&str>| {
        let past = [
            (InForce, "1990-01-01"),
            (Expired, "1995-01-02"),
            (InForce, "2000-05-01"),
        ];
        let mut paper = paper(&[BIALYSTOK, GRODNO, THIRD], Some("1990-01-01"), &past);
        let party = paper.parties.get_mut(&GRODNO).unwrap();
        party.row.participation = ParticipationStatus::Acceded;
        party.row.acceded_on = Some(date(joined));
        if let Some(left) = left {
            let party = paper.parties.get_mut(&BIALYSTOK).unwrap();
            party.row.participation = ParticipationStatus::Withdrawn;
            party.row.withdrew_on = Some(date(left));
        }
        let tie = today(&Papers::from([(1, paper)]), &Links::new());
        (tie.longest_gap_days, tie.spells.len(), tie.since)
    };
    assert_eq!(renewed("2003", None), (None, 1, date("2003")));
    assert_eq!(
        renewed("1992-01-01", Some("1993-01-01")),
        (None, 1, date("1992-01-01"))
    );
}

#[test]
fn what_may_lie_in_between_leaves_a_gap_untold() {
    let both = [BIALYSTOK, GRODNO];
    let first = paper(
        &both,
        Some("1990"),
        &[(InForce, "1990"), (Terminated, "1995-01-01")],
    );
    let last = paper(&both, Some("2005-01-01"), &[(InForce, "2005-01-01")]);
    let with = |other: Paper| {
        let papers = Papers::from([(1, first.clone()), (2, last.clone()), (3, other)]);
        let tie = today(&papers, &Links::new());
        (tie.longest_gap_days, tie.spells.len())
    };
    let of = |signed: &str, past: &[(LegalStatus, &str)]| paper(&both, Some(signed), past);
    assert_eq!(with(of("2007", &[(InForce, "2007")])), (Some(3653), 2));
    // It may have begun in any year of these: some of the time is certain to be uncovered, or none.
    assert_eq!(
        with(of("[2000..2010]", &[(InForce, "[2000..2010]")])),
        (None, 2)
    );
    assert_eq!(
        with(of("[1994..2010]", &[(InForce, "[1994..2010]")])),
        (None, 1)
    );
    // It ended nobody knows when.
    let open = of("1985", &[(InForce, "1985"), (Terminated, "[1986..]")]);
    assert_eq!(with(open), (None, 1));
}

#[test]
fn what_took_the_place_of_a_paper_may_bind_others() {
    let both = [BIALYSTOK, GRODNO];
    let old = paper(
        &both,
        Some("1990"),
        &[(InForce, "1990"), (Superseded, "2000-01-01")],
    );
    let others = paper(
        &[BIALYSTOK, THIRD],
        Some("2000-01-01"),
        &[(InForce, "2000-01-01")],
    );
    let again = paper(&both, Some("2001-01-01"), &[(InForce, "2001-01-01")]);
    let papers = Papers::from([(1, old), (2, others), (3, again)]);
    let gap = |newer: i64| {
        let tie = today(&papers, &Links::from([(newer, vec![1])]));
        (tie.longest_gap_days, tie.spells.len())
    };
    assert_eq!(gap(3), (None, 1));
    assert_eq!(gap(2), (Some(366), 2));
    // An agreement that neither of the two is party to.
    assert_eq!(gap(9), (Some(366), 2));
}

#[test]
fn a_party_that_left_has_no_tie_although_the_agreement_goes_on() {
    let mut three = paper(
        &[BIALYSTOK, GRODNO, THIRD],
        Some("1995"),
        &[(InForce, "1995")],
    );
    let left = three.parties.get_mut(&GRODNO).unwrap();
    left.row.participation = ParticipationStatus::Withdrawn;
    left.row.withdrew_on = Some(date("2005-05-05"));
    let papers = Papers::from([(1, three)]);
    let all = ties(BIALYSTOK, &papers, &Links::new(), &Lines::new(), None);
    assert_eq!(all[&THIRD].status, InForce);
    let tie = &all[&GRODNO];
    assert_eq!(
        (tie.status, &tie.status_since),
        (Terminated, &Some(date("2005-05-05")))
    );
    assert_eq!(tie.standings[0].paper_status, InForce);
    let before = on(&papers, &Links::new(), "2005-05-04", Match::Certain).unwrap();
    assert_eq!(before.status, InForce);
}

#[test]
fn a_party_that_left_on_an_unknown_day_may_have_been_tied_until_today() {
    let mut two = paper(&[BIALYSTOK, GRODNO], Some("1995"), &[(InForce, "1995")]);
    let left = two.parties.get_mut(&GRODNO).unwrap();
    left.row.participation = ParticipationStatus::Withdrawn;
    left.row.withdrew_on = Some(date("[2005-05-05..]"));
    left.days = Some(left_by("2026-11-28"));
    let papers = Papers::from([(1, two)]);
    let on = |asked, matching| on(&papers, &Links::new(), asked, matching).map(|tie| tie.status);
    assert_eq!(on("2010-01-01", Match::Possible), Some(InForce));
    assert_eq!(on("2010-01-01", Match::Certain), None);
    assert_eq!(on("2005-05-04", Match::Certain), Some(InForce));
    assert_eq!(on("2026-11-28", Match::Possible), Some(Terminated));
}

#[test]
fn a_party_that_joined_later_is_tied_from_then_on() {
    let mut three = paper(
        &[BIALYSTOK, GRODNO, THIRD],
        Some("1995"),
        &[(InForce, "1995")],
    );
    let joined = three.parties.get_mut(&GRODNO).unwrap();
    joined.row.participation = ParticipationStatus::Acceded;
    joined.row.acceded_on = Some(date("2001"));
    let papers = Papers::from([(1, three)]);
    assert_eq!(today(&papers, &Links::new()).since, date("2001"));
    assert!(on(&papers, &Links::new(), "2000-12-31", Match::Possible).is_none());
    assert!(on(&papers, &Links::new(), "2001-06-01", Match::Certain).is_none());
    // As lists of agreements say: joining counts once it has certainly happened.
    assert!(on(&papers, &Links::new(), "2001-06-01", Match::Possible).is_none());
    assert!(on(&papers, &Links::new(), "2001-12-31", Match::Certain).is_some());
}

#[test]
fn what_is_recorded_has_happened_by_that_day_however_its_date_is_read() {
    let mut three = paper(
        &[BIALYSTOK, GRODNO, THIRD],
        Some("1995"),
        &[(InForce, "1995")],
    );
    let left = three.parties.get_mut(&GRODNO).unwrap();
    left.row.participation = ParticipationStatus::Withdrawn;
    left.row.withdrew_on = Some(date("2026"));
    left.days = Some(left_by("2026-11-28"));
    let papers = Papers::from([(1, three)]);
    let now = today(&papers, &Links::new()).status;
    for matching in [Match::Possible, Match::Certain] {
        let tie = on(&papers, &Links::new(), "2026-11-28", matching);
        assert_eq!(tie.map(|tie| tie.status), Some(now), "{matching:?}");
    }
}

#[test]
fn what_is_only_possible_is_no_certain_status() {
    let ended = paper(
        &[BIALYSTOK, GRODNO],
        Some("1990"),
        &[(InForce, "1990"), (Terminated, "2000")],
    );
    let again = paper(&[BIALYSTOK, GRODNO], Some("2005"), &[(InForce, "2005")]);
    let papers = Papers::from([(1, ended), (2, again)]);
    let on = |matching| on(&papers, &Links::new(), "2005-06-01", matching).map(|tie| tie.status);
    assert_eq!(on(Match::Possible), Some(InForce));
    assert_eq!(on(Match::Certain), None);
}

#[test]
fn a_tie_begins_with_the_later_joining_and_gaps_are_seen_behind_a_succession() {
    let mut first = paper(
        &[BIALYSTOK, GRODNO],
        Some("1990-01-01"),
        &[(InForce, "1990-01-01")],
    );
    let left = first.parties.get_mut(&GRODNO).unwrap();
    left.row.participation = ParticipationStatus::Succeeded;
    left.row.withdrew_on = Some(date("2005-01-01"));
    let again = paper(
        &[BIALYSTOK, GRODNO],
        Some("2010-01-01"),
        &[(InForce, "2010-01-01")],
    );
    let tie = today(&Papers::from([(1, first), (2, again)]), &Links::new());
    assert_eq!(tie.longest_gap_days, Some(1826));
    let spells: Vec<(&str, Option<&str>)> = tie
        .spells
        .iter()
        .map(|one| (one.since.as_str(), one.until.as_ref().map(Edtf::as_str)))
        .collect();
    assert_eq!(
        spells,
        [("1990-01-01", Some("2005-01-01")), ("2010-01-01", None)]
    );
    let mut three = paper(
        &[BIALYSTOK, GRODNO, THIRD],
        Some("1990"),
        &[(InForce, "1990")],
    );
    let joined = three.parties.get_mut(&GRODNO).unwrap();
    joined.row.participation = ParticipationStatus::Acceded;
    joined.row.acceded_on = Some(date("2005-01-01"));
    let tie = today(&Papers::from([(1, three)]), &Links::new());
    assert_eq!(tie.status_since, Some(date("2005-01-01")));
}

#[test]
fn terms_that_follow_each_other_are_one_time() {
    for (until, since) in [("2005-05-05", "2005-05-06"), ("2005", "2006")] {
        let first = paper(
            &[BIALYSTOK, GRODNO],
            Some("2000"),
            &[(InForce, "2000"), (Expired, until)],
        );
        let next = paper(&[BIALYSTOK, GRODNO], Some(since), &[(InForce, since)]);
        let tie = today(&Papers::from([(1, first), (2, next)]), &Links::new());
        assert_eq!(tie.spells.len(), 1, "{until} {since}: {:?}", tie.spells);
    }
}

#[test]
fn an_invited_party_and_a_halted_one_are_not_in_force() {
    let with = |participation| {
        let mut three = paper(
            &[BIALYSTOK, GRODNO, THIRD],
            Some("1995"),
            &[(InForce, "1995")],
        );
        three.parties.get_mut(&GRODNO).unwrap().row.participation = participation;
        alone(three).status
    };
    assert_eq!(with(ParticipationStatus::Invited), Proposed);
    assert_eq!(with(ParticipationStatus::Suspended), Suspended);
    assert_eq!(with(ParticipationStatus::Succeeded), Superseded);
}

#[test]
fn a_successor_inherits_what_its_agreement_replaced() {
    let old = paper(
        &[BIALYSTOK, THIRD],
        Some("1985"),
        &[(InForce, "1985"), (Superseded, "2015")],
    );
    let new = paper(&[BIALYSTOK, GRODNO], Some("2015"), &[(InForce, "2015")]);
    let papers = Papers::from([(1, old.clone()), (2, new.clone())]);
    let links = Links::from([(2, vec![1])]);
    let all = ties(BIALYSTOK, &papers, &links, &Lines::new(), None);
    assert_eq!(
        (all[&GRODNO].status, &all[&GRODNO].since),
        (InForce, &date("1985"))
    );
    assert_eq!(all[&THIRD].status, Superseded);
    // The successor sees the same, although it was no party to the old one.
    assert_eq!(
        ties(GRODNO, &papers, &links, &Lines::new(), None)[&BIALYSTOK].since,
        date("1985")
    );
    // It was no tie of its own before the agreement, and is none for as long as nothing else is known.
    let then = |other: i64| {
        let asked = AsOf {
            day: day("1990-06-01"),
            matching: Match::Possible,
        };
        let mut all = ties(BIALYSTOK, &papers, &links, &Lines::new(), Some(asked));
        all.remove(&other).map(|tie| tie.status)
    };
    assert_eq!((then(THIRD), then(GRODNO)), (Some(InForce), None));
    let unreplaced = paper(&[BIALYSTOK, THIRD], Some("1985"), &[(InForce, "1985")]);
    let signed = paper(&[BIALYSTOK, GRODNO], Some("2015"), &[(Signed, "2015")]);
    let both = Papers::from([(1, unreplaced), (2, signed)]);
    let all = ties(BIALYSTOK, &both, &links, &Lines::new(), None);
    assert_eq!((all[&THIRD].status, all[&GRODNO].status), (InForce, Signed));
    assert_eq!(all[&GRODNO].since, date("1985"));
    // Where a fourth party came too, nobody can tell who followed whom.
    let mut wider = new;
    wider.parties.insert(4, party(ParticipationStatus::Party));
    let papers = Papers::from([(1, old), (2, wider)]);
    assert_eq!(
        ties(BIALYSTOK, &papers, &links, &Lines::new(), None)[&GRODNO].since,
        date("2015")
    );
}

#[test]
fn each_side_has_its_own_word() {
    use Acknowledgement::{Acknowledged, Denied, Silent, Unknown};
    let said = |here, there| {
        let mut one = paper(&[BIALYSTOK, GRODNO], None, &[(InForce, "1995")]);
        one.parties.get_mut(&BIALYSTOK).unwrap().row.acknowledgement = here;
        one.parties.get_mut(&GRODNO).unwrap().row.acknowledgement = there;
        alone(one).reciprocity
    };
    assert_eq!(
        said(Acknowledged, Acknowledged),
        Reciprocity::BothAcknowledge
    );
    assert_eq!(said(Silent, Acknowledged), Reciprocity::OneSided);
    assert_eq!(said(Acknowledged, Denied), Reciprocity::Disputed);
    assert_eq!(said(Acknowledged, Unknown), Reciprocity::Unknown);
}

#[test]
fn who_left_before_another_one_joined_has_no_tie_with_it_on_any_day() {
    let mut one = paper(
        &[BIALYSTOK, GRODNO, THIRD],
        Some("1991"),
        &[(InForce, "1991")],
    );
    let gone = one.parties.get_mut(&BIALYSTOK).unwrap();
    (gone.row.participation, gone.row.withdrew_on) =
        (ParticipationStatus::Withdrawn, Some(date("2000-05")));
    let late = one.parties.get_mut(&GRODNO).unwrap();
    (late.row.participation, late.row.acceded_on) =
        (ParticipationStatus::Acceded, Some(date("2010")));
    let papers = Papers::from([(10, one)]);
    let all = ties(BIALYSTOK, &papers, &Links::new(), &Lines::new(), None);
    assert_eq!(all.keys().copied().collect::<Vec<_>>(), [THIRD]);
    assert_eq!(all[&THIRD].status_since, Some(date("2000-05")));
    for asked in ["1995-01-01", "2005-01-01", "2010-06-01", "2020-01-01"] {
        assert!(on(&papers, &Links::new(), asked, Match::Possible).is_none());
    }
    let late = ties(GRODNO, &papers, &Links::new(), &Lines::new(), None);
    assert_eq!(late[&THIRD].since, date("2010"));
}

#[test]
fn a_successor_inherits_since_by_the_event_and_by_the_relation() {
    // GRODNO gave way to SUCCESSOR in the paper itself.
    const SUCCESSOR: i64 = 4;
    let mut one = paper(
        &[BIALYSTOK, GRODNO, SUCCESSOR],
        Some("1991"),
        &[(InForce, "1991")],
    );
    let old = one.parties.get_mut(&GRODNO).unwrap();
    (old.row.participation, old.row.withdrew_on) =
        (ParticipationStatus::Succeeded, Some(date("2010")));
    let new = one.parties.get_mut(&SUCCESSOR).unwrap();
    (new.row.participation, new.row.acceded_on) =
        (ParticipationStatus::Acceded, Some(date("2010")));
    new.predecessors = vec![GRODNO];
    let papers = Papers::from([(10, one)]);
    let all = ties(BIALYSTOK, &papers, &Links::new(), &Lines::new(), None);
    assert_eq!(
        (all[&SUCCESSOR].status, &all[&SUCCESSOR].since),
        (InForce, &date("1991"))
    );
    assert_eq!(
        (all[&GRODNO].status, &all[&GRODNO].since),
        (Superseded, &date("1991"))
    );
    let between = ties(GRODNO, &papers, &Links::new(), &Lines::new(), None);
    assert!(!between.contains_key(&SUCCESSOR));

    // Two papers that don't name each other, and a relation between the bodies.
    let old = paper(
        &[BIALYSTOK, GRODNO],
        Some("1991"),
        &[(InForce, "1991"), (Expired, "2001")],
    );
    let new = paper(&[BIALYSTOK, SUCCESSOR], Some("2012"), &[(InForce, "2012")]);
    let papers = Papers::from([(10, old.clone()), (20, new)]);
    let lines = Lines::from([(SUCCESSOR, BTreeSet::from([GRODNO]))]);
    let all = ties(BIALYSTOK, &papers, &Links::new(), &lines, None);
    assert_eq!(
        (all[&SUCCESSOR].status, &all[&SUCCESSOR].since),
        (InForce, &date("1991"))
    );
    assert_eq!(
        (all[&GRODNO].status, &all[&GRODNO].since),
        (Expired, &date("1991"))
    );
    // Without a paper of its own a successor has no tie.
    let alone = Papers::from([(10, old)]);
    let all = ties(BIALYSTOK, &alone, &Links::new(), &lines, None);
    assert!(!all.contains_key(&SUCCESSOR));
}
