//! Filters and functions of templates; `themes/default/README.md` lists them for those who write some.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use fluent_bundle::{FluentArgs, FluentValue};
use kernel::{Time, lang};
use minijinja::value::{Kwargs, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, Value};

use super::asset::Asset;
use super::html::{escape, escape_to};
use super::scope::Scope;
use super::{palette, tables, words};
use crate::address::path_segment;

pub(super) fn install(env: &mut Environment<'static>, assets: Arc<BTreeMap<String, Asset>>) {
    // What is safe says so itself (`render::Html`); a template cannot declare it.
    env.remove_filter("safe");
    env.add_filter("ago", |state: &State, at: &str| {
        let scope = Scope::of(state)?;
        Ok::<_, Error>(words::ago(time(at)?, scope.now, &scope.zone, &scope.messages, scope.locale))
    });
    env.add_filter("moment", |state: &State, at: &str| {
        let scope = Scope::of(state)?;
        Ok::<_, Error>(words::moment(time(at)?, &scope.zone, &scope.messages, scope.locale))
    });
    env.add_filter("count", |state: &State, n: i64| {
        Ok::<_, Error>(words::count(n, Scope::of(state)?.locale))
    });
    env.add_filter("host", |url: &str| words::host(url).to_owned());
    env.add_filter("tagurl", |tag: &str| words::tag_path(tag));
    env.add_filter("handleurl", |handle: &str| words::handle_path(handle));
    env.add_filter("query", |text: &str| path_segment(text));
    env.add_filter("ph", |colour: &str| palette::placeholder_class(colour));
    env.add_filter("first_letter", |name: &str| name.chars().next().map(String::from).unwrap_or_default());
    env.add_filter("breaks", |text: &str| text.to_owned());
    env.add_filter("scrolls", |html: Value, label: &str| scrolls(&html, label));
    env.add_function("t", t);
    env.add_function("said", said);
    env.add_function("lang", |state: &State, tag: &str| lang_attribute(state, tag));
    env.add_function("dir", direction);
    // The same people and their words stand on page after page, and to tell a language takes a tenth of a millisecond.
    let guessed = moka::sync::Cache::<String, &'static str>::builder()
        .max_capacity(GUESSED)
        .weigher(|text, _| u32::try_from(text.len()).unwrap_or(u32::MAX))
        .build();
    env.add_function("guess", move |state: &State, text: &str| {
        let language = guessed.get(text).unwrap_or_else(|| {
            let language = lang::guess(text);
            if text.len() <= SHORT {
                guessed.insert(text.to_owned(), language);
            }
            language
        });
        lang_attribute(state, language)
    });
    env.add_function("switch", switch);
    env.add_function("attr", attr);
    env.add_function("jsonld", |value: Value| json_script(&value));
    let address = |(path, asset): (&String, &Asset)| {
        (path.clone(), Value::from(format!("/assets/{path}?v={}", asset.hash)))
    };
    let addresses: BTreeMap<String, Value> = assets.iter().map(address).collect();
    env.add_function("asset", move |path: &str| match addresses.get(path) {
        Some(address) => Ok(address.clone()),
        None => Err(Error::new(ErrorKind::InvalidOperation, format!("the theme has no asset {path}"))),
    });
}

/// Texts (bytes) of which the language is kept: in all, and the longest.
const GUESSED: u64 = 4 << 20;
const SHORT: usize = 2_000;

/// How many headlines are kept as they were broken into words.
const HEADLINES: u64 = 10_000;

/// `title|breaks`: `<wbr>` where a headline may go on in the next line.
pub(super) fn install_breaks(env: &mut Environment<'static>, line_breaks: fn(&str) -> Vec<usize>) {
    // The same headlines stand on page after page, and a dictionary is asked for each.
    let kept = moka::sync::Cache::<String, Value>::new(HEADLINES);
    env.add_filter("breaks", move |text: &str| {
        if text.is_ascii() {
            return Value::from(text);
        }
        if let Some(known) = kept.get(text) {
            return known;
        }
        let value = Value::from_safe_string(with_breaks(text, &line_breaks(text)));
        kept.insert(text.to_owned(), value.clone());
        value
    });
}

fn with_breaks(text: &str, breaks: &[usize]) -> String {
    let mut out = String::with_capacity(text.len() + breaks.len() * 5 + 16);
    let mut from = 0;
    for &at in breaks {
        let Some(part) = text.get(from..at) else { continue };
        escape(&mut out, part);
        out.push_str("<wbr>");
        from = at;
    }
    escape(&mut out, text.get(from..).unwrap_or_default());
    out
}

/// `html|scrolls(label)`: wide tables scroll by themselves, also for the keyboard.
fn scrolls(html: &Value, label: &str) -> Value {
    match html.as_str().filter(|_| html.is_safe()) {
        Some(text) if text.contains("<table") => Value::from_safe_string(tables::in_boxes(text, label)),
        _ => html.clone(),
    }
}

fn time(text: &str) -> Result<Time, Error> {
    Time::parse(text).ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("{text:?} is no time")))
}

