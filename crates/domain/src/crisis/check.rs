//! May this be recorded in a crisis, now, by this author?

mod course;

use super::Crisis;
use super::event::{Attachment, EntryCorrected, EntryType, Logged, TaskAssigned};
use crate::capability::{Asked, Checked};
use crate::refusal::{Refusal, text_within};
use crate::state::State;
use journal::header::BLOBS_MAX;
use journal::write::Author;
use journal::{AuthorityAct, EntryId, SubjectId};

/// Most characters of a log entry.
pub const TEXT_CHARS_MAX: usize = 4_000;
/// Most characters of a title, a name or a file's label.
pub const LABEL_CHARS_MAX: usize = 200;
/// Most entries one entry may close.
pub const CLOSES_MAX: usize = 50;
/// Most sites that a crisis names.
pub const SITES_MAX: usize = 200;
/// Most crises in one journal.
pub const CRISES_MAX: usize = 1_000;

/// Refuses whoever may not write in a crisis.
pub(crate) fn writer(state: &State, author: &Author) -> Result<(), Refusal> {
    match state.register.role(&author.actor) {
        Some(role) if role.may_write() => Ok(()),
        Some(_) => Err(Refusal::new(
            "observer",
            "Un observateur lit la main courante sans y écrire. Dites-le au secrétaire de cellule, qui le notera.",
        )),
        None => {
            Err(Refusal::new("no_role", "Votre compte n’a pas de rôle dans cet établissement : demandez-en un à la direction."))
        }
    }
}

/// The crisis an event is about.
pub(crate) fn crisis(state: &State, subject: SubjectId) -> Result<&Crisis, Refusal> {
    state.crises.get(&subject).ok_or_else(|| Refusal::new("unknown_crisis", "Cette crise n’existe pas dans ce journal."))
}

/// Refuses a label that is there and empty, or overlong.
pub(crate) fn label(field: &'static str, text: Option<&String>) -> Result<(), Refusal> {
    text.map_or(Ok(()), |text| text_within(field, text, LABEL_CHARS_MAX))
}

/// Refuses too many files, or one without a name.
pub(crate) fn pieces(attachments: &[Attachment]) -> Result<(), Refusal> {
    if attachments.len() > BLOBS_MAX {
        let sentence = format!("Une entrée porte {BLOBS_MAX} pièces au plus : ajoutez-en une seconde.");
        return Err(Refusal::field("too_many", "attachments", sentence));
    }
    attachments.iter().try_for_each(|a| text_within("attachments", &a.name, LABEL_CHARS_MAX))
}

impl Checked for Logged {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let decision = asked.kind == "crisis.decision_taken";
        writer(asked.state, asked.author)?;
        let crisis = crisis(asked.state, asked.subject)?;
        if decision != (self.entry_type == EntryType::Decision) {
            return Err(Refusal::field(
                "wrong_kind",
                "entry_type",
                "Une décision s’enregistre comme décision, le reste comme entrée.",
            ));
        }
        text_within("text", &self.text, TEXT_CHARS_MAX)?;
        label("speaker", self.speaker.as_ref())?;
        label("owner", self.owner.as_ref())?;
        if self.closes.len() > CLOSES_MAX {
            return Err(Refusal::field("too_many", "closes", format!("Une entrée peut en clore {CLOSES_MAX} au plus.")));
        }
        if self.closes.iter().any(|id| crisis.entry(id).is_none_or(|e| !e.entry_type.is_task())) {
            return Err(Refusal::field(
                "unknown_entry",
                "closes",
                "L’action ou la question à clore n’existe pas dans cette crise.",
            ));
        }
        self.only_where_it_belongs(crisis)?;
        pieces(&self.attachments)
    }

    fn attachments(&self) -> &[Attachment] {
        &self.attachments
    }
}

