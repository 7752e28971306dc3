//! The action plan: what is written, in which order it is read, what is counted, what is refused, and that anything may come.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test stops at the first surprise")]

mod story;

use domain::actions::event::{
    ActionRemoved, ActionSet, ActionsAdopted, Adopted, BoardSet, Origin, OriginKind, Presented, Status,
};
use domain::actions::{Counts, action_id, complexity_letters, priority_letters};
use domain::facts::Value;
use domain::register::Role;
use domain::register::day::Day;
use domain::{Event, State};
use journal::{Standing, SubjectId};
use proptest::prelude::*;
use store::Ruled;
use story::{FULL, MINUTE, Story, author};

const FIRST: SubjectId = SubjectId([21; 16]);
const SECOND: SubjectId = SubjectId([22; 16]);
const THIRD: SubjectId = SubjectId([23; 16]);
const CODIR: SubjectId = SubjectId([31; 16]);
const DAY_MS: i64 = 86_400_000;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn ms(text: &str) -> i64 {
    day(text).number() * DAY_MS
}

fn action(title: &str, priority: u8, complexity: u8) -> ActionSet {
    ActionSet { title: title.to_owned(), priority, complexity, ..ActionSet::default() }
}

fn board(name: &str) -> BoardSet {
    BoardSet { name: name.to_owned(), ..BoardSet::default() }
}

trait OnPlan {
    fn writes(&mut self, id: SubjectId, event: Event) -> journal::EntryId;
    fn refuses(&self, id: SubjectId, event: &Event) -> &'static str;
    fn set(&mut self, id: SubjectId, set: ActionSet) -> journal::EntryId;
}

impl OnPlan for Story {
    fn writes(&mut self, id: SubjectId, event: Event) -> journal::EntryId {
        let draft = event.draft(id);
        self.state.check(&author(Role::Member), &draft).unwrap();
        self.happens(&draft, Standing::Full { rank: 20 }, Role::Member)
    }

    fn refuses(&self, id: SubjectId, event: &Event) -> &'static str {
        self.state.check(&author(Role::Member), &event.draft(id)).expect_err("refused").code
    }

    fn set(&mut self, id: SubjectId, set: ActionSet) -> journal::EntryId {
        self.writes(id, Event::ActionSet(set))
    }
}

#[test]
fn the_fastest_gain_comes_first_whatever_the_order_of_arrival() {
    let mut story = Story::new();
    let due = |text: &str| Some(day(text));
    let all = [
        ("A simple", 1, 1, None),
        ("AAA projet", 3, 3, due("2026-12-01")),
        ("AAA simple sans date", 3, 1, None),
        ("AA simple", 2, 1, due("2026-12-01")),
        ("AAA simple en mars", 3, 1, due("2027-03-01")),
        ("AAA simple en janvier", 3, 1, due("2027-01-01")),
    ];
    for (n, (title, priority, complexity, due)) in all.into_iter().enumerate() {
        let id = SubjectId([40 + u8::try_from(n).unwrap(); 16]);
        story.set(id, ActionSet { due, ..action(title, priority, complexity) });
    }
    let read: Vec<&str> = story.state.actions.in_order().iter().map(|a| a.now().title.as_str()).collect();
    assert_eq!(
        read,
        ["AAA simple en janvier", "AAA simple en mars", "AAA simple sans date", "AAA projet", "AA simple", "A simple"]
    );
    assert_eq!((priority_letters(3), complexity_letters(2)), ("AAA", "XX"));
    assert_eq!((priority_letters(0), complexity_letters(200)), ("A", "XXX"), "any number is a level");
}

