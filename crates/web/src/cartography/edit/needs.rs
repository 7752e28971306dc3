//! The editor of needs: a row for each, that grows and shrinks by buttons which work without a script.

use crate::answer::Fault;
use crate::cartography::acts::mtpd;
use crate::cartography::duration;
use crate::cartography::thing::words::{chosen, label};
use crate::crisis::scene::wrong;
use crate::fields::Filled;
use crate::form::Fields;
use crate::typography::fr;
use domain::cartography::Cartography;
use domain::cartography::check::{ANY_MAX, NEEDS_MAX};
use domain::cartography::need::{Need, Relation};
use maud::{Markup, html};

/// A need as the form holds it: texts, right or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    targets: Vec<String>,
    at_least: String,
    holds: String,
    degrades: bool,
    hosted: bool,
    why: String,
}

impl Default for Row {
    fn default() -> Self {
        let (targets, at_least) = (vec![String::new()], "1".to_owned());
        Self { targets, at_least, holds: String::new(), degrades: false, hosted: false, why: String::new() }
    }
}

impl Row {
    fn is_blank(&self) -> bool {
        let texts = self.targets.iter().chain([&self.holds, &self.why]);
        texts.into_iter().all(|text| text.trim().is_empty())
    }
}

fn field(row: usize, what: &str) -> String {
    format!("b{row}-{what}")
}

/// Rows of a record.
pub(super) fn of(needs: &[Need], map: &Cartography) -> Vec<Row> {
    let row = |need: &Need| Row {
        targets: need.any.iter().map(|id| label(map, id)).collect(),
        at_least: need.at_least.to_string(),
        holds: need.holds_minutes.map(duration).unwrap_or_default(),
        degrades: need.degrades,
        hosted: need.relation == Relation::HostedOn,
        why: need.why.clone(),
    };
    needs.iter().map(row).collect()
}

/// Rows as typed; none when the form had no needs to speak of.
pub(super) fn typed(fields: &Fields) -> Option<Vec<Row>> {
    let count: usize = fields.filled("besoins")?.parse().ok()?;
    let row = |at: usize| {
        let name = field(at, "cible");
        let targets = fields.texts.iter().filter(|(key, _)| *key == name).map(|(_, value)| value.trim().to_owned()).collect();
        Row {
            targets,
            at_least: fields.get(&field(at, "min")).trim().to_owned(),
            holds: fields.get(&field(at, "tient")).trim().to_owned(),
            degrades: fields.get(&field(at, "degrade")) == "1",
            hosted: fields.get(&field(at, "lien")) == Relation::HostedOn.label(),
            why: fields.get(&field(at, "motif")).trim().to_owned(),
        }
    };
    Some((0..count.min(NEEDS_MAX + 1)).map(row).collect())
}

/// What a button of the editor does to its rows: `ajouter`, `autre-2` (one more target for the third need), `retirer-2`.
pub(super) fn reshaped(mut rows: Vec<Row>, act: &str) -> Vec<Row> {
    let (act, at) = act.split_once('-').map_or((act, None), |(act, at)| (act, at.parse::<usize>().ok()));
    match (act, at) {
        ("ajouter", _) if rows.len() < NEEDS_MAX => rows.push(Row::default()),
        ("autre", Some(at)) => {
            if let Some(row) = rows.get_mut(at).filter(|row| row.targets.len() < ANY_MAX) {
                row.targets.push(String::new());
            }
        }
        ("retirer", Some(at)) if at < rows.len() => {
            rows.remove(at);
        }
        _ => {}
    }
    rows
}

/// The needs that the rows say.
///
/// # Errors
/// The first row that is not understood, beside its field.
pub(super) fn read(rows: &[Row], map: &Cartography) -> Result<Vec<Need>, Fault> {
    let rows = rows.iter().enumerate().filter(|(_, row)| !row.is_blank());
    rows.map(|(at, row)| one(at, row, map)).collect()
}

fn one(at: usize, row: &Row, map: &Cartography) -> Result<Need, Fault> {
    let targets = row.targets.iter().filter(|text| !text.is_empty());
    let any = targets.map(|text| chosen(map, text)).collect::<Result<Vec<_>, _>>();
    let any = any.map_err(|sentence| wrong(&field(at, "cible"), sentence))?;
    if any.is_empty() {
        return Err(wrong(&field(at, "cible"), "Dites de quoi il a besoin, ou retirez cette ligne."));
    }
    let at_least = if row.at_least.is_empty() { Ok(1) } else { row.at_least.parse() };
    let at_least = at_least.map_err(|_| wrong(&field(at, "min"), "Écrivez combien suffisent au moins : 1, 2…"))?;
    let holds = Some(row.holds.clone()).filter(|text| !text.is_empty());
    Ok(Need {
        any,
        at_least,
        holds_minutes: mtpd(holds, &field(at, "tient"))?,
        degrades: row.degrades,
        relation: if row.hosted { Relation::HostedOn } else { Relation::Needs },
        why: row.why.clone(),
    })
}

