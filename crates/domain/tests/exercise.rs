//! Rules, clock and results of exercises.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use domain::crisis::event::{CrisisOpened, Level as CrisisLevel, Logged};
use domain::exercise::clock::Run;
use domain::exercise::event::conduct::{
    ClockAct, ClockSet, Grade, InjectFired, InjectRead, InjectShifted, InjectSkipped, Observed, ReactionNoted, Remarked, Tone,
};
use domain::exercise::event::outcome::{Measured, Reading};
use domain::exercise::event::scenario::{Criterion, Inject, Item, Scenario, Target, Team};
use domain::exercise::event::{Opened, Part, ParticipantSet, Planned};
use domain::exercise::results::{Reaction, criteria, proposed, reaction, results};
use domain::exercise::{Exercise, MINUTE_MS};
use domain::register::Role;
use domain::{Event, Refusal, State};
use journal::engine::PROGRAM;
use journal::write::{Author, Draft};
use journal::{ActorId, Auth, AuthorityAct, EntryId, Fold, JournalId, RequestId, Seen, Standing, SubjectId};
use proptest::prelude::*;
use std::collections::BTreeMap;
use store::Ruled;

const MARCHAND: ActorId = ActorId([1; 16]);
const LENOIR: ActorId = ActorId([2; 16]);
const MOREAU: ActorId = ActorId([3; 16]);
const PETIT: ActorId = ActorId([4; 16]);
const EXERCISE: SubjectId = SubjectId([7; 16]);
const CRISIS: SubjectId = SubjectId([9; 16]);
/// 1 December 2026, 08:00 UTC.
const NOW: i64 = 1_796_112_000_000;

/// A state, and the entries that made it.
#[derive(Default, Clone)]
struct House {
    state: State,
    written: u32,
}

impl House {
    /// Marchand runs, Lenoir plays, Moreau observes, Petit takes no part.
    fn new() -> Self {
        let mut house = Self::default();
        let roles = [(MARCHAND, Role::Direction), (LENOIR, Role::Secretary), (MOREAU, Role::Observer), (PETIT, Role::Member)];
        for (actor, role) in roles {
            let act = AuthorityAct::RoleGranted { actor, role: role.name().to_owned(), rank: role.rank() };
            house.comes(MARCHAND, &Draft::of_act(&act), Standing::Program, NOW);
        }
        house
    }

    fn comes(&mut self, author: ActorId, draft: &Draft, standing: Standing, wall: i64) -> EntryId {
        self.written += 1;
        let mut id = [0; 32];
        id[..4].copy_from_slice(&self.written.to_be_bytes());
        let header = common::header(draft, author, Auth::Password, wall, RequestId([0; 16]));
        self.state.apply(&Seen { id: EntryId(id), header: &header, body: Some(&draft.body), standing });
        EntryId(id)
    }

    fn check(&self, actor: ActorId, event: &Event) -> Result<(), Refusal> {
        self.state.check(&Author { actor, auth: Auth::Password }, &event.draft(EXERCISE))
    }

    /// Checked, then recorded at a moment; whether it was.
    fn tries(&mut self, actor: ActorId, event: &Event, wall: i64) -> bool {
        if self.check(actor, event).is_err() {
            return false;
        }
        let rank = self.state.register.role(&actor).map_or(0, Role::rank);
        let standing = if actor == PROGRAM { Standing::NoRole } else { Standing::Full { rank } };
        self.comes(actor, &event.draft(EXERCISE), standing, wall);
        true
    }

    fn does(&mut self, actor: ActorId, event: &Event, wall: i64) {
        self.check(actor, event).unwrap();
        assert!(self.tries(actor, event, wall));
    }

    /// The branch in which the exercise is played.
    fn branch(&self) -> Self {
        Self { state: self.state.branch(&EXERCISE), written: self.written }
    }

    fn played(&self) -> &Exercise {
        self.state.exercises.all.get(&EXERCISE).unwrap()
    }

