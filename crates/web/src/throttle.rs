//! Sign-ins that fail make the next one wait, per account and per address.

use crate::answer::Fault;
use crate::app::Inner;
use axum::http::StatusCode;
use store::StoreError;
use store::access::Failures;

/// Failures of one account before its next try waits.
const ACCOUNT_FREE: u32 = 5;
/// Failures from one address before its next try waits.
const ADDRESS_FREE: u32 = 20;
/// First wait, doubled at each further failure (milliseconds).
const WAIT_FIRST_MS: i64 = 5_000;
/// Longest wait: an account must not be locked away from its owner on the night of a crisis (milliseconds).
const WAIT_MAX_MS: i64 = 5 * 60_000;

/// Under which keys an attempt counts, with what each allows.
pub(crate) struct Attempt {
    keys: [(String, u32); 2],
}

impl Attempt {
    pub(crate) fn new(login: &str, address: &str) -> Self {
        let login: String = login.trim().to_lowercase().chars().take(100).collect();
        Self { keys: [(format!("account:{login}"), ACCOUNT_FREE), (format!("address:{address}"), ADDRESS_FREE)] }
    }

    /// Refuses an attempt that comes too soon.
    pub(crate) fn check(&self, shared: &Inner) -> Result<(), Fault> {
        let now = shared.now();
        for (key, free) in &self.keys {
            let failures = shared.access.failures(key, now).map_err(|error| Fault::from(&error))?;
            let left = left_ms(failures, *free, now);
            if left > 0 {
                return Err(too_soon(left));
            }
        }
        Ok(())
    }

    pub(crate) fn failed(&self, shared: &Inner) -> Result<(), StoreError> {
        self.keys.iter().try_for_each(|(key, _)| shared.access.record_failure(key, shared.now()))
    }

    /// The account's owner is back; what the address tried elsewhere still counts.
    pub(crate) fn succeeded(&self, shared: &Inner) -> Result<(), StoreError> {
        shared.access.clear_failures(&self.keys[0].0)
    }
}

/// How long to wait still, after these failures of which so many were free.
fn left_ms(failures: Failures, free: u32, now: i64) -> i64 {
    let Some(beyond) = failures.count.checked_sub(free) else { return 0 };
    let wait = WAIT_FIRST_MS.saturating_mul(1 << beyond.min(20)).min(WAIT_MAX_MS);
    (failures.last_at + wait - now).clamp(0, wait)
}

fn too_soon(left_ms: i64) -> Fault {
    let seconds = (left_ms + 999) / 1_000;
    let wait = if seconds > 90 { format!("{} minutes", (seconds + 59) / 60) } else { format!("{seconds} secondes") };
    let sentence = format!("Trop d’essais manqués : attendez {wait}, puis recommencez. Rien d’autre n’est bloqué.");
    Fault::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_and_stays_bearable() {
        let left = |count, now| left_ms(Failures { count, last_at: 1_000 }, ACCOUNT_FREE, now);
        assert_eq!(left(4, 1_000), 0);
        assert_eq!(left(5, 1_000), 5_000);
        assert_eq!(left(6, 1_000), 10_000);
        assert_eq!(left(6, 9_000), 2_000);
        assert_eq!(left(6, 20_000), 0);
        assert_eq!(left(u32::MAX, 1_000), WAIT_MAX_MS);
        // A clock set back does not lock anybody out for longer than that.
        assert_eq!(left(5, -1_000_000), 5_000);
        assert!(too_soon(4_001).sentence.contains("5 secondes"));
        assert!(too_soon(100_000).sentence.contains("2 minutes"));
    }
}
