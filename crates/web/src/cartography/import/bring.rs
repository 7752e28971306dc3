//! A file comes in: read, recognised, and kept for its author's word.

use super::{Brought, COLUMNS_MAX, FILES_BYTES_MAX, FILES_MAX, SLUG, home, may, token_path, unreadable};
use crate::answer::{Fault, see_other};
use crate::app::{Inner, Shared};
use crate::form::label;
use crate::pending::Kept;
use crate::session::Visitor;
use axum::body::Bytes;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use formats::sheet::Sheet;
use formats::source::Source;
use formats::words::fold;
use formats::{glpi, mercator, sheet};
use journal::entry::sha256;
use journal::{Hash, RequestId};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Most bytes of a short field of the form.
const FIELD_BYTES_MAX: usize = 1024;
/// Files that take longer than this to arrive are given up.
const ARRIVE_WITHIN: Duration = Duration::from_secs(120);

/// The form as it came.
#[derive(Default)]
struct Upload {
    tool: String,
    author: String,
    files: Vec<(String, Bytes)>,
}

/// `POST …/carte/import`: keeps what was brought, and goes to what it would change.
pub(super) async fn upload(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(journal): Path<String>,
    form: Multipart,
) -> Response {
    if let Err(fault) = visitor.journal(&shared, &journal).and_then(|_| may(&visitor)) {
        return fault.into_response();
    }
    match take_in(&shared, &visitor, form).await {
        Ok(path) => see_other(&path),
        Err(fault) => home::page(&shared, &visitor, Some(&fault)),
    }
}

async fn take_in(shared: &Inner, visitor: &Visitor, form: Multipart) -> Result<String, Fault> {
    let _turn = shared.forms.try_acquire().map_err(|_| busy())?;
    let late = "L’envoi a mis trop de temps : vérifiez le réseau et recommencez.";
    let upload = tokio::time::timeout(ARRIVE_WITHIN, arrived(form)).await.unwrap_or_else(|_| Err(unreadable(late)))?;
    if upload.author.parse().is_ok_and(|author: journal::ActorId| author != visitor.actor) {
        let sentence = "Cette page a été ouverte sous un autre compte : rechargez-la, puis choisissez le fichier de nouveau.";
        return Err(Fault::new(StatusCode::CONFLICT, "other_author", sentence).about("fichiers"));
    }
    let name = names(&upload.files);
    let kept_name = name.clone();
    let read = tokio::task::spawn_blocking(move || read(&upload, &name)).await;
    let broken = "Ce fichier est abîmé : enregistrez-le de nouveau depuis l’outil d’où il vient.";
    let brought = read.unwrap_or_else(|_| Err(broken.to_owned())).map_err(unreadable)?;
    let token = RequestId(shared.env.bytes());
    let content = Arc::new(brought);
    shared.imports.keep(Kept {
        token,
        author: visitor.actor,
        slug: SLUG,
        name: kept_name,
        content,
        at: shared.now(),
        done: false,
    });
    Ok(token_path(token))
}

fn busy() -> Fault {
    let sentence = "Trop d’envois volumineux en même temps : réessayez dans quelques secondes.";
    Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy", sentence).about("fichiers")
}

fn too_large() -> Fault {
    let most = FILES_BYTES_MAX / (1024 * 1024);
    let sentence =
        format!("Cet envoi dépasse {most} Mio : coupez-le en plusieurs, ou passez par la commande « planblanc import ».");
    Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", sentence).about("fichiers")
}

fn broken(error: &MultipartError) -> Fault {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    unreadable("Le fichier n’est pas arrivé entier : recommencez.")
}

/// Everything is read to its end, even what is too big: a browser shows no answer before it has sent all.
async fn arrived(mut form: Multipart) -> Result<Upload, Fault> {
    let (mut upload, mut room, mut overflows) = (Upload::default(), FILES_BYTES_MAX, false);
    while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
        let (key, file) = (field.name().unwrap_or_default().to_owned(), field.file_name().map(label));
        let most = if file.is_some() { room } else { FIELD_BYTES_MAX };
        let content = all_of(field, most).await?;
        match (file, content) {
            (Some(_), None) => overflows = true,
            // A file field left empty is sent all the same, without a name nor a byte.
            (Some(_), Some(bytes)) if bytes.is_empty() => {}
            (Some(name), Some(bytes)) => {
                room -= bytes.len();
                upload.files.push((name, bytes));
            }
            (None, Some(text)) if key == "outil" => upload.tool = String::from_utf8_lossy(&text).into_owned(),
            (None, Some(text)) if key == "author" => upload.author = String::from_utf8_lossy(&text).into_owned(),
            (None, _) => {}
        }
    }
    if overflows {
        return Err(too_large());
    }
    match upload.files.len() {
        0 => Err(unreadable("Choisissez d’abord un fichier ; celui-ci est vide.")),
        n if n > FILES_MAX => Err(unreadable(format!("Un import lit {FILES_MAX} fichiers au plus : recommencez en deux fois."))),
        _ => Ok(upload),
    }
}

