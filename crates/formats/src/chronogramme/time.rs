//! Times as chronogrammes write them: « 14h30 », « T+15 », « J+2 H+3 », fractions of a day, dates; and their minute after DEBEX.

use crate::words::fold;

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;
/// Beyond, a number is a date of a spreadsheet and no longer a count of minutes.
const SERIAL_DAY_MIN: f64 = 20_000.0;
/// Some day of the next century: a number beyond is no date.
const SERIAL_DAY_MAX: f64 = 100_000.0;
/// Longest exercise, in days: a fraction beyond is no time.
const EXERCISE_DAYS_MAX: f64 = 8.0;
/// Days from the spreadsheets' first day to 1970.
const SERIAL_EPOCH: i64 = 25_569;
/// No exercise is that long: numbers beyond are none.
const AMOUNT_MAX: i64 = 1_000_000;

/// Which day a time of the clock is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    /// Nothing says.
    Unsaid,
    /// « J+2 »: so many days after the first.
    After(i64),
    /// « J2 »: whether the first is J0 or J1 is told by the other rows.
    Nth(i64),
    /// A date, in days since 1970.
    Date(i64),
}

/// When an inject is due, as a cell says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// Minutes after DEBEX.
    Offset(i64),
    /// Minute of a day, on the clock of the exercise.
    Clock(Day, i64),
    /// Fired by hand.
    Reserve,
    /// At the end.
    End,
}

/// How a column is to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Habit {
    /// « 00:45 » is three quarters of an hour after DEBEX, and not a quarter to one.
    pub(super) durations: bool,
    /// « T+2 » is two hours.
    pub(super) t_hours: bool,
}

/// Reads a cell; `None` when it is no time.
pub(super) fn moment(cell: &str, habit: Habit) -> Option<Moment> {
    let folded = fold(cell);
    let reserve =
        ["", "reserve", "en reserve", "a la demande", "au besoin", "libre", "non planifie", "tbd", "n a", "contingence"];
    if reserve.contains(&folded.as_str()) && !cell.contains('+') || folded.starts_with("reserve") || folded.starts_with("selon") {
        return Some(Moment::Reserve);
    }
    let signed = cell.contains(['+', '-', '\u{2212}']);
    match folded.as_str() {
        _ if signed => {}
        "debex" | "startex" | "t0" | "h0" | "t" | "h" => return Some(Moment::Offset(0)),
        "finex" | "endex" => return Some(Moment::End),
        _ => {}
    }
    let text: String = cell.to_lowercase().replace(['\u{2212}', '\u{2013}'], "-").replace(',', ".");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(moment) = number(&text, habit) {
        return moment;
    }
    if let Some((date, rest)) = date(&text) {
        let rest = rest.trim_start_matches(['t', ' ', '-', 'à']).trim_end_matches('z');
        let minute = clock(rest)?;
        return Some(match since_spreadsheet_began(date) {
            Some(days) if habit.durations => Moment::Offset(days * DAY + minute),
            Some(0) => Moment::Clock(Day::Unsaid, minute),
            Some(days) => Moment::Clock(Day::After(days), minute),
            None => Moment::Clock(Day::Date(date), minute),
        });
    }
    let (day, rest) = day(&text);
    let rest = rest.trim_start_matches([' ', '.', ';', '-', 'à']).trim();
    if rest.is_empty() {
        return match day {
            Day::After(days) => Some(Moment::Offset(days * DAY)),
            _ => None,
        };
    }
    if let Some(minutes) = offset(rest, habit) {
        return match day {
            Day::Unsaid => Some(Moment::Offset(minutes)),
            Day::After(days) => Some(Moment::Offset(days * DAY + minutes)),
            _ => None,
        };
    }
    if let Some(minutes) = crate::words::minutes(rest, None).filter(|_| habit.durations && day == Day::Unsaid) {
        return Some(Moment::Offset(i64::from(minutes)));
    }
    if let Some(minute) = clock(rest) {
        return Some(Moment::Clock(day, minute));
    }
    // « 15 min » is no time of the clock; « 25:00 » is a wrong one.
    let spoken = (rest.contains("min") || rest.contains("mn")) && !rest.contains(':');
    let minutes = crate::words::minutes(rest, None).filter(|_| day == Day::Unsaid && spoken)?;
    Some(Moment::Offset(i64::from(minutes)))
}

