//! What the register lacks, said before the night it is needed.

use super::Register;
use super::day::Day;
use super::event::{Function, Partner, Provider};
use journal::{ActorId, SubjectId};

/// A number that nobody verified for longer than this is to be verified, in months.
pub const VERIFIED_MONTHS_MAX: u32 = 12;
/// A contract that ends within this is told, in days.
pub const CONTRACT_ENDS_DAYS: i64 = 90;

/// What is wrong with a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// It is mandatory and nobody holds it.
    Holder,
    /// It must be called at once, and is not in the alert chain.
    Alert,
    /// It is called at once, and its holder has no telephone.
    Phone,
    /// It is mandatory and nobody stands in.
    Deputy,
}

impl Register {
    /// Who holds a function: the holder if they are in the register.
    pub fn holder(&self, function: &Function) -> Option<ActorId> {
        function.holder.filter(|actor| self.is_present(actor))
    }

    /// Who stands in, in order: those who are in the register.
    pub fn deputies(&self, function: &Function) -> Vec<ActorId> {
        function.deputies.iter().copied().filter(|actor| self.is_present(actor)).collect()
    }

    /// What a function lacks. A mandatory function out of the alert chain is told for the DPO, whom everybody forgets: a
    /// 72-hour delay runs from the hour they should have been told (GDPR, article 33).
    pub fn lacks(&self, function: &Function) -> Vec<Lack> {
        let mut lacks = Vec::new();
        let holder = self.holder(function);
        if holder.is_none() && (function.mandatory || function.in_alert_chain) {
            lacks.push(Lack::Holder);
        }
        if function.key == super::DPO && !function.in_alert_chain {
            lacks.push(Lack::Alert);
        }
        if function.in_alert_chain && holder.is_some_and(|actor| self.phones(&actor).is_empty()) {
            lacks.push(Lack::Phone);
        }
        if function.mandatory && self.deputies(function).is_empty() {
            lacks.push(Lack::Deputy);
        }
        lacks
    }

    /// Functions in the order of the screen: the alert chain first, by rank, then the others by name.
    pub fn functions_in_order(&self) -> Vec<(SubjectId, &Function)> {
        let mut functions: Vec<_> = self.functions.iter().map(|(id, f)| (*id, f)).collect();
        let place = |f: &Function| (!f.in_alert_chain, if f.rank == 0 { u16::MAX } else { f.rank });
        functions.sort_by(|(a, x), (b, y)| (place(x), &x.label, a).cmp(&(place(y), &y.label, b)));
        functions
    }

    /// Functions called as soon as a crisis is suspected, in order.
    pub fn alert_chain(&self) -> Vec<(SubjectId, &Function)> {
        self.functions_in_order().into_iter().filter(|(_, f)| f.in_alert_chain).collect()
    }

    /// Functions that lack something.
    pub fn functions_lacking(&self, what: Lack) -> Vec<(SubjectId, &Function)> {
        self.functions_in_order().into_iter().filter(|(_, f)| self.lacks(f).contains(&what)).collect()
    }

    /// Whether the DPO is called as soon as a crisis is suspected, and somebody holds that function.
    pub fn dpo_is_alerted(&self) -> bool {
        self.function(super::DPO).is_some_and(|f| f.in_alert_chain && self.holder(f).is_some())
    }

    /// A person's numbers, the mobile first.
    pub fn phones(&self, actor: &ActorId) -> Vec<&str> {
        let card = self.people.get(actor).and_then(|person| person.card());
        let numbers = card.map_or(["", ""], |card| [card.mobile.as_str(), card.phone.as_str()]);
        numbers.into_iter().filter(|number| !number.is_empty()).collect()
    }

    /// People in the register whom no telephone reaches.
    pub fn people_without_phone(&self) -> Vec<ActorId> {
        self.present().map(|(actor, _)| *actor).filter(|actor| self.phones(actor).is_empty()).collect()
    }

    /// Partners whose number nobody verified for [`VERIFIED_MONTHS_MAX`] months, or ever; those without any number too.
    pub fn partners_to_verify(&self, today: Day) -> Vec<(SubjectId, &Partner)> {
        let fresh = |id: &SubjectId| self.verification(id).is_some_and(|v| v.on.months_until(today) < VERIFIED_MONTHS_MAX);
        self.partners.iter().filter(|(id, partner)| partner.is_unreachable() || !fresh(id)).map(|(id, p)| (*id, p)).collect()
    }

    /// Contracts that ended or end within [`CONTRACT_ENDS_DAYS`] days, soonest first.
    pub fn contracts_ending(&self, today: Day) -> Vec<(SubjectId, &Provider)> {
        let soon = |p: &Provider| p.ends_on.is_some_and(|end| today.days_until(end) < CONTRACT_ENDS_DAYS);
        let mut ending: Vec<_> = self.providers.iter().filter(|(_, p)| soon(p)).map(|(id, p)| (*id, p)).collect();
        ending.sort_by(|(a, x), (b, y)| (x.ends_on, &x.name, a).cmp(&(y.ends_on, &y.name, b)));
        ending
    }

    /// Records that two people rewrote without seeing each other.
    pub fn conflicts(&self) -> usize {
        let people = self.people.values().filter_map(|p| p.card.as_deref()).filter(|c| c.survivors().len() > 1).count();
        let identity = usize::from(self.identity.as_deref().is_some_and(|i| i.survivors().len() > 1));
        let (places, units, functions) =
            (self.places.conflicts().count(), self.units.conflicts().count(), self.functions.conflicts().count());
        let (turns, partners, providers) =
            (self.turns.conflicts().count(), self.partners.conflicts().count(), self.providers.conflicts().count());
        people + identity + places + units + functions + turns + partners + providers
    }
}

impl Partner {
    /// Whether nothing says how to reach them.
    pub fn is_unreachable(&self) -> bool {
        [&self.phone, &self.phone_2, &self.email].into_iter().all(String::is_empty)
    }
}
