//! Lists that ship with the program, or that people write, taken over into a crisis.

use super::{of, page};
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::scene::{Outcome, Scene, act, wrong};
use crate::fields::Filled;
use crate::form::Fields;
use crate::legal::kind;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use content::shipped::concerns;
use domain::Event;
use domain::checklist::event::{Gesture, ListAdopted};
use domain::register::Register;
use journal::SubjectId;
use journal::entry::sha256;

/// When a list is taken over with the opening of a crisis.
pub(crate) const AT_OPENING: &str = "ouverture";

/// Lists that an establishment of this kind takes over at some moment of a crisis.
pub(crate) fn shipped(register: &Register, crisis: SubjectId, moment: &str) -> Vec<ListAdopted> {
    let kind = kind(register);
    let concerned = content::checklists::all().iter().filter(|list| list.moment == moment && concerns(&list.kinds, kind));
    concerned.map(|list| list.adopted(crisis)).collect()
}

fn named(name: &str) -> SubjectId {
    let mut id = [0; SubjectId::LEN];
    id.copy_from_slice(&sha256(name.as_bytes()).as_bytes()[..SubjectId::LEN]);
    SubjectId(id)
}

/// Shipped lists that this establishment may use and this crisis does not have yet.
pub(crate) fn missing(scene: &Scene<'_>) -> Vec<ListAdopted> {
    let kind = kind(&scene.state.register);
    let mine = content::checklists::all().iter().filter(|list| concerns(&list.kinds, kind));
    let absent = |list: &ListAdopted| of(scene).is_none_or(|known| !known.lists.contains_key(&list.list));
    mine.map(|list| list.adopted(scene.crisis.id)).filter(absent).collect()
}

/// `POST …/gestes/reprendre`: one shipped list, or all those of the opening.
pub(super) async fn adopt(State(shared): State<Shared>, at: Path<(String, String)>, request: Request) -> Response {
    let decide = |scene: &Scene<'_>, fields: &Fields| {
        let absent = missing(scene);
        let wanted: Vec<ListAdopted> = match fields.get("key") {
            "" => {
                let opening = shipped(&scene.state.register, scene.crisis.id, AT_OPENING);
                opening.into_iter().filter(|list| absent.iter().any(|a| a.list == list.list)).collect()
            }
            key => absent.into_iter().filter(|list| list.key == key).collect(),
        };
        let drafts = wanted.into_iter().map(|list| Event::ListAdopted(list).draft(scene.crisis.id)).collect();
        Ok(Outcome { drafts, next: format!("{}/gestes", scene.room) })
    };
    act(&shared, at.0, request, decide, |scene, _, fault| page::page(scene, Filled { fields: None, fault: Some(fault) })).await
}

/// `POST …/gestes/nouvelle`: a list of one's own, a gesture per line.
pub(super) async fn write(State(shared): State<Shared>, at: Path<(String, String)>, request: Request) -> Response {
    let decide = |scene: &Scene<'_>, fields: &Fields| {
        let lines = fields.get("gestures").lines().map(str::trim).filter(|line| !line.is_empty());
        let gestures: Vec<Gesture> =
            lines.enumerate().map(|(at, text)| Gesture { key: format!("g{}", at + 1), text: text.to_owned() }).collect();
        let function =
            fields.filled("function").ok_or_else(|| wrong("function", "Pour qui est cette liste ? Choisissez une fonction."))?;
        let id = named(&format!("list {}", fields.get("request")));
        let list = ListAdopted {
            list: id,
            key: format!("propre-{id}"),
            title: fields.get("title").trim().to_owned(),
            function,
            gestures,
            source: scene.state.register.establishment.clone(),
            edition: scene.local.date(scene.shared.now()).to_string(),
            status: String::new(),
        };
        let drafts = vec![Event::ListAdopted(list).draft(scene.crisis.id)];
        Ok::<_, Fault>(Outcome { drafts, next: format!("{}/gestes", scene.room) })
    };
    act(&shared, at.0, request, decide, |scene, fields, fault| page::page(scene, Filled::of(fields, fault))).await
}
