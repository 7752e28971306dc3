//! `planblanc account`: accounts are outside the journal, and so is their password.

use crate::failure::{Failure, Outcome};
use clap::Subcommand;
use std::io::BufRead;
use std::path::PathBuf;
use std::process::ExitCode;
use store::access::Access;
use store::{Folder, StoreError};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Donne un mot de passe à un compte ; le mot de passe se lit sur l’entrée standard
    Password {
        /// Identifiant du compte
        login: String,
        /// Dossier de données, serveur en marche ou non
        #[arg(long, value_name = "DOSSIER")]
        data: PathBuf,
    },
    /// Énumère les comptes
    List {
        /// Dossier de données
        #[arg(long, value_name = "DOSSIER")]
        data: PathBuf,
    },
}

pub(crate) fn run(args: &Args) -> Outcome {
    match &args.command {
        Command::Password { login, data } => password(&open(data)?, login),
        Command::List { data } => list(&open(data)?),
    }
}

fn open(data: &PathBuf) -> Result<Access, Failure> {
    let folder = Folder::at(data);
    if !folder.has_journal() {
        return Err(StoreError::NoJournal(data.clone()).into());
    }
    Ok(Access::open(&folder)?)
}

fn password(access: &Access, login: &str) -> Outcome {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| Failure::new(format!("entrée standard : {error}")))?;
    let hash = web::password::hash(line.trim_end_matches(['\r', '\n']), &environment_random()).map_err(Failure::new)?;
    if !access.set_password(login, &hash)? {
        return Err(Failure::new(format!("aucun compte « {login} » : voyez « planblanc account list »")));
    }
    println!("Mot de passe enregistré pour {login}.");
    Ok(ExitCode::SUCCESS)
}

fn environment_random() -> [u8; 16] {
    crate::environment::real().bytes()
}

fn list(access: &Access) -> Outcome {
    for account in access.accounts()? {
        println!("{}  {}", account.login, if account.has_password { "mot de passe" } else { "sans mot de passe" });
    }
    Ok(ExitCode::SUCCESS)
}
