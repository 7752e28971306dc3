//! `cargo xtask`: the chores of the house. Run from anywhere in the workspace.

mod axe;
mod debian;
mod run;
mod test;
mod tidy;

use clap::{Parser, Subcommand};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Chores of the house.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Checks everything: format, lints, house rules, licences, and all tests, browser ones included.
    Test {
        /// Format, lints, house rules and unit tests only.
        #[arg(long)]
        quick: bool,
    },
    /// Checks the house rules that a program can check; names each place that breaks one.
    Tidy,
    /// Measures the product in release mode and prints each figure beside its named peer or bound.
    #[command(disable_help_flag = true)]
    Bench {
        /// Name of a bench, `--json`, or `--help` for the list.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    let root = root();
    match Arguments::parse().chore {
        Chore::Test { quick } => test::all(&root, quick),
        Chore::Tidy => tidy::print(&root),
        Chore::Bench { arguments } => bench(&root, &arguments),
    }
}

/// The workspace this program was built from: `xtask` lies just below it.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(PathBuf::from).unwrap_or_default()
}

fn bench(root: &Path, arguments: &[String]) -> ExitCode {
    let mut command = Command::new("cargo");
    command.current_dir(root).args(["run", "--release", "--quiet", "--package", "bench", "--"]).args(arguments);
    match command.status() {
        Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)),
        Err(error) => {
            eprintln!("cargo could not be started: {error}");
            ExitCode::FAILURE
        }
    }
}
