//! May this be recorded about the situation of a crisis, now, by this author?

use super::event::{FlowsCounted, OfferDeclared, PointSent, StatusDeclared};
use super::{Situation, offer::Flows};
use crate::capability::{Asked, Checked};
use crate::crisis::check::{LABEL_CHARS_MAX, TEXT_CHARS_MAX};
use crate::crisis::event::Attachment;
use crate::refusal::{Refusal, text_within};
use crate::versions::known;
use journal::header::BLOBS_MAX;

/// Most things ever declared about in one crisis.
pub const DECLARED_MAX: usize = 10_000;
/// Most beds of a unit, and most patients or acts in one count.
pub const COUNT_MAX: u32 = 10_000;
/// Most characters of a point sent outside.
pub const POINT_CHARS_MAX: usize = 20_000;

fn situation<'a>(asked: &'a Asked<'_>) -> Result<Option<&'a Situation>, Refusal> {
    asked.writes_in_crisis()?;
    Ok(asked.state.situations.get(&asked.subject))
}

fn words(field: &'static str, text: Option<&String>, chars_max: usize) -> Result<(), Refusal> {
    text.map_or(Ok(()), |text| text_within(field, text, chars_max))
}

fn room(is_known: bool, count: usize) -> Result<(), Refusal> {
    if is_known || count < DECLARED_MAX {
        return Ok(());
    }
    Err(Refusal::new("too_many_declared", format!("Une crise suit {DECLARED_MAX} éléments au plus.")))
}

impl Checked for StatusDeclared {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let situation = situation(asked)?;
        let before = situation.and_then(|s| s.declared.get(&self.about));
        known(before.map(|d| &**d), &self.supersedes)?;
        room(before.is_some(), situation.map_or(0, |s| s.declared.len()))?;
        text_within("name", &self.name, LABEL_CHARS_MAX)?;
        words("said_by", self.said_by.as_ref(), LABEL_CHARS_MAX)?;
        words("note", self.note.as_ref(), TEXT_CHARS_MAX)?;
        if self.since.zip(self.holds_until).is_some_and(|(since, until)| until < since) {
            let sentence = "« Tient jusqu’à » est avant « depuis » : corrigez l’une des deux heures.";
            return Err(Refusal::field("holds_before", "holds_until", sentence));
        }
        if self.since.zip(self.review_at).is_some_and(|(since, review)| review < since) {
            let sentence = "« À revoir à » est avant « depuis » : corrigez l’une des deux heures.";
            return Err(Refusal::field("review_before", "review_at", sentence));
        }
        Ok(())
    }
}

impl Checked for OfferDeclared {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let situation = situation(asked)?;
        let before = situation.and_then(|s| s.offers.get(&self.unit));
        known(before.map(|v| &**v), &self.supersedes)?;
        room(before.is_some(), situation.map_or(0, |s| s.offers.len()))?;
        text_within("name", &self.name, LABEL_CHARS_MAX)?;
        words("note", self.note.as_ref(), TEXT_CHARS_MAX)?;
        if self.open > COUNT_MAX || self.closed > COUNT_MAX {
            let field = if self.open > COUNT_MAX { "open" } else { "closed" };
            return Err(Refusal::field("too_many_beds", field, format!("Une unité compte {COUNT_MAX} lits au plus.")));
        }
        if self.free.is_some_and(|free| free > self.open) {
            let sentence = format!("Il ne peut pas y avoir plus de lits libres que de lits ouverts ({}).", self.open);
            return Err(Refusal::field("more_free_than_open", "free", sentence));
        }
        Ok(())
    }
}

impl Checked for FlowsCounted {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let sums = situation(asked)?.map(|s| s.flows_since(i64::MIN)).unwrap_or_default();
        words("note", self.note.as_ref(), TEXT_CHARS_MAX)?;
        let counts = self.counts();
        if counts.iter().all(|(_, n)| *n == 0) {
            return Err(Refusal::field("nothing_counted", "transfers", "Rien n’est compté : écrivez au moins un nombre."));
        }
        for ((field, count), (_, sum)) in counts.into_iter().zip(sums.each()) {
            if count.unsigned_abs() > COUNT_MAX {
                return Err(Refusal::field("too_many", field, format!("Un décompte va jusqu’à {COUNT_MAX}.")));
            }
            if sum + i64::from(count) < 0 {
                let sentence = format!("Le total est de {sum} : on ne peut pas en retirer {}.", count.unsigned_abs());
                return Err(Refusal::field("below_zero", field, sentence));
            }
        }
        Ok(())
    }
}

impl FlowsCounted {
    /// Each count with its name, in the order of [`Flows::each`].
    fn counts(&self) -> [(&'static str, i32); 4] {
        let names = Flows::default().each().map(|(name, _)| name);
        let counts = [self.transfers, self.reorientations, self.operations_cancelled, self.consultations_cancelled];
        std::array::from_fn(|i| (names[i], counts[i]))
    }
}

impl Checked for PointSent {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        situation(asked)?;
        text_within("to", &self.to, LABEL_CHARS_MAX)?;
        text_within("channel", &self.channel, LABEL_CHARS_MAX)?;
        text_within("sent_by", &self.sent_by, LABEL_CHARS_MAX)?;
        text_within("text", &self.text, POINT_CHARS_MAX)?;
        if self.attachments.len() > BLOBS_MAX {
            return Err(Refusal::field("too_many", "attachments", format!("Un point porte {BLOBS_MAX} pièces au plus.")));
        }
        self.attachments.iter().try_for_each(|a| text_within("attachments", &a.name, LABEL_CHARS_MAX))
    }

    fn attachments(&self) -> &[Attachment] {
        &self.attachments
    }
}
