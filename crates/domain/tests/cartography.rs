//! The map: what is written, what follows, what is refused; imports taken back; the network and who falls.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test stops at the first surprise")]

mod story;

use domain::cartography::event::batch::{ImportSource, ImportUndone, Line, MapImported, ProposalsDeclined, Record};
use domain::cartography::event::review::{BiaSet, Criterion, Harm, Horizon, ReviewAsked, Reviewed};
use domain::cartography::event::{ActivitySet, ApplicationSet, AssetSet, ExchangeSet, Origin, Removed, ScenarioSet};
use domain::cartography::kind::{AssetKind, View};
use domain::cartography::names::Bearer;
use domain::cartography::need::{Need, Relation};
use domain::cartography::network::Net;
use domain::facts::Value;
use domain::register::Role;
use domain::register::day::Day;
use domain::{Event, Refusal};
use journal::{Standing, SubjectId};
use store::Ruled;
use story::{FULL, Story, author};

const BIOLOGY: SubjectId = SubjectId([21; 16]);
const LABORATORY: SubjectId = SubjectId([31; 16]);
const FIRST: SubjectId = SubjectId([41; 16]);
const SECOND: SubjectId = SubjectId([42; 16]);
const IMPORT: SubjectId = SubjectId([51; 16]);
const DAY_MINUTES: u32 = 1_440;

fn activity(name: &str, needs: Vec<Need>) -> ActivitySet {
    ActivitySet { name: name.to_owned(), priority: 1, mtpd_minutes: Some(240), needs, ..ActivitySet::default() }
}

fn asset(name: &str, kind: AssetKind, needs: Vec<Need>) -> AssetSet {
    AssetSet { name: name.to_owned(), kind, needs, ..AssetSet::default() }
}

trait OnMap {
    fn writes(&mut self, id: SubjectId, event: Event);
    fn refuses(&self, id: SubjectId, event: &Event) -> &'static str;
}

impl OnMap for Story {
    fn writes(&mut self, id: SubjectId, event: Event) {
        let draft = event.draft(id);
        self.state.check(&author(Role::Member), &draft).unwrap();
        self.happens(&draft, Standing::Full { rank: 20 }, Role::Member);
    }

    fn refuses(&self, id: SubjectId, event: &Event) -> &'static str {
        let refused: Result<(), Refusal> = self.state.check(&author(Role::Member), &event.draft(id));
        refused.expect_err("refused").code
    }
}

/// Biology needs the laboratory's system and works on paper for two hours; the system opens its sessions through one of
/// two controllers.
fn mapped() -> Story {
    let mut story = Story::new();
    story.writes(FIRST, Event::AssetSet(asset("Contrôleur A", AssetKind::Directory, vec![])));
    story.writes(SECOND, Event::AssetSet(asset("Contrôleur B", AssetKind::Directory, vec![])));
    let either = Need { any: vec![FIRST, SECOND], why: "ouvre ses sessions par".to_owned(), ..Need::of(FIRST) };
    story.writes(LABORATORY, Event::AssetSet(asset("Système du laboratoire", AssetKind::Application, vec![either])));
    let paper = Need { holds_minutes: Some(120), ..Need::of(LABORATORY) };
    story.writes(BIOLOGY, Event::ActivitySet(activity("Biologie", vec![paper])));
    story
}

#[test]
fn a_plain_need_is_a_bare_id_in_the_journal_and_old_bodies_are_read() {
    let bare = serde_json::to_string(&Need::of(FIRST)).unwrap();
    assert_eq!(bare, format!("\"{FIRST}\""));
    let full = Need { relation: Relation::HostedOn, at_least: 2, any: vec![FIRST, SECOND], ..Need::default() };
    let written = serde_json::to_string(&full).unwrap();
    assert_eq!(serde_json::from_str::<Need>(&written).unwrap(), full);
    let old = format!("{{\"name\":\"Biologie\",\"priority\":1,\"mtpd_minutes\":240,\"needs\":[\"{LABORATORY}\"]}}");
    let Some(Event::ActivitySet(set)) = Event::decode("cartography.activity_set", 1, old.as_bytes()) else { panic!("read") };
    assert_eq!(set, activity("Biologie", vec![Need::of(LABORATORY)]));
}

