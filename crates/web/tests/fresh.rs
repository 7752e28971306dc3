//! Coverage, freshness and units through their pages.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test stops at the first surprise")]

mod common;

use axum::http::StatusCode;
use common::{House, LENOIR, MARCHAND, MOREAU};
use domain::Event;
use domain::cartography::event::batch::{ImportSource, Line, MapImported, Record};
use domain::cartography::event::{ActivitySet, AssetSet, ExchangeSet, Origin, Removed};
use domain::cartography::kind::AssetKind;
use domain::cartography::need::Need;
use domain::register::event::{Card, Provider, Set, Unit};
use journal::write::{Author, Draft};
use journal::{Auth, RequestId, SubjectId};
use store::Submission;

const DAY: i64 = 86_400_000;
const WARD: SubjectId = SubjectId([50; 16]);
const CARE: SubjectId = SubjectId([21; 16]);
const RECORD: SubjectId = SubjectId([31; 16]);
const DIRECTORY: SubjectId = SubjectId([32; 16]);
const LOST: SubjectId = SubjectId([33; 16]);

fn write(house: &House, drafts: Vec<Draft>) {
    let author = Author { actor: MARCHAND, auth: Auth::None };
    house.ledger.submit_wait(Submission { request: RequestId(house.env().bytes()), author, drafts }).unwrap();
}

fn asset(name: &str, kind: AssetKind, needs: Vec<Need>) -> AssetSet {
    AssetSet { name: name.to_owned(), kind, needs, ..AssetSet::default() }
}

fn base(house: &House) -> String {
    format!("/journaux/{}/carte/fraicheur", house.journal)
}

/// An activity that needs its record, which needs a directory and something that was taken off the map.
fn mapped() -> House {
    let house = House::founded(true);
    let record = AssetSet {
        owner: Some("É. Aubry & fils".to_owned()),
        ..asset("Dossier patient", AssetKind::Application, vec![Need::of(DIRECTORY), Need::of(LOST)])
    };
    let care = ActivitySet { name: "Urgences".to_owned(), priority: 1, needs: vec![Need::of(RECORD)], ..ActivitySet::default() };
    write(
        &house,
        vec![
            Event::AssetSet(asset("Annuaire", AssetKind::Directory, Vec::new())).draft(DIRECTORY),
            Event::AssetSet(asset("Vieux serveur", AssetKind::LogicalServer, Vec::new())).draft(LOST),
            Event::AssetSet(record).draft(RECORD),
            Event::ActivitySet(care).draft(CARE),
            Event::NodeRemoved(Removed { reason: "éteint".to_owned() }).draft(LOST),
        ],
    );
    house
}

#[tokio::test]
async fn what_nobody_read_for_a_year_is_listed_by_owner_and_read_again() {
    let house = mapped();
    let cookie = house.enter(LENOIR).await;
    let page = house.get("/carte/fraicheur", &cookie).await;
    assert!(page.shows("Toutes les fiches ont été relues depuis moins d’un an.") && page.shows("Rien n’est à relire."));
    house.later(400 * DAY);
    let cookie = house.enter(LENOIR).await;
    let page = house.get("/carte/fraicheur", &cookie).await;
    assert!(page.shows("3 fiches à relire sur 3"), "{}", page.words());
    assert!(page.shows("É. Aubry & fils") && page.shows("Sans responsable") && page.text.contains("qui=%C3%89.%20Aubry"));
    assert!(house.get("/", &cookie).await.shows("3 fiches à relire."));
    let (record, directory) = (RECORD.to_string(), DIRECTORY.to_string());
    let both = format!("{record},{directory}");
    let fields = [("about", both.as_str()), ("about", record.as_str()), ("by", "Dr Aubry")];
    assert_eq!(house.form(&format!("{}/relue", base(&house)), &cookie, &fields).await.location(), "/carte/fraicheur");
    let map = house.ledger.view().state.cartography.clone();
    assert_eq!((map.reviews.len(), map.reviews[&RECORD].by.as_str()), (2, "Dr Aubry"));
    assert!(house.get("/carte/fraicheur", &cookie).await.shows("1 fiche à relire sur 3"));
}

