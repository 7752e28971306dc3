//! Rules, state and facts of the register.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use domain::facts::{Value, find};
use domain::register::alarms::Lack;
use domain::register::event::{
    Card, EstablishmentKind, EstablishmentNamed, Function, Partner, PartnerVerified, PersonNamed, Place, PlaceLevel, Provider,
    Set, Turn, Unit,
};
use domain::register::{DPO, Role, function_id};
use domain::{Event, Refusal, State};
use journal::write::{Author, Draft};
use journal::{ActorId, Auth, AuthorityAct, EntryId, Fold, RequestId, Seen, Standing, SubjectId};
use store::Ruled;

const MARCHAND: ActorId = ActorId([1; 16]);
const LENOIR: ActorId = ActorId([2; 16]);
const MOREAU: ActorId = ActorId([3; 16]);
/// 22 November 2026, 08:00 UTC.
const NOW: i64 = 1_795_334_400_000;
const HOUR: i64 = 3_600_000;

/// A state, and the entries that made it.
#[derive(Default, Clone)]
struct House {
    state: State,
    written: u8,
}

impl House {
    fn new() -> Self {
        let mut house = Self::default();
        for (actor, role) in [(MARCHAND, Role::Direction), (LENOIR, Role::Secretary), (MOREAU, Role::Observer)] {
            let act = AuthorityAct::RoleGranted { actor, role: role.name().to_owned(), rank: role.rank() };
            house.comes(&Draft::of_act(&act), Standing::Program);
        }
        house
    }

    /// An entry comes, whoever wrote it.
    fn comes(&mut self, draft: &Draft, standing: Standing) -> EntryId {
        self.comes_by(draft, MARCHAND, standing)
    }

    fn comes_by(&mut self, draft: &Draft, author: ActorId, standing: Standing) -> EntryId {
        self.written += 1;
        let id = EntryId([self.written; 32]);
        let header = common::header(draft, author, Auth::Password, NOW, RequestId([0; 16]));
        self.state.apply(&Seen { id, header: &header, body: Some(&draft.body), standing });
        id
    }

    fn check(&self, actor: ActorId, event: &Event, subject: SubjectId) -> Result<(), Refusal> {
        self.state.check(&Author { actor, auth: Auth::Password }, &event.draft(subject))
    }

    /// Checked, then recorded.
    fn writes(&mut self, event: &Event, subject: SubjectId) -> EntryId {
        self.check(MARCHAND, event, subject).unwrap();
        self.comes(&event.draft(subject), Standing::Full { rank: 80 })
    }

    fn fact(&self, name: &str) -> Value {
        (find(name).unwrap().compute)(&self.state, NOW)
    }
}

fn id(n: u8) -> SubjectId {
    SubjectId([n; 16])
}

fn place(level: PlaceLevel, name: &str, parent: Option<u8>) -> Event {
    Event::PlaceSet(Set::new(Place { level, name: name.to_owned(), parent: parent.map(id), ..Place::default() }))
}

fn unit(name: &str, site: Option<u8>) -> Unit {
    Unit { name: name.to_owned(), site: site.map(id), beds: 12, ..Unit::default() }
}

fn card(name: &str, mobile: &str) -> Event {
    Event::PersonSet(Set::new(Card { name: name.to_owned(), mobile: mobile.to_owned(), ..Card::default() }))
}

fn code(outcome: Result<(), Refusal>) -> &'static str {
    outcome.err().map_or("", |refusal| refusal.code)
}

