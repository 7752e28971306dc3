//! What each column of a sheet is: guessed, shown with a few values, settled by a person.

use super::bring::stamped;
use super::{Brought, HOME, SLUG, TOLD_MAX, form_path, home, kept, may, token_path, unreadable};
use crate::answer::{Fault, see_other};
use crate::app::Shared;
use crate::cartography::head;
use crate::crisis::acts::sent;
use crate::crisis::scene::wrong;
use crate::crisis::stamps;
use crate::fields::Filled;
use crate::form::Fields;
use crate::pending::Kept;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::cartography::kind::{AssetKind, View};
use formats::sheet::{Field, Mapping, Shape, Sheet, source};
use formats::source::{Sort, Source};
use journal::RequestId;
use maud::{Markup, html};
use std::sync::{Arc, Mutex};

/// Values of a column shown beside its head.
const SAMPLES: usize = 3;
/// Most characters of each.
const SAMPLE_CHARS_MAX: usize = 40;

/// `GET /carte/import/{token}/colonnes`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path(token): Path<String>) -> Response {
    if let Err(fault) = may(&visitor) {
        return fault.into_response();
    }
    match kept(&shared, &visitor, &token) {
        Ok(kept) if kept.content.sheets.is_empty() => see_other(&token_path(kept.token)),
        Ok(kept) => page(&Page::new(&shared, &visitor, Place::Prepare, "Colonnes du tableau"), &kept, Filled::BLANK),
        Err(fault) => home::page(&shared, &visitor, Some(&fault)),
    }
}

