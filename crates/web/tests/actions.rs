//! The action plan through its pages.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test stops at the first surprise")]

mod common;

use axum::body::{Body, to_bytes};
use axum::http::{Method, StatusCode, header};
use calamine::{Data, Reader, Sheets};
use common::{Answer, House, LENOIR, MARCHAND, MOREAU, request};
use domain::actions::event::{OriginKind, Status};
use domain::actions::{Action, Actions};
use std::io::Cursor;

const DAY: i64 = 86_400_000;

fn plan(house: &House) -> Actions {
    house.ledger.view().state.actions.clone()
}

fn named(house: &House, title: &str) -> Action {
    plan(house).in_order().into_iter().find(|action| action.now().title == title).unwrap().clone()
}

fn base(house: &House) -> String {
    format!("/journaux/{}/actions", house.journal)
}

/// A whole form of an action; what is named again wins.
fn whole<'a>(fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [("title", "Ranger la carte d’appel"), ("priority", "3"), ("complexity", "1"), ("status", "to_do")];
    let kept = usual.into_iter().filter(|(name, _)| !fields.iter().any(|(given, _)| given == name));
    kept.chain(fields.iter().copied()).collect()
}

async fn add(house: &House, cookie: &str, fields: &[(&str, &str)]) -> Answer {
    house.form(&base(house), cookie, &whole(fields)).await
}

async fn board(house: &House, cookie: &str, name: &str) -> String {
    let made = house.form(&format!("{}/instances", base(house)), cookie, &[("name", name), ("chair", "J. Marchand")]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.words());
    made.location().to_owned()
}

async fn adopted() -> (House, String) {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let answer = house.form(&format!("{}/modele", base(&house)), &cookie, &[]).await;
    assert_eq!(answer.location(), "/actions", "{}", answer.words());
    (house, cookie)
}

#[tokio::test]
async fn an_action_is_decided_moved_on_and_found_again() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let empty = house.get("/actions", &cookie).await;
    assert!(empty.shows("Le plan est vide") && empty.shows("Partir des dix actions de référence"), "{}", empty.words());
    let fields = [("owner", "N. Aubry"), ("due", "28/11/2026"), ("origin_kind", "audit"), ("origin_label", "visite de mars")];
    let added = add(&house, &cookie, &fields).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.words());
    let page = house.get(added.location(), &cookie).await;
    for words in
        ["priorité AAA (d’abord), complexité X (simple)", "confiée à N. Aubry, due le 28/11/2026", "audit : visite de mars"]
    {
        assert!(page.shows(words), "{words} in {}", page.words());
    }
    let action = named(&house, "Ranger la carte d’appel");
    let today = house.get("/", &cookie).await;
    assert!(today.shows("Action : Ranger la carte d’appel") && today.shows("0 action faite, 1 à mener."), "{}", today.words());
    assert!(house.get("/recherche?q=carte+appel", &cookie).await.shows("Ranger la carte d’appel"));
    let path = format!("{}/{}/etat", base(&house), action.id);
    let seen = page.field("supersedes");
    let fields = [("supersedes", seen.as_str()), ("status", "in_progress"), ("progress", "40 %"), ("from", "liste")];
    let moved = house.form(&path, &cookie, &fields).await;
    assert_eq!(moved.location(), "/actions#liste");
    let seen = house.get(added.location(), &cookie).await.field("supersedes");
    assert_eq!(house.form(&path, &cookie, &[("supersedes", &seen), ("status", "done")]).await.status, StatusCode::SEE_OTHER);
    let action = named(&house, "Ranger la carte d’appel");
    let done_on = action.now().done_on.map(|day| day.to_string());
    assert_eq!((action.now().progress, done_on.as_deref()), (100, Some("2026-11-21")), "a button says today");
    let page = house.get(added.location(), &cookie).await;
    assert!(page.shows(": faite le 21/11/2026."), "{}", page.words());
    assert!(page.shows("Histoire de la fiche") && page.shows("en cours"), "each step is told: {}", page.words());
}

