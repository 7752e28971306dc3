//! Words of chronogrammes: means, teams, levels.

use crate::words::fold;
use domain::exercise::event::scenario::{Channel, Level, Scenario, Team};

/// Words by which a means is known, folded: the whole cell first, then any word of it.
const CHANNELS: [(Channel, &[&str]); 7] = [
    (Channel::Sms, &["sms", "texto", "textos", "message sms", "whatsapp", "messagerie instantanee", "tchat", "chat"]),
    (
        Channel::Phone,
        &["telephone", "tel", "appel", "appels", "appel telephonique", "phone", "phone call", "call", "radio tetra", "talkie"],
    ),
    (
        Channel::Mail,
        &[
            "courriel",
            "courriels",
            "mail",
            "mails",
            "e mail",
            "email",
            "emails",
            "mel",
            "message electronique",
            "openaev email",
            "openbas email",
        ],
    ),
    (
        Channel::Media,
        &[
            "presse",
            "presse reseaux",
            "media",
            "medias",
            "reseaux sociaux",
            "reseau social",
            "tweet",
            "twitter",
            "post",
            "article",
            "television",
            "tv",
            "radio",
            "journal",
            "social media",
            "news",
            "communique",
        ],
    ),
    (
        Channel::Paper,
        &["papier", "papier coursier", "courrier", "coursier", "fax", "lettre", "document", "paper", "feuille", "main propre"],
    ),
    (
        Channel::System,
        &[
            "systeme simule",
            "systeme",
            "ecran",
            "console",
            "alerte",
            "supervision",
            "siem",
            "edr",
            "sonde",
            "log",
            "logs",
            "journaux",
            "system",
            "automate",
            "capture",
        ],
    ),
    (
        Channel::Room,
        &[
            "en salle",
            "salle",
            "oral",
            "verbal",
            "presentiel",
            "de vive voix",
            "vive voix",
            "face a face",
            "briefing",
            "animateur",
            "animation",
            "manual",
            "in person",
            "room",
            "physique",
            "visite",
        ],
    ),
];

/// The means that a cell says.
pub(super) fn channel(cell: &str) -> Option<Channel> {
    let folded = fold(cell);
    let exact = Channel::ALL.into_iter().find(|one| fold(one.label()) == folded || one.name() == folded);
    let listed = || CHANNELS.iter().find(|(_, words)| words.contains(&folded.as_str())).map(|(channel, _)| *channel);
    let inside = || {
        let said = |word: &&str| folded.split(' ').any(|one| one == *word) || word.contains(' ') && folded.contains(*word);
        CHANNELS.iter().find(|(_, words)| words.iter().any(said)).map(|(channel, _)| *channel)
    };
    exact.or_else(listed).or_else(inside)
}

/// The level that a cell says.
pub(super) fn level(cell: &str) -> Option<Level> {
    let folded = fold(cell);
    let named = Level::ALL.into_iter().find(|one| fold(one.label()) == folded || one.name() == folded);
    let other = match folded.as_str() {
        "1" | "facile" | "simple" | "easy" => Some(Level::Beginner),
        "2" | "moyen" | "medium" => Some(Level::Intermediate),
        "3" | "difficile" | "expert" | "avance" | "hard" => Some(Level::Advanced),
        _ => None,
    };
    named.or(other)
}

/// Whether a cell says « everybody ».
pub(super) fn everybody(cell: &str) -> bool {
    let all = [
        "tous",
        "toutes",
        "tous les joueurs",
        "toutes les equipes",
        "toutes les cellules",
        "tout le monde",
        "ensemble",
        "all",
        "all players",
        "all teams",
        "everyone",
    ];
    all.contains(&fold(cell).as_str())
}

/// The team of a scenario that goes by that name.
pub(super) fn team<'a>(scenario: &'a Scenario, name: &str) -> Option<&'a Team> {
    let folded = fold(name);
    let teams = &scenario.teams;
    teams.iter().find(|team| team.key == name.trim()).or_else(|| {
        let same = |text: &str| fold(text) == folded;
        teams.iter().find(|team| same(&team.name)).or_else(|| teams.iter().find(|team| same(&team.key)))
    })
}

/// The names in a cell: the whole cell when it is one, else its parts.
pub(super) fn names(cell: &str, is_known: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut out = Vec::new();
    split(cell, &[&[";", "\n"], &[",", "/", "+", "&", "|"], &[" et ", " and "]], is_known, &mut out);
    out
}

