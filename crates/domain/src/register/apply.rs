//! State of the register after an event.

use super::event::{EstablishmentNamed, PersonNamed};
use super::{Register, Role};
use journal::{ActorId, AuthorityAct, Seen};

/// Roles, as authority grants and withdraws them.
pub(crate) fn act(register: &mut Register, entry: &Seen<'_>, act: &AuthorityAct) {
    if !entry.standing.has_authority() {
        return;
    }
    match act {
        AuthorityAct::RoleGranted { actor, role, .. } => {
            register.people.entry(*actor).or_default().role = Role::from_name(role);
        }
        AuthorityAct::RoleWithdrawn { actor, .. } => {
            register.people.entry(*actor).or_default().role = None;
        }
        _ => {}
    }
}

pub(crate) fn establishment_named(register: &mut Register, entry: &Seen<'_>, event: EstablishmentNamed) {
    if entry.standing.has_authority() {
        register.establishment = event.name;
        register.time_zone = event.time_zone;
    }
}

pub(crate) fn person_named(register: &mut Register, entry: &Seen<'_>, event: PersonNamed) {
    if entry.standing.has_authority() {
        let person = register.people.entry(ActorId(entry.header.subject.0)).or_default();
        person.name = event.name;
        person.function = event.function;
    }
}
