//! What was typed into a search box, as people write it: words, "phrases", -what must not be there, and fields.

use crate::asked::{Asked, is_spaced, parse};
use crate::fold::{fold, script};
use crate::words::grams;

/// A search, read.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// What is looked for anywhere.
    pub(crate) words: Vec<Asked>,
    /// What must stand there as it was quoted.
    pub(crate) phrases: Vec<Phrase>,
    pub(crate) without: Vec<Phrase>,
    pub(crate) title: Vec<Asked>,
    pub(crate) author: Vec<Asked>,
    pub(crate) tags: Vec<String>,
    /// A channel by its name or slug; whoever knows the channels looks it up.
    pub channel: Option<String>,
    /// The words alone, as they were typed.
    pub plain: String,
}

/// What was quoted.
#[derive(Clone, Debug)]
pub(crate) struct Phrase {
    pub text: String,
    pub words: Vec<Asked>,
    /// All neighbouring characters of unspaced scripts: however the text around them is cut into words, these stand there.
    pub pairs: Vec<String>,
}

/// What stands before a colon. Others are ordinary words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Author,
    Tag,
    Title,
    Channel,
}

const NAMES: [(&str, Name); 8] = [
    ("author", Name::Author),
    ("作者", Name::Author),
    ("tag", Name::Tag),
    ("标签", Name::Tag),
    ("title", Name::Title),
    ("标题", Name::Title),
    ("channel", Name::Channel),
    ("频道", Name::Channel),
];
const QUOTES: [(char, char); 5] = [('"', '"'), ('“', '”'), ('„', '“'), ('「', '」'), ('『', '』')];
/// Parts beyond this many are not read.
const PARTS: usize = 16;
/// Words beyond this many are looked for and not marked.
const MARKED: usize = 32;

impl Wanted {
    pub fn read(typed: &str) -> Self {
        let mut wanted = Self::default();
        let mut rest = typed.trim_start();
        let mut parts = 0;
        while !rest.is_empty() {
            let special = if parts < PARTS { wanted.special(rest) } else { None };
            parts += usize::from(special.is_some());
            rest = special.unwrap_or_else(|| {
                // An ordinary word, up to a space or a quotation.
                let quotes = |c: char| QUOTES.iter().any(|(open, _)| *open == c);
                let first = rest.chars().next().map_or(0, char::len_utf8);
                let end = rest[first..]
                    .find(|c: char| c.is_whitespace() || parts < PARTS && quotes(c))
                    .map_or(rest.len(), |end| first + end);
                let next = rest[end..].trim_start();
                wanted.plain.push_str(&rest[..end]);
                // What the last word touches decides whether it may go on.
                if next.len() < rest.len() - end {
                    wanted.plain.push(' ');
                }
                next
            });
        }
        wanted.words = parse(&wanted.plain);
        wanted
    }

    /// Takes what is no ordinary word at the beginning of `rest`; gives what comes after it.
    fn special<'a>(&mut self, rest: &'a str) -> Option<&'a str> {
        if let Some((quoted, after)) = quoted(rest) {
            add(&mut self.phrases, quoted);
            return Some(after);
        }
        let first = rest.chars().next()?;
        let behind = &rest[first.len_utf8()..];
        match first {
            '-' | '－' | '−' if behind.starts_with(|c: char| !c.is_whitespace()) => {
                let (value, after) = value(behind);
                add(&mut self.without, value);
                Some(after)
            }
            '#' | '＃' if behind.starts_with(char::is_alphanumeric) => {
                let (value, after) = value(behind);
                self.tags.push(value.trim_end_matches(['#', '＃']).to_owned());
                Some(after)
            }
            _ => {
                let colon = rest.find([':', '：'])?;
                let key: String = fold(&rest[..colon]).chars.into_iter().collect();
                let name = NAMES.iter().find(|(written, _)| *written == key)?.1;
                let behind = rest[colon..].trim_start_matches([':', '：']).trim_start();
                let (value, after) = value(behind);
                if value.is_empty() {
                    return None;
                }
                match name {
                    Name::Author => self.author.extend(parse(&finished(value))),
                    Name::Tag => self.tags.push(value.trim_start_matches(['#', '＃']).to_owned()),
                    Name::Title => self.title.extend(parse(&finished(value))),
                    Name::Channel => self.channel = Some(value.to_owned()),
                }
                Some(after)
            }
        }
    }

    /// Nothing that can be looked for.
    pub(crate) fn is_empty(&self) -> bool {
        let Self { words, phrases, title, author, tags, channel, .. } = self;
        words.is_empty()
            && phrases.is_empty()
            && title.is_empty()
            && author.is_empty()
            && tags.is_empty()
            && channel.is_none()
    }

    /// Takes a name that no channel has for a word.
    #[must_use]
    pub fn without_channel(mut self) -> Self {
        if let Some(name) = self.channel.take() {
            self.plain = format!("{name} {}", self.plain);
            self.words = parse(&self.plain);
        }
        self
    }

    /// The same with what was quoted as words: where nothing has it as it was quoted.
    #[must_use]
    pub(crate) fn unquoted(&self) -> Self {
        let quoted = self.phrases.iter().map(|phrase| phrase.text.as_str());
        let plain = std::iter::once(self.plain.as_str()).chain(quoted).collect::<Vec<_>>().join(" ");
        Self { words: parse(&plain), phrases: Vec::new(), plain, ..self.clone() }
    }

    /// All words, wherever they were to stand, as far as they are marked.
    pub(crate) fn all(&self) -> Vec<Asked> {
        let phrases = self.phrases.iter().flat_map(|phrase| &phrase.words);
        self.words.iter().chain(phrases).chain(&self.title).take(MARKED).cloned().collect()
    }
}

