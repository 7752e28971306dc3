//! The impact analysis of one activity: its curves, its levels, who validated it, and the DMIA it proposes.

use super::words::{CELLS, Gap, MEANINGS, judged, level};
use super::{PATH, cell, key};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::cartography::{base, duration, head, thing_path};
use crate::crisis::acts::ids;
use crate::crisis::scene::subject;
use crate::crisis::stamps;
use crate::days;
use crate::fields::{Filled, Text};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::situation::words::begun;
use crate::typography::fr;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::cartography::Activity;
use domain::cartography::event::review::{BiaSet, Criterion, HARM_INTOLERABLE, HARM_LEVELS, Horizon};
use domain::versions::{Versions, Write};
use maud::{Markup, PreEscaped, html};
use pictures::curve::{Curve, svg};

/// Most earlier analyses shown.
const HISTORY_MAX: usize = 20;
/// Horizons as short as a picture wants them.
const SHORT: [&str; 6] = ["1 h", "4 h", "24 h", "72 h", "1 sem.", "1 mois"];

/// `GET /carte/bia/{id}`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Response {
    match find(&visitor, &id) {
        Ok(activity) => page(&shared, &visitor, activity, Filled::BLANK),
        Err(fault) => fault.into_response(),
    }
}

/// The activity of an address, when it is on the map.
pub(super) fn find<'a>(visitor: &'a Visitor, id: &str) -> Result<&'a Activity, Fault> {
    visitor.view.state.cartography.activity(&subject(id)?).ok_or_else(Fault::not_found)
}

