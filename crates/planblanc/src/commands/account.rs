//! `planblanc account`: accounts are outside the journal, and so is their password.

use crate::failure::{Failure, Outcome};
use clap::Subcommand;
use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::access::{Access, Account};
use store::{Folder, StoreError};
use web::secrets::{CODE_BYTES, code_print, emergency_code, serial};

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
    /// Fait un code d’urgence pour un compte et l’affiche une fois ; son emploi sera inscrit au journal et montré à tous
    Code {
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
        Command::Code { login, data } => code(&open(data)?, login),
        Command::List { data } => list(&open(data)?),
    }
}

fn open(data: &Path) -> Result<Access, Failure> {
    let folder = Folder::at(data);
    if !folder.has_journal() {
        return Err(StoreError::NoJournal(data.to_owned()).into());
    }
    Ok(Access::open(&folder)?)
}

fn unknown(login: &str) -> Failure {
    Failure::new(format!("aucun compte « {login} » : voyez « planblanc account list »"))
}

fn account(access: &Access, login: &str) -> Result<Account, Failure> {
    let found = access.accounts()?.into_iter().find(|account| account.login == login.trim().to_lowercase());
    found.ok_or_else(|| unknown(login))
}

fn password(access: &Access, login: &str) -> Outcome {
    let account = account(access, login)?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| Failure::new(format!("entrée standard : {error}")))?;
    let password = line.trim_end_matches(['\r', '\n']);
    web::password::not_obvious(password, &account.login, "").map_err(Failure::new)?;
    let hash = web::password::hash(password, &crate::environment::real().bytes()).map_err(Failure::new)?;
    if !access.set_password(&account.login, &hash)? {
        return Err(unknown(login));
    }
    println!("Mot de passe enregistré pour {}.", account.login);
    Ok(ExitCode::SUCCESS)
}

fn code(access: &Access, login: &str) -> Outcome {
    let account = account(access, login)?;
    let env = crate::environment::real();
    let (series, code) = (serial(env.bytes()), emergency_code(&env.bytes::<CODE_BYTES>()));
    let print = code_print(&code).ok_or_else(|| Failure::new("le code n’a pas pu être fait : recommencez"))?;
    access.keep_codes(&series, &account.actor, &[print])?;
    println!("Code d’urgence {series}-01 de {} : {code}", account.login);
    eprintln!(
        "Il ouvre une fois, par « J’ai un code d’urgence » ; son emploi sera inscrit au journal et montré à tous. Détruisez-le après usage."
    );
    Ok(ExitCode::SUCCESS)
}

fn list(access: &Access) -> Outcome {
    for account in access.accounts()? {
        let password = match (account.has_password, account.must_change) {
            (false, _) => "sans mot de passe",
            (true, true) => "premier mot de passe",
            (true, false) => "mot de passe",
        };
        println!("{}  {password}", account.login);
    }
    Ok(ExitCode::SUCCESS)
}