/// The editor. Buttons send the whole form to `action`, which gives it back with one row more or less.
pub(super) fn editor(rows: &[Row], filled: Filled<'_>, action: &str) -> Markup {
    let blank = [Row::default()];
    let rows = if rows.is_empty() { &blank } else { rows };
    html! {
        fieldset.needs #besoins data-needs {
            legend { "Ce dont il a besoin" }
            p.small.muted { (fr("Plusieurs éléments sur un même besoin se remplacent : dites combien suffisent. « Tient » : combien de temps il marche encore sans ; vide, il s’arrête aussitôt.")) }
            (filled.beside("needs"))
            input type="hidden" name="besoins" value=(rows.len());
            @for (at, row) in rows.iter().enumerate() { (line(at, row, filled, action)) }
            p { button.btn.ghost.small name="geste" value="ajouter" formaction={ (action) "#besoins" } formnovalidate { "Ajouter un besoin" } }
        }
    }
}

fn line(at: usize, row: &Row, filled: Filled<'_>, action: &str) -> Markup {
    let id = |what: &str| field(at, what);
    let several = row.targets.len() > 1
        || !matches!(row.at_least.as_str(), "" | "1")
        || filled.fault.is_some_and(|f| f.on(&id("min")).is_some());
    let number = at + 1;
    html! {
        div.need role="group" aria-label={ "Besoin " (number) } {
            div.field { label for=(id("lien")) { "Lien" }
                select id=(id("lien")) name=(id("lien")) {
                    @for relation in [Relation::Needs, Relation::HostedOn] {
                        option value=(relation.label()) selected[row.hosted == (relation == Relation::HostedOn)] { (relation.label()) } } } }
            div.field.targets { label for=(id("cible")) { "Élément" @if several { "s, l’un ou l’autre" } }
                @for (place, target) in row.targets.iter().enumerate() {
                    input id=[(place == 0).then(|| id("cible"))] name=(id("cible")) value=(target) list="elements" autocomplete="off"
                        aria-label=[(place > 0).then(|| format!("ou (besoin {number})"))] aria-invalid=[filled.fault.and_then(|f| f.on(&id("cible"))).map(|_| "true")]; }
                (filled.beside(&id("cible")))
                button.link.small name="geste" value={ "autre-" (at) } formaction={ (action) "#besoins" } formnovalidate { "ou un autre" span.out { " (besoin " (number) ")" } } }
            div.terms {
                @if several { div.field.few { label for=(id("min")) { "Au moins" }
                    input id=(id("min")) name=(id("min")) value=(row.at_least) inputmode="numeric" autocomplete="off"; (filled.beside(&id("min"))) } }
                @else { input type="hidden" name=(id("min")) value=(row.at_least); }
                div.field.few { label for=(id("tient")) { "Tient" }
                    input id=(id("tient")) name=(id("tient")) value=(row.holds) placeholder="4 h" autocomplete="off"; (filled.beside(&id("tient"))) }
                div.field.only { label.check { input type="checkbox" name=(id("degrade")) value="1" checked[row.degrades]; "seulement dégradé" } }
            }
            div.field.why { label for=(id("motif")) { "Pourquoi" }
                input id=(id("motif")) name=(id("motif")) value=(row.why) placeholder="ouvre ses sessions par" autocomplete="off"; }
            p.off { button.link.small name="geste" value={ "retirer-" (at) } formaction={ (action) "#besoins" } formnovalidate { "Retirer" span.out { " le besoin " (number) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_add_and_take_off_rows_and_never_touch_the_others() {
        let named = |name: &str| Row { targets: vec![name.to_owned()], ..Row::default() };
        let rows = vec![named("a"), named("b")];
        assert_eq!(reshaped(rows.clone(), "ajouter"), vec![named("a"), named("b"), Row::default()]);
        assert_eq!(reshaped(rows.clone(), "retirer-0"), vec![named("b")]);
        assert_eq!(reshaped(rows.clone(), "autre-1")[1].targets, ["b", ""]);
        for nothing in ["retirer-9", "autre-9", "retirer-x", "", "ajouter-", "-1"] {
            let kept = reshaped(rows.clone(), nothing);
            assert!(kept.starts_with(&rows), "{nothing}");
        }
    }
}