fn split(cell: &str, by: &[&[&str]], is_known: &dyn Fn(&str) -> bool, out: &mut Vec<String>) {
    let cell = cell.trim();
    if cell.is_empty() {
        return;
    }
    let Some((signs, finer)) = by.split_first().filter(|_| !is_known(cell)) else {
        out.push(cell.to_owned());
        return;
    };
    let mut parts = vec![cell];
    for sign in *signs {
        parts = parts.into_iter().flat_map(|part| part.split(sign)).collect();
    }
    // « Soins et plateau » is one name unless both sides are known.
    let words = finer.is_empty() && !parts.iter().all(|part| is_known(part.trim()));
    if words {
        out.push(cell.to_owned());
    } else {
        parts.into_iter().for_each(|part| split(part, finer, is_known, out));
    }
}

/// Characters of a team's key.
const KEY_CHARS_MAX: usize = 24;

/// A key for a new team, that no other has.
pub(super) fn team_key(name: &str, taken: &dyn Fn(&str) -> bool) -> String {
    let stem: String = fold(name).chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ').take(KEY_CHARS_MAX).collect();
    let stem = stem.trim().replace(' ', "_");
    let stem = if stem.is_empty() { "equipe".to_owned() } else { stem };
    let numbered = (2_u32..).map(|n| format!("{stem}_{n}"));
    std::iter::once(stem.clone()).chain(numbered).find(|key| !taken(key)).unwrap_or(stem)
}

/// An inject's number as the journal takes it: letters without accents, digits, dashes. « 007 » stays « 007 ».
pub(super) fn inject_key(cell: &str) -> String {
    let plain: String =
        cell.trim().chars().map(|c| if c.is_ascii_alphanumeric() { c.to_string() } else { fold_one(c) }).collect();
    let mut key = String::new();
    for letter in plain.chars() {
        match letter {
            c if c.is_ascii_alphanumeric() => key.push(c),
            _ if key.is_empty() || key.ends_with('-') => {}
            _ => key.push('-'),
        }
    }
    key.trim_end_matches('-').to_owned()
}

fn fold_one(letter: char) -> String {
    // « n° » is « n »: the sign is not a letter.
    if letter == '°' {
        return String::new();
    }
    let folded = fold(&letter.to_string());
    if folded.is_empty() { "-".to_owned() } else { folded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_recognised_in_french_and_english() {
        let said = [
            "Courriel",
            "E-mail",
            "Appel téléphonique",
            "SMS",
            "Article de presse",
            "Presse, réseaux",
            "Fax",
            "En salle",
            "Alerte SIEM",
            "Mail + SMS",
            "pigeon",
        ];
        let expected = [
            Some(Channel::Mail),
            Some(Channel::Mail),
            Some(Channel::Phone),
            Some(Channel::Sms),
            Some(Channel::Media),
            Some(Channel::Media),
            Some(Channel::Paper),
            Some(Channel::Room),
            Some(Channel::System),
            Some(Channel::Sms),
            None,
        ];
        assert_eq!(said.map(channel), expected);
        for one in Channel::ALL {
            assert_eq!([channel(one.label()), channel(one.name())], [Some(one), Some(one)]);
        }
    }

    #[test]
    fn names_are_split_only_where_they_must_be() {
        let known = |name: &str| ["Soins et plateau", "Direction", "SI"].contains(&name);
        assert_eq!(names("Soins et plateau", &known), ["Soins et plateau"]);
        assert_eq!(names("Direction et SI", &known), ["Direction", "SI"]);
        assert_eq!(names("Direction, SI ; Soins et plateau", &known), ["Direction", "SI", "Soins et plateau"]);
        assert_eq!(names("Communication et presse", &known), ["Communication et presse"]);
    }

    #[test]
    fn numbers_keep_their_zeros() {
        assert_eq!(
            ["007", "12 bis", "Stim. n° 3", "é-1", "3.1", "—"].map(inject_key),
            ["007", "12-bis", "Stim-n-3", "e-1", "3-1", ""]
        );
        assert_eq!(team_key("Cellule SI & réseau", &|key| key == "cellule_si_reseau"), "cellule_si_reseau_2");
    }
}
