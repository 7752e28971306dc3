//! A form with one file, read to its end.

use crate::answer::Fault;
use crate::app::Inner;
use crate::form::label;
use crate::session::Visitor;
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;
use std::time::Duration;

/// Most bytes of the file (10 MiB).
pub(super) const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Most bytes of a short field of the form.
const FIELD_BYTES_MAX: usize = 1024;
/// A file that takes longer than this to arrive is given up.
const ARRIVES_WITHIN: Duration = Duration::from_secs(120);

/// The file: its name, its bytes.
pub(super) struct Upload {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

pub(super) fn unreadable(sentence: impl Into<String>) -> Fault {
    Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_file", sentence).about("fichier")
}

fn too_large() -> Fault {
    let most = FILE_BYTES_MAX / (1024 * 1024);
    let sentence = format!("Ce fichier dépasse {most} Mio : retirez-en les images, ou coupez-le en deux.");
    Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", sentence).about("fichier")
}

/// Reads the form in its turn.
pub(super) async fn taken(shared: &Inner, visitor: &Visitor, form: Multipart) -> Result<Upload, Fault> {
    let busy = "Trop d’envois volumineux en même temps : réessayez dans quelques secondes.";
    let busy = |_| Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy", busy).about("fichier");
    let _turn = shared.forms.try_acquire().map_err(busy)?;
    let late = "L’envoi a mis trop de temps : vérifiez le réseau et recommencez.";
    let (author, upload) = tokio::time::timeout(ARRIVES_WITHIN, arrived(form)).await.unwrap_or_else(|_| Err(unreadable(late)))?;
    if author.parse().is_ok_and(|author: journal::ActorId| author != visitor.actor) {
        let sentence = "Cette page a été ouverte sous un autre compte : rechargez-la, puis choisissez le fichier de nouveau.";
        return Err(Fault::new(StatusCode::CONFLICT, "other_author", sentence).about("fichier"));
    }
    Ok(upload)
}

/// Everything is read to its end, even what is too big: a browser shows no answer before it has sent all.
async fn arrived(mut form: Multipart) -> Result<(String, Upload), Fault> {
    let (mut author, mut upload, mut overflows) = (String::new(), None, false);
    while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
        let (key, name) = (field.name().unwrap_or_default().to_owned(), field.file_name().map(label));
        let most = if name.is_some() { FILE_BYTES_MAX } else { FIELD_BYTES_MAX };
        match (name, all_of(field, most).await?) {
            (Some(_), None) => overflows = true,
            // A file field left empty is sent all the same, without a byte.
            (Some(name), Some(bytes)) if !bytes.is_empty() => upload = Some(Upload { name, bytes }),
            (None, Some(text)) if key == "author" => author = String::from_utf8_lossy(&text).into_owned(),
            _ => {}
        }
    }
    if overflows {
        return Err(too_large());
    }
    let upload = upload.ok_or_else(|| unreadable("Choisissez d’abord un fichier ; celui-ci est vide."))?;
    Ok((author, upload))
}

/// The bytes of a field; `None` when there are more than `most`.
async fn all_of(mut field: Field<'_>, most: usize) -> Result<Option<Vec<u8>>, Fault> {
    let (mut bytes, mut fits) = (Vec::new(), true);
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
        fits &= bytes.len() + chunk.len() <= most;
        if fits {
            bytes.extend_from_slice(&chunk);
        } else {
            bytes = Vec::new();
        }
    }
    Ok(fits.then_some(bytes))
}

fn broken(error: &MultipartError) -> Fault {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    unreadable("Le fichier n’est pas arrivé entier : recommencez.")
}
