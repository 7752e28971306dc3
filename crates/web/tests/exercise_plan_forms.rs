//! The forms of the preparation: what each refuses, with which sentence, and what two people make of the same field.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test stops at the first surprise")]

mod common;

use axum::http::StatusCode;
use common::exercise::{EXERCISE, plan, record, takes_part};
use common::{Answer, House, MARCHAND, MOREAU};
use domain::Event;
use domain::exercise::Exercise;
use domain::exercise::event::scenario::{Inject, Parameter};
use domain::exercise::event::{InjectSet, Part, ScenarioSet};
use journal::SubjectId;

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
