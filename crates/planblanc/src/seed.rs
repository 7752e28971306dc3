//! Makes a demonstration: what its data file tells goes through the same events as real ones, on a clock set back.

mod exercise;
pub(crate) mod region;

use crate::environment;
use crate::failure::Failure;
use content::demo::script::{self, CRISIS, Stage};
use content::demo::{Act, Demo, Entry};
use content::stamp;
use domain::crisis::event::{EntryCorrected, Logged};
use domain::register::event::{Card, Set};
use domain::{Event, State};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use journal::certificate::Mode;
use journal::write::{Author, Draft};
use journal::{ActorId, Auth, AuthorityAct, EntryId, RequestId, SubjectId};
use std::cell::RefCell;
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
    zone: TimeZone,
    day: Date,
    /// Ids by the names of the data file: people, and whatever else was named.
    named: RefCell<BTreeMap<String, SubjectId>>,
    /// Log lines by their key.
    written: BTreeMap<String, EntryId>,
    /// Last write about each thing, for those that replace it.
    slots: BTreeMap<String, EntryId>,
}

/// Founds a demonstration in an empty folder, as if its T0 had been nine hours ago.
pub(crate) fn make(folder: &Folder, options: &Options, name: &str) -> Result<(), Failure> {
    let demo = content::demo::load(name).map_err(Failure::new)?;
    let t0 = environment::now_ms() - T0_BEFORE_START_MS;
    let clock = Arc::new(AtomicI64::new(t0));
    let env = environment::with_clock(clock.clone());
    let readable = |error: jiff::Error| Failure::new(error.to_string());
    let zone = TimeZone::get(&demo.establishment.time_zone).map_err(readable)?;
    let day = Timestamp::from_millisecond(t0).map_err(readable)?.to_zoned(zone.clone()).date();
    let (named, written, slots) = (RefCell::default(), BTreeMap::new(), BTreeMap::new());
    let mut seeding = Seeding { demo, env, clock, t0, zone, day, named, written, slots };
    seeding.set_clock(seeding.demo.establishment.founded);
    let founding = Founding { mode: Mode::Exercise, device: "poste de démonstration".to_owned(), drafts: seeding.founding() };
    Ledger::<State>::found(folder, founding, &seeding.env, options)?;
    let access = Access::open(folder)?;
    for person in seeding.demo.people.iter().filter(|person| person.role.is_some()) {
        access.create_account(seeding.actor(&person.key), &person.key, None)?;
    }
    let ledger = Ledger::<State>::open(folder, seeding.env.clone(), options.clone())?;
    for one in content::demo::exercise::of(name).map_err(Failure::new)? {
        // In the order in which it happened: what the establishment did before, the exercise, then the rest.
        let debex = exercise::debex(&seeding, &one)?;
        let (before, rest) = std::mem::take(&mut seeding.demo.acts).into_iter().partition(|act| seeding.at(act.at) < debex);
        seeding.demo.acts = before;
        seeding.acts(&ledger)?;
        seeding.demo.acts = rest;
        exercise::play(&mut seeding, &ledger, &one, debex)?;
    }
    seeding.replay(&ledger)
}

impl Seeding {
    /// The id of a name, made on first use.
    fn subject(&self, name: &str) -> SubjectId {
        match name {
            script::ESTABLISHMENT => SubjectId([0; SubjectId::LEN]),
            _ => *self.named.borrow_mut().entry(name.to_owned()).or_insert_with(|| SubjectId(self.env.bytes())),
        }
    }

    fn actor(&self, key: &str) -> ActorId {
        ActorId(self.subject(key).0)
    }

    fn at(&self, minutes: i64) -> i64 {
        self.t0 + minutes * MINUTE_MS
    }

    fn set_clock(&self, minutes: i64) {
        self.clock.store(self.at(minutes), Ordering::Relaxed);
    }

