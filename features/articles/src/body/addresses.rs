//! Bare addresses in running text: where they begin and, in scripts that put no space behind them, where they end.

use std::borrow::Cow;
use std::ops::Range;

use kernel::markup::escape;

/// An address as it stands in a text.
#[derive(Debug, PartialEq)]
struct Bare {
    at: Range<usize>,
    /// What is put before it to make it a link.
    before: &'static str,
}

/// Where Markdown's own reading of addresses stops, and where it begins: white space, and a sign that stands in no text
/// (a noncharacter, Unicode 23.7), by which it is found again and taken out.
const END: &str = "\t\u{fdd0}";
const BEGIN: &str = "\u{fdd0}\t";
const SIGN: char = '\u{fdd0}';
const SCHEMES: [&str; 3] = ["http://", "https://", "ftp://"];

/// Signs of East Asian scripts, their punctuation and the quotation marks and dashes that they share with others:
/// no address that people write goes on with one.
fn ends(c: char) -> bool {
    is_letter(c) || is_sign(c)
}

fn is_letter(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{312f}'
        | '\u{3130}'..='\u{9fff}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}'
        | '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' | '\u{ff66}'..='\u{ffdc}'
        | '\u{20000}'..='\u{3ffff}')
}

fn is_sign(c: char) -> bool {
    matches!(c,
        '\u{b7}' | '«' | '»' | '\u{2013}'..='\u{201f}' | '\u{2022}' | '\u{2026}' | '\u{2039}' | '\u{203a}'
        | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{fe10}'..='\u{fe1f}' | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}'
        | '\u{ffe0}'..='\u{ffee}')
}

/// How long the address is that a text begins with; `head` is the length of its scheme.
fn length(text: &str, head: usize) -> usize {
    // A host may be written in its own script: then only punctuation ends it.
    let own_script = text[head..].starts_with(is_letter);
    let stops = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '<' | '>' | '"' | '`')
            || if own_script { is_sign(c) } else { ends(c) }
    };
    text[head..].find(stops).map_or(text.len(), |at| head + at)
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

/// Addresses of a plain text, in order. Linear: what was looked at is not looked at again.
fn bare(text: &str) -> Vec<Bare> {
    let mut found: Vec<Bare> = Vec::new();
    let mut at = 0;
    let mut behind = 0;
    while let Some(next) = text[at..].find(['h', 'H', 'f', 'F', 'w', 'W', '@']).map(|next| at + next) {
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

/// Plain text as HTML in which addresses are links.
pub fn linked(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut done = 0;
    for Bare { at, before } in bare(text) {
        let address = escape(&text[at.clone()]);
        out.push_str(&escape(&text[done..at.start]));
        out.push_str(&format!("<a href=\"{before}{address}\">{address}</a>"));
        done = at.end;
    }
    out.push_str(&escape(&text[done..]));
    out
}

/// Markdown in which a stop stands wherever its reader would go on past the end of an address, or would not see one begin.
pub fn stopped(source: &str) -> Cow<'_, str> {
    if source.is_ascii() {
        return Cow::Borrowed(source);
    }
    let source = source.replace(SIGN, "");
    let mut out = String::with_capacity(source.len() + 16);
    let (mut at, mut done) = (0, 0);
    while let Some(next) = source[at..].find(['h', 'H', 'f', 'F', 'w', 'W']).map(|next| at + next) {
        at = next + 1;
        let Some((head, _)) = begins(&source, next) else { continue };
        if is_destination(&source, next) {
            continue;
        }
        if head == 4 && source[..next].ends_with(ends) {
            out.push_str(&source[done..next]);
            out.push_str(BEGIN);
            done = next;
        }
        let end = next + length(&source[next..], head);
        if source[end..].starts_with(ends) {
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
    if html.contains(SIGN) { html.replace(END, "").replace(BEGIN, "").replace(SIGN, "") } else { html }
}

/// Whether an address stands where Markdown or HTML says where it ends: `](…`, `<…>`, `[x]: …`, `href=…`.
fn is_destination(source: &str, at: usize) -> bool {
    let before = &source[..at];
    if let Some(open) = before.strip_suffix('<') {
        let closed = source[at..].find(|c: char| c == '>' || c == '<' || c.is_whitespace());
        return open.ends_with('(') || closed.is_some_and(|end| source[at + end..].starts_with('>'));
    }
    let trimmed = before.trim_end_matches([' ', '\t']);
    if trimmed.ends_with("](") || trimmed.ends_with("]:") {
        return true;
    }
    // An attribute without quotation marks; in quotation marks a stop does no harm.
    before.ends_with('=') && {
        let near = before.char_indices().rev().nth(500).map_or(before, |(from, _)| &before[from..]);
        near.rfind('<').is_some_and(|tag| {
            near[tag + 1..].starts_with(|c: char| c.is_ascii_alphabetic()) && !near[tag..].contains('>')
        })
    }
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
            ("“https://e.org/a”和HTTP://e.org/b、", vec!["https://e.org/a", "HTTP://e.org/b"]),
            ("https://e.org/a에서", vec!["https://e.org/a"]),
            ("https://例子.测试/路，后", vec!["https://例子.测试/路"]),
            ("(see https://e.org/a_(b)).", vec!["https://e.org/a_(b)"]),
            ("或www.e.org。或WWW.e.org/x", vec!["www.e.org", "WWW.e.org/x"]),
            ("写信到a.b+c@mail.e.org，再", vec!["a.b+c@mail.e.org"]),
            ("https://u@e.org/x", vec!["https://u@e.org/x"]),
            ("xhttp://e.org wwww.e.org a@b @c.d https:// www.", vec![]),
            ("ftp://e.org/f，https://e.org", vec!["ftp://e.org/f", "https://e.org"]),
        ] {
            let found: Vec<&str> = bare(text).into_iter().map(|bare| &text[bare.at]).collect();
            assert_eq!(found, want, "{text}");
        }
        assert_eq!(
            linked("a<b www.e.org?x&y，"),
            "a&lt;b <a href=\"http://www.e.org?x&amp;y\">www.e.org?x&amp;y</a>，"
        );
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
        ] {
            assert_eq!(stopped(text), text);
        }
        assert_eq!(stopped("https://e.org/文"), "https://e.org/\t\u{fdd0}文");
        assert_eq!(stopped("a=https://e.org/文"), "a=https://e.org/\t\u{fdd0}文");
        assert_eq!(stopped("见www.e.org，"), "见\u{fdd0}\twww.e.org\t\u{fdd0}，");
        assert_eq!(unstopped(stopped("\u{fdd0}见www.e.org，").into_owned()), "见www.e.org，");
    }
}
