//! What mails carry: a token in a link, and a code that can be typed.

use std::time::Duration;

use kernel::Env;

/// So long both are good.
pub(crate) const LIFE: Duration = Duration::from_hours(1);
/// So long after that it is still said why they are not.
pub(crate) const KEPT: Duration = Duration::from_hours(7 * 24);
/// So often a code may be tried: of a million, with as many codes an hour as a user may have sent, that finds one in forty thousand hours.
pub(crate) const TRIES: i64 = 5;
const DIGITS: usize = 6;

/// What a token is good for. The names are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Shows that an address is somebody's.
    Verify,
    /// Lets set a new password.
    Reset,
}

impl Purpose {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Reset => "reset",
        }
    }
}

/// Six digits, each number as likely as any other.
pub(crate) fn fresh_code(env: &Env) -> String {
    const NUMBERS: u32 = 1_000_000;
    // Beyond that a number would have one chance more than those after it.
    const FAIR: u32 = u32::MAX - u32::MAX % NUMBERS;
    loop {
        let mut bytes = [0; 4];
        env.fill(&mut bytes);
        let number = u32::from_le_bytes(bytes);
        if number < FAIR {
            return format!("{:06}", number % NUMBERS);
        }
    }
}

/// A code as people type it: with spaces or hyphens, or in the full width of an input method.
pub(crate) fn read_code(typed: &str) -> Option<String> {
    let digit = |c: char| match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')),
        _ => None,
    };
    let filling = |c: &char| !(c.is_whitespace() || matches!(c, '-' | '－' | '\u{200b}' | '\u{feff}'));
    let code: Option<String> = typed.chars().filter(filling).take(DIGITS + 1).map(digit).collect();
    code.filter(|code| code.len() == DIGITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        for typed in ["123456", " 123 456\n", "123-456", "１２３４５６"] {
            assert_eq!(read_code(typed).as_deref(), Some("123456"), "{typed}");
        }
        for typed in ["", "12345", "1234567", "12345a", "一二三四五六"] {
            assert_eq!(read_code(typed), None, "{typed}");
        }
        let env = Env::system();
        for _ in 0..100 {
            let code = fresh_code(&env);
            assert_eq!(read_code(&code), Some(code));
        }
    }
}
