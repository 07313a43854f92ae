//! How much two texts have in common as strings: a sketch of their shingles, small enough to keep beside every document.

use crate::fold::{Script, fold};
use crate::ngrams::{Token, mix, tokens};

/// The smallest hashes of a text's shingles (bottom-k `MinHash`; Broder: "On the resemblance and containment of documents", 1997).
/// Below the last hash that both sketches still know, they know all: what they share there tells not only how alike the texts
/// are, but also how much of the shorter one stands in the longer one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sketch {
    /// Of shingles of five characters or three words, in order.
    long: Vec<u32>,
    /// Of a short text, pairs of characters or words too: one changed character would break half of its long ones.
    pairs: Vec<u32>,
}

/// Hashes that are kept. Estimates err by about 0.04.
const KEPT: usize = 128;
/// What a shingle weighs at least; a character weighs one, a word two.
const SHINGLE: usize = 5;
/// A text with more tokens is not short.
const SHORT: usize = 100;
/// Tokens. Copies differ early or not at all; the rest of a very long text is not looked at.
const LONGEST: usize = 20_000;
/// Shared shingles of all, and of the shorter text's, from which on two texts are told to be copies; then the same for pairs.
const LONG: (f32, f32) = (0.4, 0.6);
const PAIRS: (f32, f32) = (0.52, 0.77);
/// Fewer than these do not tell that a text stands in another.
const TELLING: usize = 5;

impl Sketch {
    /// Of so many words a text that is not short is told by at most.
    pub const LONGEST: usize = KEPT;

    /// Of a text, its spaces and punctuation left out.
    pub fn of(text: &str) -> Self {
        let mut tokens = tokens(&fold(text));
        tokens.retain(|token| token.script != Script::Other);
        tokens.truncate(LONGEST);
        let of =
            |shingle: &[Token]| (shingle.iter().fold(0, |hash, token| mix(hash ^ token.hash)) >> 32) as u32;
        let long = (0..tokens.len()).map_while(|at| shingle(&tokens[at..])).map(of).collect();
        let pairs = if tokens.len() > SHORT {
            Vec::new()
        } else if tokens.len() == 1 {
            vec![of(&tokens)]
        } else {
            tokens.windows(2).map(of).collect()
        };
        Self { long: smallest(long), pairs: smallest(pairs) }
    }

    /// Whether the texts tell the same in the same words: one is a copy of the other, an excerpt from it, or an edited version.
    pub fn is_copy(&self, other: &Self) -> bool {
        let are = |shared: Option<Shared>, (alike, within): (f32, f32)| {
            shared.is_some_and(|s| s.of_all >= alike || s.known >= TELLING && s.of_shorter >= within)
        };
        are(shared(&self.long, &other.long), LONG) || are(shared(&self.pairs, &other.pairs), PAIRS)
    }

    /// As numbers of 33 bits. Copies have some in common.
    pub fn words(&self) -> impl Iterator<Item = u64> {
        let long = self.long.iter().map(|&hash| u64::from(hash));
        long.chain(self.pairs.iter().map(|&hash| u64::from(hash) | 1 << 32))
    }

    pub(crate) fn from_words(words: impl Iterator<Item = u64>) -> Self {
        let mut sketch = Self { long: Vec::with_capacity(KEPT), pairs: Vec::new() };
        for word in words {
            let kind = if word >> 32 == 0 { &mut sketch.long } else { &mut sketch.pairs };
            kind.push(word as u32);
        }
        sketch.long.sort_unstable();
        sketch.pairs.sort_unstable();
        sketch
    }
}

/// The shortest beginning that weighs enough.
fn shingle(tokens: &[Token]) -> Option<&[Token]> {
    let mut weight = 0;
    let end = tokens.iter().position(|token| {
        weight += if token.script == Script::Letter { 2 } else { 1 };
        weight >= SHINGLE
    })?;
    Some(&tokens[..=end])
}

fn smallest(mut hashes: Vec<u32>) -> Vec<u32> {
    hashes.sort_unstable();
    hashes.dedup();
    hashes.truncate(KEPT);
    hashes
}

struct Shared {
    /// The share of the shingles of both together (Jaccard).
    of_all: f32,
    /// The share of those of the text that has fewer.
    of_shorter: f32,
    /// How many of these are known.
    known: usize,
}

fn shared(one: &[u32], other: &[u32]) -> Option<Shared> {
    // A sketch that is not full holds everything.
    let reach = |hashes: &[u32]| if hashes.len() < KEPT { u32::MAX } else { hashes[KEPT - 1] };
    let known = reach(one).min(reach(other));
    let below = |hashes: &[u32]| hashes.partition_point(|&hash| hash <= known);
    let (one, other) = (&one[..below(one)], &other[..below(other)]);
    let both = in_both(one, other);
    let shorter = one.len().min(other.len());
    (shorter > 0).then(|| Shared {
        of_all: both as f32 / (one.len() + other.len() - both) as f32,
        of_shorter: both as f32 / shorter as f32,
        known: shorter,
    })
}

