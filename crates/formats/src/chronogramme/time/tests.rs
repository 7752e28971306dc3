//! Every way of writing a time that a chronogramme was seen to use.

use super::*;

const PLAIN: Habit = Habit { durations: false, t_hours: false };

fn read(text: &str) -> Option<Moment> {
    moment(text, PLAIN)
}

fn clock_at(minute: i64) -> Option<Moment> {
    Some(Moment::Clock(Day::Unsaid, minute))
}

#[test]
fn times_of_the_clock() {
    for text in
        ["14h30", "14:30", "14 h 30", "14H30", "14:30:00", "14h30min", "1430", "2:30 PM", "14 h 30 min", "0.604166666666667"]
    {
        assert_eq!(read(text), clock_at(14 * 60 + 30), "{text}");
    }
    assert_eq!([read("8h"), read("08h00"), read("0800"), read("8 AM"), read("00:00")], [480, 480, 480, 480, 0].map(clock_at));
}

#[test]
fn times_after_debex() {
    for (text, minutes) in [
        ("T+15", 15),
        ("T + 15 min", 15),
        ("t+1h15", 75),
        ("T+01:15", 75),
        ("T0", 0),
        ("T", 0),
        ("DEBEX", 0),
        ("H", 0),
        ("H+1", 60),
        ("H+1:30", 90),
        ("H+1h30", 90),
        ("H+0h15", 15),
        ("H+30min", 30),
        ("J+2 H+3", 2 * 1440 + 180),
        ("J+2 H+3 M+45", 2 * 1440 + 225),
        ("D+2 H+3 M+45", 2 * 1440 + 225),
        ("J+1", 1440),
        ("+00:45", 45),
        ("+45", 45),
        ("+1h30", 90),
        ("M-5", -5),
        ("T-10", -10),
        ("H-1", -60),
        ("T15", 15),
        ("15", 15),
        ("007", 7),
        ("90", 90),
        ("15 min", 15),
        ("T+15:00:00", 900),
    ] {
        assert_eq!(read(text), Some(Moment::Offset(minutes)), "{text}");
    }
    let hours = Habit { t_hours: true, ..PLAIN };
    assert_eq!(moment("T+2", hours), Some(Moment::Offset(120)));
    assert_eq!(moment("T+00:15", hours), Some(Moment::Offset(15)));
    let durations = Habit { durations: true, ..PLAIN };
    for (text, minutes) in [("00:45", 45), ("1h30", 90), ("0.03125", 45), ("1430", 1430), ("25:00", 1500), ("T+15", 15)] {
        assert_eq!(moment(text, durations), Some(Moment::Offset(minutes)), "{text}");
    }
}

#[test]
fn days_and_dates() {
    assert_eq!(read("J1 08:00"), Some(Moment::Clock(Day::Nth(1), 480)));
    assert_eq!(read("J+1 8h30"), Some(Moment::Clock(Day::After(1), 510)));
    assert_eq!(read("Jour 2, 14:00"), Some(Moment::Clock(Day::Nth(2), 840)));
    assert_eq!(read("J 08:00"), Some(Moment::Clock(Day::After(0), 480)));
    let saturday = Day::Date(20_778);
    for text in ["2026-11-21 14:30", "21/11/2026 14:30", "2026-11-21T14:30:00Z", "46347.604166667"] {
        assert_eq!(read(text), Some(Moment::Clock(saturday, 870)), "{text}");
    }
    assert_eq!([whole_day("21/11/2026"), whole_day("46347"), whole_day("2026-11-21 00:00")], [Some(saturday); 3]);
    assert_eq!(
        [whole_day("J2"), whole_day("J+1"), whole_day("2"), whole_day("samedi")],
        [Some(Day::Nth(2)), Some(Day::After(1)), Some(Day::Nth(2)), None]
    );
}

#[test]
fn what_is_no_time() {
    for text in [
        "bientôt",
        "25:00",
        "14h75",
        "T+",
        "H+x",
        "J1",
        "=1+1",
        "99999999999999",
        "99/99/2026 08:00",
        "T+1 puis T+2",
        "3.14.15",
        "é+1",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
    for text in ["", "réserve", "En réserve", "à la demande", "Réserve animateur", "—"] {
        assert_eq!(read(text), Some(Moment::Reserve), "{text}");
    }
    assert_eq!(read("FINEX"), Some(Moment::End));
}

fn due(texts: &[&str], start: Option<u32>, zero: Option<usize>) -> (Vec<Due>, Option<u32>) {
    let moments: Vec<Moment> = texts.iter().filter_map(|text| read(text)).collect();
    assert_eq!(moments.len(), texts.len());
    resolve(&moments, start, zero, 120)
}

#[test]
fn the_first_row_or_the_start_that_is_said_is_debex() {
    use Due::{Before, Minute, Reserve};
    assert_eq!(
        due(&["08:30", "08:45", "réserve", "FINEX"], None, None),
        (vec![Minute(0), Minute(15), Reserve, Minute(120)], Some(510))
    );
    assert_eq!(due(&["08:30", "09:00"], Some(540), None), (vec![Before(30), Minute(0)], Some(540)));
    assert_eq!(due(&["08:00", "08:30", "09:00"], None, Some(1)), (vec![Before(30), Minute(0), Minute(30)], Some(510)));
    assert_eq!(due(&["T+5", "T-5"], None, None), (vec![Minute(5), Before(5)], None));
}

#[test]
fn days_go_by() {
    use Due::Minute;
    assert_eq!(due(&["23:50", "00:10", "01:00"], None, None).0, [Minute(0), Minute(20), Minute(70)]);
    // Rows out of order are no new day.
    assert_eq!(due(&["08:00", "09:00", "08:30"], None, None).0, [Minute(0), Minute(60), Minute(30)]);
    assert_eq!(due(&["J1 22:00", "J2 06:00", "07:00"], None, None).0, [Minute(0), Minute(480), Minute(540)]);
    assert_eq!(due(&["J0 22:00", "J1 06:00"], None, None).0, [Minute(0), Minute(480)]);
    assert_eq!(due(&["J+0 22:00", "J+1 06:00"], Some(1320), None).0, [Minute(0), Minute(480)]);
    assert_eq!(due(&["2026-11-21 22:00", "2026-11-22 06:00"], Some(1200), None).0, [Minute(120), Minute(600)]);
}
