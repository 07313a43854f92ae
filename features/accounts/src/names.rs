//! What users may be called.

use kernel::Invalid;
use kernel::confusable::{is_reserved_name, mixes_scripts, poses_as};

use crate::codes;

const NAME_CHARS: usize = 40;

/// `name-empty`, `name-long`.
pub(crate) fn check_name(name: &str, errors: &mut Invalid) {
    if name.is_empty() {
        errors.add("name", codes::NAME_EMPTY);
    } else if name.chars().count() > NAME_CHARS {
        errors.add_limit("name", codes::NAME_LONG, NAME_CHARS as i64);
    }
}

/// What else is asked of a name that somebody chooses: `name-mixed`, and `name-reserved` unless they may speak for the site. `site` is the
/// site's name.
pub(crate) fn check_new_name(name: &str, may_reserved: bool, site: &str, errors: &mut Invalid) {
    if !may_reserved && (is_reserved_name(name) || poses_as(name, site)) {
        errors.add("name", codes::NAME_RESERVED);
    } else if mixes_scripts(name) {
        errors.add("name", codes::NAME_MIXED);
    }
}
