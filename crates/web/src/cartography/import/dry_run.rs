//! What a file would change, row by row, before anybody says yes.

use super::look::{Looked, looked};
use super::{Brought, HOME, TOLD_MAX, Window, form_path, home, import_id, kept, may, past_path, system_label, token_path};
use crate::answer::see_other;
use crate::app::Shared;
use crate::cartography::{head, thing_path};
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::pending::Kept;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::cartography::Cartography;
use formats::plan::{Change, Planned};
use formats::source::{Fault as Wrong, Source, Spot};
use journal::SubjectId;
use maud::{Markup, html};
use serde::Deserialize;

/// Which rows are shown: the value in addresses, and what it keeps.
const FILTERS: [(&str, &[Change]); 4] = [
    ("", &[Change::Created, Change::Changed]),
    ("crees", &[Change::Created]),
    ("modifies", &[Change::Changed]),
    ("identiques", &[Change::Same]),
];

/// Which rows an address asks for.
#[derive(Deserialize, Default)]
pub(super) struct Asked {
    montrer: Option<String>,
    page: Option<usize>,
}

/// `GET /carte/import/{token}`.
pub(super) async fn show(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(token): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let found = may(&visitor).and_then(|()| kept(&shared, &visitor, &token));
    let kept = match found {
        Ok(kept) => kept,
        Err(fault) if fault.status == StatusCode::FORBIDDEN => return fault.into_response(),
        Err(fault) => return home::page(&shared, &visitor, Some(&fault)),
    };
    if kept.content.source.is_none() {
        return see_other(&format!("{}/colonnes", token_path(kept.token)));
    }
    match looked(&shared, &kept).await {
        Ok(looked) => {
            page(&Page::new(&shared, &visitor, Place::Prepare, "Ce qui changerait"), &kept, &looked, &asked, Filled::BLANK)
        }
        Err(fault) => home::page(&shared, &visitor, Some(&fault)),
    }
}

