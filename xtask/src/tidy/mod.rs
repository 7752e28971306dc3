//! House rules that a program can check. What rustc and clippy check (unsafe, unwrap, length of functions, clocks and
//! hash maps in the core) is left to them, in `Cargo.toml` and the `clippy.toml` files.

mod documents;
mod floors;
mod source;

use std::path::Path;
use std::process::ExitCode;

/// Folders that hold nothing of ours.
const SKIPPED: &[&str] = &["target", ".git", "corpus", "artifacts"];
/// Ends of the names of text files.
const TEXT: &[&str] = &["rs", "c", "toml", "md", "yml", "yaml", "css", "js", "html", "json", "run", "LICENSE"];

/// A text file of the repository.
pub(crate) struct Text {
    /// Path below the root, with `/`.
    pub(crate) path: String,
    /// Its content.
    pub(crate) text: String,
}

impl Text {
    fn is(&self, extension: &str) -> bool {
        self.path.rsplit(['.', '/']).next() == Some(extension)
    }

    /// A finding about a line of this file, counted from 0.
    fn at(&self, line: usize, what: impl Into<String>) -> Finding {
        Finding { place: format!("{}:{}", self.path, line + 1), what: what.into() }
    }

    /// A finding about the whole file.
    fn whole(&self, what: impl Into<String>) -> Finding {
        Finding { place: self.path.clone(), what: what.into() }
    }
}

/// A place that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// File, and line when there is one.
    pub(crate) place: String,
    /// Which rule, and what to do.
    pub(crate) what: String,
}

/// Checks everything and prints what it found.
pub(crate) fn print(root: &Path) -> ExitCode {
    match check(root) {
        Ok(()) => {
            println!("tidy");
            ExitCode::SUCCESS
        }
        Err(count) => {
            println!("{count}");
            ExitCode::FAILURE
        }
    }
}

/// Checks everything, prints each finding.
///
/// # Errors
/// How many findings there are.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    let findings = findings(root)?;
    for finding in &findings {
        println!("{}: {}", finding.place, finding.what);
    }
    if findings.is_empty() { Ok(()) } else { Err(format!("{} places break a house rule", findings.len())) }
}

fn findings(root: &Path) -> Result<Vec<Finding>, String> {
    let mut texts = Vec::new();
    read(root, root, &mut texts)?;
    let mut findings = floors::check(root, &texts)?;
    findings.extend(texts.iter().flat_map(source::check));
    findings.extend(source::orphans(&texts));
    findings.extend(documents::check(root, &texts));
    Ok(findings)
}

fn read(root: &Path, dir: &Path, texts: &mut Vec<Text>) -> Result<(), String> {
    let unreadable = |path: &Path| format!("{} cannot be read", path.display());
    let mut items: Vec<_> = std::fs::read_dir(dir).map_err(|_| unreadable(dir))?.flatten().map(|item| item.path()).collect();
    items.sort();
    for path in items {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let extension = name.rsplit('.').next().unwrap_or_default();
        if path.is_dir() && !SKIPPED.contains(&&*name) {
            read(root, &path, texts)?;
        } else if path.is_file() && TEXT.contains(&extension) {
            let text = std::fs::read_to_string(&path).map_err(|_| unreadable(&path))?;
            let below = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            texts.push(Text { path: below, text });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_is_tidy() {
        let findings = findings(&crate::root()).unwrap();
        let lines: Vec<String> = findings.iter().map(|f| format!("{}: {}", f.place, f.what)).collect();
        assert!(lines.is_empty(), "\n{}", lines.join("\n"));
    }
}
