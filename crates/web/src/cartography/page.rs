//! The register of the map: activities and elements by view, filtered, sorted and cut into pages by the address alone.

mod asked;
mod sheet;
mod table;

use super::{acts, base, head};
use crate::app::{Inner, Shared};
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use asked::{Asked, Lack};
pub(super) use asked::{Section, section_of};
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::cartography::kind::AssetKind;
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};
use table::{Row, rows};

/// Most rows on one page.
pub(super) const ROWS_MAX: usize = 100;
/// Most names answered to a field that seeks an element.
const NAMES_MAX: usize = 30;

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/carte/activites.csv", get(sheet::csv)).route("/carte/noms", get(names))
}

/// `GET /carte/activites`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    page(&Page::new(&shared, &visitor, Place::Prepare, "Éléments de la carte"), &asked, Filled::BLANK)
}

/// The page again, with what is wrong in the form that adds an application.
pub(super) fn refused(shared: &Inner, visitor: &Visitor, filled: Filled<'_>) -> Response {
    page(&Page::new(shared, visitor, Place::Prepare, "Éléments de la carte"), &Asked::default(), filled)
}

fn page(page: &Page<'_>, asked: &Asked, filled: Filled<'_>) -> Response {
    let all = rows(page);
    let status = filled.fault.map_or(StatusCode::OK, |f| f.status);
    let body = html! {
        (head("Éléments de la carte", acts::MAP))
        @if all.is_empty() { (empty(page)) } @else { (filtered(page, asked, all)) }
        @if page.visitor.may_write() { (quick(page, filled)) }
    };
    (status, page.render(&body)).into_response()
}

fn empty(page: &Page<'_>) -> Markup {
    html! {
        p.lead { (fr("Aucune activité n’est décrite. C’est par elles que commence une crise : que fait-on, dans quel ordre, combien de temps tient-on ?")) }
        p { (fr("Une carte type propose les activités, les applications et les liens habituels d’un établissement comme le vôtre : chaque ligne s’accepte, s’adapte ou se refuse, en quelques minutes.")) }
        @if page.visitor.may_write() { p.btns {
            a.btn href="/carte/archetype" { "Partir d’une carte type" }
            a href="/carte/import" { "Importer un fichier" }
            a href={ (base(page)) "/activites" } { "Décrire une première activité" }
        } }
    }
}

/// The answer, the filters and the table.
fn filtered(page: &Page<'_>, asked: &Asked, all: Vec<Row<'_>>) -> Markup {
    let counts: BTreeMap<Section, usize> =
        Section::all().map(|s| (s, all.iter().filter(|row| row.section == s).count())).collect();
    let lead = answer(&all);
    let choices = choices(page, asked, &all);
    let whole = all.len();
    let mut found: Vec<Row<'_>> = all.into_iter().filter(|row| asked.keeps(page, row)).collect();
    table::sort(&mut found, asked);
    let pages = found.len().div_ceil(ROWS_MAX).max(1);
    let at = asked.page().clamp(1, pages);
    html! {
        p.lead { (fr(&lead)) }
        @if page.visitor.may_write() { p.btns {
            a.btn href={ (base(page)) "/elements" } { "Ajouter un élément" }
            a.btn.ghost href={ (base(page)) "/activites" } { "Ajouter une activité" }
            a href="/carte/archetype" { "Compléter par la carte type" }
        } }
        nav.counts aria-label="Vues" {
            a href=(asked.with("vue", "")) aria-current=[asked.section().is_none().then_some("true")] { "Toutes les vues " b { (whole) } }
            @for (section, count) in &counts { @if *count > 0 {
                a href=(asked.with("vue", section.name())) aria-current=[(asked.section() == Some(*section)).then_some("true")] { (fr(section.label())) " " b { (count) } } } }
        }
        (choices)
        p.muted.small { (plural(found.len() as u64, "élément", "éléments")) @if asked.is_filtered() { " sur " (whole) " · " a href=(acts::MAP) { "Tout voir" } }
            " · " a href=(asked.sheet()) { "exporter cette liste (CSV)" } }
        @if found.is_empty() { p.empty { "Aucun élément ne répond à ces filtres." } }
        @else { (table::table(page, asked, &found[(at - 1) * ROWS_MAX..(at * ROWS_MAX).min(found.len())])) (pager(asked, at, pages)) }
    }
}

