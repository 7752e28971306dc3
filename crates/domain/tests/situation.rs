//! Cells, map and situation board as their users rely on them.

mod common;

use domain::cartography::event::{ActivitySet, ApplicationSet, Removed};
use domain::cartography::need::Need;
use domain::cells::Gap;
use domain::cells::event::{CellKind, CellSet, MemberSet, Met, Rhythm, StoodDown};
use domain::crisis::event::{CrisisOpened, Level};
use domain::facts::{Value, find};
use domain::register::Role;
use domain::situation::Situation;
use domain::situation::board::{Board, proposed_hold};
use domain::situation::event::{FlowsCounted, OfferDeclared, PointSent, Status, StatusDeclared};
use domain::{Event, Refusal, State};
use journal::write::{Author, Draft};
use journal::{ActorId, Auth, AuthorityAct, EntryId, Fold, RequestId, Seen, Standing, SubjectId};
use proptest::prelude::*;
use store::Ruled;

const MINUTE: i64 = 60_000;
const CRISIS: SubjectId = SubjectId([7; 16]);
const BIOLOGY: SubjectId = SubjectId([21; 16]);
const IMAGING: SubjectId = SubjectId([22; 16]);
const LABORATORY: SubjectId = SubjectId([31; 16]);
const CELL: SubjectId = SubjectId([41; 16]);
const FULL: Standing = Standing::Full { rank: 30 };

struct Story {
    state: State,
    next: u8,
    wall: i64,
}

impl Story {
    /// People of each role, an open crisis, two activities of which one needs the laboratory's application.
    fn new() -> Self {
        let mut story = Self { state: State::default(), next: 1, wall: 1_000 * MINUTE };
        for role in Role::ALL {
            let act = AuthorityAct::RoleGranted { actor: actor(role), role: role.name().to_owned(), rank: role.rank() };
            story.happens(&Draft::of_act(&act), Standing::Full { rank: 80 });
        }
        let opened = CrisisOpened {
            title: "Rançongiciel".to_owned(),
            level: Level::Crisis,
            known_at: Some(990 * MINUTE),
            ..CrisisOpened::default()
        };
        story.about(CRISIS, &Event::CrisisOpened(opened));
        story.about(LABORATORY, &application("Système du laboratoire"));
        story.about(BIOLOGY, &activity("Biologie", 1, Some(240), vec![LABORATORY]));
        story.about(IMAGING, &activity("Imagerie", 2, None, Vec::new()));
        story
    }

    fn happens(&mut self, draft: &Draft, standing: Standing) -> EntryId {
        let id = EntryId([self.next; 32]);
        self.next += 1;
        let header = common::header(draft, actor(Role::Secretary), Auth::Password, self.wall, RequestId([self.next; 16]));
        self.state.apply(&Seen { id, header: &header, body: Some(&draft.body), standing });
        self.wall += MINUTE;
        id
    }

    fn about(&mut self, subject: SubjectId, event: &Event) -> EntryId {
        self.happens(&event.draft(subject), FULL)
    }

    fn check(&self, role: Role, subject: SubjectId, event: &Event) -> Result<(), Refusal> {
        self.state.check(&Author { actor: actor(role), auth: Auth::Password }, &event.draft(subject))
    }

    fn refused(&self, subject: SubjectId, event: &Event) -> &'static str {
        self.check(Role::Secretary, subject, event).expect_err("refused").code
    }

    fn situation(&self) -> &Situation {
        &self.state.situations[&CRISIS]
    }

    fn fact(&self, name: &str, now: i64) -> Value {
        (find(name).expect("a fact").compute)(&self.state, now)
    }
}

fn actor(role: Role) -> ActorId {
    ActorId([role.rank(); 16])
}

fn application(name: &str) -> Event {
    Event::ApplicationSet(ApplicationSet { name: name.to_owned(), ..ApplicationSet::default() })
}

fn activity(name: &str, priority: u8, mtpd_minutes: Option<u32>, needs: Vec<SubjectId>) -> Event {
    let needs = needs.into_iter().map(Need::of).collect();
    Event::ActivitySet(ActivitySet { name: name.to_owned(), priority, mtpd_minutes, needs, ..ActivitySet::default() })
}

fn declared(about: SubjectId, status: Status) -> StatusDeclared {
    StatusDeclared {
        about,
        name: "Biologie".to_owned(),
        status,
        since: None,
        holds_until: None,
        review_at: None,
        said_by: None,
        note: None,
        supersedes: Vec::new(),
    }
}

