//! Chronogrammes and kits through their pages: looked at, agreed to, taken away; and what is refused.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test stops at the first surprise")]

mod common;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use common::{Answer, House, LENOIR, MARCHAND, MINUTE, MOREAU, NOW, multipart, request};
use domain::Event;
use domain::exercise::Exercise;
use domain::exercise::event::scenario::{Criterion, Inject, Parameter, Scenario, Team};
use domain::exercise::event::{Cancelled, Planned};
use formats::kit::{Kit, open};
use journal::certificate::Certificate;
use journal::write::Author;
use journal::{Auth, PublicKey, RequestId, SigningKey, SubjectId};
use std::io::Write;
use store::Submission;

const EXERCISE: SubjectId = SubjectId([77; 16]);

fn scenario() -> Scenario {
    let team = |key: &str, name: &str| Team { key: key.to_owned(), name: name.to_owned(), who: String::new() };
    let parameter = Parameter {
        key: "rssi".to_owned(),
        label: "RSSI".to_owned(),
        from: "function:rssi".to_owned(),
        otherwise: "le responsable de la sécurité".to_owned(),
        value: "Mme Secrète".to_owned(),
    };
    let criterion = Criterion {
        key: "alerte".to_owned(),
        title: "Alerte donnée".to_owned(),
        objective: String::new(),
        fact: String::new(),
        target: None,
        look: "On appelle.".to_owned(),
        advice: String::new(),
        action: String::new(),
    };
    Scenario {
        title: "Nuit blanche".to_owned(),
        about: "Un samedi sans écrans.".to_owned(),
        minutes: 120,
        planned_at: Some(NOW),
        teams: vec![team("direction", "Cellule décisionnelle"), team("si", "Cellule SI")],
        parameters: vec![parameter],
        criteria: vec![criterion],
        ..Scenario::default()
    }
}

fn inject(key: &str, at: u32, title: &str) -> Inject {
    let text = format!("{title}, appelez {{rssi}}.");
    Inject { key: key.to_owned(), at: Some(at), title: title.to_owned(), text, ..Inject::default() }
}

fn submit(house: &House, events: &[Event]) {
    let author = Author { actor: LENOIR, auth: Auth::None };
    let drafts = events.iter().map(|event| event.draft(EXERCISE)).collect();
    house.ledger.submit_wait(Submission { request: RequestId(house.env().bytes()), author, drafts }).unwrap();
}

/// A house with an exercise that Lenoir runs.
fn house() -> House {
    let house = House::founded(true);
    let planned = Planned {
        scenario: scenario(),
        injects: vec![inject("1", 0, "Écrans noirs"), inject("007", 5, "Appel du maire")],
        campaign: String::new(),
    };
    submit(&house, &[Event::ExercisePlanned(planned)]);
    house
}

fn exercise(house: &House) -> Exercise {
    house.ledger.view().state.exercises.all.get(&EXERCISE).unwrap().clone()
}

fn base(house: &House) -> String {
    format!("/journaux/{}/exercices/{EXERCISE}/import", house.journal)
}

/// Sends a file as the page's form does.
async fn send(house: &House, path: &str, cookie: &str, author: &str, name: &str, content: &[u8]) -> Answer {
    let body = String::from_utf8_lossy(&multipart(&[("author", author)], &[])).into_owned();
    let mut body = body.replace("--XX--\r\n", "").into_bytes();
    body.extend(format!("--XX\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n").bytes());
    body.extend(content);
    body.extend(b"\r\n--XX--\r\n");
    let request = request(Method::POST, path, cookie).header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX");
    house.send(request.body(Body::from(body)).unwrap()).await
}

/// Brings a chronogramme: the dry run.
async fn brought(house: &House, cookie: &str, name: &str, content: &[u8]) -> Answer {
    let sent = send(house, &base(house), cookie, "", name, content).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.words());
    house.get(sent.location(), cookie).await
}

