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
use journal::certificate::Mode;
use journal::write::Draft;
use journal::{AuthorityAct, SubjectId};
use std::sync::Arc;
use store::ledger::{Founding, REQUEST_ENTRIES_MAX};
use store::{Ledger, Options, Ruled, rows, schema};

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
    let opened = |branch| Opened { branch, heads: view.heads.clone(), during_crisis: despite };
    // Asked before anything is founded: the rules do not look at the journal's name.
    view.state.check(&visitor.author(), &Event::ExerciseOpened(opened(home.ledger.id())).draft(exercise))?;
    let known = view.state.exercises.all.get(&exercise).ok_or_else(Fault::not_found)?;
    let founding = Founding { mode: Mode::Exercise, device: "salle d’exercice".to_owned(), drafts: roles(&view.state, known) };
    let heads = view.heads.clone();
    let branch = on_disk(home, move |home| {
        let folder = home.ledger.folder().branch(&exercise.to_string());
        // A branch that was founded when the machine stopped is taken up again.
        if folder.has_journal() {
            return rows::known_journal_id(&schema::open_reader(&folder.journal_db())?);
        }
        Ledger::<State>::found_branch(&folder, founding, heads, &home.env, &Options::default())
    });
    let branch = branch.await.map_err(|error| Fault::from(&error))?;
    let draft = Event::ExerciseOpened(opened(branch)).draft(exercise);
    let request = request_id(carried, &visitor.author(), &draft);
    record(home, view, visitor.author(), request, vec![draft]).await?;
    let running = running(home, branch).await.map_err(|error| Fault::from(&error))?;
    running.ok_or_else(Fault::not_found)
}

/// Roles in the branch, of everybody who has one.
fn roles(state: &State, exercise: &Exercise) -> Vec<Draft> {
    let people =
        state.register.people.iter().filter_map(|(actor, person)| Some((*actor, exercise.role_inside(actor, person.role?))));
    let granted =
        people.map(|(actor, role)| AuthorityAct::RoleGranted { actor, role: role.name().to_owned(), rank: role.rank() });
    granted.take(REQUEST_ENTRIES_MAX - 1).map(|act| Draft::of_act(&act)).collect()
}
