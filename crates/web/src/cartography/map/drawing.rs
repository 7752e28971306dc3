//! From the state to a drawing: which lanes, which nodes, which edges, and what stands out.

use super::super::{duration, thing_path};
use super::declared;
use crate::situation::words::{class as status_class, inside};
use crate::today::plural;
use crate::typography::fr;
use domain::State;
use domain::cartography::kind::View;
use domain::cartography::network::Net;
use domain::cartography::{Cartography, Thing};
use domain::situation::Situation;
use domain::situation::event::Status;
use impact::Outcome;
use journal::SubjectId;
use pictures::map::{Drawing, Edge, Lane, Mark, Node, Stroke, Weight};
use std::collections::{BTreeMap, BTreeSet};

/// What is drawn, and how. The default draws the whole map, calm.
#[derive(Clone, Copy, Default)]
pub(crate) struct Options<'a> {
    /// What is lost, when there is an outcome.
    pub(crate) lost: &'a [SubjectId],
    /// How things are this long after the loss, minutes; without it, whatever is ever hit is drawn as hit and what stops
    /// at last as stopped.
    pub(crate) at: Option<u32>,
    /// The activity or element whose path is drawn strongest; without an outcome, what the reader chose.
    pub(crate) chosen: Option<SubjectId>,
    /// What was searched for and found.
    pub(crate) found: Option<&'a BTreeSet<SubjectId>>,
    /// Only these; all without it.
    pub(crate) only: Option<&'a BTreeSet<SubjectId>>,
    /// Only these views; all when empty.
    pub(crate) views: &'a [View],
    /// A lane of units before their activities.
    pub(crate) by_unit: bool,
    /// How things work in the crisis that runs; an outcome is drawn instead when there is one.
    pub(crate) situation: Option<&'a Situation>,
    /// Whether nodes lead to their pages: not in a file.
    pub(crate) linked: bool,
}

/// A declared link: who needs what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) from: SubjectId,
    pub(crate) to: SubjectId,
    /// Whether others can stand in for it.
    pub(crate) redundant: bool,
}

/// All links of the map: needs, and interfaces that are critical for their target. The same pair may come twice.
pub(crate) fn links(map: &Cartography) -> Vec<Link> {
    let mut links = Vec::new();
    for thing in map.things() {
        for need in thing.needs() {
            let link = |to: &SubjectId| Link { from: thing.id(), to: *to, redundant: need.is_redundant() };
            links.extend(need.any.iter().map(link));
        }
    }
    for exchange in map.exchanges().into_iter().filter(|exchange| exchange.now().critical) {
        let set = exchange.now();
        let ends = [Some(set.source), set.via].into_iter().flatten();
        links.extend(ends.map(|to| Link { from: set.target, to, redundant: false }));
    }
    links
}

