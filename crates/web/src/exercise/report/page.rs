//! The report on one page: what to remember, the moments that count, criteria, findings, what is recommended.

use super::{Told, criteria, findings, path, timeline, told, writes};
use crate::answer::Fault;
use crate::app::Shared;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::{Path, State};
use domain::exercise::event::outcome::{CriterionResult, Measured, Reading, Results};
use domain::exercise::{Exercise, Exercises};
use maud::{Markup, html};

/// `GET /exercices/{id}/retex`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Result<Markup, Fault> {
    let told = told(&shared, &visitor, &id).await?;
    let title = format!("RETEX – {}", told.exercise.scenario().title);
    let page = Page::new(&shared, &visitor, Place::Exercise, &title);
    let results = told.results();
    let moments = timeline::moments(&told, &results.criteria);
    let body = html! {
        div.retex {
            (above(&page, &told, &results))
            h1 { (fr(&words(&told))) }
            p.lead { (fr(&counted(&results))) (fr(&before(&page, &told))) }
            @if results.stopped { p.notice.alarm { b { (fr("Exercice arrêté par une urgence réelle")) } (fr(" : les critères sont lus jusqu’à cet arrêt.")) } }
            (timeline::show(&page, &told, &moments, (results.began_at, results.ended_at)))
            (findings::proposed(&page, &told, &results.criteria))
            div.two {
                (criteria::table(&page, &told, &results.criteria))
                (findings::show(&page, &told))
            }
            (text(&told))
            (recommended(&told, &results))
            (debrief(&told))
            (seal(&page, &told))
        }
    };
    Ok(page.render(&body))
}

fn above(page: &Page<'_>, told: &Told, results: &Results) -> Markup {
    let id = told.exercise.id;
    let draft = told.exercise.report.as_ref().is_none_or(|report| report.current().value.validated_by.is_empty());
    html! {
        p.crumb { a href="/exercices" { "Exercices" } " · " a href=(super::super::path(id)) { (fr(&told.exercise.scenario().title)) } }
        p.small.muted { (page.local.long_date(results.began_at)) (fr(&format!(
            ", {} à {}, {}, {}, {}, {}",
            page.local.time(results.began_at), page.local.time(results.ended_at), results.level.label(), several(results.players, "joueur", "joueurs"), several(results.observers, "observateur", "observateurs"), several(results.fired, "stimulus joué", "stimuli joués")
        )))
            @if draft { " · " b { "brouillon" } } }
        p.btns.no-print {
            a.btn.ghost href={ (told.prefix) "/" } { "Relire la salle" }
            a.btn.ghost href={ (path(id)) ".xlsx" } { "XLSX" }
            a.btn.ghost href={ "/actions?de=" (id) } { "Ses actions" }
            @if writes(&told.exercise, page.visitor) { a.btn.ghost href={ (super::super::path(id)) "/resultats.planblanc-resultats" } { (fr("Résultats pour l’organisateur")) } }
            button.btn.ghost type="button" data-print hidden { "Imprimer" }
            @if writes(&told.exercise, page.visitor) { a.btn.ghost href={ (path(id)) "/texte" } { "Écrire le texte" } }
        }
    }
}

fn words(told: &Told) -> String {
    told.exercise.report.as_ref().map_or_else(|| headline(told), |report| report.current().value.headline.clone())
}

/// What to remember, as the journal tells it: what was reached soonest, and what never was.
pub(super) fn headline(told: &Told) -> String {
    let results = told.results();
    let first = results.criteria.iter().find_map(|c| match (c.reading, c.measured) {
        (Reading::Met, Measured::Minutes(minutes)) => Some(format!("{} en {minutes} min.", c.title)),
        _ => None,
    });
    let missed = results.criteria.iter().find(|c| c.reading == Reading::Missed).map(|c| format!("{} : manqué.", c.title));
    let late = results.criteria.iter().find(|c| c.reading == Reading::Late).map(|c| match c.measured {
        Measured::Minutes(minutes) => format!("{} : {minutes} min, trop tard.", c.title),
        _ => format!("{} : en partie.", c.title),
    });
    let parts: Vec<String> =
        (if missed.is_some() { [first.or(late), missed] } else { [first, late] }).into_iter().flatten().collect();
    if parts.is_empty() { format!("« {} » est joué.", told.exercise.scenario().title) } else { parts.join(" ") }
}

/// How many criteria were met, late, missed; those that only observers see are said apart.
fn tally(criteria: &[CriterionResult]) -> [usize; 3] {
    let count = |reading: Reading| criteria.iter().filter(|c| c.reading == reading).count();
    [count(Reading::Met), count(Reading::Late), count(Reading::Missed)]
}

fn counted(results: &Results) -> String {
    let [met, late, missed] = tally(&results.criteria);
    let read = met + late + missed;
    let seen = results.criteria.len() - read;
    let mut sentence = match read {
        0 => "Aucun critère ne se lit au journal.".to_owned(),
        _ => format!(
            "{met} critère{} tenu{} sur {read} lus au journal, {late} en retard ou partiel{}, {missed} manqué{}.",
            plural(met),
            plural(met),
            plural(late),
            plural(missed)
        ),
    };
    let unread =
        if results.stopped { "non lus au journal, ou vus par les observateurs seuls" } else { "vus par les observateurs seuls" };
    match seen {
        0 => {}
        1 if !results.stopped => sentence.push_str(" Un est vu par les observateurs seuls."),
        _ => sentence.push_str(&format!(" {seen} sont {unread}.")),
    }
    sentence
}

