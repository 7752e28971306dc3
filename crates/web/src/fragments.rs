//! Regions of pages, rendered once per state, audience and address, however many browsers ask.

use crate::limits::REGIONS_KEPT_MAX;
use axum::body::Bytes;
use journal::{ActorId, SubjectId};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A region of a crisis room that follows the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Region {
    Log,
    Situation,
    /// Legal delays.
    Legal,
    Tasks,
    /// The gestures of somebody's function.
    Mine,
    /// What waits for somebody's decision.
    Awaiting,
    /// Cells and their next meetings, in the head.
    Cells,
    /// The numbers in the titles and on the phone's tabs.
    Counts,
    /// The whole wall.
    Wall,
}

impl Region {
    /// The regions of a room, as the script asks for them.
    pub(crate) const OF_A_ROOM: [(&'static str, Self); 8] = [
        ("log", Self::Log),
        ("situation", Self::Situation),
        ("echeances", Self::Legal),
        ("afaire", Self::Tasks),
        ("maliste", Self::Mine),
        ("attend", Self::Awaiting),
        ("cellules", Self::Cells),
        ("comptes", Self::Counts),
    ];

    /// By the name the script asks it under.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::OF_A_ROOM.into_iter().find(|(known, _)| *known == name).map(|(_, region)| region)
    }
}

/// What a rendered region depends on besides the state.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) crisis: SubjectId,
    pub(crate) region: Region,
    /// The audience: those who may write see the forms.
    pub(crate) may_write: bool,
    /// The audience of « Ma liste »: those of the same functions.
    pub(crate) functions: Vec<String>,
    /// The one person it is for, where it is for one.
    pub(crate) reader: Option<ActorId>,
    /// What the address asks of the log, as its query.
    pub(crate) filter: String,
}

impl Key {
    /// A region that looks the same to everybody who only reads.
    pub(crate) fn of(crisis: SubjectId, region: Region) -> Self {
        Self { crisis, region, may_write: false, functions: Vec::new(), reader: None, filter: String::new() }
    }
}

/// Version of a state of the past: nothing rendered from one is kept.
pub(crate) const PAST: u64 = 0;

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
        if moment.version == PAST || kept.moment.version > moment.version {
            // The past, or a slow request about an older state: nobody else will want it.
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
        Key { may_write: true, ..Key::of(SubjectId([0; 16]), region) }
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
        let past = Moment { version: PAST, ..second };
        let fresh = Regions::default();
        assert_eq!(
            [fresh.get(past, key(Region::Log), || "g".to_owned()), fresh.get(past, key(Region::Log), || "h".to_owned())],
            ["g", "h"]
        );
    }

    #[test]
    fn they_do_not_pile_up() {
        let regions = Regions::default();
        let moment = Moment { version: 1, ..Moment::default() };
        for author in 0..=u8::MAX {
            for before in 0..4 {
                let key = Key { filter: format!("?auteur={author}&avant={before}"), ..key(Region::Log) };
                regions.get(moment, key, String::new);
            }
        }
        assert!(regions.kept.lock().unwrap().slots.len() <= REGIONS_KEPT_MAX);
    }
}
