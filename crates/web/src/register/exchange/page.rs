//! Importing a sheet: bring it, see what it would change, say yes.

use super::plan::{Plan, Under, plan};
use super::{FILE_BYTES_MAX, LIMITS, ROWS_MAX, Table};
use crate::answer::{Fault, see_other};
use crate::app::{Inner, Shared};
use crate::crisis::acts::sent;
use crate::crisis::stamps;
use crate::form::label;
use crate::pending::Kept;
use crate::record::record;
use crate::register::forms::may;
use crate::register::sheet::Sheet;
use crate::register::{list_path, nav, page, write_path};
use crate::session::Visitor;
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Multipart, Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use journal::RequestId;
use journal::entry::sha256;
use maud::{Markup, html};
use std::sync::Arc;
use store::ledger::REQUEST_ENTRIES_MAX;

/// Most rows told one by one in each part of the page.
const TOLD_MAX: usize = 200;

/// `GET /annuaire/{kind}/import`.
pub(in crate::register) async fn show<T: Sheet>(State(shared): State<Shared>, visitor: Visitor) -> Result<Response, Fault> {
    may::<T>(&visitor)?;
    Ok(bring::<T>(&shared, &visitor, None))
}

/// The page that asks for a file, and says what is wrong with the last one.
fn bring<T: Sheet>(shared: &Inner, visitor: &Visitor, fault: Option<&Fault>) -> Response {
    let title = format!("Importer : {}", T::TITLE.to_lowercase());
    let page = page(shared, visitor, &title);
    let heads: Vec<&str> = T::COLUMNS.iter().map(|c| c.head).collect();
    let body = html! {
        (nav(&list_path::<T>()))
        div.roomhead { h1 { (fr(&title)) } a href=(list_path::<T>()) { "Revenir" } }
        p.lead { (fr("Choisissez un tableau XLSX ou CSV. Rien n’est enregistré avant que vous ayez vu ce qui changerait.")) }
        form.stacked method="post" enctype="multipart/form-data" action=(write_path(shared, &format!("{}/import", T::SLUG))) {
            p.field { label for="fichier" { "Le fichier" }
                input #fichier type="file" name="fichier" accept=".xlsx,.csv,.txt" required aria-describedby="e-fichier" aria-invalid=[fault.map(|_| "true")];
                span.small.muted { (FILE_BYTES_MAX / (1024 * 1024)) " Mio et " (ROWS_MAX) " lignes au plus." }
                span #e-fichier class=[fault.map(|_| "error")] role=[fault.map(|_| "alert")] { @if let Some(fault) = fault { (fr(&fault.sentence)) } } }
            p { button.btn { "Voir ce qui changerait" } }
        }
        h2.ruled { "Ce que le tableau doit contenir" }
        p { (fr("Une première ligne avec les noms des colonnes, dans n’importe quel ordre : ")) (fr(&heads.join(", "))) ". "
            a href={ (list_path::<T>()) "/export/modele-" (T::SLUG) ".xlsx" } { "Télécharger le modèle" } "." }
        p { (fr("L’import ajoute et change ; il ne retire jamais. Une case vide ne change rien. Une fiche est retrouvée par son code, sinon par son nom.")) }
    };
    (fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

/// `POST …/import`: what the sheet would change.
pub(in crate::register) async fn upload<T: Sheet>(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(journal): Path<String>,
    form: Multipart,
) -> Result<Response, Fault> {
    visitor.journal(&shared, &journal)?;
    may::<T>(&visitor)?;
    let (name, table) = match brought(form).await {
        Ok(brought) => brought,
        Err(fault) => return Ok(bring::<T>(&shared, &visitor, Some(&fault))),
    };
    let token = RequestId(shared.env.bytes());
    let kept =
        Kept { token, author: visitor.actor, slug: T::SLUG, name, content: Arc::new(table), at: shared.now(), done: false };
    match planned::<T>(&shared, &visitor, &kept).await {
        Ok(plan) => {
            shared.pending.keep(kept.clone());
            Ok(offer::<T>(&shared, &visitor, &kept, &plan, None))
        }
        Err(fault) => Ok(bring::<T>(&shared, &visitor, Some(&fault))),
    }
}

fn unreadable(sentence: String) -> Fault {
    Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_sheet", sentence).about("fichier")
}

async fn brought(mut form: Multipart) -> Result<(String, Table), Fault> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            let most = FILE_BYTES_MAX / (1024 * 1024);
            let sentence = format!("Ce fichier dépasse {most} Mio : retirez-en les images, ou coupez-le en deux.");
            return Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", sentence).about("fichier");
        }
        unreadable("Le fichier n’est pas arrivé entier : recommencez.".to_owned())
    };
    let (mut name, mut bytes) = (String::new(), axum::body::Bytes::new());
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("fichier") {
            name = label(field.file_name().unwrap_or_default());
            bytes = field.bytes().await.map_err(broken)?;
        }
    }
    let read = tokio::task::spawn_blocking(move || formats::sheet::read_within(&bytes, &LIMITS)).await;
    let table = read.unwrap_or_else(|_| Err("Ce fichier est abîmé : enregistrez-le de nouveau en .xlsx ou en .csv.".to_owned()));
    Ok((name, table.map_err(unreadable)?))
}

