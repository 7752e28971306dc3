//! The plan: where it stands, where the fastest gain is, and the list, filtered and sorted by its address.

use super::filter::{ALL, Asked, NOBODY};
use super::matrix::matrix;
use super::words::{PRIORITIES, answer, levels, mark, origin};
use super::{PATH, TEMPLATE, base, head, path_of};
use crate::app::Shared;
use crate::crisis::acts::ids;
use crate::crisis::stamps;
use crate::days::{self, shown};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use domain::actions::event::{OriginKind, Status};
use domain::actions::{Action, Counts, priority_letters};
use maud::{Markup, html};
use std::collections::BTreeSet;

/// Most rows on one page.
const ROWS_MAX: usize = 100;

/// `GET /actions?statut=&priorite=&instance=&origine=&pilote=&retard=&tri=&page=`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    let page = Page::new(&shared, &visitor, Place::Proof, "Plan d’actions");
    let plan = &visitor.view.state.actions;
    let all = plan.in_order();
    let today = days::today(&page);
    let body = html! {
        (head("Plan d’actions", PATH))
        @if all.is_empty() { (empty(&page)) }
        @else {
            p.lead { (fr(&answer(&all, &Counts::of(all.iter().copied(), today)))) }
            @if visitor.may_write() { p.btns { a.btn href={ (PATH) "/nouvelle" } { "Ajouter une action" } } }
            (conflicts(&all))
            section.panel.wide aria-labelledby="matrice" {
                header { h2 #matrice { "Par où commencer" } span.muted.small { (fr("priorité A à AAA, complexité X à XXX : commencer en haut à gauche, c’est le gain le plus rapide")) } }
                (matrix(&all))
            }
            (listed(&page, &asked, &all))
        }
    };
    page.render(&body).into_response()
}

fn empty(page: &Page<'_>) -> Markup {
    html! {
        p.lead { (fr("Le plan est vide : rien n’est encore décidé pour mieux tenir la prochaine fois.")) }
        p.empty { (fr("Une action dit quoi faire, qui s’en charge, pour quand, et ce qui prouvera qu’elle est faite. Elle vient d’un exercice, d’un audit, d’un incident. Dix actions de référence reviennent après presque tous les exercices : partez d’elles.")) }
        p.btns {
            a.btn href=(TEMPLATE) { "Partir des dix actions de référence" }
            @if page.visitor.may_write() { a.btn.ghost href={ (PATH) "/nouvelle" } { "Écrire une action" } }
        }
    }
}

fn conflicts(all: &[&Action]) -> Markup {
    let torn: Vec<&&Action> = all.iter().filter(|action| action.described.is_conflict()).collect();
    html! { @if !torn.is_empty() { p { span.st.warn { "conflit (" (torn.len()) ")" } " " (fr("Deux personnes ont changé la même action sans se voir :"))
    @for action in &torn { " " a href=(path_of(&action.id)) { "n° " (action.number) } } "." } } }
}

fn listed(page: &Page<'_>, asked: &Asked, all: &[&Action]) -> Markup {
    let kept = asked.apply(all, days::today(page));
    let pages = kept.len().div_ceil(ROWS_MAX).max(1);
    let at = asked.page.parse().unwrap_or(1).clamp(1, pages);
    let title = if asked.tri.is_empty() && !asked.narrows() { "La liste, dans l’ordre où la mener" } else { "La liste" };
    html! {
        section.panel.actionlist aria-labelledby="liste" {
            header { h2 #liste { (fr(title)) } span.muted.small {
                (plural(kept.len() as u64, "action", "actions")) @if kept.len() < all.len() { " sur " (all.len()) } } }
            (choices(page, asked, all))
            @if kept.is_empty() { p.empty { "Aucune action ne répond à ces filtres. " a href={ (PATH) "?statut=" (ALL) "#liste" } { "Tout voir" } } }
            @else { (table(page, asked, &kept[(at - 1) * ROWS_MAX..(at * ROWS_MAX).min(kept.len())])) }
            @if pages > 1 { nav.pager aria-label="Pages" {
                @if at > 1 { a href=(asked.address(&asked.tri, at - 1)) rel="prev" { "Page précédente" } }
                span { "Page " (at) " sur " (pages) }
                @if at < pages { a href=(asked.address(&asked.tri, at + 1)) rel="next" { "Page suivante" } }
            } }
            p.small.exchange { "Tout le plan, pour le PAQSS" (fr(" : "))
                a href={ (PATH) "/export.xlsx" } download { "exporter (XLSX)" } " · " a href={ (PATH) "/export.ods" } download { "exporter (ODS)" } " · "
                a href={ (PATH) "/export.csv" } download { "exporter (CSV)" } }
        }
    }
}

