//! The comments of a post: approved ones, each below the one it answers.

use std::collections::HashMap;

use kernel::Markup;

use super::autop;
use crate::dates;
use crate::entry::{Said, without_nul};
use crate::html::{adapt, inline_text};
use crate::xml::Node;

/// What is shown, in the file's order (answers may stand before what they answer), and what was left out, by kind.
pub fn comments(post: &Node, source: &str) -> (Vec<Said>, Vec<(&'static str, u64)>) {
    let (mut pings, mut held, mut empty) = (0, 0, 0);
    // Id, id of the one answered, and what is said where it is to be shown.
    let mut rows: Vec<(String, String, Option<Said>)> = Vec::new();
    for node in post.children("wp:comment") {
        let Some(id) = node.value("wp:comment_id") else {
            empty += 1;
            continue;
        };
        let parent = node.value("wp:comment_parent").unwrap_or_default();
        let kind = node.value("wp:comment_type").unwrap_or_default();
        let said = if !matches!(kind.as_str(), "" | "comment") {
            pings += 1;
            None
        } else if node.value("wp:comment_approved").as_deref() != Some("1") {
            held += 1;
            None
        } else {
            let said = said(node, format!("{source}:comment-{id}"));
            empty += u64::from(said.is_none());
            said
        };
        rows.push((id, parent, said));
    }
    let skipped =
        vec![("comment (ping)", pings), ("comment (not approved)", held), ("comment (empty)", empty)];
    (threaded(rows), skipped)
}

fn said(node: &Node, external_id: String) -> Option<Said> {
    // People write HTML there; here a comment is text.
    let html = node.child("wp:comment_content").map(Node::text).unwrap_or_default();
    let text = without_nul(text(&html));
    let date = |name: &str| node.value(name).and_then(|text| dates::database(&text));
    let name = node.value("wp:comment_author").map(|name| inline_text(&name)).unwrap_or_default();
    let at = date("wp:comment_date_gmt").or_else(|| date("wp:comment_date"));
    (!text.is_empty()).then_some(Said { external_id, parent: None, name, text, at })
}

fn text(html: &str) -> String {
    let paragraphs = autop(&named_pictures(html));
    Markup::sanitise(&adapt(&paragraphs, None).unwrap_or(paragraphs)).text()
}

/// Pictures as their addresses: a comment that is only a picture still says something.
fn named_pictures(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("<img") {
        let Some(end) = rest[at..].find('>') else { break };
        out.push_str(&rest[..at]);
        let tag = &rest[at..at + end];
        let src = tag.split_once("src=").map(|(_, src)| src.trim_start_matches(['"', '\'']));
        out.push_str(src.and_then(|src| src.split(['"', '\'', ' ']).next()).unwrap_or_default());
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    out
}

/// Whom a comment answers, through those that are not shown.
fn threaded(rows: Vec<(String, String, Option<Said>)>) -> Vec<Said> {
    let index: HashMap<&str, usize> = rows.iter().enumerate().map(|(n, (id, ..))| (id.as_str(), n)).collect();
    let above = |n: usize| index.get(rows[n].1.as_str()).copied().filter(|&parent| parent != n);
    let parent = |n: usize| {
        // No longer than there are rows: they may answer each other in a ring.
        let mut ancestors = std::iter::successors(above(n), |&at| above(at)).take(rows.len());
        ancestors.find_map(|at| rows[at].2.as_ref()).map(|said| said.external_id.clone())
    };
    let parents: Vec<Option<String>> = (0..rows.len()).map(parent).collect();
    let said = rows.into_iter().zip(parents);
    said.filter_map(|((.., said), parent)| said.map(|said| Said { parent, ..said })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rows: &[(&str, &str, bool)], want: &str) {
        let row = |&(id, parent, shown): &(&str, &str, bool)| {
            let said = Said {
                external_id: id.to_owned(),
                parent: None,
                name: String::new(),
                text: String::new(),
                at: None,
            };
            (id.to_owned(), parent.to_owned(), shown.then_some(said))
        };
        let said = threaded(rows.iter().map(row).collect());
        let got: Vec<String> = said
            .iter()
            .map(|s| format!("{}<{}", s.external_id, s.parent.as_deref().unwrap_or("-")))
            .collect();
        assert_eq!(got.join(" "), want);
    }

    #[test]
    fn answers_to_what_is_not_shown_answer_what_that_answered() {
        check(&[("3", "2", true), ("1", "0", true), ("2", "1", true)], "3<2 1<- 2<1");
        check(&[("1", "0", true), ("2", "1", false), ("3", "2", true), ("4", "9", true)], "1<- 3<1 4<-");
        check(&[("1", "0", false), ("2", "1", true)], "2<-");
        check(&[("1", "2", true), ("2", "1", true), ("3", "3", true)], "1<2 2<1 3<-");
        check(&[("1", "2", false), ("2", "1", false), ("3", "1", true)], "3<-");
    }

    #[test]
    fn markup_becomes_text() {
        let html = "a\n<b>b</b>\n\n<h5>c</h5><h6>d</h6><img src=\"https://e.org/x.png\" alt=\"\"> e";
        assert_eq!(text(html), "a\nb\nc\nd\nhttps://e.org/x.png e");
    }
}
