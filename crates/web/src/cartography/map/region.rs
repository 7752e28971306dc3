//! The part of the page that is kept from one reader to the next: the picture, its key and the same in a table.

use super::drawing::{Options, drawing};
use super::filter::{DRAWN_NODES_MAX, Filter};
use super::table;
use crate::session::Visitor;
use crate::typography::fr;
use crate::urgence::running;
use domain::cartography::network::Net;
use domain::crisis::Crisis;
use domain::situation::Situation;
use maud::{Markup, PreEscaped, html};
use pictures::map::{Drawing, Stroke};
use std::borrow::Cow;

/// The picture and its table, as markup.
pub(super) fn render(visitor: &Visitor, net: &Net, filter: &Filter) -> String {
    let state = &visitor.view.state;
    let situation = situation(visitor);
    let situation = situation.as_deref();
    let drawing = drawing(state, net, None, &Options { situation, ..filter.options() });
    let layout = pictures::map::lay_out(&drawing);
    let picture = pictures::map::svg(&drawing, &layout, false);
    html! {
        div.scrollx.plan #plan tabindex="0" role="region" aria-label="Plan" data-plan { (PreEscaped(picture)) }
        (key(&drawing, situation.is_some()))
        (table::table(state, filter, situation))
        datalist #noms { @for thing in state.cartography.things().iter().take(DRAWN_NODES_MAX) { option value=(thing.name()) {} } }
    }
    .into_string()
}

/// How things work, when a crisis runs; before anybody declared anything, nobody knows.
pub(super) fn situation(visitor: &Visitor) -> Option<Cow<'_, Situation>> {
    let state = &visitor.view.state;
    let known = |crisis: &Crisis| state.situations.get(&crisis.id).map_or_else(Cow::default, Cow::Borrowed);
    running(state).map(known)
}

/// What the lines mean: those that are there.
fn key(drawing: &Drawing, crisis: bool) -> Markup {
    let redundant = drawing.edges.iter().any(|edge| edge.redundant);
    let lane = |at: usize| drawing.nodes.get(at).map_or(0, |node| node.lane);
    let back = drawing.edges.iter().any(|edge| lane(edge.from) >= lane(edge.to) && edge.from != edge.to);
    let dragged = drawing.edges.iter().any(|edge| edge.stroke == Stroke::Explains);
    html! {
        p.key {
            span { (fr("Chaque élément a besoin de ce qui est relié à sa droite.")) }
            @if back { span { (line("M12 4H26M17 0L12 4L17 8", "f")) "flèche : a besoin de ce qu’elle désigne" } }
            @if redundant { span { (dashes()) "l’un de plusieurs suffit" } }
            @if dragged { span { (line("M0 4H26", "x")) "arrêt qui en entraîne un autre" } }
            @if crisis { span.st.down { "arrêté" } span.st.warn { "dégradé" } span.st.ok { "normal" } span.st.enclave { "bulle" } span.st.moved { "transféré" } span.st.unknown { "inconnu" } }
        }
    }
}

fn line(path: &str, class: &str) -> Markup {
    html! { svg class="map calm" width="26" height="8" aria-hidden="true" { path class=(class) fill="none" d=(path) {} } }
}

fn dashes() -> Markup {
    html! { svg class="map calm" width="26" height="8" aria-hidden="true" { path.f fill="none" stroke-dasharray="5 3" d="M0 4H26" {} } }
}
