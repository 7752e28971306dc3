//! What may be recorded while an exercise is played: in its branch only.

use super::scenario::{SENTENCE_CHARS_MAX, answers};
use super::{exercise, in_branch, run_by};
use crate::capability::{Asked, Checked};
use crate::crisis::check::LABEL_CHARS_MAX;
use crate::exercise::clock::Run;
use crate::exercise::event::Part;
use crate::exercise::event::conduct::{
    ClockAct, ClockSet, Debriefed, InjectFired, InjectRead, InjectShifted, InjectSkipped, Observed, Reached, ReactionNoted,
    Remarked,
};
use crate::exercise::{Exercise, Played, concerns};
use crate::refusal::{Refusal, at_most, text_within};
use journal::engine::PROGRAM;

/// Most remarks of an exercise.
pub(crate) const REMARKS_MAX: usize = 5_000;

pub(super) fn unknown_inject() -> Refusal {
    Refusal::field("unknown_inject", "key", "Ce stimulus n’existe pas dans cet exercice.")
}

fn not_here() -> Refusal {
    Refusal::new("not_in_exercise", "Ceci se fait dans l’exercice, une fois ouvert : entrez dans sa salle.")
}

/// The exercise of this branch, for whoever takes part as one of these.
fn taking_part<'a>(asked: &'a Asked<'_>, parts: &[Part]) -> Result<&'a Exercise, Refusal> {
    let exercise = exercise(asked)?;
    if !in_branch(asked) {
        return Err(not_here());
    }
    let part = exercise.part(&asked.author.actor);
    if part.is_some_and(|part| parts.contains(&part)) {
        return Ok(exercise);
    }
    Err(Refusal::new("not_your_part", "Ce n’est pas votre rôle dans cet exercice."))
}

/// The exercise of this branch, for whoever runs it, until its end.
pub(super) fn playable<'a>(asked: &'a Asked<'_>) -> Result<&'a Exercise, Refusal> {
    let exercise = run_by(asked)?;
    if !in_branch(asked) {
        return Err(not_here());
    }
    if exercise.clock.run().is_over() {
        return Err(Refusal::new("over", "L’exercice est terminé : rien ne se joue plus."));
    }
    Ok(exercise)
}

fn pending<'a>(exercise: &'a Exercise, key: &str) -> Result<&'a Played, Refusal> {
    let inject = exercise.injects.get(key).filter(|p| !p.removed).ok_or_else(unknown_inject)?;
    if inject.fired.is_some() {
        return Err(Refusal::field("already_fired", "key", "Ce stimulus est déjà joué : on ne le joue qu’une fois."));
    }
    if inject.skipped.is_some() {
        return Err(Refusal::field("already_skipped", "key", "Ce stimulus est écarté : écrivez-en un autre à la volée."));
    }
    Ok(inject)
}

impl Checked for ClockSet {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let exercise = match &self.act {
            ClockAct::Stop(why) => {
                text_within("reason", why, LABEL_CHARS_MAX)?;
                taking_part(asked, &Part::ALL)?
            }
            _ => playable(asked)?,
        };
        let mut after = exercise.clock.clone();
        if after.push(self.act.clone(), self.at) {
            return Ok(());
        }
        let sentence = match (&self.act, exercise.clock.run()) {
            (_, Run::Finished | Run::Stopped) => "L’exercice est terminé : son horloge ne repart plus.",
            (ClockAct::Start, _) => "L’exercice a déjà commencé.",
            (ClockAct::Jump(_), Run::Running | Run::Paused) => "On ne saute qu’en avant : choisissez une minute à venir.",
            (ClockAct::Speed(_), _) => "La vitesse va de 1 à 8, et doit changer.",
            (ClockAct::Resume, Run::Running) => "L’exercice est déjà en marche.",
            (ClockAct::Pause, Run::Paused) => "L’exercice est déjà suspendu.",
            _ => "L’exercice n’a pas commencé : lancez DEBEX d’abord.",
        };
        Err(Refusal::field("clock", "act", sentence))
    }
}

