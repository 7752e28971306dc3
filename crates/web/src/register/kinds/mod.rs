//! Each kind of record: its fields, and what its page says first.

pub(super) mod function;
pub(super) mod partner;
pub(super) mod person;
pub(super) mod place;
pub(super) mod provider;
pub(super) mod turn;
pub(super) mod unit;

use super::look::fold;

/// What a choice says among its words, whatever case and accents.
fn among<T: Copy>(text: &str, all: &[T], words: fn(T) -> [&'static str; 2]) -> Result<Option<T>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let sought = fold(text);
    let found = all.iter().copied().find(|one| words(*one).iter().any(|word| fold(word) == sought));
    found.map(Some).ok_or_else(|| {
        let known: Vec<&str> = all.iter().map(|one| words(*one)[0]).collect();
        format!("« {text} » n’est pas dans la liste : {}.", known.join(", "))
    })
}
