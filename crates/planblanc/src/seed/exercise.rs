//! Plays the exercise of a demonstration: planned, opened as a branch, conducted, closed and reported, each at its time.

use super::{MINUTE_MS, Seeding};
use crate::failure::Failure;
use content::demo::exercise::Exercise as Told;
use content::demo::{Act, Entry};
use domain::exercise::event::conduct::{ClockAct, ClockSet, InjectFired, InjectRead, Reached};
use domain::exercise::event::outcome::Closed;
use domain::exercise::event::{Opened, Part, ParticipantSet, Planned, Prepared};
use domain::exercise::{Exercise, concerns, fill, results};
use domain::{Event, State};
use jiff::Span;
use jiff::civil::Time;
use journal::certificate::Mode;
use journal::write::{Author, Draft};
use journal::{ActorId, Auth, AuthorityAct, Fold, RequestId, SubjectId};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use store::ledger::Founding;
use store::{Ledger, Options, Submission};

/// Name of the exercise among subjects.
const EXERCISE: &str = "exercice";
/// It was planned this long before DEBEX, and opened this long before.
const PLANNED_MINUTES: i64 = 21 * 24 * 60;
const OPENED_MINUTES: i64 = 25;
/// Players read what reaches them this much later.
const READ_AFTER_MS: i64 = 70_000;

/// When DEBEX was, milliseconds since 1970.
pub(super) fn debex(home: &Seeding, told: &Told) -> Result<i64, Failure> {
    let readable = |error: jiff::Error| Failure::new(error.to_string());
    let begins: Time = told.begins.parse().map_err(readable)?;
    let day = home.day.checked_sub(Span::new().days(told.days_before)).map_err(readable)?;
    Ok(day.to_datetime(begins).to_zoned(home.zone.clone()).map_err(readable)?.timestamp().as_millisecond())
}

/// What happens at a moment.
enum Step<'a> {
    Mark(ActorId, Box<Event>),
    Act(&'a Act),
    Line(&'a Entry),
}

/// An exercise being played.
struct Playing<'a> {
    ledger: &'a Ledger<State>,
    told: &'a Told,
    debex: i64,
    id: SubjectId,
}

/// Plays it whole.
pub(super) fn play(home: &mut Seeding, ledger: &Ledger<State>, told: &Told, debex: i64) -> Result<(), Failure> {
    let playing = Playing { ledger, told, debex, id: home.subject(EXERCISE) };
    playing.plan(home)?;
    let room = playing.open(home)?;
    let exercise = playing.exercise(&room)?;
    let minutes = i64::from(exercise.scenario().minutes);
    playing.conduct(home, &room, &exercise)?;
    playing.close(home, &room, debex + (minutes + told.closing) * MINUTE_MS)?;
    playing.report(home, minutes + told.closing)
}

