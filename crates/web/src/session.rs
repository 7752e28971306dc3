//! Who is asking: an opaque token in a cookie, its fingerprint in the accounts' database.

use crate::answer::{Fault, see_other, wants_json};
use crate::app::{Inner, Shared};
use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::State;
use domain::register::{Person, Role};
use journal::entry::sha256;
use journal::id::{from_hex, to_hex};
use journal::write::Author;
use journal::{ActorId, Auth, Hash, JournalId};
use std::sync::Arc;
use store::{StoreError, View};

/// A session ends after this long without a request (12 hours).
pub(crate) const IDLE_MS: i64 = 12 * 3_600_000;
/// A sign of life is written down this often at most.
const TOUCH_EVERY_MS: i64 = 5 * 60_000;
const TOKEN_BYTES: usize = 32;

/// Somebody who is in and holds a role, with the state they see for the length of this request.
pub(crate) struct Visitor {
    pub(crate) actor: ActorId,
    pub(crate) token: Hash,
    pub(crate) role: Role,
    pub(crate) auth: Auth,
    pub(crate) view: Arc<View<State>>,
    /// The moment the page speaks of: now, or the minute that is seen again. Milliseconds since 1970.
    pub(crate) now: i64,
}

impl Visitor {
    pub(crate) fn author(&self) -> Author {
        Author { actor: self.actor, auth: self.auth }
    }

    pub(crate) fn person(&self) -> Option<&Person> {
        self.view.state.register.people.get(&self.actor)
    }

    /// Whether they may ask for an erasure, or grant one.
    pub(crate) fn may_erase(&self) -> bool {
        self.role.rank() >= journal::authority::ADMIN_RANK
    }

    pub(crate) fn may_write(&self) -> bool {
        self.role.may_write()
    }

    /// The journal named by an address or a form must be the one served: nothing crosses.
    pub(crate) fn journal(&self, shared: &Inner, named: &str) -> Result<JournalId, Fault> {
        let id = shared.ledger.id();
        if named.parse() == Ok(id) { Ok(id) } else { Err(Fault::not_found()) }
    }
}

/// Name of the session cookie.
pub(crate) fn cookie_name(shared: &Inner) -> String {
    let kind = if shared.settings.demo { "demo" } else { "serve" };
    format!("pb-{kind}-{}", shared.settings.port)
}

/// Lets somebody in, and returns the fingerprint of their token and the cookie to set.
pub(crate) async fn open(shared: &Shared, actor: ActorId) -> Result<(Hash, String), StoreError> {
    let token: [u8; TOKEN_BYTES] = shared.env.bytes();
    let (now, hash) = (shared.now(), sha256(&token));
    on_disk(shared, move |shared| shared.access.open_session(hash, actor, now, now + IDLE_MS)).await?;
    Ok((hash, format!("{}={}; HttpOnly; SameSite=Strict; Path=/", cookie_name(shared), to_hex(&token))))
}

/// Runs what waits for the disk on a thread that may wait.
pub(crate) async fn on_disk<T: Send + 'static>(
    shared: &Shared,
    work: impl FnOnce(&Inner) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let shared = shared.clone();
    tokio::task::spawn_blocking(move || work(&shared)).await.unwrap_or(Err(StoreError::Busy))
}

/// The cookie that takes the session away.
pub(crate) fn gone(shared: &Inner) -> String {
    format!("{}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0", cookie_name(shared))
}

/// Fingerprint of the token a request carries.
pub(crate) fn token(shared: &Inner, headers: &HeaderMap) -> Option<Hash> {
    let name = cookie_name(shared);
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let value = pairs.find(|(key, _)| *key == name)?.1;
    from_hex(value).filter(|bytes| bytes.len() == TOKEN_BYTES).map(|bytes| sha256(&bytes))
}

/// Why somebody may not come in.
pub(crate) enum Closed {
    /// Nobody is signed in.
    Nobody,
    /// Their account holds no role here.
    NoRole,
}

/// Who is asking.
pub(crate) fn visitor(shared: &Shared, headers: &HeaderMap) -> Result<Visitor, Closed> {
    visitor_of(shared, token(shared, headers).ok_or(Closed::Nobody)?)
}

/// Whose session this is.
pub(crate) fn visitor_of(shared: &Shared, token: Hash) -> Result<Visitor, Closed> {
    let now = shared.now();
    let session = shared.access.session(&token, now).ok_or(Closed::Nobody)?;
    if now - session.seen_at > TOUCH_EVERY_MS {
        let shared = shared.clone();
        // Nobody waits for it; the next request would write it anyway.
        tokio::spawn(async move {
            if let Err(error) = on_disk(&shared, move |shared| shared.access.touch(&token, now, now + IDLE_MS)).await {
                tracing::warn!(%error, "a sign of life could not be written");
            }
        });
    }
    let view = shared.ledger.view();
    let role = view.state.register.role(&session.actor).ok_or(Closed::NoRole)?;
    let auth = if shared.settings.demo { Auth::None } else { Auth::Password };
    Ok(Visitor { actor: session.actor, token, role, auth, view, now })
}

impl FromRequestParts<Shared> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Response> {
        visitor(shared, &parts.headers).map_err(|closed| {
            let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
            let (path, query) = (uri.path(), uri.query().unwrap_or_default());
            let program =
                path == "/direct" || path.starts_with("/api/") || wants_json(&parts.headers) || query.contains("fragment=");
            match closed {
                Closed::Nobody if program => Fault::signed_out().json(),
                Closed::Nobody => {
                    let wanted = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
                    see_other(&format!("/connexion?vers={}", percent(&wanted)))
                }
                Closed::NoRole if program => no_role().json(),
                Closed::NoRole => no_role().into_response(),
            }
        })
    }
}

/// The refusal of an account without a role.
pub(crate) fn no_role() -> Fault {
    let sentence = "Votre compte n’a pas de rôle dans cet établissement : demandez-en un à la direction.";
    Fault::new(StatusCode::FORBIDDEN, "no_role", sentence)
}

/// Percent-encodes all but letters, digits and `-._~` (RFC 3986).
pub(crate) fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => {
                out.push('%');
                out.push_str(&to_hex(&[byte]).to_uppercase());
            }
        }
    }
    out
}
