//! The register of the map through its pages: list, element, forms, interfaces.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test stops at the first surprise")]

#[path = "../common/mod.rs"]
mod common;
mod list;
mod setup;

use crate::common::{LENOIR, MARCHAND, MOREAU};
use crate::setup::*;
use axum::http::StatusCode;
use domain::Event;
use domain::cartography::event::{ActivitySet, AssetSet, Origin};
use domain::cartography::kind::AssetKind;
use domain::cartography::need::Need;
use journal::SubjectId;

#[tokio::test]
async fn every_field_of_an_element_comes_back_from_its_form_as_it_was() {
    let house = house();
    let cookie = house.enter(LENOIR).await;
    let path = format!("{}/elements/{LABORATORY}", base(&house));
    let mut sent = browser(&house.get(&path, &cookie).await);
    assert_eq!(post(&house, &path, &cookie, &sent).await.location(), format!("/carte/elements/{LABORATORY}"));
    let versions = || house.ledger.view().state.cartography.assets[&LABORATORY].described.all().count();
    assert_eq!(versions(), 1, "saved as it was: nothing is written");
    set(&mut sent, "zone", "biologie");
    post(&house, &path, &cookie, &sent).await;
    let now = lab(&house);
    assert_eq!(versions(), 2);
    assert!(now.origin.as_ref().unwrap().adapted, "a person changed what was proposed");
    let origin = Some(Origin { adapted: true, ..origin().unwrap() });
    let expected = AssetSet { zone: "biologie".to_owned(), origin, supersedes: now.supersedes.clone(), ..laboratory() };
    assert_eq!(now, expected);
    // The page says what was changed, and observers read it.
    let page = house.get(&format!("/carte/elements/{LABORATORY}"), &house.enter(MOREAU).await).await;
    assert!(page.shows("biologie isolée") && page.shows("01 23 45 67 89") && page.shows("adapté ici"));
    assert!(page.shows("Et s’il tombe ?") && page.shows("proposé par une carte type"));
    assert!(page.shows("au moins 2 de : Annuaire, Annuaire de secours") && page.shows("tient 1 h 30 sans"));
}

#[tokio::test]
async fn every_field_of_an_activity_comes_back_too_and_a_short_form_loses_nothing() {
    let house = house();
    let cookie = house.enter(LENOIR).await;
    let path = format!("{}/elements/{BIOLOGY}", base(&house));
    let mut sent = browser(&house.get(&path, &cookie).await);
    set(&mut sent, "priority", "2");
    post(&house, &path, &cookie, &sent).await;
    let activity = || house.ledger.view().state.cartography.activity(&BIOLOGY).unwrap().clone();
    let now = activity().now().clone();
    let origin = Some(Origin { adapted: true, ..origin().unwrap() });
    assert_eq!(now, ActivitySet { priority: 2, origin: origin.clone(), supersedes: now.supersedes.clone(), ..biology() });
    // The older address and a form that speaks of the name alone.
    let seen = activity().described.current().id.to_string();
    let old = format!("{}/activites/{BIOLOGY}", base(&house));
    assert_eq!(house.get(&old, &cookie).await.location(), format!("/carte/elements/{BIOLOGY}"));
    house.form(&old, &cookie, &[("name", "Biologie médicale"), ("supersedes", &seen)]).await;
    let now = activity().now().clone();
    let (name, supersedes) = ("Biologie médicale".to_owned(), now.supersedes.clone());
    assert_eq!(now, ActivitySet { name, priority: 2, origin, supersedes, ..biology() });
}

