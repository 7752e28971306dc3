//! What every request passes: whose host it names, where it comes from; and the headers every answer carries.

use crate::answer::{Fault, wants_json};
use axum::extract::Request;
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

pub(crate) async fn guard(request: Request, next: Next) -> Response {
    static SERVED: AtomicU64 = AtomicU64::new(1);
    let span = tracing::info_span!("request", id = SERVED.fetch_add(1, Ordering::Relaxed), method = %request.method(), path = request.uri().path());
    answer(request, next).instrument(span).await
}

async fn answer(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let refused = refusal(request.method(), request.headers());
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

/// Refuses a host that is not this machine (a name that was made to point here), and acts asked by another site.
fn refusal(method: &Method, headers: &HeaderMap) -> Option<Fault> {
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    if !is_this_machine(host) {
        let sentence = "Ce serveur ne répond qu’à l’adresse de ce poste : ouvrez http://127.0.0.1 suivi du port.";
        return Some(Fault::new(StatusCode::MISDIRECTED_REQUEST, "wrong_host", sentence));
    }
    if method.is_safe() || is_same_site(headers, host) {
        return None;
    }
    let sentence = "Cette demande vient d’un autre site : elle est refusée et rien n’a été enregistré. \
        Revenez à Plan Blanc et recommencez depuis sa page.";
    Some(Fault::new(StatusCode::FORBIDDEN, "cross_site", sentence))
}

fn is_this_machine(host: &str) -> bool {
    let is_port = |port: &str| port.bytes().all(|b| b.is_ascii_digit());
    let name = match host.rsplit_once(':') {
        Some((name, port)) if is_port(port) && !name.ends_with(':') => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

/// Browsers say where a request comes from; programs that are not browsers send neither header.
fn is_same_site(headers: &HeaderMap, host: &str) -> bool {
    let text = |name: &HeaderName| headers.get(name).map(|v| v.to_str().unwrap_or("?"));
    match text(&SEC_FETCH_SITE) {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => text(&header::ORIGIN).is_none_or(|origin| {
            origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")).is_some_and(|o| o == host)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_answered() {
        for host in ["localhost", "localhost:8080", "127.0.0.1:8443", "[::1]:8080", "[::1]"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in ["", "evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost:80:80", "::1", "[::2]:80"] {
            assert!(!is_this_machine(host), "{host}");
        }
    }

    #[test]
    fn acts_of_other_sites_are_refused() {
        let from = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("localhost:8080"));
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            refusal(&Method::POST, &headers).is_none()
        };
        assert!(from(&[]));
        assert!(from(&[("sec-fetch-site", "same-origin")]));
        assert!(from(&[("origin", "http://localhost:8080")]));
        assert!(!from(&[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8080")]));
        assert!(!from(&[("sec-fetch-site", "same-site")]));
        assert!(!from(&[("origin", "http://localhost:9090")]));
        assert!(!from(&[("origin", "null")]));
    }
}
