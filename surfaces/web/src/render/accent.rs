//! The colour of a site, as a style sheet of its own: the content security policy allows no inline style.

use kernel::Colour;
use serde::Serialize;
use settings::{READABLE, site};
use sha2::{Digest, Sha256};

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
        let (clear, bright) =
            (light.readable_on(site::LIGHT, WELL_READABLE), dark.readable_on(site::DARK, WELL_READABLE));
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

#[cfg(test)]
mod tests {
    use super::*;

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
