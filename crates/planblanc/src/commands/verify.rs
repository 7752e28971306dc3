//! `planblanc verify`: proves that nobody touched the journal, or names what was.

use crate::failure::{Failure, Outcome};
use crate::progress;
use domain::State;
use journal::Fold;
use journal::bundle;
use journal::verify::Finding;
use journal::witness::Testimony;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::verify::{Against, Verified};
use store::{Folder, exchange, platform};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Dossier de données
    #[arg(long, value_name = "DOSSIER")]
    data: PathBuf,
    /// Témoin à confronter : fichier scellé, huit mots recopiés dans un fichier texte, sauvegarde ou export
    #[arg(long, value_name = "FICHIER")]
    against: Vec<PathBuf>,
    /// Répond en JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let bar = progress::bar("vérification");
    let against = args.against.iter().map(|path| witness(path)).collect::<Result<Vec<_>, _>>()?;
    let folder = Folder::at(&args.data);
    let read = |folder: &Folder, against: &[(String, Against)]| {
        let guard_dir = platform::guard_dir();
        store::verify::verify(folder, State::NEVER_ERASED, guard_dir.as_deref(), against, |done, total| {
            progress::show(&bar, done, total)
        })
    };
    let verified = read(&folder, &against);
    let branches = folder.branches().and_then(|all| {
        all.into_iter().map(|(name, branch)| Ok((name, read(&branch, &[])?))).collect::<Result<Vec<_>, store::StoreError>>()
    });
    bar.finish_and_clear();
    let verified = verified.map_err(Failure::unreadable)?;
    let branches = branches.map_err(Failure::unreadable)?;
    if args.json {
        println!("{}", whole_as_json(&verified, &branches));
    } else {
        tell(&verified, against.len());
        tell_branches(&branches);
    }
    let whole = std::iter::once(&verified).chain(branches.iter().map(|(_, v)| v)).all(|v| v.report.findings.is_empty());
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The branches of exercises, each a journal of its own.
fn tell_branches(branches: &[(String, Verified)]) {
    for (name, verified) in branches {
        println!("\nBranche d’exercice {name}");
        // What an outside witness would add is said of the establishment's journal.
        tell(verified, 1);
    }
}

fn whole_as_json(verified: &Verified, branches: &[(String, Verified)]) -> Value {
    let mut whole = as_json(verified);
    whole["branches"] = branches.iter().map(|(_, branch)| as_json(branch)).collect();
    whole
}

/// Reads a witness, whatever its kind.
fn witness(path: &Path) -> Result<(String, Against), Failure> {
    let name = path.display().to_string();
    let database = if path.is_dir() { path.join("journal.db") } else { path.to_owned() };
    let read = std::fs::read(&database).map_err(|error| Failure::unreadable(format!("{name} : {error}")))?;
    if read.starts_with(b"SQLite format 3\0") {
        let (journal, ids) = exchange::known_by(&database).map_err(Failure::unreadable)?;
        return Ok((name, Against::Entries(journal, ids)));
    }
    if let Ok(reader) = bundle::Reader::new(&read) {
        let journal = reader.journal;
        let ids = reader.map(|entry| entry.map(|e| e.id)).collect::<Result<_, _>>();
        let ids = ids.map_err(|bad| Failure::unreadable(format!("{name} : {bad}")))?;
        return Ok((name, Against::Entries(journal, ids)));
    }
    let text = String::from_utf8(read).map_err(|_| Failure::unreadable(format!("{name} n’est pas un témoin lisible")))?;
    let testimony = Testimony::read(&text).map_err(Failure::unreadable)?;
    Ok((name, Against::Testimony(testimony)))
}

fn tell(verified: &Verified, witnesses: usize) {
    let report = &verified.report;
    println!("Journal {} : {} entrées lues.", verified.journal, report.entries);
    if report.erased > 0 {
        println!("{} texte(s) effacé(s) régulièrement, par deux signataires.", report.erased);
    }
    for (chain, seq) in &report.forks {
        println!(
            "À savoir : la chaîne {} a deux suites à partir du rang {seq} ; elles sont gardées et signalées.",
            &chain.to_string()[..8]
        );
    }
    if report.findings.is_empty() {
        println!("Entier : chaque entrée est celle qui a été signée, à sa place.");
        if witnesses == 0 {
            println!(
                "Sans témoin extérieur, le détenteur de la clé pourrait avoir réécrit la fin : confrontez un témoin avec --against."
            );
        }
        return;
    }
    for finding in &report.findings {
        println!("ALTÉRÉ  {} : {}.", place(finding), finding.flaw);
    }
    println!("{} altération(s). Conservez ce dossier en l’état et prenez une sauvegarde antérieure.", report.findings.len());
}

fn place(finding: &Finding) -> String {
    let entry = finding.entry.map(|id| format!("entrée {}", id.short()));
    let row = finding.row.map(|n| format!("ligne {n}"));
    let rank = finding.place.map(|(chain, seq)| format!("chaîne {}, rang {seq}", &chain.to_string()[..8]));
    let parts: Vec<String> = [entry, row, rank].into_iter().flatten().collect();
    if parts.is_empty() { "fichier".to_owned() } else { parts.join(", ") }
}

fn as_json(verified: &Verified) -> Value {
    let report = &verified.report;
    let findings: Vec<Value> = report
        .findings
        .iter()
        .map(|f| {
            json!({
                "row": f.row,
                "entry": f.entry.map(|id| id.to_string()),
                "chain": f.place.map(|(chain, _)| chain.to_string()),
                "seq": f.place.map(|(_, seq)| seq),
                "sentence": f.flaw.to_string(),
            })
        })
        .collect();
    let forks: Vec<Value> = report.forks.iter().map(|(chain, seq)| json!({"chain": chain.to_string(), "seq": seq})).collect();
    json!({
        "journal": verified.journal.to_string(),
        "entries": report.entries,
        "whole": report.findings.is_empty(),
        "erased": report.erased,
        "forks": forks,
        "findings": findings,
    })
}
