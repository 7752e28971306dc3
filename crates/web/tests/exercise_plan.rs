//! Before the exercise, through its pages: the kit, the words of the house, the chronogramme, the people, the opening.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test stops at the first surprise")]

mod common;

use axum::http::StatusCode;
use common::exercise::{EXERCISE, close, conduct, open, opening, plan, record, takes_part};
use common::{Answer, House, LENOIR, MARCHAND, MINUTE, MOREAU, NOW};
use domain::Event;
use domain::exercise::Exercise;
use domain::exercise::event::conduct::ClockAct;
use domain::exercise::event::scenario::Scenario;
use domain::exercise::event::{Cancelled, Part, ScenarioSet};
use journal::{ActorId, JournalId, SubjectId};

const KIT: &str = "rancongiciel_ehpad";
/// Pages and papers of those who run it.
const SECRET: [&str; 12] = [
    "/cadre",
    "/contexte",
    "/chronogramme",
    "/chronogramme/1",
    "/chronogramme/nouveau",
    "/criteres",
    "/participants",
    "/preparation",
    "/documents/animateur",
    "/documents/chronogramme",
    "/documents/inconnu",
    "/import",
];

fn exercise(house: &House, id: SubjectId) -> Exercise {
    house.ledger.view().state.exercises.all.get(&id).unwrap().clone()
}

fn page(below: &str) -> String {
    format!("/exercices/{EXERCISE}{below}")
}

/// Sends a form of the page of the exercise, as a browser would: with the stamps of the page it was on.
async fn act(house: &House, from: &Answer, act: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
    let (request, author) = (from.field("request"), from.field("author"));
    let mut all = vec![("request", request.as_str()), ("author", author.as_str())];
    all.extend(fields);
    house.form(&format!("/journaux/{}/exercices/{EXERCISE}/{act}", house.journal), cookie, &all).await
}

