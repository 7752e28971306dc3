//! Why an event may not be recorded, in words for the screen.

use serde::Serialize;

/// A refusal: nothing was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{sentence}")]
pub struct Refusal {
    /// Stable code for programs.
    pub code: &'static str,
    /// The field it is about, when there is one.
    pub field: Option<&'static str>,
    /// What is wrong and what to do, in French.
    pub sentence: String,
}

impl Refusal {
    /// About the whole act.
    pub fn new(code: &'static str, sentence: impl Into<String>) -> Self {
        Self { code, field: None, sentence: sentence.into() }
    }

    /// About one field.
    pub fn field(code: &'static str, field: &'static str, sentence: impl Into<String>) -> Self {
        Self { code, field: Some(field), sentence: sentence.into() }
    }
}

/// Refuses an empty or overlong text.
///
/// # Errors
/// A refusal about `field`.
pub fn text_within(field: &'static str, text: &str, chars_max: usize) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::field("empty_text", field, "Ce champ est vide : écrivez au moins un mot."));
    }
    at_most(field, text, chars_max)
}

/// Refuses an overlong text; an empty one will do.
///
/// # Errors
/// A refusal about `field`.
pub fn at_most(field: &'static str, text: &str, chars_max: usize) -> Result<(), Refusal> {
    let chars = text.chars().count();
    if chars > chars_max {
        let sentence = format!(
            "Ce texte compte {chars} caractères ; le maximum est {chars_max}. Raccourcissez-le, ou joignez-le comme pièce. Rien n’est perdu : il est encore dans le champ."
        );
        return Err(Refusal::field("text_too_long", field, sentence));
    }
    Ok(())
}
