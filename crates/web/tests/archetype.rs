//! A first map from an archetype: taken, adapted or refused, in a handful of requests.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test stops at the first surprise")]

mod common;

use axum::http::StatusCode;
use common::{Answer, House, LENOIR, MARCHAND, MOREAU};
use domain::cartography::Cartography;
use domain::cartography::network::Net;
use journal::SubjectId;

const PAGE: &str = "/carte/archetype?genre=ch";

fn map(house: &House) -> Cartography {
    house.ledger.view().state.cartography.clone()
}

fn element(map: &Cartography, name: &str) -> SubjectId {
    map.assets().into_iter().find(|asset| asset.now().name == name).unwrap().id
}

/// What a person changes in the form: everything else goes as it was proposed.
struct Form(Vec<(String, String)>);

impl Form {
    /// The form as the page gives it: hidden fields, and every proposal taken.
    fn of(page: &Answer, kind: &str) -> Self {
        let hidden = ["request", "author"].map(|name| (name.to_owned(), page.field(name)));
        let mut fields: Vec<(String, String)> = hidden.into_iter().collect();
        fields.push(("genre".to_owned(), kind.to_owned()));
        for item in content::archetypes::of(kind).unwrap().items() {
            let name = format!("choix-{}", item.key());
            if page.text.contains(&format!("name=\"{name}\"")) {
                fields.push((name, "prendre".to_owned()));
            }
        }
        Self(fields)
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    async fn send(&self, house: &House, cookie: &str) -> Answer {
        let fields: Vec<(&str, &str)> = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        house.form(&format!("/journaux/{}/carte/archetype", house.journal), cookie, &fields).await
    }
}

#[tokio::test]
async fn a_new_establishment_has_a_usable_map_in_two_requests() {
    let house = House::founded(true);
    let cookie = house.enter(MARCHAND).await;
    let page = house.get(PAGE, &cookie).await;
    assert!(page.shows("22 activités, 84 éléments et 14 interfaces sont proposés."), "{}", page.words());
    let edition = &content::archetypes::of("ch").unwrap().edition;
    let day: Vec<&str> = edition.split('-').rev().collect();
    assert!(page.shows(&format!("Édition du {}", day.join("/"))) && !page.shows(edition), "a day as people write it");
    let sent = Form::of(&page, "ch").send(&house, &cookie).await;
    assert_eq!(sent.location(), PAGE);
    let map = map(&house);
    assert_eq!((map.by_priority().len(), map.assets().len(), map.exchanges().len()), (22, 84, 14));
    let net = Net::of(&map);
    assert_eq!(net.dangling, 0);
    let lost = net.what_if(&[element(&map, "Annuaire des comptes (AD)")]);
    let fates = net.fates(&map, &lost);
    let hit: Vec<&str> = fates.iter().map(|fate| fate.activity.now().name.as_str()).collect();
    assert!(hit.contains(&"Urgences") && hit.contains(&"Biologie") && !hit.contains(&"Dialyse"), "{hit:?}");
    let biology = fates.iter().find(|fate| fate.activity.now().name == "Biologie").unwrap();
    assert_eq!((biology.stops_at, biology.limit_at), (Some(0), Some(240)));
    let one_controller = net.what_if(&[element(&map, "Contrôleur de domaine A")]);
    assert!(net.fates(&map, &one_controller).is_empty(), "the other controller answers");
    let after = house.get(PAGE, &cookie).await;
    assert!(after.shows("Tout est décidé") && after.shows("pris tel quel par J. Marchand"), "{}", after.words());
}

#[tokio::test]
async fn what_is_refused_is_remembered_its_links_dropped_and_taken_again() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let page = house.get(PAGE, &cookie).await;
    let form = Form::of(&page, "ch").with("choix-dialyse_app", "refuser").with("choix-samu", "attendre");
    form.send(&house, &cookie).await;
    let dialysis = |map: &Cartography| map.by_priority().into_iter().find(|a| a.now().name == "Dialyse").unwrap().now().clone();
    let before = dialysis(&map(&house));
    let all = content::archetypes::of("ch").unwrap().item("dialyse").unwrap().needs().len();
    assert_eq!(before.needs.len(), all - 1, "nothing points to what was refused");
    let page = house.get(PAGE, &cookie).await;
    assert!(page.shows("1 est refusée. 1 reste à décider.") && page.shows("refusé par C. Lenoir"), "{}", page.words());
    assert!(page.shows("sans logiciel de dialyse"), "{}", page.words());
    assert!(!page.text.contains("name=\"choix-urgences\""), "what is taken is not proposed again");
    let again = Form::of(&page, "ch").with("choix-samu", "refuser");
    assert_eq!(again.send(&house, &cookie).await.status, StatusCode::SEE_OTHER);
    let after = dialysis(&map(&house));
    assert_eq!(after.needs.len(), all, "the link that waited is there");
    assert!(map(&house).declined("archetype:ch", "samu").is_some());
    assert!(map(&house).declined("archetype:ch", "dialyse_app").is_none());
}

