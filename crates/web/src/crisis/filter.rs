//! Which lines of the log are asked for, in the words of an address.

use crate::session::{Visitor, percent};
use crate::typography::fr;
use domain::crisis::event::EntryType;
use domain::crisis::{Crisis, LogEntry};
use journal::{ActorId, EntryId, SubjectId};
use maud::{Markup, html};
use serde::Deserialize;

/// Most characters of a text looked for.
const TEXT_CHARS_MAX: usize = 100;

/// What an address may ask of a room.
#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(rename = "type")]
    entry_type: Option<String>,
    auteur: Option<String>,
    activite: Option<String>,
    texte: Option<String>,
    depuis: Option<String>,
    completer: Option<String>,
    avant: Option<String>,
    pub(super) fragment: Option<String>,
}

impl Asked {
    /// The filter; what makes no sense asks for nothing.
    pub(super) fn filter(&self) -> Filter {
        let text: String = self.texte.as_deref().unwrap_or_default().trim().chars().take(TEXT_CHARS_MAX).collect();
        Filter {
            entry_type: self.entry_type.as_deref().and_then(EntryType::from_name),
            author: self.auteur.as_deref().and_then(|a| a.parse().ok()),
            activity: self.activite.as_deref().and_then(|a| a.parse().ok()),
            text,
            since: self.depuis.as_deref().and_then(|d| d.parse().ok()),
            incomplete: self.completer.as_deref() == Some("1"),
            before: self.avant.as_deref().and_then(|b| b.parse().ok()),
        }
    }
}

/// Which lines are asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub(super) entry_type: Option<EntryType>,
    pub(super) author: Option<ActorId>,
    /// About this activity or application.
    pub(super) activity: Option<SubjectId>,
    /// Holding these words.
    pub(super) text: String,
    /// From this place of the log on: where it stood at a hand-over.
    pub(super) since: Option<u64>,
    /// Only what lacks an owner or a due time.
    pub(super) incomplete: bool,
    /// Lines before this one; the newest when `None`.
    pub(super) before: Option<EntryId>,
}

impl Filter {
    pub(super) fn takes(&self, place: u64, entry: &LogEntry) -> bool {
        self.entry_type.is_none_or(|t| t == entry.entry_type)
            && self.author.is_none_or(|a| a == entry.typist)
            && self.activity.is_none_or(|a| entry.activity == Some(a))
            && self.since.is_none_or(|since| place >= since)
            && (!self.incomplete || entry.is_incomplete())
            && (self.text.is_empty() || holds(entry, &self.text.to_lowercase()))
    }

    /// Whether lines are left out.
    pub(super) fn hides(&self) -> bool {
        !Self { before: None, ..self.clone() }.query().is_empty()
    }

    /// The same for lines before one.
    pub(super) fn older_than(&self, before: Option<EntryId>) -> Self {
        Self { before, ..self.clone() }
    }

    /// As the query of an address, empty or beginning with `?`.
    pub(super) fn query(&self) -> String {
        let pairs = [
            self.entry_type.map(|t| format!("type={}", t.name())),
            self.author.map(|a| format!("auteur={a}")),
            self.activity.map(|a| format!("activite={a}")),
            (!self.text.is_empty()).then(|| format!("texte={}", percent(&self.text))),
            self.since.map(|s| format!("depuis={s}")),
            self.incomplete.then(|| "completer=1".to_owned()),
            self.before.map(|b| format!("avant={b}")),
        ];
        let joined = pairs.into_iter().flatten().collect::<Vec<_>>().join("&");
        if joined.is_empty() { joined } else { format!("?{joined}") }
    }

    /// What the lines shown have in common, in words.
    pub(super) fn words(&self, visitor: &Visitor) -> String {
        let state = &visitor.view.state;
        let parts = [
            self.entry_type.map(|t| t.label().to_owned()),
            self.author.map(|author| state.register.name(&author)),
            self.activity.and_then(|id| name_of(visitor, &id)),
            (!self.text.is_empty()).then(|| format!("« {} »", self.text)),
            self.since.map(|_| "depuis la relève".to_owned()),
            self.incomplete.then(|| "à compléter".to_owned()),
        ];
        fr(&parts.into_iter().flatten().collect::<Vec<_>>().join(", ")).into_owned()
    }
}

fn holds(entry: &LogEntry, wanted: &str) -> bool {
    let said = entry.speaker.as_deref().unwrap_or_default();
    entry.words().is_some_and(|words| words.to_lowercase().contains(wanted)) || said.to_lowercase().contains(wanted)
}

/// Name of an activity or application of the map.
pub(super) fn name_of(visitor: &Visitor, id: &SubjectId) -> Option<String> {
    let map = &visitor.view.state.cartography;
    let activity = map.activities.get(id).map(|a| a.now().name.clone());
    activity.or_else(|| map.assets.get(id).map(|a| a.now().name.clone()))
}

/// Activities and applications to choose from, in the order of the board.
pub(super) fn activities(visitor: &Visitor) -> Vec<(SubjectId, String)> {
    let map = &visitor.view.state.cartography;
    let activities = map.by_priority().into_iter().map(|a| (a.id, a.now().name.clone()));
    activities.chain(map.applications().into_iter().map(|a| (a.id, a.now().name.clone()))).collect()
}

/// The form that filters, folded, in the title of the log.
pub(super) fn form(visitor: &Visitor, crisis: &Crisis, room: &str, filter: &Filter) -> Markup {
    let register = &visitor.view.state.register;
    let mut authors: Vec<(String, ActorId)> = crisis.typists().map(|a| (register.name(a), *a)).collect();
    authors.sort();
    let activities = activities(visitor);
    let handover = crisis.last_handover_of(&visitor.actor, &register.name(&visitor.actor));
    html! {
        @if filter.hides() { a.small href=(room) { "Tout voir" } }
        details.more.filter.small {
            summary { @if filter.hides() { (fr("Filtre : ")) (filter.words(visitor)) } @else { "Filtrer" } }
            form method="get" action=(room) {
                @if let Some(last) = handover { a href={ (room) (Filter { since: Some(last.lines), ..Filter::default() }.query()) } { "Depuis ma dernière relève" } }
                a href={ (room) (Filter { incomplete: true, ..Filter::default() }.query()) } { "À compléter" }
                label { "Texte " input name="texte" value=(filter.text) autocomplete="off"; }
                label { "Type " select name="type" {
                    option value="" { "tous" }
                    @for t in EntryType::ALL { option value=(t.name()) selected[filter.entry_type == Some(t)] { (t.label()) } }
                } }
                label { "Saisi par " select name="auteur" {
                    option value="" { "tous" }
                    @for (name, actor) in &authors { option value=(actor) selected[filter.author == Some(*actor)] { (name) } }
                } }
                @if !activities.is_empty() { label { "Activité " select name="activite" {
                    option value="" { "toutes" }
                    @for (id, name) in &activities { option value=(id) selected[filter.activity == Some(*id)] { (name) } }
                } } }
                button.btn.ghost.small { "Filtrer" }
                a href={ (room) "/main-courante" } { "Imprimer ou exporter" }
            }
        }
    }
}
