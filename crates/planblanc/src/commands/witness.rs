//! `planblanc witness`: seals the present heads in a file, for `verify --against` later.

use crate::environment;
use crate::failure::{Failure, Outcome};
use domain::State;
use journal::witness::Witness;
use journal::{Fold, words};
use std::path::PathBuf;
use std::process::ExitCode;
use store::{Folder, StoreError, load, rows, schema};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Dossier de données, serveur en marche ou non
    #[arg(long, value_name = "DOSSIER")]
    data: PathBuf,
    /// Fichier témoin à écrire, à garder hors de ce poste
    #[arg(long, value_name = "FICHIER")]
    out: PathBuf,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let folder = Folder::at(&args.data);
    if !folder.has_journal() {
        return Err(StoreError::NoJournal(args.data.clone()).into());
    }
    let connection = schema::open_reader(&folder.journal_db())?;
    let id = rows::journal_id(&connection)?.ok_or_else(|| StoreError::NoJournal(args.data.clone()))?;
    let loaded = load::load::<State>(&connection, id, &State::default())?;
    if let Some(damage) = loaded.damage {
        return Err(Failure::new(format!("le journal ne peut pas être scellé : {damage}")));
    }
    let heads: Vec<_> = loaded.journal.dag().heads().iter().copied().collect();
    let entries = loaded.journal.dag().len() as u64;
    let device = folder.read_key("device.key")?;
    let witness = Witness::sign(id, heads.clone(), loaded.state.root(), entries, environment::now_ms(), &device);
    let text = serde_json::to_string_pretty(&witness).map_err(|error| Failure::new(error.to_string()))?;
    store::platform::write_private(&args.out, text.as_bytes()).map_err(Failure::file(&args.out))?;
    println!("Témoin de {entries} entrées écrit dans {}.", args.out.display());
    for head in heads {
        println!("Mots : {}", words::words(&head).join(" · "));
    }
    Ok(ExitCode::SUCCESS)
}
