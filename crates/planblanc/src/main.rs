//! The command: thin; every subcommand is one file of `commands`.

mod commands;
mod environment;
mod failure;
mod platform;
mod progress;
mod seed;
mod tls;

use clap::{Parser, Subcommand};
use failure::Failure;
use std::process::ExitCode;

/// Plan Blanc : préparer, jouer, conduire et prouver la réponse d’un établissement de santé à une cyberattaque.
#[derive(Parser)]
#[command(name = "planblanc", version, propagate_version = true, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Ouvre un hôpital fictif en pleine crise, pour essayer (sur ce poste seulement)
    Demo(commands::demo::Args),
    /// Sert l’établissement d’un dossier de données
    Serve(commands::serve::Args),
    /// Prouve que personne n’a touché au journal : 0 entier, 1 altéré, 2 illisible
    Verify(commands::verify::Args),
    /// Scelle l’état présent du journal dans un fichier témoin, à garder ailleurs
    Witness(commands::witness::Args),
    /// Sauvegarde un dossier de données, serveur en marche ou non
    Backup(commands::backup::BackupArgs),
    /// Restaure une sauvegarde dans un dossier vide
    Restore(commands::backup::RestoreArgs),
    /// Écrit dans un fichier toutes les entrées du journal, ou la carte
    Export(commands::exchange::ExportArgs),
    /// Prend en compte des fichiers venus d’ailleurs
    Import(commands::exchange::ImportArgs),
    /// Gère les comptes
    Account(commands::account::Args),
    /// Examine le contenu livré avec le programme
    Content(commands::content::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    environment::start_logs();
    let outcome = match cli.command {
        Command::Demo(args) => commands::demo::run(&args),
        Command::Serve(args) => commands::serve::run(&args),
        Command::Verify(args) => commands::verify::run(&args),
        Command::Witness(args) => commands::witness::run(&args),
        Command::Backup(args) => commands::backup::backup(&args),
        Command::Restore(args) => commands::backup::restore(&args),
        Command::Export(args) => commands::exchange::export(&args),
        Command::Import(args) => commands::exchange::import(&args),
        Command::Account(args) => commands::account::run(&args),
        Command::Content(args) => commands::content::run(&args),
    };
    outcome.unwrap_or_else(|Failure { sentence, code }| {
        eprintln!("planblanc : {sentence}");
        ExitCode::from(code)
    })
}
