//! What was typed on the first page, and what is wrong with it, field by field.

use crate::limits::PASSWORD_CHARS_MAX;
use domain::register::check::NAME_CHARS_MAX;
use domain::register::event::{EstablishmentKind, EstablishmentNamed, PersonNamed};
use journal::certificate::DEVICE_NAME_CHARS_MAX;

/// Fewest characters of the first password: it opens everything.
pub(super) const PASSWORD_CHARS_MIN: usize = 12;
const LOGIN_CHARS_MAX: usize = 60;

/// Time zones where French establishments are: IANA name, words on the screen.
pub(super) const ZONES: &[(&str, &str)] = &[
    ("Europe/Paris", "Hexagone et Corse (heure de Paris)"),
    ("America/Guadeloupe", "Guadeloupe, Saint-Martin, Saint-Barthélemy"),
    ("America/Martinique", "Martinique"),
    ("America/Cayenne", "Guyane"),
    ("Indian/Reunion", "La Réunion"),
    ("Indian/Mayotte", "Mayotte"),
    ("America/Miquelon", "Saint-Pierre-et-Miquelon"),
    ("Pacific/Noumea", "Nouvelle-Calédonie"),
    ("Pacific/Tahiti", "Polynésie française : îles de la Société, Tuamotu, Australes"),
    ("Pacific/Marquesas", "Polynésie française : Marquises"),
    ("Pacific/Gambier", "Polynésie française : Gambier"),
    ("Pacific/Wallis", "Wallis-et-Futuna"),
];

/// The fields as they came.
#[derive(Debug, Clone, Default)]
pub(super) struct Entered(pub(super) Vec<(String, String)>);

/// What is wrong: a field, a sentence.
pub(super) type Faults = Vec<(&'static str, String)>;

/// Everything an establishment begins with.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) establishment: EstablishmentNamed,
    pub(super) device: String,
    pub(super) person: PersonNamed,
    pub(super) login: String,
    pub(super) password: String,
}

impl Entered {
    /// A field as it came, empty when absent.
    pub(super) fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// A field without surrounding blanks.
    pub(super) fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// What to begin with, or everything that is wrong.
    pub(super) fn wanted(&self) -> Result<Wanted, Faults> {
        let mut faults = Faults::new();
        for (name, chars_max) in [
            ("name", NAME_CHARS_MAX),
            ("device", DEVICE_NAME_CHARS_MAX),
            ("person", NAME_CHARS_MAX),
            ("function", NAME_CHARS_MAX),
            ("login", LOGIN_CHARS_MAX),
        ] {
            faults.extend(text_fault(self.get(name), chars_max).map(|sentence| (name, sentence)));
        }
        let known =
            [("kind", self.kind().is_some()), ("time_zone", ZONES.iter().any(|(zone, _)| *zone == self.get("time_zone")))];
        let unknown = known.into_iter().filter(|(_, known)| !known);
        faults.extend(unknown.map(|(name, _)| (name, "Choisissez dans la liste.".to_owned())));
        if self.get("login").contains(char::is_whitespace) {
            faults.push(("login", "Un identifiant n’a pas d’espace : « c.lenoir », par exemple.".to_owned()));
        }
        faults.extend(finess_fault(&finess(self.get("finess"))).map(|sentence| ("finess", sentence.to_owned())));
        faults.extend(self.password_faults());
        if faults.is_empty() { Ok(self.read()) } else { Err(faults) }
    }

    fn kind(&self) -> Option<EstablishmentKind> {
        EstablishmentKind::from_name(self.get("kind"))
    }

    fn read(&self) -> Wanted {
        let owned = |name: &str| self.get(name).to_owned();
        Wanted {
            establishment: EstablishmentNamed {
                name: owned("name"),
                time_zone: owned("time_zone"),
                kind: self.kind(),
                finess: finess(self.get("finess")),
                ..EstablishmentNamed::default()
            },
            device: owned("device"),
            person: PersonNamed { name: owned("person"), function: owned("function") },
            login: owned("login"),
            password: self.raw("password").to_owned(),
        }
    }

