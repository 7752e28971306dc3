//! What people do in the other rooms: cells, map, situation, legal side, checklists, register. Few ids and few keys, so
//! that replicas apart rewrite the same things; what was seen is sometimes named and sometimes not, so that conflicts arise.

use crate::chance::Chance;
use crate::people::{PEOPLE, text};
use domain::State;
use domain::actions::event::{ActionRemoved, ActionSet, ActionsAdopted, Adopted, BoardSet};
use domain::cartography::event::batch::{ImportSource, ImportUndone, Line, MapImported, Record};
use domain::cartography::event::review::{BiaSet, Criterion, Harm, Horizon, Reviewed};
use domain::cartography::event::{ActivitySet, ApplicationSet, AssetSet, MapArranged, Removed, ScenarioSet};
use domain::cartography::kind::AssetKind;
use domain::cartography::need::Need;
use domain::cells::event::{CellKind, CellSet, MemberSet, Met, StoodDown};
use domain::checklist::event::{Gesture, ListAdopted, Ticked};
use domain::crisis::Crisis;
use domain::crisis::event::{Closed, Confirmed, HandedOver, Level, Reframed, Reopened};
use domain::event::Event;
use domain::legal::event::{ClaimNoted, ClockAdopted, ClockClosed, ComplaintAnswered, Delay, EvidenceListed, Outcome, Starts};
use domain::register::day::Day;
use domain::register::event::{Card, Set, Unit};
use domain::situation::event::{FlowsCounted, OfferDeclared, PointSent, Status, StatusDeclared};
use journal::write::Draft;
use journal::{EntryId, SubjectId};

/// How many things of each kind there are.
const THINGS: usize = 4;
const YEAR_MS: i64 = 365 * 24 * 3_600_000;

fn thing(chance: &mut Chance) -> SubjectId {
    SubjectId([u8::try_from(chance.below(THINGS)).unwrap_or(0) + 1; 16])
}

fn key(chance: &mut Chance) -> String {
    ["cert", "cnil", "plainte", "nis2"][chance.below(THINGS)].to_owned()
}

fn moment(chance: &mut Chance) -> Option<i64> {
    chance.percent(50).then(|| chance.between(0, YEAR_MS))
}

/// Half the time what there was to see, half the time nothing: two people at once.
fn seen(known: Option<Vec<EntryId>>, chance: &mut Chance) -> Vec<EntryId> {
    known.filter(|_| chance.percent(50)).unwrap_or_default()
}

/// Something of the crisis that is not a line of its log.
pub(crate) fn of_crisis(state: &State, crisis: &Crisis, chance: &mut Chance) -> Draft {
    let event = match chance.below(5) {
        0 => course(crisis, chance),
        1 => cell(chance),
        2 => situation(state, crisis, chance),
        3 => legal(chance),
        _ => checklist(chance),
    };
    event.draft(crisis.id)
}

fn course(crisis: &Crisis, chance: &mut Chance) -> Event {
    match chance.below(5) {
        0 => Event::CrisisReframed(Reframed {
            title: text(chance),
            level: [Level::Doubt, Level::Alert, Level::Crisis][chance.below(3)],
            occurred_at: chance.between(0, YEAR_MS),
            known_at: chance.between(0, YEAR_MS),
            reason: text(chance),
            ..Reframed::default()
        }),
        1 => Event::CrisisClosed(Closed { reason: text(chance), remains: text(chance), decided_by: text(chance) }),
        2 => Event::CrisisReopened(Reopened { reason: text(chance) }),
        3 => Event::HandedOver(HandedOver { to: text(chance), summary: text(chance), ..HandedOver::default() }),
        _ => {
            let entry = crisis.log.get(chance.below(crisis.log.len())).map_or(crisis.opened_by, |line| line.id);
            Event::ActConfirmed(Confirmed { entry })
        }
    }
}

fn cell(chance: &mut Chance) -> Event {
    let cell = thing(chance);
    match chance.below(4) {
        0 => Event::CellSet(CellSet {
            cell,
            kind: CellKind::It,
            name: text(chance),
            room: String::new(),
            phone: String::new(),
            rhythm: None,
            next_at: moment(chance),
            supersedes: Vec::new(),
        }),
        1 => Event::CellMemberSet(MemberSet {
            cell,
            member: thing(chance),
            name: text(chance),
            actor: None,
            duty: String::new(),
            from: moment(chance),
            until: None,
            left: chance.percent(20),
            supersedes: Vec::new(),
        }),
        2 => Event::CellMet(Met { cell, at: chance.between(0, YEAR_MS), summary: text(chance), next_at: moment(chance) }),
        _ => Event::CellStoodDown(StoodDown { cell, reason: text(chance) }),
    }
}

fn situation(state: &State, crisis: &Crisis, chance: &mut Chance) -> Event {
    let about = thing(chance);
    match chance.below(4) {
        0 => {
            let known = state.situations.get(&crisis.id).and_then(|s| s.declared.get(&about)).map(|d| d.seen());
            Event::StatusDeclared(StatusDeclared {
                about,
                name: text(chance),
                status: [Status::Normal, Status::Degraded, Status::Stopped, Status::Enclave][chance.below(4)],
                since: moment(chance),
                holds_until: moment(chance),
                review_at: None,
                said_by: None,
                note: None,
                supersedes: seen(known, chance),
            })
        }
        1 => Event::OfferDeclared(OfferDeclared {
            unit: about,
            name: text(chance),
            open: 12,
            closed: 3,
            free: None,
            note: None,
            supersedes: Vec::new(),
        }),
        2 => Event::FlowsCounted(FlowsCounted { transfers: 2, reorientations: -1, ..FlowsCounted::default() }),
        _ => Event::PointSent(PointSent { to: "SAMU".to_owned(), text: text(chance), ..PointSent::default() }),
    }
}

