//! Forms as they come: texts, and files that are kept under their hash.

use crate::answer::Fault;
use crate::app::Shared;
use crate::limits::{ATTACHMENT_BYTES_MAX, FIELDS_MAX, FORM_BYTES_MAX, JSON_BYTES_MAX};
use axum::Form;
use axum::body::{Body, Bytes};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use domain::crisis::check::LABEL_CHARS_MAX;
use domain::crisis::event::Attachment;
use journal::header::BLOBS_MAX;
use std::time::Duration;

/// A form that takes longer than this to arrive is given up.
const ARRIVES_WITHIN: Duration = Duration::from_secs(120);

/// What becomes of the files of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Files {
    /// They are kept beside the journal.
    Keep,
    /// Nobody with the right to write is there: they are read and dropped.
    Drop,
}

/// A form's fields, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields {
    pub(crate) texts: Vec<(String, String)>,
    pub(crate) files: Vec<Attachment>,
    /// What was wrong with a file or with the sending; the texts that came are there all the same.
    pub(crate) fault: Option<Fault>,
}

impl Fields {
    /// A field as sent, empty when absent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.texts.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// A field without surrounding blanks, unless nothing is left.
    pub(crate) fn filled(&self, name: &str) -> Option<String> {
        let value = self.get(name).trim();
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// Reads a form of either encoding.
    ///
    /// What is wrong once texts have come is told in `fault`, so that a page can give them back.
    pub(crate) async fn read(shared: &Shared, request: Request, files: Files) -> Result<Self, Fault> {
        let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
        let _large = match declared {
            Some(bytes) if bytes <= JSON_BYTES_MAX => None,
            _ => shared.forms.try_acquire().map(Some).map_err(|_| busy())?,
        };
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let multipart = content_type.starts_with("multipart/form-data");
        let read = async {
            if multipart { Self::read_multipart(shared, request, files).await } else { Self::read_plain(request).await }
        };
        tokio::time::timeout(ARRIVES_WITHIN, read).await.unwrap_or_else(|_| Err(too_slow()))
    }

    async fn read_plain(request: Request) -> Result<Self, Fault> {
        let (parts, body) = request.into_parts();
        let bytes = axum::body::to_bytes(body, FORM_BYTES_MAX).await.map_err(|_| too_large())?;
        let request = Request::from_parts(parts, Body::from(bytes));
        let Form(texts) = Form::<Vec<(String, String)>>::from_request(request, &()).await.map_err(|_| unreadable())?;
        if texts.len() > FIELDS_MAX {
            return Err(unreadable());
        }
        Ok(Self { texts, ..Self::default() })
    }

    async fn read_multipart(shared: &Shared, request: Request, files: Files) -> Result<Self, Fault> {
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
        let mut fields = Self::default();
        let mut room = FORM_BYTES_MAX;
        for _ in 0..FIELDS_MAX {
            let outcome = match parts.next_field().await {
                Ok(Some(field)) if field.file_name().is_some() => fields.take_file(shared, field, files).await,
                Ok(Some(field)) => fields.take_text(field, &mut room).await,
                Ok(None) => return Ok(fields),
                Err(error) => Err(broken(&error)),
            };
            if let Err(fault) = outcome {
                fields.fault.get_or_insert(fault);
                return Ok(fields);
            }
        }
        Err(unreadable())
    }

    async fn take_text(&mut self, mut field: Field<'_>, room: &mut usize) -> Result<(), Fault> {
        let name = field.name().unwrap_or_default().to_owned();
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
            *room = room.checked_sub(chunk.len()).ok_or_else(too_large)?;
            bytes.extend_from_slice(&chunk);
        }
        // Browsers send line ends as CRLF; the journal keeps one form.
        let value = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
        self.texts.push((name, value));
        Ok(())
    }

    async fn take_file(&mut self, shared: &Shared, mut field: Field<'_>, files: Files) -> Result<(), Fault> {
        let name = label(field.file_name().unwrap_or_default());
        let mut content = Vec::new();
        let mut too_big = false;
        // What is too big is read to its end all the same: a browser shows no answer before it has sent everything.
        while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
            too_big |= content.len() + chunk.len() > ATTACHMENT_BYTES_MAX;
            if !too_big && files == Files::Keep {
                content.extend_from_slice(&chunk);
            }
        }
        if too_big {
            content = Vec::new();
            self.fault.get_or_insert_with(|| file_too_large(&name));
        }
        if content.is_empty() || files == Files::Drop {
            return Ok(());
        }
        if self.files.len() >= BLOBS_MAX {
            self.fault.get_or_insert_with(too_many_files);
            return Ok(());
        }
        self.files.push(keep(shared, content.into(), name).await?);
        Ok(())
    }
}

/// Keeps content durably beside the journal.
pub(crate) async fn keep(shared: &Shared, content: Bytes, name: String) -> Result<Attachment, Fault> {
    let blobs = shared.blobs.clone();
    let len = content.len() as u64;
    let kept = tokio::task::spawn_blocking(move || blobs.keep(&content)).await.map_err(|_| busy())?;
    kept.map(|hash| Attachment { hash, len, name }).map_err(|error| Fault::from(&error).about("attachments"))
}

/// The name of a file as a label: no path, nothing invisible, no longer than the rules allow.
pub(crate) fn label(sent: &str) -> String {
    let base = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = base.chars().filter(|c| !c.is_control() && !is_invisible(*c)).take(LABEL_CHARS_MAX).collect();
    let clean = clean.trim();
    if clean.is_empty() { "sans nom".to_owned() } else { clean.to_owned() }
}

/// Characters that reorder or hide the others (a name must not read other than it is).
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn broken(error: &MultipartError) -> Fault {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { unreadable() }
}

fn too_large() -> Fault {
    let sentence = "Cet envoi est trop gros : 16 Mio de texte et 25 Mio par pièce au plus. Rien n’a été enregistré.";
    Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", sentence)
}

fn file_too_large(name: &str) -> Fault {
    let sentence =
        format!("La pièce « {name} » dépasse 25 Mio : réduisez-la ou coupez-la. Le texte est gardé, rien n’est enregistré.");
    Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", sentence).about("attachments")
}

fn too_many_files() -> Fault {
    let sentence = format!("Une entrée porte {BLOBS_MAX} pièces au plus : ajoutez-en une seconde.");
    Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "too_many", sentence).about("attachments")
}

fn unreadable() -> Fault {
    Fault::malformed("Cet envoi est illisible ou s’est interrompu : recommencez. Rien n’a été enregistré.")
}

fn too_slow() -> Fault {
    let sentence = "L’envoi a mis trop de temps : vérifiez le réseau et recommencez. Rien n’a été enregistré.";
    Fault::new(StatusCode::REQUEST_TIMEOUT, "too_slow", sentence)
}

fn busy() -> Fault {
    let sentence = "Trop d’envois volumineux en même temps : réessayez dans quelques secondes.";
    Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy", sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_only_a_label() {
        assert_eq!(label("../../x.svg"), "x.svg");
        assert_eq!(label(r"C:\fakepath\note de rançon.png"), "note de rançon.png");
        assert_eq!(label("a\r\nb\u{202e}gpj.exe"), "abgpj.exe");
        assert_eq!(label("../"), "sans nom");
        assert_eq!(label(&"é".repeat(500)).chars().count(), LABEL_CHARS_MAX);
    }
}
