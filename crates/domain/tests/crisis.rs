//! The crisis as its users rely on it: what may be recorded, and what follows.

use domain::crisis::Crisis;
use domain::crisis::event::{CrisisOpened, EntryCorrected, EntryType, Level, Logged, TaskAssigned};
use domain::register::Role;
use domain::{Event, Refusal, State};
use journal::write::{Author, Draft};
use journal::{
    ActorId, Auth, AuthorityAct, ChainId, EntryId, Fold, Hash, Header, JournalId, RequestId, Seen, Standing, SubjectId,
};
use store::Ruled;

const MINUTE: i64 = 60_000;
const CRISIS: SubjectId = SubjectId([7; 16]);
const FULL: Standing = Standing::Full { rank: 80 };

/// A state and a pen: entries get the ids 1, 2, 3...
struct Story {
    state: State,
    next: u8,
    wall: i64,
}

fn actor(role: Role) -> ActorId {
    ActorId([role.rank(); 16])
}

fn author(role: Role) -> Author {
    Author { actor: actor(role), auth: Auth::Password }
}

impl Story {
    /// A register with one person per role, and an open crisis.
    fn new() -> Self {
        let mut story = Self { state: State::default(), next: 1, wall: 1_000 * MINUTE };
        for role in Role::ALL {
            let act = AuthorityAct::RoleGranted { actor: actor(role), role: role.name().to_owned(), rank: role.rank() };
            story.happens(&Draft::of_act(&act), FULL, Role::Direction);
        }
        let opened = CrisisOpened {
            title: "Rançongiciel".to_owned(),
            level: Level::Alert,
            occurred_at: Some(900 * MINUTE),
            known_at: None,
            ..CrisisOpened::default()
        };
        story.event(&Event::CrisisOpened(opened), FULL);
        story
    }

    fn happens(&mut self, draft: &Draft, standing: Standing, by: Role) -> EntryId {
        let id = EntryId([self.next; 32]);
        self.next += 1;
        let header = Header {
            journal: JournalId([0; 16]),
            chain: ChainId([0; 16]),
            seq: 0,
            prev: None,
            deps: Vec::new(),
            auth_head: None,
            hlc: 0,
            wall: self.wall,
            author: actor(by),
            auth: Auth::Password,
            kind: draft.kind.clone(),
            kind_version: draft.kind_version,
            subject: draft.subject,
            request: RequestId([self.next; 16]),
            part: journal::header::Part::ONLY,
            body_hash: Hash([0; 32]),
            body_len: 0,
            blobs: Vec::new(),
        };
        self.state.apply(&Seen { id, header: &header, body: Some(&draft.body), standing });
        self.wall += MINUTE;
        id
    }

    fn event(&mut self, event: &Event, standing: Standing) -> EntryId {
        self.happens(&event.draft(CRISIS), standing, Role::Secretary)
    }

    fn log(&mut self, entry_type: EntryType, text: &str) -> EntryId {
        self.event(&Logged::new(entry_type, text).into_event(), FULL)
    }

    fn check(&self, role: Role, event: &Event) -> Result<(), Refusal> {
        self.state.check(&author(role), &event.draft(CRISIS))
    }

    fn crisis(&self) -> &Crisis {
        &self.state.crises[&CRISIS]
    }
}

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
    let assign = TaskAssigned { entry: bare, owner: Some("B. Collin".to_owned()), due_at: Some(now), review_at: None, supersedes: vec![bare] };
    story.event(&Event::TaskAssigned(assign), FULL);
    assert!(!story.crisis().entry(&bare).is_some_and(|e| e.is_incomplete()));
    story.event(&Logged { closes: vec![late, question], ..Logged::new(EntryType::Fact, "Fait.") }.into_event(), FULL);
    assert_eq!(story.crisis().open_tasks().len(), 2);
}

#[test]
fn a_clock_ten_years_off_is_kept_and_badged() {
    let mut story = Story::new();
    story.log(EntryType::Fact, "Avant.");
    assert!(story.crisis().contradicted_walls().is_empty(), "nothing to work out in a sound log");
    let (now, years) = (story.wall, 10 * 365 * 24 * 60 * MINUTE);
    story.wall = now + years;
    story.log(EntryType::Fact, "Horloge folle.");
    story.wall = now + 2 * MINUTE;
    story.log(EntryType::Fact, "Après.");
    story.log(EntryType::Fact, "Encore après.");
    assert_eq!(story.crisis().contradicted_walls(), [false, true, false, false]);
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
