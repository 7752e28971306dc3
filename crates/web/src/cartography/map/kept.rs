//! Drawings that were asked for lately, kept as long as what they show is the same.

use axum::body::Bytes;
use domain::State;
use domain::cartography::Cartography;
use domain::situation::Situation;
use journal::SubjectId;
use std::sync::{Mutex, PoisonError};

/// Most drawings kept, and most bytes of them (16 MiB).
const KEPT_MAX: usize = 24;
const KEPT_BYTES_MAX: usize = 16 * 1024 * 1024;

/// What a drawing shows. Tables share their structure as long as nothing wrote to them: comparing is looking at pointers.
#[derive(Clone)]
pub(super) struct Shown {
    map: Cartography,
    /// Units by name: a few dozen.
    units: Vec<(SubjectId, String)>,
    /// How things work, when a crisis runs.
    situation: Option<Situation>,
    filter: String,
}

impl Shown {
    pub(super) fn of(state: &State, crisis: Option<SubjectId>, filter: String) -> Self {
        let situation = crisis.map(|id| state.situations.get(&id).cloned().unwrap_or_default());
        let units = state.register.units.iter().map(|(id, unit)| (*id, unit.name.clone())).collect();
        Self { map: state.cartography.clone(), units, situation, filter }
    }

    fn same(&self, other: &Self) -> bool {
        macro_rules! same {
            ($one:expr, $other:expr) => {
                $one.ptr_eq(&$other) || ($one.is_empty() && $other.is_empty())
            };
        }
        let declared = match (&self.situation, &other.situation) {
            (None, None) => true,
            (Some(one), Some(other)) => same!(one.declared, other.declared),
            _ => false,
        };
        declared
            && self.filter == other.filter
            && same!(self.map.activities, other.map.activities)
            && same!(self.map.assets, other.map.assets)
            && same!(self.map.exchanges, other.map.exchanges)
            && self.units == other.units
            && self.map.order == other.map.order
    }
}

/// The drawings, the latest asked for last.
#[derive(Default)]
pub(crate) struct Plans(Mutex<Vec<(Shown, Bytes)>>);

impl Plans {
    /// The drawing, made by who asks first. Two who ask at once may both make it: neither waits for the other.
    pub(super) fn get(&self, shown: Shown, make: impl FnOnce() -> String) -> Bytes {
        if let Some(known) = self.known(&shown) {
            return known;
        }
        let made = Bytes::from(make());
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push((shown, made.clone()));
        let mut bytes: usize = kept.iter().map(|(_, drawing)| drawing.len()).sum();
        while kept.len() > 1 && (kept.len() > KEPT_MAX || bytes > KEPT_BYTES_MAX) {
            bytes -= kept.remove(0).1.len();
        }
        made
    }

    fn known(&self, shown: &Shown) -> Option<Bytes> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, _)| known.same(shown))?;
        let known = kept.remove(at);
        let drawing = known.1.clone();
        kept.push(known);
        Some(drawing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(filter: &str) -> Shown {
        Shown::of(&State::default(), None, filter.to_owned())
    }

    #[test]
    fn a_drawing_is_made_once_and_again_when_something_changed() {
        let plans = Plans::default();
        assert_eq!(plans.get(shown("a"), || "1".to_owned()), "1");
        assert_eq!(plans.get(shown("a"), || "2".to_owned()), "1");
        assert_eq!(plans.get(shown("b"), || "3".to_owned()), "3");
        let mut state = State::default();
        state.cartography.order = std::sync::Arc::new(vec![SubjectId([1; 16])]);
        assert_eq!(plans.get(Shown::of(&state, None, "a".to_owned()), || "4".to_owned()), "4");
        let crisis = Shown::of(&State::default(), Some(SubjectId([9; 16])), "a".to_owned());
        assert_eq!(plans.get(crisis, || "5".to_owned()), "5", "a crisis shows how things work");
    }

    #[test]
    fn drawings_do_not_pile_up() {
        let plans = Plans::default();
        for at in 0..100 {
            plans.get(shown(&at.to_string()), || "x".repeat(KEPT_BYTES_MAX / 4));
        }
        assert!(plans.0.lock().unwrap().len() <= 4);
        plans.get(shown("huge"), || "x".repeat(2 * KEPT_BYTES_MAX));
        assert_eq!(plans.get(shown("huge"), String::new).len(), 2 * KEPT_BYTES_MAX, "the last one is always kept");
    }
}
