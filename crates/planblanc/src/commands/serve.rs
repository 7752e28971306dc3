//! `planblanc serve`: serves one data folder.

use crate::failure::{Failure, Outcome};
use crate::{environment, platform};
use domain::State;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use store::access::Access;
use store::{Folder, Ledger, Options, StoreError};
use tokio::net::TcpListener;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Dossier de données
    #[arg(long, value_name = "DOSSIER")]
    data: PathBuf,
    /// Port sur ce poste
    #[arg(long, default_value_t = 8443)]
    port: u16,
}

/// What to serve.
pub(crate) struct Service {
    /// The data.
    pub(crate) folder: Folder,
    /// Port on the loopback address.
    pub(crate) port: u16,
    /// Whether anybody on this machine may enter as any account.
    pub(crate) demo: bool,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let folder = Folder::at(&args.data);
    if !folder.has_journal() {
        return Err(StoreError::NoJournal(args.data.clone()).into());
    }
    run_service(Service { folder, port: args.port, demo: false })
}

/// How data folders are opened by this program.
pub(crate) fn options() -> Options {
    Options { guard_dir: store::platform::guard_dir(), ..Options::default() }
}

/// Serves until asked to stop; prints one line with the address once it answers.
pub(crate) fn run_service(service: Service) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(2).build();
    let runtime = runtime.map_err(|error| Failure::new(format!("le programme ne peut pas démarrer : {error}")))?;
    runtime.block_on(answer(service))
}

async fn answer(service: Service) -> Outcome {
    // Taken first: a port in use must not disturb the data.
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, service.port));
    let in_use =
        |error| Failure::new(format!("le port {} n’est pas libre ({error}) : choisissez-en un autre avec --port", service.port));
    let listener = TcpListener::bind(address).await.map_err(in_use)?;
    let address = listener.local_addr().map_err(|error| Failure::new(error.to_string()))?;
    let ledger = Arc::new(Ledger::<State>::open(&service.folder, environment::real(), options())?);
    if let Some(why) = &ledger.view().read_only {
        eprintln!("planblanc : lecture seule : {why}");
    }
    let access = Access::open(&service.folder)?;
    let settings = web::Settings { demo: service.demo, port: address.port() };
    let app = web::App::new(ledger.clone(), access, settings, environment::real());
    println!("Plan Blanc répond à http://{address}/");
    let served = web::serve(listener, app, platform::asked_to_stop()).await;
    served.map_err(|error| Failure::new(format!("le serveur s’est arrêté : {error}")))?;
    Ok(ExitCode::SUCCESS)
}