/// Where the form of a page posts that ends so.
fn action(page: &Answer, end: &str) -> String {
    let all = page.text.split("action=\"").skip(1).filter_map(|rest| rest.split('"').next());
    all.into_iter().find(|action| action.contains("/import") && action.ends_with(end)).unwrap().to_owned()
}

/// Where the form that says yes posts.
fn yes(page: &Answer) -> String {
    let all = page.text.split("action=\"").skip(1).filter_map(|rest| rest.split('"').next());
    all.into_iter().find(|action| action.contains("/import/") && !action.ends_with("/reglages")).unwrap().to_owned()
}

const TWO: &str = "N°;Heure;Destinataire;Moyen;Titre;Contenu\n\
    2;08:30;Cellule SI;SMS;Chiffrement;Des fichiers changent de nom.\n\
    007;08:40;tous;Courriel;Appel du maire;« Que se passe-t-il ? »\n";

#[tokio::test]
async fn a_chronogramme_is_looked_at_agreed_to_and_written_once() {
    let house = house();
    let cookie = house.enter(LENOIR).await;
    let home = house.get(&format!("/exercices/{EXERCISE}/import"), &cookie).await;
    assert!(home.status.is_success() && home.shows("Voir ce qui changerait"));
    let page = brought(&house, &cookie, "chrono.csv", TWO.as_bytes()).await;
    assert!(
        page.shows("1 stimulus à ajouter, 1 remplacé, 0 inchangé ; aucune ligne refusée. DEBEX à 08:30."),
        "{}",
        page.words()
    );
    assert!(page.shows("remplace celui de même numéro") && page.shows("Rien n’est encore enregistré."));
    assert_eq!(exercise(&house).injects.len(), 2);
    let (path, digest) = (yes(&page), page.field("digest"));
    let wrong = house.form(&path, &cookie, &[("digest", "00")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.shows("L’exercice a changé entre-temps"));
    let entries = house.ledger.view().entries;
    let done = house.form(&path, &cookie, &[("digest", &digest)]).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, format!("/exercices/{EXERCISE}").as_str()));
    // Sent twice: it is written once.
    let again = house.form(&path, &cookie, &[("digest", &digest)]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_eq!(house.ledger.view().entries, entries + 1);
    let exercise = exercise(&house);
    let minutes: Vec<_> =
        exercise.chronogramme().iter().map(|played| (played.inject().key.clone(), played.inject().at)).collect();
    assert_eq!(minutes, [("1".to_owned(), Some(0)), ("2".to_owned(), Some(0)), ("007".to_owned(), Some(10))]);
    assert_eq!(exercise.injects.get("2").unwrap().inject().to, ["si"]);
    let seen = house.get(&page_of(&path), &cookie).await;
    assert!(seen.shows("0 stimulus à ajouter") && seen.shows("Voir l’exercice"), "{}", seen.words());
}

/// The page of the dry run, from where its form posts.
fn page_of(path: &str) -> String {
    format!("/exercices/{}", path.split_once("/exercices/").unwrap().1)
}

#[tokio::test]
async fn unknown_teams_are_created_with_the_injects_in_one_request() {
    let house = house();
    let cookie = house.enter(LENOIR).await;
    let text = "N°;T+;Destinataire;Contenu\n2;10;SOC;a\n3;12;Presse;b\n";
    let page = brought(&house, &cookie, "chrono.csv", text.as_bytes()).await;
    assert!(page.shows("2 lignes refusées") && page.shows("L’équipe « SOC » n’existe pas dans cet exercice"), "{}", page.words());
    assert!(page.shows("Aucune ligne ne peut être prise"));
    let settings = action(&page, "/reglages");
    let fields = [("nom-0", "Presse"), ("equipe-0", "direction"), ("nom-1", "SOC"), ("equipe-1", "+")];
    let settled = house.form(&settings, &cookie, &fields).await;
    let page = house.get(settled.location(), &cookie).await;
    assert!(page.shows("2 stimuli à ajouter") && page.shows("Équipe créée : SOC."), "{}", page.words());
    let before = house.ledger.view().entries;
    let done = house.form(&yes(&page), &cookie, &[("digest", &page.field("digest"))]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.words());
    assert_eq!(house.ledger.view().entries, before + 2);
    let exercise = exercise(&house);
    assert_eq!(exercise.scenario().teams.iter().map(|team| team.key.as_str()).collect::<Vec<_>>(), ["direction", "si", "soc"]);
    assert_eq!(exercise.injects.get("3").unwrap().inject().to, ["direction"]);
    assert_eq!(exercise.injects.get("2").unwrap().inject().to, ["soc"]);
    assert!(!exercise.frames.is_conflict());
}

