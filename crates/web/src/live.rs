//! Live updates: one stream of events per browser says that something changed; the browser asks for what it shows.

use crate::answer::Fault;
use crate::app::Shared;
use crate::exercise::conduct;
use crate::limits::STREAMS_MAX;
use crate::session::{self, Visitor};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use journal::Hash;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;

/// Changes closer together than this are told once.
const COALESCED: Duration = Duration::from_millis(250);
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// A stream ends this soon after its session locked or ended.
const LOOKED_AT: Duration = Duration::from_secs(15);

/// Most names told of those who are in; the others are counted.
const NAMES_MAX: usize = 40;

/// Who is in: distinct sessions with a live stream.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Present {
    /// How many sessions.
    pub(crate) people: usize,
    /// Their names, once each.
    pub(crate) names: String,
}

struct Listener {
    name: String,
    streams: usize,
}

/// Who listens, and what there is to tell.
pub(crate) struct Hub {
    versions: watch::Sender<u64>,
    present: watch::Sender<Present>,
    sessions: Mutex<BTreeMap<Hash, Listener>>,
    streams: Arc<Semaphore>,
    closing: watch::Sender<bool>,
}

impl Hub {
    pub(crate) fn new(version: u64) -> Self {
        Self {
            versions: watch::Sender::new(version),
            present: watch::Sender::new(Present::default()),
            sessions: Mutex::default(),
            streams: Arc::new(Semaphore::new(STREAMS_MAX)),
            closing: watch::Sender::new(false),
        }
    }

    /// Where the ledger says that it published.
    pub(crate) fn versions(&self) -> watch::Sender<u64> {
        self.versions.clone()
    }

    /// Who is in.
    pub(crate) fn present(&self) -> Present {
        self.present.borrow().clone()
    }

    /// Ends all streams, and refuses new ones.
    pub(crate) fn close(&self) {
        self.closing.send_replace(true);
    }

    fn arrives(&self, token: Hash, name: String) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.entry(token).or_insert(Listener { name, streams: 0 }).streams += 1;
        self.tell_present(&sessions);
    }

    fn leaves(&self, token: &Hash) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listener) = sessions.get_mut(token) {
            listener.streams -= 1;
            if listener.streams == 0 {
                sessions.remove(token);
            }
        }
        self.tell_present(&sessions);
    }

    fn tell_present(&self, sessions: &BTreeMap<Hash, Listener>) {
        let names: BTreeSet<&str> = sessions.values().map(|l| l.name.as_str()).collect();
        let others = names.len().saturating_sub(NAMES_MAX);
        let mut told = names.into_iter().take(NAMES_MAX).collect::<Vec<_>>().join(", ");
        if others > 0 {
            told.push_str(&format!(" et {others} autres"));
        }
        let present = Present { people: sessions.len(), names: told };
        self.present.send_if_modified(|known| {
            let differs = *known != present;
            *known = present;
            differs
        });
    }
}

/// Counts a session as present for as long as its stream lives.
struct Presence {
    shared: Shared,
    token: Hash,
    shown: bool,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Presence {
    fn drop(&mut self) {
        if self.shown {
            self.shared.hub.leaves(&self.token);
        }
    }
}

/// `GET /direct`: `change` carries the version of the state, `presence` says who is in.
pub(crate) async fn stream(State(shared): State<Shared>, visitor: Visitor) -> Response {
    let Ok(permit) = shared.hub.streams.clone().try_acquire_owned() else {
        let sentence = "Trop d’écrans suivent déjà la salle en direct : cette page se mettra à jour de temps en temps.";
        return Fault::new(StatusCode::SERVICE_UNAVAILABLE, "too_many_streams", sentence).json();
    };
    // Players must not see who watches them.
    let shown = !conduct::hides(&shared, &visitor.actor);
    if shown {
        shared.hub.arrives(visitor.token, visitor.view.state.register.name(&visitor.actor));
    }
    let presence = Presence { shared: shared.clone(), token: visitor.token, shown, _permit: permit };
    let (tell, told) = mpsc::channel(4);
    tokio::spawn(follow(presence, tell));
    Sse::new(ReceiverStream::new(told)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

async fn follow(presence: Presence, tell: mpsc::Sender<Result<Event, Infallible>>) {
    let hub = &presence.shared.hub;
    let (mut versions, mut present) = (hub.versions.subscribe(), hub.present.subscribe());
    let mut closing = hub.closing.subscribe();
    let (mut version_told, mut present_told) = (None, None);
    while !*closing.borrow_and_update() && session::is_open(&presence.shared, &presence.token) {
        let (version, people) = (*versions.borrow_and_update(), present.borrow_and_update().clone());
        let mut events = Vec::with_capacity(2);
        if version_told.replace(version) != Some(version) {
            events.push(Event::default().event("change").data(version.to_string()));
        }
        if present_told.as_ref() != Some(&people) {
            events.extend(Event::default().event("presence").json_data(&people).ok());
            present_told = Some(people);
        }
        for event in events {
            if tell.send(Ok(event)).await.is_err() {
                return;
            }
        }
        let next = async {
            tokio::time::sleep(COALESCED).await;
            tokio::select! {
                _ = versions.changed() => (),
                _ = present.changed() => (),
            }
        };
        tokio::select! {
            () = next => (),
            () = tokio::time::sleep(LOOKED_AT) => (),
            _ = closing.changed() => (),
            () = tell.closed() => return,
        }
    }
}
