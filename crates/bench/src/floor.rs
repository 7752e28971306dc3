//! The ground floor alone: verification and refolding, per core.

use crate::figure::Figure;
use crate::{Problem, cpu};
use domain::crisis::event::{CrisisOpened, EntryType, Level, Logged};
use domain::register::Role;
use domain::{Event, State};
use journal::certificate::Mode;
use journal::write::{Author, Draft};
use journal::{ActorId, Auth, AuthorityAct, Fold, RequestId, SubjectId};
use std::sync::Arc;
use store::ledger::Founding;
use store::{Env, Folder, Ledger, Options, Submission};

/// Entries in the measured journal.
const ENTRIES: usize = 30_000;

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(0)
}

/// The system's clock and chance.
pub(crate) fn environment() -> Env {
    let random = |bytes: &mut [u8]| assert!(getrandom::fill(bytes).is_ok(), "no randomness");
    Env { now_ms: Arc::new(now_ms), random: Arc::new(random) }
}

pub(crate) fn run() -> Result<Vec<Figure>, Problem> {
    let dir = tempfile::tempdir()?;
    let folder = Folder::at(dir.path().join("data"));
    fill(&folder)?;
    let me = std::process::id();
    let connection = store::schema::open_reader(&folder.journal_db())?;
    let id = store::rows::journal_id(&connection)?.ok_or("no journal")?;
    let before = cpu::seconds(me)?;
    let loaded = store::load::load::<State>(&connection, id, &State::default())?;
    let refold_s = cpu::seconds(me)? - before;
    let entries = loaded.journal.dag().len() as f64;
    assert!(loaded.damage.is_none(), "a fresh journal is whole");
    drop(loaded);
    let before = cpu::seconds(me)?;
    let verified = store::verify::verify(&folder, State::NEVER_ERASED, None, &[], |_, _| {})?;
    let verify_s = cpu::seconds(me)? - before;
    assert!(verified.report.findings.is_empty(), "a fresh journal is whole");
    let figure =
        |figure, value, peer_value| Figure { bench: "journal", figure, value, unit: "/s", peer: "bound asked", peer_value };
    Ok(vec![figure("verify_per_s_core", entries / verify_s, 7_000.0), figure("refold_per_s_core", entries / refold_s, 100_000.0)])
}

/// A journal of believable entries, written through the ledger.
fn fill(folder: &Folder) -> Result<(), Problem> {
    let env = environment();
    let (actor, crisis) = (ActorId(env.bytes()), SubjectId(env.bytes()));
    let role = Role::Direction;
    let act = AuthorityAct::RoleGranted { actor, role: role.name().to_owned(), rank: role.rank() };
    let founding = Founding { mode: Mode::Exercise, device: "banc".to_owned(), drafts: vec![Draft::of_act(&act)] };
    Ledger::<State>::found(folder, founding, &env, &Options::default())?;
    let ledger = Ledger::<State>::open(folder, env.clone(), Options::default())?;
    let author = Author { actor, auth: Auth::Password };
    let opened = CrisisOpened {
        title: "Banc".to_owned(),
        level: Level::Crisis,
        occurred_at: None,
        known_at: None,
        ..CrisisOpened::default()
    };
    let request = |drafts| Submission { request: RequestId(env.bytes()), author, drafts };
    ledger.submit_wait(request(vec![Event::CrisisOpened(opened).draft(crisis)]))?;
    let draft = |nth: usize| {
        let text =
            format!("Entrée n° {nth} : pharmacie, stock manuel ouvert, deux isolateurs en marche, bons portés par coursier.");
        Logged::new(EntryType::ALL[nth % EntryType::ALL.len()], text).into_event().draft(crisis)
    };
    for batch in 0..ENTRIES / 100 {
        ledger.submit_wait(request((0..100).map(|nth| draft(batch * 100 + nth)).collect()))?;
    }
    Ok(())
}