/// The day that a cell of its own says: « J2 », « J+1 », a date.
pub(super) fn whole_day(cell: &str) -> Option<Day> {
    let text = cell.to_lowercase();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((date, _)) = date(&text) {
        return Some(Day::Date(date));
    }
    if let Ok(serial) = text.parse::<f64>()
        && serial >= SERIAL_DAY_MIN
    {
        return Some(Day::Date(whole(serial.floor())? - SERIAL_EPOCH));
    }
    if let Ok(nth) = text.parse::<i64>() {
        return Some(Day::Nth(nth)).filter(|_| (0..=AMOUNT_MAX).contains(&nth));
    }
    let (day, rest) = day(&text);
    (rest.is_empty() && day != Day::Unsaid).then_some(day)
}

fn whole(number: f64) -> Option<i64> {
    format!("{:.0}", number.round()).parse().ok()
}

/// A bare number, and what it says; `None` when the text is no number.
fn number(text: &str, habit: Habit) -> Option<Option<Moment>> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let value: f64 = text.parse().ok().filter(|_| plain)?;
    let day_minutes = DAY as f64;
    if value > SERIAL_DAY_MAX {
        return Some(None);
    }
    if value >= SERIAL_DAY_MIN {
        let minutes = whole(value * day_minutes)?;
        return Some(Some(Moment::Clock(Day::Date(minutes.div_euclid(DAY) - SERIAL_EPOCH), minutes.rem_euclid(DAY))));
    }
    if let Some((hours, minutes)) = text.split_once('.') {
        // « 14.30 » is written by hand.
        if hours.len() <= 2 && hours != "0" && minutes.len() == 2 {
            return Some(clock(&format!("{hours}:{minutes}")).map(|minute| Moment::Clock(Day::Unsaid, minute)));
        }
        if value >= EXERCISE_DAYS_MAX {
            return Some(None);
        }
        // A fraction of a day, as spreadsheets keep times.
        let minutes = whole(value * day_minutes)?;
        let clock = Moment::Clock(if minutes < DAY { Day::Unsaid } else { Day::After(minutes / DAY) }, minutes % DAY);
        return Some(Some(if habit.durations { Moment::Offset(minutes) } else { clock }));
    }
    // « 0830 », as the armed forces write it.
    let digits: Option<i64> = text.parse().ok();
    if text.len() == 4 && !habit.durations {
        let (hours, minutes) = digits.map(|n| (n / 100, n % 100))?;
        if hours < 24 && minutes < HOUR {
            return Some(Some(Moment::Clock(Day::Unsaid, hours * HOUR + minutes)));
        }
    }
    Some(digits.map(Moment::Offset))
}

/// Days since a spreadsheet's first one, for what is no date: a cell that only says a time, or a duration.
fn since_spreadsheet_began(date: i64) -> Option<i64> {
    // 31 December 1899 and 1 January 1904.
    const BEGINNINGS: [i64; 2] = [-24_107, -25_568];
    BEGINNINGS.into_iter().map(|first| date - first).find(|days| (0..=366).contains(days))
}

/// A date at the beginning of a text, in days since 1970, and the rest.
fn date(text: &str) -> Option<(i64, &str)> {
    let head: String = text.chars().take(10).collect();
    let parts: Vec<&str> = head.split(['-', '/', '.']).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    let number = |text: &str| text.parse::<i64>().ok();
    let (year, month, day) = match (a.len(), c.len()) {
        (4, 2) => (number(a)?, number(b)?, number(c)?),
        (2, 4) => (number(c)?, number(b)?, number(a)?),
        _ => return None,
    };
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || head.len() != 10 {
        return None;
    }
    // Days since 1970 by the civil calendar, years beginning in March.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (153 * m + 2) / 5 + day - 1 - 719_468;
    Some((days, text.get(10..).unwrap_or_default()))
}

