//! Makes a demonstration: the data file's people and log go through the same events as real ones, on a clock set back.

use crate::environment;
use crate::failure::Failure;
use content::demo::{Demo, Entry};
use content::stamp;
use domain::crisis::event::{CrisisOpened, EntryCorrected, Logged};
use domain::register::event::{EstablishmentNamed, PersonNamed};
use domain::{Event, State};
use jiff::civil::Date;
use journal::certificate::Mode;
use journal::write::{Author, Draft};
use journal::{ActorId, Auth, AuthorityAct, EntryId, RequestId, SubjectId};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::access::Access;
use store::ledger::Founding;
use store::{Env, Folder, Ledger, Options, Submission};

/// T0 of a fresh demonstration: this long before its start (milliseconds).
pub(crate) const T0_BEFORE_START_MS: i64 = 9 * 3_600_000;
const MINUTE_MS: i64 = 60_000;

/// A demonstration being made.
struct Seeding {
    demo: Demo,
    env: Env,
    clock: Arc<AtomicI64>,
    t0: i64,
    day: Date,
    actors: BTreeMap<String, ActorId>,
    crisis: SubjectId,
    written: BTreeMap<String, EntryId>,
}

/// Founds a demonstration in an empty folder, as if its crisis had begun nine hours ago.
pub(crate) fn make(folder: &Folder, options: &Options, name: &str) -> Result<(), Failure> {
    let demo = content::demo::load(name).map_err(Failure::new)?;
    let t0 = environment::now_ms() - T0_BEFORE_START_MS;
    let clock = Arc::new(AtomicI64::new(t0 - MINUTE_MS));
    let env = environment::with_clock(clock.clone());
    let day = local_day(t0, &demo.establishment.time_zone)?;
    let actors = demo.people.iter().map(|p| (p.key.clone(), ActorId(env.bytes()))).collect();
    let crisis = SubjectId(env.bytes());
    let mut seeding = Seeding { demo, env, clock, t0, day, actors, crisis, written: BTreeMap::new() };
    let founding = Founding { mode: Mode::Exercise, device: "poste de démonstration".to_owned(), drafts: seeding.founding() };
    Ledger::<State>::found(folder, founding, &seeding.env, options)?;
    let access = Access::open(folder)?;
    for person in &seeding.demo.people {
        access.create_account(seeding.actor(&person.key)?, &person.key, None)?;
    }
    let ledger = Ledger::<State>::open(folder, seeding.env.clone(), options.clone())?;
    seeding.replay(&ledger)
}

fn local_day(t0: i64, zone: &str) -> Result<Date, Failure> {
    let local = jiff::Timestamp::from_millisecond(t0).and_then(|t| t.in_tz(zone));
    local.map(|zoned| zoned.date()).map_err(|error| Failure::new(error.to_string()))
}

impl Seeding {
    fn actor(&self, key: &str) -> Result<ActorId, Failure> {
        self.actors.get(key).copied().ok_or_else(|| Failure::new(format!("démonstration : personne inconnue {key}")))
    }

    /// Roles first, then names: one founding request.
    fn founding(&self) -> Vec<Draft> {
        let place = &self.demo.establishment;
        let named = EstablishmentNamed { name: place.name.clone(), time_zone: place.time_zone.clone() };
        let mut drafts = vec![Event::EstablishmentNamed(named).draft(SubjectId([0; 16]))];
        for person in &self.demo.people {
            let Some(actor) = self.actors.get(&person.key).copied() else { continue };
            let act = AuthorityAct::RoleGranted { actor, role: person.role.name().to_owned(), rank: person.role.rank() };
            drafts.push(Draft::of_act(&act));
            let named = PersonNamed { name: person.name.clone(), function: person.function.clone() };
            drafts.push(Event::PersonNamed(named).draft(SubjectId(actor.0)));
        }
        drafts
    }

    fn at(&self, minutes: i64) -> i64 {
        self.t0 + minutes * MINUTE_MS
    }

    fn replay(&mut self, ledger: &Ledger<State>) -> Result<(), Failure> {
        let crisis = &self.demo.crisis;
        let opened = CrisisOpened {
            title: crisis.title.clone(),
            level: crisis.level,
            occurred_at: Some(self.at(crisis.occurred_minutes)),
            known_at: Some(self.at(crisis.known_minutes)),
            ..CrisisOpened::default()
        };
        let entries = self.demo.entries.clone();
        let first = entries.first().map_or(0, |e| e.at);
        let typist = entries.first().map(|e| e.typist.clone()).unwrap_or_default();
        self.submit(ledger, first, &typist, Event::CrisisOpened(opened))?;
        for entry in &entries {
            let event = self.event(ledger, entry)?;
            let id = self.submit(ledger, entry.at, &entry.typist, event)?;
            // A correction goes by the name of what it corrects as well as by its own.
            self.written
                .insert(entry.key.clone(), entry.corrects.as_ref().and_then(|k| self.written.get(k).copied()).unwrap_or(id));
        }
        Ok(())
    }

    fn event(&self, ledger: &Ledger<State>, entry: &Entry) -> Result<Event, Failure> {
        let text = stamp::fill(&entry.text, self.day).map_err(Failure::new)?;
        if let Some(corrected) = &entry.corrects {
            let id = self.entry(corrected)?;
            let view = ledger.view();
            let line = view.state.crises.get(&self.crisis).and_then(|c| c.entry(&id));
            let supersedes = line.and_then(|l| l.text.as_ref()).map(|t| t.seen()).unwrap_or_default();
            return Ok(Event::EntryCorrected(EntryCorrected { entry: id, text, supersedes }));
        }
        let closes = entry.closes.iter().map(|key| self.entry(key)).collect::<Result<_, _>>()?;
        let logged = Logged {
            speaker: entry.speaker.clone(),
            occurred_at: entry.happened.map(|m| self.at(m)),
            owner: entry.owner.clone(),
            due_at: entry.due.map(|m| self.at(m)),
            closes,
            ..Logged::new(entry.entry_type, text)
        };
        Ok(logged.into_event())
    }

    fn entry(&self, key: &str) -> Result<EntryId, Failure> {
        self.written.get(key).copied().ok_or_else(|| Failure::new(format!("démonstration : entrée inconnue {key}")))
    }

    fn submit(&self, ledger: &Ledger<State>, minutes: i64, typist: &str, event: Event) -> Result<EntryId, Failure> {
        self.clock.store(self.at(minutes), Ordering::Relaxed);
        let author = Author { actor: self.actor(typist)?, auth: Auth::None };
        let submission = Submission { request: RequestId(self.env.bytes()), author, drafts: vec![event.draft(self.crisis)] };
        let receipt = ledger.submit_wait(submission).map_err(|error| Failure::new(format!("démonstration : {error}")))?;
        receipt.entries.first().copied().ok_or_else(|| Failure::new("démonstration : rien n’a été écrit"))
    }
}