#[tokio::test]
async fn what_holds_no_water_is_refused_beside_its_field_and_given_back() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let refusals: [(&[(&str, &str)], &str); 9] = [
        (&[("title", " ")], ""),
        (&[("priority", "4")], "La priorité est A, AA ou AAA"),
        (&[("complexity", "beaucoup")], "Choisissez dans la liste."),
        (&[("status", "fini")], "Choisissez un état de la liste."),
        (&[("due", "31/02/2026")], "Ce jour n’existe pas"),
        (&[("status", "done")], "Dites quel jour elle a été faite"),
        (&[("status", "done"), ("done_on", "22/11/2026")], "Ce jour n’est pas encore venu"),
        (&[("status", "in_progress"), ("progress", "101")], "L’avancement va de 0 à 100 %."),
        (&[("status", "dropped")], "Dites pourquoi elle est abandonnée"),
    ];
    for (fields, words) in refusals {
        let mut fields = fields.to_vec();
        fields.push(("comment", if fields.contains(&("status", "dropped")) { "" } else { "gardé tel quel" }));
        let refused = add(&house, &cookie, &fields).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.shows(words), "{fields:?}: {}", refused.words());
        assert!(refused.text.contains("aria-invalid"), "{fields:?}");
        assert!(fields.contains(&("comment", "")) || refused.text.contains("gardé tel quel"), "what was typed comes back");
    }
    let unknown = add(&house, &cookie, &[("boards", &"0".repeat(32))]).await;
    assert!(unknown.shows("Une instance choisie n’existe pas"), "{}", unknown.words());
    assert_eq!(plan(&house).all.len(), 0, "nothing was recorded");
}

