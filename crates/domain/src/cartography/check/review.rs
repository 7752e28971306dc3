//! Impact analyses and reviews: may they be recorded?

use super::at_most;
use crate::capability::{Asked, Checked};
use crate::cartography::event::review::{BiaSet, HARM_LEVELS, ReviewAsked, Reviewed};
use crate::crisis::check::LABEL_CHARS_MAX;
use crate::refusal::{Refusal, text_within};
use crate::register::check::NOTES_CHARS_MAX;
use crate::state::State;
use crate::versions::rewritten;
use journal::SubjectId;

/// Most records reviewed, or asked to be, at once.
pub const REVIEWED_MAX: usize = 2_000;

impl Checked for BiaSet {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        asked.writes()?;
        let map = &asked.state.cartography;
        if map.activity(&asked.subject).is_none() {
            return Err(Refusal::new("not_on_map", "Cette activité n’est pas, ou n’est plus, sur la carte."));
        }
        rewritten(map.analyses.get(&asked.subject).map(|versions| &**versions), &self.supersedes)?;
        if self.harms.iter().any(|harm| usize::from(harm.level) >= HARM_LEVELS.len()) {
            return Err(Refusal::field("bad_level", "harms", "Le niveau va de 0 (nul) à 4 (critique)."));
        }
        let twice = self
            .harms
            .iter()
            .enumerate()
            .any(|(at, harm)| self.harms[..at].iter().any(|h| (h.criterion, h.horizon) == (harm.criterion, harm.horizon)));
        if twice {
            return Err(Refusal::field("twice", "harms", "Un même critère est jugé deux fois au même horizon."));
        }
        if let Some(harm) = self.falling() {
            let sentence = format!(
                "Pour le critère {}, le dommage baisse à {} : il ne diminue pas quand l’interruption dure.",
                harm.criterion.label(),
                harm.horizon.label()
            );
            return Err(Refusal::field("falling_harm", "harms", sentence));
        }
        if self.validated_on.is_some() == self.validated_by.trim().is_empty() {
            return Err(Refusal::field("half_validated", "validated_by", "Dites qui a validé, et quel jour."));
        }
        at_most("validated_by", &self.validated_by, LABEL_CHARS_MAX)?;
        at_most("note", &self.note, NOTES_CHARS_MAX)
    }
}

fn about(state: &State, about: &[SubjectId]) -> Result<(), Refusal> {
    let map = &state.cartography;
    if about.is_empty() || about.len() > REVIEWED_MAX {
        return Err(Refusal::field("bad_about", "about", format!("Choisissez de 1 à {REVIEWED_MAX} fiches.")));
    }
    if about.iter().any(|id| map.thing(id).is_none() && map.exchange(id).is_none()) {
        return Err(Refusal::field("not_on_map", "about", "Une des fiches n’est plus sur la carte : rechargez la page."));
    }
    Ok(())
}

impl Checked for Reviewed {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        asked.writes()?;
        about(asked.state, &self.about)?;
        at_most("by", &self.by, LABEL_CHARS_MAX)?;
        at_most("note", &self.note, NOTES_CHARS_MAX)
    }
}

impl Checked for ReviewAsked {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        asked.writes()?;
        about(asked.state, &self.about)?;
        text_within("of", &self.of, LABEL_CHARS_MAX)?;
        at_most("note", &self.note, NOTES_CHARS_MAX)
    }
}
