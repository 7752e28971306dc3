//! May this be recorded about a campaign, now, by this author?

use super::event::{Answered, CampaignSet, Excused, Planned, ResultReceived, Target, TargetsSet};
use super::{Campaign, Followed};
use crate::capability::{Asked, Checked};
use crate::crisis::check::LABEL_CHARS_MAX;
use crate::refusal::{Refusal, at_most, text_within};
use crate::register::Role;
use crate::versions::rewritten;

/// Most establishments of a campaign.
pub const TARGETS_MAX: usize = 2_000;
/// Most campaigns of a journal.
pub const CAMPAIGNS_MAX: usize = 200;
/// Most characters of the organiser's words, or of an answer.
pub const WORDS_CHARS_MAX: usize = 4_000;
/// Most criteria of a result.
const CRITERIA_MAX: usize = 200;

fn organises(asked: &Asked<'_>) -> Result<(), Refusal> {
    asked.writes()?;
    let role = asked.state.register.role(&asked.author.actor);
    if role.is_none_or(|role| role.rank() < Role::Secretary.rank()) {
        let sentence = "Une campagne s’organise par la direction, l’administrateur ou le secrétaire de cellule.";
        return Err(Refusal::new("not_organiser", sentence));
    }
    if asked.state.exercises.branch.is_some() {
        return Err(Refusal::new("in_exercise", "Ceci se fait dans la vraie vie, pas dans l’exercice."));
    }
    Ok(())
}

fn campaign<'a>(asked: &'a Asked<'_>) -> Result<&'a Campaign, Refusal> {
    organises(asked)?;
    let found = asked.state.campaigns.all.get(&asked.subject);
    found.ok_or_else(|| Refusal::new("unknown_campaign", "Cette campagne n’existe pas dans ce journal."))
}

fn followed<'a>(asked: &'a Asked<'_>, finess: &str) -> Result<&'a Followed, Refusal> {
    let found = campaign(asked)?.targets.get(finess).filter(|f| !f.target.removed);
    let unknown = || format!("Le numéro FINESS « {finess} » n’est pas dans cette campagne : ajoutez d’abord cet établissement.");
    found.map(|f| &**f).ok_or_else(|| Refusal::field("unknown_target", "finess", unknown()))
}

/// Whether a text is a FINESS number: nine digits, or Corsica's letters and seven digits.
pub fn is_finess(text: &str) -> bool {
    let rest = text
        .strip_prefix("2A")
        .or_else(|| text.strip_prefix("2B"))
        .or_else(|| text.get(2..).filter(|_| text.as_bytes().iter().take(2).all(u8::is_ascii_digit)));
    text.len() == 9 && rest.is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
}

impl Checked for CampaignSet {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        organises(asked)?;
        let known = asked.state.campaigns.all.get(&asked.subject);
        rewritten(known.map(|c| &c.set), &self.supersedes)?;
        if known.is_none() && asked.state.campaigns.all.len() >= CAMPAIGNS_MAX {
            return Err(Refusal::new("too_many", format!("Un organisateur suit {CAMPAIGNS_MAX} campagnes au plus.")));
        }
        text_within("title", &self.title, LABEL_CHARS_MAX)?;
        at_most("words", &self.words, WORDS_CHARS_MAX)?;
        at_most("kit", &self.kit, LABEL_CHARS_MAX)?;
        if self.until <= self.from {
            return Err(Refusal::field("bad_dates", "until", "La campagne doit finir après son début."));
        }
        self.questions.iter().try_for_each(|q| text_within("questions", &q.text, LABEL_CHARS_MAX))
    }
}

impl Checked for TargetsSet {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let campaign = campaign(asked)?;
        let new = self.targets.iter().filter(|t| !campaign.targets.contains_key(&t.finess)).count();
        if self.targets.is_empty() {
            return Err(Refusal::field("empty", "targets", "Aucun établissement : donnez au moins un numéro FINESS et un nom."));
        }
        if campaign.targets.len() + new > TARGETS_MAX {
            return Err(Refusal::new("too_many", format!("Une campagne compte {TARGETS_MAX} établissements au plus.")));
        }
        self.targets.iter().try_for_each(target)
    }
}

fn target(target: &Target) -> Result<(), Refusal> {
    if !is_finess(&target.finess) {
        let sentence =
            format!("« {} » n’est pas un numéro FINESS : neuf chiffres, ou 2A ou 2B puis sept chiffres.", target.finess);
        return Err(Refusal::field("bad_finess", "finess", sentence));
    }
    text_within("name", &target.name, LABEL_CHARS_MAX)?;
    at_most("kind", &target.kind, LABEL_CHARS_MAX)?;
    at_most("contact", &target.contact, LABEL_CHARS_MAX)
}

impl Checked for Planned {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        followed(asked, &self.finess)?;
        at_most("place", &self.place, LABEL_CHARS_MAX)
    }
}

impl Checked for Answered {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        followed(asked, &self.finess)?;
        self.answers.iter().try_for_each(|(_, answer)| at_most("answers", answer, WORDS_CHARS_MAX))
    }
}

impl Checked for ResultReceived {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let known = followed(asked, &self.finess)?;
        let newer = known.result.as_ref().is_none_or(|r| r.results.ended_at < self.results.ended_at);
        if !newer {
            let sentence = "Ces résultats, ou de plus récents, sont déjà reçus pour cet établissement.";
            return Err(Refusal::field("already_received", "finess", sentence));
        }
        if self.results.criteria.len() > CRITERIA_MAX {
            return Err(Refusal::new("too_many", format!("Un résultat compte {CRITERIA_MAX} critères au plus.")));
        }
        at_most("signed_by", &self.signed_by, LABEL_CHARS_MAX)
    }
}

impl Checked for Excused {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        followed(asked, &self.finess)?;
        at_most("reason", &self.reason, LABEL_CHARS_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::is_finess;

    #[test]
    fn a_finess_number_is_nine_digits_or_corsican() {
        for good in ["990000012", "2A0000012", "2B1234567", "010000099"] {
            assert!(is_finess(good), "{good}");
        }
        for bad in ["", "99000001", "9900000123", "2C0000012", "99000001x", "éé0000012", "2A00000"] {
            assert!(!is_finess(bad), "{bad}");
        }
    }
}
