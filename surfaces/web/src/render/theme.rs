//! A theme: templates and assets, embedded, with a folder on disk over them file by file.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use include_dir::{Dir, DirEntry, include_dir};
use kernel::{Error, Result};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use serde::Deserialize;

use super::asset::Asset;
use super::html::Html;
use super::scope::Scope;
use super::{Messages, PageLayout, Part, View, filters};
use crate::encode::Coding;

static DEFAULT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../themes/default");

/// The interface between pages and themes that this code speaks.
const API: u32 = 1;

#[derive(Deserialize)]
struct Manifest {
    api: u32,
    name: String,
}

/// What a folder does to the default theme: paths below it.
pub struct Overrides {
    pub replaced: Vec<String>,
    /// Files that the default theme does not have.
    pub added: Vec<String>,
}

/// Compiled templates, assets and messages. Made once; share it in an `Arc`.
pub struct Theme {
    name: String,
    env: Environment<'static>,
    assets: Arc<BTreeMap<String, Asset>>,
    messages: Arc<Messages>,
}

impl Theme {
    /// The default theme with the files of `folder` in the place of its own. Every template is compiled here, so a broken one
    /// stops the start and not a reader.
    pub fn load(folder: Option<&Path>) -> Result<Self> {
        let mut files = BTreeMap::new();
        collect_embedded(&DEFAULT, &mut files);
        if let Some(folder) = folder {
            collect_folder(folder, folder, &mut files)?;
        }
        let manifest = manifest(&files)?;
        let messages = Arc::new(Messages::embedded()?);
        let mut env = environment();
        let mut assets = BTreeMap::new();
        for (path, bytes) in &files {
            if let Some(name) = path.strip_prefix("templates/") {
                let source =
                    String::from_utf8(bytes.to_vec()).map_err(|_| theme_error(path, "is not UTF-8"))?;
                env.add_template_owned(name.to_owned(), source)
                    .map_err(|error| theme_error(path, &chain(&error)))?;
            } else if let Some(name) = path.strip_prefix("assets/") {
                assets.insert(name.to_owned(), Asset::new(name, bytes));
            }
        }
        let assets = Arc::new(assets);
        filters::install(&mut env, assets.clone());
        Ok(Self { name: manifest.name, env, assets, messages })
    }

    /// What the files of `folder` stand in the place of. Templates that the default theme lacks are used by others of the folder at most.
    pub fn overrides(folder: &Path) -> Result<Overrides> {
        let (mut default, mut own) = (BTreeMap::new(), BTreeMap::new());
        collect_embedded(&DEFAULT, &mut default);
        collect_folder(folder, folder, &mut own)?;
        let (replaced, added) = own.into_keys().partition(|path| default.contains_key(path));
        Ok(Overrides { replaced, added })
    }