/// How many hashes two ordered lists share. Nothing in it is guessed: which list goes on is as good as chance, and a wrong guess costs
/// more than the comparison.
fn in_both(one: &[u32], other: &[u32]) -> usize {
    let (mut at, mut there, mut both) = (0, 0, 0);
    while let (Some(a), Some(b)) = (one.get(at), other.get(there)) {
        both += usize::from(a == b);
        at += usize::from(a <= b);
        there += usize::from(b <= a);
    }
    both
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn copies(one: &str, other: &str) -> bool {
        let (one, other) = (Sketch::of(one), Sketch::of(other));
        assert_eq!(Sketch::from_words(one.words()), one);
        assert_eq!(one.is_copy(&other), other.is_copy(&one));
        one.is_copy(&other)
    }

    /// A text of `count` sentences that depends on `seed` alone.
    fn story(seed: u64, count: u64) -> Vec<String> {
        const WORDS: [&str; 24] = [
            "港口",
            "水位",
            "潮汐",
            "渡轮",
            "面包",
            "酵母",
            "灯塔",
            "公园",
            "合唱",
            "雨燕",
            "桥梁",
            "地图",
            "修复",
            "老人",
            "早市",
            "电车",
            "花园",
            "天文",
            "望远镜",
            "图书馆",
            "城墙",
            "河道",
            "学校",
            "医院",
        ];
        let pick = |n: u64| WORDS[(mix(n) % 24) as usize];
        let sentence = |n: u64| (0..7).map(|k| pick(mix(seed) ^ (n * 7 + k))).collect::<String>() + "。";
        (0..count).map(sentence).collect()
    }

    #[test]
    fn edited_shortened_and_prefaced_texts_are_copies() {
        let text = story(1, 40);
        let whole = text.concat();
        assert!(copies(&format!("原来的标题\n{whole}"), &format!("完全不同的一个题目\n{whole}")));
        assert!(copies(&whole, &format!("本报讯，{}{whole}", story(2, 5).concat())), "a preface");
        assert!(copies(&whole, &text[..8].concat()), "its beginning");
        assert!(copies(&whole, &text[15..22].concat()), "a part of it");
        assert!(copies(&whole, &format!("{}{}", whole, story(3, 60).concat())), "within a longer one");
        let edited: Vec<String> = text
            .iter()
            .enumerate()
            .map(|(n, s)| if n % 5 == 0 { story(9, 60)[n].clone() } else { s.clone() })
            .collect();
        assert!(copies(&whole, &edited.concat()), "every fifth sentence is another");
        let english = |from: u32, to: u32| -> String {
            (from..to).map(|n| format!("Boat {} left the {} pier at {}. ", n * 7, n * n, n * 31)).collect()
        };
        assert!(copies(&english(0, 60), &english(0, 60).to_uppercase()));
        assert!(copies(&english(0, 60), &english(10, 25)));
        assert!(!copies(&english(0, 60), &english(1_000, 1_060)), "the same words in other places");
    }

    #[test]
    fn shared_hashes_are_counted() {
        for (one, other, both) in [
            (&[][..], &[1][..], 0),
            (&[1, 3, 5], &[0, 2, 4, 6], 0),
            (&[1, 3, 5], &[1, 3, 5], 3),
            (&[2, 9], &[1, 2, 3, 4, 5, 9, 10], 2),
        ] {
            assert_eq!((in_both(one, other), in_both(other, one)), (both, both));
        }
    }

    #[test]
    fn short_copies_are_told_and_others_are_not() {
        assert!(copies("潮汐表是怎样做出来的", "潮汐表是怎么做出来的？（组图）"));
        let title = |word: &str| format!("How the tide tables of our harbour {word} made by hand");
        assert!(copies(&title("are"), &title("were")));
        assert!(copies("云", "云！"));
        assert!(!copies("湖人客场大胜", "湖人主场险胜"));
        assert!(!copies("港口昨夜大风", "港口明日退潮"));
        assert!(!copies("", ""));
        assert!(!copies("云", "桥"));
    }

    proptest! {
        #[test]
        fn other_stories_in_the_same_words_are_no_copies(a in 0_u64..1_000, b in 1_000_u64..2_000, n in 5_u64..40, m in 5_u64..40) {
            prop_assert!(!copies(&story(a, n).concat(), &story(b, m).concat()));
        }

        #[test]
        fn parts_are_copies_of_the_whole(seed in 0_u64..1_000, n in 12_u64..80, from in 0_u64..6, cut in 0_u64..6) {
            let text = story(seed, n);
            let part = &text[from as usize..(n - cut) as usize];
            prop_assert!(copies(&text.concat(), &part.concat()));
        }
    }
}