fn cell(name: &str, next_at: Option<i64>) -> CellSet {
    CellSet {
        cell: CELL,
        kind: CellKind::Decisional,
        name: name.to_owned(),
        room: String::new(),
        phone: String::new(),
        rhythm: Some(Rhythm { times: 2, days: 1 }),
        next_at,
        supersedes: Vec::new(),
    }
}

fn member(line: u8, name: &str, turn: (Option<i64>, Option<i64>)) -> MemberSet {
    MemberSet {
        cell: CELL,
        member: SubjectId([line; 16]),
        name: name.to_owned(),
        actor: None,
        duty: String::new(),
        from: turn.0,
        until: turn.1,
        left: false,
        supersedes: Vec::new(),
    }
}

#[test]
fn what_nobody_declared_is_unknown_never_normal() {
    let mut story = Story::new();
    let board = Board::of(&story.state, &CRISIS);
    assert_eq!((board.activities.len(), board.count(Status::Unknown), board.count(Status::Normal)), (2, 2, 0));
    assert_eq!(story.fact("situation.activities_unknown", 0), Value::Count(2));
    story.about(CRISIS, &Event::StatusDeclared(declared(BIOLOGY, Status::Stopped)));
    let board = Board::of(&story.state, &CRISIS);
    assert_eq!((board.count(Status::Unknown), board.count(Status::Stopped)), (1, 1));
    assert_eq!(story.situation().status(&IMAGING), Status::Unknown);
    // Another crisis begins with everything unknown again.
    assert_eq!(Board::of(&story.state, &SubjectId([8; 16])).count(Status::Unknown), 2);
}

#[test]
fn a_limit_is_proposed_from_the_tolerable_interruption_and_a_passed_one_stands_out() {
    let mut story = Story::new();
    let since = 1_000 * MINUTE;
    let biology = story.state.cartography.activity(&BIOLOGY).expect("on the map");
    assert_eq!(proposed_hold(biology, Status::Stopped, since), Some(since + 240 * MINUTE));
    assert_eq!(proposed_hold(biology, Status::Normal, since), None);
    assert_eq!(proposed_hold(story.state.cartography.activity(&IMAGING).expect("on the map"), Status::Stopped, since), None);
    let until = since + 240 * MINUTE;
    let stopped = StatusDeclared {
        since: Some(since),
        holds_until: Some(until),
        review_at: Some(since + 60 * MINUTE),
        ..declared(BIOLOGY, Status::Stopped)
    };
    story.about(CRISIS, &Event::StatusDeclared(stopped));
    let passed = |now| (story.fact("situation.holds_passed", now), story.fact("situation.reviews_late", now));
    assert_eq!(passed(since), (Value::Count(0), Value::Count(0)));
    assert_eq!(passed(since + 61 * MINUTE), (Value::Count(0), Value::Count(1)));
    assert_eq!(passed(until), (Value::Count(1), Value::Count(1)));
    let worst = Board::of(&story.state, &CRISIS).worst_first(until);
    assert_eq!(worst.first().map(|a| a.line.id), Some(BIOLOGY));
}

#[test]
fn two_people_who_did_not_see_each_other_make_a_conflict_that_a_third_settles() {
    let mut story = Story::new();
    let first = story.about(CRISIS, &Event::StatusDeclared(declared(BIOLOGY, Status::Degraded)));
    let seen = |ids: &[EntryId], status| StatusDeclared { supersedes: ids.to_vec(), ..declared(BIOLOGY, status) };
    let one = story.about(CRISIS, &Event::StatusDeclared(seen(&[first], Status::Stopped)));
    let two = story.about(CRISIS, &Event::StatusDeclared(seen(&[first], Status::Enclave)));
    let line = |story: &Story| Board::of(&story.state, &CRISIS).activities[0].line.conflicting();
    assert_eq!(line(&story), 2);
    assert_eq!(story.refused(CRISIS, &Event::StatusDeclared(seen(&[EntryId([200; 32])], Status::Normal))), "unknown_version");
    story.about(CRISIS, &Event::StatusDeclared(seen(&[one, two], Status::Stopped)));
    assert_eq!((line(&story), story.situation().status(&BIOLOGY)), (0, Status::Stopped));
    assert_eq!(story.situation().declared[&BIOLOGY].all().count(), 4, "the history keeps everything");
    // Two who say the same do not disagree.
    let current = story.situation().declared[&BIOLOGY].seen();
    story.about(CRISIS, &Event::StatusDeclared(seen(&current, Status::Normal)));
    story.about(CRISIS, &Event::StatusDeclared(seen(&current, Status::Normal)));
    assert_eq!(line(&story), 0);
}