#[test]
fn an_application_of_the_first_version_is_an_element() {
    let mut story = Story::new();
    story.writes(LABORATORY, Event::ApplicationSet(ApplicationSet { name: "Laboratoire".to_owned(), ..Default::default() }));
    let map = &story.state.cartography;
    assert_eq!(map.application(&LABORATORY).unwrap().now().kind, AssetKind::Application);
    assert_eq!(map.names.named(Bearer::Asset(AssetKind::Application), " laboratoire "), Some(LABORATORY));
}

#[test]
fn what_cannot_be_is_refused_with_its_reason() {
    let story = mapped();
    let server = |needs| Event::AssetSet(asset("Serveur 1", AssetKind::LogicalServer, needs));
    let (new, unknown) = (SubjectId([60; 16]), SubjectId([61; 16]));
    let cases = [
        (server(vec![Need::of(new)]), "self_need"),
        (server(vec![Need::of(unknown)]), "unknown_node"),
        (server(vec![Need { at_least: 3, any: vec![FIRST, SECOND], ..Need::default() }]), "bad_at_least"),
        (server(vec![Need { at_least: 0, any: vec![FIRST], ..Need::default() }]), "bad_at_least"),
        (server(vec![Need { at_least: 1, any: vec![FIRST, FIRST], ..Need::default() }]), "twice"),
        (server(vec![Need { at_least: 1, any: vec![], ..Need::default() }]), "empty_need"),
        (server(vec![Need { holds_minutes: Some(u32::MAX), ..Need::of(FIRST) }]), "bad_holds"),
        (Event::AssetSet(asset(" contrôleur a ", AssetKind::Directory, vec![])), "name_taken"),
        (Event::AssetSet(asset("", AssetKind::Directory, vec![])), "empty_text"),
        (Event::AssetSet(asset(&"x".repeat(1_000_000), AssetKind::Directory, vec![])), "text_too_long"),
        (Event::ScenarioSet(ScenarioSet { name: "Rien".to_owned(), ..Default::default() }), "bad_loss"),
        (Event::ImportUndone(ImportUndone { reason: "Essai.".to_owned() }), "unknown_import"),
        (Event::NodeRemoved(Removed { reason: "Essai.".to_owned() }), "not_on_map"),
    ];
    for (event, code) in cases {
        assert_eq!(story.refuses(new, &event), code);
    }
    let other_kind = Event::AssetSet(asset("Contrôleur A", AssetKind::LogicalServer, vec![]));
    assert!(story.state.check(&author(Role::Member), &other_kind.draft(new)).is_ok(), "names are unique within a kind");
    let observer = story.state.check(&author(Role::Observer), &other_kind.draft(new));
    assert!(observer.is_err());
}

#[test]
fn an_interface_relates_two_different_things() {
    let mut story = mapped();
    let exchange = |source, target| ExchangeSet {
        name: "Résultats".to_owned(),
        source,
        target,
        via: None,
        protocol: "HL7 v2".to_owned(),
        critical: true,
        both_ways: false,
        fallback: String::new(),
        external: Vec::new(),
        supersedes: Vec::new(),
    };
    let id = SubjectId([70; 16]);
    assert_eq!(story.refuses(id, &Event::ExchangeSet(exchange(FIRST, FIRST))), "self_exchange");
    story.writes(id, Event::ExchangeSet(exchange(FIRST, SECOND)));
    let net = Net::of(&story.state.cartography);
    let outcome = net.what_if(&[FIRST]);
    let second = net.number(&SECOND).unwrap();
    assert_eq!((outcome.hit_at(second), outcome.down_at(second)), (Some(0), None), "degraded, without a known limit");
}

#[test]
fn one_controller_is_enough_and_both_lost_stop_biology_after_two_hours() {
    let story = mapped();
    let map = &story.state.cartography;
    let net = Net::of(map);
    assert_eq!((net.ids.len(), net.activities.len(), net.dangling), (4, 1, 0));
    assert!(net.fates(map, &net.what_if(&[FIRST])).is_empty());
    let outcome = net.what_if(&[FIRST, SECOND]);
    let fates = net.fates(map, &outcome);
    assert_eq!(fates.len(), 1);
    assert_eq!((fates[0].hit_at, fates[0].stops_at, fates[0].limit_at), (0, Some(120), Some(360)));
    let path: Vec<SubjectId> =
        outcome.path(net.number(&BIOLOGY).unwrap()).iter().map(|step| net.ids[step.node as usize]).collect();
    assert_eq!(path.first(), Some(&BIOLOGY));
    assert_eq!(path.get(1), Some(&LABORATORY));
    assert!(path.last().is_some_and(|last| [FIRST, SECOND].contains(last)));
}