#[tokio::test]
async fn rows_of_needs_grow_and_shrink_without_a_script_and_nothing_is_lost() {
    let house = house();
    let cookie = house.enter(LENOIR).await;
    let new = format!("{}/elements", base(&house));
    let mut sent = browser(&house.get(&new, &cookie).await);
    set(&mut sent, "name", SCRIPT);
    set(&mut sent, "b0-cible", "Annuaire · annuaire technique (AD, LDAP)");
    for (act, targets, rows) in [("autre-0", 2, "1"), ("ajouter", 3, "2"), ("retirer-1", 2, "1")] {
        set(&mut sent, "geste", act);
        let page = post(&house, &new, &cookie, &sent).await;
        assert_eq!((page.status, page.text.contains(SCRIPT)), (StatusCode::OK, false));
        sent = browser(&page);
        let count = sent.iter().filter(|(name, _)| name.ends_with("-cible")).count();
        assert_eq!((count, page.field("besoins").as_str()), (targets, rows), "{act}");
        assert!(sent.contains(&("name".to_owned(), SCRIPT.to_owned())), "what was typed is given back");
    }
    assert_eq!(house.ledger.view().state.cartography.assets().len(), 4, "nothing is recorded meanwhile");
    let second = sent.iter_mut().filter(|(name, _)| name == "b0-cible").nth(1).unwrap();
    // A bare name that only one element bears is enough.
    second.1 = "annuaire DE secours".to_owned();
    set(&mut sent, "b0-tient", "4h");
    set(&mut sent, "kind", "cluster");
    assert_eq!(post(&house, &new, &cookie, &sent).await.status, StatusCode::SEE_OTHER);
    let map = house.ledger.view().state.cartography.clone();
    let made = map.assets().into_iter().find(|a| a.now().name == SCRIPT).unwrap();
    let need = Need { any: vec![DIRECTORY, SPARE], at_least: 1, holds_minutes: Some(240), ..Need::default() };
    assert_eq!((made.now().kind, made.now().needs.clone()), (AssetKind::Cluster, vec![need]));
    // The same form sent twice is one element.
    assert_eq!(post(&house, &new, &cookie, &sent).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.ledger.view().state.cartography.assets().len(), 5);
    // Losing one of the two is not enough, and the page says so.
    let page = house.get(&format!("/carte/elements/{DIRECTORY}"), &cookie).await;
    assert!(page.shows("avec Annuaire de secours, au moins 1 sur 2, tient 4 h") && !page.text.contains(SCRIPT));
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_its_field_and_nothing_is_lost() {
    let house = house();
    let cookie = house.enter(LENOIR).await;
    let path = format!("{}/elements/{LABORATORY}", base(&house));
    let form = browser(&house.get(&path, &cookie).await);
    let huge = "é".repeat(500_000);
    for (field, value, sentence) in [
        ("b1-cible", "Système du laboratoire", "Rien n’a besoin de soi-même"),
        ("b1-cible", "Annuaire fantôme", "« Annuaire fantôme » n’est pas sur la carte"),
        ("b1-cible", "", "Dites de quoi il a besoin"),
        ("b1-cible", &SubjectId([99; 16]).to_string(), "n’est pas, ou n’est plus, sur la carte"),
        ("b1-cible", &huge, "n’est pas sur la carte"),
        ("b0-min", "3", "« Au moins 3 » parmi 2 n’est pas possible"),
        ("b0-min", "0", "« Au moins 0 » parmi 2 n’est pas possible"),
        ("b0-min", "deux", "Écrivez combien suffisent au moins"),
        ("b0-tient", "longtemps", "« longtemps » n’est pas une durée comprise ici"),
        ("b0-tient", "400 j", "On tient un an au plus"),
        ("b0-motif", &huge, "caractères"),
        ("name", "", ""),
        ("name", &huge, "caractères"),
        ("description", &huge, "caractères"),
        ("mtpd", "=1+1", "« =1+1 » n’est pas une durée comprise ici"),
        ("kind", "licorne", "Choisissez un genre dans la liste."),
        ("unit", &UNIT.to_string()[1..], "Choisissez dans la liste."),
        ("managed_by", "Annuaire fantôme", "n’est pas sur la carte"),
    ] {
        let mut sent = form.clone();
        set(&mut sent, field, value);
        if value.is_empty() && field == "b1-cible" {
            set(&mut sent, "b1-motif", "par habitude");
        }
        let refused = post(&house, &path, &cookie, &sent).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {}", value.len());
        assert!(refused.shows(sentence), "{field} : {sentence}");
        assert!(
            field == "kind" || field == "unit" || browser(&refused).contains(&(field.to_owned(), value.to_owned())),
            "{field}"
        );
        assert_eq!(lab(&house), laboratory(), "{field}");
    }
    // Two elements of one name in two kinds: which one is asked, not guessed.
    record(&house, vec![Event::AssetSet(asset("Annuaire", AssetKind::Database, vec![])).draft(SubjectId([35; 16]))]);
    let mut sent = form.clone();
    set(&mut sent, "b1-cible", "annuaire");
    let refused = post(&house, &path, &cookie, &sent).await;
    assert!(refused.shows("Plusieurs s’appellent « annuaire »"));
    // A name that another one bears already.
    for (path, name) in [("activites", "biologie"), ("applications", "système du laboratoire"), ("elements", "EAI")] {
        let mut fields = vec![("name", name), ("priority", "1")];
        if path == "elements" {
            fields.push(("kind", "interface_engine"));
        }
        let taken = house.form(&format!("{}/{path}", base(&house)), &cookie, &fields).await;
        assert!(taken.status == StatusCode::UNPROCESSABLE_ENTITY && taken.shows("Ce nom est déjà sur la carte"), "{name}");
    }
}

#[tokio::test]
async fn observers_read_and_do_not_write_and_another_journal_is_not_found() {
    let house = house();
    let (observer, writer) = (house.enter(MOREAU).await, house.enter(LENOIR).await);
    for path in ["/carte/activites".to_owned(), format!("/carte/elements/{BIOLOGY}"), "/carte/interfaces".to_owned()] {
        let page = house.get(&path, &observer).await;
        assert!(
            page.status == StatusCode::OK && !page.text.contains("Enregistrer") && !page.text.contains("retirer\""),
            "{path}"
        );
    }
    let path = format!("{}/elements/{LABORATORY}", base(&house));
    let form = house.get(&path, &observer).await;
    assert!(form.shows("Un observateur lit la carte sans la changer."));
    let mut sent = browser(&house.get(&path, &writer).await);
    set(&mut sent, "zone", "ailleurs");
    sent.retain(|(name, _)| name != "author");
    assert_eq!(post(&house, &path, &observer, &sent).await.status, StatusCode::FORBIDDEN);
    let other = format!("/journaux/{}/carte", "0".repeat(32));
    for below in [format!("elements/{LABORATORY}"), "elements".to_owned(), "activites".to_owned(), "interfaces".to_owned()] {
        assert_eq!(house.get(&format!("{other}/{below}"), &writer).await.status, StatusCode::NOT_FOUND, "{below}");
        assert_eq!(post(&house, &format!("{other}/{below}"), &writer, &sent).await.status, StatusCode::NOT_FOUND, "{below}");
    }
    for id in ["", "x", &"0".repeat(32)] {
        assert_eq!(house.get(&format!("/carte/elements/{id}"), &writer).await.status, StatusCode::NOT_FOUND, "{id}");
    }
    assert_eq!(lab(&house), laboratory());
}

#[tokio::test]
async fn two_people_who_describe_at_once_are_shown_and_settled() {
    let house = house();
    let path = format!("{}/elements/{LABORATORY}", base(&house));
    let (lenoir, marchand) = (house.enter(LENOIR).await, house.enter(MARCHAND).await);
    let (mut one, mut other) = (browser(&house.get(&path, &lenoir).await), browser(&house.get(&path, &marchand).await));
    set(&mut one, "zone", "zone une");
    set(&mut other, "zone", "zone deux");
    post(&house, &path, &lenoir, &one).await;
    post(&house, &path, &marchand, &other).await;
    assert!(house.get("/carte/activites?manque=conflit", &lenoir).await.shows("conflit (2)"));
    let page = house.get(&format!("/carte/elements/{LABORATORY}"), &lenoir).await;
    assert!(page.shows("Conflit (2)") && page.shows("zone une") && page.shows("zone deux"));
    let first = house.ledger.view().state.cartography.assets[&LABORATORY].described.survivors()[0].id;
    let from = browser(&house.get(&format!("{path}?version={first}"), &lenoir).await);
    assert!(from.contains(&("zone".to_owned(), "zone une".to_owned())));
    assert_eq!(post(&house, &path, &lenoir, &from).await.status, StatusCode::SEE_OTHER);
    assert_eq!(lab(&house).zone, "zone une");
    assert!(!house.ledger.view().state.cartography.assets[&LABORATORY].described.is_conflict());
}

#[tokio::test]
async fn what_depends_on_it_is_said_before_it_is_taken_off_and_describing_it_again_puts_it_back() {
    let house = house();
    let cookie = house.enter(LENOIR).await;
    let page = house.get(&format!("/carte/elements/{LABORATORY}"), &cookie).await;
    assert!(
        page.shows("Si « Système du laboratoire » tombe, 2 activités sur 2 sont touchées : 2 s’arrêtent."),
        "{}",
        page.words()
    );
    assert!(page.shows("1 élément dit en avoir besoin : Biologie."));
    let remove = format!("{}/elements/{LABORATORY}/retirer", base(&house));
    let refused = house.form(&remove, &cookie, &[("reason", " ")]).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text.contains("<details class=\"removal\" open"));
    assert_eq!(house.form(&remove, &cookie, &[("reason", "remplacé")]).await.location(), "/carte/activites");
    assert!(!house.get("/carte/activites", &cookie).await.shows("Système du laboratoire"));
    assert!(house.get(&format!("/carte/elements/{BIOLOGY}"), &cookie).await.shows("Système du laboratoire (retiré de la carte)"));
    // A need of what is gone is not kept in silence.
    let path = format!("{}/elements/{BIOLOGY}", base(&house));
    let mut sent = browser(&house.get(&path, &cookie).await);
    set(&mut sent, "priority", "3");
    assert!(post(&house, &path, &cookie, &sent).await.shows("n’est pas sur la carte"));
    let path = format!("{}/elements/{LABORATORY}", base(&house));
    assert!(house.get(&format!("/carte/elements/{LABORATORY}"), &cookie).await.shows("remplacé"));
    let again = browser(&house.get(&path, &cookie).await);
    assert_eq!(post(&house, &path, &cookie, &again).await.status, StatusCode::SEE_OTHER);
    assert!(house.ledger.view().state.cartography.asset(&LABORATORY).is_some());
}

#[tokio::test]
async fn a_copy_is_another_element_that_no_tool_knows() {
    let house = house();
    let cookie = house.enter(LENOIR).await;
    let copy = browser(&house.get(&format!("{}/elements?copie={LABORATORY}", base(&house)), &cookie).await);
    post(&house, &format!("{}/elements", base(&house)), &cookie, &copy).await;
    let map = house.ledger.view().state.cartography.clone();
    let made = map.applications().into_iter().find(|a| a.now().name == "Système du laboratoire (copie)").unwrap();
    let (needs, owner) = (laboratory().needs, laboratory().owner);
    assert_eq!((made.now().needs.clone(), made.now().owner.clone()), (needs, owner));
    assert!(made.now().external.is_empty() && made.now().origin.is_none());
}
