//! Colours as a site sets them, and whether what is written in them can be read (WCAG 2.2, 1.4.3 and "relative luminance").

use std::fmt;

/// In sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

pub const BLACK: Colour = Colour::new(0, 0, 0);
pub const WHITE: Colour = Colour::new(255, 255, 255);

impl Colour {
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Of `#rrggbb`, in letters of either case.
    pub fn parse(text: &str) -> Option<Self> {
        let hex = text.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.is_ascii())?;
        let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).ok();
        // A sign would be taken for a part of the number.
        let digits = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        digits.then_some(Self::new(part(0)?, part(2)?, part(4)?))
    }

    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// From 1 (the same) to 21 (black on white).
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// The least contrast with any of these.
    pub fn least_contrast(self, surfaces: &[Self]) -> f64 {
        surfaces.iter().map(|&surface| self.contrast(surface)).fold(21.0, f64::min)
    }

    /// Nearest to this what has at least that contrast with all of these: this, or a mixture with as little black or white as does. Where
    /// neither does, the better of the two.
    #[must_use]
    pub fn readable_on(self, surfaces: &[Self], contrast: f64) -> Self {
        let fits = |colour: &Self| colour.least_contrast(surfaces) >= contrast;
        let mixtures = (0..=256).flat_map(|share| [self.mixed(BLACK, share), self.mixed(WHITE, share)]);
        mixtures.into_iter().find(fits).unwrap_or_else(|| Self::on_which_to_write(surfaces))
    }

    /// Black or white, whichever is read better on this.
    #[must_use]
    pub fn ink(self) -> Self {
        Self::on_which_to_write(&[self])
    }

    fn on_which_to_write(surfaces: &[Self]) -> Self {
        if BLACK.least_contrast(surfaces) > WHITE.least_contrast(surfaces) { BLACK } else { WHITE }
    }

    /// With `share` parts of 256 of another.
    fn mixed(self, other: Self, share: u16) -> Self {
        let mix = |own: u8, other: u8| {
            ((u16::from(own) * (256 - share) + u16::from(other) * share) / 256).min(255) as u8
        };
        Self::new(mix(self.red, other.red), mix(self.green, other.green), mix(self.blue, other.blue))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_colour_is_six_digits() {
        assert_eq!(Colour::parse("#B3261e").unwrap().to_string(), "#b3261e");
        for wrong in ["", "#", "b3261e", "#b3261", "#b3261e0", "#+3261e", "#\u{e9}261e", "red", "#b3261e;"] {
            assert_eq!(Colour::parse(wrong), None, "{wrong}");
        }
    }

    /// Values that other tools give (WebAIM's contrast checker).
    #[test]
    fn contrast_is_as_others_compute_it() {
        let check = |one: &str, other: &str, want: f64| {
            let contrast = Colour::parse(one).unwrap().contrast(Colour::parse(other).unwrap());
            assert!((contrast - want).abs() < 0.01, "{one} {other}: {contrast}");
        };
        check("#000000", "#ffffff", 21.0);
        check("#777777", "#ffffff", 4.48);
        check("#767676", "#ffffff", 4.54);
        check("#ff0000", "#ffffff", 4.0);
        check("#1f6feb", "#1f6feb", 1.0);
    }

    #[test]
    fn the_nearest_that_can_be_read_is_a_little_darker_or_lighter() {
        let paper = [WHITE];
        let grey = Colour::parse("#777777").unwrap().readable_on(&paper, 4.5);
        assert!(grey.contrast(WHITE) >= 4.5 && grey.contrast(WHITE) < 4.6, "{grey}");
        let fine = Colour::parse("#1a5fb4").unwrap();
        assert_eq!(fine.readable_on(&paper, 4.5), fine);
        assert!(fine.readable_on(&[BLACK], 4.5).contrast(BLACK) >= 4.5);
        // Nothing is read on both.
        assert!(matches!(fine.readable_on(&[BLACK, WHITE], 7.0), BLACK | WHITE));
        assert_eq!((fine.ink(), Colour::parse("#ffd400").unwrap().ink()), (WHITE, BLACK));
    }

    proptest! {
        #[test]
        fn what_is_suggested_can_be_read(red: u8, green: u8, blue: u8) {
            let colour = Colour::new(red, green, blue);
            for surface in [WHITE, BLACK, Colour::new(0xf3, 0xf0, 0xe8), Colour::new(0x1f, 0x1d, 0x1a)] {
                prop_assert!(colour.readable_on(&[surface], 7.0).contrast(surface) >= 7.0);
            }
            prop_assert_eq!(Colour::parse(&colour.to_string()), Some(colour));
            prop_assert!(colour.contrast(colour.ink()) >= 4.5);
        }
    }
}
