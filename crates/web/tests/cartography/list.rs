//! The list, interfaces, and whom to call.

use crate::common::{LENOIR, MOREAU};
use crate::setup::*;
use axum::http::StatusCode;
use domain::Event;
use domain::cartography::event::ExchangeSet;
use domain::cartography::kind::AssetKind;
use domain::register::event::Set;
use journal::SubjectId;

#[tokio::test]
async fn the_list_is_filtered_sorted_cut_into_pages_and_exported() {
    let house = house();
    let cookie = house.enter(MOREAU).await;
    let id = |n: u8| SubjectId([200, n, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    let workstation = |n: u8| asset(&format!("=poste {n:03}"), AssetKind::Workstation, vec![]);
    let many = (0..250_u8).map(|n| Event::AssetSet(workstation(n)).draft(id(n)));
    record(&house, many.collect());
    let first = house.get("/carte/activites?genre=workstation", &cookie).await;
    assert!(
        first.shows("250 éléments sur 256")
            && first.shows("Page 1 sur 3")
            && first.shows("=poste 099")
            && !first.shows("=poste 100")
    );
    assert!(house.get("/carte/activites?genre=workstation&tri=-nom&page=3", &cookie).await.shows("=poste 049"));
    assert!(house.get("/carte/activites?page=99999999999999999999", &cookie).await.shows("Urgences"));
    for (filter, shown, hidden) in [
        ("vue=activites", "Biologie", "EAI"),
        ("vue=administration", "Annuaire de secours", "Biologie"),
        ("q=LABO%20systeme", "Système du laboratoire", "Urgences"),
        ("essentiel=1", "Système du laboratoire", "EAI"),
        ("survit=non", "Système du laboratoire", "EAI"),
        ("survit=inconnu", "EAI", "Système du laboratoire"),
        ("zone=biologie%20isol%C3%A9e", "Système du laboratoire", "EAI"),
        ("responsable=C.%20Lenoir", "Système du laboratoire", "EAI"),
        ("manque=responsable", "Urgences", "Système du laboratoire"),
        ("manque=lien", "=poste 001", "EAI"),
        ("manque=dmia", "Urgences", "Système du laboratoire"),
        ("manque=confirmer", "Système du laboratoire", "Urgences"),
    ] {
        let page = house.get(&format!("/carte/activites?{filter}"), &cookie).await;
        let table =
            page.text.split("<table").nth(1).unwrap().split("</table>").next().unwrap().replace(['\u{a0}', '\u{202f}'], " ");
        assert!(table.contains(shown) && !table.contains(&format!(">{hidden}<")), "{filter}");
    }
    let unit = house.get(&format!("/carte/activites?unite={UNIT}"), &cookie).await;
    assert!(unit.shows("2 éléments sur 256"));
    house.later(400 * 24 * 60 * crate::common::MINUTE);
    assert!(house.get("/carte/activites?manque=relire", &house.enter(MOREAU).await).await.shows("256 éléments"));
    let sheet = house.get("/carte/activites.csv?genre=workstation", &house.enter(MOREAU).await).await;
    assert_eq!(sheet.text.lines().count(), 251);
    assert!(sheet.text.contains(";'=poste 000;") && sheet.text.starts_with('\u{feff}'));
    let names = house.get("/carte/noms?q=poste%20007", &house.enter(MOREAU).await).await;
    assert_eq!(names.json(), serde_json::json!(["=poste 007 · poste de travail"]));
}

#[tokio::test]
async fn an_interface_is_described_found_and_taken_off() {
    let house = house();
    let cookie = house.enter(LENOIR).await;
    let orders = ExchangeSet {
        name: "prescriptions".to_owned(),
        source: SPARE,
        target: LABORATORY,
        via: Some(ENGINE),
        protocol: "HL7 v2".to_owned(),
        critical: true,
        both_ways: true,
        fallback: "bons papier".to_owned(),
        external: vec!["mercator:flux/2".to_owned()],
        supersedes: Vec::new(),
    };
    record(&house, vec![Event::ExchangeSet(orders.clone()).draft(ORDERS)]);
    let path = format!("{}/interfaces/{ORDERS}", base(&house));
    let mut sent = browser(&house.get(&path, &cookie).await);
    set(&mut sent, "protocol", "FHIR");
    assert_eq!(post(&house, &path, &cookie, &sent).await.location(), format!("/carte/interfaces/{ORDERS}"));
    let now = || house.ledger.view().state.cartography.exchange(&ORDERS).map(|e| e.now().clone());
    let supersedes = now().unwrap().supersedes;
    assert_eq!(now().unwrap(), ExchangeSet { protocol: "FHIR".to_owned(), supersedes, ..orders });
    let new = format!("{}/interfaces", base(&house));
    let labels = ["Annuaire · annuaire technique (AD, LDAP)", "Biologie · activité", "inconnu au bataillon", ""];
    for (source, target, sentence) in [
        (labels[0], labels[0], "Une interface relie deux éléments différents."),
        (labels[0], labels[2], "n’est pas sur la carte"),
        (labels[3], labels[1], "Choisissez un élément de la carte."),
    ] {
        let refused = house.form(&new, &cookie, &[("name", "comptes"), ("source", source), ("target", target)]).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.shows(sentence), "{sentence}");
        assert!(browser(&refused).contains(&("name".to_owned(), "comptes".to_owned())));
    }
    house.form(&new, &cookie, &[("name", "comptes"), ("source", labels[0]), ("target", labels[1])]).await;
    for (query, orders, accounts) in [
        ("", true, true),
        ("critique=oui", true, false),
        ("par=eai", true, false),
        ("par=direct", false, true),
        ("q=fhir", true, false),
        (&format!("perdu={ENGINE}"), true, false),
        (&format!("perdu={DIRECTORY}"), true, true),
    ] {
        let page = house.get(&format!("/carte/interfaces?{query}"), &cookie).await;
        assert_eq!((page.shows("prescriptions"), page.shows("comptes")), (orders, accounts), "{query}");
    }
    assert!(house.get(&format!("/carte/elements/{LABORATORY}"), &cookie).await.shows("prescriptions"));
    let remove = format!("{path}/retirer");
    assert_eq!(house.form(&remove, &cookie, &[("reason", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(house.form(&remove, &cookie, &[("reason", "arrêtée")]).await.location(), "/carte/interfaces");
    assert!(now().is_none() && house.get(&format!("/carte/interfaces/{ORDERS}"), &cookie).await.shows("arrêtée"));
}

#[tokio::test]
async fn duty_is_that_of_the_kind_of_element_and_all_of_it_when_no_list_says() {
    use domain::register::event::Turn;
    let house = house();
    let cookie = house.enter(MOREAU).await;
    let now = (house.env().now_ms)();
    let turn = |n: u8, list: &str| {
        let (from, until) = (now - 60_000, now + 3_600_000);
        let turn = Turn { list: list.to_owned(), name: format!("De garde {n}"), from, until, ..Turn::default() };
        Event::TurnSet(Set::new(turn)).draft(SubjectId([80 + n; 16]))
    };
    record(&house, vec![turn(0, "Garde de pharmacie"), turn(1, "Cadre de nuit")]);
    let path = format!("/carte/elements/{DIRECTORY}");
    let all = house.get(&path, &cookie).await;
    assert!(all.shows("De garde 0") && all.shows("De garde 1"), "{}", all.words());
    record(&house, vec![turn(2, "Astreinte informatique")]);
    let mine = house.get(&path, &cookie).await;
    assert!(mine.shows("De garde 2") && !mine.shows("De garde 0") && !mine.shows("De garde 1"), "{}", mine.words());
}