fn legal(chance: &mut Chance) -> Event {
    match chance.below(5) {
        0 => Event::ClockAdopted(ClockAdopted {
            key: key(chance),
            title: text(chance),
            starts: if chance.percent(50) { Starts::Known } else { Starts::After(key(chance)) },
            delay: [Delay::None, Delay::Hours(72), Delay::Months(1)][chance.below(3)],
            ..ClockAdopted::default()
        }),
        1 => Event::ClockClosed(ClockClosed {
            key: key(chance),
            outcome: [Outcome::Sent, Outcome::NotApplicable, Outcome::Reopened][chance.below(3)],
            at: chance.between(0, YEAR_MS),
            by: text(chance),
            ..ClockClosed::default()
        }),
        2 => {
            Event::ComplaintAnswered(ComplaintAnswered { key: key(chance), answer: text(chance), ..ComplaintAnswered::default() })
        }
        3 => Event::EvidenceListed(EvidenceListed {
            evidence: thing(chance),
            label: text(chance),
            place: text(chance),
            held_by: text(chance),
            taken_at: moment(chance),
            note: String::new(),
            attachments: Vec::new(),
            supersedes: Vec::new(),
        }),
        _ => Event::ClaimNoted(ClaimNoted {
            claim: thing(chance),
            claimant: text(chance),
            demand: text(chance),
            amount: String::new(),
            channel: String::new(),
            deadline: moment(chance),
            attachments: Vec::new(),
            supersedes: Vec::new(),
        }),
    }
}

fn checklist(chance: &mut Chance) -> Event {
    let (list, gesture) = (thing(chance), key(chance));
    if chance.percent(30) {
        let gestures = vec![Gesture { key: gesture, text: text(chance) }];
        let (key, title, function) = (key(chance), text(chance), text(chance));
        let [source, edition, status] = ["essai", "2026-11-22", "à confirmer"].map(str::to_owned);
        return Event::ListAdopted(ListAdopted { list, key, title, function, gestures, source, edition, status });
    }
    Event::GestureTicked(Ticked { list, gesture, done: chance.percent(70), note: None, supersedes: Vec::new() })
}

/// Something of the map or of the register.
pub(crate) fn of_establishment(chance: &mut Chance) -> Draft {
    let subject = thing(chance);
    match chance.below(14) {
        0 => Event::ActivitySet(activity(chance)),
        1 => Event::ApplicationSet(ApplicationSet { name: text(chance), ..ApplicationSet::default() }),
        2 => Event::NodeRemoved(Removed { reason: text(chance) }),
        3 => Event::UnitSet(Set::new(Unit { name: text(chance), beds: 12, ..Unit::default() })),
        4 => Event::AssetSet(asset(chance)),
        5 => Event::ScenarioSet(ScenarioSet { name: text(chance), lost: vec![thing(chance)], ..ScenarioSet::default() }),
        6 => Event::MapImported(import(chance)),
        7 => Event::ImportUndone(ImportUndone { reason: text(chance) }),
        8 => Event::MapArranged(MapArranged { order: vec![thing(chance), thing(chance)] }),
        9 => {
            let harms = vec![Harm { criterion: Criterion::Care, horizon: Horizon::Day, level: 3 }];
            Event::BiaSet(BiaSet { harms, ..BiaSet::default() })
        }
        10 => {
            let on = Day::of_ms(moment(chance).unwrap_or_default());
            Event::MapReviewed(Reviewed { about: vec![subject, thing(chance)], on, by: String::new(), note: String::new() })
        }
        11 => Event::ActionSet(action(chance)),
        12 => plan(chance),
        _ => {
            let person = SubjectId(PEOPLE[chance.below(PEOPLE.len())].0.0);
            return Event::PersonSet(Set::new(Card { name: text(chance), ..Card::default() })).draft(person);
        }
    }
    .draft(subject)
}

fn activity(chance: &mut Chance) -> ActivitySet {
    ActivitySet { name: text(chance), priority: 1, needs: vec![Need::of(thing(chance))], ..ActivitySet::default() }
}

fn action(chance: &mut Chance) -> ActionSet {
    ActionSet { title: text(chance), priority: 3, complexity: 1, ..ActionSet::default() }
}

fn plan(chance: &mut Chance) -> Event {
    match chance.below(3) {
        0 => Event::ActionRemoved(ActionRemoved { reason: text(chance) }),
        1 => Event::BoardSet(BoardSet { name: text(chance), ..BoardSet::default() }),
        _ => {
            let actions = vec![Adopted { id: thing(chance), action: action(chance) }];
            Event::ActionsAdopted(ActionsAdopted { actions })
        }
    }
}

fn asset(chance: &mut Chance) -> AssetSet {
    let needs = vec![Need { any: vec![thing(chance), thing(chance)], holds_minutes: Some(60), ..Need::default() }];
    AssetSet { name: text(chance), kind: AssetKind::LogicalServer, needs, ..AssetSet::default() }
}

fn import(chance: &mut Chance) -> MapImported {
    let source = ImportSource { system: "essai".to_owned(), name: text(chance), ..ImportSource::default() };
    let lines = vec![
        Line { id: thing(chance), set: Record::Activity(activity(chance)) },
        Line { id: thing(chance), set: Record::Asset(asset(chance)) },
    ];
    MapImported { source, lines }
}
