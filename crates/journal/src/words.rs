//! Head words: an entry's id as eight French words, to be read over a telephone and printed at a handover.
//!
//! Eight words of a list of 1,024 carry the id's first 80 bits. An entry's id covers its whole causal past, so
//! words on paper are a witness of everything known when they were printed.

use crate::id::EntryId;

/// Words that stand for one id.
pub const WORDS: usize = 8;
const BITS_PER_WORD: usize = 10;
const LIST: &str = include_str!("words.txt");

/// The eight words of an id.
pub fn words(id: &EntryId) -> [&'static str; WORDS] {
    let list: Vec<&'static str> = LIST.lines().collect();
    std::array::from_fn(|nth| list.get(word_index(id, nth)).copied().unwrap_or("?"))
}

fn word_index(id: &EntryId, nth: usize) -> usize {
    (nth * BITS_PER_WORD..(nth + 1) * BITS_PER_WORD)
        .fold(0, |index, bit| index << 1 | usize::from(id.0[bit / 8] >> (7 - bit % 8) & 1))
}

/// Reads words back as the 80 bits they stand for: ten bytes. Accents, case, separators and line breaks do not matter.
///
/// # Errors
/// The first word that is not in the list, or the number of words when there are not eight.
pub fn prefix(text: &str) -> Result<[u8; 10], String> {
    // An accent may be a letter's own or a mark after it, depending on where the words were copied from.
    let text: String = text.chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).collect();
    let given: Vec<String> = text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).map(plain).collect();
    if given.len() != WORDS {
        return Err(format!("{WORDS} mots attendus, {} trouvés", given.len()));
    }
    let list: Vec<String> = LIST.lines().map(plain).collect();
    let mut out = [0u8; 10];
    for (nth, word) in given.iter().enumerate() {
        let index = list.iter().position(|w| w == word).ok_or_else(|| format!("« {word} » n’est pas un mot de la liste"))?;
        for bit in 0..BITS_PER_WORD {
            let at = nth * BITS_PER_WORD + bit;
            out[at / 8] |= u8::from(index >> (BITS_PER_WORD - 1 - bit) & 1 == 1) << (7 - at % 8);
        }
    }
    Ok(out)
}

/// Lowercase without accents.
fn plain(word: &str) -> String {
    let fold = |c: char| match c {
        'à' | 'â' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        other => other,
    };
    word.to_lowercase().chars().map(fold).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_1024_words_distinct_without_accents() {
        let mut list: Vec<String> = LIST.lines().map(plain).collect();
        assert_eq!(list.len(), 1 << BITS_PER_WORD);
        assert!(list.iter().all(|w| w.bytes().all(|b| b.is_ascii_lowercase())));
        list.sort();
        list.dedup();
        assert_eq!(list.len(), 1 << BITS_PER_WORD);
    }

    #[test]
    fn words_read_back_as_the_first_80_bits() {
        let id = EntryId(std::array::from_fn(|i| u8::try_from(i * 37 % 251).unwrap_or(0)));
        let text = words(&id).join(" · ").to_uppercase();
        assert_eq!(prefix(&text).as_ref().map(|p| &p[..]), Ok(&id.0[..10]));
        assert!(prefix("un deux trois").is_err());
        let composed = "lévrier créneau truite torchon patio fusain thème pétunia";
        let marked = "le\u{301}vrier cre\u{301}neau truite torchon patio fusain the\u{300}me pe\u{301}tunia";
        assert!(composed != marked && prefix(composed).is_ok());
        assert_eq!(prefix(marked), prefix(composed));
    }
}
