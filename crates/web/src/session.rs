//! Who is asking: an opaque token in a cookie, its fingerprint in the accounts' database.

use crate::answer::{Fault, see_other, wants_json};
use crate::app::{Inner, Shared};
use crate::fragments::{Moment, PAST};
use crate::replay::{self, Replayed};
use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::State;
use domain::register::{Person, Role};
use journal::engine::PROGRAM;
use journal::entry::sha256;
use journal::id::{from_hex, to_hex};
use journal::write::Author;
use journal::{ActorId, Auth, Hash, JournalId};
use std::sync::Arc;
use store::access::{Entered, Session};
use store::{StoreError, View};

/// A session ends after this long without a request (12 hours).
pub(crate) const IDLE_MS: i64 = 12 * 3_600_000;
/// A session locks after this long without a person's act (30 minutes).
pub(crate) const LOCK_MS: i64 = 30 * 60_000;
/// The same for who entered with an emergency code, and may know no password to unlock with (4 hours).
pub(crate) const LOCK_CODE_MS: i64 = 4 * 3_600_000;
/// The same for observers, of whom any request is an act: a wall display never locks while it follows the room (12 hours).
pub(crate) const LOCK_OBSERVER_MS: i64 = 12 * 3_600_000;
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
    /// Whether they must choose their own password before anything else.
    pub(crate) must_change: bool,
    /// The moment the page speaks of: now, or the minute that is seen again. Milliseconds since 1970.
    pub(crate) now: i64,
    /// The moment that is seen again, when it is not now.
    pub(crate) replayed: Option<Arc<Replayed>>,
}

impl Visitor {
    pub(crate) fn author(&self) -> Author {
        Author { actor: self.actor, auth: self.auth }
    }

    /// What is known now, whatever the page shows.
    pub(crate) fn present(&self) -> &View<State> {
        self.replayed.as_ref().map_or(&self.view, |replayed| &replayed.present)
    }

    pub(crate) fn person(&self) -> Option<&Person> {
        self.present().state.register.people.get(&self.actor)
    }

    /// Whether they may ask for an erasure, or grant one. Nothing is written in the past.
    pub(crate) fn may_erase(&self) -> bool {
        self.replayed.is_none() && self.role.rank() >= journal::authority::ADMIN_RANK
    }

    /// Whether they may manage accounts. Nothing is written in the past.
    pub(crate) fn may_administer(&self) -> bool {
        self.may_erase()
    }

    /// How long without an act before their session locks, milliseconds.
    pub(crate) fn lock_ms(&self) -> i64 {
        lock_after_ms(self.role, self.auth)
    }

    /// Whether they may write. Nothing is written in the past.
    pub(crate) fn may_write(&self) -> bool {
        self.replayed.is_none() && self.role.may_write()
    }

    /// What regions rendered for others must have in common with theirs.
    pub(crate) fn moment(&self) -> Moment {
        let version = if self.replayed.is_some() { PAST } else { self.view.version };
        Moment { version, minute: self.now.div_euclid(60_000) }
    }

    /// The journal named by an address or a form must be the one served: nothing crosses.
    pub(crate) fn journal(&self, shared: &Inner, named: &str) -> Result<JournalId, Fault> {
        let id = shared.ledger.id();
        if named.parse() == Ok(id) { Ok(id) } else { Err(Fault::not_found()) }
    }
}

/// Name of the session cookie. Over TLS its prefix makes browsers refuse one that another host or plain HTTP would set.
pub(crate) fn cookie_name(shared: &Inner) -> String {
    if shared.settings.trust.is_some() {
        // A cookie knows no port: the journal's name keeps two establishments on one machine apart.
        return format!("__Host-pb-{}", &shared.door.to_string()[..8]);
    }
    let kind = if shared.settings.demo { "demo" } else { "serve" };
    format!("pb-{kind}-{}", shared.settings.port)
}

fn cookie(shared: &Inner, value: &str) -> String {
    let secure = if shared.settings.trust.is_some() { "; Secure" } else { "" };
    format!("{}={value}; HttpOnly; SameSite=Strict; Path=/{secure}", cookie_name(shared))
}

