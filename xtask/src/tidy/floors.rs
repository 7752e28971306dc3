//! Floors: a crate may use only the floors below it, see ARCHITECTURE.md.

use super::{Finding, Text};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Every crate and its floor. Those of the ground floor use nothing of ours; tools stand above everything, and nobody
/// stands on them.
const FLOORS: &[(&str, u8)] = &[
    ("journal", 1),
    ("impact", 1),
    ("recovery", 1),
    ("store", 1),
    ("domain", 2),
    ("pictures", 3),
    ("content", 3),
    ("formats", 3),
    ("web", 4),
    ("paper", 4),
    ("planblanc", 5),
    ("simulator", 6),
    ("bench", 6),
    ("xtask", 7),
];
/// The one bond within a floor: `store` keeps the journal's entries.
const BONDS: &[(&str, &str)] = &[("store", "journal")];

/// Checks the manifests of all crates.
///
/// # Errors
/// Cargo does not answer.
pub(super) fn check(root: &Path, texts: &[Text]) -> Result<Vec<Finding>, String> {
    let cargo = Command::new("cargo").args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(root).output();
    let output = cargo.map_err(|error| format!("cargo could not be started: {error}"))?;
    let metadata: Value =
        serde_json::from_slice(&output.stdout).map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned())?;
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut findings: Vec<Finding> = packages.iter().flat_map(package).collect();
    let manifests = texts.iter().filter(|t| t.path.ends_with("/Cargo.toml") && t.path != "fuzz/Cargo.toml");
    let unlinted = manifests.filter(|t| !t.text.contains("[lints]\nworkspace = true"));
    let readme = texts.iter().find(|t| t.path == "README.md").map_or("", |t| t.text.as_str());
    findings.extend(unexplained(packages, readme));
    findings.extend(unlinted.map(|t| t.whole("must take the workspace's lints: [lints] workspace = true")));
    Ok(findings)
}

/// Dependencies from elsewhere that the README does not name between backquotes: each is there with its reason.
fn unexplained(packages: &[Value], readme: &str) -> Vec<Finding> {
    let all = packages.iter().filter_map(|p| p["dependencies"].as_array()).flatten();
    let foreign: BTreeSet<&str> = all.filter(|d| d["path"].is_null()).filter_map(|d| d["name"].as_str()).collect();
    let unknown = foreign.into_iter().filter(|name| !readme.contains(&format!("`{name}`")));
    let finding = |name| Finding { place: "README.md".to_owned(), what: format!("does not say why `{name}` is used") };
    unknown.map(finding).collect()
}

fn floor(name: &str) -> Option<u8> {
    FLOORS.iter().find(|(known, _)| *known == name).map(|(_, floor)| *floor)
}

fn package(package: &Value) -> Vec<Finding> {
    let name = package["name"].as_str().unwrap_or_default();
    let finding = |what: String| Finding { place: format!("crate {name}"), what };
    let mut findings = Vec::new();
    if package["description"].as_str().is_none_or(str::is_empty) {
        findings.push(finding("has no description".to_owned()));
    }
    let Some(own) = floor(name) else {
        findings.push(finding("has no floor: give it one in ARCHITECTURE.md and in xtask/src/tidy/floors.rs".to_owned()));
        return findings;
    };
    let dependencies = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
    let ours = dependencies.iter().filter(|d| d["path"].is_string() && d["kind"].as_str() != Some("dev"));
    for used in ours.filter_map(|d| d["name"].as_str()) {
        let below = floor(used).is_some_and(|floor| floor < own);
        if !below && !BONDS.contains(&(name, used)) {
            findings.push(finding(format!("may not use {used}: only floors below its own")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn using(name: &str, dependency: &str, kind: Option<&str>) -> usize {
        let dependency = json!({ "name": dependency, "path": "somewhere", "kind": kind });
        package(&json!({ "name": name, "description": "What it is.", "dependencies": [dependency] })).len()
    }

    #[test]
    fn nobody_uses_the_floor_above_or_beside() {
        assert_eq!(using("web", "domain", None), 0);
        assert_eq!(using("store", "journal", None), 0);
        assert_eq!(using("journal", "store", None), 1);
        assert_eq!(using("domain", "web", None), 1);
        assert_eq!(using("web", "paper", None), 1);
        assert_eq!(using("store", "impact", None), 1);
        assert_eq!(using("web", "xtask", None), 1);
        assert_eq!(using("journal", "simulator", Some("dev")), 0, "tests may");
    }

    #[test]
    fn the_readme_says_why_each_dependency_is_there() {
        let packages = [json!({ "dependencies": [{ "name": "axum" }, { "name": "domain", "path": "crates/domain" }] })];
        assert_eq!(unexplained(&packages, "| `axum` | HTTP |").len(), 0);
        assert_eq!(unexplained(&packages, "| `axum-extra` | HTTP |").len(), 1);
    }

    #[test]
    fn a_crate_says_what_it_is_and_where_it_stands() {
        let found = package(&json!({ "name": "attic", "dependencies": [] }));
        assert_eq!(found.len(), 2);
    }
}