/// The bytes of a field; `None` when there are more than `most`.
async fn all_of(mut field: Field<'_>, most: usize) -> Result<Option<Bytes>, Fault> {
    let (mut bytes, mut fits) = (Vec::new(), true);
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
        fits &= bytes.len() + chunk.len() <= most;
        if fits {
            bytes.extend_from_slice(&chunk);
        } else {
            bytes = Vec::new();
        }
    }
    Ok(fits.then(|| bytes.into()))
}

/// What several files are called together.
fn names(files: &[(String, Bytes)]) -> String {
    match files {
        [] => String::new(),
        [(name, _)] => name.clone(),
        [(name, _), others @ ..] => label(&format!("{name} et {}", crate::today::plural(others.len() as u64, "autre", "autres"))),
    }
}

fn fingerprint(files: &[(String, Bytes)]) -> Hash {
    match files {
        [(_, bytes)] => sha256(bytes),
        several => sha256(&several.iter().flat_map(|(_, bytes)| sha256(bytes).0).collect::<Vec<u8>>()),
    }
}

/// What wrote the files, when nobody said.
fn recognised(files: &[(String, Bytes)]) -> &'static str {
    let json = |bytes: &[u8]| {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        bytes.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| matches!(byte, b'{' | b'['))
    };
    match files {
        [(_, bytes)] if json(bytes) => "mercator",
        several if several.iter().all(|(_, bytes)| is_inventory(bytes)) => "glpi",
        _ => "tableur",
    }
}

/// GLPI's lists say to which entity each item belongs; no other list does.
fn is_inventory(bytes: &[u8]) -> bool {
    let entity = |head: &String| matches!(fold(head).as_str(), "entite" | "entity");
    !bytes.starts_with(b"PK") && sheet::read(bytes, "").is_ok_and(|sheet| sheet.heads.iter().any(entity))
}

fn read(upload: &Upload, name: &str) -> Result<Brought, String> {
    let files = &upload.files;
    let sha256 = fingerprint(files);
    let tool = if upload.tool.is_empty() { recognised(files) } else { &upload.tool };
    let one_file = || match files.as_slice() {
        [(_, bytes)] => Ok(bytes),
        _ => Err("Mercator s’importe d’un seul fichier à la fois.".to_owned()),
    };
    match tool {
        "mercator" => Ok(settled(mercator::read(one_file()?, name)?, name, sha256)),
        "glpi" => {
            let named: Vec<(String, Vec<u8>)> = files.iter().map(|(name, bytes)| (name.clone(), bytes.to_vec())).collect();
            match glpi::read(&named) {
                // Nobody said that it is GLPI's: a person may still say what its columns are.
                Err(_) if upload.tool.is_empty() => Ok(to_settle(sheets(files)?, sha256)),
                read => Ok(settled(read?, name, sha256)),
            }
        }
        "tableur" => Ok(to_settle(sheets(files)?, sha256)),
        _ => Err("Choisissez dans la liste d’où vient ce fichier.".to_owned()),
    }
}

fn settled(source: Source, name: &str, sha256: Hash) -> Brought {
    let source = Some(stamped(source, name, sha256));
    Brought { sha256, sheets: Arc::default(), mappings: Vec::new(), source, looked: Mutex::default() }
}

/// Sheets whose columns a person must look at; those that seem to say nothing are left aside.
fn to_settle(sheets: Vec<Sheet>, sha256: Hash) -> Brought {
    let guess = |sheet: &Sheet| {
        let mapping = sheet::guess_sheet(sheet);
        (sheets.len() == 1 || mapping.columns.iter().any(Option::is_some)).then_some(mapping)
    };
    let mappings = sheets.iter().map(guess).collect();
    Brought { sha256, sheets: Arc::new(sheets), mappings, source: None, looked: Mutex::default() }
}

fn sheets(files: &[(String, Bytes)]) -> Result<Vec<Sheet>, String> {
    let mut sheets = Vec::new();
    for (name, bytes) in files {
        let several = files.len() > 1;
        sheets.extend(sheet::book(bytes, name).map_err(|why| if several { format!("{name} : {why}") } else { why })?);
    }
    let columns: usize = sheets.iter().map(|sheet| sheet.heads.len()).sum();
    if columns > COLUMNS_MAX {
        return Err(format!("Ce classeur a {columns} colonnes ; {COLUMNS_MAX} au plus : retirez les feuilles inutiles."));
    }
    Ok(sheets)
}

/// What a file says, under the name and the fingerprint that the list of imports will show.
pub(super) fn stamped(source: Source, name: &str, sha256: Hash) -> Source {
    Source { name: name.to_owned(), sha256: Some(sha256), ..source }
}
