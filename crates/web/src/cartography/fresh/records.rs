//! The records to read again: what is stale, and what somebody was asked to read.

use domain::cartography::kind::View;
use domain::cartography::review::Asking;
use domain::cartography::{Cartography, Thing};
use domain::register::day::Day;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What the address asks for.
#[derive(Deserialize, Default)]
pub(super) struct Asked {
    /// Records of that owner only.
    #[serde(default)]
    pub(super) qui: String,
    /// Records of that view only.
    #[serde(default)]
    pub(super) vue: String,
}

/// A record to read again.
pub(super) struct Record<'a> {
    pub(super) thing: Thing<'a>,
    /// When it was last known to be true.
    pub(super) fresh: Option<Day>,
    /// Whether nobody read it for a year.
    pub(super) stale: bool,
    /// Who was asked to read it, and has not answered.
    pub(super) asked: Option<&'a Asking>,
    today: Day,
}

impl<'a> Record<'a> {
    /// Those that are stale or awaited, in the order of the map.
    pub(super) fn due(map: &'a Cartography, things: &[Thing<'a>], today: Day) -> Vec<Self> {
        let record = |thing: &Thing<'a>| Self {
            thing: *thing,
            fresh: map.fresh_on(*thing),
            stale: map.is_stale(*thing, today),
            asked: map.awaited(&thing.id()),
            today,
        };
        things.iter().map(record).filter(|record| record.stale || record.asked.is_some()).collect()
    }

    /// Whether the day until which it should have been read is past.
    pub(super) fn is_late(&self) -> bool {
        self.asked.is_some_and(|asked| asked.due_on < self.today)
    }

    /// Whether the address asks for it.
    pub(super) fn is_wanted(&self, asked: &Asked) -> bool {
        let owner = asked.qui.is_empty() || self.is_of(&asked.qui);
        owner && View::from_name(&asked.vue).is_none_or(|view| self.thing.view() == view)
    }

    /// Whether that person answers for it, or was asked to read it.
    pub(super) fn is_of(&self, person: &str) -> bool {
        let same = |name: &str| name.trim().to_lowercase() == person.trim().to_lowercase();
        self.thing.owner().is_some_and(same) || self.asked.is_some_and(|asked| same(&asked.of))
    }
}

/// Somebody, or nobody, and the records they answer for.
pub(super) type Owned<'r, 'a> = (Option<&'a str>, Vec<&'r Record<'a>>);

/// Records by who answers for them, by name; nobody's last.
pub(super) fn by_owner<'r, 'a>(records: &[&'r Record<'a>]) -> Vec<Owned<'r, 'a>> {
    let mut groups: BTreeMap<(bool, String), Owned<'r, 'a>> = BTreeMap::new();
    for record in records {
        let owner = record.thing.owner().filter(|owner| !owner.trim().is_empty());
        let key = (owner.is_none(), owner.map(|owner| owner.trim().to_lowercase()).unwrap_or_default());
        groups.entry(key).or_insert_with(|| (owner, Vec::new())).1.push(record);
    }
    groups.into_values().collect()
}

/// A text as a part of an address.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn a_name_travels_in_an_address() {
        assert_eq!(encoded("É. Aubry & fils"), "%C3%89.%20Aubry%20%26%20fils");
    }
}
