//! Accounts as their users rely on them: who may do what, and what follows.

mod common;

use domain::access::event::{
    AccountBlocked, AccountOpened, AttemptRefused, CodeUsed, CodesIssued, CodesRevoked, PasswordGiven, RecoveryAsked,
    RecoveryGranted, RecoveryUsed,
};
use domain::access::{ACTS_KEPT_MAX, RECOVERY_MS, SHOWN_MS};
use domain::facts::{Value, find};
use domain::register::Role;
use domain::{Event, State};
use journal::engine::PROGRAM;
use journal::write::{Author, Draft};
use journal::{ActorId, Auth, AuthorityAct, EntryId, Fold, RequestId, Seen, Standing, SubjectId};
use store::Ruled;

const MINUTE: i64 = 60_000;

fn actor(role: Role) -> ActorId {
    ActorId([role.rank(); 16])
}

/// A state and a pen. People hold one role each; their entries are worth that role.
struct Story {
    state: State,
    next: u8,
    wall: i64,
}

impl Story {
    fn new() -> Self {
        let mut story = Self { state: State::default(), next: 1, wall: 1_000 * MINUTE };
        for role in Role::ALL {
            story.happens(PROGRAM, Auth::None, &grant(actor(role), role));
        }
        story
    }

    fn check(&self, by: ActorId, draft: &Draft) -> Result<(), &'static str> {
        self.check_by(by, Auth::Password, draft)
    }

    fn check_by(&self, actor: ActorId, auth: Auth, draft: &Draft) -> Result<(), &'static str> {
        self.state.check(&Author { actor, auth }, draft).map_err(|refusal| refusal.code)
    }

    fn happens(&mut self, by: ActorId, auth: Auth, draft: &Draft) -> EntryId {
        let standing = match self.state.register.role(&by) {
            Some(role) => Standing::Full { rank: role.rank() },
            None if by == PROGRAM => Standing::Program,
            None => Standing::NoRole,
        };
        self.comes(by, auth, draft, standing)
    }

    fn comes(&mut self, by: ActorId, auth: Auth, draft: &Draft, standing: Standing) -> EntryId {
        let id = EntryId([self.next; 32]);
        self.next = self.next.wrapping_add(1);
        let header = common::header(draft, by, auth, self.wall, RequestId([self.next; 16]));
        self.state.apply(&Seen { id, header: &header, body: Some(&draft.body), standing });
        self.wall += MINUTE;
        id
    }

    fn does(&mut self, by: Role, draft: &Draft) -> EntryId {
        assert_eq!(self.check(actor(by), draft), Ok(()));
        self.happens(actor(by), Auth::Password, draft)
    }

    fn fact(&self, name: &str) -> Value {
        (find(name).expect("a fact").compute)(&self.state, self.wall)
    }
}

fn grant(actor: ActorId, role: Role) -> Draft {
    Draft::of_act(&AuthorityAct::RoleGranted { actor, role: role.name().to_owned(), rank: role.rank() })
}

fn withdraw(actor: ActorId) -> Draft {
    Draft::of_act(&AuthorityAct::RoleWithdrawn { actor, reason: "départ".to_owned() })
}

fn about(role: Role, event: Event) -> Draft {
    event.draft(SubjectId(actor(role).0))
}

fn opened(login: &str) -> Event {
    Event::AccountOpened(AccountOpened { login: login.to_owned() })
}

fn asked() -> Event {
    Event::RecoveryAsked(RecoveryAsked { reason: "mot de passe perdu".to_owned() })
}

fn granted(asked: EntryId) -> Event {
    Event::RecoveryGranted(RecoveryGranted { asked })
}

fn used(number: u8) -> Event {
    Event::CodeUsed(CodeUsed { series: "K7Q2".to_owned(), number })
}

fn issued(count: u8) -> Event {
    Event::CodesIssued(CodesIssued { series: "K7Q2".to_owned(), count })
}

