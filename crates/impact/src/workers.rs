//! Dividing long work between threads, with a way to stop it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Asked now and then during long work: whether to give up.
pub type Stop<'a> = &'a (dyn Fn() -> bool + Sync);

/// Does pieces of work by their number, each thread with something of its own that is answered at the end. Which thread
/// does which piece is chance: results must not depend on it. `None` when stopped.
pub(crate) fn split<T: Send>(
    workers: usize,
    pieces: usize,
    stop: Stop,
    start: impl Fn() -> T + Sync,
    work: impl Fn(&mut T, usize) + Sync,
) -> Option<Vec<T>> {
    let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    let take = || {
        let mut own = start();
        loop {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            if piece >= pieces || stopped.load(Ordering::Relaxed) {
                return own;
            }
            if stop() {
                stopped.store(true, Ordering::Relaxed);
                return own;
            }
            work(&mut own, piece);
        }
    };
    let results = if workers.min(pieces) <= 1 {
        vec![take()]
    } else {
        std::thread::scope(|scope| {
            let threads: Vec<_> = (1..workers.min(pieces)).map(|_| scope.spawn(take)).collect();
            let mut results = vec![take()];
            for thread in threads {
                match thread.join() {
                    Ok(result) => results.push(result),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            results
        })
    };
    (!stopped.into_inner()).then_some(results)
}