fn page(page: &Page<'_>, kept: &Kept<Brought>, filled: Filled<'_>) -> Response {
    let sheets = &kept.content.sheets;
    let rows: usize = sheets.iter().map(|sheet| sheet.rows.len()).sum();
    let known = sheets.iter().flat_map(|sheet| &sheet.heads).filter(|head| !head.is_empty()).count();
    let shown: Vec<String> = (0..sheets.len()).map(|at| format!("s{at}")).collect();
    let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
    let body = html! {
        (head("Import et export", HOME))
        h2.step { "Que dit ce tableau" (fr(" ? ")) (fr(&kept.name)) }
        (filled.refusal(&shown))
        p.lead { (fr(&format!("{} et {}. Vérifiez ce que dit chaque colonne ; rien n’est encore enregistré.",
            plural(rows as u64, "ligne", "lignes"), plural(known as u64, "colonne", "colonnes")))) }
        form method="post" action={ (form_path(page, kept.token)) "/colonnes" } {
            (stamps(page.shared, page.visitor))
            @for (at, (sheet, mapping)) in sheets.iter().zip(kept.content.mappings.iter()).enumerate() { (one(at, sheets.len() == 1, sheet, mapping.as_ref(), filled)) }
            p.btns { button.btn { "Voir ce qui changerait" } a href=(HOME) { "Choisir un autre fichier" } }
        }
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

fn one(at: usize, alone: bool, sheet: &Sheet, mapping: Option<&Mapping>, filled: Filled<'_>) -> Markup {
    let shape = mapping.map(|mapping| mapping.shape);
    let known_shape = shape.map_or("", Shape::name);
    let known_sort = mapping.and_then(|mapping| mapping.sort).map_or("", Sort::name);
    let shapes: Vec<(String, String)> = std::iter::once((String::new(), "rien : laisser cette feuille de côté".to_owned()))
        .chain(Shape::ALL.into_iter().map(|shape| (shape.name().to_owned(), shape.label().to_owned())))
        .collect();
    html! {
        section.panel.wide aria-labelledby={ "feuille-" (at) } {
            header { h2 id={ "feuille-" (at) } { @if alone { "Colonnes" } @else { (fr(&sheet.name)) } } span.muted.small { (plural(sheet.rows.len() as u64, "ligne", "lignes")) } }
            (filled.beside(&format!("s{at}")))
            div.fields {
                (filled.choice(&format!("forme-{at}"), "Chaque ligne est", known_shape, &shapes))
                p.field { label for={ "sorte-" (at) } { "Toutes sont" }
                    @let chosen = filled.value(&format!("sorte-{at}"), known_sort);
                    select id={ "sorte-" (at) } name={ "sorte-" (at) } {
                        option value="" { "ce que dit la colonne « Sorte »" }
                        option value="activity" selected[chosen == "activity"] { "des activités" }
                        @for view in View::ALL { optgroup label=(view.label()) {
                            @for kind in AssetKind::ALL.iter().filter(|kind| kind.view() == view) { option value=(kind.name()) selected[chosen == kind.name()] { (kind.plural()) } } } }
                    } }
            }
            table.reg.columns {
                thead { tr { th scope="col" { "Colonne" } th scope="col" { "Premières valeurs" } th scope="col" { "C’est…" } } }
                tbody { @for (column, name) in sheet.heads.iter().enumerate().filter(|(_, name)| !name.is_empty()).take(TOLD_MAX) { tr {
                    th scope="row" id={ "t-" (at) "-" (column) } { (fr(name)) }
                    td.sample data-label="Premières valeurs" { @for value in samples(sheet, column) { span { (fr(&value)) } } }
                    td { (choice(at, column, mapping, filled)) }
                } } }
            }
        }
    }
}

/// The first values of a column, each once.
fn samples(sheet: &Sheet, column: usize) -> Vec<String> {
    let mut values: Vec<&str> = Vec::with_capacity(SAMPLES);
    for (_, row) in &sheet.rows {
        let value = sheet.cell(row, column);
        if !value.is_empty() && !values.contains(&value) {
            values.push(value);
        }
        if values.len() == SAMPLES {
            break;
        }
    }
    let short = |value: &str| {
        let cut: String = value.chars().take(SAMPLE_CHARS_MAX).collect();
        if cut.len() < value.len() { format!("{cut}…") } else { cut }
    };
    values.into_iter().map(short).collect()
}

fn choice(at: usize, column: usize, mapping: Option<&Mapping>, filled: Filled<'_>) -> Markup {
    let known = mapping.and_then(|mapping| mapping.columns.get(column).copied().flatten()).map_or("", Field::name);
    let name = format!("c-{at}-{column}");
    let chosen = filled.value(&name, known);
    let shape = mapping.map(|mapping| mapping.shape).unwrap_or_default();
    let mine: Vec<Field> = shape.fields().collect();
    let others: Vec<Field> = Field::ALL.iter().copied().filter(|field| !mine.contains(field)).collect();
    let option = |field: &Field| html! { option value=(field.name()) selected[chosen == field.name()] { (fr(field.label())) } };
    html! {
        select name=(name) aria-labelledby={ "t-" (at) "-" (column) } {
            option value="" { "rien : la laisser de côté" }
            @for field in &mine { (option(field)) }
            optgroup label="Si les lignes sont autre chose" { @for field in &others { (option(field)) } }
        }
    }
}

/// `POST …/carte/import/{token}/colonnes`: the columns are settled; what would change is next.
pub(super) async fn settle(
    State(shared): State<Shared>,
    Path((journal, token)): Path<(String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let visitor = &sent.visitor;
    if let Err(fault) = visitor.journal(&shared, &journal).and_then(|_| may(visitor)).and_then(|()| sent.same_author()) {
        return fault.into_response();
    }
    let old = match kept(&shared, visitor, &token) {
        Ok(kept) => kept,
        Err(fault) => return home::page(&shared, visitor, Some(&fault)),
    };
    let settled = mappings(&old.content.sheets, &sent.fields);
    let read = match settled {
        Ok(mappings) => read(&old, mappings).await,
        Err(fault) => Err(fault),
    };
    match read {
        Ok(content) => {
            // Other columns make another import: what was agreed to under the first name stays what it was.
            let token = RequestId(shared.env.bytes());
            shared.imports.keep(Kept { token, slug: SLUG, content: Arc::new(content), at: shared.now(), done: false, ..old });
            see_other(&token_path(token))
        }
        Err(fault) => {
            let shown = Page::new(&shared, visitor, Place::Prepare, "Colonnes du tableau");
            page(&shown, &old, Filled::of(&sent.fields, &fault))
        }
    }
}

/// What the form says of each sheet; `None`: left aside.
fn mappings(sheets: &[Sheet], fields: &Fields) -> Result<Vec<Option<Mapping>>, Fault> {
    let one = |(at, sheet): (usize, &Sheet)| {
        let Some(shape) = Shape::from_name(fields.get(&format!("forme-{at}"))) else { return Ok(None) };
        let column = |column: usize| Field::from_name(fields.get(&format!("c-{at}-{column}")));
        // What means nothing for such rows is left aside, so that a sheet of links cannot be read as anything else.
        let meant: Vec<Field> = shape.fields().collect();
        let columns = (0..sheet.heads.len()).map(|at| column(at).filter(|field| meant.contains(field))).collect();
        let sort = Sort::from_name(fields.get(&format!("sorte-{at}"))).filter(|_| shape == Shape::Records);
        let mapping = Mapping { shape, columns, sort };
        mapping.objection().map_or(Ok(Some(mapping)), |why| Err(wrong(&format!("s{at}"), why)))
    };
    let mappings = sheets.iter().enumerate().map(one).collect::<Result<Vec<_>, Fault>>()?;
    if mappings.iter().all(Option::is_none) {
        return Err(wrong("s0", "Dites ce que sont les lignes d’une feuille au moins."));
    }
    Ok(mappings)
}

async fn read(old: &Kept<Brought>, mappings: Vec<Option<Mapping>>) -> Result<Brought, Fault> {
    let (content, name) = (old.content.clone(), old.name.clone());
    let work = move || {
        let Brought { sha256, sheets, .. } = &*content;
        let empty = Source { system: formats::sheet::SYSTEM.to_owned(), ..Source::default() };
        let all = sheets.iter().zip(&mappings).fold(empty, |mut all, (sheet, mapping)| match mapping {
            Some(mapping) => all.join(source(sheet, mapping, &name)),
            None => {
                all.ignored.push((sheet.name.clone(), sheet.rows.len()));
                all
            }
        });
        let source = Some(stamped(all, &name, *sha256));
        Brought { sha256: *sha256, sheets: sheets.clone(), mappings, source, looked: Mutex::default() }
    };
    let broken = |_| unreadable("Ce tableau n’a pas pu être lu ainsi : vérifiez ce que sont ses colonnes.");
    tokio::task::spawn_blocking(work).await.map_err(broken)
}
