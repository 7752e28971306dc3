//! The form of an action: a new one, one to change, or a reference action to adapt before it is taken.

use super::words::{COMPLEXITIES, PRIORITIES};
use super::{PATH, TEMPLATE, base, find, head, prefill};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::acts::{ids, seen};
use crate::crisis::scene::{made, wrong};
use crate::crisis::stamps;
use crate::days;
use crate::fields::{Filled, Text};
use crate::form::Fields;
use crate::local::Local;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::actions::event::{ActionSet, Origin, OriginKind, Status};
use domain::actions::{Action, complexity_letters, priority_letters};
use domain::register::day::Day;
use journal::write::Draft;
use journal::{EntryId, SubjectId};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::BTreeSet;

const FIELDS: [&str; 12] = [
    "title",
    "detail",
    "priority",
    "complexity",
    "owner",
    "due",
    "status",
    "progress",
    "done_on",
    "origin_label",
    "boards",
    "comment",
];
/// Most owners proposed while typing.
const PROPOSED_MAX: usize = 500;

/// Which action a form describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A new one.
    New,
    /// One that is, or was, on the plan.
    Known(SubjectId),
    /// A reference action, by its key and the id it takes.
    Reference(&'static str, SubjectId),
}

/// What a form describes.
#[derive(Debug, Clone)]
pub(super) struct Edited {
    pub(super) target: Target,
    pub(super) set: ActionSet,
    /// Versions that whoever opens the form has before their eyes.
    pub(super) seen: Vec<EntryId>,
    version: Option<EntryId>,
}

impl Edited {
    /// A new one, which begins with those values.
    pub(super) fn new(set: ActionSet) -> Self {
        Self { target: Target::New, set, seen: Vec::new(), version: None }
    }

    /// A reference action; `known` when it was on the plan before.
    pub(super) fn reference(key: &'static str, id: SubjectId, set: ActionSet, known: Option<&Action>) -> Self {
        let seen = known.map(|action| action.described.seen()).unwrap_or_default();
        Self { target: Target::Reference(key, id), set, seen, version: None }
    }

    /// One that is, or was, on the plan; its values those of a version when one is named.
    pub(super) fn of(action: &Action, version: Option<EntryId>) -> Self {
        let asked = version.and_then(|id| action.described.all().find(|write| write.id == id));
        let set = asked.unwrap_or_else(|| action.described.current()).value.clone();
        Self { target: Target::Known(action.id), set, seen: action.described.seen(), version }
    }

    /// What the form records.
    pub(super) fn draft(&self, fields: &Fields, today: Day) -> Result<Draft, Fault> {
        let text = |name: &str| fields.get(name).trim().replace("\r\n", "\n");
        let level = |name: &str| text(name).parse().map_err(|_| wrong(name, "Choisissez dans la liste."));
        let status = Status::from_name(fields.get("status")).ok_or_else(|| wrong("status", "Choisissez un état de la liste."))?;
        let kind = OriginKind::from_name(fields.get("origin_kind")).unwrap_or(self.set.origin.kind);
        let boards = fields.texts.iter().filter(|(name, _)| name == "boards").map(|(_, value)| value.parse());
        let boards: Result<Vec<SubjectId>, _> = boards.collect();
        let title = text("title");
        let reference_action = content::actions::get(fields.get("template")).filter(|_| self.target == Target::New);
        let template = reference_action.map_or_else(|| self.set.template.clone(), |reference| reference.key.clone());
        let reference = fields.filled("origin_reference").unwrap_or_else(|| self.set.origin.reference.clone());
        let set = ActionSet {
            detail: text("detail"),
            complexity: level("complexity")?,
            priority: level("priority")?,
            owner: text("owner"),
            due: day(fields, "due")?,
            status,
            progress: progress(fields, status)?,
            done_on: done_on(fields, today)?,
            origin: Origin { kind, label: text("origin_label"), reference },
            boards: boards.map_err(|_| wrong("boards", "Choisissez des instances de la liste."))?,
            template,
            comment: text("comment"),
            supersedes: seen(fields),
            title,
        };
        let id = match self.target {
            Target::New => made(fields, "action", &set.title),
            Target::Known(id) | Target::Reference(_, id) => id,
        };
        Ok(Event::ActionSet(set).draft(id))
    }
}

