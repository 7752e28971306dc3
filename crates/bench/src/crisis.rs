//! A long crisis, made through the ledger on a clock set back: people, cells, a map and its statuses, legal clocks, a log.

use crate::Problem;
use crate::floor;
use domain::cartography::event::ActivitySet;
use domain::cells::event::{CellKind, CellSet, MemberSet, Rhythm};
use domain::crisis::event::{CrisisOpened, EntryCorrected, EntryType, Level, Logged};
use domain::legal::event::{ClockAdopted, Delay, Starts};
use domain::register::Role;
use domain::register::event::PersonNamed;
use domain::situation::event::{Status, StatusDeclared};
use domain::{Event, State};
use journal::certificate::Mode;
use journal::write::{Author, Draft};
use journal::{ActorId, Auth, AuthorityAct, EntryId, RequestId, SubjectId};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::sync_channel;
use store::access::Access;
use store::ledger::Founding;
use store::{Env, Folder, Ledger, Options, Submission};

/// How much happened.
pub(crate) struct Story {
    /// Lines of the log.
    pub(crate) entries: usize,
    /// People who write it.
    pub(crate) people: usize,
    /// Cells.
    pub(crate) cells: usize,
    /// How long it lasted (milliseconds).
    pub(crate) lasts_ms: i64,
}

const ACTIVITIES: usize = 20;
const LEGAL_CLOCKS: usize = 8;
/// Lines written before any is waited for: what the writer commits at once.
const TOGETHER: usize = 256;
/// Actions and questions left open at any time; older ones are closed by what follows.
const OPEN_TASKS: usize = 120;
/// One status in so many lines, and one correction in so many.
const STATUS_EVERY: usize = 100;
const CORRECTION_EVERY: usize = 50;

struct Making {
    ledger: Ledger<State>,
    env: Env,
    people: Vec<ActorId>,
    crisis: SubjectId,
    activities: Vec<(SubjectId, Option<EntryId>)>,
    open: VecDeque<EntryId>,
}

/// Makes the folder; the login of the first of its people is `login`.
///
/// # Errors
/// What the store says.
pub(crate) fn make(folder: &Folder, story: &Story, login: &str) -> Result<(), Problem> {
    let real = floor::environment();
    let begun = (real.now_ms)() - story.lasts_ms;
    // Each stamp finds the clock a little later.
    let (clock, step) = (AtomicI64::new(begun), story.lasts_ms / i64::try_from(story.entries + story.entries / 25 + 200)?);
    let env = Env { now_ms: Arc::new(move || clock.fetch_add(step, Ordering::Relaxed)), random: real.random };
    let people: Vec<ActorId> = (0..story.people).map(|_| ActorId(env.bytes())).collect();
    let founding = Founding { mode: Mode::Exercise, device: "banc".to_owned(), drafts: founders(&people) };
    Ledger::<State>::found(folder, founding, &env, &Options::default())?;
    let access = Access::open(folder)?;
    access.create_account(*people.first().ok_or("nobody")?, login, None)?;
    let ledger = Ledger::<State>::open(folder, env.clone(), Options::default())?;
    let crisis = SubjectId(env.bytes());
    let mut making = Making { ledger, env, people, crisis, activities: Vec::new(), open: VecDeque::new() };
    making.frame(story)?;
    let mut nth = 0;
    while nth < story.entries {
        let end = (nth + TOGETHER).min(story.entries);
        making.lines(nth..end)?;
        nth = end;
    }
    Ok(())
}

fn founders(people: &[ActorId]) -> Vec<Draft> {
    let one = |(nth, actor): (usize, &ActorId)| {
        let role = if nth == 0 { Role::Direction } else { Role::Secretary };
        let act = AuthorityAct::RoleGranted { actor: *actor, role: role.name().to_owned(), rank: role.rank() };
        let named = PersonNamed { name: format!("P. Mesure-{nth}"), function: "membre de cellule".to_owned() };
        [Draft::of_act(&act), Event::PersonNamed(named).draft(SubjectId(actor.0))]
    };
    people.iter().enumerate().flat_map(one).collect()
}

impl Making {
    fn submission(&self, nth: usize, drafts: Vec<Draft>) -> Submission {
        let actor = self.people.get(nth % self.people.len()).copied().unwrap_or(ActorId([0; 16]));
        Submission { request: RequestId(self.env.bytes()), author: Author { actor, auth: Auth::Password }, drafts }
    }

    fn record(&self, event: &Event, subject: SubjectId) -> Result<EntryId, Problem> {
        let receipt = self.ledger.submit_wait(self.submission(0, vec![event.draft(subject)]))?;
        Ok(*receipt.entries.first().ok_or("nothing was written")?)
    }

