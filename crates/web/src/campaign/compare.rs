//! Exercises of the same kit and level side by side: how many met each criterion, in how many minutes. Nobody is named.

use super::{find, path};
use crate::answer::Fault;
use crate::app::Shared;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::campaign::compare::{Distribution, GROUP_MIN, Group, groups};
use formats::book::{Sheet, xlsx as workbook};
use maud::{Markup, html};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Asked {
    /// FINESS number of an establishment, shown beside the others.
    #[serde(default)]
    finess: String,
}

/// `GET /campagnes/{id}/comparaison`; `?finess=` places one establishment.
pub(super) async fn show(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let campaign = find(&shared, &visitor, &id)?;
    let page = Page::new(&shared, &visitor, Place::Exercise, "Comparaison");
    let own = campaign.targets.get(&asked.finess).map(|f| f.target.finess.as_str());
    let all = groups(campaign, own);
    let played: usize = all.iter().map(|g| g.exercises).sum();
    let done: Vec<_> = campaign.followed().into_iter().filter(|f| f.result.is_some()).collect();
    let body = html! {
        p.crumb { a href="/campagnes" { "Campagnes" } " · " a href=(path(campaign.id)) { (fr(&campaign.now().title)) } }
        h1 { "Comparaison" }
        p.lead { (fr(&format!("{played} exercices comparés, par kit et par niveau. Aucun établissement n’est nommé ; un groupe de moins de {GROUP_MIN} n’est pas montré."))) }
        form.inline.no-print method="get" { p.field { label for="finess" { (fr("Situer un établissement")) }
            select #finess name="finess" { option value="" { "aucun" } @for f in &done { option value=(f.target.finess) selected[own == Some(f.target.finess.as_str())] { (f.target.name) } } } }
            button.btn.ghost { "Situer" } a.btn.ghost href={ (path(campaign.id)) "/comparaison.xlsx" } { "XLSX" } }
        @for group in &all { (one(group, own.is_some())) }
        @if all.is_empty() { p.muted { (fr("Aucun résultat n’est encore reçu.")) } }
    };
    Ok(page.render(&body).into_response())
}

fn title(group: &Group) -> String {
    let kit = content::kits::get(&group.kit).map_or("Scénario propre", |kit| kit.scenario.title.as_str());
    format!("« {kit} », niveau {}", group.level.label())
}

fn one(group: &Group, own: bool) -> Markup {
    html! {
        section {
            h2.ruled { (fr(&title(group))) " " span.small.muted { (group.exercises) " exercices" } }
            @if !group.is_shown() { p.muted { (fr(&format!("Moins de {GROUP_MIN} exercices : ce groupe n’est pas montré, quelqu’un s’y reconnaîtrait."))) } }
            @else {
                div.scrollx tabindex="0" role="group" aria-label="Critères comparés" { table.kits.compare {
                    thead { tr { th scope="col" { (fr("Critère")) } th scope="col" { "Tenu, en retard, manqué" } th.n scope="col" { "Tenu" } th scope="col" { (fr("Minutes : quart, médiane, trois quarts")) } th scope="col" { "Observateurs" } @if own { th scope="col" { (fr("Celui-ci")) } } } }
                    tbody { @for criterion in &group.criteria { (row(criterion, own)) } }
                } }
            }
        }
    }
}

fn row(criterion: &Distribution, own: bool) -> Markup {
    let [met, late, missed, _] = criterion.readings;
    let read = criterion.read();
    html! { tr {
        th scope="row" { (fr(&criterion.title)) }
        td { @if read > 0 { (bar(&[met, late, missed], read)) } @else { span.muted { (fr("observateurs seuls")) } } }
        td.n { @if read > 0 { (met * 100 / read) " %" } }
        td { @if let Some([least, first, median, third, most]) = criterion.quartiles() { (first) ", " b { (median) } ", " (third) " " span.small.muted { "de " (least) (fr(" à ")) (most) } } @else { "–" } }
        td.small { @let [seen, partly, unmet] = criterion.observed; @if seen + partly + unmet > 0 { "● " (seen) " ▲ " (partly) " ■ " (unmet) } }
        @if own { td { @if let Some((reading, measured)) = criterion.own { (crate::exercise::report_reading(reading)) " " (fr(&crate::exercise::report_measured(measured))) } } }
    } }
}

/// A bar in three parts; the numbers stand in its name.
fn bar(counts: &[u32; 3], read: u32) -> Markup {
    let [met, late, missed] = *counts;
    let width = |count: u32| count * 200 / read.max(1);
    html! {
        svg.share viewBox="0 0 200 14" role="img" aria-label={ (met) " tenus, " (late) " en retard, " (missed) " manqués" } {
            rect.ok x="0" y="0" width=(width(met)) height="14" {}
            rect.warn x=(width(met)) y="0" width=(width(late)) height="14" {}
            rect.down x=(width(met) + width(late)) y="0" width=(width(missed)) height="14" {}
        }
        span.small.muted { " " (met) ", " (late) ", " (missed) }
    }
}

/// `GET /campagnes/{id}/comparaison.xlsx`.
pub(super) async fn xlsx(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    let campaign = find(&shared, &visitor, &id)?;
    let mut rows = Vec::new();
    for group in groups(campaign, None).iter().filter(|group| group.is_shown()) {
        for c in &group.criteria {
            let [met, late, missed, unread] = c.readings.map(|n| n.to_string());
            let [least, first, median, third, most] =
                c.quartiles().map_or([const { String::new() }; 5], |q| q.map(|n| n.to_string()));
            let [seen, partly, unmet] = c.observed.map(|n| n.to_string());
            rows.push(vec![
                title(group),
                c.title.clone(),
                group.exercises.to_string(),
                met,
                late,
                missed,
                unread,
                least,
                first,
                median,
                third,
                most,
                seen,
                partly,
                unmet,
            ]);
        }
    }
    let heads = vec![
        "Kit et niveau",
        "Critère",
        "Exercices",
        "Tenu",
        "En retard",
        "Manqué",
        "Non lu",
        "Minutes, minimum",
        "Premier quart",
        "Médiane",
        "Trois quarts",
        "Maximum",
        "Vu atteint",
        "Vu partiel",
        "Vu non atteint",
    ];
    let sheet = Sheet { title: "Comparaison", heads, rows };
    let bytes = workbook(&[sheet]).map_err(|sentence| Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", sentence))?;
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"comparaison.xlsx\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, bytes).into_response())
}
