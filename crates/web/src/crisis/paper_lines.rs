//! Lines of a paper log as they are typed: `05:20 [d] texte @qui`. A line that is not understood stays in the text, with a
//! sentence beside it.

use super::command;
use crate::local::{Local, clock_time};
use domain::crisis::event::{EntryType, Logged};
use jiff::civil::Date;

/// Most lines re-keyed at once: they are one atomic request, and somebody reads them again before they are recorded.
pub(super) const LINES_MAX: usize = 250;
const _: () = assert!(LINES_MAX <= store::ledger::REQUEST_ENTRIES_MAX);
/// A line earlier than the one before by more than this crossed midnight; by less, two lines were written out of order.
const MIDNIGHT_HOURS: i64 = 6;
const HOUR_MS: i64 = 3_600_000;
/// Tolerance for clocks that differ (milliseconds).
const AHEAD_MS: i64 = 60_000;

/// A line, understood or not.
pub(super) struct Line {
    /// Its number in the text, from 1.
    pub(super) number: usize,
    /// As typed.
    pub(super) typed: String,
    /// What it would record, or what is wrong with it.
    pub(super) read: Result<Logged, String>,
}

/// What is common to the lines of a page.
pub(super) struct Paper<'a> {
    pub(super) local: &'a Local,
    /// Names of the register, for `@`.
    pub(super) people: &'a [&'a str],
    /// Who wrote on paper, when a line does not say who spoke.
    pub(super) writer: Option<String>,
    /// Day of the first line.
    pub(super) day: Date,
    /// Milliseconds since 1970.
    pub(super) now: i64,
}

impl Paper<'_> {
    /// Reads a page, as many lines as are recorded at once and one more.
    pub(super) fn read(&self, text: &str) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        let mut day = self.day;
        let mut last: Option<i64> = None;
        for (at, typed) in text.lines().enumerate() {
            let words = typed.trim();
            if words.is_empty() {
                continue;
            }
            if let Some(date) = self.date(words) {
                (day, last) = (date, None);
                continue;
            }
            if lines.len() > LINES_MAX {
                break;
            }
            let time = split_time(words);
            if time.is_none() && typed.starts_with(char::is_whitespace) && continues(&mut lines, words) {
                continue;
            }
            let read = match time {
                None => Err("L’heure manque : commencez la ligne par 05:20.".to_owned()),
                Some((time, rest)) => self.line(&mut day, &mut last, time, rest),
            };
            lines.push(Line { number: at + 1, typed: words.to_owned(), read });
        }
        lines
    }

    /// A line that is a date alone gives the day of those that follow.
    fn date(&self, words: &str) -> Option<Date> {
        let words = words.trim_matches(|c: char| c == '-' || c == '=' || c.is_whitespace());
        let alone = words.contains('/') && words.chars().all(|c| c.is_ascii_digit() || c == '/');
        let at = self.local.parse(&format!("{} 12:00", alone.then_some(words)?), self.now, false)?;
        Some(self.local.date(at))
    }

    fn line(&self, day: &mut Date, last: &mut Option<i64>, time: &str, rest: &str) -> Result<Logged, String> {
        let on = |date: Date| self.local.parse(&format!("{date} {time}"), self.now, false);
        let unreadable = || format!("« {time} » n’est pas une heure.");
        let mut at = on(*day).ok_or_else(unreadable)?;
        if last.is_some_and(|last| last - at > MIDNIGHT_HOURS * HOUR_MS) {
            *day = day.tomorrow().map_err(|_| unreadable())?;
            at = on(*day).ok_or_else(unreadable)?;
        }
        if at > self.now + AHEAD_MS {
            return Err(format!("{} est à venir : corrigez le jour ou l’heure.", self.local.day_and_time(at)));
        }
        *last = Some(at);
        let line = bracketed(rest);
        let typed = command::read(&line, EntryType::Fact, self.people, self.local, at);
        if typed.text.is_empty() {
            return Err("Le texte manque après l’heure.".to_owned());
        }
        let (text, said) = if typed.entry_type.is_task() { (typed.text, None) } else { speaker(&typed.text, self.people) };
        Ok(Logged {
            speaker: said.or_else(|| self.writer.clone()),
            occurred_at: Some(at),
            owner: typed.owner,
            due_at: typed.due_at,
            to_confirm: typed.to_confirm,
            from_paper: true,
            ..Logged::new(typed.entry_type, text)
        })
    }
}

/// The clock time a line begins with, and the rest.
fn split_time(words: &str) -> Option<(&str, &str)> {
    let (time, rest) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
    let time = time.trim_end_matches([':', '-', ',']);
    clock_time(time).map(|_| (time, rest.trim_start_matches(|c: char| c == '-' || c == ':' || c.is_whitespace())))
}

