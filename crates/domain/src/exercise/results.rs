//! What an exercise comes to: criteria read off the journal beside what observers saw, and whether players reacted.

use super::event::Part;
use super::event::conduct::Grade;
use super::event::outcome::{CriterionResult, Measured, Reading, Results, place};
use super::event::scenario::{Criterion, Target};
use super::{Exercise, MINUTE_MS, Played};
use crate::facts::{Value, find};
use crate::state::State;

/// Counts over a limit by no more than this, or twice the limit, are « en retard » rather than « manqué ».
const PARTLY_ABOVE: u64 = 2;

/// What the journal says of a criterion at a moment (milliseconds since 1970). Before the end, what has not happened yet is
/// not missed; nor is what a real emergency left no time for.
pub fn read(state: &State, criterion: &Criterion, now: i64) -> (Reading, Measured) {
    let Some(fact) = find(&criterion.fact) else { return (Reading::Unread, Measured::Never) };
    let over = state.exercises.played().is_some_and(|e| e.clock.run().is_over());
    let missed = if over && had_its_time(state, criterion) { Reading::Missed } else { Reading::Unread };
    let value = (fact.compute)(state, now);
    let Some(target) = criterion.target else { return (Reading::Unread, measured(&value)) };
    let reading = match (target, &value) {
        // Nothing was decided: there is no decision to have an owner.
        (Target::AtMost(_), Value::Count(0)) if is_about_decisions(&criterion.fact) && !has_decisions(state, now) => missed,
        (Target::Within(limit), Value::Minutes(minutes)) if *minutes <= i64::from(limit) => Reading::Met,
        (Target::Within(_), Value::Minutes(_)) => Reading::Late,
        (Target::AtLeast(least), Value::Count(count)) if *count >= u64::from(least) => Reading::Met,
        (Target::AtLeast(_), Value::Count(1..)) => {
            if over {
                Reading::Late
            } else {
                Reading::Unread
            }
        }
        (Target::AtMost(most), Value::Count(count)) if *count <= u64::from(most) => Reading::Met,
        (Target::AtMost(most), Value::Count(count)) if *count <= u64::from(most) * 2 + PARTLY_ABOVE => Reading::Late,
        (Target::AtMost(_), Value::Count(_)) => Reading::Missed,
        (Target::True, Value::Truth(true)) => Reading::Met,
        _ => missed,
    };
    (reading, measured(&value))
}

/// Whether players had the time that a criterion gives them: a real emergency that stops everything before takes it away.
fn had_its_time(state: &State, criterion: &Criterion) -> bool {
    let Some(exercise) = state.exercises.played() else { return true };
    let Some(ended) = exercise.clock.ended_at().filter(|_| exercise.clock.stopped().is_some()) else { return true };
    match criterion.target {
        Some(Target::Within(limit)) => exercise.clock.offset_at(ended) >= i64::from(limit) * MINUTE_MS,
        _ => false,
    }
}

fn is_about_decisions(fact: &str) -> bool {
    fact == "crisis.decisions_without_owner"
}

fn has_decisions(state: &State, now: i64) -> bool {
    find("crisis.decisions").is_some_and(|fact| matches!((fact.compute)(state, now), Value::Count(1..)))
}

fn measured(value: &Value) -> Measured {
    match value {
        Value::Count(count) => Measured::Count(*count),
        Value::Minutes(minutes) => Measured::Minutes(*minutes),
        Value::Truth(truth) => Measured::Truth(*truth),
        Value::Unknown => Measured::Never,
    }
}

/// How many observers gave each grade to a criterion: met, partly, unmet.
pub fn grades(exercise: &Exercise, criterion: &str) -> [u32; 3] {
    let mut counts = [0; 3];
    for said in exercise.observed.get(criterion).into_iter().flat_map(|seen| seen.values()) {
        counts[place(said.what.grade)] += 1;
    }
    counts
}

/// Every criterion of the scenario at a moment.
pub fn criteria(state: &State, exercise: &Exercise, now: i64) -> Vec<CriterionResult> {
    let one = |criterion: &Criterion| {
        let (reading, measured) = read(state, criterion, now);
        let (key, title) = (criterion.key.clone(), criterion.title.clone());
        CriterionResult { key, title, reading, measured, observed: grades(exercise, &criterion.key) }
    };
    exercise.scenario().criteria.iter().map(one).collect()
}

/// What the exercise that is played here comes to; `None` before it began. Stopped before DEBEX, it lasted no time.
pub fn results(state: &State, now: i64) -> Option<Results> {
    let exercise = state.exercises.played_here().or_else(|| state.exercises.played())?;
    let began_at = exercise.clock.began_at().or_else(|| exercise.clock.ended_at())?;
    let ended_at = exercise.clock.ended_at().unwrap_or(now);
    let scenario = exercise.scenario();
    let counted = |of: fn(&Played) -> bool| exercise.injects.values().filter(|p| of(p)).count();
    let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Some(Results {
        title: scenario.title.clone(),
        kit: scenario.origin.kit.clone(),
        level: scenario.level,
        began_at,
        ended_at,
        minutes: u32::try_from(exercise.clock.offset_at(ended_at) / MINUTE_MS).unwrap_or(0),
        players: small(exercise.taking_part(Part::Player).count()),
        observers: small(exercise.taking_part(Part::Observer).count()),
        fired: small(counted(|p| p.fired.is_some())),
        skipped: small(counted(|p| p.skipped.is_some())),
        lines: state.crises.values().map(|crisis| crisis.log.len() as u64).sum(),
        stopped: exercise.clock.stopped().is_some(),
        criteria: criteria(state, exercise, ended_at),
    })
}

/// Whether players reacted to an inject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reaction {
    /// None is expected.
    None,
    /// It may still come.
    Awaited,
    /// A facilitator saw it, or the journal shows it.
    Seen(Grade),
    /// Its time is over, or a facilitator saw that there was none.
    Missing,
}

/// Whether players reacted to an inject by a moment (milliseconds since 1970): a facilitator's word first, then the journal.
pub fn reaction(state: &State, exercise: &Exercise, played: &Played, now: i64) -> Reaction {
    let inject = played.inject();
    let Some(fired) = &played.fired else { return Reaction::None };
    if let Some(said) = played.reaction() {
        return if said.what.0 == Grade::Unmet { Reaction::Missing } else { Reaction::Seen(said.what.0) };
    }
    if inject.expected.is_empty() {
        return Reaction::None;
    }
    let shown = find(&inject.fact).map(|fact| (fact.compute)(state, now));
    if matches!(shown, Some(Value::Minutes(_) | Value::Truth(true))) {
        return Reaction::Seen(Grade::Met);
    }
    let limit = inject.within.map(|within| exercise.clock.offset_at(fired.what.0) + i64::from(within) * MINUTE_MS);
    if limit.is_some_and(|limit| exercise.clock.offset_at(now) > limit) { Reaction::Missing } else { Reaction::Awaited }
}

/// Contingency injects to propose: those of injects that got no reaction.
pub fn proposed<'a>(state: &State, exercise: &'a Exercise, now: i64) -> Vec<&'a Played> {
    let missing = |key: &str| exercise.injects.get(key).is_some_and(|p| reaction(state, exercise, p, now) == Reaction::Missing);
    let all = exercise.chronogramme().into_iter().map(|p| &**p);
    all.filter(|p| p.is_pending() && !p.inject().contingency_for.is_empty() && missing(&p.inject().contingency_for)).collect()
}
