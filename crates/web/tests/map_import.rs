//! Files of other tools brought to the map through its pages: looked at, agreed to, taken back.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test stops at the first surprise")]

mod common;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use common::{Answer, House, LENOIR, MARCHAND, MINUTE, MOREAU, multipart, request};
use domain::Event;
use domain::cartography::Cartography;
use domain::cartography::event::AssetSet;
use domain::cartography::kind::AssetKind;
use journal::SubjectId;
use rust_xlsxwriter::Workbook;
use std::io::{Cursor, Write};

const MIB: usize = 1024 * 1024;

fn base(house: &House) -> String {
    format!("/journaux/{}/carte", house.journal)
}

fn map(house: &House) -> Cartography {
    house.ledger.view().state.cartography.clone()
}

/// Sends files as the page's form does.
async fn send(house: &House, cookie: &str, tool: &str, files: &[(&str, &[u8])]) -> Answer {
    let path = format!("{}/import", base(house));
    let body = String::from_utf8_lossy(&multipart(&[("outil", tool)], &[])).into_owned();
    let mut body = body.replace("--XX--\r\n", "").into_bytes();
    for (name, content) in files {
        body.extend(format!("--XX\r\nContent-Disposition: form-data; name=\"fichiers\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n").bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"--XX--\r\n");
    let request = request(Method::POST, &path, cookie).header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX");
    house.send(request.body(Body::from(body)).unwrap()).await
}

/// Follows where an answer sends the browser.
async fn follow(house: &House, cookie: &str, answer: &Answer) -> Answer {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.words());
    house.get(answer.location(), cookie).await
}

/// Brings one sheet and takes its columns as they were guessed: the dry run.
async fn dry_run(house: &House, cookie: &str, name: &str, content: &[u8]) -> Answer {
    let columns = columns(house, cookie, name, content).await;
    let path = action(&columns, "/colonnes");
    let chosen = selected(&columns);
    let fields: Vec<(&str, &str)> = chosen.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let settled = house.form(&path, cookie, &fields).await;
    follow(house, cookie, &settled).await
}

/// Brings one sheet: the page of its columns.
async fn columns(house: &House, cookie: &str, name: &str, content: &[u8]) -> Answer {
    let sent = send(house, cookie, "", &[(name, content)]).await;
    let page = follow(house, cookie, &sent).await;
    if page.status == StatusCode::SEE_OTHER { follow(house, cookie, &page).await } else { page }
}