    /// Writes the default theme into `folder`, which must be empty or not there; says how many files.
    pub fn eject(folder: &Path) -> Result<usize> {
        std::fs::create_dir_all(folder)?;
        if std::fs::read_dir(folder)?.next().is_some() {
            return Err(theme_error(&folder.to_string_lossy(), "is not empty"));
        }
        let mut files = BTreeMap::new();
        collect_embedded(&DEFAULT, &mut files);
        for (path, bytes) in &files {
            let path = folder.join(path);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, bytes)?;
        }
        Ok(files.len())
    }

    /// Tells between which words a headline may be broken: the byte offsets at which a line may begin, ascending. Without it
    /// browsers break Chinese anywhere.
    #[must_use]
    pub fn with_line_breaks(mut self, line_breaks: fn(&str) -> Vec<usize>) -> Self {
        filters::install_breaks(&mut self.env, line_breaks);
        self
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn messages(&self) -> &Messages {
        &self.messages
    }

    pub fn asset(&self, path: &str) -> Option<&Asset> {
        self.assets.get(path)
    }

    /// Compresses every asset, so that no visitor waits for it.
    pub fn compress(&self) {
        for asset in self.assets.values() {
            asset.encoded(Coding::Brotli);
            asset.encoded(Coding::Gzip);
        }
    }

    /// The names of all templates.
    pub fn templates(&self) -> impl Iterator<Item = &str> {
        self.env.templates().map(|(name, _)| name)
    }

    /// A template as it was written.
    pub fn source(&self, template: &str) -> Option<String> {
        self.env.get_template(template).ok().map(|template| template.source().to_owned())
    }

    /// A whole page. The view fills in what it knows of the head ([`View::fill_head`]).
    pub fn render<V: View>(&self, page: &PageLayout, view: &V) -> Result<String> {
        let mut page = page.clone();
        view.fill_head(&mut page);
        let scope = self.scope(&page);
        self.template(
            V::TEMPLATE,
            context! { page => Value::from(Serde(&page)), view => Value::from(Serde(view)), scope },
        )
    }

    /// One piece of a page, as it stands in it.
    pub fn render_part<P: Part>(&self, page: &PageLayout, part: &P) -> Result<Html> {
        let scope = self.scope(page);
        let html = self.template(
            P::TEMPLATE,
            context! { page => Value::from(Serde(page)), part => Value::from(Serde(part)), scope },
        )?;
        Ok(Html::rendered(html))
    }

    pub(super) fn scope(&self, page: &PageLayout) -> Value {
        Scope::new(self.messages.clone(), page).into_value()
    }

    pub(super) fn template(&self, name: &str, context: Value) -> Result<String> {
        let template = self.env.get_template(name).map_err(|error| theme_error(name, &chain(&error)))?;
        template.render(context).map_err(|error| theme_error(name, &chain(&error)))
    }

    /// A template, and one of its blocks alone.
    pub(super) fn text_with_block(
        &self,
        name: &str,
        block: &str,
        context: Value,
    ) -> Result<(String, String)> {
        let fault = |error: minijinja::Error| theme_error(name, &chain(&error));
        let template = self.env.get_template(name).map_err(fault)?;
        let mut rendered = template.render_captured(context).map_err(fault)?;
        let block = rendered.with_state_mut(|state| state.render_block(block)).map_err(fault)?;
        Ok((rendered.into_output(), block))
    }
}

fn environment() -> Environment<'static> {
    let mut env = Environment::new();
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true);
    if let Ok(syntax) = syntax.build() {
        env.set_syntax(syntax);
    }
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    // Plain text is for mail alone.
    env.set_auto_escape_callback(|name| match name.strip_suffix(".txt") {
        Some(_) => AutoEscape::None,
        None => AutoEscape::Html,
    });
    env.set_formatter(filters::write_value);
    env
}

fn manifest(files: &BTreeMap<String, Bytes>) -> Result<Manifest> {
    let text = files.get("theme.toml").ok_or_else(|| theme_error("theme.toml", "is missing"))?;
    let manifest: Manifest =
        toml::from_slice(text).map_err(|error| theme_error("theme.toml", &error.to_string()))?;
    if manifest.api == API {
        return Ok(manifest);
    }
    Err(theme_error("theme.toml", &format!("speaks api {}, this version speaks {API}", manifest.api)))
}

fn collect_embedded(dir: &Dir<'static>, files: &mut BTreeMap<String, Bytes>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(dir) => collect_embedded(dir, files),
            DirEntry::File(file) => {
                if let Some(path) = file.path().to_str() {
                    files.insert(path.replace('\\', "/"), Bytes::from_static(file.contents()));
                }
            }
        }
    }
}

fn collect_folder(root: &Path, folder: &Path, files: &mut BTreeMap<String, Bytes>) -> Result<()> {
    let unreadable = |error: std::io::Error| theme_error(&folder.to_string_lossy(), &error.to_string());
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            collect_folder(root, &path, files)?;
        } else if let Some(name) = path.strip_prefix(root).ok().and_then(Path::to_str) {
            files.insert(name.replace('\\', "/"), Bytes::from(std::fs::read(&path).map_err(unreadable)?));
        }
    }
    Ok(())
}

