//! The language of an article from elsewhere.

use kernel::lang;

/// What a text is too short to tell the source may: its language where there is no sure guess. Else the text is right: many blogs say
/// `en-US` because their program did.
pub fn language(declared: Option<&str>, text: &str) -> Option<String> {
    let declared = declared?.split(['-', '_']).next()?.trim().to_ascii_lowercase();
    let well_formed = (2..=3).contains(&declared.len()) && declared.bytes().all(|b| b.is_ascii_lowercase());
    (well_formed && lang::guess(text) == lang::UNKNOWN).then_some(declared)
}
