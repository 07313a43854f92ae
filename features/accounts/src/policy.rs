//! Which passwords are taken, and how they are written before they are hashed.

use std::ops::RangeInclusive;

use kernel::Invalid;
use precis_profiles::OpaqueString;
use precis_profiles::precis_core::profile::PrecisFastInvocation;

use crate::codes;

/// The one rule of length, in characters of the normalised password. NIST SP 800-63B, section 3.1.1.2: length is what helps; no rules
/// about digits and signs.
pub const PASSWORD_CHARS: RangeInclusive<usize> = 10..=128;
/// More is not even looked at: no 128 characters are longer, however they were typed.
pub(crate) const PASSWORD_BYTES: usize = 2_048;
/// What this many guesses find is among the first that anybody tries (its power of ten).
const COMMON: f64 = 5.0;
/// A common password is not longer, and estimating takes longer than its length.
const ESTIMATED: usize = 64;

/// The password as it is hashed: RFC 8265, `OpaqueString`. `None` for what cannot be typed everywhere: controls, what is no character,
/// nothing at all.
pub(crate) fn normalise(password: &str) -> Option<String> {
    OpaqueString::enforce(password).ok().map(std::borrow::Cow::into_owned)
}

/// The normalised password, if it may be used; else what is wrong is added. `own` are words that those who know the user try first: the
/// handle, the name, the site's name.
///
/// Codes: `password-short`, `password-long`, `password-form`, `password-own`, `password-common`.
pub(crate) fn check_password(password: &str, own: &[&str], errors: &mut Invalid) -> Option<String> {
    let normal = check_length(password, errors)?;
    if own.iter().any(|word| is_made_of(&normal, word)) {
        errors.add("password", codes::PASSWORD_OWN);
        return None;
    }
    let begin: String = normal.chars().take(ESTIMATED).collect();
    if zxcvbn::zxcvbn(&begin, own).guesses_log10() < COMMON {
        errors.add("password", codes::PASSWORD_COMMON);
        return None;
    }
    Some(normal)
}

/// The same without a judgement of how good it is: for those who answer for the machine.
pub(crate) fn check_length(password: &str, errors: &mut Invalid) -> Option<String> {
    let (least, most) = (*PASSWORD_CHARS.start(), *PASSWORD_CHARS.end());
    if password.len() > PASSWORD_BYTES {
        errors.add_limit("password", codes::PASSWORD_LONG, most as i64);
        return None;
    }
    let Some(normal) = normalise(password) else {
        if password.is_empty() {
            errors.add_limit("password", codes::PASSWORD_SHORT, least as i64);
        } else {
            errors.add("password", codes::PASSWORD_FORM);
        }
        return None;
    };
    let chars = normal.chars().count();
    if chars < least {
        errors.add_limit("password", codes::PASSWORD_SHORT, least as i64);
        return None;
    }
    if chars > most {
        errors.add_limit("password", codes::PASSWORD_LONG, most as i64);
        return None;
    }
    Some(normal)
}

/// Whether nothing but `word` is in the password, however often, and a few digits or signs.
fn is_made_of(password: &str, word: &str) -> bool {
    let letters = |text: &str| {
        text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect::<String>()
    };
    let (password, word) = (letters(password), letters(word));
    !word.is_empty() && !password.is_empty() && password.replace(&word, "").is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(password: &str, own: &[&str]) -> Result<String, &'static str> {
        let mut errors = Invalid::default();
        check_password(password, own, &mut errors).ok_or_else(|| errors.0[0].code)
    }

    #[test]
    fn one_rule_of_length_in_characters() {
        assert_eq!(verdict("kq7 vm2xz", &[]), Err("password-short"));
        assert!(verdict("kq7 vm2xzr", &[]).is_ok());
        assert_eq!(verdict("九个字的口令还太短", &[]), Err("password-short"));
        assert!(verdict("十个字的口令刚刚好吧", &[]).is_ok());
        assert!(verdict(&"长而不重复的口令是好的".repeat(12)[..384], &[]).is_ok());
        assert_eq!(
            verdict(&format!("{}x", &"长而不重复的口令是好的".repeat(12)[..384]), &[]),
            Err("password-long")
        );
        assert_eq!(verdict(&"x".repeat(1_000_000), &[]), Err("password-long"));
        // Ten code points, five characters once they are composed.
        assert_eq!(verdict(&"e\u{301}".repeat(5), &[]), Err("password-short"));
        assert_eq!(verdict("", &[]), Err("password-short"));
    }

    #[test]
    fn what_everybody_tries_is_refused() {
        for common in [
            "1234567890",
            "qwertyuiop",
            "password123",
            "aaaaaaaaaaaa",
            "iloveyou123",
            "P@ssw0rd123",
            "1111111111",
            "abcdefghij",
        ] {
            assert_eq!(verdict(common, &[]), Err("password-common"), "{common}");
        }
        for good in [
            "a long password",
            "correct horse battery staple",
            "another password",
            "八个字的口令也行吗啊",
            "long enough",
            "byline-demo",
        ] {
            assert!(verdict(good, &[]).is_ok(), "{good}");
        }
    }

    #[test]
    fn ones_own_name_is_no_password() {
        let own = ["nanpo-observer", "南坡观察", "Harbour Line"];
        for password in [
            "nanpo-observer",
            "NanpoObserver2024",
            "南坡观察南坡观察南坡观察",
            "harbour line!",
            "Harbour-Line-1",
        ] {
            assert_eq!(verdict(password, &own), Err("password-own"), "{password}");
        }
        assert!(verdict("harbour lanterns at dusk", &own).is_ok());
        assert!(verdict("correct horse battery", &["", "42"]).is_ok());
    }

    #[test]
    fn spelled_in_one_way() {
        // RFC 8265, section 4.3: other spaces are spaces, letters are composed, cases stay.
        assert_eq!(normalise("a\u{a0}b\u{3000}c").as_deref(), Some("a b c"));
        assert_eq!(normalise("Cafe\u{301}").as_deref(), Some("Caf\u{e9}"));
        assert_eq!(verdict("ten chars\u{7}!", &[]), Err("password-form"));
    }
}
