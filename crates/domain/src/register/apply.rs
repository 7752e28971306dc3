//! State of the register after an event. Total: anything may come, in any order, from anybody.

use super::event::{Card, EstablishmentNamed, Function, Partner, PartnerVerified, PersonNamed, Place, Provider, Set, Turn, Unit};
use super::table::{Table, write};
use super::{Register, Role, Verification};
use crate::capability::Applies;
use crate::state::State;
use crate::versions::Versions;
use journal::authority::ADMIN_RANK;
use journal::{ActorId, AuthorityAct, Seen};
use std::sync::Arc;

/// Roles, as authority grants and withdraws them.
pub(crate) fn act(register: &mut Register, entry: &Seen<'_>, act: &AuthorityAct) {
    if !entry.standing.has_authority() {
        return;
    }
    match act {
        AuthorityAct::RoleGranted { actor, role, rank } => {
            // A name that claims another rank than its own is no role of ours.
            let role = Role::from_name(role).filter(|known| known.rank() == *rank);
            register.people.entry(*actor).or_default().role = role;
        }
        AuthorityAct::RoleWithdrawn { actor, .. } => {
            register.people.entry(*actor).or_default().role = None;
        }
        _ => {}
    }
}

impl Applies for EstablishmentNamed {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if !entry.standing.has_rank(ADMIN_RANK) {
            return;
        }
        let register = &mut state.register;
        match &mut register.identity {
            Some(identity) => {
                // Version 1 named no write: it replaced what was there.
                let older = entry.header.kind_version < 2;
                let supersedes = if older { identity.seen() } else { self.supersedes.clone() };
                Arc::make_mut(identity).write(entry, self, supersedes);
            }
            None => register.identity = Some(Arc::new(Versions::new(entry, self))),
        }
        if let Some(current) = register.identity.as_deref().map(|identity| identity.current().value.clone()) {
            register.establishment = current.name;
            register.time_zone = current.time_zone;
            register.kind = current.kind;
            register.finess = current.finess;
        }
    }
}

impl Applies for PersonNamed {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if !entry.standing.has_rank(ADMIN_RANK) {
            return;
        }
        let person = state.register.people.get(&ActorId(entry.header.subject.0));
        let known = person.and_then(|person| person.card().cloned()).unwrap_or_default();
        let supersedes = person.and_then(|person| person.card.as_deref().map(Versions::seen)).unwrap_or_default();
        let value = Some(Card { name: self.name, function: self.function, ..known });
        Set { value, supersedes }.apply(state, entry);
    }
}

impl Applies for Set<Card> {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if !entry.standing.has_rank(ADMIN_RANK) {
            return;
        }
        let person = state.register.people.entry(ActorId(entry.header.subject.0)).or_default();
        write(&mut person.card, entry, self);
        // Who left keeps their name: the log speaks of them.
        if let Some(card) = person.card().cloned() {
            person.name = card.name;
            person.function = card.function;
        }
    }
}

/// Records kept in a table of the register.
trait Kept: Sized + Clone {
    /// Least rank of an author whose write counts.
    const RANK: u8 = ADMIN_RANK;

    fn table(register: &mut Register) -> &mut Table<Self>;
}

impl<T: Kept> Applies for Set<T> {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if entry.standing.has_rank(T::RANK) {
            T::table(&mut state.register).write(entry, self);
        }
    }
}

impl Kept for Place {
    fn table(register: &mut Register) -> &mut Table<Self> {
        &mut register.places
    }
}

impl Kept for Unit {
    fn table(register: &mut Register) -> &mut Table<Self> {
        &mut register.units
    }
}

impl Kept for Function {
    fn table(register: &mut Register) -> &mut Table<Self> {
        &mut register.functions
    }
}

impl Kept for Turn {
    const RANK: u8 = super::check::DUTY_RANK;

    fn table(register: &mut Register) -> &mut Table<Self> {
        &mut register.turns
    }
}

impl Kept for Partner {
    fn table(register: &mut Register) -> &mut Table<Self> {
        &mut register.partners
    }
}

impl Kept for Provider {
    fn table(register: &mut Register) -> &mut Table<Self> {
        &mut register.providers
    }
}

impl Applies for PartnerVerified {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if !entry.standing.has_rank(Role::Member.rank()) {
            return;
        }
        let all = state.register.verifications.entry(entry.header.subject).or_default();
        if all.iter().all(|known| known.id != entry.id) {
            let author = entry.header.author;
            all.push_back(Verification { id: entry.id, on: self.on, by: self.by, author, phone: self.phone });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::register::Role;
    use crate::register::event::{EstablishmentNamed, PersonNamed};
    use crate::{Event, State};
    use journal::write::Draft;
    use journal::{
        ActorId, Auth, AuthorityAct, ChainId, EntryId, Fold, Hash, Header, JournalId, RequestId, Seen, Standing, SubjectId,
    };

    const SOMEBODY: ActorId = ActorId([4; 16]);

    /// An entry that came by a merge: nobody checked it.
    fn comes(state: &mut State, draft: &Draft, standing: Standing) {
        let header = Header {
            journal: JournalId([0; 16]),
            chain: ChainId([0; 16]),
            seq: 0,
            prev: None,
            deps: Vec::new(),
            auth_head: None,
            hlc: 0,
            wall: 0,
            author: SOMEBODY,
            auth: Auth::Password,
            kind: draft.kind.clone(),
            kind_version: draft.kind_version,
            subject: draft.subject,
            request: RequestId([0; 16]),
            part: journal::header::Part::ONLY,
            body_hash: Hash([0; 32]),
            body_len: 0,
            blobs: Vec::new(),
        };
        state.apply(&Seen { id: EntryId([1; 32]), header: &header, body: Some(&draft.body), standing });
    }

    #[test]
    fn only_administrators_and_the_founding_program_name_the_establishment_and_its_people() {
        let establishment = EstablishmentNamed {
            name: "CH de Valmont".to_owned(),
            time_zone: "Europe/Paris".to_owned(),
            ..EstablishmentNamed::default()
        };
        let person = PersonNamed { name: "C. Lenoir".to_owned(), function: "secrétaire".to_owned() };
        let drafts = [
            Event::EstablishmentNamed(establishment).draft(SubjectId([0; 16])),
            Event::PersonNamed(person).draft(SubjectId(SOMEBODY.0)),
        ];
        let named = |standing| {
            let mut state = State::default();
            drafts.iter().for_each(|draft| comes(&mut state, draft, standing));
            !state.register.establishment.is_empty() || !state.register.people.is_empty()
        };
        assert!([Standing::Program, Standing::Full { rank: Role::Administrator.rank() }].into_iter().all(named));
        assert!(![Standing::NoRole, Standing::Full { rank: Role::Secretary.rank() }].into_iter().any(named));
    }

    #[test]
    fn a_role_under_a_false_rank_is_none() {
        let mut state = State::default();
        for (rank, role) in [(80, Some(Role::Direction)), (20, None)] {
            let act = AuthorityAct::RoleGranted { actor: SOMEBODY, role: "direction".to_owned(), rank };
            comes(&mut state, &Draft::of_act(&act), Standing::Full { rank: 80 });
            assert_eq!(state.register.role(&SOMEBODY), role);
        }
    }
}
