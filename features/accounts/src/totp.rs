//! Codes by the clock (RFC 6238), as authenticator apps make them: six digits, thirty seconds, SHA-1, which is what all of them know.

use kernel::{Env, Error, Result, Time};
use totp_rs::{Algorithm, Secret, TOTP};

/// Seconds.
const STEP: i64 = 30;
/// Clocks of telephones are so many steps before or behind ours at most (RFC 6238, 5.2).
const SKEW: i64 = 1;
/// 160 bits (RFC 4226, 4).
const SECRET: usize = 20;

/// In base 32, as people type it and apps read it.
pub(crate) fn fresh_secret(env: &Env) -> String {
    let mut bytes = vec![0; SECRET];
    env.fill(&mut bytes);
    Secret::Raw(bytes).to_encoded().to_string()
}

/// The step that a code belongs to, if it is one of now.
pub(crate) fn step_of(secret: &str, code: &str, now: Time) -> Result<Option<i64>> {
    let bytes = Secret::Encoded(secret.to_owned()).to_bytes();
    let bytes = bytes.map_err(|_| Error::internal("a stored secret is none"))?;
    let totp = TOTP::new_unchecked(Algorithm::SHA1, 6, 1, STEP as u64, bytes);
    let here = now.millis() / 1_000 / STEP;
    let steps = here - SKEW..=here + SKEW;
    Ok(steps.rev().find(|step| totp.generate((step * STEP) as u64) == code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_millis(seconds * 1_000)
    }

    #[test]
    fn the_codes_of_the_standard() {
        // RFC 6238, appendix B: the secret is "12345678901234567890"; the last six of eight digits.
        let secret = Secret::Raw(b"12345678901234567890".to_vec()).to_encoded().to_string();
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            assert_eq!(step_of(&secret, code, at(seconds)).unwrap(), Some(seconds / 30), "{seconds}");
            assert_eq!(step_of(&secret, code, at(seconds + 30)).unwrap(), Some(seconds / 30));
            assert_eq!(step_of(&secret, code, at(seconds + 90)).unwrap(), None, "late");
            assert_eq!(step_of(&secret, code, at(seconds - 90)).unwrap(), None, "early");
        }
        assert!(step_of("not base 32!", "123456", at(0)).is_err());
        let (one, other) = (fresh_secret(&Env::system()), fresh_secret(&Env::system()));
        assert!(one.len() == 32 && one != other, "{one}");
    }
}
