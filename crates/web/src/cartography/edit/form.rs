//! The form of an activity or an element.

use super::{Edited, Value, action, needs};
use crate::cartography::duration;
use crate::cartography::thing::words::{label, priority};
use crate::crisis::acts::ids;
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::shell::Page;
use crate::situation::words::begun;
use crate::typography::fr;
use domain::cartography::event::{ActivitySet, AssetSet};
use domain::cartography::kind::{AssetKind, View};
use domain::cartography::need::Need;
use domain::cartography::{Cartography, PRIORITIES};
use journal::SubjectId;
use maud::{Markup, html};
use std::collections::BTreeSet;

/// Most elements proposed in the page itself; beyond, the script asks for those that match what is typed.
pub(in crate::cartography) const PROPOSED_MAX: usize = 1_500;

const FIELDS: [&str; 18] = [
    "name",
    "kind",
    "priority",
    "mtpd",
    "rto",
    "rpo",
    "unit",
    "owner",
    "description",
    "external",
    "needs",
    "provider",
    "managed_by",
    "zone",
    "survives",
    "survives_why",
    "essential",
    "reason",
];

pub(super) fn form(page: &Page<'_>, edited: &Edited, filled: Filled<'_>) -> Markup {
    let action = action(page, edited);
    html! {
        form.stacked.wide.mapform method="post" action=(action) {
            // The key Enter presses the first button of a form: it saves, and takes no row of needs away.
            button.out tabindex="-1" aria-hidden="true" { "Enregistrer" }
            (stamps(page.shared, page.visitor))
            input type="hidden" name="complet" value="1";
            input type="hidden" name="supersedes" value=(filled.value("supersedes", &ids(&edited.seen)));
            @if let Some(version) = edited.version { input type="hidden" name="version" value=(version); }
            (refusal(filled))
            @match &edited.value {
                Value::Activity(set) => (activity(page, set, filled, &action)),
                Value::Asset(set) => (asset(page, set, filled, &action)),
            }
            p { button.btn { "Enregistrer" } }
        }
        (lists(page))
    }
}

/// What was refused, unless a field says it.
fn refusal(filled: Filled<'_>) -> Markup {
    let row = |field: &str| field.strip_prefix('b').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let beside = filled.fault.and_then(|fault| fault.field.as_deref()).is_some_and(row);
    html! { @if beside { p.error role="alert" { "Rien n’est enregistré : voyez la ligne en rouge." } } @else { (filled.refusal(&FIELDS)) } }
}

fn delays(filled: Filled<'_>, known: [Option<u32>; 3], hints: [&str; 3]) -> Markup {
    let [mtpd, rto, rpo] = known.map(|minutes| minutes.map(duration).unwrap_or_default());
    html! { div.fields {
        (filled.text(&Text { name: "mtpd", label: "DMIA", known: &mtpd, example: Some("4 h, 30 min, 3 j"), hint: Some(hints[0]), ..Text::default() }))
        (filled.text(&Text { name: "rto", label: "RTO", known: &rto, example: Some("4 h"), hint: Some(hints[1]), ..Text::default() }))
        (filled.text(&Text { name: "rpo", label: "PDMA", known: &rpo, example: Some("24 h"), hint: Some(hints[2]), ..Text::default() }))
    } }
}

fn activity(page: &Page<'_>, set: &ActivitySet, filled: Filled<'_>, action: &str) -> Markup {
    let priorities: Vec<(String, String)> = PRIORITIES.iter().map(|(n, _)| (n.to_string(), priority(*n))).collect();
    html! {
        div.fields {
            (filled.text(&Text { name: "name", label: "Nom", known: &set.name, required: true, ..Text::default() }))
            (filled.choice("priority", "Priorité de soin", &set.priority.to_string(), &priorities))
            (units(page, set.unit, filled))
            (owner(set.owner.as_deref(), filled))
        }
        h2.part { "Combien de temps on tient" }
        (delays(filled, [set.mtpd_minutes, set.rto_minutes, set.rpo_minutes],
            ["durée maximale d’interruption admissible ; vide : inconnue", "reprise visée", "perte de données admissible"]))
        (needed(page, &set.needs, filled, action))
        (rest(&set.description, &set.external, filled))
    }
}

fn asset(page: &Page<'_>, set: &AssetSet, filled: Filled<'_>, action: &str) -> Markup {
    let map = &page.visitor.view.state.cartography;
    let survives = [("", "personne ne l’a dit"), ("oui", "oui"), ("non", "non")].map(|(v, w)| (v.to_owned(), w.to_owned()));
    let known = match set.survives {
        Some(true) => "oui",
        Some(false) => "non",
        None => "",
    };
    let managed_by = set.managed_by.map(|id| label(map, &id)).unwrap_or_default();
    let essential = filled.fields.map_or(set.essential, |fields| fields.get("essential") == "1");
    html! {
        div.fields {
            (filled.text(&Text { name: "name", label: "Nom", known: &set.name, required: true, ..Text::default() }))
            (kinds(set.kind, filled))
            (owner(set.owner.as_deref(), filled))
            (providers(page, set.provider, filled))
            (filled.text(&Text { name: "managed_by", label: "Géré par", known: &managed_by, list: Some("elements"), hint: Some("un élément de l’écosystème ou de l’administration"), ..Text::default() }))
            (units(page, set.unit, filled))
            div.field { label.check { input type="checkbox" name="essential" value="1" checked[essential]; "Système d’information essentiel (SIE)" } (filled.beside("essential")) }
        }
        (needed(page, &set.needs, filled, action))
        h2.part { "Face à l’attaque" }
        div.fields {
            (filled.text(&Text { name: "zone", label: "Zone réseau", known: &set.zone, example: Some("biomédical isolé"), list: Some("zones"), ..Text::default() }))
            (filled.choice("survives", "Survit à l’attaque", known, &survives))
            (filled.text(&Text { name: "survives_why", label: "Parce que", known: &set.survives_why, example: Some("hors domaine, sans lien avec le réseau"), ..Text::default() }))
        }
        (delays(filled, [set.mtpd_minutes, set.rto_minutes, set.rpo_minutes],
            ["interruption la plus longue que supportent ses utilisateurs", "temps pour le remettre en marche", "âge de la dernière copie utilisable"]))
        (rest(&set.description, &set.external, filled))
    }
}

