//! Providers and their contracts.

use crate::register::look::{Look, fold};
use crate::register::sheet::{Column, Input, Keys, Sheet, day, in_words, number, text, written, yes_no};
use crate::shell::Page;
use crate::today::plural;
use crate::typography::fr;
use domain::Event;
use domain::register::Register;
use domain::register::alarms::CONTRACT_ENDS_DAYS;
use domain::register::event::{Provider, Set};
use domain::register::table::Record;
use journal::SubjectId;
use maud::{Markup, html};

impl Sheet for Provider {
    const SLUG: &'static str = "prestataires";
    const ADD: &'static str = "Ajouter un prestataire";
    const TITLE: &'static str = "Prestataires";
    const EMPTY: &'static str =
        "Aucun prestataire. Commencez par ceux dont dépend le dossier du patient : éditeur, hébergeur, infogérant.";
    const COLUMNS: &'static [Column<Self>] = &[
        text!(name, "Nom", ["prestataire", "éditeur", "société", "fournisseur"], Input::Line, ""),
        text!(
            code,
            "Code",
            ["code interne", "identifiant", "code fournisseur"],
            Input::Line,
            "facultatif ; un import retrouve le prestataire par lui"
        ),
        text!(what_for, "Pour quoi", ["prestation", "objet", "rôle"], Input::Area, "ce qu’il fait pour nous"),
        text!(
            applications,
            "Applications",
            ["logiciels", "application"],
            Input::Area,
            "celles qu’il édite, héberge ou maintient"
        ),
        text!(contract, "Contrat", ["référence du contrat", "n° de contrat", "marché", "référence"], Input::Line, "référence"),
        text!(vehicle, "Support du marché", ["centrale d’achat", "véhicule"], Input::Line, "centrale d’achat, marché propre…"),
        text!(phone, "Téléphone du support", ["téléphone", "tel", "hotline", "support"], Input::Phone, ""),
        text!(email, "Courriel ou portail", ["courriel", "email", "mail", "portail"], Input::Line, ""),
        text!(hours, "Horaires du support", ["horaires", "heures"], Input::Line, "24 h sur 24, jours ouvrés…"),
        Column {
            name: "ends_on",
            head: "Fin du contrat",
            also: &["échéance", "date de fin", "fin"],
            hint: "",
            input: Input::Day,
            show: |provider, _| provider.ends_on.map(written).unwrap_or_default(),
            read: |provider, text, _| {
                provider.ends_on = day(text)?;
                Ok(())
            },
        },
        Column {
            name: "hosts_data",
            head: "Héberge nos données",
            also: &["hébergement", "héberge", "hds"],
            hint: "",
            input: Input::YesNo,
            show: |provider, _| in_words(provider.hosts_data),
            read: |provider, text, _| {
                provider.hosts_data = yes_no(text)?;
                Ok(())
            },
        },
        Column {
            name: "notifies_within_hours",
            head: "Nous prévient sous (heures)",
            also: &["délai de notification", "prévient sous"],
            hint: "d’un incident chez lui, ce que dit le contrat",
            input: Input::Number,
            show: |provider, _| provider.notifies_within_hours.map(|hours| hours.to_string()).unwrap_or_default(),
            read: |provider, text, _| {
                let hours = if text.is_empty() { None } else { Some(number(text)?) };
                let short = |n: u32| u16::try_from(n).map_err(|_| "Ce délai est trop long : écrivez des heures, par exemple 24.");
                provider.notifies_within_hours = hours.map(short).transpose()?;
                Ok(())
            },
        },
    ];
    const SHOWN: &'static [&'static str] = &["applications", "phone", "hours", "ends_on"];

    fn record<'a>(register: &'a Register, id: &SubjectId) -> Option<&'a Record<Self>> {
        register.providers.record(id)
    }

    fn all(register: &Register) -> Vec<(SubjectId, &Self)> {
        let mut all: Vec<_> = register.providers.iter().map(|(id, provider)| (*id, provider)).collect();
        all.sort_by_cached_key(|(id, provider)| (fold(&provider.name), *id));
        all
    }

    fn title(&self, _: &Look<'_>) -> String {
        self.name.clone()
    }

    fn keys(&self, _: &Look<'_>) -> Keys {
        Keys { code: fold(&self.code), name: fold(&self.name), more: fold(&self.contract) }
    }

    fn event(set: Set<Self>) -> Event {
        Event::ProviderSet(set)
    }

    fn status(&self, _: &SubjectId, look: &Look<'_>) -> Vec<(&'static str, String)> {
        let left = self.ends_on.map(|end| look.today().days_until(end));
        let mut all = match left {
            Some(days) if days < 0 => vec![("down", "contrat échu".to_owned())],
            Some(0) => vec![("warn", "contrat échu ce soir".to_owned())],
            Some(days) if days < CONTRACT_ENDS_DAYS => {
                vec![("warn", format!("fin dans {}", plural(days.unsigned_abs(), "jour", "jours")))]
            }
            _ => Vec::new(),
        };
        if self.phone.is_empty() && self.email.is_empty() {
            all.push(("warn", "support injoignable".to_owned()));
        }
        all
    }

    fn intro(look: &Look<'_>, _: &Page<'_>) -> Markup {
        let ending = look.register.contracts_ending(look.today()).len() as u64;
        let count = look.register.providers.count() as u64;
        html! {
            @if count > 0 {
                p.lead { (plural(count, "prestataire", "prestataires")) "."
                    @if ending > 0 { " " span.st.warn { (fr(&plural(ending, "contrat échu ou bientôt", "contrats échus ou bientôt"))) } } }
            }
        }
    }
}
