//! `planblanc import mercator|glpi|tableur` and `planblanc export map`: the map from the files of other tools, and back.

use super::exchange::ImportArgs;
use crate::environment;
use crate::failure::{Failure, Outcome};
use clap::ValueEnum;
use domain::State;
use formats::export::{self, Part};
use formats::plan::{Change, Plan, plan};
use formats::source::{Fault, Source};
use formats::{glpi, mercator, sheet};
use journal::entry::sha256;
use journal::write::Author;
use journal::{ActorId, Auth, RequestId, SubjectId};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;
use store::access::Access;
use store::{Folder, Ledger, Options, Submission, platform};

/// Most bytes of one file (40 MiB).
const FILE_BYTES_MAX: u64 = 40 * 1024 * 1024;
/// Most faults printed; JSON has them all.
const TOLD_MAX: usize = 200;

/// Whose files they are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    Mercator,
    Glpi,
    Sheet,
}

/// In which form the map leaves.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// Tableau de quatre feuilles, qui se reprend tel quel
    Xlsx,
    /// Quatre fichiers : activités, éléments, liens, interfaces
    Csv,
    /// Toute la carte, pour un programme
    Json,
    /// Les tables de Mercator
    Mercator,
}

/// Brings files of another tool to the map.
pub(crate) fn import(args: &ImportArgs, tool: Tool) -> Outcome {
    let folder = Folder::at(&args.data);
    if !folder.has_journal() {
        return Err(store::StoreError::NoJournal(args.data.clone()).into());
    }
    let source = read(args, tool)?;
    let options = Options { guard_dir: platform::guard_dir(), ..Options::default() };
    let env = environment::real();
    let ledger = Ledger::<State>::open(&folder, env.clone(), options)?;
    if args.establishment.is_some_and(|wanted| wanted != ledger.id()) {
        return Err(Failure::new("ce dossier de données est celui d’un autre établissement"));
    }
    let import = SubjectId(env.bytes());
    let fresh = |key: &str| {
        let hash = sha256(format!("{import} {key}").as_bytes()).0;
        let mut id = [0; 16];
        id.copy_from_slice(&hash[..16]);
        SubjectId(id)
    };
    let planned = plan(&ledger.view().state, &source, &fresh);
    let stopped = !planned.faults.is_empty() && !args.good_only;
    let written = !args.dry_run && !stopped && !planned.lines.is_empty();
    if written {
        let actor = actor(&folder, args.login.as_deref())?;
        let author = Author { actor, auth: Auth::None };
        let submission = Submission { request: RequestId(env.bytes()), author, drafts: planned.drafts(&source, import) };
        ledger.submit_wait(submission).map_err(|error| Failure::new(error.to_string()))?;
    }
    tell(args, &source, &planned, written);
    Ok(if stopped { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn read(args: &ImportArgs, tool: Tool) -> Result<Source, Failure> {
    let files = args.files.iter().map(|path| Ok((name(path), bytes(path)?))).collect::<Result<Vec<_>, Failure>>()?;
    let about = |name: &str| {
        let name = name.to_owned();
        move |why: String| Failure::unreadable(format!("{name} : {why}"))
    };
    if tool == Tool::Glpi {
        return glpi::read(&files).map_err(Failure::unreadable);
    }
    let mut whole: Option<Source> = None;
    for (name, bytes) in &files {
        let source = if tool == Tool::Mercator { mercator::read(bytes, name) } else { sheet::whole(bytes, name) };
        let source = source.map_err(about(name))?;
        whole = Some(match whole {
            Some(before) => before.join(source),
            None => source,
        });
    }
    whole.ok_or_else(|| Failure::new("aucun fichier"))
}

pub(super) fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let size = std::fs::metadata(path).map_err(Failure::file(path))?.len();
    if size > FILE_BYTES_MAX {
        return Err(Failure::new(format!("{} est trop gros ({size} octets, {FILE_BYTES_MAX} au plus)", path.display())));
    }
    std::fs::read(path).map_err(Failure::file(path))
}

/// On whose behalf: the journal says who brought what.
pub(super) fn actor(folder: &Folder, login: Option<&str>) -> Result<ActorId, Failure> {
    let Some(login) = login else {
        return Err(Failure::new("au nom de qui ? Ajoutez « --login IDENTIFIANT » (voyez « planblanc account list »)"));
    };
    let accounts = Access::open(folder)?.accounts()?;
    let found = accounts.into_iter().find(|account| account.login == login.trim().to_lowercase());
    found
        .map(|account| account.actor)
        .ok_or_else(|| Failure::new(format!("aucun compte « {login} » : voyez « planblanc account list »")))
}

fn count(plan: &Plan, change: Change) -> usize {
    plan.planned.iter().filter(|planned| planned.change == change).count()
}

fn tell(args: &ImportArgs, source: &Source, plan: &Plan, written: bool) {
    let counts = [Change::Created, Change::Changed, Change::Same].map(|change| count(plan, change));
    if args.json {
        let fault = |fault: &Fault| json!({"table": fault.spot.table, "row": fault.spot.row, "column": fault.column, "sentence": fault.sentence});
        let out = json!({
            "written": written, "created": counts[0], "changed": counts[1], "same": counts[2],
            "faults": plan.faults.iter().map(fault).collect::<Vec<_>>(),
            "notes": plan.notes.iter().map(fault).collect::<Vec<_>>(),
            "absent": plan.absent.len(), "kept": plan.kept.len(), "ignored": source.ignored,
        });
        println!("{out}");
        return;
    }
    plan.faults.iter().take(TOLD_MAX).for_each(|fault| println!("Refusé  {}", sentence(fault)));
    plan.notes.iter().take(TOLD_MAX).for_each(|note| println!("Noté    {}", sentence(note)));
    if plan.faults.len() > TOLD_MAX {
        println!("… et {} autres refus : « --json » les donne tous.", plan.faults.len() - TOLD_MAX);
    }
    println!(
        "À créer : {}. À changer : {}. Sans changement : {}. Refusés : {}.",
        counts[0],
        counts[1],
        counts[2],
        plan.faults.len()
    );
    if !plan.absent.is_empty() {
        println!("Sur la carte et absents du fichier, laissés en place : {}.", plan.absent.len());
    }
    if !plan.kept.is_empty() {
        println!("Liens de la carte dont le fichier ne dit rien, laissés en place : {}.", plan.kept.len());
    }
    if !source.ignored.is_empty() {
        let tables: Vec<&str> = source.ignored.iter().map(|(table, _)| table.as_str()).collect();
        println!("Laissé de côté, ne dit rien de la carte : {}.", tables.join(", "));
    }
    let done = match (written, plan.faults.is_empty()) {
        (true, _) => "Enregistré au journal.",
        (false, _) if args.dry_run => "Rien n’est enregistré : essai à blanc.",
        (false, true) => "Rien à enregistrer : la carte dit déjà tout cela.",
        (false, false) => {
            "Rien n’est enregistré : corrigez le fichier, ou ajoutez « --good-only » pour ne prendre que les bonnes lignes."
        }
    };
    println!("{done}");
}

fn sentence(fault: &Fault) -> String {
    let Fault { spot, column, sentence } = fault;
    let row = if spot.row == 0 { String::new() } else { format!(", ligne {}", spot.row) };
    let column = if column.is_empty() { String::new() } else { format!(", {column}") };
    format!("{}{row}{column} : {sentence}", spot.table)
}

/// Writes the map in a file.
pub(crate) fn export(data: &Path, out: &Path, form: Option<Form>) -> Outcome {
    let folder = Folder::at(data);
    if !folder.has_journal() {
        return Err(store::StoreError::NoJournal(data.to_owned()).into());
    }
    let extension = out.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default();
    let form = form.or_else(|| Form::from_str(&extension, true).ok());
    let form = form.ok_or_else(|| {
        Failure::new("sous quelle forme ? Nommez le fichier .xlsx, .csv ou .json, ou ajoutez « --form mercator »")
    })?;
    let connection = store::schema::open_reader(&folder.journal_db())?;
    let id = store::rows::journal_id(&connection)?.ok_or_else(|| store::StoreError::NoJournal(data.to_owned()))?;
    let state = store::load::load::<State>(&connection, id, &State::default())?.state;
    let files = match form {
        Form::Xlsx => vec![(out.to_owned(), export::xlsx(&state).map_err(Failure::new)?)],
        Form::Json => vec![(out.to_owned(), export::json(&state).into_bytes())],
        Form::Mercator => vec![(out.to_owned(), export::mercator(&state).into_bytes())],
        Form::Csv => {
            let beside = |part: Part| out.with_file_name(format!("{}-{}.csv", stem(out), part.name()));
            Part::ALL.into_iter().map(|part| (beside(part), export::csv(&state, part))).collect()
        }
    };
    for (path, bytes) in &files {
        platform::write_private(path, bytes).map_err(Failure::file(path))?;
        println!("{} octets écrits dans {}.", bytes.len(), path.display());
    }
    if form == Form::Mercator {
        let left_out = export::mercator_left_out(&state);
        left_out.iter().take(TOLD_MAX).for_each(|what| println!("Laissé de côté  {what}"));
    }
    Ok(ExitCode::SUCCESS)
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}