#[tokio::test]
async fn a_huge_paste_is_refused() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let paste = "é".repeat(5 * 1024 * 1024);
    for field in ["title", "detail", "comment", "origin_label"] {
        let refused = add(&house, &cookie, &[(field, &paste)]).await;
        let wanted = [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::PAYLOAD_TOO_LARGE];
        assert!(wanted.contains(&refused.status), "{field}: {}", refused.status);
    }
    let long = "x".repeat(100_000);
    let refused = add(&house, &cookie, &[("detail", &long)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains(&long), "what fits on the way comes back");
    let board = house.form(&format!("{}/instances", base(&house)), &cookie, &[("name", &long)]).await;
    assert_eq!(board.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!((plan(&house).all.len(), plan(&house).boards.len()), (0, 0));
    let address = format!("/actions/nouvelle?titre={}", "x".repeat(20_000));
    assert!(house.get(&address, &cookie).await.status != StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn an_observer_reads_and_changes_nothing() {
    let (house, cookie) = adopted().await;
    let page = board(&house, &cookie, "CODIR").await;
    let action = plan(&house).in_order()[0].id;
    let observer = house.enter(MOREAU).await;
    for path in ["/actions", "/actions/modele", "/actions/instances", "/actions/nouvelle", &page, &format!("/actions/{action}")] {
        let read = house.get(path, &observer).await;
        let main = read.text.split("<main").nth(1).unwrap();
        assert!(read.status == StatusCode::OK && !main.contains("method=\"post\""), "{path}: {}", read.words());
    }
    let base = base(&house);
    let before = house.ledger.view().state.actions.clone();
    let posts: [(String, &[(&str, &str)]); 6] = [
        (base.clone(), &[("title", "x"), ("priority", "1"), ("complexity", "1"), ("status", "to_do")]),
        (format!("{base}/{action}/etat"), &[("status", "in_progress")]),
        (format!("{base}/{action}/retirer"), &[("reason", "x")]),
        (format!("{base}/instances"), &[("name", "CME")]),
        (format!("{base}{}/presentation", page.strip_prefix("/actions").unwrap()), &[("on", "2026-11-20")]),
        (format!("{base}{}/suivi", page.strip_prefix("/actions").unwrap()), &[("vue", "x"), ("action", "x")]),
    ];
    for (path, fields) in posts {
        let id = action.to_string();
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, if ["vue", "action"].contains(name) { id.as_str() } else { value }))
            .collect();
        let refused = house.form(&path, &observer, &fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}: {}", refused.words());
    }
    assert!(house.ledger.view().state.actions == before, "nothing changed");
}

#[tokio::test]
async fn ids_that_nobody_gave_are_not_found() {
    let (house, cookie) = adopted().await;
    let (base, other, none) = (base(&house), format!("/journaux/{}/actions", "00".repeat(16)), "0".repeat(32));
    let action = plan(&house).in_order()[0].id;
    for path in [
        format!("/actions/{none}"),
        "/actions/rien".to_owned(),
        format!("/actions/instances/{none}"),
        format!("/actions/instances/{action}"),
        "/actions/modele/rtx_99".to_owned(),
        format!("{base}/{none}"),
        format!("{other}/{action}"),
    ] {
        assert_eq!(house.get(&path, &cookie).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in [
        other.clone(),
        format!("{other}/modele"),
        format!("{other}/{action}/etat"),
        format!("{base}/{none}"),
        format!("{base}/{none}/etat"),
        format!("{base}/{none}/retirer"),
        format!("{base}/instances/{none}"),
        format!("{base}/instances/{none}/suivi"),
        format!("{base}/instances/{none}/presentation"),
        format!("{base}/modele/rtx_99"),
    ] {
        let answer = house.form(&path, &cookie, &whole(&[("name", "x"), ("reason", "x"), ("on", "2026-11-20")])).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {}", answer.words());
    }
    assert_eq!((plan(&house).all.len(), plan(&house).boards.len()), (10, 0));
}

#[tokio::test]
async fn the_same_form_sent_twice_makes_one_action() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let page = house.get("/actions/nouvelle", &cookie).await;
    let (id, author) = (page.field("request"), page.field("author"));
    let fields = [("request", id.as_str()), ("author", author.as_str())];
    let first = add(&house, &cookie, &fields).await;
    let second = add(&house, &cookie, &fields).await;
    assert_eq!((first.status, second.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER), "{}", second.words());
    assert_eq!(first.location(), second.location());
    assert_eq!(plan(&house).all.len(), 1);
    let stranger = house.enter(MARCHAND).await;
    let refused = add(&house, &stranger, &[("author", author.as_str()), ("title", "Autre")]).await;
    assert!(refused.status.is_client_error(), "a page opened by somebody else: {}", refused.status);
    assert_eq!(plan(&house).all.len(), 1);
}

#[tokio::test]
async fn two_people_who_change_it_unseen_keep_both_versions_until_somebody_settles() {
    let (house, cookie) = adopted().await;
    let action = named(&house, "Préparer les messages de crise");
    let edit = format!("{}/{}", base(&house), action.id);
    let page = house.get(&edit, &cookie).await;
    let seen = page.field("supersedes");
    let change = async |actor, owner: &str| {
        let cookie = house.enter(actor).await;
        let fields = [("title", "Préparer les messages de crise"), ("owner", owner), ("supersedes", &seen)];
        let changed = house.form(&edit, &cookie, &whole(&fields)).await;
        assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.words());
    };
    change(LENOIR, "É. Aubry").await;
    change(MARCHAND, "H. Vasseur").await;
    let torn = house.get(&format!("/actions/{}", action.id), &cookie).await;
    assert!(torn.shows("Conflit (2)") && torn.shows("É. Aubry") && torn.shows("H. Vasseur"), "{}", torn.words());
    assert!(house.get("/actions", &cookie).await.shows("Deux personnes ont changé la même action sans se voir"));
    let settled = house.get(&edit, &cookie).await.field("supersedes");
    assert_eq!(settled.split(',').count(), 2, "whoever opens it now sees both");
    let fields = [("title", "Préparer les messages de crise"), ("owner", "É. Aubry"), ("supersedes", settled.as_str())];
    house.form(&edit, &cookie, &whole(&fields)).await;
    assert!(!named(&house, "Préparer les messages de crise").described.is_conflict());
}

#[tokio::test]
async fn reference_actions_are_taken_once_and_what_was_taken_off_stays_off() {
    let (house, cookie) = adopted().await;
    assert_eq!(plan(&house).all.len(), 10);
    let first = plan(&house).in_order()[0].clone();
    assert_eq!((first.now().template.as_str(), first.now().priority, first.now().complexity), ("rtx_02", 3, 1), "AAA/X first");
    let again = house.form(&format!("{}/modele", base(&house)), &cookie, &[]).await;
    assert_eq!((again.location(), plan(&house).all.len()), ("/actions", 10));
    let path = format!("{}/modele/rtx_02", base(&house));
    let one = house.form(&path, &cookie, &whole(&[])).await;
    assert_eq!((one.location(), plan(&house).all.len()), (format!("/actions/{}", first.id).as_str(), 10));
    house.form(&format!("{}/{}/retirer", base(&house), first.id), &cookie, &[("reason", "suivie par le GHT")]).await;
    house.form(&format!("{}/modele", base(&house)), &cookie, &[]).await;
    assert_eq!(plan(&house).in_order().len(), 9, "taken off on purpose");
    let page = house.get("/actions/modele", &cookie).await;
    assert!(page.shows("retirée") && page.shows("La reprendre"), "{}", page.words());
    let form = house.get("/actions/modele/rtx_02", &cookie).await;
    let back = house.form(&path, &cookie, &whole(&[("supersedes", &form.field("supersedes"))])).await;
    assert_eq!(back.location(), format!("/actions/{}", first.id));
    assert_eq!((plan(&house).all.len(), plan(&house).in_order().len()), (10, 10));
}

#[tokio::test]
async fn a_finding_opens_the_form_filled_in() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let exercise = "ab".repeat(16);
    let address = format!(
        "/actions/nouvelle?titre=Afficher%20la%20fiche&origine=exercise:{exercise}/c3&libelle=Nuit%20blanche&modele=rtx_04"
    );
    let page = house.get(&address, &cookie).await;
    assert_eq!(page.field("title"), "Afficher la fiche");
    assert_eq!(
        (page.field("origin_label"), page.field("origin_reference")),
        ("Nuit blanche".to_owned(), format!("{exercise}/c3"))
    );
    assert_eq!(page.field("template"), "rtx_04");
    let reference = page.field("origin_reference");
    let fields = [
        ("title", "Afficher la fiche"),
        ("origin_kind", "exercise"),
        ("origin_label", "Nuit blanche"),
        ("origin_reference", reference.as_str()),
        ("template", "rtx_04"),
    ];
    assert_eq!(add(&house, &cookie, &fields).await.status, StatusCode::SEE_OTHER);
    let plan_now = plan(&house);
    let found = plan_now.of_origin(&exercise);
    assert_eq!((found.len(), found[0].now().origin.kind, found[0].now().template.as_str()), (1, OriginKind::Exercise, "rtx_04"));
    assert!(house.get(&format!("/actions?de={exercise}"), &cookie).await.shows("Afficher la fiche"));
    assert!(house.get("/actions?de=abcd", &cookie).await.shows("Aucune action ne répond à ces filtres."));
    assert!(house.get(&address, &cookie).await.shows("déjà au plan"), "told before it is added twice");
    house.form(&format!("{}/modele", base(&house)), &cookie, &[]).await;
    assert_eq!(plan(&house).all.len(), 10, "the nine others");
    for odd in ["?modele=rtx_99&origine=rien:1", "?origine=exercise:%22%3E%3Cscript%3E", "?origine=:&titre=%20"] {
        let page = house.get(&format!("/actions/nouvelle{odd}"), &cookie).await;
        assert!(page.status == StatusCode::OK && !page.text.contains("\"><script>"), "{odd}");
    }
}

