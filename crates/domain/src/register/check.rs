//! May this be recorded in the register, now, by this author?

use super::day::Day;
use super::duty::TURN_DAYS_MAX;
use super::event::{Card, EstablishmentNamed, Function, Partner, PartnerVerified, PersonNamed, Place, Provider, Set, Turn, Unit};
use super::{Register, Role, function_id};
use crate::capability::{Asked, Checked};
use crate::refusal::{Refusal, text_within};
use journal::authority::{ADMIN_RANK, TEXT_CHARS_MAX};
use journal::engine::PROGRAM;
use journal::write::Author;
use journal::{ActorId, AuthorityAct, EntryId, SubjectId};

/// Most characters of a name.
pub const NAME_CHARS_MAX: usize = 120;
/// Most characters of a code, a key or a time zone.
pub const CODE_CHARS_MAX: usize = 60;
/// Most characters of a telephone number, with what is written around it (« poste 4512 »).
pub const PHONE_CHARS_MAX: usize = 40;
/// Most characters of an e-mail or of a portal's address.
pub const EMAIL_CHARS_MAX: usize = 200;
/// Most characters of an explanation.
pub const NOTES_CHARS_MAX: usize = 1_000;
/// Most deputies of a function.
pub const DEPUTIES_MAX: usize = 20;
/// Most beds, places or posts of a unit.
pub const CAPACITY_MAX: u32 = 10_000;
/// Most records of one kind, removed ones included.
pub const RECORDS_MAX: usize = 20_000;
/// Most writes that one write names as seen.
pub const SUPERSEDES_MAX: usize = 100;
/// From this rank on, a person writes the on-call calendar.
pub const DUTY_RANK: u8 = 30;
const _: () = assert!(DUTY_RANK <= ADMIN_RANK);
const DAY_MS: i64 = 86_400_000;

/// Only the first entries of a journal, and people of this rank, touch the register.
fn ranks(register: &Register, author: &Author, rank: u8, code: &'static str, sentence: &str) -> Result<(), Refusal> {
    let founding = author.actor == PROGRAM && register.people.values().all(|p| p.role.is_none());
    let senior = register.role(&author.actor).is_some_and(|role| role.rank() >= rank);
    if founding || senior { Ok(()) } else { Err(Refusal::new(code, sentence)) }
}

fn administers(register: &Register, author: &Author) -> Result<(), Refusal> {
    let sentence = "Seuls la direction et l’administrateur peuvent faire cela : demandez-leur.";
    ranks(register, author, ADMIN_RANK, "not_administrator", sentence)
}

pub(crate) fn act(register: &Register, author: &Author, act: &AuthorityAct) -> Result<(), Refusal> {
    administers(register, author)?;
    match act {
        AuthorityAct::RoleGranted { role, rank, .. } => match Role::from_name(role) {
            Some(known) if known.rank() == *rank => Ok(()),
            _ => Err(Refusal::field("unknown_role", "role", "Ce rôle n’existe pas.")),
        },
        AuthorityAct::RoleWithdrawn { reason, .. }
        | AuthorityAct::DeviceRevoked { reason, .. }
        | AuthorityAct::ErasureAsked { reason, .. } => text_within("reason", reason, TEXT_CHARS_MAX),
        AuthorityAct::Erased { .. } => Ok(()),
    }
}

/// Refuses an overlong text; an empty one is fine.
fn at_most(field: &'static str, text: &str, chars_max: usize) -> Result<(), Refusal> {
    if text.is_empty() { Ok(()) } else { text_within(field, text, chars_max) }
}

fn phone(field: &'static str, text: &str) -> Result<(), Refusal> {
    at_most(field, text, PHONE_CHARS_MAX)?;
    if text.is_empty() || text.bytes().filter(u8::is_ascii_digit).count() >= 2 {
        return Ok(());
    }
    Err(Refusal::field(
        "no_phone",
        field,
        "Ce n’est pas un numéro : écrivez des chiffres, par exemple 01 23 45 67 89, ou laissez vide.",
    ))
}

/// Nine characters: two for the département (2A and 2B are Corsica's), then digits. The key is not checked: no public rule
/// was found for it.
fn finess(text: &str) -> Result<(), Refusal> {
    let right = |at: usize, b: u8| b.is_ascii_digit() || (at == 1 && b.is_ascii_uppercase());
    if text.is_empty() || (text.len() == 9 && text.bytes().enumerate().all(|(at, b)| right(at, b))) {
        return Ok(());
    }
    let sentence = "Un numéro FINESS a neuf caractères, comme 910000012 ou 2A0000014 : corrigez-le ou laissez vide.";
    Err(Refusal::field("bad_finess", "finess", sentence))
}