#[test]
fn an_import_is_taken_back_and_what_people_changed_since_is_kept() {
    let mut story = mapped();
    let seen = |story: &Story, id| story.state.cartography.assets[&id].described.seen();
    let renamed = AssetSet {
        supersedes: seen(&story, LABORATORY),
        zone: "biologie".to_owned(),
        ..asset("SIL", AssetKind::Application, vec![])
    };
    let touched = AssetSet {
        supersedes: seen(&story, FIRST),
        zone: "annuaire".to_owned(),
        ..asset("Contrôleur A", AssetKind::Directory, vec![])
    };
    let new = SubjectId([80; 16]);
    let lines = vec![
        Line { id: LABORATORY, set: Record::Asset(renamed) },
        Line { id: FIRST, set: Record::Asset(touched) },
        Line {
            id: new,
            set: Record::Asset(AssetSet {
                external: vec!["glpi:computer/1".to_owned()],
                ..asset("PC 1", AssetKind::Workstation, vec![])
            }),
        },
    ];
    let source = ImportSource { system: "glpi".to_owned(), name: "ordinateurs.csv".to_owned(), ..ImportSource::default() };
    story.writes(IMPORT, Event::MapImported(MapImported { source, lines }));
    let map = &story.state.cartography;
    assert_eq!((map.imports[&IMPORT].created, map.imports[&IMPORT].described.len()), (1, 3));
    assert_eq!(map.names.external("glpi:computer/1"), Some(new));
    assert!(map.fresh_on(map.thing(&new).unwrap()).is_none(), "nobody has read what a file brought");
    assert_eq!(map.asset(&LABORATORY).unwrap().now().name, "SIL");
    // Somebody corrects what the import brought.
    let corrected = AssetSet {
        supersedes: seen(&story, FIRST),
        zone: "annuaire, salle A".to_owned(),
        ..asset("Contrôleur A", AssetKind::Directory, vec![])
    };
    story.writes(FIRST, Event::AssetSet(corrected));
    story.writes(IMPORT, Event::ImportUndone(ImportUndone { reason: "Mauvais fichier.".to_owned() }));
    let map = &story.state.cartography;
    assert_eq!(map.asset(&LABORATORY).unwrap().now().name, "Système du laboratoire", "as it was before");
    assert_eq!(map.asset(&FIRST).unwrap().now().zone, "annuaire, salle A", "what somebody changed since is kept");
    assert!(map.asset(&new).is_none() && map.assets[&new].removed.is_some());
    assert_eq!(map.names.external("glpi:computer/1"), None);
    assert_eq!(map.names.named(Bearer::Asset(AssetKind::Application), "Système du laboratoire"), Some(LABORATORY));
    assert_eq!(story.refuses(IMPORT, &Event::ImportUndone(ImportUndone { reason: "Encore.".to_owned() })), "import_undone");
}

#[test]
fn two_records_of_an_import_may_not_bear_one_name() {
    let story = Story::new();
    let line = |byte| Line { id: SubjectId([byte; 16]), set: Record::Asset(asset("PC 1", AssetKind::Workstation, vec![])) };
    let source = ImportSource { system: "tableur".to_owned(), name: "a.csv".to_owned(), ..ImportSource::default() };
    let import = MapImported { source, lines: vec![line(80), line(81)] };
    assert_eq!(story.refuses(IMPORT, &Event::MapImported(import)), "name_twice");
}

#[test]
fn a_refused_proposal_is_remembered_until_somebody_takes_it() {
    let mut story = Story::new();
    let declined = ProposalsDeclined { source: "archetype:ch".to_owned(), keys: vec!["dpi".to_owned()], reason: String::new() };
    story.writes(IMPORT, Event::ProposalsDeclined(declined));
    assert!(story.state.cartography.declined("archetype:ch", "dpi").is_some());
    let origin = Some(Origin { source: "archetype:ch".to_owned(), key: "dpi".to_owned(), ..Origin::default() });
    let lines =
        vec![Line { id: LABORATORY, set: Record::Asset(AssetSet { origin, ..asset("DPI", AssetKind::Application, vec![]) }) }];
    let source =
        ImportSource { system: "archetype:ch".to_owned(), name: "Centre hospitalier".to_owned(), ..ImportSource::default() };
    story.writes(IMPORT, Event::MapImported(MapImported { source, lines }));
    assert!(story.state.cartography.declined("archetype:ch", "dpi").is_none());
}