fn several(count: u32, one: &str, many: &str) -> String {
    format!("{count} {}", if count > 1 { many } else { one })
}

fn plural(count: usize) -> &'static str {
    if count > 1 { "s" } else { "" }
}

/// The exercise before this one.
fn previous<'a>(all: &'a Exercises, this: &Exercise) -> Option<&'a Results> {
    let began = this.closed.as_ref()?.what.results.began_at;
    let others = all.all.values().filter(|e| e.id != this.id).filter_map(|e| Some(&e.closed.as_ref()?.what.results));
    others.filter(|results| results.began_at < began).max_by_key(|results| results.began_at)
}

fn before(page: &Page<'_>, told: &Told) -> String {
    let Some(last) = previous(&page.visitor.view.state.exercises, &told.exercise) else { return String::new() };
    let [met, late, missed] = tally(&last.criteria);
    format!(" Au dernier exercice, le {} : {met} sur {}.", page.local.day(last.began_at), met + late + missed)
}

fn text(told: &Told) -> Markup {
    let Some(report) = told.exercise.report.as_ref().map(|report| &report.current().value) else { return html! {} };
    html! {
        @if !report.summary.is_empty() { section.text aria-labelledby="recit" { h3 #recit { "Ce qui s’est passé" } (paragraphs(&report.summary)) } }
        @if !report.recommendations.is_empty() { section.text aria-labelledby="conseils" { h3 #conseils { (fr("Préconisations")) } (paragraphs(&report.recommendations)) } }
    }
}

fn paragraphs(text: &str) -> Markup {
    html! { @for paragraph in text.split("\n\n").filter(|p| !p.trim().is_empty()) { p.kept { (fr(paragraph.trim())) } } }
}

/// What each criterion that was missed calls for, with the reference action that mends it.
fn recommended(told: &Told, results: &Results) -> Markup {
    let scenario = told.exercise.scenario();
    let missed = results.criteria.iter().filter(|c| matches!(c.reading, Reading::Missed | Reading::Late));
    let advice: Vec<_> =
        missed.filter_map(|c| scenario.criteria.iter().find(|one| one.key == c.key)).filter(|c| !c.advice.is_empty()).collect();
    html! {
        @if !advice.is_empty() {
            section.advice aria-labelledby="preconise" {
                h3 #preconise { (fr("Ce que les critères manqués appellent")) }
                ul.plain.rows { @for criterion in advice { li {
                    span.what { b { (fr(&criterion.title)) } (fr(" : ")) (fr(&criterion.advice))
                        @if !criterion.action.is_empty() { " " span.small.muted { (criterion.action.to_uppercase().replace('_', "-")) } } }
                } } }
            }
        }
    }
}

/// Answers to the hot debrief, question by question.
fn debrief(told: &Told) -> Markup {
    let said = &told.inside().debriefs;
    html! {
        section.debrief aria-labelledby="debriefing" {
            h3 #debriefing { (fr("Débriefing à chaud ")) span.small.muted { (several(u32::try_from(said.len()).unwrap_or(u32::MAX), "réponse", "réponses")) } }
            @if said.is_empty() { p.muted { (fr("Personne n’a rempli le questionnaire. Il se remplit dans la salle, après FINEX.")) } }
            @else { @for question in &told.exercise.scenario().debrief {
                @let answers: Vec<(String, &str)> = said.iter().filter_map(|(actor, said)| {
                    let answer = said.what.answers.iter().find(|(key, _)| *key == question.key).map(|(_, answer)| answer.trim())?;
                    (!answer.is_empty()).then(|| (told.state().register.name(actor), answer))
                }).collect();
                h4 { (fr(&question.text)) }
                @if answers.is_empty() { p.muted.small { (fr("Pas de réponse.")) } }
                ul { @for (name, answer) in answers { li { (fr(answer)) " " span.small.muted { (fr(&name)) } } } }
            } }
        }
    }
}

/// By what the numbers can be checked.
fn seal(page: &Page<'_>, told: &Told) -> Markup {
    let Some(closed) = &told.exercise.closed else { return html! {} };
    let report = told.exercise.report.as_ref().map(|report| &report.current().value);
    html! {
        footer.small.muted {
            @if let Some(report) = report.filter(|r| !r.validated_by.is_empty()) { p { (fr(&format!("Validé par {}.", report.validated_by))) } }
            @if let Some(report) = report.filter(|r| !r.restitution.is_empty()) { p { (fr(&format!("Débriefing à froid : {}.", report.restitution))) } }
            p { (fr("Clos le ")) (page.local.full_day_and_time(closed.wall)) (fr(" par ")) (fr(&page.visitor.view.state.register.name(&closed.by)))
                (fr(" : ")) (closed.what.entries) (fr(" entrées, tête ")) code { (journal::words::words(&closed.what.head).join(" ")) } }
        }
    }
}