#[test]
fn counts_and_facts_say_the_same() {
    let mut story = Story::new();
    assert_eq!(story.fact("actions.total", 0), Value::Count(0));
    assert_eq!(story.fact("actions.done_percent", 0), Value::Unknown);
    let origin = Origin { kind: OriginKind::Exercise, label: "Nuit blanche".to_owned(), reference: "ex1/f2".to_owned() };
    let owner = "H. Vasseur".to_owned();
    story.set(FIRST, ActionSet { due: Some(day("2026-11-20")), owner: owner.clone(), origin, ..action("Carte d’appel", 3, 1) });
    story.set(SECOND, ActionSet { due: Some(day("2026-12-21")), ..action("Étiquettes", 2, 2) });
    let done = ActionSet { status: Status::Done, progress: 100, done_on: Some(day("2026-11-10")), ..action("Annuaire", 3, 2) };
    story.set(THIRD, done);
    let dropped = ActionSet { status: Status::Dropped, comment: "Fait par le GHT.".to_owned(), ..action("Valise", 1, 1) };
    story.set(SubjectId([24; 16]), dropped);
    let now = ms("2026-11-21");
    let facts = [
        ("total", 3),
        ("open", 2),
        ("done", 1),
        ("done_percent", 33),
        ("late", 1),
        ("without_owner", 1),
        ("without_due", 0),
        ("due_in_30_days", 1),
        ("first_open", 1),
        ("from_exercises", 1),
        ("boards", 0),
    ];
    for (name, expected) in facts {
        assert_eq!(story.fact(&format!("actions.{name}"), now), Value::Count(expected), "{name}");
    }
    assert_eq!(story.fact("actions.due_in_30_days", ms("2026-11-20")), Value::Count(1), "the day itself is near, 31 days is not");
    assert_eq!(story.fact("actions.late", ms("2026-11-20")), Value::Count(0), "the day itself is not late");
    let counts = story.state.actions.counts(day("2026-11-21"));
    assert_eq!(counts, Counts { total: 3, open: 2, done: 1, dropped: 1, late: 1 });
    assert!(counts.is_possible() && !Counts { late: 9, ..counts }.is_possible());
    story.writes(FIRST, Event::ActionRemoved(ActionRemoved { reason: "Saisie deux fois.".to_owned() }));
    assert_eq!(story.fact("actions.total", now), Value::Count(2), "what was taken off counts no more");
}

#[test]
fn what_does_not_hold_together_is_refused_beside_its_field() {
    let mut story = Story::new();
    story.set(FIRST, action("Couper l’internet", 3, 1));
    let set = |set: ActionSet| Event::ActionSet(set);
    let good = || action("Autre", 1, 1);
    let cases = [
        (set(action("  ", 1, 1)), "empty_text", "title"),
        (set(action(&"x".repeat(10_000_000), 1, 1)), "text_too_long", "title"),
        (set(ActionSet { detail: "x".repeat(4_001), ..good() }), "text_too_long", "detail"),
        (set(ActionSet { owner: "x".repeat(121), ..good() }), "text_too_long", "owner"),
        (set(action("Autre", 4, 1)), "bad_level", "priority"),
        (set(action("Autre", 1, 0)), "bad_level", "complexity"),
        (set(ActionSet { progress: 101, status: Status::InProgress, ..good() }), "bad_progress", "progress"),
        (set(ActionSet { progress: 30, ..good() }), "bad_progress", "progress"),
        (set(ActionSet { status: Status::Done, progress: 100, ..good() }), "no_done_day", "done_on"),
        (
            set(ActionSet { status: Status::Done, progress: 90, done_on: Some(day("2026-11-10")), ..good() }),
            "bad_progress",
            "progress",
        ),
        (set(ActionSet { status: Status::InProgress, done_on: Some(day("2026-11-10")), ..good() }), "not_done", "done_on"),
        (set(ActionSet { status: Status::Dropped, ..good() }), "no_reason", "comment"),
        (set(ActionSet { boards: vec![CODIR], ..good() }), "unknown_board", "boards"),
        (set(ActionSet { supersedes: vec![journal::EntryId([9; 32])], ..good() }), "unknown_version", "supersedes"),
        (Event::BoardSet(board("")), "empty_text", "name"),
    ];
    for (event, code, field) in cases {
        let refusal = story.state.check(&author(Role::Member), &event.draft(SECOND)).expect_err(code);
        assert_eq!((refusal.code, refusal.field), (code, Some(field)));
        assert!(refusal.sentence.ends_with('.'), "{}", refusal.sentence);
    }
    assert_eq!(story.refuses(FIRST, &set(good())), "unseen_version", "an action is rewritten by who has it before their eyes");
    assert_eq!(story.refuses(SECOND, &Event::ActionRemoved(ActionRemoved { reason: "Non.".to_owned() })), "not_on_plan");
    assert_eq!(story.refuses(FIRST, &Event::ActionRemoved(ActionRemoved::default())), "empty_text");
    for role in Role::ALL {
        let refused = story.state.check(&author(role), &set(good()).draft(SECOND)).err().map(|refusal| refusal.code);
        assert_eq!(refused, (role == Role::Observer).then_some("observer"), "{role:?}");
    }
}

