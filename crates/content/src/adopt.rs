//! Adopting an item: its words are copied into an event, so that the log stays true when the shipped content changes.

use crate::actions::Action;
use crate::archetypes::{Activity, Archetype, Asset, Item};
use crate::checklists::Checklist;
use crate::clocks::Clock;
use crate::functions::Function;
use crate::partners::Partner;
use crate::shipped::Line;
use domain::actions::event::{ActionSet, Origin as ActionOrigin};
use domain::cartography::event::batch::Record;
use domain::cartography::event::{ActivitySet, AssetSet, ExchangeSet, Origin};
use domain::checklist::event::{Gesture, ListAdopted};
use domain::legal::event::ClockAdopted;
use domain::register::day::Day;
use domain::register::event as register;
use journal::SubjectId;
use journal::entry::sha256;

impl Clock {
    /// As it enters a crisis.
    pub fn adopted(&self) -> ClockAdopted {
        ClockAdopted {
            key: self.key.clone(),
            title: self.title.clone(),
            what: self.what.clone(),
            who: self.who.clone(),
            whom: self.whom.clone(),
            contact: self.contact.clone(),
            starts: self.starts.clone(),
            delay: self.delay,
            delay_words: self.delay_words.clone(),
            basis: self.basis.clone(),
            condition: self.concerns.clone(),
            template: self.template.clone(),
            source: self.source.clone(),
            edition: self.edition.clone(),
            status: self.status.label().to_owned(),
            ..ClockAdopted::default()
        }
    }
}

/// The id of a list in a crisis, named by both: adopted on two laptops that were apart, it is one.
pub fn list_id(crisis: SubjectId, key: &str) -> SubjectId {
    let hash = sha256(format!("list {crisis} {key}").as_bytes());
    SubjectId(std::array::from_fn(|at| hash.as_bytes()[at]))
}

impl Checklist {
    /// As it enters a crisis.
    pub fn adopted(&self, crisis: SubjectId) -> ListAdopted {
        let gesture = |line: &Line| Gesture { key: line.key.clone(), text: line.text.clone() };
        ListAdopted {
            list: list_id(crisis, &self.key),
            key: self.key.clone(),
            title: self.title.clone(),
            function: self.function.clone(),
            gestures: self.items.iter().map(gesture).collect(),
            source: self.source.clone(),
            edition: self.edition.clone(),
            status: self.status.label().to_owned(),
        }
    }
}

impl Function {
    /// As it enters the register of an establishment of that kind, held by nobody yet.
    pub fn adopted(&self, kind: &str) -> register::Function {
        register::Function {
            key: self.key.clone(),
            label: self.label.clone(),
            mission: self.mission.clone(),
            mandatory: self.mandatory_in.iter().any(|k| k == kind),
            in_alert_chain: self.in_alert_chain,
            ..register::Function::default()
        }
    }
}

impl Partner {
    /// As it enters the register.
    pub fn adopted(&self) -> register::Partner {
        register::Partner {
            name: self.name.clone(),
            code: self.key.clone(),
            kind: self.family.clone(),
            why: self.why.clone(),
            when_to_call: self.when_to_call.clone(),
            phone: self.number.clone(),
            notes: self.hint.clone(),
            ..register::Partner::default()
        }
    }
}

impl Action {
    /// As it enters the plan on that day, with the date proposed for it and nobody to see to it yet.
    pub fn adopted(&self, today: Day) -> ActionSet {
        ActionSet {
            title: self.title.clone(),
            detail: format!("{}\n\nC’est fait quand : {}", self.detail, crate::actions::lower(&self.proof)),
            complexity: self.complexity,
            priority: self.priority,
            due: Some(today.plus_days(i64::from(self.delay_days))),
            origin: ActionOrigin { label: crate::actions::ORIGIN.to_owned(), ..ActionOrigin::default() },
            template: self.key.clone(),
            ..ActionSet::default()
        }
    }
}

impl Archetype {
    /// What a record taken from here says of where it comes from.
    pub fn origin(&self, key: &str, adapted: bool) -> Origin {
        Origin { source: self.system(), key: key.to_owned(), edition: self.edition.clone(), adapted }
    }

    /// The outside name of an interface taken from here: interfaces have no other origin.
    pub fn external(&self, key: &str) -> String {
        format!("{}/{key}", self.system())
    }

    /// An item as it enters the map; `id` gives what its needs name there. `None` for an interface with an end missing.
    pub fn record(&self, item: Item<'_>, id: &dyn Fn(&str) -> Option<SubjectId>) -> Option<Record> {
        Some(match item {
            Item::Activity(activity) => Record::Activity(self.activity(activity, id)),
            Item::Asset(asset) => Record::Asset(self.asset(asset, id)),
            Item::Exchange(exchange) => Record::Exchange(ExchangeSet {
                name: exchange.name.clone(),
                source: id(&exchange.source)?,
                target: id(&exchange.target)?,
                via: exchange.via.as_deref().and_then(id),
                protocol: exchange.protocol.clone(),
                critical: exchange.critical,
                both_ways: false,
                fallback: exchange.fallback.clone(),
                external: vec![self.external(&exchange.key)],
                supersedes: Vec::new(),
            }),
        })
    }

    fn activity(&self, item: &Activity, id: &dyn Fn(&str) -> Option<SubjectId>) -> ActivitySet {
        ActivitySet {
            name: item.name.clone(),
            priority: item.priority,
            mtpd_minutes: Some(item.mtpd.minutes),
            rpo_minutes: item.rpo.map(|rpo| rpo.minutes),
            description: item.description.clone(),
            needs: item.needs.iter().filter_map(|need| need.linked(id)).collect(),
            origin: Some(self.origin(&item.key, false)),
            ..ActivitySet::default()
        }
    }

    fn asset(&self, item: &Asset, id: &dyn Fn(&str) -> Option<SubjectId>) -> AssetSet {
        AssetSet {
            name: item.name.clone(),
            kind: item.kind,
            description: item.description.clone(),
            zone: item.zone.clone(),
            survives: item.survives,
            survives_why: item.survives_why.clone(),
            essential: item.essential,
            managed_by: item.managed_by.as_deref().and_then(id),
            needs: item.needs.iter().filter_map(|need| need.linked(id)).collect(),
            origin: Some(self.origin(&item.key, false)),
            ..AssetSet::default()
        }
    }
}
