//! What is set of the site as a whole.

use kernel::Locale;

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

pub static ALL: [&Declared; 6] = [
    NAME.declared(),
    TAGLINE.declared(),
    LOCALE.declared(),
    ZONE.declared(),
    CONTACT.declared(),
    LICENCE.declared(),
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
}
