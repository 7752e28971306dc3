//! The exercises of the establishment: is the yearly one done, what is open, what comes, what was learnt.

use super::super::{branch, conduct};
use super::plans;
use crate::app::Shared;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::State;
use domain::exercise::Exercise;
use domain::exercise::event::outcome::Reading;
use domain::exercise::facts::{YEARLY_DAYS, days_since_last};
use maud::{Markup, html};

const DAY_MS: i64 = 86_400_000;

/// `GET /exercices`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor) -> Markup {
    let page = Page::new(&shared, &visitor, Place::Exercise, "Exercices");
    let all = visitor.view.state.exercises.newest_first();
    let open: Vec<&Exercise> = all.iter().copied().filter(|e| e.opened.is_some() && e.closed.is_none()).collect();
    let mut ahead: Vec<&Exercise> = all.iter().copied().filter(|e| e.opened.is_none() && e.cancelled.is_none()).collect();
    ahead.sort_by_key(|e| e.scenario().planned_at.unwrap_or(i64::MAX));
    let past: Vec<&Exercise> = all.iter().copied().filter(|e| e.closed.is_some() || e.cancelled.is_some()).collect();
    let body = html! {
        h1 { "Exercices" }
        p.lead { (fr(&answer(&page))) }
        @if plans(&visitor) { p.btns { a.btn href="/exercices/kits" { (fr("Prévoir un exercice")) } } }
        @if !open.is_empty() { (section("Ouverts", &open, |e| entrance(&page, e))) }
        @if !ahead.is_empty() { (section("À venir", &ahead, |e| coming(&page, e))) }
        @if !past.is_empty() { (section("Passés", &past, |e| done(&page, e))) }
        @if all.is_empty() {
            h2.ruled { (fr("Ce qu’est un exercice ici")) }
            p { (fr("Un exercice est une crise jouée sur une copie de vos vraies données : les joueurs ouvrent la vraie salle, écrivent, décident. Rien ne touche votre journal, sauf les constats que vous en gardez.")) }
            p { (fr("Choisissez un kit, remplissez les mots de votre maison, désignez animateurs, joueurs et observateurs, ouvrez.")) }
        }
    };
    page.render(&body)
}

/// Whether the yearly exercise is done, and by when the next is due.
fn answer(page: &Page<'_>) -> String {
    let exercises = &page.visitor.view.state.exercises;
    let planned = exercises.all.values().filter(|e| e.opened.is_none() && e.cancelled.is_none());
    let next = planned.filter_map(|e| e.scenario().planned_at).filter(|at| *at > page.now).min();
    let next =
        next.map_or("Aucun n’est prévu.".to_owned(), |at| format!("Le prochain est prévu le {}.", page.local.long_date(at)));
    let Some(last) = exercises.last_done().and_then(|e| e.closed.as_ref()).map(|closed| closed.what.results.began_at) else {
        return format!("Aucun exercice n’a encore été joué : un exercice de crise cyber est attendu chaque année. {next}");
    };
    let due = last + YEARLY_DAYS * DAY_MS;
    if days_since_last(&page.visitor.view.state, page.now).is_some_and(|days| days > YEARLY_DAYS) {
        format!(
            "L’exercice annuel est en retard : le dernier date du {}, le suivant était attendu avant le {}. {next}",
            page.local.long_date(last),
            page.local.long_date(due)
        )
    } else {
        format!(
            "L’exercice annuel est à jour : le dernier date du {}, le suivant est attendu avant le {}. {next}",
            page.local.long_date(last),
            page.local.long_date(due)
        )
    }
}

fn section(title: &str, all: &[&Exercise], row: impl Fn(&Exercise) -> Markup) -> Markup {
    html! { h2.ruled { (fr(title)) " " span.small.muted { (all.len()) } } ul.exercises { @for one in all { li { (row(one)) } } } }
}

/// Whether somebody may know more of an exercise than its title, its date and its state.
fn knows(exercise: &Exercise, page: &Page<'_>) -> bool {
    exercise.part(&page.visitor.actor).is_some() || plans(page.visitor)
}

fn title(exercise: &Exercise, page: &Page<'_>) -> Markup {
    html! {
        @if knows(exercise, page) { a href=(super::super::path(exercise.id)) { b { (fr(&exercise.scenario().title)) } } }
        @else { b { (fr(&exercise.scenario().title)) } }
    }
}

fn date(exercise: &Exercise, page: &Page<'_>) -> String {
    exercise.scenario().planned_at.map_or("date à fixer".to_owned(), |at| page.local.full_day_and_time(at))
}

fn entrance(page: &Page<'_>, exercise: &Exercise) -> Markup {
    let journal = exercise.opened.as_ref().map(|opened| opened.what.branch);
    html! {
        (title(exercise, page)) " " span.st.warn { "ouvert" } @if exercise.scenario().planned_at.is_some() { " " span.muted { (fr(&date(exercise, page))) } }
        @if let Some((journal, part)) = journal.zip(exercise.part(&page.visitor.actor)) {
            " " a.btn.small href={ (branch::prefix(&journal)) (conduct::landing(part)) } { "Entrer comme " (part.label()) } }
    }
}

fn coming(page: &Page<'_>, exercise: &Exercise) -> Markup {
    let scenario = exercise.scenario();
    let passed = scenario.planned_at.is_some_and(|at| at < page.now);
    html! {
        (title(exercise, page)) " " span.muted { "prévu" (fr(" : ")) (fr(&date(exercise, page)))
            @if knows(exercise, page) { ", " (scenario.minutes) " min, niveau " (scenario.level.label()) } }
        @if passed { " " span.st.warn { (fr("date passée")) } }
        @if let Some(part) = exercise.part(&page.visitor.actor) { " " span.small.muted { "vous y êtes " (part.label()) } }
    }
}

fn done(page: &Page<'_>, exercise: &Exercise) -> Markup {
    html! {
        @match (&exercise.closed, &exercise.cancelled) {
            (Some(closed), _) => {
                @let results = &closed.what.results;
                @let met = results.criteria.iter().filter(|c| c.reading == Reading::Met).count();
                @let read = results.criteria.iter().filter(|c| c.reading != Reading::Unread).count();
                (title(exercise, page)) " " span.muted { "joué le " (page.local.long_date(results.began_at)) }
                @if knows(exercise, page) {
                    @if read > 0 { span.muted { (fr(&format!(" : {met} critères tenus sur {read} lus au journal"))) } }
                    " " a href={ (super::super::path(exercise.id)) "/retex" } { "RETEX" } }
            },
            (None, Some(cancelled)) => { (title(exercise, page)) " " span.muted { (fr(&date(exercise, page))) ", " (fr("annulé"))
                @if knows(exercise, page) { (fr(" : ")) (fr(&cancelled.what)) } } },
            _ => {},
        }
    }
}
