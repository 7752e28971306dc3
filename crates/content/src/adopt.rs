//! Adopting an item: its words are copied into an event, so that the log stays true when the shipped content changes.

use crate::checklists::Checklist;
use crate::clocks::Clock;
use crate::functions::Function;
use crate::partners::Partner;
use crate::shipped::Line;
use crate::starter::Activity;
use domain::cartography::event::ActivitySet;
use domain::checklist::event::{Gesture, ListAdopted};
use domain::legal::event::ClockAdopted;
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

impl Activity {
    /// As it enters the map; `application` gives the id under which an application went there.
    pub fn adopted(&self, application: impl Fn(&str) -> SubjectId) -> ActivitySet {
        ActivitySet {
            name: self.name.clone(),
            priority: self.priority,
            mtpd_minutes: Some(self.mtpd_minutes),
            needs: self.needs.iter().map(|key| application(key)).collect(),
            ..ActivitySet::default()
        }
    }
}
