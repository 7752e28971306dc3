//! The care offer: beds by unit, patients moved and acts put off. Counts only, never names.

use super::Situation;
use super::event::FlowsCounted;

/// Sums over units that gave news.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Beds {
    /// Beds open.
    pub open: u64,
    /// Beds closed.
    pub closed: u64,
    /// Beds free among the open ones, over the units that said.
    pub free: u64,
    /// Units that said how many are free.
    pub units_with_free: u64,
    /// Units that gave news.
    pub units: u64,
}

/// Sums of counts; corrections may make one of them negative.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flows {
    /// Patients transferred.
    pub transfers: i64,
    /// Patients reoriented.
    pub reorientations: i64,
    /// Operations cancelled or put off.
    pub operations_cancelled: i64,
    /// Consultations cancelled or put off.
    pub consultations_cancelled: i64,
}

impl Flows {
    fn add(&mut self, counted: &FlowsCounted) {
        self.transfers += i64::from(counted.transfers);
        self.reorientations += i64::from(counted.reorientations);
        self.operations_cancelled += i64::from(counted.operations_cancelled);
        self.consultations_cancelled += i64::from(counted.consultations_cancelled);
    }

    /// Each count, in the order of the screen: its name in code, and the sum.
    pub fn each(&self) -> [(&'static str, i64); 4] {
        [
            ("transfers", self.transfers),
            ("reorientations", self.reorientations),
            ("operations_cancelled", self.operations_cancelled),
            ("consultations_cancelled", self.consultations_cancelled),
        ]
    }
}

impl Situation {
    /// Sums over the units that gave news.
    pub fn beds(&self) -> Beds {
        let mut beds = Beds::default();
        for declared in self.offers.values().map(|v| &v.current().value) {
            beds.units += 1;
            beds.open += u64::from(declared.open);
            beds.closed += u64::from(declared.closed);
            if let Some(free) = declared.free {
                beds.free += u64::from(free);
                beds.units_with_free += 1;
            }
        }
        beds
    }

    /// Sums of what was counted after a moment (milliseconds since 1970).
    pub fn flows_since(&self, after: i64) -> Flows {
        let mut sums = Flows::default();
        self.flows.iter().filter(|flow| flow.wall > after).for_each(|flow| sums.add(&flow.counted));
        sums
    }
}
