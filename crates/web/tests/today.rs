//! Aujourd’hui and the shell: true sentences, and links that lead somewhere.

mod common;

use axum::http::StatusCode;
use common::{CRISIS, House, LENOIR, MARCHAND, MOREAU, NOW};
use domain::Event;
use domain::crisis::event::{Closed, EntryType};
use domain::register::event::{Set, Turn};
use journal::write::Author;
use journal::{Auth, RequestId, SubjectId};
use store::Submission;

#[tokio::test]
async fn a_new_establishment_is_told_what_nobody_filled_in_and_where_to_begin() {
    let house = House::founded(true);
    let page = house.get("/", &house.enter(MARCHAND).await).await;
    for words in [
        "Aucune crise n’est ouverte.",
        "Par où commencer",
        "Aucune astreinte n’est inscrite pour les 14 prochains jours.",
        "Aucun partenaire n’est inscrit",
        "Aucune activité n’est décrite",
        "Aucun code d’urgence n’est prêt",
        "Rien n’est daté.",
    ] {
        assert!(page.shows(words), "{words} in {}", page.words());
    }
    assert!(!page.shows("commencé"), "nothing is begun");
}

#[tokio::test]
async fn on_call_gaps_and_names_are_told() {
    let house = House::founded(true);
    let turn = Turn {
        list: "Astreinte informatique".to_owned(),
        name: "M. Tessier".to_owned(),
        from: NOW - 3_600_000,
        until: NOW + 24 * 3_600_000,
        ..Turn::default()
    };
    let author = Author { actor: MARCHAND, auth: Auth::None };
    let drafts = vec![Event::TurnSet(Set::new(turn)).draft(SubjectId([40; 16]))];
    house.ledger.submit_wait(Submission { request: RequestId([1; 16]), author, drafts }).unwrap();
    let page = house.get("/", &house.enter(LENOIR).await).await;
    assert!(page.shows("1 personne d’astreinte en ce moment : M. Tessier."), "{}", page.words());
    assert!(page.shows("1 trou dans les 14 jours à venir.") && page.shows("Personne d’astreinte : Astreinte informatique"));
    assert!(page.shows("Les astreintes") && page.shows("commencé"));
    house.later(60 * 24 * 3_600_000);
    let page = house.get("/", &house.enter(LENOIR).await).await;
    assert!(page.shows("les dernières sont passées"), "no list lives any more: {}", page.words());
}

#[tokio::test]
async fn a_running_crisis_comes_first_and_a_lifted_one_does_not_run() {
    let house = House::new();
    house.log(EntryType::Action, "Isoler les postes");
    let cookie = house.enter(LENOIR).await;
    let page = house.get("/", &cookie).await;
    assert!(page.shows("Un exercice est en cours : Rançongiciel") && page.shows("Entrer dans la salle de crise"));
    assert!(page.shows("1 action ou question ouverte.") && page.shows("1 action à compléter"), "{}", page.words());
    assert!(!page.text.contains(">Ouvrir une crise<"), "one large button");
    let closed = Closed { reason: "Fin".to_owned(), remains: "Rien".to_owned(), decided_by: "J. Marchand".to_owned() };
    house.write(MARCHAND, vec![Event::CrisisClosed(closed)]);
    let page = house.get("/", &cookie).await;
    assert!(page.shows("Aucune crise en cours.") && page.shows("levée le 21/11"), "{}", page.words());
    assert!(page.shows("Ouvrir une crise") && !page.text.contains("class=\"band"), "no band");
    assert!(page.shows("aucune en cours"), "the rail says so");
    assert!(house.ledger.view().state.crises.contains_key(&CRISIS));
}

#[tokio::test]
async fn every_link_of_the_shell_and_of_the_home_page_leads_to_a_page() {
    for house in [House::new(), House::founded(true)] {
        for actor in [MARCHAND, LENOIR, MOREAU] {
            let cookie = house.enter(actor).await;
            let page = house.get("/", &cookie).await;
            let mut links: Vec<&str> = page.text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            links.retain(|href| href.starts_with('/') && !href.starts_with("/actifs/"));
            assert!(links.len() > 8, "{links:?}");
            for href in links {
                let answer = house.get(href, &cookie).await;
                assert_eq!(answer.status, StatusCode::OK, "{href} as {actor}: {}", answer.words());
            }
        }
    }
}

#[tokio::test]
async fn the_top_bar_says_who_one_is_and_seeks() {
    let house = House::founded(true);
    let page = house.get("/", &house.enter(LENOIR).await).await;
    assert!(page.shows("C. Lenoir") && page.shows("secrétaire de cellule") && page.shows("Sortir"));
    assert!(page.text.contains("action=\"/recherche\"") && page.text.contains("data-search"));
    assert!(!page.text.contains("href=\"/comptes\""), "accounts are for those who administer");
}