#[test]
fn only_those_who_grant_roles_manage_accounts_and_never_those_of_their_seniors() {
    let mut story = Story::new();
    for role in [Role::Observer, Role::Member, Role::Solo, Role::Secretary] {
        assert_eq!(story.check(actor(role), &about(Role::Member, opened("d.petit"))), Err("not_administrator"));
    }
    story.does(Role::Administrator, &about(Role::Member, opened("d.petit")));
    assert_eq!(story.check(actor(Role::Direction), &about(Role::Member, opened("autre"))), Err("already_open"));
    assert_eq!(story.check(actor(Role::Direction), &about(Role::Solo, opened("d.petit"))), Err("login_taken"));
    for login in ["", "x", "Majuscule", "avec espace", "nul\0", "<script>", "é.accent", &"a".repeat(61)] {
        assert_eq!(story.check(actor(Role::Direction), &about(Role::Solo, opened(login))), Err("bad_login"), "{login:?}");
    }
    // Another director makes this one senior for good: whoever is alone in the highest place may be replaced.
    let second = ActorId([99; 16]);
    story.happens(PROGRAM, Auth::None, &grant(second, Role::Direction));
    let given = about(Role::Direction, Event::PasswordGiven(PasswordGiven {}));
    assert_eq!(story.check(actor(Role::Administrator), &given), Err("senior"));
    assert_eq!(story.check(second, &given), Ok(()));
    let blocked = |reason: &str| about(Role::Member, Event::AccountBlocked(AccountBlocked { reason: reason.to_owned() }));
    assert_eq!(story.check(actor(Role::Administrator), &blocked(" ")), Err("empty_text"));
    assert_eq!(story.check(actor(Role::Administrator), &blocked("a\0b")), Err("control_characters"));
    let elsewhere = opened("z.z").draft(SubjectId([200; 16]));
    assert_eq!(story.check(actor(Role::Direction), &elsewhere), Err("unknown_person"));
}

#[test]
fn nobody_raises_themselves_and_somebody_can_always_grant() {
    let mut story = Story::new();
    let (admin, director) = (actor(Role::Administrator), actor(Role::Direction));
    assert_eq!(story.check(admin, &grant(admin, Role::Direction)), Err("own_rank"));
    assert_eq!(story.check(admin, &grant(actor(Role::Member), Role::Direction)), Err("senior"));
    assert_eq!(story.check(director, &grant(PROGRAM, Role::Member)), Err("unknown_person"));
    story.does(Role::Direction, &withdraw(admin));
    assert_eq!(story.check(director, &withdraw(director)), Err("last_administrator"));
    assert_eq!(story.check(director, &grant(director, Role::Member)), Err("last_administrator"));
    assert_eq!(story.check(director, &grant(director, Role::Direction)), Ok(()));
    story.does(Role::Direction, &grant(actor(Role::Secretary), Role::Administrator));
    assert_eq!(story.check(director, &withdraw(director)), Ok(()));
}

#[test]
fn a_code_serves_its_holder_once() {
    let mut story = Story::new();
    let director = actor(Role::Direction);
    for (count, outcome) in [(0, Err("bad_count")), (11, Err("bad_count")), (10, Ok(()))] {
        assert_eq!(story.check(director, &about(Role::Direction, issued(count))), outcome);
    }
    story.does(Role::Direction, &about(Role::Direction, issued(3)));
    assert_eq!(story.fact("access.codes_available"), Value::Count(3));
    let draft = about(Role::Direction, used(2));
    assert_eq!(story.check_by(director, Auth::Password, &draft), Err("program_only"));
    assert_eq!(story.check_by(actor(Role::Member), Auth::BreakGlass, &draft), Err("not_administrator"));
    assert_eq!(story.check_by(actor(Role::Member), Auth::BreakGlass, &about(Role::Member, used(1))), Err("unknown_code"));
    assert_eq!(story.check_by(director, Auth::BreakGlass, &draft), Ok(()));
    story.happens(director, Auth::BreakGlass, &draft);
    assert_eq!(story.check_by(director, Auth::BreakGlass, &draft), Err("code_used"));
    assert_eq!((story.fact("access.codes_available"), story.fact("access.codes_used")), (Value::Count(2), Value::Count(1)));
    assert_eq!(story.state.access.noteworthy(story.wall).count(), 1);
    assert_eq!(story.state.access.noteworthy(story.wall + SHOWN_MS).count(), 0);
    let revoked = CodesRevoked { series: "K7Q2".to_owned(), reason: "mallette ouverte".to_owned() };
    story.does(Role::Administrator, &about(Role::Direction, Event::CodesRevoked(revoked)));
    assert_eq!(story.check_by(director, Auth::BreakGlass, &about(Role::Direction, used(3))), Err("code_revoked"));
    assert_eq!(story.fact("access.codes_available"), Value::Count(0));
}

