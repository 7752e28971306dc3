//! A first map from the usual one of a kind of establishment: each item is taken, adapted or refused by a person, and the map
//! says so ever after.

mod desk;
mod rows;
mod take;

use super::acts::concluded;
use super::{base, head};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::acts::{Sent, sent};
use crate::crisis::stamps;
use crate::days;
use crate::fields::Filled;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use content::archetypes::{Archetype, all, of};
use desk::Desk;
use maud::{Markup, html};
use serde::Deserialize;
use store::Receipt;

const PATH: &str = "/carte/archetype";

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/carte/archetype", get(show)).route("/journaux/{journal}/carte/archetype", post(decide))
}

#[derive(Deserialize, Default)]
struct Asked {
    genre: Option<String>,
}

/// `GET /carte/archetype`.
async fn show(State(shared): State<Shared>, visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    page(&shared, &visitor, asked.genre.as_deref(), Filled::BLANK)
}

/// The archetype asked for, else that of the establishment's kind.
fn chosen(visitor: &Visitor, asked: Option<&str>) -> Option<&'static Archetype> {
    let kind = visitor.view.state.register.kind;
    let own = kind.and_then(|kind| of(kind.name()).or_else(|| of(kind.content_kind())));
    asked.and_then(of).or(own).or_else(|| all().first())
}

fn page(shared: &Inner, visitor: &Visitor, asked: Option<&str>, filled: Filled<'_>) -> Response {
    let page = Page::new(shared, visitor, Place::Prepare, "Carte type");
    let body = match chosen(visitor, filled.fields.map(|f| f.get("genre")).or(asked)) {
        None => html! { (head("Partir d’une carte type", PATH)) p.empty { "Aucune carte type n’est livrée avec ce programme." } },
        Some(archetype) => {
            let desk = Desk::of(&visitor.view.state.cartography, archetype, shared.ledger.id());
            html! {
                (head("Partir d’une carte type", PATH))
                p.lead { (fr(&answer(&desk, visitor.may_write()))) }
                (kinds(archetype))
                (proposals(&page, &desk, filled))
            }
        }
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

/// What is proposed, what is decided, in one sentence.
fn answer(desk: &Desk<'_>, writes: bool) -> String {
    let (open, taken, refused) = (desk.open(), desk.taken(), desk.refused());
    let counted = |count: usize, one: &str, more: &str| plural(count as u64, one, more);
    if taken + refused == 0 {
        let archetype = desk.archetype;
        let said = format!(
            "{}, {} et {} sont proposés.",
            counted(archetype.activities.len(), "activité", "activités"),
            counted(archetype.assets.len(), "élément", "éléments"),
            counted(archetype.exchanges.len(), "interface", "interfaces")
        );
        let act = " Tout est pris d’avance : adaptez ou refusez ce qui diffère chez vous, puis enregistrez, en une fois.";
        return if writes { said + act } else { said };
    }
    let mut decided = format!("{} sur la carte", counted(taken, "proposition est déjà", "propositions sont déjà"));
    if refused > 0 {
        decided.push_str(&format!(", {}", counted(refused, "est refusée", "sont refusées")));
    }
    decided.push('.');
    match open {
        0 => format!("Tout est décidé : {decided}"),
        _ => format!("{decided} {} à décider.", counted(open, "reste", "restent")),
    }
}

/// Which archetype is before one's eyes; choosing another reads it.
fn kinds(archetype: &Archetype) -> Markup {
    html! {
        form.bar.screen method="get" action=(PATH) {
            p.field { label for="genre" { "Type d’établissement" }
                select #genre name="genre" { @for one in all() { option value=(one.key) selected[one.key == archetype.key] { (fr(&one.title)) } } } }
            button.btn.ghost { "Voir cette carte" }
        }
        p.small.muted { (fr(&archetype.source)) ". Édition du " (edition(archetype)) ", " (archetype.status.label()) "." }
    }
}

/// The day of its edition, as people write it.
fn edition(archetype: &Archetype) -> String {
    days::typed(&archetype.edition).map_or_else(|| archetype.edition.clone(), days::shown)
}

fn proposals(page: &Page<'_>, desk: &Desk<'_>, filled: Filled<'_>) -> Markup {
    if !page.visitor.may_write() {
        return html! { (rows::open(desk, filled, false)) (rows::refusals(page, desk, filled, false)) (rows::taken(page, desk)) };
    }
    html! {
        form.proposals method="post" action={ (base(page)) "/archetype" } {
            (stamps(page.shared, page.visitor))
            input type="hidden" name="genre" value=(desk.archetype.key);
            (filled.refusal(&[]))
            (rows::open(desk, filled, true))
            (rows::refusals(page, desk, filled, true))
            @if desk.open() > 0 { p.save { button.btn { "Enregistrer ces choix" } span.small.muted { (fr("Ce qui est refusé n’est plus proposé, et se reprend quand on veut.")) } } }
            @else {
                @if desk.redeemable() { p.save { button.btn.ghost { "Enregistrer ce qui est repris" } } }
                (next())
            }
            (rows::taken(page, desk))
        }
    }
}

/// Where to go once everything is decided.
fn next() -> Markup {
    html! { p.btns {
        a.btn href="/carte/et-si" { (fr("Et si un élément tombait ?")) }
        a.btn.ghost href="/carte/plan" { "Voir le plan" }
        a.btn.ghost href="/carte/fraicheur" { "Relire ce qui est pris" }
    } }
}

/// `POST …/carte/archetype`: everything chosen, as one request.
async fn decide(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    if let Some(receipt) = again(&sent) {
        return sent.done(&receipt, &back(&sent));
    }
    let give_back = |sent: &Sent, fault: &Fault| page(&shared, &sent.visitor, None, Filled::of(&sent.fields, fault));
    concluded(&shared, &journal, &sent, |sent| take::decided(sent, shared.ledger.id(), back(sent)), give_back).await
}

fn back(sent: &Sent) -> String {
    of(sent.fields.get("genre")).map_or_else(|| PATH.to_owned(), |archetype| format!("{PATH}?genre={}", archetype.key))
}

/// The same form sent twice: its import is there already.
fn again(sent: &Sent) -> Option<Receipt> {
    let known = sent.visitor.view.state.cartography.imports.get(&take::import_id(&sent.fields))?;
    let mine = known.by == sent.visitor.actor;
    mine.then(|| Receipt { entries: known.entries.iter().copied().collect(), replayed: true })
}
