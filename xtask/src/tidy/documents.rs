//! Rules about documents.

use super::{Finding, Text};
use std::path::Path;

/// Checks all Markdown files, and that the house has its papers.
pub(super) fn check(root: &Path, texts: &[Text]) -> Vec<Finding> {
    let documents = texts.iter().filter(|text| text.is("md"));
    let mut findings: Vec<Finding> =
        documents.flat_map(|text| titles(text).into_iter().chain(links(text, |path| root.join(path).exists()))).collect();
    findings.extend(texts.iter().filter(|t| t.path == "CHANGELOG.md").filter_map(changelog));
    let map = texts.iter().find(|t| t.path == "ARCHITECTURE.md").map_or("", |t| t.text.as_str());
    findings.extend(texts.iter().filter(|t| t.is("rs")).filter_map(|t| unmapped(t, map)));
    findings
}

/// A source file that the code map does not name, by its path below `src` or by its folder, in the section of its crate.
fn unmapped(text: &Text, map: &str) -> Option<Finding> {
    let (krate, file) = text.path.split_once("/src/").filter(|(_, file)| *file != "lib.rs")?;
    let section = map.split("\n### ").find(|section| section.starts_with(&format!("`{krate}`"))).unwrap_or_default();
    let folder = file.split_inclusive('/').next().filter(|folder| folder.ends_with('/'));
    let named = [Some(file), folder].into_iter().flatten().any(|name| section.contains(&format!("`{name}`")));
    (!named).then(|| text.whole(format!("ARCHITECTURE.md does not say what it is for, under \"### `{krate}`\"")))
}

/// Lines outside code blocks, numbered from 0.
fn prose(text: &Text) -> impl Iterator<Item = (usize, &str)> {
    let mut code = false;
    text.text.lines().enumerate().filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        code ^= fence;
        !code && !fence
    })
}

fn titles(text: &Text) -> Option<Finding> {
    let count = prose(text).filter(|(_, line)| line.starts_with("# ")).count();
    (count != 1).then(|| text.whole(format!("{count} titles (# …), a document has one")))
}

fn changelog(text: &Text) -> Option<Finding> {
    let has = prose(text).any(|(_, line)| line.starts_with("## [Unreleased]"));
    (!has).then(|| text.whole("has no [Unreleased] section: a change is told where it is made"))
}

/// Links to files that are not there.
fn links(text: &Text, exists: impl Fn(&str) -> bool) -> Vec<Finding> {
    let folder = text.path.rsplit_once('/').map(|(folder, _)| format!("{folder}/")).unwrap_or_default();
    let mut findings = Vec::new();
    for (at, line) in prose(text) {
        for target in line.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            let outside = target.contains("://") || target.starts_with("mailto:");
            if !outside && !file.is_empty() && !exists(&format!("{folder}{file}")) {
                findings.push(text.at(at, format!("the link to {target} leads nowhere")));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Text {
        Text { path: "docs/a.md".to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_document_has_one_title() {
        assert!(titles(&text("# One\n## Two\n```sh\n# a comment\n```\n")).is_none());
        assert!(titles(&text("# One\n# Two\n")).is_some());
        assert!(titles(&text("## None\n")).is_some());
    }

    #[test]
    fn links_lead_somewhere() {
        let document = text("[a](b.md#part) [c](https://example.org/x) [d](#part) ![e](images/e.png)\n");
        let places: Vec<String> = links(&document, |path| path == "docs/b.md").into_iter().map(|f| f.what).collect();
        assert_eq!(places, ["the link to images/e.png leads nowhere"]);
    }

    #[test]
    fn the_code_map_names_each_file() {
        let map = "# Map\n### `crates/web`: rooms\n| `app.rs` | … |\n| `crisis/` | … |\n### `crates/store`\n| `rows.rs` |\n";
        let missing = |path: &str| unmapped(&Text { path: path.to_owned(), text: String::new() }, map).is_some();
        assert!(!missing("crates/web/src/lib.rs"));
        assert!(!missing("crates/web/src/app.rs"));
        assert!(!missing("crates/web/src/crisis/room.rs"));
        assert!(missing("crates/web/src/rows.rs"));
        assert!(missing("crates/journal/src/app.rs"));
        assert!(!missing("crates/journal/tests/app.rs"));
    }

    #[test]
    fn the_changelog_waits_for_the_next_change() {
        assert!(changelog(&text("# Changelog\n## [0.1.0]\n")).is_some());
        assert!(changelog(&text("# Changelog\n## [Unreleased]\n")).is_none());
    }
}
