//! What surrounds every page: establishment, who I am, the band of the crisis, the five moments.

use crate::app::Inner;
use crate::assets;
use crate::local::{Local, elapsed};
use crate::session::Visitor;
use crate::typography::fr;
use domain::crisis::Crisis;
use journal::certificate::Mode;
use maud::{DOCTYPE, Markup, html};

/// Where a page stands among the moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Today,
    Crisis,
    Proof,
}

/// A page of somebody who is in.
pub(crate) struct Page<'a> {
    pub(crate) shared: &'a Inner,
    pub(crate) visitor: &'a Visitor,
    pub(crate) local: Local,
    pub(crate) now: i64,
    pub(crate) place: Place,
    pub(crate) title: &'a str,
    /// The crisis the page is about; the band speaks of the latest one otherwise.
    pub(crate) crisis: Option<&'a Crisis>,
    /// Whether the page is exactly as high as the window, its columns scrolling on their own.
    pub(crate) fills_window: bool,
}

impl<'a> Page<'a> {
    pub(crate) fn new(shared: &'a Inner, visitor: &'a Visitor, place: Place, title: &'a str) -> Self {
        let local = Local::of(&visitor.view.state.register.time_zone);
        Self { shared, visitor, local, now: visitor.now, place, title, crisis: None, fills_window: false }
    }

    pub(crate) fn about(mut self, crisis: &'a Crisis) -> Self {
        self.crisis = Some(crisis);
        self
    }

    pub(crate) fn filling_window(mut self) -> Self {
        self.fills_window = true;
        self
    }

    /// The whole page around its body.
    pub(crate) fn render(&self, body: &Markup) -> Markup {
        let view = &self.visitor.view;
        let exercise = view.mode == Mode::Exercise && !view.state.crises.is_empty();
        let title = if exercise { format!("EXERCICE – {}", self.title) } else { self.title.to_owned() };
        html! {
            (DOCTYPE)
            html lang="fr" {
                (assets::head(&title))
                body.exercise[exercise] data-actor=(self.visitor.actor) data-journal=(self.shared.ledger.id()) data-now=(self.now) {
                    a.skip href="#contenu" { "Aller au contenu" }
                    div.shell.fills[self.fills_window] {
                        (self.top())
                        div.notices {
                            (self.band())
                            @if let Some(why) = &view.read_only {
                                p.notice.alarm { b { (fr("Lecture seule : ")) } "le journal se lit et se sauvegarde, rien ne s’y écrit. "
                                    a href="/journal" { "Pourquoi" } span.hide-s { (fr(" : ")) (fr(why)) } }
                            }
                            p #avis.notice role="status" aria-live="polite" hidden {}
                        }
                        nav.rail aria-label="Moments" { (self.moments()) }
                        main #contenu tabindex="-1" { (body) }
                    }
                    @if self.fills_window { (keys()) }
                }
            }
        }
    }

    fn top(&self) -> Markup {
        let view = &self.visitor.view;
        let register = &view.state.register;
        let person = self.visitor.person();
        html! {
            header.top {
                a.brand href="/" { "Plan Blanc" }
                span.place { (register.establishment)
                    @if register.time_zone != "Europe/Paris" { " " span.muted.small { "heure de " (register.time_zone) } } }
                span.who.small { (fr(&register.name(&self.visitor.actor))) br;
                    span.muted { (person.map_or_else(|| self.visitor.role.label(), |p| p.function.as_str())) } }
                form.hide-s method="post" action="/deconnexion" { button.link.small { "Sortir" } }
                details.menu {
                    summary { "Menu" }
                    div {
                        p.small { (fr(&register.name(&self.visitor.actor))) " · " span.muted { (person.map_or("", |p| p.function.as_str())) } }
                        nav aria-label="Menu" { (self.moments()) }
                        form method="post" action="/deconnexion" { button.link { "Sortir" } }
                    }
                }
            }
        }
    }