    fn clock(&mut self, act: ClockAct, at: i64) -> bool {
        self.tries(MARCHAND, &Event::ClockSet(ClockSet { act, at }), at)
    }

    /// Something of a crisis, by a player.
    fn in_room(&mut self, event: &Event, wall: i64) {
        self.comes(LENOIR, &event.draft(CRISIS), Standing::Full { rank: 30 }, wall);
    }
}

fn inject(key: &str, at: Option<u32>) -> Inject {
    Inject {
        key: key.to_owned(),
        at,
        title: format!("Stimulus {key}"),
        from: "SAMU".to_owned(),
        text: "Bonjour.".to_owned(),
        ..Inject::default()
    }
}

fn criterion(key: &str, fact: &str, target: Option<Target>) -> Criterion {
    let text = |text: &str| text.to_owned();
    Criterion {
        key: text(key),
        title: text(key),
        objective: String::new(),
        fact: text(fact),
        target,
        look: text("On regarde."),
        advice: text("On répète."),
        action: String::new(),
    }
}

fn scenario() -> Scenario {
    Scenario {
        title: "Nuit blanche".to_owned(),
        minutes: 60,
        objectives: vec![Item { key: "alerter".to_owned(), text: "Alerter vite.".to_owned() }],
        teams: vec![Team { key: "direction".to_owned(), name: "Direction".to_owned(), who: String::new() }],
        criteria: vec![
            criterion("crise_ouverte", "exercise.minutes_to_crisis_opened", Some(Target::Within(10))),
            criterion("decisions", "crisis.decisions", Some(Target::AtLeast(1))),
            criterion("attribuees", "crisis.decisions_without_owner", Some(Target::AtMost(0))),
            criterion("calme", "", None),
        ],
        ..Scenario::default()
    }
}

fn planned(injects: Vec<Inject>) -> Event {
    Event::ExercisePlanned(Planned { scenario: scenario(), injects, campaign: String::new() })
}

fn takes_part(actor: ActorId, part: Part) -> Event {
    let team = if part == Part::Player { "direction" } else { "" };
    Event::ParticipantSet(ParticipantSet { actor, part, team: team.to_owned(), left: false })
}

fn opened(during_crisis: bool) -> Event {
    Event::ExerciseOpened(Opened { branch: JournalId([5; 16]), heads: vec![EntryId([1; 32])], during_crisis })
}

/// An exercise with these injects, its people, open.
fn house(injects: Vec<Inject>) -> House {
    let mut house = House::new();
    house.does(MARCHAND, &planned(injects), NOW);
    house.does(MARCHAND, &takes_part(LENOIR, Part::Player), NOW);
    house.does(MARCHAND, &takes_part(MOREAU, Part::Observer), NOW);
    house
}

fn code(outcome: Result<(), Refusal>) -> &'static str {
    outcome.err().map_or("", |refusal| refusal.code)
}

fn fired(key: &str, at: i64, by_hand: bool) -> Event {
    Event::InjectFired(InjectFired { key: key.to_owned(), at, by_hand })
}

#[test]
fn only_those_who_run_it_know_it() {
    let house = house(vec![inject("1", Some(0))]);
    for actor in [LENOIR, MOREAU, PETIT] {
        assert_eq!(code(house.check(actor, &takes_part(PETIT, Part::Player))), "unknown_exercise", "{actor}");
        let seen = house.state.exercises.as_seen_by(&actor);
        assert!(seen.all.get(&EXERCISE).unwrap().injects.is_empty(), "{actor} reads the chronogramme");
    }
    assert_eq!(house.state.exercises.as_seen_by(&MARCHAND), house.state.exercises);
    let leaving = ParticipantSet { actor: MARCHAND, part: Part::Facilitator, team: String::new(), left: true };
    assert_eq!(code(house.check(MARCHAND, &Event::ParticipantSet(leaving))), "last_facilitator");
    let alone = Event::ParticipantSet(ParticipantSet { actor: PETIT, part: Part::Player, team: "bloc".to_owned(), left: false });
    assert_eq!(code(house.check(MARCHAND, &alone)), "unknown_team");
}

