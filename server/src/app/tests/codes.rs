//! Each code that a crate gives has its words.

use kernel::Locale;
use web::render::Messages;

macro_rules! all {
    ($list:ident: $($krate:ident)+) => { [$((stringify!($krate), $krate::codes::$list)),+] };
}

#[test]
fn every_code_has_its_words_in_both_languages() {
    let errors = all!(ERRORS: accounts admin api articles authors blocks comments db editorial events follows jobs kernel mail media moderation notify recommend settings site studio web);
    let conflicts = all!(CONFLICTS: accounts admin api articles authors blocks comments db editorial events follows jobs kernel mail media moderation notify recommend settings site studio web);
    for locale in Locale::ALL {
        let keys = Messages::keys(locale);
        for (family, crates) in [("error", errors), ("conflict", conflicts)] {
            let mut asked = 0;
            for (name, codes) in crates {
                for code in codes {
                    assert!(
                        keys.contains(&format!("{family}-{code}")),
                        "{name}: no {family}-{code} in {}",
                        locale.tag()
                    );
                    asked += 1;
                }
            }
            assert!(asked > 20, "{asked} of {family}");
        }
    }
}
