//! The chunks of a PNG (W3C, third edition): only what its pixels, their colours and their motion need goes on to the decoder.

use std::io::Read;

use flate2::read::ZlibDecoder;
use kernel::Result;

use crate::announced::Announced;
use crate::colour::MAX_PROFILE;
use crate::model::{broken, too_costly};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The longest Exif chunk that is looked at for the orientation, in bytes: as in a JPEG.
const MAX_EXIF: usize = 1 << 16;
/// The longest name of a profile, with the byte that ends it.
const PROFILE_NAME: usize = 80;

/// The file without texts and other extras, which may be compressed to a thousandth of what they unfold to, and without whatever
/// stands behind its end. Refuses a colour profile that unfolds to more than any real one has.
pub fn essential(file: &[u8]) -> Result<Vec<u8>> {
    if !file.starts_with(SIGNATURE) {
        return Err(broken());
    }
    let mut out = SIGNATURE.to_vec();
    for chunk in chunks(file) {
        let chunk = chunk.ok_or_else(broken)?;
        let keep = match &chunk.kind {
            b"iCCP" => profile_fits(chunk.body)?,
            b"eXIf" => chunk.body.len() <= MAX_EXIF,
            b"IHDR" | b"PLTE" | b"tRNS" | b"IDAT" | b"IEND" | b"acTL" | b"fcTL" | b"fdAT" | b"gAMA"
            | b"cHRM" | b"sRGB" | b"sBIT" => true,
            // Critical ones that nobody knows: the decoder says so.
            kind => kind[0].is_ascii_uppercase(),
        };
        if keep {
            out.extend_from_slice(chunk.whole);
        }
    }
    Ok(out)
}

/// What an animated PNG says of its motion before any frame is decoded.
pub fn announced(file: &[u8]) -> Option<Announced> {
    let mut motion = None::<Announced>;
    for chunk in chunks(file).flatten() {
        match (&chunk.kind, &mut motion) {
            (b"acTL", None) => {
                let plays = chunk.body.get(4..8)?.try_into().ok()?;
                motion = Some(Announced { frames: 0, millis: 0, plays: u32::from_be_bytes(plays) });
            }
            (b"fcTL", Some(motion)) => {
                let number = |at: usize| chunk.body.get(at..at + 2).map(|b| u16::from_be_bytes([b[0], b[1]]));
                let (delay, per) = (u64::from(number(20)?), u64::from(number(22)?));
                motion.frames += 1;
                motion.millis += delay * 1_000 / if per == 0 { 100 } else { per };
            }
            _ => {}
        }
    }
    motion.filter(|motion| motion.frames > 1)
}

struct Chunk<'a> {
    kind: [u8; 4],
    body: &'a [u8],
    /// With length, name and checksum.
    whole: &'a [u8],
}

/// The chunks up to the last; `None` where one is cut short.
fn chunks(file: &[u8]) -> impl Iterator<Item = Option<Chunk<'_>>> {
    let mut rest = file.get(SIGNATURE.len()..);
    std::iter::from_fn(move || {
        let now = rest.take()?;
        let read = || {
            let len = u32::from_be_bytes(now.get(..4)?.try_into().ok()?) as usize;
            let whole = now.get(..len.checked_add(12)?)?;
            Some(Chunk { kind: whole[4..8].try_into().ok()?, body: &whole[8..8 + len], whole })
        };
        let chunk = read();
        if let Some(chunk) = chunk.as_ref().filter(|chunk| &chunk.kind != b"IEND") {
            rest = now.get(chunk.whole.len()..);
        }
        Some(chunk)
    })
}

/// Whether a profile chunk makes sense; refuses one that unfolds beyond the limit. A name, a zero, the method, and the compressed profile.
fn profile_fits(body: &[u8]) -> Result<bool> {
    let name = body.iter().take(PROFILE_NAME).position(|&b| b == 0);
    let Some(packed) = name.and_then(|end| body.get(end + 2..)) else { return Ok(false) };
    let mut unfolded = ZlibDecoder::new(packed).take(MAX_PROFILE as u64 + 1);
    match std::io::copy(&mut unfolded, &mut std::io::sink()) {
        Ok(len) if len > MAX_PROFILE as u64 => Err(too_costly()),
        Ok(_) => Ok(true),
        Err(_) => Ok(false),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use std::io::Write;

    pub(crate) fn chunk(kind: [u8; 4], body: &[u8]) -> Vec<u8> {
        let mut out = (body.len() as u32).to_be_bytes().to_vec();
        out.extend(kind);
        out.extend(body);
        let mut crc = flate2::Crc::new();
        crc.update(&out[4..]);
        out.extend(crc.sum().to_be_bytes());
        out
    }

    /// So many zeros, compressed.
    pub(crate) fn packed(len: usize) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        let zeros = vec![0; 1 << 20];
        for at in (0..len).step_by(zeros.len()) {
            encoder.write_all(&zeros[..zeros.len().min(len - at)]).unwrap();
        }
        encoder.finish().unwrap()
    }

    /// `png` with `extra` right after its header.
    pub(crate) fn with(png: &[u8], extra: &[u8]) -> Vec<u8> {
        [&png[..33], extra, &png[33..]].concat()
    }

    fn small() -> Vec<u8> {
        let mut out = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(3, 3).write_to(&mut out, image::ImageFormat::Png).unwrap();
        out.into_inner()
    }

    #[test]
    fn keeps_pixels_and_drops_extras() {
        let png = small();
        assert_eq!(essential(&png).unwrap(), png);
        let text = chunk(*b"zTXt", &[b"Comment\0\0".as_slice(), &packed(1 << 20)].concat());
        let noted = with(&png, &[text, chunk(*b"prVt", b"x"), chunk(*b"eXIf", &vec![0; 1 << 17])].concat());
        assert_eq!(essential(&[&noted, b"behind".as_slice()].concat()).unwrap(), png);
        for len in 8..png.len() {
            assert!(essential(&png[..len]).is_err(), "{len}");
        }
    }

    #[test]
    fn profiles_have_a_limit() {
        let profile = |len| chunk(*b"iCCP", &[b"p\0\0".as_slice(), &packed(len)].concat());
        let kept = with(&small(), &profile(MAX_PROFILE));
        assert_eq!(essential(&kept).unwrap(), kept);
        let error = essential(&with(&small(), &profile(MAX_PROFILE + 1))).unwrap_err();
        assert_eq!(error.to_string(), "picture: picture-costly");
        assert_eq!(essential(&with(&small(), &chunk(*b"iCCP", b"no end"))).unwrap(), small());
    }
}
