//! The answer: how many activities are hit, how each fares, until when it is bearable.

use super::Scene;
use crate::cartography::{duration, thing_path};
use crate::situation::words::{inside, listed};
use crate::today::plural;
use crate::typography::fr;
use domain::cartography::kind::View;
use domain::cartography::network::Fate;
use domain::cartography::network::course::Condition;
use domain::cartography::{Asset, Thing};
use maud::{Markup, html};

/// Most activities in the table, unless all are asked for.
const ROWS_MAX: usize = 100;
/// Most other elements named per view.
const NAMED_MAX: usize = 60;
/// Most activities named in the sentence.
const FIRST_NAMED_MAX: usize = 2;

/// The sentence that says it all.
pub(super) fn sentence(scene: &Scene<'_>, fates: &[Fate<'_>]) -> String {
    let all = scene.net.activities.len();
    if scene.lost.is_empty() {
        return "Choisissez ce qui tombe : la page dit quelles activités s’arrêtent, quand, et pourquoi.".to_owned();
    }
    if fates.is_empty() {
        return unhit(scene, all);
    }
    let count = |such: &dyn Fn(&Fate<'_>) -> bool| fates.iter().filter(|fate| such(fate)).count() as u64;
    let now = count(&|fate| fate.stops_at == Some(0));
    let later = count(&|fate| fate.stops_at.is_some_and(|at| at > 0));
    let degraded = count(&|fate| fate.stops_at.is_none());
    let mut parts = Vec::new();
    if now > 0 {
        parts.push(plural(now, "s’arrête aussitôt", "s’arrêtent aussitôt"));
    }
    if later > 0 {
        parts.push(plural(later, "s’arrête plus tard", "s’arrêtent plus tard"));
    }
    if degraded > 0 {
        parts.push(plural(degraded, "passe en mode dégradé", "passent en mode dégradé"));
    }
    let touched = if fates.len() == 1 { "activité sur {all} est touchée" } else { "activités sur {all} sont touchées" };
    let touched = touched.replace("{all}", &all.to_string());
    format!("{} {touched} : {}. {}", fates.len(), parts.join(", "), limits(scene, fates)).trim_end().to_owned()
}

/// When the first limit comes, and how many are unknown.
fn limits(scene: &Scene<'_>, fates: &[Fate<'_>]) -> String {
    let unknown = fates.iter().filter(|fate| fate.limit_at.is_none()).count() as u64;
    let mut said = String::new();
    if let Some(first) = fates.iter().filter_map(|fate| fate.limit_at).min() {
        let names: Vec<String> =
            fates.iter().filter(|fate| fate.limit_at == Some(first)).map(|fate| inside(&fate.activity.now().name)).collect();
        let verb = if names.len() == 1 { "La première limite tombe" } else { "Les premières limites tombent" };
        said = format!("{verb} {}", scene.moment(first));
        if names.len() <= FIRST_NAMED_MAX {
            said.push_str(&format!(" ({})", listed(&names)));
        }
        said.push_str(". ");
    }
    if unknown > 0 {
        let word = plural(unknown, "n’a pas de DMIA : sa limite est inconnue", "n’ont pas de DMIA : leur limite est inconnue");
        said.push_str(&format!("{word}."));
    }
    said
}

/// Nothing is hit: because of redundancy, or because nobody said anything.
fn unhit(scene: &Scene<'_>, all: usize) -> String {
    let needed = scene.lost.iter().filter_map(|id| scene.net.number(id)).any(|n| !scene.net.network.dependants(n).is_empty());
    let silent = silent(scene);
    let of = if all == 1 {
        "La seule activité de la carte n’est pas touchée".to_owned()
    } else {
        format!("Aucune des {all} activités n’est touchée")
    };
    if all == 0 {
        return "La carte ne compte encore aucune activité : rien ne peut être dit de ce qui s’arrête.".to_owned();
    }
    let mut said = if needed {
        format!("{of} : ce qui a besoin de ces éléments a un secours, ou ne sert à aucune activité.")
    } else {
        format!("{of} : personne n’a déclaré avoir besoin de ces éléments. Ce n’est pas une preuve que rien n’en dépend.")
    };
    if silent > 0 {
        said.push_str(&format!(
            " {} de quoi elles ont besoin.",
            plural(silent as u64, "activité ne dit pas", "activités ne disent pas")
        ));
    }
    said.replace("1 activité ne dit pas de quoi elles ont besoin", "1 activité ne dit pas de quoi elle a besoin")
}

/// Activities of which nobody said what they need.
fn silent(scene: &Scene<'_>) -> usize {
    let numbers = scene.net.activities.iter().filter(|number| scene.net.network.needs(**number).is_empty());
    numbers.filter(|number| scene.outcome.hit_at(**number).is_none()).count()
}