fn table(page: &Page<'_>, asked: &Asked, rows: &[&Action]) -> Markup {
    let sorted = |name: &str, head: &str, numbers: bool| {
        let order = match asked.tri.as_str() {
            tri if tri == name => Some("ascending"),
            tri if tri.strip_prefix('-') == Some(name) => Some("descending"),
            _ => None,
        };
        let next = if order == Some("ascending") { format!("-{name}") } else { name.to_owned() };
        html! { th.n[numbers] scope="col" aria-sort=[order] { a href=(asked.address(&next, 1)) { (head) }
        @match order { Some("ascending") => span aria-hidden="true" { " ▲" }, Some(_) => span aria-hidden="true" { " ▼" }, None => "" } } }
    };
    let writes = page.visitor.may_write();
    html! {
        table.reg.planlist {
            thead { tr {
                (sorted("numero", "N°", true)) (sorted("action", "Action", false))
                th scope="col" { a href=(asked.address("", 1)) { "Priorité" } }
                (sorted("pilote", "Pilote", false)) (sorted("echeance", "Échéance", false)) (sorted("avancement", "Avancement", true)) (sorted("etat", "État", false))
                @if writes { th.advance scope="col" { span.out { "Avancer" } } }
            } }
            tbody { @for action in rows { (row(page, action, writes)) } }
        }
    }
}

fn row(page: &Page<'_>, action: &Action, writes: bool) -> Markup {
    let set = action.now();
    let from = origin(&set.origin);
    html! { tr {
        td.n data-label="N°" { (action.number) }
        th scope="row" { a href=(path_of(&action.id)) { (fr(&set.title)) }
            @if action.described.is_conflict() { " " span.st.small.warn { "conflit (" (action.described.survivors().len()) ")" } }
            @if !from.is_empty() { span.from.small.muted { (fr(&from)) } } }
        td.levels data-label="Priorité" { (levels(set)) }
        td data-label="Pilote" { @if set.owner.is_empty() { @if action.is_open() { span.st.unknown { "personne" } } } @else { (fr(&set.owner)) } }
        td.day data-label="Échéance" { @match set.due { Some(due) => (shown(due)), None => span.muted { "sans date" } } }
        td.n data-label="Avancement" { (fr(&format!("{} %", set.progress))) }
        td data-label="État" { (mark(action, days::today(page))) }
        @if writes { td.advance { (forward(page, action)) } }
    } }
}

/// One button: what comes next.
fn forward(page: &Page<'_>, action: &Action) -> Markup {
    let (next, words) = match action.now().status {
        Status::ToDo => (Status::InProgress, "Commencer"),
        Status::InProgress => (Status::Done, "C’est fait"),
        Status::Done | Status::Dropped => return html! {},
    };
    html! {
        form.in-line method="post" action={ (base(page)) "/" (action.id) "/etat" } {
            (stamps(page.shared, page.visitor))
            input type="hidden" name="supersedes" value=(ids(&action.described.seen()));
            input type="hidden" name="status" value=(next.name());
            input type="hidden" name="from" value="liste";
            button.link.small { (words) span.out { (fr(" : ")) (fr(&action.now().title)) } }
        }
    }
}

/// The filters.
fn choices(page: &Page<'_>, asked: &Asked, all: &[&Action]) -> Markup {
    let option =
        |value: &str, words: &str, chosen: &str| html! { option value=(value) selected[value == chosen] { (fr(words)) } };
    let owners: BTreeSet<&str> = all.iter().map(|action| action.now().owner.as_str()).filter(|owner| !owner.is_empty()).collect();
    let boards = page.visitor.view.state.actions.sitting();
    html! {
        form.regfilter.mapfilter method="get" action={ (PATH) "#liste" } role="search" aria-label="Filtres du plan" {
            span.one { label for="statut" { "État" } select #statut name="statut" { (option("", "à mener", &asked.statut))
                @for status in Status::ALL { (option(status.name(), status.label(), &asked.statut)) } (option(ALL, "tous", &asked.statut)) } }
            span.one { label for="priorite" { "Priorité" } select #priorite name="priorite" { (option("", "toutes", &asked.priorite))
                @for (priority, words) in PRIORITIES { (option(&priority.to_string(), &format!("{}, {words}", priority_letters(priority)), &asked.priorite)) } } }
            span.one { label for="pilote" { "Pilote" } select #pilote name="pilote" { (option("", "tous", &asked.pilote)) (option(NOBODY, "personne", &asked.pilote))
                @for owner in owners { (option(owner, owner, &asked.pilote)) } } }
            @if !boards.is_empty() { span.one { label for="instance" { "Suivie par" } select #instance name="instance" { (option("", "toutes les instances", &asked.instance))
                @for board in boards { (option(&board.id.to_string(), &board.now().name, &asked.instance)) } } } }
            span.one { label for="origine" { "Origine" } select #origine name="origine" { (option("", "toutes", &asked.origine))
                @for kind in OriginKind::ALL { (option(kind.name(), kind.label(), &asked.origine)) } } }
            @if !asked.tri.is_empty() { input type="hidden" name="tri" value=(asked.tri); }
            @if !asked.de.is_empty() { input type="hidden" name="de" value=(asked.de); }
            @if !asked.complexite.is_empty() { input type="hidden" name="complexite" value=(asked.complexite); }
            label.check { input type="checkbox" name="retard" value="1" checked[asked.retard == "1"]; "en retard" }
            button.btn.ghost { "Filtrer" }
        }
    }
}
