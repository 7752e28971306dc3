//! Before the exercise, through its pages: the kit, the words of the house, the chronogramme, the people, the opening.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test stops at the first surprise")]

mod common;

use axum::http::StatusCode;
use common::exercise::{EXERCISE, close, conduct, open, opening, plan, record, takes_part};
use common::{Answer, House, LENOIR, MARCHAND, MINUTE, MOREAU, NOW};
use domain::Event;
use domain::exercise::Exercise;
use domain::exercise::event::conduct::ClockAct;
use domain::exercise::event::scenario::{Inject, Parameter, Scenario};
use domain::exercise::event::{Cancelled, InjectSet, Part, ScenarioSet};
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
    assert!(house.get("/exercices", &cookie).await.shows("Le prochain est prévu le 15/12"));
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

/// A form of an inject, all its fields said.
fn inject_form(
    known: &'static str,
    key: &'static str,
    at: &'static str,
    title: &'static str,
) -> Vec<(&'static str, &'static str)> {
    vec![
        ("known", known),
        ("key", key),
        ("at", at),
        ("channel", "phone"),
        ("from", "SAMU"),
        ("to", "direction"),
        ("title", title),
        ("text", "Bonjour,\r\nqui décide ?"),
        ("level", "beginner"),
    ]
}

async fn write_inject(house: &House, cookie: &str, from: &Answer, fields: Vec<(&str, &str)>) -> Answer {
    let supersedes = from.field("supersedes");
    let mut all = vec![("supersedes", supersedes.as_str())];
    all.extend(fields);
    act(house, from, "stimulus", cookie, &all).await
}

