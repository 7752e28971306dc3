//! The table: the heaviest element first, with its reason.

use super::rows::{Filter, ONLY, Row, Sort};
use super::{PATH, Ranked, duration};
use crate::cartography::thing_path;
use crate::situation::words::inside;
use crate::today::plural;
use crate::typography::fr;
use domain::cartography::kind::View;
use domain::cartography::network::Net;
use domain::cartography::network::critical::{Fall, WEIGHTS};
use impact::{Inherited, Scratch};
use journal::SubjectId;
use maud::{Markup, html};

/// Rows of a page.
const ROWS_MAX: usize = 100;
/// Width of the heaviest bar, px.
const BAR_PX: u64 = 120;
/// Most steps of a reason that are named.
const STEPS_MAX: usize = 6;

pub(super) fn section(ranked: &Ranked<'_>, all: &[Row<'_>], filter: &Filter) -> Markup {
    let kept = filter.apply(all);
    let pages = kept.len().div_ceil(ROWS_MAX).max(1);
    let page = filter.page.min(pages);
    let heaviest = all.iter().filter_map(|row| row.single).map(|single| single.weight).max().unwrap_or(0);
    let mut scratch = Scratch::default();
    let shown: Vec<Markup> =
        kept.iter().skip((page - 1) * ROWS_MAX).take(ROWS_MAX).map(|row| line(ranked, row, heaviest, &mut scratch)).collect();
    html! {
        (form(filter))
        section.panel aria-labelledby="elements" {
            header { h2 #elements { "Ce que la perte de chacun, à lui seul, arrête" } span.muted.small { (kept.len()) @if kept.len() < all.len() { " sur " (all.len()) } }
                span.more.small.screen { a href=(filter.export("xlsx")) { "XLSX" } " · " a href=(filter.export("csv")) { "CSV" } } }
            @if kept.is_empty() { p.empty { "Aucun élément ne répond à ce filtre. " a href=(PATH) { "Les voir tous" } } }
            @else {
                table.reg.critical {
                    thead { tr {
                        (sorted(filter, Sort::Name, "Élément")) (sorted(filter, Sort::Weight, "Poids")) th scope="col" { "Activités arrêtées, et pourquoi" }
                        (sorted(filter, Sort::Gap, "Rétablissement")) (sorted(filter, Sort::DataGap, "Données"))
                    } }
                    tbody { @for row in &shown { (row) } }
                }
            }
            @if pages > 1 { nav.pager aria-label="Pages" {
                @if page > 1 { a href=(filter.address(filter.sort, page - 1)) { "Page précédente" } }
                span { "Page " (page) " sur " (pages) }
                @if page < pages { a href=(filter.address(filter.sort, page + 1)) { "Page suivante" } }
            } }
            p.small.muted { (fr(&scale())) }
        }
    }
}

/// What weights mean.
fn scale() -> String {
    let [first, second, third, fourth, fifth] = WEIGHTS;
    format!(
        "Poids : somme des activités que cette seule perte finit par arrêter, {first} pour une activité vitale (priorité 1), puis {second}, {third}, {fourth} et {fifth}. Il sert à trier ; il ne mesure pas un dommage. Rétablissement et données : ce que demandent les activités qui en dépendent, contre ce que l’élément permet (RTO, PDMA)."
    )
}

fn form(filter: &Filter) -> Markup {
    html! {
        form.whatif-bar.screen action=(PATH) {
            input type="hidden" name="tri" value=(filter.sort.name());
            p.field { label for="q" { "Nom" } input #q name="q" value=(filter.text) autocomplete="off"; }
            p.field { label for="vue" { "Vue" } select #vue name="vue" { option value="" { "toutes" }
                @for view in View::ALL { option value=(view.name()) selected[filter.view == Some(view)] { (view.label()) } } } }
            p.field { label for="seulement" { "Seulement" } select #seulement name="seulement" {
                @for (name, words) in ONLY { option value=(name) selected[filter.only == name] { (fr(words)) } } } }
            button.btn { "Filtrer" }
        }
    }
}

fn sorted(filter: &Filter, sort: Sort, head: &str) -> Markup {
    let here = filter.sort == sort;
    html! { th scope="col" aria-sort=[here.then_some(if sort == Sort::Name { "ascending" } else { "descending" })] {
    a href=(filter.address(sort, 1)) { (head) } @if here { span aria-hidden="true" { " ↓" } } } }
}

