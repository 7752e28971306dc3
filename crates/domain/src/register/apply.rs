//! State of the register after an event.

use super::event::{EstablishmentNamed, PersonNamed};
use super::{Register, Role};
use crate::capability::Applies;
use crate::state::State;
use journal::authority::ADMIN_RANK;
use journal::{ActorId, AuthorityAct, Seen};

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
        if entry.standing.has_rank(ADMIN_RANK) {
            state.register.establishment = self.name;
            state.register.time_zone = self.time_zone;
        }
    }
}

impl Applies for PersonNamed {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if entry.standing.has_rank(ADMIN_RANK) {
            let person = state.register.people.entry(ActorId(entry.header.subject.0)).or_default();
            person.name = self.name;
            person.function = self.function;
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
        let establishment = EstablishmentNamed { name: "CH de Valmont".to_owned(), time_zone: "Europe/Paris".to_owned() };
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
