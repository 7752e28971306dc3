//! What is to be read again, by who answers for it: tick, then say that it still holds, or ask somebody.

use super::records::{Asked, Record, by_owner, encoded};
use super::{PATH, days};
use crate::cartography::{base, thing_path};
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::shell::Page;
use crate::today::plural;
use crate::typography::fr;
use domain::cartography::check::review::REVIEWED_MAX;
use domain::cartography::kind::View;
use domain::register::day::Day;
use maud::{Markup, html};
use std::collections::BTreeSet;

/// Most records on one page: a form has so many fields at most.
const SHOWN_MAX: usize = 500;
/// Most people whose sheet is offered; the filter and the address give the others.
const PEOPLE_SHOWN_MAX: usize = 60;
/// Proposed delay for a review, in days.
const ASKED_DAYS: i64 = 30;
const DAY_MS: i64 = 86_400_000;

/// The list as a form, or as a table for who only reads.
pub(super) fn section(page: &Page<'_>, due: &[Record<'_>], asked: &Asked, filled: Filled<'_>) -> Markup {
    let wanted: Vec<&Record<'_>> = due.iter().filter(|record| record.is_wanted(asked)).collect();
    let writes = page.visitor.may_write();
    html! {
        section.panel.wide aria-labelledby="relire" {
            header { h2 #relire { "À relire" } span.muted.small { (wanted.len()) } }
            @if due.is_empty() { (filled.refusal(&[])) p.empty { (fr("Rien n’est à relire. Une fiche revient ici un an après sa dernière relecture, ou quand quelqu’un la demande.")) } }
            @else {
                (filters(asked))
                (sheets(due))
                @if writes { form.review method="post" action={ (base(page)) "/fraicheur/relue" } {
                    (stamps(page.shared, page.visitor))
                    input type="hidden" name="qui" value=(asked.qui);
                    input type="hidden" name="vue" value=(asked.vue);
                    (filled.refusal(&["of", "due_on", "by"]))
                    (groups(&wanted, asked, filled, true))
                    @if !wanted.is_empty() { (acts(page, filled)) }
                } } @else { (groups(&wanted, asked, filled, false)) p.small.muted { "Un observateur lit la carte sans la changer." } }
            }
        }
    }
}

fn filters(asked: &Asked) -> Markup {
    html! {
        form.bar action=(PATH) {
            p.field { label for="vue" { "Vue" } select id="vue" name="vue" {
                option value="" { "toutes" }
                @for view in View::ALL { option value=(view.name()) selected[view.name() == asked.vue] { (fr(view.label())) } } } }
            p.field { label for="qui" { "Responsable, ou personne sollicitée" } input id="qui" name="qui" value=(asked.qui) autocomplete="off"; }
            button.btn.ghost { "Montrer" }
            @if !asked.qui.is_empty() || !asked.vue.is_empty() { a href=(PATH) { "Tout montrer" } }
        }
    }
}

