//! `cargo xtask bench [NAME] [--json]`: measures and compares, never asserts.
//!
//! These machines are noisy: every figure is printed beside a peer or a bound measured in the same run where that is
//! possible, else beside the published measure of a named peer.

mod cpu;
mod crisis;
mod exercise;
mod figure;
mod floor;
mod impact;
mod impact_networks;
mod impact_peers;
mod import;
mod live;
mod map;
mod room;
mod server;
mod writers;

use clap::Parser;
use figure::{Figure, Output};

/// Most problems are told as text: a bench is read by a person.
pub(crate) type Problem = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
struct Args {
    /// Bench to run; all when absent
    #[arg(value_parser = ["exercise", "impact", "import", "journal", "room"])]
    name: Option<String>,
    /// Prints one JSON object a line
    #[arg(long)]
    json: bool,
    /// Imports the files of a folder and says what it took: a bench of its own process
    #[arg(long, hide = true)]
    import_child: Option<std::path::PathBuf>,
}

fn main() -> Result<(), Problem> {
    let args = Args::parse();
    if let Some(dir) = &args.import_child {
        return import::child(dir);
    }
    let output = Output::new(args.json);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(2).build()?;
    let print = |figure: Figure| output.print(&figure);
    let asked = |name: &str| args.name.as_deref().is_none_or(|asked| asked == name);
    if args.name.as_deref() == Some("import") {
        // One figure of the impact bench, alone.
        return import::run(&print);
    }
    if asked("exercise") {
        runtime.block_on(exercise::run(print))?;
    }
    if asked("impact") {
        impact::run(print)?;
    }
    if asked("journal") {
        floor::run()?.into_iter().for_each(print);
        runtime.block_on(server::run(print))?;
    }
    if asked("room") {
        runtime.block_on(room::run(print))?;
    }
    Ok(())
}
