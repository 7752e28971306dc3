//! What a chronogramme would change, row by row, before anybody says yes.

use super::{Brought, TOLD_MAX, bring, digest, form_path, home_path, kept, planned, prepared_by, settings};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::stamps;
use crate::exercise::path;
use crate::fields::Filled;
use crate::pending::Kept;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::exercise::Exercise;
use domain::exercise::event::scenario::{Inject, Scenario};
use formats::chronogramme::Plan;
use formats::source::Fault as Wrong;
use maud::{Markup, html};

const HOUR: u32 = 60;

/// `GET /exercices/{id}/import/{token}`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path((id, token)): Path<(String, String)>) -> Response {
    let exercise = match prepared_by(&shared, &visitor, &id) {
        Ok(exercise) => exercise,
        Err(fault) => return fault.into_response(),
    };
    match kept(&shared, &visitor, &exercise.id, &token) {
        Ok(kept) => page(&shared, &visitor, exercise, &kept, Filled::BLANK),
        Err(fault) => bring::page(&shared, &visitor, exercise, Some(&fault)),
    }
}

/// The page, with what was refused.
pub(super) fn page(shared: &Inner, visitor: &Visitor, exercise: &Exercise, kept: &Kept<Brought>, filled: Filled<'_>) -> Response {
    let page = Page::new(shared, visitor, Place::Exercise, "Ce qui changerait");
    let plan = planned(exercise, &kept.content);
    let body = html! {
        h1 { "Importer un chronogramme" }
        h2.step { (fr(&kept.name)) }
        (filled.refusal(&[settings::START]))
        @match &plan {
            Ok(plan) => {
                p.lead { (fr(&counts(plan))) @if !kept.done { " Rien n’est encore enregistré." } }
                (agree(&page, exercise, kept, plan))
                (faults("refusees", "À corriger", "Ce qui ne va pas", &plan.errors))
            }
            Err(sentence) => p.lead.error role="alert" { (fr(sentence)) },
        }
        (settings::form(&page, exercise, kept, plan.as_ref().ok(), filled))
        @if let Ok(plan) = &plan {
            (faults("reserves", "Prises avec une réserve", "Ce qui est noté", &plan.warnings))
            (rows(exercise.scenario(), plan))
        }
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

/// « 42 stimuli à ajouter, 3 remplacés, 2 inchangés ; 1 ligne refusée. »
fn counts(plan: &Plan) -> String {
    let added = plural(plan.added() as u64, "stimulus à ajouter", "stimuli à ajouter");
    let replaced = plural(plan.replaced.len() as u64, "remplacé", "remplacés");
    let same = plural(plan.same as u64, "inchangé", "inchangés");
    let refused = match refused(&plan.errors) {
        0 => "aucune ligne refusée".to_owned(),
        n => plural(n, "ligne refusée", "lignes refusées"),
    };
    let teams = match plan.teams.as_slice() {
        [] => String::new(),
        teams => {
            let names: Vec<&str> = teams.iter().map(|team| team.name.as_str()).collect();
            format!(" {} : {}.", if teams.len() == 1 { "Équipe créée" } else { "Équipes créées" }, names.join(", "))
        }
    };
    let debex = plan.debex.map(|minute| format!(" DEBEX à {:02}:{:02}.", minute / HOUR, minute % HOUR)).unwrap_or_default();
    format!("{added}, {replaced}, {same} ; {refused}.{debex}{teams}")
}

/// How many rows are not taken.
pub(super) fn refused(errors: &[Wrong]) -> u64 {
    errors.iter().map(|error| &error.spot).collect::<std::collections::BTreeSet<_>>().len() as u64
}

/// The button that says yes.
fn agree(page: &Page<'_>, exercise: &Exercise, kept: &Kept<Brought>, plan: &Plan) -> Markup {
    let back = path(exercise.id);
    let again = home_path(&exercise.id);
    html! {
        @if kept.done { p.btns { a.btn href=(back) { "Voir l’exercice" } a href=(again) { "Importer un autre fichier" } } }
        @else if plan.injects.is_empty() {
            p.empty { @if plan.errors.is_empty() { (fr("Rien à changer : l’exercice a déjà tous ces stimuli.")) }
                @else { (fr("Aucune ligne ne peut être prise : réglez les colonnes et les équipes ci-dessous, ou corrigez le fichier.")) } }
            p.btns { a href=(again) { "Choisir un autre fichier" } }
        } @else {
            form method="post" action={ (form_path(page.shared, &exercise.id)) "/" (kept.token) } {
                (stamps(page.shared, page.visitor))
                input type="hidden" name="digest" value=(digest(plan));
                p.btns { button.btn { @if plan.errors.is_empty() { "Importer" } @else { "Prendre les bonnes lignes" } }
                    a href=(again) { "Choisir un autre fichier" } a href=(back) { "Ne rien importer" } }
            }
        }
    }
}

/// « Chrono, ligne 12 ».
fn place(fault: &Wrong) -> String {
    match (fault.spot.table.as_str(), fault.spot.row) {
        ("", 0) => "tout le fichier".to_owned(),
        ("", row) => format!("ligne {row}"),
        (table, 0) => table.to_owned(),
        (table, row) => format!("{table}, ligne {row}"),
    }
}

fn faults(id: &str, title: &str, what: &str, all: &[Wrong]) -> Markup {
    html! { @if !all.is_empty() {
        section.panel.wide aria-labelledby=(id) {
            header { h2 id=(id) { (title) } span.muted.small { (all.len()) } }
            div.scrollx tabindex="0" role="group" aria-label=(title) { table.reg.faults {
                thead { tr { th scope="col" { "Où" } th scope="col" { "Colonne" } th scope="col" { (what) } } }
                tbody { @for fault in all.iter().take(TOLD_MAX) { tr {
                    th scope="row" { (fr(&place(fault))) } td data-label="Colonne" { (fr(&fault.column)) }
                    td data-label=(what) { (fr(&fault.sentence)) }
                } } }
            } }
            @if all.len() > TOLD_MAX { p.muted { "Et " (all.len() - TOLD_MAX) " autres." } }
        }
    } }
}

/// The injects that would be written.
fn rows(scenario: &Scenario, plan: &Plan) -> Markup {
    let frame = plan.frame(scenario).unwrap_or_else(|| scenario.clone());
    let teams = |inject: &Inject| {
        let name = |key: &String| frame.teams.iter().find(|team| team.key == *key).map_or(key.clone(), |team| team.name.clone());
        if inject.to.is_empty() { "tous".to_owned() } else { inject.to.iter().map(name).collect::<Vec<_>>().join(", ") }
    };
    html! { @if !plan.injects.is_empty() {
        section.panel.wide aria-labelledby="stimuli" {
            header { h2 #stimuli { "Stimuli" } span.muted.small { (plan.injects.len()) } }
            div.scrollx tabindex="0" role="group" aria-label="Stimuli" { table.reg {
                thead { tr { th scope="col" { "N°" } th scope="col" { "Quand" } th scope="col" { "Émetteur" } th scope="col" { "Destinataires" }
                    th scope="col" { "Moyen" } th scope="col" { "Titre" } th scope="col" { "Ce qui change" } } }
                tbody { @for inject in plan.injects.iter().take(TOLD_MAX) { tr {
                    th scope="row" { (inject.key) }
                    td data-label="Quand" { @match inject.at { Some(at) => { "T+" (format!("{:02}:{:02}", at / HOUR, at % HOUR)) } None => { "en réserve" } } }
                    td data-label="Émetteur" { (fr(&inject.from)) }
                    td data-label="Destinataires" { (fr(&teams(inject))) }
                    td data-label="Moyen" { (fr(inject.channel.label())) }
                    td data-label="Titre" { (fr(&inject.title)) }
                    td data-label="Ce qui change" { @if plan.replaced.contains(&inject.key) { "remplace celui de même numéro" } @else { "à ajouter" } }
                } } }
            } }
            @if plan.injects.len() > TOLD_MAX { p.muted { "Et " (plan.injects.len() - TOLD_MAX) " autres." } }
        }
    } }
}

/// A refusal that is about no field of the page.
pub(super) fn elsewhere(fault: Fault) -> Fault {
    Fault { field: None, ..fault }
}
