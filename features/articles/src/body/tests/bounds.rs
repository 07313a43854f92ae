//! What a text may cost.

use super::*;

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
            Err(Error::Invalid(errors)) => {
                assert_eq!((errors.0[0].field, errors.0[0].code), ("body", code), "{name}");
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
            Err(Error::Invalid(errors)) => assert_eq!(errors.0[0].code, code, "{name}"),
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
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let stat = stat.and_then(|text| text.split(' ').next()?.parse().ok());
    stat.unwrap_or_else(|| START.elapsed().as_nanos() as u64)
}
