use std::collections::HashMap;

use kernel::Error;
use kernel::markup::Own;

use super::{Body, all_pictures_in, pictures_in, render};
use crate::draft::Draft;
use crate::draft::Format;

mod bounds;

fn body(format: Format, body: &str) -> Body {
    let draft = Draft { format, body: body.into(), ..Draft::default() };
    render(&draft, &HashMap::new(), &Own::at("https://news.example"), &|| false).unwrap()
}

fn markdown(source: &str) -> String {
    body(Format::Markdown, source).html.into()
}

fn html(source: &str) -> String {
    body(Format::Html, source).html.into()
}

/// The first link of an HTML text.
fn link(html: &str) -> &str {
    html.split_once("href=\"").and_then(|(_, rest)| rest.split_once('"')).map_or("", |(href, _)| href)
}

#[test]
fn a_picture_alone_is_a_figure_and_several_are_a_gallery() {
    let one = markdown("![a](https://e.org/x.png \"说明\")");
    assert!(one.starts_with("<figure><img"), "{one}");
    assert!(one.contains("<figcaption>说明</figcaption>"), "{one}");
    assert!(one.contains("loading=\"lazy\""), "{one}");
    let two = markdown("![a](https://e.org/x.png)\n![b](https://e.org/y.png)");
    assert!(two.starts_with("<div class=\"gallery\"><figure>"), "{two}");
    assert!(markdown("text ![a](https://e.org/x.png)").starts_with("<p>text <img"));
}

#[test]
fn language_and_excerpt_are_derived() {
    let body = body(Format::Markdown, "潮汐表是怎样做出来的？");
    assert_eq!(
        (body.language.as_str(), body.excerpt.as_str(), body.reading_minutes),
        ("zh", "潮汐表是怎样做出来的？", 1)
    );
}

#[test]
fn finds_own_pictures() {
    let hash = "0123456789abcdef0123456789abcdef";
    assert_eq!(pictures_in(&format!("<img src=\"/media/{hash}/w640.webp\"> /media/x/y")).unwrap(), [hash]);
}

/// What a rendered text only tells of is shown nowhere.
#[test]
fn only_pictures_in_attributes_are_shown() {
    let hash = |n: u32| format!("{n:032x}");
    let [a, b, c, d] = [1, 2, 3, 4].map(hash);
    let shown = format!(
        "<p>x<img alt=\"y < z\" src=\"/media/{a}/full.jpg\" srcset=\"/media/{a}/w320.webp 320w, /media/{b}/w640.webp 640w\"></p>\
         <video poster=\"/media/{c}/full.jpg\"></video><a href=\"/media/{d}/full.jpg\">z</a>"
    );
    assert_eq!(all_pictures_in(&shown), [a.as_str(), &b, &c, &d]);
    let html = format!(
        "<p>/media/{a}/full.jpg src=\"/media/{a}/full.jpg\"</p><img alt=\"/media/{a}/full.jpg\" src=\"https://e.org/media/{a}/full.jpg\">\
         <a href=\"https://e.org/media/{a}/full.jpg\"> href=\"/media/{a}/full.jpg\"</a><i title=\"> src=\">\"/media/{a}/</i>"
    );
    assert_eq!(all_pictures_in(&html), Vec::<String>::new());
}

