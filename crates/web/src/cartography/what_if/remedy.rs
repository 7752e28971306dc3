//! What would have helped, and what is no longer doubled.

use super::Scene;
use super::asked::Asked;
use crate::cartography::thing_path;
use crate::situation::words::{inside, listed};
use crate::today::plural;
use crate::typography::fr;
use domain::cartography::network::Fate;
use domain::cartography::network::remedy::{Remedies, Remedy};
use maud::{Markup, html};

/// Most remedies shown.
const SHOWN_MAX: usize = 8;
/// Most spares shown.
const THIN_MAX: usize = 50;
/// Width of a bar that would spare every activity hit, px.
const BAR_PX: usize = 200;

/// Elements tried one by one as if they went on working.
pub(super) fn section(scene: &Scene<'_>, fates: &[Fate<'_>]) -> Markup {
    if fates.is_empty() {
        return html! {};
    }
    let remedies = scene.net.remedies(scene.map(), &scene.lost, &scene.outcome);
    html! {
        section.panel aria-labelledby="remedes" {
            header { h2 #remedes { "Remède le plus utile" } }
            @if remedies.list.is_empty() { p.empty { (fr("Aucun élément n’épargnerait à lui seul une activité s’il continuait de marcher : il en faudrait plusieurs.")) } }
            @else { (table(scene, &remedies, fates)) }
            p.small.muted {
                (fr(&format!("{} essayé{} un par un, comme s’il{} continuai{} de marcher quoi qu’il arrive (double indépendant, secours hors du domaine). Les gains ne s’ajoutent pas.",
                    plural(remedies.tried as u64, "élément", "éléments"), s(remedies.tried), s(remedies.tried), if remedies.tried > 1 { "ent" } else { "t" })))
                @if remedies.tried < remedies.candidates { " " (fr(&format!("Les {} autres éléments du chemin n’ont pas été essayés.", remedies.candidates - remedies.tried))) }
            }
        }
    }
}

fn s(count: usize) -> &'static str {
    if count > 1 { "s" } else { "" }
}

fn table(scene: &Scene<'_>, remedies: &Remedies, fates: &[Fate<'_>]) -> Markup {
    let stopped = fates.iter().filter(|fate| fate.stops_at.is_some()).count();
    html! { table.remedies {
        thead { tr { th scope="col" { "S’il continuait de marcher" } th.n scope="col" { "Touchées" } th.n scope="col" { "dont arrêtées" } th.hide-s aria-hidden="true" {} } }
        tbody {
            @for remedy in remedies.list.iter().take(SHOWN_MAX) { (row(scene, remedy, (fates.len(), stopped))) }
        }
    } }
}

/// One remedy; of the activities hit without it, and of those stopped, how many stay so.
fn row(scene: &Scene<'_>, remedy: &Remedy, (hit, stopped): (usize, usize)) -> Markup {
    let left = |before: usize, after: usize| html! { @if before == after { (before) } @else { (before) " → " b { (after) } } };
    let name = scene.map().thing(&remedy.id).map(|thing| thing.name().to_owned()).unwrap_or_default();
    let spared = hit.saturating_sub(remedy.hit);
    let without: Asked = scene.asked.without(&remedy.id);
    let named = scene.asked.ids.contains(&remedy.id) && scene.lost.len() > 1;
    html! { tr {
        td { a href=(thing_path(&remedy.id)) { (fr(&name)) } @if remedy.lost { " " span.small.muted { "perdu : à doubler" } }
            @if named { " " a.small.screen href=(without.address()) { "essayer" } } }
        td.n { (left(hit, remedy.hit)) } td.n { (left(stopped, remedy.stopped)) }
        td.hide-s aria-hidden="true" { svg.bar width=(BAR_PX) height="12" viewBox={ "0 0 " (BAR_PX) " 12" } {
            rect.all x="0" y="10" width=(BAR_PX) height="2" {} rect.spared x="0" y="1" width=(spared * BAR_PX / hit.max(1)) height="11" {} } }
    } }
}

/// Needs that hold by the last that is enough.
pub(super) fn thinned(scene: &Scene<'_>) -> Markup {
    let thin = scene.net.thinned(scene.map(), &scene.outcome);
    html! {
        @if !thin.is_empty() {
            section.panel aria-labelledby="secours" {
                header { h2 #secours { "Plus de secours" } span.muted.small { (thin.len()) } }
                p.small.muted { (fr("Ceci tient encore, mais sans réserve : la prochaine perte l’arrête ou le dégrade.")) }
                ul.plain { @for one in thin.iter().take(THIN_MAX) { li {
                    a href=(thing_path(&one.owner.id())) { (fr(one.owner.name())) } " "
                    @let left: Vec<String> = one.left.iter().map(|thing| inside(thing.name())).collect();
                    (fr(&format!("ne tient plus que par {} ({} sur {}).", listed(&left), one.left.len(), one.need.any.len()))) } } }
                @if thin.len() > THIN_MAX { p.muted { "et " (thin.len() - THIN_MAX) " autres." } }
            }
        }
    }
}