fn answer(all: &[Row<'_>]) -> String {
    let activities: Vec<_> = all.iter().filter_map(Row::activity).collect();
    let vital = activities.iter().filter(|a| a.now().priority == 1).count() as u64;
    let elements = (all.len() - activities.len()) as u64;
    let mut said = format!(
        "{}, dont {}, et {}.",
        plural(activities.len() as u64, "activité", "activités"),
        plural(vital, "vitale", "vitales"),
        plural(elements, "élément du système d’information", "éléments du système d’information")
    );
    let without = activities.iter().filter(|a| a.now().mtpd_minutes.is_none()).count() as u64;
    if without > 0 {
        let reste = plural(without, "activité est sans DMIA", "activités sont sans DMIA");
        said.push_str(&format!(" {reste} : leur limite ne pourra pas être proposée."));
    }
    said
}

fn option(value: &str, words: &str, chosen: &str) -> Markup {
    html! { option value=(value) selected[value == chosen] { (fr(words)) } }
}

/// The filters, those rarely used folded.
fn choices(page: &Page<'_>, asked: &Asked, all: &[Row<'_>]) -> Markup {
    let kinds: BTreeSet<AssetKind> = all.iter().filter_map(|row| row.asset().map(|a| a.now().kind)).collect();
    let zones: BTreeSet<&str> =
        all.iter().filter_map(|row| row.asset().map(|a| a.now().zone.as_str())).filter(|z| !z.is_empty()).collect();
    let owners: BTreeSet<&str> = all.iter().filter_map(|row| row.thing.owner()).collect();
    let units: BTreeSet<_> = all.iter().filter_map(|row| row.thing.unit()).collect();
    let register = &page.visitor.view.state.register;
    html! {
        form.regfilter.mapfilter method="get" action=(acts::MAP) role="search" {
            @if let Some(section) = asked.section() { input type="hidden" name="vue" value=(section.name()); }
            @if !asked.tri.is_empty() { input type="hidden" name="tri" value=(asked.tri); }
            span.one { label for="filtre" { "Mots à trouver" } input #filtre type="search" name="q" value=(asked.q) autocomplete="off"; }
            span.one { label for="manque" { "À compléter" } select #manque name="manque" { (option("", "tout", &asked.manque))
                @for lack in Lack::ALL { (option(lack.name(), lack.label(), &asked.manque)) } } }
            span.one { label for="genre" { "Genre" } select #genre name="genre" { (option("", "tous", &asked.genre))
                @for kind in &kinds { (option(kind.name(), kind.label(), &asked.genre)) } } }
            button.btn.ghost { "Filtrer" }
            details.more-fields open[asked.is_detailed()] { summary { "Plus de filtres" } div.regfilter {
                span.one { label for="zone" { "Zone réseau" } select #zone name="zone" { (option("", "toutes", &asked.zone)) @for zone in &zones { (option(zone, zone, &asked.zone)) } } }
                span.one { label for="survit" { "Survit à l’attaque" } select #survit name="survit" { (option("", "tous", &asked.survit))
                    (option("oui", "oui", &asked.survit)) (option("non", "non", &asked.survit)) (option("inconnu", "personne ne l’a dit", &asked.survit)) } }
                span.one { label for="responsable" { "Qui en répond" } select #responsable name="responsable" { (option("", "tous", &asked.responsable)) @for owner in &owners { (option(owner, owner, &asked.responsable)) } } }
                span.one { label for="unite" { "Unité" } select #unite name="unite" { (option("", "toutes", &asked.unite))
                    @for unit in &units { (option(&unit.to_string(), register.units.get(unit).map_or("unité retirée", |u| u.name.as_str()), &asked.unite)) } } }
                label.check { input type="checkbox" name="essentiel" value="1" checked[asked.essentiel == "1"]; "Systèmes essentiels (SIE)" }
            } }
        }
    }
}

fn pager(asked: &Asked, at: usize, pages: usize) -> Markup {
    let link = |page: usize| asked.with("page", &page.to_string());
    html! {
        @if pages > 1 {
            nav.pager aria-label="Pages" {
                @if at > 1 { a href=(link(at - 1)) rel="prev" { "Page précédente" } }
                span { "Page " (at) " sur " (pages) }
                @if at < pages { a href=(link(at + 1)) rel="next" { "Page suivante" } }
            }
        }
    }
}

/// The form that puts an application on the map by its name alone.
fn quick(page: &Page<'_>, filled: Filled<'_>) -> Markup {
    html! {
        section.panel.quickadd aria-labelledby="vite" {
            header { h2 #vite { "Ajouter vite une application" } }
            form.bar method="post" action={ (base(page)) "/applications" } {
                (stamps(page.shared, page.visitor))
                (filled.refusal(&["name"]))
                (filled.text(&Text { name: "name", label: "Son nom", required: true, hint: Some("le reste se complète plus tard, sur sa fiche"), ..Text::default() }))
                button.btn.ghost { "Ajouter" }
            }
        }
    }
}

/// `GET /carte/noms?q=`: what a field that names an element proposes, as JSON, on a map too large for the page.
async fn names(visitor: Visitor, Query(asked): Query<Asked>) -> axum::Json<Vec<String>> {
    let map = &visitor.view.state.cartography;
    let words = asked.words();
    let found = map.things().into_iter().filter(|thing| asked::holds(&words, &[thing.name()]));
    axum::Json(found.take(NAMES_MAX).map(|thing| super::thing::words::label(map, &thing.id())).collect())
}