/// The table of activities hit.
pub(super) fn section(scene: &Scene<'_>, fates: &[Fate<'_>]) -> Markup {
    let shown = if scene.asked.whole { fates.len() } else { ROWS_MAX };
    let silent = silent(scene);
    let explained = super::why::chosen(scene, fates);
    html! {
        section.panel aria-labelledby="activites-touchees" {
            header { h2 #activites-touchees { "Activités touchées" } span.muted.small { (fates.len()) " sur " (scene.net.activities.len()) } }
            @if fates.is_empty() { p.empty { "Aucune." } }
            @else {
                table.fates {
                    thead { tr { th scope="col" { "Activité" } th scope="col" { (fr(&crate::situation::words::begun(&scene.moment(scene.asked.at)))) } th.n scope="col" { "S’arrête" } th.n scope="col" { "Limite" } } }
                    tbody { @for fate in fates.iter().take(shown) { (row(scene, fate, explained)) } }
                }
                @if fates.len() > shown { p { a href=(scene.asked.all_rows().address()) { "Voir les " (fates.len() - shown) " autres" } } }
                p.small.muted { (fr("Limite : le moment où la DMIA est dépassée, comptée de l’arrêt ; du mode dégradé quand personne n’a dit combien de temps il tient.")) }
            }
            @if silent > 0 && !fates.is_empty() { p.small { span.st.unknown { (silent) } " " (fr(if silent == 1 { "activité ne dit pas de quoi elle a besoin : on ne sait pas si elle est touchée." } else { "activités ne disent pas de quoi elles ont besoin : on ne sait pas si elles sont touchées." })) } }
            @if scene.net.dangling > 0 { p.small.muted { (fr(&format!("{} de la carte ne {} rien de connu, et ne compte pas.", plural(scene.net.dangling as u64, "lien", "liens"), if scene.net.dangling < 2 { "nomme" } else { "nomment" }))) } }
        }
    }
}

fn row(scene: &Scene<'_>, fate: &Fate<'_>, explained: Option<journal::SubjectId>) -> Markup {
    let here = explained == Some(fate.activity.id);
    let clock = |at: u32| scene.clock(at).map(|clock| html! { " " span.hour.small.muted { (clock) } });
    html! { tr.here[here] {
        td { a href={ (scene.asked.explaining(fate.activity.id).address()) "#pourquoi" } aria-current=[here.then_some("true")] { (fr(&fate.activity.now().name)) } }
        td { (condition(fate.at(scene.asked.at))) }
        td.n { @match fate.stops_at {
            Some(0) => "aussitôt",
            Some(at) => { (fr(&format!("après {}", duration(at)))) @if let Some(clock) = clock(at) { (clock) } },
            None => span.muted { "non" },
        } }
        td.n { @match fate.limit_at {
            Some(at) => { b { (fr(&duration(at))) } @if let Some(clock) = clock(at) { (clock) } },
            None => span.muted { "inconnue" },
        } }
    } }
}

/// Shape, word and colour.
pub(super) fn condition(condition: Condition) -> Markup {
    match condition {
        Condition::Up => html! { span.muted { "Tient" } },
        Condition::Degraded => html! { span.st.warn { "Dégradé" } },
        Condition::Stopped => html! { span.st.down { "Arrêt" } },
    }
}

/// What else is hit, view by view.
pub(super) fn others(scene: &Scene<'_>) -> Markup {
    let hit = scene.outcome.hit().iter().filter_map(|number| Some((*number, scene.net.ids.get(*number as usize)?)));
    let hit = hit.filter(|(_, id)| !scene.lost.contains(id));
    let hit: Vec<(u32, &Asset)> = hit.filter_map(|(number, id)| Some((number, scene.map().asset(id)?))).collect();
    let of = |view: View| -> Vec<&(u32, &Asset)> { hit.iter().filter(|(_, asset)| asset.now().kind.view() == view).collect() };
    html! {
        @if !hit.is_empty() {
            section.panel.screen aria-labelledby="autres" {
                header { h2 #autres { "Autres éléments touchés" } span.muted.small { (hit.len()) } }
                @for view in View::ALL { @let mine = of(view); @if !mine.is_empty() {
                    details.elements { summary { (view.label()) (fr(" : ")) (mine.len()) }
                        ul.names { @for (number, asset) in mine.iter().take(NAMED_MAX) { (element(scene, *number, Thing::Asset(asset))) } }
                        @if mine.len() > NAMED_MAX { p.muted { "et " (mine.len() - NAMED_MAX) " autres." } } }
                } }
            }
        }
    }
}

fn element(scene: &Scene<'_>, number: u32, thing: Thing<'_>) -> Markup {
    let (mark, words, at) = match (scene.outcome.down_at(number), scene.outcome.hit_at(number)) {
        (Some(at), _) => ("down", "arrêt", at),
        (None, at) => ("warn", "dégradé", at.unwrap_or(0)),
    };
    html! { li { span class={ "st " (mark) } { span.out { (words) } } " " a href=(thing_path(&thing.id())) { (fr(thing.name())) } " " span.small.muted { (words) " " (fr(&scene.moment(at))) } } }
}