#[test]
fn an_old_name_of_the_establishment_and_of_a_person_is_still_read() {
    let mut house = House::new();
    let old =
        Draft::json("register.establishment_named", id(0), &serde_json::json!({ "name": "CH", "time_zone": "Europe/Paris" }));
    house.comes(&Draft { kind_version: 1, ..old.clone() }, Standing::Program);
    let newer =
        EstablishmentNamed { name: "CH d’Essai".into(), time_zone: "Europe/Paris".into(), ..EstablishmentNamed::default() };
    house.comes(&Draft { kind_version: 1, body: old.body.clone(), ..old }, Standing::Program);
    let seen = house.state.register.identity.as_deref().unwrap().seen();
    assert_eq!(seen.len(), 1, "version 1 named no write and replaced what was there");
    let named =
        EstablishmentNamed { kind: Some(EstablishmentKind::Ehpad), finess: "2A0000014".into(), supersedes: seen, ..newer };
    house.writes(&Event::EstablishmentNamed(named.clone()), id(0));
    let register = &house.state.register;
    assert_eq!(
        (register.establishment.as_str(), register.kind, register.finess.as_str()),
        ("CH d’Essai", Some(EstablishmentKind::Ehpad), "2A0000014")
    );
    house.comes(&Event::EstablishmentNamed(named).draft(id(0)), Standing::Full { rank: 80 });
    assert_eq!(house.state.register.conflicts(), 1, "a second one that names the same write is a conflict");

    house.comes(&card("C. Lenoir", "06").draft(SubjectId(LENOIR.0)), Standing::Full { rank: 80 });
    let named = Event::PersonNamed(PersonNamed { name: "Claire Lenoir".into(), function: "secrétaire".into() });
    house.comes(&named.draft(SubjectId(LENOIR.0)), Standing::Full { rank: 80 });
    let lenoir = &house.state.register.people[&LENOIR];
    assert_eq!((lenoir.name.as_str(), lenoir.role), ("Claire Lenoir", Some(Role::Secretary)));
    assert_eq!(lenoir.card().map(|c| c.mobile.as_str()), Some("06"), "the rest of the card is kept");
}

#[test]
fn each_record_is_written_by_those_who_may() {
    let mut house = House::new();
    house.writes(
        &Event::PartnerSet(Set::new(Partner { name: "CERT".into(), phone: "01 02".into(), ..Partner::default() })),
        id(9),
    );
    let turn = Turn { list: "SI".into(), name: "B. Collin".into(), from: NOW, until: NOW + HOUR, ..Turn::default() };
    let verified = PartnerVerified { on: "2026-11-22".parse().unwrap(), by: String::new(), phone: "01 02".into() };
    let function = Function { key: DPO.into(), label: "DPO".into(), ..Function::default() };
    let all: [(Event, SubjectId, [&str; 3]); 8] = [
        (place(PlaceLevel::Site, "Site", None), id(1), ["", "not_administrator", "not_administrator"]),
        (Event::UnitSet(Set::new(unit("Urgences", None))), id(2), ["", "not_administrator", "not_administrator"]),
        (card("A", ""), id(3), ["", "not_administrator", "not_administrator"]),
        (Event::FunctionSet(Set::new(function)), function_id(DPO), ["", "not_administrator", "not_administrator"]),
        (Event::TurnSet(Set::new(turn)), id(5), ["", "", "not_secretary"]),
        (
            Event::PartnerSet(Set::new(Partner { name: "ARS".into(), ..Partner::default() })),
            id(6),
            ["", "not_administrator", "not_administrator"],
        ),
        (Event::PartnerVerified(verified), id(9), ["", "", "observer"]),
        (
            Event::ProviderSet(Set::new(Provider { name: "E".into(), ..Provider::default() })),
            id(8),
            ["", "not_administrator", "not_administrator"],
        ),
    ];
    for (event, subject, codes) in all {
        for (actor, expected) in [MARCHAND, LENOIR, MOREAU].into_iter().zip(codes) {
            assert_eq!(code(house.check(actor, &event, subject)), expected, "{event:?}");
        }
        // What came by a merge was checked by nobody: the rank of its author decides all the same.
        let mut merged = house.clone();
        let before = merged.state.root();
        merged.comes_by(&event.draft(subject), MOREAU, Standing::Full { rank: 10 });
        merged.comes_by(&event.draft(subject), MOREAU, Standing::NoRole);
        assert_eq!(merged.state.root(), before, "{event:?}");
        let draft = event.draft(subject);
        assert_eq!(Event::decode(&draft.kind, draft.kind_version, &draft.body), Some(event), "what is written is read back");
    }
}

