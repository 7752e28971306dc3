//! Functions of a crisis: who holds each, who stands in, who is called first.

use crate::register::look::{Look, Of, fold};
use crate::register::sheet::{Column, Input, Keys, Sheet, number, text, yes_no};
use crate::shell::Page;
use crate::typography::fr;
use domain::Event;
use domain::register::alarms::Lack;
use domain::register::check::{CODE_CHARS_MAX, DEPUTIES_MAX};
use domain::register::event::{Function, Set};
use domain::register::table::Record;
use domain::register::{Register, function_id};
use journal::{ActorId, SubjectId};
use maud::{Markup, html};

/// Words and mark of what a function lacks.
pub(in crate::register) fn words(lack: Lack) -> (&'static str, &'static str) {
    match lack {
        Lack::Holder => ("down", "sans titulaire"),
        Lack::Alert => ("down", "absent de la chaîne d’alerte"),
        Lack::Phone => ("down", "titulaire sans téléphone"),
        Lack::Deputy => ("warn", "sans suppléant"),
    }
}

fn yes(text: &str) -> Result<bool, String> {
    yes_no(text).map(|answer| answer.unwrap_or(false))
}

fn shown(yes: bool) -> String {
    if yes { "oui" } else { "non" }.to_owned()
}

impl Sheet for Function {
    const SLUG: &'static str = "fonctions";
    const ADD: &'static str = "Ajouter une fonction";
    const TITLE: &'static str = "Fonctions";
    const EMPTY: &'static str =
        "Aucune fonction de crise. Reprenez les fonctions usuelles ci-dessous, puis dites qui les tient et qui supplée.";
    const NEEDED: &'static str = "label";
    const COLUMNS: &'static [Column<Self>] = &[
        text!(label, "Fonction", ["nom", "libellé", "rôle"], Input::Line, "directeur de crise, RSSI, DPO…"),
        text!(mission, "Mission", ["ce qu’elle fait"], Input::Area, "en une phrase"),
        Column {
            name: "holder",
            head: "Titulaire",
            also: &["personne", "responsable"],
            hint: "une personne de l’annuaire",
            input: Input::Ref(Of::Person),
            show: |function, look| look.person(function.holder),
            read: |function, text, look| {
                function.holder = look.find(Of::Person, text)?.map(|id| ActorId(id.0));
                Ok(())
            },
        },
        Column {
            name: "deputies",
            head: "Suppléants",
            also: &["suppléant", "remplaçants", "suppléance"],
            hint: "dans l’ordre où on les appelle",
            input: Input::People(5),
            show: |function, look| {
                let names: Vec<String> = function.deputies.iter().map(|actor| look.person(Some(*actor))).collect();
                names.join(" ; ")
            },
            read: |function, text, look| {
                let names = text.split([';', '\n']).map(str::trim).filter(|name| !name.is_empty()).take(DEPUTIES_MAX + 1);
                let found: Result<Vec<_>, String> = names.map(|name| look.find(Of::Person, name)).collect();
                function.deputies = found?.into_iter().flatten().map(|id| ActorId(id.0)).collect();
                Ok(())
            },
        },
        Column {
            name: "mandatory",
            head: "Obligatoire",
            also: &[],
            hint: "quelqu’un doit la tenir",
            input: Input::YesNo,
            show: |function, _| shown(function.mandatory),
            read: |function, text, _| {
                function.mandatory = yes(text)?;
                Ok(())
            },
        },
        Column {
            name: "in_alert_chain",
            head: "Chaîne d’alerte",
            also: &["alerte", "dans la chaîne d’alerte"],
            hint: "appelée dès le doute",
            input: Input::YesNo,
            show: |function, _| shown(function.in_alert_chain),
            read: |function, text, _| {
                function.in_alert_chain = yes(text)?;
                Ok(())
            },
        },
        Column {
            name: "rank",
            head: "Ordre d’appel",
            also: &["ordre", "rang"],
            hint: "1 : appelée la première ; vide : après les autres",
            input: Input::Number,
            show: |function, _| if function.rank == 0 { String::new() } else { function.rank.to_string() },
            read: |function, text, _| {
                function.rank = u16::try_from(number(text)?).map_err(|_| "Ce rang est trop grand : écrivez par exemple 3.")?;
                Ok(())
            },
        },
        Column {
            name: "key",
            head: "Clé",
            also: &["cle"],
            hint: "un mot court ; vide : tiré du nom. Elle ne change plus ensuite",
            input: Input::Line,
            show: |function, _| function.key.clone(),
            read: |function, text, _| {
                // An empty one keeps what is there: a function never changes its key.
                if !text.is_empty() {
                    function.key = text.to_owned();
                }
                Ok(())
            },
        },
    ];
    const SHOWN: &'static [&'static str] = &["holder", "deputies", "in_alert_chain", "rank"];

    fn record<'a>(register: &'a Register, id: &SubjectId) -> Option<&'a Record<Self>> {
        register.functions.record(id)
    }

    fn all(register: &Register) -> Vec<(SubjectId, &Self)> {
        register.functions_in_order()
    }

    fn title(&self, _: &Look<'_>) -> String {
        self.label.clone()
    }

    fn keys(&self, _: &Look<'_>) -> Keys {
        Keys { code: fold(&self.key), name: fold(&self.label), more: String::new() }
    }

    fn event(set: Set<Self>) -> Event {
        Event::FunctionSet(set)
    }

    fn new_id(&self, _: SubjectId) -> SubjectId {
        function_id(&self.key)
    }

    fn complete(&mut self, _: &Look<'_>) {
        if self.key.is_empty() {
            self.key = fold(&self.label).replace(' ', "_").chars().take(CODE_CHARS_MAX).collect();
        }
    }

    fn status(&self, _: &SubjectId, look: &Look<'_>) -> Vec<(&'static str, String)> {
        look.register.lacks(self).into_iter().map(words).map(|(mark, words)| (mark, words.to_owned())).collect()
    }

    fn intro(look: &Look<'_>, page: &Page<'_>) -> Markup {
        let register = look.register;
        let chain = register.alert_chain().len();
        html! {
            @if chain > 0 {
                p.lead { (fr("La chaîne d’alerte, dans l’ordre d’appel : ")) a href="/annuaire/chaine-alerte" { "la voir et l’imprimer" } "." }
            }
            (crate::register::functions::alarms(look))
            (crate::register::adopt::functions(look, page))
        }
    }
}
