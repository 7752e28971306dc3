//! The crisis as its users rely on it: what may be recorded, and what follows.

mod story;

use domain::crisis::event::{
    Closed, Confirmed, CrisisOpened, EntryCorrected, EntryType, HandedOver, Level, Logged, Reframed, Reopened, TaskAssigned,
};
use domain::facts::Value;
use domain::register::Role;
use domain::{Event, State};
use journal::write::{Author, Draft};
use journal::{ActorId, Auth, AuthorityAct, EntryId, Standing, SubjectId};
use store::Ruled;
use story::{BEGAN, CRISIS, FULL, HOUR, KNOWN, MINUTE, Story, actor, author};

fn corrected(entry: EntryId, text: &str, supersedes: Vec<EntryId>) -> Event {
    Event::EntryCorrected(EntryCorrected { entry, text: text.to_owned(), supersedes })
}

#[test]
fn an_observer_reads_and_does_not_write() {
    let story = Story::new();
    let fact = Logged::new(EntryType::Fact, "Bloc fermé.").into_event();
    assert!(story.check(Role::Member, &fact).is_ok());
    let refusal = story.check(Role::Observer, &fact).expect_err("refused");
    assert_eq!(refusal.code, "observer");
    let stranger = Author { actor: ActorId([99; 16]), auth: Auth::Password };
    assert_eq!(story.state.check(&stranger, &fact.draft(CRISIS)).expect_err("refused").code, "no_role");
}

#[test]
fn a_refusal_names_its_field_and_says_what_to_do() {
    let mut story = Story::new();
    let huge = Logged::new(EntryType::Fact, "a".repeat(10_000_000)).into_event();
    let refusal = story.check(Role::Secretary, &huge).expect_err("too long");
    assert_eq!((refusal.code, refusal.field), ("text_too_long", Some("text")));
    assert!(refusal.sentence.contains("Rien n’est perdu"));
    assert_eq!(
        story.check(Role::Secretary, &Logged::new(EntryType::Fact, " \n").into_event()).expect_err("empty").code,
        "empty_text"
    );
    let closes_nothing = Logged { closes: vec![EntryId([200; 32])], ..Logged::new(EntryType::Fact, "Fait.") }.into_event();
    assert_eq!(story.check(Role::Secretary, &closes_nothing).expect_err("unknown").field, Some("closes"));
    let misplaced = Event::EntryLogged(Logged::new(EntryType::Decision, "Couper."));
    assert_eq!(story.check(Role::Direction, &misplaced).expect_err("a decision has its own kind").code, "wrong_kind");
    let fact = story.log(EntryType::Fact, "Téléphonie coupée.");
    assert_eq!(
        story.check(Role::Secretary, &corrected(fact, "Téléphonie coupée.", vec![fact])).expect_err("same").code,
        "unchanged"
    );
    let elsewhere = Logged::new(EntryType::Fact, "Ailleurs.").into_event().draft(SubjectId([8; 16]));
    assert_eq!(story.state.check(&author(Role::Secretary), &elsewhere).expect_err("no such crisis").code, "unknown_crisis");
}

#[test]
fn a_correction_strikes_and_keeps_and_two_blind_ones_are_a_conflict() {
    let mut story = Story::new();
    let fact = story.log(EntryType::Fact, "La paie est perdue.");
    story.event(&corrected(fact, "La paie attend.", vec![fact]), FULL);
    let entry = story.crisis().entry(&fact).expect("kept");
    assert_eq!(
        (entry.words(), &*entry.text.as_ref().expect("text").first().value),
        (Some("La paie attend."), "La paie est perdue.")
    );
    story.event(&corrected(fact, "La paie part lundi.", vec![fact]), FULL);
    let text = story.crisis().entry(&fact).and_then(|e| e.text.clone()).expect("text");
    assert_eq!(text.survivors().len(), 2, "neither saw the other");
    story.event(&corrected(fact, "Virement possible.", text.seen()), FULL);
    let text = story.crisis().entry(&fact).and_then(|e| e.text.clone()).expect("text");
    assert_eq!((text.survivors().len(), &*text.current().value), (1, "Virement possible."));
}