    /// The crisis, its cells and their members, the map, the clocks.
    fn frame(&mut self, story: &Story) -> Result<(), Problem> {
        let opened = CrisisOpened { title: "Rançongiciel".to_owned(), level: Level::Crisis, ..CrisisOpened::default() };
        self.record(&Event::CrisisOpened(opened), self.crisis)?;
        for nth in 0..story.cells {
            let cell = SubjectId(self.env.bytes());
            self.record(&Event::CellSet(self.cell(cell, nth)), self.crisis)?;
            for actor in self.people.iter().skip(nth).step_by(story.cells) {
                self.record(&Event::CellMemberSet(self.member(cell, *actor)), self.crisis)?;
            }
        }
        for nth in 0..ACTIVITIES {
            let id = SubjectId(self.env.bytes());
            let priority = u8::try_from(nth % 5 + 1)?;
            let activity = ActivitySet {
                name: format!("Activité de soins {nth}"),
                priority,
                mtpd_minutes: Some(240),
                ..ActivitySet::default()
            };
            self.record(&Event::ActivitySet(activity), id)?;
            self.activities.push((id, None));
        }
        for nth in 0..LEGAL_CLOCKS {
            self.record(&Event::ClockAdopted(legal_clock(nth)?), self.crisis)?;
        }
        Ok(())
    }

    fn cell(&self, cell: SubjectId, nth: usize) -> CellSet {
        CellSet {
            cell,
            kind: CellKind::Operational,
            name: format!("Cellule {nth}"),
            room: "B12".to_owned(),
            phone: "4412".to_owned(),
            rhythm: Some(Rhythm { times: 2, days: 1 }),
            next_at: Some((self.env.now_ms)() + 3_600_000),
            supersedes: Vec::new(),
        }
    }

    fn member(&self, cell: SubjectId, actor: ActorId) -> MemberSet {
        MemberSet {
            cell,
            member: SubjectId(self.env.bytes()),
            name: "P. Mesure".to_owned(),
            actor: Some(actor),
            duty: "secrétariat".to_owned(),
            from: None,
            until: None,
            left: false,
            supersedes: Vec::new(),
        }
    }

    /// Lines of the log, and what happens beside them; waits for all at the end.
    fn lines(&mut self, range: std::ops::Range<usize>) -> Result<(), Problem> {
        let (tell, told) = sync_channel(TOGETHER * 2);
        let mut sent = 0;
        for nth in range {
            let logged = self.logged(nth);
            let task = logged.entry_type.is_task();
            let (submission, tell) = (self.submission(nth, vec![logged.into_event().draft(self.crisis)]), tell.clone());
            self.ledger.submit(submission, move |outcome| {
                let outcome = outcome.map(|receipt| (nth, task, receipt.entries.first().copied()));
                // Read below, as many times as lines were sent.
                let _ = tell.send(outcome.map_err(|error| error.to_string()));
            });
            sent += 1;
        }
        for outcome in told.iter().take(sent) {
            let (nth, task, entry) = outcome?;
            let entry = entry.ok_or("nothing was written")?;
            if task {
                self.open.push_back(entry);
            }
            if nth % STATUS_EVERY == 0 {
                self.status(nth)?;
            }
            if nth % CORRECTION_EVERY == 1 {
                let corrected = EntryCorrected { entry, text: format!("Entrée {nth}, corrigée."), supersedes: vec![entry] };
                self.record(&Event::EntryCorrected(corrected), self.crisis)?;
            }
        }
        Ok(())
    }

    fn logged(&mut self, nth: usize) -> Logged {
        let text =
            format!("Entrée n° {nth} : pharmacie, stock manuel ouvert, deux isolateurs en marche, bons portés par coursier.");
        // Half facts; the rest of every type.
        let entry_type = if nth.is_multiple_of(2) { EntryType::Fact } else { EntryType::ALL[nth / 2 % EntryType::ALL.len()] };
        let closes = if self.open.len() > OPEN_TASKS { self.open.pop_front().into_iter().collect() } else { Vec::new() };
        let acts = matches!(entry_type, EntryType::Action | EntryType::Decision);
        let due_at = acts.then(|| (self.env.now_ms)() + 7_200_000);
        Logged { closes, due_at, owner: acts.then(|| "P. Mesure".to_owned()), ..Logged::new(entry_type, text) }
    }

    fn status(&mut self, nth: usize) -> Result<(), Problem> {
        let place = nth / STATUS_EVERY % ACTIVITIES;
        let (about, known) = *self.activities.get(place).ok_or("no activity")?;
        let declared = StatusDeclared {
            about,
            name: format!("Activité de soins {place}"),
            status: if (nth / STATUS_EVERY).is_multiple_of(3) { Status::Stopped } else { Status::Degraded },
            since: None,
            holds_until: Some((self.env.now_ms)() + 14_400_000),
            review_at: None,
            said_by: None,
            note: Some("selon le cadre de garde".to_owned()),
            supersedes: known.into_iter().collect(),
        };
        let entry = self.record(&Event::StatusDeclared(declared), self.crisis)?;
        if let Some(activity) = self.activities.get_mut(place) {
            activity.1 = Some(entry);
        }
        Ok(())
    }
}

fn legal_clock(nth: usize) -> Result<ClockAdopted, Problem> {
    let words = |text: &str| text.to_owned();
    Ok(ClockAdopted {
        key: format!("clock-{nth}"),
        title: format!("Déclaration {nth}"),
        what: words("déclarer"),
        who: words("DPO"),
        whom: words("autorité"),
        contact: words("portail"),
        starts: Starts::Known,
        delay: Delay::Hours(u32::try_from(24 + nth * 24)?),
        basis: words("règle de mesure"),
        source: words("banc"),
        edition: words("2026-01-01"),
        status: words("à confirmer"),
        ..ClockAdopted::default()
    })
}
