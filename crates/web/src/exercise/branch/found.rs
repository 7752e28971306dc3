//! Opens the branch of an exercise: its journal is founded beside the establishment's, then the opening is recorded there.

use super::{Running, running};
use crate::answer::Fault;
use crate::app::Shared;
use crate::record::{record, request_id};
use crate::session::{Visitor, on_disk};
use domain::Event;
use domain::State;
use domain::exercise::Exercise;
use domain::exercise::event::Opened;
use journal::certificate::{ChainOpened, Mode};
use journal::write::Draft;
use journal::{AuthorityAct, EntryId, JournalId, SubjectId};
use std::sync::Arc;
use store::ledger::{Founding, REQUEST_ENTRIES_MAX};
use store::{Folder, Ledger, Options, Ruled, StoreError, rows, schema};

/// Opens the branch. `carried`: the request id of the form; `despite`: a real crisis is known to run.
///
/// # Errors
/// Why the exercise may not be opened now; nothing remains half-open.
pub(crate) async fn open(
    home: &Shared,
    visitor: &Visitor,
    exercise: SubjectId,
    carried: &str,
    despite: bool,
) -> Result<Arc<Running>, Fault> {
    let view = &visitor.view;
    let opened = |branch, heads| Opened { branch, heads, during_crisis: despite };
    // Asked before anything is founded: the rules do not look at the journal's name.
    let asked = Event::ExerciseOpened(opened(home.ledger.id(), view.heads.clone())).draft(exercise);
    view.state.check(&visitor.author(), &asked)?;
    let known = view.state.exercises.all.get(&exercise).ok_or_else(Fault::not_found)?;
    let founding = Founding { mode: Mode::Exercise, device: "salle d’exercice".to_owned(), drafts: roles(&view.state, known) };
    let heads = view.heads.clone();
    let founded = on_disk(home, move |home| {
        let folder = home.ledger.folder().branch(&exercise.to_string());
        if !folder.has_journal() {
            Ledger::<State>::found_branch(&folder, founding, heads, &home.env, &Options::default())?;
        }
        // A branch that was founded when the machine stopped is taken up again, from where it starts.
        branch_of(&folder)
    });
    let (branch, heads) = founded.await.map_err(|error| Fault::from(&error))?;
    let draft = Event::ExerciseOpened(opened(branch, heads)).draft(exercise);
    let request = request_id(carried, &visitor.author(), &draft);
    record(home, view, visitor.author(), request, vec![draft]).await?;
    let running = running(home, branch).await.map_err(|error| Fault::from(&error))?;
    running.ok_or_else(Fault::not_found)
}

/// A branch's journal, and the entries of the establishment's that it starts from, as its first entry says.
fn branch_of(folder: &Folder) -> Result<(JournalId, Vec<EntryId>), StoreError> {
    let connection = schema::open_reader(&folder.journal_db())?;
    let openings = rows::openings(&connection)?;
    let body = openings.into_iter().find_map(|stored| stored.entry.ok()?.body);
    let opened = body.and_then(|body| serde_json::from_slice::<ChainOpened>(&body.bytes).ok());
    let opened = opened.ok_or_else(|| StoreError::NoJournal(folder.path().to_owned()))?;
    Ok((rows::known_journal_id(&connection)?, opened.branch_of))
}

/// Roles in the branch, of everybody who has one.
fn roles(state: &State, exercise: &Exercise) -> Vec<Draft> {
    let people =
        state.register.people.iter().filter_map(|(actor, person)| Some((*actor, exercise.role_inside(actor, person.role?))));
    let granted =
        people.map(|(actor, role)| AuthorityAct::RoleGranted { actor, role: role.name().to_owned(), rank: role.rank() });
    granted.take(REQUEST_ENTRIES_MAX - 1).map(|act| Draft::of_act(&act)).collect()
}
