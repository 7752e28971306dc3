//! Programs that break a promise on purpose, to show that the simulator notices.

/// What is wrong with the simulated program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// It acknowledges before the disk has synced (promise 1).
    AcknowledgesBeforeSync,
    /// It edits the words of an entry on its disk (promises 2 and 3).
    EditsWhatIsStored,
    /// It never folds again when something reaches back (promise 4).
    FoldsOnlyForward,
    /// It refuses entries whose clock is more than a day ahead of its own (promise 5).
    RefusesWildClocks,
    /// It goes on with its chain after a restore that it had noticed (promise 1: two histories of one chain).
    ReusesItsChain,
    /// It writes an entry of its own after every merge, whatever came.
    NeverRests,
}

impl Fault {
    /// All but [`Fault::None`].
    pub const ALL: [Self; 6] = [
        Self::AcknowledgesBeforeSync,
        Self::EditsWhatIsStored,
        Self::FoldsOnlyForward,
        Self::RefusesWildClocks,
        Self::ReusesItsChain,
        Self::NeverRests,
    ];
}