#[tokio::test]
async fn the_chronogramme_is_written_moved_and_pruned() {
    let house = House::founded(true);
    plan(&house);
    let cookie = house.enter(MARCHAND).await;
    let blank = house.get(&page("/chronogramme/nouveau"), &cookie).await;
    assert_eq!(blank.field("key"), "4");
    let taken = write_inject(&house, &cookie, &blank, inject_form("", "2", "15", "Volé")).await;
    assert!(taken.shows("Ce numéro est déjà pris"), "{}", taken.words());
    for (field, value, sentence) in [
        ("at", "midi", "Écrivez des minutes en chiffres"),
        ("channel", "pigeon", "Choisissez un canal"),
        ("to", "inconnue", "n’existe pas dans cet exercice"),
        ("contingency_for", "99", "Aucun autre stimulus ne porte ce numéro"),
        ("fact", "crisis.inventé", "Choisissez dans la liste"),
        ("text", "", "text"),
        ("key", "a b", "Le numéro"),
        ("key", "nouveau", "sert d’adresse"),
    ] {
        let mut form = inject_form("", "12bis", "15", "Le maire appelle");
        form.retain(|(name, _)| *name != field);
        form.push((field, value));
        let answer = write_inject(&house, &cookie, &blank, form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(field == "text" || answer.shows(sentence), "{field}: {}", answer.words());
        assert!(answer.text.contains("Le maire appelle"), "{field}: what was typed is given back");
    }
    let answer = write_inject(&house, &cookie, &blank, inject_form("", "12bis", "15", "Le maire appelle")).await;
    assert_eq!(answer.location(), page("/chronogramme"), "{}", answer.text);
    assert_eq!(exercise(&house, EXERCISE).injects["12bis"].inject().text, "Bonjour,\nqui décide ?");
    let list = house.get(&page("/chronogramme"), &cookie).await;
    assert!(list.shows("Le maire appelle") && list.shows("15 min"), "{}", list.words());
    assert!(list.text.contains("aria-label=\"12bis, Le maire appelle, débutant\""), "each dot says what it is");
    // From 12bis on, ten minutes later, as one request; never before DEBEX, never by nonsense.
    for (from, by, sentence) in [
        ("12bis", "tôt", "Écrivez des minutes en chiffres"),
        ("12bis", "0", "Écrivez des minutes en chiffres"),
        ("12bis", "-16", "aucun stimulus ne passe avant DEBEX"),
        ("12bis", "9223372036854775807", "mène hors de l’exercice"),
        ("12bis", "20000", "plus de 7 jours"),
        ("99", "5", "Choisissez dans la liste"),
    ] {
        let answer = act(&house, &list, "decalage", &cookie, &[("de", from), ("minutes", by)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{by}");
        assert!(answer.shows(sentence), "{by}: {}", answer.words());
    }
    let answer = act(&house, &list, "decalage", &cookie, &[("de", "12bis"), ("minutes", "10")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let minutes = |house: &House| ["1", "2", "12bis", "3"].map(|key| exercise(house, EXERCISE).injects[key].inject().at.unwrap());
    assert_eq!(minutes(&house), [0, 10, 25, 40]);
    act(&house, &list, "decalage", &cookie, &[("de", "12bis"), ("minutes", "10")]).await;
    assert_eq!(minutes(&house), [0, 10, 25, 40], "sent twice, it moves once");
    let one = house.get(&page("/chronogramme/12bis"), &cookie).await;
    let gone = act(&house, &one, "retirer", &cookie, &[("stimulus", "12bis")]).await;
    assert_eq!(gone.location(), page("/chronogramme"), "{}", gone.text);
    assert_eq!(house.get(&page("/chronogramme/12bis"), &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn files_of_an_inject_stay_until_they_are_unticked() {
    let house = House::founded(true);
    plan(&house);
    let cookie = house.enter(MARCHAND).await;
    let to = format!("/journaux/{}/exercices/{EXERCISE}/stimulus", house.journal);
    let send = |form: Answer, keep: Vec<String>, file: Option<(&'static str, Vec<u8>)>| {
        let (house, to, cookie) = (&house, &to, &cookie);
        async move {
            let stamps = ["request", "author", "supersedes"].map(|name| (name, form.field(name)));
            let mut fields: Vec<(&str, &str)> = stamps.iter().map(|(k, v)| (*k, v.as_str())).collect();
            fields.extend(inject_form("2", "2", "10", "Note de rançon"));
            fields.extend(keep.iter().map(|hash| ("keep", hash.as_str())));
            let files: Vec<(&str, &[u8])> = file.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
            house.multipart(to, cookie, &fields, &files).await
        }
    };
    let names =
        || exercise(&house, EXERCISE).injects["2"].inject().attachments.iter().map(|a| a.name.clone()).collect::<Vec<_>>();
    let answer = send(house.get(&page("/chronogramme/2"), &cookie).await, vec![], Some(("note.svg", b"<svg/>".to_vec()))).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let keep = vec![exercise(&house, EXERCISE).injects["2"].inject().attachments[0].hash.to_string()];
    let second =
        send(house.get(&page("/chronogramme/2"), &cookie).await, keep.clone(), Some(("plan.svg", b"<svg>2</svg>".to_vec())))
            .await;
    assert_eq!(second.status, StatusCode::SEE_OTHER, "{}", second.text);
    assert_eq!(names(), ["note.svg", "plan.svg"]);
    // Too big: said, and nothing is recorded without it.
    let big =
        send(house.get(&page("/chronogramme/2"), &cookie).await, keep, Some(("gros.svg", vec![b'x'; 26 * 1024 * 1024]))).await;
    assert_eq!(big.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(big.shows("dépasse 25 Mio"), "{}", big.words());
    let none = send(house.get(&page("/chronogramme/2"), &cookie).await, vec![], None).await;
    assert_eq!(none.status, StatusCode::SEE_OTHER, "{}", none.text);
    assert!(names().is_empty());
}

#[tokio::test]
async fn a_huge_paste_is_refused_with_a_sentence() {
    let house = House::founded(true);
    plan(&house);
    let cookie = house.enter(MARCHAND).await;
    let before = house.ledger.view().entries;
    let huge = "é".repeat(5 * 1024 * 1024);
    let frame = house.get(&page("/cadre"), &cookie).await;
    let supersedes = frame.field("supersedes");
    let fields = [
        ("supersedes", supersedes.as_str()),
        ("title", "Nuit blanche"),
        ("minutes", "60"),
        ("level", "beginner"),
        ("briefing", huge.as_str()),
        ("teams", "direction | Direction"),
    ];
    let answer = act(&house, &frame, "cadre", &cookie, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.words().contains("caractères"), "{}", answer.words().chars().take(3_000).collect::<String>());
    let blank = house.get(&page("/chronogramme/nouveau"), &cookie).await;
    let mut form = inject_form("", "9", "5", "Long");
    form.retain(|(name, _)| *name != "text");
    form.push(("text", huge.as_str()));
    let answer = write_inject(&house, &cookie, &blank, form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let people = house.get(&page("/participants"), &cookie).await;
    let answer = act(&house, &people, "annuler", &cookie, &[("reason", huge.as_str())]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(house.ledger.view().entries, before);
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

/// The fields of the form of the frame, with another title.
fn frame_form<'a>(supersedes: &'a str, title: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("supersedes", supersedes),
        ("title", title),
        ("minutes", "60"),
        ("level", "beginner"),
        ("briefing", "Un.\r\n\r\nDeux."),
        ("teams", "direction | Direction | directeur"),
    ]
}

#[tokio::test]
async fn two_who_write_at_once_settle_it() {
    let house = House::founded(true);
    plan(&house);
    takes_part(&house, MOREAU, Part::Facilitator);
    let (one, two) = (house.enter(MARCHAND).await, house.enter(MOREAU).await);
    let (mine, theirs) = (house.get(&page("/cadre"), &one).await, house.get(&page("/cadre"), &two).await);
    let seen = mine.field("supersedes");
    assert_eq!(act(&house, &mine, "cadre", &one, &frame_form(&seen, "Nuit rouge")).await.status, StatusCode::SEE_OTHER);
    let answer = act(&house, &theirs, "cadre", &two, &frame_form(&seen, "Nuit noire")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert!(exercise(&house, EXERCISE).frames.is_conflict());
    assert_eq!(exercise(&house, EXERCISE).scenario().briefing, "Un.\n\nDeux.", "lines end in one way");
    for below in ["", "/contexte", "/criteres", "/chronogramme"] {
        assert!(house.get(&page(below), &one).await.shows("Conflit (2)"), "{below}");
    }
    let torn = house.get(&page("/cadre"), &one).await;
    assert!(torn.shows("Nuit rouge") && torn.shows("Nuit noire") && torn.shows("J. Marchand"), "{}", torn.words());
    let kept = exercise(&house, EXERCISE).frames.survivors()[0].id.to_string();
    let supersedes = torn.field("supersedes");
    let wrong = act(&house, &torn, "version", &one, &[("supersedes", &supersedes), ("version", "7")]).await;
    assert!(wrong.shows("n’est plus en conflit"), "{}", wrong.words());
    let settled = act(&house, &torn, "version", &one, &[("supersedes", &supersedes), ("version", &kept)]).await;
    assert_eq!(settled.status, StatusCode::SEE_OTHER, "{}", settled.text);
    let known = exercise(&house, EXERCISE);
    assert!(!known.frames.is_conflict());
    assert_eq!(known.scenario().title, "Nuit rouge");
    // A page without the versions it was made from is told to reload.
    let blind = act(&house, &torn, "contexte", &one, &[]).await;
    assert!(blind.status.is_client_error());
    assert!(blind.shows("rechargez la page"), "{}", blind.words());
    // An inject that two wrote: both are shown, and it does not move until somebody settles.
    let base = exercise(&house, EXERCISE).injects["2"].written.seen();
    for (actor, title) in [(MARCHAND, "Version A"), (MOREAU, "Version B")] {
        let inject = Inject { title: title.to_owned(), ..common::exercise::inject("2", 10) };
        record(&house, actor, &Event::InjectSet(InjectSet { inject, supersedes: base.clone() }));
    }
    let torn = house.get(&page("/chronogramme/2"), &one).await;
    assert!(torn.shows("Version A") && torn.shows("Version B"), "{}", torn.words());
    let moved = act(&house, &torn, "decalage", &one, &[("de", "2"), ("minutes", "5")]).await;
    assert!(moved.shows("tranchez d’abord"), "{}", moved.words());
    let settled = write_inject(&house, &one, &torn, inject_form("2", "2", "10", "Version C")).await;
    assert_eq!(settled.status, StatusCode::SEE_OTHER, "{}", settled.text);
    assert!(!exercise(&house, EXERCISE).injects["2"].written.is_conflict());
}

#[tokio::test]
async fn a_team_that_serves_is_not_taken_away() {
    let house = House::founded(true);
    plan(&house);
    let cookie = house.enter(MARCHAND).await;
    let frame = house.get(&page("/cadre"), &cookie).await;
    let seen = frame.field("supersedes");
    for (teams, sentence) in
        [("soins | Soins", "L’équipe « Direction » sert encore"), ("direction | A\ndirection | B", "figure deux fois")]
    {
        let mut fields = frame_form(&seen, "Nuit blanche");
        fields.retain(|(name, _)| *name != "teams");
        fields.push(("teams", teams));
        let answer = act(&house, &frame, "cadre", &cookie, &fields).await;
        assert!(answer.shows(sentence), "{}", answer.words());
    }
    for (field, value, sentence) in [
        ("phases", "bientôt | Alerte", "Chaque phase s’écrit"),
        ("objectives", "sans clé", "Chaque objectif s’écrit"),
        ("planned_at", "32/13/2026", "Cette date n’est pas comprise"),
    ] {
        let mut fields = frame_form(&seen, "Nuit blanche");
        fields.push((field, value));
        let answer = act(&house, &frame, "cadre", &cookie, &fields).await;
        assert!(answer.shows(sentence), "{}", answer.words());
    }
}

#[tokio::test]
async fn criteria_and_answers() {
    let house = House::founded(true);
    plan(&house);
    let cookie = house.enter(MARCHAND).await;
    let form = house.get(&page("/criteres"), &cookie).await;
    let seen = form.field("supersedes");
    let criterion = |known: &'static str, key: &'static str, fact: &'static str, limit: &'static str| {
        vec![("known", known), ("key", key), ("title", "Réseau coupé"), ("fact", fact), ("target", "within"), ("limit", limit)]
    };
    for (fields, sentence) in [
        (criterion("", "crise_ouverte", "exercise.minutes_to_network_cut", "15"), "Ce nom court est déjà pris"),
        (criterion("", "Réseau coupé !", "exercise.minutes_to_network_cut", "15"), "en minuscules sans accent"),
        (criterion("", "reseau_coupe", "crisis.inventé", "15"), "ce que le journal sait dire"),
        (criterion("", "reseau_coupe", "exercise.minutes_to_network_cut", "vite"), "Écrivez la valeur attendue"),
    ] {
        let fields: Vec<(&str, &str)> = [("supersedes", seen.as_str())].into_iter().chain(fields).collect();
        let answer = act(&house, &form, "critere", &cookie, &fields).await;
        assert!(answer.shows(sentence), "{}", answer.words());
    }
    assert_eq!(exercise(&house, EXERCISE).scenario().criteria.len(), 2);
    let fields = criterion("", "reseau_coupe", "exercise.minutes_to_network_cut", "15");
    let fields: Vec<(&str, &str)> = [("supersedes", seen.as_str())].into_iter().chain(fields).collect();
    let answer = act(&house, &form, "critere", &cookie, &fields).await;
    assert_eq!(answer.location(), page("/criteres"), "{}", answer.text);
    assert_eq!(exercise(&house, EXERCISE).scenario().criteria.len(), 3);
    // The questionnaire: what two people answer to two questions is kept, and an answer can be taken back.
    let mut scenario = exercise(&house, EXERCISE).scenario().clone();
    let item = |key: &str| domain::exercise::event::scenario::Item { key: key.to_owned(), text: format!("Question {key} ?") };
    scenario.preparation = vec![item("salle"), item("arret")];
    record(
        &house,
        MARCHAND,
        &Event::ExerciseFramed(ScenarioSet { scenario, supersedes: exercise(&house, EXERCISE).frames.seen() }),
    );
    let (first, second) = (house.get(&page("/preparation"), &cookie).await, house.get(&page("/preparation"), &cookie).await);
    let blank = [("w-salle", ""), ("w-arret", "")];
    let answer = |said: [(&'static str, &'static str); 2]| blank.iter().copied().chain(said).collect::<Vec<_>>();
    act(&house, &first, "preparation", &cookie, &answer([("q-salle", "Salle bleue"), ("q-arret", "")])).await;
    act(&house, &second, "preparation", &cookie, &answer([("q-salle", ""), ("q-arret", "Le directeur")])).await;
    let known = exercise(&house, EXERCISE).prepared;
    assert_eq!((known["salle"].as_str(), known["arret"].as_str()), ("Salle bleue", "Le directeur"));
    let third = house.get(&page("/preparation"), &cookie).await;
    assert!(third.shows("2 questions sur 2"), "{}", third.words());
    let same = [("w-salle", "Salle bleue"), ("q-salle", "Salle bleue"), ("w-arret", "Le directeur"), ("q-arret", "Le directeur")];
    assert!(act(&house, &third, "preparation", &cookie, &same).await.shows("Aucune réponse n’a changé"));
    let emptied = [("w-salle", "Salle bleue"), ("q-salle", ""), ("w-arret", "Le directeur"), ("q-arret", "Le directeur")];
    assert_eq!(act(&house, &third, "preparation", &cookie, &emptied).await.status, StatusCode::SEE_OTHER);
    assert!(house.get(&page(""), &cookie).await.shows("1 réponse sur 2"));
}

#[tokio::test]
async fn the_register_fills_words_again() {
    let house = House::founded(true);
    plan(&house);
    let mut scenario = exercise(&house, EXERCISE).scenario().clone();
    let word = |key: &str, from: &str, value: &str| Parameter {
        key: key.to_owned(),
        label: format!("Mot {key}"),
        from: from.to_owned(),
        otherwise: format!("le {key}"),
        value: value.to_owned(),
    };
    scenario.parameters = vec![word("lieu", "establishment", "Vieux nom"), word("dpi", "asset:dossier", "")];
    record(
        &house,
        MARCHAND,
        &Event::ExerciseFramed(ScenarioSet { scenario, supersedes: exercise(&house, EXERCISE).frames.seen() }),
    );
    let inject = Inject { text: "Bonjour de {lieu}, {dpi} ne répond plus.".to_owned(), ..common::exercise::inject("5", 5) };
    record(&house, MARCHAND, &Event::InjectSet(InjectSet { inject, supersedes: Vec::new() }));
    let cookie = house.enter(MARCHAND).await;
    let context = house.get(&page("/contexte"), &cookie).await;
    assert!(context.shows("Un mot du kit n’est pas encore le vôtre"), "{}", context.words());
    assert!(context.shows("Mot dpi : non rempli, le kit dit « le dpi »"));
    assert!(context.shows("trouvé : CH d’Essai"));
    assert!(context.shows("Bonjour de Vieux nom, le dpi ne répond plus."));
    // In the editor the text is raw.
    assert!(house.get(&page("/chronogramme/5"), &cookie).await.text.contains("Bonjour de {lieu}, {dpi}"));
    let seen = context.field("supersedes");
    let fields = [("supersedes", seen.as_str()), ("p-lieu", "Vieux nom"), ("p-dpi", ""), ("reprendre", "1")];
    assert_eq!(act(&house, &context, "contexte", &cookie, &fields).await.status, StatusCode::SEE_OTHER);
    assert!(house.get(&page("/contexte"), &cookie).await.shows("Bonjour de CH d’Essai, le dpi ne répond plus."));
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
    assert!(list.shows("L’exercice annuel est à jour : le dernier date du 21/11"), "{}", list.words());
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