impl Logged {
    /// Only an action carries out a decision, and only a decision is looked at again.
    fn only_where_it_belongs(&self, crisis: &Crisis) -> Result<(), Refusal> {
        if let Some(id) = &self.carries_out {
            if self.entry_type != EntryType::Action {
                let sentence = "Seule une action met en œuvre une décision : changez le type, ou videz ce champ.";
                return Err(Refusal::field("not_an_action", "carries_out", sentence));
            }
            if crisis.entry(id).is_none_or(|e| e.entry_type != EntryType::Decision) {
                return Err(Refusal::field("unknown_entry", "carries_out", "Cette décision n’existe pas dans cette crise."));
            }
        }
        if self.review_at.is_some() && self.entry_type != EntryType::Decision {
            let sentence = "Seule une décision se revoit à une heure dite : changez le type, ou videz ce champ.";
            return Err(Refusal::field("not_a_decision", "review_at", sentence));
        }
        Ok(())
    }
}

impl Checked for EntryCorrected {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        writer(asked.state, asked.author)?;
        let target = crisis(asked.state, asked.subject)?.entry(&self.entry).ok_or_else(unknown_entry)?;
        text_within("text", &self.text, TEXT_CHARS_MAX)?;
        let Some(text) = &target.text else {
            return Err(Refusal::new("erased", "Le texte de cette entrée a été effacé : il ne se corrige plus."));
        };
        if self.supersedes.is_empty() || self.supersedes.iter().any(|id| text.all().all(|w| w.id != *id)) {
            return Err(Refusal::field(
                "unknown_version",
                "supersedes",
                "La version corrigée n’est pas connue : rechargez la page.",
            ));
        }
        if text.survivors().iter().any(|w| *w.value == *self.text) && text.survivors().len() == 1 {
            return Err(Refusal::field("unchanged", "text", "Le texte est resté le même : rien à corriger."));
        }
        Ok(())
    }
}

impl Checked for TaskAssigned {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        writer(asked.state, asked.author)?;
        let target = crisis(asked.state, asked.subject)?.entry(&self.entry).ok_or_else(unknown_entry)?;
        let Some(assignment) = &target.assignment else {
            return Err(Refusal::field(
                "not_a_task",
                "entry",
                "Seules une action, une décision ou une question ont un responsable.",
            ));
        };
        if self.supersedes.iter().any(|id: &EntryId| assignment.all().all(|w| w.id != *id)) {
            return Err(Refusal::field(
                "unknown_version",
                "supersedes",
                "La version remplacée n’est pas connue : rechargez la page.",
            ));
        }
        if self.review_at.is_some() && target.entry_type != EntryType::Decision {
            return Err(Refusal::field(
                "not_a_decision",
                "review_at",
                "Seule une décision se revoit à une heure dite : videz ce champ.",
            ));
        }
        label("owner", self.owner.as_ref())
    }
}

fn unknown_entry() -> Refusal {
    Refusal::field("unknown_entry", "entry", "Cette entrée n’existe pas dans cette crise.")
}

/// Erasures: one person asks, another grants, and never about a decision.
pub(crate) fn erasure(state: &State, author: &Author, act: &AuthorityAct) -> Result<(), Refusal> {
    let (AuthorityAct::ErasureAsked { entry, .. } | AuthorityAct::Erased { entry, .. }) = act else { return Ok(()) };
    let line = state.crises.values().find_map(|c| c.line_of(entry)).ok_or_else(unknown_entry)?;
    if line.entry_type == EntryType::Decision {
        return Err(Refusal::new("decision", "Une décision ne s’efface jamais : corrigez-la si ses mots sont faux."));
    }
    if line.text.is_none() {
        return Err(Refusal::new("erased", "Ce texte est déjà effacé."));
    }
    let AuthorityAct::Erased { asked, .. } = act else { return Ok(()) };
    let ask = line.erasure_asks.iter().find(|ask| ask.id == *asked && ask.entry == *entry);
    let unasked = || {
        Refusal::new("not_asked", "Personne n’a demandé cet effacement : demandez-le d’abord, une autre personne l’accordera.")
    };
    if ask.ok_or_else(unasked)?.by == author.actor {
        let sentence =
            "Vous avez demandé cet effacement : une seconde personne de la direction ou un administrateur doit l’accorder.";
        return Err(Refusal::new("same_signer", sentence));
    }
    Ok(())
}
