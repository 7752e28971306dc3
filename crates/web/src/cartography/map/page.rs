//! The page of the map: the sentence, the filters, the picture, and the button that fixes its arrangement.

use super::super::{base, head, net::net};
use super::PLAN;
use super::declared;
use super::filter::{DRAWN_NODES_MAX, Filter, HOPS_MAX};
use super::kept::Shown;
use super::region;
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::stamps;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::situation::words::begun;
use crate::today::plural;
use crate::typography::fr;
use crate::urgence::running;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::cartography::kind::View;
use domain::cartography::network::Net;
use maud::{Markup, PreEscaped, html};

/// The page. `refused`: why the arrangement was not recorded.
pub(super) fn page(shared: &Shared, visitor: &Visitor, query: &str, refused: Option<&Fault>) -> Response {
    let page = Page::new(shared, visitor, Place::Prepare, "Carte");
    let state = &visitor.view.state;
    let net = net(shared, visitor);
    if net.ids.is_empty() {
        return page.render(&html! { (head("Carte", PLAN)) (empty(&page)) }).into_response();
    }
    let filter = Filter::read(state, &net, query);
    let make = || region::render(visitor, &net, &filter);
    let region = if visitor.replayed.is_some() {
        make().into()
    } else {
        let crisis = running(state).map(|crisis| crisis.id);
        shared.plans.get(Shown::of(state, crisis, filter.words()), make)
    };
    let body = html! {
        (head("Carte", PLAN))
        p.lead { (fr(&answer(visitor, &net, &filter))) }
        @if let Some(fault) = refused { p.error role="alert" { (fr(&fault.sentence)) } }
        (filters(&page, &filter))
        (PreEscaped(String::from_utf8_lossy(&region)))
        (acts(&page, &net, &filter, query))
    };
    let status = refused.or(filter.fault.as_ref()).map_or(StatusCode::OK, |fault| fault.status);
    (status, page.render(&body)).into_response()
}

fn empty(page: &Page<'_>) -> Markup {
    html! {
        p.lead { (fr("La carte est vide. Elle dit ce qui s’arrête si un élément s’arrête : on part des activités, puis de ce dont chacune a besoin.")) }
        @if page.visitor.may_write() {
            p.btns { a.btn href="/carte/archetype" { "Partir d’une carte type" }
                a.btn.ghost href="/carte/import" { "Importer un fichier" } }
        } @else { p.empty { (fr("La direction ou le secrétariat de cellule peut la remplir en quelques minutes, à partir d’une carte type.")) } }
    }
}

/// The sentence that says the answer.
fn answer(visitor: &Visitor, net: &Net, filter: &Filter) -> String {
    let map = &visitor.view.state.cartography;
    let whole = net.ids.len();
    let shown = |only: usize| format!("{} sur {whole}", plural(only as u64, "élément", "éléments"));
    let centre = filter.near.and_then(|id| map.thing(&id)).map(|thing| begun(thing.name()));
    let mut said = match (&filter.only, centre) {
        (Some(only), Some(name)) => {
            let reach = plural(u64::from(filter.hops), "lien", "liens");
            format!("Autour de « {name} », à {reach} au plus : {}.", shown(only.len()))
        }
        (Some(only), None) if filter.unit.is_some() => {
            format!("Ce que fait l’unité et tout ce dont elle a besoin : {}.", shown(only.len()))
        }
        _ => {
            let activities = net.activities.len();
            let others = plural((whole - activities) as u64, "élément", "éléments");
            let silent = map.by_priority().into_iter().filter(|activity| activity.now().needs.is_empty()).count() as u64;
            let activities = plural(activities as u64, "activité", "activités");
            match silent {
                0 => format!("{activities} et {others} dont elles ont besoin, reliés de gauche à droite."),
                1 => format!("{activities} et {others} ; 1 activité ne dit pas de quoi elle a besoin."),
                n => format!("{activities} et {others} ; {n} activités ne disent pas de quoi elles ont besoin."),
            }
        }
    };
    if let Some(situation) = region::situation(visitor) {
        let activities = net.activities.iter().filter_map(|number| net.ids.get(*number as usize)).copied();
        let shown = activities.filter(|id| filter.only.as_ref().is_none_or(|only| only.contains(id)));
        said = format!("{} {said}", declared::of(&situation, shown)).trim_start().to_owned();
    }
    if let Some(found) = &filter.found {
        let found = match found.len() {
            0 => "Aucun élément ne porte ce nom.".to_owned(),
            n => format!("{} en gras.", plural(n as u64, "élément trouvé", "éléments trouvés")),
        };
        said.push_str(&format!(" « {} » : {found}", filter.sought));
    }
    if filter.cut {
        said.push_str(&format!(
            " Trop d’éléments pour un plan lisible : les {DRAWN_NODES_MAX} premiers sont dessinés, activités et applications d’abord. Choisissez une unité, une vue ou un voisinage."
        ));
    }
    if net.dangling > 0 {
        let links = plural(net.dangling as u64, "lien désigne", "liens désignent");
        said.push_str(&format!(" {links} un élément qui n’est plus sur la carte."));
    }
    said
}

