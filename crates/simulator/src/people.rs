//! What people do: real events of the hospital, drawn at random from what they see.

use crate::chance::Chance;
use crate::rooms;
use domain::State;
use domain::crisis::Crisis;
use domain::crisis::event::{CrisisOpened, EntryCorrected, EntryType, Level, Logged, TaskAssigned};
use domain::event::Event;
use domain::register::Role;
use domain::register::event::{EstablishmentNamed, PersonNamed};
use journal::write::Draft;
use journal::{ActorId, AuthorityAct, EntryId, PublicKey, SubjectId};

/// Accounts: a director, two administrators, a secretary, a member, an observer, and somebody without a role.
pub const PEOPLE: [(ActorId, Option<Role>); 7] = [
    (ActorId([1; 16]), Some(Role::Direction)),
    (ActorId([2; 16]), Some(Role::Administrator)),
    (ActorId([3; 16]), Some(Role::Administrator)),
    (ActorId([4; 16]), Some(Role::Secretary)),
    (ActorId([5; 16]), Some(Role::Member)),
    (ActorId([6; 16]), Some(Role::Observer)),
    (ActorId([7; 16]), None),
];
/// Most crises that people open in one simulation.
const CRISES_MAX: usize = 3;

/// What a person may be about to do.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Open,
    Log,
    Decide,
    Correct,
    Assign,
    Two,
    Grant,
    Withdraw,
    Revoke,
    AskErasure,
    Erase,
    Name,
    Room,
    Establishment,
}

const DEEDS: [(u32, Deed); 14] = [
    (4, Deed::Open),
    (40, Deed::Log),
    (6, Deed::Decide),
    (8, Deed::Correct),
    (6, Deed::Assign),
    (6, Deed::Two),
    (4, Deed::Grant),
    (3, Deed::Withdraw),
    (1, Deed::Revoke),
    (6, Deed::AskErasure),
    (10, Deed::Erase),
    (2, Deed::Name),
    (30, Deed::Room),
    (8, Deed::Establishment),
];

/// What a person sees besides the state.
pub struct Sight<'a> {
    /// The state.
    pub state: &'a State,
    /// Erasures asked for: the request, and the entry it is about.
    pub asked: &'a [(EntryId, EntryId)],
    /// Devices enrolled.
    pub devices: &'a [PublicKey],
}

/// Somebody, most often somebody who writes.
pub fn somebody(chance: &mut Chance) -> ActorId {
    chance.weighted(&[(4, 0), (4, 1), (3, 2), (5, 3), (2, 4), (1, 5), (1, 6)].map(|(w, at)| (w, PEOPLE[at].0)), PEOPLE[0].0)
}

/// What somebody records next; `None` when there is nothing to do it to.
pub fn drafts(sight: &Sight<'_>, chance: &mut Chance) -> Option<Vec<Draft>> {
    let crisis = nth(sight.state, chance);
    Some(match chance.weighted(&DEEDS, Deed::Log) {
        Deed::Open => vec![open(chance)].into_iter().filter(|_| sight.state.crises.len() < CRISES_MAX).collect(),
        Deed::Log => vec![log(crisis?, chance)],
        Deed::Decide => vec![logged(EntryType::Decision, crisis?, chance)],
        Deed::Correct => vec![correct(crisis?, chance)?],
        Deed::Assign => vec![assign(crisis?, chance)?],
        Deed::Two => vec![log(crisis?, chance), log(crisis?, chance)],
        Deed::Grant => {
            let role = *chance.pick(&Role::ALL)?;
            let actor = somebody(chance);
            vec![Draft::of_act(&AuthorityAct::RoleGranted { actor, role: role.name().to_owned(), rank: role.rank() })]
        }
        Deed::Withdraw => {
            vec![Draft::of_act(&AuthorityAct::RoleWithdrawn { actor: somebody(chance), reason: "départ".to_owned() })]
        }
        Deed::Revoke => {
            let device = *chance.pick(sight.devices)?;
            vec![Draft::of_act(&AuthorityAct::DeviceRevoked { device, reason: "volé".to_owned() })]
        }
        Deed::AskErasure => {
            let entry = line(crisis?, chance)?;
            vec![Draft::of_act(&AuthorityAct::ErasureAsked { entry, reason: "nom d’un patient".to_owned() })]
        }
        Deed::Erase => {
            let (asked, entry) = *chance.pick(sight.asked)?;
            vec![Draft::of_act(&AuthorityAct::Erased { entry, asked })]
        }
        Deed::Name => vec![name(chance)],
        Deed::Room => vec![rooms::of_crisis(sight.state, crisis?, chance)],
        Deed::Establishment => vec![rooms::of_establishment(chance)],
    })
}

