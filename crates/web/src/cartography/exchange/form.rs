//! The form of an interface.

use super::super::edit::proposed;
use super::super::thing::words::{chosen, label};
use super::{LIST, base, head};
use crate::answer::Fault;
use crate::app::Inner;
use crate::crisis::acts::ids;
use crate::crisis::scene::{made, seen, wrong};
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::form::Fields;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::cartography::Exchange;
use domain::cartography::event::ExchangeSet;
use domain::{Event, State};
use journal::write::Draft;
use journal::{EntryId, SubjectId};
use maud::{Markup, html};

const FIELDS: [&str; 8] = ["name", "source", "target", "via", "protocol", "critical", "fallback", "reason"];

/// What a form describes, its ends by the names that fields hold.
#[derive(Debug, Clone, Default)]
pub(super) struct Edited {
    id: Option<SubjectId>,
    name: String,
    source: String,
    target: String,
    via: String,
    protocol: String,
    critical: bool,
    both_ways: bool,
    fallback: String,
    external: Vec<String>,
    seen: Vec<EntryId>,
    version: Option<EntryId>,
}

impl Edited {
    pub(super) fn new(source: Option<String>) -> Self {
        Self { source: source.unwrap_or_default(), ..Self::default() }
    }

    /// One that is, or was, on the map; its values those of a version when one is named.
    pub(super) fn of(visitor: &Visitor, exchange: &Exchange, version: Option<EntryId>) -> Self {
        let map = &visitor.view.state.cartography;
        let asked = version.and_then(|id| exchange.described.all().find(|write| write.id == id));
        let set = &asked.unwrap_or_else(|| exchange.described.current()).value;
        Self {
            id: Some(exchange.id),
            name: set.name.clone(),
            source: label(map, &set.source),
            target: label(map, &set.target),
            via: set.via.map(|id| label(map, &id)).unwrap_or_default(),
            protocol: set.protocol.clone(),
            critical: set.critical,
            both_ways: set.both_ways,
            fallback: set.fallback.clone(),
            external: set.external.clone(),
            seen: exchange.described.seen(),
            version,
        }
    }

    /// What the form records.
    pub(super) fn draft(&self, fields: &Fields, state: &State) -> Result<Draft, Fault> {
        let end = |name: &str| {
            let text = fields.filled(name).ok_or_else(|| wrong(name, "Choisissez un élément de la carte."))?;
            chosen(&state.cartography, &text).map_err(|sentence| wrong(name, sentence))
        };
        let name = fields.get("name").trim().to_owned();
        let id = self.id.unwrap_or_else(|| made(fields, "exchange", &name));
        let set = ExchangeSet {
            name,
            source: end("source")?,
            target: end("target")?,
            via: fields.filled("via").map(|_| end("via")).transpose()?,
            protocol: fields.get("protocol").trim().to_owned(),
            critical: fields.get("critical") == "1",
            both_ways: fields.get("both_ways") == "1",
            fallback: fields.get("fallback").trim().replace("\r\n", "\n"),
            external: self.external.clone(),
            supersedes: seen(fields),
        };
        Ok(Event::ExchangeSet(set).draft(id))
    }
}

/// The page, filled in when refused.
pub(super) fn page(shared: &Inner, visitor: &Visitor, edited: &Edited, filled: Filled<'_>) -> Response {
    let title = if edited.id.is_some() { format!("Modifier : {}", edited.name) } else { "Nouvelle interface".to_owned() };
    let page = Page::new(shared, visitor, Place::Prepare, &title);
    let body = html! {
        (head(&title, LIST))
        @if let Some(id) = edited.id { p { a href={ (LIST) "/" (id) } { "Revenir à la fiche" } } }
        @if visitor.may_write() { (form(&page, edited, filled)) } @else { p.empty { "Un observateur lit la carte sans la changer." } }
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

fn form(page: &Page<'_>, edited: &Edited, filled: Filled<'_>) -> Markup {
    let action = match edited.id {
        Some(id) => format!("{}/interfaces/{id}", base(page)),
        None => format!("{}/interfaces", base(page)),
    };
    let ticked = |name: &str, known: bool| filled.fields.map_or(known, |fields| fields.get(name) == "1");
    let map = &page.visitor.view.state.cartography;
    html! {
        form.stacked.wide.mapform method="post" action=(action) {
            (stamps(page.shared, page.visitor))
            input type="hidden" name="supersedes" value=(filled.value("supersedes", &ids(&edited.seen)));
            @if let Some(version) = edited.version { input type="hidden" name="version" value=(version); }
            (filled.refusal(&FIELDS))
            (filled.text(&Text { name: "name", label: "Ce qui est échangé", known: &edited.name, example: Some("identités et mouvements, du dossier au laboratoire"), required: true, ..Text::default() }))
            div.fields {
                (filled.text(&Text { name: "source", label: "Source", known: &edited.source, list: Some("elements"), required: true, ..Text::default() }))
                (filled.text(&Text { name: "target", label: "Destination", known: &edited.target, list: Some("elements"), required: true, ..Text::default() }))
                (filled.text(&Text { name: "via", label: "Par", known: &edited.via, list: Some("elements"), hint: Some("un moteur d’interfaces (EAI) ; vide : en direct"), ..Text::default() }))
                (filled.text(&Text { name: "protocol", label: "Protocole", known: &edited.protocol, example: Some("HL7 v2, DICOM, fichier"), ..Text::default() }))
            }
            div.field { label.check { input type="checkbox" name="critical" value="1" checked[ticked("critical", edited.critical)]; "Critique : sans elle, la destination passe en mode dégradé" } (filled.beside("critical")) }
            div.field { label.check { input type="checkbox" name="both_ways" value="1" checked[ticked("both_ways", edited.both_ways)]; "Les données vont dans les deux sens" } }
            (filled.long(&Text { name: "fallback", label: "Ce qu’on fait quand elle est coupée", known: &edited.fallback, example: Some("résultats imprimés et portés toutes les deux heures"), ..Text::default() }, 2))
            p { button.btn { "Enregistrer" } }
        }
        (proposed(map))
    }
}
