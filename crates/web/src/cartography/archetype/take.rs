//! From what was chosen to what is recorded: one import of what is taken, one refusal of what is not.

use super::desk::{Desk, Standing};
use crate::answer::Fault;
use crate::cartography::acts::mtpd;
use crate::crisis::acts::Sent;
use crate::crisis::scene::{Outcome, made, wrong};
use crate::form::Fields;
use content::archetypes::{Archetype, Item, of};
use domain::Event;
use domain::cartography::event::batch::{ImportSource, Line, MapImported, ProposalsDeclined, Record};
use domain::cartography::names::folded;
use domain::cartography::need::Need;
use journal::write::Draft;
use journal::{JournalId, SubjectId};
use std::collections::BTreeSet;

/// Choices of the form.
pub(super) const TAKE: &str = "prendre";
pub(super) const REFUSE: &str = "refuser";
pub(super) const LATER: &str = "attendre";

/// The name of a field about one proposal.
pub(super) fn field(what: &str, key: &str) -> String {
    format!("{what}-{key}")
}

/// The id of the import that a form makes.
pub(super) fn import_id(fields: &Fields) -> SubjectId {
    made(fields, "archetype", fields.get("genre"))
}

pub(super) fn decided(sent: &Sent, journal: JournalId, next: String) -> Result<Outcome, Fault> {
    let fields = &sent.fields;
    let archetype =
        of(fields.get("genre")).ok_or_else(|| wrong("genre", "Cette carte type n’existe pas : choisissez-en une."))?;
    let desk = Desk::of(&sent.visitor.view.state.cartography, archetype, journal);
    let chosen = |item: Item<'_>, what: &str| fields.get(&field("choix", item.key())) == what;
    let asked: Vec<Item<'static>> = desk
        .all
        .iter()
        .filter(|(item, standing)| chosen(*item, TAKE) && !matches!(standing, Standing::Taken(_)))
        .map(|(item, _)| *item)
        .collect();
    let refused = desk
        .all
        .iter()
        .filter(|(item, standing)| chosen(*item, REFUSE) && matches!(standing, Standing::Open | Standing::Refused(_)));
    let keys: Vec<String> = refused.map(|(item, _)| item.key().to_owned()).collect();
    let lines = lines(&desk, &asked, fields)?;
    let (id, system) = (import_id(fields), archetype.system());
    let mut drafts: Vec<Draft> = Vec::new();
    if !lines.is_empty() {
        let (name, edition) = (archetype.title.clone(), archetype.edition.clone());
        let source = ImportSource { system: system.clone(), name, sha256: None, edition };
        drafts.push(Event::MapImported(MapImported { source, lines }).draft(id));
    }
    if !keys.is_empty() {
        drafts.push(Event::ProposalsDeclined(ProposalsDeclined { source: system, keys, reason: String::new() }).draft(id));
    }
    if drafts.is_empty() {
        return Err(wrong(
            "genre",
            "Rien de nouveau n’est choisi : rien n’a été enregistré. Rechargez la page pour voir ce qui est décidé.",
        ));
    }
    Ok(Outcome { drafts, next })
}

/// The records of what is taken, then those on the map whose needs were waiting for it.
fn lines(desk: &Desk<'_>, asked: &[Item<'static>], fields: &Fields) -> Result<Vec<Line>, Fault> {
    let asked_keys: BTreeSet<&str> = asked.iter().map(|item| item.key()).collect();
    let known = |key: &str| desk.on_map(key).or_else(|| asked_keys.contains(key).then(|| desk.id(key)));
    let mut lines = Vec::new();
    let mut names = BTreeSet::new();
    for item in asked {
        // An interface with an end that was refused waits until that end is there.
        let Some(mut record) = desk.archetype.record(*item, &known) else { continue };
        adapt(&mut record, desk.archetype, *item, fields)?;
        let id = desk.id(item.key());
        unique(desk, &record, *item, id, &mut names)?;
        let seen = desk.seen(&id, &record);
        match &mut record {
            Record::Activity(set) => set.supersedes = seen,
            Record::Asset(set) => set.supersedes = seen,
            Record::Exchange(set) => set.supersedes = seen,
        }
        lines.push(Line { id, set: record });
    }
    let before = |key: &str| desk.on_map(key);
    lines.extend(desk.all.iter().filter_map(|(item, standing)| match standing {
        Standing::Taken(taken) => completed(desk, *item, taken.id, &before, &known),
        _ => None,
    }));
    Ok(lines)
}

