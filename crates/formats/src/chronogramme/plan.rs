//! What a chronogramme would change in an exercise: injects, new teams, warnings, and what is wrong, row by row.

use super::fields::Field;
use super::head::Layout;
use super::rows::{Row, Rows};
use super::terms::inject_key;
use super::time::{self, Due, Moment};
use crate::source::{Fault, Spot};
use crate::words::{cut, fold};
use domain::crisis::check::LABEL_CHARS_MAX;
use domain::exercise::check::{INJECTS_MAX, ITEMS_MAX};
use domain::exercise::event::scenario::{Inject, Item, Phase, Scenario, Team};
use std::collections::{BTreeMap, BTreeSet};

/// What the exercise says before the file is read.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Its frame.
    pub scenario: &'a Scenario,
    /// Its injects that were not taken out, by number.
    pub injects: &'a BTreeMap<String, Inject>,
}

/// What becomes of a team of the file that the exercise does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TeamChoice {
    /// It is created.
    Create,
    /// It is that one, by its key.
    Use(String),
}

/// What a person decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Minute of the day at which DEBEX is; `None`: as the file says.
    pub start: Option<u32>,
    /// Unknown teams, by their folded name.
    pub teams: BTreeMap<String, TeamChoice>,
    /// Other unknown teams are created.
    pub create_teams: bool,
}

/// What would change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Injects that are new or say something new.
    pub injects: Vec<Inject>,
    /// Numbers of those that replace another.
    pub replaced: BTreeSet<String>,
    /// Injects that the exercise has already, word for word.
    pub same: usize,
    /// Teams to be created.
    pub teams: Vec<Team>,
    /// Teams of the file that nobody decided about, as it writes them.
    pub unknown: Vec<String>,
    /// Phases, when the exercise has none.
    pub phases: Vec<Phase>,
    /// Objectives, when the exercise has none.
    pub objectives: Vec<Item>,
    /// Minute of the day at which DEBEX was taken to be.
    pub debex: Option<u32>,
    /// What is taken with a reserve.
    pub warnings: Vec<Fault>,
    /// Rows that are not taken.
    pub errors: Vec<Fault>,
}

impl Plan {
    /// How many injects are added.
    pub fn added(&self) -> usize {
        self.injects.len() - self.replaced.len()
    }

    /// The frame with what the file adds to it; `None` when it adds nothing.
    pub fn frame(&self, scenario: &Scenario) -> Option<Scenario> {
        if self.teams.is_empty() && self.phases.is_empty() && self.objectives.is_empty() {
            return None;
        }
        let mut frame = scenario.clone();
        frame.teams.extend(self.teams.iter().cloned());
        frame.phases.extend(self.phases.iter().cloned());
        frame.objectives.extend(self.objectives.iter().cloned());
        Some(frame)
    }
}

pub(super) struct Planner<'a> {
    pub(super) known: Known<'a>,
    pub(super) choices: &'a Choices,
    pub(super) layout: &'a Layout,
    pub(super) plan: Plan,
    /// The frame as it would be.
    pub(super) frame: Scenario,
    /// Numbers that the file says: rows without a number take others.
    pub(super) said: BTreeSet<String>,
    /// Numbers that were given to rows so far.
    pub(super) used: BTreeSet<String>,
    /// Teams that nobody decided about: folded, and as written.
    pub(super) unknown: BTreeMap<String, String>,
}