/// A word in quotation marks is typed to its end.
fn finished(text: &str) -> String {
    format!("{text} ")
}

fn add(to: &mut Vec<Phrase>, text: &str) {
    let words = parse(&finished(text));
    if words.is_empty() {
        return;
    }
    let folded = fold(text);
    let pair = |(at, len): (usize, usize)| {
        let chars = &folded.chars[at..at + len];
        (len == 2 && !chars.iter().any(|&c| is_spaced(script(c)))).then(|| chars.iter().collect())
    };
    to.push(Phrase {
        text: text.to_owned(),
        words,
        pairs: grams(&folded).into_iter().filter_map(pair).collect(),
    });
}

/// A quotation at the beginning, and what comes after it.
fn quoted(rest: &str) -> Option<(&str, &str)> {
    let open = rest.chars().next()?;
    let close = QUOTES.iter().find(|(mark, _)| *mark == open)?.1;
    let inside = &rest[open.len_utf8()..];
    let end = inside.find(close)?;
    Some((&inside[..end], inside[end + close.len_utf8()..].trim_start()))
}

/// What a sign or a name applies to: a quotation or a word.
fn value(rest: &str) -> (&str, &str) {
    quoted(rest).unwrap_or_else(|| {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        (&rest[..end], rest[end..].trim_start())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn terms(words: &[Asked]) -> Vec<&str> {
        words.iter().map(|word| word.term.as_str()).collect()
    }

    #[test]
    fn what_people_write_is_read() {
        let wanted =
            Wanted::read("潮汐 “月亮 太阳” -风暴 作者：南坡观察 #港口# 标题:水位 channel:city tides");
        assert_eq!(terms(&wanted.words), ["潮汐", "tide"]);
        assert_eq!(wanted.plain, "潮汐 tides");
        assert_eq!(wanted.phrases.iter().map(|p| terms(&p.words)).collect::<Vec<_>>(), [["月亮", "太阳"]]);
        assert_eq!(wanted.without.iter().map(|p| terms(&p.words)).collect::<Vec<_>>(), [["风暴"]]);
        assert_eq!(
            (wanted.tags.as_slice(), wanted.channel.as_deref()),
            (["港口".to_owned()].as_slice(), Some("city"))
        );
        assert_eq!(terms(&wanted.title), ["水位"]);
        assert!(!wanted.author.is_empty());
        let wanted = Wanted::read("AUTHOR: \"Harbour Notes\" 「潮汐表」");
        assert_eq!((terms(&wanted.author), wanted.phrases.len()), (vec!["harbour", "note"], 1));
    }

    #[test]
    fn signs_that_mean_nothing_are_words() {
        for typed in ["covid-19", "3:2", "note: tides", "author:", "- tides", "\"tides"] {
            let wanted = Wanted::read(typed);
            let nothing = wanted.without.is_empty() && wanted.phrases.is_empty() && wanted.author.is_empty();
            assert!(nothing && !wanted.words.is_empty(), "{typed}: {wanted:?}");
        }
        assert!(Wanted::read(" -x \"\" ").is_empty());
        assert_eq!(terms(&Wanted::read("频道:港口 云").without_channel().words), ["港口", "云"]);
    }

    proptest! {
        #[test]
        fn anything_can_be_typed(typed in "[-a作者标题频道tag:：\"“”「」# 云]{0,40}") {
            let _ = Wanted::read(&typed).without_channel();
        }
    }
}