#[tokio::test]
async fn a_review_is_asked_of_each_owner_and_late_when_nobody_answers() {
    let house = mapped();
    let cookie = house.enter(LENOIR).await;
    let path = format!("{}/demander", base(&house));
    let (record, care) = (RECORD.to_string(), CARE.to_string());
    let refusals: [(&[(&str, &str)], &str); 5] = [
        (&[("due_on", "2026-12-21")], "Aucune fiche n’est cochée"),
        (&[("about", &record), ("due_on", "")], "Dites pour quel jour."),
        (&[("about", &record), ("due_on", "jeudi")], "Ce jour n’existe pas"),
        (&[("about", &record), ("due_on", "2026-11-20")], "Ce jour est déjà passé"),
        (&[("about", &record), ("about", &care), ("due_on", "2026-12-21")], "1 fiche cochée n’a pas de responsable"),
    ];
    for (fields, words) in refusals {
        let refused = house.form(&path, &cookie, fields).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.shows(words), "{words}: {}", refused.words());
    }
    assert!(house.ledger.view().state.cartography.asked.is_empty(), "nothing was recorded");
    let asked = house.form(&path, &cookie, &[("about", &record), ("due_on", "21/12/2026")]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.words());
    assert_eq!(house.ledger.view().state.cartography.awaited(&RECORD).unwrap().of, "É. Aubry & fils");
    let page = house.get("/carte/fraicheur", &cookie).await;
    assert!(page.shows("Dernière relecture") && !page.shows("Nature"), "one word for what an element is: « Genre »");
    assert!(page.shows("à É. Aubry & fils, pour le 21/12/2026") && !page.shows("en retard"), "{}", page.words());
    let sheet = house.get("/carte/fraicheur/demande?qui=%C3%89.%20aubry%20%26%20FILS", &cookie).await;
    assert!(sheet.shows("1 fiche à relire, pour le 21/12/2026.") && sheet.shows("a besoin de Annuaire"), "{}", sheet.words());
    assert!(house.get("/carte/fraicheur/demande?qui=personne", &cookie).await.shows("Rien n’est à relire par cette personne."));
    house.later(40 * DAY);
    let cookie = house.enter(LENOIR).await;
    assert!(house.get("/carte/fraicheur", &cookie).await.shows("1 relecture demandée est en retard."));
    assert!(house.get("/", &cookie).await.shows("1 relecture demandée en retard."));
    house.form(&format!("{}/relue", base(&house)), &cookie, &[("about", &record)]).await;
    assert!(!house.get("/carte/fraicheur", &cookie).await.shows("en retard"));
}

#[tokio::test]
async fn links_that_lead_nowhere_names_twice_and_nobody_in_charge_are_told() {
    let house = mapped();
    write(&house, vec![Event::AssetSet(asset("dossier-patient", AssetKind::Database, Vec::new())).draft(SubjectId([34; 16]))]);
    let page = house.get("/carte/fraicheur", &house.enter(MOREAU).await).await;
    assert!(page.shows("a besoin de « Vieux serveur », retiré de la carte"), "{}", page.words());
    assert!(page.shows("Noms en double") && page.shows("« dossier-patient » (base de données)"), "{}", page.words());
    assert!(page.shows("Sans responsable") && page.shows("Couverture") && page.shows("25 %"), "{}", page.words());
}