fn needed(page: &Page<'_>, known: &[Need], filled: Filled<'_>, action: &str) -> Markup {
    let map = &page.visitor.view.state.cartography;
    let typed = filled.fields.and_then(|fields| Some((needs::typed(fields)?, fields.get("geste"))));
    let rows = typed.map_or_else(|| needs::of(known, map), |(rows, act)| needs::reshaped(rows, act));
    needs::editor(&rows, filled, action)
}

fn rest(description: &str, external: &[String], filled: Filled<'_>) -> Markup {
    html! {
        (filled.long(&Text { name: "description", label: "Description", known: description, ..Text::default() }, 3))
        details.more-fields open[!external.is_empty() || filled.fault.is_some_and(|f| f.on("external").is_some())] {
            summary { "Identifiants dans d’autres outils" }
            (filled.long(&Text { name: "external", label: "Un par ligne", known: &external.join("\n"), example: Some("mercator:applications/3"), hint: Some("un import retrouve l’élément par là"), ..Text::default() }, 2))
        }
    }
}

fn owner(known: Option<&str>, filled: Filled<'_>) -> Markup {
    let known = known.unwrap_or_default();
    filled.text(&Text {
        name: "owner",
        label: "Qui en répond",
        known,
        list: Some("personnes"),
        hint: Some("et tient cette fiche à jour"),
        ..Text::default()
    })
}

fn kinds(known: AssetKind, filled: Filled<'_>) -> Markup {
    let chosen = filled.value("kind", known.name());
    html! { p.field {
        label for="kind" { "Genre" }
        select #kind name="kind" {
            @for view in View::ALL { optgroup label=(view.label()) {
                @for kind in AssetKind::ALL.iter().filter(|kind| kind.view() == view) {
                    option value=(kind.name()) selected[kind.name() == chosen] { (fr(&begun(kind.label()))) } } } }
        }
        (filled.beside("kind"))
    } }
}

/// Records of the register by name, those chosen and since removed left to be seen.
fn options<'a>(
    all: impl Iterator<Item = (&'a SubjectId, &'a str)>,
    known: Option<SubjectId>,
    none: &str,
) -> Vec<(String, String)> {
    let mut options: Vec<(String, String)> = all.map(|(id, name)| (id.to_string(), name.to_owned())).collect();
    options.sort_by(|a, b| a.1.cmp(&b.1));
    if let Some(gone) = known.map(|id| id.to_string()).filter(|id| options.iter().all(|(value, _)| value != id)) {
        options.insert(0, (gone, "retiré de l’annuaire".to_owned()));
    }
    options.insert(0, (String::new(), none.to_owned()));
    options
}

fn units(page: &Page<'_>, known: Option<SubjectId>, filled: Filled<'_>) -> Markup {
    let units = page.visitor.view.state.register.units.iter().map(|(id, unit)| (id, unit.name.as_str()));
    let known_text = known.map(|id| id.to_string()).unwrap_or_default();
    filled.choice("unit", "Unité", &known_text, &options(units, known, "aucune en particulier"))
}

fn providers(page: &Page<'_>, known: Option<SubjectId>, filled: Filled<'_>) -> Markup {
    let providers = page.visitor.view.state.register.providers.iter().map(|(id, provider)| (id, provider.name.as_str()));
    let known_text = known.map(|id| id.to_string()).unwrap_or_default();
    filled.choice("provider", "Prestataire", &known_text, &options(providers, known, "inconnu"))
}

/// What fields propose: people, elements of the map, network zones.
fn lists(page: &Page<'_>) -> Markup {
    let state = &page.visitor.view.state;
    let map = &state.cartography;
    let zones: BTreeSet<&str> = map.assets().into_iter().map(|a| a.now().zone.as_str()).filter(|zone| !zone.is_empty()).collect();
    html! {
        datalist #personnes { @for (_, person) in state.register.present() { option value=(person.name) {} } }
        datalist #zones { @for zone in zones { option value=(zone) {} } }
        (proposed(map))
    }
}

/// Elements that a field may name.
pub(in crate::cartography) fn proposed(map: &Cartography) -> Markup {
    let things = map.things();
    html! {
        datalist #elements data-partial[things.len() > PROPOSED_MAX] {
            @for thing in things.iter().take(PROPOSED_MAX) { option value=(label(map, &thing.id())) {} }
        }
    }
}
