//! « Vérifié aujourd’hui »: somebody called, and the number held.

use super::keep;
use super::path_of;
use super::sheet::Sheet;
use super::write_path;
use crate::answer::{Fault, see_other};
use crate::app::Shared;
use crate::crisis::acts::sent;
use crate::crisis::stamps;
use crate::local::Local;
use crate::shell::Page;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::register::day::Day;
use domain::register::event::{Partner, PartnerVerified};
use journal::SubjectId;
use maud::{Markup, html};

/// The one click. The number shown travels with it: if another was written meanwhile, that one is not verified.
pub(super) fn verify(page: &Page<'_>, id: &SubjectId) -> Markup {
    let phone = page.visitor.view.state.register.partners.get(id).map(|p| p.phone.clone()).unwrap_or_default();
    html! {
        form method="post" action=(write_path(page.shared, &format!("{}/{id}/verifier", Partner::SLUG))) {
            (stamps(page.shared, page.visitor))
            input type="hidden" name="phone" value=(phone);
            p { button.btn.ghost { "Vérifié aujourd’hui" } " " span.small.muted { "Après avoir appelé, ou lu le numéro sur le site officiel." } }
        }
    }
}

/// `POST …/partenaires/{id}/verifier`.
pub(super) async fn verified(
    State(shared): State<Shared>,
    Path((journal, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let register = &sent.visitor.view.state.register;
    let found = sent.visitor.journal(&shared, &journal).and_then(|_| id.parse::<SubjectId>().map_err(|_| Fault::not_found()));
    let outcome = match found {
        Ok(id) if register.partners.get(&id).is_some() => {
            let today = Local::of(&register.time_zone).date(shared.now()).to_string();
            let on = today.parse().unwrap_or_else(|_| Day::of_ms(shared.now()));
            let event = PartnerVerified { on, by: String::new(), phone: sent.fields.get("phone").to_owned() };
            let draft = Event::PartnerVerified(event).draft(id);
            match sent.same_author() {
                Ok(()) => keep(&shared, &sent, vec![draft]).await.map(|_| id),
                Err(fault) => Err(fault),
            }
        }
        Ok(_) => Err(Fault::not_found()),
        Err(fault) => Err(fault),
    };
    match outcome {
        Ok(id) => see_other(&path_of::<Partner>(&id)),
        Err(fault) => fault.into_response(),
    }
}