/// Names and first roles: what a journal is founded with.
pub fn founding() -> Vec<Draft> {
    let named = EstablishmentNamed {
        name: "CH de Valmont".to_owned(),
        time_zone: "Europe/Paris".to_owned(),
        ..EstablishmentNamed::default()
    };
    let mut drafts = vec![Event::EstablishmentNamed(named).draft(SubjectId([0; 16]))];
    for (actor, role) in PEOPLE {
        let role = role.map(|r| AuthorityAct::RoleGranted { actor, role: r.name().to_owned(), rank: r.rank() });
        drafts.extend(role.iter().map(Draft::of_act));
    }
    drafts
}

fn nth<'a>(state: &'a State, chance: &mut Chance) -> Option<&'a Crisis> {
    state.crises.values().nth(chance.below(state.crises.len()))
}

fn line(crisis: &Crisis, chance: &mut Chance) -> Option<EntryId> {
    crisis.log.get(chance.below(crisis.log.len())).map(|line| line.id)
}

pub(crate) fn text(chance: &mut Chance) -> String {
    let len = chance.below(80);
    format!("Texte n° {} {}", chance.below(1_000_000), "é".repeat(len))
}

/// A crisis opens.
pub fn open(chance: &mut Chance) -> Draft {
    let opened =
        CrisisOpened { title: text(chance), level: Level::Alert, occurred_at: None, known_at: None, ..CrisisOpened::default() };
    Event::CrisisOpened(opened).draft(SubjectId(chance.bytes()))
}

fn log(crisis: &Crisis, chance: &mut Chance) -> Draft {
    let types = [EntryType::Fact, EntryType::Action, EntryType::Question, EntryType::Call, EntryType::Message];
    let entry_type = chance.pick(&types).copied().unwrap_or(EntryType::Fact);
    logged(entry_type, crisis, chance)
}

fn logged(entry_type: EntryType, crisis: &Crisis, chance: &mut Chance) -> Draft {
    let mut logged = Logged::new(entry_type, text(chance));
    if entry_type.is_task() && chance.percent(50) {
        logged.owner = Some("C. Lenoir".to_owned());
        logged.due_at = Some(chance.between(0, i64::MAX / 2));
    }
    let open = crisis.open_tasks();
    if chance.percent(30) && !open.is_empty() {
        logged.closes = chance.pick(&open).map(|task| task.id).into_iter().collect();
    }
    logged.into_event().draft(crisis.id)
}

fn correct(crisis: &Crisis, chance: &mut Chance) -> Option<Draft> {
    let line = crisis.log.get(chance.below(crisis.log.len()))?;
    let corrected = EntryCorrected { entry: line.id, text: text(chance), supersedes: line.text.as_ref()?.seen() };
    Some(Event::EntryCorrected(corrected).draft(crisis.id))
}

fn assign(crisis: &Crisis, chance: &mut Chance) -> Option<Draft> {
    let tasks = crisis.open_tasks();
    let task = chance.pick(&tasks)?;
    let supersedes = task.assignment.as_ref()?.seen();
    let assigned = TaskAssigned { entry: task.id, owner: Some(text(chance)), due_at: None, review_at: None, supersedes };
    Some(Event::TaskAssigned(assigned).draft(crisis.id))
}

fn name(chance: &mut Chance) -> Draft {
    let person = PersonNamed { name: text(chance), function: "secrétaire de cellule".to_owned() };
    Event::PersonNamed(person).draft(SubjectId(somebody(chance).0))
}
