//! Bare addresses in running text: where they begin and, in scripts that put no space behind them, where they end.

use std::borrow::Cow;
use std::ops::Range;

use super::definitions::defined;
use super::punctuation::{PLACEHOLDER, is_punctuation};

/// An address as it stands in a text.
#[derive(Debug, PartialEq)]
pub(crate) struct Bare {
    pub at: Range<usize>,
    /// What is put before it to make it a link.
    pub before: &'static str,
}

/// Where Markdown's own reading of addresses stops, and where it begins: white space, and a sign that stands in no text
/// (a noncharacter, Unicode 23.7), by which it is found again and taken out. Nobody's text holds that sign when stops are put in.
const END: &str = "\t\u{fdd0}";
const BEGIN: &str = "\u{fdd0}\t";
const SCHEMES: [&str; 3] = ["http://", "https://", "ftp://"];

/// Signs of East Asian scripts, their punctuation and the quotation marks and dashes that they share with others.
fn is_foreign(c: char) -> bool {
    is_letter(c) || is_punctuation(c)
}

fn is_letter(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{312f}'
        | '\u{3130}'..='\u{9fff}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}'
        | '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' | '\u{ff66}'..='\u{ffdc}'
        | '\u{20000}'..='\u{3ffff}')
}

/// How long the address is that a text begins with; `head` is the length of its scheme. Its first sign of East Asian punctuation
/// ends it. A letter of these scripts belongs to it where a part of it is written in them: below a path (`/wiki/潮汐`), in a value,
/// in the name of a place. Behind other letters, or directly behind the host, the sentence goes on (`https://e.org/就能`).
fn length(text: &str, head: usize) -> usize {
    // A host may be written in its own script: then only punctuation ends it.
    let own_script = text[head..].starts_with(is_letter);
    let (mut within, mut slashes, mut before) = (own_script, 0, None);
    for (at, c) in text[head..].char_indices() {
        let after = text[head + at + c.len_utf8()..].chars().next();
        let goes_on = match c {
            _ if c.is_whitespace() || c.is_control() => false,
            '<' | '>' | '"' | '`' => false,
            // Names have them (`Michelson–Morley`, `列夫·托尔斯泰`).
            '·' | '–' | '’' => {
                let joins = |c: char| c.is_alphanumeric() && (within || !is_letter(c));
                before.is_some_and(joins) && after.is_some_and(joins)
            }
            _ if is_letter(c) => {
                within |= matches!(before, Some('=' | '#')) || (before == Some('/') && slashes > 1);
                within
            }
            _ => !is_punctuation(c),
        };
        if !goes_on {
            return head + at;
        }
        slashes += usize::from(c == '/');
        within &= own_script || !matches!(c, '/' | '?' | '&' | '=' | '#');
        before = Some(c);
    }
    text.len()
}

