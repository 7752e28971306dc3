//! Who takes part: facilitators, players by team, observers.

use super::{Prepared, suggest};
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::scene::wrong;
use crate::crisis::stamps;
use crate::fields::Filled;
use crate::form::Fields;
use crate::session::Visitor;
use crate::typography::fr;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::exercise::event::{Part, ParticipantSet};
use journal::ActorId;
use maud::{Markup, html};

/// `GET /exercices/{id}/participants`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    Ok(page(&Prepared::of(&shared, &visitor, &id)?, Filled::BLANK))
}

pub(super) fn page(prepared: &Prepared<'_>, filled: Filled<'_>) -> Response {
    let exercise = prepared.exercise;
    let count = |part: Part, many: &str| {
        let count = exercise.taking_part(part).count();
        if count > 1 { format!("{count} {many}") } else { format!("{count} {}", part.label()) }
    };
    let all = [count(Part::Facilitator, "animateurs"), count(Part::Player, "joueurs"), count(Part::Observer, "observateurs")];
    prepared.page("Participants", filled.fault.map_or(StatusCode::OK, |f| f.status), |_| html! {
        h1 { "Participants" }
        p.lead { (fr(&format!("{}. Chacun entre avec son propre compte ; les observateurs ne se voient pas dans la salle.", all.join(", ")))) }
        (filled.refusal(&[]))
        @for part in Part::ALL { (section(prepared, part)) }
        @if prepared.is_open_to_change() { (suggestions(prepared)) (form(prepared, filled)) }
    })
}

fn section(prepared: &Prepared<'_>, part: Part) -> Markup {
    let register = &prepared.visitor.view.state.register;
    let mut people: Vec<(ActorId, String, String)> =
        prepared.exercise.taking_part(part).map(|(actor, one)| (*actor, register.name(actor), one.set.team.clone())).collect();
    people.sort_by(|a, b| (&a.2, &a.1).cmp(&(&b.2, &b.1)));
    let title = match part {
        Part::Facilitator => "Animateurs",
        Part::Player => "Joueurs",
        Part::Observer => "Observateurs",
    };
    html! {
        h2.ruled { (title) " " span.small.muted { (people.len()) } }
        @if people.is_empty() { p.muted { (fr(match part {
            Part::Facilitator => "Personne encore.",
            Part::Player => "Personne encore : sans joueur, l’exercice ne s’ouvre pas.",
            Part::Observer => "Personne encore. Un observateur voit ce que le journal ne dit pas : deux suffisent souvent.",
        })) } }
        ul.plain.rows.people-rows { @for (actor, name, team) in &people { li {
            span.what { (fr(name)) @if let Some(does) = register.people.get(actor).map(|p| p.function.as_str()).filter(|f| !f.is_empty()) { " " span.small.muted { (fr(does)) } }
                @if !team.is_empty() { " · " (fr(prepared.team(team))) } }
            @if prepared.is_open_to_change() {
                form method="post" action=(prepared.act("participant")) { (stamps(prepared.shared, prepared.visitor))
                    input type="hidden" name="actor" value=(actor); input type="hidden" name="part" value=(part.name()); input type="hidden" name="team" value=(team);
                    button.link.small name="left" value="1" aria-label={ "Retirer " (name) } { "Retirer" } }
            }
        } } }
    }
}

/// Who the register says would sit in each team that nobody plays yet, added by one press.
fn suggestions(prepared: &Prepared<'_>) -> Markup {
    let all = suggest::all(&prepared.visitor.view.state.register, prepared.exercise);
    html! {
        @if !all.is_empty() {
            h2.ruled { (fr("Propositions par équipe")) }
            p.small.muted { (fr("D’après la fonction de chacun dans l’annuaire et ce que le scénario attend de l’équipe.")) }
            ul.plain.rows.people-rows { @for one in &all { li {
                span.what { (fr(&one.name)) " " span.small.muted { (fr(&one.does)) } " · " (fr(prepared.team(&one.team))) }
                form method="post" action=(prepared.act("participant")) { (stamps(prepared.shared, prepared.visitor))
                    input type="hidden" name="actor" value=(one.actor); input type="hidden" name="as" value={ (Part::Player.name()) "/" (one.team) };
                    button.link.small aria-label={ "Ajouter " (one.name) ", équipe " (prepared.team(&one.team)) } { "Ajouter" } }
            } } }
        }
    }
}

fn form(prepared: &Prepared<'_>, filled: Filled<'_>) -> Markup {
    let exercise = prepared.exercise;
    let register = &prepared.visitor.view.state.register;
    let mut people: Vec<(String, String)> = suggest::free(register, exercise)
        .map(|(actor, person)| (actor.to_string(), format!("{}, {}", person.name, suggest::does(register, actor))))
        .collect();
    people.sort_by(|a, b| a.1.cmp(&b.1));
    let mut roles = vec![];
    for team in &exercise.scenario().teams {
        roles.push((
            format!("player/{}", team.key),
            format!("joueur, {}{}", team.name, if team.who.is_empty() { String::new() } else { format!(" ({})", team.who) }),
        ));
    }
    roles.push((format!("{}/", Part::Observer.name()), "observateur".to_owned()));
    roles.push((format!("{}/", Part::Facilitator.name()), "animateur".to_owned()));
    html! {
        h2.ruled { (fr("Ajouter quelqu’un")) }
        @if people.is_empty() { p.muted { (fr("Toutes les personnes qui ont un compte prennent part. Ouvrez d’autres comptes à la page « comptes ».")) } }
        @else {
            form.stacked method="post" action=(prepared.act("participant")) { (stamps(prepared.shared, prepared.visitor))
                (filled.choice("actor", "Qui", "", &people))
                (filled.choice("as", "Comme", "", &roles))
                button.btn { "Ajouter" }
            }
        }
    }
}

/// Who takes part as what, as a form says it.
pub(super) fn typed(fields: &Fields) -> Result<ParticipantSet, Fault> {
    let actor = fields.get("actor").parse().map_err(|_| wrong("actor", "Choisissez une personne de la liste."))?;
    let (part, team) = match fields.get("as").split_once('/') {
        Some((part, team)) => (part, team.to_owned()),
        None => (fields.get("part"), fields.get("team").to_owned()),
    };
    let part = Part::from_name(part).ok_or_else(|| wrong("part", "Choisissez un rôle de la liste."))?;
    Ok(ParticipantSet { actor, part, team, left: !fields.get("left").is_empty() })
}
