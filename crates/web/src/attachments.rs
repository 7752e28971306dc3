//! Attachments: whatever was sent comes back as a file to keep, never as a page to run.

use crate::answer::Fault;
use crate::app::Shared;
use crate::session::{Visitor, percent};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::crisis::event::Attachment;
use journal::Hash;

/// `GET /pieces/{hash}/{name}`: only content that an entry of this journal names.
pub(crate) async fn download(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((hash, _)): Path<(String, String)>,
) -> Result<Response, Fault> {
    file(&shared, &visitor, &hash).await
}

/// The content that an entry names, as a file to keep.
pub(crate) async fn file(shared: &Shared, visitor: &Visitor, hash: &str) -> Result<Response, Fault> {
    let hash: Hash = hash.parse().map_err(|_| Fault::not_found())?;
    let entries = visitor.view.state.crises.values().flat_map(|crisis| crisis.log.iter());
    let named = entries.flat_map(|entry| &entry.attachments).find(|a| a.hash == hash).ok_or_else(Fault::not_found)?;
    let blobs = shared.blobs.clone();
    let read = tokio::task::spawn_blocking(move || blobs.read(&hash)).await;
    let content = read.map_err(|_| Fault::not_found())?.map_err(|error| Fault::from(&error))?.ok_or_else(absent)?;
    Ok(as_file(&named.name, content))
}

/// Content as a file to keep, never as a page to run.
pub(crate) fn as_file(name: &str, content: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, disposition(name)),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    (headers, content).into_response()
}

/// The refusal of content that is not kept on this machine.
pub(crate) fn absent() -> Fault {
    let sentence =
        "Cette pièce est connue du journal, mais son contenu n’est pas sur ce poste : demandez-la au poste qui l’a reçue.";
    Fault::new(axum::http::StatusCode::NOT_FOUND, "blob_absent", sentence)
}

/// RFC 6266: a plain name for old programs, the whole name for the others.
fn disposition(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' }).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", percent(name))
}

/// Where an attachment is downloaded.
pub(crate) fn link(attachment: &Attachment) -> String {
    format!("/pieces/{}/{}", attachment.hash, percent(&attachment.name))
}

/// A size for people: `480 octets`, `12 ko`, `3,4 Mo`.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} octets"),
        1_000..1_000_000 => format!("{} ko", bytes.div_ceil(1_000)),
        _ => {
            let tenths = bytes.div_ceil(100_000);
            format!("{},{} Mo", tenths / 10, tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        let header = disposition("note \"1\";\r\n é.png");
        assert_eq!(header, "attachment; filename=\"note _1____ _.png\"; filename*=UTF-8''note%20%221%22%3B%0D%0A%20%C3%A9.png");
    }

    #[test]
    fn sizes_are_readable() {
        assert_eq!((size(480), size(12_000), size(3_400_000)), ("480 octets".into(), "12 ko".into(), "3,4 Mo".into()));
    }
}
