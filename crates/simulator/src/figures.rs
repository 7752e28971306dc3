//! What simulations did, for those who wonder whether anything happened in them.

/// What a simulation did; sums over many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Replicas.
    pub replicas: u64,
    /// Entries in the journal at the end.
    pub entries: u64,
    /// Entries acknowledged to people.
    pub acknowledged: u64,
    /// Requests that the rules refused.
    pub refused: u64,
    /// Bundles that arrived.
    pub arrived: u64,
    /// Power cuts.
    pub crashes: u64,
    /// Data put back to an older state.
    pub restores: u64,
    /// Chains with two histories.
    pub forks: u64,
    /// Entries written by thieves.
    pub planted: u64,
    /// Bodies dropped.
    pub erased: u64,
    /// Entries without authority at the end.
    pub stripped: u64,
    /// Acknowledged entries that only a restored replica had, and that are on none.
    pub lost: u64,
    /// Entries that wait for ever for one that was lost so.
    pub orphans: u64,
}

impl Figures {
    /// Every figure with its name.
    pub fn named(&mut self) -> [(&'static str, &mut u64); 13] {
        [
            ("replicas", &mut self.replicas),
            ("entries", &mut self.entries),
            ("acknowledged", &mut self.acknowledged),
            ("refused by the rules", &mut self.refused),
            ("bundles arrived", &mut self.arrived),
            ("power cuts", &mut self.crashes),
            ("restores", &mut self.restores),
            ("forked chains", &mut self.forks),
            ("entries planted by thieves", &mut self.planted),
            ("bodies erased", &mut self.erased),
            ("entries without authority", &mut self.stripped),
            ("acknowledged, then lost with a restored replica", &mut self.lost),
            ("waiting for one lost so", &mut self.orphans),
        ]
    }

    /// Adds another simulation's.
    pub fn add(&mut self, mut other: Self) {
        for ((_, sum), (_, more)) in self.named().into_iter().zip(other.named()) {
            *sum += *more;
        }
    }
}
