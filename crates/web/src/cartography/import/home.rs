//! Where one begins: bring a file, take the map away, see what was imported.

use super::{FILES_BYTES_MAX, HOME, TOLD_MAX, past_path, system_label};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::cartography::{base, head};
use crate::crisis::stamps;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::cartography::{Cartography, Import};
use maud::{Markup, html};

/// Tools a file may come from: the value in forms, and the words.
pub(super) const TOOLS: [(&str, &str); 4] = [
    ("", "à reconnaître"),
    ("mercator", "Mercator (JSON de ses tables)"),
    ("glpi", "GLPI (exports CSV, un par type)"),
    ("tableur", "tableur (CSV ou XLSX)"),
];

/// What leaves, as what, and what for.
const EXPORTS: [(&str, &str, &str); 8] = [
    ("carte.xlsx", "Classeur XLSX", "toute la carte, une feuille par sorte ; se corrige et se réimporte"),
    ("activites.csv", "Activités CSV", "priorité, DMIA, RTO, PDMA, unité, qui en répond"),
    ("elements.csv", "Éléments CSV", "applications, serveurs, réseaux, dispositifs, lieux"),
    ("liens.csv", "Liens CSV", "qui a besoin de quoi, combien suffisent, combien de temps l’on tient sans"),
    ("interfaces.csv", "Interfaces CSV", "source, cible, protocole"),
    ("mercator.json", "Mercator", "les tables que cet outil relit"),
    ("carte.json", "JSON", "toute la carte, pour un programme"),
    ("/carte/plan.svg", "Plan SVG", "le dessin, pour un document"),
];

/// `GET /carte/import`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor) -> Response {
    page(&shared, &visitor, None)
}

