//! An inventory of a region brought to the map: read, compared, recorded durably, folded; in a process of its own, so that
//! its peak of memory is its own.

use crate::figure::Figure;
use crate::{Problem, floor};
use domain::State;
use domain::register::Role;
use formats::plan::plan;
use formats::sheet::{guess, read, source};
use journal::certificate::Mode;
use journal::entry::sha256;
use journal::write::{Author, Draft};
use journal::{ActorId, Auth, AuthorityAct, RequestId, SubjectId};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use store::ledger::Founding;
use store::{Folder, Ledger, Options, Submission};

const ELEMENTS: usize = 50_000;
const LINKS_EACH: usize = 4;
const ACTOR: ActorId = ActorId([1; 16]);
const FILES: [&str; 2] = ["elements.csv", "liens.csv"];

/// Makes the files and the establishment, then measures a child that imports them.
pub(crate) fn run(print: &dyn Fn(Figure)) -> Result<(), Problem> {
    let dir = tempfile::tempdir()?;
    for (name, text) in FILES.into_iter().zip([elements()?, links()?]) {
        std::fs::write(dir.path().join(name), text)?;
    }
    found(&Folder::at(dir.path().join("data")))?;
    let output = Command::new(std::env::current_exe()?).arg("--import-child").arg(dir.path()).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let mut values = text.split_whitespace().map(str::parse::<f64>);
    let mut next = || values.next().ok_or("the child said nothing")?.map_err(|error| error.to_string());
    let (seconds, mebibytes) = (next()?, next()?);
    let figure =
        |figure, value, unit, peer_value| Figure { bench: "impact", figure, value, unit, peer: "bound asked", peer_value };
    print(figure("import_50k_s", seconds, "s", 5.0));
    print(figure("import_50k_mb", mebibytes, "MiB", 300.0));
    Ok(())
}

fn elements() -> Result<String, Problem> {
    let mut text = "Nom;Sorte;Identifiant externe;Responsable;Zone réseau;Description\n".to_owned();
    let kinds = ["application", "serveur logique", "base de données", "serveur physique", "poste de travail"];
    for nth in 0..ELEMENTS {
        let kind = kinds[nth % kinds.len()];
        writeln!(text, "Élément {nth};{kind};inventaire/{nth};Équipe {};Zone {};Repris de l’inventaire", nth % 40, nth % 12)?;
    }
    Ok(text)
}

fn links() -> Result<String, Problem> {
    let mut text = "Source;Cible;Relation\n".to_owned();
    for nth in 0..ELEMENTS {
        for link in 1..=LINKS_EACH {
            // Spread over the whole inventory, never onto itself.
            let target = (nth + link * 7_919) % ELEMENTS;
            writeln!(text, "Élément {nth};Élément {target};a besoin de")?;
        }
    }
    Ok(text)
}

fn found(folder: &Folder) -> Result<(), Problem> {
    let role = Role::Direction;
    let act = AuthorityAct::RoleGranted { actor: ACTOR, role: role.name().to_owned(), rank: role.rank() };
    let founding = Founding { mode: Mode::Exercise, device: "banc".to_owned(), drafts: vec![Draft::of_act(&act)] };
    Ledger::<State>::found(folder, founding, &floor::environment(), &Options::default())?;
    Ok(())
}

/// The child: prints seconds, from the first byte read to the published view, and its peak of memory in mebibytes.
pub(crate) fn child(dir: &Path) -> Result<(), Problem> {
    let env = floor::environment();
    let ledger = Ledger::<State>::open(&Folder::at(dir.join("data")), env.clone(), Options::default())?;
    let begun = Instant::now();
    let mut whole = None;
    for name in FILES {
        let sheet = read(&std::fs::read(dir.join(name))?, name)?;
        let said = source(&sheet, &guess(&sheet.heads), name);
        whole = Some(match whole {
            None => said,
            Some(before) => formats::source::Source::join(before, said),
        });
    }
    let whole = whole.ok_or("no file")?;
    let fresh = |key: &str| {
        let mut id = [0; 16];
        id.copy_from_slice(&sha256(key.as_bytes()).0[..16]);
        SubjectId(id)
    };
    let planned = plan(&ledger.view().state, &whole, &fresh);
    assert!(planned.faults.is_empty(), "a sound inventory has no fault: {:?}", planned.faults.first());
    let drafts = planned.drafts(&whole, SubjectId(env.bytes()));
    drop((planned, whole));
    let author = Author { actor: ACTOR, auth: Auth::Password };
    ledger.submit_wait(Submission { request: RequestId(env.bytes()), author, drafts })?;
    let seconds = begun.elapsed().as_secs_f64();
    let view = ledger.view();
    let needs: usize = view.state.cartography.assets().iter().map(|asset| asset.now().needs.len()).sum();
    assert_eq!((view.state.cartography.assets.len(), needs), (ELEMENTS, ELEMENTS * LINKS_EACH), "all came");
    println!("{seconds} {}", peak_mebibytes()?);
    Ok(())
}

/// Peak of resident memory of this process.
fn peak_mebibytes() -> Result<f64, Problem> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let kibibytes: f64 = line.split_whitespace().next().ok_or("no VmHWM")?.parse()?;
    Ok(kibibytes / 1024.0)
}
