//! `planblanc demo`: three fictional establishments, on this machine only; the hospital is in the middle of its crisis. With
//! `--region`: the organiser of a campaign of exercises over a hundred.

use crate::commands::serve;
use crate::failure::{Failure, Outcome};
use crate::{environment, platform, seed};
use domain::State;
use std::fmt::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use store::access::Access;
use store::{Folder, Ledger};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use web::{App, Neighbour, Settings};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Port sur ce poste du premier établissement ; les autres prennent les suivants, ou un port libre
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Dossier de données du premier établissement ; les autres sont à côté. Créés s’ils n’existent pas, retrouvés sinon
    #[arg(long, value_name = "DOSSIER")]
    data: Option<PathBuf>,
    /// Une région de cent établissements et sa campagne d’exercices, à la place des trois établissements
    #[arg(long)]
    region: bool,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let names: Vec<&'static str> =
        if args.region { vec![seed::region::NAME] } else { content::demo::SHIPPED.iter().map(|(name, _)| *name).collect() };
    let usual = || if args.region { beside(&platform::demo_dir(), seed::region::NAME) } else { platform::demo_dir() };
    let first = args.data.clone().unwrap_or_else(usual);
    serve::runtime()?.block_on(answer(&first, args.port, &names))
}

/// The folder of another establishment, beside the first one's.
fn beside(first: &Path, name: &str) -> PathBuf {
    PathBuf::from(format!("{}-{name}", first.display()))
}

/// Serves every establishment of the demonstration until asked to stop; says where once they all answer.
async fn answer(first: &Path, port: u16, names: &[&'static str]) -> Outcome {
    // Ports are taken first: one in use must not disturb the data.
    let doors = doors(port, names.len()).await?;
    let mut opening = Vec::new();
    for (at, name) in names.iter().copied().enumerate() {
        let folder = Folder::at(if at == 0 { first.to_owned() } else { beside(first, name) });
        opening.push(tokio::task::spawn_blocking(move || open(&folder, name)));
    }
    let mut houses = Vec::new();
    for (house, door) in opening.into_iter().zip(doors) {
        let (ledger, access) = house.await.map_err(|error| Failure::new(error.to_string()))??;
        let name = ledger.view().state.register.establishment.clone();
        houses.push((ledger, access, door.0, Neighbour { name, address: format!("http://{}/", door.1) }, door.1));
    }
    let all: Vec<Neighbour> = houses.iter().map(|house| house.3.clone()).collect();
    announce(&all);
    let mut serving = JoinSet::new();
    for (at, (ledger, access, listener, _, address)) in houses.into_iter().enumerate() {
        let neighbours = all.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, n)| n.clone()).collect();
        let settings = Settings { demo: true, port: address.port(), trust: None, neighbours };
        let app = App::new(ledger, access, settings, environment::real());
        serving.spawn(web::serve(listener, app, platform::asked_to_stop()));
    }
    while let Some(served) = serving.join_next().await {
        let stopped = |error: String| Failure::new(format!("le serveur s’est arrêté : {error}"));
        served.map_err(|error| stopped(error.to_string()))?.map_err(|error| stopped(error.to_string()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The first door is where it was asked to be; the others follow, or open where there is room.
async fn doors(port: u16, count: usize) -> Result<Vec<(TcpListener, SocketAddr)>, Failure> {
    let mut doors = vec![serve::at_home(port).await?];
    for next in (1..).take(count - 1) {
        let wanted = if port == 0 { 0 } else { port.checked_add(next).unwrap_or(0) };
        let door = serve::at_home(wanted).await;
        doors.push(if door.is_err() { serve::at_home(0).await? } else { door? });
    }
    Ok(doors)
}

/// Written at once: whoever reads only the first line may be gone before a second write.
fn announce(all: &[Neighbour]) {
    let mut said = String::new();
    for (at, house) in all.iter().enumerate() {
        let _ = match at {
            0 => writeln!(said, "Plan Blanc répond à {}", house.address),
            _ => writeln!(said, "{} : {}", house.name, house.address),
        };
    }
    print!("{said}");
}

/// Opens an establishment, made first when it is not there.
fn open(folder: &Folder, name: &str) -> Result<(Arc<Ledger<State>>, Access), Failure> {
    if !folder.has_journal() {
        make(folder, name)?;
    }
    let ledger = Arc::new(Ledger::<State>::open(folder, environment::real(), serve::options())?);
    if let Some(why) = &ledger.view().read_only {
        eprintln!("planblanc : lecture seule : {why}");
    }
    Ok((ledger, Access::open(folder)?))
}

/// Makes the demonstration beside its place, then puts it there whole: a start cut short leaves nothing half-made.
fn make(folder: &Folder, name: &str) -> Result<(), Failure> {
    let partial = Folder::at(format!("{}.partiel", folder.path().display()));
    if partial.path().exists() {
        std::fs::remove_dir_all(partial.path()).map_err(Failure::file(partial.path()))?;
    }
    if name == seed::region::NAME {
        seed::region::make(&partial, &serve::options())?;
    } else {
        seed::make(&partial, &serve::options(), name)?;
    }
    if folder.path().is_dir() {
        // Only an empty folder gives way.
        std::fs::remove_dir(folder.path()).map_err(Failure::file(folder.path()))?;
    }
    std::fs::rename(partial.path(), folder.path()).map_err(Failure::file(folder.path()))
}
