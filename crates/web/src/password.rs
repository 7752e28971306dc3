//! Passwords: argon2id, a few at a time.

use crate::limits::{PASSWORD_CHARS_MAX, PASSWORDS_AT_ONCE_MAX, PASSWORDS_WAITING_MAX};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Fewest characters of a new password: length alone makes it strong (ANSSI, « Recommandations relatives à
/// l’authentification multifacteur et aux mots de passe », 2021: 12 at least for an account of some consequence).
pub const PASSWORD_CHARS_MIN: usize = 12;
/// What everybody tries first.
const OBVIOUS: [&str; 12] = [
    "motdepasse",
    "password",
    "azerty",
    "azertyuiop",
    "qwerty",
    "qwertyuiop",
    "hopital",
    "bonjour",
    "soleil",
    "planblanc",
    "admin",
    "administrateur",
];

/// The PHC string of a new password under a random salt (argon2id, 19 MiB, two passes: OWASP's minimum).
///
/// # Errors
/// A sentence: the password is too short or too long.
pub fn hash(password: &str, salt: &[u8; 16]) -> Result<String, String> {
    let chars = password.chars().count();
    if !(PASSWORD_CHARS_MIN..=PASSWORD_CHARS_MAX).contains(&chars) {
        return Err(format!("le mot de passe doit avoir de {PASSWORD_CHARS_MIN} à {PASSWORD_CHARS_MAX} caractères"));
    }
    let hashed = Argon2::default().hash_password_with_salt(password.as_bytes(), salt);
    hashed.map(|phc: PasswordHash| phc.to_string()).map_err(|error| error.to_string())
}

/// Why a password is too easily guessed by somebody who knows the person and the place.
///
/// # Errors
/// A sentence that says what to do.
pub fn not_obvious(password: &str, login: &str, establishment: &str) -> Result<(), String> {
    let letters = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect::<String>();
    let bare = letters(password);
    let known = [letters(login), letters(establishment)];
    let repeated = |word: &str| !word.is_empty() && bare.len() % word.len() == 0 && bare == word.repeat(bare.len() / word.len());
    let first = password.chars().next();
    if bare.is_empty() || password.chars().all(|c| Some(c) == first) {
        return Err(
            "Ce mot de passe n’a que des chiffres ou un seul signe : prenez plutôt trois ou quatre mots sans lien.".to_owned()
        );
    }
    if OBVIOUS.into_iter().chain(known.iter().map(String::as_str)).any(repeated) {
        return Err("Ce mot de passe se devine trop vite (un mot courant, votre nom ou celui de l’établissement) : \
            prenez plutôt trois ou quatre mots sans lien."
            .to_owned());
    }
    Ok(())
}

/// Whether this is the password behind a PHC string. Without one, the same time is spent to say no: an unknown login
/// answers as slowly as a known one.
fn matches(password: &str, phc: Option<&str>) -> bool {
    let parsed = phc.and_then(|text| PasswordHash::new(text).ok());
    match parsed {
        Some(phc) => Argon2::default().verify_password(password.as_bytes(), &phc).is_ok(),
        None => {
            let mut out = [0; 32];
            // Only its duration matters.
            let _ = Argon2::default().hash_password_into(password.as_bytes(), &[0; 16], &mut out);
            false
        }
    }
}

/// Checks passwords on threads of their own, few at a time.
pub(crate) struct Desk {
    working: Arc<Semaphore>,
    waiting: Semaphore,
}

impl Default for Desk {
    fn default() -> Self {
        Self { working: Arc::new(Semaphore::new(PASSWORDS_AT_ONCE_MAX)), waiting: Semaphore::new(PASSWORDS_WAITING_MAX) }
    }
}

impl Desk {
    /// The PHC string of a new password, made on a thread of its own.
    pub(crate) async fn hash(&self, password: String, salt: [u8; 16]) -> Option<Result<String, String>> {
        let working = self.working.clone().acquire_owned().await.ok()?;
        let make = move || {
            let made = hash(&password, &salt);
            drop(working);
            made
        };
        tokio::task::spawn_blocking(make).await.ok()
    }

    /// Whether the password is right; `None` when too many people wait already.
    pub(crate) async fn check(&self, password: String, phc: Option<String>) -> Option<bool> {
        if password.chars().count() > PASSWORD_CHARS_MAX {
            return Some(false);
        }
        let _waiting = self.waiting.try_acquire().ok()?;
        let working = self.working.clone().acquire_owned().await.ok()?;
        let check = move || {
            let right = matches(&password, phc.as_deref());
            drop(working);
            right
        };
        tokio::task::spawn_blocking(check).await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_its_own_hash_only() {
        let phc = hash("cheval de trait", &[3; 16]).unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(matches("cheval de trait", Some(&phc)));
        assert!(!matches("cheval de course", Some(&phc)));
        assert!(!matches("cheval de trait", None));
        assert!(!matches("cheval de trait", Some("rien")));
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        let tried = ["123456789012", "Motdepasse2026!", "azertyazerty", "c.lenoir.2026", "CH d’Essai 2026", "aaaaaaaaaaaa"];
        for password in tried {
            assert!(not_obvious(password, "c.lenoir", "CH d’Essai").is_err(), "{password}");
        }
        for password in ["cheval de trait", "lenoir aime la pluie", "trois petits hopitaux"] {
            assert!(not_obvious(password, "c.lenoir", "CH d’Essai").is_ok(), "{password}");
        }
    }

    #[test]
    fn short_passwords_are_refused() {
        assert!(hash("1234567890a", &[0; 16]).is_err());
        assert!(hash(&"x".repeat(PASSWORD_CHARS_MAX + 1), &[0; 16]).is_err());
    }
}