/// The drawing of the map, with what a loss does when there is an outcome.
pub(crate) fn drawing(state: &State, net: &Net, outcome: Option<&Outcome>, options: &Options<'_>) -> Drawing {
    let map = &state.cartography;
    let mut things = map.things();
    things.retain(|thing| {
        options.only.is_none_or(|only| only.contains(&thing.id()))
            && (options.views.is_empty() || options.views.contains(&thing.view()))
    });
    let facts = Facts { net, outcome, options, path: path(net, outcome, options) };
    let mut lanes: Vec<View> = things.iter().map(|thing| thing.view()).collect();
    lanes.sort_unstable();
    lanes.dedup();
    let ranks = if options.by_unit { BTreeMap::new() } else { ranks(&things, &facts) };
    let before = usize::from(options.by_unit);
    let node = |thing: &Thing<'_>| {
        let lane = before + lanes.iter().position(|view| *view == thing.view()).unwrap_or(0);
        Node { lane, rank: ranks.get(&thing.id()).copied(), ..facts.node(*thing) }
    };
    let mut drawing = Drawing {
        nodes: things.iter().map(node).collect(),
        kept: map.order.iter().map(ToString::to_string).collect(),
        ..Drawing::default()
    };
    let numbers: BTreeMap<SubjectId, usize> = things.iter().enumerate().map(|(at, thing)| (thing.id(), at)).collect();
    let ends = |link: &Link| Some((*numbers.get(&link.from)?, *numbers.get(&link.to)?));
    for link in links(map) {
        if let Some((from, to)) = ends(&link) {
            drawing.edges.push(Edge { from, to, stroke: facts.stroke(&link), redundant: link.redundant });
        }
    }
    let linked: BTreeSet<usize> = drawing.edges.iter().flat_map(|edge| [edge.from, edge.to]).collect();
    if options.by_unit {
        units(state, &things, &mut drawing);
    }
    let lane = |view: &View| {
        let mine: Vec<usize> = (0..things.len()).filter(|at| things[*at].view() == *view).collect();
        let only_activities = mine.iter().all(|at| matches!(things[*at], Thing::Activity(_)));
        let title = if *view == View::Business && only_activities { "Activités" } else { view.label() };
        Lane { title: title.to_owned(), note: note(*view, &mine, &drawing.nodes, &linked, outcome.is_some()) }
    };
    let mut all: Vec<Lane> = lanes.iter().map(lane).collect();
    if options.by_unit {
        let units = drawing.nodes.len() - things.len();
        all.insert(0, Lane { title: "Unités".to_owned(), note: plural(units as u64, "unité", "unités") });
    }
    drawing.lanes = all;
    drawing.title = title(map, &things, &drawing, outcome, options);
    drawing
}

/// What is known of each node.
struct Facts<'a> {
    net: &'a Net,
    outcome: Option<&'a Outcome>,
    options: &'a Options<'a>,
    /// The path that explains the chosen node, itself first.
    path: Vec<SubjectId>,
}

fn path(net: &Net, outcome: Option<&Outcome>, options: &Options<'_>) -> Vec<SubjectId> {
    let chosen = options.chosen.and_then(|id| net.number(&id));
    let steps = outcome.zip(chosen).map(|(outcome, number)| net.steps(outcome, number)).unwrap_or_default();
    steps.iter().filter_map(|step| net.ids.get(step.node as usize)).copied().collect()
}

