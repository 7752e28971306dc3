//! The complaint: questions that characterise the facts, what to gather, why and how to complain.

use crate::shipped::{Line, Status};
use serde::Deserialize;
use std::sync::LazyLock;

pub(crate) const FILE: &str = include_str!("../data/complaint.toml");
static COMPLAINT: LazyLock<Complaint> = LazyLock::new(|| parse(FILE).unwrap_or_default());

/// What is needed to complain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Complaint {
    /// What to know first: when, who, what must not be done before.
    pub intro: String,
    /// Where it comes from.
    pub source: String,
    /// Day of this edition, `AAAA-MM-JJ`.
    pub edition: String,
    /// Whether it was read there.
    pub status: Option<Status>,
    /// Nine questions that characterise the facts.
    pub question: Vec<Question>,
    /// What to gather and keep.
    pub evidence: Vec<Line>,
    /// Why complain.
    pub reason: Vec<Line>,
    /// Ways to complain.
    pub way: Vec<Way>,
}

/// A question about the facts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its name: answers are kept under it.
    pub key: String,
    /// The question.
    pub text: String,
    /// Where the answer may be found.
    pub help: String,
}

/// A way to complain.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// Its name in this file.
    pub key: String,
    /// Title on the screen.
    pub title: String,
    /// How, in a few sentences.
    pub text: String,
}

/// The questions, the lists and the ways.
pub fn complaint() -> &'static Complaint {
    &COMPLAINT
}

/// The question of that name.
pub fn question(key: &str) -> Option<&'static Question> {
    COMPLAINT.question.iter().find(|question| question.key == key)
}

pub(crate) fn parse(text: &str) -> Result<Complaint, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}
