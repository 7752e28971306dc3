//! What the forms of a campaign record.

use super::{files, one, path, targets};
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::acts::{Sent, concluded, sent};
use crate::crisis::scene::{Outcome, wrong};
use crate::fields::Filled;
use crate::local::Local;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::campaign::Campaign;
use domain::campaign::event::{Answered, Excused, Planned, Target, TargetsSet};
use journal::SubjectId;

/// `POST /journaux/{journal}/campagnes/{id}/{act}`.
pub(super) async fn act(
    State(shared): State<Shared>,
    Path((journal, id, act)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let Some(campaign) = id.parse::<SubjectId>().ok().and_then(|id| sent.visitor.view.state.campaigns.all.get(&id)) else {
        return if sent.json { Fault::not_found().json() } else { Fault::not_found().into_response() };
    };
    let received = if act == "resultats" { Some(files::received(&shared, &sent).await) } else { None };
    let decide = |sent: &Sent| {
        let events = match received {
            Some(received) => received?,
            None => events(&act, sent, campaign)?,
        };
        Ok(Outcome { drafts: events.iter().map(|event| event.draft(campaign.id)).collect(), next: next(&act, sent, campaign) })
    };
    let back = |sent: &Sent, fault: &Fault| given_back(&shared, &act, sent, campaign, fault);
    concluded(&shared, &journal, &sent, decide, back).await
}

fn next(act: &str, sent: &Sent, campaign: &Campaign) -> String {
    match act {
        "date" | "reponses" | "dispense" => {
            format!("{}/etablissements/{}", path(campaign.id), crate::session::percent(sent.fields.get("finess")))
        }
        _ => path(campaign.id),
    }
}

fn given_back(shared: &Shared, act: &str, sent: &Sent, campaign: &Campaign, fault: &Fault) -> Response {
    let filled = Filled::of(&sent.fields, fault);
    let followed = campaign.targets.get(sent.fields.get("finess"));
    match (act, followed) {
        ("etablissements", _) => targets::page(shared, &sent.visitor, campaign, filled),
        ("resultats", _) | (_, None) => one::page(shared, &sent.visitor, campaign, "", filled),
        (_, Some(followed)) => targets::one_page(shared, &sent.visitor, campaign, followed, filled),
    }
}

fn events(act: &str, sent: &Sent, campaign: &Campaign) -> Result<Vec<Event>, Fault> {
    let fields = &sent.fields;
    let finess = fields.get("finess").to_owned();
    Ok(match act {
        "etablissements" => {
            let read = targets::read(fields.get("targets"));
            let told = read.map_err(|_| wrong("targets", "Corrigez les lignes signalées, puis enregistrez de nouveau."))?;
            vec![Event::TargetsSet(TargetsSet { targets: told })]
        }
        "date" => {
            let local = Local::of(&sent.visitor.view.state.register.time_zone);
            let sentence = "Cette date n’est pas comprise : écrivez 2027-03-12T09:30.";
            let read = |typed: String| local.parse(&typed, sent.visitor.now, true).ok_or_else(|| wrong("at", sentence));
            let at = fields.filled("at").map(read).transpose()?;
            vec![Event::CampaignPlanned(Planned { finess, at, place: fields.get("place").trim().to_owned() })]
        }
        "reponses" => {
            let questions = campaign.now().questions.iter();
            let answers = questions.map(|q| (q.key.clone(), fields.get(&format!("q-{}", q.key)).trim().to_owned())).collect();
            vec![Event::CampaignAnswered(Answered { finess, answers })]
        }
        "dispense" => vec![Event::CampaignExcused(Excused { finess, reason: fields.get("reason").trim().to_owned() })],
        "retrait" => {
            let known = campaign.targets.get(&finess).ok_or_else(Fault::not_found)?;
            let target = Target { removed: true, ..known.target.clone() };
            vec![Event::TargetsSet(TargetsSet { targets: vec![target] })]
        }
        _ => return Err(Fault::not_found()),
    })
}
