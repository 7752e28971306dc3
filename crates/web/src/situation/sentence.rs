//! The situation in a sentence or two: what is past its limit, what holds, what is stopped, what nobody has told.

use super::words::{begun, inside, lasting, listed};
use crate::local::Local;
use crate::today::plural;
use crate::typography::fr;
use domain::situation::board::{ActivityLine, Board};
use domain::situation::event::Status;
use maud::{Markup, html};

/// Most names in one sentence; the others are counted.
const NAMES_MAX: usize = 3;
/// The care priority of what is vital.
const VITAL: u8 = 1;

/// The sentences, the most urgent first. It reassures about nothing that nobody declared.
pub(crate) fn said(board: &Board<'_>, local: &Local, now: i64) -> Vec<String> {
    let all = &board.activities;
    if all.is_empty() {
        return Vec::new();
    }
    if all.iter().all(|a| a.line.declared.is_none()) {
        return vec![match all.len() {
            1 => "Personne n’a encore dit comment marche l’activité de la carte.".to_owned(),
            n => format!("Personne n’a encore dit comment marchent les {n} activités de la carte."),
        }];
    }
    if board.count(Status::Normal) == all.len() && all.iter().all(|a| !a.line.is_review_late(now)) {
        return vec![format!(
            "{} sur {} {}.",
            all.len(),
            all.len(),
            if all.len() == 1 { "est déclarée normale" } else { "sont déclarées normales" }
        )];
    }
    let past = |a: &&ActivityLine<'_>| a.line.is_past_hold(now);
    let stopped = |a: &&ActivityLine<'_>| a.line.status() == Status::Stopped && !a.line.is_past_hold(now);
    let since = |a: &ActivityLine<'_>| a.line.holds_until().map(|at| format!("depuis {}", lasting(now.saturating_sub(at))));
    let limit = |a: &ActivityLine<'_>| a.line.holds_until().map(|at| format!("limite à {}", local.short(at, now)));
    [
        told("limite dépassée", &all.iter().filter(past).collect::<Vec<_>>(), since),
        holding(all, now),
        told("à l’arrêt", &all.iter().filter(stopped).collect::<Vec<_>>(), limit),
        silent(all),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `À l’arrêt : biologie (limite à 03:40), imagerie et 2 autres.`
fn told(what: &str, lines: &[&ActivityLine<'_>], detail: impl Fn(&ActivityLine<'_>) -> Option<String>) -> Option<String> {
    if lines.is_empty() {
        return None;
    }
    let named = |a: &&&ActivityLine<'_>| match detail(a) {
        Some(detail) => format!("{} ({detail})", inside(a.line.name)),
        None => inside(a.line.name),
    };
    let shown = if lines.len() > NAMES_MAX { NAMES_MAX - 1 } else { lines.len() };
    let mut names: Vec<String> = lines.iter().take(shown).map(|a| named(&a)).collect();
    if lines.len() > shown {
        names.push(format!("{} autres", lines.len() - shown));
    }
    Some(format!("{} : {}.", begun(what), listed(&names)))
}

/// Whether somebody declared that care holds, and that has not passed.
fn holds(a: &ActivityLine<'_>, now: i64) -> bool {
    let declared = match a.line.status() {
        Status::Normal | Status::Enclave => a.line.holds_until().is_none_or(|until| until > now),
        Status::Degraded => a.line.holds_until().is_some_and(|until| until > now),
        _ => false,
    };
    declared && !a.line.is_review_late(now) && a.line.conflicting() == 0
}

/// `Urgences et réanimation tiennent.`
fn holding(all: &[ActivityLine<'_>], now: i64) -> Option<String> {
    let vital: Vec<&ActivityLine<'_>> = all.iter().filter(|a| a.priority() == VITAL).collect();
    let lines: Vec<&&ActivityLine<'_>> = vital.iter().filter(|a| holds(a, now)).collect();
    match lines.as_slice() {
        [] => None,
        [one] => Some(format!("{} {}.", begun(one.line.name), if seems_plural(one.line.name) { "tiennent" } else { "tient" })),
        several if several.len() <= NAMES_MAX => {
            let names: Vec<String> = several.iter().map(|a| inside(a.line.name)).collect();
            Some(format!("{} tiennent.", begun(&listed(&names))))
        }
        several => Some(format!("{} activités vitales sur {} tiennent.", several.len(), vital.len())),
    }
}

/// « Urgences », « Soins intensifs » : the verb follows the first word.
fn seems_plural(name: &str) -> bool {
    name.split_whitespace().next().is_some_and(|word| word.ends_with('s'))
}

fn silent(all: &[ActivityLine<'_>]) -> Option<String> {
    let unknown: Vec<&ActivityLine<'_>> = all.iter().filter(|a| a.line.status() == Status::Unknown).collect();
    let vital = unknown.iter().filter(|a| a.priority() == VITAL).count();
    if unknown.is_empty() {
        return None;
    }
    let count = plural(unknown.len() as u64, "activité est", "activités sont");
    Some(match vital {
        0 => format!("{count} sans nouvelle."),
        vital => format!("{count} sans nouvelle, dont {}.", plural(vital as u64, "vitale", "vitales")),
    })
}

/// The sentences on a page, the first one in bold.
pub(crate) fn show(board: &Board<'_>, local: &Local, now: i64) -> Markup {
    let said = said(board, local, now);
    html! { @if let [first, rest @ ..] = said.as_slice() {
        b { (fr(first)) } @for sentence in rest { " " (fr(sentence)) }
    } }
}
