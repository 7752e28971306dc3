//! Which names and which external ids are in use: asked at each write, so kept up and not searched.

use super::kind::AssetKind;
use imbl::OrdMap;
use journal::SubjectId;

/// What bears a name: names are unique among activities, and among elements of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bearer {
    /// An activity.
    Activity,
    /// An element of that kind.
    Asset(AssetKind),
    /// An interface.
    Exchange,
    /// A scenario.
    Scenario,
}

/// A name as it is compared: without case nor space around.
pub fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Names and external ids in use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    by_name: OrdMap<(Bearer, String), SubjectId>,
    by_external: OrdMap<String, SubjectId>,
}

impl Names {
    /// Who bears that name.
    pub fn named(&self, bearer: Bearer, name: &str) -> Option<SubjectId> {
        self.by_name.get(&(bearer, folded(name))).copied()
    }

    /// What another tool names so, e.g. `mercator:applications/3`.
    pub fn external(&self, external: &str) -> Option<SubjectId> {
        self.by_external.get(external).copied()
    }

    pub(super) fn take(&mut self, id: SubjectId, bearer: Bearer, name: &str, external: &[String]) {
        self.by_name.insert((bearer, folded(name)), id);
        for one in external {
            self.by_external.insert(one.clone(), id);
        }
    }

    pub(super) fn leave(&mut self, id: SubjectId, bearer: Bearer, name: &str, external: &[String]) {
        let key = (bearer, folded(name));
        if self.by_name.get(&key) == Some(&id) {
            self.by_name.remove(&key);
        }
        for one in external {
            if self.by_external.get(one) == Some(&id) {
                self.by_external.remove(one);
            }
        }
    }
}
