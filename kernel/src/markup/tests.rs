use super::*;
use proptest::prelude::*;

fn check(html: &str, want: &str) {
    assert_eq!(Markup::sanitise(html).as_str(), want);
}

#[test]
fn keeps_what_an_article_needs() {
    check(
        "<h1>A</h1><p>b <a href='https://e.org/'>c</a></p>",
        "<h2>A</h2><p>b <a href=\"https://e.org/\" rel=\"nofollow ugc noopener\">c</a></p>",
    );
    check(
        "<table><tbody><tr><td colspan=2>x</td></tr></tbody></table>",
        "<table><tbody><tr><td colspan=\"2\">x</td></tr></tbody></table>",
    );
    check(
        "<img src=/media/ab/m.webp alt=a width=640px height=4>",
        "<img src=\"/media/ab/m.webp\" alt=\"a\" width=\"640\" height=\"4\">",
    );
}

#[test]
fn moving_pictures_can_be_held_still() {
    let html = format!(
        "<picture>{STILL_TWIN} srcset=\"/media/a/w9.webp 9w\"><img src=\"/media/a/full.gif\" alt=\"\"></picture>"
    );
    let markup = Markup::sanitise(&html);
    assert_eq!(markup.as_str(), html);
    let still = markup.without_motion();
    assert!(still.as_str().starts_with("<picture><source srcset="), "{}", still.as_str());
    let markup = Markup::sanitise(
        "<p title='<source media=\"(prefers-reduced-motion: reduce)\"'>&lt;source media=\"(prefers-reduced-motion: reduce)\"</p>",
    );
    assert_eq!(markup.clone().without_motion(), markup);
}

#[test]
fn drops_what_could_run() {
    check("<script>alert(1)</script>x", "x");
    check("<p onclick=x() style='a'>t</p>", "<p>t</p>");
    check("<a href='javascript:alert(1)'>t</a>", "<a rel=\"nofollow ugc noopener\">t</a>");
    check(
        "<img src='/logout'><img src='a.png'><video poster='/media/../logout'></video>",
        "<img><img><video></video>",
    );
    check("<img srcset='https://evil.example/a 2x'>", "<img>");
    check("<svg><script>1</script></svg><iframe src=x></iframe>", "");
    check(
        "<p id='body' class='align-center page-title'>t</p><p id='h-t'>t</p>",
        "<p class=\"align-center\">t</p><p id=\"h-t\">t</p>",
    );
    check(
        "<a href='#x' role='doc-noteref' aria-label='Log in'>1</a><a role='button'>2</a>",
        "<a href=\"#x\" role=\"doc-noteref\" rel=\"nofollow ugc noopener\">1</a><a rel=\"nofollow ugc noopener\">2</a>",
    );
}

#[test]
fn headings_of_the_first_level_become_the_second_however_they_are_written() {
    check("<h1\nclass=\"x\">A</h1><H1\tid=b>B</H1><h1/>C</h1\n>", "<h2>A</h2><h2>B</h2><h2>C</h2>");
}

/// What a browser would take for a tag to the end of the text is still something that somebody wrote.
#[test]
fn what_is_never_closed_is_text() {
    check("a <b and c", "a &lt;b and c");
    check("x <a href=\"y>z", "x &lt;a href=\"y&gt;z");
    check("one <!-- two", "one &lt;!-- two");
    check("one <!-- two --> three <3", "one  three &lt;3");
    check("<textarea>left</textarea><select><option>right</select>", "<pre>left</pre>right");
    check("<noscript><p>in</p></noscript><unheard>of</unheard>", "<p>in</p>of");
}

/// A browser would read on in such an element to the end.
#[test]
fn what_stands_behind_an_element_left_open_is_kept() {
    for name in [
        "title",
        "style",
        "script",
        "iframe",
        "noframes",
        "noembed",
        "template",
        "textarea",
        "xmp",
        "plaintext",
        "svg",
        "math",
    ] {
        check(&format!("<p>a <{name}> b</p><p>c</p>"), &format!("<p>a &lt;{name}&gt; b</p><p>c</p>"));
    }
    check("<script>1</script>a<style>b</style><svg><path/></svg><script src=x>c", "a&lt;script src=x&gt;c");
}

