//! What a French reader would mend in a text.

/// What is wrong with the typography of a text of one or more lines.
pub(super) fn typography(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut say = |wrong: bool, what: &str| {
        if wrong {
            found.push(what.to_owned());
        }
    };
    say(text.contains('\''), "apostrophe droite : écrivez ’");
    say(text.contains('"'), "guillemets droits : écrivez « »");
    say(text.contains("..."), "trois points : écrivez …");
    say(text.matches('«').count() != text.matches('»').count(), "guillemets non fermés");
    say(text.lines().any(|line| line.trim_end() != line || line.contains("  ")) || text.trim() != text, "espaces en trop");
    say(text.contains(['\u{a0}', '\u{202f}']), "espace insécable : la page les pose, écrivez une espace ordinaire");
    say(glued(text), "espace manquante avant ; : ! ? ou autour des guillemets");
    say(text.contains(" ,") || text.contains(" ."), "espace avant une virgule ou un point");
    say(text.contains("déclencher"), "« déclencher » : écrivez « ouvrir une crise »");
    found
}

/// Whether a sign that French sets apart is stuck to its word. A colon between figures tells the time.
fn glued(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    chars.windows(2).enumerate().any(|(at, pair)| {
        let [before, sign] = [pair[0], pair[1]];
        let after = chars.get(at + 2).copied().unwrap_or(' ');
        match sign {
            ':' => !(before.is_whitespace() || before.is_ascii_digit() && after.is_ascii_digit()),
            ';' | '!' | '?' => !before.is_whitespace(),
            '»' => !before.is_whitespace(),
            _ => before == '«' && !sign.is_whitespace(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_is_named() {
        for (text, fault) in [
            ("l\u{27}eau", "apostrophe"),
            ("dit \"oui\"", "guillemets droits"),
            ("et puis...", "trois points"),
            ("« ouvert", "non fermés"),
            ("deux  espaces", "en trop"),
            ("fin ", "en trop"),
            ("insécable\u{a0}: non", "insécable"),
            ("Quand?", "manquante"),
            ("Bloc: fermé", "manquante"),
            ("«collé»", "manquante"),
            ("avant , virgule", "virgule"),
            ("déclencher une crise", "ouvrir une crise"),
        ] {
            assert!(typography(text).iter().any(|what| what.contains(fault)), "{text}: {:?}", typography(text));
        }
    }

    #[test]
    fn good_french_passes() {
        let text = "À 14:30, « oui » : l’eau coule.\nFini ? Non ; pas encore… {début}.";
        assert_eq!(typography(text), Vec::<String>::new());
    }
}
