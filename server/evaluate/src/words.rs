//! Titles and texts as weighted words, to tell how alike they are.

use std::collections::HashMap;

/// Of a text beside its title, so many characters say what it is about.
const BEGINNING: usize = 300;
/// A word of a title counts as much as so many of the text.
const TITLE: f32 = 3.0;

/// The words of many texts, by number.
#[derive(Debug, Default)]
pub struct Words {
    numbers: HashMap<String, u32>,
    /// In how many texts each stands.
    texts: Vec<f32>,
    vectors: HashMap<usize, Vec<(u32, f32)>>,
    weighed: bool,
}

impl Words {
    /// Takes in what an item says.
    pub fn add(&mut self, item: usize, title: &str, text: &str) {
        let mut counts: HashMap<u32, f32> = HashMap::new();
        for word in split(title) {
            *counts.entry(self.number(word)).or_default() += TITLE;
        }
        let end = text.char_indices().nth(BEGINNING).map_or(text.len(), |(end, _)| end);
        for word in split(&text[..end]) {
            *counts.entry(self.number(word)).or_default() += 1.0;
        }
        for &word in counts.keys() {
            self.texts[word as usize] += 1.0;
        }
        let mut vector: Vec<(u32, f32)> = counts.into_iter().collect();
        vector.sort_unstable_by_key(|(word, _)| *word);
        self.vectors.insert(item, vector);
        self.weighed = false;
    }

    /// Weighs words by how few texts have them (TF-IDF) and makes all vectors of length one. Done once, after the last [`Words::add`].
    pub fn weigh(&mut self) {
        if std::mem::replace(&mut self.weighed, true) {
            return;
        }
        let all = self.vectors.len() as f32 + 1.0;
        for vector in self.vectors.values_mut() {
            for (word, weight) in vector.iter_mut() {
                *weight = (1.0 + weight.ln()) * (all / (1.0 + self.texts[*word as usize])).ln().max(0.01);
            }
            let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
            for (_, weight) in vector.iter_mut() {
                *weight /= length.max(1e-6);
            }
        }
    }

    /// The words of an item, if anything is known of it.
    pub fn of(&self, item: usize) -> &[(u32, f32)] {
        self.vectors.get(&item).map_or(&[], Vec::as_slice)
    }

    pub fn is_empty(&self) -> bool {
        self.vectors.is_empty()
    }

    fn number(&mut self, word: String) -> u32 {
        if let Some(&number) = self.numbers.get(&word) {
            return number;
        }
        let number = self.texts.len() as u32;
        self.numbers.insert(word, number);
        self.texts.push(0.0);
        number
    }
}

/// Words of letters that have spaces between them, and pairs of characters of those that have none.
fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = None;
    for c in text.chars() {
        let alone = is_alone(c);
        if c.is_alphanumeric() && !alone {
            word.extend(c.to_lowercase());
        } else if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if alone {
            words.extend(before.map(|before: char| [before, c].iter().collect::<String>()));
        }
        before = alone.then_some(c);
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Characters of scripts without spaces: Han, kana.
fn is_alone(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_split_as_they_are_written() {
        assert_eq!(split("The Tide's 3 tables"), ["the", "tide", "s", "3", "tables"]);
        assert_eq!(split("潮汐表2024年"), ["潮汐", "汐表", "2024"]);
    }

    #[test]
    fn rare_words_make_texts_alike() {
        let mut words = Words::default();
        for (item, title) in [
            (1, "the tide at the harbour"),
            (2, "tide tables of the coast"),
            (3, "the bread of the baker"),
            (4, "the news"),
        ] {
            words.add(item, title, "");
        }
        words.weigh();
        let alike = |a, b| {
            let other: HashMap<u32, f32> = words.of(b).iter().copied().collect();
            words.of(a).iter().filter_map(|(word, weight)| Some(weight * other.get(word)?)).sum::<f32>()
        };
        assert!(alike(1, 2) > alike(1, 3) && alike(1, 1) > 0.99);
        assert!(words.of(9).is_empty());
    }
}
