//! The text of a declaration, filled in from the register and the crisis; what is not known stays a blank, and is listed.

use super::who;
use crate::crisis::scene::Scene;
use content::placeholders::{fill, names};
use domain::legal::{Clock, Due};
use domain::situation::board::ActivityLine;
use domain::situation::event::Status;

/// A key as the name of a place in a page.
pub(super) fn anchor(key: &str) -> String {
    let plain: String = key.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    format!("d-{plain}")
}

/// The text, ready to be completed; and the names of what could not be filled in.
pub(super) fn text(scene: &Scene<'_>, clock: &Clock) -> (String, Vec<String>) {
    let words = clock.words();
    let known = |name: &str| match name {
        "échéance" => due(scene, clock),
        "déclarant" => who::holder(&scene.state.register, &words.who).map(|(name, _)| name),
        "fonction" => Some(who::label(&scene.state.register, &words.who).to_owned()),
        "téléphone" => {
            who::holder(&scene.state.register, &words.who).and_then(|(_, phones)| Some((*phones.first()?).to_owned()))
        }
        other => value(scene, other),
    };
    let mut blank: Vec<String> = Vec::new();
    for name in names(&words.template) {
        let name_shown = name.replace('_', " ");
        if known(name).is_none_or(|value| value.trim().is_empty()) && !blank.contains(&name_shown) {
            blank.push(name_shown);
        }
    }
    (fill(&words.template, known), blank)
}

fn due(scene: &Scene<'_>, clock: &Clock) -> Option<String> {
    match super::of(scene)?.due(clock, scene.crisis) {
        Due::At { until, .. } => Some(scene.local.day_and_time(until)),
        Due::Now => Some("sans délai".to_owned()),
        Due::After(_) | Due::Unset => None,
    }
}

/// The value of a placeholder that does not depend on a declaration, when it is known.
pub(crate) fn value(scene: &Scene<'_>, name: &str) -> Option<String> {
    let (register, crisis) = (&scene.state.register, scene.crisis);
    let when = |ms: i64| scene.local.day_and_time(ms);
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let flows = || scene.situation().map(|s| s.flows_since(i64::MIN));
    let beds = || scene.situation().map(domain::situation::Situation::beds).filter(|beds| beds.units > 0);
    match name {
        "établissement" => filled(&register.establishment),
        "finess" => filled(&register.finess),
        "titre" => filled(&crisis.title),
        "niveau" => Some(crisis.level.label().to_owned()),
        "début" => Some(when(crisis.occurred_at)),
        "détecté" => crisis.detected_at.map(when),
        "connu" => Some(when(crisis.known_at)),
        "maintenant" => Some(when(scene.now)),
        "activités_touchées" => activities(scene, |s| !matches!(s, Status::Normal | Status::Unknown)),
        "activités_arrêtées" => activities(scene, |s| s == Status::Stopped),
        "activités_inconnues" => activities(scene, |s| s == Status::Unknown),
        "applications_touchées" => applications(scene),
        "lits_ouverts" => beds().map(|beds| beds.open.to_string()),
        "lits_installés" => beds().map(|beds| (beds.open + beds.closed).to_string()),
        "transferts" => flows().map(|flows| flows.transfers.to_string()),
        "réorientations" => flows().map(|flows| flows.reorientations.to_string()),
        "interventions_annulées" => flows().map(|flows| flows.operations_cancelled.to_string()),
        "consultations_annulées" => flows().map(|flows| flows.consultations_cancelled.to_string()),
        _ => None,
    }
}

/// Names of activities in such a state, once somebody said something of the situation.
fn activities(scene: &Scene<'_>, such: impl Fn(Status) -> bool) -> Option<String> {
    scene.situation()?;
    let board = scene.board();
    let named: Vec<&str> =
        board.activities.iter().filter(|a: &&ActivityLine<'_>| such(a.line.status())).map(|a| a.line.name).collect();
    Some(if named.is_empty() { "aucune".to_owned() } else { named.join(", ") })
}

fn applications(scene: &Scene<'_>) -> Option<String> {
    scene.situation()?;
    let board = scene.board();
    let down = |status: Status| !matches!(status, Status::Normal | Status::Unknown);
    let named: Vec<&str> = board.applications.iter().filter(|a| down(a.line.status())).map(|a| a.line.name).collect();
    Some(if named.is_empty() { "aucune déclarée".to_owned() } else { named.join(", ") })
}