#[test]
fn two_people_vouch_and_never_for_themselves() {
    let mut story = Story::new();
    let lost = Role::Direction;
    assert_eq!(story.check(actor(Role::Observer), &about(lost, asked())), Err("observer"));
    assert_eq!(story.check(actor(lost), &about(lost, asked())), Err("same_person"));
    let first = story.does(Role::Member, &about(lost, asked()));
    assert_eq!(story.check(actor(Role::Member), &about(lost, granted(first))), Err("same_signer"));
    assert_eq!(story.check(actor(lost), &about(lost, granted(first))), Err("same_person"));
    assert_eq!(story.check(actor(Role::Observer), &about(lost, granted(first))), Err("observer"));
    assert_eq!(story.check(actor(Role::Solo), &about(lost, granted(first))), Err("not_secretary"));
    assert_eq!(story.check(actor(Role::Secretary), &about(Role::Solo, granted(first))), Err("not_asked"));
    story.does(Role::Secretary, &about(lost, granted(first)));
    assert_eq!(story.check(actor(Role::Administrator), &about(lost, granted(first))), Err("already_granted"));
    // Senior to both who vouched: everybody is told.
    assert_eq!(story.state.access.noteworthy(story.wall).count(), 1);
    let back = about(lost, Event::RecoveryUsed(RecoveryUsed { asked: first }));
    assert_eq!(story.check(actor(Role::Member), &back), Err("not_administrator"));
    assert_eq!(story.check(actor(lost), &back), Ok(()));
    story.happens(actor(lost), Auth::BreakGlass, &back);
    assert_eq!(story.check(actor(lost), &back), Err("recovery_over"));
    assert_eq!(story.state.register.role(&actor(lost)), Some(Role::Direction), "no rank was raised");
}

#[test]
fn a_grant_that_came_too_late_by_a_merge_opens_nothing() {
    let mut story = Story::new();
    let first = story.does(Role::Member, &about(Role::Solo, asked()));
    story.wall += RECOVERY_MS;
    story.happens(actor(Role::Secretary), Auth::Password, &about(Role::Solo, granted(first)));
    let recovery = &story.state.access.recoveries[&first];
    assert!(recovery.granted.is_none() && !recovery.waits(story.wall));
    assert!(story.state.access.acts.last().is_some_and(|act| !act.counts));
}

#[test]
fn what_comes_without_the_right_is_shown_and_changes_nothing() {
    let mut story = Story::new();
    let observer = actor(Role::Observer);
    let before = story.state.access.acts.len();
    let blocked = Event::AccountBlocked(AccountBlocked { reason: "vengeance".to_owned() });
    for draft in [about(Role::Direction, blocked), about(Role::Direction, issued(3)), about(Role::Direction, asked())] {
        story.happens(observer, Auth::Password, &draft);
    }
    story.happens(observer, Auth::BreakGlass, &about(Role::Direction, used(1)));
    story.happens(observer, Auth::Password, &about(Role::Direction, granted(EntryId([250; 32]))));
    story.happens(
        observer,
        Auth::Password,
        &about(Role::Direction, Event::RecoveryUsed(RecoveryUsed { asked: EntryId([250; 32]) })),
    );
    let access = &story.state.access;
    assert!(access.blocked.is_empty() && access.series.is_empty() && access.recoveries.is_empty());
    assert!(access.acts.iter().skip(before).all(|act| !act.counts));
    assert_eq!(access.acts.len(), before + 6);
}

#[test]
fn only_the_program_notes_refused_attempts_and_the_audit_is_bounded() {
    let mut story = Story::new();
    let refused = AttemptRefused { kind: "crisis.decision_taken".to_owned(), code: "observer".to_owned() };
    let draft = about(Role::Observer, Event::AttemptRefused(refused));
    assert_eq!(story.check(actor(Role::Direction), &draft), Err("program_only"));
    assert_eq!(story.check(PROGRAM, &draft), Ok(()));
    let before = story.state.access.acts.len();
    story.comes(actor(Role::Direction), Auth::Password, &draft, Standing::Full { rank: 80 });
    assert_eq!(story.state.access.acts.len(), before, "in another name, it is nothing");
    story.comes(PROGRAM, Auth::None, &draft, Standing::NoRole);
    assert_eq!(story.state.access.attempts_in_hour(&actor(Role::Observer), story.wall), 1);
    assert_eq!(story.fact("access.attempts_refused"), Value::Count(1));
    for _ in 0..ACTS_KEPT_MAX {
        story.comes(PROGRAM, Auth::None, &draft, Standing::NoRole);
    }
    assert_eq!(story.state.access.acts.len(), ACTS_KEPT_MAX);
}