#[test]
fn bare_addresses_end_where_the_sentence_goes_on() {
    for (source, want) in [
        ("https://news.example/docs（说明在此）请看", "https://news.example/docs"),
        ("https://e.org/guide，另见", "https://e.org/guide"),
        ("https://e.org。", "https://e.org"),
        ("参看https://e.org/foo、のち", "https://e.org/foo"),
        ("（https://e.org/baz）です。", "https://e.org/baz"),
        ("http://t.cn/AbC（来自 @某某）", "http://t.cn/AbC"),
        ("https://e.org/指南在此", "https://e.org/"),
        ("**https://e.org/a**，后", "https://e.org/a"),
        ("https://e.org/a_b_c~d，后", "https://e.org/a_b_c~d"),
        ("访问www.e.org。", "http://www.e.org"),
        ("写信到a.b@c.example，谢谢", "mailto:a.b@c.example"),
        ("- https://e.org/a；\n- 二", "https://e.org/a"),
    ] {
        for format in [Format::Markdown, Format::Text, Format::Html] {
            let html: String = body(format, source).html.into();
            assert_eq!(link(&html), want, "{format:?} {source}: {html}");
            assert!(!html.contains(['\t', '\u{fdd0}']));
        }
    }
    assert_eq!(link(&markdown("https://e.org/wiki/文，见")), "https://e.org/wiki/%E6%96%87");
    assert_eq!(link(&markdown("https://e.org/a–b，后")), "https://e.org/a%E2%80%93b");
    assert_eq!(link(&html("https://e.org/wiki/文，见")), "https://e.org/wiki/文");
    assert_eq!(link(&markdown("说明[x]:https://e.org/a，见")), "https://e.org/a");
    assert_eq!(markdown("见 ftp://e.org/f，后").matches("href").count(), 0);
    let nested =
        markdown("[文](https://e.org/web/https://e.org/a文)![](https://e.org/?url=https://e.org/a图.jpg)");
    assert_eq!(link(&nested), "https://e.org/web/https://e.org/a%E6%96%87");
    assert!(nested.contains("src=\"https://e.org/?url=https://e.org/a%E5%9B%BE.jpg\""), "{nested}");
    // Where the writer says where it ends, that is the end.
    assert_eq!(link(&markdown("[文](https://e.org/文)")), "https://e.org/%E6%96%87");
    assert_eq!(link(&markdown("<https://e.org/文>")), "https://e.org/%E6%96%87");
    let both = markdown("见 https://e.org/a，或 www.e.org/b。**重点**");
    assert!(both.contains("href=\"http://www.e.org/b\"") && both.contains("<strong>重点</strong>"), "{both}");
    assert!(markdown("`https://e.org，x`").contains("<code>https://e.org，x</code>"));
}

#[test]
fn one_tilde_is_a_range_and_two_strike() {
    assert_eq!(markdown("2~3天，10~20元"), "<p>2~3天，10~20元</p>");
    assert_eq!(markdown("a ~b *c*~ d"), "<p>a ~b <em>c</em>~ d</p>");
    assert_eq!(markdown("~~旧~~新"), "<p><del>旧</del>新</p>");
}

