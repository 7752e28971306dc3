//! Founding: the first account, then the journal. The journal appears whole or not at all, and with it the establishment.

use super::entered::Wanted;
use crate::password;
use domain::register::Role;
use domain::{Event, State};
use journal::certificate::Mode;
use journal::write::Draft;
use journal::{ActorId, AuthorityAct, SubjectId};
use std::fs::File;
use std::path::{Path, PathBuf};
use store::access::Access;
use store::ledger::Founding;
use store::{Env, Folder, Ledger, Options, StoreError, platform};

/// Stands in a folder from its first start until it is founded: whatever else is there may then be made again.
const MARK: &str = "premier-demarrage";

/// What founding needs of the folder.
pub(super) struct Ground {
    pub(super) folder: Folder,
    pub(super) options: Options,
    pub(super) env: Env,
}

/// Prepares an empty folder, or one whose first start was cut short, and takes it.
///
/// # Errors
/// A sentence: the folder holds something else, somebody else has it, or what the system says.
pub(super) fn begin(folder: &Folder) -> Result<File, String> {
    let mark = folder.path().join(MARK);
    if !mark.exists() && !is_empty(folder.path()).map_err(|error| format!("{} : {error}", folder.path().display()))? {
        return Err(format!(
            "le dossier {} n’est pas vide et ne contient pas de journal Plan Blanc : vérifiez le chemin, choisissez un dossier vide \
            pour mettre en service un établissement, ou restaurez une sauvegarde avec « planblanc restore »",
            folder.path().display()
        ));
    }
    std::fs::create_dir_all(folder.path()).map_err(|error| format!("{} : {error}", folder.path().display()))?;
    if !mark.exists() {
        platform::write_private(&mark, b"").map_err(|error| format!("{} : {error}", mark.display()))?;
    }
    folder.create().and_then(|()| folder.lock()).map_err(|error| error.to_string())
}

/// Forgets that a folder was being prepared: its journal is there.
pub(super) fn end(folder: &Folder) {
    let mark = folder.path().join(MARK);
    if mark.exists()
        && let Err(error) = std::fs::remove_file(&mark)
    {
        tracing::warn!(%error, "the mark of the first start stays");
    }
}

fn is_empty(path: &Path) -> std::io::Result<bool> {
    match std::fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// Founds the establishment and opens it. `lock` is let go for the founding, which takes it itself, and taken back if
/// that fails. Where the journal is there already, it is only opened.
///
/// # Errors
/// What the system says; nothing is founded then.
pub(super) fn found(ground: &Ground, wanted: &Wanted, lock: &mut Option<File>) -> Result<(Ledger<State>, Access), StoreError> {
    let Ground { folder, options, env } = ground;
    if !folder.has_journal() {
        let actor = ActorId(env.bytes());
        account(ground, wanted, actor)?;
        *lock = None;
        let founding = Founding { mode: Mode::Real, device: wanted.device.clone(), drafts: drafts(wanted, actor) };
        if let Err(error) = Ledger::<State>::found(folder, founding, env, options) {
            *lock = folder.lock().ok();
            return Err(error);
        }
    }
    *lock = None;
    end(folder);
    Ok((Ledger::open(folder, env.clone(), options.clone())?, Access::open(folder)?))
}

/// Makes the first account, and forgets one that a start cut short would have left.
fn account(ground: &Ground, wanted: &Wanted, actor: ActorId) -> Result<(), StoreError> {
    let database = ground.folder.access_db();
    for suffix in ["-wal", "-shm", ""] {
        let path = PathBuf::from(format!("{}{suffix}", database.display()));
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(StoreError::io(path)(error)),
            _ => {}
        }
    }
    let phc = password::hash(&wanted.password, &ground.env.bytes()).map_err(StoreError::Failed)?;
    Access::open(&ground.folder)?.create_account(actor, &wanted.login, Some(&phc))
}

/// The role first: whoever holds it may then name the rest.
fn drafts(wanted: &Wanted, actor: ActorId) -> Vec<Draft> {
    let role = Role::Direction;
    vec![
        Draft::of_act(&AuthorityAct::RoleGranted { actor, role: role.name().to_owned(), rank: role.rank() }),
        Event::EstablishmentNamed(wanted.establishment.clone()).draft(SubjectId([0; 16])),
        Event::PersonNamed(wanted.person.clone()).draft(SubjectId(actor.0)),
    ]
}
