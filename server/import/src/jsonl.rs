//! Byline's own format: one article a line, as JSON.

use std::collections::HashMap;
use std::io::{BufRead, Read};

use articles::{Draft, Format};
use kernel::Time;
use kernel::name::one_line;
use serde::Deserialize;

use crate::Source;
use crate::entry::{Entry, Origin, Said, Section, without_nul};
use crate::html;
use crate::names::{fingerprint, tags_of};
use crate::out::{End, Out};

/// Longest line, in bytes.
const LINE: u64 = 8 << 20;

#[derive(Deserialize)]
struct Line {
    id: Option<Id>,
    author: Option<String>,
    author_name: Option<String>,
    title: Option<String>,
    subtitle: Option<String>,
    html: Option<String>,
    text: Option<String>,
    channel: Option<String>,
    #[serde(default)]
    tags: Option<Vec<Option<String>>>,
    language: Option<String>,
    published_at: Option<String>,
    cover: Option<String>,
    comments: Option<Vec<Comment>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(i64),
}

#[derive(Deserialize)]
struct Comment {
    name: Option<String>,
    text: Option<String>,
    at: Option<String>,
}

pub fn read(mut file: impl BufRead, origin: &Origin, out: &mut Out) -> Result<(), End> {
    let source = origin.name_or(Source::Jsonl, None);
    let (mut line, mut number, mut end) = (Vec::new(), 0, 0);
    loop {
        line.clear();
        let read = file.by_ref().take(LINE + 1).read_until(b'\n', &mut line)? as u64;
        if read == 0 {
            return Ok(());
        }
        number += 1;
        end += read;
        if read > LINE && line.last() != Some(&b'\n') {
            end += skip_line(&mut file)?;
            out.problem(number, number, "the line is longer than 8 MB", end)?;
            continue;
        }
        let bytes = if number == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line) } else { &line };
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        match parse(bytes, &source) {
            Ok((entry, aside)) => {
                for reason in aside.problems {
                    out.problem(number, number, reason, end)?;
                }
                out.skipped("tag", aside.tags, end)?;
                out.entry(Entry { record: number, line: Some(number), end, ..entry })?;
            }
            Err(reason) => out.problem(number, number, reason, end)?,
        }
    }
}

/// Reads on to the line's end without keeping it.
fn skip_line(file: &mut impl BufRead) -> std::io::Result<u64> {
    let mut skipped = 0;
    loop {
        let available = file.fill_buf()?;
        let at = available.iter().position(|&byte| byte == b'\n');
        let n = at.map_or(available.len(), |at| at + 1);
        file.consume(n);
        skipped += n as u64;
        if n == 0 || at.is_some() {
            return Ok(skipped);
        }
    }
}

/// What could not be kept of a line that is kept.
#[derive(Debug, Default)]
struct Aside {
    problems: Vec<String>,
    tags: u64,
}

fn parse(bytes: &[u8], source: &str) -> Result<(Entry, Aside), String> {
    let text =
        std::str::from_utf8(bytes).map_err(|e| format!("not UTF-8 from byte {} on", e.valid_up_to() + 1))?;
    let line: Line = serde_json::from_str(text.trim()).map_err(|error| {
        // It counts lines within the one line it is given.
        error.to_string().replace(" at line 1 column", ", at column")
    })?;
    let id = match line.id {
        Some(Id::Text(id)) => one_line(&id),
        Some(Id::Number(id)) => id.to_string(),
        None => String::new(),
    };
    let wanted = |text: Option<String>, name: &str| {
        text.filter(|text| !text.trim().is_empty()).ok_or_else(|| format!("no `{name}`"))
    };
    let id = wanted(Some(id), "id")?;
    let author = wanted(line.author, "author")?;
    let title = wanted(line.title.map(|title| one_line(&title)), "title")?;
    let (format, body) = match (line.html, line.text) {
        (Some(html), _) => (Format::Html, html::adapt(&html, None)?),
        (None, Some(text)) => (Format::Text, text),
        (None, None) => return Err("neither `html` nor `text`".to_owned()),
    };
    let published_at = match line.published_at {
        Some(text) => {
            let at = Time::parse(&text).ok_or("`published_at` is not an RFC 3339 time")?;
            // Where there is no date the field is left out: a zero that stands for none would be shown to readers.
            Some(at).filter(|at| at.is_publication()).ok_or("`published_at` is a zero, not a date")?.into()
        }
        None => None,
    };

    let external_id = format!("{source}:{id}");
    let mut aside = Aside::default();
    let tags = line.tags.unwrap_or_default();
    let (tags, lost) = tags_of(tags.iter().flatten().map(String::as_str));
    aside.tags = lost;
    let comments = comments(&external_id, line.comments.unwrap_or_default(), &mut aside);
    let section = |slug: String| Section { slug, name: None, make: true };
    let entry = Entry {
        external_id,
        author,
        author_name: line.author_name,
        draft: Draft {
            title,
            subtitle: line.subtitle.map(|text| one_line(&text)),
            format,
            body: without_nul(body),
            language: line.language,
            tags,
            ..Draft::default()
        },
        sections: line.channel.map(section).into_iter().collect(),
        cover: line.cover.filter(|path| !path.is_empty()),
        published_at,
        comments,
        ..Entry::default()
    };
    Ok((entry, aside))
}

