//! What surrounds every page: establishment, search, who I am, the band of the crisis, the five moments.

use crate::app::Inner;
use crate::assets;
use crate::exercise::conduct;
use crate::local::{Local, elapsed};
use crate::replay;
use crate::session::Visitor;
use crate::typography::fr;
use crate::urgence::{self, running};
use domain::crisis::Crisis;
use domain::register::Role;
use journal::authority::ADMIN_RANK;
use journal::certificate::Mode;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Where a page stands among the moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Today,
    Prepare,
    Exercise,
    Crisis,
    Proof,
    /// No moment of its own: a search, one’s account.
    Elsewhere,
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
    /// What was searched, given back in the field.
    pub(crate) sought: &'a str,
}

impl<'a> Page<'a> {
    pub(crate) fn new(shared: &'a Inner, visitor: &'a Visitor, place: Place, title: &'a str) -> Self {
        let local = Local::of(&visitor.view.state.register.time_zone);
        Self { shared, visitor, local, now: visitor.now, place, title, crisis: None, fills_window: false, sought: "" }
    }

    pub(crate) fn seeking(mut self, sought: &'a str) -> Self {
        self.sought = sought;
        self
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
        let exercise = view.mode == Mode::Exercise && (self.shared.branch.is_some() || !view.state.crises.is_empty());
        let title = if exercise { format!("EXERCICE – {}", self.title) } else { self.title.to_owned() };
        let replayed = self.visitor.replayed.as_deref();
        let page = html! {
            (DOCTYPE)
            html lang="fr" {
                (assets::head(&title))
                body.exercise[exercise] data-replay[replayed.is_some()] data-actor=(self.visitor.actor) data-journal=(self.shared.ledger.id()) data-now=(self.now) data-base=[self.shared.branch.as_ref().map(|branch| &branch.prefix)] data-lock-ms=(self.visitor.lock_ms()) {
                    a.skip href="#contenu" { "Aller au contenu" }
                    div.shell.fills[self.fills_window && !conduct::is_stopped(self.shared, self.visitor)] {
                        (self.top())
                        div.notices {
                            @match conduct::band(self.shared, self.visitor) {
                                Some(band) => div #bande-exercice { (band) },
                                None => (self.band()),
                            }
                            (conduct::entrances(self.shared, self.visitor))
                            @if let Some(seen) = replayed { (replay::bar(seen, &self.local, self.crisis)) }
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
        };
        match replayed {
            Some(seen) => PreEscaped(replay::keep_moment(&page.into_string(), seen.address())),
            None => page,
        }
    }

    fn top(&self) -> Markup {
        let register = &self.visitor.view.state.register;
        html! {
            header.top {
                a.brand href="/" { "Plan Blanc" }
                span.place { (register.establishment)
                    @if register.time_zone != "Europe/Paris" { " " span.muted.small { "heure de " (register.time_zone) } } }
                (self.search("cherche"))
                details.who { summary { (self.me()) } div { (acts()) } }
                details.menu {
                    summary { "Menu" }
                    div {
                        (self.search("cherche-menu"))
                        nav aria-label="Menu" { (self.moments()) }
                        p.small { (self.me()) }
                        (acts())
                    }
                }
            }
        }
    }

    fn search(&self, id: &str) -> Markup {
        html! {
            form.search role="search" aria-label={ "Recherche générale" @if id != "cherche" { ", menu" } } action="/recherche" {
                label.out for=(id) { "Rechercher dans tout l’établissement" }
                input id=(id) type="search" name="q" value=(self.sought) placeholder="Rechercher" maxlength="200" autocomplete="off" data-search;
                kbd aria-hidden="true" { "/" }
            }
        }
    }

    /// Who I am, and what I do here.
    fn me(&self) -> Markup {
        let does = self.visitor.person().map_or("", |p| p.function.as_str());
        let does = if does.is_empty() { self.visitor.role.label() } else { does };
        html! { span { (fr(&self.visitor.present().state.register.name(&self.visitor.actor))) } " " span.muted { (fr(does)) } }
    }

    fn band(&self) -> Markup {
        let view = &self.visitor.view;
        let Some(crisis) = self.crisis.or_else(|| running(&view.state)) else { return html! {} };
        let exercise = view.mode == Mode::Exercise;
        let here = self.place == Place::Crisis && self.fills_window;
        if let Some(lifted) = crisis.lifted() {
            return html! {
                div.band.lifted role="region" aria-label="Crise levée" {
                    b { @if exercise { "EXERCICE" } @else { "CRISE" } " – levée le " (self.local.day_and_time(lifted.wall)) }
                    span.what { (fr(&crisis.title)) }
                    @if !here { a href=(crate::crisis::room_path(self.shared, crisis)) { "Relire la salle" span.hide-s { " de crise" } } }
                }
            };
        }
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
        let state = &self.visitor.view.state;
        let crisis = running(state);
        let mut proof = vec![("journal", "/journal".to_owned()), ("plan d’actions", crate::actions::PATH.to_owned())];
        if self.visitor.role.rank() >= ADMIN_RANK {
            proof.extend(ACCESS.map(|(word, path)| (word, path.to_owned())));
        }
        html! {
            div.moment.here[self.place == Place::Today] { a href="/" { b { "Aujourd’hui" } } }
            (self.moment(Place::Prepare, "Préparer", &PREPARE.map(|(word, path)| (word, path.to_owned()))))
            @if self.shared.branch.is_none() { (self.moment(Place::Exercise, "S’exercer", &EXERCISE.map(|(word, path)| (word, path.to_owned())))) }
            @match crisis {
                Some(crisis) => (self.moment(Place::Crisis, "Gérer la crise", &self.rooms(&crate::crisis::room_path(self.shared, crisis)))),
                None => (self.moment(Place::Crisis, "Gérer la crise", &self.no_crisis())),
            }
            (later("Rétablir"))
            @if self.shared.branch.is_none() { (self.moment(Place::Proof, "Prouver", &proof)) }
        }
    }

    fn rooms(&self, room: &str) -> Vec<(&'static str, String)> {
        let rooms = ROOMS.iter().map(|(word, below)| (*word, format!("{room}{below}")));
        rooms.chain(self.alone()).collect()
    }

    fn no_crisis(&self) -> Vec<(&'static str, String)> {
        std::iter::once(("aucune en cours", "/crises/nouvelle".to_owned())).chain(self.alone()).collect()
    }

    /// The page of somebody alone on duty, where somebody may be.
    fn alone(&self) -> Option<(&'static str, String)> {
        let wanted = self.visitor.role == Role::Solo || urgence::suits(&self.visitor.view.state);
        wanted.then(|| ("urgence", urgence::PATH.to_owned()))
    }

    /// A moment: its name leads to its first page, its pages are named below.
    fn moment(&self, place: Place, name: &str, pages: &[(&str, String)]) -> Markup {
        let Some(first) = pages.first() else { return later(name) };
        html! {
            div.moment.here[self.place == place] {
                a href=(first.1) { b { (name) } }
                ul.small { @for (word, path) in pages { li { a href=(path) { (word) } } } }
            }
        }
    }
}

/// Pages of « Préparer ».
const PREPARE: [(&str, &str); 5] = [
    ("annuaire", "/annuaire"),
    ("astreintes", "/annuaire/astreintes"),
    ("chaîne d’alerte", "/annuaire/chaine-alerte"),
    ("partenaires", "/annuaire/partenaires"),
    ("carte", "/carte/plan"),
];
/// Pages of « S’exercer ».
const EXERCISE: [(&str, &str); 3] = [("exercices", "/exercices"), ("kits", "/exercices/kits"), ("campagnes", "/campagnes")];
/// Pages of « Prouver » for those who grant and revoke.
const ACCESS: [(&str, &str); 2] = [("comptes", "/comptes"), ("accès", "/comptes/audit")];
/// Rooms of a crisis, below the address of the first one.
const ROOMS: [(&str, &str); 6] = [
    ("salle", ""),
    ("situation", "/situation"),
    ("offre de soins", "/offre"),
    ("cellules", "/cellules"),
    ("échéances", "/echeances"),
    ("gestes", "/gestes"),
];

fn later(name: &str) -> Markup {
    html! { div.moment.later { b { (name) } " " span.small { "à venir" } } }
}

/// What somebody does about themselves.
fn acts() -> Markup {
    html! { div.acts { (crate::access::own_acts()) form method="post" action="/deconnexion" { button.link { "Sortir" } } } }
}

/// The keys; shown by the script, which is what makes them work.
fn keys() -> Markup {
    let rows: [(&[&str], &str); 11] = [
        (&["n"], "écrire dans la main courante"),
        (&["Entrée"], "enregistrer"),
        (&["Maj", "Entrée"], "aller à la ligne"),
        (&["Alt", "f"], "fait"),
        (&["Alt", "d"], "décision"),
        (&["Alt", "a"], "action"),
        (&["Alt", "q"], "question"),
        (&["Alt", "p"], "appel"),
        (&["Alt", "m"], "message"),
        (&["/"], "rechercher (Ctrl+K aussi)"),
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
