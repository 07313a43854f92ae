//! The content of a message, for one browser alone: RFC 8291, in the coding `aes128gcm` of RFC 8188, as one record.

use aes_gcm::aead::Aead;
use aes_gcm::{Aes128Gcm, KeyInit};
use hkdf::Hkdf;
use kernel::{Env, Error, Result};
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::{PublicKey, SecretKey, ecdh};
use sha2::Sha256;

use crate::subscription::Subscription;

/// Services take 4,096 bytes (RFC 8030, section 7.2), of which the head has 86 and the record 17 (RFC 8291, section 4).
pub const MOST: usize = 4_096 - 86 - 17;
/// The size of a record that is written into the head: the largest that services take.
const RECORD: u32 = 4_096;

/// The body of the request. Errors: where `plain` is longer than [`MOST`].
pub fn encrypt(env: &Env, to: &Subscription, plain: &[u8]) -> Result<Vec<u8>> {
    let mut salt = [0; 16];
    env.fill(&mut salt);
    encrypt_with(&fresh(env), salt, to, plain)
}

/// A key of the curve. Of 2³² draws one is none.
pub(crate) fn fresh(env: &Env) -> SecretKey {
    loop {
        let mut bytes = [0; 32];
        env.fill(&mut bytes);
        if let Ok(key) = SecretKey::from_slice(&bytes) {
            return key;
        }
    }
}

fn encrypt_with(sender: &SecretKey, salt: [u8; 16], to: &Subscription, plain: &[u8]) -> Result<Vec<u8>> {
    if plain.len() > MOST {
        return Err(Error::internal("a message to a browser is too long"));
    }
    let own = point(&sender.public_key());
    let (key, nonce) = keys(sender, &to.public, &to.auth, salt)?;
    // One record, the last: what ends it is 2 (RFC 8188, section 2).
    let record = [plain, &[2]].concat();
    let sealed = Aes128Gcm::new(&key.into())
        .encrypt(&nonce.into(), &record[..])
        .map_err(|_| Error::internal("a message to a browser cannot be encrypted"))?;
    let mut body = Vec::with_capacity(21 + own.len() + sealed.len());
    body.extend_from_slice(&salt);
    body.extend_from_slice(&RECORD.to_be_bytes());
    body.push(own.len() as u8);
    body.extend_from_slice(&own);
    body.extend_from_slice(&sealed);
    Ok(body)
}

/// RFC 8291, section 3.4: the key of the content and its nonce.
fn keys(
    sender: &SecretKey,
    browser: &PublicKey,
    auth: &[u8; 16],
    salt: [u8; 16],
) -> Result<([u8; 16], [u8; 12])> {
    let shared = ecdh::diffie_hellman(sender.to_nonzero_scalar(), browser.as_affine());
    let info = [&b"WebPush: info\0"[..], &point(browser), &point(&sender.public_key())].concat();
    let input: [u8; 32] = expand(auth, shared.raw_secret_bytes(), &info)?;
    let key = expand(&salt, &input, b"Content-Encoding: aes128gcm\0")?;
    let nonce = expand(&salt, &input, b"Content-Encoding: nonce\0")?;
    Ok((key, nonce))
}

fn expand<const N: usize>(salt: &[u8], input: &[u8], info: &[u8]) -> Result<[u8; N]> {
    let mut key = [0; N];
    Hkdf::<Sha256>::new(Some(salt), input).expand(info, &mut key).map_err(Error::internal)?;
    Ok(key)
}

/// Uncompressed (SEC 1, section 2.3.3).
fn point(key: &PublicKey) -> Vec<u8> {
    key.to_encoded_point(false).as_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64UrlUnpadded, Encoding};

    use super::*;

    /// RFC 8291, section 5 and appendix A.
    const PLAIN: &str = "When I grow up, I want to be a watermelon";
    const SENDER: &str = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
    const BROWSER: &str = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";
    const BROWSER_PUBLIC: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";
    const SALT: &str = "DGv6ra1nlYgDCS1FRnbzlw";
    const KEY: &str = "oIhVW04MRdy2XN9CiKLxTg";
    const NONCE: &str = "4h_95klXJ5E_qnoN";
    const BODY: &str = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

    fn bytes(text: &str) -> Vec<u8> {
        Base64UrlUnpadded::decode_vec(text).unwrap()
    }

    fn key(text: &str) -> SecretKey {
        SecretKey::from_slice(&bytes(text)).unwrap()
    }

    fn browser() -> Subscription {
        Subscription::read(
            "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
            BROWSER_PUBLIC,
            AUTH,
        )
        .unwrap()
    }

    /// What the browser does with it.
    fn decrypt(browser: &SecretKey, auth: &[u8; 16], body: &[u8]) -> Vec<u8> {
        let salt: [u8; 16] = body[..16].try_into().unwrap();
        let sender = PublicKey::from_sec1_bytes(&body[21..86]).unwrap();
        let shared = ecdh::diffie_hellman(browser.to_nonzero_scalar(), sender.as_affine());
        let info = [&b"WebPush: info\0"[..], &point(&browser.public_key()), &point(&sender)].concat();
        let input: [u8; 32] = expand(auth, shared.raw_secret_bytes(), &info).unwrap();
        let key: [u8; 16] = expand(&salt, &input, b"Content-Encoding: aes128gcm\0").unwrap();
        let nonce: [u8; 12] = expand(&salt, &input, b"Content-Encoding: nonce\0").unwrap();
        let mut record = Aes128Gcm::new(&key.into()).decrypt(&nonce.into(), &body[86..]).unwrap();
        assert_eq!(record.pop(), Some(2));
        record
    }

    #[test]
    fn the_vector_of_rfc_8291() {
        let (browser, salt) = (browser(), bytes(SALT).try_into().unwrap());
        let (content, nonce) = keys(&key(SENDER), &browser.public, &browser.auth, salt).unwrap();
        assert_eq!((content.to_vec(), nonce.to_vec()), (bytes(KEY), bytes(NONCE)));
        let body = encrypt_with(&key(SENDER), salt, &browser, PLAIN.as_bytes()).unwrap();
        assert_eq!(Base64UrlUnpadded::encode_string(&body), BODY);
        assert_eq!(decrypt(&key(BROWSER), &browser.auth, &body), PLAIN.as_bytes());
    }

    #[test]
    fn what_is_sent_is_read_by_the_browser_and_is_another_each_time() {
        let (env, browser) = (Env::system(), browser());
        let longest = vec![b'x'; MOST];
        for plain in [&b""[..], "潮汐".as_bytes(), &longest] {
            let (one, other) =
                (encrypt(&env, &browser, plain).unwrap(), encrypt(&env, &browser, plain).unwrap());
            assert!(one != other && one.len() <= 4_096);
            assert_eq!(decrypt(&key(BROWSER), &browser.auth, &one), plain);
        }
        assert!(encrypt(&env, &browser, &vec![b'x'; MOST + 1]).is_err());
    }
}
