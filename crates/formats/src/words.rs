//! Words as files write them: heads in any case, durations, yes and no, texts with markup.

const HOUR_MINUTES: u32 = 60;
const DAY_MINUTES: u32 = 24 * HOUR_MINUTES;

/// A text without accents, case nor punctuation: « Priorité  (soins) » and `priorite soins` are one.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'à' | 'â' | 'ä' | 'á' => folded.push('a'),
            'é' | 'è' | 'ê' | 'ë' => folded.push('e'),
            'î' | 'ï' => folded.push('i'),
            'ô' | 'ö' => folded.push('o'),
            'ù' | 'û' | 'ü' => folded.push('u'),
            'ç' => folded.push('c'),
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            letter if letter.is_alphanumeric() => folded.push(letter),
            _ if folded.is_empty() || folded.ends_with(' ') => {}
            _ => folded.push(' '),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// A duration in words that [`minutes`] reads back: `30 min`, `4 h`, `1 h 30`, `3 j`.
pub fn duration(minutes: u32) -> String {
    match minutes {
        0 => "0 min".to_owned(),
        m if m >= 2 * DAY_MINUTES && m % DAY_MINUTES == 0 => format!("{} j", m / DAY_MINUTES),
        m if m % HOUR_MINUTES == 0 => format!("{} h", m / HOUR_MINUTES),
        m if m < HOUR_MINUTES => format!("{m} min"),
        m => format!("{} h {:02}", m / HOUR_MINUTES, m % HOUR_MINUTES),
    }
}

/// Minutes in one unit of time; `None` when the word is none.
fn unit(word: &str) -> Option<u32> {
    Some(match word {
        "min" | "mn" | "m" | "minute" | "minutes" => 1,
        "h" | "heure" | "heures" | "hour" | "hours" => HOUR_MINUTES,
        "j" | "jour" | "jours" | "d" | "day" | "days" => DAY_MINUTES,
        "sem" | "semaine" | "semaines" | "week" | "weeks" => 7 * DAY_MINUTES,
        _ => return None,
    })
}

/// The unit that the head of a column tells: « RTO (h) », « DMIA en minutes ».
pub fn unit_of_head(head: &str) -> Option<u32> {
    fold(head).split(' ').filter(|word| *word != "m" && *word != "d").find_map(unit)
}

/// A duration as people type it, in minutes: `30 min`, `4h`, `1h30`, `3 jours`, `2 j 4 h`, `2,5 h`, `02:30`; a bare number counts
/// in `bare` minutes when the head of its column tells the unit, and is not understood otherwise.
pub fn minutes(text: &str, bare: Option<u32>) -> Option<u32> {
    let text: String = text.to_lowercase().replace(',', ".").split_whitespace().collect();
    if let Some((hours, minutes)) = text.split_once(':') {
        let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok().filter(|m| *m < HOUR_MINUTES)?);
        return hours.checked_mul(HOUR_MINUTES)?.checked_add(minutes);
    }
    let at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (count, rest) = text.split_at(at);
    // « 2 j 4 h », as pages show it.
    if let Some(rest) = rest.strip_prefix('j').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        return times(count, DAY_MINUTES)?.checked_add(minutes(rest, None).filter(|m| *m < DAY_MINUTES)?);
    }
    if rest.is_empty() {
        return times(count, bare?);
    }
    if let Some(unit) = unit(rest) {
        return times(count, unit);
    }
    let minutes: u32 = rest.strip_prefix('h')?.trim_end_matches("min").parse().ok().filter(|m| *m < HOUR_MINUTES)?;
    times(count, HOUR_MINUTES)?.checked_add(minutes)
}

/// A count, perhaps with decimals, of a unit; `None` when it is no whole number of minutes, or too long.
fn times(count: &str, unit: u32) -> Option<u32> {
    let (whole, part) = count.split_once('.').unwrap_or((count, ""));
    let whole = whole.parse::<u32>().ok()?.checked_mul(unit)?;
    let part = part.trim_end_matches('0');
    if part.is_empty() {
        return Some(whole);
    }
    let scale = 10_u64.checked_pow(u32::try_from(part.len()).ok()?)?;
    let scaled = part.parse::<u64>().ok()?.checked_mul(u64::from(unit))?;
    let rest = u32::try_from(scaled / scale).ok()?;
    (scaled % scale == 0).then(|| whole.checked_add(rest)).flatten()
}

