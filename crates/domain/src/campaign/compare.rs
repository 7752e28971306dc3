//! What exercises of many establishments say together: for each criterion how many met it and in how many minutes. Only
//! exercises of the same kit and level are compared, nobody is named, and a group too small to hide anybody says nothing.

use super::Campaign;
use crate::exercise::event::outcome::{CriterionResult, Measured, Reading, Results};
use crate::exercise::event::scenario::Level;
use std::collections::BTreeMap;

/// Fewest establishments of a group that is shown: below, one could be recognised.
pub const GROUP_MIN: usize = 5;

/// A criterion over a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Distribution {
    /// Its key.
    pub key: String,
    /// Its title, in the newest wording.
    pub title: String,
    /// How many met it, were late, missed it, could not be read.
    pub readings: [u32; 4],
    /// How many observers saw it met, partly, unmet: beside, never mixed in.
    pub observed: [u32; 3],
    /// Minutes of those who reached it, in order.
    pub minutes: Vec<i64>,
    /// What one establishment did, when one looks at itself.
    pub own: Option<(Reading, Measured)>,
}

impl Distribution {
    /// Smallest, first quartile, median, third quartile, largest; `None` when nobody reached it.
    /// A quartile is the nearest value of rank (n - 1) × k / 4.
    pub fn quartiles(&self) -> Option<[i64; 5]> {
        let last = self.minutes.len().checked_sub(1)?;
        let at = |k: usize| self.minutes.get((last * k + 2) / 4).copied().unwrap_or_default();
        Some([at(0), at(1), at(2), at(3), at(4)])
    }

    /// How many the journal could be read for.
    pub fn read(&self) -> u32 {
        self.readings.iter().take(3).sum()
    }
}

/// Exercises of the same kit and level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Key of the kit.
    pub kit: String,
    /// Level played.
    pub level: Level,
    /// How many exercises.
    pub exercises: usize,
    /// Its criteria, in the order of the kit.
    pub criteria: Vec<Distribution>,
}

impl Group {
    /// Whether it may be shown.
    pub fn is_shown(&self) -> bool {
        self.exercises >= GROUP_MIN
    }
}

fn place(reading: Reading) -> usize {
    match reading {
        Reading::Met => 0,
        Reading::Late => 1,
        Reading::Missed => 2,
        Reading::Unread => 3,
    }
}

impl Group {
    fn take(&mut self, places: &mut BTreeMap<String, usize>, results: &Results, own: bool) {
        self.exercises += 1;
        for criterion in &results.criteria {
            let at = *places.entry(criterion.key.clone()).or_insert_with(|| {
                self.criteria.push(Distribution {
                    key: criterion.key.clone(),
                    title: criterion.title.clone(),
                    ..Distribution::default()
                });
                self.criteria.len() - 1
            });
            if let Some(distribution) = self.criteria.get_mut(at) {
                distribution.take(criterion, own);
            }
        }
    }
}

impl Distribution {
    fn take(&mut self, criterion: &CriterionResult, own: bool) {
        if let Some(count) = self.readings.get_mut(place(criterion.reading)) {
            *count += 1;
        }
        for (sum, count) in self.observed.iter_mut().zip(criterion.observed) {
            *sum += count;
        }
        if let Measured::Minutes(minutes) = criterion.measured {
            self.minutes.push(minutes);
        }
        if own {
            self.own = Some((criterion.reading, criterion.measured));
        }
    }
}

/// The groups of a campaign, largest first; `own`: FINESS number of whoever looks at itself.
pub fn groups(campaign: &Campaign, own: Option<&str>) -> Vec<Group> {
    let mut groups: BTreeMap<(String, Level), (Group, BTreeMap<String, usize>)> = BTreeMap::new();
    for (finess, followed) in &campaign.targets {
        let Some(received) = followed.result.as_ref().filter(|_| !followed.target.removed) else { continue };
        let results = &received.results;
        let (group, places) = groups.entry((results.kit.clone(), results.level)).or_insert_with(|| {
            let group = Group { kit: results.kit.clone(), level: results.level, exercises: 0, criteria: Vec::new() };
            (group, BTreeMap::new())
        });
        group.take(places, results, own == Some(finess.as_str()));
    }
    let mut all: Vec<Group> = groups.into_values().map(|(group, _)| group).collect();
    for distribution in all.iter_mut().flat_map(|group| &mut group.criteria) {
        distribution.minutes.sort_unstable();
    }
    all.sort_by(|a, b| (b.exercises, &a.kit, a.level).cmp(&(a.exercises, &b.kit, b.level)));
    all
}
