//! One activity: the smallest losses that stop it, and in which order to start again what it needs.

use super::{PATH, Ranked, restart};
use crate::answer::Fault;
use crate::app::Inner;
use crate::cartography::{head, thing_path};
use crate::crisis::scene::subject;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::situation::words::listed;
use crate::today::plural;
use crate::typography::fr;
use axum::response::{IntoResponse, Response};
use domain::cartography::Thing;
use impact::{CutLimits, CutSets, Scratch};
use maud::{Markup, html};
use std::time::{Duration, Instant};

/// How far minimal losses are looked for.
const LIMITS: CutLimits = CutLimits { size: 3, work: 20_000_000 };
/// And for how long.
const SOUGHT_WITHIN: Duration = Duration::from_secs(1);
/// Most sets shown.
const SETS_MAX: usize = 200;
/// Most things whose order is shown.
const RESTARTED_MAX: usize = 2_000;

pub(super) fn page(shared: &Inner, visitor: &Visitor, id: &str) -> Result<Response, Fault> {
    let ranked = Ranked::new(shared, visitor);
    let activity = ranked.map.activity(&subject(id)?).ok_or_else(Fault::not_found)?;
    let number = ranked.net.number(&activity.id).ok_or_else(Fault::not_found)?;
    let name = activity.now().name.as_str();
    let end = Instant::now() + SOUGHT_WITHIN;
    // Other activities are consequences here, not causes.
    let may = |number: u32| !ranked.net.activities.contains(&number);
    let cuts = ranked.net.network.cut_sets(number, LIMITS, &may, &|| Instant::now() > end);
    let mut scratch = Scratch::default();
    let mut needed = ranked.net.network.upstream(&[number], &mut scratch).to_vec();
    needed.push(number);
    let page = Page::new(shared, visitor, Place::Prepare, name);
    let body = html! {
        (head(&format!("Ce qui arrête « {name} »"), PATH))
        p.lead { (fr(&sentence(&cuts))) }
        p.screen { a href=(PATH) { "Revenir à la criticité" } " · " a href=(thing_path(&activity.id)) { "Voir l’activité" } }
        (sets(&ranked, &cuts, &activity.id))
        section.panel aria-labelledby="ordre" {
            header { h2 #ordre { "Dans quel ordre redémarrer ce dont elle a besoin" } span.muted.small { (needed.len() - 1) } }
            @if needed.len() > RESTARTED_MAX { p.empty { (fr("Trop d’éléments pour être listés ici : voyez l’ordre de toute la carte.")) } }
            @else { (restart::section(ranked.map, &ranked.net, &ranked.net.network.restart(&needed))) }
        }
    };
    Ok(page.render(&body).into_response())
}

fn sentence(cuts: &CutSets) -> String {
    let of = |size: usize| cuts.sets.iter().filter(|set| set.len() == size).count() as u64;
    let together: Vec<String> = [(of(2), "paire", "paires"), (of(3), "triplet", "triplets")]
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| plural(count, one, many))
        .collect();
    let mut said = match of(1) {
        0 if together.is_empty() && cuts.complete => {
            "Aucune perte de un, deux ou trois éléments ne l’arrête, d’après les liens déclarés : vérifiez qu’il n’en manque pas."
                .to_owned()
        }
        0 if together.is_empty() => "Aucune perte trouvée, mais la recherche n’est pas allée au bout.".to_owned(),
        0 => format!("Aucun élément ne l’arrête à lui seul ; {} le peuvent.", listed(&together)),
        1 => "1 élément l’arrête à lui seul.".to_owned(),
        n => format!("{n} éléments l’arrêtent, chacun à lui seul."),
    };
    if of(1) > 0 && !together.is_empty() {
        said.push_str(&format!(" À perdre ensemble, {} de plus.", listed(&together)));
    }
    if !cuts.complete {
        said.push_str(&format!(
            " Liste incomplète : toutes les pertes de {} au plus y sont, pas les plus grandes.",
            plural(cuts.size as u64, "élément", "éléments")
        ));
    }
    said
}

fn sets(ranked: &Ranked<'_>, cuts: &CutSets, activity: &journal::SubjectId) -> Markup {
    let things = |set: &[u32]| -> Vec<Thing<'_>> {
        set.iter().filter_map(|number| ranked.map.thing(ranked.net.ids.get(*number as usize)?)).collect()
    };
    let what_if = |things: &[Thing<'_>]| {
        let lost: Vec<String> = things.iter().map(|thing| format!("perdu={}", thing.id())).collect();
        format!("{}?{}&pourquoi={activity}", crate::cartography::what_if::PATH, lost.join("&"))
    };
    let said = |things: &[Thing<'_>]| {
        let names: Vec<&str> = things.iter().map(|thing| thing.name()).collect();
        fr(&format!("et si ? {}", names.join(" + "))).into_owned()
    };
    html! {
        @for (size, title) in [(1, "À lui seul"), (2, "Deux ensemble"), (3, "Trois ensemble")] {
            @let mine: Vec<&Vec<u32>> = cuts.sets.iter().filter(|set| set.len() == size).collect();
            @if !mine.is_empty() {
                section.panel aria-labelledby={ "pertes-" (size) } {
                    header { h2 id={ "pertes-" (size) } { (title) } span.muted.small { (mine.len()) } }
                    ul.plain { @for set in mine.iter().take(SETS_MAX) { @let things = things(set);
                        li { @for (at, thing) in things.iter().enumerate() { @if at > 0 { " + " } a href=(thing_path(&thing.id())) { (fr(thing.name())) } } " " a.small.screen href=(what_if(&things)) aria-label=(said(&things)) { (fr("et si ?")) } } } }
                    @if mine.len() > SETS_MAX { p.muted { "et " (mine.len() - SETS_MAX) " autres." } }
                }
            }
        }
    }
}