/// The parts into which a text is divided for the sanitiser are its own matter.
#[test]
fn a_long_text_is_written_whole() {
    let text = "字".repeat(5_000);
    let tree = Tree::parse(&text, Limits::default(), &|| false).unwrap();
    assert_eq!((tree.to_html(), Markup::of(&tree, &|| false).unwrap().into()), (text.clone(), text));
}

#[test]
fn marks_of_footnotes_are_no_words() {
    let markup = Markup::sanitise(
        "<p>正文<sup class=\"footnote-ref\"><a href=\"#fn-1\">1</a></sup>。</p><div class=\"footnotes\"><ol><li id=\"fn-1\">注 <a href=\"#fnref-1\" class=\"footnote-backref\">↩</a></li></ol></div>",
    );
    assert_eq!(markup.text(), "正文。\n注");
    assert_eq!(markup.text_before_notes(), "正文。");
}

/// Doubling an input may cost a little more than double; what grows with its square is refused first. Steps are counted, not
/// seconds: [`Limits::work`] bounds them.
#[test]
fn what_grows_with_its_square_is_refused() {
    let n = 50_000;
    for (name, html) in [
        ("nested blocks", "<div>".repeat(n)),
        ("nested lists", "<ul><li>".repeat(n)),
        ("formatting", "<b>".repeat(n)),
        ("formatting in paragraphs", "<b><p>".repeat(n)),
        ("formatting that differs", (0..n).map(|i| format!("<i id={i}>")).collect()),
        (
            "left open and taken up again",
            format!("<p>{}{}", (0..150).map(|i| format!("<u id={i}>")).collect::<String>(), "<p>x".repeat(n)),
        ),
        ("links in tables", "<table><a><tr>".repeat(n)),
        ("wrongly nested", "<a><b><p></a></b>".repeat(n)),
        ("cells", "<table><tr><td>".repeat(n)),
        ("templates", "<template>".repeat(n) + "</template>"),
        ("foreign", "<svg><desc>".repeat(n) + "</svg>"),
        ("attributes", format!("<p {}>", (0..n).map(|i| format!("a{i} ")).collect::<String>())),
        (
            "attributes without a space",
            format!("<p {}>", (0..n).map(|i| format!("a{i}/")).collect::<String>()),
        ),
        (
            "attributes in no hurry to end",
            format!("<p a=\"x\"{}", (0..n).map(|i| format!("b{i}=''")).collect::<String>()),
        ),
        (
            "attributes of an end tag",
            format!("</p {}>", (0..n).map(|i| format!("a{i} ")).collect::<String>()),
        ),
        (
            "attributes of a tag that is passed over",
            format!("<td {}>", (0..300).map(|i| format!("a{i} ")).collect::<String>()),
        ),
        (
            "taken up again after a change",
            format!(
                "<p>{}{}",
                (0..190).map(|i| format!("<b class=a{i}>")).collect::<String>(),
                "<textarea>x</textarea>".repeat(n)
            ),
        ),
        ("a long value again and again", format!("<p><b id={}>{}", "x".repeat(8_000), "<p>x".repeat(n / 4))),
        ("a crowd", "<i></i>".repeat(3 * n)),
    ] {
        assert!(Markup::try_sanitise(&html).is_err(), "{name}");
    }
    for (name, html) in [
        ("ampersands", "&".repeat(n)),
        ("entities", "&amp".repeat(n)),
        ("brackets", "<".repeat(n)),
        ("ends", "</p".repeat(1_000) + &"</i>".repeat(n)),
        ("comments", "<!-- <p a b c> -->".repeat(n / 4)),
        ("one long comment", format!("<!--{}-->", "word 'a=b ".repeat(50_000))),
        ("a long picture", format!("<img src=\"data:image/png;base64,{}\">", "A/+ ".repeat(50_000))),
        ("a tag among many words", format!("a <b {}", "word ".repeat(3_000))),
        ("a picture in its address", format!("<p><img alt=\"{}\"></p>", "A/".repeat(30_000))),
        ("paragraphs left open", "<p>x".repeat(n / 2)),
        ("titles left open", "<title>x".repeat(n)),
        ("drawings left open", "<svg ".repeat(n)),
        ("scripts", "<script>x</script>".repeat(n / 4)),
        ("a table", format!("<table>{}</table>", "<tr><td>1<td>2<td>3".repeat(n / 10))),
    ] {
        assert!(Markup::try_sanitise(&html).is_ok(), "{name}: {:?}", Markup::try_sanitise(&html).err());
    }
}