#[tokio::test]
async fn a_board_reads_its_page_asks_and_sees_what_changed_since() {
    let (house, cookie) = adopted().await;
    let page = board(&house, &cookie, "CODIR").await;
    let post = format!("/journaux/{}{page}", house.journal);
    let empty = house.get(&page, &cookie).await;
    assert!(empty.shows("Elle ne suit encore aucune action"), "{}", empty.words());
    let (first, second) =
        (named(&house, "Écrire les mesures d’urgence et les répéter"), named(&house, "Préparer les messages de crise"));
    let (one, two) = (first.id.to_string(), second.id.to_string());
    let fields = [("vue", one.as_str()), ("vue", &two), ("action", &one), ("action", &two)];
    assert_eq!(house.form(&format!("{post}/suivi"), &cookie, &fields).await.location(), page);
    house.later(70 * DAY);
    let cookie = house.enter(LENOIR).await;
    let read = house.get(&page, &cookie).await;
    assert!(read.shows("Aucune action faite sur 2 ; 1 en retard"), "{}", read.words());
    assert!(read.shows("La présidence, J. Marchand"), "a line to sign");
    let refused = house.form(&format!("{post}/presentation"), &cookie, &[("on", "2031-01-01")]).await;
    assert!(refused.shows("Ce jour n’est pas encore venu"), "{}", refused.words());
    let said = [("on", "2027-01-29"), ("note", "Chiffrer une astreinte.")];
    assert_eq!(house.form(&format!("{post}/presentation"), &cookie, &said).await.location(), page);
    house.later(DAY);
    let cookie = house.enter(LENOIR).await;
    house
        .form(
            &format!("{}/{one}/etat", base(&house)),
            &cookie,
            &[("status", "done"), ("supersedes", &first_seen(&house, &cookie, &one).await)],
        )
        .await;
    let read = house.get(&page, &cookie).await;
    for words in
        ["1 action sur 2 faite (50 %)", "Demandé alors : Chiffrer une astreinte.", "Faites (1)", "Écrire les mesures d’urgence"]
    {
        assert!(read.shows(words), "{words} in {}", read.words());
    }
    let same = house.form(&format!("{}/instances", base(&house)), &cookie, &[("name", "codir")]).await;
    assert!(same.status == StatusCode::UNPROCESSABLE_ENTITY && same.shows("Une instance porte déjà ce nom"), "{}", same.words());
    let list = house.get("/actions/instances", &cookie).await;
    assert!(list.shows("1 instance suit le plan") && list.shows("29/01/2027"), "{}", list.words());
}