fn capacity(field: &'static str, number: u32) -> Result<(), Refusal> {
    if number <= CAPACITY_MAX {
        return Ok(());
    }
    let sentence = format!("{number} pour une seule unité : vérifiez ce nombre ({CAPACITY_MAX} au plus).");
    Err(Refusal::field("too_many", field, sentence))
}

fn place_known(register: &Register, field: &'static str, id: Option<SubjectId>) -> Result<(), Refusal> {
    match id {
        Some(id) if register.places.get(&id).is_none() => Err(Refusal::field(
            "unknown_place",
            field,
            "Ce lieu n’est pas dans l’annuaire : choisissez-en un autre, ou ajoutez-le d’abord.",
        )),
        _ => Ok(()),
    }
}

fn person_known(register: &Register, field: &'static str, actor: ActorId) -> Result<(), Refusal> {
    if register.is_present(&actor) {
        return Ok(());
    }
    Err(Refusal::field(
        "unknown_person",
        field,
        "Cette personne n’est pas dans l’annuaire : choisissez-en une autre, ou ajoutez-la d’abord.",
    ))
}

fn versions(supersedes: &[EntryId]) -> Result<(), Refusal> {
    if supersedes.len() <= SUPERSEDES_MAX {
        return Ok(());
    }
    Err(Refusal::field("too_many", "supersedes", format!("Une fiche en remplace {SUPERSEDES_MAX} au plus.")))
}

/// The rules of one kind of record.
trait Rules {
    /// May its author write such a record?
    fn allowed(asked: &Asked<'_>) -> Result<(), Refusal> {
        administers(&asked.state.register, asked.author)
    }

    /// Whether the record is there now, and how many there ever were.
    fn there(register: &Register, id: SubjectId) -> (bool, usize);

    /// Are its fields right?
    fn right(&self, asked: &Asked<'_>) -> Result<(), Refusal>;

    /// May it leave the register?
    fn may_go(_: &Asked<'_>) -> Result<(), Refusal> {
        Ok(())
    }
}

impl<T: Rules> Checked for Set<T> {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        T::allowed(asked)?;
        versions(&self.supersedes)?;
        let (there, ever) = T::there(&asked.state.register, asked.subject);
        match &self.value {
            Some(_) if !there && ever >= RECORDS_MAX => {
                Err(Refusal::new("too_many", format!("L’annuaire ne tient pas plus de {RECORDS_MAX} fiches d’une même sorte.")))
            }
            Some(value) => value.right(asked),
            None if !there => Err(Refusal::new("unknown_record", "Cette fiche n’est pas, ou n’est plus, dans l’annuaire.")),
            None => T::may_go(asked),
        }
    }
}

impl Checked for EstablishmentNamed {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        administers(&asked.state.register, asked.author)?;
        versions(&self.supersedes)?;
        text_within("name", &self.name, NAME_CHARS_MAX)?;
        text_within("time_zone", &self.time_zone, CODE_CHARS_MAX)?;
        finess(&self.finess)?;
        at_most("address", &self.address, EMAIL_CHARS_MAX)?;
        phone("phone", &self.phone)?;
        place_known(&asked.state.register, "place", self.place)
    }
}

impl Checked for PersonNamed {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        administers(&asked.state.register, asked.author)?;
        text_within("name", &self.name, NAME_CHARS_MAX)?;
        text_within("function", &self.function, NAME_CHARS_MAX)
    }
}

impl Rules for Place {
    fn there(register: &Register, id: SubjectId) -> (bool, usize) {
        (register.places.get(&id).is_some(), register.places.ever())
    }

    fn right(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let register = &asked.state.register;
        text_within("name", &self.name, NAME_CHARS_MAX)?;
        at_most("code", &self.code, CODE_CHARS_MAX)?;
        finess(&self.finess)?;
        at_most("address", &self.address, EMAIL_CHARS_MAX)?;
        phone("phone", &self.phone)?;
        at_most("time_zone", &self.time_zone, CODE_CHARS_MAX)?;
        place_known(register, "parent", self.parent)?;
        let Some(parent) = self.parent else { return Ok(()) };
        if register.would_loop(asked.subject, parent) {
            let sentence = "Ce lieu serait placé sous lui-même : choisissez un autre lieu de rattachement.";
            return Err(Refusal::field("loop", "parent", sentence));
        }
        match register.places.get(&parent) {
            Some(above) if above.level > self.level => {
                let sentence = format!(
                    "« {} » est d’un niveau plus étroit ({}) : rattachez ce lieu plus haut.",
                    above.name,
                    above.level.label()
                );
                Err(Refusal::field("wrong_level", "parent", sentence))
            }
            _ => Ok(()),
        }
    }

