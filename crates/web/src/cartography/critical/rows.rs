//! Rows of the table: what each element alone stops, how soon it must be back, how soon it can be.

use super::Ranked;
use crate::session::percent;
use domain::cartography::Thing;
use domain::cartography::kind::View;
use domain::cartography::names::folded;
use domain::cartography::network::critical::Single;
use impact::Inherited;
use std::cmp::Reverse;

/// One element, or an activity that others need.
pub(super) struct Row<'a> {
    pub(super) number: u32,
    pub(super) thing: Thing<'a>,
    /// What its loss alone stops; `None`: not computed in time.
    pub(super) single: Option<Single>,
    /// How soon it must be back.
    pub(super) recovery: Option<Inherited>,
    /// How much data may be lost.
    pub(super) data: Option<Inherited>,
}

impl Row<'_> {
    /// Whether it is an element, and not an activity that others need.
    pub(super) fn is_element(&self) -> bool {
        matches!(self.thing, Thing::Asset(_))
    }

    /// Whether its loss alone stops an activity.
    pub(super) fn is_single_point(&self) -> bool {
        self.single.is_some_and(|single| single.weight > 0)
    }

    pub(super) fn is_essential(&self) -> bool {
        matches!(self.thing, Thing::Asset(asset) if asset.now().essential)
    }

    /// Its loss alone stops a vital activity, and nobody called it essential.
    pub(super) fn might_be_essential(&self) -> bool {
        self.is_element() && !self.is_essential() && self.single.is_some_and(|single| single.vital > 0)
    }

    /// How soon it can be back (RTO), minutes.
    pub(super) fn back_in(&self) -> Option<u32> {
        match self.thing {
            Thing::Asset(asset) => asset.now().rto_minutes,
            Thing::Activity(_) => None,
        }
    }

    /// How much data is lost at worst (RPO), minutes.
    pub(super) fn loses(&self) -> Option<u32> {
        match self.thing {
            Thing::Asset(asset) => asset.now().rpo_minutes,
            Thing::Activity(_) => None,
        }
    }

    /// By how much it is back too late, minutes.
    pub(super) fn gap(&self) -> Option<u32> {
        gap(self.recovery, self.back_in())
    }

    /// By how much it loses too much data, minutes.
    pub(super) fn data_gap(&self) -> Option<u32> {
        gap(self.data, self.loses())
    }
}

fn gap(need: Option<Inherited>, capability: Option<u32>) -> Option<u32> {
    capability?.checked_sub(need?.minutes).filter(|gap| *gap > 0)
}

/// Every element, and activities whose loss stops others; the heaviest first.
pub(super) fn rows<'a>(ranked: &Ranked<'a>) -> Vec<Row<'a>> {
    let critical = ranked.critical();
    let at = |number: u32| number as usize;
    let row = |(number, id)| {
        let thing = ranked.map.thing(id)?;
        let single = critical.singles.get(at(number)).copied().flatten();
        let matters = matches!(thing, Thing::Asset(_)) || single.is_some_and(|single| single.weight > 0);
        let recovery = critical.recovery.get(at(number)).copied().flatten();
        let data = critical.data.get(at(number)).copied().flatten();
        matters.then_some(Row { number, thing, single, recovery, data })
    };
    let mut all: Vec<Row<'a>> = (0..).zip(&ranked.net.ids).filter_map(row).collect();
    // Not computed: after what weighs, before what weighs nothing.
    all.sort_by_key(|row| Reverse(row.single.map_or((0, 1), |single| (single.weight, 0))));
    all
}

/// The order of the table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Sort {
    #[default]
    Weight,
    Name,
    Need,
    Gap,
    DataGap,
}

impl Sort {
    pub(super) const ALL: [(Self, &'static str); 5] = [
        (Self::Weight, "poids"),
        (Self::Name, "nom"),
        (Self::Need, "besoin"),
        (Self::Gap, "ecart"),
        (Self::DataGap, "ecart-donnees"),
    ];

    pub(super) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(sort, _)| *sort == self).map_or("poids", |(_, name)| name)
    }
}

/// What is kept of the table.
pub(super) const ONLY: [(&str, &str); 5] = [
    ("", "tous les éléments"),
    ("spof", "points de défaillance unique"),
    ("sie", "systèmes essentiels (SIE)"),
    ("sie-manquant", "devraient être SIE ?"),
    ("ecart", "se rétablissent trop tard, ou perdent trop"),
];

/// How the table is asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub(super) sort: Sort,
    pub(super) view: Option<View>,
    pub(super) only: String,
    pub(super) text: String,
    /// Page, from 1.
    pub(super) page: usize,
}

impl Filter {
    /// What is not understood is as if nothing had been asked.
    pub(super) fn read(pairs: &[(String, String)]) -> Self {
        let get = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
        let sort = Sort::ALL.iter().find(|(_, name)| *name == get("tri")).map_or_else(Sort::default, |(sort, _)| *sort);
        let only = ONLY.iter().find(|(name, _)| *name == get("seulement")).map_or("", |(name, _)| name);
        Self {
            sort,
            view: View::from_name(get("vue")),
            only: only.to_owned(),
            text: get("q").chars().take(200).collect(),
            page: get("page").parse().unwrap_or(1).max(1),
        }
    }

    pub(super) fn keeps(&self, row: &Row<'_>) -> bool {
        let wanted = match self.only.as_str() {
            "spof" => row.is_single_point(),
            "sie" => row.is_essential(),
            "sie-manquant" => row.might_be_essential(),
            "ecart" => row.gap().is_some() || row.data_gap().is_some(),
            _ => true,
        };
        wanted
            && self.view.is_none_or(|view| row.thing.view() == view)
            && (self.text.is_empty() || folded(row.thing.name()).contains(&folded(&self.text)))
    }

    /// The rows to show, in order.
    pub(super) fn apply<'b, 'a>(&self, all: &'b [Row<'a>]) -> Vec<&'b Row<'a>> {
        let mut kept: Vec<&Row<'_>> = all.iter().filter(|row| self.keeps(row)).collect();
        match self.sort {
            Sort::Weight => {}
            Sort::Name => kept.sort_by_key(|row| folded(row.thing.name())),
            Sort::Need => kept.sort_by_key(|row| row.recovery.map_or(u32::MAX, |need| need.minutes)),
            Sort::Gap => kept.sort_by_key(|row| Reverse(row.gap())),
            Sort::DataGap => kept.sort_by_key(|row| Reverse(row.data_gap())),
        }
        kept
    }

    fn query(&self, sort: Sort, page: usize) -> String {
        let mut pairs = vec![("tri", sort.name().to_owned())];
        pairs.extend(self.view.map(|view| ("vue", view.name().to_owned())));
        pairs.extend((!self.only.is_empty()).then(|| ("seulement", self.only.clone())));
        pairs.extend((!self.text.is_empty()).then(|| ("q", self.text.clone())));
        pairs.extend((page > 1).then(|| ("page", page.to_string())));
        let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={}", percent(&value))).collect();
        pairs.join("&")
    }

    pub(super) fn address(&self, sort: Sort, page: usize) -> String {
        format!("{}?{}", super::PATH, self.query(sort, page))
    }

    pub(super) fn export(&self, extension: &str) -> String {
        format!("{}/export/criticite.{extension}?{}", super::PATH, self.query(self.sort, 1))
    }
}