#[tokio::test]
async fn observers_other_journals_and_unknown_records_change_nothing() {
    let house = mapped();
    house.later(400 * DAY);
    let (record, nobody) = (RECORD.to_string(), SubjectId([99; 16]).to_string());
    let observer = house.enter(MOREAU).await;
    let page = house.get("/carte/fraicheur", &observer).await;
    assert!(page.shows("3 fiches à relire") && !page.text.contains("name=\"about\""));
    let relue = format!("{}/relue", base(&house));
    assert_eq!(house.form(&relue, &observer, &[("about", &record)]).await.status, StatusCode::FORBIDDEN);
    let cookie = house.enter(LENOIR).await;
    let other = format!("/journaux/{}/carte/fraicheur/relue", "ab".repeat(32));
    assert_eq!(house.form(&other, &cookie, &[("about", &record)]).await.status, StatusCode::NOT_FOUND);
    let unknown = house.form(&relue, &cookie, &[("about", &record), ("about", &nobody)]).await;
    assert!(
        unknown.status == StatusCode::UNPROCESSABLE_ENTITY && unknown.shows("n’est plus sur la carte"),
        "{}",
        unknown.words()
    );
    assert!(unknown.text.contains(&format!("value=\"{record}\" id=\"f-{record}\" checked")), "ticks come back");
    assert_eq!(house.form(&relue, &cookie, &[("about", "<script>")]).await.status, StatusCode::BAD_REQUEST);
    assert!(house.ledger.view().state.cartography.reviews.is_empty());
}