impl Checked for InjectFired {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        if asked.author.actor != PROGRAM {
            let exercise = playable(asked)?;
            if !exercise.clock.run().is_on() {
                return Err(Refusal::new("not_started", "L’exercice n’a pas commencé : lancez DEBEX d’abord."));
            }
            return pending(exercise, &self.key).map(|_| ());
        }
        let exercise = exercise(asked)?;
        let inject = pending(exercise, &self.key)?;
        let reached = inject.due_offset().and_then(|due| exercise.clock.reaches(due));
        let running = exercise.clock.at(self.at).run == Run::Running;
        if in_branch(asked) && running && reached.is_some_and(|due| due <= self.at) && !self.by_hand {
            return Ok(());
        }
        Err(Refusal::field("not_due", "key", "Ce stimulus n’est pas encore dû."))
    }
}

impl Checked for InjectSkipped {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        pending(playable(asked)?, &self.key)?;
        at_most("reason", &self.reason, LABEL_CHARS_MAX)
    }
}

impl Checked for InjectShifted {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        pending(playable(asked)?, &self.key)?;
        if self.at > super::scenario::MINUTES_MAX {
            return Err(Refusal::field("bad_minutes", "at", "Cette minute est trop loin : choisissez-en une de l’exercice."));
        }
        Ok(())
    }
}

impl Checked for ReactionNoted {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let exercise = taking_part(asked, &[Part::Facilitator])?;
        let inject = exercise.injects.get(&self.key).ok_or_else(unknown_inject)?;
        if inject.fired.is_none() {
            return Err(Refusal::field("not_fired", "key", "Ce stimulus n’est pas encore joué : personne n’a pu y réagir."));
        }
        at_most("note", &self.note, SENTENCE_CHARS_MAX)
    }
}

impl Checked for InjectRead {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let exercise = taking_part(asked, &[Part::Player])?;
        let team = exercise.team(&asked.author.actor).unwrap_or_default();
        let mine = exercise.injects.get(&self.key).filter(|p| p.fired.is_some() && concerns(p.inject(), team));
        if mine.ok_or_else(unknown_inject)?.read_by.contains_key(&asked.author.actor) {
            return Err(Refusal::field("already_read", "key", "Vous avez déjà ouvert ce message."));
        }
        Ok(())
    }
}

impl Checked for Reached {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let exercise = taking_part(asked, &Part::ALL)?;
        if exercise.people.get(&asked.author.actor).is_some_and(|p| p.reached.is_some()) {
            return Err(Refusal::new("already_reached", "Vous avez déjà répondu à l’appel."));
        }
        at_most("note", &self.note, LABEL_CHARS_MAX)
    }
}

impl Checked for Observed {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let exercise = taking_part(asked, &[Part::Facilitator, Part::Observer])?;
        if exercise.scenario().criteria.iter().all(|c| c.key != self.criterion) {
            return Err(Refusal::field("unknown_criterion", "criterion", "Ce critère n’est pas dans la grille de cet exercice."));
        }
        at_most("remark", &self.remark, SENTENCE_CHARS_MAX)
    }
}

impl Checked for Remarked {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let exercise = taking_part(asked, &[Part::Facilitator, Part::Observer])?;
        if exercise.remarks.len() >= REMARKS_MAX {
            return Err(Refusal::new("too_many", format!("Un exercice compte {REMARKS_MAX} remarques au plus.")));
        }
        at_most("inject", &self.inject, LABEL_CHARS_MAX)?;
        text_within("text", &self.text, SENTENCE_CHARS_MAX)
    }
}

impl Checked for Debriefed {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let exercise = taking_part(asked, &Part::ALL)?;
        if !exercise.clock.run().is_over() {
            return Err(Refusal::new("not_over", "Le débriefing à chaud se remplit après FINEX."));
        }
        answers(&self.answers)
    }
}