#[test]
fn two_people_who_did_not_see_each_other_are_a_conflict_that_somebody_settles() {
    let mut story = Story::new();
    let first = story.set(FIRST, action("Carte d’appel", 3, 1));
    let seen = |set: ActionSet, ids: Vec<journal::EntryId>| ActionSet { supersedes: ids, ..set };
    let one = story.set(FIRST, seen(ActionSet { owner: "H. Vasseur".to_owned(), ..action("Carte d’appel", 3, 1) }, vec![first]));
    let two = story.set(FIRST, seen(action("Carte d’appel en salle", 3, 1), vec![first]));
    let held = story.state.actions.action(&FIRST).unwrap();
    assert_eq!((held.described.survivors().len(), held.now().title.as_str()), (2, "Carte d’appel en salle"));
    assert_eq!(story.fact("actions.conflicts", 0), Value::Count(1));
    let settled = ActionSet { owner: "H. Vasseur".to_owned(), ..action("Carte d’appel en salle", 3, 1) };
    story.set(FIRST, seen(settled, vec![one, two]));
    assert_eq!(story.fact("actions.conflicts", 0), Value::Count(0));
    assert_eq!(story.state.actions.action(&FIRST).unwrap().described.all().count(), 4, "nothing of the history is lost");
}

#[test]
fn what_was_taken_off_stays_known_and_comes_back_when_described_again() {
    let mut story = Story::new();
    story.set(FIRST, action("Valise", 1, 1));
    story.set(SECOND, action("Annuaire", 1, 1));
    story.writes(FIRST, Event::ActionRemoved(ActionRemoved { reason: "En double.".to_owned() }));
    let plan = &story.state.actions;
    assert!(plan.action(&FIRST).is_none() && plan.ever(&FIRST).unwrap().removed.is_some());
    assert_eq!(plan.in_order().iter().map(|a| a.number).collect::<Vec<_>>(), [2], "numbers are never given again");
    let seen = plan.ever(&FIRST).unwrap().described.seen();
    story.set(FIRST, ActionSet { supersedes: seen, ..action("Valise", 1, 1) });
    assert_eq!(story.state.actions.action(&FIRST).unwrap().number, 1);
}

#[test]
fn many_are_adopted_at_once_and_taking_them_twice_makes_one() {
    let mut story = Story::new();
    let finding = |title: &str| action(title, 3, 1);
    let proposals =
        || vec![("f1".to_owned(), finding("Nommer qui prévient le CERT Santé")), ("f2".to_owned(), finding("Carte d’appel"))];
    let adopted = ActionsAdopted::of_exercise("ex7", "Nuit blanche", proposals());
    let batch = SubjectId([60; 16]);
    story.writes(batch, Event::ActionsAdopted(adopted.clone()));
    assert_eq!(story.refuses(batch, &Event::ActionsAdopted(adopted.clone())), "unseen_version");
    // Another laptop took them too, before they met.
    story.happens(&Event::ActionsAdopted(adopted).draft(SubjectId([61; 16])), FULL, Role::Member);
    let plan = &story.state.actions;
    assert_eq!(plan.all.len(), 2);
    assert!(plan.in_order().iter().all(|a| !a.described.is_conflict()), "the same words are nothing to settle");
    assert_eq!(plan.of_origin("ex7").len(), 2);
    assert_eq!(plan.of_origin("ex7/f2")[0].now().title, "Carte d’appel");
    assert_eq!((plan.of_origin("ex").len(), plan.of_origin("").len(), plan.of_origin("ex7/f").len()), (0, 0, 0));
    assert_eq!(plan.of_origin("ex7")[0].now().origin.kind, OriginKind::Exercise);
    let twice = Adopted { id: action_id("template", "rtx_01"), action: finding("Annuaire") };
    let codes = [
        (ActionsAdopted::default(), "bad_adoption"),
        (ActionsAdopted { actions: vec![twice.clone(), twice.clone()] }, "twice"),
        (ActionsAdopted { actions: vec![Adopted { action: finding(""), ..twice.clone() }] }, "empty_text"),
    ];
    for (adopted, code) in codes {
        assert_eq!(story.refuses(batch, &Event::ActionsAdopted(adopted)), code);
    }
    let template = ActionSet { template: "rtx_01".to_owned(), ..twice.action };
    story.writes(batch, Event::ActionsAdopted(ActionsAdopted { actions: vec![Adopted { id: twice.id, action: template }] }));
    assert_eq!(story.state.actions.of_template("rtx_01").unwrap().id, twice.id);
    assert!(story.state.actions.of_template("rtx_02").is_none());
}

