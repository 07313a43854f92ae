//! Colours that pages carry as classes and attributes: the content security policy allows no inline style.

use std::fmt::Write;

use kernel::Colour;
use serde::Serialize;
use settings::{READABLE, site};
use sha2::{Digest, Sha256};

use super::NavChannel;

/// The class of a picture's placeholder colour: `#rrggbb` in steps of four a part, `ph-000` to `ph-333`.
/// What is no colour gets the paper's.
pub fn placeholder_class(colour: &str) -> String {
    let step = |at: usize| {
        let part = colour.strip_prefix('#').filter(|hex| hex.len() == 6)?.get(at..at + 2)?;
        u8::from_str_radix(part, 16).ok().map(|n| n / 64)
    };
    match (step(0), step(2), step(4)) {
        (Some(r), Some(g), Some(b)) => format!("ph-{r}{g}{b}"),
        _ => "ph-none".to_owned(),
    }
}

/// The generated style sheet `/assets/channels.css`: `--channel` for `data-channel="slug"`, and the placeholder classes.
pub fn channels_css(channels: &[NavChannel]) -> String {
    let mut css = String::with_capacity(4096);
    for channel in channels {
        if is_colour(&channel.colour) {
            let _ = writeln!(css, "[data-channel={:?}]{{--channel:{}}}", channel.slug, channel.colour);
        }
    }
    for n in 0..64u32 {
        // The middle of the step, drawn a little towards grey: a placeholder must not shout before the picture is there.
        let part = |step: u32| (step * 64 + 32) * 3 / 4 + 32;
        let (r, g, b) = (n / 16, n / 4 % 4, n % 4);
        let _ = writeln!(
            css,
            ".ph-{r}{g}{b}{{background:#{:02x}{:02x}{:02x}}}",
            part(r).min(255),
            part(g).min(255),
            part(b).min(255)
        );
    }
    css
}

/// In the care edition and in high contrast (WCAG 2.2, 1.4.6).
const WELL_READABLE: f64 = 7.0;

/// The accent colour of a site that has one of its own, for every shade and edition. One colour cannot be read both by day and by night, so
/// the others are made of the one that is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Accent {
    /// Address of [`Accent::css`], which changes with it.
    pub href: String,
    /// `#rrggbb` by day and by night, each with what is written on it: for mail, which fetches nothing.
    pub light: String,
    pub on_light: String,
    pub dark: String,
    pub on_dark: String,
    /// The style sheet `/assets/accent.css`.
    #[serde(skip)]
    pub css: String,
}

impl Accent {
    pub fn of(colour: Colour) -> Self {
        let (light, dark) =
            (colour.readable_on(site::LIGHT, READABLE), colour.readable_on(site::DARK, READABLE));
        let (clear, bright) = (
            light.readable_on(site::LIGHT, WELL_READABLE),
            dark.readable_on(site::DARK, WELL_READABLE),
        );
        let set = |colour: Colour| format!("{{--accent:{colour};--on-accent:{}}}", colour.ink());
        let clearly = ":is([data-edition=\"care\"],[data-contrast])";
        // Behind the theme's sheets, and as specific as what it stands for there.
        let css = format!(
            "@media screen{{\n:root{}\n:root{clearly}{}\n\
             @media (prefers-color-scheme:dark){{\n:root:not([data-shade=\"light\"]){}\n:root:not([data-shade=\"light\"]){clearly}{}\n}}\n\
             :root[data-shade=\"dark\"]{}\n:root[data-shade=\"dark\"]{clearly}{}\n}}\n",
            set(light),
            set(clear),
            set(dark),
            set(bright),
            set(dark),
            set(bright),
        );
        let hash = Sha256::digest(&css);
        let href =
            format!("/assets/accent.css?v={:02x}{:02x}{:02x}{:02x}", hash[0], hash[1], hash[2], hash[3]);
        Self {
            href,
            light: light.to_string(),
            on_light: light.ink().to_string(),
            dark: dark.to_string(),
            on_dark: dark.ink().to_string(),
            css,
        }
    }
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|hex| matches!(hex.len(), 3 | 6) && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        assert_eq!(placeholder_class("#00407f"), "ph-011");
        assert_eq!(placeholder_class("#ffffff"), "ph-333");
        assert_eq!(placeholder_class("red"), "ph-none");
        assert_eq!(placeholder_class("#é0000"), "ph-none");
    }

    #[test]
    fn a_colour_cannot_carry_rules() {
        let channel =
            |colour: &str| NavChannel { slug: "tech".into(), name: "科技".into(), colour: colour.into() };
        assert!(
            channels_css(&[channel("#1f6feb")]).starts_with("[data-channel=\"tech\"]{--channel:#1f6feb}\n")
        );
        assert!(!channels_css(&[channel("red}body{display:none")]).contains("body"));
        assert_eq!(channels_css(&[]).matches(".ph-").count(), 64);
    }

    #[test]
    fn an_accent_is_read_in_every_shade_and_edition() {
        for set in ["#b3261e", "#1a5fb4", "#0b6b3a", "#6b2fb3", "#000000", "#5a4a00"] {
            let set = Colour::parse(set).unwrap();
            let accent = Accent::of(set);
            assert_eq!(accent.light, set.to_string(), "what can be read by day is taken as it is");
            // Each rule by what it is for: the surfaces it stands on, and how well it has to be read.
            let mut rules = 0;
            for line in accent.css.lines().filter(|line| line.contains("--accent:")) {
                let colour = |name: &str| {
                    let (_, rest) = line.split_once(name).unwrap();
                    Colour::parse(&rest[..7]).unwrap()
                };
                let (accent, on) = (colour("--accent:"), colour("--on-accent:"));
                let dark = line.contains("data-shade");
                let least = if line.contains("data-contrast") { WELL_READABLE } else { READABLE };
                let surfaces = if dark { site::DARK } else { site::LIGHT };
                assert!(accent.least_contrast(surfaces) >= least, "{set}: {line}");
                assert!(accent.contrast(on) >= READABLE, "{set}: {line}");
                rules += 1;
            }
            assert_eq!(rules, 6);
        }
        let (one, other) = (Colour::new(1, 2, 3), Colour::new(1, 2, 4));
        assert_ne!(Accent::of(one).href, Accent::of(other).href);
    }

    /// Colours are checked against these surfaces: the theme has them.
    #[test]
    fn the_surfaces_are_those_of_the_theme() {
        let theme = crate::render::Theme::load(None).unwrap();
        let css = String::from_utf8(theme.asset("site.css").unwrap().bytes.to_vec()).unwrap();
        let tokens = |paper: Colour, tint: Colour| {
            (css.contains(&format!("--paper: {paper};")), css.contains(&format!("--tint: {tint};")))
        };
        assert_eq!(tokens(site::LIGHT[0], site::LIGHT[1]), (true, true));
        assert_eq!(tokens(site::DARK[0], site::DARK[1]), (true, true));
    }
}
