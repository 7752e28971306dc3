//! A map with an activity, a laboratory system and what it needs; forms filled in as a browser sends them.

use crate::common::{Answer, House, MARCHAND};
use domain::Event;
use domain::cartography::event::{ActivitySet, AssetSet, Origin};
use domain::cartography::kind::AssetKind;
use domain::cartography::need::{Need, Relation};
use domain::register::event::{Provider, Set, Unit};
use journal::write::{Author, Draft};
use journal::{Auth, RequestId, SubjectId};
use store::Submission;

pub(crate) const BIOLOGY: SubjectId = SubjectId([21; 16]);
pub(crate) const EMERGENCY: SubjectId = SubjectId([22; 16]);
pub(crate) const LABORATORY: SubjectId = SubjectId([31; 16]);
pub(crate) const DIRECTORY: SubjectId = SubjectId([32; 16]);
pub(crate) const SPARE: SubjectId = SubjectId([33; 16]);
pub(crate) const ENGINE: SubjectId = SubjectId([34; 16]);
pub(crate) const UNIT: SubjectId = SubjectId([41; 16]);
pub(crate) const PROVIDER: SubjectId = SubjectId([42; 16]);
pub(crate) const ORDERS: SubjectId = SubjectId([51; 16]);
pub(crate) const SCRIPT: &str = "<script>alert(1)</script>";

pub(crate) fn asset(name: &str, kind: AssetKind, needs: Vec<Need>) -> AssetSet {
    AssetSet { name: name.to_owned(), kind, needs, ..AssetSet::default() }
}

pub(crate) fn origin() -> Option<Origin> {
    Some(Origin { source: "archetype:ch".to_owned(), key: "biologie".to_owned(), ..Origin::default() })
}

/// The laboratory's software, with a value in every field.
pub(crate) fn laboratory() -> AssetSet {
    let directory = Need {
        any: vec![DIRECTORY, SPARE],
        at_least: 2,
        holds_minutes: Some(90),
        degrades: true,
        relation: Relation::Needs,
        why: "ouvre ses sessions par".to_owned(),
    };
    let engine = Need { degrades: true, relation: Relation::HostedOn, ..Need::of(ENGINE) };
    AssetSet {
        description: "Résultats\net validation".to_owned(),
        owner: Some("C. Lenoir".to_owned()),
        provider: Some(PROVIDER),
        managed_by: Some(DIRECTORY),
        unit: Some(UNIT),
        zone: "biologie isolée".to_owned(),
        survives: Some(false),
        survives_why: "dans le domaine".to_owned(),
        essential: true,
        mtpd_minutes: Some(240),
        rto_minutes: Some(1_441),
        rpo_minutes: Some(1_440),
        external: vec!["mercator:applications/3".to_owned(), "glpi:7".to_owned()],
        origin: origin(),
        ..asset("Système du laboratoire", AssetKind::Application, vec![directory, engine])
    }
}

pub(crate) fn biology() -> ActivitySet {
    ActivitySet {
        name: "Biologie".to_owned(),
        priority: 1,
        mtpd_minutes: Some(240),
        unit: Some(UNIT),
        owner: Some("J. Marchand".to_owned()),
        needs: vec![Need::of(LABORATORY)],
        rto_minutes: Some(120),
        rpo_minutes: Some(60),
        description: "Analyses".to_owned(),
        external: vec!["mercator:processes/5".to_owned()],
        origin: origin(),
        ..ActivitySet::default()
    }
}

pub(crate) fn record(house: &House, drafts: Vec<Draft>) {
    let author = Author { actor: MARCHAND, auth: Auth::None };
    house.ledger.submit_wait(Submission { request: RequestId(house.env().bytes()), author, drafts }).unwrap();
}

/// An establishment with a small map: two activities, the laboratory, two directories, an interface engine.
pub(crate) fn house() -> House {
    let house = House::new();
    let unit = Unit { name: "Laboratoire".to_owned(), ..Unit::default() };
    let provider =
        Provider { name: "Éditeur du laboratoire".to_owned(), phone: "01 23 45 67 89".to_owned(), ..Provider::default() };
    record(
        &house,
        vec![
            Event::UnitSet(Set::new(unit)).draft(UNIT),
            Event::ProviderSet(Set::new(provider)).draft(PROVIDER),
            Event::AssetSet(asset("Annuaire", AssetKind::Directory, vec![])).draft(DIRECTORY),
            Event::AssetSet(asset("Annuaire de secours", AssetKind::Directory, vec![])).draft(SPARE),
            Event::AssetSet(asset("EAI", AssetKind::Interface, vec![])).draft(ENGINE),
            Event::AssetSet(laboratory()).draft(LABORATORY),
            Event::ActivitySet(biology()).draft(BIOLOGY),
            Event::ActivitySet(ActivitySet {
                name: "Urgences".to_owned(),
                priority: 1,
                needs: vec![Need { holds_minutes: Some(60), ..Need::of(BIOLOGY) }],
                ..ActivitySet::default()
            })
            .draft(EMERGENCY),
        ],
    );
    house
}

pub(crate) fn base(house: &House) -> String {
    format!("/journaux/{}/carte", house.journal)
}

pub(crate) fn lab(house: &House) -> AssetSet {
    house.ledger.view().state.cartography.assets.get(&LABORATORY).unwrap().now().clone()
}

pub(crate) fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    Some(plain(tag[at..].split('"').next().unwrap()))
}

pub(crate) fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

pub(crate) type Sent = Vec<(String, String)>;

/// The fields of the form of the map as a browser would send them.
pub(crate) fn browser(answer: &Answer) -> Sent {
    let form = answer.text.split("mapform\"").nth(1).expect("the form").split("</form>").next().unwrap();
    let mut sent = Sent::new();
    let mut select: Option<String> = None;
    for (at, _) in form.match_indices('<') {
        let tag = form[at..].split('>').next().unwrap();
        let (name, value) = (attribute(tag, "name"), attribute(tag, "value").unwrap_or_default());
        if tag.starts_with("<input") && (!tag.contains("type=\"checkbox\"") || tag.contains(" checked")) {
            sent.extend(name.map(|name| (name, value)));
        } else if tag.starts_with("<select") {
            select = name;
        } else if tag.starts_with("<option") && tag.contains(" selected") {
            sent.extend(select.take().map(|name| (name, value)));
        } else if tag.starts_with("<textarea") {
            let text = form[at + tag.len() + 1..].split("</textarea>").next().unwrap();
            sent.extend(name.map(|name| (name, plain(text.strip_prefix('\n').unwrap_or(text)))));
        }
    }
    sent
}

pub(crate) fn set(sent: &mut Sent, name: &str, value: &str) {
    match sent.iter_mut().find(|(key, _)| key == name) {
        Some(field) => field.1 = value.to_owned(),
        None => sent.push((name.to_owned(), value.to_owned())),
    }
}

pub(crate) async fn post(house: &House, path: &str, cookie: &str, sent: &Sent) -> Answer {
    let fields: Vec<(&str, &str)> = sent.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    house.form(path, cookie, &fields).await
}