/// The day at the beginning of a text, and the rest.
fn day(text: &str) -> (Day, &str) {
    let unsaid = (Day::Unsaid, text);
    let Some(rest) = ["jour", "day", "j", "d"].into_iter().find_map(|word| text.strip_prefix(word)) else { return unsaid };
    let rest = rest.trim_start();
    let (sign, rest) = match rest.chars().next() {
        Some('+') => (Some(1), rest[1..].trim_start()),
        Some('-') => (Some(-1), rest[1..].trim_start()),
        _ => (None, rest),
    };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, after) = rest.split_at(end);
    let count = digits.parse::<i64>().ok().filter(|count| *count <= AMOUNT_MAX);
    // « J 08:00 » is the first day at eight; « jour2h30 » is no day.
    if after.starts_with(['h', ':']) {
        return if text.starts_with("j ") && sign.is_none() { (Day::After(0), rest) } else { unsaid };
    }
    match (sign, count) {
        (Some(sign), Some(count)) => (Day::After(sign * count), after),
        (None, Some(count)) => (Day::Nth(count), after),
        _ => unsaid,
    }
}

/// « T+15 », « H+1:30 », « +00:45 », « H+3 M+45 », « t - 5 min »: minutes after DEBEX.
fn offset(text: &str, habit: Habit) -> Option<i64> {
    let mut rest: String = text.replace(' ', "");
    let mut total = 0_i64;
    let mut any = false;
    while !rest.is_empty() {
        let letter = rest.chars().next().filter(|c| ['t', 'h', 'm'].contains(c));
        let after = if letter.is_some() { &rest[1..] } else { rest.as_str() };
        let sign = match after.chars().next() {
            Some('+') => 1,
            Some('-') => -1,
            // « T15 » says it without a sign; « H3 » and « M45 » only after another.
            Some(c) if c.is_ascii_digit() && (letter == Some('t') || any && letter.is_some()) => 0,
            _ => return None,
        };
        let after = if sign == 0 { after } else { &after[1..] };
        let bare = match letter {
            Some('h') => HOUR,
            Some('t') if habit.t_hours => HOUR,
            _ => 1,
        };
        let (amount, left) = amount(after, bare)?;
        total += amount * if sign < 0 { -1 } else { 1 };
        any = true;
        rest = left.to_owned();
    }
    any.then_some(total)
}

/// A count at the beginning of a text: « 15 », « 1h30 », « 00:45 », « 15min »; and the rest.
fn amount(text: &str, bare: i64) -> Option<(i64, &str)> {
    let (count, rest) = digits(text)?;
    if let Some(minutes) = rest.strip_prefix([':', 'h']) {
        // « 3h+45 » or « 3hm+45 »: hours, then something else.
        let Some((minutes, rest)) = digits(minutes) else { return Some((count * HOUR, minutes)) };
        let rest = seconds(rest);
        let rest = rest.strip_prefix("min").or_else(|| rest.strip_prefix("mn")).unwrap_or(rest);
        return (minutes < HOUR).then_some((count * HOUR + minutes, rest));
    }
    for (word, unit) in [("minutes", 1), ("min", 1), ("mn", 1), ("'", 1), ("’", 1), ("j", DAY), ("d", DAY)] {
        if let Some(rest) = rest.strip_prefix(word) {
            return Some((count * unit, rest));
        }
    }
    // « 45m » at the end; « 3m+45 » goes on with minutes.
    if rest == "m" {
        return Some((count, ""));
    }
    Some((count * bare, rest))
}

fn digits(text: &str) -> Option<(i64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let count = digits.parse().ok().filter(|count| *count <= AMOUNT_MAX)?;
    Some((count, rest))
}

/// What comes after seconds, which are not kept.
fn seconds(text: &str) -> &str {
    match text.strip_prefix([':', 'm']).and_then(digits) {
        Some((seconds, rest)) if seconds < 60 => rest.split_once(|c: char| !c.is_ascii_digit() && c != '.').map_or("", |_| rest),
        _ => text,
    }
}