async fn first_seen(house: &House, cookie: &str, id: &str) -> String {
    house.get(&format!("/actions/{id}"), cookie).await.field("supersedes")
}

#[tokio::test]
async fn what_is_late_or_due_within_a_week_is_told_on_the_first_page() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    for (title, due) in [("Tout de suite", "2026-11-28"), ("Plus tard", "2026-11-29"), ("Passée", "2026-11-20")] {
        add(&house, &cookie, &[("title", title), ("due", due)]).await;
    }
    add(&house, &cookie, &[("title", "Finie"), ("due", "2026-11-22"), ("status", "done"), ("done_on", "2026-11-20")]).await;
    let page = house.get("/", &cookie).await;
    assert!(page.shows("Action : Tout de suite") && page.shows("Action : Passée"), "{}", page.words());
    assert!(!page.shows("Action : Plus tard") && !page.shows("Action : Finie"), "{}", page.words());
    house.later(9 * DAY);
    let cookie = house.enter(LENOIR).await;
    let page = house.get("/", &cookie).await;
    assert!(page.shows("3 actions du plan en retard") && page.text.contains("/actions?retard=1#liste"), "{}", page.words());
    let late = house.get("/actions?retard=1", &cookie).await;
    assert!(late.shows("3 actions sur 4") && late.shows("Passée"), "{}", late.words());
}

#[tokio::test]
async fn the_list_is_filtered_and_sorted_by_its_address() {
    let (house, cookie) = adopted().await;
    let list = async |query: &str| house.get(&format!("/actions{query}"), &cookie).await;
    let order = |page: &Answer, first: &str, second: &str| {
        let table = page.text.split("planlist").nth(1).unwrap().to_owned();
        table.find(first).unwrap() < table.find(second).unwrap()
    };
    let (urgent, backups) = ("Écrire les mesures", "Protéger les sauvegardes");
    assert!(order(&list("").await, urgent, backups), "least complexity first");
    assert!(order(&list("?tri=-action").await, backups, urgent));
    assert!(list("?priorite=3&complexite=1").await.shows("1 action sur 10"));
    assert!(list("?statut=done").await.shows("Aucune action ne répond à ces filtres."));
    assert!(list("?pilote=-").await.shows("10 actions"));
    for odd in
        ["?tri=rien&page=99&statut=zut", "?priorite=-1&instance=x&origine=%00&pilote=%3Cb%3E", "?page=18446744073709551616"]
    {
        assert_eq!(list(odd).await.status, StatusCode::OK, "{odd}");
    }
}

