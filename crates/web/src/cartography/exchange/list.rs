//! The list of interfaces, filtered, or only those cut when an element falls.

use super::super::thing::links::to;
use super::super::thing::words::name;
use super::super::{net, page::ROWS_MAX};
use super::{LIST, base, head};
use crate::app::Shared;
use crate::search::fold::fold_into;
use crate::session::{Visitor, percent};
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use domain::cartography::kind::AssetKind;
use domain::cartography::{Cartography, Exchange};
use impact::Outcome;
use journal::SubjectId;
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Characters of a filter that count.
const FILTER_CHARS_MAX: usize = 100;
/// In the filter « par »: any interface engine, and none at all.
const ENGINE: &str = "eai";
const DIRECT: &str = "direct";

/// How the list is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    /// `oui` or `non`.
    critique: String,
    /// An element they go through, any engine, or none.
    par: String,
    /// An element that falls.
    perdu: String,
    page: String,
}

impl Asked {
    fn with_page(&self, page: usize) -> String {
        let pairs = [("q", &self.q), ("critique", &self.critique), ("par", &self.par), ("perdu", &self.perdu)];
        let pairs = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        let query: String = pairs.map(|(name, value)| format!("{name}={}&", percent(value))).collect();
        format!("{LIST}?{query}page={page}")
    }
}

/// What is lost, and what goes down with it.
struct Lost {
    id: SubjectId,
    outcome: Outcome,
    net: std::sync::Arc<domain::cartography::network::Net>,
}

impl Lost {
    fn is_down(&self, id: &SubjectId) -> bool {
        self.net.number(id).is_some_and(|number| self.outcome.down_at(number).is_some())
    }

    /// Which of its ends goes down; none: it is not cut.
    fn cuts(&self, exchange: &Exchange) -> Vec<SubjectId> {
        let set = exchange.now();
        [Some(set.source), set.via, Some(set.target)].into_iter().flatten().filter(|id| self.is_down(id)).collect()
    }
}

/// `GET /carte/interfaces?q=&critique=&par=&perdu=&page=`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    let page = Page::new(&shared, &visitor, Place::Prepare, "Interfaces");
    let map = &visitor.view.state.cartography;
    let all = map.exchanges();
    let lost = asked.perdu.parse().ok().filter(|id| map.thing(id).is_some()).map(|id| {
        let net = net(&shared, &visitor);
        Lost { id, outcome: net.what_if(&[id]), net }
    });
    let body = html! {
        (head("Interfaces", LIST))
        p.lead { (fr(&answer(map, &all, lost.as_ref()))) }
        @if visitor.may_write() { p.btns { a.btn href={ (base(&page)) "/interfaces" } { "Ajouter une interface" } } }
        @if all.is_empty() { p.empty { "Une interface dit qui envoie quoi à qui : identités vers le laboratoire, comptes rendus vers le dossier. Commencez par celles dont l’arrêt oblige à ressaisir." } }
        @else { (filtered(&page, &asked, &all, lost.as_ref())) }
    };
    page.render(&body).into_response()
}

fn answer(map: &Cartography, all: &[&Exchange], lost: Option<&Lost>) -> String {
    let critical = all.iter().filter(|exchange| exchange.now().critical).count() as u64;
    match lost {
        _ if all.is_empty() => "Aucune interface n’est décrite : on ne sait pas ce qui cesserait d’arriver.".to_owned(),
        None => format!(
            "{}, dont {}.",
            plural(all.len() as u64, "interface", "interfaces"),
            plural(critical, "critique", "critiques")
        ),
        Some(lost) => {
            let cut: Vec<_> = all.iter().filter(|exchange| !lost.cuts(exchange).is_empty()).collect();
            let critical = cut.iter().filter(|exchange| exchange.now().critical).count() as u64;
            format!(
                "Si « {} » tombe : {} sur {}, dont {}.",
                name(map, &lost.id),
                plural(cut.len() as u64, "interface coupée", "interfaces coupées"),
                all.len(),
                plural(critical, "critique", "critiques")
            )
        }
    }
}

fn keeps(map: &Cartography, asked: &Asked, words: &[&str], exchange: &Exchange, lost: Option<&Lost>) -> bool {
    let set = exchange.now();
    let engine = |id: &SubjectId| map.asset(id).is_some_and(|a| a.now().kind == AssetKind::Interface);
    let by = match asked.par.as_str() {
        "" => true,
        DIRECT => set.via.is_none(),
        ENGINE => set.via.is_some_and(|id| engine(&id)),
        id => set.via.is_some_and(|via| via.to_string() == id),
    };
    let critical = match asked.critique.as_str() {
        "oui" => set.critical,
        "non" => !set.critical,
        _ => true,
    };
    let mut folded = String::new();
    if !words.is_empty() {
        for text in [&set.name, &set.protocol, &name(map, &set.source), &name(map, &set.target)] {
            fold_into(text, &mut folded);
        }
    }
    by && critical && words.iter().all(|word| folded.contains(word)) && lost.is_none_or(|lost| !lost.cuts(exchange).is_empty())
}

