//! Obligations that ship with the program, taken over into a crisis.

use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::scene::{Outcome, Scene, act};
use crate::fields::Filled;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use content::shipped::concerns;
use domain::Event;
use domain::legal::event::ClockAdopted;
use domain::register::Register;

/// Those that concern an establishment of this kind.
pub(crate) fn clocks(register: &Register) -> Vec<ClockAdopted> {
    let kind = kind(register);
    content::clocks::all().iter().filter(|clock| concerns(&clock.kinds, kind)).map(adopted).collect()
}

/// The kind of establishment whose content applies; a general hospital's until somebody says.
pub(crate) fn kind(register: &Register) -> &'static str {
    register.kind.map_or("ch", domain::register::event::EstablishmentKind::content_kind)
}

fn adopted(clock: &content::clocks::Clock) -> ClockAdopted {
    ClockAdopted {
        key: clock.key.clone(),
        title: clock.title.clone(),
        what: clock.what.clone(),
        who: clock.who.clone(),
        whom: clock.whom.clone(),
        contact: clock.contact.clone(),
        starts: clock.starts.clone(),
        delay: clock.delay,
        delay_words: clock.delay_words.clone(),
        basis: clock.basis.clone(),
        condition: clock.concerns.clone(),
        template: clock.template.clone(),
        source: clock.source.clone(),
        edition: clock.edition.clone(),
        status: clock.status.label().to_owned(),
        due_at: None,
        supersedes: Vec::new(),
    }
}

/// Those that this crisis does not follow yet.
pub(crate) fn missing(scene: &Scene<'_>) -> Vec<ClockAdopted> {
    let known = super::of(scene);
    let new = |clock: &ClockAdopted| known.is_none_or(|legal| !legal.clocks.contains_key(&clock.key));
    clocks(&scene.state.register).into_iter().filter(new).collect()
}

/// `POST …/echeances/reprendre`.
pub(super) async fn adopt(State(shared): State<Shared>, at: Path<(String, String)>, request: Request) -> Response {
    let decide = |scene: &Scene<'_>, _: &crate::form::Fields| {
        let drafts = missing(scene).into_iter().map(|clock| Event::ClockAdopted(clock).draft(scene.crisis.id)).collect();
        Ok::<_, Fault>(Outcome { drafts, next: format!("{}/echeances", scene.room) })
    };
    act(&shared, at.0, request, decide, |scene, _, fault| {
        super::deadlines::page(scene, Filled { fields: None, fault: Some(fault) })
    })
    .await
}