#[test]
fn a_real_crisis_must_be_known_to_open_despite_it() {
    let mut house = house(vec![inject("1", Some(0))]);
    assert_eq!(code(house.check(MARCHAND, &opened(false))), "");
    let crisis =
        Event::CrisisOpened(CrisisOpened { title: "Panne".to_owned(), level: CrisisLevel::Crisis, ..CrisisOpened::default() });
    house.in_room(&crisis, NOW);
    assert_eq!(code(house.check(MARCHAND, &opened(false))), "real_crisis");
    house.does(MARCHAND, &opened(true), NOW);
    assert!(house.branch().state.crises.is_empty(), "the real crisis is not in the exercise");
    assert_eq!(code(house.check(MARCHAND, &takes_part(PETIT, Part::Player))), "already_open");
}

#[test]
fn nothing_is_played_in_real_life_and_nothing_is_planned_in_an_exercise() {
    let real = house(vec![inject("1", Some(0))]);
    let branch = real.branch();
    assert_eq!(code(real.check(MARCHAND, &Event::ClockSet(ClockSet { act: ClockAct::Start, at: NOW }))), "not_in_exercise");
    assert_eq!(code(real.check(MARCHAND, &fired("1", NOW, true))), "not_in_exercise");
    assert_eq!(code(branch.check(MARCHAND, &planned(vec![inject("1", Some(0))]))), "in_exercise");
}

#[test]
fn players_and_observers_keep_to_their_part() {
    let mut branch = house(vec![inject("1", Some(0)), inject("2", Some(5))]).branch();
    let start = Event::ClockSet(ClockSet { act: ClockAct::Start, at: NOW });
    assert_eq!(code(branch.check(LENOIR, &start)), "unknown_exercise");
    branch.does(MARCHAND, &start, NOW);
    let judged =
        Event::CriterionObserved(Observed { criterion: "calme".to_owned(), grade: Grade::Partly, remark: String::new() });
    assert_eq!(code(branch.check(LENOIR, &judged)), "not_your_part");
    branch.does(MOREAU, &judged, NOW);
    let remark = Remarked { tone: Tone::Negative, text: "Trop bruyant.".to_owned(), inject: String::new(), line: None, at: None };
    assert_eq!(code(branch.check(PETIT, &Event::Remarked(remark.clone()))), "not_your_part");
    branch.does(MOREAU, &Event::Remarked(remark), NOW);
    let read = |key: &str| Event::InjectRead(InjectRead { key: key.to_owned() });
    assert_eq!(code(branch.check(LENOIR, &read("1"))), "unknown_inject", "not played yet");
    branch.does(PROGRAM, &fired("1", NOW, false), NOW);
    branch.does(LENOIR, &read("1"), NOW);
    assert_eq!(code(branch.check(LENOIR, &read("1"))), "already_read");
    assert_eq!(code(branch.check(MARCHAND, &read("1"))), "not_your_part", "a preview leaves no trace");
    // Anybody may stop everything.
    branch.does(LENOIR, &Event::ClockSet(ClockSet { act: ClockAct::Stop("Malaise en salle".to_owned()), at: NOW }), NOW);
    assert_eq!(branch.played().clock.run(), Run::Stopped);
    assert_eq!(code(branch.check(MARCHAND, &fired("2", NOW, true))), "over");
    assert_eq!(code(branch.check(PROGRAM, &fired("2", NOW + 10 * MINUTE_MS, false))), "not_due");
}

#[test]
fn the_program_plays_nothing_before_its_time() {
    let mut branch = house(vec![inject("1", Some(10))]).branch();
    assert!(branch.clock(ClockAct::Start, NOW));
    assert_eq!(code(branch.check(PROGRAM, &fired("1", NOW + 10 * MINUTE_MS - 1, false))), "not_due");
    assert!(branch.clock(ClockAct::Speed(8), NOW));
    assert_eq!(code(branch.check(PROGRAM, &fired("1", NOW + 75_000, false))), "");
    assert_eq!(code(branch.check(PROGRAM, &fired("1", NOW + 74_999, false))), "not_due");
    assert!(branch.clock(ClockAct::Pause, NOW + 60_000));
    assert_eq!(code(branch.check(PROGRAM, &fired("1", NOW + 75_000, false))), "not_due", "held");
}

