//! Another process: this very test program, asked to run one scenario.

use crate::hospital::env;
use domain::State;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use store::{Folder, Ledger, Options};

/// Names the scenario to run, then the folder it runs on.
const SCENARIO: &str = "PLANBLANC_TEST_SCENARIO";
const DIR: &str = "PLANBLANC_TEST_DIR";
/// Starts every line meant for the parent; the test harness writes lines of its own.
pub(crate) const MARK: &str = "> ";

/// A command that runs a scenario on a folder, its output piped.
pub(crate) fn command(scenario: &str, dir: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "child::scenario", "--ignored", "--nocapture", "--test-threads=1"]);
    command.env(SCENARIO, scenario).env(DIR, dir).stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

/// Runs a scenario to its end and returns the lines it told.
pub(crate) fn run(scenario: &str, dir: &Path) -> String {
    told(&command(scenario, dir).output().unwrap())
}

/// The lines a scenario told.
pub(crate) fn told(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().filter_map(|line| line.strip_prefix(MARK)).collect::<Vec<_>>().join("\n")
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn scenario() {
    let Ok(scenario) = std::env::var(SCENARIO) else { return };
    let dir = PathBuf::from(std::env::var_os(DIR).unwrap());
    match scenario.as_str() {
        "write until killed" => crate::kill::write_until_killed(&dir),
        #[cfg(target_os = "linux")]
        "live" => crate::power::live(&dir),
        #[cfg(target_os = "linux")]
        "found" | "write" | "back up" | "restore" => crate::faults::act(&scenario, &dir),
        "open" => match Ledger::<State>::open(&Folder::at(dir), env(), Options::default()) {
            Ok(_) => println!("\n{MARK}opened"),
            Err(why) => println!("\n{MARK}{why}"),
        },
        other => panic!("no scenario {other}"),
    }
}
