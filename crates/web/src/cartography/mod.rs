//! The map as care sees it: activities, what they need, and what stops if this stops.

mod acts;
mod archetype;
mod bia;
mod critical;
mod edit;
mod exchange;
mod fresh;
mod import;
mod map;
mod net;
mod page;
mod thing;
mod unit;
mod what_if;

use crate::app::Shared;
use crate::shell::Page;
use crate::typography::fr;
use axum::Router;
use axum::routing::{get, post};
pub(crate) use import::Imports;
pub(crate) use map::Plans;
use maud::{Markup, html};
pub(crate) use net::{Nets, net};

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/carte/activites", get(page::show))
        .route("/journaux/{journal}/carte/activites", get(edit::new_activity).post(acts::add_activity))
        .route("/journaux/{journal}/carte/activites/{id}", get(edit::moved).post(acts::change))
        .route("/journaux/{journal}/carte/applications", post(acts::add_application))
        .route("/journaux/{journal}/carte/applications/{id}", get(edit::moved).post(acts::change))
        .route("/journaux/{journal}/carte/elements/{id}/retirer", post(acts::remove))
        .merge(archetype::routes())
        .merge(bia::routes())
        .merge(critical::routes())
        .merge(exchange::routes())
        .merge(fresh::routes())
        .merge(import::routes())
        .merge(map::routes())
        .merge(thing::routes())
        .merge(unit::routes())
        .merge(what_if::routes())
}

/// Pages of the map, as the navigation under their title lists them. Those that write have the journal's id in the
/// addresses of their forms.
const TABS: [(&str, &str); 9] = [
    ("Plan", "/carte/plan"),
    ("Éléments", "/carte/activites"),
    ("Interfaces", "/carte/interfaces"),
    ("Et si ?", "/carte/et-si"),
    ("Criticité", "/carte/criticite"),
    ("Impact (BIA)", "/carte/bia"),
    ("Unités", "/carte/unites"),
    ("Fraîcheur", "/carte/fraicheur"),
    ("Import et export", "/carte/import"),
];

/// The title of a page of the map, with the way to the others.
pub(crate) fn head(title: &str, here: &str) -> Markup {
    html! {
        div.roomhead { h1 { (fr(title)) }
            nav.sub aria-label="Carte" { @for (name, path) in TABS { a href=(path) aria-current=[(path == here).then_some("page")] { (fr(name)) } } } }
    }
}

/// Where forms of the map post.
pub(crate) fn base(page: &Page<'_>) -> String {
    format!("/journaux/{}/carte", page.shared.ledger.id())
}

/// Where an activity or an element is described.
pub(crate) fn thing_path(id: &journal::SubjectId) -> String {
    format!("/carte/elements/{id}")
}

const HOUR_MINUTES: u32 = 60;
const DAY_MINUTES: u32 = 24 * HOUR_MINUTES;

/// A tolerable interruption in words: `30 min`, `4 h`, `1 h 30`, `3 j`, `2 j 4 h`. Days from two on: crises count
/// their first two in hours.
pub(crate) fn duration(minutes: u32) -> String {
    match minutes {
        m if m < HOUR_MINUTES => format!("{m} min"),
        m if m >= 2 * DAY_MINUTES && m % DAY_MINUTES == 0 => format!("{} j", m / DAY_MINUTES),
        m if m >= 2 * DAY_MINUTES => format!("{} j {}", m / DAY_MINUTES, duration(m % DAY_MINUTES)),
        m if m % HOUR_MINUTES == 0 => format!("{} h", m / HOUR_MINUTES),
        m => format!("{} h {:02}", m / HOUR_MINUTES, m % HOUR_MINUTES),
    }
}

/// A duration as people type it: `30 min`, `4h`, `1h30`, `3 j`, `2 j 4 h`, or a bare number of hours.
pub(crate) fn typed_duration(text: &str) -> Option<u32> {
    let text: String = text.to_lowercase().split_whitespace().collect();
    let Some((days, rest)) = text.split_once('j') else { return within_a_day(&text) };
    let rest = rest.strip_prefix("ours").or_else(|| rest.strip_prefix("our")).unwrap_or(rest);
    let days: u32 = days.parse().ok().filter(|_| days.starts_with(|c: char| c.is_ascii_digit()))?;
    let rest = if rest.is_empty() { 0 } else { within_a_day(rest).filter(|minutes| *minutes < DAY_MINUTES)? };
    days.checked_mul(DAY_MINUTES)?.checked_add(rest)
}

/// Hours and minutes, without days.
fn within_a_day(text: &str) -> Option<u32> {
    let at = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (count, unit) = text.split_at(at);
    let count: u32 = count.parse().ok()?;
    match unit {
        "min" | "mn" => Some(count),
        "" | "h" | "heures" | "heure" => count.checked_mul(HOUR_MINUTES),
        rest => {
            let minutes: u32 = rest.strip_prefix('h')?.parse().ok().filter(|m| *m < HOUR_MINUTES)?;
            count.checked_mul(HOUR_MINUTES)?.checked_add(minutes)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_reads_back_as_it_was_written() {
        for (minutes, words) in
            [(30, "30 min"), (60, "1 h"), (90, "1 h 30"), (240, "4 h"), (1440, "24 h"), (2820, "47 h"), (4320, "3 j")]
        {
            assert_eq!((duration(minutes).as_str(), typed_duration(words)), (words, Some(minutes)));
        }
        for (minutes, words) in
            [(2880, "2 j"), (3120, "2 j 4 h"), (2910, "2 j 30 min"), (4410, "3 j 1 h 30"), (4379, "3 j 59 min")]
        {
            assert_eq!((duration(minutes).as_str(), typed_duration(words)), (words, Some(minutes)));
        }
        assert_eq!([typed_duration("4"), typed_duration("2 jours"), typed_duration("1h05")], [Some(240), Some(2880), Some(65)]);
        assert_eq!(
            [typed_duration("2 jours 4h"), typed_duration("52 h"), typed_duration("1j")],
            [Some(3120), Some(3120), Some(1440)]
        );
        for text in [
            "",
            "h",
            "bientôt",
            "1h75",
            "99999999999 j",
            "4294967295 j",
            "=1+1",
            "j",
            "+2 j",
            "2 j 30 h",
            "2 j 3 j",
            "2 j demain",
        ] {
            assert_eq!(typed_duration(text), None, "{text}");
        }
    }
}
