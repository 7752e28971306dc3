//! The application: what every handler shares, the table of routes, and the server.

use crate::exercise::branch::{self, Branch, Branches};
use crate::fragments::Regions;
use crate::limits::{FORM_BYTES_MAX, FORMS_AT_ONCE_MAX, MULTIPART_BYTES_MAX, REPLAYS_AT_ONCE_MAX};
use crate::live::Hub;
use crate::password::Desk;
use crate::setup::{self, SETUP_PATH};
use crate::trust::{self, Trust};
use crate::{
    access, answer, api, assets, attachments, crisis, guard, health, journal_merge, journal_page, limits, live, replay, sign_in,
    today,
};
use crate::{search, urgence};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get, post};
use axum::serve::{Listener, ListenerExt};
use domain::State;
use journal::JournalId;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use store::access::Access;
use store::blobs::Blobs;
use store::{Env, Ledger};
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;

/// How long requests under way may take once the server was asked to stop.
const STOP_WITHIN: Duration = Duration::from_millis(1_500);

/// How the program serves.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whether anybody on this machine may enter as any account, without a password.
    pub demo: bool,
    /// Port it answers on, part of the cookie's name over plain HTTP: two servers on one machine keep their sessions apart.
    pub port: u16,
    /// The authority behind its certificate; `None` over plain HTTP, which answers to this machine alone.
    pub trust: Option<Trust>,
    /// Other establishments of the demonstration, which the door shows.
    pub neighbours: Vec<Neighbour>,
}

/// Another establishment that the same program serves.
#[derive(Debug, Clone)]
pub struct Neighbour {
    /// Its name.
    pub name: String,
    /// Where it answers, e.g. `http://127.0.0.1:8081/`.
    pub address: String,
}

/// One establishment, served.
#[derive(Clone)]
pub struct App(pub(crate) Shared);

/// What every handler shares.
pub(crate) type Shared = Arc<Inner>;

pub(crate) struct Inner {
    pub(crate) ledger: Arc<Ledger<State>>,
    pub(crate) access: Arc<Access>,
    /// The journal whose sessions are good here: the establishment's, in a branch too.
    pub(crate) door: JournalId,
    /// In the branch of an exercise: where it comes from.
    pub(crate) branch: Option<Branch>,
    /// The branches of exercises.
    pub(crate) branches: Branches,
    pub(crate) settings: Settings,
    pub(crate) env: Env,
    pub(crate) blobs: Blobs,
    pub(crate) hub: Hub,
    pub(crate) regions: Regions,
    pub(crate) passwords: Desk,
    pub(crate) forms: Semaphore,
    pub(crate) replays: Semaphore,
    /// Sheets that wait for their author’s word.
    pub(crate) pending: crate::register::Pending,
    /// The map as a network of dependencies.
    pub(crate) nets: crate::cartography::Nets,
    /// Files of the map that wait for their author’s word.
    pub(crate) imports: crate::cartography::Imports,
    /// Chronogrammes and kits that wait for their author’s word.
    pub(crate) chronogrammes: crate::exercise::Chronogrammes,
    pub(crate) kits: crate::exercise::Kits,
    /// Drawings of the map, kept while they are true.
    pub(crate) plans: crate::cartography::Plans,
}

impl App {
    /// Serves one ledger to the accounts of `access`.
    pub fn new(ledger: Arc<Ledger<State>>, access: Access, settings: Settings, env: Env) -> Self {
        let door = ledger.id();
        Self::serving(ledger, Arc::new(access), settings, env, door, None)
    }

    /// Serves the branch of an exercise to the accounts of its establishment.
    pub(crate) fn of_branch(home: &Shared, ledger: Arc<Ledger<State>>, branch: Branch) -> Self {
        Self::serving(ledger, home.access.clone(), home.settings.clone(), home.env.clone(), home.door, Some(branch))
    }

