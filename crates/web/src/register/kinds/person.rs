//! People: who they are, and the number that rings when the switchboard is down.

use crate::register::look::{Look, Of, fold};
use crate::register::sheet::{Column, Input, Keys, Sheet, text};
use crate::shell::Page;
use crate::today::plural;
use crate::typography::fr;
use domain::Event;
use domain::register::Register;
use domain::register::event::{Card, Set};
use domain::register::table::Record;
use journal::{ActorId, SubjectId};
use maud::{Markup, html};

impl Sheet for Card {
    const SLUG: &'static str = "personnes";
    const ADD: &'static str = "Ajouter une personne";
    const TITLE: &'static str = "Personnes";
    const EMPTY: &'static str = "Personne encore. Ajoutez d’abord ceux qu’on appelle la nuit ; un tableau s’importe d’un coup.";
    const COLUMNS: &'static [Column<Self>] = &[
        text!(name, "Nom", ["nom et prénom", "nom prénom", "personne", "agent"], Input::Line, "comme on l’appelle : Dr A. Roche"),
        text!(
            code,
            "Code",
            ["matricule", "code interne", "identifiant"],
            Input::Line,
            "facultatif ; un import retrouve la personne par lui"
        ),
        text!(function, "Fonction", ["métier", "rôle", "qualité", "poste occupé"], Input::Line, "ce qu’elle fait"),
        text!(
            mobile,
            "Mobile",
            ["portable", "téléphone mobile", "gsm"],
            Input::Phone,
            "celui qui sonne quand le standard est en panne"
        ),
        text!(phone, "Téléphone", ["tel", "fixe", "ligne directe", "dect"], Input::Phone, ""),
        text!(
            email,
            "Courriel",
            ["email", "e-mail", "mail", "adresse électronique"],
            Input::Email,
            "une adresse hors de l’établissement, si possible"
        ),
        Column {
            name: "unit",
            head: "Unité",
            also: &["service"],
            hint: "une unité de l’annuaire",
            input: Input::Ref(Of::Unit),
            show: |card, look| look.label(Of::Unit, card.unit),
            read: |card, text, look| {
                card.unit = look.find(Of::Unit, text)?;
                Ok(())
            },
        },
        text!(notes, "Remarques", ["notes", "commentaire", "observations"], Input::Area, ""),
    ];
    const SHOWN: &'static [&'static str] = &["function", "unit", "mobile", "phone"];

    fn record<'a>(register: &'a Register, id: &SubjectId) -> Option<&'a Record<Self>> {
        register.people.get(&ActorId(id.0))?.card.as_deref()
    }

    fn all(register: &Register) -> Vec<(SubjectId, &Self)> {
        let cards = register.people.iter().filter_map(|(actor, person)| Some((SubjectId(actor.0), person.card()?)));
        let mut all: Vec<(SubjectId, &Self)> = cards.collect();
        all.sort_by_cached_key(|(id, card)| (fold(&card.name), *id));
        all
    }

    fn title(&self, _: &Look<'_>) -> String {
        self.name.clone()
    }

    fn keys(&self, _: &Look<'_>) -> Keys {
        Keys { code: fold(&self.code), name: fold(&self.name), more: self.email.to_lowercase() }
    }

    fn event(set: Set<Self>) -> Event {
        Event::PersonSet(set)
    }

    fn status(&self, _: &SubjectId, _: &Look<'_>) -> Vec<(&'static str, String)> {
        if self.phone.is_empty() && self.mobile.is_empty() { vec![("warn", "aucun téléphone".to_owned())] } else { Vec::new() }
    }

    fn intro(look: &Look<'_>, _: &Page<'_>) -> Markup {
        let count = look.register.present().count() as u64;
        let silent = look.register.people_without_phone().len() as u64;
        let words = format!("{} dans l’annuaire.", plural(count, "personne", "personnes"));
        html! {
            @if count > 0 {
                p.lead { (fr(&words)) @if silent > 0 { " " span.st.warn { (plural(silent, "n’a aucun téléphone", "n’ont aucun téléphone")) } } }
            }
        }
    }
}
