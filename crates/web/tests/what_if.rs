//! « Et si ? », scenarios and criticality through their pages.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test stops at the first surprise")]

mod common;

use axum::http::StatusCode;
use common::{Answer, House, MARCHAND, MOREAU, NOW};
use domain::Event;
use domain::cartography::event::{ActivitySet, AssetSet};
use domain::cartography::kind::AssetKind;
use domain::cartography::need::{Need, Relation};
use domain::situation::event::{Status, StatusDeclared};
use journal::write::{Author, Draft};
use journal::{Auth, RequestId, SubjectId};
use store::Submission;

const BLOC: SubjectId = SubjectId([11; 16]);
const PAIE: SubjectId = SubjectId([12; 16]);
const REPAS: SubjectId = SubjectId([13; 16]);
const DPI: SubjectId = SubjectId([21; 16]);
const RH: SubjectId = SubjectId([22; 16]);
const AD: [SubjectId; 2] = [SubjectId([31; 16]), SubjectId([32; 16])];
const SERVERS: [SubjectId; 2] = [SubjectId([41; 16]), SubjectId([42; 16])];
const ROUTER: SubjectId = SubjectId([43; 16]);
const SCRIPT: &str = "<script>alert(1)</script>";

fn activity(name: &str, priority: u8, mtpd: Option<u32>, needs: Vec<Need>) -> ActivitySet {
    ActivitySet { name: name.to_owned(), priority, mtpd_minutes: mtpd, needs, ..ActivitySet::default() }
}

fn asset(name: &str, kind: AssetKind, needs: Vec<Need>) -> AssetSet {
    AssetSet { name: name.to_owned(), kind, needs, ..AssetSet::default() }
}

fn record(house: &House, drafts: Vec<Draft>) {
    let author = Author { actor: MARCHAND, auth: Auth::None };
    house.ledger.submit_wait(Submission { request: RequestId(house.env().bytes()), author, drafts }).unwrap();
}

/// Two activities that lean on a directory with two controllers, and one of which nobody said anything.
fn hospital(house: &House) {
    let directory = |why: &str| Need { any: AD.to_vec(), why: why.to_owned(), ..Need::of(AD[0]) };
    let hosted = |on: SubjectId| Need { relation: Relation::HostedOn, ..Need::of(on) };
    let mut drafts = vec![Event::AssetSet(asset("Routeur", AssetKind::Router, Vec::new())).draft(ROUTER)];
    for (at, name) in ["A", "B"].into_iter().enumerate() {
        let server = asset(&format!("Serveur {name}"), AssetKind::PhysicalServer, Vec::new());
        let controller = AssetSet {
            zone: "cœur".to_owned(),
            survives: Some(false),
            ..asset(&format!("Contrôleur {name}"), AssetKind::Directory, vec![hosted(SERVERS[at])])
        };
        drafts.extend([Event::AssetSet(server).draft(SERVERS[at]), Event::AssetSet(controller).draft(AD[at])]);
    }
    let record_of_patients = AssetSet {
        rto_minutes: Some(480),
        rpo_minutes: Some(1_440),
        ..asset("Dossier patient", AssetKind::Application, vec![directory("ouvre toutes ses sessions par")])
    };
    drafts.push(Event::AssetSet(record_of_patients).draft(DPI));
    drafts.push(Event::AssetSet(asset("Ressources humaines", AssetKind::Application, vec![directory("")])).draft(RH));
    let reads = Need { why: "lit son programme dans".to_owned(), ..Need::of(DPI) };
    let theatre = ActivitySet { rpo_minutes: Some(60), ..activity("Bloc opératoire", 1, Some(120), vec![reads]) };
    drafts.push(Event::ActivitySet(theatre).draft(BLOC));
    let holds = Need { holds_minutes: Some(240), ..Need::of(RH) };
    drafts.push(Event::ActivitySet(activity("Paie", 4, Some(7_200), vec![holds])).draft(PAIE));
    drafts.push(Event::ActivitySet(activity("Repas", 3, None, Vec::new())).draft(REPAS));
    record(house, drafts);
}

fn both() -> String {
    format!("/carte/et-si?perdu={}&perdu={}", AD[0], AD[1])
}

fn shows(page: &Answer, all: &[&str]) {
    for words in all {
        assert!(page.shows(words), "« {words} » is not in {}", page.words().replace('\u{1}', ""));
    }
}

