//! How a picture is written into a text.

use articles::Format;
use media::Picture;
use web::render::Html;

/// A line for the body of an article; `alt` says what the picture shows to those who don't see it.
pub fn line(picture: &Picture, format: Format, alt: &str) -> String {
    let src = picture.animation().unwrap_or_else(|| picture.fallback());
    let alt = alt.split_whitespace().collect::<Vec<_>>().join(" ");
    match format {
        Format::Html => {
            let alt = Html::highlight(&alt, &[]);
            format!("<figure><img src=\"{src}\" alt=\"{}\"><figcaption></figcaption></figure>", alt.as_str())
        }
        Format::Markdown | Format::Text => {
            // CommonMark, 2.4: a backslash takes a mark its meaning.
            let escaped = alt.chars().fold(String::new(), |mut out, c| {
                if matches!(c, '\\' | '[' | ']' | '<' | '`' | '*' | '_' | '&') {
                    out.push('\\');
                }
                out.push(c);
                out
            });
            format!("![{escaped}]({src})")
        }
    }
}

/// The body with a picture at its end.
pub fn append(body: &mut String, line: &str) {
    let end = body.trim_end().len();
    body.truncate(end);
    if !body.is_empty() {
        body.push_str("\n\n");
    }
    body.push_str(line);
    body.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use articles::Draft;
    use kernel::MediaId;

    fn picture() -> Picture {
        Picture {
            id: MediaId::new(1),
            hash: "0123456789abcdef0123456789abcdef".into(),
            width: 640,
            height: 480,
            colour: "#888888".into(),
            transparent: false,
            motion: media::Motion::Still,
            widths: vec![320, 640],
        }
    }

    /// Whatever is typed is the description, and nothing but it.
    #[test]
    fn descriptions_cannot_break_out() {
        let alt = "a]b\n\"c\" <d> \\ `e` *f* &amp;";
        let plain = "alt=\"a]b &quot;c&quot; &lt;d&gt; \\ `e` *f* &amp;amp;\"";
        for format in [Format::Markdown, Format::Html] {
            let body = line(&picture(), format, alt);
            let draft = Draft { format, body, ..Draft::default() };
            let html: String = articles::rendered(&draft, &[picture()]).unwrap().into();
            assert!(html.contains(plain), "{html}");
        }
    }

    #[test]
    fn a_picture_stands_alone() {
        for (body, want) in [("", "x\n"), ("a", "a\n\nx\n"), ("a\n\n\n", "a\n\nx\n")] {
            let mut text = body.to_owned();
            append(&mut text, "x");
            assert_eq!(text, want);
        }
    }
}