/// Yes or no, as people and tools write it.
pub fn yes(text: &str) -> Option<bool> {
    match fold(text).as_str() {
        "oui" | "o" | "yes" | "y" | "vrai" | "true" | "1" | "x" => Some(true),
        "non" | "n" | "no" | "faux" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// A text without its HTML: paragraphs and list items become lines.
pub fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let (words, taken) = if rest.starts_with('<') { tag(rest) } else { entity(rest) };
        text.push_str(&words);
        rest = &rest[taken..];
    }
    text.push_str(rest);
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// What a tag leaves in the text, and its length; a lone « < » is itself.
fn tag(text: &str) -> (String, usize) {
    let named = text[1..].trim_start_matches('/').starts_with(|c: char| c.is_ascii_alphabetic() || c == '!');
    let Some(end) = text.find('>').filter(|_| named) else { return ("<".to_owned(), 1) };
    let name: String = text[1..end].trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
    let breaks = ["br", "p", "li", "ul", "ol", "div", "tr", "table", "h1", "h2", "h3", "h4"];
    let words = match name.to_ascii_lowercase().as_str() {
        "li" if !text.starts_with("</") => "\n- ",
        name if breaks.contains(&name) => "\n",
        "td" | "th" => " ",
        _ => "",
    };
    (words.to_owned(), end + 1)
}

/// The letter that an entity stands for, and its length; a lone « & » is itself.
fn entity(text: &str) -> (String, usize) {
    const LONGEST: usize = 10;
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';');
    let Some(name) = end.and_then(|end| text.get(1..end)) else { return ("&".to_owned(), 1) };
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    let letter = match name {
        "nbsp" => Some(' '),
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" | "rsquo" => Some('’'),
        "eacute" => Some('é'),
        "egrave" => Some('è'),
        "ecirc" => Some('ê'),
        "agrave" => Some('à'),
        "ccedil" => Some('ç'),
        "laquo" => Some('«'),
        "raquo" => Some('»'),
        _ => match name.strip_prefix('#') {
            Some(hex) if hex.starts_with(['x', 'X']) => number(&hex[1..], 16),
            Some(digits) => number(digits, 10),
            None => None,
        },
    };
    letter.map_or(("&".to_owned(), 1), |letter| (letter.to_string(), name.len() + 2))
}

/// A text of at most so many characters, its end marked when it was cut.
pub fn cut(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let short: String = text.chars().take(chars_max.saturating_sub(1)).collect();
    format!("{}…", short.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_back_as_they_were_written_and_a_bare_number_needs_a_unit() {
        for minutes_ in [1, 30, 60, 90, 240, 1_440, 2_880, 4_320, 4_380, 10_080, 527_040] {
            assert_eq!(minutes(&duration(minutes_), None), Some(minutes_), "{}", duration(minutes_));
        }
        assert_eq!([minutes("4", None), minutes("4", Some(60)), minutes("02:30", None)], [None, Some(240), Some(150)]);
        assert_eq!(
            [minutes("2 j 4 h", None), minutes("3 j 1 h 30", None), minutes("2 j 30 h", None)],
            [Some(3_120), Some(4_410), None]
        );
        assert_eq!([minutes("2,5 h", None), minutes("1h30", None), minutes("1 sem", None)], [Some(150), Some(90), Some(10_080)]);
        for wrong in ["", "h", "bientôt", "1h75", "99999999999 j", "4294967295 j", "=1+1", "1.1 min", "-4 h", "1:99"] {
            assert_eq!(minutes(wrong, None), None, "{wrong}");
        }
        assert_eq!([unit_of_head("RTO (h)"), unit_of_head("DMIA en minutes"), unit_of_head("RTO")], [Some(60), Some(1), None]);
    }

    #[test]
    fn markup_leaves_its_words_and_its_lines() {
        assert_eq!(
            plain("<p>Est responsable de&nbsp;:</p><ul><li>Restauration</li><li>R&amp;D</li></ul>"),
            "Est responsable de :\n- Restauration\n- R&D"
        );
        assert_eq!(plain("a < b & c &#233; &unknown; <"), "a < b & c é &unknown; <");
        assert_eq!(plain("<script>x</script><!-- y -->"), "x");
    }

    #[test]
    fn heads_are_folded_and_long_texts_cut_visibly() {
        assert_eq!(fold("  Priorité (SOINS) — œil "), "priorite soins oeil");
        assert_eq!((cut("abcdef", 4), cut("abcd", 4)), ("abc…".to_owned(), "abcd".to_owned()));
    }
}