/// Lets somebody in, and returns the fingerprint of their token and the cookie to set.
pub(crate) async fn open(shared: &Shared, entered: Entered) -> Result<(Hash, String), StoreError> {
    let token: [u8; TOKEN_BYTES] = shared.env.bytes();
    let (now, hash) = (shared.now(), sha256(&token));
    on_disk(shared, move |shared| shared.access.open_session(hash, entered, now, now + IDLE_MS)).await?;
    Ok((hash, cookie(shared, &to_hex(&token))))
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
    cookie(shared, "") + "; Max-Age=0"
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closed {
    /// Nobody is signed in.
    Nobody,
    /// Their account holds no role here.
    NoRole,
    /// Their account was blocked.
    Blocked,
    /// They went away from their screen.
    Locked,
    /// They still have their first password.
    MustChange,
}

impl Closed {
    /// The same, in words.
    pub(crate) fn fault(self) -> Fault {
        match self {
            Self::Nobody => Fault::signed_out(),
            Self::NoRole => no_role(),
            Self::Blocked => blocked(),
            Self::Locked => Fault::new(
                StatusCode::UNAUTHORIZED,
                "locked",
                "Votre session est verrouillée : tapez votre mot de passe pour reprendre.",
            ),
            Self::MustChange => {
                let sentence =
                    "Choisissez d’abord votre mot de passe, à la page « Mon compte » : le premier ne sert qu’une fois.";
                Fault::new(StatusCode::FORBIDDEN, "password_change", sentence)
            }
        }
    }
}

/// How long without an act before a session locks, milliseconds.
fn lock_after_ms(role: Role, auth: Auth) -> i64 {
    match (role, auth) {
        (Role::Observer, _) => LOCK_OBSERVER_MS,
        (_, Auth::BreakGlass) => LOCK_CODE_MS,
        _ => LOCK_MS,
    }
}

/// How long before a session locks, milliseconds; nothing left for one that has.
pub(crate) fn left_ms(session: &Session, role: Role, now: i64) -> i64 {
    if session.locked { 0 } else { (session.acted_at + lock_after_ms(role, session.entered.auth) - now).max(0) }
}

/// Whose request this is, which is an act of theirs.
pub(crate) fn visitor(shared: &Shared, headers: &HeaderMap) -> Result<Visitor, Closed> {
    visitor_of(shared, token(shared, headers).ok_or(Closed::Nobody)?)
}

/// Whose session this is; to ask is an act of theirs.
pub(crate) fn visitor_of(shared: &Shared, token: Hash) -> Result<Visitor, Closed> {
    let visitor = entering(shared, token, true)?;
    if visitor.must_change { Err(Closed::MustChange) } else { Ok(visitor) }
}

/// The same for who has not chosen a password yet. `act`: a person asks, not a page by itself.
pub(crate) fn entering(shared: &Shared, token: Hash, act: bool) -> Result<Visitor, Closed> {
    let now = shared.now();
    let session = shared.access.session(&token, now).ok_or(Closed::Nobody)?;
    let Entered { actor, auth, must_change } = session.entered;
    let view = shared.ledger.view();
    let role = is_in(&view.state, &session, now)?;
    if act || role == Role::Observer {
        shared.access.acted(&token, now);
    }
    if now - session.seen_at > TOUCH_EVERY_MS {
        shared.access.seen(&token, now, now + IDLE_MS);
        let shared = shared.clone();
        // Nobody waits for it; the next request would write it anyway.
        tokio::spawn(async move {
            if let Err(error) = on_disk(&shared, move |shared| shared.access.touch(&token, now, now + IDLE_MS)).await {
                tracing::warn!(%error, "a sign of life could not be written");
            }
        });
    }
    Ok(Visitor { actor, token, role, auth, must_change, view, now, replayed: None })
}

/// The role under which a session is open, unless it is not.
fn is_in(state: &State, session: &Session, now: i64) -> Result<Role, Closed> {
    let actor = session.entered.actor;
    let role = state.register.role(&actor).filter(|_| actor != PROGRAM).ok_or(Closed::NoRole)?;
    if state.access.blocked.contains_key(&actor) {
        return Err(Closed::Blocked);
    }
    if left_ms(session, role, now) == 0 { Err(Closed::Locked) } else { Ok(role) }
}

/// Whether a session is still open: what is live on a page stops with it.
pub(crate) fn is_open(shared: &Inner, token: &Hash) -> bool {
    let now = shared.now();
    let session = shared.access.session(token, now);
    session.is_some_and(|session| is_in(&shared.ledger.view().state, &session, now).is_ok())
}

/// Whether a request is a person's: pages refresh their regions and follow the room by themselves.
fn is_act(parts: &Parts, path: &str, query: &str) -> bool {
    let by_itself = path == "/direct" || query.contains("fragment=");
    let polls = parts.method.is_safe() && wants_json(&parts.headers) && !path.starts_with("/api/");
    !by_itself && !polls
}

impl FromRequestParts<Shared> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Response> {
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        let (path, query) = (uri.path(), uri.query().unwrap_or_default());
        let program = path == "/direct" || path.starts_with("/api/") || wants_json(&parts.headers) || query.contains("fragment=");
        let found = token(shared, &parts.headers).ok_or(Closed::Nobody);
        let found = found.and_then(|token| entering(shared, token, is_act(parts, path, query)));
        let changing = path == "/compte";
        let found = found.and_then(|v| if v.must_change && !changing { Err(Closed::MustChange) } else { Ok(v) });
        let wanted = || percent(&if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") });
        let visitor = found.map_err(|closed| match closed {
            closed if program => closed.fault().json(),
            Closed::Nobody => see_other(&format!("/connexion?vers={}", wanted())),
            Closed::Locked => see_other(&format!("/verrou?vers={}", wanted())),
            Closed::MustChange => see_other("/compte"),
            Closed::NoRole | Closed::Blocked => closed.fault().into_response(),
        })?;
        replay::replayed(shared, visitor, uri, program).await
    }
}

/// The refusal of an account without a role.
pub(crate) fn no_role() -> Fault {
    let sentence = "Votre compte n’a pas de rôle dans cet établissement : demandez-en un à la direction.";
    Fault::new(StatusCode::FORBIDDEN, "no_role", sentence)
}

/// The refusal of a blocked account.
pub(crate) fn blocked() -> Fault {
    let sentence = "Votre compte est bloqué : appelez la direction ou l’administrateur, eux seuls peuvent le rouvrir.";
    Fault::new(StatusCode::FORBIDDEN, "blocked", sentence)
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