impl Facts<'_> {
    fn hit_at(&self, id: &SubjectId) -> Option<u32> {
        let at = self.outcome?.hit_at(self.net.number(id)?)?;
        (at <= self.options.at.unwrap_or(u32::MAX)).then_some(at)
    }

    fn down_at(&self, id: &SubjectId) -> Option<u32> {
        let at = self.outcome?.down_at(self.net.number(id)?)?;
        (at <= self.options.at.unwrap_or(u32::MAX)).then_some(at)
    }

    fn status(&self, id: &SubjectId) -> Option<Status> {
        self.options.situation?.last(id).map(|write| write.value.status)
    }

    fn mark(&self, thing: Thing<'_>) -> Mark {
        let id = thing.id();
        if self.outcome.is_some() {
            return match (self.hit_at(&id), self.down_at(&id)) {
                (_, Some(_)) => Mark::Stopped,
                (Some(_), None) => Mark::Degraded,
                (None, None) => Mark::None,
            };
        }
        let silent = self.options.situation.filter(|_| matches!(thing, Thing::Activity(_))).map(|_| Status::Unknown);
        match self.status(&id).or(silent) {
            None => Mark::None,
            Some(Status::Normal) => Mark::Normal,
            Some(Status::Degraded) => Mark::Degraded,
            Some(Status::Stopped) => Mark::Stopped,
            Some(Status::Transferred) => Mark::Moved,
            Some(Status::Enclave) => Mark::Enclave,
            Some(Status::Unknown) => Mark::Unknown,
        }
    }

    fn weight(&self, id: &SubjectId, mark: Mark) -> Weight {
        let found = self.options.found.is_some_and(|found| found.contains(id));
        if self.outcome.is_some() && self.options.lost.contains(id) {
            Weight::Lost
        } else if self.options.chosen == Some(*id) || found || self.path.contains(id) {
            Weight::Chosen
        } else if matches!(mark, Mark::Degraded | Mark::Stopped) {
            Weight::Hit
        } else if self.outcome.is_some() || self.options.found.is_some() {
            Weight::Faded
        } else {
            Weight::Plain
        }
    }

    /// When the interruption of an activity becomes intolerable, or how long it may last when nothing is lost.
    fn limit(&self, activity: &domain::cartography::Activity) -> Option<u32> {
        let mtpd = activity.now().mtpd_minutes?;
        let number = self.net.number(&activity.id);
        let from = self.outcome.zip(number).and_then(|(outcome, n)| outcome.down_at(n).or_else(|| outcome.hit_at(n)));
        Some(from.unwrap_or(0).saturating_add(mtpd))
    }

    fn node(&self, thing: Thing<'_>) -> Node {
        let id = thing.id();
        let mark = self.mark(thing);
        let weight = self.weight(&id, mark);
        let note = match thing {
            _ if weight == Weight::Lost => "perdu".to_owned(),
            Thing::Activity(activity) => self.limit(activity).map(duration).unwrap_or_default(),
            Thing::Asset(_) => {
                self.hit_at(&id).filter(|at| *at > 0).map(|at| format!("après {}", duration(at))).unwrap_or_default()
            }
        };
        Node {
            key: id.to_string(),
            label: fr(thing.name()).into_owned(),
            note: fr(&note).into_owned(),
            mark,
            weight,
            href: if self.options.linked { thing_path(&id) } else { String::new() },
            ..Node::default()
        }
    }

    fn stroke(&self, link: &Link) -> Stroke {
        let Some(outcome) = self.outcome else {
            let (owner, member) = (self.status(&link.from), self.status(&link.to));
            let drags = member == Some(Status::Stopped) && owner.is_some_and(Status::is_limited);
            return if drags { Stroke::Explains } else { Stroke::Ghost };
        };
        if self.path.windows(2).any(|two| two == [link.from, link.to]) {
            return Stroke::Chosen;
        }
        if self.hit_at(&link.from).is_none() || self.down_at(&link.to).is_none() {
            return Stroke::Ghost;
        }
        let cause = self.net.number(&link.from).and_then(|owner| outcome.cause(owner)).map(|cause| cause.member);
        if cause.is_some() && cause == self.net.number(&link.to) { Stroke::Explains } else { Stroke::Hit }
    }
}

/// Activities sort by how they fare, then by how long they may be interrupted.
fn ranks(things: &[Thing<'_>], facts: &Facts<'_>) -> BTreeMap<SubjectId, u32> {
    let key = |thing: &Thing<'_>| {
        let Thing::Activity(activity) = thing else { return None };
        let fares = match (facts.outcome, facts.status(&activity.id)) {
            (Some(_), _) => u8::from(facts.hit_at(&activity.id).is_none()),
            (None, Some(status)) => u8::MAX - status.gravity(),
            (None, None) => u8::MAX - facts.options.situation.map_or(0, |_| Status::Unknown.gravity()),
        };
        Some((activity.id, (fares, facts.limit(activity).unwrap_or(u32::MAX))))
    };
    let keys: Vec<(SubjectId, (u8, u32))> = things.iter().filter_map(key).collect();
    let sorted: BTreeSet<(u8, u32)> = keys.iter().map(|(_, key)| *key).collect();
    let ranks: BTreeMap<(u8, u32), u32> = sorted.into_iter().zip(0..).collect();
    keys.into_iter().filter_map(|(id, key)| Some((id, *ranks.get(&key)?))).collect()
}

