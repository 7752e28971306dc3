//! Map, board, offer, points, cells, wall and the room around them, through their pages.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test stops at the first surprise")]

mod common;

use axum::http::StatusCode;
use common::{CRISIS, House, LENOIR, MARCHAND, MINUTE, MOREAU, NOW};
use domain::Event;
use domain::cartography::event::{ActivitySet, ApplicationSet, AssetSet};
use domain::cartography::kind::AssetKind;
use domain::cartography::need::Need;
use domain::crisis::event::{EntryType, Logged};
use domain::situation::Situation;
use domain::situation::event::{Status, StatusDeclared};
use journal::write::Author;
use journal::{ActorId, Auth, EntryId, RequestId, SubjectId};
use store::Submission;

const BIOLOGY: SubjectId = SubjectId([21; 16]);
const EMERGENCY: SubjectId = SubjectId([22; 16]);
const LABORATORY: SubjectId = SubjectId([31; 16]);
const LONG: &str = "Unité de surveillance continue polyvalente et de soins intensifs de pneumologie du site Nord";
const SCRIPT: &str = "<script>alert(1)</script>";

/// Records events, each about its own subject, as one request.
fn write(house: &House, actor: ActorId, events: Vec<(SubjectId, Event)>) -> Vec<EntryId> {
    static REQUESTS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    let count = REQUESTS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let mut request = [7; 16];
    request[8..].copy_from_slice(&count.to_be_bytes());
    let drafts = events.iter().map(|(subject, event)| event.draft(*subject)).collect();
    let author = Author { actor, auth: Auth::None };
    house.ledger.submit_wait(Submission { request: RequestId(request), author, drafts }).unwrap().entries
}

fn activity(name: &str, priority: u8, mtpd_minutes: Option<u32>, needs: Vec<SubjectId>) -> Event {
    let needs = needs.into_iter().map(Need::of).collect();
    Event::ActivitySet(ActivitySet { name: name.to_owned(), priority, mtpd_minutes, needs, ..ActivitySet::default() })
}

/// An open crisis with two vital activities and an application.
fn mapped() -> House {
    let house = House::new();
    let application = ApplicationSet { name: "Système du laboratoire".to_owned(), ..ApplicationSet::default() };
    let events = vec![
        (LABORATORY, Event::ApplicationSet(application)),
        (BIOLOGY, activity("Biologie", 1, Some(240), vec![LABORATORY])),
        (EMERGENCY, activity("Urgences", 1, Some(480), Vec::new())),
    ];
    write(&house, MARCHAND, events);
    house
}

fn situation(house: &House) -> Situation {
    house.ledger.view().state.situations.get(&CRISIS).cloned().unwrap_or_default()
}

fn told(about: SubjectId, name: &str, status: Status) -> StatusDeclared {
    StatusDeclared {
        about,
        name: name.to_owned(),
        status,
        since: None,
        holds_until: None,
        review_at: None,
        said_by: None,
        note: None,
        supersedes: Vec::new(),
    }
}

fn declared(about: SubjectId, name: &str, status: Status) -> (SubjectId, Event) {
    (CRISIS, Event::StatusDeclared(told(about, name, status)))
}

fn about(house: &House, id: SubjectId) -> String {
    format!("{}/situation/{id}", house.room())
}