fn filtered(page: &Page<'_>, asked: &Asked, all: &[&Exchange], lost: Option<&Lost>) -> Markup {
    let map = &page.visitor.view.state.cartography;
    let mut sought = String::new();
    fold_into(&asked.q.chars().take(FILTER_CHARS_MAX).collect::<String>(), &mut sought);
    let words: Vec<&str> = sought.split(' ').filter(|word| !word.is_empty()).collect();
    let found: Vec<&Exchange> = all.iter().copied().filter(|exchange| keeps(map, asked, &words, exchange, lost)).collect();
    let pages = found.len().div_ceil(ROWS_MAX).max(1);
    let at = asked.page.parse().unwrap_or(1).clamp(1, pages);
    html! {
        (choices(map, asked, all, lost))
        p.muted.small { (plural(found.len() as u64, "interface", "interfaces")) @if found.len() < all.len() { " sur " (all.len()) " · " a href=(LIST) { "Tout voir" } } }
        @if found.is_empty() { p.empty { "Aucune interface ne répond à ces filtres." } }
        @else {
            table.reg.maplist {
                thead { tr { th scope="col" { "Ce qui est échangé" } th scope="col" { "De" } th scope="col" { "Vers" } th scope="col" { "Par" } th scope="col" { "Protocole" } th scope="col" { "Si elle est coupée" } } }
                tbody { @for exchange in &found[(at - 1) * ROWS_MAX..(at * ROWS_MAX).min(found.len())] { (line(map, exchange, lost)) } }
            }
            @if pages > 1 { nav.pager aria-label="Pages" {
                @if at > 1 { a href=(asked.with_page(at - 1)) rel="prev" { "Page précédente" } }
                span { "Page " (at) " sur " (pages) }
                @if at < pages { a href=(asked.with_page(at + 1)) rel="next" { "Page suivante" } }
            } }
        }
    }
}

fn line(map: &Cartography, exchange: &Exchange, lost: Option<&Lost>) -> Markup {
    let set = exchange.now();
    let cuts: Vec<String> = lost.map(|lost| lost.cuts(exchange)).unwrap_or_default().iter().map(|id| name(map, id)).collect();
    html! { tr {
        th scope="row" { a href={ (LIST) "/" (exchange.id) } { (fr(&set.name)) }
            @if set.critical { " " span.st.small.warn { "critique" } }
            @if exchange.described.is_conflict() { " " span.st.small.warn { "conflit (" (exchange.described.survivors().len()) ")" } } }
        td data-label="De" { (to(map, &set.source)) }
        td data-label="Vers" { (to(map, &set.target)) @if set.both_ways { " " span.small.muted { "et retour" } } }
        td data-label="Par" { @match &set.via { Some(via) => (to(map, via)), None => span.muted { "en direct" } } }
        td data-label="Protocole" { (fr(&set.protocol)) }
        td data-label="Si elle est coupée" { @if !cuts.is_empty() { span.st.small.down { "coupée" } " " span.small.muted { (fr(&format!("arrêt : {}", cuts.join(", ")))) } " " }
            @if set.fallback.is_empty() { span.muted { "rien de prévu" } } @else { (fr(&set.fallback)) } }
    } }
}

/// The filters.
fn choices(map: &Cartography, asked: &Asked, all: &[&Exchange], lost: Option<&Lost>) -> Markup {
    let vias: BTreeSet<SubjectId> = all.iter().filter_map(|exchange| exchange.now().via).collect();
    let ends: BTreeSet<SubjectId> =
        all.iter().flat_map(|e| [Some(e.now().source), Some(e.now().target), e.now().via]).flatten().collect();
    let by_name = |ids: BTreeSet<SubjectId>| {
        let mut named: Vec<(String, SubjectId)> =
            ids.into_iter().filter(|id| map.thing(id).is_some()).map(|id| (name(map, &id), id)).collect();
        named.sort();
        named
    };
    let mut fall = by_name(ends);
    // What falls may be none of their ends: a server under them.
    if let Some(lost) = lost.filter(|lost| fall.iter().all(|(_, id)| *id != lost.id)) {
        fall.push((name(map, &lost.id), lost.id));
    }
    let option =
        |value: &str, words: &str, chosen: &str| html! { option value=(value) selected[value == chosen] { (fr(words)) } };
    html! {
        form.regfilter.mapfilter method="get" action=(LIST) role="search" {
            span.one { label for="filtre" { "Mots à trouver" } input #filtre type="search" name="q" value=(asked.q) autocomplete="off"; }
            span.one { label for="critique" { "Critique" } select #critique name="critique" { (option("", "toutes", &asked.critique)) (option("oui", "critiques", &asked.critique)) (option("non", "non critiques", &asked.critique)) } }
            span.one { label for="par" { "Par" } select #par name="par" { (option("", "tout", &asked.par)) (option(ENGINE, "un moteur d’interfaces (EAI)", &asked.par)) (option(DIRECT, "en direct", &asked.par))
                @for (name, id) in by_name(vias) { (option(&id.to_string(), &name, &asked.par)) } } }
            span.one { label for="perdu" { "Coupées si tombe" } select #perdu name="perdu" { (option("", "–", &asked.perdu)) @for (name, id) in &fall { (option(&id.to_string(), name, &asked.perdu)) } } }
            button.btn.ghost { "Filtrer" }
        }
    }
}