async fn bytes(house: &House, cookie: &str, path: &str) -> Vec<u8> {
    let response = house.raw(request(Method::GET, path, cookie).body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    let name = response.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned();
    assert!(name.contains("plan-d-actions-2026-11-21."), "{name}");
    to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
}

fn rows<R: std::io::Read + std::io::Seek>(mut book: Sheets<R>) -> Vec<Vec<Data>> {
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    range.rows().map(<[Data]>::to_vec).collect()
}

#[tokio::test]
async fn the_plan_leaves_as_sheets_that_read_back() {
    let (house, cookie) = adopted().await;
    let codir = board(&house, &cookie, "CODIR").await;
    let codir = codir.rsplit('/').next().unwrap().to_owned();
    let fields = [
        ("title", "=1+1;\"<b>&"),
        ("detail", "ligne un\nligne deux"),
        ("owner", "É. Aubry"),
        ("due", "2026-12-24"),
        ("status", "in_progress"),
        ("progress", "40"),
        ("boards", codir.as_str()),
    ];
    assert_eq!(add(&house, &cookie, &fields).await.status, StatusCode::SEE_OTHER);
    for extension in ["xlsx", "ods"] {
        let read = bytes(&house, &cookie, &format!("/actions/export.{extension}")).await;
        let rows = rows(calamine::open_workbook_auto_from_rs(Cursor::new(read)).unwrap());
        assert_eq!(rows.len(), 12, "{extension}: a head and eleven actions");
        let head: Vec<String> = rows[0].iter().map(ToString::to_string).collect();
        assert_eq!((head[2].as_str(), head[4].as_str(), head[10].as_str()), ("Action", "Priorité", "Instances de suivi"));
        let row = rows.iter().find(|row| row[2].to_string().contains("1+1")).unwrap();
        let words: Vec<String> = row.iter().map(ToString::to_string).collect();
        assert!(words[2].contains("=1+1;\"<b>&"), "{extension}: {words:?}");
        assert_eq!((words[4].as_str(), words[5].as_str(), words[6].as_str()), ("AAA", "X", "É. Aubry"), "{extension}");
        assert_eq!((words[9].as_str(), words[10].as_str()), ("en cours", "CODIR"), "{extension}");
        assert!(words[3].contains("ligne un") && words[3].contains("ligne deux"), "{extension}");
        // The number that spreadsheets give to 24 December 2026.
        let is_day = match &row[7] {
            Data::DateTime(on) => on.as_f64() == 46380.0,
            Data::DateTimeIso(on) => on == "2026-12-24",
            _ => false,
        };
        assert!(is_day, "{extension}: a day is a day, not {:?}", row[7]);
    }
    let csv = String::from_utf8(bytes(&house, &cookie, "/actions/export.csv").await).unwrap();
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert!(csv.starts_with('\u{feff}') && records.len() == 11);
    let row = records.iter().find(|row| row[2].contains("1+1")).unwrap();
    assert!(!row[2].starts_with('='), "nothing a spreadsheet would compute: {}", &row[2]);
    assert_eq!((&row[7], &row[8], &row[9]), ("24/12/2026", "40\u{a0}%", "en cours"));
}

#[tokio::test]
async fn an_action_taken_off_says_why_and_comes_back() {
    let (house, cookie) = adopted().await;
    let action = plan(&house).in_order()[0].clone();
    let path = format!("{}/{}", base(&house), action.id);
    let refused = house.form(&format!("{path}/retirer"), &cookie, &[("reason", "")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(house.form(&format!("{path}/retirer"), &cookie, &[("reason", "en double")]).await.location(), "/actions");
    let page = house.get(&format!("/actions/{}", action.id), &cookie).await;
    assert!(
        page.shows("Retirée du plan le 21/11") && page.shows(": en double") && page.shows("Remettre au plan"),
        "{}",
        page.words()
    );
    assert!(!house.get("/actions", &cookie).await.shows(&action.now().title));
    let twice = house.form(&format!("{path}/retirer"), &cookie, &[("reason", "encore")]).await;
    assert!(twice.shows("n’est pas, ou n’est plus, au plan"), "{}", twice.words());
    let moved = house.form(&format!("{path}/etat"), &cookie, &[("status", "in_progress")]).await;
    assert!(moved.status == StatusCode::CONFLICT && moved.shows("remettez-la au plan"), "{}", moved.words());
    let seen = house.get(&path, &cookie).await.field("supersedes");
    house.form(&path, &cookie, &whole(&[("title", &action.now().title), ("supersedes", &seen)])).await;
    let back = plan(&house).action(&action.id).map(|action| action.now().status);
    assert_eq!(back, Some(Status::ToDo));
}
