//! An exercise being prepared: what is done, what is missing, and opening it.

use super::super::{branch, conduct, path};
use super::{Prepared, conflict, documents, part_words, plans, preparation, source};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use crate::urgence::running;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::exercise::event::Part;
use domain::exercise::{Exercise, fill};
use journal::SubjectId;
use maud::{Markup, html};

/// `GET /exercices/{id}`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    match Prepared::of(&shared, &visitor, &id) {
        Ok(prepared) => Ok(prepared_page(&prepared, Filled::BLANK)),
        Err(fault) => summary(&shared, &visitor, &id).ok_or(fault),
    }
}

/// What those who take part know: the briefing and the rules, nothing of the chronogramme. Those who may plan see that it is there.
fn summary(shared: &Inner, visitor: &Visitor, id: &str) -> Option<Response> {
    let id: SubjectId = id.parse().ok()?;
    let exercise = visitor.view.state.exercises.all.get(&id).filter(|_| shared.branch.is_none())?;
    let part = exercise.part(&visitor.actor);
    if part.is_none() && !plans(visitor) {
        return None;
    }
    let scenario = exercise.scenario();
    let page = Page::new(shared, visitor, Place::Exercise, &scenario.title);
    let body = html! {
        p.crumb { a href="/exercices" { "Exercices" } }
        h1 { (fr(&scenario.title)) }
        p.lead { (fr(&when(&page, exercise))) @if let Some(words) = part_words(exercise, visitor) { " " (fr(&words)) } }
        @if part.is_none() { p.muted { (fr("Seuls ceux qui y prennent part en lisent plus : demandez à l’un de ses animateurs de vous y inviter.")) } }
        (way_in(exercise, visitor))
        @if part.is_some() {
            @match part {
                Some(Part::Player) => p.no-print { a href={ (path(id)) "/documents/joueur" } { (fr("Imprimer le guide du joueur")) } },
                Some(Part::Observer) => p.no-print { a href={ (path(id)) "/documents/observateur" } { (fr("Imprimer la grille d’observation")) } },
                _ => {},
            }
            div.paper.exercise-paper {
                @if !scenario.briefing.is_empty() { section { h2 { "Briefing" } (documents::text(exercise, &scenario.briefing)) } }
                (documents::sections(exercise, &scenario.player))
            }
        }
    };
    Some(page.render(&body).into_response())
}

/// To the room, or to the report.
fn way_in(exercise: &Exercise, visitor: &Visitor) -> Markup {
    let part = exercise.part(&visitor.actor);
    html! {
        @if exercise.closed.is_some() { p.btns { a.btn href={ (path(exercise.id)) "/retex" } { "Lire le RETEX" } } }
        @else if let (Some(opened), Some(part)) = (&exercise.opened, part) {
            p.btns { a.btn href={ (branch::prefix(&opened.what.branch)) (conduct::landing(part)) } { "Entrer comme " (part.label()) } }
        }
    }
}

