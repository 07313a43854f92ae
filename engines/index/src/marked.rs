//! Where a text has what was asked for, and the passage that shows it best.

use std::ops::Range;

use crate::asked::{Asked, is_spaced};
use crate::fold::{Folded, fold};
use crate::words::words_beside_han;

/// A text with marked passages. Nothing is escaped: whoever shows it makes markup of [`Marked::pieces`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marked {
    pub text: String,
    /// In characters, in order, apart from each other.
    pub marks: Vec<Range<usize>>,
}

/// Length of a passage, in characters.
const PASSAGE: usize = 120;
/// How far before its first mark a passage may begin, so that it begins where a sentence does.
const LEAD: usize = 40;
/// Characters that are looked at at once, and in all.
const WINDOW: usize = 2_000;
const LOOKED_AT: usize = 16_000;

impl Marked {
    /// The text in order, each piece with whether it is marked.
    pub fn pieces(&self) -> Vec<(&str, bool)> {
        let mut pieces = Vec::with_capacity(self.marks.len() * 2 + 1);
        let mut rest = self.text.as_str();
        let mut at = 0;
        let mut take = |chars: usize, marked: bool| {
            let end = rest.char_indices().nth(chars).map_or(rest.len(), |(end, _)| end);
            let (piece, after) = rest.split_at(end);
            rest = after;
            if !piece.is_empty() {
                pieces.push((piece, marked));
            }
        };
        for mark in &self.marks {
            take(mark.start - at, false);
            take(mark.len(), true);
            at = mark.end;
        }
        take(usize::MAX, false);
        pieces
    }

    /// The whole text.
    pub(crate) fn whole(text: &str, asked: &[Asked]) -> Self {
        Self { text: text.to_owned(), marks: merged(matches(text, asked)) }
    }

    /// The passage of a text that has most of what was asked for; its beginning where it has nothing.
    ///
    /// The text is looked through window by window, until a passage has all that was asked for or [`LOOKED_AT`] characters had nothing better:
    /// a search shows twenty passages, and reading twenty whole bodies would take most of its time.
    pub(crate) fn passage(text: &str, asked: &[Asked]) -> Self {
        let mut found = Best::default();
        let (mut rest, mut before) = (text, 0);
        while before < LOOKED_AT {
            let window = beginning(rest, WINDOW);
            let here = best(&matches(window, asked));
            if here.worth > found.worth {
                found = Best { at: before + here.at, ..here };
            }
            if found.words == asked.len() || window.len() == rest.len() {
                break;
            }
            // A passage across the edge is whole in the next one.
            let step = WINDOW - PASSAGE;
            rest = &rest[beginning(rest, step).len()..];
            before += step;
        }
        passage_at(text, found.at, asked)
    }
}

/// The passage around the match at `at`.
fn passage_at(text: &str, at: usize, asked: &[Asked]) -> Marked {
    let skipped = at.saturating_sub(LEAD + PASSAGE);
    let rest = &text[beginning(text, skipped).len()..];
    // Words at the end of the passage are cut off only in sight.
    let text = beginning(rest, at - skipped + 2 * PASSAGE);
    let goes_on = text.len() < rest.len();
    let chars: Vec<char> = text.chars().collect();
    let start = begin(&chars, at - skipped);
    let end = (start + PASSAGE).min(chars.len());
    let cut = skipped > 0 || chars[..start].iter().any(|c| !c.is_whitespace());
    let mut out = Marked::default();
    if cut {
        out.text.push('…');
    }
    out.text.extend(chars[start..end].iter().map(|&c| if c.is_whitespace() { ' ' } else { c }));
    if goes_on || end < chars.len() {
        out.text.push('…');
    }
    let shift = usize::from(cut);
    let inside = matches(text, asked).into_iter().filter(|m| m.range.start >= start && m.range.start < end);
    out.marks = merged(
        inside
            .map(|m| Match {
                range: m.range.start - start + shift..m.range.end.min(end) - start + shift,
                word: m.word,
            })
            .collect(),
    );
    out
}

/// The first characters of a text, `most` of them where it has so many.
fn beginning(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(end, _)| &text[..end])
}

#[derive(Debug)]
struct Match {
    range: Range<usize>,
    /// Which of the words asked for.
    word: usize,
}

fn matches(text: &str, asked: &[Asked]) -> Vec<Match> {
    let folded = fold(text);
    let mut found = Vec::new();
    let mut add = |at: usize, len: usize, word: usize| {
        let end = folded.from[at + len - 1] as usize + 1;
        found.push(Match { range: folded.from[at] as usize..end, word });
    };
    if asked.iter().any(|word| is_spaced(word.script)) {
        let begins = |c: char| asked.iter().any(|word| word.begins_with(c));
        for here in words_beside_han(&folded, begins) {
            let hit = |word: &Asked| {
                here.text == word.term
                    || word.is_told_by(&here.text)
                    || word.unfinished && folded.chars[here.at..here.at + here.len].starts_with(&word.written)
            };
            if let Some(word) = asked.iter().position(|word| is_spaced(word.script) && hit(word)) {
                add(here.at, here.len, word);
            }
        }
    }
    for (n, word) in asked.iter().enumerate().filter(|(_, word)| !is_spaced(word.script)) {
        let mut places = occurrences(&folded, &word.written);
        if places.is_empty() {
            for part in &word.parts {
                let part: Vec<char> = part.chars().collect();
                places.extend(occurrences(&folded, &part).into_iter().map(|(at, _)| (at, part.len())));
            }
        }
        for (at, len) in places {
            add(at, len, n);
        }
    }
    found.sort_by_key(|m| m.range.start);
    found
}