#[tokio::test]
async fn columns_the_sheet_and_the_start_may_be_said() {
    let house = house();
    let cookie = house.enter(LENOIR).await;
    let page = brought(&house, &cookie, "chrono.csv", "Chose;Truc;Machin\n1;2;3\n08:45;Bonjour;SMS\n".as_bytes()).await;
    assert!(page.shows("Il manque les colonnes « Heure » (ou « T+ ») et « Contenu » (ou « Titre »)"), "{}", page.words());
    let settings = action(&page, "/reglages");
    let bad = house.form(&settings, &cookie, &[("c-0", "heure"), ("c-1", "contenu"), ("debut", "bientôt")]).await;
    assert!(bad.status == StatusCode::UNPROCESSABLE_ENTITY && bad.shows("Écrivez l’heure de DEBEX ainsi"));
    let settled =
        house.form(&settings, &cookie, &[("c-0", "heure"), ("c-1", "contenu"), ("c-2", "moyen"), ("debut", "08:30")]).await;
    let page = house.get(settled.location(), &cookie).await;
    assert!(page.shows("DEBEX à 08:30") && page.shows("T+00:15"), "{}", page.words());
    let twice = house.form(&action(&page, "/reglages"), &cookie, &[("c-0", "heure"), ("c-1", "heure")]).await;
    let page = house.get(twice.location(), &cookie).await;
    assert!(page.shows("Deux colonnes sont prises pour « Heure »") || page.shows("Il manque la colonne"), "{}", page.words());
}

#[tokio::test]
async fn what_is_no_chronogramme_is_refused_with_a_sentence() {
    let house = house();
    let cookie = house.enter(LENOIR).await;
    let refused = async |name: &str, content: &[u8]| send(&house, &base(&house), &cookie, "", name, content).await;
    let answer = refused("a.xlsx", b"%PDF-1.4\0").await;
    assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.shows("abîmé"));
    assert!(refused("a.xlsx", b"").await.shows("celui-ci est vide"));
    let answer = refused("a.xlsx", &vec![b'x'; 11 * 1024 * 1024]).await;
    assert!(answer.status == StatusCode::PAYLOAD_TOO_LARGE && answer.shows("10 Mio"));
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    archive.start_file("xl/workbook.xml", options).unwrap();
    archive.write_all(&vec![b' '; 50 * 1024 * 1024]).unwrap();
    let bomb = archive.finish().unwrap().into_inner();
    assert!(refused("a.xlsx", &bomb).await.shows("se déplie à plus de 40 Mio"));
    let answer = send(&house, &base(&house), &cookie, &MARCHAND.to_string(), "a.csv", TWO.as_bytes()).await;
    assert!(answer.status == StatusCode::CONFLICT && answer.shows("sous un autre compte"));
    // Another page, another journal, a file that is kept no longer.
    let elsewhere = base(&house).replace(&house.journal.to_string(), "00000000000000000000000000000000");
    assert_eq!(send(&house, &elsewhere, &cookie, "", "a.csv", TWO.as_bytes()).await.status, StatusCode::NOT_FOUND);
    let page = brought(&house, &cookie, "a.csv", TWO.as_bytes()).await;
    house.later(29 * MINUTE);
    assert_eq!(house.get(&page_of(&yes(&page)), &cookie).await.status, StatusCode::OK);
    house.later(2 * MINUTE);
    let gone = house.get(&page_of(&yes(&page)), &cookie).await;
    assert!(gone.status == StatusCode::GONE && gone.shows("n’est plus gardé"), "{}", gone.words());
}

