//! What a line typed in the log's box says: `/a Coursiers @N. Aubry +2h` is an action, with an owner and a due time.
//!
//! Words that are not understood stay words: nothing typed is lost.

use crate::local::{Local, clock_time};
use domain::crisis::event::EntryType;

/// A line, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Typed {
    pub(crate) entry_type: EntryType,
    pub(crate) text: String,
    pub(crate) owner: Option<String>,
    /// Milliseconds since 1970.
    pub(crate) due_at: Option<i64>,
    /// `/c`: done before anybody approved it.
    pub(crate) to_confirm: bool,
}

/// Reads a line: `/c` says that it was done before anybody approved it, and may be followed by a type. `chosen` is the type picked with the buttons; a command in the line wins over it. `people` are names
/// of the register; `now` is when it was typed.
pub(crate) fn read(line: &str, chosen: EntryType, people: &[&str], local: &Local, now: i64) -> Typed {
    let unapproved = line.trim().strip_prefix("/c").or_else(|| line.trim().strip_prefix("/C"));
    let unapproved = unapproved.filter(|rest| rest.starts_with(char::is_whitespace)).map(str::trim);
    let (entry_type, words) = command(unapproved.unwrap_or(line)).unwrap_or((chosen, unapproved.unwrap_or(line).trim()));
    let mut typed = Typed { entry_type, text: words.to_owned(), owner: None, due_at: None, to_confirm: unapproved.is_some() };
    if entry_type.is_task() {
        typed.take_owner(people);
        typed.take_delay(local, now);
        typed.take_clock_time(local, now);
    }
    typed
}

/// `/d …` and its like.
fn command(line: &str) -> Option<(EntryType, &str)> {
    let rest = line.trim().strip_prefix('/')?;
    let mut chars = rest.chars();
    let entry_type = match chars.next()?.to_ascii_lowercase() {
        'f' => EntryType::Fact,
        'd' => EntryType::Decision,
        'a' => EntryType::Action,
        'q' => EntryType::Question,
        'p' => EntryType::Call,
        'm' => EntryType::Message,
        _ => return None,
    };
    let words = chars.as_str();
    (words.is_empty() || words.starts_with(char::is_whitespace)).then(|| (entry_type, words.trim()))
}

impl Typed {
    /// `@N. Aubry`, `@aubry`, else the word after `@`.
    fn take_owner(&mut self, people: &[&str]) {
        let named = word_starts(&self.text).find_map(|at| {
            let after = self.text[at..].strip_prefix('@')?;
            let (owner, len) = person(after, people).or_else(|| unknown_person(after))?;
            Some((at, 1 + len, owner))
        });
        if let Some((at, len, owner)) = named {
            self.owner = Some(owner);
            self.cut(at, len);
        }
    }

    /// `+2h`, `+30min`, `+1j`.
    fn take_delay(&mut self, local: &Local, now: i64) {
        let found = word_starts(&self.text).find_map(|at| {
            let word = trimmed_word(&self.text[at..]);
            Some((at, word.len(), local.later(word, now)?))
        });
        if let Some((at, len, due)) = found {
            self.due_at = Some(due);
            self.cut(at, len);
        }
    }

    /// `à 14:30` or `avant 14:30`, at the end of the line only: elsewhere it is part of the sentence.
    fn take_clock_time(&mut self, local: &Local, now: i64) {
        if self.due_at.is_some() {
            return;
        }
        let line = self.text.trim_end_matches([' ', '.']);
        let Some((before, time)) = line.rsplit_once(' ') else { return };
        let before = before.trim_end();
        let Some(rest) = before.strip_suffix('à').or_else(|| before.strip_suffix("avant")) else { return };
        if clock_time(time).is_none() || !(rest.is_empty() || rest.ends_with(char::is_whitespace)) {
            return;
        }
        self.due_at = local.parse(time, now, true);
        self.text = rest.trim_end_matches([' ', ',']).to_owned();
    }

    /// Removes a word and one of the blanks around it.
    fn cut(&mut self, at: usize, len: usize) {
        let before = self.text[..at].trim_end();
        let after = self.text[at + len..].trim_start_matches(' ');
        let glued = before.is_empty() || after.is_empty() || after.starts_with([',', '.', ';', '\n']);
        self.text = format!("{before}{}{after}", if glued { "" } else { " " });
    }
}

/// Where words begin.
fn word_starts(text: &str) -> impl Iterator<Item = usize> {
    let mut blank = true;
    text.char_indices().filter_map(move |(at, c)| {
        let starts = blank && !c.is_whitespace();
        blank = c.is_whitespace();
        starts.then_some(at)
    })
}

/// The word at the start, without the punctuation that follows it.
fn trimmed_word(text: &str) -> &str {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    text[..end].trim_end_matches([',', ';', ':', '.', '!', '?'])
}

/// The person of the register whose whole name, else whose last name, comes next: the name, and how many bytes it took.
fn person(text: &str, people: &[&str]) -> Option<(String, usize)> {
    let whole = people.iter().filter_map(|name| Some((*name, starts_with(text, name)?)));
    if let Some((name, len)) = whole.max_by_key(|(_, len)| *len) {
        return Some((name.to_owned(), len));
    }
    let last = |name: &&str| {
        let (_, last) = name.rsplit_once(' ')?;
        Some(((*name).to_owned(), starts_with(text, last)?))
    };
    let mut found = people.iter().filter_map(last);
    let only = found.next()?;
    found.next().is_none().then_some(only)
}

fn unknown_person(text: &str) -> Option<(String, usize)> {
    let word = trimmed_word(text);
    word.starts_with(char::is_alphabetic).then(|| (word.to_owned(), word.len()))
}