    fn password_faults(&self) -> Faults {
        let (password, again) = (self.raw("password"), self.raw("again"));
        let chars = password.chars().count();
        let mut faults = Faults::new();
        if chars > PASSWORD_CHARS_MAX {
            faults.push((
                "password",
                format!("Le mot de passe ne dépasse pas {PASSWORD_CHARS_MAX} caractères : raccourcissez-le."),
            ));
        } else if chars < PASSWORD_CHARS_MIN {
            let sentence = format!(
                "Il faut {PASSWORD_CHARS_MIN} caractères au moins ; quatre mots au hasard conviennent. Tapez de nouveau les deux."
            );
            faults.push(("password", sentence));
        } else if password.to_lowercase() == self.get("login").to_lowercase() {
            faults.push(("password", "Le mot de passe est le même que l’identifiant : choisissez-en un autre.".to_owned()));
        } else if password != again {
            faults.push(("again", "Les deux mots de passe diffèrent : tapez de nouveau les deux.".to_owned()));
        }
        faults
    }
}

fn text_fault(text: &str, chars_max: usize) -> Option<String> {
    let chars = text.chars().count();
    if chars == 0 {
        return Some("Ce champ est vide : remplissez-le.".to_owned());
    }
    if text.chars().any(char::is_control) {
        return Some("Ce texte contient un caractère invisible : tapez-le de nouveau.".to_owned());
    }
    (chars > chars_max).then(|| format!("Ce texte compte {chars} caractères ; le maximum est {chars_max}. Raccourcissez-le."))
}

/// A FINESS number as it is compared: without blanks, in capitals.
fn finess(typed: &str) -> String {
    typed.chars().filter(|c| !c.is_whitespace() && *c != '.').collect::<String>().to_uppercase()
}

/// What is wrong with a FINESS number, which nobody has to give: nine characters, the department first (2A and 2B in
/// Corsica), the last one a key by Luhn's formula. The key of a Corsican number is not checked: no source says how its
/// letter counts.
fn finess_fault(number: &str) -> Option<&'static str> {
    if number.is_empty() {
        return None;
    }
    let corsican = number.strip_prefix("2A").or_else(|| number.strip_prefix("2B"));
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if number.chars().count() != 9 || !all_digits(corsican.unwrap_or(number)) {
        return Some("Un numéro FINESS a neuf chiffres (2A ou 2B au début en Corse) : vérifiez-le, ou laissez vide.");
    }
    let wrong = corsican.is_none() && !luhn(number).is_multiple_of(10);
    wrong.then_some("Ce numéro FINESS a une erreur de frappe (sa clé ne convient pas) : vérifiez-le, ou laissez vide.")
}

/// Luhn's sum of a number: every second digit from the right doubled, its digits added (ISO/IEC 7812-1, annex B).
fn luhn(number: &str) -> u32 {
    let digits = number.chars().rev().filter_map(|c| c.to_digit(10)).enumerate();
    digits.map(|(at, digit)| if at % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_of_the_list_is_known() {
        assert!(ZONES.iter().all(|(zone, _)| jiff::tz::TimeZone::get(zone).is_ok()));
    }

    #[test]
    fn a_finess_number_has_nine_characters_and_a_key() {
        // Made up, with the key that the formula gives.
        for number in ["", "990 000 002", "2a0000014", "2B0000001"] {
            assert_eq!(finess_fault(&finess(number)), None, "{number}");
        }
        for number in ["990000005", "909000004", "99000000", "9900000040", "99000000A", "2C0000014", "²90000004"] {
            assert!(finess_fault(&finess(number)).is_some(), "{number}");
        }
    }

    #[test]
    fn a_password_is_long_typed_twice_and_not_the_login() {
        let faults = |login: &str, password: &str, again: &str| {
            let fields = [("login", login), ("password", password), ("again", again)];
            let entered = Entered(fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
            entered.password_faults().iter().map(|(field, _)| *field).collect::<Vec<_>>()
        };
        assert!(faults("marchand", "onze lettres", "onze lettres").is_empty());
        // Blanks at its ends are part of a password.
        assert_eq!(faults("marchand", "onze lettres", "onze lettres "), ["again"]);
        assert_eq!(faults("marchand", "onze lettre", "onze lettre"), ["password"]);
        assert_eq!(faults("jean-marchand", "Jean-Marchand", "Jean-Marchand"), ["password"]);
        let long = "x".repeat(PASSWORD_CHARS_MAX + 1);
        assert_eq!(faults("marchand", &long, &long), ["password"]);
    }
}
