//! `cargo xtask bench [NAME] [--json]`: measures and compares, never asserts.
//!
//! These machines are noisy: every figure is printed beside a peer or a bound measured in the same run where that is
//! possible, else beside the published measure of a named peer.

mod cpu;
mod crisis;
mod figure;
mod floor;
mod live;
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
    #[arg(value_parser = ["journal", "room"])]
    name: Option<String>,
    /// Prints one JSON object a line
    #[arg(long)]
    json: bool,
}

fn main() -> Result<(), Problem> {
    let args = Args::parse();
    let output = Output::new(args.json);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(2).build()?;
    let print = |figure: Figure| output.print(&figure);
    let asked = |name: &str| args.name.as_deref().is_none_or(|asked| asked == name);
    if asked("journal") {
        floor::run()?.into_iter().for_each(print);
        runtime.block_on(server::run(print))?;
    }
    if asked("room") {
        runtime.block_on(room::run(print))?;
    }
    Ok(())
}