/// Whether `text` starts with `name`, whatever the accents and the case; returns the bytes of `text` that match.
fn starts_with(text: &str, name: &str) -> Option<usize> {
    let mut chars = text.char_indices();
    for wanted in name.chars() {
        let (_, found) = chars.next()?;
        if plain(found) != plain(wanted) {
            return None;
        }
    }
    let rest = chars.as_str();
    (!name.is_empty() && !rest.starts_with(char::is_alphanumeric)).then(|| text.len() - rest.len())
}

/// A letter without accent or case.
fn plain(c: char) -> char {
    match c.to_lowercase().next().unwrap_or(c) {
        'à' | 'â' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        '\u{a0}' | '\u{202f}' => ' ',
        '\'' => '’',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Saturday 21 November 2026, 14:32 in Paris.
    const NOW: i64 = 1_795_267_920_000;
    const PEOPLE: [&str; 5] = ["N. Aubry", "Dr A. Roche", "H. Vasseur", "É. Prévôt", "M. Roche"];

    fn typed(line: &str) -> (EntryType, String, Option<String>, Option<String>) {
        let local = Local::of("Europe/Paris");
        let typed = read(line, EntryType::Fact, &PEOPLE, &local, NOW);
        (typed.entry_type, typed.text, typed.owner, typed.due_at.map(|due| local.short(due, NOW)))
    }

    fn is(line: &str, entry_type: EntryType, text: &str, owner: Option<&str>, due: Option<&str>) {
        let expected = (entry_type, text.to_owned(), owner.map(str::to_owned), due.map(str::to_owned));
        assert_eq!(typed(line), expected, "{line}");
    }

    #[test]
    fn each_command_has_its_type() {
        is("/d On coupe.", EntryType::Decision, "On coupe.", None, None);
        is("/a Appeler", EntryType::Action, "Appeler", None, None);
        is("/q Jusqu’à quand ?", EntryType::Question, "Jusqu’à quand ?", None, None);
        is("/p SAMU informé", EntryType::Call, "SAMU informé", None, None);
        is("/m Note n° 4", EntryType::Message, "Note n° 4", None, None);
        is("  /F bien reçu ", EntryType::Fact, "bien reçu", None, None);
        is("/a", EntryType::Action, "", None, None);
    }

    #[test]
    fn what_is_not_a_command_stays_as_typed() {
        for line in ["/z rien", "/data plein", "/", "// deux", "a /d b", "3/4 des lits"] {
            is(line, EntryType::Fact, line, None, None);
        }
    }

    #[test]
    fn the_button_chosen_holds_unless_a_command_says_otherwise() {
        let local = Local::of("Europe/Paris");
        assert_eq!(read("Appeler +2h", EntryType::Action, &[], &local, NOW).due_at, Some(NOW + 2 * 3_600_000));
        assert_eq!(read("/f Appelé", EntryType::Action, &[], &local, NOW).entry_type, EntryType::Fact);
    }

    #[test]
    fn an_owner_is_somebody_of_the_register_or_the_next_word() {
        is("/a Coursiers @N. Aubry +2h", EntryType::Action, "Coursiers", Some("N. Aubry"), Some("16:32"));
        is("/a @n. aubry Coursiers", EntryType::Action, "Coursiers", Some("N. Aubry"), None);
        is("/a Prévenir @vasseur, sans délai", EntryType::Action, "Prévenir, sans délai", Some("H. Vasseur"), None);
        is("/a Lire @prevot", EntryType::Action, "Lire", Some("É. Prévôt"), None);
        is("/a Voir @brancardage au RDC", EntryType::Action, "Voir au RDC", Some("brancardage"), None);
        // Two people share that last name: the word stays the word.
        is("/a Voir @roche", EntryType::Action, "Voir", Some("roche"), None);
        is("/a Voir @Dr A. Roche", EntryType::Action, "Voir", Some("Dr A. Roche"), None);
        is("/a Écrire à dpo@ch.example", EntryType::Action, "Écrire à dpo@ch.example", None, None);
        is("/a Voir @ 14", EntryType::Action, "Voir @ 14", None, None);
    }

    #[test]
    fn a_due_time_is_a_delay_or_ends_the_line() {
        is("/a Rappeler +30min le labo", EntryType::Action, "Rappeler le labo", None, Some("15:02"));
        is("/a Rappeler +1j", EntryType::Action, "Rappeler", None, Some("22/11 14:32"));
        is("/d On coupe @Aubry à 15:30.", EntryType::Decision, "On coupe", Some("N. Aubry"), Some("15:30"));
        is("/a Rendre compte avant 9h", EntryType::Action, "Rendre compte", None, Some("22/11 09:00"));
        is("/a Ouvrir le point à 15:30 en salle B", EntryType::Action, "Ouvrir le point à 15:30 en salle B", None, None);
        is("/a Score +12 points", EntryType::Action, "Score +12 points", None, None);
        is("/a Voilà 15:30", EntryType::Action, "Voilà 15:30", None, None);
    }

    #[test]
    fn facts_calls_and_messages_keep_all_their_words() {
        is("SAMU rappelle +2h @Aubry à 15:30", EntryType::Fact, "SAMU rappelle +2h @Aubry à 15:30", None, None);
        is("/p @Aubry à 15:30", EntryType::Call, "@Aubry à 15:30", None, None);
    }

    #[test]
    fn lines_of_a_longer_text_are_kept() {
        is("/a Faire\nla suite @Aubry\npuis la fin", EntryType::Action, "Faire\nla suite\npuis la fin", Some("N. Aubry"), None);
    }
}
