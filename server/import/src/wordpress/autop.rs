//! WordPress keeps its older texts half written: blank lines stand for paragraphs, line ends for breaks. It fills the tags in
//! when it shows them; here it is done once.

use std::collections::HashMap;

/// A piece of HTML source.
enum Token<'a> {
    Text(&'a str),
    /// A tag as written, its name in lower case, whether it closes.
    Tag(&'a str, String, bool),
    /// What stands between `<!--` and `-->`.
    Comment(&'a str),
}

/// How an element takes line ends.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Its text is paragraphs.
    Flow,
    /// Its text is paragraphs if a blank line parts it.
    Loose,
    /// It is a paragraph itself.
    Line,
    /// White space in it is layout of the source.
    Bare,
    /// White space in it means what it is.
    Verbatim,
}

fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "blockquote" => Kind::Flow,
        "li" | "dd" | "td" | "th" | "div" | "section" | "article" | "aside" | "header" | "footer"
        | "main" | "nav" | "figure" | "details" | "center" | "form" | "fieldset" => Kind::Loose,
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt" | "figcaption" | "caption" | "summary"
        | "address" | "legend" => Kind::Line,
        "ul" | "ol" | "dl" | "table" | "thead" | "tbody" | "tfoot" | "tr" | "colgroup" | "video"
        | "audio" | "select" | "object" | "map" => Kind::Bare,
        "pre" | "script" | "style" | "textarea" => Kind::Verbatim,
        _ => return None,
    })
}

struct Open {
    name: String,
    kind: Kind,
    /// A blank line has parted its text.
    parted: bool,
}

#[derive(Default)]
struct Writer {
    out: String,
    /// The paragraph so far, its line ends still line ends.
    line: String,
    open: Vec<Open>,
    /// How many of each name are open: an end tag of none is not looked for.
    names: HashMap<String, usize>,
}

/// Puts in the `<p>` and `<br>` that blank lines and line ends stand for.
pub fn autop(html: &str) -> String {
    let html = html.replace("\r\n", "\n").replace('\r', "\n");
    let mut writer = Writer { out: String::with_capacity(html.len() + html.len() / 8), ..Writer::default() };
    let (mut rest, mut misses) = (html.as_str(), 0);
    while let Some((token, after)) = next(rest, &mut misses) {
        rest = after;
        match token {
            Token::Tag(raw, name, close) => writer.tag(raw, &name, close),
            Token::Comment(text) if text.trim_start().starts_with("more") => writer.blank_line(),
            Token::Comment(text) if text.trim() == "nextpage" => writer.blank_line(),
            Token::Comment(_) => {}
            Token::Text(text) => writer.text(text),
        }
    }
    writer.flush();
    writer.out
}

impl Writer {
    fn kind(&self) -> Kind {
        self.open.last().map_or(Kind::Flow, |open| open.kind)
    }

    fn text(&mut self, text: &str) {
        if self.kind() == Kind::Verbatim {
            self.out.push_str(text);
            return;
        }
        for (n, line) in text.split('\n').enumerate() {
            if n > 0 {
                // A blank line: nothing but white space since the last line end.
                let tail = self.line.trim_end_matches([' ', '\t']);
                if tail.ends_with('\n') || (tail.is_empty() && n > 1) {
                    self.blank_line();
                }
                self.line.push('\n');
            }
            self.line.push_str(line);
        }
    }

    fn blank_line(&mut self) {
        match self.kind() {
            Kind::Flow => self.flush(),
            Kind::Loose => {
                self.flush();
                if let Some(open) = self.open.last_mut() {
                    open.parted = true;
                }
            }
            Kind::Line if self.open.last().is_some_and(|open| open.name == "p") => {
                self.flush();
                self.close_to(self.open.len() - 1);
                self.out.push_str("</p>");
            }
            Kind::Line | Kind::Bare | Kind::Verbatim => {}
        }
    }

    fn tag(&mut self, raw: &str, name: &str, close: bool) {
        if self.kind() == Kind::Verbatim {
            let ends = close && self.open.last().is_some_and(|open| open.name == name);
            if ends {
                self.close_to(self.open.len() - 1);
            }
            self.out.push_str(raw);
            return;
        }
        let Some(kind) = kind(name) else {
            if name == "hr" {
                self.flush();
                self.out.push_str(raw);
            } else {
                self.line.push_str(&raw.replace('\n', " "));
            }
            return;
        };
        self.flush();
        let in_paragraph = self.open.last().is_some_and(|open| open.name == "p");
        if close {
            let is_open = self.names.get(name).is_some_and(|&count| count > 0);
            let at = if is_open { self.open.iter().rposition(|open| open.name == name) } else { None };
            match at {
                Some(at) => self.close_to(at),
                // It was closed by a blank line.
                None if name == "p" => return,
                None => {}
            }
        } else {
            if in_paragraph {
                self.close_to(self.open.len() - 1);
                self.out.push_str("</p>");
            }
            *self.names.entry(name.to_owned()).or_default() += 1;
            self.open.push(Open { name: name.to_owned(), kind, parted: false });
        }
        self.out.push_str(raw);
    }

    /// So many stay open.
    fn close_to(&mut self, count: usize) {
        for open in self.open.drain(count..) {
            self.names.entry(open.name).and_modify(|count| *count -= 1);
        }
    }