/// Units, each before the activities it runs, as bad as the worst of them.
fn units(state: &State, things: &[Thing<'_>], drawing: &mut Drawing) {
    let mut known: BTreeMap<SubjectId, usize> = BTreeMap::new();
    for (at, thing) in things.iter().enumerate() {
        let Thing::Activity(activity) = thing else { continue };
        let Some(id) = activity.now().unit else { continue };
        let Some(unit) = state.register.units.get(&id) else { continue };
        let from = *known.entry(id).or_insert_with(|| {
            let (key, href) = (format!("unite:{id}"), format!("/carte/plan?unite={id}"));
            drawing.nodes.push(Node { key, href, label: fr(&unit.name).into_owned(), ..Node::default() });
            drawing.nodes.len() - 1
        });
        let (mark, weight) = (drawing.nodes[at].mark, drawing.nodes[at].weight);
        let stroke = if weight == Weight::Hit { Stroke::Hit } else { Stroke::Ghost };
        drawing.edges.push(Edge { from, to: at, stroke, redundant: false });
        let node = &mut drawing.nodes[from];
        if severity(mark) > severity(node.mark) {
            node.mark = mark;
            node.weight = if weight == Weight::Hit { Weight::Hit } else { node.weight };
        }
    }
}

fn severity(mark: Mark) -> u8 {
    match mark {
        Mark::None => 0,
        Mark::Normal => 1,
        Mark::Enclave => 2,
        Mark::Moved => 3,
        Mark::Unknown => 4,
        Mark::Degraded => 5,
        Mark::Stopped => 6,
    }
}

/// What is said under the head of a lane; nodes without any declared edge are counted.
fn note(view: View, mine: &[usize], nodes: &[Node], linked: &BTreeSet<usize>, outcome: bool) -> String {
    let bare = mine.iter().filter(|at| !linked.contains(at)).count();
    let mut said = if outcome {
        let hit = mine.iter().filter(|at| nodes[**at].mark != Mark::None).count();
        let feminine = view == View::Applications || view == View::Business;
        let (one, many) = if feminine { ("touchée", "touchées") } else { ("touché", "touchés") };
        format!("{} sur {}", plural(hit as u64, one, many), mine.len())
    } else {
        plural(mine.len() as u64, "élément", "éléments")
    };
    if bare > 0 {
        said.push_str(&format!(" · {bare} sans lien"));
    }
    fr(&said).into_owned()
}

/// The conclusion, in a sentence.
fn title(map: &Cartography, things: &[Thing<'_>], drawing: &Drawing, outcome: Option<&Outcome>, options: &Options<'_>) -> String {
    let activities = things.iter().filter(|thing| matches!(thing, Thing::Activity(_))).count();
    if outcome.is_none() {
        let said = format!(
            "Carte des dépendances : {}, {}, {}.",
            plural(activities as u64, "activité", "activités"),
            plural((things.len() - activities) as u64, "élément", "éléments"),
            plural(drawing.edges.len() as u64, "lien", "liens")
        );
        let ids = things.iter().filter(|thing| matches!(thing, Thing::Activity(_))).map(|thing| thing.id());
        let crisis = options.situation.map(|situation| declared::of(situation, ids)).unwrap_or_default();
        return fr(format!("{said} {crisis}").trim_end()).into_owned();
    }
    let hit = |activities: bool| {
        let node = |at: &usize| drawing.nodes[*at].mark != Mark::None && drawing.nodes[*at].weight != Weight::Lost;
        let of_kind = |at: &usize| matches!(things[*at], Thing::Activity(_)) == activities;
        (0..things.len()).filter(of_kind).filter(node).count()
    };
    let (fallen, others) = (hit(true), hit(false));
    let names: Vec<String> = options.lost.iter().filter_map(|id| map.thing(id)).map(|thing| inside(thing.name())).collect();
    let lost = match names.as_slice() {
        [] => "rien n’est perdu".to_owned(),
        [one] => format!("perdre « {one} » touche"),
        names => format!("perdre {} éléments touche", names.len()),
    };
    let touched = if names.is_empty() {
        String::new()
    } else {
        let others = plural(others as u64, "autre élément", "autres éléments");
        format!(" {} sur {activities}, et {others}", plural(fallen as u64, "activité", "activités"))
    };
    fr(&format!("Carte des dépendances : {lost}{touched}.")).into_owned()
}

/// Shape, word and colour of how something works, for the table beside the drawing.
pub(super) fn status_words(situation: Option<&Situation>, id: &SubjectId) -> Option<(&'static str, &'static str)> {
    let status = situation?.last(id).map(|write| write.value.status)?;
    Some((status_class(status), status.label()))
}
