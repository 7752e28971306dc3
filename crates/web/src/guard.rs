//! What every request passes: whose host it names, where it comes from; and the headers every answer carries.

use crate::answer::{Fault, wants_json};
use crate::names::Names;
use crate::trust::Trust;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tracing::Instrument;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whom this server answers as.
pub(crate) type Answering = Option<Trust>;

pub(crate) async fn guard(State(answering): State<Answering>, request: Request, next: Next) -> Response {
    static SERVED: AtomicU64 = AtomicU64::new(1);
    let span = tracing::info_span!("request", id = SERVED.fetch_add(1, Ordering::Relaxed), method = %request.method(), path = request.uri().path());
    answer(&answering, request, next).instrument(span).await
}

async fn answer(answering: &Answering, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let refused = refusal(answering, request.method(), request.headers());
    let json = request.uri().path().starts_with("/api/") || wants_json(request.headers());
    let mut response = match refused {
        Some(fault) if json => fault.json(),
        Some(fault) => fault.into_response(),
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    let mut set = |name, value| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::CACHE_CONTROL, "no-store");
    tracing::info!(status = response.status().as_u16(), us = start.elapsed().as_micros(), "answered");
    response
}

/// Refuses a host that is not this server (a name that was made to point here), and acts asked by another site.
fn refusal(answering: &Answering, method: &Method, headers: &HeaderMap) -> Option<Fault> {
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let known = match answering {
        Some(trust) => trust.names.borrow().answer_to(host),
        None => Names::loopback().answer_to(host),
    };
    if !known {
        let sentence = match answering {
            Some(_) => {
                "Ce serveur ne répond pas sous ce nom : ouvrez l’une des adresses que son terminal affiche. \
                Pour ajouter ce nom, relancez-le avec l’option « --name »."
            }
            None => "Ce serveur ne répond qu’à l’adresse de ce poste : ouvrez http://127.0.0.1 suivi du port.",
        };
        return Some(Fault::new(StatusCode::MISDIRECTED_REQUEST, "wrong_host", sentence));
    }
    if method.is_safe() || is_same_site(headers, host, answering.is_some()) {
        return None;
    }
    let sentence = "Cette demande vient d’un autre site : elle est refusée et rien n’a été enregistré. \
        Revenez à Plan Blanc et recommencez depuis sa page.";
    Some(Fault::new(StatusCode::FORBIDDEN, "cross_site", sentence))
}

/// Browsers say where a request comes from; programs that are not browsers send neither header.
fn is_same_site(headers: &HeaderMap, host: &str, tls: bool) -> bool {
    let scheme = if tls { "https://" } else { "http://" };
    let text = |name: &HeaderName| headers.get(name).map(|v| v.to_str().unwrap_or("?"));
    match text(&SEC_FETCH_SITE) {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => text(&header::ORIGIN).is_none_or(|origin| origin.strip_prefix(scheme) == Some(host)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(answering: &Answering, host: &'static str, pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(host));
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        refusal(answering, &Method::POST, &headers).is_none()
    }

    #[test]
    fn acts_of_other_sites_are_refused() {
        let from = |pairs: &[(&'static str, &'static str)]| passes(&None, "localhost:8080", pairs);
        assert!(from(&[]));
        assert!(from(&[("sec-fetch-site", "same-origin")]));
        assert!(from(&[("origin", "http://localhost:8080")]));
        assert!(!from(&[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8080")]));
        assert!(!from(&[("sec-fetch-site", "same-site")]));
        assert!(!from(&[("origin", "http://localhost:9090")]));
        assert!(!from(&[("origin", "https://localhost:8080")]));
        assert!(!from(&[("origin", "null")]));
    }

    #[test]
    fn over_tls_it_answers_to_the_names_of_its_certificate_only() {
        let mut names = Names::loopback();
        names.insert("192.168.1.20");
        let (_sender, receiver) = tokio::sync::watch::channel(names);
        let tls = Some(Trust { certificate: std::sync::Arc::from([1]), names: receiver, port: 8443 });
        assert!(passes(&tls, "192.168.1.20:8443", &[("origin", "https://192.168.1.20:8443")]));
        assert!(!passes(&tls, "192.168.1.20:8443", &[("origin", "http://192.168.1.20:8443")]));
        assert!(!passes(&tls, "192.168.1.20:8443", &[("origin", "https://192.168.1.20")]));
        assert!(!passes(&tls, "192.168.1.21:8443", &[]));
        assert!(!passes(&None, "192.168.1.20:8443", &[]));
    }
}
