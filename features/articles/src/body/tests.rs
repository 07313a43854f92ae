use std::collections::HashMap;

use kernel::Error;
use kernel::markup::Own;

use super::{Body, all_pictures_in, pictures_in, render};
use crate::model::{Draft, Format};

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
    let told = format!(
        "<p>/media/{a}/full.jpg src=\"/media/{a}/full.jpg\"</p><img alt=\"/media/{a}/full.jpg\" src=\"https://e.org/media/{a}/full.jpg\">\
         <a href=\"https://e.org/media/{a}/full.jpg\"> href=\"/media/{a}/full.jpg\"</a><i title=\"> src=\">\"/media/{a}/</i>"
    );
    assert_eq!(all_pictures_in(&told), Vec::<String>::new());
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
fn a_text_beyond_the_bounds_is_refused_by_name() {
    let n = 20_000;
    let line = |text: &str| text.repeat(n);
    let refused: Vec<(&str, Format, String, &str)> = vec![
        ("quotes", Format::Markdown, ">".repeat(50_000), "body-nested"),
        ("quotes with spaces", Format::Markdown, line("> "), "body-nested"),
        ("lists", Format::Markdown, line("- "), "body-nested"),
        ("numbered lists", Format::Markdown, line("1. "), "body-nested"),
        (
            "lists in lists",
            Format::Markdown,
            (0..600).map(|i| format!("{}- a\n", "  ".repeat(i))).collect(),
            "body-complex",
        ),
        ("emphasis", Format::Markdown, format!("{}a{}", line("*a **b "), line("**c* ")), "body-complex"),
        ("blocks", Format::Html, line("<div>"), "body-nested"),
        (
            "attributes",
            Format::Html,
            format!("<p {}>", (0..n).map(|i| format!("a{i} ")).collect::<String>()),
            "body-attributes",
        ),
        ("a crowd", Format::Html, line("<i>a</i>").repeat(10), "body-complex"),
        ("ampersands", Format::Markdown, "&".repeat(2 << 20), "body-complex"),
        ("entities", Format::Markdown, "&amp;".repeat(400_000), "body-complex"),
    ];
    for (name, format, body, code) in refused {
        let draft = Draft { format, body, ..Draft::default() };
        match render(&draft, &HashMap::new(), &Own::default(), &|| false) {
            Err(Error::Invalid(wrong)) => {
                assert_eq!((wrong.0[0].field, wrong.0[0].code), ("body", code), "{name}");
            }
            other => panic!("{name}: {:?}", other.map(|body| body.html.as_str().len())),
        }
    }
}

/// A text of about so many bytes.
type Text = fn(usize) -> String;