#[test]
fn an_application_says_what_it_drags_down_and_what_left_the_map_keeps_its_history() {
    let mut story = Story::new();
    let down = StatusDeclared { name: "Système du laboratoire".to_owned(), ..declared(LABORATORY, Status::Stopped) };
    story.about(CRISIS, &Event::StatusDeclared(down));
    story.about(CRISIS, &Event::StatusDeclared(declared(BIOLOGY, Status::Degraded)));
    let board = Board::of(&story.state, &CRISIS);
    assert_eq!((board.activities.len(), board.applications.len()), (2, 1), "an application is not an activity");
    assert_eq!(board.applications[0].needed_by.iter().map(|a| a.id).collect::<Vec<_>>(), [BIOLOGY]);
    story.about(BIOLOGY, &Event::NodeRemoved(Removed { reason: "Sous-traitée.".to_owned() }));
    let board = Board::of(&story.state, &CRISIS);
    let gone = board.activities.iter().find(|a| a.line.id == BIOLOGY).expect("still declared");
    assert!(gone.activity.is_none() && gone.priority() > 5 && gone.line.name == "Biologie");
    assert!(board.applications[0].needed_by.is_empty());
    // Describing it again puts it back.
    let again = ActivitySet {
        name: "Biologie".to_owned(),
        priority: 1,
        supersedes: story.state.cartography.activities[&BIOLOGY].described.seen(),
        ..ActivitySet::default()
    };
    story.about(BIOLOGY, &Event::ActivitySet(again));
    assert!(story.state.cartography.activity(&BIOLOGY).is_some());
}

#[test]
fn beds_and_flows_add_up_and_a_negative_count_corrects() {
    let mut story = Story::new();
    let offer = |unit: u8, open, closed, free| OfferDeclared {
        unit: SubjectId([unit; 16]),
        name: "Unité".to_owned(),
        open,
        closed,
        free,
        note: None,
        supersedes: Vec::new(),
    };
    let before = story.about(CRISIS, &Event::OfferDeclared(offer(1, 12, 8, Some(2))));
    story.about(CRISIS, &Event::OfferDeclared(offer(2, 30, 0, None)));
    story.about(CRISIS, &Event::OfferDeclared(OfferDeclared { supersedes: vec![before], ..offer(1, 10, 10, Some(1)) }));
    let beds = story.situation().beds();
    assert_eq!((beds.open, beds.closed, beds.free, beds.units_with_free, beds.units), (40, 10, 1, 1, 2));
    assert_eq!(story.refused(CRISIS, &Event::OfferDeclared(offer(3, 4, 0, Some(5)))), "more_free_than_open");
    assert_eq!(story.refused(CRISIS, &Event::OfferDeclared(offer(3, 20_000, 0, None))), "too_many_beds");

    let counted = |transfers| FlowsCounted { transfers, ..FlowsCounted::default() };
    story.about(CRISIS, &Event::FlowsCounted(counted(5)));
    let later = story.wall;
    story.about(CRISIS, &Event::FlowsCounted(FlowsCounted { operations_cancelled: 3, ..counted(2) }));
    story.about(CRISIS, &Event::FlowsCounted(counted(-1)));
    let sums = story.situation().flows_since(i64::MIN);
    assert_eq!((sums.transfers, sums.operations_cancelled), (6, 3));
    assert_eq!(story.situation().flows_since(later - 1).transfers, 1);
    assert_eq!(story.refused(CRISIS, &Event::FlowsCounted(counted(-7))), "below_zero");
    assert_eq!(story.refused(CRISIS, &Event::FlowsCounted(counted(0))), "nothing_counted");
    assert_eq!(story.refused(CRISIS, &Event::FlowsCounted(counted(i32::MIN))), "too_many");
    assert_eq!(story.fact("situation.transfers", 0), Value::Count(6));
}

