//! In which order to start again, and what waits for itself.

use super::{PATH, Ranked};
use crate::app::Inner;
use crate::cartography::{head, thing_path};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::situation::words::listed;
use crate::today::plural;
use crate::typography::fr;
use axum::response::{IntoResponse, Response};
use domain::cartography::network::Net;
use domain::cartography::{Cartography, Thing};
use impact::Wave;
use maud::{Markup, html};

/// Most things named in one wave.
const NAMED_MAX: usize = 100;

/// The order for the whole map, everything being down.
pub(super) fn page(shared: &Inner, visitor: &Visitor) -> Response {
    let ranked = Ranked::new(shared, visitor);
    let page = Page::new(shared, visitor, Place::Prepare, "Ordre de redémarrage");
    let all: Vec<u32> = (0..ranked.net.network.nodes()).collect();
    let waves = ranked.net.network.restart(&all);
    let body = html! {
        (head("Ordre de redémarrage", PATH))
        p.lead { (fr(&sentence(&waves))) }
        p.screen { a href=(PATH) { "Revenir à la criticité" } }
        (section(ranked.map, &ranked.net, &waves))
        p.small.muted { (fr("Tout étant arrêté : chaque vague ne demande que ce que les précédentes ont remis en marche. Le redémarrage d’un élément dont le manque ne fait que dégrader n’est pas attendu.")) }
    };
    page.render(&body).into_response()
}

fn sentence(waves: &[Wave]) -> String {
    let cycles = waves.iter().flat_map(|wave| &wave.units).filter(|unit| unit.len() > 1).count() as u64;
    match (waves.len() as u64, cycles) {
        (0, _) => "La carte est vide : rien à redémarrer.".to_owned(),
        (n, 0) => format!("{}, et rien n’attend soi-même pour redémarrer.", plural(n, "vague", "vagues")),
        (n, cycles) => format!(
            "{} ; {} : il faut décider d’avance par quoi commencer, ou rompre le lien.",
            plural(n, "vague", "vagues"),
            plural(cycles, "groupe d’éléments s’attend mutuellement", "groupes d’éléments s’attendent mutuellement")
        ),
    }
}

/// Waves, one after the other.
pub(super) fn section(map: &Cartography, net: &Net, waves: &[Wave]) -> Markup {
    let thing = |number: &u32| net.ids.get(*number as usize).and_then(|id| map.thing(id));
    html! { ol.waves { @for wave in waves {
        @let cycles: Vec<Vec<Thing<'_>>> = wave.units.iter().filter(|unit| unit.len() > 1).map(|unit| unit.iter().filter_map(thing).collect()).collect();
        @let alone: Vec<Thing<'_>> = wave.units.iter().filter(|unit| unit.len() == 1).flatten().filter_map(thing).collect();
        li {
            @for cycle in &cycles { p { span.st.warn { "s’attendent mutuellement" } (fr(" : ")) (links(cycle)) } }
            @if !alone.is_empty() { p { (links(&alone)) } }
        }
    } } }
}

fn links(things: &[Thing<'_>]) -> Markup {
    let rest = things.len().saturating_sub(NAMED_MAX);
    let more = listed(&[format!("{rest} autres")]);
    html! {
        @for (at, thing) in things.iter().take(NAMED_MAX).enumerate() { @if at > 0 { ", " } a href=(thing_path(&thing.id())) { (fr(thing.name())) } }
        @if rest > 0 { " et " (more) }
    }
}
