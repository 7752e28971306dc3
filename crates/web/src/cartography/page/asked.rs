//! How the register of the map is asked for: what its address says, and which rows that keeps.

use super::table::Row;
use crate::cartography::acts::MAP;
use crate::search::fold::fold_into;
use crate::session::percent;
use crate::shell::Page;
use domain::cartography::Thing;
use domain::cartography::kind::{AssetKind, View};
use serde::Deserialize;

/// Most characters of a filter that count.
const FILTER_CHARS_MAX: usize = 100;

/// A part of the register: the activities, or the elements of a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::cartography) enum Section {
    Activities,
    View(View),
}

impl Section {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Activities).chain(View::ALL.into_iter().map(Self::View))
    }

    pub(in crate::cartography) fn name(self) -> &'static str {
        match self {
            Self::Activities => "activites",
            Self::View(view) => view.name(),
        }
    }

    pub(in crate::cartography) fn label(self) -> &'static str {
        match self {
            Self::Activities => "Activités",
            Self::View(view) => view.label(),
        }
    }
}

/// Where something stands in the register.
pub(in crate::cartography) fn section_of(thing: Thing<'_>) -> Section {
    match thing {
        Thing::Activity(_) => Section::Activities,
        Thing::Asset(asset) => Section::View(asset.now().kind.view()),
    }
}

/// What a record may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lack {
    Review,
    Links,
    Owner,
    Mtpd,
    Settled,
    Confirmed,
}

impl Lack {
    pub(super) const ALL: [Self; 6] = [Self::Review, Self::Links, Self::Owner, Self::Mtpd, Self::Settled, Self::Confirmed];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Review => "relire",
            Self::Links => "lien",
            Self::Owner => "responsable",
            Self::Mtpd => "dmia",
            Self::Settled => "conflit",
            Self::Confirmed => "confirmer",
        }
    }

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Review => "à relire",
            Self::Links => "sans lien",
            Self::Owner => "sans responsable",
            Self::Mtpd => "activité sans DMIA",
            Self::Settled => "en conflit",
            Self::Confirmed => "proposé ou importé, à confirmer",
        }
    }

    fn is_in(self, page: &Page<'_>, row: &Row<'_>) -> bool {
        match self {
            Self::Review => row.stale,
            Self::Links => !row.linked,
            Self::Owner => row.thing.owner().is_none(),
            Self::Mtpd => row.activity().is_some_and(|a| a.now().mtpd_minutes.is_none()),
            Self::Settled => row.survivors() > 1,
            Self::Confirmed => page.visitor.view.state.cartography.origin(&row.thing.id()).is_some_and(|origin| !origin.adapted),
        }
    }
}

/// What the address says; what is not understood filters nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::cartography) struct Asked {
    pub(super) q: String,
    pub(super) vue: String,
    pub(super) genre: String,
    pub(super) zone: String,
    pub(super) responsable: String,
    pub(super) unite: String,
    pub(super) survit: String,
    pub(super) essentiel: String,
    pub(super) manque: String,
    /// Column it is sorted by, after a minus sign when from the end.
    pub(super) tri: String,
    /// From 1; read with care, since anything may be typed there.
    page: String,
}

/// Whether texts hold all these words.
pub(super) fn holds(words: &[String], texts: &[&str]) -> bool {
    if words.is_empty() {
        return true;
    }
    let mut folded = String::new();
    for text in texts {
        fold_into(text, &mut folded);
    }
    words.iter().all(|word| folded.contains(word.as_str()))
}

impl Asked {
    fn pairs(&self) -> [(&'static str, &str); 11] {
        [
            ("q", &self.q),
            ("vue", &self.vue),
            ("genre", &self.genre),
            ("zone", &self.zone),
            ("responsable", &self.responsable),
            ("unite", &self.unite),
            ("survit", &self.survit),
            ("essentiel", &self.essentiel),
            ("manque", &self.manque),
            ("tri", &self.tri),
            ("page", &self.page),
        ]
    }

    /// The same list with one thing changed; any change but of page goes back to the first one.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        self.address(MAP, |(known, old)| match known {
            known if known == name => Some(value.to_owned()),
            "page" => None,
            _ => Some(old.to_owned()),
        })
    }

    /// The same list as a sheet.
    pub(super) fn sheet(&self) -> String {
        self.address("/carte/activites.csv", |(known, old)| (known != "page").then(|| old.to_owned()))
    }

    fn address(&self, path: &str, value: impl Fn((&'static str, &str)) -> Option<String>) -> String {
        let pairs = self.pairs().into_iter().filter_map(|pair| Some((pair.0, value(pair)?))).filter(|(_, v)| !v.is_empty());
        let query: Vec<String> = pairs.map(|(name, value)| format!("{name}={}", percent(&value))).collect();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
    }

    pub(super) fn page(&self) -> usize {
        self.page.parse().unwrap_or(1)
    }

    pub(super) fn section(&self) -> Option<Section> {
        Section::all().find(|section| section.name() == self.vue)
    }

    pub(super) fn words(&self) -> Vec<String> {
        let mut folded = String::new();
        fold_into(&self.q.chars().take(FILTER_CHARS_MAX).collect::<String>(), &mut folded);
        folded.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }

    pub(super) fn is_filtered(&self) -> bool {
        self.pairs().iter().any(|(name, value)| !["tri", "page"].contains(name) && !value.is_empty())
    }

    /// Whether a filter that is folded is in use.
    pub(super) fn is_detailed(&self) -> bool {
        [&self.zone, &self.responsable, &self.unite, &self.survit, &self.essentiel].iter().any(|value| !value.is_empty())
    }

    /// Whether a row answers all that is asked.
    pub(super) fn keeps(&self, page: &Page<'_>, row: &Row<'_>) -> bool {
        let register = &page.visitor.view.state.register;
        let lack = Lack::ALL.into_iter().find(|lack| lack.name() == self.manque);
        let unit = || row.thing.unit().and_then(|id| register.units.get(&id)).map_or("", |unit| unit.name.as_str());
        let zone = row.asset().map_or("", |asset| asset.now().zone.as_str());
        self.section().is_none_or(|section| row.section == section)
            && AssetKind::from_name(&self.genre).is_none_or(|kind| row.asset().is_some_and(|a| a.now().kind == kind))
            && (self.zone.is_empty() || zone == self.zone)
            && (self.responsable.is_empty() || row.thing.owner() == Some(&self.responsable))
            && (self.unite.is_empty() || row.thing.unit().is_some_and(|id| id.to_string() == self.unite))
            && self.survives(row)
            && (self.essentiel != "1" || row.asset().is_some_and(|a| a.now().essential))
            && lack.is_none_or(|lack| lack.is_in(page, row))
            && (self.q.is_empty()
                || holds(
                    &self.words(),
                    &[row.thing.name(), row.thing.kind_label(), row.description(), row.thing.owner().unwrap_or(""), zone, unit()],
                ))
    }

    fn survives(&self, row: &Row<'_>) -> bool {
        let said = row.asset().map(|asset| asset.now().survives);
        match self.survit.as_str() {
            "oui" => said == Some(Some(true)),
            "non" => said == Some(Some(false)),
            "inconnu" => said == Some(None),
            _ => true,
        }
    }
}
