//! Revoking a device that was stolen or lost, from the page of the journal.

use super::{received, recorded};
use crate::answer::{Fault, see_other};
use crate::app::Shared;
use crate::crisis::stamps;
use crate::shell::Page;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use journal::write::Draft;
use journal::{AuthorityAct, PublicKey};
use maud::{Markup, html};
use std::collections::BTreeMap;
use store::View;

/// Devices other than this server's, that still count.
fn revocable(view: &View<domain::State>) -> BTreeMap<PublicKey, &str> {
    let ours = |key: &PublicKey| view.chains.iter().any(|chain| chain.ours && chain.key == *key);
    let revoked = |key: &PublicKey| view.state.access.devices_revoked.contains_key(key);
    let others = view.chains.iter().filter(|chain| !ours(&chain.key) && !revoked(&chain.key));
    others.map(|chain| (chain.key, chain.device.as_str())).collect()
}

/// The section of the journal's page.
pub(crate) fn revocation(page: &Page<'_>) -> Markup {
    let view = &page.visitor.view;
    let devices = revocable(view);
    let revoked = &view.state.access.devices_revoked;
    if !page.visitor.may_administer() || (devices.is_empty() && revoked.is_empty()) {
        return html! {};
    }
    let name = |key: &PublicKey| view.chains.iter().find(|c| c.key == *key).map_or_else(|| key.to_string(), |c| c.device.clone());
    html! {
        section.panel.wide aria-labelledby="revoquer" {
            header { h2 #revoquer { "Poste volé ou perdu" } }
            p.muted { (fr("Ce qu’un poste révoqué a écrit sans qu’on le sache est gardé, marqué, et ne décide plus de rien. C’est définitif.")) }
            @for (key, reason) in revoked { p { span.st.down { "révoqué" } " " (name(key)) (fr(" : ")) (fr(reason)) } }
            @for (key, device) in &devices {
                details { summary { "Révoquer « " (device) " »" }
                    form.stacked method="post" action={ "/journaux/" (page.shared.ledger.id()) "/postes/" (key) "/revoquer" } {
                        (stamps(page.shared, page.visitor))
                        p.field { label for={ "raison-" (key) } { "Raison" } input id={ "raison-" (key) } name="reason" required autocomplete="off"; }
                        p { button.btn.ghost { "Révoquer ce poste" } }
                    } }
            }
        }
    }
}

/// `POST …/postes/{key}/revoquer`.
pub(super) async fn revoke(
    State(shared): State<Shared>,
    Path((journal, key)): Path<(String, String)>,
    request: Request,
) -> Response {
    let sent = match received(&shared, &journal, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let Ok(device) = key.parse::<PublicKey>() else { return Fault::not_found().into_response() };
    let chains = &sent.visitor.view.chains;
    if !chains.iter().any(|chain| chain.key == device) {
        return Fault::not_found().into_response();
    }
    if chains.iter().any(|chain| chain.ours && chain.key == device) {
        let sentence =
            "Ce poste est celui qui vous répond : révoquez-le depuis un autre, sinon rien de ce qu’il écrit ne compterait plus.";
        return Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "own_device", sentence).into_response();
    }
    let reason = sent.fields.get("reason").trim().to_owned();
    let draft = Draft::of_act(&AuthorityAct::DeviceRevoked { device, reason });
    match recorded(&shared, &sent, vec![draft]).await {
        Ok(_) => see_other("/journal#revoquer"),
        Err(fault) if sent.json => fault.json(),
        Err(fault) => fault.into_response(),
    }
}
