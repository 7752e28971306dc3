//! Atomic requests: the parts of a batch count for nothing until the last one is here.

use crate::authority::{AuthorityAct, Writer};
use crate::header::Header;
use crate::id::{ChainId, RequestId};
use std::collections::{BTreeMap, BTreeSet};

/// An act of authority and the entry that holds it.
pub(crate) type Held = (u32, Writer, AuthorityAct);

#[derive(Debug, Clone, Default)]
struct Batch {
    parts: BTreeSet<u16>,
    entries: Vec<u32>,
    acts: Vec<Held>,
}

/// Requests of several entries, by chain, request and number of entries.
#[derive(Debug, Clone, Default)]
pub(crate) struct Batches {
    batches: BTreeMap<(ChainId, RequestId, u16), Batch>,
}

/// What an entry's arrival makes count.
pub(crate) struct Joined {
    /// Acts that count from now on: its own, or those of the whole batch that it completes.
    pub(crate) acts: Vec<Held>,
    /// The other entries of the batch it completes, in order of acceptance.
    pub(crate) completed: Vec<u32>,
}

impl Batches {
    /// Takes an entry in.
    pub(crate) fn join(&mut self, header: &Header, index: u32, act: Option<Held>) -> Joined {
        if header.part.count <= 1 {
            return Joined { acts: act.into_iter().collect(), completed: Vec::new() };
        }
        let batch = self.batches.entry((header.chain, header.request, header.part.count)).or_default();
        let was_whole = batch.is_whole(header.part.count);
        batch.parts.insert(header.part.index);
        batch.acts.extend(act);
        if !batch.is_whole(header.part.count) {
            batch.entries.push(index);
            return Joined { acts: Vec::new(), completed: Vec::new() };
        }
        let completed = if was_whole { Vec::new() } else { std::mem::take(&mut batch.entries) };
        Joined { acts: std::mem::take(&mut batch.acts), completed }
    }

    /// Whether all entries of a batch are here.
    pub(crate) fn is_whole(&self, chain: ChainId, request: RequestId, count: u16) -> bool {
        count <= 1 || self.batches.get(&(chain, request, count)).is_some_and(|b| b.is_whole(count))
    }
}

impl Batch {
    fn is_whole(&self, count: u16) -> bool {
        self.parts.len() >= usize::from(count)
    }
}
