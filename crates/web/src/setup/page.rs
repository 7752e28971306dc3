//! The first page: one form, its errors beside their fields.

use super::SETUP_PATH;
use super::entered::{Entered, Faults, PASSWORD_CHARS_MIN, ZONES};
use crate::answer::bare;
use crate::trust::TRUST_PATH;
use crate::typography::fr;
use domain::register::event::EstablishmentKind;
use maud::{Markup, html};

/// The form being drawn.
struct Form<'a> {
    entered: &'a Entered,
    faults: &'a Faults,
}

/// One line of text to fill in.
struct Line<'a> {
    name: &'static str,
    label: &'a str,
    hint: &'a str,
    autocomplete: &'static str,
}

pub(super) fn page(entered: &Entered, faults: &Faults, problem: Option<&str>, tls: bool) -> Markup {
    let form = Form { entered, faults };
    let body = html! {
        div.setup {
            p.lead { (fr("Ce dossier est vide : cette page y met en service un établissement. Cinq minutes suffisent.")) }
            @if tls {
                p.small { "Avant de taper un mot de passe, " a href=(TRUST_PATH) { "vérifiez que ce serveur est le bon" } "." }
            }
            @if let Some(sentence) = problem { p.error role="alert" { (fr(sentence)) } }
            @else if !faults.is_empty() { p.error role="alert" { (fr("Rien n’est encore fait : voyez les champs signalés.")) } }
            (form.draw())
        }
    };
    bare("Premier démarrage", &body)
}

impl Form<'_> {
    fn draw(&self) -> Markup {
        html! {
            form method="post" action=(SETUP_PATH) autocomplete="off" {
                h2 { "1. Le code" }
                (self.code())
                h2 { "2. L’établissement" }
                (self.line(&Line { name: "name", label: "Nom", hint: "Tel qu’il sera lu en tête de chaque page.", autocomplete: "organization" }))
                (self.kind())
                (self.line(&Line { name: "finess", label: "Numéro FINESS (facultatif)", hint: "Neuf chiffres. Il se complète plus tard.", autocomplete: "off" }))
                (self.zone())
                h2 { "3. Ce poste" }
                (self.line(&Line { name: "device", label: "Nom de ce poste", hint: "Il signe tout ce qui s’écrit ici : un nom que l’on reconnaît.", autocomplete: "off" }))
                h2 { "4. Le premier compte" }
                p.small.muted { (fr("Il a le rôle « direction » : il ouvre une crise, donne les rôles et les retire. Les autres comptes viendront après.")) }
                (self.line(&Line { name: "person", label: "Nom de la personne", hint: "", autocomplete: "name" }))
                (self.line(&Line { name: "function", label: "Fonction", hint: "Directrice, administrateur de garde, RSSI…", autocomplete: "organization-title" }))
                (self.line(&Line { name: "login", label: "Identifiant", hint: "Ce que l’on tape pour entrer, sans espace.", autocomplete: "username" }))
                (self.password("password", "Mot de passe", &format!("{PASSWORD_CHARS_MIN} caractères au moins. Quatre mots au hasard se retiennent bien.")))
                (self.password("again", "Le même mot de passe, encore une fois", ""))
                p { button.btn { "Mettre en service" } }
            }
        }
    }

    fn fault(&self, name: &str) -> Option<&str> {
        self.faults.iter().find(|(field, _)| *field == name).map(|(_, sentence)| sentence.as_str())
    }

    /// What stands under a field: its hint, and what is wrong with it.
    fn under(&self, name: &str, hint: &str) -> Markup {
        html! {
            @if !hint.is_empty() { span.small.muted id={ "h-" (name) } { (fr(hint)) } }
            @if let Some(sentence) = self.fault(name) { span.error id={ "e-" (name) } { (fr(sentence)) } }
        }
    }

    fn described(&self, name: &str, hint: &str) -> Option<String> {
        let hint = (!hint.is_empty()).then(|| format!("h-{name}"));
        let fault = self.fault(name).map(|_| format!("e-{name}"));
        let ids: Vec<String> = hint.into_iter().chain(fault).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn invalid(&self, name: &str) -> Option<&'static str> {
        self.fault(name).map(|_| "true")
    }

    fn code(&self) -> Markup {
        let hint = "Huit chiffres, affichés dans le terminal où Plan Blanc a démarré.";
        html! { p.field {
            label for="code" { "Code à usage unique" }
            input.short #code name="code" value=(self.entered.get("code")) inputmode="numeric" autocomplete="one-time-code" required
                autofocus[self.faults.is_empty()] aria-describedby=[self.described("code", hint)] aria-invalid=[self.invalid("code")];
            (self.under("code", hint))
        } }
    }

    fn line(&self, line: &Line<'_>) -> Markup {
        let Line { name, label, hint, autocomplete } = *line;
        html! { p.field {
            label for=(name) { (label) }
            input id=(name) name=(name) value=(self.entered.get(name)) autocomplete=(autocomplete) required[name != "finess"]
                aria-describedby=[self.described(name, hint)] aria-invalid=[self.invalid(name)];
            (self.under(name, hint))
        } }
    }

    /// Never filled in again: a page must not hold a password.
    fn password(&self, name: &str, label: &str, hint: &str) -> Markup {
        html! { p.field {
            label for=(name) { (label) }
            input id=(name) name=(name) type="password" autocomplete="new-password" required minlength=(PASSWORD_CHARS_MIN)
                aria-describedby=[self.described(name, hint)] aria-invalid=[self.invalid(name)];
            (self.under(name, hint))
        } }
    }

    fn kind(&self) -> Markup {
        html! { p.field {
            label for="kind" { "Type" }
            select #kind name="kind" required aria-describedby=[self.described("kind", "")] aria-invalid=[self.invalid("kind")] {
                option value="" { "Choisissez" }
                @for kind in EstablishmentKind::ALL {
                    option value=(kind.name()) selected[kind.name() == self.entered.get("kind")] { (capital(kind.label())) }
                }
            }
            (self.under("kind", ""))
        } }
    }

    fn zone(&self) -> Markup {
        html! { p.field {
            label for="time_zone" { "Heure locale" }
            select #time_zone name="time_zone" aria-describedby=[self.described("time_zone", "")] aria-invalid=[self.invalid("time_zone")] {
                @for (zone, label) in ZONES {
                    option value=(zone) selected[*zone == self.entered.get("time_zone")] { (fr(label)) }
                }
            }
            (self.under("time_zone", ""))
        } }
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default() + chars.as_str()
}