#[test]
fn the_journal_and_the_observers_are_read_side_by_side() {
    let mut branch = house(vec![inject("1", Some(0))]).branch();
    assert!(branch.clock(ClockAct::Start, NOW));
    let reading = |house: &House, key: &str, at: i64| {
        let found = criteria(&house.state, house.played(), at).into_iter().find(|c| c.key == key).unwrap();
        (found.reading, found.measured)
    };
    assert_eq!(reading(&branch, "crise_ouverte", NOW).0, Reading::Unread, "may still come");
    let crisis = CrisisOpened { title: "Rançongiciel".to_owned(), level: CrisisLevel::Crisis, ..CrisisOpened::default() };
    branch.in_room(&Event::CrisisOpened(crisis), NOW + 12 * MINUTE_MS);
    assert_eq!(reading(&branch, "crise_ouverte", NOW + 20 * MINUTE_MS), (Reading::Late, Measured::Minutes(12)));
    let judged =
        |grade| Event::CriterionObserved(Observed { criterion: "crise_ouverte".to_owned(), grade, remark: String::new() });
    branch.does(MOREAU, &judged(Grade::Unmet), NOW);
    branch.does(MOREAU, &judged(Grade::Met), NOW);
    assert!(branch.clock(ClockAct::Finish, NOW + 60 * MINUTE_MS));
    let all = results(&branch.state, NOW + 90 * MINUTE_MS).unwrap();
    let of = |key: &str| all.criteria.iter().find(|c| c.key == key).unwrap();
    assert_eq!((of("crise_ouverte").reading, of("crise_ouverte").observed), (Reading::Late, [1, 0, 0]));
    assert_eq!(of("decisions").reading, Reading::Missed);
    assert_eq!(of("attribuees").reading, Reading::Missed, "no decision at all is no success");
    assert_eq!(of("calme").reading, Reading::Unread);
    assert_eq!((all.minutes, all.ended_at, all.players, all.observers), (60, NOW + 60 * MINUTE_MS, 1, 1));
}

#[test]
fn what_a_real_emergency_left_no_time_for_is_not_missed() {
    let reading = |house: &House, key: &str| {
        let all = criteria(&house.state, house.played(), NOW + 90 * MINUTE_MS);
        all.into_iter().find(|c| c.key == key).unwrap().reading
    };
    let stopped_after = |minutes: i64| {
        let mut branch = house(vec![inject("1", Some(0))]).branch();
        assert!(branch.clock(ClockAct::Start, NOW));
        assert!(branch.clock(ClockAct::Stop("Incendie".to_owned()), NOW + minutes * MINUTE_MS));
        branch
    };
    let early = stopped_after(9);
    assert_eq!((reading(&early, "crise_ouverte"), reading(&early, "decisions")), (Reading::Unread, Reading::Unread));
    let late = stopped_after(10);
    assert_eq!((reading(&late, "crise_ouverte"), reading(&late, "decisions")), (Reading::Missed, Reading::Unread));
}

#[test]
fn stopped_before_it_began_it_comes_to_nothing_and_can_be_closed() {
    let mut branch = house(vec![inject("1", Some(0))]).branch();
    assert_eq!(results(&branch.state, NOW), None);
    assert!(branch.clock(ClockAct::Stop("Incendie".to_owned()), NOW));
    let all = results(&branch.state, NOW + MINUTE_MS).unwrap();
    assert_eq!((all.minutes, all.fired, all.began_at, all.ended_at, all.stopped), (0, 0, NOW, NOW, true));
    assert!(all.criteria.iter().all(|c| c.reading == Reading::Unread), "{:?}", all.criteria);
}

