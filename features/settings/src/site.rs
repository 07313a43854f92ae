//! What is set of the site as a whole.

use kernel::{Colour, Locale, colour};

use crate::setting::{Declared, Input, Setting};

/// Characters.
pub const NAME_MAX: usize = 40;
pub const TAGLINE_MAX: usize = 120;

pub static NAME: Setting<String> = Setting::new("site.name", Input::Needed(NAME_MAX), "Byline");
/// What stands under the name.
pub static TAGLINE: Setting<String> = Setting::new("site.tagline", Input::Line(TAGLINE_MAX), "");
/// Of feeds, and of visitors whose browser asks for no language that the site speaks.
pub static LOCALE: Setting<Locale> = Setting::new("site.locale", Input::Choice(&["zh-CN", "en"]), "zh-CN");
/// In which times are shown, and in which authors schedule.
pub static ZONE: Setting<String> = Setting::new("site.zone", Input::Zone, "Asia/Shanghai");
/// Address that readers write to.
pub static CONTACT: Setting<String> = Setting::new("site.contact", Input::Email, "");
/// A line at the foot: rights, registration number.
pub static LICENCE: Setting<String> = Setting::new("site.licence", Input::Line(200), "");
/// Of what can be pressed, what stands out, and what is wrong: on the surfaces of the light; those of the dark get a lighter one, made of it.
pub static ACCENT: Setting<String> = Setting::new("site.accent", Input::Colour(LIGHT), "");
/// Stands beside the name, and for the site where others show it.
pub static LOGO: Setting<String> = Setting::new("site.logo", Input::Picture, "");

/// Whether the logo stands in place of the name in the bar.
pub static LOGO_ALONE: Setting<bool> = Setting::new("site.logo-alone", Input::Switch, "off");

/// What the default theme lays text on by day and by night: paper, tint, and the paper of high contrast and of mail. A test of the theme
/// holds that these are its colours.
pub const LIGHT: &[Colour] = &[Colour::new(0xfb, 0xfa, 0xf7), Colour::new(0xf3, 0xf0, 0xe8), colour::WHITE];
pub const DARK: &[Colour] = &[Colour::new(0x15, 0x14, 0x12), Colour::new(0x1f, 0x1d, 0x1a), colour::BLACK];

pub static ALL: [&Declared; 9] = [
    NAME.declared(),
    TAGLINE.declared(),
    LOCALE.declared(),
    ZONE.declared(),
    CONTACT.declared(),
    LICENCE.declared(),
    ACCENT.declared(),
    LOGO.declared(),
    LOGO_ALONE.declared(),
];

/// What the site is called, what it speaks, and which clock it goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub name: String,
    /// May be empty.
    pub tagline: String,
    pub locale: Locale,
    /// IANA name, e.g. `Asia/Shanghai`.
    pub zone: String,
    /// May be empty.
    pub contact: String,
    /// May be empty.
    pub licence: String,
    /// Where one is set.
    pub accent: Option<Colour>,
    /// Hash of a picture, where one is set.
    pub logo: Option<String>,
    /// It stands in place of the name.
    pub logo_alone: bool,
}
