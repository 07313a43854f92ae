use kernel::Markup;
use kernel::markup::{Limits, Own, Tree};
use url::Url;

use super::{LinkContext, adapt, adapt_own, elements, join_lines};

fn check(html: &str, want: &str) {
    let base = Url::parse("https://e.org/blog/post/").unwrap();
    assert_eq!(adapt(html, Some(&base)).unwrap(), want, "{html}");
}

fn own(html: &str) -> String {
    let mut tree = Tree::parse(html, Limits::default(), &|| false).unwrap();
    adapt_own(&mut tree, &Own::at("https://news.example"));
    Markup::of(&tree, &|| false).unwrap().into()
}

#[test]
fn addresses_become_whole() {
    check("<a href=\"/about?a=1&amp;b=2\">x</a>", "<a href=\"https://e.org/about?a=1&amp;b=2\">x</a>");
    check("<a href=\"#n1\">1</a>", "<a href=\"#n1\">1</a>");
    check("<a href=\"mailto:a@e.org\">1</a>", "<a href=\"mailto:a@e.org\">1</a>");
    check("<a href=\"javascript:x\">1</a>", "<a>1</a>");
    check("<img src=\"../x.png\">", "<img src=\"https://e.org/blog/x.png\">");
    check("<img src=\"//cdn.e.org/x.png\">", "<img src=\"https://cdn.e.org/x.png\">");
}

#[test]
fn frames_become_links() {
    check(
        "<iframe src=\"//v.org/1?a&amp;b\">x</iframe>",
        "<a href=\"https://v.org/1?a&amp;b\">https://v.org/1?a&amp;b</a>",
    );
    check(
        "<iframe data-src=\"https://v.org/1\" title=\"潮\"></iframe>",
        "<a href=\"https://v.org/1\">潮</a>",
    );
    check(
        "<object data=\"/f.swf\"><p>else</p></object>",
        "<a href=\"https://e.org/f.swf\">https://e.org/f.swf</a><p>else</p>",
    );
    check("<iframe src=\"javascript:x\"></iframe>a", "a");
}

#[test]
fn pictures_load_without_a_script() {
    for lazy in ["data-src", "data-original", "data-lazy-src", "data-actualsrc", "file"] {
        let html = format!("<img src=\"data:image/gif;base64,R0\" {lazy}=\"/a.png\">");
        let want = format!("<img src=\"https://e.org/a.png\" {lazy}=\"/a.png\">");
        check(&html, &want);
    }
    check("<img srcset=\"/s.png 1x, /l.png 2x\">", "<img src=\"https://e.org/s.png\">");
    check("<p>x<img src=\"/pixel\" width=\"1\" height=\"1px\"></p>", "<p>x</p>");
    check(
        "<img data-src=\"/a.png\"><noscript><img src=\"/a.png\"><img src=\"/b.png\"></noscript>",
        "<img data-src=\"/a.png\" src=\"https://e.org/a.png\"><img src=\"https://e.org/b.png\">",
    );
    check("<p><img src=\"data:image/png;base64,AA\" alt=\"潮汐\"></p>", "<p>潮汐</p>");
}

#[test]
fn elements_become_their_kin() {
    check(
        "<h6 class=\"a\">x</h6><h5>y</h5><H1\nid=b>z</H1>",
        "<h4 class=\"a\">x</h4><h4>y</h4><h2 id=\"b\">z</h2>",
    );
    check("<center>x</center>", "<div class=\"align-center\">x</div>");
    check("<strike>a</strike><tt>b</tt><font color=red>c</font>", "<s>a</s><code>b</code>c");
    check(
        "<p align=right>a</p><p style=\"color:red; TEXT-ALIGN: center\">b</p>",
        "<p align=\"right\" class=\"align-right\">a</p><p style=\"color:red; TEXT-ALIGN: center\" class=\"align-center\">b</p>",
    );
    check("<td>x", "x");
    check(
        "<table><tr><td class=\"has-text-align-right\">1</td></tr></table>",
        "<table><tbody><tr><td class=\"has-text-align-right align-right\">1</td></tr></tbody></table>",
    );
    check(
        "<select><option>a<option>b</select><math><mi>x</mi><mo>+</mo></math>",
        "<div>a</div><div>b</div>x+",
    );
    check("<a name=\"n1\">x</a>", "<a name=\"n1\" id=\"n1\">x</a>");
}

/// What word processors and editors for messengers write.
#[test]
fn styles_become_elements() {
    check("<b style=\"font-weight:normal\" id=\"docs-internal-guid\"><p>x</p></b>", "<p>x</p>");
    check(
        "<span style=\"font-weight:700;font-style:italic\">x<br>y</span>",
        "<em><strong>x<br>y</strong></em>",
    );
    check("<span style=\"text-decoration:line-through\">x</span>", "<s>x</s>");
    check(
        "<section style=\"x\"><section><span style=\"font-size: 15px;\">正文</span></section></section>",
        "<div style=\"x\"><div>正文</div></div>",
    );
}

#[test]
fn galleries_are_kept() {
    check(
        "<figure class=\"wp-block-gallery columns-3\"><ul class=\"blocks-gallery-grid\"><li class=\"blocks-gallery-item\"><figure>x</figure></li></ul></figure>",
        "<figure class=\"gallery\"><figure>x</figure></figure>",
    );
    check(
        "<div class=\"wp-block-cover a\" style=\"background-image:url(/x.jpg)\">t</div>",
        "<div class=\"wp-block-cover a\" style=\"background-image:url(/x.jpg)\"><img src=\"https://e.org/x.jpg\" alt=\"\">t</div>",
    );
}