#[tokio::test]
async fn two_thousand_records_are_read_again_by_one_tick_and_not_one_more() {
    let house = House::founded(true);
    let line = |n: u16| {
        let origin = Some(Origin { source: "tableur".to_owned(), key: n.to_string(), ..Origin::default() });
        let set = AssetSet {
            owner: Some("DSI".to_owned()),
            origin,
            ..asset(&format!("Serveur {n:04}"), AssetKind::LogicalServer, Vec::new())
        };
        let mut id = [7; 16];
        id[..2].copy_from_slice(&n.to_be_bytes());
        Line { id: SubjectId(id), set: Record::Asset(set) }
    };
    let source = ImportSource { system: "tableur".to_owned(), name: "serveurs.csv".to_owned(), ..ImportSource::default() };
    // One entry has room for some hundreds of lines.
    for (at, from) in (60_u8..).zip((0..2_001).step_by(500)) {
        let lines = (from..2_001.min(from + 500)).map(line).collect();
        let import = MapImported { source: source.clone(), lines };
        write(&house, vec![Event::MapImported(import).draft(SubjectId([at; 16]))]);
    }
    let cookie = house.enter(LENOIR).await;
    let page = house.get("/carte/fraicheur", &cookie).await;
    assert!(page.shows("2001 fiches à relire sur 2001") && page.shows("jamais"), "what came from a file was read by nobody");
    assert!(page.shows("Les 2000 premières") && page.shows("1501 autres fiches ne sont pas montrées"), "the page stays short");
    let first = page.text.split("name=\"about\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(first.split(',').count(), 2_000);
    let relue = format!("{}/relue", base(&house));
    let over = format!("{first},{}", line(2_000).id);
    let refused = house.form(&relue, &cookie, &[("about", &over)]).await;
    assert!(
        refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.shows("Choisissez de 1 à 2000 fiches."),
        "{}",
        refused.words()
    );
    assert_eq!(house.form(&relue, &cookie, &[("about", &first)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.ledger.view().state.cartography.reviews.len(), 2_000);
    assert!(house.get("/carte/fraicheur", &cookie).await.shows("1 fiche à relire sur 2001"));
}

/// A ward with six activities that need twenty applications, all of which go through one directory.
fn ward(needs: u8) -> House {
    let house = House::founded(true);
    let unit = Unit { name: "Urgences adultes".to_owned(), phone: "01 99 00 30 01".to_owned(), ..Unit::default() };
    let provider = Provider { name: "Éditeur du dossier".to_owned(), phone: "01 99 00 55 00".to_owned(), ..Provider::default() };
    let card = Card { name: "É. Aubry".to_owned(), mobile: "06 39 98 10 99".to_owned(), ..Card::default() };
    let mut drafts = vec![
        Event::UnitSet(Set::new(unit)).draft(WARD),
        Event::ProviderSet(Set::new(provider)).draft(SubjectId([51; 16])),
        Event::PersonSet(Set::new(card)).draft(SubjectId([52; 16])),
        Event::AssetSet(asset("Active Directory (AD)", AssetKind::Directory, Vec::new())).draft(DIRECTORY),
    ];
    let application = |n: u8| SubjectId([n; 16]);
    for n in 0..needs {
        let set = AssetSet {
            provider: (n == 0).then_some(SubjectId([51; 16])),
            owner: (n == 1).then(|| "É. Aubry".to_owned()),
            ..asset(&format!("Application {n:02}"), AssetKind::Application, vec![Need::of(DIRECTORY)])
        };
        drafts.push(Event::AssetSet(set).draft(application(100 + n)));
    }
    let monitor = AssetSet { unit: Some(WARD), ..asset("Centrale de surveillance", AssetKind::Biomedical, Vec::new()) };
    drafts.push(Event::AssetSet(monitor).draft(SubjectId([53; 16])));
    for n in 0..6 {
        let mine = (0..needs).filter(|need| need % 6 == n);
        let need = |n: u8| Need { holds_minutes: (n > 0).then_some(240), ..Need::of(application(100 + n)) };
        let set = ActivitySet {
            name: format!("Activité {n}"),
            priority: 1,
            mtpd_minutes: Some(60),
            unit: Some(WARD),
            needs: mine.map(need).collect(),
            ..ActivitySet::default()
        };
        drafts.push(Event::ActivitySet(set).draft(SubjectId([70 + n; 16])));
    }
    let exchange = ExchangeSet {
        name: "Identités".to_owned(),
        source: application(100),
        target: application(101),
        via: None,
        protocol: String::new(),
        critical: false,
        both_ways: false,
        fallback: "saisie à la main, étiquettes d’avance".to_owned(),
        external: Vec::new(),
        supersedes: Vec::new(),
    };
    drafts.push(Event::ExchangeSet(exchange).draft(SubjectId([54; 16])));
    write(&house, drafts);
    house
}

#[tokio::test]
async fn a_unit_reads_what_it_needs_how_long_it_holds_whom_to_call_and_what_to_do() {
    let house = ward(20);
    let cookie = house.enter(MOREAU).await;
    let list = house.get("/carte/unites", &cookie).await;
    assert!(list.shows("Urgences adultes") && list.text.contains(&format!("/carte/unites/{WARD}")), "{}", list.words());
    let page = house.get(&format!("/carte/unites/{WARD}"), &cookie).await;
    for words in [
        "La perte d’un seul de ces éléments arrête aussitôt au moins une de ses activités : « Application 00 » et « Active Directory (AD) ».",
        "La perte de « Active Directory (AD) » arrête tôt ou tard ses 6 activités.",
        "Centrale de surveillance",
        "s’arrête aussitôt : activité 0",
        "tient 4 h : activité 1",
        "Éditeur du dossier",
        "01 99 00 55 00",
        "06 39 98 10 99",
        "saisie à la main, étiquettes d’avance",
        "on ne sait pas s’il survit à l’attaque",
    ] {
        assert!(page.shows(words), "{words} in {}", page.words());
    }
    assert!(!page.text.contains("n’a pas tenu") && !page.text.contains("n’ont pas tenu"), "twenty needs fit on one page");
    assert_eq!(house.get(&format!("/carte/unites/{RECORD}"), &cookie).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.get("/carte/unites/rien", &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_does_not_fit_on_the_sheet_is_counted_and_units_without_a_map_are_told_what_to_do() {
    let house = ward(90);
    let cookie = house.enter(LENOIR).await;
    let page = house.get(&format!("/carte/unites/{WARD}"), &cookie).await;
    assert!(page.shows("autres besoins n’ont pas tenu sur cette page : voir la carte."), "{}", page.words());
    assert!(page.shows("Application 89"), "the screen shows them all");
    let house = mapped();
    let cookie = house.enter(LENOIR).await;
    let page = house.get("/carte/unites/aucune", &cookie).await;
    assert!(page.shows("Activités sans unité") && page.shows("La perte d’un seul de ces éléments"), "{}", page.words());
    assert!(house.get("/carte/unites", &cookie).await.shows("Rattachez chaque activité à son unité"));
    let empty = House::founded(true);
    assert!(empty.get("/carte/unites", &empty.enter(MOREAU).await).await.shows("La carte est vide."));
}
