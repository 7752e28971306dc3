//! The search: what it finds, where it leads, what it never shows.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use axum::http::StatusCode;
use common::{CRISIS, House, LENOIR, MARCHAND, MOREAU, NOW};
use domain::cartography::event::{ActivitySet, ApplicationSet};
use domain::cells::event::{CellKind, CellSet};
use domain::crisis::event::{EntryCorrected, EntryType, Logged};
use domain::register::event::{Card, Function, Partner, Place, Provider, Set, Turn, Unit};
use domain::register::function_id;
use domain::{Event, register::Role};
use journal::entry::sha256;
use journal::write::{Author, Draft};
use journal::{Auth, AuthorityAct, RequestId, SubjectId};
use store::Submission;

const HOUR: i64 = 3_600_000;

fn id(n: u8) -> SubjectId {
    SubjectId([n; 16])
}

/// Records about any subject.
fn record(house: &House, drafts: Vec<Draft>) {
    let mut request = [0; 16];
    request.copy_from_slice(&sha256(format!("{drafts:?}").as_bytes()).as_bytes()[..16]);
    let author = Author { actor: MARCHAND, auth: Auth::None };
    house.ledger.submit_wait(Submission { request: RequestId(request), author, drafts }).unwrap();
}

fn text(value: &str) -> String {
    value.to_owned()
}

/// One record of each kind, all named « Zéphyr… ».
fn furnished() -> House {
    let house = House::new();
    let card = Card { name: text("Zéphyrine Aubry"), mobile: text("06 12 34 56 78"), ..Card::default() };
    let function = Function { key: text("zephyr"), label: text("Responsable zéphyr"), ..Function::default() };
    let turn =
        Turn { list: text("Astreinte zéphyr"), name: text("N. Aubry"), from: NOW - HOUR, until: NOW + HOUR, ..Turn::default() };
    let unit = Unit { name: text("Unité Zéphyr"), beds: 12, ..Unit::default() };
    let place = Place { name: text("Site Zéphyr"), ..Place::default() };
    let partner = Partner { name: text("Zéphyr Secours"), phone: text("01 02 03 04 05"), ..Partner::default() };
    let provider = Provider { name: text("Zéphyr Informatique"), ..Provider::default() };
    let activity = ActivitySet { name: text("Consultation zéphyr"), priority: 2, ..ActivitySet::default() };
    let application = ApplicationSet { name: text("ZephyrDossier"), ..ApplicationSet::default() };
    let cell = CellSet {
        cell: id(60),
        kind: CellKind::It,
        name: text("Cellule zéphyr"),
        room: text("B12"),
        phone: String::new(),
        rhythm: None,
        next_at: None,
        supersedes: Vec::new(),
    };
    record(
        &house,
        vec![
            Event::PersonSet(Set::new(card)).draft(id(50)),
            Event::FunctionSet(Set::new(function)).draft(function_id("zephyr")),
            Event::TurnSet(Set::new(turn)).draft(id(51)),
            Event::UnitSet(Set::new(unit)).draft(id(52)),
            Event::PlaceSet(Set::new(place)).draft(id(53)),
            Event::PartnerSet(Set::new(partner)).draft(id(54)),
            Event::ProviderSet(Set::new(provider)).draft(id(55)),
            Event::ActivitySet(activity).draft(id(56)),
            Event::ApplicationSet(application).draft(id(57)),
            Event::CellSet(cell).draft(CRISIS),
        ],
    );
    house.log(EntryType::Fact, "Panne du zéphyr au sous-sol");
    house.log(EntryType::Decision, "Couper le zéphyr");
    house.log(EntryType::Action, "Appeler le zéphyriste");
    house
}

#[tokio::test]
async fn everything_is_found_by_everybody_and_leads_to_its_page() {
    let house = furnished();
    for actor in [LENOIR, MARCHAND, MOREAU] {
        let cookie = house.enter(actor).await;
        let found = house.get("/recherche?q=ZEPHYR", &cookie).await;
        assert_eq!(found.status, StatusCode::OK);
        let kinds = ["Personnes", "Fonctions", "Astreintes", "Unités", "Lieux", "Partenaires", "Prestataires", "Activités"];
        for kind in kinds.into_iter().chain(["Applications", "Cellules", "Décisions", "Actions et questions", "Main courante"]) {
            assert!(found.text.contains(&format!(">{kind}</h2>")), "{kind} as {actor}");
        }
        assert!(found.shows("13 résultats pour « ZEPHYR »."), "{}", found.words());
        assert!(found.text.contains("Panne du <mark>zéphyr</mark> au sous-sol"), "the word is marked");
        let main = found.text.split("<main").nth(1).unwrap();
        for href in main.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).filter(|h| h.starts_with('/')) {
            let page = house.get(href, &cookie).await;
            assert_eq!(page.status, StatusCode::OK, "{href} as {actor}");
        }
    }
}