/// Address of the form that ends so.
fn action(page: &Answer, end: &str) -> String {
    let actions = page.text.split("action=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    { actions }.find(|action| action.ends_with(end)).unwrap_or_else(|| panic!("no form {end}: {}", page.words())).to_owned()
}

/// Every choice of a page, as a browser sends it.
fn selected(page: &Answer) -> Vec<(String, String)> {
    let one = |select: &str| {
        let name = select.split("name=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let options = select.split("<option ").skip(1);
        let chosen = options.clone().find(|option| option.split('>').next().unwrap().contains(" selected"));
        let value = chosen.or_else(|| options.clone().next()).unwrap().split("value=\"").nth(1).unwrap();
        (name, value.split('"').next().unwrap().to_owned())
    };
    page.text.split("<select").skip(1).map(|rest| one(rest.split("</select>").next().unwrap())).collect()
}

/// Says yes to a dry run.
async fn agree(house: &House, cookie: &str, page: &Answer) -> Answer {
    let digest = page.field("digest");
    house.form(&yes_path(page), cookie, &[("digest", &digest)]).await
}

fn yes_path(page: &Answer) -> String {
    let form =
        page.text.split("<form").find(|form| form.contains("name=\"digest\"")).unwrap_or_else(|| panic!("{}", page.words()));
    form.split("action=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

fn xlsx(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    for (line, row) in (0_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(*row) {
            page.write_string(line, column, *cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

const SHEET: &str = "Nom;Sorte;Priorité;DMIA;A besoin de\n\
    Biologie;activité;1;4 h;Laboratoire\n\
    Laboratoire;application;;;Annuaire\n\
    Annuaire;annuaire;;;\n";

#[tokio::test]
async fn a_sheet_is_looked_at_agreed_to_and_told() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let home = house.get("/carte/import", &cookie).await;
    assert!(home.shows("Rien n’a encore été importé") && home.shows("La carte est vide"), "{}", home.words());
    let page = columns(&house, &cookie, "carte.csv", SHEET.as_bytes()).await;
    assert!(page.shows("3 lignes et 5 colonnes") && page.shows("Biologie") && page.shows("Laboratoire"), "{}", page.words());
    let guessed: Vec<(String, String)> = selected(&page).into_iter().filter(|(name, _)| name.starts_with("c-")).collect();
    assert_eq!(
        guessed.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>(),
        ["name", "kind", "priority", "mtpd", "needs"]
    );
    let before = house.ledger.view().entries;
    let offered = dry_run(&house, &cookie, "carte.csv", SHEET.as_bytes()).await;
    assert!(offered.shows("3 fiches à créer, 0 à modifier, 0 inchangée ; aucune ligne refusée."), "{}", offered.words());
    assert!(offered.shows("Biologie") && offered.shows("Rien n’est encore enregistré"));
    assert_eq!(house.ledger.view().entries, before);
    let done = agree(&house, &cookie, &offered).await;
    let told = follow(&house, &cookie, &done).await;
    assert!(
        told.shows("Import : carte.csv") && told.shows("3 fiches créées, 0 modifiée") && told.shows("C. Lenoir"),
        "{}",
        told.words()
    );
    assert!(told.shows(&journal::entry::sha256(SHEET.as_bytes()).to_string()), "the fingerprint of the file");
    let map = map(&house);
    assert_eq!((map.by_priority().len(), map.assets().len()), (1, 2));
    let biology = map.by_priority()[0].now();
    assert_eq!((biology.priority, biology.mtpd_minutes, biology.needs.len()), (1, Some(240), 1));
    // Said twice, the same import.
    let entries = house.ledger.view().entries;
    let again = agree(&house, &cookie, &offered).await;
    assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, done.location()));
    assert_eq!(house.ledger.view().entries, entries);
    assert!(house.get("/carte/import", &cookie).await.shows("carte.csv"));
}

#[tokio::test]
async fn the_same_file_again_changes_nothing_and_a_corrected_one_updates() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let offered = dry_run(&house, &cookie, "carte.csv", SHEET.as_bytes()).await;
    agree(&house, &cookie, &offered).await;
    let again = dry_run(&house, &cookie, "carte.csv", SHEET.as_bytes()).await;
    assert!(again.shows("0 fiche à créer, 0 à modifier, 3 inchangées") && again.shows("la carte dit déjà"), "{}", again.words());
    assert!(!again.text.contains("name=\"digest\""), "nothing to say yes to");
    let corrected = SHEET.replace("4 h", "2 h").replace("Annuaire;annuaire;;;\n", "");
    let changed = dry_run(&house, &cookie, "carte.csv", corrected.as_bytes()).await;
    assert!(changed.shows("0 fiche à créer, 1 à modifier, 1 inchangée") && changed.shows("DMIA"), "{}", changed.words());
    agree(&house, &cookie, &changed).await;
    let now = map(&house);
    assert_eq!((now.by_priority().len(), now.assets().len(), now.by_priority()[0].now().mtpd_minutes), (1, 2, Some(120)));
    assert!(!now.by_priority()[0].described.is_conflict());
}

#[tokio::test]
async fn what_a_source_no_longer_names_leaves_only_when_somebody_ticks_it() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let full = r#"{"applications":[{"id":1,"name":"A"},{"id":2,"name":"B"},{"id":3,"name":"C"}]}"#;
    let sent = send(&house, &cookie, "", &[("parc.json", full.as_bytes())]).await;
    let offered = follow(&house, &cookie, &sent).await;
    assert_eq!(agree(&house, &cookie, &offered).await.status, StatusCode::SEE_OTHER, "{}", offered.words());
    let sent = send(&house, &cookie, "", &[("parc.json", br#"{"applications":[{"id":1,"name":"A"}]}"#)]).await;
    let page = follow(&house, &cookie, &sent).await;
    assert!(page.shows("Que ce fichier ne nomme plus") && page.shows("0 fiche à créer"), "{}", page.words());
    let form = page.text.split("<form").find(|form| form.contains("name=\"absents\"")).unwrap();
    let ids: Vec<&str> = form.split("name=\"absents\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(ids.len(), 2);
    let path = action(&page, "/absents");
    for (fields, why) in [
        (vec![("reason", "x")], "Cochez au moins une fiche"),
        (vec![("reason", " "), ("absents", ids[0])], "Dites pourquoi"),
        (vec![("reason", "x"), ("absents", "zzz")], "Cochez dans la liste"),
    ] {
        let refused = house.form(&path, &cookie, &fields).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.shows(why), "{why}: {}", refused.words());
    }
    let a = map(&house).names.named(domain::cartography::names::Bearer::Asset(AssetKind::Application), "a").unwrap().to_string();
    let other = house.form(&path, &cookie, &[("reason", "x"), ("absents", &a)]).await;
    assert!(other.shows("n’est plus dans cette liste"), "only what the file no longer names: {}", other.words());
    let fields = [("reason", "remplacée"), ("absents", ids[0])];
    assert_eq!(house.form(&path, &cookie, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.form(&path, &cookie, &fields).await.status, StatusCode::SEE_OTHER, "sent twice");
    assert_eq!(map(&house).assets().len(), 2);
}

#[tokio::test]
async fn an_import_is_taken_back_and_what_people_changed_since_is_kept() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let was =
        |name: &str| Event::AssetSet(AssetSet { name: name.to_owned(), kind: AssetKind::Application, ..AssetSet::default() });
    house
        .ledger
        .submit_wait(store::Submission {
            request: journal::RequestId([5; 16]),
            author: journal::write::Author { actor: MARCHAND, auth: journal::Auth::None },
            drafts: vec![was("Ancienne").draft(SubjectId([41; 16]))],
        })
        .unwrap();
    let sheet = "Nom;Sorte;Responsable\nAncienne;application;DSI\nNeuve;application;DSI\nCorrigée;application;DSI\n";
    let offered = dry_run(&house, &cookie, "parc.csv", sheet.as_bytes()).await;
    assert!(offered.shows("2 fiches à créer, 1 à modifier"), "{}", offered.words());
    let done = agree(&house, &cookie, &offered).await;
    let corrected = map(&house).assets().into_iter().find(|a| a.now().name == "Corrigée").unwrap().clone();
    let set = AssetSet { owner: Some("RSSI".into()), supersedes: corrected.described.seen(), ..corrected.now().clone() };
    house
        .ledger
        .submit_wait(store::Submission {
            request: journal::RequestId([6; 16]),
            author: journal::write::Author { actor: MARCHAND, auth: journal::Auth::None },
            drafts: vec![Event::AssetSet(set).draft(corrected.id)],
        })
        .unwrap();
    let told = house.get(done.location(), &cookie).await;
    assert!(told.shows("1 fiche qu’il a créée quitte la carte"), "{}", told.words());
    assert!(told.shows("1 fiche redevient") && told.shows("1 fiche changée depuis est gardée"), "{}", told.words());
    let path = action(&told, "/annuler");
    let observer = house.enter(MOREAU).await;
    assert_eq!(house.form(&path, &observer, &[("reason", "x")]).await.status, StatusCode::FORBIDDEN);
    let refused = house.form(&path, &cookie, &[("reason", " ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("reason", "mauvais fichier"), ("request", "00000000000000000000000000000077")];
    assert_eq!(house.form(&path, &cookie, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.form(&path, &cookie, &fields).await.status, StatusCode::SEE_OTHER, "sent twice");
    let now = map(&house);
    let names: Vec<(&str, Option<&str>)> =
        now.assets().iter().map(|a| (a.now().name.as_str(), a.now().owner.as_deref())).collect();
    assert_eq!(names, [("Ancienne", None), ("Corrigée", Some("RSSI"))]);
    let told = house.get(done.location(), &cookie).await;
    for words in
        ["Annulé le", "mauvais fichier", "retirée par l’annulation", "remise comme avant", "1 fiche changée depuis a été gardée"]
    {
        assert!(told.shows(words), "{words}: {}", told.words());
    }
    assert!(!told.text.contains("/annuler\""));
    // The file may be brought again: it is another import.
    let again = dry_run(&house, &cookie, "parc.csv", sheet.as_bytes()).await;
    assert_eq!(agree(&house, &cookie, &again).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn ten_thousand_rows_with_three_bad_ones_give_the_good_ones() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let mut sheet = String::from("Nom;Sorte;DMIA\n");
    for n in 2..=10_001 {
        let row = match n {
            77 => ";application;4 h\n".to_owned(),
            5_000 => format!("Élément {n};truc;4 h\n"),
            9_999 => format!("Élément {n};application;bientôt\n"),
            n => format!("Élément {n};application;4 h\n"),
        };
        sheet.push_str(&row);
    }
    let offered = dry_run(&house, &cookie, "parc.csv", sheet.as_bytes()).await;
    assert!(offered.shows("9997 fiches à créer, 0 à modifier, 0 inchangée ; 3 lignes refusées."), "{}", &offered.words()[..2000]);
    for words in [
        "ligne 77",
        "ligne 5000",
        "ligne 9999",
        "Le nom manque",
        "n’est pas une sorte connue",
        "Prendre les bonnes lignes",
        "Page 1 sur 50",
    ] {
        assert!(offered.shows(words), "{words}");
    }
    let refused = house.get(&format!("{}/refus.csv", yes_path(&offered).replace(&base(&house), "/carte")), &cookie).await;
    assert_eq!((refused.status, refused.text.lines().count()), (StatusCode::OK, 4));
    assert!(refused.text.contains(";9999;DMIA;"), "{}", refused.text);
    let path = yes_path(&offered).replace(&base(&house), "/carte");
    let last = house.get(&format!("{path}?montrer=crees&page=50"), &cookie).await;
    assert!(last.shows("Élément 10001") && last.shows("Page 50 sur 50"));
    assert!(house.get(&format!("{path}?montrer=identiques"), &cookie).await.shows("Aucune."));
    assert_eq!(agree(&house, &cookie, &offered).await.status, StatusCode::SEE_OTHER);
    assert_eq!(map(&house).assets().len(), 9_997);
    assert_eq!(map(&house).imports.len(), 1, "one import, whatever its number of entries");
}

#[tokio::test]
async fn two_people_importing_at_once_see_what_the_other_changed() {
    let house = House::founded(true);
    let (lenoir, marchand) = (house.enter(LENOIR).await, house.enter(MARCHAND).await);
    let first = dry_run(&house, &lenoir, "un.csv", "Nom;Sorte;Responsable\nA;application;DSI\n".as_bytes()).await;
    let second =
        dry_run(&house, &marchand, "deux.csv", "Nom;Sorte;Responsable\na;application;Biomédical\nB;application;\n".as_bytes())
            .await;
    assert_eq!(agree(&house, &lenoir, &first).await.status, StatusCode::SEE_OTHER);
    let stale = agree(&house, &marchand, &second).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stale.shows("La carte a changé entre-temps") && stale.shows("1 fiche à créer, 1 à modifier"), "{}", stale.words());
    assert_eq!(agree(&house, &marchand, &stale).await.status, StatusCode::SEE_OTHER);
    let now = map(&house);
    assert_eq!((now.assets().len(), now.imports.len()), (2, 2));
    assert_eq!(now.assets().iter().filter(|a| a.described.is_conflict()).count(), 0);
}

#[tokio::test]
async fn a_file_that_waits_is_its_authors_alone_and_not_for_long() {
    let house = House::founded(true);
    let (lenoir, marchand, observer) = (house.enter(LENOIR).await, house.enter(MARCHAND).await, house.enter(MOREAU).await);
    let offered = dry_run(&house, &lenoir, "carte.csv", SHEET.as_bytes()).await;
    let yes = yes_path(&offered);
    let looked = yes.replace(&base(&house), "/carte");
    for path in [looked.clone(), format!("{looked}/colonnes")] {
        let other = house.get(&path, &marchand).await;
        assert!(other.status == StatusCode::GONE && other.shows("n’est plus gardé"), "{path}: {}", other.words());
        assert_eq!(house.get(&path, &observer).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(house.get(&format!("{looked}/refus.csv"), &marchand).await.status, StatusCode::GONE);
    let digest = offered.field("digest");
    assert_eq!(house.form(&yes, &marchand, &[("digest", &digest)]).await.status, StatusCode::GONE);
    assert_eq!(house.form(&yes, &observer, &[("digest", &digest)]).await.status, StatusCode::FORBIDDEN);
    let stolen = house.form(&yes, &lenoir, &[("digest", &digest), ("author", &MARCHAND.to_string())]).await;
    assert_eq!(stolen.status, StatusCode::CONFLICT, "begun under another account");
    let elsewhere = yes.replace(&house.journal.to_string(), &"0".repeat(house.journal.to_string().len()));
    assert_eq!(house.form(&elsewhere, &lenoir, &[("digest", &digest)]).await.status, StatusCode::NOT_FOUND);
    let past = house.form(&format!("{yes}?a=2026-11-21T14:32"), &lenoir, &[("digest", &digest)]).await;
    assert_eq!(past.status, StatusCode::CONFLICT, "nothing is written in the past");
    assert!(map(&house).imports.is_empty());
    house.later(31 * MINUTE);
    let lenoir = house.enter(LENOIR).await;
    let late = house.form(&yes, &lenoir, &[("digest", &digest)]).await;
    assert!(late.status == StatusCode::GONE && late.shows("n’est plus gardé"), "{}", late.words());
    assert!(map(&house).imports.is_empty());
}

#[tokio::test]
async fn an_observer_exports_and_does_not_import() {
    let house = House::founded(true);
    let (cookie, observer) = (house.enter(LENOIR).await, house.enter(MOREAU).await);
    let offered = dry_run(&house, &cookie, "carte.csv", SHEET.as_bytes()).await;
    let done = agree(&house, &cookie, &offered).await;
    let home = house.get("/carte/import", &observer).await;
    assert!(home.shows("Un observateur lit et exporte") && !home.text.contains("type=\"file\""), "{}", home.words());
    assert!(!house.get(done.location(), &observer).await.text.contains("/annuler"));
    assert_eq!(send(&house, &observer, "", &[("carte.csv", SHEET.as_bytes())]).await.status, StatusCode::FORBIDDEN);
    for file in ["carte.xlsx", "activites.csv", "elements.csv", "liens.csv", "interfaces.csv", "mercator.json", "carte.json"] {
        let answer = house.get(&format!("/carte/export/{file}"), &observer).await;
        assert_eq!(answer.status, StatusCode::OK, "{file}");
        let named = answer.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
        let (stem, extension) = file.split_once('.').unwrap();
        assert_eq!(named, format!("attachment; filename=\"{stem}-2026-11-21.{extension}\""));
    }
    assert!(house.get("/carte/export/activites.csv", &observer).await.text.contains("Biologie"));
    assert_eq!(house.get("/carte/export/autre.csv", &observer).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.get("/carte/imports/zzz", &observer).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_leaves_as_a_workbook_comes_back_unchanged() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let sheet = SHEET.replace("Laboratoire", "=Laboratoire");
    let offered = dry_run(&house, &cookie, "carte.csv", sheet.as_bytes()).await;
    agree(&house, &cookie, &offered).await;
    for file in ["carte.xlsx", "elements.csv"] {
        let path = format!("/carte/export/{file}");
        let response = house.raw(request(Method::GET, &path, &cookie).body(Body::empty()).unwrap()).await;
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let csv = String::from_utf8_lossy(&bytes);
        assert!(file.ends_with("xlsx") || (csv.contains("'=Laboratoire") && !csv.contains(";=Laboratoire")), "{csv}");
        let back = dry_run(&house, &cookie, file, &bytes).await;
        assert!(back.shows("0 fiche à créer, 0 à modifier") && back.shows("aucune ligne refusée"), "{file}: {}", back.words());
    }
}

#[tokio::test]
async fn files_that_are_no_map_or_a_trap_are_refused_in_a_sentence() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let good = xlsx(&[&["Nom", "Sorte"], &["A", "application"]]);
    let bomb = {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
        let zeros = vec![0; MIB];
        (0..300).for_each(|_| archive.write_all(&zeros).unwrap());
        archive.finish().unwrap().into_inner()
    };
    let refusals: [(&str, &str, &[u8], &str); 10] = [
        ("vide.csv", "", b"", "Choisissez d’abord un fichier"),
        ("coupé.xlsx", "", &good[..good.len() / 2], "abîmé"),
        ("bombe.xlsx", "", &bomb, "se déplie"),
        ("protégé.xlsx", "", &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".repeat(100), "mot de passe"),
        ("image.png", "", b"\x89PNG\r\n\x1a\n\0\0\0", "abîmé"),
        ("gros.csv", "", &vec![b'x'; 10 * MIB + 1], "dépasse 10 Mio"),
        ("énorme.csv", "", &vec![b'x'; 30 * MIB], "dépasse 10 Mio"),
        ("titres.csv", "", b"Nom;Sorte\n", "titres"),
        ("faux.json", "mercator", b"[1, 2", "JSON"),
        ("carte.csv", "autre", SHEET.as_bytes(), "Choisissez dans la liste"),
    ];
    for (name, tool, file, why) in refusals {
        let refused = send(&house, &cookie, tool, &[(name, file)]).await;
        assert!(refused.status.is_client_error(), "{name}: {}", refused.status);
        assert!(refused.shows(why) && refused.shows("Voir ce qui changerait"), "{name}: {}", refused.words());
    }
    let two: Vec<(&str, &[u8])> = vec![("a.json", b"{}".as_slice()), ("b.json", b"{}".as_slice())];
    assert!(send(&house, &cookie, "mercator", &two).await.shows("un seul fichier"));
    let many: Vec<(&str, &[u8])> = (0..21).map(|_| ("a.csv", b"Nom\nA\n".as_slice())).collect();
    assert!(send(&house, &cookie, "", &many).await.shows("20 fichiers au plus"));
    assert!(map(&house).imports.is_empty());
}

#[tokio::test]
async fn bad_rows_are_told_with_their_line_and_the_others_are_taken() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let long = "x".repeat(MIB);
    let cases: [(&str, &str, &str); 6] = [
        ("double.csv", "Nom;Sorte\nA;application\na;application\nB;application\n", "ligne 3"),
        ("boucle.csv", "Nom;Sorte;A besoin de\nA;application;A\nB;application;\n", "ligne 2"),
        ("orphelin.csv", "Nom;Sorte;A besoin de\nA;application;Nulle part\nB;application;\n", "Nulle part"),
        ("durée.csv", "Nom;Sorte;DMIA\nA;application;bientôt\nB;application;1 h\n", "n’est pas une durée"),
        ("virgule.csv", "Nom,Sorte\nA,truc\nB,application\n", "n’est pas une sorte connue"),
        ("longue.csv", &format!("Nom;Sorte;Description\nA;application;{long}\nB;application;\n"), "raccourcissez"),
    ];
    for (name, sheet, why) in cases {
        let page = dry_run(&house, &cookie, name, sheet.as_bytes()).await;
        assert!(page.shows(why) && page.shows("1 ligne refusée"), "{name}: {}", &page.words()[..page.words().len().min(3_000)]);
        assert!(page.shows("à créer") && page.text.contains("name=\"digest\""), "{name}: the good rows can be taken");
    }
    let latin: Vec<u8> = "Nom;Sorte\nD\u{e9}mat;application\n".chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    assert!(dry_run(&house, &cookie, "latin1.csv", &latin).await.shows("Démat"));
    let computed = dry_run(&house, &cookie, "formule.csv", "Nom;Sorte\n'=cmd|x;application\n".as_bytes()).await;
    assert!(computed.shows("=cmd|x"), "a text, shown as it is");
    let script = dry_run(&house, &cookie, "<b>.csv", "Nom;Sorte\n<script>alert(1)</script>;application\n".as_bytes()).await;
    assert!(!script.text.contains("<script>alert") && !script.text.contains("<b>.csv"));
}

#[tokio::test]
async fn a_column_that_is_missing_is_named_and_another_can_be_chosen() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let sheet = "Couleur;Taille\nvert;3\nbleu;4\n";
    let page = columns(&house, &cookie, "c.csv", sheet.as_bytes()).await;
    let path = action(&page, "/colonnes");
    let refused = house.form(&path, &cookie, &[("forme-0", "records"), ("sorte-0", "application")]).await;
    assert!(
        refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.shows("La colonne « Nom » manque"),
        "{}",
        refused.words()
    );
    let chosen = selected(&refused).into_iter().find(|(name, _)| name == "sorte-0").unwrap();
    assert_eq!(chosen.1, "application", "what was chosen is given back");
    let unsaid = house.form(&path, &cookie, &[("forme-0", "records"), ("c-0-0", "name")]).await;
    assert!(unsaid.shows("La colonne « Sorte » manque"), "{}", unsaid.words());
    let none = house.form(&path, &cookie, &[("forme-0", "")]).await;
    assert!(none.shows("une feuille au moins"), "{}", none.words());
    let settled = house.form(&path, &cookie, &[("forme-0", "records"), ("sorte-0", "application"), ("c-0-0", "name")]).await;
    let offered = follow(&house, &cookie, &settled).await;
    assert!(offered.shows("2 fiches à créer") && offered.shows("vert"), "{}", offered.words());
}

#[tokio::test]
async fn mercator_and_glpi_are_recognised_and_come_in_without_a_column_to_settle() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let mercator = r#"{"processes":[{"id":1,"name":"Urgences"}],"applications":[{"id":7,"name":"Dossier patient"},{"id":8,"name":"Paie"}],
        "application_process":[{"application_id":7,"process_id":1},{"application_id":99,"process_id":1}],"menus":[{"id":1}]}"#;
    let sent = send(&house, &cookie, "", &[("tables.json", mercator.as_bytes())]).await;
    let offered = follow(&house, &cookie, &sent).await;
    assert!(offered.shows("3 fiches à créer") && offered.shows("1 ligne refusée"), "a dangling id is told: {}", offered.words());
    assert!(offered.shows("Tables du fichier qui ne disent rien de la carte"), "{}", offered.words());
    assert_eq!(agree(&house, &cookie, &offered).await.status, StatusCode::SEE_OTHER);
    let now = map(&house);
    let record = now.names.external("mercator:applications/7").unwrap();
    assert_eq!(now.needing(&record).iter().map(|a| a.now().name.as_str()).collect::<Vec<_>>(), ["Urgences"]);
    let computers = "Nom;Entité;Statut;ID\nPC-ACCUEIL;CH;En service;1\nPC-REBUT;CH;Réformé;2\n";
    let switches = "Nom;Entité;ID\nSW-COEUR;CH;9\n";
    let files: [(&str, &[u8]); 2] = [("ordinateurs.csv", computers.as_bytes()), ("reseau.csv", switches.as_bytes())];
    let sent = send(&house, &cookie, "", &files).await;
    let offered = follow(&house, &cookie, &sent).await;
    assert!(offered.shows("2 fiches à créer") && offered.shows("PC-ACCUEIL") && offered.shows("SW-COEUR"), "{}", offered.words());
    let done = agree(&house, &cookie, &offered).await;
    assert!(house.get(done.location(), &cookie).await.shows("GLPI"));
    // A list that GLPI's own reading does not know by its name is left to a person.
    let page = columns(&house, &cookie, "glpi.csv", computers.as_bytes()).await;
    assert!(page.shows("Que dit ce tableau") && page.shows("PC-ACCUEIL"), "{}", page.words());
}