fn theme_error(what: &str, why: &str) -> Error {
    Error::internal(format!("theme: {what}: {why}"))
}

/// An error of the template engine with those it came from: the cause in an included template stands last.
fn chain(error: &minijinja::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        let _ = write!(text, "; {error}");
        source = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Locale, Markup};
    use serde::Serialize;

    use crate::render::Html;

    #[derive(Serialize)]
    struct Probe {
        text: String,
        html: Html,
        nothing: Option<String>,
    }
    impl View for Probe {
        const TEMPLATE: &'static str = "probe.html";
        fn samples(_: Locale) -> Vec<Self> {
            vec![Self { text: "<script>".into(), html: Markup::sanitise("<p>ok</p>").into(), nothing: None }]
        }
    }

    fn with_probe(source: &str) -> Result<String> {
        let dir = tempfile::tempdir()?;
        std::fs::create_dir_all(dir.path().join("templates"))?;
        std::fs::write(dir.path().join("templates/probe.html"), source)?;
        let theme = Theme::load(Some(dir.path()))?;
        theme.render(&PageLayout::sample(Locale::En), &Probe::samples(Locale::En)[0])
    }

    #[test]
    fn only_markup_is_written_as_it_is() {
        assert_eq!(
            with_probe("{{ view.text }}{{ view.html }}{{ view.nothing }}|").unwrap(),
            "&lt;script&gt;<p>ok</p>|"
        );
        assert!(with_probe("{{ view.text|safe }}").is_err(), "there is no such filter");
        assert_eq!(
            with_probe("{{ jsonld({'a': view.text ~ '</script>'}) }}").unwrap(),
            r#"{"a":"\u003cscript\u003e\u003c/script\u003e"}"#
        );
    }

    #[test]
    fn what_is_missing_is_an_error() {
        for source in [
            "{{ view.nonsense }}",
            "{{ t('no-such-key') }}",
            "{{ asset('no.css') }}",
            "{% if view.x %}{% endif %}",
        ] {
            assert!(with_probe(source).is_err(), "{source}");
        }
        assert!(with_probe("{{").is_err(), "does not compile");
        assert_eq!(
            with_probe("{{ said('error', 'no-such-code') }}").unwrap(),
            "This cannot be accepted as it is."
        );
    }

    #[test]
    fn functions_know_the_page() {
        assert_eq!(
            with_probe("{% macro m() %}{{ t('time-minutes', n=3) }}{{ switch('lang', 'zh-CN') }}{{ lang('zh') }}{{ lang('en-GB') }}{{ guess('潮汐') }}{{ guess('Hi') }}{{ dir('ar') }}{{ dir('und') }}{{ dir() }}{% endmacro %}{{ m() }}")
                .unwrap(),
            "3 min ago/?lang=zh-CN lang=\"zh\" lang=\"zh\" lang=\"\" dir=\"rtl\" dir=\"auto\" dir=\"auto\""
        );
    }

    #[test]
    fn a_folder_overrides_file_by_file_and_must_speak_this_api() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("assets")).unwrap();
        std::fs::write(dir.path().join("assets/site.css"), "a{}").unwrap();
        let theme = Theme::load(Some(dir.path())).unwrap();
        let own = theme.asset("site.css").unwrap();
        assert_eq!((&own.bytes[..], own.mime, own.hash.len()), (&b"a{}"[..], "text/css; charset=utf-8", 12));
        assert!(theme.asset("care.css").is_some(), "the default's");
        let (first, again) = (own.encoded(Coding::Gzip).1, own.encoded(Coding::Gzip).1);
        assert_eq!(first.as_ptr(), again.as_ptr(), "compressed once");
        std::fs::write(dir.path().join("theme.toml"), "api = 2\nname = \"x\"").unwrap();
        assert!(Theme::load(Some(dir.path())).is_err());
        assert!(Theme::load(Some(&dir.path().join("nowhere"))).is_err());
    }
}
