//! What the forms of the impact analysis record.

use super::PATH;
use super::one::{field, find, page};
use crate::answer::Fault;
use crate::app::Shared;
use crate::cartography::acts::concluded;
use crate::crisis::acts::{Sent, sent};
use crate::crisis::scene::{Outcome, seen, wrong};
use crate::days;
use crate::fields::Filled;
use crate::form::Fields;
use crate::local::Local;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::cartography::Activity;
use domain::cartography::event::ActivitySet;
use domain::cartography::event::review::{BiaSet, Criterion, Harm, Horizon};
use domain::register::day::Day;
use journal::write::Draft;

/// `POST …/carte/bia/{id}`.
pub(super) async fn judge(
    State(shared): State<Shared>,
    Path((journal, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let decide = |sent: &Sent| {
        let activity = find(&sent.visitor, &id)?;
        let map = &sent.visitor.view.state.cartography;
        let today = Local::of(&sent.visitor.view.state.register.time_zone).date(shared.now()).to_string();
        let set = read(&sent.fields, map.analysis(&activity.id), today.parse().ok())?;
        Ok(after(&id, Event::BiaSet(set).draft(activity.id)))
    };
    concluded(&shared, &journal, &sent, decide, |sent, fault| match find(&sent.visitor, &id) {
        Ok(activity) => page(&shared, &sent.visitor, activity, Filled::of(&sent.fields, fault)),
        Err(_) => fault.clone().into_response(),
    })
    .await
}

/// What is recorded, and back to the page of the activity.
fn after(id: &str, draft: Draft) -> Outcome {
    Outcome { drafts: vec![draft], next: format!("{PATH}/{id}") }
}

fn harms(fields: &Fields) -> Result<Vec<Harm>, Fault> {
    let mut harms = Vec::new();
    for criterion in Criterion::ALL {
        for horizon in Horizon::ALL {
            let Some(text) = fields.filled(&field(criterion, horizon)) else { continue };
            let level =
                text.parse().map_err(|_| wrong("harms", "Choisissez chaque niveau dans la liste, de 0 (nul) à 4 (critique)."))?;
            harms.push(Harm { criterion, horizon, level });
        }
    }
    Ok(harms)
}

/// The analysis as typed. A validation left blank stays with the levels it was given to, and with no others.
fn read(fields: &Fields, known: Option<&BiaSet>, today: Option<Day>) -> Result<BiaSet, Fault> {
    let harms = harms(fields)?;
    if harms.is_empty() && known.is_none_or(|bia| bia.harms.is_empty()) {
        return Err(wrong("harms", "Aucune case n’est jugée : choisissez au moins un niveau."));
    }
    let mut validated_by = fields.filled("validated_by").unwrap_or_default();
    let mut validated_on = match fields.filled("validated_on") {
        None => None,
        Some(text) => Some(
            days::typed(&text).ok_or_else(|| wrong("validated_on", "Ce jour n’existe pas : écrivez par exemple 21/11/2026."))?,
        ),
    };
    if validated_on.zip(today).is_some_and(|(on, today)| on > today) {
        return Err(wrong("validated_on", "Ce jour n’est pas encore venu : une validation porte sur ce qui a été lu."));
    }
    let same = |bia: &&BiaSet| {
        let level = |bia: &BiaSet| Criterion::ALL.map(|c| Horizon::ALL.map(|h| bia.level(c, h)));
        level(bia) == level(&BiaSet { harms: harms.clone(), ..BiaSet::default() })
    };
    if let Some(known) = known.filter(same).filter(|_| validated_by.is_empty() && validated_on.is_none()) {
        (validated_by, validated_on) = (known.validated_by.clone(), known.validated_on);
    }
    let note = fields.get("note").trim().to_owned();
    Ok(BiaSet { harms, note, validated_by, validated_on, supersedes: seen(fields) })
}

/// `POST …/carte/bia/{id}/dmia`: the bound becomes the DMIA; the rest of the record is as it was.
pub(super) async fn take_bound(
    State(shared): State<Shared>,
    Path((journal, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let decide = |sent: &Sent| {
        let activity = find(&sent.visitor, &id)?;
        let bia = sent.visitor.view.state.cartography.analysis(&activity.id);
        Ok(after(&id, Event::ActivitySet(bounded(&sent.fields, activity, bia)?).draft(activity.id)))
    };
    concluded(&shared, &journal, &sent, decide, |sent, fault| match find(&sent.visitor, &id) {
        Ok(activity) => page(&shared, &sent.visitor, activity, Filled { fields: None, fault: Some(fault) }),
        Err(_) => fault.clone().into_response(),
    })
    .await
}

/// The activity with the DMIA that was shown, if it is still the one proposed, and if the record is still the one shown.
fn bounded(fields: &Fields, activity: &Activity, bia: Option<&BiaSet>) -> Result<ActivitySet, Fault> {
    let minutes = bia.and_then(BiaSet::bound).map(Horizon::minutes);
    if minutes.is_none() || minutes.map(|minutes| minutes.to_string()).as_deref() != Some(fields.get("minutes")) {
        return Err(wrong(
            "minutes",
            "Le bilan a changé depuis : voici la DMIA qu’il propose maintenant. Rien n’a été enregistré.",
        ));
    }
    let supersedes = seen(fields);
    if activity.described.is_conflict() || supersedes != activity.described.seen() {
        return Err(wrong(
            "minutes",
            "La fiche de l’activité a changé depuis : relisez-la, puis recommencez. Rien n’a été enregistré.",
        ));
    }
    Ok(ActivitySet { mtpd_minutes: minutes, supersedes, ..activity.now().clone() })
}
