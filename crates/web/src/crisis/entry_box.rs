//! The box at the bottom of the log: one line, Enter, recorded.

use super::{filter, stamps};
use crate::answer::Fault;
use crate::app::Inner;
use crate::form::Fields;
use crate::session::Visitor;
use crate::sign_in::newline_kept;
use crate::typography::fr;
use domain::crisis::Crisis;
use domain::crisis::event::EntryType;
use maud::{Markup, html};

/// The box, filled in with what was refused, if anything was.
pub(super) fn show(shared: &Inner, visitor: &Visitor, crisis: &Crisis, fields: &Fields, fault: Option<&Fault>) -> Markup {
    if visitor.replayed.is_some() {
        return html! {};
    }
    if !visitor.may_write() {
        return html! { div.entry { p.muted { "Vous lisez la main courante sans y écrire. Dites au secrétaire de cellule ce qu’il faut noter." } } };
    }
    let stray = stray(visitor, fields);
    let blank = Fields::default();
    let fields = if stray.is_some() { &blank } else { fields };
    let chosen = EntryType::from_name(fields.get("entry_type")).unwrap_or(EntryType::Fact);
    html! {
        form #saisie .entry method="post" enctype="multipart/form-data" data-outbox
            action={ (super::room_path(shared, crisis)) "/entrees" } aria-label="Noter dans la main courante" {
            (stamps(shared, visitor))
            input type="hidden" name="typed_at" value=(fields.get("typed_at"));
            input type="hidden" name="deferred" value=(fields.get("deferred"));
            @if let Some((author, text)) = stray { div.stray role="alert" {
                p { "Ce texte a été tapé par " (author) " et n’est pas enregistré. Recopiez-le si vous le reprenez à votre compte, "
                    (fr("ou laissez-le à son auteur :")) }
                pre { (text) }
            } }
            @if let Some(fault) = fault { p.error #refus role="alert" { (fr(&fault.sentence)) } }
            div.line {
                div.box {
                    textarea #texte name="text" rows="1" placeholder=" " aria-label="Noter un fait" aria-describedby="aide"
                        aria-invalid=[fault.and_then(|f| f.on("text")).map(|_| "true")] autofocus[fault.is_some() || !fields.get("text").is_empty()] {
                        (newline_kept(fields.get("text"))) }
                    span #aide .ghost { span.say { "Noter un fait" } span.hide-s { ". " kbd { "/d" } " décision " kbd { "/a" } " action "
                        kbd { "@" } " personne " kbd { "+2h" } " délai" } }
                }
                button.btn.ghost { "Noter" }
            }
            fieldset.chips {
                legend.out { "Type d’entrée" }
                @for entry_type in EntryType::ALL { (chip(entry_type, chosen)) }
                label.chip for="pieces" { "Pièce jointe" }
            }
            div.tail {
                (precisions(visitor, crisis, fields, fault))
                button.link.small.keys type="button" data-keys hidden { "Touches " kbd { "?" } }
            }
        }
    }
}

/// A text that came through the door with somebody else: shown to be copied, never sent in another's name.
fn stray(visitor: &Visitor, fields: &Fields) -> Option<(String, String)> {
    let author = fields.get("author").parse().ok().filter(|author| *author != visitor.actor)?;
    Some((visitor.view.state.register.name(&author), fields.get("text").to_owned()))
}

fn chip(entry_type: EntryType, chosen: EntryType) -> Markup {
    let id = format!("type-{}", entry_type.name());
    let mut label = entry_type.label().chars();
    let capital: String = label.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    html! {
        input.out type="radio" name="entry_type" id=(id) value=(entry_type.name()) checked[entry_type == chosen];
        label.chip for=(id) { (capital) (label.as_str()) }
    }
}

/// Fields that « Préciser » holds.
const PRECISIONS: [&str; 8] = ["speaker", "occurred_at", "owner", "due_at", "review_at", "carries_out", "activity", "to_confirm"];
/// Most decisions offered to be carried out: the last ones still open.
const DECISIONS_MAX: usize = 20;

/// Which decision the action carries out, which activity the line is about.
fn belongs(visitor: &Visitor, crisis: &Crisis, fields: &Fields) -> Markup {
    let decisions = crisis.open_decisions(DECISIONS_MAX);
    let activities = filter::activities(visitor);
    html! {
        @if !decisions.is_empty() { p.field { label for="champ-carries_out" { "Met en œuvre la décision" }
            select #champ-carries_out name="carries_out" { option value="" { "–" }
                @for decision in decisions { option value=(decision.id) selected[fields.get("carries_out").parse() == Ok(decision.id)] {
                    (fr(&excerpt(decision.words().unwrap_or_default()))) } } } } }
        @if !activities.is_empty() { p.field { label for="champ-activity" { "Activité concernée" }
            select #champ-activity name="activity" { option value="" { "–" }
                @for (id, name) in &activities { option value=(id) selected[fields.get("activity").parse() == Ok(*id)] { (fr(name)) } } } } }
    }
}

/// The beginning of a text, on one line.
pub(super) fn excerpt(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut short: String = line.chars().take(EXCERPT_CHARS_MAX).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Most characters of a line repeated elsewhere.
const EXCERPT_CHARS_MAX: usize = 60;

fn precisions(visitor: &Visitor, crisis: &Crisis, fields: &Fields, fault: Option<&Fault>) -> Markup {
    let wrong = PRECISIONS.iter().chain(&["attachments"]).any(|f| fault.is_some_and(|x| x.on(f).is_some()));
    let field = |name: &str, label: &str, hint: &str| {
        let problem = fault.and_then(|f| f.on(name));
        html! {
            p.field {
                label for={ "champ-" (name) } { (label) }
                input id={ "champ-" (name) } name=(name) value=(fields.get(name)) placeholder=(hint) autocomplete="off"
                    list=[(name == "owner" || name == "speaker").then_some("personnes")]
                    aria-invalid=[problem.map(|_| "true")] aria-describedby=[problem.map(|_| "refus")];
            }
        }
    };
    let filled = PRECISIONS.iter().any(|name| !fields.get(name).is_empty());
    html! {
        details.more open[wrong || filled] {
            summary { "Préciser" }
            div.fields {
                (field("speaker", "Dit par", "si ce n’est pas vous"))
                (field("occurred_at", "Heure du fait", "14:30 ou 21/11 14:30"))
                (field("owner", "Responsable", "qui le fait"))
                (field("due_at", "Échéance", "+2h ou 14:30"))
                (field("review_at", "Décision à revoir", "+4h ou 18:00"))
                (belongs(visitor, crisis, fields))
                p.field { label.check { input #a-confirmer type="checkbox" name="to_confirm" value="1" checked[fields.get("to_confirm") == "1"];
                    (fr("Fait avant accord, à confirmer")) } }
                p.field {
                    label for="pieces" { "Pièces jointes" }
                    input #pieces type="file" name="files" multiple aria-describedby="pieces-aide";
                    span #pieces-aide .small.muted { (fr("25 Mio au plus par pièce ; aucun nom de patient.")) }
                }
            }
        }
    }
}
