//! All that can be set, as a file.

use anyhow::Result;
use documented::DocumentedFields;
use kernel::Locale;
use settings::{Input, READABLE, site};
use web::render::Messages;

use super::{Config, IN_THE_FILE, SWITCHES};

/// All settings as a file that may be kept: what each means, how its variable is called, what it is where nobody sets it.
pub fn reference() -> Result<String> {
    let defaults = toml::Table::try_from(Config::default())?;
    let mut text = INTRODUCTION.to_owned();
    for (name, docs) in Config::FIELD_NAMES.iter().zip(Config::FIELD_DOCS) {
        for line in docs.lines() {
            text += &format!("\n# {line}");
        }
        let value = defaults.get(*name).map(ToString::to_string);
        let kind = match defaults.get(*name) {
            Some(toml::Value::Boolean(_)) => "true or false",
            None if SWITCHES.contains(name) => "true or false",
            Some(toml::Value::Integer(_)) => "a number",
            Some(toml::Value::Array(_)) => "a list with commas between",
            _ => "a text",
        };
        if IN_THE_FILE.contains(name) {
            text += "\n# In the file alone\n";
        } else {
            text += &format!("\n# BYLINE_{}, {kind}\n", name.to_uppercase());
        }
        text += &format!("#{name} = {}\n", value.as_deref().unwrap_or("\"\""));
    }
    text += SET_IN_THE_SITE;
    let messages = Messages::embedded()?;
    for of in site::ALL.into_iter().chain(services::declared()) {
        let says = |what: &str| messages.say(Locale::En, &format!("setting-{}{what}", of.message()), &[]);
        text += &format!(
            "\n# {} = {:?} ({})\n# {}. {}\n",
            of.name,
            of.default,
            bounds(of.input),
            says(""),
            says("-what")
        );
    }
    Ok(text)
}

/// What a setting may be.
pub fn bounds(input: Input) -> String {
    match input {
        Input::Switch => "on or off".to_owned(),
        Input::Number(least, most) => format!("a number from {least} to {most}"),
        Input::Line(most) => format!("one line, at most {most} characters"),
        Input::Needed(most) => format!("one line, 1 to {most} characters"),
        Input::Choice(among) => among.join(" or "),
        Input::Zone => "a time zone by its IANA name".to_owned(),
        Input::Email => "an e-mail address, or empty".to_owned(),
        Input::Colour(_) => {
            format!(
                "a colour as #rrggbb with a contrast of at least {READABLE} to the theme's light surfaces, or empty"
            )
        }
        Input::Picture => "the hash of a picture, which /admin/settings uploads, or empty".to_owned(),
    }
}

const SET_IN_THE_SITE: &str = "
# Settings that live in the site, with their defaults: set at /admin/settings or by `byline settings set NAME VALUE`, in force within a second on all
# nodes, without a restart.
";

const INTRODUCTION: &str = "\
# Settings of Byline, with what each is where nobody sets it: printed by `byline config reference`.
# A value comes from the first of these that has it: the command line (--data), the environment (the name below each description), the file
# that --config or BYLINE_CONFIG names (else byline.toml in the working directory), the default. Relative paths start from the working directory.
# `byline config check` tries them.
";
