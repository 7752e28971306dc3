//! Clocks as they are in hospitals: years off, drifting, set back and forth.

use crate::chance::Chance;

const YEAR_MS: i64 = 365 * 86_400_000;
/// When every simulation starts, by the one true clock: milliseconds since 1970.
pub const START_MS: i64 = 1_800_000_000_000;
/// How far a clock may be off, in years.
pub const YEARS_OFF_MAX: i64 = 10;

/// One machine's clock.
#[derive(Debug, Clone)]
pub struct Clock {
    offset_ms: i64,
    drift_per_mille: i64,
}

impl Clock {
    /// One clock in three is right, one is minutes off, one is anything.
    pub fn new(chance: &mut Chance) -> Self {
        let offset_ms = match chance.below(3) {
            0 => 0,
            1 => chance.between(-600_000, 600_000),
            _ => chance.between(-YEARS_OFF_MAX * YEAR_MS, YEARS_OFF_MAX * YEAR_MS),
        };
        Self { offset_ms, drift_per_mille: chance.between(-200, 200) }
    }

    /// What it says when it is `true_ms`.
    pub fn now(&self, true_ms: i64) -> i64 {
        true_ms + self.offset_ms + (true_ms - START_MS) / 1_000 * self.drift_per_mille
    }

    /// Somebody sets it, rightly or not.
    pub fn jump(&mut self, chance: &mut Chance) {
        self.offset_ms = Self::new(chance).offset_ms;
    }
}