#[test]
fn without_authority_words_are_kept_and_nothing_is_struck() {
    let mut story = Story::new();
    let fact = story.log(EntryType::Fact, "Sauvegardes saines.");
    let action = story.log(EntryType::Action, "Couper le VPN.");
    story.event(&corrected(fact, "Tout va bien.", vec![fact]), Standing::AuthorRevoked);
    let done = Logged { closes: vec![action], ..Logged::new(EntryType::Fact, "VPN coupé.") };
    story.event(&done.into_event(), Standing::DeviceRevoked);
    let crisis = story.crisis();
    assert_eq!(crisis.entry(&fact).and_then(|e| e.words()), Some("Sauvegardes saines."));
    assert_eq!(crisis.entry(&fact).map(|e| e.remarks.len()), Some(1));
    assert!(crisis.entry(&action).is_some_and(|e| e.is_open_task()));
    assert_eq!(crisis.log.len(), 3, "evidence is never refused");
}

#[test]
fn what_is_late_comes_first_and_what_is_incomplete_is_asked_for() {
    let mut story = Story::new();
    let question = story.log(EntryType::Question, "Qui tient le standard ?");
    let bare = story.log(EntryType::Decision, "Reporter les consultations.");
    let due = |owner: &str, due_at| Logged {
        owner: Some(owner.to_owned()),
        due_at: Some(due_at),
        ..Logged::new(EntryType::Action, "À faire.")
    };
    let later = story.event(&due("N. Aubry", 5_000 * MINUTE).into_event(), FULL);
    let late = story.event(&due("M. Tessier", 950 * MINUTE).into_event(), FULL);
    let now = 1_100 * MINUTE;
    let crisis = story.crisis();
    let order: Vec<EntryId> = crisis.open_tasks().iter().map(|t| t.id).collect();
    assert_eq!(order, [late, later, question, bare]);
    assert!(crisis.entry(&late).is_some_and(|e| e.is_late(now)) && !crisis.entry(&later).is_some_and(|e| e.is_late(now)));
    assert!(crisis.entry(&bare).is_some_and(|e| e.is_incomplete()));
    let assign = TaskAssigned {
        entry: bare,
        owner: Some("B. Collin".to_owned()),
        due_at: Some(now),
        review_at: None,
        supersedes: vec![bare],
    };
    story.event(&Event::TaskAssigned(assign), FULL);
    assert!(!story.crisis().entry(&bare).is_some_and(|e| e.is_incomplete()));
    story.event(&Logged { closes: vec![late, question], ..Logged::new(EntryType::Fact, "Fait.") }.into_event(), FULL);
    assert_eq!(story.crisis().open_tasks().len(), 2);
}

#[test]
fn a_clock_ten_years_off_is_kept_and_badged() {
    let mut story = Story::new();
    story.log(EntryType::Fact, "Avant.");
    assert!(story.crisis().contradicted_since(0).is_empty(), "nothing to work out in a sound log");
    let (now, years) = (story.wall, 10 * 365 * 24 * 60 * MINUTE);
    story.wall = now + years;
    story.log(EntryType::Fact, "Horloge folle.");
    story.wall = now + 2 * MINUTE;
    story.log(EntryType::Fact, "Après.");
    story.log(EntryType::Fact, "Encore après.");
    assert_eq!(story.crisis().contradicted_since(0), [false, true, false, false]);
}

#[test]
fn an_unknown_kind_is_kept_raw_and_an_erased_entry_keeps_its_line() {
    let mut story = Story::new();
    let raw = Draft::json("crisis.weather_noted", CRISIS, &"pluie");
    story.happens(&raw, FULL, Role::Member);
    let newer = Draft { kind_version: 9, ..Logged::new(EntryType::Fact, "Demain.").into_event().draft(CRISIS) };
    story.happens(&newer, FULL, Role::Member);
    assert_eq!(story.state.raw_count, 2);
    assert_eq!(story.state.raw[0].body.as_deref(), Some("\"pluie\""));
    assert_eq!(story.state.check(&author(Role::Direction), &raw).expect_err("not recordable").code, "unknown_kind");
}

