//! How a list of hot articles stays worth reading.

use std::collections::HashMap;
use std::hash::Hash;

/// At most this many of one author in a list, while others have something.
const PER_AUTHOR: usize = 2;
/// At most this many of one channel in a row, while other channels have something.
const IN_A_ROW: usize = 3;

/// Picks `n` from a ranked list, in order as far as variety allows. `strict` rather leaves the list short than to give an author more.
pub fn vary<T, A: Eq + Hash, C: Eq>(
    ranked: Vec<T>,
    n: usize,
    strict: bool,
    author: impl Fn(&T) -> A,
    channel: impl Fn(&T) -> C,
) -> Vec<T> {
    let mut rest: Vec<T> = ranked;
    let mut spare: Vec<T> = Vec::new();
    let mut picked: Vec<T> = Vec::with_capacity(n);
    let mut by_author: HashMap<A, usize> = HashMap::new();
    while picked.len() < n {
        // Out of those that may be taken: the first of another channel than the last few, else the first.
        let tail = picked.iter().rev().take(IN_A_ROW);
        let row = (picked.len() >= IN_A_ROW)
            .then(|| tail.map(&channel).collect::<Vec<C>>())
            .filter(|row| row.windows(2).all(|pair| pair[0] == pair[1]))
            .and_then(|row| row.into_iter().next());
        let mut first = None;
        let mut take = None;
        let mut at = 0;
        while at < rest.len() {
            if by_author.get(&author(&rest[at])).is_some_and(|&count| count >= PER_AUTHOR) {
                spare.push(rest.remove(at));
                continue;
            }
            first = first.or(Some(at));
            if row.as_ref().is_none_or(|row| channel(&rest[at]) != *row) {
                take = Some(at);
                break;
            }
            at += 1;
        }
        let Some(at) = take.or(first) else { break };
        let item = rest.remove(at);
        *by_author.entry(author(&item)).or_default() += 1;
        picked.push(item);
    }
    if !strict {
        let missing = n.saturating_sub(picked.len());
        picked.extend(spare.into_iter().take(missing));
    }
    picked
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Items are written `a1`: author, channel.
    fn check(ranked: &str, n: usize, strict: bool, want: &str) {
        let ranked: Vec<&str> = ranked.split(' ').collect();
        assert_eq!(vary(ranked, n, strict, |i| i.as_bytes()[0], |i| i.as_bytes()[1]).join(" "), want);
    }

    #[test]
    fn two_of_an_author_and_three_of_a_channel_in_a_row() {
        check("a1 a2 a3 b1 c1", 4, true, "a1 a2 b1 c1");
        check("a1 b1 c1 d1 e2 f1", 6, true, "a1 b1 c1 e2 d1 f1");
        check("a1 b1 c1 d1", 4, true, "a1 b1 c1 d1");
        check("a1 a1 a1", 3, true, "a1 a1");
        check("a1 a2 a3 b1 a4", 5, false, "a1 a2 b1 a3 a4");
    }

    proptest! {
        #[test]
        fn a_varied_list_has_no_more_than_it_was_given(items in proptest::collection::vec((0u8..5, 0u8..3), 0..40), n in 0usize..30) {
            let count = items.len();
            let varied = vary(items.clone(), n, true, |i| i.0, |i| i.1);
            prop_assert!(varied.len() <= n.min(count));
            for author in 0..5 {
                prop_assert!(varied.iter().filter(|i| i.0 == author).count() <= PER_AUTHOR);
            }
            prop_assert_eq!(vary(items, n, false, |i| i.0, |i| i.1).len(), n.min(count));
        }
    }
}
