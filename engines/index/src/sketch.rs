//! How alike two texts are as strings: a sketch of their shingles, small enough to keep beside every document.

use crate::fold::{Script, fold, script};

/// One-permutation `MinHash` (Li, Owen, Zhang: "One Permutation Hashing", 2012): each shingle's hash falls into one of 64 bins
/// and each bin remembers 16 bits of its smallest. Two texts' bins agree about as often as the texts share shingles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sketch([u16; BINS]);

const BINS: usize = 64;
/// Characters in a shingle.
const SHINGLE: usize = 5;
/// Copies differ early or not at all; the rest of a very long text is not looked at.
const LONGEST: usize = 20_000;
const EMPTY: u16 = 0;

impl Sketch {
    /// Of a text, its spaces and punctuation left out.
    pub fn of(text: &str) -> Self {
        let folded = fold(text);
        let chars: Vec<char> =
            folded.chars.into_iter().filter(|&c| script(c) != Script::Other).take(LONGEST).collect();
        let mut least = [u64::MAX; BINS];
        for shingle in chars.windows(SHINGLE.min(chars.len()).max(1)) {
            let hash = shingle.iter().fold(0, |hash, &c| mix(hash ^ u64::from(c)));
            let bin = &mut least[(hash >> 58) as usize];
            *bin = (*bin).min(hash);
        }
        // The smallest hashes begin alike, so the bits kept are mixed once more.
        Self(least.map(|hash| if hash == u64::MAX { EMPTY } else { (mix(hash) as u16).max(1) }))
    }

    /// About which share of all their shingles the two texts have in common (Jaccard), 0 to 1; the error is about 0.06.
    pub fn likeness(&self, other: &Self) -> f32 {
        let pairs = || self.0.iter().zip(&other.0).filter(|&(&a, &b)| a != EMPTY || b != EMPTY);
        let same = pairs().filter(|(a, b)| a == b).count();
        same as f32 / pairs().count().max(1) as f32
    }

    /// Whether two texts tell the same: one of them is enough.
    pub fn is_copy(&self, other: &Self) -> bool {
        const COPY: f32 = 0.5;
        self.likeness(other) >= COPY
    }

    pub(crate) fn words(self) -> impl Iterator<Item = u64> {
        let word = |bins: &[u16]| bins.iter().fold(0, |word, &bin| word << 16 | u64::from(bin));
        (0..BINS / 4).map(move |n| word(&self.0[n * 4..n * 4 + 4]))
    }

    pub(crate) fn from_words(words: impl Iterator<Item = u64>) -> Self {
        let mut bins = [EMPTY; BINS];
        for (n, word) in words.take(BINS / 4).enumerate() {
            for (k, bin) in bins[n * 4..n * 4 + 4].iter_mut().enumerate() {
                *bin = (word >> (48 - 16 * k)) as u16;
            }
        }
        Self(bins)
    }
}

/// `SplitMix64`'s finaliser (Steele, Lea, Flood 2014).
const fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_alike_and_others_are_not() {
        let sentence = |n: u32| format!("sentence {} stands here. ", n * n * 7919);
        let numbered = |from, to| (from..to).map(sentence).collect::<Vec<_>>().join("\n");
        let whole = Sketch::of(&numbered(0, 100));
        assert!((whole.likeness(&Sketch::of(&numbered(0, 100).to_uppercase())) - 1.0).abs() < f32::EPSILON);
        let edited = whole.likeness(&Sketch::of(&numbered(5, 105)));
        assert!(edited > 0.7, "{edited}");
        let tide = Sketch::of("潮汐表是怎样做出来的？先量一年的水位，再把月亮和太阳的周期从里面找出来。");
        let bread = Sketch::of("酵母要喂，面团要等。面包师的一天从凌晨两点开始，到第一班电车为止。");
        assert!(tide.likeness(&bread) < 0.2);
        assert_eq!(Sketch::from_words(tide.words()), tide);
    }

    #[test]
    fn the_shortest_texts_have_a_sketch() {
        assert!(Sketch::of("").likeness(&Sketch::of("")) < 0.1);
        assert!(Sketch::of("云").likeness(&Sketch::of("云")) > 0.9);
    }
}