#[test]
fn a_board_follows_its_actions_and_remembers_what_it_was_shown() {
    let mut story = Story::new();
    story.writes(CODIR, Event::BoardSet(board("CODIR")));
    story.set(FIRST, ActionSet { boards: vec![CODIR], ..action("Annuaire", 3, 2) });
    story.set(SECOND, action("Étiquettes", 2, 1));
    let plan = &story.state.actions;
    assert_eq!(plan.followed_by(&CODIR).iter().map(|a| a.id).collect::<Vec<_>>(), [FIRST]);
    assert_eq!(story.refuses(SubjectId([32; 16]), &Event::BoardSet(board(" codir "))), "name_taken");
    let counts = Counts::of(plan.followed_by(&CODIR), day("2026-11-21"));
    let shown = |on: &str, counts| Event::PlanPresented(Presented { on: day(on), counts, note: String::new() });
    story.writes(CODIR, shown("2026-11-21", counts));
    story.writes(CODIR, shown("2026-10-21", counts));
    let board = story.state.actions.board(&CODIR).unwrap();
    assert_eq!((board.presented.len(), board.last_presented().unwrap().on), (2, day("2026-11-21")), "the latest by its day");
    assert_eq!(story.fact("actions.days_since_presented", ms("2026-12-01")), Value::Count(10));
    assert_eq!(story.refuses(CODIR, &shown("2026-11-22", Counts { total: 5, ..counts })), "bad_counts");
    assert_eq!(story.refuses(FIRST, &shown("2026-11-22", counts)), "unknown_board");
    let seen = board.described.seen();
    story.writes(CODIR, Event::BoardSet(BoardSet { removed: true, supersedes: seen, ..self::board("CODIR") }));
    assert!(story.state.actions.board(&CODIR).is_none());
    assert_eq!(story.refuses(CODIR, &shown("2026-11-22", counts)), "unknown_board");
}

#[test]
fn bodies_of_today_are_read_for_ever() {
    let golden: [(&str, String); 5] = [
        (
            "actions.action_set",
            format!(
                "{{\"title\":\"Carte d’appel\",\"complexity\":1,\"priority\":3,\"due\":\"2026-12-15\",\"status\":\"in_progress\",\"progress\":40,\"origin\":{{\"kind\":\"exercise\",\"label\":\"Nuit blanche\",\"reference\":\"ex1\"}},\"boards\":[\"{CODIR}\"],\"template\":\"rtx_01\"}}"
            ),
        ),
        (
            "actions.actions_adopted",
            format!("{{\"actions\":[{{\"id\":\"{FIRST}\",\"action\":{{\"title\":\"a\",\"complexity\":1,\"priority\":1}}}}]}}"),
        ),
        ("actions.action_removed", "{\"reason\":\"En double.\"}".to_owned()),
        ("actions.board_set", "{\"name\":\"CME\",\"next_meeting\":\"2026-12-15\"}".to_owned()),
        (
            "actions.presented",
            "{\"on\":\"2026-11-21\",\"counts\":{\"total\":3,\"open\":2,\"done\":1,\"dropped\":0,\"late\":1}}".to_owned(),
        ),
    ];
    for (kind, body) in golden {
        let event = Event::decode(kind, 1, body.as_bytes()).unwrap_or_else(|| panic!("{kind} is read"));
        assert_eq!(event.kind(), kind);
        let again = event.draft(FIRST);
        assert_eq!(Event::decode(kind, 1, &again.body), Some(event), "{kind}");
    }
    let unknown = Event::decode("actions.action_removed", 1, b"{\"reason\":\"x\",\"other\":1}");
    assert_eq!(unknown, None, "a field nobody knows is not dropped in silence");
}

