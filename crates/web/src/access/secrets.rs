//! Secrets made for people: emergency codes to be printed, first passwords and one-time words to be read aloud.

use journal::entry::sha256;
use journal::{EntryId, Hash};

/// Bytes of chance in an emergency code: 80 bits, which nobody tries out.
pub const CODE_BYTES: usize = 10;
/// Digits and letters without I, L, O, U (Crockford’s base 32): none is read for another.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters between two dashes.
const GROUP: usize = 4;
/// Words read aloud: 40 bits, tried a few times a minute at most and for a quarter of an hour.
const WORDS: usize = 4;

fn base32(bytes: &[u8]) -> String {
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
    let letter = |nth: usize| (nth * 5..nth * 5 + 5).fold(0, |value, at| value << 1 | usize::from(bit(at)));
    (0..bytes.len() * 8 / 5).map(|nth| char::from(LETTERS[letter(nth) % LETTERS.len()])).collect()
}

/// An emergency code as printed: four groups of four.
pub fn emergency_code(chance: &[u8; CODE_BYTES]) -> String {
    let letters = base32(chance);
    letters.as_bytes().chunks(GROUP).map(|group| String::from_utf8_lossy(group)).collect::<Vec<_>>().join("-")
}

/// The serial of a sheet of codes.
pub fn serial(chance: [u8; 3]) -> String {
    base32(&chance)
}

/// What is kept of a code: its SHA-256. `None` for what cannot be one. Case, dashes, spaces, and letters taken for digits
/// do not matter.
pub fn code_print(typed: &str) -> Option<Hash> {
    let read = |c: char| match c.to_ascii_uppercase() {
        'I' | 'L' => Some('1'),
        'O' => Some('0'),
        c if c.is_ascii() && LETTERS.contains(&(c as u8)) => Some(c),
        _ => None,
    };
    let wanted = CODE_BYTES * 8 / 5;
    let marks = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '.' | '–' | '_');
    let code: String = typed.chars().filter(marks).take(wanted + 1).map(read).collect::<Option<_>>()?;
    (code.len() == wanted).then(|| sha256(format!("planblanc-code-1 {code}").as_bytes()))
}

/// Words to be read aloud, or typed once.
pub fn spoken(chance: [u8; 32]) -> String {
    journal::words::words(&EntryId(chance))[..WORDS].join("-")
}

/// The same words, however they were typed.
pub fn heard(typed: &str) -> String {
    let fold = |c: char| match c {
        'à' | 'â' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        other => other,
    };
    let plain: String = typed.to_lowercase().chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).map(fold).collect();
    plain.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).take(WORDS + 1).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_however_it_is_typed_and_no_other_is() {
        let code = emergency_code(&[0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf]);
        assert_eq!(code, "0123-4567-89AB-CDEF");
        let print = code_print(&code).unwrap();
        assert_eq!(code_print(" o123 4567.89ab-cdef "), Some(print));
        assert_eq!(code_print("oi23456789abcdef"), Some(print));
        assert_ne!(code_print("0123-4567-89AB-CDEG"), Some(print));
        for wrong in ["", "0123", "0123-4567-89AB-CDE!", "0123-4567-89AB-CDEF-0", "\u{0}123-4567-89AB-CDEF", &"A".repeat(1 << 20)]
        {
            assert_eq!(code_print(wrong), None);
        }
        assert_eq!(serial([0xff, 0xff, 0xff]).len(), domain::access::check::SERIAL_CHARS);
    }

    #[test]
    fn words_are_known_whatever_the_accents_and_the_marks_between_them() {
        let words = spoken([7; 32]);
        assert_eq!(words.split('-').count(), WORDS);
        assert_eq!(heard(&words.to_uppercase().replace('-', " · ")), heard(&words));
        assert_eq!(heard("Lévrier, créneau ; truite torchon"), "levrier-creneau-truite-torchon");
        assert_ne!(heard(&format!("{words} abri")), heard(&words));
    }
}