/// A time of the clock, in minutes of the day: « 14h30 », « 14:30:00 », « 8 h », « 2:30 pm ».
fn clock(text: &str) -> Option<i64> {
    let text: String = text.replace(' ', "");
    let (text, afternoon) = match (text.strip_suffix("pm"), text.strip_suffix("am")) {
        (Some(rest), _) => (rest.to_owned(), Some(true)),
        (_, Some(rest)) => (rest.to_owned(), Some(false)),
        _ => (text.clone(), None),
    };
    let text = text.strip_suffix("hrs").unwrap_or(&text);
    if let ("", Some(four)) = (text.trim_start_matches(|c: char| c.is_ascii_digit()), Some(text).filter(|t| t.len() == 4)) {
        let all: i64 = four.parse().ok()?;
        return (all / 100 < 24 && all % 100 < HOUR).then_some(all / 100 * HOUR + all % 100);
    }
    let (hours, rest) = digits(text)?;
    let (minutes, rest) = match rest.strip_prefix([':', 'h']) {
        Some("") => (0, ""),
        Some(rest) => digits(rest)?,
        None if rest.is_empty() && afternoon.is_some() => (0, ""),
        None => return None,
    };
    let rest = seconds(rest);
    let sound = ["", "min", "mn", "h"].contains(&rest) && minutes < HOUR;
    let hours = match afternoon {
        Some(_) if !(1..=12).contains(&hours) => return None,
        Some(afternoon) => hours % 12 + if afternoon { 12 } else { 0 },
        None => hours,
    };
    (sound && hours < 24).then_some(hours * HOUR + minutes)
}

/// When an inject is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// Minute after DEBEX.
    Minute(u32),
    /// Fired by hand.
    Reserve,
    /// So many minutes before DEBEX.
    Before(i64),
}

/// Minutes after DEBEX of all rows, in their order, and the minute of the day at which DEBEX is when a clock told it.
/// `start`: that minute, when somebody said it; `zero`: the row of DEBEX, else the first with a time.
pub(super) fn resolve(moments: &[Moment], start: Option<u32>, zero: Option<usize>, end: u32) -> (Vec<Due>, Option<u32>) {
    let clocks =
        || moments.iter().filter_map(|one| if let Moment::Clock(day, minute) = one { Some((*day, *minute)) } else { None });
    let first_date = clocks().find_map(|(day, _)| if let Day::Date(date) = day { Some(date) } else { None }).unwrap_or_default();
    let from_zero = clocks().any(|(day, _)| day == Day::Nth(0));
    let (mut today, mut last) = (0_i64, start.map(i64::from));
    let mut absolute = |day: Day, minute: i64| {
        match day {
            Day::After(days) => today = days,
            Day::Nth(nth) => today = if from_zero { nth } else { nth - 1 },
            Day::Date(date) => today = date - first_date,
            // Half a day backwards is the next day: midnight went by.
            Day::Unsaid if last.is_some_and(|last| today * DAY + minute < last - DAY / 2) => today += 1,
            Day::Unsaid => {}
        }
        let at = today * DAY + minute;
        last = Some(at);
        at
    };
    let placed: Vec<(Moment, i64)> = moments
        .iter()
        .map(|one| match one {
            Moment::Clock(day, minute) => (*one, absolute(*day, *minute)),
            Moment::Offset(minutes) => (*one, *minutes),
            Moment::Reserve => (*one, 0),
            Moment::End => (*one, i64::from(end)),
        })
        .collect();
    let is_clock = |(one, _): &&(Moment, i64)| matches!(one, Moment::Clock(..));
    let told = zero.and_then(|at| placed.get(at)).filter(is_clock).or_else(|| placed.iter().find(is_clock)).map(|(_, at)| *at);
    let base = start.map(i64::from).or(told);
    let due = |(one, at): &(Moment, i64)| {
        let minutes = match one {
            Moment::Reserve => return Due::Reserve,
            Moment::Clock(..) => at - base.unwrap_or_default(),
            Moment::Offset(_) | Moment::End => *at,
        };
        u32::try_from(minutes).map_or(Due::Before(-minutes), Due::Minute)
    };
    let debex = base.filter(|_| told.is_some()).map(|base| base.rem_euclid(DAY)).and_then(|minute| u32::try_from(minute).ok());
    (placed.iter().map(due).collect(), debex)
}

#[cfg(test)]
mod tests;