/// Plans from the kit; returns the answer, and the fields to send the same again.
async fn planned(house: &House, cookie: &str, fields: &[(&str, &str)]) -> (Answer, Vec<(String, String)>) {
    let form = house.get(&format!("/exercices/kits/{KIT}"), cookie).await;
    assert_eq!(form.status, StatusCode::OK);
    let mut all: Vec<(String, String)> = ["request", "author", "kit"].map(|name| (name.to_owned(), form.field(name))).to_vec();
    all.extend(fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    (again(house, cookie, &all).await, all)
}

async fn again(house: &House, cookie: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    house.form(&format!("/journaux/{}/exercices", house.journal), cookie, &fields).await
}

fn id_of(answer: &Answer) -> SubjectId {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.location().strip_prefix("/exercices/").unwrap().parse().unwrap()
}

#[tokio::test]
async fn from_a_kit_to_the_room() {
    let house = House::founded(true);
    let cookie = house.enter(MARCHAND).await;
    let empty = house.get("/exercices", &cookie).await;
    assert!(empty.shows("Aucun exercice n’a encore été joué"), "{}", empty.words());
    assert!(empty.shows("Ce qu’est un exercice ici"));
    assert!(house.get("/exercices/kits", &cookie).await.shows("Avant le petit déjeuner"));
    let fields = [("title", "Matin sans écrans"), ("planned_at", "2026-12-15T09:30"), ("level", "beginner")];
    let (answer, sent) = planned(&house, &cookie, &fields).await;
    let id = id_of(&answer);
    // Sent twice: one exercise.
    assert_eq!(id_of(&again(&house, &cookie, &sent).await), id);
    assert_eq!(house.ledger.view().state.exercises.all.len(), 1);
    let known = exercise(&house, id);
    let kit = content::kits::get(KIT).unwrap();
    assert_eq!((known.scenario().title.as_str(), known.injects.len()), ("Matin sans écrans", kit.injects.len()));
    let named = known.scenario().parameters.iter().find(|p| p.from == "establishment").unwrap();
    assert_eq!(named.value, "CH d’Essai", "what the register tells is filled in at once");
    assert!(house.get("/exercices", &cookie).await.shows("Le prochain est prévu le mardi 15 décembre 2026"));
    let below = |path: &str| format!("/exercices/{id}{path}");
    let home = house.get(&below(""), &cookie).await;
    assert!(home.shows("Il manque : "), "{}", home.words());
    assert!(home.shows("il faut au moins un joueur"));
    // The words of the house.
    let free = known.scenario().parameters.iter().find(|p| p.key == "residents").unwrap().clone();
    let context = house.get(&below("/contexte"), &cookie).await;
    assert!(context.shows(&format!("{} : non rempli, le kit dit « soixante-cinq »", free.label)), "{}", context.words());
    let mut words: Vec<(String, String)> =
        known.scenario().parameters.iter().map(|p| (format!("p-{}", p.key), p.value.clone())).collect();
    words.iter_mut().find(|(name, _)| name == "p-residents").unwrap().1 = "quatre-vingt-deux".to_owned();
    for name in ["request", "author", "supersedes"] {
        words.push((name.to_owned(), context.field(name)));
    }
    let words: Vec<(&str, &str)> = words.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let to = |act: &str| format!("/journaux/{}/exercices/{id}/{act}", house.journal);
    let answer = house.form(&to("contexte"), &cookie, &words).await;
    assert_eq!(answer.location(), below("/contexte"), "{}", answer.text);
    let context = house.get(&below("/contexte"), &cookie).await;
    assert!(!context.shows("soixante-cinq »"));
    // People: the one who plans is a facilitator, somebody plays.
    let people = house.get(&below("/participants"), &cookie).await;
    assert!(people.shows("1 animateur"), "{}", people.words());
    let lenoir = LENOIR.to_string();
    let stamps = [("request", people.field("request")), ("author", people.field("author"))];
    let mut form: Vec<(&str, &str)> = stamps.iter().map(|(k, v)| (*k, v.as_str())).collect();
    form.extend([("actor", lenoir.as_str()), ("as", "player/direction")]);
    let answer = house.form(&to("participant"), &cookie, &form).await;
    assert_eq!(answer.location(), below("/participants"), "{}", answer.text);
    // Documents, then the room.
    let paper = house.get(&below("/documents/joueur"), &cookie).await;
    assert!(paper.shows("quatre-vingt-deux résidents"), "{}", paper.words());
    assert!(paper.shows("EXERCICE"));
    let home = house.get(&below(""), &cookie).await;
    let opened = house.form(&to("ouvrir"), &cookie, &[("author", &home.field("author"))]).await;
    assert!(opened.location().ends_with("/console"), "{}", opened.text);
    let home = house.get(&below(""), &cookie).await;
    assert!(home.shows("Entrer comme animateur") && !home.text.contains("name=\"reason\""));
    let words: Vec<(&str, &str)> = words.into_iter().filter(|(name, _)| *name != "request").collect();
    let late = house.form(&to("contexte"), &cookie, &words).await;
    assert!(late.shows("L’exercice est ouvert"), "{}", late.words());
}

#[tokio::test]
async fn what_a_form_says_wrong_comes_back_beside_it() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    for date in ["demain peut-être", "2026-02-31T09:30", "99999999999-01-01", "9".repeat(5_000).as_str()] {
        let (answer, _) =
            planned(&house, &cookie, &[("title", "Titre gardé"), ("planned_at", date), ("level", "beginner")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.shows("Cette date n’est pas comprise"), "{}", answer.words());
        assert!(answer.text.contains("Titre gardé"), "what was typed is given back");
    }
    let (answer, _) = planned(&house, &cookie, &[("title", " "), ("level", "beginner")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (answer, _) = planned(&house, &cookie, &[("title", "T"), ("level", "impossible")]).await;
    assert!(answer.shows("Choisissez un niveau de la liste"), "{}", answer.words());
    assert!(house.ledger.view().state.exercises.all.is_empty());
    let unknown =
        house.form(&format!("/journaux/{}/exercices", house.journal), &cookie, &[("kit", "rien"), ("title", "T")]).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_may_plan_and_who_may_not() {
    let house = House::founded(true);
    let cookie = house.enter(MOREAU).await;
    let kit = house.get(&format!("/exercices/kits/{KIT}"), &cookie).await;
    assert!(kit.shows("Un exercice se prévoit par la direction"), "{}", kit.words());
    assert!(!kit.shows("Chronogramme") && !kit.shows("Critères"), "what players will meet is for those who plan");
    assert!(!kit.text.contains("name=\"planned_at\""));
    let fields = [("kit", KIT), ("title", "Intrusion"), ("level", "beginner")];
    let refused = house.form(&format!("/journaux/{}/exercices", house.journal), &cookie, &fields).await;
    assert!(refused.status.is_client_error(), "{}", refused.status);
    assert!(house.ledger.view().state.exercises.all.is_empty());
    let planner = house.get(&format!("/exercices/kits/{KIT}"), &house.enter(LENOIR).await).await;
    assert!(planner.shows("Chronogramme") && planner.shows("En réserve") && planner.shows("Critères"), "{}", planner.words());
    // Another journal's address records nothing.
    let other = format!("/journaux/{}/exercices", JournalId([4; 16]));
    let answer = house.form(&other, &house.enter(LENOIR).await, &fields).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(house.ledger.view().state.exercises.all.is_empty());
}

#[tokio::test]
async fn a_blank_scenario_has_its_own_teams() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let form = house.get("/exercices/kits/vierge", &cookie).await;
    let (request, author) = (form.field("request"), form.field("author"));
    let base = [
        ("request", request.as_str()),
        ("author", author.as_str()),
        ("kit", "vierge"),
        ("title", "À nous"),
        ("level", "beginner"),
    ];
    let to = format!("/journaux/{}/exercices", house.journal);
    let send = |minutes: &'static str, teams: &'static str| {
        let fields: Vec<(&str, &str)> = base.iter().copied().chain([("minutes", minutes), ("teams", teams)]).collect();
        let (house, to, cookie) = (&house, &to, &cookie);
        async move { house.form(to, cookie, &fields).await }
    };
    assert!(send("deux heures", "Direction").await.shows("Écrivez la durée en minutes"));
    assert!(send("0", "Direction").await.shows("Un exercice dure de 1 minute"));
    assert!(send("90", "").await.shows("au moins une équipe"));
    let id = id_of(&send("90", "Direction | directeur\nSoins").await);
    let known = exercise(&house, id);
    assert_eq!((known.scenario().minutes, known.scenario().teams.len(), known.injects.len()), (90, 2, 0));
}

#[tokio::test]
async fn the_preparation_is_nobody_elses() {
    let house = House::founded(true);
    plan(&house);
    // A secretary who plays, and an observer of the register who takes no part: neither learns that there is anything.
    for (actor, home) in [(LENOIR, StatusCode::OK), (MOREAU, StatusCode::NOT_FOUND)] {
        let cookie = house.enter(actor).await;
        assert_eq!(house.get(&page(""), &cookie).await.status, home);
        for below in SECRET {
            assert_eq!(house.get(&page(below), &cookie).await.status, StatusCode::NOT_FOUND, "{below}");
        }
        let acts = [
            "cadre",
            "contexte",
            "stimulus",
            "retirer",
            "decalage",
            "critere",
            "participant",
            "preparation",
            "annuler",
            "version",
        ];
        let before = house.ledger.view().entries;
        for act in acts {
            let to = format!("/journaux/{}/exercices/{EXERCISE}/{act}", house.journal);
            let answer = house.form(&to, &cookie, &[("key", "1"), ("stimulus", "1"), ("reason", "non"), ("title", "T")]).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{act}");
            assert!(!answer.shows("Stimulus") && !answer.shows("Nuit blanche"), "{act}: {}", answer.words());
        }
        assert_eq!(house.ledger.view().entries, before);
    }
    let cookie = house.enter(MARCHAND).await;
    for below in SECRET.iter().filter(|below| **below != "/documents/inconnu") {
        assert_eq!(house.get(&page(below), &cookie).await.status, StatusCode::OK, "{below}");
    }
    for wrong in [
        format!("/exercices/{}", SubjectId([8; 16])),
        "/exercices/7".to_owned(),
        page("/chronogramme/99"),
        page("/documents/inconnu"),
    ] {
        assert_eq!(house.get(&wrong, &cookie).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    // Another journal's address, and an act that does not exist.
    let other = format!("/journaux/{}/exercices/{EXERCISE}/annuler", JournalId([4; 16]));
    assert_eq!(house.form(&other, &cookie, &[("reason", "non")]).await.status, StatusCode::NOT_FOUND);
    let none = format!("/journaux/{}/exercices/{EXERCISE}/autre", house.journal);
    assert_eq!(house.form(&none, &cookie, &[]).await.status, StatusCode::NOT_FOUND);
    assert!(exercise(&house, EXERCISE).cancelled.is_none());
    // Nobody is in: to the door.
    assert!(house.get(&page("/chronogramme"), "").await.location().starts_with("/connexion"));
}

#[tokio::test]
async fn what_participants_and_others_read() {
    let house = House::founded(true);
    plan(&house);
    let set = Scenario {
        briefing: "Nous sommes samedi.".to_owned(),
        about: "Un secret du scénario.".to_owned(),
        planned_at: Some(NOW + 60 * MINUTE),
        ..exercise(&house, EXERCISE).scenario().clone()
    };
    record(
        &house,
        MARCHAND,
        &Event::ExerciseFramed(ScenarioSet { scenario: set, supersedes: exercise(&house, EXERCISE).frames.seen() }),
    );
    let player = house.enter(LENOIR).await;
    let summary = house.get(&page(""), &player).await;
    assert!(
        summary.shows("Nous sommes samedi.") && summary.shows("Vous jouez dans l’équipe « Direction »"),
        "{}",
        summary.words()
    );
    assert!(!summary.shows("Stimulus") && !summary.shows("Un secret"), "{}", summary.words());
    assert_eq!(house.get(&page("/documents/joueur"), &player).await.status, StatusCode::OK);
    assert_eq!(house.get(&page("/documents/observateur"), &player).await.status, StatusCode::NOT_FOUND);
    // To those who take no part: title, date, state.
    let other = house.enter(MOREAU).await;
    let list = house.get("/exercices", &other).await;
    assert!(list.shows("Nuit blanche") && list.shows("prévu"), "{}", list.words());
    assert!(!list.shows("60 min") && !list.shows("débutant") && !list.text.contains(&page("")), "{}", list.words());
    takes_part(&house, MOREAU, Part::Observer);
    assert_eq!(house.get(&page("/documents/observateur"), &other).await.status, StatusCode::OK);
    assert!(house.get(&page(""), &other).await.shows("Vous êtes observateur."));
    assert_eq!(house.get(&page("/documents/joueur"), &other).await.status, StatusCode::NOT_FOUND);
    record(&house, MARCHAND, &Event::ExerciseCancelled(Cancelled { reason: "salle prise".to_owned() }));
    let list = house.get("/exercices", &house.enter(MARCHAND).await).await;
    assert!(list.shows("annulé : salle prise"), "{}", list.words());
}

#[tokio::test]
async fn an_exercise_keeps_a_facilitator() {
    let house = House::founded(true);
    plan(&house);
    let cookie = house.enter(MARCHAND).await;
    let people = house.get(&page("/participants"), &cookie).await;
    let (me, moreau) = (MARCHAND.to_string(), MOREAU.to_string());
    for fields in [
        vec![("actor", me.as_str()), ("part", "facilitator"), ("team", ""), ("left", "1")],
        vec![("actor", me.as_str()), ("as", "observer/")],
    ] {
        let answer = act(&house, &people, "participant", &cookie, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.shows("Un exercice garde au moins un animateur"), "{}", answer.words());
    }
    for (fields, sentence) in [
        (vec![("actor", "personne"), ("as", "observer/")], "Choisissez une personne"),
        (vec![("actor", moreau.as_str()), ("as", "spectateur/")], "Choisissez un rôle"),
        (vec![("actor", moreau.as_str()), ("as", "player/inconnue")], "Choisissez l’équipe"),
    ] {
        let answer = act(&house, &people, "participant", &cookie, &fields).await;
        assert!(answer.shows(sentence), "{}", answer.words());
    }
    let stranger = ActorId([9; 16]).to_string();
    let answer = act(&house, &people, "participant", &cookie, &[("actor", stranger.as_str()), ("as", "observer/")]).await;
    assert!(answer.shows("n’a pas de compte avec un rôle"), "{}", answer.words());
    let answer = act(&house, &people, "participant", &cookie, &[("actor", moreau.as_str()), ("as", "facilitator/")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let people = house.get(&page("/participants"), &cookie).await;
    let fields = [("actor", me.as_str()), ("part", "facilitator"), ("team", ""), ("left", "1")];
    assert_eq!(act(&house, &people, "participant", &cookie, &fields).await.status, StatusCode::SEE_OTHER);
    // Who left knows nothing more.
    assert_eq!(house.get(&page("/chronogramme"), &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_real_crisis_is_never_overlooked() {
    let house = House::new();
    plan(&house);
    let cookie = house.enter(MARCHAND).await;
    let home = house.get(&page(""), &cookie).await;
    assert!(home.shows("CRISE RÉELLE EN COURS") && home.text.contains("name=\"during_crisis\""), "{}", home.words());
    let author = MARCHAND.to_string();
    let refused = house.form(&opening(&house), &cookie, &[("author", &author)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.shows("Une crise réelle est en cours"), "{}", refused.words());
    assert!(exercise(&house, EXERCISE).opened.is_none());
    open(&house, &cookie).await;
    assert!(exercise(&house, EXERCISE).opened.unwrap().what.during_crisis);
    let calm = House::founded(true);
    plan(&calm);
    assert!(!calm.get(&page(""), &calm.enter(MARCHAND).await).await.text.contains("during_crisis"));
}

#[tokio::test]
async fn an_exercise_that_is_over_counts_for_the_year_and_can_be_played_again() {
    let house = House::founded(true);
    plan(&house);
    let cookie = house.enter(MARCHAND).await;
    // Not over: nobody copies what players would read.
    let again = format!("/exercices/kits/exercice-{EXERCISE}");
    assert_eq!(house.get(&again, &cookie).await.status, StatusCode::NOT_FOUND);
    let below = open(&house, &cookie).await;
    assert!(house.get("/exercices", &cookie).await.text.contains(&format!("{below}/console")));
    assert!(house.get("/exercices", &house.enter(LENOIR).await).await.text.contains(&format!("{below}/boite")));
    conduct(&house, &below, &cookie, &common::exercise::clock(ClockAct::Start, NOW)).await;
    conduct(&house, &below, &cookie, &common::exercise::clock(ClockAct::Finish, NOW + MINUTE)).await;
    close(&house, &cookie).await;
    let list = house.get("/exercices", &cookie).await;
    assert!(list.shows("L’exercice annuel est à jour : le dernier date du samedi 21 novembre 2026"), "{}", list.words());
    assert!(list.text.contains(&page("/retex")));
    assert!(house.get("/exercices/kits", &cookie).await.text.contains(&again));
    let form = house.get(&again, &cookie).await;
    let fields = ["request", "author", "kit"].map(|name| (name, form.field(name)));
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    fields.extend([("title", "Nuit blanche, deux"), ("level", "beginner")]);
    let answer = house.form(&format!("/journaux/{}/exercices", house.journal), &cookie, &fields).await;
    let copy = exercise(&house, id_of(&answer));
    assert_eq!((copy.injects.len(), copy.opened.is_none(), copy.people.len()), (3, true, 1));
    // Those who may not plan copy nothing, and learn nothing.
    let other = house.enter(MOREAU).await;
    assert_eq!(house.get(&again, &other).await.status, StatusCode::NOT_FOUND);
    let key = format!("exercice-{EXERCISE}");
    let stolen = house
        .form(&format!("/journaux/{}/exercices", house.journal), &other, &[("kit", &key), ("title", "T"), ("level", "beginner")])
        .await;
    assert_eq!(stolen.status, StatusCode::NOT_FOUND);
    // A year and two days later it is due.
    house.later(367 * 24 * 60 * MINUTE);
    let cookie = house.enter(MARCHAND).await;
    assert!(house.get("/exercices", &cookie).await.shows("L’exercice annuel est en retard"));
}