#[test]
fn a_body_that_leaves_out_the_value_or_says_more_is_not_read() {
    for body in ["{}", r#"{"value":{"nom":"x"}}"#, r#"{"value":null,"more":1}"#] {
        assert_eq!(Event::decode("register.unit_set", 1, body.as_bytes()), None, "{body}");
    }
    assert!(Event::decode("register.unit_set", 1, br#"{"value":null}"#).is_some());
}

#[test]
fn what_is_wrong_is_named_by_its_field() {
    let mut house = House::new();
    house.writes(&place(PlaceLevel::Site, "Site", None), id(1));
    let long = "é".repeat(121);
    let site = |change: fn(&mut Place)| {
        let mut place = Place { name: "Site".into(), ..Place::default() };
        change(&mut place);
        (Event::PlaceSet(Set::new(place)), id(2))
    };
    let function = |change: fn(&mut Function)| {
        let mut function = Function { key: "dsi".into(), label: "DSI".into(), ..Function::default() };
        change(&mut function);
        (Event::FunctionSet(Set::new(function)), function_id("dsi"))
    };
    let turn = |from: i64, until: i64| {
        (Event::TurnSet(Set::new(Turn { list: "SI".into(), name: "A".into(), from, until, ..Turn::default() })), id(5))
    };
    let cases = [
        (site(|p| p.name = String::new()), "empty_text", "name"),
        (site(|p| p.finess = "12345678".into()), "bad_finess", "finess"),
        (site(|p| p.finess = "12345678A".into()), "bad_finess", "finess"),
        (site(|p| p.phone = "standard".into()), "no_phone", "phone"),
        (site(|p| p.parent = Some(id(77))), "unknown_place", "parent"),
        (site(|p| (p.level, p.parent) = (PlaceLevel::Region, Some(id(1)))), "wrong_level", "parent"),
        (site(|p| p.parent = Some(id(2))), "unknown_place", "parent"),
        ((Event::UnitSet(Set::new(unit(&long, None))), id(3)), "text_too_long", "name"),
        ((Event::UnitSet(Set::new(Unit { beds: 10_001, ..unit("U", None) })), id(3)), "too_many", "beds"),
        ((Event::UnitSet(Set::new(unit("U", Some(88)))), id(3)), "unknown_place", "site"),
        (
            (Event::PersonSet(Set::new(Card { name: "A".into(), email: "a.b".into(), ..Card::default() })), id(4)),
            "no_email",
            "email",
        ),
        (
            (Event::PersonSet(Set::new(Card { name: "A".into(), unit: Some(id(1)), ..Card::default() })), id(4)),
            "unknown_unit",
            "unit",
        ),
        (function(|f| f.holder = Some(ActorId([77; 16]))), "unknown_person", "holder"),
        (function(|f| (f.holder, f.deputies) = (Some(MARCHAND), vec![MARCHAND])), "twice", "deputies"),
        (function(|f| f.deputies = vec![MARCHAND; 21]), "too_many", "deputies"),
        (function(|f| f.key = "rssi".into()), "wrong_key", "key"),
        (turn(NOW, NOW), "ends_before", "until"),
        (turn(NOW, NOW + 32 * 24 * HOUR), "too_long", "until"),
        (turn(i64::MIN, i64::MAX), "too_long", "until"),
    ];
    for ((event, subject), code, field) in cases {
        let refusal = house.check(MARCHAND, &event, subject).unwrap_err();
        assert_eq!((refusal.code, refusal.field), (code, Some(field)), "{event:?}");
    }
    assert!(house.check(MARCHAND, &Event::UnitSet(Set::new(unit(&"é".repeat(120), Some(1)))), id(3)).is_ok());
}

#[test]
fn two_people_who_rewrite_a_record_at_once_make_a_conflict_that_one_settles() {
    let mut house = House::new();
    let first = house.writes(&Event::UnitSet(Set::new(unit("Urgences", None))), id(2));
    let set = |name: &str, supersedes: Vec<EntryId>| Event::UnitSet(Set { value: Some(unit(name, None)), supersedes });
    let one = house.writes(&set("Urgences A", vec![first]), id(2));
    let two = house.writes(&set("Urgences B", vec![first]), id(2));
    let units = &house.state.register.units;
    assert_eq!(units.record(&id(2)).unwrap().seen(), vec![one, two]);
    assert_eq!((units.get(&id(2)).unwrap().name.as_str(), units.conflicts().count()), ("Urgences B", 1));
    assert_eq!(house.fact("register.conflicts"), Value::Count(1));
    house.writes(&set("Urgences", vec![one, two]), id(2));
    assert_eq!(house.fact("register.conflicts"), Value::Count(0));
    assert_eq!(house.state.register.units.record(&id(2)).unwrap().all().count(), 4);
}

#[test]
fn what_is_removed_keeps_its_history_and_is_kept_by_who_rewrote_it_meanwhile() {
    let mut house = House::new();
    let first = house.writes(&Event::UnitSet(Set::new(unit("Urgences", None))), id(2));
    let gone = Event::UnitSet(Set { value: None, supersedes: vec![first] });
    let removal = house.writes(&gone, id(2));
    let units = &house.state.register.units;
    assert_eq!((units.get(&id(2)), units.count(), units.ever()), (None, 0, 1));
    assert_eq!(code(house.check(MARCHAND, &gone, id(2))), "unknown_record", "it is not removed twice");
    let rewritten = Event::UnitSet(Set { value: Some(unit("Urgences 2", None)), supersedes: vec![first] });
    house.writes(&rewritten, id(2));
    let units = &house.state.register.units;
    assert_eq!((units.get(&id(2)).map(|u| u.name.as_str()), units.conflicts().count()), (Some("Urgences 2"), 1));
    assert!(units.record(&id(2)).unwrap().seen().contains(&removal));
}

#[test]
fn what_is_still_used_is_not_removed() {
    let mut house = House::new();
    let site = house.writes(&place(PlaceLevel::Site, "Site", None), id(1));
    house.writes(&Event::UnitSet(Set::new(unit("Urgences", Some(1)))), id(2));
    let gone = Event::PlaceSet(Set { value: None, supersedes: vec![site] });
    assert_eq!(code(house.check(MARCHAND, &gone, id(1))), "still_used");
    let lenoir = house.writes(&card("C. Lenoir", ""), SubjectId(LENOIR.0));
    let gone = Event::PersonSet(Set { value: None, supersedes: vec![lenoir] });
    assert_eq!(code(house.check(MARCHAND, &gone, SubjectId(LENOIR.0))), "still_used", "a role is withdrawn first");
    let aubry = house.writes(&card("N. Aubry", "06 00"), id(4));
    house.writes(&Event::PersonSet(Set { value: None, supersedes: vec![aubry] }), id(4));
    let register = &house.state.register;
    assert_eq!(register.name(&ActorId([4; 16])), "N. Aubry", "the log still names who left");
    assert!(!register.is_present(&ActorId([4; 16])) && register.phones(&ActorId([4; 16])).is_empty());
}

#[test]
fn a_tangle_of_places_is_shown_as_orphans() {
    let mut house = House::new();
    house.writes(&place(PlaceLevel::LegalEntity, "Entité", None), id(1));
    house.writes(&place(PlaceLevel::Site, "Site B", Some(1)), id(2));
    house.writes(&place(PlaceLevel::Site, "Site A", Some(1)), id(3));
    house.writes(&place(PlaceLevel::Region, "Région", None), id(4));
    let names = |house: &House| {
        let tree = house.state.register.tree();
        tree.iter()
            .map(|b| format!("{}{}{}", "-".repeat(b.depth), b.place.name, if b.orphan { "?" } else { "" }))
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&house), ["Région", "Entité", "-Site A", "-Site B"]);
    assert_eq!(code(house.check(MARCHAND, &place(PlaceLevel::LegalEntity, "Entité", Some(2)), id(1))), "loop");
    // Two laptops made it all the same, each without the other: no check saw the whole.
    house.comes(&place(PlaceLevel::Site, "Site A", Some(2)).draft(id(3)), Standing::Full { rank: 80 });
    house.comes(&place(PlaceLevel::Site, "Site B", Some(3)).draft(id(2)), Standing::Full { rank: 80 });
    house.comes(&place(PlaceLevel::Site, "Perdu", Some(99)).draft(id(5)), Standing::Full { rank: 80 });
    house.comes(&place(PlaceLevel::Site, "Soi", Some(6)).draft(id(6)), Standing::Full { rank: 80 });
    assert_eq!(names(&house), ["Région", "Entité", "Perdu?", "Site A?", "Site B?", "Soi?"]);
}

#[test]
fn a_function_nobody_holds_or_nobody_can_call_is_an_alarm() {
    let mut house = House::new();
    assert_eq!(house.fact("register.functions_without_holder"), Value::Unknown, "nothing declared is not nothing missing");
    let base = |key: &str| Function { key: key.into(), label: key.into(), mandatory: true, ..Function::default() };
    let write = |house: &mut House, function: Function| {
        let subject = function_id(&function.key);
        let supersedes = house.state.register.functions.record(&subject).map(|r| r.seen()).unwrap_or_default();
        house.writes(&Event::FunctionSet(Set { value: Some(function), supersedes }), subject);
    };
    write(&mut house, base(DPO));
    let lacks = |house: &House| house.state.register.lacks(house.state.register.function(DPO).unwrap());
    assert_eq!(lacks(&house), [Lack::Holder, Lack::Alert, Lack::Deputy]);
    assert_eq!(house.fact("register.dpo_in_alert_chain"), Value::Count(0));
    house.writes(&card("D. Petit", ""), id(4));
    write(&mut house, Function { holder: Some(ActorId([4; 16])), in_alert_chain: true, rank: 2, ..base(DPO) });
    assert_eq!(lacks(&house), [Lack::Phone, Lack::Deputy]);
    let petit = house.state.register.people[&ActorId([4; 16])].card.as_deref().unwrap().seen();
    let card = Card { name: "D. Petit".into(), mobile: "06 01 02 03 04".into(), ..Card::default() };
    let named = house.writes(&Event::PersonSet(Set { value: Some(card), supersedes: petit }), id(4));
    write(
        &mut house,
        Function { holder: Some(ActorId([4; 16])), deputies: vec![MARCHAND], in_alert_chain: true, rank: 2, ..base(DPO) },
    );
    assert_eq!(lacks(&house), []);
    assert_eq!(house.fact("register.dpo_in_alert_chain"), Value::Count(1));
    write(&mut house, Function { in_alert_chain: true, rank: 1, ..base("directeur_crise") });
    write(&mut house, Function { in_alert_chain: true, ..base("autre") });
    let chain: Vec<&str> = house.state.register.alert_chain().iter().map(|(_, f)| f.key.as_str()).collect();
    assert_eq!(chain, ["directeur_crise", DPO, "autre"], "by rank, those without one last");
    assert_eq!(house.fact("register.functions_without_holder"), Value::Count(2));
    house.writes(&Event::PersonSet(Set { value: None, supersedes: vec![named] }), id(4));
    assert_eq!(lacks(&house), [Lack::Holder], "who left holds nothing");
}

#[test]
fn holes_in_the_on_call_lists_are_found_two_weeks_ahead() {
    let mut house = House::new();
    let day = 24 * HOUR;
    assert_eq!(house.fact("register.on_call_gaps"), Value::Unknown);
    let turn = |list: &str, from: i64, until: i64| {
        Event::TurnSet(Set::new(Turn { list: list.into(), name: "A".into(), from, until, ..Turn::default() }))
    };
    house.writes(&turn("SI", NOW - day, NOW + 2 * day), id(1));
    house.writes(&turn("SI", NOW + 2 * day, NOW + 9 * day), id(2));
    house.writes(&turn("SI", NOW + 5 * day, NOW + 8 * day), id(3));
    house.writes(&turn("SI", NOW + 10 * day, NOW + 20 * day), id(4));
    house.writes(&turn("Garde", NOW - 10 * day, NOW - 9 * day), id(5));
    house.writes(&turn("Ancienne", NOW - 60 * day, NOW - 40 * day), id(6));
    let register = &house.state.register;
    let gaps: Vec<_> =
        register.duty_gaps(NOW).into_iter().map(|g| (g.list, (g.from - NOW) / day, (g.until - NOW) / day)).collect();
    assert_eq!(gaps, [("Garde", 0, 14), ("SI", 9, 10)]);
    assert_eq!(register.on_duty(NOW).len(), 1);
    assert_eq!(register.on_duty(NOW + 2 * day).len(), 1, "a turn ends when the next begins");
    assert_eq!(register.duty_gaps(i64::MAX).len() + register.duty_gaps(i64::MIN).len(), 3, "any moment has an answer");
}

#[test]
fn a_number_is_verified_for_twelve_months_and_only_that_number() {
    let mut house = House::new();
    let partner = |phone: &str| Partner { name: "CERT Santé".into(), phone: phone.into(), ..Partner::default() };
    let first = house.writes(&Event::PartnerSet(Set::new(partner("01 02"))), id(9));
    house.writes(&Event::PartnerSet(Set::new(Partner { name: "ARS".into(), ..Partner::default() })), id(8));
    let due = |house: &House| {
        let due = house.state.register.partners_to_verify("2026-11-22".parse().unwrap());
        due.into_iter().map(|(_, p)| p.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(due(&house), ["ARS", "CERT Santé"]);
    let verified = |house: &mut House, on: &str, phone: &str| {
        let event = PartnerVerified { on: on.parse().unwrap(), by: String::new(), phone: phone.into() };
        house.writes(&Event::PartnerVerified(event), id(9));
    };
    verified(&mut house, "2025-11-22", "01 02");
    assert_eq!(due(&house), ["ARS", "CERT Santé"], "twelve months ago is too long");
    verified(&mut house, "2025-11-23", "01 02");
    assert_eq!(due(&house), ["ARS"]);
    house.writes(&Event::PartnerSet(Set { value: Some(partner("09 99")), supersedes: vec![first] }), id(9));
    assert_eq!(due(&house), ["ARS", "CERT Santé"], "another number is to be verified");
    verified(&mut house, "2026-11-20", "09 99");
    assert_eq!((due(&house), house.fact("register.partners_to_verify")), (vec!["ARS".to_owned()], Value::Count(1)));
}

#[test]
fn contracts_that_end_are_told() {
    let mut house = House::new();
    let days = ["2026-11-21", "2027-02-19", "2027-02-20"];
    for (n, end) in (1..).zip(days) {
        let provider = Provider { name: end.into(), ends_on: Some(end.parse().unwrap()), ..Provider::default() };
        house.writes(&Event::ProviderSet(Set::new(provider)), id(n));
    }
    house.writes(&Event::ProviderSet(Set::new(Provider { name: "sans terme".into(), ..Provider::default() })), id(9));
    let ending = house.state.register.contracts_ending("2026-11-22".parse().unwrap());
    assert_eq!(ending.iter().map(|(_, p)| p.name.as_str()).collect::<Vec<_>>(), &days[..2]);
    assert_eq!(house.fact("register.contracts_ending"), Value::Count(2));
}