fn day(fields: &Fields, name: &str) -> Result<Option<Day>, Fault> {
    let read =
        |text: String| days::typed(&text).ok_or_else(|| wrong(name, "Ce jour n’existe pas : écrivez par exemple 21/12/2026."));
    fields.filled(name).map(read).transpose()
}

/// The day it was done: not one to come.
pub(super) fn done_on(fields: &Fields, today: Day) -> Result<Option<Day>, Fault> {
    match day(fields, "done_on")? {
        Some(on) if on > today => Err(wrong("done_on", "Ce jour n’est pas encore venu : dites quand elle a été faite.")),
        on => Ok(on),
    }
}

/// Progress as typed: `40`, `40 %`, or nothing for none. What is done is at 100.
pub(super) fn progress(fields: &Fields, status: Status) -> Result<u8, Fault> {
    let typed = fields.get("progress").trim().trim_end_matches('%').trim();
    match typed {
        _ if status == Status::Done => Ok(100),
        "" => Ok(0),
        typed => typed.parse().map_err(|_| wrong("progress", "Écrivez un nombre entier de 0 à 100.")),
    }
}

/// Which version an address asks to start from.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    version: String,
}

/// `GET /actions/nouvelle?titre=&description=&origine=&libelle=&modele=`.
pub(super) async fn new(State(shared): State<Shared>, visitor: Visitor, Query(asked): Query<prefill::Asked>) -> Response {
    let set = asked.set(&visitor, today(&visitor));
    page(&shared, &visitor, &Edited::new(set), Filled::BLANK)
}

