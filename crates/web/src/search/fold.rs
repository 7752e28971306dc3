//! Words as they are compared: without accents, capitals or punctuation, by their beginnings.

/// Most words of a query that count.
pub(crate) const WORDS_MAX: usize = 8;

/// What is sought: the beginnings of words, folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// Each with the space that stands before it in a folded text.
    words: Vec<String>,
    /// Whether there were more words than count.
    pub(crate) cut: bool,
}

/// How well something answers, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// Its name begins with the first word sought, and holds them all.
    Begins,
    /// Its name holds all words.
    Named,
    /// Its name holds some of them, the rest is elsewhere.
    Partly,
    /// Only its other words hold them.
    Elsewhere,
}

impl Query {
    pub(crate) fn new(text: &str) -> Self {
        let mut folded = String::new();
        fold_into(text, &mut folded);
        let mut all: Vec<String> = folded.split_whitespace().map(|word| format!(" {word}")).collect();
        let cut = all.len() > WORDS_MAX;
        all.truncate(WORDS_MAX);
        Self { words: all, cut }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// How well a record answers: its name, its other words. `None` when a word is found in neither.
    pub(crate) fn rank(&self, name: &str, others: &[&str], scratch: &mut Scratch) -> Option<Rank> {
        let Scratch { name: named, others: rest } = scratch;
        named.clear();
        fold_into(name, named);
        let holds = |text: &str, word: &String| text.contains(word.as_str());
        let found = self.words.iter().filter(|word| holds(named, word)).count();
        if found == self.words.len() {
            let begins = self.words.first().is_some_and(|word| named.starts_with(word.as_str()));
            return Some(if begins { Rank::Begins } else { Rank::Named });
        }
        if others.is_empty() {
            return None;
        }
        rest.clear();
        others.iter().for_each(|text| fold_into(text, rest));
        let all = self.words.iter().all(|word| holds(named, word) || holds(rest, word));
        all.then_some(if found > 0 { Rank::Partly } else { Rank::Elsewhere })
    }

    /// A text cut into pieces; `true` marks the beginnings of words that are sought.
    pub(crate) fn marks<'a>(&self, text: &'a str) -> Vec<(bool, &'a str)> {
        let mut pieces = Vec::new();
        let mut done = 0;
        for (start, end) in words(text) {
            let Some(length) = text.get(start..end).and_then(|word| self.sought_length(word)) else { continue };
            let stop = start + length;
            pieces.push((false, text.get(done..start).unwrap_or_default()));
            pieces.push((true, text.get(start..stop).unwrap_or_default()));
            done = stop;
        }
        pieces.push((false, text.get(done..).unwrap_or_default()));
        pieces.retain(|(_, piece)| !piece.is_empty());
        pieces
    }

    /// How many bytes of a word answer the longest word sought that it begins with.
    fn sought_length(&self, word: &str) -> Option<usize> {
        let mut folded = String::new();
        fold_into(word, &mut folded);
        let sought = self.words.iter().filter(|sought| folded.starts_with(sought.as_str())).max_by_key(|sought| sought.len())?;
        let mut length = 0;
        let mut letters = String::from(" ");
        for c in word.chars() {
            if letters.len() >= sought.len() && !is_combining(c) {
                break;
            }
            fold_char(c, &mut letters);
            length += c.len_utf8();
        }
        Some(length)
    }
}

/// Folded texts, kept from one record to the next: thousands are folded for one query.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    name: String,
    others: String,
}

/// Appends a text, folded: a space before each word, nothing else between words.
pub(crate) fn fold_into(text: &str, out: &mut String) {
    let mut inside = false;
    for c in text.chars() {
        if is_combining(c) {
            continue;
        }
        let letter = if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() };
        if letter {
            if !inside {
                out.push(' ');
            }
            fold_char(c, out);
        }
        inside = letter;
    }
}

/// Accents written apart from their letter (NFD, as some systems name files).
fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn fold_char(c: char, out: &mut String) {
    if c.is_ascii() {
        return out.push(c.to_ascii_lowercase());
    }
    let plain = match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' => "a",
        'ç' | 'Ç' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'È' | 'É' | 'Ê' | 'Ë' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'Ì' | 'Í' | 'Î' | 'Ï' => "i",
        'ñ' | 'Ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' | 'Ø' => "o",
        'ù' | 'ú' | 'û' | 'ü' | 'Ù' | 'Ú' | 'Û' | 'Ü' => "u",
        'ý' | 'ÿ' | 'Ý' | 'Ÿ' => "y",
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        'ß' => "ss",
        _ => {
            if !is_combining(c) {
                out.extend(c.to_lowercase());
            }
            return;
        }
    };
    out.push_str(plain);
}

/// Where words begin and end, in bytes.
fn words(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        let inside = c.is_alphanumeric() || (is_combining(c) && start.is_some());
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(begun)) => {
                found.push((begun, at));
                start = None;
            }
            _ => {}
        }
    }
    found.extend(start.map(|begun| (begun, text.len())));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank(query: &str, name: &str, others: &[&str]) -> Option<Rank> {
        Query::new(query).rank(name, others, &mut Scratch::default())
    }

    #[test]
    fn accents_capitals_and_punctuation_do_not_count() {
        assert_eq!(rank("ELECTROGENE", "Groupe électrogène", &[]), Some(Rank::Named));
        assert_eq!(rank("cœur", "COEUR artificiel", &[]), Some(Rank::Begins));
        assert_eq!(rank("coeur", "L’unité « Cœur »", &[]), Some(Rank::Named));
        assert_eq!(rank("e\u{301}tat", "État", &[]), Some(Rank::Begins));
        assert_eq!(rank("etat", "E\u{301}tat des lieux", &[]), Some(Rank::Begins));
    }

    #[test]
    fn every_word_is_found_by_its_beginning() {
        assert_eq!(rank("imag deg", "Imagerie dégradée", &[]), Some(Rank::Begins));
        assert_eq!(rank("magerie", "Imagerie", &[]), None);
        assert_eq!(rank("imag tessier", "Imagerie", &["appelle M. Tessier"]), Some(Rank::Partly));
        assert_eq!(rank("tessier", "Imagerie", &["appelle M. Tessier"]), Some(Rank::Elsewhere));
        assert_eq!(rank("imag absent", "Imagerie", &["appelle M. Tessier"]), None);
        // Two texts that follow each other are two texts.
        assert_eq!(rank("ab", "x", &["a", "b"]), None);
    }

    #[test]
    fn what_is_sought_is_marked_where_it_stands() {
        let marked = |query: &str, text: &str| {
            let query = Query::new(query);
            query.marks(text).into_iter().map(|(m, piece)| if m { format!("[{piece}]") } else { piece.to_owned() }).collect()
        };
        let is = |query, text, expected: &str| {
            let shown: String = marked(query, text);
            assert_eq!(shown, expected);
        };
        is("electro", "Le groupe électrogène, l’électricité", "Le groupe [électro]gène, l’électricité");
        is("elec", "l’électricité", "l’[élec]tricité");
        is("oe", "Œuvre", "[Œ]uvre");
        is("o", "Œuvre", "[Œ]uvre");
        is("etat", "e\u{301}tat", "[e\u{301}tat]");
        is("e", "e\u{301}tat", "[e\u{301}]tat");
        is("a ab abc", "abcd", "[abc]d");
    }

    #[test]
    fn a_query_has_a_bounded_number_of_words() {
        let many = Query::new(&"mot ".repeat(100));
        assert!(many.cut);
        assert_eq!(many.words.len(), WORDS_MAX);
        assert!(Query::new(" ’ « » \u{a0}").is_empty());
    }
}
