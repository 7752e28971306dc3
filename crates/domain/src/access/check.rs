//! May this be recorded about an account, now, by this author?

use super::event::{
    AccountBlocked, AccountOpened, AccountUnblocked, AttemptRefused, CodeUsed, CodesIssued, CodesRevoked, PasswordChanged,
    PasswordGiven, RecoveryAsked, RecoveryGranted, RecoveryUsed, SessionsEnded,
};
use super::{Recovery, Series};
use crate::capability::{Asked, Checked};
use crate::refusal::{Refusal, text_within};
use crate::register::Role;
use crate::state::State;
use journal::authority::ADMIN_RANK;
use journal::engine::PROGRAM;
use journal::write::Author;
use journal::{ActorId, Auth, AuthorityAct, EntryId};

/// Most characters of a login.
pub const LOGIN_CHARS_MAX: usize = 60;
/// Most characters of a reason.
pub const REASON_CHARS_MAX: usize = 300;
/// Most codes on a sheet.
pub const CODES_MAX: u8 = 10;
/// Most sheets kept in sight.
pub const SERIES_MAX: usize = 1_000;
/// Characters of a sheet's serial.
pub const SERIAL_CHARS: usize = 4;
/// Most characters of a kind or of a code of refusal.
const NAME_CHARS_MAX: usize = 60;
/// From this rank on, one of the two who vouch is senior enough.
pub const VOUCHER_RANK: u8 = 30;

fn rank(state: &State, actor: &ActorId) -> u8 {
    state.register.role(actor).map_or(0, Role::rank)
}

/// Who grants roles manages accounts, and nobody those of their seniors.
fn manages(asked: &Asked<'_>) -> Result<ActorId, Refusal> {
    if rank(asked.state, &asked.author.actor) < ADMIN_RANK {
        let sentence = "Seuls la direction et l’administrateur gèrent les comptes : demandez-leur.";
        return Err(Refusal::new("not_administrator", sentence));
    }
    let actor = ActorId(asked.subject.0);
    person(asked.state, actor)?;
    not_senior(asked.state, asked.author, actor, rank(asked.state, &actor))?;
    Ok(actor)
}

fn person(state: &State, actor: ActorId) -> Result<(), Refusal> {
    if actor != PROGRAM && state.register.people.contains_key(&actor) {
        return Ok(());
    }
    Err(Refusal::new("unknown_person", "Cette personne n’est pas à l’annuaire : inscrivez-la d’abord."))
}

/// Nobody touches a rank above their own while somebody else holds it; while nobody does, an administrator fills the place.
fn not_senior(state: &State, author: &Author, about: ActorId, touched: u8) -> Result<(), Refusal> {
    let own = rank(state, &author.actor);
    let others = || state.register.people.iter().filter(|(actor, _)| **actor != about && **actor != author.actor);
    if touched <= own || !others().any(|(actor, _)| rank(state, actor) >= touched) {
        return Ok(());
    }
    Err(Refusal::new("senior", "Cette personne ou ce rôle est au-dessus de votre rôle : demandez à la direction."))
}

/// What authority acts must respect besides their own rules: seniority, and that somebody can still grant a role.
pub(crate) fn act(state: &State, author: &Author, act: &AuthorityAct) -> Result<(), Refusal> {
    if author.actor == PROGRAM {
        return Ok(());
    }
    let (about, new) = match act {
        AuthorityAct::RoleGranted { actor, rank, .. } => (*actor, *rank),
        AuthorityAct::RoleWithdrawn { actor, .. } => (*actor, 0),
        _ => return Ok(()),
    };
    if about == PROGRAM {
        return Err(Refusal::new("unknown_person", "Le programme ne tient aucun rôle."));
    }
    if about == author.actor && new > rank(state, &about) {
        return Err(Refusal::new("own_rank", "Nul ne relève son propre rôle : une autre personne doit vous l’accorder."));
    }
    not_senior(state, author, about, new.max(rank(state, &about)))?;
    let another = |actor: &ActorId| *actor != about && rank(state, actor) >= ADMIN_RANK;
    if new < ADMIN_RANK && rank(state, &about) >= ADMIN_RANK && !state.register.people.keys().any(another) {
        let sentence =
            "Il ne resterait personne pour accorder un rôle : donnez d’abord celui d’administrateur à quelqu’un d’autre.";
        return Err(Refusal::new("last_administrator", sentence));
    }
    Ok(())
}

