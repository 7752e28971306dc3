//! Outside organisations: why and when to call them, and when the number was last verified.

use crate::register::look::{Look, fold};
use crate::register::sheet::{Column, Input, Keys, Sheet, day, text, written};
use crate::shell::Page;
use crate::today::plural;
use crate::typography::fr;
use domain::Event;
use domain::register::Register;
use domain::register::alarms::VERIFIED_MONTHS_MAX;
use domain::register::check::not_in_the_future;
use domain::register::event::{Partner, PartnerVerified, Set};
use domain::register::table::Record;
use journal::SubjectId;
use maud::{Markup, html};

/// How long ago a number was verified, and its mark.
fn verified(partner: &Partner, id: &SubjectId, look: &Look<'_>) -> (&'static str, String) {
    if partner.is_unreachable() {
        return ("down", "aucun numéro".to_owned());
    }
    let Some(verification) = look.register.verification(id) else {
        let before = look.register.verifications.contains_key(id);
        return ("warn", if before { "numéro changé depuis sa vérification" } else { "jamais vérifié" }.to_owned());
    };
    let today = look.today();
    let months = verification.on.months_until(today);
    let words = match (months, verification.on.days_until(today)) {
        (_, ..=0) => "vérifié aujourd’hui".to_owned(),
        (_, 1) => "vérifié hier".to_owned(),
        (0, days) => format!("vérifié il y a {days} jours"),
        (months, _) => format!("vérifié il y a {months} mois"),
    };
    (if months >= VERIFIED_MONTHS_MAX { "warn" } else { "ok" }, words)
}

impl Sheet for Partner {
    const SLUG: &'static str = "partenaires";
    const ADD: &'static str = "Ajouter un partenaire";
    const TITLE: &'static str = "Partenaires";
    const EMPTY: &'static str =
        "Aucun partenaire. Reprenez les partenaires usuels ci-dessous, remplissez leurs numéros, puis appelez-les pour vérifier.";
    const COLUMNS: &'static [Column<Self>] = &[
        text!(name, "Nom", ["partenaire", "organisme", "structure"], Input::Line, ""),
        text!(
            code,
            "Code",
            ["clé", "code interne", "identifiant"],
            Input::Line,
            "facultatif ; un import retrouve le partenaire par lui"
        ),
        text!(kind, "Famille", ["type", "catégorie"], Input::Line, "cybersécurité, justice, tutelle…"),
        text!(why, "Pourquoi l’appeler", ["pourquoi", "motif", "rôle"], Input::Area, ""),
        text!(when_to_call, "Quand l’appeler", ["quand"], Input::Area, ""),
        text!(phone, "Téléphone", ["tel", "numéro", "téléphone 1"], Input::Phone, ""),
        text!(phone_2, "Autre téléphone", ["téléphone 2", "second téléphone", "secours"], Input::Phone, ""),
        text!(email, "Courriel ou portail", ["courriel", "email", "mail", "portail"], Input::Line, ""),
        text!(hours, "Horaires", ["heures", "disponibilité"], Input::Line, "24 h sur 24, jours ouvrés…"),
        text!(
            notes,
            "À avoir sous la main",
            ["notes", "remarques", "référence"],
            Input::Area,
            "numéro de contrat, identifiant d’adhérent…"
        ),
    ];
    const SHOWN: &'static [&'static str] = &["when_to_call", "phone"];

    fn record<'a>(register: &'a Register, id: &SubjectId) -> Option<&'a Record<Self>> {
        register.partners.record(id)
    }

    fn all(register: &Register) -> Vec<(SubjectId, &Self)> {
        let mut all: Vec<_> = register.partners.iter().map(|(id, partner)| (*id, partner)).collect();
        all.sort_by(|(a, x), (b, y)| (&x.kind, &x.name, a).cmp(&(&y.kind, &y.name, b)));
        all
    }

    fn title(&self, _: &Look<'_>) -> String {
        self.name.clone()
    }

    fn keys(&self, _: &Look<'_>) -> Keys {
        Keys { code: fold(&self.code), name: fold(&self.name), more: String::new() }
    }

    fn event(set: Set<Self>) -> Event {
        Event::PartnerSet(set)
    }

    fn status(&self, id: &SubjectId, look: &Look<'_>) -> Vec<(&'static str, String)> {
        vec![verified(self, id, look)]
    }

    fn intro(look: &Look<'_>, page: &Page<'_>) -> Markup {
        let register = look.register;
        let due = register.partners_to_verify(look.today()).len() as u64;
        html! {
            @if register.partners.count() > 0 {
                p.lead { @if due > 0 { span.st.warn { (plural(due, "numéro à vérifier", "numéros à vérifier")) }
                        (fr(" : appelez, puis cliquez sur « vérifié aujourd’hui ».")) }
                    @else { "Tous les numéros ont été vérifiés depuis moins de " (VERIFIED_MONTHS_MAX) " mois." } }
            }
            (crate::register::adopt::partners(look, page))
        }
    }

    fn acts(&self, id: &SubjectId, look: &Look<'_>, page: &Page<'_>) -> Markup {
        let last = look.register.verification(id);
        html! {
            @if let Some(last) = last {
                p.small.muted { "Dernière vérification le " (written(last.on)) " par "
                    (fr(&if last.by.is_empty() { look.register.name(&last.author) } else { last.by.clone() })) "." }
            }
            @if page.visitor.may_write() && !self.is_unreachable() { (crate::register::partners::verify(page, id)) }
        }
    }

    fn beside(id: &SubjectId, look: &Look<'_>) -> Vec<(&'static str, String)> {
        let last = look.register.verification(id);
        let by = |v: &domain::register::Verification| if v.by.is_empty() { look.register.name(&v.author) } else { v.by.clone() };
        vec![("Vérifié le", last.map(|v| written(v.on)).unwrap_or_default()), ("Vérifié par", last.map(by).unwrap_or_default())]
    }

    fn beside_event(
        &self,
        id: &SubjectId,
        cell: &dyn Fn(&str) -> String,
        look: &Look<'_>,
    ) -> Result<Option<Event>, (&'static str, String)> {
        let Some(on) = day(&cell("Vérifié le")).map_err(|why| ("Vérifié le", why))? else { return Ok(None) };
        not_in_the_future(on, look.today()).map_err(|refusal| ("Vérifié le", refusal.sentence))?;
        let known = look.register.verifications.get(id).into_iter().flatten().any(|v| v.on == on && v.phone == self.phone);
        let event = PartnerVerified { on, by: cell("Vérifié par"), phone: self.phone.clone() };
        Ok((!known).then_some(Event::PartnerVerified(event)))
    }
}
