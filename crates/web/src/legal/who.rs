//! Who does what the law asks: whoever holds the function in the register, with numbers that a telephone dials.

use crate::typography::fr;
use crate::urgence::dialled;
use domain::register::Register;
use maud::{Markup, html};

/// The words for a function: the register's, else the shipped ones, else its key.
pub(crate) fn label<'a>(register: &'a Register, key: &'a str) -> &'a str {
    let held = register.function(key).map(|f| f.label.as_str()).filter(|label| !label.is_empty());
    held.or_else(|| content::functions::get(key).map(|f| f.label.as_str())).unwrap_or(key)
}

/// Name and numbers of whoever holds a function: its holder, else the first deputy.
pub(crate) fn holder<'a>(register: &'a Register, key: &str) -> Option<(String, Vec<&'a str>)> {
    let function = register.function(key)?;
    let actor = register.holder(function).or_else(|| register.deputies(function).into_iter().next())?;
    Some((register.name(&actor), register.phones(&actor)))
}

/// `DPO : H. Vasseur, 06 12 34 56 78`, the numbers as links.
pub(super) fn show(register: &Register, key: &str) -> Markup {
    let held = holder(register, key);
    html! {
        (fr(label(register, key)))
        @match held {
            Some((name, phones)) => {
                (fr(" : ")) b { (fr(&name)) }
                @for phone in phones { ", " a href={ "tel:" (dialled(phone)) } { (phone) } }
            }
            None => { ", " span.warn { "personne au registre" } }
        }
    }
}

/// Whom to reach: the partner as the register knows it, with its numbers.
pub(super) fn partner(register: &Register, clock: &str) -> Markup {
    let code = content::clocks::get(clock).map(|c| c.partner.as_str()).filter(|code| !code.is_empty());
    let known = code.and_then(|code| register.partners.iter().find(|(_, partner)| partner.code == code));
    html! { @if let Some((id, partner)) = known {
        b { (fr(&partner.name)) }
        @for phone in [&partner.phone, &partner.phone_2].into_iter().filter(|phone| !phone.is_empty()) {
            ", " a href={ "tel:" (dialled(phone)) } { (phone) } }
        @if !partner.email.is_empty() { ", " (partner.email) }
        @if !partner.phone.is_empty() && register.verification(id).is_none() { " " span.warn { "numéro à vérifier" } }
    } }
}