/// `t('key', n=3)`: the message in the page's language.
fn t(state: &State, key: &str, kwargs: Kwargs) -> Result<Value, Error> {
    let scope = Scope::of(state)?;
    if let Some(said) = scope.messages.constant(scope.locale, key) {
        return Ok(said);
    }
    let args = arguments(&kwargs)?;
    if let Some(said) = scope.messages.find(scope.locale, key, Some(&args)) {
        return Ok(said.into());
    }
    tracing::error!(key, locale = scope.locale.tag(), template = state.name(), "no such message");
    // A forgotten key must break a test, and must not break a page.
    if cfg!(debug_assertions) {
        return Err(Error::new(
            ErrorKind::InvalidOperation,
            format!("no message {key:?}, or an argument is missing"),
        ));
    }
    Ok(key.into())
}

/// `said('error', code, limit=3)`: the message `error-<code>` for a code that came from elsewhere, else `error-other`.
fn said(state: &State, prefix: &str, code: &str, kwargs: Kwargs) -> Result<String, Error> {
    let scope = Scope::of(state)?;
    let args = arguments(&kwargs)?;
    let find = |key: &str| scope.messages.find(scope.locale, key, Some(&args));
    let message = find(&format!("{prefix}-{code}")).or_else(|| {
        tracing::error!(prefix, code, locale = scope.locale.tag(), "no message for this code");
        find(&format!("{prefix}-other"))
    });
    message.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("no message {prefix}-other")))
}

fn arguments(kwargs: &Kwargs) -> Result<FluentArgs<'static>, Error> {
    let mut args = FluentArgs::new();
    let names: Vec<&str> = kwargs.args().collect();
    for name in names {
        let value: Value = kwargs.get(name)?;
        let value = match value.kind() {
            ValueKind::Number => value.as_i64().map_or(FluentValue::None, FluentValue::from),
            ValueKind::None => continue,
            _ => FluentValue::from(value.to_string()),
        };
        args.set(name.to_owned(), value);
    }
    kwargs.assert_all_used()?;
    Ok(args)
}

/// ` lang="…"` where a run's language is not the page's; the first subtag decides. Of an unknown language it is empty (HTML, section 3.2.6.2).
fn lang_attribute(state: &State, tag: &str) -> Result<Value, Error> {
    let first = |tag: &'static str| tag.split('-').next().unwrap_or_default();
    let of = tag.split('-').next().unwrap_or_default();
    let well_formed = !tag.is_empty() && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let text = if of.eq_ignore_ascii_case(lang::UNKNOWN) {
        " lang=\"\"".to_owned()
    } else if well_formed && !of.eq_ignore_ascii_case(first(Scope::of(state)?.locale.tag())) {
        format!(" lang=\"{tag}\"")
    } else {
        String::new()
    };
    Ok(Value::from_safe_string(text))
}

/// ` dir="rtl"` for a language that is written so, else ` dir="auto"`: what people wrote may begin in any script.
fn direction(tag: Option<&str>) -> Value {
    let right_to_left = tag.is_some_and(lang::is_right_to_left);
    Value::from_safe_string(format!(" dir=\"{}\"", if right_to_left { "rtl" } else { "auto" }))
}

/// `attr('data-contrast', on)` or `attr('aria-current', on, 'page')`: an attribute that is there or not.
fn attr(name: &str, on: Value, value: Option<&str>) -> Value {
    let mut text = String::new();
    if on.is_true() {
        let _ = write!(text, " {name}");
        if let Some(value) = value {
            text.push_str("=\"");
            escape(&mut text, value);
            text.push('"');
        }
    }
    Value::from_safe_string(text)
}

/// `switch('edition', 'care')`: this page again with one thing set.
fn switch(state: &State, key: &str, value: &str) -> Result<String, Error> {
    let here = &Scope::of(state)?.here;
    let glue = if here.contains('?') { '&' } else { '?' };
    Ok(format!("{here}{glue}{key}={value}"))
}

/// JSON for the inside of `<script>`: nothing in it can end the element or open a comment.
fn json_script(value: &Value) -> Result<Value, Error> {
    let json = serde_json::to_string(value)
        .map_err(|source| Error::new(ErrorKind::BadSerialization, "not JSON").with_source(source))?;
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            _ => out.push(c),
        }
    }
    Ok(Value::from_safe_string(out))
}

/// Whether plain text is being written.
fn is_plain(state: &State) -> bool {
    matches!(state.auto_escape(), AutoEscape::None)
}

/// Like minijinja's own, but what is `None` leaves no word on the page.
pub(super) fn write_value(
    out: &mut minijinja::Output,
    state: &mut State,
    value: &Value,
) -> Result<(), Error> {
    if value.is_none() {
        return Ok(());
    }
    match value.as_str() {
        Some(text) if value.is_safe() || is_plain(state) => out.write_str(text).map_err(Error::from),
        Some(text) => escape_to(text, |part| out.write_str(part)).map_err(Error::from),
        None => minijinja::escape_formatter(out, state, value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headlines_are_escaped_before_they_are_broken() {
        assert_eq!(with_breaks("<b>潮汐表", &[9]), "&lt;b&gt;潮汐<wbr>表");
        assert_eq!(with_breaks("潮汐", &[1, 3, 99]), "潮<wbr>汐", "no offset cuts a character");
        assert_eq!(with_breaks("", &[0]), "<wbr>");
    }
}
