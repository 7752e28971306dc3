//! Sign-ins that fail make the next one wait, per account and per address.
//!
//! An address in flood may be a whole hospital behind one router: it is never refused as a whole. Each account then gets
//! one try at a time from there, and nothing says which accounts exist.

use crate::answer::Fault;
use crate::app::Inner;
use axum::http::StatusCode;
use std::net::IpAddr;
use store::StoreError;
use store::access::Failures;

/// Failures of one account before its next try waits.
const ACCOUNT_FREE: u32 = 5;
/// Failures from one address before it is in flood.
const ADDRESS_FREE: u32 = 20;
/// First wait, doubled at each further failure (milliseconds).
const WAIT_FIRST_MS: i64 = 5_000;
/// Longest wait: an account must not be locked away from its owner on the night of a crisis (milliseconds).
const WAIT_MAX_MS: i64 = 60_000;
/// How long one account waits after a failure from an address in flood (milliseconds).
const WAIT_FLOOD_MS: i64 = 15_000;
/// Most characters of a login that are remembered.
const LOGIN_CHARS_MAX: usize = 100;

/// Under which keys an attempt counts.
pub(crate) struct Attempt {
    account: String,
    address: String,
    pair: String,
}

/// How an attempt may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// As usual.
    Usual,
    /// From an address in flood: whatever is wrong, the answer is to wait.
    Flood,
}

impl Attempt {
    pub(crate) fn new(login: &str, address: &str) -> Self {
        let login: String = login.trim().to_lowercase().chars().take(LOGIN_CHARS_MAX).collect();
        let address = network(address);
        Self {
            account: format!("account:{login}"),
            pair: format!("pair:{address}:{login}"),
            address: format!("address:{address}"),
        }
    }

    /// Refuses an attempt that comes too soon.
    pub(crate) fn check(&self, shared: &Inner) -> Result<Pace, Fault> {
        let now = shared.now();
        let failures = |key| shared.access.failures(key, now).map_err(|error| Fault::from(&error));
        let account = left_ms(failures(&self.account)?, ACCOUNT_FREE, now);
        if account > 0 {
            return Err(too_soon(account));
        }
        if failures(&self.address)?.count < ADDRESS_FREE {
            return Ok(Pace::Usual);
        }
        let pair = failures(&self.pair)?;
        let left = if pair.count == 0 { 0 } else { (pair.last_at + WAIT_FLOOD_MS - now).clamp(0, WAIT_FLOOD_MS) };
        if left > 0 { Err(too_soon(left)) } else { Ok(Pace::Flood) }
    }

    /// One more failure. Of a login that nobody has, an address in flood leaves no trace: its own is enough, and others
    /// are not pushed out of a bounded memory.
    pub(crate) fn failed(&self, shared: &Inner, pace: Pace, known: bool) -> Result<(), StoreError> {
        let keys: &[&String] = match (pace, known) {
            (Pace::Usual, _) => &[&self.account, &self.address],
            (Pace::Flood, true) => &[&self.account, &self.address, &self.pair],
            (Pace::Flood, false) => &[&self.address],
        };
        keys.iter().try_for_each(|key| shared.access.record_failure(key, shared.now()))
    }

    /// The account's owner is back; what the address tried elsewhere still counts.
    pub(crate) fn succeeded(&self, shared: &Inner) -> Result<(), StoreError> {
        shared.access.clear_failures(&self.account)?;
        shared.access.clear_failures(&self.pair)
    }
}

impl Pace {
    /// What a wrong answer is told.
    pub(crate) fn wrong(self, usual: Fault) -> Fault {
        if self == Self::Flood { too_soon(WAIT_FLOOD_MS) } else { usual }
    }
}

/// Codes and words that nobody can guess are never made to wait: only the wrong ones, so that an alarm stays bearable.
pub(crate) fn wrong_code(shared: &Inner, address: &str, usual: Fault) -> Fault {
    let (key, now) = (format!("code:{}", network(address)), shared.now());
    let left = shared.access.failures(&key, now).map_or(0, |failures| left_ms(failures, ACCOUNT_FREE, now));
    if left > 0 {
        return too_soon(left);
    }
    if let Err(error) = shared.access.record_failure(&key, now) {
        return Fault::from(&error);
    }
    usual
}

/// What one subscriber holds: an IPv4 address, or an IPv6 network of 64 bits.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(v6)) => v6.segments()[..4].iter().map(|s| format!("{s:x}:")).collect(),
        _ => address.to_owned(),
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
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::9"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
        assert!(too_soon(4_001).sentence.contains("5 secondes"));
        assert!(too_soon(100_000).sentence.contains("2 minutes"));
    }
}
