//! Answers that are not the page asked for: refusals as a page or as JSON, redirections.

use crate::assets;
use crate::typography::fr;
use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Refusal;
use maud::{DOCTYPE, Markup, html};
use serde::Serialize;
use store::{StoreError, SubmitError};

/// Why nothing was done: a code for programs, a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Fault {
    #[serde(skip)]
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) field: Option<String>,
    pub(crate) sentence: String,
}

impl Fault {
    pub(crate) fn new(status: StatusCode, code: &'static str, sentence: impl Into<String>) -> Self {
        Self { status, code, field: None, sentence: sentence.into() }
    }

    pub(crate) fn about(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    pub(crate) fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "Cette page n’existe pas, ou elle appartient à un autre journal. Rien n’a été enregistré.",
        )
    }

    pub(crate) fn signed_out() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "signed_out", "Votre session est fermée : connectez-vous de nouveau.")
    }

    pub(crate) fn malformed(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", sentence)
    }

    /// The sentence, if it is about this field.
    pub(crate) fn on(&self, field: &str) -> Option<&str> {
        (self.field.as_deref() == Some(field)).then_some(self.sentence.as_str())
    }

    pub(crate) fn json(self) -> Response {
        #[derive(Serialize)]
        struct Body {
            error: Fault,
        }
        (self.status, [(header::CACHE_CONTROL, "no-store")], Json(Body { error: self })).into_response()
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        let about_rights = domain::access::RIGHTS.contains(&refusal.code);
        let status = if about_rights { StatusCode::FORBIDDEN } else { StatusCode::UNPROCESSABLE_ENTITY };
        Self { status, code: refusal.code, field: refusal.field.map(str::to_owned), sentence: refusal.sentence }
    }
}

impl From<&StoreError> for Fault {
    fn from(error: &StoreError) -> Self {
        let code = match error {
            StoreError::Full => "disk_full",
            StoreError::ReadOnly(_) | StoreError::Failed(_) => "read_only",
            StoreError::Busy => "busy",
            _ => "storage",
        };
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, sentence_case(&error.to_string()))
    }
}

impl From<SubmitError<Refusal>> for Fault {
    fn from(error: SubmitError<Refusal>) -> Self {
        let sentence = sentence_case(&error.to_string());
        match error {
            SubmitError::Refused(refusal) => refusal.into(),
            SubmitError::RequestReused => Self::new(StatusCode::CONFLICT, "request_reused", sentence),
            SubmitError::Size(_) => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", sentence),
            SubmitError::BlobMissing => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "blob_missing", sentence).about("attachments")
            }
            SubmitError::Store(error) => error.as_ref().into(),
        }
    }
}

/// As a page.
impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let title = match self.status {
            StatusCode::NOT_FOUND => "Page introuvable",
            StatusCode::FORBIDDEN => "Accès refusé",
            StatusCode::UNAUTHORIZED => "Session fermée",
            StatusCode::SERVICE_UNAVAILABLE => "Indisponible pour le moment",
            _ => "Demande refusée",
        };
        let page = html! {
            p.lead { (fr(&self.sentence)) }
            p { a href="/" { "Aller à Aujourd’hui" } @if self.code == "no_role" { " · " a href="/connexion" { "Changer de compte" } } }
        };
        (self.status, bare(title, &page)).into_response()
    }
}

/// A page without the shell, for people who are not in.
pub(crate) fn bare(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="fr" {
            (assets::head(title))
            body.bare {
                main.narrow {
                    p { a.brand href="/" { "Plan Blanc" } }
                    h1 { (title) }
                    (body)
                }
            }
        }
    }
}

/// Sends the browser elsewhere after a form.
pub(crate) fn see_other(location: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// Whether the client asks for JSON rather than a page.
pub(crate) fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    accept.contains("application/json")
}

pub(crate) async fn not_found() -> Fault {
    Fault::not_found()
}

/// A handler failed: the server goes on, and says nothing of its inside.
pub(crate) fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    let sentence = "Cette page n’a pas pu être faite : c’est un défaut du programme. Ce qui était enregistré l’est toujours.";
    Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", sentence).into_response()
}

/// Storage speaks in the middle of a line; a page begins a sentence and ends it.
pub(crate) fn sentence_case(text: &str) -> String {
    let mut chars = text.chars();
    let mut out: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    out.push_str(&chars.as_str().replace('\'', "’"));
    if !out.ends_with(['.', '!', '?']) {
        out.push('.');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_errors_become_sentences() {
        let fault = Fault::from(&StoreError::Full);
        assert!(fault.sentence.starts_with("Le disque est plein : rien n’a été enregistré"), "{}", fault.sentence);
        assert!(fault.sentence.ends_with('.'));
        assert_eq!(fault.status, StatusCode::SERVICE_UNAVAILABLE);
    }
}
