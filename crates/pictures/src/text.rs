//! How much room words take: the widths of Noto Sans, so that labels never meet, whoever draws them.

/// Advance of the characters U+0020 to U+007E in Noto Sans Regular, in thousandths of the font size (its `hmtx` table).
const REGULAR: [u16; 95] = [
    260, 269, 408, 646, 572, 831, 732, 225, 300, 300, 551, 572, 268, 322, 268, 372, 572, 572, 572, 572, 572, 572, 572, 572, 572,
    572, 268, 268, 572, 572, 572, 434, 899, 639, 650, 632, 730, 556, 519, 728, 741, 339, 273, 619, 524, 907, 760, 781, 605, 781,
    622, 549, 556, 731, 600, 930, 586, 566, 572, 329, 372, 329, 572, 444, 580, 561, 615, 480, 615, 564, 344, 615, 618, 258, 258,
    534, 258, 935, 618, 605, 615, 615, 413, 479, 361, 618, 508, 786, 529, 510, 470, 380, 551, 380, 572,
];
/// Bold is at most this much wider, in percent: what room a label needs must not depend on whether it was chosen.
const BOLD_PERCENT: u32 = 107;
/// A character outside the table: letters with accents are as wide as without, others are counted wide.
const ELSEWHERE: u16 = 1000;

fn advance(c: char) -> u16 {
    let plain = match c {
        '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        '’' | '‘' => '\'',
        'à' | 'â' | 'ä' | 'á' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' | 'í' => 'i',
        'ô' | 'ö' | 'ó' => 'o',
        'ù' | 'û' | 'ü' | 'ú' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        'À' | 'Â' => 'A',
        'É' | 'È' | 'Ê' | 'Ë' => 'E',
        'Ç' => 'C',
        'Î' | 'Ï' => 'I',
        'Ô' => 'O',
        '«' | '»' | '–' | '−' => 'n',
        '·' => '.',
        other => other,
    };
    let at = (plain as u32).checked_sub(0x20).and_then(|at| usize::try_from(at).ok());
    at.and_then(|at| REGULAR.get(at)).copied().unwrap_or(ELSEWHERE)
}

/// The room a text takes at a size, in pixels rounded up, even when it is bold.
pub(crate) fn width(text: &str, size: u32) -> i32 {
    let sum: u32 = text.chars().take(CHARS_MAX).map(|c| u32::from(advance(c))).sum();
    i32::try_from((sum * BOLD_PERCENT / 100 * size).div_ceil(1000)).unwrap_or(i32::MAX)
}

/// A label is never longer than this, whatever room there is.
const CHARS_MAX: usize = 400;

/// The text, cut with « … » where it does not fit.
pub(crate) fn fitted(text: &str, size: u32, room: i32) -> String {
    if text.chars().count() <= CHARS_MAX && width(text, size) <= room {
        return text.to_owned();
    }
    let mut cut: Vec<char> = text.chars().take(CHARS_MAX).collect();
    loop {
        cut.pop();
        let mut shown: String = cut.iter().collect::<String>().trim_end().to_owned();
        shown.push('…');
        if cut.is_empty() || width(&shown, size) <= room {
            return shown;
        }
    }
}

/// Text that is safe in XML, between tags and between quotes; characters that XML forbids are dropped.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            c if c < ' ' || c == '\u{fffe}' || c == '\u{ffff}' => {}
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_fits_is_whole_and_one_that_does_not_says_so() {
        assert_eq!(fitted("Bloc opératoire", 13, 200), "Bloc opératoire");
        let cut = fitted("Images et comptes rendus", 13, 100);
        assert!(cut.ends_with('…') && width(&cut, 13) <= 100, "{cut}");
        assert_eq!(fitted("Long", 13, 0), "…", "something is always shown");
        assert!(fitted(&"é".repeat(5000), 13, i32::MAX).chars().count() <= CHARS_MAX);
        // « Programmation bloc » measured in bold at 13 px by a browser: 131 px.
        assert!((128..142).contains(&width("Programmation bloc", 13)), "{}", width("Programmation bloc", 13));
    }

    #[test]
    fn nothing_that_is_written_becomes_markup() {
        assert_eq!(escaped("<b> & \"d\u{27}eau\"\u{0}\n"), "&lt;b&gt; &amp; &quot;d&#39;eau&quot; ");
    }
}
