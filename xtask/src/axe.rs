//! axe-core, which checks pages for people with disabilities: a tool of the browser tests alone, never part of the program.

use crate::run::{answers, step};
use std::path::{Path, PathBuf};

/// The version the tests are written for. MPL-2.0; fetched by npm, which checks what it fetches.
const VERSION: &str = "4.14.1";
/// Says where axe is; the tests of pages read it.
pub(crate) const AXE: &str = "PLANBLANC_AXE";

/// Fetches axe-core once, beside what cargo builds; the path of its script. Without it the tests of pages fail, unless
/// `PLANBLANC_WITHOUT_AXE` is set: what was not checked is not passed over in silence.
pub(crate) fn fetch(root: &Path) -> Option<PathBuf> {
    let place = built()?.join(format!("axe-core-{VERSION}"));
    let script = place.join("node_modules/axe-core/axe.min.js");
    if script.is_file() {
        return Some(script);
    }
    if !answers(&["npm", "--version"]) {
        println!(
            "\n== axe-core: npm is missing, and brings the accessibility checks: install it (on Debian: apt-get install npm)."
        );
        println!("   Until then the tests of pages fail; PLANBLANC_WITHOUT_AXE=1 leaves them out.");
        return None;
    }
    let (package, prefix) = (format!("axe-core@{VERSION}"), place.to_str()?.to_owned());
    let quiet = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    let install = [&["npm", "install", "--prefix", &prefix][..], &quiet, &[&package]].concat();
    std::fs::create_dir_all(&place).ok()?;
    step(root, "axe-core", &install).ok()?;
    script.is_file().then_some(script)
}

/// The folder that holds what cargo builds: this very program is two steps below it.
fn built() -> Option<PathBuf> {
    std::env::current_exe().ok()?.ancestors().nth(2).map(PathBuf::from)
}
