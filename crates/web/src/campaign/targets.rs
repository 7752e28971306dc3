//! Establishments of a campaign: pasted from a sheet, and followed one by one.

use super::{find, organises, path, stage};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::campaign::check::is_finess;
use domain::campaign::event::Target;
use domain::campaign::{Campaign, Followed};
use maud::{Markup, html};

/// Problems told of a paste.
const PROBLEMS_MAX: usize = 20;

/// `GET /campagnes/{id}/etablissements`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    let campaign = find(&shared, &visitor, &id)?;
    if !organises(&visitor) {
        return Err(Fault::not_found());
    }
    Ok(page(&shared, &visitor, campaign, Filled::BLANK))
}

pub(super) fn page(shared: &Inner, visitor: &Visitor, campaign: &Campaign, filled: Filled<'_>) -> Response {
    let page = Page::new(shared, visitor, Place::Exercise, "Établissements");
    let pasted = filled.fields.map(|fields| read(fields.get("targets")));
    let body = html! {
        p.crumb { a href="/campagnes" { "Campagnes" } " · " a href=(path(campaign.id)) { (fr(&campaign.now().title)) } }
        h1 { (fr("Ajouter des établissements")) }
        p.lead { (fr("Collez les lignes d’un tableur : numéro FINESS, nom, type, contact. Un numéro déjà présent est mis à jour.")) }
        (filled.refusal(&["targets"]))
        @if let Some(Err(problems)) = &pasted {
            div.notice.alarm role="alert" { p { b { (problems.len()) (fr(" lignes à corriger : rien n’a été enregistré.")) } }
                ul { @for problem in problems.iter().take(PROBLEMS_MAX) { li { (fr(problem)) } } } }
        }
        form.stacked method="post" action={ "/journaux/" (shared.ledger.id()) "/campagnes/" (campaign.id) "/etablissements" } { (stamps(shared, visitor))
            (filled.long(&Text { name: "targets", label: "Lignes", example: Some("990000012 ; CH de Valmont ; ch ; M. Tessier, 01 99 00 10 03"), hint: Some("Séparées par des points-virgules ou des tabulations. Type : ch, clinique, psy, had, smr, ehpad, esms."), required: true, ..Text::default() }, 12))
            button.btn { "Enregistrer" }
        }
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

/// The establishments of a paste, or what is wrong with each line.
pub(super) fn read(text: &str) -> Result<Vec<Target>, Vec<String>> {
    let (mut targets, mut problems): (Vec<Target>, Vec<String>) = (Vec::new(), Vec::new());
    for (n, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split([';', '\t']).map(|cell| cell.trim().trim_matches('"').trim()).collect();
        let cell = |at: usize| cells.get(at).copied().unwrap_or_default().to_owned();
        let finess: String = cell(0).chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
        if n == 1 && finess.contains("FINESS") {
            continue;
        }
        if !is_finess(&finess) {
            problems.push(format!(
                "Ligne {n} : « {} » n’est pas un numéro FINESS (neuf chiffres, ou 2A ou 2B puis sept chiffres).",
                short(&finess)
            ));
        } else if cell(1).is_empty() {
            problems.push(format!("Ligne {n} : le nom de l’établissement {finess} manque."));
        } else if targets.iter().any(|known| known.finess == finess) {
            problems.push(format!("Ligne {n} : le numéro {finess} est donné deux fois."));
        } else {
            targets.push(Target { finess, name: cell(1), kind: cell(2), contact: cell(3), ..Target::default() });
        }
    }
    if problems.is_empty() { Ok(targets) } else { Err(problems) }
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// `GET /campagnes/{id}/etablissements/{finess}`.
pub(super) async fn one(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((id, finess)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let campaign = find(&shared, &visitor, &id)?;
    let followed = campaign.targets.get(&finess).filter(|f| !f.target.removed).ok_or_else(Fault::not_found)?;
    Ok(one_page(&shared, &visitor, campaign, followed, Filled::BLANK))
}

pub(super) fn one_page(
    shared: &Inner,
    visitor: &Visitor,
    campaign: &Campaign,
    followed: &Followed,
    filled: Filled<'_>,
) -> Response {
    let target = &followed.target;
    let page = Page::new(shared, visitor, Place::Exercise, &target.name);
    let body = html! {
        p.crumb { a href="/campagnes" { "Campagnes" } " · " a href=(path(campaign.id)) { (fr(&campaign.now().title)) } }
        h1 { (fr(&target.name)) }
        p.lead { (stage(followed.stage(campaign.now().until, page.now))) " " span.muted { "FINESS " (target.finess) @if !target.contact.is_empty() { ", " (fr(&target.contact)) } } }
        @if let Some(received) = &followed.result {
            p { (fr("Résultats de ")) (fr(&received.signed_by)) (fr(", reçus le ")) (page.local.day(received.wall)) (fr(&format!(" : « {} », {} joueurs, {} observateurs.", received.results.title, received.results.players, received.results.observers))) }
            table.kits { thead { tr { th scope="col" { (fr("Critère")) } th scope="col" { "Le journal dit" } th scope="col" { "Lecture" } } }
                tbody { @for c in &received.results.criteria { tr { th scope="row" { (fr(&c.title)) } td { (fr(&crate::exercise::report_measured(c.measured))) } td { (crate::exercise::report_reading(c.reading)) } } } } }
        }
        @if let Some(reason) = &followed.excused { p.notice { (fr("Dispensé : ")) (fr(reason)) } }
        (filled.refusal(&["at", "place", "reason"]))
        @if organises(visitor) { (forms(shared, visitor, &page, campaign, followed, filled)) }
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

fn forms(
    shared: &Inner,
    visitor: &Visitor,
    page: &Page<'_>,
    campaign: &Campaign,
    followed: &Followed,
    filled: Filled<'_>,
) -> Markup {
    let act = |act: &str| format!("/journaux/{}/campagnes/{}/{act}", shared.ledger.id(), campaign.id);
    let hidden = html! { (stamps(shared, visitor)) input type="hidden" name="finess" value=(followed.target.finess); };
    let (at, place) =
        followed.planned.as_ref().map_or((String::new(), ""), |(at, place)| (page.local.machine(*at), place.as_str()));
    html! {
        @if followed.result.is_none() {
            h2 { "Date de l’exercice" }
            form.stacked method="post" action=(act("date")) { (hidden)
                (filled.text(&Text { name: "at", label: "Jour et heure", known: &at, example: Some("2027-03-12T09:30"), hint: Some("Vide : la date est abandonnée."), ..Text::default() }))
                (filled.text(&Text { name: "place", label: "Lieu", known: place, ..Text::default() }))
                button.btn { "Enregistrer" } }
        }
        @if !campaign.now().questions.is_empty() {
            h2 { (fr("Questionnaire de préparation")) }
            form.stacked method="post" action=(act("reponses")) { (hidden)
                @for question in &campaign.now().questions {
                    (filled.long(&Text { name: &format!("q-{}", question.key), label: &question.text, known: followed.answers.get(&question.key).map_or("", String::as_str), ..Text::default() }, 2)) }
                button.btn.ghost { "Enregistrer les réponses" } }
        }
        details { summary { (fr("Dispenser, retirer")) }
            form.stacked method="post" action=(act("dispense")) { (hidden)
                (filled.text(&Text { name: "reason", label: "Pourquoi il est dispensé", known: followed.excused.as_deref().unwrap_or_default(), hint: Some("Vide : il est de nouveau attendu."), ..Text::default() }))
                button.btn.ghost { "Enregistrer" } }
            form method="post" action=(act("retrait")) { (hidden) button.btn.ghost { "Retirer de la campagne" } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_paste_is_read_or_each_fault_is_told() {
        let good = read("FINESS;Nom\n990000012 ; CH de Valmont ; ch\n2a 0000012\tEHPAD\tehpad\tMme X\n\n").unwrap_or_default();
        assert_eq!(good.iter().map(|t| t.finess.as_str()).collect::<Vec<_>>(), ["990000012", "2A0000012"]);
        assert_eq!(good.last().map(|t| t.contact.as_str()), Some("Mme X"));
        let bad = read("12;Trop court\n990000012;\n990000020;A\n990000020;B").unwrap_err();
        assert_eq!(bad.len(), 3, "{bad:?}");
        assert!(bad.iter().zip([1, 2, 4]).all(|(said, line)| said.starts_with(&format!("Ligne {line} "))), "{bad:?}");
    }
}
