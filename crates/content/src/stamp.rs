//! Dates inside shipped texts: placeholders filled in when the moment is known.

use jiff::civil::{Date, Weekday};

const DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
/// Days after T0 before which no working day counts as « prochain ».
const NEXT_WORKING_DAY_AFTER: i64 = 2;

/// Fills `{date±n}` (13/11), `{iso±n}` (2026-11-13), `{jour±n}`, `{ouvre1}`, `{ouvre2}` in a text, relative to a day.
///
/// # Errors
/// The placeholder that is not known.
pub fn fill(text: &str, day: Date) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}').ok_or_else(|| format!("« {{{after} » n’est pas fermé"))?;
        out.push_str(before);
        out.push_str(&value(name, day).ok_or_else(|| format!("« {{{name}}} » n’est pas une date connue"))?);
        rest = tail;
    }
    out.push_str(rest);
    Ok(out)
}

fn value(name: &str, day: Date) -> Option<String> {
    let offset = |prefix: &str| match name.strip_prefix(prefix)? {
        "" => Some(0),
        signed => signed.parse::<i64>().ok(),
    };
    if let Some(days) = offset("date") {
        let date = shift(day, days)?;
        return Some(format!("{:02}/{:02}", date.day(), date.month()));
    }
    if let Some(days) = offset("iso") {
        return Some(shift(day, days)?.to_string());
    }
    if let Some(days) = offset("jour") {
        return weekday(shift(day, days)?);
    }
    match name {
        "ouvre1" => weekday(working_day(day, 1)?),
        "ouvre2" => weekday(working_day(day, 2)?),
        _ => None,
    }
}

fn shift(day: Date, days: i64) -> Option<Date> {
    day.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

fn weekday(date: Date) -> Option<String> {
    let index = usize::try_from(date.weekday().to_monday_zero_offset()).ok()?;
    DAYS.get(index).map(|d| (*d).to_owned())
}

/// The nth Monday-to-Friday day at least two days ahead.
fn working_day(day: Date, nth: usize) -> Option<Date> {
    let ahead = (NEXT_WORKING_DAY_AFTER..).map_while(|days| shift(day, days));
    ahead.filter(|d| !matches!(d.weekday(), Weekday::Saturday | Weekday::Sunday)).nth(nth - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn placeholders_follow_the_day() {
        let saturday = date(2026, 11, 21);
        let filled = fill("{ouvre1} et {ouvre2}, {jour+1} soir, {date-8}, {date+6}, {iso-30}", saturday);
        assert_eq!(filled.as_deref(), Ok("lundi et mardi, dimanche soir, 13/11, 27/11, 2026-10-22"));
    }

    #[test]
    fn an_unknown_or_open_placeholder_is_named() {
        assert!(fill("{demain}", date(2026, 11, 21)).is_err());
        assert!(fill("{date", date(2026, 11, 21)).is_err());
        assert_eq!(fill("rien", date(2026, 11, 21)).as_deref(), Ok("rien"));
    }
}
