//! Days as people read and type them.

use crate::fields::Filled;
use crate::shell::Page;
use crate::typography::fr;
use domain::register::day::Day;
use maud::{Markup, html};

/// The day it is there.
pub(crate) fn today(page: &Page<'_>) -> Day {
    page.local.date(page.now).to_string().parse().unwrap_or_else(|_| Day::of_ms(page.now))
}

/// With its year: `21/11/2026`.
pub(crate) fn shown(day: Day) -> String {
    let text = day.to_string();
    let mut parts = text.splitn(3, '-');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(day)) => format!("{day}/{month}/{year}"),
        _ => text,
    }
}

/// As a browser sends it (`2026-11-21`), or as people type it (`21/11/2026`).
pub(crate) fn typed(text: &str) -> Option<Day> {
    let text = text.trim();
    let mut parts = text.split('/');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(day), Some(month), Some(year), None) => Day::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?),
        _ => text.parse().ok(),
    }
}

/// A field that takes a day.
pub(crate) fn field(filled: Filled<'_>, name: &str, label: &str, known: &str, hint: Option<&str>) -> Markup {
    let wrong = filled.fault.is_some_and(|fault| fault.on(name).is_some());
    html! { p.field {
        label for=(name) { (fr(label)) }
        input type="date" id=(name) name=(name) value=(filled.value(name, known)) autocomplete="off"
            aria-invalid=[wrong.then_some("true")] aria-describedby=[wrong.then(|| format!("e-{name}"))];
        @if let Some(hint) = hint { span.small.muted { (fr(hint)) } }
        (filled.beside(name))
    } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_reads_back_as_it_is_shown() {
        let day = typed("2026-11-21");
        assert_eq!(day.map(shown).as_deref(), Some("21/11/2026"));
        assert_eq!(typed("21/11/2026"), day);
        for text in ["", "demain", "31/02/2026", "21/11", "21/11/26", "1/1/1/1"] {
            assert_eq!(typed(text), None, "{text}");
        }
    }
}
