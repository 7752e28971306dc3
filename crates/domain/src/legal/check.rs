//! May this be recorded on the legal side, now, by this author?

use super::Legal;
use super::event::{ClaimNoted, ClockAdopted, ClockClosed, ComplaintAnswered, Delay, EvidenceListed, Outcome, Starts};
use crate::capability::{Asked, Checked};
use crate::crisis::check::{LABEL_CHARS_MAX, TEXT_CHARS_MAX, crisis, pieces, writer};
use crate::crisis::event::Attachment;
use crate::refusal::{Refusal, at_most, text_within};
use crate::versions::{Versions, rewritten};
use journal::EntryId;

/// Most characters of a declaration.
pub const DECLARATION_CHARS_MAX: usize = 20_000;
/// Most obligations, answers, pieces of evidence or claims in one crisis, of each.
pub const ITEMS_MAX: usize = 500;
/// Longest delay, in hours (a year) and months (ten years).
const HOURS_MAX: u32 = 366 * 24;
const MONTHS_MAX: u32 = 120;

/// What the crisis has already, once its author and itself are known.
fn legal<'a>(asked: &Asked<'a>, none: &'a Legal) -> Result<&'a Legal, Refusal> {
    writer(asked.state, asked.author)?;
    crisis(asked.state, asked.subject)?;
    Ok(asked.state.legal.get(&asked.subject).unwrap_or(none))
}

/// Refuses a first write when the list is full, and a rewrite that does not name what it replaces.
fn supersedes<T>(known: Option<&Versions<T>>, named: &[EntryId], already: usize) -> Result<(), Refusal> {
    if known.is_none() && already >= ITEMS_MAX {
        return Err(Refusal::new("too_many", format!("Cette liste est pleine : {ITEMS_MAX} lignes au plus.")));
    }
    rewritten(known, named)
}

impl Checked for ClockAdopted {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let none = Legal::default();
        let legal = legal(asked, &none)?;
        for (field, text) in [("key", &self.key), ("title", &self.title)] {
            text_within(field, text, LABEL_CHARS_MAX)?;
        }
        for (field, text) in [
            ("who", &self.who),
            ("whom", &self.whom),
            ("source", &self.source),
            ("edition", &self.edition),
            ("status", &self.status),
        ] {
            at_most(field, text, LABEL_CHARS_MAX)?;
        }
        for (field, text) in [
            ("what", &self.what),
            ("contact", &self.contact),
            ("basis", &self.basis),
            ("delay_words", &self.delay_words),
            ("condition", &self.condition),
        ] {
            at_most(field, text, TEXT_CHARS_MAX)?;
        }
        at_most("template", &self.template, DECLARATION_CHARS_MAX)?;
        let long = matches!(self.delay, Delay::Hours(hours) if hours > HOURS_MAX);
        if long || matches!(self.delay, Delay::Months(months) if months > MONTHS_MAX) {
            return Err(Refusal::field("delay_too_long", "delay", "Ce délai est trop long : dix ans au plus, en mois."));
        }
        if self.starts == Starts::After(self.key.clone()) {
            return Err(Refusal::field("after_itself", "starts", "Un délai ne peut pas courir après lui-même."));
        }
        let known = legal.clocks.get(&self.key);
        if known.is_some() && self.supersedes.is_empty() {
            return Err(Refusal::field("already_adopted", "key", "Cette échéance est déjà suivie dans cette crise."));
        }
        supersedes(known.map(|clock| &clock.adopted), &self.supersedes, legal.clocks.len())
    }
}

impl Checked for ClockClosed {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let none = Legal::default();
        let clock = legal(asked, &none)?.clocks.get(&self.key);
        let clock =
            clock.ok_or_else(|| Refusal::field("unknown_clock", "key", "Cette échéance n’est pas suivie dans cette crise."))?;
        let settles = || clock.endings.as_ref().is_none_or(|ends| ends.seen().iter().all(|id| self.supersedes.contains(id)));
        match (self.outcome, clock.is_running()) {
            (Outcome::Reopened, true) => {
                return Err(Refusal::field("running", "outcome", "Cette échéance court déjà."));
            }
            (Outcome::Sent | Outcome::NotApplicable, false) if !settles() => {
                let sentence = "Quelqu’un vient de clore cette échéance : relisez sa preuve. Rouvrez-la si elle est fausse.";
                return Err(Refusal::new("already_closed", sentence));
            }
            _ => {}
        }
        supersedes(clock.endings.as_ref(), &self.supersedes, 0)?;
        text_within("by", &self.by, LABEL_CHARS_MAX)?;
        if self.outcome != Outcome::Sent {
            text_within("reason", &self.reason, TEXT_CHARS_MAX)?;
        }
        at_most("reason", &self.reason, TEXT_CHARS_MAX)?;
        at_most("channel", &self.channel, LABEL_CHARS_MAX)?;
        at_most("reference", &self.reference, LABEL_CHARS_MAX)?;
        at_most("text", &self.text, DECLARATION_CHARS_MAX)?;
        pieces(&self.attachments)
    }

    fn attachments(&self) -> &[Attachment] {
        &self.attachments
    }
}

impl Checked for ComplaintAnswered {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let none = Legal::default();
        let legal = legal(asked, &none)?;
        text_within("key", &self.key, LABEL_CHARS_MAX)?;
        text_within("question", &self.question, TEXT_CHARS_MAX)?;
        text_within("answer", &self.answer, TEXT_CHARS_MAX)?;
        supersedes(legal.complaint.get(&self.key), &self.supersedes, legal.complaint.len())
    }
}

impl Checked for EvidenceListed {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let none = Legal::default();
        let legal = legal(asked, &none)?;
        text_within("label", &self.label, LABEL_CHARS_MAX)?;
        text_within("place", &self.place, LABEL_CHARS_MAX)?;
        text_within("held_by", &self.held_by, LABEL_CHARS_MAX)?;
        at_most("note", &self.note, TEXT_CHARS_MAX)?;
        pieces(&self.attachments)?;
        supersedes(legal.evidence.get(&self.evidence), &self.supersedes, legal.evidence.len())
    }

    fn attachments(&self) -> &[Attachment] {
        &self.attachments
    }
}

impl Checked for ClaimNoted {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let none = Legal::default();
        let legal = legal(asked, &none)?;
        text_within("claimant", &self.claimant, LABEL_CHARS_MAX)?;
        text_within("demand", &self.demand, TEXT_CHARS_MAX)?;
        at_most("amount", &self.amount, LABEL_CHARS_MAX)?;
        at_most("channel", &self.channel, LABEL_CHARS_MAX)?;
        pieces(&self.attachments)?;
        supersedes(legal.claims.get(&self.claim), &self.supersedes, legal.claims.len())
    }

    fn attachments(&self) -> &[Attachment] {
        &self.attachments
    }
}
