//! Why a command failed: a sentence for a person, a code for a script.

use std::process::ExitCode;

/// A failed command.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What is wrong and what to do.
    pub(crate) sentence: String,
    /// Exit code.
    pub(crate) code: u8,
}

/// Outcome of a command.
pub(crate) type Outcome = Result<ExitCode, Failure>;

impl Failure {
    /// An ordinary failure (exit code 1).
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), code: 1 }
    }

    /// Something that could not be read (exit code 2).
    pub(crate) fn unreadable(sentence: impl std::fmt::Display) -> Self {
        Self { sentence: sentence.to_string(), code: 2 }
    }

    /// A file that does not let itself be read or written.
    pub(crate) fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.display().to_string();
        move |error| Self::new(format!("{path} : {error}"))
    }
}

impl From<store::StoreError> for Failure {
    fn from(error: store::StoreError) -> Self {
        Self::new(error.to_string())
    }
}