    fn may_go(asked: &Asked<'_>) -> Result<(), Refusal> {
        let register = &asked.state.register;
        let below = register.places.iter().any(|(_, place)| place.parent == Some(asked.subject));
        if below || register.units.iter().any(|(_, unit)| unit.site == Some(asked.subject)) {
            let sentence = "Des lieux ou des unités y sont rattachés : rattachez-les ailleurs, puis retirez celui-ci.";
            return Err(Refusal::new("still_used", sentence));
        }
        Ok(())
    }
}

impl Rules for Unit {
    fn there(register: &Register, id: SubjectId) -> (bool, usize) {
        (register.units.get(&id).is_some(), register.units.ever())
    }

    fn right(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        text_within("name", &self.name, NAME_CHARS_MAX)?;
        at_most("code", &self.code, CODE_CHARS_MAX)?;
        place_known(&asked.state.register, "site", self.site)?;
        at_most("pole", &self.pole, NAME_CHARS_MAX)?;
        capacity("beds", self.beds)?;
        capacity("places", self.places)?;
        capacity("posts", self.posts)?;
        phone("phone", &self.phone)
    }
}

impl Rules for Card {
    fn there(register: &Register, id: SubjectId) -> (bool, usize) {
        let there = register.people.get(&ActorId(id.0)).is_some_and(|person| person.card().is_some());
        (there, register.people.len())
    }

    fn right(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        text_within("name", &self.name, NAME_CHARS_MAX)?;
        at_most("code", &self.code, CODE_CHARS_MAX)?;
        at_most("function", &self.function, NAME_CHARS_MAX)?;
        phone("phone", &self.phone)?;
        phone("mobile", &self.mobile)?;
        at_most("email", &self.email, EMAIL_CHARS_MAX)?;
        if !self.email.is_empty() && !self.email.contains('@') {
            return Err(Refusal::field("no_email", "email", "Il manque le signe @ : corrigez l’adresse ou laissez vide."));
        }
        at_most("notes", &self.notes, NOTES_CHARS_MAX)?;
        match self.unit {
            Some(unit) if asked.state.register.units.get(&unit).is_none() => {
                Err(Refusal::field("unknown_unit", "unit", "Cette unité n’est pas dans l’annuaire : choisissez-en une autre."))
            }
            _ => Ok(()),
        }
    }

    fn may_go(asked: &Asked<'_>) -> Result<(), Refusal> {
        match asked.state.register.role(&ActorId(asked.subject.0)) {
            Some(_) => {
                let sentence = "Cette personne a encore un rôle dans Plan Blanc : retirez-lui d’abord son rôle, puis sa fiche.";
                Err(Refusal::new("still_used", sentence))
            }
            None => Ok(()),
        }
    }
}

impl Rules for Function {
    fn there(register: &Register, id: SubjectId) -> (bool, usize) {
        (register.functions.get(&id).is_some(), register.functions.ever())
    }

    fn right(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        text_within("key", &self.key, CODE_CHARS_MAX)?;
        if asked.subject != function_id(&self.key) {
            return Err(Refusal::field("wrong_key", "key", "La clé d’une fonction ne change pas : ajoutez-en une autre."));
        }
        text_within("label", &self.label, NAME_CHARS_MAX)?;
        at_most("mission", &self.mission, NOTES_CHARS_MAX)?;
        if self.deputies.len() > DEPUTIES_MAX {
            return Err(Refusal::field("too_many", "deputies", format!("Une fonction a {DEPUTIES_MAX} suppléants au plus.")));
        }
        let register = &asked.state.register;
        self.holder.map_or(Ok(()), |holder| person_known(register, "holder", holder))?;
        self.deputies.iter().try_for_each(|deputy| person_known(register, "deputies", *deputy))?;
        let repeated = |at: usize, actor: &ActorId| self.holder == Some(*actor) || self.deputies[..at].contains(actor);
        if self.deputies.iter().enumerate().any(|(at, actor)| repeated(at, actor)) {
            let sentence = "La même personne y figure deux fois : un suppléant est quelqu’un d’autre.";
            return Err(Refusal::field("twice", "deputies", sentence));
        }
        Ok(())
    }
}

