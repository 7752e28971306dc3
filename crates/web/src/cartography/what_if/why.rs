//! Why one activity is hit: the shortest path to what was lost, with the words of each link.

use super::Scene;
use crate::cartography::{duration, thing_path};
use crate::situation::words::{inside, listed};
use crate::typography::fr;
use domain::cartography::Cartography;
use domain::cartography::need::Need;
use domain::cartography::network::Fate;
use domain::cartography::network::explain::{Because, Link};
use journal::SubjectId;
use maud::{Markup, html};

/// Most members of a group that are named.
const NAMED_MAX: usize = 6;

/// The activity that is explained: the one asked for, else the one whose limit comes first.
pub(super) fn chosen(scene: &Scene<'_>, fates: &[Fate<'_>]) -> Option<SubjectId> {
    scene.asked.why.or_else(|| fates.first().map(|fate| fate.activity.id))
}

pub(super) fn section(scene: &Scene<'_>, fates: &[Fate<'_>]) -> Markup {
    let Some(thing) = chosen(scene, fates).and_then(|id| scene.map().thing(&id)) else { return html! {} };
    let number = scene.net.number(&thing.id());
    let links = number.map(|number| scene.net.explanation(scene.map(), &scene.outcome, number)).unwrap_or_default();
    let fate = fates.iter().find(|fate| fate.activity.id == thing.id());
    html! {
        section.panel #pourquoi aria-labelledby="pourquoi-titre" {
            header { h2 #pourquoi-titre { (fr(&format!("Pourquoi « {} » ?", inside(thing.name())))) } }
            @if links.is_empty() { p.empty { (fr("Rien de ce qui est perdu ne l’atteint, d’après la carte.")) } }
            @else { (path(scene.map(), &links, |at| scene.moment(at))) }
            @if let Some(fate) = fate { p { (fr(&bearable(fate))) } }
        }
    }
}

/// Until when it is bearable, in a sentence.
fn bearable(fate: &Fate<'_>) -> String {
    let mtpd = fate.activity.now().mtpd_minutes;
    let begins = match (fate.hit_at, fate.stops_at) {
        (_, Some(0)) => "S’arrête aussitôt".to_owned(),
        (0, Some(at)) => format!("Tient {} en mode dégradé, puis s’arrête", duration(at)),
        (hit, Some(at)) if hit < at => format!("Passe en mode dégradé après {}, s’arrête après {}", duration(hit), duration(at)),
        (_, Some(at)) => format!("S’arrête après {}", duration(at)),
        (_, None) => "Passe en mode dégradé ; personne n’a dit combien de temps cela tient".to_owned(),
    };
    match (mtpd, fate.limit_at) {
        (Some(mtpd), Some(limit)) => {
            format!("{begins}. Interruption admissible (DMIA) {} : limite après {}.", duration(mtpd), duration(limit))
        }
        _ => format!("{begins}. Sa DMIA n’est pas connue : on ne sait pas jusqu’à quand c’est tenable."),
    }
}

/// The path, from what is explained to what was lost.
pub(in crate::cartography) fn path(map: &Cartography, links: &[Link<'_>], moment: impl Fn(u32) -> String) -> Markup {
    html! {
        ol.why { @for (at, link) in links.iter().enumerate() {
            li.lost[link.because.is_none()] {
                a href=(thing_path(&link.thing.id())) { b { (fr(link.thing.name())) } }
                @if at > 0 && link.at > 0 { " " span.small.muted { (fr(&moment(link.at))) } }
                p.small { @match link.because {
                    Some(because) => (fr(&words(map, because, links.get(at + 1)))),
                    None => "perdu",
                } }
            }
        } }
    }
}

/// What links a step to the next.
fn words(map: &Cartography, because: Because<'_>, next: Option<&Link<'_>>) -> String {
    match because {
        Because::Need(need) => needed(map, need, next.map(|link| link.thing.id())),
        Because::Exchange(exchange) => {
            let set = exchange.now();
            let by = if set.protocol.is_empty() { String::new() } else { format!(", par {}", set.protocol) };
            format!("reçoit « {} »{by} ; sans cette interface, passe en mode dégradé", set.name)
        }
    }
}

fn needed(map: &Cartography, need: &Need, next: Option<SubjectId>) -> String {
    let mut said = if need.why.is_empty() { need.relation.label().to_owned() } else { need.why.clone() };
    let others = need.any.iter().filter(|id| Some(**id) != next).filter_map(|id| map.thing(id));
    let others: Vec<String> = others.take(NAMED_MAX).map(|thing| inside(thing.name())).collect();
    if !others.is_empty() {
        said.push_str(&format!(" (au moins {} sur {}, avec {})", need.at_least, need.any.len(), listed(&others)));
    }
    match need.holds_minutes {
        Some(0) => {}
        Some(minutes) => said.push_str(&format!(" ; tient {} sans", duration(minutes))),
        None if need.degrades => said.push_str(" ; sans, passe en mode dégradé"),
        None => {}
    }
    said
}
