//! The application: what every handler shares, the table of routes, and the server.

use crate::fragments::Regions;
use crate::limits::{FORM_BYTES_MAX, FORMS_AT_ONCE_MAX, MULTIPART_BYTES_MAX};
use crate::live::Hub;
use crate::password::Desk;
use crate::{answer, api, assets, attachments, crisis, guard, health, journal_merge, journal_page, limits, live, sign_in, today};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use domain::State;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use store::access::Access;
use store::blobs::Blobs;
use store::{Env, Ledger};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;

/// How long requests under way may take once the server was asked to stop.
const STOP_WITHIN: Duration = Duration::from_millis(1_500);

/// How the program serves.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whether anybody on this machine may enter as any account, without a password.
    pub demo: bool,
    /// Port it answers on, part of the cookie's name: two servers on one machine keep their sessions apart.
    pub port: u16,
}

/// One establishment, served.
#[derive(Clone)]
pub struct App(pub(crate) Shared);

/// What every handler shares.
pub(crate) type Shared = Arc<Inner>;

pub(crate) struct Inner {
    pub(crate) ledger: Arc<Ledger<State>>,
    pub(crate) access: Access,
    pub(crate) settings: Settings,
    pub(crate) env: Env,
    pub(crate) blobs: Blobs,
    pub(crate) hub: Hub,
    pub(crate) regions: Regions,
    pub(crate) passwords: Desk,
    pub(crate) forms: Semaphore,
}

impl App {
    /// Serves one ledger to the accounts of `access`.
    pub fn new(ledger: Arc<Ledger<State>>, access: Access, settings: Settings, env: Env) -> Self {
        let hub = Hub::new(ledger.view().version);
        let versions = hub.versions();
        ledger.on_publish(move |view| {
            versions.send_replace(view.version);
        });
        let blobs = Blobs::of(ledger.folder());
        Self(Arc::new(Inner {
            ledger,
            access,
            settings,
            env,
            blobs,
            hub,
            regions: Regions::default(),
            passwords: Desk::default(),
            forms: Semaphore::new(FORMS_AT_ONCE_MAX),
        }))
    }
}

impl Inner {
    /// Milliseconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        (self.env.now_ms)()
    }
}

/// The table of routes.
pub fn router(app: App) -> Router {
    let shared = app.0;
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
        .merge(crisis::routes().layer(large))
        .nest("/api/v1", api::routes())
        .fallback(answer::not_found)
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(CatchPanicLayer::custom(answer::panicked))
        .layer(axum::middleware::from_fn(guard::guard))
        .with_state(shared)
}

/// Serves until `shutdown`, then ends the live streams, lets requests under way finish, and stops within two seconds.
///
/// # Errors
/// What the system says of the listener.
pub async fn serve(listener: TcpListener, app: App, shutdown: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
    let shared = app.0.clone();
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let (asked, mut asking) = tokio::sync::watch::channel(false);
    let stopping = async move {
        shutdown.await;
        shared.hub.close();
        asked.send_replace(true);
    };
    let served = axum::serve(listener, service).with_graceful_shutdown(stopping);
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
