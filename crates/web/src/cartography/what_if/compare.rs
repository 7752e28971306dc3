//! Two scenarios side by side.

use super::answer::condition;
use super::{PATH, Pairs, nothing};
use crate::app::Shared;
use crate::cartography::net::net;
use crate::cartography::{duration, head, thing_path};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use domain::cartography::network::Fate;
use domain::cartography::network::course::Condition;
use domain::cartography::{Cartography, Scenario};
use journal::SubjectId;
use maud::{Markup, html};
use std::collections::BTreeMap;

type Fates<'a> = BTreeMap<SubjectId, Fate<'a>>;

/// `GET /carte/et-si/comparer`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, query: Pairs) -> Response {
    let pairs = query.map_or_else(|_| Vec::new(), |Query(pairs)| pairs);
    let map = &visitor.view.state.cartography;
    let scenarios = map.scenarios();
    let named = |name: &str| {
        let id: Option<SubjectId> = pairs.iter().find(|(key, _)| key == name).and_then(|(_, value)| value.parse().ok());
        id.and_then(|id| map.scenario(&id))
    };
    let one = named("un").or(scenarios.first().copied());
    let two = named("deux").or(scenarios.iter().copied().find(|s| Some(s.id) != one.map(|one| one.id)));
    let page = Page::new(&shared, &visitor, Place::Prepare, "Comparer deux scénarios");
    let net = net(&shared, &visitor);
    let fates = |scenario: &Scenario| -> Fates<'_> {
        let outcome = net.what_if(&scenario.now().lost);
        net.fates(map, &outcome).into_iter().map(|fate| (fate.activity.id, fate)).collect()
    };
    let body = html! {
        (head("Comparer deux scénarios", PATH))
        @if net.ids.is_empty() { (nothing()) }
        @else if let (Some(one), Some(two)) = (one, two) { (compared(map, &scenarios, (one, two), (&fates(one), &fates(two)))) }
        @else { p.empty { (fr("Il faut deux scénarios pour comparer : ")) a href=(PATH) { "choisissez ce qui tombe" } ", puis gardez-le comme scénario." } }
    };
    page.render(&body).into_response()
}

fn compared(
    map: &Cartography,
    scenarios: &[&Scenario],
    (one, two): (&Scenario, &Scenario),
    (first, second): (&Fates<'_>, &Fates<'_>),
) -> Markup {
    let all = map.by_priority();
    let hit: Vec<_> = all.iter().filter(|a| first.contains_key(&a.id) || second.contains_key(&a.id)).collect();
    let choice = |name: &str, label: &str, chosen: SubjectId| {
        html! { p.field { label for=(name) { (label) } select id=(name) name=(name) {
        @for scenario in scenarios { option value=(scenario.id) selected[scenario.id == chosen] { (fr(&scenario.now().name)) } } } } }
    };
    let differs = |id: &SubjectId| key(first.get(id)) != key(second.get(id));
    html! {
        p.lead { (fr(&sentence((one, two), (first, second)))) }
        form.whatif-bar.screen action="/carte/et-si/comparer" { (choice("un", "Un scénario", one.id)) (choice("deux", "et un autre", two.id)) button.btn { "Comparer" } }
        section.panel aria-labelledby="compare" {
            header { h2 #compare { "Activités touchées par l’un ou l’autre" } span.muted.small { (hit.len()) " sur " (all.len()) } }
            div.scrollx tabindex="0" role="group" aria-label="Comparaison" { table {
                thead { tr { th scope="col" { "Activité" }
                    @for scenario in [one, two] { th scope="col" { a href={ (PATH) "?scenario=" (scenario.id) } { (fr(&scenario.now().name)) } } }
                    th scope="col" { "Écart" } } }
                tbody { @for activity in &hit { tr {
                    td { a href=(thing_path(&activity.id)) { (fr(&activity.now().name)) } }
                    td { (fares(first.get(&activity.id))) } td { (fares(second.get(&activity.id))) }
                    td { @if differs(&activity.id) { b { (difference(first.get(&activity.id), second.get(&activity.id))) } } @else { span.muted { "même" } } }
                } } }
            } }
        }
    }
}

fn sentence((one, two): (&Scenario, &Scenario), (first, second): (&Fates<'_>, &Fates<'_>)) -> String {
    let more = |a: &Fates<'_>, b: &Fates<'_>| a.keys().filter(|id| !b.contains_key(*id)).count() as u64;
    let touched = |fates: &Fates<'_>| match fates.len() as u64 {
        0 => "aucune activité touchée".to_owned(),
        n => plural(n, "activité touchée", "activités touchées"),
    };
    let only = |n: u64| if n == 0 { "aucune".to_owned() } else { n.to_string() };
    format!(
        "« {} » : {}. « {} » : {}. Touchées par le premier seulement : {} ; par le second seulement : {}.",
        one.now().name,
        touched(first),
        two.now().name,
        touched(second),
        only(more(first, second)),
        only(more(second, first))
    )
}

/// What of a fate is compared: how bad in the end, when it stops, until when it is bearable.
fn key(fate: Option<&Fate<'_>>) -> Option<(Condition, Option<u32>, Option<u32>)> {
    fate.map(|fate| (fate.at(u32::MAX), fate.stops_at, fate.limit_at))
}

fn fares(fate: Option<&Fate<'_>>) -> Markup {
    let Some(fate) = fate else { return html! { span.muted { "pas touchée" } } };
    let stops = match fate.stops_at {
        Some(0) => "aussitôt".to_owned(),
        Some(at) => format!("après {}", duration(at)),
        None => String::new(),
    };
    let limit = fate.limit_at.map_or_else(|| "limite inconnue".to_owned(), |at| format!("limite après {}", duration(at)));
    html! { (condition(fate.at(u32::MAX))) " " span.small { (fr(&stops)) " " span.muted { (fr(&limit)) } } }
}

fn difference(one: Option<&Fate<'_>>, two: Option<&Fate<'_>>) -> &'static str {
    let bad = |fate: Option<&Fate<'_>>| {
        let limit = |fate: &Fate<'_>| std::cmp::Reverse(fate.limit_at.unwrap_or(u32::MAX));
        fate.map_or((Condition::Up, std::cmp::Reverse(u32::MAX)), |fate| (fate.at(u32::MAX), limit(fate)))
    };
    if bad(one) > bad(two) { "pire dans le premier" } else { "pire dans le second" }
}
