//! Units and their capacity.

use crate::register::look::{Look, Of, fold};
use crate::register::sheet::{Column, Input, Keys, Sheet, in_words, number, text, yes_no};
use crate::shell::Page;
use crate::today::plural;
use crate::typography::fr;
use domain::Event;
use domain::register::Register;
use domain::register::event::{Set, Unit};
use domain::register::table::Record;
use journal::SubjectId;
use maud::{Markup, html};

/// A capacity, empty when there is none.
macro_rules! capacity {
    ($field:ident, $head:literal, [$($also:literal),*], $hint:literal) => {
        Column {
            name: stringify!($field),
            head: $head,
            also: &[$($also),*],
            hint: $hint,
            input: Input::Number,
            show: |unit, _| if unit.$field == 0 { String::new() } else { unit.$field.to_string() },
            read: |unit, text, _| {
                unit.$field = number(text)?;
                Ok(())
            },
        }
    };
}

impl Sheet for Unit {
    const SLUG: &'static str = "unites";
    const ADD: &'static str = "Ajouter une unité";
    const TITLE: &'static str = "Unités";
    const EMPTY: &'static str =
        "Aucune unité. Ajoutez-les une à une, ou importez un tableau : le modèle se télécharge ci-dessous.";
    const COLUMNS: &'static [Column<Self>] = &[
        text!(name, "Nom", ["unité", "service", "libellé", "unité fonctionnelle"], Input::Line, ""),
        text!(
            code,
            "Code",
            ["uf", "code uf", "code interne", "identifiant"],
            Input::Line,
            "facultatif ; un import retrouve l’unité par lui"
        ),
        Column {
            name: "site",
            head: "Site",
            also: &["lieu", "établissement"],
            hint: "un lieu de l’annuaire",
            input: Input::Ref(Of::Place),
            show: |unit, look| look.label(Of::Place, unit.site),
            read: |unit, text, look| {
                unit.site = look.find(Of::Place, text)?;
                Ok(())
            },
        },
        text!(pole, "Pôle", ["pole", "département"], Input::Line, ""),
        capacity!(beds, "Lits", ["nombre de lits", "lits installés"], "lits installés"),
        capacity!(places, "Places", ["nombre de places", "places hdj"], "hôpital de jour, ambulatoire"),
        capacity!(posts, "Postes", ["nombre de postes"], "dialyse, salles, modalités d’imagerie"),
        text!(phone, "Téléphone", ["tel", "poste", "numéro"], Input::Phone, "celui du poste de soins"),
        Column {
            name: "open_at_night",
            head: "Ouverte la nuit",
            also: &["nuit", "24h/24"],
            hint: "",
            input: Input::YesNo,
            show: |unit, _| in_words(unit.open_at_night),
            read: |unit, text, _| {
                unit.open_at_night = yes_no(text)?;
                Ok(())
            },
        },
    ];
    const SHOWN: &'static [&'static str] = &["site", "pole", "beds", "places", "posts", "phone", "open_at_night"];

    fn record<'a>(register: &'a Register, id: &SubjectId) -> Option<&'a Record<Self>> {
        register.units.record(id)
    }

    fn all(register: &Register) -> Vec<(SubjectId, &Self)> {
        let mut all: Vec<_> = register.units.iter().map(|(id, unit)| (*id, unit)).collect();
        all.sort_by_cached_key(|(id, unit)| (fold(register.place_name(unit.site)), fold(&unit.pole), fold(&unit.name), *id));
        all
    }

    fn title(&self, _: &Look<'_>) -> String {
        self.name.clone()
    }

    fn keys(&self, _: &Look<'_>) -> Keys {
        let more = self.site.map(|id| id.to_string()).unwrap_or_default();
        Keys { code: fold(&self.code), name: fold(&self.name), more }
    }

    fn event(set: Set<Self>) -> Event {
        Event::UnitSet(set)
    }

    fn intro(look: &Look<'_>, _: &Page<'_>) -> Markup {
        let register = look.register;
        let sum = |of: fn(&Unit) -> u32| register.units.iter().map(|(_, unit)| u64::from(of(unit))).sum::<u64>();
        let words = format!(
            "{} : {}, {}, {}.",
            plural(register.units.count() as u64, "unité", "unités"),
            plural(sum(|u| u.beds), "lit", "lits"),
            plural(sum(|u| u.places), "place", "places"),
            plural(sum(|u| u.posts), "poste", "postes")
        );
        html! { @if register.units.count() > 0 { p.lead { (fr(&words)) } } }
    }
}
