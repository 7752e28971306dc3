//! May this be recorded about an exercise, now, by this author?

mod conduct;
mod scenario;

pub use scenario::{INJECTS_MAX, ITEMS_MAX, TEXT_CHARS_MAX, chronogramme, frame};

use super::Exercise;
use super::event::kit::KitAdopted;
use super::event::outcome::{Closed, FindingSet, ReportSet};
use super::event::{
    Cancelled, InjectRemoved, InjectSet, InjectsImported, Opened, Part, ParticipantSet, Planned, Prepared, ScenarioSet,
};
use crate::capability::{Asked, Checked};
use crate::crisis::check::LABEL_CHARS_MAX;
use crate::refusal::{Refusal, at_most, text_within};
use crate::register::Role;
use crate::versions::rewritten;

/// Most exercises of an establishment.
pub const EXERCISES_MAX: usize = 1_000;
/// Most people who take part in one.
pub const PEOPLE_MAX: usize = 500;
/// Most findings of a report.
pub const FINDINGS_MAX: usize = 500;
/// Most kits that came by file.
pub const KITS_MAX: usize = 500;

/// Refuses whoever may not plan an exercise.
fn plans(asked: &Asked<'_>) -> Result<(), Refusal> {
    asked.writes()?;
    let role = asked.state.register.role(&asked.author.actor);
    if role.is_some_and(|role| role.rank() >= Role::Secretary.rank()) {
        return Ok(());
    }
    let sentence = "Un exercice se prévoit par la direction, l’administrateur ou le secrétaire de cellule : demandez-leur de vous nommer animateur.";
    Err(Refusal::new("not_planner", sentence))
}

/// The exercise the subject names.
fn exercise<'a>(asked: &'a Asked<'_>) -> Result<&'a Exercise, Refusal> {
    let found = asked.state.exercises.all.get(&asked.subject);
    found.ok_or_else(|| Refusal::new("unknown_exercise", "Cet exercice n’existe pas dans ce journal."))
}

/// The exercise, for whoever runs it.
fn run_by<'a>(asked: &'a Asked<'_>) -> Result<&'a Exercise, Refusal> {
    let exercise = exercise(asked)?;
    if exercise.is_run_by(&asked.author.actor) && asked.state.register.role(&asked.author.actor).is_some() {
        return Ok(exercise);
    }
    // As for who knows nothing of it: a player must not learn that there is something to know.
    Err(Refusal::new("unknown_exercise", "Cet exercice n’existe pas dans ce journal."))
}

fn in_branch(asked: &Asked<'_>) -> bool {
    asked.state.exercises.branch.is_some()
}

/// The exercise, for whoever runs it, in the establishment's journal, before its branch is open.
fn prepared_by<'a>(asked: &'a Asked<'_>) -> Result<&'a Exercise, Refusal> {
    let exercise = run_by(asked)?;
    if in_branch(asked) || exercise.opened.is_some() {
        let sentence = "L’exercice est ouvert : son chronogramme se conduit maintenant depuis la console d’animation.";
        return Err(Refusal::new("already_open", sentence));
    }
    if exercise.cancelled.is_some() {
        return Err(Refusal::new("cancelled", "Cet exercice est annulé : prévoyez-en un autre."));
    }
    Ok(exercise)
}

fn not_in_branch(asked: &Asked<'_>) -> Result<(), Refusal> {
    if !in_branch(asked) {
        return Ok(());
    }
    Err(Refusal::new("in_exercise", "Ceci se fait dans la vraie vie, pas dans l’exercice : sortez de la salle d’exercice."))
}

impl Checked for Planned {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        plans(asked)?;
        not_in_branch(asked)?;
        let exercises = &asked.state.exercises.all;
        if exercises.contains_key(&asked.subject) {
            return Err(Refusal::new("already_planned", "Cet exercice est déjà prévu."));
        }
        if exercises.len() >= EXERCISES_MAX {
            return Err(Refusal::new("too_many", format!("Un établissement compte {EXERCISES_MAX} exercices au plus.")));
        }
        at_most("campaign", &self.campaign, LABEL_CHARS_MAX)?;
        scenario::frame(&self.scenario)?;
        scenario::chronogramme(&self.scenario, &self.injects)
    }
}

impl Checked for KitAdopted {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        plans(asked)?;
        not_in_branch(asked)?;
        let kits = &asked.state.exercises.kits;
        if kits.contains_key(&asked.subject) {
            return Err(Refusal::new("already_adopted", "Ce kit est déjà dans votre bibliothèque."));
        }
        if kits.len() >= KITS_MAX {
            return Err(Refusal::new("too_many", format!("La bibliothèque compte {KITS_MAX} kits au plus.")));
        }
        text_within("signed_by", &self.signed_by, LABEL_CHARS_MAX)?;
        scenario::frame(&self.scenario)?;
        scenario::chronogramme(&self.scenario, &self.injects)
    }
}

impl Checked for ScenarioSet {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let exercise = prepared_by(asked)?;
        rewritten(Some(&exercise.frames), &self.supersedes)?;
        scenario::frame(&self.scenario)
    }
}

impl Checked for InjectSet {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let exercise = if in_branch(asked) { conduct::playable(asked)? } else { prepared_by(asked)? };
        let known = exercise.injects.get(&self.inject.key);
        if known.is_some_and(|p| p.fired.is_some() || p.skipped.is_some()) {
            let sentence = "Ce stimulus a déjà été joué ou écarté : donnez un autre numéro au nouveau.";
            return Err(Refusal::field("already_played", "key", sentence));
        }
        // A number that was taken out may serve again.
        rewritten(known.filter(|p| !p.removed).map(|p| &p.written), &self.supersedes)?;
        if known.is_none() && exercise.injects.len() >= INJECTS_MAX {
            return Err(Refusal::new("too_many", format!("Un chronogramme compte {INJECTS_MAX} stimuli au plus.")));
        }
        scenario::inject(exercise.scenario(), &self.inject)
    }
}