#[tokio::test]
async fn a_number_is_found_as_written_and_as_dialled() {
    let house = furnished();
    let cookie = house.enter(MOREAU).await;
    for number in ["06+12+34+56+78", "0612345678", "06123"] {
        let found = house.get(&format!("/recherche?q={number}"), &cookie).await;
        assert!(found.shows("Zéphyrine Aubry"), "{number}");
    }
}

#[tokio::test]
async fn corrections_are_found_and_erased_words_are_not() {
    let house = House::new();
    let line = house.log(EntryType::Fact, "La paie de novembre est perdue");
    let text = "La paie se fera sur la base d’octobre".to_owned();
    house.write(LENOIR, vec![Event::EntryCorrected(EntryCorrected { entry: line, text, supersedes: vec![line] })]);
    let cookie = house.enter(MARCHAND).await;
    for word in ["octobre", "novembre"] {
        let found = house.get(&format!("/recherche?q={word}"), &cookie).await;
        assert!(found.shows("1 résultat"), "{word}: {}", found.words());
        assert!(found.text.contains(&format!("/entrees/{line}")), "the exact line");
    }
    let secret = house.log(EntryType::Fact, "Madame Durand-Essai en chambre douze");
    record(
        &house,
        vec![Draft::of_act(&AuthorityAct::RoleGranted { actor: LENOIR, role: text_of(Role::Administrator), rank: 60 })],
    );
    for actor in [MARCHAND, LENOIR] {
        let cookie = house.enter(actor).await;
        let path = format!("{}/entrees/{secret}/effacer", house.room());
        house.form(&path, &cookie, &[("reason", "identité d’une patiente")]).await;
    }
    let found = house.get("/recherche?q=Durand", &cookie).await;
    assert!(found.shows("Rien pour « Durand »."), "{}", found.words());
    assert!(found.shows("Cherché dans"));
}

fn text_of(role: Role) -> String {
    role.name().to_owned()
}

#[tokio::test]
async fn an_empty_query_teaches_and_a_hostile_one_is_only_words() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let empty = house.get("/recherche", &cookie).await;
    assert!(empty.shows("Le début d’un mot suffit"));
    assert!(house.get("/recherche?q=%22%3E%3C", &cookie).await.shows("ne contient ni lettre ni chiffre"));
    house.log(EntryType::Fact, "<script>alert(1)</script> =cmd");
    let found = house.get("/recherche?q=%3Cscript%3Ealert", &cookie).await;
    assert!(found.shows("1 résultat"), "{}", found.words());
    assert!(!found.text.contains("<script>alert") && found.text.contains("&lt;<mark>script</mark>&gt;"));
    let long = house.get(&format!("/recherche?q={}", "mot+".repeat(2_000)), &cookie).await;
    assert!(long.shows("Seuls les 8 premiers mots ont compté."));
    let nobody = house.get("/recherche?q=script", "").await;
    assert_eq!((nobody.status, nobody.location()), (StatusCode::SEE_OTHER, "/connexion?vers=%2Frecherche%3Fq%3Dscript"));
}

#[tokio::test]
async fn many_lines_are_counted_and_the_newest_shown() {
    let house = House::new();
    let lines = (0..60).map(|n| Logged::new(EntryType::Fact, format!("Ronde numéro {n}")).into_event()).collect();
    house.write(LENOIR, lines);
    let cookie = house.enter(LENOIR).await;
    let found = house.get("/recherche?q=ronde", &cookie).await;
    assert!(found.shows("60 résultats") && found.shows("60, dont voici 50"), "{}", found.words());
    assert!(found.shows("numéro 59") && !found.shows("numéro 9 "), "newest first");
    assert!(found.text.contains(" numéro 10</a>") && !found.text.contains(" numéro 9</a>"));
}