#[test]
fn footnotes_lead_there_and_back() {
    let html = markdown("甲[^注]，乙[^b]，又甲[^注]。\n\n[^注]: 第一条\n[^b]: 第二条");
    for part in [
        "<sup class=\"footnote-ref\"><a href=\"#fn-1\" id=\"fnref-1\" role=\"doc-noteref\" rel=\"nofollow ugc noopener\">1</a></sup>",
        "<a href=\"#fn-2\" id=\"fnref-2\" role=\"doc-noteref\"",
        "<a href=\"#fn-1\" id=\"fnref-1-2\"",
        "<div class=\"footnotes\" role=\"doc-endnotes\">",
        "<li id=\"fn-1\">",
        "<li id=\"fn-2\">",
        "href=\"#fnref-1\" class=\"footnote-backref\"",
        "href=\"#fnref-1-2\"",
        "role=\"doc-backlink\" aria-label=\"↩ 1\"",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    let ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(ids.len(), unique.len(), "{ids:?}");
    let read = body(Format::Markdown, "正文[^1]。\n\n[^1]: 注释内容");
    assert_eq!((read.excerpt.as_str(), read.html.text().as_str()), ("正文。", "正文。\n注释内容"));
}

#[test]
fn tables_keep_their_alignment() {
    let html = markdown("| a | b | c |\n|:-:|--:|:--|\n| 1 | 2 | 3 |");
    assert!(html.contains("<th class=\"align-center\">a</th>"), "{html}");
    assert!(html.contains("<td class=\"align-right\">2</td>"), "{html}");
    assert!(html.contains("<td class=\"align-left\">3</td>"), "{html}");
    let pasted = super::tests::html("<table><tr><td style='text-align:right'>1</td></tr></table>");
    assert!(pasted.contains("<td class=\"align-right\">1</td>"), "{pasted}");
}

#[test]
fn tasks_are_signs_that_nobody_can_change() {
    let html = markdown("- [ ] 未\n- [x] 已");
    assert!(html.contains("<li class=\"task\"><span class=\"task\">☐</span> 未</li>"), "{html}");
    assert!(html.contains("<span class=\"task\">☑</span> 已"), "{html}");
    assert_eq!(body(Format::Markdown, "- [x] 已").html.text(), "☑ 已");
}

#[test]
fn headings_have_places_that_links_lead_to() {
    let html = markdown(
        "# 序\n\n## 小结\n\n## 小结\n\n##### five\n\n###### six\n\n## 🎉\n\n[去](#小结) [去](#%E5%B0%8F%E7%BB%93) [无](#nowhere) [二](#小结-1) [顶](#)",
    );
    for part in [
        "<h2 id=\"h-序\">序</h2>",
        "<h2 id=\"h-小结\">小结</h2>",
        "<h2 id=\"h-小结-2\">小结</h2>",
        "<h4 id=\"h-five\">five</h4>",
        "<h4 id=\"h-six\">six</h4>",
        "<a href=\"#nowhere\"",
        "<a href=\"#h-小结-2\"",
        "<a href=\"#\"",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert_eq!(html.matches("href=\"#h-小结\"").count(), 2, "{html}");
    // Names that somebody gave are kept, below the prefix: the page has a `body` and a `share` of its own.
    let named = super::tests::html(
        "<h1\nclass=\"x\" id=\"share\">A b</h1><h1\tid=b>B</h1><p id=\"n1\">x</p><a href='#share'>1</a><a href='#n1'>2</a><a href='#a-b'>3</a>",
    );
    assert!(
        named.starts_with("<h2 id=\"h-share\">A b</h2><h2 id=\"h-b\">B</h2><p id=\"h-n1\">x</p>"),
        "{named}"
    );
    assert_eq!(named.matches("href=\"#h-share\"").count(), 2, "{named}");
    assert!(named.contains("href=\"#h-n1\""), "{named}");
    // What was read from here and sent back stays as it is.
    assert_eq!(super::tests::html(&named), named);
}

#[test]
fn code_keeps_its_language() {
    assert!(markdown("```rust\nfn f() {}\n```").contains("<code class=\"language-rust\">fn f() {}"));
    assert!(markdown("```c++\nx\n```").contains("class=\"language-c++\""));
}

#[test]
fn addresses_without_a_scheme_get_one() {
    assert!(markdown("![x](//cdn.example/a.jpg)").contains("src=\"https://cdn.example/a.jpg\""));
    assert_eq!(link(&markdown("[x](//e.org/a)")), "https://e.org/a");
}

#[test]
fn line_ends_between_characters_are_no_gaps() {
    assert_eq!(markdown("第一行的文字\n第二行的文字"), "<p>第一行的文字第二行的文字</p>");
    assert_eq!(markdown("first\nsecond"), "<p>first\nsecond</p>");
}

#[test]
fn lazily_loaded_pictures_are_shown() {
    let html = html("<p><img data-src=\"https://mmbiz.example/x/640?wx_fmt=png\" class=\"rich_pages\"/></p>");
    assert!(html.starts_with("<figure><img src=\"https://mmbiz.example/x/640?wx_fmt=png\""), "{html}");
}

#[test]
fn nothing_vanishes() {
    for (source, words) in [
        ("一个 Vec<String> 与 <T> 和 a < b", "一个 Vec<String> 与 <T> 和 a < b"),
        ("<String>\n\n后", "<String>\n后"),
        ("a <b 未闭合", "a <b 未闭合"),
        ("前<!-- 注 -->后", "前后"),
        ("<iframe src=\"https://v.example/1\"></iframe>", "https://v.example/1"),
        ("<?php echo 1 ?>", "<?php echo 1 ?>"),
        ("<foo-bar>内</foo-bar>", "<foo-bar>内</foo-bar>"),
        ("HTML 的 <title> 很重要。\n\n二", "HTML 的 <title> 很重要。\n二"),
        ("用 <title> 和 </title> 写", "用 <title> 和 </title> 写"),
        ("从 <style> 到 <svg>\n\n二", "从 <style> 到 <svg>\n二"),
        ("List<Object> 与 Option<A>、Vec<Image>", "List<Object> 与 Option<A>、Vec<Image>"),
        ("Map<String, List<Object>>，a<b>粗</b>", "Map<String, List<Object>>，a粗"),
        ("用 <Button> 或 <Input> 和 <Link>", "用 <Button> 或 <Input> 和 <Link>"),
        ("<Option> 在行首", "<Option> 在行首"),
        ("std::vector<std::string> v", "std::vector<std::string> v"),
        ("[问]: 你是谁？", "[问]: 你是谁？"),
        ("前\n\n[记者]:你好。", "前\n[记者]:你好。"),
        ("见[甲]。\n\n[甲]: 乙", "见甲。"),
        ("正文[^1]。\n\n[^1]: 一\n[^2]: 二", "正文。\n[^2]: 二\n一"),
        ("后[^b]先[^a]。\n\n[^a]: 甲\n\n[^b]: 乙", "后先。\n乙\n甲"),
        ("|a|b|\n|-|-|\n|1|2|3\\|x|4|\n|5|6|", "a\nb\n1\n2 | 3|x|4\n5\n6"),
        ("> |a|\n> |-|\n> | 1 | 2 |", "a\n1 | 2"),
        ("图 ![](images/1.png)", "图 images/1.png"),
    ] {
        assert_eq!(body(Format::Markdown, source).html.text(), words, "{source}");
    }
    assert_eq!(
        body(Format::Html, "<x-y>内</x-y><textarea>文</textarea>外 <b x").html.text(),
        "内\n文\n外 <b x"
    );
}

#[test]
fn what_moves_has_a_still_twin() {
    let hash = "0123456789abcdef0123456789abcdef";
    let mut picture = media::Picture {
        id: kernel::MediaId::new(1),
        hash: hash.into(),
        width: 400,
        height: 300,
        colour: "#000000".into(),
        transparent: false,
        motion: media::Motion::WebP,
        widths: vec![320, 400],
    };
    let draft = Draft { body: format!("![a](/media/{hash}/full.jpg)"), ..Draft::default() };
    let shown = |picture: &media::Picture| {
        let pictures = [(hash.to_owned(), picture.clone())].into();
        render(&draft, &pictures, &Own::default(), &|| false).unwrap().html
    };
    let html = shown(&picture);
    let start =
        format!("<figure><picture>{} srcset=\"/media/{hash}/w320.webp 320w, ", kernel::markup::STILL_TWIN);
    assert!(html.as_str().starts_with(&start), "{}", html.as_str());
    assert!(html.as_str().contains(&format!("<img src=\"/media/{hash}/motion.webp\"")), "{}", html.as_str());
    assert!(html.clone().without_motion().as_str().starts_with("<figure><picture><source srcset="));
    // Read from here and sent back, it stays as it is.
    let sent = Draft { format: Format::Html, body: html.as_str().to_owned(), ..Draft::default() };
    let pictures = [(hash.to_owned(), picture.clone())].into();
    assert_eq!(render(&sent, &pictures, &Own::default(), &|| false).unwrap().html, html);
    picture.motion = media::Motion::Dropped;
    let html = shown(&picture);
    let start = format!("<figure><img src=\"/media/{hash}/full.jpg\"");
    assert!(html.as_str().starts_with(&start), "{}", html.as_str());
}

#[test]
fn a_picture_that_the_site_lacks_is_not_named() {
    let hash = "0123456789abcdef0123456789abcdef";
    let html = format!(
        "<p>a<img src=\"/media/{hash}/full.jpg\"></p><video src=\"https://e.org/v.mp4\" poster=\"/media/{hash}/full.jpg\"></video>\
         <img src=\"/media/ab/m.webp\" srcset=\"/media/{hash}/w640.webp 640w\"><video src=\"/media/{hash}/full.jpg\"></video>\
         <a href=\"/media/{hash}/full.jpg\">b</a><a href=\"https://own.invalid/media/{hash}/full.jpg\">c</a>"
    );
    let draft = Draft { body: html, format: Format::Html, ..Draft::default() };
    let shown: String = super::rendered(&draft, &[]).unwrap().into();
    assert!(!shown.contains(hash) && shown.contains("v.mp4") && shown.contains(">b</a>"), "{shown}");
    // Of another site it is another site's.
    let foreign =
        format!("<video src=\"https://e.org/v.mp4\" poster=\"https://e.org/media/{hash}/full.jpg\"></video>");
    let draft = Draft { body: foreign, format: Format::Html, ..Draft::default() };
    assert!(super::rendered(&draft, &[]).unwrap().as_str().contains("poster="));
}
