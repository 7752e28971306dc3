//! `planblanc backup` and `planblanc restore`.

use crate::failure::Outcome;
use crate::{environment, progress};
use std::path::PathBuf;
use std::process::ExitCode;
use store::{Folder, backup};

#[derive(clap::Args)]
pub(crate) struct BackupArgs {
    /// Dossier de données, serveur en marche ou non
    #[arg(long, value_name = "DOSSIER")]
    data: PathBuf,
    /// Dossier de la sauvegarde, qui ne doit pas exister encore
    #[arg(long, value_name = "DOSSIER")]
    out: PathBuf,
}

#[derive(clap::Args)]
pub(crate) struct RestoreArgs {
    /// Dossier de la sauvegarde
    #[arg(long, value_name = "DOSSIER")]
    from: PathBuf,
    /// Dossier de données à créer
    #[arg(long, value_name = "DOSSIER")]
    data: PathBuf,
}

pub(crate) fn backup(args: &BackupArgs) -> Outcome {
    let bar = progress::bar("sauvegarde");
    let manifest = backup::backup(&Folder::at(&args.data), &args.out, environment::now_ms(), |done, total| {
        progress::show(&bar, done, total)
    });
    bar.finish_and_clear();
    let manifest = manifest?;
    println!("Sauvegarde de {} entrées dans {}. Elle contient les clés : au coffre.", manifest.entries, args.out.display());
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn restore(args: &RestoreArgs) -> Outcome {
    let bar = progress::bar("restauration");
    let manifest = backup::restore(&args.from, &Folder::at(&args.data), |done, total| progress::show(&bar, done, total));
    bar.finish_and_clear();
    let manifest = manifest?;
    println!(
        "{} entrées restaurées dans {}. La prochaine ouverture commencera une nouvelle chaîne.",
        manifest.entries,
        args.data.display()
    );
    Ok(ExitCode::SUCCESS)
}
