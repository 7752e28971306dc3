//! The drawn map through its page: what it shows, what can be asked of it, and the arrangement that people fix.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test stops at the first surprise")]

mod common;

use axum::http::{StatusCode, header};
use common::{Answer, House, LENOIR, MARCHAND, MINUTE, MOREAU};
use domain::Event;
use domain::cartography::event::batch::{ImportSource, Line, MapImported, Record};
use domain::cartography::event::{ActivitySet, AssetSet};
use domain::cartography::kind::AssetKind;
use domain::cartography::need::Need;
use domain::register::event::{Set, Unit};
use domain::situation::event::{Status, StatusDeclared};
use journal::write::{Author, Draft};
use journal::{Auth, RequestId, SubjectId};
use std::time::Instant;
use store::Submission;

const PLAN: &str = "/carte/plan";
const BIOLOGY: SubjectId = id(0);
const EMERGENCY: SubjectId = id(1);
const LABORATORY: SubjectId = id(10);
const DIRECTORY: SubjectId = id(11);
const STORAGE_A: SubjectId = id(12);
const STORAGE_B: SubjectId = id(13);
const WIFI: SubjectId = id(14);
const UNIT: SubjectId = SubjectId([77; 16]);

const fn id(n: u8) -> SubjectId {
    SubjectId([n + 100; 16])
}

fn activity(name: &str, mtpd: u32, unit: Option<SubjectId>, needs: Vec<Need>) -> Event {
    let name = name.to_owned();
    Event::ActivitySet(ActivitySet { name, priority: 1, mtpd_minutes: Some(mtpd), unit, needs, ..ActivitySet::default() })
}

fn asset(name: &str, kind: AssetKind, needs: Vec<Need>) -> Event {
    Event::AssetSet(AssetSet { name: name.to_owned(), kind, needs, ..AssetSet::default() })
}

fn submit(house: &House, request: u8, drafts: Vec<Draft>) {
    let author = Author { actor: MARCHAND, auth: Auth::None };
    house.ledger.submit_wait(Submission { request: RequestId([request; 16]), author, drafts }).unwrap();
}

/// Two activities, two applications in a row, storage twice, and a Wi-Fi that nobody declared to need.
fn mapped() -> House {
    let house = House::new();
    let storage = Need { any: vec![STORAGE_A, STORAGE_B], at_least: 1, ..Need::default() };
    let unit = Unit { name: "Laboratoire de biologie".to_owned(), ..Unit::default() };
    submit(
        &house,
        200,
        vec![
            Event::UnitSet(Set { value: Some(unit), supersedes: vec![] }).draft(UNIT),
            asset("Baie de stockage A", AssetKind::Storage, vec![]).draft(STORAGE_A),
            asset("Baie de stockage B", AssetKind::Storage, vec![]).draft(STORAGE_B),
            asset("Wi-Fi <des services>", AssetKind::Wifi, vec![]).draft(WIFI),
            asset("Annuaire AD", AssetKind::Directory, vec![storage]).draft(DIRECTORY),
            asset("Système du laboratoire", AssetKind::Application, vec![Need::of(DIRECTORY)]).draft(LABORATORY),
            activity("Biologie médicale", 240, Some(UNIT), vec![Need::of(LABORATORY)]).draft(BIOLOGY),
            activity("Urgences", 60, None, vec![Need::of(WIFI)]).draft(EMERGENCY),
        ],
    );
    house
}

fn drawn(answer: &Answer) -> usize {
    answer.text.matches("data-n=").count()
}

