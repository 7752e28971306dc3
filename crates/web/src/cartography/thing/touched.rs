//! What falls with an element: the activities hit, when, and by which way.

use super::super::{duration, net, thing_path};
use crate::shell::Page;
use crate::situation::words::inside;
use crate::today::plural;
use crate::typography::fr;
use domain::cartography::Cartography;
use domain::cartography::network::{Fate, Net};
use impact::Outcome;
use journal::SubjectId;
use maud::{Markup, html};
use std::sync::Arc;

/// Most activities listed one by one.
const LISTED_MAX: usize = 50;

/// One element lost, and what it does.
pub(in crate::cartography) struct Fall {
    id: SubjectId,
    pub(in crate::cartography) net: Arc<Net>,
    pub(in crate::cartography) outcome: Outcome,
}

/// A delay after the loss.
pub(in crate::cartography) fn after(minutes: u32) -> String {
    if minutes == 0 { "aussitôt".to_owned() } else { format!("après {}", duration(minutes)) }
}

impl Fall {
    pub(in crate::cartography) fn of(page: &Page<'_>, id: SubjectId) -> Self {
        let net = net(page.shared, page.visitor);
        let outcome = net.what_if(&[id]);
        Self { id, net, outcome }
    }

    /// Activities hit, itself left out.
    pub(super) fn fates<'a>(&self, map: &'a Cartography) -> Vec<Fate<'a>> {
        let mut fates = self.net.fates(map, &self.outcome);
        fates.retain(|fate| fate.activity.id != self.id);
        fates
    }

    /// The answer in a sentence.
    pub(super) fn sentence(&self, map: &Cartography, name: &str) -> String {
        let fates = self.fates(map);
        let all = self.net.activities.len();
        if fates.is_empty() {
            return format!(
                "D’après la carte, aucune autre activité n’est touchée si « {name} » tombe : vérifiez qu’il n’y manque pas un lien."
            );
        }
        let stopped = fates.iter().filter(|fate| fate.stops_at.is_some()).count();
        let degraded = fates.len() - stopped;
        let mut parts = Vec::new();
        if fates.len() == 1 {
            parts.push(if stopped > 0 { "elle s’arrête".to_owned() } else { "elle passe en mode dégradé".to_owned() });
        } else if stopped > 0 {
            parts.push(plural(stopped as u64, "s’arrête", "s’arrêtent"));
        }
        if degraded > 0 && fates.len() > 1 {
            parts.push(plural(degraded as u64, "passe en mode dégradé", "passent en mode dégradé"));
        }
        let touched = if fates.len() < 2 { "activité sur {} est touchée" } else { "activités sur {} sont touchées" };
        let touched = touched.replace("{}", &all.to_string());
        let first = fates.iter().find_map(|fate| Some((fate.limit_at?, &fate.activity.now().name)));
        let limit = match first {
            Some((at, activity)) => format!(" La première limite tombe {} ({}).", after(at), inside(activity)),
            None => " Aucune n’a de DMIA : leur limite est inconnue.".to_owned(),
        };
        format!("Si « {name} » tombe, {} {touched} : {}.{limit}", fates.len(), parts.join(", "))
    }

    /// From an activity to what was lost: names and how long each step holds.
    fn path(&self, map: &Cartography, number: u32) -> Vec<(SubjectId, String, u32)> {
        let stops = self.outcome.down_at(number).is_some();
        let steps = if stops { self.outcome.path_down(number) } else { self.outcome.path(number) };
        let next = steps.iter().skip(1).map(|step| step.at).chain([0]);
        let named = steps.iter().zip(next).filter_map(|(step, next)| {
            let thing = map.thing(self.net.ids.get(step.node as usize)?)?;
            Some((thing.id(), thing.name().to_owned(), step.at.saturating_sub(next)))
        });
        named.collect()
    }

    /// The table of activities hit.
    pub(super) fn table(&self, map: &Cartography) -> Markup {
        let fates = self.fates(map);
        html! {
            section.panel aria-labelledby="touchees" {
                header { h2 #touchees { "Activités touchées s’il tombe" } span.muted.small { (fates.len()) } }
                @if fates.is_empty() { p.empty { "Aucune, d’après les liens décrits." } }
                @else {
                    table.reg.touched {
                        thead { tr { th scope="col" { "Activité" } th scope="col" { "Ce qui arrive" } th.n scope="col" { "Limite" } th scope="col" { "Par" } } }
                        tbody { @for fate in fates.iter().take(LISTED_MAX) { (self.line(map, fate)) } }
                    }
                    @if fates.len() > LISTED_MAX { p.small { "et " (plural((fates.len() - LISTED_MAX) as u64, "autre activité", "autres activités"))
                        (fr(" : ")) a href={ "/carte/et-si?perdu=" (self.id) } { "tout voir" } } }
                }
            }
        }
    }

    fn line(&self, map: &Cartography, fate: &Fate<'_>) -> Markup {
        let path = self.net.number(&fate.activity.id).map(|number| self.path(map, number)).unwrap_or_default();
        html! { tr {
            th scope="row" { a href=(thing_path(&fate.activity.id)) { (fr(&fate.activity.now().name)) } }
            td data-label="Ce qui arrive" { @match fate.stops_at {
                Some(at) if at == fate.hit_at => span.st.down { "Arrêt " (fr(&after(at))) },
                Some(at) => { span.st.warn { "Dégradé " (fr(&after(fate.hit_at))) } " " span.small.muted { "arrêt " (fr(&after(at))) } },
                None => span.st.warn { "Dégradé " (fr(&after(fate.hit_at))) },
            } }
            td.n data-label="Limite" { @match fate.limit_at { Some(at) => (fr(&duration(at))), None => span.st.unknown { "inconnue" } } }
            td.small data-label="Par" { @for (at, (id, name, holds)) in path.iter().enumerate().skip(1) {
                @if at > 1 { " → " } @if *id == self.id { "lui" } @else { a href=(thing_path(id)) { (fr(name)) } }
                @if *holds > 0 { " (" (fr(&format!("tient {}", duration(*holds)))) ")" } } }
        } }
    }
}