    fn serving(
        ledger: Arc<Ledger<State>>,
        access: Arc<Access>,
        settings: Settings,
        env: Env,
        door: JournalId,
        branch: Option<Branch>,
    ) -> Self {
        let hub = Hub::new(ledger.view().version);
        let versions = hub.versions();
        ledger.on_publish(move |view| {
            versions.send_replace(view.version);
        });
        let blobs = Blobs::of(ledger.folder());
        Self(Arc::new(Inner {
            ledger,
            access,
            door,
            branch,
            branches: Branches::default(),
            settings,
            env,
            blobs,
            hub,
            regions: Regions::default(),
            passwords: Desk::default(),
            forms: Semaphore::new(FORMS_AT_ONCE_MAX),
            replays: Semaphore::new(REPLAYS_AT_ONCE_MAX),
            pending: crate::register::Pending::default(),
            nets: crate::cartography::Nets::default(),
            imports: crate::cartography::Imports::default(),
            chronogrammes: crate::exercise::Chronogrammes::default(),
            kits: crate::exercise::Kits::default(),
            plans: crate::cartography::Plans::default(),
        }))
    }
}

impl App {
    /// Ends the live streams: they would never end by themselves.
    pub(crate) fn close(&self) {
        self.0.hub.close();
        self.0.branches.close();
    }
}

impl Inner {
    /// Milliseconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        (self.env.now_ms)()
    }
}

/// The table of routes, with those of the branches below their addresses.
pub fn router(app: App) -> Router {
    let trust = app.0.settings.trust.clone();
    pages(app.clone())
        .layer(axum::middleware::from_fn_with_state(app.0, branch::layer))
        .layer(axum::middleware::from_fn_with_state(trust, guard::guard))
}

/// The pages of one journal.
pub(crate) fn pages(app: App) -> Router {
    let shared = app.0;
    let trust = shared.settings.trust.clone();
    let large = DefaultBodyLimit::max(MULTIPART_BYTES_MAX);
    Router::new()
        .route("/", get(today::show))
        .route("/connexion", get(sign_in::show).post(sign_in::enter).layer(large))
        .route("/deconnexion", post(sign_in::leave))
        .route("/journal", get(journal_page::show))
        .route("/journal/entrees.planblanc", get(journal_merge::export))
        .route("/journal/fusion", post(journal_merge::merge).layer(large))
        .route("/healthz", get(health::show))
        .route("/direct", get(live::stream))
        .route("/pieces/{hash}/{name}", get(attachments::download))
        .route("/actifs/{name}", get(assets::serve))
        .route(SETUP_PATH, any(setup::done))
        .merge(trust::routes(trust))
        .merge(crisis::routes().layer(large))
        .merge(crate::actions::routes())
        .merge(crate::cartography::routes())
        .merge(crate::cells::routes())
        .merge(crate::situation::routes())
        .merge(crate::legal::routes().layer(large))
        .merge(crate::checklist::routes())
        .merge(access::routes())
        .merge(search::routes())
        .merge(crate::register::routes())
        .merge(urgence::routes())
        .merge(crate::exercise::routes())
        .merge(crate::campaign::routes())
        .nest("/api/v1", api::routes())
        .fallback(answer::not_found)
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(axum::middleware::from_fn(replay::layer))
        .layer(CatchPanicLayer::custom(answer::panicked))
        .with_state(shared)
}

/// Serves until `shutdown`, then ends the live streams, lets requests under way finish, and stops within two seconds.
///
/// # Errors
/// What the system says of the listener.
pub async fn serve<L>(listener: L, app: App, shutdown: impl Future<Output = ()> + Send + 'static) -> io::Result<()>
where
    L: Listener<Addr = SocketAddr>,
{
    let closing = app.clone();
    tokio::spawn(branch::resume(app.0.clone()));
    answer(listener, router(app), shutdown, move || closing.close()).await
}

/// Serves a table of routes until `shutdown`; `close` then ends what would never end by itself.
pub(crate) async fn answer<L>(
    listener: L,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
    close: impl FnOnce() + Send + 'static,
) -> io::Result<()>
where
    L: Listener<Addr = SocketAddr>,
{
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let (asked, mut asking) = tokio::sync::watch::channel(false);
    let stopping = async move {
        shutdown.await;
        close();
        asked.send_replace(true);
    };
    // A listener of any kind then tells who connects.
    let served = axum::serve(listener.tap_io(|_| {}), service).with_graceful_shutdown(stopping);
    let deadline = async {
        // The sender lives as long as the server: it ends by saying so.
        let _ = asking.wait_for(|asked| *asked).await;
        tokio::time::sleep(STOP_WITHIN).await;
    };
    tokio::select! {
        outcome = served => outcome,
        () = deadline => Ok(()),
    }
}

const _: () = assert!(limits::JSON_BYTES_MAX <= FORM_BYTES_MAX);