/// Compares rows with the exercise.
pub(super) fn plan(
    rows: Rows,
    objectives: Vec<Item>,
    layout: &Layout,
    known: Known<'_>,
    choices: &Choices,
) -> Result<Plan, String> {
    let Rows { rows, notes, faults } = rows;
    if rows.is_empty() {
        return Err("Ce fichier n’a aucun stimulus : il faut au moins une ligne sous les titres des colonnes.".to_owned());
    }
    if rows.len() > INJECTS_MAX {
        let count = rows.len();
        return Err(format!(
            "Ce fichier a {count} lignes ; un chronogramme compte {INJECTS_MAX} stimuli au plus : coupez-le en plusieurs exercices."
        ));
    }
    let plan = Plan { warnings: notes, errors: faults, ..Plan::default() };
    let frame = known.scenario.clone();
    let said = rows.iter().map(|row| inject_key(row.get(Field::Key))).filter(|key| !key.is_empty()).collect();
    let (used, unknown) = (BTreeSet::new(), BTreeMap::new());
    let mut planner = Planner { known, choices, layout, plan, frame, said, used, unknown };
    if planner.frame.objectives.is_empty() {
        planner.plan.objectives.clone_from(&objectives);
        planner.frame.objectives = objectives;
    }
    if !layout.has(Field::Channel) && !layout.columns.is_empty() {
        planner.warn(&Spot::default(), "", "Aucune colonne ne dit le moyen : les nouveaux stimuli sont des courriels.");
    }
    planner.take(&rows);
    Ok(planner.done())
}

impl Planner<'_> {
    pub(super) fn warn(&mut self, spot: &Spot, column: &str, sentence: impl Into<String>) {
        self.plan.warnings.push(Fault::of(spot, column, sentence));
    }

    fn take(&mut self, rows: &[Row]) {
        let (sound, wrong): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.when.is_ok());
        self.plan.errors.extend(wrong.into_iter().filter_map(|row| row.when.clone().err()));
        let moments: Vec<Moment> = sound.iter().filter_map(|row| row.when.clone().ok()).collect();
        let zero = sound.iter().position(|row| row.is_debex());
        let (due, debex) = time::resolve(&moments, self.choices.start, zero, self.known.scenario.minutes);
        self.plan.debex = debex;
        for (row, due) in sound.iter().zip(&due) {
            match self.inject(row, *due) {
                Ok(inject) => self.keep(inject),
                Err(fault) => self.plan.errors.push(fault),
            }
        }
        self.phases(&sound, &due);
    }

    fn keep(&mut self, inject: Inject) {
        let before = self.known.injects.get(&inject.key);
        if before == Some(&inject) {
            self.plan.same += 1;
            return;
        }
        if before.is_some() {
            self.plan.replaced.insert(inject.key.clone());
        }
        self.plan.injects.push(inject);
    }

    /// Phases by their first minute, for an exercise that has none.
    fn phases(&mut self, rows: &[&Row], due: &[Due]) {
        if !self.frame.phases.is_empty() {
            return;
        }
        let mut first: BTreeMap<String, Phase> = BTreeMap::new();
        for (row, due) in rows.iter().zip(due) {
            let (name, Due::Minute(at)) = (row.get(Field::Phase), due) else { continue };
            let name = cut(name.trim(), LABEL_CHARS_MAX);
            if !name.is_empty() {
                let phase = first.entry(fold(&name)).or_insert(Phase { name, at: *at });
                phase.at = phase.at.min(*at);
            }
        }
        let mut phases: Vec<Phase> = first.into_values().collect();
        phases.sort_by_key(|phase| phase.at);
        phases.truncate(ITEMS_MAX);
        self.plan.phases = phases;
    }

    fn done(mut self) -> Plan {
        self.plan.unknown = self.unknown.into_values().collect();
        let count = self.known.injects.len() + self.plan.added();
        if count > INJECTS_MAX {
            let sentence =
                format!("L’exercice aurait {count} stimuli ; {INJECTS_MAX} au plus : retirez-en du fichier ou de l’exercice.");
            self.plan.errors.push(Fault::of(&Spot::default(), "", sentence));
            self.plan.injects.clear();
            self.plan.replaced.clear();
        }
        // What no row keeps is not created.
        let served = |team: &Team| self.plan.injects.iter().any(|inject| inject.to.contains(&team.key));
        self.plan.teams.retain(served);
        self.plan.errors.sort_by(|a, b| a.spot.cmp(&b.spot));
        self.plan.warnings.sort_by(|a, b| a.spot.cmp(&b.spot));
        self.plan
    }
}