#[test]
fn what_a_proposal_brought_is_stale_until_somebody_read_it() {
    let mut story = mapped();
    let origin = Some(Origin { source: "archetype:ch".to_owned(), key: "pc".to_owned(), ..Origin::default() });
    let new = SubjectId([80; 16]);
    story.writes(new, Event::AssetSet(AssetSet { origin, ..asset("Postes", AssetKind::Workstation, vec![]) }));
    let today = Day::of_ms(story.wall);
    let stale = |story: &Story, id| story.state.cartography.is_stale(story.state.cartography.thing(&id).unwrap(), today);
    assert!(stale(&story, new) && !stale(&story, LABORATORY), "who typed it read it");
    let asked = ReviewAsked { about: vec![new], of: "M. Tessier".to_owned(), due_on: today, note: String::new() };
    story.writes(SubjectId([90; 16]), Event::ReviewAsked(asked));
    assert!(story.state.cartography.awaited(&new).is_some());
    let read = Reviewed { about: vec![new], on: today, by: String::new(), note: String::new() };
    story.writes(SubjectId([91; 16]), Event::MapReviewed(read));
    assert!(!stale(&story, new) && story.state.cartography.awaited(&new).is_none());
    let a_year_later = story.wall + 366 * i64::from(DAY_MINUTES) * story::MINUTE;
    assert_eq!(story.fact("cartography.stale", a_year_later), Value::Count(5));
}

#[test]
fn harm_grows_with_time_and_bounds_the_dmia() {
    let mut story = mapped();
    let harm = |horizon, level| Harm { criterion: Criterion::Care, horizon, level };
    let bia = |harms| BiaSet { harms, ..BiaSet::default() };
    let falling = Event::BiaSet(bia(vec![harm(Horizon::Hour, 3), harm(Horizon::Day, 1)]));
    assert_eq!(story.refuses(BIOLOGY, &falling), "falling_harm");
    assert_eq!(story.refuses(BIOLOGY, &Event::BiaSet(bia(vec![harm(Horizon::Hour, 5)]))), "bad_level");
    assert_eq!(story.refuses(LABORATORY, &Event::BiaSet(bia(vec![]))), "not_on_map", "an element has no analysis of its own");
    let half = BiaSet { validated_by: "Dr E. Nogaret".to_owned(), ..BiaSet::default() };
    assert_eq!(story.refuses(BIOLOGY, &Event::BiaSet(half)), "half_validated");
    story.writes(BIOLOGY, Event::BiaSet(bia(vec![harm(Horizon::Hour, 1), harm(Horizon::FourHours, 3), harm(Horizon::Day, 4)])));
    let analysis = story.state.cartography.analysis(&BIOLOGY).unwrap();
    assert_eq!((analysis.bound(), analysis.worst(Horizon::Day)), (Some(Horizon::FourHours), Some(4)));
}

#[test]
fn whoever_may_not_write_changes_nothing_even_when_it_comes() {
    let mut story = mapped();
    let before = story.state.cartography.clone();
    for standing in [Standing::Full { rank: 10 }, Standing::NoRole] {
        let draft = Event::AssetSet(asset("Intrus", AssetKind::LogicalServer, vec![])).draft(SubjectId([99; 16]));
        story.happens(&draft, standing, Role::Observer);
        let draft = Event::NodeRemoved(Removed { reason: "Essai.".to_owned() }).draft(LABORATORY);
        story.happens(&draft, standing, Role::Observer);
    }
    assert_eq!(story.state.cartography, before);
    story.event(&Event::NodeRemoved(Removed::default()), FULL);
}

#[test]
fn every_kind_has_its_name_and_its_view() {
    for kind in AssetKind::ALL.iter().copied() {
        assert_eq!(AssetKind::from_name(kind.name()), Some(kind));
        assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.name()));
        assert!(View::ALL.contains(&kind.view()) && !kind.label().is_empty());
    }
    assert!(View::ALL.iter().all(|view| AssetKind::ALL.iter().any(|kind| kind.view() == *view)));
}