    /// Roles first, then who bears them: one founding request.
    fn founding(&self) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for person in &self.demo.people {
            let actor = self.actor(&person.key);
            if let Some(role) = person.role {
                let act = AuthorityAct::RoleGranted { actor, role: role.name().to_owned(), rank: role.rank() };
                drafts.push(Draft::of_act(&act));
            }
            let card = Card {
                name: person.name.clone(),
                function: person.function.clone(),
                phone: person.phone.clone(),
                mobile: person.mobile.clone(),
                ..Card::default()
            };
            drafts.push(Event::PersonSet(Set::new(card)).draft(SubjectId(actor.0)));
        }
        drafts
    }

    /// Acts and log lines in the order of their minutes; at the same minute, acts first.
    fn replay(&mut self, ledger: &Ledger<State>) -> Result<(), Failure> {
        let (acts, entries) = (std::mem::take(&mut self.demo.acts), std::mem::take(&mut self.demo.entries));
        let mut acts = acts.iter().peekable();
        for entry in &entries {
            while let Some(act) = acts.next_if(|act| act.at <= entry.at) {
                self.act(ledger, act)?;
            }
            self.line(ledger, entry)?;
        }
        acts.try_for_each(|act| self.act(ledger, act))
    }

    /// The acts alone.
    fn acts(&mut self, ledger: &Ledger<State>) -> Result<(), Failure> {
        let acts = std::mem::take(&mut self.demo.acts);
        acts.iter().try_for_each(|act| self.act(ledger, act))
    }

    /// One request: the events of an act, together.
    fn act(&mut self, ledger: &Ledger<State>, act: &Act) -> Result<(), Failure> {
        let (mut drafts, mut slots) = (Vec::new(), Vec::new());
        for one in &act.each {
            let mut played = {
                let (subject, entry) = (|name: &str| self.subject(name), |key: &str| self.written.get(key).copied());
                let (zone, establishment) = (self.zone.clone(), &self.demo.establishment);
                let stage = Stage { t0_ms: self.t0, day: self.day, zone, establishment, subject: &subject, entry: &entry };
                script::play(&act.kind, one, &stage).map_err(Failure::new)?
            };
            if let Some(last) = self.slots.get(&played.slot).filter(|_| one.rewrites) {
                played.body.insert("supersedes".to_owned(), serde_json::json!([last]));
            }
            drafts.push(script::event(&act.kind, &played.body).map_err(Failure::new)?.draft(played.subject));
            slots.push(played.slot);
        }
        let written = self.submit(ledger, act.at, &act.by, drafts)?;
        self.slots.extend(slots.into_iter().zip(written));
        Ok(())
    }

    fn line(&mut self, ledger: &Ledger<State>, entry: &Entry) -> Result<(), Failure> {
        let draft = self.event(ledger, entry)?.draft(self.subject(CRISIS));
        let written = self.submit(ledger, entry.at, &entry.typist, vec![draft])?;
        // A correction goes by the name of what it corrects as well as by its own.
        let corrected = entry.corrects.as_ref().and_then(|key| self.written.get(key).copied());
        if let Some(id) = corrected.or(written.first().copied()) {
            self.written.insert(entry.key.clone(), id);
        }
        Ok(())
    }

    fn event(&self, ledger: &Ledger<State>, entry: &Entry) -> Result<Event, Failure> {
        let text = stamp::fill(&entry.text, self.day).map_err(Failure::new)?;
        if let Some(corrected) = &entry.corrects {
            let id = self.entry(corrected)?;
            let view = ledger.view();
            let line = view.state.crises.get(&self.subject(CRISIS)).and_then(|c| c.entry(&id));
            let supersedes = line.and_then(|l| l.text.as_ref()).map(|t| t.seen()).unwrap_or_default();
            return Ok(Event::EntryCorrected(EntryCorrected { entry: id, text, supersedes }));
        }
        let logged = Logged {
            speaker: entry.speaker.clone(),
            occurred_at: entry.happened.map(|m| self.at(m)),
            owner: entry.owner.clone(),
            due_at: entry.due.map(|m| self.at(m)),
            closes: entry.closes.iter().map(|key| self.entry(key)).collect::<Result<_, _>>()?,
            to_confirm: entry.to_confirm,
            carries_out: entry.carries_out.as_ref().map(|key| self.entry(key)).transpose()?,
            review_at: entry.review.map(|m| self.at(m)),
            from_paper: entry.from_paper,
            ..Logged::new(entry.entry_type, text)
        };
        Ok(logged.into_event())
    }

    fn entry(&self, key: &str) -> Result<EntryId, Failure> {
        self.written.get(key).copied().ok_or_else(|| Failure::new(format!("démonstration : entrée inconnue {key}")))
    }

    fn submit(&self, ledger: &Ledger<State>, minutes: i64, by: &str, drafts: Vec<Draft>) -> Result<Vec<EntryId>, Failure> {
        self.set_clock(minutes);
        let author = Author { actor: self.actor(by), auth: Auth::None };
        let submission = Submission { request: RequestId(self.env.bytes()), author, drafts };
        let refused = |error| Failure::new(format!("démonstration, minute {minutes} : {error}"));
        Ok(ledger.submit_wait(submission).map_err(refused)?.entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::register::DPO;

    /// The state of a demonstration freshly made.
    fn made(name: &str) -> Arc<store::View<State>> {
        let dir = tempfile::tempdir().expect("temporary folder");
        let folder = Folder::at(dir.path().join("data"));
        let options = Options { guard_dir: Some(dir.path().join("guard")), ..Options::default() };
        make(&folder, &options, name).expect("made");
        Ledger::<State>::open(&folder, environment::real(), options).expect("opens").view()
    }

    #[test]
    fn the_hospital_is_in_the_middle_of_its_crisis() {
        let view = made("valmont");
        let state = &view.state;
        let crisis = state.latest_crisis().expect("a crisis");
        assert_eq!(crisis.frame().title, "Rançongiciel");
        assert_eq!(crisis.frames().survivors().len(), 1, "nobody contradicted anybody");
        let capacity: u32 = state.register.units.iter().map(|(_, unit)| unit.beds + unit.places).sum();
        assert_eq!(capacity, 1_200);
        let situation = state.situations.get(&crisis.id).expect("a situation");
        assert!(situation.declared.values().all(|known| known.survivors().len() == 1));
        assert!(state.cartography.activities.keys().any(|id| !situation.declared.contains_key(id)), "some remain unknown");
        assert!(state.legal.get(&crisis.id).is_some_and(|legal| legal.clocks.values().any(|clock| !clock.is_running())));
        assert!(state.cells.get(&crisis.id).is_some_and(|cells| cells.all.len() >= 5));
        assert!(state.raw.is_empty(), "every event is read back");
    }

    #[test]
    fn the_map_of_the_hospital_answers_what_falls_with_the_directory() {
        let view = made("valmont");
        let map = &view.state.cartography;
        let (activities, assets) = (map.by_priority(), map.assets());
        assert_eq!(activities.len(), 21);
        assert!(assets.len() > 80 && map.exchanges().len() > 12, "{} {}", assets.len(), map.exchanges().len());
        let net = domain::cartography::network::Net::of(map);
        assert_eq!(net.dangling, 0);
        for (scenario, least, most) in [("L’annuaire perdu", 15, 20), ("La salle A perdue", 0, 8)] {
            let all = map.scenarios();
            let lost = &all.iter().find(|s| s.now().name == scenario).expect("kept").now().lost;
            let hit = net.fates(map, &net.what_if(lost)).len();
            assert!((least..=most).contains(&hit), "{scenario}: {hit}");
        }
        let validated = activities.iter().filter(|a| map.analysis(&a.id).is_some_and(|bia| bia.validated_on.is_some()));
        assert_eq!(validated.count(), 8);
        let today = domain::register::day::Day::of_ms(environment::now_ms());
        let stale = map.things().into_iter().filter(|thing| map.is_stale(*thing, today)).count();
        assert!(stale > 5 && stale < assets.len(), "{stale}");
        assert_eq!(map.asked.keys().filter(|id| map.awaited(id).is_some()).count(), 5);
    }

    #[test]
    fn the_others_have_a_living_register_and_its_gaps() {
        let smr = made("tilleuls");
        let register = &smr.state.register;
        assert_eq!(register.units.iter().map(|(_, unit)| unit.beds).sum::<u32>(), 128);
        assert_eq!(register.units.iter().map(|(_, unit)| unit.places).sum::<u32>(), 50);
        let ehpad = made("verger");
        let register = &ehpad.state.register;
        assert_eq!(register.units.iter().map(|(_, unit)| unit.beds).sum::<u32>(), 65);
        let dpo = register.functions.get(&domain::register::function_id(DPO)).expect("known");
        assert!(dpo.mandatory && dpo.in_alert_chain && dpo.holder.is_none(), "nobody holds it: the alarm has something to say");
        assert!(smr.state.crises.is_empty() && ehpad.state.crises.is_empty());
    }
}
