//! The first start: an empty folder leads to one page, which founds the establishment; the same server then goes on
//! with it. A one-time code, shown on the terminal, proves that whoever fills in the page stands before the machine.

mod code;
mod entered;
mod found;
mod page;

use crate::answer::{Fault, panicked, see_other, wants_json};
use crate::app::{self, App, Settings};
use crate::limits::JSON_BYTES_MAX;
use crate::{assets, guard, trust};
use axum::extract::rejection::FormRejection;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::serve::Listener;
use axum::{Form, Router};
use code::{Code, Verdict};
use entered::{Entered, Faults};
use found::Ground;
use std::fs::File;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use store::{Env, Folder, Options};
use tokio::sync::Notify;
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;

/// Where the page is.
pub const SETUP_PATH: &str = "/premier-demarrage";

/// A folder that waits for its establishment.
pub struct Setup {
    ground: Ground,
    lock: File,
    code: Code,
    device: String,
}

/// Why a first start ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It was asked to.
    Asked,
    /// Too many wrong codes.
    TooManyTries,
}

impl Setup {
    /// Prepares an empty folder (made if it does not exist) and keeps others out of it. `device` is what the page
    /// proposes to call this machine.
    ///
    /// # Errors
    /// A sentence: the folder holds something else, another program has it, or what the system says.
    pub fn begin(folder: &Folder, options: Options, env: Env, device: &str) -> Result<Self, String> {
        let lock = found::begin(folder)?;
        let code = Code::draw(&env);
        Ok(Self { ground: Ground { folder: folder.clone(), options, env }, lock, code, device: device.to_owned() })
    }

    /// The code to show on the terminal.
    pub fn code(&self) -> String {
        self.code.shown()
    }

    /// Everything this server answers: the page, then the establishment it founds.
    pub fn stage(self, settings: Settings) -> Stage {
        Stage(Arc::new(Inner {
            ground: self.ground,
            settings,
            device: self.device,
            code: Mutex::new(self.code),
            founding: Arc::new(tokio::sync::Mutex::new(Some(self.lock))),
            house: OnceLock::new(),
            over: Notify::new(),
        }))
    }
}

/// A first start being served.
#[derive(Clone)]
pub struct Stage(Arc<Inner>);

struct Inner {
    ground: Ground,
    settings: Settings,
    device: String,
    code: Mutex<Code>,
    /// Held by the one request that founds; holds the folder's lock until then.
    founding: Arc<tokio::sync::Mutex<Option<File>>>,
    house: OnceLock<House>,
    over: Notify,
}

/// The establishment, once founded.
struct House {
    app: App,
    router: Router,
}

impl Stage {
    /// The table of routes.
    pub fn router(&self) -> Router {
        let trust = self.0.settings.trust.clone();
        let setup = Router::new()
            .route(SETUP_PATH, get(show).post(submit))
            .merge(trust::routes(trust.clone()))
            .route("/actifs/{name}", get(assets::serve))
            .fallback(elsewhere)
            .layer(DefaultBodyLimit::max(JSON_BYTES_MAX))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(axum::middleware::from_fn_with_state(trust, guard::guard))
            .with_state(self.0.clone());
        Router::new().fallback(either).with_state((self.0.clone(), setup))
    }