    fn band(&self) -> Markup {
        let view = &self.visitor.view;
        let Some(crisis) = self.crisis.or_else(|| view.state.latest_crisis()) else { return html! {} };
        let exercise = view.mode == Mode::Exercise;
        let here = self.place == Place::Crisis && self.fills_window;
        html! {
            div.band.exercise[exercise].real[!exercise] role="region" aria-label="Crise ouverte" {
                b { @if exercise { "EXERCICE" } @else { "CRISE RÉELLE" } }
                span.t data-since=(crisis.occurred_at) { (elapsed(crisis.occurred_at, self.now)) }
                span.what { (fr(&crisis.title)) @if crisis.level != domain::crisis::event::Level::Crisis { " (" (crisis.level.label()) ")" }
                    span.hide-s { ", début le " (self.local.day_and_time(crisis.occurred_at))
                        " · connu " (self.known(crisis)) } }
                @if here { span.clock data-clock { (self.local.time(self.now)) } }
                @else { a href=(crate::crisis::room_path(self.shared, crisis)) { "Ouvrir la salle" span.hide-s { " de crise" } } }
            }
        }
    }

    fn known(&self, crisis: &Crisis) -> String {
        if self.local.date(crisis.known_at) == self.local.date(crisis.occurred_at) {
            format!("à {}", self.local.time(crisis.known_at))
        } else {
            format!("le {}", self.local.day_and_time(crisis.known_at))
        }
    }

    fn moments(&self) -> Markup {
        let crisis = self.visitor.view.state.latest_crisis();
        let here = |place: Place| (self.place == place).then_some("page");
        html! {
            a href="/" aria-current=[here(Place::Today)] { b { "Aujourd’hui" } }
            span.later { b { "Préparer" } span.small { "à venir" } }
            span.later { b { "S’exercer" } span.small { "à venir" } }
            @match crisis {
                Some(crisis) => a href=(crate::crisis::room_path(self.shared, crisis)) aria-current=[here(Place::Crisis)] {
                    b { "Gérer la crise" } span.small { "salle" } },
                None => a href="/crises/nouvelle" aria-current=[here(Place::Crisis)] {
                    b { "Gérer la crise" } span.small { "aucune en cours" } },
            }
            span.later { b { "Rétablir" } span.small { "à venir" } }
            a href="/journal" aria-current=[here(Place::Proof)] { b { "Prouver" } span.small { "le journal" } }
        }
    }
}

/// The keys; shown by the script, which is what makes them work.
fn keys() -> Markup {
    let rows: [(&[&str], &str); 10] = [
        (&["n"], "écrire dans la main courante"),
        (&["Entrée"], "enregistrer"),
        (&["Maj", "Entrée"], "aller à la ligne"),
        (&["Alt", "f"], "fait"),
        (&["Alt", "d"], "décision"),
        (&["Alt", "a"], "action"),
        (&["Alt", "q"], "question"),
        (&["Alt", "p"], "appel"),
        (&["Alt", "m"], "message"),
        (&["Échap"], "quitter le champ, fermer cette liste"),
    ];
    html! {
        dialog #touches aria-labelledby="touches-titre" {
            h2 #touches-titre { "Touches" }
            table { @for (keys, what) in rows { tr { th scope="row" { @for key in keys { kbd { (key) } " " } } td { (what) } } } }
            p.small.muted { (fr("Dans le champ : ")) kbd { "/d" } " décision, " kbd { "/a" } " action, " kbd { "/q" } " question, " kbd { "/p" }
                " appel, " kbd { "/m" } " message, " kbd { "/f" } (fr(" fait ; ")) kbd { "@nom" } (fr(" responsable ; ")) kbd { "+2h" } " ou "
                kbd { "à 14:30" } " échéance." }
            form method="dialog" { button.btn.ghost { "Fermer" } }
        }
    }
}