fn occurrences(folded: &Folded, what: &[char]) -> Vec<(usize, usize)> {
    let windows = folded.chars.windows(what.len().max(1)).enumerate();
    windows.filter(|(_, window)| *window == what).map(|(at, _)| (at, what.len())).collect()
}

/// Overlapping and touching ranges become one.
fn merged(matches: Vec<Match>) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for Match { range, .. } in matches {
        match out.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}

/// A passage.
#[derive(Clone, Copy, Debug, Default)]
struct Best {
    worth: usize,
    /// Where its first match is.
    at: usize,
    /// How many different words it has.
    words: usize,
}

/// The passage with most different words, long ones first, then with most matches.
fn best(matches: &[Match]) -> Best {
    let mut best = Best::default();
    for (n, first) in matches.iter().enumerate() {
        let inside = matches[n..].iter().take_while(|m| m.range.end <= first.range.start + PASSAGE - LEAD);
        let mut seen = Vec::new();
        let mut worth = 0;
        for m in inside {
            let new = !seen.contains(&m.word);
            worth += if new { 10 + m.range.len().min(10) } else { 1 };
            if new {
                seen.push(m.word);
            }
        }
        if worth > best.worth {
            best = Best { worth, at: first.range.start, words: seen.len() };
        }
    }
    best
}

/// Where a passage with something at `at` begins: after the last end of a sentence, or of a part of one, that is near enough.
fn begin(chars: &[char], at: usize) -> usize {
    if at <= LEAD / 2 || chars.len() <= PASSAGE {
        return chars.iter().position(|c| !c.is_whitespace()).unwrap_or(0);
    }
    let from = at.saturating_sub(LEAD);
    let after = |ends: fn(char) -> bool| (from..at).rev().find(|&n| ends(chars[n])).map(|n| n + 1);
    let mut start = after(|c| matches!(c, '。' | '！' | '？' | '；' | '\n' | '.' | '!' | '?' | ';'))
        .or_else(|| after(|c| matches!(c, '，' | '、' | ',' | '：' | ':')))
        .or_else(|| after(char::is_whitespace))
        .unwrap_or(at.saturating_sub(LEAD / 4));
    while start < at && (chars[start].is_whitespace() || matches!(chars[start], '”' | '"' | '」' | '’'))
    {
        start += 1;
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asked::parse;
    use proptest::prelude::*;

    fn check(text: &str, asked: &str, want: &str) {
        let marked = Marked::whole(text, &parse(asked));
        let shown: String =
            marked.pieces().iter().map(|&(t, m)| if m { format!("[{t}]") } else { t.to_owned() }).collect();
        assert_eq!(shown, want);
    }

    #[test]
    fn marks_words_in_the_original() {
        check("星际云计算平台上线", "云计算 星际", "[星际云计算]平台上线");
        check("AI助手：ＡＩ assistants", "ai assistant", "[AI]助手：[ＡＩ] [assistants]");
        check("Café astronomy", "CAFE astro", "[Café] [astronomy]");
        check("iPhone15 and iPhone 15", "iphone15", "[iPhone15] and [iPhone] [15]");
        check("<b>云</b>", "云", "<b>[云]</b>");
        check("nothing here", "云", "nothing here");
    }

    #[test]
    fn the_passage_is_where_the_words_are() {
        let text = format!("{}。\n月相与潮汐有关。{}", "前面的话".repeat(60), "后面的话".repeat(60));
        let passage = Marked::passage(&text, &parse("潮汐 月相"));
        assert!(
            passage.text.starts_with("…月相与潮汐有关。") && passage.text.ends_with('…'),
            "{}",
            passage.text
        );
        assert_eq!(passage.marks, [1..3, 4..6]);
        assert_eq!(Marked::passage("短", &parse("x")).text, "短");
    }

    #[test]
    fn a_name_with_signs_is_not_its_letter() {
        check("C语言与C++程序", "C++ ", "C语言与[C++]程序");
        check("the net and .NET", ".NET ", "the net and [.NET]");
        check("at AT&T; a GPT 4o, GPT-4o", "AT&T GPT-4o ", "at [AT&T]; a [GPT] [4o], [GPT-4o]");
    }

    #[test]
    fn a_passage_across_windows_and_far_down_is_found() {
        for far in [WINDOW - PASSAGE - 20, WINDOW - 10, WINDOW, 3 * WINDOW + 7, LOOKED_AT - 2 * PASSAGE] {
            let text = format!("{}。月相与潮汐 spring tide，{}", "前".repeat(far), "后".repeat(9_000));
            let passage = Marked::passage(&text, &parse("潮汐 月相 tides "));
            assert_eq!(passage.marks, [1..3, 4..6, 14..18], "{far}: {}", passage.text);
        }
    }

    #[test]
    fn of_a_book_only_the_beginning_is_looked_at() {
        let text = format!("{}潮汐", "前".repeat(2 * LOOKED_AT));
        assert!(Marked::passage(&text, &parse("潮汐")).marks.is_empty());
    }

    proptest! {
        #[test]
        fn pieces_make_the_text(text in "[ab云计 .é]{0,200}", asked in "[ab云计 ]{0,8}") {
            let passage = Marked::passage(&text, &parse(&asked));
            prop_assert_eq!(passage.pieces().iter().map(|p| p.0).collect::<String>(), passage.text.clone());
            prop_assert!(passage.marks.iter().all(|m| !m.is_empty() && m.end <= passage.text.chars().count()));
            prop_assert!(passage.marks.windows(2).all(|m| m[0].end < m[1].start));
        }
    }
}
