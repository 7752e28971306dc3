//! Files that were looked at and not imported yet: kept in memory, few, not for long, each for who brought it.

use journal::{ActorId, RequestId};
use std::sync::{Arc, Mutex, PoisonError};

/// Most files kept.
const KEPT_MAX: usize = 8;
/// How long one is kept, in milliseconds (30 minutes).
const KEPT_MS: i64 = 30 * 60_000;

/// A file that waits for its author's word.
pub(crate) struct Kept<T> {
    pub(crate) token: RequestId,
    pub(crate) author: ActorId,
    /// Which kind of record it is about.
    pub(crate) slug: &'static str,
    /// The file's name.
    pub(crate) name: String,
    /// What it says.
    pub(crate) content: Arc<T>,
    /// When it came, milliseconds since 1970.
    pub(crate) at: i64,
    /// Whether its author said yes: saying it again changes nothing.
    pub(crate) done: bool,
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        let Self { token, author, slug, at, done, .. } = *self;
        Self { token, author, slug, name: self.name.clone(), content: self.content.clone(), at, done }
    }
}

/// All of them.
pub(crate) struct Pending<T>(Mutex<Vec<Kept<T>>>);

impl<T> Default for Pending<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Pending<T> {
    fn with<R>(&self, now: i64, work: impl FnOnce(&mut Vec<Kept<T>>) -> R) -> R {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|one| (0..KEPT_MS).contains(&(now - one.at)));
        work(&mut kept)
    }

    /// Keeps one, in place of the last one its author brought; the oldest leaves when there are too many.
    pub(crate) fn keep(&self, one: Kept<T>) {
        self.with(one.at, |kept| {
            kept.retain(|other| other.author != one.author);
            if kept.len() >= KEPT_MAX {
                kept.remove(0);
            }
            kept.push(one);
        });
    }

    /// It was imported.
    pub(crate) fn done(&self, token: RequestId, now: i64) {
        self.with(now, |kept| kept.iter_mut().filter(|one| one.token == token).for_each(|one| one.done = true));
    }

    /// The one of that name, if it is theirs.
    pub(crate) fn find(&self, token: RequestId, author: ActorId, slug: &str, now: i64) -> Option<Kept<T>> {
        let theirs = |one: &&Kept<T>| one.token == token && one.author == author && one.slug == slug;
        self.with(now, |kept| kept.iter().find(theirs).cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(n: u8, at: i64) -> Kept<()> {
        let content = Arc::new(());
        Kept {
            token: RequestId([n; 16]),
            author: ActorId([n; 16]),
            slug: "unites",
            name: String::new(),
            content,
            at,
            done: false,
        }
    }

    #[test]
    fn few_are_kept_not_for_long_and_only_for_their_author() {
        let pending = Pending::default();
        let found =
            |n: u8, author: u8, now: i64| pending.find(RequestId([n; 16]), ActorId([author; 16]), "unites", now).is_some();
        (0..9).for_each(|n| pending.keep(one(n, i64::from(n))));
        assert!(!found(0, 0, 9) && found(1, 1, 9) && !found(1, 2, 9));
        assert!(pending.find(RequestId([1; 16]), ActorId([1; 16]), "lieux", 9).is_none());
        assert!(found(8, 8, KEPT_MS + 7) && !found(8, 8, KEPT_MS + 8));
    }
}
