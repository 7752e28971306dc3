//! Lists by number, one after the other in one piece of memory.

/// Rows of items (compressed sparse rows).
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows<T> {
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy + Default> Rows<T> {
    /// Sorts pairs (row, item) by row in linear time; within a row, items keep the order in which they come.
    pub(crate) fn of(rows: usize, pairs: impl Iterator<Item = (u32, T)> + Clone) -> Self {
        let mut starts = vec![0_u32; rows + 1];
        for (row, _) in pairs.clone() {
            starts[row as usize + 1] += 1;
        }
        for at in 0..rows {
            starts[at + 1] += starts[at];
        }
        let mut items = vec![T::default(); starts[rows] as usize];
        let mut next = starts.clone();
        for (row, item) in pairs {
            let place = &mut next[row as usize];
            items[*place as usize] = item;
            *place += 1;
        }
        Self { starts, items }
    }

    /// Rows already one after the other: row `r` is `items[starts[r]..starts[r + 1]]`.
    pub(crate) fn joined(starts: Vec<u32>, items: Vec<T>) -> Self {
        Self { starts, items }
    }

    /// The items of a row.
    pub(crate) fn row(&self, row: u32) -> &[T] {
        let row = row as usize;
        &self.items[self.starts[row] as usize..self.starts[row + 1] as usize]
    }

    /// The items of the rows from one up to another, left out; there may be fewer rows.
    pub(crate) fn rows(&self, from: u32, to: u32) -> &[T] {
        let to = self.starts.len().saturating_sub(1).min(to as usize);
        &self.items[self.starts[from as usize] as usize..self.starts[to] as usize]
    }

    /// Every (row, item), in order.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (u32, T)> + Clone {
        let rows = u32::try_from(self.starts.len().saturating_sub(1)).unwrap_or(u32::MAX);
        (0..rows).flat_map(|row| self.row(row).iter().map(move |item| (row, *item)))
    }
}

impl Rows<u32> {
    /// The same pairs the other way round, each once, the items of a row in ascending order.
    pub(crate) fn turned(&self, rows: usize) -> Self {
        Self::of(rows, self.pairs().map(|(row, item)| (item, row))).distinct()
    }

    /// Without what a row says twice in succession.
    fn distinct(&self) -> Self {
        let (mut starts, mut items) = (vec![0], Vec::with_capacity(self.items.len()));
        for row in 0..self.starts.len().saturating_sub(1) {
            let begin = items.len();
            for item in &self.items[self.starts[row] as usize..self.starts[row + 1] as usize] {
                if items.len() == begin || items.last() != Some(item) {
                    items.push(*item);
                }
            }
            starts.push(u32::try_from(items.len()).unwrap_or(u32::MAX));
        }
        Self { starts, items }
    }
}