impl Playing<'_> {
    /// One event, at a moment, by somebody.
    fn record(&self, home: &Seeding, ledger: &Ledger<State>, at: i64, actor: ActorId, event: &Event) -> Result<(), Failure> {
        home.clock.store(at, Ordering::Relaxed);
        let author = if actor == Author::PROGRAM.actor { Author::PROGRAM } else { Author { actor, auth: Auth::None } };
        let submission = Submission { request: RequestId(home.env.bytes()), author, drafts: vec![event.draft(self.id)] };
        let refused = |error| Failure::new(format!("démonstration, exercice, {} : {error}", event.kind()));
        ledger.submit_wait(submission).map(|_| ()).map_err(refused)
    }

    fn exercise(&self, ledger: &Ledger<State>) -> Result<Exercise, Failure> {
        let view = ledger.view();
        view.state.exercises.all.get(&self.id).cloned().ok_or_else(|| Failure::new("démonstration : exercice perdu"))
    }

    fn plan(&self, home: &Seeding) -> Result<(), Failure> {
        let Self { ledger, told, .. } = *self;
        let kit =
            content::kits::get(&told.kit).ok_or_else(|| Failure::new(format!("démonstration : kit inconnu {}", told.kit)))?;
        let mut scenario = kit.scenario.clone();
        scenario.planned_at = Some(self.debex);
        fill::contextualise(&ledger.view().state, &mut scenario);
        let (at, by) = (self.debex - PLANNED_MINUTES * MINUTE_MS, home.actor(&told.facilitator));
        let planned = Planned { scenario, injects: kit.injects.clone(), campaign: String::new() };
        self.record(home, ledger, at, by, &Event::ExercisePlanned(planned))?;
        let players = told.players.iter().map(|p| (p.who.as_str(), Part::Player, p.team.as_str()));
        let observers = told.observers.iter().map(|who| (who.as_str(), Part::Observer, ""));
        for (who, part, team) in players.chain(observers) {
            let set = ParticipantSet { actor: home.actor(who), part, team: team.to_owned(), left: false };
            self.record(home, ledger, at + MINUTE_MS, by, &Event::ParticipantSet(set))?;
        }
        let answers = told.prepared.clone();
        self.record(home, ledger, at + 2 * MINUTE_MS, by, &Event::ExercisePrepared(Prepared { answers }))
    }

    /// Founds the branch, opens it, and has everybody answer the comms check.
    fn open(&self, home: &Seeding) -> Result<Ledger<State>, Failure> {
        let at = self.debex - OPENED_MINUTES * MINUTE_MS;
        home.clock.store(at, Ordering::Relaxed);
        let (view, exercise) = (self.ledger.view(), self.exercise(self.ledger)?);
        let people = view.state.register.people.iter();
        let roles = people.filter_map(|(actor, person)| Some((*actor, exercise.role_inside(actor, person.role?))));
        let granted =
            roles.map(|(actor, role)| AuthorityAct::RoleGranted { actor, role: role.name().to_owned(), rank: role.rank() });
        let drafts = granted.map(|act| Draft::of_act(&act)).collect();
        let founding = Founding { mode: Mode::Exercise, device: "salle d’exercice".to_owned(), drafts };
        let folder = self.ledger.folder().branch(&self.id.to_string());
        let branch = Ledger::<State>::found_branch(&folder, founding, view.heads.clone(), &home.env, &Options::default())?;
        let opened = Opened { branch, heads: view.heads.clone(), during_crisis: false };
        self.record(home, self.ledger, at, home.actor(&self.told.facilitator), &Event::ExerciseOpened(opened))?;
        let base = self.ledger.known_with(&view.heads)?.state.branch(&self.id);
        let room = Ledger::open_on(&folder, base, home.env.clone(), Options::default())?;
        let players = self.told.players.iter().map(|p| &p.who);
        for (place, who) in (1..).zip(players.chain(&self.told.observers)) {
            let reached = Event::ParticipantReached(Reached { note: String::new() });
            self.record(home, &room, at + place * MINUTE_MS, home.actor(who), &reached)?;
        }
        Ok(room)
    }

    /// What the program and the players do by themselves: DEBEX, injects at their time, reading, FINEX.
    fn marks(&self, home: &Seeding, exercise: &Exercise) -> Vec<(i64, u8, Step<'static>)> {
        let end = i64::from(exercise.scenario().minutes) * MINUTE_MS;
        let by = home.actor(&self.told.facilitator);
        let clock = |act: ClockAct, at: i64| Step::Mark(by, Box::new(Event::ClockSet(ClockSet { act, at: self.debex + at })));
        let mut steps = vec![(0, 0, clock(ClockAct::Start, 0)), (end, 9, clock(ClockAct::Finish, end))];
        for played in exercise.coming() {
            let Some(offset) = played.due_offset() else { continue };
            let key = played.inject().key.clone();
            let fired = InjectFired { key: key.clone(), at: self.debex + offset, by_hand: false };
            steps.push((offset, 1, Step::Mark(Author::PROGRAM.actor, Box::new(Event::InjectFired(fired)))));
            for (actor, _) in exercise.taking_part(Part::Player) {
                let mine = concerns(played.inject(), exercise.team(actor).unwrap_or_default());
                if mine && offset + READ_AFTER_MS < end {
                    let read = Event::InjectRead(InjectRead { key: key.clone() });
                    steps.push((offset + READ_AFTER_MS, 2, Step::Mark(*actor, Box::new(read))));
                }
            }
        }
        steps
    }

    fn conduct(&self, home: &Seeding, ledger: &Ledger<State>, exercise: &Exercise) -> Result<(), Failure> {
        let mut room = Seeding {
            demo: home.demo.clone(),
            env: home.env.clone(),
            clock: home.clock.clone(),
            t0: self.debex,
            zone: home.zone.clone(),
            day: home.day.checked_sub(Span::new().days(self.told.days_before)).unwrap_or(home.day),
            named: home.named.clone(),
            written: BTreeMap::new(),
            slots: BTreeMap::new(),
        };
        let mut steps: Vec<(i64, u8, Step<'_>)> = self.marks(home, exercise);
        steps.extend(self.told.acts.iter().map(|act| (act.at * MINUTE_MS, 3, Step::Act(act))));
        steps.extend(self.told.entries.iter().map(|entry| (entry.at * MINUTE_MS, 4, Step::Line(entry))));
        steps.sort_by_key(|(at, order, _)| (*at, *order));
        for (at, _, step) in steps {
            match step {
                Step::Act(act) if act.kind == "crisis.handed_over" => room.act(ledger, &sealed(act, ledger))?,
                Step::Act(act) => room.act(ledger, act)?,
                Step::Line(entry) => room.line(ledger, entry)?,
                Step::Mark(actor, event) => self.record(home, ledger, self.debex + at, actor, &event)?,
            }
        }
        Ok(())
    }

    fn close(&self, home: &Seeding, room: &Ledger<State>, at: i64) -> Result<(), Failure> {
        let view = room.view();
        let lost = || Failure::new("démonstration : l’exercice n’a pas été joué");
        let (head, results) = (view.head.ok_or_else(lost)?, results::results(&view.state, at).ok_or_else(lost)?);
        let closed = Closed { root: view.state.root(), head, entries: view.entries, results };
        self.record(home, self.ledger, at, home.actor(&self.told.facilitator), &Event::ExerciseClosed(closed))
    }

    /// What was written afterwards; moments in the bodies are minutes after DEBEX, as in the room.
    fn report(&self, home: &mut Seeding, closed: i64) -> Result<(), Failure> {
        let t0 = std::mem::replace(&mut home.t0, self.debex);
        let mut after = self.told.after.iter().cloned().map(|act| Act { at: closed + act.at, ..act });
        let outcome = after.try_for_each(|act| home.act(self.ledger, &act));
        home.t0 = t0;
        outcome
    }
}

/// A hand-over with the head words of its moment.
fn sealed(act: &Act, ledger: &Ledger<State>) -> Act {
    let words = ledger.view().head.map(|head| journal::words::words(&head).join(" ")).unwrap_or_default();
    let mut act = act.clone();
    for one in &mut act.each {
        one.body.insert("words".to_owned(), words.clone().into());
    }
    act
}