/// The page; a refused form comes back filled in.
pub(super) fn page(shared: &Inner, visitor: &Visitor, activity: &Activity, filled: Filled<'_>) -> Response {
    let name = &activity.now().name;
    let title = format!("Bilan d’impact : {name}");
    let page = Page::new(shared, visitor, Place::Prepare, &title);
    let versions = visitor.view.state.cartography.analyses.get(&activity.id).map(|versions| &**versions);
    let bia = versions.map(|versions| &versions.current().value);
    let body = html! {
        (head(&title, PATH))
        p.lead { (fr(&answer(activity, bia))) }
        p.small.noprint { a href=(PATH) { "Toutes les activités" } " · " a href=(thing_path(&activity.id)) { (fr("La fiche de l’activité")) } }
        (conflict(&page, versions))
        section.panel.wide aria-labelledby="dommage" {
            header { h2 #dommage { (fr("Le dommage quand l’interruption dure")) } span.muted.small { (judged_words(bia)) } }
            @if bia.is_some_and(|bia| judged(bia) > 0) { div.harms { @for criterion in Criterion::ALL { @if is_judged(bia, criterion) { (curve(bia, criterion)) } } } }
            (read_table(bia))
            (key())
            @if let Some(bia) = bia.filter(|bia| !bia.note.is_empty()) { p.long.x { (fr(&bia.note)) } }
        }
        (proposal(&page, activity, versions))
        @if visitor.may_write() { (form(&page, activity, versions, filled)) }
        @else { p.empty.noprint { "Un observateur lit le bilan d’impact sans le changer." } }
        (scale())
        (history(&page, versions))
    };
    (filled.fault.map_or(StatusCode::OK, |fault| fault.status), page.render(&body)).into_response()
}

fn judged_words(bia: Option<&BiaSet>) -> String {
    format!("{} cases jugées sur {CELLS}", bia.map_or(0, judged))
}

fn answer(activity: &Activity, bia: Option<&BiaSet>) -> String {
    let declared = activity.now().mtpd_minutes;
    let mut said = match (bia.filter(|bia| judged(bia) > 0), declared) {
        (None, None) => "Personne n’a encore jugé ce que coûte son interruption, et aucune DMIA n’est déclarée.".to_owned(),
        (None, Some(minutes)) => {
            format!("DMIA déclarée : {}. Personne n’a encore jugé ce que coûte l’interruption.", duration(minutes))
        }
        (Some(_), declared) => {
            let gap = Gap::of(declared, bia);
            let declared = declared.filter(|_| !gap.open).map(|minutes| format!("DMIA déclarée : {}. ", duration(minutes)));
            format!("{}{}.", declared.unwrap_or_default(), begun(&gap.words))
        }
    };
    if let Some(bia) = bia.filter(|bia| judged(bia) > 0) {
        said.push_str(&match bia.validated_on {
            Some(on) => format!(" Validé par {} le {}.", bia.validated_by, days::shown(on)),
            None => " Personne ne l’a encore validé.".to_owned(),
        });
    }
    said
}

fn conclusion(bia: Option<&BiaSet>, criterion: Criterion) -> String {
    let judged: Vec<(Horizon, u8)> =
        Horizon::ALL.into_iter().filter_map(|horizon| Some((horizon, bia?.level(criterion, horizon)?))).collect();
    let name = begun(criterion.label());
    match (judged.iter().find(|(_, level)| *level >= HARM_INTOLERABLE), judged.last()) {
        (Some((horizon, harm)), _) => format!("{name} : {} dès {}", level(*harm), horizon.label()),
        (None, Some((horizon, harm))) => format!("{name} : {} à {}", level(*harm), horizon.label()),
        (None, None) => format!("{name} : non jugé"),
    }
}

/// Whether anything was judged by that criterion: an empty curve says nothing that the table does not.
fn is_judged(bia: Option<&BiaSet>, criterion: Criterion) -> bool {
    Horizon::ALL.into_iter().any(|horizon| bia.is_some_and(|bia| bia.level(criterion, horizon).is_some()))
}

fn curve(bia: Option<&BiaSet>, criterion: Criterion) -> Markup {
    let title = conclusion(bia, criterion);
    let judged: Vec<Option<u8>> = Horizon::ALL.into_iter().map(|horizon| bia?.level(criterion, horizon)).collect();
    let curve = Curve { title: &title, horizons: &SHORT, levels: &HARM_LEVELS, judged: &judged, intolerable: HARM_INTOLERABLE };
    html! { figure { figcaption { b { (fr(&title)) } } div.scrollx { (PreEscaped(svg(&curve))) } } }
}

fn heads() -> Markup {
    html! { thead { tr { th scope="col" { "Critère" } @for horizon in Horizon::ALL { th.c scope="col" { (fr(horizon.label())) } } } } }
}

fn read_table(bia: Option<&BiaSet>) -> Markup {
    html! { div.scrollx tabindex="0" role="group" aria-label="Niveaux jugés" { table.heat.bia-one {
        (heads())
        tbody { @for criterion in Criterion::ALL { tr { th scope="row" { (begun(criterion.label())) }
            @for horizon in Horizon::ALL { (cell(bia.and_then(|bia| bia.level(criterion, horizon)))) } } } }
    } } }
}

fn conflict(page: &Page<'_>, versions: Option<&Versions<BiaSet>>) -> Markup {
    let survivors = versions.map(Versions::survivors).filter(|all| all.len() > 1).unwrap_or_default();
    let said = |write: &Write<BiaSet>, criterion, horizon| {
        write.value.level(criterion, horizon).map_or("–".to_owned(), |harm| format!("{harm} {}", level(harm)))
    };
    let differing: Vec<(Criterion, Horizon)> = Criterion::ALL
        .into_iter()
        .flat_map(|criterion| Horizon::ALL.into_iter().map(move |horizon| (criterion, horizon)))
        .filter(|(criterion, horizon)| {
            let levels = survivors.iter().map(|write| write.value.level(*criterion, *horizon));
            levels.clone().any(|one| levels.clone().next() != Some(one))
        })
        .collect();
    html! { @if !survivors.is_empty() {
        section.panel.wide aria-labelledby="conflit" {
            header { h2 #conflit { span.st.warn { "conflit (" (survivors.len()) ")" } } span.muted.small { "jugé sans se voir ; enregistrer ci-dessous tranche" } }
            @if differing.is_empty() { p { "Les niveaux sont les mêmes : seules la note ou la validation diffèrent." } } @else {
                div.scrollx tabindex="0" role="group" aria-label="Niveaux en conflit" { table {
                    thead { tr { th scope="col" { "Critère, horizon" } @for write in &survivors { th scope="col" {
                        (fr(&page.visitor.view.state.register.name(&write.by))) ", " (page.local.day_and_time(write.wall)) } } } }
                    tbody { @for (criterion, horizon) in &differing { tr { th scope="row" { (criterion.label()) ", " (fr(horizon.label())) }
                        @for write in &survivors { td { (said(write, *criterion, *horizon)) } } } } }
                } }
            }
        }
    } }
}

/// The DMIA that the analysis proposes, when another is declared, or none.
fn proposal(page: &Page<'_>, activity: &Activity, versions: Option<&Versions<BiaSet>>) -> Markup {
    let bia = versions.map(|versions| &versions.current().value);
    let Some(bound) = bia.and_then(BiaSet::bound) else { return html! {} };
    if !Gap::of(activity.now().mtpd_minutes, bia).open || !page.visitor.may_write() {
        return html! {};
    }
    let rto = activity.now().rto_minutes.filter(|rto| *rto > bound.minutes());
    html! {
        section.panel.wide.noprint aria-labelledby="proposee" {
            header { h2 #proposee { "DMIA proposée" } }
            p { (fr(&format!("D’après ce bilan, l’interruption ne devrait pas durer plus de {}.", bound.label())))
                @if let Some(rto) = rto { " " (fr(&format!("Le RTO visé, {}, serait alors trop long : à revoir avec la DSI.", duration(rto)))) } }
            @if activity.described.is_conflict() { p.st.warn { "La fiche de cette activité est en conflit : tranchez d’abord entre ses versions." } } @else {
                form method="post" action={ (base(page)) "/bia/" (activity.id) "/dmia" } {
                    (stamps(page.shared, page.visitor))
                    input type="hidden" name="supersedes" value=(ids(&activity.described.seen()));
                    input type="hidden" name="minutes" value=(bound.minutes());
                    p { button.btn.ghost { "Reprendre la DMIA proposée : " (fr(bound.label())) } " "
                        span.small.muted { (fr("Le reste de la fiche ne change pas.")) } }
                }
            }
        }
    }
}

fn form(page: &Page<'_>, activity: &Activity, versions: Option<&Versions<BiaSet>>, filled: Filled<'_>) -> Markup {
    let bia = versions.map(|versions| &versions.current().value);
    let people: Vec<&str> = page.visitor.view.state.register.present().map(|(_, person)| person.name.as_str()).collect();
    html! {
        section.panel.wide.noprint aria-labelledby="juger" {
            header { h2 #juger { "Juger" } span.muted.small { "ce qui n’est pas jugé reste à blanc" } }
            form.bia-form method="post" action={ (base(page)) "/bia/" (activity.id) } {
                (stamps(page.shared, page.visitor))
                input type="hidden" name="supersedes" value=(versions.map(|versions| ids(&versions.seen())).unwrap_or_default());
                (filled.refusal(&["harms", "note", "validated_by", "validated_on"]))
                (filled.beside("harms"))
                (levels(bia, filled))
                (filled.long(&Text { name: "note", label: "Ce qui l’explique", known: bia.map_or("", |bia| &bia.note), hint: Some("Le cas le plus grave que l’on a en tête, la saison, ce qui change la nuit."), ..Text::default() }, 3))
                fieldset { legend { b { "Validation" } }
                    p.small.muted { (fr(&validation(bia))) }
                    div.fields {
                        (filled.text(&Text { name: "validated_by", label: "Qui valide", list: Some("personnes-bia"), hint: Some("Nom et fonction."), ..Text::default() }))
                        (days::field(filled, "validated_on", "Quel jour", "", None))
                    }
                    datalist id="personnes-bia" { @for name in people { option value=(name) {} } }
                }
                p { button.btn { "Enregistrer le bilan" } }
            }
        }
    }
}

fn validation(bia: Option<&BiaSet>) -> String {
    match bia.and_then(|bia| Some((bia, bia.validated_on?))) {
        Some((bia, on)) => format!(
            "Validé par {} le {}. Laissés à blanc, ces champs gardent cette validation ; changer un niveau la retire, puisque personne n’a encore vu le nouveau.",
            bia.validated_by,
            days::shown(on)
        ),
        None => {
            "Le chef de service ou le responsable de l’activité, après en avoir parlé. À blanc : pas encore validé.".to_owned()
        }
    }
}

/// Name of a cell in the form.
pub(super) fn field(criterion: Criterion, horizon: Horizon) -> String {
    format!("{}-{}", criterion.name(), horizon.name())
}

fn levels(bia: Option<&BiaSet>, filled: Filled<'_>) -> Markup {
    let wrong = filled.fault.is_some_and(|fault| fault.on("harms").is_some());
    html! { table.judge {
        (heads())
        tbody { @for criterion in Criterion::ALL { tr { th scope="row" { (begun(criterion.label())) }
            @for horizon in Horizon::ALL {
                @let name = field(criterion, horizon);
                @let known = bia.and_then(|bia| bia.level(criterion, horizon)).map(|level| level.to_string()).unwrap_or_default();
                @let chosen = filled.value(&name, &known);
                td { label { span.horizon aria-hidden="true" { (fr(horizon.label())) } span.out { (criterion.label()) ", " (fr(horizon.label())) }
                    select name=(name) aria-describedby=[wrong.then_some("e-harms")] {
                        option value="" { "–" }
                        @for (at, word) in HARM_LEVELS.iter().enumerate() { option value=(at) selected[chosen == at.to_string()] { (at) " " (word) } }
                    } } }
            } } } }
    } }
}

fn scale() -> Markup {
    html! {
        section.panel.wide aria-labelledby="echelle" {
            header { h2 #echelle { "Ce que veut dire chaque niveau" } span.muted.small { (fr("proposé par ce programme, à adapter par l’établissement")) } }
            div.scrollx tabindex="0" role="group" aria-label="Échelle des niveaux" { table.scale {
                thead { tr { th scope="col" { "Critère" } @for (at, word) in HARM_LEVELS.iter().enumerate() { th scope="col" { (at) " " (word) } } } }
                tbody { @for (criterion, meanings) in &MEANINGS { tr { th scope="row" { (begun(criterion.label())) }
                    @for meaning in meanings { td.small { (fr(meaning)) } } } } }
            } }
        }
    }
}

fn history(page: &Page<'_>, versions: Option<&Versions<BiaSet>>) -> Markup {
    let all: Vec<&Write<BiaSet>> = versions.map(|versions| versions.all().rev().collect()).unwrap_or_default();
    let more = all.len().saturating_sub(HISTORY_MAX);
    html! { @if !all.is_empty() {
        section.panel.wide.noprint aria-labelledby="historique" {
            header { h2 #historique { "Historique" } span.muted.small { (all.len()) } }
            ul.history { @for write in all.iter().take(HISTORY_MAX) { li {
                (page.local.day_and_time(write.wall)) ", " (fr(&page.visitor.view.state.register.name(&write.by))) (fr(" : "))
                (judged_words(Some(&write.value)))
                @if let Some(bound) = write.value.bound() { ", " (fr(&format!("{} dès {}", level(write.value.worst(bound).unwrap_or_default()), bound.label()))) }
                @if let Some(on) = write.value.validated_on { ", " (fr(&format!("validé par {} le {}", write.value.validated_by, days::shown(on)))) }
            } } }
            @if more > 0 { p.small.muted { "et " (more) " plus anciens dans le journal" } }
        }
    } }
}