/// A sheet to print for each person who answers for a record, or was asked to read one.
fn sheets(due: &[Record<'_>]) -> Markup {
    let owners = due.iter().filter_map(|record| record.thing.owner());
    let asked = due.iter().filter_map(|record| record.asked.map(|asked| asked.of.as_str()));
    let people: BTreeSet<&str> = owners.chain(asked).map(str::trim).filter(|name| !name.is_empty()).collect();
    html! { @if !people.is_empty() { p.small.noprint { (fr("Feuilles à imprimer : "))
        @for (at, name) in people.iter().take(PEOPLE_SHOWN_MAX).enumerate() { @if at > 0 { ", " }
            a href={ (PATH) "/demande?qui=" (encoded(name)) } { (fr(name)) } }
        @if people.len() > PEOPLE_SHOWN_MAX { "…" }
    } } }
}

fn ticked(filled: Filled<'_>, value: &str) -> bool {
    filled.fields.is_some_and(|fields| fields.texts.iter().any(|(name, sent)| name == "about" && sent == value))
}

fn groups(wanted: &[&Record<'_>], asked: &Asked, filled: Filled<'_>, writes: bool) -> Markup {
    let mut room = SHOWN_MAX;
    let groups: Vec<_> = by_owner(wanted)
        .into_iter()
        .map(|(owner, records)| {
            let shown = records.len().min(room);
            room -= shown;
            (owner, records, shown)
        })
        .collect();
    html! {
        @if wanted.is_empty() { p.empty { "Aucune fiche à relire ne répond à ces choix." } }
        @for (owner, records, shown) in &groups {
            div.owner {
                h3 { (fr(owner.unwrap_or("Sans responsable"))) " " span.small.muted { (records.len()) } }
                @if writes { (whole(owner.unwrap_or("personne"), records, filled)) }
                @if *shown > 0 { (table(&records[..*shown], filled, writes)) }
                @if *shown < records.len() { p.small.muted { (fr(&format!(
                    "{} ici.",
                    plural((records.len() - shown) as u64, "autre fiche n’est pas montrée", "autres fiches ne sont pas montrées")
                ))) @if owner.is_some() && asked.qui.is_empty() { (fr(" Choisissez ce responsable ci-dessus pour les voir.")) } } }
            }
        }
    }
}

/// One tick for all the records of a group.
fn whole(owner: &str, records: &[&Record<'_>], filled: Filled<'_>) -> Markup {
    if records.len() < 2 {
        return html! {};
    }
    let count = records.len().min(REVIEWED_MAX);
    let ids: Vec<String> = records.iter().take(REVIEWED_MAX).map(|record| record.thing.id().to_string()).collect();
    let value = ids.join(",");
    let words = if count < records.len() { format!("Les {count} premières") } else { format!("Les {count} fiches") };
    html! { p.small.noprint { label.check { input type="checkbox" name="about" value=(value) checked[ticked(filled, &value)];
    " " (fr(&words)) span.out { " de " (fr(owner)) } } } }
}

fn table(records: &[&Record<'_>], filled: Filled<'_>, writes: bool) -> Markup {
    html! { div.scrollx tabindex="0" role="group" aria-label="Fiches à relire" { table.stale {
        thead { tr { @if writes { th.tick scope="col" { span.out { "Choisir" } } }
            th scope="col" { "Fiche" } th scope="col" { "Genre" } th scope="col" { "Dernière relecture" } th scope="col" { "Demandée" } } }
        tbody { @for record in records { tr {
            @let id = record.thing.id().to_string();
            @if writes { td.tick { input type="checkbox" name="about" value=(id) id={ "f-" (id) } checked[ticked(filled, &id)] aria-label={ "Choisir " (record.thing.name()) }; } }
            td { a href=(thing_path(&record.thing.id())) { (fr(record.thing.name())) } }
            td.muted { (fr(record.thing.kind_label())) }
            td { @match record.fresh { Some(on) => (days::shown(on)), None => span.st.unknown { "jamais" } } }
            td { (asking(record)) }
        } } }
    } } }
}

fn asking(record: &Record<'_>) -> Markup {
    html! { @match record.asked {
        Some(asked) => {
            (fr(&format!("à {}, pour le {}", asked.of, days::shown(asked.due_on))))
            @if record.is_late() { " " span.st.small.down { "en retard" } }
        },
        None => span.muted { "non" },
    } }
}

fn acts(page: &Page<'_>, filled: Filled<'_>) -> Markup {
    let due = Day::of_ms(page.now.saturating_add(ASKED_DAYS * DAY_MS)).to_string();
    let people: Vec<&str> = page.visitor.view.state.register.present().map(|(_, person)| person.name.as_str()).collect();
    html! {
        div.review-acts.noprint {
            fieldset { legend { b { "Ces fiches sont exactes" } }
                (filled.text(&Text { name: "by", label: "Relues par, si ce n’est pas vous", list: Some("relecteurs"), ..Text::default() }))
                p { button.btn { (fr("C’est toujours exact")) } }
            }
            fieldset { legend { b { "Les faire relire" } }
                div.fields {
                    (filled.text(&Text { name: "of", label: "Par qui", list: Some("relecteurs"), hint: Some("À blanc : par le responsable de chaque fiche."), ..Text::default() }))
                    (days::field(filled, "due_on", "Pour le", &due, None))
                }
                p { button.btn.ghost formaction={ (base(page)) "/fraicheur/demander" } { "Demander la relecture" } }
            }
            datalist id="relecteurs" { @for name in people { option value=(name) {} } }
        }
    }
}
