//! The words of what was typed into a search box.

use std::collections::HashSet;

use crate::fold::{Script, fold};
use crate::stop::is_stop;
use crate::words::{self, Kind, Word};

/// Words beyond this many are not looked at: nobody types more, and a pasted page should not cost what a page costs.
const LONGEST: usize = 24;

/// A word that was asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// As it is indexed.
    pub term: String,
    /// As it was written, folded.
    pub written: Vec<char>,
    pub script: Script,
    /// Terms of the words inside it.
    pub parts: Vec<String>,
    /// Of a name that ngrams hold together, its pieces with their places in it: what is written in another way has them side by side.
    pub pieces: Vec<(usize, String)>,
    /// The last word, which may go on.
    pub unfinished: bool,
    /// Where it ends in what was typed.
    pub end: usize,
    /// Where it stands for phrases.
    pub position: usize,
}

/// The words of a search; those that only hold a sentence together are left out, unless there are no others.
pub fn parse(text: &str) -> Vec<Asked> {
    let folded = fold(text);
    let (parts, whole): (Vec<Word>, Vec<Word>) = words::words(&folded).into_iter().partition(Word::is_part);
    let mut asked: Vec<Asked> = Vec::new();
    for word in whole.into_iter().take(LONGEST) {
        let end = word.at + word.len;
        let inside: Vec<&Word> = parts.iter().filter(|part| part.at >= word.at && part.at < end).collect();
        let piece = |part: &&&Word| part.kind == Kind::Piece;
        let pieces: Vec<(usize, String)> = inside
            .iter()
            .filter(piece)
            .map(|part| (part.position - word.position, part.text.clone()))
            .collect();
        asked.push(Asked {
            parts: inside
                .iter()
                .filter(|part| part.kind != Kind::Variant)
                .map(|part| part.text.clone())
                .collect(),
            // `.NET` is not `net`.
            pieces: if pieces.len() > 1 { pieces } else { Vec::new() },
            written: folded.chars[word.at..end].to_vec(),
            term: word.text,
            script: word.script,
            unfinished: is_spaced(word.script) && word.len > 1 && end == folded.chars.len(),
            end,
            position: word.position,
        });
    }
    let mut asked = joined(asked);
    let mut seen = HashSet::new();
    asked.retain(|word| seen.insert(word.term.clone()));
    if asked.iter().any(|word| !is_stop(&word.term)) {
        asked.retain(|word| !is_stop(&word.term));
    }
    asked
}

/// Single Han characters that were typed as one are asked for as one: jieba took them apart because it does not know the word.
fn joined(asked: Vec<Asked>) -> Vec<Asked> {
    let single = |word: &Asked| word.script == Script::Han && word.written.len() == 1 && !is_stop(&word.term);
    let mut out: Vec<Asked> = Vec::with_capacity(asked.len());
    let mut open = false;
    for word in asked {
        let goes_on = single(&word);
        match out.last_mut() {
            Some(last) if open && goes_on && last.end == word.end - 1 => {
                last.term.push_str(&word.term);
                last.written.extend(word.written);
                last.end = word.end;
            }
            _ => out.push(word),
        }
        open = goes_on;
    }
    out
}

impl Asked {
    /// It, or the pieces that it is made of, with their places after `first`.
    pub fn terms(&self, first: usize) -> Vec<(usize, &str)> {
        let at = self.position - first;
        if self.pieces.is_empty() {
            return vec![(at, &self.term)];
        }
        self.pieces.iter().map(|(place, term)| (at + place, term.as_str())).collect()
    }

    /// Whether it, or a part of it that is looked for, may begin like this.
    pub fn begins_with(&self, c: char) -> bool {
        is_spaced(self.script)
            && (self.written.first() == Some(&c) || self.parts.iter().any(|part| part.starts_with(c)))
    }

    /// Whether one of its parts says enough to stand for it.
    pub fn is_told_by(&self, part: &str) -> bool {
        self.parts.len() > 1
            && self.parts.iter().any(|own| own == part)
            && (self.pieces.is_empty() || part.chars().nth(1).is_some() && !is_stop(part))
    }
}

pub fn is_spaced(script: Script) -> bool {
    matches!(script, Script::Letter | Script::Digit)
}
