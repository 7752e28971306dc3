//! Saying yes to a file; taking off what it no longer names.

use super::look::{Looked, looked};
use super::{Brought, drawn, dry_run, home, import_id, kept, may, past_path, token_path};
use crate::answer::{Fault, see_other};
use crate::app::Shared;
use crate::crisis::acts::{Sent, sent};
use crate::crisis::scene::wrong;
use crate::fields::Filled;
use crate::form::Fields;
use crate::pending::Kept;
use crate::record::record;
use crate::shell::{Page, Place};
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::cartography::event::Removed;
use journal::write::Draft;
use journal::{RequestId, SubjectId};
use std::sync::Arc;
use store::ledger::REQUEST_ENTRIES_MAX;

/// A form about a file that waits, and what it would change now.
struct Said {
    sent: Sent,
    kept: Kept<Brought>,
    looked: Arc<Looked>,
}

impl Said {
    /// Reads the form; without the file, the answer that says so.
    async fn read(shared: &Shared, journal: &str, token: &str, request: Request) -> Result<Self, Response> {
        let sent = sent(shared, request).await?;
        let visitor = &sent.visitor;
        let allowed = visitor.journal(shared, journal).and_then(|_| may(visitor)).and_then(|()| sent.same_author());
        if let Err(fault) = allowed {
            return Err(fault.into_response());
        }
        let made = token.parse().map(import_id);
        if made.is_ok_and(|id| imported(shared, &id)) && kept(shared, visitor, token).is_err() {
            return Err(see_other(&made.map(|id| past_path(&id)).unwrap_or_default()));
        }
        let found = match kept(shared, visitor, token) {
            Ok(found) => looked(shared, &found).await.map(|looked| (found, looked)),
            Err(fault) => Err(fault),
        };
        match found {
            Ok((kept, looked)) => Ok(Self { sent, kept, looked }),
            Err(fault) => Err(home::page(shared, visitor, Some(&fault))),
        }
    }

    /// The dry run again, with what is wrong. What is given back is the form that takes off, if it was that one.
    fn again(&self, shared: &Shared, fields: Option<&Fields>, fault: &Fault) -> Response {
        if fault.status == StatusCode::FORBIDDEN {
            return fault.clone().into_response();
        }
        let page = Page::new(shared, &self.sent.visitor, Place::Prepare, "Ce qui changerait");
        dry_run::page(&page, &self.kept, &self.looked, &dry_run::Asked::default(), Filled { fields, fault: Some(fault) })
    }
}

/// Whether that import is in the journal now, whatever the page showed.
fn imported(shared: &Shared, id: &SubjectId) -> bool {
    shared.ledger.view().state.cartography.imports.contains_key(id)
}

/// `POST …/carte/import/{token}`: yes. Everything in one request, or nothing.
pub(super) async fn confirm(
    State(shared): State<Shared>,
    Path((journal, token)): Path<(String, String)>,
    request: Request,
) -> Response {
    let said = match Said::read(&shared, &journal, &token, request).await {
        Ok(said) => said,
        Err(response) => return response,
    };
    let id = import_id(said.kept.token);
    // Said twice, perhaps while the first was being recorded.
    if imported(&shared, &id) {
        return see_other(&past_path(&id));
    }
    let drafts = said.kept.content.source.as_ref().map(|source| said.looked.plan.drafts(source, id)).unwrap_or_default();
    if let Err(fault) = agreed(&said, &drafts) {
        return said.again(&shared, None, &fault);
    }
    let (visitor, request) = (&said.sent.visitor, RequestId(drawn("import", said.kept.token)));
    match record(&shared, &visitor.view, visitor.author(), request, drafts).await {
        Ok(_) => {
            shared.imports.done(said.kept.token, shared.now());
            see_other(&past_path(&id))
        }
        Err(_) if imported(&shared, &id) => see_other(&past_path(&id)),
        Err(fault) => said.again(&shared, None, &Fault { field: None, ..fault }),
    }
}

/// Whether what would be recorded is what somebody saw.
fn agreed(said: &Said, drafts: &[Draft]) -> Result<(), Fault> {
    let refuse = |code: &'static str, sentence: String| Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, code, sentence));
    if said.sent.fields.get("digest") != said.looked.digest.to_string() {
        return refuse("stale", "La carte a changé entre-temps : voici ce que le fichier y changerait maintenant.".to_owned());
    }
    if drafts.is_empty() {
        return refuse("nothing", "Il n’y a rien à importer.".to_owned());
    }
    if drafts.len() > REQUEST_ENTRIES_MAX {
        return refuse("too_many", "Ce fichier est trop gros pour être enregistré d’un coup : coupez-le en deux.".to_owned());
    }
    Ok(())
}

/// `POST …/carte/import/{token}/absents`: what the file no longer names and somebody ticked leaves the map.
pub(super) async fn take_off(
    State(shared): State<Shared>,
    Path((journal, token)): Path<(String, String)>,
    request: Request,
) -> Response {
    let said = match Said::read(&shared, &journal, &token, request).await {
        Ok(said) => said,
        Err(response) => return response,
    };
    let outcome = match removals(&said) {
        Ok(drafts) if drafts.is_empty() => return see_other(&token_path(said.kept.token)),
        Ok(drafts) => said.sent.record_all(&shared, drafts).await,
        Err(fault) => Err(fault),
    };
    match outcome {
        Ok(_) => see_other(&token_path(said.kept.token)),
        Err(fault) => said.again(&shared, Some(&said.sent.fields), &fault),
    }
}

fn removals(said: &Said) -> Result<Vec<Draft>, Fault> {
    let fields = &said.sent.fields;
    let reason =
        fields.filled("reason").ok_or_else(|| wrong("reason", "Dites pourquoi : la fiche retirée gardera cette raison."))?;
    let ticked = fields.texts.iter().filter(|(name, _)| name == "absents").map(|(_, value)| value.parse::<SubjectId>());
    let ids = ticked.collect::<Result<Vec<_>, _>>().map_err(|_| wrong("absents", "Cochez dans la liste."))?;
    if ids.is_empty() {
        return Err(wrong("absents", "Cochez au moins une fiche à retirer."));
    }
    // Sent twice, what is off already is left alone.
    let map = &said.sent.visitor.view.state.cartography;
    let there: Vec<SubjectId> = ids.into_iter().filter(|id| dry_run::named(map, id).is_some()).collect();
    if there.iter().any(|id| !said.looked.plan.absent.contains(id)) {
        return Err(wrong("absents", "Une fiche cochée n’est plus dans cette liste : voici la liste de maintenant."));
    }
    Ok(there.into_iter().map(|id| Event::NodeRemoved(Removed { reason: reason.clone() }).draft(id)).collect())
}