/// An indented line without a time goes on with the one above.
fn continues(lines: &mut [Line], words: &str) -> bool {
    match lines.last_mut() {
        Some(Line { read: Ok(logged), typed, .. }) => {
            logged.text.push('\n');
            logged.text.push_str(words);
            typed.push('\n');
            typed.push_str(words);
            true
        }
        _ => false,
    }
}

/// `[d] texte` or `d texte` written as the box writes it: `/d texte`.
fn bracketed(rest: &str) -> String {
    let marked = rest.strip_prefix('[').and_then(|after| after.split_once(']'));
    match marked {
        Some((letter, words)) if letter.trim().chars().count() == 1 => format!("/{} {}", letter.trim(), words.trim()),
        _ => rest.to_owned(),
    }
}

/// `… @N. Aubry` at the end of what is not a task: who said it.
fn speaker(text: &str, people: &[&str]) -> (String, Option<String>) {
    let Some((words, name)) = text.rsplit_once('@') else { return (text.to_owned(), None) };
    let name = name.trim();
    let starts_word = words.is_empty() || words.ends_with(char::is_whitespace);
    if name.is_empty() || !starts_word || words.trim().is_empty() {
        return (text.to_owned(), None);
    }
    let wanted = name.to_lowercase();
    let known = people.iter().find(|person| person.to_lowercase().ends_with(&wanted)).map(|person| (*person).to_owned());
    (words.trim().to_owned(), Some(known.unwrap_or_else(|| name.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// Sunday 22 November 2026, 06:00 in Paris.
    const NOW: i64 = 1_795_323_600_000;

    fn read(text: &str) -> Vec<Line> {
        let local = Local::of("Europe/Paris");
        let paper = Paper { local: &local, people: &["N. Aubry", "L. Perrin"], writer: None, day: date(2026, 11, 21), now: NOW };
        paper.read(text)
    }

    fn told(line: &Line) -> (String, EntryType, String, Option<String>, Option<String>) {
        let logged = line.read.as_ref().unwrap_or_else(|why| panic!("{why}"));
        let at = Local::of("Europe/Paris").day_and_time(logged.occurred_at.unwrap_or_default());
        (at, logged.entry_type, logged.text.clone(), logged.speaker.clone(), logged.owner.clone())
    }

    #[test]
    fn a_page_of_paper_is_read_line_by_line() {
        let lines = read(
            "23:50 Écrans noirs au bloc @perrin\n23:58 [d] Couper internet\n00:10 [a] Prévenir la DPO @Aubry +1h\n    par téléphone\n05h20 [p] SAMU informé",
        );
        let told: Vec<_> = lines.iter().map(told).collect();
        assert_eq!(
            told[0],
            ("21/11 à 23:50".into(), EntryType::Fact, "Écrans noirs au bloc".into(), Some("L. Perrin".into()), None)
        );
        assert_eq!(told[1].1, EntryType::Decision);
        assert_eq!(
            told[2],
            ("22/11 à 00:10".into(), EntryType::Action, "Prévenir la DPO\npar téléphone".into(), None, Some("N. Aubry".into()))
        );
        assert_eq!((told[3].0.as_str(), told[3].1), ("22/11 à 05:20", EntryType::Call));
        assert!(lines.iter().all(|line| line.read.as_ref().is_ok_and(|logged| logged.from_paper)));
    }

    #[test]
    fn lines_out_of_order_stay_on_their_day_and_a_date_alone_sets_it() {
        let lines = read("05:20 Un\n05:18 Deux\n--- 22/11 ---\n01:00 Trois");
        let days: Vec<String> = lines.iter().map(|line| told(line).0).collect();
        assert_eq!(days, ["21/11 à 05:20", "21/11 à 05:18", "22/11 à 01:00"]);
    }

    #[test]
    fn what_is_not_understood_says_why_and_is_not_lost() {
        let lines = read("sans heure\n25:99 impossible\n05:20\n22/11\n08:00 demain");
        let wrong: Vec<&str> = lines.iter().map(|line| line.read.as_ref().err().map_or("", String::as_str)).collect();
        assert_eq!(lines.len(), 4);
        assert!(
            wrong[0].contains("L’heure manque") && wrong[1].contains("L’heure manque") && wrong[2].contains("Le texte manque")
        );
        assert!(wrong[3].contains("à venir"), "{}", wrong[3]);
        assert_eq!(lines[0].typed, "sans heure");
    }

    #[test]
    fn any_text_is_read_and_a_huge_one_is_not_read_to_its_end() {
        for text in ["", "\0", "@", "05:20 @", "05:20 [", "05:20 []", "05:20 [xx] a", "05:20 a@b.fr", "::::", "é\u{202e}"] {
            let _ = read(text);
        }
        assert_eq!(told(&read("05:20 Écrire à a@b.fr")[0]).2, "Écrire à a@b.fr");
        assert_eq!(read(&"05:20 x\n".repeat(1_000_000)).len(), LINES_MAX + 1);
    }
}