/// What somebody made of a tree is read once more before the sanitiser reads it.
#[test]
fn a_changed_tree_settles_or_is_refused() {
    let tree = |html: &str, from: &str, to: &str| {
        let mut tree = Tree::parse(html, Limits::default(), &|| false).unwrap();
        for node in tree.descendants(Tree::ROOT) {
            if tree.name(node) == from {
                tree.rename(node, to);
            }
        }
        tree
    };
    let moved = tree("<table><form></form><form></form><tr><td>x</table>", "form", "div");
    let want = "<div></div><div></div><table><tbody><tr><td>x</td></tr></tbody></table>";
    assert_eq!(Markup::of(&moved, &|| false).unwrap().as_str(), want);
    assert_eq!(Markup::of(&moved, &|| true), Err(TooComplex::Cancelled));
    let wide = Limits { depth: 300, ..Limits::default() };
    let deep = Tree::parse(&"<div>".repeat(250), wide, &|| false).unwrap();
    assert_eq!(Markup::of(&deep, &|| false), Err(TooComplex::Depth(200)));
}

#[test]
fn what_a_browser_loads_by_itself_is_told() {
    let markup = Markup::sanitise(
        "<p title='src=\"x\"'>src=\"y\"</p><img alt='<img src=\"z\">' src='https://e.org/a?b&amp;c'><img src=https://e.org/a?b&c>\
         <video src=https://e.org/v poster=/media/0a/p.jpg></video><img srcset='/media/0a/s.webp 1x, /media/0a/l.webp 2x'><a href=https://e.org>x</a>",
    );
    let want =
        ["https://e.org/a?b&c", "https://e.org/v", "/media/0a/p.jpg", "/media/0a/s.webp", "/media/0a/l.webp"];
    assert_eq!(markup.loads(), want);
}

#[test]
fn text_of_markup() {
    let markup = Markup::sanitise(
        "<h2>T</h2><p><b>粗体。</b>后文 <i>ok</i><script>1</script></p><ul><li>a</li><li>b &amp; c</li></ul>",
    );
    assert_eq!(markup.text(), "T\n粗体。后文 ok\na\nb & c");
    assert_eq!(Markup::sanitise("<p>a<img alt=\"x > y\">b</p>").text(), "a b");
    assert_eq!(Markup::from_text("a<b\n\nc").text(), "a<b\nc");
}

proptest! {
    #[test]
    fn sanitising_twice_changes_nothing(html in "[<>a-z/ =\"'&;]{0,80}") {
        let once = Markup::sanitise(&html);
        prop_assert_eq!(Markup::sanitise(once.as_str()), once);
    }

    /// However wrongly people nest, a few readings settle it.
    #[test]
    fn what_is_wrongly_nested_settles(html in "(</?(a|b|p|form|table|tr|td|ul|li|h2|select|option|button|svg|pre|x)>|x){0,40}") {
        prop_assert!(Markup::try_sanitise(&html).is_ok(), "{}", html);
    }
}

#[test]
fn pictures_of_the_site_are_looked_for_in_a_folder() {
    let html = "<p><img src=\"/media/0a/full.jpg\" alt=\"\"> <a href=\"/mediation\">/media/</a></p>";
    let moved = Markup::sanitise(html).with_media_in("../media/");
    assert!(moved.as_str().contains("src=\"../media/0a/full.jpg\""), "{}", moved.as_str());
    assert!(moved.as_str().contains(">/media/</a>"), "{}", moved.as_str());
}
