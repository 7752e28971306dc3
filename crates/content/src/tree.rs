//! « Panne ou attaque ? »: a few questions that anybody can answer, and what to do then.

use crate::shipped::{Line, Status};
use domain::crisis::event::Level;
use serde::Deserialize;
use std::sync::LazyLock;

pub(crate) const FILE: &str = include_str!("../data/tree.toml");
static TREE: LazyLock<Tree> = LazyLock::new(|| parse(FILE).unwrap_or_default());

/// The whole tree.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tree {
    /// Title on the screen.
    pub title: String,
    /// What to know before answering.
    pub intro: String,
    /// Key of the first question.
    pub first: String,
    /// Where it comes from.
    pub source: String,
    /// Day of this edition, `AAAA-MM-JJ`.
    pub edition: String,
    /// Whether it was read there.
    pub status: Option<Status>,
    /// The questions.
    pub node: Vec<Node>,
    /// The outcomes.
    pub outcome: Vec<Outcome>,
}

/// A question. Who does not know takes `unsure`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Its name in this file.
    pub key: String,
    /// What to answer by yes or no.
    pub question: String,
    /// How to find out, in one or two sentences.
    pub help: String,
    /// Next question or outcome after « oui ».
    pub yes: String,
    /// After « non ».
    pub no: String,
    /// After « je ne sais pas ».
    pub unsure: String,
}

/// Where the answers lead.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Its name in this file.
    pub key: String,
    /// The level at which to open a crisis; none: an ordinary outage.
    #[serde(default)]
    pub level: Option<Level>,
    /// The conclusion, in one sentence.
    pub sentence: String,
    /// What to do now, most urgent first.
    pub gestures: Vec<Line>,
}

/// What a key names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A question to answer.
    Question(&'static Node),
    /// The end.
    Outcome(&'static Outcome),
}

/// The tree.
pub fn tree() -> &'static Tree {
    &TREE
}

/// The question or outcome of that name.
pub fn step(key: &str) -> Option<Step> {
    let question = TREE.node.iter().find(|node| node.key == key).map(Step::Question);
    question.or_else(|| TREE.outcome.iter().find(|outcome| outcome.key == key).map(Step::Outcome))
}

pub(crate) fn parse(text: &str) -> Result<Tree, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}