    /// Serves until `shutdown`, or until too many wrong codes were tried.
    ///
    /// # Errors
    /// What the system says of the listener.
    pub async fn serve<L>(self, listener: L, shutdown: impl Future<Output = ()> + Send + 'static) -> io::Result<Ended>
    where
        L: Listener<Addr = SocketAddr>,
    {
        let (stage, closing) = (self.0.clone(), self.0.clone());
        let stop = async move {
            tokio::select! {
                () = shutdown => {}
                () = stage.over.notified() => {}
            }
        };
        let close = move || closing.house.get().into_iter().for_each(|house| house.app.close());
        app::answer(listener, self.router(), stop, close).await?;
        let over = self.0.code.lock().unwrap_or_else(PoisonError::into_inner).is_over();
        Ok(if over { Ended::TooManyTries } else { Ended::Asked })
    }
}

/// Forgets that a folder was being prepared: for a server that finds its journal there.
pub fn finished(folder: &Folder) {
    found::end(folder);
}

/// The establishment if there is one, the setup otherwise.
async fn either(State((stage, setup)): State<(Arc<Inner>, Router)>, request: Request) -> Response {
    let router = stage.house.get().map_or(setup, |house| house.router.clone());
    match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// The page once its work is done: the door.
pub(crate) async fn done() -> Response {
    see_other("/connexion")
}

async fn elsewhere(request: Request) -> Response {
    if request.method().is_safe() && !request.uri().path().starts_with("/api/") && !wants_json(request.headers()) {
        return see_other(SETUP_PATH);
    }
    let sentence = "Aucun établissement n’est encore en service ici : ouvrez la page de premier démarrage.";
    Fault::new(StatusCode::SERVICE_UNAVAILABLE, "not_founded", sentence).json()
}

async fn show(State(stage): State<Arc<Inner>>) -> Response {
    let proposed = Entered(vec![("device".to_owned(), stage.device.clone())]);
    answer(&stage, StatusCode::OK, &proposed, &Faults::new(), None)
}

fn answer(stage: &Inner, status: StatusCode, entered: &Entered, faults: &Faults, problem: Option<&str>) -> Response {
    (status, page::page(entered, faults, problem, stage.settings.trust.is_some())).into_response()
}

async fn submit(State(stage): State<Arc<Inner>>, form: Result<Form<Vec<(String, String)>>, FormRejection>) -> Response {
    let Ok(Form(texts)) = form else {
        return Fault::malformed("Cet envoi est illisible : revenez à la page et recommencez. Rien n’a été fait.")
            .into_response();
    };
    let entered = Entered(texts);
    // One at a time: a second one finds the work done.
    let lock = stage.founding.clone().lock_owned().await;
    if stage.house.get().is_some() {
        return done().await;
    }
    let now = (stage.ground.env.now_ms)();
    let verdict = stage.code.lock().unwrap_or_else(PoisonError::into_inner).judge(entered.get("code"), now);
    let wanted = entered.wanted();
    let mut faults = Faults::new();
    match verdict {
        Verdict::Right => {}
        Verdict::Wrong(left) => faults.push(("code", wrong_code(entered.get("code"), left))),
        Verdict::TooSoon(seconds) => {
            let sentence = format!("Trop d’essais manqués : attendez {seconds} secondes, puis recommencez.");
            return answer(&stage, StatusCode::TOO_MANY_REQUESTS, &entered, &vec![("code", sentence)], None);
        }
        Verdict::Over => {
            stage.over.notify_one();
            let sentence =
                "Trop de codes faux : le programme s’est arrêté. Relancez-le sur ce poste, il donnera un nouveau code.";
            return answer(&stage, StatusCode::FORBIDDEN, &entered, &vec![("code", sentence.to_owned())], None);
        }
    }
    match wanted {
        Ok(wanted) if faults.is_empty() => open_house(stage, entered, wanted, lock).await,
        Ok(_) => answer(&stage, StatusCode::UNPROCESSABLE_ENTITY, &entered, &faults, None),
        Err(others) => {
            faults.extend(others);
            answer(&stage, StatusCode::UNPROCESSABLE_ENTITY, &entered, &faults, None)
        }
    }
}

fn wrong_code(typed: &str, left: u32) -> String {
    if typed.is_empty() {
        return "Recopiez le code que le terminal affiche.".to_owned();
    }
    let tries = if left == 1 { "1 essai".to_owned() } else { format!("{left} essais") };
    format!("Ce n’est pas le code que le terminal affiche : vérifiez-le. Encore {tries} avant l’arrêt du programme.")
}

type Held = tokio::sync::OwnedMutexGuard<Option<File>>;

/// Founds the establishment and hands the server over to it.
async fn open_house(stage: Arc<Inner>, entered: Entered, wanted: entered::Wanted, mut lock: Held) -> Response {
    let working = stage.clone();
    let work = tokio::task::spawn_blocking(move || {
        let founded = found::found(&working.ground, &wanted, &mut lock).map(|(ledger, access)| {
            let app = App::new(Arc::new(ledger), access, working.settings.clone(), working.ground.env.clone());
            // Only here, and under the lock: nobody has set it before.
            working.house.get_or_init(|| House { router: app::router(app.clone()), app });
        });
        (founded, lock)
    });
    match work.await {
        Ok((Ok(()), _)) => done().await,
        Ok((Err(error), _)) => {
            let fault = Fault::from(&error);
            answer(&stage, fault.status, &entered, &Faults::new(), Some(&fault.sentence))
        }
        Err(_) => panicked(Box::new(())),
    }
}
