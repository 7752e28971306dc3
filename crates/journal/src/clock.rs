//! Time: a hybrid clock to order entries, and an honest look at what the writers' clocks claimed.

/// The year 2100 as a hybrid clock value: no claim counts beyond it.
pub const HLC_CEILING: u64 = 4_102_444_800_000 << 16;
/// Two clocks of a same establishment may disagree by this much before anybody is told (milliseconds).
pub const WALL_TOLERANCE_MS: i64 = 5 * 60 * 1000;

/// `ord = max(min(hlc, year 2100), 1 + max(ord of parents))`: extends causality and never reads the reader's clock.
pub fn ord(hlc: u64, parents: impl Iterator<Item = u64>) -> u64 {
    let floor = parents.max().map_or(0, |highest| highest.saturating_add(1));
    hlc.min(HLC_CEILING).max(floor)
}

/// The hybrid clock for a new entry: the wall clock, pushed beyond every known entry.
pub fn hlc(wall_ms: i64, highest_ord: Option<u64>) -> u64 {
    let physical = u64::try_from(wall_ms).unwrap_or(0).min(HLC_CEILING >> 16) << 16;
    physical.max(highest_ord.map_or(0, |highest| highest.saturating_add(1)))
}

/// Which of these wall times, listed in the journal's order, contradict the others.
///
/// In a sound journal wall times never decrease along the total order. The smallest set of entries to set aside for
/// that to hold (the complement of a longest non-decreasing subsequence) is what is badged, less those within
/// [`WALL_TOLERANCE_MS`] of their neighbours. Takes O(n log n) time.
pub fn contradicted(walls: &[i64]) -> Vec<bool> {
    let mut out = vec![false; walls.len()];
    if walls.windows(2).all(|w| w[0] <= w[1].saturating_add(WALL_TOLERANCE_MS)) && walls.is_sorted() {
        return out;
    }
    let kept = longest_non_decreasing(walls);
    let mut bounds = kept.iter().peekable();
    let mut below = None;
    for (at, wall) in walls.iter().enumerate() {
        if bounds.peek() == Some(&&at) {
            bounds.next();
            below = Some(*wall);
            continue;
        }
        let too_early = below.is_some_and(|b: i64| *wall < b.saturating_sub(WALL_TOLERANCE_MS));
        let above = bounds.peek().map(|next| walls[**next]);
        out[at] = too_early || above.is_some_and(|a| *wall > a.saturating_add(WALL_TOLERANCE_MS));
    }
    out
}

/// Indexes of a longest non-decreasing subsequence (patience sorting; Fredman 1975).
fn longest_non_decreasing(values: &[i64]) -> Vec<usize> {
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(values.len());
    for (at, value) in values.iter().enumerate() {
        let place = tails.partition_point(|tail| values[*tail] <= *value);
        before.push(place.checked_sub(1).map(|p| tails[p]));
        if place == tails.len() { tails.push(at) } else { tails[place] = at }
    }
    let mut chosen = Vec::with_capacity(tails.len());
    let mut cursor = tails.last().copied();
    while let Some(at) = cursor {
        chosen.push(at);
        cursor = before[at];
    }
    chosen.reverse();
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn a_jump_of_ten_years_badges_only_the_entries_made_during_it() {
        let years = 10 * 365 * 24 * HOUR;
        let walls = [0, HOUR, 2 * HOUR + years, 3 * HOUR + years, 4 * HOUR, 5 * HOUR, 6 * HOUR];
        assert_eq!(contradicted(&walls), [false, false, true, true, false, false, false]);
        let back = [0, HOUR, 2 * HOUR, 3 * HOUR - years, 4 * HOUR, 5 * HOUR];
        assert_eq!(contradicted(&back), [false, false, false, true, false, false]);
    }

    #[test]
    fn small_disagreements_are_not_shown() {
        assert_eq!(contradicted(&[10_000, 5_000, 12_000]), [false; 3]);
    }

    #[test]
    fn a_wild_clock_cannot_push_the_order_beyond_2100() {
        assert_eq!(ord(u64::MAX, std::iter::empty()), HLC_CEILING);
        assert_eq!(ord(0, [HLC_CEILING].into_iter()), HLC_CEILING + 1);
        assert_eq!(hlc(-5, None), 0);
    }
}