/// The same without what belongs to the sentence: punctuation at its end, a bracket that it did not open.
fn trimmed(address: &str) -> usize {
    let count = |c: char| address.chars().filter(|&other| other == c).count() as i64;
    let mut spare =
        [('(', ')'), ('[', ']'), ('{', '}')].map(|(open, close)| (close, count(close) - count(open)));
    let mut len = address.len();
    while let Some(last) = address[..len].chars().next_back() {
        let goes = match spare.iter_mut().find(|(close, _)| *close == last) {
            Some((_, more)) => {
                *more -= 1;
                *more >= 0
            }
            None => matches!(last, '?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\''),
        };
        if !goes {
            break;
        }
        len -= last.len_utf8();
    }
    len
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

/// What may begin at a place: an address with a scheme, or one without.
fn begins(text: &str, at: usize) -> Option<(usize, &'static str)> {
    let before = text[..at].chars().next_back();
    let rest = &text.as_bytes()[at..];
    if before.is_some_and(is_word) {
        return None;
    }
    let starts =
        |head: &str| rest.len() > head.len() && rest[..head.len()].eq_ignore_ascii_case(head.as_bytes());
    if let Some(scheme) = SCHEMES.iter().find(|scheme| starts(scheme)) {
        return Some((scheme.len(), ""));
    }
    let free = before.is_none_or(|c| !matches!(c, '.' | '/' | '@' | '-' | '_' | '=' | '&' | '?' | '%'));
    (free && starts("www.")).then_some((4, "http://"))
}

/// Addresses of a plain text that a browser can follow, in order. Linear: what was looked at is not looked at again.
pub(crate) fn bare(text: &str) -> Vec<Bare> {
    let mut found: Vec<Bare> = Vec::new();
    let mut at = 0;
    let mut behind = 0;
    while let Some(next) = text[at..].find(['h', 'H', 'w', 'W', '@']).map(|next| at + next) {
        at = next + 1;
        if text.as_bytes()[next] == b'@' {
            if let Some(mail) = mail(text, next, behind) {
                (at, behind) = (mail.end, mail.end);
                found.push(Bare { at: mail, before: "mailto:" });
            }
            continue;
        }
        let Some((head, before)) = begins(text, next) else { continue };
        if !text[next + head..].starts_with(|c: char| c.is_alphanumeric()) {
            continue;
        }
        let len = trimmed(&text[next..next + length(&text[next..], head)]);
        (at, behind) = (next + len, next + len);
        if before.is_empty() || text[next + head..next + len].contains('.') {
            found.push(Bare { at: next..next + len, before });
        }
    }
    found
}

/// The mail address around an `@`, none of it before `from`. Each side is bounded as the standard bounds it (RFC 5321, 4.5.3.1).
fn mail(text: &str, at: usize, from: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let local = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'+' | b'-' | b'_');
    let name = bytes[from.max(at.saturating_sub(64))..at].iter().rev().take_while(|b| local(b)).count();
    let host = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    let domain = bytes[at + 1..].iter().take(254).take_while(|b| host(b)).count();
    let domain = text[at + 1..at + 1 + domain].trim_end_matches(['.', '-']);
    let whole = name > 0
        && domain.contains('.')
        && !domain.contains("..")
        && domain.ends_with(|c: char| c.is_ascii_alphabetic())
        && !bytes[at - name..].starts_with(b".");
    whole.then(|| at - name..at + 1 + domain.len())
}

/// Markdown in which a stop stands wherever its reader would go on past the end of an address, or would not see one begin.
pub fn stopped(source: &str) -> Cow<'_, str> {
    if source.is_ascii() {
        return Cow::Borrowed(source);
    }
    let mut out = String::with_capacity(source.len() + 16);
    let (mut at, mut done) = (0, 0);
    while let Some(next) = source[at..].find(['h', 'H', 'f', 'F', 'w', 'W']).map(|next| at + next) {
        at = next + 1;
        let Some((head, _)) = begins(source, next) else { continue };
        if let Some(end) = destination_end(source, next) {
            at = end;
            continue;
        }
        if head == 4 && source[..next].ends_with(is_foreign) {
            out.push_str(&source[done..next]);
            out.push_str(BEGIN);
            done = next;
        }
        let end = next + length(&source[next..], head);
        if source[end..].starts_with(is_foreign) {
            out.push_str(&source[done..end]);
            out.push_str(END);
            done = end;
        }
        at = end.max(at);
    }
    out.push_str(&source[done..]);
    Cow::Owned(out)
}

/// Takes the stops out again.
pub fn unstopped(html: String) -> String {
    if html.contains(PLACEHOLDER) {
        html.replace(END, "").replace(BEGIN, "").replace(PLACEHOLDER, "")
    } else {
        html
    }
}

/// Where an address ends of which Markdown or HTML says so: `](…`, `<…>`, `[x]: …`, `href=…`. Other addresses may stand in it.
fn destination_end(source: &str, at: usize) -> Option<usize> {
    let (before, rest) = source.split_at(at);
    let until = |ends: &[char]| at + rest.find(ends).unwrap_or(rest.len());
    if let Some(open) = before.strip_suffix('<') {
        let end = until(if open.ends_with('(') { &['>', '\n'] } else { &['>', '<', ' ', '\t', '\n'] });
        return (open.ends_with('(') || source[end..].starts_with('>')).then_some(end);
    }
    let trimmed = before.trim_end_matches([' ', '\t', '\n']);
    if trimmed.ends_with("](") {
        return Some(at + in_brackets(rest));
    }
    if trimmed.strip_suffix("]:").is_some_and(|label| defined(label).is_some()) {
        return Some(until(&[' ', '\t', '\n']));
    }
    // An attribute without quotation marks; in quotation marks a stop does no harm.
    let is_attribute = before.ends_with('=') && {
        let near = before.char_indices().rev().nth(500).map_or(before, |(from, _)| &before[from..]);
        near.rfind('<').is_some_and(|tag| {
            near[tag + 1..].starts_with(|c: char| c.is_ascii_alphabetic()) && !near[tag..].contains('>')
        })
    };
    is_attribute.then(|| until(&['>', ' ', '\t', '\n']))
}

