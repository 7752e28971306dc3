//! `planblanc export` and `planblanc import`: entries from one laptop to another, by file; the map, see [`super::map`];
//! chronogrammes, see [`super::chronogramme`].

use super::chronogramme;
use super::map::{self, Form, Tool};
use crate::environment;
use crate::failure::{Failure, Outcome};
use clap::ValueEnum;
use domain::State;
use journal::JournalId;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::blobs::Blobs;
use store::exchange::{BUNDLE_BYTES_MAX, Received};
use store::ledger::MergeReport;
use store::{Folder, Ledger, Options, StoreError, exchange, platform};

/// What can be exported.
#[derive(Clone, Copy, Default, ValueEnum)]
enum What {
    /// Toutes les entrées du journal, pour un autre poste
    #[default]
    Journal,
    /// La carte du système d’information, pour un tableur ou un autre outil
    Map,
}

#[derive(clap::Args)]
pub(crate) struct ExportArgs {
    /// Ce qui est exporté
    #[arg(default_value = "journal")]
    what: What,
    /// Dossier de données, serveur en marche ou non
    #[arg(long, value_name = "DOSSIER")]
    data: PathBuf,
    /// Fichier à écrire
    #[arg(long, value_name = "FICHIER")]
    out: PathBuf,
    /// Forme de la carte ; d’après le nom du fichier quand elle n’est pas dite
    #[arg(long)]
    form: Option<Form>,
}

/// What can be imported.
#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// Entrées d’un autre poste du même établissement (« planblanc export »)
    Journal,
    /// Tables de Mercator en JSON, vers la carte
    Mercator,
    /// Listes de GLPI en CSV, vers la carte : ordinateurs.csv, logiciels.csv, reseau.csv...
    Glpi,
    /// Tableaux CSV ou XLSX d’activités, d’éléments, de liens ou d’interfaces, vers la carte
    Tableur,
    /// Chronogramme d’un exercice : tableau XLSX ou CSV, scénario d’OpenAEV en JSON ou ZIP
    Chronogramme,
}

#[derive(clap::Args)]
pub(crate) struct ImportArgs {
    /// Nature des fichiers
    kind: Kind,
    /// Fichiers
    #[arg(required = true, value_name = "FICHIER")]
    pub(super) files: Vec<PathBuf>,
    /// Dossier de données, serveur arrêté
    #[arg(long, value_name = "DOSSIER")]
    pub(super) data: PathBuf,
    /// Établissement visé (identifiant de son journal) ; refuse tout autre
    #[arg(long, value_name = "ID")]
    pub(super) establishment: Option<JournalId>,
    /// Dit ce qui serait fait, sans rien écrire
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Répond en JSON
    #[arg(long)]
    pub(super) json: bool,
    /// Carte et chronogramme : au nom de quel compte
    #[arg(long, value_name = "IDENTIFIANT")]
    pub(super) login: Option<String>,
    /// Carte et chronogramme : ne prend que les bonnes lignes, quand d’autres sont en erreur
    #[arg(long)]
    pub(super) good_only: bool,
    #[command(flatten)]
    pub(super) chronogramme: chronogramme::Options,
}

pub(crate) fn export(args: &ExportArgs) -> Outcome {
    if matches!(args.what, What::Map) {
        return map::export(&args.data, &args.out, args.form);
    }
    let folder = Folder::at(&args.data);
    if !folder.has_journal() {
        return Err(StoreError::NoJournal(args.data.clone()).into());
    }
    let bytes = exchange::export(&folder)?;
    platform::write_private(&args.out, &bytes).map_err(Failure::file(&args.out))?;
    println!("{} octets écrits dans {}, pièces jointes comprises.", bytes.len(), args.out.display());
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn import(args: &ImportArgs) -> Outcome {
    match args.kind {
        Kind::Journal => journal(args),
        Kind::Mercator => map::import(args, Tool::Mercator),
        Kind::Glpi => map::import(args, Tool::Glpi),
        Kind::Tableur => map::import(args, Tool::Sheet),
        Kind::Chronogramme => chronogramme::import(args),
    }
}

fn journal(args: &ImportArgs) -> Outcome {
    let folder = Folder::at(&args.data);
    if !folder.has_journal() {
        return Err(StoreError::NoJournal(args.data.clone()).into());
    }
    let mut received = Received::default();
    for path in &args.files {
        read(path, args.establishment, &mut received)?;
    }
    let damage = std::mem::take(&mut received.damage);
    let report = if args.dry_run { exchange::rehearse::<State>(&folder, received.entries)? } else { merge(&folder, received)? };
    tell(args, &report, &damage);
    Ok(if report.refused.is_empty() && damage.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Adds what a file holds.
fn read(path: &Path, wanted: Option<JournalId>, received: &mut Received) -> Result<(), Failure> {
    let size = std::fs::metadata(path).map_err(Failure::file(path))?.len();
    let name = path.display();
    if size > BUNDLE_BYTES_MAX {
        return Err(Failure::new(format!("{name} est trop gros ({size} octets, {BUNDLE_BYTES_MAX} au plus)")));
    }
    let bytes = std::fs::read(path).map_err(Failure::file(path))?;
    let more = exchange::read(&bytes, wanted).map_err(|why| Failure::new(format!("{name} : {why}")))?;
    received.entries.extend(more.entries);
    received.blobs.extend(more.blobs);
    received.damage.extend(more.damage.iter().map(|what| format!("{name} : {what}")));
    Ok(())
}

/// Attachments first: an entry never comes before what it names.
fn merge(folder: &Folder, received: Received) -> Result<MergeReport, Failure> {
    let options = Options { guard_dir: platform::guard_dir(), ..Options::default() };
    let ledger = Ledger::<State>::open(folder, environment::real(), options)?;
    let blobs = Blobs::of(folder);
    for content in &received.blobs {
        blobs.keep(content)?;
    }
    ledger.merge(received.entries).map_err(|error| Failure::new(error.to_string()))
}

fn tell(args: &ImportArgs, report: &MergeReport, damage: &[String]) {
    if args.json {
        let refused: Vec<_> = report.refused.iter().map(|(id, why)| json!({"entry": id.to_string(), "sentence": why})).collect();
        let out = json!({
            "dry_run": args.dry_run, "accepted": report.accepted, "known": report.known, "parked": report.parked,
            "refused": refused, "damaged": damage,
        });
        println!("{out}");
        return;
    }
    let verb = if args.dry_run { "à prendre" } else { "prises" };
    println!(
        "Entrées {verb} : {}. Déjà connues : {}. En attente d’une précédente : {}.",
        report.accepted, report.known, report.parked
    );
    report.refused.iter().for_each(|(id, why)| println!("Refusée  {} : {why}.", id.short()));
    damage.iter().for_each(|what| println!("Abîmé  {what}."));
}
