//! What the tests need of the machine, installed when it can be and named when it cannot.

use crate::run::{Stopped, answers, step};
use std::path::Path;

/// A command the tests run, and the Debian package that brings it.
struct Need {
    /// Any of these commands will do.
    commands: &'static [&'static str],
    package: &'static str,
}

const NEEDS: &[Need] = &[
    Need { commands: &["cc"], package: "gcc" },
    Need { commands: &["chromium", "chromium-browser", "google-chrome"], package: "chromium" },
    Need { commands: &["chromedriver"], package: "chromium-driver" },
    Need { commands: &["npm"], package: "npm" },
];

/// Brings what is missing: compiler components by rustup, packages by apt-get when this is root on a Debian.
///
/// # Errors
/// Something is missing and cannot be installed from here; a sentence says what to do.
pub(crate) fn prepare(root: &Path) -> Result<(), Stopped> {
    if !(answers(&["cargo", "fmt", "--version"]) && answers(&["cargo", "clippy", "--version"])) {
        step(root, "Rust components", &["rustup", "component", "add", "rustfmt", "clippy"])?;
    }
    let missing = missing(on_path);
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !(on_path("apt-get") && is_root()) {
        println!("Missing: {list}. Install them (on Debian, as root: apt-get update && apt-get install {list}), then run again.");
        return Err(Stopped("packages".to_owned()));
    }
    step(root, "package lists", &["apt-get", "update", "-qq"])?;
    let install = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", "--no-install-recommends"];
    step(root, "packages", &[&install[..], &missing[..]].concat())
}

fn missing(present: impl Fn(&str) -> bool) -> Vec<&'static str> {
    NEEDS.iter().filter(|need| !need.commands.iter().any(|c| present(c))).map(|need| need.package).collect()
}

fn on_path(command: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|dir| dir.join(command).is_file())
}

fn is_root() -> bool {
    let id = std::process::Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing_is_asked_for() {
        assert_eq!(missing(|_| true), Vec::<&str>::new());
        assert_eq!(missing(|c| c == "google-chrome" || c == "cc"), ["chromium-driver", "npm"]);
        assert_eq!(missing(|_| false), ["gcc", "chromium", "chromium-driver", "npm"]);
    }
}