/// The format gives comments no ids: what they say is what they are. Two that say the same are told apart by their order.
fn comments(article: &str, lines: Vec<Comment>, aside: &mut Aside) -> Vec<Said> {
    let mut said = Vec::<Said>::with_capacity(lines.len());
    let mut counts: HashMap<(String, String, Option<Time>), usize> = HashMap::new();
    for (n, line) in lines.into_iter().enumerate() {
        let name = one_line(line.name.as_deref().unwrap_or_default());
        let text = without_nul(line.text.unwrap_or_default()).trim().to_owned();
        let time =
            line.at.as_deref().map(|at| Time::parse(at).ok_or("`at` is not an RFC 3339 time")).transpose();
        let at = match time {
            _ if text.is_empty() => Err("no `text`"),
            time => time,
        };
        match at {
            Ok(at) => {
                let print = fingerprint(&[&name, &text, line.at.as_deref().unwrap_or_default()], 16);
                let count = counts.entry((name.clone(), text.clone(), at)).or_default();
                *count += 1;
                let again = if *count == 1 { String::new() } else { format!("-{count}") };
                let external_id = format!("{article}#{print}{again}");
                said.push(Said { external_id, parent: None, name, text, at });
            }
            Err(why) => aside.problems.push(format!("comment {}: {why}", n + 1)),
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, want: &str) {
        let got = match parse(line.as_bytes(), "jsonl") {
            Ok((entry, aside)) => format!("{} {:?}", entry.draft.title, aside.problems),
            Err(reason) => reason,
        };
        assert!(got.starts_with(want), "{line}\n{got}");
    }

    #[test]
    fn what_is_wrong_is_said() {
        check(r#"{"id":7,"author":"a","title":" 一\n二 ","text":""}"#, "一 二 []");
        check(r#"{"author":"a","title":"t","text":"x"}"#, "no `id`");
        check(r#"{"id":" ","author":"a","title":"t","text":"x"}"#, "no `id`");
        check(r#"{"id":"1","author":"a","title":" ","text":"x"}"#, "no `title`");
        check(r#"{"id":"1","author":"a","title":"t"}"#, "neither");
        check(r#"{"id":"1","author":"a","title":"t","text":"x","published_at":"today"}"#, "`published_at`");
        for zero in ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z"] {
            let line = format!(r#"{{"id":"1","author":"a","title":"t","text":"x","published_at":"{zero}"}}"#);
            check(&line, "`published_at` is a zero");
        }
        check(
            r#"{"id":"1","author":"a","title":5}"#,
            "invalid type: integer `5`, expected a string, at column",
        );
        check(r#"{"id":"1","author":"a","#, "EOF while parsing");
        check(
            r#"{"id":"1","author":"a","title":"t","text":"x","comments":[{"name":"n"},{"text":"x","at":"?"}]}"#,
            "t [\"comment 1: no `text`\", \"comment 2: `at` is not",
        );
        assert_eq!(parse(b"{\"id\":\"\xff\"}", "").unwrap_err(), "not UTF-8 from byte 8 on");
    }

    #[test]
    fn comments_that_say_the_same_stay_apart() {
        let line = r#"{"id":"1","author":"a","title":"t","text":"x\u0000","comments":[{"name":"n","text":"+1"},{"name":"n","text":"+1"}]}"#;
        let (first, _) = parse(line.as_bytes(), "jsonl").unwrap();
        let (second, _) = parse(line.as_bytes(), "jsonl").unwrap();
        assert_eq!(first.comments, second.comments);
        assert_ne!(first.comments[0].external_id, first.comments[1].external_id);
        assert_eq!(first.draft.body, "x");
        let many = (0..50_000).map(|_| Comment { name: None, text: Some("+1".into()), at: None }).collect();
        let said = comments("a", many, &mut Aside::default());
        assert!(said[49_999].external_id.ends_with("-50000"));
    }
}
