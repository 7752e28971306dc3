//! `planblanc import chronogramme`: the injects of a spreadsheet, or of an OpenAEV scenario, into an exercise.

use super::exchange::ImportArgs;
use super::map::{actor, bytes, name};
use crate::environment;
use crate::failure::{Failure, Outcome};
use domain::exercise::Exercise;
use domain::exercise::event::scenario::Inject;
use domain::exercise::event::{InjectsImported, ScenarioSet};
use domain::{Event, State};
use formats::chronogramme::{Book, Choices, Field, Known, Layout, Plan, TeamChoice, read, told};
use formats::words::{cut, fold};
use journal::write::{Author, Draft};
use journal::{Auth, RequestId, SubjectId};
use serde_json::json;
use std::collections::BTreeMap;
use std::process::ExitCode;
use store::{Folder, Ledger, Submission, platform};

/// Most faults printed; JSON has them all.
const TOLD_MAX: usize = 200;
/// Characters of a file's name that the journal keeps.
const FILE_CHARS_MAX: usize = 200;
const HOUR: u32 = 60;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Chronogramme : l’exercice visé, par son identifiant ; sans lui, la liste des exercices est donnée
    #[arg(long, value_name = "ID")]
    exercise: Option<String>,
    /// Chronogramme : ce qu’est une colonne, par son titre ou sa lettre : « --map "Heure réelle=heure" », « --map C=contenu »
    #[arg(long, value_name = "COLONNE=CHAMP")]
    map: Vec<String>,
    /// Chronogramme : heure de DEBEX, par exemple 08:30 ; sans elle, celle de la première ligne
    #[arg(long, value_name = "HH:MM")]
    start: Option<String>,
    /// Chronogramme : feuille du classeur, par son nom ; sans elle, celle qui ressemble le plus à un chronogramme
    #[arg(long, value_name = "NOM")]
    sheet: Option<String>,
    /// Chronogramme : quelle équipe est celle du fichier : « --team "SOC=si" » (clé ou nom d’une équipe de l’exercice)
    #[arg(long, value_name = "NOM=ÉQUIPE")]
    team: Vec<String>,
    /// Chronogramme : crée les équipes que l’exercice n’a pas
    #[arg(long)]
    create_teams: bool,
}

