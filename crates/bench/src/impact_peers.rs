//! Graph libraries of Python asked the same closures in the same run.

use crate::Problem;
use ::impact::Network;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const SCRIPT: &str = include_str!("impact_peers.py");
/// Asks for a fresh environment with the libraries in it, instead of those the machine's Python has.
const INSTALL: &str = "PLANBLANC_BENCH_PEERS";
/// Libraries, as installed and as imported, and the question put to each.
const PEERS: &[(&str, &str)] = &[
    ("scipy", "SciPy breadth_first_order"),
    ("igraph", "igraph subcomponent"),
    ("rustworkx", "rustworkx descendants"),
    ("networkx", "networkx descendants"),
];
/// Seconds each library may take for its closures, whatever it takes to build its graph.
const SECONDS_MAX: u32 = 20;

/// What a library measured.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    /// Over the sources it had time for.
    pub(crate) mean_ms: f64,
    /// Size of the closure of each of them, in order.
    pub(crate) sizes: Vec<usize>,
}

/// Asks each library that is present for the closures of these sources; says which are absent.
pub(crate) fn measure(network: &Network, sources: &[u32]) -> Result<Vec<Peer>, Problem> {
    let dir = tempfile::tempdir()?;
    let python = python(dir.path())?;
    let script = dir.path().join("peers.py");
    std::fs::write(&script, SCRIPT)?;
    let edges = dir.path().join("edges.bin");
    write_edges(network, &edges)?;
    let list = dir.path().join("sources.bin");
    std::fs::write(&list, sources.iter().flat_map(|node| node.to_le_bytes()).collect::<Vec<_>>())?;
    let mut peers = Vec::new();
    for (module, name) in PEERS {
        let run = Command::new(&python)
            .args([&script, &edges, &list])
            .args([*module, &network.nodes().to_string(), &SECONDS_MAX.to_string()])
            .output();
        let answer = run.ok().filter(|output| output.status.success()).map(|output| output.stdout);
        match answer.map(|answer| serde_json::from_slice::<(f64, Vec<usize>)>(&answer)) {
            Some(Ok((mean_ms, sizes))) => peers.push(Peer { name, mean_ms, sizes }),
            Some(Err(error)) => return Err(format!("{name}: {error}").into()),
            None => eprintln!("peer absent: {name} ({INSTALL}=1 installs it for the run)"),
        }
    }
    Ok(peers)
}

/// The Python to run: the machine's, or a fresh environment.
fn python(dir: &Path) -> Result<PathBuf, Problem> {
    if std::env::var(INSTALL).as_deref() != Ok("1") {
        return Ok(PathBuf::from("python3"));
    }
    let venv = dir.join("venv");
    let made = Command::new("python3").args(["-m", "venv"]).arg(&venv).status()?;
    let python = venv.join("bin/python");
    let packages = ["-m", "pip", "install", "--quiet", "numpy"].into_iter().chain(PEERS.iter().map(|(module, _)| *module));
    if !made.success() || !Command::new(&python).args(packages).status()?.success() {
        return Err("peers could not be installed".into());
    }
    Ok(python)
}

/// Pairs (member, who needs it) of 32-bit numbers, lowest byte first.
fn write_edges(network: &Network, path: &Path) -> Result<(), Problem> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    for node in 0..network.nodes() {
        for dependant in network.dependants(node) {
            file.write_all(&node.to_le_bytes())?;
            file.write_all(&dependant.to_le_bytes())?;
        }
    }
    Ok(file.flush()?)
}
