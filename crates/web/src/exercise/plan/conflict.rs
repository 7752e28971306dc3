//! Two people wrote at once, each without seeing the other: both versions are shown, and somebody settles.

use super::Prepared;
use crate::answer::Fault;
use crate::crisis::scene::wrong;
use crate::crisis::stamps;
use crate::form::Fields;
use crate::shell::Page;
use crate::typography::fr;
use domain::exercise::Exercise;
use domain::exercise::event::scenario::{Inject, Scenario};
use domain::versions::Versions;
use maud::{Markup, html};
use std::sync::Arc;

/// A heading and what a version says under it.
type Said = Vec<(&'static str, String)>;

/// Said above every page of the preparation while the frame is torn.
pub(super) fn notice(prepared: &Prepared<'_>) -> Markup {
    let torn = prepared.exercise.frames.is_conflict();
    html! { @if torn { p.notice { b { (fr(&format!("Conflit ({}) : ", prepared.exercise.frames.survivors().len()))) }
    (fr("deux personnes ont changé le cadre en même temps. ")) a href={ (prepared.path()) "/cadre#versions" } { (fr("Choisir la bonne version")) } } } }
}

/// The frames that survive, side by side where they differ.
pub(super) fn frames(page: &Page<'_>, prepared: &Prepared<'_>) -> Markup {
    table(page, prepared, &prepared.exercise.frames, &|scenario| frame(page, scenario), |id| {
        let seen: Vec<String> = prepared.exercise.frames.seen().iter().map(ToString::to_string).collect();
        html! {
            form method="post" action=(prepared.act("version")) { (stamps(prepared.shared, prepared.visitor))
                input type="hidden" name="supersedes" value=(seen.join(","));
                button.btn.ghost.small name="version" value=(id) { "Garder celle-ci" } }
        }
    })
}

/// The wordings of an inject that survive; the form below settles.
pub(super) fn injects(page: &Page<'_>, prepared: &Prepared<'_>, written: &Versions<Arc<Inject>>) -> Markup {
    table(page, prepared, written, &|one| inject(prepared, one), |_| html! {})
}

fn table<T>(
    page: &Page<'_>,
    prepared: &Prepared<'_>,
    versions: &Versions<Arc<T>>,
    say: &dyn Fn(&T) -> Said,
    keep: impl Fn(String) -> Markup,
) -> Markup {
    if !versions.is_conflict() {
        return html! {};
    }
    let survivors = versions.survivors();
    let said: Vec<Said> = survivors.iter().map(|write| say(&write.value)).collect();
    let cell = |place: usize, of: &Said| of.get(place).map(|(_, words)| words.clone()).unwrap_or_default();
    let heads = said.first().map_or(Vec::new(), |first| first.iter().map(|(head, _)| *head).collect::<Vec<_>>());
    let register = &prepared.visitor.view.state.register;
    html! {
        section.panel.wide #versions aria-labelledby="versions-titre" {
            header { h2 #versions-titre { (fr(&format!("Conflit ({})", survivors.len()))) } }
            p { (fr("Ces versions ont été écrites en même temps. Voici où elles diffèrent.")) }
            div.scrollx tabindex="0" role="group" aria-label="Versions en conflit" { table.torn {
                thead { tr { th scope="col" { "Champ" } @for write in &survivors { th scope="col" { (fr(&register.name(&write.by))) ", " (page.local.day_and_time(write.wall)) } } } }
                tbody {
                    @for (place, head) in heads.iter().enumerate() {
                        @let cells: Vec<String> = said.iter().map(|of| cell(place, of)).collect();
                        @if cells.windows(2).any(|pair| pair.first() != pair.last()) {
                            tr { th scope="row" { (fr(head)) } @for words in &cells { td.x { (fr(if words.is_empty() { "rien" } else { words })) } } } }
                    }
                    @if prepared.is_open_to_change() { tr { th scope="row" { (fr("Décision")) } @for write in &survivors { td { (keep(write.id.to_string())) } } } }
                }
            } }
        }
    }
}

fn frame(page: &Page<'_>, scenario: &Scenario) -> Said {
    let lines = |all: Vec<String>| all.join("\n");
    vec![
        ("Titre", scenario.title.clone()),
        ("En une phrase", scenario.about.clone()),
        ("Jour et heure", scenario.planned_at.map_or("à fixer".to_owned(), |at| page.local.full_day_and_time(at))),
        ("Durée", format!("{} minutes", scenario.minutes)),
        ("Niveau", scenario.level.label().to_owned()),
        ("Briefing", scenario.briefing.clone()),
        ("Équipes", lines(scenario.teams.iter().map(|t| format!("{} : {}", t.name, t.who)).collect())),
        ("Objectifs", lines(scenario.objectives.iter().map(|o| o.text.clone()).collect())),
        ("Phases", lines(scenario.phases.iter().map(|p| format!("minute {} : {}", p.at, p.name)).collect())),
        ("Mots de votre maison", lines(scenario.parameters.iter().map(|p| format!("{} : {}", p.label, p.value)).collect())),
        (
            "Critères",
            lines(
                scenario
                    .criteria
                    .iter()
                    .map(|c| format!("{}, {}. {} {}", c.title, super::super::report::target(c), c.look, c.advice))
                    .collect(),
            ),
        ),
    ]
}

fn inject(prepared: &Prepared<'_>, inject: &Inject) -> Said {
    let number = |n: Option<u32>| n.map_or("aucune".to_owned(), |n| n.to_string());
    vec![
        ("Minute", number(inject.at)),
        ("Canal", inject.channel.label().to_owned()),
        ("De", inject.from.clone()),
        ("Pour", prepared.teams(inject)),
        ("Sujet", inject.title.clone()),
        ("Texte", inject.text.clone()),
        ("Pièces jointes", inject.attachments.iter().map(|a| a.name.as_str()).collect::<Vec<_>>().join(", ")),
        ("Pour l’animateur", inject.guidance.clone()),
        ("Réaction attendue", inject.expected.clone()),
        ("En combien de minutes", number(inject.within)),
        ("Lue au journal par", inject.fact.clone()),
        ("Objectif servi", inject.objective.clone()),
        ("Si ce stimulus reste sans réaction", inject.contingency_for.clone()),
        ("Niveau", inject.level.label().to_owned()),
        ("Ambiance", if inject.noise { "oui" } else { "non" }.to_owned()),
    ]
}

/// The frame that somebody chose among those that survive.
pub(super) fn kept(fields: &Fields, exercise: &Exercise) -> Result<Scenario, Fault> {
    let survivors = exercise.frames.survivors();
    let chosen = survivors.iter().find(|write| write.id.to_string() == fields.get("version"));
    let sentence = "Cette version n’est plus en conflit : voici où en est le cadre.";
    chosen.map(|write| (*write.value).clone()).ok_or_else(|| wrong("version", sentence))
}