/// Four times the input takes about four times the time. The bound is generous: what grows with its square takes sixteen times as
/// long.
/// Each is measured at a length that takes long enough to be measured; the better of two counts.
#[test]
fn time_grows_with_length() {
    let texts: [(&str, Format, Text); 32] = [
        ("brackets", Format::Markdown, |n| "[".repeat(n)),
        ("brackets and ends", Format::Markdown, |n| "[a](".repeat(n / 4)),
        ("pictures in pictures", Format::Markdown, |n| "![".repeat(n / 2)),
        ("closed brackets", Format::Markdown, |n| format!("{}a{}", "[".repeat(n / 2), "]".repeat(n / 2))),
        ("stars", Format::Markdown, |n| "*a_ ".repeat(n / 4)),
        ("open stars", Format::Markdown, |n| "a **a ".repeat(n / 6)),
        ("tildes", Format::Markdown, |n| "~a ".repeat(n / 3)),
        ("backticks", Format::Markdown, |n| (1..).map(|i| "`".repeat(i % 90) + " ").take(n / 45).collect()),
        ("references", Format::Markdown, |n| {
            (0..n / 12).map(|i| format!("[a{i}]: /u\n")).collect::<String>() + "[a1]"
        }),
        ("references to one", Format::Markdown, |n| {
            format!("[a]: /{}\n\n{}", "u".repeat(500), "[a] ".repeat(n / 4))
        }),
        ("footnotes", Format::Markdown, |n| {
            (0..n / 24).map(|i| format!("a[^{i}]\n\n[^{i}]: b\n\n")).collect()
        }),
        ("marks of one footnote", Format::Markdown, |n| format!("{}\n\n[^1]: b", "a[^1] ".repeat(n / 6))),
        ("tags never closed", Format::Markdown, |n| "<a b=\"".repeat(n / 6)),
        ("comments never closed", Format::Markdown, |n| "a <!-- ".repeat(n / 7)),
        ("addresses", Format::Markdown, |n| "https://e.org，".repeat(n / 16)),
        ("mail addresses", Format::Markdown, |n| "a.b@c.d，".repeat(n / 10)),
        ("mail addresses, nearly", Format::Text, |n| "a@".repeat(n / 2)),
        ("addresses, nearly", Format::Text, |n| "http://-www.(".repeat(n / 13)),
        ("tables", Format::Markdown, |n| format!("|a|b|\n|-|-|\n{}", "|1|2|\n".repeat(n / 6))),
        ("headings", Format::Markdown, |n| "# a\n\n".repeat(n / 5)),
        ("line ends", Format::Markdown, |n| "字\n".repeat(n / 4)),
        ("addresses in addresses", Format::Markdown, |n| "](http://文".repeat(n / 12)),
        ("definitions, nearly", Format::Markdown, |n| "[文]:".repeat(n / 6)),
        ("definitions", Format::Markdown, |n| "[文]: 文\n\n".repeat(n / 12)),
        ("notes that nothing leads to", Format::Markdown, |n| "[^1]: a\n\n".repeat(n / 9)),
        ("rows that are too long", Format::Markdown, |n| format!("|a|\n|-|\n{}", "|1|2|\n".repeat(n / 6))),
        ("types", Format::Markdown, |n| "List<a>".repeat(n / 7)),
        ("titles", Format::Markdown, |n| "a <title> ".repeat(n / 10)),
        ("addresses in HTML", Format::Html, |n| "<i>见</i>www.e.org，".repeat(n / 27)),
        ("ampersands", Format::Html, |n| "&".repeat(n)),
        ("paragraphs left open", Format::Html, |n| "<p>x".repeat(n / 4)),
        ("pictures", Format::Html, |n| "<p><img src=/media/a/b></p>".repeat(n / 27)),
    ];
    for (name, format, text) in texts {
        let took = |n: usize| {
            let draft = Draft { format, body: text(n), ..Draft::default() };
            let once = || {
                let start = processor_time();
                // Refused is well, too.
                let _ = render(&draft, &HashMap::new(), &Own::default(), &|| false);
                processor_time() - start
            };
            once().min(once())
        };
        let mut n = 8 << 10;
        let mut once = took(n);
        while once < 20_000_000 && n < 256 << 10 {
            n *= 2;
            once = took(n);
        }
        let more = took(4 * n);
        let ratio = more as f64 / once as f64;
        assert!(
            ratio < 10.0 || more < 80_000_000,
            "{name}: {n} bytes {once} ns, four times as many {more} ns"
        );
    }
}

/// What stands deep takes hardly longer than what does not: no pass looks at a text again for each element around it.
#[test]
fn time_does_not_grow_with_depth() {
    let texts: [(&str, Text, &str, String); 5] = [
        (
            "notes in notes",
            |depth| "<div class=footnotes>".repeat(depth),
            "<table><tr><td><ul>",
            (0..8_000).map(|n| format!("<li id=n{n}>")).collect(),
        ),
        ("formulas", |depth| format!("<math>{}", "<mrow>".repeat(depth)), "", "<mi>x</mi>".repeat(8_000)),
        ("what needs no script", |depth| "<noscript>".repeat(depth), "", "<img src=/>".repeat(8_000)),
        ("headings", |depth| "<h2><div><h3><div>".repeat(depth / 4), "", "<i>some words</i>".repeat(8_000)),
        ("players", |depth| "<object>".repeat(depth), "<table><tr><td><ul>", "<li>x".repeat(8_000)),
    ];
    for (name, around, before, text) in texts {
        let took = |depth: usize| {
            let draft = Draft {
                format: Format::Html,
                body: format!("{}{before}{text}</math>", around(depth)),
                ..Draft::default()
            };
            let once = || {
                let start = processor_time();
                let _ = render(&draft, &HashMap::new(), &Own::default(), &|| false);
                processor_time() - start
            };
            once().min(once())
        };
        let (flat, deep) = (took(4), took(184));
        assert!(deep < 5 * flat, "{name}: {flat} ns, deep {deep} ns");
    }
}