/// How long a text is before white space or a bracket that it did not open.
fn in_brackets(text: &str) -> usize {
    let mut open = 0_usize;
    let ends = |c: char| match c {
        '(' => {
            open += 1;
            false
        }
        ')' if open > 0 => {
            open -= 1;
            false
        }
        c => c == ')' || c.is_ascii_whitespace(),
    };
    text.find(ends).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_end_where_sentences_go_on() {
        for (text, want) in [
            ("见 https://e.org/a。", vec!["https://e.org/a"]),
            ("https://e.org/docs（中文）", vec!["https://e.org/docs"]),
            ("https://e.org/指南", vec!["https://e.org/"]),
            ("https://e.org/a指南", vec!["https://e.org/a"]),
            ("https://zh.e.org/wiki/潮汐，见", vec!["https://zh.e.org/wiki/潮汐"]),
            ("https://e.org/wiki/潮汐_(地理)。", vec!["https://e.org/wiki/潮汐_(地理)"]),
            ("https://e.org/wiki/列夫·托尔斯泰·", vec!["https://e.org/wiki/列夫·托尔斯泰"]),
            ("https://e.org/?q=潮&n=a汐#表，", vec!["https://e.org/?q=潮&n=a"]),
            ("https://e.org/a#表。", vec!["https://e.org/a#表"]),
            ("https://e.org/a–b’s·c ’", vec!["https://e.org/a–b’s·c"]),
            (
                "‘https://e.org/a’，https://e.org/b·后，https://e.org/c–",
                vec!["https://e.org/a", "https://e.org/b", "https://e.org/c"],
            ),
            ("“https://e.org/a”和HTTP://e.org/b、", vec!["https://e.org/a", "HTTP://e.org/b"]),
            ("https://e.org/a에서", vec!["https://e.org/a"]),
            ("https://例子.测试/路，后", vec!["https://例子.测试/路"]),
            ("(see https://e.org/a_(b)).", vec!["https://e.org/a_(b)"]),
            ("或www.e.org。或WWW.e.org/x", vec!["www.e.org", "WWW.e.org/x"]),
            ("写信到a.b+c@mail.e.org，再", vec!["a.b+c@mail.e.org"]),
            ("https://u@e.org/x", vec!["https://u@e.org/x"]),
            ("xhttp://e.org wwww.e.org a@b @c.d https:// www.", vec![]),
            ("ftp://e.org/f，https://e.org", vec!["https://e.org"]),
        ] {
            let found: Vec<&str> = bare(text).into_iter().map(|bare| &text[bare.at]).collect();
            assert_eq!(found, want, "{text}");
        }
    }

    #[test]
    fn where_markdown_knows_the_end_nothing_is_put_in() {
        for text in [
            "[文](https://e.org/文)",
            "[文]( https://e.org/文)",
            "[文](<https://e.org/文 a>)",
            "<https://e.org/文>",
            "[x]: https://e.org/文",
            "<a href=https://e.org/文>文</a>",
            "[百科](https://e.org/web/2020/https://e.org/wiki/文a文)",
            "[文](\nhttps://e.org/(文)文)",
            "![](https://e.org/?url=https://e.org/a文.jpg)",
            "<https://e.org/web/https://e.org/a文>",
            "[x]: https://e.org/https://e.org/a文",
            "[x]:\nhttps://e.org/a文",
            "<a href=https://e.org/?a=http://e.org/a文>文</a>",
        ] {
            assert_eq!(stopped(text), text);
        }
        assert_eq!(stopped("https://e.org/文"), "https://e.org/\t\u{fdd0}文");
        assert_eq!(
            stopped("[文](https://e.org/文)https://e.org/a文"),
            "[文](https://e.org/文)https://e.org/a\t\u{fdd0}文"
        );
        assert_eq!(stopped("a=https://e.org/文"), "a=https://e.org/\t\u{fdd0}文");
        assert_eq!(stopped("见www.e.org，"), "见\u{fdd0}\twww.e.org\t\u{fdd0}，");
        assert_eq!(unstopped(stopped("见www.e.org，").into_owned()), "见www.e.org，");
    }
}
