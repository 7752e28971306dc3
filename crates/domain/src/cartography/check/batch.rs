//! Imports and archetypes: may these records be written together, may an import be taken back?

use super::{Links, record};
use crate::capability::{Asked, Checked};
use crate::cartography::event::batch::{ImportUndone, Line, MapImported, ProposalsDeclined, Record};
use crate::cartography::names::{Bearer, folded};
use crate::crisis::check::LABEL_CHARS_MAX;
use crate::refusal::{Refusal, text_within};
use crate::register::Role;
use crate::register::check::NAME_CHARS_MAX;
use crate::state::State;
use std::collections::BTreeSet;

/// Most records in one entry.
pub const LINES_MAX: usize = 10_000;
/// Most proposals refused at once.
pub const KEYS_MAX: usize = 1_000;

/// May this record be written, apart from whether what it names is on the map: an import may bring both?
///
/// # Errors
/// Why not, in words for the screen.
pub fn line(state: &State, line: &Line) -> Result<(), Refusal> {
    let (id, links) = (line.id, Links::Elsewhere);
    match &line.set {
        Record::Activity(set) => record(set, state, id, links),
        Record::Asset(set) => record(set, state, id, links),
        Record::Exchange(set) => record(set, state, id, links),
    }
}

fn bears(line: &Line) -> (Bearer, String) {
    match &line.set {
        Record::Activity(set) => (Bearer::Activity, folded(&set.name)),
        Record::Asset(set) => (Bearer::Asset(set.kind), folded(&set.name)),
        Record::Exchange(set) => (Bearer::Exchange, folded(&set.name)),
    }
}

impl Checked for MapImported {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        asked.writes()?;
        if self.lines.is_empty() || self.lines.len() > LINES_MAX {
            return Err(Refusal::new("bad_import", format!("Un import apporte de 1 à {LINES_MAX} fiches par lot.")));
        }
        text_within("system", &self.source.system, NAME_CHARS_MAX)?;
        text_within("file", &self.source.name, LABEL_CHARS_MAX)?;
        if asked.state.cartography.imports.get(&asked.subject).is_some_and(|import| import.undone.is_some()) {
            return Err(Refusal::new("import_undone", "Cet import a été annulé : recommencez-le depuis le fichier."));
        }
        let (mut names, mut ids) = (BTreeSet::new(), BTreeSet::new());
        for one in &self.lines {
            let (bearer, name) = bears(one);
            if !ids.insert(one.id) || !names.insert((bearer, name)) {
                let sentence = "Deux fiches de cet import portent le même nom : corrigez le fichier.";
                return Err(Refusal::new("name_twice", sentence));
            }
            line(asked.state, one)?;
        }
        Ok(())
    }
}

impl Checked for ImportUndone {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        asked.writes()?;
        let import = asked.state.cartography.imports.get(&asked.subject);
        let import = import.ok_or_else(|| Refusal::new("unknown_import", "Cet import n’est pas connu."))?;
        if import.undone.is_some() {
            return Err(Refusal::new("import_undone", "Cet import est déjà annulé."));
        }
        let senior = asked.state.register.role(&asked.author.actor).is_some_and(|role| role.rank() >= Role::Secretary.rank());
        if !senior && import.by != asked.author.actor {
            let sentence = "Un import est annulé par qui l’a fait, ou par la direction, l’administrateur ou la secrétaire.";
            return Err(Refusal::new("not_yours", sentence));
        }
        text_within("reason", &self.reason, LABEL_CHARS_MAX)
    }
}

impl Checked for ProposalsDeclined {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        asked.writes()?;
        text_within("source", &self.source, NAME_CHARS_MAX)?;
        if self.keys.is_empty() || self.keys.len() > KEYS_MAX {
            return Err(Refusal::new("no_key", format!("De 1 à {KEYS_MAX} propositions refusées à la fois.")));
        }
        self.keys.iter().try_for_each(|key| text_within("keys", key, NAME_CHARS_MAX))?;
        if self.reason.is_empty() { Ok(()) } else { text_within("reason", &self.reason, LABEL_CHARS_MAX) }
    }
}
