//! The report as a workbook: criteria, findings, recommendations.

use super::{Told, criteria, told};
use crate::answer::Fault;
use crate::app::Shared;
use crate::local::Local;
use crate::session::Visitor;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::exercise::event::conduct::Grade;
use formats::book::{Sheet, xlsx as workbook};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// `GET /exercices/{id}/retex.xlsx`.
pub(super) async fn xlsx(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    let told = told(&shared, &visitor, &id).await?;
    let local = Local::of(&visitor.view.state.register.time_zone);
    let sheets = [summary(&told, &local), of_criteria(&told), of_findings(&told, &local), of_advice(&told)];
    let bytes = workbook(&sheets).map_err(|sentence| Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", sentence))?;
    let name = format!("attachment; filename=\"retex-{}.xlsx\"", local.date(told.results().began_at));
    let headers = [
        (header::CONTENT_TYPE, XLSX.to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

fn summary(told: &Told, local: &Local) -> Sheet {
    let (results, report) =
        (told.results(), told.exercise.report.as_ref().map(|r| r.current().value.clone()).unwrap_or_default());
    let headline = if report.headline.is_empty() { super::page::headline(told) } else { report.headline };
    let rows = vec![
        row(["Exercice", &results.title]),
        row(["À retenir", &headline]),
        row(["DEBEX", &local.full_day_and_time(results.began_at)]),
        row(["FINEX", &local.full_day_and_time(results.ended_at)]),
        row(["Niveau", results.level.label()]),
        row(["Joueurs", &results.players.to_string()]),
        row(["Observateurs", &results.observers.to_string()]),
        row(["Stimuli joués", &results.fired.to_string()]),
        row(["Stimuli écartés", &results.skipped.to_string()]),
        row(["Lignes de main courante", &results.lines.to_string()]),
        row(["Ce qui s’est passé", &report.summary]),
        row(["Préconisations", &report.recommendations]),
        row(["Débriefing à froid", &report.restitution]),
        row(["Validé par", &report.validated_by]),
    ];
    Sheet { title: "Synthèse", heads: vec!["Rubrique", "Valeur"], rows }
}

fn of_criteria(told: &Told) -> Sheet {
    let scenario = told.exercise.scenario();
    let letters = criteria::letters(told);
    let line = |c: &domain::exercise::event::outcome::CriterionResult| {
        let known = scenario.criteria.iter().find(|one| one.key == c.key);
        let asked = known.map(criteria::target).unwrap_or_default();
        let by = |grade: Grade| {
            let said = told.inside().observed.get(&c.key).into_iter().flat_map(|by| by.iter());
            let names = said.filter(|(_, said)| said.what.grade == grade).filter_map(|(actor, _)| letters.get(actor).cloned());
            names.collect::<Vec<_>>().join(", ")
        };
        let remarks = told.inside().observed.get(&c.key).into_iter().flat_map(|by| by.values());
        let remarks: Vec<&str> = remarks.map(|said| said.what.remark.as_str()).filter(|remark| !remark.is_empty()).collect();
        let [met, partly, unmet] = Grade::ALL.map(by);
        row([&c.title, &asked, &criteria::measured(c.measured), c.reading.label(), &met, &partly, &unmet, &remarks.join(" / ")])
    };
    let heads = vec!["Critère", "Attendu", "Le journal dit", "Lecture", "Atteint", "Partiellement", "Non atteint", "Remarques"];
    Sheet { title: "Critères", heads, rows: told.results().criteria.iter().map(line).collect() }
}

fn of_findings(told: &Told, local: &Local) -> Sheet {
    let line = |finding: &domain::versions::Versions<domain::exercise::event::outcome::FindingSet>| {
        let set = &finding.current().value;
        let at = set.at.map(|at| local.full_day_and_time(at)).unwrap_or_default();
        let criterion =
            told.exercise.scenario().criteria.iter().find(|c| c.key == set.criterion).map_or("", |c| c.title.as_str());
        row([&at, set.tone.label(), &set.text, criterion])
    };
    let rows = told.exercise.findings_kept().into_iter().map(line).collect();
    Sheet { title: "Constats", heads: vec!["Heure", "Nature", "Constat", "Critère"], rows }
}

fn of_advice(told: &Told) -> Sheet {
    use domain::exercise::event::outcome::Reading;
    let results = told.results();
    let missed = results.criteria.iter().filter(|c| matches!(c.reading, Reading::Missed | Reading::Late));
    let rows = missed.filter_map(|c| {
        let known = told.exercise.scenario().criteria.iter().find(|one| one.key == c.key)?;
        Some(row([&known.title, c.reading.label(), &known.advice, &known.action.to_uppercase().replace('_', "-")]))
    });
    Sheet {
        title: "Préconisations",
        heads: vec!["Critère", "Lecture", "Préconisation", "Action de référence"],
        rows: rows.collect(),
    }
}