/// A sentence for people: neither empty, nor overlong, nor with characters that nobody sees.
fn reason(text: &str) -> Result<(), Refusal> {
    text_within("reason", text, REASON_CHARS_MAX)?;
    if text.chars().any(|c| c.is_control() && c != '\n') {
        let sentence = "Ce texte contient des caractères invisibles : tapez-le de nouveau.";
        return Err(Refusal::field("control_characters", "reason", sentence));
    }
    Ok(())
}

/// Refuses a login that cannot be typed the same way on every keyboard.
///
/// # Errors
/// A refusal about `login`.
pub fn login(text: &str) -> Result<(), Refusal> {
    let chars = text.chars().count();
    let typed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | '@');
    if (2..=LOGIN_CHARS_MAX).contains(&chars) && text.chars().all(typed) {
        return Ok(());
    }
    let sentence = format!(
        "Un identifiant a de 2 à {LOGIN_CHARS_MAX} caractères : lettres sans accent, chiffres, point, tiret. Par exemple « c.lenoir »."
    );
    Err(Refusal::field("bad_login", "login", sentence))
}

impl Checked for AccountOpened {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let actor = manages(asked)?;
        login(&self.login)?;
        let access = &asked.state.access;
        if access.opened.contains_key(&actor) {
            return Err(Refusal::new(
                "already_open",
                "Cette personne a déjà un compte : donnez-lui plutôt un nouveau mot de passe.",
            ));
        }
        if access.opened.values().any(|taken| *taken == self.login) {
            let sentence = "Cet identifiant est déjà pris : ajoutez un chiffre ou l’initiale du prénom.";
            return Err(Refusal::field("login_taken", "login", sentence));
        }
        Ok(())
    }
}

impl Checked for AccountBlocked {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let actor = manages(asked)?;
        reason(&self.reason)?;
        if actor == asked.author.actor {
            return Err(Refusal::new(
                "own_account",
                "Vous ne pouvez pas bloquer votre propre compte : sortez, ou demandez à un collègue.",
            ));
        }
        if asked.state.access.blocked.contains_key(&actor) {
            return Err(Refusal::new("unchanged", "Ce compte est déjà bloqué."));
        }
        Ok(())
    }
}

impl Checked for AccountUnblocked {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let actor = manages(asked)?;
        let blocked = asked.state.access.blocked.contains_key(&actor);
        if blocked { Ok(()) } else { Err(Refusal::new("unchanged", "Ce compte n’est pas bloqué.")) }
    }
}

impl Checked for PasswordGiven {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        manages(asked).map(|_| ())
    }
}

/// What everybody does to their own account.
fn own(asked: &Asked<'_>) -> Result<(), Refusal> {
    if asked.subject.0 == asked.author.actor.0 {
        return Ok(());
    }
    Err(Refusal::new("not_administrator", "Ce compte n’est pas le vôtre."))
}

impl Checked for PasswordChanged {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        own(asked)
    }
}

impl Checked for SessionsEnded {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        own(asked).or_else(|_| manages(asked).map(|_| ()))
    }
}

fn serial(text: &str) -> Result<(), Refusal> {
    if text.len() == SERIAL_CHARS && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
        return Ok(());
    }
    Err(Refusal::field("bad_series", "series", "Ce numéro de feuille n’en est pas un : rechargez la page."))
}

impl Checked for CodesIssued {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let actor = manages(asked)?;
        serial(&self.series)?;
        if !(1..=CODES_MAX).contains(&self.count) {
            let sentence = format!("Une feuille porte de 1 à {CODES_MAX} codes.");
            return Err(Refusal::field("bad_count", "count", sentence));
        }
        if rank(asked.state, &actor) == 0 {
            return Err(Refusal::new("person_without_role", "Cette personne n’a pas de rôle ici : donnez-lui en un d’abord."));
        }
        let series = &asked.state.access.series;
        if series.contains_key(&self.series) {
            return Err(Refusal::field("series_taken", "series", "Ce numéro de feuille existe déjà : recommencez."));
        }
        if series.len() >= SERIES_MAX {
            return Err(Refusal::new("too_many", "Trop de feuilles de codes ont été émises dans ce journal."));
        }
        Ok(())
    }
}