/// `GET /journaux/{journal}/actions/{id}?version=`.
pub(super) async fn edit(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((journal, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    let found = visitor.journal(&shared, &journal).and_then(|_| find(&visitor, &id));
    match found {
        Ok(action) => page(&shared, &visitor, &Edited::of(action, asked.version.parse().ok()), Filled::BLANK),
        Err(fault) => fault.into_response(),
    }
}

/// The page, filled in when refused.
pub(super) fn page(shared: &Inner, visitor: &Visitor, edited: &Edited, filled: Filled<'_>) -> Response {
    let title = match edited.target {
        Target::New => "Nouvelle action".to_owned(),
        Target::Known(_) => format!("Modifier : {}", edited.set.title),
        Target::Reference(..) => format!("Adapter : {}", edited.set.title),
    };
    let page = Page::new(shared, visitor, Place::Proof, &title);
    let body = html! {
        (head(&title, if matches!(edited.target, Target::Reference(..)) { TEMPLATE } else { "" }))
        @match edited.target {
            Target::New => {
                p.lead { (fr("Une action se vérifie : dites ce qui prouvera qu’elle est faite, qui s’en charge, et pour quand.")) }
                (prefill::there_already(&page, &edited.set))
            }
            Target::Known(id) => p { a href={ (PATH) "/" (id) } { "Revenir à l’action" } },
            Target::Reference(..) => p.lead { (fr("Changez ce qui ne convient pas chez vous, puis prenez-la : la suite se fait dans le plan.")) },
        }
        @if visitor.may_write() { (form(&page, edited, filled)) } @else { p.empty { "Un observateur lit le plan sans le changer." } }
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

fn form(page: &Page<'_>, edited: &Edited, filled: Filled<'_>) -> Markup {
    let (base, set) = (base(page), &edited.set);
    let (action, button) = match edited.target {
        Target::New => (base, "Ajouter au plan"),
        Target::Known(id) => (format!("{base}/{id}"), "Enregistrer"),
        Target::Reference(key, _) => (format!("{base}/modele/{key}"), "Prendre cette action"),
    };
    html! {
        form.stacked.wide.mapform method="post" action=(action) {
            (stamps(page.shared, page.visitor))
            input type="hidden" name="supersedes" value=(filled.value("supersedes", &ids(&edited.seen)));
            @if let Some(version) = edited.version { input type="hidden" name="version" value=(version); }
            @let template = if edited.target == Target::New { filled.value("template", &set.template) } else { String::new() };
            @if !template.is_empty() { input type="hidden" name="template" value=(template); }
            (filled.refusal(&FIELDS))
            (what(set, filled))
            (who(page, set, filled))
            (whence(page, set, filled))
            p { button.btn { (button) } }
        }
    }
}

/// What is to be done, and how it ranks.
fn what(set: &ActionSet, filled: Filled<'_>) -> Markup {
    let options = |levels: [(u8, &str); 3], letters: fn(u8) -> &'static str| {
        levels.map(|(level, words)| (level.to_string(), format!("{} – {words}", letters(level))))
    };
    html! {
        (filled.text(&Text { name: "title", label: "Action", known: &set.title, example: Some("Ranger la carte d’appel dans la salle de crise"), required: true, ..Text::default() }))
        (filled.long(&Text { name: "detail", label: "Description", known: &set.detail, hint: Some("comment s’y prendre, et ce qui prouvera qu’elle est faite"), ..Text::default() }, 5))
        div.fields {
            (filled.choice("priority", "Priorité", &set.priority.to_string(), &options(PRIORITIES, priority_letters)))
            (filled.choice("complexity", "Complexité", &set.complexity.to_string(), &options(COMPLEXITIES, complexity_letters)))
        }
    }
}

/// Who sees to it, until when, how far it is.
fn who(page: &Page<'_>, set: &ActionSet, filled: Filled<'_>) -> Markup {
    let written = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let states = Status::ALL.map(|status| (status.name().to_owned(), status.label().to_owned()));
    html! {
        div.fields {
            (filled.text(&Text { name: "owner", label: "Pilote", known: &set.owner, list: Some("pilotes"), hint: Some("une personne ou une fonction ; vide : personne encore"), ..Text::default() }))
            (days::field(filled, "due", "Échéance", &written(set.due), None))
        }
        div.fields {
            (filled.choice("status", "État", set.status.name(), &states))
            (filled.text(&Text { name: "progress", label: "Avancement, en %", known: &set.progress.to_string(), number: true, hint: Some("100 dès qu’elle est faite"), ..Text::default() }))
            (days::field(filled, "done_on", "Faite le", &written(set.done_on), Some("seulement si elle est faite")))
        }
        (owners(page))
    }
}

/// Names proposed for whoever sees to it: people, functions, and whoever sees to another.
fn owners(page: &Page<'_>) -> Markup {
    let state = &page.visitor.view.state;
    let people = state.register.present().map(|(_, person)| person.name.as_str());
    let functions = state.register.functions.iter().map(|(_, function)| function.label.as_str());
    let plan = state.actions.in_order();
    let others = plan.iter().map(|action| action.now().owner.as_str());
    let names: BTreeSet<&str> = people.chain(functions).chain(others).filter(|name| !name.is_empty()).collect();
    html! { datalist #pilotes { @for name in names.into_iter().take(PROPOSED_MAX) { option value=(name) {} } } }
}

/// Where it comes from, and who follows it.
fn whence(page: &Page<'_>, set: &ActionSet, filled: Filled<'_>) -> Markup {
    let kinds = OriginKind::ALL.map(|kind| (kind.name().to_owned(), kind.label().to_owned()));
    let boards = page.visitor.view.state.actions.sitting();
    let ticked = |id: &SubjectId| match filled.fields {
        Some(fields) => fields.texts.iter().any(|(name, value)| name == "boards" && *value == id.to_string()),
        None => set.boards.contains(id),
    };
    html! {
        div.fields {
            (filled.choice("origin_kind", "Origine", set.origin.kind.name(), &kinds))
            (filled.text(&Text { name: "origin_label", label: "Laquelle", known: &set.origin.label, example: Some("exercice du 21/11/2026"), ..Text::default() }))
        }
        @let reference = filled.value("origin_reference", &set.origin.reference);
        @if !reference.is_empty() { input type="hidden" name="origin_reference" value=(reference); }
        @if boards.is_empty() { p.small.muted { "Aucune instance ne suit encore d’action" (fr(" : ")) a href=(super::BOARDS) { "en inscrire une" } "." } }
        @else { fieldset.plan-ticks { legend { "Suivie par" }
            div { @for board in boards { label.check { input type="checkbox" name="boards" value=(board.id) checked[ticked(&board.id)]; (fr(&board.now().name)) } } } } }
        (filled.beside("boards"))
        (filled.long(&Text { name: "comment", label: "Commentaire", known: &set.comment, hint: Some("ce qui la retarde, ce qui reste ; obligatoire si elle est abandonnée"), ..Text::default() }, 2))
    }
}

/// Today, there.
pub(super) fn today(visitor: &Visitor) -> Day {
    let local = Local::of(&visitor.view.state.register.time_zone);
    local.date(visitor.now).to_string().parse().unwrap_or_else(|_| Day::of_ms(visitor.now))
}
