//! The map as rows of cells, heads first.

use super::Part;
use crate::sheet::Field;
use crate::words::duration;
use domain::cartography::Thing;
use domain::cartography::need::Need;
use domain::state::State;
use journal::SubjectId;

/// Rows of a part, heads first; all of one length.
pub(super) fn rows(state: &State, part: Part) -> Vec<Vec<String>> {
    match part {
        Part::Activities => activities(state),
        Part::Assets => assets(state),
        Part::Links => links(state),
        Part::Exchanges => exchanges(state),
    }
}

fn heads(fields: &[Field]) -> Vec<String> {
    fields.iter().map(|field| field.label().to_owned()).collect()
}

fn minutes(value: Option<u32>) -> String {
    value.map(duration).unwrap_or_default()
}

fn yes(value: Option<bool>) -> String {
    value.map(|yes| if yes { "oui" } else { "non" }).unwrap_or_default().to_owned()
}

fn unit(state: &State, id: Option<SubjectId>) -> String {
    id.and_then(|id| state.register.units.get(&id)).map(|unit| unit.name.clone()).unwrap_or_default()
}

fn activities(state: &State) -> Vec<Vec<String>> {
    use Field::{Description, External, Kind, Mtpd, Name, Owner, Priority, Rpo, Rto, Unit};
    let mut rows = vec![heads(&[Name, Kind, Priority, Mtpd, Rto, Rpo, Unit, Owner, Description, External])];
    rows.extend(state.cartography.by_priority().into_iter().map(|activity| {
        let set = activity.now();
        vec![
            set.name.clone(),
            "activité".to_owned(),
            set.priority.to_string(),
            minutes(set.mtpd_minutes),
            minutes(set.rto_minutes),
            minutes(set.rpo_minutes),
            unit(state, set.unit),
            set.owner.clone().unwrap_or_default(),
            set.description.clone(),
            set.external.join("; "),
        ]
    }));
    rows
}

fn assets(state: &State) -> Vec<Vec<String>> {
    use Field::{
        Description, Essential, External, Kind, Mtpd, Name, Owner, Provider, Rpo, Rto, Survives, SurvivesWhy, Unit, Zone,
    };
    let columns =
        [Name, Kind, Owner, Provider, Zone, Survives, SurvivesWhy, Essential, Mtpd, Rto, Rpo, Unit, Description, External];
    let mut rows = vec![heads(&columns)];
    rows.extend(state.cartography.assets().into_iter().map(|asset| {
        let set = asset.now();
        let provider = set.provider.and_then(|id| state.register.providers.get(&id)).map(|one| one.name.clone());
        vec![
            set.name.clone(),
            set.kind.label().to_owned(),
            set.owner.clone().unwrap_or_default(),
            provider.unwrap_or_default(),
            set.zone.clone(),
            yes(set.survives),
            set.survives_why.clone(),
            yes(set.essential.then_some(true)),
            minutes(set.mtpd_minutes),
            minutes(set.rto_minutes),
            minutes(set.rpo_minutes),
            unit(state, set.unit),
            set.description.clone(),
            set.external.join("; "),
        ]
    }));
    rows
}

fn end(state: &State, id: &SubjectId) -> Option<[String; 2]> {
    let thing = state.cartography.thing(id)?;
    Some([thing.name().to_owned(), thing.kind_label().to_owned()])
}

/// One row for each member of a need; members of one group bear its name.
fn links(state: &State) -> Vec<Vec<String>> {
    use Field::{AtLeast, Degrades, Group, Holds, Relation, Source, SourceKind, Target, TargetKind, Why};
    let columns = [Source, SourceKind, Relation, Target, TargetKind, Group, AtLeast, Holds, Degrades, Why];
    let mut rows = vec![heads(&columns)];
    for thing in state.cartography.things() {
        let groups = thing.needs().iter().scan(0, |nth, need| {
            *nth += usize::from(need.any.len() > 1);
            Some((need, *nth))
        });
        for (need, nth) in groups {
            let members = need.any.iter().filter_map(|id| end(state, id));
            rows.extend(members.map(|member| link(thing, need, nth, member)));
        }
        let managed = if let Thing::Asset(asset) = thing { asset.now().managed_by } else { None };
        if let Some([name, kind]) = managed.and_then(|id| end(state, &id)) {
            let mut row = vec![thing.name().to_owned(), thing.kind_label().to_owned(), "géré par".to_owned(), name, kind];
            row.resize(columns.len(), String::new());
            rows.push(row);
        }
    }
    rows
}

fn link(thing: Thing<'_>, need: &Need, nth: usize, [name, kind]: [String; 2]) -> Vec<String> {
    let grouped = need.any.len() > 1;
    vec![
        thing.name().to_owned(),
        thing.kind_label().to_owned(),
        need.relation.label().to_owned(),
        name,
        kind,
        if grouped { format!("groupe {nth}") } else { String::new() },
        if grouped { need.at_least.to_string() } else { String::new() },
        minutes(need.holds_minutes),
        yes(need.degrades.then_some(true)),
        need.why.clone(),
    ]
}

fn exchanges(state: &State) -> Vec<Vec<String>> {
    use Field::{BothWays, Critical, External, Fallback, Name, Protocol, Source, SourceKind, Target, TargetKind, Via};
    let columns = [Name, Source, SourceKind, Target, TargetKind, Via, Protocol, Critical, BothWays, Fallback, External];
    let mut rows = vec![heads(&columns)];
    for exchange in state.cartography.exchanges() {
        let set = exchange.now();
        let (Some([source, source_kind]), Some([target, target_kind])) = (end(state, &set.source), end(state, &set.target))
        else {
            continue;
        };
        let via = set.via.and_then(|id| end(state, &id)).map(|[name, _]| name).unwrap_or_default();
        rows.push(vec![
            set.name.clone(),
            source,
            source_kind,
            target,
            target_kind,
            via,
            set.protocol.clone(),
            yes(Some(set.critical)),
            yes(Some(set.both_ways)),
            set.fallback.clone(),
            set.external.first().cloned().unwrap_or_default(),
        ]);
    }
    rows
}