impl Checked for InjectsImported {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let exercise = prepared_by(asked)?;
        text_within("file", &self.file, LABEL_CHARS_MAX)?;
        let new = self.injects.iter().filter(|inject| !exercise.injects.contains_key(&inject.key)).count();
        if exercise.injects.len() + new > INJECTS_MAX {
            return Err(Refusal::new("too_many", format!("Un chronogramme compte {INJECTS_MAX} stimuli au plus.")));
        }
        scenario::chronogramme(exercise.scenario(), &self.injects)
    }
}

impl Checked for InjectRemoved {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let exercise = prepared_by(asked)?;
        let known = exercise.injects.get(&self.key).is_some_and(|p| !p.removed);
        if known { Ok(()) } else { Err(conduct::unknown_inject()) }
    }
}

impl Checked for ParticipantSet {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let exercise = if in_branch(asked) { conduct::playable(asked)? } else { prepared_by(asked)? };
        if asked.state.register.role(&self.actor).is_none() {
            let sentence = "Cette personne n’a pas de compte avec un rôle : ouvrez-lui un compte d’abord (Prouver, comptes).";
            return Err(Refusal::field("no_role", "actor", sentence));
        }
        let team = exercise.scenario().teams.iter().any(|team| team.key == self.team);
        if self.part == Part::Player && !self.left && !team {
            return Err(Refusal::field("unknown_team", "team", "Choisissez l’équipe de ce joueur dans la liste."));
        }
        let others = exercise.taking_part(Part::Facilitator).filter(|(actor, _)| **actor != self.actor).count();
        if others == 0 && (self.left || self.part != Part::Facilitator) {
            let sentence = "Un exercice garde au moins un animateur : nommez-en un autre d’abord.";
            return Err(Refusal::field("last_facilitator", "part", sentence));
        }
        if exercise.people.len() >= PEOPLE_MAX && !exercise.people.contains_key(&self.actor) {
            return Err(Refusal::new("too_many", format!("Un exercice compte {PEOPLE_MAX} participants au plus.")));
        }
        Ok(())
    }
}

impl Checked for Prepared {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        prepared_by(asked)?;
        scenario::answers(&self.answers)
    }
}

impl Checked for Opened {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let exercise = prepared_by(asked)?;
        if exercise.taking_part(Part::Player).count() == 0 {
            let sentence = "Personne ne joue encore : désignez au moins un joueur et son équipe.";
            return Err(Refusal::new("no_player", sentence));
        }
        if exercise.chronogramme().is_empty() {
            return Err(Refusal::new("no_inject", "Le chronogramme est vide : écrivez ou importez des stimuli."));
        }
        let running = asked.state.crises.values().any(|crisis| crisis.lifted().is_none());
        if running && !self.during_crisis {
            let sentence = "Une crise réelle est en cours : cochez la case pour ouvrir un exercice malgré elle.";
            return Err(Refusal::field("real_crisis", "during_crisis", sentence));
        }
        Ok(())
    }
}

impl Checked for Cancelled {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        prepared_by(asked)?;
        text_within("reason", &self.reason, LABEL_CHARS_MAX)
    }
}

impl Checked for Closed {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let exercise = run_by(asked)?;
        not_in_branch(asked)?;
        if exercise.opened.is_none() {
            return Err(Refusal::new("not_open", "Cet exercice n’a pas été ouvert : il n’y a rien à clore."));
        }
        if exercise.closed.is_some() {
            return Err(Refusal::new("already_closed", "Cet exercice est déjà clos."));
        }
        Ok(())
    }
}

/// The exercise, for whoever writes its report: those who ran it, and those who may plan one.
fn reported<'a>(asked: &'a Asked<'_>) -> Result<&'a Exercise, Refusal> {
    not_in_branch(asked)?;
    let exercise = exercise(asked)?;
    if !exercise.is_run_by(&asked.author.actor) {
        plans(asked)?;
    }
    if exercise.closed.is_none() {
        return Err(Refusal::new("not_closed", "Le RETEX s’écrit une fois l’exercice clos, depuis la console d’animation."));
    }
    Ok(exercise)
}

impl Checked for FindingSet {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let exercise = reported(asked)?;
        rewritten(exercise.findings.get(&self.finding), &self.supersedes)?;
        if exercise.findings.len() >= FINDINGS_MAX && !exercise.findings.contains_key(&self.finding) {
            return Err(Refusal::new("too_many", format!("Un RETEX compte {FINDINGS_MAX} constats au plus.")));
        }
        at_most("criterion", &self.criterion, LABEL_CHARS_MAX)?;
        text_within("text", &self.text, scenario::SENTENCE_CHARS_MAX)
    }
}

impl Checked for ReportSet {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let exercise = reported(asked)?;
        rewritten(exercise.report.as_ref(), &self.supersedes)?;
        text_within("headline", &self.headline, scenario::SENTENCE_CHARS_MAX)?;
        at_most("summary", &self.summary, TEXT_CHARS_MAX)?;
        at_most("recommendations", &self.recommendations, TEXT_CHARS_MAX)?;
        at_most("restitution", &self.restitution, LABEL_CHARS_MAX)?;
        at_most("validated_by", &self.validated_by, LABEL_CHARS_MAX)
    }
}
