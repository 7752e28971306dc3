//! A state and a pen, for stories about a crisis.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test program uses its own part")]

use domain::crisis::Crisis;
use domain::crisis::event::{CrisisOpened, EntryType, Level, Logged};
use domain::facts::{Value, find};
use domain::register::Role;
use domain::{Event, Refusal, State};
use journal::write::{Author, Draft};
use journal::{
    ActorId, Auth, AuthorityAct, ChainId, EntryId, Fold, Hash, Header, JournalId, RequestId, Seen, Standing, SubjectId,
};
use store::Ruled;

pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const CRISIS: SubjectId = SubjectId([7; 16]);
pub const FULL: Standing = Standing::Full { rank: 80 };
/// When the crisis began, and was known.
pub const BEGAN: i64 = 900 * MINUTE;
pub const KNOWN: i64 = 960 * MINUTE;

/// A state and a pen: entries get the ids 1, 2, 3... and a minute passes at each.
#[derive(Clone)]
pub struct Story {
    pub state: State,
    pub next: u8,
    pub wall: i64,
}

pub fn actor(role: Role) -> ActorId {
    ActorId([role.rank(); 16])
}

pub fn author(role: Role) -> Author {
    Author { actor: actor(role), auth: Auth::Password }
}

impl Story {
    /// A register with one person per role, and an open crisis.
    pub fn new() -> Self {
        let mut story = Self { state: State::default(), next: 1, wall: 1_000 * MINUTE };
        for role in Role::ALL {
            let act = AuthorityAct::RoleGranted { actor: actor(role), role: role.name().to_owned(), rank: role.rank() };
            story.happens(&Draft::of_act(&act), FULL, Role::Direction);
        }
        let opened = CrisisOpened {
            title: "Rançongiciel".to_owned(),
            level: Level::Alert,
            occurred_at: Some(BEGAN),
            known_at: Some(KNOWN),
            ..CrisisOpened::default()
        };
        story.event(&Event::CrisisOpened(opened), FULL);
        story
    }

    pub fn happens(&mut self, draft: &Draft, standing: Standing, by: Role) -> EntryId {
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

    /// Something that came, checked or not.
    pub fn event(&mut self, event: &Event, standing: Standing) -> EntryId {
        self.happens(&event.draft(CRISIS), standing, Role::Secretary)
    }

    /// Something that was checked, then came.
    pub fn done(&mut self, by: Role, event: &Event) -> EntryId {
        self.check(by, event).expect("allowed");
        self.happens(&event.draft(CRISIS), Standing::Full { rank: by.rank() }, by)
    }

    pub fn log(&mut self, entry_type: EntryType, text: &str) -> EntryId {
        self.event(&Logged::new(entry_type, text).into_event(), FULL)
    }

    pub fn check(&self, role: Role, event: &Event) -> Result<(), Refusal> {
        self.state.check(&author(role), &event.draft(CRISIS))
    }

    /// The code of the refusal.
    pub fn refused(&self, role: Role, event: &Event) -> &'static str {
        self.check(role, event).expect_err("refused").code
    }

    pub fn crisis(&self) -> &Crisis {
        &self.state.crises[&CRISIS]
    }

    pub fn fact(&self, name: &str, now: i64) -> Value {
        (find(name).expect("a fact").compute)(&self.state, now)
    }
}
