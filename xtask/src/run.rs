//! One step of a chore: a command with a name, timed, its output shown as it comes.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// The name of a step that did not pass; why has been printed.
pub(crate) struct Stopped(pub(crate) String);

/// Runs `program arguments…` in `root` under a name; prints the name before, the duration after.
///
/// # Errors
/// The command failed or could not be started.
pub(crate) fn step(root: &Path, name: &str, line: &[&str]) -> Result<(), Stopped> {
    step_with(root, name, line, None)
}

/// The same, told something by the environment.
///
/// # Errors
/// The command failed or could not be started.
pub(crate) fn step_with(root: &Path, name: &str, line: &[&str], told: Option<(&str, &Path)>) -> Result<(), Stopped> {
    let words = line.join(" ");
    println!("\n== {name}: {words}");
    let Some((program, arguments)) = line.split_first() else { return Ok(()) };
    timed(name, || match Command::new(program).args(arguments).current_dir(root).envs(told).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{status}; alone: {words}")),
        Err(error) => Err(format!("{program} could not be started: {error}")),
    })
}

/// Runs a step of this very program.
///
/// # Errors
/// What the step says is wrong.
pub(crate) fn timed(name: &str, work: impl FnOnce() -> Result<(), String>) -> Result<(), Stopped> {
    let start = Instant::now();
    let outcome = work();
    let seconds = start.elapsed().as_secs_f64();
    match outcome {
        Ok(()) => {
            println!("== {name}: passed in {seconds:.1} s");
            Ok(())
        }
        Err(why) => {
            println!("== {name}: FAILED after {seconds:.1} s ({why})");
            Err(Stopped(name.to_owned()))
        }
    }
}

/// Whether a command answers, its output unheard.
pub(crate) fn answers(line: &[&str]) -> bool {
    let Some((program, arguments)) = line.split_first() else { return false };
    let quiet = Command::new(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|status| status.success())
}
