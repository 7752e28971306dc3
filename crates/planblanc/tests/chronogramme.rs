//! A chronogramme brought to an exercise from the command line.

mod support;

use domain::exercise::event::Planned;
use domain::exercise::event::scenario::{Scenario, Team};
use domain::{Event, State};
use journal::write::Author;
use journal::{Auth, RequestId, SubjectId};
use std::process::Output;
use std::sync::Arc;
use store::access::Access;
use store::{Env, Folder, Ledger, Options, Submission};
use support::{Place, text};

const EXERCISE: SubjectId = SubjectId([77; 16]);

fn open(place: &Place) -> Ledger<State> {
    let now = || 1_795_267_920_000;
    let random =
        |bytes: &mut [u8]| bytes.copy_from_slice(&[getrandom::u32().expect("chance").to_be_bytes(); 8].concat()[..bytes.len()]);
    let env = Env { now_ms: Arc::new(now), random: Arc::new(random) };
    let options = Options { guard_dir: Some(place.path("guard")), ..Options::default() };
    Ledger::<State>::open(&Folder::at(place.data()), env, options).expect("opens")
}

/// A demonstration with an exercise that its director runs.
fn place() -> Place {
    let place = Place::new();
    place.demo(0).kill();
    let team = Team { key: "si".to_owned(), name: "Cellule SI".to_owned(), who: String::new() };
    let scenario = Scenario { title: "Nuit blanche".to_owned(), minutes: 120, teams: vec![team], ..Scenario::default() };
    let planned = Event::ExercisePlanned(Planned { scenario, injects: Vec::new(), campaign: String::new() });
    let access = Access::open(&Folder::at(place.data())).expect("accounts");
    let accounts = access.accounts().expect("accounts");
    let actor = accounts.iter().find(|account| account.login == "marchand").expect("an account").actor;
    let submission = Submission {
        request: RequestId([8; 16]),
        author: Author { actor, auth: Auth::None },
        drafts: vec![planned.draft(EXERCISE)],
    };
    open(&place).submit_wait(submission).expect("planned");
    place
}

fn said(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("JSON: {}", text(&output.stderr)))
}

#[test]
fn it_is_tried_settled_and_written_in_somebodys_name() {
    let place = place();
    let (file, id) = (place.path("chrono.csv"), EXERCISE.to_string());
    std::fs::write(&file, "N°;Moment;Destinataire;Quoi;Contenu\n007;08:30;Cellule SI;SMS;a\n2;08:45;SOC;SMS;b\n")
        .expect("written");
    let import = |more: &[&str]| place.on_data(&[&["import", "chronogramme", file.to_str().expect("plain path")], more].concat());
    let on = |more: &[&str]| import(&[&["--exercise", id.as_str()], more].concat());

    let lost = import(&[]);
    assert!(
        lost.status.code() == Some(1) && text(&lost.stderr).contains(&format!("{id}  Nuit blanche")),
        "{}",
        text(&lost.stderr)
    );
    let missing = on(&["--dry-run"]);
    assert!(text(&missing.stderr).contains("Il manque la colonne « Heure » (ou « T+ »)"), "{}", text(&missing.stderr));
    for (wrong, why) in [
        ("Moment", "Colonne=champ"),
        ("Moment=truc", "n’est pas un champ"),
        ("Bidule=heure", "« Bidule » n’est pas dans ce tableau"),
    ] {
        let answer = on(&["--map", wrong]);
        assert!(answer.status.code() != Some(0) && text(&answer.stderr).contains(why), "{}", text(&answer.stderr));
    }
    let mapped = ["--map", "Moment=heure", "--map", "D=moyen"];
    let stopped = on(&[&mapped[..], &["--login", "marchand"]].concat());
    assert_eq!(stopped.status.code(), Some(1));
    let words = text(&stopped.stdout);
    assert!(
        words.contains("Feuille « chrono.csv », ligne 3, colonne « Destinataire » : L’équipe « SOC » n’existe pas"),
        "{words}"
    );
    assert!(words.contains("--create-teams") && words.contains("Rien n’est enregistré"), "{words}");
    assert!(text(&on(&[&mapped[..], &["--start", "midi"]].concat()).stderr).contains("08:30"));

    let tried = on(&[&mapped[..], &["--create-teams", "--start", "08:15", "--dry-run", "--json"]].concat());
    assert_eq!((said(&tried)["added"].as_u64(), said(&tried)["written"].as_bool()), (Some(2), Some(false)));
    assert!(open(&place).view().state.exercises.all.get(&EXERCISE).expect("planned").injects.is_empty());
    let nobody = on(&[&mapped[..], &["--create-teams"]].concat());
    assert!(text(&nobody.stderr).contains("--login"));
    let other = on(&[&mapped[..], &["--create-teams", "--login", "lenoir"]].concat());
    assert!(
        other.status.code() != Some(0) && text(&other.stderr).contains("n’existe pas dans ce journal"),
        "{}",
        text(&other.stderr)
    );
    let written = on(&[&mapped[..], &["--create-teams", "--start", "08:15", "--login", "marchand"]].concat());
    assert!(text(&written.stdout).contains("Enregistré au journal."), "{} {}", text(&written.stdout), text(&written.stderr));
    let view = open(&place).view();
    let exercise = view.state.exercises.all.get(&EXERCISE).expect("planned");
    let minutes: Vec<_> =
        exercise.chronogramme().iter().map(|played| (played.inject().key.clone(), played.inject().at)).collect();
    assert_eq!(minutes, [("007".to_owned(), Some(15)), ("2".to_owned(), Some(30))]);
    assert_eq!(exercise.scenario().teams.len(), 2);
    let again = on(&[&mapped[..], &["--create-teams", "--start", "08:15", "--login", "marchand"]].concat());
    assert!(text(&again.stdout).contains("l’exercice a déjà tous ces stimuli"), "{}", text(&again.stdout));
}
