//! What was found: groups of records, the best of each kept, all counted.

use super::fold::{Query, Rank, Scratch};

/// Most records shown of one kind; the others are counted.
pub(crate) const SHOWN_MAX: usize = 50;

/// A record that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Its name, or its words.
    pub(crate) title: String,
    /// What else is known of it, in one line.
    pub(crate) detail: String,
    /// Its exact place.
    pub(crate) href: String,
}

/// Records of one kind.
#[derive(Debug)]
pub(crate) struct Group<'q> {
    query: &'q Query,
    scratch: Scratch,
    /// Name in addresses within the page.
    pub(crate) key: &'static str,
    /// Name on the screen.
    pub(crate) name: &'static str,
    /// How many answer.
    pub(crate) total: usize,
    ranked: [Vec<Hit>; 4],
}

impl<'q> Group<'q> {
    pub(crate) fn new(query: &'q Query, key: &'static str, name: &'static str) -> Self {
        Self { query, scratch: Scratch::default(), key, name, total: 0, ranked: Default::default() }
    }

    /// Looks at a record: its name, its other words; `hit` makes it for the page when it answers and is among the best.
    pub(crate) fn look(&mut self, name: &str, others: &[&str], hit: impl FnOnce() -> Hit) {
        let Some(rank) = self.query.rank(name, others, &mut self.scratch) else { return };
        self.total += 1;
        let place = match rank {
            Rank::Begins => 0,
            Rank::Named => 1,
            Rank::Partly => 2,
            Rank::Elsewhere => 3,
        };
        if let Some(kept) = self.ranked.get_mut(place).filter(|kept| kept.len() < SHOWN_MAX) {
            kept.push(hit());
        }
    }

    /// A log's lines: those looked at first stay first, however well each answers.
    pub(crate) fn look_in_order(&mut self, name: &str, others: &[&str], hit: impl FnOnce() -> Hit) {
        if self.query.rank(name, others, &mut self.scratch).is_none() {
            return;
        }
        self.total += 1;
        if let Some(kept) = self.ranked.first_mut().filter(|kept| kept.len() < SHOWN_MAX) {
            kept.push(hit());
        }
    }

    /// The best, best first.
    pub(crate) fn best(&self) -> impl Iterator<Item = &Hit> {
        self.ranked.iter().flatten().take(SHOWN_MAX)
    }
}
