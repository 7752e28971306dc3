//! The days of a campaign as iCalendar (RFC 5545).

use super::find;
use crate::answer::Fault;
use crate::app::Shared;
use crate::session::Visitor;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::campaign::Campaign;
use jiff::Timestamp;

/// Longest line, octets without the line break (RFC 5545, 3.1).
const LINE_OCTETS_MAX: usize = 75;
/// How long an exercise takes in the calendar, milliseconds: briefing and debrief with it.
const LASTS_MS: i64 = 3 * 3_600_000;

/// `GET /campagnes/{id}/agenda.ics`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    let campaign = find(&shared, &visitor, &id)?;
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"campagne.ics\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, calendar(campaign, visitor.now)).into_response())
}

/// The calendar of a campaign, made at a moment (milliseconds since 1970).
pub(super) fn calendar(campaign: &Campaign, now: i64) -> String {
    let mut lines =
        vec!["BEGIN:VCALENDAR".to_owned(), "VERSION:2.0".to_owned(), "PRODID:-//Plan Blanc//Campagnes//FR".to_owned()];
    for followed in campaign.followed() {
        let Some((at, place)) = &followed.planned else { continue };
        let target = &followed.target;
        lines.push("BEGIN:VEVENT".to_owned());
        lines.push(format!("UID:{}-{}@planblanc", campaign.id, target.finess));
        lines.push(format!("DTSTAMP:{}", utc(now)));
        lines.push(format!("DTSTART:{}", utc(*at)));
        lines.push(format!("DTEND:{}", utc(at + LASTS_MS)));
        lines.push(format!("SUMMARY:{}", escaped(&format!("Exercice cyber – {}", target.name))));
        if !place.is_empty() {
            lines.push(format!("LOCATION:{}", escaped(place)));
        }
        if !target.contact.is_empty() {
            lines.push(format!("DESCRIPTION:{}", escaped(&target.contact)));
        }
        lines.push("END:VEVENT".to_owned());
    }
    lines.push("END:VCALENDAR".to_owned());
    lines.iter().flat_map(|line| folded(line)).collect()
}

fn utc(ms: i64) -> String {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH).strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\r', "").replace('\n', "\\n")
}

/// A line folded so that none is longer than it may be; each piece with its line break.
fn folded(line: &str) -> Vec<String> {
    let (mut pieces, mut piece) = (Vec::new(), String::new());
    for c in line.chars() {
        if piece.len() + c.len_utf8() > LINE_OCTETS_MAX {
            pieces.push(piece + "\r\n");
            piece = " ".to_owned();
        }
        piece.push(c);
    }
    pieces.push(piece + "\r\n");
    pieces
}

#[cfg(test)]
mod tests {
    use super::{escaped, folded, utc};

    #[test]
    fn lines_are_short_and_unfold_to_what_they_were() {
        let line = format!("SUMMARY:{}", "é’ à la maison ".repeat(20));
        let pieces = folded(&line);
        assert!(pieces.len() > 3 && pieces.iter().all(|piece| piece.len() <= 77 && piece.ends_with("\r\n")));
        assert_eq!(pieces.concat().replace("\r\n ", "").trim_end_matches("\r\n"), line);
        assert_eq!(escaped("a;b,c\\d\ne"), "a\\;b\\,c\\\\d\\ne");
        assert_eq!(utc(1_795_267_920_000), "20261121T133200Z");
    }
}
