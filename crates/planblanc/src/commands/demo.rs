//! `planblanc demo`: a fictional hospital in the middle of its crisis, on this machine only.

use crate::commands::serve::{self, Service};
use crate::failure::{Failure, Outcome};
use crate::{platform, seed};
use std::path::PathBuf;
use store::Folder;

/// Demonstration shown when none is named.
const DEMONSTRATION: &str = "valmont";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Port sur ce poste
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Dossier de données ; créé s’il n’existe pas, retrouvé sinon
    #[arg(long, value_name = "DOSSIER")]
    data: Option<PathBuf>,
    /// Une région de cent établissements (pas encore disponible)
    #[arg(long)]
    region: bool,
}

pub(crate) fn run(args: &Args) -> Outcome {
    if args.region {
        return Err(Failure {
            sentence: "la région de démonstration n’est pas encore disponible : lancez sans --region".to_owned(),
            code: 2,
        });
    }
    let folder = Folder::at(args.data.clone().unwrap_or_else(platform::demo_dir));
    if !folder.has_journal() {
        make(&folder)?;
    }
    serve::run_service(Service { folder, port: args.port, demo: true })
}

/// Makes the demonstration beside its place, then puts it there whole: a start cut short leaves nothing half-made.
fn make(folder: &Folder) -> Result<(), Failure> {
    let partial = Folder::at(format!("{}.partiel", folder.path().display()));
    if partial.path().exists() {
        std::fs::remove_dir_all(partial.path()).map_err(Failure::file(partial.path()))?;
    }
    seed::make(&partial, &serve::options(), DEMONSTRATION)?;
    if folder.path().is_dir() {
        // Only an empty folder gives way.
        std::fs::remove_dir(folder.path()).map_err(Failure::file(folder.path()))?;
    }
    std::fs::rename(partial.path(), folder.path()).map_err(Failure::file(folder.path()))
}
