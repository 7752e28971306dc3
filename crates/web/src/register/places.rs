//! The tree of places, with the capacity of each.

use super::look::Look;
use super::sheet::Sheet;
use super::{list, look, page, path_of};
use crate::answer::Fault;
use crate::app::Shared;
use crate::session::Visitor;
use crate::typography::fr;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::register::event::{EstablishmentKind, Place};
use domain::register::tree::Branch;
use journal::SubjectId;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Deepest indentation drawn; deeper places stand at the same one.
const DEPTH_MAX: usize = 6;

/// Units, beds, places and posts.
#[derive(Default, Clone, Copy)]
struct Capacity([u64; 4]);

/// `GET /annuaire/lieux`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor) -> Result<Response, Fault> {
    let page = page(&shared, &visitor, Place::TITLE);
    let look = look(&page);
    let body = html! {
        (list::head::<Place>(&page))
        (Place::intro(&look, &page))
        p { a href="/annuaire/etablissement" { "Fiche de l’établissement" } (fr(" : nom, type, FINESS, fuseau horaire.")) }
        (tree(&look))
        (list::exchange::<Place>(&visitor))
    };
    Ok(page.render(&body).into_response())
}

fn tree(look: &Look<'_>) -> Markup {
    let tree = look.register.tree();
    if tree.is_empty() {
        return html! { p.empty { (fr(Place::EMPTY)) } };
    }
    let capacity = capacities(look, &tree);
    let number = |n: u64| if n == 0 { String::new() } else { n.to_string() };
    html! {
        table.reg.tree {
            thead { tr { th scope="col" { "Lieu" } th scope="col" { "Niveau" } th scope="col" { "FINESS" } th scope="col" { "Téléphone" }
                @for head in ["Unités", "Lits", "Places", "Postes"] { th.n scope="col" { (head) } } } }
            tbody { @for branch in &tree { tr {
                th scope="row" class={ "d" (branch.depth.min(DEPTH_MAX)) } { a href=(path_of::<Place>(&branch.id)) { (fr(&branch.place.name)) }
                    @if let Some(kind) = branch.place.kind { " " span.muted.small { (EstablishmentKind::label(kind)) } }
                    @if branch.orphan { " " span.st.warn.small { "sans rattachement" } } }
                td data-label="Niveau" { (branch.place.level.label()) }
                td data-label="FINESS" { (branch.place.finess) }
                td data-label="Téléphone" { (super::detail::phone(&branch.place.phone)) }
                @for (n, head) in capacity.get(&branch.id).copied().unwrap_or_default().0.into_iter().zip(["Unités", "Lits", "Places", "Postes"]) {
                    td.n data-label=(head) { (number(n)) } }
            } } }
        }
    }
}

/// What each place holds, with all that hangs below it. The tree lists a place before what hangs below.
fn capacities(look: &Look<'_>, tree: &[Branch<'_>]) -> BTreeMap<SubjectId, Capacity> {
    let mut all: BTreeMap<SubjectId, Capacity> = BTreeMap::new();
    for (_, unit) in look.register.units.iter() {
        let Some(site) = unit.site else { continue };
        let sums = &mut all.entry(site).or_default().0;
        for (sum, n) in sums.iter_mut().zip([1, u64::from(unit.beds), u64::from(unit.places), u64::from(unit.posts)]) {
            *sum += n;
        }
    }
    for branch in tree.iter().rev().filter(|branch| branch.depth > 0) {
        let (Some(own), Some(parent)) = (all.get(&branch.id).copied(), branch.place.parent) else { continue };
        let sums = &mut all.entry(parent).or_default().0;
        sums.iter_mut().zip(own.0).for_each(|(sum, n)| *sum += n);
    }
    all
}