#[test]
fn a_contingency_is_proposed_when_the_reaction_is_missing() {
    let asks = Inject { expected: "On rappelle.".to_owned(), within: Some(5), ..inject("1", Some(0)) };
    let rescue = Inject { contingency_for: "1".to_owned(), ..inject("1bis", None) };
    let mut branch = house(vec![asks, rescue]).branch();
    assert!(branch.clock(ClockAct::Start, NOW));
    branch.does(PROGRAM, &fired("1", NOW, false), NOW);
    let state_at = |house: &House, at: i64| reaction(&house.state, house.played(), house.played().injects.get("1").unwrap(), at);
    assert_eq!(state_at(&branch, NOW + 5 * MINUTE_MS), Reaction::Awaited);
    assert!(proposed(&branch.state, branch.played(), NOW + 5 * MINUTE_MS).is_empty());
    assert_eq!(state_at(&branch, NOW + 6 * MINUTE_MS), Reaction::Missing);
    assert_eq!(proposed(&branch.state, branch.played(), NOW + 6 * MINUTE_MS)[0].inject().key, "1bis");
    let seen = ReactionNoted { key: "1".to_owned(), grade: Grade::Met, note: String::new() };
    branch.does(MARCHAND, &Event::ReactionNoted(seen), NOW);
    assert_eq!(state_at(&branch, NOW + 6 * MINUTE_MS), Reaction::Seen(Grade::Met));
    branch.in_room(&Logged::new(domain::crisis::event::EntryType::Fact, "sans crise").into_event(), NOW);
}

/// What happens to a running exercise.
#[derive(Debug, Clone)]
enum Step {
    /// The wall clock moves on so many milliseconds; it may also be set back.
    Wait(i64),
    Pause,
    Resume,
    Speed(u8),
    /// Jumps so many minutes ahead; injects passed over are explicitly skipped, or left to be played.
    Jump(u32, bool),
    ByHand(usize),
    Skip(usize),
    Shift(usize, u32),
    /// The conductor plays so many of those that are due, and sends each so many times, then the machine stops.
    Conduct(usize, usize),
    /// The program starts anew.
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (-60_000_i64..600_000).prop_map(Step::Wait),
        1 => Just(Step::Pause),
        2 => Just(Step::Resume),
        1 => (0_u8..10).prop_map(Step::Speed),
        1 => ((0_u32..30), any::<bool>()).prop_map(|(minutes, skip)| Step::Jump(minutes, skip)),
        1 => (0_usize..12).prop_map(Step::ByHand),
        1 => (0_usize..12).prop_map(Step::Skip),
        1 => ((0_usize..12), (0_u32..90)).prop_map(|(at, minute)| Step::Shift(at, minute)),
        4 => ((0_usize..4), (1_usize..3)).prop_map(|(most, times)| Step::Conduct(most, times)),
        1 => Just(Step::Restart),
    ]
}

/// A branch whose entries are kept, so that it can start anew, and that counts what was played.
struct Room {
    base: House,
    house: House,
    written: Vec<(ActorId, Event, i64)>,
    now: i64,
    fired: BTreeMap<String, usize>,
}

impl Room {
    fn tries(&mut self, actor: ActorId, event: Event) -> bool {
        let taken = self.house.tries(actor, &event, self.now);
        if taken {
            if let Event::InjectFired(fired) = &event {
                *self.fired.entry(fired.key.clone()).or_default() += 1;
            }
            self.written.push((actor, event, self.now));
        }
        taken
    }

    fn clock(&mut self, act: ClockAct) -> bool {
        let at = self.now;
        self.tries(MARCHAND, Event::ClockSet(ClockSet { act, at }))
    }

