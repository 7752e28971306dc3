//! Rules about source files.

use super::{Finding, Text};

/// Most lines of a source file: what one reads in one sitting.
const LINES_MAX: usize = 500;
/// Never in any file: paths of somebody's machine, unfinished marks, leftovers of a merge, words about who typed it.
/// Cut in two so that this file does not name itself.
const BANNED: &[&str] = &[
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/wo", "rk/"),
    concat!("FIX", "ME"),
    concat!("XX", "X:"),
    concat!("<<<<", "<<< "),
    concat!("co-authored", "-by"),
    concat!("generated ", "with ["),
];
/// Never in Rust outside tests (clippy's lints forbid the first ones already; an `allow` does not get round this).
const BANNED_IN_RUST: &[(&str, &str)] = &[
    (".unwrap()", "say what is wrong instead of unwrap"),
    ("todo!(", "finish it"),
    ("unimplemented!(", "finish it"),
    ("dbg!(", "use tracing"),
    ("unsafe {", "unsafe is forbidden"),
    ("unsafe fn", "unsafe is forbidden"),
    ("unsafe impl", "unsafe is forbidden"),
];
/// Never in the core, which does no I/O and depends on its arguments only.
const BANNED_IN_CORE: &[&str] = &["std::fs", "std::net", "std::env", "std::process", "std::thread"];
const CORE: &[&str] = &["crates/journal/src/", "crates/domain/src/", "crates/impact/src/"];
/// The one file of the core that may start threads: it divides computing, and its results do not depend on who did what.
const THREADS: &str = "crates/impact/src/workers.rs";
/// Never in markup: the content security policy allows neither styles nor scripts inside a page.
const BANNED_IN_MARKUP: &[&str] = &[" style=\"", " style=(", "script {", " onclick=", " onsubmit=", " onload=", " onchange="];
/// Words that French cuts before a vowel.
const ELIDED: &[&str] = &["l", "d", "n", "s", "j", "m", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "aujourd"];

/// Checks one file.
pub(super) fn check(text: &Text) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, line) in text.text.lines().enumerate() {
        let lower = line.to_lowercase();
        let banned = |word: &&&str| line.contains(**word) || lower.contains(**word);
        findings.extend(BANNED.iter().filter(banned).map(|word| text.at(at, format!("\"{word}\" has no place here"))));
    }
    if text.is("rs") {
        findings.extend(rust(text));
    }
    let spoken = text.path.starts_with("crates/") || text.path.starts_with("docs/guide/");
    if spoken && !is_test(&text.path) {
        findings.extend(apostrophes(text));
    }
    findings
}

fn rust(text: &Text) -> Vec<Finding> {
    let mut findings = Vec::new();
    let count = text.text.lines().count();
    if count > LINES_MAX {
        findings.push(text.whole(format!("{count} lines, {LINES_MAX} at most: divide it")));
    }
    if is_test(&text.path) {
        return findings;
    }
    let core = CORE.iter().any(|dir| text.path.starts_with(dir));
    let markup = text.path.starts_with("crates/web/");
    let code = text.text.lines().take_while(|line| line.trim() != "#[cfg(test)]").enumerate();
    for (at, line) in code.filter(|(_, line)| !line.trim_start().starts_with("//")) {
        let rust = BANNED_IN_RUST.iter().filter(|(word, _)| line.contains(word));
        findings.extend(rust.filter(|_| !text.path.starts_with("xtask/")).map(|(_, what)| text.at(at, *what)));
        let banned = |module: &&&str| line.contains(**module) && (**module != "std::thread" || text.path != THREADS);
        if core && BANNED_IN_CORE.iter().any(|module| banned(&module)) {
            findings.push(text.at(at, "the core does no I/O: bytes in, bytes out"));
        }
        if markup && BANNED_IN_MARKUP.iter().any(|word| line.contains(word)) {
            findings.push(text.at(at, "no style or script inside a page: a class, or a file served beside it"));
        }
    }
    findings
}

fn is_test(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    path.contains("/tests/") || path.contains("/fuzz") || name == "tests.rs" || name.ends_with("_tests.rs")
}

/// French is written with ’ where people read it: a straight one between an elided word and a letter is a slip.
/// Comments and what stands between backquotes are for developers.
fn apostrophes(text: &Text) -> Vec<Finding> {
    let comment = |line: &str| line.starts_with("//") || line.starts_with('#') && text.is("toml") || line.starts_with("/*");
    let lines = text.text.lines().enumerate().filter(|(_, line)| !comment(line.trim_start()));
    let slips = lines.filter(|(_, line)| line.split('`').step_by(2).any(has_straight_elision));
    slips.map(|(at, _)| text.at(at, "a straight apostrophe in French: write ’")).collect()
}

