//! A chronogramme comes in: read, recognised, and kept for its author's word.

use super::upload::{FILE_BYTES_MAX, taken, unreadable};
use super::{Brought, SLUG, form_path, home_path, prepared_by};
use crate::answer::{Fault, see_other};
use crate::app::{Inner, Shared};
use crate::crisis::stamps;
use crate::exercise::path;
use crate::pending::Kept;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::exercise::Exercise;
use formats::chronogramme::{Choices, read};
use journal::RequestId;
use maud::html;
use std::sync::Arc;

/// `GET /exercices/{id}/import`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Response {
    match prepared_by(&shared, &visitor, &id) {
        Ok(exercise) => page(&shared, &visitor, exercise, None),
        Err(fault) => fault.into_response(),
    }
}

/// The page, with what is wrong with the last file.
pub(super) fn page(shared: &Inner, visitor: &Visitor, exercise: &Exercise, fault: Option<&Fault>) -> Response {
    let page = Page::new(shared, visitor, Place::Exercise, "Importer un chronogramme");
    let wrong = fault.map(|fault| &fault.sentence);
    let body = html! {
        h1 { "Importer un chronogramme" }
        p.lead { (fr(&format!("Les stimuli d’un tableau viennent dans « {} » ; rien n’est enregistré avant que vous ayez vu ce qui changerait.", exercise.scenario().title))) }
        section.panel aria-labelledby="fichier-titre" {
            header { h2 #fichier-titre { "Le fichier" } }
            form.stacked method="post" enctype="multipart/form-data" action=(form_path(shared, &exercise.id)) {
                (stamps(shared, visitor))
                p.field { label for="fichier" { "Chronogramme" }
                    input #fichier type="file" name="fichier" required accept=".xlsx,.csv,.txt,.json,.zip"
                        aria-describedby="e-fichier" aria-invalid=[wrong.map(|_| "true")];
                    span.small.muted { (fr("Tableau XLSX ou CSV (ANSSI, ANS, MSEL), scénario d’OpenAEV (JSON ou ZIP). ")) (FILE_BYTES_MAX / (1024 * 1024)) (fr(" Mio au plus.")) }
                    span #e-fichier class=[wrong.map(|_| "error")] role=[wrong.map(|_| "alert")] { @if let Some(sentence) = wrong { (fr(sentence)) } } }
                p.btns { button.btn { "Voir ce qui changerait" } a href=(path(exercise.id)) { "Revenir à l’exercice" } }
            }
            p.small.muted { (fr("L’import ajoute des stimuli et remplace ceux de même numéro ; il n’en retire jamais.")) }
        }
        section.panel aria-labelledby="modele" {
            header { h2 #modele { "Colonnes reconnues" } }
            p { (fr("N°, Heure ou T+, Phase, Émetteur, Destinataire(s), Moyen, Titre, Contenu, Réaction attendue, Commentaire animateur, Objectif. Les titres peuvent être plus bas que la première ligne, et sur deux lignes.")) }
            p { (fr("Heures comprises : « 14h30 », « 14:30 », « T+15 », « H+1 », « J+2 H+3 », « +00:45 », « J1 08:00 », heures et dates d’Excel.")) }
            p { a href={ (path(exercise.id)) "/chronogramme.xlsx" } download { "Télécharger le chronogramme actuel, pour modèle" } }
        }
    };
    (fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

/// `POST …/exercices/{id}/import`: keeps what was brought, and goes to what it would change.
pub(super) async fn upload(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((journal, id)): Path<(String, String)>,
    form: Multipart,
) -> Response {
    let exercise = match visitor.journal(&shared, &journal).and_then(|_| prepared_by(&shared, &visitor, &id)) {
        Ok(exercise) => exercise,
        Err(fault) => return fault.into_response(),
    };
    match take_in(&shared, &visitor, exercise, form).await {
        Ok(path) => see_other(&path),
        Err(fault) => page(&shared, &visitor, exercise, Some(&fault)),
    }
}

async fn take_in(shared: &Inner, visitor: &Visitor, exercise: &Exercise, form: Multipart) -> Result<String, Fault> {
    let upload = taken(shared, visitor, form).await?;
    let name = upload.name.clone();
    let work = move || {
        let book = read(&upload.bytes, &upload.name)?;
        let layout = book.layout(None);
        Ok((book, layout))
    };
    let broken = || Err("Ce fichier est abîmé : enregistrez-le de nouveau depuis l’outil d’où il vient.".to_owned());
    let outcome: Result<_, String> = tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| broken());
    let (book, layout) = outcome.map_err(unreadable)?;
    let (choices, asked) = (Choices::default(), Vec::new());
    let content = Arc::new(Brought { exercise: exercise.id, book: Arc::new(book), layout, choices, asked });
    let (token, author, at) = (RequestId(shared.env.bytes()), visitor.actor, shared.now());
    shared.chronogrammes.keep(Kept { token, author, slug: SLUG, name, content, at, done: false });
    Ok(format!("{}/{token}", home_path(&exercise.id)))
}