#[tokio::test]
async fn one_controller_of_two_hits_nothing_and_both_stop_the_theatre() {
    let house = House::founded(true);
    hospital(&house);
    let cookie = house.enter(MOREAU).await;
    let one = house.get(&format!("/carte/et-si?perdu={}", AD[0]), &cookie).await;
    shows(
        &one,
        &[
            "Aucune des 3 activités n’est touchée",
            "a un secours",
            "1 activité ne dit pas de quoi elle a besoin",
            "Plus de secours",
        ],
    );
    shows(&one, &["Dossier patient", "ne tient plus que par contrôleur B (1 sur 2)"]);
    let page = house.get(&both(), &cookie).await;
    shows(&page, &["2 activités sur 3 sont touchées : 1 s’arrête aussitôt, 1 s’arrête plus tard."]);
    shows(&page, &["La première limite tombe après 2 h (bloc opératoire)."]);
    // Why: the words of each link, the redundancy that did not help.
    shows(&page, &["lit son programme dans", "ouvre toutes ses sessions par (au moins 1 sur 2, avec contrôleur", "perdu"]);
    // Times: pay holds four hours, then its five days begin.
    shows(&page, &["après 4 h", "5 j 4 h"]);
    assert!(page.text.contains("<svg"), "the map is drawn");
    // A server or one controller that lasts spares everything.
    shows(&page, &["2 → 0"]);
    // On paper fields are hidden: a sentence says what is lost.
    shows(&page, &["Si tombent : contrôleur A et contrôleur B."]);
    // What is lost alone is the first thing to double.
    let alone = house.get(&format!("/carte/et-si?perdu={DPI}"), &cookie).await;
    shows(&alone, &["Si tombe : dossier patient.", "perdu : à doubler", "1 → 0"]);
    let later = house.get(&format!("{}&a_h=4&pourquoi={PAIE}", both()), &cookie).await;
    assert!(page.text.contains(">Dégradé<") && !later.text.contains(">Dégradé<"), "after four hours pay has stopped too");
    shows(&later, &["Pourquoi « paie » ?", "tient 4 h sans", "Tient 4 h en mode dégradé, puis s’arrête"]);
    // The same by what they have in common.
    for set in ["attaque", "zone:c%C5%93ur"] {
        shows(&house.get(&format!("/carte/et-si?tout={set}"), &cookie).await, &["2 activités sur 3 sont touchées"]);
    }
    let unneeded = house.get(&format!("/carte/et-si?perdu={ROUTER}"), &cookie).await;
    shows(&unneeded, &["Ce n’est pas une preuve que rien n’en dépend."]);
    assert!(!page.text.contains("style=") && !page.text.contains("/scenarios\""), "an observer only reads");
}