    fn conduct(&mut self, most: usize, times: usize) {
        let due: Vec<String> = self.house.played().due(self.now).iter().take(most).map(|p| p.inject().key.clone()).collect();
        for key in due {
            // The wall clock may be set back later: a moment is judged by what was known then.
            let exercise = self.house.played();
            let minute = exercise.injects.get(&key).unwrap().due_offset().unwrap();
            assert!(minute <= exercise.clock.offset_at(self.now), "{key} is played before its time");
            for again in 0..times {
                let taken = self.tries(PROGRAM, fired(&key, self.now, false));
                assert_eq!(taken, again == 0, "{key} is played once");
            }
        }
    }

    fn restart(&mut self) {
        let mut anew = self.base.clone();
        for (actor, event, wall) in &self.written {
            assert!(anew.tries(*actor, event, *wall), "what was recorded is recorded again");
        }
        assert_eq!(anew.state.root(), self.house.state.root());
        self.house = anew;
    }

    fn jump(&mut self, minutes: u32, skip: bool) {
        let to = self.house.played().clock.offset_at(self.now) + i64::from(minutes) * MINUTE_MS;
        let passed = |p: &domain::exercise::Played| p.due_offset().is_some_and(|due| due <= to);
        let keys: Vec<String> =
            self.house.played().coming().iter().filter(|p| passed(p)).map(|p| p.inject().key.clone()).collect();
        if skip && self.house.played().clock.run().is_on() && minutes > 0 {
            for key in keys {
                let reason = "sauté".to_owned();
                assert!(self.tries(MARCHAND, Event::InjectSkipped(InjectSkipped { key, reason })));
            }
        }
        self.clock(ClockAct::Jump(to));
    }

    fn lives(&mut self, step: Step, keys: &[String]) {
        let key = |at: usize| keys[at % keys.len()].clone();
        match step {
            Step::Wait(ms) => self.now += ms,
            Step::Pause => _ = self.clock(ClockAct::Pause),
            Step::Resume => _ = self.clock(ClockAct::Resume),
            Step::Speed(speed) => _ = self.clock(ClockAct::Speed(speed)),
            Step::Jump(minutes, skip) => self.jump(minutes, skip),
            Step::ByHand(at) => _ = self.tries(MARCHAND, fired(&key(at), self.now, true)),
            Step::Skip(at) => {
                let skipped = InjectSkipped { key: key(at), reason: "trop".to_owned() };
                self.tries(MARCHAND, Event::InjectSkipped(skipped));
            }
            Step::Shift(at, minute) => {
                self.tries(MARCHAND, Event::InjectShifted(InjectShifted { key: key(at), at: minute }));
            }
            Step::Conduct(most, times) => self.conduct(most, times),
            Step::Restart => self.restart(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Whatever is done to the clock, and wherever the machine stops, every inject is played exactly once or explicitly skipped.
    #[test]
    fn every_inject_is_played_once_or_skipped(minutes in prop::collection::vec(0_u32..90, 1..12), steps in prop::collection::vec(step(), 0..60)) {
        let injects: Vec<Inject> = minutes.iter().enumerate().map(|(n, at)| inject(&(n + 1).to_string(), Some(*at))).collect();
        let keys: Vec<String> = injects.iter().map(|inject| inject.key.clone()).collect();
        let base = house(injects).branch();
        let mut room = Room { house: base.clone(), base, written: Vec::new(), now: NOW, fired: BTreeMap::new() };
        prop_assert!(room.clock(ClockAct::Start));
        for step in steps {
            room.lives(step, &keys);
            for (key, times) in &room.fired {
                prop_assert_eq!(*times, 1, "{} played more than once", key);
            }
        }
        // Then it goes on to its end, the conductor awake.
        room.restart();
        room.clock(ClockAct::Resume);
        room.now = room.now.max(NOW) + 100 * 24 * 60 * MINUTE_MS;
        room.conduct(usize::MAX, 2);
        for played in room.house.played().injects.values() {
            let key = &played.inject().key;
            prop_assert!(played.fired.is_some() != played.skipped.is_some(), "{} : {:?} {:?}", key, played.fired, played.skipped);
            prop_assert_eq!(room.fired.get(key).copied().unwrap_or(0), usize::from(played.fired.is_some()));
        }
    }
}
