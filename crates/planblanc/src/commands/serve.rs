//! `planblanc serve`: serves one data folder, to the network over TLS or to this machine alone.

use crate::failure::{Failure, Outcome};
use crate::tls::Identity;
use crate::tls::doors::{Doors, Hall, bind};
use crate::tls::machine::{self, Asked};
use crate::{environment, platform};
use domain::State;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use store::access::Access;
use store::{Folder, Ledger, Options};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use web::{Ended, Listener, Settings, Setup, Trust};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Dossier de données ; vide ou absent, une page y met en service un établissement
    #[arg(long, value_name = "DOSSIER")]
    data: PathBuf,
    /// Port
    #[arg(long, default_value_t = 8443)]
    port: u16,
    /// Adresse de ce poste où répondre ; toutes par défaut. Peut se répéter
    #[arg(long, value_name = "ADRESSE")]
    listen: Vec<IpAddr>,
    /// Nom ou adresse de plus, à inscrire au certificat. Peut se répéter
    #[arg(long, value_name = "NOM")]
    name: Vec<String>,
    /// Ne répond qu’à ce poste, sans chiffrement
    #[arg(long, conflicts_with_all = ["listen", "name"])]
    local: bool,
}

/// What to serve.
pub(crate) struct Service {
    /// The data.
    pub(crate) folder: Folder,
    /// To whom.
    pub(crate) reach: Reach,
    /// Port.
    pub(crate) port: u16,
}

/// To whom a server answers.
pub(crate) enum Reach {
    /// This machine alone, over plain HTTP.
    Local,
    /// The network, over TLS only: on these addresses (all when there is none), under these names too.
    Network { listen: Vec<IpAddr>, names: Vec<String> },
}

pub(crate) fn run(args: &Args) -> Outcome {
    let reach = if args.local {
        Reach::Local
    } else {
        let asked = args.name.iter().map(|name| machine::checked(name)).collect::<Result<Vec<_>, _>>()?;
        Reach::Network { listen: args.listen.clone(), names: asked }
    };
    run_service(Service { folder: Folder::at(&args.data), reach, port: args.port })
}

/// How data folders are opened by this program.
pub(crate) fn options() -> Options {
    Options { guard_dir: store::platform::guard_dir(), ..Options::default() }
}

/// Serves until asked to stop; says where it answers once it does.
pub(crate) fn run_service(service: Service) -> Outcome {
    runtime()?.block_on(answer(service))
}

/// What servers run on.
pub(crate) fn runtime() -> Result<Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(2).build();
    runtime.map_err(|error| Failure::new(format!("le programme ne peut pas démarrer : {error}")))
}

async fn answer(Service { folder, reach, port }: Service) -> Outcome {
    // Ports are taken first: one in use must not disturb the data. Keys come after the folder's lock.
    match reach {
        Reach::Local => {
            let (listener, address) = at_home(port).await?;
            let tenant = Tenant::open(&folder)?;
            println!("Plan Blanc répond à http://{address}/");
            tenant.serve(listener, Settings { demo: false, port: address.port(), trust: None, neighbours: Vec::new() }).await
        }
        Reach::Network { listen, names } => {
            let listeners = bind(&listen, port)?;
            let everywhere = listen.is_empty() || listen.iter().any(IpAddr::is_unspecified);
            let port = listeners.first().and_then(|l| l.local_addr().ok()).map_or(port, |address| address.port());
            let tenant = Tenant::open(&folder)?;
            let identity = Identity::open(&folder.keys(), Asked { names, listen: if everywhere { Vec::new() } else { listen } })?;
            let trust = identity.trust(port);
            announce(&trust, &identity.warnings());
            let hall = Hall { acceptor: identity.acceptor()?, names: trust.names.clone(), port };
            let doors = Doors::open(listeners, &hall).map_err(|error| Failure::new(error.to_string()))?;
            tokio::spawn(identity.keep_up());
            tenant.serve(doors, Settings { demo: false, port, trust: Some(trust), neighbours: Vec::new() }).await
        }
    }
}

/// A port of this machine alone (0: any), taken.
pub(crate) async fn at_home(port: u16) -> Result<(TcpListener, SocketAddr), Failure> {
    let in_use = |error| Failure::new(format!("le port {port} n’est pas libre ({error}) : choisissez-en un autre avec --port"));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(in_use)?;
    let address = listener.local_addr().map_err(|error| Failure::new(error.to_string()))?;
    Ok((listener, address))
}

/// Says on the terminal where this server answers, and how to know it again.
fn announce(trust: &Trust, warnings: &[String]) {
    println!("Plan Blanc répond à :");
    for address in trust.addresses() {
        println!("  {address}/");
    }
    let first = trust.addresses().into_iter().next().unwrap_or_default();
    println!("Sur un téléphone ou un autre poste, installez d’abord le certificat : {first}{}", web::TRUST_PATH);
    println!("Les huit mots de son empreinte, à comparer : {}", trust.words());
    for warning in warnings {
        eprintln!("planblanc : {warning}");
    }
}

/// What a folder holds: an establishment, or room for one.
enum Tenant {
    Establishment(Arc<Ledger<State>>, Access),
    Nobody(Box<Setup>),
}

impl Tenant {
    fn open(folder: &Folder) -> Result<Self, Failure> {
        if !folder.has_journal() {
            let device = machine::host().unwrap_or_default();
            let setup = Setup::begin(folder, options(), environment::real(), &device).map_err(Failure::new)?;
            return Ok(Self::Nobody(Box::new(setup)));
        }
        let ledger = Arc::new(Ledger::<State>::open(folder, environment::real(), options())?);
        if let Some(why) = &ledger.view().read_only {
            eprintln!("planblanc : lecture seule : {why}");
        }
        web::finished(folder);
        Ok(Self::Establishment(ledger, Access::open(folder)?))
    }

    async fn serve<L: Listener<Addr = SocketAddr>>(self, listener: L, settings: Settings) -> Outcome {
        let stopped = |error| Failure::new(format!("le serveur s’est arrêté : {error}"));
        match self {
            Self::Establishment(ledger, access) => {
                let app = web::App::new(ledger, access, settings, environment::real());
                web::serve(listener, app, platform::asked_to_stop()).await.map_err(stopped)?;
            }
            Self::Nobody(setup) => {
                println!(
                    "Premier démarrage : ouvrez l’une de ces adresses dans un navigateur et donnez-y ce code à usage unique."
                );
                println!("Code : {}", setup.code());
                let ended = setup.stage(settings).serve(listener, platform::asked_to_stop()).await.map_err(stopped)?;
                if ended == Ended::TooManyTries {
                    let sentence =
                        "trop de codes faux ont été essayés : rien n’a été fait ; relancez, un nouveau code sera donné";
                    return Err(Failure::new(sentence));
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