#[tokio::test]
async fn undeclared_is_unknown_and_two_presses_declare() {
    let house = mapped();
    let cookie = house.enter(LENOIR).await;
    let room = house.get(&house.room(), &cookie).await;
    assert!(room.shows("Personne n’a encore dit comment marchent les 2 activités de la carte."), "{}", room.words());
    assert_eq!(
        room.text.matches("class=\"st unknown\">Inconnu").count(),
        4,
        "two activities, one application, one button of the form"
    );
    assert!(!room.text.contains("class=\"st ok\">Normal</span></span>"), "nothing is normal before somebody says so");

    // The quick form: a status, and the limit worked out from the tolerable interruption.
    let quick = [("status", "stopped"), ("propose", "1"), ("from", "room"), ("supersedes", "")];
    let answer = house.form(&about(&house, BIOLOGY), &cookie, &quick).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, house.room().as_str()));
    // Sent again within the minute, it is the same declaration.
    house.form(&about(&house, BIOLOGY), &cookie, &quick).await;
    let state = situation(&house);
    assert_eq!(
        (state.declared[&BIOLOGY].all().count(), state.last(&BIOLOGY).unwrap().value.holds_until),
        (1, Some(NOW + 240 * MINUTE))
    );
    let fragment = house.get(&format!("{}?fragment=situation", house.room()), &cookie).await;
    assert!(
        fragment.shows("À l’arrêt : biologie (limite à 18:32). 1 activité est sans nouvelle, dont 1 vitale."),
        "{}",
        fragment.words()
    );

    house.later(282 * MINUTE);
    let cookie = house.enter(LENOIR).await;
    let fragment = house.get(&format!("{}?fragment=situation,comptes", house.room()), &cookie).await;
    assert!(fragment.shows("Limite dépassée : biologie (depuis 0 h 42)."), "{}", fragment.words());
    assert!(fragment.shows("dépassé depuis 0 h 42") && fragment.shows("1 dépassée"), "{}", fragment.words());
}

#[tokio::test]
async fn the_page_without_script_says_everything_and_a_bad_hour_comes_back_filled_in() {
    let house = mapped();
    let cookie = house.enter(LENOIR).await;
    let page = house.get(&about(&house, BIOLOGY), &cookie).await;
    assert!(page.shows("proposé d’après la DMIA (4 h)"));
    assert_eq!(page.field("holds_until"), "21/11 18:32");
    let (request, author) = (page.field("request"), page.field("author"));
    let note = format!("{SCRIPT} =cmd|'/c calc'!A1");
    let mut fields = vec![
        ("request", request.as_str()),
        ("author", &author),
        ("supersedes", ""),
        ("status", "degraded"),
        ("since", "bientôt"),
        ("holds_until", "20:00"),
        ("review_at", "+1h"),
        ("said_by", "Dr A. Roche"),
        ("note", &note),
    ];
    let refused = house.form(&about(&house, BIOLOGY), &cookie, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.shows("« bientôt » n’est pas une heure comprise ici"));
    assert_eq!((refused.field("said_by"), refused.field("holds_until")), ("Dr A. Roche".to_owned(), "20:00".to_owned()));
    fields[4].1 = "05:40";
    let answer = house.form(&about(&house, BIOLOGY), &cookie, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.words());
    let page = house.get(&about(&house, BIOLOGY), &cookie).await;
    assert!(
        page.shows("Dégradé depuis 05:40, dit Dr A. Roche ; tient jusqu’à 20:00.") && page.shows("=cmd|"),
        "{}",
        page.words()
    );
    assert!(!page.text.contains(SCRIPT) && page.text.contains("&lt;script&gt;"));
    // Normal has no limit, and what is said again without an hour keeps its beginning.
    let seen = page.field("supersedes");
    let again = [("supersedes", seen.as_str()), ("status", "degraded"), ("holds_until", "21:00")];
    house.form(&about(&house, BIOLOGY), &cookie, &again).await;
    let last = situation(&house).last(&BIOLOGY).unwrap().clone();
    assert_eq!(
        (last.value.since, house.ledger.view().state.register.name(&last.by)),
        (Some(NOW - (8 * 60 + 52) * MINUTE), "C. Lenoir".to_owned())
    );
    let normal = [("supersedes", last.id.to_string()), ("status", "normal".to_owned()), ("holds_until", "21:00".to_owned())];
    let normal: Vec<(&str, &str)> = normal.iter().map(|(k, v)| (*k, v.as_str())).collect();
    house.form(&about(&house, BIOLOGY), &cookie, &normal).await;
    assert_eq!(situation(&house).last(&BIOLOGY).unwrap().value.holds_until, None);
    let page = house.get(&about(&house, BIOLOGY), &cookie).await;
    assert!(page.shows("Historique3") && page.shows("Dr A. Roche, noté par C. Lenoir"), "{}", page.words());
}