#[test]
fn only_media_of_this_site_loads_unasked() {
    for html in [
        "<img src=\"/logout\">",
        "<img src=\"https://news.example/logout\">",
        "<img src=\"/media/%2e%2e/logout\">",
        "<img data-src=\"https://news.example:1/logout\">",
        "<img srcset=\"/logout 2x\">",
        "<video poster=\"/logout\" src=\"https://news.example/logout\"></video>",
        "<picture><source srcset=\"/logout\"><img src=\"/lo\tgout\"></picture>",
        "<audio><source src=\"\\logout\"></audio>",
        "<video src=\"https://e.org/v.mp4\"><track src=\"/logout\"></video>",
    ] {
        let kept = own(html);
        for name in [" src=\"", " srcset=\"", " poster=\""] {
            let unasked = kept
                .split(name)
                .skip(1)
                .any(|rest| rest.split('"').next().is_some_and(|v| v.contains("logout")));
            assert!(!unasked, "{html}: {kept}");
        }
    }
    assert_eq!(
        own("<img src=\"https://news.example/media/ab/w640.webp\">"),
        "<img src=\"/media/ab/w640.webp\">"
    );
}

#[test]
fn line_ends_between_characters_are_no_gaps() {
    for (html, want) in [
        ("<p>第一行\n第二行</p>", "<p>第一行第二行</p>"),
        ("<p>第一行，\n  second</p>", "<p>第一行，second</p>"),
        ("<p>第一行\nsecond</p>", "<p>第一行\nsecond</p>"),
        ("<p>first\nsecond</p>", "<p>first\nsecond</p>"),
        ("<p>한국\n어</p>", "<p>한국\n어</p>"),
        ("<p><b>粗</b>\n后</p>", "<p><b>粗</b>后</p>"),
        ("<p>前\n<b>粗</b></p>", "<p>前<b>粗</b></p>"),
        ("<p>前 后</p>", "<p>前 后</p>"),
        ("<pre>前\n后</pre>", "<pre>前\n后</pre>"),
        ("<p>かな\nカナ</p>", "<p>かなカナ</p>"),
        ("<p>他说“好”\n然后走了</p>", "<p>他说“好”然后走了</p>"),
        ("<p>他说“好。”\n然后走了</p>", "<p>他说“好。”然后走了</p>"),
        ("<p>字\n“引”</p>", "<p>字“引”</p>"),
        ("<p>‘引’\n字</p>", "<p>‘引’字</p>"),
        ("<p>字\n——字——\n字</p>", "<p>字——字——字</p>"),
        ("<p>等等……\n后来</p>", "<p>等等……后来</p>"),
        ("<p>列夫·\n托尔斯泰</p>", "<p>列夫·托尔斯泰</p>"),
        ("<p>he said “yes”\nand left —\nsoon…</p>", "<p>he said “yes”\nand left —\nsoon…</p>"),
    ] {
        let mut tree = Tree::parse(html, Limits::default(), &|| false).unwrap();
        join_lines(&mut tree);
        assert_eq!(tree.to_html(), want);
    }
}

#[test]
fn bare_addresses_become_links() {
    let link = |href: &str, words: &str| format!("<a href=\"{href}\">{words}</a>");
    check(
        "<p>见 https://e.org/a。</p>",
        &format!("<p>见 {}。</p>", link("https://e.org/a", "https://e.org/a")),
    );
    check(
        "<p>或www.e.org。写信到a@e.org，<b>再</b></p>",
        &format!(
            "<p>或{}。写信到{}，<b>再</b></p>",
            link("http://www.e.org", "www.e.org"),
            link("mailto:a@e.org", "a@e.org")
        ),
    );
    // Word processors put an element around any part of a text.
    check(
        "<p>https://e.org/<font>a?b&amp;c</font></p>",
        &format!("<p>{}</p>", link("https://e.org/a?b&amp;c", "https://e.org/a?b&amp;c")),
    );
    for html in [
        "<pre>https://e.org</pre>",
        "<code>a@e.org</code>",
        "<a href=\"https://e.org\"><b>www.e.org</b></a>",
        "<p>ftp://e.org</p>",
    ] {
        check(html, html);
    }
}

/// The next best after the picture is where it lies.
#[test]
fn a_picture_without_a_base_leaves_its_address() {
    assert_eq!(own("<p>a<img src=\"images/1.png\">b</p>"), "<p>a<code>images/1.png</code>b</p>");
    assert_eq!(own("<p>a<img src=\"images/1.png\" alt=\"图\"></p>"), "<p>a图</p>");
    assert_eq!(own("<p>a<img src=\"data:image/png;base64,AA\"><img src=\"\"></p>"), "<p>a</p>");
}

#[test]
fn adapting_twice_changes_nothing() {
    let html = "<center><h5>a</h5></center><iframe src=\"//v.org\"></iframe><span style=\"font-weight:bold\">b</span>";
    let once = adapt(html, None).unwrap();
    assert_eq!(adapt(&once, None).unwrap(), once);
    let mut tree = Tree::parse(&once, Limits::default(), &|| false).unwrap();
    elements::adapt(&mut tree, &LinkContext { base: None, own: &Own::default() });
    assert_eq!(tree.to_html(), once);
}
