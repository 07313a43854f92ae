//! The only strings that a template writes as they are.

use std::fmt;
use std::ops::Range;

use kernel::Markup;
use minijinja::Value;
use minijinja::value::serializing_for_value;
use serde::{Serialize, Serializer};

/// HTML that is known to be safe: sanitised markup, or text escaped here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// `text` with the parts at `ranges` (byte offsets, ascending) in `<mark>`. Ranges that overlap, run backwards or cut
    /// a character are left out.
    pub fn highlight(text: &str, ranges: &[Range<usize>]) -> Self {
        let mut out = String::with_capacity(text.len() + ranges.len() * 13);
        let mut at = 0;
        for range in ranges {
            let Some(marked) = text.get(range.clone()).filter(|_| range.start >= at) else { continue };
            escape(&mut out, &text[at..range.start]);
            out.push_str("<mark>");
            escape(&mut out, marked);
            out.push_str("</mark>");
            at = range.end;
        }
        escape(&mut out, &text[at..]);
        Self(out)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Html {
    /// What a template made, which escapes what it is given.
    pub(super) const fn rendered(html: String) -> Self {
        Self(html)
    }
}

impl From<Markup> for Html {
    fn from(markup: Markup) -> Self {
        Self(markup.into())
    }
}

impl Serialize for Html {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if serializing_for_value() {
            return Value::from_safe_string(self.0.clone()).serialize(to);
        }
        to.serialize_str(&self.0)
    }
}

pub(super) fn escape(out: &mut String, text: &str) {
    let _ = escape_to(text, |part| {
        out.push_str(part);
        Ok(())
    });
}

/// `text`, escaped, in as few pieces as it takes.
pub(super) fn escape_to(text: &str, mut put: impl FnMut(&str) -> fmt::Result) -> fmt::Result {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        // ASCII: before and after it are characters' bounds.
        if from < at {
            put(&text[from..at])?;
        }
        put(entity)?;
        from = at + 1;
    }
    if from < text.len() { put(&text[from..]) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn highlights() {
        let check = |text: &str, ranges: &[Range<usize>], want: &str| {
            assert_eq!(Html::highlight(text, ranges).as_str(), want);
        };
        check("a<b>c", std::slice::from_ref(&(1..4)), "a<mark>&lt;b&gt;</mark>c");
        check("潮汐表", &[0..6, 3..9], "<mark>潮汐</mark>表");
        check("潮", &[0..1, 0..99], "潮");
        check("", &[], "");
    }
}
