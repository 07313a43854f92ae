//! Codes on paper, for whoever lost their second factor.

use kernel::{Env, UserId};

use crate::token::hash;

pub(crate) const CODES: usize = 10;
/// 80 bits: no list of hashes is tried out against that, so nothing slower than SHA-256 is needed.
const CHARS: usize = 16;
const GROUP: usize = 4;
/// Without `i`, `l`, `o` and `u`, which are read as something else (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// As they are shown: `7k2m-0c9x-ve3h-5twq`.
pub(crate) fn fresh_codes(env: &Env) -> Vec<String> {
    (0..CODES).map(|_| fresh_code(env)).collect()
}

fn fresh_code(env: &Env) -> String {
    let mut bytes = [0; CHARS];
    env.fill(&mut bytes);
    let mut code = String::with_capacity(CHARS + CHARS / GROUP);
    for (n, byte) in bytes.iter().enumerate() {
        if n > 0 && n % GROUP == 0 {
            code.push('-');
        }
        code.push(char::from(ALPHABET[(byte & 31) as usize]));
    }
    code
}

/// A code as people type it from paper: with or without hyphens, in capitals, with letters for the digits that they look like.
pub(crate) fn read(typed: &str) -> Option<String> {
    let mut code = String::with_capacity(CHARS);
    for c in typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '－' | '–')) {
        let c = match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            c => c,
        };
        if code.len() == CHARS || !c.is_ascii() || !ALPHABET.contains(&(c as u8)) {
            return None;
        }
        code.push(c);
    }
    (code.len() == CHARS).then_some(code)
}

/// What is stored of it. The user's id stands in it, so that one guess is a guess at one user.
pub(crate) fn hash_of(user: UserId, code: &str) -> String {
    hash(&format!("{} {code}", user.raw()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        assert_eq!(read("7K2M-OC9X-VE3H-5TWQ").as_deref(), Some("7k2m0c9xve3h5twq"));
        assert_eq!(read(" 7k2m 0c9x\tve3h5twq ").as_deref(), Some("7k2m0c9xve3h5twq"));
        assert_eq!(read("il2m-0c9x-ve3h-5twq").as_deref(), Some("112m0c9xve3h5twq"));
        for typed in ["", "123456", "7k2m-0c9x-ve3h-5tw", "7k2m-0c9x-ve3h-5twqq", "7k2m-0c9x-ve3h-5tw港"] {
            assert_eq!(read(typed), None, "{typed}");
        }
        let codes = fresh_codes(&Env::system());
        assert_eq!(codes.len(), CODES);
        for code in &codes {
            assert_eq!(read(code), Some(code.replace('-', "")), "{code}");
        }
        let (one, other) = (UserId::new(1), UserId::new(2));
        assert_ne!(hash_of(one, "x"), hash_of(other, "x"));
    }
}