#[test]
fn a_cell_sits_meets_and_is_stood_down() {
    let mut story = Story::new();
    let set_at = story.wall;
    let settings = story.about(CRISIS, &Event::CellSet(cell("Cellule décisionnelle", Some(set_at + 30 * MINUTE))));
    assert_eq!(story.fact("crisis.minutes_to_first_cell", 0), Value::Minutes((set_at - 990 * MINUTE) / MINUTE));
    let now = set_at + 60 * MINUTE;
    assert_eq!(story.fact("crisis.cells_late", now), Value::Count(1));
    let night = (Some(now - MINUTE), Some(now + MINUTE));
    for line in
        [member(1, "J. Marchand", (None, None)), member(2, "L. Perrin", night), member(3, "N. Aubry", (Some(now), Some(now)))]
    {
        story.about(CRISIS, &Event::CellMemberSet(line));
    }
    let on_turn = |story: &Story, at| -> Vec<String> {
        story.state.cells[&CRISIS].all[&CELL].on_turn(at).iter().map(|m| m.name.clone()).collect()
    };
    assert_eq!(on_turn(&story, now), ["J. Marchand", "L. Perrin"]);
    assert_eq!(on_turn(&story, now + MINUTE), ["J. Marchand"]);
    let backwards = member(4, "P. Garnier", (Some(now), Some(now - MINUTE)));
    assert_eq!(story.refused(CRISIS, &Event::CellMemberSet(backwards)), "ends_before");
    let met = Met { cell: CELL, at: now, summary: "Bulle décidée.".to_owned(), next_at: Some(now + 720 * MINUTE) };
    story.about(CRISIS, &Event::CellMet(met.clone()));
    assert_eq!(story.state.cells[&CRISIS].all[&CELL].next_at, Some(now + 720 * MINUTE));
    assert_eq!(story.refused(CRISIS, &Event::CellMet(Met { next_at: Some(now), ..met.clone() })), "next_before");
    assert_eq!(story.refused(CRISIS, &Event::CellMet(Met { cell: SubjectId([99; 16]), ..met })), "unknown_cell");
    assert_eq!(story.refused(CRISIS, &Event::CellSet(cell("Encore", None))), "unseen_version");
    story.about(CRISIS, &Event::CellStoodDown(StoodDown { cell: CELL, reason: "Fin de l’alerte.".to_owned() }));
    assert!(story.state.cells[&CRISIS].sitting().is_empty());
    let again = CellSet { supersedes: vec![settings], ..cell("Cellule décisionnelle", None) };
    story.about(CRISIS, &Event::CellSet(again));
    assert_eq!(story.state.cells[&CRISIS].sitting().len(), 1);
}

#[test]
fn a_rhythm_says_how_long_until_the_next_meeting() {
    let gap = |times, days| Rhythm { times, days }.gap();
    assert_eq!(gap(1, 1), Gap::Days(1));
    assert_eq!(gap(2, 1), Gap::Minutes(720));
    assert_eq!(gap(3, 7), Gap::Days(2));
    assert_eq!(gap(0, 0), Gap::Days(1), "what a merge brings may say anything");
}

#[test]
fn observers_and_strangers_change_nothing_even_by_a_merge() {
    let mut story = Story::new();
    let events = [
        (CRISIS, Event::CellSet(cell("Cellule", None))),
        (CRISIS, Event::StatusDeclared(declared(BIOLOGY, Status::Normal))),
        (CRISIS, Event::FlowsCounted(FlowsCounted { transfers: 1, ..FlowsCounted::default() })),
        (
            CRISIS,
            Event::PointSent(PointSent {
                text: "Point.".to_owned(),
                to: "SAMU".to_owned(),
                channel: "téléphone".to_owned(),
                sent_by: "A. Roche".to_owned(),
                ..PointSent::default()
            }),
        ),
        (SubjectId([50; 16]), activity("Dialyse", 2, None, Vec::new())),
        (BIOLOGY, Event::NodeRemoved(Removed { reason: "Par erreur.".to_owned() })),
    ];
    let before = story.state.root();
    for (subject, event) in &events {
        assert_eq!(story.check(Role::Observer, *subject, event).expect_err("refused").code, "observer");
        assert!([Role::Member, Role::Solo, Role::Direction].iter().all(|role| story.check(*role, *subject, event).is_ok()));
        for standing in [Standing::Full { rank: Role::Observer.rank() }, Standing::NoRole, Standing::AuthorRevoked] {
            story.happens(&event.draft(*subject), standing);
        }
    }
    assert_eq!(story.state.root(), before);
    assert_eq!(story.refused(SubjectId([8; 16]), &events[0].1), "unknown_crisis");
}

