//! The one-time code: shown on the terminal, asked for by the page, slower and slower to guess.

use store::Env;

const DIGITS: usize = 8;
/// Wrong codes before the next try waits.
const TRIES_FREE: u32 = 3;
/// Wrong codes before the server ends; a new start draws a new code. One try in ten million is right by chance.
const TRIES_MAX: u32 = 10;
/// First wait, doubled at each further wrong code (milliseconds).
const WAIT_FIRST_MS: i64 = 5_000;
/// Longest wait (milliseconds).
const WAIT_MAX_MS: i64 = 60_000;

/// A code and the vain tries at it.
pub(super) struct Code {
    digits: String,
    wrong: u32,
    last_at: i64,
}

/// What a try is worth.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Right,
    /// Wrong; so many tries are left.
    Wrong(u32),
    /// Not looked at: it comes too soon, by so many seconds.
    TooSoon(i64),
    /// Wrong for the last time.
    Over,
}

impl Code {
    pub(super) fn draw(env: &Env) -> Self {
        // Eight digits of 64 random bits: no digit is noticeably likelier than another.
        let drawn = u64::from_be_bytes(env.bytes()) % 10_u64.pow(DIGITS as u32);
        Self { digits: format!("{drawn:0DIGITS$}"), wrong: 0, last_at: 0 }
    }

    /// As people read it.
    pub(super) fn shown(&self) -> String {
        let (first, second) = self.digits.split_at(DIGITS / 2);
        format!("{first} {second}")
    }

    /// Whether it was tried in vain for the last time.
    pub(super) fn is_over(&self) -> bool {
        self.wrong >= TRIES_MAX
    }

    /// Tries what somebody typed; blanks, points and dashes do not matter.
    pub(super) fn judge(&mut self, typed: &str, now: i64) -> Verdict {
        let wait = wait_ms(self.wrong);
        let left = (self.last_at + wait - now).clamp(0, wait);
        if left > 0 {
            return Verdict::TooSoon((left + 999) / 1_000);
        }
        let typed: String = typed.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '-' | '.')).collect();
        if !self.is_over() && typed == self.digits {
            return Verdict::Right;
        }
        if !self.is_over() && typed.is_empty() {
            // Nothing was tried.
            return Verdict::Wrong(TRIES_MAX - self.wrong);
        }
        self.wrong += 1;
        self.last_at = now;
        if self.is_over() { Verdict::Over } else { Verdict::Wrong(TRIES_MAX - self.wrong) }
    }
}

fn wait_ms(wrong: u32) -> i64 {
    match wrong.checked_sub(TRIES_FREE) {
        Some(beyond) => WAIT_FIRST_MS.saturating_mul(1 << beyond.min(10)).min(WAIT_MAX_MS),
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn code() -> Code {
        Code::draw(&Env { now_ms: Arc::new(|| 0), random: Arc::new(|bytes| bytes.fill(7)) })
    }

    #[test]
    fn it_is_taken_however_it_is_typed() {
        let shown = code().shown();
        assert_eq!(shown.len(), DIGITS + 1);
        for typed in [shown.clone(), shown.replace(' ', ""), shown.replace(' ', "-"), format!(" {shown} ")] {
            assert_eq!(code().judge(&typed, 0), Verdict::Right, "{typed}");
        }
    }

    #[test]
    fn wrong_tries_wait_longer_and_longer_and_end() {
        let mut code = code();
        let right = code.shown();
        assert_eq!(code.judge("", 0), Verdict::Wrong(10));
        for left in [9, 8, 7] {
            assert_eq!(code.judge("1", 1_000), Verdict::Wrong(left));
        }
        // Even the right one waits: a guess that may be tried at any moment is a free guess.
        assert_eq!(code.judge(&right, 1_001), Verdict::TooSoon(5));
        assert_eq!(code.judge("1", 6_000), Verdict::Wrong(6));
        assert_eq!(code.judge("1", 15_999), Verdict::TooSoon(1));
        let mut now = 16_000;
        for left in [5, 4, 3, 2, 1] {
            assert_eq!(code.judge("1", now), Verdict::Wrong(left));
            now += WAIT_MAX_MS;
        }
        assert_eq!(code.judge("1", now), Verdict::Over);
        assert_eq!(code.judge(&right, now + WAIT_MAX_MS), Verdict::Over);
    }
}