/// What a person changed before taking it.
fn adapt(record: &mut Record, archetype: &Archetype, item: Item<'_>, fields: &Fields) -> Result<(), Fault> {
    let typed = |what: &str| fields.filled(&field(what, item.key())).map(|text| text.trim().to_owned());
    let name = typed("nom").filter(|name| !name.is_empty()).unwrap_or_else(|| item.name().to_owned());
    match record {
        Record::Activity(set) => {
            if let Some(priority) = typed("priorite") {
                let at = field("priorite", item.key());
                let priority = priority.parse().ok().filter(|priority| (1..=5).contains(priority));
                set.priority = priority.ok_or_else(|| wrong(&at, format!("{name} : choisissez une priorité de 1 à 5.")))?;
            }
            // A field left empty says that nobody knows; a field that was not sent says nothing.
            let at = field("dmia", item.key());
            if fields.texts.iter().any(|(name, _)| *name == at) {
                let named = |mut fault: Fault| {
                    fault.sentence = format!("{name} : {}", fault.sentence);
                    fault
                };
                set.mtpd_minutes = mtpd(fields.filled(&at), &at).map_err(named)?;
            }
            let proposed = archetype.activities.iter().find(|activity| activity.key == item.key());
            let as_proposed = proposed.is_some_and(|activity| {
                (activity.priority, Some(activity.mtpd.minutes)) == (set.priority, set.mtpd_minutes) && activity.name == name
            });
            set.origin = Some(archetype.origin(item.key(), !as_proposed));
            set.name = name;
        }
        Record::Asset(set) => {
            set.origin = Some(archetype.origin(item.key(), name != item.name()));
            set.name = name;
        }
        Record::Exchange(set) => set.name = name,
    }
    Ok(())
}

/// Refuses a name that is in use, beside the field where it was typed.
fn unique(
    desk: &Desk<'_>,
    record: &Record,
    item: Item<'_>,
    id: SubjectId,
    names: &mut BTreeSet<(u8, String)>,
) -> Result<(), Fault> {
    use domain::cartography::names::Bearer;
    let (sort, bearer, name) = match record {
        Record::Activity(set) => (0, Bearer::Activity, &set.name),
        Record::Asset(set) => (1, Bearer::Asset(set.kind), &set.name),
        Record::Exchange(set) => (2, Bearer::Exchange, &set.name),
    };
    let taken = desk.map.names.named(bearer, name).is_some_and(|other| other != id);
    if taken || !names.insert((sort, folded(name))) {
        let sentence = format!("« {name} » est déjà pris sur la carte : donnez un autre nom, ou refusez cette proposition.");
        return Err(wrong(&field("nom", item.key()), sentence));
    }
    Ok(())
}

/// A record that was taken without something it needs, now that this is there. Needs that a person changed are left alone.
fn completed(
    desk: &Desk<'_>,
    item: Item<'_>,
    id: SubjectId,
    before: &dyn Fn(&str) -> Option<SubjectId>,
    after: &dyn Fn(&str) -> Option<SubjectId>,
) -> Option<Line> {
    let linked = |known: &dyn Fn(&str) -> Option<SubjectId>| -> Vec<Need> {
        item.needs().iter().filter_map(|need| need.linked(known)).collect()
    };
    let (old, new) = (linked(before), linked(after));
    if old == new {
        return None;
    }
    let set = match item {
        Item::Activity(_) => {
            let node = desk.map.activity(&id).filter(|node| node.now().needs == old && node.now().origin.is_some())?;
            let mut set = node.now().clone();
            (set.needs, set.supersedes) = (new, node.described.seen());
            Record::Activity(set)
        }
        Item::Asset(_) => {
            let node = desk.map.asset(&id).filter(|node| node.now().needs == old && node.now().origin.is_some())?;
            let mut set = node.now().clone();
            (set.needs, set.supersedes) = (new, node.described.seen());
            Record::Asset(set)
        }
        Item::Exchange(_) => return None,
    };
    Some(Line { id, set })
}