#[test]
fn the_map_refuses_what_would_mislead_at_night() {
    let story = Story::new();
    let new = SubjectId([60; 16]);
    assert_eq!(story.refused(new, &activity(" biologie ", 3, None, Vec::new())), "name_taken");
    assert_eq!(story.refused(new, &activity("Dialyse", 6, None, Vec::new())), "bad_priority");
    assert_eq!(story.refused(new, &activity("Dialyse", 2, Some(0), Vec::new())), "bad_mtpd");
    assert_eq!(story.refused(new, &activity("Dialyse", 2, None, vec![SubjectId([61; 16])])), "unknown_node");
    assert_eq!(story.refused(new, &activity(&"é".repeat(121), 2, None, Vec::new())), "text_too_long");
    assert!(story.check(Role::Member, new, &activity(&"é".repeat(90), 2, None, vec![LABORATORY])).is_ok());
    assert_eq!(story.refused(BIOLOGY, &activity("Biologie", 2, None, Vec::new())), "unseen_version");
    assert_eq!(story.refused(new, &Event::NodeRemoved(Removed { reason: "Non.".to_owned() })), "not_on_map");
}

/// Anything a merge may bring: few subjects, so that entries collide.
fn any_event() -> impl Strategy<Value = Event> {
    let subject = (0u8..4).prop_map(|n| SubjectId([n; 16]));
    let ids = prop::collection::vec((0u8..30).prop_map(|n| EntryId([n; 32])), 0..3);
    let time = prop::option::of(any::<i64>());
    let status = prop::sample::select(Status::ALL.to_vec());
    prop_oneof![
        (subject.clone(), status, time.clone(), time.clone(), ids.clone()).prop_map(
            |(about, status, since, holds_until, supersedes)| {
                Event::StatusDeclared(StatusDeclared { since, holds_until, supersedes, ..declared(about, status) })
            }
        ),
        (subject.clone(), any::<u32>(), any::<u32>(), ids.clone()).prop_map(|(unit, open, free, supersedes)| {
            let name = String::new();
            Event::OfferDeclared(OfferDeclared { unit, name, open, closed: u32::MAX, free: Some(free), note: None, supersedes })
        }),
        (any::<i32>(), any::<i32>()).prop_map(|(transfers, reorientations)| Event::FlowsCounted(FlowsCounted {
            transfers,
            reorientations,
            ..FlowsCounted::default()
        })),
        (subject.clone(), any::<u8>(), any::<u8>(), time.clone(), ids.clone()).prop_map(
            |(cell, times, days, next_at, supersedes)| {
                Event::CellSet(CellSet {
                    cell,
                    rhythm: Some(Rhythm { times, days }),
                    next_at,
                    supersedes,
                    ..self::cell("", None)
                })
            }
        ),
        (subject.clone(), subject.clone(), time.clone(), time, ids.clone()).prop_map(|(cell, line, from, until, supersedes)| {
            Event::CellMemberSet(MemberSet { cell, member: line, from, until, supersedes, ..member(0, "", (None, None)) })
        }),
        (any::<u8>(), prop::option::of(any::<u32>()), prop::collection::vec(subject, 0..3), ids).prop_map(
            |(priority, mtpd_minutes, needs, supersedes)| {
                let needs = needs.into_iter().map(Need::of).collect();
                Event::ActivitySet(ActivitySet { priority, mtpd_minutes, needs, supersedes, ..ActivitySet::default() })
            }
        ),
        Just(Event::NodeRemoved(Removed::default())),
        Just(application("")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// `apply` assumes nothing that `check` promised, and everything computed from the state holds at any moment.
    #[test]
    fn anything_may_come(
        events in prop::collection::vec((any_event(), 0u8..4, any::<bool>()), 0..40), now in any::<i64>(), wall in any::<i64>()
    ) {
        let mut story = Story { state: State::default(), next: 1, wall: wall.saturating_sub(1_000 * MINUTE) };
        for (event, subject, authority) in events {
            let standing = if authority { FULL } else { Standing::NoRole };
            story.happens(&event.draft(SubjectId([subject; 16])), standing);
        }
        for crisis in story.state.crises.keys() {
            let board = Board::of(&story.state, crisis);
            let counted: usize = Status::ALL.into_iter().map(|status| board.count(status)).sum();
            prop_assert_eq!(counted, board.activities.len());
            prop_assert_eq!(board.worst_first(now).len(), board.activities.len());
            let activities = board.activities.iter().filter_map(|a| a.activity);
            for activity in activities {
                prop_assert!((1..=5).contains(&activity.now().priority));
                proposed_hold(activity, Status::Stopped, now);
            }
            if let Some(cells) = story.state.cells.get(crisis) {
                for cell in cells.all.values() {
                    prop_assert!(cell.on_turn(now).len() <= cell.members().len());
                    cell.set().rhythm.map(Rhythm::gap);
                }
            }
        }
        for fact in domain::facts::all() {
            let _ = (fact.compute)(&story.state, now);
        }
    }
}