fn beside(filter: &Filter, field: &str) -> Markup {
    let wrong = filter.fault.as_ref().and_then(|fault| fault.on(field));
    html! { @if let Some(sentence) = wrong { span.error role="alert" { (fr(sentence)) } } }
}

fn filters(page: &Page<'_>, filter: &Filter) -> Markup {
    let state = &page.visitor.view.state;
    let mut units: Vec<_> = state.register.units.iter().collect();
    units.sort_by(|a, b| a.1.name.cmp(&b.1.name).then_with(|| a.0.cmp(b.0)));
    html! {
        form.planbar method="get" action=(PLAN) role="search" aria-label="Choisir ce que montre le plan" {
            p.field { label for="q" { "Chercher" } input #q name="q" type="search" value=(filter.sought) autocomplete="off" data-seek; }
            p.field { label for="voisins" { "Autour de" }
                input #voisins name="voisins" value=(filter.near_typed) list="noms" autocomplete="off" placeholder="tous les éléments";
                (beside(filter, "voisins")) }
            p.field { label for="sauts" { "Jusqu’à" } select #sauts name="sauts" {
                @for hops in 1..=HOPS_MAX { option value=(hops) selected[hops == filter.hops] { (fr(&plural(u64::from(hops), "lien", "liens"))) } } }
                (beside(filter, "sauts")) }
            @if !units.is_empty() { p.field { label for="unite" { "Unité" } select #unite name="unite" {
                option value="" { "toutes" }
                @for (id, unit) in units { option value=(id) selected[filter.unit == Some(*id)] { (fr(&unit.name)) } } }
                (beside(filter, "unite")) } }
            p.field { label for="par" { "Colonnes" } select #par name="par" {
                option value="vue" selected[!filter.by_unit] { "par vue" }
                option value="unite" selected[filter.by_unit] { (fr("par unité, puis par vue")) } }
                (beside(filter, "par")) }
            details.views open[!filter.views.is_empty()] { summary { "Vues montrées" }
                fieldset { legend.out { "Vues montrées" } @for view in View::ALL {
                    label { input type="checkbox" name="vue" value=(view.name()) checked[filter.views.contains(&view)]; " " (view.label()) } }
                    span.small.muted { "aucune case cochée : toutes" } } }
            p.btns { button.btn.ghost { "Afficher" } @if !filter.is_whole() || filter.fault.is_some() { a href=(PLAN) { "Tout le plan" } } }
        }
    }
}

fn acts(page: &Page<'_>, net: &Net, filter: &Filter, query: &str) -> Markup {
    let (map, writes) = (&page.visitor.view.state.cartography, page.visitor.may_write());
    let and = if filter.fault.is_some() || query.is_empty() { String::new() } else { format!("?{query}") };
    let fixed = map.order.iter().filter(|id| net.number(id).is_some()).count();
    let since = net.ids.len().saturating_sub(fixed);
    let state = match fixed {
        0 => "Disposition libre : elle peut changer quand la carte change.".to_owned(),
        _ if since == 0 => "Disposition figée : chacun retrouve chaque élément à sa place.".to_owned(),
        _ => format!(
            "Disposition figée ; {} depuis.",
            plural(since as u64, "élément a trouvé sa place", "éléments ont trouvé leur place")
        ),
    };
    html! {
        div.planfoot {
            p.btns { a.btn href="/carte/et-si" { (fr("Et si un élément tombe ?")) }
                a.btn.ghost href={ "/carte/plan.svg" (and) } { "Enregistrer l’image (SVG)" } }
            @if writes {
                form method="post" action={ (base(page)) "/plan" } { (stamps(page.shared, page.visitor)) button.btn.ghost { "Figer cette disposition" } }
            }
            p.small.muted { (fr(&state)) " " (fr("S’imprime sur une feuille A3 en largeur.")) }
        }
    }
}
