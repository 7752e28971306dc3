//! Names instead of ids: how people, units and places are written in a form or a sheet, and found again.

use crate::local::Local;
use crate::search::fold::fold_into;
use domain::register::Register;
use domain::register::day::Day;
use domain::register::event::Place;
use journal::{ActorId, SubjectId};
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// A text without accents, case or punctuation: two texts that look alike are one.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded.trim().to_owned()
}

/// What a field names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Place,
    Unit,
    Person,
}

impl Of {
    fn unknown(self, text: &str) -> String {
        match self {
            Self::Place => {
                format!("Aucun lieu de l’annuaire ne s’appelle « {text} » : corrigez le nom, ou ajoutez d’abord ce lieu.")
            }
            Self::Unit => {
                format!("Aucune unité de l’annuaire ne s’appelle « {text} » : corrigez le nom, ou ajoutez d’abord cette unité.")
            }
            Self::Person => {
                format!("Personne ne s’appelle « {text} » dans l’annuaire : corrigez le nom, ou ajoutez d’abord cette personne.")
            }
        }
    }
}

/// How the records of one kind are written.
#[derive(Default)]
struct Names {
    ids: BTreeMap<String, Vec<SubjectId>>,
    labels: BTreeMap<SubjectId, String>,
}

impl Names {
    fn of<'a>(all: impl Iterator<Item = (SubjectId, &'a str, &'a str)>) -> Self {
        let mut names = Self::default();
        let all: Vec<_> = all.collect();
        for (id, name, code) in &all {
            names.ids.entry(fold(name)).or_default().push(*id);
            if !code.is_empty() && fold(code) != fold(name) {
                names.ids.entry(fold(code)).or_default().push(*id);
            }
        }
        for (id, name, code) in all {
            let alone = names.ids.get(&fold(name)).is_none_or(|ids| ids.len() < 2);
            let label = match (alone, code.is_empty()) {
                (true, _) => name.to_owned(),
                (false, false) => format!("{name} ({code})"),
                (false, true) => format!("{name} ({})", &id.to_string()[..8]),
            };
            if !alone {
                names.ids.entry(fold(&label)).or_default().push(id);
            }
            names.labels.insert(id, label);
        }
        names
    }
}

/// The register as somebody reads it: names, local time, a moment.
pub(super) struct Look<'a> {
    pub(super) register: &'a Register,
    pub(super) local: Local,
    /// Milliseconds since 1970.
    pub(super) now: i64,
    /// Places of the file under import, that are not in the register yet.
    pub(super) coming: Vec<(SubjectId, Place)>,
    places: OnceCell<Names>,
    units: OnceCell<Names>,
    people: OnceCell<Names>,
}

impl<'a> Look<'a> {
    pub(super) fn new(register: &'a Register, now: i64) -> Self {
        let local = Local::of(&register.time_zone);
        let (places, units, people) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Self { register, local, now, coming: Vec::new(), places, units, people }
    }

    /// The day it is there.
    pub(super) fn today(&self) -> Day {
        self.local.date(self.now).to_string().parse().unwrap_or_else(|_| Day::of_ms(self.now))
    }

    fn names(&self, of: Of) -> &Names {
        let register = self.register;
        match of {
            Of::Place => self.places.get_or_init(|| {
                let coming = self.coming.iter().filter(|(id, _)| register.places.get(id).is_none());
                let all = register.places.iter().map(|(id, p)| (*id, p)).chain(coming.map(|(id, p)| (*id, p)));
                Names::of(all.map(|(id, p)| (id, &*p.name, if p.code.is_empty() { &*p.finess } else { &*p.code })))
            }),
            Of::Unit => self.units.get_or_init(|| Names::of(register.units.iter().map(|(id, u)| (*id, &*u.name, &*u.code)))),
            Of::Person => self.people.get_or_init(|| {
                let code = |person: &'a domain::register::Person| person.card().map_or("", |card| &card.code);
                Names::of(register.present().map(|(actor, p)| (SubjectId(actor.0), &*p.name, code(p))))
            }),
        }
    }

    /// How a record is written; empty when it is not there.
    pub(super) fn label(&self, of: Of, id: Option<SubjectId>) -> String {
        id.and_then(|id| self.names(of).labels.get(&id)).cloned().unwrap_or_default()
    }

    /// How a person is written; the name of who left, for what still names them.
    pub(super) fn person(&self, actor: Option<ActorId>) -> String {
        let label = self.label(Of::Person, actor.map(|actor| SubjectId(actor.0)));
        if label.is_empty() { actor.map(|actor| self.register.name(&actor)).unwrap_or_default() } else { label }
    }

    /// All of them, as written, in order.
    pub(super) fn all(&self, of: Of) -> Vec<&str> {
        let mut all: Vec<&str> = self.names(of).labels.values().map(String::as_str).collect();
        all.sort_unstable();
        all
    }

    /// The record a text names; none for an empty text.
    ///
    /// # Errors
    /// What to write instead.
    pub(super) fn find(&self, of: Of, text: &str) -> Result<Option<SubjectId>, String> {
        if text.is_empty() {
            return Ok(None);
        }
        match self.names(of).ids.get(&fold(text)).map(Vec::as_slice) {
            Some([one]) => Ok(Some(*one)),
            Some([first, ..]) => {
                let label = self.label(of, Some(*first));
                Err(format!("Plusieurs fiches s’appellent « {text} » : précisez, par exemple « {label} »."))
            }
            _ => Err(of.unknown(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_two_share_is_written_with_what_tells_them_apart() {
        let (a, b, c) = (SubjectId([1; 16]), SubjectId([2; 16]), SubjectId([3; 16]));
        let names = Names::of([(a, "C. Lenoir", "M12"), (b, "c lenoir", ""), (c, "É. Aubry", "")].into_iter());
        let label = |id| names.labels.get(&id).map(String::as_str);
        assert_eq!((label(a), label(b), label(c)), (Some("C. Lenoir (M12)"), Some("c lenoir (02020202)"), Some("É. Aubry")));
        let found = |text: &str| names.ids.get(&fold(text)).cloned();
        assert_eq!((found("e aubry"), found("C LENOIR (m12)"), found("M12")), (Some(vec![c]), Some(vec![a]), Some(vec![a])));
        assert_eq!(found("C. Lenoir").map(|ids| ids.len()), Some(2));
    }
}