#[test]
fn facts_are_named_once_and_computed_from_the_state() {
    let mut story = Story::new();
    story.log(EntryType::Fact, "Un.");
    let names: std::collections::BTreeSet<&str> = domain::facts::all().map(|f| f.name).collect();
    assert_eq!(names.len(), domain::facts::all().count());
    let entries = domain::facts::find("crisis.entries").expect("a fact");
    assert_eq!((entries.compute)(&story.state, 0), domain::facts::Value::Count(1));
    let minutes = domain::facts::find("crisis.minutes_running").expect("a fact");
    assert_eq!((minutes.compute)(&story.state, 960 * MINUTE), domain::facts::Value::Minutes(60));
    assert_eq!((minutes.compute)(&State::default(), 0), domain::facts::Value::Unknown);
}

#[test]
fn only_administrators_grant_and_name() {
    let story = Story::new();
    let grant = |role: Role, rank| {
        Draft::of_act(&AuthorityAct::RoleGranted { actor: ActorId([55; 16]), role: role.name().to_owned(), rank })
    };
    let check = |by: Role, draft: &Draft| story.state.check(&author(by), draft);
    assert!(check(Role::Administrator, &grant(Role::Member, 20)).is_ok());
    assert_eq!(check(Role::Secretary, &grant(Role::Member, 20)).expect_err("refused").code, "not_administrator");
    assert_eq!(check(Role::Administrator, &grant(Role::Member, 255)).expect_err("a rank made up").code, "unknown_role");
}

fn reframed(story: &Story, level: Level, known_at: i64) -> Reframed {
    Reframed {
        title: "Rançongiciel".to_owned(),
        level,
        occurred_at: BEGAN,
        known_at,
        reason: "Chiffrement confirmé par la DSI.".to_owned(),
        supersedes: story.crisis().frames().seen(),
        ..Reframed::default()
    }
}

#[test]
fn a_crisis_is_framed_anew_with_a_reason_and_keeps_its_history() {
    let mut story = Story::new();
    let raised = reframed(&story, Level::Crisis, KNOWN - 10 * MINUTE);
    let blind = reframed(&story, Level::Doubt, KNOWN);
    let event = Event::CrisisReframed(raised.clone());
    assert_eq!(story.refused(Role::Observer, &event), "observer");
    assert_eq!(
        story.refused(Role::Member, &Event::CrisisReframed(Reframed { reason: " ".into(), ..raised.clone() })),
        "empty_text"
    );
    let early = Reframed { known_at: BEGAN - MINUTE, ..raised.clone() };
    assert_eq!(story.refused(Role::Member, &Event::CrisisReframed(early)), "known_too_early");
    let unseen = Reframed { supersedes: Vec::new(), ..raised.clone() };
    assert_eq!(story.refused(Role::Member, &Event::CrisisReframed(unseen)), "unknown_version");
    let same = reframed(&story, Level::Alert, KNOWN);
    assert_eq!(story.refused(Role::Member, &Event::CrisisReframed(same)), "unchanged");
    story.done(Role::Member, &event);
    let crisis = story.crisis();
    assert_eq!((crisis.level, crisis.known_at, crisis.frames().all().count()), (Level::Crisis, KNOWN - 10 * MINUTE, 2));
    assert!(crisis.frames_in_conflict().is_empty());
    story.event(&Event::CrisisReframed(blind), FULL);
    assert_eq!(story.crisis().frames_in_conflict().len(), 2, "the two had not seen each other");
    let settled = reframed(&story, Level::Crisis, KNOWN);
    story.done(Role::Direction, &Event::CrisisReframed(settled));
    assert!(story.crisis().frames_in_conflict().is_empty());
    story.event(&Event::CrisisReframed(reframed(&story, Level::Doubt, KNOWN)), Standing::NoRole);
    assert_eq!(story.crisis().level, Level::Crisis, "without authority, nothing changes");
}