    /// Writes the paragraph so far.
    fn flush(&mut self) {
        let line = std::mem::take(&mut self.line);
        let text = line.trim();
        if text.is_empty() {
            return;
        }
        let wrap = match self.open.last() {
            None => true,
            Some(open) => open.kind == Kind::Flow || (open.kind == Kind::Loose && open.parted),
        };
        let mut joined = text.to_owned();
        for explicit in ["<br />\n", "<br/>\n", "<br>\n"] {
            joined = joined.replace(explicit, "<br>");
        }
        let joined = joined.replace('\n', if self.kind() == Kind::Bare { "\n" } else { "<br>\n" });
        if wrap {
            self.out.extend(["<p>", &joined, "</p>\n"]);
        } else {
            self.out.push_str(&joined);
        }
    }
}

/// How often the end of a tag or comment is looked for in vain before all that follows is text: each time to the end of the text.
const MISSES: usize = 16;

/// The next token and what follows it.
fn next<'a>(html: &'a str, misses: &mut usize) -> Option<(Token<'a>, &'a str)> {
    if html.is_empty() {
        return None;
    }
    let mut search = 0;
    while *misses < MISSES
        && let Some(at) = html[search..].find('<').map(|at| search + at)
    {
        if let Some((token, len)) = markup(&html[at..], misses) {
            if at > 0 {
                return Some((Token::Text(&html[..at]), &html[at..]));
            }
            return Some((token, &html[len..]));
        }
        search = at + 1;
    }
    Some((Token::Text(html), ""))
}

/// A tag or comment at the start of `html`, and its length. A `<` that begins neither is text.
fn markup<'a>(html: &'a str, misses: &mut usize) -> Option<(Token<'a>, usize)> {
    if let Some(comment) = html.strip_prefix("<!--") {
        let Some(end) = comment.find("-->") else {
            *misses += 1;
            return None;
        };
        return Some((Token::Comment(&comment[..end]), end + 7));
    }
    let close = html[1..].starts_with('/');
    let name_at = 1 + usize::from(close);
    let name = html[name_at..].split(|c: char| !c.is_ascii_alphanumeric() && c != '-').next()?;
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let mut quote = None;
    for (at, c) in html.bytes().enumerate().skip(name_at + name.len()) {
        match (quote, c) {
            (None, b'>') => {
                return Some((Token::Tag(&html[..=at], name.to_ascii_lowercase(), close), at + 1));
            }
            (None, b'"' | b'\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    *misses += 1;
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, want: &str) {
        assert_eq!(autop(html).replace("</p>\n", "</p>"), want, "{html}");
    }

    #[test]
    fn blank_lines_part_paragraphs() {
        check("one\ntwo\r\n\r\nthree", "<p>one<br>\ntwo</p><p>three</p>");
        check("one\n \t\n\n\ntwo\n", "<p>one</p><p>two</p>");
        check("a<br />\nb", "<p>a<br>b</p>");
        check("a <b>x\ny</b>\n\nc", "<p>a <b>x<br>\ny</b></p><p>c</p>");
        check("1 < 2 && <3", "<p>1 < 2 && <3</p>");
        check("", "");
    }

    #[test]
    fn blocks_stand_alone() {
        check("a\n<h2>B\nC</h2>\nd", "<p>a</p><h2>B<br>\nC</h2><p>d</p>");
        check(
            "<ul>\n\t<li>a\n<ol>\n<li>b</li>\n</ol>\n</li>\n</ul>",
            "<ul><li>a<ol><li>b</li></ol></li></ul>",
        );
        check("<div>a</div>", "<div>a</div>");
        check("<div>a\n\nb</div>", "<div>a<p>b</p></div>");
        check(
            "<blockquote>a\n<cite>b</cite></blockquote>",
            "<blockquote><p>a<br>\n<cite>b</cite></p></blockquote>",
        );
        check("<p>a\n\nb</p>\n\nc", "<p>a</p><p>b</p><p>c</p>");
        check("<p>a\n<p>b", "<p>a</p><p>b");
        check("<table>\n<tr>\n<td>a\nb</td>\n</tr>\n</table>", "<table><tr><td>a<br>\nb</td></tr></table>");
    }

    /// What is begun and never ended is not looked for again and again, and no end tag among all that is open.
    #[test]
    fn time_grows_with_length() {
        let n = 50_000;
        for html in ["<a ".repeat(n), "<!--".repeat(n), "<a \"".repeat(n) + ">", "<a '".repeat(n + 1) + ">"] {
            assert!(autop(&html).contains(&html[..3]));
        }
        assert!(autop(&("<li>".repeat(n) + &"</div>".repeat(n))).starts_with("<li>"));
    }

    #[test]
    fn what_is_verbatim_stays() {
        check("<pre>a\n\n<b>b</b>\n</pre>\nc", "<pre>a\n\n<b>b</b>\n</pre><p>c</p>");
        check("<script>if (a<b) {\n\n}</script>", "<script>if (a<b) {\n\n}</script>");
        check("<a title=\"x > y\nz\" href=\"#\">t</a>", "<p><a title=\"x > y z\" href=\"#\">t</a></p>");
    }

    #[test]
    fn comments_part_or_go() {
        check("a<!--more-->b <!-- c -->d", "<p>a</p><p>b d</p>");
        check("a\n\n<!--nextpage-->\n\nb", "<p>a</p><p>b</p>");
    }

    /// Those of old texts, of embeds and of plain text in feeds alike.
    #[test]
    fn addresses_lead_to_where_they_end() {
        let source = "https://e.org/v?a=1\n\nhttps://e.org/a，详见\n\n见www.e.org。写信到a@e.org，再";
        let html = crate::html::adapt(&autop(source), None).unwrap();
        let links: Vec<&str> =
            html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(links, ["https://e.org/v?a=1", "https://e.org/a", "http://www.e.org", "mailto:a@e.org"]);
    }
}
