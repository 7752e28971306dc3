//! French spaces: one function, at the edge, for pages and documents alike.

use std::borrow::Cow;

const NO_BREAK: char = '\u{a0}';
const NARROW_NO_BREAK: char = '\u{202f}';

/// Turns the ordinary spaces that a line must not break at into no-break ones: before `: % » €`, after `«`, `n°` and an
/// initial (`N. Aubry`), and narrow ones before `; ! ?`. Adds and removes nothing else: times (14:30), addresses and codes stay as they are.
pub fn fr(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    for (at, _) in text.match_indices(' ') {
        let Some(space) = space_at(text, at) else { continue };
        if out.is_empty() {
            out.reserve(text.len() + 16);
        }
        out.push_str(&text[copied..at]);
        out.push(space);
        copied = at + 1;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// Which space belongs at the ordinary one found there, if another.
fn space_at(text: &str, at: usize) -> Option<char> {
    let (before, after) = (&text[..at], &text[at + 1..]);
    let next = after.chars().next()?;
    match next {
        ':' | '%' | '»' | '€' => Some(NO_BREAK),
        ';' | '!' | '?' => Some(NARROW_NO_BREAK),
        _ if before.ends_with('«') || before.ends_with("n°") => Some(NO_BREAK),
        _ if next.is_uppercase() && ends_with_initial(before) => Some(NO_BREAK),
        _ => None,
    }
}

/// `N.` on its own, as before a name.
fn ends_with_initial(before: &str) -> bool {
    let mut back = before.chars().rev();
    back.next() == Some('.') && back.next().is_some_and(char::is_uppercase) && back.next().is_none_or(|c| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_punctuation_sticks_to_its_word() {
        assert_eq!(fr("Bloc : quand ?"), "Bloc\u{a0}: quand\u{202f}?");
        assert_eq!(fr("« à compléter » ; 40 % !"), "«\u{a0}à compléter\u{a0}»\u{202f}; 40\u{a0}%\u{202f}!");
        assert_eq!(fr("Dr A. Roche, puis B. Collin. Fin. Oui"), "Dr A.\u{a0}Roche, puis B.\u{a0}Collin. Fin. Oui");
        assert_eq!(fr("Note n° 4 : 12 €"), "Note n°\u{a0}4\u{a0}: 12\u{a0}€");
    }

    #[test]
    fn times_addresses_and_words_without_a_space_are_left_alone() {
        for text in ["à 14:30", "https://cert.example/a?b=c;d!e", "quoi?", "", "a b", "10.0.0.1:8443", "fin "] {
            assert!(matches!(fr(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn it_is_idempotent_and_keeps_every_other_character() {
        let text = "« Où ? » : ici ; là !  :";
        let once = fr(text).into_owned();
        assert_eq!(fr(&once), once);
        let plain = once.replace([NO_BREAK, NARROW_NO_BREAK], " ");
        assert_eq!(plain, text);
    }
}