#[tokio::test]
async fn what_an_address_asks_wrongly_is_said_and_the_rest_answered() {
    let house = House::founded(true);
    hospital(&house);
    let cookie = house.enter(MARCHAND).await;
    let page = house
        .get(&format!("/carte/et-si?perdu={}&perdu=zz&perdu={}&a_h=-3&pourquoi=x", AD[0], SubjectId([99; 16])), &cookie)
        .await;
    assert_eq!(page.status, StatusCode::OK);
    shows(&page, &["2 éléments demandés ne sont pas, ou plus, sur la carte", "Contrôleur A"]);
    let unread = house.get("/carte/et-si?ajouter=contr%C3%B4", &cookie).await;
    shows(&unread, &["« contrô » ne désigne pas un seul élément", "Contrôleur A", "Contrôleur B"]);
    assert_eq!(unread.field("ajouter"), "contrô");
    shows(&house.get("/carte/et-si?ajouter=%3Cscript%3E", &cookie).await, &["« <script> » n’est pas sur la carte"]);
    shows(
        &house.get("/carte/et-si?ajouter=contr%C3%B4leur%20a&ajouter=CONTR%C3%94LEUR%20B%20", &cookie).await,
        &["2 activités sur 3"],
    );
    // An activity may be lost as well, and a name may be that of several things.
    record(&house, vec![Event::AssetSet(asset("Paie", AssetKind::Module, Vec::new())).draft(SubjectId([51; 16]))]);
    shows(&house.get("/carte/et-si?ajouter=Paie", &cookie).await, &["lequel est-ce ?", "Paie (module)"]);
    shows(
        &house.get("/carte/et-si?ajouter=Paie%20(activit%C3%A9)", &cookie).await,
        &["1 activité sur 3 est touchée : 1 s’arrête aussitôt."],
    );
    for path in [
        "/carte/et-si?%ff=%ff",
        "/carte/et-si/comparer?un=x",
        "/carte/criticite?page=99999999999999999999&tri=x&vue=x&seulement=x",
    ] {
        assert_eq!(house.get(path, &cookie).await.status, StatusCode::OK, "{path}");
    }
    for path in ["/carte/criticite/x", "/carte/criticite/export/criticite.pdf", "/carte/criticite/export/x.csv"] {
        assert_eq!(house.get(path, &cookie).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(house.get(&format!("/carte/criticite/{}", SubjectId([98; 16])), &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn more_than_five_hundred_losses_are_a_set_and_not_a_scenario() {
    let house = House::founded(true);
    hospital(&house);
    let id = |n: u16| {
        let [high, low] = n.to_be_bytes();
        let mut id = [70; 16];
        (id[14], id[15]) = (high, low);
        SubjectId(id)
    };
    let servers =
        (0..600).map(|n| AssetSet { zone: "ferme".to_owned(), ..asset(&format!("S{n}"), AssetKind::LogicalServer, Vec::new()) });
    record(&house, (0..).zip(servers).map(|(n, set)| Event::AssetSet(set).draft(id(n))).collect());
    let cookie = house.enter(MARCHAND).await;
    let named: Vec<String> = (0..501).map(|n| format!("perdu={}", id(n))).collect();
    let page = house.get(&format!("/carte/et-si?{}", named.join("&")), &cookie).await;
    shows(&page, &["500 éléments au plus se choisissent un par un : 1 est laissé de côté"]);
    let set = house.get("/carte/et-si?tout=zone:ferme", &cookie).await;
    shows(&set, &["toute la zone « ferme » (600)"]);
    let fields = [("name", "La ferme"), ("tout", "zone:ferme")];
    let refused = house.form(&format!("/journaux/{}/carte/scenarios", house.journal), &cookie, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&refused, &["Un scénario perd de 1 à 500 éléments", "toute la zone « ferme » (600)"]);
    assert_eq!(refused.field("name"), "La ferme");
}

#[tokio::test]
async fn a_scenario_is_kept_renamed_compared_contradicted_and_taken_off() {
    let house = House::founded(true);
    hospital(&house);
    let cookie = house.enter(MARCHAND).await;
    let base = format!("/journaux/{}/carte/scenarios", house.journal);
    let (a, b) = (AD[0].to_string(), AD[1].to_string());
    let kept = house.form(&base, &cookie, &[("name", SCRIPT), ("note", "exercice 2026"), ("perdu", &a), ("perdu", &b)]).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    let open = kept.location().to_owned();
    let page = house.get(&open, &cookie).await;
    assert!(!page.text.contains(SCRIPT) && page.shows("2 activités sur 3 sont touchées"));
    let id = open.split_once('=').unwrap().1.to_owned();
    let seen = page.field("supersedes");
    // The name that another one bears is refused; what was typed comes back.
    let taken = house.form(&base, &cookie, &[("request", &page.field("request")), ("name", SCRIPT), ("perdu", &a)]).await;
    assert_eq!(
        (taken.status, taken.field("name")),
        (StatusCode::UNPROCESSABLE_ENTITY, SCRIPT.replace('<', "&lt;").replace('>', "&gt;"))
    );
    shows(&taken, &["Ce nom est déjà sur la carte"]);
    let nothing = house.form(&base, &cookie, &[("name", "Rien")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Renamed by one, changed by another who had not seen it: a conflict that is shown.
    let change = format!("{base}/{id}");
    let renamed = [("supersedes", seen.as_str()), ("scenario", id.as_str()), ("name", "AD chiffré")];
    assert_eq!(house.form(&change, &cookie, &renamed).await.status, StatusCode::SEE_OTHER);
    let scenario = |name: &str| {
        house.ledger.view().state.cartography.scenarios().iter().any(|s| s.now().name == name && s.now().lost.len() == 2)
    };
    assert!(scenario("AD chiffré"), "renaming keeps what is lost");
    let changed =
        [("supersedes", seen.as_str()), ("name", "AD perdu"), ("modifie", "1"), ("scenario", id.as_str()), ("perdu", &a)];
    assert_eq!(house.form(&change, &cookie, &changed).await.status, StatusCode::SEE_OTHER);
    let page = house.get(&open, &cookie).await;
    shows(&page, &["conflit (2)", "Deux personnes l’ont écrit sans se voir"]);
    let seen = page.field("supersedes");
    let settled =
        [("supersedes", seen.as_str()), ("name", "AD perdu"), ("modifie", "1"), ("scenario", id.as_str()), ("perdu", &a)];
    house.form(&change, &cookie, &settled).await;
    assert!(!house.get(&open, &cookie).await.shows("conflit (2)"));
    // Two scenarios side by side.
    house.form(&base, &cookie, &[("name", "Tout l’annuaire"), ("perdu", &a), ("perdu", &b)]).await;
    let compared = house.get(&format!("/carte/et-si/comparer?un={id}"), &cookie).await;
    shows(
        &compared,
        &[
            "« AD perdu » : aucune activité touchée. « Tout l’annuaire » : 2 activités touchées. Touchées par le premier seulement : aucune ; par le second seulement : 2.",
            "pire dans le second",
            "pas touchée",
        ],
    );
    // Who may, and where.
    let observer = house.enter(MOREAU).await;
    assert_eq!(house.form(&base, &observer, &[("name", "X"), ("perdu", &a)]).await.status, StatusCode::FORBIDDEN);
    let elsewhere = format!("/journaux/{}/carte/scenarios", "0".repeat(32));
    assert_eq!(house.form(&elsewhere, &cookie, &[("name", "X"), ("perdu", &a)]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.form(&format!("{base}/zz"), &cookie, &[("name", "X")]).await.status, StatusCode::NOT_FOUND);
    let removal = format!("{change}/retirer");
    let refused = house.form(&removal, &cookie, &[("reason", " ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.shows("AD perdu"), "the same page");
    assert_eq!(house.form(&removal, &cookie, &[("reason", "joué")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.ledger.view().state.cartography.scenarios().len(), 1);
    shows(&house.get(&open, &cookie).await, &["Choisissez ce qui tombe"]);
}

#[tokio::test]
async fn in_a_crisis_it_begins_from_what_is_declared_and_says_the_hour() {
    let house = House::new();
    hospital(&house);
    let stopped = |about: SubjectId| {
        Event::StatusDeclared(StatusDeclared {
            about,
            name: "Contrôleur".to_owned(),
            status: Status::Stopped,
            since: Some(NOW - common::MINUTE),
            holds_until: None,
            review_at: None,
            said_by: None,
            note: None,
            supersedes: Vec::new(),
        })
    };
    house.write(MARCHAND, vec![stopped(AD[0]), stopped(AD[1])]);
    let cookie = house.enter(MOREAU).await;
    shows(&house.get("/carte/et-si", &cookie).await, &["Partir de ce qui est déclaré arrêté (2)"]);
    let page = house.get("/carte/et-si?tout=declare&heure=1", &cookie).await;
    // The crisis began nine hours before 14:32.
    shows(
        &page,
        &["ce qui est déclaré arrêté dans la crise (2)", "La première limite tombe après 2 h (07:32)", "2 activités sur 3"],
    );
    // The past is asked as it was: the map was empty before it was written.
    house.later(10 * common::MINUTE);
    record(&house, vec![Event::AssetSet(asset("Neuf", AssetKind::Router, Vec::new())).draft(SubjectId([61; 16]))]);
    let now = house.get("/carte/et-si", &cookie).await;
    assert!(now.text.contains("\"Neuf\""));
    let past = house.get(&format!("/carte/et-si?perdu={}&perdu={}&a={NOW}", AD[0], AD[1]), &cookie).await;
    assert!(past.shows("2 activités sur 3") && !past.text.contains("\"Neuf\""));
    shows(&house.get(&format!("/carte/criticite?a={NOW}"), &cookie).await, &["2 éléments sur 7 arrêtent"]);
}

#[tokio::test]
async fn the_critical_table_says_what_how_much_and_why() {
    let house = House::founded(true);
    let cookie = house.enter(MOREAU).await;
    for path in ["/carte/et-si", "/carte/criticite", "/carte/et-si/comparer"] {
        assert!(house.get(path, &cookie).await.text.contains("/carte/archetype"), "{path}: the empty map offers the next act");
    }
    shows(&house.get("/carte/criticite/redemarrage", &cookie).await, &["La carte est vide"]);
    hospital(&house);
    let page = house.get("/carte/criticite", &cookie).await;
    shows(
        &page,
        &[
            "2 éléments sur 7 arrêtent, chacun à lui seul, au moins une activité.",
            "point de défaillance unique",
            "devrait être SIE ?",
        ],
    );
    shows(
        &page,
        &[
            "1 vitale",
            "Bloc opératoire → Dossier patient",
            "besoin 2 h, capacité 8 h",
            "écart 6 h",
            "besoin 1 h, capacité 24 h",
            "écart 23 h",
        ],
    );
    let place = |name: &str| page.words().find(name).unwrap();
    assert!(place("Dossier patient") < place("Ressources humaines") && place("Ressources humaines") < place("Serveur A"));
    let filtered = house.get("/carte/criticite?seulement=spof&q=ressources", &cookie).await;
    assert!(filtered.shows("Ressources humaines") && !filtered.shows("Serveur A"));
    shows(&house.get("/carte/criticite?seulement=sie", &cookie).await, &["Aucun élément ne répond à ce filtre."]);
    // The smallest losses that stop the theatre: the record alone, or one of each side.
    let theatre = house.get(&format!("/carte/criticite/{BLOC}"), &cookie).await;
    shows(&theatre, &["1 élément l’arrête à lui seul. À perdre ensemble, 4 paires de plus.", "Contrôleur A + Serveur B"]);
    shows(&theatre, &["Dans quel ordre redémarrer"]);
    assert!(theatre.text.contains(&format!("href=\"/carte/elements/{}\">Contrôleur A</a>", AD[0])), "names lead to their sheet");
    assert!(theatre.text.contains("aria-label=\"et si\u{202f}? Contrôleur A + Serveur B\""), "{}", theatre.text);
    let csv = house.get("/carte/criticite/export/criticite.csv?tri=nom", &cookie).await;
    assert!(
        csv.text.starts_with('\u{feff}') && csv.text.contains("Dossier patient;application;16;oui;;oui;1 vitale;"),
        "{}",
        csv.text
    );
    let xlsx = house.get("/carte/criticite/export/criticite.xlsx", &cookie).await;
    assert!(xlsx.status == StatusCode::OK && xlsx.text.starts_with("PK"));
    // An activity that others need is counted apart from elements.
    let (sterile, visits) = (SubjectId([83; 16]), SubjectId([84; 16]));
    let (one, other) =
        (activity("Stérilisation", 2, Some(240), Vec::new()), activity("Visites", 2, None, vec![Need::of(sterile)]));
    record(&house, vec![Event::ActivitySet(one).draft(sterile), Event::ActivitySet(other).draft(visits)]);
    shows(
        &house.get("/carte/criticite", &cookie).await,
        &["2 éléments sur 7 arrêtent", "1 activité dont d’autres ont besoin en arrête aussi."],
    );
}

#[tokio::test]
async fn two_that_wait_for_each_other_are_named() {
    let house = House::founded(true);
    let cookie = house.enter(MOREAU).await;
    hospital(&house);
    let (dns, time) = (SubjectId([81; 16]), SubjectId([82; 16]));
    let server = |name: &str| asset(name, AssetKind::NameService, Vec::new());
    record(&house, vec![Event::AssetSet(server("DNS")).draft(dns)]);
    record(&house, vec![Event::AssetSet(AssetSet { needs: vec![Need::of(dns)], ..server("Heure") }).draft(time)]);
    let seen = house.ledger.view().state.cartography.asset(&dns).unwrap().described.seen();
    record(&house, vec![Event::AssetSet(AssetSet { needs: vec![Need::of(time)], supersedes: seen, ..server("DNS") }).draft(dns)]);
    let order = house.get("/carte/criticite/redemarrage", &cookie).await;
    shows(&order, &["1 groupe d’éléments s’attend mutuellement", "s’attendent mutuellement : DNS, Heure"]);
}