#[test]
fn only_the_direction_lifts_and_nothing_blocks_the_log_afterwards() {
    let mut story = Story::new();
    let lifted = Closed { reason: "Soins revenus.".into(), remains: "Ressaisie.".into(), decided_by: "J. Marchand".into() };
    let lift = Event::CrisisClosed(lifted);
    let reopen = Event::CrisisReopened(Reopened { reason: "Nouveau chiffrement.".into() });
    for role in [Role::Member, Role::Solo, Role::Secretary, Role::Administrator] {
        assert_eq!(story.refused(role, &lift), "not_direction");
    }
    assert_eq!(story.refused(Role::Direction, &reopen), "not_lifted");
    let before = story.log(EntryType::Fact, "Avant.");
    story.done(Role::Direction, &lift);
    assert_eq!(story.refused(Role::Direction, &lift), "already_lifted");
    let after = story.done(Role::Member, &Logged::new(EntryType::Fact, "Après.").into_event());
    let badge = |story: &Story, id| story.crisis().entry(&id).is_some_and(|e| e.after_lifting);
    assert!(badge(&story, after) && !badge(&story, before));
    assert_eq!(story.fact("crisis.lifted", 0), Value::Truth(true));
    story.event(&reopen, Standing::Full { rank: Role::Administrator.rank() });
    assert!(story.crisis().lifted().is_some(), "a merge lends nobody the direction's authority");
    story.done(Role::Direction, &reopen);
    assert!(story.crisis().lifted().is_none());
    let again = story.log(EntryType::Fact, "Rouverte.");
    assert!(!badge(&story, again));
    assert_eq!(story.crisis().turns().len(), 2);
}

#[test]
fn an_act_done_before_approval_is_confirmed_by_those_who_may() {
    let mut story = Story::new();
    let cut = Logged { to_confirm: true, ..Logged::new(EntryType::Fact, "Internet coupé par l’astreinte.") };
    let act = story.done(Role::Member, &cut.into_event());
    let plain = story.log(EntryType::Fact, "Vu.");
    let confirm = |entry| Event::ActConfirmed(Confirmed { entry });
    assert_eq!(story.refused(Role::Secretary, &confirm(act)), "not_administrator");
    assert_eq!(story.refused(Role::Direction, &confirm(plain)), "nothing_to_confirm");
    assert_eq!(story.fact("crisis.acts_to_confirm", 0), Value::Count(1));
    story.event(&confirm(act), Standing::Full { rank: Role::Secretary.rank() });
    assert_eq!(story.crisis().awaiting_approval().len(), 1, "a merge lends a secretary no authority");
    story.done(Role::Administrator, &confirm(act));
    assert_eq!(story.refused(Role::Direction, &confirm(act)), "already_confirmed");
    assert!(story.crisis().awaiting_approval().is_empty());
}

#[test]
fn a_decision_owns_its_actions_and_comes_back_when_it_is_to_be_reviewed() {
    let mut story = Story::new();
    let now = story.wall;
    let decided = Logged { review_at: Some(now + HOUR), ..Logged::new(EntryType::Decision, "Laboratoire en urgences seules.") };
    let decision = story.done(Role::Direction, &decided.into_event());
    assert!(story.crisis().entry(&decision).is_some_and(|d| d.is_incomplete()));
    assert_eq!(story.fact("crisis.decisions_without_owner", now), Value::Count(1));
    assert_eq!(story.fact("crisis.minutes_to_first_decision", now), Value::Minutes((now - KNOWN) / MINUTE));
    let action = Logged { carries_out: Some(decision), ..Logged::new(EntryType::Action, "Coursiers.") };
    let misplaced = Logged { entry_type: EntryType::Fact, ..action.clone() };
    assert_eq!(story.refused(Role::Member, &misplaced.into_event()), "not_an_action");
    let id = story.done(Role::Member, &action.clone().into_event());
    let nowhere = Logged { carries_out: Some(id), ..action };
    assert_eq!(story.refused(Role::Member, &nowhere.into_event()), "unknown_entry");
    let wrong = Logged { review_at: Some(now), ..Logged::new(EntryType::Action, "Revoir.") };
    assert_eq!(story.refused(Role::Member, &wrong.into_event()), "not_a_decision");
    let line = story.crisis().entry(&decision).expect("kept");
    assert_eq!((line.carried_out_by.as_slice(), line.is_incomplete()), ([id].as_slice(), false));
    assert_eq!(story.fact("crisis.decisions_without_owner", now), Value::Count(0));
    assert!(story.crisis().to_review(now).is_empty() && story.crisis().to_review(now + HOUR).len() == 1);
    let seen = line.assignment.as_ref().map(|a| a.seen()).unwrap_or_default();
    let later = TaskAssigned { entry: decision, owner: None, due_at: None, review_at: Some(now + 3 * HOUR), supersedes: seen };
    story.done(Role::Member, &Event::TaskAssigned(later));
    assert!(story.crisis().to_review(now + HOUR).is_empty());
}