#[tokio::test]
async fn what_is_adapted_says_so_and_bad_values_lose_nothing() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let page = house.get(PAGE, &cookie).await;
    let good = |name: &str| Form::of(&page, "ch").with("nom-bloc", name).with("priorite-bloc", "2").with("dmia-bloc", "2 h");
    for (field, value, told) in [
        ("dmia-urgences", "longtemps", "« longtemps » n’est pas une durée"),
        ("priorite-urgences", "9", "choisissez une priorité de 1 à 5"),
        ("nom-urgences", "Bloc central", "« Bloc central » est déjà pris"),
    ] {
        let refused = good("Bloc central").with(field, value).send(&house, &cookie).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.shows(told) && refused.text.contains("Bloc central"), "{told}: {}", refused.words());
        assert!(map(&house).things().is_empty(), "all of it or nothing");
    }
    let strange = "<script>alert(1)</script>";
    assert_eq!(good(strange).send(&house, &cookie).await.status, StatusCode::SEE_OTHER);
    let map = map(&house);
    let bloc = map.by_priority().into_iter().find(|a| a.now().name == strange).unwrap().now().clone();
    assert_eq!((bloc.priority, bloc.mtpd_minutes), (2, Some(120)));
    assert!(bloc.origin.unwrap().adapted);
    let urgences = map.by_priority().into_iter().find(|a| a.now().name == "Urgences").unwrap().now().clone();
    assert!(!urgences.origin.unwrap().adapted);
    let after = house.get(PAGE, &cookie).await;
    assert!(after.shows("adapté et pris par C. Lenoir") && !after.text.contains(strange));
}

#[tokio::test]
async fn the_same_form_twice_records_once_and_nothing_chosen_is_said() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let page = house.get("/carte/archetype?genre=ehpad", &cookie).await;
    let form = Form::of(&page, "ehpad").with("choix-groupe", "refuser");
    let first = form.send(&house, &cookie).await;
    let entries = house.ledger.view().state.cartography.revision;
    let second = form.send(&house, &cookie).await;
    assert_eq!((first.location(), second.location()), ("/carte/archetype?genre=ehpad", "/carte/archetype?genre=ehpad"));
    assert_eq!(house.ledger.view().state.cartography.revision, entries);
    // Another page opened before the first was sent: everything in it is on the map already.
    let stale = form.with("request", "7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f").with("choix-groupe", "attendre");
    let told = stale.send(&house, &cookie).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.shows("Rien de nouveau n’est choisi"), "{}", told.words());
    let unknown = Form(vec![("genre".to_owned(), "palais".to_owned())]).send(&house, &cookie).await;
    assert!(unknown.shows("Cette carte type n’existe pas"), "{}", unknown.words());
}

#[tokio::test]
async fn an_observer_reads_the_proposals_and_does_not_decide() {
    let house = House::founded(true);
    let cookie = house.enter(MOREAU).await;
    let page = house.get(PAGE, &cookie).await;
    assert!(page.shows("Bloc opératoire") && !page.text.contains("choix-bloc"));
    let form = Form(vec![("genre".to_owned(), "ch".to_owned()), ("choix-bloc".to_owned(), "prendre".to_owned())]);
    assert_eq!(form.send(&house, &cookie).await.status, StatusCode::FORBIDDEN);
    assert!(map(&house).things().is_empty());
}