async fn planned<T: Sheet>(shared: &Shared, visitor: &Visitor, kept: &Kept<Table>) -> Result<Plan, Fault> {
    let (view, author, journal) = (visitor.view.clone(), visitor.author(), shared.ledger.id());
    let (table, token, now) = (kept.content.clone(), kept.token, shared.now());
    let work = move || plan::<T>(&table, &Under { state: &view.state, author, journal, token, now });
    let outcome = tokio::task::spawn_blocking(work).await;
    outcome.unwrap_or_else(|_| Err("Ce tableau n’a pas pu être examiné.".to_owned())).map_err(unreadable)
}

/// `POST …/import/{token}`: yes.
pub(in crate::register) async fn confirm<T: Sheet>(
    State(shared): State<Shared>,
    Path((journal, token)): Path<(String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let visitor = &sent.visitor;
    let allowed = visitor.journal(&shared, &journal).and_then(|_| may::<T>(visitor)).and_then(|()| sent.same_author());
    if let Err(fault) = allowed {
        return fault.into_response();
    }
    let token = token.parse().ok();
    let request = token.map(|token: RequestId| RequestId(first_half(&sha256(format!("import {token}").as_bytes()).0)));
    let find = || token.and_then(|token| shared.pending.find(token, visitor.actor, T::SLUG, shared.now()));
    let kept = find();
    let (Some(kept), Some(request)) = (kept, request) else {
        let sentence =
            "Ce tableau n’est plus gardé : il l’est trente minutes, et un seul par personne. Choisissez-le de nouveau.";
        return bring::<T>(&shared, visitor, Some(&unreadable(sentence.to_owned())));
    };
    let plan = match planned::<T>(&shared, visitor, &kept).await {
        Ok(plan) => plan,
        Err(fault) => return bring::<T>(&shared, visitor, Some(&fault)),
    };
    // Said twice, perhaps while the first was being recorded.
    if find().is_some_and(|kept| kept.done) {
        return see_other(&list_path::<T>());
    }
    if let Some(why) = objection(&plan, sent.fields.get("digest"), sent.fields.get("bonnes") == "1") {
        return offer::<T>(&shared, visitor, &kept, &plan, Some(&why));
    }
    match record(&shared, &visitor.view, visitor.author(), request, plan.drafts.clone()).await {
        Ok(_) => {
            shared.pending.done(kept.token, shared.now());
            see_other(&list_path::<T>())
        }
        Err(fault) if fault.status == StatusCode::FORBIDDEN => fault.into_response(),
        Err(fault) => offer::<T>(&shared, visitor, &kept, &plan, Some(&fault.sentence)),
    }
}

fn first_half(hash: &[u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&hash[..16]);
    half
}

/// Why a confirmation is not taken.
fn objection(plan: &Plan, digest: &str, good_only: bool) -> Option<String> {
    if plan.drafts.is_empty() {
        return Some("Il n’y a rien à importer.".to_owned());
    }
    if digest != plan.digest.to_string() {
        return Some("L’annuaire a changé depuis : voici ce que le tableau y changerait maintenant.".to_owned());
    }
    if plan.wrong_rows > 0 && !good_only {
        return Some("Des lignes sont en erreur : corrigez le fichier, ou importez seulement les bonnes.".to_owned());
    }
    (plan.drafts.len() > REQUEST_ENTRIES_MAX).then(|| {
        format!(
            "Ce tableau change {} fiches ; {REQUEST_ENTRIES_MAX} au plus s’enregistrent d’un coup : coupez-le en deux.",
            plan.drafts.len()
        )
    })
}

/// What would change, and the button that says yes.
fn offer<T: Sheet>(shared: &Inner, visitor: &Visitor, kept: &Kept<Table>, plan: &Plan, objection: Option<&str>) -> Response {
    let title = format!("Ce que changerait « {} »", kept.name);
    let page = page(shared, visitor, &title);
    let good = plan.added.len() + plan.changed.len() + plan.same;
    let counts = format!(
        "{} à ajouter, {} à changer, {} {}, {}.",
        plan.added.len(),
        plan.changed.len(),
        plan.same,
        if plan.same < 2 { "inchangée" } else { "inchangées" },
        plural(plan.wrong_rows as u64, "ligne en erreur", "lignes en erreur")
    );
    let button = if plan.wrong_rows == 0 {
        "Importer".to_owned()
    } else {
        format!("Importer {}", plural(good as u64, "bonne ligne", "bonnes lignes"))
    };
    let button = if good > 1 && plan.wrong_rows > 0 { format!("Importer les {good} bonnes lignes") } else { button };
    let body = html! {
        (nav(&list_path::<T>()))
        div.roomhead { h1.long { (fr(&title)) } a href={ (list_path::<T>()) "/import" } { "Choisir un autre fichier" } }
        @if let Some(why) = objection { p.error role="alert" { (fr(why)) } }
        p.lead { (fr(&counts)) " Rien n’est encore enregistré." }
        (mistakes(plan))
        @if plan.drafts.is_empty() { p.empty { @if plan.wrong_rows == 0 { "Rien à changer" (fr(" : ")) "le fichier dit ce que l’annuaire dit déjà." } @else { "Rien à importer." } } }
        @else {
            form method="post" action=(write_path(shared, &format!("{}/import/{}", T::SLUG, kept.token))) {
                (stamps(shared, visitor))
                input type="hidden" name="digest" value=(plan.digest);
                @if plan.wrong_rows > 0 { input type="hidden" name="bonnes" value="1"; }
                p.btns { button.btn { (button) } a href=(list_path::<T>()) { "Ne rien importer" } }
            }
        }
        (changes(plan))
        (columns(plan))
    };
    let status = if objection.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    (status, page.render(&body)).into_response()
}

fn mistakes(plan: &Plan) -> Markup {
    html! {
        @if !plan.mistakes.is_empty() {
            section.panel.wide aria-labelledby="erreurs" {
                header { h2 #erreurs { "À corriger dans le fichier" } }
                table.reg {
                    thead { tr { th scope="col" { "Ligne" } th scope="col" { "Colonne" } th scope="col" { "Écrit" } th scope="col" { "Ce qui ne va pas" } } }
                    tbody { @for mistake in plan.mistakes.iter().take(TOLD_MAX) { tr {
                        th scope="row" { "ligne " (mistake.line) } td data-label="Colonne" { (mistake.head) }
                        td.cut data-label="Écrit" { (mistake.written.chars().take(80).collect::<String>()) } td data-label="Ce qui ne va pas" { (fr(&mistake.why)) } } } }
                }
                @if plan.mistakes.len() > TOLD_MAX { p.muted { "et " (plan.mistakes.len() - TOLD_MAX) " autres." } }
            }
        }
    }
}

fn changes(plan: &Plan) -> Markup {
    html! {
        @if !plan.changed.is_empty() {
            section.panel.wide aria-labelledby="changees" {
                header { h2 #changees { "À changer" } span.muted.small { (plan.changed.len()) } }
                table.reg {
                    thead { tr { th scope="col" { "Fiche" } th scope="col" { "Ce qui change" } } }
                    tbody { @for change in plan.changed.iter().take(TOLD_MAX) { tr {
                        th scope="row" { (fr(&change.title)) " " span.muted.small { "ligne " (change.line) } }
                        td { @for (head, before, after) in &change.cells { p.tight { (head) (fr(" : "))
                            @if !before.is_empty() { del { (fr(before)) } " → " } b { (fr(after)) } } } } } } }
                }
                @if plan.changed.len() > TOLD_MAX { p.muted { "et " (plan.changed.len() - TOLD_MAX) " autres." } }
            }
        }
        @if !plan.added.is_empty() {
            section.panel.wide aria-labelledby="ajoutees" {
                header { h2 #ajoutees { "À ajouter" } span.muted.small { (plan.added.len()) } }
                ul.names { @for (line, title) in plan.added.iter().take(TOLD_MAX) { li { (fr(title)) " " span.muted.small { "ligne " (line) } } } }
                @if plan.added.len() > TOLD_MAX { p.muted { "et " (plan.added.len() - TOLD_MAX) " autres." } }
            }
        }
    }
}

fn columns(plan: &Plan) -> Markup {
    html! {
        details { summary { "Colonnes reconnues" (fr(" : ")) (plan.mapped.len()) @if !plan.ignored.is_empty() { ", ignorées" (fr(" : ")) (plan.ignored.len()) } }
            ul { @for (theirs, ours) in &plan.mapped { li { (fr(theirs)) @if theirs != ours { " → " (ours) } } } }
            @if !plan.ignored.is_empty() { p { (fr("Ignorées : ")) (fr(&plan.ignored.join(", "))) "." } } }
    }
}