/// What is changed is held to the same bounds as what was sent.
#[test]
fn a_text_that_grows_beyond_the_bounds_is_refused_by_name() {
    let bold = |count: usize| (0..count).map(|n| format!("<b class=a{n}>")).collect::<String>();
    let wrapped = "font-weight:bold;font-style:italic;text-decoration:underline line-through";
    let hash = |n: usize| format!("{n:032x}");
    for (name, body, code) in [
        ("legends", format!("<p>{}{}", bold(190), "<legend>x</legend>".repeat(50_000)), "body-complex"),
        ("options", format!("<p>{}{}", bold(190), "<option>x</option>".repeat(50_000)), "body-complex"),
        ("fields", format!("<p>{}{}", bold(190), "<textarea>x</textarea>".repeat(50_000)), "body-complex"),
        ("styles", format!("<span style=\"{wrapped}\">").repeat(60) + "x", "body-nested"),
        (
            "pictures of other sites",
            (0..1_001).map(|n| format!("<img src=//e.org/{n}>")).collect(),
            "body-pictures",
        ),
    ] {
        let draft = Draft { format: Format::Html, body, ..Draft::default() };
        match render(&draft, &HashMap::new(), &Own::default(), &|| false) {
            Err(Error::Invalid(wrong)) => assert_eq!(wrong.0[0].code, code, "{name}"),
            other => panic!("{name}: {:?}", other.map(|body| body.html.as_str().len())),
        }
    }
    let own = |count| (0..count).map(|n| format!("/media/{}/full.jpg ", hash(n))).collect::<String>();
    assert_eq!(pictures_in(&own(1_000)).unwrap().len(), 1_000);
    assert!(matches!(pictures_in(&own(1_001)), Err(Error::Invalid(_))));
}

/// A class as long as a text is not looked through for each box beside it.
#[test]
fn a_long_class_is_left_out() {
    let draft = |class: &str| {
        let body = format!("<li class=\"{class}\">{}", "<input type=checkbox>".repeat(2_000));
        Draft { format: Format::Html, body, ..Draft::default() }
    };
    let took = |draft: &Draft| {
        let start = processor_time();
        render(draft, &HashMap::new(), &Own::default(), &|| false).unwrap();
        processor_time() - start
    };
    let (short, long) = (took(&draft("a")), took(&draft(&"a ".repeat(500_000))));
    assert!(long < 5 * short, "{short} ns, with a long class {long} ns");
}

/// Whoever takes rendering back is not made to wait for its end.
#[test]
fn rendering_ends_when_it_is_taken_back() {
    let draft = Draft { format: Format::Html, body: "<p>x".repeat(10_000), ..Draft::default() };
    let asked = std::cell::Cell::new(0);
    let all = || {
        asked.set(asked.get() + 1);
        false
    };
    render(&draft, &HashMap::new(), &Own::default(), &all).unwrap();
    let times = asked.get();
    for last in 0..times {
        asked.set(0);
        let cancelled = || {
            asked.set(asked.get() + 1);
            asked.get() > last
        };
        assert!(render(&draft, &HashMap::new(), &Own::default(), &cancelled).is_err());
        assert_eq!(asked.get(), last + 1);
    }
}

/// Nanoseconds that this thread has had a processor for: others on the machine don't count. Where the system does not tell,
/// those that have gone by.
fn processor_time() -> u64 {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let told = told.and_then(|text| text.split(' ').next()?.parse().ok());
    told.unwrap_or_else(|| START.elapsed().as_nanos() as u64)
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
