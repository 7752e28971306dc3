//! The causal graph: who knew what, forks, heads, and the total order.
//!
//! Each chain is cut into *strands*: a strand is a straight run of entries, and a fork (two entries after the same
//! one) starts another. "Is `a` in the past of `b`" is then one look-up in a table of the last rank known per strand,
//! shared by all entries written between two meetings.

use crate::clock;
use crate::header::Header;
use crate::id::{ChainId, EntryId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Place of an entry in the total order, which extends causality.
pub type Key = (u64, ChainId, u64, EntryId);

/// Rank known per strand, the entry's own strand apart.
type Past = BTreeMap<u32, u64>;

/// What the graph remembers of an entry.
#[derive(Debug, Clone)]
pub struct Node {
    /// The entry.
    pub id: EntryId,
    /// Its rank in time, see [`clock::ord`].
    pub ord: u64,
    /// Its chain.
    pub chain: ChainId,
    /// Its rank in the chain.
    pub seq: u64,
    /// Wall time claimed, milliseconds since 1970.
    pub wall: i64,
    strand: u32,
    past: Arc<Past>,
}

impl Node {
    /// Place in the total order.
    pub fn key(&self) -> Key {
        (self.ord, self.chain, self.seq, self.id)
    }
}

/// The graph of all accepted entries. An entry is named by its index, in order of acceptance.
#[derive(Debug, Clone, Default)]
pub struct Dag {
    nodes: Vec<Node>,
    by_id: BTreeMap<EntryId, u32>,
    heads: BTreeSet<EntryId>,
    /// Last entry of each strand.
    strands: Vec<u32>,
    /// First strand and latest entry of each chain.
    tips: BTreeMap<ChainId, u32>,
    forks: BTreeMap<ChainId, u64>,
    highest_ord: Option<u64>,
}

impl Dag {
    /// Number of entries.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// An entry by index.
    pub fn node(&self, index: u32) -> &Node {
        &self.nodes[index as usize]
    }

    /// All entries in order of acceptance.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Index of an entry.
    pub fn index(&self, id: &EntryId) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    /// Entries that no other entry follows.
    pub fn heads(&self) -> &BTreeSet<EntryId> {
        &self.heads
    }

    /// The entry of a chain with the highest rank (of two, the last accepted).
    pub fn tip(&self, chain: &ChainId) -> Option<&Node> {
        self.tips.get(chain).map(|index| self.node(*index))
    }

    /// All chains.
    pub fn chains(&self) -> impl Iterator<Item = &ChainId> {
        self.tips.keys()
    }

    /// First rank at which a chain has two entries, when it forked.
    pub fn forked_at(&self, chain: &ChainId) -> Option<u64> {
        self.forks.get(chain).copied()
    }

    /// Highest `ord` of all.
    pub fn highest_ord(&self) -> Option<u64> {
        self.highest_ord
    }

    /// The first parent that is not here yet.
    pub fn missing_parent(&self, header: &Header) -> Option<EntryId> {
        header.prev.iter().chain(&header.deps).find(|id| !self.by_id.contains_key(*id)).copied()
    }

    /// Whether the link to the previous entry holds: same chain, rank one less. Parents must be present.
    pub fn links(&self, header: &Header) -> bool {
        let Some(prev) = header.prev else { return true };
        self.index(&prev).is_some_and(|p| {
            let node = self.node(p);
            node.chain == header.chain && node.seq + 1 == header.seq
        })
    }

    /// Adds an entry whose parents are all present and whose link holds; returns its index.
    pub fn insert(&mut self, id: EntryId, header: &Header) -> u32 {
        let index = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let parents: Vec<u32> = header.prev.iter().chain(&header.deps).filter_map(|p| self.index(p)).collect();
        let ord = clock::ord(header.hlc, parents.iter().map(|p| self.node(*p).ord));
        let (strand, past) = self.place(header, &parents, index);
        for parent in header.prev.iter().chain(&header.deps) {
            self.heads.remove(parent);
        }
        self.heads.insert(id);
        self.by_id.insert(id, index);
        self.highest_ord = self.highest_ord.max(Some(ord));
        self.nodes.push(Node { id, ord, chain: header.chain, seq: header.seq, wall: header.wall, strand, past });
        let tip = self.tips.entry(header.chain).or_insert(index);
        if self.nodes[*tip as usize].seq <= header.seq {
            *tip = index;
        }
        index
    }

    /// Strand and past of a new entry; notes a fork.
    fn place(&mut self, header: &Header, parents: &[u32], index: u32) -> (u32, Arc<Past>) {
        let prev = header.prev.and_then(|p| self.index(&p));
        if let Some(prev) = prev {
            let node = &self.nodes[prev as usize];
            let strand = node.strand;
            if self.strands[strand as usize] == prev {
                self.strands[strand as usize] = index;
                let past = if header.deps.is_empty() { node.past.clone() } else { self.meet(parents, Some(strand)) };
                return (strand, past);
            }
        }
        if prev.is_some() || self.tips.contains_key(&header.chain) {
            let first = self.forks.entry(header.chain).or_insert(header.seq);
            *first = header.seq.min(*first);
        }
        let strand = u32::try_from(self.strands.len()).unwrap_or(u32::MAX);
        self.strands.push(index);
        (strand, self.meet(parents, None))
    }

    /// What several parents knew together, each parent included; a strand's knowledge of itself is left out.
    fn meet(&self, parents: &[u32], own: Option<u32>) -> Arc<Past> {
        let mut past = Past::new();
        let mut know = |strand: u32, seq: u64| {
            let known = past.entry(strand).or_insert(seq);
            *known = seq.max(*known);
        };
        for parent in parents {
            let node = self.node(*parent);
            know(node.strand, node.seq);
            node.past.iter().for_each(|(strand, seq)| know(*strand, *seq));
        }
        if let Some(own) = own {
            past.remove(&own);
        }
        Arc::new(past)
    }

    /// Whether `a` is in the causal past of `b` (an entry is not in its own past).
    pub fn precedes(&self, a: u32, b: u32) -> bool {
        let (first, second) = (self.node(a), self.node(b));
        if first.strand == second.strand {
            return first.seq < second.seq;
        }
        second.past.get(&first.strand).is_some_and(|known| *known >= first.seq)
    }

    /// Whether neither knew the other.
    pub fn concurrent(&self, a: u32, b: u32) -> bool {
        a != b && !self.precedes(a, b) && !self.precedes(b, a)
    }

    /// Whether an entry lies on or after the point where its chain forked.
    pub fn is_forked(&self, index: u32) -> bool {
        let node = self.node(index);
        self.forks.get(&node.chain).is_some_and(|first| node.seq >= *first)
    }
}