#[tokio::test]
async fn a_conflict_is_shown_and_settled_by_a_person() {
    let house = mapped();
    write(&house, LENOIR, vec![declared(BIOLOGY, "Biologie", Status::Stopped)]);
    write(&house, MARCHAND, vec![declared(BIOLOGY, "Biologie", Status::Enclave)]);
    let cookie = house.enter(MARCHAND).await;
    assert!(house.get(&house.room(), &cookie).await.shows("conflit (2)"));
    let page = house.get(&about(&house, BIOLOGY), &cookie).await;
    assert!(page.shows("Deux personnes ont dit autre chose sans se voir."));
    // « Retenir » sends what the first survivor said, over both.
    let fields = [("supersedes", page.field("supersedes")), ("status", "stopped".to_owned()), ("since", page.field("since"))];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    assert_eq!(house.form(&about(&house, BIOLOGY), &cookie, &fields).await.status, StatusCode::SEE_OTHER);
    let state = situation(&house);
    assert_eq!((state.status(&BIOLOGY), state.declared[&BIOLOGY].disagrees()), (Status::Stopped, false));
}

#[tokio::test]
async fn a_stopped_application_proposes_what_it_drags_down() {
    let house = mapped();
    let cookie = house.enter(LENOIR).await;
    let path = about(&house, LABORATORY);
    let answer = house.form(&path, &cookie, &[("status", "stopped"), ("since", "05:40")]).await;
    assert_eq!(answer.location(), format!("{path}#entraine"));
    assert_eq!(situation(&house).status(&BIOLOGY), Status::Unknown, "nothing is declared by itself");
    assert!(house.get(&house.room(), &cookie).await.shows("entraîne biologie"));
    let nothing = house.form(&format!("{path}/entraine"), &cookie, &[(&BIOLOGY.to_string(), "")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = house.form(&format!("{path}/entraine"), &cookie, &[(&BIOLOGY.to_string(), "degraded")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.words());
    let biology = situation(&house).last(&BIOLOGY).unwrap().value.clone();
    assert_eq!(biology.note.as_deref(), Some("Entraînée par : Système du laboratoire."));
    assert_eq!(
        (biology.status, biology.holds_until.map(|at| at - biology.since.unwrap())),
        (Status::Degraded, Some(240 * MINUTE))
    );
}

/// The laboratory opens its sessions through two controllers, of which one is enough, and biology works on paper for 2 h.
fn deep(house: &House) -> [SubjectId; 2] {
    let controllers = [SubjectId([41; 16]), SubjectId([42; 16])];
    let controller = |name: &str| AssetSet { name: name.to_owned(), kind: AssetKind::Directory, ..AssetSet::default() };
    let state = &house.ledger.view().state.cartography;
    let laboratory = AssetSet {
        name: "Système du laboratoire".to_owned(),
        kind: AssetKind::Application,
        needs: vec![Need { any: controllers.to_vec(), ..Need::of(controllers[0]) }],
        supersedes: state.assets[&LABORATORY].described.seen(),
        ..AssetSet::default()
    };
    let biology = ActivitySet {
        needs: vec![Need { holds_minutes: Some(120), ..Need::of(LABORATORY) }],
        supersedes: state.activities[&BIOLOGY].described.seen(),
        ..state.activities[&BIOLOGY].now().clone()
    };
    let events = vec![
        (controllers[0], Event::AssetSet(controller("Contrôleur A"))),
        (controllers[1], Event::AssetSet(controller("Contrôleur B"))),
        (LABORATORY, Event::AssetSet(laboratory)),
        (BIOLOGY, Event::ActivitySet(biology)),
    ];
    write(house, MARCHAND, events);
    controllers
}

#[tokio::test]
async fn what_falls_through_others_is_proposed_with_its_way_and_its_time() {
    let house = mapped();
    let [first, second] = deep(&house);
    let cookie = house.enter(LENOIR).await;
    house.form(&about(&house, first), &cookie, &[("status", "stopped"), ("since", "05:40")]).await;
    let page = house.get(&about(&house, first), &cookie).await;
    assert!(page.shows("Rien sur la carte ne dit en avoir besoin."), "the other controller is enough: {}", page.words());
    house.form(&about(&house, second), &cookie, &[("status", "stopped"), ("since", "05:50")]).await;
    let page = house.get(&about(&house, second), &cookie).await;
    assert!(page.shows("1 activité et 1 élément"), "{}", page.words());
    assert!(page.shows("puis arrêt à 07:50 (après 2 h) ; limite à 11:50 ; par Système du laboratoire"), "{}", page.words());
    let (biology, laboratory, path) = (BIOLOGY.to_string(), LABORATORY.to_string(), about(&house, second));
    let chosen = [(biology.as_str(), "degraded"), (laboratory.as_str(), "stopped")];
    assert_eq!(house.form(&format!("{path}/entraine"), &cookie, &chosen).await.status, StatusCode::SEE_OTHER);
    let state = situation(&house);
    assert_eq!((state.status(&LABORATORY), state.status(&BIOLOGY)), (Status::Stopped, Status::Degraded));
    let biology = state.last(&BIOLOGY).unwrap().value.clone();
    assert_eq!(
        biology.holds_until.map(|at| at - biology.since.unwrap()),
        Some(360 * MINUTE),
        "two hours on paper, then the DMIA"
    );
}

#[tokio::test]
async fn a_limit_across_the_clock_change_is_told_on_the_clock() {
    let house = mapped();
    // Sunday 28 March 2027, 01:30 in Paris: at 2 o'clock it will be 3.
    let before_change = 1_806_193_800_000;
    house.later(before_change - NOW);
    let cookie = house.enter(LENOIR).await;
    house.form(&about(&house, BIOLOGY), &cookie, &[("status", "stopped"), ("propose", "1")]).await;
    assert_eq!(situation(&house).last(&BIOLOGY).unwrap().value.holds_until, Some(before_change + 240 * MINUTE));
    let room = house.get(&house.room(), &cookie).await;
    assert!(room.shows("limite à 06:30"), "four hours later by the sun, five by the clock: {}", room.words());
    house.form(&about(&house, EMERGENCY), &cookie, &[("status", "degraded"), ("holds_until", "03:15")]).await;
    assert_eq!(situation(&house).last(&EMERGENCY).unwrap().value.holds_until, Some(before_change + 45 * MINUTE));
}

#[tokio::test]
async fn beds_are_told_by_unit_and_patients_counted_never_named() {
    let house = mapped();
    let cookie = house.enter(LENOIR).await;
    let offer = format!("{}/offre", house.room());
    let page = house.get(&offer, &cookie).await;
    assert!(page.shows("Aucune unité avec des lits n’est connue.") && page.shows("jamais un nom de patient"));
    let beds = |name, open, free| [("name", name), ("open", open), ("closed", "4"), ("free", free)];
    let refused = house.form(&format!("{offer}/lits"), &cookie, &beds(LONG, "8", "9")).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.shows("plus de lits libres que de lits ouverts (8)"));
    assert_eq!(refused.field("name"), LONG);
    assert_eq!(house.form(&format!("{offer}/lits"), &cookie, &beds(LONG, "8", "2")).await.status, StatusCode::SEE_OTHER);
    assert!(
        house
            .get(&offer, &cookie)
            .await
            .shows("8 lits ouverts, 2 libres dans 1 unité, toutes les unités ont donné des nouvelles.")
    );
    let words = house.form(&format!("{offer}/lits"), &cookie, &beds("Pédiatrie", "=1+1", "")).await;
    assert!(words.shows("« =1+1 » n’est pas un nombre de lits."));

    let flows = format!("{offer}/flux");
    assert_eq!(
        house.form(&flows, &cookie, &[("transfers", "5"), ("note", "réanimation vers le CHU")]).await.status,
        StatusCode::SEE_OTHER
    );
    house.later(25 * 60 * MINUTE);
    let cookie = house.enter(LENOIR).await;
    house.form(&flows, &cookie, &[("transfers", "−2"), ("operations_cancelled", "3")]).await;
    let sums = situation(&house).flows_since(i64::MIN);
    assert_eq!((sums.transfers, sums.operations_cancelled), (3, 3));
    let below = house.form(&flows, &cookie, &[("transfers", "-9")]).await;
    assert!(below.status == StatusCode::UNPROCESSABLE_ENTITY && below.shows("Le total est de 3 : on ne peut pas en retirer 9."));
    assert_eq!(house.form(&flows, &cookie, &[("transfers", "Mme Martin")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_point_is_proposed_from_the_board_sent_by_a_person_and_kept_with_its_proof() {
    let house = mapped();
    write(&house, LENOIR, vec![declared(BIOLOGY, "Biologie", Status::Stopped)]);
    let cookie = house.enter(LENOIR).await;
    let points = format!("{}/points", house.room());
    assert!(house.get(&points, &cookie).await.shows("Aucun point n’a encore été envoyé dehors."));
    let page = house.get(&format!("{points}?modele=samu"), &cookie).await;
    assert!(
        page.text.contains("CH d’Essai") && page.text.contains("Point n° 1") && page.text.contains("Biologie"),
        "{}",
        page.text
    );
    assert!(page.text.contains("………"), "what is not known is left to be completed");
    let fields = [
        ("text", SCRIPT),
        ("to", "SAMU"),
        ("channel", "téléphone"),
        ("sent_by", "C. Lenoir"),
        ("sent_at", "14:30"),
        ("model", "samu"),
    ];
    let empty: Vec<(&str, &str)> = fields.iter().map(|(k, v)| if *k == "text" { (*k, " ") } else { (*k, *v) }).collect();
    let refused = house.form(&points, &cookie, &empty).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.field("sent_at") == "14:30");
    let sent = house.multipart(&points, &cookie, &fields, &[("accuse.txt", b"recu")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.words());
    let page = house.get(&points, &cookie).await;
    assert!(page.shows("Dernier point : SAMU, 14:30, par téléphone.") && page.shows("accuse.txt") && !page.text.contains(SCRIPT));
    assert!(house.get(&format!("{points}?modele=samu"), &cookie).await.text.contains("Point n° "));
}

#[tokio::test]
async fn a_cell_is_installed_meets_and_the_head_of_the_room_says_when_next() {
    let house = mapped();
    let cookie = house.enter(LENOIR).await;
    let cells = format!("{}/cellules", house.room());
    let page = house.get(&cells, &cookie).await;
    let fields = [
        ("request", page.field("request")),
        ("kind", "decisional".to_owned()),
        ("rhythm", "usual".to_owned()),
        ("next_at", "15:00".to_owned()),
        ("room", "salle Ambroise".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let cell = house.form(&cells, &cookie, &fields).await.location().to_owned();
    assert!(cell.starts_with(&cells), "{cell}");
    house.form(&cells, &cookie, &fields).await;
    assert_eq!(house.ledger.view().state.cells[&CRISIS].all.len(), 1, "the same form twice installs one cell");
    let head = house.get(&format!("{}?fragment=cellules", house.room()), &cookie).await;
    assert!(head.shows("Cellule décisionnelle : prochain point 15:00 dans 28 min"), "{}", head.words());
    house.later(38 * MINUTE);
    let cookie = house.enter(LENOIR).await;
    assert!(house.get(&format!("{}?fragment=cellules", house.room()), &cookie).await.shows("en retard de 10 min"));

    // « 20:00 » to « 08:00 » is a night; who has no turn is always there.
    house
        .form(
            &format!("{cell}/membres"),
            &cookie,
            &[("request", &"a".repeat(32)), ("member", "J. Marchand"), ("duty", "directeur")],
        )
        .await;
    house
        .form(
            &format!("{cell}/membres"),
            &cookie,
            &[("request", &"b".repeat(32)), ("member", LONG), ("from", "20:00"), ("until", "08:00")],
        )
        .await;
    let state = house.ledger.view().state.cells[&CRISIS].all.values().next().unwrap().clone();
    let night = state.members().into_iter().find(|m| m.name == LONG).unwrap().clone();
    assert_eq!((night.until.unwrap() - night.from.unwrap(), night.actor), (12 * 60 * MINUTE, None));
    assert_eq!(
        state.on_turn(house.clock.load(std::sync::atomic::Ordering::SeqCst)).iter().map(|m| m.actor).collect::<Vec<_>>(),
        [Some(MARCHAND)]
    );
    // The next meeting is proposed twelve hours after the one that was due.
    let page = house.get(&cell, &cookie).await;
    assert_eq!(page.text.matches("value=\"22/11 03:00\"").count(), 1, "{}", page.text);
    let met = [("at", "15:05"), ("summary", "Bulle décidée."), ("next_at", "15:00")];
    assert!(house.form(&format!("{cell}/reunion"), &cookie, &met).await.status == StatusCode::SEE_OTHER);
    let backwards = [("at", "15:05"), ("summary", "Bulle décidée."), ("next_at", "21/11 15:00")];
    assert!(house.form(&format!("{cell}/reunion"), &cookie, &backwards).await.shows("La prochaine réunion est avant celle-ci"));
    assert_eq!(
        house.form(&format!("{cell}/lever"), &cookie, &[("reason", "fin de l’alerte")]).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(house.get(&cells, &cookie).await.shows("Personne ne siège encore."));
}

#[tokio::test]
async fn a_question_put_to_the_direction_waits_for_them_and_for_nobody_else() {
    let house = mapped();
    let question = Logged {
        owner: Some("J. Marchand".to_owned()),
        ..Logged::new(EntryType::Question, "Couper internet pour tout le site ?")
    };
    house.write(LENOIR, vec![question.into_event()]);
    let awaited = |cookie: String| {
        let house = &house;
        async move { house.get(&format!("{}?fragment=attend", house.room()), &cookie).await.shows("On attend votre décision") }
    };
    assert!(awaited(house.enter(MARCHAND).await).await);
    assert!(!awaited(house.enter(LENOIR).await).await);
    assert!(!awaited(house.enter(MOREAU).await).await);
    let room = house.get(&house.room(), &house.enter(MARCHAND).await).await;
    assert!(
        room.text.contains("id=\"volet-situation\" type=\"radio\" name=\"volet\" checked"),
        "the phone opens on what waits for a decision"
    );
}

#[tokio::test]
async fn the_wall_reads_shows_the_worst_first_and_cannot_be_mistaken() {
    let house = mapped();
    let many = (0..60u8).map(|n| (SubjectId([100 + n; 16]), activity(&format!("{LONG} {n}"), 3, None, Vec::new()))).collect();
    write(&house, MARCHAND, many);
    let late = StatusDeclared { holds_until: Some(NOW - MINUTE), ..told(EMERGENCY, "Urgences", Status::Degraded) };
    write(&house, LENOIR, vec![declared(BIOLOGY, "Biologie", Status::Stopped), (CRISIS, Event::StatusDeclared(late))]);
    house.log(EntryType::Decision, "Ouvrir la bulle sécurisée.");
    let cookie = house.enter(MOREAU).await;
    let path = format!("{}/mur", house.room());
    let wall = house.get(&path, &cookie).await;
    assert_eq!(wall.status, StatusCode::OK);
    assert!(wall.text.contains("<title>EXERCICE") && wall.shows("EXERCICE") && wall.shows("Ouvrir la bulle sécurisée."));
    assert!(!wall.text.contains("<form") && !wall.text.contains("<input"), "a wall only reads");
    let (past, stopped) = (wall.text.find(">Urgences<").unwrap(), wall.text.find(">Biologie<").unwrap());
    assert!(past < stopped && wall.shows("Et 53 autres, état déclaré : 53 inconnu."), "{}", wall.words());
    let fragment = house.get(&format!("{path}?fragment=mur"), &cookie).await;
    assert!(fragment.text.contains("id=\"mur\"") && !fragment.text.contains("<html") && fragment.shows("Biologie"));

    let room = house.get(&format!("{}?fragment=situation", house.room()), &cookie).await;
    assert_eq!(room.text.matches("class=\"row").count(), 63, "all of them scroll in their column");
    assert!(!room.text.contains("data-declare"), "an observer declares nothing");
    let page = house.get(&format!("{}/situation?etat=stopped&priorite=1", house.room()), &cookie).await;
    assert!(page.shows("1 activité sur 62"), "{}", page.words());
}

#[tokio::test]
async fn an_observer_changes_nothing_and_another_journal_is_nowhere() {
    let house = mapped();
    let room = house.room();
    let carte = format!("/journaux/{}/carte", house.journal);
    let secretary = house.enter(LENOIR).await;
    let cells = format!("{room}/cellules");
    let request = "c".repeat(32);
    let cell = house.form(&cells, &secretary, &[("request", &request), ("kind", "it")]).await.location().to_owned();
    let posts = [
        (about(&house, BIOLOGY), vec![("status", "normal")]),
        (format!("{}/entraine", about(&house, LABORATORY)), vec![("15151515151515151515151515151515", "stopped")]),
        (format!("{room}/offre/lits"), vec![("name", "Bloc"), ("open", "1")]),
        (format!("{room}/offre/flux"), vec![("transfers", "1")]),
        (format!("{room}/points"), vec![("text", "Point."), ("to", "SAMU"), ("channel", "radio"), ("sent_by", "moi")]),
        (cells, vec![("kind", "other")]),
        (cell.clone(), vec![("kind", "it"), ("name", "SI")]),
        (format!("{cell}/membres"), vec![("member", "A. Moreau")]),
        (format!("{cell}/reunion"), vec![("summary", "Rien.")]),
        (format!("{cell}/lever"), vec![("reason", "Rien.")]),
        (format!("{carte}/activites"), vec![("name", "Paie"), ("priority", "5")]),
        (format!("{carte}/applications"), vec![("name", "Paie")]),
        (format!("{carte}/elements/{BIOLOGY}/retirer"), vec![("reason", "non")]),
        (format!("{carte}/archetype"), vec![("genre", "ehpad"), ("choix-internet", "prendre")]),
    ];
    let kept = || {
        let state = house.ledger.view().state.clone();
        (state.cartography, state.cells, state.situations)
    };
    let before = kept();
    let observer = house.enter(MOREAU).await;
    let elsewhere = "d".repeat(64);
    for (path, fields) in &posts {
        let answer = house.form(path, &observer, fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        let other = path.replace(&house.journal.to_string(), &elsewhere);
        assert_eq!(house.form(&other, &secretary, fields).await.status, StatusCode::NOT_FOUND, "{other}");
    }
    for page in ["situation", "offre", "points", "cellules", "mur"] {
        assert_eq!(house.get(&format!("{room}/{page}"), &observer).await.status, StatusCode::OK, "{page}");
        let other = room.replace(&house.journal.to_string(), &elsewhere);
        assert_eq!(house.get(&format!("{other}/{page}"), &secretary).await.status, StatusCode::NOT_FOUND, "{page}");
        assert_ne!(house.get(&format!("{room}/{page}"), "").await.status, StatusCode::OK, "{page} is for those who are in");
    }
    assert!(kept() == before, "nothing was changed");
    assert_eq!(house.get(&about(&house, SubjectId([250; 16])), &secretary).await.status, StatusCode::NOT_FOUND);
}