fn line(ranked: &Ranked<'_>, row: &Row<'_>, heaviest: u64, scratch: &mut Scratch) -> Markup {
    let fall = ranked.net.fall(ranked.map, row.number, scratch);
    html! { tr {
        th scope="row" { a href=(thing_path(&row.thing.id())) { (fr(row.thing.name())) } " " span.small.muted { (row.thing.kind_label()) }
            (flags(row)) }
        td.weight data-label="Poids" { @match row.single {
            Some(single) => { b { (single.weight) } @if single.weight > 0 { " " (bar(single.weight, heaviest)) } },
            None => span.muted { "non calculé" },
        } }
        td data-label="Activités arrêtées" { (falls(ranked, row, &fall)) }
        td data-label="Rétablissement" { (against(&ranked.net, ranked, row.recovery, row.back_in(), row.gap())) }
        td data-label="Données" { (against(&ranked.net, ranked, row.data, row.loses(), row.data_gap())) }
    } }
}

fn flags(row: &Row<'_>) -> Markup {
    html! {
        @if row.is_single_point() { p.tight.small { span.st.down { "point de défaillance unique" } } }
        @if row.is_essential() { p.tight.small.muted { "SIE" } }
        @if row.might_be_essential() { p.tight.small { span.st.warn { (fr("devrait être SIE ?")) } } }
    }
}

fn bar(weight: u64, heaviest: u64) -> Markup {
    let px = (weight * BAR_PX / heaviest.max(1)).max(1);
    html! { svg.bar width=(BAR_PX) height="10" viewBox={ "0 0 " (BAR_PX) " 10" } aria-hidden="true" { rect.weight x="0" y="1" width=(px) height="8" {} } }
}

/// `2 vitales (P1), 3 de priorité 2`.
pub(super) fn by_priority(stopped: &[usize; 5]) -> String {
    let said = (1..).zip(stopped).filter(|(_, count)| **count > 0).map(|(priority, count)| match priority {
        1 => plural(*count as u64, "vitale", "vitales"),
        priority => format!("{count} de priorité {priority}"),
    });
    said.collect::<Vec<_>>().join(", ")
}

fn falls(ranked: &Ranked<'_>, row: &Row<'_>, fall: &Fall<'_>) -> Markup {
    let total: usize = fall.stopped.iter().sum();
    let id = row.thing.id();
    let Some(gravest) = fall.gravest() else {
        return html! { span.muted { "aucune, à lui seul" } };
    };
    let what_if = format!("{}?perdu={id}&pourquoi={}", crate::cartography::what_if::PATH, gravest.activity.id);
    let first = fall.fates.iter().filter_map(|fate| fate.limit_at).min();
    html! {
        p.tight {
            @if total > 0 { b { (total) } (fr(" : ")) (by_priority(&fall.stopped)) } @else { span.muted { "aucune ne s’arrête" } }
            @if fall.degraded > 0 { " ; " span.st.warn { (plural(fall.degraded as u64, "dégradée", "dégradées")) } }
            @if let Some(first) = first { (fr(&format!(" ; première limite après {}", duration(first)))) }
        }
        p.tight.small { a href=(what_if) { (fr(&reason(ranked, fall, &gravest.activity.id))) } }
    }
}

/// The way from the gravest activity down to the element.
pub(super) fn reason(ranked: &Ranked<'_>, fall: &Fall<'_>, activity: &SubjectId) -> String {
    let number = ranked.net.number(activity);
    let links = number.map(|number| ranked.net.explanation(ranked.map, &fall.outcome, number)).unwrap_or_default();
    let names: Vec<&str> = links.iter().map(|link| link.thing.name()).collect();
    match names.as_slice() {
        names if names.len() <= STEPS_MAX => names.join(" → "),
        [start @ .., last] => format!("{} → … → {last}", start[..STEPS_MAX - 2].join(" → ")),
        [] => String::new(),
    }
}

/// « besoin 2 h, capacité 8 h : écart 6 h », and from whom the need comes.
fn against(net: &Net, ranked: &Ranked<'_>, need: Option<Inherited>, capability: Option<u32>, gap: Option<u32>) -> Markup {
    let Some(need) = need else {
        return html! { @if let Some(capability) = capability { span.muted { (fr(&format!("capacité {}", duration(capability)))) } } @else { span.muted { "–" } } };
    };
    let origin = net.ids.get(need.origin as usize).and_then(|id| ranked.map.thing(id)).map(|thing| inside(thing.name()));
    let able =
        capability.map_or_else(|| "capacité inconnue".to_owned(), |capability| format!("capacité {}", duration(capability)));
    html! {
        p.tight { (fr(&format!("besoin {}, {able}", duration(need.minutes)))) }
        @if let Some(gap) = gap { p.tight { span.st.down { (fr(&format!("écart {}", duration(gap)))) } } }
        @if let Some(origin) = origin.filter(|_| need.through.is_some()) { p.tight.small.muted { (fr(&format!("pour {origin}"))) } }
    }
}
