//! A new action begun elsewhere: the finding of an exercise, an audit, a reference action; its address says what is known.

use super::path_of;
use crate::session::Visitor;
use crate::shell::Page;
use crate::typography::fr;
use domain::actions::Actions;
use domain::actions::event::{ActionSet, Origin, OriginKind};
use domain::register::day::Day;
use journal::SubjectId;
use maud::{Markup, html};
use serde::Deserialize;

/// What an address asks of the form of a new action. What it says wrong is left out: whoever types sees what is there.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// What is to be done.
    titre: String,
    /// How, and what will prove it.
    description: String,
    /// A kind of origin, with its reference when one is known: `audit`, `exercise:ID`, `exercise:ID/finding`.
    origine: String,
    /// The name of the origin.
    libelle: String,
    /// A reference action, whose words and levels are taken: `rtx_04`.
    modele: String,
}

impl Asked {
    /// What the form begins with.
    pub(super) fn set(self, visitor: &Visitor, today: Day) -> ActionSet {
        let blank = || ActionSet { priority: 2, complexity: 1, ..ActionSet::default() };
        let mut set = content::actions::get(&self.modele).map_or_else(blank, |reference| reference.adopted(today));
        let (kind, reference) = self.origine.split_once(':').unwrap_or((&self.origine, ""));
        if let Some(kind) = OriginKind::from_name(kind) {
            let label = if self.libelle.is_empty() { named(visitor, kind, reference) } else { self.libelle };
            set.origin = Origin { kind, label, reference: reference.to_owned() };
        }
        if !self.titre.trim().is_empty() {
            set.title = self.titre;
        }
        if !self.description.trim().is_empty() {
            set.detail = self.description;
        }
        set
    }
}

/// The title of the exercise that a reference speaks of, when this journal knows it.
fn named(visitor: &Visitor, kind: OriginKind, reference: &str) -> String {
    let id = reference.split('/').next().unwrap_or_default();
    let known = id.parse::<SubjectId>().ok().filter(|_| kind == OriginKind::Exercise);
    let exercise = known.and_then(|id| visitor.view.state.exercises.all.get(&id));
    exercise.map(|exercise| exercise.scenario().title.clone()).unwrap_or_default()
}

/// Said above the form when what it begins with is, or was, on the plan already.
pub(super) fn there_already(page: &Page<'_>, set: &ActionSet) -> Markup {
    let plan: &Actions = &page.visitor.view.state.actions;
    let taken = plan.of_template(&set.template).filter(|_| !set.template.is_empty());
    html! { @if let Some(action) = taken {
        p { span.st.warn { @if action.removed.is_none() { "déjà au plan" } @else { "retirée du plan" } } " "
            a href=(path_of(&action.id)) { "Action n° " (action.number) (fr(" : ")) (fr(&action.now().title)) }
            (fr(". N’ajoutez celle-ci que si elle dit autre chose.")) }
    } }
}