#[test]
fn a_hand_over_is_found_by_those_it_concerns() {
    let mut story = Story::new();
    let over =
        |to: &str| HandedOver { to: to.into(), summary: "Biologie arrêtée.".into(), words: "ancre pluie".into(), cell: None };
    assert_eq!(story.refused(Role::Observer, &Event::HandedOver(over("L. Perrin"))), "observer");
    assert_eq!(story.refused(Role::Member, &Event::HandedOver(over(""))), "empty_text");
    story.log(EntryType::Fact, "Un.");
    story.done(Role::Secretary, &Event::HandedOver(over("L. Perrin")));
    story.log(EntryType::Fact, "Deux.");
    story.done(Role::Member, &Event::HandedOver(over("N. Aubry")));
    let crisis = story.crisis();
    let lines = |role, name: &str| crisis.last_handover_of(&actor(role), name).map(|h| h.lines);
    assert_eq!(lines(Role::Secretary, ""), Some(1));
    assert_eq!(lines(Role::Direction, "N. Aubry"), Some(2));
    assert_eq!(lines(Role::Direction, "J. Marchand"), Some(2), "else the last one");
    assert_eq!(story.fact("crisis.handovers", 0), Value::Count(2));
}

#[test]
fn the_data_protection_officer_counts_as_told_once_the_log_says_so() {
    let mut story = Story::new();
    story.log(EntryType::Action, "Prévenir la DPO.");
    story.log(EntryType::Fact, "La DPOX n’est pas elle.");
    assert_eq!(story.fact("crisis.dpo_alerted", 0), Value::Truth(false));
    let told = story.wall;
    story.log(EntryType::Call, "DPO appelée, elle arrive.");
    assert_eq!(story.fact("crisis.dpo_alerted", 0), Value::Truth(true));
    assert_eq!(story.fact("crisis.minutes_to_dpo_alerted", 0), Value::Minutes((told - KNOWN) / MINUTE));
}

#[test]
fn an_opening_that_comes_late_titles_what_was_already_said() {
    let mut story = Story::new();
    let elsewhere = SubjectId([8; 16]);
    let fact = Logged::new(EntryType::Fact, "Vu avant l’ouverture.").into_event();
    story.happens(&fact.draft(elsewhere), FULL, Role::Member);
    let opened = CrisisOpened { title: "Panne".into(), ..CrisisOpened::default() };
    story.happens(&Event::CrisisOpened(opened.clone()).draft(elsewhere), FULL, Role::Member);
    let crisis = &story.state.crises[&elsewhere];
    assert_eq!((crisis.title.as_str(), crisis.log.len(), crisis.frames_in_conflict().len()), ("Panne", 1, 0));
    let second = CrisisOpened { title: "Autre titre".into(), ..opened };
    story.happens(&Event::CrisisOpened(second).draft(elsewhere), FULL, Role::Member);
    assert_eq!(story.state.crises[&elsewhere].frames_in_conflict().len(), 2, "both are shown");
    let backwards = CrisisOpened { title: "T".into(), occurred_at: Some(2), known_at: Some(1), ..CrisisOpened::default() };
    let draft = Event::CrisisOpened(backwards).draft(SubjectId([9; 16]));
    assert_eq!(story.state.check(&author(Role::Member), &draft).expect_err("refused").code, "known_too_early");
}