#[tokio::test]
async fn whoever_does_not_run_the_exercise_learns_nothing() {
    let house = house();
    let lenoir = house.enter(LENOIR).await;
    let page = brought(&house, &lenoir, "a.csv", TWO.as_bytes()).await;
    let kept = yes(&page);
    for actor in [MARCHAND, MOREAU] {
        let cookie = house.enter(actor).await;
        for end in ["import", "chronogramme.xlsx", "chronogramme.csv", "kit.planblanc-kit"] {
            assert_eq!(house.get(&format!("/exercices/{EXERCISE}/{end}"), &cookie).await.status, StatusCode::NOT_FOUND, "{end}");
        }
        assert_eq!(house.get(&page_of(&kept), &cookie).await.status, StatusCode::NOT_FOUND);
        assert_eq!(send(&house, &base(&house), &cookie, "", "a.csv", TWO.as_bytes()).await.status, StatusCode::NOT_FOUND);
        assert_eq!(house.form(&kept, &cookie, &[("digest", &page.field("digest"))]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(house.form(&format!("{kept}/reglages"), &cookie, &[]).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(house.get("/exercices/inconnu/import", &lenoir).await.status, StatusCode::NOT_FOUND);
    submit(&house, &[Event::ExerciseCancelled(Cancelled { reason: "report".to_owned() })]);
    let late = house.form(&kept, &lenoir, &[("digest", &page.field("digest"))]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert_eq!(exercise(&house).injects.len(), 2);
}

async fn bytes(house: &House, path: &str, cookie: &str) -> Vec<u8> {
    let answer = house.raw(request(Method::GET, path, cookie).body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status(), StatusCode::OK);
    axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec()
}

#[tokio::test]
async fn what_leaves_comes_back_unchanged() {
    let house = house();
    let cookie = house.enter(LENOIR).await;
    for name in ["chronogramme.xlsx", "chronogramme.csv"] {
        let file = bytes(&house, &format!("/exercices/{EXERCISE}/{name}"), &cookie).await;
        let page = brought(&house, &cookie, name, &file).await;
        assert!(page.shows("0 stimulus à ajouter, 0 remplacé, 2 inchangés ; aucune ligne refusée"), "{}", page.words());
        assert!(page.shows("Rien à changer"));
    }
    let text = String::from_utf8(bytes(&house, &format!("/exercices/{EXERCISE}/chronogramme.csv"), &cookie).await).unwrap();
    assert!(text.contains("T+00:05") && text.contains("14:37"), "{text}");
}

fn kits(house: &House) -> String {
    format!("/journaux/{}/exercices/kits/importer", house.journal)
}

#[tokio::test]
async fn a_kit_leaves_without_names_and_comes_back_to_who_signed_it() {
    let house = house();
    let cookie = house.enter(LENOIR).await;
    let file = bytes(&house, &format!("/exercices/{EXERCISE}/kit.planblanc-kit"), &cookie).await;
    assert!(!String::from_utf8_lossy(&file).contains("Secrète"));
    let opened = open(&file).unwrap();
    assert_eq!((opened.signed_by.as_str(), opened.kit.scenario.planned_at), ("CH d’Essai", None));
    assert_eq!((opened.kit.injects.len(), opened.kit.scenario.criteria.len()), (2, 1));
    let sent = send(&house, &kits(&house), &cookie, "", "nuit.planblanc-kit", &file).await;
    let page = house.get(sent.location(), &cookie).await;
    assert!(page.shows("signé par votre établissement") && !page.text.contains("name=\"accepter\""), "{}", page.words());
    let path = yes_kit(&page);
    let done = house.form(&path, &cookie, &[]).await;
    let again = house.form(&path, &cookie, &[]).await;
    assert!(done.location().starts_with("/exercices/kits/") && done.location() == again.location(), "{}", done.words());
    let adopted = house.ledger.view().state.exercises.kits.clone();
    assert_eq!(adopted.values().map(|kit| kit.signed_by.as_str()).collect::<Vec<_>>(), ["CH d’Essai"]);
    // Brought again, it is there already.
    let sent = send(&house, &kits(&house), &cookie, "", "nuit.planblanc-kit", &file).await;
    assert_eq!(sent.location(), done.location());
}

fn yes_kit(page: &Answer) -> String {
    let all = page.text.split("action=\"").skip(1).filter_map(|rest| rest.split('"').next());
    all.into_iter().find(|action| action.contains("/kits/importer/")).unwrap().to_owned()
}

/// A kit of another establishment.
fn foreign() -> Vec<u8> {
    let (root, device) = (SigningKey::from_bytes(&[5; 32]), SigningKey::from_bytes(&[6; 32]));
    let public = PublicKey(device.verifying_key().to_bytes());
    let certificate = Certificate::issue(&root, public, "poste du GRADeS", NOW, true);
    let kit = Kit::of(&scenario(), &[&inject("1", 0, "Écrans noirs")], vec!["ch".to_owned()]);
    kit.seal("GRADeS d’Exemple", &certificate, &device)
}

#[tokio::test]
async fn a_stranger_is_shown_and_accepted_by_a_person() {
    let house = house();
    let cookie = house.enter(MARCHAND).await;
    assert!(house.get("/exercices/kits/importer", &cookie).await.shows("Vérifier ce kit"));
    let sent = send(&house, &kits(&house), &cookie, "", "a.planblanc-kit", &foreign()).await;
    let page = house.get(sent.location(), &cookie).await;
    let words = formats::signed::fingerprint(&open(&foreign()).unwrap().root).join(" · ");
    assert!(page.shows("GRADeS d’Exemple") && page.shows("poste du GRADeS") && page.shows(&words), "{}", page.words());
    let path = yes_kit(&page);
    let refused = house.form(&path, &cookie, &[]).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.shows("Cochez la case"), "{}", refused.words());
    assert!(house.ledger.view().state.exercises.kits.is_empty());
    let done = house.form(&path, &cookie, &[("accepter", "oui")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.words());
    let kits = house.ledger.view().state.exercises.kits.clone();
    let (id, kit) = kits.iter().next().unwrap();
    assert_eq!((done.location(), kit.scenario.parameters[0].value.as_str()), (format!("/exercices/kits/{id}").as_str(), ""));
}

#[tokio::test]
async fn a_kit_that_was_touched_is_refused() {
    let house = house();
    let cookie = house.enter(LENOIR).await;
    let file = foreign();
    let mut touched = file.clone();
    let at = touched.len() - 40;
    touched[at] ^= 1;
    for (content, words) in [
        (touched.as_slice(), "a été modifié depuis sa signature"),
        (&file[..file.len() - 5], "sa fin manque"),
        (TWO.as_bytes(), "n’est pas un fichier signé par Plan Blanc"),
        (b"", "celui-ci est vide"),
    ] {
        let answer = send(&house, &kits(&house), &cookie, "", "a.planblanc-kit", content).await;
        assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.shows(words), "{words}: {}", answer.words());
    }
    assert!(house.get("/exercices/kits/importer/00000000000000000000000000000001", &cookie).await.status == StatusCode::GONE);
    let observer = house.enter(MOREAU).await;
    assert_eq!(house.get("/exercices/kits/importer", &observer).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&house, &kits(&house), &observer, "", "a.planblanc-kit", &file).await.status, StatusCode::FORBIDDEN);
    assert!(house.ledger.view().state.exercises.kits.is_empty());
}