/// The page of those who prepare it, with a form filled in after a refusal.
pub(super) fn prepared_page(prepared: &Prepared<'_>, filled: Filled<'_>) -> Response {
    let (exercise, visitor) = (prepared.exercise, prepared.visitor);
    let page = Page::new(prepared.shared, visitor, Place::Exercise, &exercise.scenario().title);
    let scenario = exercise.scenario();
    let body = html! {
        p.crumb { a href="/exercices" { "Exercices" } }
        h1 { (fr(&scenario.title)) }
        p.lead { (fr(&answer(&page, exercise))) }
        (conflict::notice(prepared))
        (filled.refusal(&["reason"]))
        (way_in(exercise, visitor))
        (steps(prepared))
        @if prepared.is_open_to_change() { (opening(prepared)) (cancelling(prepared, filled)) }
        @if plans(visitor) && (exercise.closed.is_some() || exercise.cancelled.is_some()) {
            p { a.btn.ghost href=(source::address(exercise)) { (fr("Le prévoir à nouveau")) } } }
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

/// When it is or was played.
fn when(page: &Page<'_>, exercise: &Exercise) -> String {
    let scenario = exercise.scenario();
    if let Some(cancelled) = &exercise.cancelled {
        return format!("Annulé : {}.", cancelled.what.trim_end_matches('.'));
    }
    if let Some(closed) = &exercise.closed {
        return format!(
            "Joué le {}, clos le {}.",
            page.local.long_date(closed.what.results.began_at),
            page.local.long_date(closed.wall)
        );
    }
    if exercise.opened.is_some() {
        return "Ouvert : les participants peuvent entrer.".to_owned();
    }
    let at =
        scenario.planned_at.map_or("Date à fixer".to_owned(), |at| format!("Prévu le {}", page.local.full_day_and_time(at)));
    format!("{at}, {} minutes.", scenario.minutes)
}

fn answer(page: &Page<'_>, exercise: &Exercise) -> String {
    let when = when(page, exercise);
    if exercise.cancelled.is_some() || exercise.opened.is_some() {
        return when;
    }
    let lacking = lacking(exercise);
    let state = if lacking.is_empty() { "Tout est prêt.".to_owned() } else { format!("Il manque : {}.", lacking.join(", ")) };
    format!("{when} {state}")
}

/// What is not ready, in words.
fn lacking(exercise: &Exercise) -> Vec<String> {
    let mut all = Vec::new();
    let unfilled = fill::unfilled(exercise.scenario()).count();
    if unfilled > 0 {
        all.push(format!("{unfilled} mot{} de votre maison", if unfilled > 1 { "s" } else { "" }));
    }
    if exercise.chronogramme().is_empty() {
        all.push("le chronogramme".to_owned());
    }
    if exercise.taking_part(Part::Player).count() == 0 {
        all.push("des joueurs".to_owned());
    } else {
        let played = |key: &str| exercise.taking_part(Part::Player).any(|(_, one)| one.set.team == key);
        let empty: Vec<&str> = exercise.scenario().teams.iter().filter(|t| !played(&t.key)).map(|t| t.name.as_str()).collect();
        if !empty.is_empty() {
            all.push(format!("un joueur pour « {} »", empty.join(" », « ")));
        }
    }
    if exercise.taking_part(Part::Observer).count() == 0 {
        all.push("un observateur".to_owned());
    }
    all
}

fn steps(prepared: &Prepared<'_>) -> Markup {
    let exercise = prepared.exercise;
    let scenario = exercise.scenario();
    let path = prepared.path();
    let unfilled = fill::unfilled(scenario).count();
    let count = |part: Part| exercise.taking_part(part).count();
    let asked = scenario.preparation.len();
    let several = |count: usize, one: &str, many: &str| format!("{count} {}", if count > 1 { many } else { one });
    let people = [
        several(count(Part::Facilitator), "animateur", "animateurs"),
        several(count(Part::Player), "joueur", "joueurs"),
        several(count(Part::Observer), "observateur", "observateurs"),
    ];
    let frame = [several(scenario.teams.len(), "équipe", "équipes"), several(scenario.objectives.len(), "objectif", "objectifs")];
    let answered = preparation::answered(exercise);
    let rows: [(&str, &str, bool, String); 7] = [
        ("Cadre", "/cadre", true, frame.join(", ")),
        (
            "Mots de votre maison",
            "/contexte",
            unfilled == 0,
            if unfilled == 0 { "tous remplis".to_owned() } else { format!("{unfilled} à remplir") },
        ),
        (
            "Chronogramme",
            "/chronogramme",
            !exercise.chronogramme().is_empty(),
            several(exercise.chronogramme().len(), "stimulus à ce niveau", "stimuli à ce niveau"),
        ),
        ("Critères", "/criteres", !scenario.criteria.is_empty(), several(scenario.criteria.len(), "critère", "critères")),
        ("Participants", "/participants", count(Part::Player) > 0, people.join(", ")),
        ("Préparation", "/preparation", asked == answered, format!("{} sur {asked}", several(answered, "réponse", "réponses"))),
        ("Ouvrir", "#ouvrir", exercise.opened.is_some() || blocking(exercise).is_none(), opening_words(exercise)),
    ];
    let papers = [
        ("Guide de l’animateur", "animateur"),
        ("Chronogramme détaillé", "chronogramme"),
        ("Guide du joueur", "joueur"),
        ("Grille de l’observateur", "observateur"),
    ];
    html! {
        h2.ruled { (fr("Préparer")) }
        table.steps { tbody { @for (name, below, done, words) in rows { tr {
            th scope="row" { a href={ (path) (below) } { (fr(name)) } }
            td { span class={ "st " (if done { "ok" } else { "warn" }) } { (fr(&words)) } }
        } } } }
        p { b { "Documents" } (fr(" à imprimer : "))
            @for (place, (name, kind)) in papers.iter().enumerate() { @if place > 0 { ", " } a href={ (path) "/documents/" (kind) } { (fr(name)) } } "." }
    }
}

/// What the rules would refuse to open without.
fn blocking(exercise: &Exercise) -> Option<&'static str> {
    if exercise.taking_part(Part::Player).count() == 0 {
        return Some("il faut au moins un joueur");
    }
    exercise.chronogramme().is_empty().then_some("il faut au moins un stimulus")
}

fn opening_words(exercise: &Exercise) -> String {
    match (&exercise.cancelled, &exercise.opened, blocking(exercise)) {
        (Some(_), ..) => "annulé".to_owned(),
        (_, Some(_), _) => "ouvert".to_owned(),
        (.., Some(why)) => why.to_owned(),
        _ => "peut s’ouvrir".to_owned(),
    }
}

fn opening(prepared: &Prepared<'_>) -> Markup {
    let crisis = running(&prepared.visitor.view.state);
    html! {
        section.panel.wide aria-labelledby="ouvrir" {
            header { h2 #ouvrir { "Ouvrir l’exercice" } }
            p { (fr("Une copie de vos données est faite ; animateurs, joueurs et observateurs y entrent. L’horloge ne part qu’à DEBEX, donné depuis la console. Après l’ouverture, ces pages ne se changent plus.")) }
            @if let Some(crisis) = crisis {
                div.real-now role="alert" { b { (fr("CRISE RÉELLE EN COURS")) } (fr(&crisis.frame().title)) (fr(". N’ouvrez un exercice maintenant que si la direction de crise le demande.")) }
            }
            form method="post" action=(prepared.act("ouvrir")) { (stamps(prepared.shared, prepared.visitor))
                @if crisis.is_some() { p.field { label.check { input type="checkbox" name="during_crisis" value="1" required; span { (fr("Je sais qu’une crise réelle est en cours, et j’ouvre l’exercice quand même")) } } } }
                @match blocking(prepared.exercise) {
                    Some(why) => p { span.st.warn { (fr(&format!("Pas encore : {why}."))) } },
                    None => button.btn.big { "Ouvrir l’exercice" },
                }
            }
        }
    }
}

fn cancelling(prepared: &Prepared<'_>, filled: Filled<'_>) -> Markup {
    html! {
        details open[filled.fault.is_some_and(|fault| fault.on("reason").is_some())] { summary { (fr("Annuler cet exercice")) }
            form.stacked method="post" action=(prepared.act("annuler")) { (stamps(prepared.shared, prepared.visitor))
                (filled.text(&Text { name: "reason", label: "Pourquoi", required: true, ..Text::default() }))
                button.btn.ghost { "Annuler l’exercice" }
            }
        }
    }
}
