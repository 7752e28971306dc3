//! May this be recorded in a checklist, now, by this author?

use super::event::{ListAdopted, Ticked};
use crate::capability::{Asked, Checked};
use crate::crisis::check::{LABEL_CHARS_MAX, crisis, label, writer};
use crate::refusal::{Refusal, at_most, text_within};
use std::collections::BTreeSet;

/// Most gestures in a list.
pub const GESTURES_MAX: usize = 100;
/// Most characters of a gesture.
pub const GESTURE_CHARS_MAX: usize = 1_000;
/// Most lists in a crisis.
pub const LISTS_MAX: usize = 200;

impl Checked for ListAdopted {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        writer(asked.state, asked.author)?;
        crisis(asked.state, asked.subject)?;
        if let Some(checklists) = asked.state.checklists.get(&asked.subject) {
            if checklists.lists.contains_key(&self.list) {
                return Err(Refusal::field("already_adopted", "list", "Cette liste est déjà dans la salle."));
            }
            if checklists.lists.len() >= LISTS_MAX {
                return Err(Refusal::new("too_many", "Cette crise compte trop de listes."));
            }
        }
        text_within("key", &self.key, LABEL_CHARS_MAX)?;
        text_within("title", &self.title, LABEL_CHARS_MAX)?;
        for (field, text) in
            [("function", &self.function), ("source", &self.source), ("edition", &self.edition), ("status", &self.status)]
        {
            at_most(field, text, LABEL_CHARS_MAX)?;
        }
        if self.gestures.is_empty() || self.gestures.len() > GESTURES_MAX {
            let sentence = format!("Une liste compte de 1 à {GESTURES_MAX} gestes : écrivez-en un par ligne.");
            return Err(Refusal::field("too_many", "gestures", sentence));
        }
        let keys: BTreeSet<&str> = self.gestures.iter().map(|gesture| gesture.key.as_str()).collect();
        if keys.len() != self.gestures.len() {
            return Err(Refusal::field("same_key", "gestures", "Deux gestes de cette liste portent le même nom."));
        }
        self.gestures.iter().try_for_each(|gesture| {
            text_within("gestures", &gesture.key, LABEL_CHARS_MAX)?;
            text_within("gestures", &gesture.text, GESTURE_CHARS_MAX)
        })
    }
}

impl Checked for Ticked {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        writer(asked.state, asked.author)?;
        crisis(asked.state, asked.subject)?;
        let lists = asked.state.checklists.get(&asked.subject);
        let list = lists.and_then(|checklists| checklists.lists.get(&self.list));
        let list = list.ok_or_else(|| Refusal::field("unknown_list", "list", "Cette liste n’est pas dans cette crise."))?;
        if list.words().gestures.iter().all(|gesture| gesture.key != self.gesture) {
            return Err(Refusal::field("unknown_gesture", "gesture", "Ce geste n’est pas dans cette liste."));
        }
        label("note", self.note.as_ref())?;
        match list.ticks.get(&self.gesture) {
            Some(ticks) if self.supersedes.iter().any(|id| ticks.all().all(|w| w.id != *id)) => {
                let sentence = "La version remplacée n’est pas connue : rechargez la page.";
                Err(Refusal::field("unknown_version", "supersedes", sentence))
            }
            None if !self.done => Err(Refusal::new("unchanged", "Ce geste n’est pas coché.")),
            Some(ticks) if ticks.survivors().len() == 1 && ticks.current().value.done == self.done && self.note.is_none() => {
                Err(Refusal::new("unchanged", if self.done { "Ce geste est déjà coché." } else { "Ce geste n’est pas coché." }))
            }
            _ => Ok(()),
        }
    }
}
