//! The map as care sees it: activities by priority, the applications they need.

mod acts;
mod edit;
mod page;
mod starter;

use crate::app::Shared;
use axum::Router;
use axum::routing::{get, post};

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/carte/activites", get(page::show))
        .route("/journaux/{journal}/carte/liste-type", get(starter::show).post(starter::adopt))
        .route("/journaux/{journal}/carte/activites", get(edit::new_activity).post(acts::add_activity))
        .route("/journaux/{journal}/carte/activites/{id}", get(edit::activity).post(acts::change_activity))
        .route("/journaux/{journal}/carte/applications", post(acts::add_application))
        .route("/journaux/{journal}/carte/applications/{id}", get(edit::application).post(acts::change_application))
        .route("/journaux/{journal}/carte/elements/{id}/retirer", post(acts::remove))
}

const HOUR_MINUTES: u32 = 60;
const DAY_MINUTES: u32 = 24 * HOUR_MINUTES;

/// A tolerable interruption in words: `30 min`, `4 h`, `1 h 30`, `3 j`.
pub(crate) fn duration(minutes: u32) -> String {
    match minutes {
        m if m < HOUR_MINUTES => format!("{m} min"),
        m if m >= 2 * DAY_MINUTES && m % DAY_MINUTES == 0 => format!("{} j", m / DAY_MINUTES),
        m if m % HOUR_MINUTES == 0 => format!("{} h", m / HOUR_MINUTES),
        m => format!("{} h {:02}", m / HOUR_MINUTES, m % HOUR_MINUTES),
    }
}

/// A duration as people type it: `30 min`, `4h`, `1h30`, `3 j`, or a bare number of hours.
fn typed_duration(text: &str) -> Option<u32> {
    let text: String = text.to_lowercase().split_whitespace().collect();
    let at = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (count, unit) = text.split_at(at);
    let count: u32 = count.parse().ok()?;
    match unit {
        "min" | "mn" => Some(count),
        "" | "h" | "heures" | "heure" => count.checked_mul(HOUR_MINUTES),
        "j" | "jours" | "jour" => count.checked_mul(DAY_MINUTES),
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
            [(30, "30 min"), (60, "1 h"), (90, "1 h 30"), (240, "4 h"), (1440, "24 h"), (4320, "3 j"), (4380, "73 h")]
        {
            assert_eq!((duration(minutes).as_str(), typed_duration(words)), (words, Some(minutes)));
        }
        assert_eq!([typed_duration("4"), typed_duration("2 jours"), typed_duration("1h05")], [Some(240), Some(2880), Some(65)]);
        for text in ["", "h", "bientôt", "1h75", "99999999999 j", "4294967295 j", "=1+1"] {
            assert_eq!(typed_duration(text), None, "{text}");
        }
    }
}