fn has_straight_elision(line: &str) -> bool {
    line.match_indices('\'').any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + 1..]);
        let word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default().to_lowercase();
        let follows = after.chars().next().is_some_and(char::is_alphabetic);
        let quoted = before.strip_suffix(word.as_str()).is_some_and(|b| b.ends_with('\''));
        follows && !quoted && ELIDED.contains(&word.as_str())
    })
}

/// Rust files that no other file of their crate declares: nobody compiles them.
pub(super) fn orphans(texts: &[Text]) -> Vec<Finding> {
    let is_orphan = |text: &&Text| {
        let Some((source, name)) = text.path.split_once("/src/") else { return false };
        let parts: Vec<&str> = name.trim_end_matches(".rs").split('/').collect();
        let module = match parts[..] {
            ["lib" | "main"] | ["bin", ..] => return false,
            [.., module, "mod"] | [.., module] => module,
            [] => return false,
        };
        let inside = format!("{source}/src/");
        let declared = |other: &Text| {
            let at = |line: &str| line.trim_end_matches(';').rsplit("mod ").next() == Some(module) && line.ends_with(';');
            other.path.starts_with(&inside) && other.text.lines().any(|line| at(line.trim()))
        };
        text.is("rs") && !texts.iter().any(declared)
    };
    texts.iter().filter(is_orphan).map(|text| text.whole("no module declares this file: delete it or declare it")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        check(&Text { path: path.to_owned(), text: text.to_owned() }).len()
    }

    #[test]
    fn long_files_are_named() {
        assert_eq!(found("crates/web/src/a.rs", &"\n".repeat(LINES_MAX)), 0);
        assert_eq!(found("crates/web/src/a.rs", &"\n".repeat(LINES_MAX + 1)), 1);
    }

    #[test]
    fn what_belongs_to_tests_stays_there() {
        let line = format!("    let x = y{};\n", ".unwrap()");
        assert_eq!(found("crates/web/src/a.rs", &line), 1);
        assert_eq!(found("crates/web/tests/a.rs", &line), 0);
        assert_eq!(found("crates/web/src/a.rs", &format!("#[cfg(test)]\n{line}")), 0);
        assert_eq!(found("crates/web/src/a.rs", &format!("// {line}")), 0);
    }

    #[test]
    fn the_core_does_no_io_and_pages_hold_no_style() {
        assert_eq!(found("crates/journal/src/a.rs", "use std::fs::File;\n"), 1);
        assert_eq!(found("crates/store/src/a.rs", "use std::fs::File;\n"), 0);
        assert_eq!(found("crates/impact/src/a.rs", "std::thread::scope(|s| s);\n"), 1);
        assert_eq!(found(THREADS, "std::thread::scope(|s| s);\n"), 0);
        assert_eq!(found("crates/web/src/a.rs", "p style=\"color: red\" {}\n"), 1);
        assert_eq!(found("crates/web/src/a.rs", "link rel=\"stylesheet\" href=\"/a.css\";\n"), 0);
    }

    #[test]
    fn paths_of_a_machine_and_unfinished_marks_are_named() {
        for word in BANNED {
            assert_eq!(found("README.md", &format!("see {word} there")), 1, "{word}");
        }
        assert_eq!(found("README.md", "a road to work/life balance"), 0);
    }

    #[test]
    fn french_takes_curly_apostrophes_and_code_does_not() {
        let slip = format!("\"l{}entrée\"", '\'');
        assert_eq!(found("crates/web/src/a.rs", &slip), 1);
        assert_eq!(found("crates/web/src/a.rs", "\"l’entrée\""), 0);
        assert_eq!(found("crates/web/src/a.rs", "fn a<'a>(c: &'a str) { matches!(c, 'l'..='n'); }"), 0);
        assert_eq!(found("docs/guide/a.md", "tapez `d'abc`"), 0);
        assert_eq!(found("crates/web/src/a.rs", "// the journal's own"), 0);
    }

    #[test]
    fn a_file_nobody_declares_is_named() {
        let text = |path: &str, text: &str| Text { path: path.to_owned(), text: text.to_owned() };
        let texts = [
            text("crates/web/src/lib.rs", "pub mod crisis;\nmod shell;\n"),
            text("crates/web/src/crisis/mod.rs", ""),
            text("crates/web/src/shell.rs", ""),
            text("crates/web/src/attic.rs", ""),
            text("crates/store/src/lib.rs", "mod attic;\n"),
        ];
        let places: Vec<String> = orphans(&texts).into_iter().map(|f| f.place).collect();
        assert_eq!(places, ["crates/web/src/attic.rs"]);
    }
}