/// Brings one file to an exercise.
pub(crate) fn import(args: &ImportArgs) -> Outcome {
    let folder = Folder::at(&args.data);
    if !folder.has_journal() {
        return Err(store::StoreError::NoJournal(args.data.clone()).into());
    }
    let [path] = args.files.as_slice() else {
        return Err(Failure::new("un chronogramme s’importe d’un seul fichier à la fois"));
    };
    let file = name(path);
    let book = read(&bytes(path)?, &file).map_err(|why| Failure::unreadable(format!("{file} : {why}")))?;
    let options = &args.chronogramme;
    let layout = layout(&book, options)?;
    let opening = store::Options { guard_dir: platform::guard_dir(), ..store::Options::default() };
    let env = environment::real();
    let ledger = Ledger::<State>::open(&folder, env.clone(), opening)?;
    if args.establishment.is_some_and(|wanted| wanted != ledger.id()) {
        return Err(Failure::new("ce dossier de données est celui d’un autre établissement"));
    }
    let view = ledger.view();
    let exercise = exercise(&view.state, options)?;
    let injects: BTreeMap<String, Inject> =
        exercise.injects.iter().filter(|(_, p)| !p.removed).map(|(key, p)| (key.clone(), p.inject().clone())).collect();
    let known = Known { scenario: exercise.scenario(), injects: &injects };
    let plan = book.plan(&layout, known, &choices(exercise, options)?);
    let plan = plan.map_err(|why| Failure::unreadable(format!("{file} : {why}")))?;
    let stopped = !plan.errors.is_empty() && !args.good_only;
    let written = !args.dry_run && !stopped && !plan.injects.is_empty();
    if written {
        let author = Author { actor: actor(&folder, args.login.as_deref())?, auth: Auth::None };
        let submission = Submission { request: RequestId(env.bytes()), author, drafts: drafts(exercise, &plan, &file) };
        ledger.submit_wait(submission).map_err(|error| Failure::new(error.to_string()))?;
    }
    tell(args, &plan, written);
    Ok(if stopped { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The exercise that is meant; else the sentence that lists them.
fn exercise<'a>(state: &'a State, options: &Options) -> Result<&'a Exercise, Failure> {
    let wanted = options.exercise.as_deref().unwrap_or_default();
    let found = wanted.parse::<SubjectId>().ok().and_then(|id| state.exercises.all.get(&id));
    found.ok_or_else(|| {
        let open = state.exercises.newest_first().into_iter().filter(|e| e.opened.is_none() && e.cancelled.is_none());
        let list: Vec<String> = open.map(|e| format!("\n  {}  {}", e.id, e.scenario().title)).collect();
        let why = if wanted.is_empty() { "quel exercice ?".to_owned() } else { format!("aucun exercice « {wanted} » :") };
        if list.is_empty() {
            return Failure::new(format!(
                "{why} Cet établissement n’en prépare aucun : prévoyez-en un depuis l’écran « Exercices »"
            ));
        }
        Failure::new(format!("{why} Ajoutez « --exercise ID », parmi :{}", list.concat()))
    })
}

fn layout(book: &Book, options: &Options) -> Result<Layout, Failure> {
    let sheet = options.sheet.as_deref().map(|wanted| {
        let found = book.sheets().iter().position(|name| fold(name) == fold(wanted));
        found.ok_or_else(|| Failure::new(format!("pas de feuille « {wanted} » ; il y a : {}", book.sheets().join(", "))))
    });
    let mut layout = book.layout(sheet.transpose()?);
    for said in &options.map {
        // The field comes last: heads may hold the sign.
        let (column, field) =
            said.rsplit_once('=').ok_or_else(|| Failure::new(format!("« {said} » : écrivez « Colonne=champ »")))?;
        let field = match field.trim() {
            "" | "rien" => None,
            name => Some(Field::from_name(name).ok_or_else(|| {
                let all: Vec<&str> = Field::ALL.iter().map(|field| field.name()).collect();
                Failure::new(format!("« {name} » n’est pas un champ ; il y a : {}, rien", all.join(", ")))
            })?),
        };
        layout.set(column, field).map_err(Failure::new)?;
    }
    Ok(layout)
}

fn choices(exercise: &Exercise, options: &Options) -> Result<Choices, Failure> {
    let mut choices = Choices { create_teams: options.create_teams, ..Choices::default() };
    if let Some(start) = &options.start {
        choices.start =
            Some(clock(start).ok_or_else(|| Failure::new(format!("« {start} » : écrivez l’heure de DEBEX ainsi : 08:30")))?);
    }
    for said in &options.team {
        let (name, team) = said.rsplit_once('=').ok_or_else(|| Failure::new(format!("« {said} » : écrivez « Nom=équipe »")))?;
        let teams = &exercise.scenario().teams;
        let found = teams.iter().find(|one| one.key == team.trim() || fold(&one.name) == fold(team));
        let found = found.ok_or_else(|| {
            let all: Vec<&str> = teams.iter().map(|team| team.key.as_str()).collect();
            Failure::new(format!("l’exercice n’a pas d’équipe « {} » ; il a : {}", team.trim(), all.join(", ")))
        })?;
        choices.teams.insert(fold(name), TeamChoice::Use(found.key.clone()));
    }
    Ok(choices)
}

/// Minute of the day.
fn clock(text: &str) -> Option<u32> {
    let (hours, minutes) = text.trim().split_once([':', 'h', 'H'])?;
    let minutes = if minutes.is_empty() { Some(0) } else { minutes.parse::<u32>().ok() };
    let (hours, minutes) = (hours.parse::<u32>().ok().filter(|h| *h < 24)?, minutes.filter(|m| *m < HOUR)?);
    Some(hours * HOUR + minutes)
}

fn drafts(exercise: &Exercise, plan: &Plan, file: &str) -> Vec<Draft> {
    let frame = plan.frame(exercise.scenario());
    let frame = frame.map(|scenario| Event::ExerciseFramed(ScenarioSet { scenario, supersedes: exercise.frames.seen() }));
    let imported = InjectsImported { file: cut(file, FILE_CHARS_MAX), injects: plan.injects.clone() };
    frame.into_iter().chain([Event::InjectsImported(imported)]).map(|event| event.draft(exercise.id)).collect()
}

fn tell(args: &ImportArgs, plan: &Plan, written: bool) {
    let teams: Vec<&str> = plan.teams.iter().map(|team| team.name.as_str()).collect();
    if args.json {
        let all = |faults: &[formats::source::Fault]| {
            let one = |fault: &formats::source::Fault| json!({"sheet": fault.spot.table, "row": fault.spot.row, "column": fault.column, "sentence": fault.sentence});
            faults.iter().map(one).collect::<Vec<_>>()
        };
        let out = json!({
            "written": written, "added": plan.added(), "replaced": plan.replaced.len(), "same": plan.same, "teams": teams,
            "unknown_teams": plan.unknown, "debex_minute": plan.debex, "errors": all(&plan.errors), "warnings": all(&plan.warnings),
        });
        println!("{out}");
        return;
    }
    plan.errors.iter().take(TOLD_MAX).for_each(|fault| println!("Refusé  {}", told(fault)));
    plan.warnings.iter().take(TOLD_MAX).for_each(|fault| println!("Noté    {}", told(fault)));
    if plan.errors.len() > TOLD_MAX {
        println!("… et {} autres refus : « --json » les donne tous.", plan.errors.len() - TOLD_MAX);
    }
    if let Some(minute) = plan.debex {
        println!("DEBEX à {:02}:{:02}.", minute / HOUR, minute % HOUR);
    }
    if !teams.is_empty() {
        println!("Équipes à créer : {}.", teams.join(", "));
    }
    if !plan.unknown.is_empty() {
        println!(
            "Équipes inconnues : {}. Ajoutez « --create-teams », ou « --team \"NOM=ÉQUIPE\" » pour chacune.",
            plan.unknown.join(", ")
        );
    }
    println!(
        "Stimuli à ajouter : {}. À remplacer : {}. Inchangés : {}. Lignes refusées : {}.",
        plan.added(),
        plan.replaced.len(),
        plan.same,
        plan.errors.len()
    );
    let done = match (written, plan.errors.is_empty()) {
        (true, _) => "Enregistré au journal.",
        (false, _) if args.dry_run => "Rien n’est enregistré : essai à blanc.",
        (false, true) => "Rien à enregistrer : l’exercice a déjà tous ces stimuli.",
        (false, false) => {
            "Rien n’est enregistré : corrigez le fichier, ou ajoutez « --good-only » pour ne prendre que les bonnes lignes."
        }
    };
    println!("{done}");
}
