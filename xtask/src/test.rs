//! The one test command: from a clean clone to the test runner's summary, stopping at the first failure.

use crate::run::{Stopped, answers, step, step_with, timed};
use crate::{axe, debian, tidy};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

/// A named command line.
type Step = (&'static str, &'static [&'static str]);

const FORMAT: Step = ("format", &["cargo", "fmt", "--all", "--check"]);
const LINTS: Step = ("lints", &["cargo", "clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
/// Not the advisories: they change without us and need a network, so they belong to release day.
const LICENCES: Step = ("licences", &["cargo", "deny", "check", "licenses", "bans", "sources"]);
const EXAMPLES: Step = ("examples in comments", &["cargo", "test", "--quiet", "--workspace", "--doc"]);

/// Runs every check; `quick` leaves out what needs a browser, a network or minutes.
pub(crate) fn all(root: &Path, quick: bool) -> ExitCode {
    let start = Instant::now();
    let outcome = if quick { checks(root).and_then(|()| run(root, tests(true))) } else { everything(root) };
    let seconds = start.elapsed().as_secs_f64();
    match outcome {
        Ok(()) => {
            println!("cargo xtask test: everything passed in {seconds:.0} s");
            ExitCode::SUCCESS
        }
        Err(Stopped(name)) => {
            println!("cargo xtask test: stopped at \"{name}\" after {seconds:.0} s");
            ExitCode::FAILURE
        }
    }
}

fn everything(root: &Path) -> Result<(), Stopped> {
    debian::prepare(root)?;
    checks(root)?;
    if answers(&["cargo", "deny", "--version"]) {
        run(root, LICENCES)?;
    } else {
        println!("\n== licences: SKIPPED, cargo-deny is not installed (cargo install cargo-deny)");
    }
    run(root, EXAMPLES)?;
    let axe = axe::fetch(root);
    let (name, line) = tests(false);
    step_with(root, name, line, axe.as_deref().map(|script| (axe::AXE, script)))
}

fn checks(root: &Path) -> Result<(), Stopped> {
    run(root, FORMAT)?;
    println!("\n== house rules");
    timed("house rules", || tidy::check(root))?;
    run(root, LINTS)
}

fn run(root: &Path, (name, line): Step) -> Result<(), Stopped> {
    step(root, name, line)
}

/// The tests, last of all so that the runner's summary closes the output; nextest when there is one (faster, and a
/// test that hangs is ended), else cargo's own runner.
fn tests(quick: bool) -> Step {
    let nextest = answers(&["cargo", "nextest", "--version"]);
    match (nextest, quick) {
        (true, false) => ("tests", &["cargo", "nextest", "run", "--workspace"]),
        (true, true) => ("unit tests", &["cargo", "nextest", "run", "--workspace", "--lib", "--bins"]),
        (false, false) => ("tests", &["cargo", "test", "--workspace", "--lib", "--bins", "--tests"]),
        (false, true) => ("unit tests", &["cargo", "test", "--workspace", "--lib", "--bins"]),
    }
}
