//! How much of the map is filled in, view by view.

use crate::typography::fr;
use domain::cartography::kind::View;
use domain::cartography::{Cartography, Thing};
use domain::register::day::Day;
use journal::SubjectId;
use maud::{Markup, html};
use std::collections::BTreeSet;

/// What is counted in a view.
#[derive(Default)]
struct Count {
    all: usize,
    /// With somebody who answers for them, with links, with an RTO, read within a year.
    of: [usize; 4],
}

const HEADS: [&str; 4] = ["Avec un responsable", "Avec des liens", "Avec un RTO", "Relues depuis un an"];

impl Count {
    fn add(&mut self, facts: [bool; 4]) {
        self.all += 1;
        for (count, fact) in self.of.iter_mut().zip(facts) {
            *count += usize::from(fact);
        }
    }
}

fn facts(map: &Cartography, thing: Thing<'_>, named: &BTreeSet<SubjectId>, today: Day) -> [bool; 4] {
    let rto = match thing {
        Thing::Activity(activity) => activity.now().rto_minutes,
        Thing::Asset(asset) => asset.now().rto_minutes,
    };
    let linked = !thing.needs().is_empty() || named.contains(&thing.id());
    [thing.owner().is_some(), linked, rto.is_some(), !map.is_stale(thing, today)]
}

/// Everything that a need or an interface names.
fn named(map: &Cartography, things: &[Thing<'_>]) -> BTreeSet<SubjectId> {
    let needed = things.iter().flat_map(|thing| thing.needs()).flat_map(|need| need.any.iter().copied());
    let exchanged = map.exchanges().into_iter().flat_map(|exchange| {
        let set = exchange.now();
        [Some(set.source), Some(set.target), set.via].into_iter().flatten()
    });
    needed.chain(exchanged).collect()
}

/// The table: one row per view that holds something, and all of them.
pub(super) fn section(map: &Cartography, things: &[Thing<'_>], today: Day) -> Markup {
    let named = named(map, things);
    let mut views: Vec<(View, Count)> = View::ALL.into_iter().map(|view| (view, Count::default())).collect();
    let mut whole = Count::default();
    for thing in things {
        let facts = facts(map, *thing, &named, today);
        whole.add(facts);
        if let Some((_, count)) = views.iter_mut().find(|(view, _)| *view == thing.view()) {
            count.add(facts);
        }
    }
    html! {
        section.panel.wide aria-labelledby="couverture" {
            header { h2 #couverture { "Couverture" } span.muted.small { "ce qui est rempli, vue par vue" } }
            div.scrollx tabindex="0" role="group" aria-label="Couverture de la carte" { table.coverage {
                thead { tr { th scope="col" { "Vue" } th.n scope="col" { "Fiches" } @for head in HEADS { th.n scope="col" { (head) } } } }
                tbody { @for (view, count) in views.iter().filter(|(_, count)| count.all > 0) { (row(view.label(), count)) } }
                tfoot { (row("Toute la carte", &whole)) }
            } }
        }
    }
}

fn row(label: &str, count: &Count) -> Markup {
    html! { tr { th scope="row" { (fr(label)) } td.n { (count.all) }
    @for some in count.of { td.n { (some) " " span.small.muted { (fr(&percent(some, count.all))) } } } } }
}

/// Rounded to the nearest, but « 100 % » is all of them and « 0 % » is none.
fn percent(some: usize, all: usize) -> String {
    let rounded = (some * 200 + all) / (2 * all).max(1);
    let kept = if some == 0 || some >= all { rounded } else { rounded.clamp(1, 99) };
    format!("{kept} %")
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_percentage_is_rounded_but_never_up_to_all_nor_down_to_none() {
        assert_eq!([percent(51, 109), percent(15, 28), percent(1, 26), percent(8, 11)], ["47 %", "54 %", "4 %", "73 %"]);
        assert_eq!(
            [percent(199, 200), percent(200, 200), percent(1, 900), percent(0, 9), percent(0, 0)],
            ["99 %", "100 %", "1 %", "0 %", "0 %"]
        );
    }
}
