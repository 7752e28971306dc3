//! A set of small numbers: one bit each, so that the nodes of a region stay in the nearest cache.

/// A set of numbers below a bound.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// The empty set of numbers below `bound`.
    pub(crate) fn new(bound: u32) -> Self {
        Self { words: vec![0; bound.div_ceil(64) as usize] }
    }

    /// Makes room for numbers below `bound`; the set stays what it is.
    pub(crate) fn reach(&mut self, bound: u32) {
        let words = bound.div_ceil(64) as usize;
        if self.words.len() < words {
            self.words.resize(words, 0);
        }
    }

    /// Whether the number is in the set.
    pub(crate) fn has(&self, number: u32) -> bool {
        self.words[number as usize / 64] >> (number % 64) & 1 == 1
    }

    /// Puts the number in the set; whether it was absent.
    pub(crate) fn add(&mut self, number: u32) -> bool {
        let (word, bit) = (&mut self.words[number as usize / 64], 1 << (number % 64));
        let absent = *word & bit == 0;
        *word |= bit;
        absent
    }

    /// Takes numbers out, and possibly their neighbours: for emptying a set whose every member is named.
    pub(crate) fn empty(&mut self, numbers: &[u32]) {
        for number in numbers {
            self.words[*number as usize / 64] = 0;
        }
    }

    /// The set, 64 numbers a word.
    pub(crate) fn words(&self) -> &[u64] {
        &self.words
    }

    /// The numbers, in ascending order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        self.words.iter().zip((0_u32..).step_by(64)).flat_map(|(word, base)| ones(*word).map(move |bit| base + bit))
    }

    /// Sorts distinct numbers that are in reach: through the set when they are many, in place when they are few.
    pub(crate) fn sort(&mut self, numbers: &mut [u32]) {
        if numbers.len() < self.words.len() / 4 {
            return numbers.sort_unstable();
        }
        for number in numbers.iter() {
            self.add(*number);
        }
        for (place, number) in numbers.iter_mut().zip(self.iter()) {
            *place = number;
        }
        self.empty(numbers);
    }
}

/// The places of the ones of a word, lowest first.
pub(crate) fn ones(mut word: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let place = word.trailing_zeros();
        word &= word.wrapping_sub(1);
        (place < 64).then_some(place)
    })
}
