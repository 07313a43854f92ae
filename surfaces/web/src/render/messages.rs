//! What the interface says: Fluent messages of the embedded `locales/`.

use std::collections::{BTreeSet, HashMap};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use include_dir::{Dir, include_dir};
use kernel::{Error, Locale, Result};
use minijinja::Value;
use unic_langid::LanguageIdentifier;

static LOCALES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../locales");

/// Every message in every language of the interface.
pub struct Messages {
    bundles: Vec<(Locale, Bundle)>,
}

struct Bundle {
    messages: FluentBundle<FluentResource>,
    /// Those that take no arguments: most of what a page says, ready for it.
    constants: HashMap<String, Value>,
}

impl Messages {
    /// Reads `locales/<tag>/*.ftl`. A message that is said twice is an error, so no file can shadow another.
    pub fn embedded() -> Result<Self> {
        let bundles = Locale::ALL.into_iter().map(|locale| Ok((locale, bundle(locale)?)));
        Ok(Self { bundles: bundles.collect::<Result<_>>()? })
    }

    fn bundle(&self, locale: Locale) -> Option<&Bundle> {
        self.bundles.iter().find(|(of, _)| *of == locale).map(|(_, bundle)| bundle)
    }

    /// A message that takes no arguments.
    pub(super) fn constant(&self, locale: Locale, key: &str) -> Option<Value> {
        self.bundle(locale)?.constants.get(key).cloned()
    }

    /// The message, or `None` if there is no such key or an argument is missing.
    pub fn find(&self, locale: Locale, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
        let bundle = &self.bundle(locale)?.messages;
        let pattern = bundle.get_message(key)?.value()?;
        let mut faults = Vec::new();
        let said = bundle.format_pattern(pattern, args, &mut faults).into_owned();
        if !faults.is_empty() {
            tracing::error!(key, locale = locale.tag(), ?faults, "message not complete");
            return None;
        }
        Some(said)
    }

    /// The message, with numbers put in; the key itself where there is none.
    pub fn say(&self, locale: Locale, key: &str, args: &[(&str, i64)]) -> String {
        let args = args.iter().map(|(name, n)| (*name, FluentValue::from(*n))).collect();
        self.say_values(locale, key, &args)
    }

    /// The message, with texts put in; the key itself where there is none.
    pub fn say_text(&self, locale: Locale, key: &str, args: &[(&str, &str)]) -> String {
        let args = args.iter().map(|(name, text)| (*name, FluentValue::from(*text))).collect();
        self.say_values(locale, key, &args)
    }

    /// The message, with texts and numbers put in.
    pub fn say_with(
        &self,
        locale: Locale,
        key: &str,
        texts: &[(&str, &str)],
        numbers: &[(&str, i64)],
    ) -> String {
        let texts = texts.iter().map(|(name, text)| (*name, FluentValue::from(*text)));
        let numbers = numbers.iter().map(|(name, n)| (*name, FluentValue::from(*n)));
        self.say_values(locale, key, &texts.chain(numbers).collect())
    }

    fn say_values(&self, locale: Locale, key: &str, args: &FluentArgs<'_>) -> String {
        self.find(locale, key, Some(args)).unwrap_or_else(|| {
            tracing::error!(key, locale = locale.tag(), "no such message");
            key.to_owned()
        })
    }

    /// The keys of a language, as written in its files.
    pub fn keys(locale: Locale) -> BTreeSet<String> {
        let lines = sources(locale).flat_map(|(_, text)| text.lines());
        let key = |line: &str| line.split_once('=').map(|(key, _)| key.trim().to_owned());
        lines.filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase())).filter_map(key).collect()
    }
}

fn sources(locale: Locale) -> impl Iterator<Item = (&'static str, &'static str)> {
    let files = LOCALES.get_dir(locale.tag()).into_iter().flat_map(Dir::files);
    files.filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)))
}

fn bundle(locale: Locale) -> Result<Bundle> {
    let id: LanguageIdentifier = locale.tag().parse().map_err(Error::internal)?;
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // The marks that Fluent would put around arguments are for mixed directions; they end up in titles and addresses.
    bundle.set_use_isolating(false);
    for (path, text) in sources(locale) {
        let resource = FluentResource::try_new(text.to_owned())
            .map_err(|(_, faults)| Error::internal(format!("{path}: {faults:?}")))?;
        bundle.add_resource(resource).map_err(|faults| Error::internal(format!("{path}: {faults:?}")))?;
    }
    let constants = Messages::keys(locale).into_iter().filter_map(|key| {
        let mut faults = Vec::new();
        let said = bundle.format_pattern(bundle.get_message(&key)?.value()?, None, &mut faults);
        faults.is_empty().then(|| (key.clone(), Value::from(&*said)))
    });
    let constants = constants.collect();
    Ok(Bundle { messages: bundle, constants })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_same_things() {
        Messages::embedded().unwrap();
        let (zh, en) = (Messages::keys(Locale::ZhCn), Messages::keys(Locale::En));
        assert_eq!(zh.difference(&en).collect::<Vec<_>>(), [""; 0], "only in zh-CN");
        assert_eq!(en.difference(&zh).collect::<Vec<_>>(), [""; 0], "only in en");
    }

    #[test]
    fn plurals_and_missing_keys() {
        let messages = Messages::embedded().unwrap();
        assert_eq!(messages.say(Locale::En, "comment-count", &[("n", 1)]), "1 comment");
        assert_eq!(messages.say(Locale::En, "comment-count", &[("n", 2)]), "2 comments");
        assert_eq!(messages.find(Locale::En, "no-such-key", None), None);
        assert_eq!(messages.find(Locale::En, "comment-count", None), None, "an argument is missing");
    }
}
