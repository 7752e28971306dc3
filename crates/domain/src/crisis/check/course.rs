//! May the course of a crisis change, now, by this author?

use super::{CRISES_MAX, LABEL_CHARS_MAX, SITES_MAX, TEXT_CHARS_MAX, crisis, unknown_entry, writer};
use crate::capability::{Asked, Checked};
use crate::crisis::Frame;
use crate::crisis::event::{Closed, Confirmed, CrisisOpened, HandedOver, Reframed, Reopened};
use crate::refusal::{Refusal, text_within};
use crate::register::Role;
use journal::authority::ADMIN_RANK;

/// Known before it began: one of the two times is wrong, and legal delays would start from it.
fn in_order(occurred_at: Option<i64>, known_at: Option<i64>) -> Result<(), Refusal> {
    match (occurred_at, known_at) {
        (Some(began), Some(known)) if known < began => {
            let sentence = "La crise serait connue avant d’avoir commencé : corrigez l’une des deux heures.";
            Err(Refusal::field("known_too_early", "known_at", sentence))
        }
        _ => Ok(()),
    }
}

fn sites(count: usize) -> Result<(), Refusal> {
    if count > SITES_MAX {
        return Err(Refusal::field(
            "too_many",
            "sites",
            format!("Une crise concerne {SITES_MAX} sites au plus : nommez leur groupement."),
        ));
    }
    Ok(())
}

impl Checked for CrisisOpened {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        writer(asked.state, asked.author)?;
        if asked.state.crises.contains_key(&asked.subject) {
            return Err(Refusal::new("already_open", "Cette crise est déjà ouverte."));
        }
        if asked.state.crises.len() >= CRISES_MAX {
            return Err(Refusal::new("too_many_crises", "Ce journal contient trop de crises."));
        }
        text_within("title", &self.title, LABEL_CHARS_MAX)?;
        sites(self.sites.len())?;
        in_order(self.occurred_at, self.known_at)
    }
}

impl Checked for Reframed {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        writer(asked.state, asked.author)?;
        let crisis = crisis(asked.state, asked.subject)?;
        text_within("title", &self.title, LABEL_CHARS_MAX)?;
        sites(self.sites.len())?;
        in_order(Some(self.occurred_at), Some(self.known_at))?;
        if self.supersedes.is_empty() || self.supersedes.iter().any(|id| crisis.frames().all().all(|w| w.id != *id)) {
            return Err(unknown_version());
        }
        let frame = crisis.frame();
        let same = Frame {
            title: self.title.clone(),
            level: self.level,
            occurred_at: self.occurred_at,
            detected_at: self.detected_at,
            known_at: self.known_at,
            sites: self.sites.clone(),
            reason: frame.reason.clone(),
        };
        if same == *frame && crisis.frames().survivors().len() == 1 {
            return Err(Refusal::new("unchanged", "Rien n’a changé : corrigez le niveau, le titre ou une heure."));
        }
        text_within("reason", &self.reason, TEXT_CHARS_MAX)
    }
}

impl Checked for Confirmed {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let rank = asked.state.register.role(&asked.author.actor).map_or(0, Role::rank);
        if rank < ADMIN_RANK {
            let sentence = "Seuls la direction et l’administrateur de garde approuvent un acte fait avant accord.";
            return Err(Refusal::new("not_administrator", sentence));
        }
        let act = crisis(asked.state, asked.subject)?.entry(&self.entry).ok_or_else(unknown_entry)?;
        if !act.to_confirm {
            return Err(Refusal::field("nothing_to_confirm", "entry", "Cette entrée n’attend aucun accord."));
        }
        if act.approval.is_some() {
            return Err(Refusal::field("already_confirmed", "entry", "Cet acte est déjà confirmé."));
        }
        Ok(())
    }
}

impl Checked for HandedOver {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        writer(asked.state, asked.author)?;
        crisis(asked.state, asked.subject)?;
        text_within("to", &self.to, LABEL_CHARS_MAX)?;
        text_within("summary", &self.summary, TEXT_CHARS_MAX)?;
        text_within("words", &self.words, LABEL_CHARS_MAX)
    }
}

impl Checked for Closed {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        direction(asked, "Seule la direction lève une crise : demandez-le-lui.")?;
        if crisis(asked.state, asked.subject)?.lifted().is_some() {
            return Err(Refusal::new("already_lifted", "Cette crise est déjà levée."));
        }
        text_within("reason", &self.reason, TEXT_CHARS_MAX)?;
        text_within("remains", &self.remains, TEXT_CHARS_MAX)?;
        text_within("decided_by", &self.decided_by, LABEL_CHARS_MAX)
    }
}

impl Checked for Reopened {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        direction(asked, "Seule la direction rouvre une crise : demandez-le-lui, ou ouvrez un doute.")?;
        if crisis(asked.state, asked.subject)?.lifted().is_none() {
            return Err(Refusal::new("not_lifted", "Cette crise n’est pas levée : elle est toujours ouverte."));
        }
        text_within("reason", &self.reason, TEXT_CHARS_MAX)
    }
}

fn direction(asked: &Asked<'_>, sentence: &str) -> Result<(), Refusal> {
    writer(asked.state, asked.author)?;
    match asked.state.register.role(&asked.author.actor) {
        Some(Role::Direction) => Ok(()),
        _ => Err(Refusal::new("not_direction", sentence)),
    }
}

/// A write named one that it replaces and that nobody knows.
pub(crate) fn unknown_version() -> Refusal {
    Refusal::field("unknown_version", "supersedes", "La version remplacée n’est pas connue : rechargez la page.")
}