/// The page; a refusal is about no field in particular (the import), or about `absents` or `reason` (taking off).
pub(super) fn page(page: &Page<'_>, kept: &Kept<Brought>, looked: &Looked, asked: &Asked, filled: Filled<'_>) -> Response {
    let map = &page.visitor.view.state.cartography;
    let done = map.imports.contains_key(&import_id(kept.token));
    let source = kept.content.source.as_ref();
    let body = html! {
        (head("Import et export", HOME))
        h2.step { @if done { "Importé" } @else { "Ce qui changerait" } (fr(" : ")) (fr(&kept.name)) }
        (filled.refusal(&["absents", "reason"]))
        p.lead { (fr(&counts(looked))) @if !done && !looked.plan.lines.is_empty() { " Rien n’est encore enregistré." } }
        (agree(page, kept, looked, done))
        (wrong(kept, looked))
        @if !done || looked.created + looked.changed > 0 { (rows(kept, looked, asked)) }
        (beside(kept, looked))
        (absent(page, map, kept, looked, filled))
        @if let Some(source) = source { (ignored(source)) }
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

/// « 312 fiches à créer, 14 à modifier, 950 inchangées ; 3 lignes refusées. »
pub(super) fn counts(looked: &Looked) -> String {
    let Looked { created, changed, same, refused, .. } = looked;
    let created = plural(*created as u64, "fiche à créer", "fiches à créer");
    let same = plural(*same as u64, "inchangée", "inchangées");
    let refused = match refused {
        0 => "aucune ligne refusée".to_owned(),
        n => plural(*n as u64, "ligne refusée", "lignes refusées"),
    };
    format!("{created}, {changed} à modifier, {same} ; {refused}.")
}

/// Why there is nothing to say yes to.
fn nothing_to_take(looked: &Looked) -> &'static str {
    match (looked.refused, looked.same) {
        (0, _) => "Rien à changer : la carte dit déjà ce que dit ce fichier.",
        (_, 0) => "Aucune ligne ne peut être prise : corrigez le fichier, puis choisissez-le de nouveau.",
        (_, _) => {
            "Les bonnes lignes sont déjà sur la carte : il reste à corriger les autres, puis à choisir le fichier de nouveau."
        }
    }
}

/// The button that says yes.
fn agree(page: &Page<'_>, kept: &Kept<Brought>, looked: &Looked, done: bool) -> Markup {
    let nothing = looked.plan.lines.is_empty();
    let settle = (!kept.content.sheets.is_empty()).then(|| format!("{}/colonnes", token_path(kept.token)));
    html! {
        @if done { p.btns { a.btn href=(past_path(&import_id(kept.token))) { "Voir cet import" } a href=(HOME) { "Importer un autre fichier" } } }
        @else if nothing {
            p.empty { (fr(nothing_to_take(looked))) }
            p.btns { @if let Some(path) = &settle { a href=(path) { "Revoir les colonnes" } } a href=(HOME) { "Choisir un autre fichier" } }
        } @else {
            form method="post" action=(form_path(page, kept.token)) {
                (stamps(page.shared, page.visitor))
                input type="hidden" name="digest" value=(looked.digest);
                p.btns {
                    button.btn { @if looked.refused == 0 { "Importer" } @else { "Prendre les bonnes lignes" } }
                    @if let Some(path) = &settle { a href=(path) { "Revoir les colonnes" } }
                    a href=(HOME) { "Ne rien importer" }
                }
            }
        }
    }
}

/// « applications, ligne 12 »; « ligne 12 » in a file that is one table.
fn place(spot: &Spot, file: &str) -> String {
    match (spot.table.is_empty() || spot.table == file, spot.row) {
        (true, 0) => String::new(),
        (true, row) => format!("ligne {row}"),
        (false, 0) => spot.table.clone(),
        (false, row) => format!("{}, ligne {row}", spot.table),
    }
}

fn wrong(kept: &Kept<Brought>, looked: &Looked) -> Markup {
    let faults = &looked.plan.faults;
    html! { @if !faults.is_empty() {
        section.panel.wide aria-labelledby="refusees" {
            header { h2 #refusees { "À corriger dans le fichier" } span.muted.small { (looked.refused) }
                a.more.small href={ (token_path(kept.token)) "/refus.csv" } download { "Télécharger cette liste (CSV)" } }
            table.reg.faults {
                thead { tr { th scope="col" { "Où" } th scope="col" { "Colonne" } th scope="col" { "Ce qui ne va pas" } } }
                tbody { @for Wrong { spot, column, sentence } in faults.iter().take(TOLD_MAX) { tr {
                    th scope="row" { (fr(&place(spot, &kept.name))) } td data-label="Colonne" { (fr(column)) } td data-label="Ce qui ne va pas" { (fr(sentence)) }
                } } }
            }
            @if faults.len() > TOLD_MAX { p.muted { "Et " (faults.len() - TOLD_MAX) " autres, dans la liste à télécharger." } }
        }
    } }
}

fn rows(kept: &Kept<Brought>, looked: &Looked, asked: &Asked) -> Markup {
    let chosen = asked.montrer.as_deref().unwrap_or_default();
    let wanted = FILTERS.iter().find(|(name, _)| *name == chosen).map_or(FILTERS[0].1, |(_, wanted)| wanted);
    let shown: Vec<&Planned> = looked.plan.planned.iter().filter(|planned| wanted.contains(&planned.change)).collect();
    let window = Window::of(shown.len(), asked.page);
    let path = token_path(kept.token);
    let filters = [
        ("", "Ce qui change", looked.created + looked.changed),
        ("crees", "À créer", looked.created),
        ("modifies", "À modifier", looked.changed),
        ("identiques", "Inchangées", looked.same),
    ];
    html! {
        section.panel.wide #fiches aria-labelledby="lignes" {
            header { h2 #lignes { "Fiche par fiche" } }
            nav.filters aria-label="Fiches montrées" { @for (name, words, count) in filters {
                a href={ (path) "?montrer=" (name) "#fiches" } aria-current=[(name == chosen).then_some("true")] { (fr(words)) " " span.small { (count) } }
            } }
            @if shown.is_empty() { p.empty { "Aucune." } } @else {
                table.reg.plan {
                    thead { tr { th scope="col" { "Fiche" } th scope="col" { "Nature" } th scope="col" { "Où" } th scope="col" { "Ce qui change" } } }
                    tbody { @for planned in window.slice(&shown) { (row(planned, &kept.name)) } }
                }
            }
            (window.pager(&format!("{path}?montrer={chosen}&")))
        }
    }
}

fn row(planned: &Planned, file: &str) -> Markup {
    let fate = match planned.change {
        Change::Created => "à créer",
        Change::Changed => "à modifier",
        Change::Same => "inchangée",
    };
    html! { tr {
        th scope="row" { (fr(&planned.name)) }
        td data-label="Nature" { (fr(planned.kind)) }
        td.muted.spot data-label="Où" { (fr(&place(&planned.spot, file))) }
        td data-label="Ce qui change" { @if planned.differs.is_empty() { (fate) } @else {
            @if planned.change == Change::Created { (fate) (fr(" : ")) }
            @for (at, difference) in planned.differs.iter().enumerate() { @if at > 0 { (fr(" ; ")) } (fr(difference)) } } }
    } }
}

/// What is taken without a part of it, and links of the map that the file does not name: they stay.
fn beside(kept: &Kept<Brought>, looked: &Looked) -> Markup {
    let (notes, stays) = (&looked.plan.notes, &looked.plan.kept);
    html! {
        @if !notes.is_empty() {
            section.panel.wide aria-labelledby="reserves" {
                header { h2 #reserves { "Prises sans une partie" } span.muted.small { (notes.len()) } }
                table.reg.faults {
                    thead { tr { th scope="col" { "Où" } th scope="col" { "Colonne" } th scope="col" { "Ce qui est laissé" } } }
                    tbody { @for Wrong { spot, column, sentence } in notes.iter().take(TOLD_MAX) { tr {
                        th scope="row" { (fr(&place(spot, &kept.name))) } td data-label="Colonne" { (fr(column)) } td data-label="Ce qui est laissé" { (fr(sentence)) }
                    } } }
                }
                (others(notes.len()))
                p.small.muted { (fr("Unités et prestataires se complètent dans l’")) a href="/annuaire" { "annuaire" } (fr(" ; le même fichier, choisi de nouveau, fera alors le lien.")) }
            }
        }
        @if !stays.is_empty() {
            section.panel.wide aria-labelledby="gardes" {
                header { h2 #gardes { "Liens que ce fichier ne nomme pas" } span.muted.small { (stays.len()) } }
                p.small.muted { (fr("Ils sont sur la carte et y restent.")) }
                table.reg { tbody { @for link in stays.iter().take(TOLD_MAX) { tr {
                    th scope="row" { a href=(thing_path(&link.id)) { (fr(&link.name)) } } td { (fr(&link.words)) }
                } } } }
                (others(stays.len()))
            }
        }
    }
}

fn others(count: usize) -> Markup {
    html! { @if count > TOLD_MAX { p.muted { "Et " (count - TOLD_MAX) " autres." } } }
}

/// Something on the map, as a list names it.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) path: String,
}

/// Whatever is on the map under that id.
pub(super) fn named(map: &Cartography, id: &SubjectId) -> Option<Named> {
    if let Some(thing) = map.thing(id) {
        return Some(Named { name: thing.name().to_owned(), kind: thing.kind_label(), path: thing_path(id) });
    }
    let exchange = map.exchange(id)?;
    Some(Named { name: exchange.now().name.clone(), kind: "interface", path: "/carte/interfaces".to_owned() })
}

/// What this source brought before and no longer names: listed, and taken off only when somebody ticks it.
fn absent(page: &Page<'_>, map: &Cartography, kept: &Kept<Brought>, looked: &Looked, filled: Filled<'_>) -> Markup {
    let all: Vec<(&SubjectId, Named)> = looked.plan.absent.iter().filter_map(|id| Some((id, named(map, id)?))).collect();
    let system = kept.content.source.as_ref().map(|source| system_label(&source.system)).unwrap_or_default();
    let ticked = |id: &SubjectId| {
        let id = id.to_string();
        filled.fields.is_some_and(|fields| fields.texts.iter().any(|(name, value)| name == "absents" && *value == id))
    };
    html! { @if !all.is_empty() {
        section.panel.wide #absents aria-labelledby="disparues" {
            header { h2 #disparues { "Que ce fichier ne nomme plus" } span.muted.small { (all.len()) } }
            p { (fr(&format!("Apportées auparavant ({system}), absentes de ce fichier. Un import ne retire rien : cochez celles qui n’existent plus.")) ) }
            form method="post" action={ (form_path(page, kept.token)) "/absents" } {
                (stamps(page.shared, page.visitor))
                fieldset.ticks { legend.out { "Fiches à retirer de la carte" }
                    @for (id, Named { name, kind, path }) in all.iter().take(TOLD_MAX) {
                        label { input type="checkbox" name="absents" value=(id) checked[ticked(id)];
                            span { a href=(path) { (fr(name)) } " " span.small.muted { (fr(kind)) } } }
                    } }
                (filled.beside("absents"))
                @if all.len() > TOLD_MAX { p.muted { "Et " (all.len() - TOLD_MAX) (fr(" autres : elles se montrent quand celles-ci sont traitées.")) } }
                div.stacked { (filled.text(&Text { name: "reason", label: "Pourquoi", known: &format!("Absente de {}", kept.name), required: true, ..Text::default() })) }
                p { button.btn.ghost { "Retirer de la carte" } }
            }
        }
    } }
}

fn ignored(source: &Source) -> Markup {
    html! { @if !source.ignored.is_empty() {
        details { summary { "Tables du fichier qui ne disent rien de la carte" (fr(" : ")) (source.ignored.len()) }
            ul { @for (table, count) in &source.ignored { li { (table) ", " (plural(*count as u64, "ligne", "lignes")) } } } }
    } }
}