fn any_event() -> impl Strategy<Value = Event> {
    let subject = || (20u8..24).prop_map(|n| SubjectId([n; 16]));
    let ids = || prop::collection::vec((0u8..30).prop_map(|n| journal::EntryId([n; 32])), 0..3);
    let status = || (0..4usize).prop_map(|n| Status::ALL[n]);
    let due = || prop::option::of(any::<i64>().prop_map(Day::of_ms));
    let set = move || {
        (any::<[u8; 3]>(), status(), due(), due(), prop::collection::vec(subject(), 0..3), ids()).prop_map(
            |([priority, complexity, progress], status, due, done_on, boards, supersedes)| ActionSet {
                priority,
                complexity,
                progress,
                status,
                due,
                done_on,
                boards,
                supersedes,
                ..ActionSet::default()
            },
        )
    };
    let counts = || any::<[u64; 5]>().prop_map(|[total, open, done, dropped, late]| Counts { total, open, done, dropped, late });
    prop_oneof![
        set().prop_map(Event::ActionSet),
        prop::collection::vec((subject(), set()).prop_map(|(id, action)| Adopted { id, action }), 0..4)
            .prop_map(|actions| Event::ActionsAdopted(ActionsAdopted { actions })),
        Just(Event::ActionRemoved(ActionRemoved::default())),
        (any::<bool>(), due(), ids()).prop_map(|(removed, next_meeting, supersedes)| Event::BoardSet(BoardSet {
            removed,
            next_meeting,
            supersedes,
            ..BoardSet::default()
        })),
        (any::<i64>(), counts()).prop_map(|(on, counts)| Event::PlanPresented(Presented {
            on: Day::of_ms(on),
            counts,
            note: String::new()
        })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// `apply` assumes nothing that `check` promised, and everything computed from the state holds at any moment.
    #[test]
    fn anything_may_come(events in prop::collection::vec((any_event(), 20u8..24, any::<bool>()), 0..40), now in any::<i64>()) {
        let mut story = Story { state: State::default(), next: 1, wall: now.saturating_sub(1_000 * MINUTE) };
        let mut counted = 0;
        for (event, subject, authority) in events {
            let standing = if authority { FULL } else { Standing::NoRole };
            let before = story.state.actions.clone();
            story.happens(&event.draft(SubjectId([subject; 16])), standing, Role::Member);
            counted += usize::from(authority);
            prop_assert!(authority || before == story.state.actions, "who may not write changes nothing");
        }
        let plan = &story.state.actions;
        prop_assert!(plan.all.len() <= counted * 4);
        let mut numbers: Vec<u64> = plan.all.values().map(|a| a.number).collect();
        numbers.sort_unstable();
        prop_assert_eq!(numbers, (1..=plan.all.len() as u64).collect::<Vec<_>>());
        for action in plan.in_order() {
            let set = action.now();
            prop_assert!((1..=3).contains(&set.priority) && (1..=3).contains(&set.complexity) && set.progress <= 100);
            prop_assert!(set.status != Status::Done || set.progress == 100);
        }
        let counts = plan.counts(Day::of_ms(now));
        prop_assert!(counts.is_possible());
        prop_assert_eq!(counts.total + counts.dropped, plan.in_order().len() as u64);
        for fact in domain::facts::all() {
            let _ = (fact.compute)(&story.state, now);
        }
    }
}
