//! Regions of pages, rendered once per state, audience and address, however many browsers ask.

use crate::limits::REGIONS_KEPT_MAX;
use axum::body::Bytes;
use domain::crisis::event::EntryType;
use journal::{ActorId, EntryId, SubjectId};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A region of a crisis room that follows the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Region {
    Log,
    Tasks,
    Situation,
    /// The numbers in the titles and on the phone's tabs.
    Counts,
}

impl Region {
    pub(crate) const ALL: [Self; 4] = [Self::Log, Self::Tasks, Self::Situation, Self::Counts];
}

/// What a rendered region depends on besides the state.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) crisis: SubjectId,
    pub(crate) region: Region,
    /// The audience: those who may write see the forms.
    pub(crate) may_write: bool,
    pub(crate) entry_type: Option<EntryType>,
    pub(crate) author: Option<ActorId>,
    pub(crate) before: Option<EntryId>,
}

/// What makes all rendered regions out of date: the state, and the minute (what is late depends on it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Moment {
    pub(crate) version: u64,
    pub(crate) minute: i64,
}

type Slot = Arc<OnceLock<Bytes>>;

#[derive(Default)]
struct Kept {
    moment: Moment,
    slots: BTreeMap<Key, Slot>,
}

/// The rendered regions of the present moment.
#[derive(Default)]
pub(crate) struct Regions {
    kept: Mutex<Kept>,
}

impl Regions {
    /// The region, rendered by the first who asks; the others wait for it.
    pub(crate) fn get(&self, moment: Moment, key: Key, render: impl FnOnce() -> String) -> Bytes {
        let slot = self.slot(moment, key);
        slot.get_or_init(|| Bytes::from(render())).clone()
    }

    fn slot(&self, moment: Moment, key: Key) -> Slot {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.moment.version > moment.version {
            // A slow request about an older state: nobody else will want it.
            return Slot::default();
        }
        if kept.moment != moment || kept.slots.len() >= REGIONS_KEPT_MAX {
            kept.slots.clear();
            kept.moment = moment;
        }
        kept.slots.entry(key).or_default().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(region: Region) -> Key {
        Key { crisis: SubjectId([0; 16]), region, may_write: true, entry_type: None, author: None, before: None }
    }

    #[test]
    fn a_region_is_rendered_once_per_moment() {
        let regions = Regions::default();
        let first = Moment { version: 1, ..Moment::default() };
        assert_eq!(regions.get(first, key(Region::Log), || "a".to_owned()), "a");
        assert_eq!(regions.get(first, key(Region::Log), || "b".to_owned()), "a");
        assert_eq!(regions.get(first, key(Region::Tasks), || "c".to_owned()), "c");
        let second = Moment { version: 2, ..Moment::default() };
        assert_eq!(regions.get(second, key(Region::Log), || "d".to_owned()), "d");
        // An answer about the past neither takes nor gives.
        assert_eq!(regions.get(first, key(Region::Log), || "e".to_owned()), "e");
        assert_eq!(regions.get(second, key(Region::Log), || "f".to_owned()), "d");
    }

    #[test]
    fn they_do_not_pile_up() {
        let regions = Regions::default();
        let moment = Moment { version: 1, ..Moment::default() };
        for author in 0..=u8::MAX {
            for before in 0..4 {
                let key = Key { author: Some(ActorId([author; 16])), before: Some(EntryId([before; 32])), ..key(Region::Log) };
                regions.get(moment, key, String::new);
            }
        }
        assert!(regions.kept.lock().unwrap().slots.len() <= REGIONS_KEPT_MAX);
    }
}