impl Checked for CodesRevoked {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let actor = manages(asked)?;
        reason(&self.reason)?;
        match asked.state.access.series.get(&self.series) {
            Some(Series { revoked: true, .. }) => Err(Refusal::new("unchanged", "Cette feuille est déjà annulée.")),
            Some(series) if series.actor == actor => Ok(()),
            _ => Err(Refusal::field("unknown_series", "series", "Cette feuille de codes n’existe pas.")),
        }
    }
}

impl Checked for CodeUsed {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        own(asked)?;
        serial(&self.series)?;
        if asked.author.auth != Auth::BreakGlass {
            return Err(Refusal::new("program_only", "Un code d’urgence se tape à la porte."));
        }
        let access = &asked.state.access;
        let blocked = access.blocked.contains_key(&asked.author.actor);
        if blocked || rank(asked.state, &asked.author.actor) == 0 {
            let sentence = "Ce code appartient à un compte bloqué ou sans rôle : appelez la direction.";
            return Err(Refusal::new("no_role", sentence));
        }
        // A sheet nobody knows was made on the server's own machine: it opens, and shows as such.
        let Some(series) = access.series.get(&self.series) else { return Ok(()) };
        if series.actor != asked.author.actor {
            return Err(Refusal::new("unknown_code", "Ce code n’existe pas."));
        }
        if series.revoked {
            return Err(Refusal::new("code_revoked", "Cette feuille de codes a été annulée : prenez-en une autre."));
        }
        if series.used.contains_key(&self.number) {
            return Err(Refusal::new("code_used", "Ce code a déjà servi : rayez-le, et prenez le suivant sur la feuille."));
        }
        Ok(())
    }
}

fn vouches(asked: &Asked<'_>) -> Result<ActorId, Refusal> {
    asked.writes()?;
    let actor = ActorId(asked.subject.0);
    if actor == asked.author.actor {
        return Err(Refusal::new("same_person", "Nul ne répond de soi-même : deux autres personnes doivent le faire."));
    }
    person(asked.state, actor)?;
    if rank(asked.state, &actor) == 0 || asked.state.access.blocked.contains_key(&actor) {
        let sentence = "Cette personne n’a pas de rôle ici, ou son compte est bloqué : c’est à la direction d’en décider.";
        return Err(Refusal::new("person_without_role", sentence));
    }
    Ok(actor)
}

impl Checked for RecoveryAsked {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        vouches(asked)?;
        reason(&self.reason)
    }
}

fn recovery<'a>(asked: &'a Asked<'_>, id: &EntryId) -> Result<&'a Recovery, Refusal> {
    let found = asked.state.access.recoveries.get(id).filter(|r| r.actor.0 == asked.subject.0);
    found.ok_or_else(|| {
        Refusal::new("not_asked", "Personne n’a demandé ce secours : demandez-le, une autre personne l’accordera.")
    })
}

impl Checked for RecoveryGranted {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        vouches(asked)?;
        let recovery = recovery(asked, &self.asked)?;
        if recovery.asked_by == asked.author.actor {
            return Err(Refusal::new("same_signer", "Vous avez demandé ce secours : une seconde personne doit l’accorder."));
        }
        if recovery.granted.is_some() {
            return Err(Refusal::new(
                "already_granted",
                "Ce secours est déjà accordé : demandez-en un autre si les mots sont perdus.",
            ));
        }
        if rank(asked.state, &asked.author.actor).max(rank(asked.state, &recovery.asked_by)) < VOUCHER_RANK {
            let sentence =
                "L’un de vous deux doit être au moins secrétaire de cellule : demandez à quelqu’un qui l’est d’accorder.";
            return Err(Refusal::new("not_secretary", sentence));
        }
        Ok(())
    }
}

impl Checked for RecoveryUsed {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        own(asked)?;
        let recovery = recovery(asked, &self.asked)?;
        if recovery.granted.is_none() || recovery.used_at.is_some() {
            return Err(Refusal::new("recovery_over", "Ces mots ne valent plus : demandez un nouveau secours."));
        }
        if asked.state.access.blocked.contains_key(&asked.author.actor) {
            return Err(Refusal::new("no_role", "Ce compte est bloqué : appelez la direction."));
        }
        Ok(())
    }
}

impl Checked for AttemptRefused {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        if asked.author.actor != PROGRAM {
            return Err(Refusal::new("program_only", "Seul le programme note cela."));
        }
        text_within("kind", &self.kind, NAME_CHARS_MAX)?;
        text_within("code", &self.code, NAME_CHARS_MAX)
    }
}
