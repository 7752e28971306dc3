//! May this be recorded in the register, now, by this author?

use super::event::{EstablishmentNamed, PersonNamed};
use super::{Register, Role};
use crate::capability::{Asked, Checked};
use crate::refusal::{Refusal, text_within};
use journal::AuthorityAct;
use journal::authority::{ADMIN_RANK, TEXT_CHARS_MAX};
use journal::engine::PROGRAM;
use journal::write::Author;

/// Most characters of a name.
pub const NAME_CHARS_MAX: usize = 120;

/// Only the first entries of a journal, and administrators, touch the register.
fn administers(register: &Register, author: &Author) -> Result<(), Refusal> {
    let founding = author.actor == PROGRAM && register.people.values().all(|p| p.role.is_none());
    let senior = register.role(&author.actor).is_some_and(|role| role.rank() >= ADMIN_RANK);
    if founding || senior {
        return Ok(());
    }
    Err(Refusal::new("not_administrator", "Seuls la direction et l’administrateur peuvent faire cela : demandez-leur."))
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

impl Checked for EstablishmentNamed {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        administers(&asked.state.register, asked.author)?;
        text_within("name", &self.name, NAME_CHARS_MAX)?;
        text_within("time_zone", &self.time_zone, NAME_CHARS_MAX)
    }
}

impl Checked for PersonNamed {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        administers(&asked.state.register, asked.author)?;
        text_within("name", &self.name, NAME_CHARS_MAX)?;
        text_within("function", &self.function, NAME_CHARS_MAX)
    }
}