/// The page, with what is wrong with the last file.
pub(super) fn page(shared: &Inner, visitor: &Visitor, fault: Option<&Fault>) -> Response {
    let page = Page::new(shared, visitor, Place::Prepare, "Import et export");
    let map = &visitor.view.state.cartography;
    let past = latest_first(map);
    let body = html! {
        (head("Import et export", HOME))
        p.lead { (fr(&answer(&page, &past))) }
        div.exchanges {
            (bring(&page, fault))
            (take_away(&visitor.view.state))
        }
        (list(&page, &past))
    };
    (fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

fn latest_first(map: &Cartography) -> Vec<&Import> {
    let mut all: Vec<&Import> = map.imports.values().map(|import| &**import).collect();
    all.sort_by(|a, b| b.wall.cmp(&a.wall).then_with(|| b.id.cmp(&a.id)));
    all
}

fn answer(page: &Page<'_>, past: &[&Import]) -> String {
    let Some(last) = past.first() else {
        return "Rien n’a encore été importé. Ce que l’hôpital a déjà, dans un autre outil ou dans un tableau, fait une première carte.".to_owned();
    };
    let state = &page.visitor.view.state;
    format!(
        "Dernier import : « {} », le {} par {} ; {}.",
        last.source.name,
        page.local.full_day_and_time(last.wall),
        state.register.name(&last.by),
        if last.undone.is_some() { "annulé depuis".to_owned() } else { created(last) }
    )
}

/// How many records it brought, in words.
pub(super) fn created(import: &Import) -> String {
    let described = import.described.len() as u64;
    let changed = described.saturating_sub(u64::from(import.created));
    let created = plural(u64::from(import.created), "fiche créée", "fiches créées");
    format!("{created}, {}", plural(changed, "modifiée", "modifiées"))
}

fn bring(page: &Page<'_>, fault: Option<&Fault>) -> Markup {
    let wrong = fault.map(|fault| &fault.sentence);
    html! {
        section.panel aria-labelledby="importer" {
            header { h2 #importer { "Importer" } }
            @if let Some(sentence) = wrong.filter(|_| !page.visitor.may_write()) { p.error role="alert" { (fr(sentence)) } }
            @if page.visitor.may_write() {
                form.stacked method="post" enctype="multipart/form-data" action={ (base(page)) "/import" } {
                    (stamps(page.shared, page.visitor))
                    p.field { label for="fichiers" { "Le fichier" }
                        input #fichiers type="file" name="fichiers" multiple required accept=".json,.csv,.txt,.xlsx"
                            aria-describedby="e-fichiers" aria-invalid=[wrong.map(|_| "true")];
                        span.small.muted { (fr("JSON de Mercator, exports CSV de GLPI (plusieurs à la fois), tableau CSV ou XLSX. ")) (FILES_BYTES_MAX / (1024 * 1024)) (fr(" Mio au plus.")) }
                        span #e-fichiers class=[wrong.map(|_| "error")] role=[wrong.map(|_| "alert")] { @if let Some(sentence) = wrong { (fr(sentence)) } } }
                    p.field { label for="outil" { "D’où il vient" }
                        select #outil name="outil" { @for (value, words) in TOOLS { option value=(value) { (words) } } } }
                    p { button.btn { "Voir ce qui changerait" } }
                }
                p.small.muted { (fr("Rien n’est enregistré avant que vous ayez dit oui. L’import ajoute et modifie ; il ne retire jamais rien de lui-même.")) }
                p.small { (fr("Aucun fichier ? ")) a href="/carte/archetype" { "Partir d’une carte type" } }
            } @else {
                p.empty { @if page.visitor.replayed.is_some() { (fr("Vous revoyez le passé : revenez au présent pour importer.")) }
                    @else { "Un observateur lit et exporte la carte, il ne l’importe pas." } }
            }
        }
    }
}

fn take_away(state: &domain::State) -> Markup {
    let left_out = formats::export::mercator_left_out(state);
    html! {
        section.panel aria-labelledby="exporter" {
            header { h2 #exporter { "Exporter" } }
            @if state.cartography.things().is_empty() { p.empty { "La carte est vide : il n’y a encore rien à emporter. " a href="/carte/archetype" { "Partir d’une carte type" } } }
            @else { ul.exports { @for (file, name, what) in EXPORTS {
                @let path = if file.starts_with('/') { file.to_owned() } else { format!("/carte/export/{file}") };
                li { a href=(path) { (name) } " " span.small.muted { (fr(what)) } }
            } } }
            @if !left_out.is_empty() { details.small { summary { "Ce que les tables de Mercator ne disent pas" (fr(" : ")) (left_out.len()) }
                ul { @for words in left_out.iter().take(TOLD_MAX) { li { (fr(words)) } } } } }
        }
    }
}

fn list(page: &Page<'_>, past: &[&Import]) -> Markup {
    let register = &page.visitor.view.state.register;
    html! {
        section.panel.wide aria-labelledby="passes" {
            header { h2 #passes { "Imports passés" } span.muted.small { (past.len()) } }
            @if past.is_empty() { p.empty { "Chaque import reste ici, avec son fichier, son auteur et de quoi l’annuler." } }
            @else { table.reg.asis {
                thead { tr { th scope="col" { "Fichier" } th scope="col" { "Outil" } th scope="col" { "Quand" } th scope="col" { "Par" } th scope="col" { "Ce qu’il a apporté" } th scope="col" { "État" } } }
                tbody { @for import in past { tr {
                    th scope="row" { a href=(past_path(&import.id)) { (fr(&import.source.name)) } }
                    td data-label="Outil" { (fr(&system_label(&import.source.system))) }
                    td data-label="Quand" { (page.local.full_day_and_time(import.wall)) }
                    td data-label="Par" { (fr(&register.name(&import.by))) }
                    td data-label="Ce qu’il a apporté" { (created(import)) }
                    td data-label="État" { @if import.undone.is_some() { span.muted { "annulé" } } @else { "en vigueur" } }
                } } }
            } }
        }
    }
}