#[tokio::test]
async fn the_map_is_drawn_with_its_lanes_and_the_same_in_a_table() {
    let house = mapped();
    let cookie = house.enter(MARCHAND).await;
    let page = house.get(PLAN, &cookie).await;
    assert_eq!((page.status, drawn(&page)), (StatusCode::OK, 7));
    assert!(page.shows("2 activités et 5 éléments dont elles ont besoin, reliés de gauche à droite."));
    for lane in ["Activités", "Applications", "Administration", "Infrastructure physique"] {
        assert!(page.text.contains(&format!(">{lane}</text>")), "{lane}");
    }
    assert!(!page.text.contains(">Biomédical</text>"), "an empty view has no lane");
    assert!(page.shows("Wi-Fi <des services>") && !page.text.contains("<des services"));
    assert!(page.shows("1 sur 2 de Baie de stockage A, Baie de stockage B"));
    assert!(page.text.contains(&format!("href=\"/carte/elements/{LABORATORY}\"")));
    let picture = page.text.split("<svg xmlns").nth(1).unwrap().split("</svg>").next().unwrap();
    assert!(!picture.contains("style") && picture.contains("stroke-dasharray"), "{picture}");
    let urgences = picture.find("<title>Urgences").unwrap();
    assert!(urgences < picture.find("<title>Biologie").unwrap(), "the shortest DMIA first");
    let named = format!("/journaux/{}{PLAN}", house.journal);
    assert_eq!(house.get(&named, &cookie).await.status, StatusCode::OK);
    assert_eq!(house.get("/journaux/00112233445566778899aabbccddeeff/carte/plan", &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn elements_without_any_link_are_counted_under_their_lane() {
    let house = mapped();
    let cookie = house.enter(MARCHAND).await;
    submit(&house, 201, vec![asset("Onduleurs", AssetKind::Power, vec![]).draft(id(20))]);
    assert!(house.get(PLAN, &cookie).await.shows("4 éléments · 1 sans lien"));
}

#[tokio::test]
async fn an_empty_map_says_what_to_do_and_an_observer_is_not_offered_what_they_may_not() {
    let house = House::new();
    let page = house.get(PLAN, &house.enter(MARCHAND).await).await;
    assert!(page.shows("La carte est vide.") && page.shows("Partir d’une carte type"));
    let page = house.get(PLAN, &house.enter(MOREAU).await).await;
    assert!(page.shows("La carte est vide.") && !page.shows("Partir d’une carte type"));
}

#[tokio::test]
async fn a_neighbourhood_a_unit_a_view_and_a_search_are_addresses() {
    let house = mapped();
    let cookie = house.enter(MARCHAND).await;
    let near = house.get(&format!("{PLAN}?voisins={DIRECTORY}&sauts=1"), &cookie).await;
    assert!(near.shows("Autour de « Annuaire AD », à 1 lien au plus : 4 éléments sur 7."));
    assert_eq!((drawn(&near), near.text.matches("class=\"n chosen\"").count()), (4, 1));
    let named = house.get(&format!("{PLAN}?voisins=annuaire+ad&sauts=2"), &cookie).await;
    assert_eq!(drawn(&named), 5);
    let unit = house.get(&format!("{PLAN}?unite={UNIT}"), &cookie).await;
    assert!(unit.shows("Ce que fait l’unité et tout ce dont elle a besoin : 5 éléments sur 7."));
    let views = house.get(&format!("{PLAN}?vue=metier&vue=applications"), &cookie).await;
    assert_eq!(drawn(&views), 3);
    let sought = house.get(&format!("{PLAN}?q=systeme"), &cookie).await;
    assert!(sought.shows("« systeme » : 1 élément trouvé en gras.") && drawn(&sought) == 7);
    assert!(house.get(&format!("{PLAN}?q=%3Clune%3E"), &cookie).await.shows("« <lune> » : Aucun élément ne porte ce nom."));
    assert!(house.get(&format!("{PLAN}?q=%22%26%3E"), &cookie).await.shows("Aucun élément ne porte ce nom."));
    let by_unit = house.get(&format!("{PLAN}?par=unite"), &cookie).await;
    assert_eq!(drawn(&by_unit), 8);
    assert!(by_unit.text.contains(">Unités</text>") && by_unit.text.contains(&format!("href=\"/carte/plan?unite={UNIT}\"")));
}

#[tokio::test]
async fn what_is_not_understood_is_said_beside_its_field_and_the_whole_map_is_shown() {
    let house = mapped();
    let cookie = house.enter(MARCHAND).await;
    for (query, sentence) in [
        ("voisins=la+lune", "Aucun élément de la carte ne s’appelle « la lune »"),
        ("voisins=ffffffffffffffffffffffffffffffff", "Aucun élément de la carte ne s’appelle"),
        ("sauts=9", "Le voisinage va de 1 à 3 liens"),
        ("sauts=-1", "Le voisinage va de 1 à 3 liens"),
        ("unite=ffffffffffffffffffffffffffffffff", "Cette unité n’est pas dans le registre"),
        ("unite=%3Cb%3E", "Cette unité n’est pas dans le registre"),
        ("par=hasard", "Le plan se range par vue ou par unité"),
    ] {
        let page = house.get(&format!("{PLAN}?{query}"), &cookie).await;
        assert_eq!((page.status, drawn(&page)), (StatusCode::UNPROCESSABLE_ENTITY, 7), "{query}");
        assert!(page.shows(sentence), "{query}");
        assert_eq!(house.get(&format!("{PLAN}.svg?{query}"), &cookie).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert!(house.get(&format!("{PLAN}?voisins=la+lune"), &cookie).await.text.contains("value=\"la lune\""), "given back");
    for query in ["vue=nulle", "%ff%fe=%00", "&&&=", "q=%00%01"] {
        assert_eq!(house.get(&format!("{PLAN}?{query}"), &cookie).await.status, StatusCode::OK, "{query}");
    }
}

#[tokio::test]
async fn the_crisis_colours_the_map_and_the_past_has_its_own() {
    let house = mapped();
    let cookie = house.enter(MARCHAND).await;
    let before = house.get(PLAN, &cookie).await;
    assert!(before.text.contains("<title>Biologie médicale, état inconnu, 4 h</title>"), "nobody said yet");
    assert!(before.shows("L’état des activités n’est pas encore déclaré. 2 activités"));
    let declared = |about: SubjectId, name: &str, status: Status| {
        Event::StatusDeclared(StatusDeclared {
            about,
            name: name.to_owned(),
            status,
            since: None,
            holds_until: None,
            review_at: None,
            said_by: None,
            note: None,
            supersedes: vec![],
        })
    };
    house.later(5 * MINUTE);
    house.write(LENOIR, vec![declared(BIOLOGY, "Biologie médicale", Status::Degraded)]);
    house.write(LENOIR, vec![declared(LABORATORY, "Système du laboratoire", Status::Stopped)]);
    let page = house.get(PLAN, &cookie).await;
    for words in ["Biologie médicale, en mode dégradé", "Système du laboratoire, à l’arrêt"] {
        assert!(page.text.contains(&format!("<title>{words}")), "{words}");
    }
    let said = "1 activité dégradée, d’après ce qui est déclaré ; l’état de 1 autre est inconnu.";
    assert!(page.shows(said), "{}", page.words());
    let near = house.get(&format!("{PLAN}?voisins={LABORATORY}&sauts=1"), &cookie).await;
    assert!(near.shows("1 activité dégradée, d’après ce qui est déclaré. Autour de"), "{}", near.words());
    assert!(page.text.contains("<path class=\"x\"") && page.shows("arrêt qui en entraîne un autre"));
    let seen_again = house.get(&format!("{PLAN}?a={}", common::NOW + 1), &cookie).await;
    assert!(seen_again.text.contains("<title>Biologie médicale, état inconnu"), "{}", seen_again.status);
    assert!(!seen_again.shows("Figer cette disposition"));
}

#[tokio::test]
async fn the_arrangement_is_fixed_by_who_may_write_and_kept() {
    let house = mapped();
    let cookie = house.enter(MARCHAND).await;
    let page = house.get(PLAN, &cookie).await;
    assert!(page.shows("Disposition libre"));
    let act = format!("/journaux/{}{PLAN}", house.journal);
    let fixed = house.form(&act, &cookie, &[("request", &page.field("request")), ("author", &page.field("author"))]).await;
    assert_eq!((fixed.status, fixed.location()), (StatusCode::SEE_OTHER, PLAN));
    assert_eq!(house.ledger.view().state.cartography.order.len(), 7);
    assert!(house.get(PLAN, &cookie).await.shows("Disposition figée : chacun retrouve chaque élément à sa place."));
    submit(&house, 202, vec![asset("Onduleurs", AssetKind::Power, vec![]).draft(id(20))]);
    assert!(house.get(PLAN, &cookie).await.shows("Disposition figée ; 1 élément a trouvé sa place depuis."));
    let observer = house.enter(MOREAU).await;
    assert!(!house.get(PLAN, &observer).await.shows("Figer cette disposition"));
    let refused = house.form(&act, &observer, &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(house.ledger.view().state.cartography.order.len(), 7);
    let elsewhere = "/journaux/00112233445566778899aabbccddeeff/carte/plan";
    assert_eq!(house.form(elsewhere, &cookie, &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_picture_is_a_file_that_needs_no_page() {
    let house = mapped();
    let cookie = house.enter(MARCHAND).await;
    let file = house.get(&format!("{PLAN}.svg?voisins={DIRECTORY}"), &cookie).await;
    assert_eq!((file.status, drawn(&file)), (StatusCode::OK, 4));
    assert_eq!(file.headers[header::CONTENT_TYPE], "image/svg+xml; charset=utf-8");
    assert!(file.headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment"));
    assert!(file.text.contains("<style>") && !file.text.contains("href="), "addresses mean nothing in a file");
    assert_eq!(house.get(&format!("{PLAN}.svg"), "").await.status, StatusCode::SEE_OTHER);
}

/// A map of that many elements, three needs each, most of them towards a few.
fn large(house: &House, count: u16) {
    let kinds = [AssetKind::Application, AssetKind::Directory, AssetKind::LogicalServer, AssetKind::Storage, AssetKind::Provider];
    let subject = |n: u16| {
        let mut bytes = [1; 16];
        bytes[..2].copy_from_slice(&n.to_be_bytes());
        SubjectId(bytes)
    };
    let line = |n: u16| {
        let needs = (1..4).map(|k| Need::of(subject(n.wrapping_mul(31).wrapping_add(k * 97) % (n.max(4) / 2 + 1)))).collect();
        let needs = if n < 8 { vec![] } else { needs };
        let name = format!("Élément {n}");
        let set = if n % 6 == 5 {
            Record::Activity(ActivitySet { name, priority: 2, needs, ..ActivitySet::default() })
        } else {
            Record::Asset(AssetSet { name, kind: kinds[usize::from(n) % 6 % 5], needs, ..AssetSet::default() })
        };
        Line { id: subject(n), set }
    };
    let source = ImportSource { system: "essai".to_owned(), name: "essai".to_owned(), ..ImportSource::default() };
    for (at, part) in (0..count).collect::<Vec<u16>>().chunks(500).enumerate() {
        let lines = part.iter().map(|n| line(*n)).collect();
        let import = Event::MapImported(MapImported { source: source.clone(), lines }).draft(SubjectId([99; 16]));
        submit(house, 210 + u8::try_from(at).unwrap(), vec![import]);
    }
}

#[tokio::test]
async fn four_hundred_elements_are_drawn_once_and_then_kept() {
    let house = House::new();
    large(&house, 400);
    let cookie = house.enter(MARCHAND).await;
    let first = house.get(PLAN, &cookie).await;
    assert_eq!(drawn(&first), 400);
    let begun = Instant::now();
    let second = house.get(PLAN, &cookie).await;
    let cached = begun.elapsed();
    assert_eq!(drawn(&second), 400);
    // The bound of the release build is 5 ms; this one is several times slower and shares its machine.
    assert!(cached.as_millis() < 250, "{cached:?}");
}

#[tokio::test]
async fn a_map_too_large_to_be_read_is_cut_and_says_so() {
    let house = House::new();
    large(&house, 2_000);
    let cookie = house.enter(MARCHAND).await;
    let page = house.get(PLAN, &cookie).await;
    assert_eq!(drawn(&page), 1_500);
    assert!(page.shows("Trop d’éléments pour un plan lisible : les 1500 premiers sont dessinés"));
}