impl Rules for Turn {
    fn allowed(asked: &Asked<'_>) -> Result<(), Refusal> {
        let sentence = "Le calendrier d’astreinte se tient par un secrétaire de cellule, un administrateur ou la direction.";
        ranks(&asked.state.register, asked.author, DUTY_RANK, "not_secretary", sentence)
    }

    fn there(register: &Register, id: SubjectId) -> (bool, usize) {
        (register.turns.get(&id).is_some(), register.turns.ever())
    }

    fn right(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        text_within("list", &self.list, NAME_CHARS_MAX)?;
        text_within("name", &self.name, NAME_CHARS_MAX)?;
        self.person.map_or(Ok(()), |actor| person_known(&asked.state.register, "person", actor))?;
        phone("phone", &self.phone)?;
        if self.until <= self.from {
            return Err(Refusal::field("ends_before", "until", "Ce tour finit avant de commencer : vérifiez les dates."));
        }
        if self.until.saturating_sub(self.from) > TURN_DAYS_MAX * DAY_MS {
            let sentence = format!("Un tour dure {TURN_DAYS_MAX} jours au plus : faites-en plusieurs.");
            return Err(Refusal::field("too_long", "until", sentence));
        }
        Ok(())
    }
}

impl Rules for Partner {
    fn there(register: &Register, id: SubjectId) -> (bool, usize) {
        (register.partners.get(&id).is_some(), register.partners.ever())
    }

    fn right(&self, _: &Asked<'_>) -> Result<(), Refusal> {
        text_within("name", &self.name, NAME_CHARS_MAX)?;
        at_most("code", &self.code, CODE_CHARS_MAX)?;
        at_most("kind", &self.kind, NAME_CHARS_MAX)?;
        at_most("why", &self.why, NOTES_CHARS_MAX)?;
        at_most("when_to_call", &self.when_to_call, NOTES_CHARS_MAX)?;
        phone("phone", &self.phone)?;
        phone("phone_2", &self.phone_2)?;
        at_most("email", &self.email, EMAIL_CHARS_MAX)?;
        at_most("hours", &self.hours, NAME_CHARS_MAX)?;
        at_most("notes", &self.notes, NOTES_CHARS_MAX)
    }
}

impl Checked for PartnerVerified {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let register = &asked.state.register;
        let sentence = "Un observateur lit l’annuaire sans le changer : dites-le au secrétaire de cellule.";
        ranks(register, asked.author, Role::Member.rank(), "observer", sentence)?;
        if register.partners.get(&asked.subject).is_none() {
            return Err(Refusal::new("unknown_record", "Ce partenaire n’est pas, ou n’est plus, dans l’annuaire."));
        }
        at_most("by", &self.by, NAME_CHARS_MAX)?;
        at_most("phone", &self.phone, PHONE_CHARS_MAX)
    }
}

impl Rules for Provider {
    fn there(register: &Register, id: SubjectId) -> (bool, usize) {
        (register.providers.get(&id).is_some(), register.providers.ever())
    }

    fn right(&self, _: &Asked<'_>) -> Result<(), Refusal> {
        text_within("name", &self.name, NAME_CHARS_MAX)?;
        at_most("code", &self.code, CODE_CHARS_MAX)?;
        at_most("what_for", &self.what_for, NOTES_CHARS_MAX)?;
        at_most("applications", &self.applications, NOTES_CHARS_MAX)?;
        at_most("contract", &self.contract, NAME_CHARS_MAX)?;
        at_most("vehicle", &self.vehicle, NAME_CHARS_MAX)?;
        phone("phone", &self.phone)?;
        at_most("email", &self.email, EMAIL_CHARS_MAX)?;
        at_most("hours", &self.hours, NAME_CHARS_MAX)
    }
}

/// A verification claims a day that has not come: a slip of the keyboard. The rules of the journal read no clock, so whoever takes the
/// form asks this first.
///
/// # Errors
/// A refusal about `on`.
pub fn not_in_the_future(on: Day, today: Day) -> Result<(), Refusal> {
    if today.days_until(on) <= 1 {
        return Ok(());
    }
    Err(Refusal::field("future", "on", "Ce jour n’est pas encore venu : vérifiez la date."))
}
