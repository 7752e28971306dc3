//! Whom to call about an element: who answers for it, who provides it, who administers it, who is on duty.

use super::words::{ever, name};
use crate::shell::Page;
use crate::situation::words::begun;
use crate::typography::fr;
use crate::urgence::dialled;
use domain::cartography::Thing;
use domain::cartography::kind::View;
use domain::cartography::names::folded;
use domain::register::Register;
use maud::{Markup, html};

/// Most turns of duty listed.
const TURNS_MAX: usize = 6;

/// Somebody to call.
struct Contact {
    as_what: String,
    who: String,
    /// Where the register says more, if it does.
    page: Option<String>,
    phones: Vec<String>,
    hint: String,
}

fn filled(texts: [&str; 2]) -> Vec<String> {
    texts.into_iter().filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

fn person(register: &Register, as_what: &str, who: &str) -> Contact {
    let found = register.present().find(|(_, person)| folded(&person.name) == folded(who));
    Contact {
        as_what: as_what.to_owned(),
        who: who.to_owned(),
        page: found.map(|(actor, _)| format!("/annuaire/personnes/{}", journal::SubjectId(actor.0))),
        phones: found.map(|(actor, _)| register.phones(actor).into_iter().map(str::to_owned).collect()).unwrap_or_default(),
        hint: found.map(|(_, person)| person.function.clone()).unwrap_or_default(),
    }
}

/// A provider or a partner of that name, as the register knows it.
fn organisation(register: &Register, as_what: &str, who: &str) -> Option<Contact> {
    let same = |name: &str| folded(name) == folded(who);
    let of = |slug: &str, id, name: &str, phones, hint: String| Contact {
        as_what: as_what.to_owned(),
        who: name.to_owned(),
        page: Some(format!("/annuaire/{slug}/{id}")),
        phones,
        hint,
    };
    let provider = register.providers.iter().find(|(_, p)| same(&p.name));
    let provider = provider.map(|(id, p)| of("prestataires", id, &p.name, filled([&p.phone, ""]), joined(&[&p.hours, &p.email])));
    provider.or_else(|| {
        let (id, p) = register.partners.iter().find(|(_, p)| same(&p.name))?;
        Some(of("partenaires", id, &p.name, filled([&p.phone, &p.phone_2]), joined(&[&p.hours, &p.email])))
    })
}

fn joined(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" · ")
}

fn contacts(page: &Page<'_>, thing: Thing<'_>) -> Vec<Contact> {
    let state = &page.visitor.view.state;
    let (register, map) = (&state.register, &state.cartography);
    let mut all: Vec<Contact> = thing.owner().map(|who| person(register, "en répond", who)).into_iter().collect();
    if let Some((id, unit)) = thing.unit().and_then(|id| Some((id, register.units.get(&id)?))) {
        let page = Some(format!("/annuaire/unites/{id}"));
        let (who, phones) = (unit.name.clone(), filled([&unit.phone, ""]));
        all.push(Contact { as_what: "unité".to_owned(), who, page, phones, hint: String::new() });
    }
    let Thing::Asset(asset) = thing else { return all };
    let set = asset.now();
    let provider = set.provider.and_then(|id| register.providers.get(&id));
    all.extend(provider.and_then(|provider| organisation(register, "prestataire", &provider.name)));
    if let Some(by) = set.managed_by {
        let called = name(map, &by);
        let owner = ever(map, &by).and_then(Thing::owner).map(|who| person(register, "gestionnaire", who));
        let page = Some(super::super::thing_path(&by));
        let plain =
            || Contact { as_what: "gestionnaire".to_owned(), who: called.clone(), page, phones: Vec::new(), hint: String::new() };
        all.push(organisation(register, "gestionnaire", &called).or(owner).unwrap_or_else(plain));
    }
    // A provider or a partner of the ecosystem is itself called.
    all.extend(organisation(register, "lui-même", &set.name));
    all
}

/// Words that the lists of duty for such an element bear in their name, the most to the point first. Lists are named by people:
/// none of these words means that nothing is known, and all of them are shown.
fn wanted(thing: Thing<'_>) -> &'static [&'static str] {
    match thing.view() {
        View::Biomedical => &["biomédical", "informatique"],
        View::Physical => &["technique", "informatique"],
        View::Applications | View::Administration | View::Logical => &["informatique", "numérique", "système"],
        View::Business | View::Ecosystem => &[],
    }
}

fn turns(page: &Page<'_>, thing: Thing<'_>) -> Vec<Contact> {
    let register = &page.visitor.view.state.register;
    let wanted = wanted(thing);
    let rank = |list: &str| wanted.iter().position(|word| folded(list).contains(word));
    let mut turns = register.on_duty(page.now);
    if turns.iter().any(|(_, turn)| rank(&turn.list).is_some()) {
        turns.retain(|(_, turn)| rank(&turn.list).is_some());
    }
    turns.sort_by_key(|(_, turn)| rank(&turn.list));
    let contact = turns.into_iter().take(TURNS_MAX).map(|(_, turn)| {
        let own = || turn.person.map(|actor| register.phones(&actor).into_iter().map(str::to_owned).collect());
        let phones = if turn.phone.is_empty() { own().unwrap_or_default() } else { vec![turn.phone.clone()] };
        let who = turn.person.map_or_else(|| turn.name.clone(), |actor| register.name(&actor));
        let page_of = turn.person.map(|actor| format!("/annuaire/personnes/{}", journal::SubjectId(actor.0)));
        let hint = format!("jusqu’au {}", page.local.day_and_time(turn.until));
        Contact { as_what: turn.list.clone(), who, page: page_of, phones, hint }
    });
    contact.collect()
}

/// The section.
pub(super) fn section(page: &Page<'_>, thing: Thing<'_>) -> Markup {
    let (mine, on_duty) = (contacts(page, thing), turns(page, thing));
    html! {
        section.panel aria-labelledby="appeler" {
            header { h2 #appeler { "Qui appeler" } span.more.small { a href="/annuaire/astreintes" { "Astreintes" } } }
            @if mine.is_empty() { p.empty { "Personne n’en répond, aucun prestataire n’est nommé : dites-le dans sa fiche avant d’en avoir besoin." } }
            @else { ul.calls { @for contact in &mine { (line(contact)) } } }
            @if !on_duty.is_empty() { p.small.muted.tight { "D’astreinte en ce moment" } ul.calls { @for contact in &on_duty { (line(contact)) } } }
        }
    }
}

fn line(contact: &Contact) -> Markup {
    html! { li {
        span.who { (fr(&begun(&contact.as_what))) (fr(" : ")) @match &contact.page { Some(path) => a href=(path) { (fr(&contact.who)) }, None => b { (fr(&contact.who)) } } }
        @if !contact.hint.is_empty() { " " span.muted.small { (fr(&contact.hint)) } }
        span.phones { @for number in &contact.phones { a.tel href={ "tel:" (dialled(number)) } { (number) } " " }
            @if contact.phones.is_empty() { span.st.warn.small { "aucun numéro" } } }
    } }
}
