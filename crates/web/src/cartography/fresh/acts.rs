//! « C’est toujours exact », and « Demander la relecture ».

use super::records::Asked;
use super::{PATH, days, page};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::cartography::acts::concluded;
use crate::crisis::acts::{Sent, sent};
use crate::crisis::scene::{Outcome, made, wrong};
use crate::fields::Filled;
use crate::form::Fields;
use crate::local::Local;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use domain::Event;
use domain::cartography::Cartography;
use domain::cartography::event::review::{ReviewAsked, Reviewed};
use domain::register::day::Day;
use journal::SubjectId;
use journal::write::Draft;
use std::collections::{BTreeMap, BTreeSet};

/// What was ticked, once each, in the order of the form. A tick for a whole group names all its records.
fn about(fields: &Fields) -> Result<Vec<SubjectId>, Fault> {
    let mut seen = BTreeSet::new();
    let mut about = Vec::new();
    let named = fields.texts.iter().filter(|(name, _)| name == "about").flat_map(|(_, value)| value.split(','));
    for id in named.filter(|id| !id.trim().is_empty()) {
        let id: SubjectId =
            id.trim().parse().map_err(|_| Fault::malformed("Une fiche choisie est illisible : rechargez la page."))?;
        if seen.insert(id) {
            about.push(id);
        }
    }
    if about.is_empty() {
        return Err(wrong("about", "Aucune fiche n’est cochée : cochez celles dont il s’agit. Rien n’a été enregistré."));
    }
    Ok(about)
}

fn today(shared: &Inner, sent: &Sent) -> Day {
    let day = Local::of(&sent.visitor.view.state.register.time_zone).date(shared.now()).to_string();
    day.parse().unwrap_or_else(|_| Day::of_ms(shared.now()))
}

async fn post(
    shared: Shared,
    journal: String,
    request: Request,
    decide: impl FnOnce(&Sent) -> Result<Vec<Draft>, Fault>,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let decide = |sent: &Sent| decide(sent).map(|drafts| Outcome { drafts, next: PATH.to_owned() });
    concluded(&shared, &journal, &sent, decide, |sent, fault| {
        let asked = Asked { qui: sent.fields.get("qui").to_owned(), vue: sent.fields.get("vue").to_owned() };
        page(&shared, &sent.visitor, &asked, Filled::of(&sent.fields, fault))
    })
    .await
}

/// `POST …/carte/fraicheur/relue`.
pub(super) async fn reviewed(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let inner = shared.clone();
    post(shared, journal, request, move |sent| {
        let by = sent.fields.filled("by").unwrap_or_default();
        let set = Reviewed { about: about(&sent.fields)?, on: today(&inner, sent), by, note: String::new() };
        Ok(vec![Event::MapReviewed(set).draft(made(&sent.fields, "review", ""))])
    })
    .await
}

/// `POST …/carte/fraicheur/demander`.
pub(super) async fn ask(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let inner = shared.clone();
    post(shared, journal, request, move |sent| {
        let about = about(&sent.fields)?;
        let due_on = due(&sent.fields, today(&inner, sent))?;
        let asked = whom(&sent.visitor.view.state.cartography, about, sent.fields.filled("of"))?;
        let draft = |(of, about): (String, Vec<SubjectId>)| {
            let subject = made(&sent.fields, "review asked", &of);
            Event::ReviewAsked(ReviewAsked { about, of, due_on, note: String::new() }).draft(subject)
        };
        Ok(asked.into_iter().map(draft).collect())
    })
    .await
}

fn due(fields: &Fields, today: Day) -> Result<Day, Fault> {
    let text = fields.filled("due_on").ok_or_else(|| wrong("due_on", "Dites pour quel jour."))?;
    let due = days::typed(&text).ok_or_else(|| wrong("due_on", "Ce jour n’existe pas : écrivez par exemple 21/12/2026."))?;
    if due < today { Err(wrong("due_on", "Ce jour est déjà passé : choisissez-en un autre.")) } else { Ok(due) }
}

/// Who is asked for what: one person for all, or each record's owner.
fn whom(map: &Cartography, about: Vec<SubjectId>, of: Option<String>) -> Result<BTreeMap<String, Vec<SubjectId>>, Fault> {
    if let Some(of) = of {
        return Ok(BTreeMap::from([(of, about)]));
    }
    let mut asked: BTreeMap<String, Vec<SubjectId>> = BTreeMap::new();
    let mut nobody = 0_u64;
    for id in about {
        match map.thing(&id).and_then(|thing| thing.owner()).map(str::trim).filter(|owner| !owner.is_empty()) {
            Some(owner) => asked.entry(owner.to_owned()).or_default().push(id),
            None => nobody += 1,
        }
    }
    if nobody > 0 {
        let count = crate::today::plural(nobody, "fiche cochée n’a pas", "fiches cochées n’ont pas");
        return Err(wrong("of", format!("{count} de responsable : dites à qui la relecture est demandée.")));
    }
    Ok(asked)
}
