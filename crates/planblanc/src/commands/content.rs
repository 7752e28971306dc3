//! `planblanc content lint`: checks the content shipped inside the program.

use crate::failure::{Failure, Outcome};
use clap::Subcommand;
use std::process::ExitCode;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Compte le contenu et nomme ce qui ne va pas : 0 sans défaut, 1 sinon
    Lint {
        /// Répond en JSON
        #[arg(long)]
        json: bool,
    },
}

pub(crate) fn run(args: &Args) -> Outcome {
    let Command::Lint { json } = args.command;
    let report = ::content::lint::lint();
    if json {
        let text = serde_json::to_string(&report).map_err(|error| Failure::new(error.to_string()))?;
        println!("{text}");
    } else {
        let items = report.items.iter().map(|file| format!("{} {} ({} à confirmer)", file.id, file.items, file.to_confirm));
        println!("Contenu de crise : {}.", items.collect::<Vec<_>>().join(", "));
        let demos: Vec<String> = report.demos.iter().map(|d| format!("{} ({} entrées)", d.id, d.entries)).collect();
        println!("Kits : {}. Référentiels : {}. Fiches : {}.", report.kits.len(), report.frameworks.len(), report.sheets);
        println!("Démonstrations : {}. Faits nommés : {}.", demos.join(", "), report.facts);
        report.problems.iter().for_each(|problem| println!("À corriger : {problem}"));
        println!("{} défaut(s).", report.warnings);
    }
    Ok(if report.warnings == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
