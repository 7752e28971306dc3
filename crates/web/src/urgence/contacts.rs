//! Whom somebody alone calls, in order: from the register, and where it is silent, from the shipped content.

use domain::register::Register;
use domain::register::event::Partner;
use journal::{ActorId, SubjectId};

/// Somebody to call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Contact {
    /// Who: a person or an organisation.
    pub(super) who: String,
    /// As what: a duty, a function.
    pub(super) what: String,
    /// Numbers, the best first.
    pub(super) phones: Vec<String>,
    /// When to call, what to know.
    pub(super) hint: String,
    /// Nobody verified the number here: it came with the program, or was only typed in.
    pub(super) unverified: bool,
}

impl Contact {
    /// What the log says once they were called.
    pub(super) fn called(&self) -> String {
        if self.what.is_empty() { format!("Appelé : {}", self.who) } else { format!("Appelé : {}, {}", self.who, self.what) }
    }
}

/// The number that does not change with the establishment.
const SAMU: (&str, &str) = ("samu", "15");
/// Partners whom anybody alone may need, in order.
const ALWAYS: [&str; 2] = ["cert_sante", "samu"];
/// Who decides.
const DIRECTOR: &str = "directeur_crise";

/// On duty now, the director, the alert chain, then the partners; each once.
pub(super) fn in_order(register: &Register, now: i64) -> Vec<Contact> {
    let mut all: Vec<Contact> = register
        .on_duty(now)
        .into_iter()
        .map(|(_, turn)| {
            let mut phones = vec![turn.phone.clone()];
            phones.extend(turn.person.iter().flat_map(|actor| register.phones(actor)).map(str::to_owned));
            contact(turn.name.clone(), turn.list.clone(), phones)
        })
        .collect();
    all.extend(function(register, DIRECTOR));
    all.extend(register.alert_chain().iter().filter_map(|(_, f)| function(register, &f.key)));
    all.extend(ALWAYS.iter().filter_map(|key| partner(register, key)));
    let mut met: Vec<String> = Vec::new();
    all.retain(|contact| {
        let new = !met.contains(&contact.who);
        met.push(contact.who.clone());
        new
    });
    all
}

/// Those a section names, by key: a function or a partner.
pub(super) fn named(register: &Register, keys: &[String]) -> Vec<Contact> {
    keys.iter().filter_map(|key| function(register, key).or_else(|| partner(register, key))).collect()
}

/// A function nobody holds says so rather than hide.
fn function(register: &Register, key: &str) -> Option<Contact> {
    let shipped = content::functions::get(key);
    let Some(held) = register.function(key) else {
        let label = &shipped?.label;
        return Some(contact(label.clone(), String::new(), Vec::new()));
    };
    let reached = |actor: &ActorId| !register.phones(actor).is_empty();
    let able: Vec<ActorId> = register.holder(held).into_iter().chain(register.deputies(held)).collect();
    let Some(actor) = able.iter().find(|actor| reached(actor)).or(able.first()) else {
        return Some(contact(held.label.clone(), String::new(), Vec::new()));
    };
    let phones = register.phones(actor).into_iter().map(str::to_owned).collect();
    Some(contact(register.name(actor), held.label.clone(), phones))
}

fn partner(register: &Register, key: &str) -> Option<Contact> {
    if let Some((id, known)) = register.partners.iter().find(|(_, partner)| partner.code == key) {
        return Some(of_partner(register, id, known, key));
    }
    let shipped = content::partners::get(key)?;
    let number = if key == SAMU.0 { SAMU.1 } else { shipped.number.as_str() };
    let mut made = contact(shipped.name.clone(), String::new(), vec![number.to_owned()]);
    made.hint.clone_from(&shipped.when_to_call);
    made.unverified = key != SAMU.0 && !number.is_empty();
    Some(made)
}

fn of_partner(register: &Register, id: &SubjectId, known: &Partner, key: &str) -> Contact {
    let mut phones = vec![known.phone.clone(), known.phone_2.clone()];
    if key == SAMU.0 && known.phone.is_empty() {
        phones.push(SAMU.1.to_owned());
    }
    let mut made = contact(known.name.clone(), String::new(), phones);
    made.hint.clone_from(&known.when_to_call);
    made.unverified = !known.phone.is_empty() && register.verification(id).is_none();
    made
}

fn contact(who: String, what: String, phones: Vec<String>) -> Contact {
    let mut distinct: Vec<String> = Vec::new();
    for phone in phones {
        if !phone.trim().is_empty() && !distinct.contains(&phone) {
            distinct.push(phone);
        }
    }
    Contact { who, what, phones: distinct, ..Contact::default() }
}

/// What a telephone dials: digits and a leading plus.
pub(crate) fn dialled(phone: &str) -> String {
    phone.chars().enumerate().filter(|(at, c)| c.is_ascii_digit() || (*c == '+' && *at == 0)).map(|(_, c)| c).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_dialled_without_its_spaces() {
        assert_eq!(dialled("09 72 43 91 25"), "0972439125");
        assert_eq!(dialled("+33 (0)1.23"), "+330123");
        assert_eq!(dialled("poste 4312"), "4312");
    }

    #[test]
    fn an_empty_register_still_says_whom_to_call() {
        let all = in_order(&Register::default(), 0);
        let fifteen = all.iter().find(|contact| contact.phones == ["15"]);
        assert!(fifteen.is_some_and(|samu| !samu.unverified), "{all:?}");
        assert!(all.iter().any(|contact| contact.phones.is_empty()), "who is missing is shown: {all:?}");
    }
}
